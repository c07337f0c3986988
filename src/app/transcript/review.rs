//! Fillers and silences: which there are, shown before they go. UI thread.

use super::{TranscriptState, send, with_loudness};
use crate::{
    app::{
        fonts,
        state::Cx,
        theme::size,
        widgets,
        words::{decimal, tr, tr_args},
    },
    base::Time,
    edit::words::{Cuts, SilenceRule, cuts_of_words, silences},
    session::{Command, Setting},
    speech::filler::Fillers,
};
use egui::{CornerRadius, Frame, Margin, RichText, ScrollArea, TextEdit, Ui, vec2};
use std::collections::{BTreeMap, BTreeSet};

/// What is looked through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Review {
    #[default]
    None,
    Fillers,
    Silences,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub rule: SilenceRule,
    pub cuts: Cuts,
    /// Words that go.
    pub words: BTreeSet<usize>,
    /// Seconds of silence that go, by the word after them; the number of words for those after the last.
    pub pauses: BTreeMap<usize, f64>,
    /// The list of fillers is being edited.
    editing: Option<String>,
}

/// Where the settings keep the user's own list of a language.
fn list_name(language: &str) -> String {
    let primary: String = language.split('-').next().unwrap_or_default().chars().filter(char::is_ascii_alphabetic).collect();
    if primary.is_empty() { "fillers".into() } else { format!("fillers-{primary}") }
}

/// The language of the first word's recording.
fn language(state: &TranscriptState, cx: &Cx<'_>) -> String {
    let first = state.words.first().and_then(|w| cx.project.media.get(&w.media));
    first.and_then(|m| m.transcript.as_ref()).map_or_else(String::new, |t| t.language().to_owned())
}

fn list(cx: &Cx<'_>, language: &str) -> String {
    let own = cx.program.settings().panels.get(&list_name(language));
    own.cloned().unwrap_or_else(|| Fillers::text_of(language).to_owned())
}

/// Look again: the document, the rule or the list has changed.
pub(super) fn update(state: &mut TranscriptState, cx: &mut Cx<'_>) {
    let found = &mut state.body.found;
    (found.cuts, found.words, found.pauses) = Default::default();
    match state.review {
        Review::None => {}
        Review::Fillers => {
            let list = Fillers::of_text(&list(cx, &language(state, cx)));
            let words: BTreeSet<usize> = list.find(state.words.iter().map(|w| w.text.as_str())).into_iter().collect();
            let cuts = with_loudness(cx, |project, loudness| cuts_of_words(project, &state.words, &words, loudness));
            (state.body.found.words, state.body.found.cuts) = (words, cuts);
        }
        Review::Silences => {
            let rule = state.body.found.rule;
            let cuts = with_loudness(cx, |project, loudness| silences(project, &state.words, &rule, loudness));
            let rate = cx.project.sequence.frame_rate;
            for (from, to) in &cuts.ranges {
                let at = Time::from_frames(*from, rate);
                let next = state.words.partition_point(|w| w.start < at);
                let secs = Time::from_frames(to - from, rate).as_secs_f64();
                *state.body.found.pauses.entry(next).or_default() += secs;
            }
            state.body.found.cuts = cuts;
        }
    }
}

/// The strip that says what goes, with the button that lets it go.
pub(super) fn review_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    if state.review == Review::None {
        return;
    }
    let theme = cx.theme;
    let frame = Frame::new().fill(theme.surface(2)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        let secs = Time::from_frames(state.body.found.cuts.frames(), cx.project.sequence.frame_rate).as_secs_f64();
        let (count, key) = match state.review {
            Review::Silences => (state.body.found.cuts.ranges.len(), "transcript-silences-found"),
            _ => (state.body.found.words.len(), "transcript-fillers-found"),
        };
        let text = tr_args(key, &[("n", count.into()), ("secs", decimal(secs, 1).into())]);
        ui.label(RichText::new(text).font(fonts::semibold(size::TEXT)));
        match state.review {
            Review::Silences => rule_ui(ui, state, cx),
            _ => list_ui(ui, state, cx),
        }
        ui.horizontal(|ui| {
            let any = !state.body.found.cuts.ranges.is_empty();
            if widgets::primary_button(ui, theme, &tr("transcript-remove-found"), any).clicked() && any {
                let cuts = std::mem::take(&mut state.body.found.cuts);
                state.review = Review::None;
                send(cx, cuts);
            }
            if widgets::plain_button(ui, tr("transcript-leave")).clicked() {
                state.review = Review::None;
                update(state, cx);
            }
        });
    });
    ui.add_space(6.0);
}

fn rule_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    let rule = &mut state.body.found.rule;
    let mut changed = false;
    let mut row = |ui: &mut Ui, key: &str, text: String, value: &mut f64, range: std::ops::RangeInclusive<f64>| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr(key)).small().color(cx.theme.secondary()));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(RichText::new(text).small());
                let width = (ui.available_width() - 8.0).clamp(40.0, 120.0);
                changed |= widgets::slider(ui, cx.theme, value, range, width, &tr(key)).changed();
            });
        });
    };
    let (mut db, mut secs) = (f64::from(rule.threshold_db), rule.shortest.as_secs_f64());
    row(ui, "transcript-threshold", format!("{} dB", decimal(db, 0)), &mut db, -70.0..=-15.0);
    row(ui, "transcript-shortest", format!("{} s", decimal(secs, 1)), &mut secs, 0.3..=5.0);
    if changed {
        (rule.threshold_db, rule.shortest) = (db.round() as f32, Time::from_secs_f64((secs * 10.0).round() / 10.0));
        update(state, cx);
    }
}

fn list_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    let language = language(state, cx);
    let Some(text) = state.body.found.editing.as_mut() else {
        if ui.link(RichText::new(tr("transcript-edit-fillers")).small()).clicked() {
            state.body.found.editing = Some(list(cx, &language));
        }
        return;
    };
    ScrollArea::vertical().max_height(140.0).show(ui, |ui| {
        let field = TextEdit::multiline(text).desired_rows(6).desired_width(f32::INFINITY).margin(vec2(8.0, 6.0));
        ui.add(field).accessible_name(tr("transcript-fillers-list"));
    });
    let done = ui.horizontal(|ui| {
        let keep = widgets::plain_button(ui, tr("transcript-fillers-keep")).clicked();
        let usual = widgets::plain_button(ui, tr("transcript-fillers-usual")).clicked();
        (keep, usual)
    });
    let (keep, usual) = done.inner;
    if keep || usual {
        let own = state.body.found.editing.take().filter(|_| keep);
        cx.out.send(Command::Set(Setting::Panel { name: list_name(&language), state: own }));
        // the settings change after this pass: look again in the next one
        state.document = None;
    }
}
