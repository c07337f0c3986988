//! How a clip's picture is steadied: settings alone. The camera's path is measured once for each media and kept beside the
//! project; the way that the picture takes is planned from that path and these settings whenever it is shown.

use super::terse::serialize_differences;
use serde::{Deserialize, Serialize};

/// Most of the picture's width that steadying may cut away.
pub const MAX_STABILIZE_CROP: f32 = 0.3;
/// Longest readout of a sensor, top row to bottom row, in milliseconds.
pub const MAX_READOUT_MS: f32 = 100.0;

/// How much of the picture is kept so that no border shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum StabilizeZoom {
    /// The whole picture, moved: what lies beyond its border is seen.
    None,
    /// One magnification for a shot, the least that is needed.
    #[default]
    Static,
    /// A magnification that changes slowly with what is needed.
    Dynamic,
}

/// Correction of a sensor that reads its rows one after another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum RollingShutter {
    Off,
    /// As measured from the media, where that was possible.
    #[default]
    Auto,
    /// Milliseconds from the top row to the bottom row; negative where rows are read upwards.
    Ms(f32),
}

/// What is seen beyond the picture's border where there is no zoom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Border {
    /// What lies below the clip.
    #[default]
    Crop,
    /// The picture, mirrored.
    Mirror,
    /// The picture's outermost pixels, drawn out.
    Fill,
}

/// Steadying of one clip.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stabilize {
    pub on: bool,
    /// 0 keeps most of the camera's own movement, 1 the least.
    pub smoothness: f32,
    /// Largest share of the picture's width that may be cut away, 0–[`MAX_STABILIZE_CROP`].
    pub max_crop: f32,
    pub zoom: StabilizeZoom,
    /// The camera stands still.
    pub tripod: bool,
    pub rolling_shutter: RollingShutter,
    /// The picture does not roll.
    pub horizon_lock: bool,
    pub border: Border,
}
serialize_differences!(Stabilize { on, smoothness, max_crop, zoom, tripod, rolling_shutter, horizon_lock, border });

impl Default for Stabilize {
    fn default() -> Self {
        Self {
            on: true,
            smoothness: 0.6,
            max_crop: 0.1,
            zoom: StabilizeZoom::default(),
            tripod: false,
            rolling_shutter: RollingShutter::default(),
            horizon_lock: false,
            border: Border::default(),
        }
    }
}

impl Stabilize {
    /// Whether every setting is in its range.
    pub fn is_sound(&self) -> bool {
        let readout = match self.rolling_shutter {
            RollingShutter::Off | RollingShutter::Auto => true,
            RollingShutter::Ms(ms) => ms.abs() <= MAX_READOUT_MS,
        };
        (0.0..=1.0).contains(&self.smoothness) && (0.0..=MAX_STABILIZE_CROP).contains(&self.max_crop) && readout
    }
}
