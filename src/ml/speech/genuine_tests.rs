//! The engine with genuine files, which are nobody's to pass on: `MONTAGE_SPEECH` names a folder with whisper.cpp's test files
//! (`for-tests-silero-v6.2.0-ggml.bin`, `for-tests-ggml-tiny.bin`, `jfk.wav`) and, for words, a `ggml-tiny.en.bin`:
//! `MONTAGE_SPEECH=… cargo test --lib genuine -- --ignored --nocapture`. Speech of known words and times comes from espeak-ng.

use super::{RATE, Recogniser, Rule, Sound, SpeechError, Vad, Waiting, Whisper};
use crate::speech::{Transcript, bare};
use std::{
    ops::Range,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

fn folder() -> PathBuf {
    PathBuf::from(std::env::var_os("MONTAGE_SPEECH").expect("MONTAGE_SPEECH names a folder"))
}

fn vad() -> Vad {
    Vad::load(&folder().join("for-tests-silero-v6.2.0-ggml.bin")).unwrap()
}

/// Samples of a WAV file, brought to 16 kHz mono by ffmpeg.
fn samples(file: &Path) -> Vec<f32> {
    let out = Command::new("ffmpeg").args(["-v", "error", "-i"]).arg(file).args(["-f", "f32le", "-ac", "1", "-ar", "16000", "-"]).output();
    out.unwrap().stdout.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect()
}

/// A sentence as espeak-ng says it, without the silence around.
fn spoken(text: &str, voice: &str) -> Vec<f32> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.wav");
    assert!(Command::new("espeak-ng").args(["-v", voice, "-s", "150", "-w"]).arg(&file).arg(text).status().unwrap().success());
    let all = samples(&file);
    let loud = |s: &f32| s.abs() > 0.01;
    let (from, to) = (all.iter().position(loud).unwrap(), all.iter().rposition(loud).unwrap());
    all[from..=to].to_vec()
}

fn secs(samples: usize) -> f64 {
    samples as f64 / f64::from(RATE)
}

fn found(vad: &mut Vad, sound: &[f32]) -> Vec<Range<usize>> {
    vad.find(sound, &Rule::default(), &|| false).unwrap()
}

#[test]
#[ignore = "needs the genuine files"]
fn genuine_speech_is_found_where_it_is_and_nowhere_else() {
    let mut vad = vad();
    // what whisper.cpp's own rule finds in it
    let known = [(0.32, 2.27), (3.27, 4.41), (5.38, 7.68), (8.16, 10.62)];
    let jfk = found(&mut vad, &samples(&folder().join("jfk.wav")));
    assert_eq!(jfk.len(), known.len(), "{jfk:?}");
    for (f, k) in jfk.iter().zip(known) {
        assert!((secs(f.start) - k.0).abs() < 0.011 && (secs(f.end) - k.1).abs() < 0.011, "{f:?} is not {k:?}");
    }
    // sentences of espeak-ng at known times, with silences of 1.5 s
    let sentences =
        ["The harbour was empty when we left at six.", "Nobody had expected that so early in the year.", "We came home late and happy."];
    let (mut sound, mut places) = (vec![0.0; RATE as usize], Vec::new());
    for (i, text) in sentences.iter().enumerate() {
        let voice = spoken(text, ["en-us", "en-gb", "en-us+f3"][i]);
        places.push(sound.len()..sound.len() + voice.len());
        sound.extend(voice);
        sound.extend(vec![0.0; RATE as usize * 3 / 2]);
    }
    let stretches = found(&mut vad, &sound);
    let (mut worst, mut heard) = (0.0f64, 0.0);
    for place in &places {
        let mine: Vec<_> = stretches.iter().filter(|s| s.start < place.end && s.end > place.start).collect();
        assert!(!mine.is_empty(), "{place:?} was not found in {stretches:?}");
        let (from, to) = (mine[0].start, mine[mine.len() - 1].end);
        worst = worst.max((secs(from) - secs(place.start)).abs()).max((secs(to) - secs(place.end)).abs());
        heard += mine.iter().map(|s| secs(s.len())).sum::<f64>();
    }
    let said: f64 = places.iter().map(|p| secs(p.len())).sum();
    println!("espeak: ends off by {worst:.3} s at most, {:.1} % of the speech found", 100.0 * heard / said);
    assert!(
        worst < 0.25 && stretches.iter().all(|s| places.iter().any(|p| s.start < p.end + 4000 && s.end + 4000 > p.start)),
        "{stretches:?}"
    );
    // a long file is looked at in blocks: the same as in one piece, but for the network's memory at their borders
    let long: Vec<f32> = std::iter::repeat_n(&sound, 6).flatten().copied().collect();
    let all = found(&mut vad, &long);
    assert_eq!(all.len(), 6 * stretches.len());
    for (n, s) in all.iter().enumerate() {
        let one = &stretches[n % stretches.len()];
        let at = n / stretches.len() * sound.len();
        assert!(s.start.abs_diff(at + one.start) < 3200 && s.end.abs_diff(at + one.end) < 3200, "{s:?}");
    }
}

