//! The dialog for speed and duration of the selected clips.

use crate::{
    app::{
        edits::clips::{self, SpeedWish, length_at, reduced, speed_for},
        state::Cx,
        theme::size,
        widgets,
        words::tr,
    },
    base::{format_timecode, parse_timecode},
    model::{Clip, Speed},
    session::Command,
};
use egui::{DragValue, Key, RichText, Ui};
use std::sync::Arc;

/// Slowest and fastest, in per cent.
const RANGE: std::ops::RangeInclusive<f64> = 1.0..=10_000.0;

/// What the dialog shows.
#[derive(Clone, Debug)]
pub struct SpeedDialog {
    /// Hundredths of a per cent, without direction.
    parts: i32,
    reverse: bool,
    ripple: bool,
    /// The duration as typed, until it is read.
    duration: Option<String>,
}

impl SpeedDialog {
    /// For the first of the clips.
    pub fn new(clip: &Clip) -> Self {
        let speed = clip.speed();
        let parts = f64::from(speed.0.unsigned_abs()) / f64::from(speed.1.max(1)) * 10_000.0;
        Self { parts: if speed.is_freeze() { 10_000 } else { parts.round() as i32 }, reverse: speed.0 < 0, ripple: false, duration: None }
    }

    fn speed(&self) -> Speed {
        reduced(if self.reverse { -self.parts } else { self.parts }, 10_000)
    }
}

/// Draw the dialog; false when it is done.
pub fn speed_ui(ui: &Ui, state: &mut SpeedDialog, cx: &mut Cx<'_>) -> bool {
    let first: Option<Arc<Clip>> = cx.selected_clips().into_iter().find(|c| c.content.source().is_some()).cloned();
    let Some(clip) = first else { return false };
    let mut done = false;
    let response = widgets::dialog(cx.theme, "speed dialog").show(ui.ctx(), |ui| {
        ui.set_width(320.0);
        ui.label(RichText::new(tr("timeline-speed-title")).font(crate::app::fonts::semibold(size::HEADING)));
        ui.add_space(10.0);
        egui::Grid::new("speed and duration").num_columns(2).spacing([16.0, 8.0]).show(ui, |ui| {
            ui.label(tr("timeline-speed"));
            let mut percent = f64::from(state.parts) / 100.0;
            let field = DragValue::new(&mut percent).range(RANGE).speed(1.0).suffix(" %").max_decimals(2);
            let response = ui.add(field);
            response.widget_info(|| {
                let mut info = egui::WidgetInfo::labeled(egui::accesskit::Role::SpinButton, true, tr("timeline-speed"));
                info.value = Some(percent);
                info
            });
            if response.changed() {
                state.parts = (percent * 100.0).round() as i32;
            }
            ui.end_row();
            ui.label(tr("timeline-duration"));
            duration(ui, state, cx, &clip);
            ui.end_row();
        });
        ui.add_space(6.0);
        ui.checkbox(&mut state.reverse, tr("timeline-reverse"));
        ui.checkbox(&mut state.ripple, tr("timeline-speed-ripple"));
        ui.add_space(14.0);
        let apply = widgets::button_row(ui, |ui| {
            let apply = widgets::primary_button(ui, cx.theme, &tr("timeline-apply"), true).clicked();
            done |= widgets::plain_button(ui, tr("timeline-cancel")).clicked();
            apply
        });
        let entered = ui.input(|i| i.key_pressed(Key::Enter)) && !ui.ctx().text_edit_focused();
        if apply || entered {
            if let Some(edit) = clips::speed(&cx.desk(), SpeedWish { speed: state.speed(), ripple: state.ripple }) {
                cx.out.send(Command::Edit(edit));
            }
            done = true;
        }
    });
    !(done || response.should_close())
}

/// The length at this speed, as timecode; a typed one sets the speed.
fn duration(ui: &mut Ui, state: &mut SpeedDialog, cx: &Cx<'_>, clip: &Clip) {
    let s = &cx.project.sequence;
    let shown = format_timecode(length_at(clip, state.speed()), s.frame_rate, s.drop_frame);
    let mut text = state.duration.clone().unwrap_or(shown);
    let response = ui.add(egui::TextEdit::singleline(&mut text).desired_width(110.0).char_limit(20));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::TextInput, true, tr("timeline-duration")));
    if response.changed() {
        if let Some(frames) = parse_timecode(&text, s.frame_rate).ok().filter(|f| *f > 0) {
            let speed = speed_for(clip, frames);
            let parts = i64::from(speed.0.unsigned_abs()) * 10_000 / i64::from(speed.1.max(1));
            state.parts = i32::try_from(parts).unwrap_or(10_000).clamp(100, 1_000_000);
        }
        state.duration = Some(text);
    }
    if response.lost_focus() {
        state.duration = None;
    }
}
