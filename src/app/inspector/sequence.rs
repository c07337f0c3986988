//! Nothing selected: the project and its sequences. UI thread.

use super::{
    InspectorState,
    field::Shown,
    heading,
    rows::{self, Number, TimeField, Unit},
    state::Typing,
    times::Clock,
};
use crate::{
    app::{
        bin, fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::{FrameRate, SequenceId},
    edit::{EditCommand, TrackChange, fresh_ids},
    model::{MAX_FRAME, Sequence},
    session::Command,
};
use egui::{Align2, CornerRadius, Id, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

const RATES: [(FrameRate, &str); 7] = [
    (FrameRate::NTSC_24, "23.976"),
    (FrameRate::FPS_24, "24"),
    (FrameRate::FPS_25, "25"),
    (FrameRate::NTSC_30, "29.97"),
    (FrameRate::FPS_30, "30"),
    (FrameRate::NTSC_60, "59.94"),
    (FrameRate::FPS_60, "60"),
];

const SIZES: [(u32, u32); 7] = [(1280, 720), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920), (1080, 1080), (1440, 1080)];

/// `1080×1920 upright`
fn size_text((w, h): (u32, u32)) -> String {
    match w.cmp(&h) {
        std::cmp::Ordering::Less => tr_args("inspector-size-upright", &[("w", w.to_string().into()), ("h", h.to_string().into())]),
        std::cmp::Ordering::Equal => tr_args("inspector-size-square", &[("w", w.to_string().into()), ("h", h.to_string().into())]),
        std::cmp::Ordering::Greater => format!("{w}×{h}"),
    }
}

/// What a sequence is called.
pub fn sequence_name(s: &Sequence) -> String {
    if s.name.is_empty() { tr_args("inspector-sequence-n", &[("n", s.id.0.to_string().into())]) } else { s.name.clone() }
}

pub fn sequence_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>) {
    let project = cx.project.clone();
    let s = &project.sequence;
    heading(ui, cx, icons::FILM_SLATE, &sequence_name(s), &tr("inspector-select-something"));
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-project", |_| {}) {
        let mut name = project.name.clone();
        let (response, changed) = rows::text(ui, cx.theme, &tr("inspector-name"), &tr("inspector-project-name"), "", &mut name);
        if changed {
            state.type_into(cx, Typing::Project, EditCommand::RenameProject { name });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
    }
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-sequence", |_| {}) {
        let mut name = s.name.clone();
        let (response, changed) =
            rows::text(ui, cx.theme, &tr("inspector-name"), &tr("inspector-sequence-name"), &sequence_name(s), &mut name);
        if changed {
            state.type_into(cx, Typing::Sequence, EditCommand::RenameSequence { id: s.id, name });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
        format_ui(ui, cx, s);
        timecode_ui(ui, state, cx, s);
        counts_ui(ui, cx, s);
    }
    volumes_ui(ui, state, cx, s);
    let mut add = false;
    let theme = cx.theme;
    let open = rows::section(ui, theme, &mut state.closed, "inspector-sequences", |ui| {
        add = rows::tail_button(ui, theme, icons::PLUS, &tr("inspector-add-sequence"));
    });
    if add && let Some(id) = fresh_ids(&project).next() {
        let name = tr_args("inspector-sequence-n", &[("n", (project.others.len() + 2).to_string().into())]);
        cx.out.send(Command::Edit(EditCommand::AddSequence { id: SequenceId(id), name }));
    }
    if open {
        let mut all: Vec<_> = project.sequences().collect();
        all.sort_by_key(|x| x.id);
        for x in all {
            entry_ui(ui, cx, x, x.id == s.id);
        }
    }
}

/// Volumes of the audio tracks.
fn volumes_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, s: &Sequence) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-track-volumes", |_| {}) {
        return;
    }
    for (i, track) in s.audio_tracks().enumerate() {
        let label = if track.name.is_empty() { format!("A{}", i + 1) } else { track.name.clone() };
        let name = tr_args("inspector-track-volume", &[("name", label.as_str().into())]);
        let n = Number::new(&label, Unit::Db, -96.0..=24.0, 0.0).speed(0.1).places(1).slider(-48.0..=12.0).name(&name).salt(i);
        ui.add_enabled_ui(!track.locked, |ui| {
            let now = f64::from(track.gain_db);
            if let Some(change) = rows::number(ui, cx.theme, &n, Shown::one(now)) {
                let gain = change.of(now).clamp(-96.0, 24.0) as f32;
                state.change(ui, cx, EditCommand::SetTrack { id: track.id, change: TrackChange::GainDb(gain) });
            }
        });
    }
}

