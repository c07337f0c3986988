//! From what was looked at to a project: length, shape, cuts, shots; and what was decided, for whoever asks why.

use super::{Made, MontageError, Note, Wish, ask::Told, look::Looked};
use crate::{
    analysis::music::Music,
    assist::{
        self, Brief, Plan, Slot, Source,
        build::Film,
        choose::Settled,
        profile::{Profile, Wanted},
        slots::Bed,
    },
    base::{FrameRate, MediaId, MediaInfo, Time, Trouble, words::say},
    edit::{self, EditCommand},
    engine::{self, ExportError, stamp_of},
    media::MediaError,
    model::{Media, Montage, Project, Sequence},
    session::files::media_entry,
};
use serde_json::{Value, json};
use std::{path::PathBuf, sync::Arc};

/// Without music and without a wish a film is at most so long, in seconds.
const USUAL_SECS: f64 = 60.0;
/// Seconds that a still counts as footage.
const STILL_SECS: f64 = 1e4;

/// Music that was heard, with its path.
pub(super) type Heard = (PathBuf, MediaInfo, Music);

/// Footage and music as media of a project of their own.
pub(super) struct Stage {
    pub project: Project,
    /// The media of the sources, in their order.
    pub media: Vec<MediaId>,
    pub song: Option<MediaId>,
    pub sources: Vec<Source>,
}

impl Stage {
    /// `profile` gives the film's size and rate from the footage.
    pub fn new(
        name: &str,
        looked: Vec<Looked>,
        music: Option<&Heard>,
        profile: impl FnOnce(&[Media]) -> Profile,
    ) -> Result<(Self, Profile), Trouble> {
        let entries: Vec<Media> = looked.iter().map(|l| media_entry(l.path.clone(), l.info.clone(), stamp_of(&l.path))).collect();
        let profile = profile(&entries);
        let mut project = Project::new(name, Sequence::new(profile.width, profile.height, profile.frame_rate));
        let mut ids = edit::fresh_ids(&project);
        let mut media = Vec::new();
        let song = music.map(|(path, info, _)| media_entry(path.clone(), info.clone(), stamp_of(path)));
        for entry in entries.into_iter().chain(song) {
            let Some(id) = ids.next().map(MediaId) else { break };
            project = edit::apply(&project, &EditCommand::AddMedia { id, media: entry }).map_err(|e| Trouble::of(&e))?;
            media.push(id);
        }
        let sources: Vec<Source> = looked.into_iter().map(|l| l.source).collect();
        let song = media.get(sources.len()).copied();
        media.truncate(sources.len());
        Ok((Self { project, media, song, sources }, profile))
    }

    /// The film is called as the project is.
    pub fn film<'a>(&'a self, brief: &'a Brief, profile: Profile, bed: Bed<'a>, (slots, plan): (&'a [Slot], &'a Plan)) -> Film<'a> {
        let style = &brief.style;
        Film { title: &self.project.name, style, profile, bed, slots, plan, sources: &self.sources, media: &self.media, music: self.song }
    }
}

pub(super) fn plan(wish: &Wish, told: Told, music: Option<Heard>, looked: Vec<Looked>, skipped: Vec<String>) -> Result<Made, MontageError> {
    let Told { brief, record, by, mut notes } = told;
    let secs = length(wish, &brief, music.as_ref().map(|m| &m.2), &looked, &mut notes)?;
    let wanted = Wanted { aspect: wish.aspect.or(brief.aspect), short_side: wish.short_side, frame_rate: wish.frame_rate };
    let (mut stage, profile) =
        Stage::new(&assist::words::style(&brief.style).0, looked, music.as_ref(), |media| assist::profile::profile(media.iter(), wanted))?;
    let bed = Bed {
        music: music.as_ref().map(|m| &m.2),
        music_start_secs: wish.music_start_secs.max(0.0),
        duration_secs: secs,
        reach_secs: assist::choose::reach_secs(&stage.sources),
    };
    let slots = assist::slots(&bed, &brief.style, profile.frame_rate, wish.seed);
    let asked = super::content::asked(&brief, &stage, slots.len(), &mut notes);
    let settled = Settled { asked, ..Settled::default() };
    let plan = assist::choose(&slots, &stage.sources, &brief.style, &settled, wish.seed);
    if plan.forced > 0 {
        notes.push(Note::ScarceFootage { forced: plan.forced, shots: slots.len() });
    }
    let film = stage.film(&brief, profile, bed, (&slots, &plan));
    let mut project = edit::apply(&stage.project, &assist::build(&stage.project, &film)).map_err(|e| Trouble::of(&e))?;
    Arc::make_mut(&mut project.sequence).montage = Some(Box::new(Montage {
        style: wish.style.clone().unwrap_or_default(),
        prompt: wish.prompt.clone(),
        record,
        footage: stage.media.clone(),
        music: stage.song,
        music_start: Time::from_secs_f64(bed.music_start_secs),
        counting: wish.counting,
        seed: wish.seed,
    }));
    stage.project = project;
    let decisions = decisions(&brief, by, (&slots, &plan), &stage, &notes, &skipped, profile.frame_rate);
    let cuts = slots.iter().skip(1).map(|s| Time::from_frames(s.start, profile.frame_rate).as_secs_f64()).collect();
    Ok(Made { project: stage.project, style: brief.style.name, cuts, decisions })
}

