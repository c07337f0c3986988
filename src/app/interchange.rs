//! Handing the timeline to other programs and taking theirs: which program, which format, and what would be lost. UI thread;
//! reading and writing are the session's.

use super::{
    dialogs::Ask,
    fonts, icons,
    state::{Action, Cx},
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use crate::session::{Command, TimelineFormat as Format, TimelineOptions, TimelineTarget as Target, timelines};
use egui::{Align2, CornerRadius, RichText, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo, accesskit::Role, vec2};
use std::path::{Path, PathBuf};

/// Width of both dialogs, in points.
const WIDTH: f32 = 600.0;
/// Lines of the loss report that are shown; a film of ten thousand clips can have more than anybody reads.
const SHOWN: usize = 500;

/// What the dialogs remember.
#[derive(Debug, Default)]
pub struct TimelineState {
    /// Writing.
    pub open: bool,
    target: Target,
    format: Option<Format>,
    output: String,
    /// What would be lost, and for which document and choice that holds.
    losses: Option<(u64, Target, Format, Losses)>,
    /// A timeline that was chosen and waits for the word to read it.
    reading: Option<PathBuf>,
    all_media: bool,
}

#[derive(Debug, Default)]
struct Losses {
    warnings: Vec<String>,
    unsupported: Vec<String>,
}

/// The format that a program takes best: what it imports with the least loss (see the room `interchange`).
fn usual(target: Target) -> Format {
    match target {
        Target::Premiere => Format::Xmeml,
        Target::Resolve | Target::Fcp => Format::Fcpxml,
        Target::Generic => Format::Otio,
    }
}

impl TimelineState {
    /// Open the dialog for writing, with a destination beside the project.
    pub fn show(&mut self, cx: &Cx<'_>) {
        self.open = true;
        let folder = cx
            .program
            .project_path()
            .or_else(|| cx.project.media.values().next().map(|m| m.file.path.as_path()))
            .and_then(Path::parent)
            .map_or_else(PathBuf::new, Path::to_path_buf);
        let name = if cx.project.name.trim().is_empty() { tr("shell-untitled") } else { cx.project.name.trim().to_owned() };
        if self.output.is_empty() {
            self.output = folder.join(name.replace(['/', '\\'], "-")).display().to_string();
        }
        let target = self.target;
        self.choose(target, self.format.unwrap_or(usual(target)));
    }

    fn choose(&mut self, target: Target, format: Format) {
        (self.target, self.format) = (target, Some(format));
        let bare = Path::new(&self.output);
        // a dot in the film's name is none before an extension
        let ours = Format::of(bare).is_some();
        self.output = if ours {
            bare.with_extension(format.extension()).display().to_string()
        } else {
            format!("{}.{}", self.output, format.extension())
        };
    }

    /// The user chose a destination; its extension says the format.
    pub fn set_output(&mut self, path: &Path) {
        self.output = path.display().to_string();
        match Format::of(path) {
            Some(format) => self.format = Some(format),
            None => self.choose(self.target, self.format.unwrap_or(usual(self.target))),
        }
    }

    /// A timeline was chosen: ask how to read it.
    pub fn read(&mut self, path: PathBuf) {
        self.reading = Some(path);
    }

    pub fn has_dialog(&self) -> bool {
        self.open || self.reading.is_some()
    }

    fn find_losses(&mut self, cx: &Cx<'_>, format: Format) {
        let revision = cx.program.revision();
        let holds = self.losses.as_ref().is_some_and(|(r, t, f, _)| (*r, *t, *f) == (revision, self.target, format));
        if !holds {
            let (warnings, unsupported) = timelines::losses(&cx.project, format, self.target);
            self.losses = Some((revision, self.target, format, Losses { warnings, unsupported }));
        }
    }
}

fn target_name(target: Target) -> String {
    match target {
        Target::Resolve => "DaVinci Resolve".into(),
        Target::Premiere => "Premiere Pro".into(),
        Target::Fcp => "Final Cut Pro".into(),
        Target::Generic => tr("export-timeline-generic"),
    }
}

fn format_name(format: Format) -> String {
    match format {
        Format::Otio => "OpenTimelineIO".into(),
        Format::Otioz => tr("export-timeline-otioz"),
        Format::Fcpxml => "FCPXML".into(),
        Format::Xmeml => "Final Cut Pro 7 XML".into(),
        Format::Edl => "EDL CMX3600".into(),
        Format::Csv => tr("export-timeline-csv"),
    }
}

/// Draw the dialogs that are open. A timeline that is to be read is given back, with whether all its media may be looked into.
pub fn timeline_ui(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>) -> Option<(PathBuf, bool)> {
    if state.open {
        write_ui(ui, state, cx);
    }
    read_ui(ui, state, cx.theme)
}

fn write_ui(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>) {
    let response = widgets::dialog(cx.theme, "export timeline").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
        ui.label(RichText::new(tr("export-timeline")).font(fonts::semibold(16.0)));
        ui.label(RichText::new(tr("export-timeline.text")).color(cx.theme.secondary()));
        ui.add_space(10.0);
        head(ui, cx.theme, &tr("export-timeline-for"));
        let (mut target, mut format) = (state.target, state.format.unwrap_or(usual(state.target)));
        let targets = Target::ALL.map(|t| (t, target_name(t), ""));
        if let Some(t) = choices(ui, cx.theme, &targets, target) {
            (target, format) = (t, usual(t));
        }
        ui.add_space(6.0);
        head(ui, cx.theme, &tr("export-timeline-format"));
        let formats = Format::ALL.map(|f| (f, format_name(f), f.extension()));
        if let Some(f) = choices(ui, cx.theme, &formats, format) {
            format = f;
        }
        if (Some(format), target) != (state.format, state.target) {
            state.choose(target, format);
        }
        ui.add_space(6.0);
        head(ui, cx.theme, &tr("export-destination"));
        ui.horizontal(|ui| {
            let width = ui.available_width() - 92.0;
            ui.add(TextEdit::singleline(&mut state.output).desired_width(width).margin(vec2(8.0, 6.0)))
                .accessible_name(tr("export-destination"));
            if widgets::plain_button(ui, tr("export-browse")).clicked() {
                cx.out.push(Action::Ask(Ask::TimelineOutput { suggestion: PathBuf::from(&state.output) }));
            }
        });
        ui.add_space(8.0);
        state.find_losses(cx, format);
        if let Some((_, _, _, losses)) = &state.losses {
            losses_ui(ui, cx.theme, losses);
        }
        ui.add_space(12.0);
        widgets::button_row(ui, |ui| {
            let ready = !state.output.trim().is_empty();
            if widgets::primary_button(ui, cx.theme, &tr("export-timeline-start"), ready).clicked() {
                let options = TimelineOptions { target, ..TimelineOptions::default() };
                cx.out.send(Command::ExportTimeline { output: PathBuf::from(state.output.trim()), format, options });
                state.open = false;
            }
            if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
                state.open = false;
            }
        });
    });
    if response.should_close() {
        state.open = false;
    }
}

