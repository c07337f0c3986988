//! The media bin: search, one row per media with thumbnail, facts and badges; drag, double-click or the menu bring media
//! to the timeline. UI thread.

use super::{
    commands::CommandId as C,
    fonts, icons,
    state::{Cx, Selection},
    theme::size,
    timeline::DraggedMedia,
    widgets,
};
use crate::{
    base::{MediaId, Rounding, Time},
    edit::EditCommand,
    model::Media,
    session::{Command, MediaState},
};
use egui::{
    Align, Align2, Color32, CornerRadius, DragAndDrop, Layout, Rect, Response, RichText, ScrollArea, Sense, Shape, Stroke, TextEdit, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};

/// What the bin remembers between passes.
#[derive(Debug, Default)]
pub struct BinState {
    pub search: String,
}

const ROW: f32 = 64.0;
const THUMB: egui::Vec2 = vec2(94.0, 53.0);

/// Draw the bin into all of `ui`.
pub fn bin_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let tip = super::commands::spec(C::Import).hover_text(ui.ctx());
            let text = RichText::new(format!("{} Import", icons::PLUS)).color(cx.theme.text());
            if ui.add(egui::Button::new(text)).accessible_name("Import").on_hover_text(tip).clicked() {
                cx.out.run(C::Import);
            }
            let search = TextEdit::singleline(&mut state.search)
                .hint_text(format!("{} Search media", icons::SEARCH))
                .desired_width(f32::INFINITY)
                .margin(vec2(8.0, 5.0));
            ui.add(search).accessible_name("Search media");
        });
    });
    ui.add_space(6.0);
    let project = cx.project.clone();
    let needle = state.search.trim().to_lowercase();
    let found: Vec<_> = project.media.iter().filter(|(_, m)| needle.is_empty() || matches(m, &needle)).collect();
    if project.media.is_empty() {
        empty_ui(ui, cx, "No media yet", "Drop files here or press Import.");
        return;
    }
    if found.is_empty() {
        empty_ui(ui, cx, "Nothing found", "No media has these words in its name or facts.");
        return;
    }
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, ROW, found.len(), |ui, rows| {
        for (id, media) in &found[rows] {
            row_ui(ui, cx, **id, media);
        }
    });
}

fn matches(media: &Media, needle: &str) -> bool {
    let text = format!("{} {}", media.name, facts(media)).to_lowercase();
    needle.split_whitespace().all(|word| text.contains(word))
}

fn empty_ui(ui: &mut Ui, cx: &Cx<'_>, title: &str, text: &str) {
    ui.add_space(40.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icons::FILM_STRIP.to_string()).size(34.0).color(cx.theme.faint()));
        ui.label(RichText::new(title).font(fonts::semibold(size::TEXT)));
        ui.label(RichText::new(text).small().color(cx.theme.secondary()));
    });
}

/// `1080p · 29.97 · H.264 · 0:42`: what a file is, in one line.
pub fn facts(media: &Media) -> String {
    let mut parts = Vec::new();
    if let Some(v) = &media.info.video {
        let (w, h) = v.display_size();
        parts.push(if v.still { format!("{w}×{h}") } else { size_name(w, h) });
        if v.variable_frame_rate {
            parts.push("VFR".into());
        } else if !v.still {
            parts.push(rate_text(v.frame_rate.as_f64()));
        }
        parts.push(codec_name(&v.codec));
    } else if let Some(a) = &media.info.audio {
        parts.push(codec_name(&a.codec));
        parts.push(format!("{} kHz", f64::from(a.rate) / 1000.0));
        parts.push(match a.channels {
            1 => "mono".into(),
            2 => "stereo".into(),
            n => format!("{n} channels"),
        });
    }
    if media.info.duration > Time::ZERO {
        parts.push(widgets::duration_text(media.info.duration.as_secs_f64()));
    }
    parts.join(" · ")
}

