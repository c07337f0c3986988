//! Networks on devices against our own kernels.

use super::*;
use crate::{
    base::{
        ColorTags, Picture, PixelFormat, Rotation,
        color::{Affine3, ycbcr_to_rgb},
    },
    gpu::AdapterPick,
    ml::{DeviceSource, Planes, on_cpu},
};
use std::{path::Path, sync::atomic::AtomicBool};

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
        let burn = BurnNet::new(&net, &Device::flex(), 64);
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
    for (name, kernels) in [("compact-x2", Kernels::Burn), ("residual-x2", Kernels::Burn), ("compact-x2", Kernels::Fused)] {
        let net = net(name);
        let ours = on_cpu(&net, Some(0)).upscale(&picture, &stop, &mut |_| {}).unwrap();
        let theirs = on_gpu_by(&net, &gpu, Some(0), kernels).unwrap().upscale(&picture, &stop, &mut |_| {}).unwrap();
        let off = worst(&theirs, &ours);
        assert!(off < 1e-3, "{name}, {kernels:?}: off by {off}");
    }
    let refused = on_gpu_by(&net("residual-x2"), &gpu, None, Kernels::Fused).err();
    assert!(matches!(refused, Some(MlError::Device(_))), "{refused:?}");
    gpu.check().unwrap();
}

#[test]
fn kernels_are_chosen_by_measurement_once_for_each_layout() {
    let (net, gpu) = (net("compact-x2"), GpuContext::headless(&AdapterPick::Best).unwrap());
    let Net::Compact(compact) = &net else { panic!("compact") };
    let chosen = choice::quicker(&net, compact, &gpu).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(choice::quicker(&net, compact, &gpu).unwrap(), chosen);
    println!("{chosen:?} on {}; known after {:?}", gpu.name(), started.elapsed());
    gpu.check().unwrap();
}

/// A film's picture, with edges in luma and in chroma.
fn film_picture(width: u32, height: u32) -> Picture {
    let (planes, len) = Picture::packed_layout(PixelFormat::Nv12, width, height);
    let mut bytes = vec![0; len];
    for (i, b) in bytes.iter_mut().enumerate() {
        let (x, y) = (i % width as usize, i / width as usize);
        *b = if i < planes[1].offset { 40 + (x * 11 + y * 7 + x * y / 5) % 170 } else { 100 + (x * 5 + y * 9) % 60 } as u8;
    }
    Picture::from_packed(PixelFormat::Nv12, width, height, bytes, ColorTags::BT709).unwrap()
}

/// Upright R'G'B' of such a picture, by a second hand.
fn reference_planes(p: &Picture) -> Planes {
    let (w, h) = (p.width as usize, p.height as usize);
    let Affine3 { m, offset } = ycbcr_to_rgb(p.color.matrix, p.color.range, 8);
    let chroma = |x: usize, y: usize, c: usize| {
        let at = |x: usize, y: isize| f64::from(p.row(1, y.clamp(0, h.div_ceil(2) as isize - 1) as u32)[2 * x.min(w.div_ceil(2) - 1) + c]);
        let row = |y: isize| if x.is_multiple_of(2) { at(x / 2, y) } else { (at(x / 2, y) + at(x / 2 + 1, y)) / 2.0 };
        let (near, far) = ((y / 2) as isize, (y / 2) as isize + if y.is_multiple_of(2) { -1 } else { 1 });
        0.75 * row(near) + 0.25 * row(far)
    };
    let rgb = |x: usize, y: usize, c: usize| {
        let v = [f64::from(p.row(0, y as u32)[x]), chroma(x, y, 0), chroma(x, y, 1)].map(|v| v / 255.0);
        (m[c][0] * v[0] + m[c][1] * v[1] + m[c][2] * v[2] + offset[c]) as f32
    };
    let turned = p.rotation == Rotation::Cw90;
    let (width, height) = if turned { (h, w) } else { (w, h) };
    let place = |x: usize, y: usize| if turned { (y, h - 1 - x) } else { (x, y) };
    let all = (0..3).flat_map(|c| (0..height).flat_map(move |y| (0..width).map(move |x| (c, x, y))));
    let data = all.map(|(c, x, y)| rgb(place(x, y).0, place(x, y).1, c)).collect();
    Planes { width, height, channels: 3, data }
}

