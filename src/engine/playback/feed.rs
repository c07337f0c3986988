//! What a playback pushes to its output: the mix from a place on, forward or backward, turned around in a loop, stretched
//! to other speeds, limited. Also says which moment of the timeline each piece of it is.
//!
//! Pure apart from the mixing function it is handed. Forward at normal speed it is to the sample what an export has.

use super::{stretch::Stretch, tape::Span};
use crate::{
    base::{MIX_RATE, Rounding, Time},
    engine::master::Master,
    model::{Project, Speed},
    plan::sample_of_frame,
};
use std::sync::Arc;

/// Mixes `(project, first sample, samples)`: interleaved stereo, not limited.
pub(super) type Mix<'a> = dyn FnMut(&Project, i64, i64) -> Vec<f32> + 'a;

/// Frames to play over and over, end exclusive.
pub(in crate::engine) type Range = Option<(i64, i64)>;

/// What to play.
#[derive(Clone)]
pub(in crate::engine) struct Start {
    pub project: Arc<Project>,
    pub at: Time,
    /// Neither frozen nor out of bounds.
    pub speed: Speed,
    pub range: Range,
}

/// A finished piece of sound.
pub(super) struct Block {
    pub samples: Vec<f32>,
    /// Did the mix go beyond full scale?
    pub overs: [bool; 2],
    /// What of the timeline is heard from which moment of the output on, where that does not just go on.
    pub spans: Vec<Span>,
}

/// See the module.
pub(super) struct Feed {
    head: Head,
    stretch: Option<Stretch>,
    master: Master,
}

/// Reads the mix in the direction of play.
struct Head {
    project: Arc<Project>,
    speed: Speed,
    range: Range,
    /// The next sample to read, or backwards the one after it.
    at: i64,
    /// Samples read since the start; the run-up of the limiter counts as negative.
    read: i64,
    spans: Vec<Span>,
}

impl Feed {
    pub fn new(start: Start) -> Self {
        let Start { project, at, speed, range } = start;
        let first = at.to_samples(MIX_RATE, Rounding::Floor);
        let forward = speed.0 > 0;
        let plain = speed.is_normal();
        // what was before the start matters to the limiter only where playback is to be what an export is
        let run_up = if plain { Master::RUN_UP } else { 0 };
        let stretch = (speed.0.unsigned_abs() != speed.1).then(|| Stretch::new(speed.0.unsigned_abs(), speed.1));
        let backward_first = at.to_samples(MIX_RATE, Rounding::Ceil);
        let head = Head {
            project,
            speed,
            range,
            at: if forward { first - run_up } else { backward_first },
            read: -run_up,
            spans: vec![Span { out: Time::ZERO, at, speed }],
        };
        Self { head, stretch, master: Master::new(run_up, Master::FULL) }
    }

    /// The edited project from now on.
    pub fn set_project(&mut self, project: Arc<Project>) {
        self.head.project = project;
    }

    pub fn set_range(&mut self, range: Range) {
        self.head.range = range;
    }

    /// Where the mix will be read next, going forward.
    pub fn ahead(&self) -> Option<(&Project, i64)> {
        (self.head.speed.0 > 0).then_some((&*self.head.project, self.head.at))
    }

    /// The next samples: about `len`, a little less at the start.
    pub fn next(&mut self, len: usize, mix: &mut Mix<'_>) -> Block {
        let mut raw = vec![0.0; len * 2];
        match &mut self.stretch {
            None => self.head.read(&mut raw, mix),
            Some(stretch) => stretch.read(&mut raw, &mut |out| self.head.read(out, mix)),
        }
        let mut samples = Vec::new();
        let overs = self.master.feed(&raw, &mut samples);
        Block { samples, overs, spans: std::mem::take(&mut self.head.spans) }
    }
}

