//! The typeface of titles: family, weight, slant, size, spacing, colour. UI thread.

use super::Titles;
use crate::{
    app::{
        fonts, icons,
        inspector::{
            field::Shown,
            rows::{self, Number, Row, Unit},
        },
        state::Cx,
        theme::size,
        widgets,
        words::tr,
    },
    model::{TextAlign, Title},
};
use egui::{Button, Id, Popup, PopupCloseBehavior, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2};

/// Weights with the keys of their names.
const WEIGHTS: [(u16, &str); 9] = [
    (100, "inspector-weight-thin"),
    (200, "inspector-weight-extralight"),
    (300, "inspector-weight-light"),
    (400, "inspector-weight-regular"),
    (500, "inspector-weight-medium"),
    (600, "inspector-weight-semibold"),
    (700, "inspector-weight-bold"),
    (800, "inspector-weight-extrabold"),
    (900, "inspector-weight-black"),
];

const ALIGNS: [(TextAlign, char, &str); 3] = [
    (TextAlign::Left, icons::ALIGN_LEFT, "inspector-align-left"),
    (TextAlign::Center, icons::ALIGN_CENTER, "inspector-align-middle"),
    (TextAlign::Right, icons::ALIGN_RIGHT, "inspector-align-right"),
];

pub fn font_ui(ui: &mut Ui, search: &mut String, cx: &mut Cx<'_>, titles: &mut Titles<'_>) {
    let families = cx.program.font_families();
    if let Some(family) = family_ui(ui, search, cx, &families, titles.same(|t| t.style.family.clone())) {
        titles.set(|t| t.style.family.clone_from(&family));
    }
    let weights = WEIGHTS.map(|(w, key)| (w, tr(key)));
    if let Some(w) = rows::choice(ui, cx.theme, &tr("inspector-weight"), titles.same(|t| t.style.weight), &weights) {
        titles.set(|t| t.style.weight = w);
    }
    signs_ui(ui, cx, titles);
    let label = tr("inspector-text-size");
    let n = Number::new(&label, Unit::Percent, 0.5..=100.0, 9.0).places(1).speed(0.05).slider(2.0..=30.0);
    number(ui, cx, titles, &n, 100.0, |t| &mut t.style.size);
    let label = tr("inspector-line-height");
    let n = Number::new(&label, Unit::Percent, 50.0..=300.0, 120.0).slider(80.0..=200.0);
    number(ui, cx, titles, &n, 100.0, |t| &mut t.style.line_height);
    let label = tr("inspector-tracking");
    let n = Number::new(&label, Unit::Percent, -50.0..=200.0, 0.0).places(1).speed(0.2).slider(-10.0..=50.0);
    number(ui, cx, titles, &n, 100.0, |t| &mut t.style.tracking);
    if let Some(first) = titles.first()
        && let Some(color) = rows::color(ui, cx.theme, &tr("inspector-color"), &tr("inspector-text-color"), first.style.color)
    {
        titles.set(|t| t.style.color = color);
    }
}

/// A number of all titles.
pub fn number(ui: &mut Ui, cx: &Cx<'_>, titles: &mut Titles<'_>, n: &Number<'_>, factor: f64, part: fn(&mut Title) -> &mut f32) {
    let value = |t: &Title| f64::from(*part(&mut t.clone())) * factor;
    let Some(shown) = Shown::of(titles.all().map(value), n.places) else { return };
    if let Some(change) = rows::number(ui, cx.theme, n, shown) {
        let (low, high) = (*n.range.start(), *n.range.end());
        titles.set(|t| {
            let v = part(t);
            *v = (change.of(f64::from(*v) * factor).clamp(low, high) / factor) as f32;
        });
    }
}

/// Two numbers of all titles in one row.
pub fn pair(
    ui: &mut Ui,
    cx: &Cx<'_>,
    titles: &mut Titles<'_>,
    n: &Number<'_>,
    names: [&str; 2],
    defaults: [f32; 2],
    parts: [fn(&mut Title) -> &mut f32; 2],
) {
    let value = |i: usize| Shown::of(titles.all().map(|t| f64::from(*parts[i](&mut t.clone())) * 100.0), n.places);
    let (Some(a), Some(b)) = (value(0), value(1)) else { return };
    let row = Row::next(ui);
    if let Some((i, change)) = rows::numbers(ui, cx.theme, row, n, &names, &[a, b]) {
        let (low, high) = (*n.range.start(), *n.range.end());
        titles.set(|t| {
            let v = parts[i](t);
            *v = (change.of(f64::from(*v) * 100.0).clamp(low, high) / 100.0) as f32;
        });
    }
    if rows::reset_numbers(ui, cx.theme, row, n, &[a, b]) {
        titles.set(|t| {
            for (part, default) in parts.iter().zip(defaults) {
                *part(t) = default;
            }
        });
    }
}

