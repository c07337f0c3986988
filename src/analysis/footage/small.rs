//! A picture reduced to what comparing needs: 64 × 36 averages of brightness and two colour differences, whatever its shape. Pure.

use super::colours::{COLOURS, Colour, Shares, shares};

/// Columns and rows of a small picture.
pub(super) const WIDTH: usize = 64;
pub(super) const HEIGHT: usize = 36;
pub(super) const AREA: usize = WIDTH * HEIGHT;

/// Brightness and colour differences (BT.709, full range, 128 = none).
#[derive(Clone)]
pub(super) struct Small {
    pub y: Vec<u8>,
    pub u: Vec<u8>,
    pub v: Vec<u8>,
    /// Which colours its cells have.
    pub colours: Shares,
}

impl Small {
    /// Average the pixels of each cell of an RGBA picture. None where it is empty or `rgba` too short.
    pub fn new(rgba: &[u8], width: usize, height: usize) -> Option<Self> {
        if width == 0 || height == 0 || rgba.len() < width.checked_mul(height)?.checked_mul(4)? {
            return None;
        }
        let plane = || Vec::with_capacity(AREA);
        let mut out = Self { y: plane(), u: plane(), v: plane(), colours: Shares::default() };
        let mut counts = [0u32; COLOURS];
        for row in 0..HEIGHT {
            let rows = span(row, HEIGHT, height);
            for column in 0..WIDTH {
                let columns = span(column, WIDTH, width);
                let mut sum = [0u32; 3];
                for y in rows.clone() {
                    for pixel in rgba[(y * width + columns.start) * 4..(y * width + columns.end) * 4].as_chunks::<4>().0 {
                        sum.iter_mut().zip(pixel).for_each(|(s, p)| *s += u32::from(*p));
                    }
                }
                let count = (rows.len() * columns.len()) as f32;
                let [r, g, b] = sum.map(|s| s as f32 / count);
                if let Some(colour) = Colour::of([r, g, b]) {
                    counts[colour as usize] += 1;
                }
                let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
                out.y.push(y.round() as u8);
                out.u.push((128.0 + (b - y) / 1.8556).round() as u8);
                out.v.push((128.0 + (r - y) / 1.5748).round() as u8);
            }
        }
        out.colours = shares(counts, AREA as u32);
        Some(out)
    }

    /// Mean and standard deviation of the brightness, 0–255.
    pub fn brightness(&self) -> (f32, f32) {
        let n = AREA as f32;
        let mean = self.y.iter().map(|v| f32::from(*v)).sum::<f32>() / n;
        let power = self.y.iter().map(|v| (f32::from(*v) - mean).powi(2)).sum::<f32>() / n;
        (mean, power.sqrt())
    }

    /// Mean colour differences, −128…127.
    pub fn tint(&self) -> (f32, f32) {
        let mean = |plane: &[u8]| plane.iter().map(|v| f32::from(*v)).sum::<f32>() / AREA as f32 - 128.0;
        (mean(&self.u), mean(&self.v))
    }

    /// The colour (red, green, blue, 0–1) that fills most of the picture, and how much of it, 0–1. Colours within about an eighth of
    /// the range count as one; grey lies in the middle of its own.
    pub fn main_colour(&self) -> ((f32, f32, f32), f32) {
        const SIDES: usize = 9;
        let mut found = [([0u32; 3], 0u32); 8 * SIDES * SIDES];
        for ((y, u), v) in self.y.iter().zip(&self.u).zip(&self.v) {
            let side = |c: u8| (usize::from(c) + 16) / 32;
            let (sum, count) = &mut found[(usize::from(*y) / 32 * SIDES + side(*u)) * SIDES + side(*v)];
            sum.iter_mut().zip([*y, *u, *v]).for_each(|(s, c)| *s += u32::from(c));
            *count += 1;
        }
        // of equals the darker
        let Some((sum, count)) = found.iter().rev().max_by_key(|f| f.1).filter(|f| f.1 > 0) else { return ((0.0, 0.0, 0.0), 0.0) };
        let [y, u, v] = sum.map(|s| s as f32 / *count as f32 / 255.0);
        let (u, v) = (u - 128.0 / 255.0, v - 128.0 / 255.0);
        let (r, b) = (y + 1.5748 * v, y + 1.8556 * u);
        let g = (y - 0.2126 * r - 0.0722 * b) / 0.7152;
        ((r.clamp(0.0, 1.0), g.clamp(0.0, 1.0), b.clamp(0.0, 1.0)), *count as f32 / AREA as f32)
    }
}

/// The pixels of a cell; at least one.
fn span(cell: usize, cells: usize, pixels: usize) -> std::ops::Range<usize> {
    let from = (cell * pixels / cells).min(pixels - 1);
    from..((cell + 1) * pixels / cells).clamp(from + 1, pixels)
}

/// How sharp the finest detail of a picture is, 0–1: the mean second difference of the brightness over the mean first one. Blur
/// takes more from the second than from the first; contrast and amount of detail hardly matter.
pub(super) fn sharpness(rgba: &[u8], width: usize, height: usize) -> f32 {
    if width < 4 || height < 4 || rgba.len() < width * height * 4 {
        return 0.0;
    }
    // green carries most of the brightness
    let green = |x: usize, y: usize| i32::from(rgba[(y * width + x) * 4 + 1]);
    let (mut first, mut second) = (0i64, 0i64);
    for y in (1..height - 1).step_by(2) {
        for x in 1..width - 1 {
            let (a, b, c) = (green(x - 1, y), green(x, y), green(x + 1, y));
            first += i64::from((c - a).abs());
            second += i64::from((a - 2 * b + c).abs());
        }
    }
    // less than one step of contrast in a pixel is noise
    let floor = (width * height / 2) as i64;
    (second as f32 / (first + floor) as f32).min(1.0)
}
