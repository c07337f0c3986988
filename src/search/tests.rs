//! The index as a whole, on shots that are made up.

use super::*;
use crate::{
    analysis::footage::{Colour, Moment, Shares},
    base::Time,
    speech::{Transcript, Word},
};
use std::sync::Arc;

/// A film of one shot of five seconds.
fn film(file: u64, name: &str, moment: Moment, said: (&str, &str)) -> Shot {
    let footage = crate::analysis::footage::Footage {
        duration_secs: 5.0,
        shots: vec![crate::analysis::footage::Shot {
            start: 0,
            end: 125,
            start_secs: 0.0,
            end_secs: 5.0,
            begins_with: None,
            mixed_secs: (0.0, 0.0),
        }],
        moments: vec![moment; 25],
    };
    let word = |(i, w): (usize, &str)| Word::new(Time::from_ratio(i as i64 * 3, 10), Time::from_ratio(i as i64 * 3 + 2, 10), w);
    let transcript = Arc::new(Transcript::new(said.0, said.1.split_whitespace().enumerate().map(word)));
    let material = Material {
        file,
        names: vec![name],
        folders: vec!["Day 1", "Norway"],
        duration_secs: 5.0,
        photo: false,
        upright: false,
        heard: true,
        footage: Some(&footage),
        voice: None,
        transcript: (!said.1.is_empty()).then_some(&transcript),
        notes: Vec::new(),
    };
    shots(&material).remove(0)
}

fn colour(colour: Colour, share: u8) -> Moment {
    let mut colours = Shares::default();
    colours[colour as usize] = share;
    Moment { bright: 0.4, sharp: 0.5, colours, ..Moment::default() }
}

fn index() -> Index {
    let plain = Moment { bright: 0.4, sharp: 0.5, ..Moment::default() };
    Index::new(
        vec![
            film(1, "DSC_0001.MOV", colour(Colour::Blue, 70), ("en", "")),
            film(2, "harbour_dawn.mov", plain, ("en", "")),
            film(3, "interview-anna.mp4", plain, ("en", "We left the harbours before the storm came and nobody spoke of harbours")),
            film(4, "DSC_0004.MOV", Moment { motion: 0.9, pan: (0.9, 0.0), ..plain }, ("de", "Die Hafenrundfahrt dauert zwei Stunden")),
            film(5, "DSC_0005.MOV", Moment { bright: 0.05, ..colour(Colour::Blue, 30) }, ("de", "Wir sahen dunkle Wälder")),
            film(6, "DSC_0006.MOV", Moment { bright: 0.9, ..colour(Colour::Green, 80) }, ("en", "")),
        ],
        Tongue::English,
    )
}

/// Files of the results, best first.
fn files(text: &str) -> Vec<u64> {
    let index = index();
    index.find(&Query::of(text, Tongue::English), 20).iter().map(|h| index.shots()[h.shot].file).collect()
}

#[test]
fn words_are_found_by_their_stem_in_names_and_in_what_is_said() {
    let index = index();
    let hits = index.find(&Query::of("the harbour", Tongue::English), 20);
    assert_eq!(hits.iter().map(|h| index.shots()[h.shot].file).collect::<Vec<_>>(), [2, 3], "the name before what is said");
    assert_eq!(hits[0].reasons[0].by, By::Name("harbour".into()));
    assert_eq!(hits[1].reasons[0].by, By::Said { word: "harbours".into(), at_secs: 0.9 });
    assert_eq!(hits[1].reasons[0].text, "harbour");
    assert_eq!(files("Wald"), [5]);
    assert_eq!(files("Norwegian"), Vec::<u64>::new());
    assert_eq!(files("Norway").len(), 6);
}

#[test]
fn german_compounds_are_found_by_their_parts() {
    assert_eq!(files("Hafen"), [4]);
    assert_eq!(files("die Rundfahrt"), [4]);
}

#[test]
fn looks_rank_by_how_well_they_fit_and_say_so() {
    assert_eq!(files("blue"), [1, 5]);
    assert_eq!(files("dark blue")[0], 5);
    assert_eq!(files("ein schneller Schwenk nach links")[0], 4);
    assert_eq!(files("green and bright")[0], 6);
    let index = index();
    let best = &index.find(&Query::of("a fast pan to the left", Tongue::English), 1)[0];
    let by: Vec<&By> = best.reasons.iter().map(|r| &r.by).collect();
    assert_eq!(by, [&By::Look(Trait::Fast), &By::Look(Trait::PanLeft)]);
    assert_eq!(best.reasons[1].text, "pan to the left");
}

#[test]
fn what_shall_not_be_is_taken_off() {
    assert_eq!(files("blue not dark"), [1]);
    assert!(!files("not dark").contains(&5) || files("not dark").last() == Some(&5));
    assert_eq!(files("not dark").len(), 6);
}

#[test]
fn the_subject_counts_more_than_its_manner() {
    assert_eq!(files("bright harbour")[0], 2);
}

#[test]
fn nothing_finds_nothing() {
    for text in ["", "the", "zzyzx", "?!", "\u{0}"] {
        assert_eq!(files(text), Vec::<u64>::new(), "{text:?}");
    }
    assert_eq!(Index::default().find(&Query::of("harbour", Tongue::English), 5), []);
    assert_eq!(Index::new(Vec::new(), Tongue::German).shots().len(), 0);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let query = Query::of("harbour blue fast", Tongue::English);
    let (a, b) = (index().find(&query, 9), index().find(&query, 9));
    assert_eq!(a, b);
    assert!(a.windows(2).all(|w| w[0].score >= w[1].score));
}

#[test]
fn what_pictures_show_joins_what_words_say() {
    let index = index();
    let ask = |text: &str, of: &[(usize, f32)]| {
        let mut glimpses = vec![None; index.shots().len()];
        of.iter().for_each(|(shot, part)| glimpses[*shot] = Some(Glimpse { part: *part, at_secs: 2.5 }));
        let query = Query::of(text, Tongue::English);
        index.find_seen(&query, Some(Seen { text, glimpses: &glimpses }), 9)
    };
    // words that nothing else knows
    let hits = ask("a sailor at the helm", &[(0, 0.3), (5, 0.9)]);
    assert_eq!(hits.iter().map(|h| h.shot).collect::<Vec<_>>(), [5, 0]);
    assert_eq!(hits[0].reasons.len(), 1);
    assert_eq!((hits[0].reasons[0].text.as_str(), &hits[0].reasons[0].by), ("a sailor at the helm", &By::Seen { part: 0.9, at_secs: 2.5 }));
    // a name stays before a picture that fits as well as nothing does, and both together are best
    assert_eq!(ask("harbour", &[(0, 0.2)])[0].shot, 1);
    let both = ask("harbour", &[(2, 1.0)]);
    assert!(both[0].shot == 2 && both[0].reasons.len() == 2, "{both:?}");
    // nothing seen is as before
    assert_eq!(ask("harbour", &[]), index.find(&Query::of("harbour", Tongue::English), 9));
}
