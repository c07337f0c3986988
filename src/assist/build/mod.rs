//! From a plan to edit commands: one batch, one undo step, after which everything is a clip like any other. Pure.
//!
//! Picture, own sound, music and look lie on tracks of their own; every clip of the picture says why it is there, a marker lies on every
//! beat of the music, and one over every part of it.

mod crop;

use super::{
    choose::{Pick, Plan, Source},
    profile::Profile,
    slots::{Bed, Slot},
    style::{Grade, Style},
};
use crate::{
    analysis::music::Label,
    base::{ClipId, FrameRate, MarkerId, MediaId, Rounding, SequenceId, Time, TrackId, TransitionId, words::say},
    edit::{self, EditCommand, Placement, TrackChange},
    model::{
        Chosen, Clip, ClipContent, Curve, Ease, Effect, EffectKind, Fit, Key, Keyframes, Marker, Project, Side, Speed, TrackKind,
        Transform, TransitionKind,
    },
};

/// A share of speech from which the music makes room.
const SPEECH: f32 = 0.4;
/// Seconds over which it does.
const DUCK_SECS: f64 = 0.2;
/// Shorter transitions are flicker.
const LEAST_FRAMES: i64 = 4;
/// Colours of markers: parts of the music by what they are, bars, other beats.
const BAR_COLOUR: u8 = 1;
const BEAT_COLOUR: u8 = 3;
/// Reasons that a clip keeps.
const REASONS: usize = 15;

/// All that a film is made of.
pub struct Film<'a> {
    pub title: &'a str,
    pub style: &'a Style,
    pub profile: Profile,
    pub bed: Bed<'a>,
    pub slots: &'a [Slot],
    pub plan: &'a Plan,
    pub sources: &'a [Source],
    /// The media of the sources, in their order.
    pub media: &'a [MediaId],
    pub music: Option<MediaId>,
}

/// The commands that put the film into an empty open sequence, or into a new one that is then open. The project has the media.
pub fn build(project: &Project, film: &Film<'_>) -> EditCommand {
    let mut ids = Ids(edit::fresh_ids(project).next().unwrap_or(u64::MAX));
    let mut commands = Vec::new();
    let s = &project.sequence;
    let empty = s.duration() == 0;
    let of_kind = |kind| s.tracks.iter().find(|t| empty && !t.locked && t.kind == kind).map(|t| t.id);
    let (mut picture, mut sound) = (of_kind(TrackKind::Video), of_kind(TrackKind::Audio));
    if empty {
        commands.push(EditCommand::RenameSequence { id: s.id, name: film.title.into() });
    } else {
        let id = SequenceId(ids.next());
        // its own tracks take the next numbers
        ids.0 += 64;
        commands.extend([EditCommand::AddSequence { id, name: film.title.into() }, EditCommand::OpenSequence { id }]);
    }
    let Profile { width, height, frame_rate } = film.profile;
    commands.push(EditCommand::SetFormat { width, height, frame_rate, color: s.color });
    let mut count = if empty { s.tracks.len() } else { 2 };
    let mut track = |existing: Option<TrackId>, kind, name: String, commands: &mut Vec<EditCommand>, ids: &mut Ids| {
        let id = existing.unwrap_or_else(|| {
            let id = TrackId(ids.next());
            commands.push(EditCommand::AddTrack { id, kind, index: count });
            count += 1;
            id
        });
        commands.push(EditCommand::SetTrack { id, change: TrackChange::Name(name) });
        id
    };
    let video = track(picture.take(), TrackKind::Video, say!("assist-track-picture").text(), &mut commands, &mut ids);
    let look = grade(&film.style.grade);
    if !look.is_empty() {
        let above = track(None, TrackKind::Video, say!("assist-track-look").text(), &mut commands, &mut ids);
        let end = film.slots.last().map_or(1, |s| s.end);
        let mut clip = Clip::new(ClipId(ids.next()), 0, end, ClipContent::Adjustment);
        (clip.effects, clip.name) = (look, film.title.to_owned());
        commands.push(EditCommand::Insert { track: above, clip, mode: Placement::Strict });
    }
    let pictures = pictures(project, film, video, &mut ids, &mut commands);
    transitions(film, &pictures, &mut ids, &mut commands);
    let mut heard = vec![false; film.slots.len()];
    if let Some(gain) = film.style.sound.clips_db {
        let under = track(sound.take(), TrackKind::Audio, say!("assist-track-clips").text(), &mut commands, &mut ids);
        heard = own_sound(project, film, gain, under, &mut ids, &mut commands);
    }
    if let Some(music) = film.music {
        let under = track(sound.take(), TrackKind::Audio, say!("assist-track-music").text(), &mut commands, &mut ids);
        commands.push(EditCommand::Insert { track: under, clip: music_clip(film, music, &heard, &mut ids), mode: Placement::Strict });
    }
    markers(film, &mut ids, &mut commands);
    EditCommand::Batch(commands)
}

