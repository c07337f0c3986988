//! What the film shall be in the montage's dialog: shape, size, rate; each as the footage is unless chosen. UI thread.

use super::heading;
use crate::{
    app::{bin::rate_text, state::Cx, theme::size, words::tr},
    base::FrameRate,
    session::montage::Ask,
};
use egui::{ComboBox, RichText, Ui};

/// Shapes that can be chosen; None: as most of the footage has it.
const SHAPES: [Option<(u32, u32)>; 5] = [None, Some((16, 9)), Some((9, 16)), Some((1, 1)), Some((4, 3))];
const SIZES: [Option<u32>; 6] = [None, Some(2160), Some(1440), Some(1080), Some(720), Some(480)];
const RATES: [Option<FrameRate>; 8] = [
    None,
    Some(FrameRate::NTSC_24),
    Some(FrameRate::FPS_24),
    Some(FrameRate::FPS_25),
    Some(FrameRate::NTSC_30),
    Some(FrameRate::FPS_30),
    Some(FrameRate::NTSC_60),
    Some(FrameRate::FPS_60),
];

pub(super) fn output_ui(ui: &mut Ui, cx: &Cx<'_>, ask: &mut Ask) {
    heading(ui, cx, "assist-shape");
    ui.horizontal_wrapped(|ui| {
        for shape in SHAPES {
            let name = shape.map_or_else(|| tr("assist-shape-footage"), |(w, h)| format!("{w}:{h}"));
            ui.radio_value(&mut ask.aspect, shape, name);
        }
    });
    ui.add_space(4.0);
    ui.horizontal_wrapped(|ui| {
        choice_ui(ui, cx, "assist-size", &mut ask.short_side, &SIZES, |lines| format!("{lines}p"));
        ui.add_space(8.0);
        choice_ui(ui, cx, "assist-rate", &mut ask.frame_rate, &RATES, |rate| rate_text(rate.as_f64()));
    });
    ui.add_space(12.0);
}

fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    cx: &Cx<'_>,
    key: &str,
    value: &mut Option<T>,
    all: &[Option<T>],
    name: impl Fn(T) -> String,
) {
    let name = |of: &Option<T>| of.map_or_else(|| tr("assist-shape-footage"), &name);
    ui.label(RichText::new(tr(key)).size(size::SMALL).color(cx.theme.secondary()));
    let combo = ComboBox::from_id_salt(key).selected_text(name(value)).width(118.0).show_ui(ui, |ui| {
        for option in all {
            ui.selectable_value(value, *option, name(option));
        }
    });
    combo.response.accessible_name(tr(key));
}
