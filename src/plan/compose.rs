//! The picture of one frame: which clips show, where in their media, how they are placed and mixed.

use super::{
    Adjust, Affine2, Choice, FramePlan, Input, Layer, MediaRef, Source, Steady,
    choice::color_of,
    hash,
    place::{Canvas, cropped, place_canvas_picture, place_media},
    transition::{sides_of_slide, sides_of_wipe, slid},
};
use crate::{
    base::{FrameRate, Rounding, SequenceId, Time, VideoInfo},
    model::{CaptionStyle, Clip, ClipContent, EffectKind, Project, Sequence, Track, Transition, TransitionKind},
};
use std::sync::Arc;

/// How far past a frame's start the source is looked up, 1 µs in flicks.
///
/// Source points are rounded to half a flick and decoders stamp pictures in whole nanoseconds (up to 0.7 flick early or
/// late), so a point that should lie on a picture's first instant may fall just short of it. A microsecond is far above
/// both and far below any picture's duration.
const HAIR: Time = Time(706);

/// Sequences within sequences that are drawn; a sound document has no circles, and nobody nests deeper.
const MAX_DEPTH: u32 = 16;

/// Plan frame `frame` of the project's sequence, at 1/`divisor` of its size (preview quality: 1, 2, 4).
///
/// Video tracks from bottom to top; muted tracks and disabled clips are left out. A binary search per track: the cost
/// does not grow with what is off screen. Frames outside the timeline are empty plans, which draw black.
pub fn frame(project: &Project, frame: i64, divisor: u32) -> FramePlan {
    frame_by(project, frame, divisor, &Choice::default())
}

/// [`frame()`] with pictures from other files than those that are exported. Only where they come from differs.
pub fn frame_by(project: &Project, frame: i64, divisor: u32, choice: &Choice) -> FramePlan {
    plan(&Asked { project, divisor, choice }, &project.sequence, frame, MAX_DEPTH)
}

/// [`frame()`] of any sequence of the project.
pub fn frame_of(project: &Project, sequence: &Sequence, frame: i64, divisor: u32) -> FramePlan {
    plan(&Asked { project, divisor, choice: &Choice::default() }, sequence, frame, MAX_DEPTH)
}

fn plan(of: &Asked<'_>, s: &Sequence, frame: i64, depth: u32) -> FramePlan {
    let canvas = Canvas::new((s.width, s.height), of.divisor).larger(if of.divisor <= 1 { of.choice.larger } else { 1 });
    let at = Moment { of, frame, rate: s.frame_rate, canvas, depth };
    let mut layers: Vec<Layer> = s.video_tracks().filter(|t| !t.muted).flat_map(|t| at.layers(t)).collect();
    if s.burn_captions || (of.choice.captions && depth == MAX_DEPTH) {
        layers.extend(at.caption(s));
    }
    let mut plan = FramePlan { frame, width: canvas.size.0, height: canvas.size.1, color: s.color, layers, hash: 0 };
    plan.hash = hash::of_frame(&plan);
    plan
}

/// The transition under a frame and its progress.
struct Mixing<'a> {
    kind: TransitionKind,
    left: &'a Clip,
    right: &'a Clip,
    /// Progress at the middle of the frame, over 0 and below 1.
    progress: f32,
}

/// What is the same for a frame and the frames of sequences within it.
struct Asked<'a> {
    project: &'a Project,
    divisor: u32,
    choice: &'a Choice,
}

struct Moment<'a> {
    of: &'a Asked<'a>,
    frame: i64,
    rate: FrameRate,
    canvas: Canvas,
    /// How many more sequences may be entered.
    depth: u32,
}

