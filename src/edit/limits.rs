//! How far a clip's media reaches: which frames of the timeline it can fill.

use crate::{
    base::{FrameRate, Time},
    model::{Clip, Project},
};

/// Rounding slack, 1 µs in flicks: a source point is exact to half a flick, a file's duration to a nanosecond or so.
const SLACK: Time = Time(706);

/// End of the media behind a clip; None where there is none to run out of: stills, titles, colours, and files whose length
/// is not known.
///
/// The picture's own count times its rate where the rate is constant (containers round a duration), the file's duration
/// where that is longer.
fn media_end(project: &Project, clip: &Clip) -> Option<Time> {
    let duration = project.source_duration(&clip.content).filter(|d| *d > Time::ZERO)?;
    let Some(media) = project.media_of(&clip.content) else { return Some(duration) };
    let pictures = media.info.video.as_ref().filter(|v| !v.variable_frame_rate);
    let counted = pictures.map(|v| Time::from_frames(i64::try_from(v.frames).unwrap_or(i64::MAX), v.frame_rate));
    Some(duration.max(counted.unwrap_or(Time::ZERO)))
}

/// Whether the media has something to show at timeline frame `frame` of the clip, which may lie outside it.
pub(super) fn has_media_at(project: &Project, clip: &Clip, frame: i64, rate: FrameRate) -> bool {
    match (media_end(project, clip), clip.source_at(frame, rate)) {
        (Some(end), Some(at)) => at >= -SLACK && at < end,
        _ => true,
    }
}

/// Whether the whole clip lies within its media.
pub(super) fn is_inside_media(project: &Project, clip: &Clip, rate: FrameRate) -> bool {
    has_media_at(project, clip, clip.start, rate) && has_media_at(project, clip, clip.end().saturating_sub(1), rate)
}

/// How many of the `wanted` frames past the clip's end (or before its start) have media.
pub(super) fn handle(project: &Project, clip: &Clip, after: bool, wanted: i64, rate: FrameRate) -> i64 {
    let frame = |n: i64| if after { clip.end().saturating_add(n - 1) } else { clip.start.saturating_sub(n) };
    longest(wanted, |n| has_media_at(project, clip, frame(n), rate))
}

/// The longest length up to `wanted` at which the clip stays within its media, at least 1.
pub(super) fn longest_within_media(project: &Project, clip: &Clip, wanted: i64, rate: FrameRate) -> i64 {
    longest(wanted, |n| has_media_at(project, clip, clip.start.saturating_add(n - 1), rate)).max(1)
}

/// The largest n in 0..=limit for which `fits` holds; `fits` must hold for all smaller n then too. Binary search.
fn longest(limit: i64, fits: impl Fn(i64) -> bool) -> i64 {
    let (mut low, mut high) = (0, limit.max(0));
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}
