//! A list as a document.

use super::{
    START,
    write::{time, used},
};
use crate::{
    base::{FrameRate, Time, format_timecode, parse_timecode},
    interchange::{
        InterchangeError, ReadOptions,
        build::{Builder, Claim, Lane, place},
        colors, is_still_name,
        losses::{Losses, Place},
        pieces::{is_still, media_start_time, usual_track_name},
        speed::{ratio, speed_from_f64},
    },
    model::{ClipContent, Project, Sequence, Speed, TrackKind, TransitionKind},
};

/// Most audio channels of a list.
const CHANNELS: usize = 4;

/// The document of a list's text. The rate is the options', or what the timecodes look like.
///
/// # Errors
/// No event in it, or timecodes that cannot be.
pub(in crate::interchange) fn read(text: &str, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    let list = List::parse(text);
    if list.events.is_empty() {
        return Err(InterchangeError::NoTimeline);
    }
    let mut b = Builder::new(options);
    let rate = match options.rate {
        Some(r) => r,
        None => {
            let r = list.guess();
            b.warn(Place::Timeline, "interchange-import-rate-guessed", r.to_string());
            r
        }
    };
    let mut s = Sequence::new(1920, 1080, rate);
    s.id = crate::base::SequenceId(b.id());
    s.tracks.clear();
    s.name.clone_from(&list.title);
    s.drop_frame = list.drop && rate.can_drop_frames();
    // semicolons anywhere: then a colon means non-drop, also in a list that counts drop-frame
    let marked = list.events.iter().flat_map(|e| &e.times).any(|t| t.contains(';'));
    let by_head = list.drop && !marked;
    let code = |text: &str, line: usize| label(text, rate, by_head).map_err(|what| InterchangeError::Malformed { line, what });
    let mut events = Vec::with_capacity(list.events.len());
    for e in &list.events {
        let t: Vec<i64> = e.times.iter().map(|t| code(t, e.line)).collect::<Result<_, _>>()?;
        events.push((e, [t[0], t[1], t[2], t[3]]));
    }
    events.sort_by_key(|(_, t)| t[2]);
    let earliest = events.iter().map(|(_, t)| t[2]).min().unwrap_or(0);
    s.start_timecode = match &list.start {
        Some(t) => code(t, 0)?,
        None => hour_below(earliest, rate, s.drop_frame),
    }
    .clamp(0, crate::model::MAX_FRAME / 2);
    let mut lanes: Vec<(usize, Lane)> = Vec::new();
    let mut link = 0;
    for (e, t) in &events {
        if t[3] < t[2] {
            return Err(InterchangeError::Malformed { line: e.line, what: e.times.join(" ") });
        }
        let start = t[2] - s.start_timecode;
        for locator in &e.locators {
            if let Ok(frame) = label(&locator.0, rate, by_head) {
                let m = b.marker(frame - s.start_timecode, 0, &locator.2, colors::from_name(&locator.1), "");
                s.markers.push(m);
            }
        }
        // a cut of no length only names what a dissolve comes from; BL is black
        if t[3] == t[2] || e.reel == "BL" {
            continue;
        }
        if start < 0 {
            b.drop(place(&e.name, 0, rate), "interchange-import-before-start", "");
            continue;
        }
        for what in &e.lost {
            b.drop(place(&e.name, start, rate), "interchange-import-effect", what.clone());
        }
        link += 1;
        let linked = e.channels.len() > 1 && e.channels.contains(&0);
        for channel in &e.channels {
            let kind = if *channel == 0 { TrackKind::Video } else { TrackKind::Audio };
            let i = match lanes.iter().position(|(c, _)| c == channel) {
                Some(i) => i,
                None => {
                    lanes.push((*channel, Lane::new(&mut b, kind, rate)));
                    lanes.len() - 1
                }
            };
            let media = media(&mut b, e, kind, t, rate);
            let lane = &mut lanes[i].1;
            let duration = t[3] - t[2];
            let (speed, warned) = e.speed(duration, t[1] - t[0], rate);
            if let Some(key) = warned {
                b.warn(lane.place(&e.name, start), key, "");
            }
            let base = b.media_by_id(media).map_or(Time::ZERO, |m| media_start_time(m, rate));
            let first = if speed.0 < 0 { t[0] + used(duration, speed) - 1 } else { t[0] };
            let point = time(first, rate) - base;
            if point < Time::ZERO {
                b.warn(lane.place(&e.name, start), "interchange-import-before-media", "");
            }
            let still = b.media_by_id(media).is_some_and(|m| is_still(m));
            let (source_in, speed) = if still { (Time::ZERO, Speed::NORMAL) } else { (point.max(Time::ZERO), speed) };
            let mut clip = b.clip(start, duration, ClipContent::Media { media, source_in, speed })?;
            if b.media_by_id(media).is_none_or(|m| m.name != e.name) {
                clip.name.clone_from(&e.name);
            }
            clip.link = linked.then_some(link);
            if let Some(n) = e.mix {
                if e.how != 'D' {
                    b.warn(lane.place(&e.name, start), "interchange-import-transition-kind", e.how_text.clone());
                }
                if start > lane.at {
                    lane.gap(&mut b, start - lane.at)?;
                }
                lane.transition(TransitionKind::CrossDissolve, 0, n);
            }
            lane.clip(&mut b, clip)?;
        }
    }
    // sound that only a later channel has keeps its number
    lanes.sort_by_key(|(c, _)| *c);
    let most = lanes.iter().map(|(c, _)| *c).max().unwrap_or(0);
    let mut lanes = lanes.into_iter().peekable();
    for channel in 0..=most {
        let (kind, number) = if channel == 0 { (TrackKind::Video, 1) } else { (TrackKind::Audio, channel) };
        let mut lane = match lanes.next_if(|(c, _)| *c == channel) {
            Some((_, lane)) => lane,
            None => Lane::new(&mut b, kind, rate),
        };
        lane.name = usual_track_name(kind, number);
        let track = lane.finish(&mut b, number);
        s.tracks.push(track);
    }
    let name = s.name.clone();
    let (mut project, losses) = b.finish(s)?;
    if !name.is_empty() {
        project.name = name;
    }
    Ok((project, losses))
}

