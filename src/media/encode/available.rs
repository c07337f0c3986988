//! Which encoders this machine has, found out at run time. Hardware ones count only after a one-second trial encode.

use super::{
    AudioCodec, EncodeError, Hardware, VideoCodec, VideoSettings,
    feed::Feed,
    format,
    table::{self, AudioElement, VideoElement},
};
use crate::base::{ColorTags, FrameRate, Picture, PixelFormat};
use gstreamer::{self as gst, prelude::*};
use gstreamer_video as gst_video;
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

/// An encoder and whether it works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailableEncoder {
    /// `H.264`, `AAC`, …
    pub codec: &'static str,
    pub video: Option<VideoCodec>,
    pub audio: Option<AudioCodec>,
    /// GStreamer's name of the element.
    pub element: &'static str,
    pub hardware: bool,
    pub state: EncoderState,
}

/// Whether an encoder can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncoderState {
    Ready,
    /// Not there; the Debian package that has it.
    Missing {
        package: &'static str,
    },
    /// There, but its trial failed: why.
    Broken(String),
}

/// The encoder for a job and the pixel format it is fed.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub element: &'static VideoElement,
    pub format: PixelFormat,
}

/// All encoders that the program knows, each with its state. The first call tries the hardware encoders that are there.
pub fn available_encoders() -> Vec<AvailableEncoder> {
    if let Err(e) = crate::media::init() {
        tracing::warn!(%e, "no encoders"); // every row then shows as missing
    }
    let video = table::VIDEO.iter().enumerate().map(|(i, e)| AvailableEncoder {
        codec: e.codec.name(),
        video: Some(e.codec),
        audio: None,
        element: e.factory,
        hardware: e.hardware,
        state: state(i, e),
    });
    let png = AvailableEncoder {
        codec: VideoCodec::Png.name(),
        video: Some(VideoCodec::Png),
        audio: None,
        element: "built in",
        hardware: false,
        state: EncoderState::Ready,
    };
    let audio = table::AUDIO.iter().map(|e| AvailableEncoder {
        codec: e.codec.name(),
        video: None,
        audio: Some(e.codec),
        element: e.factory,
        hardware: false,
        state: if exists(e.factory) { EncoderState::Ready } else { EncoderState::Missing { package: e.package } },
    });
    video.chain([png]).chain(audio).collect()
}

/// Whether anything here writes this codec. Asks the trials of hardware encoders only where no software encoder is there.
pub fn can_encode_video(codec: VideoCodec) -> bool {
    if codec == VideoCodec::Png {
        return true;
    }
    let ready = |hardware: bool| {
        let rows = table::VIDEO.iter().enumerate().filter(|(_, e)| e.codec == codec && e.hardware == hardware);
        crate::media::init().is_ok() && rows.into_iter().any(|(i, e)| state(i, e) == EncoderState::Ready)
    };
    ready(false) || ready(true)
}

/// Whether anything here writes this codec.
pub fn can_encode_audio(codec: AudioCodec) -> bool {
    crate::media::init().is_ok() && choose_audio(codec).is_ok()
}

fn exists(factory: &str) -> bool {
    gst::ElementFactory::find(factory).is_some()
}

fn state(index: usize, e: &VideoElement) -> EncoderState {
    if !exists(e.factory) {
        return EncoderState::Missing { package: e.package };
    }
    if !e.hardware {
        return EncoderState::Ready;
    }
    match &trials()[index] {
        Ok(()) => EncoderState::Ready,
        Err(why) => EncoderState::Broken(why.clone()),
    }
}

/// Trials of all hardware encoders of the table, once per process. Software rows pass untried.
fn trials() -> &'static [Result<(), String>] {
    static DONE: OnceLock<Vec<Result<(), String>>> = OnceLock::new();
    DONE.get_or_init(|| table::VIDEO.iter().map(|e| if e.hardware { prove(e) } else { Ok(()) }).collect())
}

