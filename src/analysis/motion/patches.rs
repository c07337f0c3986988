//! Small patches all over a picture, found again in the next: inverse-compositional Lucas-Kanade, from where the coarse
//! alignment expects them.

use super::{
    bend::Bend,
    dense::Match,
    passes::{Layers, Passes},
    plane::{Plane, Similarity},
};

/// Side of a patch in pixels.
const SIDE: usize = 16;
/// Patches across and down at most.
const ACROSS: usize = 22;
const DOWN: usize = 13;
const ROUNDS: usize = 12;
/// Farthest that a patch may be from where it is expected, in pixels.
const FARTHEST: f32 = 6.0;
/// Least correlation of a patch with what it is taken for.
const ALIKE: f32 = 0.5;

/// Where a patch went from where it was expected, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    pub x: f32,
    pub y: f32,
    /// Strength of its weaker direction.
    pub texture: f32,
    /// Its correlation with what is there; −1 where there was nothing to hold on to or it got lost.
    pub alike: f32,
}

impl Spot {
    pub const LOST: Self = Self { x: 0.0, y: 0.0, texture: 0.0, alike: -1.0 };
}

/// Finds the patches of `a` in `b`, given where `b` lies.
pub(super) fn matches(a: &Layers, b: &Layers, map: &Similarity, passes: &dyn Passes) -> Vec<Match> {
    let (w, h) = (a.sharp.width, a.sharp.height);
    let margin = SIDE / 2 + 3;
    if w < 2 * margin + 2 || h < 2 * margin + 2 {
        return Vec::new();
    }
    let count = |side: usize, most: usize| (side / SIDE).clamp(2, most);
    let (across, down) = (count(w, ACROSS), count(h, DOWN));
    let place = |i: usize, n: usize, side: usize| (margin + i * (side - 1 - 2 * margin) / (n - 1)) as u32;
    let spots: Vec<(u32, u32)> = (0..down).flat_map(|j| (0..across).map(move |i| (place(i, across, w), place(j, down, h)))).collect();
    let (cx, cy) = a.sharp.centre();
    let width = w as f32;
    let mut found: Vec<(Match, f32)> = Vec::new();
    for ((x, y), spot) in spots.iter().zip(passes.patches(a, b, &Bend::of(map, &b.sharp), &spots)) {
        if spot.alike <= ALIKE {
            continue;
        }
        let (px, py) = (*x as f32 - 0.5 - cx, *y as f32 - 0.5 - cy);
        let (qx, qy) = map.apply(px + spot.x, py + spot.y);
        let reach = SIDE as f32 / 2.0;
        if qx.abs() > cx - reach || qy.abs() > cy - reach {
            continue;
        }
        let weight = ((spot.alike - ALIKE) / (1.0 - ALIKE)).powi(2);
        let (from, to) = ((px / width, py / width), (qx / width, qy / width));
        found.push((Match { from, to, weight, hold: [1.0, 0.0, 1.0] }, spot.texture));
    }
    let mut textures: Vec<f32> = found.iter().map(|(_, t)| *t).collect();
    let middle = textures.len() / 2;
    let usual = textures.get_mut(..).filter(|t| !t.is_empty()).map_or(1.0, |t| *t.select_nth_unstable_by(middle, f32::total_cmp).1);
    found.into_iter().map(|(m, t)| Match { weight: m.weight * (t / (usual + 1e-6)).clamp(0.05, 1.0), ..m }).collect()
}

/// Where the patch whose pixels are those around (x − ½, y − ½) went. None where there is nothing to hold on to or it got lost.
pub(super) fn patch(a: &Plane, b: &Plane, x: usize, y: usize) -> Option<Spot> {
    let (x0, y0) = (x - SIDE / 2, y - SIDE / 2);
    let (mut texels, mut gx, mut gy) = ([0.0_f32; SIDE * SIDE], [0.0_f32; SIDE * SIDE], [0.0_f32; SIDE * SIDE]);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for j in 0..SIDE {
        let (above, row, below) = (a.row(y0 + j - 1), a.row(y0 + j), a.row(y0 + j + 1));
        for i in 0..SIDE {
            let (k, c) = (j * SIDE + i, x0 + i);
            texels[k] = row[c];
            gx[k] = 0.5 * (row[c + 1] - row[c - 1]);
            gy[k] = 0.5 * (below[c] - above[c]);
            xx += gx[k] * gx[k];
            xy += gx[k] * gy[k];
            yy += gy[k] * gy[k];
        }
    }
    let weaker = 0.5 * (xx + yy - ((xx - yy) * (xx - yy) + 4.0 * xy * xy).sqrt());
    let det = xx * yy - xy * xy;
    if weaker < 0.05 || det <= 0.0 {
        return None;
    }
    let (mut dx, mut dy) = (0.0_f32, 0.0_f32);
    let mut seen = [0.0_f32; SIDE * SIDE];
    for round in 0..=ROUNDS {
        let (fx, fy) = ((x0 as f32 + dx).floor(), (y0 as f32 + dy).floor());
        if fx < 0.0 || fy < 0.0 || fx as usize + SIDE + 1 > b.width || fy as usize + SIDE + 1 > b.height {
            return None;
        }
        let (u, v) = (x0 as f32 + dx - fx, y0 as f32 + dy - fy);
        let (ix, iy) = (fx as usize, fy as usize);
        for j in 0..SIDE {
            let (p, q) = (&b.row(iy + j)[ix..=ix + SIDE], &b.row(iy + j + 1)[ix..=ix + SIDE]);
            for i in 0..SIDE {
                let (top, bottom) = (p[i] + u * (p[i + 1] - p[i]), q[i] + u * (q[i + 1] - q[i]));
                seen[j * SIDE + i] = top + v * (bottom - top);
            }
        }
        if round == ROUNDS {
            break;
        }
        let (mut rx, mut ry) = (0.0_f32, 0.0_f32);
        for k in 0..SIDE * SIDE {
            let r = seen[k] - texels[k];
            rx += gx[k] * r;
            ry += gy[k] * r;
        }
        let (sx, sy) = ((yy * rx - xy * ry) / det, (xx * ry - xy * rx) / det);
        dx -= sx;
        dy -= sy;
        if !(dx.abs() <= FARTHEST && dy.abs() <= FARTHEST) {
            return None;
        }
        if sx.hypot(sy) < 0.002 {
            break;
        }
    }
    Some(Spot { x: dx, y: dy, texture: weaker, alike: correlation(&texels, &seen) })
}

fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len() as f32;
    let (ma, mb) = (a.iter().sum::<f32>() / n, b.iter().sum::<f32>() / n);
    let (mut ab, mut aa, mut bb) = (0.0, 1e-6, 1e-6);
    for (p, q) in a.iter().zip(b) {
        ab += (p - ma) * (q - mb);
        aa += (p - ma) * (p - ma);
        bb += (q - mb) * (q - mb);
    }
    ab / f32::sqrt(aa * bb)
}
