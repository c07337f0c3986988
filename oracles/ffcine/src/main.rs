//! Prints the clips, transitions and markers that ffcine-import reads in a timeline, in whole frames, a line each:
//! `ffcine-facts FILE RATE`.

use ffcine_import::{ImportOptions, import};
use ffcine_timeline::Item;
use std::{path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, rate] = &arguments[..] else {
        eprintln!("usage: ffcine-facts FILE RATE");
        return ExitCode::from(2);
    };
    let rate: f64 = match rate.parse() {
        Ok(rate) => rate,
        Err(e) => {
            eprintln!("{rate}: {e}");
            return ExitCode::from(2);
        }
    };
    let options = ImportOptions { rate: Some(rate), ..ImportOptions::default() };
    let imported = match import(Path::new(file), None, &options) {
        Ok(imported) => imported,
        Err(e) => {
            eprintln!("{file}: {e}");
            return ExitCode::FAILURE;
        }
    };
    let frames = |seconds: f64| (seconds * rate).round() as i64;
    for (number, child) in imported.timeline.tracks.children.iter().enumerate() {
        let Item::Track(track) = child else { continue };
        let mut at = 0.0;
        for item in &track.children {
            if let Item::Transition(t) = item {
                let (before, after) = (t.in_offset.to_seconds(), t.out_offset.to_seconds());
                println!("{} {number} join {} {}", track.kind, frames(before), frames(after));
                continue;
            }
            let length = item.source_range().map_or(0.0, |r| r.duration.to_seconds());
            if let Item::Clip(clip) = item {
                let from = clip.source_range.as_ref().map_or(0.0, |r| r.start_time.to_seconds());
                println!("{} {number} clip {} {} from {}", track.kind, frames(at), frames(length), frames(from));
            }
            at += length;
        }
    }
    for m in imported.timeline.placed_markers() {
        println!("marker {} {}", frames(m.start), m.marker.name);
    }
    ExitCode::SUCCESS
}
