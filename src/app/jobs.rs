//! The jobs panel: what runs in the background with bar, rate and time left, what is done and what went wrong. UI thread.

use super::{
    fonts, icons,
    state::Cx,
    status,
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use crate::session::{Command, JobState, JobStatus};
use egui::{Align, CornerRadius, Frame, Label, Layout, Margin, RichText, ScrollArea, Ui};

/// Jobs that run now.
pub fn running(jobs: &[JobStatus]) -> usize {
    jobs.iter().filter(|j| j.state == JobState::Running).count()
}

/// Draw the panel into all of `ui`.
pub fn jobs_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let jobs = cx.program.jobs().to_vec();
    if jobs.is_empty() {
        widgets::empty(ui, cx.theme, icons::QUEUE, &tr("shell-no-jobs"), &tr("shell-no-jobs.tip"));
        return;
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        // newest first
        for job in jobs.iter().rev() {
            job_ui(ui, cx, job);
        }
    });
}

fn job_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus) {
    let name = job.output.file_name().map_or_else(|| job.title.clone(), |n| n.to_string_lossy().into_owned());
    let (icon, color, words) = match job.state {
        JobState::Running => (icons::EXPORT, cx.theme.accent(), status::progress_text(job)),
        JobState::Queued | JobState::Waiting(_) => (icons::QUEUE, cx.theme.secondary(), tr("shell-job-queued")),
        JobState::Paused => (icons::PAUSE, cx.theme.secondary(), tr("shell-job-paused")),
        JobState::Interrupted => (icons::PAUSE, cx.theme.warning(), tr("shell-job-interrupted")),
        JobState::Completed => (icons::CHECK_CIRCLE, cx.theme.ok(), tr("export-finished")),
        JobState::Cancelled => (icons::CLOSE, cx.theme.secondary(), tr("export-cancelled")),
        JobState::Failed => (icons::WARNING_CIRCLE, cx.theme.failure(), tr("export-failed")),
    };
    let frame =
        Frame::new().fill(cx.theme.surface(2)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.label(RichText::new(icon.to_string()).font(fonts::icon(size::ICON)).color(color));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                action_ui(ui, cx, job, &name);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let width = ui.available_width();
                    ui.label(widgets::elided(ui, &name, fonts::semibold(size::TEXT), cx.theme.text(), width));
                });
            });
        });
        if job.state == JobState::Running {
            let label = tr_args("shell-progress-of", &[("name", name.as_str().into())]);
            widgets::progress_bar(ui, cx.theme, job.progress, ui.available_width(), color, &label);
        }
        let small = |text: String, color| Label::new(RichText::new(text).small().color(color)).wrap();
        ui.add(small(words, if job.state == JobState::Running { cx.theme.secondary() } else { color }));
        if let Some(error) = &job.error {
            ui.add(small(widgets::sentence(&error.text), cx.theme.text()));
            if let Some(hint) = &error.hint {
                ui.add(small(widgets::sentence(hint), cx.theme.secondary()));
            }
        }
    });
}

/// What can be done with a job.
fn action_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus, name: &str) {
    let (icon, key, command) = match job.state {
        JobState::Running | JobState::Queued | JobState::Waiting(_) | JobState::Paused => {
            (icons::CLOSE, "shell-cancel-job-of", Command::CancelJob(job.id))
        }
        JobState::Interrupted => (icons::PLAY, "shell-resume-job-of", Command::ResumeJob(job.id)),
        JobState::Completed => (icons::FOLDER_OPEN, "shell-reveal", Command::RevealOutput(job.id)),
        JobState::Failed | JobState::Cancelled => return,
    };
    let label = tr_args(key, &[("name", name.into())]);
    if widgets::icon_button_sized(ui, cx.theme, icon, &label, &label, true, false, 22.0, 14.0).clicked() {
        cx.out.send(command);
    }
}
