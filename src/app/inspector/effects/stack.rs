//! What a person does to a stack of effects, as pure functions on it; and what the effects and their settings are called.

use super::super::rows::Unit;
use crate::{
    app::icons,
    model::{Effect, EffectKind, MAX_EFFECTS},
};
use std::mem::discriminant;

/// A number of an effect.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Key of its name.
    pub key: &'static str,
    pub unit: Unit,
    /// Range as shown.
    pub range: (f64, f64),
    /// Range of the slider, as shown.
    pub slider: (f64, f64),
    /// Shown = factor × value.
    pub factor: f64,
    pub places: usize,
    /// Now, as in the document.
    pub value: f32,
}

const fn setting(key: &'static str, unit: Unit, range: (f64, f64), slider: (f64, f64), factor: f64, places: usize, value: f32) -> Setting {
    Setting { key, unit, range, slider, factor, places, value }
}

const SIGNED: (f64, f64) = (-100.0, 100.0);
const SHARE: (f64, f64) = (0.0, 100.0);
const UP_TO_FOUR: (f64, f64) = (0.0, 400.0);
const UP_TO_TWO: (f64, f64) = (0.0, 200.0);

/// Key of an effect's name.
pub fn name_key(kind: &EffectKind) -> &'static str {
    match kind {
        EffectKind::Exposure { .. } => "inspector-exposure",
        EffectKind::WhiteBalance { .. } => "inspector-white-balance",
        EffectKind::Contrast { .. } => "inspector-contrast",
        EffectKind::Saturation { .. } => "inspector-saturation",
        EffectKind::Wheels { .. } => "inspector-wheels",
        EffectKind::Vignette { .. } => "inspector-vignette",
    }
}

pub fn icon(kind: &EffectKind) -> char {
    match kind {
        EffectKind::Exposure { .. } => icons::APERTURE,
        EffectKind::WhiteBalance { .. } => icons::THERMOMETER,
        EffectKind::Contrast { .. } => icons::CIRCLE_HALF,
        EffectKind::Saturation { .. } => icons::DROP,
        EffectKind::Wheels { .. } => icons::PALETTE,
        EffectKind::Vignette { .. } => icons::VIGNETTE,
    }
}

/// The numbers of an effect; none for colour wheels, which have a face of their own.
pub fn settings(kind: &EffectKind) -> Vec<Setting> {
    match *kind {
        EffectKind::Exposure { stops } => {
            vec![setting("inspector-exposure-stops", Unit::Stops, (-10.0, 10.0), (-4.0, 4.0), 1.0, 2, stops)]
        }
        EffectKind::WhiteBalance { temperature, tint } => vec![
            setting("inspector-temperature", Unit::Plain, SIGNED, SIGNED, 100.0, 0, temperature),
            setting("inspector-tint", Unit::Plain, SIGNED, SIGNED, 100.0, 0, tint),
        ],
        EffectKind::Contrast { amount, pivot } => vec![
            setting("inspector-contrast-amount", Unit::Percent, UP_TO_FOUR, UP_TO_TWO, 100.0, 0, amount),
            setting("inspector-pivot", Unit::Percent, SHARE, SHARE, 100.0, 0, pivot),
        ],
        EffectKind::Saturation { amount } => {
            vec![setting("inspector-saturation-amount", Unit::Percent, UP_TO_FOUR, UP_TO_TWO, 100.0, 0, amount)]
        }
        EffectKind::Wheels { .. } => Vec::new(),
        EffectKind::Vignette { amount, radius, softness } => vec![
            setting("inspector-amount", Unit::Percent, SIGNED, SIGNED, 100.0, 0, amount),
            setting("inspector-radius", Unit::Percent, SHARE, SHARE, 100.0, 0, radius),
            setting("inspector-softness", Unit::Percent, SHARE, SHARE, 100.0, 0, softness),
        ],
    }
}

/// The effect with its `i`th setting at another value.
pub fn with_setting(kind: EffectKind, i: usize, value: f32) -> EffectKind {
    let mut new = kind;
    let place = match (&mut new, i) {
        (EffectKind::Exposure { stops: v }, 0)
        | (EffectKind::WhiteBalance { temperature: v, .. }, 0)
        | (EffectKind::WhiteBalance { tint: v, .. }, 1)
        | (EffectKind::Contrast { amount: v, .. }, 0)
        | (EffectKind::Contrast { pivot: v, .. }, 1)
        | (EffectKind::Saturation { amount: v }, 0)
        | (EffectKind::Vignette { amount: v, .. }, 0)
        | (EffectKind::Vignette { radius: v, .. }, 1)
        | (EffectKind::Vignette { softness: v, .. }, 2) => v,
        _ => return kind,
    };
    *place = value;
    new
}

