//! Which moment of the timeline is heard when: straight pieces, one for each start, change of speed and turn of a loop.
//! Pure; written by the mixing thread, read by the render thread.

use crate::{base::Time, model::Speed};
use std::collections::VecDeque;

/// From this moment of the output on, the timeline is played from a moment at a speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::engine) struct Span {
    /// Time since the output was started.
    pub out: Time,
    /// Timeline time that is heard then.
    pub at: Time,
    pub speed: Speed,
}

impl Span {
    fn position(&self, out: Time) -> Time {
        self.at + self.speed.source_span(out - self.out)
    }
}

/// The pieces, in the order of the output.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Tape(VecDeque<Span>);

impl Tape {
    pub fn push(&mut self, span: Span) {
        self.0.push_back(span);
    }

    /// Timeline time that is heard at `out`, and how fast it runs; None before the first piece was pushed.
    pub fn position(&self, out: Time) -> Option<(Time, Speed)> {
        let after = self.0.partition_point(|s| s.out <= out);
        let span = self.0.get(after.saturating_sub(1))?;
        Some((span.position(out.max(span.out)), span.speed))
    }

    /// Forget what was over before `out`.
    pub fn forget(&mut self, out: Time) {
        while self.0.get(1).is_some_and(|s| s.out <= out) {
            self.0.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, MIX_RATE, Rounding},
        plan::sample_of_frame,
    };

    fn span(out: i64, at: i64, speed: Speed) -> Span {
        Span { out: Time::from_secs(out), at: Time::from_secs(at), speed }
    }

    #[test]
    fn positions_follow_turns_and_speeds() {
        let mut t = Tape::default();
        assert_eq!(t.position(Time::ZERO), None);
        for s in [span(0, 10, Speed::NORMAL), span(5, 10, Speed(2, 1)), span(6, 30, Speed::REVERSE)] {
            t.push(s);
        }
        let at = |t: &Tape, out| t.position(Time::from_ratio(out, 2)).map(|(p, _)| p);
        let half = |n| Some(Time::from_ratio(n, 2));
        assert_eq!([-2, 0, 9, 10, 11, 12, 20].map(|o| at(&t, o)), [20, 20, 29, 20, 22, 60, 52].map(half));
        t.forget(Time::from_ratio(11, 2));
        assert_eq!(at(&t, 11), half(22));
        assert_eq!(t.0.len(), 2);
    }

    #[test]
    fn over_an_hour_at_29_97_each_frame_is_on_for_exactly_its_samples() {
        let rate = FrameRate::NTSC_30;
        let mut t = Tape::default();
        t.push(Span { out: Time::ZERO, at: Time::ZERO, speed: Speed::NORMAL });
        let shown = |sample: i64| {
            let (at, _) = t.position(Time::from_samples(sample, MIX_RATE)).unwrap();
            at.to_frames(rate, Rounding::Floor)
        };
        for frame in 0..107_892 {
            // the first whole sample of a frame, and the one before it
            let first = Time::from_frames(frame, rate).to_samples(MIX_RATE, Rounding::Ceil);
            assert_eq!((shown(first), shown(first - 1)), (frame, (frame - 1).max(0)), "{frame}");
            // what is mixed for the frame begins less than one sample earlier
            assert!((0..=1).contains(&(first - sample_of_frame(frame, rate))));
        }
    }
}
