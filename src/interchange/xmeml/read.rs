//! xmeml as a document.

use super::{
    file::{self, frames, read_rate, read_size, read_timecode},
    filters, from_ticks,
    write::{fitted, in_point},
};
use crate::{
    base::{FrameRate, MediaId, Rounding, SequenceId, Time, format_timecode},
    interchange::{
        InterchangeError, ReadOptions,
        build::{Builder, Claim, Lane},
        is_still_name,
        losses::{Losses, Place},
        pieces::{is_still, media_rate},
        rate::on_grid,
        xml::{self, at, child, children, text},
    },
    model::{Clip, ClipContent, Project, Sequence, Speed, TrackKind, Transform, TransitionKind},
};
use roxmltree::Node;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Deepest nest that is followed.
const MAX_DEPTH: usize = 24;

/// The document of a file's text.
///
/// # Errors
/// Not xmeml, times or rates that cannot be, or nothing that is a timeline.
pub(in crate::interchange) fn read(text: &str, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    let doc = xml::parse(text)?;
    let root = doc.root_element();
    if root.tag_name().name() != "xmeml" {
        return Err(InterchangeError::Malformed { line: 1, what: root.tag_name().name().to_owned() });
    }
    let (mut files, mut sequences) = (HashMap::new(), HashMap::new());
    for n in root.descendants().filter(|n| n.children().any(|c| c.is_element())) {
        match (n.tag_name().name(), n.attribute("id")) {
            ("file", Some(id)) => drop(files.entry(id).or_insert(n)),
            ("sequence", Some(id)) => drop(sequences.entry(id).or_insert(n)),
            _ => {}
        }
    }
    // nests stand inside clip items
    let mut outer = root.descendants().filter(|n| n.has_tag_name("sequence") && !n.ancestors().any(|a| a.has_tag_name("clipitem")));
    let first = outer.next().ok_or(InterchangeError::NoTimeline)?;
    let mut r = Reader {
        b: Builder::new(options),
        files,
        sequences,
        media: HashMap::new(),
        nests: HashMap::new(),
        open: HashSet::new(),
        links: HashMap::new(),
        next_link: 0,
    };
    for other in outer {
        r.b.drop(Place::Timeline, "interchange-import-other-timeline", xml::text(other, "name").unwrap_or_default());
    }
    let sequence = r.sequence(first, 0)?;
    let name = sequence.name.clone();
    let (mut project, losses) = r.b.finish(sequence)?;
    if !name.is_empty() {
        project.name = name;
    }
    Ok((project, losses))
}

struct Reader<'a, 'd> {
    b: Builder<'a>,
    files: HashMap<&'d str, Node<'d, 'd>>,
    sequences: HashMap<&'d str, Node<'d, 'd>>,
    media: HashMap<String, MediaId>,
    nests: HashMap<String, SequenceId>,
    open: HashSet<String>,
    /// Link groups by the item ids of their members.
    links: HashMap<String, u64>,
    next_link: u64,
}

