//! The transcript panel: every word that is heard on the timeline. A click seeks, a drag selects, a double click corrects; what
//! is selected can be cut out of the film. UI thread; recognising and reading files is the session's.

mod body;
mod head;
mod none;
mod review;

use super::state::{Cx, Selection};
use crate::{
    base::{MediaId, Rounding, Time},
    edit::{
        EditCommand,
        words::{self, Cuts, HeardWord, cuts_of_words, make_captions},
    },
    model::Project,
    session::{Command, SpeechWish},
};
use egui::Ui;
use review::Review;
use std::{cell::RefCell, collections::BTreeSet, ops::Range, sync::Arc};

/// Words of a part of the list at most, so that a speech without a pause is drawn in parts too.
const MOST_WORDS: usize = 80;

/// What the panel remembers between passes.
#[derive(Debug, Default)]
pub struct TranscriptState {
    /// The document that `words` are of.
    document: Option<Arc<Project>>,
    words: Vec<HeardWord>,
    /// Parts of the list that are drawn together: paragraphs, or pieces of long ones.
    parts: Vec<Range<usize>>,
    body: body::BodyState,
    query: String,
    found: Vec<Range<usize>>,
    /// The found place that was gone to.
    at: usize,
    editing: Option<Editing>,
    review: Review,
    /// The word at which a drag began.
    anchor: Option<usize>,
    /// Which models there are was asked.
    asked: bool,
}

/// A word that is being corrected.
#[derive(Debug)]
struct Editing {
    word: usize,
    text: String,
    /// The field gets the focus in this pass.
    focus: bool,
}

impl TranscriptState {
    /// Follow the document; costs nothing while it is the same.
    fn update(&mut self, cx: &mut Cx<'_>) {
        if self.document.as_ref().is_some_and(|d| Arc::ptr_eq(d, &cx.project)) {
            return;
        }
        self.words = words::heard_words(&cx.project);
        self.parts = parts(&self.words);
        self.body.forget();
        self.found = words::search(&self.words, &self.query);
        self.at = self.at.min(self.found.len().saturating_sub(1));
        (self.editing, self.anchor) = (None, None);
        self.document = Some(cx.project.clone());
        review::update(self, cx);
    }

    /// The word that is spoken now.
    fn spoken(&self, cx: &Cx<'_>) -> Option<usize> {
        let frame = cx.program.playhead();
        let rate = cx.project.sequence.frame_rate;
        let (now, next) = (Time::from_frames(frame, rate), Time::from_frames(frame + 1, rate));
        words::word_at(&self.words, next - Time(1)).filter(|i| self.words[*i].end > now)
    }

    fn seek(&self, cx: &mut Cx<'_>, word: usize) {
        if let Some(w) = self.words.get(word) {
            // the first frame in which it is heard from its beginning
            cx.out.send(Command::Seek(w.start.to_frames(cx.project.sequence.frame_rate, Rounding::Floor)));
        }
    }

    fn select(cx: &mut Cx<'_>, from: usize, to: usize) {
        cx.out.select(Selection { words: Some((from.min(to), from.max(to))), ..Selection::default() });
    }

    /// Put the corrected word into its media's transcript.
    fn correct(&mut self, cx: &mut Cx<'_>, keep: bool) {
        let Some(done) = self.editing.take().filter(|_| keep) else { return };
        let Some(w) = self.words.get(done.word).filter(|w| w.text != done.text.trim()) else { return };
        cx.out.send(Command::Edit(EditCommand::CorrectWord { media: w.media, word: w.index, text: done.text }));
    }
}

/// Paragraphs, those that are long cut after a sentence or at the latest after [`MOST_WORDS`].
fn parts(all: &[HeardWord]) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for paragraph in words::paragraphs(all) {
        let mut from = paragraph.start;
        for i in paragraph.clone() {
            let ends = all[i].text.ends_with(['.', '!', '?', '。']);
            let count = i + 1 - from;
            if count >= MOST_WORDS || (ends && count >= MOST_WORDS / 2) {
                out.push(from..i + 1);
                from = i + 1;
            }
        }
        if from < paragraph.end {
            out.push(from..paragraph.end);
        }
    }
    out
}

/// Loudness of media from the waveforms that the window has; what is not there yet is asked for.
fn with_loudness<R>(cx: &mut Cx<'_>, ask: impl FnOnce(&Project, words::Loudness<'_>) -> R) -> R {
    let project = cx.project.clone();
    let program = RefCell::new(&mut *cx.program);
    let loudness = |media: MediaId, from: Time, to: Time| {
        let window = program.borrow_mut().waveform(media, from.as_secs_f64(), to.as_secs_f64(), 1)?;
        let (low, high) = window.first().copied()?;
        Some(20.0 * low.abs().max(high.abs()).max(1e-5).log10())
    };
    ask(&project, &loudness)
}

/// Cut words of the timeline out of it, by their places in the list.
fn cut(cx: &mut Cx<'_>, chosen: &BTreeSet<usize>) {
    let cuts = with_loudness(cx, |project, loudness| cuts_of_words(project, &words::heard_words(project), chosen, loudness));
    send(cx, cuts);
}

fn send(cx: &mut Cx<'_>, cuts: Cuts) {
    let first = cuts.ranges.first().map(|r| r.0);
    if let Some(command) = cuts.command() {
        cx.out.send(Command::Edit(command));
        cx.out.select(Selection::default());
        if let Some(frame) = first {
            cx.out.send(Command::Seek(frame));
        }
    }
}

/// Cut the selected words out of the film.
pub fn cut_selected(cx: &mut Cx<'_>) {
    if let Some((first, last)) = cx.shared.selection.words {
        cut(cx, &(first..=last).collect());
    }
}

/// Captions of what is said, in the place of those that are there.
pub fn captions(cx: &mut Cx<'_>) {
    head::make(cx, make_captions(&cx.project.clone()));
}

/// Draw the panel into all of `ui`.
pub fn transcript_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    state.update(cx);
    if !std::mem::replace(&mut state.asked, true) {
        cx.out.send(Command::Speech(SpeechWish::ListModels));
    }
    if state.words.is_empty() {
        none::none_ui(ui, cx);
        return;
    }
    head::head_ui(ui, state, cx);
    review::review_ui(ui, state, cx);
    body::body_ui(ui, state, cx);
}
