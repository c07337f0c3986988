//! The upscaled picture of a frame at which a viewer's playhead rests: a network on a thread of its own makes the pictures of its media larger,
//! and the frame is drawn again with them, finer than its sequence where there is room for that.
//!
//! The plain frame is shown first. The newest wish of either viewer wins: one that nobody waits for any longer ends within a tile, between two layers of the
//! network. Memory is bounded: the pictures of one frame wait, those of one are computed, and those of the last are kept.

use super::{
    Monitor, PreviewCommand, PreviewEvent, Request, Worker, ahead::Flow, drawing::Pictures, playing::Playing, quick::Measured,
    serving::serve,
};
use crate::{
    base::{ClipId, Picture, Time},
    engine::{paths::Made as PathMade, upscale::Enlargement},
    gpu::{Output, Rendered},
    ml::Upscaler,
    model::{Project, Rendition, Sequence},
    plan::{self, Choice, FramePlan, MediaRef},
};
use crossbeam::channel::{Receiver, Sender, TrySendError, at, bounded, never, select, unbounded};
use std::{
    collections::BTreeSet,
    hash::Hasher,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Makes what makes pictures larger, when it is first wanted; the error is in the user's words.
pub type MakeUpscaler = Arc<dyn Fn() -> Result<Box<dyn Upscaler>, String> + Send + Sync>;

/// What is shown upscaled, wherever a playhead rests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Enlarge {
    #[default]
    Nothing,
    /// What either viewer shows.
    Everything,
    /// These clips of the program, and what is nested in them.
    Clips(Arc<BTreeSet<ClipId>>),
}

impl Enlarge {
    fn is_for(&self, monitor: Monitor) -> bool {
        match self {
            Self::Nothing => false,
            Self::Everything => true,
            Self::Clips(_) => monitor == Monitor::Program,
        }
    }

    /// Tells the picture of one choice from that of another.
    fn mark(&self) -> u64 {
        let Self::Clips(clips) = self else { return MARK };
        let mut hasher = xxhash_rust::xxh3::Xxh3::with_seed(MARK);
        clips.iter().for_each(|c| hasher.write_u64(c.0));
        hasher.finish()
    }
}

/// The frame is drawn so many times as wide and high as its sequence, if no side is longer than [`MAX_SIDE_PX`] then.
const LARGER: u32 = 2;
const MAX_SIDE_PX: u32 = 4096;
/// Tells an upscaled picture from the plain one of the same plan.
const MARK: u64 = 0x7570_7363_616c_6564;

/// How the upscaled picture of a frame stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Enlarged {
    /// Nobody asked for it, or nothing in the frame can be upscaled.
    #[default]
    No,
    /// So much of it is done, 0–1.
    Making(f32),
    Shown,
    /// The message for the user.
    Failed(String),
}

/// Pictures that are to be made larger; without any it is only asked what would do that.
pub(super) struct Wish {
    pub monitor: Monitor,
    pub pictures: Vec<(MediaRef, Picture)>,
    /// The request that waits for them: the newest one that shows the same moments.
    pub request: Arc<AtomicU64>,
    pub stop: Arc<AtomicBool>,
    /// Nobody looks at how it comes on.
    pub quiet: bool,
}

