//! Pictures through a network without leaving the device: each tile is read out of the picture into a tensor's own memory, computed there,
//! and its inner part is written from the result's memory into the larger picture.
//!
//! Our own kernels read and write buffers of ours. A buffer of ours cannot become a tensor of Burn's, so that a tensor is made empty and our pass writes what it holds. Calls of Burn's and ours come
//! from one thread, so that Burn's work is handed over before ours; what we bind is held until ours is handed over too, for its memory
//! would be given to the next tensor otherwise. The queue keeps the order: nothing waits in between.

use super::{failure, fused::FusedNet, guarded, layers::BurnNet, memory::PICTURE_BYTES, refused};
use crate::{
    base::{
        PixelFormat,
        color::{ColorTags, Matrix, Range},
    },
    gpu::{DevicePicture, GpuContext, Numbers, Part, TensorPasses, TensorSource},
    ml::{
        DeviceSource, MlError, Planes,
        tile::{Area, Cut, Forward, PictureTile, Tile, TileOnDevice, check},
    },
};
use burn::{
    backend::{
        Wgpu,
        wgpu::{AutoCompiler, CubeTensor, WgpuResource},
    },
    cubecl::wgpu::WgpuServer,
    tensor::Tensor,
};
use std::{any::Any, sync::atomic::AtomicBool};

/// A tensor's memory, which nobody else is given while this lives.
struct Held {
    resource: WgpuResource,
    steps: [u32; 3],
    /// Has no name that could be written here.
    _kept: Box<dyn Any + Send>,
}

impl Held {
    /// Of a tensor of one picture, whatever the order of its dimensions in memory; all that Burn has to do for it is handed to the device.
    fn of(tensor: &Tensor<4>) -> Result<Self, MlError> {
        let there = |what: String| failure(&what);
        let cube: CubeTensor = tensor.clone().try_into_primitive::<Wgpu>().map_err(|e| there(format!("{e:?}")))?;
        if cube.meta.is_tiled() {
            return Err(MlError::Device("a network's result lies in memory in pieces".into()));
        }
        let strides: Vec<u32> = cube.meta.strides().iter().map(|s| u32::try_from(*s).unwrap_or(u32::MAX)).collect();
        let [_, channel, row, column] = strides[..] else { return Err(MlError::Device("a picture has four dimensions".into())) };
        let managed = cube.client.get_resource::<WgpuServer<AutoCompiler>>(cube.handle.clone()).map_err(|e| there(format!("{e:?}")))?;
        cube.client.flush().map_err(|e| there(format!("{e:?}")))?;
        Ok(Self { resource: managed.resource().clone(), steps: [channel, row, column], _kept: Box::new(managed) })
    }

    fn numbers(&self) -> Numbers<'_> {
        Numbers { buffer: self.resource.as_wgpu_bind_resource(), steps: self.steps }
    }
}

/// Whatever computes a network.
pub enum Kernel {
    Burn(BurnNet),
    Fused(FusedNet),
}

impl Kernel {
    pub fn forward(&mut self) -> &mut dyn Forward {
        match self {
            Self::Burn(net) => net,
            Self::Fused(net) => net,
        }
    }
}

/// A network on the editor's device.
pub struct GpuNet {
    net: Kernel,
    side: usize,
    gpu: GpuContext,
    passes: TensorPasses,
}

impl GpuNet {
    /// # Errors
    /// The device refused the passes.
    pub fn new(mut net: Kernel, gpu: &GpuContext) -> Result<Self, MlError> {
        let passes = TensorPasses::new(gpu).map_err(|e| refused(&e))?;
        let side = net.forward().side();
        Ok(Self { net, side, gpu: gpu.clone(), passes })
    }

    /// What the device has told meanwhile comes before what was made of it.
    fn checked<T>(&self, done: Result<Result<T, MlError>, MlError>) -> Result<T, MlError> {
        self.gpu.check().map_err(|e| refused(&e))?;
        done?
    }
}

impl Forward for GpuNet {
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
        let done = self.net.forward().forward(tile, stop);
        self.checked(Ok(done))
    }

    fn side(&self) -> usize {
        self.side
    }

    fn on_device(&mut self) -> Option<&mut dyn TileOnDevice> {
        Some(self)
    }
}

impl TileOnDevice for GpuNet {
    fn passes(&mut self) -> &mut TensorPasses {
        &mut self.passes
    }

    fn is_hardware(&self) -> bool {
        !self.gpu.is_software()
    }

