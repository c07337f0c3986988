//! Bent pictures: where they land, what their borders show, how sharp they stay, and that both renderers draw the same.

use crate::support::*;
use montage_ai::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{Matrix, Primaries, Range, Transfer},
    },
    gpu::{CpuRenderer, GpuRenderer, Output},
    model::{Border, Stabilize},
    plan::{Affine2, Input, Steady, Warp},
};

type Map = [[f64; 3]; 3];

const STILL: Map = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

fn bent(i: Input, maps: Vec<Map>, border: Border) -> Input {
    let warp = Some(Warp { maps, border });
    Input { steady: Some(Box::new(Steady { wish: Stabilize::default(), warp })), ..i }
}

/// A turn, a zoom, a move in widths, a tilt of the camera.
fn shake(degrees: f64, zoom: f64, x: f64, y: f64, tilt: f64) -> Map {
    let (s, c) = degrees.to_radians().sin_cos();
    [[c / zoom, -s / zoom, x], [s / zoom, c / zoom, y], [tilt, -tilt / 2.0, 1.0]]
}

fn wave(format: PixelFormat, w: u32, h: u32, color: ColorTags) -> Picture {
    let max = (1u32 << format.bits()) - 1;
    picture(format, w, h, color, |plane, x, y| {
        let k = if format.is_rgb() { x % 4 } else { plane as u32 };
        let x = if format.is_rgb() { x / 4 } else { x };
        if format.is_rgb() && k == 3 {
            return (if (x / 16 + y / 16) % 3 == 0 { 0.4 } else { 1.0 } * max as f32) as u16;
        }
        let wave = ((x + k * 17) as f32 * 0.31).sin() * ((y + k * 31) as f32 * 0.23).cos();
        let checker = if ((x / 9) + (y / 7)).is_multiple_of(5) { 0.3 } else { 0.0 };
        ((0.5 + 0.3 * wave + 0.5 * checker).clamp(0.05, 0.95) * max as f32) as u16
    })
}

/// Light as it is, so that what is drawn can be reckoned.
fn linear() -> ColorTags {
    ColorTags { primaries: Primaries::Bt709, transfer: Transfer::Linear, matrix: Matrix::Rgb, range: Range::Full }
}

fn both(label: &str, i: Input, source: &Picture, out: PixelFormat) {
    let p = plan(320, 180, vec![layer(vec![i])]);
    let (mut cpu, mut gpu) = (CpuRenderer::new(), GpuRenderer::new(context()).expect("a renderer"));
    let a = draw(&mut cpu, &p, std::slice::from_ref(source), Output::Planes(out));
    let b = draw(&mut gpu, &p, std::slice::from_ref(source), Output::Planes(out));
    let d = difference(&a, &b);
    assert!(d <= 2.0, "{label} to {out:?}: {d} code values apart");
}

#[test]
fn both_renderers_bend_alike() {
    let (w, h) = (320, 180);
    let maps = [
        ("still", vec![STILL]),
        ("turned", vec![shake(3.0, 1.1, 0.01, -0.02, 0.0)]),
        ("tilted", vec![shake(-2.0, 1.05, -0.02, 0.01, 0.08)]),
        ("rows", (0..17).map(|i| shake(f64::from(i) * 0.2 - 1.6, 1.1, (f64::from(i) * 0.7).sin() * 0.02, 0.0, 0.01)).collect()),
        ("three rows", vec![shake(1.0, 1.0, 0.02, 0.0, 0.0), STILL, shake(-1.0, 1.0, -0.02, 0.01, 0.0)]),
    ];
    // each format with each border, each map with all of them
    let formats = [PixelFormat::I420, PixelFormat::P010, PixelFormat::Rgba8];
    let borders = [Border::Crop, Border::Mirror, Border::Fill];
    for (k, format) in formats.into_iter().enumerate() {
        let tags = if format.is_rgb() { ColorTags::SRGB } else { ColorTags::BT709 };
        let source = wave(format, w, h, tags);
        for (i, (name, maps)) in maps.iter().enumerate() {
            let (border, out) = (borders[(i + k) % 3], [PixelFormat::Rgba8, PixelFormat::I420][i % 2]);
            let label = format!("{format:?} {name} {border:?}");
            both(&label, bent(input(media(0), IDENTITY, (w, h), 1.0), maps.clone(), border), &source, out);
        }
    }
}

