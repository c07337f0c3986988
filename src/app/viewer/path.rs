//! The path of a steadied clip's camera under the picture: as it was and as it seems now, sideways, up and down, turn and
//! magnification. A click or a drag takes the playhead along. UI thread.

use crate::{
    app::{
        fonts,
        state::Cx,
        timeline::clip_name,
        words::{decimal, tr, tr_args},
    },
    base::{FrameRate, Time},
    model::Clip,
    session::{Command, SteadyPath, SteadyState},
};
use egui::{Align2, Color32, CornerRadius, Id, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use std::sync::Arc;

/// Height in points.
pub const HEIGHT: f32 = 104.0;
/// Room for the names of the curves, in points.
const NAMES: f32 = 118.0;

/// A curve: the key of its name, what its values are told in, places after the point.
struct Kind {
    key: &'static str,
    factor: f64,
    unit: &'static str,
    places: usize,
    /// Smallest reach that fills the strip, so that a still camera is a level line.
    least: f32,
}

const KINDS: [Kind; 4] = [
    Kind { key: "viewer-path-x", factor: 100.0, unit: " %", places: 1, least: 0.01 },
    Kind { key: "viewer-path-y", factor: 100.0, unit: " %", places: 1, least: 0.01 },
    Kind { key: "viewer-path-angle", factor: 1.0, unit: "°", places: 1, least: 0.5 },
    Kind { key: "viewer-path-zoom", factor: 100.0, unit: " %", places: 0, least: 0.04 },
];

/// The one selected clip that is steadied, and its path.
pub fn shown(cx: &Cx<'_>) -> Option<(Arc<Clip>, Arc<SteadyPath>)> {
    if !cx.shared.camera_path {
        return None;
    }
    let selected = cx.shared.selection.clips_of(&cx.project);
    let mut steady = selected.into_iter().filter(|c| c.steadied().is_some());
    let (clip, None) = (steady.next()?.clone(), steady.next()) else { return None };
    match cx.program.steady_state(clip.media()?) {
        SteadyState::Planned(path) if path.times.len() > 1 => Some((clip, path)),
        _ => None,
    }
}

/// Draw the strip into `rect`.
pub fn path_ui(ui: &mut Ui, cx: &mut Cx<'_>, rect: Rect, clip: &Clip, path: &SteadyPath) {
    let rate = cx.project.sequence.frame_rate;
    let response = ui.interact(rect, Id::unique("camera path"), Sense::click_and_drag());
    let name = tr_args("viewer-path-of", &[("name", clip_name(&cx.project, clip).into())]);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, &name));
    ui.painter().rect_filled(rect, CornerRadius::ZERO, cx.theme.surface(1));
    ui.painter().hline(rect.x_range(), rect.top(), cx.theme.hairline());
    let field = rect.with_min_x(rect.left() + NAMES).shrink2(vec2(8.0, 4.0));
    let x_of = |frame: f64| field.left() + field.width() * (frame / clip.duration.max(1) as f64) as f32;
    if let Some(pos) = response.interact_pointer_pos() {
        let share = f64::from((pos.x - field.left()) / field.width().max(1.0)).clamp(0.0, 1.0);
        let frame = clip.start + ((share * clip.duration as f64) as i64).min(clip.duration - 1);
        cx.out.send(if response.dragged() { Command::Scrub(frame) } else { Command::Seek(frame) });
    }
    // one look at the path for each point of the screen is all that can be seen
    let columns = (field.width() as usize).clamp(2, 2000).min(clip.duration.max(2) as usize * 2);
    let places: Vec<(f32, usize)> = (0..columns)
        .filter_map(|i| {
            let frame = i as f64 / (columns - 1) as f64 * (clip.duration - 1).max(0) as f64;
            let time = clip.source_at(clip.start + frame.round() as i64, rate)?;
            Some((x_of(frame + 0.5), path.index_at(time + rate_half(rate))?))
        })
        .collect();
    let playhead = cx.program.playhead();
    let now = clip.contains(playhead).then(|| clip.source_at(playhead, rate).and_then(|t| path.index_at(t + rate_half(rate)))).flatten();
    let lane = field.height() / KINDS.len() as f32;
    for (k, kind) in KINDS.iter().enumerate() {
        let lane = Rect::from_min_size(pos2(field.left(), field.top() + lane * k as f32), vec2(field.width(), lane));
        lane_ui(ui, cx, rect, lane, &places, path, (k, kind), now);
    }
    if clip.contains(playhead) {
        let x = x_of((playhead - clip.start) as f64 + 0.5);
        ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, cx.theme.accent()));
    }
}

/// Half of a frame: the middle of a picture is surely its own.
fn rate_half(rate: FrameRate) -> Time {
    Time(rate.frame_duration().0 / 2)
}

/// Whether a shot begins after one frame and up to the other.
fn is_cut_between(path: &SteadyPath, a: usize, b: usize) -> bool {
    let (a, b) = (a.min(b), a.max(b));
    path.cuts.get(path.cuts.partition_point(|c| *c <= a)).is_some_and(|c| *c <= b)
}

#[allow(clippy::too_many_arguments)] // one lane of four, drawn with what is the same for all
fn lane_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    strip: Rect,
    lane: Rect,
    places: &[(f32, usize)],
    path: &SteadyPath,
    (k, kind): (usize, &Kind),
    now: Option<usize>,
) {
    let values = places.iter().flat_map(|(_, i)| [path.raw[*i][k], path.smooth[*i][k]]);
    let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    if !low.is_finite() || !high.is_finite() {
        return;
    }
    let (middle, reach) = ((low + high) / 2.0, ((high - low) / 2.0).max(kind.least / 2.0) * 1.1);
    let inner = lane.shrink2(vec2(0.0, 2.0));
    let y_of = |v: f32| inner.center().y - inner.height() / 2.0 * (v - middle) / reach;
    let curve = |of: &dyn Fn(usize) -> f32, color: Color32, width: f32| {
        // a cut breaks the line
        let mut run = Vec::new();
        let mut last = None;
        for (x, i) in places {
            let broken = last.is_some_and(|l| is_cut_between(path, l, *i));
            if broken && run.len() > 1 {
                ui.painter().add(Shape::line(std::mem::take(&mut run), Stroke::new(width, color)));
            }
            run.push(pos2(*x, y_of(of(*i))));
            last = Some(*i);
        }
        ui.painter().add(Shape::line(run, Stroke::new(width, color)));
    };
    curve(&|i| path.raw[i][k], cx.theme.faint(), 1.0);
    curve(&|i| path.smooth[i][k], cx.theme.accent(), 1.5);
    let name = fonts::regular(10.0);
    let at = pos2(strip.left() + 10.0, lane.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, tr(kind.key), name.clone(), cx.theme.secondary());
    if let Some(i) = now {
        let value = decimal(f64::from(path.smooth[i][k]) * kind.factor, kind.places).replacen('-', "−", 1);
        let text = fonts::tabular(ui.ctx(), &format!("{value}{}", kind.unit), &name, cx.theme.text());
        let galley = ui.painter().layout_job(text);
        let at = pos2(strip.left() + NAMES - galley.size().x, lane.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, cx.theme.text());
    }
}
