//! The gutter of a value that can be animated: the key-frame diamond, the way to the keys beside it, its menu. UI thread.

use super::{
    InspectorState, curve,
    field::Change,
    keys::Param,
    rows::{self, Number, Row},
    scope::Scope,
};
use crate::{
    app::{icons, state::Cx, theme::Theme, words::tr, words::tr_args},
    model::Ease,
    session::Command,
};
use egui::{Id, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, vec2};

/// Eases with the keys of their names.
pub const EASES: [(Ease, &str); 5] = [
    (Ease::Linear, "inspector-ease-linear"),
    (Ease::In, "inspector-ease-in"),
    (Ease::Out, "inspector-ease-out"),
    (Ease::InOut, "inspector-ease-in-out"),
    (Ease::Hold, "inspector-ease-hold"),
];

/// A row for an animatable number that is shown as `factor` times what it is.
pub fn number_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, param: Param, n: &Number<'_>, factor: f64) {
    let Some(shown) = scope.shown(n.places, |c| f64::from(param.at(c, scope.frame(c)).0) * factor) else { return };
    let row = Row::next(ui);
    let animated = scope.clips.iter().any(|c| param.is_animated(c));
    let short = labelled(row, animated);
    if let Some(change) = rows::number_in(ui, cx.theme, short, n, shown, !animated)
        && let Some(edit) = scope.set_number(param, change, factor, &n.range)
    {
        state.change(ui, cx, edit);
    }
    keys_ui(ui, state, cx, scope, param, n.label, row);
    curve::curve_ui(ui, state, cx, scope, param, n, factor);
}

/// The position: two numbers, one animation.
pub fn position_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, n: &Number<'_>) {
    let param = Param::Position;
    let part = |i: usize| {
        scope.shown(n.places, |c| {
            let v = param.at(c, scope.frame(c));
            f64::from(if i == 0 { v.0 } else { v.1 })
        })
    };
    let (Some(x), Some(y)) = (part(0), part(1)) else { return };
    let row = Row::next(ui);
    let names = [tr("inspector-position-x"), tr("inspector-position-y")];
    let animated = scope.clips.iter().any(|c| param.is_animated(c));
    let changed = rows::numbers(ui, cx.theme, labelled(row, animated), n, &[&names[0], &names[1]], &[x, y]);
    let reset = !animated && rows::reset_numbers(ui, cx.theme, row, n, &[x, y]);
    let set = |i: usize, change: Change, v: (f32, f32)| {
        let of = |v: f32| change.of(f64::from(v)).clamp(*n.range.start(), *n.range.end()) as f32;
        if i == 0 { (of(v.0), v.1) } else { (v.0, of(v.1)) }
    };
    let edit = match changed {
        Some((i, change)) => scope.set(param, |v| set(i, change, v)),
        None if reset => scope.set(param, |_| (0.0, 0.0)),
        None => None,
    };
    if let Some(edit) = edit {
        state.change(ui, cx, edit);
    }
    keys_ui(ui, state, cx, scope, param, n.label, row);
    curve::curve_ui(ui, state, cx, scope, param, n, 1.0);
}

/// A row whose label leaves room for the sign of its curve.
fn labelled(row: Row, animated: bool) -> Row {
    row.with_shorter_label(if animated { 16.0 } else { 0.0 })
}

/// The gutter of a row: ‹ › and the diamond; the caret that opens the curve stands at the end of the label.
fn keys_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, param: Param, label: &str, row: Row) {
    let animated = scope.clips.iter().any(|c| param.is_animated(c));
    let here = animated && scope.clips.iter().all(|c| param.has_key(c, scope.frame(c)));
    if animated && let Some(clip) = scope.only() {
        let (before, after) = param.around(clip, scope.frame(clip));
        let mut go = |ui: &mut Ui, slot: usize, to: Option<i64>, icon: char, key: &str| {
            ui.add_enabled_ui(to.is_some(), |ui| {
                let name = tr_args(key, &[("name", label.into())]);
                if rows::sign(ui, cx.theme, row.slot(slot), icon, (&name, 0), &name)
                    && let Some(frame) = to
                {
                    cx.out.send(Command::Seek(clip.start + frame));
                }
            });
        };
        go(ui, 0, before, icons::CARET_LEFT, "inspector-key-previous");
        go(ui, 1, after, icons::CARET_RIGHT, "inspector-key-next");
        caret_ui(ui, state, cx, param, label, row);
    }
    diamond_ui(ui, state, cx, scope, param, label, row.slot(2), (animated, here));
}

