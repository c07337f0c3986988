//! `probe` and `frame`.

use super::{
    args::FrameArgs,
    report::{Failure, Report},
};
use crate::{
    base::{MediaInfo, Time, color},
    model::Project,
    session::{AdapterChoice, batch},
};
use serde_json::{Value, json};
use std::path::Path;

pub(super) fn probe(file: &Path, report: &Report) -> Result<(), Failure> {
    let info = batch::probe(file)?;
    let path = std::path::absolute(file).unwrap_or_else(|_| file.to_path_buf());
    report.result(&probe_json(&path, &info), &probe_text(&path, &info))
}

fn probe_json(path: &Path, info: &MediaInfo) -> Value {
    let mut out = json!({
        "path": path,
        "container": info.container,
        "duration_secs": info.duration.as_secs_f64(),
        "variable_frame_rate": info.video.as_ref().is_some_and(|v| v.variable_frame_rate),
    });
    if let Some(v) = &info.video {
        let (w, h) = v.display_size();
        out["video"] = json!({
            "codec": v.codec, "width": v.width, "height": v.height, "display_width": w, "display_height": h,
            "rotation": v.rotation.degrees(), "mirrored": v.rotation.is_flipped(),
            "pixel_aspect": format!("{}/{}", v.pixel_aspect.0, v.pixel_aspect.1),
            "frame_rate": format!("{}/{}", v.frame_rate.num(), v.frame_rate.den()),
            "frames": v.frames, "still": v.still, "pixel_format": v.pixel_format, "bit_depth": v.bit_depth, "alpha": v.alpha,
            "color": {
                "primaries": primaries(v.color.primaries), "transfer": transfer(v.color.transfer),
                "matrix": matrix(v.color.matrix), "range": if v.color.range == color::Range::Full { "full" } else { "limited" },
                "assumed": v.color_assumed,
            },
            "gop": v.gop,
        });
    }
    if let Some(a) = &info.audio {
        out["audio"] = json!({ "codec": a.codec, "rate": a.rate, "channels": a.channels });
    }
    if let Some(tc) = &info.start_timecode {
        out["start_timecode"] = json!(tc);
    }
    out
}

fn primaries(p: color::Primaries) -> &'static str {
    match p {
        color::Primaries::Bt709 => "bt709",
        color::Primaries::Bt601Pal => "bt470bg",
        color::Primaries::Bt601Ntsc => "smpte170m",
        color::Primaries::Bt2020 => "bt2020",
        color::Primaries::DisplayP3 => "smpte432",
    }
}

fn transfer(t: color::Transfer) -> &'static str {
    match t {
        color::Transfer::Bt709 => "bt709",
        color::Transfer::Srgb => "srgb",
        color::Transfer::Linear => "linear",
        color::Transfer::Pq => "smpte2084",
        color::Transfer::Hlg => "arib-std-b67",
    }
}

fn matrix(m: color::Matrix) -> &'static str {
    match m {
        color::Matrix::Rgb => "rgb",
        color::Matrix::Bt709 => "bt709",
        color::Matrix::Bt601 => "bt601",
        color::Matrix::Bt2020 => "bt2020nc",
    }
}

fn probe_text(path: &Path, info: &MediaInfo) -> String {
    let mut lines = vec![format!("{}", path.display()), format!("  {} · {}", info.container, duration_text(info.duration))];
    if let Some(v) = &info.video {
        let (w, h) = v.display_size();
        let shape =
            if (w, h) == (v.width, v.height) { format!("{w}×{h}") } else { format!("{}×{} shown as {w}×{h}", v.width, v.height) };
        let rate = if v.still {
            "still".to_owned()
        } else {
            format!("{} frames at {}{}", v.frames, v.frame_rate, if v.variable_frame_rate { " (variable)" } else { "" })
        };
        lines.push(format!("  picture: {} · {shape} · {rate} · {} bit {}", v.codec, v.bit_depth, v.pixel_format));
        let range = if v.color.range == color::Range::Full { "full range" } else { "limited range" };
        let assumed = if v.color_assumed { " (assumed)" } else { "" };
        lines.push(format!(
            "  colour: {} · {} · {} · {range}{assumed}",
            primaries(v.color.primaries),
            transfer(v.color.transfer),
            matrix(v.color.matrix)
        ));
    }
    if let Some(a) = &info.audio {
        lines.push(format!("  sound: {} · {} Hz · {} channels", a.codec, a.rate, a.channels));
    }
    if let Some(tc) = &info.start_timecode {
        lines.push(format!("  starts at {tc}"));
    }
    lines.join("\n")
}

fn duration_text(t: Time) -> String {
    if t == Time::ZERO { "no length of its own".into() } else { format!("{:.3} s", t.as_secs_f64()) }
}

pub(super) fn frame(a: &FrameArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    refuse_overwriting_input(&a.output, &a.input)?;
    let project = batch::open(&a.input)?;
    refuse_empty(&project, &a.input)?;
    if !batch::is_project(&a.input) && project.media.values().all(|m| m.info.video.is_none()) {
        return Err(Failure::failed(format!("the file has no picture: {}", a.input.display()), Some("choose a video or a picture".into())));
    }
    let s = &project.sequence;
    let end = batch::frame_at(&project, Time::MAX)?;
    let frame = a.at.frame(s.frame_rate).clamp(0, end);
    let mut renderer = adapter.renderer()?;
    let picture = batch::frame(&project, frame, renderer.as_mut())?;
    batch::write_png(&a.output, &picture)?;
    let time = Time::from_frames(frame, s.frame_rate).as_secs_f64();
    report.result(
        &json!({ "width": picture.width, "height": picture.height, "time_secs": time, "frame": frame, "output": a.output }),
        &format!("frame {frame} ({time:.3} s), {}×{}: {}", picture.width, picture.height, a.output.display()),
    )
}

/// `-o` on an input file is refused.
pub(super) fn refuse_overwriting_input(output: &Path, input: &Path) -> Result<(), Failure> {
    let same = output == input || matches!((output.canonicalize(), input.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if same {
        return Err(Failure::failed(format!("the output is the input: {}", output.display()), Some("choose another name for -o".into())));
    }
    Ok(())
}

/// There is nothing to draw or to hear on an empty timeline.
pub(super) fn refuse_empty(project: &Project, path: &Path) -> Result<(), Failure> {
    if project.sequence.duration() > 0 {
        return Ok(());
    }
    Err(Failure::failed(format!("the timeline is empty: {}", path.display()), Some("put a clip on it first".into())))
}
