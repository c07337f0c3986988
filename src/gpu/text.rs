//! Titles: shaped by cosmic-text (bidirectional text, ligatures, fall-back fonts), rasterised at the canvas' resolution
//! into RGBA8 with straight alpha, with outline and blurred shadow. The bundled Inter is always there; the system's
//! fonts are read only when a title needs a script or a family that Inter lacks. Owned by a renderer, on its thread.

use super::text_mask::{Mask, over};
use crate::{
    base::{ColorTags, Picture, PixelFormat},
    model::{TextAlign, Title},
};
use cosmic_text::{Align, Attrs, Buffer, Family, FontSystem, Metrics, Shaping, Style, SwashCache, SwashContent, Weight, Wrap, fontdb};
use std::sync::Arc;

const BUNDLED: [&[u8]; 3] = [
    include_bytes!("../../assets/fonts/Inter-Regular.otf"),
    include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
    include_bytes!("../../assets/fonts/Inter-Bold.otf"),
];
pub(super) const BUNDLED_FAMILY: &str = "Inter";
/// Lines wrap at this share of the frame's width (the action-safe width of EBU R 95 is 93 %).
const WRAP_WIDTH: f32 = 0.93;
/// Smallest line size that is drawn, in pixels.
const MIN_SIZE_PX: f32 = 1.0;
/// Kept pictures of titles, together.
const CACHE_BYTES: usize = 128 << 20;

/// A title's ink: the part of the canvas-sized picture that is not transparent.
#[derive(Clone, Debug)]
pub struct TitleImage {
    /// RGBA8, straight alpha.
    pub picture: Picture,
    /// Canvas position of the picture's top left pixel.
    pub left: i32,
    pub top: i32,
}

struct Kept {
    title: Title,
    canvas: (u32, u32),
    image: Option<TitleImage>,
    last_use: u64,
}

/// Shapes and rasterises titles and keeps the pictures.
pub struct TextEngine {
    /// Made at the first title: reading the bundled fonts costs a few milliseconds.
    fonts: Option<FontSystem>,
    /// Typefaces that stand beside the bundled ones.
    further: Vec<Vec<u8>>,
    glyphs: SwashCache,
    /// The system's have been read, or are not to be.
    has_system_fonts: bool,
    kept: Vec<Kept>,
    clock: u64,
}

impl Default for TextEngine {
    fn default() -> Self {
        Self::new()
    }
}

/// A glyph to draw: where its image is found, and its pixel on the canvas.
struct Placed {
    key: cosmic_text::CacheKey,
    x: i32,
    y: i32,
    /// Part of what is lit.
    lit: bool,
}

/// A laid-out title.
#[derive(Default)]
struct Laid {
    glyphs: Vec<Placed>,
    /// Left, top, right and bottom of each line that is not empty.
    lines: Vec<[f32; 4]>,
    /// Every character had a glyph.
    complete: bool,
}

impl TextEngine {
    pub fn new() -> Self {
        Self { fonts: None, further: Vec::new(), glyphs: SwashCache::new(), has_system_fonts: false, kept: Vec::new(), clock: 0 }
    }

    /// With these files of typefaces instead of the system's: the same pictures on every machine.
    pub fn with_typefaces(further: Vec<Vec<u8>>) -> Self {
        Self { further, has_system_fonts: true, ..Self::new() }
    }

    /// The ink of a title on a canvas of this size; None where nothing of it can be seen.
    pub fn title(&mut self, title: &Title, width: u32, height: u32) -> Option<TitleImage> {
        self.clock += 1;
        if let Some(k) = self.kept.iter_mut().find(|k| k.canvas == (width, height) && k.title == *title) {
            k.last_use = self.clock;
            return k.image.clone();
        }
        let image = self.draw(title, width, height);
        self.kept.push(Kept { title: title.clone(), canvas: (width, height), image: image.clone(), last_use: self.clock });
        self.trim();
        image
    }

    fn trim(&mut self) {
        let bytes = |k: &Kept| k.image.as_ref().map_or(0, |i| i.picture.byte_len());
        while self.kept.len() > 1 && (self.kept.iter().map(bytes).sum::<usize>() > CACHE_BYTES || self.kept.len() > 256) {
            let oldest = self.kept.iter().enumerate().min_by_key(|(_, k)| k.last_use).map_or(0, |(i, _)| i);
            self.kept.swap_remove(oldest);
        }
    }

