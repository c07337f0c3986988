//! Moving through time and tracks: wheel, pinch and middle button over the timeline, following the playhead, and walking from
//! clip to clip by keyboard.

use super::{
    TimelineState,
    lanes::{HEIGHTS, Lanes},
};
use crate::{
    app::state::{Cx, Selection},
    base::ClipId,
    edit::{EditCommand, TrackChange},
    session::Command,
};
use egui::{Event, EventFilter, Key, Modifiers, Rect, Response, Ui};

/// What the view does while the playhead moves by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follow {
    /// Turns the page when the playhead leaves it.
    #[default]
    Page,
    /// Keeps the playhead in the middle.
    Smooth,
    Off,
}

impl Follow {
    /// What the settings call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Smooth => "smooth",
            Self::Off => "off",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Page, Self::Smooth, Self::Off].into_iter().find(|f| f.name() == name)
    }
}

/// Wheel and pinch: Ctrl zooms around the pointer, Alt changes the height of the track under it, Shift or a second axis moves
/// in time, else lanes scroll if they can.
pub fn wheel(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>, area: Rect, lanes: &Lanes) {
    let Some(pos) = ui.input(|i| i.pointer.hover_pos()).filter(|p| area.contains(*p) && ui.rect_contains_pointer(area)) else { return };
    let (zoom, scroll, alt) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta(), i.modifiers.alt));
    let duration = cx.project.sequence.duration();
    let width = f64::from(lanes.rect.width());
    if zoom != 1.0 {
        let x = f64::from(pos.x - lanes.rect.left()).max(0.0);
        state.view = state.view.zoomed_at(x, f64::from(zoom));
    } else if alt && scroll != egui::Vec2::ZERO {
        if let Some(lane) = lanes.lane_at(pos).filter(|_| ui.input(|i| i.events.iter().any(|e| matches!(e, Event::MouseWheel { .. })))) {
            let step = if scroll.x + scroll.y > 0.0 { 8 } else { -8 };
            let height = (lane.height as i32 + step).clamp(i32::from(*HEIGHTS.start()), i32::from(*HEIGHTS.end()));
            let change = TrackChange::Height(u16::try_from(height).unwrap_or(0));
            cx.out.send(Command::Edit(EditCommand::SetTrack { id: lane.track.id, change }));
        }
    } else if scroll != egui::Vec2::ZERO {
        state.view = state.view.panned(-f64::from(scroll.x)).held(duration, width);
        state.scroll = (state.scroll - scroll.y).max(0.0);
    }
    let pan = ui.input(|i| if i.pointer.middle_down() { i.pointer.delta() } else { egui::Vec2::ZERO });
    if pan != egui::Vec2::ZERO {
        state.view = state.view.panned(-f64::from(pan.x)).held(duration, width);
        state.scroll = (state.scroll - pan.y).max(0.0);
    }
    state.view.left = state.view.left.max(0.0);
}

/// Keep the playhead in sight while it plays.
pub fn follow(state: &mut TimelineState, playhead: i64, playing: bool) {
    let (frame, width) = (playhead as f64, f64::from(state.width));
    match state.follow {
        _ if !playing => {}
        Follow::Page => {
            let x = state.view.x(frame);
            if x < 0.0 || x > width {
                state.view.left = frame;
            }
        }
        Follow::Smooth => state.view.left = (frame - width / 2.0 / state.view.scale).max(0.0),
        Follow::Off => {}
    }
}

/// Arrows walk from clip to clip while the lanes have the focus: left and right along the track, up and down between tracks;
/// Tab goes on to the next clip until the last, Enter selects.
pub fn keys(ui: &Ui, state: &mut TimelineState, cx: &mut Cx<'_>, lanes: &Lanes, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: state.focus.is_some(), escape: false };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    let pressed = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let back = ui.input_mut(|i| i.consume_key(Modifiers::SHIFT, Key::Tab));
    let (left, right) = (pressed(Key::ArrowLeft) || back, pressed(Key::ArrowRight) || pressed(Key::Tab));
    let (up, down) = (pressed(Key::ArrowUp), pressed(Key::ArrowDown));
    let place = state.focus.and_then(|id| cx.index.place(id));
    let next = match place {
        _ if !(left || right || up || down) => state.focus,
        None => first_in_view(lanes),
        Some((t, i)) => {
            let track = &cx.project.sequence.tracks[t];
            let along = if left { i.checked_sub(1) } else { Some(i + 1) };
            if left || right {
                // past the ends the focus stays, and Tab may leave the lanes
                along.and_then(|j| track.clips.get(j)).map(|c| c.id).or(state.focus)
            } else {
                across(lanes, t, track.clips[i].start, if up { -1 } else { 1 }).or(state.focus)
            }
        }
    };
    if next != state.focus {
        state.focus = next;
        if let Some((_, clip)) = next.and_then(|id| cx.index.clip(id)) {
            state.reveal(clip.start);
            cx.out.select(Selection::clips(cx.index.with_links(&[clip.id].into())));
        }
    }
    if pressed(Key::Enter)
        && let Some(id) = state.focus
    {
        cx.out.select(Selection::clips(cx.index.with_links(&[id].into())));
    }
}

fn first_in_view(lanes: &Lanes) -> Option<ClipId> {
    let (from, to) = lanes.visible();
    lanes.lanes.iter().find_map(|l| l.track.clips_in(from, to).first()).map(|c| c.id)
}

/// The clip at `frame`, or the next one to it, on the nearest lane above (−1) or below (1) that has any.
fn across(lanes: &Lanes, track: usize, frame: i64, by: i64) -> Option<ClipId> {
    let at = lanes.lanes.iter().position(|l| l.place == track)? as i64;
    let mut lane = at + by;
    while let Some(l) = usize::try_from(lane).ok().and_then(|i| lanes.lanes.get(i)) {
        let i = l.track.clips.partition_point(|c| c.end() <= frame).min(l.track.clips.len().saturating_sub(1));
        if let Some(c) = l.track.clips.get(i) {
            return Some(c.id);
        }
        lane += by;
    }
    None
}
