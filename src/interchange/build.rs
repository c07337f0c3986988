//! Putting a document together from what a file says: ids, media found once, tracks filled in order.

use super::{
    InterchangeError, ReadOptions,
    losses::{Grade, Losses, Place},
    pieces::usual_track_name,
    url::{self, Refused},
};
use crate::{
    base::{
        AudioInfo, CaptionId, ClipId, ColorTags, FrameRate, MarkerId, MediaId, MediaInfo, Rotation, SequenceId, Time, TrackId,
        TransitionId, VideoInfo, format_timecode,
    },
    model::{
        Caption, Clip, MAX_FRAME, Marker, Media, MediaFile, Project, Sequence, Track, TrackKind, Transition, TransitionKind,
        caption_problem,
    },
};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Most clips that a file may bring: far above any film, and a bound on what a nest that is used again and again can grow to.
const MAX_CLIPS: usize = 1_000_000;
/// Letters of a caption that a report names it by.
const NAME_OF_CAPTION: usize = 60;

/// What a file says about a media.
#[derive(Clone, Debug, Default)]
pub(super) struct Claim {
    /// URL or path as written; None where the file names none.
    pub url: Option<String>,
    pub name: String,
    pub rate: Option<FrameRate>,
    pub duration: Time,
    pub size: Option<(u32, u32)>,
    pub still: bool,
    pub video: bool,
    pub audio: Option<(u32, u32)>,
    pub start_timecode: Option<String>,
    pub color: Option<ColorTags>,
    /// The whole truth, where we wrote it ourselves.
    pub info: Option<MediaInfo>,
    pub color_override: Option<ColorTags>,
}

/// A document in the making.
pub(super) struct Builder<'a> {
    pub options: &'a ReadOptions<'a>,
    pub losses: Losses,
    media: std::collections::BTreeMap<MediaId, Arc<Media>>,
    by_path: HashMap<PathBuf, MediaId>,
    known_paths: HashMap<&'a Path, usize>,
    /// By name and by file name; None where several have it.
    known_names: HashMap<String, Option<usize>>,
    pub others: std::collections::BTreeMap<SequenceId, Arc<Sequence>>,
    next: u64,
    clips: usize,
}

impl<'a> Builder<'a> {
    pub fn new(options: &'a ReadOptions<'a>) -> Self {
        let mut known_names: HashMap<String, Option<usize>> = HashMap::new();
        for (i, m) in options.known.iter().enumerate() {
            let file = m.file.path.file_name().map(|n| n.to_string_lossy().into_owned());
            for name in file.into_iter().chain([m.name.clone()]) {
                let entry = known_names.entry(name).or_insert(Some(i));
                if *entry != Some(i) {
                    *entry = None;
                }
            }
        }
        Self {
            options,
            losses: Losses::default(),
            media: std::collections::BTreeMap::new(),
            by_path: HashMap::new(),
            known_paths: options.known.iter().enumerate().map(|(i, m)| (m.file.path.as_path(), i)).collect(),
            known_names,
            others: std::collections::BTreeMap::new(),
            next: 0,
            clips: 0,
        }
    }

    pub fn id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn warn(&mut self, place: Place, key: &'static str, detail: impl Into<String>) {
        self.losses.add(Grade::Approximated, place, key, detail);
    }
    pub fn drop(&mut self, place: Place, key: &'static str, detail: impl Into<String>) {
        self.losses.add(Grade::Dropped, place, key, detail);
    }

    /// Counts clips.
    ///
    /// # Errors
    /// There are more than any film has.
    pub fn count(&mut self) -> Result<(), InterchangeError> {
        self.clips += 1;
        if self.clips > MAX_CLIPS { Err(InterchangeError::TooMuch) } else { Ok(()) }
    }

    pub fn media_by_id(&self, id: MediaId) -> Option<&Arc<Media>> {
        self.media.get(&id)
    }

