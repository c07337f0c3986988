//! OTIO as a document.

use super::{
    private::{OURS, PREMIERE, PremiereStackRead, RESOLVE, SequenceData, TrackData, TransitionData},
    schema::{self, NEWER, Node, RationalTime, Schema, TimeRange},
    write::used_frames,
};
use crate::{
    base::{FrameRate, MediaId, Rounding, SequenceId, Time},
    interchange::{
        InterchangeError, ReadOptions,
        build::{Builder, Lane},
        losses::{Losses, Place},
        rate::{frames_to_time, from_f64, on_grid},
        speed::speed_from_f64,
    },
    model::{Project, Sequence, Speed, TrackKind, TransitionKind, caption_styles, is_language_tag},
};
use std::collections::HashMap;

/// Deepest nest that is followed.
pub(super) const MAX_DEPTH: usize = 32;

/// The document of a file's text.
///
/// # Errors
/// Not OTIO, a schema of a later version, times that cannot be, or nothing that is a timeline.
pub(in crate::interchange) fn read(text: &str, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    let mut b = Builder::new(options);
    let finite;
    let root = match schema::from_str(text) {
        Ok(node) => node,
        Err(first) => {
            finite = schema::without_non_finite(text).ok_or_else(|| error(first))?;
            b.warn(Place::Timeline, "interchange-import-not-finite", "");
            schema::from_str(&finite).map_err(error)?
        }
    };
    let timeline = find_timeline(root, &mut b)?;
    let mut r = Reader { b, premiere: has(&timeline, PREMIERE), nests: HashMap::new(), seen: Default::default() };
    let stack = timeline.rare().tracks.as_deref().ok_or(InterchangeError::NoTimeline)?;
    let mut sequence = r.sequence(stack, timeline.name(), 0)?;
    if let Some(start) = timeline.rare().global_start_time {
        sequence.start_timecode = r.frames(start, sequence.frame_rate)?;
    }
    let name = timeline.name().to_owned();
    let (mut project, losses) = r.b.finish(sequence)?;
    if !name.is_empty() {
        project.name = name;
    }
    Ok((project, losses))
}

fn error(e: schema::Error) -> InterchangeError {
    match e.what.strip_prefix(NEWER) {
        Some(rest) => InterchangeError::Newer { schema: rest.split_whitespace().next().unwrap_or_default().to_owned() },
        None => InterchangeError::Malformed { line: e.line, what: e.what },
    }
}

fn has(node: &Node<'_>, namespace: &str) -> bool {
    node.metadata.as_deref().is_some_and(|m| m.get().contains(namespace))
}

/// The timeline of a file: itself, the first of a collection, or one made around tracks that stand alone.
fn find_timeline<'a>(root: Node<'a>, b: &mut Builder<'_>) -> Result<Node<'a>, InterchangeError> {
    match root.schema {
        Schema::Timeline => Ok(root),
        Schema::SerializableCollection => {
            let mut timelines = root.children.into_iter().filter(|c| c.schema == Schema::Timeline);
            let first = timelines.next().ok_or(InterchangeError::NoTimeline)?;
            for other in timelines {
                b.drop(Place::Timeline, "interchange-import-other-timeline", other.name());
            }
            Ok(first)
        }
        Schema::Stack => Ok(around(root)),
        Schema::Track | Schema::Clip => {
            let mut stack = Node::new(Schema::Stack, "tracks");
            let name = root.name().to_owned();
            stack.children.push(root);
            let mut timeline = around(stack);
            timeline.name = Some(name.into());
            Ok(timeline)
        }
        _ => Err(InterchangeError::NoTimeline),
    }
}

fn around(stack: Node<'_>) -> Node<'_> {
    let mut timeline = Node::new(Schema::Timeline, stack.name().to_owned());
    timeline.rare_mut().tracks = Some(Box::new(stack));
    timeline
}

/// The start of a source range, and what is needed to make the source point of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub value: f64,
    pub rate: FrameRate,
    /// Of the source.
    pub own_rate: FrameRate,
    /// Label of the source's first frame.
    pub base: Time,
    pub duration: i64,
    pub timeline: FrameRate,
    pub speed: Speed,
}

/// The source point that is shown first.
///
/// Forward it is the range's start. Backward it is the last of the frames that are used, ⌈duration · |speed|⌉ of them: frame i
/// shows ⌊last − i · |speed|⌋, as Avid renders it (time-warp test suite).
///
/// # Errors
/// A time that cannot be.
pub(super) fn decode(s: Start) -> Result<Time, InterchangeError> {
    let value = if s.speed.0 < 0 { s.value - 1.0 + used_frames(s.duration, s.timeline, s.speed, s.rate) as f64 } else { s.value };
    let t = frames_to_time(value, s.rate)?;
    // a fraction that was rounded in decimals is the media's frame that it is next to
    let near = Time::from_frames(t.to_frames(s.own_rate, Rounding::Nearest), s.own_rate);
    let t = if on_grid(t, s.rate).is_none() && (near - t).0.abs() * 1000 < s.own_rate.frame_duration().0 { near } else { t };
    Ok(t - s.base)
}

