//! Frames that need no drawing: one untouched picture of the canvas' own size.

use super::{Affine2, FramePlan, MediaRef, Source};
use crate::{
    base::Rotation,
    model::{Blend, Project},
};

/// The one media picture that *is* this frame, if its planes may go to the encoder as they are: a single opaque layer at
/// full weight, same size, upright, square pixels, uncropped, unmoved, in the canvas' colours.
///
/// A candidate: the document knows what the file was at import. The caller still compares the decoded picture's size,
/// format and colour tags.
pub fn sole_source<'a>(plan: &'a FramePlan, project: &Project) -> Option<&'a MediaRef> {
    let [layer] = &plan.layers[..] else { return None };
    let [input] = &layer.inputs[..] else { return None };
    let Source::Media(wanted) = &input.source else { return None };
    let video = project.media.get(&wanted.media)?.source(wanted.rendition)?.1.video.as_ref()?;
    let whole = [0.0, 0.0, plan.width as f32, plan.height as f32];
    let placed = input.warp().is_none() && input.transform == Affine2::IDENTITY && input.crop == whole && input.mask.is_none();
    let untouched = placed && layer.blend == Blend::Normal && input.weight == 1.0 && input.effects.is_empty();
    let as_coded = (video.width, video.height) == (plan.width, plan.height) && video.rotation == Rotation::None && !video.alpha;
    let same_colors = wanted.color.unwrap_or(video.color) == plan.color;
    (untouched && as_coded && video.pixel_aspect.0 == video.pixel_aspect.1 && same_colors).then_some(wanted)
}
