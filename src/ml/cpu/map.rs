//! Features of a picture in memory: all channels of a pixel side by side, with a border of zeros that convolutions may read.

/// Side of the squares that the quick convolution computes at once.
pub(super) const SQUARE: usize = 4;
/// Pixels behind the last one that kernels may read without meaning to.
const SLACK: usize = 16;

/// See the module.
pub(super) struct Map {
    pub width: usize,
    pub height: usize,
    /// Numbers of a pixel.
    pub channels: usize,
    /// Pixels from row to row.
    pub stride: usize,
    /// Beginning with the border: pixel (0, 0) is the second of the second row.
    pub data: Vec<f32>,
}

impl Map {
    pub fn new(width: usize, height: usize, channels: usize) -> Self {
        let (stride, rows) = (width.next_multiple_of(SQUARE) + 2, height.next_multiple_of(SQUARE) + 2);
        Self { width, height, channels, stride, data: vec![0.0; (stride * rows + SLACK) * channels] }
    }

    /// Where a pixel's numbers begin.
    pub fn at(&self, x: usize, y: usize) -> usize {
        ((y + 1) * self.stride + x + 1) * self.channels
    }

    /// The pixels of a row.
    pub fn row(&self, y: usize) -> &[f32] {
        let at = self.at(0, y);
        &self.data[at..at + self.width * self.channels]
    }

    /// Each row of pixels in turn, to be written.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let (c, n, w) = (self.channels, self.stride * self.channels, self.width);
        self.data.chunks_exact_mut(n).skip(1).take(self.height).map(move |row| &mut row[c..c + w * c])
    }

    /// Twice as wide and high, by repeating pixels.
    pub fn doubled(&self) -> Self {
        let mut out = Self::new(self.width * 2, self.height * 2, self.channels);
        for (y, to) in out.rows_mut().enumerate() {
            let from = self.row(y / 2).chunks_exact(self.channels);
            for (two, one) in to.chunks_exact_mut(2 * self.channels).zip(from) {
                two[..one.len()].copy_from_slice(one);
                two[one.len()..].copy_from_slice(one);
            }
        }
        out
    }

    /// `self · share + other`, of the first `n` channels of both, into the first of this.
    pub fn blend(&mut self, share: f32, other: &Self, n: usize) {
        let (c, o) = (self.channels, other.channels);
        for (y, row) in self.rows_mut().enumerate() {
            for (to, from) in row.chunks_exact_mut(c).zip(other.row(y).chunks_exact(o)) {
                to[..n].iter_mut().zip(&from[..n]).for_each(|(t, f)| *t = *t * share + f);
            }
        }
    }
}
