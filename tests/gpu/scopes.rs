//! Scopes: the device counts a screen texture exactly as the processor counts the same picture.

use crate::{support::*, twins::read_screen};
use montage_ai::{
    base::{ColorTags, Picture, PixelFormat},
    gpu::{GpuRenderer, Output, Rendered, Renderer, ScopeData},
};

#[test]
fn the_device_and_the_processor_count_alike() {
    let mut gpu = GpuRenderer::new(context()).expect("a renderer");
    for (w, h) in [(320, 180), (255, 31), (7, 1), (1000, 1300), (257, 541)] {
        let src = picture(PixelFormat::Rgba8, w, h, ColorTags::SRGB, |_, s, y| match s % 4 {
            3 => 255,
            k => (((s / 4) * (3 + k) + y * (7 - k) + (s / 4) * y / 97) % 256) as u16,
        });
        let p = plan(w, h, vec![layer(vec![input(media(0), IDENTITY, (w, h), 1.0)])]);
        let shown = gpu.render(&p, &mut |_| Some(src.clone()), Output::Display).expect("drawn");
        let Rendered::Texture(t) = &shown else { panic!("a texture") };
        let same = Picture::from_packed(PixelFormat::Rgba8, w, h, read_screen(t), ColorTags::SRGB).unwrap();
        let want = ScopeData::of(&same).expect("counts");
        for _ in 0..2 {
            assert!(gpu.scopes(&shown).expect("counted") == want, "{w}×{h}");
        }
        assert_eq!(want.vectorscope().iter().sum::<u32>(), want.pixels);
    }
}

#[test]
fn planes_for_an_encoder_are_refused() {
    for (name, mut r) in renderers() {
        let planes = draw(&mut *r, &plan(16, 16, vec![]), &[], Output::Planes(PixelFormat::I420));
        assert!(r.scopes(&Rendered::Picture(planes)).is_err(), "{name}");
    }
}
