//! What a right-click offers: for the selected media, for a folder, for the empty part of the bin. UI thread.

use super::{BinState, Naming, Renaming, changes, listing::Key, questions::Question};
use crate::{
    app::{
        commands::CommandId as C,
        dialogs::Ask,
        edits, fonts, icons,
        state::{Action, Cx, Selection},
        theme::size,
        widgets,
        words::tr,
    },
    base::MediaId,
    edit::{EditCommand, Placement},
    session::{Command, MediaState},
};
use egui::{Button, RichText, Ui, vec2};
use std::{collections::BTreeSet, sync::Arc};

/// An entry that is no command of the table; true = chosen.
pub fn item(ui: &mut Ui, cx: &Cx<'_>, icon: char, key: &str, enabled: bool) -> bool {
    let text = tr(key);
    let icon = RichText::new(icon.to_string()).color(cx.theme.secondary()).font(fonts::icon(size::ICON));
    let button = Button::new((icon, text.clone())).min_size(vec2(220.0, 24.0));
    let clicked = ui.add_enabled(enabled, button).accessible_name(text).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

fn command(ui: &mut Ui, cx: &mut Cx<'_>, id: C) {
    widgets::command_item(ui, cx.theme, &cx.facts, cx.out, id, false);
}

/// For media: `id` is under the pointer and is one of the selected.
pub fn media_menu(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, id: MediaId) {
    // in the order of the bin, as they would be dragged
    let mut selected = cx.shared.selection.media.clone();
    selected.insert(id);
    let media: Vec<MediaId> = state.listing.media().filter(|m| selected.contains(m)).collect();
    let one = media.len() == 1;
    if item(ui, cx, icons::MONITOR_PLAY, "bin-open-source", one) {
        cx.out.send(Command::OpenSource(id));
    }
    command(ui, cx, C::Append);
    for (icon, key, mode) in [(icons::INSERT, "bin-insert", Placement::Ripple), (icons::OVERWRITE, "bin-overwrite", Placement::Overwrite)] {
        let onto = || edits::Onto::Tracks(edits::target_tracks(&cx.project, cx.shared.target));
        if item(ui, cx, icon, key, true)
            && let Some((edit, clips)) = edits::insert_media(&cx.project, &media, onto(), cx.program.playhead(), mode)
        {
            cx.out.send(Command::Edit(edit));
            cx.out.select(Selection::clips(clips));
        }
    }
    ui.separator();
    if item(ui, cx, icons::PENCIL, "bin-rename", one) {
        state.rename(&Key::Media(id), cx);
    }
    move_menu(ui, state, cx, &media);
    if item(ui, cx, icons::PALETTE, "bin-colours", media.iter().any(|m| has_picture(cx, *m))) {
        let tags = cx.project.media.get(&id).and_then(|m| m.color_override.or(m.info.video.as_ref().map(|v| v.color))).unwrap_or_default();
        state.question = Some(Question::Colours { media: media.clone(), tags });
    }
    ui.separator();
    if item(ui, cx, icons::LINK, "bin-relink", one) {
        let suggestion = cx.project.media.get(&id).map(|m| m.file.path.clone()).unwrap_or_default();
        cx.out.push(Action::Ask(Ask::Relink { media: id, suggestion }));
    }
    if media.iter().any(|m| matches!(cx.program.media_state(*m), MediaState::Offline(_))) {
        command(ui, cx, C::RelinkMissing);
    }
    if media.iter().any(|m| has_picture(cx, *m)) {
        command(ui, cx, C::MakeProxies);
    }
    if media.iter().any(|m| cx.project.media.get(m).is_some_and(|m| m.proxy.is_some())) {
        command(ui, cx, C::RemoveProxies);
    }
    command(ui, cx, C::Montage);
    if media.iter().any(|m| has_picture(cx, *m)) {
        command(ui, cx, C::Upscale);
    }
    if media.iter().any(|m| cx.project.media.get(m).is_some_and(|m| m.upscaled.is_some())) {
        command(ui, cx, C::RemoveUpscaled);
    }
    if item(ui, cx, icons::FOLDER_OPEN, "bin-reveal", one) {
        cx.out.send(Command::RevealMedia(id));
    }
    let used = media.iter().any(|m| state.cards.uses(*m) > 0);
    if item(ui, cx, icons::SELECT_ALL, "bin-select-clips", used) {
        cx.out.select(Selection::clips(changes::clips_of(&cx.project, &selected)));
    }
    if item(ui, cx, icons::INFO, "bin-properties", one) {
        state.question = Some(Question::Properties(id));
    }
    ui.separator();
    if item(ui, cx, icons::TRASH, "bin-remove", true) {
        state.remove(media.iter().copied().collect(), cx);
    }
    command(ui, cx, C::RemoveUnused);
}

fn has_picture(cx: &Cx<'_>, id: MediaId) -> bool {
    cx.project.media.get(&id).is_some_and(|m| m.info.video.is_some())
}

/// Folders to move media to.
fn move_menu(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, media: &[MediaId]) {
    let icon = RichText::new(icons::FOLDER.to_string()).color(cx.theme.secondary()).font(fonts::icon(size::ICON));
    let text = tr("bin-move-to");
    let menu = ui.menu_button((icon, text.clone()), |ui| {
        if item(ui, cx, icons::FOLDER_PLUS, "bin-new-folder", true) {
            state.naming = Some(Naming { media: media.to_vec(), ..Naming::default() });
        }
        let folders: Vec<(String, String)> = std::iter::once((String::new(), tr("bin-top")))
            .chain(cx.project.folders.iter().map(|f| (f.clone(), f.replace('/', " › "))))
            .collect();
        egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
            for (path, shown) in folders {
                if ui.add(Button::new(shown).min_size(vec2(180.0, 22.0))).clicked() {
                    if let Some(edit) = changes::move_to(&cx.project, media, &path) {
                        cx.out.send(Command::Edit(edit));
                    }
                    ui.close();
                }
            }
        });
    });
    menu.response.accessible_name(text);
}

