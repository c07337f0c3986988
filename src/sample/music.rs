//! The sample film's music: 18 bars of an own little piece at 112 beats per minute, and the truth about it.
//!
//! Pads, bass, drums, an arpeggio and a bell, mixed in Rust. Because tempo, beats, bars and sections are known exactly,
//! the same file later proves the beat and section detectors.

use super::synth::{Filter, Noise, RATE, Stereo, Wavetable, note_hz, pluck, swell};
use crate::base::MIX_RATE;
use serde::{Deserialize, Serialize};
use std::f32::consts::TAU;

/// Quarter notes per minute.
pub const TEMPO_BPM: f64 = 112.0;
/// Seconds from one beat to the next.
pub const BEAT_SECS: f64 = 60.0 / TEMPO_BPM;
/// Seconds of a bar of four beats.
pub const BAR_SECS: f64 = 4.0 * BEAT_SECS;
/// Bars of the piece; after them the last chord rings until [`MUSIC_SECS`].
pub const BARS: usize = 18;
/// Length of the file.
pub const MUSIC_SECS: f64 = 40.0;

/// First bars of the four sections, and the end.
const INTRO: usize = 0;
const BUILD: usize = 4;
const DROP: usize = 8;
const OUTRO: usize = 14;

/// A part of the piece with its own energy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// `intro`, `build`, `drop`, `outro`.
    pub name: String,
    pub start_secs: f64,
    pub end_secs: f64,
}

/// What is known of the music for certain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MusicTruth {
    pub tempo_bpm: f64,
    pub beats_per_bar: u32,
    pub duration_secs: f64,
    pub beats_secs: Vec<f64>,
    pub downbeats_secs: Vec<f64>,
    pub sections: Vec<Section>,
}

/// The truth about the piece that [`render`] makes.
pub fn truth() -> MusicTruth {
    let section = |name: &str, from: usize, to: f64| Section { name: name.into(), start_secs: from as f64 * BAR_SECS, end_secs: to };
    let bar = |b: usize| b as f64 * BAR_SECS;
    MusicTruth {
        tempo_bpm: TEMPO_BPM,
        beats_per_bar: 4,
        duration_secs: MUSIC_SECS,
        beats_secs: (0..BARS * 4).map(|b| b as f64 * BEAT_SECS).collect(),
        downbeats_secs: (0..BARS).map(bar).collect(),
        sections: vec![
            section("intro", INTRO, bar(BUILD)),
            section("build", BUILD, bar(DROP)),
            section("drop", DROP, bar(OUTRO)),
            section("outro", OUTRO, MUSIC_SECS),
        ],
    }
}

/// A minor 9, F major 7, C major 9, G with the fourth: pad notes (MIDI) and the bass below them.
const CHORDS: [([f32; 4], f32); 4] = [
    ([57.0, 60.0, 64.0, 71.0], 33.0),
    ([57.0, 60.0, 65.0, 69.0], 29.0),
    ([55.0, 60.0, 64.0, 74.0], 36.0),
    ([55.0, 62.0, 67.0, 71.0], 31.0),
];

fn chord(bar: usize) -> ([f32; 4], f32) {
    // the last bar comes home
    if bar + 1 >= BARS { CHORDS[0] } else { CHORDS[bar % CHORDS.len()] }
}

