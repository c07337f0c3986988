//! The mixing thread with an output that writes down what it is given and whose clock the test turns.

use super::{sink::Sink, *};
use crate::{
    base::{FrameRate, MIX_RATE, Rounding},
    media::{AudioOutput, probe},
    model::fixture::{clip, media_content, project, put, with_track},
    plan::sample_of_frame,
};
use std::{
    path::Path,
    sync::{Mutex, OnceLock},
};

/// Generous: a watchdog, not a budget.
const PATIENCE: Duration = Duration::from_secs(30);
const QUEUE: i64 = 7200;

/// What the outputs of one player have been given.
#[derive(Default)]
struct Log {
    opened: Vec<bool>,
    /// Pushed since the last flush: position and samples.
    pushed: Vec<(i64, Vec<f32>)>,
    flushes: u64,
    /// Position that the test says is heard.
    heard: i64,
    broken: bool,
}

#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Log>>);

struct Recorder(Desk, u64);

impl Desk {
    fn log<T>(&self, with: impl FnOnce(&mut Log) -> T) -> T {
        with(&mut self.0.lock().unwrap())
    }
    fn player(&self, silent: bool) -> (Player, Receiver<(MediaId, String)>) {
        let (tell, told) = unbounded();
        let desk = self.clone();
        let open: OpenSink = Box::new(move |silent| {
            let flush = desk.log(|l| {
                l.opened.push(silent);
                (l.pushed, l.heard, l.broken) = (Vec::new(), 0, false);
                l.flushes += 1;
                l.flushes
            });
            Some(Box::new(Recorder(desk.clone(), flush)))
        });
        let silence: TellSilence = Box::new(move |id, why| tell.send((id, why)).unwrap());
        (Player::new(open, silent, Arc::new(Meters::default()), silence).unwrap(), told)
    }
    /// Left channel since the last flush, gaps filled with silence.
    fn left(&self) -> Vec<f32> {
        self.log(|l| {
            let mut out = Vec::new();
            for (at, samples) in &l.pushed {
                out.resize(*at as usize, 0.0);
                out.extend(samples.iter().step_by(2));
            }
            out
        })
    }
    /// Turn the clock as the thread delivers, until so much is heard.
    fn hear(&self, samples: i64) {
        until("the sound", || {
            self.log(|l| {
                let end = l.pushed.last().map_or(0, |(at, s)| at + (s.len() / 2) as i64);
                l.heard = end.min(samples).max(l.heard);
                l.heard >= samples
            })
        });
    }
}

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < PATIENCE, "waited for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

impl Sink for Recorder {
    fn room(&self) -> i64 {
        self.0.log(|l| QUEUE - (self.next_in(l) - l.heard).max(0))
    }
    fn next(&self) -> i64 {
        self.0.log(|l| self.next_in(l))
    }
    fn now(&self) -> i64 {
        self.0.log(|l| l.heard)
    }
    fn push(&mut self, at: i64, samples: Vec<f32>) -> bool {
        self.0.log(|l| {
            l.pushed.push((at, samples));
            !l.broken
        })
    }
    fn flush(&mut self) -> bool {
        self.1 = self.0.log(|l| {
            (l.pushed, l.heard) = (Vec::new(), 0);
            l.flushes += 1;
            l.flushes
        });
        true
    }
    fn clock(&self) -> Box<dyn SinkClock> {
        Box::new(Recorder(self.0.clone(), self.1))
    }
}

impl Recorder {
    fn next_in(&self, l: &Log) -> i64 {
        l.pushed.last().map_or(0, |(at, s)| at + (s.len() / 2) as i64)
    }
}

impl SinkClock for Recorder {
    fn heard(&self) -> Option<Time> {
        self.0.log(|l| (l.flushes == self.1).then_some(Time::from_samples(l.heard, MIX_RATE)))
    }
}

/// Sample n of the film below; never silent, never beyond full scale.
fn value(n: i64) -> f32 {
    (n.rem_euclid(30_000) + 1000) as f32 / 32_768.0
}

/// Ten seconds of numbered samples as a WAV file of floats.
fn wav() -> &'static Path {
    static FILE: OnceLock<(tempfile::TempDir, std::path::PathBuf)> = OnceLock::new();
    let (_, path) = FILE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("numbered.wav");
        let samples: Vec<f32> = (0..480_000).flat_map(|n| [value(n), -value(n)]).collect();
        let data: &[u8] = bytemuck::cast_slice(&samples);
        let mut file = Vec::new();
        file.extend(b"RIFF");
        file.extend((36 + data.len() as u32).to_le_bytes());
        file.extend(b"WAVEfmt ");
        file.extend(16u32.to_le_bytes());
        for field in [3u16, 2] {
            file.extend(field.to_le_bytes());
        }
        file.extend(MIX_RATE.to_le_bytes());
        file.extend((MIX_RATE * 8).to_le_bytes());
        for field in [8u16, 32] {
            file.extend(field.to_le_bytes());
        }
        file.extend(b"data");
        file.extend((data.len() as u32).to_le_bytes());
        file.extend(data);
        std::fs::write(&path, file).unwrap();
        (dir, path)
    });
    path
}

