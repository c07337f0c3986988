//! Nested sequences: a group is mixed as one picture, a nest that changes nothing cannot be told from what it holds, and
//! the processor and the device agree within one code value of 8 bit.

use crate::support::*;
use montage_ai::{
    base::{
        ColorTags, Picture, PixelFormat,
        color::{Matrix, Primaries, Range, Transfer},
    },
    gpu::{Output, Renderer},
    model::{Blend, EffectKind, TextStyle, Title},
    plan::{Adjust, Affine2, FramePlan, Input, Layer, Mask, Source},
};
use std::sync::Arc;

const W: u32 = 320;
const H: u32 = 180;

/// A plan with a hash of its own, as planned ones have.
fn hashed(layers: Vec<Layer>, hash: u64) -> FramePlan {
    FramePlan { hash, ..plan(W, H, layers) }
}

fn nest(inner: FramePlan, transform: Affine2, weight: f32) -> Input {
    let size = (inner.width, inner.height);
    input(Source::Nested(Arc::new(inner)), transform, size, weight)
}

fn solid(rgb: [f32; 3], weight: f32) -> Layer {
    layer(vec![input(Source::Solid([rgb[0], rgb[1], rgb[2], 1.0]), IDENTITY, (W, H), weight)])
}

fn moved(x: f64, y: f64) -> Affine2 {
    Affine2([1.0, 0.0, x, 0.0, 1.0, y])
}

fn title() -> Layer {
    let style = TextStyle { size: 0.3, color: [1.0, 0.6, 0.1, 1.0], outline: 0.02, ..TextStyle::default() };
    let title = Title { text: "Inner".into(), style, position: (0.5, 0.5) };
    layer(vec![input(Source::Title(title), IDENTITY, (W, H), 1.0)])
}

fn busy(seed: u32, format: PixelFormat, color: ColorTags) -> Picture {
    let max = (1u32 << format.bits()) - 1;
    picture(format, W, H, color, |plane, x, y| {
        let wave = ((x + seed * 17) as f32 * 0.11).sin() * ((y + plane as u32 * 31) as f32 * 0.07).cos();
        // inside the gamut: outside it, small sums of large numbers would show the device's half floats in the dark
        let colorful = if color.is_hdr() { 0.015 } else { 0.05 };
        let depth = if plane == 0 || format.is_rgb() { 0.35 } else { colorful };
        ((0.5 + depth * wave) * max as f32) as u16
    })
}

fn pictures() -> [Picture; 3] {
    [
        busy(1, PixelFormat::I420, ColorTags::BT709),
        busy(2, PixelFormat::Nv12, ColorTags::BT709),
        busy(3, PixelFormat::Rgba8, ColorTags::SRGB),
    ]
}

fn full(n: u64) -> Layer {
    layer(vec![input(media(n), IDENTITY, (W, H), 1.0)])
}

fn rgba(r: &mut dyn Renderer, p: &FramePlan) -> Picture {
    draw(r, p, &pictures(), Output::Planes(PixelFormat::Rgba8))
}

fn pixel(p: &Picture, x: u32, y: u32) -> [i32; 3] {
    std::array::from_fn(|k| sample(p, 0, 4 * x + k as u32, y))
}

#[test]
fn a_half_transparent_group_is_one_picture_and_not_two_half_transparent_ones() {
    let light = |v: f64| Transfer::Srgb.to_linear(v);
    let code = |l: f64| (255.0 * Transfer::Srgb.from_linear(l)).round() as i32;
    for (name, mut r) in renderers() {
        // grey below; a group of red under blue, which hides the red
        let inner = hashed(vec![solid([1.0, 0.0, 0.0], 1.0), solid([0.0, 0.0, 1.0], 1.0)], 1);
        let group = hashed(vec![solid([0.5; 3], 1.0), layer(vec![nest(inner, IDENTITY, 0.5)])], 2);
        let half_grey = 0.5 * light(0.5);
        let want = [code(half_grey), code(half_grey), code(half_grey + 0.5)];
        let got = pixel(&rgba(&mut *r, &group), 50, 50);
        assert!(got.iter().zip(want).all(|(a, b)| (a - b).abs() <= 1), "{name}: {got:?} for {want:?}");
        let each = hashed(vec![solid([0.5; 3], 1.0), solid([1.0, 0.0, 0.0], 0.5), solid([0.0, 0.0, 1.0], 0.5)], 3);
        let each = pixel(&rgba(&mut *r, &each), 50, 50);
        assert!(each[0] > got[0] + 40, "{name}: red would shine through: {each:?}, {got:?}");
    }
}