/// One of several, two in a row, each with an extension at its end; the one that was clicked.
fn choices<T: Copy + PartialEq>(ui: &mut Ui, theme: &Theme, options: &[(T, String, &str)], now: T) -> Option<T> {
    let gap = 4.0;
    let cell = vec2((ui.available_width() - gap) / 2.0, 28.0);
    let mut chosen = None;
    for row in options.chunks(2) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap;
            for (value, name, extension) in row {
                let (rect, response) = ui.allocate_exact_size(cell, Sense::click());
                let selected = *value == now;
                response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, selected, name));
                let fill = match (selected, response.hovered() || response.has_focus()) {
                    (true, _) => theme.accent_tint(),
                    (false, true) => theme.surface(3),
                    (false, false) => theme.surface(2),
                };
                ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
                let mark = rect.left_center() + vec2(16.0, 0.0);
                let color = if selected { theme.accent() } else { theme.secondary() };
                ui.painter().circle_stroke(mark, 5.5, Stroke::new(1.5, color));
                if selected {
                    ui.painter().circle_filled(mark, 2.5, color);
                }
                let text = widgets::elided(ui, name, fonts::regular(size::TEXT), theme.text(), rect.width() - 90.0);
                ui.painter().galley(egui::pos2(rect.left() + 30.0, rect.center().y - text.size().y / 2.0), text, theme.text());
                if !extension.is_empty() {
                    let right = rect.right_center() - vec2(12.0, 0.0);
                    let extension = format!(".{extension}");
                    ui.painter().text(right, Align2::RIGHT_CENTER, extension, fonts::regular(size::SMALL), theme.secondary());
                }
                if response.clicked() {
                    chosen = Some(*value);
                }
            }
        });
    }
    chosen
}

