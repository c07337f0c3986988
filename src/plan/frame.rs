//! Plan of one picture.

use crate::{
    base::{ColorTags, MediaId, Time},
    model::{Blend, Border, EffectKind, Rendition, Stabilize, Title},
};
use std::sync::Arc;

/// 2-D affine map: `x' = m[0]·x + m[1]·y + m[2]`, `y' = m[3]·x + m[4]·y + m[5]`. Pixel centres lie at +0.5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine2(pub [f64; 6]);

/// A moment of a media file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MediaRef {
    pub media: MediaId,
    /// Time inside the media; the picture shown at that time is wanted (the last one that starts at or before it).
    pub time: Time,
    /// Colours as the user says they are, in place of the picture's own tags.
    pub color: Option<ColorTags>,
    /// Which of the media's files.
    pub rendition: Rendition,
}

/// Where a layer's picture comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    Media(MediaRef),
    /// Drawn over the whole canvas; the input's transform then moves the canvas-sized picture.
    Title(Title),
    /// Display-referred straight R, G, B, A; covers the whole canvas whatever the transform.
    Solid([f32; 4]),
    /// The picture of another sequence, over nothing instead of black, placed like a media of that sequence's size.
    Nested(Arc<FramePlan>),
}

/// A straight soft edge over the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mask {
    /// Signed distance in canvas pixels from the edge, `edge[0]·x + edge[1]·y + edge[2]`, positive where the input shows.
    pub edge: [f64; 3],
    /// Canvas pixels over which the input appears, at least 1: share = clamp(distance / softness + ½, 0, 1).
    pub softness: f64,
}

/// How a picture is bent before it is placed, so that its camera seems steady.
#[derive(Clone, Debug, PartialEq)]
pub struct Warp {
    /// From a point of the steadied picture to the point of the source that shows there: homogeneous, row by row. Points are
    /// those of the picture as shown, from its middle, in widths of the picture, x right and y down. One map, or several for
    /// rows of the source at even distances from its top to its bottom, at most [`Warp::MAX_MAPS`].
    pub maps: Vec<[[f64; 3]; 3]>,
    /// What is seen where the source has nothing.
    pub border: Border,
}

impl Warp {
    pub const MAX_MAPS: usize = 17;
}

/// That a picture is to be steadied. Until somebody who knows its camera's path says how, it is shown as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Steady {
    pub wish: Stabilize,
    pub warp: Option<Warp>,
}

/// One picture of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    pub source: Source,
    /// From the source as shown (upright, square pixels: `Picture::display_size`, titles: canvas size) to canvas pixels.
    pub transform: Affine2,
    /// Size as shown that `transform` and `crop` reckon with. A picture of another size (a proxy) is stretched to it.
    pub size: (u32, u32),
    /// Left, top, right, bottom of the part that is shown, in source pixels as shown.
    pub crop: [f32; 4],
    /// Share of this input in its layer, 0–1: opacity × fade × its side of a dissolve.
    pub weight: f32,
    /// Where the input shows at all: its side of a wipe or slide. Multiplies the weight.
    pub mask: Option<Mask>,
    /// Steadying, of media only; done first.
    pub steady: Option<Box<Steady>>,
    /// What is done to the picture's colours, in this order, before it is weighted. At most [`crate::model::MAX_EFFECTS`].
    pub effects: Vec<EffectKind>,
}

impl Input {
    /// How its picture is bent, where that is known.
    pub fn warp(&self) -> Option<&Warp> {
        self.steady.as_ref()?.warp.as_ref()
    }
}

/// One or two pictures that are added (premultiplied × weight, in linear light) and then laid over what is below:
/// `out = sum + below · (1 − alpha of sum)` for [`Blend::Normal`]. Two inputs make a dissolve, a dip, a wipe, a slide.
///
/// Or an adjustment: no inputs, and everything below is changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    pub inputs: Vec<Input>,
    pub blend: Blend,
    pub adjust: Option<Adjust>,
}

/// Effects on the canvas as it is so far: `out = below + weight · (effects(below) − below)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Adjust {
    pub effects: Vec<EffectKind>,
    /// Over 0, at most 1.
    pub weight: f32,
}

/// Plan of one picture: layers from bottom to top over black.
#[derive(Clone, Debug, PartialEq)]
pub struct FramePlan {
    /// Frame of the sequence, for messages; not part of the hash.
    pub frame: i64,
    /// Canvas in pixels (the sequence's size divided by the preview quality).
    pub width: u32,
    pub height: u32,
    /// What the canvas is encoded as.
    pub color: ColorTags,
    pub layers: Vec<Layer>,
    /// Same hash, same picture: xxh3 over everything above but `frame`. Stable between runs and machines.
    pub hash: u64,
}

impl FramePlan {
    /// The moments of media that the frame shows, those of nested sequences too, bottom layer first; one that shows twice is named twice.
    pub fn media_refs(&self) -> Box<dyn Iterator<Item = &MediaRef> + '_> {
        Box::new(self.layers.iter().flat_map(|l| &l.inputs).flat_map(|i| -> Box<dyn Iterator<Item = &MediaRef> + '_> {
            match &i.source {
                Source::Media(r) => Box::new(std::iter::once(r)),
                Source::Nested(plan) => plan.media_refs(),
                Source::Title(_) | Source::Solid(_) => Box::new(std::iter::empty()),
            }
        }))
    }

    /// The same, each moment once: what has to be decoded.
    pub fn moments(&self) -> Vec<MediaRef> {
        let mut out: Vec<MediaRef> = Vec::new();
        for r in self.media_refs() {
            if !out.contains(r) {
                out.push(*r);
            }
        }
        out
    }
}
