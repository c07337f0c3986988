//! A shaky 1080p film made steady beside ffmpeg's two passes of vid.stab, each as whole processes with the same H.264 at the end; and how
//! long a path of ten minutes is planned when a slider moves.
//!
//! vid.stab runs as its filters do unasked (shakiness 5, accuracy 15, bilinear), with 30 frames of smoothing; then once more with bicubic
//! sampling, as ours has it. Ours measures anew: it gets a home without a cache.

use super::{
    Context, Row,
    footage::{FPS, SHAKY_SECS},
    p50_p95,
    process::{self, Usage},
};
use crate::{
    analysis::stabilize::{Flags, FrameMotion, MotionTrack, Pose, Settings, Zoom, plan, plan_near},
    base::{FrameRate, Time, Trouble},
    engine::steady,
};
use std::{path::Path, sync::atomic::AtomicBool, time::Instant};

/// As the preset of MP4 files codes.
const X264: [&str; 8] = ["-c:v", "libx264", "-preset", "fast", "-crf", "20", "-movflags", "+faststart"];
/// Ten minutes.
const PLANNED: i64 = 600 * FPS as i64;
/// Plans for each setting; the best counts.
const RUNS: usize = 3;

pub(super) fn stabilize(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let film = cx.footage.shaky()?;
    let dir = cx.footage.dir();
    let frames = f64::from(SHAKY_SECS * FPS);
    let ms = |secs: f64| secs * 1e3 / frames;
    let name = process::version("ffmpeg").replace("ffmpeg", "vid.stab, ffmpeg");
    let analysis = analysis_cpu(&film)?;
    let whole = ours(&film, dir)?;
    let shakes = dir.join("shaky.trf");
    let detect = vidstab(&film, &format!("vidstabdetect=result={}", shakes.display()), None)?;
    let transform = |interpolation: &str| {
        let filter = format!("vidstabtransform=input={}:smoothing=30{interpolation}", shakes.display());
        vidstab(&film, &filter, Some(&dir.join("shaky-vidstab.mp4")))
    };
    let (bilinear, bicubic) = (transform("")?, transform(":interpol=bicubic")?);
    let (near, whole_path) = planning();
    let title = "stabilise 1080p H.264 to H.264, CPU per frame";
    Ok(vec![
        Row::new("camera motion of 1080p H.264, CPU per frame", ms(analysis), "ms").beside(&name, ms(detect.cpu_secs)),
        Row::new(title, ms(whole.cpu_secs), "ms").beside(&name, ms(detect.cpu_secs + bilinear.cpu_secs)).goal("≤ 1.0 × vid.stab"),
        Row::new(title, ms(whole.cpu_secs), "ms").beside(format!("{name}, bicubic"), ms(detect.cpu_secs + bicubic.cpu_secs)),
        Row::new("stabilise 1080p H.264 to H.264, wall per frame", ms(whole.wall_secs), "ms")
            .beside(&name, ms(detect.wall_secs + bilinear.wall_secs)),
        Row::new("plan anew what a frame of 10 minutes shows, median of settings and cameras, wall", near.0, "ms").goal("< 50"),
        Row::new("plan anew what a frame of 10 minutes shows, the slowest of them, wall", near.1, "ms").goal("< 50"),
        Row::new("plan the whole path of 10 minutes, median of settings and cameras, wall", whole_path.0, "ms").goal("< 50"),
        Row::new("plan the whole path of 10 minutes, the slowest of them, wall", whole_path.1, "ms"),
    ])
}

/// Decoding and measuring within this process, in seconds.
fn analysis_cpu(film: &Path) -> Result<f64, Trouble> {
    let used = || process::cpu_secs() + process::children_cpu_secs();
    let before = used();
    steady::analyse(film, None, &AtomicBool::new(false), &mut |_| {}).map_err(|e| Trouble::of(&e))?;
    Ok(used() - before)
}

fn ours(film: &Path, dir: &Path) -> Result<Usage, Trouble> {
    let home = tempfile::tempdir_in(dir).map_err(|e| Trouble::new(format!("{e}: {}", dir.display()), "free some disk space"))?;
    let home = format!("MONTAGE_AI_HOME={}", home.path().display());
    let exe = std::env::current_exe().map_err(|e| Trouble::new(format!("this program cannot find itself: {e}"), "run it by its path"))?;
    let out = dir.join("shaky-ours.mp4");
    let (exe, film, out) = (exe.to_string_lossy(), film.to_string_lossy(), out.to_string_lossy());
    process::run("env", &[&home, &exe, "stabilize", &film, "-o", &out, "--cpu", "-q"])
}