/// The first `secs` of the piece, faded out at their end; [`MUSIC_SECS`] is the whole. 48 kHz stereo, peak −1 dB.
pub fn render(secs: f64) -> Stereo {
    let samples = (secs * f64::from(MIX_RATE)).round() as usize;
    let mut dry = Stereo::silence(samples);
    let mut wet = Stereo::silence(samples);
    let duck = kick_envelope(samples);

    let mut pad = pads(samples);
    pad.shape(|i, l, r| (l * (1.0 - 0.55 * duck[i]), r * (1.0 - 0.55 * duck[i])));
    dry.mix(&pad, 0.55);
    wet.mix(&pad, 0.30);

    let mut bass = bass(samples);
    bass.shape(|i, l, r| (l * (1.0 - 0.75 * duck[i]), r * (1.0 - 0.75 * duck[i])));
    dry.mix(&bass, 0.62);

    let arp = arpeggio(samples);
    dry.mix(&arp, 0.34);
    let echo = arp.echo(0.75 * BEAT_SECS, 0.42);
    dry.mix(&echo, 0.20);
    wet.mix(&arp, 0.24);

    let bell = bells(samples);
    dry.mix(&bell, 0.30);
    wet.mix(&bell, 0.50);
    wet.mix(&bell.echo(BEAT_SECS, 0.4), 0.3);

    let (drums, room) = drums(samples);
    dry.mix(&drums, 0.95);
    wet.mix(&room, 0.5);

    dry.mix(&wet.reverb(0.86), 0.55);
    let end = secs as f32;
    dry.shape(|i, l, r| {
        let t = i as f32 / RATE;
        let gain = 1.05 * swell(t, end, 0.02, 1.6);
        ((l * gain).tanh(), (r * gain).tanh())
    });
    dry.normalise(0.891);
    dry
}

/// Loudness of the pads and the cut-off of their filter over time, in bars.
fn brightness(bar: f32) -> f32 {
    let (b, d, o) = (BUILD as f32, DROP as f32, OUTRO as f32);
    if bar < b {
        0.10 + 0.12 * bar / b
    } else if bar < d {
        0.22 + 0.62 * ((bar - b) / (d - b)).powi(2)
    } else if bar < o {
        0.80
    } else {
        0.45 - 0.30 * ((bar - o) / 4.0).min(1.0)
    }
}

fn pads(samples: usize) -> Stereo {
    let saw = Wavetable::new(40, |k| 1.0 / k as f32);
    let mut out = Stereo::silence(samples);
    for bar in 0..BARS {
        let start = bar as f64 * BAR_SECS;
        let last = bar + 1 == BARS;
        let secs = if last { (MUSIC_SECS - start) as f32 } else { BAR_SECS as f32 + 0.7 };
        for (n, note) in chord(bar).0.into_iter().enumerate() {
            for (side, detune) in [(-0.75, -0.055), (0.75, 0.060), (0.0, 0.004)] {
                let step = note_hz(note + detune) / RATE;
                let mut phase = (n as f32 * 0.37 + (side + 1.0) * 0.21).fract();
                out.voice(start, secs, side, |t, _| {
                    phase = (phase + step).fract();
                    0.055 * saw.at(phase) * swell(t, secs, 0.35, 0.75)
                });
            }
        }
    }
    let (mut left, mut right) = ([Filter::default(), Filter::default()], [Filter::default(), Filter::default()]);
    out.shape(|i, l, r| {
        let secs = i as f32 / RATE;
        let sway = 1.0 + 0.18 * (TAU * secs * 0.13).sin();
        let cutoff = (250.0 + 3800.0 * brightness((f64::from(secs) / BAR_SECS) as f32)) * sway;
        let low = |f: &mut [Filter; 2], x: f32| {
            let once = f[0].step(x, cutoff, 0.8).low;
            f[1].step(once, 0.9 * cutoff + 200.0, 0.6).low
        };
        (low(&mut left, l), low(&mut right, r))
    });
    out
}

fn bass(samples: usize) -> Stereo {
    let mut out = Stereo::silence(samples);
    let mut note = |at: f64, secs: f32, hz: f32, gain: f32| {
        let mut phase = 0.0_f32;
        out.voice(at, secs, 0.0, |t, _| {
            phase = (phase + hz / RATE).fract();
            let x = (TAU * phase).sin() + 0.42 * (2.0 * TAU * phase).sin() + 0.16 * (3.0 * TAU * phase).sin();
            gain * (1.6 * x).tanh() * swell(t, secs, 0.008, 0.06)
        });
    };
    for bar in 2..BARS {
        let start = bar as f64 * BAR_SECS;
        let hz = note_hz(chord(bar).1);
        match bar {
            _ if bar < BUILD => note(start, BAR_SECS as f32, hz, 0.30),
            _ if bar < DROP => {
                for beat in 0..4 {
                    note(start + f64::from(beat) * BEAT_SECS, 0.92 * BEAT_SECS as f32, hz, 0.34);
                }
            }
            _ if bar < OUTRO => {
                // off the kick, with an octave at the end of the bar
                for eighth in 0..8 {
                    let up = if eighth == 7 || eighth == 3 { 2.0 } else { 1.0 };
                    note(start + f64::from(eighth) * 0.5 * BEAT_SECS, 0.44 * BEAT_SECS as f32, hz * up, 0.55);
                }
            }
            _ => note(start, if bar + 1 == BARS { 2.6 } else { BAR_SECS as f32 }, hz, 0.34),
        }
    }
    out
}

