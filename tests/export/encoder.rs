//! The encoder alone, fed with numbered pictures and clicks.

use super::tools::*;
use montage_ai::{
    base::{FrameRate, MIX_RATE, Rounding, Time},
    media::encode::{AudioCodec, AudioSettings, Container, EncodeReport, EncodeSettings, Encoder, Speed, VideoCodec, VideoSettings},
};
use std::path::Path;

fn settings(container: Container, video: Option<VideoCodec>, audio: Option<AudioCodec>, rate: FrameRate) -> EncodeSettings {
    EncodeSettings {
        container,
        video: video.map(|c| VideoSettings { speed: Speed::UltraFast, ..VideoSettings::new(c, 320, 180, rate) }),
        audio: audio.map(|codec| AudioSettings { codec, bitrate_kbps: 192 }),
        expected_bytes: None,
    }
}

/// Numbered pictures and clicks for `frames` frames, in step.
fn write(path: &Path, s: &EncodeSettings, frames: i64, rate: FrameRate) -> EncodeReport {
    let mut e = Encoder::create(path, s).unwrap();
    let sample = |n| Time::from_frames(n, rate).to_samples(MIX_RATE, Rounding::Nearest);
    for n in 0..frames {
        if s.audio.is_some() {
            e.push_audio(&clicks(sample(n), sample(n + 1) - sample(n))).unwrap();
        }
        if let Some(v) = &s.video {
            e.push_video(&numbered(e.video_format(), v.width, v.height, n as u64)).unwrap();
        }
    }
    e.finish().unwrap()
}

fn dir() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("export ä #%").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

#[test]
fn h264_and_aac_in_mp4_are_exact_in_count_time_tags_and_sound() {
    let d = dir();
    let path = d.path().join("film.mp4");
    let rate = FrameRate::NTSC_30;
    let report = write(&path, &settings(Container::Mp4, Some(VideoCodec::H264), Some(AudioCodec::Aac), rate), 150, rate);
    assert_eq!((report.frames, report.samples), (150, 240_240));
    assert_eq!(numbers(&path, 320, 180), (0..150).collect::<Vec<u64>>());
    let colour = "stream=color_range,color_space,color_transfer,color_primaries";
    assert_eq!(probe(&path, "v", colour), ["tv", "bt709", "bt709", "bt709"]);
    assert_eq!(probe(&path, "v", "stream=codec_name,r_frame_rate,avg_frame_rate,nb_frames"), ["h264", "30000/1001", "30000/1001", "150"]);
    assert_eq!(probe(&path, "v", "stream=start_time,duration"), ["0.000000", "5.005000"]);
    assert_eq!(probe(&path, "a", "stream=start_time,duration_ts"), ["0.000000", "240240"]);
    assert_eq!(probe_format(&path, "format=duration,start_time"), ["0.000000", "5.005000"]);
    assert_eq!(click_positions(&left(&path)), [0, 48_000, 96_000, 144_000, 192_000]);
}
