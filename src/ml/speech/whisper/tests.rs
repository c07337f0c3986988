//! Tokens to words against what they should be, and the real engine with files that say what they were told to.

use super::{
    scripted::{CHINESE, ENGLISH, GERMAN, Say, scripted, write_scripted},
    tokens::{Kind, Segment, Token, words},
    *,
};
use std::path::PathBuf;

/// A token of text whose time Whisper does not know.
fn text(bytes: &[u8], probability: f32) -> Token {
    Token { kind: Kind::Text, bytes: bytes.to_vec(), probability, time: 0, time_probability: 0.0, times_probability: 0.0 }
}

/// A token of text that Whisper is sure begins at so many hundredths of its window.
fn at(bytes: &[u8], time: i64) -> Token {
    Token { time, time_probability: 0.9, times_probability: 0.9, ..text(bytes, 0.9) }
}

fn sign(kind: Kind, time: i64) -> Token {
    Token { kind, bytes: b"[_TT_]".to_vec(), ..at(b"", time) }
}

/// Words with their times in hundredths and what is believed of them, in hundredths too.
fn said(segments: &[Segment]) -> Vec<(String, i64, i64, i64)> {
    let centi = |t: Time| t.to_samples(100, crate::base::Rounding::Nearest);
    // sound of one level moves no word
    let flat = vec![0.0; 16_000 * 30];
    let all = words(segments, &levels::Levels::of(&flat));
    all.into_iter().map(|w| (w.text, centi(w.start), centi(w.end), (w.confidence.unwrap() * 100.0).round() as i64)).collect()
}

fn one(start: i64, end: i64, tokens: Vec<Token>) -> Vec<(String, i64, i64, i64)> {
    let mut all = vec![sign(Kind::Begin, start)];
    all.extend(tokens);
    all.push(sign(Kind::Sign, end));
    said(&[Segment { start, end, tokens: all }])
}

/// `text start end confidence`, one a line.
fn lines(words: &[(String, i64, i64, i64)]) -> Vec<String> {
    words.iter().map(|(t, a, b, c)| format!("{t} {a} {b} {c}")).collect()
}

#[test]
fn tokens_become_words_with_their_times_and_confidence() {
    // pieces of words, a comma with a time of its own, a time that Whisper knows
    let tokens = vec![text(b" And", 0.9), text(b" so", 0.8), text(b",", 0.5), at(b" fel", 140), text(b"low", 0.7), text(b".", 0.6)];
    assert_eq!(lines(&one(0, 250, tokens)), ["And 0 60 90", "so, 60 100 80", "fellow. 140 213 80"]);
    // a sign in two tokens, and one that never becomes whole
    let tokens = vec![text(b" na", 1.0), text(b"\xc3", 0.6), text(b"\xafve", 0.8), text(b" \xe2\x82", 0.1), text(b" x", 1.0)];
    let found = one(0, 100, tokens);
    assert_eq!(found.iter().map(|w| w.0.as_str()).collect::<Vec<_>>(), ["na\u{ef}ve", "x"]);
    assert_eq!(found[0].3, 80);
    // Chinese: words without spaces, several in a token; a full stop hangs on the last
    let found = one(
        0,
        80,
        vec![text("\u{4f60}\u{597d}".as_bytes(), 0.9), text("\u{4e16}".as_bytes(), 0.8), text("\u{754c}\u{3002}".as_bytes(), 0.7)],
    );
    assert_eq!(lines(&found), ["\u{4f60} 0 16 90", "\u{597d} 16 32 90", "\u{4e16} 32 48 80", "\u{754c}\u{3002} 48 64 70"]);
    // right to left, hyphen, apostrophe, number
    let found = one(
        0,
        100,
        vec![
            text(" \u{5e9}\u{5dc}\u{5d5}\u{5dd}".as_bytes(), 0.9),
            text(b" it", 1.0),
            text(b"'s", 1.0),
            text(b" 3", 1.0),
            text(b".5", 1.0),
        ],
    );
    assert_eq!(found.iter().map(|w| w.0.as_str()).collect::<Vec<_>>(), ["\u{5e9}\u{5dc}\u{5d5}\u{5dd}", "it's", "3.5"]);
}

