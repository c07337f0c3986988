//! Rows of the inspector, one look for all: a label on the left, a control in the middle that ends at one line, and a gutter
//! on the right for reset and key frames. UI thread.

use super::{
    field::{self, Change, Field, Shown, parse_number},
    slider::slider,
};
use crate::app::{
    fonts, icons,
    theme::{Theme, size},
    widgets,
    words::{decimal, tr, tr_args},
};
use egui::{
    Align, ComboBox, CornerRadius, Id, Layout, Rect, Response, Sense, TextEdit, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, vec2,
};
use std::ops::RangeInclusive;

/// Width of a small sign in the gutter, in points.
const SIGN: f32 = 13.0;
const GAP: f32 = 6.0;
/// A panel of less width in points is narrow.
const NARROW: f32 = 215.0;
/// Width of a number in points.
const NUMBER: f32 = 62.0;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Plain,
    Percent,
    Px,
    Degrees,
    Db,
    Frames,
    /// Photographic stops.
    Stops,
    Ms,
}

impl Unit {
    fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Percent => " %",
            Self::Px => " px",
            Self::Degrees => "°",
            Self::Db => " dB",
            Self::Frames => " f",
            Self::Stops => " EV",
            Self::Ms => " ms",
        }
    }
}

/// A number to show, with its typographic minus and without a minus before a zero.
fn number_text(value: f64, places: usize) -> String {
    let text = decimal(value, places);
    let is_zero = !text.contains(|c: char| ('1'..='9').contains(&c));
    let text = if is_zero { text.trim_start_matches('-').to_owned() } else { text };
    text.replacen('-', "−", 1)
}

/// How a number is shown and changed.
#[derive(Clone, Debug)]
pub struct Number<'a> {
    /// The visible label, and the accessible name where `name` has none.
    pub label: &'a str,
    pub name: Option<&'a str>,
    /// Tells apart rows of one name.
    pub salt: usize,
    pub range: RangeInclusive<f64>,
    /// Change per point of dragging.
    pub speed: f64,
    pub places: usize,
    pub unit: Unit,
    /// Range of a slider beside the number.
    pub slider: Option<RangeInclusive<f64>>,
    /// What a reset puts back; NaN for no reset.
    pub default: f64,
}

impl<'a> Number<'a> {
    pub fn new(label: &'a str, unit: Unit, range: RangeInclusive<f64>, default: f64) -> Self {
        Self { label, name: None, salt: 0, range, speed: 0.5, places: 0, unit, slider: None, default }
    }
    pub fn speed(self, speed: f64) -> Self {
        Self { speed, ..self }
    }
    pub fn places(self, places: usize) -> Self {
        Self { places, ..self }
    }
    pub fn slider(self, range: RangeInclusive<f64>) -> Self {
        Self { slider: Some(range), ..self }
    }
    pub fn name(self, name: &'a str) -> Self {
        Self { name: Some(name), ..self }
    }
    pub fn salt(self, salt: usize) -> Self {
        Self { salt, ..self }
    }

    /// A value with its unit.
    pub fn text(&self, value: f64) -> String {
        format!("{}{}", number_text(value, self.places), self.unit.suffix())
    }

    fn field_ui(&self, ui: &mut Ui, theme: &Theme, rect: Rect, name: &str, shown: Shown) -> Option<Change> {
        let format = |v: f64| self.text(v);
        let plain = |v: f64| number_text(v, self.places);
        let step = 10f64.powi(-(self.places as i32)).max(if self.places > 1 { 0.01 } else { 0.0 });
        let field = Field {
            name,
            salt: self.salt,
            range: self.range.clone(),
            speed: self.speed,
            step,
            format: &format,
            plain: &plain,
            parse: &parse_number,
            places: self.places,
        };
        field.ui(ui, theme, rect, shown)
    }
}

/// What stands in the gutter of every row from here on: reset and key frames, or the reset alone.
///
/// Kept in egui's memory for the pass, since each row is laid out by itself.
pub fn set_gutter(ui: &Ui, signs: u8) {
    ui.data_mut(|d| d.insert_temp(Id::unique("inspector gutter"), signs));
}

