//! A picture's light for other pictures to be made of: a nested sequence's, in planes, drawn over nothing; or one that is bent, texel by texel.

use super::{
    BAND_ROWS,
    composite::{DrawLayer, Scratch, draw_row},
    keys::Texel,
    rows,
    simd::kernel,
};
use rayon::prelude::*;

/// Premultiplied linear light. It lies either in planes or in texels.
#[derive(Default)]
pub(super) struct Light {
    pub width: usize,
    pub height: usize,
    /// R, G, B and alpha.
    planes: [Vec<f32>; 4],
    texels: Vec<Texel>,
}

impl Light {
    pub fn plane(&self, k: usize) -> &[f32] {
        &self.planes[k]
    }

    pub fn row(&self, k: usize, y: usize) -> &[f32] {
        &self.planes[k][y * self.width..][..self.width]
    }

    /// Row by row; of a picture that was drawn to be bent.
    pub fn texels(&self) -> &[Texel] {
        &self.texels
    }

    /// Draws layers over nothing, into the memory of `into`.
    pub fn draw(layers: &[DrawLayer<'_>], (width, height): (usize, usize), mut into: Self) -> Self {
        into.texels = Vec::new();
        (into.width, into.height) = (width, height);
        into.planes.iter_mut().for_each(|p| p.resize(width * height, 0.0));
        let [r, g, b, a] = &mut into.planes;
        let band = BAND_ROWS * width;
        let bands = r.par_chunks_mut(band).zip(g.par_chunks_mut(band)).zip(b.par_chunks_mut(band)).zip(a.par_chunks_mut(band));
        bands.enumerate().for_each_init(
            || (Scratch::new(width), rows(width), vec![0.0; width]),
            |(scratch, canvas, alpha), (i, (((r, g), b), a))| {
                for line in 0..a.len() / width {
                    draw_row(layers, i * BAND_ROWS + line, canvas, Some(alpha), scratch);
                    let here = line * width..(line + 1) * width;
                    for (out, row) in [&mut *r, &mut *g, &mut *b].into_iter().zip(&*canvas) {
                        out[here.clone()].copy_from_slice(row);
                    }
                    a[here].copy_from_slice(alpha);
                }
            },
        );
        into
    }

    /// The same as texels, for what is bent.
    pub fn draw_texels(layers: &[DrawLayer<'_>], (width, height): (usize, usize), mut into: Self) -> Self {
        into.planes = Default::default();
        (into.width, into.height) = (width, height);
        into.texels.resize(width * height, [0.0; 4]);
        into.texels.par_chunks_mut(BAND_ROWS * width).enumerate().for_each_init(
            || (Scratch::new(width), rows(width), vec![0.0; width]),
            |(scratch, canvas, alpha), (i, band)| {
                for (line, out) in band.chunks_mut(width).enumerate() {
                    draw_row(layers, i * BAND_ROWS + line, canvas, Some(alpha), scratch);
                    let [r, g, b] = &*canvas;
                    interleave(r, g, b, alpha, out);
                }
            },
        );
        into
    }
}

#[inline(always)]
fn interleave_body<const FMA: bool>(r: &[f32], g: &[f32], b: &[f32], a: &[f32], out: &mut [Texel]) {
    let n = out.len();
    let (r, g, b, a) = (&r[..n], &g[..n], &b[..n], &a[..n]);
    for (i, o) in out.iter_mut().enumerate() {
        *o = [r[i], g[i], b[i], a[i]];
    }
}
kernel! { fn interleave(r: &[f32], g: &[f32], b: &[f32], a: &[f32], out: &mut [Texel]) = interleave_body }
