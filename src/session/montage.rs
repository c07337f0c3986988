//! The automatic montage without a window: looks at footage and music, asks `assist` for a plan, and makes a project of it.
//!
//! Blocks for as long as looking takes; files that were looked at before come from the cache. A file that cannot be read is left out and
//! named in the decisions.

use super::{batch, files::media_entry};
use crate::{
    analysis::{
        footage::{Footage, Shot},
        music::{Counting, Music},
    },
    assist::{self, Brief, Plan, Slot, Source, build::Film, choose::Settled, profile::profile, slots::Bed},
    base::{FrameRate, MediaId, MediaInfo, Time, Trouble, UserError},
    edit::{self, EditCommand},
    engine::{self, Survey, stamp_of},
    media::MediaError,
    model::{Media, Project, Sequence},
    store::Dirs,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

pub use crate::assist::{Style, style::DEFAULT_STYLE};

/// Films are watched by so many threads at once.
const WATCHERS: usize = 2;
/// Without music and without a wish a film is at most so long, in seconds.
const USUAL_SECS: f64 = 60.0;
/// The part of the work that looking is.
const LOOKING: f32 = 0.95;

/// What is to be made of what.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Wish {
    pub media: Vec<PathBuf>,
    pub music: Option<PathBuf>,
    pub style: Option<String>,
    pub prompt: String,
    pub duration_secs: Option<f64>,
    /// Point of the music at which the film begins.
    pub music_start_secs: f64,
    pub seed: u64,
    pub aspect: Option<(u32, u32)>,
    pub counting: Counting,
}

/// A montage.
pub struct Made {
    pub project: Project,
    pub style: String,
    /// Times of the cuts, in seconds.
    pub cuts: Vec<f64>,
    /// What was understood, left out and forced, and why each shot is where it is.
    pub decisions: Value,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum MontageError {
    #[error("stopped")]
    Stopped,
    #[error("{}", .0.text)]
    Failed(Trouble),
}

impl From<Trouble> for MontageError {
    fn from(t: Trouble) -> Self {
        Self::Failed(t)
    }
}

impl UserError for MontageError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Stopped => None,
            Self::Failed(t) => t.hint.clone(),
        }
    }
}

/// All styles: those that come with the program, then the user's own, which may take the place of one of the same name. Also what is
/// wrong with files that could not be taken.
pub fn styles() -> (Vec<Style>, Vec<String>) {
    let mut styles = assist::builtin();
    let mut wrong = Vec::new();
    let folder = style_folder();
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "ron"));
    files.sort();
    for file in files {
        let read = std::fs::read_to_string(&file).map_err(|e| e.to_string()).and_then(|t| Style::parse(&t).map_err(|e| e.to_string()));
        match read {
            Ok(style) => match styles.iter_mut().find(|s| s.name == style.name) {
                Some(there) => *there = style,
                None => styles.push(style),
            },
            Err(e) => wrong.push(format!("{e}: {}", file.display())),
        }
    }
    (styles, wrong)
}

/// Where a user's own styles lie, as .ron files.
pub fn style_folder() -> PathBuf {
    Dirs::find().config.join("styles")
}

/// A file that was looked at.
struct Looked {
    path: PathBuf,
    info: MediaInfo,
    source: Source,
}

/// Make a montage. `cancel` is asked several times a second; `progress` gets the part done and what is being done.
///
/// # Errors
/// No style of that name, no footage that can be read, music that cannot, or it was stopped.
pub fn make(wish: &Wish, cancel: &(dyn Fn() -> bool + Sync), progress: &mut dyn FnMut(f32, &str)) -> Result<Made, MontageError> {
    let (styles, wrong) = styles();
    let brief =
        assist::direct(wish.style.as_deref(), &wish.prompt, &styles).map_err(|e| Trouble::new(e.to_string(), "see `montage-ai styles`"))?;
    let music = wish.music.as_deref().map(|path| hear(path, &wish.counting, cancel)).transpose()?;
    let (looked, mut skipped) = look(&wish.media, cancel, progress)?;
    skipped.extend(wrong);
    if looked.is_empty() {
        let why = skipped.first().cloned().unwrap_or_else(|| "there is no footage".into());
        return Err(Trouble::new(format!("nothing to cut: {why}"), "give films or pictures that `montage-ai probe` can read").into());
    }
    progress(LOOKING, "planning");
    plan(wish, brief, music, looked, skipped)
}

