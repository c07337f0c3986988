//! Files made in segments: whole, interrupted, torn; what comes out is what one run gives.

use super::{
    Aim, AudioCodec, AudioSettings, Container, EncodeSettings, Quality, SegmentedEncoder, Speed, VideoCodec, VideoSettings,
    can_encode_video,
};
use crate::{
    base::{ColorTags, FrameRate, Picture, PixelFormat, Rounding, Time},
    media::{self, AudioReader, VideoReader},
};
use std::path::Path;

const W: u32 = 96;
const H: u32 = 64;

fn aim() -> Aim<'static> {
    Aim { recipe: "test", output: Path::new("film"), frames: 200 }
}

/// A slope that moves from picture to picture: what a look-ahead follows out of the frame.
fn picture(n: u64, format: PixelFormat, color: ColorTags) -> Picture {
    let (planes, len) = Picture::packed_layout(format, W, H);
    let mut bytes = vec![0u8; len];
    let ten = format.bits() > 8;
    for (p, plane) in planes.iter().enumerate().take(format.planes()) {
        let (w, h) = format.plane_size(p, W, H);
        for y in 0..h as usize {
            for x in 0..w as usize {
                let v = if p == 0 { 60 + (x + y + n as usize * 3) % 120 } else { 128 };
                let at = plane.offset + y * plane.stride + x * format.bytes_per_sample();
                if ten {
                    bytes[at..at + 2].copy_from_slice(&((v as u16) << 2).to_le_bytes());
                } else {
                    bytes[at] = v as u8;
                }
            }
        }
    }
    Picture::from_packed(format, W, H, bytes, color).unwrap()
}

fn settings(codec: VideoCodec, container: Container, rate: FrameRate, sound: Option<AudioCodec>) -> EncodeSettings {
    let quality = match codec {
        VideoCodec::Av1 | VideoCodec::Vp9 => Quality::Constant(40),
        _ => VideoSettings::new(codec, W, H, rate).quality,
    };
    // the fastest of H.264 does without the look-ahead, which once made other bytes in memory that had been used before
    let speed = if codec == VideoCodec::H264 { Speed::Fast } else { Speed::UltraFast };
    let video = VideoSettings { speed, quality, ..VideoSettings::new(codec, W, H, rate) };
    let audio = sound.map(|codec| AudioSettings { codec, bitrate_kbps: 128 });
    EncodeSettings { container, video: Some(video), audio, text: None, expected_bytes: None }
}

/// Push pictures from where the folder stands up to `until`, then stop as a killed program does.
fn part(folder: &Path, s: &EncodeSettings, until: u64) -> u64 {
    let mut e = SegmentedEncoder::open(folder, s, aim()).unwrap();
    let from = e.finished_frames();
    for n in from..until {
        push(&mut e, s, n);
    }
    from
}

fn push(e: &mut SegmentedEncoder, s: &EncodeSettings, n: u64) {
    let v = s.video.as_ref().unwrap();
    let p = picture(n, e.video_format(), v.color);
    if v.variable { e.push_at(&p, uneven(n), uneven(n + 1)).unwrap() } else { e.push(&p).unwrap() }
}

/// Times of a phone: 90,000 ticks a second, 2,700 to 3,300 apart.
fn uneven(n: u64) -> Time {
    Time::from_ratio((n * 3000 + n * n % 7 * 50) as i64, 90_000)
}

fn tone(samples: std::ops::Range<u64>) -> Vec<f32> {
    samples.flat_map(|i| [(i as f32 * 0.05).sin() * 0.4; 2]).collect()
}

fn whole(folder: &Path, s: &EncodeSettings, frames: u64, to: &Path) {
    let mut e = SegmentedEncoder::open(folder, s, aim()).unwrap();
    for n in e.finished_frames()..frames {
        push(&mut e, s, n);
    }
    let mut joiner = e.join(to).unwrap();
    let v = s.video.as_ref().unwrap();
    let samples =
        |n: u64| if v.variable { uneven(n) } else { Time::from_frames(n as i64, v.rate) }.to_samples(48_000, Rounding::Floor) as u64;
    for n in 0..frames {
        if s.audio.is_some() {
            joiner.push_audio(&tone(samples(n)..samples(n + 1))).unwrap();
        }
        assert!(joiner.push_picture().unwrap());
    }
    assert!(!joiner.push_picture().unwrap());
    let report = joiner.finish().unwrap();
    assert_eq!(report.frames, frames);
}

/// The bytes of an MP4 or MOV file without the second at which it was made, which stands in the headers of the film and its tracks.
fn undated(path: &Path) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let index = bytes.len().min(64 << 10);
    for at in 0..index.saturating_sub(16) {
        if [b"mvhd", b"tkhd", b"mdhd"].iter().any(|name| bytes[at..].starts_with(*name)) {
            bytes[at + 8..at + 16].fill(0);
        }
    }
    bytes
}

