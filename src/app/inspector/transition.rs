//! Settings of a transition. UI thread.

use super::{
    InspectorState,
    field::Shown,
    heading,
    rows::{self, Number, Row, Unit},
};
use crate::{
    app::{fonts, icons, state::Cx, theme::Theme, theme::size, words::tr, words::tr_args},
    base::TransitionId,
    edit::EditCommand,
    model::{Side, TrackKind, Transition, TransitionKind},
    session::Command,
};
use egui::{Id, Rect, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, vec2};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Cross,
    Dip,
    Wipe,
    Slide,
    Push,
}

impl Kind {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Cross, "inspector-cross-dissolve"),
        (Self::Dip, "inspector-dip"),
        (Self::Wipe, "inspector-wipe"),
        (Self::Slide, "inspector-slide"),
        (Self::Push, "inspector-push"),
    ];

    fn of(kind: &TransitionKind) -> Self {
        match kind {
            TransitionKind::CrossDissolve => Self::Cross,
            TransitionKind::DipToColor { .. } => Self::Dip,
            TransitionKind::Wipe { .. } => Self::Wipe,
            TransitionKind::Slide { push: false, .. } => Self::Slide,
            TransitionKind::Slide { push: true, .. } => Self::Push,
        }
    }

    /// As it begins, keeping the side of a slide.
    fn begun(self, before: &TransitionKind) -> TransitionKind {
        let from = if let TransitionKind::Slide { from, .. } = before { *from } else { Side::Right };
        match self {
            Self::Cross => TransitionKind::CrossDissolve,
            Self::Dip => TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] },
            Self::Wipe => TransitionKind::Wipe { angle: 0.0, softness: 0.1 },
            Self::Slide => TransitionKind::Slide { from, push: false },
            Self::Push => TransitionKind::Slide { from, push: true },
        }
    }

    fn name(self) -> String {
        Self::ALL.iter().find(|k| k.0 == self).map_or_else(String::new, |k| tr(k.1))
    }
}

/// Where a transition lies over its cut.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Alignment {
    Center,
    Start,
    End,
}

impl Alignment {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Center, "inspector-align-center"), (Self::Start, "inspector-align-start"), (Self::End, "inspector-align-end")];

    fn of(before: i64, after: i64) -> Option<Self> {
        match (before, after) {
            (0, _) => Some(Self::Start),
            (_, 0) => Some(Self::End),
            (a, b) if (a - b).abs() <= 1 => Some(Self::Center),
            _ => None,
        }
    }

    /// Frames before and after the cut.
    fn split(self, frames: i64) -> (i64, i64) {
        match self {
            Self::Center => (frames - frames / 2, frames / 2),
            Self::Start => (0, frames),
            Self::End => (frames, 0),
        }
    }
}

/// A transition with another length in the same place over its cut.
fn with_length(x: &Transition, frames: i64) -> (i64, i64) {
    match Alignment::of(x.before, x.after) {
        Some(a) => a.split(frames),
        None => {
            let before = (frames as f64 * x.before as f64 / x.duration().max(1) as f64).round() as i64;
            (before, frames - before)
        }
    }
}

pub fn transition_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: TransitionId) {
    let project = cx.project.clone();
    let found = project.sequence.tracks.iter().find_map(|t| t.transitions.iter().find(|x| x.id == id).map(|x| (t, x)));
    let Some((track, x)) = found else { return };
    let kind = Kind::of(&x.kind);
    let note = tr_args("inspector-frames", &[("n", x.duration().into())]);
    heading(ui, cx, icons::DISSOLVE, &kind.name(), &note);
    if track.locked {
        rows::note(ui, cx.theme, &tr("inspector-locked"));
        ui.disable();
    }
    let mut new = *x;
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-transition", |_| {}) {
        // of sound all but a dip are cross-fades
        let all = if track.kind == TrackKind::Audio { &Kind::ALL[..2] } else { &Kind::ALL[..] };
        let kinds: Vec<_> = all.iter().map(|(k, key)| (*k, tr(key))).collect();
        if let Some(kind) = rows::choice(ui, cx.theme, &tr("inspector-kind"), Some(kind), &kinds) {
            new.kind = kind.begun(&x.kind);
        }
        kind_ui(ui, cx.theme, &mut new.kind);
    }
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-timing", |_| {}) {
        timing_ui(ui, cx.theme, x, &mut new);
    }
    if new != *x && new.duration() > 0 {
        let edit = EditCommand::SetTransition { id, kind: new.kind, before: new.before, after: new.after };
        state.change_if_possible(ui, cx, edit);
    }
    if rows::action(ui, icons::TRASH, &tr("inspector-remove-transition")) {
        cx.out.send(Command::Edit(EditCommand::RemoveTransition { id }));
    }
}

fn timing_ui(ui: &mut Ui, theme: &Theme, x: &Transition, new: &mut Transition) {
    let row = |label| Number::new(label, Unit::Frames, 0.0..=600.0, f64::NAN).speed(0.2).slider(0.0..=60.0);
    let frames = |v: i64| Shown::one(v as f64);
    let label = tr("inspector-duration");
    let name = tr("inspector-transition-duration");
    let whole = Number { range: 1.0..=1200.0, ..row(&label).name(&name).slider(1.0..=120.0) };
    if let Some(c) = rows::number(ui, theme, &whole, frames(x.duration())) {
        (new.before, new.after) = with_length(x, c.of(x.duration() as f64).round() as i64);
    }
    let now = Alignment::of(x.before, x.after);
    let mut options = Alignment::ALL.map(|(a, key)| (Some(a), tr(key))).to_vec();
    if now.is_none() {
        options.push((None, tr("inspector-custom")));
    }
    if let Some(Some(a)) = rows::choice(ui, theme, &tr("inspector-alignment"), Some(now), &options) {
        (new.before, new.after) = a.split(x.duration());
    }
    let label = tr("inspector-before-cut");
    if let Some(c) = rows::number(ui, theme, &row(&label), frames(x.before)) {
        new.before = c.of(x.before as f64).round() as i64;
    }
    let label = tr("inspector-after-cut");
    if let Some(c) = rows::number(ui, theme, &row(&label), frames(x.after)) {
        new.after = c.of(x.after as f64).round() as i64;
    }
}