impl Moment<'_> {
    /// What a track adds to the picture: its clip, or the two of a transition, as one layer; adjustments each as their own.
    fn layers(&self, track: &Track) -> Vec<Layer> {
        let Some(i) = track.clip_index_at(self.frame) else { return Vec::new() };
        let clip = &track.clips[i];
        let (inputs, adjusts) = match self.mixing(track, i) {
            Some(m) => {
                let sides = [(m.left, 1.0 - m.progress), (m.right, m.progress)];
                (self.mixed(track, &m), sides.map(|(c, share)| self.adjust(track, c, share)))
            }
            None => (self.input(track, clip, 1.0).into_iter().collect(), [self.adjust(track, clip, 1.0), None]),
        };
        let picture = (!inputs.is_empty()).then_some(Layer { inputs, blend: clip.transform.blend, adjust: None });
        let adjusts = adjusts.into_iter().flatten().map(|a| Layer { adjust: Some(a), ..Layer::default() });
        picture.into_iter().chain(adjusts).collect()
    }

    /// What an adjustment clip does; None for every other clip, and where it does nothing.
    fn adjust(&self, track: &Track, clip: &Clip, share: f32) -> Option<Adjust> {
        if !clip.enabled || !matches!(clip.content, ClipContent::Adjustment) {
            return None;
        }
        let weight = self.weight(track, clip, share)?;
        let effects = effects(clip);
        (!effects.is_empty()).then_some(Adjust { effects, weight })
    }

    /// Share × opacity × fade; None for nothing.
    fn weight(&self, track: &Track, clip: &Clip, share: f32) -> Option<f32> {
        let opacity = clip.transform_at(self.frame).opacity.clamp(0.0, 1.0);
        let weight = share * opacity * self.fade(track, clip);
        (weight > 0.0).then_some(weight)
    }

    /// The caption under this frame, over everything else.
    fn caption(&self, s: &Sequence) -> Option<Layer> {
        let caption = s.caption_at(self.frame).filter(|c| !c.text.trim().is_empty())?;
        let size = self.canvas.size;
        let crop = [0.0, 0.0, size.0 as f32, size.1 as f32];
        let source = Source::Title(caption.title(CaptionStyle::of(&s.caption_style)?, self.frame));
        let transform = Affine2::IDENTITY;
        let input = Input { source, transform, size, crop, weight: 1.0, mask: None, effects: Vec::new(), steady: None };
        Some(Layer { inputs: vec![input], ..Layer::default() })
    }

    /// The transition that covers this frame, which clip `i` of the track contains. A transition is no longer than its
    /// clips, so only those at the clip's own two ends can.
    fn mixing<'t>(&self, track: &'t Track, i: usize) -> Option<Mixing<'t>> {
        let covers = |left: usize| {
            let (l, r) = (track.clips.get(left)?, track.clips.get(left + 1)?);
            let x = track.transition_after(l.id).filter(|x| x.right == r.id)?;
            let done = self.frame.saturating_sub(r.start.saturating_sub(x.before));
            let progress = (done as f32 + 0.5) / x.duration().max(1) as f32;
            (0..x.duration()).contains(&done).then_some(Mixing { kind: x.kind, left: l, right: r, progress })
        };
        covers(i).or_else(|| covers(i.checked_sub(1)?))
    }

    fn mixed(&self, track: &Track, m: &Mixing<'_>) -> Vec<Input> {
        let p = m.progress;
        match m.kind {
            TransitionKind::CrossDissolve => {
                [self.input(track, m.left, 1.0 - p), self.input(track, m.right, p)].into_iter().flatten().collect()
            }
            TransitionKind::DipToColor { color } => {
                let (clip, share) = if p < 0.5 { (m.left, 1.0 - 2.0 * p) } else { (m.right, 2.0 * p - 1.0) };
                let (clip, color) = (self.input(track, clip, share), self.solid(color, 1.0 - share));
                if p < 0.5 { [clip, color] } else { [color, clip] }.into_iter().flatten().collect()
            }
            TransitionKind::Wipe { angle, softness } => {
                let masks = sides_of_wipe(self.canvas.size, angle, softness, p);
                let inputs = [m.left, m.right].map(|clip| self.input(track, clip, 1.0));
                inputs.into_iter().zip(masks).filter_map(|(i, mask)| Some(Input { mask: Some(mask), ..i? })).collect()
            }
            TransitionKind::Slide { from, push } => {
                let sides = sides_of_slide(self.canvas.size, from, push, p);
                let inputs = [m.left, m.right].map(|clip| self.input(track, clip, 1.0));
                inputs.into_iter().zip(sides).filter_map(|(i, side)| Some(slid(i?, side))).collect()
            }
        }
    }

    /// One clip as a layer's input with `share` of the layer; None where it shows nothing.
    fn input(&self, track: &Track, clip: &Clip, share: f32) -> Option<Input> {
        if !clip.enabled {
            return None;
        }
        let t = &clip.transform_at(self.frame);
        let weight = self.weight(track, clip, share)?;
        let placed = |source: Source, size: (u32, u32), transform: Affine2| {
            let crop = cropped(size, &t.crop)?;
            Some(Input { source, transform, size, crop, weight, mask: None, steady: None, effects: effects(clip) })
        };
        match &clip.content {
            ClipContent::Media { media, .. } => {
                let m = self.of.project.media.get(media)?;
                let video = m.info.video.as_ref()?;
                let size = video.display_size();
                let time = self.source_time(clip, video, m.info.duration)?;
                let rendition = self.of.choice.of(*media, m);
                let source = Source::Media(MediaRef { media: *media, time, color: color_of(m, rendition), rendition });
                let steady = clip.steadied().filter(|_| !video.still).map(|wish| Box::new(Steady { wish: *wish, warp: None }));
                Some(Input { steady, ..placed(source, size, place_media(self.canvas, size, t))? })
            }
            ClipContent::Sequence { sequence, .. } => {
                let (plan, size) = self.nested(clip, *sequence)?;
                placed(Source::Nested(plan), size, place_media(self.canvas, size, t))
            }
            ClipContent::Title(title) => placed(Source::Title(title.clone()), self.canvas.size, place_canvas_picture(self.canvas, t)),
            ClipContent::Solid { color } => Some(Input { effects: effects(clip), ..self.solid(*color, weight)? }),
            ClipContent::Adjustment => None,
        }
    }

    /// The plan of the nested sequence's frame that shows, and the sequence's size. None past its end, where it is empty.
    fn nested(&self, clip: &Clip, id: SequenceId) -> Option<(Arc<FramePlan>, (u32, u32))> {
        let s = self.of.project.sequence_of(id).filter(|_| self.depth > 0)?;
        let point = clip.source_at(self.frame, self.rate)? + HAIR;
        let frame = point.to_frames(s.frame_rate, Rounding::Floor).clamp(0, (s.duration() - 1).max(0));
        Some((Arc::new(plan(self.of, s, frame, self.depth - 1)), (s.width, s.height)))
    }

    fn solid(&self, color: [f32; 4], weight: f32) -> Option<Input> {
        let crop = [0.0, 0.0, self.canvas.size.0 as f32, self.canvas.size.1 as f32];
        let (transform, size) = (Affine2::IDENTITY, self.canvas.size);
        let (mask, steady) = (None, None);
        (weight > 0.0).then_some(Input { source: Source::Solid(color), transform, size, crop, weight, mask, steady, effects: Vec::new() })
    }

    /// Brightness of the clip's own fades at the middle of this frame. A transition at an end takes the fade's place there.
    fn fade(&self, track: &Track, clip: &Clip) -> f32 {
        if clip.fade_in <= 0 && clip.fade_out <= 0 {
            return 1.0;
        }
        let (before, after) = transitions_of(track, clip);
        let ramp = |frames: i64, length: i64| ((frames as f32 + 0.5) / length as f32).clamp(0.0, 1.0);
        let rise = if clip.fade_in > 0 && before.is_none() { ramp(self.frame - clip.start, clip.fade_in) } else { 1.0 };
        let fall = if clip.fade_out > 0 && after.is_none() { ramp(clip.end() - 1 - self.frame, clip.fade_out) } else { 1.0 };
        rise * fall
    }

    /// Which moment of the media shows.
    ///
    /// The picture is the one on screen at the source point of this frame's *start* (a 29.97 clip on a 30 timeline, a
    /// 24 clip on a 60 one, any speed). Where the file's rate is constant, the time given is the middle of that picture,
    /// not its edge: containers round their time stamps (Matroska to 1 ms, QuickTime often to 1/600 s), and the middle is
    /// right in all of them. It also makes repeated pictures equal plans. With variable rate the point itself is given.
    fn source_time(&self, clip: &Clip, video: &VideoInfo, duration: Time) -> Option<Time> {
        if video.still {
            return Some(Time::ZERO);
        }
        let last = if duration > HAIR { duration - HAIR } else { Time::MAX };
        let point = (clip.source_at(self.frame, self.rate)? + HAIR).clamp(Time::ZERO, last);
        if video.variable_frame_rate {
            return Some(point);
        }
        let picture = point.to_frames(video.frame_rate, Rounding::Floor);
        let half = Time(video.frame_rate.frame_duration().0 / 2);
        Some(Time::from_frames(picture, video.frame_rate) + half)
    }
}

/// The effects of a clip that are switched on.
fn effects(clip: &Clip) -> Vec<EffectKind> {
    clip.effects.iter().filter(|e| e.enabled).map(|e| e.kind).collect()
}

/// The transitions at a clip's start and end.
pub(super) fn transitions_of<'t>(track: &'t Track, clip: &Clip) -> (Option<&'t Transition>, Option<&'t Transition>) {
    let i = track.clips.partition_point(|c| c.start < clip.start);
    let before = i.checked_sub(1).and_then(|p| track.transition_after(track.clips[p].id)).filter(|x| x.right == clip.id);
    (before, track.transition_after(clip.id))
}

#[cfg(test)]
mod tests;
