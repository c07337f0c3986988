//! Clips, nests and markers of OTIO.

use super::read::{Reader, Start, Window, decode, time};
use super::{
    private::{ClipData, MarkerData, MediaData, OURS, PREMIERE, PremiereClip, RESOLVE, ResolveClip, ResolveMarker, SequenceData},
    schema::{Node, Schema, TimeRange},
    write::made_name,
};
use crate::{
    base::{FrameRate, MediaId, Rounding, SequenceId, Time, format_timecode},
    interchange::{InterchangeError, build::Claim, colors, is_still_name, losses::Place, rate::from_f64},
    model::{Clip, ClipContent, Media, Project, Sequence, Speed, TrackKind},
};
use std::sync::Arc;

impl Reader<'_> {
    #[allow(clippy::too_many_arguments)] // one clip of the file, and where it goes
    pub(super) fn clip(
        &mut self,
        kind: TrackKind,
        n: &Node<'_>,
        (start, duration): (i64, i64),
        range: TimeRange,
        speed: Speed,
        timeline: FrameRate,
        depth: usize,
    ) -> Result<Option<Clip>, InterchangeError> {
        let range_rate = from_f64(range.start_time.rate)?;
        let mut ours: ClipData;
        let (content, own_rate, base, media) = if n.schema == Schema::Clip {
            ours = n.meta(OURS).unwrap_or_default();
            let Some(found) = self.content(kind, n, &mut ours, timeline)? else { return Ok(None) };
            match found {
                Found::Media(id) => {
                    let m = self.b.media_by_id(id).cloned();
                    let (own, base, still) = m.as_deref().map_or((timeline, Time::ZERO, false), |m| facts(m, timeline));
                    let content = ClipContent::Media { media: id, source_in: Time::ZERO, speed: if still { Speed::NORMAL } else { speed } };
                    (content, own, if still { Time::ZERO } else { base }, m)
                }
                Found::Made(content) => (content, timeline, Time::ZERO, None),
            }
        } else {
            let nest: Option<NestData> = n.meta(OURS);
            ours = nest.map(|n| n.clip).unwrap_or_default();
            let sequence = self.nest(n, depth)?;
            let own = self.b.others.get(&sequence).map_or(timeline, |s| s.frame_rate);
            (ClipContent::Sequence { sequence, source_in: Time::ZERO, speed }, own, Time::ZERO, None)
        };
        let mut clip = self.b.clip(start, duration, content)?;
        let decoded = decode(Start { value: range.start_time.value, rate: range_rate, own_rate, base, duration, timeline, speed })?;
        let near = |t: Time| (t - decoded).0.abs() <= own_rate.frame_duration().0.max(timeline.frame_duration().0);
        if let Some((source_in, own_speed)) = clip.content.source_mut() {
            *source_in = ours.source_in.filter(|t| near(*t)).unwrap_or(decoded).max(Time::ZERO);
            if let Some(exact) =
                ours.speed.filter(|s| s.1 > 0 && (f64::from(s.0) / f64::from(s.1) - f64::from(speed.0) / f64::from(speed.1)).abs() < 1e-6)
            {
                *own_speed = exact;
            }
        }
        if decoded < Time::ZERO && ours.source_in.is_none() {
            let place = crate::interchange::build::place(n.name(), start, timeline);
            self.b.warn(place, "interchange-import-before-media", "");
        }
        clip.enabled = n.is_enabled();
        let own_name = match &clip.content {
            ClipContent::Media { .. } => media.is_none_or(|m| m.name != n.name()),
            ClipContent::Sequence { sequence, .. } => self.b.others.get(sequence).is_none_or(|s| s.name != n.name()),
            made => n.name() != made_name(made).1,
        };
        if own_name {
            clip.name = n.name().to_owned();
        }
        let resolve: Option<ResolveClip> = n.meta(RESOLVE);
        let premiere: Option<PremiereClip> = n.meta(PREMIERE);
        clip.link = ours.link.or(resolve.and_then(|r| r.link)).or_else(|| premiere?.link?.parse().ok());
        if ours != ClipData::default() {
            self.settings(&mut clip, ours);
        }
        Ok(Some(clip))
    }

    /// What we wrote beside a clip, as far as it is sound.
    pub(super) fn settings(&mut self, clip: &mut Clip, ours: ClipData) {
        let mut with = clip.clone();
        with.transform = ours.transform;
        with.keyframes = ours.keyframes;
        with.effects = ours.effects;
        with.stabilize = ours.stabilize;
        (with.gain_db, with.pan, with.group) = (ours.gain_db, ours.pan, ours.group);
        (with.fade_in, with.fade_out) = (ours.fade_in, ours.fade_out);
        (with.soft_in, with.soft_out) = (ours.soft_in, ours.soft_out);
        let finite = with.gain_db.is_finite() && (-1.0..=1.0).contains(&with.pan) && with.fade_in >= 0 && with.fade_out >= 0;
        let fits = with.fade_in.saturating_add(with.fade_out) <= with.duration;
        // a clip that is put together by itself: only its settings can be wrong
        let probe = Project::new("", Sequence::new(16, 16, FrameRate::FPS_25));
        let mut alone = with.clone();
        alone.content = ClipContent::Adjustment;
        if finite && fits && probe.clip_problem(&alone).is_none() {
            *clip = with;
        }
    }

    pub(super) fn content(
        &mut self,
        kind: TrackKind,
        n: &Node<'_>,
        ours: &mut ClipData,
        timeline: FrameRate,
    ) -> Result<Option<Found>, InterchangeError> {
        if let Some(content) = ours.content.take().filter(|c| c.source().is_none()) {
            let probe = Project::new("", Sequence::new(16, 16, FrameRate::FPS_25));
            let clip = Clip::new(crate::base::ClipId(1), 0, 1, content.clone());
            if kind == TrackKind::Video && probe.clip_problem(&clip).is_none() {
                return Ok(Some(Found::Made(content)));
            }
        }
        let place = || Place::Clip { name: n.name().to_owned(), at: String::new() };
        let Some(m) = n.active_media() else {
            self.b.drop(place(), "interchange-import-no-media", "");
            return Ok(None);
        };
        // what is said of a file for the first time counts
        let external = m.target_url.as_deref().filter(|_| m.schema == Schema::ExternalReference);
        if let Some(id) = external.and_then(|url| self.seen[kind as usize].get(url)) {
            return Ok(Some(Found::Media(*id)));
        }
        let mut claim = Claim { name: m.name().to_owned(), video: kind == TrackKind::Video, ..Claim::default() };
        if kind == TrackKind::Audio {
            claim.audio = Some((crate::base::MIX_RATE, 2));
        }
        match &m.schema {
            Schema::ExternalReference => claim.url = m.target_url.as_deref().map(str::to_owned),
            Schema::MissingReference => {
                claim.url = m.meta::<ResolveClip>(RESOLVE).and_then(|r| r.media_url);
                if claim.name.is_empty() {
                    claim.name = n.name().to_owned();
                }
            }
            Schema::ImageSequenceReference => {
                claim.url = Some(sequence_pattern(m));
                self.b.warn(place(), "interchange-import-image-sequence", "");
            }
            Schema::GeneratorReference => {
                let what = m.rare().generator_kind.as_deref().unwrap_or_default();
                if what.eq_ignore_ascii_case("black") && kind == TrackKind::Video {
                    return Ok(Some(Found::Made(ClipContent::Solid { color: [0.0, 0.0, 0.0, 1.0] })));
                }
                self.b.drop(place(), "interchange-import-generator", what);
                return Ok(None);
            }
            other => {
                self.b.drop(place(), "interchange-import-unknown", other.label());
                return Ok(None);
            }
        }
        claim.still = claim.url.as_deref().is_some_and(is_still_name);
        claim.rate = Some(timeline);
        if let Some(r) = m.available_range {
            let rate = from_f64(r.start_time.rate)?;
            claim.rate = Some(rate);
            claim.duration = time(r.duration)?;
            let first = time(r.start_time)?.to_frames(rate, Rounding::Nearest);
            claim.start_timecode = (first > 0).then(|| format_timecode(first, rate, false));
        }
        if let Some(ours) = m.meta::<MediaData>(OURS) {
            claim.color = ours.color.and_then(|c| c.tags());
            claim.color_override = ours.color_override;
            claim.info = ours.info;
        }
        let audio = claim.audio;
        let id = self.b.media(claim);
        if kind == TrackKind::Audio {
            self.b.learn(id, |info| {
                if info.audio.is_none() && info.video.as_ref().is_none_or(|v| v.codec == "unknown") {
                    info.audio = audio.map(|(rate, channels)| crate::base::AudioInfo { codec: "unknown".into(), rate, channels });
                }
            });
        }
        if let Some(url) = external {
            self.seen[kind as usize].insert(url.to_owned(), id);
        }
        Ok(Some(Found::Media(id)))
    }

    /// The sequence that a stack or track inside a track is.
    pub(super) fn nest(&mut self, n: &Node<'_>, depth: usize) -> Result<SequenceId, InterchangeError> {
        let number = n.meta::<SequenceData>(OURS).map(|o| o.id);
        if let Some(id) = number.and_then(|n| self.nests.get(&n)) {
            return Ok(*id);
        }
        let s = self.sequence(n, n.name(), depth + 1)?;
        let id = s.id;
        self.b.others.insert(id, Arc::new(s));
        if let Some(number) = number {
            self.nests.insert(number, id);
        }
        Ok(id)
    }

    /// A marker at its place on the timeline; one of a clip counts in the clip's source.
    pub(super) fn marker(&mut self, s: &mut Sequence, m: &Node<'_>, offset: Time, window: Option<Window>) -> Result<(), InterchangeError> {
        if m.schema != Schema::Marker {
            self.b.drop(Place::Timeline, "interchange-import-unknown", m.schema.label());
            return Ok(());
        }
        let Some(range) = m.rare().marked_range else { return Ok(()) };
        let rate = s.frame_rate;
        let (t, length) = (time(range.start_time)? + offset, time(range.duration)?);
        let (frame, duration) = match window {
            None => (t.to_frames(rate, Rounding::Nearest), length.to_frames(rate, Rounding::Nearest)),
            Some(w) => {
                let (num, den) = (i64::from(w.speed.1), i64::from(w.speed.0.unsigned_abs().max(1)));
                let on_clip = (t - w.first).scale(num, den).to_frames(rate, Rounding::Nearest);
                if !(0..w.frames).contains(&on_clip) {
                    self.b.drop(Place::Marker { name: m.name().to_owned(), at: String::new() }, "interchange-import-marker-outside", "");
                    return Ok(());
                }
                (w.from + on_clip, length.scale(num, den).to_frames(rate, Rounding::Nearest).min(w.frames - on_clip))
            }
        };
        let color = match (m.meta::<MarkerData>(OURS), m.rare().color.as_deref()) {
            (Some(ours), _) => ours.color,
            (None, Some(raw)) => colors::from_name(&color_name(raw.get())),
            (None, None) => 0,
        };
        let note = match (m.rare().comment.as_deref(), m.meta::<ResolveMarker>(RESOLVE)) {
            (Some(c), _) if !c.is_empty() => c.to_owned(),
            (_, Some(r)) => r.note,
            _ => String::new(),
        };
        let marker = self.b.marker(frame, duration, m.name(), color, &note);
        s.markers.push(marker);
        Ok(())
    }
}

