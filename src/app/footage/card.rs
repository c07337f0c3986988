//! One shot that was found: its picture, where it is from, and why it fits. UI thread.

use super::{FootageState, Place, lay, shot_at};
use crate::{
    app::{
        fonts, icons,
        state::{Cx, DraggedSource},
        theme::{UNTINTED, size},
        widgets,
        words::{decimal, tr, tr_args},
    },
    base::{MediaId, Time},
    session::search::{Answer, Found, FoundShot, explain},
};
use egui::{
    Color32, CornerRadius, CursorIcon, DragAndDrop, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo,
    accesskit::Role, epaint::RectShape, pos2, vec2,
};

/// Height of a card, its picture, and the space around that, in points.
const HEIGHT: f32 = 70.0;
const PICTURE: egui::Vec2 = vec2(104.0, 58.5);
const PAD: f32 = 6.0;
/// Reasons that are named in a card; all of them in its tooltip.
const REASONS: usize = 2;

pub(super) fn card_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>, found: &Found, place: Place) {
    let Some((answer, shot)) = shot_at(found, place) else { return };
    let Some(media) = cx.project.media.get(&shot.media).cloned() else { return };
    // the list has the keyboard, not the card: arrows go from card to card
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::CLICK | Sense::DRAG);
    let here = state.cursor == Some(place);
    let reasons: Vec<String> = shot.reasons.iter().map(explain).collect();
    let label = format!("{}: {}", media.name, reasons.join(", "));
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, here, &label));
    if here && std::mem::take(&mut state.reveal) {
        ui.scroll_to_rect(rect, None);
    }
    touched(ui, state, cx, found, place, &response);
    if !ui.is_rect_visible(rect) {
        return;
    }
    let theme = cx.theme;
    let fill = if here {
        theme.surface(3)
    } else if response.hovered() {
        theme.surface(2)
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    if here {
        let line = Stroke::new(1.0, if state.focused { theme.accent() } else { theme.faint() });
        ui.painter().rect_stroke(rect, CornerRadius::same(size::RADIUS), line, StrokeKind::Inside);
    }
    let picture = Rect::from_min_size(rect.min + vec2(PAD, (HEIGHT - PICTURE.y) / 2.0), PICTURE);
    picture_ui(ui, cx, shot.media, shot.at, picture);
    let button = Rect::from_min_size(pos2(rect.right() - 28.0, rect.top() + 3.0), vec2(24.0, 22.0));
    let left = picture.right() + 10.0;
    let name = widgets::elided(ui, &media.name, fonts::semibold(size::TEXT), theme.text(), button.left() - left - 4.0);
    ui.painter().galley(pos2(left, rect.top() + PAD), name, theme.text());
    let secs = (shot.to - shot.from).as_secs_f64();
    let times = format!("{} · {} s", widgets::duration_text(shot.from.as_secs_f64()), decimal(secs, 1));
    ui.painter().galley(
        pos2(left, rect.top() + PAD + 17.0),
        ui.painter().layout_job(fonts::tabular(ui.ctx(), &times, &fonts::regular(size::SMALL), theme.secondary())),
        theme.secondary(),
    );
    let why = reasons.iter().take(REASONS).map(String::as_str).collect::<Vec<_>>().join(" · ");
    let mut job = egui::text::LayoutJob::single_section(why, egui::TextFormat::simple(fonts::regular(size::SMALL), theme.accent()));
    (job.wrap.max_width, job.wrap.max_rows) = (rect.right() - left - PAD, 2);
    ui.painter().galley(pos2(left, rect.top() + PAD + 32.0), ui.painter().layout_job(job), theme.accent());
    lay_ui(ui, state, cx, (answer, shot), &media.name, button);
    response.on_hover_ui(|ui| {
        ui.label(&media.name);
        reasons.iter().for_each(|r| drop(ui.label(r)));
        ui.label(egui::RichText::new(tr("search-card-tip")).small().color(theme.secondary()));
    });
}

/// The button that lays the shot over the film.
fn lay_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>, (answer, shot): (&Answer, &FoundShot), name: &str, rect: Rect) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect));
    let label = tr_args("search-lay", &[("name", name.into())]);
    let able = !cx.program.is_read_only();
    if widgets::icon_button_sized(&mut ui, cx.theme, icons::PLUS, &label, &label, able, false, 22.0, 13.0).clicked() && able {
        state.lay(cx, answer, shot);
    }
}

fn picture_ui(ui: &Ui, cx: &mut Cx<'_>, media: MediaId, at: Time, rect: Rect) {
    let radius = CornerRadius::same(4);
    ui.painter().rect_filled(rect, radius, cx.theme.surface(0));
    match cx.program.thumbnail(media, at).and_then(|p| cx.pictures.thumbnail(ui.ctx(), p)) {
        Some(patch) => {
            let (w, h) = (rect.width(), rect.height());
            let size = if patch.aspect > w / h { vec2(w, w / patch.aspect.max(0.01)) } else { vec2(h * patch.aspect, h) };
            let shape = RectShape::filled(Rect::from_center_size(rect.center(), size), radius, UNTINTED);
            ui.painter().add(Shape::Rect(shape.with_texture(patch.texture, patch.uv)));
        }
        None => {
            let sign = fonts::regular(20.0);
            ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icons::FILM_STRIP, sign, cx.theme.faint());
        }
    }
}

/// Click, double click and drag.
fn touched(ui: &Ui, state: &mut FootageState, cx: &mut Cx<'_>, found: &Found, place: Place, response: &Response) {
    let Some((answer, shot)) = shot_at(found, place) else { return };
    if response.clicked() {
        state.go(cx, found, place);
    }
    if response.double_clicked() {
        state.lay(cx, answer, shot);
    }
    if response.drag_started() {
        let marks = cx.shared.marks.range(cx.project.sequence.duration()).filter(|_| answer.length.is_none());
        let piece = lay::piece(&cx.project, answer, shot, marks, 0);
        let to = piece.source_in + Time::from_frames(piece.length, cx.project.sequence.frame_rate);
        DragAndDrop::set_payload(ui.ctx(), DraggedSource { media: shot.media, from: piece.source_in, to, picture: true, sound: false });
    }
    if response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        if let Some(pos) = ui.input(|i| i.pointer.interact_pos()) {
            let layer = egui::LayerId::new(egui::Order::Tooltip, egui::Id::unique("dragged shot"));
            let mut ghost = ui.ctx().layer_painter(layer);
            ghost.set_opacity(0.85);
            let rect = Rect::from_min_size(pos + vec2(14.0, 10.0), PICTURE);
            ghost.rect_filled(rect, CornerRadius::same(4), cx.theme.surface(2));
            if let Some(patch) = cx.program.thumbnail(shot.media, shot.at).and_then(|p| cx.pictures.thumbnail(ui.ctx(), p)) {
                let shape = RectShape::filled(rect, CornerRadius::same(4), UNTINTED);
                ghost.add(Shape::Rect(shape.with_texture(patch.texture, patch.uv)));
            }
            ghost.rect_stroke(rect, CornerRadius::same(4), Stroke::new(1.5, cx.theme.accent()), StrokeKind::Inside);
        }
    }
}
