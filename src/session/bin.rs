//! What the session knows about the files of the media bin beyond the document: states, thumbnails, waveforms.

use super::{Notice, Session, proxies::Changed, view::MediaState};
use crate::{
    base::{
        MediaId, Picture, Rounding, Severity, Time,
        words::{decimal, tr, tr_args},
    },
    engine::{Library, Peaks, Task},
    model::{Media, MediaFile, Project, Rendition},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// Film-strip pictures lie at least this far apart.
const THUMBNAIL_STEP_SECS: i64 = 1;
/// A long file gets at most this many (a 160×90 RGBA picture is 58 kB).
const THUMBNAILS_PER_FILE: i64 = 240;
/// Pictures kept over all files: 240 MB at 16:9. The longest unused go.
const MAX_THUMBNAILS: usize = 4096;
/// What one clearing leaves, so that it happens seldom.
const KEPT_THUMBNAILS: usize = MAX_THUMBNAILS * 3 / 4;

/// A place for one thumbnail.
#[derive(Default)]
struct Slot {
    /// None = asked for, or not to be had.
    picture: Option<Picture>,
    last_used: u64,
}

#[derive(Default)]
struct Entry {
    file: MediaFile,
    state: MediaState,
    /// Content is no longer what the document remembers.
    changed: bool,
    /// Files made from it that are gone.
    lost: Vec<Rendition>,
    thumbnails: BTreeMap<i64, Slot>,
    peaks: Option<Arc<Peaks>>,
    peaks_asked: bool,
}

/// Knowledge about the project's files.
#[derive(Default)]
pub(super) struct Bin {
    entries: HashMap<MediaId, Entry>,
    /// The document that `entries` follow.
    followed: Option<Arc<Project>>,
    /// Counts up with every change of a state.
    serial: u64,
    /// Files whose check has not come back.
    checking: usize,
    /// Names and reasons of files found to be missing, not told yet.
    missing: Vec<(String, String)>,
    uses: u64,
    pictures: usize,
}

/// Distance of film-strip pictures of this media.
fn step(media: &Media) -> Time {
    let spread = media.info.duration.0 / THUMBNAILS_PER_FILE;
    Time::from_secs(THUMBNAIL_STEP_SECS).max(Time(spread))
}

/// Whether two documents have the very same media; quick where they do.
fn same_media(a: &Project, b: &Project) -> bool {
    a.media.len() == b.media.len() && a.media.iter().zip(&b.media).all(|((i, m), (j, n))| i == j && Arc::ptr_eq(m, n))
}

impl Bin {
    /// Forget media that the project no longer has or that moved; have the files of new ones looked at.
    pub fn follow(&mut self, project: &Arc<Project>, library: &Library) {
        let before = self.followed.replace(project.clone());
        if before.is_some_and(|b| same_media(&b, project)) {
            return;
        }
        self.entries.retain(|id, e| project.media.get(id).is_some_and(|m| m.file == e.file));
        for (id, m) in &project.media {
            self.entries.entry(*id).or_insert_with(|| {
                self.checking += 1;
                library.ask(Task::Check { id: *id, media: m.clone() });
                Entry { file: m.file.clone(), ..Entry::default() }
            });
        }
        self.pictures = self.entries.values().map(|e| e.thumbnails.values().filter(|s| s.picture.is_some()).count()).sum();
        self.serial += 1;
    }

    /// Another document: its files are looked at anew, be they those of the last one.
    pub fn start_over(&mut self) {
        self.entries.clear();
        self.missing.clear();
        self.followed = None;
    }

    /// A media that is about to be added has just been read.
    pub fn expect_online(&mut self, id: MediaId, media: &Media) {
        let entry = Entry { file: media.file.clone(), state: MediaState::Online, ..Entry::default() };
        self.entries.insert(id, entry);
    }

    /// A file that was missing has been found, be it in its old place.
    pub fn came_back(&mut self, id: MediaId) {
        if let Some(e) = self.entries.get_mut(&id) {
            *e = Entry { file: std::mem::take(&mut e.file), state: MediaState::Online, ..Entry::default() };
            self.serial += 1;
        }
    }

    pub fn state(&self, media: MediaId) -> MediaState {
        self.entries.get(&media).map_or(MediaState::Loading, |e| e.state.clone())
    }

    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// A check has come back.
    pub fn checked(&mut self, id: MediaId, changed: bool, lost: Vec<Rendition>) {
        self.checking = self.checking.saturating_sub(1);
        if let Some(e) = self.entries.get_mut(&id) {
            (e.changed, e.lost) = (changed, lost);
            self.serial += 1;
        }
    }

    /// Whether a file is no longer what the document remembers.
    pub fn has_changed(&self, media: MediaId) -> bool {
        self.entries.get(&media).is_some_and(|e| e.changed)
    }

    /// All of them.
    pub fn changed(&self) -> Changed {
        Arc::new(self.entries.iter().filter(|(_, e)| e.changed).map(|(id, _)| *id).collect())
    }

    /// A file that is made from a media has been made anew.
    pub fn has_again(&mut self, media: MediaId, made: Rendition) {
        if let Some(e) = self.entries.get_mut(&media) {
            e.lost.retain(|r| *r != made);
        }
    }

    /// Whether a file that was made from a media is gone.
    pub fn is_lost(&self, media: MediaId, made: Rendition) -> bool {
        self.entries.get(&media).is_some_and(|e| e.lost.contains(&made))
    }

    /// True when the state is news.
    fn set_state(&mut self, media: MediaId, state: MediaState) -> bool {
        let Some(e) = self.entries.get_mut(&media) else { return false };
        // a media that ended early stays so: single pictures of it decode well
        let news = e.state != state && !(matches!(e.state, MediaState::EndedEarly(_)) && state == MediaState::Online);
        if news {
            e.state = state;
            self.serial += 1;
        }
        news
    }

    pub fn thumbnail(&mut self, id: MediaId, media: &Arc<Media>, time: Time, library: &Library) -> Option<&Picture> {
        media.info.video.as_ref()?;
        let e = self.entries.get_mut(&id)?;
        if matches!(e.state, MediaState::Offline(_)) && media.usable(Rendition::Proxy).is_none() {
            return None;
        }
        let step = step(media);
        let last = Rounding::Floor.div(i128::from(media.info.duration.0), i128::from(step.0)) as i64;
        let bucket = (Rounding::Floor.div(i128::from(time.0), i128::from(step.0)) as i64).clamp(0, last);
        if let std::collections::btree_map::Entry::Vacant(slot) = e.thumbnails.entry(bucket) {
            slot.insert(Slot::default());
            library.ask(Task::Thumbnails { id, media: media.clone(), times: vec![Time(bucket * step.0)] });
        }
        let at_hand = |(k, s): (&i64, &Slot)| s.picture.is_some().then_some(*k);
        let before = e.thumbnails.range(..=bucket).rev().find_map(at_hand);
        let after = e.thumbnails.range(bucket..).find_map(at_hand);
        let nearest = match (before, after) {
            (Some(a), Some(b)) => Some(if bucket - a <= b - bucket { a } else { b }),
            (one, other) => one.or(other),
        };
        self.uses += 1;
        let slot = e.thumbnails.get_mut(&nearest?)?;
        slot.last_used = self.uses;
        slot.picture.as_ref()
    }

    pub fn set_thumbnail(&mut self, id: MediaId, media: &Media, time: Time, picture: Option<Picture>) {
        self.uses += 1;
        let Some(e) = self.entries.get_mut(&id) else { return };
        let new = usize::from(picture.is_some());
        let old = e.thumbnails.insert(time.0 / step(media).0.max(1), Slot { picture, last_used: self.uses });
        self.pictures = self.pictures + new - usize::from(old.is_some_and(|s| s.picture.is_some()));
        if self.pictures > MAX_THUMBNAILS {
            self.drop_unused();
        }
    }

    fn drop_unused(&mut self) {
        let slots = self.entries.values().flat_map(|e| e.thumbnails.values());
        let mut uses: Vec<u64> = slots.filter(|s| s.picture.is_some()).map(|s| s.last_used).collect();
        uses.sort_unstable();
        let Some(oldest_kept) = uses.len().checked_sub(KEPT_THUMBNAILS).and_then(|i| uses.get(i)).copied() else { return };
        for e in self.entries.values_mut() {
            e.thumbnails.retain(|_, s| s.picture.is_none() || s.last_used >= oldest_kept);
        }
        self.pictures = KEPT_THUMBNAILS;
    }

    /// Wishes that were given up may be made again.
    pub fn forget_thumbnails(&mut self, id: MediaId, project: &Project, times: &[Time]) {
        if let (Some(e), Some(media)) = (self.entries.get_mut(&id), project.media.get(&id)) {
            let step = step(media).0.max(1);
            e.thumbnails.retain(|bucket, s| s.picture.is_some() || !times.iter().any(|t| t.0 / step == *bucket));
        }
    }

    pub fn peaks(&mut self, id: MediaId, media: &Arc<Media>, library: &Library) -> Option<Arc<Peaks>> {
        media.info.audio.as_ref()?;
        let e = self.entries.get_mut(&id)?;
        let readable = !matches!(e.state, MediaState::Offline(_)) || media.usable(Rendition::Proxy).is_some();
        if !e.peaks_asked && readable {
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

impl Session {
    pub(super) fn set_media_state(&mut self, media: MediaId, state: MediaState) {
        let Some(name) = self.project().media.get(&media).map(|m| m.name.clone()) else { return };
        if !self.bin.set_state(media, state.clone()) {
            return;
        }
        match state {
            MediaState::Offline(why) => self.bin.missing.push((name, why)),
            MediaState::EndedEarly(at) => self.notices.push(Notice {
                severity: Severity::Warning,
                good: false,
                text: tr_args("bin-told-ends-early", &[("name", name.into()), ("secs", decimal(at.as_secs_f64(), 2).into())]),
                hint: Some(tr("bin-told-ends-early-hint")),
            }),
            MediaState::Online | MediaState::Loading => {}
        }
    }

    /// Once all files have been looked at: one message about those that are missing, however many.
    pub(super) fn tell_offline(&mut self) {
        if self.bin.checking > 0 {
            return;
        }
        let missing = std::mem::take(&mut self.bin.missing);
        let text = match &missing[..] {
            [] => return,
            [(name, why)] => tr_args("bin-told-offline", &[("name", name.clone().into()), ("why", why.clone().into())]),
            more => tr_args("bin-told-many-offline", &[("n", more.len().into())]),
        };
        self.tell(Severity::Warning, text, Some(tr("bin-told-offline-hint")));
    }

    /// Can the file be read?
    pub fn media_state(&self, media: MediaId) -> MediaState {
        self.bin.state(media)
    }
    /// Counts up with every change of what [`Self::media_state`] says.
    pub fn media_serial(&self) -> u64 {
        self.bin.serial()
    }
    /// The nearest film-strip picture at hand; a missing one is fetched in the background.
    pub fn thumbnail(&mut self, media: MediaId, time: Time) -> Option<&Picture> {
        let m = self.history.current().media.get(&media)?;
        self.bin.thumbnail(media, m, time, &self.library)
    }
    /// The waveform, once it has been read in the background.
    pub fn peaks(&mut self, media: MediaId) -> Option<Arc<Peaks>> {
        let m = self.history.current().media.get(&media)?;
        self.bin.peaks(media, m, &self.library)
    }
}
