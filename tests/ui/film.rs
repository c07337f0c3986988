//! A film as people make them, and pictures for it.

use montage_ai::{
    base::{
        AudioInfo, ClipId, ColorTags, FrameRate, MarkerId, MediaId, MediaInfo, Picture, PixelFormat, Rounding, Stamp, Time, TrackId,
        TransitionId, VideoInfo,
    },
    model::{
        Clip, ClipContent, Marker, Media, MediaFile, Project, Sequence, Speed, TextStyle, Title, Track, TrackKind, Transition,
        TransitionKind,
    },
};
use std::sync::Arc;

/// A little landscape whose colours follow the seed and whose sun follows the time.
pub fn landscape(seed: u64, t: f32, w: u32, h: u32) -> Picture {
    let palettes = [
        ([250.0, 196.0, 180.0], [120.0, 150.0, 215.0], [70.0, 110.0, 70.0]),
        ([165.0, 205.0, 250.0], [60.0, 110.0, 200.0], [40.0, 120.0, 90.0]),
        ([240.0, 170.0, 110.0], [110.0, 60.0, 120.0], [50.0, 40.0, 70.0]),
        ([190.0, 190.0, 245.0], [90.0, 100.0, 190.0], [95.0, 130.0, 60.0]),
        ([120.0, 160.0, 200.0], [20.0, 30.0, 80.0], [30.0, 40.0, 60.0]),
    ];
    let (low, high, ground) = palettes[seed as usize % palettes.len()];
    let mut data = Vec::with_capacity((w * h * 4) as usize);
    let sun = (0.3 + 0.2 * (t * 2.0 + seed as f32).sin(), 0.35 - 0.1 * t.cos());
    for y in 0..h {
        for x in 0..w {
            let (u, v) = (x as f32 / w as f32, y as f32 / h as f32);
            let ridge = 0.62 + 0.08 * (u * 7.0 + seed as f32 * 1.7 + t).sin() + 0.03 * (u * 23.0 + seed as f32).sin();
            let mut c = [0.0; 3];
            for i in 0..3 {
                c[i] = high[i] + (low[i] - high[i]) * (v / 0.7).min(1.0);
                if v > ridge {
                    c[i] = ground[i] * (1.25 - (v - ridge) * 1.6);
                }
            }
            let d = ((u - 0.2 - sun.0) * w as f32 / h as f32).hypot(v - sun.1);
            if v <= ridge && d < 0.09 {
                c = [255.0, 240.0, 205.0];
            }
            data.extend(c.map(|v| v.clamp(0.0, 255.0) as u8));
            data.push(255);
        }
    }
    Picture::from_packed(PixelFormat::Rgba8, w, h, data, ColorTags::SRGB).expect("the bytes fit")
}

fn media(name: &str, secs: i64, size: (u32, u32), rate: FrameRate, codec: &str) -> Arc<Media> {
    let video = VideoInfo {
        codec: codec.into(),
        width: size.0,
        height: size.1,
        pixel_aspect: (1, 1),
        rotation: Default::default(),
        frame_rate: rate,
        frames: Time::from_secs(secs).to_frames(rate, Rounding::Floor) as u64,
        variable_frame_rate: name.contains("cafe"),
        still: false,
        pixel_format: "I420".into(),
        bit_depth: 8,
        alpha: false,
        color: ColorTags::BT709,
        color_assumed: false,
        gop: 250,
    };
    let audio = AudioInfo { codec: "aac".into(), rate: 48_000, channels: 2 };
    let info = MediaInfo {
        container: "mp4".into(),
        duration: Time::from_secs(secs),
        video: Some(video),
        audio: Some(audio),
        start_timecode: None,
    };
    let file = MediaFile::new(format!("/films/sea/{name}"), Stamp { size: 1, ..Stamp::default() });
    Arc::new(Media::new(name, file, info))
}

fn music() -> Arc<Media> {
    let info = MediaInfo {
        container: "flac".into(),
        duration: Time::from_secs(90),
        video: None,
        audio: Some(AudioInfo { codec: "flac".into(), rate: 44_100, channels: 2 }),
        start_timecode: None,
    };
    let file = MediaFile::new("/films/sea/tide_and_tempo.flac", Stamp { size: 1, ..Stamp::default() });
    Arc::new(Media::new("tide_and_tempo.flac", file, info))
}