fn gutter(ui: &Ui) -> f32 {
    f32::from(ui.data(|d| d.get_temp::<u8>(Id::unique("inspector gutter"))).unwrap_or(3)) * SIGN
}

/// The three parts of a row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub label: Rect,
    pub main: Rect,
    pub gutter: Rect,
}

impl Row {
    /// Takes the next line of the panel.
    pub fn next(ui: &mut Ui) -> Self {
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, size::ROW), Sense::hover());
        let label = (width * 0.32).clamp(62.0, 120.0);
        let gutter = (rect.right() - gutter(ui)).max(rect.left());
        Self {
            label: rect.with_max_x(rect.left() + label),
            main: Rect::from_x_y_ranges(rect.left() + label + GAP..=(gutter - 4.0).max(rect.left() + label + GAP), rect.y_range()),
            gutter: rect.with_min_x(gutter),
        }
    }

    /// The whole line but the label: where there is nothing to reset.
    pub fn wide(self) -> Rect {
        self.main.union(self.gutter)
    }

    /// Where a control goes that has nothing in its gutter: in a narrow panel it takes that too.
    fn free(self) -> Rect {
        if self.gutter.right() - self.label.left() < NARROW { self.wide() } else { self.main }
    }

    /// Room at the end of the label for a sign.
    pub fn with_shorter_label(self, by: f32) -> Self {
        Self { label: self.label.with_max_x(self.label.right() - by), ..self }
    }

    /// Place `i` of 3 in the gutter, from the left.
    pub fn slot(self, i: usize) -> Rect {
        let left = self.gutter.left() + SIGN * i as f32;
        Rect::from_x_y_ranges(left..=left + SIGN, self.gutter.y_range())
    }

    /// Writes the label. It is no node of its own for a screen reader: the control beside it has the name.
    pub fn label_ui(self, ui: &Ui, theme: &Theme, text: &str) -> Response {
        let color = theme.secondary();
        let galley = widgets::elided(ui, text, fonts::regular(size::TEXT), color, self.label.width());
        let short = galley.elided;
        let at = pos2(self.label.left(), self.label.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, color);
        let id = Id::unique(("inspector label", text, at.y.to_bits()));
        let response = ui.interact(self.label, id, Sense::hover());
        if short { response.on_hover_text(text) } else { response }
    }
}

/// A field of `rect` in the middle of a line.
fn field_rect(rect: Rect) -> Rect {
    Rect::from_center_size(rect.center(), vec2(rect.width(), field::HEIGHT))
}

/// What the keyboard has come to is brought into view.
pub fn reveal(response: &Response) {
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
}

