//! What the scopes show: counts of a finished RGBA8 picture as plain data, for the window to draw. Counting on the
//! processor lives here, its twin on the device in [`super::device`]; both give the very same counts. Any thread.
//!
//! All levels are display code values, 0–255. Luma and colour difference are those of ITU-R BT.709-6 §3 in full range, in
//! 16-bit fixed point, so that every processor and every device rounds alike.

use super::{RenderError, Rendered};
use crate::base::{Picture, PixelFormat};
use rayon::prelude::*;

/// Columns of the waveform and of each third of the parade.
pub const COLUMNS: usize = 256;
/// Levels of every scale: code values.
pub const LEVELS: usize = 256;
/// Rows of a picture that are counted at most: of a taller one every second, third … row is.
pub const MAX_ROWS: u32 = 540;

/// Cells of one grid.
const GRID: usize = COLUMNS * LEVELS;
/// First cell of each part; the buffer on the device is laid out alike.
const PARADE: usize = GRID;
const VECTORSCOPE: usize = 4 * GRID;
const HISTOGRAM: usize = 5 * GRID;
/// Cells in all.
pub const CELLS: usize = HISTOGRAM + 4 * LEVELS;

/// BT.709 luma and colour difference times 65536. Each row of weights sums to exactly 65536 or 0: grey has no colour.
const LUMA: [i32; 3] = [13_933, 46_871, 4_732];
const CB: [i32; 3] = [-7_509, -25_259, 32_768];
const CR: [i32; 3] = [32_768, -29_763, -3_005];

/// The counts of one picture. Grids are rows of 256 cells from top to bottom, as they are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeData {
    counts: Vec<u32>,
    /// Columns of the waveform and the parade that are in use: all, unless the picture is narrower than [`COLUMNS`].
    pub columns: usize,
    /// Pixels that were counted.
    pub pixels: u32,
}

/// One of the four curves of the histogram; the first three also name the thirds of the parade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    Red,
    Green,
    Blue,
    Luma,
}

impl ScopeData {
    /// Counts a picture on the processor (rayon's pool). None unless it is RGBA8 and has pixels.
    pub fn of(picture: &Picture) -> Option<Self> {
        if picture.format != PixelFormat::Rgba8 || picture.width == 0 || picture.height == 0 {
            return None;
        }
        let (width, rows) = (picture.width as usize, 0..rows_counted(picture.height));
        let columns = columns_used(picture.width);
        let empty = || vec![0u32; CELLS];
        let counts = rows
            .into_par_iter()
            .with_min_len(32)
            .fold(empty, |mut counts, i| {
                count_row(&picture.row(0, i * row_step(picture.height))[..width * 4], columns, &mut counts);
                counts
            })
            .reduce(empty, |mut a, b| {
                a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
                a
            });
        Some(Self::from_counts(counts, picture.width, picture.height))
    }

    /// From counts in the layout of [`CELLS`], of a picture of this size.
    pub(super) fn from_counts(counts: Vec<u32>, width: u32, height: u32) -> Self {
        Self { counts, columns: columns_used(width), pixels: width * rows_counted(height) }
    }

    /// Luma by picture column: [`COLUMNS`] × [`LEVELS`], the first row is level 255.
    pub fn waveform(&self) -> &[u32] {
        &self.counts[..GRID]
    }

    /// R, G or B by picture column, like the waveform; [`Channel::Luma`] is the waveform.
    pub fn parade(&self, channel: Channel) -> &[u32] {
        let at = match channel {
            Channel::Luma => 0,
            c => PARADE + c as usize * GRID,
        };
        &self.counts[at..at + GRID]
    }

    /// Colour difference: Cb from left (0) to right (255), Cr from bottom (0) to top; grey lies at column 128, row 127.
    pub fn vectorscope(&self) -> &[u32] {
        &self.counts[VECTORSCOPE..HISTOGRAM]
    }

    /// Pixels at each level, from 0 to 255.
    pub fn histogram(&self, channel: Channel) -> &[u32] {
        let at = HISTOGRAM + channel as usize * LEVELS;
        &self.counts[at..at + LEVELS]
    }

    /// A cell of the waveform or the parade as a share (0–1) of its column's pixels.
    pub fn share_of_column(&self, count: u32) -> f32 {
        count as f32 * self.columns as f32 / self.pixels.max(1) as f32
    }

    /// A cell of the vectorscope or the histogram as a share (0–1) of all pixels.
    pub fn share(&self, count: u32) -> f32 {
        count as f32 / self.pixels.max(1) as f32
    }
}

/// Every how many rows one is counted.
pub(super) fn row_step(height: u32) -> u32 {
    height.div_ceil(MAX_ROWS).max(1)
}

