//! From any timeline to one that a format can hold whole, with a line in the report for each thing that changes.
//!
//! Writers get what this makes and lose nothing of it; so what reads back must equal it, and the report is complete by the
//! way it is made.

mod links;

use super::{
    Format, WriteOptions,
    build::place,
    carries::{Carries, Grid},
    losses::{Grade, Losses, Place},
    pieces::{clip_name, clip_place, fade_stands_free, is_still, media_start_time, track_name},
    rate::on_grid,
    speed::{list_speed, reduced},
};
use crate::{
    base::{ClipId, ColorTags, Rounding, SequenceId, Time, format_timecode, parse_timecode, words::tr_args},
    model::{
        Clip, ClipContent, Fit, Keyframes, Project, Rendition, Sequence, Speed, Track, TrackKind, Transform, Transition, TransitionKind,
    },
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// A timeline that the format holds whole, and what it cost.
pub(super) fn reduce(project: &Project, format: Format, options: &WriteOptions) -> (Project, Losses) {
    let flavour = options.target.flavour();
    let joins = project.sequences().flat_map(|s| &s.tracks).flat_map(|t| &t.transitions);
    let joined = joins.flat_map(|x| [x.left, x.right]).collect();
    let mut r = Reducer { project, carries: format.carries(&flavour), losses: Losses::default(), made: BTreeMap::new(), joined };
    let mut sequence = r.sequence(&project.sequence);
    let start = options.start.as_deref().and_then(|t| parse_timecode(t, sequence.frame_rate).ok());
    let hour = if sequence.drop_frame { "01:00:00;00" } else { "01:00:00:00" };
    match start {
        Some(frame) => sequence.start_timecode = frame.max(0),
        None if sequence.start_timecode == 0 && flavour.hour_start && format != Format::Csv => {
            sequence.start_timecode = parse_timecode(hour, sequence.frame_rate).unwrap_or(0);
            r.approximate(Place::Timeline, "interchange-lost-start", hour);
        }
        None => {}
    }
    sequence.start_timecode = sequence.start_timecode.max(0);
    let sequences = std::iter::once(&sequence).chain(r.made.values().map(|s| &**s));
    let shown: HashSet<_> = sequences.flat_map(|s| &s.tracks).flat_map(|t| &t.clips).filter_map(|c| c.media()).collect();
    let mut media = BTreeMap::new();
    for (id, m) in &project.media {
        if shown.contains(id) {
            if m.usable(Rendition::Upscaled).is_some() {
                r.losses.add(Grade::Approximated, Place::Media(m.name.clone()), "interchange-lost-upscaled", "");
            }
            media.insert(*id, m.clone());
        }
    }
    let reduced = Project { name: project.name.clone(), media, folders: Vec::new(), sequence: Arc::new(sequence), others: r.made };
    (reduced, r.losses)
}

/// Where something is lost: made only where it is.
type At<'a> = &'a dyn Fn() -> Place;

struct Reducer<'a> {
    project: &'a Project,
    carries: Carries,
    losses: Losses,
    made: BTreeMap<SequenceId, Arc<Sequence>>,
    /// Clips with a transition at either end.
    joined: HashSet<ClipId>,
}

