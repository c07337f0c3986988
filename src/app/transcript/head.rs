//! The head of the transcript panel: search, and what can be done with all words. UI thread.

use super::{TranscriptState, review::Review};
use crate::{
    app::{
        commands::CommandId as C,
        dialogs::Ask,
        fonts, icons,
        state::{Action, Cx},
        theme::size,
        widgets,
        words::{decimal, tr, tr_args},
    },
    base::{MediaId, Severity},
    edit::words::{self, MadeCaptions},
    session::{Command, Notice, SpeechWish},
};
use egui::{Align, Key, Layout, RichText, TextEdit, Ui, vec2};
use std::path::Path;

pub(super) fn head_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            menu_ui(ui, cx);
            tools_ui(ui, state, cx);
            search_ui(ui, state, cx);
        });
    });
    selected_ui(ui, state, cx);
    ui.add_space(4.0);
}

fn search_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    if !state.query.is_empty() {
        let any = !state.found.is_empty();
        for (icon, key, step) in [(icons::CARET_DOWN, "transcript-next", 1), (icons::CARET_UP, "transcript-previous", state.found.len())] {
            if widgets::icon_button_sized(ui, cx.theme, icon, &tr(key), &tr(key), any, false, 20.0, 12.0).clicked() && any {
                // `len` steps less one are one step back
                let step = if step == 1 { 1 } else { step - 1 };
                state.at = (state.at + step) % state.found.len().max(1);
                go(state, cx);
            }
        }
        let count = tr_args("transcript-found", &[("n", state.found.len().into())]);
        ui.label(RichText::new(count).small().color(if any { cx.theme.secondary() } else { cx.theme.warning() }));
    }
    let hint = RichText::new(tr("transcript-search")).color(cx.theme.faint());
    let field = TextEdit::singleline(&mut state.query).hint_text(hint).font(fonts::regular(size::TEXT)).margin(vec2(8.0, 4.0));
    let response = ui.add(field.desired_width(ui.available_width())).accessible_name(tr("transcript-search"));
    if response.changed() {
        state.found = words::search(&state.words, &state.query);
        state.at = 0;
        if !state.found.is_empty() {
            go(state, cx);
        }
    }
    if response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) && !state.found.is_empty() {
        state.at = (state.at + 1) % state.found.len();
        go(state, cx);
        response.request_focus();
    }
}

fn go(state: &mut TranscriptState, cx: &mut Cx<'_>) {
    if let Some(place) = state.found.get(state.at).cloned() {
        state.seek(cx, place.start);
        state.body.show(place.start);
    }
}

fn tools_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    for (icon, name, tip, review) in [
        (icons::WAVEFORM, tr("transcript-silences"), tr("transcript-silences.tip"), Review::Silences),
        (icons::BROOM, tr("transcript-fillers"), tr("transcript-fillers.tip"), Review::Fillers),
    ] {
        let on = state.review == review;
        if widgets::icon_button(ui, cx.theme, icon, &name, &tip, true, on).clicked() {
            state.review = if on { Review::None } else { review };
            super::review::update(state, cx);
        }
    }
    widgets::command_button(ui, cx, C::CaptionsFromWords, false);
}

fn menu_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let media: Vec<(MediaId, String, bool)> = with_sound(cx);
    let button = ui.menu_button(RichText::new(icons::MORE.to_string()).font(fonts::icon(size::ICON)), |ui| {
        for (id, name, has) in &media {
            ui.menu_button(name.as_str(), |ui| {
                if cx.program.can_transcribe() && ui.button(tr("transcript-recognise")).clicked() {
                    cx.out.send(Command::Speech(SpeechWish::Transcribe(vec![*id])));
                    ui.close();
                }
                if ui.button(tr("transcript-import")).clicked() {
                    cx.out.push(Action::Ask(Ask::Transcript { media: *id }));
                    ui.close();
                }
                if *has && ui.button(tr("transcript-export")).clicked() {
                    let suggestion = Path::new(name).with_extension("srt");
                    cx.out.push(Action::Ask(Ask::TranscriptOutput { media: *id, suggestion }));
                    ui.close();
                }
            });
        }
    });
    button.response.accessible_name(tr("transcript-menu"));
}

/// Media with sound: their names, and whether they have a transcript.
pub(super) fn with_sound(cx: &Cx<'_>) -> Vec<(MediaId, String, bool)> {
    let heard = cx.project.media.iter().filter(|(_, m)| m.info.audio.is_some());
    heard.map(|(id, m)| (*id, m.name.clone(), m.transcript.is_some())).collect()
}

/// How many words there are, or what can be done with the selected ones. Always there: words must not move under the pointer
/// when the first of them is selected.
fn selected_ui(ui: &mut Ui, state: &TranscriptState, cx: &mut Cx<'_>) {
    let selected = cx.shared.selection.words.filter(|w| w.1 < state.words.len());
    ui.horizontal(|ui| {
        ui.set_height(26.0);
        let text = match selected {
            Some((first, last)) => {
                let secs = (state.words[last].end - state.words[first].start).as_secs_f64();
                tr_args("transcript-selected", &[("n", (last - first + 1).into()), ("secs", decimal(secs, 1).into())])
            }
            None => tr_args("transcript-words", &[("n", state.words.len().into())]),
        };
        ui.label(RichText::new(text).small().color(cx.theme.secondary()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let cut = selected.is_some() && {
                let button = widgets::primary_button(ui, cx.theme, &tr("transcript-cut"), true);
                button.on_hover_text(tr("transcript-cut.tip")).clicked()
            };
            if cut {
                super::cut_selected(cx);
            }
        });
    });
}

/// Put captions on the timeline, and say what there is to say about them.
pub(super) fn make(cx: &mut Cx<'_>, made: Option<MadeCaptions>) {
    let (good, text, hint) = match made {
        Some(made) => {
            cx.out.send(Command::Edit(made.command));
            let text = tr_args("transcript-captions-made", &[("n", made.count.into())]);
            let hint = (made.too_fast > 0).then(|| tr_args("transcript-captions-fast", &[("n", made.too_fast.into())]));
            (true, text, hint)
        }
        None => (false, tr("transcript-nothing-heard"), Some(tr("transcript-nothing-heard.hint"))),
    };
    cx.out.push(Action::Tell(Notice { severity: Severity::Warning, good, text, hint }));
}
