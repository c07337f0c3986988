//! The panel that finds footage, as a person uses it.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, by_palette, chord, drag, key, open, picture, sent},
};
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{
        theme::ThemeChoice,
        words::{Language, tr},
    },
    base::{MediaId, Time},
    model::{ClipContent, Project},
    session::{
        Command, SpeechWish,
        search::{Answer, By, Found, FoundShot, Reason, SearchView, SearchWish, Trait},
    },
};
use std::sync::Arc;

type Window = Harness<'static, World>;

/// Films of the bin, in order.
fn films(project: &Project) -> Vec<(MediaId, String)> {
    let moving = |m: &montage_ai::model::Media| m.info.video.as_ref().is_some_and(|v| !v.still);
    project.media.iter().filter(|(_, m)| moving(m)).map(|(id, m)| (*id, m.name.clone())).collect()
}

fn shot(media: MediaId, from: i64, to: i64, score: f32, reasons: Vec<(&str, By)>) -> FoundShot {
    let secs = Time::from_secs;
    let reasons = reasons.into_iter().map(|(text, by)| Reason { text: text.into(), by, points: score }).collect();
    FoundShot { media, number: from as usize, from: secs(from), to: secs(to), at: secs(from), score, reasons }
}

/// What the program answers to "harbour".
fn harbour(project: &Project) -> Found {
    let films = films(project);
    let said = By::Said { word: "harbour".into(), at_secs: 1.4 };
    let shots = vec![
        shot(
            films[0].0,
            1,
            4,
            0.95,
            vec![("harbour", By::Name("harbour".into())), ("blue", By::Look(Trait::Colour(montage_ai::analysis::footage::Colour::Blue)))],
        ),
        shot(films[1].0, 0, 3, 0.7, vec![("harbour", said)]),
        shot(films[2].0, 2, 4, 0.4, vec![("dark", By::Look(Trait::Dark))]),
    ];
    Found { text: "harbour".into(), script: false, answers: vec![Answer { text: "harbour".into(), length: None, place: None, shots }] }
}

const SCRIPT: &str = "We leave the harbour. Then the wind comes.";

fn script(project: &Project) -> Found {
    let one = &harbour(project).answers[0];
    let answer = |text: &str, place| Answer { text: text.into(), length: Some(Time::from_secs(2)), place, shots: one.shots.clone() };
    let mut second = answer("Then the wind comes.", None);
    second.shots.extend((0..4).map(|i| FoundShot { number: 90 + i, ..one.shots[2].clone() }));
    Found { text: SCRIPT.into(), script: true, answers: vec![answer("We leave the harbour.", Some((90, 150))), second] }
}

fn window(project: Project, theme: ThemeChoice) -> Window {
    sized(project, theme, [1280.0, 800.0])
}

fn sized(project: Project, theme: ThemeChoice, size: [f32; 2]) -> Window {
    let mut world = World::new(Fake::new(project).with_picture());
    world.theme = theme;
    world.program.search = SearchView { shots: Some(48), ..SearchView::default() };
    let mut h = open(world, size);
    by_palette(&mut h, "find footage");
    h
}

/// Type a text and let the program have found that for it.
fn ask(h: &mut Window, text: &str, found: Found) {
    let field = tr("search-question");
    h.get_by_label(&field).click();
    h.run_steps(2);
    h.get_by_label(&field).type_text(text);
    h.run_steps(2);
    h.state_mut().program.search.found = Arc::new(found);
    h.run_steps(3);
}

fn wishes(h: &Window) -> Vec<SearchWish> {
    sent(h, |c| if let Command::Search(wish) = c { Some(wish.clone()) } else { None })
}

/// Clips of all picture tracks: track from below, start, length, media, point of it.
fn clips(h: &Window) -> Vec<(usize, i64, i64, MediaId, Time)> {
    let project = h.state().program.history.current().clone();
    let of = |(n, t): (usize, &Arc<montage_ai::model::Track>)| {
        let clip = move |c: &Arc<montage_ai::model::Clip>| match c.content {
            ClipContent::Media { media, source_in, .. } => Some((n, c.start, c.duration, media, source_in)),
            _ => None,
        };
        t.clips.iter().filter_map(clip).collect::<Vec<_>>()
    };
    project.sequence.video_tracks().enumerate().flat_map(of).collect()
}

