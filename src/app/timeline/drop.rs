//! Media dragged from the bin, or a piece of one from the source viewer, onto the lanes: a ghost follows the pointer, the drop
//! inserts picture and sound. Media dropped above or below the lanes make tracks of their own.

use super::{gesture::Level, input::SNAP_POINTS, lanes::Lanes, snap::Snapper};
use crate::{
    app::{
        edits::{self, Onto},
        state::{Cx, DraggedSource, Marks, Selection},
        theme::{Theme, size},
        viewer::cut::{self, Cut, Way},
    },
    base::{MediaId, TrackId},
    edit::Placement,
    session::Command,
};
use egui::{CornerRadius, DragAndDrop, Painter, Rect, Response, Stroke, StrokeKind, Ui, pos2};
use std::collections::BTreeSet;

/// What the bin puts into the drag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraggedMedia(pub Vec<MediaId>);

/// Where one piece would land.
struct Span {
    /// None = a track that is not there yet.
    track: Option<TrackId>,
    start: i64,
    length: i64,
    sound: bool,
}

/// Where dragged media would land.
pub struct Ghost {
    spans: Vec<Span>,
    caught: Option<i64>,
}

/// Follow media dragged over the lanes; on release put it there.
pub fn receive(ui: &Ui, cx: &mut Cx<'_>, lanes: &Lanes, response: &Response) -> Option<Ghost> {
    let media = DragAndDrop::payload::<DraggedMedia>(ui.ctx());
    let piece = DragAndDrop::payload::<DraggedSource>(ui.ctx());
    // (frames, has a picture, has sound) of each thing that is dragged
    let shapes: Vec<_> = match (&media, &piece) {
        (Some(media), _) => media.0.iter().filter_map(|m| edits::media_shape(&cx.project, *m)).collect(),
        (None, Some(p)) => vec![(cut::length(&cx.project, p), p.picture, p.sound)],
        (None, None) => return None,
    };
    let pos = ui.input(|i| i.pointer.interact_pos()).filter(|p| lanes.rect.contains(*p))?;
    let track = lanes.lane_at(pos).map(|l| l.track.id);
    let onto = match lanes.level_at(pos.y) {
        Level::Lane(i) => Onto::Tracks(edits::drop_tracks(&cx.project, lanes.lanes.get(i).map(|l| l.track.id))),
        // a picture for over the film
        Level::Above if piece.as_ref().is_some_and(|p| p.picture && !p.sound) && cx.project.sequence.duration() > 0 => Onto::NewTracks,
        // any other piece of a source goes to tracks that are there
        _ if piece.is_some() => Onto::Tracks(edits::drop_tracks(&cx.project, None)),
        Level::Above | Level::Below => Onto::NewTracks,
    };
    let raw = lanes.frame_at(pos.x).max(0.0);
    let (alt, ripple) = ui.input(|i| (i.modifiers.alt, i.modifiers.command));
    let total: i64 = shapes.iter().map(|s| s.0).sum();
    let snaps = Snapper::new(&cx.project.sequence, cx.index, BTreeSet::new(), [cx.program.playhead()]);
    let snapped = (cx.shared.snapping != alt).then(|| snaps.shift(&[0, total], raw, SNAP_POINTS / lanes.view.scale)).flatten();
    let (frame, caught) = snapped.filter(|s| s.0 >= 0).map_or((raw.round() as i64, None), |(by, f)| (by, Some(f)));
    // asking for another type than the one that is dragged would drop it
    if piece.is_some()
        && let Some(piece) = response.dnd_release_payload::<DraggedSource>()
    {
        if onto == Onto::NewTracks {
            let length = cut::length(&cx.project, &piece);
            if let Some((edit, clip)) = edits::overlay(&cx.project, piece.media, piece.from, length, frame) {
                cx.out.send(Command::Edit(edit));
                cx.out.select(Selection::clips([clip]));
            }
            return None;
        }
        let dropped = Cut { piece: *piece, marked: (true, true), marks: Marks::default(), playhead: frame, target: cx.shared.target };
        match cut::cut(&cx.project, &dropped, Way::Drop { track, frame, ripple }) {
            Ok((edit, made)) => {
                cx.out.send(Command::Edit(edit));
                cx.out.select(Selection::clips(made));
            }
            Err(e) => cx.out.refuse(&e),
        }
        return None;
    }
    if let Some(dragged) = response.dnd_release_payload::<DraggedMedia>() {
        let mode = if ripple { Placement::Ripple } else { Placement::Overwrite };
        if let Some((edit, made)) = edits::insert_media(&cx.project, &dragged.0, onto, frame, mode) {
            cx.out.send(Command::Edit(edit));
            cx.out.select(Selection::clips(made));
        }
        return None;
    }
    let (mut spans, mut start) = (Vec::new(), frame);
    for (length, picture, sound) in shapes {
        for (wanted, sound) in [(picture, false), (sound, true)] {
            let track = match onto {
                Onto::NewTracks => None,
                Onto::Tracks(t) => match if sound { t.audio } else { t.video } {
                    None => continue,
                    track => track,
                },
            };
            spans.extend(wanted.then_some(Span { track, start, length, sound }));
        }
        start += length;
    }
    Some(Ghost { spans, caught })
}

impl Ghost {
    pub fn paint(&self, painter: &Painter, theme: &Theme, lanes: &Lanes) {
        for span in &self.spans {
            let rect: Rect = match span.track.and_then(|t| lanes.index_of(t)).map(|i| &lanes.lanes[i]) {
                Some(lane) => lanes.clip_rect(lane, span.start, span.start + span.length),
                None => {
                    // the new tracks' places: over and under the lanes that are there
                    let under = lanes.rect.top() + lanes.content_height() - lanes.scroll;
                    let (top, bottom) = if span.sound { (under, under + 40.0) } else { (lanes.rect.top(), lanes.rect.top() + 4.0) };
                    Rect::from_min_max(pos2(lanes.x(span.start), top), pos2(lanes.x(span.start + span.length), bottom))
                }
            };
            let hue = if span.sound { theme.tokens().audio } else { theme.tokens().video };
            let radius = CornerRadius::same(size::CLIP_RADIUS);
            painter.rect_filled(rect, radius, hue.base.0.gamma_multiply(0.5));
            painter.rect_stroke(rect, radius, Stroke::new(1.5, theme.accent()), StrokeKind::Inside);
        }
        if let Some(frame) = self.caught {
            painter.vline(lanes.x(frame), lanes.rect.y_range(), Stroke::new(1.0, theme.warning()));
        }
    }
}
