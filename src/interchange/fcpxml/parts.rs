//! Pieces of an FCPXML in the making: the storyline's items, time maps, and which clips become one.

use super::{resources::Resources, times::Map};
use crate::{
    base::{ClipId, FrameRate, Time},
    interchange::{
        cicp,
        losses::{Grade, Losses, Place},
        xml::El,
    },
    model::{Caption, Clip, Project, Sequence, Speed, is_language_tag},
};
use std::{collections::HashMap, sync::Arc};

/// Something on the storyline.
pub(super) struct Item {
    pub(super) start: i64,
    pub(super) duration: i64,
    /// The clip's own time at its first frame: what hangs on it counts from there.
    pub(super) local: Time,
    pub(super) element: El,
    pub(super) anchored: Vec<El>,
    pub(super) markers: Vec<El>,
}

/// Which clips of sound are one with a picture: by the picture's id, the sound and its track's number from 1.
pub(super) type Pairs = HashMap<ClipId, (Arc<Clip>, usize)>;

/// Half a frame; see the table of targets.
pub(super) fn nudge(rate: FrameRate) -> Time {
    Time(rate.frame_duration().0 / 2)
}

pub(super) struct Timing {
    pub(super) elements: Vec<El>,
    pub(super) local: Time,
}

/// The time map of a speed, and the clip's own time at its first frame.
pub(super) fn retime(base: Time, length: Time, point: Time, speed: Speed, duration: Time) -> (Vec<El>, Time) {
    if speed.is_normal() {
        return (Vec::new(), point);
    }
    // a source of unknown length: as much as is used
    let length = length.max(speed.source_span(duration)).max(point - base).max(duration);
    let (map, local) = Map::of(base, length, speed, point);
    let point = |(time, value): (Time, Time)| El::new("timept").attr("time", time).attr("value", value).attr("interp", "linear");
    (vec![El::new("timeMap").with(point(map.from)).with(point(map.to))], local)
}

/// The rates that the DTD lists.
pub(super) fn src_frame_rate(rate: FrameRate) -> Option<&'static str> {
    Some(match (rate.num(), rate.den()) {
        (24000, 1001) => "23.98",
        (24, 1) => "24",
        (25, 1) => "25",
        (30000, 1001) => "29.97",
        (30, 1) => "30",
        (48000, 1001) => "47.95",
        (48, 1) => "48",
        (50, 1) => "50",
        (60000, 1001) => "59.94",
        (60, 1) => "60",
        _ => return None,
    })
}

pub(super) fn gap(s: &Sequence, start: i64, duration: i64) -> Item {
    let at = |frame: i64| Time::from_frames(frame, s.frame_rate);
    let element = El::new("gap")
        .attr("name", "Gap")
        .attr("offset", at(start + s.start_timecode))
        .attr("start", Time::from_secs(3600))
        .attr("duration", at(duration));
    Item { start, duration, local: Time::from_secs(3600), element, anchored: Vec::new(), markers: Vec::new() }
}

/// What stands before the language in a caption's role.
const CAPTION_ROLE: &str = "SRT?captionFormat=SRT.";

/// The language in a caption's role, which names a name of its own, a format and a language (Final Cut Pro's own files:
/// `SRT?captionFormat=SRT.en`, `iTT?captionFormat=ITT.de`); empty where it says none.
pub(super) fn caption_language(role: &str) -> &str {
    let said = role.split_once("captionFormat=").and_then(|(_, format)| format.split_once('.')).map_or("", |(_, language)| language);
    if is_language_tag(said) { said } else { "" }
}

/// A caption that hangs on the storyline.
pub(super) fn caption(resources: &mut Resources, c: &Caption, language: &str, offset: Time, duration: Time) -> El {
    let style = resources.style();
    let look = El::new("text-style").attr("fontColor", "1 1 1 1").attr("backgroundColor", "0 0 0 1");
    El::new("caption")
        .attr("lane", 1)
        .attr("offset", offset)
        .attr("name", c.text.lines().next().unwrap_or_default())
        .attr("start", Time::from_secs(3600))
        .attr("duration", duration)
        .attr("role", format!("{CAPTION_ROLE}{language}"))
        .with(El::new("text").attr("placement", "bottom").with(El::text("text-style", &c.text).attr("ref", &style)))
        .with(El::new("text-style-def").attr("id", style).with(look))
}

/// The item of the storyline at a frame; the last one past the end.
pub(super) fn item_at(items: &mut [Item], frame: i64) -> Option<&mut Item> {
    let i = items.partition_point(|i| i.start + i.duration <= frame).min(items.len().checked_sub(1)?);
    items.get_mut(i)
}

/// Pictures and their sound that become one clip.
pub(super) fn pairs(s: &Sequence) -> (Pairs, std::collections::HashSet<ClipId>) {
    let mut sounds: HashMap<u64, (Arc<Clip>, usize)> = HashMap::new();
    for (i, t) in s.audio_tracks().enumerate() {
        for c in &t.clips {
            if let Some(link) = c.link {
                sounds.insert(link, (c.clone(), i + 1));
            }
        }
    }
    let (mut pairs, mut merged) = (Pairs::new(), std::collections::HashSet::new());
    for c in s.video_tracks().flat_map(|t| &t.clips) {
        if let Some(found) = c.link.and_then(|l| sounds.get(&l)) {
            merged.insert(found.0.id);
            pairs.insert(c.id, found.clone());
        }
    }
    (pairs, merged)
}

/// Where colour tags cannot be said whole.
pub(super) fn color_loss(project: &Project, losses: &mut Losses) {
    for m in project.media.values() {
        let Some(v) = &m.info.video else { continue };
        let tags = m.color_override.unwrap_or(v.color);
        if cicp::from_fcpxml(&cicp::fcpxml(tags)) != Some(tags) {
            losses.add(Grade::Approximated, Place::Media(m.name.clone()), "interchange-lost-color-range", "");
        }
    }
}
