//! Volume and place of a clip's sound. UI thread.

use super::{
    InspectorState, animate,
    keys::Param,
    rows::{self, Number, Unit},
    scope::Scope,
};
use crate::{
    app::{state::Cx, words::tr},
    edit::ClipChange,
};
use egui::Ui;

pub fn sound_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-sound", |_| {}) {
        return;
    }
    let label = tr("inspector-gain");
    let gain = Number::new(&label, Unit::Db, -96.0..=24.0, 0.0).speed(0.1).places(1).slider(-48.0..=12.0);
    animate::number_ui(ui, state, cx, scope, Param::Gain, &gain, 1.0);
    let label = tr("inspector-pan");
    let pan = Number::new(&label, Unit::Percent, -100.0..=100.0, 0.0).slider(-100.0..=100.0);
    if let Some(shown) = scope.shown(0, |c| f64::from(c.pan) * 100.0)
        && let Some(change) = rows::number(ui, cx.theme, &pan, shown)
        && let Some(edit) = scope.each(|c| ClipChange::Pan((change.of(f64::from(c.pan) * 100.0) / 100.0).clamp(-1.0, 1.0) as f32))
    {
        state.change(ui, cx, edit);
    }
}

/// Fades of picture and sound alike.
pub fn fades_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-fades", |_| {}) {
        return;
    }
    let longest = scope.clips.iter().map(|c| c.duration).max().unwrap_or(0) as f64;
    let label = tr("inspector-fade-in");
    let row = |label| Number::new(label, Unit::Frames, 0.0..=longest, 0.0).speed(0.25).slider(0.0..=longest.clamp(1.0, 120.0));
    if let Some(shown) = scope.shown(0, |c| c.fade_in as f64)
        && let Some(change) = rows::number(ui, cx.theme, &row(&label), shown)
        && let Some(edit) =
            scope.each(|c| ClipChange::FadeIn((change.of(c.fade_in as f64).round() as i64).clamp(0, c.duration - c.fade_out)))
    {
        state.change(ui, cx, edit);
    }
    let label = tr("inspector-fade-out");
    if let Some(shown) = scope.shown(0, |c| c.fade_out as f64)
        && let Some(change) = rows::number(ui, cx.theme, &row(&label), shown)
        && let Some(edit) =
            scope.each(|c| ClipChange::FadeOut((change.of(c.fade_out as f64).round() as i64).clamp(0, c.duration - c.fade_in)))
    {
        state.change(ui, cx, edit);
    }
}
