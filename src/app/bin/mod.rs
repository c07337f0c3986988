//! The media bin: search, folders, three views, and every way from a file to the timeline. What is shown is worked out when
//! something has changed (`cards`, `listing`, `layout`) and only rows in sight are drawn. UI thread.

mod badges;
mod body;
mod cards;
mod changes;
mod drag;
mod empty;
mod facts;
mod items;
mod layout;
mod list_head;
mod listing;
mod menu;
mod nav;
mod prefs;
mod query;
mod questions;
mod thumb;
mod toolbar;

pub use facts::{facts, rate_text};
pub use prefs::BinPrefs;
pub use questions::proxy_fact;
pub use thumb::fit;

use super::{
    commands::CommandId as C,
    state::{Action, Cx, Selection},
    words::tr,
};
use crate::{
    base::{MediaId, Severity},
    session::{Command, Notice},
};
use cards::Cards;
use egui::{Context, Pos2, Rect, Ui};
use layout::Places;
use listing::{Key, Listing, Wanted};
use nav::Nav;
use questions::Question;
use std::{collections::BTreeSet, sync::Arc};

/// A name that is being typed over an old one.
#[derive(Debug)]
struct Renaming {
    key: Key,
    text: String,
    /// Not drawn yet: takes the keyboard when it is.
    fresh: bool,
}

/// A folder that is being named before it exists.
#[derive(Debug, Default)]
struct Naming {
    parent: String,
    text: String,
    /// What goes into it.
    media: Vec<MediaId>,
    shown: bool,
}

/// What the bin remembers between passes.
#[derive(Debug, Default)]
pub struct BinState {
    prefs: BinPrefs,
    /// As the settings have them.
    kept: BinPrefs,
    search: String,
    /// Put the keyboard into the search field.
    find: bool,
    closed: BTreeSet<String>,
    cards: Cards,
    listing: Listing,
    places: Places,
    nav: Nav,
    renaming: Option<Renaming>,
    naming: Option<Naming>,
    question: Option<Question>,
    drag: drag::Drag,
    /// Where the rows were drawn, for files dropped from outside.
    area: Option<Rect>,
    origin: Pos2,
}

impl BinState {
    /// Take the bin's keys out of the events while it has the keyboard; before shortcuts are looked for.
    pub fn take_keys(&mut self, ctx: &Context) {
        if self.renaming.is_some() || self.naming.is_some() || self.question.is_some() {
            return;
        }
        ctx.input_mut(|i| self.nav.take(&mut i.events, i.time));
    }

    /// What is to be remembered, where that has changed since it was asked last and nothing is being dragged.
    pub fn changed_prefs(&mut self, ui: &Ui) -> Option<String> {
        if self.kept == self.prefs || ui.input(|i| i.pointer.any_down()) {
            return None;
        }
        self.kept.clone_from(&self.prefs);
        ron::to_string(&self.prefs).ok()
    }

    /// Look as it was remembered.
    pub fn load_prefs(&mut self, text: Option<&String>) {
        self.prefs = BinPrefs::from_text(text);
        self.kept.clone_from(&self.prefs);
    }

    /// A dialog of the bin is open.
    pub fn is_asking(&self) -> bool {
        self.question.is_some()
    }

    /// The folder under a point of the screen, where files dropped there go; None outside of the bin.
    pub fn folder_at(&self, pos: Pos2) -> Option<String> {
        self.area.filter(|a| a.contains(pos))?;
        let row = self.places.at(pos - self.origin.to_vec2()).and_then(|i| self.listing.rows.get(i));
        Some(row.map_or_else(String::new, |r| self.folder_of(r)))
    }

    /// The folder that a row is, or lies in.
    fn folder_of(&self, row: &listing::Row) -> String {
        match row {
            listing::Row::Folder { path, .. } => path.to_string(),
            listing::Row::Media { id, .. } => self.cards.get(*id).map(|c| c.media.folder.clone()).unwrap_or_default(),
        }
    }

    /// Commands of the table that are about the bin; false for all others.
    pub fn run(&mut self, id: C, cx: &mut Cx<'_>) -> bool {
        match id {
            C::FindMedia => self.find = true,
            C::NewFolder => {
                let parent = self.nav.cursor.as_ref().map_or_else(String::new, |key| match key {
                    Key::Folder(path) => path.to_string(),
                    Key::Media(id) => self.cards.get(*id).map(|c| c.media.folder.clone()).unwrap_or_default(),
                });
                self.naming = Some(Naming { parent, ..Naming::default() });
            }
            C::RemoveUnused => {
                self.cards.follow(&cx.project, cx.program.revision());
                let unused = changes::unused(&self.cards);
                match changes::remove(&cx.project, &unused) {
                    Some(edit) => cx.out.send(Command::Edit(edit)),
                    None => {
                        let notice = Notice { severity: Severity::Warning, good: true, text: tr("bin-told-all-used"), hint: None };
                        cx.out.push(Action::Tell(notice));
                    }
                }
            }
            C::Delete if !cx.shared.selection.media.is_empty() => {
                self.cards.follow(&cx.project, cx.program.revision());
                self.remove(cx.shared.selection.media.clone(), cx);
            }
            _ => return false,
        }
        true
    }

    fn follow(&mut self, cx: &Cx<'_>) {
        self.cards.follow(&cx.project, cx.program.revision());
        let program = &*cx.program;
        let wanted = Wanted {
            search: &self.search,
            sort: self.prefs.sort,
            closed: &self.closed,
            states_serial: program.media_serial(),
            state: &|id| program.media_state(id),
        };
        let before = self.listing.serial;
        self.listing.follow(&self.cards, &wanted);
        if self.listing.serial != before {
            self.nav.keep(&self.listing);
        }
    }

    /// Open or close a folder.
    fn toggle(&mut self, path: &Arc<str>) {
        if !self.closed.remove(&**path) {
            self.closed.insert(path.to_string());
        }
    }

    fn select(&self, cx: &mut Cx<'_>, media: BTreeSet<MediaId>) {
        if media != cx.shared.selection.media || media.is_empty() {
            cx.out.select(Selection::media(media));
        }
    }
}

/// Draw the bin into all of `ui`.
pub fn bin_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    state.follow(cx);
    toolbar::top_ui(ui, state, cx);
    let foot = Rect::from_min_max(egui::pos2(ui.max_rect().left(), ui.max_rect().bottom() - toolbar::FOOT), ui.max_rect().max);
    let rest = Rect::from_min_max(ui.cursor().min, egui::pos2(ui.max_rect().right(), foot.top()));
    state.area = Some(rest);
    if state.cards.len() == 0 && state.cards.folders().is_empty() {
        state.nav.focused = false;
        empty::nothing_yet_ui(&mut ui.new_child(egui::UiBuilder::new().max_rect(rest)), cx);
    } else if state.listing.rows.is_empty() {
        state.nav.focused = false;
        if empty::nothing_found_ui(&mut ui.new_child(egui::UiBuilder::new().max_rect(rest)), cx, &state.search) {
            state.search.clear();
        }
    } else {
        body::body_ui(&mut ui.new_child(egui::UiBuilder::new().max_rect(rest)), state, cx);
    }
    toolbar::foot_ui(&mut ui.new_child(egui::UiBuilder::new().max_rect(foot)), state, cx);
    ui.allocate_rect(ui.max_rect(), egui::Sense::hover());
    questions::show(ui, state, cx);
}
