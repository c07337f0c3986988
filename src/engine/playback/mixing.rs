//! The mixing thread: takes orders, keeps the output filled a little ahead of what is heard, lets the meters know what is.

use super::{
    LOOK, Order, TellSilence, Told,
    feed::{Feed, Start},
    sink::{OpenSink, Sink, SinkClock},
    tape::{Span, Tape},
};
use crate::{
    base::{MIX_RATE, Rounding, Time},
    engine::{
        files::{candidates, open_first},
        meters::Meters,
        mixer,
        sound::{SoundReaders, Sounds, TAIL},
    },
    media::{AudioOutput, AudioReader, MediaError},
    model::{Media, Project, Rendition},
    plan::{self, AudioPlan, sample_of_frame},
};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender};
use std::{collections::VecDeque, f32::consts::PI, path::PathBuf, sync::Arc, time::Duration};

/// Samples mixed at a time: 21 ms.
const BLOCK: i64 = 1024;
/// A grain of sound while scrubbing: 50 ms, of which so much rises and falls.
const GRAIN: i64 = MIX_RATE as i64 / 20;
const GRAIN_EDGE: usize = MIX_RATE as usize / 125;
/// The next grain is made when the last has so many samples to go: just in time to follow without a gap.
const GRAIN_AHEAD: i64 = AudioOutput::LEAD + MIX_RATE as i64 / 50;
/// The files of clips that begin within this many samples are opened while there is time; each is kept ready for so many
/// blocks.
const WARM: i64 = MIX_RATE as i64;
const WARM_BLOCKS: u64 = 3 * WARM as u64 / BLOCK as u64;
/// An output that nobody uses is given back after this.
const IDLE: Duration = Duration::from_secs(3);
/// An output that fails more often than this within one run is not tried again in it.
const MAX_FAILURES: u32 = 2;

/// The state of the thread.
pub(super) struct Mixing {
    open: OpenSink,
    silent: bool,
    meters: Arc<Meters>,
    tell: Sender<Told>,
    desk: Desk,
    sink: Option<Open>,
    running: Option<Running>,
    grain: Option<(Arc<Project>, i64)>,
    last_grain: Option<i64>,
}

struct Open {
    sink: Box<dyn Sink>,
    clock: Box<dyn SinkClock>,
    /// What has been pushed and is yet to be heard: position, peaks, overs.
    levels: VecDeque<(i64, [f32; 2], [bool; 2])>,
}

struct Running {
    run: u64,
    start: Start,
    feed: Feed,
    tape: Tape,
    /// Clips that begin before this sample have been opened.
    warmed: i64,
    heard: Time,
    failures: u32,
}

/// Reads media and mixes them.
struct Desk {
    readers: SoundReaders,
    silenced: Vec<PathBuf>,
    tell_silence: TellSilence,
}

impl Desk {
    fn mix(&mut self, project: &Project, at: i64, len: i64) -> Vec<f32> {
        self.readers.next_round();
        self.mix_plan(project, &plan::audio(project, at, len))
    }

    fn mix_plan(&mut self, project: &Project, plan: &AudioPlan) -> Vec<f32> {
        let Self { readers, silenced, tell_silence } = self;
        // proxies keep the sound: they are heard where the original is gone
        let mut open = |m: &Media| {
            let files = candidates(m, Rendition::Original, true);
            let opened = open_first(&files, |c| AudioReader::open(&c.path, &c.info), || MediaError::NotFound(m.file.path.clone()));
            opened.map(|(_, r)| Box::new(r) as Box<dyn Sounds>)
        };
        mixer::mix(plan, &mut |id, from, out| {
            let Some(media) = project.media.get(&id).filter(|m| !silenced.contains(&m.file.path)) else { return out.fill(0.0) };
            if let Err(e) = readers.read(id, media, from, out, &mut open) {
                // said once; the rest plays on
                tracing::warn!("silence instead of sound: {e}");
                silenced.push(media.file.path.clone());
                tell_silence(id, e.to_string());
            }
        })
    }

