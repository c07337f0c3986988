//! A nested sequence's picture: rows of premultiplied linear light, drawn over nothing.

use super::{
    BAND_ROWS,
    composite::{DrawLayer, Scratch, draw_row},
    rows,
};
use rayon::prelude::*;

/// Planes of R, G, B and alpha.
#[derive(Default)]
pub(super) struct Light {
    pub width: usize,
    pub height: usize,
    planes: [Vec<f32>; 4],
}

impl Light {
    pub fn plane(&self, k: usize) -> &[f32] {
        &self.planes[k]
    }

    pub fn row(&self, k: usize, y: usize) -> &[f32] {
        &self.planes[k][y * self.width..][..self.width]
    }

    /// Draws layers over nothing, into the memory of `into`.
    pub fn draw(layers: &[DrawLayer<'_>], (width, height): (usize, usize), mut into: Self) -> Self {
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
}
