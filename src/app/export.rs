//! The export dialog: choose what to make and where, watch it being made, open its folder. UI thread.

use super::{
    dialogs::Ask,
    fonts, icons,
    state::{Action, Cx},
    status,
    theme::size,
    widgets,
    words::{tr, tr_args, try_tr},
};
use crate::{
    model::Rendition,
    session::{Command, JobState, JobStatus, MediaState, Preset, Setting, jobs::CaptionsTo},
};
use egui::{
    Align, Color32, ComboBox, CornerRadius, Key, Layout, RichText, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2,
};
use std::path::{Path, PathBuf};

/// What the dialog remembers.
#[derive(Debug, Default)]
pub struct ExportState {
    pub open: bool,
    preset: usize,
    /// Destination as typed.
    output: String,
    marked_only: bool,
    /// Missing originals are exported from their proxies.
    allow_proxies: bool,
    captions: CaptionsTo,
    /// The job whose progress is shown: its id, or where it will write until the session has told the id.
    job: Option<Started>,
}

#[derive(Clone, Debug)]
struct Started {
    output: PathBuf,
    /// Jobs up to this id are older.
    after: u64,
}

impl ExportState {
    /// Open the dialog with the last export's preset and folder; the first time beside the project, or beside its first media.
    pub fn show(&mut self, cx: &Cx<'_>) {
        self.open = true;
        self.marked_only = cx.shared.marks.range(cx.project.sequence.duration()).is_some();
        let running = self.job.as_ref().and_then(|s| find(cx.program.jobs(), s)).is_some_and(|j| !j.state.is_over());
        if !running {
            self.job = None;
        }
        if self.output.is_empty() {
            let (presets, settings) = (cx.program.presets(), cx.program.settings());
            // as the last export was
            let last = settings.export_preset.as_ref().and_then(|name| presets.iter().position(|p| p.name == *name && p.available));
            self.preset = last.unwrap_or(self.preset);
            let extension = presets.get(self.preset).map_or("mp4", |p| p.extension.as_str());
            let folder = settings.export_folder.clone();
            let beside = cx
                .program
                .project_path()
                .or_else(|| cx.project.media.values().next().map(|m| m.file.path.as_path()))
                .and_then(Path::parent)
                .map_or_else(PathBuf::new, Path::to_path_buf);
            let folder = folder.unwrap_or(beside);
            let name = if cx.project.name.trim().is_empty() { tr("shell-untitled") } else { cx.project.name.trim().to_owned() };
            self.output = folder.join(format!("{} export.{extension}", name.replace(['/', '\\'], "-"))).display().to_string();
        }
    }

    /// The user chose a destination.
    pub fn set_output(&mut self, path: &Path) {
        self.output = path.display().to_string();
    }

    fn choose(&mut self, index: usize, presets: &[Preset]) {
        self.preset = index;
        if let Some(p) = presets.get(index) {
            self.output = Path::new(&self.output).with_extension(&p.extension).display().to_string();
        }
    }
}

fn find<'a>(jobs: &'a [JobStatus], started: &Started) -> Option<&'a JobStatus> {
    jobs.iter().rev().find(|j| j.id > started.after && j.output == started.output)
}

/// Draw the dialog if it is open.
pub fn export_ui(ui: &Ui, state: &mut ExportState, cx: &mut Cx<'_>) {
    if !state.open {
        return;
    }
    let response = widgets::dialog(cx.theme, "export dialog").show(ui.ctx(), |ui| {
        ui.set_width(560.0);
        ui.horizontal(|ui| {
            ui.label(RichText::new(tr("shell-export")).font(fonts::semibold(16.0)));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if widgets::icon_button(ui, cx.theme, icons::CLOSE, &tr("export-close"), &tr("export-close.tip"), true, false).clicked() {
                    cx.out.push(Action::CloseExport);
                }
            });
        });
        ui.add_space(8.0);
        let job = state.job.as_ref().and_then(|s| find(cx.program.jobs(), s)).cloned();
        match job {
            Some(job) => job_ui(ui, state, cx, &job),
            None => choose_ui(ui, state, cx),
        }
    });
    if response.should_close() {
        cx.out.push(Action::CloseExport);
    }
}

