//! A document as xmeml 5. Clips count on the sequence's grid, with Premiere's ticks beside them.

use super::{file, filters, ticks};
use crate::{
    base::{ClipId, FrameRate, MediaId, Rounding, SequenceId, Time},
    interchange::{
        InterchangeError, WriteOptions,
        build::place,
        losses::{Grade, Losses},
        pieces::{Piece, clip_name, is_still, media_rate, pieces, track_name},
        target::Flavour,
        xml::{self, El},
    },
    model::{Clip, Project, Sequence, Track, TrackKind, Transition},
};
use std::collections::{HashMap, HashSet};

/// The file's bytes.
///
/// # Errors
/// A clip that has no place in xmeml: a defect of the reduction.
pub(in crate::interchange) fn write(project: &Project, options: &WriteOptions) -> Result<(Vec<u8>, Losses), InterchangeError> {
    let mut w = Writer {
        project,
        flavour: options.target.flavour(),
        files: HashSet::new(),
        sequences: HashSet::new(),
        losses: Losses::default(),
        next: 0,
    };
    let s = &project.sequence;
    let name = if s.name.is_empty() { project.name.clone() } else { s.name.clone() };
    let sequence = w.sequence(s, &name)?;
    let root = El::new("xmeml").attr("version", 5).with(sequence);
    Ok((xml::document(&root), w.losses))
}

struct Writer<'a> {
    project: &'a Project,
    flavour: Flavour,
    /// Described in full already.
    files: HashSet<MediaId>,
    sequences: HashSet<SequenceId>,
    losses: Losses,
    /// Clip items so far, over all sequences.
    next: usize,
}

/// Frames before and after the cut of a transition at one end of a clip.
type Edge = Option<(i64, i64)>;

/// Where a clip is, for links: name of its item, kind, track and place on it, both from 1.
struct Spot {
    id: String,
    kind: TrackKind,
    track: usize,
    place: usize,
}

fn flag(v: bool) -> &'static str {
    if v { "TRUE" } else { "FALSE" }
}

