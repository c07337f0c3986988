//! Effects on a clip's picture. All work on one pixel at a time, so a stack of them costs no pass of its own.

use super::clip::is_true;
use serde::{Deserialize, Serialize};

/// Most effects on one clip: what the renderer has room for in a pass.
pub const MAX_EFFECTS: usize = 8;

/// One effect of a clip's stack; the first in the list works first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    pub kind: EffectKind,
    #[serde(default = "super::clip::yes", skip_serializing_if = "is_true")]
    pub enabled: bool,
}

impl Effect {
    pub fn new(kind: EffectKind) -> Self {
        Self { kind, enabled: true }
    }
}

/// What an effect does. *Light* is linear light, 1 = SDR white; *signal* is the display-referred value that the 2.4 power
/// curve makes of it, in which equal steps look equal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum EffectKind {
    /// Light × 2^stops. −10…10.
    Exposure { stops: f32 },
    /// Cold (−1) to warm (1) and green (−1) to magenta (1), as gains on light; grey of equal luminance stays as bright.
    WhiteBalance { temperature: f32, tint: f32 },
    /// Signal: `pivot + (v − pivot) · amount`. `amount` 0–4, 1 leaves alone; `pivot` 0–1.
    Contrast { amount: f32, pivot: f32 },
    /// Distance of light from its luminance × amount. 0 = black and white, 1 leaves alone, up to 4.
    Saturation { amount: f32 },
    /// Signal, per R, G, B (ASC CDL in the order of a colour wheel panel): `(gain · (v + lift · (1 − v)))^(1/gamma)`.
    /// `lift` −1…1, `gamma` 0.1–10, `gain` 0–4; 0, 1, 1 leave alone.
    Wheels { lift: [f32; 3], gamma: [f32; 3], gain: [f32; 3] },
    /// Light × a factor that falls from 1 inside to `1 − amount` at the picture's corners. `radius` (0–1) of the half
    /// diagonal is where it begins; `softness` (0–1) how slowly it falls. `amount` −1…1; negative brightens.
    Vignette { amount: f32, radius: f32, softness: f32 },
}

impl EffectKind {
    /// One of each, set so that it leaves the picture alone (a vignette: so that it can be seen).
    pub const ALL: [Self; 6] = [
        Self::Exposure { stops: 0.0 },
        Self::WhiteBalance { temperature: 0.0, tint: 0.0 },
        Self::Contrast { amount: 1.0, pivot: 0.5 },
        Self::Saturation { amount: 1.0 },
        Self::Wheels { lift: [0.0; 3], gamma: [1.0; 3], gain: [1.0; 3] },
        Self::Vignette { amount: 0.5, radius: 0.5, softness: 0.6 },
    ];

    /// Whether every setting is in its range.
    pub fn is_sound(&self) -> bool {
        let within = |v: f32, low: f32, high: f32| (low..=high).contains(&v);
        match *self {
            Self::Exposure { stops } => within(stops, -10.0, 10.0),
            Self::WhiteBalance { temperature, tint } => within(temperature, -1.0, 1.0) && within(tint, -1.0, 1.0),
            Self::Contrast { amount, pivot } => within(amount, 0.0, 4.0) && within(pivot, 0.0, 1.0),
            Self::Saturation { amount } => within(amount, 0.0, 4.0),
            Self::Wheels { lift, gamma, gain } => {
                lift.iter().all(|v| within(*v, -1.0, 1.0))
                    && gamma.iter().all(|v| within(*v, 0.1, 10.0))
                    && gain.iter().all(|v| within(*v, 0.0, 4.0))
            }
            Self::Vignette { amount, radius, softness } => {
                within(amount, -1.0, 1.0) && within(radius, 0.0, 1.0) && within(softness, 0.0, 1.0)
            }
        }
    }
}
