//! Changing one property of a clip.

use crate::{
    base::{ClipId, Rounding},
    edit::{ClipChange, EditError, draft::Draft, limits, track_ops},
    model::{Clip, ClipContent, Speed},
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
        ClipChange::Link(v) => c.link = *v,
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

fn set_speed(d: &Draft, (t, i): (usize, usize), c: &mut Clip, new: Speed) -> Result<(), EditError> {
    let rate = d.rate();
    let (last_point, first_frame) = (c.source_at(c.end() - 1, rate), c.start);
    let name = d.clip_name(c);
    let ClipContent::Media { source_in, speed, .. } = &mut c.content else {
        return Err(EditError::WrongContent { clip: name, wanted: "piece of media" });
    };
    let old = std::mem::replace(speed, new);
    // The other checks come after the change, but a zero here would divide.
    if new.1 == 0 {
        return Err(EditError::Invalid(format!("the speed of “{name}” divides by zero")));
    }
    if let Some(last) = last_point
        && i64::from(old.0) * i64::from(new.0) < 0
    {
        *source_in = last.max(crate::base::Time::ZERO);
    }
    if !old.is_freeze() && !new.is_freeze() {
        let num = i128::from(c.duration) * i128::from(old.0.unsigned_abs()) * i128::from(new.1);
        let den = i128::from(old.1.max(1)) * i128::from(new.0.unsigned_abs());
        c.duration = Rounding::Nearest.div(num, den).clamp(1, i128::from(crate::model::MAX_FRAME)) as i64;
    }
    let next = d.project.sequence.tracks[t].clips.get(i + 1);
    let room = next.map_or(i64::MAX, |n| n.start - first_frame);
    c.duration = limits::longest_within_media(&d.project, c, c.duration.min(room), rate);
    track_ops::fit_fades(c);
    Ok(())
}