impl Writer<'_> {
    fn sequence(&mut self, s: &Sequence, name: &str) -> Result<El, InterchangeError> {
        self.sequences.insert(s.id);
        let spots = self.spots(s);
        let mut groups: HashMap<u64, Vec<ClipId>> = HashMap::new();
        for c in s.tracks.iter().flat_map(|t| &t.clips) {
            if let Some(link) = c.link {
                groups.entry(link).or_default().push(c.id);
            }
        }
        let links = |c: &Clip| -> Vec<El> {
            let members = c.link.and_then(|l| groups.get(&l)).filter(|m| m.len() > 1);
            members.into_iter().flatten().filter_map(|id| spots.get(id)).map(link).collect()
        };
        let mut video = El::new("video").with(El::new("format").with(file::picture(s.width, s.height, s.frame_rate)));
        for t in s.video_tracks() {
            video.push(self.track(s, t, &spots, &links)?);
        }
        let sound = El::new("samplecharacteristics").with(El::text("depth", 16)).with(El::text("samplerate", crate::base::MIX_RATE));
        let mut audio = El::new("audio").with(El::text("numOutputChannels", 2)).with(El::new("format").with(sound));
        for t in s.audio_tracks() {
            audio.push(self.track(s, t, &spots, &links)?);
        }
        let markers = s.markers.iter().map(|m| {
            El::new("marker")
                .with(El::text("comment", &m.note))
                .with(El::text("name", &m.name))
                .with(El::text("in", m.frame))
                .with(El::text("out", if m.duration == 0 { -1 } else { m.frame + m.duration }))
        });
        Ok(El::new("sequence")
            .attr("id", sequence_id(s.id))
            .with(El::text("name", name))
            .with(El::text("duration", s.duration()))
            .with(file::rate(s.frame_rate))
            .with(file::timecode(s.start_timecode, s.frame_rate, s.drop_frame))
            .with(El::new("media").with(video).with(audio))
            .with_all(markers))
    }

    fn spots(&mut self, s: &Sequence) -> HashMap<ClipId, Spot> {
        let mut spots = HashMap::new();
        for kind in [TrackKind::Video, TrackKind::Audio] {
            for (t, track) in s.tracks.iter().filter(|t| t.kind == kind).enumerate() {
                for (i, c) in track.clips.iter().enumerate() {
                    self.next += 1;
                    spots.insert(c.id, Spot { id: format!("clipitem-{}", self.next), kind, track: t + 1, place: i + 1 });
                }
            }
        }
        spots
    }

    fn track(
        &mut self,
        s: &Sequence,
        t: &Track,
        spots: &HashMap<ClipId, Spot>,
        links: &dyn Fn(&Clip) -> Vec<El>,
    ) -> Result<El, InterchangeError> {
        let mut out = El::new("track");
        if !t.name.is_empty() {
            out = out.attr("MZ.TrackName", track_name(s, t));
        }
        if t.kind == TrackKind::Audio {
            // one stereo track, not a pair of mono ones
            out = out.attr("currentExplodedTrackIndex", 0).attr("totalExplodedTrackCount", 1).attr("premiereTrackType", "Stereo");
        }
        let all = pieces(t);
        for (i, p) in all.iter().enumerate() {
            let joined = |p: Option<&Piece<'_>>| match p {
                Some(Piece::Join(Transition { before, after, .. })) => Some((*before, *after)),
                Some(Piece::FadeIn(n)) => Some((0, *n)),
                Some(Piece::FadeOut(n)) => Some((*n, 0)),
                _ => None,
            };
            match p {
                Piece::Gap(_) => {}
                Piece::Clip(c) => {
                    let before = joined(i.checked_sub(1).and_then(|i| all.get(i)));
                    let after = joined(all.get(i + 1));
                    out.push(self.clip(s, t.kind, c, (before, after), spots, links)?);
                }
                other => {
                    let cut = match other {
                        Piece::FadeIn(_) => all.get(i + 1).and_then(|p| if let Piece::Clip(c) = p { Some(c.start) } else { None }),
                        _ => i
                            .checked_sub(1)
                            .and_then(|i| all.get(i))
                            .and_then(|p| if let Piece::Clip(c) = p { Some(c.end()) } else { None }),
                    };
                    let (before, after) = joined(Some(other)).unwrap_or_default();
                    let cut = cut.unwrap_or(0);
                    if before != 0 && after != 0 && before != (before + after) / 2 {
                        self.losses.add(Grade::Approximated, place("", cut, s.frame_rate), "interchange-lost-cut-centred", "");
                    }
                    out.push(transition(t.kind, s.frame_rate, cut, before, after));
                }
            }
        }
        Ok(out.with(El::text("enabled", flag(!t.muted))).with(El::text("locked", "FALSE")))
    }

    fn clip(
        &mut self,
        s: &Sequence,
        kind: TrackKind,
        c: &Clip,
        (head, tail): (Edge, Edge),
        spots: &HashMap<ClipId, Spot>,
        links: &dyn Fn(&Clip) -> Vec<El>,
    ) -> Result<El, InterchangeError> {
        let project = self.project;
        let timeline = s.frame_rate;
        let Some((source_in, speed)) = c.content.source() else { return Err(InterchangeError::NothingToWrite) };
        let media = project.media_of(&c.content).cloned();
        let nest = c.nested().and_then(|id| project.sequence_of(id)).cloned();
        let still = media.as_deref().is_some_and(is_still);
        let (length, own) = match (&media, &nest) {
            (Some(m), _) => (m.info.duration, media_rate(m, timeline)),
            (None, Some(n)) => (n.duration_time(), n.frame_rate),
            (None, None) => return Err(InterchangeError::NothingToWrite),
        };
        let name = match (&media, &nest) {
            (_, Some(n)) if c.name.is_empty() => n.name.clone(),
            (m, _) => clip_name(c, m.as_deref()).to_owned(),
        };
        // a transition's far edge is where in and out count to
        let (ahead, beyond) = (head.map_or(0, |h| h.0), tail.map_or(0, |t| t.1));
        let first = if still { Time::ZERO } else { c.source_at(c.start - ahead, timeline).unwrap_or(source_in) };
        let point = in_point(first, speed, length, own);
        let from = point.to_frames(timeline, Rounding::Floor);
        let until = from + ahead + c.duration + beyond;
        let last = if speed.is_freeze() || still { first } else { c.source_at(c.end() + beyond, timeline).unwrap_or(first) };
        let id = spots.get(&c.id).map_or_else(String::new, |s| s.id.clone());
        let mut out = El::new("clipitem").attr("id", id);
        if kind == TrackKind::Audio {
            out = out.attr("premiereChannelType", "stereo");
        }
        let retimed = if speed.is_normal() || speed.is_freeze() {
            length
        } else {
            length.scale(i64::from(speed.1), i64::from(speed.0.unsigned_abs()))
        };
        out = out
            .with(El::text("name", name))
            .with(El::text("enabled", flag(c.enabled)))
            .with(El::text("duration", retimed.to_frames(timeline, Rounding::Ceil).max(until)))
            .with(file::rate(timeline))
            .with(El::text("start", if head.is_some() { -1 } else { c.start }))
            .with(El::text("end", if tail.is_some() { -1 } else { c.end() }))
            .with(El::text("in", from))
            .with(El::text("out", until))
            .with(El::text("pproTicksIn", ticks(first)))
            .with(El::text("pproTicksOut", ticks(last)));
        if speed.is_freeze() {
            out.push(El::text("stillframe", "TRUE"));
        }
        if let (Some(m), Some(media_id)) = (&media, c.media()) {
            let id = format!("file-{}", media_id.0);
            out.push(if self.files.insert(media_id) {
                file::file(m, &id, timeline, &self.flavour)
            } else {
                El::new("file").attr("id", id)
            });
        }
        if let Some(n) = &nest {
            out.push(if self.sequences.contains(&n.id) {
                El::new("sequence").attr("id", sequence_id(n.id))
            } else {
                self.sequence(n, &n.name)?
            });
        }
        if kind == TrackKind::Video {
            if let Some(mode) = filters::composite_mode(c.transform.blend) {
                out.push(El::text("compositemode", mode));
            }
            let size = match (&media, &nest) {
                (Some(m), _) => m.info.video.as_ref().map(|v| v.display_size()),
                (_, Some(n)) => Some((n.width, n.height)),
                _ => None,
            };
            out = out.with_if(filters::speed(speed, "video")).with_all(filters::picture(
                c,
                fitted(size, (s.width, s.height)),
                (s.width, s.height),
            ));
        } else {
            let track = El::new("sourcetrack").with(El::text("mediatype", "audio")).with(El::text("trackindex", 1));
            out = out.with(track).with_if(filters::speed(speed, "audio")).with_all(filters::sound(c));
        }
        Ok(out.with_all(links(c)))
    }
}

