//! A document as OTIO.

use super::{
    private::{
        CaptionData, Cicp, ClipData, MarkerData, MediaData, Metadata, No, PremiereClip, PremiereRatio, PremiereSize, PremiereStack,
        PremiereTimeline, ResolveChannel, ResolveClip, ResolveMarker, ResolveTimeline, ResolveTrack, ResolveTransition, SequenceData,
        TrackData, TransitionData,
    },
    read::{Start, decode},
    schema::{self, DEFAULT_MEDIA, Node, RationalTime, Raw, Schema, TimeRange},
};
use crate::{
    base::{FrameRate, MIX_RATE, MediaId, Rounding, SequenceId, Time},
    interchange::{
        InterchangeError, WriteOptions, colors,
        losses::{Grade, Losses},
        pieces::{Piece, clip_name, fade_stands_free, is_still, media_rate, media_start, pieces, track_name},
        rate::on_grid,
        speed::speed_from_f64,
        target::Flavour,
        url,
    },
    model::{Clip, ClipContent, Marker, Media, Project, Sequence, Speed, Track, TrackKind, Transition, TransitionKind},
};
use std::{borrow::Cow, collections::HashMap, path::Path};

/// Most clips that nests may unfold to: they stand in the file as often as they are used.
const MAX_UNFOLDED: usize = 200_000;

/// The file's bytes. `address` names a media's file otherwise than by its path (inside an archive).
///
/// # Errors
/// Nests that unfold past all bounds; a value that JSON cannot say.
pub(in crate::interchange) fn write(
    project: &Project,
    options: &WriteOptions,
    address: Option<&HashMap<MediaId, String>>,
) -> Result<(Vec<u8>, Losses), InterchangeError> {
    let mut w = Writer {
        project,
        flavour: options.target.flavour(),
        address,
        losses: Losses::default(),
        urls: HashMap::new(),
        colors: HashMap::new(),
        unfolded: 0,
    };
    let s = &project.sequence;
    let name = if s.name.is_empty() { &project.name } else { &s.name };
    let mut timeline = Node::new(Schema::Timeline, name);
    timeline.rare_mut().global_start_time = Some(frames(s.start_timecode, s.frame_rate));
    timeline.metadata = metadata::<No, _, _>(
        None,
        w.flavour.resolve_metadata.then_some(ResolveTimeline { version: "1.0" }),
        w.flavour.premiere_metadata.then_some(PremiereTimeline { version: "1.0" }),
    )?;
    let tracks = w.stack("tracks", s)?;
    timeline.rare_mut().tracks = Some(Box::new(tracks));
    Ok((schema::to_vec(&timeline), w.losses))
}

fn frames(value: i64, rate: FrameRate) -> RationalTime {
    RationalTime::new(value as f64, rate.as_f64())
}

fn metadata<O: serde::Serialize, R: serde::Serialize, P: serde::Serialize>(
    ours: Option<O>,
    resolve: Option<R>,
    premiere: Option<P>,
) -> Result<Option<Raw<'static>>, InterchangeError> {
    if ours.is_none() && resolve.is_none() && premiere.is_none() {
        return Ok(None);
    }
    let all = Metadata { ours, resolve, premiere };
    serde_json::value::to_raw_value(&all).map(|raw| Some(Cow::Owned(raw))).map_err(|e| InterchangeError::malformed(e.to_string()))
}

struct Writer<'a> {
    project: &'a Project,
    flavour: Flavour,
    address: Option<&'a HashMap<MediaId, String>>,
    losses: Losses,
    urls: HashMap<MediaId, String>,
    /// What is said of a media from the second time on: its facts stand in the file already.
    colors: HashMap<MediaId, Option<Raw<'a>>>,
    unfolded: usize,
}

