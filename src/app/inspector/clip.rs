//! Selected clips: which sections they have, and what belongs to every clip: name, place, source. UI thread.

use super::{
    InspectorState, chosen, effects, heading,
    rows::{self, TimeField},
    scope::Scope,
    sound, speed, stabilize,
    state::Typing,
    times::Clock,
    title, transform,
};
use crate::{
    app::{
        edits::{UNLIMITED, source_room, trim_range},
        icons,
        state::Cx,
        timeline::clip_name,
        words::{tr, tr_args},
    },
    base::{Rounding, Time},
    edit::{ClipChange, ClipMove, Edge, EditCommand, Placement, TrackChange},
    model::{Clip, ClipContent, Track, TrackKind},
    session::Command,
};
use egui::Ui;
use std::sync::Arc;

/// A clip and the track that it lies on.
pub type Placed<'a> = (&'a Arc<Track>, &'a Arc<Clip>);

pub fn clips_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[Placed<'_>]) {
    head(ui, cx, clips);
    let locked = locked_ui(ui, cx, clips);
    // those on locked tracks stay as they are; where there are no others, they are shown but cannot be touched
    let open: Vec<Placed<'_>> = clips.iter().copied().filter(|(t, _)| !t.locked).collect();
    let meant = if open.is_empty() { clips } else { &open };
    if locked && open.is_empty() {
        ui.disable();
    }
    let playhead = cx.program.playhead();
    let of = |want: &dyn Fn(&Track, &Clip) -> bool| Scope::new(meant.iter().filter(|(t, c)| want(t, c)).map(|(_, c)| &***c), playhead);
    let all = of(&|_, _| true);
    let seen = of(&|t, _| t.kind == TrackKind::Video);
    let heard = of(&|t, c| t.kind == TrackKind::Audio && c.content.source().is_some());
    let timed = of(&|_, c| c.content.source().is_some() && cx.project.source_duration(&c.content).is_some());
    let only = |want: fn(&ClipContent) -> bool| !seen.is_empty() && seen.clips.iter().all(|c| want(&c.content));
    // a linked pair shows both; of a mixed selection only what all have
    let common = heard.is_empty() || seen.is_empty() || one_thing(meant).is_some();
    if only(|c| matches!(c, ClipContent::Title(_))) {
        title::title_ui(ui, state, cx, &seen);
    }
    if only(|c| matches!(c, ClipContent::Solid { .. })) {
        transform::solid_ui(ui, state, cx, &seen);
    }
    nested_ui(ui, cx, meant);
    if let Some(chosen) = one_thing(meant).and_then(|c| c.1.chosen.clone()) {
        chosen::chosen_ui(ui, state, cx, &chosen);
    }
    if !seen.is_empty() && common {
        transform::transform_ui(ui, state, cx, &seen);
        effects::effects_ui(ui, state, cx, &seen);
        if seen.clips.iter().all(|c| stabilize::can(&cx.project, c)) {
            stabilize::stabilize_ui(ui, state, cx, &seen);
        }
    }
    if !heard.is_empty() && common {
        sound::sound_ui(ui, state, cx, &heard);
    }
    if !timed.is_empty() && timed.clips.len() == all.clips.len() {
        speed::speed_ui(ui, state, cx, &timed, one_thing(meant).map(|c| &**c.1));
    }
    sound::fades_ui(ui, state, cx, &all);
    clip_ui(ui, state, cx, meant, &all);
}

/// The clip that all of `clips` are parts of: the only one, or the picture of a linked pair.
fn one_thing<'a>(clips: &[Placed<'a>]) -> Option<Placed<'a>> {
    let first = clips.first()?;
    let linked =
        |c: &Placed<'_>| c.1.link.is_some() && c.1.link == first.1.link && c.1.start == first.1.start && c.1.duration == first.1.duration;
    let all = clips.len() == 1 || clips.iter().all(linked);
    all.then(|| *clips.iter().find(|c| c.0.kind == TrackKind::Video).unwrap_or(first))
}

