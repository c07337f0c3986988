//! Figures of making larger: processor time of one tile through networks of official layouts, beside ncnn on the same weights and the same
//! tile in the same run; and the time of one on the graphics device with our own kernels, beside Burn's. Weights are random: the work is the
//! same.

use super::{
    Context, Row,
    process::{cpu_secs, python},
};
use crate::{
    base::Trouble,
    gpu::GpuContext,
    ml::{
        Compact, Kernels, Net, Upscaler,
        made_up::{compact, picture},
        on_cpu, on_gpu_by,
    },
};
use std::{
    fmt::Write as _,
    path::Path,
    sync::atomic::AtomicBool,
    time::{Duration, Instant},
};

/// Tiles computed for a figure, after two to warm up.
const TILES: u32 = 6;

/// What the peer runs: ncnn's own Python package, all processors, all of its quick convolutions. Prints seconds of wall and processor a tile.
const PEER: &str = r#"
import sys, time, resource, numpy, ncnn
folder, side, tiles = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
net = ncnn.Net()
net.opt.num_threads = ncnn.get_cpu_count()
# f32 throughout, as ours
net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = net.opt.use_bf16_storage = False
net.load_param(folder + "/net.param"); net.load_model(folder + "/net.bin")
x = ncnn.Mat(numpy.random.default_rng(1).random((3, side, side), dtype=numpy.float32)).clone()
def one():
    e = net.create_extractor(); e.input("data", x); return numpy.array(e.extract("output")[1])
def cpu():
    r = resource.getrusage(resource.RUSAGE_SELF); return r.ru_utime + r.ru_stime
one(); one()
t, c = time.perf_counter(), cpu()
for _ in range(tiles): one()
print((time.perf_counter() - t) / tiles, (cpu() - c) / tiles, ncnn.__version__)
"#;

/// The network as ncnn reads it: `.param` and `.bin`, in f32.
fn as_ncnn(net: &Compact, folder: &Path) -> std::io::Result<()> {
    let (mut text, mut bin, mut layers) = (String::new(), Vec::new(), 2);
    let mut from = "d0".to_owned();
    let mut floats = |values: &[f32]| values.iter().for_each(|v| bin.extend(v.to_le_bytes()));
    for (i, c) in net.convs.iter().enumerate() {
        let _ = writeln!(text, "Convolution c{i} 1 1 {from} c{i} 0={} 1=3 4=1 5=1 6={}", c.outputs, c.weights.len());
        // numbers of f32 follow
        floats(&[0.0]);
        floats(&c.weights);
        floats(&c.biases);
        from = format!("c{i}");
        layers += 1;
        if let Some(s) = net.slopes.get(i) {
            let _ = writeln!(text, "PReLU p{i} 1 1 {from} p{i} 0={}", s.len());
            floats(s);
            from = format!("p{i}");
            layers += 1;
        }
    }
    let s = net.scale;
    let _ = write!(text, "PixelShuffle s 1 1 {from} s 0={s}\nInterp i 1 1 d1 i 0=1 1={s}.0 2={s}.0\nBinaryOp add 2 1 s i output 0=0\n");
    let blobs = layers + 4;
    let head = format!("7767517\n{} {blobs}\nInput data 0 1 data\nSplit split 1 2 data d0 d1\n", layers + 3);
    std::fs::write(folder.join("net.param"), head + &text)?;
    std::fs::write(folder.join("net.bin"), bin)
}