impl<'a> Writer<'a> {
    fn stack(&mut self, name: &'a str, s: &'a Sequence) -> Result<Node<'a>, InterchangeError> {
        let mut stack = Node::new(Schema::Stack, name);
        let premiere = self.flavour.premiere_metadata.then(|| PremiereStack {
            audio_rate: f64::from(MIX_RATE),
            pixel_aspect: PremiereRatio { numerator: 1, denominator: 1 },
            video_rate: s.frame_rate.as_f64(),
            size: PremiereSize { width: s.width, height: s.height },
        });
        stack.metadata = metadata::<_, No, _>(Some(sequence_data(s)), None, premiere)?;
        stack.markers = s.markers.iter().map(|m| self.marker(s, m)).collect::<Result<_, _>>()?;
        for t in &s.tracks {
            stack.children.push(self.track(s, t)?);
        }
        Ok(stack)
    }

    fn track(&mut self, s: &'a Sequence, t: &'a Track) -> Result<Node<'a>, InterchangeError> {
        let mut node = Node::new(Schema::Track, track_name(s, t));
        let sound = t.kind == TrackKind::Audio;
        node.rare_mut().kind = Some(if sound { "Audio" } else { "Video" }.into());
        node.enabled = Some(!t.muted);
        let ours = TrackData { gain_db: t.gain_db, solo: t.solo, locked: t.locked };
        let resolve = self.flavour.resolve_metadata.then(|| ResolveTrack {
            audio_type: sound.then_some("Stereo"),
            locked: t.locked,
            solo: sound.then_some(t.solo),
        });
        node.metadata = metadata::<_, _, No>((ours != TrackData::default()).then_some(ours), resolve, None)?;
        let rate = s.frame_rate;
        let mut index = 0;
        let pieces = pieces(t);
        node.children.reserve_exact(pieces.len());
        for p in pieces {
            let child = match p {
                Piece::Gap(n) => {
                    let mut gap = Node::new(Schema::Gap, "");
                    gap.source_range = Some(TimeRange { start_time: frames(0, rate), duration: frames(n, rate) });
                    gap
                }
                Piece::Clip(c) => {
                    self.unfolded += 1;
                    if self.unfolded > MAX_UNFOLDED {
                        return Err(InterchangeError::TooMuch);
                    }
                    let free = fade_stands_free(t, index);
                    index += 1;
                    self.clip(s, t.kind, c, free)?
                }
                Piece::Join(x) => self.transition(t.kind, x, rate)?,
                Piece::FadeIn(n) => offsets(Node::new(Schema::Transition, "Fade In"), 0, n, rate, "SMPTE_Dissolve"),
                Piece::FadeOut(n) => offsets(Node::new(Schema::Transition, "Fade Out"), n, 0, rate, "SMPTE_Dissolve"),
            };
            node.children.push(child);
        }
        Ok(node)
    }

    fn transition(&self, kind: TrackKind, x: &Transition, rate: FrameRate) -> Result<Node<'a>, InterchangeError> {
        let dissolve = x.kind == TransitionKind::CrossDissolve;
        let (name, otio) = match (kind, x.kind) {
            (TrackKind::Audio, _) => ("Cross Fade 0 dB", "SMPTE_Dissolve"),
            (_, TransitionKind::CrossDissolve) => ("Cross Dissolve", "SMPTE_Dissolve"),
            (_, TransitionKind::DipToColor { .. }) => ("Dip To Color Dissolve", "Custom_Transition"),
            (_, TransitionKind::Wipe { .. }) => ("Edge Wipe", "Custom_Transition"),
            (_, TransitionKind::Slide { push: true, .. }) => ("Push", "Custom_Transition"),
            (_, TransitionKind::Slide { .. }) => ("Slide", "Custom_Transition"),
        };
        let mut node = offsets(Node::new(Schema::Transition, name), x.before, x.after, rate, otio);
        let ours = (!dissolve).then_some(TransitionData { kind: x.kind });
        let resolve = self
            .flavour
            .resolve_metadata
            .then_some(ResolveTransition { kind: if kind == TrackKind::Audio { "Cross Fade 0DB" } else { name } });
        node.metadata = metadata::<_, _, No>(ours, resolve, None)?;
        Ok(node)
    }

    fn marker(&self, s: &Sequence, m: &'a Marker) -> Result<Node<'a>, InterchangeError> {
        let mut node = Node::new(Schema::Marker, m.name.as_str());
        let rare = node.rare_mut();
        rare.marked_range = Some(TimeRange { start_time: frames(m.frame, s.frame_rate), duration: frames(m.duration, s.frame_rate) });
        rare.color = serde_json::value::to_raw_value(colors::name(m.color)).ok().map(Cow::Owned);
        if !m.note.is_empty() {
            rare.comment = Some(m.note.as_str().into());
        }
        let ours = (colors::from_name(colors::name(m.color)) != m.color).then_some(MarkerData { color: m.color });
        let resolve = self.flavour.resolve_metadata.then(|| ResolveMarker { keywords: Vec::new(), note: m.note.clone() });
        node.metadata = metadata::<_, _, No>(ours, resolve, None)?;
        Ok(node)
    }

    fn clip(&mut self, s: &'a Sequence, kind: TrackKind, c: &'a Clip, free: (bool, bool)) -> Result<Node<'a>, InterchangeError> {
        let project = self.project;
        let media = project.media_of(&c.content);
        let mut ours = ClipData {
            transform: c.transform,
            keyframes: c.keyframes.clone(),
            effects: c.effects.clone(),
            stabilize: c.stabilize.clone(),
            gain_db: c.gain_db,
            pan: c.pan,
            fade_in: if free.0 { 0 } else { c.fade_in },
            fade_out: if free.1 { 0 } else { c.fade_out },
            soft_in: c.soft_in,
            soft_out: c.soft_out,
            link: c.link,
            group: c.group,
            ..ClipData::default()
        };
        let name = clip_name(c, media.map(|m| &**m));
        let mut node = match &c.content {
            ClipContent::Media { media: id, .. } => {
                let mut node = Node::new(Schema::Clip, name);
                let reference = self.reference(*id, s, c)?;
                // exactly one: a list that grows takes room for four, as much again as everything else of a clip
                node.media_references = vec![(DEFAULT_MEDIA.into(), reference)];
                node.active_media_reference_key = Some(DEFAULT_MEDIA.into());
                node
            }
            ClipContent::Sequence { sequence, .. } => {
                let inner = project.sequence_of(*sequence).ok_or(InterchangeError::NothingToWrite)?;
                self.stack(if name.is_empty() { &inner.name } else { name }, inner)?
            }
            ClipContent::Title(_) | ClipContent::Solid { .. } | ClipContent::Adjustment => {
                ours.content = Some(c.content.clone());
                self.generated(c, s)
            }
        };
        node.enabled = Some(c.enabled);
        if let Some((source_in, speed)) = c.content.source() {
            self.timing(&mut node, &mut ours, (source_in, speed), c, s, media.map(|m| &**m));
        } else {
            node.source_range = Some(TimeRange { start_time: frames(0, s.frame_rate), duration: frames(c.duration, s.frame_rate) });
        }
        let flavour = self.flavour;
        let resolve = flavour.resolve_metadata.then(|| ResolveClip {
            link: c.link,
            channels: if kind == TrackKind::Audio {
                (0..2).map(|channel| ResolveChannel { channel, track: 0 }).collect()
            } else {
                Vec::new()
            },
            media_url: None,
        });
        let premiere = flavour.premiere_metadata.then(|| PremiereClip { link: c.link.map(|l| l.to_string()) });
        if node.schema == Schema::Stack {
            // its metadata says which sequence it is already; the clip's go beside
            let nest = c.nested().map_or(SequenceId(0), |n| n);
            let inner = project.sequence_of(nest);
            let ours = Nest { sequence: inner.map(|i| sequence_data(i)), clip: ours };
            node.metadata = metadata(Some(ours), resolve, premiere)?;
        } else {
            node.metadata = metadata((ours != ClipData::default()).then_some(ours), resolve, premiere)?;
        }
        Ok(node)
    }

    /// Source range and speed, in the way of the target; what is rounded on the way goes into `ours` and the report.
    fn timing(&mut self, node: &mut Node<'a>, ours: &mut ClipData, source: (Time, Speed), c: &Clip, s: &Sequence, media: Option<&Media>) {
        let (source_in, speed) = source;
        let timeline = s.frame_rate;
        let (own_rate, base) = match (&c.content, media) {
            (_, Some(m)) if is_still(m) => (timeline, 0),
            (_, Some(m)) => (media_rate(m, timeline), media_start(m, timeline)),
            (ClipContent::Sequence { sequence, .. }, _) => (self.project.sequence_of(*sequence).map_or(timeline, |i| i.frame_rate), 0),
            _ => (timeline, 0),
        };
        let rate = if self.flavour.otio_timeline_rate { timeline } else { own_rate };
        let base = Time::from_frames(base, own_rate);
        let still = media.is_some_and(is_still);
        let point = if still { Time::ZERO } else { source_in + base };
        let first = match on_grid(point, rate) {
            Some(frame) => frame as f64,
            // a fraction of a timeline frame, as Resolve writes it, where that is a frame of the media
            None if self.flavour.otio_timeline_rate && on_grid(point, own_rate).is_some() => exact_frames(point, rate),
            None => point.to_frames(rate, Rounding::Floor) as f64,
        };
        let used = used_frames(c.duration, timeline, speed, rate);
        let start = if speed.0 < 0 { first + 1.0 - used as f64 } else { first };
        let duration = if self.flavour.otio_source_durations && !speed.is_freeze() {
            c.duration as f64 * (f64::from(speed.0) / f64::from(speed.1)).abs()
        } else {
            c.duration as f64
        };
        node.source_range = Some(TimeRange {
            start_time: RationalTime::new(start, rate.as_f64()),
            duration: RationalTime::new(duration, timeline.as_f64()),
        });
        let scalar = f64::from(speed.0) / f64::from(speed.1.max(1));
        if !speed.is_normal() {
            // a warp of 1.0 is never written: it makes Premiere drop what it sets by itself
            let schema = if speed.is_freeze() { Schema::FreezeFrame } else { Schema::LinearTimeWarp };
            let mut warp = Node::new(schema.clone(), "");
            warp.rare_mut().effect_name = Some(if schema == Schema::FreezeFrame { "FreezeFrame" } else { "LinearTimeWarp" }.into());
            warp.rare_mut().time_scalar = Some(scalar);
            warp.enabled = Some(true);
            node.effects.push(warp);
        }
        let decoded_speed = if speed.is_normal() { Some(Speed::NORMAL) } else { speed_from_f64(scalar) };
        if decoded_speed != Some(speed) {
            ours.speed = Some(speed);
        }
        let read = decode(Start { value: start, rate, own_rate, base, duration: c.duration, timeline, speed });
        if read != Ok(source_in) {
            ours.source_in = Some(source_in);
            if !still {
                let place = crate::interchange::build::place(clip_name(c, media), c.start, timeline);
                self.losses.add(Grade::Approximated, place, "interchange-lost-source-rounded", "");
            }
        }
    }

    fn reference(&mut self, id: MediaId, s: &Sequence, c: &Clip) -> Result<Node<'a>, InterchangeError> {
        let Some(m) = self.project.media.get(&id) else { return Ok(Node::new(Schema::MissingReference, "")) };
        let mut node = Node::new(Schema::ExternalReference, m.name.as_str());
        let plain = self.flavour.plain_paths;
        node.target_url = Some(match self.address.and_then(|a| a.get(&id)) {
            Some(inside) => inside.as_str().into(),
            None if plain => m.file.path.to_string_lossy(),
            None => self.urls.entry(id).or_insert_with(|| url::file_uri(&m.file.path)).clone().into(),
        });
        let rate = media_rate(m, s.frame_rate);
        node.available_range = if is_still(m) {
            // a still's must cover what is used of it
            Some(TimeRange { start_time: frames(0, s.frame_rate), duration: frames(c.duration, s.frame_rate) })
        } else {
            let counted = m.info.video.as_ref().map_or(0, |v| i64::try_from(v.frames).unwrap_or(0));
            let length = if counted > 0 { counted } else { m.info.duration.to_frames(rate, Rounding::Floor) };
            (length > 0).then(|| TimeRange { start_time: frames(media_start(m, s.frame_rate), rate), duration: frames(length, rate) })
        };
        if let Some(said) = self.colors.get(&id) {
            node.metadata.clone_from(said);
            return Ok(node);
        }
        let color = m.color_override.or_else(|| m.info.video.as_ref().filter(|v| !v.color_assumed).map(|v| v.color)).map(Cicp::of);
        let said = |info: Option<crate::base::MediaInfo>| {
            let ours = MediaData { color, color_override: m.color_override, info };
            let says = ours.color.is_some() || ours.info.is_some() || ours.color_override.is_some();
            metadata::<_, No, No>(says.then_some(ours), None, None)
        };
        node.metadata = said(Some(m.info.clone()))?;
        self.colors.insert(id, said(None)?);
        Ok(node)
    }

    /// A clip without a file: others see a generator that they do not know.
    fn generated(&self, c: &'a Clip, s: &Sequence) -> Node<'a> {
        let (kind, name) = made_name(&c.content);
        let mut node = Node::new(Schema::Clip, if c.name.is_empty() { name } else { &c.name });
        let mut generator = Node::new(Schema::GeneratorReference, kind);
        generator.rare_mut().generator_kind = Some(kind.into());
        generator.available_range = Some(TimeRange { start_time: frames(0, s.frame_rate), duration: frames(c.duration, s.frame_rate) });
        node.media_references.push((DEFAULT_MEDIA.into(), generator));
        node.active_media_reference_key = Some(DEFAULT_MEDIA.into());
        node
    }
}

