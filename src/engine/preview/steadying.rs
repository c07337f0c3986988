//! The render thread's part of steady pictures: frames are shown at once along a path that is planned around them, and once more when
//! the path of their whole media is there.

use super::{PreviewEvent, Worker};
use crate::{
    base::ContentHash,
    engine::paths::Made,
    model::{Project, Stabilize},
    plan::{self, FramePlan},
};

impl Worker {
    /// What a frame shows, its pictures steadied. Paths that had to be planned for it are told.
    pub(super) fn plan(&mut self, project: &Project, frame: i64, divisor: u32) -> FramePlan {
        let plan = self.paths.steady(project, plan::frame_by(project, frame, divisor, &self.choice));
        self.tell_paths();
        plan
    }

    /// Tells the path of a media, or that it was not analysed; one that is being planned is told when it is there.
    pub(super) fn tell_steady(&mut self, media: ContentHash, wish: &Stabilize) {
        let path = self.paths.figures(media, wish);
        // told here already
        self.paths.take_news();
        if path.is_some() || !self.paths.knows(media) {
            self.send(PreviewEvent::Steadied(media, path));
        }
    }

    /// A path was planned in the background: viewers that rest show their frames along it.
    pub(super) fn take_path(&mut self, made: Made) {
        self.paths.take(made);
        self.tell_paths();
        for monitor in 0..self.owed.len() {
            if let Some(request) = self.owed[monitor].take() {
                self.answer(&request, false);
            }
        }
    }

    fn tell_paths(&mut self) {
        for path in self.paths.take_news() {
            self.send(PreviewEvent::Steadied(path.media, Some(path)));
        }
    }
}
