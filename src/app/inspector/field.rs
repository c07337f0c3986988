//! The number field of the inspector: drag it, click and type into it, step it with the arrow keys. Shows "—" for several
//! different values, which a drag or a step then changes by the same amount. UI thread.

use crate::app::{fonts, theme::Theme, theme::size};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Key, Modifiers, Rect, Response, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, accesskit,
    pos2, text::CCursorRange,
};
use std::ops::RangeInclusive;

/// Height of a field in points.
pub const HEIGHT: f32 = 20.0;

/// What a person did to a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    To(f64),
    /// To several different values: each by this much.
    By(f64),
}

impl Change {
    /// The new value in place of `old`.
    pub fn of(self, old: f64) -> f64 {
        match self {
            Self::To(v) => v,
            Self::By(d) => old + d,
        }
    }
}

/// The values that a field shows as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// The first one.
    pub value: f64,
    /// There are different ones.
    pub mixed: bool,
}

impl Shown {
    pub fn one(value: f64) -> Self {
        Self { value, mixed: false }
    }

    /// None without values. Values that look alike at `places` decimals count as alike.
    pub fn of(values: impl IntoIterator<Item = f64>, places: usize) -> Option<Self> {
        let mut values = values.into_iter();
        let value = values.next()?;
        let near = 0.5 * 10f64.powi(-(places as i32));
        Some(Self { value, mixed: values.any(|v| (v - value).abs() >= near) })
    }
}

/// A field's look and manners.
pub struct Field<'a> {
    /// For a screen reader, and with `salt` its identity.
    pub name: &'a str,
    pub salt: usize,
    pub range: RangeInclusive<f64>,
    /// Change per point of dragging.
    pub speed: f64,
    /// Change per press of an arrow key; ten times as much with Shift.
    pub step: f64,
    /// Text with its unit.
    pub format: &'a dyn Fn(f64) -> String,
    /// Text to type over.
    pub plain: &'a dyn Fn(f64) -> String,
    pub parse: &'a dyn Fn(&str) -> Option<f64>,
    /// Decimals that a drag keeps.
    pub places: usize,
}

/// Text being typed, and the value it began with.
#[derive(Clone, Default)]
struct Typed {
    text: String,
    begun: f64,
}