fn choose_ui(ui: &mut Ui, state: &mut ExportState, cx: &mut Cx<'_>) {
    let presets = cx.program.presets().to_vec();
    let room = (ui.ctx().content_rect().height() - 330.0).clamp(130.0, 480.0);
    ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for (i, preset) in presets.iter().enumerate() {
            if preset_ui(ui, cx, preset, i == state.preset) {
                state.choose(i, &presets);
            }
        }
    });
    ui.add_space(10.0);
    ui.label(RichText::new(tr("export-destination")).font(fonts::semibold(size::SMALL)).color(cx.theme.secondary()));
    ui.horizontal(|ui| {
        let width = ui.available_width() - 92.0;
        ui.add(TextEdit::singleline(&mut state.output).desired_width(width).margin(vec2(8.0, 6.0)))
            .accessible_name(tr("export-destination"));
        if widgets::plain_button(ui, tr("export-browse")).clicked() {
            cx.out.push(Action::Ask(Ask::Output { suggestion: PathBuf::from(&state.output) }));
        }
    });
    ui.add_space(8.0);
    let s = cx.project.sequence.clone();
    let marked = cx.shared.marks.range(s.duration());
    ui.horizontal(|ui| {
        ui.radio_value(&mut state.marked_only, false, tr("export-whole"));
        ui.add_enabled_ui(marked.is_some(), |ui| {
            let response = ui.radio_value(&mut state.marked_only, true, tr("export-marked"));
            response.on_disabled_hover_text(tr("export-marked.tip"));
        });
    });
    captions_ui(ui, state, cx, presets.get(state.preset));
    missing_ui(ui, state, cx);
    let range = marked.filter(|_| state.marked_only);
    let frames = range.map_or(s.duration(), |(a, b)| b - a);
    ui.add_space(12.0);
    ui.horizontal(|ui| {
        let length = crate::base::format_timecode(frames, s.frame_rate, s.drop_frame);
        let text = format!("{}×{} · {} · {length}", s.width, s.height, super::bin::rate_text(s.frame_rate.as_f64()));
        ui.label(RichText::new(text).small().color(cx.theme.secondary()));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let available = presets.get(state.preset).is_some_and(|p| p.available);
            let ready = !state.output.trim().is_empty() && available && frames > 0;
            let go = widgets::primary_button(ui, cx.theme, &tr("export-start"), ready).clicked();
            let enter = ready && ui.input(|i| i.key_pressed(Key::Enter));
            if go || enter {
                start(state, cx, &presets, range);
            }
            if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
                cx.out.push(Action::CloseExport);
            }
        });
    });
}

/// Where originals are missing that have proxies: whether these may do.
fn missing_ui(ui: &mut Ui, state: &mut ExportState, cx: &Cx<'_>) {
    let offline = |id| matches!(cx.program.media_state(id), MediaState::Offline(_));
    let stands_in = cx.project.media.iter().filter(|(id, m)| m.usable(Rendition::Proxy).is_some() && offline(**id)).count();
    if stands_in == 0 {
        state.allow_proxies = false;
        return;
    }
    ui.add_space(6.0);
    let text = tr_args("export-allow-proxies", &[("n", stands_in.into())]);
    ui.checkbox(&mut state.allow_proxies, text).on_hover_text(tr("export-allow-proxies.tip"));
}

/// Where captions go, where there are any. A track is offered to files that have one.
fn captions_ui(ui: &mut Ui, state: &mut ExportState, cx: &Cx<'_>, preset: Option<&Preset>) {
    let can_mux = preset.is_some_and(|p| p.container.takes_text());
    if cx.project.sequence.captions.is_empty() {
        state.captions = CaptionsTo::Project;
        return;
    }
    if state.captions == CaptionsTo::Mux && !can_mux {
        state.captions = CaptionsTo::Project;
    }
    let all = [
        (CaptionsTo::Project, "export-captions-project"),
        (CaptionsTo::Burn, "export-captions-burn"),
        (CaptionsTo::Mux, "export-captions-mux"),
        (CaptionsTo::Sidecar, "export-captions-sidecar"),
        (CaptionsTo::None, "export-captions-none"),
    ];
    let key = |c: CaptionsTo| all.iter().find(|a| a.0 == c).map_or("export-captions-project", |a| a.1);
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        let label = tr("export-captions");
        ui.label(RichText::new(&label).color(cx.theme.text()));
        let combo = ComboBox::from_id_salt("captions").selected_text(tr(key(state.captions))).width(190.0).show_ui(ui, |ui| {
            for (value, key) in all.into_iter().filter(|(v, _)| *v != CaptionsTo::Mux || can_mux) {
                ui.selectable_value(&mut state.captions, value, tr(key));
            }
        });
        combo.response.on_hover_text(tr("export-captions.tip")).accessible_name(&label);
    });
}

fn start(state: &mut ExportState, cx: &mut Cx<'_>, presets: &[Preset], range: Option<(i64, i64)>) {
    let Some(preset) = presets.get(state.preset) else { return };
    let output = PathBuf::from(state.output.trim());
    let after = cx.program.jobs().iter().map(|j| j.id).max().unwrap_or(0);
    state.job = Some(Started { output: output.clone(), after });
    cx.out.send(Command::Set(Setting::ExportPreset(Some(preset.name.clone()))));
    if let Some(folder) = output.parent().filter(|f| f.is_absolute()) {
        cx.out.send(Command::Set(Setting::ExportFolder(Some(folder.to_path_buf()))));
    }
    cx.out.send(Command::Export {
        output,
        preset: preset.name.clone(),
        range,
        allow_proxies: state.allow_proxies,
        captions: state.captions,
    });
}