/// Encodes one second of grey with the element and counts what comes out. Takes at most ten seconds.
fn prove(e: &VideoElement) -> Result<(), String> {
    const FRAMES: usize = 30;
    if !exists(e.factory) {
        return Err("not installed".into());
    }
    let started = Instant::now();
    let format = e.eight.or(e.ten).ok_or("takes no pixel format that we make")?;
    let settings = VideoSettings::new(e.codec, 640, 360, FrameRate::FPS_30);
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let (layout, len) = Picture::packed_layout(format, 640, 360);
    let picture =
        Picture::with_layout(format, 640, 360, layout, std::sync::Arc::new(vec![0x80u8; len]), ColorTags::BT709).map_err(|e| text(&e))?;
    let info = gst_video::VideoInfo::builder(format::video_format(format), 640, 360).fps(30);
    let caps = info.build().and_then(|i| i.to_caps()).map_err(|e| text(&e))?;
    let feed = Feed::new("trial", &caps, FRAMES).map_err(|e| text(&e))?;
    let encoder = gst::ElementFactory::make(e.factory).build().map_err(|e| text(&e))?;
    (e.configure)(&encoder, &settings);
    let sink = gst::ElementFactory::make("fakesink").property("sync", false).build().map_err(|e| text(&e))?;
    let pipeline = gst::Pipeline::new();
    pipeline.add_many([feed.element(), &encoder, &sink]).map_err(|e| text(&e))?;
    gst::Element::link_many([feed.element(), &encoder, &sink]).map_err(|e| text(&e))?;
    let (counter, coded) = crossbeam::channel::unbounded();
    if let Some(pad) = sink.static_pad("sink") {
        pad.add_probe(gst::PadProbeType::BUFFER, move |_, _| {
            let _ = counter.send(());
            gst::PadProbeReturn::Ok
        });
    }
    let result = (|| {
        pipeline.set_state(gst::State::Playing).map_err(|_| "does not start".to_owned())?;
        for n in 0..FRAMES as u64 {
            let mut b = format::buffer(&picture).map_err(|e| text(&e))?;
            if let Some(b) = b.get_mut() {
                b.set_pts(gst::ClockTime::from_nseconds(n * 1_000_000_000 / 30));
            }
            feed.push(b, true, &|| None).map_err(|e| text(&e))?;
        }
        feed.end();
        let bus = pipeline.bus().ok_or("no bus")?;
        match bus.timed_pop_filtered(gst::ClockTime::from_seconds(10), &[gst::MessageType::Eos, gst::MessageType::Error]) {
            Some(m) => match m.view() {
                gst::MessageView::Error(e) => Err(text(&e.error())),
                _ if coded.len() == FRAMES => Ok(()),
                _ => Err(format!("coded {} of {FRAMES} pictures", coded.len())),
            },
            None => Err("took longer than ten seconds over one second of pictures".into()),
        }
    })();
    let _ = pipeline.set_state(gst::State::Null);
    let took: Duration = started.elapsed();
    tracing::info!(element = e.factory, ok = result.is_ok(), ms = took.as_millis() as u64, "tried a hardware encoder");
    result
}

/// The first encoder of the table that fits and works.
pub(super) fn choose(s: &VideoSettings) -> Result<Chosen, EncodeError> {
    let mut package = "";
    for (i, element) in table::VIDEO.iter().enumerate().filter(|(_, e)| e.codec == s.codec) {
        if !element.hardware {
            package = if package.is_empty() { element.package } else { package };
        } else if s.hardware == Hardware::Never {
            continue;
        }
        let Some(format) = (if s.ten_bit { element.ten } else { element.eight.or(element.ten) }) else { continue };
        if state(i, element) == EncoderState::Ready {
            return Ok(Chosen { element, format });
        }
    }
    Err(EncodeError::NoEncoder { codec: s.codec.name(), package })
}

pub(super) fn choose_audio(codec: AudioCodec) -> Result<&'static AudioElement, EncodeError> {
    let of_codec = || table::AUDIO.iter().filter(|e| e.codec == codec);
    of_codec().find(|e| exists(e.factory)).ok_or_else(|| EncodeError::NoEncoder {
        codec: codec.name(),
        package: of_codec().next().map_or("gstreamer1.0-libav", |e| e.package),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(factory: &'static str, format: PixelFormat) -> VideoElement {
        VideoElement {
            factory,
            codec: VideoCodec::H264,
            hardware: true,
            eight: Some(format),
            ten: None,
            package: "test",
            configure: |_, _| {},
            caps: [None, None],
            parser: None,
        }
    }

    #[test]
    fn a_trial_passes_a_working_encoder_and_names_why_another_fails() {
        gst::init().unwrap();
        assert_eq!(prove(&row("x264enc", PixelFormat::I420)), Ok(()));
        assert_eq!(prove(&row("no-such-element", PixelFormat::Nv12)), Err("not installed".into()));
        // this element cannot take the format: what a card without the right driver looks like
        assert!(prove(&row("x264enc", PixelFormat::Rgba8)).is_err());
    }

    #[test]
    fn every_codec_is_listed_and_a_missing_encoder_names_its_package() {
        gst::init().unwrap();
        let all = available_encoders();
        for c in VideoCodec::ALL {
            assert!(all.iter().any(|e| e.video == Some(c)), "{c:?}");
        }
        for c in AudioCodec::ALL {
            assert!(all.iter().any(|e| e.audio == Some(c)), "{c:?}");
        }
        assert!(all.iter().all(|e| !matches!(&e.state, EncoderState::Missing { package } if package.is_empty())));
    }
}
