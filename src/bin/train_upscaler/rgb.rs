//! Pictures of the trainer: interleaved RGB of 32-bit floats, 0 to 1 in the files' own transfer curve (the network sees
//! what the viewer sees, so nothing here is linear light).

use std::path::Path;

/// A picture; `data` holds `width * height * 3` samples, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Rgb {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

impl Rgb {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0.0; width * height * 3] }
    }

    pub fn pixel(&self, x: usize, y: usize) -> [f32; 3] {
        let at = (y * self.width + x) * 3;
        [self.data[at], self.data[at + 1], self.data[at + 2]]
    }

    pub fn set(&mut self, x: usize, y: usize, color: [f32; 3]) {
        let at = (y * self.width + x) * 3;
        self.data[at..at + 3].copy_from_slice(&color);
    }

    /// The part at (`left`, `top`); the caller keeps it inside.
    pub fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let row = |y: usize| &self.data[((top + y) * self.width + left) * 3..][..width * 3];
        Self { width, height, data: (0..height).flat_map(row).copied().collect() }
    }

    /// One of the eight flips and turns, 0 to 7: bit 0 mirrors, bit 1 turns upside down, bit 2 swaps the axes.
    pub fn turned(&self, way: u8) -> Self {
        let (w, h) = if way & 4 != 0 { (self.height, self.width) } else { (self.width, self.height) };
        let mut out = Self::new(w, h);
        for y in 0..h {
            for x in 0..w {
                let (a, b) = if way & 4 != 0 { (y, x) } else { (x, y) };
                let a = if way & 1 != 0 { self.width - 1 - a } else { a };
                let b = if way & 2 != 0 { self.height - 1 - b } else { b };
                out.set(x, y, self.pixel(a, b));
            }
        }
        out
    }

    /// What a file of 8 bits a sample would give back.
    pub fn in_8_bits(mut self) -> Self {
        self.data.iter_mut().for_each(|v| *v = (*v * 255.0).round().clamp(0.0, 255.0) / 255.0);
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.data.iter().map(|v| (v * 255.0).round().clamp(0.0, 255.0) as u8).collect()
    }

    pub fn from_bytes(width: usize, height: usize, bytes: &[u8]) -> Self {
        Self { width, height, data: bytes.iter().map(|v| f32::from(*v) / 255.0).collect() }
    }

    pub fn read(path: &Path) -> Result<Self, String> {
        let image = image::open(path).map_err(|e| format!("{}: {e}", path.display()))?.to_rgb8();
        Ok(Self::from_bytes(image.width() as usize, image.height() as usize, image.as_raw()))
    }

    pub fn write(&self, path: &Path) -> Result<(), String> {
        let image = image::RgbImage::from_raw(self.width as u32, self.height as u32, self.bytes()).ok_or("a picture without pixels")?;
        image.save(path).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Luma of BT.601 in studio range on a scale of 0 to 255, as papers on upscaling measure it.
    pub fn luma(&self) -> Vec<f32> {
        self.data.chunks_exact(3).map(|p| 16.0 + 65.481 * p[0] + 128.553 * p[1] + 24.966 * p[2]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_moves_the_corner_and_two_mirrors_undo_each_other() {
        let mut p = Rgb::new(3, 2);
        p.set(0, 0, [1.0, 0.5, 0.25]);
        assert_eq!(p.turned(1).pixel(2, 0), [1.0, 0.5, 0.25]);
        assert_eq!(p.turned(2).pixel(0, 1), [1.0, 0.5, 0.25]);
        let swapped = p.turned(4);
        assert_eq!((swapped.width, swapped.height), (2, 3));
        assert_eq!(p.turned(3).turned(3), p);
        assert_eq!(p.turned(4).turned(4), p);
    }
}