impl Reducer<'_> {
    fn approximate(&mut self, place: Place, key: &'static str, detail: impl Into<String>) {
        self.losses.add(Grade::Approximated, place, key, detail);
    }
    fn dropped(&mut self, place: Place, key: &'static str, detail: impl Into<String>) {
        self.losses.add(Grade::Dropped, place, key, detail);
    }
    /// What the format has no place for; true where it is to be taken out.
    fn lost(&mut self, place: Place, key: &'static str) -> bool {
        if self.carries.keeps_rest {
            // the same words, as a warning that others will not see it
            self.losses.add(Grade::Approximated, place, "interchange-private", crate::base::words::tr(key));
            false
        } else {
            self.dropped(place, key, "");
            true
        }
    }

    fn sequence(&mut self, s: &Arc<Sequence>) -> Sequence {
        let carries = self.carries;
        let mut out = Sequence::clone(s);
        if s.drop_frame && !carries.drop_frame {
            self.approximate(Place::Timeline, "interchange-lost-drop-frame", "");
            out.drop_frame = carries.keeps_rest && out.drop_frame;
        }
        if !carries.size && !self.lost_quietly() {
            self.approximate(Place::Timeline, "interchange-lost-size", format!("{}×{}", s.width, s.height));
        }
        if !carries.size && !carries.keeps_rest {
            // what a reader takes where nothing is said
            (out.width, out.height) = (1920, 1080);
        }
        if s.color != ColorTags::BT709 && !carries.color && self.lost(Place::Timeline, "interchange-lost-color") {
            out.color = ColorTags::BT709;
        }
        let solo = s.audio_tracks().any(|t| t.solo);
        let mut audio = 0;
        out.tracks.clear();
        // picture from bottom to top, then sound: the order that all formats have
        for t in s.video_tracks().chain(s.audio_tracks()) {
            if t.kind == TrackKind::Audio {
                audio += 1;
                if audio > carries.audio_tracks {
                    self.dropped(Place::Track(track_name(s, t)), "interchange-lost-track", "");
                    continue;
                }
            }
            let reduced = self.track(s, t, solo);
            out.tracks.push(Arc::new(reduced));
        }
        self.links(&mut out);
        self.captions(&mut out);
        if !carries.markers && !s.markers.is_empty() {
            for m in &s.markers {
                let place = Place::Marker { name: m.name.clone(), at: s.timecode(m.frame) };
                if self.lost(place, "interchange-lost-marker") {
                    out.markers.clear();
                }
            }
        }
        for m in &mut out.markers {
            let place = Place::Marker { name: m.name.clone(), at: format_timecode(m.frame, s.frame_rate, false) };
            if m.color != 0 && !carries.marker_colors && self.lost(place.clone(), "interchange-lost-marker-color") {
                m.color = 0;
            }
            if !m.note.is_empty() && !carries.marker_notes && self.lost(place.clone(), "interchange-lost-marker-note") {
                m.note.clear();
            }
            if !carries.keeps_rest {
                // colours past the list's end start over
                m.color %= super::colors::COUNT;
            }
            if m.duration == 1 && carries.markers_last_a_frame {
                // there a marker without length is one frame long
                m.duration = 0;
            }
            if m.duration != 0 && !carries.marker_lengths && self.lost(place, "interchange-lost-marker-length") {
                m.duration = 0;
            }
        }
        out
    }

    fn captions(&mut self, s: &mut Sequence) {
        let count = s.captions.len();
        if count == 0 {
            s.burn_captions = false;
            s.caption_language.clear();
            return;
        }
        if self.carries.keeps_rest {
            let what = tr_args("interchange-lost-captions", &[("detail", count.into())]);
            self.losses.add(Grade::Approximated, Place::Timeline, "interchange-private", what);
            return;
        }
        if !self.carries.captions {
            self.dropped(Place::Timeline, "interchange-lost-captions", count.to_string());
            s.captions.clear();
            s.caption_language.clear();
        } else {
            if s.burn_captions {
                self.approximate(Place::Timeline, "interchange-lost-captions-burn", "");
            }
            if s.caption_language.is_empty() {
                // the formats with captions demand one, and it is what their programs take without
                s.caption_language = "en".into();
                self.approximate(Place::Timeline, "interchange-lost-caption-language", "en");
            }
        }
        s.burn_captions = false;
    }

    /// Lists for people have no picture size, and nobody misses it.
    fn lost_quietly(&self) -> bool {
        self.carries.audio_tracks != usize::MAX || self.carries.solids
    }

    fn track(&mut self, s: &Sequence, t: &Track, solo: bool) -> Track {
        let carries = self.carries;
        let name = track_name(s, t);
        let place = || Place::Track(name.clone());
        let mut out = Track::new(t.id, t.kind);
        (out.name, out.muted, out.solo, out.locked, out.gain_db) = (t.name.clone(), t.muted, t.solo, t.locked, t.gain_db);
        if !t.name.is_empty() && !carries.track_names && self.lost(place(), "interchange-lost-track-name") {
            out.name.clear();
        }
        let mut silenced = false;
        if !carries.keeps_rest {
            out.locked = false;
            let soloed_out = solo && t.kind == TrackKind::Audio && !t.solo;
            if solo && t.kind == TrackKind::Audio {
                self.approximate(place(), "interchange-lost-solo", "");
            }
            out.solo = false;
            out.muted = t.muted || soloed_out;
            if out.muted && !carries.muted {
                self.approximate(place(), "interchange-lost-muted", "");
                out.muted = false;
                silenced = true;
            }
        } else if t.solo {
            self.lost(place(), "interchange-lost-solo-only");
        }
        let mut fold_db = 0.0;
        if t.gain_db != 0.0 {
            if carries.keeps_rest {
                self.lost(place(), "interchange-lost-gain");
            } else if carries.gain {
                self.approximate(place(), "interchange-lost-track-gain", "");
                (fold_db, out.gain_db) = (t.gain_db, 0.0);
            } else {
                self.dropped(place(), "interchange-lost-gain", "");
                out.gain_db = 0.0;
            }
        }
        let mut kept: HashMap<ClipId, usize> = HashMap::new();
        for (i, c) in t.clips.iter().enumerate() {
            let free = fade_stands_free(t, i);
            if let Some(mut c) = self.clip(s, t, c, free) {
                if silenced && !carries.disabled {
                    continue;
                }
                c.enabled &= !silenced;
                if fold_db != 0.0 && t.kind == TrackKind::Audio {
                    c.gain_db += fold_db;
                }
                if c.gain_db > carries.most_gain_db {
                    self.approximate(clip_place(s, &c, self.project), "interchange-lost-loud", format!("{} dB", carries.most_gain_db));
                    c.gain_db = carries.most_gain_db;
                }
                kept.insert(c.id, out.clips.len());
                out.clips.push(Arc::new(c));
            }
        }
        for x in &t.transitions {
            let (Some(l), Some(r)) = (kept.get(&x.left).copied(), kept.get(&x.right).copied()) else { continue };
            self.transition(s, &mut out, *x, (l, r));
        }
        out
    }

    fn transition(&mut self, s: &Sequence, out: &mut Track, mut x: Transition, (l, r): (usize, usize)) {
        let name = clip_name(&out.clips[r], self.project.media_of(&out.clips[r].content).map(|m| &**m)).to_owned();
        let place = place(&name, out.clips[r].start, s.frame_rate);
        let fits = match x.kind {
            TransitionKind::CrossDissolve => true,
            // of sound all kinds are the same cross-fade
            _ if out.kind == TrackKind::Audio && !self.carries.keeps_rest => {
                x.kind = TransitionKind::CrossDissolve;
                true
            }
            TransitionKind::DipToColor { color } => {
                if self.carries.dips && color != [0.0, 0.0, 0.0, 1.0] {
                    self.approximate(place.clone(), "interchange-lost-dip-color", "");
                    x.kind = TransitionKind::DipToColor { color: [0.0, 0.0, 0.0, 1.0] };
                }
                self.carries.dips
            }
            TransitionKind::Wipe { .. } | TransitionKind::Slide { .. } => false,
        };
        if !fits {
            self.approximate(place.clone(), "interchange-lost-transition-kind", "");
            if !self.carries.keeps_rest {
                x.kind = TransitionKind::CrossDissolve;
            }
        }
        if self.carries.dissolves_after_cut && x.before > 0 {
            // the same pictures: the incoming clip begins where the mix does
            let by = x.before;
            if out.clips[l].duration <= by {
                self.dropped(place, "interchange-lost-transition", "");
                return;
            }
            let right = Arc::make_mut(&mut out.clips[r]);
            let moved = super::build::lengthen_start(right, by, s.frame_rate);
            let back = right.start;
            self.on_list_grid(&|| place.clone(), right, s);
            Arc::make_mut(&mut out.clips[l]).duration = back - out.clips[l].start;
            if moved < by {
                self.approximate(place, "interchange-lost-transition-shorter", "");
            } else {
                self.approximate(place, "interchange-lost-cut-moved", "");
            }
            (x.before, x.after) = (0, x.after + moved);
            if x.after == 0 {
                return;
            }
        }
        out.transitions.push(x);
    }

    /// The clip as the format holds it; None where it has no place there.
    fn clip(&mut self, s: &Sequence, t: &Track, c: &Arc<Clip>, free: (bool, bool)) -> Option<Clip> {
        let carries = self.carries;
        let original = c;
        let project = self.project;
        let at = || clip_place(s, original, project);
        let gone = match &c.content {
            ClipContent::Title(_) => (!carries.titles).then_some("interchange-lost-title"),
            ClipContent::Solid { .. } => (!carries.solids).then_some("interchange-lost-solid"),
            ClipContent::Adjustment => Some("interchange-lost-adjustment"),
            ClipContent::Sequence { .. } => (!carries.nested).then_some("interchange-lost-nested"),
            ClipContent::Media { .. } => None,
        };
        if let Some(key) = gone
            && self.lost(at(), key)
        {
            return None;
        }
        if !c.enabled && !carries.disabled && self.lost(at(), "interchange-lost-disabled") {
            return None;
        }
        let mut c = Clip::clone(c);
        if c.content.source().is_none() && carries.titles && !carries.keeps_rest && matches!(c.content, ClipContent::Title(_)) {
            self.approximate(at(), "interchange-lost-title-look", "");
        }
        if let ClipContent::Sequence { sequence, .. } = c.content
            && let Some(inner) = self.project.sequence_of(sequence).cloned()
            && !self.made.contains_key(&sequence)
        {
            // a sound document shows no sequence inside itself
            let reduced = self.sequence(&inner);
            self.made.insert(sequence, Arc::new(reduced));
        }
        if !c.effects.is_empty() && self.lost(at(), "interchange-lost-effects") {
            c.effects.clear();
        }
        if c.stabilize.is_some() && self.lost(at(), "interchange-lost-stabilize") {
            c.stabilize = None;
        }
        if !c.keyframes.is_empty() && self.lost(at(), "interchange-lost-keyframes") {
            c.transform = c.keyframes.transform(&c.transform, 0);
            c.gain_db = c.keyframes.gain_db.at(0).unwrap_or(c.gain_db);
            c.keyframes = Keyframes::default();
        }
        if t.kind == TrackKind::Video {
            self.picture(&at, &mut c, s);
        } else if !carries.keeps_rest {
            c.transform = Transform::default();
        }
        self.sound(&at, &mut c, t.kind);
        let both = if free.0 { 0 } else { c.fade_in } + if free.1 { 0 } else { c.fade_out };
        if (c.fade_in != 0 || c.fade_out != 0) && (!carries.fades || both != 0) && self.lost(at(), "interchange-lost-fade") {
            c.fade_in = if carries.fades && free.0 { c.fade_in } else { 0 };
            c.fade_out = if carries.fades && free.1 { c.fade_out } else { 0 };
        }
        if c.group.is_some() && self.lost(Place::Timeline, "interchange-lost-group") {
            c.group = None;
        }
        self.source(&at, &mut c, s);
        Some(c)
    }

    fn picture(&mut self, at: At<'_>, c: &mut Clip, s: &Sequence) {
        let carries = self.carries;
        let usual = Transform::default();
        let moved = c.transform.position != usual.position || c.transform.scale != usual.scale || c.transform.rotation != usual.rotation;
        if moved && !carries.placement && self.lost(at(), "interchange-lost-placement") {
            (c.transform.position, c.transform.scale, c.transform.rotation) = (usual.position, usual.scale, usual.rotation);
        }
        if c.transform.crop != usual.crop && !carries.crop && self.lost(at(), "interchange-lost-crop") {
            c.transform.crop = usual.crop;
        }
        if c.transform.opacity != usual.opacity && !carries.opacity && self.lost(at(), "interchange-lost-opacity") {
            c.transform.opacity = usual.opacity;
        }
        if c.transform.blend != usual.blend && !carries.blend && self.lost(at(), "interchange-lost-blend") {
            c.transform.blend = usual.blend;
        }
        if c.transform.fit != Fit::Fit && !carries.fit {
            if carries.placement {
                // the same picture, said as a scale
                c.transform.scale *= fit_as_scale(self.project, c, s);
                c.transform.fit = Fit::Fit;
            } else if self.lost(at(), "interchange-lost-fit") {
                c.transform.fit = Fit::Fit;
            }
        }
    }

    fn sound(&mut self, at: At<'_>, c: &mut Clip, kind: TrackKind) {
        let carries = self.carries;
        if kind == TrackKind::Video && !carries.keeps_rest {
            // a picture makes no sound here
            (c.gain_db, c.pan) = (0.0, 0.0);
        }
        if c.gain_db != 0.0 && !carries.gain && self.lost(at(), "interchange-lost-gain") {
            c.gain_db = 0.0;
        }
        if c.pan != 0.0 && !carries.pan && self.lost(at(), "interchange-lost-pan") {
            c.pan = 0.0;
        }
    }

    /// Source point and speed as the format can say them.
    fn source(&mut self, at: At<'_>, c: &mut Clip, s: &Sequence) {
        let media = self.project.media_of(&c.content).cloned();
        let start = media.as_deref().map_or(Time::ZERO, |m| media_start_time(m, s.frame_rate));
        let still = media.as_deref().is_some_and(is_still);
        let carries = self.carries;
        let nest_rate = c.nested().and_then(|id| self.project.sequence_of(id)).map(|n| n.frame_rate);
        let Some((source_in, speed)) = c.content.source_mut() else { return };
        if still && !carries.keeps_rest {
            // one picture is the same at any point and speed
            (*source_in, *speed) = (Time::ZERO, Speed::NORMAL);
        }
        *speed = reduced(*speed);
        if carries.speed_in_millifps && !speed.is_normal() {
            let said = list_speed(*speed, s.frame_rate);
            if said != Some(*speed) {
                *speed = said.unwrap_or(*speed);
                self.losses.add(Grade::Approximated, at(), "interchange-lost-speed-rounded", "");
            }
        }
        if carries.retimed_on_frames && !speed.is_normal() && !still {
            let rate = match &media {
                Some(m) => super::pieces::media_rate(m, s.frame_rate),
                None => nest_rate.unwrap_or(s.frame_rate),
            };
            if on_grid(*source_in + start, rate).is_none() {
                *source_in = (Time::from_frames((*source_in + start).to_frames(rate, Rounding::Floor), rate) - start).max(Time::ZERO);
                self.losses.add(Grade::Approximated, at(), "interchange-lost-source-rounded", "");
            }
        }
        if !still {
            self.on_list_grid(at, c, s);
        }
    }

    /// Puts the source point on a frame of the timeline where the format counts in those.
    fn on_list_grid(&mut self, place: At<'_>, c: &mut Clip, s: &Sequence) {
        if self.carries.source_grid != Grid::Timeline {
            return;
        }
        let start = self.project.media_of(&c.content).map_or(Time::ZERO, |m| media_start_time(m, s.frame_rate));
        let Some((source_in, _)) = c.content.source_mut() else { return };
        let at = *source_in + start;
        if on_grid(at, s.frame_rate).is_some() {
            return;
        }
        let frame = at.to_frames(s.frame_rate, Rounding::Floor);
        let down = Time::from_frames(frame, s.frame_rate) - start;
        *source_in = if down < Time::ZERO { Time::from_frames(frame + 1, s.frame_rate) - start } else { down };
        self.losses.add(Grade::Approximated, place(), "interchange-lost-source-rounded", "");
    }
}

/// The picture's scale that a fit amounts to, over that of [`Fit::Fit`].
pub(super) fn fit_as_scale(project: &Project, c: &Clip, s: &Sequence) -> f32 {
    let size = match &c.content {
        ClipContent::Media { media, .. } => project.media.get(media).and_then(|m| m.info.video.as_ref()).map(|v| v.display_size()),
        ClipContent::Sequence { sequence, .. } => project.sequence_of(*sequence).map(|n| (n.width, n.height)),
        _ => None,
    };
    let Some((w, h)) = size else { return 1.0 };
    let (x, y) = (f64::from(s.width) / f64::from(w.max(1)), f64::from(s.height) / f64::from(h.max(1)));
    let fitted = x.min(y);
    let wanted = match c.transform.fit {
        Fit::Fit => fitted,
        Fit::Fill => x.max(y),
        Fit::None => 1.0,
    };
    (wanted / fitted) as f32
}
