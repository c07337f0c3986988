//! A list of cuts for a spreadsheet (RFC 4180): a line a clip, fifteen columns.

use super::pieces::{clip_name, media_rate, media_start, track_name};
use crate::{
    base::{Rounding, Time, format_timecode},
    model::{ClipContent, Project},
};

/// The columns. Seconds are of the media and of the timeline; timecodes are labels.
const HEAD: &str = "Clip #,Source File,Source In (s),Source Out (s),Timeline In (s),Timeline Out (s),Duration (s),\
                    Source TC In,Source TC Out,Record TC In,Record TC Out,Energy,Action,Shot Type,Notes";

/// The text, one line a clip, in order of the tracks and of time.
pub(super) fn write(project: &Project) -> String {
    let s = &project.sequence;
    let mut out = format!("{HEAD}\r\n");
    let mut number = 0;
    for t in &s.tracks {
        for c in &t.clips {
            number += 1;
            let media = project.media_of(&c.content);
            let file = match (&c.content, media) {
                (_, Some(m)) => m.file.path.to_string_lossy().into_owned(),
                (ClipContent::Sequence { sequence, .. }, _) => project.sequence_of(*sequence).map_or_else(String::new, |n| n.name.clone()),
                _ => String::new(),
            };
            let span = c.content.source().map(|(a, _)| (a, c.source_at(c.end(), s.frame_rate).unwrap_or(a)));
            // backwards, the list still says the lower one first
            let span = span.map(|(a, b)| if b < a { (b, a) } else { (a, b) });
            let labels = media.zip(span).map(|(m, (a, b))| {
                let (rate, first) = (media_rate(m, s.frame_rate), media_start(m, s.frame_rate));
                let drop = m.info.start_timecode.as_deref().is_some_and(|t| t.contains(';'));
                let label = |t: Time, r| format_timecode(first + t.to_frames(rate, r), rate, drop);
                (label(a, Rounding::Floor), label(b, Rounding::Ceil))
            });
            let at = |frame| secs(Time::from_frames(frame, s.frame_rate));
            let mut notes = vec![track_name(s, t)];
            let name = clip_name(c, media.map(|m| &**m));
            if !name.is_empty() {
                notes.push(name.to_owned());
            }
            if !c.enabled {
                notes.push("disabled".into());
            }
            let speed = c.speed();
            if !speed.is_normal() {
                notes.push(format!("speed {}/{}", speed.0, speed.1));
            }
            let (tc_in, tc_out) = labels.unwrap_or_default();
            let columns = [
                number.to_string(),
                file,
                span.map_or_else(String::new, |v| secs(v.0)),
                span.map_or_else(String::new, |v| secs(v.1)),
                at(c.start),
                at(c.end()),
                secs(Time::from_frames(c.duration, s.frame_rate)),
                tc_in,
                tc_out,
                s.timecode(c.start),
                s.timecode(c.end()),
                String::new(),
                String::new(),
                String::new(),
                notes.join("; "),
            ];
            let line: Vec<String> = columns.iter().map(|v| field(v)).collect();
            out.push_str(&line.join(","));
            out.push_str("\r\n");
        }
    }
    out
}

/// Seconds to the microsecond, rounded to nearest, exactly.
fn secs(t: Time) -> String {
    let micro = t.to_samples(1_000_000, Rounding::Nearest);
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", micro.abs() / 1_000_000, micro.abs() % 1_000_000)
}

/// Quoted where it must be. A text that a spreadsheet would take for a formula is kept from being one.
fn field(text: &str) -> String {
    let tame = if text.starts_with(['=', '+', '@']) { format!("'{text}") } else { text.to_owned() };
    if tame.contains([',', '"', '\n', '\r']) { format!("\"{}\"", tame.replace('"', "\"\"")) } else { tame }
}
