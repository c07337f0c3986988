//! What `probe` says against what ffmpeg was told to write and what ffprobe reads.

use crate::common::{SIZE, cached, ffmpeg, ffprobe, number_in, numbered};
use montage_ai::{
    base::{
        ColorTags, FrameRate, MediaInfo, PixelFormat, Rotation, Time,
        color::{Matrix, Primaries, Range, Transfer},
    },
    media::{AudioReader, ReaderOptions, VideoReader, probe, probe_guarded, still, thumbnails},
};
use std::path::{Path, PathBuf};

const X264: [&str; 6] = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0"];

/// One second of numbered pictures at 25 per second, with more arguments for ffmpeg.
fn clip(name: &str, size: (u32, u32), filter: &str, args: &[&str]) -> (PathBuf, MediaInfo) {
    let path = cached(name, |out| {
        let graph = numbered(size, "25", 25, filter);
        ffmpeg(&[&["-f", "lavfi", "-i", &graph][..], args].concat(), out);
    });
    let info = probe(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    (path, info)
}

fn read(path: &Path, info: &MediaInfo, frame: i64) -> montage_ai::base::Picture {
    let mut reader = VideoReader::open(path, info, ReaderOptions::default()).unwrap();
    reader.frame_at(Time::from_frames(frame, FrameRate::FPS_25)).unwrap().picture
}

#[test]
fn every_codec_and_container_is_named_counted_and_read() {
    let prores = ["-c:v", "prores_ks", "-profile:v", "2"];
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("t-h264.mp4", "mp4", "h264", &X264),
        ("t-h264.mov", "mov", "h264", &X264),
        ("t-h264.mkv", "matroska", "h264", &X264),
        ("t-hevc.mp4", "mp4", "hevc", &["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"]),
        ("t-vp8.webm", "webm", "vp8", &["-c:v", "libvpx", "-deadline", "realtime"]),
        ("t-vp9.webm", "webm", "vp9", &["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]),
        ("t-av1.mp4", "mp4", "av1", &["-c:v", "libsvtav1", "-preset", "12"]),
        ("t-av1.webm", "webm", "av1", &["-c:v", "libsvtav1", "-preset", "12"]),
        ("t-prores.mov", "mov", "prores", &prores),
        ("t-mjpeg.mov", "mov", "mjpeg", &["-c:v", "mjpeg", "-q:v", "3"]),
        ("t-mjpeg.avi", "avi", "mjpeg", &["-c:v", "mjpeg", "-q:v", "3"]),
        ("t-mpeg4.avi", "avi", "mpeg4", &["-c:v", "mpeg4", "-q:v", "3"]),
        ("t-png.mov", "mov", "png", &["-c:v", "png"]),
    ];
    for (name, container, codec, args) in cases {
        let (path, info) = clip(name, SIZE, "", args);
        let video = info.video.as_ref().unwrap();
        assert_eq!((info.container.as_str(), video.codec.as_str()), (*container, *codec), "{name}");
        assert_eq!((video.width, video.height, video.frames), (SIZE.0, SIZE.1, 25), "{name}");
        assert_eq!((video.frame_rate, info.duration), (FrameRate::FPS_25, Time::from_secs(1)), "{name}");
        assert_eq!(ffprobe(&path, "v", "stream=codec_name"), *codec, "{name}");
        assert_eq!(number_in(&read(&path, &info, 17)), 17, "{name}");
    }
}

#[test]
fn sound_of_every_codec_is_named_and_read() {
    let cases: &[(&str, &str, &str, u32, &[&str])] = &[
        ("a.m4a", "mp4", "aac", 44_100, &["-c:a", "aac"]),
        ("a.mp3", "mp3", "mp3", 44_100, &["-c:a", "libmp3lame"]),
        ("a.opus", "ogg", "opus", 48_000, &["-c:a", "libopus"]),
        ("a.ogg", "ogg", "vorbis", 44_100, &["-c:a", "libvorbis"]),
        ("a.flac", "flac", "flac", 44_100, &["-c:a", "flac"]),
        ("a.wav", "wav", "pcm_s16le", 44_100, &["-c:a", "pcm_s16le"]),
        ("a24.wav", "wav", "pcm_s24le", 96_000, &["-ar", "96000", "-c:a", "pcm_s24le"]),
        ("af.wav", "wav", "pcm_f32le", 48_000, &["-ar", "48000", "-c:a", "pcm_f32le"]),
        ("a.mka", "matroska", "flac", 48_000, &["-ar", "48000", "-c:a", "flac"]),
        ("a.webm", "webm", "opus", 48_000, &["-c:a", "libopus"]),
        ("a-pcm.mov", "mov", "pcm_s24le", 48_000, &["-ar", "48000", "-c:a", "pcm_s24le"]),
        ("a-mp3.avi", "avi", "mp3", 44_100, &["-c:a", "libmp3lame"]),
        ("a-ac3.mkv", "matroska", "ac3", 48_000, &["-ar", "48000", "-c:a", "ac3"]),
    ];
    for (name, container, codec, rate, args) in cases {
        let path = cached(name, |out| {
            ffmpeg(&[&["-f", "lavfi", "-i", "sine=f=440:r=44100:d=2,aformat=channel_layouts=stereo"][..], args].concat(), out);
        });
        let info = probe(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let audio = info.audio.as_ref().unwrap();
        assert_eq!((info.container.as_str(), audio.codec.as_str()), (*container, *codec), "{name}");
        assert_eq!((audio.rate, audio.channels), (*rate, 2), "{name}");
        assert!((info.duration.as_secs_f64() - 2.0).abs() < 0.08, "{name}: {}", info.duration);
        let mut sound = vec![0.0; 2 * 48_000];
        AudioReader::open(&path, &info).unwrap().read(24_000, &mut sound).unwrap();
        let rms = (sound.iter().map(|s| s * s).sum::<f32>() / sound.len() as f32).sqrt();
        // lavfi's sine has an amplitude of 1/8, and going from mono to stereo takes 3 dB
        assert!((0.055..0.07).contains(&rms), "{name}: {rms}");
    }
}

#[test]
fn turned_pictures_say_so_and_thumbnails_are_upright() {
    // ffmpeg's display_rotation writes counter-clockwise angles from 6.0 on and 5.1 has none: patch the matrix itself
    let (path, _) = clip("upright.mp4", SIZE, "", &X264);
    let matrices: [([i32; 4], Rotation); 4] = [
        ([0, 1, -1, 0], Rotation::Cw90),
        ([-1, 0, 0, -1], Rotation::Cw180),
        ([0, -1, 1, 0], Rotation::Cw270),
        ([-1, 0, 0, 1], Rotation::Flip),
    ];
    for (m, want) in matrices {
        let turned = cached(&format!("turned-{want:?}.mp4"), |out| {
            let mut bytes = std::fs::read(&path).unwrap();
            let tkhd = bytes.windows(4).position(|w| w == b"tkhd").unwrap() + 4 + 40;
            for (at, v) in [(0, m[0]), (4, m[1]), (12, m[2]), (16, m[3])] {
                bytes[tkhd + at..tkhd + at + 4].copy_from_slice(&(v * 65536).to_be_bytes());
            }
            std::fs::write(out, bytes).unwrap();
        });
        let info = probe(&turned).unwrap();
        let video = info.video.as_ref().unwrap();
        assert_eq!(video.rotation, want);
        let size = if want.swaps_sides() { (SIZE.1, SIZE.0) } else { SIZE };
        assert_eq!(video.display_size(), size);
        assert_eq!(read(&turned, &info, 3).rotation, want);

        // ffmpeg turns pictures when it decodes; its upper left and lower right corners must be those of the thumbnail
        let reference =
            cached(&format!("turned-{want:?}.png"), |out| ffmpeg(&["-i", &turned.display().to_string(), "-frames:v", "1"], out));
        let reference = still(&reference).unwrap();
        assert_eq!((reference.width, reference.height), size);
        let mut seen = 0;
        thumbnails(&turned, &info, &[Time::ZERO], size.1, &mut |_, thumb| {
            seen += 1;
            assert_eq!((thumb.width, thumb.height), size);
            for (x, y) in [(4, 60), (size.0 - 5, 60), (4, size.1 - 60), (size.0 - 5, size.1 - 60)] {
                let pixel = |p: &montage_ai::base::Picture| p.row(0, y)[x as usize * 4..][..3].to_vec();
                let (a, b) = (pixel(&thumb), pixel(&reference));
                assert!(a.iter().zip(&b).all(|(a, b)| a.abs_diff(*b) < 40), "{want:?} at {x},{y}: {a:?}, not {b:?}");
            }
            true
        })
        .unwrap();
        assert_eq!(seen, 1);
    }
}

#[test]
fn pixels_that_are_not_square_are_stretched_for_show() {
    for name in ["par.mp4", "par.mkv"] {
        let (path, info) = clip(name, (320, 240), "setsar=64/45", &X264);
        let video = info.video.as_ref().unwrap();
        assert_eq!((video.pixel_aspect, video.display_size()), ((64, 45), (455, 240)), "{name}");
        assert_eq!(read(&path, &info, 0).display_size(), (455, 240));
    }
}

#[test]
fn colour_tags_are_the_truth() {
    let tags = |primaries, transfer, matrix, range| ColorTags { primaries, transfer, matrix, range };
    let bt2020_pq = tags(Primaries::Bt2020, Transfer::Pq, Matrix::Bt2020, Range::Limited);
    let pal = tags(Primaries::Bt601Pal, Transfer::Bt709, Matrix::Bt601, Range::Limited);
    let ntsc = tags(Primaries::Bt601Ntsc, Transfer::Bt709, Matrix::Bt601, Range::Limited);
    let hlg = tags(Primaries::Bt2020, Transfer::Hlg, Matrix::Bt2020, Range::Limited);
    let full = ColorTags { range: Range::Full, ..ColorTags::BT709 };
    let arguments = |p, t, m, r| ["-color_primaries", p, "-color_trc", t, "-colorspace", m, "-color_range", r];
    let cases = [
        ("709", arguments("bt709", "bt709", "bt709", "tv"), ColorTags::BT709),
        ("709-full", arguments("bt709", "bt709", "bt709", "pc"), full),
        ("601-pal", arguments("bt470bg", "gamma28", "bt470bg", "tv"), pal),
        ("601-ntsc", arguments("smpte170m", "smpte170m", "smpte170m", "tv"), ntsc),
        ("2020-pq", arguments("bt2020", "smpte2084", "bt2020nc", "tv"), bt2020_pq),
        ("2020-hlg", arguments("bt2020", "arib-std-b67", "bt2020nc", "tv"), hlg),
    ];
    let hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none"];
    let prores = ["-c:v", "prores_ks", "-profile:v", "2"];
    let av1 = ["-c:v", "libsvtav1", "-preset", "12"];
    let vp9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"];
    let codecs: [(&str, &[&str]); 7] = [
        ("h264.mp4", &X264),
        ("h264.mkv", &X264),
        ("hevc.mp4", &hevc),
        ("prores.mov", &prores),
        ("av1.mp4", &av1),
        ("vp9.webm", &vp9),
        ("vp9.mp4", &vp9),
    ];
    for (tag, args, want) in &cases {
        for (ext, codec) in &codecs {
            let range = args[7];
            if ext.starts_with("prores") && range == "pc" {
                continue; // ProRes has no full range
            }
            // the scaler would otherwise convert the picture to the range it believes in
            // newer ffmpegs take the rest from the pictures alone
            let (primaries, transfer) = (args[1], if args[3] == "gamma28" { "bt470bg" } else { args[3] });
            let filter = format!("scale=in_range={range}:out_range={range},setparams=color_primaries={primaries}:color_trc={transfer}");
            let (path, info) = clip(&format!("c2-{tag}-{ext}"), SIZE, &filter, &[codec, &args[..]].concat());
            let video = info.video.as_ref().unwrap();
            assert_eq!(
                (video.color, video.color_assumed),
                (*want, false),
                "{tag} in {ext}, ffprobe: {}",
                ffprobe(&path, "v", "stream=color_range,color_space,color_transfer,color_primaries")
            );
        }
    }
}

#[test]
fn a_silent_file_is_assumed_by_its_height_but_keeps_its_full_range() {
    let (_, silent) = clip("silent.mkv", SIZE, "format=yuv420p", &X264);
    let video = silent.video.unwrap();
    assert!(video.color_assumed);
    assert_eq!(video.color, ColorTags::assumed_for_height(SIZE.1));
    let (path, full) = clip("full-only.mp4", SIZE, "format=yuvj420p", &[&X264[..], &["-color_range", "pc"]].concat());
    let video = full.video.as_ref().unwrap();
    assert_eq!(ffprobe(&path, "v", "stream=color_range"), "pc");
    assert_eq!((video.color.range, video.color_assumed), (Range::Full, true));
}

#[test]
fn alpha_and_depth_are_seen_and_read() {
    let alpha = "format=yuva420p,geq=lum='lum(X\\,Y)':cb='cb(X\\,Y)':cr='cr(X\\,Y)':a='if(lt(X\\,160)\\,255\\,0)'";
    let vp9 = ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-auto-alt-ref", "0"];
    let prores = ["-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le"];
    let cases: [(&str, &[&str]); 3] = [("alpha.webm", &vp9), ("alpha.mov", &prores), ("alpha-png.mov", &["-c:v", "png"])];
    for (name, args) in cases {
        let (path, info) = clip(name, SIZE, alpha, args);
        assert!(info.video.as_ref().unwrap().alpha, "{name}: {info:?}");
        let picture = read(&path, &info, 5);
        assert_eq!(number_in(&picture) & 0xff, 5, "{name}");
        let row = picture.row(0, 100);
        let (left, right) = match picture.format {
            PixelFormat::Rgba8 => (u32::from(row[40 * 4 + 3]) * 257, u32::from(row[280 * 4 + 3]) * 257),
            PixelFormat::Rgba16 => {
                let at = |x: usize| u32::from(u16::from_le_bytes([row[x * 8 + 6], row[x * 8 + 7]]));
                (at(40), at(280))
            }
            other => panic!("{name} lost its alpha: {other:?}"),
        };
        assert!(left > 64_000 && right < 1_500, "{name}: {left} {right}");
    }
    let hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le"];
    let (path, info) = clip("ten-bit.mp4", SIZE, "", &hevc);
    assert_eq!(info.video.as_ref().unwrap().bit_depth, 10);
    assert_eq!(read(&path, &info, 7).format, PixelFormat::I420p10);
    let (path, info) = clip("t-prores.mov", SIZE, "", &["-c:v", "prores_ks", "-profile:v", "2"]);
    assert_eq!(read(&path, &info, 7).format, PixelFormat::I422p10);
    assert!(!info.video.unwrap().alpha);
}

#[test]
fn stills_keep_depth_alpha_and_orientation() {
    let make = |name: &str, filter: &str, args: &[&str]| {
        cached(name, |out| {
            let graph = format!("testsrc2=s=64x48:r=1:d=1,{filter}");
            ffmpeg(&[&["-f", "lavfi", "-i", &graph, "-frames:v", "1"][..], args].concat(), out);
        })
    };
    let cases = [
        ("s.png", "format=rgb24", "png", false, 8, PixelFormat::Rgba8),
        ("s-alpha.png", "format=rgba,colorchannelmixer=aa=0.5", "png", true, 8, PixelFormat::Rgba8),
        ("s-deep.png", "format=rgb48be", "png", false, 16, PixelFormat::Rgba16),
        ("s.jpg", "format=yuvj420p", "jpeg", false, 8, PixelFormat::Rgba8),
        ("s.webp", "format=yuv420p", "webp", false, 8, PixelFormat::Rgba8),
    ];
    for (name, filter, kind, alpha, depth, format) in cases {
        let path = make(name, filter, &[]);
        let info = probe(&path).unwrap();
        let video = info.video.unwrap();
        assert_eq!((info.container.as_str(), video.codec.as_str(), video.still), (kind, kind, true), "{name}");
        assert_eq!((video.width, video.height, video.alpha, video.bit_depth), (64, 48, alpha, depth), "{name}");
        assert_eq!(info.duration, Time::ZERO);
        let picture = still(&path).unwrap();
        assert_eq!((picture.format, picture.width, picture.height), (format, 64, 48), "{name}");
        if alpha {
            assert!(picture.row(0, 10)[3].abs_diff(128) <= 1);
        }
    }
    // EXIF in a JPEG: an APP1 segment with one entry, orientation 6 = turn by 90° clockwise
    let plain = std::fs::read(make("s.jpg", "format=yuvj420p", &[])).unwrap();
    let exif = b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let turned = cached("s-turned.jpg", |out| std::fs::write(out, [&plain[..2], exif, &plain[2..]].concat()).unwrap());
    assert_eq!(still(&turned).unwrap().rotation, Rotation::Cw90);
    assert_eq!(probe(&turned).unwrap().video.unwrap().display_size(), (48, 64));
}

#[test]
fn the_start_timecode_is_read() {
    let (_, info) = clip("tc.mov", SIZE, "", &[&X264[..], &["-timecode", "01:02:03:04"]].concat());
    assert_eq!(info.start_timecode.as_deref(), Some("01:02:03:04"));
}

#[test]
fn a_child_process_finds_the_same() {
    let (path, info) = clip("t-h264.mp4", SIZE, "", &X264);
    assert_eq!(probe_guarded(&path).unwrap(), info);
}
