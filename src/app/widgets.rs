//! Small widgets in the window's look, each with an accessible name. UI thread.

use super::{
    commands::{self, CommandId},
    fonts,
    state::{Cx, Queue},
    theme::{Theme, size},
};
use egui::{
    Align2, Button, Color32, CornerRadius, Rect, Response, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, vec2,
};

/// A square button with an icon; `on` draws it as switched on.
pub fn icon_button(ui: &mut Ui, theme: &Theme, icon: char, name: &str, tooltip: &str, enabled: bool, on: bool) -> Response {
    icon_button_sized(ui, theme, icon, name, tooltip, enabled, on, size::ROW + 2.0, size::ICON)
}

/// [`icon_button`] with side and icon size in points.
#[expect(clippy::too_many_arguments, reason = "all of them are looks of one button")]
pub fn icon_button_sized(
    ui: &mut Ui,
    theme: &Theme,
    icon: char,
    name: &str,
    tooltip: &str,
    enabled: bool,
    on: bool,
    side: f32,
    icon_size: f32,
) -> Response {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), sense);
    response.widget_info(|| WidgetInfo::selected(Role::Button, enabled, on, name));
    if ui.is_rect_visible(rect) {
        let (fill, color) = match (enabled, on, response.hovered()) {
            (false, _, _) => (Color32::TRANSPARENT, theme.faint()),
            (true, true, false) => (theme.accent_tint(), theme.accent()),
            (true, true, true) => (theme.accent_tint(), theme.accent_hover()),
            (true, false, true) => (theme.surface(3), theme.text()),
            (true, false, false) => (Color32::TRANSPARENT, theme.secondary()),
        };
        let radius = CornerRadius::same(size::RADIUS);
        ui.painter().rect_filled(rect, radius, fill);
        if response.has_focus() {
            ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, theme.accent()), StrokeKind::Inside);
        }
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, fonts::icon(icon_size), color);
    }
    response.on_hover_text(tooltip)
}

/// Icon button of a command; a click asks for it.
pub fn command_button(ui: &mut Ui, cx: &mut Cx<'_>, id: CommandId, on: bool) -> Response {
    let spec = commands::spec(id);
    let enabled = spec.when.holds(&cx.facts);
    let response = icon_button(ui, cx.theme, spec.icon, &spec.text(), &spec.hover_text(ui.ctx()), enabled, on);
    if enabled && response.clicked() {
        cx.out.run(id);
    }
    response
}

/// Entry of a menu for a command.
pub fn command_item(ui: &mut Ui, theme: &Theme, facts: &commands::Facts, out: &mut Queue, id: CommandId, checked: bool) {
    let spec = commands::spec(id);
    let enabled = spec.when.holds(facts);
    let key = spec.key_text(ui.ctx());
    let icon_color = if checked { theme.accent() } else { theme.secondary() };
    let icon = RichText::new(spec.icon.to_string()).color(icon_color).font(fonts::icon(size::ICON));
    let button = Button::new((icon, &spec.text())).shortcut_text(RichText::new(key).color(theme.secondary())).min_size(vec2(220.0, 24.0));
    let response = ui.add_enabled(enabled, button).accessible_name(spec.text()).on_hover_text(spec.tooltip());
    if response.clicked() {
        out.run(id);
        ui.close();
    }
}

/// The button of the main action.
pub fn primary_button(ui: &mut Ui, theme: &Theme, text: &str, enabled: bool) -> Response {
    let text_color = if enabled { theme.on_accent() } else { theme.secondary() };
    let label = RichText::new(text).font(fonts::semibold(size::TEXT)).color(text_color);
    ui.scope(|ui| {
        if enabled {
            let w = &mut ui.visuals_mut().widgets;
            for (state, fill) in
                [(&mut w.inactive, theme.accent()), (&mut w.hovered, theme.accent_hover()), (&mut w.active, theme.accent_hover())]
            {
                state.weak_bg_fill = fill;
                state.bg_stroke = Stroke::NONE;
            }
        }
        ui.spacing_mut().button_padding = vec2(14.0, 5.0);
        ui.add_enabled(enabled, Button::new(label)).accessible_name(text)
    })
    .inner
}

/// A button of the second rank.
pub fn plain_button(ui: &mut Ui, text: impl Into<String>) -> Response {
    ui.spacing_mut().button_padding = vec2(12.0, 5.0);
    ui.add(Button::new(text.into()))
}

/// Heading of a section.
pub fn section(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add_space(10.0);
    ui.label(RichText::new(text).font(fonts::semibold(size::SMALL)).color(theme.secondary()));
    ui.add_space(2.0);
}

/// What an empty list says instead of nothing.
pub fn empty(ui: &mut Ui, theme: &Theme, icon: char, title: &str, text: &str) {
    ui.add_space(40.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icon.to_string()).font(fonts::icon(34.0)).color(theme.faint()));
        ui.label(RichText::new(title).font(fonts::semibold(size::TEXT)));
        ui.label(RichText::new(text).small().color(theme.secondary()));
    });
}

/// A key as a little plate whose right middle is at `at`; its left edge.
pub fn paint_key(ui: &Ui, theme: &Theme, name: &str, at: egui::Pos2) -> f32 {
    let galley = ui.painter().layout_no_wrap(name.to_owned(), fonts::regular(size::SMALL), theme.text());
    let plate = galley.size() + vec2(12.0, 4.0);
    let rect = Rect::from_min_size(egui::pos2(at.x - plate.x, at.y - plate.y / 2.0), plate);
    ui.painter().rect_filled(rect, CornerRadius::same(4), theme.surface(3));
    ui.painter().galley(rect.min + vec2(6.0, 2.0), galley, theme.text());
    rect.left()
}

