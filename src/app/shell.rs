//! The window without its frame: arranges the panels, gathers their wishes, carries them out. Owns what the window
//! remembers; the program stands behind a trait, so that tests drive the same shell without files or decoders.

use super::{
    archive::Archive,
    bin::BinPrefs,
    commands::{self, CommandId, Facts},
    dialogs::{Ask, Chosen, Dialogs, ShowDialog},
    dock::{Dock, PanelId, Panels},
    export::{self, ExportState},
    help,
    incoming::Incoming,
    index::DocIndex,
    interchange::{self, TimelineState as Interchange},
    jkl::ShuttleKeys,
    keymap::{self, Keymap, editor::KeyEditor},
    montage::{self, MontageState},
    palette::{self, Palette},
    pictures::Pictures,
    prefs,
    program::Program,
    relink::RelinkState,
    state::{Action, Cx, Queue, Shared},
    status,
    theme::{Theme, ThemeChoice, size},
    timeline::TimelineState,
    toasts::Toasts,
    topbar,
    upscale::{self, UpscaleState},
    viewer,
    viewing::Told,
    words::{Language, tr},
};
use crate::{
    base::Severity,
    session::{Command, Monitor, Notice, Setting, SpeechWish, UpscaleWish},
};
use egui::{CentralPanel, Context, Frame, Key, Margin, Panel, Ui};
use std::{path::PathBuf, sync::Arc};

/// What waits for the answer about unsaved changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pending {
    New,
    Open(PathBuf),
    Recover(u64),
    Version(PathBuf),
    /// A timeline of another program, and whether all its media are looked into.
    Timeline(PathBuf, bool),
    Quit,
}

/// Where the settings keep what the palette remembers.
pub(super) const PALETTE: &str = "palette";

/// Everything the window remembers.
pub struct Shell {
    pub(super) theme: Theme,
    pub(super) shared: Shared,
    pub(super) panels: Panels,
    pub(super) dock: Dock,
    /// The program viewer fills the screen.
    pub(super) cinema: bool,
    pub(super) export: ExportState,
    pub(super) upscale: UpscaleState,
    pub(super) montage: MontageState,
    pub(super) interchange: Interchange,
    pub(super) toasts: Toasts,
    pub(super) dialogs: Dialogs,
    pub(super) pictures: Pictures,
    pub(super) queue: Queue,
    pub(super) index: DocIndex,
    /// The text that the desktop brings next goes between clips, not over them.
    pub(super) paste_between: bool,
    pub(super) show_shortcuts: bool,
    pub(super) show_settings: bool,
    pub(super) key_editor: KeyEditor,
    pub(super) palette: Palette,
    pub(super) archive: Archive,
    pub(super) relink: RelinkState,
    /// Unsaved work has been offered.
    pub(super) offered: bool,
    pub(super) pending: Option<Pending>,
    /// Saving was asked for first; goes on when the document is clean.
    pub(super) after_save: Option<Pending>,
    pub(super) may_close: bool,
    /// Makes the words those of the settings' language, or of the desktop's where they name none.
    pub(super) speak: fn(Option<Language>),
    /// The settings' keymap in force.
    pub(super) keymap: Option<String>,
    seen_revision: Option<u64>,
    /// The jobs of other programs are looked for.
    watches_jobs: bool,
    /// Text was being typed in the last pass: Escape, which ends that before this pass begins, means the text alone.
    was_typing: bool,
    pub(super) told: Told,
    pub(super) shuttle: ShuttleKeys,
    /// A pass has run: the settings are in force.
    begun: bool,
}