/// Name and note of a preset in the window's language; those of a preset that the language files do not know stay.
fn preset_title(preset: &Preset) -> String {
    try_tr(&format!("export-preset-{}", preset.name)).unwrap_or_else(|| preset.title.clone())
}

fn preset_note(preset: &Preset) -> String {
    try_tr(&format!("export-preset-{}.tip", preset.name)).unwrap_or_else(|| preset.description.clone())
}

fn preset_ui(ui: &mut Ui, cx: &Cx<'_>, preset: &Preset, selected: bool) -> bool {
    let sense = if preset.available { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 42.0), sense);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, preset.available, selected, preset_title(preset)));
    let fill = match (selected, response.hovered()) {
        (true, _) => cx.theme.accent_tint(),
        (false, true) => cx.theme.surface(2),
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    let mark = rect.left_center() + vec2(18.0, 0.0);
    let color = if selected { cx.theme.accent() } else { cx.theme.faint() };
    ui.painter().circle_stroke(mark, 6.0, egui::Stroke::new(1.5, color));
    if selected {
        ui.painter().circle_filled(mark, 3.0, color);
    }
    let width = rect.width() - 130.0;
    let title_color = if preset.available { cx.theme.text() } else { cx.theme.secondary() };
    let title = widgets::elided(ui, &preset_title(preset), fonts::semibold(size::TEXT), title_color, width);
    ui.painter().galley(rect.left_top() + vec2(36.0, 5.0), title, title_color);
    let note = widgets::elided(ui, &widgets::sentence(&preset_note(preset)), fonts::regular(size::SMALL), cx.theme.secondary(), width);
    ui.painter().galley(rect.left_top() + vec2(36.0, 22.0), note, cx.theme.secondary());
    let kind = match (preset.available, preset.extension.as_str()) {
        (false, _) => tr("export-no-encoder"),
        (true, "") => tr("export-folder"),
        (true, extension) => format!(".{extension}"),
    };
    let right = rect.right_center() - vec2(12.0, 0.0);
    ui.painter().text(right, egui::Align2::RIGHT_CENTER, kind, fonts::regular(size::SMALL), cx.theme.secondary());
    response.clicked()
}

fn job_ui(ui: &mut Ui, state: &mut ExportState, cx: &mut Cx<'_>, job: &JobStatus) {
    let name = job.output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let (icon, color, words) = match job.state {
        JobState::Running => (icons::EXPORT, cx.theme.accent(), status::progress_text(job)),
        JobState::Queued | JobState::Waiting(_) => (icons::QUEUE, cx.theme.secondary(), tr("shell-job-queued")),
        JobState::Paused => (icons::PAUSE, cx.theme.secondary(), tr("shell-job-paused")),
        JobState::Interrupted => (icons::PAUSE, cx.theme.warning(), tr("shell-job-interrupted")),
        JobState::Completed => (icons::CHECK_CIRCLE, cx.theme.ok(), tr("export-finished")),
        JobState::Cancelled => (icons::CLOSE, cx.theme.secondary(), tr("export-cancelled")),
        JobState::Failed => (icons::WARNING_CIRCLE, cx.theme.failure(), tr("export-failed")),
    };
    ui.add_space(18.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(icon.to_string()).size(36.0).color(color));
        ui.label(RichText::new(name).font(fonts::semibold(14.0)));
        ui.label(RichText::new(job.output.display().to_string()).small().color(cx.theme.secondary()));
        ui.add_space(10.0);
        let fraction = if job.state == JobState::Completed { 1.0 } else { job.progress };
        widgets::progress_bar(ui, cx.theme, fraction, ui.available_width() - 40.0, color, &tr("export-progress"));
        ui.add_space(4.0);
        ui.label(RichText::new(words).color(if job.state == JobState::Running { cx.theme.text() } else { color }));
        if let Some(error) = &job.error {
            ui.label(RichText::new(widgets::sentence(&error.text)).color(cx.theme.text()));
            if let Some(hint) = &error.hint {
                ui.label(RichText::new(widgets::sentence(hint)).small().color(cx.theme.secondary()));
            }
        }
    });
    ui.add_space(18.0);
    widgets::button_row(ui, |ui| match job.state {
        JobState::Running | JobState::Queued | JobState::Waiting(_) | JobState::Paused | JobState::Interrupted => {
            if widgets::plain_button(ui, tr("export-go-on")).clicked() {
                cx.out.push(Action::CloseExport);
            }
            if widgets::plain_button(ui, tr("export-cancel")).clicked() {
                cx.out.send(Command::CancelJob(job.id));
            }
        }
        JobState::Completed => {
            if widgets::primary_button(ui, cx.theme, &tr("export-open-folder"), true).clicked() {
                cx.out.send(Command::RevealOutput(job.id));
            }
            if widgets::plain_button(ui, tr("export-done")).clicked() {
                cx.out.push(Action::CloseExport);
            }
        }
        JobState::Failed | JobState::Cancelled => {
            if widgets::primary_button(ui, cx.theme, &tr("export-back"), true).clicked() {
                state.job = None;
            }
        }
    });
}
