//! The processor and the device draw the same picture: a list of plans over formats, placements, blends and outputs, at
//! 320×180. Allowed: one code value of 8 bit anywhere (half floats between the passes on the device, polynomials for the
//! curve on the processor).

use crate::support::*;
use montage_ai::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{Matrix, Primaries, Range, Transfer},
    },
    gpu::{CpuRenderer, GpuRenderer, Output, Rendered, Renderer},
    model::{Blend, TextStyle, Title},
    plan::{Affine2, FramePlan, Layer, MediaRef, Source},
};

const W: u32 = 320;
const H: u32 = 180;

/// Smooth and sharp things together, the whole range, some of it out of gamut; deterministic.
fn busy(format: PixelFormat, w: u32, h: u32, color: ColorTags, seed: u32) -> Picture {
    let max = (1u32 << format.bits()) - 1;
    picture(format, w, h, color, |plane, x, y| {
        let wave = ((x + seed * 17) as f32 * 0.11).sin() * ((y + plane as u32 * 31) as f32 * 0.07).cos();
        let checker = if ((x / 9) + (y / 7) + seed).is_multiple_of(5) { 0.25 } else { 0.0 };
        let depth = if plane == 0 || format.is_rgb() { 0.45 } else { 0.22 };
        ((0.5 + depth * wave + checker * depth).clamp(0.0, 1.0) * max as f32) as u16
    })
}

fn turned(degrees: f64, scale: f64, at: (f64, f64), size: (u32, u32)) -> Affine2 {
    let (s, c) = degrees.to_radians().sin_cos();
    let (s, c) = (s * scale, c * scale);
    let (cx, cy) = (f64::from(size.0) / 2.0, f64::from(size.1) / 2.0);
    Affine2([c, -s, at.0 - c * cx + s * cy, s, c, at.1 - s * cx - c * cy])
}

fn compare(label: &str, plan: &FramePlan, pictures: &[Picture], outputs: &[PixelFormat]) {
    compare_within(1.0, label, plan, pictures, outputs);
}

fn compare_within(tolerance: f32, label: &str, plan: &FramePlan, pictures: &[Picture], outputs: &[PixelFormat]) {
    let (mut cpu, mut gpu) = (CpuRenderer::new(), GpuRenderer::new(context()).expect("a renderer"));
    for out in outputs {
        let a = draw(&mut cpu, plan, pictures, Output::Planes(*out));
        let b = draw(&mut gpu, plan, pictures, Output::Planes(*out));
        let d = difference(&a, &b);
        assert!(d <= tolerance, "{label} to {out:?}: {d} code values apart");
        assert_eq!(a.color, b.color);
    }
}

const OUTPUTS: [PixelFormat; 8] = [
    PixelFormat::Nv12,
    PixelFormat::I420,
    PixelFormat::P010,
    PixelFormat::I420p10,
    PixelFormat::I422p10,
    PixelFormat::I422,
    PixelFormat::Rgba8,
    PixelFormat::Rgba16,
];

#[test]
fn every_source_format_to_every_output() {
    for format in PixelFormat::ALL {
        let tags = if format.is_rgb() { ColorTags::SRGB } else { ColorTags::BT709 };
        let src = busy(format, W, H, tags, 1);
        let p = plan(W, H, vec![layer(vec![input(media(0), IDENTITY, (W, H), 1.0)])]);
        let outputs: &[PixelFormat] = if format == PixelFormat::I444p10 { &OUTPUTS } else { &[PixelFormat::Nv12, PixelFormat::Rgba16] };
        compare(&format!("{format:?}"), &p, &[src], outputs);
    }
}

#[test]
fn every_source_format_scaled_turned_and_cropped() {
    for format in PixelFormat::ALL {
        let tags = if format.is_rgb() { ColorTags::SRGB } else { ColorTags::BT709 };
        let mut src = busy(format, 200, 150, tags, 2);
        src.pixel_aspect = (12, 11);
        src.rotation = Rotation::FlipCw90;
        let size = src.display_size();
        let places = [(0.0, 1.37), (17.0, 0.8), (0.0, 0.31), (-33.0, 0.4)];
        // formats share the code that places them: all four for the commonest, two for the others
        let places = if matches!(format, PixelFormat::I420 | PixelFormat::Rgba8) { &places[..] } else { &places[1..3] };
        for &(degrees, scale) in places {
            let mut i = input(media(0), turned(degrees, scale, (150.3, 92.6), size), size, 0.9);
            i.crop = [7.0, 3.5, size.0 as f32 - 11.0, size.1 as f32 - 5.25];
            let p = plan(W, H, vec![layer(vec![i])]);
            compare(
                &format!("{format:?} turned {degrees}° × {scale}"),
                &p,
                std::slice::from_ref(&src),
                &[PixelFormat::I420, PixelFormat::Rgba8],
            );
        }
    }
}

