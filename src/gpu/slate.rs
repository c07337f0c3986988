//! The picture that stands for offline media: a dark field with a faint diagonal weave and a line of text, so that nobody
//! takes it for a black frame of the film. Pure but for the text engine.

use super::text::TextEngine;
use crate::{
    base::{ColorTags, Picture, PixelFormat},
    model::{TextStyle, Title},
};

/// Field and stripes, display-referred.
const FIELD: [f32; 3] = [27.0, 29.0, 34.0];
const STRIPE: [f32; 3] = [34.0, 37.0, 43.0];
const TEXT: [f32; 4] = [0.72, 0.74, 0.78, 1.0];
/// Below this height the words could not be read.
const MIN_TEXT_HEIGHT_PX: u32 = 48;

/// An opaque RGBA8 slate of this size. None for an empty size.
pub(super) fn slate(text: &mut TextEngine, width: u32, height: u32) -> Option<Picture> {
    let (w, h) = (width as usize, height as usize);
    let period = (height as f32 / 12.0).max(8.0);
    let mut data = vec![255u8; w * h * 4];
    for (i, px) in data.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let along = ((i % w) + (i / w)) as f32;
        // distance from the stripe's middle, softened over one pixel
        let d = ((along / period).fract() - 0.5).abs() * period;
        let s = (period / 4.0 - d + 0.5).clamp(0.0, 1.0);
        for k in 0..3 {
            px[k] = (FIELD[k] + (STRIPE[k] - FIELD[k]) * s).round() as u8;
        }
    }
    if height >= MIN_TEXT_HEIGHT_PX {
        let size = 0.075f32.min(width as f32 / height as f32 * 0.1);
        let style = TextStyle { size, color: TEXT, shadow_color: [0.0; 4], ..TextStyle::default() };
        let title = Title { text: "Media offline".into(), style, position: (0.5, 0.5) };
        if let Some(ink) = text.title(&title, width, height) {
            for y in 0..ink.picture.height {
                let at = ((ink.top as usize + y as usize) * w + ink.left as usize) * 4;
                let below = data[at..].as_chunks_mut::<4>().0;
                for (o, s) in below.iter_mut().zip(ink.picture.row(0, y).as_chunks::<4>().0) {
                    let a = f32::from(s[3]) / 255.0;
                    for k in 0..3 {
                        o[k] = (f32::from(o[k]) * (1.0 - a) + f32::from(s[k]) * a).round() as u8;
                    }
                }
            }
        }
    }
    Picture::from_packed(PixelFormat::Rgba8, width, height, data, ColorTags::SRGB).ok()
}
