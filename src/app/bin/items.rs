//! One row of the bin, in each view: how it looks, and what clicks and drags on it do. UI thread.

use super::{
    BinState, badges,
    body::Body,
    changes, drag, facts,
    layout::{CAPTION, CELL_PAD, INDENT, thumb_size},
    list_head::PAD,
    listing::{Key, Row},
    menu,
    prefs::{Column, View},
    questions, thumb,
};
use crate::{
    app::{
        fonts, icons,
        state::{Cx, Selection},
        theme::size,
        widgets,
        words::tr_args,
    },
    base::MediaId,
    model::Media,
    session::{Command, MediaState},
};
use egui::{
    Align2, Color32, CornerRadius, DragAndDrop, Id, Key as Press, Rect, Response, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo,
    accesskit::Role, pos2, vec2,
};
use std::sync::Arc;

/// A row as it is drawn.
struct Look {
    rect: Rect,
    selected: bool,
    hovered: bool,
    /// The keyboard is on it.
    cursor: bool,
    /// Its name is being typed and is left out.
    renaming: bool,
}

/// Draw a row and do what is done to it.
pub fn row_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body, index: usize, row: &Row, rect: Rect) {
    let key = row.key();
    let id = match &key {
        Key::Folder(path) => body.id.with(("folder", path)),
        Key::Media(id) => body.id.with(("media", id.0)),
    };
    let hit = if state.prefs.view == View::Grid && row.media().is_some() { rect.shrink(2.0) } else { rect };
    // one widget holds the keyboard for all rows: ten thousand stops for Tab are none
    let response = ui.interact(hit.intersect(body.clip), id, Sense::CLICK | Sense::DRAG);
    let look = Look {
        rect,
        selected: row.media().is_some_and(|m| cx.shared.selection.media.contains(&m)),
        hovered: response.hovered() && !DragAndDrop::has_any_payload(ui.ctx()),
        cursor: body.focused && state.nav.cursor.as_ref() == Some(&key),
        renaming: state.renaming.as_ref().is_some_and(|r| r.key == key),
    };
    let name_rect = match row {
        Row::Folder { path, depth, count, open } => folder(ui, state, cx, &look, id, &response, (path, *depth, *count, *open)),
        Row::Media { id, depth } => {
            let Some(media) = cx.project.media.get(id).cloned() else { return };
            let file = cx.program.media_state(*id);
            media_ui(ui, state, cx, &look, &response, (*id, &media, &file), *depth)
        }
    };
    if look.cursor && state.nav.by_keys {
        let ring = Stroke::new(1.0, cx.theme.accent());
        ui.painter().rect_stroke(hit, CornerRadius::same(size::RADIUS), ring, StrokeKind::Inside);
    }
    if look.renaming {
        rename_ui(ui, state, cx, name_rect);
    } else {
        interact(ui, state, cx, body, index, row, &response);
    }
}

fn background(ui: &Ui, cx: &Cx<'_>, look: &Look, rect: Rect) {
    let fill = match (look.selected, look.hovered) {
        (true, _) => cx.theme.surface(3),
        (false, true) => cx.theme.surface(2),
        (false, false) => return,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
}

fn folder(
    ui: &mut Ui,
    state: &mut BinState,
    cx: &mut Cx<'_>,
    look: &Look,
    id: Id,
    response: &Response,
    (path, depth, count, open): (&Arc<str>, u16, usize, bool),
) -> Rect {
    let name = changes::folder_name(path);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::TreeItem, true, tr_args("bin-folder", &[("name", name.into()), ("n", count.into())]));
        info.selected = Some(look.cursor);
        info
    });
    background(ui, cx, &Look { selected: look.cursor, ..*look }, look.rect);
    if state.drag.over.as_deref() == Some(&**path) {
        ui.painter().rect_filled(look.rect, CornerRadius::same(size::RADIUS), cx.theme.accent_tint());
        let ring = Stroke::new(1.0, cx.theme.accent());
        ui.painter().rect_stroke(look.rect, CornerRadius::same(size::RADIUS), ring, StrokeKind::Inside);
    }
    let left = look.rect.left() + 4.0 + f32::from(depth) * INDENT;
    let y = look.rect.center().y;
    let caret = Rect::from_center_size(pos2(left + 7.0, y), vec2(18.0, look.rect.height()));
    let fold = ui.interact(caret, id.with("caret"), Sense::CLICK);
    let word = if open { "bin-folder-close" } else { "bin-folder-open" };
    fold.widget_info(|| WidgetInfo::labeled(Role::DisclosureTriangle, true, tr_args(word, &[("name", name.into())])));
    if fold.clicked() {
        state.toggle(path);
    }
    let painter = ui.painter();
    let sign = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let color = if fold.hovered() { cx.theme.text() } else { cx.theme.secondary() };
    painter.text(caret.center(), Align2::CENTER_CENTER, sign, fonts::icon(10.0), color);
    let sign = if open && count > 0 { icons::FOLDER_OPEN } else { icons::FOLDER };
    painter.text(pos2(left + 25.0, y), Align2::CENTER_CENTER, sign, fonts::icon(size::ICON), cx.theme.accent());
    let right = look.rect.right() - 8.0;
    let number = painter.layout_no_wrap(count.to_string(), fonts::regular(size::SMALL), cx.theme.secondary());
    let number_left = right - number.size().x;
    let name_rect = Rect::from_min_max(pos2(left + 38.0, look.rect.top() + 2.0), pos2(number_left - 8.0, look.rect.bottom() - 2.0));
    if !look.renaming {
        let text = widgets::elided(ui, name, fonts::semibold(size::TEXT), cx.theme.text(), name_rect.width());
        painter.galley(pos2(name_rect.left(), y - text.size().y / 2.0), text, cx.theme.text());
    }
    let number_y = y - number.size().y / 2.0;
    painter.galley(pos2(number_left, number_y), number, cx.theme.secondary());
    name_rect
}