#[test]
fn dissolves_dips_and_blends() {
    let pictures = [
        busy(PixelFormat::I420, W, H, ColorTags::BT709, 3),
        busy(PixelFormat::Nv12, W, H, ColorTags::BT709, 4),
        busy(PixelFormat::Rgba8, 100, 80, ColorTags::SRGB, 5),
    ];
    let solid = |a| input(Source::Solid([0.9, 0.3, 0.1, a]), IDENTITY, (W, H), 0.35);
    let full = |n, weight| input(media(n), IDENTITY, (W, H), weight);
    for blend in [Blend::Normal, Blend::Add, Blend::Multiply, Blend::Screen] {
        let inset = input(media(2), turned(12.0, 1.4, (170.0, 95.0), (100, 80)), (100, 80), 0.8);
        let layers = vec![
            layer(vec![full(0, 0.6), full(1, 0.4)]),
            Layer { inputs: vec![inset], blend, adjust: None },
            layer(vec![full(1, 0.3), solid(0.5)]),
        ];
        compare(&format!("{blend:?}"), &plan(W, H, layers), &pictures, &[PixelFormat::I420, PixelFormat::P010, PixelFormat::Rgba8]);
    }
    let opaque = vec![layer(vec![full(0, 1.0)]), layer(vec![full(1, 0.25), full(0, 0.75)])];
    compare("a dissolve over a picture", &plan(W, H, opaque), &pictures, &[PixelFormat::I420]);
    compare("an empty plan", &plan(W, H, vec![]), &pictures, &OUTPUTS);
}

#[test]
fn every_matrix_range_transfer_and_set_of_primaries() {
    for primaries in [Primaries::Bt709, Primaries::Bt601Pal, Primaries::Bt601Ntsc, Primaries::Bt2020, Primaries::DisplayP3] {
        for (transfer, matrix, range) in [
            (Transfer::Bt709, Matrix::Bt601, Range::Full),
            (Transfer::Srgb, Matrix::Bt709, Range::Limited),
            (Transfer::Linear, Matrix::Bt709, Range::Full),
            (Transfer::Pq, Matrix::Bt2020, Range::Limited),
            (Transfer::Hlg, Matrix::Bt2020, Range::Limited),
        ] {
            let tags = ColorTags { primaries, transfer, matrix, range };
            let src = busy(PixelFormat::I444p10, W, H, tags, 6);
            let mut p = plan(W, H, vec![layer(vec![input(media(0), IDENTITY, (W, H), 1.0)])]);
            compare(&format!("{tags:?} to SDR"), &p, std::slice::from_ref(&src), &[PixelFormat::I420]);
            p.color = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
            // PQ spends 5 of its 8-bit codes on the first 0.002 cd/m²: at the edge of a gamut the half floats' rounding shows.
            compare_within(2.0, &format!("{tags:?} to HDR"), &p, &[src], &[PixelFormat::P010]);
        }
    }
}

#[test]
fn titles_slates_and_odd_sizes() {
    let style = TextStyle { outline: 0.01, color: [1.0, 0.8, 0.2, 1.0], ..TextStyle::default() };
    let title = Title { text: "Twins\nof light".into(), style, position: (0.5, 0.4) };
    for (w, h) in [(W, H), (1, 1), (2, 2), (319, 179), (33, 7)] {
        let src = busy(PixelFormat::I420, w, h, ColorTags::BT709, 7);
        let layers = vec![
            layer(vec![input(media(0), IDENTITY, (w, h), 1.0)]),
            layer(vec![input(Source::Title(title.clone()), turned(5.0, 0.9, (w as f64 / 2.0, h as f64 / 2.0), (w, h)), (w, h), 0.9)]),
            layer(vec![input(media(9), turned(-4.0, 0.3, (w as f64 / 4.0, h as f64 / 4.0), (w, h)), (w, h), 1.0)]),
        ];
        compare(&format!("{w}×{h}"), &plan(w, h, layers), &[src], &OUTPUTS);
    }
}

