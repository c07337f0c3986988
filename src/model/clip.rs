//! A clip: a piece of media, a title or a colour at a place on a track.

use super::{effect::Effect, keyframes::Keyframes, montage::Chosen, stabilize::Stabilize, terse::serialize_differences};
use crate::base::{ClipId, FLICKS_PER_SEC, FrameRate, MediaId, Rounding, SequenceId, Time};
use serde::{Deserialize, Serialize};

/// What a clip shows or plays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum ClipContent {
    Media {
        media: MediaId,
        /// Point of the media at the clip's first frame (for reverse speed too: the source point shown first).
        #[serde(default, skip_serializing_if = "is_zero_time")]
        source_in: Time,
        #[serde(default, skip_serializing_if = "Speed::is_normal")]
        speed: Speed,
    },
    /// Another sequence of the project, as if it were one file: its picture on a video track, its sound on an audio track.
    Sequence {
        sequence: SequenceId,
        #[serde(default, skip_serializing_if = "is_zero_time")]
        source_in: Time,
        #[serde(default, skip_serializing_if = "Speed::is_normal")]
        speed: Speed,
    },
    Title(Title),
    /// One colour, display-referred R, G, B, A in 0–1.
    Solid {
        color: [f32; 4],
    },
    /// Shows nothing itself; its effects work on everything below. Opacity and fades say how much.
    Adjustment,
}

impl ClipContent {
    /// Point of the source at the clip's first frame, and the speed; None for what has no time of its own.
    pub fn source(&self) -> Option<(Time, Speed)> {
        match self {
            Self::Media { source_in, speed, .. } | Self::Sequence { source_in, speed, .. } => Some((*source_in, *speed)),
            Self::Title(_) | Self::Solid { .. } | Self::Adjustment => None,
        }
    }
    /// [`Self::source`], to change it.
    pub fn source_mut(&mut self) -> Option<(&mut Time, &mut Speed)> {
        match self {
            Self::Media { source_in, speed, .. } | Self::Sequence { source_in, speed, .. } => Some((source_in, speed)),
            Self::Title(_) | Self::Solid { .. } | Self::Adjustment => None,
        }
    }
}

/// Constant speed as an exact ratio: 2/1 plays twice as fast, −1/1 backwards, 0/1 holds one frame (freeze).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Speed(pub i32, pub u32);

impl Speed {
    pub const NORMAL: Self = Self(1, 1);
    pub const REVERSE: Self = Self(-1, 1);
    pub const FREEZE: Self = Self(0, 1);
    /// As written: 2/2 counts as normal.
    pub fn is_normal(&self) -> bool {
        i64::from(self.0) == i64::from(self.1)
    }
    pub fn is_freeze(self) -> bool {
        self.0 == 0
    }
    /// Media time that passes while `t` passes on the timeline.
    pub fn source_span(self, t: Time) -> Time {
        t.scale(i64::from(self.0), i64::from(self.1))
    }
}

impl Default for Speed {
    fn default() -> Self {
        Self::NORMAL
    }
}

/// How a picture of another shape is put into the frame before the transform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Fit {
    /// As large as possible without cropping.
    #[default]
    Fit,
    /// As small as possible without bars.
    Fill,
    /// One source pixel (as shown) for one sequence pixel.
    None,
}

/// Fractions of the source's shown width and height cut away at each side, 0–1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Crop {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}
serialize_differences!(Crop { left, top, right, bottom });

/// Where a picture sits in the frame. Applied after `fit`: scale and rotate about the picture's centre, then move.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Transform {
    pub fit: Fit,
    /// Sequence pixels from the centre, right and down.
    pub position: (f32, f32),
    /// 1 = as fitted.
    pub scale: f32,
    /// Clockwise, in degrees.
    pub rotation: f32,
    pub crop: Crop,
    /// 0–1.
    pub opacity: f32,
    pub blend: Blend,
}
serialize_differences!(Transform { fit, position, scale, rotation, crop, opacity, blend });

