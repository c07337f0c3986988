//! Speech recognised on this machine, from the command line: with a model that says what it was told to (tests/common/whisper.rs), so
//! that everything but the understanding is the real thing; and every kind of sound and file that somebody may come with.

use crate::{
    common::whisper::{ENGLISH, GERMAN, Say, scripted, write_scripted},
    desk::{Desk, Outcome, Running},
    proxies::on_a_small_disk,
};
use std::{fs, path::PathBuf, process::Command, thread, time::Duration};

/// What the model says: two phrases, of which the first begins with the sound of [`speech`] and not before, for Whisper lets it begin with
/// the chunk. Times within come in pairs, and the last one ends the chunk.
const SCRIPT: [Say; 8] = [
    Say::Time(0),
    Say::Text(b" Guten", 1.0),
    Say::Text(b" Tag", 0.5),
    Say::Text(b".", 1.0),
    Say::Time(125),
    Say::Time(126),
    Say::Text(b" Welt", 1.0),
    Say::Time(135),
];

/// Where the program looks for models.
fn models(desk: &Desk) -> PathBuf {
    let folder = desk.home().join("data/models");
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn with_model(name: &str) -> Desk {
    let desk = Desk::new();
    write_scripted(&models(&desk).join(name), GERMAN, &SCRIPT);
    desk
}

/// A sound by ffmpeg's generators.
fn sound(desk: &Desk, name: &str, source: &str, further: &[&str]) {
    let status = Command::new("ffmpeg").args(["-v", "error", "-f", "lavfi", "-i", source]).args(further).arg(desk.path(name)).status();
    assert!(status.unwrap().success(), "{name}");
}

/// Speech of espeak-ng: "Good morning" from the second second on.
fn speech(desk: &Desk, name: &str, further: &[&str]) {
    let raw = desk.path("espeak.wav");
    assert!(Command::new("espeak-ng").args(["-v", "en", "-w"]).arg(&raw).arg("Good morning, my old friend.").status().unwrap().success());
    let delayed = ["-af", "adelay=1000:all=1,apad=pad_dur=1"];
    let status = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(&raw).args(delayed).args(further).arg(desk.path(name)).status();
    assert!(status.unwrap().success());
    fs::remove_file(raw).unwrap();
}

fn one_line(outcome: &Outcome, says: &str) {
    assert_eq!(outcome.status.code(), Some(1), "{}", outcome.stderr);
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    assert!(lines.len() <= 2 && lines[0].contains(says), "{}", outcome.stderr);
    assert!(lines.len() < 2 || lines[1].starts_with("hint: "), "{}", outcome.stderr);
}

#[test]
fn speech_becomes_words_on_this_machine_in_every_kind_of_sound() {
    let desk = with_model("ggml-tiny.bin");
    speech(&desk, "talk.wav", &[]);
    let said = desk.json(["transcribe", "talk.wav", "-o", "talk.srt"]);
    assert_eq!((said["language"].as_str(), said["text"].as_str()), (Some("de"), Some("Guten Tag. Welt")), "{said}");
    let words: Vec<_> = said["segments"].as_array().unwrap().iter().flat_map(|s| s["words"].as_array().unwrap().clone()).collect();
    let at = |i: usize, key: &str| words[i][key].as_f64().unwrap();
    // whatever the script says, words begin where there is sound: espeak speaks from 1 s on
    assert!(words.len() == 3 && (0.95..1.5).contains(&at(0, "start")) && at(2, "end") <= 6.0, "{words:?}");
    assert!(at(0, "confidence") > 0.9 && (0.4..0.95).contains(&at(1, "confidence")), "{words:?}");
    assert!(fs::read_to_string(desk.path("talk.srt")).unwrap().contains("Guten Tag."));
    // telephone, eight channels, a film, a file that is named oddly; by name, by path, by folder
    speech(&desk, "phone.wav", &["-ar", "8000", "-ac", "1"]);
    speech(&desk, "round.flac", &["-ac", "8", "-ar", "48000"]);
    speech(&desk, "odd näme.ogg", &["-c:a", "libopus"]);
    let own = models(&desk).join("ggml-tiny.bin").display().to_string();
    for (file, model) in [("phone.wav", "tiny"), ("round.flac", own.as_str()), ("odd näme.ogg", models(&desk).to_str().unwrap())] {
        let said = desk.json(["transcribe", file, "--model", model, "--language", "de"]);
        assert_eq!(said["text"], "Guten Tag. Welt", "{file}");
    }
}

#[test]
fn silence_and_music_are_no_words() {
    let desk = with_model("ggml-tiny.bin");
    sound(&desk, "silence.wav", "anullsrc=r=48000:cl=stereo:d=5", &[]);
    sound(&desk, "short.wav", "anullsrc=r=16000:cl=mono:d=0.05", &[]);
    sound(&desk, "noise.wav", "anoisesrc=d=4:c=pink:a=0.3", &[]);
    for file in ["silence.wav", "short.wav", "noise.wav"] {
        let said = desk.json(["transcribe", file]);
        assert!(said["segments"].as_array().unwrap().is_empty() || file == "short.wav", "{file}: {said}");
    }
    sound(&desk, "film.mp4", "testsrc2=d=1:s=64x64", &[]);
    one_line(&desk.run(["transcribe", "film.mp4"]), "no sound");
}

#[test]
fn models_that_are_not_here_or_not_whole_are_told_in_one_line() {
    let desk = Desk::new();
    speech(&desk, "talk.wav", &[]);
    let none = desk.run(["transcribe", "talk.wav"]);
    one_line(&none, "no model of speech");
    assert!(none.stderr.contains("montage-ai models pull "), "{}", none.stderr);
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "large-v3"]), "large-v3");
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "nonsense"]), "nonsense");
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "./gone.bin"]), "gone.bin");
    let model = scripted(ENGLISH, &SCRIPT);
    desk.write("half.bin", &model[..model.len() / 2]);
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "./half.bin"]), "too early");
    desk.write("page.bin", "<html>404</html>");
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "./page.bin"]), "no ggml file");
    desk.write("whole.bin", &model);
    one_line(&desk.run(["transcribe", "talk.wav", "--model", "./whole.bin", "--language", "xx"]), "xx");
    assert_eq!(desk.json(["transcribe", "talk.wav", "--model", "./whole.bin"])["language"], "en");
    // nothing was left beside the files
    assert_eq!(desk.listing(), ["half.bin", "page.bin", "talk.wav", "whole.bin"]);
}

