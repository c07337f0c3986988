//! Large pictures through a network piece by piece. Knows no device.
//!
//! A tile is computed with so many pixels around it as bear on it ([`super::Net::pad`]); at the picture's edge nothing is added, for there the network
//! itself sees zeros. Tiles begin on a grid of four pixels, so that the quick convolutions cut every picture
//! into the same squares, whatever the tiles: what remains of a difference is rounding that reaches in from a tile's edge.

use super::{MlError, Planes};
use crate::gpu::{DevicePicture, Part, TensorPasses, TensorSource};
use std::sync::atomic::{AtomicBool, Ordering};

/// Computes one picture of three planes that fits the device.
pub(super) trait Forward: Send {
    /// # Errors
    /// The device failed, has no room for a picture of this size, or `stop` was set.
    fn forward(&mut self, tile: &Planes, stop: &AtomicBool) -> Result<Planes, MlError>;

    /// Side of the tiles that it likes, without what is around them.
    fn side(&self) -> usize;

    /// The same from picture to picture on its device; None where it has none.
    fn on_device(&mut self) -> Option<&mut dyn TileOnDevice> {
        None
    }
}

/// Computes a tile of a picture on the device into a part of another. Nothing of either comes to memory.
pub(super) trait TileOnDevice {
    fn passes(&mut self) -> &mut TensorPasses;

    /// Whether the device is one that computes quicker than this processor.
    fn is_hardware(&self) -> bool;

    /// Submits the work; the device may not have done it yet.
    ///
    /// # Errors
    /// As [`Forward::forward`].
    fn tile(&mut self, tile: &PictureTile<'_>, stop: &AtomicBool) -> Result<wgpu::SubmissionIndex, MlError>;
}

/// What to compute, where from and where to.
pub(super) struct PictureTile<'a> {
    pub from: &'a TensorSource,
    /// What is read: the tile and its surroundings.
    pub read: Part,
    pub to: &'a DevicePicture,
    /// What is written, and where that begins in what is computed.
    pub write: Part,
    pub begin: (u32, u32),
}

/// A rectangle of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

/// A tile, and what is read for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub inner: Area,
    pub around: Area,
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

impl Cut {
    /// The size that a picture is grown to.
    pub fn even(&self, (width, height): (usize, usize)) -> (usize, usize) {
        (width.next_multiple_of(self.multiple), height.next_multiple_of(self.multiple))
    }

    /// The tiles of a picture of an even size, row by row; `liked`: the side where none is set.
    pub fn tiles(&self, (w, h): (usize, usize), liked: usize) -> Vec<Tile> {
        let grid = GRID.max(self.multiple);
        let side = match self.side {
            Some(0) => usize::MAX / 2,
            Some(n) => n.max(1).next_multiple_of(grid),
            None => liked.next_multiple_of(grid),
        };
        // a little more than a tile is one tile: cutting it would compute its surroundings twice
        if w <= side + self.pad && h <= side + self.pad {
            let all = Area { x: 0, y: 0, width: w, height: h };
            return vec![Tile { inner: all, around: all }];
        }
        let spans = |n: usize| {
            let count = n.div_ceil(side).max(1);
            let step = n.div_ceil(count).next_multiple_of(grid);
            (0..n).step_by(step).map(move |at| (at, step.min(n - at))).collect::<Vec<_>>()
        };
        // around a tile: rounded up, so that what is cut out begins on the grid
        let pad = self.pad.next_multiple_of(grid);
        let grown = |(at, n): (usize, usize), all: usize| (at.saturating_sub(pad), (at + n + pad).min(all) - at.saturating_sub(pad));
        let (across, down) = (spans(w), spans(h));
        let tile = |x: (usize, usize), y: (usize, usize)| {
            let of = |x: (usize, usize), y: (usize, usize)| Area { x: x.0, y: y.0, width: x.1, height: y.1 };
            Tile { inner: of(x, y), around: of(grown(x, w), grown(y, h)) }
        };
        down.iter().flat_map(|y| across.iter().map(|x| tile(*x, *y))).collect()
    }

    /// Does the work; where the device has no room, again with smaller tiles, and they stay so.
    pub fn with_room<T>(
        &mut self,
        (w, h): (usize, usize),
        liked: usize,
        mut work: impl FnMut(&Self) -> Result<T, MlError>,
    ) -> Result<T, MlError> {
        loop {
            match work(self) {
                Err(MlError::Memory) => {
                    let now = self.side.filter(|s| *s > 0).unwrap_or(liked).min(w.max(h));
                    if now <= LEAST {
                        return Err(MlError::Memory);
                    }
                    self.side = Some((now / 2).max(LEAST));
                    tracing::info!("the device has no room for tiles of {now} pixels: going on with {:?}", self.side);
                }
                other => return other,
            }
        }
    }
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
    let size = (picture.width, picture.height);
    let grown;
    let whole = if cut.even(size) == size {
        picture
    } else {
        grown = picture.grown(cut.even(size))?;
        &grown
    };
    let liked = net.side();
    let out = cut.with_room(size, liked, |cut| tiles(net, whole, cut, stop, told))?;
    let wanted = (size.0 * cut.scale, size.1 * cut.scale);
    if (out.width, out.height) == wanted { Ok(out) } else { out.part((0, 0), wanted) }
}

fn tiles(net: &mut dyn Forward, picture: &Planes, cut: &Cut, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
    let (w, h, s) = (picture.width, picture.height, cut.scale);
    check(stop)?;
    let tiles = cut.tiles((w, h), net.side());
    if tiles.len() == 1 {
        let out = net.forward(picture, stop)?;
        told(1.0);
        return Ok(out);
    }
    let mut out = Planes::new(w * s, h * s, 3)?;
    for (done, Tile { inner, around }) in tiles.iter().enumerate() {
        check(stop)?;
        let made = net.forward(&picture.part((around.x, around.y), (around.width, around.height))?, stop)?;
        let at = ((inner.x - around.x) * s, (inner.y - around.y) * s);
        out.paste(&made, at, (inner.x * s, inner.y * s), (inner.width * s, inner.height * s));
        told((done + 1) as f32 / tiles.len() as f32);
    }
    Ok(out)
}