    fn draw(&mut self, title: &Title, width: u32, height: u32) -> Option<TitleImage> {
        let _span = tracing::debug_span!("title", width, height).entered();
        if title.text.trim().is_empty() || width == 0 || height == 0 {
            return None;
        }
        let Laid { glyphs, lines, .. } = self.place(title, width, height);
        let s = &title.style;
        let h = height as f32;
        let outline = (s.outline.max(0.0) * h).min(h / 4.0);
        let shadow = (s.shadow.0 * h, s.shadow.1 * h);
        let has_shadow = s.shadow_color[3] > 0.0;
        let blur = if has_shadow { (s.shadow_blur.max(0.0) * h).min(h / 4.0) } else { 0.0 };
        // ink reaches this far from the glyphs
        let reach = (outline + if has_shadow { blur * 1.5 + shadow.0.abs().max(shadow.1.abs()) } else { 0.0 }).ceil() as i32 + 2;
        let mut bounds: Option<[i32; 4]> = None;
        let fonts = self.fonts.as_mut()?;
        for g in &glyphs {
            if let Some(image) = self.glyphs.get_image(fonts, g.key) {
                let p = image.placement;
                let (l, t) = (g.x + p.left, g.y - p.top);
                let b = [l, t, l + p.width as i32, t + p.height as i32];
                bounds = Some(bounds.map_or(b, |o| [o[0].min(b[0]), o[1].min(b[1]), o[2].max(b[2]), o[3].max(b[3])]));
            }
        }
        let mut b = bounds?;
        let pad = (s.box_color[3] > 0.0).then(|| (s.box_pad.max(0.0) * h).min(h / 4.0));
        let plates: Vec<[f32; 4]> = pad.map_or_else(Vec::new, |pad| lines.iter().map(|l| [l[0] - pad, l[1], l[2] + pad, l[3]]).collect());
        for p in &plates {
            b = [b[0].min(p[0].floor() as i32), b[1].min(p[1].floor() as i32), b[2].max(p[2].ceil() as i32), b[3].max(p[3].ceil() as i32)];
        }
        let (left, top) = ((b[0] - reach).max(0), (b[1] - reach).max(0));
        let (right, bottom) = ((b[2] + reach).min(width as i32), (b[3] + reach).min(height as i32));
        if right <= left || bottom <= top {
            return None;
        }
        let (w, rows) = ((right - left) as usize, (bottom - top) as usize);
        let mut fill = Mask::new(w, rows);
        let mut lit = glyphs.iter().any(|g| g.lit).then(|| Mask::new(w, rows));
        let plate = pad.map(|pad| {
            Mask::plates(
                w,
                rows,
                &plates.iter().map(|p| [p[0] - left as f32, p[1] - top as f32, p[2] - left as f32, p[3] - top as f32]).collect::<Vec<_>>(),
                pad,
            )
        });
        let mut color = vec![[0f32; 4]; 0]; // premultiplied colour glyphs (emoji), only where there are any
        for g in &glyphs {
            let Some(image) = self.glyphs.get_image(fonts, g.key) else { continue };
            let p = image.placement;
            let at = (g.x + p.left - left, g.y - p.top - top);
            match image.content {
                SwashContent::Color => {
                    color.resize(w * rows, [0.0; 4]);
                    blit_color(&image.data, (p.width as usize, p.height as usize), at, &mut color, w);
                }
                _ => {
                    let mask = lit.as_mut().filter(|_| g.lit).unwrap_or(&mut fill);
                    mask.add(&image.data, (p.width as usize, p.height as usize), at);
                }
            }
        }
        let mut body = fill.clone();
        lit.iter().flat_map(|l| &l.values).zip(&mut body.values).for_each(|(l, b)| *b = b.max(*l));
        color.iter().zip(&mut body.values).for_each(|(c, b)| *b = b.max(c[3]));
        let edge = (outline > 0.0 && s.outline_color[3] > 0.0).then(|| body.grown(outline));
        let shade = has_shadow.then(|| edge.as_ref().unwrap_or(&body).moved(shadow.0, shadow.1).blurred(blur));
        let mut data = Vec::with_capacity(w * rows * 4);
        for i in 0..w * rows {
            let mut px = [0f32; 4];
            if let Some(m) = &plate {
                px = over(s.box_color, m.values[i], px);
            }
            if let Some(m) = &shade {
                px = over(s.shadow_color, m.values[i], px);
            }
            if let Some(m) = &edge {
                px = over(s.outline_color, m.values[i], px);
            }
            px = over(s.color, fill.values[i], px);
            if let Some(m) = &lit {
                px = over(s.lit_color, m.values[i], px);
            }
            if let Some(c) = color.get(i) {
                px = std::array::from_fn(|k| c[k] + px[k] * (1.0 - c[3]));
            }
            let straight = if px[3] > 0.0 { 1.0 / px[3] } else { 0.0 };
            let byte = |v: f32| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
            data.extend([byte(px[0] * straight), byte(px[1] * straight), byte(px[2] * straight), byte(px[3])]);
        }
        let picture = Picture::from_packed(PixelFormat::Rgba8, w as u32, rows as u32, data, ColorTags::SRGB).ok()?;
        Some(TitleImage { picture, left, top })
    }