fn vidstab(film: &Path, filter: &str, output: Option<&Path>) -> Result<Usage, Trouble> {
    let film = film.to_string_lossy();
    let mut args = vec!["-v", "error", "-nostdin", "-y", "-i", &film, "-vf", filter];
    let output = output.map(|o| o.to_string_lossy());
    match &output {
        Some(output) => {
            args.extend(X264);
            args.push(output);
        }
        None => args.extend(["-f", "null", "-"]),
    }
    process::run("ffmpeg", &args)
}

/// Someone walks about and pans from here to there, with a hand that trembles by `size` widths: in one shot, or in shots of five seconds.
fn walk(size: f64, has_cuts: bool, readout_secs: f64) -> MotionTrack {
    let mut rng = fastrand::Rng::with_seed(11);
    let waves: Vec<[f64; 2]> = (0..80).map(|_| [0.7 * (9.0_f64 / 0.7).powf(rng.f64()), rng.f64() * std::f64::consts::TAU]).collect();
    let shake = |k: usize, t: f64| {
        let own = waves[20 * k..20 * (k + 1)].iter();
        0.32 * own.map(|[f, p]| (std::f64::consts::TAU * f * t + p).sin() * f.powf(-0.3)).sum::<f64>()
    };
    let looks: Vec<[f64; 3]> = (0..PLANNED / 120 + 2).map(|_| [rng.f64() - 0.5, 0.4 * rng.f64(), 0.2 * rng.f64()]).collect();
    let frame = |i: i64| {
        let t = i as f64 / f64::from(FPS);
        let (from, to, u) = (looks[(i / 120) as usize], looks[(i / 120) as usize + 1], (i % 120) as f64 / 120.0);
        let way: [f64; 3] = std::array::from_fn(|k| from[k] + u * u * (3.0 - 2.0 * u) * (to[k] - from[k]));
        FrameMotion {
            pts: Time::from_frames(i, FrameRate::FPS_30),
            pose: Pose {
                yaw: way[0] + size * shake(0, t),
                pitch: way[1] + 0.8 * size * shake(1, t),
                roll: 0.9 * size * shake(2, t),
                log_zoom: way[2] + 0.3 * size * shake(3, t),
            },
            confidence: 1.0,
            flags: Flags { cut: i == 0 || (has_cuts && i % 150 == 0), ..Flags::default() },
        }
    };
    MotionTrack { size: (1920, 1080), focal: 1.15, readout_secs, frames: (0..PLANNED).map(frame).collect() }
}

/// Median and slowest, in milliseconds, of what the inspector's sliders ask for of cameras that tremble little and much: around a
/// frame, which is shown at once, and whole.
fn planning() -> ((f64, f64), (f64, f64)) {
    let usual = Settings::default();
    let settings = [
        usual,
        Settings { smoothness: 0.0, ..usual },
        Settings { smoothness: 1.0, ..usual },
        Settings { max_crop: 0.04, ..usual },
        Settings { max_crop: 0.2, ..usual },
        Settings { zoom: Zoom::Dynamic, ..usual },
        Settings { tripod: true, ..usual },
    ];
    let (mut near, mut whole) = (Vec::new(), Vec::new());
    for (size, has_cuts, readout_secs) in
        [(0.004, false, 0.0), (0.009, false, 0.0), (0.02, false, 0.0), (0.009, true, 0.0), (0.009, false, 0.02)]
    {
        let track = walk(size, has_cuts, readout_secs);
        for settings in &settings {
            whole.push(best_ms(|| plan(&track, settings)));
            // near the middle, and not where a shot begins
            near.push(best_ms(|| plan_near(&track, settings, track.frames.len() / 2 + 40)));
        }
    }
    let told = |mut all: Vec<f64>| {
        let (median, _) = p50_p95(&mut all);
        (median, all.iter().copied().fold(0.0, f64::max))
    };
    (told(near), told(whole))
}

fn best_ms<T>(run: impl Fn() -> T) -> f64 {
    let once = || {
        let began = Instant::now();
        std::hint::black_box(run());
        began.elapsed().as_secs_f64() * 1e3
    };
    (0..RUNS).map(|_| once()).fold(f64::INFINITY, f64::min)
}
