//! The render thread behind both viewers. The newest request of each wins; the last picture stays until the next is ready.
//!
//! One thread, one renderer and one set of decoders serve the program and the source viewer: only one of them plays at a
//! time, and what both show together stays within the bounds of one.
//!
//! A request while the pointer moves may be answered by a key picture where the exact one needs a long seek; the exact
//! one follows as soon as no newer request has come for a moment. While playing, the sound's clock says which frame is due,
//! and pictures are drawn before they are.

mod advance;
mod ahead;
mod cache;
mod drawing;
mod live;
mod measure;
mod playing;
mod quick;
mod serving;
mod steadying;

use super::{
    decoders::{Decoders, Fetched},
    meters::Meters,
    paths::{Motions, Paths, SteadyPath},
    playback::{Grains, Player, system},
};
use crate::{
    base::{ContentHash, MediaId, Rounding, Time},
    gpu::{Rendered, Renderer, ScopeData},
    model::{Media, Project, Rendition, Speed, Stabilize},
    plan::{self, Choice, Without},
};
use cache::RenderCache;
use crossbeam::channel::{Receiver, Sender, unbounded};
pub use live::{Enlarge, Enlarged, MakeUpscaler};
use live::{Live, Woken};
use measure::Measure;
use playing::{Playing, Ready};
use std::{
    cell::Cell,
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::{Duration, Instant},
};

/// A stand-in picture is refined when no newer request came for this long.
const REST: Duration = Duration::from_millis(90);
/// For finished pictures until told otherwise.
const CACHE_BYTES: usize = 256 << 20;
/// A quick picture that takes longer is drawn coarser the next time, until the exact one follows.
const QUICK: Duration = Duration::from_millis(40);

/// One of the two viewers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Monitor {
    /// The sequence.
    Program,
    /// A media of the bin, as a project of one clip.
    Source,
}

/// What a viewer asks for.
pub enum PreviewCommand {
    /// Show a frame. `scrubbing`: the pointer is moving, a quick picture is welcome. `request` comes back with the picture.
    /// Stops this monitor's playback.
    Show { monitor: Monitor, project: Arc<Project>, frame: i64, scrubbing: bool, request: u64 },
    /// Play from a frame; whatever plays stops. `range`: start over from its first frame when its end is reached.
    Play { monitor: Monitor, project: Arc<Project>, frame: i64, speed: Speed, range: Option<(i64, i64)> },
    /// What plays plays at this speed from now on; not 0.
    Shuttle { monitor: Monitor, speed: Speed },
    /// What plays plays in a loop from now on, or no longer does.
    Loop { monitor: Monitor, range: Option<(i64, i64)> },
    /// The project was edited while playing.
    Edited(Arc<Project>),
    /// Stop, and show the frame that was reached as an answer to `request`.
    Pause { monitor: Monitor, request: u64 },
    /// 1, 2, 4; 0 = automatic: full when still, lower while playing if frames would be dropped.
    Quality(u32),
    /// Finished pictures are kept in at most so many bytes.
    CacheBytes(usize),
    /// Which of a media's files pictures come from.
    Files(Choice),
    /// The files of a media are no longer what they were, though they lie where they did.
    Reopen(MediaId),
    /// Where the motion of media's cameras is found from now on.
    Motions(Motions),
    /// A media was analysed: what is known of its camera is read anew.
    Analysed(ContentHash),
    /// Plan a path that somebody wants to see; answered by [`PreviewEvent::Steadied`], in any case.
    Steady(ContentHash, Box<Stabilize>),
    /// Draw the program without this as well, for a comparison; None draws it once only.
    Compare(Option<Without>),
    /// Count what the scopes show, of this viewer's newest picture; None counts nothing.
    Scopes(Option<Monitor>),
    /// These are shown upscaled by what `make` makes, wherever the playhead rests.
    Enlarge { of: Enlarge, make: MakeUpscaler },
}