/// Loudness of the arpeggio by bar; 0 leaves it out.
fn arpeggio_level(bar: usize) -> f32 {
    match bar {
        0 => 0.0,
        1 => 0.35,
        b if b < BUILD => 0.5,
        b if b < DROP => 0.55 + 0.1 * (b - BUILD) as f32,
        b if b < OUTRO => 1.0,
        b if b + 1 < BARS => 0.5,
        _ => 0.0,
    }
}

fn arpeggio(samples: usize) -> Stereo {
    let tone = Wavetable::new(12, |k| if k % 2 == 1 { 1.0 / (k * k) as f32 } else { 0.35 / (k * k) as f32 });
    let mut out = Stereo::silence(samples);
    for bar in 0..BARS {
        let level = arpeggio_level(bar);
        if level == 0.0 {
            continue;
        }
        let notes = chord(bar).0;
        // eighths at first, sixteenths from the second half of the build
        let steps = if (BUILD + 2..OUTRO).contains(&bar) { 16 } else { 8 };
        for s in 0..steps {
            let order = [0, 2, 1, 3, 2, 3, 1, 2][(s * 8 / steps + s) % 8];
            let octave = if (s * 5 + bar) % 7 < 2 { 24.0 } else { 12.0 };
            let hz = note_hz(notes[order] + octave);
            let at = bar as f64 * BAR_SECS + s as f64 * BAR_SECS / steps as f64;
            let accent = if s % (steps / 4) == 0 { 1.0 } else { 0.68 };
            let pan = if s % 2 == 0 { -0.45 } else { 0.45 };
            let mut phase = 0.0_f32;
            out.voice(at, 0.7, pan, |t, _| {
                phase = (phase + hz / RATE).fract();
                0.30 * level * accent * tone.at(phase) * pluck(t, 0.003, 0.16) * (1.0 - t / 0.7)
            });
        }
    }
    out
}

/// The tune of the drop and what is left of it in the outro: bar, beat, MIDI note.
const TUNE: [(usize, f64, f32); 21] = [
    (8, 0.0, 76.0),
    (8, 1.5, 79.0),
    (8, 3.0, 83.0),
    (9, 0.0, 81.0),
    (9, 2.5, 79.0),
    (10, 0.0, 79.0),
    (10, 1.5, 76.0),
    (10, 3.0, 74.0),
    (11, 0.0, 74.0),
    (11, 2.0, 79.0),
    (12, 0.0, 76.0),
    (12, 1.5, 83.0),
    (12, 3.0, 88.0),
    (13, 0.0, 86.0),
    (13, 1.5, 84.0),
    (13, 3.0, 81.0),
    (14, 0.0, 79.0),
    (15, 0.0, 74.0),
    (16, 0.0, 76.0),
    (16, 2.0, 74.0),
    (17, 0.0, 69.0),
];

fn bells(samples: usize) -> Stereo {
    let mut out = Stereo::silence(samples);
    for (bar, beat, note) in TUNE {
        let hz = note_hz(note);
        let at = bar as f64 * BAR_SECS + beat * BEAT_SECS;
        out.voice(at, 2.4, 0.12, |t, _| {
            let ring = 1.7 * pluck(t, 0.002, 0.35) * (TAU * hz * 3.5 * t).sin();
            0.34 * (TAU * hz * t + ring).sin() * pluck(t, 0.004, 0.75) * (1.0 - t / 2.4)
        });
    }
    out
}

