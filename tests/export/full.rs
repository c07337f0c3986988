//! A disk that runs full: nothing hangs, the reason is told, nothing is left.

use montage_ai::{
    base::{ColorTags, FrameRate, Picture, PixelFormat},
    media::encode::{Container, EncodeSettings, Encoder, Quality, Speed, VideoCodec, VideoSettings},
};
use std::{path::Path, process::Command, time::Instant};

/// A picture that no codec makes small.
fn noise(format: PixelFormat) -> Picture {
    let (len, mut state) = (Picture::packed_layout(format, 320, 180).1, 1u32);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    // two bytes a sample hold ten bits
    let bytes = (0..len).map(|i| if format.bits() > 8 && i % 2 == 1 { next() & 3 } else { next() }).collect();
    Picture::from_packed(format, 320, 180, bytes, ColorTags::BT709).unwrap()
}

/// Pushes pictures until it fails. Returns the message.
fn fill(dir: &Path, container: Container, codec: VideoCodec) -> String {
    let speed = Speed::UltraFast;
    let video = VideoSettings { quality: Quality::Constant(1), speed, ..VideoSettings::new(codec, 320, 180, FrameRate::FPS_25) };
    let settings = EncodeSettings { container, video: Some(video), audio: None, text: None, expected_bytes: None };
    let mut e = Encoder::create(&dir.join("film"), &settings).unwrap();
    let picture = noise(e.video_format());
    for _ in 0..5000 {
        if let Err(e) = e.push_video(&picture) {
            return e.to_string();
        }
    }
    e.finish().map_or_else(|e| e.to_string(), |_| "it was written".into())
}

/// Runs in a child of its own: the limit holds for the whole process.
#[test]
#[ignore = "run by the test below, in a process of its own"]
fn child_writes_more_than_a_process_may() {
    let dir = std::env::var_os("FULL_DIR").unwrap();
    let limit = libc::rlimit { rlim_cur: 300_000, rlim_max: 300_000 };
    // SAFETY: plain system calls on this process; the signal would end it, the write error is wanted.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
    }
    for (container, codec) in [(Container::Mp4, VideoCodec::H264), (Container::Mov, VideoCodec::ProRes), (Container::Mkv, VideoCodec::H264)]
    {
        let started = Instant::now();
        let e = fill(Path::new(&dir), container, codec);
        assert!(e.contains("File too large") || e.contains("larger than allowed"), "{e}");
        assert!(started.elapsed().as_secs() < 60, "it hung");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0, "something is left");
    }
}

#[test]
fn a_file_that_may_not_grow_ends_the_export_with_the_reason_and_leaves_nothing() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "full::child_writes_more_than_a_process_may"])
        .env("FULL_DIR", d.path())
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

/// A file system of 600 KB in a user namespace of the test's own, where the system allows that.
#[test]
fn a_full_disk_is_called_a_full_disk() {
    let d = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=600k none '{0}' || exit 77; FULL_DIR='{0}' exec '{1}' --ignored --exact full::child_fills_a_disk",
        d.path().display(),
        std::env::current_exe().unwrap().display()
    );
    let child = Command::new("unshare").args(["-Urm", "sh", "-c", &script]).output();
    match child {
        Ok(c) if c.status.success() => {}
        Ok(c) if c.status.code() == Some(77) || String::from_utf8_lossy(&c.stderr).contains("unshare") => {
            println!("no namespaces here; the size limit above stands in");
        }
        Ok(c) => panic!("{}{}", String::from_utf8_lossy(&c.stdout), String::from_utf8_lossy(&c.stderr)),
        Err(e) => println!("no unshare here ({e}); the size limit above stands in"),
    }
}

#[test]
#[ignore = "run by the test above, on a disk of its own"]
fn child_fills_a_disk() {
    let dir = std::env::var_os("FULL_DIR").unwrap();
    for (container, codec) in [(Container::Mp4, VideoCodec::H264), (Container::Mkv, VideoCodec::H264)] {
        let e = fill(Path::new(&dir), container, codec);
        assert!(e.starts_with("the disk is full: "), "{e}");
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 0, "something is left");
    }
}