/// What the render thread tells.
pub enum PreviewEvent {
    /// `request` is the one that is answered; None while playing. `before` is the picture that it is compared with.
    /// `late`: by how much a playing picture missed its sound.
    Shown {
        monitor: Monitor,
        frame: i64,
        image: Rendered,
        before: Option<Rendered>,
        exact: bool,
        divisor: u32,
        dropped: u64,
        late: Time,
        /// Its media are upscaled.
        enlarged: bool,
        request: Option<u64>,
    },
    /// How the upscaled picture of a viewer's frame comes on, which `request` asked for.
    Enlarging { monitor: Monitor, request: u64, state: Enlarged },
    /// What the scopes show of the newest picture.
    Scopes(Arc<ScopeData>),
    /// A path was planned; None while the media was not analysed.
    Steadied(ContentHash, Option<Arc<SteadyPath>>),
    /// The picture could not be drawn.
    Failed { monitor: Monitor, frame: i64, message: String },
    /// A media could not be read (message) or is well again (None).
    Media { media: MediaId, message: Option<String> },
    /// The sound of a media cannot be read: it is silent while the rest plays.
    Silent { media: MediaId, message: String },
    /// A media ended before its declared end.
    EndedEarly { media: MediaId, at: Time },
    /// Playback ended at this frame: paused, replaced by the other viewer's, or the end was reached.
    /// `request` is the pause that is answered.
    Stopped { monitor: Monitor, frame: i64, request: Option<u64> },
}

/// Handle of the render thread; dropping it ends the thread.
pub struct Preview {
    commands: Sender<PreviewCommand>,
    pub events: Receiver<PreviewEvent>,
    pub meters: Arc<Meters>,
    grains: Grains,
    scrub_sound: Cell<bool>,
}

impl Preview {
    /// Start the render thread. `wake` is called after each event. `silent` leaves the sound output alone.
    pub fn start(renderer: Box<dyn Renderer>, silent: bool, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let (commands, inbox) = unbounded();
        let (tell, events) = unbounded();
        let meters = Arc::new(Meters::default());
        let tell_silence = {
            let (tell, wake) = (tell.clone(), wake.clone());
            move |media, message| {
                // the receiver goes away when the program ends
                let _ = tell.send(PreviewEvent::Silent { media, message });
                wake();
            }
        };
        let player = Player::new(system(), silent, meters.clone(), Box::new(tell_silence))?;
        let grains = player.grains();
        std::thread::Builder::new().name("preview".into()).spawn(move || {
            let measure = Measure::new(tell.clone(), wake.clone());
            let mut worker = Worker {
                renderer,
                decoders: Decoders::default(),
                cache: RenderCache::new(CACHE_BYTES),
                tell,
                wake,
                quality: 0,
                quick_divisor: 1,
                playing_divisor: [1; 2],
                compare: None,
                choice: Choice::default(),
                paths: Paths::default(),
                owed: [None, None],
                measure,
                live: Live::default(),
                media: BTreeMap::new(),
                told: HashMap::new(),
                player,
            };
            worker.run(&inbox);
        })?;
        Ok(Self { commands, events, meters, grains, scrub_sound: Cell::new(true) })
    }

    /// Never blocks: the mailbox keeps only the newest request of its kind.
    pub fn send(&self, command: PreviewCommand) {
        if self.commands.send(command).is_err() {
            tracing::error!("the render thread is gone");
        }
    }

    /// A short piece of the sound at a frame, for scrubbing. The newest wins; never blocks, never interrupts what plays.
    pub fn grain(&self, project: Arc<Project>, frame: i64) {
        if self.scrub_sound.get() {
            self.grains.play(project, frame);
        }
    }

    /// Whether grains are heard at all.
    pub fn set_scrub_sound(&self, on: bool) {
        self.scrub_sound.set(on);
    }
}

#[derive(Clone)]
struct Request {
    monitor: Monitor,
    project: Arc<Project>,
    frame: i64,
    scrubbing: bool,
    request: u64,
}

struct Worker {
    renderer: Box<dyn Renderer>,
    decoders: Decoders,
    cache: RenderCache,
    tell: Sender<PreviewEvent>,
    wake: Arc<dyn Fn() + Send + Sync>,
    quality: u32,
    /// What quick pictures have come down to in automatic quality.
    quick_divisor: u32,
    /// What each viewer's playback has come down to.
    playing_divisor: [u32; 2],
    compare: Option<Without>,
    choice: Choice,
    /// How pictures are steadied.
    paths: Paths,
    /// What each viewer shows along a path that is not planned whole yet.
    owed: [Option<Request>; 2],
    measure: Measure,
    live: Live,
    /// The program's media, to notice when an id comes to mean another file.
    media: BTreeMap<MediaId, Arc<Media>>,
    /// What was last told of each media: None = it can be read, else the message.
    told: HashMap<MediaId, Option<String>>,
    player: Player,
}

