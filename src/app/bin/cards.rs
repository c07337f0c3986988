//! What the bin works out about each media once and not in every pass: the text to search, the key to order by, how often
//! the timeline uses it. Follows the document at the cost of what has changed. Pure.

use super::facts;
use crate::{
    base::MediaId,
    model::{Media, Project, Track, TrackKind},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// One media as search and order see it.
#[derive(Debug)]
pub struct Card {
    pub media: Arc<Media>,
    /// Name, folder and facts, in small letters.
    pub text: String,
    /// The name for ordering: `clip 10` after `clip 9`.
    pub key: String,
}

impl Card {
    pub fn new(media: &Arc<Media>) -> Self {
        let codec = media.info.video.as_ref().map(|v| v.codec.as_str()).unwrap_or_default();
        let text = format!("{}\n{}\n{}\n{codec}", media.name, media.folder, facts::facts(media)).to_lowercase();
        Self { media: media.clone(), text, key: natural_key(&media.name) }
    }
}

/// Small letters, with numbers filled up so that their order as text is that of their values.
pub fn natural_key(name: &str) -> String {
    const DIGITS: usize = 20;
    let mut key = String::with_capacity(name.len() + DIGITS);
    let mut number = String::new();
    let flush = |number: &mut String, key: &mut String| {
        let digits = number.trim_start_matches('0');
        key.extend(std::iter::repeat_n('0', DIGITS.saturating_sub(digits.len())));
        key.push_str(digits);
        number.clear();
    };
    for c in name.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        if !number.is_empty() {
            flush(&mut number, &mut key);
        }
        key.push(c);
    }
    if !number.is_empty() {
        flush(&mut number, &mut key);
    }
    key
}

/// The cards of all media.
#[derive(Debug, Default)]
pub struct Cards {
    cards: BTreeMap<MediaId, Card>,
    folders: Vec<String>,
    uses: Uses,
    revision: Option<u64>,
    /// Counts up when a media or a folder has changed.
    pub serial: u64,
}

impl Cards {
    /// Bring the cards up to `revision` of the document.
    pub fn follow(&mut self, project: &Project, revision: u64) {
        if self.revision == Some(revision) {
            return;
        }
        self.revision = Some(revision);
        self.uses.follow(project);
        let same = |(id, m): (&MediaId, &Arc<Media>)| self.cards.get(id).is_some_and(|c| Arc::ptr_eq(&c.media, m));
        if self.cards.len() == project.media.len() && project.media.iter().all(same) && self.folders == project.folders {
            return;
        }
        self.serial += 1;
        self.folders.clone_from(&project.folders);
        let mut before = std::mem::take(&mut self.cards);
        let card = |id: &MediaId, m: &Arc<Media>| before.remove(id).filter(|c| Arc::ptr_eq(&c.media, m)).unwrap_or_else(|| Card::new(m));
        let mut card = card;
        self.cards = project.media.iter().map(|(id, m)| (*id, card(id, m))).collect();
    }

    pub fn iter(&self) -> impl Iterator<Item = (MediaId, &Card)> {
        self.cards.iter().map(|(id, c)| (*id, c))
    }

    pub fn get(&self, id: MediaId) -> Option<&Card> {
        self.cards.get(&id)
    }

    pub fn len(&self) -> usize {
        self.cards.len()
    }

    pub fn folders(&self) -> &[String] {
        &self.folders
    }

    /// How often clips show or sound this media; 0 only where none does.
    pub fn uses(&self, id: MediaId) -> u32 {
        self.uses.total.get(&id).copied().unwrap_or(0)
    }

    /// Counts up when [`Self::uses`] has changed.
    pub fn uses_serial(&self) -> u64 {
        self.uses.serial
    }
}

/// How often media are used: counted track by track, so that a drag costs one track.
#[derive(Debug, Default)]
struct Uses {
    tracks: Vec<(Arc<Track>, HashMap<MediaId, u32>)>,
    /// Linked picture and sound are one use: the larger of the clips on picture tracks and on sound tracks.
    total: HashMap<MediaId, u32>,
    serial: u64,
}

