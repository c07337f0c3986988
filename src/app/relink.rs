//! What a search for missing files has found: which file takes which one's place, and which of them are not wanted. UI thread;
//! the search is the session's.

use super::{
    fonts, icons,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use crate::{
    base::MediaId,
    session::{FoundBy, Relink, Relinks},
};
use egui::{Align, Color32, CornerRadius, Frame, Label, Layout, Margin, RichText, ScrollArea, Ui};
use std::{collections::BTreeSet, path::PathBuf};

/// Width of the dialog, in points.
const WIDTH: f32 = 640.0;
/// Rows that are drawn; nobody reads more of those that are still missing.
const SHOWN: usize = 500;

/// What the user has unticked, in which folder's list.
#[derive(Debug, Default)]
pub struct RelinkState {
    folder: PathBuf,
    left_out: BTreeSet<MediaId>,
    seen: usize,
}

/// What the user says to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Link(Vec<MediaId>),
    /// Search another folder.
    Elsewhere,
    Close,
}

impl RelinkState {
    /// Another list begins with everything ticked that is more than a name.
    fn follow(&mut self, relinks: &Relinks) {
        let fresh = self.folder != relinks.folder || self.seen != relinks.found.len() || relinks.searching;
        if fresh {
            self.folder.clone_from(&relinks.folder);
            self.seen = relinks.found.len();
            self.left_out = relinks.found.iter().filter(|r| r.by == FoundBy::Name).map(|r| r.media).collect();
        }
    }
}

/// Draw the dialog; what was answered in this pass.
pub fn relink_ui(ui: &Ui, state: &mut RelinkState, theme: &Theme, relinks: &Relinks) -> Option<Answer> {
    state.follow(relinks);
    let mut answer = None;
    let response = widgets::dialog(theme, "relink dialog").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
        ui.label(RichText::new(tr("shell-relink")).font(fonts::semibold(16.0)));
        let folder = relinks.folder.display().to_string();
        let (found, all) = (relinks.found.len(), relinks.found.len() + relinks.lost.len());
        let text = match (relinks.searching, found) {
            (true, _) => tr_args("shell-relink-searching", &[("folder", folder.into())]),
            (false, 0) => tr_args("shell-relink-none", &[("folder", folder.into())]),
            (false, n) => tr_args("shell-relink-found", &[("n", n.into()), ("all", all.into()), ("folder", folder.into())]),
        };
        ui.add(Label::new(RichText::new(text).color(theme.secondary())).wrap());
        ui.add_space(10.0);
        if relinks.searching {
            ui.vertical_centered(|ui| ui.spinner());
        } else {
            list_ui(ui, state, theme, relinks);
        }
        ui.add_space(14.0);
        let chosen: Vec<MediaId> = relinks.found.iter().map(|r| r.media).filter(|id| !state.left_out.contains(id)).collect();
        widgets::button_row(ui, |ui| {
            let text = tr_args("shell-relink-link", &[("n", chosen.len().into())]);
            if found > 0 && widgets::primary_button(ui, theme, &text, !chosen.is_empty()).clicked() {
                answer = Some(Answer::Link(chosen));
            }
            if !relinks.searching && widgets::plain_button(ui, tr("shell-relink-elsewhere")).clicked() {
                answer = Some(Answer::Elsewhere);
            }
            if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
                answer = Some(Answer::Close);
            }
        });
    });
    if response.should_close() { answer.or(Some(Answer::Close)) } else { answer }
}

fn list_ui(ui: &mut Ui, state: &mut RelinkState, theme: &Theme, relinks: &Relinks) {
    let height = (ui.ctx().content_rect().height() - 260.0).clamp(120.0, 460.0);
    ScrollArea::vertical().max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for row in relinks.found.iter().take(SHOWN) {
            found_ui(ui, state, theme, row);
        }
        if relinks.lost.is_empty() {
            return;
        }
        widgets::section(ui, theme, &tr_args("shell-relink-missing", &[("n", relinks.lost.len().into())]));
        for lost in relinks.lost.iter().take(SHOWN) {
            card(ui, theme, |ui| {
                path_ui(ui, lost.old.display().to_string(), theme.text());
                if lost.other_content {
                    ui.add(Label::new(RichText::new(tr("shell-relink-other-content")).small().color(theme.warning())).wrap());
                }
            });
        }
        let more = relinks.found.len().saturating_sub(SHOWN) + relinks.lost.len().saturating_sub(SHOWN);
        if more > 0 {
            ui.label(RichText::new(tr_args("shell-relink-more", &[("n", more.into())])).small().color(theme.secondary()));
        }
    });
}

fn card<R>(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui) -> R) -> R {
    let frame = Frame::new().fill(theme.surface(2)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(Margin::symmetric(10, 7));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        content(ui)
    });
    shown.inner
}

fn path_ui(ui: &mut Ui, path: String, color: Color32) {
    ui.add(Label::new(RichText::new(path).small().color(color)).wrap());
}

fn found_ui(ui: &mut Ui, state: &mut RelinkState, theme: &Theme, row: &Relink) {
    card(ui, theme, |ui| {
        // an empty box is seen on the card too
        let box_look = &mut ui.visuals_mut().widgets.inactive;
        (box_look.bg_fill, box_look.bg_stroke) = (theme.surface(3), theme.hairline());
        ui.horizontal(|ui| {
            let mut on = !state.left_out.contains(&row.media);
            if ui.checkbox(&mut on, RichText::new(&row.name).font(fonts::semibold(size::TEXT))).changed() {
                if on {
                    state.left_out.remove(&row.media);
                } else {
                    state.left_out.insert(row.media);
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (icon, key, color) = match row.by {
                    FoundBy::Content => (icons::CHECK_CIRCLE, "shell-relink-by-content", theme.ok()),
                    FoundBy::Size => (icons::WARNING, "shell-relink-by-size", theme.warning()),
                    FoundBy::Name => (icons::WARNING, "shell-relink-by-name", theme.warning()),
                };
                ui.label(RichText::new(tr(key)).small().color(color));
                ui.label(RichText::new(icon.to_string()).font(fonts::icon(12.0)).color(color));
            });
        });
        path_ui(ui, row.old.display().to_string(), theme.secondary());
        path_ui(ui, format!("→ {}", row.new.display()), theme.text());
    });
}
