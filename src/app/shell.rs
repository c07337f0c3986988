//! The window without its frame: arranges the panels, gathers their wishes, carries them out. Owns what the window
//! remembers; the program stands behind a trait, so that tests drive the same shell without files or decoders.

use super::{
    bin::{self, BinState},
    commands::{self, CommandId, Facts},
    dialogs::{Ask, Chosen, Dialogs, ShowDialog},
    export::{self, ExportState},
    help,
    index::DocIndex,
    inspector::{self, InspectorState},
    pictures::Pictures,
    program::Program,
    state::{Action, Cx, Queue, Shared},
    status,
    theme::{Theme, ThemeChoice, size},
    timeline::{self, TimelineState},
    toasts::Toasts,
    topbar,
    viewer::{self, ViewerState},
};
use crate::session::Command;
use egui::{CentralPanel, Context, Frame, Key, Margin, Panel, Ui};
use std::{path::PathBuf, sync::Arc};

/// What waits for the answer about unsaved changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    New,
    Open(PathBuf),
    Quit,
}

/// Everything the window remembers.
pub struct Shell {
    pub(super) theme: Theme,
    pub(super) shared: Shared,
    pub(super) bin: BinState,
    pub(super) viewer: ViewerState,
    pub(super) inspector: InspectorState,
    pub(super) timeline: TimelineState,
    pub(super) export: ExportState,
    pub(super) toasts: Toasts,
    pub(super) dialogs: Dialogs,
    pub(super) pictures: Pictures,
    pub(super) queue: Queue,
    pub(super) index: DocIndex,
    pub(super) show_shortcuts: bool,
    pub(super) pending: Option<Pending>,
    /// Saving was asked for first; goes on when the document is clean.
    pub(super) after_save: Option<Pending>,
    pub(super) may_close: bool,
    seen_revision: Option<u64>,
}

impl Shell {
    /// A window in `theme`. `render_state` is eframe's, to show the renderer's textures where they lie.
    pub fn new(ctx: &Context, theme: ThemeChoice, dialogs: ShowDialog, render_state: Option<egui_wgpu::RenderState>) -> Self {
        super::fonts::install(ctx);
        // our table has its own keys for zoom
        ctx.options_mut(|o| o.zoom_with_keyboard = false);
        let theme = Theme::load(theme);
        theme.apply(ctx);
        Self {
            theme,
            shared: Shared::default(),
            bin: BinState::default(),
            viewer: ViewerState::default(),
            inspector: InspectorState::default(),
            timeline: TimelineState::default(),
            export: ExportState::default(),
            toasts: Toasts::default(),
            dialogs: Dialogs::new(dialogs),
            pictures: Pictures::new(render_state),
            queue: Queue::default(),
            index: DocIndex::default(),
            show_shortcuts: false,
            pending: None,
            after_save: None,
            may_close: false,
            seen_revision: None,
        }
    }

