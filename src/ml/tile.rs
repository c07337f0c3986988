//! Large pictures through a network piece by piece. Knows no device.
//!
//! A tile is computed with so many pixels around it as bear on it ([`super::Net::pad`]); at the picture's edge nothing is added, for there the network
//! itself sees zeros. Tiles begin on a grid of four pixels, so that the quick convolutions cut every picture
//! into the same squares, whatever the tiles: what remains of a difference is rounding that reaches in from a tile's edge.

use super::{MlError, Planes};
use std::sync::atomic::{AtomicBool, Ordering};

/// Computes one picture of three planes that fits the device.
pub(super) trait Forward: Send {
    /// # Errors
    /// The device failed, has no room for a picture of this size, or `stop` was set.
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError>;

    /// Side of the tiles that it likes, without what is around them.
    fn side(&self) -> usize;
}

/// Tiles begin at multiples of this.
const GRID: usize = 4;
/// Smaller tiles would be almost nothing but surroundings.
const LEAST: usize = 32;

pub(super) fn check(stop: &AtomicBool) -> Result<(), MlError> {
    if stop.load(Ordering::Relaxed) { Err(MlError::Cancelled) } else { Ok(()) }
}

/// How a picture is cut.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    pub scale: usize,
    /// Pixels around a tile.
    pub pad: usize,
    /// Sides of tiles must be multiples of this too.
    pub multiple: usize,
    /// Side of a tile; None = what the device likes, 0 = the whole picture at once.
    pub side: Option<usize>,
}

/// Compute a picture, in as many tiles as are needed; `told` hears of the share that is done. Where the device has no room the tiles are made
/// smaller, and stay so (`side`).
pub(super) fn tiled(
    net: &mut dyn Forward,
    picture: &Planes,
    cut: &mut Cut,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<Planes, MlError> {
    let (w, h) = (picture.width, picture.height);
    let even = |n: usize| n.next_multiple_of(cut.multiple);
    let grown;
    let whole = if (even(w), even(h)) == (w, h) {
        picture
    } else {
        grown = picture.grown((even(w), even(h)))?;
        &grown
    };
    loop {
        match tiles(net, whole, cut, stop, told) {
            Err(MlError::Memory) => {
                let now = cut.side.filter(|s| *s > 0).unwrap_or_else(|| net.side()).min(w.max(h));
                if now <= LEAST {
                    return Err(MlError::Memory);
                }
                cut.side = Some((now / 2).max(LEAST));
                tracing::info!("the device has no room for tiles of {now} pixels: going on with {:?}", cut.side);
            }
            Ok(out) if (out.width, out.height) == (w * cut.scale, h * cut.scale) => return Ok(out),
            Ok(out) => return out.part((0, 0), (w * cut.scale, h * cut.scale)),
            Err(e) => return Err(e),
        }
    }
}

fn tiles(net: &mut dyn Forward, picture: &Planes, cut: &Cut, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
    let (w, h, s) = (picture.width, picture.height, cut.scale);
    let side = match cut.side {
        Some(0) => usize::MAX / 2,
        Some(n) => n.max(1).next_multiple_of(GRID.max(cut.multiple)),
        None => net.side().next_multiple_of(GRID.max(cut.multiple)),
    };
    check(stop)?;
    // a little more than a tile is one tile: cutting it would compute its surroundings twice
    if w <= side + cut.pad && h <= side + cut.pad {
        let out = net.forward(picture, stop)?;
        told(1.0);
        return Ok(out);
    }
    let spans = |n: usize| {
        let count = n.div_ceil(side).max(1);
        let step = n.div_ceil(count).next_multiple_of(GRID.max(cut.multiple));
        (0..n).step_by(step).map(move |at| (at, step.min(n - at))).collect::<Vec<_>>()
    };
    let (across, down) = (spans(w), spans(h));
    // around a tile: rounded up, so that what is cut out begins on the grid
    let pad = cut.pad.next_multiple_of(GRID.max(cut.multiple));
    let around = |(at, n): (usize, usize), all: usize| (at.saturating_sub(pad), (at + n + pad).min(all));
    let mut out = Planes::new(w * s, h * s, 3)?;
    for (j, y) in down.iter().enumerate() {
        for (i, x) in across.iter().enumerate() {
            check(stop)?;
            let ((x0, x1), (y0, y1)) = (around(*x, w), around(*y, h));
            let tile = net.forward(&picture.part((x0, y0), (x1 - x0, y1 - y0))?, stop)?;
            out.paste(&tile, ((x.0 - x0) * s, (y.0 - y0) * s), (x.0 * s, y.0 * s), (x.1 * s, y.1 * s));
            told((j * across.len() + i + 1) as f32 / (across.len() * down.len()) as f32);
        }
    }
    Ok(out)
}
