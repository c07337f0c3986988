//! What plays in a viewer, and which of its frames has to be on the screen when. No drawing here; the times are those of
//! the player's clock, which the sound is heard by.

use super::{Monitor, quick::Trying};
use crate::{
    base::{FrameRate, MIX_RATE, Rounding, Time},
    engine::playback::{Player, Range, Start},
    gpu::Rendered,
    model::{Project, Speed},
    plan::FramePlan,
};
use std::{sync::Arc, time::Duration};

/// A picture that was drawn before its time.
pub(super) struct Ready {
    pub frame: i64,
    /// Time of the run at which it is due.
    pub due: Time,
    pub divisor: u32,
    /// Of its plan.
    pub hash: u64,
    pub drawn: Result<(Rendered, bool), String>,
    /// What it is compared with.
    pub before: Option<Rendered>,
    /// Its media are upscaled.
    pub enlarged: bool,
}

/// How well pictures keep up with the sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    TooSlow,
    Right,
    Easy,
}

/// A running playback.
pub(super) struct Playing {
    pub monitor: Monitor,
    pub project: Arc<Project>,
    pub speed: Speed,
    /// Frames that are played over and over.
    pub range: Range,
    /// Frame on the screen, and since when it is due. Before the run has begun: the frame to begin with.
    pub shown: i64,
    due: Time,
    pub begun: bool,
    pub ready: Option<Ready>,
    /// Moments at which another picture was due and none was there.
    pub dropped: u64,
    /// Pictures that were due, and of those dropped, when quality was last judged.
    slots: u64,
    judged: (u64, u64),
    /// How long a picture takes, on average.
    cost: Duration,
    /// Upscaled pictures.
    pub trying: Trying,
}

impl Playing {
    pub fn new(monitor: Monitor, project: Arc<Project>, frame: i64, speed: Speed, range: Range) -> Self {
        Self {
            monitor,
            project,
            speed,
            range,
            shown: frame,
            due: Time::ZERO,
            begun: false,
            ready: None,
            dropped: 0,
            slots: 0,
            judged: (0, 0),
            cost: Duration::ZERO,
            trying: Trying::default(),
        }
    }

    fn rate(&self) -> FrameRate {
        self.project.sequence.frame_rate
    }

    /// The frame to begin with is on the screen: start the clock.
    pub fn begin(&mut self, player: &mut Player) {
        // a frame is on from its start to its end, so backwards from its end to its start
        let at = Time::from_frames(if self.speed.0 > 0 { self.shown } else { self.shown + 1 }, self.rate());
        self.begun = true;
        self.run(player, at);
    }

    /// Another speed from where it is heard now.
    pub fn shuttle(&mut self, player: &mut Player, speed: Speed) {
        self.speed = speed;
        if self.begun {
            let at = player.position();
            self.run(player, at);
        }
    }

    fn run(&mut self, player: &mut Player, at: Time) {
        (self.due, self.ready) = (Time::ZERO, None);
        player.play(Start { project: self.project.clone(), at, speed: self.speed, range: self.range });
    }

    /// The edited project from now on. A picture that was drawn ahead is drawn anew if the edit touches it and there is
    /// time for that; otherwise it is shown, or edits that come quicker than pictures would leave none to be seen.
    pub fn edited(&mut self, player: &mut Player, project: Arc<Project>, mut plan: impl FnMut(&Project, i64, u32) -> FramePlan) {
        player.set_project(project.clone());
        self.project = project;
        let in_time = player.heard() + self.cost();
        self.ready.take_if(|r| r.due > in_time && plan(&self.project, r.frame, r.divisor).hash != r.hash);
    }

    /// Time between two pictures.
    pub fn gap(&self) -> Time {
        self.rate().frame_duration()
    }

    /// How long a picture takes to draw, plain.
    pub fn drawing(&self) -> Duration {
        self.cost
    }

