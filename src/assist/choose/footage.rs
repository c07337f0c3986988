//! What can be shown: the shots of the sources, and the moments in them at which something happens. Pure.

use super::super::{slots::Slot, style::Style};
use crate::analysis::{
    footage::MOMENT_SECS,
    footage::{Footage, Moment, Shot},
    voice::Voice,
};

/// Nearer to a cut of the source nothing is shown: the picture of a cut may be a mixture, and rates differ.
const MARGIN_SECS: f64 = 0.06;
/// Moments of one shot that are tried.
const MOST: usize = 6;
/// A peak moves so much more than its shot does in the mean.
const PROMINENT: f32 = 1.15;
/// Two moments that are tried lie so far apart.
const APART_SECS: f64 = 0.8;
/// The music is quiet below, loud above.
const QUIET: f64 = 0.35;
const LOUD: f64 = 0.75;

/// A file of footage.
#[derive(Clone, Debug)]
pub struct Source {
    pub footage: Footage,
    pub voice: Option<Voice>,
    /// A still lasts as long as one likes.
    pub still: bool,
}

impl Source {
    pub fn shots(&self) -> &[Shot] {
        &self.footage.shots
    }
}

/// A moment of a shot that can be shown.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub source: usize,
    pub shot: usize,
    pub still: bool,
    pub clean_secs: (f64, f64),
    /// When something happens, in seconds of the source.
    pub moment_secs: f64,
    /// It is a peak of the movement.
    pub peak: bool,
    /// Of the shot around it.
    pub look: Moment,
    /// Place among all candidates, 0–1.
    pub motion_rank: f64,
    pub sharp_rank: f64,
    pub shake_rank: f64,
    /// Share of speech.
    pub speech: f64,
    /// Place in all footage, 0–1.
    pub order: f64,
}

/// A candidate in a slot.
pub(super) struct Placed {
    pub from_secs: f64,
    pub speed: f64,
    /// By how much it had to be slowed down to last, 0–1.
    pub stretched: f64,
    /// How far the moment is from the beat that it was meant for, in seconds of the film.
    pub off_beat_secs: f64,
}

impl Candidate {
    /// Where it begins, so that its moment falls on the first beat within the slot, or on its start.
    pub(super) fn place(&self, slot: &Slot, style: &Style) -> Placed {
        let len = slot.end_secs - slot.start_secs;
        let (from, to) = self.clean_secs;
        if self.still {
            return Placed { from_secs: 0.0, speed: 1.0, stretched: 0.0, off_beat_secs: 1.0 };
        }
        let wanted = if slot.loudness < QUIET {
            style.motion.slow
        } else if slot.loudness > LOUD {
            style.motion.fast
        } else {
            1.0
        };
        let room = (to - from).max(0.02);
        let speed = wanted.min(room / len.max(1e-6));
        // thousandths are exact in the document; 0 holds the picture
        let speed = if speed < wanted { (speed * 1000.0).floor() / 1000.0 } else { wanted };
        let lead = if style.choice.peaks > 0.0 && self.peak { slot.next_beat_secs * speed } else { 0.0 };
        // what the transitions at both its ends show of it, as far as there is so much
        let spare = (to - from - len * speed).max(0.0);
        let handle = (style.transitions.handle_secs(slot.loudness) * speed).min(spare / 2.0);
        let first = from + handle;
        let start = (self.moment_secs - lead).clamp(first, (to - len * speed - handle).max(first));
        let on_beat = start + slot.next_beat_secs * speed;
        Placed {
            from_secs: start,
            speed,
            // a quick one that runs at its own speed for want of footage breaks no rule
            stretched: (1.0 - speed / wanted.min(1.0)).max(0.0),
            off_beat_secs: (self.moment_secs - on_beat).abs() / speed.max(1e-3),
        }
    }
}

/// How long shots can be without being slowed down: a quarter of the footage's shots, but three of them at least, are this long. Stills
/// last for ever.
pub fn reach_secs(sources: &[Source]) -> f64 {
    let length =
        |source: &Source, shot: &Shot| if source.still { f64::INFINITY } else { moments(source, shot).0.1 - moments(source, shot).0.0 };
    let mut lengths: Vec<f64> = sources.iter().flat_map(|s| s.shots().iter().map(move |shot| length(s, shot))).collect();
    lengths.sort_by(|a, b| b.total_cmp(a));
    let place = (lengths.len() / 4).max(2).min(lengths.len().saturating_sub(1));
    lengths.get(place).copied().unwrap_or(f64::INFINITY).max(0.0)
}

