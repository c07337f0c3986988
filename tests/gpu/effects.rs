//! Effects, adjustments and masks: against their formulas, and the processor against the device. Allowed between the two:
//! one code value of 8 bit, two after an adjustment (its input is rounded to half floats on the device, and contrast
//! makes more of that).

use crate::support::*;
use montage_ai::{
    base::{ColorTags, PixelFormat, color::Transfer},
    gpu::{CpuRenderer, Output, Renderer},
    model::{Blend, EffectKind, TextStyle, Title},
    plan::{Adjust, FramePlan, Input, Layer, Mask, Source},
};

const W: u32 = 320;
const H: u32 = 180;

const STRONG: [EffectKind; 6] = [
    EffectKind::Exposure { stops: 0.7 },
    EffectKind::WhiteBalance { temperature: 0.4, tint: -0.3 },
    EffectKind::Contrast { amount: 1.3, pivot: 0.45 },
    EffectKind::Saturation { amount: 1.4 },
    EffectKind::Wheels { lift: [0.05, -0.03, 0.1], gamma: [1.2, 0.9, 1.0], gain: [1.1, 0.95, 0.8] },
    EffectKind::Vignette { amount: 0.8, radius: 0.3, softness: 0.7 },
];

fn with(effects: &[EffectKind], i: Input) -> Input {
    Input { effects: effects.to_vec(), ..i }
}

fn whole(source: Source) -> Input {
    input(source, IDENTITY, (W, H), 1.0)
}

fn adjustment(effects: &[EffectKind], weight: f32) -> Layer {
    Layer { adjust: Some(Adjust { effects: effects.to_vec(), weight }), ..Layer::default() }
}

fn mask(edge: [f64; 3], softness: f64) -> Option<Mask> {
    Some(Mask { edge, softness })
}

/// R'G'B' 0–1 of a pixel on every renderer.
fn pixels(layers: &[Layer], x: u32, y: u32) -> Vec<(&'static str, [f64; 3])> {
    let p = plan(W, H, layers.to_vec());
    let seen = |(name, mut r): (&'static str, Box<dyn Renderer>)| {
        let got = draw(&mut *r, &p, &[], Output::Planes(PixelFormat::Rgba16));
        (name, std::array::from_fn(|k| f64::from(sample(&got, 0, 4 * x + k as u32, y)) / 65535.0))
    };
    renderers().into_iter().map(seen).collect()
}

fn light(v: f64) -> f64 {
    Transfer::Bt709.to_linear(v)
}
fn signal(l: f64) -> f64 {
    Transfer::Bt709.from_linear(l)
}

fn assert_shown(layers: &[Layer], at: (u32, u32), want: [f64; 3], what: &str) {
    for (name, got) in pixels(layers, at.0, at.1) {
        for k in 0..3 {
            let want = want[k].clamp(0.0, 1.0);
            assert!((got[k] - want).abs() < 1.0 / 255.0, "{name}: {what}: {got:?}, component {k} should be {want}");
        }
    }
}

const COLOR: [f64; 3] = [0.6, 0.4, 0.3];

fn solid(a: f32) -> Source {
    Source::Solid([COLOR[0] as f32, COLOR[1] as f32, COLOR[2] as f32, a])
}

#[test]
fn each_effect_does_what_its_formula_says_on_a_clip_and_as_an_adjustment() {
    let l = COLOR.map(light);
    let y = 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2];
    let wheels = |v: f64| (1.2 * (v + 0.1 * (1.0 - v))).powf(1.0 / 1.5);
    let wb = [2f64.powf(0.5), 1.0, 2f64.powf(-0.5)];
    let grey = 0.2126 * wb[0] + 0.7152 * wb[1] + 0.0722 * wb[2];
    let cases = [
        (EffectKind::Exposure { stops: 1.0 }, l.map(|v| signal(2.0 * v))),
        (EffectKind::WhiteBalance { temperature: 0.5, tint: 0.0 }, std::array::from_fn(|i| signal(l[i] * wb[i] / grey))),
        (EffectKind::Contrast { amount: 1.5, pivot: 0.4 }, COLOR.map(|v| 0.4 + (v - 0.4) * 1.5)),
        (EffectKind::Saturation { amount: 0.0 }, [signal(y); 3]),
        (EffectKind::Saturation { amount: 2.0 }, l.map(|v| signal((y + 2.0 * (v - y)).max(0.0)))),
        (EffectKind::Wheels { lift: [0.1; 3], gamma: [1.5; 3], gain: [1.2; 3] }, COLOR.map(wheels)),
    ];
    for (effect, want) in cases {
        assert_shown(&[layer(vec![with(&[effect], whole(solid(1.0)))])], (100, 100), want, &format!("{effect:?}"));
        assert_shown(&[layer(vec![whole(solid(1.0))]), adjustment(&[effect], 1.0)], (100, 100), want, &format!("adjust {effect:?}"));
    }
}

