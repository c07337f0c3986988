//! The program viewer: the picture on the darkest surface, its state in a corner, the transport below. UI thread.

use super::{
    bin,
    commands::{self, CommandId as C},
    fonts, icons,
    state::Cx,
    theme::{UNTINTED, size},
    widgets,
};
use crate::session::{Command, ViewState};
use egui::{
    Align, Align2, Color32, CornerRadius, Key, Layout, Rect, RichText, Sense, TextEdit, Ui, UiBuilder, WidgetInfo, accesskit::Role, pos2,
    vec2,
};

/// What the viewer remembers between passes.
#[derive(Debug, Default)]
pub struct ViewerState {
    /// Text of the timecode field while it is being edited.
    timecode: Option<String>,
}

/// Draw viewer and transport into all of `ui`.
pub fn viewer_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>) {
    let area = ui.max_rect();
    let transport = Rect::from_min_max(pos2(area.left(), area.bottom() - size::TRANSPORT), area.max);
    let stage = Rect::from_min_max(area.min, pos2(area.right(), transport.top()));
    ui.painter().rect_filled(stage, CornerRadius::ZERO, cx.theme.surface(0));
    ui.painter().rect_filled(transport, CornerRadius::ZERO, cx.theme.surface(1));
    ui.painter().hline(transport.x_range(), transport.top(), cx.theme.hairline());
    if cx.project.media.is_empty() && cx.project.sequence.duration() == 0 {
        welcome_ui(ui, cx, stage);
    } else {
        stage_ui(ui, cx, stage);
    }
    transport_ui(ui, state, cx, transport);
    ui.expand_to_include_rect(area);
}

/// An empty project: where to begin.
fn welcome_ui(ui: &mut Ui, cx: &mut Cx<'_>, stage: Rect) {
    let hovering = ui.input(|i| !i.raw.hovered_files.is_empty());
    let frame = Rect::from_center_size(stage.center(), (stage.size() - vec2(48.0, 48.0)).min(vec2(560.0, 300.0)).max(vec2(220.0, 150.0)));
    let color = if hovering { cx.theme.accent() } else { cx.theme.line() };
    if hovering {
        ui.painter().rect_filled(frame, CornerRadius::same(12), cx.theme.accent_tint());
    }
    let corners = [frame.left_top(), frame.right_top(), frame.right_bottom(), frame.left_bottom(), frame.left_top()];
    ui.painter().extend(egui::Shape::dashed_line(&corners, egui::Stroke::new(1.5, color), 6.0, 6.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(frame.shrink(20.0)).layout(Layout::top_down(Align::Center)));
    let room = (frame.height() - 40.0 - 140.0).max(0.0) / 2.0;
    ui.add_space(room);
    ui.label(RichText::new(icons::FILM_SLATE.to_string()).size(40.0).color(cx.theme.accent()));
    ui.add_space(4.0);
    ui.label(RichText::new("Drop footage here").font(fonts::semibold(18.0)));
    ui.label(RichText::new("Video, sound and pictures; a project file opens").color(cx.theme.secondary()));
    ui.add_space(12.0);
    let width = ui.available_width();
    ui.allocate_ui_with_layout(vec2(width, 30.0), Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(((width - 330.0) / 2.0).max(0.0));
        if widgets::primary_button(ui, cx.theme, "Import media…", true).clicked() {
            cx.out.run(C::Import);
        }
        if widgets::plain_button(ui, "Open project…").clicked() {
            cx.out.run(C::Open);
        }
        if widgets::plain_button(ui, "Add a title").clicked() {
            cx.out.run(C::Title);
        }
    });
}