/// A small sign to click in the gutter. `salt` tells apart signs of one name.
pub fn sign(ui: &mut Ui, theme: &Theme, rect: Rect, icon: char, (name, salt): (&str, usize), tip: &str) -> bool {
    let response = ui.interact(rect, Id::unique(("inspector sign", name, salt)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    let color = match (ui.is_enabled(), response.hovered() || response.has_focus()) {
        (false, _) => theme.faint(),
        (true, true) => theme.text(),
        (true, false) => theme.secondary(),
    };
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, fonts::icon(12.0), color);
    reveal(&response);
    response.on_hover_text(tip).clicked()
}

/// The reset sign in the first place of the gutter.
fn reset_ui(ui: &mut Ui, theme: &Theme, row: Row, name: &str, salt: usize) -> bool {
    let text = tr_args("inspector-reset-of", &[("name", name.into())]);
    sign(ui, theme, row.slot(0), icons::RESET, (&text, salt), &text)
}

/// A double-click on a label, which takes part in nothing else.
fn doubled(ui: &Ui, label: &Response) -> bool {
    label.contains_pointer() && ui.input(|i| i.pointer.button_double_clicked(egui::PointerButton::Primary))
}

/// Whether a value is not what a reset would make of it.
fn differs(shown: Shown, n: &Number<'_>) -> bool {
    n.default.is_finite() && (shown.mixed || (shown.value - n.default).abs() > 0.5 * 10f64.powi(-(n.places as i32)))
}

/// A number, with a slider where asked for. Some = the user changed it. The row is for what belongs into the gutter.
pub fn number_in(ui: &mut Ui, theme: &Theme, row: Row, n: &Number<'_>, shown: Shown, reset: bool) -> Option<Change> {
    let name = n.name.unwrap_or(n.label);
    let label = row.label_ui(ui, theme, n.label);
    let width = NUMBER.min(row.main.width());
    let mut change = n.field_ui(ui, theme, field_rect(row.main.with_min_x(row.main.right() - width)), name, shown);
    if let Some(range) = &n.slider {
        let room = row.main.width() - width - GAP;
        if room >= 30.0 {
            let rect = Rect::from_min_size(row.main.min, vec2(room, row.main.height()));
            change = change.or(slider_ui(ui, theme, rect, n, range.clone(), shown));
        }
    }
    let wants = differs(shown, n);
    if wants && reset && reset_ui(ui, theme, row, name, n.salt) {
        change = Some(Change::To(n.default));
    }
    if wants && ui.is_enabled() && doubled(ui, &label.on_hover_text(tr("inspector-double-click-resets"))) {
        change = Some(Change::To(n.default));
    }
    change
}

/// [`number_in`] the next line, with a reset.
pub fn number(ui: &mut Ui, theme: &Theme, n: &Number<'_>, shown: Shown) -> Option<Change> {
    let row = Row::next(ui);
    number_in(ui, theme, row, n, shown, true)
}

fn slider_ui(ui: &mut Ui, theme: &Theme, rect: Rect, n: &Number<'_>, range: RangeInclusive<f64>, shown: Shown) -> Option<Change> {
    let name = tr_args("inspector-slider-of", &[("name", n.name.unwrap_or(n.label).into())]);
    let mut now = shown.value;
    if !slider(ui, theme, rect, &mut now, &range, (&name, n.salt), shown.mixed).changed() {
        return None;
    }
    let places = 10f64.powi(n.places as i32);
    let to = (now * places).round() / places;
    let to = to.clamp(*n.range.start(), *n.range.end());
    (to != shown.value || shown.mixed).then_some(Change::To(to))
}

/// Numbers side by side under one label. Some = which one the user changed, and how.
pub fn numbers(ui: &mut Ui, theme: &Theme, row: Row, n: &Number<'_>, names: &[&str], shown: &[Shown]) -> Option<(usize, Change)> {
    row.label_ui(ui, theme, n.label);
    let count = names.len().max(1) as f32;
    let width = ((row.main.width() - 4.0 * (count - 1.0)) / count).max(0.0);
    let mut change = None;
    for (i, (name, shown)) in names.iter().zip(shown).enumerate() {
        let rect = Rect::from_min_size(pos2(row.main.left() + (width + 4.0) * i as f32, row.main.top()), vec2(width, row.main.height()));
        if let Some(c) = n.field_ui(ui, theme, field_rect(rect), name, *shown) {
            change = Some((i, c));
        }
    }
    change
}

/// The reset sign of a row of [`numbers`]; true = clicked.
pub fn reset_numbers(ui: &mut Ui, theme: &Theme, row: Row, n: &Number<'_>, shown: &[Shown]) -> bool {
    shown.iter().any(|s| differs(*s, n)) && reset_ui(ui, theme, row, n.label, n.salt)
}

/// A number of frames as timecode. Some = the user changed it.
pub struct TimeField<'a> {
    pub label: &'a str,
    pub name: &'a str,
    /// Frames.
    pub range: RangeInclusive<i64>,
    pub format: &'a dyn Fn(i64) -> String,
    pub parse: &'a dyn Fn(&str) -> Option<i64>,
}

