//! Values of a clip that change over time: curves through keys.

use super::clip::{Transform, is_default};
use serde::{Deserialize, Serialize};

/// How a value goes from one key to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Ease {
    #[default]
    Linear,
    /// Starts slowly.
    In,
    /// Ends slowly.
    Out,
    /// Starts and ends slowly.
    InOut,
    /// Stays until the next key, then jumps.
    Hold,
}

impl Ease {
    /// Share of the way to the next key, for a share of the time, both 0–1.
    ///
    /// The eased ones are Hermite cubics with slope 0 at the slow ends and 3/2 at a quick one; `InOut` is smoothstep, 3t² − 2t³.
    pub fn share(self, t: f64) -> f64 {
        let t = t.clamp(0.0, 1.0);
        match self {
            Self::Linear => t,
            Self::In => 0.5 * t * t * (3.0 - t),
            Self::Out => 1.0 - Self::In.share(1.0 - t),
            Self::InOut => t * t * (3.0 - 2.0 * t),
            Self::Hold => {
                if t < 1.0 {
                    0.0
                } else {
                    1.0
                }
            }
        }
    }
}

/// A value that can lie between two others.
pub trait Blendable: Copy + PartialEq {
    /// `self` at share 0, `other` at share 1.
    fn blend(self, other: Self, share: f64) -> Self;
}

impl Blendable for f32 {
    fn blend(self, other: Self, share: f64) -> Self {
        (f64::from(self) + (f64::from(other) - f64::from(self)) * share) as Self
    }
}
impl Blendable for (f32, f32) {
    fn blend(self, other: Self, share: f64) -> Self {
        (self.0.blend(other.0, share), self.1.blend(other.1, share))
    }
}

/// A value at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key<T> {
    /// Frames of the sequence from the clip's first frame. A trimmed or split clip keeps the keys outside its ends, so that
    /// nothing changes in what is left; they may be negative.
    pub frame: i64,
    pub value: T,
    /// On the way to the next key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ease: Ease,
}

/// A value over time. Without keys it is not animated and the clip's fixed value holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Curve<T> {
    /// Ordered by frame, no two at the same.
    keys: Vec<Key<T>>,
}

impl<T> Default for Curve<T> {
    fn default() -> Self {
        Self { keys: Vec::new() }
    }
}

impl<T: Blendable> Curve<T> {
    /// A curve through keys in any order; of two at one frame the later one in the list counts.
    pub fn new(keys: impl IntoIterator<Item = Key<T>>) -> Self {
        let mut curve = Self::default();
        keys.into_iter().for_each(|k| curve.set(k));
        curve
    }
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }
    pub fn keys(&self) -> &[Key<T>] {
        &self.keys
    }
    /// The key exactly at `frame`.
    pub fn key_at(&self, frame: i64) -> Option<&Key<T>> {
        self.keys.binary_search_by_key(&frame, |k| k.frame).ok().map(|i| &self.keys[i])
    }
    /// Puts a key in place of one at the same frame, or between its neighbours.
    pub fn set(&mut self, key: Key<T>) {
        match self.keys.binary_search_by_key(&key.frame, |k| k.frame) {
            Ok(i) => self.keys[i] = key,
            Err(i) => self.keys.insert(i, key),
        }
    }
    /// Takes the key at `frame` away; true where there was one.
    pub fn remove(&mut self, frame: i64) -> bool {
        self.keys.binary_search_by_key(&frame, |k| k.frame).map(|i| self.keys.remove(i)).is_ok()
    }
    /// The value at a frame from the clip's first: before the first key its value, after the last key its value. None
    /// without keys.
    pub fn at(&self, frame: i64) -> Option<T> {
        let next = self.keys.partition_point(|k| k.frame <= frame);
        match (next.checked_sub(1).map(|i| self.keys[i]), self.keys.get(next)) {
            (Some(a), Some(b)) => {
                let t = frame.saturating_sub(a.frame) as f64 / b.frame.saturating_sub(a.frame).max(1) as f64;
                Some(a.value.blend(b.value, a.ease.share(t)))
            }
            (Some(a), None) => Some(a.value),
            (None, first) => first.map(|k| k.value),
        }
    }
    /// Moves every key to another frame; of those that meet the last one stays.
    pub(crate) fn map_frames(&mut self, to: impl Fn(i64) -> i64) {
        let keys = std::mem::take(&mut self.keys);
        *self = Self::new(keys.into_iter().map(|k| Key { frame: to(k.frame), ..k }));
    }
    pub(crate) fn map_values(&mut self, to: impl Fn(T) -> T) {
        self.keys.iter_mut().for_each(|k| k.value = to(k.value));
    }
    /// Whether frames lie in order and within ±`most`.
    pub(super) fn is_in_order(&self, most: i64) -> bool {
        self.keys.is_sorted_by(|a, b| a.frame < b.frame) && self.keys.iter().all(|k| (-most..=most).contains(&k.frame))
    }
}

