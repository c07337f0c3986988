//! The pictures of an export: planning on one thread, drawing on another, decoders reading ahead beside them.

use super::{
    ExportError,
    lanes::{Lanes, Reply},
    scale,
};
use crate::{
    base::{MediaId, Picture, PixelFormat, Rotation, Time},
    engine::paths::Paths,
    gpu::{Output, Rendered, Renderer},
    model::Project,
    plan::{self, Choice, FramePlan, MediaRef},
};
use crossbeam::channel::{Receiver, Sender};
use std::{collections::BTreeMap, ops::Range};

/// One frame to be made, with the decoders' answers to come.
pub(super) struct Step {
    plan: FramePlan,
    work: Work,
}

enum Work {
    /// The frame before it once more.
    Repeat,
    /// The one decoded picture as it is, if it turns out to fit.
    Direct(MediaRef, Receiver<Reply>),
    Draw(Vec<(MediaRef, Receiver<Reply>)>),
}

/// What the drawing thread has learnt by the end.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// Frames that went to the encoder as they were decoded.
    pub direct: u64,
    /// Frames that were the same picture as the one before.
    pub repeated: u64,
    /// Media that ended before their declared end.
    pub ended_early: BTreeMap<MediaId, Time>,
}

/// Who plans frames, of what.
pub(super) struct Planner<'a> {
    pub project: &'a Project,
    /// Pixels of the film.
    pub size: (u32, u32),
    pub choice: &'a Choice,
    /// How pictures are steadied.
    pub paths: Paths,
}

impl Planner<'_> {
    /// Plans `frames` in order, asks the decoders and sends the steps on; ends early when nobody listens any more.
    pub fn run(mut self, frames: Range<i64>, mut lanes: Lanes<'_, '_>, steps: &Sender<Step>) {
        let mut last = None;
        for frame in frames {
            let plan = self.plan(frame);
            let work = if last == Some(plan.hash) { Work::Repeat } else { ask(self.project, &plan, &mut lanes) };
            last = Some(plan.hash);
            if steps.send(Step { plan, work }).is_err() {
                return;
            }
        }
    }

    fn plan(&mut self, frame: i64) -> FramePlan {
        let steady = self.paths.steady(self.project, plan::frame_by(self.project, frame, 1, self.choice));
        scale::to_size(plan::without_hidden(steady, self.project), self.size.0, self.size.1)
    }
}

fn ask(project: &Project, plan: &FramePlan, lanes: &mut Lanes<'_, '_>) -> Work {
    if let Some(r) = plan::sole_source(plan, project)
        && let Some(Some(reply)) = lanes.ask(plan.frame, &[*r]).pop()
    {
        return Work::Direct(*r, reply);
    }
    let refs = plan.moments();
    let replies = lanes.ask(plan.frame, &refs);
    Work::Draw(refs.into_iter().zip(replies).filter_map(|(r, reply)| Some((r, reply?))).collect())
}

/// Makes the frames in order and sends them on; ends early when nobody listens any more.
pub(super) fn draw_all(
    renderer: &mut dyn Renderer,
    format: PixelFormat,
    steps: &Receiver<Step>,
    frames: &Sender<Picture>,
) -> Result<Drawn, ExportError> {
    let mut drawn = Drawn::default();
    let mut last: Option<Picture> = None;
    for step in steps {
        let picture = match (step.work, &last) {
            (Work::Repeat, Some(p)) => {
                drawn.repeated += 1;
                p.clone()
            }
            (Work::Repeat, None) => return Err(ExportError::Stopped("a repeated frame without a first one")),
            (Work::Direct(r, reply), _) => {
                let picture = receive(&r, &reply, &mut drawn)?;
                if fits(&picture, &r, &step.plan, format) {
                    drawn.direct += 1;
                    picture
                } else {
                    draw(renderer, &step.plan, format, &[(r, picture)])?
                }
            }
            (Work::Draw(asked), _) => {
                let pictures: Result<Vec<_>, ExportError> =
                    asked.iter().map(|(r, reply)| Ok((*r, receive(r, reply, &mut drawn)?))).collect();
                draw(renderer, &step.plan, format, &pictures?)?
            }
        };
        last = Some(picture.clone());
        if frames.send(picture).is_err() {
            break;
        }
    }
    Ok(drawn)
}

fn receive(r: &MediaRef, reply: &Receiver<Reply>, drawn: &mut Drawn) -> Result<Picture, ExportError> {
    let got = reply.recv().map_err(|_| ExportError::Stopped("a decoder thread ended"))??;
    if let Some(t) = got.ended_early {
        drawn.ended_early.insert(r.media, t);
    }
    Ok(got.picture)
}

/// Whether the decoded picture is already what the encoder wants.
fn fits(p: &Picture, r: &MediaRef, plan: &FramePlan, format: PixelFormat) -> bool {
    (p.width, p.height, p.format) == (plan.width, plan.height, format)
        && r.color.unwrap_or(p.color) == plan.color
        && p.pixel_aspect.0 == p.pixel_aspect.1
        && p.rotation == Rotation::None
}

fn draw(
    renderer: &mut dyn Renderer,
    plan: &FramePlan,
    format: PixelFormat,
    pictures: &[(MediaRef, Picture)],
) -> Result<Picture, ExportError> {
    let _span = tracing::debug_span!("render", frame = plan.frame).entered();
    let mut source = |wanted: &MediaRef| pictures.iter().find(|(r, _)| r == wanted).map(|(_, p)| p.clone());
    match renderer.render(plan, &mut source, Output::Planes(format)) {
        Ok(Rendered::Picture(p)) => Ok(p),
        Ok(Rendered::Texture(_)) => Err(ExportError::Stopped("the renderer kept the picture on the device")),
        Err(source) => Err(ExportError::Render { frame: plan.frame, source }),
    }
}