/// An effect as it is when it is added.
pub fn fresh(kind: &EffectKind) -> EffectKind {
    EffectKind::ALL.into_iter().find(|k| discriminant(k) == discriminant(kind)).unwrap_or(*kind)
}

/// With one more at the end; None where there is no room.
pub fn added(stack: &[Effect], kind: EffectKind) -> Option<Vec<Effect>> {
    (stack.len() < MAX_EFFECTS).then(|| stack.iter().copied().chain([Effect::new(kind)]).collect())
}

/// With effect `from` at place `to`.
pub fn moved(stack: &[Effect], from: usize, to: usize) -> Vec<Effect> {
    let mut new = stack.to_vec();
    if from < new.len() {
        let effect = new.remove(from);
        new.insert(to.min(new.len()), effect);
    }
    new
}

pub fn removed(stack: &[Effect], i: usize) -> Vec<Effect> {
    stack.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, e)| *e).collect()
}

/// With effect `i` changed.
pub fn changed(stack: &[Effect], i: usize, f: impl FnOnce(&mut Effect)) -> Vec<Effect> {
    let mut new = stack.to_vec();
    if let Some(e) = new.get_mut(i) {
        f(e);
    }
    new
}

/// With all on or off; switching on gives back what was on `before` where that fits.
pub fn switched(stack: &[Effect], on: bool, before: Option<&[bool]>) -> Vec<Effect> {
    let before = before.filter(|b| b.len() == stack.len() && b.contains(&true));
    let now = |i: usize| on && before.is_none_or(|b| b[i]);
    stack.iter().enumerate().map(|(i, e)| Effect { enabled: now(i), ..*e }).collect()
}

/// Pasted behind what there is, as far as there is room.
pub fn pasted(stack: &[Effect], copied: &[Effect]) -> Vec<Effect> {
    stack.iter().chain(copied).copied().take(MAX_EFFECTS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Effect> {
        EffectKind::ALL.map(Effect::new).to_vec()
    }

    #[test]
    fn every_setting_can_be_set_to_both_ends_of_its_range() {
        for kind in EffectKind::ALL {
            for (i, s) in settings(&kind).into_iter().enumerate() {
                for end in [s.range.0, s.range.1] {
                    let new = with_setting(kind, i, (end / s.factor) as f32);
                    assert!(new.is_sound(), "{new:?}");
                    assert_eq!(f64::from(settings(&new)[i].value) * s.factor, end);
                    assert_eq!(fresh(&new), kind, "a reset brings the beginning back");
                }
            }
            assert_eq!(with_setting(kind, 99, 1.0), kind);
        }
    }

    #[test]
    fn a_stack_takes_as_many_as_the_renderer_has_room_for() {
        let mut stack = all();
        while let Some(more) = added(&stack, EffectKind::Exposure { stops: 0.0 }) {
            stack = more;
        }
        assert_eq!(stack.len(), MAX_EFFECTS);
        assert_eq!(pasted(&stack, &all()), stack);
        assert_eq!(pasted(&[], &stack), stack);
    }

    #[test]
    fn effects_are_moved_and_removed_by_place() {
        let stack = all();
        let kinds = |s: Vec<Effect>| s.iter().map(|e| name_key(&e.kind)).collect::<Vec<_>>();
        let before = kinds(stack.clone());
        assert_eq!(kinds(moved(&stack, 0, 2))[..3], [before[1], before[2], before[0]]);
        assert_eq!(kinds(moved(&stack, 5, 0))[..2], [before[5], before[0]]);
        assert_eq!(kinds(moved(&stack, 9, 0)), before);
        assert_eq!(kinds(removed(&stack, 1))[..2], [before[0], before[2]]);
        assert!(!changed(&stack, 1, |e| e.enabled = false)[1].enabled);
    }

    #[test]
    fn a_bypass_gives_back_what_was_on() {
        let stack = changed(&all(), 2, |e| e.enabled = false);
        let flags: Vec<bool> = stack.iter().map(|e| e.enabled).collect();
        let off = switched(&stack, false, None);
        assert!(off.iter().all(|e| !e.enabled));
        assert_eq!(switched(&off, true, Some(&flags)), stack);
        assert!(switched(&off, true, Some(&[true])).iter().all(|e| e.enabled), "flags of another stack do not count");
        assert!(switched(&off, true, Some(&[false; 6])).iter().all(|e| e.enabled), "nothing on would be no switching on");
    }
}
