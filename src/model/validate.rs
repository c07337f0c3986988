//! Every structural promise that the rest of the program relies on, checked in one place.
//!
//! Not promised, and allowed to be otherwise: that media are long enough for their clips and still have the streams they
//! had. Files change behind a project's back; the plan copes, and edits hold what they change to the media.

use super::{
    Caption, Clip, ClipContent, Keyframes, MAX_CAPTION_BYTES, MAX_EFFECTS, MediaFile, Project, Rendition, Sequence, Title, Track,
    TrackKind, Transform, TransitionKind, Variant,
};
use crate::base::{MediaInfo, SequenceId, Time};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

/// No clip ends and no marker lies past this frame: 36 years at 60 frames per second. Keeps all arithmetic on frames, rates
/// and speeds within 128 bits.
pub const MAX_FRAME: i64 = 1 << 36;

/// Largest id: leaves more above it than can ever be handed out.
pub const MAX_ID: u64 = 1 << 62;

/// Largest side of a sequence.
pub const MAX_SIDE_PX: u32 = 16_384;

/// Farthest that a picture can be moved from the centre.
pub const MAX_POSITION_PX: f32 = 1e6;

/// Largest side of a media's picture.
const MAX_MEDIA_SIDE_PX: u32 = 1 << 20;

/// Largest part of a speed's ratio.
const MAX_SPEED_PART: u32 = 1_000_000;

/// Longest text of a title, in bytes: far above anything that can be read, far below what stalls layout.
const MAX_TITLE_BYTES: usize = 20_000;

/// Longest path of a folder, in bytes.
const MAX_FOLDER_BYTES: usize = 1000;

