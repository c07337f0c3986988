//! Nothing selected: the sequence's settings. A media selected: its facts.

use super::{InspectorState, Typing, heading, rows};
use crate::{
    app::{bin, icons, state::Cx, theme::size, widgets},
    base::{ColorTags, FrameRate},
    edit::EditCommand,
    model::Media,
    session::Command,
};
use egui::{RichText, TextEdit, Ui, vec2};

const RATES: [(FrameRate, &str); 7] = [
    (FrameRate::NTSC_24, "23.976"),
    (FrameRate::FPS_24, "24"),
    (FrameRate::FPS_25, "25"),
    (FrameRate::NTSC_30, "29.97"),
    (FrameRate::FPS_30, "30"),
    (FrameRate::NTSC_60, "59.94"),
    (FrameRate::FPS_60, "60"),
];

const SIZES: [((u32, u32), &str); 7] = [
    ((1280, 720), "1280×720"),
    ((1920, 1080), "1920×1080"),
    ((2560, 1440), "2560×1440"),
    ((3840, 2160), "3840×2160"),
    ((1080, 1920), "1080×1920 upright"),
    ((1080, 1080), "1080×1080 square"),
    ((1440, 1080), "1440×1080"),
];

pub fn sequence_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>) {
    let project = cx.project.clone();
    let s = &project.sequence;
    heading(ui, cx, icons::FILM_SLATE, "Sequence", "Select a clip to change it");
    widgets::section(ui, cx.theme, "Project");
    let mut name = project.name.clone();
    let field = TextEdit::singleline(&mut name).desired_width(f32::INFINITY).margin(vec2(8.0, 5.0));
    let response = ui.add(field).accessible_name("Project name");
    if response.changed() {
        state.type_into(cx, Typing::Other, "Rename project", EditCommand::RenameProject { name });
    }
    if response.lost_focus() {
        state.typed(cx);
    }
    widgets::section(ui, cx.theme, "Format");
    let format = |size: (u32, u32), rate| EditCommand::SetFormat { width: size.0, height: size.1, frame_rate: rate, color: s.color };
    let now = (s.width, s.height);
    let own = format!("{}×{}", now.0, now.1);
    let mut sizes = SIZES.to_vec();
    if !sizes.iter().any(|o| o.0 == now) {
        sizes.push((now, &own));
    }
    if let Some(size) = rows::choice(ui, cx.theme, "Frame size", now, &sizes) {
        cx.out.send(Command::Edit(format(size, s.frame_rate)));
    }
    let rate_name = bin::rate_text(s.frame_rate.as_f64());
    let mut rates = RATES.to_vec();
    if !rates.iter().any(|r| r.0 == s.frame_rate) {
        rates.push((s.frame_rate, &rate_name));
    }
    if let Some(rate) = rows::choice(ui, cx.theme, "Frame rate", s.frame_rate, &rates) {
        cx.out.send(Command::Edit(format(now, rate)));
    }
    let color = if s.color == ColorTags::BT709 { "Rec. 709".to_owned() } else { format!("{:?}", s.color.primaries) };
    rows::fact(ui, cx.theme, "Colour", &color);
    widgets::section(ui, cx.theme, "Timeline");
    rows::fact(ui, cx.theme, "Duration", &crate::base::format_timecode(s.duration(), s.frame_rate, s.drop_frame));
    let clips: usize = s.tracks.iter().map(|t| t.clips.len()).sum();
    rows::fact(ui, cx.theme, "Clips", &clips.to_string());
    rows::fact(ui, cx.theme, "Tracks", &format!("{} video, {} audio", s.video_tracks().count(), s.audio_tracks().count()));
}

pub fn media_ui(ui: &mut Ui, cx: &Cx<'_>, media: &Media) {
    let icon = if media.info.video.is_some() { icons::FILM_STRIP } else { icons::MUSIC_NOTES };
    heading(ui, cx, icon, &media.name, &bin::facts(media));
    if let Some(v) = &media.info.video {
        widgets::section(ui, cx.theme, "Picture");
        let (w, h) = v.display_size();
        rows::fact(ui, cx.theme, "Size", &format!("{w}×{h}"));
        if !v.still {
            let rate = bin::rate_text(v.frame_rate.as_f64());
            let rate = if v.variable_frame_rate { format!("variable, {rate} on average") } else { rate };
            rows::fact(ui, cx.theme, "Frame rate", &rate);
            rows::fact(ui, cx.theme, "Frames", &v.frames.to_string());
        }
        rows::fact(ui, cx.theme, "Codec", &v.codec);
        rows::fact(ui, cx.theme, "Samples", &format!("{} · {} bit", v.pixel_format, v.bit_depth));
        let assumed = if v.color_assumed { ", assumed" } else { "" };
        rows::fact(ui, cx.theme, "Colour", &format!("{:?}{assumed}", v.color.primaries));
        rows::fact(ui, cx.theme, "Range", &format!("{:?}", v.color.range));
        if v.rotation.degrees() != 0 {
            rows::fact(ui, cx.theme, "Turned", &format!("{}°", v.rotation.degrees()));
        }
    }
    if let Some(a) = &media.info.audio {
        widgets::section(ui, cx.theme, "Sound");
        rows::fact(ui, cx.theme, "Codec", &a.codec);
        rows::fact(ui, cx.theme, "Rate", &format!("{} Hz", a.rate));
        rows::fact(ui, cx.theme, "Channels", &a.channels.to_string());
    }
    widgets::section(ui, cx.theme, "File");
    rows::fact(ui, cx.theme, "Container", &media.info.container);
    let path = media.file.path.display().to_string();
    ui.add(egui::Label::new(RichText::new(path).size(size::SMALL).color(cx.theme.secondary())).wrap());
}