impl Field<'_> {
    /// What it is for egui, to ask for its focus.
    pub fn id(&self) -> Id {
        Id::unique(("inspector field", self.name, self.salt))
    }

    /// Draws it into `rect`. Some = the user changed it.
    pub fn ui(&self, ui: &mut Ui, theme: &Theme, rect: Rect, shown: Shown) -> Option<Change> {
        let id = self.id();
        let editing = ui.is_enabled()
            && ui.memory_mut(|m| {
                m.interested_in_focus(id, ui.layer_id());
                m.has_focus(id)
            });
        let mut change = self.steps(ui, id, editing, shown);
        // the focus may have gone before this pass came here
        if change.is_none() && !editing {
            change = self.take_typed(ui, id, shown);
        }
        let response = if editing {
            self.edit_ui(ui, theme, rect, shown, change.is_some(), &mut change)
        } else {
            let (response, dragged) = self.idle_ui(ui, theme, rect, shown);
            change = dragged.or(change);
            response
        };
        self.describe(ui, &response, shown);
        change
    }

    fn clamp(&self, v: f64) -> f64 {
        v.clamp(*self.range.start(), *self.range.end())
    }

    fn change(&self, shown: Shown, to: f64) -> Option<Change> {
        if shown.mixed { (to != shown.value).then_some(Change::By(to - shown.value)) } else { self.to(shown, to) }
    }

    fn to(&self, shown: Shown, to: f64) -> Option<Change> {
        let to = self.clamp(to);
        (to.is_finite() && (shown.mixed || to != shown.value)).then_some(Change::To(to))
    }

    /// Arrow keys, and what a screen reader asks for.
    fn steps(&self, ui: &Ui, id: Id, editing: bool, shown: Shown) -> Option<Change> {
        if !ui.is_enabled() {
            return None;
        }
        let mut set = None;
        let by = ui.input_mut(|i| {
            let mut by = 0.0;
            if editing {
                for (modifiers, factor) in [(Modifiers::SHIFT, 10.0), (Modifiers::NONE, 1.0)] {
                    by += factor * i.count_and_consume_key(modifiers, Key::ArrowUp) as f64;
                    by -= factor * i.count_and_consume_key(modifiers, Key::ArrowDown) as f64;
                }
            }
            by += i.num_accesskit_action_requests(id, accesskit::Action::Increment) as f64;
            by -= i.num_accesskit_action_requests(id, accesskit::Action::Decrement) as f64;
            for request in i.accesskit_action_requests(id, accesskit::Action::SetValue) {
                if let Some(accesskit::ActionData::NumericValue(v)) = request.data {
                    set = Some(v);
                }
            }
            by
        });
        if let Some(v) = set {
            return self.to(shown, v);
        }
        if by == 0.0 {
            return None;
        }
        // a step goes on from what has been typed so far
        let typed = ui.data_mut(|d| d.remove_temp::<Typed>(id)).and_then(|t| (self.parse)(&t.text)).filter(|_| !shown.mixed);
        let to = typed.unwrap_or(shown.value) + by * self.step;
        self.change(shown, if shown.mixed { to } else { self.clamp(self.rounded(to)) })
    }

    fn rounded(&self, v: f64) -> f64 {
        let n = 10f64.powi(self.places as i32);
        (v * n).round() / n
    }

    /// The text that was typed until the focus went, unless Escape sent it away or the value has changed meanwhile.
    fn take_typed(&self, ui: &Ui, id: Id, shown: Shown) -> Option<Change> {
        let typed = ui.data_mut(|d| d.remove_temp::<Typed>(id))?;
        if ui.input(|i| i.key_pressed(Key::Escape)) || typed.begun != shown.value {
            return None;
        }
        let same = !shown.mixed && typed.text.trim() == (self.plain)(shown.value);
        if same { None } else { self.to(shown, (self.parse)(&typed.text)?) }
    }

    fn edit_ui(&self, ui: &mut Ui, theme: &Theme, rect: Rect, shown: Shown, stepped: bool, change: &mut Option<Change>) -> Response {
        let id = self.id();
        let value = if let (true, Some(c)) = (stepped, *change) { c.of(shown.value) } else { shown.value };
        let begin = || Typed { text: if shown.mixed { String::new() } else { (self.plain)(value) }, begun: value };
        let before = ui.data(|d| d.get_temp::<Typed>(id)).filter(|t| t.begun == value);
        let is_new = before.is_none();
        let mut typed = before.unwrap_or_else(begin);
        if is_new {
            let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
            state.cursor.set_char_range(Some(CCursorRange::select_all_str(&typed.text)));
            state.store(ui.ctx(), id);
            ui.scroll_to_rect(rect, None);
        }
        let edit = TextEdit::singleline(&mut typed.text)
            .id(id)
            .desired_width(rect.width() - 12.0)
            .margin(egui::Margin::symmetric(6, 2))
            .align(Align2::RIGHT_CENTER)
            .text_color(theme.text());
        let response = place(ui, rect, edit);
        ui.painter().rect_stroke(rect, CornerRadius::same(size::RADIUS), Stroke::new(1.0, theme.accent()), StrokeKind::Inside);
        ui.data_mut(|d| d.insert_temp(id, typed));
        if response.lost_focus() {
            *change = change.or(self.take_typed(ui, id, shown));
        }
        response
    }

    fn idle_ui(&self, ui: &mut Ui, theme: &Theme, rect: Rect, shown: Shown) -> (Response, Option<Change>) {
        let id = self.id();
        let response = ui.interact(rect, id, Sense::click_and_drag()).on_hover_cursor(CursorIcon::ResizeHorizontal);
        if response.clicked() {
            ui.memory_mut(|m| m.request_focus(id));
        }
        let precise = id.with("precise");
        if response.drag_started() {
            ui.data_mut(|d| d.insert_temp(precise, shown.value));
        }
        let mut change = None;
        let delta = response.drag_delta();
        if response.dragged() && delta.x != delta.y {
            let fine = if ui.input(|i| i.modifiers.shift) { 0.1 } else { 1.0 };
            let at = ui.data(|d| d.get_temp::<f64>(precise)).unwrap_or(shown.value);
            let mut to = at + f64::from(delta.x - delta.y) * self.speed * fine;
            if !shown.mixed {
                to = self.clamp(to);
            }
            ui.data_mut(|d| d.insert_temp(precise, to));
            // with several values the first one is the measure, and all go as far as it does
            change = self.change(shown, self.rounded(to));
        }
        if ui.is_rect_visible(rect) {
            let live = ui.is_enabled() && (response.hovered() || response.dragged());
            ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), theme.surface(if live { 3 } else { 2 }));
            // egui dims what cannot be used
            let color = theme.text();
            let galley = |text: &str, size| ui.painter().layout_job(fonts::tabular(ui.ctx(), text, &fonts::regular(size), color));
            let mut text = galley(&if shown.mixed { "—".to_owned() } else { (self.format)(shown.value) }, size::TEXT);
            // in a narrow field first the unit goes, then the size
            for size in [size::TEXT, 10.0] {
                if text.size().x > rect.width() - 4.0 && !shown.mixed {
                    text = galley(&(self.plain)(shown.value), size);
                }
            }
            let at = pos2((rect.right() - 7.0 - text.size().x).max(rect.left() + 2.0), rect.center().y - text.size().y / 2.0);
            ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).galley(at, text, color);
        }
        (response, change)
    }

    fn describe(&self, ui: &Ui, response: &Response, shown: Shown) {
        response.widget_info(|| {
            let mut info = WidgetInfo::drag_value(ui.is_enabled(), shown.value);
            info.label = Some(self.name.to_owned());
            info
        });
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_min_numeric_value(*self.range.start());
            node.set_max_numeric_value(*self.range.end());
            node.set_numeric_value_step(self.step);
            for action in [accesskit::Action::SetValue, accesskit::Action::Increment, accesskit::Action::Decrement] {
                node.add_action(action);
            }
        });
    }
}