    /// The media of a claim: the same file is the same media. Media that the reader knows already are taken as they are.
    pub fn media(&mut self, claim: Claim) -> MediaId {
        let path = claim.url.as_deref().map(|u| url::to_path(u, self.options.base));
        let named = |c: &Claim| if c.name.is_empty() { c.url.clone().unwrap_or_default() } else { c.name.clone() };
        let path = match path {
            Some(Ok(p)) => p,
            refused => {
                let name = named(&claim);
                match refused {
                    Some(Err(Refused::Network)) => {
                        let url = claim.url.clone().unwrap_or_default();
                        self.drop(Place::Media(name.clone()), "interchange-media-network", url);
                    }
                    Some(Err(Refused::NotAPath)) => self.drop(Place::Media(name.clone()), "interchange-media-no-path", ""),
                    _ => {}
                }
                match self.known_by_name(&name) {
                    Some(m) => m.file.path.clone(),
                    None => {
                        if !matches!(refused, Some(Err(_))) {
                            self.warn(Place::Media(name.clone()), "interchange-media-no-path", "");
                        }
                        let safe: String = name.chars().map(|c| if matches!(c, '/' | '\\' | '\0' | ':') { '_' } else { c }).collect();
                        self.options.base.join(if safe.trim_matches('.').is_empty() { "media".into() } else { safe })
                    }
                }
            }
        };
        if let Some(id) = self.by_path.get(&path) {
            return *id;
        }
        let id = MediaId(self.id());
        let media = match self.known_paths.get(path.as_path()).and_then(|i| self.options.known.get(*i)) {
            Some(m) => Arc::new(Media { folder: String::new(), ..Media::clone(m) }),
            None => Arc::new(claimed(claim, path.clone())),
        };
        self.media.insert(id, media);
        self.by_path.insert(path, id);
        id
    }

    fn known_by_name(&self, name: &str) -> Option<Arc<Media>> {
        // two of one name are none
        self.known_names.get(name).copied().flatten().and_then(|i| self.options.known.get(i)).cloned()
    }

    /// Another claim about a media that is there: what it adds is taken in.
    pub fn learn(&mut self, id: MediaId, change: impl FnOnce(&mut MediaInfo)) {
        if let Some(m) = self.media.get_mut(&id)
            && !self.known_paths.contains_key(m.file.path.as_path())
        {
            change(&mut Arc::make_mut(m).info);
        }
    }

    /// A new clip with a fresh id.
    ///
    /// # Errors
    /// There are more than any film has.
    pub fn clip(&mut self, start: i64, duration: i64, content: crate::model::ClipContent) -> Result<Clip, InterchangeError> {
        self.count()?;
        Ok(Clip::new(ClipId(self.id()), start, duration, content))
    }

    pub fn marker(&mut self, frame: i64, duration: i64, name: &str, color: u8, note: &str) -> Marker {
        let (name, note) = (name.to_owned(), note.to_owned());
        Marker { id: MarkerId(self.id()), frame: frame.clamp(0, MAX_FRAME), duration: duration.clamp(0, MAX_FRAME), name, color, note }
    }

    /// Captions in order, each with an id of its own. One that begins before the one before it has ended cuts that one's end.
    pub fn captions(&mut self, mut list: Vec<(i64, i64, String)>, rate: FrameRate) -> Vec<Caption> {
        list.sort_by_key(|c| (c.0, c.1));
        let mut out: Vec<Caption> = Vec::new();
        for (start, duration, text) in list {
            let caption = Caption { id: CaptionId(self.id()), start, duration, text, words: Vec::new() };
            let name: String = caption.text.lines().next().unwrap_or_default().chars().take(NAME_OF_CAPTION).collect();
            let there = out.last().is_some_and(|l| l.start == start);
            if caption.text.trim().is_empty() || caption_problem(&caption).is_some() || there {
                self.drop(place(&name, start, rate), "interchange-import-caption-lost", "");
                continue;
            }
            if let Some(last) = out.last_mut().filter(|l| l.end() > start) {
                last.duration = start - last.start;
                self.warn(place(&name, start, rate), "interchange-import-caption-overlap", "");
            }
            out.push(caption);
        }
        out
    }

    /// The finished document.
    ///
    /// # Errors
    /// It would not be sound.
    pub fn finish(mut self, mut sequence: Sequence) -> Result<(Project, Losses), InterchangeError> {
        sequence.markers.sort_by_key(|m| (m.frame, m.id));
        let name = if sequence.name.is_empty() { self.options.name.to_owned() } else { sequence.name.clone() };
        let mut project = Project::new(name, sequence);
        project.media = std::mem::take(&mut self.media);
        project.others = std::mem::take(&mut self.others);
        // nests that no clip shows in the end (a duplicate, a dropped clip)
        let shown: Vec<SequenceId> = project.others.keys().copied().filter(|id| !project.shows(project.sequence.id, *id)).collect();
        shown.iter().for_each(|id| drop(project.others.remove(id)));
        match project.validate().into_iter().next() {
            Some(p) => Err(InterchangeError::Unsound { problem: p.0 }),
            None => Ok((project, self.losses)),
        }
    }
}

