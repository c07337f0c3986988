//! A plan for another canvas size: the same film with more or fewer pixels.

use crate::plan::{Affine2, FramePlan, Source};

/// The plan drawn onto `width`×`height`. A canvas that is smaller by one row or column (sides made even for a codec) is
/// cut, not scaled, so that the pixels stay as they are.
pub(super) fn to_size(mut plan: FramePlan, width: u32, height: u32) -> FramePlan {
    if (plan.width, plan.height) == (width, height) {
        return plan;
    }
    let cut = plan.width.abs_diff(width) < 2 && plan.height.abs_diff(height) < 2;
    let (sx, sy) = if cut { (1.0, 1.0) } else { (f64::from(width) / f64::from(plan.width), f64::from(height) / f64::from(plan.height)) };
    for input in plan.layers.iter_mut().flat_map(|l| &mut l.inputs) {
        if let Some(mask) = &mut input.mask {
            mask.edge = [mask.edge[0] / sx, mask.edge[1] / sy, mask.edge[2]];
        }
        let [a, b, c, d, e, f] = input.transform.0;
        input.transform = match input.source {
            Source::Media(_) | Source::Nested(_) => Affine2([sx * a, sx * b, sx * c, sy * d, sy * e, sy * f]),
            // these are drawn at the size of the new canvas to begin with
            Source::Title(_) | Source::Solid(_) => {
                let [left, top, right, bottom] = input.crop;
                input.size = (width, height);
                input.crop = [left * sx as f32, top * sy as f32, right * sx as f32, bottom * sy as f32];
                Affine2([a, sx * b / sy, sx * c, sy * d / sx, e, sy * f])
            }
        };
    }
    let mut key = [0u8; 16];
    key[..8].copy_from_slice(&plan.hash.to_le_bytes());
    key[8..12].copy_from_slice(&width.to_le_bytes());
    key[12..].copy_from_slice(&height.to_le_bytes());
    (plan.width, plan.height, plan.hash) = (width, height, xxhash_rust::xxh3::xxh3_64(&key));
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{ColorTags, MediaId, Time},
        model::{Blend, Rendition, Title},
        plan::{Input, Layer, MediaRef},
    };

    fn plan(source: Source) -> FramePlan {
        let input = Input {
            source,
            transform: Affine2([0.5, 0.0, 10.0, 0.0, 0.5, 20.0]),
            size: (200, 100),
            crop: [0.0, 0.0, 200.0, 100.0],
            weight: 1.0,
            mask: None,
            steady: None,
            effects: Vec::new(),
        };
        let layers = vec![Layer { inputs: vec![input], blend: Blend::Normal, adjust: None }];
        FramePlan { frame: 0, width: 200, height: 100, color: ColorTags::BT709, layers, hash: 7 }
    }

    fn media() -> Source {
        Source::Media(MediaRef { media: MediaId(1), time: Time::ZERO, color: None, rendition: Rendition::Original })
    }

    #[test]
    fn media_are_placed_in_the_new_canvas_and_the_picture_is_another() {
        let p = to_size(plan(media()), 400, 200);
        assert_eq!(p.layers[0].inputs[0].transform, Affine2([1.0, 0.0, 20.0, 0.0, 1.0, 40.0]));
        assert_eq!(p.layers[0].inputs[0].crop, [0.0, 0.0, 200.0, 100.0], "the crop counts source pixels");
        assert_ne!(p.hash, 7);
    }

    #[test]
    fn titles_keep_their_own_scale_because_they_are_drawn_at_the_new_size() {
        let title = Title { text: "a".into(), style: Default::default(), position: (0.5, 0.5) };
        let p = to_size(plan(Source::Title(title)), 400, 200);
        assert_eq!(p.layers[0].inputs[0].transform, Affine2([0.5, 0.0, 20.0, 0.0, 0.5, 40.0]));
        assert_eq!(p.layers[0].inputs[0].crop, [0.0, 0.0, 400.0, 200.0]);
    }

    #[test]
    fn the_same_size_is_the_same_plan_and_one_column_less_is_a_cut() {
        assert_eq!(to_size(plan(media()), 200, 100), plan(media()));
        let p = to_size(plan(media()), 199, 100);
        assert_eq!(p.layers[0].inputs[0].transform, plan(media()).layers[0].inputs[0].transform);
    }
}