/// Puts a line of text into a field's place: not higher than the field.
pub fn place(ui: &mut Ui, rect: Rect, edit: TextEdit<'_>) -> Response {
    let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect));
    child.spacing_mut().interact_size.y = HEIGHT;
    child.put(rect, edit.min_size(rect.size() - egui::vec2(12.0, 4.0)))
}

/// The number at the front of a text, with a point or a comma, whatever stands behind it.
pub fn parse_number(text: &str) -> Option<f64> {
    let text: String = text.trim().replace('−', "-").replace(',', ".");
    let end = text
        .char_indices()
        .find(|(i, c)| !(c.is_ascii_digit() || *c == '.' || (*i == 0 && (*c == '-' || *c == '+'))))
        .map_or(text.len(), |x| x.0);
    text.get(..end)?.parse().ok().filter(|v: &f64| v.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!([" 104 %", "−3,5 dB", "+.5", "12px", "90°"].map(parse_number), [104.0, -3.5, 0.5, 12.0, 90.0].map(Some));
        assert_eq!(["", "—", "abc", "-", "1.2.3"].map(parse_number), [None; 5]);
    }

    #[test]
    fn different_values_show_as_mixed_and_change_by_the_same() {
        assert_eq!(Shown::of([1.0, 1.0001], 2), Some(Shown { value: 1.0, mixed: false }));
        let s = Shown::of([1.0, 2.0], 2).unwrap();
        assert!(s.mixed);
        assert_eq!((Change::By(0.5).of(2.0), Change::To(0.5).of(2.0)), (2.5, 0.5));
        assert_eq!(Shown::of([], 0), None);
    }
}