#[test]
fn what_is_no_speech_is_no_word_and_segments_open_phrases() {
    for noise in ["[BLANK_AUDIO]", " (applause)", " *sighs*", " \u{266a} la la \u{266a}", "...", " [MUSIC PLAYING]"] {
        assert_eq!(one(0, 300, vec![text(noise.as_bytes(), 0.9)]), [], "{noise}");
    }
    assert_eq!(one(0, 100, vec![text(b" (He", 0.9), text(b") left", 0.9)]).len(), 2, "what is said is kept");
    let segment =
        |start, end, word: &[u8]| Segment { start, end, tokens: vec![sign(Kind::Begin, start), text(word, 0.9), sign(Kind::Sign, end)] };
    let flat = vec![0.0; 16_000 * 5];
    let all = words(&[segment(0, 100, b" One two"), segment(100, 300, b" three")], &levels::Levels::of(&flat));
    assert_eq!(all.iter().map(|w| w.opens).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(said(&[]), []);
    assert_eq!(said(&[Segment { start: 5, end: 5, tokens: vec![] }]), []);
    // a segment that goes back, or ends before it begins, does not take words with it
    let odd = said(&[segment(200, 100, b" a"), segment(50, 80, b" b")]);
    assert!(odd[0].2 <= odd[1].1 && odd.iter().all(|w| w.2 > w.1), "{odd:?}");
}

proptest::proptest! {
    #[test]
    fn words_of_any_tokens_are_in_order(
        segments in proptest::collection::vec((0i64..3000, 0i64..3000, proptest::collection::vec((proptest::collection::vec(0u8..255, 0..6), -5i64..3000, 0.0f32..1.0), 0..8)), 0..4)
    ) {
        let tokens = |all: Vec<(Vec<u8>, i64, f32)>| all.into_iter().map(|(b, t, p)| Token { time: t, time_probability: p, times_probability: p, ..text(&b, p) }).collect();
        let segments: Vec<Segment> = segments.into_iter().map(|(start, end, t)| Segment { start, end, tokens: tokens(t) }).collect();
        let mut last = 0;
        for (text, from, to, sure) in said(&segments) {
            proptest::prop_assert!(from >= last && to > from && (0..=100).contains(&sure) && !text.is_empty());
            last = to;
        }
    }
}

/// Sound of one level that is loud in these seconds, quiet elsewhere.
fn sound(secs: usize, loud: &[std::ops::Range<f32>]) -> Vec<f32> {
    let is_loud = |n: usize| loud.iter().any(|r| r.contains(&(n as f32 / RATE as f32)));
    (0..secs * RATE as usize).map(|n| if is_loud(n) { 0.3 * (n as f32 * 0.2).sin() } else { 0.0 }).collect()
}

fn model(script: &[Say], language: usize) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ggml-script.bin");
    write_scripted(&path, language, script);
    (dir, path)
}

fn hear(
    whisper: &mut Whisper,
    samples: &[f32],
    speech: Option<&[std::ops::Range<usize>]>,
    code: Option<&str>,
) -> Result<Transcript, SpeechError> {
    let mut far = 0.0;
    let mut progress = |f: f32| far = f;
    let mut waiting = Waiting { stop: &|| false, progress: &mut progress };
    whisper.recognise(Sound { samples, speech }, code, &mut waiting)
}

const SCRIPT: [Say; 9] = [
    Say::Time(0),
    Say::Text(b" Guten", 1.0),
    Say::Text(b" T", 1.0),
    Say::Text("\u{e4}".as_bytes(), 1.0),
    Say::Text(b"g,", 1.0),
    Say::Time(50),
    Say::Time(75),
    Say::Text(b" Welt", 0.5),
    Say::Time(100),
];

#[test]
fn the_engine_says_what_the_model_says_when_it_is_said() {
    let (_dir, path) = model(&SCRIPT, GERMAN);
    let mut whisper = Whisper::load(&path).unwrap();
    assert!(whisper.describe().contains("whisper.cpp 1.8") && whisper.describe().contains("ggml-script.bin"), "{}", whisper.describe());
    let samples = sound(4, &[0.2..0.9, 1.5..2.0]);
    let t = hear(&mut whisper, &samples, None, None).unwrap();
    assert_eq!((t.language(), t.text().as_str()), ("de", "Guten T\u{e4}g, Welt\n"));
    let times: Vec<(f64, f64)> = t.words().iter().map(|w| (w.start.as_secs_f64(), w.end.as_secs_f64())).collect();
    // the first begins with the sound and not with the segment, the second ends with it; the third has a segment of its own
    assert!((times[0].0 - 0.2).abs() < 0.03 && (times[1].1 - 0.9).abs() < 0.15, "{times:?}");
    assert!((times[2].0 - 1.5).abs() < 0.03 && (times[2].1 - 2.0).abs() < 0.03, "{times:?}");
    assert_eq!(t.words().iter().map(|w| w.opens).collect::<Vec<_>>(), [true, false, true]);
    let sure: Vec<f32> = t.words().iter().map(|w| w.confidence.unwrap()).collect();
    assert!(sure[0] > 0.99 && sure[1] > 0.99 && (0.4..0.9).contains(&sure[2]), "{sure:?}");
    // where nobody speaks nothing is heard, and each chunk's words lie where the chunk does
    assert!(hear(&mut whisper, &samples, Some(&[]), None).unwrap().is_empty());
    let long = sound(20, &[2.0..4.0, 14.0..16.0]);
    let s = RATE as usize;
    let twice = hear(&mut whisper, &long, Some(&[2 * s..4 * s, 14 * s..16 * s]), Some("de-AT")).unwrap();
    let starts: Vec<f64> = twice.words().iter().map(|w| w.start.as_secs_f64()).collect();
    assert_eq!(starts.len(), 6);
    assert!((starts[0] - 2.0).abs() < 0.05 && (starts[3] - 14.0).abs() < 0.05, "{starts:?}");
}

