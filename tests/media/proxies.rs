//! Proxies, held picture for picture against their originals.

use super::common::*;
use montage_ai::{
    base::{FrameRate, MediaInfo, Rotation, Time, UserError, color::Range},
    engine::{ProxyError, ProxyFormat, ProxyReport, ProxyRequest, make_proxy},
    media::{self, AudioReader, PacketIndex, ReaderOptions, VideoReader},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

fn dir() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("proxy ü #%").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn request(input: &Path, dir: &Path, format: ProxyFormat) -> ProxyRequest {
    ProxyRequest { input: input.into(), output: dir.join("proxy.mov"), format, work_dir: dir.join("work") }
}

fn made(input: &Path, dir: &Path, format: ProxyFormat) -> ProxyReport {
    make_proxy(&request(input, dir, format), &AtomicBool::new(false), &mut |_| {}).unwrap()
}

fn index_of(path: &Path, info: &MediaInfo) -> PacketIndex {
    PacketIndex::scan(path, info, &|| false).unwrap()
}

/// Numbers that a file's pictures carry, in order.
fn numbers(path: &Path, info: &MediaInfo) -> Vec<u32> {
    let index = index_of(path, info);
    let mut reader = VideoReader::open(path, info, ReaderOptions::playback()).unwrap();
    (0..index.len()).map(|i| number_in(&reader.frame_at(index.time_of(i)).unwrap().picture)).collect()
}

/// The proxy has as many pictures as its original, each with its number, and each is found at the original's times.
fn same_pictures(original: &Path, proxy: &Path) {
    let (a, b) = (media::probe(original).unwrap(), media::probe(proxy).unwrap());
    let (before, after) = (index_of(original, &a), index_of(proxy, &b));
    assert_eq!(after.len(), before.len(), "{}", original.display());
    assert_eq!((after.frame_rate(), after.is_constant()), (before.frame_rate(), before.is_constant()));
    let upright = a.video.as_ref().unwrap().rotation == Rotation::None;
    let mut reader = VideoReader::open(original, &a, ReaderOptions::playback()).unwrap();
    let mut copy = VideoReader::open(proxy, &b, ReaderOptions::playback()).unwrap();
    for i in 0..before.len() {
        let (t, late) = (before.time_of(i), Time(before.duration_of(i).0 - 1));
        if i > 0 {
            let off = (after.time_of(i) - t).0.abs();
            assert!(off <= Time::from_nanos(3_000).0, "picture {i} is {off} flicks off");
        }
        let shown = copy.frame_at(t).unwrap();
        assert_eq!((shown.index, copy.frame_at(t + late).unwrap().index), (i, i), "at the first and the last moment of picture {i}");
        if upright {
            assert_eq!(number_in(&shown.picture), number_in(&reader.frame_at(t).unwrap().picture), "picture {i}");
        }
    }
}

#[test]
fn constant_rates_depths_and_sizes_keep_every_picture_and_its_time() {
    let x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "2", "-pix_fmt", "yuv420p"];
    let hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none"];
    for (name, rate, codec) in [
        ("proxy-25.mp4", "25", &x264[..]),
        ("proxy-2997.mp4", "30000/1001", &x264[..]),
        ("proxy-23976.mkv", "24000/1001", &x264[..]),
        ("proxy-10bit.mp4", "30", &hevc[..]),
    ] {
        let original = numbered_video(name, rate, 70, codec);
        for format in [ProxyFormat::Mjpeg, ProxyFormat::H264] {
            let d = dir();
            let report = made(&original, d.path(), format);
            assert_eq!(report.frames, 70);
            same_pictures(&original, &d.path().join("proxy.mov"));
        }
    }
}

#[test]
fn variable_rate_keeps_its_times() {
    for name in ["proxy-vfr.mp4", "proxy-vfr.mkv"] {
        let original = cached(name, |out| {
            let graph = numbered(SIZE, "30", 120, "select='not(eq(mod(n\\,5)\\,2)+eq(mod(n\\,7)\\,3))'");
            let codec = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-vsync", "vfr"];
            ffmpeg(&[&["-f", "lavfi", "-i", &graph][..], &codec].concat(), out);
        });
        let info = media::probe(&original).unwrap();
        assert!(info.video.as_ref().unwrap().variable_frame_rate);
        for format in [ProxyFormat::Mjpeg, ProxyFormat::H264] {
            let d = dir();
            made(&original, d.path(), format);
            same_pictures(&original, &d.path().join("proxy.mov"));
        }
    }
}

