//! What a user asks of a steady picture.

use serde::{Deserialize, Serialize};

/// How the picture is enlarged so that no edge of it shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Zoom {
    /// Not at all: edges may show, and are filled.
    None,
    /// One zoom for a whole shot, the least that will do.
    #[default]
    Static,
    /// As much as each moment needs, changed slowly.
    Dynamic,
}

/// Settings of a clip's stabilisation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// 0 = only shake faster than 1 Hz goes, 1 = all that is faster than 0.17 Hz.
    pub smoothness: f64,
    /// The largest share of width and height that may be cut off, 0 to 0.3.
    pub max_crop: f64,
    pub zoom: Zoom,
    /// The camera stands still, as far as the crop allows.
    pub tripod: bool,
    /// The camera does not roll, as far as the crop allows.
    pub horizon: bool,
    /// Undo the skew of sensors that are read row by row.
    pub rolling: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { smoothness: 0.6, max_crop: 0.1, zoom: Zoom::Static, tripod: false, horizon: false, rolling: true }
    }
}

impl Settings {
    /// Settings with every number in its range; a number that is none becomes its default.
    pub fn clamped(self) -> Self {
        let or = |v: f64, otherwise: f64| if v.is_finite() { v } else { otherwise };
        let usual = Self::default();
        Self {
            smoothness: or(self.smoothness, usual.smoothness).clamp(0.0, 1.0),
            max_crop: or(self.max_crop, usual.max_crop).clamp(0.0, 0.3),
            ..self
        }
    }

    /// Frequency in hertz above which the camera's motion counts as shake.
    pub(super) fn cutoff_hz(&self) -> f64 {
        0.17_f64.powf(if self.tripod { 1.0 } else { self.smoothness })
    }
}
