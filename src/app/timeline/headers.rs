//! Heads of the tracks: number (which also says whether media go there), name, switches, height, and a menu.

use super::{
    TimelineState,
    lanes::{HEIGHTS, LARGE, Lane, Lanes, SMALL},
    menu,
};
use crate::{
    app::{
        commands::CommandId as C,
        edits, fonts, icons,
        state::{Action, Cx},
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::TrackId,
    edit::{EditCommand, Target, TrackChange},
    model::TrackKind,
    session::Command,
};
use egui::{
    Align2, CornerRadius, CursorIcon, Id, Key, Rect, Response, Sense, TextEdit, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, vec2,
};

/// Heads at least this high have two rows: number and name, switches below.
const TWO_ROWS: f32 = 44.0;
/// Height of the zone at the lower edge that is dragged.
const EDGE: f32 = 6.0;

/// A head whose height or name is being changed.
#[derive(Clone, Debug, Default)]
pub struct HeadState {
    /// Track, its new name so far, and whether the field has had its focus.
    renaming: Option<(TrackId, String, bool)>,
    /// Track and its height when the drag began.
    resizing: Option<(TrackId, f32)>,
}

impl HeadState {
    pub fn is_editing(&self) -> bool {
        self.resizing.is_some()
    }
}

/// Draw the heads into `rect`, level with `lanes`.
pub fn headers_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut TimelineState, rect: Rect, lanes: &Lanes) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("track headers"));
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    ui.painter().rect_filled(rect, CornerRadius::ZERO, cx.theme.surface(1));
    for lane in &lanes.lanes {
        let r = lanes.lane_rect(lane);
        let r = Rect::from_min_max(pos2(rect.left(), r.top()), pos2(rect.right(), r.bottom()));
        if r.bottom() > rect.top() && r.top() < rect.bottom() {
            header_ui(&mut ui, cx, &mut state.heads, r, lane);
        }
    }
    ui.painter().vline(rect.right() - 0.5, rect.y_range(), cx.theme.hairline());
}

fn header_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut HeadState, rect: Rect, lane: &Lane) {
    let t = &lane.track;
    let head = ui.interact(rect, Id::unique(("track head", t.id.0)), Sense::click());
    head.widget_info(|| WidgetInfo::labeled(Role::Group, true, tr_args("timeline-track", &[("track", lane.label.clone().into())])));
    ui.painter().hline(rect.x_range(), rect.bottom() + 1.5, egui::Stroke::new(1.0, cx.theme.line().gamma_multiply(0.6)));
    let two_rows = rect.height() >= TWO_ROWS;
    let middle = if two_rows { rect.center().y - 10.0 } else { rect.center().y };
    let chip = Rect::from_min_size(pos2(rect.left() + 8.0, middle - 8.0), vec2(28.0, 16.0));
    number(ui, cx, chip, lane);
    if two_rows {
        let name = Rect::from_min_max(pos2(chip.right() + 6.0, middle - 9.0), pos2(rect.right() - 6.0, middle + 9.0));
        name_ui(ui, cx, state, name, lane);
    }
    let side: f32 = if rect.height() < 24.0 { 18.0 } else { 20.0 };
    let y = if two_rows { rect.center().y + 11.0 } else { rect.center().y };
    // aligned with the number below it, or at the right of it
    let x = if two_rows { rect.left() + 5.0 } else { rect.right() - 6.0 - side * 4.0 };
    switches(ui, cx, lane, |i| Rect::from_center_size(pos2(x + side * (i as f32 + 0.5), y), vec2(side, side)));
    if head.double_clicked() || (head.has_focus() && ui.input(|i| i.key_pressed(Key::F2))) {
        state.renaming = Some((t.id, t.name.clone(), false));
    }
    if !two_rows && state.renaming.as_ref().is_some_and(|r| r.0 == t.id) {
        let field = Rect::from_min_max(pos2(chip.right() + 4.0, rect.center().y - 9.0), pos2(rect.right() - 4.0, rect.center().y + 9.0));
        name_ui(ui, cx, state, field, lane);
    }
    head.context_menu(|ui| context(ui, cx, state, lane));
    edge(ui, cx, state, rect, lane);
}

