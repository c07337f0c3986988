//! Dialogs of the bin: removing media that clips use, how colours are to be read, everything known about a file. UI thread.

use super::{
    BinState, changes,
    facts::{codec_name, file_size, rate_text},
};
use crate::{
    app::{
        fonts,
        state::{Cx, Selection},
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::{
        ColorTags, MediaId,
        color::{Matrix, Primaries, Range, Transfer},
    },
    model::Media,
    session::{Command, MediaState, ProxyReason, ProxyState},
};
use egui::{ComboBox, Grid, RichText, ScrollArea, Ui};
use std::collections::BTreeSet;

/// What the bin asks or shows over the window.
#[derive(Clone, Debug)]
pub enum Question {
    /// Clips use some of these.
    Remove(BTreeSet<MediaId>),
    Colours {
        media: Vec<MediaId>,
        tags: ColorTags,
    },
    Properties(MediaId),
}

/// Show the open dialog, if any.
pub fn show(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    let Some(mut question) = state.question.take() else { return };
    let mut done = false;
    let response = widgets::dialog(cx.theme, "media question").show(ui.ctx(), |ui| match &mut question {
        Question::Remove(media) => done = remove_ui(ui, cx, media),
        Question::Colours { media, tags } => done = colours_ui(ui, cx, media, tags),
        Question::Properties(id) => done = properties_ui(ui, cx, *id),
    });
    if !done && !response.should_close() {
        state.question = Some(question);
    }
}

fn heading(ui: &mut Ui, text: String) {
    ui.label(RichText::new(text).font(fonts::semibold(15.0)));
}

fn remove_ui(ui: &mut Ui, cx: &mut Cx<'_>, media: &BTreeSet<MediaId>) -> bool {
    ui.set_width(400.0);
    let clips = changes::clips_of(&cx.project, media).len();
    let name = media.first().and_then(|id| cx.project.media.get(id)).map(|m| m.name.clone()).unwrap_or_default();
    let n = media.len();
    heading(ui, tr_args("bin-remove-question", &[("n", n.into()), ("name", name.into())]));
    ui.label(RichText::new(tr_args("bin-remove-text", &[("n", n.into()), ("clips", clips.into())])).color(cx.theme.secondary()));
    ui.add_space(14.0);
    let mut done = false;
    widgets::button_row(ui, |ui| {
        if widgets::primary_button(ui, cx.theme, &tr("bin-remove-with-clips"), true).clicked() {
            if let Some(edit) = changes::remove(&cx.project, media) {
                cx.out.send(Command::Begin("Remove media"));
                cx.out.send(Command::Edit(edit));
                cx.out.send(Command::Commit);
                cx.out.select(Selection::default());
            }
            done = true;
        }
        done |= widgets::plain_button(ui, tr("bin-cancel")).clicked();
    });
    done
}

fn colours_ui(ui: &mut Ui, cx: &mut Cx<'_>, media: &[MediaId], tags: &mut ColorTags) -> bool {
    ui.set_width(360.0);
    heading(ui, tr("bin-colours-title"));
    ui.label(RichText::new(tr("bin-colours-text")).color(cx.theme.secondary()));
    ui.add_space(10.0);
    let names = (tr("bin-colours-primaries"), tr("bin-colours-transfer"), tr("bin-colours-matrix"), tr("bin-colours-range"));
    Grid::new("media colours").num_columns(2).spacing([12.0, 8.0]).show(ui, |ui| {
        use Primaries as P;
        let primaries = [P::Bt709, P::Bt601Pal, P::Bt601Ntsc, P::Bt2020, P::DisplayP3];
        choice(ui, cx, &names.0, &mut tags.primaries, &primaries, primaries_name);
        use Transfer as T;
        choice(ui, cx, &names.1, &mut tags.transfer, &[T::Bt709, T::Srgb, T::Linear, T::Pq, T::Hlg], transfer_name);
        choice(ui, cx, &names.2, &mut tags.matrix, &[Matrix::Bt709, Matrix::Bt601, Matrix::Bt2020, Matrix::Rgb], matrix_name);
        choice(ui, cx, &names.3, &mut tags.range, &[Range::Limited, Range::Full], range_name);
    });
    ui.add_space(14.0);
    let mut done = false;
    let mut set = |cx: &mut Cx<'_>, tags| {
        if let Some(edit) = changes::colours(&cx.project, media, tags) {
            cx.out.send(Command::Edit(edit));
        }
        done = true;
    };
    let mut cancelled = false;
    widgets::button_row(ui, |ui| {
        if widgets::primary_button(ui, cx.theme, &tr("bin-colours-use"), true).clicked() {
            set(cx, Some(*tags));
        }
        if widgets::plain_button(ui, tr("bin-colours-as-file")).clicked() {
            set(cx, None);
        }
        cancelled = widgets::plain_button(ui, tr("bin-cancel")).clicked();
    });
    done || cancelled
}

