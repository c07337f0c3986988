//! A document as lists: one for each video track.

use super::START;
use crate::{
    base::{FrameRate, Rounding, Time, format_timecode},
    interchange::{
        InterchangeError, colors,
        losses::{Grade, Losses, Place},
        pieces::{Piece, clip_name, media_start_time, pieces},
    },
    model::{Clip, Media, Project, Sequence, Speed, Track, TrackKind},
};
use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

/// Suffix of the name, bytes, and what is in them, for each list.
///
/// # Errors
/// Nothing but what a list cannot hold.
pub(in crate::interchange) fn write(project: &Project, losses: &mut Losses) -> Result<Vec<(String, Vec<u8>, Project)>, InterchangeError> {
    let s = &project.sequence;
    let video: Vec<(usize, Arc<Track>)> =
        s.video_tracks().enumerate().filter(|(_, t)| !t.clips.is_empty()).map(|(i, t)| (i + 1, t.clone())).collect();
    let audio: Vec<Arc<Track>> = s.audio_tracks().cloned().collect();
    let sounds = audio.iter().any(|t| !t.clips.is_empty());
    if video.is_empty() && !sounds {
        return Err(InterchangeError::NothingToWrite);
    }
    let lists = video.len().max(1);
    if lists > 1 {
        losses.add(Grade::Approximated, Place::Timeline, "interchange-edl-files", lists.to_string());
    }
    let reels = reels(project);
    let mut out = Vec::new();
    for i in 0..lists {
        let mut part = Sequence::clone(s);
        part.tracks = video.get(i).map(|v| v.1.clone()).into_iter().collect();
        if i == 0 {
            part.tracks.extend(audio.iter().cloned());
        } else {
            part.markers.clear();
        }
        let suffix = match video.get(i) {
            Some((number, _)) if i > 0 => format!("-V{number}"),
            _ => String::new(),
        };
        let meant = Project { sequence: Arc::new(part), ..project.clone() };
        let text = list(&meant, &reels);
        out.push((suffix, text.into_bytes(), meant));
    }
    Ok(out)
}

/// A reel for each media: eight letters and digits of its file's name, another for each file.
fn reels(project: &Project) -> BTreeMap<crate::base::MediaId, String> {
    let mut used = HashSet::new();
    let mut out = BTreeMap::new();
    for (id, m) in &project.media {
        let stem = m.file.path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let plain: String = stem.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        // AX and BL mean an auxiliary source and black
        let plain = if plain.is_empty() || plain == "AX" || plain == "BL" { format!("R{plain}") } else { plain };
        let reel = (1..).map(|n: usize| {
            let tail = if n == 1 { String::new() } else { n.to_string() };
            let head: String = plain.chars().take(8 - tail.len().min(7)).collect();
            format!("{head}{tail}")
        });
        let reel = reel.take(1_000_000).find(|r| used.insert(r.clone())).unwrap_or_default();
        out.insert(*id, reel);
    }
    out
}

/// An event in the making.
struct Event {
    record_in: i64,
    channel: String,
    text: String,
}

fn list(project: &Project, reels: &BTreeMap<crate::base::MediaId, String>) -> String {
    let s = &project.sequence;
    let name = if s.name.is_empty() { &project.name } else { &s.name };
    let drop = s.drop_frame && s.frame_rate.can_drop_frames();
    let mut out = format!("TITLE: {}\n", plain(name));
    out.push_str(if drop { "FCM: DROP FRAME\n" } else { "FCM: NON-DROP FRAME\n" });
    let mut events = Vec::new();
    let mut audio = 0;
    for t in &s.tracks {
        let channel = match (t.kind, audio) {
            (TrackKind::Video, _) => "V".to_owned(),
            (TrackKind::Audio, 0) => "A".to_owned(),
            (TrackKind::Audio, n) => format!("A{}", n + 1),
        };
        audio += usize::from(t.kind == TrackKind::Audio);
        track(project, t, &channel, reels, &mut events);
    }
    events.sort_by(|a, b| (a.record_in, &a.channel).cmp(&(b.record_in, &b.channel)));
    let mut markers = s.markers.iter().peekable();
    let starts: Vec<i64> = events.iter().map(|e| e.record_in).collect();
    for (i, e) in events.iter().enumerate() {
        out.push('\n');
        out.push_str(&e.text.replace("{n}", &format!("{:03}", (i + 1) % 1000)));
        if i == 0 {
            // under an event: some readers know no comment before the first one
            out.push_str(&format!("* {START} {}\n", s.timecode(0)));
        }
        // a locator stands under the last event that begins at or before it
        let until = starts.get(i + 1).copied().unwrap_or(i64::MAX);
        while let Some(m) = markers.next_if(|m| m.frame < until) {
            out.push_str(&format!("* LOC: {} {:<8} {}\n", s.timecode(m.frame), colors::name(m.color), plain(&m.name)));
        }
    }
    out
}

