//! Above the rows: search, views, order, size of the pictures. Below them: how many there are, how far an import is.
//! UI thread.

use super::{
    BinState, changes,
    facts::count,
    prefs::{Column, THUMB_RANGE, View},
    query,
};
use crate::{
    app::{
        commands::{self, CommandId as C},
        fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    session::{Command, ImportProgress},
};
use egui::{Align, Key, Layout, Popup, Rect, RichText, TextEdit, Ui, pos2, vec2};

/// Height of the line below the rows.
pub const FOOT: f32 = 28.0;
const TOOL: f32 = 24.0;

/// Everything above the rows.
pub fn top_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let tip = commands::spec(C::Import).hover_text(ui.ctx());
            let text = RichText::new(format!("{} {}", icons::PLUS, tr("bin-import"))).color(cx.theme.text());
            if ui.add(egui::Button::new(text)).accessible_name(tr("bin-import")).on_hover_text(tip).clicked() {
                cx.out.run(C::Import);
            }
            search_ui(ui, state, cx);
        });
    });
    ui.add_space(4.0);
    tools_ui(ui, state, cx);
    naming_ui(ui, state, cx);
    ui.add_space(2.0);
}

fn search_ui(ui: &mut Ui, state: &mut BinState, cx: &Cx<'_>) {
    let hint = format!("{} {}", icons::SEARCH, tr("bin-search"));
    // room for the button that clears it
    let margin = egui::Margin { left: 8, right: if state.search.is_empty() { 8 } else { 28 }, top: 5, bottom: 5 };
    let field = TextEdit::singleline(&mut state.search).hint_text(hint).desired_width(f32::INFINITY).margin(margin);
    let response = ui.add(field).accessible_name(tr("bin-search")).on_hover_text(tr("bin-search-tip"));
    if std::mem::take(&mut state.find) {
        response.request_focus();
    }
    if response.has_focus() && ui.input(|i| i.key_pressed(Key::Escape)) {
        state.search.clear();
    }
    if !state.search.is_empty() {
        let rect = Rect::from_center_size(pos2(response.rect.right() - 16.0, response.rect.center().y), vec2(20.0, 20.0));
        let mut over = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
        if widgets::icon_button_sized(
            &mut over,
            cx.theme,
            icons::CLOSE,
            &tr("bin-search-clear"),
            &tr("bin-search-clear"),
            true,
            false,
            20.0,
            12.0,
        )
        .clicked()
        {
            state.search.clear();
        }
    }
}

fn tools_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.set_min_height(TOOL);
        for (view, icon, key) in [
            (View::Rows, icons::ROWS, "bin-view-rows"),
            (View::List, icons::LIST, "bin-view-list"),
            (View::Grid, icons::SQUARES, "bin-view-grid"),
        ] {
            let name = tr(key);
            let on = state.prefs.view == view;
            if widgets::icon_button_sized(ui, cx.theme, icon, &name, &name, true, on, TOOL, size::ICON).clicked() {
                state.prefs.view = view;
                state.nav.reveal.clone_from(&state.nav.cursor);
            }
        }
        ui.add_space(6.0);
        sort_ui(ui, state, cx);
        filter_ui(ui, state, cx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let spec = commands::spec(C::NewFolder);
            let (name, tip) = (spec.text(), spec.hover_text(ui.ctx()));
            if widgets::icon_button_sized(ui, cx.theme, spec.icon, &name, &tip, true, false, TOOL, size::ICON).clicked() {
                cx.out.run(C::NewFolder);
            }
            let room = ui.available_width() - 10.0;
            if state.prefs.view != View::List && room > 40.0 {
                ui.add_space(4.0);
                let mut thumb = f64::from(state.prefs.thumb);
                let name = tr("bin-thumb-size");
                if widgets::slider(ui, cx.theme, &mut thumb, THUMB_RANGE, room.min(76.0), &name).on_hover_text(&name).changed() {
                    state.prefs.thumb = thumb.round() as f32;
                }
            }
        });
    });
}

