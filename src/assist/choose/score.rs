//! What a shot is worth in its place: one figure for each of the style's wishes, times its weight. Pure.

use super::footage::{Candidate, Placed};
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
    /// Fits what the prompt asks for in this place.
    Asked,
}

/// All wishes, in the order in which they are judged.
pub const TERMS: [Term; 16] = [
    Term::Energy,
    Term::Action,
    Term::Variety,
    Term::Fresh,
    Term::Even,
    Term::MatchMotion,
    Term::MatchColour,
    Term::Contrast,
    Term::Sharp,
    Term::Steady,
    Term::Exposure,
    Term::Speech,
    Term::Order,
    Term::Peaks,
    Term::Chance,
    Term::Asked,
];

impl Term {
    /// The wish that files and scripts write so.
    pub fn named(name: &str) -> Option<Self> {
        TERMS.into_iter().find(|t| t.name() == name)
    }

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
            Self::Asked => "asked",
        }
    }
}

/// What came before the slot.
pub(super) struct Before {
    /// Source of the shot before, and of the one before that.
    pub source: Option<usize>,
    pub earlier: Option<usize>,
    /// How the shot before looked at its end.
    pub look: Option<Moment>,
    /// Place of the slot in the film, 0–1.
    pub part: f64,
}

/// What is known of a candidate in a place beside its looks.
pub(super) struct Case<'a> {
    pub candidate: &'a Candidate,
    pub placed: &'a Placed,
    /// Times that its shot was taken before.
    pub taken: u32,
    /// Seconds of its source so far, and of all sources.
    pub secs: (f64, f64),
    /// 0–1.
    pub chance: f64,
    /// Points for fitting what is asked for.
    pub asked: f64,
}

/// Distance of light and colours at which two pictures have nothing in common.
const COLOUR_SPAN: f64 = 0.35;
/// Movement of the whole picture that counts fully, widths per second.
const CLEAR_PAN: f64 = 0.25;
/// Seconds off the beat at which a peak is off.
const OFF_BEAT: f64 = 0.25;

/// Points of a candidate, by wish in the order of [`TERMS`]. `sources` is how many files there are.
pub(super) fn judge(case: &Case<'_>, slot: &Slot, sources: usize, style: &Style, before: &Before) -> [f64; TERMS.len()] {
    let (w, c) = (&style.choice, case.candidate);
    let many = sources > 1;
    let (own, total) = case.secs;
    let share = own / total.max(1e-6) * sources as f64;
    let variety = match before.source {
        Some(source) if many && source == c.source => -1.0,
        Some(_) if many && before.earlier == Some(c.source) => -0.3,
        Some(_) if many => 0.3,
        _ => 0.0,
    };
    let pan = before.look.map_or(0.0, |last| same_way(last.pan, c.look.pan));
    let colour = before.look.map(|last| (colour_distance(&last, &c.look) / COLOUR_SPAN).min(1.0));
    let bright = f64::from(c.look.bright);
    [
        w.energy * (1.0 - 2.0 * (c.motion_rank - slot.energy).abs()),
        w.action * (2.0 * c.motion_rank - 1.0),
        w.variety * variety,
        w.fresh * if case.taken == 0 { 0.5 } else { -0.5 * f64::from(case.taken) },
        if many && total > 0.0 { w.even * (1.0 - share).clamp(-1.0, 1.0) } else { 0.0 },
        w.match_motion * pan,
        w.match_colour * colour.map_or(0.0, |d| 1.0 - 2.0 * d),
        w.contrast * colour.map_or(0.0, |d| 2.0 * d - 1.0),
        w.sharp * (c.sharp_rank - 0.5),
        w.steady * (0.5 - c.shake_rank),
        w.exposure * (0.5 - ((bright - 0.45).abs() / 0.35).min(1.5)),
        w.speech * c.speech,
        w.order * (1.0 - 3.0 * (c.order - before.part).abs()),
        if c.peak { w.peaks * (1.0 - case.placed.off_beat_secs / OFF_BEAT).clamp(0.0, 1.0) } else { 0.0 },
        w.chance * (case.chance - 0.5),
        case.asked,
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
