//! One viewer's tape deck: where its playhead stands, whether it plays, and the picture it shows. The program viewer and
//! the source viewer are one each.

use super::{
    shuttle,
    view::{ViewState, Viewer},
};
use crate::{
    engine::{Enlarged, Monitor, Preview, PreviewCommand},
    gpu::Rendered,
    model::{Project, Speed},
};
use std::sync::Arc;

/// What can be asked of a deck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// Move the playhead and show exactly that frame.
    Seek(i64),
    /// Move the playhead while the pointer drags: a quick picture is welcome.
    Scrub(i64),
    /// Move the playhead by frames.
    Step(i64),
    Play,
    Pause,
    TogglePlay,
    /// Play at this speed with the pitch kept, negative backwards, 0 to stop; up to 8 times. See [`super::shuttle`].
    Shuttle(Speed),
    /// Play this range, in frames and end exclusive, over and over; None ends that.
    Loop(Option<(i64, i64)>),
    /// Count dropped frames from now on.
    ResetDropped,
}

/// See the module.
#[derive(Clone, Default)]
pub struct Deck {
    /// Frame under the playhead.
    pub playhead: i64,
    pub playing: bool,
    /// How fast it plays, negative backwards; as it was last while it does not play.
    pub speed: Speed,
    /// Plays this range over and over.
    pub range: Option<(i64, i64)>,
    pub viewer: Viewer,
    /// Number of the newest request to the render thread: its picture, and no earlier one, is up to date.
    request: u64,
    /// Answers to requests up to this one are for what the deck showed before.
    since: u64,
    /// Dropped frames that were counted before the counter was set back.
    forgiven: u64,
}

/// A picture that has arrived from the render thread.
pub(super) struct Arrival {
    pub frame: i64,
    pub image: Rendered,
    pub before: Option<Rendered>,
    pub exact: bool,
    pub divisor: u32,
    pub dropped: u64,
    pub enlarged: bool,
    pub request: Option<u64>,
}

/// A deck together with what it plays and where.
pub(super) struct Threaded<'a> {
    pub deck: &'a mut Deck,
    pub monitor: Monitor,
    pub project: &'a Arc<Project>,
    pub preview: &'a Preview,
}

impl Threaded<'_> {
    pub fn obey(&mut self, what: Transport) {
        match what {
            Transport::Seek(frame) => self.seek(frame, false),
            Transport::Scrub(frame) => {
                self.seek(frame, true);
                self.grain();
            }
            Transport::Step(by) => {
                self.seek(self.deck.playhead.saturating_add(by), false);
                self.grain();
            }
            Transport::Play => self.play(Speed::NORMAL),
            Transport::Pause => self.pause(),
            Transport::TogglePlay if self.deck.playing => self.pause(),
            Transport::TogglePlay => self.play(Speed::NORMAL),
            Transport::Shuttle(speed) => match shuttle::within(speed) {
                Some(speed) => self.play(speed),
                None => self.pause(),
            },
            Transport::Loop(range) => {
                self.deck.range = range;
                self.preview.send(PreviewCommand::Loop { monitor: self.monitor, range });
            }
            Transport::ResetDropped => {
                self.deck.forgiven += self.deck.viewer.dropped_frames;
                self.deck.viewer.dropped_frames = 0;
            }
        }
    }

    /// After a change of what is shown: ask for the picture at the playhead, unless pictures come by themselves.
    pub fn changed(&mut self, scrubbing: bool) {
        if !self.deck.playing {
            self.show(scrubbing);
        }
    }

    fn seek(&mut self, frame: i64, scrubbing: bool) {
        self.deck.playhead = frame.clamp(0, self.project.sequence.duration());
        if self.deck.playing && !scrubbing {
            self.start();
        } else {
            self.deck.playing = false;
            self.show(scrubbing);
        }
    }

    fn show(&mut self, scrubbing: bool) {
        let d = &mut *self.deck;
        if d.viewer.image.is_some() {
            d.viewer.state = ViewState::Behind;
        }
        d.request += 1;
        let (monitor, project, frame, request) = (self.monitor, self.project.clone(), d.playhead, d.request);
        self.preview.send(PreviewCommand::Show { monitor, project, frame, scrubbing, request });
    }

    /// A short piece of the sound under the playhead.
    fn grain(&self) {
        if !self.deck.playing {
            self.preview.grain(self.project.clone(), self.deck.playhead);
        }
    }

    fn play(&mut self, speed: Speed) {
        if self.deck.playing {
            self.deck.speed = speed;
            return self.preview.send(PreviewCommand::Shuttle { monitor: self.monitor, speed });
        }
        let duration = self.project.sequence.duration();
        if duration == 0 {
            return;
        }
        let (first, end) = self.deck.range.unwrap_or((0, duration));
        let (first, last) = (first.clamp(0, duration - 1), end.min(duration) - 1);
        let playhead = self.deck.playhead.min(duration - 1);
        self.deck.playhead = match speed.0 > 0 {
            true if playhead >= last => first,
            // backwards from the start there is nothing, unless it goes round
            false if playhead <= first && self.deck.range.is_some() => last,
            false if playhead == 0 => return,
            _ => playhead,
        };
        (self.deck.playing, self.deck.speed) = (true, speed);
        self.preview.meters.reset_overs();
        (self.deck.viewer.dropped_frames, self.deck.forgiven) = (0, 0);
        self.start();
    }

    fn start(&mut self) {
        let d = &*self.deck;
        let (monitor, project, frame, speed, range) = (self.monitor, self.project.clone(), d.playhead, d.speed, d.range);
        self.preview.send(PreviewCommand::Play { monitor, project, frame, speed, range });
    }

    pub fn pause(&mut self) {
        if self.deck.playing {
            self.deck.playing = false;
            self.deck.request += 1;
            self.preview.send(PreviewCommand::Pause { monitor: self.monitor, request: self.deck.request });
        }
    }
}

impl Deck {
    /// The deck with something else in it: nothing shown yet, quality as before.
    pub(super) fn reloaded(&self) -> Self {
        let viewer = Viewer { quality: self.viewer.quality, image_serial: self.viewer.image_serial + 1, ..Viewer::default() };
        Self { viewer, request: self.request, since: self.request, ..Self::default() }
    }

    pub(super) fn take(&mut self, a: Arrival) {
        // what a stopped player still had under way is no answer to anything
        if a.request.map_or(!self.playing, |r| r <= self.since) {
            return;
        }
        let v = &mut self.viewer;
        v.image = Some(a.image);
        v.before = a.before;
        v.image_serial += 1;
        v.frame = a.frame;
        v.divisor = a.divisor;
        v.enlarged = if a.enlarged { Enlarged::Shown } else { Enlarged::No };
        // an answer from before playing began is no position of the player
        if self.playing && a.request.is_none() {
            self.playhead = a.frame;
            v.dropped_frames = a.dropped.saturating_sub(self.forgiven);
        }
        let current = a.exact && a.request == Some(self.request);
        v.state = if current || self.playing { ViewState::UpToDate } else { ViewState::Behind };
    }

    /// How the upscaled picture comes on that a request asked for.
    pub(super) fn enlarging(&mut self, request: u64, state: Enlarged) {
        if request == self.request && !self.playing {
            self.viewer.enlarged = state;
        }
    }

    /// Playback has ended: by itself, or as the answer to a pause.
    pub(super) fn stopped(&mut self, frame: i64, request: Option<u64>) {
        if request.map_or(!self.playing, |r| r <= self.since) {
            return;
        }
        self.playing = false;
        self.playhead = frame;
    }
}
