//! From what a plan wishes to how its pictures are bent: finds the motion of a media's camera, plans the path that it shall
//! seem to take, and keeps both. Owned by whoever draws, on its thread: the render thread, an export.

mod background;
mod figures;
#[cfg(test)]
mod tests;

use background::Background;
pub(super) use background::Made;
pub use figures::{SteadyNote, SteadyPath};

use crate::{
    analysis::stabilize::{self, MotionTrack, Path, Settings, Zoom},
    base::{ContentHash, Time},
    model::{Border, Project, RollingShutter, Stabilize, StabilizeZoom},
    plan::{self, FramePlan, MediaRef, Warp},
};
use crossbeam::channel::{Receiver, never};
use std::{
    borrow::Cow,
    collections::HashMap,
    fmt,
    ops::Range,
    sync::{Arc, atomic::AtomicBool},
};

/// Planned paths kept: a 10-minute one takes some megabytes.
const KEPT: usize = 12;
/// And paths around a frame.
const KEPT_NEAR: usize = 4;
/// Frames whose path is planned whole at once: some 50 ms at worst.
const SHORT: usize = 900;

type Load = dyn Fn(ContentHash) -> Option<MotionTrack> + Send + Sync;

/// Where the motion of cameras is found: the analyses of media, by the content of their files. Reads the disk.
#[derive(Clone, Default)]
pub struct Motions(Option<Arc<Load>>);

impl Motions {
    pub fn new(load: impl Fn(ContentHash) -> Option<MotionTrack> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(load)))
    }

    fn find(&self, media: ContentHash) -> Option<MotionTrack> {
        self.0.as_ref()?(media)
    }
}

impl fmt::Debug for Motions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Motions({})", if self.0.is_some() { "some" } else { "none" })
    }
}

/// A media and how its path is wished.
type Key = (ContentHash, Stabilize);

/// A path for a whole media.
struct Planned {
    key: Key,
    path: Path,
    /// Nothing is bent anywhere.
    is_still: bool,
    told: Arc<SteadyPath>,
}

/// A path around one place, until that of the whole is there.
struct Near {
    key: Key,
    path: Path,
    /// The frames that it is good for.
    frames: Range<usize>,
}

/// Paths by media and settings.
#[derive(Default)]
pub struct Paths {
    motions: Motions,
    tracks: HashMap<ContentHash, Option<Arc<MotionTrack>>>,
    /// The newest use at the end.
    planned: Vec<Planned>,
    near: Vec<Near>,
    news: Vec<Arc<SteadyPath>>,
    /// Plans what takes long, where nobody may wait for it.
    background: Option<Background>,
    owes: bool,
}

impl Paths {
    /// Each path is planned whole when it is first needed: what is drawn is final.
    pub fn new(motions: Motions) -> Self {
        Self { motions, ..Self::default() }
    }

    /// A long path is planned at first around the frame that is drawn, and whole in the background: see [`Paths::owes`].
    pub(super) fn at_once(motions: Motions) -> Self {
        Self { background: Some(Background::default()), ..Self::new(motions) }
    }

    /// The analysis of a media has been made or made anew.
    pub fn forget(&mut self, media: ContentHash) {
        self.tracks.remove(&media);
        self.planned.retain(|p| p.key.0 != media);
        self.near.retain(|n| n.key.0 != media);
        if let Some(background) = &mut self.background {
            background.forget(media);
        }
    }

    /// What was planned since the last call.
    pub fn take_news(&mut self) -> Vec<Arc<SteadyPath>> {
        std::mem::take(&mut self.news)
    }

    /// The plan with every picture bent as its clip wishes, where its media was analysed.
    pub fn steady(&mut self, project: &Project, plan: FramePlan) -> FramePlan {
        let mut lacking: Vec<Key> = Vec::new();
        let steady = plan::steadied(plan.clone(), &mut |m, wish| {
            let key = key(project.media.get(&m.media)?.file.hash?, wish);
            if let Some(whole) = self.whole(key) {
                return whole.warp(m, wish);
            }
            if self.is_long(key.0) && !lacking.contains(&key) {
                lacking.push(key);
            }
            None
        });
        self.owes = !lacking.is_empty();
        if lacking.is_empty() {
            return steady;
        }
        self.plan_for_frame(&lacking);
        plan::steadied(plan, &mut |m, wish| {
            let key = key(project.media.get(&m.media)?.file.hash?, wish);
            match self.planned.iter().find(|p| p.key == key) {
                Some(whole) => whole.warp(m, wish),
                None => warp(self.around(key, m.time)?, m, wish),
            }
        })
    }

    /// Whether the last frame was drawn along a path that is not the whole's: once that is there (`made`), it is to be drawn anew.
    pub(super) fn owes(&self) -> bool {
        self.owes
    }

    /// Figures of a media's path; None while it was not analysed, or is planned in the background.
    pub fn figures(&mut self, media: ContentHash, wish: &Stabilize) -> Option<Arc<SteadyPath>> {
        let key = key(media, wish);
        let told = self.whole(key).map(|p| p.told.clone());
        if told.is_none() && self.is_long(media) {
            self.plan_for_figures(key);
        }
        told
    }

    /// Whether a media was analysed.
    pub fn knows(&mut self, media: ContentHash) -> bool {
        self.track(media).is_some()
    }

    /// What the background makes comes here.
    pub(super) fn made(&self) -> Receiver<Made> {
        self.background.as_ref().map_or_else(never, Background::made)
    }

