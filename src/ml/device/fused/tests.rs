//! Our kernels on the device against our own on the processor, with networks of made-up weights.

use super::*;
use crate::{
    gpu::AdapterPick,
    ml::{
        Net,
        made_up::{compact, picture},
        on_cpu,
    },
};
use std::sync::{OnceLock, atomic::Ordering};

fn context() -> &'static GpuContext {
    static ONE: OnceLock<GpuContext> = OnceLock::new();
    ONE.get_or_init(|| GpuContext::headless(&AdapterPick::Best).unwrap())
}

fn worst(a: &Planes, b: &Planes) -> f32 {
    assert_eq!((a.width, a.height, a.data.len()), (b.width, b.height, b.data.len()));
    a.data.iter().zip(&b.data).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn networks_of_every_layout_compute_what_the_processor_computes_in_every_size() {
    let stop = AtomicBool::new(false);
    // one channel, none that is a multiple of four, octets that leave room for more rows, several groups of them
    for (features, layers, scale) in [(1, 0, 1), (5, 1, 2), (8, 2, 3), (24, 3, 2), (34, 1, 4), (64, 2, 4), (65, 0, 3), (132, 1, 1)] {
        let net = compact(features, layers, scale);
        let mut ours = FusedNet::new(&net, context(), 64).unwrap();
        let net = Net::Compact(net);
        let mut cpu = crate::ml::cpu::CpuNet::new(&net);
        for (w, h) in [(1, 1), (3, 2), (45, 19), (33, 9), (2, 40)] {
            let x = picture(w, h);
            let (made, wanted) = (ours.forward(&x, &stop).unwrap(), cpu.forward(&x, &stop).unwrap());
            let off = worst(&made, &wanted);
            assert!(off < 2e-3, "{features} × {layers}, ×{scale}, {w}×{h}: off by {off}");
            // what is compared is not next to nothing
            assert!(wanted.data.iter().any(|v| v.abs() > 0.1));
        }
    }
    context().check().unwrap();
}

#[test]
fn a_tile_beside_a_larger_one_does_not_see_what_that_left_behind() {
    let (stop, net) = (AtomicBool::new(false), compact(12, 2, 2));
    let mut used = FusedNet::new(&net, context(), 64).unwrap();
    used.forward(&picture(50, 30), &stop).unwrap();
    for (w, h) in [(7, 5), (30, 50)] {
        let fresh = FusedNet::new(&net, context(), 64).unwrap().forward(&picture(w, h), &stop).unwrap();
        assert_eq!(used.forward(&picture(w, h), &stop).unwrap(), fresh, "{w}×{h}");
    }
}

#[test]
fn features_beyond_what_halves_hold_stay_numbers() {
    let mut net = compact(4, 1, 1);
    net.convs[0].weights.iter_mut().for_each(|w| *w *= 1e6);
    let made = FusedNet::new(&net, context(), 64).unwrap().forward(&picture(9, 9), &AtomicBool::new(false)).unwrap();
    assert!(made.data.iter().all(|v| v.is_finite()));
}

#[test]
fn a_stop_and_too_large_a_picture_end_the_work_and_the_next_one_is_computed() {
    let stop = AtomicBool::new(true);
    let mut net = FusedNet::new(&compact(8, 1, 4), context(), 64).unwrap();
    assert!(matches!(net.forward(&picture(8, 8), &stop), Err(MlError::Cancelled)));
    // more than any device binds at once
    assert!(matches!(net.make_room((1 << 15, 1 << 15)), Err(MlError::Memory)));
    context().check().unwrap();
    stop.store(false, Ordering::Relaxed);
    assert!(net.forward(&picture(8, 8), &stop).is_ok());
}

#[test]
fn a_picture_for_which_the_device_has_no_room_is_cut_into_tiles() {
    let (stop, small) = (AtomicBool::new(false), compact(8, 1, 2));
    let net = Net::Compact(small.clone());
    let mut fused = FusedNet::new(&small, context(), 64).unwrap();
    // as if the device bound no more than a tile of about seventy pixels needs
    struct Small<'a>(&'a mut FusedNet);
    impl Forward for Small<'_> {
        fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
            if tile.width * tile.height > 5000 { Err(MlError::Memory) } else { self.0.forward(tile, stop) }
        }
        fn side(&self) -> usize {
            256
        }
    }
    let x = picture(120, 70);
    let mut cut = crate::ml::tile::Cut { scale: 2, pad: net.pad(), multiple: 1, side: None };
    let made = crate::ml::tile::tiled(&mut Small(&mut fused), &x, &mut cut, &stop, &mut |_| {}).unwrap();
    assert!(cut.side.is_some());
    let whole = fused.forward(&x, &stop).unwrap();
    assert_eq!(worst(&made, &whole), 0.0, "tiles see all that bears on them");
    let off = worst(&Planes { data: made.data.iter().map(|v| v.clamp(0.0, 1.0)).collect(), ..made }, &{
        on_cpu(&net, None).upscale(&x, &stop, &mut |_| {}).unwrap()
    });
    assert!(off < 2e-3, "off by {off}");
}

#[test]
fn a_device_that_was_lost_is_an_error() {
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let mut net = FusedNet::new(&compact(8, 1, 2), &gpu, 64).unwrap();
    let stop = AtomicBool::new(false);
    net.forward(&picture(8, 8), &stop).unwrap();
    gpu.device.destroy();
    for size in [8, 20] {
        let lost = net.forward(&picture(size, size), &stop);
        assert!(matches!(lost, Err(MlError::Device(_))), "{lost:?}");
    }
    assert!(FusedNet::new(&compact(8, 1, 2), &gpu, 64).is_err());
}

#[test]
fn only_what_the_kernels_can_compute_is_taken() {
    let limits = wgpu::Limits::default();
    let mut net = compact(8, 2, 2);
    assert!(fits(&net, &limits) && takes(&net, context()));
    assert!(!fits(&net, &wgpu::Limits { max_compute_workgroup_storage_size: 8 << 10, ..limits.clone() }));
    net.convs[1].outputs = 12;
    assert!(!fits(&net, &limits) && !takes(&net, context()));
}