fn stage_ui(ui: &mut Ui, cx: &mut Cx<'_>, stage: Rect) {
    let s = &cx.project.sequence;
    let aspect = s.width as f32 / s.height.max(1) as f32;
    let canvas = bin::fit(aspect, stage.shrink2(vec2(16.0, 14.0)));
    let viewer = cx.program.viewer();
    let state = viewer.state.clone();
    let shown = cx.pictures.viewer(ui.ctx(), viewer);
    let response = ui.interact(canvas, egui::Id::unique("program viewer"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Program viewer"));
    if response.clicked() {
        cx.out.run(C::PlayPause);
    }
    ui.painter().rect_filled(canvas, CornerRadius::same(4), cx.theme.canvas());
    if cx.project.sequence.duration() == 0 {
        let text = "Drag media to the timeline to see it here";
        ui.painter().text(canvas.center(), Align2::CENTER_CENTER, text, fonts::regular(size::TEXT), cx.theme.secondary());
        return;
    }
    if let Some((texture, _)) = shown {
        let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let shape = egui::epaint::RectShape::filled(canvas, CornerRadius::same(4), UNTINTED).with_texture(texture, uv);
        ui.painter().add(egui::Shape::Rect(shape));
    }
    let (icon, text, color) = match &state {
        ViewState::UpToDate => return,
        ViewState::Behind => (icons::LOADING, "catching up".to_owned(), cx.theme.text()),
        ViewState::Loading => (icons::LOADING, "loading".to_owned(), cx.theme.text()),
        ViewState::Error(why) => (icons::WARNING, why.clone(), cx.theme.failure()),
    };
    if cx.program.is_playing() && state == ViewState::Behind {
        return;
    }
    chip(ui, cx, canvas, icon, &text, color);
}

/// A chip in the picture's lower left corner.
fn chip(ui: &Ui, cx: &Cx<'_>, canvas: Rect, icon: char, text: &str, color: Color32) {
    let galley = widgets::elided(ui, &format!("{icon} {text}"), fonts::regular(size::SMALL), color, canvas.width() - 40.0);
    let rect = Rect::from_min_size(canvas.left_bottom() + vec2(10.0, -10.0 - galley.size().y - 8.0), galley.size() + vec2(16.0, 8.0));
    ui.painter().rect_filled(rect, CornerRadius::same(5), cx.theme.surface(1).gamma_multiply(0.88));
    ui.painter().galley(rect.min + vec2(8.0, 4.0), galley, color);
}

fn transport_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>, rect: Rect) {
    let mut left = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(16.0, 0.0))).layout(Layout::left_to_right(Align::Center)));
    timecode_ui(&mut left, state, cx);
    if rect.width() > 520.0 {
        let s = &cx.project.sequence;
        let text = format!("/ {}", crate::base::format_timecode(s.duration(), s.frame_rate, s.drop_frame));
        tabular_label(&mut left, &text, fonts::regular(size::TEXT), cx.theme.secondary(), "Duration");
    }
    let used = left.min_rect().right();
    let side = 28.0;
    let buttons = 4.0 * (side + 4.0) + 38.0;
    let centre = (rect.center().x - buttons / 2.0).max(used + 12.0);
    let middle = Rect::from_min_max(pos2(centre, rect.top()), pos2(centre + buttons, rect.bottom()));
    let mut mid = ui.new_child(UiBuilder::new().max_rect(middle).layout(Layout::left_to_right(Align::Center)));
    mid.spacing_mut().item_spacing.x = 4.0;
    transport_button(&mut mid, cx, C::GoToStart, side);
    transport_button(&mut mid, cx, C::StepBack, side);
    play_button(&mut mid, cx);
    transport_button(&mut mid, cx, C::StepForward, side);
    transport_button(&mut mid, cx, C::GoToEnd, side);
    let rest = Rect::from_min_max(pos2(middle.right() + 8.0, rect.top()), pos2(rect.right() - 12.0, rect.bottom()));
    let mut right = ui.new_child(UiBuilder::new().max_rect(rest).layout(Layout::right_to_left(Align::Center)));
    let viewer = cx.program.viewer();
    let (dropped, quality, divisor) = (viewer.dropped_frames, viewer.quality, viewer.divisor);
    if rest.width() > 190.0 {
        let color = if dropped > 0 { cx.theme.warning() } else { cx.theme.secondary() };
        right
            .label(RichText::new(format!("{dropped} dropped")).color(color))
            .on_hover_text("Frames that playback left out to keep up with the sound");
    }
    quality_ui(&mut right, cx, quality, divisor);
    if right.available_width() > 84.0 {
        meters_ui(&mut right, cx);
    }
}

/// Lowest level the meters show, in decibels below full scale.
const METER_FLOOR_DB: f32 = -48.0;

/// Share of a meter that a level fills.
fn meter_share(db: f32) -> f32 {
    (1.0 - db.max(METER_FLOOR_DB) / METER_FLOOR_DB).clamp(0.0, 1.0)
}

/// Peaks of the left and the right channel.
fn meters_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, response) = ui.allocate_exact_size(vec2(72.0, 12.0), Sense::hover());
    let peaks = cx.program.meters().channels.map(|c| c.peak_db);
    let db = |p: f32| if p.is_finite() { format!("{p:.0} dB") } else { "silent".to_owned() };
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, "Sound level");
        info.value = Some(f64::from(peaks[0].max(peaks[1]).max(METER_FLOOR_DB)));
        info
    });
    for (i, peak) in peaks.into_iter().enumerate() {
        let rail = Rect::from_min_size(rect.min + vec2(0.0, i as f32 * 7.0), vec2(rect.width(), 4.0));
        ui.painter().rect_filled(rail, CornerRadius::same(2), cx.theme.surface(3));
        let color = match peak {
            p if p >= 0.0 => cx.theme.failure(),
            p if p >= -3.0 => cx.theme.warning(),
            _ => cx.theme.ok(),
        };
        let filled = Rect::from_min_size(rail.min, vec2(rail.width() * meter_share(peak), rail.height()));
        ui.painter().rect_filled(filled, CornerRadius::same(2), color);
    }
    response.on_hover_text(format!("Sound level: left {}, right {}", db(peaks[0]), db(peaks[1])));
}

