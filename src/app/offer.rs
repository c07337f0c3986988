//! The quiet offer of proxies for heavy films: a card in the corner of the messages that nothing waits for. UI thread.

use super::{
    fonts, icons,
    theme::{Theme, size},
    widgets,
    words::{tr, tr_args},
};
use crate::session::{ProxyOffer, ProxyReason};
use egui::{Align2, Area, CornerRadius, Frame, Id, Label, Margin, Order, RichText, Ui, vec2};

/// What the user says to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Make,
    NotNow,
}

/// Between the card and the messages above it.
const GAP: f32 = 8.0;

/// Draw the card above `bottom`: the answer, if one was given in this pass, and the height that it takes.
pub fn offer_ui(ui: &Ui, theme: &Theme, offer: &ProxyOffer, bottom: f32) -> (Option<Answer>, f32) {
    let area = Area::new(Id::unique("proxy offer")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, vec2(-14.0, -bottom));
    let shown = area.show(ui.ctx(), |ui| {
        let frame = Frame::new()
            .fill(theme.surface(2))
            .stroke(theme.hairline())
            .corner_radius(CornerRadius::same(8))
            .inner_margin(Margin::symmetric(12, 10))
            .shadow(ui.visuals().popup_shadow);
        frame.show(ui, |ui| card_ui(ui, theme, offer)).inner
    });
    (shown.inner, shown.response.rect.height() + GAP)
}

fn card_ui(ui: &mut Ui, theme: &Theme, offer: &ProxyOffer) -> Option<Answer> {
    ui.set_width(320.0);
    let title = title(offer);
    let mut answer = None;
    ui.horizontal_top(|ui| {
        ui.label(RichText::new(icons::FILM_SLATE.to_string()).font(fonts::icon(18.0)).color(theme.accent()));
        ui.vertical(|ui| {
            ui.set_width(284.0);
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.add(Label::new(RichText::new(&title).font(fonts::regular(size::TEXT))).wrap());
            ui.add(Label::new(RichText::new(widgets::sentence(&reasons(offer))).small().color(theme.secondary())).wrap());
            ui.add_space(4.0);
            widgets::button_row(ui, |ui| {
                if widgets::primary_button(ui, theme, &tr("shell-offer-make"), true).clicked() {
                    answer = Some(Answer::Make);
                }
                if widgets::plain_button(ui, tr("shell-offer-not-now")).clicked() {
                    answer = Some(Answer::NotNow);
                }
            });
        });
    });
    answer
}

fn title(offer: &ProxyOffer) -> String {
    let stale = offer.reasons.iter().all(|r| *r == ProxyReason::Stale);
    let key = if stale { "shell-offer-stale" } else { "shell-offer-heavy" };
    tr_args(key, &[("n", offer.media.len().into())])
}

fn reasons(offer: &ProxyOffer) -> String {
    offer.reasons.iter().map(|r| r.text()).collect::<Vec<_>>().join(" · ")
}