    /// What is selected, for tests and for other faces of the window.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    pub fn timeline(&self) -> &TimelineState {
        &self.timeline
    }

    /// What lies behind everything.
    pub fn background(&self) -> egui::Color32 {
        self.theme.surface(0)
    }

    pub fn set_theme(&mut self, ctx: &Context, choice: ThemeChoice) {
        self.theme = Theme::load(choice);
        self.theme.apply(ctx);
    }

    /// One pass: draw everything, then do what was asked for.
    pub fn ui(&mut self, ui: &mut Ui, program: &mut dyn Program) {
        self.begin(ui, program);
        let facts = self.facts(program);
        let project = program.project().clone();
        let shared = self.shared.clone();
        let theme = self.theme.clone();
        let mut cx = Cx {
            program,
            project,
            index: &self.index,
            theme: &theme,
            shared: &shared,
            facts,
            pictures: &mut self.pictures,
            out: &mut self.queue,
        };
        let panels = (&mut self.bin, &mut self.viewer, &mut self.inspector, &mut self.timeline);
        panels_ui(ui, &mut cx, panels);
        export::export_ui(ui, &mut self.export, &mut cx);
        if self.show_shortcuts && help::shortcuts_ui(ui, &theme) {
            self.show_shortcuts = false;
        }
        self.ask_unsaved(ui, program);
        drop_hint(ui, &theme, program.project().media.is_empty());
        self.toasts.ui(ui, &self.theme, size::STATUS + 12.0);
        for action in self.queue.take() {
            self.carry_out(ui.ctx(), program, action);
        }
        if !self.timeline.is_editing() {
            self.forget_removed(program);
        }
    }

    fn begin(&mut self, ui: &Ui, program: &mut dyn Program) {
        self.pictures.begin_pass();
        let now = ui.input(|i| i.time);
        for notice in program.take_notices() {
            self.toasts.push(notice, now);
        }
        let dropped: Vec<PathBuf> = ui.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_path_buf()).collect());
        if !dropped.is_empty() {
            self.take_files(program, dropped);
        }
        let chosen: Vec<Chosen> = self.dialogs.answers().collect();
        for answer in chosen {
            match answer {
                Chosen::Project(path) => self.guarded(program, Pending::Open(path)),
                Chosen::Media(paths) => self.take_files(program, paths),
                Chosen::SaveAs(path) => {
                    let path = if path.extension().is_some() { path } else { path.with_extension("montage") };
                    program.dispatch(Command::SaveAs(path));
                }
                Chosen::Output(path) => self.export.set_output(&path),
            }
        }
        self.go_on_after_save(ui.ctx(), program);
        self.take_keys(ui.ctx(), program);
        if ui.input(|i| i.viewport().close_requested()) && !self.may_close && program.is_dirty() {
            ui.ctx().send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.pending = Some(Pending::Quit);
        }
    }

    /// Shortcuts, before any widget sees the keys; not while text is typed or a dialog is open.
    fn take_keys(&mut self, ctx: &Context, program: &mut dyn Program) {
        let dialog = self.export.open || self.show_shortcuts || self.pending.is_some();
        if ctx.text_edit_focused() || dialog || egui::Popup::is_any_open(ctx) || self.timeline.is_editing() {
            return;
        }
        for id in commands::take_pressed(ctx) {
            let facts = self.facts(program);
            if commands::spec(id).when.holds(&facts) {
                self.carry_out(ctx, program, Action::Run(id));
            }
        }
        if ctx.input(|i| i.key_pressed(Key::Escape)) && !self.timeline.is_editing() {
            self.shared.selection = Default::default();
        }
    }

    /// Files dropped on the window or chosen: a project opens, everything else is imported.
    fn take_files(&mut self, program: &mut dyn Program, paths: Vec<PathBuf>) {
        let (projects, media) = super::split_files(paths);
        if let Some(path) = projects.into_iter().next() {
            self.guarded(program, Pending::Open(path));
        }
        if !media.is_empty() {
            program.dispatch(Command::Import(media));
        }
    }

    pub(super) fn facts(&mut self, program: &dyn Program) -> Facts {
        let project = program.project();
        self.index.update(&project.sequence);
        let selection = &self.shared.selection;
        Facts {
            has_clips: project.sequence.duration() > 0,
            selected_clips: selection.clips.len(),
            selected_linked: selection.clips.iter().any(|id| self.index.clip(*id).is_some_and(|(_, c)| c.link.is_some())),
            selected_transition: selection.transition.is_some() || selection.marker.is_some(),
            selected_media: !selection.media.is_empty(),
            has_marks: self.shared.marks != Default::default(),
            can_undo: program.undo_label().is_some(),
            can_redo: program.redo_label().is_some(),
        }
    }

    fn forget_removed(&mut self, program: &dyn Program) {
        if self.seen_revision != Some(program.revision()) {
            self.seen_revision = Some(program.revision());
            Arc::make_mut(&mut self.shared.selection).retain(program.project());
        }
    }

    pub(super) fn ask(&self, ask: Ask) {
        self.dialogs.ask(ask);
    }

    /// Run a command as if from its menu.
    pub fn run(&mut self, ctx: &Context, program: &mut dyn Program, id: CommandId) {
        self.carry_out(ctx, program, Action::Run(id));
    }
}

/// While files hover over the window: say what dropping them does. An empty project has its own words for it.
fn drop_hint(ui: &Ui, theme: &Theme, empty: bool) {
    if empty || ui.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    let rect = ui.ctx().content_rect().shrink(10.0);
    let painter = ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop hint")));
    painter.rect_filled(rect, 12.0, theme.veil());
    painter.rect_stroke(rect, 12.0, egui::Stroke::new(2.0, theme.accent()), egui::StrokeKind::Inside);
    painter.text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        super::words::tr("shell-drop-to-import"),
        super::fonts::semibold(22.0),
        theme.text(),
    );
}

type Panels<'a> = (&'a mut BinState, &'a mut ViewerState, &'a mut InspectorState, &'a mut TimelineState);

fn panels_ui(ui: &mut Ui, cx: &mut Cx<'_>, (bin, viewer, inspector, timeline): Panels<'_>) {
    let whole = ui.max_rect();
    let bar = Frame::new().fill(cx.theme.surface(1)).inner_margin(Margin::symmetric(8, 2));
    let plain = Frame::new().fill(cx.theme.surface(1));
    let padded = plain.inner_margin(Margin { left: 12, right: 12, top: 10, bottom: 4 });
    Panel::top("top bar").exact_size(size::TOP_BAR).frame(bar).show(ui, |ui| topbar::top_bar_ui(ui, cx));
    Panel::bottom("status line")
        .exact_size(size::STATUS)
        .frame(bar.inner_margin(Margin::symmetric(12, 0)))
        .show(ui, |ui| status::status_ui(ui, cx));
    // the share of the window in which a rough cut's tracks fit
    let height = (whole.height() * 0.38).max(220.0);
    Panel::bottom("timeline")
        .resizable(true)
        .default_size(height)
        .size_range(140.0..=(whole.height() - 240.0).max(150.0))
        .frame(plain)
        .show(ui, |ui| timeline::timeline_ui(ui, timeline, cx));
    // a narrow window keeps the viewer: side panels give way
    let narrow = whole.width() < 760.0;
    if cx.shared.show_media && !narrow {
        let panel = Panel::left("media").resizable(true).default_size(300.0).size_range(220.0..=440.0).frame(padded);
        panel.show(ui, |ui| bin::bin_ui(ui, bin, cx));
    }
    if cx.shared.show_inspector && whole.width() >= 980.0 {
        let panel = Panel::right("inspector").resizable(true).default_size(276.0).size_range(230.0..=420.0).frame(padded);
        panel.show(ui, |ui| inspector::inspector_ui(ui, inspector, cx));
    }
    CentralPanel::no_frame().show(ui, |ui| viewer::viewer_ui(ui, viewer, cx));
}