/// What is computed now.
struct Pending {
    request: Request,
    moments: Vec<MediaRef>,
    /// As its [`Wish`] has them.
    number: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

/// What has become of a wish.
pub(super) struct Made {
    pub request: Arc<AtomicU64>,
    /// Whether what computes may be quick enough for pictures that play.
    pub may_play: Option<bool>,
    /// Pixels, and what they have taken.
    pub took: Option<(u64, Duration)>,
    pub pictures: Result<Vec<(MediaRef, Enlargement)>, String>,
}

/// What the render thread woke up for.
pub(super) enum Woken {
    Told(PreviewCommand),
    Made(Made),
    Planned(PathMade),
    /// The time has come.
    Due,
    /// Whoever commanded is gone.
    Left,
}

/// The render thread's end of it.
pub(super) struct Live {
    of: Enlarge,
    wishes: Option<Mailbox>,
    made: Receiver<Made>,
    pending: Option<Pending>,
    /// Of the last frame: another effect on it needs no new ones.
    pub kept: Vec<(MediaRef, Enlargement)>,
    /// What is computed while something plays.
    pub flow: Option<Flow>,
    /// Whether the network may be quick enough for that; None = nobody has asked.
    pub may_play: Option<bool>,
    pub measured: Measured,
    /// How long a frame with upscaled pictures takes to draw.
    pub drawing: Duration,
}

/// Room for one wish: a newer one takes the place of one that waits.
struct Mailbox {
    put: Sender<Wish>,
    waiting: Receiver<Wish>,
}

impl Mailbox {
    fn send(&self, mut wish: Wish) {
        while let Err(TrySendError::Full(back)) = self.put.try_send(wish) {
            wish = back;
            // gone already where the thread has just taken it
            let _ = self.waiting.try_recv();
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        let (of, measured) = (Enlarge::Nothing, Measured::default());
        let (wishes, pending, kept, flow, may_play) = (None, None, Vec::new(), None, None);
        Self { of, wishes, made: never(), pending, kept, flow, may_play, measured, drawing: Duration::ZERO }
    }
}

impl Live {
    pub fn is_on(&self) -> bool {
        self.wishes.is_some()
    }

    pub fn is_for(&self, monitor: Monitor) -> bool {
        self.is_on() && self.of.is_for(monitor)
    }

    /// False where nobody computes.
    pub fn send(&self, wish: Wish) -> bool {
        self.wishes.as_ref().inspect(|w| w.send(wish)).is_some()
    }

    /// On for these, with what `make` makes, or off.
    pub fn turn(&mut self, of: Enlarge, make: MakeUpscaler, tell: &Sender<PreviewEvent>, wake: &Arc<dyn Fn() + Send + Sync>) {
        self.stop();
        if of != Enlarge::Nothing && self.is_on() {
            // the thread has its network already, and made pictures are as good as they were
            self.of = of;
            return;
        }
        *self = Self { of, ..Self::default() };
        if self.of == Enlarge::Nothing {
            return;
        }
        let ((put, waiting), (done, made)) = (bounded(1), unbounded());
        let (wishes, tell, wake) = (waiting.clone(), tell.clone(), wake.clone());
        let told = move |monitor, request, share| {
            // the receiver goes away when the program ends
            let _ = tell.send(PreviewEvent::Enlarging { monitor, request, state: Enlarged::Making(share) });
            wake();
        };
        match std::thread::Builder::new().name("upscale for the viewer".into()).spawn(move || serve(&make, &wishes, &done, &told)) {
            Ok(_) => (self.wishes, self.made) = (Some(Mailbox { put, waiting }), made),
            Err(e) => tracing::error!("no thread for upscaled pictures: {e}"),
        }
    }

    /// Nobody waits for what is computed.
    pub fn stop(&mut self) {
        self.stop_flow();
        if let Some(pending) = self.pending.take() {
            pending.stop.store(true, Ordering::Relaxed);
        }
    }

    /// Nothing plays any longer.
    pub fn stop_flow(&mut self) {
        if let Some(flow) = self.flow.take() {
            flow.stop();
        }
    }

    /// A frame is asked for: what is computed for another one of this viewer is for nobody.
    pub fn moved_to(&mut self, monitor: Monitor, frame: i64) {
        if self.pending.as_ref().is_some_and(|p| p.request.monitor == monitor && p.request.frame != frame) {
            self.stop();
        }
    }

    /// Pictures that were made are no longer those of the media.
    pub fn forget(&mut self) {
        self.kept.clear();
    }

