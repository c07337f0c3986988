//! Beats of music whose beats are known: many patterns, tempi, ramps, noise, quiet beginnings; beside librosa on the same samples.

use super::{
    Context, Row,
    process::{cpu_secs, python},
};
use crate::{
    analysis::music::{Counting, Music, analyse, f_measure},
    base::Trouble,
    sample::tracks::{Pattern, RATE, Track},
};
use serde_json::{Value, json};
use std::path::Path;

/// Reads `[[samples file, true beats], …]` and prints version, mean F, part of tempi right, CPU seconds. F is that of mir_eval.
const PEER: &str = "import sys, json, time, warnings; warnings.filterwarnings('ignore')\n\
import numpy as np, librosa\n\
def f(t, b):\n  t = [x for x in t if x >= 5]; b = [x for x in b if x >= 5]; i = j = n = 0\n  \
while i < len(t) and j < len(b):\n    if abs(t[i] - b[j]) <= .07: i += 1; j += 1; n += 1\n    elif t[i] < b[j]: i += 1\n    else: j += 1\n  \
return 2 * n / max(1, len(t) + len(b))\n\
F = []; R = []; C = 0\n\
for k, (file, rate, truth) in enumerate(json.load(open(sys.argv[1]))):\n  \
y = np.fromfile(file, dtype='<f4')\n  if k == 0: librosa.beat.beat_track(y=y, sr=rate)\n  \
c = time.process_time(); _, b = librosa.beat.beat_track(y=y, sr=rate, units='time'); C += time.process_time() - c\n  \
F.append(f(truth, b)); R.append(len(b) > 2 and abs(np.median(np.diff(truth)) / np.median(np.diff(b)) - 1) < .08)\n\
print(librosa.__version__, np.mean(F), np.mean(R), C)";

/// The pieces, each 24 s.
fn grid() -> Vec<Track> {
    let mut tracks = Vec::new();
    for pattern in Pattern::ALL {
        let tempi = [60.0, 68.0, 72.0, 80.0, 90.0, 100.0, 112.0, 120.0, 128.0, 140.0, 150.0, 160.0, 174.0, 190.0];
        // two dotted beats of three eighths: faster than 125 nobody counts in twos
        let fastest = if pattern == Pattern::SixEight { 125.0 } else { 200.0 };
        tracks.extend(tempi.into_iter().filter(|t| *t <= fastest).map(|bpm| Track::new(pattern, bpm)));
        tracks.push(Track { ramp: 0.08, ..Track::new(pattern, 110.0) });
        tracks.push(Track { ramp: -0.08, ..Track::new(pattern, 110.0) });
        tracks.push(Track { noise_snr_db: Some(10.0), ..Track::new(pattern, 105.0) });
        tracks.push(Track { quiet_secs: 7.0, ..Track::new(pattern, 98.0) });
    }
    tracks
}

/// More pieces, at tempi between and of another chance: the tracker was made with [`grid`] in view, these nobody looked at.
fn unseen() -> Vec<Track> {
    let mut tracks = Vec::new();
    for pattern in Pattern::ALL {
        let tempi = [63.0, 77.0, 85.0, 95.0, 105.0, 117.0, 123.0, 134.0, 145.0, 155.0, 167.0, 182.0];
        let fastest = if pattern == Pattern::SixEight { 125.0 } else { 200.0 };
        let piece = |bpm| Track { offset_secs: 0.47, seed: 23, ..Track::new(pattern, bpm) };
        tracks.extend(tempi.into_iter().filter(|t| *t <= fastest).map(piece));
        tracks.push(Track { ramp: 0.05, ..piece(92.0) });
        tracks.push(Track { ramp: -0.06, ..piece(118.0) });
        tracks.push(Track { noise_snr_db: Some(10.0), ..piece(88.0) });
        tracks.push(Track { quiet_secs: 6.0, ..piece(115.0) });
    }
    tracks
}

