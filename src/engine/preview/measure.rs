//! When the scopes are counted, so that no picture ever waits for them: pictures in memory by a thread of their own, newest
//! wins; those on the device by the render thread, when nothing else waits. Owned by the render thread.

use super::{Monitor, PreviewEvent};
use crate::{
    base::Picture,
    gpu::{Rendered, ScopeData},
};
use crossbeam::channel::{Receiver, Sender, TrySendError, bounded};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Counts at most this often.
const EVERY: Duration = Duration::from_millis(50);
/// Room kept before the next frame, beyond what counting on the device took the last time.
const SPARE: Duration = Duration::from_millis(4);

/// See the module.
pub(super) struct Measure {
    /// The viewer whose pictures are counted.
    of: Option<Monitor>,
    /// The pictures on the screen, for when the scopes turn to one.
    shown: [Option<Rendered>; 2],
    /// The newest picture on the device that was not yet counted.
    newest: Option<Rendered>,
    last: Option<Instant>,
    took: Duration,
    counter: Option<Counter>,
    tell: Sender<PreviewEvent>,
    wake: Arc<dyn Fn() + Send + Sync>,
}

impl Measure {
    pub fn new(tell: Sender<PreviewEvent>, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { of: None, shown: [None, None], newest: None, last: None, took: Duration::ZERO, counter: None, tell, wake }
    }

    /// Count the pictures of this viewer, or none.
    pub fn turn_to(&mut self, of: Option<Monitor>) {
        self.of = of;
        self.newest = None;
        if let Some((monitor, image)) = of.and_then(|m| Some((m, self.shown[m as usize].clone()?))) {
            self.offer(monitor, &image);
        }
    }

    /// A picture is shown.
    pub fn offer(&mut self, monitor: Monitor, image: &Rendered) {
        self.shown[monitor as usize] = Some(image.clone());
        if self.of != Some(monitor) {
            return;
        }
        match image {
            Rendered::Texture(_) => self.newest = Some(image.clone()),
            Rendered::Picture(picture) => {
                if self.counter.is_none() {
                    self.counter = Counter::start(self.tell.clone(), self.wake.clone());
                }
                if let Some(counter) = &self.counter {
                    counter.offer(picture.clone());
                }
            }
        }
    }

    /// There is a picture on the device to count.
    pub fn is_waiting(&self) -> bool {
        self.newest.is_some()
    }

    /// The picture on the device to count now. `idle`: no request waits. `room`: time until the next frame while playing.
    pub fn next(&mut self, idle: bool, room: Option<Duration>) -> Option<Rendered> {
        let fits = room.is_none_or(|r| r > self.took + SPARE && self.last.is_none_or(|l| l.elapsed() >= EVERY));
        if idle && fits { self.newest.take() } else { None }
    }

    /// How long the last count on the device took.
    pub fn took(&mut self, time: Duration) {
        (self.took, self.last) = (time, Some(Instant::now()));
    }
}

/// The thread that counts pictures in memory; it ends with its owner.
struct Counter {
    put: Sender<Picture>,
    /// The same one place, to take out what a newer picture replaces.
    take: Receiver<Picture>,
}

impl Counter {
    fn start(tell: Sender<PreviewEvent>, wake: Arc<dyn Fn() + Send + Sync>) -> Option<Self> {
        let (put, take) = bounded::<Picture>(1);
        let inbox = take.clone();
        let run = move || {
            for picture in inbox {
                let began = Instant::now();
                if let Some(data) = ScopeData::of(&picture) {
                    // the receiver goes away when the program ends
                    let _ = tell.send(PreviewEvent::Scopes(Arc::new(data)));
                    wake();
                }
                std::thread::sleep(EVERY.saturating_sub(began.elapsed()));
            }
        };
        match std::thread::Builder::new().name("scopes".into()).spawn(run) {
            Ok(_) => Some(Self { put, take }),
            Err(e) => {
                tracing::error!("the thread of the scopes could not be started: {e}");
                None
            }
        }
    }

    fn offer(&self, picture: Picture) {
        if let Err(TrySendError::Full(picture)) = self.put.try_send(picture) {
            let _ = self.take.try_recv();
            // only this thread puts: the place is free now
            let _ = self.put.try_send(picture);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{ColorTags, PixelFormat};
    use crossbeam::channel::unbounded;

    fn image(level: u8) -> Rendered {
        let data = vec![level, level, level, 255];
        Rendered::Picture(Picture::from_packed(PixelFormat::Rgba8, 1, 1, data, ColorTags::SRGB).unwrap())
    }

    fn level(event: &PreviewEvent) -> Option<usize> {
        let PreviewEvent::Scopes(data) = event else { return None };
        data.histogram(crate::gpu::scopes::Channel::Luma).iter().position(|n| *n > 0)
    }

    #[test]
    fn nothing_is_counted_while_the_scopes_are_hidden_and_the_shown_picture_when_they_appear() {
        let (tell, told) = unbounded();
        let mut m = Measure::new(tell, Arc::new(|| {}));
        m.offer(Monitor::Program, &image(9));
        m.offer(Monitor::Source, &image(7));
        assert!(m.counter.is_none() && told.try_recv().is_err());
        m.turn_to(Some(Monitor::Program));
        assert_eq!(level(&told.recv().unwrap()), Some(9));
        m.turn_to(Some(Monitor::Source));
        assert_eq!(level(&told.recv().unwrap()), Some(7));
    }

    #[test]
    fn of_many_pictures_the_last_is_counted() {
        let (tell, told) = unbounded();
        let mut m = Measure::new(tell, Arc::new(|| {}));
        m.turn_to(Some(Monitor::Program));
        (0..=200).for_each(|v| m.offer(Monitor::Program, &image(v)));
        let mut counted = 1;
        while level(&told.recv().unwrap()) != Some(200) {
            counted += 1;
        }
        assert!(counted < 200, "{counted} counts for 201 pictures");
    }
}
