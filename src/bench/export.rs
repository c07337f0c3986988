//! Exports beside ffmpeg and melt doing the same cuts with the same encoder settings, each as a whole process.

use super::{
    Context, Row,
    process::{self, Usage},
};
use crate::{
    base::{ClipId, FrameRate, MediaId, Stamp, Time, TrackId, TransitionId, Trouble},
    media,
    model::{Clip, ClipContent, Media, MediaFile, Project, Sequence, Speed, Track, TrackKind, Transition, TransitionKind},
    store,
};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Clips of the cut list, frames each, and where they start in the media (frames): scattered over several GOPs.
const STARTS: [i64; 8] = [300, 45, 410, 130, 500, 220, 15, 360];
const CLIP_FRAMES: i64 = 60;
/// Dissolves in the second list.
const DISSOLVE_FRAMES: i64 = 16;
const RATE: FrameRate = FrameRate::FPS_30;
/// The preset and what ffmpeg calls its settings.
const PRESET: &str = "h264";
const X264: [&str; 10] = ["-c:v", "libx264", "-preset", "fast", "-crf", "20", "-c:a", "aac", "-b:a", "192k"];

pub(super) fn export(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let mut rows = cut_list(&cx.footage.long_gop()?, cx)?;
    rows.extend(dissolves(&cx.footage.hd()?, cx)?);
    Ok(rows)
}

/// The clips one after another; with `dissolve` frames of overlap between each two.
fn project(path: &Path, dissolve: i64) -> Result<Project, Trouble> {
    let info = media::probe(path).map_err(|e| Trouble::of(&e))?;
    let (width, height) = info.video.as_ref().map_or((1920, 1080), |v| v.display_size());
    let mut sequence = Sequence::new(width, height, RATE);
    let half = dissolve / 2;
    let step = CLIP_FRAMES - dissolve;
    let clip = |kind: u64, i: usize, s: i64| {
        // clips abut on the timeline; a dissolve reaches half its length into both neighbours' handles
        let (first, last) = (i == 0, i + 1 == STARTS.len());
        let start = if first { 0 } else { i as i64 * step + half };
        let end = if last { i as i64 * step + CLIP_FRAMES } else { (i as i64 + 1) * step + half };
        let source = s + start - i as i64 * step;
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_frames(source, RATE), speed: Speed::NORMAL };
        Arc::new(Clip::new(ClipId(kind + i as u64), start, end - start, content))
    };
    let track = |id: u64, kind: TrackKind, base: u64| {
        let mut t = Track::new(TrackId(id), kind);
        t.clips = STARTS.iter().enumerate().map(|(i, s)| clip(base, i, *s)).collect();
        if dissolve > 0 {
            t.transitions = (1..STARTS.len() as u64)
                .map(|i| Transition {
                    id: TransitionId(base + 500 + i),
                    kind: TransitionKind::CrossDissolve,
                    left: ClipId(base + i - 1),
                    right: ClipId(base + i),
                    before: half,
                    after: dissolve - half,
                })
                .collect();
        }
        Arc::new(t)
    };
    sequence.tracks = vec![track(2, TrackKind::Video, 1000), track(3, TrackKind::Audio, 2000)];
    let mut project = Project::new("bench", sequence);
    let file = MediaFile::new(path, Stamp::default());
    project.media.insert(MediaId(10), Arc::new(Media::new("bench", file, info)));
    Ok(project)
}

fn ours(project: &Project, name: &str, cx: &Context<'_>) -> Result<(Usage, PathBuf), Trouble> {
    let file = cx.footage.dir().join(format!("{name}.montage"));
    store::save(&file, project).map_err(|e| Trouble::of(&e))?;
    let out = cx.footage.dir().join(format!("{name}-ours.mp4"));
    let exe = std::env::current_exe().map_err(|e| Trouble::new(format!("this program cannot find itself: {e}"), "run it by its path"))?;
    let args = ["export", &file.to_string_lossy(), "-o", &out.to_string_lossy(), "--preset", PRESET, "--cpu", "-q"];
    Ok((process::run(&exe.to_string_lossy(), &args)?, out))
}

fn inputs(text: &str) -> Vec<String> {
    STARTS
        .iter()
        .flat_map(|s| {
            let at = format!("{:.6}", *s as f64 / 30.0);
            let len = format!("{:.6}", CLIP_FRAMES as f64 / 30.0);
            ["-ss".into(), at, "-t".into(), len, "-i".into(), text.to_owned()]
        })
        .collect()
}

fn ffmpeg(path: &Path, graph: &str, name: &str, cx: &Context<'_>) -> Result<Usage, Trouble> {
    let out = cx.footage.dir().join(format!("{name}-ffmpeg.mp4"));
    let list = inputs(&path.to_string_lossy());
    let mut args: Vec<&str> = vec!["-v", "error", "-nostdin", "-y"];
    args.extend(list.iter().map(String::as_str));
    args.extend(["-filter_complex", graph, "-map", "[v]", "-map", "[a]"]);
    args.extend(X264);
    args.extend(["-movflags", "+faststart"]);
    let out = out.to_string_lossy();
    args.push(&out);
    process::run("ffmpeg", &args)
}

