//! Reads a timeline with `ffcine-import` and prints what stands in it, one line each: cuts of every track in frames with their
//! speed, transitions with their offsets, markers, what the reader complains about.
//!
//! `ffcine-oracle FILE RATE`, the rate as `30000/1001` or `25`; the format goes by the file's name.

use ffcine_import::{ImportOptions, import};
use ffcine_timeline::{Effect, Item};
use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, rate] = &arguments[..] else {
        eprintln!("usage: ffcine-oracle FILE RATE");
        return ExitCode::from(2);
    };
    let (numerator, denominator) = rate.split_once('/').unwrap_or((rate, "1"));
    let (Ok(numerator), Ok(denominator)) = (numerator.parse::<f64>(), denominator.parse::<f64>()) else {
        eprintln!("no frame rate: {rate}");
        return ExitCode::from(2);
    };
    let rate = numerator / denominator;
    let options = ImportOptions { rate: Some(rate), strict: true, ..ImportOptions::default() };
    let got = match import(Path::new(file), None, &options) {
        Ok(got) => got,
        Err(e) => {
            eprintln!("{e}");
            return ExitCode::FAILURE;
        }
    };
    let frames = |seconds: f64| (seconds * rate).round();
    for (i, track) in got.timeline.track_list().enumerate() {
        let mut at = 0.0;
        for item in &track.children {
            if let Item::Transition(t) = item {
                let (before, after) = (frames(t.in_offset.to_seconds()), frames(t.out_offset.to_seconds()));
                println!("{} {i} join {before} {after}", track.kind);
                continue;
            }
            let length = frames(item.source_range().map_or(0.0, |r| r.duration.to_seconds()));
            if let Item::Clip(clip) = item {
                let speed = clip.effects.iter().find_map(|e| match e {
                    Effect::LinearTimeWarp(w) => Some(w.time_scalar),
                    _ => None,
                });
                println!("{} {i} clip {at} {length} at {}", track.kind, (speed.unwrap_or(1.0) * 1000.0).round() / 1000.0);
            }
            at += length;
        }
    }
    for m in got.timeline.placed_markers() {
        println!("marker {} {}", frames(m.start), m.marker.name);
    }
    for w in &got.report.warnings {
        println!("warning {w}");
    }
    ExitCode::SUCCESS
}
