//! One whole picture laid on another: a similarity that leaves the least difference, from the smallest copies to larger ones.
//!
//! Inverse-compositional Gauss-Newton (Baker & Matthews 2004) with Tukey weights, from the best of all shifts at the smallest
//! size.

use super::{
    fit::solve,
    passes::Layers,
    plane::{Plane, Similarity},
};

/// Rounds at each size, the smallest first.
const ROUNDS: [usize; 3] = [10, 8, 6];
/// How far the first search looks, as a share of the width.
const SEARCH: f32 = 0.25;
/// Pixels of the border that are left out.
const EDGE: usize = 2;

/// The second picture on the first: pixel p of the first lies at `map(p)` of the second, in pixels of full size about the
/// centre. With it how alike they then are: their correlation, 1 at most.
pub(super) fn align(a: &Layers, b: &Layers) -> (Similarity, f32) {
    let mut best = (Similarity::NONE, -1.0);
    let Some((first, last)) = a.small.last().zip(a.small.first()) else { return best };
    let levels = a.small.len();
    let searched = search(first, &b.small[levels - 1]);
    for start in [Similarity::NONE, searched] {
        let mut map = start;
        for (n, level) in (0..levels).rev().enumerate() {
            if n > 0 {
                map = map.scaled(2.0);
            }
            refine(&a.small[level], &b.small[level], &mut map, ROUNDS[n.min(ROUNDS.len() - 1)]);
        }
        let alike = correlation(last, &b.small[0], &map);
        if alike > best.1 {
            best = (map.scaled(4.0), alike);
        }
        if alike > 0.5 || searched == Similarity::NONE {
            break;
        }
    }
    best
}

/// The whole-pixel shift that leaves the pictures most alike.
fn search(a: &Plane, b: &Plane) -> Similarity {
    let reach = (SEARCH * a.width as f32).round() as i64;
    let (w, h) = (a.width as i64, a.height as i64);
    let mut best = (f32::MIN, 0, 0);
    for dy in -reach.min(h / 3)..=reach.min(h / 3) {
        for dx in -reach..=reach {
            let (x0, x1) = (0.max(-dx), w.min(w - dx));
            let (mut ab, mut aa, mut bb) = (0.0, 1e-6, 1e-6);
            for y in 0.max(-dy)..h.min(h - dy) {
                let p = &a.row(y as usize)[x0 as usize..x1 as usize];
                let q = &b.row((y + dy) as usize)[(x0 + dx) as usize..(x1 + dx) as usize];
                for (p, q) in p.iter().zip(q) {
                    ab += p * q;
                    aa += p * p;
                    bb += q * q;
                }
            }
            // of equals the shortest way
            let score = ab / f32::sqrt(aa * bb) - 1e-4 * ((dx * dx + dy * dy) as f32).sqrt();
            if score > best.0 {
                best = (score, dx, dy);
            }
        }
    }
    Similarity { a: (1.0, 0.0), b: (best.1 as f32, best.2 as f32) }
}

fn refine(a: &Plane, b: &Plane, map: &mut Similarity, rounds: usize) {
    let (w, h) = (a.width, a.height);
    let (cx, cy) = a.centre();
    let unit = 2.0 / w as f32;
    let mut residuals = vec![f32::NAN; w * h];
    let mut slopes = vec![[0.0_f32; 4]; w * h];
    for y in EDGE..h - EDGE {
        for x in EDGE..w - EDGE {
            let at = y * w + x;
            let gx = 0.5 * (a.data[at + 1] - a.data[at - 1]);
            let gy = 0.5 * (a.data[at + w] - a.data[at - w]);
            let (px, py) = ((x as f32 - cx) * unit, (y as f32 - cy) * unit);
            slopes[at] = [gx, gy, gy * px - gx * py, gx * px + gy * py];
        }
    }
    for _ in 0..rounds {
        let (mut sum, mut count) = (0.0_f32, 0.0_f32);
        for y in EDGE..h - EDGE {
            for x in EDGE..w - EDGE {
                let (u, v) = map.apply(x as f32 - cx, y as f32 - cy);
                let (u, v) = (u + cx, v + cy);
                let inside = u >= 0.0 && v >= 0.0 && u <= w as f32 - 1.0 && v <= h as f32 - 1.0;
                let at = y * w + x;
                residuals[at] = if inside { b.bilinear(u, v) - a.data[at] } else { f32::NAN };
                if inside {
                    sum += residuals[at].abs();
                    count += 1.0;
                }
            }
        }
        if count < 16.0 {
            return;
        }
        let limit = 3.5 * (1.4826 * sum / count + 1e-3);
        let (mut normal, mut right) = ([[0.0_f64; 4]; 4], [0.0_f64; 4]);
        for (r, j) in residuals.iter().zip(&slopes) {
            // also false where the residual is none
            if r.abs() < limit {
                let t = r / limit;
                let weight = (1.0 - t * t) * (1.0 - t * t);
                for p in 0..4 {
                    let k = f64::from(weight * j[p]);
                    right[p] += k * f64::from(*r);
                    for q in p..4 {
                        normal[p][q] += k * f64::from(j[q]);
                    }
                }
            }
        }
        let ridge = 1e-4 * (0..4).map(|p| normal[p][p]).sum::<f64>() / 4.0 + 1e-9;
        (0..4).for_each(|p| normal[p][p] += ridge);
        let Some(step) = solve(&normal, &right) else { return };
        let (dx, dy) = (step[0] as f32, step[1] as f32);
        let (turn, grow) = (step[2] as f32 * unit, step[3] as f32 * unit);
        // what was found moves the first picture; the map is taken back by it
        let scale = grow.exp();
        let inner = (scale * turn.cos(), scale * turn.sin());
        let norm = inner.0 * inner.0 + inner.1 * inner.1;
        let quotient = ((map.a.0 * inner.0 + map.a.1 * inner.1) / norm, (map.a.1 * inner.0 - map.a.0 * inner.1) / norm);
        map.a = quotient;
        map.b.0 -= quotient.0 * dx - quotient.1 * dy;
        map.b.1 -= quotient.1 * dx + quotient.0 * dy;
        if dx.hypot(dy) < 0.003 && turn.abs() * (w as f32) < 0.01 {
            break;
        }
    }
}

/// How alike two normalised pictures are under a map.
fn correlation(a: &Plane, b: &Plane, map: &Similarity) -> f32 {
    let (cx, cy) = a.centre();
    let (mut ab, mut aa, mut bb, mut count) = (0.0, 1e-6, 1e-6, 0usize);
    for y in EDGE..a.height - EDGE {
        for x in EDGE..a.width - EDGE {
            let (u, v) = map.apply(x as f32 - cx, y as f32 - cy);
            let (u, v) = (u + cx, v + cy);
            if u >= 0.0 && v >= 0.0 && u <= a.width as f32 - 1.0 && v <= a.height as f32 - 1.0 {
                let (p, q) = (a.data[y * a.width + x], b.bilinear(u, v));
                ab += p * q;
                aa += p * p;
                bb += q * q;
                count += 1;
            }
        }
    }
    if count * 10 > 3 * a.data.len() { ab / f32::sqrt(aa * bb) } else { -1.0 }
}
