//! Colour and mixing against values from the standards.

use crate::support::*;
use montage_ai::{
    base::{
        ColorTags, PixelFormat,
        color::{Matrix, Primaries, Range, Transfer},
    },
    gpu::Output,
    model::Blend,
    plan::{Layer, Source},
};

#[test]
fn bars_pass_through_every_planar_format_within_one_code() {
    for (name, mut r) in renderers() {
        for format in [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::I422, PixelFormat::I444, PixelFormat::I420p10, PixelFormat::P010]
        {
            let src = bars(format, 160, 90);
            let plan = plan(160, 90, vec![layer(vec![input(media(0), IDENTITY, (160, 90), 1.0)])]);
            for out in
                [PixelFormat::I420, PixelFormat::Nv12, PixelFormat::P010, PixelFormat::I420p10, PixelFormat::I422p10, PixelFormat::I422]
            {
                let got = draw(&mut *r, &plan, std::slice::from_ref(&src), Output::Planes(out));
                let d = difference(&got, &bars(out, 160, 90));
                assert!(d <= 1.0, "{name}: {format:?} to {out:?} differs by {d}");
            }
        }
    }
}

#[test]
fn every_code_value_of_420_survives_the_round_trip() {
    // all luma codes against wandering chroma, super-white and out-of-gamut colours included
    let src = picture(PixelFormat::I420, 256, 64, ColorTags::BT709, |p, x, y| match p {
        0 => x as u16,
        1 => (64 + (x * 7 + y * 5) % 128) as u16,
        _ => (64 + (x * 3 + y * 11) % 128) as u16,
    });
    for (name, mut r) in renderers() {
        let plan = plan(256, 64, vec![layer(vec![input(media(0), IDENTITY, (256, 64), 1.0)])]);
        let got = draw(&mut *r, &plan, std::slice::from_ref(&src), Output::Planes(PixelFormat::I420));
        assert!(difference(&got, &src) <= 1.0, "{name}: {}", difference(&got, &src));
    }
}

/// BT.601-7 §2.5.1 and BT.709-6 §3 written out: 8-bit limited Y'CbCr of 601 to that of 709 (same primaries taken).
fn reference_601_to_709([y, cb, cr]: [f64; 3]) -> [f64; 3] {
    let (y, pb, pr) = ((y - 16.0) / 219.0, (cb - 128.0) / 224.0, (cr - 128.0) / 224.0);
    let (r, b) = (y + 1.402 * pr, y + 1.772 * pb);
    let g = (y - 0.299 * r - 0.114 * b) / 0.587;
    let y2 = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    [16.0 + 219.0 * y2, 128.0 + 224.0 * (b - y2) / 1.8556, 128.0 + 224.0 * (r - y2) / 1.5748]
}

#[test]
fn bt601_becomes_bt709_as_the_standards_say() {
    let tags = ColorTags { matrix: Matrix::Bt601, ..ColorTags::BT709 };
    let codes = [[81u16, 90, 240], [145, 54, 34], [41, 240, 110], [180, 128, 128], [120, 100, 150]];
    for c in codes {
        let src = picture(PixelFormat::I420, 16, 16, tags, |p, _, _| c[p]);
        let want = reference_601_to_709(c.map(f64::from));
        for (name, mut r) in renderers() {
            let plan = plan(16, 16, vec![layer(vec![input(media(0), IDENTITY, (16, 16), 1.0)])]);
            let got = draw(&mut *r, &plan, std::slice::from_ref(&src), Output::Planes(PixelFormat::I420));
            for p in 0..3 {
                let v = f64::from(sample(&got, p, 4, 4));
                assert!((v - want[p].clamp(0.0, 255.0)).abs() <= 1.0, "{name}: {c:?} plane {p}: {v} for {want:?}");
            }
        }
    }
}

/// Light of a limited-range grey.
fn light(y: f64) -> f64 {
    Transfer::Bt709.to_linear((y - 16.0) / 219.0)
}
fn luma(l: f64) -> f64 {
    16.0 + 219.0 * Transfer::Bt709.from_linear(l)
}