/// Seconds of the film.
fn length(wish: &Wish, brief: &Brief, music: Option<&Music>, looked: &[Looked], notes: &mut Vec<Note>) -> Result<f64, MontageError> {
    let style = &brief.style;
    let footage: f64 = looked.iter().map(|l| if l.source.still { STILL_SECS } else { l.source.footage.duration_secs }).sum();
    let left = music.map(|m| m.duration_secs - wish.music_start_secs.max(0.0));
    if left.is_some_and(|l| l < 0.5) {
        return Err(say!("assist-music-over").trouble().into());
    }
    if let Some(m) = music.filter(|m| m.beats.is_empty()) {
        notes.push(Note::NoBeat { confidence: m.confidence });
    }
    let secs = match (wish.duration_secs.or(brief.duration_secs), left) {
        (Some(w), Some(l)) if w > l => {
            notes.push(Note::MusicEnds { secs: l });
            l
        }
        (Some(w), _) => w,
        (None, Some(l)) => {
            let most = footage * f64::from(style.choice.reuse);
            if most < l {
                notes.push(Note::FootageEnds { secs: most, reuse: style.choice.reuse });
            }
            l.min(most)
        }
        (None, None) => footage.min(USUAL_SECS),
    };
    Ok(secs.clamp(0.2, 86_400.0))
}

/// Bring the film's sound to the loudness that is usual, and say so. Where it cannot be read the film stays as it is.
///
/// # Errors
/// It was stopped.
pub(super) fn level(made: &mut Made, cancel: &dyn Fn() -> bool) -> Result<(), MontageError> {
    let found = match engine::gain_to_target(&made.project, cancel) {
        Ok(found) => found,
        Err(ExportError::Media(MediaError::Cancelled) | ExportError::Cancelled) => return Err(MontageError::Stopped),
        Err(e) => {
            if let Some(notes) = made.decisions["notes"].as_array_mut() {
                notes.push(Note::LoudnessNotSet { why: e.to_string() }.json());
            }
            return Ok(());
        }
    };
    if let Some((gain, loudness)) = found {
        made.project = engine::louder(&made.project, gain);
        made.decisions["loudness"] = json!({ "gain_db": (f64::from(gain) * 100.0).round() / 100.0, "lufs": (loudness.lufs * 100.0).round() / 100.0, "target_lufs": engine::TARGET_LUFS });
    }
    Ok(())
}

fn decisions(
    brief: &Brief,
    by: Value,
    (slots, plan): (&[Slot], &Plan),
    stage: &Stage,
    notes: &[Note],
    skipped: &[String],
    rate: FrameRate,
) -> Value {
    let shots: Vec<Value> = slots
        .iter()
        .zip(&plan.picks)
        .map(|(slot, pick)| {
            let name = stage.media.get(pick.source).and_then(|id| stage.project.media.get(id)).map(|m| m.file.path.clone());
            let terms: serde_json::Map<String, Value> = pick.terms.iter().map(|(t, v)| (t.name().to_owned(), json!(v))).collect();
            json!({
                "start": Time::from_frames(slot.start, rate).as_secs_f64(), "start_frame": slot.start, "end_frame": slot.end,
                "planned": slot.start_secs, "part": slot.label.name(), "energy": slot.energy,
                "media": name, "from": pick.from_secs, "speed": pick.speed, "score": terms, "why": assist::words::why(pick),
            })
        })
        .collect();
    json!({
        "director": by, "understood": brief.understood, "notes": notes.iter().map(Note::json).collect::<Vec<_>>(), "skipped": skipped, "score": plan.score, "shots": shots,
    })
}
