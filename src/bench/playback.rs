//! The viewer at work, driven as a session drives it: how far playing pictures are behind their sound, how many are left
//! out, how soon a picture comes while the pointer drags over several layers. Wall times where waiting is the point.

use super::{Context, Row, p50_p95, process::cpu_secs};
use crate::{
    base::{ClipId, Rounding, TrackId, Trouble},
    engine::{Monitor, Preview, PreviewCommand, PreviewEvent},
    model::{Clip, ClipContent, Project, Speed, Track, TrackKind, Transform},
    session::batch::new_project,
};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Playback is watched for this long.
const WATCHED: Duration = Duration::from_secs(6);
/// A picture that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(20);
/// Random places for the figures of scrubbing.
const PLACES: usize = 40;

fn viewer(cx: &Context<'_>) -> Result<Preview, Trouble> {
    Preview::start(cx.adapter.renderer()?, true, Arc::new(|| ())).map_err(|e| Trouble::new(e.to_string(), "run `montage-ai doctor`"))
}

fn film(path: &Path) -> Result<Project, Trouble> {
    new_project("bench", &[path.to_path_buf()], None, None)
}

/// The film and, in its corners, two more pieces of it: three layers, of which none hides another.
fn layered(path: &Path) -> Result<Project, Trouble> {
    let mut p = film(path)?;
    let Some((media, length)) = p.media.iter().next().map(|(id, m)| (*id, m.info.duration)) else {
        return Err(Trouble::new("the film of the benchmark is empty", "delete the bench folder of the cache"));
    };
    let s = Arc::make_mut(&mut p.sequence);
    let (frames, rate) = (s.duration(), s.frame_rate);
    for (i, corner) in [(480.0, -270.0), (-480.0, 270.0)].into_iter().enumerate() {
        let i = i as i64 + 1;
        let source_in = length.scale(i, 4);
        let content = ClipContent::Media { media, source_in, speed: Speed::NORMAL };
        let mut clip = Clip::new(ClipId(900 + i as u64), 0, (length - source_in).to_frames(rate, Rounding::Floor).min(frames), content);
        clip.transform = Transform { scale: 0.45, position: corner, ..Transform::default() };
        let mut track = Track::new(TrackId(900 + i as u64), TrackKind::Video);
        track.clips.push(Arc::new(clip));
        s.tracks.push(Arc::new(track));
    }
    Ok(p)
}

fn failed(message: String) -> Trouble {
    Trouble::new(message, "run `montage-ai doctor`")
}

/// What was seen of a playback.
struct Watched {
    /// Milliseconds by which each picture missed its sound.
    late: Vec<f64>,
    dropped: u64,
    cpu_secs: f64,
    wall_secs: f64,
}

fn watch(viewer: &Preview, project: Project, speed: Speed) -> Result<Watched, Trouble> {
    viewer.send(PreviewCommand::Play { monitor: Monitor::Program, project: Arc::new(project), frame: 0, speed, range: None });
    let (started, before) = (Instant::now(), cpu_secs());
    let mut seen = Watched { late: Vec::new(), dropped: 0, cpu_secs: 0.0, wall_secs: 0.0 };
    while started.elapsed() < WATCHED {
        match viewer.events.recv_timeout(PATIENCE) {
            Ok(PreviewEvent::Shown { late, dropped, request: None, .. }) => {
                seen.late.push(late.as_secs_f64() * 1e3);
                seen.dropped = dropped;
            }
            Ok(PreviewEvent::Failed { message, .. } | PreviewEvent::Media { message: Some(message), .. }) => return Err(failed(message)),
            Ok(PreviewEvent::Stopped { .. }) => break,
            Ok(_) => {}
            Err(_) => return Err(failed("no picture came while playing".into())),
        }
    }
    (seen.cpu_secs, seen.wall_secs) = (cpu_secs() - before, started.elapsed().as_secs_f64());
    viewer.send(PreviewCommand::Pause { monitor: Monitor::Program, request: 0 });
    while !matches!(viewer.events.recv_timeout(PATIENCE), Ok(PreviewEvent::Shown { request: Some(0), .. }) | Err(_)) {}
    Ok(seen)
}

