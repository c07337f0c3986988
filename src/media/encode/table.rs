//! Which GStreamer elements write which codec, in order of preference, and how each is set up.
//!
//! Data only; what is there and what works is found out in `available`. Hardware encoders come first and are used only
//! after a trial.

use super::{AudioCodec, Container, Quality, Speed, VideoCodec, VideoSettings};
use crate::base::PixelFormat;
use gstreamer::{self as gst, glib, prelude::*};

/// An element that encodes pictures.
pub(super) struct VideoElement {
    pub factory: &'static str,
    pub codec: VideoCodec,
    pub hardware: bool,
    /// What it is fed for 8-bit and for 10-bit output; None where it has no such output.
    pub eight: Option<PixelFormat>,
    pub ten: Option<PixelFormat>,
    /// Debian package that has it.
    pub package: &'static str,
    pub configure: fn(&gst::Element, &VideoSettings),
    /// Caps asked of its output, 8 and 10 bit.
    pub caps: [Option<&'static str>; 2],
    pub parser: Option<&'static str>,
}

/// An element that encodes sound.
pub(super) struct AudioElement {
    pub factory: &'static str,
    pub codec: AudioCodec,
    pub package: &'static str,
    /// Name of the sample format that it is fed.
    pub format: &'static str,
    pub configure: fn(&gst::Element, u32),
    pub parser: Option<&'static str>,
    /// Samples that it puts before the first one and that MP4's edit list must hide.
    pub priming: u32,
}

const UGLY: &str = "gstreamer1.0-plugins-ugly";
const BAD: &str = "gstreamer1.0-plugins-bad";
const GOOD: &str = "gstreamer1.0-plugins-good";
const BASE: &str = "gstreamer1.0-plugins-base";
const LIBAV: &str = "gstreamer1.0-libav";

const H264_HIGH: [Option<&str>; 2] = [Some("video/x-h264,profile=high"), Some("video/x-h264,profile=high-10")];
const HEVC_MAIN: [Option<&str>; 2] = [Some("video/x-h265,profile=main"), Some("video/x-h265,profile=main-10")];
const ANY: [Option<&str>; 2] = [None, None];

use PixelFormat::{I420, I420p10, I422p10, Nv12, P010};
use VideoCodec::{Av1, H264, Hevc, Mjpeg, ProRes, Vp9};

/// A row of the table for an encoder on a graphics card. They all take semi-planar pictures from system memory.
const fn card(
    factory: &'static str,
    codec: VideoCodec,
    package: &'static str,
    configure: fn(&gst::Element, &VideoSettings),
) -> VideoElement {
    let (ten, parser) = match codec {
        Hevc => (Some(P010), "h265parse"),
        _ => (None, "h264parse"),
    };
    VideoElement { factory, codec, hardware: true, eight: Some(Nv12), ten, package, configure, caps: ANY, parser: Some(parser) }
}

const fn prores_row(factory: &'static str, configure: fn(&gst::Element, &VideoSettings)) -> VideoElement {
    VideoElement {
        factory,
        codec: ProRes,
        hardware: false,
        eight: None,
        ten: Some(I422p10),
        package: LIBAV,
        configure,
        caps: ANY,
        parser: None,
    }
}

/// In order of preference within each codec.
pub(super) const VIDEO: &[VideoElement] = &[
    card("nvh264enc", H264, BAD, nvenc),
    card("vah264enc", H264, BAD, va),
    card("qsvh264enc", H264, BAD, qsv),
    card("vtenc_h264", H264, BAD, video_toolbox),
    card("amfh264enc", H264, BAD, amf),
    VideoElement {
        factory: "x264enc",
        codec: H264,
        hardware: false,
        eight: Some(I420),
        ten: Some(I420p10),
        package: UGLY,
        configure: x264,
        caps: H264_HIGH,
        parser: Some("h264parse"),
    },
    VideoElement {
        factory: "openh264enc",
        codec: H264,
        hardware: false,
        eight: Some(I420),
        ten: None,
        package: BAD,
        configure: openh264,
        caps: [Some("video/x-h264,profile=high"), None],
        parser: Some("h264parse"),
    },
    card("nvh265enc", Hevc, BAD, nvenc),
    card("vah265enc", Hevc, BAD, va),
    card("qsvh265enc", Hevc, BAD, qsv),
    card("vtenc_h265", Hevc, BAD, video_toolbox),
    card("amfh265enc", Hevc, BAD, amf),
    VideoElement {
        factory: "x265enc",
        codec: Hevc,
        hardware: false,
        eight: Some(I420),
        ten: Some(I420p10),
        package: BAD,
        configure: x265,
        caps: HEVC_MAIN,
        parser: Some("h265parse"),
    },
    prores_row("avenc_prores_ks", prores_hq), // 422 HQ
    prores_row("avenc_prores", prores),       // can only write plain 422
    VideoElement {
        factory: "vp9enc",
        codec: Vp9,
        hardware: false,
        eight: Some(I420),
        ten: Some(I420p10),
        package: GOOD,
        configure: vp9,
        caps: [Some("video/x-vp9,profile=(string)0"), Some("video/x-vp9,profile=(string)2")],
        parser: None,
    },
    VideoElement {
        factory: "av1enc",
        codec: Av1,
        hardware: false,
        eight: Some(I420),
        ten: None,
        package: BAD,
        configure: av1,
        caps: ANY,
        parser: Some("av1parse"),
    },
    VideoElement {
        factory: "jpegenc",
        codec: Mjpeg,
        hardware: false,
        eight: Some(I420),
        ten: None,
        package: GOOD,
        configure: |e, s| {
            if let Quality::Constant(q) = s.quality {
                set(e, "quality", 100 - q.min(99));
            }
        },
        caps: ANY,
        parser: None,
    },
];

pub(super) const AUDIO: &[AudioElement] = &[
    AudioElement {
        factory: "avenc_aac",
        codec: AudioCodec::Aac,
        package: LIBAV,
        format: "F32LE",
        configure: aac,
        parser: Some("aacparse"),
        priming: 1024, // libavcodec/aacenc.c: initial_padding
    },
    AudioElement {
        factory: "opusenc",
        codec: AudioCodec::Opus,
        package: BASE,
        format: "S16LE",
        configure: bits_per_second,
        parser: None, // pre-skip is in the stream's own header
        priming: 0,
    },
    AudioElement {
        factory: "flacenc",
        codec: AudioCodec::Flac,
        package: GOOD,
        format: "S24LE",
        configure: |_, _| {},
        parser: None,
        priming: 0,
    },
    AudioElement {
        factory: "lamemp3enc",
        codec: AudioCodec::Mp3,
        package: GOOD,
        format: "S16LE",
        configure: mp3,
        parser: Some("mpegaudioparse"),
        priming: 0,
    },
    AudioElement {
        factory: "identity",
        codec: AudioCodec::Pcm16,
        package: BASE,
        format: "S16LE",
        configure: |_, _| {},
        parser: None,
        priming: 0,
    },
    AudioElement {
        factory: "identity",
        codec: AudioCodec::Pcm24,
        package: BASE,
        format: "S24LE",
        configure: |_, _| {},
        parser: None,
        priming: 0,
    },
];

/// The muxer of a container and its package; None where the encoder's stream is the file.
pub(super) fn muxer(container: Container) -> Option<(&'static str, &'static str)> {
    match container {
        Container::Mp4 => Some(("mp4mux", GOOD)),
        Container::Mov => Some(("qtmux", GOOD)),
        Container::Mkv => Some(("matroskamux", GOOD)),
        Container::WebM => Some(("webmmux", GOOD)),
        Container::Wav => Some(("wavenc", GOOD)),
        Container::Ogg => Some(("oggmux", BASE)),
        Container::Mp3 | Container::Flac | Container::Png => None,
    }
}

/// Sets a property where the element has it and takes the value: versions of GStreamer differ in what there is.
pub(super) fn set(element: &gst::Element, name: &str, value: impl ToString) {
    let Some(pspec) = element.find_property(name) else { return };
    let text = value.to_string();
    match glib::Value::deserialize_with_pspec(&text, &pspec) {
        Ok(v) => element.set_property_from_value(name, &v),
        Err(_) => tracing::warn!(element = %element.name(), name, text, "the encoder does not know this value"),
    }
}

fn bits_per_second(e: &gst::Element, kbps: u32) {
    set(e, "bitrate", kbps.saturating_mul(1000));
}

/// What libavcodec does unasked through GStreamer, and what it costs (FFmpeg 5.1, 192 kbit/s):
/// - `aac-ms` is forced on, and then a sound on one side comes out of both;
/// - its coder `twoloop` now and then gets a drum so wrong that the decoded peak lies 2 to 4 dB above what went in: over five minutes of
///   drums errors lie 28 dB under the sound, with `fast` and the rest of this 37 to 39;
/// - `aac-pns` puts noise in the place of what it takes for noise, which is for far lower rates.
fn aac(e: &gst::Element, kbps: u32) {
    bits_per_second(e, kbps);
    set(e, "aac-coder", "fast");
    set(e, "aac-ms", false);
    set(e, "aac-pns", false);
}

fn mp3(e: &gst::Element, kbps: u32) {
    const RATES: [u32; 14] = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]; // MPEG-1 layer III
    let nearest = RATES.into_iter().min_by_key(|r| r.abs_diff(kbps)).unwrap_or(320);
    set(e, "target", "bitrate");
    set(e, "cbr", true);
    set(e, "bitrate", nearest);
}

