//! The dialog of the automatic montage: which style, what a sentence asks for, how long, from which point of the music, which shape. UI
//! thread; the work is a job, whose result becomes the open sequence.

mod footage;
mod music;
mod output;
mod styles;

use super::{
    fonts, icons,
    state::Cx,
    theme::size,
    widgets,
    words::{tr, tr_args},
};
use crate::base::MediaId;
use crate::session::{
    Command, MontageWish, Setting,
    montage::{self, Ask, Assistant, Counting, Style},
};
use egui::{Align, DragValue, Layout, RichText, TextEdit, Ui, vec2};
use serde::{Deserialize, Serialize};

/// Width of the dialog and of the list of styles, in points.
const WIDTH: f32 = 720.0;
const STYLES: f32 = 300.0;
const HEIGHT: f32 = 490.0;
/// Lengths that can be asked for, in seconds.
const SECS: std::ops::RangeInclusive<f64> = 1.0..=7200.0;
/// Name of what the dialog remembers in the settings.
const MEMORY: &str = "montage";

/// What the dialog remembers.
#[derive(Debug, Default)]
pub struct MontageState {
    pub open: bool,
    ask: Ask,
    /// Whether the length is the one in `secs`; otherwise that of the music.
    own_length: bool,
    secs: f64,
    memory: Memory,
}

/// What it remembers from one start of the program to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Memory {
    /// A language model is asked.
    asks: bool,
    url: String,
    model: String,
}

impl Default for Memory {
    fn default() -> Self {
        let Assistant { url, model } = Assistant::default();
        Self { asks: false, url, model }
    }
}

impl MontageState {
    /// Open it for the selected media, or for all where none of them has a picture. What was chosen before stays chosen; a montage that
    /// is open brings its own choices.
    pub fn show(&mut self, cx: &mut Cx<'_>) {
        let (footage, music) = footage::of(&cx.project, &cx.shared.selection.media);
        self.open = true;
        (self.ask.footage, self.ask.music) = (footage, music);
        if let Some(m) = cx.project.sequence.montage.as_deref() {
            self.ask.prompt.clone_from(&m.prompt);
            self.ask.seed = m.seed;
            self.ask.style = (!m.style.is_empty()).then(|| m.style.clone());
            (self.ask.music_start_secs, self.ask.counting) = (m.music_start.as_secs_f64(), m.counting);
            if cx.shared.selection.media.is_empty() {
                let there = |id: &MediaId| cx.project.media.contains_key(id);
                let footage: Vec<MediaId> = m.footage.iter().copied().filter(there).collect();
                // all of it may have left the project since
                if !footage.is_empty() {
                    self.ask.footage = footage;
                }
                self.ask.music = m.music.filter(|id| cx.project.media.contains_key(id));
            }
        }
        self.ask.seed = self.ask.seed.max(1);
        self.secs = if self.secs > 0.0 { self.secs } else { 60.0 };
        let kept = cx.program.settings().panels.get(MEMORY);
        self.memory = kept.and_then(|text| ron::from_str(text).ok()).unwrap_or_default();
        cx.out.send(Command::Montage(MontageWish::ListStyles));
    }

    /// What is asked for now.
    fn asked(&self) -> Ask {
        let model = || Assistant { url: self.memory.url.trim().to_owned(), model: self.memory.model.trim().to_owned() };
        let nowhere = self.ask.music.is_none();
        Ask {
            duration_secs: self.own_length.then_some(self.secs),
            music_start_secs: if nowhere { 0.0 } else { self.ask.music_start_secs },
            counting: if nowhere { Counting::default() } else { self.ask.counting },
            assistant: (self.memory.asks && !self.ask.prompt.trim().is_empty()).then(model),
            ..self.ask.clone()
        }
    }
}

/// Draw the dialog if it is open.
pub fn montage_ui(ui: &Ui, state: &mut MontageState, cx: &mut Cx<'_>) {
    if !state.open {
        return;
    }
    let styles = cx.program.styles().clone();
    let response = widgets::dialog(cx.theme, "montage dialog").show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - 60.0));
        ui.label(RichText::new(tr("assist-title")).font(fonts::semibold(16.0)));
        ui.add_space(2.0);
        footage::footage_ui(ui, cx, &mut state.ask);
        ui.add_space(10.0);
        let height = HEIGHT.min(ui.ctx().content_rect().height() - 190.0).max(120.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 20.0;
            let width = STYLES.min(ui.available_width() * 0.45);
            ui.allocate_ui_with_layout(vec2(width, height), Layout::top_down(Align::Min), |ui| {
                let (found, _) = montage::understood(None, &state.ask.prompt, &styles);
                styles::styles_ui(ui, cx, &styles, &found, &mut state.ask.style, height);
            });
            ui.allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::top_down(Align::Min), |ui| {
                egui::ScrollArea::vertical().id_salt("montage wishes").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.x = 8.0;
                    prompt_ui(ui, cx, state, &styles);
                    length_ui(ui, cx, state);
                    music::music_ui(ui, cx, &mut state.ask);
                    output::output_ui(ui, cx, &mut state.ask);
                    seed_ui(ui, cx, &mut state.ask);
                    model_ui(ui, cx, &mut state.memory);
                });
            });
        });
        ui.add_space(14.0);
        buttons_ui(ui, cx, state);
    });
    if response.should_close() {
        state.open = false;
    }
}

