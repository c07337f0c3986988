//! The transcript panel, as a person uses it.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, by_palette, chord, drag, key, open, picture, sent},
};
use egui::{Key, Modifiers, PointerButton, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{
        dialogs::{Ask, Chosen},
        theme::ThemeChoice,
    },
    base::{MediaId, Time},
    edit::{EditCommand, MediaChange, words::heard_words},
    model::{ClipContent, Project},
    session::{Command, SpeechState, SpeechWish, models::ModelView},
    speech::{Transcript, Word},
};
use std::{path::PathBuf, sync::Arc};

type Window = Harness<'static, World>;

const SAID: &str = "We left the harbour at six. Um, the wind was, you know, from the north. \
Nobody had expected that so early in the year. | The old boat went well, ähm, better than the new one. \
Later the whole crew was tired and happy. | That was a good day.";

/// The film, with somebody speaking in the first sound that is heard for long.
fn spoken() -> (Project, MediaId) {
    let mut project = day_at_sea();
    let clips = project.sequence.audio_tracks().flat_map(|t| &t.clips);
    let longest = clips.filter(|c| c.media().is_some()).max_by_key(|c| c.duration).unwrap().clone();
    let ClipContent::Media { media, source_in, .. } = longest.content else { unreachable!("a clip of a media") };
    let mut at = source_in + Time::from_ratio(1, 2);
    let mut words = Vec::new();
    for text in SAID.split(' ') {
        if text == "|" {
            at += Time::from_ratio(18, 10);
            continue;
        }
        let end = at + Time::from_ratio(12 + 4 * text.len() as i64, 100);
        words.push(Word { confidence: Some(if text == "north." { 0.3 } else { 0.9 }), ..Word::new(at, end, text) });
        at = end + Time::from_ratio(8, 100);
    }
    Arc::make_mut(project.media.get_mut(&media).unwrap()).transcript = Some(Arc::new(Transcript::new("en", words)));
    (project, media)
}

/// A window with the panel in front.
fn window(project: Project, theme: ThemeChoice) -> Window {
    let mut world = World::new(Fake::new(project).with_picture());
    world.theme = theme;
    let mut h = open(world, [1280.0, 800.0]);
    by_palette(&mut h, "transcript");
    h
}

fn said(h: &Window) -> Vec<String> {
    heard_words(h.state().program.history.current()).into_iter().map(|w| w.text).collect()
}

fn wishes(h: &Window) -> Vec<SpeechWish> {
    // which models there are is asked by itself
    let wish = |c: &Command| if let Command::Speech(wish) = c { Some(wish.clone()) } else { None };
    sent(h, |c| wish(c).filter(|w| *w != SpeechWish::ListModels))
}

