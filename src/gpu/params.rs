//! Plain-data parameters of the passes: the Rust twins of the uniform structs in `shaders/*.wgsl`.
//!
//! Both renderers read the same values, so they draw the same picture. `tests/shaders.rs` compares size, member names
//! and offsets of every struct listed in [`UNIFORMS`] with the WGSL source. No behaviour here.

use crate::model::MAX_EFFECTS;
use bytemuck::{Pod, Zeroable};

/// [`InputParams::kind`]: the input is not there.
pub const KIND_NONE: u32 = 0;
/// One colour over the whole canvas.
pub const KIND_SOLID: u32 = 1;
/// Three planes: Y, Cb, Cr.
pub const KIND_PLANAR: u32 = 2;
/// Two planes: Y, CbCr interleaved.
pub const KIND_SEMI_PLANAR: u32 = 3;
/// One plane: R, G, B, A with straight alpha.
pub const KIND_RGBA: u32 = 4;
/// No picture: the effects change what lies below.
pub const KIND_ADJUST: u32 = 5;
/// Premultiplied linear light, a drawn nest.
pub const KIND_LIGHT: u32 = 6;

/// Transfer of the reference display (power 2.4, odd-symmetric), see `base::color::Transfer::to_linear`.
pub const TRANSFER_SDR: u32 = 0;
pub const TRANSFER_LINEAR: u32 = 1;
pub const TRANSFER_PQ: u32 = 2;
pub const TRANSFER_HLG: u32 = 3;

/// [`InputParams::flags`]: one texel is one canvas pixel; take texels as they are and repeat chroma.
pub const FLAG_ALIGNED: u32 = 1;
/// Roll highlights of HDR off into SDR.
pub const FLAG_TONE_MAP: u32 = 2;
/// Primaries differ: apply the 3×3 matrix in linear light.
pub const FLAG_PRIMARIES: u32 = 4;
/// Alpha of the nest is 1 everywhere. Only the processor asks.
pub const FLAG_OPAQUE: u32 = 8;

/// [`LayerParams::below`]: a canvas.
pub const BELOW_CANVAS: u32 = 0;
/// Nothing was drawn yet, the film's black lies below.
pub const BELOW_BLACK: u32 = 1;
/// Nothing was drawn yet, nothing lies below.
pub const BELOW_NOTHING: u32 = 2;

/// [`StageParams::kind`]: `rows` is a 3×3 matrix on light.
pub const STAGE_MATRIX: u32 = 0;
/// Per component, sign kept: `v = v^before`, then the larger of `(factor · v + offset)^exponent` and `min(v, 0)`. Rows:
/// factor, offset, exponent.
pub const STAGE_TONE: u32 = 1;
/// Rows 0 and 1 take canvas pixel (x, y, 1) to u, v from the middle in half diagonals; row 2: amount, radius, 1/width.
pub const STAGE_VIGNETTE: u32 = 2;

/// The free parameter of the cubic that bent pictures are sampled with (R. Keys, *Cubic convolution interpolation*, 1981). At
/// −½, which is Catmull and Rom's, a picture keeps 0.93 of the Laplacian energy that a Lanczos-4 kernel leaves it; at −0.6 0.965,
/// with an overshoot that is still small.
pub const CUBIC: f32 = -0.6;

/// Maps of a [`WarpParams`].
pub const MAX_MAPS: usize = 17;
/// [`WarpParams::border`]: nothing is seen beyond the picture.
pub const BORDER_CROP: u32 = 0;
/// The picture, mirrored.
pub const BORDER_MIRROR: u32 = 1;
/// Its outermost texels.
pub const BORDER_FILL: u32 = 2;

/// Light that comes out of the effects is held within ± this: half floats end at 65,504.
pub const MAX_GRADED: f32 = 60_000.0;

/// Highlights below this stay as they are when HDR lands in SDR (1.0 = SDR white).
pub const TONE_MAP_KNEE: f32 = 0.9;

/// A step of an effect stack.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct StageParams {
    pub rows: [[f32; 4]; 3],
    pub kind: u32,
    /// Exponent before a tone stage; 1 after another one.
    pub before: f32,
    pub pad0: u32,
    pub pad1: u32,
}

