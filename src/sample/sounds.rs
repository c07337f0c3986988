//! What is heard in the sample film's scenes: wind, birds, a burner, leaves and steps, sea and gulls, a city, glass.
//!
//! Every function gives the stereo sound of a scene of `secs` seconds at the mix rate. Pure and deterministic.

use super::{
    camera::{STEPS_PER_SEC, smooth_noise},
    synth::{Filter, Noise, Stereo, note_hz, pluck, swell},
};
use crate::base::MIX_RATE;
use std::f32::consts::TAU;

/// Peak of a finished scene's sound: loud enough to hear, with room for music beside it (−6 dB).
const PEAK: f32 = 0.5;

fn finish(mut sound: Stereo, secs: f32) -> Stereo {
    // a short fade at both ends, so that a cut does not click
    sound.shape(|i, l, r| {
        let gain = swell(i as f32 / MIX_RATE as f32, secs, 0.02, 0.02);
        (l * gain, r * gain)
    });
    sound.normalise(PEAK);
    sound
}

fn empty(secs: f32) -> Stereo {
    Stereo::silence((f64::from(secs) * f64::from(MIX_RATE)).round() as usize)
}

/// A bed of filtered noise, different on both sides; `shape(t)` gives its loudness, cut-off in hertz and quality.
fn bed(out: &mut Stereo, secs: f32, seed: u32, high: bool, shape: impl Fn(f32) -> (f32, f32, f32)) {
    for (side, pan) in [(0, -0.8), (1, 0.8)] {
        let mut noise = Noise::new(seed + side);
        let (mut first, mut second) = (Filter::default(), Filter::default());
        out.voice(0.0, secs, pan, |t, _| {
            let (gain, cutoff, q) = shape(t + 0.35 * side as f32);
            let bands = first.step(noise.next(), cutoff, q);
            let x = if high { bands.high } else { bands.low };
            gain * second.step(x, if high { 11_000.0 } else { cutoff * 1.5 }, 0.6).low
        });
    }
}

/// A phrase of a small bird: whistles that sweep in pitch.
fn bird(out: &mut Stereo, at: f64, pan: f32, gain: f32, seed: u32) {
    let mut dice = Noise::new(seed);
    let base = 2600.0 + 1500.0 * dice.unit();
    let notes = 3 + (4.0 * dice.unit()) as usize;
    let mut start = at;
    for _ in 0..notes {
        let secs = 0.06 + 0.09 * dice.unit();
        let (from, to) = (base * (0.9 + 0.35 * dice.unit()), base * (0.85 + 0.5 * dice.unit()));
        let trill = if dice.unit() > 0.6 { 0.05 } else { 0.0 };
        let mut phase = 0.0_f32;
        out.voice(start, secs, pan, |t, _| {
            let x = t / secs;
            let hz = (from + (to - from) * x * x) * (1.0 + trill * (TAU * 38.0 * t).sin());
            phase = (phase + hz / MIX_RATE as f32).fract();
            gain * ((TAU * phase).sin() + 0.12 * (2.0 * TAU * phase).sin()) * swell(t, secs, 0.012, 0.03)
        });
        start += f64::from(secs + 0.02 + 0.10 * dice.unit());
    }
}

fn birds(out: &mut Stereo, secs: f32, seed: u32, gain: f32, every_secs: f32) {
    let mut dice = Noise::new(seed);
    let mut at = 0.25 * every_secs;
    let mut n = 0;
    while at < secs - 0.8 {
        bird(out, f64::from(at), 1.6 * dice.unit() - 0.8, gain * (0.4 + 0.6 * dice.unit()), seed.wrapping_add(100 + n % 3));
        at += every_secs * (0.5 + dice.unit());
        n += 1;
    }
}

/// Mountain air, the first birds, one far away with an echo.
pub fn dawn(secs: f32) -> Stereo {
    let mut out = empty(secs);
    bed(&mut out, secs, 11, false, |t| {
        let gust = 0.5 + 0.5 * smooth_noise(5, t * 0.4);
        (0.10 + 0.10 * gust, 260.0 + 340.0 * gust, 0.9)
    });
    let mut song = empty(secs);
    birds(&mut song, secs, 21, 0.10, 1.5);
    out.mix(&song, 1.0);
    out.mix(&song.reverb(0.82), 0.5);
    finish(out, secs)
}

