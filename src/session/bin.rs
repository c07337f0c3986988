//! What the session knows about the files of the media bin beyond the document: states, thumbnails, waveforms.

use super::view::MediaState;
use crate::{
    base::{MediaId, Picture, Rounding, Time},
    engine::{Library, Peaks, Task},
    model::{Media, Project},
};
use std::{
    collections::{BTreeMap, HashMap},
    path::PathBuf,
    sync::Arc,
};

/// Film-strip pictures lie at least this far apart.
const THUMBNAIL_STEP_SECS: i64 = 1;
/// A long file gets at most this many (a 160×90 RGBA picture is 58 kB).
const THUMBNAILS_PER_FILE: i64 = 240;

#[derive(Default)]
struct Entry {
    path: PathBuf,
    state: MediaState,
    /// By bucket; None = asked for, or not to be had.
    thumbnails: BTreeMap<i64, Option<Picture>>,
    peaks: Option<Arc<Peaks>>,
    peaks_asked: bool,
}

/// Knowledge about the project's files.
#[derive(Default)]
pub(super) struct Bin {
    entries: HashMap<MediaId, Entry>,
}

/// Distance of film-strip pictures of this media.
fn step(media: &Media) -> Time {
    let spread = media.info.duration.0 / THUMBNAILS_PER_FILE;
    Time::from_secs(THUMBNAIL_STEP_SECS).max(Time(spread))
}

impl Bin {
    /// Forget media that the project no longer has or that moved.
    pub fn retain(&mut self, project: &Project) {
        self.entries.retain(|id, e| project.media.get(id).is_some_and(|m| m.file.path == e.path));
    }

    /// Have the files of new media looked at.
    pub fn check_new(&mut self, project: &Project, library: &Library) {
        for (id, m) in &project.media {
            self.entries.entry(*id).or_insert_with(|| {
                library.ask(Task::Check { id: *id, media: m.clone() });
                Entry { path: m.file.path.clone(), ..Entry::default() }
            });
        }
    }

    pub fn state(&self, media: MediaId) -> MediaState {
        self.entries.get(&media).map_or(MediaState::Loading, |e| e.state.clone())
    }

    /// True when the state is news.
    pub fn set_state(&mut self, media: MediaId, state: MediaState) -> bool {
        let Some(e) = self.entries.get_mut(&media) else { return false };
        // a media that ended early stays so: single pictures of it decode well
        let news = e.state != state && !(matches!(e.state, MediaState::EndedEarly(_)) && state == MediaState::Online);
        if news {
            e.state = state;
        }
        news
    }

    pub fn thumbnail(&mut self, id: MediaId, media: &Arc<Media>, time: Time, library: &Library) -> Option<&Picture> {
        media.info.video.as_ref()?;
        let e = self.entries.get_mut(&id)?;
        if matches!(e.state, MediaState::Offline(_)) {
            return None;
        }
        let step = step(media);
        let last = Rounding::Floor.div(i128::from(media.info.duration.0), i128::from(step.0)) as i64;
        let bucket = (Rounding::Floor.div(i128::from(time.0), i128::from(step.0)) as i64).clamp(0, last);
        if let std::collections::btree_map::Entry::Vacant(slot) = e.thumbnails.entry(bucket) {
            slot.insert(None);
            library.ask(Task::Thumbnails { id, media: media.clone(), times: vec![Time(bucket * step.0)] });
        }
        let before = e.thumbnails.range(..=bucket).rev().find_map(|(k, p)| p.as_ref().map(|p| (bucket - k, p)));
        let after = e.thumbnails.range(bucket..).find_map(|(k, p)| p.as_ref().map(|p| (k - bucket, p)));
        match (before, after) {
            (Some((a, p)), Some((b, _))) if a <= b => Some(p),
            (_, Some((_, p))) | (Some((_, p)), None) => Some(p),
            (None, None) => None,
        }
    }

    pub fn set_thumbnail(&mut self, id: MediaId, media: &Media, time: Time, picture: Option<Picture>) {
        if let Some(e) = self.entries.get_mut(&id) {
            e.thumbnails.insert(time.0 / step(media).0.max(1), picture);
        }
    }

    pub fn peaks(&mut self, id: MediaId, media: &Arc<Media>, library: &Library) -> Option<Arc<Peaks>> {
        media.info.audio.as_ref()?;
        let e = self.entries.get_mut(&id)?;
        if !e.peaks_asked && !matches!(e.state, MediaState::Offline(_)) {
            e.peaks_asked = true;
            library.ask(Task::Peaks { id, media: media.clone() });
        }
        e.peaks.clone()
    }

    pub fn set_peaks(&mut self, id: MediaId, peaks: Option<Arc<Peaks>>) {
        if let Some(e) = self.entries.get_mut(&id) {
            e.peaks = peaks;
        }
    }
}