    /// Until somebody commands, a picture or a path is made, or it is time.
    pub fn wait(&mut self, inbox: &Receiver<PreviewCommand>, paths: &Receiver<PathMade>, until: Option<Instant>) -> Woken {
        // commands come first: what was made may be for nobody any longer
        if let Ok(command) = inbox.try_recv() {
            return Woken::Told(command);
        }
        let (made, due) = (self.made.clone(), until.map_or_else(never, at));
        select! {
            recv(inbox) -> command => command.map_or(Woken::Left, Woken::Told),
            recv(made) -> made => match made {
                Ok(made) => Woken::Made(made),
                Err(_) => {
                    // its thread is gone
                    *self = Self::default();
                    Woken::Due
                }
            },
            recv(paths) -> path => path.map_or(Woken::Due, Woken::Planned),
            recv(due) -> _ => Woken::Due,
        }
    }

    fn has(&self, moment: &MediaRef) -> bool {
        self.kept.iter().any(|(m, _)| m == moment)
    }
}

impl Worker {
    /// Show the upscaled picture of the frame if it was drawn before; true when it was.
    pub(super) fn show_enlarged(&mut self, r: &Request) -> bool {
        if !self.live.of.is_for(r.monitor) {
            return false;
        }
        let (_, key) = self.larger_plan(r);
        let Some(image) = self.cache.get(key) else { return false };
        self.measure.offer(r.monitor, &image);
        let (monitor, frame, enlarged, divisor) = (r.monitor, r.frame, true, 1);
        let before = self.before(monitor, &r.project, frame, divisor, false);
        let (exact, dropped, late, request) = (true, 0, Time::ZERO, Some(r.request));
        self.send(PreviewEvent::Shown { monitor, frame, image, before, exact, divisor, dropped, late, enlarged, request });
        true
    }

    /// Have the media of a frame made larger, which is shown already; or draw it, where they are.
    pub(super) fn enlarge(&mut self, r: &Request) {
        if !self.live.of.is_for(r.monitor) {
            return;
        }
        let (plan, key) = self.larger_plan(r);
        let plan = plan::without_hidden(plan, &r.project);
        let (pictures, exact, whole) = self.pictures(&r.project, &plan, false);
        // what cannot be read is told already
        if !exact || !whole {
            return self.live.stop();
        }
        let wanted = self.to_enlarge(r, &pictures);
        if wanted.iter().all(|(m, _)| self.live.has(m)) {
            self.live.stop();
            if !wanted.is_empty() {
                let moments: Vec<_> = wanted.iter().map(|(m, _)| *m).collect();
                self.draw_enlarged(r, plan, key, pictures, &moments);
            }
            return;
        }
        self.send(PreviewEvent::Enlarging { monitor: r.monitor, request: r.request, state: Enlarged::Making(0.0) });
        let moments: Vec<_> = wanted.iter().map(|(m, _)| *m).collect();
        // another effect on what is being computed does not begin it anew
        let same = |p: &&mut Pending| p.request.monitor == r.monitor && p.moments == moments;
        if let Some(pending) = self.live.pending.as_mut().filter(same) {
            pending.number.store(r.request, Ordering::Relaxed);
            pending.request = r.clone();
            return;
        }
        if let Some(other) = self.live.pending.as_ref().map(|p| &p.request).filter(|p| p.monitor != r.monitor) {
            // its viewer keeps the plain picture
            let (monitor, request) = (other.monitor, other.request);
            self.send(PreviewEvent::Enlarging { monitor, request, state: Enlarged::No });
        }
        self.live.stop();
        let (number, stop) = (Arc::new(AtomicU64::new(r.request)), Arc::new(AtomicBool::new(false)));
        let wish = Wish { monitor: r.monitor, pictures: wanted, request: number.clone(), stop: stop.clone(), quiet: false };
        self.live.pending = Some(Pending { request: r.clone(), moments, number, stop });
        self.live.send(wish);
    }

    /// Pictures have come; they are for nobody where another frame is wanted by now.
    pub(super) fn take_enlarged(&mut self, made: Made, playing: Option<&mut Playing>) {
        self.live.may_play = made.may_play.or(self.live.may_play);
        if let Some((pixels, time)) = made.took {
            self.live.measured.took(pixels, time);
        }
        if self.live.flow.as_ref().is_some_and(|f| f.is_answered_by(&made)) {
            return self.take_ahead(made, playing);
        }
        let Some(pending) = self.live.pending.take_if(|p| Arc::ptr_eq(&p.number, &made.request)) else { return };
        match made.pictures {
            Ok(pictures) => {
                self.live.kept = pictures;
                self.enlarge(&pending.request);
            }
            Err(message) => {
                let (monitor, request) = (pending.request.monitor, pending.request.request);
                self.send(PreviewEvent::Enlarging { monitor, request, state: Enlarged::Failed(message) });
            }
        }
    }