/// A broken promise of a document, in words for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(pub String);

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Project {
    /// All broken promises; empty for a sound document. Linear in the number of clips.
    pub fn validate(&self) -> Vec<Problem> {
        let mut bad = Vec::new();
        let mut say = |s: String| bad.push(Problem(s));
        self.validate_ids(&mut say);
        self.validate_folders(&mut say);
        for (id, m) in &self.media {
            let variants = [Rendition::Proxy, Rendition::Upscaled].map(|r| m.variant(r)?.problem(&m.file));
            if let Some(Problem(what)) = m.info.problem().or(variants.into_iter().flatten().next()) {
                say(format!("{id}: {what}"));
            }
        }
        for (id, s) in &self.others {
            if *id != s.id {
                say(format!("{} is filed as {id}", s.id));
            }
        }
        for s in self.sequences() {
            self.validate_sequence(s, &mut say);
        }
        bad
    }

    fn validate_sequence(&self, s: &Sequence, say: &mut impl FnMut(String)) {
        let sides = 1..=MAX_SIDE_PX;
        if !sides.contains(&s.width) || !sides.contains(&s.height) {
            say(format!("the sequence's size {}×{} is not within 1 to {MAX_SIDE_PX}", s.width, s.height));
        }
        if !(-MAX_FRAME..=MAX_FRAME).contains(&s.start_timecode) {
            say("the start timecode is out of range".into());
        }
        if s.montage.as_ref().is_some_and(|m| !m.is_sound()) {
            say(format!("the montage of {} is out of range", s.id));
        }
        let nested: HashSet<SequenceId> = s.tracks.iter().flat_map(|t| &t.clips).filter_map(|c| c.nested()).collect();
        if nested.into_iter().any(|inner| self.shows(inner, s.id)) {
            say(format!("{} shows itself", s.id));
        }
        for t in &s.tracks {
            self.validate_track(t, say);
        }
        for m in &s.markers {
            if !(0..=MAX_FRAME).contains(&m.frame) || !(0..=MAX_FRAME).contains(&m.duration) {
                say(format!("{} lies outside the timeline", m.id));
            }
        }
        if !s.markers.is_sorted_by_key(|m| (m.frame, m.id)) {
            say("the markers are not in order".into());
        }
        for c in &s.captions {
            if let Some(what) = caption_problem(c) {
                say(format!("the {what} of {} is out of range", c.id));
            }
        }
        if !s.caption_language.is_empty() && !super::is_language_tag(&s.caption_language) {
            say(format!("the captions' language of {} is none", s.id));
        }
        for w in s.captions.windows(2).filter(|w| w[0].end() > w[1].start) {
            say(format!("{} and {} overlap", w[0].id, w[1].id));
        }
    }

    fn validate_folders(&self, say: &mut impl FnMut(String)) {
        if !self.folders.is_sorted_by(|a, b| a < b) {
            say("the folders are not in order".into());
        }
        let known = |f: &str| f.is_empty() || self.folders.binary_search_by(|x| x.as_str().cmp(f)).is_ok();
        for f in &self.folders {
            if !is_folder(f) || !known(f.rsplit_once('/').map_or("", |p| p.0)) {
                say(format!("{f:?} is no folder of the bin"));
            }
        }
        for (id, m) in self.media.iter().filter(|(_, m)| !known(&m.folder)) {
            say(format!("{id} lies in folder {:?}, which the project does not have", m.folder));
        }
    }

    /// The first broken promise of one clip by itself: its values, not its place among others.
    pub fn clip_problem(&self, clip: &Clip) -> Option<Problem> {
        let mut first = None;
        self.validate_clip(clip, &mut |s| {
            first.get_or_insert(Problem(s));
        });
        first
    }

    fn validate_ids(&self, say: &mut impl FnMut(String)) {
        let of_track = |t: &Arc<Track>| {
            let clips = t.clips.iter().map(|c| c.id.0);
            [t.id.0].into_iter().chain(clips).chain(t.transitions.iter().map(|x| x.id.0)).collect::<Vec<_>>()
        };
        let of_sequence = |s: &Arc<Sequence>| {
            let tracks = s.tracks.iter().flat_map(of_track);
            let captions = s.captions.iter().map(|c| c.id.0);
            tracks.chain(s.markers.iter().map(|m| m.id.0)).chain(captions).chain([s.id.0]).collect::<Vec<_>>()
        };
        let all = self.media.keys().map(|m| m.0).chain(self.sequences().flat_map(of_sequence));
        let mut seen = HashSet::new();
        for id in all {
            if !seen.insert(id) {
                say(format!("id {id} is used twice"));
            }
            if id > MAX_ID {
                say(format!("id {id} is above {MAX_ID}"));
            }
        }
    }

    fn validate_clip(&self, c: &Clip, say: &mut impl FnMut(String)) {
        if c.duration < 1 {
            say(format!("{} has no length", c.id));
        }
        if c.start < 0 {
            say(format!("{} starts before the timeline", c.id));
        }
        if c.start.checked_add(c.duration).is_none_or(|end| end > MAX_FRAME) {
            say(format!("{} ends past all time", c.id));
        }
        if c.fade_in < 0 || c.fade_out < 0 || c.fade_in.saturating_add(c.fade_out) > c.duration {
            say(format!("the fades of {} are longer than the clip", c.id));
        }
        if !c.gain_db.is_finite() {
            say(format!("the volume of {} is not a number", c.id));
        }
        if !(-1.0..=1.0).contains(&c.pan) {
            say(format!("the pan of {} is not within −1 to 1", c.id));
        }
        if let Some(what) = transform_problem(&c.transform) {
            say(format!("the {what} of {} is out of range", c.id));
        }
        if let Some(what) = keyframes_problem(&c.keyframes) {
            say(format!("the {what} keys of {} are out of range", c.id));
        }
        if c.effects.len() > MAX_EFFECTS {
            say(format!("{} has more than {MAX_EFFECTS} effects", c.id));
        }
        if !c.effects.iter().all(|e| e.kind.is_sound()) {
            say(format!("an effect of {} is out of range", c.id));
        }
        if c.chosen.as_ref().is_some_and(|c| !c.is_sound()) {
            say(format!("the reasons of {} are out of range", c.id));
        }
        if c.stabilize.as_ref().is_some_and(|s| !s.is_sound()) {
            say(format!("the stabilisation of {} is out of range", c.id));
        }
        if let Some((source_in, speed)) = c.content.source() {
            if speed.1 == 0 || speed.1 > MAX_SPEED_PART || speed.0.unsigned_abs() > MAX_SPEED_PART {
                say(format!("the speed {}/{} of {} is out of range", speed.0, speed.1, c.id));
            }
            if source_in < Time::ZERO {
                say(format!("{} starts before its media", c.id));
            }
        }
        match &c.content {
            ClipContent::Media { media, .. } => {
                if !self.media.contains_key(media) {
                    say(format!("{} uses {media}, which the project does not have", c.id));
                }
            }
            ClipContent::Sequence { sequence, .. } => {
                if self.sequence_of(*sequence).is_none() {
                    say(format!("{} shows {sequence}, which the project does not have", c.id));
                }
            }
            ClipContent::Adjustment => {}
            ClipContent::Title(title) => {
                if let Some(what) = title_problem(title) {
                    say(format!("the {what} of title {} is out of range", c.id));
                }
            }
            ClipContent::Solid { color } => {
                if !is_color(color) {
                    say(format!("the colour of {} is out of range", c.id));
                }
            }
        }
    }

    fn validate_track(&self, t: &Track, say: &mut impl FnMut(String)) {
        if !t.gain_db.is_finite() {
            say(format!("the volume of {} is not a number", t.id));
        }
        for c in &t.clips {
            self.validate_clip(c, say);
            if t.kind == TrackKind::Audio && c.content.source().is_none() {
                say(format!("{} makes no sound but lies on an audio track", c.id));
            }
        }
        for w in t.clips.windows(2) {
            if w[0].end() > w[1].start {
                say(format!("{} and {} overlap", w[0].id, w[1].id));
            }
        }
        if !t.transitions.is_empty() {
            validate_transitions(t, say);
        }
    }
}