pub(super) struct Reader<'a> {
    pub(super) b: Builder<'a>,
    /// A retimed clip's range lasts as long as the source it uses.
    pub(super) premiere: bool,
    /// Sequences by the number that we gave them.
    pub(super) nests: HashMap<u64, SequenceId>,
    /// Media by the URL that names them, for picture and for sound.
    pub(super) seen: [HashMap<String, MediaId>; 2],
}

impl Reader<'_> {
    /// Whole frames of the timeline.
    pub(super) fn frames(&mut self, t: RationalTime, rate: FrameRate) -> Result<i64, InterchangeError> {
        Ok(time(t)?.to_frames(rate, Rounding::Nearest))
    }

    /// What a stack or track is as a sequence.
    pub(super) fn sequence(&mut self, stack: &Node<'_>, name: &str, depth: usize) -> Result<Sequence, InterchangeError> {
        if depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let ours: Option<SequenceData> = stack.meta(OURS);
        let premiere: Option<PremiereStackRead> = stack.meta(PREMIERE);
        let rate = match (&ours, premiere.as_ref().and_then(|p| p.video_rate)) {
            (Some(o), _) => o.frame_rate,
            (_, Some(r)) => from_f64(r)?,
            _ => common_rate(stack)?,
        };
        let mut s = Sequence::new(1920, 1080, rate);
        s.tracks.clear();
        s.id = SequenceId(self.b.id());
        name.clone_into(&mut s.name);
        s.drop_frame = false;
        match (&ours, premiere.and_then(|p| p.size)) {
            (Some(o), _) => {
                (s.width, s.height, s.drop_frame, s.color) = (o.width, o.height, o.drop_frame, o.color);
                s.start_timecode = o.start_timecode;
                s.name.clone_from(&o.name);
            }
            (None, Some(p)) => (s.width, s.height) = (p.width, p.height),
            (None, None) => {}
        }
        let lone = [];
        let tracks: &[Node<'_>] = match stack.schema {
            Schema::Track => &lone,
            _ => &stack.children,
        };
        let (mut video, mut audio) = (0, 0);
        if stack.schema == Schema::Track {
            self.track(&mut s, stack, &mut video, &mut audio, depth)?;
        }
        for t in tracks {
            match t.schema {
                Schema::Track if t.source_range.is_none() => self.track(&mut s, t, &mut video, &mut audio, depth)?,
                Schema::Track | Schema::Clip | Schema::Stack | Schema::Gap => {
                    let mut lane = Lane::new(&mut self.b, TrackKind::Video, rate);
                    let mut at = Time::ZERO;
                    self.child(&mut s, &mut lane, t, &mut at, depth)?;
                    video += 1;
                    s.tracks.push(lane.finish(&mut self.b, video));
                }
                _ => self.b.drop(Place::Timeline, "interchange-import-unknown", t.schema.label()),
            }
        }
        for m in &stack.markers {
            self.marker(&mut s, m, Time::ZERO, None)?;
        }
        match ours {
            Some(ours) => {
                let words: HashMap<i64, Vec<i64>> = ours.captions.iter().map(|c| (c.start, c.words.clone())).collect();
                let list = ours.captions.into_iter().map(|c| (c.start, c.duration, c.text)).collect();
                s.captions = self.b.captions(list, rate);
                s.captions.iter_mut().for_each(|c| c.words = words.get(&c.start).cloned().unwrap_or_default());
                s.burn_captions = ours.burn_captions;
                if caption_styles().iter().any(|known| known.name == ours.caption_style) {
                    s.caption_style = ours.caption_style;
                }
                if is_language_tag(&ours.caption_language) {
                    s.caption_language = ours.caption_language;
                }
            }
            None => self.take_size(&mut s),
        }
        s.markers.sort_by_key(|m| (m.frame, m.id));
        Ok(s)
    }

    /// OTIO says no size: that of the first picture that says one.
    pub(super) fn take_size(&mut self, s: &mut Sequence) {
        let mut ids = s.tracks.iter().flat_map(|t| &t.clips).filter_map(|c| c.media());
        let found = ids.find_map(|id| self.b.media_by_id(id).and_then(|m| m.info.video.as_ref().map(|v| v.display_size())));
        if let Some((w, h)) = found {
            (s.width, s.height) = (w.clamp(1, crate::model::MAX_SIDE_PX), h.clamp(1, crate::model::MAX_SIDE_PX));
        }
    }

    pub(super) fn track(
        &mut self,
        s: &mut Sequence,
        t: &Node<'_>,
        video: &mut usize,
        audio: &mut usize,
        depth: usize,
    ) -> Result<(), InterchangeError> {
        let (kind, number) = match t.rare().kind.as_deref() {
            Some("Video") => (TrackKind::Video, video),
            Some("Audio") => (TrackKind::Audio, audio),
            other => {
                self.b.drop(Place::Track(t.name().to_owned()), "interchange-import-track-kind", other.unwrap_or_default());
                return Ok(());
            }
        };
        let mut lane = Lane::new(&mut self.b, kind, s.frame_rate);
        lane.name = t.name().to_owned();
        lane.muted = !t.is_enabled();
        if let Some(ours) = t.meta::<TrackData>(OURS) {
            (lane.track.gain_db, lane.track.solo, lane.track.locked) = (ours.gain_db, ours.solo, ours.locked);
        }
        let mut at = Time::ZERO;
        for child in &t.children {
            self.child(s, &mut lane, child, &mut at, depth)?;
        }
        for m in &t.markers {
            self.marker(s, m, Time::ZERO, None)?;
        }
        for e in &t.effects {
            self.b.drop(
                Place::Track(t.name().to_owned()),
                "interchange-import-effect",
                e.rare().effect_name.as_deref().unwrap_or_default(),
            );
        }
        *number += 1;
        let track = lane.finish(&mut self.b, *number);
        s.tracks.push(track);
        Ok(())
    }

    /// One child of a track; `at` is where it begins.
    pub(super) fn child(
        &mut self,
        s: &mut Sequence,
        lane: &mut Lane,
        n: &Node<'_>,
        at: &mut Time,
        depth: usize,
    ) -> Result<(), InterchangeError> {
        let rate = s.frame_rate;
        match n.schema {
            Schema::Transition => {
                let (before, after) = (
                    n.rare().in_offset.map_or(Ok(0), |t| self.frames(t, rate))?,
                    n.rare().out_offset.map_or(Ok(0), |t| self.frames(t, rate))?,
                );
                let ours = n.meta::<TransitionData>(OURS);
                if ours.is_none() && n.rare().transition_type.as_deref() != Some("SMPTE_Dissolve") {
                    let what = if n.name().is_empty() { n.rare().transition_type.as_deref().unwrap_or_default() } else { n.name() };
                    self.b.warn(lane.place(what, lane.at), "interchange-import-transition-kind", what);
                }
                lane.transition(ours.map_or(TransitionKind::CrossDissolve, |o| o.kind), before, after);
                return Ok(());
            }
            Schema::Clip | Schema::Gap | Schema::Stack | Schema::Track => {}
            _ => {
                self.b.drop(lane.place(n.name(), lane.at), "interchange-import-unknown", n.schema.label());
                return Ok(());
            }
        }
        let speed = self.speed(lane, n);
        let Some(range) = self.trimmed(n, rate, depth)? else {
            self.b.drop(lane.place(n.name(), lane.at), "interchange-import-no-length", "");
            return Ok(());
        };
        let mut length = time(range.duration)?;
        if self.premiere && !speed.is_freeze() {
            length = length.scale(i64::from(speed.1), i64::from(speed.0.unsigned_abs().max(1)));
        }
        if length < Time::ZERO {
            return Err(InterchangeError::time(range.duration.value));
        }
        let (from, to) = (at.to_frames(rate, Rounding::Nearest), (*at + length).to_frames(rate, Rounding::Nearest));
        if on_grid(length, rate).is_none() && !self.premiere {
            self.b.warn(lane.place(n.name(), from), "interchange-import-fraction", "");
        }
        *at += length;
        if to > crate::model::MAX_FRAME {
            return Err(InterchangeError::time(range.duration.value));
        }
        if n.schema != Schema::Gap && to > from {
            let before = lane.track.clips.len();
            if let Some(clip) = self.clip(lane.kind, n, (from, to - from), range, speed, rate, depth)? {
                lane.clip(&mut self.b, clip)?;
            }
            // those of a nest are the nest's own
            let markers = if n.schema == Schema::Clip { &n.markers[..] } else { &[] };
            for m in markers {
                let window = Window { from, frames: to - from, first: time(range.start_time)?, speed };
                self.marker(s, m, Time::ZERO, Some(window))?;
            }
            if lane.track.clips.len() > before {
                return Ok(());
            }
        }
        if to > lane.at {
            lane.gap(&mut self.b, to - lane.at)?;
        }
        Ok(())
    }

    /// What of its media or children an item shows: its own range, else all there is.
    pub(super) fn trimmed(&mut self, n: &Node<'_>, rate: FrameRate, depth: usize) -> Result<Option<TimeRange>, InterchangeError> {
        if n.source_range.is_some() {
            return Ok(n.source_range);
        }
        let zero = RationalTime::new(0.0, rate.as_f64());
        match n.schema {
            Schema::Clip => Ok(n.active_media().and_then(|m| m.available_range)),
            Schema::Stack | Schema::Track => {
                let length = self.length(n, rate, depth)?;
                Ok(Some(TimeRange {
                    start_time: zero,
                    duration: RationalTime::new(length.to_frames(rate, Rounding::Nearest) as f64, rate.as_f64()),
                }))
            }
            _ => Ok(None),
        }
    }

    /// Length of a stack (its longest child) or track (the sum).
    pub(super) fn length(&mut self, n: &Node<'_>, rate: FrameRate, depth: usize) -> Result<Time, InterchangeError> {
        if depth > MAX_DEPTH {
            return Err(InterchangeError::TooMuch);
        }
        let (mut sum, mut most) = (Time::ZERO, Time::ZERO);
        for c in n.children.iter().filter(|c| c.schema != Schema::Transition) {
            let length = match self.trimmed(c, rate, depth + 1)? {
                Some(r) => time(r.duration)?,
                None => Time::ZERO,
            };
            sum += length;
            most = most.max(length);
        }
        Ok(if n.schema == Schema::Track { sum } else { most })
    }

    /// The speed of all time warps together; what else is done to an item is reported.
    pub(super) fn speed(&mut self, lane: &Lane, n: &Node<'_>) -> Speed {
        let mut scalar = 1.0;
        for e in n.effects.iter().filter(|e| e.is_enabled()) {
            match (&e.schema, e.rare().time_scalar) {
                (Schema::LinearTimeWarp | Schema::FreezeFrame, Some(s)) => scalar *= s,
                _ => {
                    let name = e.rare().effect_name.as_deref().filter(|n| !n.is_empty()).unwrap_or(e.name());
                    // Resolve writes its settings as effects, also those that are as usual
                    let resolve: Option<ResolveEffect> = e.meta(RESOLVE);
                    if resolve.as_ref().is_some_and(|r| !r.enabled || r.parameters.is_empty()) {
                        continue;
                    }
                    let name = resolve.map_or_else(|| name.to_owned(), |r| r.name);
                    self.b.drop(lane.place(n.name(), lane.at), "interchange-import-effect", name);
                }
            }
        }
        match speed_from_f64(scalar) {
            Some(s) => s,
            None => {
                self.b.drop(lane.place(n.name(), lane.at), "interchange-import-speed", scalar.to_string());
                Speed::NORMAL
            }
        }
    }
}

