//! The clips that a change in the inspector goes to. Pure: no egui.

use super::{
    field::{Change, Shown},
    keys::{self, Param, Value},
};
use crate::{
    edit::{ClipChange, EditCommand},
    model::Clip,
};

/// Clips that are changed together, and the frame at which animated values are read and set.
#[derive(Clone)]
pub struct Scope<'a> {
    pub clips: Vec<&'a Clip>,
    pub playhead: i64,
}

impl<'a> Scope<'a> {
    pub fn new(clips: impl IntoIterator<Item = &'a Clip>, playhead: i64) -> Self {
        Self { clips: clips.into_iter().collect(), playhead }
    }

    pub fn is_empty(&self) -> bool {
        self.clips.is_empty()
    }

    /// The one clip, where there is just one.
    pub fn only(&self) -> Option<&'a Clip> {
        match self.clips[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    pub fn frame(&self, clip: &Clip) -> i64 {
        keys::frame_of(clip, self.playhead)
    }

    /// A value of all clips.
    pub fn shown(&self, places: usize, value: impl Fn(&Clip) -> f64) -> Option<Shown> {
        Shown::of(self.clips.iter().map(|c| value(c)), places)
    }

    /// The value that all have; None where they differ.
    pub fn same<T: PartialEq>(&self, value: impl Fn(&Clip) -> T) -> Option<T> {
        let mut values = self.clips.iter().map(|c| value(c));
        let first = values.next()?;
        values.all(|v| v == first).then_some(first)
    }

    /// One change for each clip, as one command; None where none of them needs one.
    pub fn each(&self, change: impl Fn(&Clip) -> ClipChange) -> Option<EditCommand> {
        self.many(|c| vec![change(c)])
    }

    /// Several changes for each clip, as one command.
    pub fn many(&self, changes: impl Fn(&Clip) -> Vec<ClipChange>) -> Option<EditCommand> {
        let each = |c: &&Clip| changes(c).into_iter().map(|change| EditCommand::SetClip { clip: c.id, change }).collect::<Vec<_>>();
        let mut edits: Vec<_> = self.clips.iter().flat_map(each).collect();
        match edits.len() {
            0 => None,
            1 => edits.pop(),
            _ => Some(EditCommand::Batch(edits)),
        }
    }

    /// A change of an animatable value: `new` makes it from the value that a clip has at the playhead.
    pub fn set(&self, param: Param, new: impl Fn(Value) -> Value) -> Option<EditCommand> {
        self.each(|c| {
            let frame = self.frame(c);
            param.set(c, frame, new(param.at(c, frame)))
        })
    }

    /// [`Self::set`] of a value with one part, shown as `factor` times what it is.
    pub fn set_number(&self, param: Param, change: Change, factor: f64, range: &std::ops::RangeInclusive<f64>) -> Option<EditCommand> {
        self.set(param, |v| ((change.of(f64::from(v.0) * factor).clamp(*range.start(), *range.end()) / factor) as f32, 0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::ClipId, model::ClipContent};

    fn clip(id: u64, scale: f32) -> Clip {
        let mut c = Clip::new(ClipId(id), 0, 10, ClipContent::Solid { color: [1.0; 4] });
        c.transform.scale = scale;
        c
    }

    #[test]
    fn one_clip_takes_one_command_and_several_a_batch() {
        let (a, b) = (clip(1, 1.0), clip(2, 2.0));
        let one = Scope::new([&a], 0).each(|_| ClipChange::Pan(0.5));
        assert_eq!(one, Some(EditCommand::SetClip { clip: ClipId(1), change: ClipChange::Pan(0.5) }));
        let both = Scope::new([&a, &b], 0).each(|_| ClipChange::Pan(0.5));
        assert!(matches!(both, Some(EditCommand::Batch(e)) if e.len() == 2));
        assert_eq!(Scope::new([], 0).each(|_| ClipChange::Pan(0.5)), None);
    }

    #[test]
    fn a_drag_over_different_values_moves_each_by_the_same_and_keeps_it_in_range() {
        let (a, b) = (clip(1, 1.0), clip(2, 2.0));
        let scope = Scope::new([&a, &b], 0);
        assert!(scope.shown(0, |c| f64::from(c.transform.scale) * 100.0).unwrap().mixed);
        let Some(EditCommand::Batch(edits)) = scope.set_number(Param::Scale, Change::By(50.0), 100.0, &(0.0..=220.0)) else {
            panic!("both change")
        };
        let scales: Vec<f32> = edits
            .iter()
            .map(|e| match e {
                EditCommand::SetClip { change: ClipChange::Transform(t), .. } => t.scale,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(scales, [1.5, 2.2]);
        assert_eq!((scope.same(|c| c.duration), scope.same(|c| c.id)), (Some(10), None));
    }
}
