//! What the program must survive: broken media, missing files and plug-ins, a full disk, odd names, odd sizes, odd projects.
//! Each time one clear line, a hint, status 1, nothing lost, nothing left half done.

use crate::{
    desk::{Desk, Running, listing},
    footage::{self, Film, X264, encode, kept, number, numbers, picture},
};
use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::PathBuf,
    process::Command,
};

/// A film whose index (moov) lies before its payload, so that the payload alone can be damaged.
fn index_first(frames: u32) -> PathBuf {
    Film { frames, video: &format!("{X264} -g 25 -movflags +faststart"), ..Film::default() }.file()
}

/// Bytes without meaning, the same every time.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = || {
        // xorshift64 (Marsaglia 2003)
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(|_| next()).collect()
}

/// A film that no encoder can make small: 4 MB and more.
fn noise_film() -> PathBuf {
    kept("100 frames of noise", "mp4", |path| {
        let options = "-f rawvideo -pix_fmt gray -s 320x180 -r 25 -i - -c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv420p";
        encode(options, path, noise(320 * 180 * 100).into_iter());
    })
}

/// Probing, starting a project with it and taking a frame all refuse `file` by name, and leave nothing.
fn is_refused_everywhere(desk: &Desk, file: &str) {
    let before = desk.listing();
    desk.run(["probe", file]).failed_clearly(&[file]);
    desk.run(["probe", file, "--json"]).failed_clearly(&[file]);
    desk.run(["new", "film.montage", file]).failed_clearly(&[file]);
    desk.run(["frame", file, "--at", "0", "-o", "frame.png"]).failed_clearly(&[file]);
    assert_eq!(desk.listing(), before);
}

#[test]
fn an_empty_file_is_refused() {
    let desk = Desk::new();
    desk.write("nothing.mp4", "");
    is_refused_everywhere(&desk, "nothing.mp4");
}

#[test]
fn a_text_named_mp4_is_refused() {
    let desk = Desk::new();
    desk.write("letter.mp4", "Dear editor,\nthis is no film.\n".repeat(200));
    is_refused_everywhere(&desk, "letter.mp4");
}

#[test]
fn random_bytes_are_refused() {
    let desk = Desk::new();
    desk.write("noise.mp4", noise(200_000));
    desk.write("noise.mkv", noise(200_000));
    is_refused_everywhere(&desk, "noise.mp4");
    is_refused_everywhere(&desk, "noise.mkv");
}

#[test]
fn an_mp4_without_its_index_is_refused() {
    let desk = Desk::new();
    let whole = fs::read(Film::default().file()).unwrap();
    let index = whole.windows(4).rposition(|w| w == b"moov").unwrap() - 4;
    desk.write("cut.mp4", &whole[..index]);
    is_refused_everywhere(&desk, "cut.mp4");
}

#[test]
fn a_missing_file_is_refused() {
    is_refused_everywhere(&Desk::new(), "gone.mp4");
}

#[test]
fn a_folder_in_place_of_a_file_is_refused() {
    let desk = Desk::new();
    fs::create_dir(desk.path("folder.mp4")).unwrap();
    is_refused_everywhere(&desk, "folder.mp4");
}

#[test]
fn of_a_truncated_film_what_is_there_is_used_and_the_last_frame_held() {
    let desk = Desk::new();
    let whole = fs::read(index_first(100)).unwrap();
    desk.write("short.mp4", &whole[..whole.len() / 2]);
    plays_as_far_as_it_goes(&desk, "short.mp4");
}

#[test]
fn a_film_with_a_corrupt_payload_plays_on_or_holds_the_last_frame() {
    let desk = Desk::new();
    let mut bytes = fs::read(index_first(100)).unwrap();
    let payload = bytes.windows(4).position(|w| w == b"mdat").unwrap() + 4;
    let begin = payload + (bytes.len() - payload) / 2;
    let damage = noise(bytes.len() - begin);
    bytes[begin..].copy_from_slice(&damage);
    desk.write("scratched.mp4", bytes);
    plays_as_far_as_it_goes(&desk, "scratched.mp4");
}

/// Of 100 frames the first half is good. The project is as long as the file says; the good frames are right; the export is
/// complete, and its tail shows one held frame.
fn plays_as_far_as_it_goes(desk: &Desk, file: &str) {
    assert_eq!(desk.json(["new", "film.montage", file])["duration_secs"], 4.0);
    desk.run(["frame", "film.montage", "--at", "20f", "-o", "good.png"]).succeeded();
    assert_eq!(number(&image::open(desk.path("good.png")).unwrap().to_luma8()), 20);
    desk.run(["frame", "film.montage", "--at", "99f", "-o", "held.png"]).succeeded();
    let outcome = desk.run(["export", "film.montage", "-o", "out.mp4"]).succeeded();
    assert!(outcome.stderr.contains(file), "no warning names the damaged file:\n{}", outcome.stderr);
    let shown = numbers(&desk.path("out.mp4"));
    assert_eq!(shown.len(), 100);
    assert!((0..25).eq(shown[..25].iter().copied()), "{shown:?}");
}