#[test]
fn models_of_speech_have_names_sums_and_are_checked() {
    let desk = with_model("ggml-tiny.bin");
    let all = desk.json(["models", "list"]);
    let of = |name: &str| all.as_array().unwrap().iter().find(|m| m["name"] == name).unwrap_or_else(|| panic!("{name}")).clone();
    assert_eq!((of("tiny")["task"].as_str(), of("tiny")["installed"].as_bool()), (Some("speech"), Some(true)));
    assert_eq!(of("large-v3-turbo")["sha256"].as_str().map(str::len), Some(64));
    assert!(of("small")["licence"].as_str().unwrap().contains("MIT") && of("small")["bytes"].as_u64() == Some(487_601_967));
    assert_eq!(of("silero-vad")["task"], "activity");
    assert_eq!(of("compact-x2")["task"], "upscale");
    // one that is not the official file
    let checked = desk.run(["models", "verify"]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(checked.stdout.contains("SHA-256"), "{}", checked.stdout);
    // from a folder, where it is not what it says; nothing of it stays
    let from = desk.path("usb");
    fs::create_dir(&from).unwrap();
    fs::write(from.join("ggml-base.bin"), b"something else").unwrap();
    one_line(&desk.run(["models", "pull", "base", "--from", from.to_str().unwrap()]), "ggml-base.bin");
    assert!(!models(&desk).join("ggml-base.bin").exists());
    assert!(fs::read_dir(models(&desk)).unwrap().count() == 1);
    let doctor = desk.json(["doctor"]);
    let check = doctor["checks"].as_array().unwrap().iter().find(|c| c["name"] == "recognise speech").unwrap().clone();
    assert!(check["ok"] == true && check["detail"].as_str().unwrap().contains("ggml-tiny.bin"), "{check}");
}

#[test]
fn a_recognition_is_left_at_once_and_goes_on_behind_its_last_piece() {
    let desk = with_model("ggml-tiny.bin");
    // ten minutes in which something like speech is everywhere
    sound(&desk, "long.wav", "aevalsrc='0.3*sin(2*PI*(140-60*mod(t,0.23))*t)*lt(mod(t,0.23),0.15)':s=16000:d=600", &[]);
    let mut running = Running::start(desk.command(["transcribe", "long.wav", "-o", "long.srt"]));
    let work = desk.home().join("cache/work");
    let pieces = || {
        let jobs = fs::read_dir(&work).into_iter().flatten().flatten();
        jobs.flat_map(|j| fs::read_dir(j.path()).into_iter().flatten().flatten())
            .filter(|f| f.file_name().to_string_lossy().starts_with("piece-"))
            .count()
    };
    for _ in 0..3000 {
        if pieces() > 0 || !running.is_running() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    assert!(pieces() > 0 && running.is_running(), "the first piece is done, the rest is not");
    let begun = std::time::Instant::now();
    running.signal(libc::SIGINT);
    assert_eq!(running.end().status.code(), Some(130));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!(desk.listing(), ["long.wav"]);
}

/// Most memory that the program takes for a file, in KiB.
fn most_memory(desk: &Desk, file: &str) -> u64 {
    let (outcome, most) = Running::start(desk.command(["transcribe", file, "--json"])).end_with_memory();
    outcome.succeeded();
    assert!(most > 0, "nothing was seen of its memory");
    most
}

#[test]
fn a_long_file_takes_no_more_memory_than_a_short_one() {
    let desk = with_model("ggml-tiny.bin");
    // a telephone that nobody speaks into; two pieces, and seven
    sound(&desk, "short.flac", "anullsrc=r=8000:cl=mono:d=240", &[]);
    sound(&desk, "long.flac", "anullsrc=r=8000:cl=mono:d=840", &[]);
    let (short, long) = (most_memory(&desk, "short.flac"), most_memory(&desk, "long.flac"));
    // ten minutes more, as the recogniser hears them, would be 37 MiB
    assert!(long < short + 16 * 1024, "{short} KiB for four minutes, {long} KiB for fourteen");
}

#[test]
fn words_that_find_no_room_are_one_clear_line() {
    let desk = with_model("ggml-tiny.bin");
    speech(&desk, "talk.wav", &[]);
    let cache = desk.home().join("cache");
    let inner = desk.command(["transcribe", "talk.wav", "-o", "talk.srt"]);
    // room for one page, which the first piece takes
    let Some(command) = on_a_small_disk(&desk, &cache, "4k", &inner) else { return };
    one_line(&Running::start(command).end(), "could not be kept");
    assert_eq!(desk.listing(), ["talk.wav"]);
    assert_eq!(desk.json(["transcribe", "talk.wav"])["text"], "Guten Tag. Welt");
}
