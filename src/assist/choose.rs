//! Which shot goes where: the sequence of shots that gathers the most points over the whole film (beam search). Pure.
//!
//! A shot never runs over a cut of its source; what was shown next to it is not shown again at once (a jump cut); no moment is shown
//! more often than the style allows. Where footage is too scarce for that, these rules give way in this order, and the plan says so.

mod footage;
mod score;

pub use footage::{Candidate, Source};
pub use score::Term;

use super::{Dice, slots::Slot, style::Style};
use footage::candidates;
use score::{Before, judge};
use std::{collections::BTreeMap, rc::Rc};

/// Sequences that are followed side by side.
const BEAM: usize = 8;
/// Best continuations of each that are looked at further.
const BRANCH: usize = 6;
/// Salt of the chances here.
const SALT: u64 = 2;
/// Cost of a rule that gives way: a moment shown too often, a jump cut, footage slowed down to last.
const TOO_OFTEN: f64 = 8.0;
const JUMP: f64 = 16.0;
const TOO_SHORT: f64 = 24.0;
/// Two shots of a moment overlap by more than this, in seconds.
const SAME_MOMENT: f64 = 0.15;

/// The shot that fills a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    /// Indices of the source and of its shot.
    pub source: usize,
    pub shot: usize,
    /// First moment shown, in seconds of the source.
    pub from_secs: f64,
    /// Seconds of the source that pass in a second of the film.
    pub speed: f64,
    /// What of the source belongs to this shot alone, for transitions.
    pub clean_secs: (f64, f64),
    /// Why this one.
    pub terms: Vec<(Term, f64)>,
}

impl Pick {
    fn to_secs(&self, slot: &Slot) -> f64 {
        self.from_secs + (slot.end_secs - slot.start_secs) * self.speed
    }

    /// What counted most for it, at most three, the weightiest first.
    pub fn reasons(&self) -> Vec<(Term, f64)> {
        let mut terms: Vec<(Term, f64)> = self.terms.iter().copied().filter(|t| t.1 > 0.05).collect();
        terms.sort_by(|a, b| b.1.total_cmp(&a.1));
        terms.truncate(3);
        terms
    }
}

/// A whole film.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// One for each slot.
    pub picks: Vec<Pick>,
    pub score: f64,
    /// Slots in which a rule gave way.
    pub forced: usize,
}

/// What the user has settled.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Shots that stay in their slots.
    pub locked: BTreeMap<usize, Pick>,
    /// (slot, source, shot) that shall not be taken.
    pub refused: Vec<(usize, usize, usize)>,
}

impl Settled {
    /// Everything of a plan but one slot, which shall get another shot.
    pub fn reroll(plan: &Plan, slot: usize) -> Self {
        let locked = plan.picks.iter().enumerate().filter(|(i, _)| *i != slot).map(|(i, p)| (i, p.clone())).collect();
        let refused = plan.picks.get(slot).map(|p| (slot, p.source, p.shot)).into_iter().collect();
        Self { locked, refused }
    }
}

/// A film as far as it has been thought.
struct State {
    score: f64,
    forced: usize,
    last: Option<Rc<Link>>,
    /// Times that each shot was taken, by (source, shot) in a row; seconds of each source.
    taken: Vec<u32>,
    secs: Vec<f64>,
}

/// A shot and those before it.
struct Link {
    pick: Pick,
    to_secs: f64,
    before: Option<Rc<Link>>,
}

