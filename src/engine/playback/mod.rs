//! Sound while playing and scrubbing. One thread mixes ahead of an output that it keeps; the output's clock, through the
//! [`Tape`], says which moment of the timeline is heard, and the picture follows that.
//!
//! A seek, a change of speed or of direction empties the output and goes on from elsewhere with the same output and the same
//! open files. An edit is mixed from the next block on; what it does not touch goes on without a gap.

mod feed;
mod mixing;
mod sink;
mod stretch;
mod tape;
#[cfg(test)]
mod tests;

pub(super) use feed::{Range, Start};
#[cfg(test)]
pub(super) use sink::Sink;
pub(super) use sink::{OpenSink, SinkClock, system};

use super::meters::Meters;
use crate::{
    base::{MediaId, Time},
    model::{Project, Speed},
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use mixing::Mixing;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tape::{Span, Tape};

/// What the mixing thread is asked for.
enum Order {
    Play {
        run: u64,
        start: Start,
    },
    /// The document was edited.
    Edited(Arc<Project>),
    Range(Range),
    /// A short piece of what lies at a frame, unless something plays.
    Grain {
        project: Arc<Project>,
        frame: i64,
    },
    Stop,
}

/// What the mixing thread tells of a run.
enum Told {
    /// It begins (anew), by this clock; without one, on a machine that has no output at all, by the wall's.
    Began {
        run: u64,
        clock: Option<Box<dyn SinkClock>>,
    },
    Piece {
        run: u64,
        span: Span,
    },
}

/// Sends grains to the mixing thread.
#[derive(Clone)]
pub(super) struct Grains(Sender<Order>);

impl Grains {
    /// A short piece of the sound at a frame. The newest wins; nothing is heard while something plays.
    pub fn play(&self, project: Arc<Project>, frame: i64) {
        // the thread ends only with the player
        let _ = self.0.send(Order::Grain { project, frame });
    }
}

/// Tells of a media whose sound cannot be read, with the reason.
pub(super) type TellSilence = Box<dyn Fn(MediaId, String) + Send>;

/// Handle of the mixing thread, for the thread that draws. Dropping it ends the thread and the sound.
pub(super) struct Player {
    orders: Sender<Order>,
    told: Receiver<Told>,
    run: u64,
    begun: Option<Begun>,
    tape: Tape,
    /// Position before the run has begun, and the last one since.
    last: (Time, Speed),
    heard: Time,
}

enum Begun {
    Clock(Box<dyn SinkClock>),
    Wall(Instant),
}

impl Player {
    /// Start the thread, which waits. `silent` leaves the machine's sound output alone.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn new(open: OpenSink, silent: bool, meters: Arc<Meters>, tell_silence: TellSilence) -> std::io::Result<Self> {
        let (orders, inbox) = unbounded();
        let (tell, told) = unbounded();
        std::thread::Builder::new().name("mix".into()).spawn(move || Mixing::new(open, silent, meters, tell_silence, tell).run(&inbox))?;
        Ok(Self { orders, told, run: 0, begun: None, tape: Tape::default(), last: (Time::ZERO, Speed::NORMAL), heard: Time::ZERO })
    }

    pub fn grains(&self) -> Grains {
        Grains(self.orders.clone())
    }

    /// Play from a moment on, instead of what plays now.
    pub fn play(&mut self, start: Start) {
        self.run += 1;
        self.last = (start.at, start.speed);
        (self.begun, self.heard, self.tape) = (None, Time::ZERO, Tape::default());
        self.send(Order::Play { run: self.run, start });
    }

    pub fn stop(&mut self) {
        self.run += 1;
        self.begun = None;
        self.send(Order::Stop);
    }

    /// The edited project from now on.
    pub fn set_project(&self, project: Arc<Project>) {
        self.send(Order::Edited(project));
    }

    pub fn set_range(&self, range: Range) {
        self.send(Order::Range(range));
    }

    fn send(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::error!("the mixing thread is gone");
        }
    }

    /// Time that has been heard since the run began.
    pub fn heard(&mut self) -> Time {
        while let Ok(told) = self.told.try_recv() {
            match told {
                Told::Began { run, clock } if run == self.run => {
                    self.begun = Some(clock.map_or_else(|| Begun::Wall(Instant::now()), Begun::Clock));
                    (self.heard, self.tape) = (Time::ZERO, Tape::default());
                }
                Told::Piece { run, span } if run == self.run => self.tape.push(span),
                Told::Began { .. } | Told::Piece { .. } => {}
            }
        }
        let now = match &self.begun {
            None => None,
            Some(Begun::Clock(clock)) => clock.heard(),
            Some(Begun::Wall(since)) => Some(Time::from_secs_f64(since.elapsed().as_secs_f64())),
        };
        // a clock never runs backwards; one that has gone stands until the thread gives another
        self.heard = now.unwrap_or(self.heard).max(self.heard);
        self.tape.forget(self.heard);
        self.heard
    }

    /// Timeline time that is heard at a moment of the run, and at which speed.
    pub fn position_at(&mut self, heard: Time) -> (Time, Speed) {
        if let Some(known) = self.tape.position(heard) {
            self.last = known;
        }
        self.last
    }

    /// Timeline time that is heard now.
    pub fn position(&mut self) -> Time {
        let heard = self.heard();
        self.position_at(heard).0
    }
}

/// Longest that either thread sleeps while something plays.
pub(super) const LOOK: Duration = Duration::from_millis(10);
