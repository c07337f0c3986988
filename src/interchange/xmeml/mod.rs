//! xmeml: Final Cut Pro 7's XML, version 5 written, 4 and 5 read. Premiere and Resolve exchange it.

mod file;
mod filters;
mod read;
mod write;

pub(super) use read::read;
pub(super) use write::write;

use crate::base::{FLICKS_PER_SEC, Time};

/// Premiere's ticks: 254,016,000,000 a second, in which every frame and sample is whole (its own files). 360 to a flick.
const TICKS_PER_FLICK: i64 = 254_016_000_000 / FLICKS_PER_SEC;

fn ticks(t: Time) -> i128 {
    i128::from(t.0) * i128::from(TICKS_PER_FLICK)
}

/// The time of ticks, to the nearest flick.
fn from_ticks(ticks: i64) -> Time {
    Time(crate::base::Rounding::Nearest.div(i128::from(ticks), i128::from(TICKS_PER_FLICK)) as i64)
}
