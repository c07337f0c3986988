//! Selected media: what they are, what their colours are taken for, which folder they lie in. UI thread.

use super::{InspectorState, heading, rows, state::Typing};
use crate::{
    app::{
        bin,
        dialogs::Ask,
        icons,
        state::{Action, Cx},
        theme::size,
        words::{tr, tr_args},
    },
    base::{
        ColorTags, MediaId, VideoInfo,
        color::{Matrix, Primaries, Range, Transfer},
    },
    edit::{EditCommand, MediaChange},
    model::Media,
    session::{Command, MediaState},
};
use egui::{RichText, Ui};
use std::sync::Arc;

const PRIMARIES: [(Primaries, &str); 5] = [
    (Primaries::Bt709, "Rec. 709"),
    (Primaries::Bt601Pal, "Rec. 601 PAL"),
    (Primaries::Bt601Ntsc, "Rec. 601 NTSC"),
    (Primaries::Bt2020, "Rec. 2020"),
    (Primaries::DisplayP3, "Display P3"),
];
const TRANSFERS: [(Transfer, &str); 5] = [
    (Transfer::Bt709, "Rec. 709"),
    (Transfer::Srgb, "sRGB"),
    (Transfer::Linear, "Linear"),
    (Transfer::Pq, "PQ (ST 2084)"),
    (Transfer::Hlg, "HLG"),
];
const MATRICES: [(Matrix, &str); 4] =
    [(Matrix::Rgb, "RGB"), (Matrix::Bt709, "Rec. 709"), (Matrix::Bt601, "Rec. 601"), (Matrix::Bt2020, "Rec. 2020")];

fn named<T: Copy>(options: &[(T, &str)]) -> Vec<(T, String)> {
    options.iter().map(|(v, name)| (*v, (*name).to_owned())).collect()
}

/// `Rec. 709`, `Rec. 2020 · PQ (ST 2084)`.
pub fn color_text(tags: &ColorTags) -> String {
    let primaries = PRIMARIES.iter().find(|p| p.0 == tags.primaries).map_or("", |p| p.1);
    let transfer = TRANSFERS.iter().find(|t| t.0 == tags.transfer).map_or("", |t| t.1);
    if tags.transfer == Transfer::Bt709 { primaries.to_owned() } else { format!("{primaries} · {transfer}") }
}

pub fn media_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, media: &[(MediaId, &Arc<Media>)]) {
    if let [(id, one)] = media {
        let icon = if one.info.video.is_some() { icons::FILM_STRIP } else { icons::MUSIC_NOTES };
        heading(ui, cx, icon, &one.name, &bin::facts(one));
        state_ui(ui, cx, *id);
        file_ui(ui, state, cx, *id, one);
    } else {
        let name = tr_args("inspector-media-count", &[("n", media.len().into())]);
        heading(ui, cx, icons::FILM_STRIP, &name, "");
        if rows::section(ui, cx.theme, &mut state.closed, "inspector-file", |_| {}) {
            folder_ui(ui, cx, media);
        }
    }
    if media.iter().all(|(_, m)| m.info.video.is_some()) {
        colors_ui(ui, state, cx, media);
    }
    let [(_, one)] = media else { return };
    if let Some(v) = &one.info.video
        && rows::section(ui, cx.theme, &mut state.closed, "inspector-picture", |_| {})
    {
        picture_ui(ui, cx, v);
    }
    if let Some(a) = &one.info.audio
        && rows::section(ui, cx.theme, &mut state.closed, "inspector-sound", |_| {})
    {
        rows::fact(ui, cx.theme, &tr("inspector-codec"), &a.codec);
        rows::fact(ui, cx.theme, &tr("inspector-sample-rate"), &format!("{} Hz", a.rate));
        rows::fact(ui, cx.theme, &tr("inspector-channels"), &a.channels.to_string());
    }
}

/// What is wrong with the file, if anything.
fn state_ui(ui: &mut Ui, cx: &Cx<'_>, id: MediaId) {
    let text = match cx.program.media_state(id) {
        MediaState::Offline(why) => tr_args("inspector-offline", &[("why", why.into())]),
        MediaState::EndedEarly(at) => {
            let at = crate::app::widgets::duration_text(at.as_secs_f64());
            tr_args("inspector-ended-early", &[("at", at.into())])
        }
        MediaState::Online | MediaState::Loading => return,
    };
    ui.add(egui::Label::new(RichText::new(format!("{}  {text}", icons::WARNING)).color(cx.theme.warning())).wrap());
}

fn picture_ui(ui: &mut Ui, cx: &Cx<'_>, v: &VideoInfo) {
    let (w, h) = v.display_size();
    rows::fact(ui, cx.theme, &tr("inspector-size"), &format!("{w}×{h}"));
    if !v.still {
        let rate = bin::rate_text(v.frame_rate.as_f64());
        let rate = if v.variable_frame_rate { tr_args("inspector-variable-rate", &[("rate", rate.into())]) } else { rate };
        rows::fact(ui, cx.theme, &tr("inspector-frame-rate"), &rate);
        rows::fact(ui, cx.theme, &tr("inspector-frame-count"), &v.frames.to_string());
    }
    rows::fact(ui, cx.theme, &tr("inspector-codec"), &v.codec);
    rows::fact(ui, cx.theme, &tr("inspector-samples"), &format!("{} · {} bit", v.pixel_format, v.bit_depth));
    if v.rotation.degrees() != 0 {
        rows::fact(ui, cx.theme, &tr("inspector-turned"), &format!("{}°", v.rotation.degrees()));
    }
}

