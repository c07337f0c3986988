//! What a person does to key frames, as pure functions from a clip to changes of it. No egui, no session.
//!
//! Frames here are counted from the clip's first frame. A value has two parts, of which only a position uses the second, so
//! that one set of functions serves every animated value.

use crate::{
    edit::ClipChange,
    model::{Animated, Clip, Curve, Ease, Key, Transform},
};

/// A value of any parameter; the second part is 0 for all but a position.
pub type Value = (f32, f32);
/// A curve of any parameter.
pub type Line = Curve<Value>;

/// What can be animated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Param {
    Position,
    Scale,
    Rotation,
    Opacity,
    Gain,
}

/// The frame of `clip` at which its values are read and set while the playhead is at `playhead`: kept within the clip.
pub fn frame_of(clip: &Clip, playhead: i64) -> i64 {
    playhead.saturating_sub(clip.start).clamp(0, (clip.duration - 1).max(0))
}

fn line(curve: &Curve<f32>) -> Line {
    Line::new(curve.keys().iter().map(|k| Key { frame: k.frame, value: (k.value, 0.0), ease: k.ease }))
}

fn single(line: &Line) -> Curve<f32> {
    Curve::new(line.keys().iter().map(|k| Key { frame: k.frame, value: k.value.0, ease: k.ease }))
}

impl Param {
    /// The whole curve; empty where the value is not animated.
    pub fn line(self, clip: &Clip) -> Line {
        let k = &clip.keyframes;
        match self {
            Self::Position => k.position.clone(),
            Self::Scale => line(&k.scale),
            Self::Rotation => line(&k.rotation),
            Self::Opacity => line(&k.opacity),
            Self::Gain => line(&k.gain_db),
        }
    }

    pub fn is_animated(self, clip: &Clip) -> bool {
        let k = &clip.keyframes;
        match self {
            Self::Position => !k.position.is_empty(),
            Self::Scale => !k.scale.is_empty(),
            Self::Rotation => !k.rotation.is_empty(),
            Self::Opacity => !k.opacity.is_empty(),
            Self::Gain => !k.gain_db.is_empty(),
        }
    }

    pub fn has_key(self, clip: &Clip, frame: i64) -> bool {
        let k = &clip.keyframes;
        match self {
            Self::Position => k.position.key_at(frame).is_some(),
            Self::Scale => k.scale.key_at(frame).is_some(),
            Self::Rotation => k.rotation.key_at(frame).is_some(),
            Self::Opacity => k.opacity.key_at(frame).is_some(),
            Self::Gain => k.gain_db.key_at(frame).is_some(),
        }
    }

    /// The value that holds where it is not animated.
    pub fn fixed(self, clip: &Clip) -> Value {
        let t = &clip.transform;
        match self {
            Self::Position => t.position,
            Self::Scale => (t.scale, 0.0),
            Self::Rotation => (t.rotation, 0.0),
            Self::Opacity => (t.opacity, 0.0),
            Self::Gain => (clip.gain_db, 0.0),
        }
    }

    /// The value at a frame, animated or not.
    pub fn at(self, clip: &Clip, frame: i64) -> Value {
        let k = &clip.keyframes;
        let one = |c: &Curve<f32>| c.at(frame).map(|v| (v, 0.0));
        let animated = match self {
            Self::Position => k.position.at(frame),
            Self::Scale => one(&k.scale),
            Self::Rotation => one(&k.rotation),
            Self::Opacity => one(&k.opacity),
            Self::Gain => one(&k.gain_db),
        };
        animated.unwrap_or_else(|| self.fixed(clip))
    }

    /// Puts a curve in place of the one there is.
    pub fn animate(self, line: &Line) -> ClipChange {
        ClipChange::Animate(match self {
            Self::Position => Animated::Position(line.clone()),
            Self::Scale => Animated::Scale(single(line)),
            Self::Rotation => Animated::Rotation(single(line)),
            Self::Opacity => Animated::Opacity(single(line)),
            Self::Gain => Animated::GainDb(single(line)),
        })
    }

    /// Sets the value that is not animated.
    pub fn fix(self, clip: &Clip, value: Value) -> ClipChange {
        let t = clip.transform;
        let new = match self {
            Self::Position => Transform { position: value, ..t },
            Self::Scale => Transform { scale: value.0, ..t },
            Self::Rotation => Transform { rotation: value.0, ..t },
            Self::Opacity => Transform { opacity: value.0, ..t },
            Self::Gain => return ClipChange::GainDb(value.0),
        };
        ClipChange::Transform(new)
    }

    /// Sets the value as a person means it: at a frame's key where it is animated, else for the whole clip.
    pub fn set(self, clip: &Clip, frame: i64, value: Value) -> ClipChange {
        if !self.is_animated(clip) {
            return self.fix(clip, value);
        }
        self.animate(&with_value(self.line(clip), frame, value))
    }

    /// Adds a key at a frame that changes nothing that is seen; none where there is one.
    pub fn add_key(self, clip: &Clip, frame: i64) -> Option<ClipChange> {
        (!self.has_key(clip, frame)).then(|| self.animate(&with_value(self.line(clip), frame, self.at(clip, frame))))
    }