struct Ids(u64);

impl Ids {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0 - 1
    }
}

/// Frames of so many seconds, to the nearest.
fn frames(secs: f64, rate: FrameRate) -> i64 {
    Time::from_secs_f64(secs).to_frames(rate, Rounding::Nearest)
}

/// What a clip shows of a pick. It begins with a whole frame of the source, that which is on at the pick's time: other programs know
/// no places between frames.
pub fn content(project: &Project, film: &Film<'_>, pick: &Pick) -> Option<ClipContent> {
    let media = *film.media.get(pick.source)?;
    let video = project.media.get(&media).and_then(|m| m.info.video.as_ref()).filter(|v| !v.still);
    let at = Time::from_secs_f64(pick.from_secs);
    let source_in = video.map_or(at, |v| Time::from_frames(at.to_frames(v.frame_rate, Rounding::Floor), v.frame_rate));
    let speed = match (pick.speed * 1000.0).round() as i32 {
        1000 => Speed::NORMAL,
        0 => Speed::FREEZE,
        thousandths => Speed(thousandths, 1000),
    };
    Some(ClipContent::Media { media, source_in, speed })
}

/// What is kept of why a shot is where it is, the weightiest first.
pub fn chosen(pick: &Pick) -> Chosen {
    let mut reasons: Vec<(String, f32)> =
        pick.terms.iter().map(|(t, v)| (t.name().to_owned(), (v * 100.0).round() as f32 / 100.0)).collect();
    reasons.retain(|r| r.1 != 0.0);
    reasons.sort_by(|a, b| b.1.total_cmp(&a.1));
    reasons.truncate(REASONS);
    Chosen { reasons, ..Chosen::default() }
}

/// Where the picture of a shot lies in the film's frame from moment to moment, where the frame shows a part of it only.
pub fn position(project: &Project, film: &Film<'_>, slot: &Slot, pick: &Pick) -> Curve<(f32, f32)> {
    let media = film.media.get(pick.source).and_then(|id| project.media.get(id));
    let Some(video) = media.and_then(|m| m.info.video.as_ref()) else { return Curve::default() };
    let Some(source) = film.sources.get(pick.source).filter(|s| !s.still) else { return Curve::default() };
    let Profile { width, height, frame_rate } = film.profile;
    let (film, frames) = ((width, height), slot.end - slot.start);
    let cut = crop::Cut { source: video.display_size(), film, rate: frame_rate, from_secs: pick.from_secs, speed: pick.speed, frames };
    crop::path(&source.footage, &cut)
}

fn link_of(slot: usize) -> u64 {
    slot as u64 + 1
}

/// The clips of the picture, by slot.
fn pictures(project: &Project, film: &Film<'_>, track: TrackId, ids: &mut Ids, commands: &mut Vec<EditCommand>) -> Vec<ClipId> {
    let rate = film.profile.frame_rate;
    let (style, last) = (film.style, film.slots.len().saturating_sub(1));
    let mut clips = Vec::new();
    for (i, (slot, pick)) in film.slots.iter().zip(&film.plan.picks).enumerate() {
        let id = ClipId(ids.next());
        clips.push(id);
        let Some(content) = content(project, film, pick) else { continue };
        let mut clip = Clip::new(id, slot.start, slot.end - slot.start, content);
        clip.chosen = Some(Box::new(chosen(pick)));
        clip.transform = Transform { fit: Fit::Fill, ..Transform::default() };
        if style.motion.push_in > 0.0 {
            let key = |frame, value| Key { frame, value, ease: Ease::Linear };
            let scale = Curve::new([key(0, 1.0), key(clip.duration, 1.0 + style.motion.push_in)]);
            clip.keyframes = Keyframes { scale, ..Keyframes::default() };
        }
        clip.keyframes.position = position(project, film, slot, pick);
        if i == 0 {
            clip.fade_in = frames(style.transitions.fade_in_secs, rate).min(clip.duration);
        }
        if i == last {
            clip.fade_out = frames(style.transitions.fade_out_secs, rate).min(clip.duration - clip.fade_in);
        }
        let sounds = style.sound.clips_db.is_some() && project.media_of(&clip.content).is_some_and(|m| m.info.audio.is_some());
        clip.link = sounds.then(|| link_of(i));
        commands.push(EditCommand::Insert { track, clip, mode: Placement::Strict });
    }
    clips
}