/// For a folder.
pub fn folder_menu(ui: &mut Ui, state: &mut BinState, cx: &mut Cx<'_>, path: &Arc<str>) {
    let inside = state.media_in(path);
    if item(ui, cx, icons::PLUS, "bin-append-folder", !inside.is_empty()) {
        cx.out.send(Command::Append(inside.clone()));
    }
    if item(ui, cx, icons::SELECT_ALL, "bin-select-folder", !inside.is_empty()) {
        cx.out.select(Selection::media(inside.iter().copied()));
    }
    ui.separator();
    if item(ui, cx, icons::FOLDER_PLUS, "bin-new-folder", true) {
        state.naming = Some(Naming { parent: path.to_string(), ..Naming::default() });
    }
    if item(ui, cx, icons::IMPORT, "bin-import-here", true) {
        cx.out.push(Action::Ask(Ask::ImportInto { folder: path.to_string() }));
    }
    if item(ui, cx, icons::PENCIL, "bin-rename", true) {
        state.rename(&Key::Folder(path.clone()), cx);
    }
    ui.separator();
    if item(ui, cx, icons::TRASH, "bin-remove-folder", true) {
        cx.out.send(Command::Edit(EditCommand::RemoveFolder { path: path.to_string() }));
    }
    if item(ui, cx, icons::TRASH, "bin-remove-folder-media", !inside.is_empty()) {
        state.remove(inside.into_iter().collect(), cx);
    }
}

/// For the space around.
pub fn empty_menu(ui: &mut Ui, cx: &mut Cx<'_>) {
    for id in [C::Import, C::ImportFolder, C::NewFolder] {
        command(ui, cx, id);
    }
    ui.separator();
    for id in [C::Montage, C::MakeProxies, C::RelinkMissing, C::RemoveUnused] {
        command(ui, cx, id);
    }
}

impl BinState {
    /// Begin to rename in place.
    pub(super) fn rename(&mut self, key: &Key, cx: &Cx<'_>) {
        let text = match key {
            Key::Media(id) => cx.project.media.get(id).map(|m| m.name.clone()),
            Key::Folder(path) => Some(changes::folder_name(path).to_owned()),
        };
        if let Some(text) = text {
            self.renaming = Some(Renaming { key: key.clone(), text, fresh: true });
            self.nav.reveal = Some(key.clone());
        }
    }

    /// Take media out of the project; asks first where clips would go with them.
    pub(super) fn remove(&mut self, media: BTreeSet<MediaId>, cx: &mut Cx<'_>) {
        if media.iter().any(|m| self.cards.uses(*m) > 0) {
            self.question = Some(Question::Remove(media));
        } else if let Some(edit) = changes::remove(&cx.project, &media) {
            cx.out.send(Command::Edit(edit));
            cx.out.select(Selection::default());
        }
    }

    /// Media in a folder at any depth, in the order of their names.
    pub(super) fn media_in(&self, folder: &str) -> Vec<MediaId> {
        let mut inside: Vec<_> = self.cards.iter().filter(|(_, c)| changes::is_in(&c.media.folder, folder)).collect();
        inside.sort_by(|(_, a), (_, b)| (&a.media.folder, &a.key).cmp(&(&b.media.folder, &b.key)));
        inside.into_iter().map(|(id, _)| id).collect()
    }
}