/// Opens and closes the curve.
fn caret_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, param: Param, label: &str, row: Row) {
    let open = state.curves.contains(&param);
    let icon = if open { icons::CARET_DOWN } else { icons::SCOPES };
    let rect = Rect::from_center_size(row.label.right_center() - vec2(7.0, 0.0), vec2(16.0, 20.0));
    let name = tr_args("inspector-curve-of", &[("name", label.into())]);
    if rows::sign(ui, cx.theme, rect, icon, (&name, 0), &tr("inspector-curve-tip")) {
        if open {
            state.curves.remove(&param)
        } else {
            state.curves.insert(param)
        };
    }
}

#[expect(clippy::too_many_arguments, reason = "one sign with its place, meaning and state")]
fn diamond_ui(
    ui: &mut Ui,
    state: &mut InspectorState,
    cx: &mut Cx<'_>,
    scope: &Scope<'_>,
    param: Param,
    label: &str,
    rect: Rect,
    (animated, here): (bool, bool),
) {
    let name = tr_args("inspector-key-of", &[("name", label.into())]);
    let response = ui.interact(rect, Id::unique(("inspector key", param)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, ui.is_enabled(), here, &name));
    paint_diamond(ui, cx.theme, rect, (animated, here), response.hovered() || response.has_focus());
    rows::reveal(&response);
    let tip = match (animated, here) {
        (false, _) => "inspector-key-start",
        (true, false) => "inspector-key-add",
        (true, true) => "inspector-key-remove",
    };
    let response = response.on_hover_text(tr(tip));
    if response.clicked() {
        let edit = scope.many(|c| {
            let frame = scope.frame(c);
            if here { param.remove_key(c, frame) } else { param.add_key(c, frame).into_iter().collect() }
        });
        send(state, ui, cx, edit);
    }
    response.context_menu(|ui| menu_ui(ui, state, cx, scope, param, animated));
}

fn menu_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, param: Param, animated: bool) {
    ui.set_min_width(180.0);
    let now = scope.same(|c| param.ease(c, scope.frame(c))).flatten();
    for (ease, key) in EASES {
        let choice = egui::Button::selectable(now == Some(ease), tr(key));
        if ui.add_enabled(animated, choice).clicked() {
            let edit = scope.many(|c| param.set_ease(c, scope.frame(c), ease).into_iter().collect());
            send(state, ui, cx, edit);
            ui.close();
        }
    }
    ui.separator();
    if ui.add_enabled(animated, egui::Button::new(tr("inspector-keys-remove-all"))).clicked() {
        let edit = scope.many(|c| param.stop(c, scope.frame(c)));
        send(state, ui, cx, edit);
        ui.close();
    }
}

/// A click's edit is a step of its own, whatever the button does.
fn send(state: &mut InspectorState, ui: &Ui, cx: &mut Cx<'_>, edit: Option<crate::edit::EditCommand>) {
    if let Some(edit) = edit {
        state.change(ui, cx, edit);
    }
}

/// Empty and faint: not animated; outlined: no key here; filled: a key here.
fn paint_diamond(ui: &Ui, theme: &Theme, rect: Rect, (animated, here): (bool, bool), live: bool) {
    let (c, r) = (rect.center(), 4.5);
    let points = vec![c - vec2(0.0, r), c + vec2(r, 0.0), c + vec2(0.0, r), c - vec2(r, 0.0)];
    let color = match (ui.is_enabled(), animated) {
        (true, true) => theme.accent(),
        (true, false) if live => theme.text(),
        _ => theme.faint(),
    };
    let stroke = Stroke::new(1.2, color);
    ui.painter().add(if here { Shape::convex_polygon(points, color, stroke) } else { Shape::closed_line(points, stroke) });
}
