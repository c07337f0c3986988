//! The dialog that makes media larger: which model, how large, how long it will take here. UI thread; the work is a batch of jobs.

use super::{
    fonts, icons,
    state::Cx,
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use crate::{
    base::{MediaId, Time},
    model::Media,
    session::{
        Command, UpscaleWish,
        jobs::{Moment, UpscaleAsk, UpscaleTarget},
        models::ModelView,
        source_project,
    },
};
use egui::{Color32, CornerRadius, RichText, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, vec2};
use std::sync::Arc;

/// Width of the dialog, in points.
const WIDTH: f32 = 520.0;
/// What can be chosen: so many times as large, or so many lines.
const TARGETS: [UpscaleTarget; 6] = [
    UpscaleTarget::Times(2),
    UpscaleTarget::Times(3),
    UpscaleTarget::Times(4),
    UpscaleTarget::Height(1080),
    UpscaleTarget::Height(1440),
    UpscaleTarget::Height(2160),
];

/// What the dialog remembers.
#[derive(Debug)]
pub struct UpscaleState {
    pub open: bool,
    media: Vec<MediaId>,
    /// Name of a model; None = the usual one.
    model: Option<String>,
    target: UpscaleTarget,
    /// Only from in to out point.
    part: bool,
    /// Models that are not on this machine are listed too.
    more: bool,
}

impl Default for UpscaleState {
    fn default() -> Self {
        Self { open: false, media: Vec::new(), model: None, target: UpscaleTarget::Times(2), part: false, more: false }
    }
}

impl UpscaleState {
    /// Open it for the selected media and those of the selected clips; nothing happens where none of them has a picture.
    pub fn show(&mut self, cx: &mut Cx<'_>) {
        let mut media = cx.shared.selection.media.clone();
        media.extend(cx.shared.selection.clips_of(&cx.project).into_iter().filter_map(|c| c.media()));
        let has_picture = |id: &MediaId| cx.project.media.get(id).is_some_and(|m| m.info.video.is_some());
        self.media = media.into_iter().filter(has_picture).collect();
        self.open = !self.media.is_empty();
        self.part = false;
        if self.open {
            cx.out.send(Command::Upscaling(UpscaleWish::ListModels));
        }
    }
}

/// Draw the dialog if it is open.
pub fn upscale_ui(ui: &Ui, state: &mut UpscaleState, cx: &mut Cx<'_>) {
    let project = cx.project.clone();
    let films: Vec<&Arc<Media>> = state.media.iter().filter_map(|id| project.media.get(id)).collect();
    state.open &= !films.is_empty();
    if !state.open {
        return;
    }
    let models = cx.program.models().clone();
    let installed = |m: &&ModelView| m.installed;
    let wanted = state.model.as_ref().and_then(|name| models.iter().filter(installed).find(|m| m.name == *name));
    let model = wanted.or_else(|| models.iter().filter(installed).find(|m| m.usual)).or_else(|| models.iter().find(installed));
    let response = widgets::dialog(cx.theme, "upscale dialog").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH);
        ui.label(RichText::new(tr("upscale-title")).font(fonts::semibold(16.0)));
        ui.add_space(2.0);
        let subject = match films[..] {
            [one] => one.name.clone(),
            _ => tr_args("upscale-several", &[("n", films.len().into())]),
        };
        ui.label(RichText::new(subject).color(cx.theme.secondary()));
        heading(ui, cx, "upscale-model");
        models_ui(ui, cx, &models, model, &mut state.model, &mut state.more);
        heading(ui, cx, "upscale-size");
        targets_ui(ui, cx, &films, &mut state.target);
        let part = part_ui(ui, cx, &state.media, &films, &mut state.part);
        ui.add_space(12.0);
        let larger = films.iter().any(|m| becomes(m, state.target).is_some_and(|(from, to)| to.0 > from.0));
        let note = match model {
            None if models.is_empty() => tr("upscale-looking"),
            None => tr("upscale-no-model"),
            Some(_) if !larger => tr("upscale-not-larger"),
            Some(model) => estimate(cx, &films, model, part.as_ref().map_or(1.0, |p| p.share)),
        };
        ui.label(RichText::new(note).color(cx.theme.text()));
        let result = tr(if part.is_some() { "upscale-part-note" } else { "upscale-result-note" });
        ui.label(RichText::new(result).small().color(cx.theme.secondary()));
        ui.add_space(12.0);
        widgets::button_row(ui, |ui| {
            let ready = larger && model.is_some();
            let go = widgets::primary_button(ui, cx.theme, &tr("upscale-start"), ready).clicked();
            if let Some(model) = model.filter(|_| go) {
                let range = part.map(|p| p.range);
                let ask = UpscaleAsk { model: model.name.clone(), range, ..UpscaleAsk::new(state.target) };
                cx.out.send(Command::Upscaling(UpscaleWish::Make { media: state.media.clone(), ask }));
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

fn heading(ui: &mut Ui, cx: &Cx<'_>, key: &str) {
    ui.add_space(12.0);
    ui.label(RichText::new(tr(key)).font(fonts::semibold(size::SMALL)).color(cx.theme.secondary()));
    ui.add_space(2.0);
}

fn models_ui(ui: &mut Ui, cx: &Cx<'_>, models: &[ModelView], chosen: Option<&ModelView>, choice: &mut Option<String>, more: &mut bool) {
    let absent = models.iter().filter(|m| !m.installed).count();
    *more |= absent == models.len();
    ScrollArea::vertical().max_height(220.0).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for model in models.iter().filter(|m| m.installed || *more) {
            if model_ui(ui, cx, model, chosen == Some(model)) {
                *choice = Some(model.name.clone());
            }
        }
    });
    if !*more && absent > 0 {
        let text = RichText::new(tr_args("upscale-more-models", &[("n", absent.into())])).small().color(cx.theme.secondary());
        *more = ui.add(egui::Button::new(text).frame_when_inactive(false)).clicked();
    }
}

/// A row; true = chosen. What is not on this machine can be seen, with how to get it, and not chosen.
fn model_ui(ui: &mut Ui, cx: &Cx<'_>, model: &ModelView, selected: bool) -> bool {
    let sense = if model.installed { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 40.0), sense);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, model.installed, selected, &model.name));
    let fill = match (selected, response.hovered() && model.installed) {
        (true, _) => cx.theme.accent_tint(),
        (false, true) => cx.theme.surface(2),
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    let (color, icon) = match (selected, model.installed) {
        (true, _) => (cx.theme.accent(), icons::CHECK_CIRCLE),
        (false, true) => (cx.theme.secondary(), icons::SPARKLE),
        (false, false) => (cx.theme.faint(), icons::IMPORT),
    };
    let middle = rect.left_center() + vec2(18.0, 0.0);
    ui.painter().text(middle, egui::Align2::CENTER_CENTER, icon, fonts::icon(size::ICON), color);
    let width = rect.width() - 120.0;
    let text = if model.installed { cx.theme.text() } else { cx.theme.secondary() };
    let name = widgets::elided(ui, &model.name, fonts::semibold(size::TEXT), text, width);
    ui.painter().galley(rect.left_top() + vec2(36.0, 4.0), name, text);
    let about = match (model.installed, model.origin) {
        (false, _) => tr_args("upscale-get", &[("name", model.name.clone().into())]),
        (true, "program") => tr("upscale-model-own"),
        (true, "own") => tr("upscale-model-yours"),
        (true, _) => widgets::sentence(&model.about),
    };
    let about = widgets::elided(ui, &about, fonts::regular(size::SMALL), cx.theme.secondary(), rect.width() - 48.0);
    ui.painter().galley(rect.left_top() + vec2(36.0, 21.0), about, cx.theme.secondary());
    if let Some(scale) = model.scale {
        let right = rect.right_top() + vec2(-12.0, 12.0);
        ui.painter().text(right, egui::Align2::RIGHT_CENTER, format!("×{scale}"), fonts::regular(size::SMALL), cx.theme.secondary());
    }
    response.clicked()
}

