//! Shots of a reel whose cuts are known: cuts between alike pictures, flashes, whip pans, shaking, dissolves, fades; beside
//! PySceneDetect's ContentDetector on the same file.

use super::{
    Context, Row,
    process::{cpu_secs, python},
};
use crate::{
    analysis::footage::Kind,
    base::Trouble,
    engine::{self, Survey},
    media,
    sample::shots::{Camera, HEIGHT, Join, RATE, Reel, WIDTH},
};
use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

/// Prints version, CPU seconds and the cuts (first pictures of new scenes).
const PEER: &str = "import sys, time, scenedetect as s\n\
a = time.process_time(); l = s.detect(sys.argv[1], s.ContentDetector())\n\
print(s.__version__, time.process_time() - a, *[x[0].frame_num for x in l[1:]])";

/// What follows one another, again and again.
const SHOTS: [(usize, Camera, Join); 10] = [
    (30, Camera::Still, Join::Cut),
    (34, Camera::Pan(0.01), Join::Cut),
    (28, Camera::Similar, Join::Cut),
    (40, Camera::Flash(15), Join::Cut),
    (44, Camera::Still, Join::Dissolve(14)),
    (36, Camera::Whip(14), Join::Cut),
    (33, Camera::Shake, Join::Cut),
    (46, Camera::Pan(0.004), Join::Fade(10)),
    (38, Camera::Pan(-0.03), Join::Cut),
    (41, Camera::Similar, Join::Dissolve(22)),
];
const ROUNDS: usize = 6;
/// A found cut is right within so many pictures.
const WITHIN: usize = 1;

pub(super) fn scenes(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let reel = Reel::new(&SHOTS.repeat(ROUNDS));
    let file = cx.footage.dir().join("shots.mp4");
    encode(&reel, &file)?;
    let info = media::probe(&file).map_err(|e| Trouble::of(&e))?;
    let before = cpu_secs();
    let mut survey = Survey { cache: None, cancel: &|| false, progress: &mut |_| {} };
    let watched = engine::watch(&file, &info, &mut survey).map_err(|e| Trouble::of(&e))?;
    let cpu = cpu_secs() - before;
    let starts =
        |kind: Kind| -> Vec<usize> { watched.footage.shots.iter().filter(|s| s.begins_with == Some(kind)).map(|s| s.start).collect() };
    let ours = score(&starts(Kind::Cut), &reel);
    let soft = starts(Kind::Dissolve).into_iter().chain(starts(Kind::Fade));
    let soft = soft.filter(|f| reel.soft().iter().any(|s| s.abs_diff(*f) <= 8)).count() as f64 / reel.soft().len() as f64;
    let peer = scenedetect(&file, cx.say);
    let theirs = peer.as_ref().map(|(name, _, found)| (name.clone(), score(found, &reel)));
    let beside = |row: Row, value: fn(&Score) -> f64| match &theirs {
        Some((name, score)) => row.beside(name.clone(), value(score)),
        None => row,
    };
    let film = reel.frames() as f64 / RATE;
    // what other work on the machine takes away is no figure of ours: both cores' time, halved
    let speed = Row::new("… seconds of film (720p) per second of two cores", 2.0 * film / cpu.max(1e-6), "").goal("≥ 10");
    Ok(vec![
        beside(Row::new(format!("{} hard cuts, F (±1 picture)", reel.cuts().len()), ours.f, ""), |s| s.f).goal("≥ 0.97"),
        beside(Row::new("… false alarms (flashes, pans, shaking)", ours.false_alarms, ""), |s| s.false_alarms),
        Row::new("… dissolves and fades found as such", soft, ""),
        match &peer {
            Some((name, cpu, _)) => speed.beside(name.clone(), 2.0 * film / cpu.max(1e-6)),
            None => speed,
        },
    ])
}

struct Score {
    f: f64,
    /// Found neither at a cut nor within a dissolve or fade.
    false_alarms: f64,
}

fn score(found: &[usize], reel: &Reel) -> Score {
    let cuts = reel.cuts();
    let near = |list: &[usize], f: usize, by: usize| list.iter().any(|c| c.abs_diff(f) <= by);
    let hits = cuts.iter().filter(|c| near(found, **c, WITHIN)).count() as f64;
    // what lies in a soft border is no hard cut, but no false alarm either
    let wrong = found.iter().filter(|f| !near(&cuts, **f, WITHIN) && !near(&reel.soft(), **f, 14)).count() as f64;
    let missed = cuts.len() as f64 - hits;
    Score { f: 2.0 * hits / (2.0 * hits + missed + wrong).max(1.0), false_alarms: wrong }
}

fn encode(reel: &Reel, file: &Path) -> Result<(), Trouble> {
    let no_ffmpeg = |e: std::io::Error| Trouble::new(format!("ffmpeg: {e}"), "install ffmpeg");
    let size = format!("{WIDTH}x{HEIGHT}");
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgba", "-s", &size, "-r", &RATE.to_string(), "-i", "-"])
        .args(["-vf", "scale=1280:720", "-c:v", "libx264", "-crf", "20", "-pix_fmt", "yuv420p"])
        .arg(file)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(no_ffmpeg)?;
    if let Some(mut pipe) = child.stdin.take() {
        (0..reel.frames()).try_for_each(|n| pipe.write_all(&reel.picture(n))).map_err(no_ffmpeg)?;
    }
    let status = child.wait().map_err(no_ffmpeg)?;
    if status.success() { Ok(()) } else { Err(Trouble::new(format!("ffmpeg could not write {}", file.display()), "see above")) }
}

fn scenedetect(file: &Path, say: &dyn Fn(&str)) -> Option<(String, f64, Vec<usize>)> {
    let text = python(PEER, &[file.as_os_str()], "scenedetect", say)?;
    let mut words = text.split_whitespace();
    let name = format!("PySceneDetect {}", words.next()?);
    let cpu = words.next()?.parse().ok()?;
    Some((name, cpu, words.filter_map(|w| w.parse().ok()).collect()))
}