    /// Shapes and lays out; reads the system's fonts if a glyph or the family is missing.
    fn place(&mut self, title: &Title, width: u32, height: u32) -> Laid {
        let fonts = self.fonts.get_or_insert_with(|| {
            let mut db = fontdb::Database::new();
            for data in BUNDLED {
                db.load_font_source(fontdb::Source::Binary(Arc::new(data)));
            }
            for data in std::mem::take(&mut self.further) {
                db.load_font_source(fontdb::Source::Binary(Arc::new(data)));
            }
            db.set_sans_serif_family(BUNDLED_FAMILY);
            // one locale for all, so that the same project gives the same picture everywhere
            FontSystem::new_with_locale_and_db("en-US".into(), db)
        });
        if !self.has_system_fonts && !has_family(fonts, &title.style.family) {
            load_system_fonts(fonts);
            self.has_system_fonts = true;
        }
        let laid = layout(fonts, title, width, height);
        if laid.complete || self.has_system_fonts {
            return laid;
        }
        load_system_fonts(fonts);
        self.has_system_fonts = true;
        layout(fonts, title, width, height)
    }
}

fn load_system_fonts(fonts: &mut FontSystem) {
    let _span = tracing::info_span!("system fonts").entered();
    let db = fonts.db_mut();
    db.load_system_fonts();
    // An installed Inter of another version would change titles depending on what was drawn before.
    let is_installed = |f: &&fontdb::FaceInfo| !matches!(f.source, fontdb::Source::Binary(_));
    let is_inter = |f: &&fontdb::FaceInfo| f.families.iter().any(|(name, _)| name == BUNDLED_FAMILY);
    let rivals: Vec<_> = db.faces().filter(is_installed).filter(is_inter).map(|f| f.id).collect();
    rivals.into_iter().for_each(|id| db.remove_face(id));
}

fn has_family(fonts: &FontSystem, family: &str) -> bool {
    fonts.db().faces().any(|f| f.families.iter().any(|(name, _)| name.eq_ignore_ascii_case(family)))
}

/// Glyphs and lines in canvas pixels.
fn layout(fonts: &mut FontSystem, title: &Title, width: u32, height: u32) -> Laid {
    let s = &title.style;
    let h = height as f32;
    let size = (s.size * h).clamp(MIN_SIZE_PX, 4.0 * h.max(1.0));
    let line = (s.line_height * size).max(1.0);
    let family = if has_family(fonts, &s.family) { s.family.as_str() } else { BUNDLED_FAMILY };
    let mut attrs = Attrs::new().family(Family::Name(family)).weight(Weight(s.weight.clamp(1, 1000))).letter_spacing(s.tracking);
    if s.italic {
        attrs = attrs.style(Style::Italic); // slanted by cosmic-text where the family has no italic face
    }
    let mut buffer = Buffer::new(fonts, Metrics::new(size, line));
    buffer.set_wrap(Wrap::WordOrGlyph);
    buffer.set_size(Some(width as f32 * WRAP_WIDTH), None);
    buffer.set_text(&title.text, &attrs, Shaping::Advanced, Some(Align::Left));
    buffer.shape_until_scroll(fonts, false);
    let extent = |run: &cosmic_text::LayoutRun<'_>| {
        let lo = run.glyphs.iter().map(|g| g.x).fold(f32::INFINITY, f32::min);
        let hi = run.glyphs.iter().map(|g| g.x + g.w).fold(f32::NEG_INFINITY, f32::max);
        if lo <= hi { (lo, hi) } else { (0.0, 0.0) }
    };
    let (mut block_w, mut block_h) = (0f32, 0f32);
    for run in buffer.layout_runs() {
        let (lo, hi) = extent(&run);
        block_w = block_w.max(hi - lo);
        block_h = block_h.max(run.line_top + run.line_height);
    }
    let left = title.position.0 * width as f32 - block_w / 2.0;
    let top = title.position.1 * h - block_h / 2.0;
    let mut laid = Laid { complete: true, ..Laid::default() };
    // where each line of the text begins, in bytes
    let starts: Vec<usize> = std::iter::once(0).chain(title.text.match_indices('\n').map(|(i, _)| i + 1)).collect();
    let (lit_from, lit_to) = (s.lit.0 as usize, s.lit.1 as usize);
    for run in buffer.layout_runs() {
        let (lo, hi) = extent(&run);
        let free = block_w - (hi - lo);
        let shift = match s.align {
            TextAlign::Left => 0.0,
            TextAlign::Center => free / 2.0,
            TextAlign::Right => free,
        };
        if hi > lo {
            laid.lines.push([left + shift, top + run.line_top, left + shift + hi - lo, top + run.line_top + run.line_height]);
        }
        let line_start = starts.get(run.line_i).copied().unwrap_or(0);
        for g in run.glyphs {
            laid.complete &= g.glyph_id != 0 || run.text[g.start..g.end].chars().all(char::is_control);
            let p = g.physical((left + shift - lo, top + run.line_y), 1.0);
            let lit = (lit_from..lit_to).contains(&(line_start + g.start));
            laid.glyphs.push(Placed { key: p.cache_key, x: p.x, y: p.y, lit });
        }
    }
    laid
}