/// All moments that can be shown, in the order of the footage.
pub(super) fn candidates(sources: &[Source]) -> Vec<Candidate> {
    let total: f64 = sources.iter().map(|s| s.footage.duration_secs.max(0.1)).sum();
    let mut before = 0.0;
    let mut out = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        for (number, shot) in source.shots().iter().enumerate() {
            let (clean, moments) = if source.still { ((0.0, 1e6), vec![(0.0, false)]) } else { moments(source, shot) };
            if clean.1 - clean.0 < 0.02 {
                continue;
            }
            for (at, peak) in moments {
                let look = source.footage.mean(at - 0.5, at + 0.8);
                let speech = source.voice.as_ref().map_or(0.0, |v| f64::from(v.mean(at - 0.2, at + 2.0).1));
                out.push(Candidate {
                    source: index,
                    shot: number,
                    still: source.still,
                    clean_secs: clean,
                    moment_secs: at,
                    peak,
                    look,
                    motion_rank: 0.5,
                    sharp_rank: 0.5,
                    shake_rank: 0.5,
                    speech,
                    order: (before + at.min(source.footage.duration_secs)) / total,
                });
            }
        }
        before += source.footage.duration_secs.max(0.1);
    }
    rank(&mut out, |c| c.look.motion, |c, r| c.motion_rank = r);
    rank(&mut out, |c| c.look.sharp, |c, r| c.sharp_rank = r);
    rank(&mut out, |c| c.look.shake, |c, r| c.shake_rank = r);
    out
}

/// Give each its place among all, 0–1; equals share theirs.
fn rank(all: &mut [Candidate], of: fn(&Candidate) -> f32, mut set: impl FnMut(&mut Candidate, f64)) {
    let mut values: Vec<f32> = all.iter().map(of).collect();
    values.sort_by(f32::total_cmp);
    let last = values.len().saturating_sub(1);
    for c in all {
        let v = of(c);
        let (low, high) = (values.partition_point(|x| *x < v), values.partition_point(|x| *x <= v).saturating_sub(1));
        set(c, if last == 0 { 0.5 } else { (low + high) as f64 / 2.0 / last as f64 });
    }
}

/// What of a shot can be shown, and its moments: peaks of the movement, the strongest first, and its beginning and middle.
fn moments(source: &Source, shot: &Shot) -> ((f64, f64), Vec<(f64, bool)>) {
    let edge = |mixed: f64, outer: bool| if outer && mixed <= 0.0 { 0.0 } else { mixed + MARGIN_SECS };
    let from = shot.start_secs + edge(shot.mixed_secs.0, shot.start == 0);
    // the last picture of a file may be shorter than the others
    let to = shot.end_secs - edge(shot.mixed_secs.1, false);
    let all = &source.footage.moments;
    let first = (from / MOMENT_SECS).ceil().max(0.0) as usize;
    let last = ((to / MOMENT_SECS) as usize).min(all.len());
    let motion = |i: usize| all.get(i).map_or(0.0, |m| m.motion);
    let mean = (first..last).map(motion).sum::<f32>() / last.saturating_sub(first).max(1) as f32;
    let rises = |i: usize| motion(i) > (PROMINENT * mean).max(0.02);
    let is_top = |i: usize| motion(i) >= motion(i.saturating_sub(1).max(first)) && motion(i) >= motion((i + 1).min(last.max(1) - 1));
    let mut peaks: Vec<usize> = (first..last).filter(|i| rises(*i) && is_top(*i)).collect();
    peaks.sort_by(|a, b| motion(*b).total_cmp(&motion(*a)).then(a.cmp(b)));
    let mut found: Vec<(f64, bool)> = Vec::new();
    for i in peaks {
        let at = (i as f64 + 0.5) * MOMENT_SECS;
        if found.len() < MOST - 2 && found.iter().all(|f| (f.0 - at).abs() >= APART_SECS) {
            found.push((at, true));
        }
    }
    for at in [from, from + (to - from) * 0.4] {
        if found.iter().all(|f| (f.0 - at).abs() >= APART_SECS / 2.0) {
            found.push((at, false));
        }
    }
    ((from, to), found)
}