fn heading(ui: &mut Ui, cx: &Cx<'_>, key: &str) {
    ui.label(RichText::new(tr(key)).font(fonts::semibold(size::SMALL)).color(cx.theme.secondary()));
    ui.add_space(2.0);
}

/// The sentence, and what the rules make of it while it is typed.
fn prompt_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut MontageState, styles: &[Style]) {
    heading(ui, cx, "assist-prompt");
    let edit = TextEdit::multiline(&mut state.ask.prompt)
        .hint_text(tr("assist-prompt-hint"))
        .desired_rows(3)
        .desired_width(f32::INFINITY)
        .char_limit(4000)
        .margin(egui::Margin::symmetric(8, 6));
    ui.add(edit).accessible_name(tr("assist-prompt"));
    let (_, lines) = montage::understood(state.ask.style.as_deref(), &state.ask.prompt, styles);
    let text = if lines.is_empty() {
        tr(if state.ask.prompt.trim().is_empty() { "assist-prompt-note" } else { "assist-understood-nothing" })
    } else {
        tr_args("assist-understood", &[("what", lines.join(" · ").into())])
    };
    let color = if lines.is_empty() { cx.theme.secondary() } else { cx.theme.text() };
    ui.label(RichText::new(text).small().color(color));
    ui.add_space(12.0);
}

fn length_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut MontageState) {
    heading(ui, cx, "assist-length");
    ui.horizontal(|ui| {
        let usual = if state.ask.music.is_some() { "assist-length-music" } else { "assist-length-usual" };
        ui.radio_value(&mut state.own_length, false, tr(usual));
        ui.radio_value(&mut state.own_length, true, tr("assist-length-own"));
        let field = DragValue::new(&mut state.secs).range(SECS).speed(0.5).max_decimals(1).suffix(" s");
        ui.add_enabled(state.own_length, field).accessible_name(tr("assist-length-seconds"));
    });
    ui.add_space(12.0);
}

fn seed_ui(ui: &mut Ui, cx: &Cx<'_>, ask: &mut Ask) {
    heading(ui, cx, "assist-seed");
    ui.horizontal(|ui| {
        ui.add(DragValue::new(&mut ask.seed).range(1..=999_999)).accessible_name(tr("assist-seed")).on_hover_text(tr("assist-seed-note"));
        let (name, tip) = (tr("assist-seed-next"), tr("assist-seed-note"));
        if widgets::icon_button(ui, cx.theme, icons::REPEAT, &name, &tip, true, false).clicked() {
            ask.seed = ask.seed % 999_999 + 1;
        }
        ui.label(RichText::new(tr("assist-seed-note")).small().color(cx.theme.secondary()));
    });
    ui.add_space(12.0);
}

/// Whether a language model is asked, which one, and what it is told.
fn model_ui(ui: &mut Ui, cx: &Cx<'_>, memory: &mut Memory) {
    ui.horizontal(|ui| {
        widgets::switch(ui, cx.theme, &mut memory.asks, &tr("assist-model"));
        ui.label(tr("assist-model"));
    });
    if memory.asks {
        ui.horizontal(|ui| {
            let field = |text| TextEdit::singleline(text).margin(egui::Margin::symmetric(6, 3));
            ui.add(field(&mut memory.url).desired_width(ui.available_width() * 0.62)).accessible_name(tr("assist-model-url"));
            ui.add(field(&mut memory.model).desired_width(f32::INFINITY)).accessible_name(tr("assist-model-name"));
        });
    }
    let note = if memory.asks { "assist-model-sends" } else { "assist-model-off" };
    ui.label(RichText::new(tr(note)).small().color(cx.theme.secondary()));
}

fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, state: &mut MontageState) {
    let ready = !state.ask.footage.is_empty();
    widgets::button_row(ui, |ui| {
        if widgets::primary_button(ui, cx.theme, &tr("assist-start"), ready).clicked() {
            if let Ok(text) = ron::to_string(&state.memory) {
                cx.out.send(Command::Set(Setting::Panel { name: MEMORY.into(), state: Some(text) }));
            }
            cx.out.send(Command::Montage(MontageWish::Make(Box::new(state.asked()))));
            state.open = false;
        }
        if widgets::plain_button(ui, tr("shell-cancel")).clicked() {
            state.open = false;
        }
        let note = match (ready, cx.project.sequence.duration() > 0) {
            (false, _) => "assist-no-footage",
            (true, true) => "assist-becomes-new",
            (true, false) => "assist-becomes-open",
        };
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.label(RichText::new(tr(note)).small().color(cx.theme.secondary()));
        });
    });
}
