//! Layers that nobody can see: whoever fetches pictures for a plan need not fetch theirs. Pure.

use super::{Affine2, FramePlan, Input, Layer, Source};
use crate::model::{Blend, Border, Project};

/// How far a picture's edge may lie inside the canvas and still count as covering it, in its own pixels.
const SLACK: f64 = 1e-3;
/// How far the shares of a layer's pictures may be from adding up to 1.
const EVEN: f64 = 1e-6;

/// The plan without the layers that lie wholly under an opaque one, inside nested sequences too. The hash stays: the
/// picture is the same.
pub fn without_hidden(mut plan: FramePlan, project: &Project) -> FramePlan {
    for input in plan.layers.iter_mut().flat_map(|l| &mut l.inputs) {
        if let Source::Nested(inner) = &mut input.source {
            *inner = without_hidden(FramePlan::clone(inner), project).into();
        }
    }
    if let Some(top) = plan.layers.iter().rposition(|l| hides_below(l, &plan, project)) {
        plan.layers.drain(..top);
    }
    plan
}

fn hides_below(layer: &Layer, plan: &FramePlan, project: &Project) -> bool {
    if layer.blend != Blend::Normal || !layer.inputs.iter().all(|i| is_opaque(i, project) && covers(i, plan)) {
        return false;
    }
    match &layer.inputs[..] {
        [] => false,
        inputs if inputs.iter().all(|i| i.mask.is_none()) => (inputs.iter().map(|i| f64::from(i.weight)).sum::<f64>() - 1.0).abs() < EVEN,
        // the two sides of a wipe
        [a, b] => {
            let full = a.weight == 1.0 && b.weight == 1.0;
            full && a.mask.zip(b.mask).is_some_and(|(a, b)| {
                let mirrored = a.edge.iter().zip(b.edge).all(|(a, b)| (a + b).abs() < EVEN);
                mirrored && a.softness == b.softness
            })
        }
        _ => false,
    }
}

fn is_opaque(input: &Input, project: &Project) -> bool {
    match &input.source {
        Source::Media(m) => {
            let video = project.media.get(&m.media).and_then(|m| m.info.video.as_ref());
            video.is_some_and(|v| !v.alpha)
        }
        Source::Solid(color) => color[3] >= 1.0,
        Source::Title(_) => false,
        Source::Nested(inner) => inner.layers.iter().any(|l| hides_below(l, inner, project)),
    }
}

/// Whether the shown part of the picture reaches over the whole canvas.
fn covers(input: &Input, plan: &FramePlan) -> bool {
    if matches!(input.source, Source::Solid(_)) {
        return true;
    }
    if input.warp().is_some_and(|w| w.border == Border::Crop) {
        return false;
    }
    let Affine2([a, b, c, d, e, f]) = input.transform;
    let det = a * e - b * d;
    if !(det.abs() > 1e-12 && det.is_finite()) {
        return false;
    }
    let (w, h) = (f64::from(plan.width), f64::from(plan.height));
    let [left, top, right, bottom] = input.crop.map(f64::from);
    [(0.0, 0.0), (w, 0.0), (0.0, h), (w, h)].into_iter().all(|(x, y)| {
        let (x, y) = (x - c, y - f);
        let (u, v) = ((e * x - b * y) / det, (a * y - d * x) / det);
        u >= left - SLACK && u <= right + SLACK && v >= top - SLACK && v <= bottom + SLACK
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, MediaId, Time, TransitionId},
        model::{Transform, Transition, TransitionKind, fixture::*},
        plan::frame,
    };
    use std::sync::Arc;

    /// Media 10 below on track 2, media 11 above on track 4, changed as `change` says.
    fn two(change: impl FnOnce(&mut crate::model::Clip)) -> Vec<u64> {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        let mut top = clip(21, 0, 100, media_content(11, Time::ZERO));
        change(&mut top);
        put(&mut p, 4, [top]);
        seen(&p, 50)
    }

    fn seen(p: &crate::model::Project, at: i64) -> Vec<u64> {
        without_hidden(frame(p, at, 1), p).media_refs().map(|m| m.media.0).collect()
    }

    #[test]
    fn only_an_opaque_picture_over_the_whole_canvas_hides_what_is_below() {
        let changed = |t: Transform| two(|c| c.transform = t);
        let t = Transform::default();
        assert_eq!(changed(t), [11]);
        assert_eq!(changed(Transform { scale: 1.5, rotation: 3.0, ..t }), [11]);
        for t in [
            Transform { opacity: 0.99, ..t },
            Transform { scale: 0.99, ..t },
            Transform { rotation: 1.0, ..t },
            Transform { position: (1.0, 0.0), ..t },
            Transform { blend: Blend::Screen, ..t },
            Transform { crop: crate::model::Crop { left: 0.01, ..t.crop }, ..t },
        ] {
            assert_eq!(changed(t), [10, 11], "{t:?}");
        }
        assert_eq!(two(|c| c.content = crate::model::ClipContent::Solid { color: [0.0, 0.0, 0.0, 1.0] }), [] as [u64; 0]);
        assert_eq!(two(|c| c.content = crate::model::ClipContent::Solid { color: [0.0, 0.0, 0.0, 0.5] }), [10]);
    }

    #[test]
    fn media_with_alpha_hides_nothing() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        put(&mut p, 4, [clip(21, 0, 100, media_content(11, Time::ZERO))]);
        let media = Arc::make_mut(p.media.get_mut(&MediaId(11)).unwrap());
        media.info.video.as_mut().unwrap().alpha = true;
        assert_eq!(seen(&p, 50), [10, 11]);
    }

    #[test]
    fn a_dissolve_and_a_wipe_of_two_whole_pictures_hide_what_is_below() {
        for (kind, hides) in [
            (TransitionKind::CrossDissolve, true),
            (TransitionKind::Wipe { angle: 20.0, softness: 0.3 }, true),
            (TransitionKind::Slide { from: crate::model::Side::Left, push: true }, false),
        ] {
            let mut p = project(FrameRate::FPS_25);
            put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
            let clips = [clip(21, 0, 50, media_content(11, Time::from_secs(1))), clip(22, 50, 50, media_content(11, Time::from_secs(9)))];
            put(&mut p, 4, clips);
            let s = Arc::make_mut(&mut p.sequence);
            let track = s.tracks.iter_mut().find(|t| t.id.0 == 4).unwrap();
            let (left, right) = (crate::base::ClipId(21), crate::base::ClipId(22));
            Arc::make_mut(track).transitions = vec![Transition { id: TransitionId(90), kind, left, right, before: 5, after: 5 }];
            assert_eq!(seen(&p, 48).contains(&10), !hides, "{kind:?}");
        }
    }
}