impl Default for Transform {
    fn default() -> Self {
        Self {
            fit: Fit::default(),
            position: (0.0, 0.0),
            scale: 1.0,
            rotation: 0.0,
            crop: Crop::default(),
            opacity: 1.0,
            blend: Blend::default(),
        }
    }
}

/// How a layer meets what lies under it, in linear light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Blend {
    #[default]
    Normal,
    Add,
    Multiply,
    Screen,
}

/// Horizontal setting of a title's lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextAlign {
    Left,
    #[default]
    Center,
    Right,
}

/// Look of a title. Lengths are fractions of the frame height, so that a title fits every resolution.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextStyle {
    /// Font family; a missing one falls back to the bundled Inter.
    pub family: String,
    /// 100–900.
    pub weight: u16,
    pub italic: bool,
    /// Line size.
    pub size: f32,
    /// Display-referred straight R, G, B, A in 0–1.
    pub color: [f32; 4],
    pub outline: f32,
    pub outline_color: [f32; 4],
    /// Offset right and down.
    pub shadow: (f32, f32),
    pub shadow_blur: f32,
    /// Alpha 0 = no shadow.
    pub shadow_color: [f32; 4],
    pub align: TextAlign,
    /// Distance of baselines over size.
    pub line_height: f32,
    /// Extra space between letters over size.
    pub tracking: f32,
    /// A plate behind each line; alpha 0 = none.
    pub box_color: [f32; 4],
    /// How far it reaches beyond the letters.
    pub box_pad: f32,
    /// Bytes of the text, from and to, that are drawn in `lit_color`.
    pub lit: (u32, u32),
    pub lit_color: [f32; 4],
}
serialize_differences!(TextStyle {
    family,
    weight,
    italic,
    size,
    color,
    outline,
    outline_color,
    shadow,
    shadow_blur,
    shadow_color,
    align,
    line_height,
    tracking,
    box_color,
    box_pad,
    lit,
    lit_color,
});

impl Default for TextStyle {
    fn default() -> Self {
        Self {
            family: "Inter".into(),
            weight: 600,
            italic: false,
            size: 0.09,
            color: [1.0; 4],
            outline: 0.0,
            outline_color: [0.0, 0.0, 0.0, 1.0],
            shadow: (0.0, 0.004),
            shadow_blur: 0.012,
            shadow_color: [0.0, 0.0, 0.0, 0.6],
            align: TextAlign::Center,
            line_height: 1.2,
            tracking: 0.0,
            box_color: [0.0; 4],
            box_pad: 0.0,
            lit: (0, 0),
            lit_color: [1.0, 0.85, 0.2, 1.0],
        }
    }
}

/// Text on the picture. The block is centred at `position` (fractions of the frame, (0.5, 0.5) is the middle).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Title {
    pub text: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub style: TextStyle,
    #[serde(default = "middle", skip_serializing_if = "is_middle")]
    pub position: (f32, f32),
}

fn middle() -> (f32, f32) {
    (0.5, 0.5)
}
fn is_middle(p: &(f32, f32)) -> bool {
    *p == middle()
}

/// A clip on a track. On a video track it shows, on an audio track it sounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    pub id: ClipId,
    /// First frame on the timeline.
    pub start: i64,
    /// Frames on the timeline, at least 1.
    pub duration: i64,
    pub content: ClipContent,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
    /// Clips of one link group are selected and moved together (a file's picture and sound).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<u64>,
    /// Clips of one group are selected and moved together too, but keep their own ends when one is trimmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u64>,
    #[serde(default, skip_serializing_if = "is_default")]
    pub transform: Transform,
    /// Where a curve has keys it takes the place of the fixed value of `transform` or `gain_db`.
    #[serde(default, skip_serializing_if = "Keyframes::is_empty")]
    pub keyframes: Keyframes,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// Only where it was ever asked for; may be switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stabilize: Option<Box<Stabilize>>,
    /// Why it is where it is, if a montage put it there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<Box<Chosen>>,
    /// Loudness change in decibels; −inf is not allowed, −96 or less counts as silence.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gain_db: f32,
    /// −1 left … 1 right, constant power.
    #[serde(default, skip_serializing_if = "is_default")]
    pub pan: f32,
    /// Frames over which picture or sound rises from nothing.
    #[serde(default, skip_serializing_if = "is_default")]
    pub fade_in: i64,
    #[serde(default, skip_serializing_if = "is_default")]
    pub fade_out: i64,
    /// The sound rises from nothing within [`SOFT_SECS`] where it has no fade: a cut into a sound that goes on does not click.
    #[serde(default, skip_serializing_if = "is_default")]
    pub soft_in: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub soft_out: bool,
}

