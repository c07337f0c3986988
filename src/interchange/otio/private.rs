//! What only this program looks for in OTIO's metadata, under the name `montage`; and what Resolve and Premiere look for under
//! theirs. Read with suspicion: another program may have changed what stands beside it.

use super::super::cicp;
use crate::{
    base::{ColorTags, FrameRate, MediaInfo, Time},
    model::{ClipContent, Effect, Keyframes, Speed, Stabilize, Transform, TransitionKind},
};
use serde::{Deserialize, Serialize};

/// Our name among the metadata.
pub(super) const OURS: &str = "montage";
pub(super) const RESOLVE: &str = "Resolve_OTIO";
pub(super) const PREMIERE: &str = "PremierePro_OTIO";

fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}

/// The metadata of an object that we write.
#[derive(Serialize)]
pub(super) struct Metadata<O: Serialize, R: Serialize, P: Serialize> {
    #[serde(rename = "montage", skip_serializing_if = "Option::is_none")]
    pub ours: Option<O>,
    #[serde(rename = "Resolve_OTIO", skip_serializing_if = "Option::is_none")]
    pub resolve: Option<R>,
    #[serde(rename = "PremierePro_OTIO", skip_serializing_if = "Option::is_none")]
    pub premiere: Option<P>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ClipData {
    #[serde(skip_serializing_if = "is_default")]
    pub transform: Transform,
    #[serde(skip_serializing_if = "Keyframes::is_empty")]
    pub keyframes: Keyframes,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stabilize: Option<Box<Stabilize>>,
    #[serde(skip_serializing_if = "is_default")]
    pub gain_db: f32,
    #[serde(skip_serializing_if = "is_default")]
    pub pan: f32,
    /// Fades that are no transitions in the file, since something touches the clip there.
    #[serde(skip_serializing_if = "is_default")]
    pub fade_in: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub fade_out: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub soft_in: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub soft_out: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<u64>,
    /// The exact source point, where the file's own is rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_in: Option<Time>,
    /// The exact speed, where the decimal number is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,
    /// What is no media: titles, colours, adjustments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<ClipContent>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct TrackData {
    #[serde(skip_serializing_if = "is_default")]
    pub gain_db: f32,
    #[serde(skip_serializing_if = "is_default")]
    pub solo: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub locked: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SequenceData {
    /// The same number is the same sequence: a nest that is used twice stands in the file twice.
    pub id: u64,
    #[serde(default)]
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub frame_rate: FrameRate,
    #[serde(default)]
    pub start_timecode: i64,
    #[serde(default)]
    pub drop_frame: bool,
    #[serde(default)]
    pub color: ColorTags,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<CaptionData>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption_language: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub burn_captions: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption_style: String,
}

/// A caption, in frames of the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CaptionData {
    pub start: i64,
    pub duration: i64,
    pub text: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MediaData {
    /// ITU-T H.273 code points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Cicp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_override: Option<ColorTags>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub info: Option<MediaInfo>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Cicp {
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    pub full_range: bool,
}

impl Cicp {
    pub fn of(c: ColorTags) -> Self {
        let (primaries, transfer, matrix) = cicp::codes(c);
        Self { primaries, transfer, matrix, full_range: c.range == crate::base::color::Range::Full }
    }
    pub fn tags(self) -> Option<ColorTags> {
        cicp::tags(self.primaries, self.transfer, self.matrix, self.full_range)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TransitionData {
    pub kind: TransitionKind,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct MarkerData {
    pub color: u8,
}

/// Nothing of that kind.
pub(super) type No = ();

/// Resolve's metadata of a timeline (its own exports).
#[derive(Serialize)]
pub(super) struct ResolveTimeline {
    #[serde(rename = "Resolve OTIO Meta Version")]
    pub version: &'static str,
}

/// Resolve's metadata of a track: of sound exactly these three, of picture only the lock.
#[derive(Serialize)]
pub(super) struct ResolveTrack {
    #[serde(rename = "Audio Type", skip_serializing_if = "Option::is_none")]
    pub audio_type: Option<&'static str>,
    #[serde(rename = "Locked")]
    pub locked: bool,
    #[serde(rename = "SoloOn", skip_serializing_if = "Option::is_none")]
    pub solo: Option<bool>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct ResolveClip {
    #[serde(rename = "Link Group ID", skip_serializing_if = "Option::is_none")]
    pub link: Option<u64>,
    #[serde(rename = "Channels", skip_serializing_if = "Vec::is_empty", skip_deserializing)]
    pub channels: Vec<ResolveChannel>,
    /// Of a missing reference.
    #[serde(rename = "Media Url", skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
}

#[derive(Serialize)]
pub(super) struct ResolveChannel {
    #[serde(rename = "Source Channel ID")]
    pub channel: u32,
    #[serde(rename = "Source Track ID")]
    pub track: u32,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct ResolveMarker {
    #[serde(rename = "Keywords")]
    pub keywords: Vec<serde_json::Value>,
    #[serde(rename = "Note")]
    pub note: String,
}

#[derive(Serialize)]
pub(super) struct ResolveTransition {
    #[serde(rename = "Transition Type")]
    pub kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct PremiereTimeline {
    #[serde(rename = "MetadataVersion")]
    pub version: &'static str,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PremiereSize {
    pub width: u32,
    pub height: u32,
}

#[derive(Serialize)]
pub(super) struct PremiereRatio {
    pub numerator: u32,
    pub denominator: u32,
}

/// Premiere's metadata of the stack of tracks: the only OTIO that says a size.
#[derive(Serialize)]
pub(super) struct PremiereStack {
    #[serde(rename = "AudioFrameRate")]
    pub audio_rate: f64,
    #[serde(rename = "PixelAspectRatio")]
    pub pixel_aspect: PremiereRatio,
    #[serde(rename = "VideoFrameRate")]
    pub video_rate: f64,
    #[serde(rename = "VideoResolution")]
    pub size: PremiereSize,
}

#[derive(Deserialize)]
pub(super) struct PremiereStackRead {
    #[serde(rename = "VideoResolution")]
    pub size: Option<PremiereSize>,
    #[serde(rename = "VideoFrameRate")]
    pub video_rate: Option<f64>,
}

#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct PremiereClip {
    #[serde(rename = "LinkID", skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}
