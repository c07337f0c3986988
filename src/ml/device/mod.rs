//! Networks on the editor's own graphics device: compact ones through kernels of our own (`fused`) or through Burn, whichever was measured to be
//! quicker there, all others through Burn; and through Burn's processor back end as the reference for our kernels. Pictures of the editor's
//! device go in and come out as they lie there (`pictures`).
//!
//! One device of Burn's for each device of wgpu's, made at the first call: Burn keeps its memory and its shaders with it. Burn panics where
//! wgpu fails; that is caught and becomes an error. Calls come from one thread at a time for each network.

mod choice;
mod fused;
mod layers;
mod memory;
mod pictures;
#[cfg(test)]
mod tests;

use super::{
    Compact, MlError, Net,
    upscale::{Tiled, Upscaler},
};
use crate::gpu::{GpuContext, RenderError};
use burn::tensor::{Device, wgpu::WgpuSetup};
use fused::FusedNet;
use layers::BurnNet;
pub(super) use pictures::upscaled_there;
use pictures::{GpuNet, Kernel};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
};

/// Work that Burn hands over at once: little, so that the window's pictures come between.
const TASKS: usize = 4;

/// Whose kernels compute a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernels {
    /// Our own: compact networks, features in halves, sums in singles.
    Fused,
    /// Burn's, in singles.
    Burn,
}

/// An upscaler on a graphics device. `side`: of the tiles in pixels; None = by the device's memory, 0 = whole pictures. The quicker kernels
/// compute, as was measured on hardware; on a software adapter, where nothing is to be gained, Burn's do.
///
/// # Errors
/// The device refused the network.
pub fn on_gpu(net: &Net, gpu: &GpuContext, side: Option<usize>) -> Result<Box<dyn Upscaler>, MlError> {
    let compact = match net {
        Net::Compact(n) if !gpu.is_software() && fused::takes(n, gpu) => n,
        _ => return on_gpu_by(net, gpu, side, Kernels::Burn),
    };
    on_gpu_by(net, gpu, side, choice::quicker(net, compact, gpu)?)
}

/// The same with these kernels, unmeasured.
///
/// # Errors
/// The device refused the network, or the kernels do not take it.
pub fn on_gpu_by(net: &Net, gpu: &GpuContext, side: Option<usize>, kernels: Kernels) -> Result<Box<dyn Upscaler>, MlError> {
    let mut made = match (kernels, net) {
        (Kernels::Burn, _) => Kernel::Burn(burn_net(net, gpu)?),
        (Kernels::Fused, Net::Compact(n)) if fused::takes(n, gpu) => Kernel::Fused(fused_net(net, n, gpu)?),
        (Kernels::Fused, _) => return Err(MlError::Device(format!("there are no kernels of our own for {}", net.describe()))),
    };
    let tiles = side.filter(|s| *s > 0).unwrap_or_else(|| made.forward().side());
    let mib_for_4k = memory::picture_bytes(net, (3840, 2160), 8, tiles, kernels) >> 20;
    tracing::info!(?kernels, tiles, mib_for_4k, "a network on the device");
    gpu.check().map_err(|e| refused(&e))?;
    // whose kernels compute is in no name: a film that goes on where it stopped is made by the same network on the same device
    Ok(Box::new(Tiled::new(net, Box::new(GpuNet::new(made, gpu)?), &gpu.name(), side)))
}

fn side_on(net: &Net, gpu: &GpuContext, kernels: Kernels) -> usize {
    memory::side(net, gpu.device.limits().max_storage_buffer_binding_size, kernels)
}

fn burn_net(net: &Net, gpu: &GpuContext) -> Result<BurnNet, MlError> {
    let device = burn_device(gpu)?;
    let side = side_on(net, gpu, Kernels::Burn);
    guarded(|| BurnNet::new(net, &device, side))
}

fn fused_net(net: &Net, compact: &Compact, gpu: &GpuContext) -> Result<FusedNet, MlError> {
    FusedNet::new(compact, gpu, side_on(net, gpu, Kernels::Fused))
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

/// What the device and our passes say.
fn refused(e: &RenderError) -> MlError {
    match e {
        RenderError::TooLarge(..) => MlError::Memory,
        RenderError::DeviceLost => MlError::Device(e.to_string()),
        _ => failure(&e.to_string()),
    }
}