/// The track's number; pressed, media go to this track.
fn number(ui: &Ui, cx: &mut Cx<'_>, rect: Rect, lane: &Lane) {
    let t = &lane.track;
    let target = cx.shared.target;
    let chosen = edits::target_tracks(&cx.project, target);
    let on = Some(t.id) == if t.kind == TrackKind::Video { chosen.video } else { chosen.audio };
    let response = ui.interact(rect, Id::unique(("track target", t.id.0)), Sense::click());
    let name = tr_args("timeline-target", &[("track", lane.label.clone().into())]);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &name));
    let (fill, color) = match (on, response.hovered()) {
        (true, _) => (cx.theme.accent_tint(), cx.theme.accent()),
        (false, true) => (cx.theme.surface(3), cx.theme.text()),
        (false, false) => (egui::Color32::TRANSPARENT, if t.muted || t.locked { cx.theme.secondary() } else { cx.theme.text() }),
    };
    ui.painter().rect_filled(rect, CornerRadius::same(4), fill);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, CornerRadius::same(4), egui::Stroke::new(1.0, cx.theme.accent()), egui::StrokeKind::Inside);
    }
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, &lane.label, fonts::semibold(size::TEXT), color);
    if response.on_hover_text(tr("timeline-target-tip")).clicked() {
        let moved = match t.kind {
            TrackKind::Video => Target { video: Some(t.id), ..target },
            TrackKind::Audio => Target { audio: Some(t.id), ..target },
        };
        cx.out.push(Action::Target(moved));
    }
}

fn name_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut HeadState, rect: Rect, lane: &Lane) {
    let t = &lane.track;
    let Some((_, text, focused)) = state.renaming.as_mut().filter(|r| r.0 == t.id) else {
        let galley = widgets::elided(ui, &t.name, fonts::regular(size::SMALL), cx.theme.secondary(), rect.width());
        ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, cx.theme.secondary());
        return;
    };
    let field = TextEdit::singleline(text).font(fonts::regular(size::SMALL)).desired_width(rect.width()).char_limit(80);
    let response = ui.put(rect, field);
    let name = tr_args("timeline-rename", &[("track", lane.label.clone().into())]);
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, &name));
    if !std::mem::replace(focused, true) {
        response.request_focus();
        return;
    }
    if response.lost_focus() {
        let (name, given_up) = (text.trim().replace(['\n', '\r'], " "), ui.input(|i| i.key_pressed(Key::Escape)));
        if !given_up && name != t.name {
            cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change: TrackChange::Name(name) }));
        }
        state.renaming = None;
    }
}

/// Seen or heard, solo, sync lock, lock.
fn switches(ui: &mut Ui, cx: &mut Cx<'_>, lane: &Lane, place: impl Fn(usize) -> Rect) {
    let t = &lane.track;
    let named = |key: &str| tr_args(key, &[("track", lane.label.clone().into())]);
    let set = |cx: &mut Cx<'_>, change| cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change }));
    let (icon, name, tip) = match (t.kind, t.muted) {
        (TrackKind::Video, false) => (icons::EYE, "timeline-hide", "timeline-hide-tip"),
        (TrackKind::Video, true) => (icons::EYE_OFF, "timeline-hide", "timeline-hidden-tip"),
        (TrackKind::Audio, false) => (icons::SPEAKER, "timeline-mute", "timeline-mute-tip"),
        (TrackKind::Audio, true) => (icons::SPEAKER_OFF, "timeline-mute", "timeline-muted-tip"),
    };
    let mut at = 0;
    let mut next = || {
        at += 1;
        place(at - 1)
    };
    if toggle(ui, cx, next(), icon, &named(name), &tr(tip), t.muted) {
        set(cx, TrackChange::Muted(!t.muted));
    }
    if t.kind == TrackKind::Audio && toggle(ui, cx, next(), icons::HEADPHONES, &named("timeline-solo"), &tr("timeline-solo-tip"), t.solo) {
        set(cx, TrackChange::Solo(!t.solo));
    }
    // as usual it keeps quiet; a track that does not follow stands out
    let (icon, tip) = if t.sync_lock { (icons::SYNC, "timeline-sync-tip") } else { (icons::UNLINK, "timeline-unsynced-tip") };
    if toggle(ui, cx, next(), icon, &named("timeline-sync"), &tr(tip), !t.sync_lock) {
        set(cx, TrackChange::SyncLock(!t.sync_lock));
    }
    let lock = if t.locked { icons::LOCK } else { icons::LOCK_OPEN };
    let tip = if t.locked { "timeline-locked-tip" } else { "timeline-lock-tip" };
    if toggle(ui, cx, next(), lock, &named("timeline-lock"), &tr(tip), t.locked) {
        set(cx, TrackChange::Locked(!t.locked));
    }
}

