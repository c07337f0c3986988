//! Small films made larger: what comes out is compared with what went in.

use super::{Moment, UpscaleError, UpscaleRequest, UpscaleTarget, upscale_file};
use crate::{
    base::{
        ColorTags, FrameRate, MIX_RATE, Picture, PixelFormat, Rounding, Time,
        color::{Matrix, Primaries},
    },
    engine::progress::ExportProgress,
    gpu::{AdapterPick, GpuContext},
    media::{
        self, AudioReader, PacketIndex, ReaderOptions, VideoReader,
        encode::{Aim, AudioCodec, AudioSettings, Container, EncodeSettings, Encoder, SegmentedEncoder, VideoCodec, VideoSettings},
    },
    ml::{Kernels, MlError, Net, Planes, Upscaler, on_cpu, on_gpu_by},
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
    EncodeSettings { container, video: Some(video), audio, text: None, expected_bytes: None }
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
    part(input, output, work, None)
}

fn part(input: &Path, output: &Path, work: &Path, range: Option<(Moment, Moment)>) -> Result<super::UpscaleReport, UpscaleError> {
    let request = UpscaleRequest {
        input: input.into(),
        output: output.into(),
        target: UpscaleTarget::Times(2),
        range,
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
    let length = info.duration.to_samples(MIX_RATE, Rounding::Ceil);
    let mut samples = vec![0.0; 2 * usize::try_from(length).unwrap()];
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
fn matroska_keeps_the_very_packets_of_its_sound_too() {
    let packets = |path: &Path, what: &str| {
        let args =
            ["-v", "error", "-select_streams", what, "-show_entries", "packet=pts,duration,size,data_hash", "-show_data_hash", "md5"];
        let out = std::process::Command::new("ffprobe").args(args).args(["-of", "csv"]).arg(path).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    for (extension, container, codec) in [("mkv", Container::Mkv, VideoCodec::H264), ("webm", Container::WebM, VideoCodec::Vp9)] {
        let (dir, work) = folder();
        let (from, to) = (dir.path().join("a").with_extension(extension), dir.path().join("b").with_extension(extension));
        film(&from, 24, &settings(container, FrameRate::NTSC_24, codec, AudioCodec::Opus));
        assert_eq!(larger(&from, &to, &work).unwrap().frames, 24);
        let before = packets(&from, "a");
        assert!(before.lines().count() > 10, "{before}");
        assert_eq!(before, packets(&to, "a"), "{extension}");
        let times = |path: &Path| packets(path, "v").lines().map(|l| l.split(',').nth(1).unwrap().to_owned()).collect::<Vec<_>>();
        let sorted = |mut times: Vec<String>| {
            times.sort_by_key(|t| t.parse::<i64>().unwrap());
            times
        };
        assert_eq!(sorted(times(&from)), sorted(times(&to)), "{extension}");
        let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
        assert_eq!(ta, tb);
        assert!(sa.iter().any(|v| v.abs() > 0.1) && sa == sb, "the sound differs");
    }
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
        range: None,
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

/// Samples of a film's sound from its start, and how many there are.
fn all_sound(path: &Path) -> (Vec<f32>, i64) {
    let info = media::probe(path).unwrap();
    let total = info.duration.to_samples(MIX_RATE, Rounding::Nearest);
    let mut samples = vec![0.0; 2 * MIX_RATE as usize];
    AudioReader::open(path, &info).unwrap().read(0, &mut samples).unwrap();
    (samples, total)
}

#[test]
fn a_part_of_a_film_has_exactly_its_pictures_and_its_samples() {
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mov"), dir.path().join("b.mov"));
    film(&from, 24, &settings(Container::Mov, FrameRate::NTSC_24, VideoCodec::ProRes, AudioCodec::Pcm24));
    let range = Some((Moment::Frame(5), Moment::Frame(17)));
    assert_eq!(part(&from, &to, &work, range).unwrap().frames, 12);
    let ((ta, _), (tb, _)) = (contents(&from), contents(&to));
    assert_eq!(tb, ta[5..=17].iter().map(|t| *t - ta[5]).collect::<Vec<_>>());
    let whole = dir.path().join("whole.mov");
    larger(&from, &whole, &work).unwrap();
    let same = |n: usize, m: usize, film: &Path| (level(film, n) - level(&whole, m)).abs() < 1e-4;
    assert!((0..12).all(|n| same(n, n + 5, &to)) && !same(0, 6, &to));
    let ((sa, _), (sb, total)) = (all_sound(&from), all_sound(&to));
    let at = |t: Time| t.to_samples(MIX_RATE, Rounding::Nearest);
    assert_eq!(total, at(ta[17]) - at(ta[5]));
    let (first, len) = (2 * at(ta[5]) as usize, 2 * total as usize);
    assert!(sb[..len] == sa[first..first + len], "the sound differs");
    assert!(sb[len..].iter().all(|v| *v == 0.0));
    // a time means the picture that shows then; one past the end means all that is left
    let late = dir.path().join("c.mov");
    let range = Some((Moment::Time(ta[20] + Time::from_ratio(1, 1000)), Moment::Time(Time::from_secs(99))));
    assert_eq!(part(&from, &late, &work, range).unwrap().frames, 4);
    assert!(same(0, 20, &late));
    for empty in [(Moment::Frame(7), Moment::Frame(7)), (Moment::Frame(24), Moment::Frame(30)), (Moment::Time(ta[24]), Moment::Frame(24))] {
        let wrong = part(&from, &dir.path().join("d.mov"), &work, Some(empty));
        assert!(matches!(wrong, Err(UpscaleError::EmptyRange { frames: 24, .. })), "{wrong:?}");
    }
    assert!(!dir.path().join("d.mov").exists());
}

/// Makes every pixel four: what a film goes through is the same for every network.
struct Repeating;

impl Upscaler for Repeating {
    fn scale(&self) -> usize {
        2
    }
    fn describe(&self) -> String {
        "repeating".into()
    }
    fn upscale(&mut self, p: &Planes, _: &AtomicBool, _: &mut dyn FnMut(f32)) -> Result<Planes, MlError> {
        let row = |r: &[f32]| r.iter().flat_map(|v| [*v, *v]).collect::<Vec<_>>().repeat(2);
        let data = p.data.chunks_exact(p.width).flat_map(row).collect();
        Ok(Planes { width: 2 * p.width, height: 2 * p.height, channels: p.channels, data })
    }
}

fn repeated(input: &Path, output: &Path, work: &Path) -> u64 {
    let (input, output, work_dir) = (input.into(), output.into(), work.into());
    let request = UpscaleRequest { input, output, target: UpscaleTarget::Times(2), range: None, recipe: "test".into(), work_dir };
    upscale_file(&request, &mut Repeating, &AtomicBool::new(false), &mut |_| {}).unwrap().frames
}

#[test]
fn half_a_minute_at_a_constant_and_at_a_variable_rate_keeps_every_picture_time_and_sample() {
    const FRAMES: usize = 720;
    let (dir, work) = folder();
    let (from, to) = (dir.path().join("a.mp4"), dir.path().join("b.mp4"));
    film(&from, FRAMES, &settings(Container::Mp4, FrameRate::NTSC_24, VideoCodec::H264, AudioCodec::Aac));
    assert_eq!(repeated(&from, &to, &work), FRAMES as u64);
    let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
    assert_eq!((ta.len(), &ta), (FRAMES + 1, &tb));
    assert!(sa.len() > 2 * 30 * MIX_RATE as usize && sa == sb, "the sound differs");

    let (from, to) = (dir.path().join("v.mkv"), dir.path().join("w.mkv"));
    let mut s = settings(Container::Mkv, FrameRate::NTSC_24, VideoCodec::H264, AudioCodec::Flac);
    s.video.as_mut().unwrap().variable = true;
    // a camera that takes 20 to 60 ms for a picture
    let starts: Vec<Time> = (0..=FRAMES as i64)
        .scan(0, |ms, n| Some(std::mem::replace(ms, *ms + 20 + n * 17 % 41)))
        .map(|ms| Time::from_ratio(ms, 1000))
        .collect();
    let mut encoder = SegmentedEncoder::open(&dir.path().join("parts"), &s, Aim { recipe: "vfr", output: &from, frames: 720 }).unwrap();
    for (n, w) in starts.windows(2).enumerate() {
        encoder.push_at(&picture(encoder.video_format(), n, s.video.as_ref().unwrap().color), w[0], w[1]).unwrap();
    }
    let mut joiner = encoder.join(&from).unwrap();
    joiner.push_audio(&sound(starts[FRAMES].to_samples(MIX_RATE, Rounding::Nearest) as usize)).unwrap();
    while joiner.push_picture().unwrap() {}
    joiner.finish().unwrap();
    assert_eq!(repeated(&from, &to, &work), FRAMES as u64);
    let ((ta, sa), (tb, sb)) = (contents(&from), contents(&to));
    assert_eq!((ta.len(), &ta), (FRAMES + 1, &tb));
    assert_eq!(ta[1..FRAMES], starts[1..FRAMES]);
    assert!(sa == sb, "the sound differs");
}

/// MiB that the process has in memory now.
fn resident_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|v| v.parse::<u64>().ok()).unwrap_or(0) >> 10
}

/// Prints what the process has in memory after each thousand pictures: `cargo test --lib ten_thousand -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn memory_does_not_grow_with_ten_thousand_pictures_on_the_processor_nor_on_a_device() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("long.mp4");
    film(&input, 10_000, &settings(Container::Mp4, FrameRate::FPS_25, VideoCodec::H264, AudioCodec::Aac));
    let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let net = Net::load(&weights, None).unwrap();
    let [own, burn] = [Kernels::Fused, Kernels::Burn].map(|kernels| on_gpu_by(&net, &gpu, None, kernels).unwrap());
    for (name, mut net) in [("own kernels", own), ("processor", upscaler()), ("Burn", burn)] {
        let request = UpscaleRequest {
            input: input.clone(),
            output: dir.path().join(format!("{name}.mp4")),
            target: UpscaleTarget::Times(2),
            range: None,
            recipe: name.into(),
            work_dir: dir.path().join(name),
        };
        let (mut seen, mut next) = (Vec::new(), 0.0);
        let mut told = |p: ExportProgress| {
            while p.fraction >= next && next < 1.0 {
                seen.push(resident_mib());
                next += 0.1;
            }
        };
        let report = upscale_file(&request, &mut *net, &AtomicBool::new(false), &mut told).unwrap();
        seen.push(resident_mib());
        println!("{name}: {} pictures, MiB after each thousand: {seen:?}", report.frames);
        assert_eq!(report.frames, 10_000);
        // what allocators keep for threads that come and go levels off; a picture of 64×36 that was forgotten each time would be 90 MiB
        assert!(seen[10] <= seen[5] + 32, "{name}: {seen:?}");
    }
}
