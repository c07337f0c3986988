//! The source viewer: a media of the bin with its own playhead and marks, from which pieces are cut into the timeline by
//! button, key or by dragging the picture. UI thread.

use super::{
    face::Face,
    scrub,
    stage::{self, Stage},
    transport,
    zoom::Zoom,
};
use crate::{
    app::{
        commands::CommandId as C,
        fonts, icons,
        state::{Cx, DraggedSource},
        theme::size,
        timeline::DraggedMedia,
        widgets,
        words::{tr, tr_args},
    },
    base::Time,
    model::Media,
    session::{Command, MediaState, Transport},
};
use egui::{
    Align, Align2, Button, CornerRadius, CursorIcon, DragAndDrop, Id, Layout, Mesh, PointerButton, Rect, RichText, Sense, Shape, Stroke,
    Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, vec2,
};
use std::sync::Arc;

/// What the source viewer remembers between passes.
#[derive(Debug, Default)]
pub struct SourceState {
    zoom: Zoom,
    timecode: Option<String>,
}

const HEADER: f32 = 30.0;
const WAVE: f32 = 34.0;
const BUTTONS: f32 = 38.0;

/// Draw the source viewer into all of `ui`.
pub fn source_ui(ui: &mut Ui, state: &mut SourceState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    ui.painter().rect_filled(area, CornerRadius::ZERO, cx.theme.surface(0));
    receive(ui, cx, area);
    let face = Face::source(cx);
    let media = face.as_ref().and_then(|f| f.media).and_then(|id| cx.project.media.get(&id).cloned());
    let Some((face, media)) = face.zip(media) else {
        stage::message_ui(ui, cx, area, icons::FILM_SLATE, &tr("viewer-source-empty"), &tr("viewer-source-empty-tip"));
        ui.expand_to_include_rect(area);
        return;
    };
    let mut below = area.bottom();
    let mut strip = |height: f32| {
        below -= height;
        Rect::from_min_max(pos2(area.left(), below), pos2(area.right(), below + height))
    };
    let buttons = strip(BUTTONS);
    let deck = strip(size::TRANSPORT);
    let bar = strip(scrub::HEIGHT);
    let has = (media.info.video.is_some(), media.info.audio.is_some());
    let wave = (has == (true, true) && area.height() > 330.0).then(|| strip(WAVE));
    let header = Rect::from_min_size(area.min, vec2(area.width(), HEADER));
    let room = Rect::from_min_max(header.left_bottom(), pos2(area.right(), below));
    ui.painter().rect_filled(Rect::from_min_max(pos2(area.left(), bar.top()), area.max), CornerRadius::ZERO, cx.theme.surface(1));
    header_ui(ui, state, cx, &face, &media, header);
    if has.0 {
        picture_ui(ui, state, cx, &face, &media, room);
        stage::enlarged_ui(ui, cx, &face, room);
    } else {
        wave_ui(ui, cx, &face, &media, room.shrink2(vec2(16.0, 24.0)), "sound");
    }
    if let Some(rect) = wave {
        wave_ui(ui, cx, &face, &media, rect.shrink2(vec2(16.0, 2.0)), "strip");
    }
    scrub::scrub_ui(ui, cx, &face, bar);
    deck_ui(ui, state, cx, &face, deck);
    buttons_ui(ui, cx, &face, has, buttons);
    ui.expand_to_include_rect(area);
}

/// Media dragged here from the bin open: the first of several.
fn receive(ui: &Ui, cx: &mut Cx<'_>, area: Rect) {
    let Some(dragged) = DragAndDrop::payload::<DraggedMedia>(ui.ctx()) else { return };
    if !ui.input(|i| i.pointer.interact_pos()).is_some_and(|p| area.contains(p)) {
        return;
    }
    let over = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, Id::unique("media for the source")));
    over.rect_stroke(area.shrink(2.0), CornerRadius::same(size::RADIUS), Stroke::new(2.0, cx.theme.accent()), egui::StrokeKind::Inside);
    if ui.input(|i| i.pointer.any_released())
        && let Some(first) = dragged.0.first()
    {
        DragAndDrop::clear_payload(ui.ctx());
        cx.out.send(Command::OpenSource(*first));
    }
}