fn toggle(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, icon: char, name: &str, tip: &str, on: bool) -> bool {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    widgets::icon_button_sized(&mut ui, cx.theme, icon, name, tip, true, on, rect.height(), 13.0).clicked()
}

/// The lower edge, which is dragged to another height.
fn edge(ui: &Ui, cx: &mut Cx<'_>, state: &mut HeadState, rect: Rect, lane: &Lane) {
    let t = &lane.track;
    let zone = Rect::from_min_max(pos2(rect.left(), rect.bottom() - EDGE / 2.0), pos2(rect.right(), rect.bottom() + EDGE / 2.0));
    let response: Response = ui.interact(zone, Id::unique(("track edge", t.id.0)), Sense::drag());
    let name = tr_args("timeline-height", &[("track", lane.label.clone().into())]);
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, &name));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeVertical);
        ui.painter().hline(rect.x_range(), rect.bottom() + 1.5, egui::Stroke::new(2.0, cx.theme.accent()));
    }
    if response.drag_started() {
        state.resizing = Some((t.id, rect.height()));
        cx.out.send(Command::Begin("Track height"));
    }
    let Some((_, from)) = state.resizing.filter(|r| r.0 == t.id) else { return };
    if ui.input(|i| i.key_pressed(Key::Escape)) {
        cx.out.send(Command::Abort);
        state.resizing = None;
        return;
    }
    if let (Some(origin), Some(pos)) = (ui.input(|i| i.pointer.press_origin()), response.interact_pointer_pos()) {
        let height = (from + pos.y - origin.y).round().clamp(f32::from(*HEIGHTS.start()), f32::from(*HEIGHTS.end()));
        let change = TrackChange::Height(height as u16);
        cx.out.send(Command::EditAbsolute(EditCommand::SetTrack { id: t.id, change }));
    }
    if response.drag_stopped() || !ui.input(|i| i.pointer.primary_down()) {
        cx.out.send(Command::Commit);
        state.resizing = None;
    }
}

fn context(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut HeadState, lane: &Lane) {
    let t = lane.track.clone();
    if menu::item(ui, cx, icons::TEXT, &tr("timeline-rename-track")) {
        state.renaming = Some((t.id, t.name.clone(), false));
    }
    for (icon, key, down) in [(icons::CARET_UP, "timeline-move-up", -1), (icons::CARET_DOWN, "timeline-move-down", 1)] {
        if menu::item(ui, cx, icon, &tr(key))
            && let Some(edit) = edits::move_track(&cx.project, t.id, down)
        {
            cx.out.send(Command::Edit(edit));
        }
    }
    ui.menu_button(tr("timeline-track-height"), |ui| {
        for (key, height) in [("timeline-small", SMALL), ("timeline-medium", 0), ("timeline-large", LARGE)] {
            let icon = if t.height == height { icons::CHECK } else { ' ' };
            if menu::item(ui, cx, icon, &tr(key)) {
                let change = TrackChange::Height(height);
                cx.out.send(Command::Edit(EditCommand::SetTrack { id: t.id, change }));
            }
        }
    });
    ui.separator();
    let facts = cx.facts;
    for id in [C::AddVideoTrack, C::AddAudioTrack, C::RemoveEmptyTracks] {
        widgets::command_item(ui, cx.theme, &facts, cx.out, id, false);
    }
    ui.separator();
    if menu::item(ui, cx, icons::TRASH, &tr("timeline-remove-track")) {
        cx.out.send(Command::Edit(EditCommand::RemoveTrack { id: t.id }));
    }
}