/// `29.97`, `25`: a rate with at most three places.
pub fn rate_text(fps: f64) -> String {
    let text = format!("{fps:.3}");
    let short = format!("{fps:.2}");
    let best = if (fps - 23.976).abs() < 0.001 { &text } else { &short };
    best.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn size_name(w: u32, h: u32) -> String {
    match (w.max(h), w.min(h)) {
        (7680, 4320) => "8K".into(),
        (3840 | 4096, 2160) => "4K".into(),
        (1920, 1080) => "1080p".into(),
        (1280, 720) => "720p".into(),
        _ => format!("{w}×{h}"),
    }
}

fn codec_name(codec: &str) -> String {
    match codec {
        "h264" => "H.264",
        "hevc" => "HEVC",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "av1" => "AV1",
        "prores" => "ProRes",
        "dnxhd" => "DNxHD",
        "mjpeg" => "MJPEG",
        "aac" => "AAC",
        "mp3" => "MP3",
        "opus" => "Opus",
        "vorbis" => "Vorbis",
        "flac" => "FLAC",
        other if other.starts_with("pcm") => "PCM",
        other => return other.to_uppercase(),
    }
    .into()
}

fn row_ui(ui: &mut Ui, cx: &mut Cx<'_>, id: MediaId, media: &Media) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW - 4.0), Sense::click_and_drag());
    let selected = cx.shared.selection.media.contains(&id);
    let state = cx.program.media_state(id);
    let facts = facts(media);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, selected, format!("{}, {facts}", media.name)));
    let fill = match (selected, response.hovered()) {
        (true, _) => cx.theme.surface(2),
        (false, true) => cx.theme.surface(2).gamma_multiply(0.6),
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    let thumb = Rect::from_min_size(pos2(rect.left() + 4.0, rect.center().y - THUMB.y / 2.0), THUMB);
    thumb_ui(ui, cx, id, media, &state, thumb);
    let left = thumb.right() + 10.0;
    let width = rect.right() - left - 6.0;
    let name = widgets::elided(ui, &media.name, fonts::semibold(size::TEXT), cx.theme.text(), width);
    painter.galley(pos2(left, thumb.top() + 2.0), name, cx.theme.text());
    let line = widgets::elided(ui, &facts, fonts::regular(size::SMALL), cx.theme.secondary(), width);
    painter.galley(pos2(left, thumb.top() + 19.0), line, cx.theme.secondary());
    badges(ui, cx, media, &state, pos2(left, thumb.top() + 37.0));
    if selected {
        let mark = Rect::from_min_size(pos2(rect.left(), rect.top() + 8.0), vec2(2.0, rect.height() - 16.0));
        painter.rect_filled(mark, CornerRadius::same(1), cx.theme.accent());
    }
    interact(ui, cx, id, &response, &state, media);
    ui.add_space(0.0);
}

fn thumb_ui(ui: &Ui, cx: &mut Cx<'_>, id: MediaId, media: &Media, state: &MediaState, rect: Rect) {
    let painter = ui.painter();
    let radius = CornerRadius::same(4);
    painter.rect_filled(rect, radius, cx.theme.surface(0));
    if media.info.video.is_none() {
        let hue = cx.theme.tokens().music;
        painter.rect_filled(rect, radius, hue.body.0);
        let columns = (rect.width() / 3.0) as usize;
        let secs = media.info.duration.as_secs_f64();
        match cx.program.waveform(id, 0.0, secs, columns) {
            Some(bars) => {
                for (i, (low, high)) in bars.iter().enumerate() {
                    let x = rect.left() + i as f32 * 3.0 + 1.0;
                    let half = rect.height() / 2.0 - 6.0;
                    let y = rect.center().y;
                    let bar = Rect::from_min_max(
                        pos2(x, y - high.clamp(0.0, 1.0) * half - 0.5),
                        pos2(x + 2.0, y - low.clamp(-1.0, 0.0) * half + 0.5),
                    );
                    painter.rect_filled(bar, CornerRadius::ZERO, hue.wave.0);
                }
            }
            None => {
                painter.text(rect.center(), Align2::CENTER_CENTER, icons::MUSIC_NOTES, fonts::regular(20.0), hue.wave.0);
            }
        }
        return;
    }
    // a third of the way in: seldom black, seldom the end
    let time = Time(media.info.duration.0 / 3);
    let patch = cx.program.thumbnail(id, time).and_then(|p| cx.pictures.thumbnail(ui.ctx(), p));
    match (state, patch) {
        (MediaState::Offline(_), _) => {
            painter.rect_filled(rect, radius, cx.theme.failure().gamma_multiply(0.18));
            painter.text(rect.center(), Align2::CENTER_CENTER, icons::OFFLINE, fonts::regular(22.0), cx.theme.failure());
        }
        (_, Some(patch)) => {
            let fitted = fit(patch.aspect, rect);
            let shape = egui::epaint::RectShape::filled(fitted, radius, crate::app::theme::UNTINTED).with_texture(patch.texture, patch.uv);
            painter.add(Shape::Rect(shape));
        }
        (_, None) => {
            let icon = if media.info.video.as_ref().is_some_and(|v| v.still) { icons::IMAGE } else { icons::FILM_STRIP };
            painter.text(rect.center(), Align2::CENTER_CENTER, icon, fonts::regular(20.0), cx.theme.faint());
        }
    }
}

/// The largest rectangle of `aspect` inside `rect`, centred.
pub fn fit(aspect: f32, rect: Rect) -> Rect {
    let (w, h) = (rect.width(), rect.height());
    let size = if aspect > w / h { vec2(w, w / aspect.max(0.01)) } else { vec2(h * aspect, h) };
    Rect::from_center_size(rect.center(), size)
}

