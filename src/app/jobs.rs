//! The jobs panel: what runs, what waits and what is over, each with what can be done about it. Jobs that were asked for together
//! are one line that opens. UI thread.

use super::{
    fonts, icons,
    state::Cx,
    status,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use crate::session::{Command, JobState, JobStatus, JobWait};
use egui::{Align, Color32, CornerRadius, Frame, Id, Label, Layout, Margin, RichText, ScrollArea, Ui};

/// Jobs that run now.
pub fn running(jobs: &[JobStatus]) -> usize {
    jobs.iter().filter(|j| j.state == JobState::Running).count()
}

/// What stands together in the panel, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Running,
    Waiting,
    Over,
}

impl Part {
    fn of(state: &JobState) -> Self {
        match state {
            JobState::Running => Self::Running,
            s if s.is_over() => Self::Over,
            _ => Self::Waiting,
        }
    }
    fn title(self) -> &'static str {
        match self {
            Self::Running => "jobs-running",
            Self::Waiting => "jobs-waiting",
            Self::Over => "jobs-over",
        }
    }
}

/// One line of the panel: a job, or a batch of several that is closed or open.
enum Line<'a> {
    Job(&'a JobStatus),
    Batch(u64, Vec<&'a JobStatus>),
}

impl Line<'_> {
    /// A batch runs while any of it does, and is over when all of it is.
    fn part(&self) -> Part {
        match self {
            Self::Job(j) => Part::of(&j.state),
            Self::Batch(_, jobs) if jobs.iter().any(|j| j.state == JobState::Running) => Part::Running,
            Self::Batch(_, jobs) if jobs.iter().all(|j| j.state.is_over()) => Part::Over,
            Self::Batch(..) => Part::Waiting,
        }
    }
}

/// Lines in the order of their first jobs; a batch of one is a job.
fn lines(jobs: &[JobStatus]) -> Vec<Line<'_>> {
    let mut out: Vec<Line<'_>> = Vec::new();
    for job in jobs {
        let of_batch = |l: &&mut Line<'_>| matches!(l, Line::Batch(b, _) if Some(*b) == job.batch);
        match (job.batch, out.iter_mut().find(of_batch)) {
            (Some(_), Some(Line::Batch(_, jobs))) => jobs.push(job),
            (Some(batch), _) => out.push(Line::Batch(batch, vec![job])),
            (None, _) => out.push(Line::Job(job)),
        }
    }
    for line in &mut out {
        if let Line::Batch(_, jobs) = line
            && let [one] = jobs[..]
        {
            *line = Line::Job(one);
        }
    }
    out
}

/// Draw the panel into all of `ui`.
pub fn jobs_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let jobs = cx.program.jobs().to_vec();
    if jobs.is_empty() {
        widgets::empty(ui, cx.theme, icons::QUEUE, &tr("shell-no-jobs"), &tr("shell-no-jobs.tip"));
        return;
    }
    let lines = lines(&jobs);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 6.0;
        for part in [Part::Running, Part::Waiting, Part::Over] {
            let mut mine: Vec<&Line<'_>> = lines.iter().filter(|l| l.part() == part).collect();
            if mine.is_empty() {
                continue;
            }
            heading_ui(ui, cx, part, mine.len());
            if part == Part::Over {
                // what ended last is looked for first
                mine.reverse();
            }
            for line in mine {
                match line {
                    Line::Job(job) => job_ui(ui, cx, job),
                    Line::Batch(id, jobs) => batch_ui(ui, cx, *id, jobs),
                }
            }
            ui.add_space(4.0);
        }
    });
}

fn heading_ui(ui: &mut Ui, cx: &mut Cx<'_>, part: Part, n: usize) {
    ui.horizontal(|ui| {
        ui.set_min_height(20.0);
        let text = format!("{}  {n}", tr(part.title()));
        ui.label(RichText::new(text).font(fonts::semibold(size::SMALL)).color(cx.theme.secondary()));
        if part == Part::Over {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (name, tip) = (tr("jobs-clear"), tr("jobs-clear.tip"));
                if widgets::icon_button_sized(ui, cx.theme, icons::BROOM, &name, &tip, true, false, 20.0, 13.0).clicked() {
                    cx.out.send(Command::ClearJobs);
                }
            });
        }
    });
}

fn card<R>(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui) -> R) -> R {
    let frame = Frame::new().fill(theme.surface(2)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(Margin::symmetric(10, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        content(ui)
    });
    shown.inner
}

fn small(text: String, color: Color32) -> Label {
    Label::new(RichText::new(text).small().color(color)).wrap()
}

/// Icon, name, and what can be done at the right end.
fn head_ui(ui: &mut Ui, cx: &mut Cx<'_>, icon: char, color: Color32, name: &str, actions: impl FnOnce(&mut Ui, &mut Cx<'_>)) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(icon.to_string()).font(fonts::icon(size::ICON)).color(color));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            actions(ui, cx);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let width = ui.available_width();
                ui.label(widgets::elided(ui, name, fonts::semibold(size::TEXT), cx.theme.text(), width));
            });
        });
    });
}

