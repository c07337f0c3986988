//! The words of a timeline: where what was said in the media is heard, captions made of it, and cutting by it.

mod captions;
mod cut;
mod silence;

pub use captions::{MadeCaptions, make_captions};
pub(super) use cut::cut;
pub use cut::{Cuts, PADDING, cuts_of_words};
pub use silence::{SilenceRule, silences};

use crate::{
    base::{ClipId, MediaId, Rounding, Time, TrackId},
    model::{Clip, ClipContent, Project, Track},
    speech::{Transcript, split},
};
use std::{ops::Range, sync::Arc};

/// How loud a stretch of a media is, in dB of full scale; None where nobody knows yet.
pub type Loudness<'a> = &'a dyn Fn(MediaId, Time, Time) -> Option<f32>;

/// A word that is heard on the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct HeardWord {
    pub media: MediaId,
    /// Its place among the words of the media's transcript.
    pub index: usize,
    pub clip: ClipId,
    pub track: TrackId,
    /// Time of the timeline.
    pub start: Time,
    pub end: Time,
    pub text: String,
    pub confidence: Option<f32>,
}

impl HeardWord {
    /// Whether a person should look at it.
    pub fn is_doubtful(&self) -> bool {
        self.confidence.is_some_and(|c| c < 0.5)
    }
}

/// Audio tracks that are heard.
fn heard_tracks(project: &Project) -> impl Iterator<Item = &Arc<Track>> {
    let any_solo = project.sequence.audio_tracks().any(|t| t.solo);
    project.sequence.audio_tracks().filter(move |t| !t.muted && (t.solo || !any_solo))
}

/// The transcript of a clip that plays forward, with its point of the media and its speed.
fn transcript_of<'a>(project: &'a Project, clip: &Clip) -> Option<(MediaId, &'a Arc<Transcript>)> {
    let ClipContent::Media { media, speed, .. } = clip.content else { return None };
    let transcript = project.media.get(&media)?.transcript.as_ref()?;
    (clip.enabled && speed.0 > 0).then_some((media, transcript))
}

/// Every word that is heard on the open sequence, in the order of their start. A word belongs to the clip that plays its middle;
/// one that two tracks play at the same time (both sides of a stereo pair) is there once. What is played backwards, held, muted
/// or within a nested sequence is not heard as words.
pub fn heard_words(project: &Project) -> Vec<HeardWord> {
    let rate = project.sequence.frame_rate;
    let mut words: Vec<HeardWord> = Vec::new();
    for track in heard_tracks(project) {
        for clip in &track.clips {
            let Some((media, transcript)) = transcript_of(project, clip) else { continue };
            let Some((source_in, speed)) = clip.content.source() else { continue };
            let (from, to) = (Time::from_frames(clip.start, rate), Time::from_frames(clip.end(), rate));
            let source_end = source_in + speed.source_span(to - from);
            for index in transcript.between(source_in, source_end) {
                let w = &transcript.words()[index];
                let middle = w.start + (w.end - w.start).scale(1, 2);
                if middle < source_in || middle >= source_end {
                    continue;
                }
                let on_timeline = |t: Time| (from + (t - source_in).scale(i64::from(speed.1), i64::from(speed.0))).max(from).min(to);
                words.push(HeardWord {
                    media,
                    index,
                    clip: clip.id,
                    track: track.id,
                    start: on_timeline(w.start),
                    end: on_timeline(w.end),
                    text: w.text.clone(),
                    confidence: w.confidence,
                });
            }
        }
    }
    words.sort_by_key(|w| (w.start, w.end, w.media, w.index));
    words.dedup_by(|b, a| (a.start, a.media, a.index) == (b.start, b.media, b.index));
    words
}

/// Words between long pauses, as ranges of the list.
pub fn paragraphs(words: &[HeardWord]) -> Vec<Range<usize>> {
    let mut from = 0;
    let near = |a: &HeardWord, b: &HeardWord| b.start - a.end < crate::speech::PARAGRAPH_PAUSE;
    words
        .chunk_by(near)
        .map(|part| {
            let range = from..from + part.len();
            from = range.end;
            range
        })
        .collect()
}