fn preset_name(speed: Speed) -> &'static str {
    match speed {
        Speed::UltraFast => "ultrafast",
        Speed::VeryFast => "veryfast",
        Speed::Fast => "fast",
        Speed::Medium => "medium",
        Speed::Slow => "slow",
    }
}

/// What x264 may use of a processor that has AVX-512: everything else. Its code for AVX-512 (seen in version 164) computes with memory that
/// nobody has written, so that the same pictures give other bytes in each encoder of a program but the first ones, which find fresh memory.
/// It was found by filling memory with other values (`MALLOC_PERTURB_`): the stream changes with AVX-512 and with nothing less. AVX2 codes
/// as fast: 90 pictures of 720p with the preset `fast` take 3.03 s of processor time, with AVX-512 3.07 s (Zen 4).
const WITHOUT_AVX512: &str = "asm=LZCNT,SSE2Fast,SSE3,SSSE3,SSE4.2,AVX,FMA3,BMI1,BMI2,AVX2";

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    std::arch::is_x86_feature_detected!("avx512f")
}
#[cfg(not(target_arch = "x86_64"))]
fn has_avx512() -> bool {
    false
}

fn x264(e: &gst::Element, s: &VideoSettings) {
    if has_avx512() {
        set(e, "option-string", WITHOUT_AVX512);
    }
    set(e, "speed-preset", preset_name(s.speed));
    set(e, "threads", s.threads);
    set(e, "aud", false);
    if let Some(n) = s.max_gop {
        set(e, "key-int-max", n);
    }
    match s.quality {
        Quality::Constant(crf) => {
            set(e, "pass", "qual");
            set(e, "quantizer", crf.min(50));
            // without this the bitrate property (2,048 kbit/s) caps the quality through the VBV
            set(e, "vbv-buf-capacity", 0);
        }
        Quality::BitrateKbps(k) => {
            set(e, "pass", "cbr"); // without a VBV this is an average
            set(e, "bitrate", k.clamp(1, 2_048_000));
            set(e, "vbv-buf-capacity", 0);
        }
    }
}