#[test]
fn the_middle_of_a_dissolve_is_the_mean_of_the_light() {
    let grey = |y| picture(PixelFormat::I420, 32, 32, ColorTags::BT709, move |p, _, _| if p == 0 { y } else { 128 });
    for (name, mut r) in renderers() {
        let dissolve = layer(vec![input(media(0), IDENTITY, (32, 32), 0.5), input(media(1), IDENTITY, (32, 32), 0.5)]);
        let got = draw(&mut *r, &plan(32, 32, vec![dissolve]), &[grey(40), grey(220)], Output::Planes(PixelFormat::I420));
        let want = luma(0.5 * light(40.0) + 0.5 * light(220.0));
        let v = f64::from(sample(&got, 0, 16, 16));
        assert!((v - want).abs() <= 1.0, "{name}: {v} for {want}");
        assert!((want - 130.0).abs() > 20.0, "the mean of the codes would be 130: this must tell them apart");
    }
}

#[test]
fn half_transparent_red_lies_over_grey_as_computed() {
    let grey = picture(PixelFormat::I420, 32, 32, ColorTags::BT709, |p, _, _| if p == 0 { 126 } else { 128 });
    let below = Transfer::Bt709.to_linear((126.0 - 16.0) / 219.0);
    for blend in [Blend::Normal, Blend::Add, Blend::Multiply, Blend::Screen] {
        let red = input(Source::Solid([0.8, 0.2, 0.1, 0.5]), IDENTITY, (32, 32), 1.0);
        let want = [0.8, 0.2, 0.1].map(|v: f64| {
            let s = Transfer::Srgb.to_linear(v) * 0.5;
            let l = match blend {
                Blend::Normal => s + below * 0.5,
                Blend::Add => s + below,
                Blend::Multiply => s * below + below * 0.5,
                Blend::Screen => s + below - s * below,
            };
            255.0 * Transfer::Srgb.from_linear(l)
        });
        for (name, mut r) in renderers() {
            let layers =
                vec![layer(vec![input(media(0), IDENTITY, (32, 32), 1.0)]), Layer { inputs: vec![red.clone()], blend, adjust: None }];
            let got = draw(&mut *r, &plan(32, 32, layers), std::slice::from_ref(&grey), Output::Planes(PixelFormat::Rgba8));
            for k in 0..3 {
                let v = f64::from(sample(&got, 0, 4 * 8 + k, 8));
                assert!((v - want[k as usize]).abs() <= 1.0, "{name} {blend:?} {k}: {v} for {want:?}");
            }
            assert_eq!(sample(&got, 0, 4 * 8 + 3, 8), 255);
        }
    }
}

#[test]
fn hdr_white_lands_on_sdr_white_and_highlights_roll_off_below_it() {
    let tags = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
    let grey = |signal: f64| {
        let y = (64.0 + 876.0 * signal).round() as u16;
        picture(PixelFormat::P010, 16, 16, tags, move |p, _, _| if p == 0 { y } else { 512 })
    };
    for (name, mut r) in renderers() {
        let plan = plan(16, 16, vec![layer(vec![input(media(0), IDENTITY, (16, 16), 1.0)])]);
        let mut last = 0;
        // 10, 100, 203, 1,000, 4,000 cd/m²
        for nits in [10.0, 100.0, 203.0, 1000.0, 4000.0] {
            let signal = Transfer::Pq.from_linear(nits / 203.0);
            let got = draw(&mut *r, &plan, &[grey(signal)], Output::Planes(PixelFormat::I420p10));
            let y = sample(&got, 0, 8, 8);
            if nits < 180.0 {
                let want = 64.0 + 876.0 * Transfer::Bt709.from_linear(nits / 203.0);
                assert!((f64::from(y) - want).abs() < 3.0, "{name}: {nits} cd/m² is {y}, not {want}");
            }
            assert!(y > last && y <= 940, "{name}: {nits} cd/m² is {y} after {last}");
            last = y;
        }
        assert!(last > 930, "{name}: highlights end near white, at {last}");
    }
}