pub(super) fn upscale(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let wrong = |e: std::io::Error| Trouble::new(format!("the peer's files could not be written: {e}"), "look at the disk");
    let mut rows = Vec::new();
    for (name, net, side) in [
        ("animevideov3 ×4 (64 × 16)", compact(64, 16, 4), 128),
        ("animevideov3 ×4 (64 × 16)", compact(64, 16, 4), 256),
        ("general-x4v3 ×4 (64 × 32)", compact(64, 32, 4), 128),
        ("compact ×2 (24 × 8)", compact(24, 8, 2), 256),
    ] {
        let dir = tempfile::tempdir().map_err(wrong)?;
        as_ncnn(&net, dir.path()).map_err(wrong)?;
        let peer = peer(dir.path(), side, cx.say);
        let net = Net::Compact(net);
        let mut ours = on_cpu(&net, Some(0));
        let picture = picture(side, side);
        let stop = AtomicBool::new(false);
        let mut one = || ours.upscale(&picture, &stop, &mut |_| {}).map_err(|e| Trouble::of(&e));
        one()?;
        one()?;
        let (wall, cpu) = (Instant::now(), cpu_secs());
        for _ in 0..TILES {
            one()?;
        }
        let each = (cpu_secs() - cpu) / f64::from(TILES);
        let wall = wall.elapsed().as_secs_f64() / f64::from(TILES);
        let rows_of = [("processor time", each, peer.as_ref().map(|p| p.cpu)), ("wall", wall, peer.as_ref().map(|p| p.wall))];
        for (what, ours, theirs) in rows_of {
            let row = Row::new(format!("{name}, tile of {side}², {what}"), 1e3 * ours, "ms").goal("≤ 1.43 × (0.7 of its speed)");
            rows.push(match (&peer, theirs) {
                (Some(p), Some(secs)) => row.beside(p.name.clone(), 1e3 * secs),
                _ => row,
            });
        }
    }
    match cx.adapter.context() {
        // a processor that plays a card has work for seconds with a tile of a card's size
        Ok(gpu) => rows.extend(on_device(&gpu, if gpu.is_software() { 64 } else { 256 }, TILES)?),
        Err(_) => (cx.say)("no graphics device: networks are measured on the processor alone"),
    }
    Ok(rows)
}

/// Wall time of a tile from memory to memory with our own kernels, beside Burn's, in turn; the quickest of each.
fn on_device(gpu: &GpuContext, side: usize, tiles: u32) -> Result<Vec<Row>, Trouble> {
    let picture = picture(side, side);
    let mut rows = Vec::new();
    for (name, net) in [("animevideov3 ×4 (64 × 16)", compact(64, 16, 4)), ("compact ×2 (24 × 8)", compact(24, 8, 2))] {
        let net = Net::Compact(net);
        let made = |kernels| on_gpu_by(&net, gpu, Some(0), kernels).map_err(|e| Trouble::of(&e));
        let (mut ours, mut theirs) = (made(Kernels::Fused)?, made(Kernels::Burn)?);
        let mut best = [Duration::MAX; 2];
        let stop = AtomicBool::new(false);
        let one = |net: &mut Box<dyn Upscaler>| {
            let started = Instant::now();
            net.upscale(&picture, &stop, &mut |_| {}).map(|_| started.elapsed()).map_err(|e| Trouble::of(&e))
        };
        for _ in 0..tiles {
            for (net, best) in [&mut ours, &mut theirs].into_iter().zip(&mut best) {
                *best = one(net)?.min(*best);
            }
        }
        let [ours, theirs] = best.map(|d| 1e3 * d.as_secs_f64());
        let row = Row::new(format!("{name}, tile of {side}² on {}, wall", gpu.name()), ours, "ms");
        rows.push(row.beside("Burn", theirs).goal("< 1"));
    }
    Ok(rows)
}

/// Seconds a tile.
struct Ncnn {
    name: String,
    wall: f64,
    cpu: f64,
}

fn peer(folder: &Path, side: usize, say: &dyn Fn(&str)) -> Option<Ncnn> {
    let (side, tiles) = (side.to_string(), TILES.to_string());
    let text = python(PEER, &[folder.as_os_str(), side.as_ref(), tiles.as_ref()], "ncnn", say)?;
    let mut words = text.split_whitespace();
    let mut number = || words.next()?.parse().ok();
    let (wall, cpu) = (number()?, number()?);
    Some(Ncnn { name: format!("ncnn {}", words.next()?), wall, cpu })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gpu::AdapterPick;

    #[test]
    fn a_device_computes_each_network_with_our_kernels_beside_burns() {
        let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
        let rows = on_device(&gpu, 8, 1).unwrap();
        assert_eq!(rows.len(), 2);
        for row in rows {
            assert!(row.value > 0.0 && row.ratio.is_some_and(|r| r > 0.0) && row.name.contains(&gpu.name()), "{row:?}");
        }
    }
}
