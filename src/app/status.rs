//! The status line: what draws, the sequence's format, the running job with rate and time left. UI thread.

use super::{
    icons,
    state::Cx,
    theme::size,
    widgets,
    words::{self, tr, tr_args},
};
use crate::session::{Command, JobState, JobStatus};
use egui::{Align, Layout, RichText, Ui};

pub fn status_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let status = cx.program.status().clone();
    let jobs: Vec<JobStatus> = cx.program.jobs().iter().filter(|j| j.state == JobState::Running).cloned().collect();
    let waiting = cx.program.jobs().iter().filter(|j| matches!(j.state, JobState::Queued | JobState::Waiting(_))).count();
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let small = |text: String| RichText::new(text).size(size::SMALL).color(cx.theme.secondary());
        ui.label(small(format!("{} {}", icons::GPU, status.renderer))).on_hover_text(tr("shell-renderer-tip"));
        // in a narrow window the job comes first
        if !jobs.is_empty() && ui.available_width() < 620.0 {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| job_ui(ui, cx, &jobs[0], jobs.len() - 1 + waiting));
            return;
        }
        if cx.program.is_read_only() {
            ui.add_space(8.0);
            let text = RichText::new(format!("{} {}", icons::LOCK, tr("shell-read-only"))).size(size::SMALL).color(cx.theme.warning());
            ui.label(text).on_hover_text(tr("shell-read-only.tip"));
        }
        ui.add_space(8.0);
        ui.label(small(status.format)).on_hover_text(tr("shell-format-tip"));
        if let Some(note) = selection_note(cx) {
            ui.add_space(8.0);
            ui.label(small(note));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if let Some(job) = jobs.first() {
                job_ui(ui, cx, job, jobs.len() - 1 + waiting);
            }
        });
    });
}

fn selection_note(cx: &Cx<'_>) -> Option<String> {
    let clips = cx.selected_clips();
    if clips.is_empty() {
        return None;
    }
    let (from, to) = clips.iter().fold((i64::MAX, 0), |(a, b), c| (a.min(c.start), b.max(c.end())));
    let s = &cx.project.sequence;
    let words = tr_args("shell-selected-clips", &[("n", clips.len().into())]);
    Some(format!("{words} · {}", crate::base::format_timecode(to - from, s.frame_rate, false)))
}

/// `62 % · 14.2 frames/s · 0:41 left`.
pub fn progress_text(job: &JobStatus) -> String {
    let mut parts = vec![tr_args("shell-percent", &[("n", (job.progress * 100.0).floor().into())])];
    if job.rate > 0.0 {
        parts.push(tr_args("shell-frames-per-second", &[("rate", words::decimal(job.rate.into(), 1).into())]));
    }
    if let Some(left) = job.time_left {
        parts.push(tr_args("shell-time-left", &[("time", widgets::duration_text(left.into()).into())]));
    }
    parts.join(" · ")
}

/// `Exporting day.mp4`.
pub fn job_name(job: &JobStatus) -> String {
    if !job.kind.is_empty() {
        return job.title.clone();
    }
    let name = job.output.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    tr_args("shell-exporting", &[("name", name.into())])
}

fn job_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus, more: usize) {
    let small = |text: String| RichText::new(text).size(size::SMALL).color(cx.theme.secondary());
    let cancel = widgets::icon_button_sized(
        ui,
        cx.theme,
        icons::CLOSE,
        &tr("shell-cancel-job"),
        &tr("shell-cancel-job.tip"),
        true,
        false,
        18.0,
        11.0,
    );
    if cancel.clicked() {
        cx.out.send(Command::CancelJob(job.id));
    }
    if more > 0 {
        ui.label(small(tr_args("shell-more-jobs", &[("n", more.into())])));
    }
    ui.label(small(progress_text(job)));
    widgets::progress_bar(ui, cx.theme, job.progress, 140.0, cx.theme.accent(), &tr("shell-job-progress"));
    ui.label(RichText::new(job_name(job)).size(size::SMALL).color(cx.theme.text()));
}
