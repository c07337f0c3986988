//! Tiles side by side over a whole picture, each measured to first order against the next picture as the camera's motion shows
//! it: what the motion still misses there, and how firmly the tile holds it in each direction.
//!
//! The slopes are the mean of both pictures' (Malis 2004, efficient second-order minimisation), and each tile has a brightness of
//! its own. A tile with a mere edge holds across the edge alone: its matrix says so, and nothing of the picture is thrown away.

use super::{
    bend::Bend,
    passes::{Layers, Passes},
    plane::Plane,
};

/// Side of a tile in pixels, and least side for small pictures.
const SIDE: usize = 16;
const LEAST_SIDE: usize = 8;
/// Width from which the tiles are the larger.
const LARGE: usize = 480;
/// Pixels that are summed side by side: a tile's side is a multiple.
const LANES: usize = 8;
/// Pixels at the border that are left out.
const MARGIN: usize = 3;
/// Farthest that a tile may be from where it is expected, in pixels: the first order holds no farther.
const FARTHEST: f32 = 2.0;
/// Least correlation of a tile with what it is taken for.
const ALIKE: f32 = 0.1;
/// What a tile with much more texture than usual counts for, in usual ones.
const MOST: f32 = 4.0;
/// Sum of squared slopes of a tile below which it shows nothing, per pixel.
const PLAIN: f32 = 2e-4;

/// A point of the first picture and the same of the second, in widths from the centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Match {
    pub from: (f32, f32),
    pub to: (f32, f32),
    /// How much it counts: 1 for a usual one.
    pub weight: f32,
    /// How it holds: symmetric matrix xx, xy, yy with 1 in its firmer direction.
    pub hold: [f32; 3],
}

impl Match {
    /// Squared length of a difference in the directions that are held.
    pub fn squared(&self, x: f64, y: f64) -> f64 {
        let [xx, xy, yy] = self.hold.map(f64::from);
        (xx * x * x + 2.0 * xy * x * y + yy * y * y).max(0.0)
    }
}

/// Where the tiles of a picture lie: side by side about its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The first pixel of the first tile.
    pub left: usize,
    pub top: usize,
    pub across: usize,
    pub down: usize,
    /// Pixels of a tile's side.
    pub side: usize,
}

impl Grid {
    /// For pictures of this size; None where no tile has room.
    pub fn of(width: usize, height: usize) -> Option<Self> {
        let side = if width < LARGE { LEAST_SIDE } else { SIDE };
        let count = |size: usize| size.saturating_sub(2 * MARGIN) / side;
        let (across, down) = (count(width), count(height));
        let (left, top) = (width.saturating_sub(across * side) / 2, height.saturating_sub(down * side) / 2);
        (across > 0 && down > 0).then_some(Self { left, top, across, down, side })
    }

    /// First pixels of the tiles, row by row.
    pub fn tiles(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.down).flat_map(move |j| (0..self.across).map(move |i| (self.left + i * self.side, self.top + j * self.side)))
    }
}

/// Sums over a tile of slopes gx, gy (the mean of both pictures'), of the difference r and of both pictures p, q: gx, gy, gx², gx·gy, gy²,
/// gx·r, gy·r, p, q, p², q², p·q.
pub type Sums = [f32; 12];

/// Measures the tiles of `a` in `b`, given where `b` lies.
pub(super) fn matches(a: &Layers, b: &Layers, bend: &Bend, passes: &dyn Passes) -> Vec<Match> {
    let Some(grid) = Grid::of(a.sharp.width, a.sharp.height) else { return Vec::new() };
    let side = grid.side;
    let (cx, cy) = a.sharp.centre();
    let width = a.sharp.width as f32;
    let (reach_x, reach_y) = (f64::from((cx - 2.0) / width), f64::from((cy - 2.0) / width));
    let inside = |x: f32, y: f32| {
        let (u, v) = bend.apply(f64::from(x / width), f64::from(y / width));
        u.abs() <= reach_x && v.abs() <= reach_y
    };
    let mut found: Vec<(Match, f32)> = Vec::with_capacity(grid.across * grid.down);
    for ((x, y), sums) in grid.tiles().zip(passes.tiles(a, b, bend, &grid)) {
        let (x0, y0) = (x as f32 - cx, y as f32 - cy);
        let (x1, y1) = (x0 + side as f32 - 1.0, y0 + side as f32 - 1.0);
        if ![(x0, y0), (x1, y0), (x0, y1), (x1, y1)].iter().all(|p| inside(p.0, p.1)) {
            continue;
        }
        let Some(tile) = Tile::of(&sums, (side * side) as f32) else { continue };
        let (px, py) = (0.5 * (x0 + x1), 0.5 * (y0 + y1));
        let to = bend.apply(f64::from((px + tile.moved.0) / width), f64::from((py + tile.moved.1) / width));
        let from = (px / width, py / width);
        found.push((Match { from, to: (to.0 as f32, to.1 as f32), weight: tile.alike, hold: tile.hold }, tile.texture));
    }
    let mut textures: Vec<f32> = found.iter().map(|(_, t)| *t).collect();
    let middle = textures.len() / 2;
    let usual = textures.get_mut(..).filter(|t| !t.is_empty()).map_or(1.0, |t| *t.select_nth_unstable_by(middle, f32::total_cmp).1);
    found.into_iter().map(|(m, t)| Match { weight: m.weight * (t / (usual + 1e-6)).min(MOST), ..m }).collect()
}