/// The factor that fits a source into a frame.
pub(super) fn fitted(source: Option<(u32, u32)>, frame: (u32, u32)) -> f64 {
    let Some((w, h)) = source else { return 1.0 };
    (f64::from(frame.0) / f64::from(w.max(1))).min(f64::from(frame.1) / f64::from(h.max(1)))
}

/// The in point in the time of the retimed clip: source over speed; backwards, counted from the source's end, where the frame
/// that is shown first begins to show.
pub(super) fn in_point(first: Time, speed: crate::model::Speed, length: Time, own: FrameRate) -> Time {
    let (num, den) = (i64::from(speed.0), i64::from(speed.1));
    match num {
        0 => first,
        1.. => first.scale(den, num),
        _ => (length - first - own.frame_duration()).scale(den, -num),
    }
}

fn sequence_id(id: SequenceId) -> String {
    format!("sequence-{}", id.0)
}

fn link(spot: &Spot) -> El {
    El::new("link")
        .with(El::text("linkclipref", &spot.id))
        .with(El::text("mediatype", if spot.kind == TrackKind::Video { "video" } else { "audio" }))
        .with(El::text("trackindex", spot.track))
        .with(El::text("clipindex", spot.place))
        .with_if((spot.kind == TrackKind::Audio).then(|| El::text("groupindex", 1)))
}

fn transition(kind: TrackKind, rate: FrameRate, cut: i64, before: i64, after: i64) -> El {
    let alignment = match (before, after) {
        (0, _) => "start-black",
        (_, 0) => "end-black",
        _ => "center",
    };
    let (name, id, media) = match kind {
        TrackKind::Video => ("Cross Dissolve", "Cross Dissolve", "video"),
        // of equal power, as ours is
        TrackKind::Audio => ("Cross Fade (+3dB)", "KGAudioTransCrossFade3dB", "audio"),
    };
    let effect = El::new("effect")
        .with(El::text("name", name))
        .with(El::text("effectid", id))
        .with(El::text("effectcategory", "Dissolve"))
        .with(El::text("effecttype", "transition"))
        .with(El::text("mediatype", media))
        .with(El::text("wipecode", 0))
        .with(El::text("wipeaccuracy", 100))
        .with(El::text("startratio", 0))
        .with(El::text("endratio", 1))
        .with(El::text("reverse", "FALSE"));
    El::new("transitionitem")
        .with(El::text("start", cut - before))
        .with(El::text("end", cut + after))
        .with(El::text("alignment", alignment))
        // counted from the transition's start (Premiere's own files)
        .with(El::text("cutPointTicks", ticks(Time::from_frames(before, rate))))
        .with(file::rate(rate))
        .with(effect)
}
