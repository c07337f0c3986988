//! How long it takes to index shots that were analysed, and to find some of them: 1,000 shots with speech in every second film, in English
//! and German; and to compare a text with the pictures of 100,000.

use super::{Context, Row, p50_p95};
use crate::{
    analysis::footage::{COLOURS, Footage, Kind, Moment, Shot},
    assist::Dice,
    base::{Time, Trouble},
    search::{Index, Material, Pictures, Query, Tongue, sentences, shots},
    speech::{Transcript, Word},
};
use half::f16;
use std::{sync::Arc, time::Instant};

const FILES: usize = 200;
const SHOTS: usize = 5;
const SHOT_SECS: f64 = 12.0;
/// Pictures that are compared, and the numbers that CLIP's ViT-B/32 has for each.
const PICTURES: usize = 100_000;
const NUMBERS: usize = 512;

/// Words as they are spread in speech: a few very often, most seldom.
const ENGLISH: &str = "the and we of to sea harbour boats morning storm captain light waves lighthouse gulls village people market children \
    mountain valley river bridge train station street corner window garden flowers autumn winter journey friend music dance kitchen bread \
    engine factory worker machine science laboratory doctor hospital school teacher library forest lake fishing island";
const GERMAN: &str = "die und wir der zu Meer Hafen Boote Morgen Sturm Kapitän Licht Wellen Leuchtturm Möwen Dorf Leute Markt Kinder Berg Tal \
    Fluss Brücke Zug Bahnhof Straße Ecke Fenster Garten Blumen Herbst Winter Reise Freund Musik Tanz Küche Brot Motor Fabrik Arbeiter Maschine \
    Wissenschaft Labor Ärztin Krankenhaus Schule Lehrer Bücherei Wald See Hafenrundfahrt Insel";

const QUERIES: [&str; 8] = [
    "harbour",
    "a fast pan to the left over the blue sea",
    "dark and quiet, no speech",
    "der Leuchtturm am Morgen",
    "children dance in the garden",
    "ein heller Schwenk nach rechts ohne Sprache",
    "the doctor works in the laboratory of the old hospital while the machine is loud",
    "Hafen",
];

struct File {
    name: String,
    footage: Footage,
    transcript: Option<Arc<Transcript>>,
}

fn file(n: usize) -> File {
    let mut dice = Dice::new(n as u64, 9);
    let secs = SHOTS as f64 * SHOT_SECS;
    let shot = |i: usize| Shot {
        start: i * 300,
        end: (i + 1) * 300,
        start_secs: i as f64 * SHOT_SECS,
        end_secs: (i + 1) as f64 * SHOT_SECS,
        begins_with: (i > 0).then_some(Kind::Cut),
        mixed_secs: (0.0, 0.0),
    };
    let moments = (0..(secs / 0.2) as usize).map(|_| {
        let mut any = || dice.unit() as f32;
        let mut colours = [0u8; COLOURS];
        colours[(any() * COLOURS as f32) as usize % COLOURS] = (any() * 100.0) as u8;
        Moment { motion: any(), pan: (any() - 0.5, any() - 0.5), sharp: any(), bright: any(), colours, ..Moment::default() }
    });
    let footage = Footage { duration_secs: secs, shots: (0..SHOTS).map(shot).collect(), moments: moments.collect() };
    let (code, words): (&str, Vec<&str>) =
        if n % 4 == 1 { ("de", GERMAN.split_whitespace().collect()) } else { ("en", ENGLISH.split_whitespace().collect()) };
    let transcript = (n % 2 == 1).then(|| {
        let spoken = (0..(secs / 0.4) as i64).map(|i| {
            let word = words[(dice.unit().powi(2) * words.len() as f64) as usize];
            Word::new(Time::from_ratio(i * 4, 10), Time::from_ratio(i * 4 + 3, 10), word)
        });
        Arc::new(Transcript::new(code, spoken))
    });
    File { name: format!("{}_{n:04}.mp4", words[n % words.len()]), footage, transcript }
}

