//! The settings' page about speech: who recognises it, with which model, and fetching models. UI thread; fetching is a job.

use super::{
    prefs::{choice_ui, note_ui, row_ui},
    state::Cx,
    widgets,
    words::{tr, tr_args},
};
use crate::session::{Command, Setting, Settings, SpeechWish, jobs::size_text, models::ModelView};
use egui::{Id, RichText, TextEdit, Ui, vec2};

/// Where servers on this machine usually listen.
const USUAL: &str = crate::session::jobs::USUAL_RECOGNISER;

/// Draw the page. `opened`: it was not there in the pass before.
pub(super) fn speech_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings, opened: bool) {
    if opened {
        cx.out.send(Command::Speech(SpeechWish::ListModels));
    }
    widgets::section(ui, cx.theme, &tr("shell-settings-speech"));
    let engines = [(false, tr("shell-speech-here")), (true, tr("shell-speech-server"))];
    let of = |server: &bool| Setting::SpeechServer(server.then(|| USUAL.to_owned()));
    choice_ui(ui, cx, "shell-speech-engine", &now.speech_server.is_some(), &engines, of);
    match &now.speech_server {
        Some(address) => {
            address_ui(ui, cx, address);
            note_ui(ui, cx.theme, &tr("shell-speech-address.tip"));
        }
        None => {
            models_ui(ui, cx, now);
            note_ui(ui, cx.theme, &tr("shell-speech-model.tip"));
        }
    }
}

/// The address is kept when the field is left.
fn address_ui(ui: &mut Ui, cx: &mut Cx<'_>, address: &str) {
    let label = tr("shell-speech-address");
    let id = Id::unique("speech address");
    let mut text: String = ui.data(|d| d.get_temp(id)).unwrap_or_else(|| address.to_owned());
    let field = row_ui(ui, cx.theme, &label, |ui| {
        let field = TextEdit::singleline(&mut text).hint_text(USUAL).margin(vec2(8.0, 4.0)).desired_width(270.0);
        ui.add(field).accessible_name(&label)
    });
    if field.changed() {
        ui.data_mut(|d| d.insert_temp(id, text.clone()));
    }
    if field.lost_focus() {
        ui.data_mut(|d| d.remove::<String>(id));
        if text.trim() != address {
            cx.out.send(Command::Set(Setting::SpeechServer(Some(text))));
        }
    }
}

fn models_ui(ui: &mut Ui, cx: &mut Cx<'_>, now: &Settings) {
    let models = cx.program.speech_models().clone();
    let mut choices = vec![(None, tr("shell-speech-best"))];
    choices.extend(models.iter().filter(|m| m.task == "speech" && m.installed).map(|m| (Some(m.name.clone()), m.name.clone())));
    // one that was chosen and is gone is still what the setting says
    if let Some(gone) = now.speech_model.as_ref().filter(|name| !choices.iter().any(|c| c.0.as_ref() == Some(name))) {
        choices.push((Some(gone.clone()), gone.clone()));
    }
    choice_ui(ui, cx, "shell-speech-model", &now.speech_model, &choices, |name| Setting::SpeechModel(name.clone()));
    widgets::section(ui, cx.theme, &tr("shell-speech-models"));
    let fetching = cx.program.fetching().map(|(name, far)| (name.to_owned(), far));
    for model in models.iter() {
        model_ui(ui, cx, model, fetching.as_ref());
    }
}

/// A model: what it is good for, how large it is, whether it is here, and a button that fetches it.
fn model_ui(ui: &mut Ui, cx: &mut Cx<'_>, model: &ModelView, fetching: Option<&(String, f32)>) {
    let size = model.bytes.map_or_else(String::new, size_text);
    row_ui(ui, cx.theme, &model.name, |ui| {
        match fetching {
            _ if model.installed => {
                ui.label(RichText::new(tr("shell-speech-installed")).small().color(cx.theme.secondary()));
            }
            Some((name, far)) if *name == model.name => {
                let label = tr_args("transcript-fetching", &[("name", name.as_str().into())]);
                widgets::progress_bar(ui, cx.theme, *far, 90.0, cx.theme.accent(), &label);
            }
            _ => {
                let name = tr_args("shell-speech-fetch-of", &[("name", model.name.as_str().into())]);
                if widgets::plain_button(ui, tr("shell-speech-fetch")).on_hover_text(&model.about).accessible_name(name).clicked() {
                    cx.out.send(Command::Speech(SpeechWish::FetchModel(Some(model.name.clone()))));
                }
            }
        }
        let fits = if model.usual { format!("{size} · {}", tr("shell-speech-advised")) } else { size };
        ui.label(RichText::new(fits).small().color(cx.theme.secondary()));
    });
}
