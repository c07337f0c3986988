//! How a picture moved into the next: the best place of each block, and what no movement explains. Pure.

use super::small::{AREA, HEIGHT, Small, WIDTH};

/// Blocks of the small picture.
const BLOCK_W: usize = 8;
const BLOCK_H: usize = 6;
/// How far a block is looked for, in cells.
const REACH_X: i32 = 10;
const REACH_Y: i32 = 6;
/// A block that differs less from its mean says nothing about movement.
const LEAST_CONTRAST: f32 = 3.0;
/// Mean difference that no movement explains at which something clearly happens in a block, in steps of 8 bit.
const CLEAR_CHANGE: f32 = 24.0;

/// From one picture to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// Mean difference that no movement explains, in steps of 8 bit, of brightness and both colours together.
    pub rest: f32,
    /// Mean difference of the pixels in place.
    pub plain: f32,
    /// Mean length of the movement, in widths of the picture.
    pub amount: f32,
    /// Movement of the whole (median of the blocks), in widths and heights; right and down are positive.
    pub shift: (f32, f32),
    /// Middle of the blocks that move otherwise than the whole, 0–1 from left and from top, and the part of the picture that they are.
    pub focus: (f32, f32),
    pub stir: f32,
}

impl Default for Change {
    fn default() -> Self {
        Self { rest: 0.0, plain: 0.0, amount: 0.0, shift: (0.0, 0.0), focus: (0.5, 0.5), stir: 0.0 }
    }
}

/// Compare `now` with the picture `before`. `guess` is the shift of the change before, in cells, which is tried first.
pub(super) fn change(before: &Small, now: &Small) -> Change {
    let (mut rest, mut amount) = (0.0f32, 0.0f32);
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    let mut blocks = Vec::new();
    for top in (0..HEIGHT).step_by(BLOCK_H) {
        for left in (0..WIDTH).step_by(BLOCK_W) {
            let (dx, dy, least) = find_block(before, now, left, top);
            let unexplained = least as f32 + colour_difference(before, now, left, top, dx, dy) as f32;
            rest += unexplained;
            blocks.push((left, top, dx, dy, unexplained));
            if contrast(now, left, top) >= LEAST_CONTRAST {
                amount += ((dx as f32 / WIDTH as f32).powi(2) + (dy as f32 / HEIGHT as f32).powi(2)).sqrt();
                xs.push(dx);
                ys.push(dy);
            }
        }
    }
    let told = xs.len().max(1) as f32;
    let median = |v: &mut Vec<i32>| {
        v.sort_unstable();
        v.get(v.len() / 2).copied().unwrap_or(0) as f32
    };
    let plain: u32 = [(&before.y, &now.y), (&before.u, &now.u), (&before.v, &now.v)]
        .iter()
        .map(|(a, b)| a.iter().zip(b.iter()).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>())
        .sum();
    let told_x = median(&mut xs);
    let told_y = median(&mut ys);
    let (focus, stir) = focus(&blocks, told_x, told_y);
    Change {
        focus,
        stir,
        rest: rest / AREA as f32,
        plain: plain as f32 / AREA as f32,
        amount: amount / told,
        shift: (told_x / WIDTH as f32, told_y / HEIGHT as f32),
    }
}

/// Middle of the blocks that do not move as the whole does, and the part of the picture that they are. A block counts by how far its
/// movement is from that of the whole (fully from three cells on), and by what no movement explains.
fn focus(blocks: &[(usize, usize, i32, i32, f32)], x: f32, y: f32) -> ((f32, f32), f32) {
    let (mut sum, mut at) = (0.0f32, (0.0f32, 0.0f32));
    for (left, top, dx, dy, rest) in blocks {
        // what a pan brings in was nowhere before
        let was = |at: usize, by: f32, size: usize, all: usize| (0.0..=(all - size) as f32).contains(&(at as f32 - by));
        if !was(*left, x, BLOCK_W, WIDTH) || !was(*top, y, BLOCK_H, HEIGHT) {
            continue;
        }
        let off = ((*dx as f32 - x).powi(2) + (*dy as f32 - y).powi(2)).sqrt();
        // a cell of difference is the grid's own roughness
        let moved = ((off - 1.0) / 2.0).clamp(0.0, 1.0);
        let changed = (rest / (BLOCK_W * BLOCK_H) as f32 / CLEAR_CHANGE).min(1.0);
        let weight = moved.max(changed * changed);
        sum += weight;
        at.0 += weight * (*left as f32 + BLOCK_W as f32 / 2.0) / WIDTH as f32;
        at.1 += weight * (*top as f32 + BLOCK_H as f32 / 2.0) / HEIGHT as f32;
    }
    if sum < 1e-3 {
        return ((0.5, 0.5), 0.0);
    }
    ((at.0 / sum, at.1 / sum), sum / blocks.len().max(1) as f32)
}

