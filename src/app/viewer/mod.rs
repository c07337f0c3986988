//! The viewers: the program's picture with handles, guides and comparison, a source beside it, measuring instruments, full
//! screen. Panels like all others: they see shared facts and send wishes. UI thread.

mod compare;
pub mod cut;
mod face;
mod full;
mod grips;
mod handles;
mod meters;
mod overlays;
mod path;
mod program;
mod scopes;
mod scrub;
mod source;
mod stage;
mod transport;
mod welcome;
mod zoom;

pub use full::full_screen_ui;
pub use program::program_ui;
pub use scopes::scopes_ui;
pub use source::source_ui;

use super::state::Shared;
use crate::{
    model::Project,
    session::{Enlarge, Without},
};

/// What the viewers remember between passes.
#[derive(Debug, Default)]
pub struct ViewerState {
    /// Text of the timecode field while it is being edited.
    timecode: Option<String>,
    zoom: zoom::Zoom,
    overlays: overlays::Overlays,
    handles: handles::HandlesState,
    compare: compare::CompareState,
    pub source: source::SourceState,
    pub scopes: scopes::ScopesState,
    full: full::FullState,
}

impl ViewerState {
    /// What the comparison leaves out: the upscaling, where the viewer upscales; else the effects and the steadying of the one clip
    /// that is selected and has some; else all of them.
    pub fn compared(&self, project: &Project, shared: &Shared) -> Without {
        if shared.enlarge() != Enlarge::Nothing {
            return Without::Upscaling;
        }
        let mut graded = shared.selection.clips_of(project).into_iter().filter(|c| !c.effects.is_empty() || c.steadied().is_some());
        match (graded.next(), graded.next()) {
            (Some(clip), None) => Without::EffectsOf(clip.id),
            _ => Without::Effects,
        }
    }

    /// Keys belong to the drag of a handle while there is one.
    pub fn is_editing(&self) -> bool {
        self.handles.is_dragging()
    }
}