fn kind_ui(ui: &mut Ui, theme: &Theme, kind: &mut TransitionKind) {
    match kind {
        TransitionKind::CrossDissolve => {}
        TransitionKind::DipToColor { color } => {
            if let Some(v) = rows::color(ui, theme, &tr("inspector-color"), &tr("inspector-color"), *color) {
                *color = v;
            }
        }
        TransitionKind::Wipe { angle, softness } => {
            let label = tr("inspector-angle");
            let n = Number::new(&label, Unit::Degrees, -360.0..=360.0, 0.0).places(1);
            let row = Row::next(ui);
            if let Some(c) = rows::number_in(ui, theme, row, &n, Shown::one(f64::from(*angle)), true) {
                *angle = c.of(f64::from(*angle)) as f32;
            }
            let dial = Rect::from_center_size(row.main.left_center() + vec2(13.0, 0.0), vec2(22.0, 22.0));
            if let Some(v) = dial_ui(ui, theme, dial, *angle, &label) {
                *angle = v;
            }
            let label = tr("inspector-softness");
            let n = Number::new(&label, Unit::Percent, 0.0..=100.0, 0.0).slider(0.0..=100.0);
            if let Some(c) = rows::number(ui, theme, &n, Shown::one(f64::from(*softness) * 100.0)) {
                *softness = (c.of(f64::from(*softness) * 100.0) / 100.0).clamp(0.0, 1.0) as f32;
            }
        }
        TransitionKind::Slide { from, .. } => {
            if let Some(side) = sides_ui(ui, theme, *from) {
                *from = side;
            }
        }
    }
}

/// An angle, clockwise from the right: the hand points where the edge moves. Snaps to steps of 15° unless Shift is held.
fn dial_ui(ui: &mut Ui, theme: &Theme, rect: Rect, angle: f32, label: &str) -> Option<f32> {
    let response = ui.interact(rect, Id::unique(("inspector dial", label)), Sense::CLICK | Sense::DRAG);
    let name = tr_args("inspector-dial-of", &[("name", label.into())]);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(angle), &name));
    let live = response.hovered() || response.dragged();
    ui.painter().circle_filled(rect.center(), rect.width() / 2.0, theme.surface(if live { 3 } else { 2 }));
    let to = rect.center() + egui::Vec2::angled(angle.to_radians()) * (rect.width() / 2.0 - 2.0);
    ui.painter().line_segment([rect.center(), to], Stroke::new(2.0, theme.accent()));
    ui.painter().circle_filled(rect.center(), 2.0, theme.accent());
    let pos = response.interact_pointer_pos().filter(|_| response.is_pointer_button_down_on())?;
    let wanted = (pos - rect.center()).angle().to_degrees();
    let wanted = if ui.input(|i| i.modifiers.shift) { wanted.round() } else { (wanted / 15.0).round() * 15.0 };
    (wanted != angle).then_some(wanted)
}

fn sides_ui(ui: &mut Ui, theme: &Theme, from: Side) -> Option<Side> {
    let sides = [
        (Side::Left, icons::ARROW_RIGHT, "inspector-from-left"),
        (Side::Top, icons::ARROW_DOWN, "inspector-from-top"),
        (Side::Bottom, icons::ARROW_UP, "inspector-from-bottom"),
        (Side::Right, icons::ARROW_LEFT, "inspector-from-right"),
    ];
    let mut chosen = None;
    rows::row(ui, theme, &tr("inspector-from"), |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (side, icon, key) in sides.into_iter().rev() {
            let (rect, response) = ui.allocate_exact_size(vec2(22.0, 20.0), Sense::click());
            let on = side == from;
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, tr(key)));
            let fill = if on { theme.accent_tint() } else { theme.surface(if response.hovered() { 3 } else { 2 }) };
            ui.painter().rect_filled(rect, egui::CornerRadius::same(size::RADIUS), fill);
            let color = if on { theme.accent() } else { theme.secondary() };
            ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icon, fonts::icon(13.0), color);
            if response.on_hover_text(tr(key)).clicked() && !on {
                chosen = Some(side);
            }
        }
    });
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alignment_is_known_by_its_parts_and_gives_them() {
        for (a, _) in Alignment::ALL {
            for frames in [2, 15, 30] {
                let (before, after) = a.split(frames);
                assert_eq!(before + after, frames);
                assert_eq!(Alignment::of(before, after), Some(a), "{frames}");
            }
        }
        assert_eq!(Alignment::of(10, 4), None);
    }

    #[test]
    fn another_length_stays_where_it_was_over_the_cut() {
        let x = |before, after| Transition {
            id: TransitionId(1),
            kind: TransitionKind::CrossDissolve,
            left: crate::base::ClipId(1),
            right: crate::base::ClipId(2),
            before,
            after,
        };
        assert_eq!(with_length(&x(0, 10), 20), (0, 20));
        assert_eq!(with_length(&x(7, 7), 21), (11, 10));
        assert_eq!(with_length(&x(5, 15), 40), (10, 30));
    }
}