#[test]
fn an_interrupted_file_is_the_same_as_one_made_in_one_go() {
    let rate = FrameRate::new(6, 1).unwrap();
    for (codec, container, sound) in [
        (VideoCodec::H264, Container::Mp4, Some(AudioCodec::Aac)),
        (VideoCodec::Hevc, Container::Mov, None),
        (VideoCodec::ProRes, Container::Mov, Some(AudioCodec::Pcm24)),
        (VideoCodec::Mjpeg, Container::Mov, Some(AudioCodec::Pcm16)),
        (VideoCodec::H264, Container::Mkv, Some(AudioCodec::Flac)),
        (VideoCodec::Vp9, Container::WebM, Some(AudioCodec::Opus)),
        (VideoCodec::Av1, Container::WebM, None),
    ] {
        if !can_encode_video(codec) {
            panic!("{} cannot be encoded here", codec.name());
        }
        let dir = tempfile::tempdir().unwrap();
        let ext = format!("{container:?}").to_lowercase();
        let (once, twice) = (dir.path().join(format!("once.{ext}")), dir.path().join(format!("twice.{ext}")));
        let s = settings(codec, container, rate, sound);
        // segments of 60 pictures
        whole(&dir.path().join("a"), &s, 200, &once);
        let work = dir.path().join("b");
        assert_eq!(part(&work, &s, 30), 0, "nothing was finished");
        assert_eq!(part(&work, &s, 150), 0);
        // the second segment ended when the third began; the third is lost
        assert_eq!(part(&work, &s, 151), 120, "{codec:?}");
        whole(&work, &s, 200, &twice);
        let (a, b) = (undated(&once), undated(&twice));
        // Matroska and WebM files carry a random number of their own
        if matches!(container, Container::Mp4 | Container::Mov) {
            assert!(a == b, "{codec:?} in {container:?}: {} and {} bytes", a.len(), b.len());
        }
        for file in [&once, &twice] {
            let info = media::probe(file).unwrap();
            let v = info.video.clone().unwrap();
            assert_eq!((v.frames, v.frame_rate, v.variable_frame_rate), (200, rate, false), "{codec:?} {file:?}");
            let mut r = VideoReader::open(file, &info, Default::default()).unwrap();
            for n in [0, 1, 59, 60, 61, 119, 120, 199] {
                let frame = r.frame_at(Time::from_frames(n, rate)).unwrap();
                assert_eq!((frame.index as i64, frame.pts), (n, Time::from_frames(n, rate)), "{codec:?} {file:?}");
            }
        }
    }
}

#[test]
fn variable_times_are_kept_and_sound_stays_with_them() {
    for codec in [VideoCodec::Mjpeg, VideoCodec::H264] {
        let dir = tempfile::tempdir().unwrap();
        let mut s = settings(codec, Container::Mov, FrameRate::FPS_30, Some(AudioCodec::Pcm16));
        s.video.as_mut().unwrap().variable = true;
        let file = dir.path().join("v.mov");
        whole(&dir.path().join("work"), &s, 400, &file);
        let info = media::probe(&file).unwrap();
        assert!(info.video.as_ref().is_some_and(|v| v.variable_frame_rate && v.frames == 400));
        let index = media::PacketIndex::scan(&file, &info, &|| false).unwrap();
        for n in 0..400 {
            // the demuxer tells whole nanoseconds
            let off = (index.time_of(n) - uneven(n as u64)).0.abs();
            assert!(off <= Time::from_nanos(2).0, "{codec:?} {n}: {off}");
        }
        let samples = uneven(400).to_samples(48_000, Rounding::Floor);
        let mut out = vec![0.0; 2000];
        AudioReader::open(&file, &info).unwrap().read(samples - 1000, &mut out).unwrap();
        let expected = tone((samples - 1000) as u64..samples as u64);
        assert!(out.iter().zip(&expected).all(|(a, b)| (a - b).abs() < 1e-3));
    }
}

#[test]
fn torn_segments_and_those_of_other_settings_are_made_again() {
    let rate = FrameRate::new(6, 1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let s = settings(VideoCodec::Mjpeg, Container::Mov, rate, None);
    let (once, again, work) = (dir.path().join("once.mov"), dir.path().join("again.mov"), dir.path().join("work"));
    whole(&work, &s, 200, &once);
    // the last one is short, so that a longer film could follow: it is made again
    assert_eq!(part(&work, &s, 0), 180);
    let packets = super::packets::names(&work, 1).0;
    let bytes = std::fs::read(&packets).unwrap();
    std::fs::write(&packets, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(part(&work, &s, 0), 60);
    whole(&work, &s, 200, &again);
    assert!(undated(&once) == undated(&again));
    let mut other = s.clone();
    other.video.as_mut().unwrap().quality = Quality::Constant(30);
    assert_eq!(part(&work, &other, 0), 0);
    assert!(!packets.exists());
}
