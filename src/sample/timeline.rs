//! The sample film's timeline: cuts on the bars of the music, dissolves, a dip, titles, the clips' own sound below.
//!
//! Pure: from the set and what the files are, a document.

use super::{FRAME_RATE, SampleError, SampleSet, music::BAR_SECS, scenes::SCENES};
use crate::{
    base::{ClipId, MarkerId, MediaId, MediaInfo, Stamp, Time, TrackId, TransitionId},
    engine::stamp_of,
    model::{
        Clip, ClipContent, Marker, Media, MediaFile, Project, Sequence, TextStyle, Title, Track, TrackKind, Transition, TransitionKind,
    },
};
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// How a shot begins.
#[derive(Clone, Copy)]
enum Join {
    Cut,
    /// Frames on each side of the cut.
    Dissolve(i64),
    Dip(i64),
}

/// One shot: which scene, from which of its frames, at which bar it begins, how it is joined to the one before.
struct Shot {
    scene: usize,
    from: i64,
    bar: f64,
    join: Join,
    /// Of the clip's own sound.
    gain_db: f32,
}

const fn shot(scene: usize, from: i64, bar: f64, join: Join, gain_db: f32) -> Shot {
    Shot { scene, from, bar, join, gain_db }
}

const DAWN: usize = 0;
const CLOUDS: usize = 1;
const FOREST: usize = 2;
const WATER: usize = 3;
const CITY: usize = 4;
const ABSTRACT: usize = 5;

/// Intro 0–4, build 4–8, drop 8–14, outro 14–18.
const SHOTS: [Shot; 11] = [
    shot(DAWN, 0, 0.0, Join::Cut, -9.0),
    shot(CLOUDS, 14, 2.0, Join::Dissolve(14), -14.0),
    shot(FOREST, 16, 4.0, Join::Dissolve(12), -11.0),
    shot(WATER, 14, 6.0, Join::Dissolve(12), -12.0),
    shot(CITY, 2, 8.0, Join::Cut, -20.0),
    shot(ABSTRACT, 8, 10.0, Join::Cut, -24.0),
    shot(CITY, 138, 11.0, Join::Cut, -20.0),
    shot(ABSTRACT, 80, 12.0, Join::Cut, -24.0),
    shot(WATER, 100, 13.0, Join::Cut, -18.0),
    shot(CLOUDS, 64, 14.0, Join::Dip(10), -14.0),
    shot(DAWN, 72, 16.0, Join::Dissolve(14), -8.0),
];
/// The last shot ends here, the music a little later.
const END: i64 = 1184;
/// The dip's colour: warm light, display-referred.
const DIP_COLOR: [f32; 4] = [1.0, 0.95, 0.86, 1.0];

/// Ids count up in the order of making, from above the sequence's own.
struct Ids(u64);

