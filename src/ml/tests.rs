//! Networks against each other, on small pictures and made-up weights.

use super::*;
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

fn net(name: &str) -> Net {
    Net::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/weights/{name}.pth")), None).unwrap()
}

/// Waves of a few lengths, the same everywhere.
fn picture(width: usize, height: usize, channels: usize) -> Planes {
    let value = |i: usize| {
        let (x, y, c) = (i % width, i / width % height, i / width / height);
        0.5 + 0.25 * ((x as f32) * 0.7 + c as f32).sin() + 0.2 * ((y as f32) * 0.9 - (x * y) as f32 * 0.05).cos()
    };
    Planes { width, height, channels, data: (0..width * height * channels).map(value).collect() }
}

fn large(net: &Net, side: Option<usize>, picture: &Planes) -> Planes {
    on_cpu(net, side).upscale(picture, &AtomicBool::new(false), &mut |_| {}).unwrap()
}

fn worst(a: &Planes, b: &Planes) -> f32 {
    assert_eq!((a.width, a.height, a.channels), (b.width, b.height, b.channels));
    a.data.iter().zip(&b.data).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn tiles_of_a_compact_network_show_in_no_pixel() {
    let net = net("compact-x2");
    for size in [(1, 1), (17, 33), (71, 40)] {
        let picture = picture(size.0, size.1, 3);
        let whole = large(&net, Some(0), &picture);
        for side in [4, 8, 16, 64] {
            let off = worst(&large(&net, Some(side), &picture), &whole);
            assert!(off < 1e-5, "{size:?} in tiles of {side}: off by {off}");
        }
    }
}

#[test]
fn tiles_of_a_residual_network_show_less_than_a_code_value() {
    for name in ["residual-x4", "residual-x2"] {
        let net = net(name);
        let picture = picture(45, 38, 3);
        let off = worst(&large(&net, Some(16), &picture), &large(&net, Some(0), &picture));
        assert!(off < 0.5 / 255.0, "{name}: off by {off}");
    }
}

#[test]
fn any_size_any_number_of_planes_and_one_pixel_work() {
    for (name, scale) in [("compact-x3", 3), ("residual-x4", 4), ("residual-x2", 2), ("residual-x1", 1)] {
        let net = net(name);
        for (w, h, channels) in [(1, 1, 3), (3, 1, 1), (5, 7, 4), (2, 3, 2)] {
            let out = large(&net, None, &picture(w, h, channels));
            assert_eq!((out.width, out.height, out.channels), (w * scale, h * scale, channels), "{name}");
            assert!(out.data.iter().all(|v| (0.0..=1.0).contains(v)), "{name}");
        }
    }
    let nothing = Planes { width: 0, height: 3, channels: 3, data: Vec::new() };
    let refused = on_cpu(&net("compact-x2"), None).upscale(&nothing, &AtomicBool::new(false), &mut |_| {});
    assert!(matches!(refused, Err(MlError::Size { width: 0, height: 3 })));
}

#[test]
fn alpha_goes_through_the_network_by_itself_and_opaque_stays_opaque() {
    let net = net("compact-x2");
    let mut rgba = picture(6, 5, 4);
    let rgb = Planes { channels: 3, data: rgba.data[..90].to_vec(), ..rgba };
    let out = large(&net, None, &rgba);
    assert_eq!(out.data[..360], large(&net, None, &rgb).data);
    let grey = Planes { channels: 1, data: rgba.data[90..].to_vec(), ..rgba };
    assert_eq!(out.data[360..], large(&net, None, &grey).data);
    rgba.data[90..].fill(1.0);
    assert!(large(&net, None, &rgba).data[360..].iter().all(|v| *v == 1.0));
}

#[test]
fn a_plain_picture_stays_plain_away_from_its_edges() {
    for (name, reach) in [("compact-x2", 4), ("residual-x4", 16)] {
        let net = net(name);
        let (w, h) = (2 * reach + 5, 2 * reach + 3);
        let plain = Planes { width: w, height: h, channels: 3, data: vec![0.5; w * h * 3] };
        let out = large(&net, Some(0), &plain);
        let (s, first) = (net.scale(), reach * net.scale());
        for c in 0..3 {
            for y in first..out.height - first {
                for x in first..out.width - first {
                    // each place within an enlarged pixel has its own value
                    let same = out.row(c, first + y % s)[first + x % s];
                    assert!((out.row(c, y)[x] - same).abs() < if name.starts_with('c') { 1e-5 } else { 2e-3 }, "{name} at {x}, {y}");
                }
            }
        }
    }
}

/// With kernels that are their own mirror images, as no trained network has them exactly.
#[test]
fn a_mirrored_picture_becomes_the_mirrored_result() {
    let Net::Compact(mut net) = net("compact-x2") else { panic!("compact") };
    for c in &mut net.convs {
        for k in c.weights.chunks_exact_mut(3) {
            k[2] = k[0];
        }
    }
    // the last layer's channels are the places within a pixel
    let last = net.convs.len() - 1;
    let c = &mut net.convs[last];
    let n = c.inputs * 9;
    for pair in 0..6 {
        c.weights.copy_within(2 * pair * n..(2 * pair + 1) * n, (2 * pair + 1) * n);
        c.biases[2 * pair + 1] = c.biases[2 * pair];
    }
    let net = Net::Compact(net);
    let mirrored = |p: &Planes| Planes { data: p.data.chunks_exact(p.width).flat_map(|r| r.iter().rev().copied()).collect(), ..*p };
    let picture = picture(13, 6, 3);
    assert!(worst(&large(&net, None, &mirrored(&picture)), &mirrored(&large(&net, None, &picture))) < 1e-5);
}

#[test]
fn a_stop_is_seen_within_a_tile_and_progress_reaches_its_end() {
    let net = net("compact-x2");
    let (picture, stop) = (picture(40, 40, 3), AtomicBool::new(false));
    let mut heard = Vec::new();
    on_cpu(&net, Some(16)).upscale(&picture, &stop, &mut |f| heard.push(f)).unwrap();
    assert!(heard.windows(2).all(|w| w[0] < w[1]) && heard.len() == 9 && heard[8] == 1.0, "{heard:?}");
    let mut tiles = 0;
    let mut stopping = |_| {
        tiles += 1;
        stop.store(true, Ordering::Relaxed);
    };
    assert!(matches!(on_cpu(&net, Some(16)).upscale(&picture, &stop, &mut stopping), Err(MlError::Cancelled)));
    assert_eq!(tiles, 1);
}

#[test]
fn a_device_without_room_is_given_smaller_tiles() {
    struct Small(usize);
    impl tile::Forward for Small {
        fn forward(&mut self, t: &Planes, _: &AtomicBool) -> Result<Planes, MlError> {
            if t.width * t.height > self.0 { Err(MlError::Memory) } else { Ok(t.clone()) }
        }
        fn side(&self) -> usize {
            256
        }
    }
    let picture = picture(150, 90, 3);
    let through = |room: usize| {
        let mut cut = tile::Cut { scale: 1, pad: 4, multiple: 1, side: None };
        tile::tiled(&mut Small(room), &picture, &mut cut, &AtomicBool::new(false), &mut |_| {}).map(|p| (p, cut.side))
    };
    let (out, side) = through(3000).unwrap();
    assert!(out == picture && side.is_some_and(|s| s < 64), "{side:?}");
    assert!(matches!(through(100), Err(MlError::Memory)));
}
