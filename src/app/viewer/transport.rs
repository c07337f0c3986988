//! The row under the program's picture: timecode, the deck's buttons, how the picture is shown. UI thread.

use super::{
    ViewerState,
    compare::Layout as CompareLayout,
    face::Face,
    overlays::Mask,
    zoom::{STEPS, Zoom},
};
use crate::{
    app::{
        commands::{self, CommandId as C},
        dock::PanelId,
        fonts, icons,
        state::Cx,
        theme::{Theme, size},
        widgets,
        words::{self, tr, tr_args},
    },
    gpu::Rendered,
    model::Speed,
    session::{Enlarge, Enlarged, Monitor, Transport},
};
use egui::{
    Align, Button, Color32, CornerRadius, FontId, Key, Layout, Rect, Response, RichText, Sense, TextEdit, Ui, UiBuilder, WidgetInfo,
    accesskit::Role, pos2, vec2,
};

/// Room for the controls of the picture, in points.
const CONTROLS: f32 = 440.0;
/// Side of a button of the deck, in points.
const SIDE: f32 = 28.0;

/// The program viewer's row.
pub fn transport_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>, face: &Face, rect: Rect) {
    let mut left = row(ui, rect.shrink2(vec2(16.0, 0.0)), Layout::left_to_right(Align::Center));
    timecode_ui(&mut left, &mut state.timecode, cx, face);
    if rect.width() > 520.0 {
        let text = format!("/ {}", face.length_text(face.duration));
        tabular_label(&mut left, &text, fonts::regular(size::TEXT), cx.theme.secondary(), &tr("viewer-duration"));
    }
    let used = left.min_rect().right();
    let roomy = rect.width() > 440.0;
    let extra = if roomy { SIDE + 4.0 } else { 0.0 };
    let buttons = 4.0 * (SIDE + 4.0) + 38.0 + extra;
    let mut centre = rect.center().x - (buttons - extra) / 2.0;
    if !needs_header(rect.width()) {
        // the middle gives way to what stands at the right
        centre = centre.min(rect.right() - 18.0 - CONTROLS - buttons);
    }
    let centre = centre.max(used + 12.0);
    let middle = Rect::from_min_max(pos2(centre, rect.top()), pos2(centre + buttons, rect.bottom()));
    let mut mid = row(ui, middle, Layout::left_to_right(Align::Center));
    mid.spacing_mut().item_spacing.x = 4.0;
    for id in [C::GoToStart, C::StepBack] {
        command_button(&mut mid, cx, id, false);
    }
    play_button(&mut mid, cx, face);
    for id in [C::StepForward, C::GoToEnd] {
        command_button(&mut mid, cx, id, false);
    }
    if roomy {
        command_button(&mut mid, cx, C::LoopPlayback, face.looping.is_some());
    }
    let rest = Rect::from_min_max(pos2(middle.right() + 8.0, rect.top()), pos2(rect.right() - 10.0, rect.bottom()));
    let mut right = row(ui, rest, Layout::right_to_left(Align::Center));
    right.spacing_mut().item_spacing.x = 6.0;
    if !needs_header(rect.width()) {
        view_controls(&mut right, state, cx, face, true);
    } else if rest.width() > 100.0 {
        dropped_ui(&mut right, cx, face);
    }
}

/// In a narrow viewer the controls of the picture stand above it, in a row of their own.
pub fn needs_header(width: f32) -> bool {
    width < 970.0
}

/// That row.
pub fn header_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>, face: &Face, rect: Rect) {
    let mut right = row(ui, rect.shrink2(vec2(10.0, 0.0)), Layout::right_to_left(Align::Center));
    right.spacing_mut().item_spacing.x = 6.0;
    view_controls(&mut right, state, cx, face, false);
    let used = right.min_rect().left();
    let title = tr("viewer-program-title");
    let active = cx.shared.active == Monitor::Program && cx.facts.has_source;
    let color = if active { cx.theme.text() } else { cx.theme.secondary() };
    let title = widgets::elided(ui, &title, fonts::semibold(size::TEXT), color, used - rect.left() - 24.0);
    let at = pos2(rect.left() + 14.0, rect.center().y - title.size().y / 2.0);
    if active {
        let line = Rect::from_min_size(pos2(at.x, rect.bottom() - 2.0), vec2(title.size().x, 2.0));
        ui.painter().rect_filled(line, CornerRadius::same(1), cx.theme.accent());
    }
    ui.painter().galley(at, title, color);
}