    /// Takes the key at a frame away; the last one leaves its value behind.
    pub fn remove_key(self, clip: &Clip, frame: i64) -> Vec<ClipChange> {
        let mut line = self.line(clip);
        if !line.remove(frame) {
            return Vec::new();
        }
        if line.is_empty() { self.stop(clip, frame) } else { vec![self.animate(&line)] }
    }

    /// Ends the animation; the value at a frame stays for the whole clip.
    pub fn stop(self, clip: &Clip, frame: i64) -> Vec<ClipChange> {
        if !self.is_animated(clip) {
            return Vec::new();
        }
        vec![self.animate(&Line::default()), self.fix(clip, self.at(clip, frame))]
    }

    /// Gives the key that governs a frame (the last one up to it, else the first) another way to the next.
    pub fn set_ease(self, clip: &Clip, frame: i64, ease: Ease) -> Option<ClipChange> {
        let mut line = self.line(clip);
        let key = governing(&line, frame)?;
        line.set(Key { ease, ..key });
        Some(self.animate(&line))
    }

    /// The ease at a frame.
    pub fn ease(self, clip: &Clip, frame: i64) -> Option<Ease> {
        governing(&self.line(clip), frame).map(|k| k.ease)
    }

    /// Moves the key at `from` to another frame and value, not past its neighbours and not out of the clip.
    pub fn move_key(self, clip: &Clip, from: i64, to: i64, value: Value) -> Option<(ClipChange, i64)> {
        let mut line = self.line(clip);
        let key = *line.key_at(from)?;
        let low = line.keys().iter().rev().find(|k| k.frame < from).map_or(0, |k| (k.frame + 1).max(0));
        let high = line.keys().iter().find(|k| k.frame > from).map_or(clip.duration - 1, |k| (k.frame - 1).min(clip.duration - 1));
        let frame = if low <= high { to.clamp(low, high) } else { from };
        line.remove(from);
        line.set(Key { frame, value, ease: key.ease });
        Some((self.animate(&line), frame))
    }

    /// Frames of the nearest keys inside the clip before and after a frame.
    pub fn around(self, clip: &Clip, frame: i64) -> (Option<i64>, Option<i64>) {
        let line = self.line(clip);
        let inside = || line.keys().iter().map(|k| k.frame).filter(|f| (0..clip.duration).contains(f));
        (inside().rfind(|f| *f < frame), inside().find(|f| *f > frame))
    }
}

/// The key whose ease holds at a frame.
fn governing(line: &Line, frame: i64) -> Option<Key<Value>> {
    let keys = line.keys();
    let at = keys.partition_point(|k| k.frame <= frame).saturating_sub(1);
    keys.get(at).copied()
}

