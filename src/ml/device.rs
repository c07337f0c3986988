//! Networks through Burn: on the editor's own graphics device, or on Burn's processor back end as the reference for our kernels.
//!
//! One device of Burn's for each device of wgpu's, made at the first call: Burn keeps its memory and its shaders with it. Burn panics where
//! wgpu fails; that is caught and becomes an error. Calls come from one thread at a time for each network.

use super::{
    MlError, Net, Planes,
    net::Conv,
    tile::{Forward, check},
    upscale::{Tiled, Upscaler},
};
use crate::gpu::GpuContext;
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{leaky_relu, prelu},
    module::{conv2d, interpolate},
    ops::{ConvOptions, InterpolateMode, InterpolateOptions},
    wgpu::WgpuSetup,
};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError, atomic::AtomicBool},
};

/// Work that Burn hands over at once: little, so that the window's pictures come between.
const TASKS: usize = 4;
/// Larger tiles gain nothing and keep the device busy for too long at a time.
const MAX_SIDE: usize = 512;

/// An upscaler on a graphics device. `side`: of the tiles in pixels; None = by the device's memory, 0 = whole pictures.
///
/// # Errors
/// The device refused the network.
pub fn on_gpu(net: &Net, gpu: &GpuContext, side: Option<usize>) -> Result<Box<dyn Upscaler>, MlError> {
    let device = burn_device(gpu)?;
    let name = gpu.name();
    let limit = gpu.device.limits().max_storage_buffer_binding_size;
    let burn = guarded(|| BurnNet::new(net, &device, limit, Some(gpu.clone())))?;
    gpu.check().map_err(|e| MlError::Device(e.to_string()))?;
    Ok(Box::new(Tiled::new(net, Box::new(burn), &name, side)))
}

/// Burn's face of a device of wgpu's.
pub(super) fn burn_device(gpu: &GpuContext) -> Result<Device, MlError> {
    // behind a lock because any worker may be the first; held while Burn takes the device over
    static KNOWN: Mutex<Vec<(GpuContext, Device)>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|(g, _)| !g.is_lost());
    if let Some((_, device)) = known.iter().find(|(g, _)| g.is_same(gpu)) {
        return Ok(device.clone());
    }
    let setup = WgpuSetup {
        instance: gpu.instance.clone(),
        adapter: gpu.adapter.clone(),
        device: gpu.device.clone(),
        queue: gpu.queue.clone(),
        backend: gpu.adapter.get_info().backend,
    };
    let device = guarded(|| Device::wgpu_options().tasks_max(TASKS).setup(setup).init())?.map_err(|e| MlError::Device(e.to_string()))?;
    // Burn has put its own handler of errors there
    gpu.listen();
    known.push((gpu.clone(), device.clone()));
    Ok(device)
}

/// What Burn does; its panics as errors.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, MlError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        failure(text.unwrap_or("it gave no reason"))
    })
}