/// A day at sea: seven cuts on V1 (clips 10–16) with sound on A1 (30–36), title 50 and b-roll 51, 52 on V2, music 53 on A2.
/// Two cuts have a dissolve; three markers. Media 100–105 are video, 106 is the music.
pub fn day_at_sea() -> Project {
    let r = FrameRate::NTSC_30;
    let mut p = Project::new("A day at sea", Sequence::new(1920, 1080, r));
    let files = [
        ("harbour_dawn.mp4", 42, (3840, 2160), "hevc"),
        ("old_town_02.mp4", 70, (3840, 2160), "hevc"),
        ("market_walk.mp4", 36, (1920, 1080), "h264"),
        ("drone_cliff.mp4", 58, (3840, 2160), "h264"),
        ("cafe_interior.mp4", 125, (1920, 1080), "h264"),
        ("sunset_pier.mp4", 51, (1920, 1080), "h264"),
    ];
    for (i, (name, secs, size, codec)) in files.into_iter().enumerate() {
        p.media.insert(MediaId(100 + i as u64), media(name, secs, size, r, codec));
    }
    p.media.insert(MediaId(106), music());
    let content = |m: u64, secs: i64| ClipContent::Media { media: MediaId(m), source_in: Time::from_secs(secs), speed: Speed::NORMAL };
    let mut v1 = Track::new(TrackId(2), TrackKind::Video);
    let mut a1 = Track::new(TrackId(3), TrackKind::Audio);
    let cuts = [(0, 236), (236, 424), (424, 686), (686, 848), (848, 1174), (1174, 1398), (1398, 1684)];
    for (i, ((a, b), m)) in cuts.into_iter().zip([100, 101, 102, 103, 100, 104, 105]).enumerate() {
        for (track, base) in [(&mut v1, 10), (&mut a1, 30)] {
            let mut c = Clip::new(ClipId(base + i as u64), a, b - a, content(m, 5));
            c.link = Some(1 + i as u64);
            track.clips.push(Arc::new(c));
        }
    }
    let dissolve = |id, l, r| Transition {
        id: TransitionId(id),
        kind: TransitionKind::CrossDissolve,
        left: ClipId(l),
        right: ClipId(r),
        before: 15,
        after: 15,
    };
    v1.transitions = vec![dissolve(60, 11, 12), dissolve(61, 14, 15)];
    let mut v2 = Track::new(TrackId(4), TrackKind::Video);
    let text = Title { text: "A day at sea".into(), style: TextStyle::default(), position: (0.5, 0.5) };
    let mut title = Clip::new(ClipId(50), 75, 186, ClipContent::Title(text));
    (title.fade_in, title.fade_out) = (20, 20);
    let mut gulls = Clip::new(ClipId(51), 494, 148, content(103, 8));
    gulls.name = "b-roll: gulls".into();
    let mut nets = Clip::new(ClipId(52), 950, 186, content(102, 3));
    nets.name = "b-roll: nets".into();
    v2.clips = vec![Arc::new(title), Arc::new(gulls), Arc::new(nets)];
    let mut a2 = Track::new(TrackId(5), TrackKind::Audio);
    a2.name = "Music".into();
    let mut tune = Clip::new(ClipId(53), 0, 1734, content(106, 0));
    (tune.fade_out, tune.gain_db) = (90, -3.0);
    a2.clips = vec![Arc::new(tune)];
    let s = Arc::make_mut(&mut p.sequence);
    s.tracks = [v1, v2, a1, a2].map(Arc::new).into();
    let marker =
        |id, frame, name: &str, color| Marker { id: MarkerId(id), frame, duration: 0, name: name.into(), color, note: String::new() };
    s.markers = vec![marker(70, 284, "build", 1), marker(71, 760, "drop", 0), marker(72, 1335, "outro", 4)];
    assert_eq!(p.validate(), [], "the film is sound");
    p
}