#[test]
fn a_click_on_a_word_goes_there_and_the_spoken_word_is_lit() {
    let (project, _) = spoken();
    let words = heard_words(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    let harbour = words.iter().position(|w| w.text == "harbour").unwrap();
    h.get_by_label("harbour").click();
    h.run_steps(3);
    let frame = words[harbour].start.to_frames(project.sequence.frame_rate, montage_ai::base::Rounding::Floor);
    assert_eq!(h.state().program.playhead, frame);
    assert_eq!(h.state().shell().shared().selection.words, Some((harbour, harbour)));
    picture(&mut h, "transcript-dark");
}

#[test]
fn words_are_selected_by_dragging_and_cut_out_of_the_film_and_come_back() {
    let (project, _) = spoken();
    let before = project.sequence.duration();
    let mut h = window(project, ThemeChoice::Dark);
    let whole = said(&h);
    let (from, to) = (h.get_by_label("Um,").rect().center(), h.get_by_label("wind").rect().center());
    drag(&mut h, from, to);
    h.run_steps(3);
    h.get_by_label_contains("3 words");
    key(&mut h, Key::Delete);
    h.run_steps(3);
    let now: Vec<String> = whole.iter().filter(|w| !["Um,", "wind"].contains(&w.as_str())).cloned().collect();
    assert_eq!(said(&h).len(), whole.len() - 3);
    assert!(said(&h).starts_with(&now[..6]) && said(&h)[6] == "was,");
    assert!(h.state().program.history.current().sequence.duration() < before);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    h.run_steps(3);
    assert_eq!((said(&h), h.state().program.history.current().sequence.duration()), (whole, before));
}

#[test]
fn a_word_is_corrected_in_its_place() {
    let (project, media) = spoken();
    let mut h = window(project, ThemeChoice::Dark);
    let at = h.get_by_label("north. (not sure)").rect().center();
    for _ in 0..2 {
        h.event(egui::Event::PointerMoved(at));
        for pressed in [true, false] {
            h.event(egui::Event::PointerButton { pos: at, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE });
        }
        h.run_steps(1);
    }
    h.run_steps(2);
    chord(&mut h, Modifiers::COMMAND, Key::A);
    h.get_by_label("Correct the word").type_text("south coast.");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(3);
    let t = h.state().program.history.current().media[&media].transcript.clone().unwrap();
    assert!(t.text().contains("from the south coast.") && !t.words().iter().any(Word::is_doubtful), "{}", t.text());
}

#[test]
fn search_goes_from_place_to_place() {
    let (project, _) = spoken();
    let words = heard_words(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    h.get_by_label("Search what is said").click();
    h.run_steps(2);
    h.get_by_label("Search what is said").type_text("the w");
    h.run_steps(3);
    h.get_by_label("2 places");
    let starts: Vec<i64> = ["wind", "whole"]
        .map(|text| words.iter().position(|w| w.text == text).unwrap() - 1)
        .map(|i| words[i].start.to_frames(project.sequence.frame_rate, montage_ai::base::Rounding::Floor))
        .into();
    assert_eq!(h.state().program.playhead, starts[0]);
    h.get_by_label("Next place").click();
    h.run_steps(3);
    assert_eq!(h.state().program.playhead, starts[1]);
}

#[test]
fn fillers_and_silences_are_shown_before_they_go() {
    let (project, _) = spoken();
    let mut h = window(project, ThemeChoice::Light);
    let whole = said(&h);
    h.get_by_label("Fillers").click();
    h.run_steps(3);
    h.get_by_label_contains("3 fillers");
    picture(&mut h, "transcript-fillers-light");
    assert_eq!(said(&h), whole, "nothing goes before that is wanted");
    h.get_by_label("Cut all out").click();
    h.run_steps(3);
    let kept = said(&h);
    let gone: Vec<&String> = whole.iter().filter(|w| !kept.contains(w)).collect();
    assert_eq!(gone, ["Um,", "you", "know,"]);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    h.run_steps(3);
    assert_eq!(said(&h), whole);
}

#[test]
fn captions_are_made_of_the_words_in_one_step() {
    let (project, _) = spoken();
    let mut h = window(project, ThemeChoice::Dark);
    h.get_by_label("Captions from words").click();
    h.run_steps(3);
    let captions = h.state().program.history.current().sequence.captions.clone();
    let text: String = captions.iter().map(|c| c.text.replace('\n', " ") + " ").collect();
    assert_eq!(text.trim(), SAID.replace("| ", ""));
    assert!(captions.iter().all(|c| c.text.lines().count() <= 2 && c.text.lines().all(|l| l.chars().count() <= 42)));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    h.run_steps(3);
    assert!(h.state().program.history.current().sequence.captions.len() < captions.len());
}

#[test]
fn without_words_the_panel_says_how_to_get_some() {
    let mut h = window(day_at_sea(), ThemeChoice::Dark);
    h.get_by_label("No words yet");
    picture(&mut h, "transcript-none-dark");
    let (id, name) = {
        let p = h.state().program.history.current();
        let (id, m) = p.media.iter().find(|(_, m)| m.info.audio.is_some()).unwrap();
        (*id, m.name.clone())
    };
    h.get_by_label(&format!("Transcribe {name}")).click();
    h.run_steps(2);
    assert_eq!(wishes(&h), [SpeechWish::Transcribe(vec![id])]);
    h.get_by_label(&format!("Import a transcript for {name}")).click();
    h.run_steps(2);
    assert_eq!(h.state().asked.borrow().last(), Some(&Ask::Transcript { media: id }));
    h.state_mut().program.speech.insert(id, SpeechState::Running(0.4));
    h.run_steps(2);
    h.get_by_label(&format!("Transcribing {name}"));
    h.state_mut().program.recogniser = false;
    h.state_mut().program.speech_models = models().into();
    h.run_steps(2);
    h.get_by_label_contains("Fetch a model of speech");
    h.get_by_label("Fetch small (465.0 MiB)").click();
    h.run_steps(2);
    assert_eq!(wishes(&h).last(), Some(&SpeechWish::FetchModel(Some("small".into()))));
    h.state_mut().program.fetching = Some(("small".into(), 0.3));
    h.run_steps(2);
    h.get_by_label("Fetching small");
}

/// Two models, of which the second fits this machine.
fn models() -> Vec<ModelView> {
    let model = |name: &str, task, installed, bytes| ModelView {
        name: name.into(),
        task,
        about: "all languages".into(),
        scale: None,
        installed,
        origin: "official",
        path: None,
        bytes: Some(bytes),
        sha256: None,
        licence: None,
        url: None,
        usual: name == "small",
    };
    vec![
        model("tiny", "speech", false, 77_691_713),
        model("small", "speech", false, 487_601_967),
        model("silero-vad", "activity", true, 885_098),
    ]
}

#[test]
fn the_settings_say_who_recognises_and_fetch_models() {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    world.program.speech_models = models().into();
    let mut h = open(world, [1280.0, 800.0]);
    by_palette(&mut h, "settings");
    h.get_by_role_and_label(Role::Tab, "Speech").click();
    h.run_steps(4);
    h.get_by_label("Fetch tiny").click();
    h.run_steps(2);
    assert_eq!(wishes(&h), [SpeechWish::FetchModel(Some("tiny".into()))]);
    h.get_by_role_and_label(Role::ComboBox, "Speech is recognised").click();
    h.run_steps(3);
    h.get_by_label("By a server").click();
    h.run_steps(3);
    assert!(h.state().program.settings.speech_server.as_deref().is_some_and(|s| s.starts_with("http://127.0.0.1")));
    let field = h.get_by_role_and_label(Role::TextInput, "Address");
    field.focus();
    field.type_text("/x");
    h.run_steps(2);
    key(&mut h, Key::Enter);
    h.run_steps(2);
    assert!(h.state().program.settings.speech_server.as_deref().is_some_and(|s| s.contains("/x")));
    h.get_by_role_and_label(Role::ComboBox, "Speech is recognised").click();
    h.run_steps(3);
    h.get_by_label("On this machine").click();
    h.run_steps(3);
    assert_eq!(h.state().program.settings.speech_server, None);
}

/// All models of speech, one of them here and one on its way.
#[test]
fn the_page_of_models_of_speech() {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    let one = models().remove(0);
    let official = montage_ai::ml::models::speech::official();
    let listed = official.iter().map(|s| ModelView {
        name: s.name.to_string(),
        bytes: Some(s.bytes),
        installed: s.name == "base",
        usual: s.name == "small",
        ..one.clone()
    });
    world.program.speech_models = listed.chain(models().into_iter().skip(2)).collect();
    world.program.fetching = Some(("small".into(), 0.4));
    let mut h = open(world, [1280.0, 800.0]);
    by_palette(&mut h, "settings");
    h.get_by_role_and_label(Role::Tab, "Speech").click();
    h.run_steps(4);
    h.get_by_label("Fetching small");
    h.get_by_label("Fetch large-v3");
    picture(&mut h, "settings-speech-dark");
}

#[test]
fn a_chosen_file_becomes_the_transcript_of_its_media() {
    let mut world = World::new(Fake::new(day_at_sea()).with_picture());
    let (id, name) = {
        let (id, m) = world.program.history.current().media.iter().find(|(_, m)| m.info.audio.is_some()).unwrap();
        (*id, m.name.clone())
    };
    let path = PathBuf::from("/films/words.vtt");
    world.answer = Some(Chosen::Transcript { media: id, path: path.clone() });
    let mut h = open(world, [1280.0, 800.0]);
    by_palette(&mut h, "transcript");
    h.get_by_label(&format!("Import a transcript for {name}")).click();
    h.run_steps(4);
    assert_eq!(wishes(&h), [SpeechWish::Import { media: id, path }]);
    let words = Arc::new(Transcript::new("en", [Word::new(Time::ZERO, Time::from_secs(1), "Hello")]));
    let change = MediaChange::Transcript(Some(words));
    h.state_mut().program.history.exec(&EditCommand::SetMedia { id, change }).unwrap();
    h.run_steps(3);
}