fn choice<T: Copy + PartialEq>(ui: &mut Ui, cx: &Cx<'_>, label: &str, value: &mut T, all: &[T], name: fn(T) -> String) {
    ui.label(RichText::new(label).color(cx.theme.secondary()));
    let combo = ComboBox::from_id_salt(label).selected_text(name(*value)).width(200.0).show_ui(ui, |ui| {
        for option in all {
            ui.selectable_value(value, *option, name(*option));
        }
    });
    combo.response.accessible_name(label);
    ui.end_row();
}

fn primaries_name(p: Primaries) -> String {
    match p {
        Primaries::Bt709 => "BT.709",
        Primaries::Bt601Pal => "BT.601 (PAL)",
        Primaries::Bt601Ntsc => "BT.601 (NTSC)",
        Primaries::Bt2020 => "BT.2020",
        Primaries::DisplayP3 => "Display P3",
    }
    .into()
}

fn transfer_name(t: Transfer) -> String {
    match t {
        Transfer::Bt709 => "BT.709".into(),
        Transfer::Srgb => "sRGB".into(),
        Transfer::Linear => tr("bin-colours-linear"),
        Transfer::Pq => "PQ (ST 2084)".into(),
        Transfer::Hlg => "HLG".into(),
    }
}

fn matrix_name(m: Matrix) -> String {
    match m {
        Matrix::Rgb => "RGB",
        Matrix::Bt709 => "BT.709",
        Matrix::Bt601 => "BT.601",
        Matrix::Bt2020 => "BT.2020",
    }
    .into()
}

fn range_name(r: Range) -> String {
    tr(match r {
        Range::Limited => "bin-colours-limited",
        Range::Full => "bin-colours-full",
    })
}

fn properties_ui(ui: &mut Ui, cx: &Cx<'_>, id: MediaId) -> bool {
    ui.set_width(440.0);
    let Some(media) = cx.project.media.get(&id) else { return true };
    heading(ui, media.name.clone());
    ui.add_space(6.0);
    let height = (ui.ctx().content_rect().height() - 200.0).max(120.0);
    ScrollArea::vertical().max_height(height).show(ui, |ui| {
        Grid::new("media properties").num_columns(2).spacing([16.0, 5.0]).show(ui, |ui| {
            for (what, text) in properties(media, &cx.program.media_state(id), proxy_of(cx, id), cx.project.sequence.frame_rate.as_f64()) {
                ui.label(RichText::new(what).color(cx.theme.secondary()));
                ui.add(egui::Label::new(text).wrap().selectable(true));
                ui.end_row();
            }
        });
    });
    ui.add_space(14.0);
    widgets::button_row(ui, |ui| widgets::primary_button(ui, cx.theme, &tr("bin-close"), true).clicked())
}

