//! A project of which a frame shows some clips alone.

use crate::{base::ClipId, model::Project};
use std::{collections::BTreeSet, sync::Arc};

/// The project with every other clip of the open sequence disabled that `frame` could show.
pub fn only(project: &Project, frame: i64, clips: &BTreeSet<ClipId>) -> Project {
    let mut project = project.clone();
    let sequence = Arc::make_mut(&mut project.sequence);
    for track in &mut sequence.tracks {
        // a transition shows a clip beyond its ends
        let reach = track.transitions.iter().map(|t| t.duration()).max().unwrap_or(0);
        let is_other = |c: &crate::model::Clip| !clips.contains(&c.id) && c.start - reach <= frame && frame < c.end() + reach;
        if track.clips.iter().any(|c| is_other(c)) {
            for clip in Arc::make_mut(track).clips.iter_mut().filter(|c| is_other(c)) {
                Arc::make_mut(clip).enabled = false;
            }
        }
    }
    project
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, MediaId, Time},
        model::fixture::*,
        plan::{Choice, frame_by},
    };

    #[test]
    fn a_frame_shows_what_is_asked_for_alone() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 10, media_content(10, Time::ZERO)), clip(21, 10, 10, media_content(11, Time::ZERO))]);
        let shows = |frame: i64, ids: &[u64]| {
            let clips: BTreeSet<_> = ids.iter().map(|id| ClipId(*id)).collect();
            let plan = frame_by(&only(&p, frame, &clips), frame, 1, &Choice::default());
            plan.media_refs().map(|m| m.media).collect::<Vec<_>>()
        };
        assert_eq!(shows(3, &[20]), [MediaId(10)]);
        assert_eq!(shows(3, &[20, 21]), [MediaId(10)]);
        assert_eq!(shows(3, &[21]), []);
        assert_eq!(shows(12, &[20]), []);
        assert_eq!(shows(12, &[21]), [MediaId(11)]);
    }
}