    /// The picture that waits to be due is there with its media upscaled.
    pub fn put_larger(&mut self, image: Rendered) {
        if let Some(ready) = &mut self.ready {
            (ready.drawn, ready.divisor, ready.enlarged) = (Ok((image, true)), 1, true);
        }
    }

    /// How long a picture takes to draw.
    fn cost(&self) -> Time {
        Time::from_secs_f64(self.cost.as_secs_f64())
    }

    /// The frame that is on at a moment of the timeline.
    fn frame_at(&self, position: Time) -> i64 {
        let frame = if self.speed.0 > 0 {
            position.to_frames(self.rate(), Rounding::Floor)
        } else {
            position.to_frames(self.rate(), Rounding::Ceil) - 1
        };
        // sound turns around on whole samples, less than one of them off
        match self.range.map(|(start, end)| (start, end.min(self.project.sequence.duration()))) {
            Some((start, end)) if self.speed.0 > 0 && start < end && self.shown < end => frame.min(end - 1),
            Some((start, end)) if self.speed.0 < 0 && start < end && self.shown >= start => frame.max(start),
            _ => frame,
        }
    }

    /// The last frame to show, when the end of the film in the direction of play has been reached.
    pub fn over(&self, position: Time) -> Option<i64> {
        let (frame, end) = (self.frame_at(position), self.project.sequence.duration());
        let over = if self.speed.0 > 0 { frame >= end } else { frame < 0 };
        over.then(|| if self.speed.0 > 0 { (end - 1).max(0) } else { 0 })
    }

    /// Time of a run that passes while so much of the timeline does.
    fn run_time(&self, timeline: Time) -> Time {
        timeline.scale(i64::from(self.speed.1), i64::from(self.speed.0.unsigned_abs()))
    }

    /// The frame to draw next and when it is due. What cannot be ready in time is left out; at more than normal speed so
    /// is what would come faster than the film's rate. None while the same picture stays.
    pub fn next(&self, player: &mut Player, heard: Time) -> Option<(i64, Time)> {
        let gap = self.rate().frame_duration();
        let mut out = (heard + self.cost()).max(self.due + gap);
        let (mut at, _) = player.position_at(out);
        if self.frame_at(at) == self.shown {
            let next = Time::from_frames(if self.speed.0 > 0 { self.shown + 1 } else { self.shown }, self.rate());
            let left = if self.speed.0 > 0 { next - at } else { at - next };
            // a loop turns on a sample, up to one later than the frame ends
            out = out + self.run_time(left).max(Time::ZERO) + Time::from_samples(1, MIX_RATE);
            at = player.position_at(out).0;
        }
        let frame = self.frame_at(at);
        if frame == self.shown || self.over(at).is_some() {
            return None;
        }
        let first = Time::from_frames(if self.speed.0 > 0 { frame } else { frame + 1 }, self.rate());
        let into = if self.speed.0 > 0 { at - first } else { first - at };
        Some((frame, (out - self.run_time(into).max(Time::ZERO)).max(self.due)))
    }

    /// A frame has come on the screen that was due at a moment of the run.
    pub fn show(&mut self, frame: i64, due: Time) {
        let slot = self.rate().frame_duration().max(self.run_time(self.rate().frame_duration()));
        // in quarters, so that a flick of rounding does not count
        let passed = (4 * (due - self.due).0 / slot.0.max(1) + 1) / 4;
        self.slots += passed.max(1) as u64;
        self.dropped += (passed - 1).max(0) as u64;
        (self.shown, self.due) = (frame, due);
    }

    /// A picture has taken so long to draw.
    pub fn took(&mut self, time: Duration) {
        self.cost = (self.cost * 3 + time) / 4;
    }

