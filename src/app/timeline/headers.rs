//! Heads of the tracks: name, and switches for picture or sound, solo and lock.

use super::lanes::{Lane, Lanes};
use crate::{
    app::{fonts, icons, state::Cx, theme::size, widgets},
    edit::{EditCommand, TrackChange},
    model::TrackKind,
    session::Command,
};
use egui::{Align2, CornerRadius, Rect, Ui, UiBuilder, pos2, vec2};

/// Draw the heads into `rect`, level with `lanes`.
pub fn headers_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, lanes: &Lanes) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("track headers"));
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    ui.painter().rect_filled(rect, CornerRadius::ZERO, cx.theme.surface(1));
    for lane in &lanes.lanes {
        let r = lanes.lane_rect(lane);
        let r = Rect::from_min_max(pos2(rect.left(), r.top()), pos2(rect.right(), r.bottom()));
        if r.bottom() > rect.top() && r.top() < rect.bottom() {
            header_ui(&mut ui, cx, r, lane);
        }
    }
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), cx.theme.hairline());
}

fn header_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, lane: &Lane) {
    let t = &lane.track;
    let color = if t.muted || t.locked { cx.theme.secondary() } else { cx.theme.text() };
    let left = rect.left() + 12.0;
    let two_lines = !t.name.is_empty() && rect.height() > 40.0;
    let name_y = if two_lines { rect.center().y - 7.0 } else { rect.center().y };
    ui.painter().text(pos2(left, name_y), Align2::LEFT_CENTER, &lane.label, fonts::semibold(size::TEXT), color);
    if two_lines {
        let galley = widgets::elided(ui, &t.name, fonts::regular(size::SMALL - 1.0), cx.theme.secondary(), 44.0);
        ui.painter().galley(pos2(left, rect.center().y + 1.0), galley, cx.theme.secondary());
    }
    let side = 22.0;
    let mut x = rect.right() - 8.0;
    let mut next = || {
        x -= side;
        Rect::from_min_size(pos2(x, rect.center().y - side / 2.0), vec2(side, side))
    };
    let lock = if t.locked { icons::LOCK } else { icons::LOCK_OPEN };
    let lock_tip = if t.locked { "Locked: edits are refused" } else { "Lock this track against edits" };
    if toggle(ui, cx, next(), lock, &format!("Lock {}", lane.label), lock_tip, t.locked) {
        cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change: TrackChange::Locked(!t.locked) }));
    }
    if t.kind == TrackKind::Audio {
        let tip = "Solo: only tracks with solo are heard";
        if toggle(ui, cx, next(), icons::HEADPHONES, &format!("Solo {}", lane.label), tip, t.solo) {
            cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change: TrackChange::Solo(!t.solo) }));
        }
    }
    let (icon, verb, tip) = match (t.kind, t.muted) {
        (TrackKind::Video, false) => (icons::EYE, "Hide", "Hide this track's picture"),
        (TrackKind::Video, true) => (icons::EYE_OFF, "Hide", "Hidden: show this track's picture"),
        (TrackKind::Audio, false) => (icons::SPEAKER, "Mute", "Mute this track"),
        (TrackKind::Audio, true) => (icons::SPEAKER_OFF, "Mute", "Muted: let this track be heard"),
    };
    if toggle(ui, cx, next(), icon, &format!("{verb} {}", lane.label), tip, t.muted) {
        cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change: TrackChange::Muted(!t.muted) }));
    }
}

fn toggle(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, icon: char, name: &str, tip: &str, on: bool) -> bool {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    widgets::icon_button_sized(&mut ui, cx.theme, icon, name, tip, true, on, rect.height(), 14.0).clicked()
}