#[test]
fn a_vignette_darkens_from_its_radius_to_the_corners_of_the_picture_and_not_of_the_canvas() {
    let v = EffectKind::Vignette { amount: 0.75, radius: 0.4, softness: 1.0 };
    let dark = COLOR.map(|c| signal(light(c) * 0.25));
    for layers in [vec![layer(vec![with(&[v], whole(solid(1.0)))])], vec![layer(vec![whole(solid(1.0))]), adjustment(&[v], 1.0)]] {
        assert_shown(&layers, (160, 90), COLOR, "the middle");
        assert_shown(&layers, (200, 100), COLOR, "inside the radius");
        assert_shown(&layers, (0, 0), dark, "the corner");
        assert_shown(&layers, (319, 179), dark, "the corner");
    }
    // half size in the upper left: the same picture, smaller
    let src = picture(PixelFormat::Rgba8, W, H, ColorTags::SRGB, |_, x, _| if x % 4 == 3 { 255 } else { 200 });
    let at = |scale: f64, px: (u32, u32)| {
        let i = with(&[v], input(media(0), montage_ai::plan::Affine2([scale, 0.0, 0.0, 0.0, scale, 0.0]), (W, H), 1.0));
        let got = draw(&mut CpuRenderer::new(), &plan(W, H, vec![layer(vec![i])]), std::slice::from_ref(&src), Output::Display);
        sample(&got, 0, 4 * px.0, px.1)
    };
    for (x, y) in [(80, 45), (150, 80), (156, 88), (10, 20)] {
        assert!((at(0.5, (x, y)) - at(1.0, (2 * x, 2 * y))).abs() <= 2, "{x},{y}");
    }
}

#[test]
fn effects_work_in_their_order_and_on_straight_colour() {
    let twice = EffectKind::Exposure { stops: 1.0 };
    let flat = EffectKind::Contrast { amount: 0.5, pivot: 0.5 };
    let first = COLOR.map(|c| 0.5 + (signal(2.0 * light(c)) - 0.5) * 0.5);
    let last = COLOR.map(|c| signal(2.0 * light(0.5 + (c - 0.5) * 0.5)));
    assert_shown(&[layer(vec![with(&[twice, flat], whole(solid(1.0)))])], (9, 9), first, "exposure first");
    assert_shown(&[layer(vec![with(&[flat, twice], whole(solid(1.0)))])], (9, 9), last, "exposure last");
    let half = first.map(|c| signal(0.5 * light(c)));
    assert_shown(&[layer(vec![with(&[twice, flat], whole(solid(0.5)))])], (9, 9), half, "half transparent, over black");
}

#[test]
fn an_adjustment_is_mixed_by_its_weight_and_changes_black_too() {
    let lift = EffectKind::Wheels { lift: [0.5; 3], gamma: [1.0; 3], gain: [1.0; 3] };
    assert_shown(&[adjustment(&[lift], 1.0)], (5, 5), [0.5; 3], "black is lifted");
    let up = EffectKind::Exposure { stops: 1.0 };
    let layers = [layer(vec![whole(solid(1.0))]), adjustment(&[up], 0.25)];
    assert_shown(&layers, (5, 5), COLOR.map(|c| signal(light(c) * 1.25)), "a quarter of one stop");
    let top = [layer(vec![whole(solid(1.0))]), adjustment(&[up], 1.0), layer(vec![whole(Source::Solid([0.2, 0.3, 0.4, 1.0]))])];
    assert_shown(&top, (5, 5), [0.2, 0.3, 0.4], "what lies above is left alone");
}

