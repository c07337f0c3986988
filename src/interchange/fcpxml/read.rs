//! FCPXML as a document. What hangs on the storyline becomes tracks: pictures by their lane, sound by its role or lane.

use super::{
    format::{Format, named_format, rate_of},
    parts::caption_language,
    times::parse,
};
use crate::{
    base::{FrameRate, MediaId, Rounding, SequenceId, Time},
    interchange::{
        InterchangeError, ReadOptions,
        build::{Builder, place},
        cicp,
        losses::{Losses, Place},
        xml::{self, child},
    },
    model::{Clip, MAX_FRAME, Project, Sequence, TrackKind, TransitionKind},
};
use roxmltree::Node;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

/// Deepest nest that is followed.
pub(super) const MAX_DEPTH: usize = 24;

/// The document of a file's text.
///
/// # Errors
/// Not FCPXML, times that cannot be, or nothing that is a timeline.
pub(in crate::interchange) fn read(text: &str, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    let doc = xml::parse(text)?;
    let root = doc.root_element();
    if root.tag_name().name() != "fcpxml" {
        return Err(InterchangeError::Malformed { line: 1, what: root.tag_name().name().to_owned() });
    }
    let mut by_id = HashMap::new();
    for n in child(root, "resources").into_iter().flat_map(|r| r.children()).filter(Node::is_element) {
        if let Some(id) = n.attribute("id") {
            by_id.insert(id, n);
        }
    }
    let mut r =
        Reader { b: Builder::new(options), by_id, assets: HashMap::new(), nests: HashMap::new(), open: HashSet::new(), next_link: 0 };
    let projects: Vec<_> = root.descendants().filter(|n| n.has_tag_name("project")).collect();
    let (name, mut sequence) = match projects.first() {
        Some(p) => {
            for other in projects.iter().skip(1) {
                r.b.drop(Place::Timeline, "interchange-import-other-timeline", other.attribute("name").unwrap_or_default());
            }
            let s = child(*p, "sequence").ok_or(InterchangeError::NoTimeline)?;
            (p.attribute("name"), r.sequence(s, 0)?)
        }
        None => {
            // no project: the first clip of an event is shown as a timeline
            let clips = ["clip", "asset-clip", "ref-clip", "sync-clip", "mc-clip"];
            let mut found = root.descendants().filter(|n| n.parent().is_some_and(|p| p.has_tag_name("event") || p == root));
            let first = found.find(|n| clips.contains(&n.tag_name().name())).ok_or(InterchangeError::NoTimeline)?;
            (first.attribute("name"), r.around(first, 0)?)
        }
    };
    sequence.name = name.unwrap_or_default().to_owned();
    let (mut project, losses) = r.b.finish(sequence)?;
    if let Some(name) = name.filter(|n| !n.is_empty()) {
        project.name = name.to_owned();
        // the timeline's name is the project's; only another one is its own
        let event = projects.first().and_then(|p| p.parent()).and_then(|e| e.attribute("name"));
        if event.is_none_or(|e| e == name) {
            Arc::make_mut(&mut project.sequence).name.clear();
        }
    }
    Ok((project, losses))
}

pub(super) struct Reader<'a, 'd> {
    pub(super) b: Builder<'a>,
    pub(super) by_id: HashMap<&'d str, Node<'d, 'd>>,
    pub(super) assets: HashMap<&'d str, Asset>,
    pub(super) nests: HashMap<String, SequenceId>,
    /// Compound clips that are being read: one that shows itself is none.
    pub(super) open: HashSet<String>,
    pub(super) next_link: u64,
}

#[derive(Clone, Copy)]
pub(super) struct Asset {
    pub(super) media: MediaId,
    pub(super) start: Time,
    pub(super) has: (bool, bool),
    pub(super) rate: FrameRate,
    pub(super) still: bool,
}

/// A clip on its way to a track.
pub(super) struct Placed {
    pub(super) kind: TrackKind,
    pub(super) lane: i64,
    pub(super) role: String,
    pub(super) clip: Clip,
}

/// A transition around a cut of a storyline.
pub(super) struct Join {
    pub(super) kind: TrackKind,
    pub(super) lane: i64,
    pub(super) from: i64,
    pub(super) cut: i64,
    pub(super) to: i64,
    pub(super) how: TransitionKind,
    pub(super) name: String,
}

/// A sequence in the making.
pub(super) struct Story {
    pub(super) rate: FrameRate,
    pub(super) size: (u32, u32),
    pub(super) placed: Vec<Placed>,
    pub(super) joins: Vec<Join>,
    pub(super) markers: Vec<crate::model::Marker>,
    /// Language, first frame, frames, text.
    pub(super) captions: Vec<(String, i64, i64, String)>,
    pub(super) depth: usize,
}

/// Where in a sequence an element stands.
#[derive(Clone, Copy)]
pub(super) struct At {
    pub(super) time: Time,
    pub(super) lane: i64,
}