    /// Open the sound of clips that begin in a stretch, at their beginnings: a cut then costs no more than any other block.
    fn warm(&mut self, project: &Project, from: i64, to: i64) {
        for mut segment in plan::audio(project, from, to - from).segments {
            // what goes on from before is being read already
            if segment.start <= from {
                continue;
            }
            // no more than a reader keeps in hand, so that it reads on from there
            segment.len = segment.len.min(TAIL as i64);
            let (media, start, len) = (segment.media, segment.start, segment.len);
            self.mix_plan(project, &AudioPlan { start, len, segments: vec![segment] });
            self.readers.keep(media, WARM_BLOCKS);
        }
    }

    /// The sound at a frame, rising from silence and falling back to it.
    fn grain(&mut self, project: &Project, frame: i64) -> Vec<f32> {
        let mut sound = self.mix(project, sample_of_frame(frame, project.sequence.frame_rate), GRAIN);
        // too loud is turned down as a whole: a grain is too short for a limiter
        let peak = sound.iter().fold(1.0f32, |p, v| p.max(v.abs()));
        let last = sound.len() / 2;
        for (i, pair) in sound.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            let edge = i.min(last - 1 - i).min(GRAIN_EDGE) as f32 / GRAIN_EDGE as f32;
            let gain = (0.5 - 0.5 * (PI * edge).cos()) / peak;
            *pair = pair.map(|v| v * gain);
        }
        sound
    }
}

fn peaks(sound: &[f32]) -> [f32; 2] {
    sound.as_chunks::<2>().0.iter().fold([0.0f32; 2], |p, s| [p[0].max(s[0].abs()), p[1].max(s[1].abs())])
}

impl Open {
    /// Position that is heard now.
    fn heard(&self) -> Time {
        self.clock.heard().unwrap_or(Time::ZERO)
    }

    fn push(&mut self, at: i64, samples: Vec<f32>, overs: [bool; 2]) -> bool {
        self.levels.push_back((at, peaks(&samples), overs));
        self.sink.push(at, samples)
    }

    /// Silence, and positions from 0 on. False when the sink has failed.
    fn flush(&mut self) -> bool {
        self.levels.clear();
        let well = self.sink.next() == 0 || self.sink.flush();
        self.clock = self.sink.clock();
        well
    }

    /// Tell the meters what is heard now.
    fn meter(&mut self, meters: &Meters) {
        let heard = self.heard().to_samples(MIX_RATE, Rounding::Floor);
        while let Some((_, peaks, overs)) = self.levels.pop_front_if(|(at, ..)| *at <= heard) {
            meters.heard(peaks, overs);
        }
    }
}

impl Mixing {
    pub fn new(open: OpenSink, silent: bool, meters: Arc<Meters>, tell_silence: TellSilence, tell: Sender<Told>) -> Self {
        let desk = Desk { readers: SoundReaders::default(), silenced: Vec::new(), tell_silence };
        Self { open, silent, meters, tell, desk, sink: None, running: None, grain: None, last_grain: None }
    }

