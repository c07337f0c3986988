//! Figures of the renderers: processor time per frame for what exports and previews do most. Runs on the caller's thread
//! and rayon's pool; draws synthetic pictures only.

use super::{Context, Row, process::cpu_secs};
use crate::{
    base::{ColorTags, MediaId, Picture, PixelFormat, Time, Trouble},
    gpu::{AdapterPick, CpuRenderer, GpuContext, GpuRenderer, Output, RenderError, Renderer},
    model::{Blend, Border, EffectKind, Rendition, Stabilize, Title},
    plan::{Adjust, Affine2, FramePlan, Input, Layer, Mask, MediaRef, Source, Steady, Warp},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Frames drawn per figure after two to warm up; fewer where they take long.
const FRAMES: u32 = 30;
const PATIENCE: Duration = Duration::from_secs(4);

/// A noisy picture: nothing that a cache or a branch predictor could learn.
fn noise(format: PixelFormat, width: u32, height: u32, seed: u32) -> Result<Picture, RenderError> {
    let (_, len) = Picture::packed_layout(format, width, height);
    let mut state = seed | 1;
    let data = (0..len)
        .map(|_| {
            // xorshift32 (Marsaglia 2003)
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            64 + (state >> 25) as u8
        })
        .collect();
    Picture::from_packed(format, width, height, data, ColorTags::BT709).map_err(|e| RenderError::Device(e.to_string()))
}

fn input(source: Source, transform: Affine2, size: (u32, u32), weight: f32) -> Input {
    Input { source, transform, size, crop: [0.0, 0.0, size.0 as f32, size.1 as f32], weight, mask: None, steady: None, effects: Vec::new() }
}

fn media(n: u64) -> Source {
    Source::Media(MediaRef { media: MediaId(n), time: Time::ZERO, color: None, rendition: Rendition::Original })
}

/// A case: name, canvas, layers, output.
struct Case {
    name: &'static str,
    size: (u32, u32),
    layers: Vec<Layer>,
    output: Output,
}

fn cases() -> Vec<Case> {
    let one = Affine2::IDENTITY;
    let layer = |inputs| Layer { inputs, blend: Blend::Normal, adjust: None };
    let dissolve = |s| vec![layer(vec![input(media(0), one, s, 0.4), input(media(1), one, s, 0.6)])];
    let (hd, uhd) = ((1280, 720), (1920, 1080));
    let i420 = Output::Planes(PixelFormat::I420);
    let scale = |k: f64| Affine2([k, 0.0, 0.0, 0.0, k, 0.0]);
    let title = Title { text: "A title".into(), style: Default::default(), position: (0.5, 0.5) };
    let titled = vec![layer(vec![input(media(0), one, hd, 1.0)]), layer(vec![input(Source::Title(title), one, hd, 1.0)])];
    let wipe = |s: (u32, u32)| {
        let side = |n, sign: f64| {
            let edge = [0.8 * sign, 0.6 * sign, -0.5 * sign * f64::from(s.0)];
            Input { mask: Some(Mask { edge, softness: 100.0 }), ..input(media(n), one, s, 1.0) }
        };
        vec![layer(vec![side(0, 1.0), side(1, -1.0)])]
    };
    let grade = vec![
        EffectKind::Exposure { stops: 0.3 },
        EffectKind::Contrast { amount: 1.2, pivot: 0.45 },
        EffectKind::Saturation { amount: 1.15 },
    ];
    let graded = |s| vec![layer(vec![Input { effects: grade.clone(), ..input(media(0), one, s, 1.0) }])];
    let adjust = Layer { adjust: Some(Adjust { effects: grade.clone(), weight: 0.8 }), ..Layer::default() };
    let nest = |s: (u32, u32), weight| {
        let layers = vec![layer(vec![input(media(0), one, s, 1.0)])];
        let plan = FramePlan { frame: 0, width: s.0, height: s.1, color: ColorTags::BT709, layers, hash: 1 };
        vec![layer(vec![input(Source::Nested(Arc::new(plan)), one, s, weight)])]
    };
    let steadied = |s: (u32, u32)| {
        let maps = vec![[[0.9, -0.01, 0.004], [0.01, 0.9, -0.003], [0.002, 0.001, 1.0]]];
        let steady = Steady { wish: Stabilize::default(), warp: Some(Warp { maps, border: Border::Fill }) };
        vec![layer(vec![Input { steady: Some(Box::new(steady)), ..input(media(0), one, s, 1.0) }])]
    };
    let inset = Affine2([0.46, -0.08, 500.0, 0.08, 0.46, 250.0]);
    vec![
        Case { name: "1080p dissolve I420 → I420", size: uhd, layers: dissolve(uhd), output: i420 },
        Case { name: "1080p dissolve I420 → NV12", size: uhd, layers: dissolve(uhd), output: Output::Planes(PixelFormat::Nv12) },
        Case { name: "720p dissolve I420 → I420", size: hd, layers: dissolve(hd), output: i420 },
        Case { name: "720p opacity fade", size: hd, layers: vec![layer(vec![input(media(0), one, hd, 0.5)])], output: i420 },
        Case { name: "720p untouched picture", size: hd, layers: vec![layer(vec![input(media(0), one, hd, 1.0)])], output: i420 },
        Case { name: "720p title over picture", size: hd, layers: titled, output: i420 },
        Case { name: "1080p wipe", size: uhd, layers: wipe(uhd), output: i420 },
        Case { name: "1080p picture with three effects", size: uhd, layers: graded(uhd), output: i420 },
        Case {
            name: "1080p adjustment of three effects",
            size: uhd,
            layers: vec![layer(vec![input(media(0), one, uhd, 1.0)]), adjust],
            output: i420,
        },
        Case { name: "1080p nested picture, moving, faded", size: uhd, layers: nest(uhd, 0.5), output: i420 },
        Case { name: "1080p nested picture, untouched", size: uhd, layers: nest(uhd, 1.0), output: i420 },
        Case { name: "1080p steadied picture", size: uhd, layers: steadied(uhd), output: i420 },
        Case {
            name: "1080p picture on the screen",
            size: uhd,
            layers: vec![layer(vec![input(media(0), one, uhd, 1.0)])],
            output: Output::Display,
        },
        Case { name: "1080p to 720p", size: hd, layers: vec![layer(vec![input(media(0), scale(2.0 / 3.0), uhd, 1.0)])], output: i420 },
        Case { name: "720p to 1080p", size: uhd, layers: vec![layer(vec![input(media(0), scale(1.5), hd, 1.0)])], output: i420 },
        Case {
            name: "720p turned inset",
            size: hd,
            layers: vec![layer(vec![input(media(0), one, hd, 1.0)]), layer(vec![input(media(1), inset, hd, 1.0)])],
            output: i420,
        },
    ]
}

/// Processor time and wall time per frame, in milliseconds.
fn measure(renderer: &mut dyn Renderer, case: &Case) -> Result<(f64, f64), RenderError> {
    let size = case.layers.first().and_then(|l| l.inputs.first()).map_or(case.size, |i| i.size);
    let pictures = [noise(PixelFormat::I420, size.0, size.1, 1)?, noise(PixelFormat::I420, size.0, size.1, 2)?];
    // a new buffer for every frame, as a decoder gives: the upload is part of the figure
    let mut source = |m: &MediaRef| {
        let p = &pictures[m.media.0 as usize % 2];
        Picture::with_layout(p.format, p.width, p.height, p.planes, Arc::new(Shared(p.clone())), p.color).ok()
    };
    let plan =
        FramePlan { frame: 0, width: case.size.0, height: case.size.1, color: ColorTags::BT709, layers: case.layers.clone(), hash: 0 };
    for _ in 0..2 {
        renderer.render(&plan, &mut source, case.output)?;
    }
    let (cpu, wall) = (cpu_secs(), Instant::now());
    let mut frames = 0;
    while frames < FRAMES && wall.elapsed() < PATIENCE {
        renderer.render(&plan, &mut source, case.output)?;
        frames += 1;
    }
    let per_frame = 1000.0 / f64::from(frames.max(1));
    Ok(((cpu_secs() - cpu) * per_frame, wall.elapsed().as_secs_f64() * per_frame))
}

/// The bytes of a picture under an address of their own.
struct Shared(Picture);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.data.as_ref().as_ref()
    }
}

