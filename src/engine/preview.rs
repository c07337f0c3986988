//! The render thread behind the program viewer. The newest request wins; the last picture stays until the next is ready.
//!
//! A request while the pointer moves may be answered by a key picture where the exact one needs a long seek; the exact
//! one follows as soon as no newer request has come for a moment. While playing, the sound's clock says which frame is due.

use super::{
    decoders::{Decoders, Fetched},
    playback::{Meters, Player},
};
use crate::{
    base::{MediaId, Time},
    gpu::{Output, Rendered, Renderer},
    model::Project,
    plan::{self, FramePlan, MediaRef},
};
use crossbeam::channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

/// A stand-in picture is refined when no newer request came for this long.
const REST: Duration = Duration::from_millis(90);
/// Finished viewer pictures kept for stepping back and forth.
const RENDERED_CACHE_BYTES: usize = 256 << 20;
/// Playback quality is judged over this many due frames.
const JUDGED_FRAMES: i64 = 30;

/// What the viewer asks for.
pub enum PreviewCommand {
    /// Show a frame. `scrubbing`: the pointer is moving, a quick picture is welcome. `request` comes back with the picture.
    Show {
        project: Arc<Project>,
        frame: i64,
        scrubbing: bool,
        request: u64,
    },
    Play {
        project: Arc<Project>,
        frame: i64,
    },
    /// The project was edited while playing.
    Edited(Arc<Project>),
    /// Stop, and show the frame that was reached as an answer to `request`.
    Pause {
        request: u64,
    },
    /// 1, 2, 4; 0 = automatic: full when still, lower while playing if frames would be dropped.
    Quality(u32),
}

/// What the render thread tells.
pub enum PreviewEvent {
    /// `request` is the one that is answered; None while playing.
    Shown { frame: i64, image: Rendered, exact: bool, divisor: u32, dropped: u64, request: Option<u64> },
    /// The picture could not be drawn.
    Failed { frame: i64, message: String },
    /// A media could not be read (message) or is well again (None).
    Media { media: MediaId, message: Option<String> },
    /// A media ended before its declared end.
    EndedEarly { media: MediaId, at: Time },
    /// Playback ended at this frame: paused, or the end was reached.
    Stopped { frame: i64 },
}

/// Handle of the render thread; dropping it ends the thread.
pub struct Preview {
    commands: Sender<PreviewCommand>,
    pub events: Receiver<PreviewEvent>,
    pub meters: Arc<Meters>,
}

impl Preview {
    /// Start the render thread. `wake` is called after each event. `silent` leaves the sound output alone.
    pub fn start(renderer: Box<dyn Renderer>, silent: bool, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (commands, inbox) = unbounded();
        let (tell, events) = unbounded();
        let meters = Arc::new(Meters::default());
        let levels = meters.clone();
        std::thread::Builder::new().name("preview".into()).spawn(move || {
            let mut worker = Worker {
                renderer,
                decoders: Decoders::default(),
                cache: RenderCache::default(),
                tell,
                wake,
                quality: 0,
                playing_divisor: 1,
                told: HashMap::new(),
                silent,
                meters: levels,
            };
            worker.run(&inbox);
        })?;
        Ok(Self { commands, events, meters })
    }

    /// Never blocks: the mailbox keeps only the newest request of its kind.
    pub fn send(&self, command: PreviewCommand) {
        if self.commands.send(command).is_err() {
            tracing::error!("the render thread is gone");
        }
    }
}

#[derive(Clone)]
struct Request {
    project: Arc<Project>,
    frame: i64,
    scrubbing: bool,
    request: u64,
}

struct Playing {
    project: Arc<Project>,
    player: Player,
    shown: i64,
    dropped: u64,
    judged_from: (i64, u64),
}