fn claimed(c: Claim, path: PathBuf) -> Media {
    let file_name = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let name = if c.name.is_empty() { file_name } else { c.name };
    let container = path.extension().map_or_else(String::new, |e| e.to_string_lossy().to_ascii_lowercase());
    let side = |v: u32| v.clamp(1, 1 << 20);
    let video = c.video.then(|| {
        let (width, height) = c.size.map_or((1920, 1080), |(w, h)| (side(w), side(h)));
        let frame_rate = c.rate.unwrap_or(FrameRate::FPS_25);
        VideoInfo {
            codec: "unknown".into(),
            width,
            height,
            pixel_aspect: (1, 1),
            rotation: Rotation::None,
            frame_rate,
            frames: if c.still { 1 } else { c.duration.to_frames(frame_rate, crate::base::Rounding::Nearest).max(0) as u64 },
            variable_frame_rate: false,
            still: c.still,
            pixel_format: "I420".into(),
            bit_depth: 8,
            alpha: false,
            color: c.color.unwrap_or_default(),
            color_assumed: c.color.is_none(),
            gop: 0,
        }
    });
    let audio = c.audio.map(|(rate, channels)| AudioInfo { codec: "unknown".into(), rate, channels });
    let duration = if c.still { Time::ZERO } else { c.duration.max(Time::ZERO) };
    let info = c.info.filter(|i| i.problem().is_none()).unwrap_or(MediaInfo {
        container,
        duration,
        video,
        audio,
        start_timecode: c.start_timecode,
    });
    let file = MediaFile { path, ..MediaFile::default() };
    Media { color_override: c.color_override, ..Media::new(name, file, info) }
}

/// A track in the making. Clips come in order; transitions come between them, before the clip that they bring in.
pub(super) struct Lane {
    pub kind: TrackKind,
    pub name: String,
    pub muted: bool,
    pub track: Track,
    /// First frame that is free.
    pub at: i64,
    rate: FrameRate,
    pending: Option<(TransitionKind, i64, i64, i64)>,
    /// Frames after the last clip's own end that a fade has lent it.
    lent: i64,
}

impl Lane {
    pub fn new(b: &mut Builder<'_>, kind: TrackKind, rate: FrameRate) -> Self {
        let track = Track::new(TrackId(b.id()), kind);
        Self { kind, name: String::new(), muted: false, track, at: 0, rate, pending: None, lent: 0 }
    }

    /// Where a clip stands, for the report.
    pub fn place(&self, name: &str, at: i64) -> Place {
        place(name, at, self.rate)
    }

    /// Nothing for `frames`.
    ///
    /// # Errors
    /// Past all time.
    pub fn gap(&mut self, b: &mut Builder<'_>, frames: i64) -> Result<(), InterchangeError> {
        if frames < 0 {
            return Err(InterchangeError::time(frames));
        }
        if frames > 0 {
            self.fade_out(b, frames);
        }
        self.at = self.at.checked_add(frames).filter(|v| *v <= MAX_FRAME).ok_or_else(|| InterchangeError::time(frames))?;
        Ok(())
    }

    /// A transition over the cut at `self.at`; it waits for the clip or gap behind it.
    pub fn transition(&mut self, kind: TransitionKind, before: i64, after: i64) {
        self.pending = Some((kind, before.max(0), after.max(0), self.at));
    }

    /// The next clip. What would overlap the one before is cut off its end.
    ///
    /// # Errors
    /// Past all time.
    pub fn clip(&mut self, b: &mut Builder<'_>, mut clip: Clip) -> Result<(), InterchangeError> {
        if clip.duration < 1 || clip.start < 0 || clip.start.checked_add(clip.duration).is_none_or(|e| e > MAX_FRAME) {
            return Err(InterchangeError::time(format!("{} + {}", clip.start, clip.duration)));
        }
        if clip.start > self.at {
            self.gap(b, clip.start - self.at)?;
        }
        if let Some(last) = self.track.clips.last_mut()
            && last.end() > clip.start
        {
            // what a fade has lent goes back without a word; anything else is an overlap
            let over = last.end() - clip.start;
            if over >= last.duration {
                let place = place(&clip.name, clip.start, self.rate);
                b.drop(place, "interchange-import-overlap", "");
                self.pending = None;
                return Ok(());
            }
            if over > self.lent {
                b.warn(place(&clip.name, clip.start, self.rate), "interchange-import-overlap-cut", "");
            }
            let last = Arc::make_mut(last);
            last.duration -= over;
            last.fade_out = last.fade_out.min(last.duration - last.fade_in.min(last.duration));
        }
        self.lent = 0;
        match self.pending.take() {
            Some((kind, before, after, cut)) if cut == clip.start => self.join(b, kind, before, after, &mut clip),
            Some(_) => b.warn(place(&clip.name, clip.start, self.rate), "interchange-import-transition-lost", ""),
            None => {}
        }
        self.at = clip.end();
        self.track.clips.push(Arc::new(clip));
        Ok(())
    }

