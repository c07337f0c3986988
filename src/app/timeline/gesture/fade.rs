//! Dragging a fade's handle.

use super::{Note, Pointer, Step};
use crate::{
    app::timeline::snap::Snapper,
    base::ClipId,
    edit::{ClipChange, EditCommand},
    model::Clip,
};

/// The fade at one end of a clip.
#[derive(Clone, Debug)]
pub struct Fade {
    clip: ClipId,
    fade_in: bool,
    start: i64,
    end: i64,
    /// Longest that leaves the other fade alone.
    most: i64,
}

impl Fade {
    pub fn of(clip: &Clip, fade_in: bool) -> Self {
        let other = if fade_in { clip.fade_out } else { clip.fade_in };
        Self { clip: clip.id, fade_in, start: clip.start, end: clip.end(), most: (clip.duration - other).max(0) }
    }

    pub fn step(&self, p: &Pointer, snaps: &Snapper) -> Step {
        let caught = if p.snap_radius > 0.0 { snaps.near(p.frame, p.snap_radius) } else { None };
        let frame = caught.unwrap_or(p.frame.round() as i64);
        let length = if self.fade_in { frame - self.start } else { self.end - frame }.clamp(0, self.most);
        let change = if self.fade_in { ClipChange::FadeIn(length) } else { ClipChange::FadeOut(length) };
        let lies_at = if self.fade_in { self.start + length } else { self.end - length };
        Step {
            edit: Some(EditCommand::SetClip { clip: self.clip, change }),
            caught: caught.filter(|f| *f == lies_at),
            note: Note::Length(length),
        }
    }
}
