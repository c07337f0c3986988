//! Which frames repeat the one before them: where a rate was converted, or a frame was lost and the last one shown again.

use super::place::{Link, Optics, Placed, Seen, moved_px};

/// So many repeats in a row are a still scene rather than repeats.
const MOST: usize = 3;
/// Motion of a repeat at most, as noise and coding leave it, in pixels of a picture 640 wide.
const NONE_PX: f64 = 0.12;
/// Frames on each side whose motion says whether the film moves at all, and what it must be in times of the repeat's own.
const AROUND: usize = 4;
const TIMES: f64 = 6.0;
/// Least motion of a film in which repeats can be told, in pixels of 640.
const MOVES_PX: f64 = 0.5;

/// Which frames are repeats: those that are the same, or as good as the same in a film that moves; not those of a long still
/// stretch.
pub(super) fn repeats(seen: &[Seen], placed: &[Placed], optics: &Optics) -> Vec<bool> {
    let moved: Vec<f64> = (0..seen.len())
        .map(|i| match &seen[i].link {
            Link::Moved { from, .. } if *from + 1 == i => moved_px(&placed[*from].pose, &placed[i].pose, optics),
            Link::Same => 0.0,
            // not known
            _ => f64::NAN,
        })
        .collect();
    let same: Vec<bool> = (0..seen.len()).map(|i| matches!(seen[i].link, Link::Same) || stands_out(&moved, i)).collect();
    let mut out = same.clone();
    let mut start = 0;
    for i in 0..=same.len() {
        if i < same.len() && same[i] {
            continue;
        }
        if i - start > MOST {
            out[start..i].iter_mut().for_each(|r| *r = false);
        }
        start = i + 1;
    }
    out
}

/// Whether a frame hardly moves while those around it do.
fn stands_out(moved: &[f64], i: usize) -> bool {
    if moved[i].is_nan() || moved[i] >= NONE_PX {
        return false;
    }
    let around = i.saturating_sub(AROUND)..(i + AROUND + 1).min(moved.len());
    let mut others: Vec<f64> = around.filter(|j| *j != i).map(|j| moved[j]).filter(|m| m.is_finite()).collect();
    let middle = others.len() / 2;
    if others.len() < AROUND {
        return false;
    }
    let usual = *others.select_nth_unstable_by(middle, f64::total_cmp).1;
    usual > MOVES_PX.max(TIMES * moved[i])
}