fn row(ui: &mut Ui, rect: Rect, layout: Layout) -> Ui {
    ui.new_child(UiBuilder::new().max_rect(rect).layout(layout))
}

/// How the picture is shown, from the right end; what does not fit is left to the menus.
fn view_controls(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>, face: &Face, dropped: bool) {
    let room = ui.available_width();
    command_button(ui, cx, C::FullscreenViewer, false);
    if dropped {
        dropped_ui(ui, cx, face);
    }
    if room > 250.0 {
        let on = cx.shared.panels.contains(&PanelId::Scopes);
        word_button(ui, cx, C::ScopesPanel, on);
    }
    command_button(ui, cx, C::Compare, cx.shared.compare);
    if cx.shared.enlarge() != Enlarge::Nothing {
        command_button(ui, cx, C::LiveUpscale, cx.shared.live_upscale);
    }
    // only where it says something: most films have none
    if cx.project.media.values().any(|m| m.proxy.is_some()) {
        command_button(ui, cx, C::UseProxies, cx.program.settings().use_proxies);
    }
    if room > 170.0 {
        overlay_menu(ui, state, cx);
    }
    quality_menu(ui, cx, face);
    if room > 210.0 {
        let pixels = face.viewer.image.as_ref().filter(|_| face.viewer.enlarged == Enlarged::Shown).map(Rendered::size);
        zoom_menu(ui, &mut state.zoom, cx, pixels.map(|(w, _)| w * 100 / face.sequence.width.max(1)));
    }
}

/// A command as a word: for what is switched often and has no sign that everybody knows.
fn word_button(ui: &mut Ui, cx: &mut Cx<'_>, id: C, on: bool) {
    let spec = commands::spec(id);
    let color = if on { cx.theme.accent() } else { cx.theme.secondary() };
    let button = Button::new(RichText::new(spec.text()).color(color)).selected(on).frame_when_inactive(false);
    if ui.add(button).on_hover_text(spec.hover_text(ui.ctx())).clicked() {
        cx.out.run(id);
    }
}

/// A command's button of the deck.
pub fn command_button(ui: &mut Ui, cx: &mut Cx<'_>, id: C, on: bool) -> Response {
    let spec = commands::spec(id);
    let enabled = spec.when.holds(&cx.facts);
    let tip = spec.hover_text(ui.ctx());
    let response = widgets::icon_button_sized(ui, cx.theme, spec.icon, &spec.text(), &tip, enabled, on, SIDE, 17.0);
    if enabled && response.clicked() {
        cx.out.run(id);
    }
    response
}

/// A button of a deck that sends straight to it: the source viewer's and full screen's.
pub fn deck_button(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face, icon: char, name: &str, what: Transport, on: bool) {
    let enabled = face.duration > 0;
    if widgets::icon_button_sized(ui, cx.theme, icon, name, name, enabled, on, SIDE, 17.0).clicked() && enabled {
        face.send(cx.out, what);
    }
}

/// The large button in the middle, with the speed beside it while that is not the usual one.
pub fn play_button(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face) {
    let enabled = face.duration > 0;
    let (rect, response) = ui.allocate_exact_size(vec2(38.0, 32.0), if enabled { Sense::click() } else { Sense::hover() });
    let name = tr(match (face.monitor, face.playing) {
        (Monitor::Program, false) => "viewer-start-playback",
        (Monitor::Program, true) => "viewer-pause-playback",
        (Monitor::Source, false) => "viewer-start-source",
        (Monitor::Source, true) => "viewer-pause-source",
    });
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, &name));
    let fill = if response.hovered() && enabled { cx.theme.surface(3) } else { cx.theme.surface(2) };
    ui.painter().rect_filled(rect, CornerRadius::same(8), fill);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, CornerRadius::same(8), egui::Stroke::new(1.0, cx.theme.accent()), egui::StrokeKind::Inside);
    }
    let c = rect.center();
    let color = if enabled { cx.theme.text() } else { cx.theme.faint() };
    if face.playing {
        for dx in [-4.0, 4.0] {
            ui.painter().rect_filled(Rect::from_center_size(c + vec2(dx, 0.0), vec2(3.5, 13.0)), CornerRadius::same(1), color);
        }
    } else {
        let points = vec![c + vec2(-4.5, -7.0), c + vec2(7.5, 0.0), c + vec2(-4.5, 7.0)];
        ui.painter().add(egui::Shape::convex_polygon(points, color, egui::Stroke::NONE));
    }
    if response.on_hover_text(commands::spec(C::PlayPause).hover_text(ui.ctx())).clicked() {
        face.send(cx.out, Transport::TogglePlay);
    }
}

