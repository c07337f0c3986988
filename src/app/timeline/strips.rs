//! Film strips and waveforms inside clips. Both ask the program only for what is visible; what is not there yet is
//! requested in the background and simply missing in this pass.

use super::lanes::Lanes;
use crate::{
    app::state::Cx,
    base::Time,
    model::{Clip, ClipContent, db_to_gain},
};
use egui::{Color32, Context, Mesh, Rect, pos2};

/// Distance of two bars of a waveform, and the width of one, in points.
const BAR_STEP: f32 = 3.0;
const BAR: f32 = 2.0;

/// Cells of pictures along `inner`, anchored at the clip's start so that they do not swim while scrolling.
pub fn film_strip(ctx: &Context, cx: &mut Cx<'_>, lanes: &Lanes, clip: &Clip, inner: Rect, out: &mut Vec<Mesh>) {
    let ClipContent::Media { media, source_in, speed } = clip.content else { return };
    let project = cx.project.clone();
    let Some(video) = project.media.get(&media).and_then(|m| m.info.video.as_ref()) else { return };
    let (w, h) = video.display_size();
    let inner = Rect::from_min_max(inner.min, inner.max - egui::vec2(0.0, 2.0));
    let cell = (inner.height() * (w as f32 / h.max(1) as f32).clamp(0.3, 4.0)).max(8.0);
    let start = f64::from(lanes.rect.left()) + lanes.view.x(clip.start as f64);
    let first = ((f64::from(inner.left()) - start) / f64::from(cell)).floor().max(0.0) as i64;
    let last = ((f64::from(inner.right()) - start) / f64::from(cell)).ceil() as i64;
    let rate = project.sequence.frame_rate;
    for i in first..last.min(first + 2000) {
        let x0 = (start + i as f64 * f64::from(cell)) as f32;
        // the picture at the cell's left edge, as the cut shows it
        let offset = Time::from_frames((i as f64 * f64::from(cell) / lanes.view.scale) as i64, rate);
        let Some(picture) = cx.program.thumbnail(media, source_in + speed.source_span(offset)) else { continue };
        let Some(patch) = cx.pictures.thumbnail(ctx, picture) else { continue };
        let whole = Rect::from_min_max(pos2(x0, inner.top()), pos2(x0 + cell - 1.0, inner.bottom()));
        let shown = whole.intersect(inner);
        if shown.width() <= 0.0 {
            continue;
        }
        // cut the texture as the cell is cut at the clip's ends
        let u = |x: f32| patch.uv.left() + patch.uv.width() * ((x - whole.left()) / whole.width());
        let uv = Rect::from_min_max(pos2(u(shown.left()), patch.uv.top()), pos2(u(shown.right()), patch.uv.bottom()));
        let mesh = match out.last_mut().filter(|m| m.texture_id == patch.texture) {
            Some(mesh) => mesh,
            None => {
                out.push(Mesh::with_texture(patch.texture));
                let end = out.len() - 1;
                &mut out[end]
            }
        };
        mesh.add_rect_with_uv(shown, uv, crate::app::theme::UNTINTED);
    }
}

/// The sound's lowest and highest samples as bars around the middle, scaled by the clip's gain.
pub fn waveform(cx: &mut Cx<'_>, lanes: &Lanes, clip: &Clip, inner: Rect, color: Color32, out: &mut Mesh) {
    let ClipContent::Media { media, source_in, speed } = clip.content else { return };
    if speed.is_freeze() {
        return;
    }
    let rate = cx.project.sequence.frame_rate;
    // bars sit on a grid anchored at the clip's start
    let start = f64::from(lanes.rect.left()) + lanes.view.x(clip.start as f64);
    let from = inner.left().max(lanes.rect.left());
    let to = inner.right().min(lanes.rect.right());
    let first = ((f64::from(from) - start) / f64::from(BAR_STEP)).floor().max(0.0);
    let columns = ((to - from) / BAR_STEP).ceil().max(0.0) as usize + 1;
    let secs_per_point = 1.0 / (lanes.view.scale * rate.as_f64());
    let span = speed.source_span(Time::from_secs(1)).as_secs_f64();
    let at = |column: f64| source_in.as_secs_f64() + column * f64::from(BAR_STEP) * secs_per_point * span;
    let (a, b) = (at(first), at(first + columns as f64));
    let backwards = b < a;
    let Some(mut bars) = cx.program.waveform(media, a.min(b), a.max(b), columns) else { return };
    if backwards {
        bars.reverse();
    }
    let gain = db_to_gain(clip.gain_db);
    let (mid, half) = (inner.center().y, (inner.height() / 2.0 - 2.0).max(1.0));
    for (i, (low, high)) in bars.into_iter().enumerate() {
        let x = (start + (first + i as f64) * f64::from(BAR_STEP)) as f32;
        if x < inner.left() || x + BAR > inner.right() {
            continue;
        }
        let top = mid - (high * gain).clamp(0.0, 1.0) * half - 0.5;
        let bottom = mid + (-low * gain).clamp(0.0, 1.0) * half + 0.5;
        out.add_colored_rect(Rect::from_min_max(pos2(x, top), pos2(x + BAR, bottom)), color);
    }
}
