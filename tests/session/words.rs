//! Transcripts as an editor meets them: a file becomes the words of a media, in one step; what is wrong is said.

use super::{common, session, until};
use montage_ai::{
    base::MediaId,
    edit::words::heard_words,
    session::{Command, Session, SpeechWish},
};
use std::path::Path;

/// A timeline of three seconds of sound.
fn with_sound(folder: &Path) -> (Session, MediaId) {
    let sound = folder.join("talk.wav");
    common::ffmpeg(&["-f", "lavfi", "-i", "sine=d=3"], &sound);
    let mut s = session();
    s.dispatch(Command::Import(vec![sound]));
    until(&mut s, "the import", |s| !s.project().media.is_empty());
    let id = *s.project().media.keys().next().unwrap();
    s.dispatch(Command::Append(vec![id]));
    (s, id)
}

#[test]
fn a_file_becomes_the_words_of_a_media_and_one_step_takes_them_back() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id) = with_sound(dir.path());
    let path = dir.path().join("words.vtt");
    std::fs::write(&path, "WEBVTT\n\n00:01.000 --> 00:02.000\nGood <00:01.400>morning\n").unwrap();
    s.dispatch(Command::Speech(SpeechWish::Import { media: id, path }));
    until(&mut s, "the words", |s| s.project().media[&id].transcript.is_some());
    let said: Vec<String> = heard_words(s.project()).into_iter().map(|w| w.text).collect();
    assert_eq!(said, ["Good", "morning"]);
    assert!(s.take_notices().iter().any(|n| n.good && n.text.contains("words.vtt")));
    let out = dir.path().join("again.txt");
    s.dispatch(Command::Speech(SpeechWish::Export { media: id, path: out.clone() }));
    until(&mut s, "the text", |_| out.is_file());
    assert_eq!(std::fs::read_to_string(out).unwrap(), "Good morning\n");
    s.dispatch(Command::Undo);
    assert!(s.project().media[&id].transcript.is_none());
}

#[test]
fn a_file_that_is_no_transcript_changes_nothing_and_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (mut s, id) = with_sound(dir.path());
    let revision = s.revision();
    for (name, bytes) in [("bad.srt", &b"00:99:00,000 --> 1\nx"[..]), ("bad.json", b"{"), ("bad.vtt", b"\xff\x00"), ("words.txt", b"x")] {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        s.dispatch(Command::Speech(SpeechWish::Import { media: id, path }));
        let mut told = Vec::new();
        until(&mut s, "what is wrong", |s| {
            told.extend(s.take_notices());
            told.iter().any(|n| n.text.contains(name) && !n.good && !n.text.contains('\n'))
        });
    }
    assert_eq!(s.revision(), revision);
}