impl Uses {
    fn follow(&mut self, project: &Project) {
        let now = || project.sequences().flat_map(|s| &s.tracks);
        if self.tracks.len() == now().count() && self.tracks.iter().zip(now()).all(|((a, _), b)| Arc::ptr_eq(a, b)) {
            return;
        }
        let mut before: HashMap<*const Track, HashMap<MediaId, u32>> =
            std::mem::take(&mut self.tracks).into_iter().map(|(t, counts)| (Arc::as_ptr(&t), counts)).collect();
        self.tracks = now().map(|t| (t.clone(), before.remove(&Arc::as_ptr(t)).unwrap_or_else(|| count(t)))).collect();
        let mut by_kind: HashMap<MediaId, [u32; 2]> = HashMap::new();
        for (track, counts) in &self.tracks {
            for (id, n) in counts {
                by_kind.entry(*id).or_default()[usize::from(track.kind == TrackKind::Audio)] += n;
            }
        }
        let total = by_kind.into_iter().map(|(id, [picture, sound])| (id, picture.max(sound))).collect();
        if total != self.total {
            self.total = total;
            self.serial += 1;
        }
    }
}

fn count(track: &Track) -> HashMap<MediaId, u32> {
    let mut counts = HashMap::new();
    for id in track.clips.iter().filter_map(|c| c.media()) {
        *counts.entry(id).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::{
        base::{AudioInfo, ColorTags, FrameRate, MediaInfo, Stamp, Time, VideoInfo},
        model::{MediaFile, Sequence},
    };

    fn file(name: &str, folder: &str, info: MediaInfo) -> Arc<Media> {
        let file = MediaFile::new(format!("/films/{name}"), Stamp { size: 1_000_000, ..Stamp::default() });
        Arc::new(Media { folder: folder.into(), ..Media::new(name, file, info) })
    }

    pub fn media(name: &str, folder: &str, secs: i64) -> Arc<Media> {
        let video = VideoInfo {
            codec: "h264".into(),
            width: 1920,
            height: 1080,
            pixel_aspect: (1, 1),
            rotation: Default::default(),
            frame_rate: FrameRate::FPS_25,
            frames: secs as u64 * 25,
            variable_frame_rate: false,
            still: false,
            pixel_format: "I420".into(),
            bit_depth: 8,
            alpha: false,
            color: ColorTags::BT709,
            color_assumed: false,
            gop: 25,
        };
        let audio = AudioInfo { codec: "aac".into(), rate: 48_000, channels: 2 };
        let duration = Time::from_secs(secs);
        file(name, folder, MediaInfo { container: "mp4".into(), duration, video: Some(video), audio: Some(audio), start_timecode: None })
    }

    pub fn sound(name: &str) -> Arc<Media> {
        let audio = AudioInfo { codec: "flac".into(), rate: 44_100, channels: 2 };
        let duration = Time::from_secs(90);
        file(name, "", MediaInfo { container: "flac".into(), duration, video: None, audio: Some(audio), start_timecode: None })
    }

    pub fn project(media: impl IntoIterator<Item = Arc<Media>>, folders: &[&str]) -> Project {
        let mut p = Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25));
        p.media = media.into_iter().enumerate().map(|(i, m)| (MediaId(100 + i as u64), m)).collect();
        p.folders = folders.iter().map(|f| (*f).to_owned()).collect();
        p
    }

    #[test]
    fn numbers_in_names_are_ordered_by_their_value() {
        let mut names = ["clip 10", "Clip 9", "clip 010b", "clip", "a99999999999999999999999"];
        names.sort_by_key(|n| natural_key(n));
        assert_eq!(names, ["a99999999999999999999999", "clip", "Clip 9", "clip 10", "clip 010b"]);
    }

    #[test]
    fn only_what_changed_is_worked_out_again() {
        let mut p = project([media("a.mp4", "", 1), media("b.mp4", "", 2)], &[]);
        let mut cards = Cards::default();
        cards.follow(&p, 1);
        let text = cards.get(MediaId(100)).unwrap().text.as_ptr();
        cards.follow(&p, 2);
        assert_eq!(cards.serial, 1, "an edit of the timeline is none of the bin's business");
        p.media.insert(MediaId(101), media("c.mp4", "", 3));
        cards.follow(&p, 3);
        assert_eq!(cards.serial, 2);
        assert_eq!(cards.get(MediaId(100)).unwrap().text.as_ptr(), text);
        assert!(cards.get(MediaId(101)).unwrap().text.starts_with("c.mp4"));
    }
}