/// Adds a straight-alpha colour glyph to premultiplied pixels.
fn blit_color(data: &[u8], size: (usize, usize), at: (i32, i32), out: &mut [[f32; 4]], stride: usize) {
    let rows = out.len() / stride.max(1);
    for (i, s) in data.as_chunks::<4>().0.iter().enumerate().take(size.0 * size.1) {
        let (x, y) = (at.0 + (i % size.0) as i32, at.1 + (i / size.0) as i32);
        if x >= 0 && y >= 0 && (x as usize) < stride && (y as usize) < rows {
            let a = f32::from(s[3]) / 255.0;
            let px = &mut out[y as usize * stride + x as usize];
            let c = [f32::from(s[0]) / 255.0 * a, f32::from(s[1]) / 255.0 * a, f32::from(s[2]) / 255.0 * a, a];
            *px = std::array::from_fn(|k| c[k] + px[k] * (1.0 - a));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::CaptionId,
        model::{Caption, CaptionStyle},
    };

    /// A caption in a look, after half of its time: its pixels with their places.
    fn drawn(style: &str, text: &str) -> Vec<(i32, i32, [u8; 4])> {
        let c = Caption { id: CaptionId(1), start: 0, duration: 100, text: text.into(), words: Vec::new() };
        let image = TextEngine::new().title(&c.title(CaptionStyle::of(style).unwrap(), 60), 640, 360).unwrap();
        let p = &image.picture;
        let pixels = p.plane(0).as_chunks::<4>().0.iter().enumerate();
        let place = |i: usize| (image.left + (i as i32) % p.width as i32, image.top + (i as i32) / p.width as i32);
        pixels.map(|(i, px)| (place(i).0, place(i).1, *px)).collect()
    }

    fn extent<'a>(pixels: impl Iterator<Item = &'a (i32, i32, [u8; 4])>) -> (i32, i32) {
        pixels.fold((i32::MAX, i32::MIN), |(low, high), p| (low.min(p.0), high.max(p.0)))
    }

    #[test]
    fn a_boxed_caption_stands_on_a_plate_that_is_wider_than_it() {
        let all = drawn("boxed", "Hello there");
        let letters = extent(all.iter().filter(|p| p.2[0] > 200 && p.2[3] > 200));
        let plate = extent(all.iter().filter(|p| p.2[3] > 150 && p.2[0] < 60));
        assert!(plate.0 < letters.0 - 3 && plate.1 > letters.1 + 3, "{plate:?} {letters:?}");
        let clean = drawn("clean", "Hello there");
        let edge = clean.iter().filter(|p| p.2[3] > 150 && p.2[0] < 60).count();
        assert!(edge < all.iter().filter(|p| p.2[3] > 150 && p.2[0] < 60).count());
    }

    #[test]
    fn the_spoken_word_alone_is_lit_and_stands_where_its_script_reads() {
        let is_lit = |p: &&(i32, i32, [u8; 4])| p.2[3] > 200 && p.2[0] > 200 && p.2[2] < 120;
        let is_plain = |p: &&(i32, i32, [u8; 4])| p.2[3] > 200 && p.2[2] > 200;
        // the second of two equal words is said
        let latin = drawn("karaoke", "aaaa bbbb");
        let (lit, plain) = (extent(latin.iter().filter(is_lit)), extent(latin.iter().filter(is_plain)));
        assert!(lit.0 > plain.1, "{lit:?} right of {plain:?}");
        let hebrew = drawn("karaoke", "אאאא בבבב");
        let (lit, plain) = (extent(hebrew.iter().filter(is_lit)), extent(hebrew.iter().filter(is_plain)));
        assert!(lit.1 < plain.0, "{lit:?} left of {plain:?}");
        assert_eq!(drawn("bold", "aaaa bbbb").iter().filter(is_lit).count(), 0);
    }
}
