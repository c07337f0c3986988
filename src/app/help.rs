//! All keys at a glance, straight from the command table; and the question about unsaved changes. UI thread.

use super::{
    commands::{self, Menu},
    fonts,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use egui::{Align, CornerRadius, Layout, RichText, ScrollArea, Ui, vec2};

/// The list of shortcuts; true = it was closed.
pub fn shortcuts_ui(ui: &Ui, theme: &Theme) -> bool {
    let mut done = false;
    let response = widgets::dialog(theme, "shortcuts").show(ui.ctx(), |ui| {
        ui.set_width(680.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("shell-shortcuts")).font(fonts::semibold(16.0)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                done |= widgets::icon_button(ui, theme, super::icons::CLOSE, &tr("shell-close-shortcuts"), &tr("shell-close"), true, false)
                    .clicked();
            });
        });
        ui.add_space(6.0);
        let height = (ui.ctx().content_rect().height() - 160.0).max(120.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            ui.columns(2, |columns| {
                for (i, menu) in Menu::ALL.into_iter().enumerate() {
                    menu_keys(&mut columns[usize::from(i > 2)], theme, menu);
                }
            });
        });
    });
    done || response.should_close()
}

fn menu_keys(ui: &mut Ui, theme: &Theme, menu: Menu) {
    widgets::section(ui, theme, &menu.title());
    for spec in commands::all().filter(|s| s.menu == menu && !s.keys.is_empty()) {
        ui.horizontal(|ui| {
            ui.set_height(20.0);
            ui.label(spec.text());
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let galley = ui.painter().layout_no_wrap(spec.key_text(ui.ctx()), fonts::regular(size::SMALL), theme.text());
                let (rect, _) = ui.allocate_exact_size(galley.size() + vec2(12.0, 4.0), egui::Sense::hover());
                ui.painter().rect_filled(rect, CornerRadius::same(4), theme.surface(3));
                ui.painter().galley(rect.min + vec2(6.0, 2.0), galley, theme.text());
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
