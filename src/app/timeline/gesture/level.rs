//! Dragging the line of a clip's loudness or opacity, or one of its keys.

use super::{Note, Pointer, Start, Step};
use crate::{
    app::timeline::{curve::Scale, hit::Part},
    base::{ClipId, TrackId},
    edit::{ClipChange, EditCommand},
    model::{Animated, Clip, Curve, Key, TrackKind, Transform},
};

/// A level on the move.
#[derive(Clone, Debug)]
pub struct Leveling {
    clip: ClipId,
    start: i64,
    /// Last frame of the clip, counted from its first.
    last: i64,
    scale: Scale,
    what: What,
    grab_y: f32,
}

#[derive(Clone, Debug)]
enum What {
    /// The fixed value; the transform it belongs to.
    Fixed { value: f32, transform: Transform },
    /// All keys up or down.
    All(Curve<f32>),
    /// One key; the curve without it.
    One { key: Key<f32>, others: Curve<f32> },
}

impl Leveling {
    pub fn of(s: &Start<'_>, clip: &Clip, track: TrackId, part: Part) -> Option<Self> {
        let lane = s.lanes.index_of(track).map(|i| &s.lanes.lanes[i])?;
        let scale = Scale::of(lane)?;
        let curve = scale.curve(clip);
        let what = match part {
            Part::Key(frame) => {
                let key = *curve.key_at(frame)?;
                let mut others = curve.clone();
                others.remove(frame);
                What::One { key, others }
            }
            _ if curve.is_empty() => What::Fixed { value: scale.fixed(clip), transform: clip.transform },
            _ => What::All(curve.clone()),
        };
        Some(Self { clip: clip.id, start: clip.start, last: clip.duration - 1, scale, what, grab_y: s.grab.1 })
    }

    pub fn label(&self) -> &'static str {
        match (self.scale.kind, matches!(self.what, What::One { .. })) {
            (_, true) => "Move key",
            (TrackKind::Audio, _) => "Change volume",
            (TrackKind::Video, _) => "Change opacity",
        }
    }

    pub fn step(&self, p: &Pointer, delta: f64) -> Step {
        let moved = |value: f32| self.scale.value_at(self.scale.y(value) + p.y - self.grab_y);
        let (change, value) = match &self.what {
            What::Fixed { value, transform } => {
                let v = moved(*value);
                let change = match self.scale.kind {
                    TrackKind::Audio => ClipChange::GainDb(v),
                    TrackKind::Video => ClipChange::Transform(Transform { opacity: v, ..*transform }),
                };
                (change, v)
            }
            What::All(curve) => {
                let keys = curve.keys().iter().map(|k| Key { value: moved(k.value), ..*k });
                let under = curve.at(p.frame.floor() as i64 - self.start).unwrap_or_default();
                (ClipChange::Animate(self.scale.animated(Curve::new(keys))), moved(under))
            }
            What::One { key, others } => {
                let by = if p.straight { 0 } else { delta.round() as i64 };
                let frame = self.free(others, key.frame.saturating_add(by).clamp(0, self.last.max(0)), key.frame);
                let v = moved(key.value);
                let mut curve = others.clone();
                curve.set(Key { frame, value: v, ..*key });
                (ClipChange::Animate(self.scale.animated(curve)), v)
            }
        };
        let note = match self.scale.kind {
            TrackKind::Audio => Note::Decibels(value),
            TrackKind::Video => Note::Opacity(value),
        };
        Step { edit: Some(EditCommand::SetClip { clip: self.clip, change }), caught: None, note }
    }

    /// A frame between the key's neighbours: a key is never dragged over another.
    fn free(&self, others: &Curve<f32>, wanted: i64, from: i64) -> i64 {
        let keys = others.keys();
        let next = keys.partition_point(|k| k.frame < from);
        let low = next.checked_sub(1).and_then(|i| keys.get(i)).map_or(i64::MIN, |k| k.frame + 1);
        let high = keys.get(next).map_or(i64::MAX, |k| k.frame - 1);
        wanted.clamp(low, high.max(low))
    }
}

impl Scale {
    /// The change that animates what the line shows.
    pub fn animated(&self, curve: Curve<f32>) -> Animated {
        match self.kind {
            TrackKind::Audio => Animated::GainDb(curve),
            TrackKind::Video => Animated::Opacity(curve),
        }
    }
}
