//! Sound, sample by sample: clicks at known places are read back where they belong, however one gets there.

use crate::common::{Random, cached, ffmpeg};
use montage_ai::{
    base::MIX_RATE,
    media::{AudioReader, Peaks, probe},
};
use std::path::{Path, PathBuf};

const SECS: usize = 6;

/// A WAV file of `SECS` seconds: quiet noise-free ground with a click (a short positive bump) at each of these samples.
fn clicks(rate: u32, channels: u16, at: &[usize]) -> PathBuf {
    cached(&format!("clicks-{rate}-{channels}.wav"), |out| {
        let frames = rate as usize * SECS;
        let mut pcm = vec![0i16; frames * usize::from(channels)];
        for click in at {
            // ±4 samples of a raised cosine, so that codecs and resamplers keep its peak in place
            for d in -12i32..=12 {
                let v = 24_000.0 * (0.5 + 0.5 * (f64::from(d) * std::f64::consts::PI / 13.0).cos());
                let frame = (*click as i32 + d) as usize;
                pcm[frame * usize::from(channels)..][..usize::from(channels)].fill(v as i16);
            }
        }
        let bytes = (pcm.len() * 2) as u32;
        let align = channels * 2;
        let mut wav = b"RIFF".to_vec();
        wav.extend((36 + bytes).to_le_bytes());
        wav.extend(b"WAVEfmt \x10\0\0\0\x01\0");
        wav.extend(channels.to_le_bytes());
        wav.extend(rate.to_le_bytes());
        wav.extend((rate * u32::from(align)).to_le_bytes());
        wav.extend(align.to_le_bytes());
        wav.extend(b"\x10\0data");
        wav.extend(bytes.to_le_bytes());
        wav.extend(pcm.iter().flat_map(|v| v.to_le_bytes()));
        std::fs::write(out, wav).unwrap();
    })
}

fn places(rate: u32) -> Vec<usize> {
    (0..SECS).map(|s| s * rate as usize + rate as usize / 4 + 37 * s).collect()
}

/// Where the middle of the click near `expected` lies: its centre of mass.
fn find(samples: &[f32], start: i64, expected: i64) -> f64 {
    let window = 400;
    let (mut mass, mut moment) = (0.0, 0.0);
    for (i, frame) in samples.chunks(2).enumerate() {
        let at = start + i as i64;
        if (at - expected).abs() <= window {
            let v = f64::from(frame[0].max(0.0)).powi(2);
            mass += v;
            moment += v * at as f64;
        }
    }
    assert!(mass > 0.5, "no click near {expected} (mass {mass}, from {start})");
    moment / mass
}

fn clicks_are_in_place(path: &Path, rate: u32, tolerance: f64) {
    let info = probe(path).unwrap();
    let expected: Vec<i64> = places(rate).iter().map(|p| *p as i64 * i64::from(MIX_RATE) / i64::from(rate)).collect();
    let mut reader = AudioReader::open(path, &info).unwrap();
    // in order, in odd blocks
    let mut all = vec![0.0; SECS * MIX_RATE as usize * 2];
    for (i, block) in all.chunks_mut(2 * 1601).enumerate() {
        reader.read(i as i64 * 1601, block).unwrap();
    }
    for e in &expected {
        let at = find(&all, 0, *e);
        assert!((at - *e as f64).abs() <= tolerance, "in order: a click at {e} is at {at} in {}", path.display());
    }
    // from random places, each time after a seek
    let mut random = Random(7);
    for _ in 0..12 {
        let e = expected[random.below(expected.len() as u64) as usize];
        let start = e - 600 - random.below(4000) as i64;
        let mut part = vec![0.0; 2 * 6000];
        reader.read(start, &mut part).unwrap();
        let at = find(&part, start, e);
        assert!((at - e as f64).abs() <= tolerance, "after a seek: a click at {e} is at {at} in {}", path.display());
    }
}

#[test]
fn clicks_stay_on_their_sample_in_lossless_sound() {
    let wav = clicks(48_000, 2, &places(48_000));
    clicks_are_in_place(&wav, 48_000, 0.01);
    for (name, codec) in
        [("clicks.flac", "flac"), ("clicks.mov", "pcm_s16le"), ("clicks-flac.mkv", "flac"), ("clicks-pcm.mkv", "pcm_s16le")]
    {
        let path = cached(name, |out| ffmpeg(&["-i", &wav.display().to_string(), "-c:a", codec], out));
        clicks_are_in_place(&path, 48_000, 0.01);
    }
}