impl Shell {
    /// A window that looks as the settings say from its first pass on. `speak` is told the language that they name;
    /// `render_state` is eframe's, to show the renderer's textures where they lie.
    pub fn new(ctx: &Context, speak: fn(Option<Language>), dialogs: ShowDialog, render_state: Option<egui_wgpu::RenderState>) -> Self {
        super::fonts::install(ctx);
        // our table has its own keys for zoom
        ctx.options_mut(|o| o.zoom_with_keyboard = false);
        let theme = Theme::load(ThemeChoice::default());
        theme.apply(ctx);
        Self {
            theme,
            shared: Shared::default(),
            panels: Panels::default(),
            dock: Dock::default(),
            cinema: false,
            export: ExportState::default(),
            upscale: UpscaleState::default(),
            montage: MontageState::default(),
            interchange: Interchange::default(),
            toasts: Toasts::default(),
            dialogs: Dialogs::new(dialogs),
            pictures: Pictures::new(render_state),
            queue: Queue::default(),
            index: DocIndex::default(),
            paste_between: false,
            show_shortcuts: false,
            show_settings: false,
            key_editor: KeyEditor::default(),
            palette: Palette::default(),
            archive: Archive::default(),
            relink: RelinkState::default(),
            offered: false,
            pending: None,
            after_save: None,
            may_close: false,
            speak,
            keymap: None,
            seen_revision: None,
            watches_jobs: false,
            was_typing: false,
            told: Told::default(),
            shuttle: ShuttleKeys::default(),
            begun: false,
        }
    }

    /// What is selected, for tests and for other faces of the window.
    pub fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Select as if by a click.
    pub fn select(&mut self, selection: super::state::Selection) {
        self.shared.selection = selection.into();
    }

    pub fn dock(&self) -> &Dock {
        &self.dock
    }

    pub fn timeline(&self) -> &TimelineState {
        &self.panels.timeline
    }

    /// What lies behind everything.
    pub fn background(&self) -> egui::Color32 {
        self.theme.surface(0)
    }

    pub fn set_theme(&mut self, ctx: &Context, choice: ThemeChoice) {
        self.theme = Theme::load(choice.resolved(ctx)).chosen_as(choice);
        self.theme.apply(ctx);
    }

    /// Where the desktop decides between dark and light, follow it.
    fn follow_desktop(&mut self, ctx: &Context) {
        if self.theme.choice == ThemeChoice::System && self.theme.is_dark() != (ThemeChoice::System.resolved(ctx) == ThemeChoice::Dark) {
            self.set_theme(ctx, ThemeChoice::System);
        }
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
        if self.cinema {
            viewer::full_screen_ui(ui, &mut self.panels.viewer, &mut cx);
        } else {
            frame_ui(ui, &mut cx, &mut self.dock, &mut self.panels);
        }
        export::export_ui(ui, &mut self.export, &mut cx);
        upscale::upscale_ui(ui, &mut self.upscale, &mut cx);
        montage::montage_ui(ui, &mut self.montage, &mut cx);
        let timeline = interchange::timeline_ui(ui, &mut self.interchange, &mut cx);
        self.show_settings &= !(self.show_settings && prefs::prefs_ui(ui, &mut cx));
        let recent = palette::palette_ui(ui, &mut self.palette, &theme, &facts, &mut self.queue);
        match self.show_shortcuts.then(|| help::shortcuts_ui(ui, &theme)).flatten() {
            Some(help::Overview::Close) => self.show_shortcuts = false,
            Some(help::Overview::Customise) => {
                self.show_shortcuts = false;
                self.key_editor.show();
            }
            None => {}
        }
        if let Some(map) = keymap::editor::editor_ui(ui, &mut self.key_editor, &theme) {
            self.queue.send(Command::Set(Setting::Keymap(Some(map.to_text()))));
        }
        if recent {
            let state = Some(self.palette.to_text());
            program.dispatch(Command::Set(Setting::Panel { name: PALETTE.into(), state }));
        }
        if let Some((path, all_media)) = timeline {
            self.guarded(program, Pending::Timeline(path, all_media));
        }
        self.archive_ui(ui, program);
        self.relink_ui(ui, program);
        self.ask_unsaved(ui, program);
        drop_hint(ui, &theme, program.project().media.is_empty());
        let offered = self.offer_ui(ui, program);
        self.toasts.ui(ui, &self.theme, size::STATUS + 12.0 + offered);
        // what other programs do matters only while somebody looks
        let watches = !self.cinema && self.dock.is_in_front(PanelId::Jobs);
        if watches != std::mem::replace(&mut self.watches_jobs, watches) {
            program.dispatch(Command::WatchJobs(watches));
        }
        if let Some(layout) = self.dock.changed(ui) {
            program.dispatch(Command::Set(Setting::Layout(Some(layout.to_text()))));
        }
        if let Some(state) = self.panels.bin.changed_prefs(ui) {
            program.dispatch(Command::Set(Setting::Panel { name: BinPrefs::NAME.into(), state: Some(state) }));
        }
        for action in self.queue.take() {
            self.carry_out(ui.ctx(), program, action);
        }
        self.sync_viewers(program);
        self.was_typing = ui.ctx().text_edit_focused();
        if !self.is_dragging() {
            self.forget_removed(program);
        }
    }

