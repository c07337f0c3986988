//! The words of the transcript panel, paragraph by paragraph; only those in view are laid out. UI thread.

use super::{Editing, TranscriptState, review::Found};
use crate::app::{
    fonts,
    state::Cx,
    theme::size,
    words::{decimal, tr, tr_args},
};
use egui::{Color32, CornerRadius, Key, Rect, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Space between words and between lines.
const SPACE: f32 = 4.0;
const LINE: f32 = 20.0;

/// What the list remembers between passes.
#[derive(Debug, Default)]
pub(super) struct BodyState {
    pub found: Found,
    /// Heights of the parts as they were drawn last, at this width.
    heights: Vec<Option<f32>>,
    width: f32,
    /// The word to bring into view.
    show: Option<usize>,
    /// The spoken word of the last pass.
    spoken: Option<usize>,
}

impl BodyState {
    /// The words are others.
    pub fn forget(&mut self) {
        self.heights.clear();
    }
    /// Bring a word into view.
    pub fn show(&mut self, word: usize) {
        self.show = Some(word);
    }
}

pub(super) fn body_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    let spoken = state.spoken(cx);
    if spoken != state.body.spoken {
        state.body.spoken = spoken;
        if cx.program.is_playing() {
            state.body.show = spoken;
        }
    }
    let width = ui.available_width() - 12.0;
    if (state.body.width - width).abs() > 0.5 || state.body.heights.len() != state.parts.len() {
        state.body.width = width;
        state.body.heights = vec![None; state.parts.len()];
    }
    let guess = |words: usize| LINE * (1.0 + words as f32 * 46.0 / width.max(60.0)) + 26.0;
    let heights: Vec<f32> =
        state.parts.iter().zip(&state.body.heights).map(|(part, known)| known.unwrap_or_else(|| guess(part.len()))).collect();
    let mut area = ScrollArea::vertical().id_salt("transcript").auto_shrink([false, false]);
    // a far word is gone to by the height of what lies before it; its own row is then brought into view
    if let Some(part) = state.body.show.and_then(|word| state.parts.iter().position(|p| p.contains(&word)))
        && state.body.heights[part].is_none()
    {
        let above: f32 = heights[..part].iter().sum();
        area = area.vertical_scroll_offset((above - 40.0).max(0.0));
    }
    area.show_viewport(ui, |ui, view| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let mut top = 0.0;
        for (i, height) in heights.iter().enumerate() {
            let bottom = top + height;
            if bottom < view.top() - 60.0 || top > view.bottom() + 60.0 {
                ui.add_space(*height);
            } else {
                let begin = ui.cursor().top();
                part_ui(ui, state, cx, i, spoken);
                state.body.heights[i] = Some(ui.cursor().top() - begin);
            }
            top = bottom;
        }
    });
    if ui.input(|i| i.pointer.any_released()) {
        state.anchor = None;
    }
}

fn part_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>, part: usize, spoken: Option<usize>) {
    let range = state.parts[part].clone();
    let Some(first) = state.words.get(range.start) else { return };
    let frame = first.start.to_frames(cx.project.sequence.frame_rate, crate::base::Rounding::Floor);
    let time = cx.project.sequence.timecode(frame);
    let job = fonts::tabular(ui.ctx(), &time, &fonts::regular(size::SMALL), cx.theme.faint());
    ui.label(ui.painter().layout_job(job));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 2.0);
        ui.set_row_height(LINE);
        for word in range.clone() {
            pause_ui(ui, state, cx, word);
            if state.editing.as_ref().is_some_and(|e| e.word == word) {
                editing_ui(ui, state, cx);
            } else {
                word_ui(ui, state, cx, word, spoken == Some(word));
            }
        }
        if range.end == state.words.len() {
            pause_ui(ui, state, cx, range.end);
        }
    });
    ui.add_space(10.0);
}

/// A silence that would go, before a word.
fn pause_ui(ui: &mut Ui, state: &TranscriptState, cx: &Cx<'_>, word: usize) {
    let Some(secs) = state.body.found.pauses.get(&word) else { return };
    let text = tr_args("transcript-pause", &[("secs", decimal(*secs, 1).into())]);
    let galley = ui.painter().layout_no_wrap(text.clone(), fonts::regular(size::SMALL), cx.theme.warning());
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 12.0 + SPACE, LINE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    let plate = Rect::from_min_size(pos2(rect.left(), rect.center().y - 8.0), vec2(galley.size().x + 12.0, 16.0));
    ui.painter().rect_filled(plate, CornerRadius::same(8), cx.theme.surface(3));
    ui.painter().galley(pos2(plate.left() + 6.0, plate.center().y - galley.size().y / 2.0), galley, cx.theme.warning());
}