fn kicks() -> impl Iterator<Item = f64> {
    (BUILD..OUTRO).flat_map(|bar| {
        let every: &'static [f64] = match bar {
            b if b < BUILD + 2 => &[0.0, 2.0],
            // the last bar before the drop stops after its first half: a breath
            b if b + 1 == DROP => &[0.0, 1.0],
            _ => &[0.0, 1.0, 2.0, 3.0],
        };
        every.iter().map(move |beat| bar as f64 * BAR_SECS + beat * BEAT_SECS)
    })
}

/// 1 where a kick sounds, falling over a third of a beat: how far pads and bass make room for it.
fn kick_envelope(samples: usize) -> Vec<f32> {
    let mut out = vec![0.0; samples];
    for at in kicks() {
        let from = (at * f64::from(MIX_RATE)).round() as usize;
        for (i, v) in out.iter_mut().skip(from).take(MIX_RATE as usize / 2).enumerate() {
            *v = pluck(i as f32 / RATE, 0.004, 0.13);
        }
    }
    out
}

/// Drums, and the part of them that goes to the hall.
fn drums(samples: usize) -> (Stereo, Stereo) {
    let mut out = Stereo::silence(samples);
    let mut room = Stereo::silence(samples);
    let mut noise = Noise::new(112);
    for at in kicks() {
        let gain = if at < DROP as f64 * BAR_SECS { 0.62 } else { 1.0 };
        out.voice(at, 0.42, 0.0, |t, _| {
            // the pitch falls from 170 to 47 Hz; the phase is its integral
            let phase = 47.0 * t + (123.0 / 34.0) * (1.0 - (-34.0 * t).exp());
            let click = 0.25 * (TAU * 1900.0 * t).sin() * pluck(t, 0.0005, 0.004);
            gain * (0.95 * (TAU * phase).sin() * pluck(t, 0.0012, 0.135) + click)
        });
    }
    let bars = |from: usize, to: usize| (from..to).map(|b| b as f64 * BAR_SECS);
    for start in bars(BUILD + 2, DROP - 1).chain(bars(DROP, OUTRO)) {
        for beat in [1.0, 3.0] {
            for (bus, gain) in [(&mut out, 0.5), (&mut room, 0.5)] {
                let mut f = Filter::default();
                bus.voice(start + beat * BEAT_SECS, 0.3, 0.0, |t, _| {
                    // three quick hands, then the tail
                    let hands = (0..3).map(|h| pluck((t - 0.009 * h as f32).max(0.0), 0.001, 0.006)).sum::<f32>() * 0.3;
                    gain * f.step(noise.next(), 1700.0, 0.8).band * (hands + pluck(t, 0.002, 0.085))
                });
            }
        }
    }
    for start in bars(BUILD, DROP).chain(bars(DROP, OUTRO)).chain(bars(OUTRO, OUTRO + 2)) {
        let in_drop = (DROP as f64 * BAR_SECS..OUTRO as f64 * BAR_SECS).contains(&start);
        for s in 0..16 {
            let off_beat = s % 4 == 2;
            let gain = if off_beat {
                0.20
            } else if in_drop {
                [0.07, 0.045, 0.0, 0.06][s % 4]
            } else {
                0.0
            };
            let decay = if off_beat { 0.055 } else { 0.022 };
            let mut f = Filter::default();
            out.voice(start + s as f64 * BEAT_SECS / 4.0, 0.2, if s % 2 == 0 { 0.25 } else { -0.25 }, |t, _| {
                gain * f.step(noise.next(), 7500.0, 0.9).high * pluck(t, 0.001, decay)
            });
        }
    }
    // a rise of noise into the drop, and a cymbal on its first beat and at its end
    let rise = (2.0 * BAR_SECS) as f32;
    for pan in [-0.8, 0.8] {
        let mut f = Filter::default();
        out.voice((DROP - 2) as f64 * BAR_SECS, rise, pan, |t, _| {
            let x = t / rise;
            0.16 * x * x * f.step(noise.next(), 300.0 + 7000.0 * x * x, 1.6).band * swell(t, rise, 0.05, 0.03)
        });
        for (bar, gain) in [(DROP, 0.30), (DROP + 4, 0.16), (OUTRO, 0.26)] {
            let mut f = Filter::default();
            room.voice(bar as f64 * BAR_SECS, 2.4, pan, |t, _| 0.6 * gain * f.step(noise.next(), 5200.0, 0.7).high * pluck(t, 0.002, 0.55));
            let mut f = Filter::default();
            out.voice(bar as f64 * BAR_SECS, 2.4, pan, |t, _| gain * f.step(noise.next(), 6000.0, 0.7).high * pluck(t, 0.002, 0.5));
        }
    }
    (out, room)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::OnceLock;

    fn piece() -> &'static Stereo {
        static PIECE: OnceLock<Stereo> = OnceLock::new();
        PIECE.get_or_init(|| render(MUSIC_SECS))
    }

    fn rms(s: &Stereo, from_secs: f64, to_secs: f64) -> f32 {
        let at = |t: f64| (t * f64::from(MIX_RATE)) as usize;
        let part = at(from_secs)..at(to_secs);
        let sum: f32 = s.left[part.clone()].iter().chain(&s.right[part.clone()]).map(|v| v * v).sum();
        (sum / (2 * part.len()) as f32).sqrt()
    }

    #[test]
    fn the_truth_counts_its_beats_and_its_sections_meet() {
        let t = truth();
        assert_eq!((t.beats_secs.len(), t.downbeats_secs.len()), (72, 18));
        assert!((t.beats_secs[71] - 71.0 * 60.0 / 112.0).abs() < 1e-9);
        assert!(t.sections.windows(2).all(|w| w[0].end_secs == w[1].start_secs));
        assert_eq!((t.sections[0].start_secs, t.sections[3].end_secs), (0.0, MUSIC_SECS));
        let text = serde_json::to_string(&t).unwrap();
        assert_eq!(serde_json::from_str::<MusicTruth>(&text).unwrap(), t);
    }

    #[test]
    fn the_music_is_loud_enough_never_clips_and_ends_in_silence() {
        let s = piece();
        assert_eq!(s.len(), 40 * 48_000);
        assert!((s.peak() - 0.891).abs() < 1e-3, "peak {}", s.peak());
        assert!(s.left.iter().chain(&s.right).all(|v| v.is_finite()));
        let all = rms(s, 0.0, 38.0);
        assert!((0.05..0.35).contains(&all), "rms {all}");
        assert!(s.left[s.len() - 1].abs() < 1e-3);
        let mean = s.left.iter().sum::<f32>() / s.len() as f32;
        assert!(mean.abs() < 0.01, "offset {mean}");
    }

    #[test]
    fn the_sections_differ_in_energy() {
        let level = |i: usize| rms(piece(), truth().sections[i].start_secs, truth().sections[i].end_secs);
        let all: Vec<f32> = (0..4).map(level).collect();
        assert!(all[1] > 1.3 * all[0] && all[2] > 1.3 * all[1] && all[2] > 1.5 * all[3], "{all:?}");
    }

    #[test]
    fn in_the_drop_the_beats_are_where_the_truth_says() {
        // energy of the low notes rises at a beat far more than halfway between two
        let s = piece();
        let mut f = Filter::default();
        let low: Vec<f32> = s.left.iter().map(|v| f.step(*v, 120.0, 0.7).low).collect();
        let energy = |secs: f64| {
            let at = (secs * f64::from(MIX_RATE)) as usize;
            low[at..at + 1920].iter().map(|v| v * v).sum::<f32>()
        };
        let rise = |secs: f64| energy(secs) - energy(secs - 0.042);
        let t = truth();
        let drop = &t.sections[2];
        let beats: Vec<f64> = t.beats_secs.iter().copied().filter(|b| *b >= drop.start_secs && *b < drop.end_secs).collect();
        assert_eq!(beats.len(), 24);
        let on: f32 = beats.iter().map(|b| rise(*b).max(0.0)).sum();
        let off: f32 = beats.iter().map(|b| rise(*b + 0.25 * BEAT_SECS).max(0.0)).sum();
        assert!(on > 4.0 * off, "on {on} off {off}");
    }
}
