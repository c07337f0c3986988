//! The head of the footage panel: what is asked for, and how much of the footage is known. UI thread.

use super::FootageState;
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    edit::words::{heard_words, paragraphs},
    model::Project,
    session::{
        Command, SpeechWish,
        jobs::size_text,
        search::{MODEL, SearchView, SearchWish},
    },
    speech::split,
};
use egui::{Align, Id, Key, KeyboardShortcut, Layout, Modifiers, RichText, TextEdit, Ui, vec2};

/// Letters of a script at most: an hour of speech.
const MOST_LETTERS: usize = 100_000;
/// Rows of the field that are seen at once.
const ROWS: f32 = 5.0;

pub(super) fn head_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>, view: &SearchView) {
    ui.add_space(2.0);
    ui.horizontal_top(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let spoken = cx.project.media.values().any(|m| m.transcript.is_some());
            let (name, tip) = (tr("search-from-transcript"), tr("search-from-transcript.tip"));
            if widgets::icon_button(ui, cx.theme, icons::QUOTES, &name, &tip, spoken, false).clicked() && spoken {
                state.text = spoken_text(&cx.project);
                state.ask(cx);
            }
            if !state.text.is_empty() {
                let name = tr("search-clear");
                if widgets::icon_button(ui, cx.theme, icons::CLOSE, &name, &name, true, false).clicked() {
                    state.text.clear();
                    state.ask(cx);
                }
            }
            question_ui(ui, state, cx);
        });
    });
    coverage_ui(ui, cx, view);
    ui.add_space(4.0);
}

fn question_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>) {
    let hint = RichText::new(tr("search-hint")).color(cx.theme.faint());
    let width = ui.available_width();
    // Enter goes to the results, with Shift it is a new line
    let new_line = KeyboardShortcut::new(Modifiers::SHIFT, Key::Enter);
    // of its own, or it would lose the focus with the first letter: the button that clears it comes before it
    let field = TextEdit::multiline(&mut state.text)
        .id(Id::unique("footage question field"))
        .hint_text(hint)
        .font(fonts::regular(size::TEXT))
        .margin(vec2(8.0, 4.0))
        .desired_rows(1)
        .char_limit(MOST_LETTERS)
        .return_key(new_line)
        .desired_width(width);
    let area = egui::ScrollArea::vertical().id_salt("footage question").max_height(ROWS * 17.0).auto_shrink([false, true]);
    let response = area.show(ui, |ui| ui.add(field).accessible_name(tr("search-question"))).inner;
    if response.changed() {
        state.ask(cx);
    }
    if response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter) && !i.modifiers.shift) {
        let found = cx.program.search().found.clone();
        if found.text == state.text && !found.answers.is_empty() {
            let first = found.answers.iter().position(|a| !a.shots.is_empty());
            if let Some(answer) = first {
                state.go(cx, &found, (answer, 0));
            }
        }
    }
}

/// How much of the footage is known, and the button that has the rest looked at.
fn coverage_ui(ui: &mut Ui, cx: &mut Cx<'_>, view: &SearchView) {
    ui.add_space(4.0);
    if let Some(part) = view.watching {
        let width = ui.available_width();
        ui.label(RichText::new(tr("search-watching")).small().color(cx.theme.secondary()));
        widgets::progress_bar(ui, cx.theme, part, width, cx.theme.accent(), &tr("search-watching"));
        return;
    }
    let unwatched = view.unwatched.len();
    let text = match view.shots {
        None => tr("search-indexing"),
        Some(n) => tr_args("search-shots", &[("n", n.into())]),
    };
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(RichText::new(text).small().color(cx.theme.secondary()));
        if unwatched > 0 {
            let text = tr_args("search-unwatched", &[("n", unwatched.into())]);
            ui.label(RichText::new(text).small().color(cx.theme.warning()));
        }
        if view.failed > 0 {
            let text = tr_args("search-failed", &[("n", view.failed.into())]);
            ui.label(RichText::new(text).small().color(cx.theme.failure()));
        }
    });
    // a row of its own: a link that is broken over two rows reads as two
    if unwatched > 0 && ui.link(RichText::new(tr("search-watch")).small()).on_hover_text(tr("search-watch.tip")).clicked() {
        cx.out.send(Command::Search(SearchWish::Watch));
    }
}

/// What can be asked for, while nothing is.
pub(super) fn hint_ui(ui: &mut Ui, cx: &mut Cx<'_>, view: &SearchView) {
    widgets::empty(ui, cx.theme, icons::SEARCH, &tr("search-what"), &tr("search-what-note"));
    ui.add_space(10.0);
    let small = |text: String| RichText::new(text).small();
    ui.vertical_centered(|ui| {
        if view.looks {
            ui.label(small(tr("search-looks")).color(cx.theme.faint()));
            return;
        }
        ui.label(small(tr("search-limits")).color(cx.theme.faint()));
        match cx.program.fetching().filter(|(name, _)| *name == MODEL.name).map(|(_, far)| far) {
            Some(far) => {
                let label = tr_args("transcript-fetching", &[("name", MODEL.name.as_ref().into())]);
                ui.add_space(4.0);
                widgets::progress_bar(ui, cx.theme, far, 160.0, cx.theme.accent(), &label);
            }
            None => {
                let text = tr_args("search-get-model", &[("size", size_text(MODEL.bytes).into())]);
                if ui.link(small(text)).clicked() {
                    cx.out.send(Command::Speech(SpeechWish::FetchModel(Some(MODEL.name.to_string()))));
                }
            }
        }
    });
}

/// What is said on the timeline, a paragraph a line.
fn spoken_text(project: &Project) -> String {
    let words = heard_words(project);
    let line = |range: std::ops::Range<usize>| split::joined(words[range].iter().map(|w| w.text.as_str()));
    paragraphs(&words).into_iter().map(line).collect::<Vec<_>>().join("\n")
}