type File<'a> = (MediaId, &'a Media, &'a MediaState);

fn media_ui(ui: &Ui, state: &BinState, cx: &mut Cx<'_>, look: &Look, response: &Response, file: File<'_>, depth: u16) -> Rect {
    let (id, media, file_state) = file;
    let facts = facts::facts(media);
    let offline = matches!(file_state, MediaState::Offline(_));
    response.widget_info(|| {
        let state = if offline { format!(", {}", crate::app::words::tr("bin-badge-offline")) } else { String::new() };
        WidgetInfo::selected(Role::ListItem, true, look.selected, format!("{}, {facts}{state}", media.name))
    });
    let left = match state.prefs.view {
        View::Grid => 0.0,
        _ => f32::from(depth) * INDENT,
    };
    let uses = state.cards.uses(id);
    match state.prefs.view {
        View::Rows => {
            let inner = Rect::from_min_max(look.rect.min + vec2(left, 0.0), look.rect.max);
            background(ui, cx, look, inner);
            mark(ui, cx, look, inner);
            let size = thumb_size(state.prefs.thumb);
            let picture = Rect::from_min_size(pos2(inner.left() + 5.0, inner.center().y - size.y / 2.0), size);
            thumb::paint(ui, cx, id, media, file_state, picture, scrub(response, look, picture));
            beside(ui, cx, look, file, &facts, uses, Rect::from_min_max(pos2(picture.right() + 10.0, inner.top()), inner.max))
        }
        View::Grid => {
            let cell = look.rect.shrink(2.0);
            background(ui, cx, look, cell);
            if look.selected {
                let ring = Stroke::new(1.5, cx.theme.accent());
                ui.painter().rect_stroke(cell, CornerRadius::same(size::RADIUS), ring, StrokeKind::Inside);
            }
            let picture = Rect::from_min_max(look.rect.min + vec2(CELL_PAD, CELL_PAD), look.rect.max - vec2(CELL_PAD, CELL_PAD + CAPTION));
            thumb::paint(ui, cx, id, media, file_state, picture, scrub(response, look, picture));
            below(ui, cx, look, file, uses, picture)
        }
        View::List => {
            background(ui, cx, look, look.rect);
            mark(ui, cx, look, look.rect);
            columns(ui, state, cx, look, file, left, uses)
        }
    }
}

/// The accent at the left of what is selected.
fn mark(ui: &Ui, cx: &Cx<'_>, look: &Look, rect: Rect) {
    if look.selected {
        let inset = (rect.height() * 0.16).min(8.0);
        let mark = Rect::from_min_size(pos2(rect.left(), rect.top() + inset), vec2(2.0, rect.height() - 2.0 * inset));
        ui.painter().rect_filled(mark, CornerRadius::same(1), cx.theme.accent());
    }
}

/// Where the pointer is across a picture, 0–1.
fn scrub(response: &Response, look: &Look, picture: Rect) -> Option<f32> {
    let pos = response.hover_pos().filter(|p| look.hovered && picture.contains(*p))?;
    Some(((pos.x - picture.left()) / picture.width()).clamp(0.0, 1.0))
}

