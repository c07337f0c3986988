//! A frame whose media come as pictures that were made larger on the spot, in colours that need no more telling.

use super::{FramePlan, MediaRef, Source};
use std::sync::Arc;

/// The plan, with no colours stated for those of its media that `converted` says: their pictures are converted already. Its hash is
/// no longer that of its picture.
pub fn in_own_colors(mut plan: FramePlan, converted: &dyn Fn(&MediaRef) -> bool) -> FramePlan {
    for input in plan.layers.iter_mut().flat_map(|l| &mut l.inputs) {
        match &mut input.source {
            Source::Media(media) if converted(media) => media.color = None,
            Source::Nested(inner) => *inner = Arc::new(in_own_colors((**inner).clone(), converted)),
            _ => {}
        }
    }
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{ColorTags, FrameRate, MediaId, Time},
        model::fixture::*,
        plan::{Affine2, Choice, frame_by},
    };

    #[test]
    fn a_larger_frame_has_everything_in_its_place_and_states_colours_once() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 10, media_content(10, Time::ZERO)), clip(21, 10, 10, media_content(11, Time::ZERO))]);
        Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).color_override = Some(ColorTags::SRGB);
        let usual = frame_by(&p, 3, 1, &Choice::default());
        let larger = frame_by(&p, 3, 1, &Choice { larger: 2, ..Choice::default() });
        assert_eq!((larger.width, larger.height), (usual.width * 2, usual.height * 2));
        assert_ne!(larger.hash, usual.hash);
        let (a, b) = (&usual.layers[0].inputs[0], &larger.layers[0].inputs[0]);
        let Affine2(m) = a.transform;
        assert_eq!((b.size, b.crop, b.transform), (a.size, a.crop, Affine2(m.map(|v| v * 2.0))));
        let of = |plan: &FramePlan| plan.media_refs().map(|m| m.color).collect::<Vec<_>>();
        assert_eq!(of(&larger), [Some(ColorTags::SRGB)]);
        assert_eq!(of(&in_own_colors(larger.clone(), &|m| m.media == MediaId(10))), [None]);
        assert_eq!(of(&in_own_colors(larger, &|m| m.media == MediaId(11))), [Some(ColorTags::SRGB)]);
    }
}
