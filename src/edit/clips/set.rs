//! Changing one property of a clip.

use crate::{
    base::{ClipId, MediaId, Rounding, Time},
    edit::{ClipChange, EditError, draft::Draft, limits, track_ops},
    model::{Animated, Clip, ClipContent, Keyframes, MAX_FRAME, Speed},
};
use std::sync::Arc;

pub(in crate::edit) fn set(d: &mut Draft, clip: ClipId, change: &ClipChange) -> Result<(), EditError> {
    let place @ (t, i) = d.find(clip)?;
    let mut c = d.clip(place).clone();
    match change {
        ClipChange::Name(name) => c.name.clone_from(name),
        ClipChange::Enabled(v) => c.enabled = *v,
        ClipChange::Transform(v) => c.transform = *v,
        ClipChange::GainDb(v) => c.gain_db = *v,
        ClipChange::Pan(v) => c.pan = *v,
        ClipChange::FadeIn(v) => c.fade_in = *v,
        ClipChange::FadeOut(v) => c.fade_out = *v,
        ClipChange::Soft(at_start, at_end) => (c.soft_in, c.soft_out) = (*at_start, *at_end),
        ClipChange::Link(v) => c.link = *v,
        ClipChange::Group(v) => c.group = *v,
        ClipChange::Effects(v) => c.effects.clone_from(v),
        ClipChange::Stabilize(v) => c.stabilize.clone_from(v),
        ClipChange::Animate(v) => animate(&mut c.keyframes, v),
        ClipChange::Chosen(v) => c.chosen.clone_from(v),
        ClipChange::Shot { media, source_in, speed } => shot(d, place, &mut c, *media, *source_in, *speed)?,
        ClipChange::Replace { media, source_in } => replace(d, place, &mut c, *media, *source_in)?,
        ClipChange::Speed(v) => set_speed(d, place, &mut c, *v)?,
        ClipChange::Title(v) => match &mut c.content {
            ClipContent::Title(title) => title.clone_from(v),
            _ => return Err(EditError::WrongContent { clip: d.clip_name(&c), wanted: "title" }),
        },
        ClipChange::Solid(v) => match &mut c.content {
            ClipContent::Solid { color } => *color = *v,
            _ => return Err(EditError::WrongContent { clip: d.clip_name(&c), wanted: "colour" }),
        },
    }
    d.check_clip(&c)?;
    d.open(t)?.clips[i] = Arc::new(c);
    Ok(())
}

fn animate(keys: &mut Keyframes, curve: &Animated) {
    match curve {
        Animated::Position(c) => keys.position.clone_from(c),
        Animated::Scale(c) => keys.scale.clone_from(c),
        Animated::Rotation(c) => keys.rotation.clone_from(c),
        Animated::Opacity(c) => keys.opacity.clone_from(c),
        Animated::GainDb(c) => keys.gain_db.clone_from(c),
    }
}

/// Another media in the clip's place, at normal speed, from a point of it; as long as the clip is, or as the media lasts.
fn replace(d: &Draft, (t, _): (usize, usize), c: &mut Clip, media: MediaId, source_in: Time) -> Result<(), EditError> {
    if !d.project.media.contains_key(&media) {
        return Err(EditError::NoMedia(media));
    }
    c.content = ClipContent::Media { media, source_in, speed: Speed::NORMAL };
    c.name.clear();
    d.check_kind(c, &d.project.sequence.tracks[t])?;
    if !limits::has_media_at(&d.project, c, c.start, d.rate()) {
        return Err(EditError::OutsideMedia { clip: d.clip_name(c) });
    }
    c.duration = limits::longest_within_media(&d.project, c, c.duration, d.rate());
    track_ops::fit_fades(c);
    Ok(())
}

/// Another piece of media in the clip's place, as long as the clip is.
fn shot(d: &Draft, (t, _): (usize, usize), c: &mut Clip, media: MediaId, source_in: Time, speed: Speed) -> Result<(), EditError> {
    if !d.project.media.contains_key(&media) {
        return Err(EditError::NoMedia(media));
    }
    c.content = ClipContent::Media { media, source_in, speed };
    d.check_kind(c, &d.project.sequence.tracks[t])?;
    if let Some(wrong) = d.project.clip_problem(c) {
        return Err(EditError::Invalid(wrong.0));
    }
    if !limits::has_media_at(&d.project, c, c.start, d.rate())
        || limits::longest_within_media(&d.project, c, c.duration, d.rate()) < c.duration
    {
        return Err(EditError::OutsideMedia { clip: d.clip_name(c) });
    }
    Ok(())
}

fn set_speed(d: &Draft, (t, i): (usize, usize), c: &mut Clip, new: Speed) -> Result<(), EditError> {
    let rate = d.rate();
    let (last_point, first_frame) = (c.source_at(c.end() - 1, rate), c.start);
    let name = d.clip_name(c);
    let Some((source_in, speed)) = c.content.source_mut() else {
        return Err(EditError::WrongContent { clip: name, wanted: "media" });
    };
    let old = std::mem::replace(speed, new);
    // The other checks come after the change, but a zero here would divide.
    if new.1 == 0 {
        return Err(EditError::Invalid(format!("the speed of “{name}” divides by zero")));
    }
    if let Some(last) = last_point
        && i64::from(old.0) * i64::from(new.0) < 0
    {
        *source_in = last.max(Time::ZERO);
    }
    if !old.is_freeze() && !new.is_freeze() {
        let before = c.duration;
        let num = i128::from(c.duration) * i128::from(old.0.unsigned_abs()) * i128::from(new.1);
        let den = i128::from(old.1.max(1)) * i128::from(new.0.unsigned_abs());
        c.duration = Rounding::Nearest.div(num, den).clamp(1, i128::from(MAX_FRAME)) as i64;
        // keys stay on the picture that they were set on
        let (now, before) = (i128::from(c.duration), i128::from(before));
        let scaled = |frame: i64| Rounding::Nearest.div(i128::from(frame) * now, before);
        c.keyframes.map_frames(|frame| scaled(frame).clamp(i128::from(-MAX_FRAME), i128::from(MAX_FRAME)) as i64);
    }
    let next = d.project.sequence.tracks[t].clips.get(i + 1);
    let room = next.map_or(i64::MAX, |n| n.start - first_frame);
    c.duration = limits::longest_within_media(&d.project, c, c.duration.min(room), rate);
    track_ops::fit_fades(c);
    Ok(())
}