impl Head {
    fn read(&mut self, out: &mut [f32], mix: &mut Mix<'_>) {
        let mut done = 0;
        let total = (out.len() / 2) as i64;
        while done < total {
            let turn = self.turn();
            let left = total - done;
            let n = if self.speed.0 > 0 {
                turn.map_or(left, |t| left.min(t.from - self.at))
            } else {
                turn.map_or(left, |t| left.min(self.at - t.from))
            };
            let target = &mut out[done as usize * 2..(done + n) as usize * 2];
            if self.speed.0 > 0 {
                target.copy_from_slice(&mix(&self.project, self.at, n));
                self.at += n;
            } else {
                let mixed = mix(&self.project, self.at - n, n);
                let backwards = mixed.as_chunks::<2>().0.iter().rev();
                target.as_chunks_mut::<2>().0.iter_mut().zip(backwards).for_each(|(t, s)| *t = *s);
                self.at -= n;
            }
            self.read += n;
            done += n;
            if let Some(t) = turn.filter(|t| t.from == self.at) {
                self.at = t.to;
                let out = Time::from_samples(self.read, MIX_RATE).scale(i64::from(self.speed.1), i64::from(self.speed.0.unsigned_abs()));
                self.spans.push(Span { out, at: t.exact, speed: self.speed });
            }
        }
    }

    /// The next turn of the loop ahead of the head. A head beyond the loop plays on without one.
    fn turn(&self) -> Option<Turn> {
        let s = &self.project.sequence;
        let (start, end) = self.range?;
        let (start, end) = (start.max(0), end.min(s.duration()));
        let sample = |frame| sample_of_frame(frame, s.frame_rate);
        let (forward, first, last) = (self.speed.0 > 0, sample(start), sample(end));
        if first >= last {
            return None;
        }
        if forward && self.at < last {
            Some(Turn { from: last, to: first, exact: Time::from_frames(start, s.frame_rate) })
        } else if !forward && self.at > first {
            Some(Turn { from: first, to: last, exact: Time::from_frames(end, s.frame_rate) })
        } else {
            None
        }
    }
}

#[derive(Clone, Copy)]
struct Turn {
    from: i64,
    to: i64,
    /// Where `to` lies exactly.
    exact: Time,
}

#[cfg(test)]
mod tests {
    use super::{super::tape::Tape, *};
    use crate::{
        base::FrameRate,
        model::fixture::{clip, media_content, project, put},
    };

    /// Every sample of the timeline has a value of its own, never beyond full scale.
    fn value(n: i64) -> f32 {
        (n.rem_euclid(65_536) as f32 - 32_768.0) / 32_768.0
    }

    fn numbered(_: &Project, from: i64, len: i64) -> Vec<f32> {
        (from..from + len).flat_map(|n| [value(n), -value(n)]).collect()
    }

    fn film(rate: FrameRate, frames: i64) -> Arc<Project> {
        let mut p = project(rate);
        put(&mut p, 3, [clip(20, 0, frames, media_content(10, Time::ZERO))]);
        Arc::new(p)
    }

    /// So many samples, and where they lie.
    fn play(start: Start, samples: usize, mix: &mut Mix<'_>) -> (Vec<f32>, Tape) {
        let (mut feed, mut out, mut tape) = (Feed::new(start), Vec::new(), Tape::default());
        while out.len() < samples * 2 {
            let b = feed.next(1000, mix);
            out.extend(b.samples);
            b.spans.into_iter().for_each(|s| tape.push(s));
        }
        out.truncate(samples * 2);
        (out.into_iter().step_by(2).collect(), tape)
    }

    fn start(project: &Arc<Project>, frame: i64, speed: Speed, range: Range) -> Start {
        let at = Time::from_frames(frame, project.sequence.frame_rate);
        Start { project: project.clone(), at, speed, range }
    }

    #[test]
    fn forward_it_is_the_mix_from_the_first_sample_on() {
        let p = film(FrameRate::NTSC_30, 90);
        let (out, _) = play(start(&p, 31, Speed::NORMAL, None), 5000, &mut numbered);
        let first = sample_of_frame(31, FrameRate::NTSC_30);
        assert!(out.iter().zip(first..).all(|(v, n)| *v == value(n)));
    }

