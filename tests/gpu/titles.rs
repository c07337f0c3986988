//! Titles and the offline slate.

use crate::support::*;
use montage_ai::{
    base::PixelFormat,
    gpu::{Output, text::TextEngine},
    model::{TextAlign, TextStyle, Title},
    plan::Source,
};

fn title(text: &str) -> Title {
    Title { text: text.into(), style: TextStyle::default(), position: (0.5, 0.5) }
}

#[test]
fn a_title_has_ink_and_stays_inside_the_frame() {
    let mut engine = TextEngine::new();
    for text in ["Dawn", "A long line that has to wrap because no frame is as wide as all of these words together", "Two\nlines"] {
        let image = engine.title(&title(text), 640, 360).expect("ink");
        let p = &image.picture;
        assert!(image.left > 0 && image.top > 0, "{text}");
        assert!(image.left as u32 + p.width < 640 && image.top as u32 + p.height < 360, "{text}");
        let solid = (0..p.height).flat_map(|y| p.row(0, y).as_chunks::<4>().0.iter().filter(|c| c[3] == 255 && c[0] == 255)).count();
        assert!(solid > 200, "{text}: {solid} pixels of ink");
    }
}

#[test]
fn an_empty_title_draws_nothing() {
    assert!(TextEngine::new().title(&title("  \n"), 640, 360).is_none());
    assert!(TextEngine::new().title(&title("x"), 0, 0).is_none());
}

#[test]
fn alignment_moves_short_lines_inside_the_block() {
    let mut engine = TextEngine::new();
    // leftmost ink of the second, short line
    let mut left = |align| {
        let mut t = title("A much longer line\nI");
        t.style = TextStyle { align, shadow_color: [0.0; 4], ..t.style };
        let i = engine.title(&t, 640, 360).unwrap();
        let p = &i.picture;
        let lower = p.height * 3 / 4..p.height;
        lower.filter_map(|y| p.row(0, y).as_chunks::<4>().0.iter().position(|c| c[3] > 128)).min().unwrap()
    };
    let (l, c, r) = (left(TextAlign::Left), left(TextAlign::Center), left(TextAlign::Right));
    assert!(l + 50 < c && c + 50 < r, "{l} {c} {r}");
}

#[test]
fn outline_and_tracking_widen_the_ink() {
    let mut engine = TextEngine::new();
    let mut width = |change: fn(&mut TextStyle)| {
        let mut t = title("Wide");
        t.style.shadow_color = [0.0; 4];
        change(&mut t.style);
        let p = engine.title(&t, 640, 360).unwrap().picture;
        let ink = |x: usize| (0..p.height).any(|y| p.row(0, y)[4 * x + 3] > 0);
        let inked: Vec<usize> = (0..p.width as usize).filter(|x| ink(*x)).collect();
        inked[inked.len() - 1] - inked[0]
    };
    let plain = width(|_| ());
    assert!(width(|s| s.outline = 0.01) >= plain + 4);
    assert!(width(|s| s.tracking = 0.2) > plain + 10);
    assert!(width(|s| s.weight = 400) < plain);
}

#[test]
fn a_title_lies_over_the_picture_below() {
    for (name, mut r) in renderers() {
        let layers = vec![
            layer(vec![input(Source::Solid([0.0, 0.0, 1.0, 1.0]), IDENTITY, (320, 180), 1.0)]),
            layer(vec![input(Source::Title(title("Title")), IDENTITY, (320, 180), 1.0)]),
        ];
        let got = draw(&mut *r, &plan(320, 180, layers), &[], Output::Planes(PixelFormat::Rgba8));
        let px = |x: u32, y: u32| std::array::from_fn::<i32, 3, _>(|k| sample(&got, 0, 4 * x + k as u32, y));
        assert_eq!(px(2, 2), [0, 0, 255], "{name}");
        let whites = (0..180).flat_map(|y| (0..320).map(move |x| (x, y))).filter(|(x, y)| px(*x, *y) == [255; 3]).count();
        assert!(whites > 50, "{name}: {whites} white pixels");
    }
}

#[test]
fn offline_media_shows_a_slate_and_not_black() {
    for (name, mut r) in renderers() {
        let layers = vec![layer(vec![input(media(7), IDENTITY, (320, 180), 1.0)])];
        let got = draw(&mut *r, &plan(320, 180, layers), &[], Output::Planes(PixelFormat::Rgba8));
        let (mut least, mut most) = (255, 0);
        for y in 0..180 {
            for x in 0..320 {
                let v = sample(&got, 0, 4 * x, y);
                (least, most) = (least.min(v), most.max(v));
            }
        }
        assert!(least >= 20, "{name}: {least} is black");
        assert!(most > 120, "{name}: the words are missing");
    }
}