/// See [`TimeField`]. Frames stay far below 2^53, so they pass through a float unharmed.
pub fn time(ui: &mut Ui, theme: &Theme, t: &TimeField<'_>, frame: i64) -> Option<i64> {
    let row = Row::next(ui);
    row.label_ui(ui, theme, t.label);
    let format = |v: f64| (t.format)(v.round() as i64);
    let parse = |text: &str| (t.parse)(text).map(|f| f as f64);
    let field = Field {
        name: t.name,
        salt: 0,
        range: *t.range.start() as f64..=*t.range.end() as f64,
        speed: 0.25,
        step: 1.0,
        format: &format,
        plain: &format,
        parse: &parse,
        places: 0,
    };
    let room = row.free();
    let width = 92f32.min(room.width());
    let change = field.ui(ui, theme, field_rect(room.with_min_x(room.right() - width)), Shown::one(frame as f64))?;
    Some(change.of(frame as f64).round() as i64).filter(|f| *f != frame)
}

/// Draws `content` into the main part of the next line, from its right end.
pub fn row<R>(ui: &mut Ui, theme: &Theme, label: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    let row = Row::next(ui);
    row_in(ui, theme, Row { main: row.free(), ..row }, label, content)
}

fn row_in<R>(ui: &mut Ui, theme: &Theme, row: Row, label: &str, content: impl FnOnce(&mut Ui) -> R) -> R {
    row.label_ui(ui, theme, label);
    let builder = UiBuilder::new().max_rect(row.main).layout(Layout::right_to_left(Align::Center));
    content(&mut ui.new_child(builder))
}

/// The sign of what opens a list.
fn caret(ui: &Ui, rect: Rect, visuals: &egui::style::WidgetVisuals, _open: bool) {
    ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icons::CARET_DOWN, fonts::icon(10.0), visuals.text_color());
}

/// One of several values; None = they are different. Some = the user chose another.
pub fn choice<T: Copy + PartialEq>(ui: &mut Ui, theme: &Theme, label: &str, value: Option<T>, options: &[(T, String)]) -> Option<T> {
    let row = Row::next(ui);
    choice_in(ui, theme, Row { main: row.free(), ..row }, label, value, options)
}

/// [`choice`] in a row that has something in its gutter.
pub fn choice_in<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    row: Row,
    label: &str,
    value: Option<T>,
    options: &[(T, String)],
) -> Option<T> {
    let mut chosen = None;
    let text = match value {
        None => "—".to_owned(),
        Some(v) => options.iter().find(|o| o.0 == v).map_or_else(|| tr("inspector-custom"), |o| o.1.clone()),
    };
    row_in(ui, theme, row, label, |ui| {
        let width = ui.available_width().min(128.0);
        let combo =
            ComboBox::from_id_salt(("inspector choice", label)).selected_text(text).width(width).truncate().icon(caret).show_ui(ui, |ui| {
                for (option, name) in options {
                    if ui.selectable_label(Some(*option) == value, name).clicked() && Some(*option) != value {
                        chosen = Some(*option);
                    }
                }
            });
        combo.response.accessible_name(label);
    });
    chosen
}

/// A switch; None = some are on and some are off. Some = the user turned it.
pub fn toggle(ui: &mut Ui, theme: &Theme, label: &str, value: Option<bool>) -> Option<bool> {
    let mut now = value.unwrap_or(false);
    row(ui, theme, label, |ui| widgets::switch(ui, theme, &mut now, label)).clicked().then_some(now)
}

/// A colour with alpha, straight, 0–1. Some = the user changed it.
pub fn color(ui: &mut Ui, theme: &Theme, label: &str, name: &str, value: [f32; 4]) -> Option<[f32; 4]> {
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let mut now = value.map(byte);
    let before = now;
    row(ui, theme, label, |ui| {
        ui.spacing_mut().interact_size = vec2(NUMBER, field::HEIGHT);
        ui.color_edit_button_srgba_unmultiplied(&mut now).accessible_name(name);
    });
    (now != before).then(|| now.map(|v| f32::from(v) / 255.0))
}

