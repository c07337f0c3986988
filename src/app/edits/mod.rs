//! Edit commands for what the window offers, built from the document, the selection and the playhead. Pure: no egui, no
//! session. What cannot be done says why in a sentence.

pub mod clipboard;
pub mod clips;
mod place;
mod room;
pub mod transitions;
mod trims;

pub use place::{
    Onto, add_track, adjustment, caption, drop_tracks, insert_media, marker, media_shape, move_track, overlay, remove_empty_tracks,
    target_tracks, title,
};
pub use room::{UNLIMITED, ends_together, ripple_range, source_room, taken, transition_room, trim_range};
pub use trims::{close_gaps, from_playhead, next_edge, next_marker, nudge, ripple_trim_to, split, take_range, to_track, trim_to};

use super::{
    index::DocIndex,
    state::{Marks, Selection},
};
use crate::{
    edit::{ClipChange, EditCommand},
    model::{Animated, Clip, Project, Track, TrackKind},
};
use std::sync::Arc;

/// What an edit is made from.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    pub project: &'a Project,
    pub index: &'a DocIndex,
    pub selection: &'a Selection,
    /// Under the playhead.
    pub frame: i64,
    pub marks: Marks,
    /// Frames of a new transition.
    pub transition: i64,
}

impl<'a> Desk<'a> {
    /// The selected clips with their tracks, in timeline order track by track.
    pub fn selected(&self) -> impl Iterator<Item = (&'a Arc<Track>, &'a Arc<Clip>)> {
        self.index.clips(&self.selection.clips).into_iter()
    }
}

fn batch(mut commands: Vec<EditCommand>) -> Option<EditCommand> {
    match commands.len() {
        0 => None,
        1 => commands.pop(),
        _ => Some(EditCommand::Batch(commands)),
    }
}

/// Remove what is selected: clips, a gap, a key, a transition, a marker, a caption or media.
pub fn delete(desk: &Desk<'_>, ripple: bool) -> Option<EditCommand> {
    let s = desk.selection;
    if let Some((clip, frame)) = s.key {
        return remove_key(desk, clip, frame);
    }
    if !s.clips.is_empty() {
        return Some(EditCommand::Remove { clips: s.clips.iter().copied().collect(), ripple });
    }
    if let Some(gap) = s.gap {
        return Some(EditCommand::CloseGap { track: gap.track, at: gap.from });
    }
    if let Some(id) = s.transition {
        return Some(EditCommand::RemoveTransition { id });
    }
    if let Some(id) = s.marker {
        return Some(EditCommand::RemoveMarker { id });
    }
    if let Some(id) = s.caption {
        return Some(EditCommand::RemoveCaption { id });
    }
    batch(s.media.iter().map(|id| EditCommand::RemoveMedia { id: *id }).collect())
}

/// Take a key off the line that the timeline draws over a clip: loudness of sound, opacity of pictures.
fn remove_key(desk: &Desk<'_>, clip: crate::base::ClipId, frame: i64) -> Option<EditCommand> {
    let (track, c) = desk.index.clip(clip)?;
    let sound = track.kind == TrackKind::Audio;
    let mut curve = if sound { c.keyframes.gain_db.clone() } else { c.keyframes.opacity.clone() };
    let animated = if sound { Animated::GainDb } else { Animated::Opacity };
    curve.remove(frame).then(|| EditCommand::SetClip { clip, change: ClipChange::Animate(animated(curve)) })
}