fn validate_transitions(t: &Track, say: &mut impl FnMut(String)) {
    if !t.transitions.is_sorted_by(|a, b| a.left < b.left) {
        say(format!("the transitions of {} are not in order", t.id));
    }
    let index: HashMap<_, _> = t.clips.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
    let mut spans = Vec::with_capacity(t.transitions.len());
    for x in &t.transitions {
        let Some(i) = index.get(&x.left) else {
            say(format!("{} hangs on a clip that is not there", x.id));
            continue;
        };
        let (l, r) = (&t.clips[*i], t.clips.get(i + 1));
        let Some(r) = r.filter(|r| r.id == x.right && r.start == l.end()) else {
            say(format!("{} does not sit on a cut", x.id));
            continue;
        };
        let no_frame = x.before < 0 || x.after < 0 || (x.before == 0 && x.after == 0);
        if no_frame || x.before > l.duration || x.after > r.duration {
            say(format!("{} is longer than its clips", x.id));
            continue;
        }
        if !x.kind.is_sound() {
            say(format!("a setting of {} is out of range", x.id));
        }
        spans.push((r.start.saturating_sub(x.before), r.start.saturating_add(x.after), x.id));
    }
    spans.sort_unstable();
    for w in spans.windows(2) {
        if w[0].1 > w[1].0 {
            say(format!("{} and {} overlap", w[0].2, w[1].2));
        }
    }
}

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
fn is_color(c: &[f32; 4]) -> bool {
    c[..3].iter().all(|v| (0.0..=100.0).contains(v)) && (0.0..=1.0).contains(&c[3])
}

