//! From a plan and its pictures to the numbers that the passes work with; shared by both renderers.
//!
//! Folds pixel aspect and rotation of the picture into the plan's transform, decides where a copy of texels is exact,
//! chooses how many samples a shrunk picture needs, and turns colour tags into matrices. Pure; no device.

use super::{
    Output, grade,
    nest::Nest,
    params::{
        FLAG_ALIGNED, FLAG_PRIMARIES, FLAG_TONE_MAP, InputParams, KIND_ADJUST, KIND_LIGHT, KIND_PLANAR, KIND_RGBA, KIND_SEMI_PLANAR,
        KIND_SOLID, OutputParams, TRANSFER_HLG, TRANSFER_LINEAR, TRANSFER_PQ, TRANSFER_SDR, WarpParams,
    },
};
use crate::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{self, Affine3, Mat3, Matrix, Primaries, Transfer},
    },
    model::Blend,
    plan::{Adjust, Affine2, Input, Mask, Source},
};

/// Farthest that a mapping may stray from whole texels, in texels, and still count as a copy.
const ALIGN_TOLERANCE: f64 = 1.0 / 64.0;
/// Most samples per canvas pixel and axis; a picture shrunk further than this would begin to alias.
pub const MAX_TAPS: f64 = 64.0;

/// What an input is read from.
pub enum Texels {
    /// A solid, an adjustment.
    None,
    Picture(Picture),
    Nest(Box<Nest>),
}

/// An input with its picture.
pub struct PreparedInput {
    pub texels: Texels,
    pub params: InputParams,
    /// How it is bent on its way to the canvas; of nests only.
    pub warp: Option<Box<WarpParams>>,
    /// The tags that the picture is read by.
    pub color: ColorTags,
}

/// A layer ready to draw. Holds one or two inputs, or one that is an adjustment.
pub struct PreparedLayer {
    pub inputs: Vec<PreparedInput>,
    pub blend: Blend,
}

/// `a` after `b`.
pub fn compose(a: Affine2, b: Affine2) -> Affine2 {
    let (a, b) = (a.0, b.0);
    Affine2([
        a[0] * b[0] + a[1] * b[3],
        a[0] * b[1] + a[1] * b[4],
        a[0] * b[2] + a[1] * b[5] + a[2],
        a[3] * b[0] + a[4] * b[3],
        a[3] * b[1] + a[4] * b[4],
        a[3] * b[2] + a[4] * b[5] + a[5],
    ])
}

/// The inverse map; None where the map flattens the plane.
pub fn invert(m: Affine2) -> Option<Affine2> {
    let m = m.0;
    let det = m[0] * m[4] - m[1] * m[3];
    if !det.is_finite() || det.abs() < 1e-12 {
        return None;
    }
    let (a, b, d, e) = (m[4] / det, -m[1] / det, -m[3] / det, m[0] / det);
    Some(Affine2([a, b, -(a * m[2] + b * m[5]), d, e, -(d * m[2] + e * m[5])]))
}

/// The shape of what is sampled.
#[derive(Clone, Copy)]
struct Coded {
    width: u32,
    height: u32,
    rotation: Rotation,
    chroma_shift: (u32, u32),
}

/// From coded pixels to the picture as shown: pixel aspect, then mirror, then clockwise turn.
/// `shown` is the size as shown that the plan reckons with.
fn coded_to_shown(picture: &Coded, shown: (f64, f64)) -> Affine2 {
    let (w, h) = if picture.rotation.swaps_sides() { (shown.1, shown.0) } else { shown };
    let (sx, sy) = (w / f64::from(picture.width.max(1)), h / f64::from(picture.height.max(1)));
    let flip = picture.rotation.is_flipped();
    let upright = Affine2([if flip { -sx } else { sx }, 0.0, if flip { w } else { 0.0 }, 0.0, sy, 0.0]);
    let turn = match picture.rotation {
        Rotation::None | Rotation::Flip => Affine2([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]),
        Rotation::Cw90 | Rotation::FlipCw90 => Affine2([0.0, -1.0, h, 1.0, 0.0, 0.0]),
        Rotation::Cw180 | Rotation::FlipCw180 => Affine2([-1.0, 0.0, w, 0.0, -1.0, h]),
        Rotation::Cw270 | Rotation::FlipCw270 => Affine2([0.0, 1.0, 0.0, -1.0, 0.0, w]),
    };
    compose(turn, upright)
}

/// [`coded_to_shown`] of a picture of this size as coded.
pub fn shown_of(size: (u32, u32), rotation: Rotation, shown: (f64, f64)) -> Affine2 {
    coded_to_shown(&Coded { width: size.0, height: size.1, rotation, chroma_shift: (0, 0) }, shown)
}