/// Slant and alignment of the lines.
fn signs_ui(ui: &mut Ui, cx: &Cx<'_>, titles: &mut Titles<'_>) {
    let theme = cx.theme;
    let (italic, align) = (titles.same(|t| t.style.italic), titles.same(|t| t.style.align));
    let mut new = None;
    rows::row(ui, theme, &tr("inspector-lines"), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (a, icon, key) in ALIGNS.into_iter().rev() {
            if widgets::icon_button_sized(ui, theme, icon, &tr(key), &tr(key), ui.is_enabled(), align == Some(a), 22.0, 14.0).clicked() {
                new = Some((italic, Some(a)));
            }
        }
        ui.add_space(6.0);
        let on = italic == Some(true);
        let name = tr("inspector-italic");
        if widgets::icon_button_sized(ui, theme, icons::ITALIC, &name, &name, ui.is_enabled(), on, 22.0, 14.0).clicked() {
            new = Some((Some(!on), align));
        }
    });
    if let Some((italic, align)) = new {
        titles.set(|t| {
            t.style.italic = italic.unwrap_or(t.style.italic);
            t.style.align = align.unwrap_or(t.style.align);
        });
    }
}

/// The families there are, with a search. Some = the user chose one.
fn family_ui(ui: &mut Ui, search: &mut String, cx: &Cx<'_>, families: &[String], now: Option<String>) -> Option<String> {
    let theme = cx.theme;
    let label = tr("inspector-family");
    let missing = !families.is_empty() && now.as_ref().is_some_and(|n| !families.contains(n));
    let button = rows::row(ui, theme, &label, |ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width().min(128.0), 20.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, ui.is_enabled(), &label));
        let live = response.hovered() || response.has_focus();
        ui.painter().rect_filled(rect, egui::CornerRadius::same(size::RADIUS), theme.surface(if live { 3 } else { 2 }));
        let text = now.as_deref().unwrap_or("—");
        let color = if missing { theme.warning() } else { theme.text() };
        let galley = widgets::elided(ui, text, fonts::regular(size::TEXT), color, rect.width() - 26.0);
        ui.painter().galley(egui::pos2(rect.left() + 7.0, rect.center().y - galley.size().y / 2.0), galley, color);
        let caret = egui::pos2(rect.right() - 10.0, rect.center().y);
        ui.painter().text(caret, egui::Align2::CENTER_CENTER, icons::CARET_DOWN, fonts::icon(10.0), theme.secondary());
        if missing { response.on_hover_text(tr("inspector-font-missing")) } else { response }
    });
    if button.clicked() {
        search.clear();
    }
    let mut chosen = None;
    Popup::menu(&button).id(Id::unique("inspector families")).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_min_width(200.0);
        let field = TextEdit::singleline(search).hint_text(tr("inspector-search-fonts")).desired_width(188.0).margin(vec2(8.0, 4.0));
        let field = ui.add(field).accessible_name(tr("inspector-search-fonts"));
        if button.clicked() {
            field.request_focus();
        }
        let words = search.trim().to_lowercase();
        let found: Vec<&String> = families.iter().filter(|f| f.to_lowercase().contains(&words)).collect();
        if found.is_empty() {
            rows::note(ui, theme, &tr(if families.is_empty() { "inspector-fonts-sought" } else { "inspector-nothing-found" }));
        }
        ScrollArea::vertical().max_height(240.0).show_rows(ui, size::ROW, found.len(), |ui, range| {
            for family in found.get(range).unwrap_or_default() {
                let button = Button::selectable(now.as_ref() == Some(*family), family.as_str()).min_size(vec2(188.0, size::ROW));
                if ui.add(button).clicked() {
                    chosen = Some((*family).clone());
                    ui.close();
                }
            }
        });
        if field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
            chosen = found.first().map(|f| (*f).clone());
            ui.close();
        }
    });
    chosen
}
