//! Large textures that change with every frame: the pictures of the viewers and the charts of the measuring instruments.
//! A picture in memory is uploaded, the renderer's texture is shown where it lies. UI thread.

use crate::{
    base::{Picture, PixelFormat},
    gpu::Rendered,
};
use egui::{Color32, ColorImage, Context, TextureHandle, TextureId, TextureOptions, Vec2, vec2};
use std::{collections::HashMap, sync::Arc};

/// Something that shows one picture at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Screen {
    Program,
    /// The program without what is compared.
    Before,
    Source,
}

/// A texture, either our own upload or the renderer's.
enum Texture {
    Uploaded(TextureHandle),
    Native {
        id: TextureId,
        /// Stays alive as long as egui may draw it.
        _texture: Arc<wgpu::Texture>,
    },
}

impl Texture {
    fn id(&self) -> TextureId {
        match self {
            Self::Uploaded(handle) => handle.id(),
            Self::Native { id, .. } => *id,
        }
    }
}

struct Shown {
    texture: Texture,
    serial: u64,
    size: Vec2,
}

/// See the module.
pub struct Screens {
    render_state: Option<egui_wgpu::RenderState>,
    shown: HashMap<Screen, Shown>,
    charts: HashMap<&'static str, (u64, TextureHandle)>,
}

impl Screens {
    pub fn new(render_state: Option<egui_wgpu::RenderState>) -> Self {
        Self { render_state, shown: HashMap::new(), charts: HashMap::new() }
    }

    /// The texture of a picture and its size in pixels; uploads or registers it when `serial` is new.
    pub fn picture(&mut self, ctx: &Context, screen: Screen, image: Option<&Rendered>, serial: u64) -> Option<(TextureId, Vec2)> {
        let Some(image) = image else {
            self.clear(screen);
            return None;
        };
        if self.shown.get(&screen).is_none_or(|s| s.serial != serial) {
            match image {
                Rendered::Picture(p) => self.upload(ctx, screen, p, serial),
                Rendered::Texture(t) => self.register(screen, t, serial),
            }
        }
        self.shown.get(&screen).map(|s| (s.texture.id(), s.size))
    }

    /// The texture of a chart, drawn anew when `serial` is.
    pub fn chart(&mut self, ctx: &Context, name: &'static str, serial: u64, draw: impl FnOnce() -> ColorImage) -> TextureId {
        match self.charts.get_mut(name) {
            Some((seen, handle)) => {
                if *seen != serial {
                    handle.set(draw(), TextureOptions::LINEAR);
                    *seen = serial;
                }
                handle.id()
            }
            None => {
                let handle = ctx.load_texture(name, draw(), TextureOptions::LINEAR);
                let id = handle.id();
                self.charts.insert(name, (serial, handle));
                id
            }
        }
    }

    fn clear(&mut self, screen: Screen) {
        if let Some(Shown { texture: Texture::Native { id, .. }, .. }) = self.shown.remove(&screen)
            && let Some(rs) = &self.render_state
        {
            rs.renderer.write().free_texture(&id);
        }
    }

    fn upload(&mut self, ctx: &Context, screen: Screen, picture: &Picture, serial: u64) {
        if picture.format != PixelFormat::Rgba8 {
            return;
        }
        let mut pixels = Vec::with_capacity(picture.width as usize * picture.height as usize);
        for y in 0..picture.height {
            pixels.extend(picture.row(0, y).chunks_exact(4).map(|p| Color32::from_rgb(p[0], p[1], p[2])));
        }
        let image = ColorImage::new([picture.width as usize, picture.height as usize], pixels);
        let (w, h) = picture.display_size();
        let size = vec2(w as f32, h as f32);
        if let Some(Shown { texture: Texture::Uploaded(handle), serial: seen, size: old }) = self.shown.get_mut(&screen) {
            handle.set(image, TextureOptions::LINEAR);
            (*seen, *old) = (serial, size);
        } else {
            self.clear(screen);
            let texture = Texture::Uploaded(ctx.load_texture("screen", image, TextureOptions::LINEAR));
            self.shown.insert(screen, Shown { texture, serial, size });
        }
    }

    fn register(&mut self, screen: Screen, texture: &Arc<wgpu::Texture>, serial: u64) {
        let Some(rs) = &self.render_state else { return };
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let mut renderer = rs.renderer.write();
        let id = match self.shown.get(&screen).map(|s| &s.texture) {
            Some(Texture::Native { id, .. }) => {
                renderer.update_egui_texture_from_wgpu_texture(&rs.device, &view, wgpu::FilterMode::Linear, *id);
                *id
            }
            _ => renderer.register_native_texture(&rs.device, &view, wgpu::FilterMode::Linear),
        };
        let size = vec2(texture.width() as f32, texture.height() as f32);
        self.shown.insert(screen, Shown { texture: Texture::Native { id, _texture: texture.clone() }, serial, size });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ColorTags;

    fn gray(side: u32) -> Rendered {
        let data = [9, 9, 9, 255].repeat((side * side) as usize);
        Rendered::Picture(Picture::from_packed(PixelFormat::Rgba8, side, side, data, ColorTags::SRGB).unwrap())
    }

    #[test]
    fn each_screen_keeps_its_own_picture_until_the_next() {
        let ctx = Context::default();
        let mut s = Screens::new(None);
        let program = s.picture(&ctx, Screen::Program, Some(&gray(8)), 1).unwrap();
        let source = s.picture(&ctx, Screen::Source, Some(&gray(4)), 1).unwrap();
        assert_ne!(program.0, source.0);
        assert_eq!(s.picture(&ctx, Screen::Program, Some(&gray(16)), 1).unwrap(), program, "the serial is the same");
        assert_eq!(s.picture(&ctx, Screen::Program, Some(&gray(16)), 2).unwrap(), (program.0, vec2(16.0, 16.0)));
        assert_eq!(s.picture(&ctx, Screen::Program, None, 3), None);
    }

    #[test]
    fn a_chart_is_drawn_once_for_each_serial() {
        let ctx = Context::default();
        let mut s = Screens::new(None);
        let mut drawn = 0;
        for serial in [1, 1, 2, 2, 2] {
            s.chart(&ctx, "waveform", serial, || {
                drawn += 1;
                ColorImage::filled([4, 4], Color32::BLACK)
            });
        }
        assert_eq!(drawn, 2);
    }
}