/// What the device says of a failure: too little room for an array is a reason for smaller tiles, everything else ends the work.
pub(super) fn failure(text: &str) -> MlError {
    let lower = text.to_lowercase();
    let room = ["memory", "allocat", "max_storage_buffer", "max_buffer_size", "buffer size", "binding_size"];
    if room.iter().any(|w| lower.contains(w)) {
        MlError::Memory
    } else {
        MlError::Device(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

struct Layer {
    weights: Tensor<4>,
    biases: Tensor<1>,
}

impl Layer {
    fn new(c: &Conv, device: &Device) -> Self {
        let weights = TensorData::new(c.weights.clone(), [c.outputs, c.inputs, 3, 3]);
        let biases = TensorData::new(c.biases.clone(), [c.outputs]);
        Self { weights: Tensor::<4>::from_data(weights, device), biases: Tensor::<1>::from_data(biases, device) }
    }

    fn run(&self, x: Tensor<4>) -> Tensor<4> {
        conv2d(x, self.weights.clone(), Some(self.biases.clone()), ConvOptions::new([1, 1], [1, 1], [1, 1], 1))
    }
}

enum Layers {
    Compact { scale: usize, convs: Vec<Layer>, slopes: Vec<Tensor<1>> },
    Residual(Box<Dense>),
}

struct Dense {
    unshuffle: usize,
    first: Layer,
    blocks: Vec<[[Layer; 5]; 3]>,
    tail: [Layer; 5],
}

/// A network on one of Burn's devices.
pub(super) struct BurnNet {
    layers: Layers,
    device: Device,
    side: usize,
    gpu: Option<GpuContext>,
}

fn doubled(x: Tensor<4>, by: usize) -> Tensor<4> {
    let [_, _, h, w] = x.dims();
    interpolate(x, InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([h * by, w * by]))
}

impl BurnNet {
    /// `limit`: bytes of the largest array that the device takes.
    pub fn new(net: &Net, device: &Device, limit: u64, gpu: Option<GpuContext>) -> Self {
        let layer = |c: &Conv| Layer::new(c, device);
        // numbers of the widest array for each pixel of the input, and again as much for what a convolution needs beside it
        let (layers, numbers) = match net {
            Net::Compact(n) => {
                let slopes = n.slopes.iter().map(|s| Tensor::<1>::from_data(TensorData::new(s.clone(), [s.len()]), device));
                let convs: Vec<_> = n.convs.iter().map(layer).collect();
                (Layers::Compact { scale: n.scale, convs, slopes: slopes.collect() }, n.convs[0].outputs)
            }
            Net::Residual(n) => {
                let blocks = n.blocks.iter().map(|b| b.each_ref().map(|p| p.each_ref().map(layer))).collect();
                let tail = n.tail.each_ref().map(layer);
                let dense = Dense { unshuffle: n.unshuffle, first: layer(&n.first), blocks, tail };
                (Layers::Residual(Box::new(dense)), 16 * n.features)
            }
        };
        let pixels = limit / (2 * 4 * numbers.max(1) as u64);
        let around = 2 * net.pad() as u64;
        let side = usize::try_from(pixels.isqrt().saturating_sub(around)).unwrap_or(MAX_SIDE).clamp(32, MAX_SIDE);
        Self { layers, device: device.clone(), side, gpu }
    }

    fn compute(&self, x: Tensor<4>, stop: &AtomicBool) -> Result<Tensor<4>, MlError> {
        match &self.layers {
            Layers::Compact { scale, convs, slopes } => {
                let mut y = x.clone();
                for (conv, slopes) in convs.iter().zip(slopes) {
                    check(stop)?;
                    y = prelu(conv.run(y), slopes.clone());
                }
                let y = convs.last().map_or_else(|| y.clone(), |c| c.run(y.clone()));
                Ok(shuffled(y, *scale) + doubled(x, *scale))
            }
            Layers::Residual(net) => {
                let Dense { unshuffle, first, blocks, tail } = &**net;
                let x = unshuffled(x, *unshuffle);
                let start = first.run(x);
                let mut y = start.clone();
                for block in blocks {
                    let before = y.clone();
                    for part in block {
                        check(stop)?;
                        let mut all = vec![y.clone()];
                        for conv in &part[..4] {
                            all.push(leaky_relu(conv.run(Tensor::cat(all.clone(), 1)), 0.2));
                        }
                        y = part[4].run(Tensor::cat(all, 1)).mul_scalar(0.2) + y;
                    }
                    y = y.mul_scalar(0.2) + before;
                }
                let [body, up1, up2, hr, last] = tail;
                let mut y = start + body.run(y);
                for up in [up1, up2] {
                    check(stop)?;
                    y = leaky_relu(up.run(doubled(y, 2)), 0.2);
                }
                Ok(last.run(leaky_relu(hr.run(y), 0.2)))
            }
        }
    }
}

fn shuffled(x: Tensor<4>, s: usize) -> Tensor<4> {
    let [n, c, h, w] = x.dims();
    let c = c / (s * s);
    x.reshape([n, c, s, s, h, w]).permute([0, 1, 4, 2, 5, 3]).reshape([n, c, h * s, w * s])
}

fn unshuffled(x: Tensor<4>, s: usize) -> Tensor<4> {
    if s == 1 {
        return x;
    }
    let [n, c, h, w] = x.dims();
    x.reshape([n, c, h / s, s, w / s, s]).permute([0, 1, 3, 5, 2, 4]).reshape([n, c * s * s, h / s, w / s])
}

impl Forward for BurnNet {
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
        let data = TensorData::new(tile.data.clone(), [1, 3, tile.height, tile.width]);
        let done = guarded(|| {
            let x = Tensor::<4>::from_data(data, &self.device);
            let out = self.compute(x, stop)?;
            let [_, _, height, width] = out.dims();
            let data = out.try_into_data().map_err(|e| failure(&e.to_string()))?;
            let data = data.try_to_vec::<f32>().map_err(|e| MlError::Device(e.to_string()))?;
            Ok(Planes { width, height, channels: 3, data })
        });
        if let Some(gpu) = &self.gpu {
            gpu.check().map_err(|e| if gpu.is_lost() { MlError::Device(e.to_string()) } else { failure(&e.to_string()) })?;
        }
        done?
    }

    fn side(&self) -> usize {
        self.side
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        gpu::AdapterPick,
        ml::{on_cpu, upscale::Tiled},
    };
    use std::path::Path;

    fn net(name: &str) -> Net {
        Net::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/weights/{name}.pth")), None).unwrap()
    }

    fn picture(width: usize, height: usize) -> Planes {
        let data = (0..width * height * 3).map(|i| 0.5 + 0.4 * (i as f32 * 0.37).sin() * (i as f32 * 0.011).cos()).collect();
        Planes { width, height, channels: 3, data }
    }

    fn worst(a: &Planes, b: &Planes) -> f32 {
        assert_eq!((a.width, a.height), (b.width, b.height));
        a.data.iter().zip(&b.data).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn our_kernels_compute_what_burn_computes() {
        let stop = AtomicBool::new(false);
        for name in ["compact-x3", "residual-x4", "residual-x2"] {
            let net = net(name);
            let burn = BurnNet::new(&net, &Device::flex(), 1 << 27, None);
            let mut reference = Tiled::new(&net, Box::new(burn), "flex", Some(0));
            let picture = picture(14, 10);
            let ours = on_cpu(&net, Some(0)).upscale(&picture, &stop, &mut |_| {}).unwrap();
            let off = worst(&reference.upscale(&picture, &stop, &mut |_| {}).unwrap(), &ours);
            assert!(off < 1e-5, "{name}: off by {off}");
        }
    }

    #[test]
    fn a_device_that_was_lost_is_an_error_and_another_one_goes_on() {
        let (stop, picture, net) = (AtomicBool::new(false), picture(12, 8), net("compact-x2"));
        let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
        let mut upscaler = on_gpu(&net, &gpu, Some(0)).unwrap();
        let whole = upscaler.upscale(&picture, &stop, &mut |_| {}).unwrap();
        assert!(!gpu.is_lost());
        gpu.device.destroy();
        let lost = upscaler.upscale(&picture, &stop, &mut |_| {});
        assert!(matches!(lost, Err(MlError::Device(_))), "{lost:?}");
        assert!(gpu.is_lost());
        let other = GpuContext::headless(&AdapterPick::Best).unwrap();
        let again = on_gpu(&net, &other, Some(0)).unwrap().upscale(&picture, &stop, &mut |_| {}).unwrap();
        assert_eq!(again.data, whole.data);
    }

    #[test]
    fn too_little_room_is_told_from_other_failures() {
        for text in [
            "wgpu error: Out of Memory",
            "Buffer size 402653184 is greater than the maximum buffer size (268435456)",
            "In Device::create_bind_group: buffer binding 0 range 268435456 exceeds `max_*_buffer_binding_size` limit 134217728",
        ] {
            assert!(matches!(failure(text), MlError::Memory), "{text}");
        }
        assert!(matches!(failure("Shader\n validation error"), MlError::Device(t) if t == "Shader validation error"));
    }

    #[test]
    fn a_graphics_device_computes_the_same_on_the_editors_own_device() {
        let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
        let (stop, picture) = (AtomicBool::new(false), picture(12, 8));
        for name in ["compact-x2", "residual-x2"] {
            let net = net(name);
            let ours = on_cpu(&net, Some(0)).upscale(&picture, &stop, &mut |_| {}).unwrap();
            let theirs = on_gpu(&net, &gpu, Some(0)).unwrap().upscale(&picture, &stop, &mut |_| {}).unwrap();
            let off = worst(&theirs, &ours);
            assert!(off < 1e-3, "{name}: off by {off}");
        }
        gpu.check().unwrap();
    }
}