/// The sums of the tile whose first pixel is given.
pub(super) fn sums(a: &Plane, b: &Plane, (x0, y0): (usize, usize), side: usize) -> Sums {
    // side by side in lanes, as f32 sums may not be reordered
    let mut sums = [[0.0_f32; LANES]; 12];
    for y in y0..y0 + side {
        let rows = |p: &Plane| {
            let at = |y: usize| y * p.width + x0 - 1..y * p.width + x0 + side + 1;
            [at(y - 1), at(y), at(y + 1)]
        };
        let [above, own, below] = rows(a).map(|r| &a.data[r]);
        let [over, same, under] = rows(b).map(|r| &b.data[r]);
        for first in (0..side).step_by(LANES) {
            let window = |row: &[f32], by: usize| -> [f32; LANES] { std::array::from_fn(|i| row[first + by + i]) };
            let (al, ar, bl, br) = (window(own, 0), window(own, 2), window(same, 0), window(same, 2));
            let (au, ad, bu, bd) = (window(above, 1), window(below, 1), window(over, 1), window(under, 1));
            let (p, q) = (window(own, 1), window(same, 1));
            for i in 0..LANES {
                let gx = 0.25 * (ar[i] - al[i] + br[i] - bl[i]);
                let gy = 0.25 * (ad[i] - au[i] + bd[i] - bu[i]);
                let r = q[i] - p[i];
                let all = [gx, gy, gx * gx, gx * gy, gy * gy, gx * r, gy * r, p[i], q[i], p[i] * p[i], q[i] * q[i], p[i] * q[i]];
                sums.iter_mut().zip(all).for_each(|(s, v)| s[i] += v);
            }
        }
    }
    sums.map(|s| s.iter().sum())
}

struct Tile {
    moved: (f32, f32),
    hold: [f32; 3],
    /// Strength of the firmer direction.
    texture: f32,
    alike: f32,
}

impl Tile {
    /// Of `n` pixels with these sums.
    fn of(sums: &Sums, n: f32) -> Option<Self> {
        let [gx, gy, mut xx, mut xy, mut yy, mut rx, mut ry, sa, sb, aa, bb, ab] = *sums;
        let r = sb - sa;
        rx -= gx * r / n;
        ry -= gy * r / n;
        xx -= gx * gx / n;
        xy -= gx * gy / n;
        yy -= gy * gy / n;
        let root = ((xx - yy) * (xx - yy) + 4.0 * xy * xy).sqrt();
        let firmer = 0.5 * (xx + yy + root);
        if firmer.is_nan() || firmer < PLAIN * n {
            return None;
        }
        let alike = (ab - sa * sb / n) / f32::sqrt((aa - sa * sa / n).max(1e-6) * (bb - sb * sb / n).max(1e-6));
        // where nothing holds, it stays where it is expected
        let ridge = 1e-3 * firmer;
        let (p, q) = (xx + ridge, yy + ridge);
        let det = p * q - xy * xy;
        let moved = (-(q * rx - xy * ry) / det, -(p * ry - xy * rx) / det);
        let held = moved.0.abs() < FARTHEST && moved.1.abs() < FARTHEST && alike > ALIKE;
        held.then(|| Self { moved, hold: [xx / firmer, xy / firmer, yy / firmer], texture: firmer, alike })
    }
}