/// What a job is called where it is one of many: the file it writes or works on.
fn name_of(job: &JobStatus) -> String {
    let output = job.output.file_name().map(|n| n.to_string_lossy().into_owned());
    if job.subject.is_empty() { output.unwrap_or_else(|| job.title.clone()) } else { job.subject.clone() }
}

fn look(job: &JobStatus, cx: &Cx<'_>) -> (char, Color32, String) {
    let kind = match job.kind.as_str() {
        "export" | "" => icons::EXPORT,
        "proxy" => icons::FILM_SLATE,
        _ => icons::GAUGE,
    };
    match &job.state {
        JobState::Running => (kind, cx.theme.accent(), running_text(job)),
        JobState::Queued => (kind, cx.theme.secondary(), tr("shell-job-queued")),
        JobState::Waiting(JobWait::Job(_)) => (kind, cx.theme.secondary(), tr("jobs-waits-for-other")),
        JobState::Waiting(JobWait::Retry(_)) => {
            (icons::REPEAT, cx.theme.warning(), tr_args("jobs-tries-again", &[("n", (job.attempts + 1).into())]))
        }
        JobState::Paused => (icons::PAUSE, cx.theme.secondary(), tr("shell-job-paused")),
        JobState::Interrupted => (icons::PAUSE, cx.theme.warning(), tr("shell-job-interrupted")),
        JobState::Completed => (icons::CHECK_CIRCLE, cx.theme.ok(), tr("jobs-completed")),
        JobState::Cancelled => (icons::CLOSE, cx.theme.secondary(), tr("jobs-cancelled")),
        JobState::Failed => (icons::WARNING_CIRCLE, cx.theme.failure(), tr("jobs-failed")),
    }
}

/// `62 % · 14.2 frames/s · 0:41 left`, after what is being done.
fn running_text(job: &JobStatus) -> String {
    let text = status::progress_text(job);
    if job.step.is_empty() { text } else { format!("{} · {text}", widgets::sentence(&job.step)) }
}

fn job_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus) {
    let (icon, color, words) = look(job, cx);
    let name = name_of(job);
    let title = if job.title.is_empty() { name.clone() } else { job.title.clone() };
    let theme = cx.theme;
    card(ui, theme, |ui| {
        head_ui(ui, cx, icon, color, &title, |ui, cx| actions_ui(ui, cx, job, &name));
        let stands = matches!(job.state, JobState::Paused | JobState::Interrupted) && job.progress > 0.0;
        if job.state == JobState::Running || stands {
            let label = tr_args("shell-progress-of", &[("name", name.as_str().into())]);
            widgets::progress_bar(ui, cx.theme, job.progress, ui.available_width(), color, &label);
        }
        let quiet = matches!(job.state, JobState::Running | JobState::Paused);
        let words = if job.ours { words } else { format!("{words} · {}", tr("jobs-elsewhere")) };
        ui.add(small(words, if quiet { cx.theme.secondary() } else { color }));
        if let Some(error) = &job.error {
            ui.add(small(widgets::sentence(&error.text), cx.theme.text()));
            if let Some(hint) = &error.hint {
                ui.add(small(widgets::sentence(hint), cx.theme.secondary()));
            }
        }
        log_ui(ui, cx, job, &name);
    });
}

/// What a job has noted, behind a click.
fn log_ui(ui: &mut Ui, cx: &Cx<'_>, job: &JobStatus, name: &str) {
    if job.log.is_empty() {
        return;
    }
    let id = Id::unique(("job log", job.id));
    let open = is_open(ui, id);
    let icon = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let color = cx.theme.secondary();
    let icon = RichText::new(icon.to_string()).font(fonts::icon(11.0)).color(color);
    let text = RichText::new(tr_args("jobs-log", &[("n", job.log.len().into())])).small().color(color);
    let button = ui.add(egui::Button::new((icon, text)).frame(false)).accessible_name(tr_args("jobs-log-of", &[("name", name.into())]));
    if button.clicked() {
        toggle(ui, id);
    }
    if open {
        for line in job.log.iter() {
            ui.add(small(widgets::sentence(line), cx.theme.secondary()));
        }
    }
}

fn is_open(ui: &Ui, id: Id) -> bool {
    ui.data(|d| d.get_temp(id)).unwrap_or(false)
}

fn toggle(ui: &Ui, id: Id) {
    let open = is_open(ui, id);
    ui.data_mut(|d| d.insert_temp(id, !open));
}