/// Layers that are laid over each other, and others that are not; the first hides all below.
fn inner_sequences() -> [Vec<Layer>; 3] {
    let inset = Input { weight: 0.7, ..input(media(2), Affine2([0.5, -0.1, 90.0, 0.1, 0.5, 30.0]), (W, H), 1.0) };
    let effects = vec![EffectKind::Contrast { amount: 1.2, pivot: 0.5 }, EffectKind::Saturation { amount: 0.6 }];
    let adjust = Layer { adjust: Some(Adjust { effects, weight: 0.8 }), ..Layer::default() };
    let screen = Layer { blend: Blend::Screen, ..layer(vec![inset.clone()]) };
    let multiply = Layer { blend: Blend::Multiply, ..layer(vec![inset.clone()]) };
    [
        vec![full(0), layer(vec![inset]), title()],
        vec![full(1), multiply, adjust.clone()],
        vec![layer(vec![input(media(0), IDENTITY, (W, H), 0.4), input(media(1), IDENTITY, (W, H), 0.6)]), adjust, screen],
    ]
}

#[test]
fn a_nest_that_is_left_alone_is_the_inner_sequence() {
    for (name, mut r) in renderers() {
        for (n, layers) in inner_sequences().into_iter().enumerate() {
            let direct = rgba(&mut *r, &hashed(layers.clone(), 10 + n as u64));
            let outer = hashed(vec![full(1), layer(vec![nest(hashed(layers, 20 + n as u64), IDENTITY, 1.0)])], 30 + n as u64);
            let d = difference(&direct, &rgba(&mut *r, &outer));
            assert!(d <= 1.0, "{name}: sequence {n} differs by {d}");
        }
    }
}

#[test]
fn what_is_empty_in_a_nest_shows_what_lies_below() {
    for (name, mut r) in renderers() {
        let mut by_itself = title();
        by_itself.inputs[0].transform = moved(13.0, -7.0);
        let want = rgba(&mut *r, &hashed(vec![full(0), by_itself], 1));
        let got = rgba(&mut *r, &hashed(vec![full(0), layer(vec![nest(hashed(vec![title()], 2), moved(13.0, -7.0), 1.0)])], 3));
        let d = difference(&want, &got);
        assert!(d <= 1.0, "{name}: {d}");
        let nothing = rgba(&mut *r, &hashed(vec![full(0), layer(vec![nest(hashed(vec![], 4), IDENTITY, 0.5)])], 5));
        assert!(difference(&nothing, &rgba(&mut *r, &hashed(vec![full(0)], 6))) == 0.0, "{name}: an empty nest");
        // over nothing there is nothing to multiply with, and nothing that an adjustment could change
        let lift = EffectKind::Wheels { lift: [0.5; 3], gamma: [1.0; 3], gain: [1.0; 3] };
        let adjust = Layer { adjust: Some(Adjust { effects: vec![lift], weight: 1.0 }), ..Layer::default() };
        let multiply = Layer { blend: Blend::Multiply, ..solid([0.6, 0.2, 0.4], 1.0) };
        let inner = |layers| hashed(vec![full(0), layer(vec![nest(hashed(layers, 7), moved(100.0, 0.0), 1.0)])], 8);
        let got = rgba(&mut *r, &inner(vec![multiply]));
        assert!(pixel(&got, 200, 90).iter().zip([153, 51, 102]).all(|(a, b)| (a - b).abs() <= 1), "{name}");
        let mut other = inner(vec![adjust]);
        other.hash = 9;
        let Source::Nested(n) = &mut other.layers[1].inputs[0].source else { panic!() };
        Arc::make_mut(n).hash = 10;
        assert!(difference(&rgba(&mut *r, &other), &rgba(&mut *r, &hashed(vec![full(0)], 6))) == 0.0, "{name}: adjusting nothing");
    }
}

