//! What the looks of captions look like: golden pictures of each, in scripts from left to right, from right to left, without spaces, and
//! in colour. `UPDATE_GOLDEN=1 cargo test --test gpu golden` makes them anew; look at them then.

use montage_ai::{
    base::{CaptionId, FrameRate, Picture, PixelFormat},
    edit::{EditCommand, apply},
    gpu::text::TextEngine,
    model::{Caption, CaptionStyle, Project, Sequence, caption_styles},
};
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// One picture of a golden sheet.
const TILE: (u32, u32) = (480, 270);
/// For the look that is meant for upright pictures.
const UPRIGHT: (u32, u32) = (270, 480);

/// What is said: with an accent and a comma below the line, Hebrew and Arabic, Chinese and Japanese, emoji.
const SAID: [&str; 4] = [
    "Der Wind kam früh, sagte er,\nund jagte uns heim.",
    "שלום עולם, יום טוב!\nمرحبا بالعالم، كيف الحال؟",
    "你好，世界。\n今日はいい天気",
    "Ahoi 👋🎉\nund los ⛵",
];

fn here(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(part)
}

fn engine() -> TextEngine {
    let fonts = ["hebrew.ttf", "arabic.ttf", "cjk.otf", "emoji.ttf"];
    TextEngine::with_typefaces(fonts.iter().map(|f| std::fs::read(here("fonts").join(f)).unwrap()).collect())
}

/// A background from dark to light: a look must be readable on both.
fn background(size: (u32, u32)) -> Vec<[u8; 3]> {
    (0..size.0 * size.1).map(|i| [(40 + 180 * (i % size.0) / size.0) as u8; 3]).collect()
}

/// A caption in the middle of its time, over the background.
fn drawn(engine: &mut TextEngine, style: &CaptionStyle, text: &str, size: (u32, u32)) -> Vec<[u8; 3]> {
    let caption = Caption { id: CaptionId(1), start: 0, duration: 100, text: text.into(), words: vec![] };
    let image = engine.title(&caption.title(style, 40), size.0, size.1).expect("ink");
    let mut out = background(size);
    let p: &Picture = &image.picture;
    for y in 0..p.height {
        for (x, px) in p.row(0, y).as_chunks::<4>().0.iter().enumerate().take(p.width as usize) {
            let (cx, cy) = (image.left + x as i32, image.top + y as i32);
            assert!((0..size.0 as i32).contains(&cx) && (0..size.1 as i32).contains(&cy), "it lies on the picture");
            let to = &mut out[(cy as u32 * size.0 + cx as u32) as usize];
            let a = u32::from(px[3]);
            for (to, from) in to.iter_mut().zip(&px[..3]) {
                *to = ((u32::from(*from) * a + u32::from(*to) * (255 - a) + 127) / 255) as u8;
            }
        }
    }
    out
}

/// All that is said in a look: two by two.
fn sheet(style: &CaptionStyle) -> image::RgbImage {
    let mut engine = engine();
    let (w, h) = if style.name == "short" { UPRIGHT } else { TILE };
    let mut sheet = image::RgbImage::new(2 * w, 2 * h);
    for (i, text) in SAID.iter().enumerate() {
        let (left, top) = (i as u32 % 2 * w, i as u32 / 2 * h);
        for (n, px) in drawn(&mut engine, style, text, (w, h)).into_iter().enumerate() {
            sheet.put_pixel(left + n as u32 % w, top + n as u32 / w, image::Rgb(px));
        }
    }
    sheet
}

#[test]
fn each_look_is_as_its_golden_picture_in_every_script() {
    for style in caption_styles() {
        let path = here("gpu/captions").join(format!("{}.png", style.name));
        let now = sheet(style);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            now.save(&path).unwrap();
        }
        let golden = image::open(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).to_rgb8();
        assert_eq!(now.dimensions(), golden.dimensions(), "{}", style.name);
        // rounding may differ from processor to processor, shapes may not
        let off = now.as_raw().iter().zip(golden.as_raw()).filter(|(a, b)| a.abs_diff(**b) > 8).count();
        assert!(off <= now.as_raw().len() / 20_000, "{}: {off} values differ", style.name);
    }
}

#[test]
fn every_script_has_its_glyphs_and_the_spoken_word_its_colour() {
    let mut engine = engine();
    for style in caption_styles() {
        let size = if style.name == "short" { UPRIGHT } else { TILE };
        for text in SAID {
            let changed = drawn(&mut engine, style, text, size).iter().zip(background(size)).filter(|(a, b)| *a != b).count();
            assert!(changed > 800, "{}: {text}: {changed} pixels of ink", style.name);
        }
        // two letters that Arabic joins take less room than both alone
        let image = |engine: &mut TextEngine, text: &str| {
            let caption = Caption { id: CaptionId(1), start: 0, duration: 10, text: text.into(), words: vec![] };
            engine.title(&caption.title(style, 0), 800, 450).unwrap().picture
        };
        assert!(image(&mut engine, "مرحبا").width < image(&mut engine, "م ر ح ب ا").width, "{}", style.name);
        // emoji bring colours that no style has
        let p = image(&mut engine, "⛵🎉");
        let colours =
            (0..p.height).flat_map(|y| p.row(0, y).as_chunks::<4>().0.to_vec()).filter(|c| c[3] > 200 && c[0].abs_diff(c[2]) > 60);
        assert!(p.format == PixelFormat::Rgba8 && colours.count() > 50, "{}", style.name);
    }
}

proptest! {
    /// Whatever is done to captions, no two stand on the picture at once, and each frame shows the one it should.
    #[test]
    fn captions_never_overlap(edits in prop::collection::vec((0i64..400, 1i64..80, any::<bool>()), 1..25)) {
        let mut p = Project::new("p", Sequence::new(320, 180, FrameRate::FPS_25));
        for (i, (start, duration, move_first)) in edits.into_iter().enumerate() {
            let first = p.sequence.captions.first().map(|c| c.id).filter(|_| move_first);
            let caption = |id| Caption { id, start, duration, text: format!("c{i}"), words: vec![] };
            let edit = match first {
                Some(id) => EditCommand::SetCaption { caption: caption(id) },
                None => EditCommand::AddCaption { caption: caption(CaptionId(1000 + i as u64)) },
            };
            // what would overlap is refused or makes room: either way the rule holds
            if let Ok(next) = apply(&p, &edit) {
                p = next;
            }
            let all = &p.sequence.captions;
            for pair in all.windows(2) {
                prop_assert!(pair[0].end() <= pair[1].start, "{pair:?}");
            }
            for frame in (0..480).step_by(7) {
                let standing = all.iter().filter(|c| (c.start..c.end()).contains(&frame)).count();
                prop_assert!(standing <= 1);
                prop_assert_eq!(p.sequence.caption_at(frame).map(|c| c.id), all.iter().find(|c| (c.start..c.end()).contains(&frame)).map(|c| c.id));
            }
        }
    }
}