/// Kind and usual name of a clip without a file.
pub(super) fn made_name(content: &ClipContent) -> (&'static str, &str) {
    match content {
        ClipContent::Title(t) => ("Title", t.text.lines().next().unwrap_or_default()),
        ClipContent::Solid { .. } => ("SolidColor", "Solid"),
        _ => ("Adjustment", "Adjustment"),
    }
}

/// The metadata of a nest: which sequence it is, and how its clip is set.
#[derive(serde::Serialize)]
struct Nest {
    #[serde(flatten)]
    sequence: Option<SequenceData>,
    clip: ClipData,
}

fn sequence_data(s: &Sequence) -> SequenceData {
    SequenceData {
        id: s.id.0,
        name: s.name.clone(),
        width: s.width,
        height: s.height,
        frame_rate: s.frame_rate,
        start_timecode: s.start_timecode,
        drop_frame: s.drop_frame,
        color: s.color,
        captions: s
            .captions
            .iter()
            .map(|c| CaptionData { start: c.start, duration: c.duration, text: c.text.clone(), words: c.words.clone() })
            .collect(),
        caption_language: s.caption_language.clone(),
        burn_captions: s.burn_captions,
        caption_style: s.caption_style.clone(),
    }
}

fn offsets<'a>(mut node: Node<'a>, before: i64, after: i64, rate: FrameRate, kind: &'static str) -> Node<'a> {
    let rare = node.rare_mut();
    rare.in_offset = Some(frames(before, rate));
    rare.out_offset = Some(frames(after, rate));
    rare.transition_type = Some(kind.into());
    node
}

/// Frames of `rate` that a clip of `duration` timeline frames uses of its source at `speed`, rounded up; at least 1.
pub(super) fn used_frames(duration: i64, timeline: FrameRate, speed: Speed, rate: FrameRate) -> i64 {
    let num = i128::from(duration) * i128::from(timeline.den()) * i128::from(rate.num()) * i128::from(speed.0.unsigned_abs());
    let den = i128::from(timeline.num()) * i128::from(rate.den()) * i128::from(speed.1.max(1));
    i64::try_from(Rounding::Ceil.div(num, den)).unwrap_or(i64::MAX / 4).max(1)
}

fn exact_frames(t: Time, rate: FrameRate) -> f64 {
    t.0 as f64 * f64::from(rate.num()) / (f64::from(rate.den()) * crate::base::FLICKS_PER_SEC as f64)
}

/// A media's name inside an archive: unique, without folders.
pub(super) fn base_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "media".into(), |n| n.to_string_lossy().replace(['/', '\\', '\0'], "_"))
}
