//! `beats` and `scenes`: what music and footage are like.

use super::{
    INTERRUPTED,
    args::{BeatsArgs, ScenesArgs},
    report::{Failure, Report},
};
use crate::session::survey::{self, Kind, Music, Shot};
use serde_json::{Value, json};
use std::{path::Path, sync::atomic::Ordering};

pub(super) fn beats(a: &BeatsArgs, report: &Report) -> Result<(), Failure> {
    let mut shown = report.progress("beats");
    let interrupted = || INTERRUPTED.load(Ordering::SeqCst);
    let found = survey::listen(&a.audio, &a.count.counting(), &interrupted, &mut |part| shown.set(part, "listening", None));
    drop(shown);
    if interrupted() {
        return Err(Failure::interrupted());
    }
    let music = found?;
    report.result(&beats_json(&a.audio, &music), &beats_text(&music))
}

fn beats_json(path: &Path, m: &Music) -> Value {
    let round = |secs: f64| (secs * 1e6).round() / 1e6;
    let sections: Vec<Value> = m
        .sections
        .iter()
        .map(|s| json!({ "start": round(s.start_secs), "end": round(s.end_secs), "label": s.label, "energy": round(s.energy) }))
        .collect();
    json!({
        "path": path,
        "duration_secs": round(m.duration_secs),
        "tempo_bpm": m.tempo_bpm.map(round),
        "confidence": round(m.confidence),
        "beats": m.beats.iter().map(|b| round(*b)).collect::<Vec<_>>(),
        "downbeats": m.downbeats.iter().map(|i| round(m.beats[*i])).collect::<Vec<_>>(),
        "beats_per_bar": m.beats_per_bar,
        "sections": sections,
        "energy": { "step_secs": survey::ENERGY_SECS, "values": m.energy },
    })
}

fn beats_text(m: &Music) -> String {
    let mut lines = vec![match m.tempo_bpm {
        Some(bpm) => {
            format!("{bpm:.1} beats per minute, {} beats in bars of {}, confidence {:.2}", m.beats.len(), m.beats_per_bar, m.confidence)
        }
        None => format!("no clear beat (confidence {:.2})", m.confidence),
    }];
    lines.extend(
        m.sections.iter().map(|s| format!("{:8.2} – {:8.2} s  {:<6} energy {:.2}", s.start_secs, s.end_secs, s.label.name(), s.energy)),
    );
    lines.join("\n")
}

pub(super) fn scenes(a: &ScenesArgs, report: &Report) -> Result<(), Failure> {
    let mut shown = report.progress("scenes");
    let interrupted = || INTERRUPTED.load(Ordering::SeqCst);
    let found = survey::watch(&a.video, &interrupted, &mut |part| shown.set(part, "watching", None));
    drop(shown);
    if interrupted() {
        return Err(Failure::interrupted());
    }
    let watched = found?;
    let round = |v: f64| (v * 1e6).round() / 1e6;
    let (mut rows, mut lines) = (Vec::new(), Vec::new());
    for s in &watched.footage.shots {
        let m = watched.footage.mean(s.start_secs, s.end_secs);
        let (level_db, speech) = watched.voice.as_ref().map_or((None, None), |v| {
            let (level, speech) = v.mean(s.start_secs, s.end_secs);
            (Some(level), Some(speech))
        });
        rows.push(json!({
            "start_frame": s.start, "end_frame": s.end, "start": round(s.start_secs), "end": round(s.end_secs),
            "begins_with": begins_with(s),
            "motion": m.motion, "pan": [m.pan.0, m.pan.1], "shake": m.shake, "sharpness": m.sharp, "brightness": m.bright,
            "contrast": m.contrast, "colour": hex(m.main), "colour_part": m.main_part, "level_db": level_db, "speech": speech,
        }));
        lines.push(format!(
            "{:8.2} – {:8.2} s  frames {:>6} … {:<6} {:<8} movement {:.2}",
            s.start_secs,
            s.end_secs,
            s.start,
            s.end,
            begins_with(s),
            m.motion
        ));
    }
    report.result(&json!({ "path": a.video, "scenes": rows }), &lines.join("\n"))
}

/// `#c8281e`.
fn hex((r, g, b): (f32, f32, f32)) -> String {
    let byte = |v: f32| (v * 255.0).round() as u8;
    format!("#{:02x}{:02x}{:02x}", byte(r), byte(g), byte(b))
}

fn begins_with(shot: &Shot) -> &'static str {
    match shot.begins_with {
        None => "start",
        Some(Kind::Cut) => "cut",
        Some(Kind::Dissolve) => "dissolve",
        Some(Kind::Fade) => "fade",
    }
}