fn row(ui: &mut Ui, rect: Rect, layout: Layout) -> Ui {
    ui.new_child(UiBuilder::new().max_rect(rect).layout(layout))
}

fn header_ui(ui: &mut Ui, state: &mut SourceState, cx: &mut Cx<'_>, face: &Face, media: &Media, rect: Rect) {
    let mut right = row(ui, rect.shrink2(vec2(8.0, 2.0)), Layout::right_to_left(Align::Center));
    let close = tr("viewer-close-source");
    if widgets::icon_button(&mut right, cx.theme, icons::CLOSE, &close, &close, true, false).clicked() {
        cx.out.send(Command::CloseSource);
    }
    if media.info.video.is_some() {
        transport::zoom_menu(&mut right, &mut state.zoom, cx, None);
    }
    let used = right.min_rect().left();
    let active = cx.shared.active == face.monitor;
    let color = if active { cx.theme.text() } else { cx.theme.secondary() };
    let title = widgets::elided(ui, &media.name, fonts::semibold(size::TEXT), color, used - rect.left() - 24.0);
    let at = pos2(rect.left() + 14.0, rect.center().y - title.size().y / 2.0);
    let line = Rect::from_min_size(pos2(at.x, rect.bottom() - 2.0), vec2(title.size().x, 2.0));
    ui.painter().galley(at, title, color);
    if active {
        ui.painter().rect_filled(line, CornerRadius::same(1), cx.theme.accent());
    }
}

fn picture_ui(ui: &mut Ui, state: &mut SourceState, cx: &mut Cx<'_>, face: &Face, media: &Arc<Media>, room: Rect) {
    let stage = stage::stage_ui(ui, cx, face, &mut state.zoom, room);
    if stage.texture.is_none() {
        stand_in(ui, cx, face, &stage, room);
    }
    drag_out(ui, cx, face, media, &stage);
    let seen = stage.canvas.intersect(room);
    if let Some(MediaState::Offline(why)) = face.media.map(|id| cx.program.media_state(id)) {
        let text = format!("{} {why}", icons::OFFLINE);
        stage::chip(ui, cx, seen.left_bottom() + vec2(10.0, -10.0), Align2::LEFT_BOTTOM, &text, cx.theme.failure(), seen.width() - 40.0);
    } else {
        stage::state_ui(ui, cx, face, seen);
    }
    if let Some(speed) = transport::speed_text(face.speed).filter(|_| face.playing) {
        stage::chip(ui, cx, seen.right_bottom() + vec2(-10.0, -10.0), Align2::RIGHT_BOTTOM, &speed, cx.theme.text(), 80.0);
    }
}

/// The bin's picture nearest to the playhead, until the first of the viewer's own is there.
fn stand_in(ui: &Ui, cx: &mut Cx<'_>, face: &Face, stage: &Stage, room: Rect) {
    let time = Time::from_frames(face.playhead, face.sequence.frame_rate);
    let Some(media) = face.media else { return };
    let Some(patch) = cx.program.thumbnail(media, time).and_then(|p| cx.pictures.thumbnail(ui.ctx(), p)) else { return };
    let shape = egui::epaint::RectShape::filled(stage.canvas, CornerRadius::same(4), crate::app::theme::UNTINTED);
    ui.painter_at(room).add(Shape::Rect(shape.with_texture(patch.texture, patch.uv)));
}

/// The marked piece of the source, ready to be dragged.
fn piece(face: &Face, picture: bool, sound: bool) -> Option<DraggedSource> {
    let (from, to) = face.loop_range();
    let time = |frame| Time::from_frames(frame, face.sequence.frame_rate);
    Some(DraggedSource { media: face.media?, from: time(from), to: time(to), picture, sound })
}