    fn tile(&mut self, tile: &PictureTile<'_>, stop: &AtomicBool) -> Result<wgpu::SubmissionIndex, MlError> {
        let size = (tile.read.columns, tile.read.rows);
        let done = match &mut self.net {
            Kernel::Burn(net) => guarded(|| {
                let input = Tensor::<4>::empty([1, 3, size.1 as usize, size.0 as usize], net.device());
                let held = Held::of(&input)?;
                self.passes.pack(tile.from, tile.read, &held.numbers());
                drop(held);
                let output = net.compute(input, stop)?;
                let held = Held::of(&output)?;
                Ok(self.passes.unpack(&held.numbers(), tile.begin, tile.to, tile.write))
            }),
            Kernel::Fused(net) => Ok(through(net, &self.passes, tile, size, stop)),
        };
        self.checked(done)
    }
}

fn through(
    net: &mut FusedNet,
    passes: &TensorPasses,
    tile: &PictureTile<'_>,
    size: (u32, u32),
    stop: &AtomicBool,
) -> Result<wgpu::SubmissionIndex, MlError> {
    net.make_room(size)?;
    passes.pack(tile.from, tile.read, &net.input(size)?);
    net.compute(size, stop)?;
    Ok(passes.unpack(&net.output(size)?, tile.begin, tile.to, tile.write))
}

/// See [`crate::ml::Upscaler::upscale_on_device`]; `liked`: the side of tiles where none is set.
pub fn upscaled_there(
    net: &mut dyn TileOnDevice,
    cut: &mut Cut,
    liked: usize,
    picture: DeviceSource<'_>,
    format: PixelFormat,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Option<DevicePicture>, MlError> {
    let (color, (coded_width, coded_height)) = match picture {
        DeviceSource::Memory(p) => (p.color, (p.width, p.height)),
        DeviceSource::Device(p) => (p.picture().color, p.size()),
    };
    let scale = cut.scale as u32;
    let ctx = net.passes().context().clone();
    let large = (coded_width.saturating_mul(scale), coded_height.saturating_mul(scale));
    let bytes = u64::from(large.0) * u64::from(large.1) * 4 * format.bytes_per_sample() as u64;
    if bytes == 0 || bytes > PICTURE_BYTES || !DevicePicture::fits(&ctx, large) {
        return Ok(None);
    }
    let _span = tracing::debug_span!("upscale on the device", width = coded_width, height = coded_height).entered();
    check(stop)?;
    let source = match picture {
        DeviceSource::Memory(p) => net.passes().source(p),
        DeviceSource::Device(p) => net.passes().source_of(p),
    };
    let source = source.map_err(|e| refused(&e))?;
    let size = (source.size().0 as usize, source.size().1 as usize);
    let out_size = (source.size().0 * scale, source.size().1 * scale);
    let color = ColorTags { matrix: Matrix::Rgb, range: Range::Full, ..color };
    let out = DevicePicture::new(&ctx, format, out_size, color).map_err(|e| refused(&e))?;
    cut.with_room(size, liked, |cut| {
        let tiles = cut.tiles(cut.even(size), liked);
        let mut before = None;
        for (n, tile) in tiles.iter().enumerate() {
            check(stop)?;
            let submitted = net.tile(&piece(tile, size, cut.scale, &source, &out), stop)?;
            // one tile ahead of the device: it has work, and whoever stops this waits for no more
            if let Some(before) = before.replace(submitted) {
                ctx.wait(Some(before)).map_err(|e| refused(&e))?;
                told(n as f32 / tiles.len() as f32);
            }
        }
        before.map_or(Ok(()), |last| ctx.wait(Some(last))).map_err(|e| refused(&e))
    })?;
    told(1.0);
    Ok(Some(out))
}

/// What is computed of a tile, without what the picture was grown by.
fn piece<'a>(tile: &Tile, size: (usize, usize), scale: usize, from: &'a TensorSource, to: &'a DevicePicture) -> PictureTile<'a> {
    let Tile { inner, around } = *tile;
    let part = |a: Area| Part { left: a.x as u32, top: a.y as u32, columns: a.width as u32, rows: a.height as u32 };
    let (x, y) = (inner.x * scale, inner.y * scale);
    let (width, height) = (inner.width.min(size.0 - inner.x) * scale, inner.height.min(size.1 - inner.y) * scale);
    let begin = (((inner.x - around.x) * scale) as u32, ((inner.y - around.y) * scale) as u32);
    PictureTile { from, read: part(around), to, write: part(Area { x, y, width, height }), begin }
}