/// Playing in real time: pictures beside their sound.
pub(super) fn playback(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let (hd, long) = (cx.footage.hd()?, cx.footage.long_gop()?);
    let cases = [
        ("720p", film(&hd)?, Speed::NORMAL),
        ("1080p", film(&long)?, Speed::NORMAL),
        ("720p in three layers", layered(&hd)?, Speed::NORMAL),
        ("720p at 4×", film(&hd)?, Speed(4, 1)),
    ];
    let mut rows = Vec::new();
    for (name, project, speed) in cases {
        // a viewer of its own: what one case has come down to in quality is not the next one's
        let mut seen = watch(&viewer(cx)?, project, speed)?;
        let shown = seen.late.len() as f64;
        // the first waits for no sound
        let (p50, p95) = p50_p95(seen.late.get_mut(1..).unwrap_or_default());
        rows.push(Row::new(format!("playing {name}, picture behind its sound, wall p50"), p50, "ms"));
        rows.push(Row::new(format!("playing {name}, picture behind its sound, wall p95"), p95, "ms").goal("≤ 10 ms"));
        rows.push(Row::new(format!("playing {name}, pictures left out"), 100.0 * seen.dropped as f64 / (shown + seen.dropped as f64), "%"));
        rows.push(Row::new(format!("playing {name}, CPU for each second"), seen.cpu_secs / seen.wall_secs, "s"));
    }
    Ok(rows)
}

/// Dragging over three layers of long-GOP film: until the first picture, and until the exact one.
pub(super) fn scrub_layers(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let project = Arc::new(layered(&cx.footage.long_gop()?)?);
    let viewer = viewer(cx)?;
    let (mut first, mut exact, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    let mut place = 0x9E37_79B9u64;
    // the second layer is the shortest but one: all three are there in the first half
    let frames = (project.sequence.duration() / 2).max(1) as u64;
    for request in 0..PLACES as u64 + 3 {
        place = place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let frame = (place >> 33) as i64 % frames as i64;
        let (asked, before) = (Instant::now(), cpu_secs());
        viewer.send(PreviewCommand::Show { monitor: Monitor::Program, project: project.clone(), frame, scrubbing: true, request });
        let mut seen_first = false;
        loop {
            match viewer.events.recv_timeout(PATIENCE) {
                Ok(PreviewEvent::Shown { request: Some(r), exact: is_exact, .. }) if r == request => {
                    let ms = asked.elapsed().as_secs_f64() * 1e3;
                    // the first places open the decoders
                    let counts = request >= 3;
                    if counts && !seen_first {
                        first.push(ms);
                        cpu.push((cpu_secs() - before) * 1e3);
                    }
                    seen_first = true;
                    if is_exact {
                        if counts {
                            exact.push(ms);
                        }
                        break;
                    }
                }
                Ok(PreviewEvent::Failed { message, .. } | PreviewEvent::Media { message: Some(message), .. }) => {
                    return Err(failed(message));
                }
                Ok(_) => {}
                Err(_) => return Err(failed("no picture came while dragging".into())),
            }
        }
    }
    let ((first_50, first_95), (_, cpu_95), (exact_50, _)) = (p50_p95(&mut first), p50_p95(&mut cpu), p50_p95(&mut exact));
    Ok(vec![
        Row::new("scrub 3 layers, 1080p GOP 250, first picture, wall p50", first_50, "ms"),
        Row::new("scrub 3 layers, 1080p GOP 250, first picture, wall p95", first_95, "ms").goal("≤ 60 ms"),
        Row::new("scrub 3 layers, 1080p GOP 250, first picture, CPU p95", cpu_95, "ms"),
        Row::new("scrub 3 layers, 1080p GOP 250, exact picture after a rest, wall p50", exact_50, "ms"),
    ])
}