#[test]
fn languages_that_are_not_known_are_said_and_chinese_is_words() {
    let (_dir, path) = model(&[Say::Time(0), Say::Text("\u{4f60}\u{597d}".as_bytes(), 1.0), Say::Time(40)], CHINESE);
    let mut whisper = Whisper::load(&path).unwrap();
    let samples = sound(2, &[0.0..1.0]);
    let t = hear(&mut whisper, &samples, None, None).unwrap();
    assert_eq!((t.language(), t.words().len()), ("zh", 2));
    for odd in ["xx", "klingon", "-", "d\0e"] {
        assert!(matches!(hear(&mut whisper, &samples, None, Some(odd)), Err(SpeechError::Language(_))), "{odd:?}");
    }
    // a tenth of a second, nothing at all, what is no number
    assert!(hear(&mut whisper, &samples[..1600], None, None).is_ok());
    assert!(hear(&mut whisper, &[], None, None).unwrap().is_empty());
    assert!(hear(&mut whisper, &[f32::NAN; 32_000], None, Some("en")).is_ok());
}

#[test]
fn it_stops_at_once_and_tells_how_far_it_is() {
    let (_dir, path) = model(&SCRIPT, ENGLISH);
    let mut whisper = Whisper::load(&path).unwrap();
    let samples = sound(90, &[0.0..90.0]);
    let (mut told, begun) = (Vec::new(), std::time::Instant::now());
    let mut progress = |f: f32| told.push(f);
    let stopped =
        whisper.recognise(Sound { samples: &samples, speech: None }, None, &mut Waiting { stop: &|| true, progress: &mut progress });
    assert_eq!(stopped, Err(SpeechError::Cancelled));
    assert!(begun.elapsed().as_secs() < 5);
    told.clear();
    let mut progress = |f: f32| told.push(f);
    let done =
        whisper.recognise(Sound { samples: &samples, speech: None }, None, &mut Waiting { stop: &|| false, progress: &mut progress });
    assert!(done.unwrap().words().len() >= 12);
    assert!(told.windows(2).all(|w| w[0] <= w[1] + 1e-4) && told.last().is_some_and(|f| *f > 0.9), "{told:?}");
}

#[test]
fn files_that_are_no_whole_model_are_refused_before_the_engine_reads_them() {
    let dir = tempfile::tempdir().unwrap();
    let whole = scripted(ENGLISH, &SCRIPT);
    let try_it = |bytes: &[u8]| {
        let path = dir.path().join("ggml-odd.bin");
        std::fs::write(&path, bytes).unwrap();
        Whisper::load(&path).map(|_| ()).unwrap_err().to_string()
    };
    let with = |at: usize, value: i32| {
        let mut bytes = whole.clone();
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
        bytes
    };
    let cases: [(Vec<u8>, &str); 12] = [
        (vec![], "no ggml file"),
        (b"lmg".to_vec(), "no ggml file"),
        (b"<html>not found</html>".to_vec(), "no ggml file"),
        (whole[..40].to_vec(), "too early"),
        (whole[..100_000].to_vec(), "too early"),
        (whole[..whole.len() / 2].to_vec(), "too early"),
        (whole[..whole.len() - 1].to_vec(), "too early"),
        (with(4, 100), "tokens 100"),
        (with(12, 3), "features of text 64"),
        (with(16, 0), "heads of audio 0"),
        (with(44, 5), "unknown precision"),
        (with(4 + 44 + 8 + 80 * 201 * 4 + 4, 1 << 30), "too long"),
    ];
    for (bytes, says) in cases {
        let told = try_it(&bytes);
        assert!(told.contains(says) && told.contains("ggml-odd.bin") && !told.contains('\n'), "{says}: {told}");
    }
    assert!(matches!(Whisper::load(&dir.path().join("gone.bin")), Err(SpeechError::Model { .. })));
}