fn head(ui: &mut Ui, cx: &Cx<'_>, clips: &[Placed<'_>]) {
    let s = &cx.project.sequence;
    let Some(first) = one_thing(clips).or_else(|| clips.first().copied()) else { return };
    let icon = match first.1.content {
        ClipContent::Title(_) => icons::TEXT,
        ClipContent::Solid { .. } => icons::IMAGE,
        ClipContent::Sequence { .. } => icons::TIMELINE,
        ClipContent::Adjustment => icons::ADJUST,
        ClipContent::Media { .. } if first.0.kind == TrackKind::Audio => icons::WAVEFORM,
        ClipContent::Media { .. } => icons::FILM_STRIP,
    };
    let one = one_thing(clips).is_some();
    let name = if one { clip_name(&cx.project, first.1) } else { tr_args("inspector-clips", &[("n", clips.len().into())]) };
    let start = clips.iter().map(|c| c.1.start).min().unwrap_or(0);
    let end = clips.iter().map(|c| c.1.end()).max().unwrap_or(0);
    heading(ui, cx, icon, &name, &format!("{} – {}", s.timecode(start), s.timecode(end)));
}

/// Says where clips lie on locked tracks, and offers to unlock them.
fn locked_ui(ui: &mut Ui, cx: &mut Cx<'_>, clips: &[Placed<'_>]) -> bool {
    let mut tracks: Vec<&Arc<Track>> = clips.iter().map(|c| c.0).filter(|t| t.locked).collect();
    tracks.dedup_by_key(|t| t.id);
    if tracks.is_empty() {
        return false;
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(egui::RichText::new(icons::LOCK.to_string()).color(cx.theme.warning()));
        let all = clips.iter().all(|c| c.0.locked);
        ui.label(egui::RichText::new(tr(if all { "inspector-locked" } else { "inspector-locked-some" })).color(cx.theme.secondary()));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui.button(tr("inspector-unlock")).clicked() {
                let unlock = |t: &&Arc<Track>| EditCommand::SetTrack { id: t.id, change: TrackChange::Locked(false) };
                cx.out.send(Command::Edit(EditCommand::Batch(tracks.iter().map(unlock).collect())));
            }
        });
    });
    true
}

/// A clip that shows another sequence: what is in it, and the way there.
fn nested_ui(ui: &mut Ui, cx: &mut Cx<'_>, clips: &[Placed<'_>]) {
    let Some(id) = one_thing(clips).and_then(|c| c.1.nested()) else { return };
    let project = cx.project.clone();
    let Some(inner) = project.sequence_of(id) else { return };
    ui.add_space(8.0);
    super::sequence::facts_ui(ui, cx, inner);
    if rows::action(ui, icons::FOLDER_OPEN, &tr("inspector-open-sequence")) {
        cx.out.send(Command::Edit(EditCommand::OpenSequence { id }));
    }
}

fn clip_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[Placed<'_>], all: &Scope<'_>) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-clip", |_| {}) {
        return;
    }
    if let Some((_, clip)) = one_thing(clips) {
        name_ui(ui, state, cx, clip, all);
    }
    if let Some(on) = rows::toggle(ui, cx.theme, &tr("inspector-enabled"), all.same(|c| c.enabled))
        && let Some(edit) = all.each(|_| ClipChange::Enabled(on))
    {
        cx.out.send(Command::Edit(edit));
    }
    if let Some(one) = one_thing(clips) {
        place_ui(ui, state, cx, clips, one);
        source_ui(ui, state, cx, clips, one);
    }
}

fn name_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clip: &Clip, all: &Scope<'_>) {
    // without a name of its own a clip is called as what it shows
    let hint = clip_name(&cx.project, &Clip { name: String::new(), ..clip.clone() });
    let mut name = clip.name.clone();
    let (response, changed) = rows::text(ui, cx.theme, &tr("inspector-name"), &tr("inspector-clip-name"), &hint, &mut name);
    if changed && let Some(edit) = all.each(|_| ClipChange::Name(name.clone())) {
        state.type_into(cx, Typing::ClipName(clip.id), edit);
    }
    if response.lost_focus() {
        state.typed(cx);
    }
}

/// A field for one end or the length of a clip.
fn time_ui(ui: &mut Ui, cx: &Cx<'_>, keys: (&str, &str), range: (i64, i64), frame: i64, label: bool) -> Option<i64> {
    let clock = Clock::of(&cx.project.sequence);
    let format = |f: i64| if label { clock.label(f) } else { clock.length(f) };
    let parse = |text: &str| if label { clock.parse_label(text) } else { clock.parse_length(text) };
    let field = TimeField { label: &tr(keys.0), name: &tr(keys.1), range: range.0.min(range.1)..=range.1, format: &format, parse: &parse };
    rows::time(ui, cx.theme, &field, frame)
}

