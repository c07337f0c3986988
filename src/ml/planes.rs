//! A picture as networks take it: planes of f32, one after another, 0 to 1 (what lies outside is not cut off).

use super::MlError;

/// See the module. Row by row without gaps; planes in the order R, G, B.
#[derive(Clone, Debug, PartialEq)]
pub struct Planes {
    pub width: usize,
    pub height: usize,
    pub channels: usize,
    pub data: Vec<f32>,
}

/// More pixels than any device takes.
const MAX_PIXELS: usize = 1 << 29;

impl Planes {
    /// Black.
    ///
    /// # Errors
    /// No pixels, or too many.
    pub fn new(width: usize, height: usize, channels: usize) -> Result<Self, MlError> {
        match width.checked_mul(height) {
            Some(n) if n > 0 && n <= MAX_PIXELS => Ok(Self { width, height, channels, data: vec![0.0; n * channels] }),
            _ => Err(MlError::Size { width, height }),
        }
    }

    pub fn plane(&self, channel: usize) -> &[f32] {
        let n = self.width * self.height;
        &self.data[channel * n..(channel + 1) * n]
    }

    pub fn plane_mut(&mut self, channel: usize) -> &mut [f32] {
        let n = self.width * self.height;
        &mut self.data[channel * n..(channel + 1) * n]
    }

    pub fn row(&self, channel: usize, y: usize) -> &[f32] {
        &self.plane(channel)[y * self.width..(y + 1) * self.width]
    }

    /// The part from `(x, y)` on, of a size that lies within.
    ///
    /// # Errors
    /// As [`Planes::new`].
    pub fn part(&self, (x, y): (usize, usize), (width, height): (usize, usize)) -> Result<Self, MlError> {
        let mut out = Self::new(width, height, self.channels)?;
        for c in 0..self.channels {
            for (row, to) in out.plane_mut(c).chunks_exact_mut(width).enumerate() {
                to.copy_from_slice(&self.row(c, y + row)[x..x + width]);
            }
        }
        Ok(out)
    }

    /// Copies a part of `from`, beginning at `at` there, to `to` here.
    pub fn paste(&mut self, from: &Self, at: (usize, usize), to: (usize, usize), (width, height): (usize, usize)) {
        let w = self.width;
        for c in 0..self.channels.min(from.channels) {
            for row in 0..height {
                let source = &from.row(c, at.1 + row)[at.0..at.0 + width];
                let start = (to.1 + row) * w + to.0;
                self.plane_mut(c)[start..start + width].copy_from_slice(source);
            }
        }
    }

    /// Larger to the right and downwards, by mirroring at the last pixel without repeating it (where the picture is too small for that, the
    /// last pixel is repeated).
    ///
    /// # Errors
    /// As [`Planes::new`].
    pub fn grown(&self, (width, height): (usize, usize)) -> Result<Self, MlError> {
        let mirror = |i: usize, n: usize| if i < n { i } else { (2 * (n - 1)).saturating_sub(i) };
        let mut out = Self::new(width, height, self.channels)?;
        for c in 0..self.channels {
            for (y, to) in out.plane_mut(c).chunks_exact_mut(width).enumerate() {
                let from = self.row(c, mirror(y, self.height));
                to.iter_mut().enumerate().for_each(|(x, to)| *to = from[mirror(x, self.width)]);
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(width: usize, height: usize) -> Planes {
        Planes { width, height, channels: 2, data: (0..width * height * 2).map(|v| v as f32).collect() }
    }

    #[test]
    fn parts_go_back_to_where_they_came_from() {
        let all = counted(5, 4);
        let part = all.part((2, 1), (3, 2)).unwrap();
        assert_eq!(part.plane(0), [7.0, 8.0, 9.0, 12.0, 13.0, 14.0]);
        let mut copy = all.clone();
        copy.data.iter_mut().for_each(|v| *v = -1.0);
        copy.paste(&all, (0, 0), (0, 0), (5, 1));
        copy.paste(&all, (0, 1), (0, 1), (5, 3));
        assert_eq!(copy, all);
    }

    #[test]
    fn mirroring_does_not_repeat_the_edge_and_one_pixel_is_enough() {
        let row = Planes { width: 3, height: 1, channels: 1, data: vec![1.0, 2.0, 3.0] };
        assert_eq!(row.grown((4, 2)).unwrap().data, [1.0, 2.0, 3.0, 2.0, 1.0, 2.0, 3.0, 2.0]);
        let one = Planes { width: 1, height: 1, channels: 1, data: vec![5.0] };
        assert_eq!(one.grown((4, 4)).unwrap().data, [5.0; 16]);
        assert!(matches!(Planes::new(0, 5, 3), Err(MlError::Size { .. })));
        assert!(Planes::new(usize::MAX, 2, 3).is_err());
    }
}
