//! Renderers, pictures and plans for the tests of this binary.

use montage_ai::{
    base::{ColorTags, MediaId, Picture, PixelFormat, Time},
    gpu::{AdapterPick, CpuRenderer, GpuContext, GpuRenderer, Output, Rendered, Renderer},
    model::{Blend, Rendition},
    plan::{Affine2, FramePlan, Input, Layer, MediaRef, Source},
};
use std::sync::OnceLock;

/// Every renderer there is, by name.
pub fn renderers() -> Vec<(&'static str, Box<dyn Renderer>)> {
    vec![("cpu", Box::new(CpuRenderer::new())), ("gpu", Box::new(GpuRenderer::new(context()).expect("a renderer")))]
}

/// The one device of this binary.
pub fn context() -> &'static GpuContext {
    static CONTEXT: OnceLock<GpuContext> = OnceLock::new();
    CONTEXT.get_or_init(|| {
        GpuContext::headless(&AdapterPick::Best)
            .expect("a Vulkan adapter; on Debian, `apt install mesa-vulkan-drivers` brings a software one")
    })
}

pub const IDENTITY: Affine2 = Affine2([1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);

/// The media with number `n`.
pub fn media(n: u64) -> Source {
    Source::Media(MediaRef { media: MediaId(n), time: Time::ZERO, color: None, rendition: Rendition::Original })
}

pub fn input(source: Source, transform: Affine2, size: (u32, u32), weight: f32) -> Input {
    Input { source, transform, size, crop: [0.0, 0.0, size.0 as f32, size.1 as f32], weight, mask: None, steady: None, effects: Vec::new() }
}

pub fn layer(inputs: Vec<Input>) -> Layer {
    Layer { inputs, blend: Blend::Normal, adjust: None }
}

pub fn plan(width: u32, height: u32, layers: Vec<Layer>) -> FramePlan {
    FramePlan { frame: 0, width, height, color: ColorTags::BT709, layers, hash: 0 }
}

/// Draws with pictures by media number: `MediaId(n)` is `pictures[n]`, a missing one is offline.
pub fn draw(renderer: &mut dyn Renderer, plan: &FramePlan, pictures: &[Picture], output: Output) -> Picture {
    let mut source = |m: &MediaRef| pictures.get(m.media.0 as usize).cloned();
    match renderer.render(plan, &mut source, output).expect("drawn") {
        Rendered::Picture(p) => p,
        Rendered::Texture(_) => panic!("planes were asked for"),
    }
}

/// A picture whose samples are `f(plane, sample in row, row)`, in the code range of the format (not shifted).
pub fn picture(format: PixelFormat, width: u32, height: u32, color: ColorTags, f: impl Fn(usize, u32, u32) -> u16) -> Picture {
    let (_, len) = Picture::packed_layout(format, width, height);
    let mut data = Vec::with_capacity(len);
    for plane in 0..format.planes() {
        let (w, h) = format.plane_size(plane, width, height);
        for y in 0..h {
            for x in 0..w {
                let v = f(plane, x, y);
                match format {
                    PixelFormat::P010 => data.extend((v << 6).to_le_bytes()),
                    _ if format.bytes_per_sample() == 2 => data.extend(v.to_le_bytes()),
                    _ => data.push(v as u8),
                }
            }
        }
    }
    Picture::from_packed(format, width, height, data, color).expect("a whole picture")
}

/// A sample in the code range of the format.
pub fn sample(p: &Picture, plane: usize, x: u32, y: u32) -> i32 {
    let row = p.row(plane, y);
    if p.format.bytes_per_sample() == 1 {
        return i32::from(row[x as usize]);
    }
    let v = u16::from_le_bytes([row[2 * x as usize], row[2 * x as usize + 1]]);
    i32::from(if p.format == PixelFormat::P010 { v >> 6 } else { v })
}

/// Largest difference of any sample, in steps of 8 bit.
pub fn difference(a: &Picture, b: &Picture) -> f32 {
    assert_eq!((a.format, a.width, a.height), (b.format, b.width, b.height));
    let step = (1u32 << (a.format.bits() - 8)) as f32;
    let mut worst = 0;
    for plane in 0..a.format.planes() {
        let (w, h) = a.format.plane_size(plane, a.width, a.height);
        for y in 0..h {
            for x in 0..w {
                worst = worst.max((sample(a, plane, x, y) - sample(b, plane, x, y)).abs());
            }
        }
    }
    worst as f32 / step
}

/// The eight 75 % bars of SMPTE RP 219's pattern 1 (white to black), BT.709 limited range, 8 bit: Y, Cb, Cr.
pub const BARS_709: [[u16; 3]; 8] =
    [[180, 128, 128], [168, 44, 136], [145, 147, 44], [133, 63, 52], [63, 193, 204], [51, 109, 212], [28, 212, 120], [16, 128, 128]];

/// Vertical 75 % bars, BT.709 limited range.
pub fn bars(format: PixelFormat, width: u32, height: u32) -> Picture {
    let scale = 1 << (format.bits() - 8);
    let (sx, _) = format.chroma_shift();
    let semi = format.planes() == 2;
    picture(format, width, height, ColorTags::BT709, |plane, x, _| {
        let (component, column) = match plane {
            0 => (0, x),
            1 if semi => (1 + (x % 2) as usize, (x / 2) << sx),
            p => (p, x << sx),
        };
        BARS_709[(column * 8 / width).min(7) as usize][component] * scale
    })
}