/// High thin wind, and the burner of a balloon.
pub fn clouds(secs: f32) -> Stereo {
    let mut out = empty(secs);
    bed(&mut out, secs, 31, false, |t| {
        let gust = 0.5 + 0.5 * smooth_noise(9, t * 0.5);
        (0.16 + 0.12 * gust, 420.0 + 600.0 * gust, 1.4)
    });
    for (at, long, loud) in [(1.2_f32, 1.5_f32, 1.0_f32), (4.6, 1.1, 0.7)] {
        bed(&mut out, secs, 37, false, |t| {
            let x = t - at;
            if x < 0.0 || x > long { (0.0, 900.0, 0.7) } else { (loud * 0.40 * swell(x, long, 0.10, 0.45), 750.0, 0.9) }
        });
    }
    finish(out, secs)
}

/// Leaves in the wind, birds near and far, steps on the path in time with the camera.
pub fn forest(secs: f32) -> Stereo {
    let mut out = empty(secs);
    bed(&mut out, secs, 41, true, |t| {
        let gust = 0.5 + 0.5 * smooth_noise(13, t * 0.6);
        (0.020 + 0.055 * gust * gust, 2400.0, 0.7)
    });
    bed(&mut out, secs, 43, false, |t| (0.08 + 0.04 * smooth_noise(15, t * 0.5), 330.0, 0.8));
    let mut song = empty(secs);
    birds(&mut song, secs, 47, 0.13, 1.0);
    out.mix(&song, 0.9);
    out.mix(&song.reverb(0.72), 0.35);
    // a foot meets the ground each time the camera is lowest
    let mut noise = Noise::new(53);
    for step in 0..=(secs * STEPS_PER_SEC) as usize {
        let mut f = Filter::default();
        let pan = if step % 2 == 0 { -0.12 } else { 0.12 };
        out.voice(f64::from(step as f32 / STEPS_PER_SEC), 0.22, pan, |t, _| {
            let crumble = if noise.unit() > 0.86 { 1.0 } else { 0.25 };
            let body = 0.5 * (TAU * 72.0 * t).sin() * pluck(t, 0.004, 0.030);
            0.16 * (crumble * f.step(noise.next(), 1500.0, 0.8).band * pluck(t, 0.012, 0.055) + body)
        });
    }
    finish(out, secs)
}

/// Waves that swell and break, water against the hull, two gulls.
pub fn water(secs: f32) -> Stereo {
    let mut out = empty(secs);
    bed(&mut out, secs, 61, false, |t| {
        let wave = (0.5 - 0.5 * (TAU * t / 3.4).cos()).powf(1.6);
        (0.13 + 0.30 * wave, 380.0 + 1500.0 * wave, 0.7)
    });
    bed(&mut out, secs, 67, true, |t| {
        let foam = (0.5 - 0.5 * (TAU * (t - 0.5) / 3.4).cos()).powi(4);
        (0.035 * foam, 3200.0, 0.7)
    });
    let mut dice = Noise::new(71);
    let mut at = 0.2;
    while at < secs - 0.3 {
        // small slaps of water: falling pitch, low-passed
        let (hz, pan) = (220.0 + 220.0 * dice.unit(), 1.2 * dice.unit() - 0.6);
        out.voice(f64::from(at), 0.16, pan, |t, _| 0.06 * (TAU * (hz * t - 420.0 * t * t)).sin() * pluck(t, 0.006, 0.035));
        at += 0.25 + 0.7 * dice.unit();
    }
    let mut gulls = empty(secs);
    for (start, pan, gain) in [(0.9, -0.5, 1.0), (1.35, -0.45, 0.8), (1.75, -0.4, 0.6), (4.1, 0.6, 0.7), (4.5, 0.62, 0.55)] {
        let mut phase = 0.0_f32;
        gulls.voice(start, 0.34, pan, |t, _| {
            let x = t / 0.34;
            let hz = 980.0 + 620.0 * (x * 3.1).sin() - 260.0 * x;
            phase = (phase + hz / MIX_RATE as f32).fract();
            let voice = (TAU * phase).sin() + 0.5 * (2.0 * TAU * phase).sin() + 0.3 * (3.0 * TAU * phase).sin();
            0.045 * gain * voice * swell(t, 0.34, 0.04, 0.12)
        });
    }
    out.mix(&gulls, 0.8);
    out.mix(&gulls.reverb(0.75), 0.4);
    finish(out, secs)
}