impl<'d> Reader<'_, 'd> {
    fn sequence(&mut self, n: Node<'d, 'd>, depth: usize) -> Result<Sequence, InterchangeError> {
        if depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let media = child(n, "media").ok_or(InterchangeError::NoTimeline)?;
        let rate = match read_rate(n)? {
            Some(r) => r,
            None => at(media, &["video", "format", "samplecharacteristics"]).map_or(Ok(None), read_rate)?.unwrap_or(FrameRate::FPS_25),
        };
        let (w, h) = read_size(media, &["video", "format", "samplecharacteristics"]).unwrap_or((1920, 1080));
        let side = |v: u32| v.clamp(1, crate::model::MAX_SIDE_PX);
        let mut s = Sequence::new(side(w), side(h), rate);
        s.id = SequenceId(self.b.id());
        s.name = text(n, "name").unwrap_or_default().to_owned();
        s.tracks.clear();
        (s.start_timecode, s.drop_frame) = read_timecode(n, rate)?;
        for (name, kind) in [("video", TrackKind::Video), ("audio", TrackKind::Audio)] {
            for (i, t) in child(media, name).into_iter().flat_map(|m| children(m, "track")).enumerate() {
                let track = self.track(&mut s, t, kind, i + 1, depth)?;
                s.tracks.push(track);
            }
        }
        for m in children(n, "marker") {
            self.marker(&mut s, m, 0, i64::MAX)?;
        }
        s.markers.sort_by_key(|m| (m.frame, m.id));
        Ok(s)
    }

    /// A marker; `offset` is what is to be added to its frame, frames past `end` lie outside of what shows.
    fn marker(&mut self, s: &mut Sequence, m: Node<'_, '_>, offset: i64, end: i64) -> Result<(), InterchangeError> {
        let Some(from) = frames(m, "in")? else { return Ok(()) };
        let to = frames(m, "out")?.unwrap_or(-1);
        let name = text(m, "name").unwrap_or_default();
        let frame = from.saturating_add(offset);
        if frame < 0 || frame >= end {
            self.b.drop(Place::Marker { name: name.to_owned(), at: String::new() }, "interchange-import-marker-outside", "");
            return Ok(());
        }
        let length = if to > from { to - from } else { 0 };
        let marker = self.b.marker(frame, length, name, 0, text(m, "comment").unwrap_or_default());
        s.markers.push(marker);
        Ok(())
    }

    fn track(
        &mut self,
        s: &mut Sequence,
        t: Node<'d, 'd>,
        kind: TrackKind,
        number: usize,
        depth: usize,
    ) -> Result<Arc<crate::model::Track>, InterchangeError> {
        let rate = s.frame_rate;
        let mut lane = Lane::new(&mut self.b, kind, rate);
        lane.name = match t.attribute("MZ.TrackName") {
            Some(name) if !name.is_empty() => name.to_owned(),
            _ => crate::interchange::pieces::usual_track_name(kind, number),
        };
        lane.muted = text(t, "enabled").is_some_and(|e| e.eq_ignore_ascii_case("FALSE"));
        lane.track.locked = text(t, "locked").is_some_and(|e| e.eq_ignore_ascii_case("TRUE"));
        let items: Vec<_> =
            t.children().filter(|c| matches!(c.tag_name().name(), "clipitem" | "transitionitem" | "generatoritem")).collect();
        for (i, n) in items.iter().enumerate() {
            let beside = |i: Option<usize>| i.and_then(|i| items.get(i)).copied().filter(|n| n.has_tag_name("transitionitem"));
            match n.tag_name().name() {
                "transitionitem" => {
                    let j = Join::read(*n, rate)?;
                    let name = at(*n, &["effect", "name"]).and_then(|e| e.text()).unwrap_or_default().trim();
                    let id = at(*n, &["effect", "effectid"]).and_then(|e| e.text()).unwrap_or_default().trim();
                    if !matches!(id, "Cross Dissolve" | "" | "KGAudioTransCrossFade0dB" | "KGAudioTransCrossFade3dB") {
                        self.b.warn(lane.place(name, j.cut), "interchange-import-transition-kind", name);
                    }
                    if j.cut > lane.at {
                        lane.gap(&mut self.b, j.cut - lane.at)?;
                    }
                    if j.cut < 0 || j.cut < lane.at {
                        self.b.warn(lane.place(name, j.cut.max(0)), "interchange-import-transition-lost", "");
                    } else {
                        lane.transition(TransitionKind::CrossDissolve, j.cut - j.from, j.to - j.cut);
                    }
                }
                _ => {
                    let (head, tail) = (beside(i.checked_sub(1)), beside(Some(i + 1)));
                    let head = head.map(|n| Join::read(n, rate)).transpose()?;
                    let tail = tail.map(|n| Join::read(n, rate)).transpose()?;
                    self.item(s, &mut lane, *n, (head, tail), depth)?;
                }
            }
        }
        Ok(lane.finish(&mut self.b, number))
    }

    fn item(
        &mut self,
        s: &mut Sequence,
        lane: &mut Lane,
        n: Node<'d, 'd>,
        (head, tail): (Option<Join>, Option<Join>),
        depth: usize,
    ) -> Result<(), InterchangeError> {
        let rate = s.frame_rate;
        let name = text(n, "name").unwrap_or_default();
        let own = read_rate(n)?.unwrap_or(rate);
        let (from, to) = (frames(n, "in")?.unwrap_or(0), frames(n, "out")?.unwrap_or(0));
        let span = (Time::from_frames(to, own) - Time::from_frames(from, own)).to_frames(rate, Rounding::Nearest);
        let (start, end) = (frames(n, "start")?.unwrap_or(-1), frames(n, "end")?.unwrap_or(-1));
        // what a transition eats into has no edge of its own
        let edge = |v: i64, j: Option<Join>| if v >= 0 { Some(v) } else { j.map(|j| j.cut) };
        let (start, end) = match (edge(start, head), edge(end, tail)) {
            (Some(a), Some(b)) => (a, b),
            (Some(a), None) => (a, a + span),
            (None, Some(b)) => (b - span, b),
            (None, None) => (lane.at, lane.at + span),
        };
        if end <= start {
            self.b.drop(lane.place(name, start.max(0)), "interchange-import-no-length", "");
            return Ok(());
        }
        let duration = end - start;
        if n.has_tag_name("generatoritem") {
            let what = at(n, &["effect", "name"]).and_then(|e| e.text()).unwrap_or(name);
            self.b.drop(lane.place(name, start), "interchange-import-generator", what);
            return Ok(());
        }
        let set = filters::read(n);
        for what in &set.unknown {
            self.b.drop(lane.place(name, start), "interchange-import-effect", what.clone());
        }
        if set.keyframes {
            self.b.drop(lane.place(name, start), "interchange-lost-keyframes", "");
        }
        if set.ramp {
            self.b.warn(lane.place(name, start), "interchange-import-ramp", "");
        }
        let freeze = text(n, "stillframe").is_some_and(|t| t.eq_ignore_ascii_case("TRUE"));
        let speed = if freeze { Speed::FREEZE } else { set.speed.unwrap_or(Speed::NORMAL) };
        let (content, source) = if let Some(q) = child(n, "sequence") {
            match self.nest(q, lane, name, start, depth)? {
                Some(id) => (ClipContent::Sequence { sequence: id, source_in: Time::ZERO, speed }, Source::Nest(id)),
                None => return Ok(()),
            }
        } else {
            match self.file(n, lane.kind, name, rate)? {
                Some(id) => (ClipContent::Media { media: id, source_in: Time::ZERO, speed }, Source::Media(id)),
                None => {
                    self.b.drop(lane.place(name, start), "interchange-import-no-media", "");
                    return Ok(());
                }
            }
        };
        let facts = self.facts(source, rate);
        let mut clip = self.b.clip(start, duration, content)?;
        // in counts to the transition's far edge
        let ahead = head.filter(|_| frames(n, "start").is_ok_and(|s| s == Some(-1))).map_or(0, |j| j.cut - j.from);
        let first = self.first_point(n, from, own, speed, &facts, rate)?;
        let source_in = first + speed.source_span(Time::from_frames(ahead, rate));
        let near = Time::from_frames(source_in.to_frames(facts.rate, Rounding::Nearest), facts.rate);
        let source_in = if on_grid(source_in, facts.rate).is_none() && (source_in - near).0.abs() <= 8 { near } else { source_in };
        if source_in < Time::ZERO {
            self.b.warn(lane.place(name, start), "interchange-import-before-media", "");
        }
        if let Some((at, own_speed)) = clip.content.source_mut() {
            *at = source_in.max(Time::ZERO);
            if facts.still {
                (*at, *own_speed) = (Time::ZERO, Speed::NORMAL);
            }
        }
        if name != facts.name {
            clip.name = name.to_owned();
        }
        clip.enabled = !text(n, "enabled").is_some_and(|e| e.eq_ignore_ascii_case("FALSE"));
        clip.link = self.link(n);
        settings(&mut clip, lane.kind, &set, filters::blend(n), facts.size, (s.width, s.height));
        for m in children(n, "marker") {
            // in the clip's own frames
            let offset = start - from;
            self.marker(s, m, offset, end)?;
        }
        lane.clip(&mut self.b, clip)
    }

    /// The source's point at the item's in.
    fn first_point(
        &self,
        n: Node<'_, '_>,
        from: i64,
        own: FrameRate,
        speed: Speed,
        facts: &Facts,
        rate: FrameRate,
    ) -> Result<Time, InterchangeError> {
        let local = Time::from_frames(from, own);
        let said = match speed.0 {
            0 => local,
            1.. => local.scale(i64::from(speed.0), i64::from(speed.1)),
            _ => facts.length - facts.rate.frame_duration() - local.scale(-i64::from(speed.0), i64::from(speed.1)),
        };
        // ticks are exact where they say the same
        let exact = text(n, "pproTicksIn").and_then(|t| t.parse::<i64>().ok()).map(from_ticks);
        let slack = Time::from_frames(2, rate).scale(i64::from(speed.0.unsigned_abs()).max(1), i64::from(speed.1)).0
            + 2 * facts.rate.frame_duration().0;
        let agrees = |t: &Time| (in_point(*t, speed, facts.length, facts.rate) - local).0.abs() <= slack && (*t - said).0.abs() <= slack;
        Ok(exact.filter(agrees).unwrap_or(said))
    }

    fn facts(&self, source: Source, timeline: FrameRate) -> Facts {
        match source {
            Source::Media(id) => {
                let m = self.b.media_by_id(id);
                Facts {
                    name: m.map_or_else(String::new, |m| m.name.clone()),
                    rate: m.map_or(timeline, |m| media_rate(m, timeline)),
                    length: m.map_or(Time::ZERO, |m| m.info.duration),
                    size: m.and_then(|m| m.info.video.as_ref()).map(|v| v.display_size()),
                    still: m.is_some_and(|m| is_still(m)),
                }
            }
            Source::Nest(id) => {
                let s = self.b.others.get(&id);
                Facts {
                    name: s.map_or_else(String::new, |s| s.name.clone()),
                    rate: s.map_or(timeline, |s| s.frame_rate),
                    length: s.map_or(Time::ZERO, |s| s.duration_time()),
                    size: s.map(|s| (s.width, s.height)),
                    still: false,
                }
            }
        }
    }

    fn nest(&mut self, q: Node<'d, 'd>, lane: &Lane, name: &str, start: i64, depth: usize) -> Result<Option<SequenceId>, InterchangeError> {
        let id = q.attribute("id").unwrap_or_default().to_owned();
        if let Some(done) = self.nests.get(&id).filter(|_| !id.is_empty()) {
            return Ok(Some(*done));
        }
        let full = if child(q, "media").is_some() { Some(q) } else { self.sequences.get(id.as_str()).copied() };
        let Some(full) = full.filter(|f| child(*f, "media").is_some()) else {
            self.b.drop(lane.place(name, start), "interchange-import-no-media", "");
            return Ok(None);
        };
        if !self.open.insert(id.clone()) {
            self.b.drop(lane.place(name, start), "interchange-import-shows-itself", "");
            return Ok(None);
        }
        let s = self.sequence(full, depth + 1)?;
        self.open.remove(&id);
        let made = s.id;
        self.b.others.insert(made, Arc::new(s));
        self.nests.insert(id, made);
        Ok(Some(made))
    }

    fn file(
        &mut self,
        n: Node<'d, 'd>,
        kind: TrackKind,
        clip_name: &str,
        timeline: FrameRate,
    ) -> Result<Option<MediaId>, InterchangeError> {
        let Some(f) = child(n, "file") else { return Ok(None) };
        let key = f.attribute("id").unwrap_or_default().to_owned();
        if let Some(id) = self.media.get(&key).filter(|_| !key.is_empty()).copied() {
            self.learn(id, kind);
            return Ok(Some(id));
        }
        let f = if f.children().any(|c| c.is_element()) { f } else { self.files.get(key.as_str()).copied().unwrap_or(f) };
        let rate = read_rate(f)?.unwrap_or(timeline);
        let (first, drop) = read_timecode(f, rate)?;
        let url = text(f, "pathurl");
        let audio = at(f, &["media", "audio"]);
        let number = |n: Option<Node<'_, '_>>, path: &[&str]| {
            n.and_then(|n| at(n, path)).and_then(|c| c.text()).and_then(|t| t.trim().parse::<u32>().ok())
        };
        let still = url.is_some_and(is_still_name) || at(f, &["media", "video", "stillframe"]).and_then(|s| s.text()) == Some("TRUE");
        let claim = Claim {
            url: url.map(str::to_owned),
            name: text(f, "name").unwrap_or(clip_name).to_owned(),
            rate: Some(rate),
            duration: frames(f, "duration")?.map_or(Time::ZERO, |d| file::time(d, rate)),
            size: read_size(f, &["media", "video", "samplecharacteristics"]),
            still,
            video: kind == TrackKind::Video || at(f, &["media", "video"]).is_some(),
            audio: (kind == TrackKind::Audio || audio.is_some()).then(|| {
                (number(audio, &["samplecharacteristics", "samplerate"]).unwrap_or(48_000), number(audio, &["channelcount"]).unwrap_or(2))
            }),
            start_timecode: (first > 0).then(|| format_timecode(first, rate, drop)),
            ..Claim::default()
        };
        let id = self.b.media(claim);
        if !key.is_empty() {
            self.media.insert(key, id);
        }
        Ok(Some(id))
    }

    /// A file that is heard has sound, whatever it said.
    fn learn(&mut self, id: MediaId, kind: TrackKind) {
        if kind == TrackKind::Audio {
            self.b.learn(id, |info| {
                info.audio.get_or_insert(crate::base::AudioInfo { codec: "unknown".into(), rate: 48_000, channels: 2 });
            });
        }
    }

    /// The group of an item that is linked to others.
    fn link(&mut self, n: Node<'_, '_>) -> Option<u64> {
        let own = n.attribute("id");
        let members: Vec<&str> = children(n, "link").filter_map(|l| text(l, "linkclipref")).collect();
        if members.iter().all(|m| Some(*m) == own) {
            return own.and_then(|o| self.links.get(o)).copied();
        }
        let known = members.iter().copied().chain(own).find_map(|m| self.links.get(m).copied());
        let group = known.unwrap_or_else(|| {
            self.next_link += 1;
            self.next_link
        });
        for m in members.into_iter().chain(own) {
            self.links.insert(m.to_owned(), group);
        }
        Some(group)
    }
}