/// The media of an event: known by its path or name, else made of what the list says.
fn media(b: &mut Builder<'_>, e: &Event, kind: TrackKind, t: &[i64; 4], rate: FrameRate) -> crate::base::MediaId {
    let name = e.file.clone().or_else(|| (!e.name.is_empty()).then(|| e.name.clone())).unwrap_or_else(|| e.reel.clone());
    let first = hour_below(t[0], rate, false);
    let claim = Claim {
        url: e.path.clone(),
        still: e.path.as_deref().is_some_and(is_still_name),
        name,
        rate: Some(rate),
        duration: time(t[1] - first, rate),
        video: kind == TrackKind::Video,
        audio: (kind == TrackKind::Audio || e.channels.len() > 1).then_some((48_000, 2)),
        // tapes begin at a whole hour
        start_timecode: (first > 0).then(|| format_timecode(first, rate, false)),
        ..Claim::default()
    };
    let id = b.media(claim);
    let base = b.media_by_id(id).map_or(Time::ZERO, |m| media_start_time(m, rate));
    let end = time(t[1], rate) - base;
    b.learn(id, |info| {
        if info.video.as_ref().is_none_or(|v| !v.still) {
            info.duration = info.duration.max(end);
            if let Some(v) = &mut info.video {
                v.frames = u64::try_from(info.duration.to_frames(v.frame_rate, crate::base::Rounding::Ceil)).unwrap_or(0);
            }
        }
        if kind == TrackKind::Audio {
            info.audio.get_or_insert(crate::base::AudioInfo { codec: "unknown".into(), rate: 48_000, channels: 2 });
        }
    });
    id
}

/// The whole hour at or below a label, or the label itself where it is far past one.
fn hour_below(frame: i64, rate: FrameRate, drop: bool) -> i64 {
    let hours = |h: i64| parse_timecode(&format!("{h:02}:00:00{}00", if drop { ';' } else { ':' }), rate).unwrap_or(0);
    let mut h = 0;
    while h < 100 && hours(h + 1) <= frame {
        h += 1;
    }
    let floor = hours(h);
    let far = i64::from(rate.timecode_base()) * 60 * 30;
    if frame - floor > far { frame } else { floor }
}

/// Frames of a timecode. Lists of old write drop-frame with colons and say so once.
fn label(text: &str, rate: FrameRate, drop: bool) -> Result<i64, String> {
    let text = text.trim();
    let colons = !text.contains([';', '.']);
    let marked = if drop && colons && rate.can_drop_frames() {
        let (head, frames) = text.rsplit_once(':').unwrap_or((text, ""));
        parse_timecode(&format!("{head};{frames}"), rate)
    } else {
        parse_timecode(text, rate)
    };
    marked.map_err(|e| e.to_string())
}

