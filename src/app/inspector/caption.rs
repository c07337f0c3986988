//! Settings of a caption. UI thread.

use super::{
    InspectorState, heading,
    rows::{self, TimeField},
    state::Typing,
    times::Clock,
};
use crate::{
    app::{icons, state::Cx, words::tr},
    base::CaptionId,
    edit::EditCommand,
    model::{Caption, CaptionStyle, MAX_FRAME, caption_styles},
    session::Command,
};
use egui::{TextEdit, Ui, vec2};

pub fn caption_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, id: CaptionId) {
    let project = cx.project.clone();
    let s = &project.sequence;
    let Some(c) = s.captions.iter().find(|c| c.id == id) else { return };
    heading(ui, cx, icons::TEXT, &tr("inspector-caption"), &s.timecode(c.start));
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-caption", |_| {}) {
        let mut text = c.text.clone();
        let field = TextEdit::multiline(&mut text).desired_rows(3).desired_width(f32::INFINITY).margin(vec2(8.0, 6.0));
        let response = ui.add(field).accessible_name(tr("inspector-caption-text"));
        if response.changed() {
            state.type_into(cx, Typing::Caption(id), EditCommand::SetCaption { caption: Caption { text, ..c.clone() } });
        }
        if response.lost_focus() {
            state.typed(cx);
        }
        times_ui(ui, state, cx, c);
        language_ui(ui, cx, &s.caption_language);
        style_ui(ui, cx, &s.caption_style);
        let mut burn = s.burn_captions;
        if ui.checkbox(&mut burn, tr("inspector-burn-captions")).on_hover_text(tr("inspector-burn-captions.tip")).changed() {
            cx.out.send(Command::Edit(EditCommand::BurnCaptions { on: burn }));
        }
    }
    if rows::action(ui, icons::TRASH, &tr("inspector-remove-caption")) {
        cx.out.send(Command::Edit(EditCommand::RemoveCaption { id }));
    }
}

/// The look of all captions.
fn style_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &str) {
    let name = |style: &CaptionStyle| match style.name.as_str() {
        "boxed" => tr("inspector-caption-boxed"),
        "bold" => tr("inspector-caption-bold"),
        "karaoke" => tr("inspector-caption-karaoke"),
        "short" => tr("inspector-caption-short"),
        _ => tr("inspector-caption-clean"),
    };
    let options: Vec<(usize, String)> = caption_styles().iter().map(name).enumerate().collect();
    let chosen = caption_styles().iter().position(|s| s.name == now).unwrap_or(0);
    if let Some(i) = rows::choice(ui, cx.theme, &tr("inspector-caption-style"), Some(chosen), &options)
        && let Some(style) = caption_styles().get(i)
    {
        cx.out.send(Command::Edit(EditCommand::StyleCaptions { name: style.name.clone() }));
    }
}

/// Languages that are offered, by their own names; any other one comes with a file.
const LANGUAGES: [(&str, &str); 15] = [
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("id", "Indonesia"),
    ("it", "Italiano"),
    ("nl", "Nederlands"),
    ("nb", "Norsk bokmål"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("fi", "Suomi"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
];
/// Those whose script our own typefaces lack, by their names in the window's language.
const OTHER_SCRIPTS: [(&str, &str); 6] = [
    ("ar", "inspector-language-arabic"),
    ("hi", "inspector-language-hindi"),
    ("ja", "inspector-language-japanese"),
    ("ru", "inspector-language-russian"),
    ("uk", "inspector-language-ukrainian"),
    ("zh", "inspector-language-chinese"),
];

/// The language of all captions.
fn language_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &str) {
    let mut options = vec![("", tr("inspector-caption-language.none"))];
    if !now.is_empty() && LANGUAGES.iter().chain(&OTHER_SCRIPTS).all(|(tag, _)| *tag != now) {
        options.push((now, now.to_owned()));
    }
    options.extend(LANGUAGES.map(|(tag, name)| (tag, name.to_owned())));
    options.extend(OTHER_SCRIPTS.map(|(tag, key)| (tag, tr(key))));
    if let Some(tag) = rows::choice(ui, cx.theme, &tr("inspector-caption-language"), Some(now), &options) {
        cx.out.send(Command::Edit(EditCommand::CaptionLanguage { tag: tag.to_owned() }));
    }
}

fn times_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, c: &Caption) {
    let clock = Clock::of(&cx.project.sequence);
    let (label, length) = (|f: i64| clock.label(f), |f: i64| clock.length(f));
    let (parse_label, parse_length) = (|text: &str| clock.parse_label(text), |text: &str| clock.parse_length(text));
    let (start, start_name) = (tr("inspector-start"), tr("inspector-caption-start"));
    let field = TimeField { label: &start, name: &start_name, range: 0..=MAX_FRAME, format: &label, parse: &parse_label };
    if let Some(start) = rows::time(ui, cx.theme, &field, c.start) {
        state.change_if_possible(ui, cx, EditCommand::SetCaption { caption: Caption { start, ..c.clone() } });
    }
    let (duration, duration_name) = (tr("inspector-duration"), tr("inspector-caption-duration"));
    let field = TimeField { label: &duration, name: &duration_name, range: 1..=MAX_FRAME, format: &length, parse: &parse_length };
    if let Some(duration) = rows::time(ui, cx.theme, &field, c.duration) {
        state.change_if_possible(ui, cx, EditCommand::SetCaption { caption: Caption { duration, ..c.clone() } });
    }
}
