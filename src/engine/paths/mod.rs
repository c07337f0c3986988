//! From what a plan wishes to how its pictures are bent: finds the motion of a media's camera, plans the path that it shall
//! seem to take, and keeps both. Owned by whoever draws, on its thread: the render thread, an export.

mod figures;

pub use figures::{SteadyNote, SteadyPath};

use crate::{
    analysis::stabilize::{self, MotionTrack, Path, Settings, Zoom},
    base::ContentHash,
    model::{Border, Project, RollingShutter, Stabilize, StabilizeZoom},
    plan::{self, FramePlan, MediaRef, Warp},
};
use std::{collections::HashMap, fmt, sync::Arc};

/// Planned paths kept: a 10-minute one takes some megabytes.
const KEPT: usize = 12;

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

/// A media's camera and what was planned of it.
struct Planned {
    media: ContentHash,
    wish: Stabilize,
    path: Arc<Path>,
    /// Nothing is bent anywhere.
    is_still: bool,
    told: Arc<SteadyPath>,
}

/// Paths by media and settings.
#[derive(Default)]
pub struct Paths {
    motions: Motions,
    tracks: HashMap<ContentHash, Option<Arc<MotionTrack>>>,
    /// The newest use at the end.
    planned: Vec<Planned>,
    news: Vec<Arc<SteadyPath>>,
}

impl Paths {
    pub fn new(motions: Motions) -> Self {
        Self { motions, ..Self::default() }
    }

    /// The analysis of a media has been made or made anew.
    pub fn forget(&mut self, media: ContentHash) {
        self.tracks.remove(&media);
        self.planned.retain(|p| p.media != media);
    }

    /// What was planned since the last call.
    pub fn take_news(&mut self) -> Vec<Arc<SteadyPath>> {
        std::mem::take(&mut self.news)
    }

    /// The plan with every picture bent as its clip wishes, where its media was analysed.
    pub fn steady(&mut self, project: &Project, plan: FramePlan) -> FramePlan {
        plan::steadied(plan, &mut |m, wish| self.warp(project, m, wish))
    }

    /// Figures of a media's path; None while it was not analysed.
    pub fn figures(&mut self, media: ContentHash, wish: &Stabilize) -> Option<Arc<SteadyPath>> {
        self.path(media, wish).map(|p| p.told.clone())
    }

    /// Whether a media was analysed.
    pub fn knows(&mut self, media: ContentHash) -> bool {
        self.track(media).is_some()
    }

    fn warp(&mut self, project: &Project, m: &MediaRef, wish: &Stabilize) -> Option<Warp> {
        let media = project.media.get(&m.media)?.file.hash?;
        let planned = self.path(media, wish)?;
        if planned.is_still {
            return None;
        }
        let i = planned.path.index_at(m.time)?;
        // where the zoom leaves nothing to be seen beyond the border, rounding shall not either
        let border = if wish.zoom == StabilizeZoom::None { wish.border } else { Border::Fill };
        Some(Warp { maps: planned.path.rows(i, Warp::MAX_MAPS), border })
    }

    fn track(&mut self, media: ContentHash) -> Option<Arc<MotionTrack>> {
        let motions = &self.motions;
        self.tracks.entry(media).or_insert_with(|| motions.find(media).map(Arc::new)).clone()
    }

    fn path(&mut self, media: ContentHash, wish: &Stabilize) -> Option<&Planned> {
        // what is done beyond the border is no part of the path
        let key = Stabilize { border: Border::default(), on: true, ..*wish };
        match self.planned.iter().position(|p| p.media == media && p.wish == key) {
            Some(i) => self.planned[i..].rotate_left(1),
            None => {
                let track = self.track(media)?;
                let planned = plan_path(media, key, &track);
                self.news.push(planned.told.clone());
                if self.planned.len() >= KEPT {
                    self.planned.remove(0);
                }
                self.planned.push(planned);
            }
        }
        self.planned.last()
    }
}

