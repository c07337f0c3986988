//! Chooses shots of a montage anew, where it stands now: whatever was trimmed or moved since, every other shot stays.

use super::{MontageError, Wish, ask, look, plan::Stage, styles};
use crate::{
    assist::{
        self, Pick, Slot,
        choose::Settled,
        profile::Profile,
        slots::{Bed, slot_at},
    },
    base::{ClipId, FrameRate, Time, words::say},
    model::{Chosen, ClipContent, Curve, Speed},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// What is to be chosen anew in which film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reroll {
    pub width: u32,
    pub height: u32,
    pub frame_rate: FrameRate,
    /// Frames of the film.
    pub duration: i64,
    /// The film's shots, in order.
    pub shots: Vec<Shown>,
    /// Places in `shots` that are chosen anew.
    pub which: Vec<usize>,
}

/// A shot of the film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub clip: ClipId,
    pub start: i64,
    pub end: i64,
    pub file: PathBuf,
    pub source_in: Time,
    pub speed: Speed,
    /// Shots that were here and were not wanted, each by a point within.
    pub refused: Vec<(PathBuf, Time)>,
}

/// What now comes in a shot's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rerolled {
    pub clip: ClipId,
    pub file: PathBuf,
    pub source_in: Time,
    pub speed: Speed,
    /// Why; without what was refused.
    pub chosen: Chosen,
    pub position: Curve<(f32, f32)>,
}

/// Choose anew; `wish` is the one that the film was made with. Blocks as [`super::make`] does.
///
/// # Errors
/// As [`super::make`].
pub fn reroll(
    wish: &Wish,
    what: &Reroll,
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32, &str),
) -> Result<Vec<Rerolled>, MontageError> {
    let (styles, _) = styles();
    let brief = ask::brief(wish, &styles, cancel)?.brief;
    let music = wish.music.as_deref().map(|path| look::hear(path, wish, cancel)).transpose()?;
    let (looked, _) = look::look(wish, cancel, &mut |part| progress(part * 0.95, &say!("assist-step-looking").text()))?;
    let files: Vec<PathBuf> = looked.iter().map(|l| l.path.clone()).collect();
    let profile = Profile { width: what.width, height: what.height, frame_rate: what.frame_rate };
    let (stage, profile) = Stage::new("reroll", looked, music.as_ref(), |_| profile)?;
    let duration_secs = Time::from_frames(what.duration, what.frame_rate).as_secs_f64();
    let (music, reach_secs) = (music.as_ref().map(|m| &m.2), assist::choose::reach_secs(&stage.sources));
    let bed = Bed { music, music_start_secs: wish.music_start_secs.max(0.0), duration_secs, reach_secs };
    let slots: Vec<Slot> = what.shots.iter().map(|s| slot_at(&bed, &brief.style, what.frame_rate, (s.start, s.end))).collect();
    let settled = settled(what, &files, &stage);
    let plan = assist::choose(&slots, &stage.sources, &brief.style, &settled, wish.seed);
    let film = stage.film(&brief, profile, bed, (&slots, &plan));
    let each = what.which.iter().filter_map(|i| Some((what.shots.get(*i)?, slots.get(*i)?, plan.picks.get(*i)?)));
    let each = each.filter_map(|(shown, slot, pick)| {
        let ClipContent::Media { source_in, speed, .. } = assist::build::content(&stage.project, &film, pick)? else { return None };
        let position = assist::build::position(&stage.project, &film, slot, pick);
        let file = files.get(pick.source)?.clone();
        Some(Rerolled { clip: shown.clip, file, source_in, speed, chosen: assist::build::chosen(pick), position })
    });
    Ok(each.collect())
}

/// All shots but those that are chosen anew stay; of those what was there, and what was refused before, is not taken again.
fn settled(what: &Reroll, files: &[PathBuf], stage: &Stage) -> Settled {
    let at = |file: &Path, point: Time| {
        let source = files.iter().position(|f| f == file)?;
        let secs = point.as_secs_f64();
        let shots = stage.sources.get(source)?.shots();
        // half a picture into the shot: rates differ
        let shot = shots.iter().position(|s| secs + 0.02 < s.end_secs).unwrap_or(shots.len().saturating_sub(1));
        Some((source, shot))
    };
    let mut settled = Settled::default();
    let mut refused: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (i, s) in what.shots.iter().enumerate() {
        let Some((source, shot)) = at(&s.file, s.source_in) else { continue };
        if what.which.contains(&i) {
            let before = s.refused.iter().filter_map(|(file, point)| at(file, *point));
            refused.entry(i).or_default().extend(before.chain([(source, shot)]));
            continue;
        }
        let clean = stage.sources.get(source).and_then(|x| x.shots().get(shot)).map_or((0.0, 0.0), |x| (x.start_secs, x.end_secs));
        let speed = f64::from(s.speed.0) / f64::from(s.speed.1.max(1));
        let pick = Pick { source, shot, from_secs: s.source_in.as_secs_f64(), speed, clean_secs: clean, terms: Vec::new() };
        settled.locked.insert(i, pick);
    }
    let all: usize = stage.sources.iter().map(|s| s.shots().len()).sum();
    for (i, mut shots) in refused {
        let now = shots.last().copied();
        shots.sort_unstable();
        shots.dedup();
        // once everything was seen it starts over: only what is there now is not taken
        if shots.len() >= all {
            shots.retain(|s| Some(*s) == now);
        }
        settled.refused.extend(shots.into_iter().map(|(source, shot)| (i, source, shot)));
    }
    settled
}