fn file_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: MediaId, media: &Arc<Media>) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-file", |_| {}) {
        return;
    }
    let mut name = media.name.clone();
    let (response, changed) = rows::text(ui, cx.theme, &tr("inspector-name"), &tr("inspector-media-name"), "", &mut name);
    if changed {
        state.type_into(cx, Typing::Media, EditCommand::SetMedia { id, change: MediaChange::Name(name) });
    }
    if response.lost_focus() {
        state.typed(cx);
    }
    folder_ui(ui, cx, &[(id, media)]);
    rows::fact(ui, cx.theme, &tr("inspector-container"), &media.info.container);
    let proxy = bin::proxy_fact(cx, id);
    if !proxy.is_empty() {
        rows::fact(ui, cx.theme, &tr("bin-property-proxy"), &proxy);
    }
    let path = media.file.path.display().to_string();
    ui.add(egui::Label::new(RichText::new(path).size(size::SMALL).color(cx.theme.secondary())).wrap());
    if rows::action(ui, icons::LINK, &tr("inspector-relink")) {
        cx.out.push(Action::Ask(Ask::Relink { media: id, suggestion: media.file.path.clone() }));
    }
}

/// One change for each media, as one command.
fn each(media: &[(MediaId, &Arc<Media>)], change: impl Fn(&Media) -> MediaChange) -> EditCommand {
    let mut edits: Vec<_> = media.iter().map(|(id, m)| EditCommand::SetMedia { id: *id, change: change(m) }).collect();
    if edits.len() == 1 { edits.remove(0) } else { EditCommand::Batch(edits) }
}

fn same<T: PartialEq>(media: &[(MediaId, &Arc<Media>)], value: impl Fn(&Media) -> T) -> Option<T> {
    let first = value(media.first()?.1);
    media.iter().all(|(_, m)| value(m) == first).then_some(first)
}

fn folder_ui(ui: &mut Ui, cx: &mut Cx<'_>, media: &[(MediaId, &Arc<Media>)]) {
    let project = cx.project.clone();
    // places in the list of folders, with the top before all
    let place = |m: &Media| project.folders.iter().position(|f| *f == m.folder).map(|i| i + 1).unwrap_or(0);
    let mut options = vec![(0, tr("inspector-no-folder"))];
    options.extend(project.folders.iter().enumerate().map(|(i, f)| (i + 1, f.clone())));
    if let Some(i) = rows::choice(ui, cx.theme, &tr("inspector-folder"), same(media, place), &options) {
        let folder = i.checked_sub(1).and_then(|i| project.folders.get(i)).cloned().unwrap_or_default();
        cx.out.send(Command::Edit(each(media, |_| MediaChange::Folder(folder.clone()))));
    }
}

/// The colours as the file says or as they are taken for.
fn tags_of(media: &Media) -> ColorTags {
    media.color_override.or_else(|| media.info.video.as_ref().map(|v| v.color)).unwrap_or_default()
}

fn colors_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, media: &[(MediaId, &Arc<Media>)]) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-color-section", |_| {}) {
        return;
    }
    let mut send = |change: &dyn Fn(&Media) -> Option<ColorTags>| {
        cx.out.send(Command::Edit(each(media, |m| MediaChange::ColorOverride(change(m)))));
    };
    let own = same(media, |m| m.color_override.is_some());
    if let Some(own) = rows::toggle(ui, cx.theme, &tr("inspector-color-override"), own) {
        send(&|m| own.then(|| tags_of(m)));
    }
    if own != Some(true) {
        if let Some(tags) = same(media, tags_of) {
            let assumed = media.iter().any(|(_, m)| m.info.video.as_ref().is_some_and(|v| v.color_assumed));
            let text = color_text(&tags);
            let text = if assumed { tr_args("inspector-assumed", &[("what", text.into())]) } else { text };
            rows::fact(ui, cx.theme, &tr("inspector-color-space"), &text);
            let range = if tags.range == Range::Full { "inspector-range-full" } else { "inspector-range-limited" };
            rows::fact(ui, cx.theme, &tr("inspector-range"), &tr(range));
        }
        return;
    }
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-primaries"), same(media, |m| tags_of(m).primaries), &named(&PRIMARIES)) {
        send(&|m| Some(ColorTags { primaries: v, ..tags_of(m) }));
    }
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-transfer"), same(media, |m| tags_of(m).transfer), &named(&TRANSFERS)) {
        send(&|m| Some(ColorTags { transfer: v, ..tags_of(m) }));
    }
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-matrix"), same(media, |m| tags_of(m).matrix), &named(&MATRICES)) {
        send(&|m| Some(ColorTags { matrix: v, ..tags_of(m) }));
    }
    let ranges = [(Range::Limited, tr("inspector-range-limited")), (Range::Full, tr("inspector-range-full"))];
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-range"), same(media, |m| tags_of(m).range), &ranges) {
        send(&|m| Some(ColorTags { range: v, ..tags_of(m) }));
    }
}