struct Worker {
    renderer: Box<dyn Renderer>,
    decoders: Decoders,
    cache: RenderCache,
    tell: Sender<PreviewEvent>,
    wake: Arc<dyn Fn() + Send + Sync>,
    quality: u32,
    playing_divisor: u32,
    /// What was last told of each media: None = it can be read, else the message.
    told: HashMap<MediaId, Option<String>>,
    silent: bool,
    meters: Arc<Meters>,
}

impl Worker {
    fn run(&mut self, inbox: &Receiver<PreviewCommand>) {
        let mut refine: Option<(Request, Instant)> = None;
        let mut playing: Option<Playing> = None;
        loop {
            let first = match (&mut playing, &refine) {
                (Some(p), _) => {
                    let wait = p.player.until_next(p.project.sequence.frame_rate).min(Duration::from_millis(20));
                    inbox.recv_timeout(wait)
                }
                (None, Some((_, when))) => inbox.recv_deadline(*when),
                (None, None) => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            let mut newest: Option<Request> = None;
            let mut next = match first {
                Ok(c) => Some(c),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            while let Some(command) = next {
                self.take(command, &mut newest, &mut playing);
                next = inbox.try_recv().ok();
            }
            if let Some(request) = newest {
                refine = self.answer(&request, request.scrubbing).then(|| (request, Instant::now() + REST));
            } else if let Some(p) = &mut playing {
                if !self.advance(p) {
                    let frame = p.shown;
                    playing = None;
                    self.send(PreviewEvent::Stopped { frame });
                }
            } else if let Some((request, _)) = refine.take_if(|(_, when)| *when <= Instant::now()) {
                self.answer(&request, false);
            }
        }
    }

    fn take(&mut self, command: PreviewCommand, newest: &mut Option<Request>, playing: &mut Option<Playing>) {
        match command {
            PreviewCommand::Show { project, frame, scrubbing, request } => {
                self.decoders.retain(&project);
                *playing = None;
                *newest = Some(Request { project, frame, scrubbing, request });
            }
            PreviewCommand::Play { project, frame } => {
                *newest = None;
                let player = Player::start(project.clone(), frame, self.silent, self.meters.clone());
                *playing = Some(Playing { project, player, shown: frame - 1, dropped: 0, judged_from: (frame, 0) });
            }
            PreviewCommand::Edited(project) => {
                if let Some(p) = playing {
                    self.decoders.retain(&project);
                    p.player.set_project(project.clone());
                    p.project = project;
                }
            }
            PreviewCommand::Pause { request } => {
                if let Some(p) = playing.take() {
                    let frame = p.shown.max(0);
                    *newest = Some(Request { project: p.project.clone(), frame, scrubbing: false, request });
                    self.send(PreviewEvent::Stopped { frame });
                }
            }
            PreviewCommand::Quality(divisor) => {
                self.quality = divisor;
                self.playing_divisor = divisor.max(1);
            }
        }
    }

    /// Draw and tell; true when a stand-in picture was shown and the exact one is still owed.
    fn answer(&mut self, request: &Request, quick: bool) -> bool {
        let divisor = self.quality.max(1);
        let (image, exact) = match self.draw(&request.project, request.frame, divisor, quick) {
            Ok(drawn) => drawn,
            Err(message) => {
                self.send(PreviewEvent::Failed { frame: request.frame, message });
                return false;
            }
        };
        self.send(PreviewEvent::Shown { frame: request.frame, image, exact, divisor, dropped: 0, request: Some(request.request) });
        !exact
    }

    /// Show the frame that is due; false at the end of the timeline.
    fn advance(&mut self, p: &mut Playing) -> bool {
        let rate = p.project.sequence.frame_rate;
        let due = p.player.frame(rate);
        let end = p.project.sequence.duration();
        if due >= end {
            p.shown = (end - 1).max(0);
            return false;
        }
        if due <= p.shown {
            return true;
        }
        let divisor = self.playing_divisor;
        p.dropped += (due - p.shown - 1).max(0) as u64;
        p.shown = due;
        match self.draw(&p.project, due, divisor, false) {
            Ok((image, exact)) => self.send(PreviewEvent::Shown { frame: due, image, exact, divisor, dropped: p.dropped, request: None }),
            Err(message) => self.send(PreviewEvent::Failed { frame: due, message }),
        }
        self.judge(p);
        true
    }

    /// Automatic quality: halve it when more than one frame in ten was dropped, down to a quarter.
    fn judge(&mut self, p: &mut Playing) {
        let (from, dropped) = p.judged_from;
        if p.shown - from < JUDGED_FRAMES {
            return;
        }
        if self.quality == 0 && (p.dropped - dropped) * 10 > JUDGED_FRAMES as u64 {
            self.playing_divisor = (self.playing_divisor * 2).min(4);
        }
        p.judged_from = (p.shown, p.dropped);
    }

    fn draw(&mut self, project: &Project, frame: i64, divisor: u32, quick: bool) -> Result<(Rendered, bool), String> {
        let plan = plan::frame(project, frame, divisor);
        if let Some(image) = self.cache.get(plan.hash) {
            return Ok((image, true));
        }
        let (pictures, exact, whole) = self.pictures(project, &plan, quick);
        let _span = tracing::debug_span!("render", frame).entered();
        let image = self
            .renderer
            .render(&plan, &mut |r| pictures.iter().find(|(m, _)| m == r).and_then(|(_, p)| p.clone()), Output::Display)
            .map_err(|e| e.to_string())?;
        if exact && whole {
            self.cache.put(plan.hash, &image, plan.width as usize * plan.height as usize * 4);
        }
        Ok((image, exact))
    }

    /// The decoded pictures of a plan, whether all are exact, and whether all are there.
    fn pictures(
        &mut self,
        project: &Project,
        plan: &FramePlan,
        quick: bool,
    ) -> (Vec<(MediaRef, Option<crate::base::Picture>)>, bool, bool) {
        let refs: Vec<MediaRef> = plan.media_refs().copied().collect();
        let fetched = self.decoders.fetch(project, &refs, quick);
        let (mut exact, mut whole) = (true, true);
        let mut out = Vec::with_capacity(refs.len());
        for (r, f) in refs.into_iter().zip(fetched) {
            match f {
                Fetched::Got(got) => {
                    exact &= got.exact;
                    self.tell_media(r.media, None);
                    if let Some(at) = got.ended_early {
                        self.send(PreviewEvent::EndedEarly { media: r.media, at });
                    }
                    out.push((r, Some(got.picture)));
                }
                Fetched::Failed(message) => {
                    whole = false;
                    self.tell_media(r.media, Some(message));
                    out.push((r, None));
                }
            }
        }
        (out, exact, whole)
    }

    /// Tell what has become of a media, once.
    fn tell_media(&mut self, media: MediaId, message: Option<String>) {
        if self.told.get(&media) != Some(&message) {
            self.told.insert(media, message.clone());
            self.send(PreviewEvent::Media { media, message });
        }
    }

    fn send(&self, event: PreviewEvent) {
        // the receiver goes away when the program ends
        let _ = self.tell.send(event);
        (self.wake)();
    }
}

/// Finished pictures by plan hash, oldest out first, bounded by bytes.
#[derive(Default)]
struct RenderCache {
    images: HashMap<u64, Rendered>,
    order: VecDeque<(u64, usize)>,
    bytes: usize,
}

impl RenderCache {
    fn get(&self, hash: u64) -> Option<Rendered> {
        self.images.get(&hash).cloned()
    }
    fn put(&mut self, hash: u64, image: &Rendered, bytes: usize) {
        if self.images.insert(hash, image.clone()).is_none() {
            self.order.push_back((hash, bytes));
            self.bytes += bytes;
        }
        while self.bytes > RENDERED_CACHE_BYTES
            && let Some((old, size)) = self.order.pop_front()
        {
            self.images.remove(&old);
            self.bytes -= size;
        }
    }
}