#[test]
fn a_nest_is_drawn_anew_when_its_picture_is_another_though_the_plan_is_the_same() {
    for (name, mut r) in renderers() {
        let inner = hashed(vec![full(0)], 1);
        let p = hashed(vec![layer(vec![nest(inner, Affine2([0.5, 0.0, 0.0, 0.0, 0.5, 0.0]), 1.0)])], 2);
        let grey = |v: u16| picture(PixelFormat::I420, W, H, ColorTags::BT709, move |p, _, _| if p == 0 { v } else { 128 });
        let pictures = [grey(60), grey(200)];
        // a stand-in, the exact one, offline, back again
        for (shown, want) in [(Some(0), 60), (Some(1), 200), (None, 0), (Some(1), 200)] {
            let shown: Vec<Picture> = shown.map(|i: usize| pictures[i].clone()).into_iter().collect();
            let got = draw(&mut *r, &p, &shown, Output::Planes(PixelFormat::I420));
            assert!(want == 0 || (sample(&got, 0, 40, 40) - want).abs() <= 1, "{name}: {} for {want}", sample(&got, 0, 40, 40));
        }
    }
}

#[test]
fn nests_in_every_place_are_the_same_on_both() {
    let hdr = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
    let turned = Affine2([0.7, -0.2, 60.0, 0.2, 0.7, -5.0]);
    let mut pair = renderers();
    let mut hash = 100;
    let mut next = || {
        hash += 1;
        hash
    };
    let mut cases: Vec<(String, FramePlan)> = Vec::new();
    for (n, layers) in inner_sequences().into_iter().chain([vec![title()]]).enumerate() {
        let places = [
            ("faded", IDENTITY, 0.6),
            ("turned", turned, 0.9),
            ("small", Affine2([0.31, 0.0, 100.5, 0.0, 0.31, 20.25]), 1.0),
            ("large", Affine2([1.7, 0.0, -50.0, 0.0, 1.7, -30.0]), 1.0),
            ("a quarter turn", Affine2([0.0, -1.0, 250.0, 1.0, 0.0, -70.0]), 1.0),
        ];
        for (what, transform, weight) in places {
            let i = nest(hashed(layers.clone(), next()), transform, weight);
            cases.push((format!("sequence {n} {what}"), hashed(vec![full(1), layer(vec![i])], next())));
        }
        let mut graded = nest(hashed(layers.clone(), next()), turned, 1.0);
        graded.effects = vec![EffectKind::Exposure { stops: 0.5 }, EffectKind::Contrast { amount: 1.3, pivot: 0.4 }];
        graded.crop = [20.0, 10.5, 280.0, 150.0];
        let edge = [0.8, 0.6, -170.0];
        let wiped = Input { mask: Some(Mask { edge, softness: 60.0 }), ..graded };
        let other = Input { mask: Some(Mask { edge: edge.map(|v: f64| -v), softness: 60.0 }), ..input(media(0), IDENTITY, (W, H), 1.0) };
        cases.push((format!("sequence {n} in a wipe"), hashed(vec![full(1), layer(vec![wiped, other])], next())));
        let middle = hashed(vec![layer(vec![nest(hashed(layers, next()), turned, 0.8)]), title()], next());
        cases.push((format!("sequence {n} in a sequence"), hashed(vec![full(0), layer(vec![nest(middle, turned, 0.7)])], next())));
    }
    let bright = busy(4, PixelFormat::P010, hdr);
    let wide = FramePlan { color: hdr, ..hashed(vec![layer(vec![input(media(3), IDENTITY, (W, H), 1.0)]), title()], next()) };
    cases.push(("HDR in SDR".into(), hashed(vec![layer(vec![nest(wide, IDENTITY, 1.0)])], next())));
    let pictures: Vec<Picture> = pictures().into_iter().chain([bright]).collect();
    for (what, p) in cases {
        let drawn: Vec<Picture> = pair.iter_mut().map(|(_, r)| draw(&mut **r, &p, &pictures, Output::Planes(PixelFormat::Rgba8))).collect();
        let d = difference(&drawn[0], &drawn[1]);
        // the nest and the canvas are both rounded to half floats on the device
        assert!(d <= 1.0, "{what}: {d} code values apart");
    }
}
