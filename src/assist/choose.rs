//! Which shot goes where: the sequence of shots that gathers the most points over the whole film (beam search). Pure.
//!
//! A shot never runs over a cut of its source; what was shown next to it is not shown again at once (a jump cut); no moment is shown
//! more often than the style allows. Where footage is too scarce for that, these rules give way in this order, and the plan says so.

mod footage;
mod score;

pub use footage::{Candidate, Source, reach_secs};
pub use score::{TERMS, Term};

use super::{Dice, slots::Slot, style::Style};
use footage::{Placed, candidates};
use score::{Before, Case, judge};
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
/// Whatever it is slowed down by: a little must not pay where there is footage that lasts.
const SLOWED: f64 = 6.0;
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

/// A stretch of a source that fits what is asked for in a slot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Asked {
    pub slot: usize,
    pub source: usize,
    pub from_secs: f64,
    pub to_secs: f64,
    /// How well, 0–1.
    pub fit: f64,
}

/// Points of what fits wholly: more than all wishes of a style together, less than a rule that would have to give way.
const ASKED: f64 = 7.0;

/// What the user has settled.
#[derive(Clone, Debug, Default)]
pub struct Settled {
    /// Shots that stay in their slots.
    pub locked: BTreeMap<usize, Pick>,
    /// (slot, source, shot) that shall not be taken.
    pub refused: Vec<(usize, usize, usize)>,
    /// Stretches that are asked for in a slot.
    pub asked: Vec<Asked>,
}

impl Settled {
    /// Everything of a plan but one slot, which shall get another shot.
    pub fn reroll(plan: &Plan, slot: usize) -> Self {
        let locked = plan.picks.iter().enumerate().filter(|(i, _)| *i != slot).map(|(i, p)| (i, p.clone())).collect();
        let refused = plan.picks.get(slot).map(|p| (slot, p.source, p.shot)).into_iter().collect();
        Self { locked, refused, asked: Vec::new() }
    }
}

/// A film as far as it has been thought.
struct State {
    score: f64,
    forced: usize,
    last: Option<Rc<Link>>,
    /// What was shown of each shot, by (source, shot) in a row; seconds of each source.
    shown: Vec<Option<Rc<Shown>>>,
    secs: Vec<f64>,
    /// Of all sources.
    total: f64,
}

/// A shot and those before it.
struct Link {
    pick: Pick,
    to_secs: f64,
    before: Option<Rc<Link>>,
}

/// A stretch of a shot that was shown, and those of the same shot before it.
struct Shown {
    secs: (f64, f64),
    /// How many there are, this one included.
    times: u32,
    before: Option<Rc<Shown>>,
}

