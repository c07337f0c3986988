//! The footage panel: type what is needed, or paste a script, and see which shots fit and why. A click shows a shot in the source
//! viewer; Enter, its button or a drag lays it over the film. UI thread; what is found comes from the session.

mod card;
mod head;
mod lay;
mod list;

use super::{
    icons,
    state::{Action, Cx, Marks, Selection},
    widgets,
    words::tr,
};
use crate::{
    base::{Rounding, Time},
    model::Project,
    session::{
        Command, Transport,
        search::{Answer, Found, FoundShot, SearchWish, sentences},
    },
};
use egui::{Context, Event, Key, Ui};
use std::{collections::BTreeSet, sync::Arc};

/// A shot in the list: its answer, and its place in that.
type Place = (usize, usize);

/// What the panel remembers between passes.
#[derive(Debug, Default)]
pub struct FootageState {
    text: String,
    /// The document for which the index was asked to follow last.
    document: Option<Arc<Project>>,
    /// Where the keyboard is.
    cursor: Option<Place>,
    /// The list had the keyboard in the last pass.
    focused: bool,
    /// It shall have it in this pass.
    focus: bool,
    /// Bring the cursor into sight.
    reveal: bool,
    /// The list gives the keyboard up.
    leave: bool,
    /// Sentences of which all shots are shown.
    open: BTreeSet<usize>,
    pressed: Vec<Press>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Press {
    Up,
    Down,
    Lay,
    Leave,
}

impl FootageState {
    /// Whether the list has the keyboard.
    pub fn has_focus(ctx: &Context) -> bool {
        ctx.memory(|m| m.has_focus(list::id()))
    }

    /// Take the list's keys out of the events while it has the keyboard; before shortcuts are looked for.
    pub fn take_keys(&mut self, ctx: &Context) {
        if !Self::has_focus(ctx) {
            return;
        }
        ctx.input_mut(|i| {
            i.events.retain(|event| {
                let Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
                let press = match key {
                    Key::ArrowUp => Press::Up,
                    Key::ArrowDown => Press::Down,
                    Key::Enter => Press::Lay,
                    Key::Escape => Press::Leave,
                    _ => return true,
                };
                if modifiers.any() {
                    return true;
                }
                self.pressed.push(press);
                false
            });
        });
    }

    /// Ask for what the text says: a script where it has several sentences.
    fn ask(&mut self, cx: &mut Cx<'_>) {
        (self.cursor, self.open) = (None, BTreeSet::new());
        let script = sentences(&self.text).len() > 1;
        cx.out.send(Command::Search(SearchWish::Find { text: self.text.clone(), script }));
    }

    /// Keep the index up to the document, while somebody looks.
    fn follow(&mut self, cx: &mut Cx<'_>) {
        if !self.document.as_ref().is_some_and(|d| Arc::ptr_eq(d, &cx.project)) {
            self.document = Some(cx.project.clone());
            cx.out.send(Command::Search(SearchWish::Follow));
        }
    }

    /// How many shots of an answer are shown.
    fn shown(&self, found: &Found, answer: usize) -> usize {
        let all = found.answers.get(answer).map_or(0, |a| a.shots.len());
        if found.script && !self.open.contains(&answer) { all.min(list::SHOTS_OF_A_SENTENCE) } else { all }
    }

    fn keyboard(&mut self, cx: &mut Cx<'_>, found: &Found) {
        let places: Vec<Place> = (0..found.answers.len()).flat_map(|a| (0..self.shown(found, a)).map(move |s| (a, s))).collect();
        for press in std::mem::take(&mut self.pressed) {
            let at = self.cursor.and_then(|c| places.iter().position(|p| *p == c));
            let to = match (press, at) {
                (Press::Up, at) => at.unwrap_or(0).saturating_sub(1),
                (Press::Down, at) => at.map_or(0, |at| at + 1).min(places.len().saturating_sub(1)),
                (Press::Lay, _) => {
                    if let Some((answer, shot)) = self.cursor.and_then(|c| shot_at(found, c)) {
                        self.lay(cx, answer, shot);
                    }
                    continue;
                }
                (Press::Leave, _) => {
                    (self.cursor, self.leave) = (None, true);
                    continue;
                }
            };
            if let Some(place) = places.get(to).copied() {
                self.go(cx, found, place);
                self.reveal = true;
            }
        }
    }

    /// Select a shot and show it in the source viewer.
    fn go(&mut self, cx: &mut Cx<'_>, found: &Found, place: Place) {
        let Some((_, shot)) = shot_at(found, place) else { return };
        (self.cursor, self.focus) = (Some(place), true);
        let Some(media) = cx.project.media.get(&shot.media) else { return };
        cx.out.send(Command::OpenSource(shot.media));
        let Some(video) = media.info.video.as_ref().filter(|v| !v.still) else { return };
        // a hair later: a point that was rounded just short of a frame still means that frame
        let frame = |t: Time| (t + Time(706)).to_frames(video.frame_rate, Rounding::Floor);
        let (start, end) = (frame(shot.from), frame(shot.to));
        cx.out.push(Action::MarkSource(shot.media, Marks { start: Some(start), end: Some(end.max(start + 1)) }));
        cx.out.send(Command::Source(Transport::Seek(frame(shot.at))));
    }

    /// Lay a shot over the film, as one step; the playhead goes to its end, ready for the next.
    fn lay(&mut self, cx: &mut Cx<'_>, answer: &Answer, shot: &FoundShot) {
        let marks = cx.shared.marks.range(cx.project.sequence.duration()).filter(|_| answer.length.is_none());
        let piece = lay::piece(&cx.project, answer, shot, marks, cx.program.playhead());
        match lay::edit(&cx.project, shot.media, &piece) {
            Some((edit, clip)) => {
                cx.out.send(Command::Edit(edit));
                cx.out.select(Selection::clips([clip]));
                cx.out.send(Command::Seek(piece.start + piece.length));
                self.focus = true;
            }
            None => tracing::warn!("no id is left for a clip"),
        }
    }
}

fn shot_at(found: &Found, (answer, shot): Place) -> Option<(&Answer, &FoundShot)> {
    let answer = found.answers.get(answer)?;
    Some((answer, answer.shots.get(shot)?))
}

/// Draw the panel into all of `ui`.
pub fn footage_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>) {
    if !cx.project.media.values().any(|m| m.info.video.is_some()) {
        widgets::empty(ui, cx.theme, icons::SEARCH, &tr("search-none"), &tr("search-none-note"));
        return;
    }
    state.follow(cx);
    let view = cx.program.search().clone();
    head::head_ui(ui, state, cx, &view);
    if state.text.trim().is_empty() {
        head::hint_ui(ui, cx, &view);
        return;
    }
    let found = view.found;
    // what is shown for another text while the answer is on its way stays until it comes
    if found.text == state.text {
        state.keyboard(cx, &found);
    }
    list::list_ui(ui, state, cx, &found, view.busy);
}