pub(super) fn rows_counted(height: u32) -> u32 {
    height.div_ceil(row_step(height))
}

pub(super) fn columns_used(width: u32) -> usize {
    COLUMNS.min(width as usize)
}

/// A weighted sum in 16-bit fixed point, rounded, `offset` code values up.
fn weigh(weights: [i32; 3], rgb: [i32; 3], offset: i32) -> usize {
    let sum: i32 = weights.iter().zip(rgb).map(|(w, v)| w * v).sum();
    ((sum + (offset << 16) + (1 << 15)) >> 16).clamp(0, 255) as usize
}

fn count_row(row: &[u8], columns: usize, counts: &mut [u32]) {
    let width = row.len() / 4;
    for (x, p) in row.as_chunks::<4>().0.iter().enumerate() {
        let column = x * columns / width;
        let rgb = [p[0], p[1], p[2]].map(i32::from);
        let luma = weigh(LUMA, rgb, 0);
        let cell = |level: usize| (LEVELS - 1 - level) * COLUMNS + column;
        counts[cell(luma)] += 1;
        for (k, v) in rgb.into_iter().enumerate() {
            counts[PARADE + k * GRID + cell(v as usize)] += 1;
            counts[HISTOGRAM + k * LEVELS + v as usize] += 1;
        }
        let (cb, cr) = (weigh(CB, rgb, 128), weigh(CR, rgb, 128));
        counts[VECTORSCOPE + (LEVELS - 1 - cr) * COLUMNS + cb] += 1;
        counts[HISTOGRAM + 3 * LEVELS + luma] += 1;
    }
}

/// Counts a finished frame on the processor.
///
/// # Errors
/// The frame lies on the device, or it is not RGBA8.
pub(super) fn on_processor(frame: &Rendered) -> Result<ScopeData, RenderError> {
    let counted = match frame {
        Rendered::Picture(p) => ScopeData::of(p),
        Rendered::Texture(_) => None,
    };
    counted.ok_or_else(|| RenderError::Device("scopes need a frame for the screen, drawn by this renderer".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ColorTags;

    fn picture(width: u32, height: u32, f: impl Fn(u32, u32) -> [u8; 3]) -> Picture {
        let at = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let data = at.flat_map(|(x, y)| [f(x, y), [255; 3]].concat()[..4].to_vec()).collect();
        Picture::from_packed(PixelFormat::Rgba8, width, height, data, ColorTags::SRGB).unwrap()
    }

    #[test]
    fn a_grey_ramp_is_a_diagonal_with_no_colour() {
        let s = ScopeData::of(&picture(512, 10, |x, _| [(x / 2) as u8; 3])).unwrap();
        for c in [Channel::Luma, Channel::Red, Channel::Green, Channel::Blue] {
            for level in 0..LEVELS {
                let cell = (255 - level) * COLUMNS + level;
                assert_eq!(s.parade(c)[cell], 20, "{c:?} {level}");
                assert_eq!(s.histogram(c)[level], 20);
            }
            assert_eq!(s.parade(c).iter().sum::<u32>(), s.pixels);
        }
        assert_eq!(s.share_of_column(20), 1.0);
        assert_eq!(s.vectorscope()[127 * COLUMNS + 128], s.pixels, "grey lies in the middle");
    }

    #[test]
    fn primaries_lie_where_bt709_puts_them() {
        for (rgb, luma, cb, cr) in [([255, 0, 0], 54, 99, 255), ([0, 255, 0], 182, 30, 12), ([0, 0, 255], 18, 255, 116)] {
            let s = ScopeData::of(&picture(7, 3, |_, _| rgb)).unwrap();
            assert_eq!(s.histogram(Channel::Luma)[luma], 21, "{rgb:?}");
            assert_eq!(s.vectorscope()[(255 - cr) * COLUMNS + cb], 21, "{rgb:?}");
            assert_eq!((s.columns, s.pixels), (7, 21));
            assert!((0..7).all(|x| s.waveform()[(255 - luma) * COLUMNS + x] == 3));
        }
    }

    #[test]
    fn of_a_tall_picture_every_other_row_is_counted_and_other_formats_are_refused() {
        let s = ScopeData::of(&picture(2, 1080, |_, y| [if y % 2 == 0 { 200 } else { 0 }; 3])).unwrap();
        assert_eq!((s.pixels, s.histogram(Channel::Red)[200]), (1080, 1080));
        let planes = Picture::from_packed(PixelFormat::I420, 2, 2, vec![0; 6], ColorTags::BT709).unwrap();
        assert!(ScopeData::of(&planes).is_none());
    }
}
