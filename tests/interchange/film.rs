//! A reference timeline: what every format has, at any rate.

use montage_ai::{
    base::{
        AudioInfo, ClipId, ColorTags, FrameRate, MarkerId, MediaId, MediaInfo, Rotation, Stamp, Time, TrackId, TransitionId, VideoInfo,
        format_timecode,
    },
    model::{Clip, ClipContent, Marker, Media, MediaFile, Project, Sequence, Speed, Track, TrackKind, Transition, TransitionKind},
};
use std::sync::Arc;

pub const RATES: [&str; 8] = ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"];

fn media(name: &str, rate: FrameRate, frames: i64) -> Media {
    let video = VideoInfo {
        codec: "h264".into(),
        width: 1920,
        height: 1080,
        pixel_aspect: (1, 1),
        rotation: Rotation::None,
        frame_rate: rate,
        frames: frames as u64,
        variable_frame_rate: false,
        still: false,
        pixel_format: "I420".into(),
        bit_depth: 8,
        alpha: false,
        color: ColorTags::BT709,
        color_assumed: false,
        gop: 1,
    };
    let info = MediaInfo {
        container: "mov".into(),
        duration: Time::from_frames(frames, rate),
        video: Some(video),
        audio: Some(AudioInfo { codec: "pcm_s16le".into(), rate: 48_000, channels: 2 }),
        start_timecode: Some(format_timecode(i64::from(rate.timecode_base()) * 36_000, rate, false)),
    };
    Media::new(name, MediaFile::new(format!("/footage/{name}"), Stamp::default()), info)
}

/// Two pictures with a centred dissolve, a clip at twice the speed, a gap, a clip that is switched off above, sound, markers.
pub fn film(rate: FrameRate) -> Project {
    let mut s = Sequence::new(1920, 1080, rate);
    s.drop_frame = false;
    s.start_timecode = i64::from(rate.timecode_base()) * 3600;
    let at = |frame: i64| Time::from_frames(frame, rate);
    let clip = |id: u64, start, duration, media: u64, from, speed| {
        let content = ClipContent::Media { media: MediaId(media), source_in: at(from), speed };
        Clip::new(ClipId(id), start, duration, content)
    };
    let mut v1 = Track::new(TrackId(2), TrackKind::Video);
    v1.clips = vec![
        Arc::new(clip(20, 0, 48, 10, 24, Speed::NORMAL)),
        Arc::new(clip(21, 48, 60, 11, 36, Speed::NORMAL)),
        Arc::new(clip(22, 120, 40, 10, 100, Speed(2, 1))),
    ];
    v1.transitions.push(Transition {
        id: TransitionId(30),
        kind: TransitionKind::CrossDissolve,
        left: ClipId(20),
        right: ClipId(21),
        before: 6,
        after: 6,
    });
    let mut v2 = Track::new(TrackId(3), TrackKind::Video);
    let mut off = clip(23, 12, 24, 11, 0, Speed::NORMAL);
    off.enabled = false;
    v2.clips.push(Arc::new(off));
    let mut a1 = Track::new(TrackId(4), TrackKind::Audio);
    a1.clips = vec![Arc::new(clip(24, 0, 48, 10, 24, Speed::NORMAL)), Arc::new(clip(25, 48, 60, 11, 36, Speed::NORMAL))];
    s.tracks = vec![Arc::new(v1), Arc::new(v2), Arc::new(a1)];
    s.markers.push(Marker { id: MarkerId(40), frame: 30, duration: 0, name: "Beat 1".into(), color: 2, note: "look here".into() });
    let mut p = Project::new("Reference", s);
    p.media.insert(MediaId(10), Arc::new(media("a.mov", rate, 2000)));
    p.media.insert(MediaId(11), Arc::new(media("b.mov", rate, 2000)));
    assert_eq!(p.validate(), []);
    p
}