#[derive(Clone, Copy)]
enum Source {
    Media(MediaId),
    Nest(SequenceId),
}

struct Facts {
    name: String,
    rate: FrameRate,
    length: Time,
    size: Option<(u32, u32)>,
    still: bool,
}

/// A transition's edges and cut, in frames of the sequence.
#[derive(Clone, Copy)]
struct Join {
    from: i64,
    cut: i64,
    to: i64,
}

impl Join {
    fn read(n: Node<'_, '_>, rate: FrameRate) -> Result<Self, InterchangeError> {
        let (from, to) = (frames(n, "start")?.unwrap_or(0), frames(n, "end")?.unwrap_or(0));
        let to = to.max(from);
        let exact =
            text(n, "cutPointTicks").and_then(|t| t.parse::<i64>().ok()).map(|t| from + from_ticks(t).to_frames(rate, Rounding::Nearest));
        let cut = match text(n, "alignment") {
            Some("start" | "start-black") => from,
            Some("end" | "end-black") => to,
            _ => exact.filter(|c| (from..=to).contains(c)).unwrap_or(from + (to - from) / 2),
        };
        Ok(Self { from, cut, to })
    }
}

fn settings(c: &mut Clip, kind: TrackKind, set: &filters::Read, blend: crate::model::Blend, size: Option<(u32, u32)>, frame: (u32, u32)) {
    if kind == TrackKind::Audio {
        (c.gain_db, c.pan) = (set.gain_db, set.pan);
        return;
    }
    let scale = set.scale.unwrap_or(100.0) / 100.0 / fitted(size, frame);
    let position = (set.center.0 * frame.0 as f32, set.center.1 * frame.1 as f32);
    let t = Transform {
        position,
        scale: (scale as f32).clamp(0.001, 1000.0),
        rotation: set.rotation,
        crop: set.crop,
        opacity: set.opacity.unwrap_or(1.0),
        blend,
        ..Transform::default()
    };
    if position.0.abs() <= 1e6 && position.1.abs() <= 1e6 && t.rotation.abs() <= 1e6 {
        c.transform = t;
    }
}