#[test]
fn sound_without_a_picture_is_a_film_to_listen_to() {
    let desk = Desk::new();
    let tone = kept("tone flac 3 s", "flac", |path| {
        let options = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=3"];
        assert!(Command::new("ffmpeg").args(options).arg(path).status().unwrap().success());
    });
    desk.copy(&tone, "tone.flac");
    let probe = desk.json(["probe", "tone.flac"]);
    assert_eq!((&probe["audio"]["codec"], &probe["duration_secs"]), (&"flac".into(), &3.0.into()));
    assert!(probe["video"].is_null());
    desk.run(["frame", "tone.flac", "--at", "1", "-o", "frame.png"]).failed_clearly(&["tone.flac", "picture"]);
    assert_eq!(desk.json(["new", "radio.montage", "tone.flac"])["clips"], 1);
    desk.run(["export", "radio.montage", "-o", "radio.wav"]).succeeded();
    assert_eq!(footage::sound(&desk.path("radio.wav")).len(), 3 * 48000);
}

#[test]
fn a_missing_plug_in_is_named_with_its_package() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    // A folder with every plug-in of this machine but the H.264 decoders.
    let variable = Command::new("pkg-config").args(["--variable=pluginsdir", "gstreamer-1.0"]).output().unwrap();
    let installed = PathBuf::from(String::from_utf8(variable.stdout).unwrap().trim());
    let plugins = desk.path("plugins");
    fs::create_dir(&plugins).unwrap();
    for name in listing(&installed).iter().filter(|n| n.ends_with(".so")) {
        let decodes_h264 = ["libav", "openh264", "va", "nvcodec", "v4l2codecs", "video4linux2", "qsv", "msdk", "vulkan", "vaapi"];
        if !decodes_h264.iter().any(|d| *name == format!("libgst{d}.so")) {
            std::os::unix::fs::symlink(installed.join(name), plugins.join(name)).unwrap();
        }
    }
    for arguments in [&["new", "film.montage", "film.mp4"][..], &["frame", "film.mp4", "--at", "0", "-o", "frame.png"]] {
        let mut command = desk.command(arguments);
        command.env("GST_PLUGIN_SYSTEM_PATH_1_0", &plugins).env("GST_PLUGIN_PATH_1_0", "").env("GST_REGISTRY_1_0", desk.path("registry"));
        let outcome = Running::start(command).end().failed_clearly(&["film.mp4", "264"]);
        assert!(outcome.hint().contains("gstreamer1.0-libav"), "{}", outcome.hint());
    }
    assert!(!desk.path("film.montage").exists() && !desk.path("frame.png").exists());
}

#[test]
fn a_project_whose_media_is_gone_says_which_and_exports_nothing() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "a.mp4");
    desk.copy(&Film { first: 1000, ..Film::default() }.file(), "b.mp4");
    desk.run(["new", "film.montage", "a.mp4", "b.mp4"]).succeeded();
    let project = fs::read(desk.path("film.montage")).unwrap();
    fs::remove_file(desk.path("b.mp4")).unwrap();
    desk.run(["export", "film.montage", "-o", "out.mp4"]).failed_clearly(&["b.mp4"]);
    assert_eq!(desk.listing(), ["a.mp4", "film.montage"]);
    assert_eq!(fs::read(desk.path("film.montage")).unwrap(), project);
    // What does not need it still works.
    desk.run(["frame", "film.montage", "--at", "10f", "-o", "frame.png"]).succeeded();
}

