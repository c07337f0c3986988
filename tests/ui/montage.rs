//! The automatic montage, as a person asks for it and works with it.

use crate::{
    fake::Fake,
    film::day_at_sea,
    inspector::{choose, type_number},
    inspector_looks::select,
    support::{World, by_palette, key, open, picture, sent},
};
use egui::{Key, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{
        state::Selection,
        theme::ThemeChoice,
        words::{Language, set_language},
    },
    base::{FrameRate, MarkerId, Time},
    model::{Chosen, Marker, Montage, Project},
    session::{
        Command, MontageWish,
        montage::{Ask, Counting},
    },
};
use std::sync::Arc;

type Window = Harness<'static, World>;

/// The day at sea as if a montage had cut it: beats on the timeline, reasons on its clips.
fn cut_by_itself() -> Project {
    let mut p = day_at_sea();
    let s = Arc::make_mut(&mut p.sequence);
    s.montage = Some(Box::new(Montage { prompt: "a calm day at sea, warm".into(), seed: 3, ..Montage::default() }));
    let reasons = [("energy", 0.82), ("peaks", 0.6), ("fresh", 0.5), ("variety", 0.3), ("steady", 0.12), ("match_colour", -0.18)];
    for track in &mut s.tracks {
        for clip in &mut Arc::make_mut(track).clips {
            let clip = Arc::make_mut(clip);
            if clip.media().is_some() {
                clip.chosen = Some(Box::new(Chosen { reasons: reasons.map(|(w, p)| (w.to_owned(), p)).to_vec(), ..Chosen::default() }));
            }
        }
    }
    let last = s.max_id();
    for i in 0..110 {
        let color = if i % 4 == 0 { 1 } else { 3 };
        let frame = i * 15;
        s.markers.push(Marker { id: MarkerId(last + 1 + i as u64), frame, duration: 0, name: String::new(), color, note: String::new() });
    }
    s.markers.sort_by_key(|m| (m.frame, m.id));
    p
}

fn window(project: Project, theme: ThemeChoice) -> Window {
    let mut world = World::new(Fake::new(project).with_picture());
    world.theme = theme;
    open(world, [1280.0, 800.0])
}

fn wishes(h: &Window) -> Vec<MontageWish> {
    sent(h, |c| if let Command::Montage(wish) = c { Some(wish.clone()) } else { None })
}

#[test]
fn the_dialog_says_what_it_understood_and_asks_for_what_was_chosen() {
    let mut h = window(day_at_sea(), ThemeChoice::Dark);
    h.get_by_role_and_label(Role::Button, "Montage…").click();
    h.run_steps(3);
    assert_eq!(wishes(&h), [MontageWish::ListStyles]);
    h.get_by_label_contains("Becomes a sequence of its own");
    h.get_by_role_and_label(Role::MultilineTextInput, "What it shall be like").focus();
    h.run_steps(1);
    h.get_by_role_and_label(Role::MultilineTextInput, "What it shall be like").type_text("a wedding in 45 seconds, black and white");
    h.run_steps(3);
    h.get_by_label_contains("Understood: style wedding (wedding) · 45 s long · saturation 0");
    for choice in ["Cinematic", "9:16", "Own"] {
        h.get_by_role_and_label(Role::RadioButton, choice).click();
        h.run_steps(2);
    }
    picture(&mut h, "montage-dark");
    h.get_by_role_and_label(Role::Button, "Cut").click();
    h.run_steps(3);
    let Some(MontageWish::Make(ask)) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    let films = h.state().program.history.current().media.values().filter(|m| m.info.video.is_some()).count();
    assert_eq!((ask.footage.len(), ask.music.is_some(), ask.seed), (films, true, 1));
    assert_eq!((ask.style.as_deref(), ask.aspect, ask.duration_secs), (Some("cinematic"), Some((9, 16)), Some(60.0)));
    assert!(ask.prompt.starts_with("a wedding") && ask.assistant.is_none(), "nobody is asked unless that was switched on");
    assert!(h.query_by_role(Role::MultilineTextInput).is_none(), "it has closed");
}

#[test]
fn where_the_music_begins_how_it_is_counted_and_what_the_film_shall_be_is_chosen() {
    let mut h = window(day_at_sea(), ThemeChoice::Dark);
    by_palette(&mut h, "montage");
    type_number(&mut h, "Film begins at", "7.5");
    type_number(&mut h, "Bars begin later by", "-1");
    for choice in ["Half", "9:16"] {
        h.get_by_role_and_label(Role::RadioButton, choice).click();
        h.run_steps(2);
    }
    choose(&mut h, "Size", "720p");
    choose(&mut h, "Frames per second", "29.97");
    picture(&mut h, "montage-music-dark");
    h.get_by_role_and_label(Role::Button, "Cut").click();
    h.run_steps(3);
    let Some(MontageWish::Make(ask)) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    assert_eq!((ask.music_start_secs, ask.aspect, ask.short_side), (7.5, Some((9, 16)), Some(720)));
    assert_eq!(ask.frame_rate, Some(FrameRate::NTSC_30));
    assert_eq!(ask.counting, Counting { times: 0.5, bar_offset: -1, ..Counting::default() });
}