/// The hum of streets across the river, cars that pass, a horn far away.
pub fn city(secs: f32) -> Stereo {
    let mut out = empty(secs);
    bed(&mut out, secs, 81, false, |t| (0.34 + 0.05 * smooth_noise(17, t * 0.8), 210.0, 0.8));
    bed(&mut out, secs, 83, false, |t| (0.05 + 0.02 * smooth_noise(19, t * 1.1), 1100.0, 0.7));
    let mut noise = Noise::new(89);
    for (at, long, from) in [(0.1, 2.6, -0.9_f32), (1.7, 2.4, 0.9), (3.3, 2.8, -0.9), (4.9, 2.1, 0.9)] {
        let mut f = Filter::default();
        let begin = (at * MIX_RATE as f32) as usize;
        for n in 0..(long * MIX_RATE as f32) as usize {
            let t = n as f32 / MIX_RATE as f32;
            let x = t / long;
            let near = swell(t, long, 0.5 * long, 0.5 * long).powi(2);
            // the pitch of the tyres falls as the car goes by
            let hiss = f.step(noise.next(), 900.0 - 380.0 * x, 0.9).band;
            out.add(begin + n, 0.10 * near * hiss, from * (1.0 - 2.0 * x));
        }
    }
    let mut horn = empty(secs);
    for (at, long, root) in [(2.3, 0.32, 57.0), (2.75, 0.5, 57.0)] {
        horn.voice(at, long, 0.5, |t, _| {
            let tone = |n: f32| (TAU * note_hz(n) * t).sin() + 0.4 * (TAU * 2.0 * note_hz(n) * t).sin();
            0.020 * (tone(root) + tone(root + 4.0)) * swell(t, long, 0.03, 0.08)
        });
    }
    out.mix(&horn, 0.4);
    out.mix(&horn.reverb(0.86), 0.9);
    finish(out, secs)
}

/// Glass and air: slow chords of sines that beat against each other, small bells.
pub fn abstract_light(secs: f32) -> Stereo {
    let mut out = empty(secs);
    for (n, note) in [45.0, 57.0, 60.0, 64.0, 71.0].into_iter().enumerate() {
        let side = if n % 2 == 0 { -0.5 } else { 0.5 };
        for (pan, detune) in [(side, 0.0), (-side, 0.07)] {
            let hz = note_hz(note + detune);
            out.voice(0.0, secs, pan, |t, _| {
                let breath = 0.6 + 0.4 * (TAU * t * (0.11 + 0.03 * n as f32) + n as f32).sin();
                0.05 * breath * (TAU * hz * t).sin() * swell(t, secs, 0.8, 0.8)
            });
        }
    }
    let mut chimes = empty(secs);
    let mut dice = Noise::new(97);
    let mut at = 0.3;
    while at < secs - 0.5 {
        let hz = note_hz([81.0, 83.0, 84.0, 88.0, 91.0][(dice.unit() * 4.99) as usize]);
        chimes.voice(f64::from(at), 1.6, 1.6 * dice.unit() - 0.8, |t, _| {
            0.05 * ((TAU * hz * t).sin() + 0.3 * (TAU * 2.76 * hz * t).sin() * pluck(t, 0.001, 0.12)) * pluck(t, 0.003, 0.38)
        });
        at += 0.22 + 0.5 * dice.unit();
    }
    out.mix(&chimes, 0.7);
    out.mix(&chimes.reverb(0.88), 0.8);
    finish(out, secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_sounds_throughout_on_both_sides_and_never_clips() {
        for (name, sound) in [
            ("dawn", dawn as fn(f32) -> Stereo),
            ("clouds", clouds),
            ("forest", forest),
            ("water", water),
            ("city", city),
            ("abstract", abstract_light),
        ] {
            let s = sound(1.5);
            assert_eq!(s.len(), 72_000, "{name}");
            assert!((s.peak() - PEAK).abs() < 1e-3, "{name} peaks at {}", s.peak());
            for side in [&s.left, &s.right] {
                for part in side[4800..67_200].chunks(9600) {
                    let rms = (part.iter().map(|v| v * v).sum::<f32>() / part.len() as f32).sqrt();
                    assert!(rms > 0.002, "{name} falls silent: {rms}");
                }
            }
            assert!(s.left.iter().zip(&s.right).any(|(l, r)| (l - r).abs() > 0.01), "{name} is mono");
        }
    }
}
