//! Measuring instruments of the picture.

use crate::app::state::Cx;
use egui::Ui;

/// What the panel remembers between passes.
#[derive(Debug, Default)]
pub struct ScopesState {}

/// Draw the instruments into all of `ui`.
pub fn scopes_ui(_ui: &mut Ui, _state: &mut ScopesState, _cx: &mut Cx<'_>) {}