/// The whole-texel copy that `map` (canvas to texels) is within tolerance on a canvas of this size, if it is one.
fn snap(map: Affine2, width: u32, height: u32) -> Option<Affine2> {
    let m = map.0;
    let s = Affine2([m[0].round(), m[1].round(), m[2].round(), m[3].round(), m[4].round(), m[5].round()]);
    let v = s.0;
    let unit = v[0].abs() + v[1].abs() == 1.0 && v[3].abs() + v[4].abs() == 1.0 && (v[0] * v[4] - v[1] * v[3]).abs() == 1.0;
    let near = |x: f64, y: f64| {
        (m[0] * x + m[1] * y + m[2] - (v[0] * x + v[1] * y + v[2])).abs() <= ALIGN_TOLERANCE
            && (m[3] * x + m[4] * y + m[5] - (v[3] * x + v[4] * y + v[5])).abs() <= ALIGN_TOLERANCE
    };
    let (w, h) = (f64::from(width), f64::from(height));
    (unit && near(0.0, 0.0) && near(w, 0.0) && near(0.0, h) && near(w, h)).then_some(s)
}

fn row4(m: &[f64; 6], row: usize) -> [f32; 4] {
    [m[row * 3] as f32, m[row * 3 + 1] as f32, m[row * 3 + 2] as f32, 0.0]
}

/// Rows of a map with its offset, as uniforms have them.
pub fn rows3(m: &Mat3, offset: [f64; 3]) -> [[f32; 4]; 3] {
    std::array::from_fn(|i| [m[i][0] as f32, m[i][1] as f32, m[i][2] as f32, offset[i] as f32])
}

fn transfer_code(t: Transfer) -> u32 {
    match t {
        Transfer::Bt709 | Transfer::Srgb => TRANSFER_SDR,
        Transfer::Linear => TRANSFER_LINEAR,
        Transfer::Pq => TRANSFER_PQ,
        Transfer::Hlg => TRANSFER_HLG,
    }
}

/// Left shift of code values inside their words.
pub fn code_shift(format: PixelFormat) -> u32 {
    if format == PixelFormat::P010 { 6 } else { 0 }
}

/// Placement and sampling of a picture; None where nothing of it can be seen.
fn place(
    params: &mut InputParams,
    picture: &Coded,
    shown: (f64, f64),
    transform: Affine2,
    crop: [f32; 4],
    canvas: (u32, u32),
) -> Option<()> {
    let to_shown = coded_to_shown(picture, shown);
    let exact = invert(compose(transform, to_shown))?;
    let snapped = snap(exact, canvas.0, canvas.1);
    let map = snapped.unwrap_or(exact);
    if snapped.is_some() {
        params.flags |= FLAG_ALIGNED;
    }
    let part = [f64::from(crop[0]).max(0.0), f64::from(crop[1]).max(0.0), f64::from(crop[2]).min(shown.0), f64::from(crop[3]).min(shown.1)];
    if !(part[2] > part[0] && part[3] > part[1]) {
        return None;
    }
    // shown position of a canvas point, and how many shown pixels it moves per canvas pixel
    let s = compose(to_shown, map).0;
    let (gx, gy) = (s[0].hypot(s[1]), s[3].hypot(s[4]));
    let edge = |row: usize, g: f64, sign: f64, at: f64| {
        [(sign * s[row] / g) as f32, (sign * s[row + 1] / g) as f32, (sign * (s[row + 2] - at) / g) as f32, 0.0]
    };
    params.edges = [edge(0, gx, 1.0, part[0]), edge(3, gy, 1.0, part[1]), edge(0, gx, -1.0, part[2]), edge(3, gy, -1.0, part[3])];
    let back = invert(to_shown)?.0;
    let corner = |x: f64, y: f64| (back[0] * x + back[1] * y + back[2], back[3] * x + back[4] * y + back[5]);
    let (a, b) = (corner(part[0], part[1]), corner(part[2], part[3]));
    // stay half a texel inside, so that what was cropped away does not bleed in; a sliver is read at its middle
    let inner = |p: f64, q: f64, size: u32| {
        let (lo, hi) = (p.min(q).max(0.0), p.max(q).min(f64::from(size)));
        if hi - lo > 1.0 { (lo + 0.5, hi - 0.5) } else { ((lo + hi) / 2.0, (lo + hi) / 2.0) }
    };
    let (x0, x1) = inner(a.0, b.0, picture.width);
    let (y0, y1) = inner(a.1, b.1, picture.height);
    params.bounds = [x0 as f32, y0 as f32, x1 as f32, y1 as f32];
    params.map_x = row4(&map.0, 0);
    params.map_y = row4(&map.0, 1);
    let taps = |u: f64, v: f64| (u.hypot(v) - 0.01).ceil().clamp(1.0, MAX_TAPS) as u32;
    (params.taps_x, params.taps_y) = if snapped.is_some() { (1, 1) } else { (taps(map.0[0], map.0[3]), taps(map.0[1], map.0[4])) };
    // Left-sited chroma (H.273 chroma_loc 0): sample k lies on luma column 2k, and between rows 2k and 2k+1.
    let (cx, cy) = picture.chroma_shift;
    params.chroma = [if cx == 1 { 0.5 } else { 1.0 }, if cy == 1 { 0.5 } else { 1.0 }, if cx == 1 { 0.25 } else { 0.0 }, 0.0];
    Some(())
}