#[test]
fn a_frame_of_1919_by_1079_is_whole_on_both() {
    let (w, h) = (1919, 1079);
    let src = busy(PixelFormat::I420, w, h, ColorTags::BT709, 8);
    let p = plan(w, h, vec![layer(vec![input(media(0), IDENTITY, (w, h), 1.0)])]);
    compare("1919×1079", &p, &[src], &[PixelFormat::I420]);
}

/// What the screen texture holds.
pub fn read_screen(texture: &wgpu::Texture) -> Vec<u8> {
    let ctx = context();
    let (w, h) = (texture.width(), texture.height());
    let stride = (w * 4).next_multiple_of(256);
    let buffer = ctx.device.create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: u64::from(stride * h),
        usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let mut encoder = ctx.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(stride), rows_per_image: None };
    encoder.copy_texture_to_buffer(texture.as_image_copy(), wgpu::TexelCopyBufferInfo { buffer: &buffer, layout }, texture.size());
    ctx.queue.submit([encoder.finish()]);
    buffer.map_async(wgpu::MapMode::Read, .., |r| r.expect("mapped"));
    ctx.device.poll(wgpu::PollType::wait_indefinitely()).expect("finished");
    let view = buffer.get_mapped_range(..).expect("bytes");
    view.chunks(stride as usize).flat_map(|row| row[..w as usize * 4].to_vec()).collect()
}

#[test]
fn the_screen_shows_the_same_picture_from_both_and_a_held_texture_is_not_drawn_over() {
    let pictures = [busy(PixelFormat::I420, W, H, ColorTags::BT709, 9), busy(PixelFormat::I420, W, H, ColorTags::BT709, 10)];
    let mut gpu = GpuRenderer::new(context()).expect("a renderer");
    let mut source = |m: &MediaRef| pictures.get(m.media.0 as usize).cloned();
    let mut held = Vec::new();
    for n in 0..2 {
        let p = plan(W, H, vec![layer(vec![input(media(n), IDENTITY, (W, H), 1.0)])]);
        let Ok(Rendered::Texture(t)) = gpu.render(&p, &mut source, Output::Display) else { panic!("a texture") };
        held.push((p, t));
    }
    for (p, t) in held {
        let a = draw(&mut CpuRenderer::new(), &p, &pictures, Output::Display);
        let b = read_screen(&t);
        let worst = a.plane(0).iter().zip(&b).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst <= 1, "{worst} code values apart");
    }
}

#[test]
fn frames_can_be_begun_ahead_and_come_back_in_order() {
    let pictures: Vec<Picture> = (0..6)
        .map(|n| picture(PixelFormat::I420, 64, 64, ColorTags::BT709, move |p, _, _| if p == 0 { 40 + 30 * n } else { 128 }))
        .collect();
    let mut gpu = GpuRenderer::new(context()).expect("a renderer");
    let mut source = |m: &MediaRef| pictures.get(m.media.0 as usize).cloned();
    let pending: Vec<_> = (0..6)
        .map(|n| {
            let p = plan(64, 64, vec![layer(vec![input(media(n), IDENTITY, (64, 64), 1.0)])]);
            gpu.start(&p, &mut source, Output::Planes(PixelFormat::Nv12)).expect("begun")
        })
        .collect();
    for (n, p) in pending.into_iter().enumerate() {
        let Ok(Rendered::Picture(p)) = p.wait() else { panic!("planes") };
        assert!((sample(&p, 0, 5, 5) - (40 + 30 * n as i32)).abs() <= 1);
    }
}

#[test]
fn a_canvas_larger_than_the_device_can_hold_is_refused() {
    for (name, mut r) in renderers() {
        let p = plan(200_000, 10, vec![]);
        let result = r.render(&p, &mut |_| None, Output::Planes(PixelFormat::I420));
        assert!(matches!(result, Err(montage_ai::gpu::RenderError::TooLarge(200_000, 10))), "{name}");
    }
}
