//! A document as FCPXML. The lowest video track is the storyline; what lies above and all sound hang on it.

use super::{
    AUDIO_CROSSFADE, BASIC_TITLE, DISSOLVE, FADE_TO_COLOR, OUR_ROLE,
    parts::{Item, Pairs, Timing, caption, color_loss, gap, item_at, nudge, pairs, retime, src_frame_rate},
    resources::{Resources, nest_name},
};
use crate::{
    base::{FrameRate, Time},
    interchange::{
        FCPXML_VERSIONS, InterchangeError, WriteOptions,
        losses::{Grade, Losses},
        pieces::{Piece, clip_name, is_still, media_rate, media_start_time, pieces},
        target::{Flavour, Target},
        xml::{self, El},
    },
    model::{
        Clip, ClipContent, Fit, Media, Project, Sequence, Speed, TextAlign, Title, Track, TrackKind, Transform, Transition, TransitionKind,
    },
};
use std::sync::Arc;

/// The file's bytes.
///
/// # Errors
/// A version that is not written.
pub(in crate::interchange) fn write(project: &Project, options: &WriteOptions) -> Result<(Vec<u8>, Losses), InterchangeError> {
    let flavour = options.target.flavour();
    let version = options.fcpxml_version.unwrap_or(flavour.fcpxml_version);
    if !FCPXML_VERSIONS.contains(&version) {
        return Err(InterchangeError::NotRead { what: format!("FCPXML 1.{version}") });
    }
    let mut w =
        Writer { project, flavour, resolve: options.target == Target::Resolve, resources: Resources::default(), losses: Losses::default() };
    let s = &project.sequence;
    color_loss(project, &mut w.losses);
    let sequence = w.sequence(s)?;
    let name = if s.name.is_empty() { &project.name } else { &s.name };
    let film = El::new("project").attr("name", name).with(sequence);
    let library = El::new("library").with(El::new("event").attr("name", &project.name).with(film));
    let root = El::new("fcpxml").attr("version", format!("1.{version}")).with(w.resources.into_element()).with(library);
    Ok((xml::document(&root), w.losses))
}

struct Writer<'a> {
    project: &'a Project,
    flavour: Flavour,
    resolve: bool,
    resources: Resources,
    losses: Losses,
}

/// A clip in the making: its element and its own time at its first frame.
struct Made {
    element: El,
    local: Time,
}