pub(super) fn music(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let (mut beats, mut bars, mut right, mut cpu, mut secs) = (Vec::new(), Vec::new(), Vec::new(), 0.0, 0.0);
    let folder = cx.footage.dir().join("music");
    let written = |e: std::io::Error| Trouble::new(format!("{e}: {}", folder.display()), "see that the disk is not full");
    std::fs::create_dir_all(&folder).map_err(written)?;
    let mut task: Vec<Value> = Vec::new();
    for (n, track) in grid().iter().enumerate() {
        let samples = track.render();
        let before = cpu_secs();
        let found = analyse(&samples, &Counting::default());
        cpu += cpu_secs() - before;
        secs += track.secs;
        let truth = track.beats_secs();
        beats.push(f_measure(&truth, &found.beats));
        bars.push(f_measure(&track.downbeats_secs(), &downbeats(&found)));
        right.push(f64::from(u8::from(tempo_is_right(&truth, &found))));
        let file = folder.join(format!("{n}.f32"));
        std::fs::write(&file, samples.iter().flat_map(|s| s.to_le_bytes()).collect::<Vec<u8>>()).map_err(written)?;
        task.push(json!([file, RATE, truth]));
    }
    let list = folder.join("list.json");
    std::fs::write(&list, json!(task).to_string()).map_err(written)?;
    let peer = librosa(&list, cx.say);
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let beside = |row: Row, value: Option<f64>| match (&peer, value) {
        (Some(p), Some(v)) => row.beside(p.name.clone(), v),
        _ => row,
    };
    let pieces = beats.len();
    let others = unseen();
    let unseen = |of: &Track| {
        let found = analyse(&of.render(), &Counting::default());
        [f_measure(&of.beats_secs(), &found.beats), f_measure(&of.downbeats_secs(), &downbeats(&found))]
    };
    let unseen: Vec<[f64; 2]> = others.iter().map(unseen).collect();
    let of = |which: usize| unseen.iter().map(|f| f[which]).collect::<Vec<_>>();
    Ok(vec![
        beside(Row::new(format!("beats of {pieces} pieces, F (±70 ms)"), mean(&beats), ""), peer.as_ref().map(|p| p.beats)).goal("≥ 0.98"),
        beside(Row::new("… tempo right, octave too", mean(&right), ""), peer.as_ref().map(|p| p.right)).goal("≥ 0.9"),
        Row::new("… bar lines, F (±70 ms)", mean(&bars), "").goal("≥ 0.85"),
        Row::new(format!("… {} further pieces, at tempi between: beats, F", others.len()), mean(&of(0)), "").goal("≥ 0.98"),
        Row::new("… bar lines of those, F", mean(&of(1)), "").goal("≥ 0.85"),
        beside(Row::new("… 240 s of music, CPU", cpu * 240.0 / secs, "s"), peer.as_ref().map(|p| p.cpu * 240.0 / secs)).goal("≤ 4"),
    ])
}

fn downbeats(music: &Music) -> Vec<f64> {
    music.downbeats.iter().map(|i| music.beats[*i]).collect()
}

/// Within 8 % of the mean tempo, which a ramp of 8 % stays in.
fn tempo_is_right(truth: &[f64], found: &Music) -> bool {
    let (Some(first), Some(last), Some(bpm)) = (truth.first(), truth.last(), found.tempo_bpm) else { return false };
    let mean = 60.0 * (truth.len() - 1) as f64 / (last - first);
    (bpm / mean - 1.0).abs() < 0.08
}

struct Librosa {
    name: String,
    beats: f64,
    right: f64,
    cpu: f64,
}

fn librosa(list: &Path, say: &dyn Fn(&str)) -> Option<Librosa> {
    let text = python(PEER, &[list.as_os_str()], "librosa", say)?;
    let mut words = text.split_whitespace();
    let name = format!("librosa {}", words.next()?);
    let mut number = || words.next()?.parse().ok();
    Some(Librosa { name, beats: number()?, right: number()?, cpu: number()? })
}
