//! Upscaled pictures of what plays, where the network is quick enough. Every frame is drawn plain first; the upscaled one takes its place if
//! it comes before the frame is due, so that nothing ever waits for it. One frame is computed at a time.

use super::{
    Request, Worker,
    drawing::Pictures,
    live::{Made, Wish},
    playing::Playing,
    quick::Chance,
};
use crate::{
    base::Picture,
    model::Rendition,
    plan::{self, FramePlan, MediaRef},
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Instant,
};

/// What is computed while something plays.
pub(super) struct Flow {
    number: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    /// The frame that waits to be due; None while it is only asked what computes.
    frame: Option<Frame>,
}

struct Frame {
    plan: FramePlan,
    key: u64,
    pictures: Pictures,
    moments: Vec<MediaRef>,
}

impl Flow {
    /// Whether this is what was made for it.
    pub fn is_answered_by(&self, made: &Made) -> bool {
        Arc::ptr_eq(&self.number, &made.request)
    }

    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Worker {
    /// The frame that was drawn ahead is wanted upscaled too, if there is a chance that it will be there in time.
    pub(super) fn enlarge_ahead(&mut self, p: &mut Playing) {
        let Some(ready) = p.ready.as_ref().filter(|r| matches!(r.drawn, Ok((_, true)))) else { return };
        if self.live.flow.is_some() || !p.trying.goes_on() || !self.live.is_for(p.monitor) {
            return;
        }
        let request = Request { monitor: p.monitor, project: p.project.clone(), frame: ready.frame, scrubbing: false, request: 0 };
        let Some(hardware) = self.live.may_play else { return self.ask(&request, None, Vec::new()) };
        // small copies are what the user plays for want of time
        let proxies = |plan: &FramePlan| plan.media_refs().any(|m| m.rendition == Rendition::Proxy);
        if !hardware || proxies(&self.plan(&p.project, request.frame, 1)) {
            return;
        }
        let (plan, key) = self.larger_plan(&request);
        if let Some(image) = self.cache.get(key) {
            return p.put_larger(image);
        }
        let plan = plan::without_hidden(plan, &p.project);
        let (pictures, exact, whole) = self.pictures(&p.project, &plan, false);
        let wanted = self.to_enlarge(&request, &pictures);
        let pixels = wanted.iter().map(|(_, p)| u64::from(p.width) * u64::from(p.height)).sum();
        let (network, drawing) = (self.live.measured.time_for(pixels), p.drawing() + self.live.drawing);
        let chance = Chance { hardware, network, drawing, frame: p.gap() };
        if exact && whole && !wanted.is_empty() && chance.is_good() {
            let moments = wanted.iter().map(|(m, _)| *m).collect();
            self.ask(&request, Some(Frame { plan, key, pictures, moments }), wanted);
        }
    }

    fn ask(&mut self, r: &Request, frame: Option<Frame>, pictures: Vec<(MediaRef, Picture)>) {
        let (number, stop) = (Arc::new(AtomicU64::new(r.request)), Arc::new(AtomicBool::new(false)));
        let wish = Wish { monitor: r.monitor, pictures, request: number.clone(), stop: stop.clone(), quiet: true };
        if self.live.send(wish) {
            self.live.flow = Some(Flow { number, stop, frame });
        }
    }

    /// What was computed for a frame that plays takes the plain one's place, unless that is on the screen already.
    pub(super) fn take_ahead(&mut self, made: Made, playing: Option<&mut Playing>) {
        let Some(Frame { plan, key, pictures, moments }) = self.live.flow.take().and_then(|f| f.frame) else { return };
        let Some(p) = playing else { return };
        match made.pictures {
            Ok(large) => self.live.kept = large,
            // the viewer says why when it comes to rest
            Err(message) => {
                tracing::warn!("no upscaled pictures while playing: {message}");
                return p.trying.too_slow();
            }
        }
        if p.ready.as_ref().is_none_or(|r| r.frame != plan.frame) {
            return p.trying.missed();
        }
        let request = Request { monitor: p.monitor, project: p.project.clone(), frame: plan.frame, scrubbing: false, request: 0 };
        // edited meanwhile
        if self.larger_plan(&request).1 != key {
            return;
        }
        let began = Instant::now();
        match self.render_enlarged(plan, key, pictures, &moments) {
            Ok(image) => {
                self.live.drawing = (self.live.drawing * 3 + began.elapsed()) / 4;
                p.trying.made();
                p.put_larger(image);
            }
            Err(message) => {
                tracing::warn!("no upscaled pictures while playing: {message}");
                p.trying.too_slow();
            }
        }
    }
}