#[test]
fn exposure_brings_back_highlights_of_hdr_that_lie_above_white() {
    let tags = ColorTags {
        primaries: montage_ai::base::color::Primaries::Bt2020,
        transfer: Transfer::Pq,
        matrix: montage_ai::base::color::Matrix::Bt2020,
        range: montage_ai::base::color::Range::Limited,
    };
    let grey = |nits: f64| {
        let y = (64.0 + 876.0 * Transfer::Pq.from_linear(nits / 203.0)).round() as u16;
        picture(PixelFormat::P010, 32, 32, tags, move |p, _, _| if p == 0 { y } else { 512 })
    };
    let i = with(&[EffectKind::Exposure { stops: -3.0 }], input(media(0), IDENTITY, (32, 32), 1.0));
    for (name, mut r) in renderers() {
        let got = draw(&mut *r, &plan(32, 32, vec![layer(vec![i.clone()])]), &[grey(812.0)], Output::Planes(PixelFormat::Rgba16));
        let v = f64::from(sample(&got, 0, 20, 5)) / 65535.0;
        assert!((v - signal(0.5)).abs() < 0.01, "{name}: four times white, three stops down, is half: {v}");
    }
}

#[test]
fn a_wipe_shows_each_side_where_its_mask_says_and_nothing_below_shines_through() {
    let (red, blue) = (whole(Source::Solid([1.0, 0.0, 0.0, 1.0])), whole(Source::Solid([0.0, 0.0, 1.0, 1.0])));
    let wipe = |softness| {
        let out = Input { mask: mask([1.0, 0.0, -100.0], softness), ..red.clone() };
        let into = Input { mask: mask([-1.0, 0.0, 100.0], softness), ..blue.clone() };
        vec![layer(vec![whole(Source::Solid([0.0, 1.0, 0.0, 1.0]))]), layer(vec![out, into])]
    };
    assert_shown(&wipe(1.0), (98, 50), [0.0, 0.0, 1.0], "left of a hard edge");
    assert_shown(&wipe(1.0), (101, 50), [1.0, 0.0, 0.0], "right of a hard edge");
    // pixel centre 120.5 lies 20.5 past the middle of 80 pixels
    let share: f64 = 20.5 / 80.0 + 0.5;
    assert_shown(&wipe(80.0), (120, 50), [signal(share), 0.0, signal(1.0 - share)], "inside a soft edge");
}

fn busy(seed: u32, format: PixelFormat) -> montage_ai::base::Picture {
    let max = (1u32 << format.bits()) - 1;
    let tags = if format.is_rgb() { ColorTags::SRGB } else { ColorTags::BT709 };
    picture(format, W, H, tags, |plane, x, y| {
        let wave = ((x + seed * 17) as f32 * 0.11).sin() * ((y + plane as u32 * 31) as f32 * 0.07).cos();
        // inside the gamut: outside it, small sums of large numbers would show the device's half floats in the dark
        let depth = if plane == 0 || format.is_rgb() { 0.35 } else { 0.05 };
        ((0.5 + depth * wave) * max as f32) as u16
    })
}