/// Many jobs as one line, with the mean of their progress.
fn batch_ui(ui: &mut Ui, cx: &mut Cx<'_>, batch: u64, jobs: &[&JobStatus]) {
    let count = |of: fn(&JobState) -> bool| jobs.iter().filter(|j| of(&j.state)).count();
    let (done, failed) = (count(|s| *s == JobState::Completed), count(|s| *s == JobState::Failed));
    let active: Vec<u64> = jobs.iter().filter(|j| !j.state.is_over()).map(|j| j.id).collect();
    let sum: f32 = jobs.iter().map(|j| if j.state.is_over() { 1.0 } else { j.progress }).sum();
    let (color, icon) = match (active.is_empty(), failed) {
        (false, _) => (cx.theme.accent(), icons::QUEUE),
        (true, 0) => (cx.theme.ok(), icons::CHECK_CIRCLE),
        (true, _) => (cx.theme.warning(), icons::WARNING),
    };
    let kind = jobs.first().map(|j| j.kind.as_str()).unwrap_or_default();
    let title = super::words::try_tr(&format!("jobs-batch-{kind}")).unwrap_or_else(|| tr("jobs-batch"));
    let id = Id::unique(("job batch", batch));
    let open = is_open(ui, id);
    let theme = cx.theme;
    card(ui, theme, |ui| {
        head_ui(ui, cx, icon, color, &title, |ui, cx| {
            let (fold, fold_icon) = if open { ("jobs-fold", icons::CARET_DOWN) } else { ("jobs-unfold", icons::CARET_RIGHT) };
            if button(ui, cx, fold_icon, fold, &title) {
                toggle(ui, id);
            }
            if !active.is_empty() && button(ui, cx, icons::CLOSE, "jobs-cancel-all", &title) {
                active.iter().for_each(|id| cx.out.send(Command::CancelJob(*id)));
            }
        });
        if !active.is_empty() {
            let label = tr_args("shell-progress-of", &[("name", title.as_str().into())]);
            widgets::progress_bar(ui, cx.theme, sum / jobs.len().max(1) as f32, ui.available_width(), color, &label);
        }
        let mut words = tr_args("jobs-done-of", &[("done", done.into()), ("all", jobs.len().into())]);
        if failed > 0 {
            words = format!("{words} · {}", tr_args("jobs-failed-n", &[("n", failed.into())]));
        }
        ui.add(small(words, if failed > 0 { cx.theme.warning() } else { cx.theme.secondary() }));
    });
    if open {
        ui.indent(id, |ui| jobs.iter().for_each(|job| job_ui(ui, cx, job)));
    }
}

fn button(ui: &mut Ui, cx: &Cx<'_>, icon: char, key: &str, name: &str) -> bool {
    let label = tr_args(key, &[("name", name.into())]);
    widgets::icon_button_sized(ui, cx.theme, icon, &label, &label, true, false, 22.0, 14.0).clicked()
}

/// What can be done with a job, from the right end.
fn actions_ui(ui: &mut Ui, cx: &mut Cx<'_>, job: &JobStatus, name: &str) {
    let cancel = (icons::CLOSE, "shell-cancel-job-of", Command::CancelJob(job.id));
    let resume = (icons::PLAY, "shell-resume-job-of", Command::ResumeJob(job.id));
    let offered = match job.state {
        JobState::Running | JobState::Queued => vec![cancel, (icons::PAUSE, "jobs-pause", Command::PauseJob(job.id))],
        JobState::Waiting(_) => vec![cancel],
        JobState::Paused | JobState::Interrupted => vec![cancel, resume],
        JobState::Failed | JobState::Cancelled => vec![(icons::REPEAT, "jobs-retry", Command::RetryJob(job.id))],
        JobState::Completed if job.output.as_os_str().is_empty() => vec![],
        JobState::Completed => vec![(icons::FOLDER_OPEN, "shell-reveal", Command::RevealOutput(job.id))],
    };
    for (icon, key, command) in offered {
        if button(ui, cx, icon, key, name) {
            cx.out.send(command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: u64, state: JobState, batch: Option<u64>) -> JobStatus {
        JobStatus { id, state, batch, ..JobStatus::default() }
    }

    #[test]
    fn a_batch_is_one_line_that_runs_while_any_of_it_does() {
        use JobState::{Completed, Queued, Running};
        let jobs = [job(1, Completed, Some(7)), job(2, Running, None), job(3, Queued, Some(7)), job(4, Queued, Some(8))];
        let lines = lines(&jobs);
        let shape: Vec<usize> = lines.iter().map(|l| if let Line::Batch(_, jobs) = l { jobs.len() } else { 1 }).collect();
        assert_eq!(shape, [2, 1, 1], "a batch of one is a job");
        assert_eq!(lines.iter().map(Line::part).collect::<Vec<_>>(), [Part::Waiting, Part::Running, Part::Waiting]);
        let over = [job(1, Completed, Some(7)), job(2, JobState::Failed, Some(7))];
        assert_eq!(super::lines(&over)[0].part(), Part::Over);
        let runs = [job(1, Completed, Some(7)), job(2, Running, Some(7))];
        assert_eq!(super::lines(&runs)[0].part(), Part::Running);
    }
}