#[test]
fn a_picture_stays_on_the_device_from_tile_to_tile_and_is_the_same_as_through_memory() {
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let stop = AtomicBool::new(false);
    // sides that are no multiples of anything; a network that takes two pixels at a time; tiles with surroundings, and one tile
    for (name, side, (w, h), kernels) in [
        ("compact-x2", 16, (61, 35), Kernels::Burn),
        ("residual-x2", 0, (13, 9), Kernels::Burn),
        ("compact-x3", 0, (17, 12), Kernels::Burn),
        ("compact-x2", 16, (61, 35), Kernels::Fused),
        ("compact-x3", 0, (17, 12), Kernels::Fused),
    ] {
        let net = net(name);
        for turn in [Rotation::None, Rotation::Cw90] {
            let picture = Picture { rotation: turn, ..film_picture(w, h) };
            let (wanted_w, wanted_h) = if turn == Rotation::None { (w, h) } else { (h, w) };
            let mut upscaler = on_gpu_by(&net, &gpu, Some(side), kernels).unwrap();
            let mut shares = Vec::new();
            let made = upscaler.upscale_on_device(DeviceSource::Memory(&picture), PixelFormat::Rgba16, &stop, &mut |f| shares.push(f));
            let made = made.expect("it computes on a device").unwrap();
            let scale = net.scale() as u32;
            assert_eq!(made.size(), (wanted_w * scale, wanted_h * scale), "{name} {turn:?}");
            assert!(!made.was_read() && shares.is_sorted() && shares.last() == Some(&1.0));
            assert_eq!(shares.len() > 2, side > 0, "{name}: {shares:?}");
            let planes = reference_planes(&picture);
            let through_memory = upscaler.upscale(&planes, &stop, &mut |_| {}).unwrap();
            let read = made.read().unwrap();
            let size = (read.width * read.height) as usize;
            let mut off = 0.0_f32;
            for (i, texel) in (*read.data).as_ref().chunks_exact(8).enumerate() {
                for c in 0..3 {
                    let value = f32::from(u16::from_le_bytes([texel[2 * c], texel[2 * c + 1]])) / 65535.0;
                    off = off.max((value - through_memory.data[c * size + i]).abs());
                }
                assert_eq!(texel[6..], [255, 255]);
            }
            // half a code value of sixteen bits, and what rounding does in the network: of singles, and of halves where two features lie on
            // both sides of a step
            let allowed = if kernels == Kernels::Burn { 2e-5 } else { 1e-3 };
            assert!(off < allowed, "{name} {turn:?} {kernels:?}: off by {off}");
        }
    }
    gpu.check().unwrap();
    // again from where the first result lies
    let net = net("compact-x2");
    let mut upscaler = on_gpu(&net, &gpu, None).unwrap();
    let mut run = |source: DeviceSource<'_>| upscaler.upscale_on_device(source, PixelFormat::Rgba8, &stop, &mut |_| {}).unwrap().unwrap();
    let first = run(DeviceSource::Memory(&film_picture(20, 12)));
    let second = run(DeviceSource::Device(&first));
    assert_eq!(second.size(), (80, 48));
    let again = run(DeviceSource::Memory(&first.read().unwrap()));
    assert_eq!((*second.read().unwrap().data).as_ref(), (*again.read().unwrap().data).as_ref());
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    let stopped = upscaler.upscale_on_device(DeviceSource::Device(&first), PixelFormat::Rgba8, &stop, &mut |_| {});
    assert!(matches!(stopped, Some(Err(MlError::Cancelled))));
}

#[test]
fn what_the_processor_computes_has_no_picture_on_a_device() {
    let (stop, picture) = (AtomicBool::new(false), film_picture(8, 8));
    let mut upscaler = on_cpu(&net("compact-x2"), None);
    assert!(upscaler.upscale_on_device(DeviceSource::Memory(&picture), PixelFormat::Rgba8, &stop, &mut |_| {}).is_none());
    assert!(!upscaler.may_play());
    let gpu = GpuContext::headless(&AdapterPick::Software).unwrap();
    assert!(!on_gpu(&net("compact-x2"), &gpu, None).unwrap().may_play(), "a software adapter is slower than this processor");
}

/// What wgpu's allocator has taken from the device, in bytes, with textures and buffers of all who share it.
fn device_memory(gpu: &GpuContext) -> u64 {
    gpu.device.generate_allocator_report().map_or(0, |r| r.total_reserved_bytes)
}

/// Makes a 4K picture twice as large with the program's own network, and prints what the device and the process took. Minutes on a software
/// adapter: `cargo test --lib four_k -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes where there is no graphics card"]
fn a_four_k_picture_becomes_twice_as_large_within_two_gib_of_device_memory() {
    four_k(Kernels::Burn);
}

#[test]
#[ignore = "takes minutes where there is no graphics card"]
fn a_four_k_picture_becomes_twice_as_large_with_our_own_kernels_too() {
    four_k(Kernels::Fused);
}

fn four_k(kernels: Kernels) {
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/compact-x2.safetensors");
    let (net, stop) = (Net::load(&weights, None).unwrap(), AtomicBool::new(false));
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let mut upscaler = on_gpu_by(&net, &gpu, None, kernels).unwrap();
    let picture = film_picture(3840, 2160);
    let mut most = device_memory(&gpu);
    let mut told = |_: f32| most = most.max(device_memory(&gpu));
    let made = upscaler.upscale_on_device(DeviceSource::Memory(&picture), PixelFormat::Rgba16, &stop, &mut told).unwrap().unwrap();
    assert_eq!(made.size(), (7680, 4320));
    let read = made.read().unwrap();
    most = most.max(device_memory(&gpu));
    let limit = gpu.device.limits().max_storage_buffer_binding_size;
    let side = memory::side(&net, limit, kernels);
    let reckoned = memory::picture_bytes(&net, (3840, 2160), 2, side, kernels);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|l| l.starts_with("VmHWM")).unwrap_or_default();
    println!("{kernels:?}: tiles of {side}, device {} MiB, reckoned {} MiB, process {peak}", most >> 20, reckoned >> 20);
    assert!(most > 0 && most < 2 << 30 && reckoned < 2 << 30);
    let bytes = (*read.data).as_ref();
    assert!(bytes.chunks_exact(8).any(|t| t[1] > 20) && bytes.chunks_exact(8).all(|t| t[6..] == [255, 255]));
}