fn sort_ui(ui: &mut Ui, state: &mut BinState, cx: &Cx<'_>) {
    let sort = state.prefs.sort;
    let icon = if sort.descending { icons::SORT_DESCENDING } else { icons::SORT_ASCENDING };
    let icon = RichText::new(icon.to_string()).font(fonts::icon(size::ICON)).color(cx.theme.secondary());
    let text = RichText::new(sort.by.title()).color(cx.theme.secondary());
    let name = tr("bin-sort");
    let button = ui.add(egui::Button::new((icon, text)).frame_when_inactive(false)).accessible_name(&name).on_hover_text(&name);
    Popup::menu(&button).show(|ui| {
        ui.set_min_width(170.0);
        for column in Column::ALL {
            if ui.selectable_label(sort.by == column, column.title()).clicked() {
                state.prefs.sort.by = column;
            }
        }
        ui.separator();
        for (descending, key) in [(false, "bin-sort-ascending"), (true, "bin-sort-descending")] {
            if ui.selectable_label(sort.descending == descending, tr(key)).clicked() {
                state.prefs.sort.descending = descending;
            }
        }
    });
}

/// Words of the search, to choose from.
fn filter_ui(ui: &mut Ui, state: &mut BinState, cx: &Cx<'_>) {
    let on = query::FILTERS.iter().any(|(word, _)| query::has_word(&state.search, word));
    let name = tr("bin-filter");
    let button = widgets::icon_button_sized(ui, cx.theme, icons::FUNNEL, &name, &name, true, on, TOOL, size::ICON);
    Popup::menu(&button).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_min_width(150.0);
        for (word, key) in query::FILTERS {
            let mut has = query::has_word(&state.search, word);
            if ui.checkbox(&mut has, tr(key)).changed() {
                query::set_word(&mut state.search, word, has);
            }
        }
    });
}

/// The field for the name of a folder that is about to be made.
fn naming_ui(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>) {
    let Some(naming) = &mut state.naming else { return };
    ui.add_space(4.0);
    let hint = if naming.parent.is_empty() {
        tr("bin-new-folder-hint")
    } else {
        tr_args("bin-new-folder-hint-in", &[("folder", changes::folder_name(&naming.parent).into())])
    };
    let field = TextEdit::singleline(&mut naming.text).hint_text(format!("{} {hint}", icons::FOLDER)).desired_width(f32::INFINITY);
    let response = ui.add(field.margin(vec2(8.0, 5.0))).accessible_name(tr("bin-new-folder-name"));
    if !std::mem::replace(&mut naming.shown, true) {
        response.request_focus();
        return;
    }
    if !response.lost_focus() {
        return;
    }
    let confirmed = !ui.input(|i| i.key_pressed(Key::Escape));
    if let Some(naming) = state.naming.take().filter(|_| confirmed)
        && let Some((edit, path)) = changes::new_folder(&cx.project, &naming.parent, &naming.text, &naming.media)
    {
        cx.out.send(Command::Begin("Add folder"));
        cx.out.send(Command::Edit(edit));
        cx.out.send(Command::Commit);
        state.closed.remove(&naming.parent);
        let key = super::listing::Key::Folder(path.into());
        state.nav.cursor = Some(key.clone());
        state.nav.reveal = Some(key);
    }
}

/// Counts, or the progress of an import.
pub fn foot_ui(ui: &mut Ui, state: &BinState, cx: &mut Cx<'_>) {
    if let Some(progress) = cx.program.import_progress() {
        importing_ui(ui, cx, progress);
        return;
    }
    let (all, found) = (state.cards.len(), state.listing.found);
    if all == 0 {
        return;
    }
    let mut text = if state.listing.is_search() {
        tr_args("bin-count-found", &[("n", count(found).into()), ("all", count(all).into())])
    } else {
        tr_args("bin-count", &[("n", all.into()), ("shown", count(all).into())])
    };
    let selected = cx.shared.selection.media.len();
    if selected > 0 {
        text = format!("{text} · {}", tr_args("bin-count-selected", &[("n", count(selected).into())]));
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add(egui::Label::new(RichText::new(text).small().color(cx.theme.secondary())).truncate());
    });
}

fn importing_ui(ui: &mut Ui, cx: &mut Cx<'_>, progress: ImportProgress) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let stop = tr("bin-import-stop");
        if widgets::icon_button_sized(ui, cx.theme, icons::CLOSE, &stop, &stop, true, false, 20.0, 12.0).clicked() {
            cx.out.send(Command::CancelImport);
        }
        let (text, fraction) = match progress.total {
            None => (tr("bin-importing-looking"), 0.0),
            Some(total) => {
                let text = tr_args("bin-importing", &[("n", count(progress.done).into()), ("all", count(total).into())]);
                (text, progress.done as f32 / total.max(1) as f32)
            }
        };
        let room = ui.available_width();
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.label(RichText::new(&text).small());
            let rest = room - ui.min_rect().width() - 12.0;
            if rest > 24.0 {
                widgets::progress_bar(ui, cx.theme, fraction, rest, cx.theme.accent(), &text);
            }
        });
    });
}
