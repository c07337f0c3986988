//! All keys at a glance, straight from the command table; and the question about unsaved changes. UI thread.

use super::{
    commands::{self, Menu},
    fonts,
    keymap::Keymap,
    theme::Theme,
    widgets,
    words::{tr, tr_args},
};
use egui::{Align, Layout, RichText, ScrollArea, Ui};

/// How the list of shortcuts is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overview {
    Close,
    /// To the editor of the keys.
    Customise,
}

/// The list of shortcuts. Some = it is left.
pub fn shortcuts_ui(ui: &Ui, theme: &Theme) -> Option<Overview> {
    let mut done = None;
    let response = widgets::dialog(theme, "shortcuts").show(ui.ctx(), |ui| {
        ui.set_width(680.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("shell-shortcuts")).font(fonts::semibold(16.0)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let name = tr("shell-close-shortcuts");
                if widgets::icon_button(ui, theme, super::icons::CLOSE, &name, &tr("shell-close"), true, false).clicked() {
                    done = Some(Overview::Close);
                }
                if widgets::plain_button(ui, tr("shell-customise-shortcuts")).clicked() {
                    done = Some(Overview::Customise);
                }
            });
        });
        ui.add_space(6.0);
        let height = (ui.ctx().content_rect().height() - 200.0).max(120.0);
        ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
            ui.spacing_mut().item_spacing.x = 32.0;
            ui.columns(2, |columns| {
                for (i, menu) in Menu::ALL.into_iter().enumerate() {
                    menu_keys(&mut columns[usize::from(i > 2)], theme, menu);
                }
            });
        });
    });
    if response.should_close() { done.or(Some(Overview::Close)) } else { done }
}

fn menu_keys(ui: &mut Ui, theme: &Theme, menu: Menu) {
    widgets::section(ui, theme, &menu.title());
    let map = Keymap::of(ui.ctx());
    for spec in commands::all().filter(|s| s.menu == menu && !map.keys(s.id).is_empty()) {
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            ui.label(spec.text());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                for key in map.keys(spec.id).iter().rev() {
                    widgets::key_label(ui, theme, &commands::key_text(*key));
                }
            });
        });
    }
}

/// Answer to the question about unsaved changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Save,
    Discard,
    Cancel,
}

/// Ask what to do with unsaved changes.
pub fn unsaved_ui(ui: &Ui, theme: &Theme, name: &str) -> Option<Answer> {
    let mut answer = None;
    let response = widgets::dialog(theme, "unsaved changes").show(ui.ctx(), |ui| {
        ui.set_width(380.0);
        ui.label(RichText::new(tr_args("shell-unsaved-question", &[("name", name.into())])).font(fonts::semibold(15.0)));
        ui.label(RichText::new(tr("shell-unsaved-text")).color(theme.secondary()));
        ui.add_space(14.0);
        widgets::button_row(ui, |ui| {
            if widgets::primary_button(ui, theme, &tr("shell-unsaved-save"), true).clicked() {
                answer = Some(Answer::Save);
            }
            if widgets::plain_button(ui, tr("shell-unsaved-discard")).clicked() {
                answer = Some(Answer::Discard);
            }
            if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
                answer = Some(Answer::Cancel);
            }
        });
    });
    if response.should_close() { answer.or(Some(Answer::Cancel)) } else { answer }
}
