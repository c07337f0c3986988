//! The list of styles in the montage's dialog. UI thread.

use crate::{
    app::{
        fonts, icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    session::montage::{Style, style_words},
};
use egui::{Color32, CornerRadius, ScrollArea, Sense, Ui, WidgetInfo, accesskit::Role, vec2};

/// A row's height, in points.
const ROW: f32 = 52.0;

/// Choose a style; `found` is the one that the sentence asks for.
pub(super) fn styles_ui(ui: &mut Ui, cx: &Cx<'_>, styles: &[Style], found: &str, choice: &mut Option<String>, height: f32) {
    ScrollArea::vertical().id_salt("montage styles").max_height(height).auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let by_sentence = styles.iter().find(|s| s.name == found).map_or_else(String::new, |s| style_words(s).0);
        let about = tr_args("assist-style-auto-about", &[("style", by_sentence.into())]);
        if row_ui(ui, cx, &tr("assist-style-auto"), &about, choice.is_none()) {
            *choice = None;
        }
        for style in styles {
            let (name, about) = style_words(style);
            if row_ui(ui, cx, &name, &about, choice.as_ref() == Some(&style.name)) {
                *choice = Some(style.name.clone());
            }
        }
    });
}

/// A row; true = chosen.
fn row_ui(ui: &mut Ui, cx: &Cx<'_>, name: &str, about: &str, selected: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, selected, name));
    let fill = match (selected, response.hovered()) {
        (true, _) => cx.theme.accent_tint(),
        (false, true) => cx.theme.surface(2),
        (false, false) => Color32::TRANSPARENT,
    };
    let painter = ui.painter();
    painter.rect_filled(rect, CornerRadius::same(size::RADIUS), fill);
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, cx.theme.accent());
        painter.rect_stroke(rect, CornerRadius::same(size::RADIUS), stroke, egui::StrokeKind::Inside);
    }
    if selected {
        let at = rect.right_top() + vec2(-14.0, 14.0);
        painter.text(at, egui::Align2::CENTER_CENTER, icons::CHECK, fonts::icon(13.0), cx.theme.accent());
    }
    let width = rect.width() - 20.0;
    let title = widgets::elided(ui, name, fonts::semibold(size::TEXT), cx.theme.text(), width - 20.0);
    ui.painter().galley(rect.left_top() + vec2(10.0, 4.0), title, cx.theme.text());
    let mut job = egui::text::LayoutJob::simple(about.to_owned(), fonts::regular(size::SMALL), cx.theme.secondary(), width);
    job.wrap.max_rows = 2;
    let about = ui.painter().layout_job(job);
    ui.painter().galley(rect.left_top() + vec2(10.0, 21.0), about, cx.theme.secondary());
    response.clicked()
}

#[cfg(test)]
mod tests {
    use crate::app::words::{Language, set_language, try_tr};

    #[test]
    fn every_style_of_the_program_has_words_in_every_language() {
        for language in Language::ALL {
            set_language(language);
            for style in crate::session::montage::styles().0 {
                let key = format!("assist-style-{}", style.name.replace('_', "-"));
                assert!(try_tr(&key).is_some() && try_tr(&format!("{key}.about")).is_some(), "{language:?}: {}", style.name);
            }
        }
    }
}
