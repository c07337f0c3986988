//! Which kernels compute a compact network: each computes a tile on the device itself, and the quicker ones stay. Ours are not trusted
//! unseen either: a driver that makes something else of them than of Burn's is one that they do not suit.

use super::{Kernels, burn_device, burn_net, fused_net, guarded};
use crate::{
    gpu::GpuContext,
    ml::{Compact, MlError, Net, Planes, tile::Forward},
};
use std::{
    sync::{Mutex, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};

/// Side of the tile that is computed.
const SIDE: usize = 128;
/// Times that it is, after once to compile; the quickest counts, for the window draws meanwhile.
const TIMES: usize = 3;
/// What halves may differ from singles by.
const ALLOWED: f32 = 1e-2;

/// A network's layers: features, convolutions, scale.
type Layout = [usize; 3];

/// The quicker kernels for a network; measured once for each layout and device of this process.
///
/// # Errors
/// Neither computes it.
pub fn quicker(net: &Net, compact: &Compact, gpu: &GpuContext) -> Result<Kernels, MlError> {
    // behind a lock because any worker may be the first; held while it measures, so that two do not disturb each other
    static KNOWN: Mutex<Vec<(GpuContext, Layout, Kernels)>> = Mutex::new(Vec::new());
    let layout = [compact.convs[0].outputs, compact.convs.len(), compact.scale];
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.retain(|(g, ..)| !g.is_lost());
    if let Some((.., kernels)) = known.iter().find(|(g, l, _)| g.is_same(gpu) && *l == layout) {
        return Ok(*kernels);
    }
    let _span = tracing::info_span!("kernels measured", network = net.describe(), device = gpu.name()).entered();
    let fused = fused_net(net, compact, gpu).and_then(|mut n| timed(&mut n, SIDE));
    let burn = burn_net(net, gpu).and_then(|mut n| timed(&mut n, SIDE));
    // the news of a failure belongs to this measurement
    let kernels = decided(fused, burn).and_then(|kernels| if gpu.is_lost() { Err(lost()) } else { Ok(kernels) })?;
    let _ = gpu.check();
    if kernels == Kernels::Fused {
        // Burn keeps what it has taken from the device; where it cannot give that back, it is a tile's arrays
        let _ = burn_device(gpu).and_then(|device| guarded(|| device.memory_cleanup()));
    }
    known.push((gpu.clone(), layout, kernels));
    Ok(kernels)
}

fn lost() -> MlError {
    MlError::Device(crate::gpu::RenderError::DeviceLost.to_string())
}

/// What a network makes of a tile, and how long that takes.
fn timed(net: &mut dyn Forward, side: usize) -> Result<(Planes, Duration), MlError> {
    let stop = AtomicBool::new(false);
    // edges, slopes and flat parts
    let value = |i: usize| ((i * i / 7 + i) % 97) as f32 / 96.0 * if (i / 11).is_multiple_of(3) { 1.0 } else { 0.3 };
    let tile = Planes { width: side, height: side, channels: 3, data: (0..3 * side * side).map(value).collect() };
    let mut made = net.forward(&tile, &stop)?;
    let mut best = Duration::MAX;
    for _ in 0..TIMES {
        let started = Instant::now();
        made = net.forward(&tile, &stop)?;
        best = best.min(started.elapsed());
    }
    Ok((made, best))
}

/// Of what both made in which time.
fn decided(fused: Result<(Planes, Duration), MlError>, burn: Result<(Planes, Duration), MlError>) -> Result<Kernels, MlError> {
    match (fused, burn) {
        (Ok((ours, mine)), Ok((theirs, other))) => {
            // held to 0–1 as pictures are
            let off = |(a, b): (&f32, &f32)| (a.clamp(0.0, 1.0) - b.clamp(0.0, 1.0)).abs();
            let same = ours.data.len() == theirs.data.len() && ours.data.iter().all(|v| v.is_finite());
            let off = ours.data.iter().zip(&theirs.data).map(off).fold(0.0, f32::max);
            let ms = |d: Duration| d.as_secs_f64() * 1e3;
            tracing::info!(fused_ms = ms(mine), burn_ms = ms(other), off, "a tile of {SIDE} pixels");
            if !same || off > ALLOWED {
                tracing::warn!(off, "our own kernels compute something else on this device: Burn's are used");
                return Ok(Kernels::Burn);
            }
            Ok(if mine < other { Kernels::Fused } else { Kernels::Burn })
        }
        (Ok(_), Err(e)) => {
            tracing::warn!(%e, "Burn's kernels fail on this device");
            Ok(Kernels::Fused)
        }
        (Err(e), Ok(_)) => {
            tracing::warn!(%e, "our own kernels fail on this device");
            Ok(Kernels::Burn)
        }
        (Err(e), Err(_)) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(value: f32, ms: u64) -> Result<(Planes, Duration), MlError> {
        Ok((Planes { width: 1, height: 1, channels: 3, data: vec![value; 3] }, Duration::from_millis(ms)))
    }

    #[test]
    fn the_quicker_kernels_are_taken_unless_they_are_wrong_or_fail() {
        assert_eq!(decided(made(0.5, 2), made(0.501, 3)).unwrap(), Kernels::Fused);
        assert_eq!(decided(made(0.5, 3), made(0.501, 2)).unwrap(), Kernels::Burn);
        assert_eq!(decided(made(0.5, 2), made(0.6, 3)).unwrap(), Kernels::Burn);
        assert_eq!(decided(made(f32::NAN, 2), made(0.6, 3)).unwrap(), Kernels::Burn);
        // beyond what is shown nothing differs
        assert_eq!(decided(made(1.5, 2), made(1.6, 3)).unwrap(), Kernels::Fused);
        assert_eq!(decided(made(0.5, 2), Err(MlError::Memory)).unwrap(), Kernels::Fused);
        assert_eq!(decided(Err(MlError::Memory), made(0.5, 2)).unwrap(), Kernels::Burn);
        assert!(matches!(decided(Err(MlError::Memory), Err(lost())), Err(MlError::Memory)));
    }
}