fn name_color(cx: &Cx<'_>, state: &MediaState) -> Color32 {
    if matches!(state, MediaState::Offline(_)) { cx.theme.failure() } else { cx.theme.text() }
}

/// Name, facts and badges beside a picture.
fn beside(ui: &Ui, cx: &Cx<'_>, look: &Look, (id, media, state): File<'_>, facts: &str, uses: u32, rect: Rect) -> Rect {
    let width = rect.width() - 6.0;
    let painter = ui.painter();
    let badges = badges::badges(media, state, cx.program.proxy_state(id), uses);
    let lines = if rect.height() < 50.0 || badges.is_empty() { 2.0 } else { 3.0 };
    let top = rect.center().y - lines * 17.0 / 2.0;
    if !look.renaming {
        let name = widgets::elided(ui, &media.name, fonts::semibold(size::TEXT), name_color(cx, state), width);
        painter.galley(pos2(rect.left(), top), name, cx.theme.text());
    }
    let line = widgets::elided(ui, facts, fonts::regular(size::SMALL), cx.theme.secondary(), width);
    painter.galley(pos2(rect.left(), top + 17.0), line, cx.theme.secondary());
    if lines > 2.0 {
        badges::paint(painter, cx.theme, &badges, pos2(rect.left(), top + 35.0), width);
    }
    Rect::from_min_size(pos2(rect.left() - 4.0, top - 3.0), vec2(width, 22.0))
}

/// Name and length below a picture; badges on it.
fn below(ui: &Ui, cx: &Cx<'_>, look: &Look, (id, media, state): File<'_>, uses: u32, picture: Rect) -> Rect {
    let painter = ui.painter();
    let top = picture.bottom() + 4.0;
    if !look.renaming {
        let name = widgets::elided(ui, &media.name, fonts::semibold(size::SMALL), name_color(cx, state), picture.width());
        painter.galley(pos2(picture.left(), top), name, cx.theme.text());
    }
    let length = facts::cell(media, Column::Duration, 0);
    let length = painter.layout_no_wrap(length, fonts::regular(size::SMALL), cx.theme.secondary());
    let room = picture.width() - length.size().x - 6.0;
    painter.galley(pos2(picture.right() - length.size().x, top + 16.0), length, cx.theme.secondary());
    let badges = badges::badges(media, state, cx.program.proxy_state(id), uses);
    if badges.is_empty() {
        let codec = facts::cell(media, Column::Codec, 0);
        let text = widgets::elided(ui, &codec, fonts::regular(size::SMALL), cx.theme.secondary(), room);
        painter.galley(pos2(picture.left(), top + 16.0), text, cx.theme.secondary());
    } else {
        badges::paint(painter, cx.theme, &badges, pos2(picture.left(), top + 16.0), room);
    }
    Rect::from_min_size(pos2(picture.left() - 2.0, top - 3.0), vec2(picture.width() + 4.0, 22.0))
}

/// The cells of a row of the list; the place of its name.
fn columns(ui: &Ui, state: &BinState, cx: &Cx<'_>, look: &Look, (_, media, file): File<'_>, indent: f32, uses: u32) -> Rect {
    let painter = ui.painter();
    let (mut x, y) = (look.rect.left(), look.rect.center().y);
    let mut name_rect = look.rect;
    for c in state.prefs.shown() {
        let cell = Rect::from_min_size(pos2(x, look.rect.top()), vec2(c.width, look.rect.height()));
        x += c.width;
        let text = facts::cell(media, c.column, uses);
        if c.column == Column::Name {
            let left = cell.left() + PAD + indent;
            let offline = matches!(file, MediaState::Offline(_));
            let (sign, color) = match &media.info.video {
                _ if offline => (icons::OFFLINE, cx.theme.failure()),
                Some(v) if v.still => (icons::IMAGE, cx.theme.secondary()),
                Some(_) => (icons::FILM_STRIP, cx.theme.tokens().video.base.0),
                None => (icons::WAVEFORM, cx.theme.tokens().audio.base.0),
            };
            painter.text(pos2(left + 7.0, y), Align2::CENTER_CENTER, sign, fonts::icon(size::ICON), color);
            name_rect = Rect::from_min_max(pos2(left + 20.0, cell.top() + 2.0), pos2(cell.right() - 2.0, cell.bottom() - 2.0));
            if !look.renaming {
                let name = widgets::elided(ui, &text, fonts::regular(size::TEXT), name_color(cx, file), name_rect.width() - PAD);
                painter.galley(pos2(name_rect.left(), y - name.size().y / 2.0), name, cx.theme.text());
            }
            continue;
        }
        let text = widgets::elided(ui, &text, fonts::regular(size::SMALL), cx.theme.secondary(), c.width - 2.0 * PAD);
        let at = if c.column.is_figure() { cell.right() - PAD - text.size().x } else { cell.left() + PAD };
        painter.galley(pos2(at, y - text.size().y / 2.0), text, cx.theme.secondary());
    }
    name_rect
}

