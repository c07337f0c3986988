//! The encoder alone, fed with numbered pictures and clicks.

use super::tools::*;
use montage_ai::{
    base::{
        ColorTags, FrameRate, MIX_RATE, Rounding, Time,
        color::{Matrix, Primaries, Range, Transfer},
    },
    media::encode::{AudioCodec, AudioSettings, Container, EncodeReport, EncodeSettings, Encoder, Speed, VideoCodec, VideoSettings},
};
use std::path::Path;

fn settings(container: Container, video: Option<VideoCodec>, audio: Option<AudioCodec>, rate: FrameRate) -> EncodeSettings {
    EncodeSettings {
        container,
        video: video.map(|c| VideoSettings { speed: Speed::UltraFast, ..VideoSettings::new(c, 320, 180, rate) }),
        audio: audio.map(|codec| AudioSettings { codec, bitrate_kbps: 192 }),
        text: None,
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

#[test]
fn drums_come_back_from_aac_as_they_went_in() {
    let d = dir();
    let path = d.path().join("drums.m4a");
    let mut seed = 1u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); // Numerical Recipes
        (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    // a bass drum at each beat of 126 a minute, a hat between
    let drums: Vec<f32> = (0..20 * MIX_RATE)
        .map(|i| {
            let t = (i as f32 / MIX_RATE as f32) % (60.0 / 126.0);
            let drum = (std::f32::consts::TAU * (150.0 - 90.0 * t) * t).sin() * (-20.0 * t).exp();
            let hat = if t > 0.238 { noise() * (-60.0 * (t - 0.238)).exp() } else { 0.0 };
            0.6 * drum + 0.25 * hat
        })
        .collect();
    let mut e = Encoder::create(&path, &settings(Container::Mp4, None, Some(AudioCodec::Aac), FrameRate::FPS_25)).unwrap();
    e.push_audio(&drums.iter().flat_map(|v| [*v, *v]).collect::<Vec<_>>()).unwrap();
    e.push_audio(&drums.iter().flat_map(|v| [*v, 0.0]).collect::<Vec<_>>()).unwrap();
    e.finish().unwrap();
    let (all, drums_len) = (left(&path), drums.len());
    let decoded = &all[..drums_len];
    let power = |of: &mut dyn Iterator<Item = f32>| of.map(|v| f64::from(v).powi(2)).sum::<f64>();
    let error = power(&mut decoded.iter().zip(&drums).map(|(a, b)| a - b));
    let snr = 10.0 * (power(&mut drums.iter().copied()) / error).log10();
    let peak = |of: &[f32]| of.iter().fold(0.0f32, |m, v| m.max(v.abs()));
    assert!(snr > 15.0 && peak(decoded) < 1.05 * peak(&drums), "{snr:.1} dB, peaks {} and {}", peak(&drums), peak(decoded));
    // what is on one side stays there
    let beside = &right(&path)[drums_len + 4096..2 * drums_len];
    assert!(peak(&all[drums_len..]) > 0.5 && peak(beside) < 0.01, "{}", peak(beside));
}

#[test]
fn every_container_and_codec_keeps_frames_colours_and_every_click() {
    use {AudioCodec as A, Container as C, VideoCodec as V};
    let d = dir();
    for (container, video, audio, name, codecs) in [
        (C::Mov, Some(V::H264), Some(A::Pcm24), "a.mov", ["h264", "pcm_s24le"]),
        (C::Mov, Some(V::Hevc), Some(A::Aac), "b.mov", ["hevc", "aac"]),
        (C::Mov, Some(V::ProRes), Some(A::Pcm16), "c.mov", ["prores", "pcm_s16le"]),
        (C::Mp4, Some(V::Hevc), Some(A::Aac), "d.mp4", ["hevc", "aac"]),
        (C::Mp4, Some(V::Av1), Some(A::Aac), "f.mp4", ["av1", "aac"]),
        (C::WebM, Some(V::Vp9), Some(A::Opus), "g.webm", ["vp9", "opus"]),
        (C::WebM, Some(V::Av1), Some(A::Opus), "h.webm", ["av1", "opus"]),
        (C::Mkv, Some(V::H264), Some(A::Flac), "i.mkv", ["h264", "flac"]),
        (C::Mkv, Some(V::Hevc), Some(A::Opus), "j.mkv", ["hevc", "opus"]),
        (C::Mkv, Some(V::ProRes), Some(A::Pcm24), "k.mkv", ["prores", "pcm_s24le"]),
        (C::Wav, None, Some(A::Pcm16), "l.wav", ["", "pcm_s16le"]),
        (C::Wav, None, Some(A::Pcm24), "m.wav", ["", "pcm_s24le"]),
        (C::Flac, None, Some(A::Flac), "n.flac", ["", "flac"]),
        (C::Ogg, None, Some(A::Opus), "o.ogg", ["", "opus"]),
        (C::Ogg, None, Some(A::Flac), "p.ogg", ["", "flac"]),
        (C::Mp4, None, Some(A::Aac), "q.m4a", ["", "aac"]),
        (C::Mp3, None, Some(A::Mp3), "r.mp3", ["", "mp3"]),
    ] {
        let (path, rate) = (d.path().join(name), FrameRate::FPS_25);
        let report = write(&path, &settings(container, video, audio, rate), 55, rate);
        assert_eq!(report.duration, Time::from_frames(55, rate), "{name}");
        if video.is_some() {
            assert_eq!(report.frames, 55, "{name}");
            assert_eq!(numbers(&path, 320, 180), (0..55).collect::<Vec<u64>>(), "{name}");
            assert_eq!(probe(&path, "v", "stream=codec_name,r_frame_rate"), [codecs[0], "25/1"], "{name}");
            assert_eq!(colours(&path), ["tv", "bt709", "bt709", "bt709"], "{name}");
        }
        assert_eq!(report.samples, 105_600, "{name}");
        assert_eq!(probe(&path, "a", "stream=codec_name"), [codecs[1]], "{name}");
        assert_eq!(click_positions(&left(&path)), [0, 48_000, 96_000], "{name}");
    }
}

#[test]
fn ten_bit_hdr_full_range_and_wide_pixels_are_said_in_the_file() {
    let d = dir();
    let rate = FrameRate::FPS_25;
    let pq = ColorTags { primaries: Primaries::Bt2020, transfer: Transfer::Pq, matrix: Matrix::Bt2020, range: Range::Limited };
    let hlg = ColorTags { transfer: Transfer::Hlg, ..pq };
    let pal = ColorTags::assumed_for_height(576);
    let full = ColorTags { range: Range::Full, ..ColorTags::BT709 };
    let hdr = ["tv", "bt2020nc", "smpte2084", "bt2020"];
    for (name, container, codec, color, ten_bit, pixels, tags) in [
        ("a.mp4", Container::Mp4, VideoCodec::Hevc, pq, true, "yuv420p10le", hdr),
        ("b.mp4", Container::Mp4, VideoCodec::H264, pq, true, "yuv420p10le", hdr),
        ("c.webm", Container::WebM, VideoCodec::Vp9, pq, true, "yuv420p10le", hdr),
        ("d.mov", Container::Mov, VideoCodec::ProRes, pq, true, "yuv422p10le", hdr),
        ("e.mkv", Container::Mkv, VideoCodec::Hevc, hlg, true, "yuv420p10le", ["tv", "bt2020nc", "arib-std-b67", "bt2020"]),
        ("f.mp4", Container::Mp4, VideoCodec::H264, pal, false, "yuv420p", ["tv", "smpte170m", "smpte170m", "bt470bg"]),
        ("g.mp4", Container::Mp4, VideoCodec::H264, full, false, "yuvj420p", ["pc", "bt709", "bt709", "bt709"]),
    ] {
        let path = d.path().join(name);
        let mut s = settings(container, Some(codec), None, rate);
        let v = s.video.as_mut().unwrap();
        (v.color, v.ten_bit, v.pixel_aspect) = (color, ten_bit, (3, 2));
        write(&path, &s, 12, rate);
        assert_eq!(colours(&path), tags, "{name}");
        assert_eq!(probe(&path, "v", "stream=pix_fmt,sample_aspect_ratio"), ["3:2", pixels], "{name}");
        assert_eq!(numbers(&path, 320, 180), (0..12).collect::<Vec<u64>>(), "{name}");
    }
}

#[test]
fn what_cannot_go_together_is_refused_before_anything_is_written() {
    let d = dir();
    let rate = FrameRate::FPS_25;
    let fail = |s: &EncodeSettings| Encoder::create(&d.path().join("x"), s).err().unwrap().to_string();
    let e = fail(&settings(Container::WebM, Some(VideoCodec::H264), None, rate));
    assert_eq!(e, "H.264 cannot be written into WebM files");
    let e = fail(&settings(Container::Mp4, Some(VideoCodec::H264), Some(AudioCodec::Opus), rate));
    assert_eq!(e, "Opus cannot be written into MP4 files");
    let mut odd = settings(Container::Mp4, Some(VideoCodec::H264), None, rate);
    odd.video.as_mut().unwrap().width = 319;
    assert_eq!(fail(&odd), "H.264 needs even sides, not 319×180");
    let mut large = settings(Container::Mp4, Some(VideoCodec::H264), None, rate);
    large.expected_bytes = Some(u64::MAX);
    assert!(fail(&large).contains("are needed"));
    assert_eq!(std::fs::read_dir(d.path()).unwrap().count(), 0);
}

#[test]
fn pictures_without_their_sound_do_not_hang_and_a_dropped_encoder_leaves_nothing() {
    let d = dir();
    let rate = FrameRate::FPS_25;
    let s = settings(Container::Mp4, Some(VideoCodec::H264), Some(AudioCodec::Aac), rate);
    let mut e = Encoder::create(&d.path().join("x.mp4"), &s).unwrap();
    let picture = numbered(e.video_format(), 320, 180, 1);
    for _ in 0..300 {
        e.push_video(&picture).unwrap();
    }
    assert!(e.push_video(&numbered(e.video_format(), 318, 180, 1)).is_err(), "another size is refused");
    assert!(e.push_audio(&[0.0; 3]).is_err(), "half a pair is refused");
    drop(e);
    assert_eq!(std::fs::read_dir(d.path()).unwrap().count(), 0);
}
