//! How the music is taken in the montage's dialog: where it begins, and how its beats are counted. UI thread.

use super::heading;
use crate::{
    app::{state::Cx, theme::size, words::tr},
    session::montage::{Ask, counting},
};
use egui::{DragValue, RichText, Ui};

/// Tempi that can be chosen: as heard, half and double.
const TIMES: [(f64, &str); 3] = [(1.0, "assist-tempo-heard"), (0.5, "assist-tempo-half"), (2.0, "assist-tempo-double")];

/// Nothing is shown without music.
pub(super) fn music_ui(ui: &mut Ui, cx: &Cx<'_>, ask: &mut Ask) {
    let Some(music) = ask.music.and_then(|id| cx.project.media.get(&id)) else { return };
    heading(ui, cx, "assist-music-how");
    let small = |text: String| RichText::new(text).size(size::SMALL).color(cx.theme.secondary());
    ui.horizontal_wrapped(|ui| {
        let last = (music.info.duration.as_secs_f64() - 1.0).max(0.0);
        ui.label(small(tr("assist-music-start")));
        let field = DragValue::new(&mut ask.music_start_secs).range(0.0..=last).speed(0.1).max_decimals(2).suffix(" s");
        ui.add(field).accessible_name(tr("assist-music-start")).on_hover_text(tr("assist-music-start.tip"));
        ui.add_space(8.0);
        ui.label(small(tr("assist-bar-offset")));
        let field = DragValue::new(&mut ask.counting.bar_offset).range(counting::BAR_OFFSET).speed(0.05);
        ui.add(field).accessible_name(tr("assist-bar-offset")).on_hover_text(tr("assist-bar-offset.tip"));
    });
    ui.horizontal_wrapped(|ui| {
        ui.label(small(tr("assist-tempo")));
        for (times, key) in TIMES {
            ui.radio_value(&mut ask.counting.times, times, tr(key)).on_hover_text(tr("assist-tempo.tip"));
        }
    });
    ui.add_space(12.0);
}