fn rename_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, rect: Rect) {
    let Some(renaming) = &mut state.renaming else { return };
    let field = TextEdit::singleline(&mut renaming.text).margin(vec2(4.0, 2.0)).desired_width(rect.width() - 8.0);
    let response = ui.put(rect, field).accessible_name(crate::app::words::tr("bin-rename-field"));
    if std::mem::take(&mut renaming.fresh) {
        response.request_focus();
        select_stem(ui, response.id, &renaming.text);
        return;
    }
    if !response.lost_focus() {
        return;
    }
    let confirmed = !ui.input(|i| i.key_pressed(Press::Escape));
    if let Some(renaming) = state.renaming.take().filter(|_| confirmed)
        && let Some(edit) = changes::rename(&cx.project, &renaming.key, &renaming.text)
    {
        if let crate::edit::EditCommand::RenameFolder { from, to } = &edit {
            if state.closed.remove(from) {
                state.closed.insert(to.clone());
            }
            state.nav.cursor = Some(Key::Folder(to.as_str().into()));
        }
        cx.out.send(Command::Edit(edit));
    }
    ui.memory_mut(|m| m.request_focus(Id::unique("media rows")));
}

/// Select a name without its extension, which people seldom mean to change.
fn select_stem(ui: &Ui, id: Id, text: &str) {
    let chars = text.chars().count();
    let stem = text.rfind('.').filter(|at| *at > 0).map_or(chars, |at| text[..at].chars().count());
    let mut field = egui::text_edit::TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let range = egui::text::CCursorRange::two(egui::text::CCursor::new(0), egui::text::CCursor::new(stem));
    field.cursor.set_char_range(Some(range));
    field.store(ui.ctx(), id);
}

fn interact(ui: &Ui, state: &mut BinState, cx: &mut Cx<'_>, body: &Body, index: usize, row: &Row, response: &Response) {
    if response.clicked() {
        ui.memory_mut(|m| m.request_focus(body.id));
        let modifiers = ui.input(|i| i.modifiers);
        let selected = state.nav.click(&state.listing, index, modifiers, &cx.shared.selection.media);
        state.select(cx, selected);
    }
    if response.secondary_clicked() {
        state.nav.cursor = Some(row.key());
        if let Some(id) = row.media().filter(|id| !cx.shared.selection.media.contains(id)) {
            cx.out.select(Selection::media([id]));
        }
    }
    if response.double_clicked() {
        match row {
            Row::Folder { path, .. } => state.toggle(path),
            Row::Media { id, .. } => cx.out.send(Command::OpenSource(*id)),
        }
    }
    if response.drag_started() {
        drag::start(ui, state, cx, row);
    }
    if response.dragged() {
        ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
    }
    response.context_menu(|ui| match row {
        Row::Folder { path, .. } => menu::folder_menu(ui, state, cx, path),
        Row::Media { id, .. } => menu::media_menu(ui, state, cx, *id),
    });
    if let Row::Media { id, depth } = row {
        tooltip(ui, state, cx, *id, *depth, response);
    }
}

/// Everything known, beside the pointer; not over a picture, where the pointer scrubs.
fn tooltip(ui: &Ui, state: &BinState, cx: &Cx<'_>, id: MediaId, depth: u16, response: &Response) {
    let Some(media) = cx.project.media.get(&id) else { return };
    let right = response.rect.left() + f32::from(depth) * INDENT + state.prefs.thumb + 5.0;
    let over_picture = response.hover_pos().is_some_and(|p| match state.prefs.view {
        View::Rows => p.x < right,
        View::Grid => p.y < response.rect.bottom() - CAPTION,
        View::List => false,
    });
    if over_picture || ui.input(|i| i.pointer.any_down()) {
        return;
    }
    let file = cx.program.media_state(id);
    egui::Tooltip::for_enabled(response).show(|ui| questions::tooltip_ui(ui, cx, (id, media), &file));
}
