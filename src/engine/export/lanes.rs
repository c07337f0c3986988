//! The decoders of an export: one thread each, reading ahead of the renderer.
//!
//! A lane answers requests in the order they were made, through a channel that holds a bounded number of bytes: it
//! decodes ahead until that is full. Owned by the planning thread; the renderer holds the receiving ends.

use super::footage::{Footage, Pictures};
use crate::{
    base::{MediaId, MediaInfo, Picture, Time},
    media::MediaError,
    model::{Media, Project, Rendition},
    plan::MediaRef,
};
use crossbeam::channel::{Receiver, Sender, bounded, unbounded};
use std::thread::Scope;

/// Decoded pictures that wait in one lane.
const LANE_BYTES: u64 = 32 << 20;
/// Decoders open at once, unless one frame needs more.
const MAX_OPEN: usize = 6;
/// A lane that is at most this far behind decodes on rather than being sent elsewhere.
const NEAR: Time = Time(2 * crate::base::FLICKS_PER_SEC);

/// A decoded picture, and where its file turned out to end if that was too early.
pub(super) struct Got {
    pub picture: Picture,
    pub ended_early: Option<Time>,
}

pub(super) type Reply = Result<Got, MediaError>;

struct Lane {
    media: MediaId,
    rendition: Rendition,
    ask: Sender<Time>,
    replies: Receiver<Reply>,
    /// Time asked for last, and for which frame of the film.
    last: Time,
    frame: i64,
}

/// All open lanes.
pub(super) struct Lanes<'s, 'e> {
    scope: &'s Scope<'s, 'e>,
    footage: &'e dyn Footage,
    project: &'e Project,
    open: Vec<Lane>,
}

impl<'s, 'e> Lanes<'s, 'e> {
    pub fn new(scope: &'s Scope<'s, 'e>, footage: &'e dyn Footage, project: &'e Project) -> Self {
        Self { scope, footage, project, open: Vec::new() }
    }

    /// Asks for the pictures of one frame. Each reply arrives at the returned receiver in the order of asking; None for
    /// media that the project does not have. Refs of one frame that name the same moment must be asked once.
    pub fn ask(&mut self, frame: i64, refs: &[MediaRef]) -> Vec<Option<Receiver<Reply>>> {
        let mut lane_of: Vec<Option<usize>> = vec![None; refs.len()];
        // those that read on first, so that nobody takes their lane
        for (r, slot) in refs.iter().zip(&mut lane_of) {
            *slot = self.reading_on(r, frame);
            self.claim(*slot, r.time, frame);
        }
        for (r, slot) in refs.iter().zip(&mut lane_of) {
            if slot.is_none() {
                *slot = self.idle(r, frame).or_else(|| self.open(r, frame));
                self.claim(*slot, r.time, frame);
            }
        }
        let send = |(r, slot): (&MediaRef, Option<usize>)| {
            let lane = &self.open[slot?];
            // a lane that has died closes its replies, which the renderer notices
            let _ = lane.ask.send(r.time);
            Some(lane.replies.clone())
        };
        let replies = refs.iter().zip(lane_of).map(send).collect();
        self.close_old(frame);
        replies
    }

    fn claim(&mut self, lane: Option<usize>, time: Time, frame: i64) {
        if let Some(l) = lane.and_then(|i| self.open.get_mut(i)) {
            (l.last, l.frame) = (time, frame);
        }
    }

    /// The lane of this media, not yet taken for this frame, that is nearest behind the wanted time.
    fn reading_on(&self, r: &MediaRef, frame: i64) -> Option<usize> {
        let gap = |l: &Lane| r.time - l.last;
        let near = |l: &Lane| is_of(l, r) && l.frame != frame && (Time::ZERO..=NEAR).contains(&gap(l));
        (0..self.open.len()).filter(|i| near(&self.open[*i])).min_by_key(|i| gap(&self.open[*i]))
    }

    /// Any lane of this media that is not taken for this frame: it will have to jump.
    fn idle(&self, r: &MediaRef, frame: i64) -> Option<usize> {
        let free = |l: &Lane| is_of(l, r) && l.frame != frame;
        (0..self.open.len()).filter(|i| free(&self.open[*i])).min_by_key(|i| self.open[*i].frame)
    }

    fn open(&mut self, r: &MediaRef, frame: i64) -> Option<usize> {
        let media = self.project.media.get(&r.media)?.clone();
        let (ask, asked) = unbounded::<Time>();
        let (reply, replies) = bounded(room(media.source(r.rendition)?.1));
        let (footage, rendition) = (self.footage, r.rendition);
        let name = format!("decode {}", media.name);
        let run = move || serve(footage, &media, rendition, &asked, &reply);
        if let Err(e) = std::thread::Builder::new().name(name).spawn_scoped(self.scope, run) {
            tracing::error!(%e, "a decoder thread could not be started");
        }
        self.open.push(Lane { media: r.media, rendition, ask, replies, last: Time::ZERO, frame });
        Some(self.open.len() - 1)
    }

    /// Lets go of the lanes that were used longest ago; what was asked of them is still answered.
    fn close_old(&mut self, frame: i64) {
        while self.open.len() > MAX_OPEN {
            let oldest = (0..self.open.len()).filter(|i| self.open[*i].frame != frame).min_by_key(|i| self.open[*i].frame);
            let Some(i) = oldest else { return };
            self.open.swap_remove(i);
        }
    }
}

fn is_of(lane: &Lane, r: &MediaRef) -> bool {
    (lane.media, lane.rendition) == (r.media, r.rendition)
}

/// Pictures that may wait in a lane.
fn room(info: &MediaInfo) -> usize {
    let bytes = info.video.as_ref().map_or(1, |v| {
        let samples = u64::from(v.width) * u64::from(v.height) * if v.alpha { 8 } else { 3 } / 2;
        samples * if v.bit_depth > 8 { 2 } else { 1 }
    });
    (LANE_BYTES / bytes.max(1)).clamp(2, 24) as usize
}

/// The thread of a lane: opens the file at the first request, answers until its owner lets go or an error is told.
fn serve(footage: &dyn Footage, media: &Media, rendition: Rendition, asked: &Receiver<Time>, reply: &Sender<Reply>) {
    let mut source: Option<Box<dyn Pictures>> = None;
    for time in asked {
        let answer = picture(footage, media, rendition, &mut source, time);
        let failed = answer.is_err();
        if reply.send(answer).is_err() || failed {
            return;
        }
    }
}

fn picture(footage: &dyn Footage, media: &Media, rendition: Rendition, slot: &mut Option<Box<dyn Pictures>>, time: Time) -> Reply {
    let _span = tracing::debug_span!("decode", media = %media.name, %time).entered();
    let source = match slot {
        Some(s) => s,
        None => slot.insert(footage.pictures(media, rendition)?),
    };
    Ok(Got { picture: source.at(time)?, ended_early: source.ended_early() })
}
