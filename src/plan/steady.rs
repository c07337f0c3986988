//! From a plan that wishes its pictures steadied to one that says how. Who knows the cameras' paths is asked; pure.

use super::{FramePlan, MediaRef, Source, Warp, hash};
use crate::model::Stabilize;
use std::sync::Arc;

/// The plan with the warps that `path` knows for its media's moments, in nested sequences too. What it does not know stays
/// as it is; a plan in which nothing is known or wished keeps its hash.
pub fn steadied(mut plan: FramePlan, path: &mut dyn FnMut(&MediaRef, &Stabilize) -> Option<Warp>) -> FramePlan {
    if wishes(&plan) && fill(&mut plan, path) {
        plan.hash = hash::of_frame(&plan);
    }
    plan
}

fn wishes(plan: &FramePlan) -> bool {
    plan.layers.iter().flat_map(|l| &l.inputs).any(|i| match &i.source {
        Source::Nested(inner) => wishes(inner),
        _ => i.steady.is_some(),
    })
}

/// Whether anything was filled in.
fn fill(plan: &mut FramePlan, path: &mut dyn FnMut(&MediaRef, &Stabilize) -> Option<Warp>) -> bool {
    let mut any = false;
    for input in plan.layers.iter_mut().flat_map(|l| &mut l.inputs) {
        match (&mut input.source, &mut input.steady) {
            (Source::Nested(inner), _) if wishes(inner) => {
                let mut own = FramePlan::clone(inner);
                if fill(&mut own, path) {
                    own.hash = hash::of_frame(&own);
                    *inner = Arc::new(own);
                    any = true;
                }
            }
            (Source::Media(media), Some(steady)) => {
                steady.warp = path(media, &steady.wish);
                any |= steady.warp.is_some();
            }
            _ => {}
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, MediaId, SequenceId, Time},
        model::{Border, ClipContent, Project, Sequence, Speed, fixture::*},
        plan::{Choice, Without, frame, frame_without, sole_source, without_hidden},
    };

    const STILL: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

    fn shaky() -> Project {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 0, 10, media_content(10, Time::ZERO));
        c.stabilize = Some(Box::default());
        put(&mut p, 2, [c, clip(21, 10, 10, media_content(10, Time::ZERO))]);
        p
    }

    fn warp(border: Border) -> Option<Warp> {
        Some(Warp { maps: vec![STILL], border })
    }

    #[test]
    fn only_what_is_wished_and_known_changes_the_picture() {
        let p = shaky();
        let mut plain = p.clone();
        with_track(&mut plain, 2, |t| Arc::make_mut(&mut t.clips[0]).stabilize = None);
        let plan = frame(&p, 3, 1);
        assert_eq!(plan.hash, frame(&plain, 3, 1).hash, "nobody knows how yet");
        assert_eq!(steadied(plan.clone(), &mut |_, _| None), plan);
        let known = steadied(plan.clone(), &mut |m, _| warp(Border::Fill).filter(|_| m.media == MediaId(10)));
        assert_ne!(known.hash, plan.hash);
        let other = steadied(plan.clone(), &mut |_, _| warp(Border::Mirror));
        assert_ne!(known.hash, other.hash);
        let without = frame(&p, 12, 1);
        assert_eq!(steadied(without.clone(), &mut |_, _| panic!("not wished")), without);
        for what in [Without::Effects, Without::EffectsOf(crate::base::ClipId(20))] {
            let before = frame_without(&p, 3, 1, what, &Choice::default());
            assert_eq!(before, frame(&plain, 3, 1), "the comparison shows the shaky picture");
        }
    }

    #[test]
    fn a_steadied_picture_is_no_copy_and_hides_what_its_border_covers() {
        let p = shaky();
        let plan = frame(&p, 3, 1);
        assert!(sole_source(&plan, &p).is_some());
        let known = steadied(plan.clone(), &mut |_, _| warp(Border::Fill));
        assert!(sole_source(&known, &p).is_none());
        let mut twice = known.clone();
        twice.layers.insert(0, plan.layers[0].clone());
        assert_eq!(without_hidden(twice.clone(), &p).layers.len(), 1);
        twice.layers[1].inputs[0].steady.as_mut().unwrap().warp = warp(Border::Crop);
        assert_eq!(without_hidden(twice, &p).layers.len(), 2, "what lies below may be seen beside it");
    }

    #[test]
    fn nested_sequences_are_steadied_within() {
        let mut p = shaky();
        let inner = Arc::clone(&p.sequence);
        let mut outer = Sequence::new(inner.width, inner.height, inner.frame_rate);
        outer.id = SequenceId(900);
        outer.tracks.truncate(1);
        p.others.insert(inner.id, inner.clone());
        let shows = ClipContent::Sequence { sequence: inner.id, source_in: Time::ZERO, speed: Speed::NORMAL };
        Arc::make_mut(&mut outer.tracks[0]).clips = vec![Arc::new(clip(950, 0, 20, shows))];
        p.sequence = Arc::new(outer);
        let plan = frame(&p, 3, 1);
        let known = steadied(plan.clone(), &mut |_, _| warp(Border::Fill));
        assert_ne!(known.hash, plan.hash);
        let Source::Nested(inner) = &known.layers[0].inputs[0].source else { panic!() };
        assert!(inner.layers[0].inputs[0].warp().is_some());
    }
}