/// An event as it stands in the list.
#[derive(Debug, Default)]
struct Event {
    line: usize,
    reel: String,
    /// 0 is the picture.
    channels: Vec<usize>,
    how: char,
    how_text: String,
    /// Frames of a dissolve or wipe.
    mix: Option<i64>,
    times: Vec<String>,
    name: String,
    file: Option<String>,
    path: Option<String>,
    fps: Option<f64>,
    freeze: bool,
    locators: Vec<(String, String, String)>,
    lost: Vec<String>,
}

impl Event {
    /// The speed, and what is to be said about it.
    fn speed(&self, record: i64, source: i64, rate: FrameRate) -> (Speed, Option<&'static str>) {
        if self.freeze && self.fps.is_none_or(|f| f == 0.0) {
            return (Speed::FREEZE, None);
        }
        if let Some(fps) = self.fps {
            // thousandths of a frame a second, exactly as they were written
            let exact = (fps * 1000.0).round();
            let close = (fps * 1000.0 - exact).abs() < 1e-6 && exact.abs() < 1e9;
            let speed = if close {
                ratio(exact as i128, 1000 * i128::from(rate.timecode_base()))
            } else {
                speed_from_f64(fps / f64::from(rate.timecode_base()))
            };
            return (speed.unwrap_or(Speed::NORMAL), None);
        }
        if source == record || source <= 0 || record <= 0 {
            return (Speed::NORMAL, None);
        }
        // no speed is said, but the lengths differ: fit to fill
        (ratio(i128::from(source), i128::from(record)).unwrap_or(Speed::NORMAL), Some("interchange-import-fit-to-fill"))
    }
}

/// A list as text, before its times mean anything.
#[derive(Debug, Default)]
struct List {
    title: String,
    drop: bool,
    start: Option<String>,
    events: Vec<Event>,
}

impl List {
    fn parse(text: &str) -> Self {
        let mut list = Self::default();
        let mut fcm_seen = false;
        for (i, line) in text.lines().enumerate() {
            let line = line.trim();
            let upper = line.to_ascii_uppercase();
            if let Some(rest) = upper.strip_prefix("TITLE:") {
                list.title = line[line.len() - rest.len()..].trim().to_owned();
            } else if upper.starts_with("FCM:") {
                // the first says how record times count; later ones are for sources
                if !fcm_seen {
                    list.drop = upper.contains("DROP") && !upper.contains("NON");
                    fcm_seen = true;
                }
            } else if let Some(event) = event(line, i + 1) {
                list.events.push(event);
            } else if let Some(rest) = upper.trim_start_matches(['*', ' ']).strip_prefix(START) {
                list.start = Some(rest.trim().to_owned());
            } else if let Some(e) = list.events.last_mut() {
                detail(line, &upper, e);
            }
        }
        list
    }

    /// The lowest usual rate that the frame fields allow.
    fn guess(&self) -> FrameRate {
        let fields = self.events.iter().flat_map(|e| &e.times).filter_map(|t| t.rsplit([':', ';', '.']).next()?.parse::<u32>().ok());
        let most = fields.max().unwrap_or(0);
        match most {
            _ if self.drop && most < 30 => FrameRate::NTSC_30,
            _ if self.drop => FrameRate::NTSC_60,
            0..24 => FrameRate::FPS_24,
            24 => FrameRate::FPS_25,
            25..30 => FrameRate::FPS_30,
            30..50 => FrameRate::new(50, 1).unwrap_or(FrameRate::FPS_25),
            _ => FrameRate::FPS_60,
        }
    }
}

