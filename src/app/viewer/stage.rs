//! The stage of a viewer: its picture at the zoom that is set, with what is wrong or under way in a corner. Wheel with Ctrl
//! zooms about the pointer; the middle button, or the left one with the space bar down, moves the picture.

use super::{face::Face, zoom::Zoom};
use crate::{
    app::{
        fonts, icons,
        screens::Screen,
        state::{Action, Cx},
        theme::{UNTINTED, size},
        widgets,
        words::{tr, tr_args},
    },
    session::{Enlarge, Enlarged, Monitor, Transport, ViewState},
};
use egui::{
    Align2, Color32, CornerRadius, CursorIcon, Id, Key, PointerButton, Rect, Response, Sense, Shape, TextureId, Ui, Vec2, WidgetInfo,
    accesskit::Role, epaint::RectShape, pos2, vec2,
};

/// How long a picture may be on its way before the viewer says so, in seconds.
const WORTH_SAYING_SECS: f64 = 0.3;

/// What was drawn.
pub struct Stage {
    /// The picture's place, which may reach beyond the stage.
    pub canvas: Rect,
    /// Pointer over the stage.
    pub response: Response,
    /// The picture, None while nothing has been shown yet.
    pub texture: Option<TextureId>,
}

/// The whole of a texture.
pub const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };

/// Draw the picture into `rect`.
pub fn stage_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, zoom: &mut Zoom, rect: Rect) -> Stage {
    let (id, name) = match face.monitor {
        Monitor::Program => ("program viewer", tr("viewer-program")),
        Monitor::Source => ("source viewer", tr("viewer-source")),
    };
    let response = ui.interact(rect, Id::unique(id), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let size = vec2(face.sequence.width as f32, face.sequence.height as f32);
    let inner = rect.shrink2(vec2(16.0, 12.0).min(rect.size() * 0.1));
    let ppp = ui.pixels_per_point();
    move_picture(ui, cx, face, &response, zoom, (inner, size, ppp));
    let canvas = zoom.place(inner, size, ppp);
    if response.clicked() || response.drag_started() || response.secondary_clicked() {
        cx.out.push(Action::Activate(face.monitor));
    }
    let painter = ui.painter_at(rect);
    // rounded like the panels while it is seen whole; pixels are square once zoomed
    let radius = CornerRadius::same(if zoom.is_fit() { 4 } else { 0 });
    painter.rect_filled(canvas, radius, cx.theme.canvas());
    let screen = if face.monitor == Monitor::Program { Screen::Program } else { Screen::Source };
    let shown = cx.pictures.screens.picture(ui.ctx(), screen, face.viewer.image.as_ref(), face.viewer.image_serial);
    if let Some((texture, _)) = shown {
        painter.add(Shape::Rect(RectShape::filled(canvas, radius, UNTINTED).with_texture(texture, WHOLE)));
    }
    Stage { canvas, response, texture: shown.map(|s| s.0) }
}

fn move_picture(ui: &Ui, cx: &mut Cx<'_>, face: &Face, response: &Response, zoom: &mut Zoom, (stage, size, ppp): (Rect, Vec2, f32)) {
    let space = ui.input(|i| i.key_down(Key::Space));
    if response.dragged_by(PointerButton::Middle) || space && response.dragged_by(PointerButton::Primary) {
        if response.drag_started() {
            zoom.hold_on();
            // the space bar alone has set it playing
            if space && face.playing {
                face.send(&mut *cx.out, Transport::Pause);
            }
        }
        zoom.drag(response.total_drag_delta().unwrap_or_default(), stage, size, ppp);
        ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
    }
    let Some(pointer) = response.hover_pos() else { return };
    let factor = ui.input(|i| i.zoom_delta());
    if factor != 1.0 {
        zoom.about(pointer, factor, stage, size, ppp);
    } else {
        let scrolled = ui.input(|i| i.smooth_scroll_delta());
        zoom.pan(scrolled, stage, size, ppp);
    }
}

/// What is wrong with the picture or still under way, in its lower left corner.
pub fn state_ui(ui: &Ui, cx: &Cx<'_>, face: &Face, within: Rect) {
    let (icon, text, color) = match &face.viewer.state {
        ViewState::UpToDate => return,
        ViewState::Behind if face.playing => return,
        ViewState::Behind => (icons::LOADING, tr("viewer-behind"), cx.theme.text()),
        ViewState::Loading => (icons::LOADING, tr("viewer-loading"), cx.theme.text()),
        ViewState::Error(why) => (icons::WARNING, why.clone(), cx.theme.failure()),
    };
    if !matches!(face.viewer.state, ViewState::Error(_)) && !has_lasted(ui, face) {
        return;
    }
    let at = within.left_bottom() + vec2(10.0, -10.0);
    chip(ui, cx, at, Align2::LEFT_BOTTOM, &format!("{icon} {text}"), color, within.width() - 40.0);
}

/// Whether the picture is upscaled, in the same corner: only while the picture itself has nothing to say. What the session says of it is
/// heard only while it is wanted.
pub fn enlarged_ui(ui: &Ui, cx: &Cx<'_>, face: &Face, within: Rect) {
    if cx.shared.enlarge() == Enlarge::Nothing || face.viewer.state != ViewState::UpToDate {
        return;
    }
    let (icon, text, color) = match &face.viewer.enlarged {
        // a comparison says it over the picture
        Enlarged::Shown if cx.shared.compare && face.monitor == Monitor::Program => return,
        Enlarged::No => return,
        Enlarged::Making(share) => {
            let percent = ((share * 100.0) as u32).min(99);
            // a picture that is one tile has no shares
            let text = if percent == 0 { tr("viewer-upscaling") } else { tr_args("viewer-upscaling-share", &[("n", percent.into())]) };
            (icons::LOADING, text, cx.theme.text())
        }
        Enlarged::Shown => (icons::SPARKLE, tr("viewer-upscaled"), cx.theme.text()),
        Enlarged::Failed(why) => (icons::WARNING, why.clone(), cx.theme.warning()),
    };
    let at = within.left_bottom() + vec2(10.0, -10.0);
    let rect = chip(ui, cx, at, Align2::LEFT_BOTTOM, &format!("{icon} {text}"), color, within.width() - 40.0);
    let response = ui.interact(rect, Id::unique("upscaled picture"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
}

/// Whether the picture has been waited for so long that it is worth a word: most come at once, and a sign that flashes at
/// each step says nothing. Asks for a look at the moment that it is.
fn has_lasted(ui: &Ui, face: &Face) -> bool {
    let id = Id::unique(("picture waited for", face.monitor));
    // what was last seen shown, and since when something else is waited for
    let (seen, since): (u64, f64) = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let now = ui.input(|i| i.time);
    let serial = face.viewer.image_serial + 1;
    let since = if seen == serial { since } else { now };
    ui.data_mut(|d| d.insert_temp(id, (serial, since)));
    let left = WORTH_SAYING_SECS - (now - since);
    if left > 0.0 {
        ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
    }
    left <= 0.0
}

/// A line of text on a plate, readable on every picture.
pub fn chip(ui: &Ui, cx: &Cx<'_>, at: egui::Pos2, anchor: Align2, text: &str, color: Color32, width: f32) -> Rect {
    let galley = widgets::elided(ui, text, fonts::regular(size::SMALL), color, width);
    let rect = anchor.anchor_size(at, galley.size() + vec2(16.0, 8.0));
    ui.painter().rect_filled(rect, CornerRadius::same(5), cx.theme.surface(1).gamma_multiply(0.9));
    ui.painter().galley(rect.min + vec2(8.0, 4.0), galley, color);
    rect
}

/// A sign and words in the middle of a stage that has no picture to show.
pub fn message_ui(ui: &Ui, cx: &Cx<'_>, within: Rect, icon: char, title: &str, text: &str) {
    let c = within.center();
    let painter = ui.painter_at(within);
    painter.text(c - vec2(0.0, 16.0), Align2::CENTER_BOTTOM, icon, fonts::icon(34.0), cx.theme.faint());
    let title = widgets::elided(ui, title, fonts::semibold(size::TEXT), cx.theme.text(), within.width() - 24.0);
    let text = widgets::elided(ui, text, fonts::regular(size::SMALL), cx.theme.secondary(), within.width() - 24.0);
    let at = |g: &egui::Galley, y: f32| pos2(c.x - g.size().x / 2.0, c.y + y);
    let (first, second) = (at(&title, -8.0), at(&text, 12.0));
    painter.galley(first, title, cx.theme.text());
    painter.galley(second, text, cx.theme.secondary());
}