    /// The pictures of a frame that are to be upscaled.
    pub(super) fn to_enlarge(&self, r: &Request, pictures: &Pictures) -> Vec<(MediaRef, Picture)> {
        let meant = self.meant(r);
        let is_meant = |m: &MediaRef| meant.as_ref().is_none_or(|meant| meant.contains(m));
        let own = pictures.iter().filter(|(m, _)| m.rendition != Rendition::Upscaled && is_meant(m));
        own.filter_map(|(m, p)| Some((*m, p.clone()?))).collect()
    }

    /// What a frame shows of the media themselves, on a larger canvas, steadied; and the key of its picture.
    pub(super) fn larger_plan(&mut self, r: &Request) -> (FramePlan, u64) {
        let plan = self.paths.steady(&r.project, plan::frame_by(&r.project, r.frame, 1, &self.larger_choice(&r.project)));
        let key = plan.hash.rotate_left(1) ^ self.live.of.mark();
        (plan, key)
    }

    fn larger_choice(&self, project: &Project) -> Choice {
        Choice { proxies: false, larger: times(&project.sequence), ..self.choice.clone() }
    }

    /// The moments that clips show which are to be upscaled; None = all.
    fn meant(&self, r: &Request) -> Option<Vec<MediaRef>> {
        let Enlarge::Clips(clips) = &self.live.of else { return None };
        let alone = plan::only(&r.project, r.frame, clips);
        Some(plan::frame_by(&alone, r.frame, 1, &self.larger_choice(&alone)).media_refs().copied().collect())
    }

    fn draw_enlarged(&mut self, r: &Request, plan: FramePlan, key: u64, pictures: Pictures, wanted: &[MediaRef]) {
        match self.render_enlarged(plan, key, pictures, wanted) {
            Ok(_) => {
                // a cache with no room for it keeps nothing
                if !self.show_enlarged(r) {
                    tracing::warn!("the memory for finished pictures is too small for an upscaled one");
                }
            }
            Err(message) => {
                let (monitor, request, state) = (r.monitor, r.request, Enlarged::Failed(message));
                self.send(PreviewEvent::Enlarging { monitor, request, state });
            }
        }
    }

    /// The frame with the kept pictures of these moments in place of the media's own.
    pub(super) fn render_enlarged(
        &mut self,
        plan: FramePlan,
        key: u64,
        pictures: Pictures,
        wanted: &[MediaRef],
    ) -> Result<Rendered, String> {
        let kept = &self.live.kept;
        kept.iter().filter_map(|(_, large)| large.held.as_ref()).for_each(|held| self.renderer.adopt(held));
        let large = |m: &MediaRef| kept.iter().find(|(k, _)| k == m && wanted.contains(m)).map(|(_, p)| p.picture.clone());
        let converted = |m: &MediaRef| large(m).is_some();
        let plan = plan::in_own_colors(plan, &converted);
        // the plan names the converted ones without colours now
        let pictures: Pictures =
            pictures.into_iter().map(|(m, p)| large(&m).map_or((m, p), |large| (MediaRef { color: None, ..m }, Some(large)))).collect();
        let mut source = |m: &MediaRef| pictures.iter().find(|(of, _)| of == m).and_then(|(_, p)| p.clone());
        let image = self.renderer.render(&plan, &mut source, Output::Display).map_err(|e| e.to_string())?;
        self.cache.put(key, &image, plan.width as usize * plan.height as usize * 4);
        Ok(image)
    }
}

fn times(s: &Sequence) -> u32 {
    if s.width.max(s.height).saturating_mul(LARGER) <= MAX_SIDE_PX { LARGER } else { 1 }
}