fn transport_button(ui: &mut Ui, cx: &mut Cx<'_>, id: C, side: f32) {
    let spec = commands::spec(id);
    let enabled = spec.when.holds(&cx.facts);
    let response =
        widgets::icon_button_sized(ui, cx.theme, spec.icon, &spec.text(), &spec.hover_text(ui.ctx()), enabled, false, side, 17.0);
    if enabled && response.clicked() {
        cx.out.run(id);
    }
}

fn play_button(ui: &mut Ui, cx: &mut Cx<'_>) {
    let playing = cx.program.is_playing();
    let spec = commands::spec(C::PlayPause);
    let enabled = spec.when.holds(&cx.facts);
    let (rect, response) = ui.allocate_exact_size(vec2(38.0, 32.0), if enabled { Sense::click() } else { Sense::hover() });
    let name = if playing { "Pause playback" } else { "Start playback" };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    let fill = if response.hovered() && enabled { cx.theme.surface(3) } else { cx.theme.surface(2) };
    ui.painter().rect_filled(rect, CornerRadius::same(8), fill);
    let c = rect.center();
    let color = if enabled { cx.theme.text() } else { cx.theme.faint() };
    if playing {
        for dx in [-4.0, 4.0] {
            ui.painter().rect_filled(Rect::from_center_size(c + vec2(dx, 0.0), vec2(3.5, 13.0)), CornerRadius::same(1), color);
        }
    } else {
        let points = vec![c + vec2(-4.5, -7.0), c + vec2(7.5, 0.0), c + vec2(-4.5, 7.0)];
        ui.painter().add(egui::Shape::convex_polygon(points, color, egui::Stroke::NONE));
    }
    if response.on_hover_text(spec.hover_text(ui.ctx())).clicked() {
        cx.out.run(C::PlayPause);
    }
}

/// What the viewer is asked for, and what that means now.
pub fn quality_text(quality: u32, divisor: u32) -> String {
    let name = |d: u32| match d {
        1 => "Full",
        2 => "Half",
        4 => "Quarter",
        _ => "Low",
    };
    if quality == 0 { format!("{} (auto)", name(divisor)) } else { name(quality).to_owned() }
}

fn quality_ui(ui: &mut Ui, cx: &mut Cx<'_>, quality: u32, divisor: u32) {
    let s = &cx.project.sequence;
    let text = quality_text(quality, divisor);
    let tip = format!("The picture is drawn at {}×{}", s.width.div_ceil(divisor.max(1)), s.height.div_ceil(divisor.max(1)));
    let facts = cx.facts;
    let label = RichText::new(text).color(cx.theme.secondary());
    let caret = RichText::new(icons::CARET_DOWN.to_string()).font(fonts::icon(10.0)).color(cx.theme.secondary());
    let menu = ui.menu_button((label, caret), |ui| {
        for (id, value) in [(C::QualityAuto, 0), (C::QualityFull, 1), (C::QualityHalf, 2), (C::QualityQuarter, 4)] {
            widgets::command_item(ui, cx.theme, &facts, cx.out, id, quality == value);
        }
    });
    menu.response.accessible_name("Viewer quality").on_hover_text(tip);
}

/// The playhead's timecode, large; a click makes it a field to type a time into.
fn timecode_ui(ui: &mut Ui, state: &mut ViewerState, cx: &mut Cx<'_>) {
    let s = cx.project.sequence.clone();
    let font = fonts::semibold(20.0);
    if let Some(text) = &mut state.timecode {
        let edit = TextEdit::singleline(text).font(font).desired_width(130.0).margin(vec2(6.0, 3.0));
        let response = ui.add(edit).accessible_name("Go to timecode");
        if !response.has_focus() && !response.lost_focus() {
            response.request_focus();
        }
        if response.lost_focus() {
            if ui.input(|i| i.key_pressed(Key::Enter))
                && let Ok(frame) = crate::base::parse_timecode(text, s.frame_rate)
            {
                cx.out.send(Command::Seek((frame - s.start_timecode).max(0)));
            }
            state.timecode = None;
        }
        return;
    }
    let text = s.timecode(cx.program.playhead());
    let response = tabular_label(ui, &text, font, cx.theme.text(), "Playhead timecode");
    if response.on_hover_text("Click to type a time").clicked() {
        state.timecode = Some(text);
    }
}

fn tabular_label(ui: &mut Ui, text: &str, font: egui::FontId, color: Color32, name: &str) -> egui::Response {
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
    fn meters_are_even_in_decibels() {
        assert_eq!(meter_share(0.0), 1.0);
        assert!((meter_share(-24.0) - 0.5).abs() < 1e-3);
        assert_eq!((meter_share(f32::NEG_INFINITY), meter_share(6.0)), (0.0, 1.0));
    }

    #[test]
    fn quality_says_what_it_does() {
        assert_eq!(quality_text(0, 2), "Half (auto)");
        assert_eq!(quality_text(4, 1), "Quarter");
    }
}