impl Ids {
    fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

/// Frame of a bar, to the nearest.
fn frame_of(bar: f64) -> i64 {
    (bar * BAR_SECS * FRAME_RATE.as_f64()).round() as i64
}

/// The sample project, 1280×720 at 30 frames per second; `infos` are those of [`SampleSet::files`], in that order.
///
/// # Errors
/// There are more or fewer infos than files.
pub fn timeline(set: &SampleSet, infos: &[MediaInfo]) -> Result<Project, SampleError> {
    let needed = SCENES.len() + 1;
    if infos.len() != needed || set.clips.len() != SCENES.len() {
        return Err(SampleError::Infos { given: infos.len(), needed });
    }
    let mut sequence = Sequence::new(1280, 720, FRAME_RATE);
    let mut ids = Ids(sequence.id.0);
    let names = SCENES.iter().map(|s| s.title).chain(["Music"]);
    let media: Vec<(MediaId, Arc<Media>)> =
        set.files().zip(infos).zip(names).map(|((path, info), name)| (MediaId(ids.next()), Arc::new(import(path, info, name)))).collect();

    sequence.name = "A Day in Light".into();
    let (picture, sound) = shots(&media, &mut ids);
    let music = music(media[SCENES.len()].0, infos[SCENES.len()].duration, &mut ids);
    sequence.tracks = [vec![picture], titles(&mut ids), vec![sound, music]].concat().into_iter().map(Arc::new).collect();
    sequence.markers = markers(set, &mut ids);

    let mut project = Project::new("A Day in Light", sequence);
    project.media = BTreeMap::from_iter(media);
    Ok(project)
}

fn import(path: &Path, info: &MediaInfo, name: &str) -> Media {
    // the times of files differ from one making to the next, the project shall not
    let stamp = Stamp { modified: 0, ..stamp_of(path) };
    Media::new(name, MediaFile::new(path, stamp), info.clone())
}

fn track(ids: &mut Ids, kind: TrackKind, name: &str) -> Track {
    Track { name: name.to_owned(), ..Track::new(TrackId(ids.next()), kind) }
}

/// The shots' track and that of their own sound.
fn shots(media: &[(MediaId, Arc<Media>)], ids: &mut Ids) -> (Track, Track) {
    let mut picture = track(ids, TrackKind::Video, "Picture");
    let mut sound = track(ids, TrackKind::Audio, "Footage sound");
    let mut before: Option<(ClipId, ClipId)> = None;
    for (i, shot) in SHOTS.iter().enumerate() {
        let start = frame_of(shot.bar);
        let end = SHOTS.get(i + 1).map_or(END, |next| frame_of(next.bar));
        let last = i + 1 == SHOTS.len();
        let content = ClipContent::Media {
            media: media[shot.scene].0,
            source_in: Time::from_frames(shot.from, FRAME_RATE),
            speed: Default::default(),
        };
        let clip = |id: ClipId, link: u64| Clip {
            name: SCENES[shot.scene].title.into(),
            link: Some(link),
            fade_in: if i == 0 { 24 } else { 0 },
            fade_out: if last { 44 } else { 0 },
            ..Clip::new(id, start, end - start, content.clone())
        };
        let (seen, heard) = (ClipId(ids.next()), ClipId(ids.next()));
        picture.clips.push(Arc::new(clip(seen, seen.0)));
        sound.clips.push(Arc::new(Clip { gain_db: shot.gain_db, ..clip(heard, seen.0) }));
        if let Some((left_seen, left_heard)) = before {
            let mut join = |track: &mut Track, kind, left, right, half| {
                track.transitions.push(Transition { id: TransitionId(ids.next()), kind, left, right, before: half, after: half });
            };
            match shot.join {
                // a few frames of cross-fade, so that the sound does not click
                Join::Cut => join(&mut sound, TransitionKind::CrossDissolve, left_heard, heard, 2),
                Join::Dissolve(half) => {
                    join(&mut picture, TransitionKind::CrossDissolve, left_seen, seen, half);
                    join(&mut sound, TransitionKind::CrossDissolve, left_heard, heard, half);
                }
                Join::Dip(half) => {
                    join(&mut picture, TransitionKind::DipToColor { color: DIP_COLOR }, left_seen, seen, half);
                    join(&mut sound, TransitionKind::CrossDissolve, left_heard, heard, half);
                }
            }
        }
        before = Some((seen, heard));
    }
    (picture, sound)
}

fn music(media: MediaId, duration: Time, ids: &mut Ids) -> Track {
    let mut out = track(ids, TrackKind::Audio, "Music");
    let whole = duration.to_frames(FRAME_RATE, crate::base::Rounding::Floor).clamp(1, END);
    let content = ClipContent::Media { media, source_in: Time::ZERO, speed: Default::default() };
    out.clips.push(Arc::new(Clip {
        name: "Music".into(),
        gain_db: -4.0,
        fade_out: whole.min(75),
        ..Clip::new(ClipId(ids.next()), 0, whole, content)
    }));
    out
}

/// Two lines each at the beginning and the end, on a track of its own each.
fn titles(ids: &mut Ids) -> Vec<Track> {
    let large = TextStyle { size: 0.125, weight: 600, tracking: 0.01, shadow_blur: 0.03, ..TextStyle::default() };
    let small = TextStyle { size: 0.034, weight: 400, tracking: 0.16, shadow_blur: 0.02, ..TextStyle::default() };
    let mut line = |name: &str, style: &TextStyle, y: f32, texts: [(i64, i64, &str); 2]| {
        let mut out = track(ids, TrackKind::Video, name);
        for (start, end, text) in texts {
            let title = Title { text: text.into(), style: style.clone(), position: (0.5, y) };
            let clip = Clip::new(ClipId(ids.next()), start, end - start, ClipContent::Title(title));
            out.clips.push(Arc::new(Clip { name: text.into(), fade_in: 18, fade_out: 20, ..clip }));
        }
        out
    };
    vec![
        line("Title", &large, 0.665, [(22, 118, "A Day in Light"), (1062, 1170, "Your turn")]),
        line("Subtitle", &small, 0.77, [(34, 118, "A SAMPLE FILM"), (1074, 1170, "CUT IT, CHANGE IT, EXPORT IT")]),
    ]
}

/// One marker a section of the music, as long as the section.
fn markers(set: &SampleSet, ids: &mut Ids) -> Vec<Marker> {
    set.truth
        .sections
        .iter()
        .zip(0..)
        .map(|(section, color)| {
            let frame = |secs: f64| ((secs * FRAME_RATE.as_f64()).round() as i64).min(END);
            let mut name = section.name.clone();
            if let Some(first) = name.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let (from, to) = (frame(section.start_secs), frame(section.end_secs));
            Marker { id: MarkerId(ids.next()), frame: from, duration: to - from, name, color, note: String::new() }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{AudioInfo, ColorTags, VideoInfo},
        sample::music,
    };

    fn set() -> (SampleSet, Vec<MediaInfo>) {
        let clips = SCENES.iter().map(|s| Path::new("film").join(s.title)).collect();
        let audio = AudioInfo { codec: "aac".into(), rate: 48_000, channels: 2 };
        let mut infos: Vec<MediaInfo> = SCENES
            .iter()
            .map(|s| MediaInfo {
                container: "mp4".into(),
                duration: Time::from_frames(s.frames.into(), FRAME_RATE),
                video: Some(VideoInfo {
                    codec: "h264".into(),
                    width: 1280,
                    height: 720,
                    pixel_aspect: (1, 1),
                    rotation: Default::default(),
                    frame_rate: FRAME_RATE,
                    frames: s.frames.into(),
                    variable_frame_rate: false,
                    still: false,
                    pixel_format: "I420".into(),
                    bit_depth: 8,
                    alpha: false,
                    color: ColorTags::BT709,
                    color_assumed: false,
                    gop: 250,
                }),
                audio: Some(audio.clone()),
                start_timecode: None,
            })
            .collect();
        infos.push(MediaInfo { video: None, duration: Time::from_secs(40), ..infos[0].clone() });
        (SampleSet { clips, music: "film/music.flac".into(), truth: music::truth() }, infos)
    }

    #[test]
    fn the_sample_project_is_sound_and_as_long_as_promised() {
        let (set, infos) = set();
        let p = timeline(&set, &infos).unwrap();
        assert_eq!(p.validate(), []);
        let secs = p.sequence.duration_time().as_secs_f64();
        assert!((36.0..40.0).contains(&secs), "{secs}");
        assert_eq!((p.media.len(), p.sequence.tracks.len(), p.sequence.markers.len()), (7, 5, 4));
    }

    #[test]
    fn every_cut_falls_on_a_bar_to_half_a_frame() {
        let (set, infos) = set();
        let p = timeline(&set, &infos).unwrap();
        for clip in &p.sequence.tracks[0].clips {
            let secs = Time::from_frames(clip.start, FRAME_RATE).as_secs_f64();
            assert!(set.truth.downbeats_secs.iter().any(|b| (b - secs).abs() <= 0.5 / 30.0 + 1e-9), "{} at {secs}", clip.name);
        }
    }

    #[test]
    fn every_shot_and_transition_has_the_footage_it_needs() {
        let (set, infos) = set();
        let p = timeline(&set, &infos).unwrap();
        for track in &p.sequence.tracks {
            for clip in &track.clips {
                let ClipContent::Media { source_in, .. } = clip.content else { continue };
                let length = p.source_duration(&clip.content).unwrap();
                let more = |left: bool| {
                    let found = track.transitions.iter().find(|t| if left { t.right == clip.id } else { t.left == clip.id });
                    Time::from_frames(found.map_or(0, |t| if left { t.before } else { t.after }), FRAME_RATE)
                };
                let end = source_in + Time::from_frames(clip.duration, FRAME_RATE);
                assert!(source_in >= more(true), "{} has no handle at its start", clip.name);
                assert!(end + more(false) <= length, "{} runs past its footage", clip.name);
            }
        }
    }

    #[test]
    fn a_missing_fact_is_an_error() {
        let (set, infos) = set();
        assert!(matches!(timeline(&set, &infos[1..]), Err(SampleError::Infos { given: 6, needed: 7 })));
    }
}