    #[test]
    fn a_loop_turns_on_the_sample_and_the_clock_with_it() {
        let (p, r) = (film(FrameRate::NTSC_30, 90), FrameRate::NTSC_30);
        let (first, last) = (sample_of_frame(10, r), sample_of_frame(13, r));
        let (out, tape) = play(start(&p, 11, Speed::NORMAL, Some((10, 13))), 40_000, &mut numbered);
        let mut n = sample_of_frame(11, r);
        for (i, v) in out.iter().enumerate() {
            assert_eq!(*v, value(n), "sample {i}");
            let (at, _) = tape.position(Time::from_samples(i as i64, MIX_RATE)).unwrap();
            // within a sample, in the hundredth turn as in the first
            assert!((at.to_samples(MIX_RATE, Rounding::Nearest) - n).abs() <= 1, "sample {i}");
            n += 1;
            if n == last {
                n = first;
            }
        }
    }

    #[test]
    fn a_head_beyond_the_loop_plays_on_and_a_loop_is_cut_at_the_end() {
        let p = film(FrameRate::FPS_25, 50);
        let (out, _) = play(start(&p, 40, Speed::NORMAL, Some((10, 20))), 4000, &mut numbered);
        assert!(out.iter().zip(40 * 1920..).all(|(v, n)| *v == value(n)));
        let (out, _) = play(start(&p, 49, Speed::NORMAL, Some((48, 1000))), 4000, &mut numbered);
        assert_eq!((out[1919], out[1920]), (value(50 * 1920 - 1), value(48 * 1920)));
        // a loop of nothing is none
        let (out, _) = play(start(&p, 49, Speed::NORMAL, Some((60, 70))), 4000, &mut numbered);
        assert_eq!(out[3999], value(49 * 1920 + 3999));
    }

    #[test]
    fn backwards_it_is_the_mirror_and_loops_the_other_way_around() {
        let p = film(FrameRate::FPS_25, 50);
        let (out, tape) = play(start(&p, 12, Speed::REVERSE, Some((10, 20))), 8000, &mut numbered);
        let (first, last) = (10 * 1920, 20 * 1920);
        let mut n = 12 * 1920;
        for (i, v) in out.iter().enumerate() {
            n -= 1;
            assert_eq!(*v, value(n), "sample {i}");
            if n == first {
                n = last;
            }
        }
        assert_eq!(tape.position(Time::from_samples(2 * 1920 + 480, MIX_RATE)).unwrap().0, Time::from_samples(last - 480, MIX_RATE));
    }

    #[test]
    fn at_other_speeds_the_clock_runs_as_fast_as_the_sound() {
        let p = film(FrameRate::FPS_25, 250);
        for speed in [Speed(2, 1), Speed(-2, 1), Speed(1, 2), Speed(8, 1), Speed(-1, 2)] {
            let mut furthest = 0;
            let from = 125 * 1920;
            let mut mix = |p: &Project, at: i64, len: i64| {
                furthest = furthest.max((at - from).abs()).max((at + len - from).abs());
                numbered(p, at, len)
            };
            let (_, tape) = play(start(&p, 125, speed, None), 24_000, &mut mix);
            let (at, _) = tape.position(Time::from_samples(24_000, MIX_RATE)).unwrap();
            assert_eq!(at, Time::from_frames(125, FrameRate::FPS_25) + speed.source_span(Time::from_ratio(1, 2)));
            // what has been read for it: as much as the speed says and a window more
            let read = (24_000.0 * f64::from(speed.0.abs()) / f64::from(speed.1)) as i64;
            assert!((read..read + 20_000).contains(&furthest), "{speed:?}: {furthest} for {read}");
        }
    }

    #[test]
    fn an_edit_that_does_not_touch_what_is_heard_leaves_the_sound_alone() {
        let p = film(FrameRate::FPS_25, 250);
        let (want, _) = play(start(&p, 0, Speed::NORMAL, None), 12_000, &mut numbered);
        let mut feed = Feed::new(start(&p, 0, Speed::NORMAL, None));
        let mut out = Vec::new();
        while out.len() < 24_000 {
            out.extend(feed.next(512, &mut numbered).samples);
            feed.set_project(film(FrameRate::FPS_25, 250 + out.len() as i64));
        }
        assert!(want.iter().zip(out.iter().step_by(2)).all(|(a, b)| a == b));
    }
}
