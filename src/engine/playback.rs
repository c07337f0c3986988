//! Sound while playing: a mixer thread fills the output ahead of time, and the output's position is the clock that the
//! picture follows.

use super::{
    master::Master,
    meters::Meters,
    mixer,
    sound::{SoundReaders, Sounds},
};
use crate::{
    base::{FrameRate, MIX_RATE, Rounding, Time},
    media::{AudioOutput, AudioReader, OutputClock, OutputStopper},
    model::{Media, Project},
    plan,
};
use crossbeam::channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Samples mixed at a time: 21 ms, well under the output's 0.2 s.
const BLOCK: i64 = 1024;

/// A running playback. Dropping it stops the sound.
pub struct Player {
    start: Time,
    projects: Sender<Arc<Project>>,
    ready: Receiver<(OutputClock, OutputStopper)>,
    output: Option<(OutputClock, OutputStopper)>,
    begun: Instant,
}

impl Player {
    /// Start playing at `frame`. `silent` leaves the machine's sound output alone.
    pub fn start(project: Arc<Project>, frame: i64, silent: bool, meters: Arc<Meters>) -> Self {
        let rate = project.sequence.frame_rate;
        let start = Time::from_frames(frame, rate);
        let (projects, inbox) = unbounded();
        let (tell, ready) = bounded(1);
        let run = move || mix_ahead(project, start, silent, &inbox, &tell, &meters);
        if let Err(e) = std::thread::Builder::new().name("mix".into()).spawn(run) {
            tracing::error!("the mixer thread could not be started: {e}");
        }
        Self { start, projects, ready, output: None, begun: Instant::now() }
    }

    /// The edited project from now on; what is queued (0.2 s) still plays as it was.
    pub fn set_project(&self, project: Arc<Project>) {
        let _ = self.projects.send(project);
    }

    /// Timeline time that is heard now.
    pub fn position(&mut self) -> Time {
        if self.output.is_none() {
            match self.ready.try_recv() {
                Ok(pair) => self.output = Some(pair),
                Err(TryRecvError::Empty) => return self.start,
                // the mixer could not open any output: the wall clock takes over
                Err(TryRecvError::Disconnected) => return self.start + Time::from_secs_f64(self.begun.elapsed().as_secs_f64()),
            }
        }
        let heard = self.output.as_ref().and_then(|(clock, _)| clock.position()).unwrap_or(Time::ZERO);
        self.start + heard
    }

    /// The frame that belongs on the screen now.
    pub fn frame(&mut self, rate: FrameRate) -> i64 {
        self.position().to_frames(rate, Rounding::Floor)
    }

    /// Time until the next frame is due.
    pub fn until_next(&mut self, rate: FrameRate) -> Duration {
        let now = self.position();
        let next = Time::from_frames(now.to_frames(rate, Rounding::Floor) + 1, rate);
        Duration::from_nanos((next - now).nanos(Rounding::Ceil))
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        if self.output.is_none() {
            self.output = self.ready.try_recv().ok();
        }
        if let Some((_, stopper)) = &self.output {
            stopper.stop();
        }
    }
}

fn mix_ahead(
    mut project: Arc<Project>,
    start: Time,
    silent: bool,
    inbox: &Receiver<Arc<Project>>,
    tell: &Sender<(OutputClock, OutputStopper)>,
    meters: &Meters,
) {
    let mut output = match AudioOutput::open(silent) {
        Ok(o) => o,
        Err(e) => {
            tracing::error!("{e}");
            return;
        }
    };
    if tell.send((output.clock(), output.stopper())).is_err() {
        return;
    }
    let mut readers = SoundReaders::default();
    let mut silenced: Vec<PathBuf> = Vec::new();
    let mut open = |m: &Media| AudioReader::open(&m.file.path, &m.info).map(|r| Box::new(r) as Box<dyn Sounds>);
    let mut master = Master::new(Master::RUN_UP);
    let mut at = start.to_samples(MIX_RATE, Rounding::Floor) - Master::RUN_UP;
    loop {
        loop {
            match inbox.try_recv() {
                Ok(p) => project = p,
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let plan = plan::audio(&project, at, BLOCK);
        let mixed = mixer::mix(&plan, &mut |id, from, out| {
            let Some(media) = project.media.get(&id).filter(|m| !silenced.contains(&m.file.path)) else { return out.fill(0.0) };
            if let Err(e) = readers.read(id, media, from, out, &mut open) {
                // said once; the picture plays on in silence
                tracing::warn!("silence instead of sound: {e}");
                silenced.push(media.file.path.clone());
            }
        });
        let mut block = Vec::new();
        let overs = master.feed(&mixed, &mut block);
        at += BLOCK;
        if block.is_empty() {
            continue;
        }
        meters.heard(peaks(&block), overs);
        if !output.push(&block) {
            return;
        }
    }
}

fn peaks(block: &[f32]) -> [f32; 2] {
    block.chunks_exact(2).fold([0.0; 2], |p, s| [p[0].max(s[0].abs()), p[1].max(s[1].abs())])
}
