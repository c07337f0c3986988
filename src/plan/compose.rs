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
    model::{Clip, ClipContent, EffectKind, Project, Sequence, Track, Transition, TransitionKind},
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
    let canvas = Canvas::new((s.width, s.height), of.divisor);
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
        let source = Source::Title(caption.title());
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
mod tests {
    use super::*;
    use crate::{
        base::{FLICKS_PER_SEC, MediaId},
        model::{Curve, Ease, Effect, Key, Speed, Title, fixture::*},
        plan::sole_source,
    };

    /// The picture numbers that the bottom video track shows over `frames`, by the nominal rate of media 10.
    fn pictures(p: &Project, frames: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let rate = p.media[&MediaId(10)].info.video.as_ref().unwrap().frame_rate;
        frames
            .into_iter()
            .map(|f| match &frame(p, f, 1).layers[0].inputs[0].source {
                Source::Media(m) => m.time.to_frames(rate, Rounding::Floor),
                other => panic!("{other:?}"),
            })
            .collect()
    }

    fn one_clip(rate: FrameRate, source: FrameRate, source_in: Time, speed: Speed) -> Project {
        let mut p = project(rate);
        p.media.insert(MediaId(10), std::sync::Arc::new(film("a", source, 100_000)));
        let content = ClipContent::Media { media: MediaId(10), source_in, speed };
        put(&mut p, 2, [clip(20, 7, 50_000, content)]);
        p
    }

    #[test]
    fn equal_rates_show_each_picture_once() {
        for rate in ["24", "25", "30000/1001", "60000/1001", "24000/1001", "12", "1000/999", "50"] {
            let rate: FrameRate = rate.parse().unwrap();
            let p = one_clip(rate, rate, Time::from_frames(13, rate), Speed::NORMAL);
            let frames = (7..300).chain(40_000..40_100);
            let expected: Vec<i64> = frames.clone().map(|f| f - 7 + 13).collect();
            assert_eq!(pictures(&p, frames), expected, "{rate}");
        }
    }

    #[test]
    fn unequal_rates_show_the_picture_on_screen_at_the_start_of_the_frame() {
        for (timeline, source) in [("30", "30000/1001"), ("30000/1001", "30"), ("25", "24000/1001"), ("24", "60"), ("60", "24")] {
            let (timeline, source): (FrameRate, FrameRate) = (timeline.parse().unwrap(), source.parse().unwrap());
            let p = one_clip(timeline, source, Time::ZERO, Speed::NORMAL);
            let frames = (7..1200).chain(31_000..31_100);
            let exact = |f: i64| {
                let num = i128::from(f - 7) * i128::from(timeline.den()) * i128::from(source.num());
                (num / (i128::from(timeline.num()) * i128::from(source.den()))) as i64
            };
            let expected: Vec<i64> = frames.clone().map(exact).collect();
            assert_eq!(pictures(&p, frames), expected, "{source} in {timeline}");
        }
    }

    #[test]
    fn speed_reverse_and_freeze_count_from_the_in_point() {
        let r = FrameRate::NTSC_30;
        let at = Time::from_frames(100, r);
        assert_eq!(pictures(&one_clip(r, r, at, Speed(2, 1)), 7..11), [100, 102, 104, 106]);
        assert_eq!(pictures(&one_clip(r, r, at, Speed(1, 3)), 7..14), [100, 100, 100, 101, 101, 101, 102]);
        assert_eq!(pictures(&one_clip(r, r, at, Speed::REVERSE), 7..11), [100, 99, 98, 97]);
        assert_eq!(pictures(&one_clip(r, r, at, Speed::FREEZE), 7..11), [100; 4]);
    }

    #[test]
    fn variable_rate_asks_for_the_moment_itself() {
        let r = FrameRate::FPS_25;
        let mut p = one_clip(r, r, Time::ZERO, Speed::NORMAL);
        let mut m = film("a", r, 1000);
        m.info.video.as_mut().unwrap().variable_frame_rate = true;
        p.media.insert(MediaId(10), std::sync::Arc::new(m));
        let Source::Media(m) = &frame(&p, 12, 1).layers[0].inputs[0].source else { panic!() };
        let exact = Time::from_frames(5, r);
        assert!(m.time >= exact && (m.time - exact).0 < FLICKS_PER_SEC / 500_000);
    }

