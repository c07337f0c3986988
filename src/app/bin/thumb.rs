//! A media's picture, or the shape of its sound. The pointer over it scrubs: where it is across the picture is when in the
//! media, with a thin line. Pictures come from the session in the background; the nearest one at hand is shown meanwhile.

use crate::{
    app::{
        fonts, icons,
        state::{Cx, Marks},
        theme::{UNTINTED, size},
        widgets,
    },
    base::{MediaId, Time},
    model::Media,
    session::MediaState,
};
use egui::{Align2, CornerRadius, Rect, Shape, Stroke, Ui, epaint::RectShape, pos2, vec2};

/// Width of a bar of a waveform and the space to the next.
const BAR: f32 = 2.0;
const BAR_STEP: f32 = 3.0;
/// A third of the way in: seldom black, seldom the end.
const POSTER: i64 = 3;

/// The largest rectangle of `aspect` inside `rect`, centred.
pub fn fit(aspect: f32, rect: Rect) -> Rect {
    let (w, h) = (rect.width(), rect.height());
    let size = if aspect > w / h { vec2(w, w / aspect.max(0.01)) } else { vec2(h * aspect, h) };
    Rect::from_center_size(rect.center(), size)
}

/// The sign of a media's kind.
pub fn kind_icon(media: &Media) -> char {
    match &media.info.video {
        Some(v) if v.still => icons::IMAGE,
        Some(_) => icons::FILM_STRIP,
        None => icons::MUSIC_NOTES,
    }
}

/// Draw it into `rect`. `scrub` is the pointer's place across it, 0–1.
pub fn paint(ui: &Ui, cx: &mut Cx<'_>, id: MediaId, media: &Media, state: &MediaState, rect: Rect, scrub: Option<f32>) {
    let painter = ui.painter();
    let radius = CornerRadius::same(4);
    painter.rect_filled(rect, radius, cx.theme.surface(0));
    let moving = media.info.duration > Time::ZERO && !matches!(state, MediaState::Offline(_));
    let scrub = scrub.filter(|_| moving);
    match (state, &media.info.video) {
        (MediaState::Offline(_), _) => {
            painter.rect_filled(rect, radius, cx.theme.failure().gamma_multiply(0.18));
            painter.text(rect.center(), Align2::CENTER_CENTER, icons::OFFLINE, fonts::regular(22.0), cx.theme.failure());
        }
        (_, Some(_)) => picture(ui, cx, id, media, rect, scrub),
        (_, None) => sound(ui, cx, id, media, rect),
    }
    if moving {
        marked(ui, cx, id, media, rect);
    }
    if let Some(at) = scrub {
        let x = rect.left() + rect.width() * at;
        painter.vline(x, rect.y_range(), Stroke::new(1.0, cx.theme.accent()));
        let text = widgets::duration_text(media.info.duration.as_secs_f64() * f64::from(at));
        let galley = painter.layout_no_wrap(text, fonts::regular(size::SMALL - 1.0), cx.theme.text());
        let chip = Rect::from_min_size(rect.left_bottom() - vec2(-3.0, galley.size().y + 5.0), galley.size() + vec2(8.0, 2.0));
        if chip.width() + 6.0 < rect.width() {
            painter.rect_filled(chip, CornerRadius::same(3), cx.theme.veil());
            painter.galley(chip.min + vec2(4.0, 1.0), galley, cx.theme.text());
        }
    }
}

/// The piece that is marked in the source viewer, as a line along the lower edge.
fn marked(ui: &Ui, cx: &Cx<'_>, id: MediaId, media: &Media, rect: Rect) {
    let Some(marks) = cx.shared.source_marks.get(&id).filter(|m| **m != Marks::default()) else { return };
    // sound alone is counted in frames of the sequence
    let rate = media.info.video.as_ref().map_or(cx.project.sequence.frame_rate, |v| v.frame_rate);
    let share = |frame: i64| (Time::from_frames(frame, rate).0 as f64 / media.info.duration.0 as f64).clamp(0.0, 1.0) as f32;
    let x = |share: f32| rect.left() + rect.width() * share;
    let (from, to) = (x(marks.start.map_or(0.0, share)), x(marks.end.map_or(1.0, share)));
    let line = Rect::from_min_max(pos2(from, rect.bottom() - 3.0), pos2(to.max(from + 2.0), rect.bottom()));
    ui.painter().rect_filled(line, CornerRadius::same(1), cx.theme.accent());
}

fn picture(ui: &Ui, cx: &mut Cx<'_>, id: MediaId, media: &Media, rect: Rect, scrub: Option<f32>) {
    let radius = CornerRadius::same(4);
    let length = media.info.duration;
    let time = match scrub {
        Some(at) => Time((length.0 as f64 * f64::from(at)) as i64),
        None => Time(length.0 / POSTER),
    };
    match cx.program.thumbnail(id, time).and_then(|p| cx.pictures.thumbnail(ui.ctx(), p)) {
        Some(patch) => {
            let shape = RectShape::filled(fit(patch.aspect, rect), radius, UNTINTED).with_texture(patch.texture, patch.uv);
            ui.painter().add(Shape::Rect(shape));
        }
        None => {
            let sign = fonts::regular((rect.height() * 0.38).clamp(12.0, 28.0));
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, kind_icon(media), sign, cx.theme.faint());
        }
    }
}

fn sound(ui: &Ui, cx: &mut Cx<'_>, id: MediaId, media: &Media, rect: Rect) {
    let painter = ui.painter();
    let hue = cx.theme.tokens().music;
    painter.rect_filled(rect, CornerRadius::same(4), hue.body.0);
    let columns = (rect.width() / BAR_STEP) as usize;
    let Some(bars) = cx.program.waveform(id, 0.0, media.info.duration.as_secs_f64(), columns) else {
        painter.text(rect.center(), Align2::CENTER_CENTER, icons::MUSIC_NOTES, fonts::regular(20.0), hue.wave.0);
        return;
    };
    // one mesh: a grid of sounds would be thousands of rectangles
    let mut mesh = egui::Mesh::default();
    let (half, y) = (rect.height() / 2.0 - 6.0, rect.center().y);
    for (i, (low, high)) in bars.iter().enumerate() {
        let x = rect.left() + i as f32 * BAR_STEP + 1.0;
        let (top, bottom) = (y - high.clamp(0.0, 1.0) * half - 0.5, y - low.clamp(-1.0, 0.0) * half + 0.5);
        mesh.add_colored_rect(Rect::from_min_max(pos2(x, top), pos2(x + BAR, bottom)), hue.wave.0);
    }
    painter.add(Shape::mesh(mesh));
}
