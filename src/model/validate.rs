//! Every structural promise that the rest of the program relies on, checked in one place.

use super::{ClipContent, Project, Track};
use crate::base::{MediaId, Time};
use std::{collections::HashSet, fmt};

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
        let s = &self.sequence;
        if s.width == 0 || s.height == 0 || s.width > 16384 || s.height > 16384 {
            say(format!("the sequence's size {}×{} is not within 1 to 16384", s.width, s.height));
        }
        let mut ids = HashSet::new();
        for id in self.media.keys() {
            if !ids.insert(id.0) {
                say(format!("id {} is used twice", id.0));
            }
        }
        for t in &s.tracks {
            if !ids.insert(t.id.0) {
                say(format!("id {} is used twice", t.id.0));
            }
            for c in &t.clips {
                if !ids.insert(c.id.0) {
                    say(format!("id {} is used twice", c.id.0));
                }
            }
            for x in &t.transitions {
                if !ids.insert(x.id.0) {
                    say(format!("id {} is used twice", x.id.0));
                }
            }
            self.validate_track(t, &mut say);
        }
        for m in &s.markers {
            if !ids.insert(m.id.0) {
                say(format!("id {} is used twice", m.id.0));
            }
            if m.frame < 0 || m.duration < 0 {
                say(format!("{} lies before the start", m.id));
            }
        }
        bad
    }

    fn validate_track(&self, t: &Track, say: &mut impl FnMut(String)) {
        for c in &t.clips {
            if c.duration < 1 {
                say(format!("{} has no length", c.id));
            }
            if c.start < 0 {
                say(format!("{} starts before the timeline", c.id));
            }
            if c.start.checked_add(c.duration).is_none() {
                say(format!("{} ends past all time", c.id));
            }
            if c.fade_in < 0 || c.fade_out < 0 || c.fade_in.saturating_add(c.fade_out) > c.duration {
                say(format!("the fades of {} are longer than the clip", c.id));
            }
            let numbers = [
                c.gain_db,
                c.pan,
                c.transform.scale,
                c.transform.rotation,
                c.transform.opacity,
                c.transform.position.0,
                c.transform.position.1,
            ];
            if numbers.iter().any(|v| !v.is_finite()) {
                say(format!("a setting of {} is not a number", c.id));
            }
            if let ClipContent::Media { media, source_in, speed } = &c.content {
                if speed.1 == 0 {
                    say(format!("the speed of {} divides by zero", c.id));
                }
                if *source_in < Time::ZERO {
                    say(format!("{} starts before its media", c.id));
                }
                self.validate_media_ref(*media, c, say);
            }
        }
        for w in t.clips.windows(2) {
            if w[0].end() > w[1].start {
                say(format!("{} and {} overlap", w[0].id, w[1].id));
            }
        }
        let mut cuts = Vec::with_capacity(t.transitions.len());
        for x in &t.transitions {
            let Some(i) = t.clip_index(x.left) else {
                say(format!("{} hangs on a clip that is not there", x.id));
                continue;
            };
            let (l, r) = (&t.clips[i], t.clips.get(i + 1));
            let Some(r) = r.filter(|r| r.id == x.right && r.start == l.end()) else {
                say(format!("{} does not sit on a cut", x.id));
                continue;
            };
            if x.before < 0 || x.after < 0 || x.duration() < 1 || x.before > l.duration || x.after > r.duration {
                say(format!("{} is longer than its clips", x.id));
            }
            cuts.push((r.start.saturating_sub(x.before), r.start.saturating_add(x.after), x.id));
        }
        for w in cuts.windows(2) {
            if w[0].1 > w[1].0 {
                say(format!("{} and {} overlap", w[0].2, w[1].2));
            }
        }
    }

    fn validate_media_ref(&self, media: MediaId, c: &super::Clip, say: &mut impl FnMut(String)) {
        if !self.media.contains_key(&media) {
            say(format!("{} uses {media}, which the project does not have", c.id));
        }
    }
}
