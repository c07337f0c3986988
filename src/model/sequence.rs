//! A sequence (timeline): format, tracks from bottom to top, transitions, markers, captions.

use super::{
    caption::Caption,
    clip::{Clip, is_default, is_true, yes},
    montage::Montage,
};
use crate::base::{ClipId, ColorTags, FrameRate, MarkerId, SequenceId, Time, TrackId, TransitionId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sequence {
    pub id: SequenceId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub width: u32,
    pub height: u32,
    pub frame_rate: FrameRate,
    /// What the finished film is encoded as, and what the viewer shows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub color: ColorTags,
    /// Timecode label of frame 0, in frames.
    #[serde(default, skip_serializing_if = "is_default")]
    pub start_timecode: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub drop_frame: bool,
    /// Video tracks bottom to top and audio tracks top to bottom, in one list; the kinds may be mixed.
    pub tracks: Vec<Arc<Track>>,
    /// Ordered by frame, then id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub markers: Vec<Marker>,
    /// In order, without overlaps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub captions: Vec<Caption>,
    /// What language the captions are in, as a tag of BCP 47 (`de`, `pt-BR`); empty where nobody has said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption_language: String,
    /// Captions are part of the picture, in the finished film too. The viewer shows them in any case.
    #[serde(default, skip_serializing_if = "is_default")]
    pub burn_captions: bool,
    /// How it was planned, if a montage made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub montage: Option<Box<Montage>>,
    /// The look of all captions, by its name; empty = the usual one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub caption_style: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TrackKind {
    Video,
    Audio,
}

/// A lane of clips that never overlap, ordered by start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    pub id: TrackId,
    pub kind: TrackKind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Not shown (video), not heard (audio).
    #[serde(default, skip_serializing_if = "is_default")]
    pub muted: bool,
    /// While any audio track is solo, only solo ones are heard.
    #[serde(default, skip_serializing_if = "is_default")]
    pub solo: bool,
    /// Edits are refused.
    #[serde(default, skip_serializing_if = "is_default")]
    pub locked: bool,
    /// Follows when an edit on another track moves everything after it, so that what is in sync stays so.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub sync_lock: bool,
    /// Height of its lane in points; 0 = as usual for its kind.
    #[serde(default, skip_serializing_if = "is_default")]
    pub height: u16,
    #[serde(default, skip_serializing_if = "is_default")]
    pub gain_db: f32,
    #[serde(default)]
    pub clips: Vec<Arc<Clip>>,
    /// Ordered by the id of the left clip, at most one per clip, so that the one at a cut is found by binary search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum TransitionKind {
    /// A mix in linear light; for sound, an equal-power cross-fade.
    CrossDissolve,
    /// The first half fades the outgoing clip to a colour, the second the colour to the incoming clip.
    DipToColor { color: [f32; 4] },
    /// A straight edge moves over the picture and uncovers the incoming clip. For sound, an equal-power cross-fade.
    Wipe {
        /// Where the edge moves, clockwise in degrees: 0 to the right, 90 down.
        #[serde(default, skip_serializing_if = "is_default")]
        angle: f32,
        /// Width of the edge as a share of its way, 0–1.
        #[serde(default, skip_serializing_if = "is_default")]
        softness: f32,
    },
    /// The incoming picture moves in from a side, over the outgoing one or pushing it out. For sound, an equal-power
    /// cross-fade.
    Slide {
        from: Side,
        #[serde(default, skip_serializing_if = "is_default")]
        push: bool,
    },
}

/// A side of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    Left,
    Top,
    Right,
    Bottom,
}

/// A transition over the cut between two adjacent clips of one track.
///
/// It covers frames `cut − before … cut + after`: the incoming clip is shown `before` frames ahead of its in-point and
/// the outgoing one `after` frames past its out-point, so both need that much media beyond the cut (handles).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub id: TransitionId,
    pub kind: TransitionKind,
    pub left: ClipId,
    pub right: ClipId,
    /// Frames before the cut.
    #[serde(default, skip_serializing_if = "is_default")]
    pub before: i64,
    /// Frames after the cut.
    #[serde(default, skip_serializing_if = "is_default")]
    pub after: i64,
}

impl Transition {
    pub fn duration(&self) -> i64 {
        self.before + self.after
    }
}