impl Writer<'_> {
    fn sequence(&mut self, s: &Sequence) -> Result<El, InterchangeError> {
        let rate = s.frame_rate;
        let format = self.resources.format((s.width, s.height), Some(rate), s.color);
        let at = |frame: i64| Time::from_frames(frame, rate);
        let (pairs, merged) = pairs(s);
        let last_marker = s.markers.iter().map(|m| m.frame + m.duration.max(1)).max().unwrap_or(0);
        let last_caption = s.captions.last().map_or(0, |c| c.end());
        let total = s.duration().max(last_marker).max(last_caption).max(1);
        let video: Vec<_> = s.video_tracks().cloned().collect();
        let mut items: Vec<Item> = Vec::new();
        let mut filled = 0;
        // transitions stand between items, but nothing hangs on them
        let mut joins: Vec<(usize, El)> = Vec::new();
        if let Some(first) = video.first() {
            for p in pieces(first) {
                match p {
                    Piece::Gap(n) => {
                        items.push(gap(s, filled, n));
                        filled += n;
                    }
                    Piece::Clip(c) => {
                        let made = self.clip(s, TrackKind::Video, c, pairs.get(&c.id), 0)?;
                        let element = made.element.attr("offset", at(c.start + s.start_timecode));
                        filled = c.end();
                        let (anchored, markers) = (Vec::new(), Vec::new());
                        items.push(Item { start: c.start, duration: c.duration, local: made.local, element, anchored, markers });
                    }
                    other => {
                        let element = self.join(TrackKind::Video, other, filled + s.start_timecode, rate);
                        joins.push((items.len(), element));
                    }
                }
            }
        }
        if filled < total {
            items.push(gap(s, filled, total - filled));
        }
        for (i, t) in video.iter().enumerate().skip(1) {
            self.connected(s, t, i as i64, 0, &pairs, &|_| false, &mut items)?;
        }
        for (i, t) in s.audio_tracks().enumerate() {
            self.connected(s, t, -(i as i64) - 1, i + 1, &Pairs::new(), &|c| merged.contains(&c.id), &mut items)?;
        }
        for m in &s.markers {
            let Some(item) = item_at(&mut items, m.frame) else { continue };
            let start = item.local + at(m.frame - item.start);
            let element = El::new("marker")
                .attr("start", start)
                .attr("duration", at(m.duration.max(1)))
                .attr("value", &m.name)
                .attr_if("note", (!m.note.is_empty()).then_some(&m.note));
            item.markers.push(element);
        }
        for c in &s.captions {
            let Some(item) = item_at(&mut items, c.start) else { continue };
            let offset = item.local + at(c.start - item.start);
            item.anchored.push(caption(&mut self.resources, c, &s.caption_language, offset, at(c.duration)));
        }
        let mut spine = El::new("spine");
        let mut joins = joins.into_iter().peekable();
        for (i, item) in items.into_iter().enumerate() {
            while let Some((_, j)) = joins.next_if(|(before, _)| *before == i) {
                spine.push(j);
            }
            spine.push(item.element.with_all(item.anchored).with_all(item.markers));
        }
        joins.for_each(|(_, j)| spine.push(j));
        Ok(El::new("sequence")
            .attr("format", format)
            .attr("duration", at(total))
            .attr("tcStart", at(s.start_timecode))
            .attr("tcFormat", if s.drop_frame { "DF" } else { "NDF" })
            .attr("audioLayout", "stereo")
            .attr("audioRate", "48k")
            .with(spine))
    }

    /// The clips of another track, hung on the storyline: those that stand alone one by one, those that meet in a storyline
    /// of their own, which is where they may have transitions.
    #[allow(clippy::too_many_arguments)] // a track, and where it goes
    fn connected(
        &mut self,
        s: &Sequence,
        t: &Track,
        lane: i64,
        role: usize,
        pairs: &Pairs,
        skip: &dyn Fn(&Clip) -> bool,
        items: &mut [Item],
    ) -> Result<(), InterchangeError> {
        let rate = s.frame_rate;
        let at = |frame: i64| Time::from_frames(frame, rate);
        let mut run: Vec<(i64, Piece<'_>)> = Vec::new();
        let mut place = 0;
        let all = pieces(t);
        let end = Piece::Gap(0);
        for p in all.iter().chain(std::iter::once(&end)) {
            // fades of sound are set on its volume
            let fade = matches!(p, Piece::FadeIn(_) | Piece::FadeOut(_));
            if fade && t.kind == TrackKind::Audio {
                continue;
            }
            let breaks = match p {
                Piece::Gap(n) => Some(*n),
                Piece::Clip(c) if skip(c) => Some(c.duration),
                _ => None,
            };
            let Some(n) = breaks else {
                run.push((place, *p));
                if let Piece::Clip(c) = p {
                    place = c.end();
                }
                continue;
            };
            if let Some(element) = self.run(s, t.kind, &run, lane, role, pairs)? {
                let start = run.iter().find_map(|(_, p)| if let Piece::Clip(c) = p { Some(c.start) } else { None }).unwrap_or(0);
                if let Some(item) = item_at(items, start) {
                    let offset = item.local + at(start - item.start);
                    item.anchored.push(element.attr("offset", offset));
                }
            }
            run.clear();
            place += n;
        }
        Ok(())
    }

    /// The element of clips that touch each other, without its offset.
    fn run(
        &mut self,
        s: &Sequence,
        kind: TrackKind,
        run: &[(i64, Piece<'_>)],
        lane: i64,
        role: usize,
        pairs: &Pairs,
    ) -> Result<Option<El>, InterchangeError> {
        match run {
            [] => Ok(None),
            [(_, Piece::Clip(c))] => {
                let made = self.clip(s, kind, c, pairs.get(&c.id), role)?;
                Ok(Some(made.element.attr("lane", lane)))
            }
            _ => {
                let first = run.iter().find_map(|(_, p)| if let Piece::Clip(c) = p { Some(c.start) } else { None }).unwrap_or(0);
                let mut spine = El::new("spine").attr("lane", lane);
                for (place, p) in run {
                    match p {
                        Piece::Clip(c) => {
                            let made = self.clip(s, kind, c, pairs.get(&c.id), role)?;
                            spine.push(made.element.attr("offset", Time::from_frames(c.start - first, s.frame_rate)));
                        }
                        other => {
                            // a fade before the first clip stands at its start
                            let place = (*place).max(first);
                            spine.push(self.join(kind, *other, place - first, s.frame_rate));
                        }
                    }
                }
                Ok(Some(spine))
            }
        }
    }

    /// A transition around the frame `cut` of its storyline.
    fn join(&mut self, kind: TrackKind, p: Piece<'_>, cut: i64, rate: FrameRate) -> El {
        let (before, after, how) = match p {
            Piece::Join(Transition { before, after, kind, .. }) => (*before, *after, *kind),
            Piece::FadeIn(n) => (0, n, TransitionKind::CrossDissolve),
            Piece::FadeOut(n) => (n, 0, TransitionKind::CrossDissolve),
            Piece::Gap(_) | Piece::Clip(_) => (0, 0, TransitionKind::CrossDissolve),
        };
        let (effect, filter) = match (kind, how) {
            (TrackKind::Audio, _) => (AUDIO_CROSSFADE, "filter-audio"),
            (_, TransitionKind::DipToColor { .. }) => (FADE_TO_COLOR, "filter-video"),
            _ => (DISSOLVE, "filter-video"),
        };
        let r = self.resources.effect(effect);
        El::new("transition")
            .attr("name", effect.0)
            .attr("offset", Time::from_frames(cut - before, rate))
            .attr("duration", Time::from_frames(before + after, rate))
            .with(El::new(filter).attr("ref", r).attr("name", effect.0))
    }

    /// A clip; `role` is the number of its track where it is sound alone.
    fn clip(
        &mut self,
        s: &Sequence,
        kind: TrackKind,
        c: &Clip,
        pair: Option<&(Arc<Clip>, usize)>,
        role: usize,
    ) -> Result<Made, InterchangeError> {
        let project = self.project;
        let duration = Time::from_frames(c.duration, s.frame_rate);
        let enabled = (!c.enabled).then_some(0);
        match &c.content {
            ClipContent::Media { media: id, source_in, speed } => {
                let Some(m) = project.media.get(id) else { return Err(InterchangeError::NothingToWrite) };
                let r = self.resources.asset(*id, m, s.frame_rate);
                let name = clip_name(c, Some(m));
                if is_still(m) {
                    let element = El::new("video").attr("ref", r).attr("name", name).attr("start", Time::ZERO).attr("duration", duration);
                    let element = element.attr_if("enabled", enabled);
                    return Ok(Made {
                        element: self.picture(element, c, s, m.info.video.as_ref().map(|v| v.display_size())),
                        local: Time::ZERO,
                    });
                }
                let timing = self.timing(s, m, *source_in, *speed, duration);
                let enable = match kind {
                    TrackKind::Audio => m.info.video.is_some().then_some("audio"),
                    TrackKind::Video => (m.info.audio.is_some() && pair.is_none()).then_some("video"),
                };
                if enable.is_some() && self.resolve {
                    let place = crate::interchange::build::place(name, c.start, s.frame_rate);
                    self.losses.add(Grade::Approximated, place, "interchange-lost-src-enable", "");
                }
                let track = if kind == TrackKind::Audio { Some(role) } else { pair.map(|p| p.1) };
                let mut element = El::new("asset-clip")
                    .attr("ref", r)
                    .attr("name", name)
                    .attr("start", timing.local)
                    .attr("duration", duration)
                    .attr_if("enabled", enabled)
                    .attr_if("srcEnable", enable)
                    .attr_if("audioRole", track.map(|t| format!("{OUR_ROLE}{t}")))
                    .with_all(timing.elements);
                if kind == TrackKind::Video {
                    element = self.picture(element, c, s, m.info.video.as_ref().map(|v| v.display_size()));
                }
                let sound = if kind == TrackKind::Audio { Some(c) } else { pair.map(|p| &*p.0) };
                element = element.with_if(sound.and_then(|c| self.volume(c, s.frame_rate)));
                Ok(Made { element, local: timing.local })
            }
            ClipContent::Sequence { sequence, source_in, speed } => {
                let inner = project.sequence_of(*sequence).cloned().ok_or(InterchangeError::NothingToWrite)?;
                let r = self.nest(&inner)?;
                let name = if c.name.is_empty() { nest_name(&inner) } else { c.name.clone() };
                let base = Time::from_frames(inner.start_timecode, inner.frame_rate);
                let length = inner.duration_time().max(Time::from_frames(1, inner.frame_rate));
                let (elements, local) = retime(base, length, base + *source_in, *speed, duration);
                let mut element = El::new("ref-clip")
                    .attr("ref", r)
                    .attr("name", name)
                    .attr("start", local)
                    .attr("duration", duration)
                    .attr_if("enabled", enabled)
                    .attr("srcEnable", if kind == TrackKind::Video { "video" } else { "audio" })
                    .with_all(elements);
                if kind == TrackKind::Video {
                    element = self.picture(element, c, s, Some((inner.width, inner.height)));
                } else {
                    let role = El::new("audio-role-source").attr("role", format!("{OUR_ROLE}{role}"));
                    element = element.with_if(self.volume(c, s.frame_rate)).with(role);
                }
                Ok(Made { element, local })
            }
            ClipContent::Title(title) => {
                let r = self.resources.effect(BASIC_TITLE);
                let local = Time::from_secs(3600);
                let name = if c.name.is_empty() { title.text.lines().next().unwrap_or_default() } else { &c.name };
                let element = El::new("title")
                    .attr("ref", r)
                    .attr("name", name)
                    .attr("start", local)
                    .attr("duration", duration)
                    .attr_if("enabled", enabled)
                    .with_all(self.title(title));
                Ok(Made { element: self.picture(element, c, s, Some((s.width, s.height))), local })
            }
            ClipContent::Solid { .. } | ClipContent::Adjustment => Err(InterchangeError::NothingToWrite),
        }
    }

    fn nest(&mut self, inner: &Sequence) -> Result<String, InterchangeError> {
        if let Some(r) = self.resources.nests.get(&inner.id) {
            return Ok(r.clone());
        }
        let r = self.resources.id();
        self.resources.nests.insert(inner.id, r.clone());
        let inside = self.sequence(inner)?;
        self.resources.compound(&r, inner, inside);
        Ok(r)
    }

    fn title(&mut self, t: &Title) -> Vec<El> {
        let style = self.resources.style();
        let c = t.style.color;
        let align = match t.style.align {
            TextAlign::Left => "left",
            TextAlign::Center => "center",
            TextAlign::Right => "right",
        };
        let look = El::new("text-style")
            .attr("font", &t.style.family)
            // of a frame of 1080 lines, which titles are laid out in
            .attr("fontSize", (t.style.size * 1080.0).round())
            .attr("fontColor", format!("{} {} {} {}", c[0], c[1], c[2], c[3]))
            .attr_if("bold", (t.style.weight >= 600).then_some(1))
            .attr_if("italic", t.style.italic.then_some(1))
            .attr("alignment", align);
        vec![
            El::new("text").with(El::text("text-style", &t.text).attr("ref", &style)),
            El::new("text-style-def").attr("id", style).with(look),
        ]
    }

    /// How a picture is cut, fitted, placed and mixed, in the order that the DTD demands.
    fn picture(&self, element: El, c: &Clip, s: &Sequence, size: Option<(u32, u32)>) -> El {
        let (t, usual) = (&c.transform, Transform::default());
        let crop = (t.crop != usual.crop).then(|| {
            // hundredths of the picture's height, on all four sides
            let aspect = size.map_or(1.0, |(w, h)| w as f32 / h.max(1) as f32);
            let rect = El::new("trim-rect")
                .attr("left", t.crop.left * 100.0 * aspect)
                .attr("top", t.crop.top * 100.0)
                .attr("right", t.crop.right * 100.0 * aspect)
                .attr("bottom", t.crop.bottom * 100.0);
            El::new("adjust-crop").attr("mode", "trim").with(rect)
        });
        let fit = match t.fit {
            Fit::Fit => None,
            Fit::Fill => Some("fill"),
            Fit::None => Some("none"),
        };
        let placed = t.position != usual.position || t.scale != usual.scale || t.rotation != usual.rotation;
        let place = placed.then(|| {
            // hundredths of the frame's height, up; turns against the clock
            let unit = 100.0 / s.height.max(1) as f32;
            El::new("adjust-transform")
                .attr("position", format!("{} {}", t.position.0 * unit, -t.position.1 * unit))
                .attr("scale", format!("{} {}", t.scale, t.scale))
                .attr("rotation", -t.rotation)
        });
        let blend = (t.opacity != usual.opacity).then(|| El::new("adjust-blend").attr("amount", t.opacity));
        element.with_if(crop).with_if(fit.map(|f| El::new("adjust-conform").attr("type", f))).with_if(place).with_if(blend)
    }

    fn volume(&self, c: &Clip, rate: FrameRate) -> Option<El> {
        if c.gain_db == 0.0 && c.fade_in == 0 && c.fade_out == 0 {
            return None;
        }
        let unit = if self.flavour.fcpxml_db { "dB" } else { "" };
        let fade = |name, frames: i64| {
            (frames > 0).then(|| El::new(name).attr("type", "easeIn").attr("duration", Time::from_frames(frames, rate)))
        };
        let faded = c.fade_in > 0 || c.fade_out > 0;
        let param =
            faded.then(|| El::new("param").attr("name", "amount").with_if(fade("fadeIn", c.fade_in)).with_if(fade("fadeOut", c.fade_out)));
        Some(El::new("adjust-volume").attr("amount", format!("{}{unit}", c.gain_db)).with_if(param))
    }

    fn timing(&self, s: &Sequence, m: &Media, source_in: Time, speed: Speed, duration: Time) -> Timing {
        let base = media_start_time(m, s.frame_rate);
        let own = media_rate(m, s.frame_rate);
        let (mut elements, mut local) = retime(base, m.info.duration, base + source_in, speed, duration);
        if own != s.frame_rate && m.info.video.is_some() {
            let conform = El::new("conform-rate").attr("scaleEnabled", 0).attr_if("srcFrameRate", src_frame_rate(own));
            elements.insert(0, conform);
        }
        if self.flavour.ntsc_nudge && s.frame_rate.den() == 1001 && speed.is_normal() {
            local += nudge(own);
        }
        Timing { elements, local }
    }
}