    fn join(&mut self, b: &mut Builder<'_>, kind: TransitionKind, before: i64, after: i64, clip: &mut Clip) {
        let place = place(&clip.name, clip.start, self.rate);
        let left = self.track.clips.last().filter(|l| l.end() == clip.start).cloned();
        let Some(left) = left else {
            // out of nothing: the clip begins earlier and rises
            let room = clip.start - self.track.clips.last().map_or(0, |l| l.end());
            let by = before.min(room);
            let by = lengthen_start(clip, by, self.rate);
            clip.fade_in = (by + after).min(clip.duration);
            if by + after != before + after || clip.fade_in != by + after {
                b.warn(place, "interchange-import-transition-shorter", "");
            }
            return;
        };
        let earlier = self.track.transitions.last().filter(|t| t.right == left.id).map_or(0, |t| t.after);
        let (most_before, most_after) = ((left.duration - earlier).max(0), clip.duration);
        let (kept_before, kept_after) = (before.min(most_before), after.min(most_after));
        if (kept_before, kept_after) != (before, after) {
            b.warn(place.clone(), "interchange-import-transition-shorter", "");
        }
        if kept_before + kept_after == 0 {
            return;
        }
        let kind = if kind.is_sound() { kind } else { TransitionKind::CrossDissolve };
        let id = TransitionId(b.id());
        let t = Transition { id, kind, left: left.id, right: clip.id, before: kept_before, after: kept_after };
        self.track.transitions.push(t);
    }

    /// A waiting transition that no clip follows: the last clip sinks into nothing.
    fn fade_out(&mut self, b: &mut Builder<'_>, room: i64) {
        let Some((_, before, after, cut)) = self.pending.take() else { return };
        let rate = self.rate;
        let Some(last) = self.track.clips.last_mut().filter(|l| l.end() == cut) else {
            b.warn(place("", cut, rate), "interchange-import-transition-lost", "");
            return;
        };
        let last = Arc::make_mut(last);
        let by = after.min(room);
        last.duration += by;
        self.lent = by;
        last.fade_out = (before + by).min(last.duration - last.fade_in.min(last.duration));
        if last.fade_out != before + after {
            b.warn(place(&last.name, last.start, rate), "interchange-import-transition-shorter", "");
        }
    }

    /// The finished track.
    pub fn finish(mut self, b: &mut Builder<'_>, number: usize) -> Arc<Track> {
        self.fade_out(b, MAX_FRAME / 4);
        self.track.transitions.sort_by_key(|t| t.left);
        if self.name != usual_track_name(self.kind, number) {
            self.track.name = self.name;
        }
        self.track.muted |= self.muted;
        Arc::new(self.track)
    }
}

/// A clip's place for the report: its name and the timecode, counted from 0.
pub(super) fn place(name: &str, at: i64, rate: FrameRate) -> Place {
    Place::Clip { name: name.to_owned(), at: format_timecode(at, rate, false) }
}

/// Begins a clip earlier by up to `by` frames, as far as its source goes; gives the frames that it did.
pub(super) fn lengthen_start(clip: &mut Clip, by: i64, rate: FrameRate) -> i64 {
    let mut by = by.clamp(0, clip.start);
    if let Some(first) = clip.source_at(clip.start - by, rate)
        && let Some((source_in, speed)) = clip.content.source_mut()
    {
        if first < Time::ZERO && speed.0 > 0 {
            // no more than the source has
            let most = Time(i64::try_from(i128::from(source_in.0) * i128::from(speed.1) / i128::from(speed.0)).unwrap_or(0));
            by = by.min(most.to_frames(rate, crate::base::Rounding::Floor));
            let back = Time::from_frames(by, rate).scale(i64::from(speed.0), i64::from(speed.1));
            *source_in = (*source_in - back).max(Time::ZERO);
        } else {
            *source_in = first.max(Time::ZERO);
        }
    }
    clip.start -= by;
    clip.duration += by;
    by
}