/// `2×`, `−4×`, `½×`: what a shuttle plays at; None at the usual speed.
pub fn speed_text(speed: Speed) -> Option<String> {
    if speed == Speed::NORMAL {
        return None;
    }
    let sign = if speed.0 < 0 { "−" } else { "" };
    let n = f64::from(speed.0.unsigned_abs()) / f64::from(speed.1.max(1));
    let places = if n.fract() == 0.0 { 0 } else { 1 };
    Some(format!("{sign}{}×", words::decimal(n, places)))
}

fn dropped_ui(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face) {
    let dropped = face.viewer.dropped_frames;
    let color = if dropped > 0 { cx.theme.warning() } else { cx.theme.secondary() };
    let text = tr_args("viewer-dropped", &[("n", dropped.into())]);
    let button = Button::new(RichText::new(text).color(color)).frame_when_inactive(false);
    if ui.add(button).on_hover_text(tr("viewer-dropped-tip")).clicked() {
        face.send(cx.out, Transport::ResetDropped);
    }
}

/// What the viewer is asked for, and what that means now.
pub fn quality_text(quality: u32, divisor: u32) -> String {
    let name = |d: u32| {
        tr(match d {
            1 => "viewer-quality-full",
            2 => "viewer-quality-half",
            4 => "viewer-quality-quarter",
            _ => "viewer-quality-low",
        })
    };
    if quality == 0 { tr_args("viewer-quality-auto", &[("now", name(divisor).into())]) } else { name(quality) }
}

/// A word that opens a menu.
pub fn menu_words(ui: &mut Ui, theme: &Theme, text: String, name: &str, tip: &str, add: impl FnOnce(&mut Ui)) {
    let label = RichText::new(text).color(theme.secondary());
    let caret = RichText::new(icons::CARET_DOWN.to_string()).font(fonts::icon(10.0)).color(theme.secondary());
    let button = Button::new((label, caret)).frame_when_inactive(false);
    let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, add);
    response.accessible_name(name).on_hover_text(tip);
}

/// How finely the picture is drawn, and a menu to choose it.
pub fn quality_menu(ui: &mut Ui, cx: &mut Cx<'_>, face: &Face) {
    let (quality, divisor) = (face.viewer.quality, face.viewer.divisor.max(1));
    let (w, h) = (face.sequence.width.div_ceil(divisor), face.sequence.height.div_ceil(divisor));
    let tip = tr_args("viewer-quality-tip", &[("width", w.to_string().into()), ("height", h.to_string().into())]);
    let (facts, theme) = (cx.facts, cx.theme);
    let upscale = cx.shared.live_upscale;
    let out = &mut *cx.out;
    menu_words(ui, theme, quality_text(quality, divisor), &tr("viewer-quality"), &tip, |ui| {
        for (id, value) in [(C::QualityAuto, 0), (C::QualityFull, 1), (C::QualityHalf, 2), (C::QualityQuarter, 4)] {
            widgets::command_item(ui, theme, &facts, out, id, quality == value);
        }
        ui.separator();
        widgets::command_item(ui, theme, &facts, out, C::LiveUpscale, upscale);
    });
}

