//! Messages in the lower right corner. Good news and warnings leave by themselves, failures stay until closed. UI thread.

use super::{fonts, icons, theme::Theme, theme::size, widgets, words::tr};
use crate::{base::Severity, session::Notice};
use egui::{Align2, Area, CornerRadius, Frame, Id, Margin, Order, RichText, Ui, vec2};
use std::time::Duration;

/// How long good news and warnings stay, in seconds; those that say what to do stay longer.
const STAY_SECS: f64 = 6.0;
const STAY_WITH_HINT_SECS: f64 = 15.0;
/// Never more than this many at once.
const MOST: usize = 5;

struct Toast {
    notice: Notice,
    /// Time of the last arrival of this very message.
    since: f64,
    times: u32,
}

impl Toast {
    /// Seconds that it stays from now; None until it is closed.
    fn left_secs(&self, now: f64) -> Option<f64> {
        let stay = if self.notice.hint.is_some() { STAY_WITH_HINT_SECS } else { STAY_SECS };
        (self.notice.severity != Severity::Failure).then_some(stay - (now - self.since))
    }
}

/// The messages on screen.
#[derive(Default)]
pub struct Toasts {
    shown: Vec<Toast>,
}

impl Toasts {
    /// Show a message; the same one again only counts up.
    pub fn push(&mut self, notice: Notice, now: f64) {
        if let Some(t) = self.shown.iter_mut().find(|t| t.notice == notice) {
            t.since = now;
            t.times += 1;
            return;
        }
        self.shown.push(Toast { notice, since: now, times: 1 });
        if self.shown.len() > MOST {
            self.shown.remove(0);
        }
    }

    /// Draw the messages above `bottom` and forget those whose time is over.
    pub fn ui(&mut self, ui: &Ui, theme: &Theme, bottom: f32) {
        let now = ui.input(|i| i.time);
        self.shown.retain(|t| t.left_secs(now).is_none_or(|left| left > 0.0));
        if let Some(wait) = self.shown.iter().filter_map(|t| t.left_secs(now)).min_by(f64::total_cmp) {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(wait.max(0.01)));
        }
        if self.shown.is_empty() {
            return;
        }
        let mut closed = None;
        Area::new(Id::unique("toasts")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, vec2(-14.0, -bottom)).show(ui.ctx(), |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            for (i, toast) in self.shown.iter().enumerate() {
                if toast_ui(ui, theme, toast) {
                    closed = Some(i);
                }
            }
        });
        if let Some(i) = closed {
            self.shown.remove(i);
        }
    }
}

fn toast_ui(ui: &mut Ui, theme: &Theme, toast: &Toast) -> bool {
    let (icon, color) = match (toast.notice.good, toast.notice.severity) {
        (true, _) => (icons::CHECK_CIRCLE, theme.ok()),
        (_, Severity::Warning) => (icons::WARNING, theme.warning()),
        (_, Severity::Failure) => (icons::WARNING_CIRCLE, theme.failure()),
    };
    let frame = Frame::new()
        .fill(theme.surface(2))
        .stroke(theme.hairline())
        .corner_radius(CornerRadius::same(8))
        .inner_margin(Margin::symmetric(12, 10))
        .shadow(ui.visuals().popup_shadow);
    let inner = frame.show(ui, |ui| {
        ui.set_width(320.0);
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(icon.to_string()).size(18.0).color(color));
            ui.vertical(|ui| {
                ui.set_width(258.0);
                let times = if toast.times > 1 { format!("  ×{}", toast.times) } else { String::new() };
                ui.add(
                    egui::Label::new(
                        RichText::new(format!("{}{times}", widgets::sentence(&toast.notice.text))).font(fonts::regular(size::TEXT)),
                    )
                    .wrap(),
                );
                if let Some(hint) = &toast.notice.hint {
                    ui.add(egui::Label::new(RichText::new(widgets::sentence(hint)).small().color(theme.secondary())).wrap());
                }
            });
            widgets::icon_button_sized(ui, theme, icons::CLOSE, &tr("shell-close-message"), &tr("shell-close"), true, false, 20.0, 12.0)
                .clicked()
        })
        .inner
    });
    inner.inner
}
