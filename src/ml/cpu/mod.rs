//! Networks on the processor: our own convolutions, spread over rayon's threads. The pictures of one call lie in memory as a whole.

mod conv;
mod lane;
mod map;

use super::{
    Compact, MlError, Net, Planes, Residual,
    net::Conv,
    tile::{Forward, check},
};
use conv::{Packed, Width};
use map::Map;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Slope of LeakyReLU in residual networks.
const LEAK: f32 = 0.2;
/// Share of a block's output in the sum.
const SHARE: f32 = 0.2;

/// A network made ready for this processor.
pub(super) struct CpuNet {
    layers: Layers,
    /// Numbers of a pixel in the maps.
    lanes: usize,
}

enum Layers {
    Compact { scale: usize, convs: Vec<Packed> },
    Residual(Box<Dense>),
}

struct Dense {
    unshuffle: usize,
    first: Packed,
    blocks: Vec<[[Packed; 5]; 3]>,
    tail: [Packed; 5],
    /// Padded channels: of the features, and of features and all that a dense block adds.
    features: usize,
    all: usize,
}

impl CpuNet {
    pub fn new(net: &Net) -> Self {
        match net {
            Net::Compact(n) => Self::compact(n),
            Net::Residual(n) => Self::residual(n),
        }
    }

    fn compact(n: &Compact) -> Self {
        let width = Width::best(n.convs[0].outputs);
        let pack = |(i, c): (usize, &Conv)| {
            let slopes = n.slopes.get(i);
            let inputs = c.inputs.next_multiple_of(if i == 0 { 1 } else { width.lanes() });
            match slopes {
                Some(s) => Packed::new(c, width, inputs, |i| i, Some(&|o| s[o])),
                None => Packed::new(c, width, inputs, |i| i, None),
            }
        };
        let convs = n.convs.iter().enumerate().map(pack).collect();
        Self { layers: Layers::Compact { scale: n.scale, convs }, lanes: width.lanes() }
    }

    fn residual(n: &Residual) -> Self {
        let width = Width::best(n.growth);
        let lanes = width.lanes();
        let (features, growth) = (n.features.next_multiple_of(lanes), n.growth.next_multiple_of(lanes));
        // where the channels of a dense block lie, with the gaps between its parts
        let place = |i: usize| match i.checked_sub(n.features) {
            None => i,
            Some(rest) => features + rest / n.growth * growth + rest % n.growth,
        };
        let leak: &dyn Fn(usize) -> f32 = &|_| LEAK;
        let dense = |c: &Conv, i: usize| Packed::new(c, width, features + i * growth, place, (i < 4).then_some(leak));
        let five = |c: &[Conv; 5]| [0, 1, 2, 3, 4].map(|i| dense(&c[i], i));
        let blocks = n.blocks.iter().map(|b| b.each_ref().map(five)).collect();
        let plain = |c: &Conv, slopes| Packed::new(c, width, features, |i| i, slopes);
        let tail = [0, 1, 2, 3, 4].map(|i| plain(&n.tail[i], (1..4).contains(&i).then_some(leak)));
        let inputs = if n.first.inputs < 16 { n.first.inputs } else { n.first.inputs.next_multiple_of(lanes) };
        let first = Packed::new(&n.first, width, inputs, |i| i, None);
        let dense = Dense { unshuffle: n.unshuffle, first, blocks, tail, features, all: features + 4 * growth };
        Self { layers: Layers::Residual(Box::new(dense)), lanes }
    }
}

impl Forward for CpuNet {
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError> {
        match &self.layers {
            Layers::Compact { scale, convs } => {
                let last = convs.len() - 1;
                let widest = convs[..last].iter().map(|c| c.outputs).max().unwrap_or(0);
                let mut now = map_of(tile, 1, 4);
                let mut next = Map::new(now.width, now.height, widest);
                let mut spare = Map::new(now.width, now.height, widest);
                for (i, conv) in convs[..last].iter().enumerate() {
                    check(stop)?;
                    if i == 0 {
                        conv.run(&now, &mut next);
                        now = std::mem::replace(&mut next, std::mem::replace(&mut spare, Map::new(0, 0, 1)));
                    } else {
                        conv.run(&now, &mut next);
                        std::mem::swap(&mut now, &mut next);
                    }
                }
                check(stop)?;
                if convs[last].outputs > next.channels {
                    next = Map::new(now.width, now.height, convs[last].outputs);
                }
                convs[last].run(&now, &mut next);
                shuffled(&next, tile, *scale)
            }
            Layers::Residual(net) => net.forward(tile, self.lanes, stop),
        }
    }

