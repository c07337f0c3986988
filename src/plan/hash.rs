//! Stable hash of a frame plan: xxh3 over bytes written field by field. Not `derive(Hash)`: that may change with the
//! compiler, differs between machines, and does not take floats.

use super::{FramePlan, Input, Layer, Source, Warp};
use crate::{
    base::ColorTags,
    model::{EffectKind, Title},
};
use xxhash_rust::xxh3::Xxh3Default;

struct Bytes(Xxh3Default);

impl Bytes {
    fn u8(&mut self, v: u8) {
        self.0.update(&[v]);
    }
    fn u64(&mut self, v: u64) {
        self.0.update(&v.to_le_bytes());
    }
    /// −0 counts as 0.
    fn f32(&mut self, v: f32) {
        self.0.update(&(v + 0.0).to_bits().to_le_bytes());
    }
    fn f64(&mut self, v: f64) {
        self.0.update(&(v + 0.0).to_bits().to_le_bytes());
    }
    fn f32s(&mut self, v: &[f32]) {
        v.iter().for_each(|v| self.f32(*v));
    }
    fn text(&mut self, v: &str) {
        self.u64(v.len() as u64);
        self.0.update(v.as_bytes());
    }
    fn color(&mut self, c: ColorTags) {
        self.0.update(&[c.primaries as u8, c.transfer as u8, c.matrix as u8, c.range as u8]);
    }
    fn title(&mut self, t: &Title) {
        let Title { text, style, position } = t;
        self.text(text);
        self.f32s(&[position.0, position.1]);
        self.text(&style.family);
        self.u64(style.weight.into());
        self.u8(style.italic.into());
        self.u8(style.align as u8);
        self.f32s(&[
            style.size,
            style.outline,
            style.shadow.0,
            style.shadow.1,
            style.shadow_blur,
            style.line_height,
            style.tracking,
            style.box_pad,
        ]);
        self.f32s(&style.color);
        self.f32s(&style.outline_color);
        self.f32s(&style.shadow_color);
        self.f32s(&style.box_color);
        self.f32s(&style.lit_color);
        self.u64(style.lit.0.into());
        self.u64(style.lit.1.into());
    }
    fn input(&mut self, i: &Input) {
        match &i.source {
            Source::Media(m) => {
                self.u8(0);
                self.u64(m.media.0);
                self.u64(m.time.0 as u64);
                self.u8(m.color.is_some().into());
                self.color(m.color.unwrap_or_default());
                self.u8(m.rendition as u8);
            }
            Source::Title(t) => {
                self.u8(1);
                self.title(t);
            }
            Source::Solid(c) => {
                self.u8(2);
                self.f32s(c);
            }
            Source::Nested(plan) => {
                self.u8(3);
                self.u64(plan.hash);
            }
        }
        i.transform.0.iter().for_each(|v| self.f64(*v));
        self.u64(i.size.0.into());
        self.u64(i.size.1.into());
        self.f32s(&i.crop);
        self.f32(i.weight);
        if let Some(m) = &i.mask {
            m.edge.iter().for_each(|v| self.f64(*v));
            self.f64(m.softness);
        }
        if let Some(w) = i.warp() {
            self.warp(w);
        }
        self.effects(&i.effects);
    }
    fn warp(&mut self, w: &Warp) {
        self.u8(30);
        self.u8(w.border as u8);
        self.u64(w.maps.len() as u64);
        w.maps.iter().flatten().flatten().for_each(|v| self.f64(*v));
    }
    fn effects(&mut self, effects: &[EffectKind]) {
        for e in effects {
            match e {
                EffectKind::Exposure { stops } => self.tagged(10, &[*stops]),
                EffectKind::WhiteBalance { temperature, tint } => self.tagged(11, &[*temperature, *tint]),
                EffectKind::Contrast { amount, pivot } => self.tagged(12, &[*amount, *pivot]),
                EffectKind::Saturation { amount } => self.tagged(13, &[*amount]),
                EffectKind::Wheels { lift, gamma, gain } => self.tagged(14, &[*lift, *gamma, *gain].concat()),
                EffectKind::Vignette { amount, radius, softness } => self.tagged(15, &[*amount, *radius, *softness]),
            }
        }
    }
    fn tagged(&mut self, tag: u8, values: &[f32]) {
        self.u8(tag);
        self.f32s(values);
    }
    fn layer(&mut self, l: &Layer) {
        self.u8(l.blend as u8);
        self.u64(l.inputs.len() as u64);
        l.inputs.iter().for_each(|i| self.input(i));
        if let Some(a) = &l.adjust {
            self.tagged(20, &[a.weight]);
            self.effects(&a.effects);
        }
    }
}

/// Hash of everything in a plan but `frame` and `hash` itself.
pub(super) fn of_frame(plan: &FramePlan) -> u64 {
    let mut b = Bytes(Xxh3Default::new());
    b.u64(plan.width.into());
    b.u64(plan.height.into());
    b.color(plan.color);
    b.u64(plan.layers.len() as u64);
    plan.layers.iter().for_each(|l| b.layer(l));
    b.0.digest()
}