#[test]
fn a_montage_that_is_open_brings_how_it_was_asked_for_and_without_music_there_is_nothing_to_count() {
    let mut project = cut_by_itself();
    let counting = Counting { times: 2.0, bar_offset: 3, ..Counting::default() };
    let of = |picture: bool| project.media.iter().filter(move |(_, m)| m.info.video.is_some() == picture).map(|(id, _)| *id);
    let (music, footage) = (of(false).next(), of(true).take(2).collect::<Vec<_>>());
    let s = Arc::make_mut(&mut project.sequence);
    let made = s.montage.as_mut().unwrap();
    (made.music, made.music_start, made.counting) = (music, Time::from_secs(4), counting);
    made.footage.clone_from(&footage);
    let mut h = window(project, ThemeChoice::Light);
    by_palette(&mut h, "montage");
    h.get_by_role_and_label(Role::Button, "Cut").click();
    h.run_steps(3);
    let Some(MontageWish::Make(ask)) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    assert_eq!((ask.music, ask.music_start_secs, ask.counting, ask.seed), (music, 4.0, counting, 3));
    assert_eq!(ask.footage, footage);
    by_palette(&mut h, "montage");
    choose(&mut h, "Music", "None: even cuts");
    assert!(h.query_by_role_and_label(Role::SpinButton, "Film begins at").is_none());
    h.get_by_role_and_label(Role::Button, "Cut").click();
    h.run_steps(3);
    let Some(MontageWish::Make(ask)) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    assert_eq!((ask.music, ask.music_start_secs, ask.counting), (None, 0.0, Counting::default()));
}

#[test]
fn the_dialog_and_the_reasons_speak_german() {
    let mut project = cut_by_itself();
    let music = project.media.iter().find(|(_, m)| m.info.video.is_none()).map(|(id, _)| *id);
    Arc::make_mut(&mut project.sequence).montage.as_mut().unwrap().music = music;
    let mut h = window(project, ThemeChoice::Light);
    set_language(Language::German);
    let clip = h.state().program.history.current().sequence.video_tracks().next().unwrap().clips[1].id;
    select(&mut h, Selection::clips([clip]));
    h.get_by_label("Bewegt sich wie die Musik +0,82");
    h.get_by_label("Licht und Farben wie zuvor −0,18");
    picture(&mut h, "montage-why-german");
    h.get_by_role_and_label(Role::Button, "Montage …").click();
    // until the dialog has faded in
    h.run_steps(20);
    h.get_by_label("Reise");
    h.get_by_role_and_label(Role::SpinButton, "Film beginnt bei");
    h.get_by_role_and_label(Role::RadioButton, "Wie gehört");
    picture(&mut h, "montage-german");
}

#[test]
fn a_language_model_is_asked_only_where_that_was_switched_on_and_the_dialog_says_what_is_sent() {
    let mut h = window(day_at_sea(), ThemeChoice::Light);
    by_palette(&mut h, "montage");
    h.get_by_label_contains("Off: the built-in rules");
    h.get_by_role_and_label(Role::Switch, "Ask a language model").click();
    h.run_steps(2);
    h.get_by_label_contains("Only the sentence and the names of the styles are sent there");
    h.get_by_role_and_label(Role::MultilineTextInput, "What it shall be like").focus();
    h.run_steps(1);
    h.get_by_role_and_label(Role::MultilineTextInput, "What it shall be like").type_text("etwas Schönes");
    h.run_steps(2);
    picture(&mut h, "montage-light");
    h.get_by_role_and_label(Role::Button, "Cut").click();
    h.run_steps(3);
    let Some(MontageWish::Make(ask)) = wishes(&h).pop() else { panic!("{:?}", wishes(&h)) };
    let Ask { assistant: Some(assistant), .. } = *ask else { panic!("{ask:?}") };
    assert_eq!((assistant.url.as_str(), assistant.model.as_str()), ("http://127.0.0.1:11434/v1", "llama3.2"));
    // and it is remembered
    by_palette(&mut h, "montage");
    h.get_by_label_contains("Only the sentence and the names of the styles are sent there");
    key(&mut h, Key::Escape);
    h.run_steps(2);
    assert!(h.query_by_role(Role::MultilineTextInput).is_none());
}

#[test]
fn a_shot_says_why_it_is_there_and_is_chosen_anew_or_locked() {
    let mut h = window(cut_by_itself(), ThemeChoice::Dark);
    let clip = h.state().program.history.current().sequence.video_tracks().next().unwrap().clips[1].id;
    select(&mut h, Selection::clips([clip]));
    picture(&mut h, "montage-why-dark");
    h.get_by_label("Moves as the music does +0.82");
    h.get_by_label("Light and colours like before −0.18");
    h.get_by_role_and_label(Role::Button, "Re-roll shot").click();
    h.run_steps(2);
    assert_eq!(wishes(&h).pop(), Some(MontageWish::Reroll(vec![clip])));
    h.get_by_role_and_label(Role::Button, "Lock shot").click();
    h.run_steps(3);
    assert!(h.state().program.clip(clip.0).chosen.as_ref().unwrap().locked);
    h.get_by_label("Stays when others are chosen anew");
    by_palette(&mut h, "re-roll all");
    assert_eq!(wishes(&h).pop(), Some(MontageWish::RerollRest));
}