/// Fill every slot. Empty where there are no sources or no slots.
pub fn choose(slots: &[Slot], sources: &[Source], style: &Style, settled: &Settled, seed: u64) -> Plan {
    let all = candidates(sources);
    if all.is_empty() || slots.is_empty() {
        return Plan::default();
    }
    // number of the first shot of each source, to count shots in one row
    let first: Vec<usize> = sources.iter().scan(0, |sum, s| Some(std::mem::replace(sum, *sum + s.shots().len()))).collect();
    let shots = sources.iter().map(|s| s.shots().len()).sum();
    let mut beam = vec![State { score: 0.0, forced: 0, last: None, taken: vec![0; shots], secs: vec![0.0; sources.len()] }];
    let film = slots.last().map_or(0.0, |s| s.end_secs).max(1e-6);
    for (n, slot) in slots.iter().enumerate() {
        let mut next: Vec<State> = Vec::with_capacity(BEAM * BRANCH);
        for state in &beam {
            let mut dice = Dice::new(seed, SALT + 7 * n as u64);
            let before = Before {
                pick: state.last.as_ref().map(|l| (&l.pick, l.to_secs)),
                earlier: state.last.as_ref().and_then(|l| l.before.as_ref()).map(|l| l.pick.source),
                secs: &state.secs,
                part: slot.start_secs / film,
            };
            let mut options: Vec<(f64, usize, Pick)> = Vec::new();
            if let Some(locked) = settled.locked.get(&n) {
                options.push((0.0, 0, locked.clone()));
            } else {
                for c in &all {
                    let chance = dice.unit();
                    if settled.refused.contains(&(n, c.source, c.shot)) && all.iter().any(|o| (o.source, o.shot) != (c.source, c.shot)) {
                        continue;
                    }
                    let placed = c.place(slot, style);
                    let taken = state.taken[first[c.source] + c.shot];
                    let terms = judge(c, &placed, slot, sources, style, &before, taken, chance);
                    let mut score: f64 = terms.iter().map(|t| t.1).sum();
                    let mut pick = Pick {
                        source: c.source,
                        shot: c.shot,
                        from_secs: placed.from_secs,
                        speed: placed.speed,
                        clean_secs: c.clean_secs,
                        terms,
                    };
                    let to_secs = pick.to_secs(slot);
                    let mut forced = 0;
                    if placed.stretched > 0.0 {
                        score -= TOO_SHORT * placed.stretched;
                        forced = 1;
                    }
                    if before.pick.is_some_and(|(p, _)| (p.source, p.shot) == (c.source, c.shot)) {
                        score -= JUMP;
                        forced = 1;
                    }
                    if taken > 0 {
                        let times = times_shown(state.last.as_ref(), &pick, to_secs);
                        if times >= style.choice.reuse && !c.still {
                            score -= TOO_OFTEN * f64::from(times + 1 - style.choice.reuse);
                            forced = 1;
                        }
                    }
                    pick.terms.retain(|t| t.1 != 0.0);
                    options.push((score, forced, pick));
                }
            }
            // a stable sort: of equals the earlier in the footage
            options.sort_by(|a, b| b.0.total_cmp(&a.0));
            for (score, forced, pick) in options.into_iter().take(BRANCH) {
                next.push(state.with(pick, slot, score, forced, &first));
            }
        }
        next.sort_by(|a, b| b.score.total_cmp(&a.score));
        next.truncate(BEAM);
        beam = next;
    }
    let Some(best) = beam.into_iter().next() else { return Plan::default() };
    let mut picks = Vec::with_capacity(slots.len());
    let mut link = best.last;
    while let Some(l) = link {
        picks.push(l.pick.clone());
        link = l.before.clone();
    }
    picks.reverse();
    Plan { picks, score: best.score, forced: best.forced }
}

impl State {
    fn with(&self, pick: Pick, slot: &Slot, score: f64, forced: usize, first: &[usize]) -> Self {
        let (mut taken, mut secs) = (self.taken.clone(), self.secs.clone());
        if let Some(t) = first.get(pick.source).and_then(|f| taken.get_mut(f + pick.shot)) {
            *t += 1;
        }
        if let Some(s) = secs.get_mut(pick.source) {
            *s += slot.end_secs - slot.start_secs;
        }
        let link = Link { to_secs: pick.to_secs(slot), pick, before: self.last.clone() };
        Self { score: self.score + score, forced: self.forced + forced, last: Some(Rc::new(link)), taken, secs }
    }
}

/// How often a part of what the pick shows has been shown before.
fn times_shown(last: Option<&Rc<Link>>, pick: &Pick, to_secs: f64) -> u32 {
    let mut times = 0;
    let mut link = last;
    while let Some(l) = link {
        let overlap = l.to_secs.min(to_secs) - l.pick.from_secs.max(pick.from_secs);
        times += u32::from(l.pick.source == pick.source && overlap > SAME_MOMENT);
        link = l.before.as_ref();
    }
    times
}
