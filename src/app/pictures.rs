//! Textures of the window: the viewers' pictures and one atlas of thumbnails. UI thread; uploads at most a few small
//! cells per pass, because a thumbnail is shrunk to its cell first.

use super::screens::Screens;
use crate::base::{Picture, PixelFormat};
use egui::{Color32, ColorImage, Context, Rect, TextureHandle, TextureId, TextureOptions, pos2, vec2};
use std::{collections::HashMap, sync::Arc};

/// Cell of the atlas in pixels: 16:9 at twice the height of a film strip.
const CELL: [usize; 2] = [160, 90];
const COLUMNS: usize = 12;
const ROWS: usize = 22;
/// Space between cells, so that filtering never reaches a neighbour.
const GUTTER: usize = 2;

/// Part of a texture to draw.
#[derive(Clone, Copy, Debug)]
pub struct Patch {
    pub texture: TextureId,
    pub uv: Rect,
    /// Width over height as shown.
    pub aspect: f32,
}

struct Cell {
    slot: usize,
    uv: Rect,
    aspect: f32,
    last_used: u64,
    /// Keeps the bytes alive: their address is the key.
    _picture: Picture,
}

/// All textures that the window owns.
pub struct Pictures {
    atlas: Option<TextureHandle>,
    cells: HashMap<usize, Cell>,
    free: Vec<usize>,
    pass: u64,
    /// What the viewers and the measuring instruments show.
    pub screens: Screens,
}

impl Pictures {
    /// `render_state` lets the viewers show the renderer's texture where it lies; without it only pictures in memory show.
    pub fn new(render_state: Option<egui_wgpu::RenderState>) -> Self {
        Self { atlas: None, cells: HashMap::new(), free: (0..COLUMNS * ROWS).rev().collect(), pass: 0, screens: Screens::new(render_state) }
    }

    /// Once per pass, before any panel.
    pub fn begin_pass(&mut self) {
        self.pass += 1;
    }

    /// The atlas patch of a thumbnail (RGBA8); None while the atlas is full of patches of this very pass.
    pub fn thumbnail(&mut self, ctx: &Context, picture: &Picture) -> Option<Patch> {
        if picture.format != PixelFormat::Rgba8 || picture.width == 0 || picture.height == 0 {
            return None;
        }
        let key = Arc::as_ptr(&picture.data).cast::<()>() as usize;
        let side = [COLUMNS * (CELL[0] + GUTTER), ROWS * (CELL[1] + GUTTER)];
        let atlas = self
            .atlas
            .get_or_insert_with(|| ctx.load_texture("thumbnails", ColorImage::filled(side, Color32::BLACK), TextureOptions::LINEAR));
        if let Some(cell) = self.cells.get_mut(&key) {
            cell.last_used = self.pass;
            return Some(Patch { texture: atlas.id(), uv: cell.uv, aspect: cell.aspect });
        }
        if self.free.is_empty() {
            // the longest unused, unless all are on screen
            let oldest = self.cells.iter().min_by_key(|(_, c)| c.last_used).map(|(k, c)| (*k, c.last_used))?;
            if oldest.1 == self.pass {
                return None;
            }
            if let Some(cell) = self.cells.remove(&oldest.0) {
                self.free.push(cell.slot);
            }
        }
        let slot = self.free.pop()?;
        let image = shrink(picture);
        let at = [slot % COLUMNS * (CELL[0] + GUTTER), slot / COLUMNS * (CELL[1] + GUTTER)];
        let (size, whole) = (vec2(image.size[0] as f32, image.size[1] as f32), vec2(side[0] as f32, side[1] as f32));
        // half a pixel inside, so that linear filtering stays in the cell
        let min = pos2((at[0] as f32 + 0.5) / whole.x, (at[1] as f32 + 0.5) / whole.y);
        let uv = Rect::from_min_size(min, vec2((size.x - 1.0).max(0.0) / whole.x, (size.y - 1.0).max(0.0) / whole.y));
        atlas.set_partial(at, image, TextureOptions::LINEAR);
        let (w, h) = picture.display_size();
        let aspect = w as f32 / h.max(1) as f32;
        self.cells.insert(key, Cell { slot, uv, aspect, last_used: self.pass, _picture: picture.clone() });
        Some(Patch { texture: atlas.id(), uv, aspect })
    }
}

