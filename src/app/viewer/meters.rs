//! The master's level meters beside the picture: two bars over a scale in decibels, a mark that stays at the peak, a lamp
//! that stays lit when the mix went beyond full scale until it is clicked.

use crate::{
    app::{
        fonts,
        state::Cx,
        words::{self, tr, tr_args},
    },
    session::{Command, Level},
};
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

/// Room beside the picture, in points.
pub const WIDTH: f32 = 46.0;

/// Lowest level shown, in dBFS.
const FLOOR_DB: f32 = -60.0;
/// Levels with a figure beside them.
const SCALE_DB: [i32; 8] = [0, -6, -12, -18, -24, -36, -48, -60];
/// From here on a bar is in the colour of caution, and of danger.
const CAUTION_DB: f32 = -18.0;
const DANGER_DB: f32 = -6.0;

/// Share of a meter below a level: the upper 20 dB, where the work is done, take half of it.
fn share(db: f32) -> f32 {
    let db = db.clamp(FLOOR_DB, 0.0);
    if db >= -20.0 { 1.0 + db / 40.0 } else { 0.5 * (db - FLOOR_DB) / (-20.0 - FLOOR_DB) }
}

fn level_text(level: Level) -> String {
    if level.hold_db.is_finite() { format!("{} dB", words::decimal(f64::from(level.hold_db), 1)) } else { "−∞ dB".to_owned() }
}

/// Draw the meters into `rect`.
pub fn meters_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect) {
    let levels = cx.program.meters();
    let [left, right] = levels.channels;
    let response = ui.interact(rect, egui::Id::unique("level meters"), Sense::click());
    let over = left.over || right.over;
    let name = tr("viewer-meters");
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Meter, true, &name);
        info.value = Some(f64::from(left.peak_db.max(right.peak_db).max(FLOOR_DB)));
        info
    });
    if response.clicked() && over {
        cx.out.send(Command::ResetMeters);
    }
    let lamp = 6.0;
    let bars = Rect::from_min_max(rect.min + vec2(4.0, 10.0 + lamp + 3.0), rect.max - vec2(24.0, 12.0));
    let width = ((bars.width() - 2.0) / 2.0).max(3.0);
    let y = |db: f32| bars.bottom() - bars.height() * share(db);
    let theme = cx.theme;
    for (i, level) in levels.channels.into_iter().enumerate() {
        let x = bars.left() + i as f32 * (width + 2.0);
        let column = |top: f32, bottom: f32| Rect::from_min_max(pos2(x, top), pos2(x + width, bottom));
        let light = if level.over { theme.failure() } else { theme.surface(3) };
        ui.painter().rect_filled(column(bars.top() - lamp - 3.0, bars.top() - 3.0), CornerRadius::same(2), light);
        ui.painter().rect_filled(column(bars.top(), bars.bottom()), CornerRadius::same(1), theme.surface(2));
        let zones = [(FLOOR_DB, CAUTION_DB, theme.ok()), (CAUTION_DB, DANGER_DB, theme.warning()), (DANGER_DB, 0.0, theme.failure())];
        for (from, to, color) in zones {
            let top = level.peak_db.min(to);
            if top > from {
                ui.painter().rect_filled(column(y(top), y(from)), CornerRadius::ZERO, color);
            }
        }
        if level.hold_db > FLOOR_DB {
            let color = zones.into_iter().find(|z| level.hold_db <= z.1).map_or(theme.failure(), |z| z.2);
            ui.painter().hline(x..=x + width, y(level.hold_db), Stroke::new(1.5, color));
        }
    }
    let mut last = f32::NEG_INFINITY;
    for db in SCALE_DB {
        let at = y(db as f32);
        if at - last < 11.0 {
            continue;
        }
        last = at;
        let x = bars.right() + 3.0;
        ui.painter().hline(x..=x + 3.0, at, Stroke::new(1.0, theme.faint()));
        let text = if db == 0 { "0".to_owned() } else { format!("{}", -db) };
        ui.painter().text(pos2(x + 5.0, at), Align2::LEFT_CENTER, text, fonts::regular(9.0), theme.secondary());
    }
    let tip = tr_args("viewer-meters-tip", &[("left", level_text(left).into()), ("right", level_text(right).into())]);
    response.on_hover_text(if over { format!("{tip}\n{}", tr("viewer-meters-over")) } else { tip });
    if levels.moving {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(33));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_rises_evenly_and_gives_the_upper_twenty_decibels_half_of_it() {
        assert_eq!((share(0.0), share(12.0), share(f32::NEG_INFINITY), share(-90.0)), (1.0, 1.0, 0.0, 0.0));
        assert!((share(-20.0) - 0.5).abs() < 1e-6);
        let steps: Vec<f32> = (-60..=0).map(|db| share(db as f32)).collect();
        assert!(steps.windows(2).all(|w| w[0] < w[1]));
    }

    #[test]
    fn silence_has_a_sign_of_its_own() {
        assert_eq!(level_text(Level::SILENT), "−∞ dB");
        assert_eq!(level_text(Level { hold_db: -6.04, ..Level::SILENT }), "-6.0 dB");
    }
}