    /// Once in `slots` pictures: too slow when more than one in ten was dropped since the last time, easy when none was
    /// and four times as many pixels would take little more than half the time there is.
    pub fn pace(&mut self, slots: u64) -> Pace {
        let (from, dropped) = self.judged;
        if self.slots - from < slots {
            return Pace::Right;
        }
        let lost = self.dropped - dropped;
        let easy = self.cost() + self.cost() + self.cost() + self.cost() < self.rate().frame_duration().scale(3, 5);
        let pace = match lost {
            0 if easy => Pace::Easy,
            _ if lost * 10 > self.slots - from => Pace::TooSlow,
            _ => Pace::Right,
        };
        self.judged = (self.slots, self.dropped);
        pace
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        engine::{
            meters::Meters,
            playback::{OpenSink, Sink, SinkClock},
        },
        model::fixture::{clip, media_content, project, put},
    };
    use std::sync::atomic::{AtomicI64, Ordering};

    /// An output whose clock the test sets, in flicks; it takes what comes.
    #[derive(Clone, Default)]
    struct Manual {
        heard: Arc<AtomicI64>,
        next: Arc<AtomicI64>,
    }

    const QUEUE: i64 = 240_000;

    impl Sink for Manual {
        fn room(&self) -> i64 {
            // ten seconds ahead, so that the whole test is known at once
            QUEUE - self.next()
        }
        fn next(&self) -> i64 {
            self.next.load(Ordering::SeqCst)
        }
        fn now(&self) -> i64 {
            0
        }
        fn push(&mut self, at: i64, samples: Vec<f32>) -> bool {
            self.next.store(at + (samples.len() / 2) as i64, Ordering::SeqCst);
            true
        }
        fn flush(&mut self) -> bool {
            self.next.store(0, Ordering::SeqCst);
            true
        }
        fn clock(&self) -> Box<dyn SinkClock> {
            Box::new(self.clone())
        }
    }

    impl SinkClock for Manual {
        fn heard(&self) -> Option<Time> {
            Some(Time(self.heard.load(Ordering::SeqCst)))
        }
    }

    struct Desk {
        clock: Arc<AtomicI64>,
        player: Player,
        playing: Playing,
    }

    fn desk(rate: FrameRate, frame: i64, speed: Speed, range: Range) -> Desk {
        let mut p = project(rate);
        // a title makes no sound that would have to be read
        put(&mut p, 2, [clip(20, 0, 1000, media_content(12, Time::ZERO))]);
        let sink = Manual::default();
        let (clock, next) = (sink.heard.clone(), sink.next.clone());
        let open: OpenSink = Box::new(move |_| Some(Box::new(sink.clone())));
        let mut player = Player::new(open, true, Arc::new(Meters::default()), Box::new(|_, _| ())).unwrap();
        let mut playing = Playing::new(Monitor::Program, Arc::new(p), frame, speed, range);
        playing.begin(&mut player);
        // the thread has said where it begins, and every turn of the loop in the next five seconds
        while next.load(Ordering::SeqCst) < QUEUE - 1024 {
            std::thread::sleep(Duration::from_millis(1));
        }
        Desk { clock, player, playing }
    }

    impl Desk {
        /// Frames and when they are due, for so many run seconds, each picture taking `cost` seconds.
        fn play(&mut self, secs: f64, cost: f64) -> Vec<(i64, f64)> {
            let (mut heard, mut shown) = (Time::ZERO, Vec::new());
            self.playing.cost = Duration::from_secs_f64(cost);
            while heard < Time::from_secs_f64(secs) {
                self.clock.store(heard.0, Ordering::SeqCst);
                let now = self.player.heard();
                let Some((frame, due)) = self.playing.next(&mut self.player, now) else { break };
                heard = due.max(now + Time::from_secs_f64(cost));
                self.playing.show(frame, due);
                shown.push((frame, due.as_secs_f64()));
            }
            shown
        }
    }

