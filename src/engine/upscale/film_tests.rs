//! Small films made larger: what comes out is compared with what went in.

use super::{UpscaleError, UpscaleRequest, UpscaleTarget, upscale_file};
use crate::{
    base::{
        ColorTags, FrameRate, MIX_RATE, Picture, PixelFormat, Time,
        color::{Matrix, Primaries},
    },
    media::{
        self, AudioReader, PacketIndex, ReaderOptions, VideoReader,
        encode::{Aim, AudioCodec, AudioSettings, Container, EncodeSettings, Encoder, SegmentedEncoder, VideoCodec, VideoSettings},
    },
    ml::{Net, Upscaler, on_cpu},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

const SIZE: (u32, u32) = (32, 18);

fn upscaler() -> Box<dyn Upscaler> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
    on_cpu(&Net::load(&path, None).unwrap(), None)
}

/// A plain picture whose brightness counts.
fn picture(format: PixelFormat, n: usize, color: ColorTags) -> Picture {
    let len = Picture::packed_layout(format, SIZE.0, SIZE.1).1;
    let level = 40 + (n * 5 % 160) as u8;
    let bytes = match format.bytes_per_sample() {
        1 => (0..len).map(|i| if i < (SIZE.0 * SIZE.1) as usize { level } else { 128 }).collect(),
        _ => (0..len / 2).flat_map(|i| (if i < (SIZE.0 * SIZE.1) as usize { u16::from(level) * 4 } else { 512 }).to_le_bytes()).collect(),
    };
    Picture::from_packed(format, SIZE.0, SIZE.1, bytes, color).unwrap()
}

/// Two notes.
fn sound(samples: usize) -> Vec<f32> {
    (0..samples).flat_map(|i| [(i as f32 * 0.05).sin() * 0.4, (i as f32 * 0.031).sin() * 0.3]).collect()
}

fn settings(container: Container, rate: FrameRate, codec: VideoCodec, audio: AudioCodec) -> EncodeSettings {
    let color = ColorTags { primaries: Primaries::Bt601Ntsc, matrix: Matrix::Bt601, ..ColorTags::BT709 };
    let video = VideoSettings { color, ..VideoSettings::new(codec, SIZE.0, SIZE.1, rate) };
    let audio = Some(AudioSettings { codec: audio, bitrate_kbps: 128 });
    EncodeSettings { container, video: Some(video), audio, expected_bytes: None }
}

fn film(path: &Path, frames: usize, s: &EncodeSettings) {
    let mut encoder = Encoder::create(path, s).unwrap();
    let v = s.video.as_ref().unwrap();
    let per = (u64::from(MIX_RATE) * u64::from(v.rate.den()) / u64::from(v.rate.num())) as usize;
    for n in 0..frames {
        encoder.push_audio(&sound(per)).unwrap();
        encoder.push_video(&picture(encoder.video_format(), n, v.color)).unwrap();
    }
    encoder.finish().unwrap();
}

fn larger(input: &Path, output: &Path, work: &Path) -> Result<super::UpscaleReport, UpscaleError> {
    let request = UpscaleRequest {
        input: input.into(),
        output: output.into(),
        target: UpscaleTarget::Times(2),
        recipe: "test".into(),
        work_dir: work.into(),
    };
    upscale_file(&request, &mut *upscaler(), &AtomicBool::new(false), &mut |_| {})
}

/// Times of the pictures, and all sound.
fn contents(path: &Path) -> (Vec<Time>, Vec<f32>) {
    let info = media::probe(path).unwrap();
    let index = PacketIndex::scan(path, &info, &|| false).unwrap();
    let times = (0..=index.len()).map(|n| index.time_of(n)).collect();
    let mut samples = vec![0.0; 2 * MIX_RATE as usize];
    AudioReader::open(path, &info).unwrap().read(0, &mut samples).unwrap();
    (times, samples)
}

/// Mean of the luma of picture `n`, as a share of the largest code value.
fn level(path: &Path, n: usize) -> f64 {
    let info = media::probe(path).unwrap();
    let index = PacketIndex::scan(path, &info, &|| false).unwrap();
    let mut reader = VideoReader::open(path, &info, ReaderOptions::playback()).unwrap();
    let p = reader.frame_at(index.time_of(n)).unwrap().picture;
    let planes = super::planes_of(&p).unwrap();
    planes.data.iter().map(|v| f64::from(*v)).sum::<f64>() / planes.data.len() as f64
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    media::init().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let work = dir.path().join("work");
    (dir, work)
}