#[test]
fn what_is_typed_is_asked_and_the_shots_stand_there_with_their_reasons() {
    let project = day_at_sea();
    let names = films(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    assert!(wishes(&h).contains(&SearchWish::Follow));
    h.get_by_label(&tr("search-limits"));
    ask(&mut h, "harbour", harbour(&project));
    assert_eq!(wishes(&h).last(), Some(&SearchWish::Find { text: "harbour".into(), script: false }));
    h.get_by_label(&format!("{}: “harbour” in the name, blue (95 %)", names[0].1));
    h.get_by_label(&format!("{}: “harbour” is said at 0:01", names[1].1));
    picture(&mut h, "footage-dark");
}

#[test]
fn a_click_shows_the_shot_in_the_source_viewer_with_its_piece_marked() {
    let project = day_at_sea();
    let names = films(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    ask(&mut h, "harbour", harbour(&project));
    h.get_by_label_contains("“harbour” in the name").click();
    h.run_steps(4);
    let source = h.state().program.source.clone().unwrap();
    assert_eq!(source.media, names[0].0);
    let rate = source.project.sequence.frame_rate;
    let frame = |secs| Time::from_secs(secs).to_frames(rate, montage_ai::base::Rounding::Floor);
    assert_eq!(source.deck.playhead, frame(1));
    let marks = h.state().shell().shared().source_marks[&names[0].0];
    assert_eq!((marks.start, marks.end), (Some(frame(1)), Some(frame(4))));
    assert!(h.state().program.edits().is_empty(), "looking changes nothing");
}

#[test]
fn enter_lays_the_shot_on_the_track_above_as_one_step() {
    let project = day_at_sea();
    let names = films(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    let before = clips(&h);
    h.state_mut().program.playhead = 60;
    ask(&mut h, "harbour", harbour(&project));
    // from the field to the results, to the second of them, and there
    key(&mut h, Key::Enter);
    h.run_steps(4);
    key(&mut h, Key::ArrowDown);
    h.run_steps(4);
    assert_eq!(h.state().program.source.as_ref().unwrap().media, names[1].0);
    key(&mut h, Key::Enter);
    h.run_steps(4);
    let rate = project.sequence.frame_rate;
    let length = Time::from_secs(3).to_frames(rate, montage_ai::base::Rounding::Floor);
    let new: Vec<_> = clips(&h).into_iter().filter(|c| !before.contains(c)).collect();
    assert_eq!(new.len(), 1);
    assert!(new[0].0 > 0, "above the film");
    assert_eq!((new[0].1, new[0].2, new[0].3, new[0].4), (60, length, names[1].0, Time::ZERO));
    assert_eq!(h.state().program.playhead, 60 + length);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    h.run_steps(3);
    assert_eq!(clips(&h), before);
}

#[test]
fn a_marked_range_is_filled_and_the_button_does_the_same() {
    let project = day_at_sea();
    let names = films(&project);
    let mut h = window(project.clone(), ThemeChoice::Dark);
    let before = clips(&h);
    h.state_mut().program.playhead = 30;
    key(&mut h, Key::I);
    h.run_steps(2);
    h.state_mut().program.playhead = 69;
    key(&mut h, Key::O);
    h.run_steps(2);
    ask(&mut h, "harbour", harbour(&project));
    h.get_by_label(&format!("Lay {} over the film", names[0].1)).click();
    h.run_steps(4);
    let new: Vec<_> = clips(&h).into_iter().filter(|c| !before.contains(c)).collect();
    assert_eq!(new.iter().map(|c| (c.1, c.2, c.3)).collect::<Vec<_>>(), [(30, 40, names[0].0)]);
}

#[test]
fn each_sentence_of_a_script_has_its_shots_which_lie_where_it_is_said() {
    let project = day_at_sea();
    let names = films(&project);
    // so high that the shots of both sentences are in sight
    let mut h = sized(project.clone(), ThemeChoice::Light, [1280.0, 1500.0]);
    let before = clips(&h);
    ask(&mut h, SCRIPT, script(&project));
    assert_eq!(wishes(&h).last(), Some(&SearchWish::Find { text: SCRIPT.into(), script: true }));
    h.get_by_label("We leave the harbour.");
    h.get_by_label("4 more");
    picture(&mut h, "footage-script-light");
    let lay = format!("Lay {} over the film", names[0].1);
    h.get_all_by_label(&lay).next().unwrap().click();
    h.run_steps(4);
    let new: Vec<_> = clips(&h).into_iter().filter(|c| !before.contains(c)).collect();
    assert_eq!(new.iter().map(|c| (c.1, c.2)).collect::<Vec<_>>(), [(90, 60)]);
    assert_eq!(h.state().program.playhead, 150);
    // what is said nowhere lies at the playhead, as long as a narrator takes
    h.get_all_by_label(&lay).nth(1).unwrap().click();
    h.run_steps(4);
    let two_seconds = Time::from_secs(2).to_frames(project.sequence.frame_rate, montage_ai::base::Rounding::Floor);
    assert!(clips(&h).iter().any(|c| c.1 == 150 && c.2 == two_seconds && c.3 == names[0].0));
    h.get_by_label("4 more").click();
    h.run_steps(3);
    h.get_by_label("Fewer");
}

#[test]
fn a_shot_is_dragged_over_the_film_onto_a_track_of_its_own() {
    let project = day_at_sea();
    let mut h = window(project.clone(), ThemeChoice::Dark);
    let tracks = project.sequence.video_tracks().count();
    ask(&mut h, "harbour", harbour(&project));
    let from = h.get_by_label_contains("“harbour” in the name").rect().center();
    let lanes = h.get_by_label(&tr("timeline-lanes")).rect();
    drag(&mut h, from, egui::pos2(lanes.left() + 300.0, lanes.bottom() - 20.0));
    h.run_steps(4);
    let now = h.state().program.history.current().clone();
    let laid = now.sequence.tracks.iter().flat_map(|t| &t.clips).count() - project.sequence.tracks.iter().flat_map(|t| &t.clips).count();
    // with its sound
    assert!((1..=2).contains(&laid) && now.sequence.video_tracks().count() >= tracks, "{laid}");
    assert_eq!(h.state().program.edits().len(), 1);
}

#[test]
fn what_nobody_has_looked_at_is_said_and_looked_at_on_demand() {
    let project = day_at_sea();
    let mut h = window(project.clone(), ThemeChoice::Dark);
    h.state_mut().program.search.unwatched = films(&project).into_iter().map(|f| f.0).collect::<Vec<_>>().into();
    h.run_steps(3);
    h.get_by_label(&format!("{} files not looked at yet", films(&project).len()));
    picture(&mut h, "footage-unwatched-dark");
    h.get_by_label(&tr("search-watch")).click();
    h.run_steps(3);
    assert!(wishes(&h).contains(&SearchWish::Watch));
    h.state_mut().program.search.watching = Some(0.4);
    h.run_steps(3);
    assert!(h.get_all_by_label(&tr("search-watching")).count() >= 1);
    // and nothing that fits is said too
    ask(
        &mut h,
        "xylophone",
        Found {
            text: "xylophone".into(),
            script: false,
            answers: vec![Answer { text: "xylophone".into(), length: None, place: None, shots: vec![] }],
        },
    );
    h.get_by_label(&tr("search-nothing"));
}

#[test]
fn without_the_model_that_looks_at_pictures_the_panel_says_so_and_fetches_it() {
    let project = day_at_sea();
    let mut h = window(project.clone(), ThemeChoice::Dark);
    h.get_by_label(&tr("search-limits"));
    picture(&mut h, "footage-no-model-dark");
    h.get_by_label_contains("Get the model for it (577.1 MiB)").click();
    h.run_steps(2);
    let fetched = sent(&h, |c| if let Command::Speech(SpeechWish::FetchModel(name)) = c { name.clone() } else { None });
    assert_eq!(fetched, ["clip-vit-b-32"]);
    h.state_mut().program.fetching = Some(("clip-vit-b-32".into(), 0.3));
    h.run_steps(2);
    h.get_by_label("Fetching clip-vit-b-32");
    h.state_mut().program.fetching = None;
    h.state_mut().program.search.looks = true;
    h.run_steps(2);
    h.get_by_label(&tr("search-looks"));
    // and a shot says that its picture decided
    let mut found = harbour(&project);
    found.answers[0].shots[0].reasons = vec![Reason { text: "harbour".into(), by: By::Seen { part: 0.934, at_secs: 2.0 }, points: 1.1 }];
    ask(&mut h, "harbour", found);
    h.get_by_label_contains("its picture shows “harbour” (93 %)");
}

#[test]
fn the_panel_speaks_german() {
    let project = day_at_sea();
    let mut h = window(project.clone(), ThemeChoice::Dark);
    // the palette was asked in English
    montage_ai::app::words::set_language(Language::German);
    h.run_steps(2);
    ask(&mut h, "harbour", harbour(&project));
    h.get_by_label_contains("„harbour“ im Namen, blau (95 %)");
    picture(&mut h, "footage-german");
}
