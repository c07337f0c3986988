//! When to cut: the times of the music's beats at which one shot gives way to the next. Pure.
//!
//! Every border is a beat (or half of one) of the grid itself, never a sum of lengths, so that nothing drifts; in frames it is the
//! nearest one, at most half a frame away.

use super::{Dice, style::Style};
use crate::{
    analysis::music::{Label, Music},
    base::{FrameRate, Rounding, Time},
};

/// Salt of the chances here.
const SALT: u64 = 1;
/// A film has about so many shots at least, however short it is.
const LEAST_SHOTS: f64 = 4.0;

/// Room for one shot.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Frames of the film, end exclusive.
    pub start: i64,
    pub end: i64,
    /// The time that `start` was planned for, in seconds of the film.
    pub start_secs: f64,
    pub end_secs: f64,
    /// Energy that the shot should have, 0–1: of the music and of the style's arc.
    pub energy: f64,
    /// Of the music alone.
    pub loudness: f64,
    pub label: Label,
    /// A part of the music begins here.
    pub begins_part: bool,
    /// Seconds from the start to the next beat within; 0 where there is none.
    pub next_beat_secs: f64,
}

/// The music under the film.
#[derive(Clone, Copy, Debug)]
pub struct Bed<'a> {
    /// None: an even grid.
    pub music: Option<&'a Music>,
    /// Point of the music at which the film begins.
    pub music_start_secs: f64,
    /// Length of the film at most.
    pub duration_secs: f64,
    /// Shots of the footage are about as long as this at most, in seconds of the film; longer ones would have to be slowed down.
    pub reach_secs: f64,
}

/// A beat of the film.
#[derive(Clone, Copy)]
struct Beat {
    secs: f64,
    first_of_bar: bool,
}

/// Where to cut. The last slot ends with the film: at `duration_secs`, to the nearest frame.
pub fn slots(bed: &Bed<'_>, style: &Style, rate: FrameRate, seed: u64) -> Vec<Slot> {
    let frame = |secs: f64| Time::from_secs_f64(secs).to_frames(rate, Rounding::Nearest);
    let end = frame(bed.duration_secs);
    let beats = grid(bed, style);
    let borders = borders(bed, style, &beats, seed);
    let mut out: Vec<Slot> = Vec::with_capacity(borders.len());
    for (i, &secs) in borders.iter().enumerate() {
        let until = borders.get(i + 1).copied().unwrap_or(bed.duration_secs);
        let (start, stop) = (frame(secs), if i + 1 == borders.len() { end } else { frame(until) });
        if stop <= start {
            continue;
        }
        out.push(slot(bed, style, &beats, (start, stop), (secs, until)));
    }
    out
}

/// The room between two frames of the film, wherever they come from: what a person has trimmed is a slot too.
pub fn slot_at(bed: &Bed<'_>, style: &Style, rate: FrameRate, frames: (i64, i64)) -> Slot {
    let secs = |frame| Time::from_frames(frame, rate).as_secs_f64();
    slot(bed, style, &grid(bed, style), frames, (secs(frames.0), secs(frames.1)))
}

fn slot(bed: &Bed<'_>, style: &Style, beats: &[Beat], (start, end): (i64, i64), (secs, until): (f64, f64)) -> Slot {
    let (label, loudness, part) = at(bed, secs, until);
    let tension = style.choice.tension(secs / bed.duration_secs.max(1e-6));
    let weight = style.choice.arc_weight;
    let inner = beats.iter().find(|b| b.secs > secs + 0.1 && b.secs < until - 0.1);
    Slot {
        start,
        end,
        start_secs: secs,
        end_secs: until,
        energy: loudness * (1.0 - weight) + tension * weight,
        loudness,
        label,
        begins_part: start > 0 && part,
        next_beat_secs: inner.map_or(0.0, |b| b.secs - secs),
    }
}