/// `Fit` or the percentage, and a menu of both.
/// `pixels`: the percentage at which each pixel of an upscaled picture is one of the screen.
pub fn zoom_menu(ui: &mut Ui, zoom: &mut Zoom, cx: &Cx<'_>, pixels: Option<u32>) {
    let percent = |p: u32| tr_args("viewer-percent", &[("n", p.into())]);
    let text = zoom.percent().map_or_else(|| tr("viewer-fit"), percent);
    let set = *zoom;
    menu_words(ui, cx.theme, text, &tr("viewer-zoom"), &tr("viewer-zoom-tip"), |ui| {
        if ui.selectable_label(set.is_fit(), tr("viewer-fit")).clicked() {
            *zoom = Zoom::default();
            ui.close();
        }
        for step in STEPS {
            if ui.selectable_label(set.percent() == Some(step), percent(step)).clicked() {
                *zoom = Zoom::at(step);
                ui.close();
            }
        }
        if let Some(n) = pixels {
            ui.separator();
            if ui.selectable_label(set.percent() == Some(n), tr("viewer-upscaled-pixels")).clicked() {
                *zoom = Zoom::at(n);
                ui.close();
            }
        }
    });
}

fn overlay_menu(ui: &mut Ui, state: &mut ViewerState, cx: &Cx<'_>) {
    let (o, compare) = (&mut state.overlays, &mut state.compare);
    let color = if o.any() { cx.theme.accent() } else { cx.theme.secondary() };
    let button = Button::new(RichText::new(icons::GRID.to_string()).font(fonts::icon(16.0)).color(color)).frame_when_inactive(false);
    let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        ui.checkbox(&mut o.safe_areas, tr("viewer-safe-areas")).on_hover_text(tr("viewer-safe-areas-tip"));
        ui.checkbox(&mut o.centre, tr("viewer-centre-cross"));
        ui.checkbox(&mut o.thirds, tr("viewer-thirds"));
        ui.separator();
        for (layout, key) in [(CompareLayout::Wipe, "viewer-wipe"), (CompareLayout::SideBySide, "viewer-side-by-side")] {
            ui.radio_value(&mut compare.layout, layout, tr(key));
        }
        ui.separator();
        ui.radio_value(&mut o.mask, None, tr("viewer-no-mask"));
        for mask in Mask::ALL {
            ui.radio_value(&mut o.mask, Some(mask), mask.name());
        }
    });
    response.accessible_name(tr("viewer-guides")).on_hover_text(tr("viewer-guides-tip"));
}

/// The playhead's timecode, large; a click makes it a field to type a time into.
pub fn timecode_ui(ui: &mut Ui, editing: &mut Option<String>, cx: &mut Cx<'_>, face: &Face) {
    let font = fonts::semibold(20.0);
    let program = face.monitor == Monitor::Program;
    if let Some(text) = editing {
        let edit = TextEdit::singleline(text).font(font).desired_width(130.0).margin(vec2(6.0, 3.0));
        let response = ui.add(edit).accessible_name(tr(if program { "viewer-go-to" } else { "viewer-go-to-source" }));
        if !response.has_focus() && !response.lost_focus() {
            response.request_focus();
        }
        if response.lost_focus() {
            if ui.input(|i| i.key_pressed(Key::Enter))
                && let Ok(frame) = crate::base::parse_timecode(text, face.sequence.frame_rate)
            {
                face.send(cx.out, Transport::Seek((frame - face.sequence.start_timecode).max(0)));
            }
            *editing = None;
        }
        return;
    }
    let text = face.timecode(face.playhead);
    let name = tr(if program { "viewer-timecode" } else { "viewer-timecode-source" });
    let color = if face.duration > 0 { cx.theme.text() } else { cx.theme.secondary() };
    let response = tabular_label(ui, &text, font, color, &name);
    if response.on_hover_text(tr("viewer-timecode-tip")).clicked() {
        *editing = Some(text);
    }
}

/// Text in figures of equal width, which does not shake while it counts.
pub fn tabular_label(ui: &mut Ui, text: &str, font: FontId, color: Color32, name: &str) -> Response {
    let job = fonts::tabular(ui.ctx(), text, &font, color);
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Label, true, name);
        info.current_text_value = Some(text.to_owned());
        info
    });
    ui.painter().galley(rect.min, galley, color);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_says_what_it_does() {
        assert_eq!(quality_text(0, 2), "Half (auto)");
        assert_eq!(quality_text(4, 1), "Quarter");
    }

    #[test]
    fn a_shuttle_says_its_speed() {
        let texts = [Speed(1, 1), Speed(2, 1), Speed(-1, 1), Speed(1, 2), Speed(-8, 1)].map(speed_text);
        assert_eq!(texts.map(|t| t.unwrap_or_default()), ["", "2×", "−1×", "0.5×", "−8×"]);
    }
}