/// Seconds of an effectless look are none.
fn grade(g: &Grade) -> Vec<Effect> {
    let mut out = Vec::new();
    if g.exposure_stops != 0.0 {
        out.push(EffectKind::Exposure { stops: g.exposure_stops });
    }
    if g.temperature != 0.0 || g.tint != 0.0 {
        out.push(EffectKind::WhiteBalance { temperature: g.temperature, tint: g.tint });
    }
    if g.contrast != 1.0 {
        out.push(EffectKind::Contrast { amount: g.contrast, pivot: 0.45 });
    }
    if g.saturation != 1.0 {
        out.push(EffectKind::Saturation { amount: g.saturation });
    }
    if g.teal_orange > 0.0 {
        // shadows towards blue-green, lights towards orange, grey in the middle
        let t = g.teal_orange;
        let wheels =
            EffectKind::Wheels { lift: [-0.03 * t, 0.01 * t, 0.04 * t], gamma: [1.0; 3], gain: [1.0 + 0.06 * t, 1.0, 1.0 - 0.08 * t] };
        out.push(wheels);
    }
    if g.vignette > 0.0 {
        out.push(EffectKind::Vignette { amount: g.vignette, radius: 0.55, softness: 0.7 });
    }
    out.into_iter().map(Effect::new).collect()
}

/// What happens at a cut: the kind and its length in seconds.
fn wanted(style: &Style, slot: &Slot) -> Option<(TransitionKind, f64)> {
    let t = &style.transitions;
    if t.dip_secs > 0.0 && slot.begins_part {
        return Some((TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] }, t.dip_secs));
    }
    if t.whip_secs > 0.0 && slot.loudness >= t.whip_above {
        return Some((TransitionKind::Slide { from: Side::Right, push: true }, t.whip_secs));
    }
    (t.dissolve_secs > 0.0 && slot.loudness <= t.dissolve_below).then_some((TransitionKind::CrossDissolve, t.dissolve_secs))
}

fn transitions(film: &Film<'_>, clips: &[ClipId], ids: &mut Ids, commands: &mut Vec<EditCommand>) {
    let rate = film.profile.frame_rate;
    let pairs = film.slots.iter().zip(&film.plan.picks).zip(clips);
    let pairs: Vec<_> = pairs.collect();
    for w in pairs.windows(2) {
        let ((left, out), left_id) = w[0];
        let ((right, into), right_id) = w[1];
        let Some((kind, secs)) = wanted(film.style, right) else { continue };
        let half = frames(secs / 2.0, rate).max(1);
        let still = |p: &Pick| film.sources.get(p.source).is_some_and(|s| s.still);
        // footage beyond the cut that still belongs to the shot, less a picture for rounding
        let handle = |p: &Pick, secs: f64| {
            if still(p) { i64::MAX } else { (secs / p.speed * rate.as_f64() - 1.0).floor().max(0.0) as i64 }
        };
        let shown = (left.end_secs - left.start_secs) * out.speed;
        let (lead, tail) = (handle(into, into.from_secs - into.clean_secs.0), handle(out, out.clean_secs.1 - out.from_secs - shown));
        // a third of each clip stays free, so that the transitions at both its ends have room
        let room = ((left.end - left.start).min(right.end - right.start) / 3).max(0);
        let (mut before, mut after) = (half.min(room), half.min(room));
        if matches!(kind, TransitionKind::DipToColor { .. }) {
            // shows one clip at a time, changes over in its middle
            (before, after) = (before.min(after), before.min(after));
        } else {
            (before, after) = (before.min(lead), after.min(tail));
        }
        if before + after >= LEAST_FRAMES.min(2 * half) {
            commands.push(EditCommand::AddTransition {
                id: TransitionId(ids.next()),
                left: *left_id,
                right: *right_id,
                kind,
                before,
                after,
            });
        }
    }
}