/// Everything known about a file, as pairs of what and how.
pub fn properties(
    media: &Media,
    state: &MediaState,
    proxy: (ProxyState, Option<ProxyReason>),
    sequence_rate: f64,
) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    let mut row = |key: &str, text: String| {
        if !text.is_empty() {
            rows.push((tr(key), text));
        }
    };
    if let MediaState::Offline(why) = state {
        row("bin-property-offline", why.clone());
    }
    row("bin-property-file", media.file.path.display().to_string());
    row("bin-property-file-size", if media.file.size > 0 { file_size(media.file.size) } else { String::new() });
    row("bin-property-folder", media.folder.clone());
    row("bin-property-container", media.info.container.to_uppercase());
    let duration = media.info.duration.as_secs_f64();
    row("bin-property-duration", if duration > 0.0 { super::facts::long_duration(duration) } else { String::new() });
    if let Some(v) = &media.info.video {
        row("bin-property-codec", codec_name(&v.codec));
        let (w, h) = v.display_size();
        let coded = if (w, h) == (v.width, v.height) { String::new() } else { format!(" ({}×{})", v.width, v.height) };
        row("bin-property-frame-size", format!("{w}×{h}{coded}"));
        if !v.still {
            let differs = if v.variable_frame_rate {
                tr("bin-property-variable")
            } else if (v.frame_rate.as_f64() - sequence_rate).abs() > 0.001 {
                tr("bin-property-other-rate")
            } else {
                String::new()
            };
            row("bin-property-rate", format!("{} {differs}", rate_text(v.frame_rate.as_f64())).trim_end().to_owned());
            row("bin-property-frames", v.frames.to_string());
        }
        row("bin-property-pixels", format!("{} · {} bit", v.pixel_format, v.bit_depth));
        let used = media.color_override.unwrap_or(v.color);
        let origin = match (media.color_override, v.color_assumed) {
            (Some(_), _) => tr("bin-property-colours-set"),
            (None, true) => tr("bin-property-colours-assumed"),
            (None, false) => String::new(),
        };
        let names = [primaries_name(used.primaries), transfer_name(used.transfer), matrix_name(used.matrix), range_name(used.range)];
        row("bin-property-colours", format!("{} {origin}", names.join(" · ")).trim_end().to_owned());
    }
    if let Some(a) = &media.info.audio {
        let text = [codec_name(&a.codec), super::facts::sound_rate(a.rate), super::facts::channels(a.channels)].join(" · ");
        row("bin-property-sound", text);
    }
    row("bin-property-proxy", proxy_text(media, proxy));
    row("bin-property-timecode", media.info.start_timecode.clone().unwrap_or_default());
    rows
}

/// How a media stands with its proxy, and why one is worth while.
fn proxy_text(media: &Media, (state, reason): (ProxyState, Option<ProxyReason>)) -> String {
    let size = media.proxy.as_ref().and_then(|p| p.info.video.as_ref()).map(|v| (codec_name(&v.codec), v.display_size()));
    let what = match (state, size) {
        (ProxyState::None, _) => String::new(),
        (ProxyState::Making(f), _) => tr_args("bin-property-proxy-making", &[("n", (f * 100.0).floor().into())]),
        (ProxyState::Ready, Some((codec, (w, h)))) => format!("{codec} · {w}×{h}"),
        (ProxyState::Ready, None) => String::new(),
        (ProxyState::Stale, _) => return tr("bin-property-proxy-stale"),
        (ProxyState::Missing, _) => tr("bin-property-proxy-missing"),
    };
    match reason {
        Some(reason) if what.is_empty() => tr_args("bin-property-proxy-worth", &[("why", reason.text().into())]),
        _ => what,
    }
}

/// [`proxy_text`] of a media of the document; empty where there is nothing to say.
pub fn proxy_fact(cx: &Cx<'_>, id: MediaId) -> String {
    cx.project.media.get(&id).map_or_else(String::new, |m| proxy_text(m, proxy_of(cx, id)))
}

/// How a media stands with its proxy.
fn proxy_of(cx: &Cx<'_>, id: MediaId) -> (ProxyState, Option<ProxyReason>) {
    (cx.program.proxy_state(id), cx.program.proxy_reason(id))
}

/// [`properties`] beside the pointer.
pub fn tooltip_ui(ui: &mut Ui, cx: &Cx<'_>, (id, media): (MediaId, &Media), state: &MediaState) {
    ui.label(RichText::new(&media.name).font(fonts::semibold(size::TEXT)));
    Grid::new("media tooltip").num_columns(2).spacing([10.0, 1.0]).show(ui, |ui| {
        for (what, text) in properties(media, state, proxy_of(cx, id), cx.project.sequence.frame_rate.as_f64()) {
            ui.label(RichText::new(what).small().color(cx.theme.secondary()));
            ui.label(RichText::new(text).small());
            ui.end_row();
        }
    });
}