/// Milliseconds of processor time per frame of the CPU renderer beside the software adapter, and wall time on a real
/// adapter where there is one.
pub(super) fn composite(_: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let wrong = |e: RenderError| Trouble::new(e.to_string(), "run `montage-ai doctor`");
    let software = GpuContext::headless(&AdapterPick::Software).map_err(wrong)?;
    let hardware = GpuContext::headless(&AdapterPick::Best).ok().filter(|c| !c.is_software());
    let mut processor = CpuRenderer::new();
    let mut lavapipe = GpuRenderer::new(&software).map_err(wrong)?;
    let mut card = hardware.as_ref().map(GpuRenderer::new).transpose().map_err(wrong)?;
    let mut rows = Vec::new();
    for case in cases() {
        let (ours, _) = measure(&mut processor, &case).map_err(wrong)?;
        let (theirs, _) = measure(&mut lavapipe, &case).map_err(wrong)?;
        let row = Row::new(format!("{}, CPU renderer, CPU per frame", case.name), ours, "ms").beside("software adapter", theirs);
        rows.push(if case.name.contains("dissolve") { row.goal("≤ 0.25 × software adapter") } else { row });
        if let Some(card) = &mut card {
            let (_, wall) = measure(card, &case).map_err(wrong)?;
            rows.push(Row::new(format!("{}, {}, wall per frame", case.name, card.name()), wall, "ms"));
        }
    }
    Ok(rows)
}