    #[test]
    fn each_frame_is_due_when_its_sound_is_and_none_is_dropped() {
        for rate in [FrameRate::FPS_25, FrameRate::NTSC_30, FrameRate::NTSC_24] {
            let mut d = desk(rate, 10, Speed::NORMAL, None);
            let shown = d.play(4.0, 0.01);
            assert!(shown.len() >= 95);
            for (i, (frame, due)) in shown.iter().enumerate() {
                assert_eq!(*frame, 11 + i as i64);
                assert!((due - (i + 1) as f64 / rate.as_f64()).abs() < 1e-7, "{frame}: {due}");
            }
            assert_eq!(d.playing.dropped, 0);
            assert_eq!(d.playing.pace(90), Pace::Right, "half the time for a quarter of the pixels is not easy");
            d.playing.cost = Duration::from_millis(5);
            d.playing.judged = (0, 0);
            assert_eq!(d.playing.pace(90), Pace::Easy);
        }
    }

    #[test]
    fn a_slow_machine_shows_the_right_frame_late_never_an_old_one_on_time_and_counts() {
        let mut d = desk(FrameRate::FPS_25, 0, Speed::NORMAL, None);
        // 100 ms for a picture that is on for 40
        let shown = d.play(4.0, 0.1);
        let frames: Vec<i64> = shown.iter().map(|s| s.0).collect();
        assert!(frames.windows(2).all(|w| w[1] > w[0]));
        assert!(shown.iter().all(|(f, due)| (due - *f as f64 / 25.0).abs() < 1e-7));
        let last = *frames.last().unwrap();
        assert_eq!(d.playing.dropped as i64, last - frames.len() as i64);
        assert_eq!((d.playing.pace(30), d.playing.pace(30)), (Pace::TooSlow, Pace::Right), "judged once");
    }

    #[test]
    fn faster_and_backwards_it_leaves_out_what_would_come_too_fast_and_drops_nothing() {
        for (speed, step) in [(Speed(2, 1), 2), (Speed(8, 1), 8), (Speed(-1, 1), -1), (Speed(-4, 1), -4)] {
            let mut d = desk(FrameRate::FPS_25, 500, speed, None);
            let shown = d.play(2.0, 0.005);
            assert!(shown.len() >= 48, "{speed:?}: {}", shown.len());
            assert!(shown.iter().enumerate().all(|(i, (f, _))| *f == 500 + step * (i as i64 + 1)), "{speed:?}: {shown:?}");
            assert_eq!(d.playing.dropped, 0, "{speed:?}");
        }
        let mut d = desk(FrameRate::FPS_25, 500, Speed(1, 2), None);
        let shown = d.play(2.0, 0.005);
        assert!(shown.iter().enumerate().all(|(i, (f, due))| *f == 501 + i as i64 && (due - 0.08 * (i + 1) as f64).abs() < 1e-6));
        assert_eq!(d.playing.dropped, 0);
    }

    #[test]
    fn a_loop_goes_round_without_a_frame_too_many_and_the_film_ends_at_its_end() {
        let mut d = desk(FrameRate::NTSC_30, 12, Speed::NORMAL, Some((10, 15)));
        let frames: Vec<i64> = d.play(2.0, 0.005).iter().map(|s| s.0).collect();
        assert!(frames.len() > 55);
        assert!(frames.iter().enumerate().all(|(i, f)| *f == 10 + (i as i64 + 3) % 5), "{frames:?}");
        assert_eq!(d.playing.dropped, 0);
        let mut d = desk(FrameRate::FPS_25, 995, Speed::NORMAL, None);
        assert_eq!(d.play(2.0, 0.005).iter().map(|s| s.0).collect::<Vec<_>>(), [996, 997, 998, 999]);
        assert_eq!((d.playing.over(Time::from_secs(40)), d.playing.over(Time::from_ratio(3999, 100))), (Some(999), None));
        let mut d = desk(FrameRate::FPS_25, 2, Speed::REVERSE, None);
        assert_eq!(d.play(2.0, 0.005).iter().map(|s| s.0).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(d.playing.over(Time::ZERO), Some(0));
    }
}