fn badges(ui: &mut Ui, cx: &Cx<'_>, media: &Media, state: &MediaState, at: egui::Pos2) {
    let mut words: Vec<(&str, Color32)> = Vec::new();
    match state {
        MediaState::Loading => words.push(("loading", cx.theme.secondary())),
        MediaState::Online => {}
        MediaState::Offline(_) => words.push(("offline", cx.theme.failure())),
        MediaState::EndedEarly(_) => words.push(("ends early", cx.theme.warning())),
    }
    if media.info.video.as_ref().is_some_and(|v| v.color.is_hdr()) {
        words.push(("HDR", cx.theme.accent()));
    }
    if media.info.video.as_ref().is_some_and(|v| v.alpha) {
        words.push(("alpha", cx.theme.ok()));
    }
    if media.info.video.as_ref().is_some_and(|v| v.still) {
        words.push(("still", cx.theme.secondary()));
    }
    let mut x = at.x;
    for (word, color) in words {
        let galley = ui.painter().layout_no_wrap(word.to_owned(), fonts::regular(size::SMALL - 1.0), color);
        let rect = Rect::from_min_size(pos2(x, at.y), galley.size() + vec2(10.0, 3.0));
        ui.painter().rect_filled(rect, CornerRadius::same(4), color.gamma_multiply(0.16));
        ui.painter().galley(rect.min + vec2(5.0, 1.5), galley, color);
        x = rect.right() + 4.0;
    }
}

fn interact(ui: &Ui, cx: &mut Cx<'_>, id: MediaId, response: &Response, state: &MediaState, media: &Media) {
    if response.clicked() || response.drag_started() || response.secondary_clicked() {
        let add = ui.input(|i| i.modifiers.shift || i.modifiers.command);
        let selected = cx.shared.selection.media.contains(&id);
        let mut media = if add || (selected && !response.clicked()) { cx.shared.selection.media.clone() } else { Default::default() };
        if !(add && selected && response.clicked() && media.remove(&id)) {
            media.insert(id);
        }
        if response.drag_started() {
            DragAndDrop::set_payload(ui.ctx(), DraggedMedia(media.iter().copied().collect()));
        }
        cx.out.select(Selection::media(media));
    }
    if response.double_clicked() {
        cx.out.send(Command::Append(vec![id]));
    }
    if response.dragged() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    }
    response.context_menu(|ui| {
        let selected: Vec<MediaId> = cx.shared.selection.media.iter().copied().collect();
        if ui.button(format!("{}  Append to timeline", icons::PLUS)).clicked() {
            cx.out.send(Command::Append(if selected.is_empty() { vec![id] } else { selected }));
            ui.close();
        }
        if ui.button(format!("{}  Insert at playhead", icons::IMPORT)).clicked() {
            let frame = cx.program.playhead();
            let made = super::edits::insert_media(&cx.project, &[id], None, frame, crate::edit::Placement::Ripple);
            if let Some((edit, clips)) = made {
                cx.out.send(Command::Edit(edit));
                cx.out.select(Selection::clips(clips));
            }
            ui.close();
        }
        ui.separator();
        if ui.button(format!("{}  Remove from project", icons::TRASH)).clicked() {
            cx.out.send(Command::Edit(EditCommand::RemoveMedia { id }));
            ui.close();
        }
    });
    let popup = egui::Tooltip::for_enabled(response);
    popup.show(|ui| media_tooltip(ui, cx, media, state));
    let focus = response.has_focus();
    if focus {
        ui.painter().rect_stroke(
            response.rect,
            CornerRadius::same(size::RADIUS),
            Stroke::new(1.0, cx.theme.accent()),
            egui::StrokeKind::Inside,
        );
    }
}

/// Everything known about a file.
fn media_tooltip(ui: &mut Ui, cx: &Cx<'_>, media: &Media, state: &MediaState) {
    ui.label(RichText::new(&media.name).font(fonts::semibold(size::TEXT)));
    let mut lines = Vec::new();
    if let Some(v) = &media.info.video {
        let alpha = if v.alpha { " · alpha" } else { "" };
        lines.push(format!("{} · {}×{} · {} bit{alpha}", codec_name(&v.codec), v.width, v.height, v.bit_depth));
        if !v.still {
            lines.push(format!("{} frames · {} per second", v.frames, rate_text(v.frame_rate.as_f64())));
        }
        let assumed = if v.color_assumed { " (assumed)" } else { "" };
        lines.push(format!("{:?} · {:?} · {:?}{assumed}", v.color.primaries, v.color.transfer, v.color.range));
    }
    if let Some(a) = &media.info.audio {
        lines.push(format!("{} · {} Hz · {} channels", codec_name(&a.codec), a.rate, a.channels));
    }
    for line in lines {
        ui.label(RichText::new(line).small().color(cx.theme.secondary()));
    }
    match state {
        MediaState::Offline(why) => {
            ui.label(RichText::new(why).small().color(cx.theme.failure()));
        }
        MediaState::EndedEarly(t) => {
            let frames = t.to_frames(cx.project.sequence.frame_rate, Rounding::Floor);
            let text = format!("the file ends early, at {}", cx.project.sequence.timecode(frames));
            ui.label(RichText::new(text).small().color(cx.theme.warning()));
        }
        MediaState::Loading | MediaState::Online => {}
    }
    ui.label(RichText::new(media.file.path.display().to_string()).small().color(cx.theme.secondary()));
}