#[test]
#[ignore = "needs the genuine files"]
fn genuine_silence_noise_and_music_are_no_speech() {
    let mut vad = vad();
    let n = 20 * RATE as usize;
    let mut seed = 1u32;
    let mut noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let chord = |t: f32| [220.0, 277.2, 329.6].iter().map(|f| (std::f32::consts::TAU * f * t).sin()).sum::<f32>() * 0.15;
    let beat = |t: f32| 0.5 + 0.5 * (std::f32::consts::TAU * 2.0 * t).cos();
    let sounds: [(&str, Vec<f32>); 4] = [
        ("silence", vec![0.0; n]),
        ("noise", (0..n).map(|_| 0.1 * noise()).collect()),
        ("chords", (0..n).map(|i| chord(i as f32 / RATE as f32)).collect()),
        (
            "beat",
            (0..n)
                .map(|i| {
                    let t = i as f32 / RATE as f32;
                    chord(t) * beat(t) + if t % 0.5 < 0.03 { 0.3 * noise() } else { 0.0 }
                })
                .collect(),
        ),
    ];
    for (name, sound) in sounds {
        let stretches = found(&mut vad, &sound);
        let share = stretches.iter().map(|s| secs(s.len())).sum::<f64>() / 20.0;
        println!("{name}: {:.1} % speech", 100.0 * share);
        assert!(share < 0.05, "{name}: {stretches:?}");
    }
    assert_eq!(vad.find(&vec![0.0; n * 10], &Rule::default(), &|| true), Err(SpeechError::Cancelled));
    let wrong = Vad::load(&folder().join("for-tests-ggml-tiny.bin")).unwrap_err().to_string();
    assert!(wrong.contains("ggml-silero"), "{wrong}");
}

#[test]
#[ignore = "needs the genuine files"]
fn genuine_plumbing_loads_and_says_nothing() {
    let mut whisper = Whisper::load(&folder().join("for-tests-ggml-tiny.bin")).unwrap();
    let sound = samples(&folder().join("jfk.wav"));
    let heard =
        whisper.recognise(Sound { samples: &sound, speech: None }, Some("en"), &mut Waiting { stop: &|| false, progress: &mut |_| {} });
    assert_eq!(heard, Ok(Transcript::new("en", [])));
}

/// Least number of words to put in, take out or exchange, by the number of words that were said.
fn word_errors(said: &str, heard: &str) -> f64 {
    let words = |t: &str| t.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect::<Vec<_>>();
    let (a, b) = (words(said), words(heard));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let cost = before + usize::from(x != y);
            before = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(before + 1);
        }
    }
    row[b.len()] as f64 / a.len() as f64
}

#[test]
#[ignore = "needs the genuine files"]
fn genuine_words_are_what_was_said_when_it_was_said() {
    let mut whisper = Whisper::load(&folder().join("ggml-tiny.en.bin")).unwrap();
    let mut vad = vad();
    let mut hear = |sound: &[f32]| {
        let speech = vad.find(sound, &Rule::default(), &|| false).unwrap();
        let sound = Sound { samples: sound, speech: Some(&speech) };
        whisper.recognise(sound, Some("en"), &mut Waiting { stop: &|| false, progress: &mut |_| {} }).unwrap()
    };
    let jfk = samples(&folder().join("jfk.wav"));
    let begun = Instant::now();
    let heard = hear(&jfk);
    let took = begun.elapsed().as_secs_f64();
    let said = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.";
    let errors = word_errors(said, &heard.text());
    println!("jfk: {:?}\n{:.1} % wrong, {took:.1} s for {:.1} s", heard.text(), 100.0 * errors, secs(jfk.len()));
    for w in heard.words() {
        println!("{:7.2} {:6.2} {:.2} {}", w.start.as_secs_f64(), w.end.as_secs_f64(), w.confidence.unwrap_or(0.0), w.text);
    }
    assert!(errors <= 0.1);
    // each word lies where somebody speaks
    let speech = [(0.2, 2.4), (3.1, 4.6), (5.2, 7.9), (8.0, 10.8)];
    assert!(heard.words().iter().all(|w| speech.iter().any(|s| w.start.as_secs_f64() >= s.0 && w.end.as_secs_f64() <= s.1)));
    // a synthetic voice with words at known times: each sentence begins when it was begun
    let text = [
        "The harbour was empty when we left at six.",
        "Nobody had expected that so early in the year.",
        "The old boat went well.",
        "We came home late and happy.",
    ];
    let (mut sound, mut starts) = (vec![0.0; RATE as usize], Vec::new());
    for sentence in text {
        starts.push((secs(sound.len()), sentence.split(' ').count()));
        sound.extend(spoken(sentence, "en-us"));
        sound.extend(vec![0.0; RATE as usize * 5 / 2]);
    }
    let heard = hear(&sound);
    println!("espeak: {:?}\n{:.1} % wrong", heard.text(), 100.0 * word_errors(&text.join(" "), &heard.text()));
    for (start, _) in starts {
        let nearest = heard.words().iter().map(|w| (w.start.as_secs_f64() - start).abs()).fold(f64::MAX, f64::min);
        println!("sentence at {start:.2} s: a word begins {nearest:.3} s off");
        assert!(nearest < 0.3);
    }
}
