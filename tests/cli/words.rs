//! Transcripts from the command line: from a recogniser that is well, busy, slow or broken, and from files.

use crate::desk::{Desk, Running};
use serde_json::json;
use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// Four seconds of syllables: 150 ms of a voice with a falling pitch, a pause of 80 ms, and so on.
fn talk(desk: &Desk, name: &str) {
    let rate = 16_000u32;
    let sample = |n: u32| {
        let within = (n as f32 / rate as f32) % 0.23;
        if within > 0.15 {
            return 0i16;
        }
        let hz = 140.0 - 60.0 * within;
        (4000.0 * (1..12).map(|k| (std::f32::consts::TAU * hz * k as f32 * within).sin() / k as f32).sum::<f32>()) as i16
    };
    let data: Vec<u8> = (0..rate * 4).flat_map(|n| sample(n).to_le_bytes()).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(rate.to_le_bytes());
    file.extend((rate * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    desk.write(name, file);
}

/// A recogniser that gives these answers in turn (the last one for ever); its address, and how often it was asked.
fn recogniser(answers: Vec<(u16, &'static str)>) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let (status, body) = answers[count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)];
            let (mut got, mut block) = (Vec::new(), [0; 65536]);
            while !got.ends_with(b"--\r\n") {
                match stream.read(&mut block) {
                    Ok(n) if n > 0 => got.extend(&block[..n]),
                    _ => break,
                }
            }
            if status == 0 {
                thread::sleep(Duration::from_secs(60));
            }
            let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    (url, asked)
}

const GOOD: &str = r#"{"language":"english","segments":[{"start":0.5,"end":2.0,"text":" Hello world."}],
    "words":[{"word":"Hello","start":0.5,"end":1.0},{"word":"world.","start":1.1,"end":2.0},{"word":"beyond","start":99,"end":100}]}"#;

#[test]
fn speech_becomes_text_in_every_format_and_is_asked_for_once() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    // busy at first: tried again by itself
    let (url, asked) = recogniser(vec![(503, "later"), (200, GOOD)]);
    let said = desk.json(["transcribe", "talk.wav", "--endpoint", &url, "-o", "words.srt"]);
    assert_eq!(said["language"], "en");
    let words = said["segments"][0]["words"].as_array().unwrap();
    let found: Vec<_> =
        words.iter().map(|w| (w["text"].as_str().unwrap(), w["start"].as_f64().unwrap(), w["end"].as_f64().unwrap())).collect();
    assert_eq!(found, [("Hello", 0.5, 1.0), ("world.", 1.1, 2.0)], "what lies beyond the file is no word of it");
    assert_eq!(fs::read_to_string(desk.path("words.srt")).unwrap(), "1\n00:00:00,500 --> 00:00:02,000\nHello world.\n\n");
    for (name, part) in [("w.vtt", "Hello <00:00:01.100>world."), ("w.txt", "Hello world.\n"), ("w.json", "\"word\": \" Hello\"")] {
        desk.run(["transcribe", "talk.wav", "--endpoint", &url, "-o", name]).succeeded();
        assert!(fs::read_to_string(desk.path(name)).unwrap().contains(part), "{name}");
    }
    let text = desk.run(["transcribe", "talk.wav", "--endpoint", &url, "-f", "txt"]).succeeded().stdout;
    assert_eq!((text.as_str(), asked.load(Ordering::SeqCst)), ("Hello world.\n", 2));
    // what was written is read by another program too
    for name in ["words.srt", "w.vtt"] {
        let read = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(desk.path(name)).args(["-f", "srt", "-"]).output().unwrap();
        assert!(read.status.success() && String::from_utf8_lossy(&read.stdout).contains("world."), "{name}");
    }
}

#[test]
fn without_a_recogniser_or_with_a_bad_one_there_is_one_line_and_a_hint() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    desk.write("text.mp4", "no film");
    let (wrong, _) = recogniser(vec![(401, r#"{"error":{"message":"no such key"}}"#)]);
    let (nonsense, _) = recogniser(vec![(200, "<html>")]);
    let cases: [(&[&str], &str); 6] = [
        (&["talk.wav"], "no model of speech"),
        (&["talk.wav", "--endpoint", "ftp://x"], "address"),
        (&["talk.wav", "--endpoint", &wrong], "no such key"),
        (&["talk.wav", "--endpoint", &nonsense], "no transcript"),
        (&["gone.wav", "--endpoint", &nonsense], "gone.wav"),
        (&["text.mp4", "--endpoint", &nonsense], "text.mp4"),
    ];
    for (arguments, word) in cases {
        let outcome = desk.run(["transcribe"].iter().chain(arguments));
        assert_eq!(outcome.status.code(), Some(1), "{arguments:?}: {}", outcome.stderr);
        let lines: Vec<&str> = outcome.stderr.lines().collect();
        assert!(lines.len() == 2 && lines[0].contains(word) && lines[1].starts_with("hint: "), "{arguments:?}: {}", outcome.stderr);
    }
    assert_eq!(desk.run(["transcribe", "talk.wav", "--language", "what is it"]).status.code(), Some(2));
}

#[test]
fn a_recogniser_that_does_not_answer_is_left_at_once() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    let (url, asked) = recogniser(vec![(0, "")]);
    let running = Running::start(desk.command(["transcribe", "talk.wav", "--endpoint", &url, "-o", "words.srt"]));
    let begun = Instant::now();
    while asked.load(Ordering::SeqCst) == 0 && begun.elapsed() < Duration::from_secs(120) {
        thread::sleep(Duration::from_millis(20));
    }
    running.signal(libc::SIGINT);
    assert_eq!(running.end().status.code(), Some(130));
    assert_eq!(desk.listing(), ["talk.wav"]);
}

#[test]
fn transcripts_from_anywhere_are_taken_into_projects_and_for_films() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    desk.run(["new", "talk.montage", "talk.wav"]).succeeded();
    desk.write("words.srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>Good</i> morning\n");
    let said = desk.json(["transcribe", "talk.montage", "--import", "words.srt"]);
    assert_eq!(said["text"], "Good morning");
    let project = fs::read_to_string(desk.path("talk.montage")).unwrap();
    assert!(project.contains("+ 1s ") && project.contains(" Good\"") && project.contains(" morning\""), "{project}");
    // for the film itself: whoever asks for its words gets these, without a recogniser
    desk.run(["transcribe", "talk.wav", "--import", "words.srt"]).succeeded();
    assert_eq!(desk.json(["transcribe", "talk.wav"])["text"], "Good morning");
    // words can be cut out of the project as any edit can
    desk.write("cut.ron", "CutWords(ranges: [(30, 45)], tracks: [])");
    let edited = desk.json(["edit", "talk.montage", "--commands", "cut.ron"]);
    assert_eq!(edited["applied"], json!(1));
    desk.write("bad.srt", "1\n00:99:01,000 --> 1\nx");
    desk.write("words.txt", "no times");
    for name in ["bad.srt", "words.txt", "gone.vtt"] {
        let outcome = desk.run(["transcribe", "talk.montage", "--import", name]);
        assert!(
            outcome.status.code() == Some(1) && outcome.stderr.contains(name) && outcome.stderr.lines().count() <= 2,
            "{}",
            outcome.stderr
        );
    }
    let outcome = desk.run(["transcribe", "talk.montage", "--import", "words.srt", "--media", "other.wav"]);
    assert!(outcome.status.code() == Some(1) && outcome.stderr.contains("talk"), "{}", outcome.stderr);
}

/// Starts and ends of an SRT file's captions in milliseconds.
fn times(srt: &str) -> Vec<(i64, i64)> {
    let clock = |t: &str| {
        let n: Vec<i64> = t.trim().split([':', ',']).map(|p| p.parse().unwrap()).collect();
        ((n[0] * 60 + n[1]) * 60 + n[2]) * 1000 + n[3]
    };
    srt.lines().filter_map(|l| l.split_once(" --> ")).map(|(a, b)| (clock(a), clock(b))).collect()
}

#[test]
fn hostile_captions_are_captions_in_order_or_one_clear_line() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    let cue = |from: &str, to: &str, text: &str| format!("1\n{from} --> {to}\n{text}\n\n");
    let overlaps: String = (0..50).map(|i| cue(&format!("00:00:0{},000", i % 7), "00:00:09,000", &format!("line {i}"))).collect();
    let long = cue("00:00:00,500", "00:00:02,000", &"wide ".repeat(200_000));
    let one_word = cue("00:00:00,500", "00:00:02,000", &"w".repeat(1 << 20));
    let html = cue("00:00:00,500", "00:00:02,000", "<script>alert(1)</script><b onclick=x>bold & <unclosed </b>&lt;x&gt;&#0;");
    let page = "<html><head><title>404</title></head><body>--> not found</body></html>".to_owned();
    let negative = cue("-00:00:05,000", "00:00:01,000", "before the film");
    let backwards = cue("00:00:03,000", "00:00:01,000", "never") + &cue("00:00:01,000", "00:00:02,000", "once");
    let far = cue("99999:00:00,000", "99999:00:01,000", "far") + &cue("00:00:01,000", "18446744073709551616:00:00,000", "huge");
    let odd = cue("00:00:01,000", "00:00:02,000", "\u{202e}evil\u{7}\u{1b}[31m \u{fdfa}\u{1F469}\u{200D}\u{1F469}");
    let many: String =
        (0..20_000).map(|i| cue(&format!("{:02}:{:02}:{:02},000", i / 3600, i / 60 % 60, i % 60), "23:00:00,000", "x")).collect();
    let mut files: Vec<(&str, Vec<u8>, bool)> = vec![
        ("overlaps", overlaps.into_bytes(), true),
        ("long", long.into_bytes(), true),
        ("one-word", one_word.into_bytes(), true),
        ("html", html.into_bytes(), true),
        ("page", page.into_bytes(), false),
        ("negative", negative.into_bytes(), false),
        ("backwards", backwards.into_bytes(), true),
        ("far", far.into_bytes(), false),
        ("odd", odd.clone().into_bytes(), true),
        ("nought", odd.replace('\u{7}', "\0").into_bytes(), true),
        ("many", many.into_bytes(), true),
        ("nothing", Vec::new(), true),
    ];
    files.push(("binary", (0..=255u8).cycle().take(100_000).collect(), false));
    for (name, bytes, is_good) in files {
        desk.write(format!("{name}.srt"), bytes);
        let (srt, project) = (format!("{name}.srt"), format!("{name}.montage"));
        let converted = desk.run(["convert", &srt, &project]);
        assert_eq!(converted.status.code(), Some(i32::from(!is_good)), "{name}: {}", &converted.stderr[..converted.stderr.len().min(400)]);
        desk.run(["new", "said.montage", "talk.wav"]).succeeded();
        let imported = desk.run(["transcribe", "said.montage", "--import", &srt]);
        for outcome in [&converted, &imported] {
            let lines: Vec<&str> = outcome.stderr.lines().collect();
            let clear = lines.len() == 2 && lines[0].contains(&srt) && lines[0].len() < 400 && lines[1].starts_with("hint: ");
            assert!(
                outcome.status.code() == Some(0) && lines.is_empty() || clear,
                "{name}: {}",
                &outcome.stderr[..outcome.stderr.len().min(400)]
            );
        }
        if !is_good {
            assert!(!desk.path(&project).exists(), "{name}");
            continue;
        }
        if matches!(name, "long" | "one-word") {
            // longer than a caption can be: left out, and that is said in a line that is none of a megabyte
            assert!(converted.stdout.contains("left out") && converted.stdout.len() < 2000, "{name}: {}", converted.stdout.len());
        } else if name != "nothing" {
            desk.run(["convert", &project, "back.srt"]).succeeded();
            let back = times(&fs::read_to_string(desk.path("back.srt")).unwrap());
            assert!(!back.is_empty() && back.iter().all(|(a, b)| *a >= 0 && a < b), "{name}");
            assert!(back.windows(2).all(|w| w[0].1 <= w[1].0), "{name}: captions overlap: {:?}", &back[..back.len().min(20)]);
            let drawn = desk.run(["frame", &project, "--at", "1.0", "-o", "frame.png"]);
            assert!(matches!(drawn.status.code(), Some(0 | 1)) && drawn.stderr.lines().count() <= 2, "{name}: {}", drawn.stderr);
        }
        // what is taken as words is a transcript that can be written and read again
        if imported.status.success() {
            desk.run(["transcribe", "said.montage", "--import", &srt, "-o", "words.vtt"]).succeeded();
            desk.run(["transcribe", "said.montage", "--import", "words.vtt"]).succeeded();
        }
    }
}

#[test]
fn captions_that_cannot_be_are_refused_by_edits() {
    let desk = Desk::new();
    talk(&desk, "talk.wav");
    desk.run(["new", "film.montage", "talk.wav"]).succeeded();
    let caption = |id: u64, start: i64, duration: i64| {
        format!("AddCaption(caption: (id: {id}, start: {start}, duration: {duration}, text: \"x\", words: []))\n")
    };
    desk.write("good.ron", caption(900, 0, 30));
    desk.run(["edit", "film.montage", "--commands", "good.ron"]).succeeded();
    let before = fs::read(desk.path("film.montage")).unwrap();
    for (name, command) in [
        ("overlap.ron", caption(901, 10, 30)),
        ("negative.ron", caption(902, -10, 5)),
        ("empty.ron", caption(903, 40, 0)),
        ("backwards.ron", caption(904, 40, -5)),
        ("same.ron", caption(900, 60, 5)),
        ("huge.ron", caption(905, i64::MAX - 2, 5)),
    ] {
        desk.write(name, command);
        desk.run(["edit", "film.montage", "--commands", name]).failed_clearly(&["command 1"]);
    }
    assert_eq!(fs::read(desk.path("film.montage")).unwrap(), before);
}