    /// Until the player is dropped.
    pub fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            let order = match self.wait() {
                Some(time) => inbox.recv_timeout(time),
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match order {
                Ok(order) => {
                    self.obey(order);
                    inbox.try_iter().for_each(|o| self.obey(o));
                }
                Err(RecvTimeoutError::Timeout) => {
                    if self.rests() {
                        self.sink = None;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return,
            }
            self.work();
        }
    }

    /// Nothing plays, nothing is to be heard.
    fn rests(&self) -> bool {
        self.running.is_none() && self.grain.is_none() && self.sink.as_ref().is_none_or(|o| o.levels.is_empty())
    }

    /// How long there is nothing to do; None until an order comes.
    fn wait(&self) -> Option<Duration> {
        match (&self.sink, self.rests()) {
            (None, true) => None,
            (Some(_), true) => Some(IDLE),
            (Some(open), false) if self.running.is_some() && open.sink.room() >= BLOCK => Some(Duration::ZERO),
            (_, false) => Some(LOOK),
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Play { run, start } => {
                self.grain = None;
                self.desk.silenced.clear();
                self.begin(run, start, 0);
            }
            Order::Edited(project) => {
                if let Some(r) = &mut self.running {
                    r.start.project = project.clone();
                    r.feed.set_project(project);
                    r.warmed = i64::MIN;
                }
            }
            Order::Range(range) => {
                if let Some(r) = &mut self.running {
                    r.start.range = range;
                    r.feed.set_range(range);
                }
            }
            Order::Grain { project, frame } => {
                if self.running.is_none() && !self.silent && self.last_grain != Some(frame) {
                    self.last_grain = Some(frame);
                    self.grain = Some((project, frame));
                }
            }
            Order::Stop => {
                (self.running, self.grain, self.last_grain) = (None, None, None);
                self.empty();
            }
        }
    }

    /// Silence the output and set it back; open one where there is none or it has failed.
    fn empty(&mut self) {
        if self.sink.as_mut().is_some_and(|o| !o.flush()) {
            self.sink = None;
        }
    }

    fn opened(&mut self, silent: bool) -> Option<&mut Open> {
        if self.sink.is_none() {
            self.sink = (self.open)(silent).map(|sink| Open { clock: sink.clock(), sink, levels: VecDeque::new() });
        }
        self.sink.as_mut()
    }

    fn begin(&mut self, run: u64, start: Start, failures: u32) {
        self.empty();
        let silent = self.silent || failures > MAX_FAILURES;
        let clock = self.opened(silent).map(|o| o.sink.clock());
        // the player goes away when the program ends
        let _ = self.tell.send(Told::Began { run, clock });
        let feed = Feed::new(start.clone());
        if self.sink.is_none() {
            // nothing will be mixed: the clock alone says where it is
            let span = Span { out: Time::ZERO, at: start.at, speed: start.speed };
            let _ = self.tell.send(Told::Piece { run, span });
        }
        self.running = Some(Running { run, start, feed, tape: Tape::default(), warmed: i64::MIN, heard: Time::ZERO, failures });
    }

    fn work(&mut self) {
        let Some(open) = &mut self.sink else { return self.make_grain() };
        open.meter(&self.meters);
        let Some(r) = &mut self.running else { return self.make_grain() };
        r.heard = open.heard();
        let desk = &mut self.desk;
        if open.sink.room() < BLOCK {
            // what was warmed lies between here and two seconds on, unless playback has jumped
            if let Some((project, at)) = r.feed.ahead()
                && !(at + WARM..=at + 2 * WARM).contains(&r.warmed)
            {
                let from = if (at..at + WARM).contains(&r.warmed) { r.warmed } else { at };
                desk.warm(project, from, at + 2 * WARM);
                r.warmed = at + 2 * WARM;
            }
            return;
        }
        let block = r.feed.next(BLOCK as usize, &mut |project, at, len| desk.mix(project, at, len));
        for span in block.spans {
            r.tape.push(span);
            let _ = self.tell.send(Told::Piece { run: r.run, span });
        }
        r.tape.forget(r.heard);
        if !block.samples.is_empty() && !open.push(open.sink.next(), block.samples, block.overs) {
            self.fall_back();
        }
    }

    /// The output has failed (a device was unplugged): go on with another from where it stopped.
    fn fall_back(&mut self) {
        let last = self.sink.take().map_or(Time::ZERO, |open| open.heard());
        if let Some(Running { run, mut start, tape, heard, failures, .. }) = self.running.take() {
            let heard = heard.max(last);
            if let Some((at, _)) = tape.position(heard) {
                start.at = at;
            }
            self.begin(run, start, failures + 1);
        }
    }

    fn make_grain(&mut self) {
        let Some((project, frame)) = &self.grain else { return };
        if let Some(open) = &self.sink
            && open.sink.next() - open.sink.now() > GRAIN_AHEAD
        {
            // the last one is far from over: until it is, newer ones take this one's place
            return;
        }
        let sound = self.desk.grain(project, *frame);
        self.grain = None;
        let Some(open) = self.opened(self.silent) else { return };
        let soonest = if open.sink.next() == 0 { 0 } else { open.sink.now() + AudioOutput::LEAD };
        if !open.push(open.sink.next().max(soonest), sound, [false; 2]) {
            self.sink = None;
        }
    }
}