/// One input of a layer.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct InputParams {
    /// Canvas pixel (x, y, 1) to luma texel x; texel centres lie at +0.5.
    pub map_x: [f32; 4],
    /// The same for y.
    pub map_y: [f32; 4],
    /// Signed distance in canvas pixels from the shown part's left, top, right, bottom edge, positive inside.
    pub edges: [[f32; 4]; 4],
    /// Lowest x, y and highest x, y at which the picture is sampled, in luma texels.
    pub bounds: [f32; 4],
    /// Integer code values (as stored) to R'G'B'; the fourth column is the offset.
    pub to_rgb: [[f32; 4]; 3],
    /// Linear light of the source's primaries to the canvas'.
    pub to_working: [[f32; 4]; 3],
    /// Premultiplied linear colour of a solid.
    pub color: [f32; 4],
    /// Luma texel to chroma texel: factor x, y, then offset x, y (chroma siting).
    pub chroma: [f32; 4],
    /// Canvas pixel (x, y, 1) to the share in which the input shows there, before it is held between 0 and 1.
    pub mask: [f32; 4],
    /// The effects, on straight light of the canvas' primaries, before highlights are rolled off.
    pub stages: [StageParams; MAX_EFFECTS],
    /// Share of this input in its layer.
    pub weight: f32,
    /// Stored alpha to 0–1.
    pub alpha_scale: f32,
    pub kind: u32,
    pub transfer: u32,
    pub flags: u32,
    /// Samples per canvas pixel along x and y: more than one where the picture is made smaller.
    pub taps_x: u32,
    pub taps_y: u32,
    /// Stages in use.
    pub stage_count: u32,
}

impl InputParams {
    /// Shows everywhere.
    pub const NO_MASK: [f32; 4] = [0.0, 0.0, 1.0, 0.0];

    pub fn stages(&self) -> &[StageParams] {
        &self.stages[..(self.stage_count as usize).min(MAX_EFFECTS)]
    }
}

/// How an input of light is bent; none where `count` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct WarpParams {
    /// Canvas pixel (x, y, 1) to homogeneous texel, three rows each; for rows of the picture at even distances.
    pub maps: [[[f32; 4]; 3]; MAX_MAPS],
    /// Texel (x, y, 1) to the map that is for it, a fraction of the way to the next one.
    pub rows: [f32; 4],
    /// Maps in use.
    pub count: u32,
    pub border: u32,
    /// 1 where the picture is not opaque. Only the processor asks.
    pub has_alpha: u32,
    pub pad0: u32,
}

impl Default for WarpParams {
    fn default() -> Self {
        Self::zeroed()
    }
}

/// The warps of a layer's inputs.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct WarpsParams {
    pub inputs: [WarpParams; 2],
}

/// A layer of one or two inputs.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct LayerParams {
    pub inputs: [InputParams; 2],
    pub width: u32,
    pub height: u32,
    /// 0 normal, 1 add, 2 multiply, 3 screen.
    pub blend: u32,
    /// What lies below.
    pub below: u32,
}

/// How a finished canvas becomes code values.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct OutputParams {
    /// Linear light of the canvas to the output's primaries.
    pub to_output: [[f32; 4]; 3],
    /// R'G'B' to integer code values; the fourth column is the offset.
    pub to_code: [[f32; 4]; 3],
    /// Largest code value.
    pub max_code: f32,
    pub transfer: u32,
    pub flags: u32,
    pub width: u32,
    pub height: u32,
    pub pad0: u32,
    pub pad1: u32,
    pub pad2: u32,
}

/// One plane of the output buffer.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct PlaneParams {
    /// Words (u32) from one row to the next.
    pub row_words: u32,
    pub rows: u32,
    /// First word of the plane in the buffer.
    pub base_word: u32,
    /// Components interleaved in the plane: 1, 2 (CbCr) or 4 (RGBA).
    pub components: u32,
    /// Component of the first sample: 0 Y or R, 1 Cb, 2 Cr.
    pub first_component: u32,
    /// Right shift from canvas pixels to this plane's samples.
    pub shift_x: u32,
    pub shift_y: u32,
    /// 1 for 8 bit, 2 for 16-bit words.
    pub sample_bytes: u32,
    /// Left shift of the code value inside its word (6 for P010).
    pub code_shift: u32,
    pub pad0: u32,
    pub pad1: u32,
    pub pad2: u32,
}

/// A picture to be counted for the scopes.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct ScopeParams {
    pub width: u32,
    /// Rows that are counted, and how many picture rows lie from one to the next.
    pub rows: u32,
    pub row_step: u32,
    pub columns: u32,
}

/// A copy of a picture for measuring motion.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct PictureParams {
    pub width: u32,
    pub height: u32,
    pub out_width: u32,
    pub out_height: u32,
    /// Pixels of the source from one of the result to the next.
    pub step: u32,
    /// Of the mean, to each side.
    pub reach: u32,
    pub pad0: u32,
    pub pad1: u32,
}

