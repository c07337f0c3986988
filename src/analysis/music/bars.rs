//! Which beats begin a bar, and how many beats a bar has. Pure.
//!
//! A bar begins where the harmony changes and the bass sets in. Each beat gets a mark for that, and the meter and place of
//! the bar lines are those under which the marks of first beats stand out most; a beat too many or too few may shift them
//! (Viterbi over the place in the bar).

use super::{
    curve::peak_near,
    hear::{CHROMA_EVERY, Curves, FRAMES_PER_SEC},
};

/// Beats of a bar that are looked for, and how readily each is believed.
const METERS: [(usize, f64); 3] = [(4, 1.0), (3, 0.9), (2, 0.8)];
/// Cost of bar lines that shift.
const SHIFT_COST: f64 = 6.0;

/// The bars of a piece.
pub(super) struct Bars {
    pub beats_per_bar: usize,
    /// Indices of beats that begin a bar, rising.
    pub firsts: Vec<usize>,
}

/// Find the bars over beats (seconds). `meter` fixes the beats of a bar, `offset` moves every bar line by so many beats.
pub(super) fn find(beats: &[f64], curves: &Curves, meter: Option<usize>, offset: i32) -> Bars {
    let marks = marks(beats, curves);
    let mut choice: Option<(f64, Bars)> = None;
    for (beats_per_bar, belief) in METERS {
        if meter.is_some_and(|m| m != beats_per_bar) {
            continue;
        }
        let firsts = line_up(&marks, beats_per_bar);
        let sum: f64 = firsts.iter().map(|i| marks[*i]).sum();
        // marks have the mean 0: what first beats have, the others lack
        let score = belief * sum / (firsts.len() as f64 * (marks.len() - firsts.len()) as f64).sqrt().max(1.0);
        if choice.as_ref().is_none_or(|(best, _)| score > *best) {
            choice = Some((score, Bars { beats_per_bar, firsts }));
        }
    }
    let mut bars = match (choice, meter) {
        (Some((_, bars)), _) => bars,
        // a meter beyond the usual ones is taken at its word, from the first beat on
        (None, m) => {
            let beats_per_bar = m.unwrap_or(4).max(1);
            Bars { beats_per_bar, firsts: (0..beats.len()).step_by(beats_per_bar).collect() }
        }
    };
    shift(&mut bars, offset, beats.len());
    bars
}

/// Move each bar line by so many beats.
fn shift(bars: &mut Bars, offset: i32, beats: usize) {
    let by = i64::from(offset).rem_euclid(bars.beats_per_bar as i64) as usize;
    if by == 0 {
        return;
    }
    let first = bars.firsts.first().map(|f| f + by);
    // the part of a bar that is now whole before the first line
    let before = first.filter(|f| *f >= bars.beats_per_bar).map(|f| f - bars.beats_per_bar);
    bars.firsts = before.into_iter().chain(bars.firsts.iter().map(|f| f + by)).filter(|f| *f < beats).collect();
}

/// How much each beat looks like the first of a bar; mean 0, deviation 1.
fn marks(beats: &[f64], curves: &Curves) -> Vec<f64> {
    let chroma: Vec<[f32; 12]> = beats.iter().enumerate().map(|(i, at)| chroma_of(curves, *at, beats.get(i + 1).copied())).collect();
    let change: Vec<f64> = (0..beats.len()).map(|i| if i == 0 { 0.0 } else { distance(&chroma[i - 1], &chroma[i]) }).collect();
    let strength = |curve: &[f32], at: f64| f64::from(peak_near(curve, at * FRAMES_PER_SEC, 3));
    let low = beats.iter().map(|b| strength(&curves.low, *b)).collect();
    let all = beats.iter().map(|b| strength(&curves.rise, *b)).collect();
    let (change, low, all) = (standard(change), standard(low), standard(all));
    standard(change.iter().zip(&low).zip(&all).map(|((c, l), a)| 1.5 * c + l + 0.5 * a).collect())
}

/// Mean chroma within a beat, of length 1.
fn chroma_of(curves: &Curves, from_secs: f64, to_secs: Option<f64>) -> [f32; 12] {
    let to_secs = to_secs.unwrap_or(from_secs + 0.5);
    let index = |secs: f64| (secs * FRAMES_PER_SEC / CHROMA_EVERY as f64).round().max(0.0) as usize;
    // not the edges: their window reaches over the beat
    let margin = 0.2 * (to_secs - from_secs);
    let (from, to) = (index(from_secs + margin), index(to_secs - margin).max(index(from_secs + margin) + 1));
    let mut sum = [0.0f32; 12];
    for c in curves.chroma.iter().take(to).skip(from) {
        sum.iter_mut().zip(c).for_each(|(s, v)| *s += v);
    }
    let length = sum.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-9);
    sum.map(|v| v / length)
}

/// 0 for the same harmony, 1 for nothing in common.
fn distance(a: &[f32; 12], b: &[f32; 12]) -> f64 {
    1.0 - f64::from(a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>())
}

fn standard(values: Vec<f64>) -> Vec<f64> {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt().max(1e-9);
    // one crash of a cymbal is not worth ten bars
    values.into_iter().map(|v| ((v - mean) / deviation).clamp(-3.0, 3.0)).collect()
}

/// The first beats that gather the most marks while nearly all bars have the same length.
fn line_up(marks: &[f64], meter: usize) -> Vec<usize> {
    let mut best = vec![0.0; meter];
    let mut came: Vec<Vec<usize>> = Vec::with_capacity(marks.len());
    for (i, mark) in marks.iter().enumerate() {
        let mut next = vec![0.0; meter];
        let mut from = vec![0; meter];
        for place in 0..meter {
            let usual = (place + meter - 1) % meter;
            let cost = |p: usize| if i == 0 || p == usual { 0.0 } else { SHIFT_COST };
            let (p, score) = (0..meter).map(|p| (p, best[p] - cost(p))).max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or((usual, 0.0));
            next[place] = score + if place == 0 { *mark } else { -mark / (meter as f64 - 1.0) };
            from[place] = p;
        }
        best = next;
        came.push(from);
    }
    let mut place = (0..meter).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut firsts = Vec::new();
    for i in (0..marks.len()).rev() {
        if place == 0 {
            firsts.push(i);
        }
        place = came[i][place];
    }
    firsts.reverse();
    firsts
}