/// Label, energy of the music between two times of the film, and whether a part begins at the first.
fn at(bed: &Bed<'_>, from: f64, to: f64) -> (Label, f64, bool) {
    let Some(music) = bed.music else {
        // without music the film itself has parts
        let part = from / bed.duration_secs.max(1e-6);
        let label = if part < 0.15 {
            Label::Intro
        } else if part < 0.4 {
            Label::Build
        } else if part < 0.7 {
            Label::Drop
        } else if part < 0.88 {
            Label::Verse
        } else {
            Label::Outro
        };
        return (label, 0.5, false);
    };
    let (a, b) = (from + bed.music_start_secs, to + bed.music_start_secs);
    let energy = [0.15, 0.4, 0.65, 0.9].iter().map(|p| music.energy_at(a + (b - a) * p)).sum::<f64>() / 4.0;
    let section = music.section_at(a + 0.05);
    let begins = section.is_some_and(|s| s.start_secs > 0.0 && (s.start_secs - a).abs() < 0.15);
    (section.map_or(Label::Verse, |s| s.label), energy, begins)
}

/// All beats within the film.
fn grid(bed: &Bed<'_>, style: &Style) -> Vec<Beat> {
    match bed.music.filter(|m| style.pacing.on_beats && !m.beats.is_empty()) {
        Some(m) => {
            let beat =
                |(i, secs): (usize, &f64)| Beat { secs: secs - bed.music_start_secs, first_of_bar: m.downbeats.binary_search(&i).is_ok() };
            m.beats.iter().enumerate().map(beat).filter(|b| b.secs > 0.0 && b.secs < bed.duration_secs).collect()
        }
        None => {
            let step = style.pacing.grid_secs;
            let count = (bed.duration_secs / step).ceil() as usize;
            (1..count).map(|i| Beat { secs: i as f64 * step, first_of_bar: i % 4 == 0 }).collect()
        }
    }
}

/// Times of the cuts, the first one 0.
fn borders(bed: &Bed<'_>, style: &Style, beats: &[Beat], seed: u64) -> Vec<f64> {
    let p = &style.pacing;
    let most = longest(bed, style);
    let mut dice = Dice::new(seed, SALT);
    let mut out = vec![0.0];
    // place among the beats; −1 is the start of the film, which is a beat where the grid says so
    let mut place = -1.0f64;
    let mut step = 0usize;
    let mut last_label = None;
    let secs_at = |place: f64| -> Option<f64> {
        if place < 0.0 {
            return Some(0.0);
        }
        let i = place.floor() as usize;
        let a = beats.get(i)?.secs;
        let f = place - place.floor();
        if f < 1e-6 { Some(a) } else { beats.get(i + 1).map(|b| a + (b.secs - a) * f) }
    };
    let bar_at = |place: f64| place.fract().abs() < 1e-6 && beats.get(place as usize).is_some_and(|b| b.first_of_bar);
    loop {
        let now = secs_at(place).unwrap_or(bed.duration_secs);
        let (label, energy, _) = at(bed, now, now + 1.0);
        if last_label != Some(label) {
            (step, last_label) = (0, Some(label));
        }
        let pattern = p.pattern(label);
        let mut length = pattern[step % pattern.len()];
        step += 1;
        if p.surprise > 0.0 && dice.unit() < p.surprise {
            length = pattern[dice.below(pattern.len())] * [0.5, 1.0, 2.0][dice.below(3)];
        }
        // 0 at the quietest: up to twice as long; 1 at the loudest: down to half; in whole beats, or halves where it is short
        let factor = (2.0f64).powf(p.energy * (1.0 - 2.0 * energy));
        length = snap(length * factor);
        // the film begins between two beats: the first shot has that much more
        let mut next = if place < 0.0 { length - 1.0 } else { place + length };
        if place < 0.0 && next < 0.0 {
            next = 0.0;
        }
        // not longer and not shorter than allowed
        while secs_at(next).is_some_and(|s| s - now < p.min_secs) {
            next = (next + 0.5).floor() + if next.fract() > 0.0 { 0.0 } else { 1.0 };
        }
        while next - place > 1.0 && secs_at(next).unwrap_or(bed.duration_secs) - now > most {
            next = (next - 1.0).max(place + 0.5);
        }
        // a part of the music begins within: cut there, that is what it is for
        if let Some(line) = part_within(bed, now + p.min_secs, secs_at(next).unwrap_or(bed.duration_secs)) {
            let nearest = (0..beats.len()).min_by(|a, b| (beats[*a].secs - line).abs().total_cmp(&(beats[*b].secs - line).abs()));
            if let Some(i) = nearest.filter(|i| (beats[*i].secs - line).abs() < 0.2 && *i as f64 > place) {
                next = i as f64;
            }
        } else if p.on_bars && next - place >= 4.0 {
            let near = [0.0, -1.0, 1.0, -2.0, 2.0].map(|d| next + d);
            let on_bar = near.into_iter().find(|n| *n > place && bar_at(*n) && secs_at(*n).is_some_and(|s| s - now <= most));
            next = on_bar.unwrap_or(next);
        }
        match secs_at(next) {
            // what would be left is too short for a shot
            Some(secs) if bed.duration_secs - secs >= p.min_secs.max(0.1) => out.push(secs),
            _ => {
                out.extend(last_cut(beats, (now, bed.duration_secs), most, p.min_secs.max(0.1)));
                return out;
            }
        }
        place = next;
    }
}

