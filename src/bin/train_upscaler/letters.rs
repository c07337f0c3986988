//! Lines of words in the bundled Inter, as masks of coverage. The words are made up from letters, figures and signs: the
//! network is to learn the shapes of glyphs, not a language.

use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, SwashCache, SwashContent, Weight, fontdb};
use fastrand::Rng;
use std::sync::Arc;

const FONTS: [&[u8]; 3] = [
    include_bytes!("../../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../../assets/fonts/Inter-SemiBold.otf"),
    include_bytes!("../../../assets/fonts/Inter-Bold.otf"),
];

/// Ink between 0 and 1.
pub struct Ink {
    pub width: usize,
    pub height: usize,
    values: Vec<f32>,
}

impl Ink {
    /// Coverage at a place between the pixels; nothing outside.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (fx, fy) = (x - 0.5, y - 0.5);
        let (ix, iy) = (fx.floor() as i64, fy.floor() as i64);
        let (u, v) = (fx - ix as f32, fy - iy as f32);
        let get = |x: i64, y: i64| {
            let inside = x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < self.height;
            if inside { self.values[y as usize * self.width + x as usize] } else { 0.0 }
        };
        (get(ix, iy) * (1.0 - u) + get(ix + 1, iy) * u) * (1.0 - v) + (get(ix, iy + 1) * (1.0 - u) + get(ix + 1, iy + 1) * u) * v
    }
}

/// Shapes and rasterises words.
pub struct Letters {
    fonts: FontSystem,
    glyphs: SwashCache,
}

impl Letters {
    pub fn new() -> Self {
        let mut db = fontdb::Database::new();
        for font in FONTS {
            db.load_font_source(fontdb::Source::Binary(Arc::new(font)));
        }
        Self { fonts: FontSystem::new_with_locale_and_db("en-US".into(), db), glyphs: SwashCache::new() }
    }

    /// A block of made-up text that fills `width` by `height` pixels with letters of `size` pixels.
    pub fn page(&mut self, rng: &mut Rng, width: usize, height: usize, size: f32) -> Ink {
        let weight = [400, 600, 700][rng.usize(..3)];
        let attrs = Attrs::new().family(Family::Name("Inter")).weight(Weight(weight));
        let leading = size * (1.1 + 0.5 * rng.f32());
        let mut buffer = Buffer::new(&mut self.fonts, Metrics::new(size, leading));
        buffer.set_size(Some(width as f32), Some(height as f32));
        let letters = (width as f32 / size * 2.2) * (height as f32 / leading);
        buffer.set_text(&words(rng, letters as usize + 8), &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let mut ink = Ink { width, height, values: vec![0.0; width * height] };
        for run in buffer.layout_runs() {
            for glyph in run.glyphs {
                let placed = glyph.physical((0.0, run.line_y), 1.0);
                let Some(image) = self.glyphs.get_image_uncached(&mut self.fonts, placed.cache_key) else { continue };
                if image.content != SwashContent::Mask {
                    continue;
                }
                let (left, top) = (placed.x + image.placement.left, placed.y - image.placement.top);
                let row = image.placement.width as usize;
                for (at, value) in image.data.iter().enumerate() {
                    let (x, y) = (left + (at % row) as i32, top + (at / row) as i32);
                    if x >= 0 && y >= 0 && (x as usize) < width && (y as usize) < height {
                        let spot = &mut ink.values[y as usize * width + x as usize];
                        *spot = spot.max(f32::from(*value) / 255.0);
                    }
                }
            }
        }
        ink
    }
}

fn words(rng: &mut Rng, letters: usize) -> String {
    const LOWER: &[u8] = b"eeeetttaaaooiinnsshhrrddllcumwfgypbvkxjqz";
    let mut text = String::with_capacity(letters + 16);
    while text.len() < letters {
        let long = rng.usize(1..10);
        match rng.u8(0..12) {
            0 => (0..long.min(5)).for_each(|_| text.push(rng.digit(10))),
            1 => (0..long.min(6)).for_each(|_| text.push(rng.uppercase())),
            kind => {
                if kind == 2 {
                    text.push(rng.uppercase());
                }
                (0..long).for_each(|_| text.push(char::from(LOWER[rng.usize(..LOWER.len())])));
            }
        }
        text.push_str([" ", " ", " ", " ", ", ", ". ", "-", ": ", " & ", "/", " (", ") "][rng.usize(..12)]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_ink_and_paper_and_is_the_same_for_the_same_seed() {
        let page = || Letters::new().page(&mut Rng::with_seed(5), 80, 60, 16.0);
        let ink = page();
        let dark = ink.values.iter().filter(|v| **v > 0.5).count();
        assert!(dark > 200 && dark < 80 * 60 / 2, "{dark}");
        assert_eq!(ink.values, page().values);
    }
}