/// A curve with a key of `value` at `frame`; a new key goes on in the way of the one before it.
fn with_value(mut line: Line, frame: i64, value: Value) -> Line {
    let ease = governing(&line, frame).map(|k| k.ease).unwrap_or_default();
    line.set(Key { frame, value, ease });
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::ClipId,
        model::{ClipContent, Keyframes},
    };
    use proptest::prelude::*;

    const ALL: [Param; 5] = [Param::Position, Param::Scale, Param::Rotation, Param::Opacity, Param::Gain];

    fn clip() -> Clip {
        Clip::new(ClipId(1), 100, 50, ClipContent::Solid { color: [1.0; 4] })
    }

    /// What the edit room does with a change, as far as it matters here.
    fn after(clip: &Clip, changes: impl IntoIterator<Item = ClipChange>) -> Clip {
        let mut c = clip.clone();
        for change in changes {
            match change {
                ClipChange::Transform(t) => c.transform = t,
                ClipChange::GainDb(v) => c.gain_db = v,
                ClipChange::Animate(Animated::Position(v)) => c.keyframes.position = v,
                ClipChange::Animate(Animated::Scale(v)) => c.keyframes.scale = v,
                ClipChange::Animate(Animated::Rotation(v)) => c.keyframes.rotation = v,
                ClipChange::Animate(Animated::Opacity(v)) => c.keyframes.opacity = v,
                ClipChange::Animate(Animated::GainDb(v)) => c.keyframes.gain_db = v,
                other => panic!("{other:?}"),
            }
        }
        c
    }

    fn animated(param: Param, keys: &[(i64, f32, Ease)]) -> Clip {
        let line = Line::new(keys.iter().map(|(frame, v, ease)| Key { frame: *frame, value: (*v, 0.0), ease: *ease }));
        after(&clip(), [param.animate(&line)])
    }

    #[test]
    fn a_value_that_is_not_animated_is_set_for_the_whole_clip() {
        for param in ALL {
            let c = after(&clip(), [param.set(&clip(), 7, (0.5, 0.0))]);
            assert_eq!(c.keyframes, Keyframes::default(), "{param:?}");
            assert_eq!((param.fixed(&c), param.at(&c, 30)), ((0.5, 0.0), (0.5, 0.0)));
        }
    }

    #[test]
    fn the_first_key_holds_the_value_that_was_there() {
        for param in ALL {
            let c = after(&clip(), param.add_key(&clip(), 7));
            assert!(param.is_animated(&c) && param.has_key(&c, 7), "{param:?}");
            assert_eq!(param.at(&c, 7), param.fixed(&clip()));
            assert_eq!(param.add_key(&c, 7), None, "there is one already");
        }
    }

    #[test]
    fn a_changed_value_makes_a_key_at_the_playhead_or_moves_the_one_there() {
        let c = animated(Param::Scale, &[(0, 1.0, Ease::Hold)]);
        let c = after(&c, [Param::Scale.set(&c, 20, (2.0, 0.0))]);
        let c = after(&c, [Param::Scale.set(&c, 20, (3.0, 0.0))]);
        let keys: Vec<_> = c.keyframes.scale.keys().iter().map(|k| (k.frame, k.value, k.ease)).collect();
        assert_eq!(keys, [(0, 1.0, Ease::Hold), (20, 3.0, Ease::Hold)], "the new key goes on as the one before it");
    }

    #[test]
    fn the_last_key_leaves_its_value_behind() {
        for param in ALL {
            let c = animated(param, &[(4, 0.25, Ease::Linear)]);
            let c = after(&c, param.remove_key(&c, 4));
            assert!(!param.is_animated(&c), "{param:?}");
            assert_eq!(param.fixed(&c), (0.25, 0.0));
            assert_eq!(param.remove_key(&c, 4), []);
        }
    }

    #[test]
    fn stopping_keeps_the_value_at_the_playhead() {
        let c = animated(Param::Opacity, &[(0, 0.0, Ease::Linear), (10, 1.0, Ease::Linear)]);
        let c = after(&c, Param::Opacity.stop(&c, 5));
        assert_eq!((c.transform.opacity, c.keyframes.is_empty()), (0.5, true));
        assert_eq!(Param::Opacity.stop(&c, 5), []);
    }

    #[test]
    fn a_key_stays_between_its_neighbours_and_in_the_clip() {
        let c = animated(Param::Gain, &[(10, 0.0, Ease::In), (20, -6.0, Ease::Out), (30, 0.0, Ease::Linear)]);
        let place = |from, to| Param::Gain.move_key(&c, from, to, (-3.0, 0.0)).map(|x| x.1);
        assert_eq!([place(20, 25), place(20, 5), place(20, 99), place(10, -8), place(30, 400)], [25, 11, 29, 0, 49].map(Some));
        assert_eq!(place(11, 12), None, "there is no key");
        let moved = after(&c, Param::Gain.move_key(&c, 20, 25, (-3.0, 0.0)).map(|x| x.0));
        assert_eq!(moved.keyframes.gain_db.key_at(25).map(|k| (k.value, k.ease)), Some((-3.0, Ease::Out)));
        assert!(!Param::Gain.has_key(&moved, 20));
    }

    #[test]
    fn the_ease_is_that_of_the_key_on_whose_way_the_playhead_is() {
        let c = animated(Param::Rotation, &[(10, 0.0, Ease::In), (20, 90.0, Ease::Out)]);
        assert_eq!(
            [0, 10, 15, 20, 40].map(|f| Param::Rotation.ease(&c, f)),
            [Ease::In, Ease::In, Ease::In, Ease::Out, Ease::Out].map(Some)
        );
        let c = after(&c, Param::Rotation.set_ease(&c, 15, Ease::Hold));
        assert_eq!(Param::Rotation.ease(&c, 10), Some(Ease::Hold));
        assert_eq!(Param::Rotation.set_ease(&clip(), 3, Ease::Hold), None);
    }

    #[test]
    fn one_jumps_to_the_keys_that_can_be_seen() {
        let c =
            animated(Param::Scale, &[(-5, 1.0, Ease::Linear), (10, 1.0, Ease::Linear), (40, 2.0, Ease::Linear), (60, 1.0, Ease::Linear)]);
        assert_eq!(Param::Scale.around(&c, 10), (None, Some(40)));
        assert_eq!(Param::Scale.around(&c, 45), (Some(40), None));
    }

    #[test]
    fn the_playhead_is_kept_within_the_clip() {
        assert_eq!([0, 100, 120, 149, 150, i64::MAX].map(|f| frame_of(&clip(), f)), [0, 0, 20, 49, 49, 49]);
    }

    proptest! {
        #[test]
        fn a_value_that_is_set_is_the_value_there(keys in prop::collection::vec((-20i64..80, -5f32..5.0), 0..6), frame in 0i64..50, v in -5f32..5.0) {
            for param in ALL {
                let keys: Vec<_> = keys.iter().map(|(f, v)| (*f, *v, Ease::InOut)).collect();
                let c = animated(param, &keys);
                let c = after(&c, [param.set(&c, frame, (v, 0.0))]);
                prop_assert_eq!(param.at(&c, frame), (v, 0.0));
            }
        }
    }
}
