//! Properties and groups of clips: on and off, links, groups, nesting, freeze frames, speed.

use super::{Desk, batch};
use crate::{
    app::words::tr,
    base::{ClipId, Rounding, SequenceId},
    edit::{self, ClipChange, EditCommand, Placement, fresh_group, fresh_ids, fresh_link},
    model::{Clip, Speed, TrackKind},
};

/// Switch all off, or all on where all are off.
pub fn toggle_enabled(desk: &Desk<'_>) -> Option<EditCommand> {
    let on = desk.selected().all(|(_, c)| !c.enabled);
    batch(desk.selected().map(|(_, c)| EditCommand::SetClip { clip: c.id, change: ClipChange::Enabled(on) }).collect())
}

/// Unlink where any selected clip is linked, else link all selected.
pub fn toggle_link(desk: &Desk<'_>) -> Option<EditCommand> {
    let link = if desk.selected().any(|(_, c)| c.link.is_some()) { None } else { Some(fresh_link(desk.project)) };
    batch(desk.selected().map(|(_, c)| EditCommand::SetClip { clip: c.id, change: ClipChange::Link(link) }).collect())
}

/// Group the selected clips, or take them out of their groups.
pub fn group(desk: &Desk<'_>, together: bool) -> Option<EditCommand> {
    let group = together.then(|| fresh_group(desk.project));
    let concerned = desk.selected().filter(|(_, c)| together || c.group.is_some());
    batch(concerned.map(|(_, c)| EditCommand::SetClip { clip: c.id, change: ClipChange::Group(group) }).collect())
}

/// Make a sequence of the selected clips.
pub fn nest(desk: &Desk<'_>) -> Option<EditCommand> {
    let clips: Vec<ClipId> = desk.selected().map(|(_, c)| c.id).collect();
    let sequence = SequenceId(fresh_ids(desk.project).next()?);
    let name = crate::app::words::tr_args("edits-nested-name", &[("n", (desk.project.others.len() + 1).into())]);
    (!clips.is_empty()).then_some(EditCommand::Nest { clips, sequence, name })
}

/// The sequence that a selected clip shows.
pub fn nested(desk: &Desk<'_>) -> Option<SequenceId> {
    desk.selected().find_map(|(_, c)| c.nested())
}

/// Two seconds of the picture under the playhead, put in there.
///
/// # Errors
/// No picture lies under the playhead.
pub fn freeze_frame(desk: &Desk<'_>) -> Result<Option<EditCommand>, String> {
    let only = &desk.selection.clips;
    let tracks = desk.project.sequence.video_tracks().rev().filter(|t| !t.locked);
    let mut under = tracks.filter_map(|t| t.clip_index_at(desk.frame).map(|i| &t.clips[i])).filter(|c| c.content.source().is_some());
    let clip = if only.is_empty() { under.next() } else { under.find(|c| only.contains(&c.id)) };
    let clip = clip.ok_or_else(|| tr("edits-no-picture"))?;
    let frames = i64::from(desk.project.sequence.frame_rate.timecode_base()) * 2;
    edit::freeze_frame(desk.project, clip.id, desk.frame, frames).map(Some).map_err(|e| e.to_string())
}

/// What the speed dialog asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedWish {
    pub speed: Speed,
    /// Later clips follow the new end; else a longer clip stops at the next one and a shorter one leaves a gap.
    pub ripple: bool,
}

/// Frames that a clip lasts at another speed.
pub fn length_at(clip: &Clip, speed: Speed) -> i64 {
    let old = clip.speed();
    if old.is_freeze() || speed.is_freeze() {
        return clip.duration;
    }
    let num = i128::from(clip.duration) * i128::from(old.0.unsigned_abs()) * i128::from(speed.1.max(1));
    let den = i128::from(old.1.max(1)) * i128::from(speed.0.unsigned_abs().max(1));
    Rounding::Nearest.div(num, den).clamp(1, i128::from(crate::model::MAX_FRAME)) as i64
}

/// The speed, in hundredths of a per cent, at which a clip lasts as close to `frames` as can be; the direction stays.
pub fn speed_for(clip: &Clip, frames: i64) -> Speed {
    let old = clip.speed();
    let num = i128::from(clip.duration) * i128::from(old.0.unsigned_abs()) * 10_000;
    let den = i128::from(old.1.max(1)) * i128::from(frames.max(1));
    let parts = Rounding::Nearest.div(num, den).clamp(1, 1_000_000) as i32;
    reduced(if old.0 < 0 { -parts } else { parts }, 10_000)
}

/// A ratio in lowest terms.
pub fn reduced(num: i32, den: u32) -> Speed {
    let (mut a, mut b) = (num.unsigned_abs(), den);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let g = a.max(1);
    Speed(num / g.min(i32::MAX as u32) as i32, den / g)
}

/// Another speed for the selected clips that have a source; with `ripple` what follows each makes room or closes up.
pub fn speed(desk: &Desk<'_>, wish: SpeedWish) -> Option<EditCommand> {
    let mut clips: Vec<_> = desk.selected().filter(|(t, c)| !t.locked && c.content.source().is_some()).collect();
    let set = |c: &Clip| EditCommand::SetClip { clip: c.id, change: ClipChange::Speed(wish.speed) };
    if !wish.ripple {
        return batch(clips.iter().map(|(_, c)| set(c)).collect());
    }
    // from the end, so that what is still to come stays where it is; clips that end together are one stretch of time
    clips.sort_by_key(|(t, c)| (-c.end(), t.kind == TrackKind::Audio));
    let mut ids = fresh_ids(desk.project);
    let mut commands = Vec::new();
    for same in clips.chunk_by(|a, b| a.1.end() == b.1.end()) {
        let (end, old) = (same[0].1.end(), same[0].1.duration);
        let by = length_at(same[0].1, wish.speed) - old;
        let tracks = same.iter().map(|(t, _)| t.id).collect::<Vec<_>>();
        if by > 0 {
            // time is put in by clips that hold a frame, which then go again
            let hold = |c: &Clip, id: u64| {
                let mut hold = Clip::new(ClipId(id), end, by, c.content.clone());
                if let Some((_, speed)) = hold.content.source_mut() {
                    *speed = Speed::FREEZE;
                }
                hold
            };
            let holds: Vec<_> = same.iter().zip(&mut ids).map(|((t, c), id)| (t.id, hold(c, id))).collect();
            let gone = holds.iter().map(|(_, c)| c.id).collect();
            commands.push(EditCommand::InsertClips { clips: holds, mode: Placement::Ripple });
            commands.push(EditCommand::Remove { clips: gone, ripple: false });
        }
        commands.extend(same.iter().map(|(_, c)| set(c)));
        if by < 0 {
            commands.push(EditCommand::Extract { from: end + by, to: end, tracks });
        }
    }
    batch(commands)
}
