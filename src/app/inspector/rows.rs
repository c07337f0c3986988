//! Rows of the inspector: a label on the left, a control on the right, one look for all.

use crate::app::{theme::Theme, theme::size, widgets};
use egui::{Align, ComboBox, DragValue, Layout, Response, RichText, Sense, Ui, vec2};
use std::ops::RangeInclusive;

/// How a number is shown and changed.
pub struct Number<'a> {
    pub label: &'a str,
    pub range: RangeInclusive<f64>,
    /// Change per point of dragging.
    pub speed: f64,
    pub decimals: usize,
    pub suffix: &'a str,
    /// Range of a slider beside the number.
    pub slider: Option<RangeInclusive<f64>>,
    /// What a double-click on the label puts back.
    pub default: f64,
}

/// A row with `label`; `content` fills the rest from the right.
pub fn row<R>(ui: &mut Ui, theme: &Theme, label: &str, content: impl FnOnce(&mut Ui) -> R) -> (Response, R) {
    ui.horizontal(|ui| {
        ui.set_min_height(size::ROW);
        ui.set_max_height(size::ROW);
        let label = ui.add(egui::Label::new(RichText::new(label).color(theme.secondary())).sense(Sense::click()));
        let inner = ui.with_layout(Layout::right_to_left(Align::Center), content).inner;
        (label, inner)
    })
    .inner
}

/// A number, with a slider where asked for. Some = the user changed it.
pub fn number(ui: &mut Ui, theme: &Theme, value: f64, n: &Number<'_>) -> Option<f64> {
    let mut now = value;
    let (label, changed) = row(ui, theme, n.label, |ui| {
        let drag = DragValue::new(&mut now)
            .range(n.range.clone())
            .speed(n.speed)
            .fixed_decimals(n.decimals)
            .suffix(n.suffix)
            .min_size(vec2(58.0, 20.0))
            .update_while_editing(false);
        let mut changed = ui.add(drag).accessible_name(n.label).changed();
        if let Some(range) = &n.slider {
            let room = ui.available_width() - 4.0;
            if room > 36.0 {
                let name = format!("{} slider", n.label);
                if widgets::slider(ui, theme, &mut now, range.clone(), room.min(96.0), &name).changed() {
                    let places = 10f64.powi(n.decimals as i32);
                    now = (now * places).round() / places;
                    changed = true;
                }
            }
        }
        changed
    });
    if label.on_hover_text("Double-click to reset").double_clicked() && value != n.default {
        return Some(n.default);
    }
    (changed && now != value).then_some(now)
}

/// Two numbers in one row. Some = the user changed either.
pub fn pair(ui: &mut Ui, theme: &Theme, label: &str, names: [&str; 2], value: [f64; 2], speed: f64, suffix: &str) -> Option<[f64; 2]> {
    let mut now = value;
    let (_, changed) = row(ui, theme, label, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let mut changed = false;
        for i in [1, 0] {
            let drag = DragValue::new(&mut now[i])
                .speed(speed)
                .max_decimals(1)
                .suffix(suffix)
                .min_size(vec2(52.0, 20.0))
                .update_while_editing(false);
            changed |= ui.add(drag).accessible_name(names[i]).changed();
        }
        changed
    });
    (changed && now != value).then_some(now)
}

/// One of several values. Some = the user chose another.
pub fn choice<T: Copy + PartialEq>(ui: &mut Ui, theme: &Theme, label: &str, value: T, options: &[(T, &str)]) -> Option<T> {
    let mut chosen = None;
    let text = options.iter().find(|o| o.0 == value).map_or("Custom", |o| o.1);
    row(ui, theme, label, |ui| {
        let combo = ComboBox::from_id_salt(label).selected_text(text).width(96.0).show_ui(ui, |ui| {
            for (option, name) in options {
                if ui.selectable_label(*option == value, *name).clicked() && *option != value {
                    chosen = Some(*option);
                }
            }
        });
        combo.response.accessible_name(label);
    });
    chosen
}

/// A switch. Some = the user turned it.
pub fn toggle(ui: &mut Ui, theme: &Theme, label: &str, value: bool) -> Option<bool> {
    let mut now = value;
    row(ui, theme, label, |ui| widgets::switch(ui, theme, &mut now, label));
    (now != value).then_some(now)
}

/// A colour with alpha, straight, 0–1. Some = the user changed it.
pub fn color(ui: &mut Ui, theme: &Theme, label: &str, value: [f32; 4]) -> Option<[f32; 4]> {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let mut now = value.map(byte);
    let before = now;
    row(ui, theme, label, |ui| {
        ui.spacing_mut().interact_size = vec2(40.0, 18.0);
        ui.color_edit_button_srgba_unmultiplied(&mut now).accessible_name(label);
    });
    (now != before).then(|| now.map(|v| f32::from(v) / 255.0))
}

/// A fact that cannot be changed.
pub fn fact(ui: &mut Ui, theme: &Theme, label: &str, text: &str) {
    row(ui, theme, label, |ui| {
        let width = ui.available_width();
        let galley = widgets::elided(ui, text, crate::app::fonts::regular(size::TEXT), theme.text(), width);
        ui.label(galley).on_hover_text(text);
    });
}