/// Primaries of the canvas' linear light: BT.709, or those of an HDR canvas. Half floats hold BT.2020 colours in BT.709 as
/// differences of large values, whose rounding PQ would show in the dark.
fn working(canvas: ColorTags) -> Primaries {
    if canvas.is_hdr() { canvas.primaries } else { Primaries::Bt709 }
}

fn colors(params: &mut InputParams, format: PixelFormat, tags: ColorTags, canvas: ColorTags) {
    let matrix = if format.is_rgb() { Matrix::Rgb } else { tags.matrix };
    let Affine3 { m, offset } = color::ycbcr_to_rgb(matrix, tags.range, format.bits());
    let per_code = 1.0 / f64::from(((1u32 << format.bits()) - 1) << code_shift(format));
    params.to_rgb = rows3(&m.map(|r| r.map(|v| v * per_code)), offset);
    params.to_working = rows3(&tags.primaries.matrix_to(working(canvas)), [0.0; 3]);
    params.alpha_scale = 1.0 / ((1u32 << format.bits()) - 1) as f32;
    params.transfer = transfer_code(tags.transfer);
    if tags.primaries != working(canvas) {
        params.flags |= FLAG_PRIMARIES;
    }
    if tags.is_hdr() && !canvas.is_hdr() {
        params.flags |= FLAG_TONE_MAP;
    }
    params.kind = match format.planes() {
        1 => KIND_RGBA,
        2 => KIND_SEMI_PLANAR,
        _ => KIND_PLANAR,
    };
}

/// A picture laid on the canvas by `transform` (from the picture as shown, of size `shown`). None where it cannot be seen.
pub fn picture_input(
    picture: Picture,
    tags: ColorTags,
    shown: (f64, f64),
    transform: Affine2,
    crop: [f32; 4],
    weight: f32,
    canvas: (u32, u32, ColorTags),
) -> Option<PreparedInput> {
    if weight <= 0.0 || picture.width == 0 || picture.height == 0 {
        return None;
    }
    let mut params = InputParams { weight, mask: InputParams::NO_MASK, ..InputParams::default() };
    colors(&mut params, picture.format, tags, canvas.2);
    let coded =
        Coded { width: picture.width, height: picture.height, rotation: picture.rotation, chroma_shift: picture.format.chroma_shift() };
    place(&mut params, &coded, shown, transform, crop, (canvas.0, canvas.1))?;
    Some(PreparedInput { texels: Texels::Picture(picture), params, warp: None, color: tags })
}

/// A nested sequence's picture as an input, placed like a media; or other light, of a picture that is shown turned.
pub fn light_input(nest: Nest, rotation: Rotation, input: &Input, canvas: (u32, u32, ColorTags)) -> Option<PreparedInput> {
    let (from, to) = (working(nest.color), working(canvas.2));
    let mut params = InputParams {
        weight: input.weight,
        kind: KIND_LIGHT,
        transfer: TRANSFER_LINEAR,
        alpha_scale: 1.0,
        to_working: rows3(&from.matrix_to(to), [0.0; 3]),
        mask: InputParams::NO_MASK,
        ..InputParams::default()
    };
    if from != to {
        params.flags |= FLAG_PRIMARIES;
    }
    if nest.color.is_hdr() && !canvas.2.is_hdr() {
        params.flags |= FLAG_TONE_MAP;
    }
    let coded = Coded { width: nest.size.0, height: nest.size.1, rotation, chroma_shift: (0, 0) };
    let shown = (f64::from(input.size.0), f64::from(input.size.1));
    place(&mut params, &coded, shown, input.transform, input.crop, (canvas.0, canvas.1))?;
    Some(PreparedInput { color: nest.color, texels: Texels::Nest(Box::new(nest)), params, warp: None })
}

