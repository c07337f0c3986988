//! Settings of a title: text, size, weight, colour, place, outline, shadow.

use super::{
    InspectorState, Typing,
    rows::{self, Number},
};
use crate::{
    app::{state::Cx, widgets},
    base::ClipId,
    edit::{ClipChange, EditCommand},
    model::{TextAlign, Title},
};
use egui::{TextEdit, Ui};

pub fn title_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clip: ClipId, title: &Title) {
    widgets::section(ui, cx.theme, "Title");
    let mut text = title.text.clone();
    let field = TextEdit::multiline(&mut text).desired_rows(2).desired_width(f32::INFINITY).margin(egui::vec2(8.0, 6.0));
    let response = ui.add(field).accessible_name("Title text");
    if response.changed() {
        let edit = command(clip, Title { text, ..title.clone() });
        state.type_into(cx, Typing::Title(clip), "Edit title", edit);
    }
    if response.lost_focus() {
        state.typed(cx);
    }
    ui.add_space(4.0);
    let mut new = title.clone();
    let mut changed = false;
    let mut number = |ui: &mut Ui, value: &mut f32, factor: f64, row: Number<'_>| {
        if let Some(v) = rows::number(ui, cx.theme, f64::from(*value) * factor, &row) {
            *value = (v / factor) as f32;
            changed = true;
        }
    };
    let row = |label, range: std::ops::RangeInclusive<f64>, slider: std::ops::RangeInclusive<f64>, default| Number {
        label,
        range,
        speed: 0.2,
        decimals: 1,
        suffix: " %",
        slider: Some(slider),
        default,
    };
    number(ui, &mut new.style.size, 100.0, row("Text size", 0.5..=100.0, 2.0..=30.0, 9.0));
    number(ui, &mut new.position.0, 100.0, row("Across", -100.0..=200.0, 0.0..=100.0, 50.0));
    number(ui, &mut new.position.1, 100.0, row("Down", -100.0..=200.0, 0.0..=100.0, 50.0));
    number(ui, &mut new.style.tracking, 100.0, row("Spacing", -50.0..=200.0, -10.0..=50.0, 0.0));
    number(ui, &mut new.style.line_height, 100.0, Number { decimals: 0, ..row("Line height", 50.0..=300.0, 80.0..=200.0, 120.0) });
    number(ui, &mut new.style.outline, 100.0, Number { decimals: 2, speed: 0.02, ..row("Outline", 0.0..=10.0, 0.0..=2.0, 0.0) });
    let weights = [(400u16, "Regular"), (600, "SemiBold"), (700, "Bold")];
    if let Some(weight) = rows::choice(ui, cx.theme, "Weight", new.style.weight, &weights) {
        new.style.weight = weight;
        changed = true;
    }
    let aligns = [(TextAlign::Left, "Left"), (TextAlign::Center, "Centre"), (TextAlign::Right, "Right")];
    if let Some(align) = rows::choice(ui, cx.theme, "Lines", new.style.align, &aligns) {
        new.style.align = align;
        changed = true;
    }
    if let Some(color) = rows::color(ui, cx.theme, "Text colour", new.style.color) {
        new.style.color = color;
        changed = true;
    }
    if new.style.outline > 0.0
        && let Some(color) = rows::color(ui, cx.theme, "Outline colour", new.style.outline_color)
    {
        new.style.outline_color = color;
        changed = true;
    }
    if let Some(on) = rows::toggle(ui, cx.theme, "Shadow", new.style.shadow_color[3] > 0.0) {
        new.style.shadow_color[3] = if on { 0.6 } else { 0.0 };
        changed = true;
    }
    if changed {
        state.change(ui, cx, "Change title", command(clip, new));
    }
}

fn command(clip: ClipId, title: Title) -> EditCommand {
    EditCommand::SetClip { clip, change: ClipChange::Title(title) }
}