fn targets_ui(ui: &mut Ui, cx: &Cx<'_>, films: &[&Arc<Media>], target: &mut UpscaleTarget) {
    ui.horizontal_wrapped(|ui| {
        for choice in TARGETS {
            let text = match choice {
                UpscaleTarget::Times(n) => format!("×{n}"),
                UpscaleTarget::Height(2160) => "4K".to_owned(),
                UpscaleTarget::Height(n) => format!("{n}p"),
            };
            ui.radio_value(target, choice, text);
        }
    });
    if let [one] = films[..]
        && let Some((from, to)) = becomes(one, *target)
    {
        let text = format!("{}×{} → {}×{}", from.0, from.1, to.0, to.1);
        ui.label(RichText::new(text).small().color(cx.theme.secondary()));
    }
}

/// A part of a film.
struct Part {
    range: (Moment, Moment),
    /// Of the whole film, 0–1.
    share: f64,
}

/// Whole film, or from in to out point as the source viewer has them; the latter where it is chosen. Nothing to choose for several media.
fn part_ui(ui: &mut Ui, cx: &Cx<'_>, media: &[MediaId], films: &[&Arc<Media>], part: &mut bool) -> Option<Part> {
    let ([id], [film]) = (media, films) else { return None };
    let video = film.info.video.as_ref().filter(|v| !v.still)?;
    let sequence = &source_project(*id, film, &cx.project.sequence).sequence;
    let marked = cx.shared.source_marks.get(id).and_then(|m| m.range(sequence.duration()));
    *part &= marked.is_some();
    heading(ui, cx, "upscale-length");
    ui.horizontal_wrapped(|ui| {
        ui.radio_value(part, false, tr("upscale-whole"));
        let text = match marked {
            Some((a, b)) => tr_args(
                "upscale-in-out-at",
                &[("from", sequence.timecode(a).into()), ("to", sequence.timecode(b).into()), ("n", (b - a).into())],
            ),
            None => tr("upscale-in-out"),
        };
        let choice = ui.add_enabled(marked.is_some(), egui::RadioButton::new(*part, text));
        if choice.clicked() {
            *part = true;
        }
        choice.on_disabled_hover_text(tr("upscale-no-marks"));
    });
    let (a, b) = marked.filter(|_| *part)?;
    // numbers of pictures mean nothing to a film whose pictures last differently long
    let moment = |n: i64| match video.variable_frame_rate {
        true => Moment::Time(Time::from_frames(n, sequence.frame_rate)),
        false => Moment::Frame(n.unsigned_abs()),
    };
    Some(Part { range: (moment(a), moment(b)), share: (b - a) as f64 / sequence.duration().max(1) as f64 })
}

/// The size of a media's picture, upright, and the one that it becomes.
fn becomes(media: &Media, target: UpscaleTarget) -> Option<((u32, u32), (u32, u32))> {
    let v = media.info.video.as_ref()?;
    let from = if v.rotation.swaps_sides() { (v.height, v.width) } else { (v.width, v.height) };
    Some((from, target.size(from)))
}

/// How long it will take, by what was measured here; asks for the measurement where there is none yet.
fn estimate(cx: &mut Cx<'_>, films: &[&Arc<Media>], model: &ModelView, share: f64) -> String {
    let Some(rate) = cx.program.upscale_rate(&model.name) else {
        cx.out.send(Command::Upscaling(UpscaleWish::Rate(model.name.clone())));
        return tr("upscale-measuring");
    };
    let pixels = |m: &&Arc<Media>| m.info.video.as_ref().map_or(0.0, |v| f64::from(v.width) * f64::from(v.height) * v.frames as f64);
    let secs = films.iter().map(pixels).sum::<f64>() * share / rate.max(1.0);
    tr_args("upscale-estimate", &[("time", widgets::duration_text(secs.ceil()).into())])
}