#[test]
fn a_film_keeps_its_pictures_times_colours_and_the_very_packets_of_its_sound() {
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mp4"), dir.path().join("b.mp4"));
    film(&from, 24, &settings(Container::Mp4, FrameRate::NTSC_24, VideoCodec::H264, AudioCodec::Aac));
    let made = larger(&from, &to, &work).unwrap();
    assert_eq!((made.frames, made.size, made.scale), (24, (64, 36), 2.0));
    let (a, b) = (media::probe(&from).unwrap(), media::probe(&to).unwrap());
    let (va, vb) = (a.video.unwrap(), b.video.unwrap());
    assert_eq!((vb.width, vb.height, vb.frames, vb.frame_rate), (64, 36, 24, FrameRate::NTSC_24));
    assert_eq!((vb.color, vb.color_assumed), (va.color, va.color_assumed));
    assert_eq!((a.duration, &a.audio), (b.duration, &b.audio));
    let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
    assert_eq!(ta, tb);
    assert!(sa.iter().any(|v| v.abs() > 0.1) && sa == sb, "the sound differs");
    // the same again is written anew from what is finished, or wholly; the file that was there stays until then
    assert_eq!(larger(&from, &to, &work).unwrap().frames, 24);
}

#[test]
fn a_film_of_variable_rate_keeps_every_time() {
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mkv"), dir.path().join("b.mkv"));
    let mut s = settings(Container::Mkv, FrameRate::FPS_25, VideoCodec::H264, AudioCodec::Flac);
    s.video.as_mut().unwrap().variable = true;
    let mut encoder = SegmentedEncoder::open(&dir.path().join("parts"), &s, Aim { recipe: "vfr", output: &from, frames: 7 }).unwrap();
    let starts: Vec<Time> = [0, 40, 90, 150, 163, 400, 401, 520].map(|ms| Time::from_ratio(ms, 1000)).to_vec();
    for (n, w) in starts.windows(2).enumerate() {
        encoder.push_at(&picture(encoder.video_format(), n, s.video.as_ref().unwrap().color), w[0], w[1]).unwrap();
    }
    let mut joiner = encoder.join(&from).unwrap();
    joiner.push_audio(&sound(24_960)).unwrap();
    while joiner.push_picture().unwrap() {}
    joiner.finish().unwrap();
    assert_eq!(larger(&from, &to, &work).unwrap().frames, 7);
    let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
    assert_eq!(ta, tb);
    assert!(sa == sb, "the sound differs");
}

#[test]
fn ten_bits_stay_ten_bits() {
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mov"), dir.path().join("b.mov"));
    film(&from, 3, &settings(Container::Mov, FrameRate::FPS_25, VideoCodec::ProRes, AudioCodec::Pcm24));
    larger(&from, &to, &work).unwrap();
    assert_eq!(media::probe(&to).unwrap().video.unwrap().bit_depth, 10);
    let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
    assert!(ta == tb && sa == sb);
    assert!(level(&to, 2) != level(&to, 0));
}

#[test]
fn a_stopped_run_leaves_no_file_and_the_next_one_makes_it() {
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mp4"), dir.path().join("b.mp4"));
    film(&from, 10, &settings(Container::Mp4, FrameRate::FPS_25, VideoCodec::H264, AudioCodec::Aac));
    let stop = AtomicBool::new(true);
    let request = UpscaleRequest {
        input: from.clone(),
        output: to.clone(),
        target: UpscaleTarget::Height(27),
        recipe: "test".into(),
        work_dir: work.clone(),
    };
    assert!(upscale_file(&request, &mut *upscaler(), &stop, &mut |_| {}).is_err());
    assert!(!to.exists());
    stop.store(false, Ordering::Relaxed);
    let mut last = 0.0;
    let made = upscale_file(&request, &mut *upscaler(), &stop, &mut |p| last = p.fraction).unwrap();
    assert_eq!((made.size, last), ((48, 28), 1.0), "27 lines are made even");
    let wrong = UpscaleRequest { output: dir.path().join("b.xyz"), ..request };
    assert!(matches!(upscale_file(&wrong, &mut *upscaler(), &stop, &mut |_| {}), Err(UpscaleError::Extension(_))));
}