#[test]
fn turned_and_odd_originals_come_out_upright_and_even() {
    let base = numbered_video(
        "proxy-25.mp4",
        "25",
        70,
        &["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "2", "-pix_fmt", "yuv420p"],
    );
    let turned = cached("proxy-turned.mp4", |out| {
        let input = base.to_string_lossy();
        ffmpeg(&["-i", &input, "-c", "copy", "-metadata:s:v", "rotate=90"], out);
    });
    let info = media::probe(&turned).unwrap();
    assert_ne!(info.video.as_ref().unwrap().rotation, Rotation::None);
    let d = dir();
    let report = made(&turned, d.path(), ProxyFormat::Mjpeg);
    let video = report.info.video.unwrap();
    assert_eq!((video.width, video.height, video.rotation), (180, 320, Rotation::None));
    same_pictures(&turned, &d.path().join("proxy.mov"));

    let odd = cached("proxy-odd.mp4", |out| {
        let graph = numbered((1919, 1079), "25", 12, "");
        ffmpeg(&["-f", "lavfi", "-i", &graph, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv444p"], out);
    });
    let d = dir();
    let video = made(&odd, d.path(), ProxyFormat::Mjpeg).info.video.unwrap();
    assert!(video.width.abs_diff(1280) <= 2 && video.height == 720, "{}×{}", video.width, video.height);
    same_pictures(&odd, &d.path().join("proxy.mov"));
}

/// R'G'B' of the middle of a file's first picture, as the editor reads it.
fn colour_of(path: &Path) -> [f64; 3] {
    let info = media::probe(path).unwrap();
    let p = VideoReader::open(path, &info, ReaderOptions::default()).unwrap().frame_at(Time::ZERO).unwrap().picture;
    let bits = p.format.bits();
    let max = f64::from((1u32 << bits) - 1);
    let code = [0, 1, 2].map(|plane| {
        let (w, h) = p.format.plane_size(plane, p.width, p.height);
        let (row, x) = (p.row(plane, h / 2), w as usize / 2);
        let v = if p.format.bytes_per_sample() == 2 { u16::from_le_bytes([row[2 * x], row[2 * x + 1]]) } else { u16::from(row[x]) };
        f64::from(v) / max
    });
    let to = montage_ai::base::color::ycbcr_to_rgb(p.color.matrix, p.color.range, bits);
    [0, 1, 2].map(|i| to.m[i].iter().zip(code).map(|(m, c)| m * c).sum::<f64>() + to.offset[i])
}

#[test]
fn colours_are_the_originals_in_sd_hd_full_range_and_hdr() {
    let tags = |matrix: &str, transfer: &str, primaries: &str, range: &str| {
        ["-colorspace", matrix, "-color_trc", transfer, "-color_primaries", primaries, "-color_range", range].map(str::to_owned)
    };
    let cases = [
        ("hd", "1280x720", "yuv420p", "bt709:r=tv", tags("bt709", "bt709", "bt709", "tv"), "libx264"),
        ("full", "1280x720", "yuvj420p", "bt709:r=pc", tags("bt709", "bt709", "bt709", "pc"), "libx264"),
        ("sd", "640x360", "yuv420p", "bt601:r=tv", tags("smpte170m", "smpte170m", "smpte170m", "tv"), "libx264"),
        ("hdr", "1280x720", "yuv420p10le", "bt2020:r=tv", tags("bt2020nc", "smpte2084", "bt2020", "tv"), "libx265"),
    ];
    for (name, size, pixels, matrix, tags, codec) in cases {
        let original = cached(&format!("proxy-colour-{name}.mp4"), |out| {
            let (matrix, range) = matrix.split_once(":r=").unwrap();
            let graph = format!(
                "color=c=0xC83214:s={size}:r=25,trim=end_frame=5,format=gbrp,scale=out_color_matrix={matrix}:out_range={range},format={pixels}"
            );
            let mut args = vec!["-f", "lavfi", "-i", &graph, "-c:v", codec, "-preset", "ultrafast"];
            args.extend(tags.iter().map(String::as_str));
            ffmpeg(&args, out);
        });
        let (info, want) = (media::probe(&original).unwrap(), colour_of(&original));
        let before = info.video.unwrap().color;
        for format in [ProxyFormat::Mjpeg, ProxyFormat::H264] {
            let d = dir();
            let after = made(&original, d.path(), format).info.video.unwrap().color;
            assert_eq!((after.primaries, after.transfer), (before.primaries, before.transfer), "{name} {format:?}");
            assert_eq!(after.range == Range::Full, format == ProxyFormat::Mjpeg, "{name} {format:?}");
            let got = colour_of(&d.path().join("proxy.mov"));
            for (got, want) in got.into_iter().zip(want) {
                assert!((got - want).abs() < 0.02, "{name} {format:?}: {got:.3} for {want:.3}");
            }
            // another reader agrees
            let proxy = d.path().join("proxy.mov");
            let rgb = |path: &Path| {
                let out = std::process::Command::new("ffmpeg")
                    .args(["-v", "error", "-i"])
                    .arg(path)
                    .args(["-frames:v", "1", "-vf", "crop=16:16,scale=1:1", "-pix_fmt", "rgb24", "-f", "rawvideo", "-"])
                    .output()
                    .unwrap();
                out.stdout
            };
            let (a, b) = (rgb(&original), rgb(&proxy));
            assert!(a.iter().zip(&b).all(|(a, b)| a.abs_diff(*b) <= 6), "{name} {format:?}: ffmpeg sees {b:?} for {a:?}");
        }
    }
}

#[test]
fn sound_is_kept_to_the_sample() {
    let original = cached("proxy-sound.mkv", |out| {
        let graph = numbered(SIZE, "30000/1001", 150, "");
        let sound = "aevalsrc='0.3*sin(2*PI*(200+50*t)*t)|0.2*sin(2*PI*330*t)':s=48000:d=5.5";
        let codec = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "pcm_s16le"];
        ffmpeg(&[&["-f", "lavfi", "-i", &graph, "-f", "lavfi", "-i", sound][..], &codec].concat(), out);
    });
    let d = dir();
    let copy = made(&original, d.path(), ProxyFormat::Mjpeg).info;
    let info = media::probe(&original).unwrap();
    let samples = |path: &Path, info: &MediaInfo| {
        let mut out = vec![0f32; 2 * 48_000 * 6];
        AudioReader::open(path, info).unwrap().read(0, &mut out).unwrap();
        out
    };
    let (a, b) = (samples(&original, &info), samples(&d.path().join("proxy.mov"), &copy));
    let worst = a.iter().zip(&b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1.0 / f32::from(1u16 << 14) / 512.0, "{worst}");
    assert!(a[2 * 48_000 * 5..2 * 48_000 * 5 + 24_000].iter().any(|v| v.abs() > 0.05), "there is sound behind the last picture");
}

fn files(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()).collect()
}

#[test]
fn what_no_proxy_can_be_made_of_is_said_and_leaves_nothing() {
    let d = dir();
    let zero = d.path().join("zero.mp4");
    std::fs::write(&zero, b"").unwrap();
    let text = d.path().join("text.mp4");
    std::fs::write(&text, "no film at all\n".repeat(400)).unwrap();
    let whole = numbered_video(
        "proxy-25.mp4",
        "25",
        70,
        &["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "2", "-pix_fmt", "yuv420p"],
    );
    let cut = d.path().join("cut.mp4");
    let bytes = std::fs::read(&whole).unwrap();
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let sound = cached("proxy-only-sound.wav", |out| ffmpeg(&["-f", "lavfi", "-i", "sine=d=1"], out));
    let still = cached("proxy-still.png", |out| ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=320x180", "-frames:v", "1"], out));
    let gone = d.path().join("gone.mp4");
    let before = files(d.path()).len();
    for path in [&zero, &text, &cut, &sound, &still, &gone] {
        let e: ProxyError = make_proxy(&request(path, d.path(), ProxyFormat::Mjpeg), &AtomicBool::new(false), &mut |_| {}).unwrap_err();
        let line = e.to_string();
        assert!(line.contains(path.file_name().unwrap().to_str().unwrap()), "{line}");
        assert!(!line.contains('\n') && e.hint().is_none_or(|h| !h.is_empty()), "{line}");
        assert_eq!(files(d.path()).len(), before, "{line}");
    }
}

#[test]
fn a_cancelled_proxy_ends_soon_leaves_no_file_and_goes_on_where_it_was() {
    let original = cached("proxy-long.mp4", |out| {
        let graph = numbered((960, 540), "25", 900, "");
        ffmpeg(&["-f", "lavfi", "-i", &graph, "-c:v", "libx264", "-preset", "ultrafast", "-g", "250", "-pix_fmt", "yuv420p"], out);
    });
    let (whole, d) = (dir(), dir());
    let reference = made(&original, whole.path(), ProxyFormat::Mjpeg);
    assert_eq!(reference.frames, 900);
    let (r, cancel) = (request(&original, d.path(), ProxyFormat::Mjpeg), AtomicBool::new(false));
    let mut asked = Instant::now();
    let e = make_proxy(&r, &cancel, &mut |p| {
        if p.fraction > 0.6 && !cancel.swap(true, Ordering::Relaxed) {
            asked = Instant::now();
        }
    });
    assert!(matches!(e, Err(ProxyError::Cancelled)), "{e:?}");
    // the limit is half a second; a machine that does ten things at once gets more
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(files(d.path()).is_empty());
    let mut first = None;
    let report = make_proxy(&r, &AtomicBool::new(false), &mut |p| _ = first.get_or_insert(p.fraction)).unwrap();
    assert_eq!(report.frames, 900);
    assert!(first.unwrap() > 0.2, "went on from what was finished: {first:?}");
    assert!(undated(&d.path().join("proxy.mov")) == undated(&whole.path().join("proxy.mov")), "the same file, byte for byte");
    let info = report.info;
    assert_eq!(info.video.as_ref().unwrap().frame_rate, FrameRate::FPS_25);
    assert_eq!(numbers(&d.path().join("proxy.mov"), &info), (0..900).collect::<Vec<u32>>());
}
