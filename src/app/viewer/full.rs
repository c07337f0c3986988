//! Full screen: only the active viewer's picture, and a deck that hides itself while the pointer rests.

use super::{ViewerState, face::Face, scrub, stage, transport, zoom::Zoom};
use crate::{
    app::{commands::CommandId as C, icons, screens::Screen, state::Cx, theme::UNTINTED, words::tr},
    session::{Monitor, Transport},
};
use egui::{
    Align, CornerRadius, CursorIcon, Event, Id, Layout, Rect, Sense, Shape, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2, vec2,
};

/// The deck goes when the pointer has rested this long, in seconds.
const REST_SECS: f64 = 2.0;

/// What full screen remembers between passes.
#[derive(Debug, Default)]
pub struct FullState {
    /// When the pointer last moved, in the window's time.
    moved: f64,
    /// The last pass on the full screen.
    seen: f64,
}

/// Draw the picture over all of `ui`.
pub fn full_screen_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    let face = if cx.shared.active == Monitor::Source { Face::source(cx) } else { None }.unwrap_or_else(|| Face::program(cx));
    ui.painter().rect_filled(area, CornerRadius::ZERO, cx.theme.canvas());
    let response = ui.interact(area, Id::unique("full screen"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, tr("viewer-full-screen")));
    if response.clicked() {
        face.send(cx.out, Transport::TogglePlay);
    }
    if response.double_clicked() {
        cx.out.run(C::FullscreenViewer);
    }
    let size = vec2(face.sequence.width as f32, face.sequence.height as f32);
    let canvas = Zoom::default().place(area, size, ui.pixels_per_point());
    let screen = if face.monitor == Monitor::Program { Screen::Program } else { Screen::Source };
    let shown = cx.pictures.screens.picture(ui.ctx(), screen, face.viewer.image.as_ref(), face.viewer.image_serial);
    if let Some((texture, _)) = shown {
        let shape = egui::epaint::RectShape::filled(canvas, CornerRadius::ZERO, UNTINTED).with_texture(texture, stage::WHOLE);
        ui.painter().add(Shape::Rect(shape));
    }
    stage::state_ui(ui, cx, &face, canvas);
    let is_move = |e: &Event| matches!(e, Event::PointerMoved(_));
    let (now, moving) = ui.input(|i| (i.time, i.events.iter().any(is_move) || i.pointer.any_down()));
    // it shows at first as well
    if moving || now - state.full.seen > 1.0 {
        state.full.moved = now;
    }
    state.full.seen = now;
    let plate = plate_rect(area);
    let over = ui.input(|i| i.pointer.hover_pos()).is_some_and(|p| plate.contains(p));
    let left = REST_SECS - (now - state.full.moved);
    if left > 0.0 || over || !face.playing {
        deck_ui(ui, cx, &face, plate);
        if left > 0.0 && face.playing {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
        }
    } else {
        ui.ctx().set_cursor_icon(CursorIcon::None);
    }
}

fn plate_rect(area: Rect) -> Rect {
    let width = (area.width() - 48.0).min(760.0);
    Rect::from_center_size(pos2(area.center().x, area.bottom() - 60.0), vec2(width, 72.0))
}

fn deck_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, plate: Rect) {
    ui.painter().rect_filled(plate, CornerRadius::same(12), cx.theme.surface(1).gamma_multiply(0.94));
    let bar = Rect::from_min_size(plate.min + vec2(0.0, 6.0), vec2(plate.width(), scrub::HEIGHT));
    scrub::scrub_ui(ui, cx, face, bar);
    let row = Rect::from_min_max(bar.left_bottom(), plate.max - vec2(0.0, 4.0)).shrink2(vec2(16.0, 0.0));
    let mut left = ui.new_child(UiBuilder::new().max_rect(row).layout(Layout::left_to_right(Align::Center)));
    let mut editing = None;
    transport::timecode_ui(&mut left, &mut editing, cx, face);
    let middle = Rect::from_min_max(pos2(row.center().x - 51.0, row.top()), row.max);
    let mut mid = ui.new_child(UiBuilder::new().max_rect(middle).layout(Layout::left_to_right(Align::Center)));
    mid.spacing_mut().item_spacing.x = 4.0;
    transport::deck_button(&mut mid, cx, face, icons::CARET_LEFT, &tr("viewer-step-back"), Transport::Step(-1), false);
    transport::play_button(&mut mid, cx, face);
    transport::deck_button(&mut mid, cx, face, icons::CARET_RIGHT, &tr("viewer-step-forward"), Transport::Step(1), false);
    let mut right = ui.new_child(UiBuilder::new().max_rect(row).layout(Layout::right_to_left(Align::Center)));
    let leave = tr("viewer-leave-full-screen");
    if crate::app::widgets::icon_button(&mut right, cx.theme, icons::FULLSCREEN_OFF, &leave, &leave, true, false).clicked() {
        cx.out.run(C::FullscreenViewer);
    }
}
