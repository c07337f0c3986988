//! Two lists that give work back: what a crash left unsaved, and earlier versions of the project. UI thread.

use super::{
    fonts, icons,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use crate::session::{EarlierVersion, Recoverable};
use egui::{Align, Layout, RichText, ScrollArea, Ui, WidgetInfo, accesskit::Role};
use std::path::PathBuf;

/// Width of both dialogs, in points.
const WIDTH: f32 = 560.0;
const ROW: f32 = 46.0;

/// Which of the lists is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Archive {
    #[default]
    Closed,
    Unsaved,
    Versions,
}

/// What was chosen in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    Recover(u64),
    Discard(u64),
    Version(PathBuf),
    Close,
}

/// Unsaved work of before a crash.
pub fn unsaved_ui(ui: &Ui, theme: &Theme, left: &[Recoverable]) -> Option<Choice> {
    let words = [tr("shell-recovery"), tr("shell-recovery.text"), tr("shell-recovery-later")];
    list_ui(ui, theme, "unsaved work", words, |ui, choice| {
        for (i, work) in left.iter().enumerate() {
            let name = if work.name.trim().is_empty() { tr("shell-untitled") } else { work.name.clone() };
            let place = work.document.as_ref().map_or_else(|| tr("shell-recovery-never-saved"), |d| d.display().to_string());
            let facts = tr_args("shell-recovery-facts", &[("n", work.changes.into()), ("when", work.when.as_str().into())]);
            row_ui(ui, theme, i, &name, &format!("{facts} · {place}"), |ui| {
                let recover = tr_args("shell-recovery-recover.name", &[("name", name.as_str().into())]);
                if named(&widgets::primary_button(ui, theme, &tr("shell-recovery-recover"), true), &recover) {
                    *choice = Some(Choice::Recover(work.id));
                }
                let discard = tr_args("shell-recovery-discard", &[("name", name.as_str().into())]);
                if widgets::icon_button(ui, theme, icons::TRASH, &discard, &tr("shell-recovery-discard.tip"), true, false).clicked() {
                    *choice = Some(Choice::Discard(work.id));
                }
            });
        }
    })
}

/// Earlier versions of the open project.
pub fn versions_ui(ui: &Ui, theme: &Theme, versions: &[EarlierVersion]) -> Option<Choice> {
    let words = [tr("shell-versions"), tr("shell-versions.text"), tr("shell-close")];
    list_ui(ui, theme, "versions", words, |ui, choice| {
        if versions.is_empty() {
            ui.label(RichText::new(tr("shell-versions-none")).color(theme.secondary()));
        }
        for (i, version) in versions.iter().enumerate() {
            let bytes = tr_args("shell-versions-kilobytes", &[("n", version.bytes.div_ceil(1000).into())]);
            row_ui(ui, theme, i, &version.when, &bytes, |ui| {
                let name = tr_args("shell-versions-open.name", &[("when", version.when.as_str().into())]);
                if named(&widgets::plain_button(ui, tr("shell-versions-open")), &name) {
                    *choice = Some(Choice::Version(version.file.clone()));
                }
            });
        }
    })
}

/// A dialog of rows: its title, what it is for, and the name of the way out.
fn list_ui(
    ui: &Ui,
    theme: &Theme,
    id: &'static str,
    [title, text, leave]: [String; 3],
    rows: impl FnOnce(&mut Ui, &mut Option<Choice>),
) -> Option<Choice> {
    let mut choice = None;
    let response = widgets::dialog(theme, id).show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
        ui.label(RichText::new(title).font(fonts::semibold(16.0)));
        ui.label(RichText::new(text).color(theme.secondary()));
        ui.add_space(10.0);
        let height = (ui.ctx().content_rect().height() - 260.0).max(ROW);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.set_width(ui.available_width());
            rows(ui, &mut choice);
        });
        ui.add_space(14.0);
        widgets::button_row(ui, |ui| {
            if widgets::plain_button(ui, leave).clicked() {
                choice = Some(Choice::Close);
            }
        });
    });
    if response.should_close() { choice.or(Some(Choice::Close)) } else { choice }
}

/// A row with a name, what there is to say of it, and buttons at its right end.
fn row_ui(ui: &mut Ui, theme: &Theme, index: usize, title: &str, facts: &str, buttons: impl FnOnce(&mut Ui)) {
    if index > 0 {
        ui.separator();
    }
    ui.horizontal(|ui| {
        ui.set_height(ROW);
        ui.spacing_mut().item_spacing.x = 8.0;
        let room = (ui.available_width() - 170.0).max(60.0);
        ui.vertical(|ui| {
            ui.set_width(room);
            ui.add_space(5.0);
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add(egui::Label::new(RichText::new(title).font(fonts::semibold(size::TEXT))).truncate());
            ui.add(egui::Label::new(RichText::new(facts).size(size::SMALL).color(theme.secondary())).truncate()).on_hover_text(facts);
        });
        ui.with_layout(Layout::right_to_left(Align::Center), buttons);
    });
}

/// Whether a button is clicked, whose name for a screen reader says which row it belongs to.
fn named(button: &egui::Response, name: &str) -> bool {
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    button.clicked()
}