impl<'d> Reader<'_, 'd> {
    pub(super) fn time(&self, n: Node<'_, '_>, key: &str) -> Result<Option<Time>, InterchangeError> {
        n.attribute(key).map(parse).transpose()
    }

    pub(super) fn format(&self, n: Node<'_, '_>) -> Format {
        let Some(f) = n.attribute("format").and_then(|id| self.by_id.get(id)) else { return Format::default() };
        let number = |key: &str| f.attribute(key).and_then(|v| v.parse::<u32>().ok()).filter(|v| *v > 0);
        let named = f.attribute("name").and_then(named_format);
        let rate = f.attribute("frameDuration").and_then(rate_of).or(named.and_then(|n| n.1));
        let size = number("width").zip(number("height")).or(named.map(|n| n.0));
        Format { size, rate, color: f.attribute("colorSpace").and_then(cicp::from_fcpxml) }
    }

    pub(super) fn sequence(&mut self, n: Node<'d, 'd>, depth: usize) -> Result<Sequence, InterchangeError> {
        if depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let f = self.format(n);
        let rate = f.rate.unwrap_or(FrameRate::FPS_25);
        let spine = child(n, "spine").ok_or(InterchangeError::NoTimeline)?;
        let base = self.time(n, "tcStart")?.unwrap_or(Time::ZERO);
        let mut s = self.empty(&f);
        s.start_timecode = base.to_frames(rate, Rounding::Nearest).clamp(0, MAX_FRAME / 2);
        s.drop_frame = n.attribute("tcFormat") == Some("DF") && rate.can_drop_frames();
        let mut story = Story { rate, size: (s.width, s.height), placed: vec![], joins: vec![], markers: vec![], captions: vec![], depth };
        self.spine(&mut story, spine, At { time: Time::ZERO, lane: 0 }, base)?;
        self.tracks(story, s)
    }

    pub(super) fn empty(&mut self, f: &Format) -> Sequence {
        let side = |v: u32| v.clamp(1, crate::model::MAX_SIDE_PX);
        let (w, h) = f.size.unwrap_or((1920, 1080));
        let mut s = Sequence::new(side(w), side(h), f.rate.unwrap_or(FrameRate::FPS_25));
        s.id = SequenceId(self.b.id());
        s.tracks.clear();
        s.drop_frame = false;
        s.color = f.color.unwrap_or_default();
        s
    }

    /// A timeline that shows one element from its start.
    pub(super) fn around(&mut self, n: Node<'d, 'd>, depth: usize) -> Result<Sequence, InterchangeError> {
        if depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let mut f = self.format(n);
        if f.rate.is_none()
            && let Some(r) = n.descendants().find_map(|d| d.attribute("ref")).and_then(|id| self.by_id.get(id))
        {
            f = self.format(*r);
        }
        let s = self.empty(&f);
        let mut story = Story {
            rate: s.frame_rate,
            size: (s.width, s.height),
            placed: vec![],
            joins: vec![],
            markers: vec![],
            captions: vec![],
            depth,
        };
        self.element(&mut story, n, At { time: Time::ZERO, lane: 0 })?;
        self.tracks(story, s)
    }

    /// A storyline; `base` is its own time at `at`.
    pub(super) fn spine(&mut self, story: &mut Story, spine: Node<'d, 'd>, at: At, base: Time) -> Result<(), InterchangeError> {
        let mut next = at.time;
        for n in spine.children().filter(Node::is_element) {
            let offset = self.time(n, "offset")?.map(|o| at.time + (o - base));
            if n.has_tag_name("transition") {
                // it overlaps what it joins
                let from = offset.unwrap_or(next);
                self.transition(story, n, At { time: from, lane: at.lane }, next)?;
                continue;
            }
            let time = offset.unwrap_or(next);
            let length = self.element(story, n, At { time, lane: at.lane })?;
            next = time + length;
        }
        Ok(())
    }

    pub(super) fn transition(&mut self, story: &mut Story, n: Node<'d, 'd>, at: At, cut: Time) -> Result<(), InterchangeError> {
        let name = n.attribute("name").unwrap_or_default();
        let length = self.time(n, "duration")?.unwrap_or(Time::ZERO);
        if length < Time::ZERO {
            return Err(InterchangeError::time(n.attribute("duration").unwrap_or_default()));
        }
        let rate = story.rate;
        let (from, to) = (at.time.to_frames(rate, Rounding::Nearest), (at.time + length).to_frames(rate, Rounding::Nearest));
        // the end of what stands before it, which it may be said to lie beside by a rounded time
        let cut = cut.to_frames(rate, Rounding::Nearest).clamp(from, to);
        let (video, audio) = (child(n, "filter-video"), child(n, "filter-audio"));
        let how = match name {
            "Fade To Color" | "Fade to Color" | "Dip to Color" => TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] },
            _ => TransitionKind::CrossDissolve,
        };
        if !matches!(name, "" | "Cross Dissolve" | "Audio Crossfade" | "Dissolve") && how == TransitionKind::CrossDissolve {
            self.b.warn(place(name, from, rate), "interchange-import-transition-kind", name);
        }
        let join = |kind| Join { kind, lane: at.lane, from, cut, to, how, name: name.to_owned() };
        if video.is_some() || audio.is_none() {
            story.joins.push(join(TrackKind::Video));
        }
        if audio.is_some() {
            story.joins.push(join(TrackKind::Audio));
        }
        Ok(())
    }

    /// Any element of a story at its place, with all that hangs on it; gives its length.
    pub(super) fn element(&mut self, story: &mut Story, n: Node<'d, 'd>, at: At) -> Result<Time, InterchangeError> {
        self.b.count()?;
        let name = n.attribute("name").unwrap_or_default();
        let rate = story.rate;
        let frame = at.time.to_frames(rate, Rounding::Nearest);
        let tag = n.tag_name().name();
        if matches!(tag, "note" | "metadata") {
            return Ok(Time::ZERO);
        }
        if tag == "audition" {
            // the first is the one that is picked
            return match n.children().find(Node::is_element) {
                Some(first) => self.element(story, first, at),
                None => Ok(Time::ZERO),
            };
        }
        if tag == "spine" {
            self.spine(story, n, at, Time::ZERO)?;
            return Ok(Time::ZERO);
        }
        let asset = n.attribute("ref").and_then(|r| self.asset(r).transpose()).transpose()?;
        let length = match self.time(n, "duration")? {
            Some(d) => d,
            None => {
                n.attribute("ref").and_then(|r| self.by_id.get(r)).map_or(Ok(None), |r| self.time(*r, "duration"))?.unwrap_or(Time::ZERO)
            }
        };
        if length < Time::ZERO {
            return Err(InterchangeError::time(n.attribute("duration").unwrap_or_default()));
        }
        let nest_base = if tag == "ref-clip" {
            let inner = n.attribute("ref").and_then(|r| self.by_id.get(r)).and_then(|m| child(*m, "sequence"));
            inner.map_or(Ok(None), |s| self.time(s, "tcStart"))?
        } else {
            None
        };
        let local = self.time(n, "start")?.or(asset.filter(|a| !a.still).map(|a| a.start)).or(nest_base).unwrap_or(Time::ZERO);
        let to = (at.time + length).to_frames(rate, Rounding::Nearest);
        let frames = to - frame;
        if frame >= 0 && frames >= 1 && to <= MAX_FRAME {
            match tag {
                "gap" => {}
                "asset-clip" | "video" | "audio" => self.media(story, n, at, (frame, frames), local, asset)?,
                "clip" => self.container(story, n, at, (frame, frames), local)?,
                "ref-clip" => self.compound(story, n, at, (frame, frames), local)?,
                "sync-clip" => self.synchronized(story, n, at, (frame, frames), local)?,
                "title" => self.title(story, n, at, (frame, frames))?,
                "caption" => {
                    let said = n.children().filter(|c| c.has_tag_name("text"));
                    let text: Vec<String> =
                        said.map(|t| t.descendants().filter_map(|d| d.is_text().then(|| d.text()).flatten()).collect()).collect();
                    let language = caption_language(n.attribute("role").unwrap_or_default());
                    story.captions.push((language.to_owned(), frame, frames, text.join("\n").trim().to_owned()));
                }
                other => self.b.drop(place(name, frame, rate), "interchange-import-unknown", other),
            }
        } else if frame < 0 {
            self.b.drop(place(name, 0, rate), "interchange-import-before-start", "");
        }
        self.hanging(story, n, at, local)?;
        Ok(length)
    }

    /// What hangs on an element, its markers, and what else is said about it.
    pub(super) fn hanging(&mut self, story: &mut Story, n: Node<'d, 'd>, at: At, local: Time) -> Result<(), InterchangeError> {
        let rate = story.rate;
        for c in n.children().filter(Node::is_element) {
            let tag = c.tag_name().name();
            match tag {
                "marker" | "chapter-marker" => {
                    let start = self.time(c, "start")?.unwrap_or(local);
                    let length = self.time(c, "duration")?.unwrap_or(Time::ZERO).to_frames(rate, Rounding::Nearest);
                    let frame = (at.time + start - local).to_frames(rate, Rounding::Nearest);
                    if (0..=MAX_FRAME).contains(&frame) {
                        let (name, note) = (c.attribute("value").unwrap_or_default(), c.attribute("note").unwrap_or_default());
                        let m = self.b.marker(frame, if length <= 1 { 0 } else { length }, name, 0, note);
                        story.markers.push(m);
                    }
                }
                "filter-video" | "filter-audio" | "filter-video-mask" => {
                    let what = c.attribute("name").unwrap_or(tag);
                    let name = n.attribute("name").unwrap_or_default();
                    self.b.drop(place(name, at.time.to_frames(rate, Rounding::Nearest), rate), "interchange-import-effect", what);
                }
                _ => {
                    let lane = c.attribute("lane").and_then(|l| l.trim().parse::<i64>().ok()).filter(|l| *l != 0);
                    if let Some(lane) = lane {
                        let offset = self.time(c, "offset")?.unwrap_or(local);
                        self.element(story, c, At { time: at.time + (offset - local), lane: (at.lane + lane).clamp(-10_000, 10_000) })?;
                    }
                }
            }
        }
        Ok(())
    }
}
