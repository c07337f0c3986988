//! The brightness of a decoded picture, made small enough to be measured quickly. Pure.

use crate::{
    analysis::motion::Plane,
    base::{Picture, PixelFormat},
};

/// Longer side at most, in pixels.
const LONG_SIDE_PX: u32 = 640;

/// How pictures of one size become planes: squares of pixels are averaged, what is over at the edges is left out evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shrunk {
    /// Pixels of a square's side.
    by: u32,
    pub width: u32,
    pub height: u32,
}

impl Shrunk {
    pub fn of(width: u32, height: u32) -> Self {
        let by = width.max(height).div_ceil(LONG_SIDE_PX).max(1);
        Self { by, width: (width / by).max(1), height: (height / by).max(1) }
    }
}

/// The brightness of a picture, 0 to 255. A picture of another size than expected is sampled to the same plane.
pub(super) fn plane(picture: &Picture, to: &Shrunk) -> Plane {
    let (w, h) = (to.width as usize, to.height as usize);
    let mut data = vec![0.0_f32; w * h];
    let expected = Shrunk::of(picture.width, picture.height) == *to;
    let side = |size: u32, n: u32| if expected { (size.saturating_sub(n * to.by) / 2, to.by) } else { (0, 1) };
    let ((left, by), (top, _)) = (side(picture.width, to.width), side(picture.height, to.height));
    let from = |i: usize, n: u32, size: u32, offset: u32| {
        let at = if expected { offset + i as u32 * by } else { (u64::from(size) * i as u64 / u64::from(n)) as u32 };
        at.min(size.saturating_sub(1))
    };
    let share = 1.0 / (by * by) as f32;
    let mut row_of_floats = vec![0.0_f32; picture.width as usize];
    for y in 0..h {
        let first = from(y, to.height, picture.height, top);
        for line in first..(first + by).min(picture.height) {
            brightness(picture, line, &mut row_of_floats);
            for x in 0..w {
                let at = from(x, to.width, picture.width, left) as usize;
                let end = (at + by as usize).min(row_of_floats.len());
                data[y * w + x] += row_of_floats[at..end].iter().sum::<f32>();
            }
        }
    }
    data.iter_mut().for_each(|v| *v *= share);
    Plane::new(w, h, data)
}

/// One row's brightness, 0 to 255.
fn brightness(picture: &Picture, y: u32, out: &mut [f32]) {
    let row = picture.row(0, y);
    let word = |b: &[u8]| f32::from(u16::from_le_bytes([b[0], b[1]]));
    let words = |scale: f32, out: &mut [f32]| out.iter_mut().zip(row.chunks_exact(2)).for_each(|(o, b)| *o = word(b) * scale);
    match picture.format {
        // weights of Rec. 709; what matters is that they stay the same
        PixelFormat::Rgba8 => out.iter_mut().zip(row.chunks_exact(4)).for_each(|(o, p)| {
            *o = 0.2126 * f32::from(p[0]) + 0.7152 * f32::from(p[1]) + 0.0722 * f32::from(p[2]);
        }),
        PixelFormat::Rgba16 => out.iter_mut().zip(row.chunks_exact(8)).for_each(|(o, p)| {
            *o = (0.2126 * word(p) + 0.7152 * word(&p[2..]) + 0.0722 * word(&p[4..])) / 257.0;
        }),
        PixelFormat::P010 => words(1.0 / 256.0, out),
        PixelFormat::I420p10 | PixelFormat::I422p10 | PixelFormat::I444p10 => words(0.25, out),
        _ => out.iter_mut().zip(row).for_each(|(o, v)| *o = f32::from(*v)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ColorTags;

    fn grey(format: PixelFormat, width: u32, height: u32, at: impl Fn(u32, u32) -> u16) -> Picture {
        let (planes, bytes) = Picture::packed_layout(format, width, height);
        let mut data = vec![0; bytes];
        for y in 0..height {
            for x in 0..width {
                let place = planes[0].offset + y as usize * planes[0].stride + x as usize * format.bytes_per_sample();
                let value = at(x, y).to_le_bytes();
                data[place..place + format.bytes_per_sample()].copy_from_slice(&value[..format.bytes_per_sample()]);
            }
        }
        Picture::from_packed(format, width, height, data, ColorTags::default()).unwrap()
    }

    #[test]
    fn squares_are_averaged_about_the_centre() {
        // 1283 by 2 makes 641, by 3 makes 427 and two pixels over
        let to = Shrunk::of(1283, 9);
        assert_eq!(to, Shrunk { by: 3, width: 427, height: 3 });
        let plane = plane(&grey(PixelFormat::I420, 1283, 9, |x, y| (x % 200 + y) as u16), &to);
        assert_eq!((plane.width, plane.height), (427, 3));
        assert_eq!(plane.data[427 + 10], 36.0, "the middle of its square is pixel (32, 4)");
        assert_eq!(Shrunk::of(640, 360), Shrunk { by: 1, width: 640, height: 360 });
        assert_eq!(Shrunk::of(1, 1), Shrunk { by: 1, width: 1, height: 1 });
    }

    #[test]
    fn deep_pictures_and_those_of_another_size_are_read_too() {
        let to = Shrunk::of(16, 8);
        for (format, value) in [(PixelFormat::I420p10, 400), (PixelFormat::P010, 400 << 6), (PixelFormat::I422, 100)] {
            let plane = plane(&grey(format, 16, 8, |_, _| value), &to);
            assert!(plane.data.iter().all(|v| (v - 100.0).abs() < 0.01), "{format:?}");
        }
        assert_eq!(plane(&grey(PixelFormat::I420, 32, 20, |x, _| x as u16 * 2), &to).data[3], 12.0);
        assert_eq!(plane(&grey(PixelFormat::I420, 4, 3, |x, _| x as u16), &to).data[15], 3.0);
    }
}