/// A line of text that is typed; `hint` stands there while it is empty. The response tells when typing is done; true = the
/// text has changed.
pub fn text(ui: &mut Ui, theme: &Theme, label: &str, name: &str, hint: &str, text: &mut String) -> (Response, bool) {
    let row = Row::next(ui);
    row.label_ui(ui, theme, label);
    let rect = field_rect(row.free());
    let edit = TextEdit::singleline(text)
        .id(Id::unique(("inspector text", name)))
        .hint_text(hint)
        .desired_width(rect.width() - 12.0)
        .margin(egui::Margin::symmetric(6, 2))
        .align(egui::Align2::LEFT_CENTER);
    let response = field::place(ui, rect, edit).accessible_name(name);
    let changed = response.changed();
    (response, changed)
}

/// A fact that cannot be changed.
pub fn fact(ui: &mut Ui, theme: &Theme, label: &str, text: &str) {
    let row = Row::next(ui);
    row.label_ui(ui, theme, label);
    let font = fonts::regular(size::TEXT);
    let mut galley = ui.painter().layout_job(fonts::tabular(ui.ctx(), text, &font, theme.text()));
    let rect = if galley.size().x > row.main.width() { row.wide() } else { row.main };
    let short = galley.size().x > rect.width();
    if short {
        galley = widgets::elided(ui, text, font, theme.text(), rect.width());
    }
    let response = ui.interact(rect, Id::unique(("inspector fact", label, rect.top().to_bits())), Sense::HOVER);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{label}: {text}")));
    ui.painter().galley(pos2(rect.right() - galley.size().x, rect.center().y - galley.size().y / 2.0), galley, theme.text());
    if short {
        response.on_hover_text(text);
    }
}

/// A sentence in the panel, in secondary text.
pub fn note(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.add(egui::Label::new(egui::RichText::new(text).size(size::SMALL).color(theme.secondary())).wrap());
}

/// The head of a section: a caret, its name, and `tail` at the right end. A click folds it; true = it is open.
pub fn section(
    ui: &mut Ui,
    theme: &Theme,
    closed: &mut std::collections::BTreeSet<&'static str>,
    key: &'static str,
    tail: impl FnOnce(&mut Ui),
) -> bool {
    let title = tr(key);
    ui.add_space(8.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let mut open = !closed.contains(key);
    let response = ui.interact(rect, Id::unique(("inspector section", key)), Sense::click());
    response.widget_info(|| {
        let name = tr_args("inspector-section-of", &[("name", title.as_str().into())]);
        WidgetInfo::selected(Role::Button, true, open, name)
    });
    reveal(&response);
    if response.clicked() {
        open = !open;
        if open {
            closed.remove(key)
        } else {
            closed.insert(key)
        };
    }
    let color = if response.hovered() || response.has_focus() { theme.text() } else { theme.secondary() };
    if response.has_focus() {
        let ring = egui::Stroke::new(1.0, theme.accent());
        ui.painter().rect_stroke(rect, CornerRadius::same(size::RADIUS), ring, egui::StrokeKind::Inside);
    }
    let caret = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    ui.painter().text(pos2(rect.left() + 4.0, rect.center().y), egui::Align2::CENTER_CENTER, caret, fonts::icon(10.0), color);
    let font = fonts::semibold(size::SMALL);
    ui.painter().text(pos2(rect.left() + 14.0, rect.center().y), egui::Align2::LEFT_CENTER, title, font, color);
    let builder = UiBuilder::new().max_rect(rect.with_min_x(rect.center().x)).layout(Layout::right_to_left(Align::Center));
    tail(&mut ui.new_child(builder));
    open
}

/// A small button with an icon in the head of a section.
pub fn tail_button(ui: &mut Ui, theme: &Theme, icon: char, name: &str) -> bool {
    tail_response(ui, theme, icon, name).clicked()
}

/// [`tail_button`] for what opens a menu.
pub fn tail_response(ui: &mut Ui, theme: &Theme, icon: char, name: &str) -> Response {
    widgets::icon_button_sized(ui, theme, icon, name, name, ui.is_enabled(), false, 20.0, 13.0)
}

/// A button with an icon before its words, under the rows that it belongs to.
pub fn action(ui: &mut Ui, icon: char, text: &str) -> bool {
    ui.add_space(8.0);
    ui.button(format!("{icon}  {text}")).accessible_name(text).clicked()
}
