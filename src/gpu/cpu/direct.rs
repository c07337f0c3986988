//! What need not be drawn: layers that an opaque one hides, and the frame that is one untouched picture already coded as
//! the output wants it. Its planes are copied; the passes would give the same codes.

use super::composite::hides_below;
use crate::{
    base::{ColorTags, Picture, PixelFormat},
    gpu::{
        params::{BORDER_CROP, FLAG_ALIGNED, FLAG_OPAQUE, InputParams},
        prepare::{PreparedInput, PreparedLayer, Texels, code_shift},
    },
    model::Blend,
};

/// The layers from the topmost one that hides all below it.
pub(super) fn visible(layers: &[PreparedLayer], width: usize, height: usize) -> &[PreparedLayer] {
    let from = layers.iter().rposition(|l| hides_all_below(l, width, height)).unwrap_or(0);
    &layers[from..]
}

fn hides_all_below(l: &PreparedLayer, width: usize, height: usize) -> bool {
    // coverage is linear along rows and columns: what is whole on the first and the last row is whole between them
    l.blend == Blend::Normal && [0, height - 1].iter().all(|y| hides_below(l.inputs.iter().map(|i| &i.params), *y, width))
}

/// Notes which nests are opaque everywhere, from the inside out, and drops what cannot be seen in them.
pub(super) fn note_opaque(layers: &mut [PreparedLayer]) {
    for input in layers.iter_mut().flat_map(|l| &mut l.inputs) {
        let Texels::Nest(nest) = &mut input.texels else { continue };
        note_opaque(&mut nest.layers);
        let (w, h) = (nest.size.0 as usize, nest.size.1 as usize);
        if let Some(from) = nest.layers.iter().rposition(|l| hides_all_below(l, w, h)) {
            nest.layers.drain(..from);
            // a bent one may lie apart from the border of what is shown
            if input.warp.as_ref().is_none_or(|w| w.border != BORDER_CROP) {
                input.params.flags |= FLAG_OPAQUE;
            }
        }
    }
}

/// The picture that is the frame, if there is one.
pub(super) fn sole_picture(
    layers: &[PreparedLayer],
    format: PixelFormat,
    tags: ColorTags,
    size: (u32, u32),
    canvas: ColorTags,
) -> Option<&Picture> {
    let [PreparedLayer { inputs, blend: Blend::Normal }] = layers else { return None };
    let [input] = inputs.as_slice() else { return None };
    let (picture, p) = (picture_of(input)?, &input.params);
    let untouched = p.flags & FLAG_ALIGNED != 0 && p.map_x == [1.0, 0.0, 0.0, 0.0] && p.map_y == [0.0, 1.0, 0.0, 0.0];
    let whole = [0, size.1 as usize - 1].iter().all(|y| hides_below(std::iter::once(p), *y, size.0 as usize));
    let plain = p.mask == InputParams::NO_MASK && p.stages().is_empty();
    let same = input.color == tags && tags == canvas && (picture.width, picture.height) == size && same_codes(picture.format, format);
    (untouched && whole && plain && same).then_some(picture)
}

fn picture_of(input: &PreparedInput) -> Option<&Picture> {
    match &input.texels {
        Texels::Picture(p) => Some(p),
        Texels::None | Texels::Nest(_) => None,
    }
}

/// Whether two formats differ in nothing but the order of their samples.
fn same_codes(a: PixelFormat, b: PixelFormat) -> bool {
    !a.is_rgb() && !b.is_rgb() && a.bits() == b.bits() && a.chroma_shift() == b.chroma_shift()
}

/// Copies the planes of `from` into the packed layout of `format`.
pub(super) fn copy_planes(from: &Picture, format: PixelFormat, data: &mut [u8]) {
    let (planes, _) = Picture::packed_layout(format, from.width, from.height);
    for (i, layout) in planes.iter().enumerate().take(format.planes()) {
        let (_, rows) = format.plane_size(i, from.width, from.height);
        for y in 0..rows {
            let out = &mut data[layout.offset + y as usize * layout.stride..][..layout.stride];
            match (from.format.planes(), format.planes(), i) {
                (a, b, _) if a == b => copy_samples(from.format, format, from.row(i, y), out, (0, 1), (0, 1)),
                (.., 0) => copy_samples(from.format, format, from.row(0, y), out, (0, 1), (0, 1)),
                (3, ..) => {
                    copy_samples(from.format, format, from.row(1, y), out, (0, 1), (0, 2));
                    copy_samples(from.format, format, from.row(2, y), out, (0, 1), (1, 2));
                }
                _ => copy_samples(from.format, format, from.row(1, y), out, (i - 1, 2), (0, 1)),
            }
        }
    }
}

/// Samples `first`, `first + step`, … of one row to those of another.
fn copy_samples(a: PixelFormat, b: PixelFormat, row: &[u8], out: &mut [u8], from: (usize, usize), to: (usize, usize)) {
    if a.bytes_per_sample() == 1 {
        if from.1 == 1 && to.1 == 1 {
            out[..row.len()].copy_from_slice(row);
        } else {
            out[to.0..].iter_mut().step_by(to.1).zip(row[from.0..].iter().step_by(from.1)).for_each(|(o, s)| *o = *s);
        }
        return;
    }
    let (down, up) = (code_shift(a), code_shift(b));
    let words = row.as_chunks::<2>().0[from.0..].iter().step_by(from.1);
    for (o, s) in out.as_chunks_mut::<2>().0[to.0..].iter_mut().step_by(to.1).zip(words) {
        *o = ((u16::from_le_bytes(*s) >> down) << up).to_le_bytes();
    }
}
