//! Small documents for unit tests of the rooms above.

use super::{Clip, ClipContent, Media, MediaFile, Project, Sequence, Speed, Track, TrackKind, Transition, TransitionKind, Variant};
use crate::base::{
    AudioInfo, ClipId, ColorTags, ContentHash, FrameRate, MediaId, MediaInfo, Rotation, Stamp, Time, TrackId, TransitionId, VideoInfo,
};
use std::sync::Arc;

pub(crate) fn video_info(width: u32, height: u32, rate: FrameRate, frames: u64) -> VideoInfo {
    VideoInfo {
        codec: "h264".into(),
        width,
        height,
        pixel_aspect: (1, 1),
        rotation: Rotation::None,
        frame_rate: rate,
        frames,
        variable_frame_rate: false,
        still: false,
        pixel_format: "I420".into(),
        bit_depth: 8,
        alpha: false,
        color: ColorTags::BT709,
        color_assumed: false,
        gop: 250,
    }
}

/// A film of `frames` pictures of the sequence's size, with sound.
pub(crate) fn film(name: &str, rate: FrameRate, frames: i64) -> Media {
    let info = MediaInfo {
        container: "mp4".into(),
        duration: Time::from_frames(frames, rate),
        video: Some(video_info(1920, 1080, rate, frames as u64)),
        audio: Some(AudioInfo { codec: "aac".into(), rate: 48_000, channels: 2 }),
        start_timecode: None,
    };
    Media::new(name, MediaFile::new(format!("/footage/{name}.mp4"), Stamp { size: 1000, ..Stamp::default() }), info)
}

/// A stand-in of a film, 720 lines high.
pub(crate) fn proxy_of(m: &Media) -> Variant {
    variant_of(m, "proxy.mov", "mjpeg", (1280, 720))
}

/// A larger picture of a film.
pub(crate) fn upscaled_of(m: &Media) -> Variant {
    variant_of(m, "2x.mp4", "h264", (3840, 2160))
}

fn variant_of(m: &Media, ending: &str, codec: &str, (width, height): (u32, u32)) -> Variant {
    let mut info = m.info.clone();
    if let Some(v) = &mut info.video {
        (v.codec, v.width, v.height, v.gop) = (codec.into(), width, height, 1);
    }
    let of = Stamp { size: m.file.size, modified: 7, hash: Some(ContentHash(1)) };
    Variant { path: format!("/cache/{}.{ending}", m.name).into(), of, recipe: format!("{codec} {height}"), info }
}

pub(crate) fn still(name: &str) -> Media {
    let mut m = film(name, FrameRate::FPS_25, 1);
    m.file.path = format!("/footage/{name}.png").into();
    m.info.duration = Time::ZERO;
    m.info.audio = None;
    if let Some(v) = &mut m.info.video {
        v.still = true;
    }
    m
}

pub(crate) fn song(name: &str, secs: i64) -> Media {
    let mut m = film(name, FrameRate::FPS_25, 1);
    m.file.path = format!("/footage/{name}.mp3").into();
    m.info.duration = Time::from_secs(secs);
    m.info.video = None;
    m
}

pub(crate) fn media_content(media: u64, source_in: Time) -> ClipContent {
    ClipContent::Media { media: MediaId(media), source_in, speed: Speed::NORMAL }
}

pub(crate) fn clip(id: u64, start: i64, duration: i64, content: ClipContent) -> Clip {
    Clip::new(ClipId(id), start, duration, content)
}

pub(crate) fn dissolve(id: u64, left: u64, right: u64, before: i64, after: i64) -> Transition {
    Transition { id: TransitionId(id), kind: TransitionKind::CrossDissolve, left: ClipId(left), right: ClipId(right), before, after }
}

/// 1920×1080 at `rate`: media 10 (film, 1000 frames), 11 (another film), 12 (still), 13 (song, 60 s); video tracks 2 and 4,
/// audio tracks 3 and 5, all empty.
pub(crate) fn project(rate: FrameRate) -> Project {
    let mut s = Sequence::new(1920, 1080, rate);
    s.tracks.push(Arc::new(Track::new(TrackId(4), TrackKind::Video)));
    s.tracks.push(Arc::new(Track::new(TrackId(5), TrackKind::Audio)));
    let mut p = Project::new("fixture", s);
    for (id, m) in [(10, film("a", rate, 1000)), (11, film("b", rate, 1000)), (12, still("c")), (13, song("d", 60))] {
        p.media.insert(MediaId(id), Arc::new(m));
    }
    p
}

/// Changes one track in place.
pub(crate) fn with_track(p: &mut Project, id: u64, change: impl FnOnce(&mut Track)) {
    let s = Arc::make_mut(&mut p.sequence);
    if let Some(t) = s.tracks.iter_mut().find(|t| t.id == TrackId(id)) {
        change(Arc::make_mut(t));
    }
}

/// Puts clips on a track, in order of start.
pub(crate) fn put(p: &mut Project, track: u64, clips: impl IntoIterator<Item = Clip>) {
    with_track(p, track, |t| {
        t.clips.extend(clips.into_iter().map(Arc::new));
        t.clips.sort_by_key(|c| c.start);
    });
}
