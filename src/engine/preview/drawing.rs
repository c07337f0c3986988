//! The render thread's part of drawing: from a plan to its picture, with what the decoders have of it.

use super::{Fetched, PreviewEvent, Worker};
use crate::{
    base::{MediaId, Picture},
    engine::Monitor,
    gpu::{Output, Rendered},
    model::{Project, Rendition},
    plan::{self, FramePlan, MediaRef},
};

/// Moments of media with their pictures, where they could be read.
pub(super) type Pictures = Vec<(MediaRef, Option<Picture>)>;

impl Worker {
    /// The program's picture without what is compared, while something is.
    pub(super) fn before(&mut self, monitor: Monitor, project: &Project, frame: i64, divisor: u32, quick: bool) -> Option<Rendered> {
        let what = self.compare.filter(|_| monitor == Monitor::Program)?;
        let plan = plan::frame_without(project, frame, divisor, what, &self.choice);
        let plan = self.paths.steady(project, plan);
        self.draw(project, &plan, quick).ok().map(|(image, _)| image)
    }

    pub(super) fn draw(&mut self, project: &Project, plan: &FramePlan, quick: bool) -> Result<(Rendered, bool), String> {
        if let Some(image) = self.cache.get(plan.hash) {
            return Ok((image, true));
        }
        let plan = &plan::without_hidden(plan.clone(), project);
        let (pictures, exact, whole) = self.pictures(project, plan, quick);
        let _span = tracing::debug_span!("render", frame = plan.frame).entered();
        let image = self
            .renderer
            .render(plan, &mut |r| pictures.iter().find(|(m, _)| m == r).and_then(|(_, p)| p.clone()), Output::Display)
            .map_err(|e| e.to_string())?;
        if exact && whole {
            self.cache.put(plan.hash, &image, plan.width as usize * plan.height as usize * 4);
        }
        Ok((image, exact))
    }

    /// The decoded pictures of a plan, whether all are exact, and whether all are there.
    pub(super) fn pictures(&mut self, project: &Project, plan: &FramePlan, quick: bool) -> (Pictures, bool, bool) {
        let refs = plan.moments();
        let fetched = self.decoders.fetch(project, &refs, quick);
        let (mut exact, mut whole) = (true, true);
        let mut out = Vec::with_capacity(refs.len());
        for (r, f) in refs.into_iter().zip(fetched) {
            match f {
                Fetched::Got(got) => {
                    exact &= got.exact;
                    // what is read in the original's place says nothing about the original
                    if got.from == Rendition::Original {
                        self.tell_media(r.media, None);
                        if let Some(at) = got.ended_early {
                            self.send(PreviewEvent::EndedEarly { media: r.media, at });
                        }
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
}