fn drag_out(ui: &Ui, cx: &Cx<'_>, face: &Face, media: &Media, stage: &Stage) {
    let hand = ui.input(|i| i.key_down(egui::Key::Space));
    if stage.response.drag_started_by(PointerButton::Primary)
        && !hand
        && let Some(piece) = piece(face, media.info.video.is_some(), media.info.audio.is_some())
    {
        DragAndDrop::set_payload(ui.ctx(), piece);
    }
    if stage.response.dragged_by(PointerButton::Primary) && DragAndDrop::has_payload_of_type::<DraggedSource>(ui.ctx()) {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        if let Some(pos) = ui.input(|i| i.pointer.interact_pos()) {
            let layer = egui::LayerId::new(egui::Order::Tooltip, Id::unique("dragged source"));
            let mut ghost = ui.ctx().layer_painter(layer);
            ghost.set_opacity(0.85);
            let rect = Rect::from_min_size(pos + vec2(14.0, 10.0), vec2(108.0, 61.0));
            ghost.rect_filled(rect, CornerRadius::same(4), cx.theme.surface(2));
            if let Some(texture) = stage.texture {
                let shape = egui::epaint::RectShape::filled(rect, CornerRadius::same(4), crate::app::theme::UNTINTED);
                ghost.add(Shape::Rect(shape.with_texture(texture, stage::WHOLE)));
            }
            ghost.rect_stroke(rect, CornerRadius::same(4), Stroke::new(1.5, cx.theme.accent()), egui::StrokeKind::Inside);
        }
    }
}

/// The sound from the first to the last sample, with the playhead in it; dragging scrubs.
fn wave_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, media: &Media, rect: Rect, which: &str) {
    let hue = cx.theme.tokens().audio;
    let response = ui.interact(rect, Id::unique(("source waveform", which)), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("viewer-waveform")));
    ui.painter().rect_filled(rect, CornerRadius::same(4), hue.body.0.gamma_multiply(0.35));
    let columns = (rect.width() / 3.0).max(1.0) as usize;
    let secs = media.info.duration.as_secs_f64();
    let bars = face.media.and_then(|id| cx.program.waveform(id, 0.0, secs, columns));
    let mut mesh = Mesh::default();
    let half = rect.height() / 2.0 - 3.0;
    for (i, (low, high)) in bars.iter().flatten().enumerate() {
        let x = rect.left() + i as f32 * 3.0;
        let (top, bottom) = (high.clamp(0.0, 1.0) * half, low.clamp(-1.0, 0.0) * half);
        let bar = Rect::from_min_max(pos2(x, rect.center().y - top - 0.5), pos2(x + 2.0, rect.center().y - bottom + 0.5));
        mesh.add_colored_rect(bar, hue.wave.0);
    }
    ui.painter().add(Shape::mesh(mesh));
    if bars.is_none() {
        let text = tr("viewer-waveform-loading");
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, fonts::regular(size::SMALL), cx.theme.secondary());
    }
    let frames = face.duration.max(1) as f32;
    if let Some((a, b)) = face.marks.range(face.duration) {
        let x = |f: i64| rect.left() + rect.width() * f as f32 / frames;
        let range = Rect::from_min_max(pos2(x(a), rect.top()), pos2(x(b), rect.bottom()));
        ui.painter().rect_filled(range, CornerRadius::ZERO, cx.theme.accent_tint());
    }
    let x = rect.left() + rect.width() * face.playhead as f32 / frames;
    ui.painter().vline(x, rect.y_range(), Stroke::new(1.5, cx.theme.accent()));
    if let Some(pos) = response.interact_pointer_pos() {
        let share = f64::from((pos.x - rect.left()) / rect.width().max(1.0)).clamp(0.0, 1.0);
        let frame = ((share * face.duration as f64) as i64).min(face.duration - 1).max(0);
        if response.drag_stopped() || response.clicked() {
            face.send(cx.out, Transport::Seek(frame));
        } else if response.is_pointer_button_down_on() && frame != face.playhead {
            face.send(cx.out, Transport::Scrub(frame));
        }
    }
}

