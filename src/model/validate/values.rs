//! What each value may be by itself.

use super::{MAX_FRAME, Problem};
use crate::{
    base::{MediaInfo, Time},
    model::{Caption, Keyframes, MAX_CAPTION_BYTES, MediaFile, Title, Transform, TransitionKind, Variant},
};

/// Farthest that a picture can be moved from the centre.
pub const MAX_POSITION_PX: f32 = 1e6;

/// Largest side of a media's picture.
const MAX_MEDIA_SIDE_PX: u32 = 1 << 20;

/// Longest text of a title, in bytes: far above anything that can be read, far below what stalls layout.
const MAX_TITLE_BYTES: usize = 20_000;

/// Longest path of a folder, in bytes.
const MAX_FOLDER_BYTES: usize = 1000;

impl Variant {
    /// What makes a file unfit to stand in for a media's own, if anything.
    pub fn problem(&self, of: &MediaFile) -> Option<Problem> {
        let problem = |s: &str| Some(Problem(s.to_owned()));
        match self {
            v if v.path.as_os_str().is_empty() => problem("a stand-in has no file"),
            // what is made again may be deleted, an original never
            v if v.path == of.path => problem("the file is its own stand-in"),
            v if v.info.video.is_none() => problem("a stand-in has no picture"),
            v => v.info.problem(),
        }
    }
}

impl MediaInfo {
    /// What makes these facts about a file unfit for a document, if anything.
    pub fn problem(&self) -> Option<Problem> {
        let sides = 1..=MAX_MEDIA_SIDE_PX;
        if self.duration < Time::ZERO {
            return Some(Problem("the file ends before it starts".into()));
        }
        let bad_size = self.video.as_ref().is_some_and(|v| !sides.contains(&v.width) || !sides.contains(&v.height));
        bad_size.then(|| Problem(format!("the picture's size is not within 1 to {MAX_MEDIA_SIDE_PX}")))
    }
}

impl TransitionKind {
    /// Whether its settings are in range.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::CrossDissolve | Self::Slide { .. } => true,
            Self::DipToColor { color } => is_color(color),
            Self::Wipe { angle, softness } => angle.abs() <= 1e6 && (0.0..=1.0).contains(softness),
        }
    }
}

/// Display-referred R, G, B may exceed 1 (HDR); alpha may not.
pub(super) fn is_color(c: &[f32; 4]) -> bool {
    c[..3].iter().all(|v| (0.0..=100.0).contains(v)) && (0.0..=1.0).contains(&c[3])
}

/// Which setting of a transform is out of range, if any.
pub(super) fn transform_problem(t: &Transform) -> Option<&'static str> {
    let within = |v: f32, limit: f32| v.abs() <= limit;
    let crop = [t.crop.left, t.crop.top, t.crop.right, t.crop.bottom];
    [
        (within(t.position.0, MAX_POSITION_PX) && within(t.position.1, MAX_POSITION_PX), "position"),
        ((0.001..=1000.0).contains(&t.scale), "scale"),
        (within(t.rotation, 1e6), "rotation"),
        (crop.iter().all(|v| (0.0..=1.0).contains(v)), "crop"),
        ((0.0..=1.0).contains(&t.opacity), "opacity"),
    ]
    .into_iter()
    .find(|(ok, _)| !ok)
    .map(|(_, what)| what)
}

/// Which curve of a clip is out of order or has a value that its fixed one could not have.
pub(super) fn keyframes_problem(k: &Keyframes) -> Option<&'static str> {
    let t = Transform::default();
    let ok = |t: Transform| transform_problem(&t).is_none();
    [
        (k.position.is_in_order(MAX_FRAME) && k.position.keys().iter().all(|k| ok(Transform { position: k.value, ..t })), "position"),
        (k.scale.is_in_order(MAX_FRAME) && k.scale.keys().iter().all(|k| ok(Transform { scale: k.value, ..t })), "scale"),
        (k.rotation.is_in_order(MAX_FRAME) && k.rotation.keys().iter().all(|k| ok(Transform { rotation: k.value, ..t })), "rotation"),
        (k.opacity.is_in_order(MAX_FRAME) && k.opacity.keys().iter().all(|k| ok(Transform { opacity: k.value, ..t })), "opacity"),
        (k.gain_db.is_in_order(MAX_FRAME) && k.gain_db.keys().iter().all(|k| k.value.is_finite()), "volume"),
    ]
    .into_iter()
    .find(|(ok, _)| !ok)
    .map(|(_, what)| what)
}

/// Which setting of a caption by itself is out of range, if any.
pub fn caption_problem(c: &Caption) -> Option<&'static str> {
    let ends = c.start.checked_add(c.duration).filter(|end| *end <= MAX_FRAME);
    [(c.start >= 0 && ends.is_some(), "place"), (c.duration >= 1, "length"), (c.text.len() <= MAX_CAPTION_BYTES, "text")]
        .into_iter()
        .find(|(ok, _)| !ok)
        .map(|(_, what)| what)
}

/// Whether a text can name a folder of the bin: parts without blanks at their ends, joined by `/`.
pub fn is_folder(path: &str) -> bool {
    path.len() <= MAX_FOLDER_BYTES && path.split('/').all(|part| !part.is_empty() && part.trim() == part)
}

/// Which setting of a title is out of range, if any.
pub(super) fn title_problem(t: &Title) -> Option<&'static str> {
    let s = &t.style;
    let length = |v: f32| (0.0..=10.0).contains(&v);
    let offset = |v: f32| v.abs() <= 10.0;
    [
        (t.text.len() <= MAX_TITLE_BYTES, "text"),
        (offset(t.position.0) && offset(t.position.1), "position"),
        ((1..=1000).contains(&s.weight), "weight"),
        ((0.001..=10.0).contains(&s.size), "size"),
        (length(s.outline), "outline"),
        (offset(s.shadow.0) && offset(s.shadow.1) && length(s.shadow_blur), "shadow"),
        ((0.1..=10.0).contains(&s.line_height), "line height"),
        (offset(s.tracking) && length(s.box_pad), "tracking"),
        ([s.color, s.outline_color, s.shadow_color, s.box_color, s.lit_color].iter().all(is_color), "colour"),
    ]
    .into_iter()
    .find(|(ok, _)| !ok)
    .map(|(_, what)| what)
}