    /// Caches like tiles that are not too large; what is computed twice at their edges likes large ones.
    fn side(&self) -> usize {
        match &self.layers {
            Layers::Compact { .. } => 384,
            Layers::Residual(_) => 192,
        }
    }
}

impl Dense {
    fn forward(&self, tile: &Planes, lanes: usize, stop: &AtomicBool) -> Result<Planes, MlError> {
        let s = self.unshuffle;
        let input = map_of(tile, s, (3 * s * s).next_multiple_of(lanes));
        let (w, h) = (input.width, input.height);
        let mut first = Map::new(w, h, self.features);
        self.first.run(&input, &mut first);
        let mut wide = Map::new(w, h, self.all);
        wide.blend(0.0, &first, self.features);
        let mut five = Map::new(w, h, self.features);
        let mut start = Map::new(w, h, self.features);
        for block in &self.blocks {
            start.blend(0.0, &wide, self.features);
            for part in block {
                let mut at = self.features;
                for conv in &part[..4] {
                    check(stop)?;
                    conv.run_within(&mut wide, at);
                    at += conv.outputs;
                }
                check(stop)?;
                part[4].run(&wide, &mut five);
                five.blend(SHARE, &wide, self.features);
                wide.blend(0.0, &five, self.features);
            }
            wide.blend(SHARE, &start, self.features);
        }
        let [body, up1, up2, hr, last] = &self.tail;
        body.run(&wide, &mut five);
        first.blend(1.0, &five, self.features);
        drop((wide, five, start));
        let mut now = first;
        for up in [up1, up2] {
            check(stop)?;
            let large = now.doubled();
            now = Map::new(large.width, large.height, self.features);
            up.run(&large, &mut now);
        }
        check(stop)?;
        let mut next = Map::new(now.width, now.height, self.features.max(last.outputs));
        hr.run(&now, &mut next);
        check(stop)?;
        let mut out = Map::new(now.width, now.height, last.outputs);
        last.run(&next, &mut out);
        let mut planes = Planes::new(out.width, out.height, 3)?;
        for c in 0..3 {
            for (y, to) in planes.plane_mut(c).chunks_exact_mut(out.width).enumerate() {
                to.iter_mut().zip(out.row(y).chunks_exact(out.channels)).for_each(|(to, pixel)| *to = pixel[c]);
            }
        }
        Ok(planes)
    }
}

/// The picture's planes as features; squares of `s`×`s` pixels become channels, in the order of PyTorch's `PixelUnshuffle`.
fn map_of(tile: &Planes, s: usize, channels: usize) -> Map {
    let mut map = Map::new(tile.width / s, tile.height / s, channels);
    for (y, row) in map.rows_mut().enumerate() {
        for c in 0..3 {
            for k in 0..s * s {
                let from = tile.row(c, y * s + k / s);
                let to = c * s * s + k;
                for (x, pixel) in row.chunks_exact_mut(channels).enumerate() {
                    pixel[to] = from[x * s + k % s];
                }
            }
        }
    }
    map
}

/// Channels as pixels of a larger picture (PyTorch's `PixelShuffle`), to which the input is added, its pixels repeated.
fn shuffled(map: &Map, input: &Planes, s: usize) -> Result<Planes, MlError> {
    let mut out = Planes::new(input.width * s, input.height * s, 3)?;
    let width = out.width;
    for c in 0..3 {
        out.plane_mut(c).par_chunks_exact_mut(width).enumerate().for_each(|(y, to)| {
            let (base, features) = (input.row(c, y / s), map.row(y / s).chunks_exact(map.channels));
            for ((to, pixel), base) in to.chunks_exact_mut(s).zip(features).zip(base) {
                let from = &pixel[(c * s + y % s) * s..][..s];
                to.iter_mut().zip(from).for_each(|(t, f)| *t = f + base);
            }
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests;