/// Start, end and length on the timeline. The parts of a linked pair go together.
fn place_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[Placed<'_>], one: Placed<'_>) {
    let project = cx.project.clone();
    let clip = one.1;
    let (low, high) = clips.iter().map(|(t, c)| free_around(t, c)).fold((0, UNLIMITED), |a, b| (a.0.max(b.0), a.1.min(b.1)));
    let starts = (low, high.saturating_sub(clip.duration));
    if let Some(to) = time_ui(ui, cx, ("inspector-start", "inspector-clip-start"), starts, clip.start, true) {
        let by = to - clip.start;
        let moves = clips.iter().map(|(t, c)| ClipMove { clip: c.id, track: t.id, start: c.start.saturating_add(by) }).collect();
        state.change_if_possible(ui, cx, EditCommand::Move { moves, mode: Placement::Strict });
    }
    let ends = clips.iter().map(|(t, c)| trim_range(&project, t, c, Edge::End)).fold((0, UNLIMITED), |a, b| (a.0.max(b.0), a.1.min(b.1)));
    let trim = |to: i64| {
        let mut edits: Vec<_> = clips.iter().map(|(_, c)| EditCommand::Trim { clip: c.id, edge: Edge::End, to }).collect();
        if edits.len() == 1 { edits.remove(0) } else { EditCommand::Batch(edits) }
    };
    if let Some(to) = time_ui(ui, cx, ("inspector-end", "inspector-clip-end"), ends, clip.end(), true) {
        state.change_if_possible(ui, cx, trim(to));
    }
    let lengths = (1, ends.1.saturating_sub(clip.start));
    if let Some(to) = time_ui(ui, cx, ("inspector-duration", "inspector-clip-duration"), lengths, clip.duration, false) {
        state.change_if_possible(ui, cx, trim(clip.start + to));
    }
}

/// Frames between a clip's neighbours.
fn free_around(track: &Track, clip: &Clip) -> (i64, i64) {
    let i = track.clip_index(clip.id).unwrap_or(0);
    let before = i.checked_sub(1).and_then(|j| track.clips.get(j)).map_or(0, |c| c.end());
    (before, track.clips.get(i + 1).map_or(UNLIMITED, |c| c.start))
}

/// The piece of the source that is shown: its beginning slips, its end trims.
fn source_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[Placed<'_>], one: Placed<'_>) {
    let project = cx.project.clone();
    let (clip, rate) = (one.1, project.sequence.frame_rate);
    let Some((source_in, speed)) = clip.content.source() else { return };
    let frames = |t: Time| t.to_frames(rate, Rounding::Nearest);
    let (first, last) = (frames(source_in), clip.source_at(clip.end(), rate).map_or(0, frames));
    if speed.is_freeze() || project.source_duration(&clip.content).is_none() {
        return;
    }
    let (before, after) = source_room(&project, clip);
    let span = |n: i64| frames(speed.source_span(Time::from_frames(n.min(UNLIMITED), rate)));
    let reach = (first.saturating_sub(span(before).abs()), first.saturating_add(span(after).abs()));
    let reach = if speed.0 < 0 { (first.saturating_sub(span(after).abs()), first.saturating_add(span(before).abs())) } else { reach };
    let timeline = |source: i64| Rounding::Nearest.div(i128::from(source) * i128::from(speed.1), i128::from(speed.0)) as i64;
    if let Some(to) = time_ui(ui, cx, ("inspector-source-in", "inspector-source-in"), reach, first, false) {
        let by_frames = timeline(to - first).clamp(-before, after);
        let slips: Vec<_> = clips.iter().map(|(_, c)| EditCommand::Slip { clip: c.id, by_frames }).collect();
        let edit = if let [one] = &slips[..] { one.clone() } else { EditCommand::Batch(slips) };
        if by_frames != 0 && crate::edit::apply(&project, &edit).is_ok() {
            state.change_by(ui, cx, edit);
        }
    }
    let ends =
        if speed.0 > 0 { (first + 1, last.saturating_add(span(after).abs())) } else { (last.saturating_sub(span(after).abs()), first - 1) };
    if let Some(to) = time_ui(ui, cx, ("inspector-source-out", "inspector-source-out"), ends, last, false) {
        let end = clip.end() + timeline(to - last);
        let trims: Vec<_> = clips.iter().map(|(_, c)| EditCommand::Trim { clip: c.id, edge: Edge::End, to: end }).collect();
        let edit = if let [one] = &trims[..] { one.clone() } else { EditCommand::Batch(trims) };
        state.change_if_possible(ui, cx, edit);
    }
}
