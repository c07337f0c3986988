//! What an FCPXML clip is beside a file: containers, compounds, titles; and how a clip is set.

use super::{
    format::Format,
    read::{At, MAX_DEPTH, Placed, Reader, Story},
};
use crate::{
    base::{Rounding, SequenceId, Time},
    interchange::{
        InterchangeError,
        build::place,
        rate::on_grid,
        xml::{self, child, children},
    },
    model::{Clip, ClipContent, Crop, Fit, Speed, Title, TrackKind, Transform},
};
use roxmltree::Node;
use std::sync::Arc;

impl<'d> Reader<'_, 'd> {
    /// A clip that holds its picture and sound as elements of their own.
    pub(super) fn container(
        &mut self,
        story: &mut Story,
        n: Node<'d, 'd>,
        at: At,
        span: (i64, i64),
        local: Time,
    ) -> Result<(), InterchangeError> {
        let name = n.attribute("name").unwrap_or_default();
        let inside: Vec<_> = n
            .descendants()
            .filter(|c| matches!(c.tag_name().name(), "video" | "audio") && *c != n)
            .filter(|c| c.ancestors().skip(1).take_while(|a| *a != n).all(|a| matches!(a.tag_name().name(), "video" | "audio")))
            .filter(|c| c.parent() == Some(n) && c.attribute("lane").is_none() || c.parent() != Some(n))
            .collect();
        if inside.is_empty() {
            // a clip around a storyline
            return self.synchronized(story, n, at, span, local);
        }
        let (speed, point) = self.retimed(n, local, (name, span.0, story.rate))?;
        self.conform(n, name, span.0, story.rate);
        self.next_link += 1;
        let link = (inside.len() > 1).then_some(self.next_link);
        for c in inside {
            let Some(asset) = c.attribute("ref").map_or(Ok(None), |r| self.asset(r))? else {
                let what = c.attribute("name").unwrap_or(c.tag_name().name());
                self.b.drop(place(name, span.0, story.rate), "interchange-import-generator", what);
                continue;
            };
            let offset = self.time(c, "offset")?.unwrap_or(Time::ZERO);
            let first = self.time(c, "start")?.unwrap_or(asset.start);
            // an element in an element counts in the time of that one
            let parent = c.parent().filter(|p| *p != n);
            let offset = match parent {
                Some(p) => offset - self.time(p, "start")?.unwrap_or(Time::ZERO) + self.time(p, "offset")?.unwrap_or(Time::ZERO),
                None => offset,
            };
            let source = first + (point - offset);
            let source_in = if source < asset.start { self.before(name, span.0, story.rate) } else { source - asset.start };
            let (source_in, speed) = if asset.still { (Time::ZERO, Speed::NORMAL) } else { (source_in, speed) };
            let kind = if c.has_tag_name("video") { TrackKind::Video } else { TrackKind::Audio };
            let mut clip = self.b.clip(span.0, span.1, ClipContent::Media { media: asset.media, source_in, speed })?;
            let media = self.b.media_by_id(asset.media).cloned();
            if media.as_deref().is_none_or(|m| m.name != name) {
                clip.name = name.to_owned();
            }
            clip.enabled = n.attribute("enabled") != Some("0") && c.attribute("enabled") != Some("0");
            clip.link = link;
            let size = media.as_deref().and_then(|m| m.info.video.as_ref()).map(|v| v.display_size());
            self.settings(story, n, &mut clip, kind, size)?;
            let role = if kind == TrackKind::Audio { c.attribute("role").unwrap_or_default().to_owned() } else { String::new() };
            story.placed.push(Placed { kind, lane: at.lane, role, clip });
        }
        Ok(())
    }

    pub(super) fn compound(
        &mut self,
        story: &mut Story,
        n: Node<'d, 'd>,
        at: At,
        span: (i64, i64),
        local: Time,
    ) -> Result<(), InterchangeError> {
        let name = n.attribute("name").unwrap_or_default();
        let key = n.attribute("ref").unwrap_or_default().to_owned();
        let inner = self.by_id.get(key.as_str()).copied();
        let Some(sequence) = inner.and_then(|m| child(m, "sequence")) else {
            self.b.drop(place(name, span.0, story.rate), "interchange-import-unknown", "multicam");
            return Ok(());
        };
        if !self.open.insert(key.clone()) {
            self.b.drop(place(name, span.0, story.rate), "interchange-import-shows-itself", "");
            return Ok(());
        }
        let id = match self.nests.get(&key) {
            Some(id) => *id,
            None => {
                let mut s = self.sequence(sequence, story.depth + 1)?;
                let id = s.id;
                let named = inner.and_then(|m| m.attribute("name")).unwrap_or_default();
                s.name = if named == id.to_string() { String::new() } else { named.to_owned() };
                self.b.others.insert(id, Arc::new(s));
                self.nests.insert(key.clone(), id);
                id
            }
        };
        self.open.remove(&key);
        let base = self.time(sequence, "tcStart")?.unwrap_or(Time::ZERO);
        self.nest(story, n, at, span, (local, base), id)
    }

    /// A clip that is a small timeline of its own.
    pub(super) fn synchronized(
        &mut self,
        story: &mut Story,
        n: Node<'d, 'd>,
        at: At,
        span: (i64, i64),
        local: Time,
    ) -> Result<(), InterchangeError> {
        let mut s = self.empty(&Format { size: Some(story.size), rate: Some(story.rate), color: None });
        let mut inner = Story {
            rate: story.rate,
            size: story.size,
            placed: vec![],
            joins: vec![],
            markers: vec![],
            captions: vec![],
            depth: story.depth + 1,
        };
        if inner.depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let mut first = Time::MAX;
        for c in n.children().filter(Node::is_element) {
            if !matches!(c.tag_name().name(), "marker" | "chapter-marker") && c.attribute("duration").is_some() | c.has_tag_name("spine") {
                first = first.min(self.time(c, "offset")?.unwrap_or(local));
            }
        }
        let base = if first == Time::MAX { local } else { first.min(local) };
        let held: Vec<_> = n.children().filter(Node::is_element).filter(|c| c.attribute("lane").is_none()).collect();
        for c in held {
            let offset = self.time(c, "offset")?.unwrap_or(base);
            match c.tag_name().name() {
                "spine" => self.spine(&mut inner, c, At { time: offset - base, lane: 0 }, Time::ZERO)?,
                "asset-clip" | "video" | "audio" | "clip" | "ref-clip" | "title" | "gap" | "sync-clip" => {
                    self.element(&mut inner, c, At { time: offset - base, lane: 0 })?;
                }
                _ => {}
            }
        }
        if inner.placed.is_empty() {
            let what = n.tag_name().name();
            self.b.drop(place(n.attribute("name").unwrap_or_default(), span.0, story.rate), "interchange-import-unknown", what);
            return Ok(());
        }
        s.name = n.attribute("name").unwrap_or_default().to_owned();
        let s = self.tracks(inner, s)?;
        let id = s.id;
        self.b.others.insert(id, Arc::new(s));
        self.nest(story, n, at, span, (local, base), id)
    }

    pub(super) fn nest(
        &mut self,
        story: &mut Story,
        n: Node<'d, 'd>,
        at: At,
        span: (i64, i64),
        own: (Time, Time),
        id: SequenceId,
    ) -> Result<(), InterchangeError> {
        let name = n.attribute("name").unwrap_or_default();
        let (local, base) = own;
        let (speed, point) = self.retimed(n, local, (name, span.0, story.rate))?;
        let inner = self.b.others.get(&id).cloned();
        let own_rate = inner.as_deref().map_or(story.rate, |s| s.frame_rate);
        let near = Time::from_frames(point.to_frames(own_rate, Rounding::Nearest), own_rate);
        let slack = 4 + 2 * i64::from(speed.0.unsigned_abs()) / i64::from(speed.1.max(1));
        let point = if on_grid(point, own_rate).is_none() && (point - near).0.abs() <= slack { near } else { point };
        let source_in = if point < base { self.before(name, span.0, story.rate) } else { point - base };
        let has = |kind| inner.as_deref().is_some_and(|s| s.tracks.iter().any(|t| t.kind == kind && !t.clips.is_empty()));
        let enable = n.attribute("srcEnable").unwrap_or("all");
        let picture = enable == "video" || (enable == "all" && (has(TrackKind::Video) || !has(TrackKind::Audio)));
        let sound = enable == "audio" || (enable == "all" && has(TrackKind::Audio));
        self.next_link += 1;
        let link = (picture && sound).then_some(self.next_link);
        let inner_name = inner.as_deref().map_or_else(String::new, super::resources::nest_name);
        for (kind, _) in [(TrackKind::Video, picture), (TrackKind::Audio, sound)].into_iter().filter(|(_, is)| *is) {
            let mut c = self.b.clip(span.0, span.1, ClipContent::Sequence { sequence: id, source_in, speed })?;
            // a nest without a name is called by its number, which is another after reading
            let unnamed = inner.as_deref().is_some_and(|s| s.name.is_empty()) && name.starts_with("sequence ");
            if name != inner_name && !unnamed {
                c.name = name.to_owned();
            }
            c.enabled = n.attribute("enabled") != Some("0");
            c.link = link;
            let size = inner.as_deref().map(|s| (s.width, s.height));
            self.settings(story, n, &mut c, kind, size)?;
            let role = child(n, "audio-role-source").and_then(|r| r.attribute("role")).unwrap_or_default().to_owned();
            story.placed.push(Placed { kind, lane: at.lane, role: if kind == TrackKind::Audio { role } else { String::new() }, clip: c });
        }
        Ok(())
    }

    pub(super) fn title(&mut self, story: &mut Story, n: Node<'d, 'd>, at: At, span: (i64, i64)) -> Result<(), InterchangeError> {
        let text: String = children(n, "text")
            .map(|t| t.descendants().filter(|d| d.is_text()).filter_map(|d| d.text()).filter(|t| !t.trim().is_empty()).collect::<String>())
            .collect::<Vec<_>>()
            .join("\n");
        let name = n.attribute("name").unwrap_or_default();
        let look = n.descendants().find(|d| d.has_tag_name("text-style-def")).and_then(|d| child(d, "text-style"));
        let mut title = Title { text: text.trim_matches('\n').to_owned(), style: Default::default(), position: (0.5, 0.5) };
        if title.text.is_empty() || title.text.len() > 20_000 {
            let key = if title.text.is_empty() { "interchange-import-generator" } else { "interchange-import-title-long" };
            self.b.drop(place(name, span.0, story.rate), key, name);
            return Ok(());
        }
        if let Some(look) = look {
            let number = |key: &str| look.attribute(key).and_then(|v| v.parse::<f32>().ok()).filter(|v| v.is_finite());
            if let Some(size) = number("fontSize") {
                title.style.size = (size / 1080.0).clamp(0.005, 2.0);
            }
            if let Some(font) = look.attribute("font") {
                title.style.family = font.to_owned();
            }
            title.style.weight = if look.attribute("bold") == Some("1") { 700 } else { 400 };
            title.style.italic = look.attribute("italic") == Some("1");
            let color: Vec<f32> =
                look.attribute("fontColor").unwrap_or_default().split_whitespace().filter_map(|v| v.parse().ok()).collect();
            if let [r, g, b, a] = color[..]
                && color.iter().all(|v| (0.0..=1.0).contains(v))
            {
                title.style.color = [r, g, b, a];
            }
        }
        self.b.warn(place(name, span.0, story.rate), "interchange-lost-title-look", "");
        let mut c = self.b.clip(span.0, span.1, ClipContent::Title(title))?;
        let usual = text.trim_matches('\n').lines().next().unwrap_or_default();
        if name != usual {
            c.name = name.to_owned();
        }
        c.enabled = n.attribute("enabled") != Some("0");
        self.settings(story, n, &mut c, TrackKind::Video, Some(story.size))?;
        story.placed.push(Placed { kind: TrackKind::Video, lane: at.lane, role: String::new(), clip: c });
        Ok(())
    }

    pub(super) fn settings(
        &mut self,
        story: &Story,
        n: Node<'_, '_>,
        c: &mut Clip,
        kind: TrackKind,
        size: Option<(u32, u32)>,
    ) -> Result<(), InterchangeError> {
        let number = |n: Node<'_, '_>, key: &str| n.attribute(key).and_then(|v| v.trim().parse::<f32>().ok()).filter(|v| v.is_finite());
        let pair = |n: Node<'_, '_>, key: &str| {
            let mut it = n.attribute(key).unwrap_or_default().split_whitespace().map(|v| v.parse::<f32>().ok().filter(|v| v.is_finite()));
            it.next().flatten().zip(it.next().flatten())
        };
        if kind == TrackKind::Video {
            let mut t = Transform::default();
            if let Some(rect) = xml::at(n, &["adjust-crop", "trim-rect"]) {
                let aspect = size.map_or(1.0, |(w, h)| w as f32 / h.max(1) as f32);
                let side = |key, by: f32| (number(rect, key).unwrap_or(0.0) / 100.0 / by).clamp(0.0, 1.0);
                t.crop =
                    Crop { left: side("left", aspect), top: side("top", 1.0), right: side("right", aspect), bottom: side("bottom", 1.0) };
            }
            t.fit = match child(n, "adjust-conform").and_then(|f| f.attribute("type")) {
                Some("fill") => Fit::Fill,
                Some("none") => Fit::None,
                _ => Fit::Fit,
            };
            if let Some(p) = child(n, "adjust-transform").filter(|p| p.attribute("enabled") != Some("0")) {
                let unit = story.size.1 as f32 / 100.0;
                let (x, y) = pair(p, "position").unwrap_or((0.0, 0.0));
                t.position = (x * unit, -y * unit);
                t.scale = pair(p, "scale").map_or(1.0, |(x, _)| x).clamp(0.001, 1000.0);
                t.rotation = -number(p, "rotation").unwrap_or(0.0);
            }
            if let Some(o) = child(n, "adjust-blend").and_then(|b| number(b, "amount")) {
                t.opacity = o.clamp(0.0, 1.0);
            }
            let sound = |v: f32, most: f32| v.abs() <= most;
            if sound(t.position.0, 1e6) && sound(t.position.1, 1e6) && sound(t.rotation, 1e6) {
                c.transform = t;
            }
            if n.descendants().any(|d| d.has_tag_name("keyframeAnimation")) {
                self.b.drop(place(&c.name, c.start, story.rate), "interchange-lost-keyframes", "");
            }
            return Ok(());
        }
        let Some(v) = child(n, "adjust-volume") else { return Ok(()) };
        let db = v.attribute("amount").unwrap_or("0").trim().trim_end_matches("dB").trim().parse::<f32>().unwrap_or(0.0);
        c.gain_db = if db.is_finite() { db } else { -96.0 };
        for p in children(v, "param") {
            let fade = |name: &str| -> Result<i64, InterchangeError> {
                let t = child(p, name).map_or(Ok(None), |f| self.time(f, "duration"))?;
                Ok(t.map_or(0, |t| t.to_frames(story.rate, Rounding::Nearest)).clamp(0, c.duration))
            };
            let (rise, sink) = (fade("fadeIn")?, fade("fadeOut")?);
            c.fade_in = rise;
            c.fade_out = sink.min(c.duration - rise);
        }
        Ok(())
    }
}