/// A named point or range on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marker {
    pub id: MarkerId,
    pub frame: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub duration: i64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Index into the theme's marker colours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub color: u8,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Track {
    pub fn new(id: TrackId, kind: TrackKind) -> Self {
        Self {
            id,
            kind,
            name: String::new(),
            muted: false,
            solo: false,
            locked: false,
            sync_lock: true,
            height: 0,
            gain_db: 0.0,
            clips: Vec::new(),
            transitions: Vec::new(),
        }
    }
    /// First frame after the last clip.
    pub fn end(&self) -> i64 {
        self.clips.last().map_or(0, |c| c.end())
    }
    /// Index of the clip under `frame`, by binary search.
    pub fn clip_index_at(&self, frame: i64) -> Option<usize> {
        let i = self.clips.partition_point(|c| c.end() <= frame);
        self.clips.get(i).filter(|c| c.contains(frame)).map(|_| i)
    }
    /// The clips that touch frames `[from, to)`, by binary search.
    pub fn clips_in(&self, from: i64, to: i64) -> &[Arc<Clip>] {
        let a = self.clips.partition_point(|c| c.end() <= from);
        let b = self.clips.partition_point(|c| c.start < to);
        &self.clips[a..b.max(a)]
    }
    pub fn clip_index(&self, id: ClipId) -> Option<usize> {
        self.clips.iter().position(|c| c.id == id)
    }
    /// The transition at the end of clip `left`, by binary search.
    pub fn transition_after(&self, left: ClipId) -> Option<&Transition> {
        self.transitions.binary_search_by_key(&left, |x| x.left).ok().map(|i| &self.transitions[i])
    }
}

impl Sequence {
    /// An empty sequence with one video track (id 2) and one audio track (id 3).
    pub fn new(width: u32, height: u32, frame_rate: FrameRate) -> Self {
        Self {
            id: super::FIRST_SEQUENCE,
            name: String::new(),
            width,
            height,
            frame_rate,
            color: ColorTags::BT709,
            start_timecode: 0,
            drop_frame: frame_rate.can_drop_frames(),
            tracks: vec![Arc::new(Track::new(TrackId(2), TrackKind::Video)), Arc::new(Track::new(TrackId(3), TrackKind::Audio))],
            markers: Vec::new(),
            captions: Vec::new(),
            caption_language: String::new(),
            burn_captions: false,
            montage: None,
            caption_style: String::new(),
        }
    }
    /// First frame after the last clip of any track.
    pub fn duration(&self) -> i64 {
        self.tracks.iter().map(|t| t.end()).max().unwrap_or(0)
    }
    pub fn duration_time(&self) -> Time {
        Time::from_frames(self.duration(), self.frame_rate)
    }
    pub fn track(&self, id: TrackId) -> Option<&Arc<Track>> {
        self.tracks.iter().find(|t| t.id == id)
    }
    /// The clip and its track.
    pub fn clip(&self, id: ClipId) -> Option<(&Arc<Track>, &Arc<Clip>)> {
        self.tracks.iter().find_map(|t| t.clip_index(id).map(|i| (t, &t.clips[i])))
    }
    pub fn video_tracks(&self) -> impl DoubleEndedIterator<Item = &Arc<Track>> {
        self.tracks.iter().filter(|t| t.kind == TrackKind::Video)
    }
    pub fn audio_tracks(&self) -> impl DoubleEndedIterator<Item = &Arc<Track>> {
        self.tracks.iter().filter(|t| t.kind == TrackKind::Audio)
    }
    /// Largest id in it, its own included.
    pub fn max_id(&self) -> u64 {
        let of_track = |t: &Arc<Track>| t.clips.iter().map(|c| c.id.0).chain(t.transitions.iter().map(|x| x.id.0)).fold(t.id.0, u64::max);
        let tracks = self.tracks.iter().map(of_track);
        let captions = self.captions.iter().map(|c| c.id.0);
        tracks.chain(self.markers.iter().map(|m| m.id.0)).chain(captions).fold(self.id.0, u64::max)
    }
    /// The caption under a frame, by binary search.
    pub fn caption_at(&self, frame: i64) -> Option<&Caption> {
        super::caption::at(&self.captions, frame)
    }
    pub fn timecode(&self, frame: i64) -> String {
        crate::base::format_timecode(frame + self.start_timecode, self.frame_rate, self.drop_frame)
    }
}