/// One line of the list of sequences.
fn entry_ui(ui: &mut Ui, cx: &mut Cx<'_>, s: &Sequence, open: bool) {
    let theme = cx.theme;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
    let body = rect.with_max_x(rect.right() - if open { 0.0 } else { 24.0 });
    let response = ui.interact(body, Id::unique(("inspector sequence", s.id)), Sense::click());
    let name = sequence_name(s);
    response.widget_info(|| {
        WidgetInfo::selected(Role::ListItem, true, open, tr_args("inspector-open-sequence-of", &[("name", name.as_str().into())]))
    });
    let fill = match (open, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_tint(),
        (false, true) => theme.surface(3),
        (false, false) => theme.surface(2),
    };
    ui.painter().rect_filled(rect.shrink2(vec2(0.0, 1.0)), CornerRadius::same(size::RADIUS), fill);
    let y = rect.center().y;
    let color = if open { theme.accent() } else { theme.secondary() };
    ui.painter().text(pos2(rect.left() + 14.0, y), Align2::CENTER_CENTER, icons::TIMELINE, fonts::icon(13.0), color);
    let length = ui.painter().layout_job(fonts::tabular(
        ui.ctx(),
        &crate::base::format_timecode(s.duration(), s.frame_rate, s.drop_frame),
        &fonts::regular(size::SMALL),
        theme.secondary(),
    ));
    let right = body.right() - 8.0 - length.size().x;
    let galley = widgets::elided(ui, &name, fonts::regular(size::TEXT), theme.text(), right - rect.left() - 32.0);
    ui.painter().galley(pos2(rect.left() + 26.0, y - galley.size().y / 2.0), galley, theme.text());
    ui.painter().galley(pos2(right, y - length.size().y / 2.0), length, theme.secondary());
    if response.clicked() && !open {
        cx.out.send(Command::Edit(EditCommand::OpenSequence { id: s.id }));
    }
    if !open {
        let name = tr_args("inspector-remove-sequence", &[("name", name.as_str().into())]);
        let place = Rect::from_center_size(pos2(rect.right() - 13.0, y), vec2(18.0, 18.0));
        if rows::sign(ui, theme, place, icons::TRASH, (&name, 0), &name) {
            cx.out.send(Command::Edit(EditCommand::RemoveSequence { id: s.id }));
        }
    }
}

fn format_ui(ui: &mut Ui, cx: &mut Cx<'_>, s: &Sequence) {
    let format = |size: (u32, u32), rate| EditCommand::SetFormat { width: size.0, height: size.1, frame_rate: rate, color: s.color };
    let now = (s.width, s.height);
    let mut sizes: Vec<_> = SIZES.map(|x| (x, size_text(x))).to_vec();
    if !SIZES.contains(&now) {
        sizes.push((now, size_text(now)));
    }
    if let Some(size) = rows::choice(ui, cx.theme, &tr("inspector-frame-size"), Some(now), &sizes) {
        cx.out.send(Command::Edit(format(size, s.frame_rate)));
    }
    let mut rates = RATES.map(|(rate, name)| (rate, name.to_owned())).to_vec();
    if !rates.iter().any(|r| r.0 == s.frame_rate) {
        rates.push((s.frame_rate, bin::rate_text(s.frame_rate.as_f64())));
    }
    if let Some(rate) = rows::choice(ui, cx.theme, &tr("inspector-frame-rate"), Some(s.frame_rate), &rates) {
        cx.out.send(Command::Edit(format(now, rate)));
    }
}

fn timecode_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, s: &Sequence) {
    let set = |start, drop_frame| EditCommand::SetTimecode { start, drop_frame };
    let clock = Clock::of(s);
    let (format, parse) = (|f: i64| clock.length(f), |text: &str| clock.parse_length(text));
    let label = tr("inspector-start-timecode");
    let field = TimeField { label: &label, name: &label, range: 0..=MAX_FRAME, format: &format, parse: &parse };
    if let Some(start) = rows::time(ui, cx.theme, &field, s.start_timecode) {
        state.change(ui, cx, set(start, s.drop_frame));
    }
    if s.frame_rate.can_drop_frames()
        && let Some(drop) = rows::toggle(ui, cx.theme, &tr("inspector-drop-frame"), Some(s.drop_frame))
    {
        // the label of the first frame stays what it says
        let start = if s.start_timecode == 0 { 0 } else { relabelled(s, drop) };
        cx.out.send(Command::Edit(set(start, drop)));
    }
}

/// The start whose label at the other way of counting reads as before.
fn relabelled(s: &Sequence, drop: bool) -> i64 {
    let text = Clock::of(s).length(s.start_timecode);
    let other =
        Sequence { drop_frame: drop, tracks: Vec::new(), markers: Vec::new(), captions: Vec::new(), name: String::new(), ..s.clone() };
    Clock::of(&other).parse_length(&text).unwrap_or(s.start_timecode)
}

fn counts_ui(ui: &mut Ui, cx: &Cx<'_>, s: &Sequence) {
    rows::fact(ui, cx.theme, &tr("inspector-color-space"), &super::media::color_text(&s.color));
    rows::fact(ui, cx.theme, &tr("inspector-duration"), &Clock::of(s).length(s.duration()));
    let clips: usize = s.tracks.iter().map(|t| t.clips.len()).sum();
    rows::fact(ui, cx.theme, &tr("inspector-clip-count"), &clips.to_string());
    let counts = [("video", s.video_tracks().count().into()), ("audio", s.audio_tracks().count().into())];
    rows::fact(ui, cx.theme, &tr("inspector-tracks"), &tr_args("inspector-track-counts", &counts));
}

/// What a nested sequence is.
pub fn facts_ui(ui: &mut Ui, cx: &Cx<'_>, s: &Sequence) {
    rows::fact(ui, cx.theme, &tr("inspector-sequence"), &sequence_name(s));
    let format = format!("{}×{} · {}", s.width, s.height, bin::rate_text(s.frame_rate.as_f64()));
    rows::fact(ui, cx.theme, &tr("inspector-format"), &format);
    counts_ui(ui, cx, s);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_label_reads_the_same_however_frames_are_counted() {
        let mut s = Sequence::new(1920, 1080, FrameRate::NTSC_30);
        (s.drop_frame, s.start_timecode) = (true, 107_892);
        assert_eq!(Clock::of(&s).length(s.start_timecode), "01:00:00;00");
        assert_eq!(relabelled(&s, false), 108_000);
        (s.drop_frame, s.start_timecode) = (false, 108_000);
        assert_eq!(relabelled(&s, true), 107_892);
    }
}