fn plan_path(media: ContentHash, wish: Stabilize, track: &MotionTrack) -> Planned {
    let _span = tracing::debug_span!("plan camera path", frames = track.frames.len()).entered();
    let path = match wish.rolling_shutter {
        RollingShutter::Ms(ms) => {
            stabilize::plan(&MotionTrack { readout_secs: f64::from(ms) / 1000.0, ..track.clone() }, &settings_of(&wish))
        }
        RollingShutter::Off | RollingShutter::Auto => stabilize::plan(track, &settings_of(&wish)),
    };
    let is_still = path.readout_secs == 0.0 && path.frames.iter().all(|f| f.raw == f.pose && f.zoom == 0.0);
    let told = Arc::new(SteadyPath::of(media, wish, &path));
    Planned { media, wish, path: Arc::new(path), is_still, told }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        analysis::stabilize::{Flags, FrameMotion, Pose},
        base::{FrameRate, MediaId, Time},
        model::fixture::*,
        plan::frame,
    };
    use std::sync::atomic::{AtomicU32, Ordering};

    const HASH: ContentHash = ContentHash(7);

    /// A camera that trembles, 25 frames a second.
    fn shaky(frames: i64) -> MotionTrack {
        let at = |n: i64| {
            let t = n as f64 * 1.9;
            let pose = Pose { yaw: 0.004 * t.sin(), pitch: 0.003 * (1.3 * t).cos(), roll: 0.002 * t.cos(), log_zoom: 0.0 };
            let flags = Flags { cut: n == 0, ..Flags::default() };
            FrameMotion { pts: Time::from_frames(n, FrameRate::FPS_25), pose, confidence: 1.0, flags }
        };
        MotionTrack { size: (1920, 1080), focal: 1.0, readout_secs: 0.0, frames: (0..frames).map(at).collect() }
    }

    fn film() -> Project {
        let mut p = project(FrameRate::FPS_25);
        Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).file.hash = Some(HASH);
        let mut c = clip(20, 0, 100, media_content(10, Time::ZERO));
        c.stabilize = Some(Box::default());
        put(&mut p, 2, [c]);
        p
    }

    #[test]
    fn a_clip_is_steadied_once_its_media_was_analysed_and_planned_once_for_each_setting() {
        let loads = Arc::new(AtomicU32::new(0));
        let counted = loads.clone();
        let motions = Motions::new(move |hash| {
            counted.fetch_add(1, Ordering::Relaxed);
            (hash == HASH).then(|| shaky(100))
        });
        let p = film();
        let plain = frame(&p, 30, 1);
        assert_eq!(Paths::default().steady(&p, plain.clone()), plain);
        let mut paths = Paths::new(motions);
        let steady = paths.steady(&p, plain.clone());
        assert_ne!(steady.hash, plain.hash);
        let warp = steady.layers[0].inputs[0].warp().unwrap();
        assert_eq!((warp.maps.len(), warp.border), (1, Border::Fill));
        let told = paths.take_news();
        assert_eq!(told.len(), 1);
        assert!(told[0].jitter_px.1 < told[0].jitter_px.0 / 3.0, "{:?}", told[0].jitter_px);
        assert!(told[0].kept > 0.7 && told[0].kept < 1.0, "{}", told[0].kept);
        for n in 31..40 {
            paths.steady(&p, frame(&p, n, 1));
        }
        assert!(paths.take_news().is_empty(), "planned once");
        let mut stronger = p.clone();
        with_track(&mut stronger, 2, |t| Arc::make_mut(&mut t.clips[0]).stabilize.as_mut().unwrap().smoothness = 1.0);
        assert_ne!(paths.steady(&stronger, frame(&stronger, 30, 1)).hash, steady.hash);
        assert_eq!(paths.take_news().len(), 1);
        assert_eq!(paths.steady(&p, plain).hash, steady.hash, "the first path is still there");
        assert_eq!(loads.load(Ordering::Relaxed), 1, "read once");
        paths.forget(HASH);
        paths.steady(&p, frame(&p, 30, 1));
        assert_eq!(loads.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn no_point_of_a_steadied_picture_lies_outside_of_its_source() {
        let p = film();
        let mut paths = Paths::new(Motions::new(|_| Some(shaky(100))));
        for n in 0..100 {
            let steady = paths.steady(&p, frame(&p, n, 1));
            let map = steady.layers[0].inputs[0].warp().unwrap().maps[0];
            let (x, y) = (0.5, 0.5 * 1080.0 / 1920.0);
            for (u, v) in [(-x, -y), (x, -y), (-x, y), (x, y), (0.0, -y), (0.0, y)] {
                let q = map.map(|r| r[0] * u + r[1] * v + r[2]);
                let (q, r) = (q[0] / q[2], q[1] / q[2]);
                assert!(q.abs() <= x + 1e-6 && r.abs() <= y + 1e-6, "frame {n}: {q} {r}");
            }
        }
    }

    #[test]
    fn a_camera_that_stands_still_is_left_alone() {
        let mut still = shaky(50);
        still.frames.iter_mut().for_each(|f| f.pose = Pose { yaw: 0.0, pitch: 0.0, roll: 0.0, log_zoom: 0.0 });
        let p = film();
        let mut paths = Paths::new(Motions::new(move |_| Some(still.clone())));
        let plain = frame(&p, 30, 1);
        assert_eq!(paths.steady(&p, plain.clone()), plain, "and its planes may be copied");
    }
}