/// A cut within what is left at the end of the film, where that is more than one shot may last: the beat nearest its middle that leaves
/// both parts as long as a shot must be.
fn last_cut(beats: &[Beat], (from, to): (f64, f64), most: f64, least: f64) -> Option<f64> {
    if to - from <= most {
        return None;
    }
    let middle = 0.5 * (from + to);
    let fits = beats.iter().map(|b| b.secs).filter(|b| b - from >= least && to - b >= least);
    fits.min_by(|a, b| (a - middle).abs().total_cmp(&(b - middle).abs()))
}

/// How long a shot may be: as the style says, but not longer than the footage has any, and not so long that a short film is one shot.
fn longest(bed: &Bed<'_>, style: &Style) -> f64 {
    let p = &style.pacing;
    let part = (bed.duration_secs / LEAST_SHOTS).max(2.0 * p.min_secs);
    // dissolves show more of a shot than lies between its cuts
    let reach = bed.reach_secs - if style.transitions.dissolve_below > 0.0 { style.transitions.dissolve_secs } else { 0.0 };
    p.max_secs.min(part).min(reach).max(p.min_secs)
}

/// Whole beats from one beat on, powers of a half below.
fn snap(beats: f64) -> f64 {
    if beats >= 0.75 {
        beats.round().max(1.0)
    } else if beats >= 0.375 {
        0.5
    } else {
        0.25
    }
}

