//! Formats of FCPXML: sizes, rates and colour spaces, said or named.

use crate::base::FrameRate;

#[derive(Clone, Copy, Default)]
pub(super) struct Format {
    pub(super) size: Option<(u32, u32)>,
    pub(super) rate: Option<FrameRate>,
    pub(super) color: Option<crate::base::ColorTags>,
}

/// The rate of a frame's duration.
pub(super) fn rate_of(text: &str) -> Option<FrameRate> {
    let body = text.trim().trim_end_matches('s');
    let (n, d) = body.split_once('/').unwrap_or((body, "1"));
    let (n, d) = (n.trim().parse::<u64>().ok()?, d.trim().parse::<u64>().ok()?);
    let (mut a, mut b) = (n, d);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let g = a.max(1);
    FrameRate::new(u32::try_from(d / g).ok()?, u32::try_from(n / g).ok()?)
}

/// Size and rate of one of Final Cut Pro's named formats.
pub(super) fn named_format(name: &str) -> Option<((u32, u32), Option<FrameRate>)> {
    let body = name.strip_prefix("FFVideoFormat")?;
    let (size, rest) = if let Some(rest) = body.strip_prefix("1080") {
        ((1920, 1080), rest)
    } else if let Some(rest) = body.strip_prefix("720") {
        ((1280, 720), rest)
    } else {
        let (w, rest) = body.split_once('x')?;
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        ((w.parse().ok()?, rest[..end].parse().ok()?), &rest[end..])
    };
    let rate = match rest.trim_start_matches(['p', 'i']) {
        "2398" => FrameRate::NTSC_24,
        "2997" | "5994i" => FrameRate::NTSC_30,
        "5994" => FrameRate::NTSC_60,
        n => FrameRate::new(n.parse().ok()?, 1)?,
    };
    // interlaced formats are named by their fields
    let rate = if rest.starts_with('i') { FrameRate::new(rate.num(), rate.den().checked_mul(2)?)? } else { rate };
    Some((size, Some(rate)))
}
