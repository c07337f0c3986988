//! Footage found by what is asked for, as a window asks: by names and words at once, by looks once it was watched; the index follows
//! the document.

use super::{common, session, until};
use montage_ai::{
    base::{MediaId, Time},
    edit::{EditCommand, MediaChange},
    session::{
        Command, Session,
        search::{By, SearchWish, Trait},
    },
    speech::{Transcript, Word},
};
use std::sync::Arc;

/// A red film and one that is blue and quicker, three seconds each.
fn with_films() -> (Session, MediaId, MediaId) {
    let film = |name: &str, color: &str| {
        common::cached(&format!("search-{name}.mp4"), |path| {
            let source = format!("color=c={color}:s=320x180:r=25");
            common::ffmpeg(&["-f", "lavfi", "-i", &source, "-t", "3", "-c:v", "libx264", "-pix_fmt", "yuv420p"], path);
        })
    };
    let (red, blue) = (film("evening", "red"), film("morning", "blue"));
    let mut s = session();
    s.dispatch(Command::Import(vec![red.clone(), blue]));
    until(&mut s, "the import", |s| s.project().media.len() == 2 && s.project().media.values().all(|m| m.file.hash.is_some()));
    let id = |s: &Session, own: bool| *s.project().media.iter().find(|(_, m)| (m.file.path == red) == own).unwrap().0;
    let (red, blue) = (id(&s, true), id(&s, false));
    (s, red, blue)
}

fn ask(s: &mut Session, text: &str, script: bool) -> Vec<(MediaId, By)> {
    s.dispatch(Command::Search(SearchWish::Find { text: text.into(), script }));
    until(s, text, |s| !s.search().busy && s.search().found.text == text);
    let found = s.search().found.clone();
    found.answers.iter().flat_map(|a| &a.shots).map(|shot| (shot.media, shot.reasons[0].by.clone())).collect()
}

#[test]
fn names_are_found_at_once_and_looks_once_the_footage_was_watched() {
    let (mut s, red, blue) = with_films();
    assert_eq!(ask(&mut s, "evening", false), [(red, By::Name("evening".into()))]);
    assert_eq!(ask(&mut s, "blue", false), []);
    assert_eq!(s.search().unwatched.len(), 2);
    s.dispatch(Command::Search(SearchWish::Watch));
    assert!(s.search().watching.is_some());
    // the question that stands is answered anew when more is known
    until(&mut s, "the watching", |s| {
        s.search().unwatched.is_empty() && s.search().watching.is_none() && !s.search().found.answers[0].shots.is_empty()
    });
    let colour = |c| By::Look(Trait::Colour(c));
    assert_eq!(ask(&mut s, "blue", false), [(blue, colour(montage_ai::analysis::footage::Colour::Blue))]);
    assert_eq!(ask(&mut s, "rot", false), [(red, colour(montage_ai::analysis::footage::Colour::Red))]);
    assert!(s.take_notices().is_empty(), "looking is nobody's news");
}

#[test]
fn the_index_follows_the_document_and_a_sentence_knows_where_it_is_said() {
    let (mut s, red, _) = with_films();
    assert_eq!(ask(&mut s, "lighthouse", false), []);
    let word = |at: i64, text: &str| Word::new(Time::from_ratio(at, 10), Time::from_ratio(at + 4, 10), text);
    let transcript = Transcript::new("en", [word(2, "Two"), word(7, "lighthouses.")]);
    let change = MediaChange::Transcript(Some(Arc::new(transcript)));
    s.dispatch(Command::Edit(EditCommand::SetMedia { id: red, change }));
    s.dispatch(Command::Search(SearchWish::Follow));
    until(&mut s, "the words", |s| !s.search().found.answers[0].shots.is_empty());
    let shot = s.search().found.answers[0].shots[0].clone();
    assert_eq!((shot.media, shot.at), (red, Time::from_secs_f64(0.4)));
    // the film has no sound, so nothing of it is heard: then a sentence has no place
    let found = ask(&mut s, "Two lighthouses. And a third.", true);
    assert_eq!(found.len(), 1);
    let answers = s.search().found.answers.clone();
    assert_eq!(answers.iter().map(|a| a.place).collect::<Vec<_>>(), [None, None]);
    s.dispatch(Command::Undo);
    s.dispatch(Command::Search(SearchWish::Follow));
    until(&mut s, "no words", |s| s.search().found.answers[0].shots.is_empty());
}
