//! The source viewer: one media of the bin with a playhead of its own, shown as a project of one clip, so that planner,
//! renderer and mixer treat it as they treat a film: colours, rotation and variable rates come out right by construction.

use super::{
    Session,
    deck::{Deck, Threaded, Transport},
    files::append_command,
};
use crate::{
    base::{MediaId, parse_timecode},
    edit,
    engine::Monitor,
    model::{Media, Project, Sequence},
};
use std::{collections::HashMap, sync::Arc};

/// What the source viewer shows.
#[derive(Clone)]
pub struct Source {
    pub media: MediaId,
    /// The media as a project of one clip from its first to its last picture, in its own size, rate and timecode.
    pub project: Arc<Project>,
    pub deck: Deck,
}

/// The open source, and where the playheads of those before it stood.
#[derive(Default)]
pub(super) struct Sources {
    pub open: Option<Source>,
    playheads: HashMap<MediaId, i64>,
    /// The deck of the last source, whose count of requests goes on.
    last: Deck,
}

impl Sources {
    /// Another document: its ids mean other media.
    pub fn forget(&mut self) {
        self.playheads.clear();
    }
}

/// A media as a project of one clip. Sound alone is counted in frames of `program`, whose marks it will be cut by.
pub fn source_project(id: MediaId, media: &Arc<Media>, program: &Sequence) -> Project {
    let mut empty = Project::new(media.name.clone(), Sequence::new(program.width, program.height, program.frame_rate));
    empty.media.insert(id, media.clone());
    let command = append_command(&empty, &[id]).unwrap_or_else(|_| edit::append_media(&empty, &[id]));
    let mut project = match edit::apply(&empty, &command) {
        Ok(project) => project,
        Err(e) => {
            tracing::warn!("{} cannot be shown: {e}", media.name);
            empty
        }
    };
    let s = Arc::make_mut(&mut project.sequence);
    if let Some(text) = &media.info.start_timecode {
        // a file that counts without dropping says so by its separators
        s.drop_frame = s.frame_rate.can_drop_frames() && (text.contains(';') || text.contains('.'));
        s.start_timecode = parse_timecode(text, s.frame_rate).unwrap_or(0);
    } else {
        s.drop_frame = program.drop_frame && s.frame_rate.can_drop_frames();
    }
    project
}

impl Session {
    /// What the source viewer shows.
    pub fn source(&self) -> Option<&Source> {
        self.sources.open.as_ref()
    }

    pub(super) fn open_source(&mut self, media: MediaId) {
        if self.sources.open.as_ref().is_some_and(|s| s.media == media) {
            return;
        }
        let Some(m) = self.project().media.get(&media).cloned() else { return };
        self.close_source();
        let project = Arc::new(source_project(media, &m, &self.project().sequence));
        let mut deck = self.sources.last.reloaded();
        deck.viewer.quality = self.program.viewer.quality;
        deck.playhead = self.sources.playheads.get(&media).copied().unwrap_or(0);
        self.sources.open = Some(Source { media, project, deck });
        self.with_source(|t| t.changed(false));
    }

    pub(super) fn close_source(&mut self) {
        self.with_source(|t| t.pause());
        if let Some(s) = self.sources.open.take() {
            self.sources.playheads.insert(s.media, s.deck.playhead);
            self.sources.last = s.deck.reloaded();
        }
    }

    pub(super) fn source_transport(&mut self, what: Transport) {
        self.with_source(|t| t.obey(what));
    }

    pub(super) fn with_source(&mut self, act: impl FnOnce(&mut Threaded<'_>)) {
        if let Some(Source { project, deck, .. }) = &mut self.sources.open {
            act(&mut Threaded { deck, monitor: Monitor::Source, project, preview: &self.preview });
        }
    }

    /// After a change of the document: a source that it no longer has closes, one whose file changed is shown anew.
    pub(super) fn refresh_source(&mut self) {
        let Some(source) = &self.sources.open else { return };
        let id = source.media;
        let Some(now) = self.history.current().media.get(&id).cloned() else { return self.close_source() };
        if source.project.media.get(&id).is_some_and(|m| **m == *now) {
            return;
        }
        let project = Arc::new(source_project(id, &now, &self.history.current().sequence));
        if let Some(source) = &mut self.sources.open {
            source.project = project;
        }
        self.with_source(|t| t.changed(false));
    }
}