fn deck_ui(ui: &mut Ui, state: &mut SourceState, cx: &mut Cx<'_>, face: &Face, rect: Rect) {
    let mut left = row(ui, rect.shrink2(vec2(14.0, 0.0)), Layout::left_to_right(Align::Center));
    transport::timecode_ui(&mut left, &mut state.timecode, cx, face);
    let used = left.min_rect().right();
    let wide = rect.right() - used > 250.0;
    let width = if wide { 7.0 * 32.0 + 12.0 } else { 3.0 * 32.0 + 12.0 };
    let start = (rect.center().x - width / 2.0).max(used + 8.0);
    let mut mid = row(ui, Rect::from_min_max(pos2(start, rect.top()), rect.max), Layout::left_to_right(Align::Center));
    mid.spacing_mut().item_spacing.x = 4.0;
    let mark = |ui: &mut Ui, cx: &mut Cx<'_>, icon: char, name: &str, start: bool, on: bool| {
        let name = tr(name);
        if widgets::icon_button_sized(ui, cx.theme, icon, &name, &name, true, on, 28.0, 17.0).clicked() {
            let marks = if start { face.marks.with_in(face.playhead) } else { face.marks.with_out(face.playhead) };
            face.set_marks(cx.out, marks);
        }
    };
    if wide {
        mark(&mut mid, cx, icons::MARK_IN, "viewer-mark-in-source", true, face.marks.start.is_some());
        mark(&mut mid, cx, icons::MARK_OUT, "viewer-mark-out-source", false, face.marks.end.is_some());
    }
    transport::deck_button(&mut mid, cx, face, icons::CARET_LEFT, &tr("viewer-step-back-source"), Transport::Step(-1), false);
    transport::play_button(&mut mid, cx, face);
    transport::deck_button(&mut mid, cx, face, icons::CARET_RIGHT, &tr("viewer-step-forward-source"), Transport::Step(1), false);
    if wide {
        let looping = face.looping.map_or(Some(face.loop_range()), |_| None);
        transport::deck_button(
            &mut mid,
            cx,
            face,
            icons::REPEAT,
            &tr("viewer-loop-source"),
            Transport::Loop(looping),
            face.looping.is_some(),
        );
    }
    if rect.right() - mid.min_rect().right() > 96.0 {
        let (a, b) = face.loop_range();
        let mut right = row(ui, rect.shrink2(vec2(14.0, 0.0)), Layout::right_to_left(Align::Center));
        let color = if face.marks.range(face.duration).is_some() { cx.theme.accent() } else { cx.theme.secondary() };
        transport::tabular_label(&mut right, &face.length_text(b - a), fonts::regular(size::TEXT), color, &tr("viewer-marked-length"));
    }
}

/// How the marked piece gets into the timeline: four ways by button, three by dragging.
fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, has: (bool, bool), rect: Rect) {
    let mut left = row(ui, rect.shrink2(vec2(12.0, 4.0)), Layout::left_to_right(Align::Center));
    left.spacing_mut().item_spacing.x = 4.0;
    let words = rect.width() > 460.0;
    for id in [C::InsertSource, C::OverwriteSource, C::ReplaceSource, C::AppendSource] {
        let spec = crate::app::commands::spec(id);
        let enabled = spec.when.holds(&cx.facts);
        let (icon, name) = (spec.icon, spec.text());
        let sign = RichText::new(icon.to_string()).font(fonts::icon(15.0));
        let button = if words { Button::new((sign, RichText::new(tr(short_name(id))))) } else { Button::new(sign) };
        let response = left.add_enabled(enabled, button).accessible_name(name).on_hover_text(spec.hover_text(ui.ctx()));
        if response.clicked() {
            cx.out.run(id);
        }
    }
    let mut right = row(ui, rect.shrink2(vec2(12.0, 4.0)), Layout::right_to_left(Align::Center));
    right.spacing_mut().item_spacing.x = 2.0;
    let ways = [(icons::WAVEFORM, "viewer-drag-sound", false, true), (icons::FILM_STRIP, "viewer-drag-picture", true, false)];
    for (icon, name, picture, sound) in ways {
        let enabled = has.0 && has.1;
        if !enabled || right.available_width() < left.min_rect().width() {
            continue;
        }
        let name = tr(name);
        let (at, response) = right.allocate_exact_size(vec2(26.0, 26.0), Sense::drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let color = if response.hovered() { cx.theme.text() } else { cx.theme.secondary() };
        right.painter().text(at.center(), Align2::CENTER_CENTER, icon, fonts::icon(16.0), color);
        if response.drag_started()
            && let Some(piece) = piece(face, picture, sound)
        {
            DragAndDrop::set_payload(ui.ctx(), piece);
        }
        if response.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::Grab);
        }
        response.on_hover_text(tr_args("viewer-drag-tip", &[("what", name.into())]));
    }
}

fn short_name(id: C) -> &'static str {
    match id {
        C::InsertSource => "viewer-insert",
        C::OverwriteSource => "viewer-overwrite",
        C::ReplaceSource => "viewer-replace",
        _ => "viewer-append",
    }
}