/// The clips' own sound; which slots have one that speaks.
fn own_sound(
    project: &Project,
    film: &Film<'_>,
    gain_db: f32,
    track: TrackId,
    ids: &mut Ids,
    commands: &mut Vec<EditCommand>,
) -> Vec<bool> {
    let fade = frames(film.style.sound.fade_secs, film.profile.frame_rate);
    let each = film.slots.iter().zip(&film.plan.picks).enumerate();
    each.map(|(i, (slot, pick))| {
        let Some(content) = content(project, film, pick) else { return false };
        if project.media_of(&content).is_none_or(|m| m.info.audio.is_none()) {
            return false;
        }
        let mut clip = Clip::new(ClipId(ids.next()), slot.start, slot.end - slot.start, content);
        clip.gain_db = gain_db;
        clip.link = Some(link_of(i));
        clip.fade_in = fade.min(clip.duration / 2);
        clip.fade_out = clip.fade_in;
        commands.push(EditCommand::Insert { track, clip, mode: Placement::Strict });
        let to = pick.from_secs + (slot.end_secs - slot.start_secs) * pick.speed;
        let voice = film.sources.get(pick.source).and_then(|s| s.voice.as_ref());
        voice.is_some_and(|v| v.mean(pick.from_secs, to).1 >= SPEECH)
    })
    .collect()
}

fn music_clip(film: &Film<'_>, music: MediaId, speaks: &[bool], ids: &mut Ids) -> Clip {
    let rate = film.profile.frame_rate;
    let end = film.slots.last().map_or(1, |s| s.end);
    let source_in = Time::from_secs_f64(film.bed.music_start_secs);
    let content = ClipContent::Media { media: music, source_in, speed: Speed::NORMAL };
    // the last frame of the film may outlast the music by a part of it
    let left = film
        .bed
        .music
        .map_or(i64::MAX, |m| Time::from_secs_f64(m.duration_secs - film.bed.music_start_secs).to_frames(rate, Rounding::Ceil));
    let mut clip = Clip::new(ClipId(ids.next()), 0, end.min(left).max(1), content);
    let sound = &film.style.sound;
    clip.gain_db = sound.music_db;
    if left > end {
        clip.fade_out = frames(film.style.transitions.fade_out_secs.max(0.3), rate).min(clip.duration / 2);
    }
    if sound.duck_db < 0.0 && speaks.contains(&true) {
        clip.keyframes.gain_db = ducked(film, speaks, clip.duration);
    }
    clip
}

/// Down before somebody speaks and up again after, once for neighbours that speak.
fn ducked(film: &Film<'_>, speaks: &[bool], duration: i64) -> Curve<f32> {
    let (rate, sound) = (film.profile.frame_rate, &film.style.sound);
    let (up, down) = (sound.music_db, sound.music_db + sound.duck_db);
    let ramp = frames(DUCK_SECS, rate).max(1);
    let key = |frame: i64, value| Key { frame: frame.clamp(0, duration), value, ease: Ease::InOut };
    let mut keys = vec![key(0, if speaks.first() == Some(&true) { down } else { up })];
    for (i, w) in speaks.windows(2).enumerate() {
        let cut = film.slots[i + 1].start;
        match (w[0], w[1]) {
            (false, true) => keys.extend([key(cut - ramp, up), key(cut, down)]),
            (true, false) => keys.extend([key(cut, down), key(cut + ramp, up)]),
            _ => {}
        }
    }
    Curve::new(keys)
}

fn markers(film: &Film<'_>, ids: &mut Ids, commands: &mut Vec<EditCommand>) {
    let (rate, end) = (film.profile.frame_rate, film.slots.last().map_or(0, |s| s.end));
    let frame = |secs: f64| frames(secs - film.bed.music_start_secs, rate);
    for section in film.bed.music.iter().flat_map(|m| &m.sections) {
        let (from, to) = (frame(section.start_secs).clamp(0, end), frame(section.end_secs).clamp(0, end));
        if to > from {
            let name = super::words::label(section.label);
            let (id, color) = (MarkerId(ids.next()), colour(section.label));
            let marker = Marker { id, frame: from, duration: to - from, name, color, note: String::new() };
            commands.push(EditCommand::AddMarker { marker });
        }
    }
    for (i, secs) in film.bed.music.iter().flat_map(|m| m.beats.iter().enumerate()) {
        let at = frame(*secs);
        if (0..end).contains(&at) {
            let first = film.bed.music.is_some_and(|m| m.downbeats.binary_search(&i).is_ok());
            let color = if first { BAR_COLOUR } else { BEAT_COLOUR };
            let marker = Marker { id: MarkerId(ids.next()), frame: at, duration: 0, name: String::new(), color, note: String::new() };
            commands.push(EditCommand::AddMarker { marker });
        }
    }
}

fn colour(part: Label) -> u8 {
    match part {
        Label::Intro => 3,
        Label::Build => 2,
        Label::Drop => 0,
        Label::Verse => 5,
        Label::Outro => 4,
    }
}