/// The two renderers, made once a test: the device's pipelines are kept.
type Pair = Vec<(&'static str, Box<dyn Renderer>)>;

fn twins(pair: &mut Pair, tolerance: f32, label: &str, plan: &FramePlan) {
    let pictures = [busy(1, PixelFormat::I420), busy(2, PixelFormat::Nv12), busy(3, PixelFormat::Rgba8)];
    let drawn: Vec<_> = pair
        .iter_mut()
        .map(|(_, r)| [PixelFormat::I420, PixelFormat::Rgba8].map(|f| draw(&mut **r, plan, &pictures, Output::Planes(f))))
        .collect();
    for (a, b) in drawn[0].iter().zip(&drawn[1]) {
        let d = difference(a, b);
        assert!(d <= tolerance, "{label} to {:?}: {d} code values apart", a.format);
    }
}

#[test]
fn effects_on_every_kind_of_input_are_the_same_on_both() {
    let mut pair = renderers();
    let turned = montage_ai::plan::Affine2([0.7, -0.2, 60.0, 0.2, 0.7, -5.0]);
    let title = Title { text: "Graded".into(), style: TextStyle { size: 0.3, ..TextStyle::default() }, position: (0.5, 0.5) };
    let inputs = [
        whole(media(0)),
        input(media(1), turned, (W, H), 0.8),
        input(media(2), turned, (W, H), 1.0),
        whole(Source::Title(title)),
        whole(solid(0.6)),
    ];
    for (n, i) in inputs.into_iter().enumerate() {
        for effect in STRONG {
            let layers = vec![layer(vec![whole(media(1))]), layer(vec![with(&[effect], i.clone())])];
            twins(&mut pair, 1.0, &format!("input {n}, {effect:?}"), &plan(W, H, layers));
        }
        twins(&mut pair, 1.0, &format!("input {n}, all"), &plan(W, H, vec![layer(vec![with(&STRONG, i)])]));
    }
}

#[test]
fn adjustments_and_wipes_of_pictures_are_the_same_on_both() {
    let mut pair = renderers();
    let below = vec![layer(vec![whole(media(0))]), layer(vec![input(media(2), IDENTITY, (W, H), 0.5)])];
    for effects in STRONG.map(|e| vec![e]).into_iter().chain([STRONG.to_vec()]) {
        let layers = [below.clone(), vec![adjustment(&effects, 0.7), layer(vec![input(media(1), IDENTITY, (W, H), 0.2)])]].concat();
        twins(&mut pair, 2.0, &format!("{effects:?}"), &plan(W, H, layers));
    }
    for (edge, softness) in [([1.0, 0.0, -130.3], 1.0), ([0.6, 0.8, -170.0], 40.0), ([0.0, -1.0, 55.5], 8.0), ([-0.8, 0.6, 20.0], 300.0)] {
        for blend in [Blend::Normal, Blend::Multiply] {
            let other = edge.map(|v: f64| -v);
            let inputs = vec![
                Input { mask: mask(edge, softness), ..whole(media(1)) },
                Input { mask: mask(other, softness), ..with(&STRONG[..2], whole(media(0))) },
            ];
            let layers = [below.clone(), vec![Layer { inputs, blend, adjust: None }]].concat();
            twins(&mut pair, 1.0, &format!("a wipe at {edge:?}, {blend:?}"), &plan(W, H, layers));
        }
    }
}

#[test]
fn extreme_settings_stay_within_the_picture() {
    let extremes = [
        EffectKind::Exposure { stops: 10.0 },
        EffectKind::Saturation { amount: 4.0 },
        EffectKind::Wheels { lift: [-1.0; 3], gamma: [0.1; 3], gain: [4.0; 3] },
        EffectKind::Contrast { amount: 4.0, pivot: 1.0 },
        EffectKind::Exposure { stops: -10.0 },
        EffectKind::Vignette { amount: -1.0, radius: 1.0, softness: 0.0 },
    ];
    for (name, mut r) in renderers() {
        for n in 1..=extremes.len() {
            let layers = vec![layer(vec![with(&extremes[..n], whole(media(0)))]), layer(vec![input(media(1), IDENTITY, (W, H), 0.5)])];
            let pictures = [busy(1, PixelFormat::I420), busy(2, PixelFormat::I420)];
            let got = draw(&mut *r, &plan(W, H, layers), &pictures, Output::Planes(PixelFormat::Rgba8));
            // half of the picture above is there everywhere, whatever became of the one below: no NaN turned it black
            let least = (0..W * H).map(|i| (0..3).map(|k| sample(&got, 0, 4 * (i % W) + k, i / W)).max().unwrap()).min().unwrap();
            assert!(least > 20, "{name}: {n} effects leave {least}");
        }
    }
}