#[test]
fn odd_sizes_keep_every_pixel() {
    for (w, h) in [(1, 1), (3, 5), (191, 107)] {
        let src =
            picture(PixelFormat::I420, w, h, ColorTags::BT709, |p, x, y| if p == 0 { (30 + (x * 13 + y * 7) % 190) as u16 } else { 128 });
        for (name, mut r) in renderers() {
            let plan = plan(w, h, vec![layer(vec![input(media(0), IDENTITY, (w, h), 1.0)])]);
            for out in [PixelFormat::I420, PixelFormat::Nv12] {
                let got = draw(&mut *r, &plan, std::slice::from_ref(&src), Output::Planes(out));
                for y in 0..h {
                    for x in 0..w {
                        assert!((sample(&got, 0, x, y) - sample(&src, 0, x, y)).abs() <= 1, "{name} {w}×{h} {out:?} at {x},{y}");
                    }
                }
                let c = sample(&got, 1, got.format.plane_size(1, w, h).0 - 1, h.div_ceil(2) - 1);
                assert!((c - 128).abs() <= 1, "{name} {w}×{h} {out:?}: chroma {c}");
            }
        }
    }
}

#[test]
fn a_picture_in_memory_with_wide_rows_is_read_by_its_strides() {
    let tight = bars(PixelFormat::I420, 30, 20);
    let mut planes = tight.planes;
    let mut data = Vec::new();
    for (i, p) in planes.iter_mut().enumerate() {
        let (w, h) = PixelFormat::I420.plane_size(i, 30, 20);
        *p = montage_ai::base::PlaneLayout { offset: data.len(), stride: w as usize + 37 };
        for y in 0..h {
            data.extend_from_slice(tight.row(i, y));
            data.extend([0xEE; 37]);
        }
    }
    let wide =
        montage_ai::base::Picture::with_layout(PixelFormat::I420, 30, 20, planes, std::sync::Arc::new(data), ColorTags::BT709).unwrap();
    for (name, mut r) in renderers() {
        let plan = plan(30, 20, vec![layer(vec![input(media(0), IDENTITY, (30, 20), 1.0)])]);
        let a = draw(&mut *r, &plan, std::slice::from_ref(&tight), Output::Planes(PixelFormat::I420));
        let b = draw(&mut *r, &plan, std::slice::from_ref(&wide), Output::Planes(PixelFormat::I420));
        assert_eq!(difference(&a, &b), 0.0, "{name}");
    }
}

#[test]
fn an_untouched_picture_keeps_its_very_codes_in_every_order_of_samples() {
    let (w, h) = (33, 19);
    let code = |max: u32| move |p: usize, x: u32, y: u32| ((x * 37 + y * 101 + p as u32 * 53) % max) as u16;
    let groups: [&[PixelFormat]; 2] = [&[PixelFormat::I420, PixelFormat::Nv12], &[PixelFormat::I420p10, PixelFormat::P010]];
    let mut r = montage_ai::gpu::CpuRenderer::new();
    for group in groups {
        let max = (1 << group[0].bits()) - 1;
        let planar = picture(group[0], w, h, ColorTags::BT709, code(max));
        // hidden below it lies another picture
        let below = bars(group[0], w, h);
        let p = plan(w, h, vec![layer(vec![input(media(1), IDENTITY, (w, h), 1.0)]), layer(vec![input(media(0), IDENTITY, (w, h), 1.0)])]);
        let semi = draw(&mut r, &p, &[planar.clone(), below.clone()], Output::Planes(group[1]));
        for y in 0..h.div_ceil(2) {
            for x in 0..w.div_ceil(2) {
                assert_eq!(sample(&semi, 1, 2 * x, y), sample(&planar, 1, x, y));
                assert_eq!(sample(&semi, 1, 2 * x + 1, y), sample(&planar, 2, x, y));
            }
        }
        let back = draw(&mut r, &p, &[semi, below], Output::Planes(group[0]));
        assert_eq!(difference(&back, &planar), 0.0);
    }
}
