//! How long planning a montage takes once everything was looked at: 200 clips of footage, five minutes of music.

use super::{Context, Row};
use crate::{
    analysis::{
        footage::{Footage, Kind, MOMENT_SECS, Moment, Shot},
        music::{Label, Music, Section},
    },
    assist::{self, Dice, Source, choose::Settled, slots::Bed},
    base::{FrameRate, Trouble},
};
use std::time::Instant;

const CLIPS: usize = 200;
const SECS: f64 = 300.0;

/// A clip of about 20 s with three shots, in which something happens.
fn clip(n: usize) -> Source {
    let mut dice = Dice::new(n as u64, 9);
    let secs = 14.0 + 12.0 * dice.unit();
    let borders = [0.0, secs * 0.3, secs * 0.65, secs];
    let shot = |i: usize| Shot {
        start: (borders[i] * 30.0) as usize,
        end: (borders[i + 1] * 30.0) as usize,
        start_secs: borders[i],
        end_secs: borders[i + 1],
        begins_with: (i > 0).then_some(Kind::Cut),
        mixed_secs: (0.0, 0.0),
    };
    let mut moment = |_| {
        let mut any = || dice.unit() as f32;
        let (bright, tint) = (0.2 + 0.5 * any(), (0.2 * any() - 0.1, 0.2 * any() - 0.1));
        Moment { motion: any(), pan: (any() - 0.5, any() - 0.5), shake: 0.3 * any(), sharp: any(), bright, tint, ..Moment::default() }
    };
    let moments = (0..(secs / MOMENT_SECS) as usize).map(&mut moment).collect();
    let shots = (0..3).map(shot).collect();
    Source { footage: Footage { duration_secs: secs, shots, moments }, voice: None, still: false }
}

fn song() -> Music {
    let beats: Vec<f64> = (0..).map(|i| 0.2 + f64::from(i) * 60.0 / 128.0).take_while(|b| *b < SECS).collect();
    let labels = [Label::Intro, Label::Build, Label::Drop, Label::Verse, Label::Drop, Label::Outro];
    let section = |(i, label): (usize, Label)| {
        let (start_secs, end_secs) = (i as f64 * SECS / 6.0, (i + 1) as f64 * SECS / 6.0);
        Section { start_secs, end_secs, label, energy: 0.5 }
    };
    Music {
        duration_secs: SECS,
        tempo_bpm: Some(128.0),
        confidence: 0.9,
        downbeats: (0..beats.len()).step_by(4).collect(),
        beats_per_bar: 4,
        beats,
        energy: (0..1200).map(|i| 0.5 + 0.5 * (i as f32 / 90.0).sin()).collect(),
        sections: labels.into_iter().enumerate().map(section).collect(),
    }
}

pub(super) fn montage(_: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let sources: Vec<Source> = (0..CLIPS).map(clip).collect();
    let music = song();
    let reach_secs = assist::choose::reach_secs(&sources);
    let bed = Bed { music: Some(&music), music_start_secs: 0.0, duration_secs: SECS, reach_secs };
    let (mut slowest, mut shots, mut forced) = (0.0f64, 0, 0);
    for style in assist::builtin() {
        let began = Instant::now();
        let slots = assist::slots(&bed, &style, FrameRate::FPS_30, 1);
        let plan = assist::choose(&slots, &sources, &style, &Settled::default(), 1);
        slowest = slowest.max(began.elapsed().as_secs_f64());
        shots = shots.max(plan.picks.len());
        forced += plan.forced;
    }
    Ok(vec![
        Row::new("plan five minutes of 200 clips, the slowest of all styles, wall", slowest, "s").goal("≤ 2"),
        Row::new("… shots of the style with the most", shots as f64, ""),
        Row::new("… shots in which a rule gave way, all styles", forced as f64, "").goal("0"),
    ])
}