fn is_timecode(t: &str) -> bool {
    let parts: Vec<&str> = t.split([':', ';', '.']).collect();
    parts.len() == 4 && parts.iter().all(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
}

/// `001  REEL V C 01:… 01:… 01:… 01:…`; the four times are the last words of the line.
fn event(line: &str, number: usize) -> Option<Event> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = words.first()?;
    if !first.starts_with(|c: char| c.is_ascii_digit()) || words.len() < 7 {
        return None;
    }
    let times = words.iter().position(|w| is_timecode(w)).filter(|i| *i >= 3)?;
    let four = words.get(times..times + 4)?;
    if !four.iter().all(|t| is_timecode(t)) {
        return None;
    }
    // a reel with blanks in it: the channel is the last word that can be one, before the kind of edit
    let kind_at = (2..times).rev().find(|i| is_kind(words[*i]))?;
    let channel = words.get(kind_at.checked_sub(1)?)?;
    let reel = words.get(1..kind_at - 1)?.join(" ");
    let how_text = words[kind_at].to_ascii_uppercase();
    let how = how_text.chars().next()?;
    let mix = words.get(kind_at + 1..times)?.iter().find_map(|w| w.parse::<i64>().ok()).filter(|n| (0..100_000).contains(n));
    Some(Event {
        line: number,
        reel: if reel.is_empty() { (*channel).to_owned() } else { reel },
        channels: channels(channel),
        how,
        mix: if how == 'C' { None } else { mix },
        how_text,
        times: four.iter().map(|t| (*t).to_owned()).collect(),
        ..Event::default()
    })
}

/// Cut, dissolve, wipe with its number, key.
fn is_kind(word: &str) -> bool {
    let w = word.to_ascii_uppercase();
    matches!(w.as_str(), "C" | "D" | "K" | "KB" | "KO") || (w.starts_with('W') && w.len() > 1 && w[1..].bytes().all(|b| b.is_ascii_digit()))
}

fn channels(text: &str) -> Vec<usize> {
    let text = text.to_ascii_uppercase();
    let mut out = Vec::new();
    for part in text.split('/') {
        match part {
            "V" | "V1" | "VIDEO" => out.push(0),
            "B" => out.extend([0, 1]),
            "A" | "A1" => out.push(1),
            "AA" => out.extend([1, 2]),
            "A2/V" => out.extend([2, 0]),
            "NONE" => {}
            other => {
                let number = other.strip_prefix('A').and_then(|n| n.parse::<usize>().ok());
                out.push(number.filter(|n| (1..=CHANNELS).contains(n)).unwrap_or(0));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// A line that says more about the event before it.
fn detail(line: &str, upper: &str, e: &mut Event) {
    if let Some(rest) = upper.strip_prefix("M2") {
        let words: Vec<&str> = rest.split_whitespace().collect();
        // the reel may have blanks or digits: the speed is the last number before the time
        e.fps =
            words.iter().rev().filter(|w| !is_timecode(w)).find_map(|w| w.parse::<f64>().ok()).filter(|f| f.is_finite() && f.abs() < 1e5);
        return;
    }
    if let Some(rest) = upper.strip_prefix("AUD") {
        e.channels.extend(rest.split_whitespace().filter_map(|n| n.parse::<usize>().ok()).filter(|n| (3..=CHANNELS).contains(n)));
        e.channels.sort_unstable();
        e.channels.dedup();
        return;
    }
    if !upper.starts_with('*') {
        return;
    }
    let body = line.trim_start_matches(['*', ' ']);
    let value = |key: &str| {
        let head = body.get(..key.len())?;
        head.eq_ignore_ascii_case(key).then(|| body[key.len()..].trim().to_owned())
    };
    let given = |v: String| (!v.is_empty()).then_some(v);
    if let Some(v) = value("TO CLIP NAME:") {
        e.name = v;
    } else if let Some(v) = value("FROM CLIP NAME:") {
        // of a mix it names what goes out
        if e.mix.is_none() || e.name.is_empty() {
            e.name = v;
        }
    } else if let Some(v) = value("SOURCE FILE:") {
        e.file = given(v);
    } else if let Some(v) = value("FROM FILE:").or_else(|| value("FROM CLIP:")) {
        e.path = given(v);
    } else if value("FREEZE FRAME").is_some() {
        e.freeze = true;
    } else if let Some(v) = value("LOC:") {
        let mut words = v.splitn(3, char::is_whitespace).map(str::trim);
        let (at, color) = (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
        e.locators.push((at, color, words.next().unwrap_or_default().to_owned()));
    } else if upper.contains("ASC_SOP") || upper.contains("ASC_SAT") {
        if !e.lost.iter().any(|l| l == "ASC CDL") {
            e.lost.push("ASC CDL".into());
        }
    } else if let Some((effect, _)) = body.split_once(" EFFECT,") {
        e.lost.push(format!("{effect} {}", body.rsplit(',').next().unwrap_or_default().trim()));
    }
}
