//! The way into nested sequences: which sequences were left for the one that is open, the bar above the ruler that leads
//! back, and what each sequence's view was when it was left.

use super::view::TimeView;
use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::SequenceId,
    edit::EditCommand,
    model::Project,
    session::Command,
};
use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, vec2};
use std::collections::HashMap;

/// Height of the bar.
pub const HEIGHT: f32 = 26.0;

/// See the module.
#[derive(Debug, Default)]
pub struct Trail {
    /// Outermost first; the open one is not in it.
    path: Vec<SequenceId>,
    open: Option<SequenceId>,
    /// A sequence was opened that has no view yet.
    unseen: bool,
    views: HashMap<SequenceId, (TimeView, f32)>,
}

impl Trail {
    /// The sequence that the open one was opened from.
    pub fn outer(&self) -> Option<SequenceId> {
        self.path.last().copied()
    }

    /// The open sequence is about to be left for one inside it.
    pub fn enter(&mut self) {
        self.path.extend(self.open);
    }

    /// Follow the document, which may have opened another sequence by a command, undo or redo: keep the path true and bring
    /// its view back.
    pub fn follow(&mut self, project: &Project, view: &mut TimeView, scroll: &mut f32) {
        let now = project.sequence.id;
        self.path.retain(|id| project.others.contains_key(id) || *id == now);
        if self.open == Some(now) {
            return;
        }
        if let Some(before) = self.open.replace(now) {
            self.views.insert(before, (*view, *scroll));
            if let Some(at) = self.path.iter().position(|id| *id == now) {
                self.path.truncate(at);
            } else if self.path.last() != Some(&before) {
                // not from inside this one: a way of its own
                self.path.clear();
            }
            match self.views.get(&now) {
                Some((v, s)) => (*view, *scroll) = (*v, *s),
                None => self.unseen = true,
            }
        }
    }

    /// Whether the open sequence has not been looked at yet; true once.
    pub fn take_unseen(&mut self) -> bool {
        std::mem::take(&mut self.unseen)
    }
}

fn name(project: &Project, id: SequenceId) -> String {
    match project.sequence_of(id) {
        Some(s) if !s.name.is_empty() => s.name.clone(),
        _ => tr_args("timeline-sequence", &[("n", id.0.into())]),
    }
}

/// The bar: each outer sequence opens at a click.
pub fn trail_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, trail: &Trail) {
    if rect.height() <= 0.0 {
        return;
    }
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 0.0))).layout(Layout::left_to_right(Align::Center)));
    ui.spacing_mut().item_spacing.x = 2.0;
    let back = tr("timeline-back");
    if widgets::icon_button_sized(&mut ui, cx.theme, icons::CARET_LEFT, &back, &back, true, false, 20.0, 13.0).clicked() {
        cx.out.run(crate::app::commands::CommandId::CloseNested);
    }
    for id in &trail.path {
        let text = RichText::new(name(&cx.project, *id)).size(size::SMALL).color(cx.theme.secondary());
        if ui.add(egui::Button::new(text).frame(false)).clicked() {
            cx.out.send(Command::Edit(EditCommand::OpenSequence { id: *id }));
        }
        ui.label(RichText::new(icons::CARET_RIGHT.to_string()).font(fonts::icon(10.0)).color(cx.theme.faint()));
    }
    let open = RichText::new(name(&cx.project, cx.project.sequence.id)).font(fonts::semibold(size::SMALL)).color(cx.theme.text());
    ui.label(open);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, cx.theme.hairline());
}
