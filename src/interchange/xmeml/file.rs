//! Rates, timecodes and files of xmeml.

use crate::{
    base::{FrameRate, Rounding, Time, format_timecode},
    interchange::{
        InterchangeError,
        pieces::{is_still, media_rate, media_start},
        rate::{from_timebase, to_timebase},
        target::Flavour,
        url,
        xml::{El, at, child, text},
    },
    model::Media,
};
use roxmltree::Node;

pub(super) fn rate(r: FrameRate) -> El {
    let (base, ntsc) = to_timebase(r);
    El::new("rate").with(El::text("timebase", base)).with(El::text("ntsc", if ntsc { "TRUE" } else { "FALSE" }))
}

pub(super) fn timecode(label: i64, r: FrameRate, drop: bool) -> El {
    El::new("timecode")
        .with(rate(r))
        .with(El::text("string", format_timecode(label, r, drop)))
        .with(El::text("frame", label))
        .with(El::text("displayformat", if drop && r.can_drop_frames() { "DF" } else { "NDF" }))
}

pub(super) fn picture(width: u32, height: u32, r: FrameRate) -> El {
    El::new("samplecharacteristics")
        .with(rate(r))
        .with(El::text("width", width))
        .with(El::text("height", height))
        .with(El::text("anamorphic", "FALSE"))
        .with(El::text("pixelaspectratio", "square"))
        .with(El::text("fielddominance", "none"))
}

pub(super) fn file(m: &Media, id: &str, timeline: FrameRate, flavour: &Flavour) -> El {
    let r = media_rate(m, timeline);
    let name = m.file.path.file_name().map_or_else(|| m.name.clone(), |n| n.to_string_lossy().into_owned());
    let counted = m.info.video.as_ref().map_or(0, |v| i64::try_from(v.frames).unwrap_or(0));
    let length = if counted > 1 { counted } else { m.info.duration.to_frames(r, Rounding::Ceil) };
    let drop = m.info.start_timecode.as_deref().is_some_and(|t| t.contains(';'));
    let mut media = El::new("media");
    if let Some(v) = &m.info.video {
        let (w, h) = v.display_size();
        let video = El::new("video").with_if(is_still(m).then(|| El::text("stillframe", "TRUE"))).with(picture(w, h, r));
        media.push(video);
    }
    if let Some(a) = &m.info.audio {
        let sound = El::new("samplecharacteristics").with(El::text("depth", 16)).with(El::text("samplerate", a.rate));
        media.push(El::new("audio").with(sound).with(El::text("channelcount", a.channels)));
    }
    El::new("file")
        .attr("id", id)
        .with(El::text("name", name))
        .with(El::text("pathurl", url::localhost_uri(&m.file.path, flavour.xmeml_encoded_drive)))
        .with(rate(r))
        .with(El::text("duration", length))
        .with(timecode(media_start(m, timeline), r, drop))
        .with(media)
}

/// The rate of an element; None where it says none.
///
/// # Errors
/// A rate that no film has.
pub(super) fn read_rate(n: Node<'_, '_>) -> Result<Option<FrameRate>, InterchangeError> {
    let Some(r) = child(n, "rate") else { return Ok(None) };
    let Some(base) = text(r, "timebase") else { return Ok(None) };
    let ntsc = text(r, "ntsc").is_some_and(|t| t.eq_ignore_ascii_case("TRUE"));
    let bad = || InterchangeError::BadRate { rate: base.chars().take(40).collect() };
    let base: f64 = base.parse().map_err(|_| bad())?;
    if base.fract() != 0.0 {
        return crate::interchange::rate::from_f64(base).map(Some);
    }
    if !(1.0..=1000.0).contains(&base) {
        return Err(bad());
    }
    from_timebase(base as u32, ntsc).map(Some)
}

/// The label of the first frame and whether it counts drop-frame.
///
/// # Errors
/// A rate that no film has.
pub(super) fn read_timecode(n: Node<'_, '_>, usual: FrameRate) -> Result<(i64, bool), InterchangeError> {
    let Some(t) = child(n, "timecode") else { return Ok((0, false)) };
    let r = read_rate(t)?.unwrap_or(usual);
    let drop = text(t, "displayformat").is_some_and(|d| d.eq_ignore_ascii_case("DF")) && r.can_drop_frames();
    let frame = text(t, "frame").and_then(|f| f.parse::<f64>().ok()).filter(|f| f.is_finite()).map(|f| f as i64);
    let label = frame.or_else(|| {
        let label = text(t, "string")?;
        let label = if drop { label.replacen([':'], ":", 2) } else { label.replace(';', ":") };
        crate::base::parse_timecode(&label, r).ok()
    });
    let most = crate::model::MAX_FRAME / 2;
    Ok((label.unwrap_or(0).clamp(0, most), drop))
}

/// Whole frames in an element's child.
///
/// # Errors
/// No number, or one past all timelines.
pub(super) fn frames(n: Node<'_, '_>, name: &str) -> Result<Option<i64>, InterchangeError> {
    let Some(t) = text(n, name) else { return Ok(None) };
    let bad = || InterchangeError::BadTime { what: format!("{name} {}", t.chars().take(40).collect::<String>()) };
    let v: f64 = t.parse().map_err(|_| bad())?;
    if !v.is_finite() || v.abs() > crate::model::MAX_FRAME as f64 / 2.0 {
        return Err(bad());
    }
    Ok(Some(v.round() as i64))
}

/// Size of the picture that an element describes.
pub(super) fn read_size(n: Node<'_, '_>, path: &[&str]) -> Option<(u32, u32)> {
    let c = at(n, path)?;
    let side = |name| text(c, name).and_then(|t| t.parse::<u32>().ok()).filter(|v| (1..=1 << 20).contains(v));
    side("width").zip(side("height"))
}

/// Length in time of `frames`.
pub(super) fn time(frames: i64, r: FrameRate) -> Time {
    Time::from_frames(frames, r)
}