#[test]
fn a_disk_that_takes_no_more_stops_the_export_and_keeps_the_old_file() {
    let desk = Desk::new();
    desk.copy(&noise_film(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    desk.write("out.mp4", "the last good export");
    let before = desk.listing();
    // `--cpu`: a software graphics driver keeps its memory in files without a name, which the limit would hit.
    let mut command = desk.command(["export", "film.montage", "-o", "out.mp4", "--cpu"]);
    // A limit on the size of a file behaves like a disk that is full from there on, and needs no rights.
    // SAFETY: between fork and exec only setrlimit and signal are called, both async-signal-safe.
    unsafe {
        command.pre_exec(|| {
            let limit = libc::rlimit { rlim_cur: 256 * 1024, rlim_max: 256 * 1024 };
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            if libc::setrlimit(libc::RLIMIT_FSIZE, &limit) == 0 { Ok(()) } else { Err(std::io::Error::last_os_error()) }
        });
    }
    Running::start(command).end().failed_clearly(&["out.mp4"]);
    assert_eq!(desk.listing(), before);
    assert_eq!(fs::read(desk.path("out.mp4")).unwrap(), b"the last good export");
}

#[test]
fn a_full_disk_is_called_by_its_name() {
    let desk = Desk::new();
    desk.copy(&noise_film(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    fs::create_dir(desk.path("small")).unwrap();
    // A file system of 256 KiB in a mount namespace of its own; the shell tells what is left on it before it vanishes.
    let inner = desk.command(["export", "film.montage", "-o", "small/out.mkv"]);
    let mut command = desk.command::<&str>([]);
    command = {
        let mut outer = Command::new("unshare");
        outer.args(["--user", "--map-root-user", "--mount", "sh", "-c"]);
        outer.arg(r#"mount -t tmpfs -o size=256k small small || exit 77; "$@"; status=$?; ls -A small >left; exit $status"#);
        outer.arg("sh").arg(inner.get_program()).args(inner.get_args());
        outer.current_dir(desk.path("")).envs(command.get_envs().filter_map(|(k, v)| Some((k, v?))));
        outer.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        outer
    };
    let outcome = Running::start(command).end();
    if outcome.status.code() == Some(77) || outcome.stderr.contains("unshare") {
        // Containers and hardened kernels forbid it; the size limit above covers the path on every machine.
        eprintln!("this machine allows no mount namespace: {}", outcome.stderr);
        return;
    }
    outcome.failed_clearly(&["out.mkv", "full"]);
    assert_eq!(fs::read_to_string(desk.path("left")).unwrap(), "");
}

#[test]
fn a_folder_that_may_not_be_written_is_named() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    fs::create_dir(desk.path("locked")).unwrap();
    fs::set_permissions(desk.path("locked"), fs::Permissions::from_mode(0o555)).unwrap();
    // Permissions do not bind root; no user may make a file in sysfs.
    let locked = if fs::write(desk.path("locked/try"), "").is_ok() { PathBuf::from("/sys/kernel") } else { desk.path("locked") };
    for arguments in [["export", "film.montage", "-o", "out.mp4"], ["export", "film.montage", "-o", "out.webm"]] {
        let target = locked.join(arguments[3]);
        desk.run([arguments[0], arguments[1], arguments[2], target.to_str().unwrap()]).failed_clearly(&[locked.to_str().unwrap()]);
        assert!(!target.exists());
    }
    let target = locked.join("frame.png");
    desk.run(["frame", "film.montage", "--at", "0", "-o", target.to_str().unwrap()]).failed_clearly(&[locked.to_str().unwrap()]);
    let target = locked.join("new.montage");
    desk.run(["new", target.to_str().unwrap(), "film.mp4"]).failed_clearly(&[locked.to_str().unwrap()]);
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    desk.run(["export", "film.montage", "-o", "no/such/out.mp4"]).failed_clearly(&["no/such"]);
    desk.run(["frame", "film.montage", "--at", "0", "-o", "no/such/frame.png"]).failed_clearly(&["no/such"]);
    desk.run(["new", "no/such/film.montage", "film.mp4"]).failed_clearly(&["no/such"]);
    assert_eq!(desk.listing(), ["film.montage", "film.mp4"]);
}

#[test]
fn an_output_over_an_input_is_refused_under_any_of_its_names() {
    let desk = Desk::new();
    let file = desk.copy(&Film::default().file(), "film.mp4");
    let bytes = fs::read(&file).unwrap();
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    let project = fs::read(desk.path("film.montage")).unwrap();
    fs::create_dir(desk.path("sub")).unwrap();
    std::os::unix::fs::symlink("film.mp4", desk.path("link.mp4")).unwrap();
    fs::hard_link(&file, desk.path("hard.mp4")).unwrap();
    for name in ["film.mp4", "./film.mp4", "sub/../film.mp4", "link.mp4", "hard.mp4", file.to_str().unwrap()] {
        desk.run(["export", "film.montage", "-o", name]).failed_clearly(&[".mp4"]);
    }
    desk.run(["export", "film.montage", "-o", "film.montage"]).refused();
    desk.run(["frame", "film.mp4", "--at", "0", "-o", "film.mp4"]).refused();
    assert_eq!(fs::read(&file).unwrap(), bytes);
    assert_eq!(fs::read(desk.path("film.montage")).unwrap(), project);
}

#[test]
fn odd_names_go_in_and_out_unharmed() {
    let long = format!("{}.mp4", "n".repeat(196));
    for name in
        ["with space.mp4", "100%25 %20.mp4", "take #3?.mp4", "Übergröße.mp4", "日本語の映像.mp4", "-dash.mp4", "quote'\"&;$x.mp4", &long]
    {
        let desk = Desk::new();
        desk.copy(&Film::default().file(), name);
        let given = format!("./{name}");
        assert_eq!(desk.json(["probe", &given])["video"]["frames"], 50, "{name}");
        let stem = name.strip_suffix(".mp4").unwrap();
        let project = format!("./{}.montage", stem.strip_prefix(&"n".repeat(10)).unwrap_or(stem));
        assert_eq!(desk.json(["new", &project, &given])["clips"], 1, "{name}");
        let frame = format!("./{stem}.png");
        desk.run(["frame", &project, "--at", "7f", "-o", &frame]).succeeded();
        assert_eq!(number(&image::open(desk.path(&frame)).unwrap().to_luma8()), 7, "{name}");
        let out = format!("./out {}", stem.chars().take(180).collect::<String>() + ".mp4");
        desk.run(["export", &project, "-o", &out, "--range", "0..10f"]).succeeded();
        assert_eq!(numbers(&desk.path(&out)), (0..10).collect::<Vec<_>>(), "{name}");
    }
}

#[test]
fn the_smallest_and_the_oddest_size_go_through() {
    for (width, height) in [(1, 1), (1919, 1079)] {
        let desk = Desk::new();
        let film = Film { width, height, frames: 5, video: "-c:v libx264 -preset ultrafast -crf 10 -pix_fmt yuv444p", ..Film::default() };
        desk.copy(&film.file(), "odd.mp4");
        let video = &desk.json(["probe", "odd.mp4"])["video"];
        assert_eq!((&video["width"], &video["height"]), (&width.into(), &height.into()));
        desk.run(["new", "odd.montage", "odd.mp4"]).succeeded();
        desk.run(["frame", "odd.montage", "--at", "3f", "-o", "odd.png"]).succeeded();
        // Chroma at half the resolution needs even sides: at most one column and row more or less. No muxer takes less than 16.
        let about = |w: u32, h: u32| w.abs_diff(width) <= 1 && h.abs_diff(height) <= 1;
        let (w, h) = picture(&desk.path("odd.png")).dimensions();
        assert!(about(w, h), "{w}×{h}");
        desk.run(["export", "odd.montage", "-o", "out.mp4"]).succeeded();
        let stream = footage::video_stream(&desk.path("out.mp4"));
        assert_eq!(stream["nb_read_frames"], "5");
        let side = |key: &str| u32::try_from(stream[key].as_u64().unwrap()).unwrap();
        assert!(about(side("width"), side("height")) || (side("width"), side("height")) == (16, 16), "{stream}");
        if width > 1 {
            assert_eq!(numbers(&desk.path("out.mp4")), (0..5).collect::<Vec<_>>());
        }
    }
}

#[test]
fn a_project_without_clips_exports_nothing_and_says_so() {
    let desk = Desk::new();
    let new = desk.json(["new", "empty.montage"]);
    assert_eq!((&new["clips"], &new["duration_secs"]), (&0.into(), &0.0.into()));
    desk.run(["export", "empty.montage", "-o", "out.mp4"]).failed_clearly(&["empty.montage"]);
    assert_eq!(desk.listing(), ["empty.montage"]);
}

#[test]
fn a_gap_of_ten_hours_is_crossed_at_once() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "gap.montage", "film.mp4"]).succeeded();
    let far = 10 * 3600 * 25;
    let project = fs::read_to_string(desk.path("gap.montage")).unwrap();
    let moved = project.replace("start: 0,", &format!("start: {far},"));
    assert_ne!(project, moved, "the project file has no `start: 0,`:\n{project}");
    desk.write("gap.montage", moved);
    desk.run(["frame", "gap.montage", "--at", &format!("{}f", far + 7), "-o", "there.png"]).succeeded();
    assert_eq!(number(&image::open(desk.path("there.png")).unwrap().to_luma8()), 7);
    desk.run(["frame", "gap.montage", "--at", "18000", "-o", "gap.png"]).succeeded();
    assert!(picture(&desk.path("gap.png")).pixels().all(|p| p.0 == [0, 0, 0]));
    let range = format!("{}f..{}f", far - 3, far + 3);
    assert_eq!(desk.json(["export", "gap.montage", "-o", "out.mp4", "--range", &range])["frames"], 6);
    assert_eq!(numbers(&desk.path("out.mp4")), [0, 0, 0, 0, 1, 2]);
}

/// Every command that opens a project refuses this one with these words, and leaves it as it is.
fn project_is_refused(desk: &Desk, file: &str, words: &[&str]) {
    let before = (desk.listing(), fs::read(desk.path(file)).unwrap());
    desk.run(["frame", file, "--at", "0", "-o", "frame.png"]).failed_clearly(words);
    desk.run(["export", file, "-o", "out.mp4"]).failed_clearly(words);
    desk.run(["edit", file, "--commands", file]).failed_clearly(words);
    assert_eq!((desk.listing(), fs::read(desk.path(file)).unwrap()), before);
}

#[test]
fn a_project_of_a_newer_version_is_refused_with_its_version() {
    let desk = Desk::new();
    desk.run(["new", "film.montage"]).succeeded();
    let text = fs::read_to_string(desk.path("film.montage")).unwrap();
    let (before, after) = text.split_once("version: ").expect("the project file states its version");
    let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap();
    desk.write("newer.montage", format!("{before}version: 9876{}", &after[digits..]));
    project_is_refused(&desk, "newer.montage", &["newer.montage", "9876"]);
}

#[test]
fn a_malformed_project_is_refused_with_line_and_column() {
    let desk = Desk::new();
    desk.run(["new", "film.montage"]).succeeded();
    let text = fs::read_to_string(desk.path("film.montage")).unwrap();
    let line = text.lines().position(|l| l.contains("frame_rate")).expect("the project file states its frame rate");
    let broken: Vec<_> = text.lines().enumerate().map(|(n, l)| if n == line { l.replace(':', " §") } else { l.into() }).collect();
    desk.write("broken.montage", broken.join("\n"));
    project_is_refused(&desk, "broken.montage", &["broken.montage", &format!("line {}", line + 1), "column"]);
    desk.write("half.montage", &text[..text.len() / 2]);
    project_is_refused(&desk, "half.montage", &["half.montage"]);
    desk.write("empty.montage", "");
    project_is_refused(&desk, "empty.montage", &["empty.montage"]);
    desk.write("noise.montage", noise(5000));
    project_is_refused(&desk, "noise.montage", &["noise.montage"]);
}

#[test]
fn a_missing_project_is_refused() {
    let desk = Desk::new();
    desk.run(["frame", "gone.montage", "--at", "0", "-o", "frame.png"]).failed_clearly(&["gone.montage"]);
    desk.run(["export", "gone.montage", "-o", "out.mp4"]).failed_clearly(&["gone.montage"]);
    assert_eq!(desk.listing(), Vec::<String>::new());
}

#[test]
fn a_failed_edit_changes_nothing() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    let project = fs::read(desk.path("film.montage")).unwrap();
    // The first line is fine, the second names a clip that is not there: all or nothing.
    desk.write("edits.ron", "RenameProject(name: \"Renamed\")\nRemove(clips: [987654], ripple: false)\n");
    desk.run(["edit", "film.montage", "--commands", "edits.ron"]).failed_clearly(&["987654"]);
    desk.write("edits.ron", "RenameProject(name: \"Renamed\")\nNonsense(1)\n");
    desk.run(["edit", "film.montage", "--commands", "edits.ron"]).failed_clearly(&["edits.ron", "line 2"]);
    desk.run(["edit", "film.montage", "--commands", "gone.ron"]).failed_clearly(&["gone.ron"]);
    assert_eq!(fs::read(desk.path("film.montage")).unwrap(), project);
    assert_eq!(desk.listing(), ["edits.ron", "film.montage", "film.mp4"]);
}

#[test]
fn a_container_that_nobody_knows_is_refused_before_any_work() {
    let desk = Desk::new();
    desk.copy(&Film::default().file(), "film.mp4");
    desk.run(["new", "film.montage", "film.mp4"]).succeeded();
    desk.run(["export", "film.montage", "-o", "out.xyz"]).refused();
    assert_eq!(desk.listing(), ["film.montage", "film.mp4"]);
}

#[test]
fn a_relative_project_moves_with_its_folder() {
    let desk = Desk::new();
    fs::create_dir(desk.path("job")).unwrap();
    desk.copy(&Film::default().file(), "job/film.mp4");
    desk.run(["new", "job/film.montage", "job/film.mp4"]).succeeded();
    fs::rename(desk.path("job"), desk.path("moved")).unwrap();
    desk.run(["frame", "moved/film.montage", "--at", "5f", "-o", "frame.png"]).succeeded();
    assert_eq!(number(&image::open(desk.path("frame.png")).unwrap().to_luma8()), 5);
}