impl Worker {
    fn run(&mut self, inbox: &Receiver<PreviewCommand>) {
        let mut refine: [Option<(Request, Instant)>; 2] = [None, None];
        let mut playing: Option<Playing> = None;
        // until what plays needs to be looked at again
        let mut rest = Duration::ZERO;
        loop {
            self.measure_if_idle(inbox, playing.as_ref());
            let due = refine.iter().flatten().map(|(_, when)| *when).min();
            let look = if playing.is_some() { Some(Instant::now() + rest) } else { due };
            let mut newest: [Option<Request>; 2] = [None, None];
            let mut next = match self.live.wait(inbox, &self.paths.made(), look) {
                Woken::Told(c) => Some(c),
                Woken::Due => None,
                Woken::Made(made) => {
                    self.take_enlarged(made, playing.as_mut());
                    None
                }
                Woken::Planned(made) => {
                    self.take_path(made);
                    None
                }
                Woken::Left => return,
            };
            while let Some(command) = next {
                self.take(command, &mut newest, &mut playing);
                next = inbox.try_recv().ok();
            }
            if newest.iter().any(Option::is_some) {
                for (request, refine) in newest.into_iter().zip(&mut refine) {
                    if let Some(request) = request {
                        let owed = self.answer(&request, request.scrubbing) || (request.scrubbing && self.live.is_on());
                        *refine = owed.then(|| (request, Instant::now() + REST));
                    }
                }
            } else if let Some(p) = &mut playing {
                match self.advance(p) {
                    Some(time) => rest = time,
                    None => playing = None,
                }
            } else {
                let now = Instant::now();
                if let Some((request, _)) = refine.iter_mut().find_map(|r| r.take_if(|(_, when)| *when <= now)) {
                    self.answer(&request, false);
                }
            }
        }
    }

    /// Count the newest picture for the scopes, unless a request or a frame would have to wait for it.
    fn measure_if_idle(&mut self, inbox: &Receiver<PreviewCommand>, playing: Option<&Playing>) {
        if !self.measure.is_waiting() {
            return;
        }
        let until = |r: &Ready| Duration::from_nanos((r.due - self.player.heard()).nanos(Rounding::Floor));
        let room = playing.map(|p| p.ready.as_ref().map_or(Duration::ZERO, until));
        let Some(image) = self.measure.next(inbox.is_empty(), room) else { return };
        let begun = Instant::now();
        match self.renderer.scopes(&image) {
            Ok(data) => self.send(PreviewEvent::Scopes(Arc::new(data))),
            Err(e) => tracing::warn!("no scopes: {e}"),
        }
        self.measure.took(begun.elapsed());
    }

    fn take(&mut self, command: PreviewCommand, newest: &mut [Option<Request>; 2], playing: &mut Option<Playing>) {
        match command {
            PreviewCommand::Show { monitor, project, frame, scrubbing, request } => {
                self.owed[monitor as usize] = None;
                self.live.moved_to(monitor, frame);
                if monitor == Monitor::Program {
                    self.know(&project);
                }
                if playing.take_if(|p| p.monitor == monitor).is_some() {
                    self.player.stop();
                    self.live.stop_flow();
                }
                newest[monitor as usize] = Some(Request { monitor, project, frame, scrubbing, request });
            }
            PreviewCommand::Play { monitor, project, frame, speed, range } => {
                self.live.stop();
                let mut next = Playing::new(monitor, project, frame, speed, range);
                if let Some(before) = playing.take() {
                    self.player.stop();
                    if before.monitor == monitor {
                        next.dropped = before.dropped;
                    } else {
                        self.send(PreviewEvent::Stopped { monitor: before.monitor, frame: before.shown.max(0), request: None });
                    }
                }
                newest[monitor as usize] = None;
                self.owed[monitor as usize] = None;
                *playing = Some(next);
            }
            PreviewCommand::Shuttle { monitor, speed } => {
                if let Some(p) = playing.as_mut().filter(|p| p.monitor == monitor) {
                    p.shuttle(&mut self.player, speed);
                }
            }
            PreviewCommand::Loop { monitor, range } => {
                if let Some(p) = playing.as_mut().filter(|p| p.monitor == monitor) {
                    p.range = range;
                    self.player.set_range(range);
                }
            }
            PreviewCommand::Edited(project) => {
                self.know(&project);
                if let Some(p) = playing.as_mut().filter(|p| p.monitor == Monitor::Program) {
                    let (choice, paths) = (&self.choice, &mut self.paths);
                    p.edited(&mut self.player, project, |p, frame, divisor| paths.steady(p, plan::frame_by(p, frame, divisor, choice)));
                }
            }
            PreviewCommand::Pause { monitor, request } => {
                if let Some(p) = playing.take_if(|p| p.monitor == monitor) {
                    self.player.stop();
                    self.live.stop_flow();
                    let frame = p.shown.max(0);
                    newest[monitor as usize] = Some(Request { monitor, project: p.project.clone(), frame, scrubbing: false, request });
                    self.send(PreviewEvent::Stopped { monitor, frame, request: Some(request) });
                }
            }
            PreviewCommand::Compare(what) => {
                self.compare = what;
                if let Some(p) = playing {
                    p.ready = None;
                }
            }
            PreviewCommand::Motions(motions) => self.paths = Paths::at_once(motions),
            PreviewCommand::Analysed(media) => self.paths.forget(media),
            PreviewCommand::Steady(media, wish) => self.tell_steady(media, &wish),
            PreviewCommand::CacheBytes(limit) => self.cache.set_limit(limit),
            PreviewCommand::Files(choice) => {
                self.choice = choice;
                if let Some(p) = playing {
                    p.ready = None;
                }
            }
            PreviewCommand::Reopen(media) => {
                self.decoders.forget(media);
                self.forget_pictures();
            }
            PreviewCommand::Scopes(of) => self.measure.turn_to(of),
            PreviewCommand::Enlarge { of, make } => self.live.turn(of, make, &self.tell, &self.wake),
            PreviewCommand::Quality(divisor) => {
                self.quality = divisor;
                self.playing_divisor = [divisor.max(1); 2];
            }
        }
    }