    #[test]
    fn layers_come_bottom_to_top_without_muted_tracks_and_disabled_clips() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        put(&mut p, 4, [clip(21, 50, 50, media_content(11, Time::ZERO))]);
        put(&mut p, 3, [clip(22, 0, 100, media_content(10, Time::ZERO))]);
        let media = |p: &Project, f| -> Vec<u64> {
            let of = |l: &Layer| match &l.inputs[0].source {
                Source::Media(m) => m.media.0,
                _ => 0,
            };
            frame(p, f, 1).layers.iter().map(of).collect()
        };
        assert_eq!(media(&p, 49), [10]);
        assert_eq!(media(&p, 50), [10, 11]);
        assert!(media(&p, 100).is_empty() && media(&p, -1).is_empty() && media(&p, i64::MAX).is_empty());
        with_track(&mut p, 2, |t| t.muted = true);
        assert_eq!(media(&p, 50), [11]);
        with_track(&mut p, 4, |t| std::sync::Arc::make_mut(&mut t.clips[0]).enabled = false);
        assert!(media(&p, 50).is_empty());
    }

    #[test]
    fn keys_move_the_picture_and_effects_that_are_on_come_along() {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 10, 100, media_content(10, Time::ZERO));
        let key = |frame, value| Key { frame, value, ease: Ease::Linear };
        c.keyframes.opacity = Curve::new([key(0, 0.0), key(10, 1.0)]);
        let place = |frame, value| Key { frame, value, ease: Ease::Linear };
        c.keyframes.position = Curve::new([place(0, (0.0, 0.0)), place(10, (100.0, 50.0))]);
        let off = Effect { enabled: false, ..Effect::new(EffectKind::Saturation { amount: 0.0 }) };
        c.effects = vec![off, Effect::new(EffectKind::Exposure { stops: 1.0 })];
        put(&mut p, 2, [c]);
        assert!(frame(&p, 10, 1).layers.is_empty(), "not there yet");
        let input = |f| frame(&p, f, 1).layers[0].inputs[0].clone();
        assert_eq!((input(15).weight, input(15).transform.0[2], input(15).transform.0[5]), (0.5, 50.0, 25.0));
        assert_eq!((input(20).weight, input(20).effects), (1.0, vec![EffectKind::Exposure { stops: 1.0 }]));
        assert!(sole_source(&frame(&p, 60, 1), &p).is_none());
        assert_ne!(frame(&p, 60, 1).hash, {
            with_track(&mut p, 2, |t| Arc::make_mut(&mut t.clips[0]).effects.clear());
            frame(&p, 60, 1).hash
        });
    }

    #[test]
    fn an_adjustment_changes_what_lies_below_as_much_as_it_shows() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        let mut a = clip(21, 0, 100, ClipContent::Adjustment);
        (a.fade_in, a.transform.opacity) = (10, 0.5);
        put(&mut p, 4, [a]);
        assert_eq!(frame(&p, 50, 1).layers.len(), 1, "without effects it does nothing");
        let exposure = EffectKind::Exposure { stops: 1.0 };
        with_track(&mut p, 4, |t| Arc::make_mut(&mut t.clips[0]).effects.push(Effect::new(exposure)));
        let adjust = |f| frame(&p, f, 1).layers[1].adjust.clone().unwrap();
        assert_eq!(adjust(50), Adjust { effects: vec![exposure], weight: 0.5 });
        assert!((adjust(4).weight - 0.225).abs() < 1e-6);
    }

    #[test]
    fn a_nested_sequence_is_planned_at_its_own_rate_and_size() {
        let mut p = project(FrameRate::FPS_25);
        let mut inner = crate::model::Sequence::new(640, 480, FrameRate::FPS_60);
        (inner.id, inner.tracks) = (SequenceId(60), vec![Arc::new(Track::new(crate::base::TrackId(61), crate::model::TrackKind::Video))]);
        let film = clip(62, 0, 600, media_content(10, Time::ZERO));
        Arc::make_mut(&mut inner.tracks[0]).clips.push(Arc::new(film));
        p.others.insert(inner.id, Arc::new(inner));
        let content = ClipContent::Sequence { sequence: SequenceId(60), source_in: Time::from_secs(1), speed: Speed(2, 1) };
        put(&mut p, 2, [clip(20, 10, 100, content)]);
        assert_eq!(p.validate(), []);
        let plan = frame(&p, 15, 2);
        let Source::Nested(nested) = &plan.layers[0].inputs[0].source else { panic!("{plan:?}") };
        // 5 frames at 25 are 0.2 s, at twice the speed 0.4 s: frame 60 + 24
        assert_eq!((nested.frame, nested.width, nested.height), (84, 320, 240));
        assert_eq!(plan.layers[0].inputs[0].size, (640, 480));
        assert_eq!(plan.media_refs().count(), 1);
    }

    fn two_clips(kind: TransitionKind) -> Project {
        let mut p = project(FrameRate::FPS_25);
        let r = FrameRate::FPS_25;
        let clips = [
            clip(20, 0, 100, media_content(10, Time::from_frames(200, r))),
            clip(21, 100, 100, media_content(11, Time::from_frames(300, r))),
        ];
        put(&mut p, 2, clips);
        with_track(&mut p, 2, |t| t.transitions.push(Transition { kind, ..dissolve(30, 20, 21, 4, 6) }));
        p
    }

    #[test]
    fn a_dissolve_runs_linearly_over_its_frames_and_uses_the_handles() {
        let p = two_clips(TransitionKind::CrossDissolve);
        let inputs = |f: i64| frame(&p, f, 1).layers.remove(0).inputs;
        assert_eq!((inputs(95).len(), inputs(106).len()), (1, 1));
        let r = FrameRate::FPS_25;
        for i in 0..10 {
            let got = inputs(96 + i);
            let weights: Vec<f32> = got.iter().map(|i| i.weight).collect();
            let progress = (i as f32 + 0.5) / 10.0;
            assert_eq!(weights, [1.0 - progress, progress]);
            let shown: Vec<i64> = got
                .iter()
                .map(|i| match &i.source {
                    Source::Media(m) => m.time.to_frames(r, Rounding::Floor),
                    _ => -1,
                })
                .collect();
            assert_eq!(shown, [296 + i, 296 + i], "outgoing past its out-point, incoming before its in-point");
        }
    }

    #[test]
    fn a_dip_goes_through_its_colour() {
        let color = [1.0, 0.0, 0.0, 1.0];
        let p = two_clips(TransitionKind::DipToColor { color });
        let of = |f: i64| -> Vec<(bool, f32)> {
            frame(&p, f, 1).layers[0].inputs.iter().map(|i| (i.source == Source::Solid(color), (i.weight * 100.0).round())).collect()
        };
        assert_eq!(of(96), [(false, 90.0), (true, 10.0)]);
        assert_eq!(of(100), [(false, 10.0), (true, 90.0)]);
        assert_eq!(of(101), [(true, 90.0), (false, 10.0)]);
        assert_eq!(of(105), [(true, 10.0), (false, 90.0)]);
    }

    #[test]
    fn fades_and_opacity_are_weights() {
        let mut p = project(FrameRate::FPS_25);
        let mut c = clip(20, 10, 20, ClipContent::Solid { color: [1.0; 4] });
        (c.fade_in, c.fade_out, c.transform.opacity) = (4, 2, 0.5);
        put(&mut p, 2, [c]);
        let weights: Vec<f32> = [10, 13, 14, 27, 28, 29].map(|f| frame(&p, f, 1).layers[0].inputs[0].weight).to_vec();
        assert_eq!(weights, [0.0625, 0.4375, 0.5, 0.5, 0.375, 0.125]);
    }

    #[test]
    fn the_hash_says_whether_the_picture_is_the_same() {
        let mut p = project(FrameRate::FPS_60);
        p.media.insert(MediaId(10), std::sync::Arc::new(film("a", FrameRate::FPS_30, 1000)));
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        let hash = |p: &Project, f, d| frame(p, f, d).hash;
        assert_eq!(hash(&p, 0, 1), hash(&p, 1, 1), "30 in 60 repeats each picture");
        assert_ne!(hash(&p, 1, 1), hash(&p, 2, 1));
        assert_ne!(hash(&p, 0, 1), hash(&p, 0, 2));
        let before = hash(&p, 0, 1);
        let style = crate::model::TextStyle::default();
        put(&mut p, 4, [clip(21, 0, 10, ClipContent::Title(Title { text: "Hi".into(), style, position: (0.5, 0.5) }))]);
        assert_ne!(hash(&p, 0, 1), before);
        // The value itself is part of the promise: caches outlive a run.
        assert_eq!(frame(&project(FrameRate::FPS_25), 0, 1).hash, 12_671_613_058_743_573_659);
    }

    #[test]
    fn only_an_untouched_picture_of_the_canvas_is_a_sole_source() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(20, 0, 100, media_content(10, Time::ZERO))]);
        assert!(sole_source(&frame(&p, 0, 1), &p).is_some());
        assert!(sole_source(&frame(&p, 0, 2), &p).is_none(), "another size");
        assert!(sole_source(&frame(&p, 100, 1), &p).is_none(), "nothing there");
        let changed = |change: &dyn Fn(&mut Clip)| {
            let mut p = p.clone();
            with_track(&mut p, 2, |t| change(std::sync::Arc::make_mut(&mut t.clips[0])));
            sole_source(&frame(&p, 0, 1), &p).is_some()
        };
        assert!(changed(&|c| c.gain_db = 3.0));
        assert!(!changed(&|c| c.transform.opacity = 0.9));
        assert!(!changed(&|c| c.transform.position.0 = 1.0));
        assert!(!changed(&|c| c.transform.crop.left = 0.1));
        assert!(!changed(&|c| c.transform.blend = crate::model::Blend::Add));
        assert!(!changed(&|c| c.fade_in = 5));
        put(&mut p, 4, [clip(21, 0, 1, ClipContent::Solid { color: [0.0; 4] })]);
        assert!(sole_source(&frame(&p, 0, 1), &p).is_none(), "something above");
        assert!(sole_source(&frame(&p, 1, 1), &p).is_some());
    }
}