pub(super) enum Found {
    Media(MediaId),
    Made(ClipContent),
}

#[derive(serde::Deserialize, Default)]
#[serde(default)]
struct NestData {
    clip: ClipData,
}

/// Rate, first label, and whether it is a still.
pub(super) fn facts(m: &Media, timeline: FrameRate) -> (FrameRate, Time, bool) {
    use crate::interchange::pieces::{is_still, media_rate, media_start_time};
    (media_rate(m, timeline), media_start_time(m, timeline), is_still(m))
}

/// A marker's colour is a name, or since Marker.3 an object with one.
pub(super) fn color_name(raw: &str) -> String {
    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Said {
        Name(String),
        Object { name: Option<String> },
    }
    match serde_json::from_str(raw) {
        Ok(Said::Name(n) | Said::Object { name: Some(n) }) => n,
        _ => String::new(),
    }
}

/// The usual way to write the name of a numbered sequence of pictures.
pub(super) fn sequence_pattern(m: &Node<'_>) -> String {
    let text = |key: &str| {
        let raw = m.rare().extra.iter().find(|(k, _)| k == key).map(|(_, v)| v.get());
        raw.and_then(|r| serde_json::from_str::<String>(r).ok()).unwrap_or_default()
    };
    let padding = m.rare().extra.iter().find(|(k, _)| k == "frame_zero_padding").and_then(|(_, v)| v.get().parse::<u8>().ok()).unwrap_or(4);
    let folder = text("target_url_base");
    let slash = if folder.is_empty() || folder.ends_with('/') { "" } else { "/" };
    format!("{folder}{slash}{}%0{padding}d{}", text("name_prefix"), text("name_suffix"))
}