/// Maps of a [`MotionParams`].
pub const MAX_MOTION_MAPS: usize = 9;

/// Two pictures that are compared for motion.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct MotionParams {
    pub width: u32,
    pub height: u32,
    pub maps_used: u32,
    /// Tiles side by side, pixels of their side, first pixel of the first.
    pub across: u32,
    pub side: u32,
    pub left: u32,
    pub top: u32,
    pub pad0: u32,
    /// Pixels about the centre to the same of the second picture, three rows each; for rows evenly spaced from top to bottom.
    pub maps: [[[f32; 4]; 3]; MAX_MOTION_MAPS],
}

/// A part of a picture on its way to a tensor, or back.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct TensorParams {
    /// Code values to R'G'B'; the fourth column is the offset.
    pub to_rgb: [[f32; 4]; 3],
    /// Column and row, as coded, of an upright pixel (x, y, 1).
    pub turn_x: [i32; 4],
    pub turn_y: [i32; 4],
    /// Of the upright picture.
    pub width: u32,
    pub height: u32,
    pub kind: u32,
    /// Right shift from pixels to chroma.
    pub shift_x: u32,
    pub shift_y: u32,
    /// The part of the picture.
    pub left: u32,
    pub top: u32,
    pub columns: u32,
    pub rows: u32,
    /// Where in the tensor it begins.
    pub from_x: u32,
    pub from_y: u32,
    /// Numbers from one channel, row and column to the next.
    pub channel_step: u32,
    pub row_step: u32,
    pub column_step: u32,
    /// Largest code value of what is made.
    pub max_code: f32,
    pub pad0: u32,
}

/// A layer of a compact network.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct ConvParams {
    /// Of the picture that goes in.
    pub width: u32,
    pub height: u32,
    /// Planes of four channels.
    pub planes_in: u32,
    pub planes_out: u32,
    /// Fours of numbers before the biases and the slopes in the buffer of weights.
    pub biases: u32,
    pub slopes: u32,
    /// Of the last layer.
    pub scale: u32,
    pub pad0: u32,
}

/// A WGSL uniform struct and its twin: file, struct name, size, and (member, offset) in order.
pub struct Uniform {
    pub file: &'static str,
    pub name: &'static str,
    pub size: usize,
    pub members: &'static [(&'static str, usize)],
}

macro_rules! uniform {
    ($file:literal, $ty:ident { $($m:ident),* $(,)? }) => {
        Uniform { file: $file, name: stringify!($ty), size: size_of::<$ty>(), members: &[$((stringify!($m), std::mem::offset_of!($ty, $m))),*] }
    };
}

/// Every uniform struct of every shader.
pub const UNIFORMS: &[Uniform] = &[
    uniform!("scopes.wgsl", ScopeParams { width, rows, row_step, columns }),
    uniform!("motion_pictures.wgsl", PictureParams { width, height, out_width, out_height, step, reach, pad0, pad1 }),
    uniform!(
        "tensors.wgsl",
        TensorParams {
            to_rgb,
            turn_x,
            turn_y,
            width,
            height,
            kind,
            shift_x,
            shift_y,
            left,
            top,
            columns,
            rows,
            from_x,
            from_y,
            channel_step,
            row_step,
            column_step,
            max_code,
            pad0
        }
    ),
    uniform!("conv.wgsl", ConvParams { width, height, planes_in, planes_out, biases, slopes, scale, pad0 }),
    uniform!("motion.wgsl", MotionParams { width, height, maps_used, across, side, left, top, pad0, maps }),
    uniform!("composite.wgsl", StageParams { rows, kind, before, pad0, pad1 }),
    uniform!(
        "composite.wgsl",
        InputParams {
            map_x,
            map_y,
            edges,
            bounds,
            to_rgb,
            to_working,
            color,
            chroma,
            mask,
            stages,
            weight,
            alpha_scale,
            kind,
            transfer,
            flags,
            taps_x,
            taps_y,
            stage_count
        }
    ),
    uniform!("composite.wgsl", WarpParams { maps, rows, count, border, has_alpha, pad0 }),
    uniform!("composite.wgsl", WarpsParams { inputs }),
    uniform!("composite.wgsl", LayerParams { inputs, width, height, blend, below }),
    uniform!("encode.wgsl", OutputParams { to_output, to_code, max_code, transfer, flags, width, height, pad0, pad1, pad2 }),
    uniform!(
        "encode.wgsl",
        PlaneParams {
            row_words,
            rows,
            base_word,
            components,
            first_component,
            shift_x,
            shift_y,
            sample_bytes,
            code_shift,
            pad0,
            pad1,
            pad2
        }
    ),
];
