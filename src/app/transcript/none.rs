//! The transcript panel without words: how to get some. UI thread.

use super::head::with_sound;
use crate::{
    app::{
        dialogs::Ask,
        icons,
        state::{Action, Cx},
        widgets,
        words::{tr, tr_args},
    },
    session::{Command, SpeechState, SpeechWish, jobs::size_text},
};
use egui::{RichText, ScrollArea, Ui};

pub(super) fn none_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let media = with_sound(cx);
    if media.is_empty() {
        widgets::empty(ui, cx.theme, icons::TEXT, &tr("transcript-none"), &tr("transcript-none-media"));
        return;
    }
    let can = cx.program.can_transcribe();
    let text = if media.iter().any(|m| m.2) {
        "transcript-none-on-timeline"
    } else if can {
        "transcript-none-yet"
    } else {
        "transcript-no-engine"
    };
    widgets::empty(ui, cx.theme, icons::TEXT, &tr("transcript-none"), &tr(text));
    ui.add_space(12.0);
    if !can {
        fetch_ui(ui, cx);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 8.0;
        for (id, name, _) in media {
            ui.vertical(|ui| {
                let width = ui.available_width();
                ui.label(widgets::elided(ui, &name, crate::app::fonts::semibold(crate::app::theme::size::TEXT), cx.theme.text(), width));
                match cx.program.speech_state(id) {
                    SpeechState::Running(fraction) => {
                        let label = tr_args("transcript-running", &[("name", name.as_str().into())]);
                        widgets::progress_bar(ui, cx.theme, fraction, width, cx.theme.accent(), &label);
                        return;
                    }
                    SpeechState::Failed(why) => {
                        ui.label(RichText::new(widgets::sentence(&why)).small().color(cx.theme.failure()));
                    }
                    SpeechState::Unknown => {}
                }
                ui.horizontal(|ui| {
                    let called = |key: &str| tr_args(key, &[("name", name.as_str().into())]);
                    if can
                        && widgets::plain_button(ui, tr("transcript-recognise"))
                            .accessible_name(called("transcript-recognise-of"))
                            .clicked()
                    {
                        cx.out.send(Command::Speech(SpeechWish::Transcribe(vec![id])));
                    }
                    if widgets::plain_button(ui, tr("transcript-import")).accessible_name(called("transcript-import-of")).clicked() {
                        cx.out.push(Action::Ask(Ask::Transcript { media: id }));
                    }
                });
            });
        }
    });
}

/// The model that fits this machine can be fetched from here.
fn fetch_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    if let Some((name, far)) = cx.program.fetching() {
        let label = tr_args("transcript-fetching", &[("name", name.into())]);
        widgets::progress_bar(ui, cx.theme, far, ui.available_width(), cx.theme.accent(), &label);
        ui.add_space(8.0);
        return;
    }
    let models = cx.program.speech_models().clone();
    let Some(model) = models.iter().find(|m| m.usual && m.task == "speech") else { return };
    let size = size_text(model.bytes.unwrap_or_default());
    let text = tr_args("transcript-fetch", &[("name", model.name.as_str().into()), ("size", size.into())]);
    ui.vertical_centered(|ui| {
        if widgets::primary_button(ui, cx.theme, &text, true).on_hover_text(&model.about).clicked() {
            cx.out.send(Command::Speech(SpeechWish::FetchModel(Some(model.name.clone()))));
        }
    });
    ui.add_space(8.0);
}
