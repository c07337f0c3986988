//! What a file is to be written as: plain data, no GStreamer.

use crate::base::{ColorTags, FrameRate, Time};
use serde::{Deserialize, Serialize};

/// Coding of the pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum VideoCodec {
    H264,
    Hevc,
    /// ProRes 422 HQ, 10 bit.
    ProRes,
    Vp9,
    Av1,
    /// Each picture a JPEG of its own, full range: quick to decode anywhere in the file.
    Mjpeg,
    /// One PNG file a picture, in a folder.
    Png,
}

impl VideoCodec {
    pub const ALL: [Self; 7] = [Self::H264, Self::Hevc, Self::ProRes, Self::Vp9, Self::Av1, Self::Mjpeg, Self::Png];

    pub fn name(self) -> &'static str {
        match self {
            Self::H264 => "H.264",
            Self::Hevc => "HEVC",
            Self::ProRes => "ProRes",
            Self::Vp9 => "VP9",
            Self::Av1 => "AV1",
            Self::Mjpeg => "MJPEG",
            Self::Png => "PNG",
        }
    }
}

/// Coding of the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AudioCodec {
    Aac,
    Opus,
    /// 24 bit.
    Flac,
    Pcm16,
    Pcm24,
    Mp3,
}

impl AudioCodec {
    pub const ALL: [Self; 6] = [Self::Aac, Self::Opus, Self::Flac, Self::Pcm16, Self::Pcm24, Self::Mp3];

    /// Whether the samples come back as they went in.
    pub fn is_lossless(self) -> bool {
        matches!(self, Self::Flac | Self::Pcm16 | Self::Pcm24)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Aac => "AAC",
            Self::Opus => "Opus",
            Self::Flac => "FLAC",
            Self::Pcm16 => "16-bit PCM",
            Self::Pcm24 => "24-bit PCM",
            Self::Mp3 => "MP3",
        }
    }
}

/// The kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Container {
    Mp4,
    Mov,
    Mkv,
    WebM,
    Wav,
    Mp3,
    Flac,
    Ogg,
    /// A folder of `00000000.png`, `00000001.png`, …
    Png,
}

impl Container {
    pub fn name(self) -> &'static str {
        match self {
            Self::Mp4 => "MP4",
            Self::Mov => "MOV",
            Self::Mkv => "Matroska",
            Self::WebM => "WebM",
            Self::Wav => "WAV",
            Self::Mp3 => "MP3",
            Self::Flac => "FLAC",
            Self::Ogg => "Ogg",
            Self::Png => "PNG",
        }
    }

    /// Whether the container takes this video codec.
    pub fn takes_video(self, codec: VideoCodec) -> bool {
        use VideoCodec as V;
        match self {
            Self::Mp4 => matches!(codec, V::H264 | V::Hevc | V::Av1),
            Self::Mov => matches!(codec, V::H264 | V::Hevc | V::ProRes | V::Mjpeg),
            Self::Mkv => codec != V::Png,
            Self::WebM => matches!(codec, V::Vp9 | V::Av1),
            Self::Png => codec == V::Png,
            Self::Wav | Self::Mp3 | Self::Flac | Self::Ogg => false,
        }
    }

    /// Whether the container takes a stream of captions. WebM's own kind, WebVTT, is one that its muxer does not write.
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Mp4 | Self::Mov | Self::Mkv)
    }

    /// Whether the container takes this audio codec.
    ///
    /// AAC goes into MP4 and MOV only, Opus not into MP4, MP3 only into its own files: elsewhere the muxers cannot state
    /// the samples that the encoder puts first, and the sound would be late.
    pub fn takes_audio(self, codec: AudioCodec) -> bool {
        use AudioCodec as A;
        match self {
            Self::Mp4 => codec == A::Aac,
            Self::Mov => matches!(codec, A::Aac | A::Pcm16 | A::Pcm24),
            Self::Mkv => matches!(codec, A::Opus | A::Flac | A::Pcm16 | A::Pcm24),
            Self::WebM => codec == A::Opus,
            Self::Wav => matches!(codec, A::Pcm16 | A::Pcm24),
            Self::Mp3 => codec == A::Mp3,
            Self::Flac => codec == A::Flac,
            Self::Ogg => matches!(codec, A::Opus | A::Flac),
            Self::Png => false,
        }
    }
}

/// How good, or how large. ProRes and PNG have their own fixed quality and ignore it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quality {
    /// Constant quality on the codec's own scale, lower is better: CRF of x264 and x265 (0–51), CQ of VP9 and AV1 (0–63). MJPEG:
    /// 100 less the usual quality of JPEG.
    Constant(u32),
    BitrateKbps(u32),
}

/// How much time the encoder takes to make the file small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Speed {
    UltraFast,
    VeryFast,
    Fast,
    #[default]
    Medium,
    Slow,
}

/// Whether an encoder on the graphics card may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Hardware {
    /// Where one is there and has passed a trial.
    #[default]
    Auto,
    Never,
}

/// The pictures of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoSettings {
    pub codec: VideoCodec,
    pub width: u32,
    pub height: u32,
    /// Picture `n` is shown at exactly `n / rate`, unless it is variable.
    pub rate: FrameRate,
    /// Each picture brings its own time; `rate` is then nominal. Only for files made in segments.
    pub variable: bool,
    pub color: ColorTags,
    /// Display width of a pixel over its height.
    pub pixel_aspect: (u32, u32),
    pub quality: Quality,
    pub speed: Speed,
    pub hardware: Hardware,
    pub ten_bit: bool,
    /// Encoder threads; 0 = as many as the encoder likes.
    pub threads: u32,
    /// Longest distance of key pictures; None = the encoder's own. H.264 only.
    pub max_gop: Option<u32>,
}

impl VideoSettings {
    /// BT.709, square pixels, 8 bit (ProRes: 10 bit), good quality.
    pub fn new(codec: VideoCodec, width: u32, height: u32, rate: FrameRate) -> Self {
        let quality = Quality::Constant(match codec {
            VideoCodec::Vp9 | VideoCodec::Av1 => 31,
            VideoCodec::Hevc => 24,
            VideoCodec::Mjpeg => 12,
            _ => 20,
        });
        Self {
            codec,
            width,
            height,
            rate,
            variable: false,
            color: ColorTags::BT709,
            pixel_aspect: (1, 1),
            quality,
            speed: Speed::default(),
            hardware: Hardware::default(),
            ten_bit: codec == VideoCodec::ProRes,
            threads: 0,
            max_gop: None,
        }
    }
}

/// The sound of a file: two channels at 48 kHz.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AudioSettings {
    pub codec: AudioCodec,
    /// Ignored by FLAC and PCM.
    pub bitrate_kbps: u32,
}

/// A caption of a stream of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedText {
    /// From the first picture.
    pub start: Time,
    pub end: Time,
    /// Lines are separated by `\n`.
    pub text: String,
}

/// A stream of captions, in order and without overlaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextTrack {
    /// Code such as `de`; empty where nobody has said.
    pub language: String,
    pub captions: Vec<TimedText>,
}

/// A file.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeSettings {
    pub container: Container,
    pub video: Option<VideoSettings>,
    pub audio: Option<AudioSettings>,
    /// Captions that players can switch on.
    pub text: Option<TextTrack>,
    /// Estimate of the file's size: creation is refused when the disk has less free space. None: not checked.
    pub expected_bytes: Option<u64>,
}