#[test]
fn both_renderers_bend_turned_and_scaled_pictures_alike() {
    let mut source = wave(PixelFormat::I420, 200, 150, ColorTags::BT709);
    source.pixel_aspect = (12, 11);
    source.rotation = Rotation::Cw90;
    let (w, h) = source.display_size();
    for (name, scale) in [("larger", 1.4), ("smaller", 0.3)] {
        let (s, c) = 20f64.to_radians().sin_cos();
        let (s, c) = (s * scale, c * scale);
        let at = Affine2([
            c,
            -s,
            160.0 - c * f64::from(w) / 2.0 + s * f64::from(h) / 2.0,
            s,
            c,
            90.0 - s * f64::from(w) / 2.0 - c * f64::from(h) / 2.0,
        ]);
        let mut i = bent(input(media(0), at, (w, h), 0.8), vec![shake(2.0, 1.05, 0.03, 0.0, 0.02)], Border::Crop);
        i.crop[0] += 20.0;
        both(name, i, &source, PixelFormat::Rgba8);
    }
}

#[test]
fn a_still_camera_changes_nothing_and_a_move_by_whole_pixels_is_one() {
    let (w, h) = (160, 90);
    let source = wave(PixelFormat::I444p10, w, h, ColorTags::BT709);
    let plain = input(media(0), IDENTITY, (w, h), 1.0);
    let moved = input(media(0), Affine2([1.0, 0.0, 8.0, 0.0, 1.0, -4.0]), (w, h), 1.0);
    // the point that is shown lies 8 left of and 4 below the one where it is shown
    let shift = [[1.0, 0.0, -8.0 / f64::from(w)], [0.0, 1.0, 4.0 / f64::from(w)], [0.0, 0.0, 1.0]];
    for (name, mut r) in renderers() {
        let mut drawn = |i: Input| {
            draw(r.as_mut(), &plan(w, h, vec![layer(vec![i])]), std::slice::from_ref(&source), Output::Planes(PixelFormat::Rgba8))
        };
        for border in [Border::Crop, Border::Fill] {
            let d = difference(&drawn(plain.clone()), &drawn(bent(plain.clone(), vec![STILL], border)));
            assert!(d <= 1.0, "{name}: still, {d}");
        }
        let d = difference(&drawn(moved.clone()), &drawn(bent(plain.clone(), vec![shift], Border::Crop)));
        assert!(d <= 1.0, "{name}: moved, {d}");
    }
}

#[test]
fn turned_media_are_bent_as_they_are_shown() {
    let mut source = wave(PixelFormat::I444p10, 90, 160, ColorTags::BT709);
    source.rotation = Rotation::Cw90;
    let (w, h) = (160, 90);
    assert_eq!(source.display_size(), (w, h));
    let plain = input(media(0), IDENTITY, (w, h), 1.0);
    let moved = input(media(0), Affine2([1.0, 0.0, 8.0, 0.0, 1.0, -4.0]), (w, h), 1.0);
    let shift = [[1.0, 0.0, -8.0 / f64::from(w)], [0.0, 1.0, 4.0 / f64::from(w)], [0.0, 0.0, 1.0]];
    for (name, mut r) in renderers() {
        let mut drawn = |i: Input| {
            draw(r.as_mut(), &plan(w, h, vec![layer(vec![i])]), std::slice::from_ref(&source), Output::Planes(PixelFormat::Rgba8))
        };
        let d = difference(&drawn(moved.clone()), &drawn(bent(plain.clone(), vec![shift], Border::Crop)));
        assert!(d <= 1.0, "{name}: {d}");
    }
}

