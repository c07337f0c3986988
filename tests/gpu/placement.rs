//! Where pictures land: turns, mirrors, pixel aspect, crops, edges, scaling.

use crate::support::*;
use montage_ai::{
    base::{ColorTags, Picture, PixelFormat, Rotation},
    gpu::{Output, Renderer},
    plan::Affine2,
};

/// Grey corners: top left 60, top right 100, bottom left 150, bottom right 200.
fn corners(w: u32, h: u32) -> Picture {
    picture(PixelFormat::I420, w, h, ColorTags::BT709, |p, x, y| match (p, x < w / 2, y < h / 2) {
        (0, true, true) => 60,
        (0, false, true) => 100,
        (0, true, false) => 150,
        (0, false, false) => 200,
        _ => 128,
    })
}

fn seen(r: &mut dyn Renderer, src: &Picture, w: u32, h: u32, transform: Affine2) -> [i32; 4] {
    let plan = plan(w, h, vec![layer(vec![input(media(0), transform, src.display_size(), 1.0)])]);
    let got = draw(r, &plan, std::slice::from_ref(src), Output::Planes(PixelFormat::I420));
    [sample(&got, 0, 2, 2), sample(&got, 0, w - 3, 2), sample(&got, 0, 2, h - 3), sample(&got, 0, w - 3, h - 3)]
}

fn close(a: [i32; 4], b: [i32; 4]) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1)
}

#[test]
fn turned_and_mirrored_files_are_shown_upright() {
    let cases = [
        (Rotation::None, [60, 100, 150, 200]),
        (Rotation::Cw90, [150, 60, 200, 100]),
        (Rotation::Cw180, [200, 150, 100, 60]),
        (Rotation::Cw270, [100, 200, 60, 150]),
        (Rotation::Flip, [100, 60, 200, 150]),
        (Rotation::FlipCw90, [200, 100, 150, 60]),
        (Rotation::FlipCw180, [150, 200, 60, 100]),
        (Rotation::FlipCw270, [60, 150, 100, 200]),
    ];
    for (name, mut r) in renderers() {
        for (rotation, want) in cases {
            let mut src = corners(40, 24);
            src.rotation = rotation;
            let (w, h) = src.display_size();
            let got = seen(&mut *r, &src, w, h, IDENTITY);
            assert!(close(got, want), "{name} {rotation:?} copied: {got:?} for {want:?}");
            let double = Affine2([2.0, 0.0, 0.0, 0.0, 2.0, 0.0]);
            let got = seen(&mut *r, &src, 2 * w, 2 * h, double);
            assert!(close(got, want), "{name} {rotation:?} doubled: {got:?} for {want:?}");
        }
    }
}

#[test]
fn wide_pixels_are_stretched_to_their_shown_width() {
    let mut src = corners(36, 32);
    src.pixel_aspect = (4, 3);
    assert_eq!(src.display_size(), (48, 32));
    for (name, mut r) in renderers() {
        let got = seen(&mut *r, &src, 48, 32, IDENTITY);
        assert!(close(got, [60, 100, 150, 200]), "{name}: {got:?}");
    }
}

fn white(w: u32, h: u32) -> Picture {
    picture(PixelFormat::I444, w, h, ColorTags::BT709, |p, _, _| if p == 0 { 235 } else { 128 })
}

#[test]
fn what_was_cropped_away_is_not_seen_and_does_not_bleed() {
    // a white picture with a black left third that the crop removes
    let src = picture(PixelFormat::I444, 30, 10, ColorTags::BT709, |p, x, _| {
        if p > 0 {
            128
        } else if x < 10 {
            16
        } else {
            235
        }
    });
    for (name, mut r) in renderers() {
        let mut i = input(media(0), Affine2([4.0, 0.0, -40.0, 0.0, 4.0, 0.0]), (30, 10), 1.0);
        i.crop[0] = 10.0;
        let got = draw(&mut *r, &plan(80, 40, vec![layer(vec![i])]), std::slice::from_ref(&src), Output::Planes(PixelFormat::I420));
        for x in 0..80 {
            assert_eq!(sample(&got, 0, x, 20), 235, "{name} at {x}");
        }
    }
}

