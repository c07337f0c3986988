//! What was found: the shots of a query, or those of each sentence of a script. UI thread.

use super::{FootageState, card};
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{decimal, tr, tr_args},
    },
    session::{
        Command,
        search::{Answer, Found},
    },
};
use egui::{
    EventFilter, Id, RichText, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, scroll_area::DragScroll, scroll_area::ScrollSource,
};

/// Shots of a sentence that are shown before somebody asks for more.
pub(super) const SHOTS_OF_A_SENTENCE: usize = 3;

/// What has the keyboard.
pub(super) fn id() -> Id {
    Id::unique("footage found")
}

pub(super) fn list_ui(ui: &mut Ui, state: &mut FootageState, cx: &mut Cx<'_>, found: &Found, busy: bool) {
    let nothing = found.answers.iter().all(|a| a.shots.is_empty());
    if nothing && !busy && found.text == state.text {
        widgets::empty(ui, cx.theme, icons::SEARCH, &tr("search-nothing"), &tr("search-nothing-note"));
        state.focused = false;
        return;
    }
    let id = id();
    let room = ui.available_rect_before_wrap();
    let background = ui.interact(room, id, Sense::click());
    background.widget_info(|| WidgetInfo::labeled(Role::List, true, tr("search-found")));
    if std::mem::take(&mut state.focus) {
        background.request_focus();
    }
    if std::mem::take(&mut state.leave) {
        background.surrender_focus();
    }
    let had = state.focused;
    state.focused = background.has_focus();
    if state.focused {
        let filter = EventFilter { vertical_arrows: true, escape: true, ..EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(id, filter));
        let elsewhere = ui.input(|i| i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(|p| !room.contains(p)));
        if elsewhere {
            background.surrender_focus();
        } else if !had && state.cursor.is_none() {
            // came to by Tab: the first shot
            state.pressed.push(super::Press::Down);
        }
    }
    let area = ScrollArea::vertical().id_salt("footage").auto_shrink([false, false]);
    area.scroll_source(ScrollSource { drag: DragScroll::Never, ..Default::default() }).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for (i, answer) in found.answers.iter().enumerate() {
            if found.script {
                sentence_ui(ui, cx, answer);
            }
            let shown = state.shown(found, i);
            for s in 0..shown {
                card::card_ui(ui, state, cx, found, (i, s));
            }
            if found.script {
                more_ui(ui, state, i, answer.shots.len(), shown);
                ui.add_space(8.0);
            }
        }
    });
}

/// A sentence over its shots: where it is said, and how long it takes.
fn sentence_ui(ui: &mut Ui, cx: &mut Cx<'_>, answer: &Answer) {
    ui.label(RichText::new(&answer.text).font(fonts::semibold(size::TEXT)));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let rate = cx.project.sequence.frame_rate;
        let length = answer.place.map(|p| crate::base::Time::from_frames(p.1 - p.0, rate)).or(answer.length);
        if let Some((from, _)) = answer.place {
            let time = cx.project.sequence.timecode(from);
            let link = ui.link(RichText::new(&time).small());
            if link.on_hover_text(tr("search-go-there")).clicked() {
                cx.out.send(Command::Seek(from));
            }
        }
        if let Some(length) = length {
            let text = format!("{} s", decimal(length.as_secs_f64(), 1));
            ui.label(RichText::new(text).small().color(cx.theme.secondary()));
        }
        if answer.shots.is_empty() {
            ui.label(RichText::new(tr("search-nothing")).small().color(cx.theme.faint()));
        }
    });
}

fn more_ui(ui: &mut Ui, state: &mut FootageState, answer: usize, all: usize, shown: usize) {
    if all <= SHOTS_OF_A_SENTENCE {
        return;
    }
    let text = if shown < all { tr_args("search-more", &[("n", (all - shown).into())]) } else { tr("search-fewer") };
    if ui.link(RichText::new(text).small()).clicked() && !state.open.remove(&answer) {
        state.open.insert(answer);
    }
}
