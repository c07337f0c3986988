//! The motion of a camera through a file, frame by frame: what the analysis finds and the planner works from.

use super::geometry::Pose;
use crate::base::Time;
use serde::{Deserialize, Serialize};

/// What was odd about a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flags {
    /// The first frame of a shot; the first of all carries it too.
    pub cut: bool,
    /// Shows the same picture as the frame before it.
    pub dup: bool,
    /// The motion could not be measured and was carried on.
    pub weak: bool,
    /// Lit by a flash, or otherwise much brighter or darker than its neighbours.
    pub flash: bool,
}

/// The camera at one frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameMotion {
    /// When the frame is shown, in the media's own time.
    pub pts: Time,
    /// The camera since the first frame of the shot, which is at rest by definition.
    pub pose: Pose,
    /// 0 = a guess, 1 = everything in the picture agreed.
    pub confidence: f32,
    pub flags: Flags,
}

/// The camera through a whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MotionTrack {
    /// Size of the picture as it is stored, in pixels: says its proportions.
    pub size: (u32, u32),
    /// Focal length in widths of the picture.
    pub focal: f64,
    /// Seconds from the first row's exposure to the last row's, negative if the sensor is read from below; 0 = all rows at once.
    pub readout_secs: f64,
    /// In order of time.
    pub frames: Vec<FrameMotion>,
}

impl MotionTrack {
    /// Height of the picture in widths.
    pub fn aspect(&self) -> f64 {
        if self.size.0 == 0 { 1.0 } else { f64::from(self.size.1) / f64::from(self.size.0) }
    }

    /// The shots, as ranges of frames.
    pub fn shots(&self) -> Vec<std::ops::Range<usize>> {
        let mut starts: Vec<usize> = (0..self.frames.len()).filter(|i| *i == 0 || self.frames[*i].flags.cut).collect();
        starts.push(self.frames.len());
        starts.windows(2).map(|w| w[0]..w[1]).collect()
    }
}
