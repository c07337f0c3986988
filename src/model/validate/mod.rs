//! Every structural promise that the rest of the program relies on, checked in one place.
//!
//! Not promised, and allowed to be otherwise: that media are long enough for their clips and still have the streams they
//! had. Files change behind a project's back; the plan copes, and edits hold what they change to the media.

#[cfg(test)]
mod tests;
mod values;

use super::{Clip, ClipContent, MAX_EFFECTS, Project, Rendition, Sequence, Track, TrackKind};
use crate::base::{SequenceId, Time};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};
pub use values::{MAX_POSITION_PX, caption_problem, is_folder};
use values::{is_color, keyframes_problem, title_problem, transform_problem};

/// No clip ends and no marker lies past this frame: 36 years at 60 frames per second. Keeps all arithmetic on frames, rates
/// and speeds within 128 bits.
pub const MAX_FRAME: i64 = 1 << 36;

/// Largest id: leaves more above it than can ever be handed out.
pub const MAX_ID: u64 = 1 << 62;

/// Largest side of a sequence.
pub const MAX_SIDE_PX: u32 = 16_384;

/// Largest part of a speed's ratio.
const MAX_SPEED_PART: u32 = 1_000_000;

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