fn melt(path: &Path, dissolve: i64, (width, height): (u32, u32), name: &str, cx: &Context<'_>) -> Result<Usage, Trouble> {
    let text = path.to_string_lossy();
    let profile = cx.footage.dir().join(format!("{width}x{height}.profile"));
    let words = format!(
        "description=bench\nframe_rate_num=30\nframe_rate_den=1\nwidth={width}\nheight={height}\nprogressive=1\nsample_aspect_num=1\nsample_aspect_den=1\ndisplay_aspect_num=16\ndisplay_aspect_den=9\ncolorspace=709\n"
    );
    std::fs::write(&profile, words).map_err(|e| Trouble::new(format!("{e}: {}", profile.display()), "free some disk space"))?;
    let profile = profile.to_string_lossy();
    let mut args: Vec<String> = ["-silent", "-profile", &profile].map(String::from).to_vec();
    for (i, s) in STARTS.iter().enumerate() {
        args.extend([text.to_string(), format!("in={s}"), format!("out={}", s + CLIP_FRAMES - 1)]);
        if dissolve > 0 && i > 0 {
            args.extend(["-mix".into(), dissolve.to_string(), "-mixer".into(), "luma".into(), "-mixer".into(), "mix:-1".into()]);
        }
    }
    let out = cx.footage.dir().join(format!("{name}-melt.mp4"));
    args.extend([
        "-consumer".into(),
        format!("avformat:{}", out.display()),
        "vcodec=libx264".into(),
        "preset=fast".into(),
        "crf=20".into(),
        "acodec=aac".into(),
        "real_time=-2".into(),
    ]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    process::run("melt", &args)
}

fn cut_list(path: &Path, cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let (mine, _) = ours(&project(path, 0)?, "cuts", cx)?;
    let mut graph = String::new();
    for i in 0..STARTS.len() {
        let _ = write!(graph, "[{i}:v][{i}:a]");
    }
    let _ = write!(graph, "concat=n={}:v=1:a=1[v][a]", STARTS.len());
    let peer = ffmpeg(path, &graph, "cuts", cx)?;
    let other = melt(path, 0, (1920, 1080), "cuts", cx)?;
    let frames = (STARTS.len() as i64 * CLIP_FRAMES) as f64;
    let ms = |u: Usage| u.cpu_secs * 1e3 / frames;
    Ok(vec![
        Row::new("export 1080p cut list, direct path, CPU per frame", ms(mine), "ms")
            .beside(process::version("ffmpeg"), ms(peer))
            .goal("≤ 1.1 × ffmpeg"),
        Row::new("export 1080p cut list, direct path, CPU per frame", ms(mine), "ms").beside(process::version("melt"), ms(other)),
        Row::new("export 1080p cut list, peak memory", mine.peak_rss_mb, "MB")
            .beside(process::version("ffmpeg"), peer.peak_rss_mb)
            .goal("≤ 1.2 × ffmpeg + 256 MB"),
    ])
}

fn dissolves(path: &Path, cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let (mine, _) = ours(&project(path, DISSOLVE_FRAMES)?, "dissolves", cx)?;
    let mut graph = String::new();
    let secs = DISSOLVE_FRAMES as f64 / 30.0;
    let step = (CLIP_FRAMES - DISSOLVE_FRAMES) as f64 / 30.0;
    for i in 1..STARTS.len() {
        let (v, a) = if i == 1 { ("0:v".to_owned(), "0:a".to_owned()) } else { (format!("v{}", i - 1), format!("a{}", i - 1)) };
        let offset = step * i as f64;
        let last = i + 1 == STARTS.len();
        let (vo, ao) = if last { ("v".to_owned(), "a".to_owned()) } else { (format!("v{i}"), format!("a{i}")) };
        let format = if last { ",format=yuv420p" } else { "" };
        let _ = write!(
            graph,
            "[{v}][{i}:v]xfade=transition=fade:duration={secs:.6}:offset={offset:.6}{format}[{vo}];[{a}][{i}:a]acrossfade=d={secs:.6}[{ao}];"
        );
    }
    let graph = graph.trim_end_matches(';').to_owned();
    let peer = ffmpeg(path, &graph, "dissolves", cx)?;
    let other = melt(path, DISSOLVE_FRAMES, (1280, 720), "dissolves", cx)?;
    let frames = (STARTS.len() as i64 * (CLIP_FRAMES - DISSOLVE_FRAMES) + DISSOLVE_FRAMES) as f64;
    let ms = |u: Usage| u.cpu_secs * 1e3 / frames;
    Ok(vec![
        Row::new("export 720p, dissolves between all clips, CPU renderer, CPU per frame", ms(mine), "ms")
            .beside(process::version("ffmpeg"), ms(peer))
            .goal("≤ 1.5 × ffmpeg"),
        Row::new("export 720p, dissolves between all clips, CPU renderer, CPU per frame", ms(mine), "ms")
            .beside(process::version("melt"), ms(other)),
    ])
}
