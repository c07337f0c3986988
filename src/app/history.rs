//! The history panel: every step by name, those undone too; a click goes back or forth to it. UI thread.

use super::{
    fonts, icons,
    state::Cx,
    theme::size,
    widgets,
    words::{tr, try_tr},
};
use crate::session::Command;
use egui::{Align2, CornerRadius, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

const ROW: f32 = 24.0;

/// The name of a step in the window's language. Steps are named in English where they are made; a name that the language
/// files do not have stays as it is.
pub fn step_name(label: &str) -> String {
    try_tr(&step_key(label)).unwrap_or_else(|| label.to_owned())
}

fn step_key(label: &str) -> String {
    format!("edits-step-{}", label.to_lowercase().replace(' ', "-"))
}

/// Draw the panel into all of `ui`.
pub fn history_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let mut steps: Vec<String> = cx.program.undo_labels().into_iter().map(step_name).collect();
    steps.push(tr("shell-history-start"));
    steps.reverse();
    // rows up to this one are done
    let now = steps.len() - 1;
    steps.extend(cx.program.redo_labels().into_iter().map(step_name));
    let mut wanted = None;
    ScrollArea::vertical().auto_shrink([false, false]).stick_to_bottom(true).show_rows(ui, ROW, steps.len(), |ui, rows| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for i in rows {
            if row_ui(ui, cx, &steps[i], i, now) {
                wanted = Some(i);
            }
        }
    });
    let Some(wanted) = wanted else { return };
    // what is being typed is a step of its own
    cx.out.send(Command::Commit);
    for _ in wanted..now {
        cx.out.send(Command::Undo);
    }
    for _ in now..wanted {
        cx.out.send(Command::Redo);
    }
}

/// One step; true = go there.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, name: &str, row: usize, now: usize) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, row == now, name));
    if ui.is_rect_visible(rect) {
        let radius = CornerRadius::same(size::RADIUS);
        if row == now || response.hovered() {
            let fill = if row == now { cx.theme.accent_tint() } else { cx.theme.surface(2) };
            ui.painter().rect_filled(rect, radius, fill);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(rect, radius, Stroke::new(1.0, cx.theme.accent()), StrokeKind::Inside);
        }
        let color = if row > now { cx.theme.secondary() } else { cx.theme.text() };
        let (icon, icon_color) = match row {
            0 => (icons::FLAG, cx.theme.secondary()),
            _ if row > now => (icons::REDO, cx.theme.faint()),
            _ if row == now => (icons::CARET_RIGHT, cx.theme.accent()),
            _ => (icons::CHECK, cx.theme.faint()),
        };
        let mark = pos2(rect.left() + 14.0, rect.center().y);
        ui.painter().text(mark, Align2::CENTER_CENTER, icon, fonts::icon(13.0), icon_color);
        let text = widgets::elided(ui, name, fonts::regular(size::TEXT), color, rect.width() - 34.0);
        ui.painter().galley(pos2(rect.left() + 28.0, rect.center().y - text.size().y / 2.0), text, color);
    }
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::words::{Language, set_language};
    use std::path::Path;

    /// Names of steps in the sources: those of commands, and those that gestures of the window begin with.
    fn labels() -> Vec<String> {
        fn walk(folder: &Path, text: &mut String) {
            for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
                if path.is_dir() { walk(&path, text) } else { text.push_str(&std::fs::read_to_string(&path).unwrap()) }
            }
        }
        let mut app = String::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app"), &mut app);
        let of_gestures = app.split(concat!("Command::", "Begin(\"")).skip(1).filter_map(|rest| rest.split('"').next());
        let of_commands = include_str!("../edit/command.rs").split("pub fn label(").nth(1).unwrap_or_default();
        of_commands.split('"').skip(1).step_by(2).chain(of_gestures).map(str::to_owned).collect()
    }

    #[test]
    fn every_step_has_a_name_in_every_language() {
        let labels = labels();
        assert!(labels.len() > 50, "{labels:?}");
        for language in Language::ALL {
            set_language(language);
            let without: Vec<_> = labels.iter().filter(|l| try_tr(&step_key(l)).is_none()).collect();
            assert!(without.is_empty(), "{language:?}: {without:?}");
        }
        assert_eq!(step_name("Split clip"), "Clip schneiden");
        assert_eq!(step_name("A step of a newer version"), "A step of a newer version");
    }
}