/// Places at which a text is said: ranges of the list whose words begin with those of `query`, without regard to case and
/// punctuation.
pub fn search(words: &[HeardWord], query: &str) -> Vec<Range<usize>> {
    let wanted: Vec<String> = split::words(query).into_iter().map(crate::speech::bare).filter(|w| !w.is_empty()).collect();
    let Some((last, before)) = wanted.split_last() else { return Vec::new() };
    let said: Vec<String> = words.iter().map(|w| crate::speech::bare(&w.text)).collect();
    let fits = |part: &[String]| part[..before.len()] == *before && part[before.len()].starts_with(last.as_str());
    (0..=said.len().saturating_sub(wanted.len()))
        .filter(|at| said.get(*at..at + wanted.len()).is_some_and(fits))
        .map(|at| at..at + wanted.len())
        .collect()
}

/// The word that is spoken at a time, by binary search; the last one that began, where none is.
pub fn word_at(words: &[HeardWord], time: Time) -> Option<usize> {
    words.partition_point(|w| w.start <= time).checked_sub(1)
}

/// First frame at or after a time, last one at or before it.
fn frames_within(project: &Project, from: Time, to: Time) -> (i64, i64) {
    let rate = project.sequence.frame_rate;
    (from.to_frames(rate, Rounding::Ceil), to.to_frames(rate, Rounding::Floor))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::FrameRate,
        edit::{EditCommand, History, apply},
        model::{Caption, Speed, fixture::*},
        plan,
        speech::{Transcript, Word, tests::ms},
    };
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const NOBODY: Loudness<'static> = &|_, _, _| None;

    /// A film of 40 s with sound on the timeline, picture and sound linked, and words at the given times (in ms).
    fn told(words: &[(i64, i64)]) -> Project {
        let mut p = project(FrameRate::FPS_25);
        let list = words.iter().enumerate().map(|(i, (from, to))| Word::new(ms(*from), ms(*to), format!("w{i}")));
        Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).transcript = Some(Arc::new(Transcript::new("en", list)));
        let mut picture = clip(20, 0, 1000, media_content(10, Time::ZERO));
        let mut sound = clip(21, 0, 1000, media_content(10, Time::ZERO));
        (picture.link, sound.link) = (Some(1), Some(1));
        put(&mut p, 2, [picture]);
        put(&mut p, 3, [sound]);
        p
    }

    fn said(p: &Project) -> Vec<String> {
        heard_words(p).into_iter().map(|w| w.text).collect()
    }

    fn cut(p: &Project, chosen: &[usize]) -> Project {
        let words = heard_words(p);
        let command = cuts_of_words(p, &words, &chosen.iter().copied().collect(), NOBODY).command().unwrap();
        apply(p, &command).unwrap()
    }

    #[test]
    fn words_follow_their_clips_through_trims_and_speed() {
        let mut p = told(&[(0, 400), (1000, 1400), (2000, 2400), (3000, 3400)]);
        with_track(&mut p, 3, |t| {
            let mut fast = (*t.clips[0]).clone();
            fast.start = 50;
            fast.duration = 30;
            fast.content = ClipContent::Media { media: MediaId(10), source_in: ms(900), speed: Speed(2, 1) };
            t.clips = vec![Arc::new(fast)];
        });
        let words = heard_words(&p);
        // 2 s at frame 50 is source 0.9 s; twice as fast; the clip ends at source 3.3 s, after the middle of the last word
        let found: Vec<(usize, Time, Time)> = words.iter().map(|w| (w.index, w.start, w.end)).collect();
        assert_eq!(found, [(1, ms(2050), ms(2250)), (2, ms(2550), ms(2750)), (3, ms(3050), ms(3200))]);
        assert_eq!((word_at(&words, ms(2060)), word_at(&words, ms(2300)), word_at(&words, ms(10))), (Some(0), Some(0), None));
        with_track(&mut p, 3, |t| t.muted = true);
        assert!(heard_words(&p).is_empty());
    }

    #[test]
    fn a_word_goes_with_its_picture_and_the_cut_is_soft() {
        let p = told(&[(1000, 1400), (1500, 1900), (2000, 2400)]);
        let q = cut(&p, &[1]);
        assert_eq!(said(&q), ["w0", "w2"]);
        for track in [2, 3] {
            let clips = &q.sequence.track(TrackId(track)).unwrap().clips;
            // half of the 100 ms before the word go with it: 1.45 s rounded up to a frame, 1.95 s rounded down
            assert_eq!(
                (clips[0].end(), clips[1].start, clips[1].content.source().unwrap().0),
                (37, 37, Time::from_frames(48, FrameRate::FPS_25))
            );
            assert_eq!((clips[0].soft_out, clips[1].soft_in), (track == 3, track == 3));
            assert!(clips[1].link.is_some() && clips[1].link != clips[0].link);
        }
        let sound = plan::audio(&q, 0, 48_000 * 3);
        let gains: Vec<f32> = [70_000, 70_800, 71_039].iter().map(|s| sound.segments[0].envelope.gain_at(*s)).collect();
        assert_eq!((gains[0], gains[2] < 0.01), (1.0, true), "{gains:?}");
        assert!((0.4..0.6).contains(&gains[1]));
    }

    #[test]
    fn a_cut_lies_where_it_is_quiet_and_captions_and_followers_move_with_it() {
        let mut p = told(&[(1000, 1400), (1800, 2200), (3000, 3400)]);
        Arc::make_mut(&mut p.sequence).captions = [(40, 10), (46, 0), (80, 20)]
            .iter()
            .zip(60..)
            .filter(|(c, _)| c.1 > 0)
            .map(|((start, duration), id)| Caption {
                id: crate::base::CaptionId(id),
                start: *start,
                duration: *duration,
                text: "c".into(),
                words: Vec::new(),
            })
            .collect();
        let quiet = |_: MediaId, from: Time, _: Time| Some(if (ms(1550)..ms(1570)).contains(&from) { -80.0 } else { -20.0 });
        let words = heard_words(&p);
        let cuts = cuts_of_words(&p, &words, &BTreeSet::from([1]), &quiet);
        assert_eq!(cuts.ranges, [(40, 56)], "from the quiet place before 1.57 s; where all is equally loud, 50 ms after the word");
        let q = apply(&p, &cuts.command().unwrap()).unwrap();
        let captions: Vec<(i64, i64)> = q.sequence.captions.iter().map(|c| (c.start, c.duration)).collect();
        assert_eq!(captions, [(64, 20)], "the one that stood on what went is gone");
    }

    #[test]
    fn a_word_is_corrected_by_its_place() {
        let p = told(&[(1000, 1400), (1500, 1900)]);
        let correct = |word, text: &str| apply(&p, &EditCommand::CorrectWord { media: MediaId(10), word, text: text.into() });
        assert_eq!(said(&correct(0, "two words").unwrap()), ["two", "words", "w1"]);
        assert_eq!(said(&correct(1, " ").unwrap()), ["w0"]);
        assert!(correct(2, "x").is_err());
    }

    #[test]
    fn music_under_a_speech_plays_on() {
        let mut p = told(&[(1000, 1400), (1500, 1900), (2000, 2400)]);
        let mut track = crate::model::Track::new(TrackId(8), crate::model::TrackKind::Audio);
        track.clips = vec![Arc::new(clip(30, 0, 900, media_content(11, Time::ZERO)))];
        Arc::make_mut(&mut p.sequence).tracks.push(Arc::new(track));
        let q = cut(&p, &[1]);
        assert_eq!(q.sequence.track(TrackId(8)).unwrap().clips, p.sequence.track(TrackId(8)).unwrap().clips);
    }

    #[test]
    fn silences_are_found_by_words_length_and_level() {
        let p = told(&[(1000, 1400), (5000, 5400), (6000, 6400)]);
        let words = heard_words(&p);
        let rule = SilenceRule { shortest: ms(1000), kept: ms(200), ..SilenceRule::default() };
        let ranges = |loudness: Loudness<'_>| silences(&p, &words, &rule, loudness).ranges;
        assert_eq!(ranges(NOBODY), [(5, 20), (40, 120), (165, 995)]);
        let laughter = |_: MediaId, from: Time, _: Time| Some(if (ms(3000)..ms(3500)).contains(&from) { -20.0 } else { -60.0 });
        assert_eq!(ranges(&laughter), [(5, 20), (40, 70), (93, 120), (165, 995)]);
        let q = apply(&p, &silences(&p, &words, &rule, NOBODY).command().unwrap()).unwrap();
        assert_eq!(said(&q), ["w0", "w1", "w2"]);
        assert_eq!(q.sequence.duration(), 1000 - 15 - 80 - 830);
    }

    #[test]
    fn texts_are_found_and_captions_are_one_step() {
        let mut p = told(&[(1000, 1400), (1500, 1900), (4000, 4400)]);
        let words = heard_words(&p);
        assert_eq!(search(&words, "W0 w"), vec![0..2]);
        assert_eq!(search(&words, "w"), vec![0..1, 1..2, 2..3]);
        assert!(search(&words, " ").is_empty() && search(&words, "w0 w1 w2 w3").is_empty());
        assert_eq!(paragraphs(&words), vec![0..2, 2..3]);
        let made = make_captions(&p).unwrap();
        let q = apply(&p, &made.command).unwrap();
        let found: Vec<&str> = q.sequence.captions.iter().map(|c| c.text.as_str()).collect();
        assert_eq!((found, made.count, made.too_fast), (vec!["w0 w1", "w2"], 2, 0));
        assert!(q.validate().is_empty());
        Arc::make_mut(p.media.get_mut(&MediaId(10)).unwrap()).transcript = None;
        assert_eq!(make_captions(&p), None);
    }

    /// Words of any length with any pauses, from 0.2 s on.
    fn spoken() -> impl Strategy<Value = Vec<(i64, i64)>> {
        prop::collection::vec((0i64..900, 5i64..800), 1..25).prop_map(|list| {
            let mut at = 200;
            list.into_iter()
                .map(|(pause, length)| {
                    let from = at + pause;
                    at = from + length;
                    (from, at)
                })
                .filter(|w| w.1 < 39_000)
                .collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn what_stays_plays_at_its_samples_and_undo_brings_all_back(list in spoken(), chosen in prop::collection::btree_set(0usize..25, 1..12), level in any::<bool>()) {
            let p = told(&list);
            let words = heard_words(&p);
            let chosen: BTreeSet<usize> = chosen.into_iter().filter(|i| *i < words.len()).collect();
            let wave = |_: MediaId, from: Time, _: Time| Some(-40.0 + 20.0 * ((from.0 / 7_000_000 % 100) as f32 / 10.0).sin());
            let cuts = cuts_of_words(&p, &words, &chosen, if level { &wave } else { NOBODY });
            let Some(command) = cuts.command() else { return Ok(()) };
            let mut history = History::new(Arc::new(p.clone()));
            history.exec(&command).unwrap();
            let q = history.current().clone();
            prop_assert!(q.validate().is_empty(), "{:?}", q.validate());
            let now = heard_words(&q);
            for w in words.iter().enumerate().filter(|(i, _)| !chosen.contains(i)).map(|(_, w)| w) {
                let there = now.iter().find(|n| n.index == w.index);
                let there = there.ok_or_else(|| TestCaseError::fail(format!("{} is gone", w.text)))?;
                prop_assert_eq!(there.end - there.start, w.end - w.start, "{} is whole", &w.text);
                // the samples of the timeline under the word are those of the media that said it
                let first = there.start.to_samples(48_000, Rounding::Ceil);
                let plan = plan::audio(&q, first, 1);
                let said = &q.media[&MediaId(10)].transcript.as_ref().unwrap().words()[w.index];
                let off = (plan.segments[0].source - said.start).0.abs();
                prop_assert!(off <= 705_600_000 / 48_000 + 1, "{} flicks", off);
                // picture and sound stay together
                let frame = there.start.to_frames(FrameRate::FPS_25, Rounding::Floor);
                let at = |track: u64| q.sequence.track(TrackId(track)).and_then(|t| t.clips.get(t.clip_index_at(frame)?)?.source_at(frame, FrameRate::FPS_25));
                prop_assert_eq!(at(2), at(3));
            }
            history.undo();
            prop_assert_eq!(&**history.current(), &p);
        }
    }
}