    fn begin(&mut self, ui: &Ui, program: &mut dyn Program) {
        if !std::mem::replace(&mut self.begun, true) {
            let settings = program.settings().clone();
            self.start_with(ui.ctx(), &settings);
            if settings.preview_divisor != program.viewer().quality {
                program.dispatch(Command::SetQuality(settings.preview_divisor));
            }
            self.panels.bin.load_prefs(settings.panels.get(BinPrefs::NAME));
        }
        self.follow_desktop(ui.ctx());
        self.shared.panels = self.dock.open_panels();
        self.pictures.begin_pass();
        let now = ui.input(|i| i.time);
        for notice in program.take_notices() {
            self.toasts.push(notice, now);
        }
        let dropped: Vec<PathBuf> = ui.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_path_buf()).collect());
        if !dropped.is_empty() {
            let folder = ui.input(|i| i.pointer.latest_pos()).and_then(|pos| self.panels.bin.folder_at(pos));
            self.take_files(program, dropped, folder);
        }
        let chosen: Vec<Chosen> = self.dialogs.answers().collect();
        for answer in chosen {
            match answer {
                Chosen::Project(path) => self.guarded(program, Pending::Open(path)),
                Chosen::Media(paths) => self.take_files(program, paths, None),
                Chosen::MediaInto { paths, folder } => self.take_files(program, paths, Some(folder)),
                Chosen::Relink { media, path } => program.dispatch(Command::Relink { media, path }),
                Chosen::RelinkFolder(folder) => program.dispatch(Command::FindMissing(folder)),
                Chosen::SaveAs(path) => {
                    let path = if path.extension().is_some() { path } else { path.with_extension("montage") };
                    program.dispatch(Command::SaveAs(path));
                }
                Chosen::Output(path) => self.export.set_output(&path),
                Chosen::Timeline(path) => self.read_timeline(path),
                Chosen::Captions(path) => program.dispatch(Command::ImportCaptions(path)),
                Chosen::CaptionsOutput(path) => program.dispatch(Command::ExportCaptions(path)),
                Chosen::Transcript { media, path } => program.dispatch(Command::Speech(SpeechWish::Import { media, path })),
                Chosen::TranscriptOutput { media, path } => program.dispatch(Command::Speech(SpeechWish::Export { media, path })),
                Chosen::TimelineOutput(path) => self.interchange.set_output(&path),
                Chosen::NoDialog => {
                    let (text, hint) = (tr("shell-no-dialog"), Some(tr("shell-no-dialog-hint")));
                    self.toasts.push(Notice { severity: Severity::Failure, good: false, text, hint }, ui.input(|i| i.time));
                }
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
        let map = Keymap::of(ctx);
        if let Some(what) = self.shuttle.look(|id| ctx.input(|i| map.keys(id).iter().any(|k| i.key_down(k.logical_key)))) {
            self.transport(program, what);
        }
        let dialog = self.export.open
            || self.upscale.open
            || self.montage.open
            || self.interchange.has_dialog()
            || self.show_shortcuts
            || self.show_settings
            || self.key_editor.open
            || self.palette.open
            || self.panels.bin.is_asking()
            || self.pending.is_some()
            || self.panels.timeline.has_dialog()
            || self.archive != Archive::Closed
            || program.relinks().is_some();
        if ctx.text_edit_focused() || dialog || egui::Popup::is_any_open(ctx) || self.is_dragging() {
            return;
        }
        self.panels.bin.take_keys(ctx);
        self.panels.footage.take_keys(ctx);
        // arrows walk from clip to clip where the lanes have the focus
        let walked = [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown];
        let kept: &[Key] = if TimelineState::has_focus(ctx) { &walked } else { &[] };
        for id in keymap::take_pressed(ctx, kept) {
            let facts = self.facts(program);
            if commands::spec(id).when.holds(&facts) {
                self.carry_out(ctx, program, Action::Run(id));
            }
        }
        if self.cinema && ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, Key::Escape)) {
            self.leave_cinema(ctx);
        } else if ctx.input(|i| i.key_pressed(Key::Escape)) && !self.was_typing {
            self.shared.selection = Default::default();
        }
    }

    /// Keys belong to what is being dragged in the timeline or on the picture.
    fn is_dragging(&self) -> bool {
        self.panels.timeline.is_editing() || self.panels.viewer.is_editing() || self.panels.inspector.is_dragging()
    }

    /// Files dropped on the window or chosen: a project opens, another program's timeline is read once the user has said how,
    /// captions and models come in as such, and everything else as media, into a folder of the bin where one was meant.
    fn take_files(&mut self, program: &mut dyn Program, paths: Vec<PathBuf>, folder: Option<String>) {
        let Incoming { projects, timelines, captions, models, media } = Incoming::sort(paths);
        if !models.is_empty() {
            program.dispatch(Command::Upscaling(UpscaleWish::ImportModels(models)));
        }
        if let Some(path) = projects.into_iter().next() {
            self.guarded(program, Pending::Open(path));
        }
        if let Some(path) = timelines.into_iter().next() {
            self.read_timeline(path);
        }
        captions.into_iter().for_each(|path| program.dispatch(Command::ImportCaptions(path)));
        if !media.is_empty() {
            program.dispatch(match folder.filter(|f| !f.is_empty()) {
                Some(folder) => Command::ImportInto { paths: media, folder },
                None => Command::Import(media),
            });
        }
    }

    /// Asks how a timeline of another program is to be read.
    pub(super) fn read_timeline(&mut self, path: PathBuf) {
        self.interchange.read(path);
    }

    pub(super) fn facts(&mut self, program: &dyn Program) -> Facts {
        let in_source = self.active_monitor(program) == Monitor::Source;
        let project = program.project();
        self.index.update(&project.sequence);
        let selection = &self.shared.selection;
        Facts {
            has_file: program.project_path().is_some(),
            has_recoverable: !program.recoverable().is_empty(),
            has_clips: project.sequence.duration() > 0,
            has_source: program.source().is_some(),
            in_source,
            selected_clips: selection.clips.len(),
            selected_linked: selection.clips.iter().any(|id| self.index.clip(*id).is_some_and(|(_, c)| c.link.is_some())),
            selected_chosen: selection.clips.iter().any(|id| self.index.clip(*id).is_some_and(|(_, c)| c.chosen.is_some())),
            has_montage: project.sequence.montage.is_some(),
            has_pictures: project.media.values().any(|m| m.info.video.is_some()),
            selected_transition: selection.transition.is_some() || selection.marker.is_some() || selection.caption.is_some(),
            selected_media: !selection.media.is_empty(),
            has_media: !project.media.is_empty(),
            selected_gap: selection.gap.is_some(),
            selected_words: selection.words.is_some(),
            nested: self.panels.timeline.is_nested(),
            has_marks: self.shared.marks != Default::default() || in_source,
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

/// Room for the bars above and below the panels, and the panels.
fn frame_ui(ui: &mut Ui, cx: &mut Cx<'_>, dock: &mut Dock, panels: &mut Panels) {
    let bar = Frame::new().fill(cx.theme.surface(1)).inner_margin(Margin::symmetric(8, 2));
    Panel::top("top bar").exact_size(size::TOP_BAR).frame(bar).show(ui, |ui| topbar::top_bar_ui(ui, cx));
    Panel::bottom("status line")
        .exact_size(size::STATUS)
        .frame(bar.inner_margin(Margin::symmetric(12, 0)))
        .show(ui, |ui| status::status_ui(ui, cx));
    CentralPanel::no_frame().show(ui, |ui| dock.ui(ui, panels, cx));
}