/// The numbered sound from the first frame on.
fn film(rate: FrameRate, frames: i64) -> Project {
    crate::media::init().unwrap();
    let mut p = project(rate);
    let media = Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap());
    media.file.path = wav().to_owned();
    media.info = probe(wav()).unwrap();
    put(&mut p, 3, [clip(20, 0, frames, media_content(10, Time::ZERO))]);
    p
}

fn start(project: &Arc<Project>, frame: i64, range: Range) -> Start {
    Start { project: project.clone(), at: Time::from_frames(frame, project.sequence.frame_rate), speed: Speed::NORMAL, range }
}

#[test]
fn what_is_pushed_is_the_film_from_its_frame_on_and_the_clock_says_which() {
    let (desk, rate) = (Desk::default(), FrameRate::NTSC_30);
    let (mut player, _) = desk.player(false);
    let p = Arc::new(film(rate, 290));
    player.play(start(&p, 31, None));
    assert_eq!(player.position(), Time::from_frames(31, rate), "until the clock starts it stands");
    desk.hear(48_000);
    assert_eq!(player.position(), Time::from_frames(31, rate) + Time::from_secs(1));
    let first = sample_of_frame(31, rate);
    assert!(desk.left().iter().zip(first..).all(|(v, n)| *v == value(n)));
    player.stop();
    until("silence", || desk.left().is_empty());
    assert_eq!(desk.log(|l| l.opened.clone()), [false]);
}

#[test]
fn a_loop_turns_on_the_sample() {
    let (desk, rate) = (Desk::default(), FrameRate::NTSC_30);
    let (mut player, _) = desk.player(false);
    let p = Arc::new(film(rate, 290));
    player.play(start(&p, 12, Some((10, 25))));
    desk.hear(60_000);
    let (first, last) = (sample_of_frame(10, rate), sample_of_frame(25, rate));
    let mut n = sample_of_frame(12, rate);
    for (i, v) in desk.left().iter().enumerate() {
        assert_eq!(*v, value(n), "sample {i}");
        n = if n + 1 == last { first } else { n + 1 };
    }
    let played = 60_000 - (last - sample_of_frame(12, rate));
    let want = Time::from_frames(10, rate) + Time::from_samples(played % (last - first), MIX_RATE);
    assert!((player.position() - want).0.abs() <= Time::from_samples(1, MIX_RATE).0);
    // switched off, it plays on
    player.set_range(None);
    let before = desk.left().len() as i64;
    desk.hear(before + 60_000);
    assert!(desk.left().iter().any(|v| *v == value(last + 20_000)));
}

#[test]
fn a_seek_empties_the_output_and_keeps_it() {
    let (desk, rate) = (Desk::default(), FrameRate::FPS_25);
    let (mut player, _) = desk.player(false);
    let p = Arc::new(film(rate, 250));
    player.play(start(&p, 0, None));
    desk.hear(20_000);
    let flushes = desk.log(|l| l.flushes);
    player.play(start(&p, 100, None));
    assert_eq!(player.position(), Time::from_secs(4), "not a moment of the old place");
    until("the flush", || desk.log(|l| l.flushes) == flushes + 1);
    desk.hear(4800);
    assert_eq!(player.position(), Time::from_ratio(41, 10));
    assert!(desk.left().iter().zip(4 * 48_000..).all(|(v, n)| *v == value(n)));
    assert_eq!(desk.log(|l| l.opened.len()), 1);
}

#[test]
fn an_edit_elsewhere_does_not_touch_what_is_heard_and_one_here_does() {
    let (desk, rate) = (Desk::default(), FrameRate::FPS_25);
    let (mut player, _) = desk.player(false);
    let mut p = film(rate, 100);
    player.play(start(&Arc::new(p.clone()), 0, None));
    for i in 0..20 {
        desk.hear(i * 2000);
        put(&mut p, 5, [clip(40 + i as u64, 150 + 3 * i, 2, media_content(10, Time::ZERO))]);
        player.set_project(Arc::new(p.clone()));
    }
    let left = desk.left();
    assert!(left.len() > 38_000 && left.iter().zip(0..).all(|(v, n)| *v == value(n)), "no sample is lost or doubled");
    with_track(&mut p, 3, |t| t.muted = true);
    player.set_project(Arc::new(p));
    let before = left.len() as i64;
    desk.hear(before + 20_000);
    assert!(desk.left()[before as usize + QUEUE as usize + 2048..].iter().all(|v| *v == 0.0));
}