/// Median and 95th percentile of comparing all pictures, one to a shot, with a text, in milliseconds.
fn compared() -> (f64, f64) {
    let mut dice = Dice::new(7, 9);
    let mut direction = || {
        let numbers: Vec<f32> = (0..NUMBERS).map(|_| dice.unit() as f32 - 0.5).collect();
        let length = numbers.iter().map(|v| v * v).sum::<f32>().sqrt();
        numbers.into_iter().map(move |v| v / length)
    };
    let asked: Vec<Vec<f32>> = (0..8).map(|_| direction().collect()).collect();
    let all: Vec<f16> = (0..PICTURES).flat_map(|_| direction().map(f16::from_f32).collect::<Vec<_>>()).collect();
    let times = (0..PICTURES).map(|n| n as f64).collect();
    let pictures = Pictures::new(NUMBERS, all, times, (0..PICTURES).map(|n| vec![n]).collect(), &asked[..1]);
    let mut wall: Vec<f64> = Vec::new();
    for asked in asked.iter().cycle().take(40) {
        let began = Instant::now();
        let found = pictures.glimpses(asked, 100.0);
        wall.push(began.elapsed().as_secs_f64() * 1e3);
        debug_assert_eq!(found.len(), PICTURES);
    }
    p50_p95(&mut wall)
}

pub(super) fn search(_: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let files: Vec<File> = (0..FILES).map(file).collect();
    let began = Instant::now();
    let material = |(i, f): (usize, &File)| {
        let m = Material {
            file: i as u64,
            names: vec![&f.name],
            folders: vec!["Day 1", "Shoot"],
            duration_secs: f.footage.duration_secs,
            photo: false,
            upright: false,
            heard: true,
            footage: Some(&f.footage),
            voice: None,
            transcript: f.transcript.as_ref(),
            notes: Vec::new(),
        };
        shots(&m)
    };
    let index = Index::new(files.iter().enumerate().flat_map(material).collect(), Tongue::English);
    let indexed = began.elapsed().as_secs_f64();
    let mut times: Vec<f64> = Vec::new();
    for round in 0..25 {
        for query in QUERIES {
            let began = Instant::now();
            let found = index.find(&Query::of(query, Tongue::English), 24);
            times.push(began.elapsed().as_secs_f64() * 1e3);
            if found.is_empty() && round == 0 {
                return Err(Trouble::new(format!("nothing was found for {query:?}"), "this is a fault of the program"));
            }
        }
    }
    let (median, most) = p50_p95(&mut times);
    let script: String = ENGLISH.split_whitespace().collect::<Vec<_>>().chunks(9).map(|c| format!("{}.\n", c.join(" "))).collect();
    let sentences = sentences(&script);
    let began = Instant::now();
    let found: usize = sentences.iter().map(|s| index.find(&Query::of(&s.text, Tongue::English), 24).len()).sum();
    let scripted = began.elapsed().as_secs_f64() * 1e3 / sentences.len().max(1) as f64;
    if found == 0 {
        return Err(Trouble::new("nothing was found for a script", "this is a fault of the program"));
    }
    let (compared, compared_most) = compared();
    Ok(vec![
        Row::new(
            format!(
                "index {} analysed shots, {} words said, wall",
                index.shots().len(),
                index.shots().iter().map(|s| s.said().count()).sum::<usize>()
            ),
            indexed,
            "s",
        )
        .goal("≤ 1"),
        Row::new("… a query, median, wall", median, "ms"),
        Row::new("… a query, p95, wall", most, "ms").goal("< 20"),
        Row::new("… a sentence of a script, mean, wall", scripted, "ms").goal("< 20"),
        Row::new(format!("compare a text with {PICTURES} pictures, median, wall"), compared, "ms"),
        Row::new("… p95, wall", compared_most, "ms").goal("< 50"),
    ])
}
