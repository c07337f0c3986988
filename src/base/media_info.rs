//! The truth about a media file, as `probe` finds it and the document remembers it.

use super::{ColorTags, FrameRate, Time};
use serde::{Deserialize, Serialize};

/// Clockwise turn that shows the picture upright (the display matrix of mp4, rounded to quarter turns), with mirroring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rotation {
    #[default]
    None,
    Cw90,
    Cw180,
    Cw270,
    /// Mirrored left to right, then turned clockwise by 0, 90, 180, 270 degrees.
    Flip,
    FlipCw90,
    FlipCw180,
    FlipCw270,
}

impl Rotation {
    /// Clockwise degrees (mirroring left out).
    pub fn degrees(self) -> u32 {
        match self {
            Self::None | Self::Flip => 0,
            Self::Cw90 | Self::FlipCw90 => 90,
            Self::Cw180 | Self::FlipCw180 => 180,
            Self::Cw270 | Self::FlipCw270 => 270,
        }
    }
    pub fn is_flipped(self) -> bool {
        matches!(self, Self::Flip | Self::FlipCw90 | Self::FlipCw180 | Self::FlipCw270)
    }
    pub fn swaps_sides(self) -> bool {
        matches!(self.degrees(), 90 | 270)
    }
}

/// Size as shown: pixel aspect applied to the width (rounded to nearest, at least 1), then sides swapped by rotation.
pub fn display_size(width: u32, height: u32, pixel_aspect: (u32, u32), rotation: Rotation) -> (u32, u32) {
    let (n, d) = (u64::from(pixel_aspect.0.max(1)), u64::from(pixel_aspect.1.max(1)));
    let w = ((u64::from(width) * n + d / 2) / d).clamp(1, u64::from(u32::MAX)) as u32;
    if rotation.swaps_sides() { (height, w) } else { (w, height) }
}

/// The picture of a media file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VideoInfo {
    /// Short name: `h264`, `hevc`, `vp9`, `av1`, `prores`, `dnxhd`, `mjpeg`, `png`, …
    pub codec: String,
    /// Coded size.
    pub width: u32,
    pub height: u32,
    #[serde(default = "square", skip_serializing_if = "is_square")]
    pub pixel_aspect: (u32, u32),
    #[serde(default, skip_serializing_if = "is_default")]
    pub rotation: Rotation,
    /// Nominal rate; for variable frame rate the average, snapped to a standard rate where within 0.1 %.
    pub frame_rate: FrameRate,
    /// Pictures in the file; 1 for a still.
    pub frames: u64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub variable_frame_rate: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub still: bool,
    /// GStreamer's name of the decoded format, `I420`, `I422_10LE`, …
    pub pixel_format: String,
    pub bit_depth: u32,
    #[serde(default, skip_serializing_if = "is_default")]
    pub alpha: bool,
    pub color: ColorTags,
    /// Which of the four tags the file does not state (they were assumed).
    #[serde(default, skip_serializing_if = "is_default")]
    pub color_assumed: bool,
    /// Longest distance between key frames, in frames; 1 = every frame can be reached at once. 0 = not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gop: u32,
}

/// The sound of a media file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AudioInfo {
    /// `aac`, `mp3`, `opus`, `vorbis`, `flac`, `pcm_s16le`, …
    pub codec: String,
    pub rate: u32,
    pub channels: u32,
}

/// What a media file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MediaInfo {
    /// `mp4`, `mov`, `matroska`, `webm`, `avi`, `wav`, `mp3`, `flac`, `ogg`, `png`, …
    pub container: String,
    /// Length of the longest stream. A still has zero: it lasts as long as one likes.
    pub duration: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<VideoInfo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<AudioInfo>,
    /// Start timecode as written in the file, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_timecode: Option<String>,
}

fn square() -> (u32, u32) {
    (1, 1)
}
fn is_square(p: &(u32, u32)) -> bool {
    p.0 == p.1
}
fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}

impl VideoInfo {
    pub fn display_size(&self) -> (u32, u32) {
        display_size(self.width, self.height, self.pixel_aspect, self.rotation)
    }
}