/// Length of a soft end of a clip's sound: 10 ms, too short to be heard as a fade.
pub const SOFT_SECS: Time = Time(FLICKS_PER_SEC / 100);

impl Clip {
    pub fn new(id: ClipId, start: i64, duration: i64, content: ClipContent) -> Self {
        Self {
            id,
            start,
            duration,
            content,
            name: String::new(),
            enabled: true,
            link: None,
            group: None,
            transform: Transform::default(),
            keyframes: Keyframes::default(),
            effects: Vec::new(),
            stabilize: None,
            chosen: None,
            gain_db: 0.0,
            pan: 0.0,
            fade_in: 0,
            fade_out: 0,
            soft_in: false,
            soft_out: false,
        }
    }
    /// First frame after the clip.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.duration)
    }
    pub fn contains(&self, frame: i64) -> bool {
        self.start <= frame && frame < self.end()
    }
    pub fn media(&self) -> Option<MediaId> {
        match self.content {
            ClipContent::Media { media, .. } => Some(media),
            _ => None,
        }
    }
    /// The sequence that the clip shows.
    pub fn nested(&self) -> Option<SequenceId> {
        match self.content {
            ClipContent::Sequence { sequence, .. } => Some(sequence),
            _ => None,
        }
    }
    pub fn speed(&self) -> Speed {
        self.content.source().map_or(Speed::NORMAL, |s| s.1)
    }
    /// How its picture is steadied, if it is.
    pub fn steadied(&self) -> Option<&Stabilize> {
        self.stabilize.as_deref().filter(|s| s.on)
    }
    /// The transform at a frame of the timeline.
    pub fn transform_at(&self, frame: i64) -> Transform {
        self.keyframes.transform(&self.transform, frame.saturating_sub(self.start))
    }
    /// Point of the source at the start of timeline frame `frame`: `source_in + speed · (frame − start) / rate`, rounded
    /// once to the nearest flick. Frames outside the clip give the points beyond its ends (handles). None without a source.
    pub fn source_at(&self, frame: i64, rate: FrameRate) -> Option<Time> {
        let (source_in, speed) = self.content.source()?;
        let num = i128::from(frame)
            .saturating_sub(i128::from(self.start))
            .saturating_mul(i128::from(rate.den()) * i128::from(FLICKS_PER_SEC))
            .saturating_mul(i128::from(speed.0));
        let den = i128::from(rate.num()) * i128::from(speed.1.max(1));
        // Half of the range, so that rounding cannot overflow whatever the document says.
        let span = Rounding::Nearest.div(num.clamp(i128::MIN / 4, i128::MAX / 4), den);
        Some(source_in + Time(span.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64))
    }
}

/// Factor of a gain in decibels; −96 dB and below is silence.
pub fn db_to_gain(db: f32) -> f32 {
    if db <= -96.0 { 0.0 } else { 10f32.powf(db / 20.0) }
}

pub(super) fn yes() -> bool {
    true
}
pub(super) fn is_true(v: &bool) -> bool {
    *v
}
fn is_zero_time(t: &Time) -> bool {
    *t == Time::ZERO
}
pub(super) fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}
