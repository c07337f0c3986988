//! Opening and saving large projects, and the time from start to the first picture.

use super::{
    Context, Row,
    process::{self, cpu_secs},
};
use crate::{
    base::{ClipId, FrameRate, MediaId, Stamp, Time, TrackId, Trouble},
    media,
    model::{Clip, ClipContent, Media, MediaFile, Project, Sequence, Speed, Track, TrackKind},
    session::{Command, Session, SessionOptions, ViewState},
    store,
};
use std::{
    fmt::Write,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

const TRACKS: u64 = 20;
const CLIPS_PER_TRACK: u64 = 500;
const CLIP_FRAMES: i64 = 60;

pub(super) fn project(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let footage = cx.footage.hd()?;
    let mut rows = open_and_save(&footage, cx)?;
    rows.push(first_picture(&footage, cx)?);
    Ok(rows)
}

/// Tracks of clips, half of them pictures, each clip another part of one of 100 media.
pub(super) fn large(path: &Path, tracks: u64, clips_per_track: u64) -> Result<Project, Trouble> {
    let info = media::probe(path).map_err(|e| Trouble::of(&e))?;
    let mut sequence = Sequence::new(1280, 720, FrameRate::FPS_30);
    let mut next = 1000u64;
    sequence.tracks = (0..tracks)
        .map(|t| {
            let kind = if t < tracks / 2 { TrackKind::Video } else { TrackKind::Audio };
            let mut track = Track::new(TrackId(200 + t), kind);
            track.clips = (0..clips_per_track)
                .map(|i| {
                    next += 1;
                    let content = ClipContent::Media {
                        media: MediaId(10 + next % 100),
                        source_in: Time::from_frames((next % 400) as i64, FrameRate::FPS_30),
                        speed: Speed::NORMAL,
                    };
                    Arc::new(Clip::new(ClipId(next), i as i64 * CLIP_FRAMES, CLIP_FRAMES, content))
                })
                .collect();
            Arc::new(track)
        })
        .collect();
    let mut project = Project::new("large", sequence);
    for i in 0..100 {
        let file = MediaFile::new(path, Stamp::default());
        let entry = Media::new(format!("clip {i}.mp4"), file, info.clone());
        project.media.insert(MediaId(10 + i), Arc::new(entry));
    }
    Ok(project)
}

fn open_and_save(footage: &Path, cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let project = large(footage, TRACKS, CLIPS_PER_TRACK)?;
    let file = cx.footage.dir().join("large.montage");
    let before = cpu_secs();
    store::save(&file, &project).map_err(|e| Trouble::of(&e))?;
    let saved = cpu_secs() - before;
    let before = cpu_secs();
    let opened = store::load(&file).map_err(|e| Trouble::of(&e))?;
    let loaded = cpu_secs() - before;
    if opened != project {
        return Err(Trouble::new("the large project changed on its way through the file", "this is a defect: please report it"));
    }
    (cx.say)("  melt opens the same, which takes a minute or two");
    let theirs = melt_open(footage, cx)?;
    Ok(vec![
        Row::new("open a project of 10,000 clips, CPU", loaded, "s").beside(process::version("melt"), theirs).goal("≤ 0.3 s"),
        Row::new("save a project of 10,000 clips, CPU", saved, "s"),
    ])
}

/// melt reading 20 playlists of 500 clips, one producer a clip as its editors write them, and writing them out again.
fn melt_open(footage: &Path, cx: &Context<'_>) -> Result<f64, Trouble> {
    let mut text = String::from(
        "<mlt><profile width=\"1280\" height=\"720\" frame_rate_num=\"30\" frame_rate_den=\"1\" progressive=\"1\" sample_aspect_num=\"1\" sample_aspect_den=\"1\" display_aspect_num=\"16\" display_aspect_den=\"9\" colorspace=\"709\"/>",
    );
    let count = TRACKS * CLIPS_PER_TRACK;
    // writing to a String cannot fail
    for i in 0..count {
        let _ = write!(
            text,
            "<producer id=\"p{i}\"><property name=\"resource\">{}</property><property name=\"mlt_service\">avformat-novalidate</property><property name=\"length\">600</property></producer>",
            footage.display()
        );
    }
    for t in 0..TRACKS {
        let _ = write!(text, "<playlist id=\"l{t}\">");
        for i in 0..CLIPS_PER_TRACK {
            let (id, start) = (t * CLIPS_PER_TRACK + i, (t * CLIPS_PER_TRACK + i) % 400);
            let _ = write!(text, "<entry producer=\"p{id}\" in=\"{start}\" out=\"{}\"/>", start + CLIP_FRAMES as u64 - 1);
        }
        text.push_str("</playlist>");
    }
    text.push_str("<tractor id=\"t\"><multitrack>");
    for t in 0..TRACKS {
        let _ = write!(text, "<track producer=\"l{t}\"/>");
    }
    text.push_str("</multitrack></tractor></mlt>");
    let (file, out) = (cx.footage.dir().join("large.mlt"), cx.footage.dir().join("large-out.mlt"));
    std::fs::write(&file, text).map_err(|e| Trouble::new(format!("{e}: {}", file.display()), "free some disk space"))?;
    let consumer = format!("xml:{}", out.display());
    Ok(process::run("melt", &["-silent", &file.to_string_lossy(), "-consumer", &consumer])?.cpu_secs)
}

/// From nothing to the first exact picture of an opened project in the viewer's hands; the window itself is not counted.
fn first_picture(footage: &Path, cx: &Context<'_>) -> Result<Row, Trouble> {
    let project = crate::session::batch::new_project("start", &[footage.to_path_buf()], None, None)?;
    let file = cx.footage.dir().join("start.montage");
    store::save(&file, &project).map_err(|e| Trouble::of(&e))?;
    let started = Instant::now();
    let options = SessionOptions { gpu: None, force_cpu: true, silent: true, dirs: None, wake: Arc::new(|| {}) };
    let mut session = Session::new(options).map_err(|e| Trouble::new(e.to_string(), "run `montage-ai doctor`"))?;
    session.dispatch(Command::Open(file.clone()));
    while session.project_path() != Some(file.as_path())
        || session.viewer().image.is_none()
        || session.viewer().state != ViewState::UpToDate
    {
        session.poll();
        std::thread::sleep(Duration::from_millis(1));
        if started.elapsed() > Duration::from_secs(20) {
            return Err(Trouble::new("no picture within 20 s", "run `montage-ai doctor`"));
        }
    }
    Ok(Row::new("start to first picture of a 720p project, wall", started.elapsed().as_secs_f64() * 1e3, "ms"))
}