    /// Close what the program no longer uses; forget all pictures when an id has come to mean another file.
    fn know(&mut self, project: &Project) {
        self.decoders.retain(project);
        let path = |m: &Media, r: Rendition| m.source(r).map(|s| s.0.to_path_buf());
        let moved = |m: &Media, n: &Media| {
            let all = [Rendition::Original, Rendition::Proxy, Rendition::Upscaled];
            all.into_iter().any(|r| m.source(r).is_some() && path(m, r) != path(n, r))
        };
        if self.media.iter().any(|(id, m)| project.media.get(id).is_some_and(|n| !Arc::ptr_eq(m, n) && moved(m, n))) {
            self.forget_pictures();
        }
        self.media.clone_from(&project.media);
    }

    fn forget_pictures(&mut self) {
        self.cache.clear();
        self.live.forget();
    }

    /// Draw and tell; true when a stand-in picture was shown and the exact one is still owed.
    fn answer(&mut self, r: &Request, quick: bool) -> bool {
        if !quick && self.show_enlarged(r) {
            return false;
        }
        let (monitor, frame, full) = (r.monitor, r.frame, self.quality.max(1));
        let (mut divisor, mut plan) = (full, self.plan(&r.project, frame, full));
        let coarse = quick && self.quality == 0 && self.cache.get(plan.hash).is_none();
        if coarse {
            divisor = self.quick_divisor;
            plan = self.plan(&r.project, frame, divisor);
        }
        self.owed[monitor as usize] = self.paths.owes().then(|| r.clone());
        let began = Instant::now();
        let (image, exact) = match self.draw(&r.project, &plan, quick) {
            Ok(drawn) => drawn,
            Err(message) => {
                self.send(PreviewEvent::Failed { monitor, frame, message });
                return false;
            }
        };
        self.measure.offer(monitor, &image);
        if coarse {
            self.quick_divisor = match began.elapsed() {
                took if took > QUICK => (divisor * 2).min(4),
                took if took * 5 < QUICK => (divisor / 2).max(1),
                _ => divisor,
            };
        }
        let exact = exact && divisor == full && self.owed[monitor as usize].is_none();
        let before = self.before(monitor, &r.project, frame, divisor, quick);
        let (request, late) = (Some(r.request), Time::ZERO);
        let enlarged = false;
        self.send(PreviewEvent::Shown { monitor, frame, image, before, exact, divisor, dropped: 0, late, enlarged, request });
        if exact && !quick {
            self.enlarge(r);
        }
        !exact
    }

    fn send(&self, event: PreviewEvent) {
        // the receiver goes away when the program ends
        let _ = self.tell.send(event);
        (self.wake)();
    }
}