/// Where a clip's markers may be.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) from: i64,
    pub(super) frames: i64,
    pub(super) first: Time,
    pub(super) speed: Speed,
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct ResolveEffect {
    #[serde(rename = "Effect Name")]
    name: String,
    #[serde(rename = "Enabled")]
    enabled: bool,
    #[serde(rename = "Parameters")]
    parameters: Vec<serde::de::IgnoredAny>,
}

/// Exact time of a rational one.
pub(super) fn time(t: RationalTime) -> Result<Time, InterchangeError> {
    frames_to_time(t.value, from_f64(t.rate)?)
}

/// The rate that most of a timeline's durations are counted in.
pub(super) fn common_rate(stack: &Node<'_>) -> Result<FrameRate, InterchangeError> {
    let mut counts: Vec<(FrameRate, usize)> = Vec::new();
    let mut todo: Vec<(&Node<'_>, usize)> = vec![(stack, 0)];
    while let Some((n, depth)) = todo.pop() {
        let range = n.source_range.or_else(|| n.active_media().and_then(|m| m.available_range));
        if let Some(r) = range {
            let rate = from_f64(r.duration.rate)?;
            match counts.iter_mut().find(|(c, _)| *c == rate) {
                Some((_, n)) => *n += 1,
                None => counts.push((rate, 1)),
            }
        } else if depth < MAX_DEPTH {
            todo.extend(n.children.iter().rev().map(|c| (c, depth + 1)));
        }
    }
    let most = counts.iter().map(|(_, n)| *n).max().unwrap_or(0);
    Ok(counts.into_iter().find(|(_, n)| *n == most).map_or(FrameRate::FPS_24, |(r, _)| r))
}