fn word_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>, word: usize, spoken: bool) {
    let w = &state.words[word];
    let (text, doubtful) = (w.text.clone(), w.is_doubtful());
    let selected = cx.shared.selection.words.is_some_and(|(a, b)| (a..=b).contains(&word));
    let goes = state.body.found.words.contains(&word);
    let found = state.found.iter().any(|f| f.contains(&word));
    let theme = cx.theme;
    let color: Color32 = if spoken {
        theme.on_accent()
    } else if goes {
        theme.faint()
    } else if doubtful {
        theme.warning()
    } else {
        theme.text()
    };
    let galley = ui.painter().layout_no_wrap(text.clone(), fonts::regular(size::TEXT + 1.0), color);
    let space =
        if state.words.get(word + 1).is_some_and(|n| crate::speech::split::between(&text, &n.text).is_empty()) { 0.0 } else { SPACE };
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + space, LINE), Sense::click_and_drag());
    let label = if doubtful { tr_args("transcript-doubtful", &[("word", text.as_str().into())]) } else { text.clone() };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &label));
    let ground = rect.expand2(vec2(0.0, -1.0));
    let fill = if spoken {
        Some(theme.accent())
    } else if selected {
        Some(theme.accent().gamma_multiply(0.35))
    } else if found {
        Some(theme.warning().gamma_multiply(0.28))
    } else if response.hovered() {
        Some(theme.surface(3))
    } else {
        None
    };
    if let Some(fill) = fill {
        let radius = CornerRadius::same(if selected && !spoken { 0 } else { 3 });
        let ground = if selected && !spoken { ground } else { ground.with_max_x(rect.right() - space + 2.0).with_min_x(rect.left() - 2.0) };
        ui.painter().rect_filled(ground, radius, fill);
    }
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    let (left, right) = (at.x, at.x + galley.size().x);
    let (middle, foot) = (rect.center().y + 1.0, at.y + galley.size().y);
    ui.painter().galley(at, galley, color);
    if goes {
        ui.painter().line_segment([pos2(left, middle), pos2(right, middle)], Stroke::new(1.0, theme.failure()));
    } else if doubtful && !spoken {
        for x in 0..((right - left) / 4.0) as usize {
            let x = left + 4.0 * x as f32;
            ui.painter().line_segment([pos2(x, foot), pos2(x + 2.0, foot)], Stroke::new(1.0, theme.warning()));
        }
    }
    if state.body.show == Some(word) {
        state.body.show = None;
        ui.scroll_to_rect(rect.expand(40.0), None);
    }
    touched(ui, state, cx, word, &response);
}

/// Click, shift-click, drag and double click.
fn touched(ui: &Ui, state: &mut TranscriptState, cx: &mut Cx<'_>, word: usize, response: &egui::Response) {
    if response.double_clicked() {
        state.editing = Some(Editing { word, text: state.words[word].text.clone(), focus: true });
        return;
    }
    let down = response.is_pointer_button_down_on() && ui.input(|i| i.pointer.primary_pressed());
    let first = cx.shared.selection.words.map(|w| w.0);
    if down && ui.input(|i| i.modifiers.shift) {
        let from = first.unwrap_or(word);
        state.anchor = Some(from);
        TranscriptState::select(cx, from, word);
    } else if down {
        state.anchor = Some(word);
        TranscriptState::select(cx, word, word);
        state.seek(cx, word);
    } else if let Some(anchor) = state.anchor
        && ui.input(|i| i.pointer.primary_down() && i.pointer.is_decidedly_dragging())
        && ui.rect_contains_pointer(response.rect)
    {
        TranscriptState::select(cx, anchor, word);
    }
}

fn editing_ui(ui: &mut Ui, state: &mut TranscriptState, cx: &mut Cx<'_>) {
    let Some(editing) = state.editing.as_mut() else { return };
    let font = fonts::regular(size::TEXT + 1.0);
    let wide = ui.painter().layout_no_wrap(editing.text.clone(), font.clone(), cx.theme.text()).size().x;
    let field = TextEdit::singleline(&mut editing.text).font(font).margin(vec2(4.0, 1.0)).desired_width((wide + 16.0).max(40.0));
    let response = ui.add(field).accessible_name(tr("transcript-correct"));
    if std::mem::take(&mut editing.focus) {
        response.request_focus();
    } else if response.lost_focus() {
        let keep = !ui.input(|i| i.key_pressed(Key::Escape));
        state.correct(cx, keep);
    }
}