fn hear(path: &Path, counting: &Counting, cancel: &dyn Fn() -> bool) -> Result<(PathBuf, MediaInfo, Music), MontageError> {
    let info = batch::probe(path)?;
    let cache = Dirs::find().cache.join("analysis");
    let mut survey = Survey { cache: Some(&cache), cancel, progress: &mut |_| {} };
    match engine::listen(path, &info, counting, &mut survey) {
        Ok(music) => Ok((absolute(path), info, music)),
        Err(MediaError::Cancelled) => Err(MontageError::Stopped),
        Err(e) => Err(Trouble::of(&e).into()),
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// Watch all films, in parallel; those that cannot be are named with the reason.
fn look(
    files: &[PathBuf],
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32, &str),
) -> Result<(Vec<Looked>, Vec<String>), MontageError> {
    let cache = Dirs::find().cache.join("analysis");
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<Looked, Trouble>>>> = files.iter().map(|_| Mutex::new(None)).collect();
    let (told, news) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..WATCHERS.min(files.len()) {
            let told = told.clone();
            let (next, results, cache) = (&next, &results, &cache);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(path) = files.get(i).filter(|_| !cancel()) else { return };
                    let found = look_at(path, cache, cancel, &mut |part| _ = told.send((i, part)));
                    if let Ok(mut place) = results[i].lock() {
                        *place = Some(found);
                    }
                    // the listener is there as long as this scope
                    let _ = told.send((i, 1.0));
                }
            });
        }
        drop(told);
        let mut parts = vec![0.0f32; files.len()];
        for (i, part) in news {
            parts[i] = part;
            progress(LOOKING * parts.iter().sum::<f32>() / files.len().max(1) as f32, "looking");
        }
    });
    if cancel() {
        return Err(MontageError::Stopped);
    }
    let (mut looked, mut skipped) = (Vec::new(), Vec::new());
    for place in results {
        match place.into_inner().ok().flatten() {
            Some(Ok(l)) => looked.push(l),
            Some(Err(t)) => skipped.push(t.text),
            None => {}
        }
    }
    Ok((looked, skipped))
}

fn look_at(path: &Path, cache: &Path, cancel: &dyn Fn() -> bool, progress: &mut dyn FnMut(f32)) -> Result<Looked, Trouble> {
    let info = batch::probe(path)?;
    let video = info.video.as_ref().ok_or_else(|| Trouble::of(&MediaError::NoVideo(path.into())))?;
    let still = video.still;
    let mut survey = Survey { cache: Some(cache), cancel, progress };
    let watched = engine::watch(path, &info, &mut survey).map_err(|e| Trouble::of(&e))?;
    let mut footage = watched.footage;
    if footage.shots.is_empty() {
        return Err(Trouble::of(&MediaError::Damaged { path: path.into(), reason: "no picture could be decoded".into() }));
    }
    if still {
        lasting(&mut footage);
    }
    Ok(Looked { path: absolute(path), info, source: Source { footage, voice: watched.voice, still } })
}

/// A still is one shot as long as anybody wants.
fn lasting(footage: &mut Footage) {
    let shot = Shot { start: 0, end: 1, start_secs: 0.0, end_secs: 5.0, begins_with: None, mixed_secs: (0.0, 0.0) };
    (footage.duration_secs, footage.shots) = (5.0, vec![shot]);
}