fn openh264(e: &gst::Element, s: &VideoSettings) {
    match s.quality {
        Quality::Constant(q) => {
            set(e, "rate-control", "off");
            set(e, "qp-min", q.min(51));
            set(e, "qp-max", q.min(51));
        }
        Quality::BitrateKbps(k) => set(e, "bitrate", k.saturating_mul(1000)),
    }
    set(e, "multi-thread", s.threads);
    set(e, "gop-size", 250);
}

fn x265(e: &gst::Element, s: &VideoSettings) {
    set(e, "speed-preset", preset_name(s.speed));
    let pools = if s.threads > 0 { format!(":pools={}", s.threads) } else { String::new() };
    match s.quality {
        Quality::Constant(crf) => set(e, "option-string", format!("crf={}{pools}", crf.min(51))),
        Quality::BitrateKbps(k) => {
            set(e, "bitrate", k.clamp(1, 102_400));
            set(e, "option-string", pools.trim_start_matches(':'));
        }
    }
    set(e, "tune", 0); // none; the default tunes for SSIM
}

fn prores(e: &gst::Element, s: &VideoSettings) {
    set(e, "threads", s.threads); // 0 = automatic
}

fn prores_hq(e: &gst::Element, s: &VideoSettings) {
    const LAMBDA_OF_ONE: i32 = 118; // libavutil: FF_QP2LAMBDA
    prores(e, s);
    set(e, "profile", "hq");
    set(e, "vendor", "apl0");
    // A fixed quantiser: the default search for a bit rate costs 13 times the time (0.68 s a picture of 1080p against
    // 0.05 s). 4 lies within the profile's own 1–6 and above 50 dB even on noise.
    set(e, "global-quality", 4 * LAMBDA_OF_ONE);
}