fn head(ui: &mut Ui, theme: &Theme, text: &str) {
    ui.label(RichText::new(text).font(fonts::semibold(size::SMALL)).color(theme.secondary()));
}

fn losses_ui(ui: &mut Ui, theme: &Theme, losses: &Losses) {
    let (left_out, changed) = (losses.unsupported.len(), losses.warnings.len());
    if left_out + changed == 0 {
        loss(ui, icons::CHECK_CIRCLE, theme.ok(), &tr("export-timeline-whole"));
        return;
    }
    head(ui, theme, &tr_args("export-timeline-losses", &[("lost", left_out.into()), ("changed", changed.into())]));
    let room = (ui.ctx().content_rect().height() - 520.0).clamp(80.0, 260.0);
    let well = egui::Frame::new().fill(theme.surface(0)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(10);
    well.show(ui, |ui| {
        ScrollArea::vertical().max_height(room).min_scrolled_height(room).auto_shrink([false, true]).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            for line in losses.unsupported.iter().take(SHOWN) {
                let line = tr_args("export-timeline-lost", &[("what", line.as_str().into())]);
                loss(ui, icons::WARNING, theme.warning(), &line);
            }
            for line in losses.warnings.iter().take(SHOWN.saturating_sub(left_out)) {
                loss(ui, icons::INFO, theme.secondary(), line);
            }
            let more = (left_out + changed).saturating_sub(SHOWN);
            if more > 0 {
                let line = tr_args("export-timeline-more", &[("n", more.into())]);
                ui.label(RichText::new(line).size(size::SMALL).color(theme.secondary()));
            }
        });
    });
}

/// A line of the report, behind a sign.
fn loss(ui: &mut Ui, icon: char, color: egui::Color32, line: &str) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.label(RichText::new(icon.to_string()).font(fonts::icon(13.0)).color(color));
        ui.add(egui::Label::new(RichText::new(line).size(size::SMALL)).wrap());
    });
}

fn read_ui(ui: &Ui, state: &mut TimelineState, theme: &Theme) -> Option<(PathBuf, bool)> {
    let path = state.reading.clone()?;
    let (mut go, mut leave) = (false, false);
    let response = widgets::dialog(theme, "import timeline").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 80.0));
        ui.label(RichText::new(tr("export-timeline-import")).font(fonts::semibold(16.0)));
        ui.add(egui::Label::new(RichText::new(path.display().to_string()).color(theme.secondary())).truncate());
        ui.add_space(10.0);
        ui.label(tr("export-timeline-import.text"));
        ui.add_space(8.0);
        ui.checkbox(&mut state.all_media, tr("export-timeline-all-media"));
        ui.add_space(12.0);
        widgets::button_row(ui, |ui| {
            go = widgets::primary_button(ui, theme, &tr("export-timeline-read"), true).clicked();
            leave = widgets::plain_button(ui, tr("shell-cancel")).clicked();
        });
    });
    if go || leave || response.should_close() {
        state.reading = None;
    }
    go.then_some((path, state.all_media))
}