#[test]
fn an_output_that_fails_is_replaced_where_it_stopped() {
    let (desk, rate) = (Desk::default(), FrameRate::FPS_25);
    let (mut player, _) = desk.player(false);
    let p = Arc::new(film(rate, 250));
    player.play(start(&p, 0, None));
    for failed in 1..=4 {
        desk.hear(4800);
        desk.log(|l| {
            l.broken = true;
            l.heard += 1;
        });
        until("another output", || {
            desk.log(|l| l.heard = if l.broken { l.heard + 1 } else { l.heard });
            desk.log(|l| l.opened.len() == failed + 1)
        });
    }
    assert_eq!(desk.log(|l| l.opened.clone()), [false, false, false, true, true], "after the third it plays silently");
    desk.hear(4800);
    let at = player.position();
    assert!(at > Time::from_ratio(4, 10) && at < Time::from_secs(4), "it went on from where it was: {at}");
    let left = desk.left();
    assert!(left.windows(2).all(|w| w[1] > w[0] || w[0] > 0.9));
}

#[test]
fn without_any_output_the_wall_clock_plays() {
    let open: OpenSink = Box::new(|_| None);
    let mut player = Player::new(open, false, Arc::new(Meters::default()), Box::new(|_, _| ())).unwrap();
    let p = Arc::new(film(FrameRate::FPS_25, 250));
    player.play(start(&p, 50, None));
    let began = Instant::now();
    until("time to pass", || player.position() > Time::from_secs(2) + Time::from_ratio(1, 10));
    assert!(began.elapsed() >= Duration::from_millis(100));
}

#[test]
fn a_file_without_readable_sound_is_told_once_and_the_rest_plays() {
    let (desk, rate) = (Desk::default(), FrameRate::FPS_25);
    let (mut player, told) = desk.player(false);
    let mut p = film(rate, 250);
    put(&mut p, 5, [clip(30, 0, 250, media_content(11, Time::ZERO))]);
    player.play(start(&Arc::new(p), 0, None));
    desk.hear(48_000);
    assert!(desk.left().iter().zip(0..).all(|(v, n)| *v == value(n)));
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told.iter().map(|(m, _)| m.0).collect::<Vec<_>>(), [11], "{told:?}");
}

#[test]
fn grains_rise_and_fall_the_newest_wins_and_none_is_heard_where_all_is_silent() {
    let (desk, rate) = (Desk::default(), FrameRate::FPS_25);
    let (mut player, _) = desk.player(false);
    let p = Arc::new(film(rate, 250));
    let grains = player.grains();
    grains.play(p.clone(), 50);
    until("a grain", || desk.left().len() == 2400);
    let left = desk.left();
    assert_eq!((left[0], left[2399]), (0.0, 0.0));
    assert_eq!(left[1200], value(50 * 1920 + 1200));
    assert!(left.windows(2).all(|w| (w[1] - w[0]).abs() < 0.01), "no click");
    // one more fits in front of the device; while those are heard the pointer moves on: only the last place is played
    grains.play(p.clone(), 51);
    let after_lead = AudioOutput::LEAD as usize + 2400;
    until("another", || desk.left().len() == after_lead);
    for frame in 52..90 {
        grains.play(p.clone(), frame);
    }
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(desk.left().len(), after_lead);
    desk.log(|l| l.heard = 1500);
    until("the next, without a gap", || desk.left().len() == after_lead + 2400);
    let left = desk.left();
    let peak = |n: i64| left.iter().any(|v| *v == value(n));
    assert!(peak(89 * 1920 + 1200) && !peak(70 * 1920 + 1200), "{}", left.len());
    // playing, there are none
    player.play(start(&p, 0, None));
    desk.hear(1000);
    grains.play(p.clone(), 200);
    desk.hear(9000);
    assert!(desk.left().iter().zip(0..).all(|(v, n)| *v == value(n)));

    let quiet = Desk::default();
    let (player, _) = quiet.player(true);
    player.grains().play(p, 50);
    std::thread::sleep(Duration::from_millis(50));
    assert!(quiet.log(|l| l.opened.is_empty()));
}

#[test]
fn an_hour_in_the_frame_of_the_clock_is_the_frame_of_the_timeline() {
    let (desk, rate) = (Desk::default(), FrameRate::NTSC_30);
    let (mut player, _) = desk.player(true);
    let p = Arc::new(film(rate, 110_000));
    // an hour is played in the pure test of the tape; here the last seconds of one, through the thread
    let from = 107_892 - 90;
    player.play(start(&p, from, None));
    for step in 0..300 {
        desk.hear(step * 480);
        let at = player.position();
        let exact = Time::from_frames(from, rate) + Time::from_samples(step * 480, MIX_RATE);
        assert_eq!(at, exact);
        // the sound that is heard then is that of the same moment, to the sample
        let heard = sample_of_frame(from, rate) + step * 480;
        assert!((at.to_samples(MIX_RATE, Rounding::Floor) - heard).abs() <= 1);
    }
}
