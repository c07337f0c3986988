//! Settings of a caption. UI thread.

use super::{
    InspectorState, heading,
    rows::{self, TimeField},
    state::Typing,
    times::Clock,
};
use crate::{
    app::{icons, state::Cx, words::tr},
    base::CaptionId,
    edit::EditCommand,
    model::{Caption, CaptionStyle, MAX_FRAME, caption_styles},
    session::Command,
};
use egui::{TextEdit, Ui, vec2};

pub fn caption_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: CaptionId) {
    let project = cx.project.clone();
    let s = &project.sequence;
    let Some(c) = s.captions.iter().find(|c| c.id == id) else { return };
    heading(ui, cx, icons::TEXT, &tr("inspector-caption"), &s.timecode(c.start));
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-caption", |_| {}) {
        let mut text = c.text.clone();
        let field = TextEdit::multiline(&mut text).desired_rows(3).desired_width(f32::INFINITY).margin(vec2(8.0, 6.0));
        let response = ui.add(field).accessible_name(tr("inspector-caption-text"));
        if response.changed() {
            state.type_into(cx, Typing::Caption(id), EditCommand::SetCaption { caption: Caption { text, ..c.clone() } });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
        times_ui(ui, state, cx, c);
        style_ui(ui, cx, &s.caption_style);
        let mut burn = s.burn_captions;
        if ui.checkbox(&mut burn, tr("inspector-burn-captions")).on_hover_text(tr("inspector-burn-captions.tip")).changed() {
            cx.out.send(Command::Edit(EditCommand::BurnCaptions { on: burn }));
        }
    }
    if rows::action(ui, icons::TRASH, &tr("inspector-remove-caption")) {
        cx.out.send(Command::Edit(EditCommand::RemoveCaption { id }));
    }
}

/// The look of all captions.
fn style_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &str) {
    let name = |style: &CaptionStyle| match style.name.as_str() {
        "boxed" => tr("inspector-caption-boxed"),
        "bold" => tr("inspector-caption-bold"),
        "karaoke" => tr("inspector-caption-karaoke"),
        "short" => tr("inspector-caption-short"),
        _ => tr("inspector-caption-clean"),
    };
    let options: Vec<(usize, String)> = caption_styles().iter().map(name).enumerate().collect();
    let chosen = caption_styles().iter().position(|s| s.name == now).unwrap_or(0);
    if let Some(i) = rows::choice(ui, cx.theme, &tr("inspector-caption-style"), Some(chosen), &options)
        && let Some(style) = caption_styles().get(i)
    {
        cx.out.send(Command::Edit(EditCommand::StyleCaptions { name: style.name.clone() }));
    }
}

fn times_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, c: &Caption) {
    let clock = Clock::of(&cx.project.sequence);
    let (label, length) = (|f: i64| clock.label(f), |f: i64| clock.length(f));
    let (parse_label, parse_length) = (|text: &str| clock.parse_label(text), |text: &str| clock.parse_length(text));
    let (start, start_name) = (tr("inspector-start"), tr("inspector-caption-start"));
    let field = TimeField { label: &start, name: &start_name, range: 0..=MAX_FRAME, format: &label, parse: &parse_label };
    if let Some(start) = rows::time(ui, cx.theme, &field, c.start) {
        state.change_if_possible(ui, cx, EditCommand::SetCaption { caption: Caption { start, ..c.clone() } });
    }
    let (duration, duration_name) = (tr("inspector-duration"), tr("inspector-caption-duration"));
    let field = TimeField { label: &duration, name: &duration_name, range: 1..=MAX_FRAME, format: &length, parse: &parse_length };
    if let Some(duration) = rows::time(ui, cx.theme, &field, c.duration) {
        state.change_if_possible(ui, cx, EditCommand::SetCaption { caption: Caption { duration, ..c.clone() } });
    }
}