/// Whether a nest of this size covers the canvas pixel by pixel.
pub fn is_in_place(size: (u32, u32), input: &Input, canvas: (u32, u32)) -> bool {
    let shown = (f64::from(input.size.0), f64::from(input.size.1));
    let to_shown = Affine2([shown.0 / f64::from(size.0.max(1)), 0.0, 0.0, 0.0, shown.1 / f64::from(size.1.max(1)), 0.0]);
    let uncropped = input.crop == [0.0, 0.0, input.size.0 as f32, input.size.1 as f32];
    size == canvas && uncropped && snap(compose(input.transform, to_shown), size.0, size.1) == Some(Affine2::IDENTITY)
}

/// One display-referred straight colour over the whole canvas.
pub fn solid_input(rgba: [f32; 4], weight: f32, canvas: ColorTags) -> Option<PreparedInput> {
    let a = rgba[3].clamp(0.0, 1.0);
    let lin = [rgba[0], rgba[1], rgba[2]].map(|v| Transfer::Srgb.to_linear(f64::from(v)));
    let m = Primaries::Bt709.matrix_to(working(canvas));
    let c = m.map(|r| ((r[0] * lin[0] + r[1] * lin[1] + r[2] * lin[2]) * f64::from(a)) as f32);
    (weight > 0.0).then(|| PreparedInput {
        texels: Texels::None,
        warp: None,
        color: ColorTags::SRGB,
        params: InputParams {
            weight,
            kind: KIND_SOLID,
            color: [c[0], c[1], c[2], a],
            mask: InputParams::NO_MASK,
            ..InputParams::default()
        },
    })
}

/// What lies below, changed by effects; None where they change nothing.
pub fn adjust_input(adjust: &Adjust, canvas: (u32, u32, ColorTags)) -> Option<PreparedInput> {
    let to_unit = grade::unit_of_picture(Affine2::IDENTITY, (f64::from(canvas.0), f64::from(canvas.1)));
    let (stages, stage_count) = grade::stages(&adjust.effects, working(canvas.2), to_unit);
    (stage_count > 0 && adjust.weight > 0.0).then(|| PreparedInput {
        texels: Texels::None,
        warp: None,
        color: canvas.2,
        params: InputParams {
            kind: KIND_ADJUST,
            weight: adjust.weight.min(1.0),
            mask: InputParams::NO_MASK,
            stages,
            stage_count,
            ..InputParams::default()
        },
    })
}

/// Where `mask` lets an input show.
pub fn set_mask(params: &mut InputParams, mask: &Mask) {
    let softness = mask.softness.max(1.0);
    let [a, b, c] = mask.edge.map(|v| v / softness);
    params.mask = [a as f32, b as f32, (c + 0.5) as f32, 0.0];
}

/// The effects of a plan's input. Their picture is the source as shown, that of a solid is the canvas.
pub fn set_effects(params: &mut InputParams, input: &Input, canvas: (u32, u32, ColorTags)) {
    if input.effects.is_empty() {
        return;
    }
    let (to_picture, size) = match input.source {
        Source::Solid(_) => (Affine2::IDENTITY, (canvas.0, canvas.1)),
        _ => (invert(input.transform).unwrap_or(Affine2::IDENTITY), input.size),
    };
    let to_unit = grade::unit_of_picture(to_picture, (f64::from(size.0), f64::from(size.1)));
    (params.stages, params.stage_count) = grade::stages(&input.effects, working(canvas.2), to_unit);
}

/// The colour tags, pixel format and parameters of an output.
pub fn output(canvas: ColorTags, output: Output, width: u32, height: u32) -> (ColorTags, PixelFormat, OutputParams) {
    let (tags, format) = match output {
        Output::Display => (ColorTags::SRGB, PixelFormat::Rgba8),
        Output::Planes(f) if f.is_rgb() => (ColorTags { matrix: Matrix::Rgb, range: color::Range::Full, ..canvas }, f),
        Output::Planes(f) => (canvas, f),
    };
    let Affine3 { m, offset } = color::rgb_to_ycbcr(tags.matrix, tags.range, format.bits());
    let max = f64::from((1u32 << format.bits()) - 1);
    let mut flags = 0;
    if tags.primaries != working(canvas) {
        flags |= FLAG_PRIMARIES;
    }
    if canvas.is_hdr() && !tags.is_hdr() {
        flags |= FLAG_TONE_MAP;
    }
    let params = OutputParams {
        to_output: rows3(&working(canvas).matrix_to(tags.primaries), [0.0; 3]),
        to_code: rows3(&m.map(|r| r.map(|v| v * max)), offset.map(|v| v * max)),
        max_code: max as f32,
        transfer: transfer_code(tags.transfer),
        flags,
        width,
        height,
        ..OutputParams::default()
    };
    (tags, format, params)
}