    /// Takes what the background has made.
    pub(super) fn take(&mut self, made: Made) {
        let Some(background) = &mut self.background else { return };
        if let Some(planned) = background.take(made) {
            self.near.retain(|n| n.key != planned.key);
            self.keep(planned);
        }
        self.go_on();
    }

    fn plan_for_frame(&mut self, keys: &[Key]) {
        if let Some(background) = &mut self.background {
            background.want_for_frame(keys);
        }
        self.go_on();
    }

    fn plan_for_figures(&mut self, key: Key) {
        if let Some(background) = &mut self.background {
            background.want_for_figures(key);
        }
        self.go_on();
    }

    /// Has the background plan the next path.
    fn go_on(&mut self) {
        let Some(key) = self.background.as_ref().and_then(Background::next) else { return };
        let track = self.track(key.0);
        if let (Some(background), Some(track)) = (&mut self.background, track) {
            background.plan(key, track);
        }
    }

    fn track(&mut self, media: ContentHash) -> Option<Arc<MotionTrack>> {
        let motions = &self.motions;
        self.tracks.entry(media).or_insert_with(|| motions.find(media).map(Arc::new)).clone()
    }

    /// Whether a media's whole path takes longer to plan than a picture may.
    fn is_long(&mut self, media: ContentHash) -> bool {
        self.background.is_some() && self.track(media).is_some_and(|t| t.frames.len() > SHORT)
    }

    /// The path of a whole media; a short one is planned at once.
    fn whole(&mut self, key: Key) -> Option<&Planned> {
        match self.planned.iter().position(|p| p.key == key) {
            Some(i) => self.planned[i..].rotate_left(1),
            None if self.is_long(key.0) => return None,
            None => {
                let track = self.track(key.0)?;
                let planned = Planned::of(key, &track, &AtomicBool::new(false))?;
                self.keep(planned);
            }
        }
        self.planned.last()
    }

    fn keep(&mut self, planned: Planned) {
        self.news.push(planned.told.clone());
        if self.planned.len() >= KEPT {
            self.planned.remove(0);
        }
        self.planned.push(planned);
    }

    /// The path around a time of a media.
    fn around(&mut self, key: Key, time: Time) -> Option<&Path> {
        let track = self.track(key.0)?;
        let at = track.frames.partition_point(|f| f.pts <= time).saturating_sub(1);
        match self.near.iter().position(|n| n.key == key && n.frames.contains(&at)) {
            Some(i) => self.near[i..].rotate_left(1),
            None => {
                let _span = tracing::debug_span!("plan camera path around a frame", at).entered();
                let (path, frames) = stabilize::plan_near(&track_as(key, &track), &settings_of(&key.1), at);
                self.near.retain(|n| n.key != key);
                if self.near.len() >= KEPT_NEAR {
                    self.near.remove(0);
                }
                self.near.push(Near { key, path, frames });
            }
        }
        self.near.last().map(|n| &n.path)
    }
}

/// What is done beyond the border is no part of the path.
fn key(media: ContentHash, wish: &Stabilize) -> Key {
    (media, Stabilize { border: Border::default(), on: true, ..*wish })
}

fn warp(path: &Path, m: &MediaRef, wish: &Stabilize) -> Option<Warp> {
    let i = path.index_at(m.time)?;
    // where the zoom leaves nothing to be seen beyond the border, rounding shall not either
    let border = if wish.zoom == StabilizeZoom::None { wish.border } else { Border::Fill };
    Some(Warp { maps: path.rows(i, Warp::MAX_MAPS), border })
}

/// A camera's motion with the readout that is wished.
fn track_as<'a>(key: Key, track: &'a MotionTrack) -> Cow<'a, MotionTrack> {
    match key.1.rolling_shutter {
        RollingShutter::Ms(ms) => Cow::Owned(MotionTrack { readout_secs: f64::from(ms) / 1000.0, ..track.clone() }),
        RollingShutter::Off | RollingShutter::Auto => Cow::Borrowed(track),
    }
}

impl Planned {
    /// None soon after `stop` is set.
    fn of(key: Key, track: &MotionTrack, stop: &AtomicBool) -> Option<Self> {
        let _span = tracing::debug_span!("plan camera path", frames = track.frames.len()).entered();
        let path = stabilize::plan_until(&track_as(key, track), &settings_of(&key.1), stop)?;
        let is_still = path.readout_secs == 0.0 && path.frames.iter().all(|f| f.raw == f.pose && f.zoom == 0.0);
        let told = Arc::new(SteadyPath::of(key.0, key.1, &path));
        Some(Self { key, path, is_still, told })
    }

    fn warp(&self, m: &MediaRef, wish: &Stabilize) -> Option<Warp> {
        if self.is_still { None } else { warp(&self.path, m, wish) }
    }
}

fn settings_of(wish: &Stabilize) -> Settings {
    Settings {
        smoothness: f64::from(wish.smoothness),
        max_crop: f64::from(wish.max_crop),
        zoom: match wish.zoom {
            StabilizeZoom::None => Zoom::None,
            StabilizeZoom::Static => Zoom::Static,
            StabilizeZoom::Dynamic => Zoom::Dynamic,
        },
        tripod: wish.tripod,
        horizon: wish.horizon_lock,
        rolling: wish.rolling_shutter != RollingShutter::Off,
    }
}
