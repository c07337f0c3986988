//! The rows of the bin: scrolls them, draws those in sight, and gives them keys, clicks and drags. UI thread.

use super::{
    BinState, changes, drag, items,
    layout::Step,
    list_head,
    listing::{Key, Row},
    menu,
    nav::{Press, Reach},
    prefs::View,
};
use crate::{
    app::{state::Cx, theme::size, words::tr},
    session::Command,
};
use egui::{
    CornerRadius, EventFilter, Id, Pos2, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role,
    scroll_area::DragScroll, scroll_area::ScrollSource, vec2,
};
use std::collections::BTreeSet;

/// The part of the screen where rows are.
pub struct Body {
    pub id: Id,
    /// What can be seen of the content.
    pub clip: Rect,
    /// Where the content's corner is, on or off the screen.
    pub origin: Pos2,
    /// The bin has the keyboard.
    pub focused: bool,
}

/// Draw the rows into all of `ui`.
pub fn body_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    let view = state.prefs.view;
    let (head, width, area) = match view {
        View::List => {
            let columns: f32 = state.prefs.shown().map(|c| c.width).sum();
            (list_head::HEIGHT, ui.available_width().max(columns), ScrollArea::both())
        }
        _ => (0.0, ui.available_width(), ScrollArea::vertical()),
    };
    state.places.follow(&state.listing.rows, state.listing.serial, view, width, state.prefs.thumb);
    let area = area.id_salt("media rows").auto_shrink(false).scroll_source(ScrollSource { drag: DragScroll::Never, ..Default::default() });
    area.show_viewport(ui, |ui, viewport| {
        let (content, _) = ui.allocate_exact_size(vec2(width, state.places.height + head), Sense::hover());
        let origin = content.min + vec2(0.0, head);
        let clip = Rect::from_min_max(ui.clip_rect().min + vec2(0.0, head), ui.clip_rect().max).intersect(ui.clip_rect());
        let id = Id::unique("media rows");
        let background = ui.interact(clip, id, Sense::click_and_drag());
        background.widget_info(|| WidgetInfo::labeled(Role::List, true, tr("bin-rows")));
        let body = Body { id, clip, origin, focused: background.has_focus() };
        state.origin = origin;
        keyboard(ui, state, cx, &body);
        if background.clicked() {
            background.request_focus();
            state.nav.cursor = None;
            state.select(cx, BTreeSet::new());
        }
        background.context_menu(|ui| menu::empty_menu(ui, cx));
        drag::receive(ui, state, cx, &body);
        if state.drag.over.as_deref() == Some("") {
            outline(ui, cx, clip);
        }
        if let Some(at) = state.nav.reveal.take().and_then(|key| state.listing.index_of(&key)).and_then(|i| state.places.rect(i)) {
            let rect = at.translate(origin.to_vec2());
            ui.scroll_to_rect(Rect::from_min_max(rect.min - vec2(0.0, head), rect.max), None);
        }
        let seen = Rect::from_min_max(viewport.min, viewport.max - vec2(0.0, head));
        for i in state.places.visible(seen) {
            let (Some(row), Some(rect)) = (state.listing.rows.get(i).cloned(), state.places.rect(i)) else { continue };
            items::row_ui(ui, state, cx, &body, i, &row, rect.translate(origin.to_vec2()));
        }
        drag::box_select(ui, state, cx, &body, &background);
        if view == View::List {
            list_head::head_ui(ui, state, cx, content.left(), width);
        }
        if body.focused && state.nav.cursor.is_none() {
            outline(ui, cx, clip);
        }
    });
    drag::ghost(ui, cx);
}

fn outline(ui: &Ui, cx: &Cx<'_>, rect: Rect) {
    let radius = CornerRadius::same(size::RADIUS);
    ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
}

/// Keep or give up the keyboard, and do what was pressed.
fn keyboard(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body) {
    state.nav.focused = body.focused;
    if !body.focused {
        return;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(body.id, filter));
    let pressed_elsewhere = ui.input(|i| i.pointer.any_pressed() && i.pointer.interact_pos().is_some_and(|p| !body.clip.contains(p)));
    if pressed_elsewhere {
        ui.memory_mut(|m| m.surrender_focus(body.id));
    }
    for press in state.nav.pressed() {
        press_key(ui, state, cx, body, &press);
    }
}

fn press_key(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body, press: &Press) {
    let here = state.nav.cursor.as_ref().and_then(|k| state.listing.index_of(k));
    match press {
        Press::Go(step @ (Step::Left | Step::Right), Reach::One) if fold(state, *step, here) => {}
        Press::Go(_, reach) | Press::Page { reach, .. } | Press::First(reach) | Press::Last(reach) => {
            if let Some(to) = state.nav.target(&state.listing, &state.places, press, body.clip.height()) {
                go(state, cx, to, *reach);
            }
        }
        Press::All => state.select(cx, state.listing.media().collect()),
        Press::Rename => {
            if let Some(key) = state.nav.cursor.clone() {
                state.rename(&key, cx);
            }
        }
        Press::Open => match state.nav.cursor.clone() {
            Some(Key::Media(id)) => cx.out.send(Command::OpenSource(id)),
            Some(Key::Folder(path)) => state.toggle(&path),
            None => {}
        },
        Press::Remove => match state.nav.cursor.clone() {
            Some(Key::Folder(path)) if cx.shared.selection.media.is_empty() => {
                cx.out.send(Command::Edit(crate::edit::EditCommand::RemoveFolder { path: path.to_string() }));
            }
            _ if cx.shared.selection.media.is_empty() => {}
            _ => state.remove(cx.shared.selection.media.clone(), cx),
        },
        Press::Text(text) => {
            let now = ui.input(|i| i.time);
            let cards = &state.cards;
            let name = |row: &Row| match row {
                Row::Folder { path, .. } => changes::folder_name(path).to_owned(),
                Row::Media { id, .. } => cards.get(*id).map(|c| c.media.name.clone()).unwrap_or_default(),
            };
            if let Some(to) = state.nav.type_ahead(text, now, &state.listing, name) {
                go(state, cx, to, Reach::One);
            }
        }
    }
}

fn go(state: &mut BinState, cx: &mut Cx<'_>, to: usize, reach: Reach) {
    let selected = state.nav.go(&state.listing, to, reach, &cx.shared.selection.media);
    state.select(cx, selected);
}

/// Left closes a folder or goes out of it, Right opens one. True when the key meant that.
fn fold(state: &mut BinState, step: Step, here: Option<usize>) -> bool {
    let Some(row) = here.and_then(|i| state.listing.rows.get(i)).cloned() else { return false };
    match (step, row) {
        (Step::Left, Row::Folder { path, open: true, .. }) | (Step::Right, Row::Folder { path, open: false, .. }) => {
            state.toggle(&path);
            true
        }
        (Step::Left, row) if state.prefs.view != View::Grid && row.depth() > 0 => {
            let folder = state.folder_of(&row);
            let above = match row {
                Row::Folder { .. } => changes::folder_above(&folder).to_owned(),
                Row::Media { .. } => folder,
            };
            let key = Key::Folder(above.into());
            state.nav.cursor = Some(key.clone());
            state.nav.reveal = Some(key);
            true
        }
        _ => false,
    }
}