/// A chain as long as the film is taken apart link by link: by recursion it would overflow the stack.
impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut link) = next.and_then(|l| Rc::try_unwrap(l).ok()) {
            next = link.before.take();
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let mut next = self.before.take();
        while let Some(mut shown) = next.and_then(|s| Rc::try_unwrap(s).ok()) {
            next = shown.before.take();
        }
    }
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
    let mut beam = vec![State { score: 0.0, forced: 0, last: None, shown: vec![None; shots], secs: vec![0.0; sources.len()], total: 0.0 }];
    let film = slots.last().map_or(0.0, |s| s.end_secs).max(1e-6);
    for (n, slot) in slots.iter().enumerate() {
        let tries = match settled.locked.get(&n) {
            Some(_) => Vec::new(),
            None => tries(&all, n, slot, style, settled, seed),
        };
        let mut next: Vec<State> = Vec::with_capacity(BEAM * BRANCH);
        for state in &beam {
            if let Some(locked) = settled.locked.get(&n) {
                let broken = state.broken(locked, slot, &first, style, sources);
                next.push(state.with(locked.clone(), slot, -broken, 0, &first));
                continue;
            }
            let last = state.last.as_ref();
            let look = last.and_then(|l| Some(sources.get(l.pick.source)?.footage.mean(l.to_secs - 0.6, l.to_secs)));
            let before = Before {
                source: last.map(|l| l.pick.source),
                earlier: last.and_then(|l| l.before.as_ref()).map(|l| l.pick.source),
                look,
                part: slot.start_secs / film,
            };
            let mut options: Vec<(f64, usize, [f64; TERMS.len()])> = Vec::with_capacity(tries.len());
            for (i, t) in tries.iter().enumerate() {
                let c = &all[t.candidate];
                let shown = state.shown[first[c.source] + c.shot].as_deref();
                let taken = shown.map_or(0, |s| s.times);
                let case = Case {
                    candidate: c,
                    placed: &t.placed,
                    taken,
                    secs: (state.secs[c.source], state.total),
                    chance: t.chance,
                    asked: t.asked,
                };
                let terms = judge(&case, slot, sources.len(), style, &before);
                let sum: f64 = terms.iter().sum();
                options.push((sum - state.broken_by(t, c, slot, shown, style), i, terms));
            }
            // of equals the earlier in the footage
            let better =
                |a: &(f64, usize, [f64; TERMS.len()]), b: &(f64, usize, [f64; TERMS.len()])| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
            if options.len() > BRANCH {
                options.select_nth_unstable_by(BRANCH, better);
                options.truncate(BRANCH);
            }
            options.sort_by(better);
            for (score, i, terms) in options {
                let t = &tries[i];
                let c = &all[t.candidate];
                let shown = state.shown[first[c.source] + c.shot].as_deref();
                let forced = usize::from(state.broken_by(t, c, slot, shown, style) > 0.0);
                let terms = TERMS.into_iter().zip(terms).filter(|t| t.1 != 0.0).collect();
                let (from_secs, speed) = (t.placed.from_secs, t.placed.speed);
                let pick = Pick { source: c.source, shot: c.shot, from_secs, speed, clean_secs: c.clean_secs, terms };
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

/// A candidate that is tried in a slot: the same for all sequences.
struct Try {
    candidate: usize,
    placed: Placed,
    chance: f64,
    /// Points for fitting what is asked for here.
    asked: f64,
}

fn tries(all: &[Candidate], n: usize, slot: &Slot, style: &Style, settled: &Settled, seed: u64) -> Vec<Try> {
    let mut dice = Dice::new(seed, SALT + 7 * n as u64);
    let refused = |c: &Candidate| settled.refused.contains(&(n, c.source, c.shot));
    // where everything is refused nothing is
    let strict = !all.iter().all(refused);
    let each = all.iter().enumerate().map(|(candidate, c)| (candidate, c, dice.unit()));
    let each: Vec<_> = each.filter(|(_, c, _)| !(strict && refused(c))).collect();
    let here: Vec<&Asked> = settled.asked.iter().filter(|a| a.slot == n).collect();
    let asked = |c: &Candidate| {
        let fits = |a: &&&Asked| a.source == c.source && (c.still || (a.from_secs..a.to_secs).contains(&c.moment_secs));
        ASKED * here.iter().filter(fits).map(|a| a.fit).fold(0.0, f64::max)
    };
    each.into_iter().map(|(candidate, c, chance)| Try { candidate, placed: c.place(slot, style), chance, asked: asked(c) }).collect()
}

impl State {
    /// What it costs that rules give way: footage slowed down to last, a jump cut, a moment shown too often.
    fn breaks(&self, c: &Candidate, placed: &Placed, slot: &Slot, shown: Option<&Shown>, style: &Style) -> f64 {
        let to_secs = placed.from_secs + (slot.end_secs - slot.start_secs) * placed.speed;
        let shown = shown.filter(|_| !c.still);
        let slowed = if placed.stretched > 0.0 { SLOWED + TOO_SHORT * placed.stretched } else { 0.0 };
        slowed + self.jump(c.source, c.shot) + too_often(shown, (placed.from_secs, to_secs), style)
    }

    /// As [`Self::breaks`]; nothing, where this is asked for in this place.
    fn broken_by(&self, t: &Try, c: &Candidate, slot: &Slot, shown: Option<&Shown>, style: &Style) -> f64 {
        if t.asked > 0.0 { 0.0 } else { self.breaks(c, &t.placed, slot, shown, style) }
    }

    /// As [`Self::breaks`] for a shot that is settled: what was put before it should not jump into it or show its moment too.
    fn broken(&self, pick: &Pick, slot: &Slot, first: &[usize], style: &Style, sources: &[Source]) -> f64 {
        let still = sources.get(pick.source).is_none_or(|s| s.still);
        let shown = first.get(pick.source).and_then(|f| self.shown.get(f + pick.shot)?.as_deref()).filter(|_| !still);
        self.jump(pick.source, pick.shot) + too_often(shown, (pick.from_secs, pick.to_secs(slot)), style)
    }

    fn jump(&self, source: usize, shot: usize) -> f64 {
        let same = self.last.as_ref().is_some_and(|l| (l.pick.source, l.pick.shot) == (source, shot));
        if same { JUMP } else { 0.0 }
    }

    fn with(&self, pick: Pick, slot: &Slot, score: f64, forced: usize, first: &[usize]) -> Self {
        let (mut shown, mut secs) = (self.shown.clone(), self.secs.clone());
        if let Some(s) = first.get(pick.source).and_then(|f| shown.get_mut(f + pick.shot)) {
            let before = s.take();
            let times = before.as_ref().map_or(0, |b| b.times) + 1;
            *s = Some(Rc::new(Shown { secs: (pick.from_secs, pick.to_secs(slot)), times, before }));
        }
        if let Some(s) = secs.get_mut(pick.source) {
            *s += slot.end_secs - slot.start_secs;
        }
        let total = self.total + slot.end_secs - slot.start_secs;
        let link = Link { to_secs: pick.to_secs(slot), pick, before: self.last.clone() };
        Self { score: self.score + score, forced: self.forced + forced, last: Some(Rc::new(link)), shown, secs, total }
    }
}

/// What it costs to show a stretch once more than the style allows; `shown` is what was shown of its shot before.
fn too_often(shown: Option<&Shown>, (from, to): (f64, f64), style: &Style) -> f64 {
    let mut times = 0;
    let mut next = shown;
    while let Some(s) = next {
        let overlap = s.secs.1.min(to) - s.secs.0.max(from);
        times += u32::from(overlap > SAME_MOMENT);
        next = s.before.as_deref();
    }
    if times >= style.choice.reuse { TOO_OFTEN * f64::from(times + 1 - style.choice.reuse) } else { 0.0 }
}
