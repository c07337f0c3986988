//! What a shot is worth in its place: one figure for each of the style's wishes, times its weight. Pure.

use super::{
    Pick,
    footage::{Candidate, Placed, Source},
};
use crate::{
    analysis::footage::Moment,
    assist::{slots::Slot, style::Style},
};

/// A wish of the style.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    Energy,
    Action,
    Variety,
    Fresh,
    Even,
    MatchMotion,
    MatchColour,
    Contrast,
    Sharp,
    Steady,
    Exposure,
    Speech,
    Order,
    Peaks,
    Chance,
}

impl Term {
    /// As files and scripts write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Energy => "energy",
            Self::Action => "action",
            Self::Variety => "variety",
            Self::Fresh => "fresh",
            Self::Even => "even",
            Self::MatchMotion => "match_motion",
            Self::MatchColour => "match_colour",
            Self::Contrast => "contrast",
            Self::Sharp => "sharp",
            Self::Steady => "steady",
            Self::Exposure => "exposure",
            Self::Speech => "speech",
            Self::Order => "order",
            Self::Peaks => "peaks",
            Self::Chance => "chance",
        }
    }
}

/// What came before the slot.
pub(super) struct Before<'a> {
    /// The shot before, and where it ended.
    pub pick: Option<(&'a Pick, f64)>,
    /// Source of the one before that.
    pub earlier: Option<usize>,
    /// Seconds of each source so far.
    pub secs: &'a [f64],
    /// Place of the slot in the film, 0–1.
    pub part: f64,
}

/// Distance of light and colours at which two pictures have nothing in common.
const COLOUR_SPAN: f64 = 0.35;
/// Movement of the whole picture that counts fully, widths per second.
const CLEAR_PAN: f64 = 0.25;
/// Seconds off the beat at which a peak is off.
const OFF_BEAT: f64 = 0.25;

/// Points of a candidate, by wish.
#[expect(clippy::too_many_arguments, reason = "it weighs everything that is known against everything that is wished")]
pub(super) fn judge(
    c: &Candidate,
    placed: &Placed,
    slot: &Slot,
    sources: &[Source],
    style: &Style,
    before: &Before<'_>,
    taken: u32,
    chance: f64,
) -> Vec<(Term, f64)> {
    let w = &style.choice;
    let many = sources.len() > 1;
    let total: f64 = before.secs.iter().sum();
    let share = before.secs.get(c.source).copied().unwrap_or(0.0) / total.max(1e-6) * sources.len() as f64;
    let variety = match before.pick {
        Some((p, _)) if many && p.source == c.source => -1.0,
        Some(_) if many && before.earlier == Some(c.source) => -0.3,
        Some(_) if many => 0.3,
        _ => 0.0,
    };
    let (mut pan, mut colour) = (0.0, None);
    if let Some((p, to_secs)) = before.pick
        && let Some(source) = sources.get(p.source)
    {
        let last = source.footage.mean(to_secs - 0.6, to_secs);
        pan = same_way(last.pan, c.look.pan);
        colour = Some((colour_distance(&last, &c.look) / COLOUR_SPAN).min(1.0));
    }
    let bright = f64::from(c.look.bright);
    vec![
        (Term::Energy, w.energy * (1.0 - 2.0 * (c.motion_rank - slot.energy).abs())),
        (Term::Action, w.action * (2.0 * c.motion_rank - 1.0)),
        (Term::Variety, w.variety * variety),
        (Term::Fresh, w.fresh * if taken == 0 { 0.5 } else { -0.5 * f64::from(taken) }),
        (Term::Even, if many && total > 0.0 { w.even * (1.0 - share).clamp(-1.0, 1.0) } else { 0.0 }),
        (Term::MatchMotion, w.match_motion * pan),
        (Term::MatchColour, w.match_colour * colour.map_or(0.0, |d| 1.0 - 2.0 * d)),
        (Term::Contrast, w.contrast * colour.map_or(0.0, |d| 2.0 * d - 1.0)),
        (Term::Sharp, w.sharp * (c.sharp_rank - 0.5)),
        (Term::Steady, w.steady * (0.5 - c.shake_rank)),
        (Term::Exposure, w.exposure * (0.5 - ((bright - 0.45).abs() / 0.35).min(1.5))),
        (Term::Speech, w.speech * c.speech),
        (Term::Order, w.order * (1.0 - 3.0 * (c.order - before.part).abs())),
        (Term::Peaks, if c.peak { w.peaks * (1.0 - placed.off_beat_secs / OFF_BEAT).clamp(0.0, 1.0) } else { 0.0 }),
        (Term::Chance, w.chance * (chance - 0.5)),
    ]
}

/// 1 where both move clearly in the same direction, −1 against each other, 0 where one stands.
fn same_way(a: (f32, f32), b: (f32, f32)) -> f64 {
    let length = |v: (f32, f32)| (f64::from(v.0).powi(2) + f64::from(v.1).powi(2)).sqrt();
    let (la, lb) = (length(a), length(b));
    if la < 1e-3 || lb < 1e-3 {
        return 0.0;
    }
    let cosine = (f64::from(a.0) * f64::from(b.0) + f64::from(a.1) * f64::from(b.1)) / (la * lb);
    cosine * (la.min(lb) / CLEAR_PAN).min(1.0)
}

fn colour_distance(a: &Moment, b: &Moment) -> f64 {
    let d = [a.bright - b.bright, 2.0 * (a.tint.0 - b.tint.0), 2.0 * (a.tint.1 - b.tint.1)];
    d.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt()
}
