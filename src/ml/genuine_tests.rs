//! The networks with their genuine weights, against what PyTorch makes of them. They are nobody's to pass on, so that `MONTAGE_WEIGHTS` names
//! the folder where they lie, with `golden/in_96.npy` and `golden/*.out.npy` in it:
//! `MONTAGE_WEIGHTS=… cargo test --lib genuine -- --ignored --nocapture`.

use super::{Kernels, MlError, Net, Planes, Upscaler, on_cpu, on_gpu_by, weights::tests::array_of};
use crate::gpu::{AdapterPick, GpuContext};
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

const NETS: [&str; 2] = ["realesr-animevideov3", "realesr-general-x4v3"];

fn planes(path: &Path) -> Planes {
    let (shape, data) = array_of(path);
    let [.., channels, height, width] = shape[..] else { panic!("{shape:?}") };
    Planes { width, height, channels, data }
}

/// Largest difference from PyTorch's result of a network, held to 0–1 as pictures are.
fn off(folder: &Path, name: &str, upscaler: Result<Box<dyn Upscaler>, MlError>) -> f32 {
    let made = upscaler.unwrap().upscale(&planes(&folder.join("golden/in_96.npy")), &AtomicBool::new(false), &mut |_| {}).unwrap();
    let wanted = planes(&folder.join(format!("golden/{name}.out.npy")));
    assert_eq!((made.width, made.height), (wanted.width, wanted.height));
    made.data.iter().zip(&wanted.data).map(|(a, b)| (a - b.clamp(0.0, 1.0)).abs()).fold(0.0, f32::max)
}

#[test]
#[ignore = "needs the genuine weights"]
fn genuine_networks_compute_what_pytorch_computes() {
    let folder = PathBuf::from(std::env::var_os("MONTAGE_WEIGHTS").expect("MONTAGE_WEIGHTS names a folder"));
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    for name in NETS {
        let net = Net::load(&folder.join(format!("{name}.pth")), None).unwrap();
        let cpu = off(&folder, name, Ok(on_cpu(&net, None)));
        let single = off(&folder, name, on_gpu_by(&net, &gpu, Some(32), Kernels::Burn));
        let half = off(&folder, name, on_gpu_by(&net, &gpu, Some(32), Kernels::Fused));
        println!("{name}: CPU {cpu:.1e}, {} {single:.1e} through Burn, {half:.1e} in halves", gpu.name());
        assert!(cpu <= 1e-4 && single <= 1e-3 && half <= 1e-2);
    }
}