fn plan(
    wish: &Wish,
    brief: Brief,
    music: Option<(PathBuf, MediaInfo, Music)>,
    looked: Vec<Looked>,
    skipped: Vec<String>,
) -> Result<Made, MontageError> {
    let mut notes = Vec::new();
    let style = &brief.style;
    let footage: f64 = looked.iter().map(|l| if l.source.still { 1e4 } else { l.source.footage.duration_secs }).sum();
    let start = wish.music_start_secs.max(0.0);
    let left = music.as_ref().map(|(_, _, m)| m.duration_secs - start);
    if left.is_some_and(|l| l < 0.5) {
        return Err(Trouble::new("the music ends before the film begins", "choose an earlier --music-start").into());
    }
    if let Some((_, _, m)) = music.as_ref().filter(|m| m.2.beats.is_empty()) {
        notes.push(format!("no clear beat in the music (confidence {:.2}): cut on an even grid", m.confidence));
    }
    let wanted = wish.duration_secs.or(brief.duration_secs);
    let mut secs = match (wanted, left) {
        (Some(w), Some(l)) if w > l => {
            notes.push(format!("the music ends after {l:.1} s, and so does the film"));
            l
        }
        (Some(w), _) => w,
        (None, Some(l)) => l.min(footage * f64::from(style.choice.reuse)),
        (None, None) => footage.min(USUAL_SECS),
    };
    secs = secs.clamp(0.2, 86_400.0);
    let entries: Vec<Media> = looked.iter().map(|l| media_entry(l.path.clone(), l.info.clone(), stamp_of(&l.path))).collect();
    let profile = profile(entries.iter(), wish.aspect.or(brief.aspect));
    let mut project = Project::new(style.title.clone(), Sequence::new(profile.width, profile.height, profile.frame_rate));
    let mut ids = edit::fresh_ids(&project);
    let mut media = Vec::new();
    let song = music.as_ref().map(|(path, info, _)| media_entry(path.clone(), info.clone(), stamp_of(path)));
    for entry in entries.into_iter().chain(song) {
        let Some(id) = ids.next().map(MediaId) else { break };
        project = edit::apply(&project, &EditCommand::AddMedia { id, media: entry }).map_err(|e| Trouble::of(&e))?;
        media.push(id);
    }
    let sources: Vec<Source> = looked.into_iter().map(|l| l.source).collect();
    let song = media.get(sources.len()).copied();
    media.truncate(sources.len());
    let bed = Bed { music: music.as_ref().map(|m| &m.2), music_start_secs: start, duration_secs: secs };
    let slots = assist::slots(&bed, style, profile.frame_rate, wish.seed);
    let plan = assist::choose(&slots, &sources, style, &Settled::default(), wish.seed);
    if plan.forced > 0 {
        notes.push(format!(
            "too little footage for this style: {} of {} shots are shown again, jump, or run slower",
            plan.forced,
            slots.len()
        ));
    }
    let film = Film { title: &style.title, style, profile, bed, slots: &slots, plan: &plan, sources: &sources, media: &media, music: song };
    let project = edit::apply(&project, &assist::build(&project, &film)).map_err(|e| Trouble::of(&e))?;
    let decisions = decisions(&brief, &slots, &plan, &project, &media, &notes, &skipped, profile.frame_rate);
    let cuts = slots.iter().skip(1).map(|s| Time::from_frames(s.start, profile.frame_rate).as_secs_f64()).collect();
    Ok(Made { project, style: brief.style.name, cuts, decisions })
}

#[expect(clippy::too_many_arguments, reason = "it writes down everything that was decided")]
fn decisions(
    brief: &Brief,
    slots: &[Slot],
    plan: &Plan,
    project: &Project,
    media: &[MediaId],
    notes: &[String],
    skipped: &[String],
    rate: FrameRate,
) -> Value {
    let shots: Vec<Value> = slots
        .iter()
        .zip(&plan.picks)
        .map(|(slot, pick)| {
            let name = media.get(pick.source).and_then(|id| project.media.get(id)).map(|m| m.file.path.clone());
            let terms: serde_json::Map<String, Value> = pick.terms.iter().map(|(t, v)| (t.name().to_owned(), json!(v))).collect();
            json!({
                "start": Time::from_frames(slot.start, rate).as_secs_f64(), "start_frame": slot.start, "end_frame": slot.end,
                "planned": slot.start_secs, "part": slot.label.name(), "energy": slot.energy,
                "media": name, "from": pick.from_secs, "speed": pick.speed, "score": terms, "why": assist::words::why(pick),
            })
        })
        .collect();
    json!({ "understood": brief.understood, "notes": notes, "skipped": skipped, "score": plan.score, "shots": shots })
}