/// The start of a part of the music between two times of the film.
fn part_within(bed: &Bed<'_>, from: f64, to: f64) -> Option<f64> {
    let starts = bed.music?.sections.iter().map(|s| s.start_secs - bed.music_start_secs);
    starts.into_iter().find(|s| *s > from && *s < to - 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::music::Section;

    pub(crate) fn music(bpm: f64, secs: f64) -> Music {
        let beats: Vec<f64> = (0..).map(|i| 0.2 + i as f64 * 60.0 / bpm).take_while(|b| *b < secs).collect();
        let section = |start_secs: f64, end_secs: f64, label, energy| Section { start_secs, end_secs, label, energy };
        let energy = (0..(secs * 4.0) as usize).map(|i| if (i as f64) < secs { 0.2 } else { 0.9 }).collect();
        Music {
            duration_secs: secs,
            tempo_bpm: Some(bpm),
            confidence: 0.9,
            downbeats: (0..beats.len()).step_by(4).collect(),
            beats_per_bar: 4,
            beats,
            energy,
            sections: vec![section(0.0, secs / 4.0, Label::Intro, 0.2), section(secs / 4.0, secs, Label::Drop, 0.9)],
        }
    }

    fn bed(music: &Music) -> Bed<'_> {
        Bed { music: Some(music), music_start_secs: 0.0, duration_secs: music.duration_secs, reach_secs: f64::INFINITY }
    }

    #[test]
    fn every_cut_lies_within_half_a_frame_of_a_beat_for_five_minutes() {
        let m = music(127.3, 300.0);
        for rate in [FrameRate::new(24_000, 1001).unwrap(), FrameRate::new(30_000, 1001).unwrap(), FrameRate::new(60, 1).unwrap()] {
            for style in super::super::builtin() {
                let found = slots(&bed(&m), &style, rate, 7);
                for s in &found[1..] {
                    let at = Time::from_frames(s.start, rate).as_secs_f64();
                    let off = m.beats.windows(2).flat_map(|w| [w[0], 0.5 * (w[0] + w[1])]).map(|b| (b - at).abs()).fold(1.0, f64::min);
                    assert!(off <= 0.5 / rate.as_f64() + 1e-6, "{}: {off} s off at {at}", style.name);
                }
                assert!(found.windows(2).all(|w| w[0].end == w[1].start) && found[0].start == 0);
                let end = Time::from_secs(300).to_frames(rate, Rounding::Nearest);
                assert_eq!(found.last().map(|s| s.end), Some(end), "{}", style.name);
                let longest = found.iter().map(|s| s.end_secs - s.start_secs).fold(0.0, f64::max);
                assert!(longest <= style.pacing.max_secs + 60.0 / 127.3 + style.pacing.min_secs, "{}: {longest}", style.name);
            }
        }
    }

    #[test]
    fn a_later_start_of_the_music_takes_its_grid_along() {
        let m = music(120.0, 60.0);
        let later = Bed { music_start_secs: 10.13, duration_secs: 20.0, ..bed(&m) };
        for s in &slots(&later, &Style::default(), FrameRate::FPS_25, 1)[1..] {
            let at = s.start_secs + 10.13;
            assert!(m.beats.iter().any(|b| (b - at).abs() < 1e-9), "{at} is no beat");
        }
    }

    #[test]
    fn without_music_or_a_beat_the_grid_is_even_and_short_films_have_one_shot() {
        let none = Bed { music: None, music_start_secs: 0.0, duration_secs: 30.0, reach_secs: f64::INFINITY };
        let found = slots(&none, &Style::default(), FrameRate::FPS_25, 1);
        assert!(found.len() > 5 && found[1..].iter().all(|s| (s.start_secs / 0.5).fract() < 1e-9));
        let flash = Bed { duration_secs: 0.3, ..none };
        assert_eq!(slots(&flash, &Style::default(), FrameRate::FPS_25, 1).len(), 1);
        assert!(slots(&Bed { duration_secs: 0.0, ..none }, &Style::default(), FrameRate::FPS_25, 1).is_empty());
    }

    #[test]
    fn shots_are_no_longer_than_the_footage_has_any_and_a_short_film_has_several() {
        let m = music(120.0, 120.0);
        for style in super::super::builtin() {
            let short = Bed { reach_secs: 3.0, ..bed(&m) };
            let longest = slots(&short, &style, FrameRate::FPS_25, 1).iter().map(|s| s.end_secs - s.start_secs).fold(0.0, f64::max);
            // a beat of rounding, and what is left at the end
            assert!(longest <= 3.0f64.max(style.pacing.min_secs) + 0.5 + style.pacing.min_secs, "{}: {longest}", style.name);
            // what is left at the end is one shot only where two would be too short
            let last = slots(&short, &style, FrameRate::FPS_25, 1).last().map(|s| s.end_secs - s.start_secs);
            assert!(last <= Some(3.5f64.max(2.0 * style.pacing.min_secs + 0.5)), "{}: {last:?} at the end", style.name);
            let brief = Bed { duration_secs: 16.0, ..bed(&m) };
            let count = slots(&brief, &style, FrameRate::FPS_25, 1).len();
            assert!(count >= 2, "{}: {count} shots", style.name);
        }
    }
}
