//! From a plan to prepared layers: asks for the pictures of media, draws titles and offline slates, and keeps the drawn
//! ones. Owned by a renderer, on its thread.

use super::{
    PictureSource,
    nest::{Nest, NestKey},
    prepare::{PreparedInput, PreparedLayer, adjust_input, is_in_place, light_input, picture_input, set_effects, set_mask, solid_input},
    slate,
    text::TextEngine,
    warp::steadied_input,
};
use crate::{
    base::{ColorTags, Picture, Rotation},
    model::Blend,
    plan::{Affine2, FramePlan, Input, Layer, MediaRef, Source},
};

/// Turns plans into prepared layers.
pub(super) struct Resolver {
    text: TextEngine,
    /// The last slates, newest at the end.
    slates: Vec<Picture>,
}

/// Slates kept: one per size, and few sizes are in use at a time.
const KEPT_SLATES: usize = 4;

/// The plan of a nest that may as well be drawn layer by layer: it lies over the canvas as it is, and all its layers are
/// laid over each other, in which case it does not matter which two come together first.
fn spread<'p>(plan: &FramePlan, layer: &'p Layer) -> Option<&'p FramePlan> {
    let ([input], Blend::Normal) = (&layer.inputs[..], layer.blend) else { return None };
    let Source::Nested(inner) = &input.source else { return None };
    let untouched = input.weight == 1.0 && input.mask.is_none() && input.effects.is_empty() && inner.color == plan.color;
    let only_laid_over = inner.layers.iter().all(|l| l.blend == Blend::Normal && l.adjust.is_none());
    let in_place = is_in_place((inner.width, inner.height), input, (plan.width, plan.height));
    (untouched && only_laid_over && in_place).then_some(inner)
}

impl Resolver {
    pub fn new() -> Self {
        Self { text: TextEngine::new(), slates: Vec::new() }
    }

    /// Layers with something to see, bottom to top.
    pub fn prepare(&mut self, plan: &FramePlan, sources: &mut PictureSource<'_>) -> Vec<PreparedLayer> {
        let mut out = Vec::with_capacity(plan.layers.len());
        for layer in &plan.layers {
            if let Some(inner) = spread(plan, layer) {
                out.extend(self.prepare(inner, sources));
                continue;
            }
            // the plan's contract is one or two; the passes are built for that
            let mut inputs: Vec<_> = layer.inputs.iter().take(2).filter_map(|i| self.input(plan, i, sources)).collect();
            if inputs.is_empty() {
                let canvas = (plan.width, plan.height, plan.color);
                inputs.extend(layer.adjust.as_ref().and_then(|a| adjust_input(a, canvas)));
            }
            if !inputs.is_empty() {
                out.push(PreparedLayer { inputs, blend: layer.blend });
            }
        }
        out
    }

    fn input(&mut self, plan: &FramePlan, input: &Input, sources: &mut PictureSource<'_>) -> Option<PreparedInput> {
        if input.weight <= 0.0 {
            return None;
        }
        let canvas = (plan.width, plan.height, plan.color);
        let mut prepared = match &input.source {
            Source::Solid(color) => solid_input(*color, input.weight, plan.color),
            Source::Nested(inner) => {
                let layers = self.prepare(inner, sources);
                let size = (inner.width, inner.height);
                let nest = Nest { key: NestKey::new(inner.hash, &layers), size, color: inner.color, layers };
                if nest.layers.is_empty() { None } else { light_input(nest, Rotation::None, input, canvas) }
            }
            Source::Title(title) => {
                let image = self.text.title(title, plan.width, plan.height)?;
                // the ink's own rectangle stands for the canvas-sized picture
                let (x, y) = (f64::from(image.left), f64::from(image.top));
                let t = input.transform.0;
                let moved = Affine2([t[0], t[1], t[2] + t[0] * x + t[1] * y, t[3], t[4], t[5] + t[3] * x + t[4] * y]);
                let c = input.crop;
                let crop = [c[0] - x as f32, c[1] - y as f32, c[2] - x as f32, c[3] - y as f32];
                let shown = (f64::from(image.picture.width), f64::from(image.picture.height));
                let tags = image.picture.color;
                picture_input(image.picture, tags, shown, moved, crop, input.weight, canvas)
            }
            Source::Media(media) => match sources(media) {
                Some(picture) => {
                    let tags = media.color.unwrap_or(picture.color);
                    if let Some(warp) = input.warp() {
                        steadied_input(picture, tags, input, warp, canvas)
                    } else {
                        let (w, h) = input.size;
                        picture_input(picture, tags, (f64::from(w), f64::from(h)), input.transform, input.crop, input.weight, canvas)
                    }
                }
                // ungraded, so that the words can be read
                None => return self.offline(media, input, canvas),
            },
        }?;
        set_effects(&mut prepared.params, input, canvas);
        if let Some(mask) = &input.mask {
            set_mask(&mut prepared.params, mask);
        }
        Some(prepared)
    }

    /// The slate takes the place of the source, whatever its transform and crop.
    fn offline(&mut self, media: &MediaRef, input: &Input, canvas: (u32, u32, ColorTags)) -> Option<PreparedInput> {
        tracing::debug!(media = media.media.0, "offline media: the slate is drawn");
        let size = (f64::from(input.size.0), f64::from(input.size.1));
        let m = input.transform.0;
        let scale = m[0].hypot(m[3]).min(1.0);
        let pixels = |v: f64| (v * scale).round().clamp(1.0, 4096.0) as u32;
        let picture = self.slate(pixels(size.0), pixels(size.1))?;
        let tags = picture.color;
        let mut prepared = picture_input(picture, tags, size, input.transform, input.crop, input.weight, canvas)?;
        if let Some(mask) = &input.mask {
            set_mask(&mut prepared.params, mask);
        }
        Some(prepared)
    }

    fn slate(&mut self, width: u32, height: u32) -> Option<Picture> {
        if let Some(kept) = self.slates.iter().find(|p| (p.width, p.height) == (width, height)) {
            return Some(kept.clone());
        }
        let picture = slate::slate(&mut self.text, width, height)?;
        if self.slates.len() >= KEPT_SLATES {
            self.slates.remove(0);
        }
        self.slates.push(picture.clone());
        Some(picture)
    }
}
