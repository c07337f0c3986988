//! The picture of a frame without some of what was done to it: the *before* of a comparison. Steadying counts as an effect.

use super::{Choice, FramePlan, Source, compose, hash};
use crate::{base::ClipId, model::Project};
use std::sync::Arc;

/// What is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Without {
    /// All effects, those of adjustment clips and nested sequences too.
    Effects,
    /// The effects of one clip of the open sequence.
    EffectsOf(ClipId),
    /// What was made larger: the media's own pictures.
    Upscaling,
}

/// [`super::frame_by`] without what is named. The hash is that of the picture, so a frame that has none of it is the same.
pub fn frame_without(project: &Project, frame: i64, divisor: u32, what: Without, choice: &Choice) -> FramePlan {
    match what {
        Without::Effects => bare(&compose::frame_by(project, frame, divisor, choice)),
        Without::EffectsOf(clip) => match stripped(project, clip) {
            Some(project) => compose::frame_by(&project, frame, divisor, choice),
            None => compose::frame_by(project, frame, divisor, choice),
        },
        Without::Upscaling => {
            compose::frame_by(project, frame, divisor, &Choice { proxies: false, plain: true, larger: 1, ..choice.clone() })
        }
    }
}

/// The project with no effects on a clip; None where it has none.
fn stripped(project: &Project, clip: ClipId) -> Option<Project> {
    let (track, at) = project.sequence.tracks.iter().enumerate().find_map(|(t, track)| track.clip_index(clip).map(|i| (t, i)))?;
    let clip = &project.sequence.tracks[track].clips[at];
    if clip.effects.is_empty() && clip.stabilize.is_none() {
        return None;
    }
    let mut project = project.clone();
    let sequence = Arc::make_mut(&mut project.sequence);
    let clips = &mut Arc::make_mut(&mut sequence.tracks[track]).clips;
    let clip = Arc::make_mut(&mut clips[at]);
    clip.effects.clear();
    clip.stabilize = None;
    Some(project)
}

fn bare(plan: &FramePlan) -> FramePlan {
    let mut plan = plan.clone();
    plan.layers.retain(|l| l.adjust.is_none());
    for input in plan.layers.iter_mut().flat_map(|l| &mut l.inputs) {
        input.effects.clear();
        input.steady = None;
        if let Source::Nested(inner) = &mut input.source {
            *inner = Arc::new(bare(inner));
        }
    }
    plan.hash = hash::of_frame(&plan);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, Time},
        model::{Effect, EffectKind, fixture::*},
    };

    fn graded() -> Project {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 0, 10, media_content(10, Time::ZERO));
        c.effects = vec![Effect { kind: EffectKind::Exposure { stops: 1.0 }, enabled: true }];
        put(&mut p, 2, [c, clip(21, 10, 10, media_content(11, Time::ZERO))]);
        p
    }

    #[test]
    fn a_frame_without_effects_is_the_frame_of_an_untouched_film() {
        let p = graded();
        let mut plain = p.clone();
        with_track(&mut plain, 2, |t| Arc::make_mut(&mut t.clips[0]).effects.clear());
        for what in [Without::Effects, Without::EffectsOf(ClipId(20))] {
            let before = frame_without(&p, 3, 2, what, &Choice::default());
            assert_eq!(before, compose::frame(&plain, 3, 2), "{what:?}");
            assert_ne!(before.hash, compose::frame(&p, 3, 2).hash);
        }
    }

    #[test]
    fn a_frame_without_upscaling_is_that_of_the_media_themselves() {
        let mut p = graded();
        let media = Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap());
        media.upscaled = Some(Box::new(upscaled_of(media)));
        let larger = Choice { larger: 2, ..Choice::default() };
        let before = frame_without(&p, 3, 1, Without::Upscaling, &larger);
        assert_ne!(compose::frame_by(&p, 3, 1, &larger).hash, before.hash);
        Arc::make_mut(p.media.get_mut(&crate::base::MediaId(10)).unwrap()).upscaled = None;
        assert_eq!(before, compose::frame(&p, 3, 1));
    }

    #[test]
    fn where_nothing_was_done_before_is_after() {
        let p = graded();
        for (frame, what) in [(12, Without::Effects), (3, Without::EffectsOf(ClipId(21))), (3, Without::EffectsOf(ClipId(99)))] {
            assert_eq!(frame_without(&p, frame, 1, what, &Choice::default()), compose::frame(&p, frame, 1));
        }
    }
}