/// The animated values of a clip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keyframes {
    /// As [`Transform::position`].
    #[serde(skip_serializing_if = "Curve::is_empty")]
    pub position: Curve<(f32, f32)>,
    #[serde(skip_serializing_if = "Curve::is_empty")]
    pub scale: Curve<f32>,
    /// Degrees; passes through every degree in between.
    #[serde(skip_serializing_if = "Curve::is_empty")]
    pub rotation: Curve<f32>,
    #[serde(skip_serializing_if = "Curve::is_empty")]
    pub opacity: Curve<f32>,
    /// Decibels; linear in decibels between keys.
    #[serde(skip_serializing_if = "Curve::is_empty")]
    pub gain_db: Curve<f32>,
}

impl Keyframes {
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
    /// The transform at a frame from the clip's first.
    pub fn transform(&self, fixed: &Transform, frame: i64) -> Transform {
        Transform {
            position: self.position.at(frame).unwrap_or(fixed.position),
            scale: self.scale.at(frame).unwrap_or(fixed.scale),
            rotation: self.rotation.at(frame).unwrap_or(fixed.rotation),
            opacity: self.opacity.at(frame).unwrap_or(fixed.opacity),
            ..*fixed
        }
    }
    /// Moves every key of every curve.
    pub(crate) fn map_frames(&mut self, to: impl Fn(i64) -> i64) {
        let Self { position, scale, rotation, opacity, gain_db } = self;
        position.map_frames(&to);
        [scale, rotation, opacity, gain_db].into_iter().for_each(|c| c.map_frames(&to));
    }
    /// Frames of all keys, in order, each once.
    pub fn frames(&self) -> Vec<i64> {
        let singles = [&self.scale, &self.rotation, &self.opacity, &self.gain_db];
        let mut frames: Vec<i64> = singles.into_iter().flat_map(|c| c.keys()).map(|k| k.frame).collect();
        frames.extend(self.position.keys().iter().map(|k| k.frame));
        frames.sort_unstable();
        frames.dedup();
        frames
    }
}

/// The curve of one animated value, to set it as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Animated {
    Position(Curve<(f32, f32)>),
    Scale(Curve<f32>),
    Rotation(Curve<f32>),
    Opacity(Curve<f32>),
    GainDb(Curve<f32>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(frame: i64, value: f32, ease: Ease) -> Key<f32> {
        Key { frame, value, ease }
    }

    #[test]
    fn a_curve_holds_its_ends_and_goes_straight_between_keys() {
        let c = Curve::new([key(10, 1.0, Ease::Linear), key(0, 0.0, Ease::Linear)]);
        assert_eq!([-5, 0, 5, 10, 99].map(|f| c.at(f)), [0.0, 0.0, 0.5, 1.0, 1.0].map(Some));
        assert_eq!(Curve::<f32>::default().at(3), None);
    }

    #[test]
    fn a_key_at_the_same_frame_replaces_the_other() {
        let mut c = Curve::new([key(4, 1.0, Ease::Linear), key(4, 2.0, Ease::Hold)]);
        assert_eq!(c.keys(), [key(4, 2.0, Ease::Hold)]);
        assert!(c.remove(4) && !c.remove(4) && c.is_empty());
    }

    #[test]
    fn held_keys_jump() {
        let c = Curve::new([key(0, 1.0, Ease::Hold), key(10, 3.0, Ease::Linear)]);
        assert_eq!([0, 9, 10].map(|f| c.at(f)), [1.0, 1.0, 3.0].map(Some));
    }

    proptest! {
        #[test]
        fn eases_rise_from_0_to_1_without_turning_back(a in 0.0f64..=1.0, b in 0.0f64..=1.0) {
            for ease in [Ease::Linear, Ease::In, Ease::Out, Ease::InOut, Ease::Hold] {
                prop_assert_eq!((ease.share(0.0), ease.share(1.0)), (0.0, 1.0));
                let (low, high) = (a.min(b), a.max(b));
                prop_assert!(ease.share(low) <= ease.share(high) + 1e-12, "{:?}", ease);
            }
        }
    }
}
