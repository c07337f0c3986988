//! Pictures to textures: each plane goes up as it lies in memory (strides honoured by the copy), into pooled textures
//! that are bounded by bytes. A picture that was uploaded before (a freeze frame, a title) is found again by its buffer.

use crate::{
    base::{Picture, PixelFormat, PlaneLayout},
    gpu::RenderError,
};
use std::sync::{Arc, Weak};

/// Bytes of textures kept for pictures.
const BUDGET_BYTES: u64 = 512 << 20;

type WeakBytes = Weak<dyn AsRef<[u8]> + Send + Sync>;

/// One picture's textures.
struct Slot {
    /// The buffer that the texels came from. Weak: a decoder's buffer is not held back; the address is not used again
    /// while the weak reference lives.
    source: WeakBytes,
    layout: [PlaneLayout; 3],
    format: PixelFormat,
    size: (u32, u32),
    textures: Vec<wgpu::Texture>,
    /// Of textures that are kept for use again.
    bytes: u64,
    /// Frame that used it last.
    last_use: u64,
    /// The texture is the picture's own: not written, and not kept when the picture goes.
    adopted: bool,
}

/// The pool.
pub struct Uploads {
    slots: Vec<Slot>,
    budget: u64,
    frame: u64,
    empty: wgpu::TextureView,
}

/// Texture format of a plane: integers, so that 16-bit planes need no optional feature and texels are exact.
fn plane_format(format: PixelFormat, plane: usize) -> (wgpu::TextureFormat, u32) {
    use wgpu::TextureFormat as F;
    let components = match format.planes() {
        1 => 4,
        2 if plane == 1 => 2,
        _ => 1,
    };
    let f = match (components, format.bytes_per_sample()) {
        (4, 1) => F::Rgba8Uint,
        (4, _) => F::Rgba16Uint,
        (2, 1) => F::Rg8Uint,
        (2, _) => F::Rg16Uint,
        (_, 1) => F::R8Uint,
        _ => F::R16Uint,
    };
    (f, components)
}

fn texture(device: &wgpu::Device, format: wgpu::TextureFormat, width: u32, height: u32) -> wgpu::Texture {
    device.create_texture(&wgpu::TextureDescriptor {
        label: Some("plane"),
        size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format,
        usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::COPY_DST,
        view_formats: &[],
    })
}

fn view(t: &wgpu::Texture) -> wgpu::TextureView {
    t.create_view(&wgpu::TextureViewDescriptor::default())
}

impl Uploads {
    pub fn new(device: &wgpu::Device) -> Self {
        Self::within(device, BUDGET_BYTES)
    }

    /// Keeps so many bytes of textures.
    pub fn within(device: &wgpu::Device, budget: u64) -> Self {
        Self { slots: Vec::new(), budget, frame: 0, empty: view(&texture(device, wgpu::TextureFormat::R8Uint, 1, 1)) }
    }

    /// Begins a frame and lets go of what is over the budget.
    pub fn next_frame(&mut self) {
        self.frame += 1;
        self.slots.retain(|s| !s.adopted || s.source.strong_count() > 0);
        while self.slots.iter().map(|s| s.bytes).sum::<u64>() > self.budget {
            let Some(oldest) = self.slots.iter().enumerate().min_by_key(|(_, s)| s.last_use).map(|(i, _)| i) else { break };
            self.slots.swap_remove(oldest);
        }
    }

    /// What is bound where a picture has no such plane.
    pub fn empty(&self) -> wgpu::TextureView {
        self.empty.clone()
    }

    /// A picture that lies on this device already: it is not uploaded.
    pub(super) fn adopt(&mut self, picture: &Picture, texture: &wgpu::Texture) {
        let source = Arc::downgrade(&picture.data);
        if self.slots.iter().any(|s| s.adopted && s.source.ptr_eq(&source)) {
            return;
        }
        let (layout, format, size) = (picture.planes, picture.format, (picture.width, picture.height));
        let (textures, last_use) = (vec![texture.clone()], self.frame);
        self.slots.push(Slot { source, layout, format, size, textures, bytes: 0, last_use, adopted: true });
    }

    /// Views of the picture's planes, uploaded unless they are there already.
    ///
    /// # Errors
    /// A plane is larger than a texture can be.
    pub fn planes(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, picture: &Picture) -> Result<[wgpu::TextureView; 3], RenderError> {
        let limit = device.limits().max_texture_dimension_2d;
        if picture.width > limit || picture.height > limit {
            return Err(RenderError::TooLarge(picture.width, picture.height));
        }
        let source = Arc::downgrade(&picture.data);
        let same_shape = |s: &Slot| s.format == picture.format && s.size == (picture.width, picture.height);
        let frame = self.frame;
        let index = match self.slots.iter().position(|s| same_shape(s) && s.layout == picture.planes && s.source.ptr_eq(&source)) {
            Some(i) => i,
            None => {
                let free = |s: &Slot| !s.adopted && same_shape(s) && s.last_use < frame && s.source.strong_count() == 0;
                let i = self.slots.iter().position(free).unwrap_or_else(|| {
                    self.slots.push(Slot::new(device, picture));
                    self.slots.len() - 1
                });
                let slot = &mut self.slots[i];
                slot.fill(queue, picture);
                (slot.source, slot.layout) = (source, picture.planes);
                i
            }
        };
        let slot = &mut self.slots[index];
        slot.last_use = frame;
        let at = |i: usize| slot.textures.get(i).map_or_else(|| self.empty.clone(), view);
        Ok([at(0), at(1), at(2)])
    }
}

impl Slot {
    fn new(device: &wgpu::Device, p: &Picture) -> Self {
        let mut bytes = 0;
        let textures = (0..p.format.planes())
            .map(|i| {
                let (format, components) = plane_format(p.format, i);
                let (w, h) = p.format.plane_size(i, p.width, p.height);
                bytes += u64::from(w) * u64::from(h) * p.format.bytes_per_sample() as u64;
                texture(device, format, w / components, h)
            })
            .collect();
        let none: Weak<Vec<u8>> = Weak::new();
        Self { source: none, layout: p.planes, format: p.format, size: (p.width, p.height), textures, bytes, last_use: 0, adopted: false }
    }

    fn fill(&self, queue: &wgpu::Queue, p: &Picture) {
        let _span = tracing::debug_span!("upload", width = p.width, height = p.height).entered();
        for (i, t) in self.textures.iter().enumerate() {
            let stride = p.planes[i].stride;
            queue.write_texture(
                t.as_image_copy(),
                p.plane(i),
                wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: u32::try_from(stride).ok(), rows_per_image: None },
                t.size(),
            );
        }
    }
}