/// The picture scaled to fit a cell, each pixel the mean of those it covers (box filter).
fn shrink(picture: &Picture) -> ColorImage {
    let (w, h) = (picture.width as usize, picture.height as usize);
    let scale = (CELL[0] as f64 / w as f64).min(CELL[1] as f64 / h as f64).min(1.0);
    let size = [((w as f64 * scale).round() as usize).clamp(1, CELL[0]), ((h as f64 * scale).round() as usize).clamp(1, CELL[1])];
    let mut pixels = Vec::with_capacity(size[0] * size[1]);
    for y in 0..size[1] {
        let (y0, y1) = (y * h / size[1], ((y + 1) * h / size[1]).max(y * h / size[1] + 1));
        for x in 0..size[0] {
            let (x0, x1) = (x * w / size[0], ((x + 1) * w / size[0]).max(x * w / size[0] + 1));
            let mut sum = [0u32; 3];
            for row in y0..y1 {
                let row = picture.row(0, row as u32);
                for p in row[x0 * 4..x1 * 4].chunks_exact(4) {
                    for (s, v) in sum.iter_mut().zip(p) {
                        *s += u32::from(*v);
                    }
                }
            }
            let n = ((y1 - y0) * (x1 - x0)) as u32;
            pixels.push(Color32::from_rgb((sum[0] / n) as u8, (sum[1] / n) as u8, (sum[2] / n) as u8));
        }
    }
    ColorImage::new(size, pixels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ColorTags;

    fn gray(w: u32, h: u32, v: u8) -> Picture {
        let data = [v, v, v, 255].repeat((w * h) as usize);
        Picture::from_packed(PixelFormat::Rgba8, w, h, data, ColorTags::SRGB).unwrap()
    }

    #[test]
    fn a_thumbnail_is_uploaded_once_and_found_again() {
        let ctx = Context::default();
        let mut p = Pictures::new(None);
        p.begin_pass();
        let a = gray(320, 180, 9);
        let first = p.thumbnail(&ctx, &a).unwrap();
        let again = p.thumbnail(&ctx, &a.clone()).unwrap();
        assert_eq!(first.uv, again.uv);
        assert_ne!(p.thumbnail(&ctx, &gray(320, 180, 9)).unwrap().uv, first.uv);
    }

    #[test]
    fn a_full_atlas_gives_up_what_was_not_used_for_longest() {
        let ctx = Context::default();
        let mut p = Pictures::new(None);
        p.begin_pass();
        let pictures: Vec<Picture> = (0..COLUMNS * ROWS).map(|_| gray(16, 9, 1)).collect();
        for q in &pictures {
            assert!(p.thumbnail(&ctx, q).is_some());
        }
        assert!(p.thumbnail(&ctx, &gray(16, 9, 2)).is_none(), "all cells are on screen");
        p.begin_pass();
        for q in &pictures[1..] {
            p.thumbnail(&ctx, q);
        }
        assert!(p.thumbnail(&ctx, &gray(16, 9, 3)).is_some());
        assert!(!p.cells.contains_key(&(Arc::as_ptr(&pictures[0].data).cast::<()>() as usize)));
    }

    #[test]
    fn shrinking_keeps_shape_and_mean() {
        let image = shrink(&gray(1000, 2000, 77));
        assert_eq!(image.size, [45, 90]);
        assert!(image.pixels.iter().all(|p| p.r() == 77));
        assert_eq!(shrink(&gray(1, 1, 5)).size, [1, 1]);
    }
}