/// One line of text.
fn plain(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn track(project: &Project, t: &Track, channel: &str, reels: &BTreeMap<crate::base::MediaId, String>, events: &mut Vec<Event>) {
    let s = &project.sequence;
    let all = pieces(t);
    let mut before: Option<&Arc<Clip>> = None;
    let mut dissolve = None;
    for p in &all {
        match p {
            Piece::Join(x) => dissolve = Some(x.after),
            Piece::Clip(c) => {
                let from = dissolve.take().zip(before);
                let text = event(project, s, c, channel, from, reels);
                events.push(Event { record_in: c.start, channel: channel.to_owned(), text });
                before = Some(c);
            }
            Piece::Gap(_) | Piece::FadeIn(_) | Piece::FadeOut(_) => {}
        }
    }
}

/// Source in and out, in frames of the list.
fn source(c: &Clip, m: &Media, rate: FrameRate) -> (i64, i64) {
    let (source_in, speed) = c.content.source().unwrap_or_default();
    let first = (source_in + media_start_time(m, rate)).to_frames(rate, Rounding::Floor);
    let used = used(c.duration, speed);
    if speed.0 < 0 { (first + 1 - used, first + 1) } else { (first, first + used) }
}

/// Frames of the source that an event uses: its record length times its speed; a freeze is one frame long (Avid's lists).
pub(super) fn used(duration: i64, speed: Speed) -> i64 {
    let n = Rounding::Nearest.div(i128::from(duration) * i128::from(speed.0.unsigned_abs()), i128::from(speed.1.max(1)));
    i64::try_from(n).unwrap_or(i64::MAX / 4).max(1)
}

fn event(
    project: &Project,
    s: &Sequence,
    c: &Arc<Clip>,
    channel: &str,
    from: Option<(i64, &Arc<Clip>)>,
    reels: &BTreeMap<crate::base::MediaId, String>,
) -> String {
    let rate = s.frame_rate;
    let look = |c: &Clip| c.media().and_then(|id| Some((project.media.get(&id)?, reels.get(&id)?)));
    let Some((m, reel)) = look(c) else { return String::new() };
    let label = |frame: i64, m: &Media| {
        let drop = m.info.start_timecode.as_deref().is_some_and(|t| t.contains(';'));
        format_timecode(frame, rate, drop)
    };
    let (from_in, to_out) = source(c, m, rate);
    let record = |frame: i64| s.timecode(frame);
    let line =
        |reel: &str, how: &str, a: &str, b: &str, x: &str, y: &str| format!("{{n}}  {reel:<8} {channel:<5} {how:<8} {a} {b} {x} {y}\n");
    let mut out = String::new();
    let cut = record(c.start);
    let left = from.and_then(|(n, l)| look(l).map(|(m, reel)| (n, l, m, reel)));
    let how = match &left {
        Some((n, l, lm, lreel)) => {
            // the outgoing clip, of no length, then the mix into the incoming one
            let end = source(l, lm, rate).1;
            let at = label(end, lm);
            out.push_str(&line(lreel, "C", &at, &at, &cut, &cut));
            format!("D    {n:03}")
        }
        None => "C".to_owned(),
    };
    out.push_str(&line(reel, &how, &label(from_in, m), &label(to_out, m), &cut, &record(c.end())));
    let speed = c.speed();
    if !speed.is_normal() {
        let milli = Rounding::Nearest.div(i128::from(speed.0) * i128::from(rate.timecode_base()) * 1000, i128::from(speed.1.max(1)));
        out.push_str(&format!("M2   {reel:<8}       {}                {}\n", fps(milli), label(from_in, m)));
        if speed.is_freeze() {
            out.push_str("* * FREEZE FRAME\n");
        }
    }
    let name = plain(clip_name(c, Some(m)));
    match &left {
        Some((_, l, lm, _)) => {
            out.push_str(&format!("* FROM CLIP NAME: {}\n* TO CLIP NAME: {name}\n", plain(clip_name(l, Some(lm)))));
        }
        None => out.push_str(&format!("* FROM CLIP NAME: {name}\n")),
    }
    let file = m.file.path.file_name().map_or_else(|| m.name.clone(), |n| n.to_string_lossy().into_owned());
    out.push_str(&format!("* SOURCE FILE: {}\n* FROM FILE: {}\n", plain(&file), m.file.path.to_string_lossy().replace(['\n', '\r'], " ")));
    out
}

/// Frames per second with one decimal as the lists of old have it, three where one does not say it.
fn fps(milli: i128) -> String {
    let (sign, milli) = (if milli < 0 { "-" } else { "" }, milli.abs());
    let (whole, rest) = (milli / 1000, milli % 1000);
    if rest % 100 == 0 { format!("{sign}{whole:03}.{}", rest / 100) } else { format!("{sign}{whole:03}.{rest:03}") }
}

/// The time of a list's frame.
pub(super) fn time(frame: i64, rate: FrameRate) -> Time {
    Time::from_frames(frame, rate)
}