#[test]
fn borders_are_empty_mirrored_or_drawn_out() {
    // columns that tell where they come from
    let (w, h) = (64, 36);
    let source = picture(PixelFormat::Rgba8, w, h, linear(), |_, x, _| if x % 4 == 3 { 255 } else { (40 + 3 * (x / 4)) as u16 });
    let shift = [[1.0, 0.0, -8.0 / f64::from(w)], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for (name, mut r) in renderers() {
        for (border, seen) in [(Border::Crop, [0, 0]), (Border::Mirror, [40 + 3 * 7, 40 + 3 * 2]), (Border::Fill, [40, 40])] {
            let i = bent(input(media(0), IDENTITY, (w, h), 1.0), vec![shift], border);
            let mut p = plan(w, h, vec![layer(vec![i])]);
            p.color = linear();
            let drawn = draw(r.as_mut(), &p, std::slice::from_ref(&source), Output::Planes(PixelFormat::Rgba8));
            for (x, want) in [(0, seen[0]), (5, seen[1]), (8, 40), (20, 40 + 36)] {
                let got = sample(&drawn, 0, 4 * x, 18);
                assert!((got - want).abs() <= 1, "{name} {border:?} column {x}: {got}, not {want}");
            }
        }
    }
}

#[test]
fn rows_of_a_rolling_shutter_take_their_own_maps() {
    // a shear: rows move by as much as lies above them, which two maps say exactly
    let (w, h) = (128, 72);
    let source = wave(PixelFormat::I444p10, w, h, ColorTags::BT709);
    let at = |x: f64| [[1.0, 0.0, x], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let (top, bottom) = (-0.05, 0.05);
    let slope = (bottom - top) * f64::from(w) / f64::from(h);
    let middle = (top + bottom) / 2.0;
    let sheared = [[1.0, slope, middle], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for (name, mut r) in renderers() {
        let mut drawn = |maps: Vec<Map>| {
            let i = bent(input(media(0), IDENTITY, (w, h), 1.0), maps, Border::Fill);
            draw(r.as_mut(), &plan(w, h, vec![layer(vec![i])]), std::slice::from_ref(&source), Output::Planes(PixelFormat::Rgba8))
        };
        let d = difference(&drawn(vec![at(top), at(bottom)]), &drawn(vec![sheared]));
        assert!(d <= 2.0, "{name}: {d}");
    }
}

/// Energy of the Laplacian of R within a margin.
fn detail(p: &Picture) -> f64 {
    let v = |x: u32, y: u32| f64::from(sample(p, 0, 4 * x, y));
    let mut sum = 0.0;
    for y in 12..p.height - 12 {
        for x in 12..p.width - 12 {
            sum += (4.0 * v(x, y) - v(x - 1, y) - v(x + 1, y) - v(x, y - 1) - v(x, y + 1)).powi(2);
        }
    }
    sum
}

#[test]
fn a_bent_picture_keeps_its_detail() {
    // waves as a lens leaves them, so that what a perfect warp shows is known: four pixels long and longer, weaker the shorter
    let (w, h) = (192u32, 108u32);
    let tone = |x: f64, y: f64| {
        let waves = (1..=12).map(|i| {
            let (length, turn) = (48.0 / f64::from(i), f64::from(i) * 2.4);
            (std::f64::consts::TAU / length * (turn.cos() * x + turn.sin() * y) + turn).sin() * (length / 48.0)
        });
        0.5 + 0.11 * waves.sum::<f64>()
    };
    let code = |v: f64| (v.clamp(0.0, 1.0) * 65535.0).round() as u16;
    let seen = |x: u32, y: u32, map: &Map| {
        let (u, v) = ((f64::from(x) + 0.5 - f64::from(w) / 2.0) / f64::from(w), (f64::from(y) + 0.5 - f64::from(h) / 2.0) / f64::from(w));
        let p = map.map(|r| r[0] * u + r[1] * v + r[2]);
        tone(p[0] / p[2] * f64::from(w), p[1] / p[2] * f64::from(w))
    };
    let made =
        |map: Map| picture(PixelFormat::Rgba16, w, h, linear(), move |_, x, y| if x % 4 == 3 { 65535 } else { code(seen(x / 4, y, &map)) });
    let source = made(STILL);
    for (name, mut r) in renderers() {
        let (mut kept, mut whole) = (0.0, 0.0);
        for i in 0..4 {
            let map = shake(f64::from(i) * 0.7 - 1.0, 1.11, f64::from(i) * 0.0037, f64::from(i) * 0.0061 - 0.01, 0.01);
            let mut p = plan(w, h, vec![layer(vec![bent(input(media(0), IDENTITY, (w, h), 1.0), vec![map], Border::Fill)])]);
            p.color = linear();
            let drawn = draw(r.as_mut(), &p, std::slice::from_ref(&source), Output::Planes(PixelFormat::Rgba16));
            kept += detail(&drawn);
            whole += detail(&made(map));
        }
        let share = kept / whole;
        assert!((0.95..1.05).contains(&share), "{name}: {share:.3} of the detail");
    }
}
