//! A picture that is bent before it is placed: its light is drawn once, texel by texel, like a nest; the pass that lays it on
//! the canvas then samples it through the warp and the placement at once. Pure; no device.

use super::{
    nest::{Nest, NestKey},
    params::{BORDER_CROP, BORDER_FILL, BORDER_MIRROR, FLAG_ALIGNED, InputParams, KIND_RGBA, MAX_MAPS, WarpParams},
    prepare::{MAX_TAPS, PreparedInput, PreparedLayer, compose, invert, light_input, picture_input, shown_of},
};
use crate::{
    base::{ColorTags, Picture, Rotation},
    model::{Blend, Border},
    plan::{Affine2, Input, Warp},
};

/// Homogeneous, row by row.
type Map = [[f64; 3]; 3];

const _: () = assert!(MAX_MAPS == Warp::MAX_MAPS);

/// A media's picture, steadied. None where nothing of it can be seen.
pub fn steadied_input(
    picture: Picture,
    tags: ColorTags,
    input: &Input,
    warp: &Warp,
    canvas: (u32, u32, ColorTags),
) -> Option<PreparedInput> {
    let size = (picture.width, picture.height);
    let rotation = picture.rotation;
    let nest = light_of(picture, tags)?;
    let has_alpha = nest.layers.iter().flat_map(|l| &l.inputs).any(|i| i.params.kind == KIND_RGBA);
    let mut prepared = light_input(nest, rotation, input, canvas)?;
    let shown = (f64::from(input.size.0), f64::from(input.size.1));
    let to_shown = shown_of(size, rotation, shown);
    (prepared.params.taps_x, prepared.params.taps_y) = taps(&prepared.params);
    prepared.warp = Some(Box::new(params(warp, &prepared.params, to_shown, shown, has_alpha)?));
    Some(prepared)
}

/// A picture's light, texel by texel; its chroma is interpolated, not repeated.
fn light_of(mut picture: Picture, tags: ColorTags) -> Option<Nest> {
    let size = (picture.width, picture.height);
    picture.rotation = Rotation::None;
    let (shown, crop) = ((f64::from(size.0), f64::from(size.1)), [0.0, 0.0, size.0 as f32, size.1 as f32]);
    let mut texels = picture_input(picture, tags, shown, Affine2::IDENTITY, crop, 1.0, (size.0, size.1, tags))?;
    if texels.params.chroma[0] < 1.0 {
        texels.params.flags &= !FLAG_ALIGNED;
    }
    let layers = vec![PreparedLayer { inputs: vec![texels], blend: Blend::Normal }];
    let codes = [tags.primaries as u8, tags.transfer as u8, tags.matrix as u8, tags.range as u8];
    Some(Nest { key: NestKey::new(xxhash_rust::xxh3::xxh3_64(&codes), &layers), size, color: tags, layers })
}

/// Samples per canvas pixel: one up to half as many texels again, so that a shot whose own zoom comes and goes stays as sharp
/// throughout.
fn taps(placed: &InputParams) -> (u32, u32) {
    let along = |k: usize| (placed.map_x[k].hypot(placed.map_y[k]) - 0.5).ceil().clamp(1.0, MAX_TAPS as f32) as u32;
    (along(0), along(1))
}

fn multiply(a: &Map, b: &Map) -> Map {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

fn map_of(m: Affine2) -> Map {
    let m = m.0;
    [[m[0], m[1], m[2]], [m[3], m[4], m[5]], [0.0, 0.0, 1.0]]
}

/// The maps from canvas pixels to texels of the picture as coded.
fn params(warp: &Warp, placed: &InputParams, to_shown: Affine2, (w, h): (f64, f64), has_alpha: bool) -> Option<WarpParams> {
    let count = warp.maps.len().min(MAX_MAPS);
    if count == 0 || warp.maps.iter().flatten().flatten().any(|v| !v.is_finite()) {
        return None;
    }
    let row = |r: &[f32; 4]| [f64::from(r[0]), f64::from(r[1]), f64::from(r[2])];
    let canvas_to_texel = Affine2([row(&placed.map_x), row(&placed.map_y)].concat().try_into().ok()?);
    let canvas_to_unit = {
        let m = compose(to_shown, canvas_to_texel).0;
        Affine2([m[0] / w, m[1] / w, (m[2] - w / 2.0) / w, m[3] / w, m[4] / w, (m[5] - h / 2.0) / w])
    };
    let unit_to_texel = compose(invert(to_shown)?, Affine2([w, 0.0, w / 2.0, 0.0, w, h / 2.0]));
    let mut out = WarpParams {
        count: count as u32,
        border: match warp.border {
            Border::Crop => BORDER_CROP,
            Border::Mirror => BORDER_MIRROR,
            Border::Fill => BORDER_FILL,
        },
        has_alpha: has_alpha.into(),
        ..WarpParams::default()
    };
    for (map, to) in warp.maps.iter().zip(&mut out.maps) {
        let m = multiply(&multiply(&map_of(unit_to_texel), map), &map_of(canvas_to_unit));
        // scaled so that single floats hold it well
        let scale = m[2][2];
        if scale.abs() < 1e-9 || !scale.is_finite() {
            return None;
        }
        *to = m.map(|r| [(r[0] / scale) as f32, (r[1] / scale) as f32, (r[2] / scale) as f32, 0.0]);
    }
    let s = to_shown.0;
    let rows = (count - 1) as f64 / h;
    out.rows = [(s[3] * rows) as f32, (s[4] * rows) as f32, (s[5] * rows) as f32, 0.0];
    Some(out)
}