#[test]
fn clicks_stay_on_their_sample_through_aac_and_opus() {
    let wav = clicks(48_000, 2, &places(48_000));
    for (name, args) in [
        ("clicks.m4a", &["-c:a", "aac", "-b:a", "256k"][..]),
        ("clicks.opus", &["-c:a", "libopus", "-b:a", "256k"]),
        ("clicks.webm", &["-c:a", "libopus", "-b:a", "256k"]),
    ] {
        let path = cached(name, |out| ffmpeg(&[&["-i", &wav.display().to_string()][..], args].concat(), out));
        clicks_are_in_place(&path, 48_000, 0.6);
    }
}

#[test]
fn clicks_stay_in_place_when_the_rate_is_converted() {
    let wav = clicks(44_100, 2, &places(44_100));
    clicks_are_in_place(&wav, 44_100, 1.0);
    let aac = cached("clicks-44.m4a", |out| ffmpeg(&["-i", &wav.display().to_string(), "-c:a", "aac", "-b:a", "256k"], out));
    clicks_are_in_place(&aac, 44_100, 1.5);
}

#[test]
fn mono_goes_to_both_sides_and_surround_to_two() {
    let mono = clicks(48_000, 1, &places(48_000));
    let mut out = vec![0.0; 2 * 48_000];
    AudioReader::open(&mono, &probe(&mono).unwrap()).unwrap().read(0, &mut out).unwrap();
    let peak = out[2 * 12_000];
    assert!(peak > 0.7 && out.chunks(2).all(|f| f[0] == f[1]), "{peak}");
    let surround = cached("surround.wav", |out| {
        ffmpeg(&["-i", &mono.display().to_string(), "-af", "pan=5.1|FL=c0|FC=c0|FR=0*c0|LFE=0*c0|BL=0*c0|BR=0*c0"], out);
    });
    let info = probe(&surround).unwrap();
    assert_eq!(info.audio.as_ref().unwrap().channels, 6);
    AudioReader::open(&surround, &info).unwrap().read(0, &mut out).unwrap();
    let (left, right) = (out[2 * 12_000], out[2 * 12_000 + 1]);
    assert!(left > right && right > 0.05, "front left is louder left, the centre is on both: {left} {right}");
}

#[test]
fn there_is_silence_before_after_and_where_the_sound_starts_late() {
    let wav = clicks(48_000, 2, &places(48_000));
    let late = cached("late.mp4", |out| {
        let args = ["-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=8", "-itsoffset", "1.5", "-i"];
        let rest = ["-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-b:a", "256k"];
        ffmpeg(&[&args[..], &[&wav.display().to_string()], &rest].concat(), out);
    });
    let info = probe(&late).unwrap();
    let mut reader = AudioReader::open(&late, &info).unwrap();
    let first = 72_000 + 12_000;
    let mut out = vec![1.0; 2 * 100_000];
    for _ in 0..2 {
        reader.read(-4_800, &mut out).unwrap();
        assert!(out[..2 * (4_800 + 71_000)].iter().all(|s| s.abs() < 1e-3));
        // an mp4's empty edit is written in whole milliseconds
        let at = find(&out, -4_800, first);
        assert!((at - first as f64).abs() < 48.0, "{at}");
    }
    let mut after = vec![1.0; 2000];
    reader.read(i64::from(MIX_RATE) * 3600, &mut after).unwrap();
    assert!(after.iter().all(|s| *s == 0.0));
    reader.read(first - 500, &mut after).unwrap();
    assert!(after.iter().any(|s| *s > 0.5), "back from the end");
}

#[test]
fn peaks_show_every_click() {
    let wav = clicks(48_000, 2, &places(48_000));
    let peaks = Peaks::compute(&wav, &probe(&wav).unwrap(), &|| false).unwrap();
    assert!((peaks.duration_secs() - SECS as f64).abs() < 0.01);
    let columns = peaks.window(0.0, SECS as f64, SECS * 100);
    let loud: Vec<usize> = (0..columns.len()).filter(|i| columns[*i].1 > 0.6).collect();
    for place in places(48_000) {
        assert!(loud.iter().any(|i| i.abs_diff(place / 480) <= 1), "{place}: {loud:?}");
    }
    assert!(loud.len() <= 2 * SECS, "{loud:?}");
}