/// [`paint_key`] as a widget.
pub fn key_label(ui: &mut Ui, theme: &Theme, name: &str) {
    let width = ui.painter().layout_no_wrap(name.to_owned(), fonts::regular(size::SMALL), theme.text()).size().x + 12.0;
    let (rect, _) = ui.allocate_exact_size(vec2(width, 18.0), Sense::hover());
    paint_key(ui, theme, name, rect.right_center());
}

/// A bar that fills with `fraction` of its length.
pub fn progress_bar(ui: &mut Ui, theme: &Theme, fraction: f32, width: f32, color: Color32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 5.0), Sense::hover());
    let radius = CornerRadius::same(3);
    ui.painter().rect_filled(rect, radius, theme.surface(3));
    let filled = Rect::from_min_size(rect.min, vec2(rect.width() * fraction.clamp(0.0, 1.0), rect.height()));
    if filled.width() > 0.5 {
        ui.painter().rect_filled(filled, radius, color);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, name);
        info.value = Some(f64::from(fraction));
        info
    });
    response
}

/// An on/off switch.
pub fn switch(ui: &mut Ui, theme: &Theme, on: &mut bool, name: &str) -> Response {
    let (rect, mut response) = ui.allocate_exact_size(vec2(26.0, 14.0), Sense::click());
    if response.clicked() {
        *on = !*on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(Role::Switch, true, *on, name));
    let t = ui.ctx().animate_bool(response.id, *on);
    let fill = if *on { theme.accent() } else { theme.surface(3) };
    ui.painter().rect_filled(rect, CornerRadius::same(7), fill);
    let x = egui::lerp(rect.left() + 7.0..=rect.right() - 7.0, t);
    let knob = if *on { theme.surface(0) } else { theme.secondary() };
    ui.painter().circle_filled(egui::pos2(x, rect.center().y), 5.0, knob);
    response
}

/// A dialog over everything, with a veil behind it.
pub fn dialog(theme: &Theme, id: &'static str) -> egui::Modal {
    let frame = egui::Frame::new()
        .fill(theme.surface(1))
        .stroke(theme.hairline())
        .corner_radius(CornerRadius::same(12))
        .inner_margin(egui::Margin::same(20))
        .shadow(theme.shadow());
    egui::Modal::new(egui::Id::unique(id)).frame(frame).backdrop_color(theme.veil())
}

/// A value on a rail, from the left end or, where the range has both signs, from the middle. Dragging sets it.
pub fn slider(ui: &mut Ui, theme: &Theme, value: &mut f64, range: std::ops::RangeInclusive<f64>, width: f32, name: &str) -> Response {
    let (rect, mut response) = ui.allocate_exact_size(vec2(width, 16.0), Sense::click_and_drag());
    let (low, high) = (*range.start(), *range.end());
    let (left, right) = (rect.left() + 5.0, rect.right() - 5.0);
    if let Some(pos) = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on()) {
        let wanted = low + (high - low) * f64::from(((pos.x - left) / (right - left)).clamp(0.0, 1.0));
        if wanted != *value {
            *value = wanted;
            response.mark_changed();
        }
    }
    if response.has_focus() {
        let step = (high - low) / 100.0;
        let by = ui.input(|i| i.num_presses(egui::Key::ArrowUp) as f64 - i.num_presses(egui::Key::ArrowDown) as f64);
        if by != 0.0 {
            *value = (*value + by * step).clamp(low, high);
            response.mark_changed();
        }
    }
    let now = *value;
    response.widget_info(|| WidgetInfo::slider(true, now, name));
    let x = |v: f64| left + (right - left) * ((v.clamp(low, high) - low) / (high - low)) as f32;
    let rail = |a: f32, b: f32| Rect::from_min_max(egui::pos2(a, rect.center().y - 2.0), egui::pos2(b, rect.center().y + 2.0));
    let radius = CornerRadius::same(2);
    let live = response.hovered() || response.is_pointer_button_down_on() || response.has_focus();
    ui.painter().rect_filled(rail(left, right), radius, theme.surface(3));
    let origin = if low < 0.0 && high > 0.0 && (low + high).abs() < high { x(0.0) } else { left };
    let fill = if live { theme.text() } else { theme.secondary() };
    ui.painter().rect_filled(rail(origin.min(x(now)), origin.max(x(now))), radius, fill);
    ui.painter().circle_filled(egui::pos2(x(now), rect.center().y), if live { 5.0 } else { 4.0 }, fill);
    response
}

/// A row of buttons at the right end of a dialog, the main one first.
pub fn button_row<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), content).inner).inner
}

/// Text shortened with "…" to fit `width`, as one line.
pub fn elided(ui: &Ui, text: &str, font: egui::FontId, color: Color32, width: f32) -> std::sync::Arc<egui::Galley> {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap.max_width = width.floor().max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    ui.painter().layout_job(job)
}

/// `0:42`, `1:10:05`: a duration for people.
pub fn duration_text(secs: f64) -> String {
    let s = secs.max(0.0).round() as u64;
    if s >= 3600 { format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60) } else { format!("{}:{:02}", s / 60, s % 60) }
}

/// With a capital first letter, unless the first word is a file's name: messages are written to stand behind a prefix
/// on the command line.
pub fn sentence(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if first.contains(['.', '_', '/', '\\']) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