/// Which setting of a transform is out of range, if any.
fn transform_problem(t: &Transform) -> Option<&'static str> {
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
fn keyframes_problem(k: &Keyframes) -> Option<&'static str> {
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
fn title_problem(t: &Title) -> Option<&'static str> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{CaptionId, ClipId, FrameRate, MediaId, TrackId},
        model::{Speed, TextStyle, fixture::*},
    };
    use std::sync::Arc;

    fn sound() -> Project {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 10, media_content(10, Time::ZERO)), clip(21, 10, 10, media_content(11, Time::ZERO))]);
        with_track(&mut p, 2, |t| t.transitions.push(dissolve(30, 20, 21, 5, 5)));
        p
    }

    /// The problems after a change to the first clip, joined.
    fn after(change: impl FnOnce(&mut Clip)) -> String {
        let mut p = sound();
        with_track(&mut p, 2, |t| change(Arc::make_mut(&mut t.clips[0])));
        p.validate().iter().map(|p| p.0.clone()).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_sound_document_has_no_problems() {
        assert_eq!(sound().validate(), []);
    }

    #[test]
    fn every_broken_value_of_a_clip_is_named() {
        let speed =
            |a, b| move |c: &mut Clip| c.content = ClipContent::Media { media: MediaId(10), source_in: Time::ZERO, speed: Speed(a, b) };
        assert!(after(|c| c.duration = 0).contains("clip 20 has no length"));
        assert!(after(|c| c.start = -1).contains("clip 20 starts before the timeline"));
        assert!(after(|c| c.start = i64::MAX).contains("clip 20 ends past all time"));
        assert_eq!(after(|c| c.fade_in = 11), "the fades of clip 20 are longer than the clip");
        assert_eq!(after(|c| c.gain_db = f32::NEG_INFINITY), "the volume of clip 20 is not a number");
        assert_eq!(after(|c| c.pan = -1.1), "the pan of clip 20 is not within −1 to 1");
        assert_eq!(after(|c| c.transform.scale = 0.0), "the scale of clip 20 is out of range");
        assert_eq!(after(|c| c.transform.crop.left = f32::NAN), "the crop of clip 20 is out of range");
        assert_eq!(after(|c| c.transform.opacity = 1.5), "the opacity of clip 20 is out of range");
        assert_eq!(after(|c| c.content = media_content(99, Time::ZERO)), "clip 20 uses media 99, which the project does not have");
        assert_eq!(after(|c| c.content = media_content(10, Time(-1))), "clip 20 starts before its media");
        assert_eq!(after(speed(1, 0)), "the speed 1/0 of clip 20 is out of range");
        assert_eq!(after(speed(i32::MIN, 1)), "the speed -2147483648/1 of clip 20 is out of range");
        assert_eq!(after(|c| c.content = ClipContent::Solid { color: [0.0, 0.0, 0.0, 2.0] }), "the colour of clip 20 is out of range");
        let title = |size| {
            move |c: &mut Clip| {
                let style = TextStyle { size, ..TextStyle::default() };
                c.content = ClipContent::Title(Title { text: "x".into(), style, position: (0.5, 0.5) });
            }
        };
        assert_eq!(after(title(0.1)), "");
        assert_eq!(after(title(f32::INFINITY)), "the size of title clip 20 is out of range");
    }

    #[test]
    fn every_broken_relation_is_named() {
        assert!(after(|c| c.id = ClipId(21)).contains("id 21 is used twice"));
        assert!(after(|c| c.id = ClipId(u64::MAX)).contains("is above"));
        assert!(after(|c| c.duration = 11).contains("clip 20 and clip 21 overlap"));
        assert_eq!(after(|c| c.duration = 9), "transition 30 does not sit on a cut");
        assert_eq!(after(|c| (c.start, c.duration) = (6, 4)), "transition 30 is longer than its clips");
        let mut p = sound();
        with_track(&mut p, 2, |t| t.transitions[0].left = ClipId(5));
        assert_eq!(p.validate()[0].0, "transition 30 hangs on a clip that is not there");
        let mut p = sound();
        put(&mut p, 2, [clip(22, 20, 8, media_content(10, Time::ZERO))]);
        with_track(&mut p, 2, |t| t.transitions.push(dissolve(31, 21, 22, 5, 5)));
        assert_eq!(p.validate(), []);
        with_track(&mut p, 2, |t| t.transitions[1].before = 6);
        assert_eq!(p.validate()[0].0, "transition 30 and transition 31 overlap");
        with_track(&mut p, 2, |t| t.transitions.reverse());
        assert_eq!(p.validate()[0].0, "the transitions of track 2 are not in order");
        let mut p = sound();
        put(&mut p, 3, [clip(22, 0, 8, ClipContent::Solid { color: [0.0; 4] })]);
        assert_eq!(p.validate()[0].0, "clip 22 makes no sound but lies on an audio track");
        let mut p = sound();
        let m = Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap());
        (m.proxy, m.upscaled) = (Some(Box::new(proxy_of(m))), Some(Box::new(upscaled_of(m))));
        assert_eq!(p.validate(), []);
        let spoilt = |change: fn(&mut Variant)| {
            let mut q = p.clone();
            change(Arc::make_mut(q.media.get_mut(&MediaId(10)).unwrap()).proxy.as_mut().unwrap());
            q.validate().iter().map(|p| p.0.clone()).collect::<String>()
        };
        assert_eq!(spoilt(|v| v.path = "/footage/a.mp4".into()), "media 10: the file is its own stand-in");
        assert_eq!(spoilt(|v| v.path = "".into()), "media 10: a stand-in has no file");
        assert_eq!(spoilt(|v| v.info.video = None), "media 10: a stand-in has no picture");
        assert!(spoilt(|v| v.info.video.as_mut().unwrap().width = 0).starts_with("media 10: "));
        let caption = |id, start, duration| Caption { id: CaptionId(id), start, duration, text: "x".into(), words: Vec::new() };
        let with = |list: Vec<Caption>| {
            let mut p = sound();
            Arc::make_mut(&mut p.sequence).captions = list;
            p.validate().iter().map(|p| p.0.clone()).collect::<Vec<_>>().join("; ")
        };
        assert_eq!(with(vec![caption(50, 0, 5), caption(51, 4, 5)]), "caption 50 and caption 51 overlap");
        assert_eq!(with(vec![caption(50, 0, 5), caption(20, 5, 5)]), "id 20 is used twice");
        assert_eq!(with(vec![caption(50, 0, 0)]), "the length of caption 50 is out of range");
        assert_eq!(with(vec![caption(50, -1, 2)]), "the place of caption 50 is out of range");
        let mut p = sound();
        Arc::make_mut(&mut p.sequence).tracks.push(Arc::new(Track::new(TrackId(2), TrackKind::Video)));
        Arc::make_mut(&mut p.sequence).width = 0;
        assert_eq!(p.validate().len(), 2);
    }
}