/// The least mean difference of brightness and colours that is left when the whole picture is shifted, by up to 60 % of its width and
/// a third of its height.
pub(super) fn slide(before: &Small, now: &Small) -> f32 {
    let (far_x, far_y) = (WIDTH as i32 * 6 / 10, HEIGHT as i32 / 3);
    let mut least = f32::MAX;
    for dy in -far_y..=far_y {
        let rows = dy.max(0) as usize..(HEIGHT as i32 + dy.min(0)) as usize;
        for dx in -far_x..=far_x {
            let (from, len) = (dx.max(0) as usize, WIDTH - dx.unsigned_abs() as usize);
            let (mut sum, mut count) = (0, 0);
            // every third row tells enough
            for y in rows.clone().step_by(3) {
                let a = y * WIDTH + from;
                let b = ((y as i32 - dy) as usize) * WIDTH + (from as i32 - dx) as usize;
                for (now, before) in [(&now.y, &before.y), (&now.u, &before.u), (&now.v, &before.v)] {
                    let pairs = now[a..a + len].iter().zip(&before[b..b + len]);
                    sum += pairs.map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
                }
                count += len;
            }
            least = least.min(sum as f32 / count.max(1) as f32);
        }
    }
    least
}

/// Where the block at (left, top) of `now` came from, as its movement in cells, and the sum of differences there.
fn find_block(before: &Small, now: &Small, left: usize, top: usize) -> (i32, i32, u32) {
    let mut best = (0, 0, difference(&before.y, &now.y, left, top, 0, 0, u32::MAX));
    for dy in -REACH_Y..=REACH_Y {
        for dx in -REACH_X..=REACH_X {
            let inside = |at: usize, d: i32, size: usize, all: usize| {
                let from = at as i32 - d;
                from >= 0 && from as usize + size <= all
            };
            if best.2 == 0 || !inside(left, dx, BLOCK_W, WIDTH) || !inside(top, dy, BLOCK_H, HEIGHT) {
                continue;
            }
            // a little dearer with its length, so that flat places stand still
            let toll = (dx.unsigned_abs() + dy.unsigned_abs()) * 2;
            let sum = difference(&before.y, &now.y, left, top, dx, dy, best.2.saturating_sub(toll)) + toll;
            if sum < best.2 {
                best = (dx, dy, sum);
            }
        }
    }
    best
}

/// Sum of absolute differences of a block; given up beyond `limit`.
fn difference(before: &[u8], now: &[u8], left: usize, top: usize, dx: i32, dy: i32, limit: u32) -> u32 {
    let mut sum = 0;
    for y in top..top + BLOCK_H {
        let a = y * WIDTH + left;
        let b = ((y as i32 - dy) as usize) * WIDTH + (left as i32 - dx) as usize;
        sum += now[a..a + BLOCK_W].iter().zip(&before[b..b + BLOCK_W]).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>();
        if sum > limit {
            break;
        }
    }
    sum
}

fn colour_difference(before: &Small, now: &Small, left: usize, top: usize, dx: i32, dy: i32) -> u32 {
    difference(&before.u, &now.u, left, top, dx, dy, u32::MAX) + difference(&before.v, &now.v, left, top, dx, dy, u32::MAX)
}

/// Mean distance from the mean within a block.
fn contrast(picture: &Small, left: usize, top: usize) -> f32 {
    let rows = || (top..top + BLOCK_H).flat_map(|y| &picture.y[y * WIDTH + left..y * WIDTH + left + BLOCK_W]);
    let n = (BLOCK_W * BLOCK_H) as f32;
    let mean = rows().map(|v| f32::from(*v)).sum::<f32>() / n;
    rows().map(|v| (f32::from(*v) - mean).abs()).sum::<f32>() / n
}