fn cores(s: &VideoSettings) -> u32 {
    if s.threads > 0 { s.threads } else { std::thread::available_parallelism().map_or(2, |n| n.get() as u32).min(16) }
}

fn vp9(e: &gst::Element, s: &VideoSettings) {
    set(e, "threads", cores(s));
    set(e, "row-mt", true);
    set(e, "tile-columns", 2);
    set(e, "keyframe-max-dist", 240);
    set(e, "lag-in-frames", if s.speed <= Speed::VeryFast { 0 } else { 25 });
    set(e, "auto-alt-ref", s.speed > Speed::VeryFast);
    set(e, "static-threshold", 0);
    // "good" up to two seconds a frame; 1 is the realtime mode
    set(e, "deadline", if s.speed <= Speed::VeryFast { 1 } else { 1_000_000 });
    set(
        e,
        "cpu-used",
        match s.speed {
            Speed::UltraFast => 8,
            Speed::VeryFast => 7,
            Speed::Fast => 5,
            Speed::Medium => 4,
            Speed::Slow => 2,
        },
    );
    match s.quality {
        Quality::Constant(q) => {
            set(e, "end-usage", "cq");
            set(e, "cq-level", q.min(63));
            // constrained quality needs a ceiling: half a bit a pixel is never reached at sane qualities
            let ceiling = f64::from(s.width) * f64::from(s.height) * s.rate.as_f64() * 0.5;
            set(e, "target-bitrate", ceiling.min(1e9) as i32);
        }
        Quality::BitrateKbps(k) => {
            set(e, "end-usage", "vbr");
            set(e, "target-bitrate", k.min(2_000_000) * 1000);
        }
    }
}

fn av1(e: &gst::Element, s: &VideoSettings) {
    set(e, "usage-profile", "realtime");
    set(e, "cpu-used", if s.speed <= Speed::Fast { 9 } else { 7 });
    set(e, "threads", cores(s));
    set(e, "row-mt", true);
    set(e, "tile-columns", 1);
    set(e, "keyframe-max-dist", 240);
    match s.quality {
        Quality::Constant(q) => {
            // the element does not show libaom's cq-level: a fixed quantiser is its constant quality
            set(e, "min-quantizer", q.min(63));
            set(e, "max-quantizer", q.min(63));
            set(e, "target-bitrate", 100_000);
        }
        Quality::BitrateKbps(k) => {
            set(e, "max-quantizer", 63);
            set(e, "target-bitrate", k.max(1));
        }
    }
}

fn nvenc(e: &gst::Element, s: &VideoSettings) {
    set(e, "preset", "hq");
    match s.quality {
        Quality::Constant(q) => {
            set(e, "rc-mode", "constqp");
            set(e, "qp-const", q);
        }
        Quality::BitrateKbps(k) => {
            set(e, "rc-mode", "vbr");
            set(e, "bitrate", k);
        }
    }
}

/// Elements whose constant quality is one quantiser a frame type.
fn three_quantisers(e: &gst::Element, s: &VideoSettings, names: [&str; 3]) {
    match s.quality {
        Quality::Constant(q) => {
            set(e, "rate-control", "cqp");
            for name in names {
                set(e, name, q);
            }
        }
        Quality::BitrateKbps(k) => {
            set(e, "rate-control", "vbr");
            set(e, "bitrate", k);
        }
    }
}

fn va(e: &gst::Element, s: &VideoSettings) {
    three_quantisers(e, s, ["qpi", "qpp", "qpb"]);
}

fn qsv(e: &gst::Element, s: &VideoSettings) {
    three_quantisers(e, s, ["qp-i", "qp-p", "qp-b"]);
}

fn amf(e: &gst::Element, s: &VideoSettings) {
    three_quantisers(e, s, ["qp-i", "qp-p", "qp-b"]);
}

fn video_toolbox(e: &gst::Element, s: &VideoSettings) {
    set(e, "realtime", false);
    match s.quality {
        // 0–1, higher is better
        Quality::Constant(q) => set(e, "quality", 1.0 - f64::from(q.min(51)) / 51.0),
        Quality::BitrateKbps(k) => set(e, "bitrate", k),
    }
}