#[test]
fn an_edge_inside_a_pixel_covers_its_share_of_light() {
    for (name, mut r) in renderers() {
        let half = Affine2([1.0, 0.0, 10.5, 0.0, 1.0, 10.0]);
        let plan = plan(40, 40, vec![layer(vec![input(media(0), half, (20, 20), 1.0)])]);
        let got = draw(&mut *r, &plan, &[white(20, 20)], Output::Planes(PixelFormat::I444));
        let row: Vec<i32> = (8..33).map(|x| sample(&got, 0, x, 20)).collect();
        let half_light = 16 + (219.0 * 0.5f64.powf(1.0 / 2.4)).round() as i32;
        assert_eq!((row[1], row[3], row[21], row[23]), (16, 235, 235, 16), "{name}: {row:?}");
        assert!((row[2] - half_light).abs() <= 1 && (row[22] - half_light).abs() <= 1, "{name}: {row:?} wants {half_light}");
    }
}

#[test]
fn a_turned_picture_has_soft_edges_and_its_own_area() {
    let (s, c) = 30f64.to_radians().sin_cos();
    // about the centres: 40×40 picture in a 100×100 canvas
    let turn = Affine2([c, -s, 50.0 - 20.0 * c + 20.0 * s, s, c, 50.0 - 20.0 * s - 20.0 * c]);
    for (name, mut r) in renderers() {
        let plan = plan(100, 100, vec![layer(vec![input(media(0), turn, (40, 40), 1.0)])]);
        let got = draw(&mut *r, &plan, &[white(40, 40)], Output::Planes(PixelFormat::Rgba16));
        let light = |x: u32, y: u32| (f64::from(sample(&got, 0, 4 * x, y)) / 65535.0).powf(2.4);
        let area: f64 = (0..100).flat_map(|y| (0..100).map(move |x| (x, y))).map(|(x, y)| light(x, y)).sum();
        assert!((area - 1600.0).abs() < 8.0, "{name}: area {area}");
        let partial = (0..100).flat_map(|y| (0..100).map(move |x| (x, y))).filter(|(x, y)| (0.02..0.98).contains(&light(*x, *y))).count();
        assert!(partial > 80, "{name}: only {partial} soft pixels");
    }
}

#[test]
fn fine_stripes_shrink_to_even_grey() {
    // one-pixel columns, made 5 times smaller: plain bilinear sampling would show bands
    let src = picture(PixelFormat::I420, 320, 160, ColorTags::BT709, |p, x, _| {
        if p > 0 {
            128
        } else if x % 2 == 0 {
            16
        } else {
            235
        }
    });
    for (name, mut r) in renderers() {
        let small = Affine2([0.21, 0.0, 0.0, 0.0, 0.21, 0.0]);
        let plan = plan(64, 32, vec![layer(vec![input(media(0), small, (320, 160), 1.0)])]);
        let got = draw(&mut *r, &plan, std::slice::from_ref(&src), Output::Planes(PixelFormat::I420));
        let row: Vec<i32> = (2..60).map(|x| sample(&got, 0, x, 16)).collect();
        let (lo, hi) = (row.iter().min().unwrap(), row.iter().max().unwrap());
        // a box as wide as 4.8 stripes leaves a ripple of a seventh; bare bilinear sampling leaves all of 219
        assert!(hi - lo <= 40, "{name}: {lo}–{hi}");
    }
}

#[test]
fn a_picture_flattened_to_nothing_or_outside_the_canvas_leaves_black() {
    for (name, mut r) in renderers() {
        for t in [Affine2([0.0; 6]), Affine2([1.0, 0.0, 500.0, 0.0, 1.0, 0.0]), Affine2([f64::NAN, 0.0, 0.0, 0.0, 1.0, 0.0])] {
            let plan = plan(32, 32, vec![layer(vec![input(media(0), t, (20, 20), 1.0)])]);
            let got = draw(&mut *r, &plan, &[white(20, 20)], Output::Planes(PixelFormat::I420));
            assert!((0..32).all(|x| sample(&got, 0, x, 16) == 16), "{name} {t:?}");
        }
    }
}

#[test]
fn a_smaller_proxy_fills_the_place_of_its_original() {
    for (name, mut r) in renderers() {
        let plan = plan(80, 48, vec![layer(vec![input(media(0), IDENTITY, (80, 48), 1.0)])]);
        let got = draw(&mut *r, &plan, &[corners(40, 24)], Output::Planes(PixelFormat::I420));
        let seen = [sample(&got, 0, 2, 2), sample(&got, 0, 77, 2), sample(&got, 0, 2, 45), sample(&got, 0, 77, 45)];
        assert!(close(seen, [60, 100, 150, 200]), "{name}: {seen:?}");
    }
}
