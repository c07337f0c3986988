//! Small pictures for the bin and for filmstrips: key pictures only, scaled inside the pipeline. Blocks; any worker thread.

use super::{
    MediaError,
    chain::{Chain, Output, Pulled, Spec, TO_KEY},
    container::Container,
    still, survey,
};
use crate::base::{ColorTags, MediaInfo, Picture, PixelFormat, Rotation, Rounding, Time, VideoInfo};
use gstreamer as gst;
use std::path::Path;

/// Give `each` an upright RGBA picture of `height_px` rows for every time: the key picture at or before it. Called in
/// order of time, with the place of the time in `times`; it returns false to stop.
///
/// Sparse times are sought one by one; from about one time for two key pictures on, one pass over all key pictures is
/// cheaper (five times so on short GOPs).
///
/// # Errors
/// No picture, damaged, or no answer within 5 s.
pub fn thumbnails(
    path: &Path,
    info: &MediaInfo,
    times: &[Time],
    height_px: u32,
    each: &mut dyn FnMut(usize, Picture) -> bool,
) -> Result<(), MediaError> {
    let _span = tracing::info_span!("thumbnails", path = %path.display(), count = times.len()).entered();
    let video = info.video.as_ref().ok_or_else(|| MediaError::NoVideo(path.into()))?;
    let coded_size = coded_size(video, height_px);
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by_key(|i| times[*i]);
    if video.still {
        let small = small_still(path, video, coded_size)?;
        order.into_iter().all(|i| each(i, small.clone()));
        return Ok(());
    }
    let container = Container::from_name(&info.container).ok_or_else(|| MediaError::NoVideo(path.into()))?;
    let (width, height) = coded_size;
    let spec = Spec::plain(path, container, Output::Rgba { width, height });
    let mut chain = Chain::open(&spec)?;
    let key_pictures = video.frames / u64::from(video.gop.max(1));
    let mut emit = |i: usize, p: &Picture| each(i, upright(p, video.rotation));
    if times.len() as u64 * 2 > key_pictures {
        one_pass(&mut chain, times, &order, &mut emit)
    } else {
        one_by_one(&mut chain, times, &order, &mut emit)
    }
}

fn one_pass(chain: &mut Chain, times: &[Time], order: &[usize], emit: &mut dyn FnMut(usize, &Picture) -> bool) -> Result<(), MediaError> {
    let keys_only = gst::SeekFlags::TRICKMODE | gst::SeekFlags::TRICKMODE_KEY_UNITS | gst::SeekFlags::TRICKMODE_NO_AUDIO;
    chain.seek(keys_only, 0)?;
    let mut waiting = order.iter().copied().peekable();
    let mut last: Option<Picture> = None;
    loop {
        let next = match chain.pull()? {
            Pulled::Sample(sample) => picture(&sample),
            Pulled::End => None,
        };
        // everything before the next key picture shows the last one; the first one stands for what lies before it
        let before = next.as_ref().map_or(Time::MAX, |(_, pts)| *pts);
        while let Some(i) = waiting.next_if(|i| times[*i] < before && last.is_some()) {
            if last.as_ref().is_some_and(|p| !emit(i, p)) {
                return Ok(());
            }
        }
        match next {
            Some((picture, _)) if waiting.peek().is_some() => last = Some(picture),
            _ => return Ok(()),
        }
    }
}

fn one_by_one(chain: &mut Chain, times: &[Time], order: &[usize], emit: &mut dyn FnMut(usize, &Picture) -> bool) -> Result<(), MediaError> {
    let mut last = None;
    for i in order {
        chain.seek(TO_KEY, times[*i].nanos(Rounding::Ceil))?;
        if let Pulled::Sample(sample) = chain.pull()? {
            last = picture(&sample).map(|(p, _)| p).or(last);
        }
        if last.as_ref().is_some_and(|p| !emit(*i, p)) {
            break;
        }
    }
    Ok(())
}

pub(super) fn picture(sample: &gst::Sample) -> Option<(Picture, Time)> {
    Some((super::format::picture(sample, ColorTags::SRGB)?, Time::from_nanos(survey::stream_nanos(sample)?)))
}

/// Size before turning of a picture that is `height_px` high when upright.
pub(super) fn coded_size(video: &VideoInfo, height_px: u32) -> (u32, u32) {
    let (w, h) = video.display_size();
    let height = height_px.max(1);
    let width = ((u64::from(w) * u64::from(height) + u64::from(h) / 2) / u64::from(h.max(1))).clamp(1, 16_384) as u32;
    if video.rotation.swaps_sides() { (height, width) } else { (width, height) }
}

pub(super) fn small_still(path: &Path, video: &VideoInfo, (width, height): (u32, u32)) -> Result<Picture, MediaError> {
    let full = still(path)?;
    let damaged = || MediaError::Damaged { path: path.into(), reason: "its size is not what it says".into() };
    let bytes: Vec<u8> = match full.format {
        // the high byte of each sample
        PixelFormat::Rgba16 => full.plane(0).iter().skip(1).step_by(2).copied().collect(),
        _ => full.plane(0).to_vec(),
    };
    let image = image::RgbaImage::from_raw(full.width, full.height, bytes).ok_or_else(damaged)?;
    let small = image::imageops::thumbnail(&image, width, height).into_raw();
    let small = Picture::from_packed(PixelFormat::Rgba8, width, height, small, ColorTags::SRGB).map_err(|_| damaged())?;
    Ok(upright(&small, video.rotation))
}

/// A tightly packed copy, mirrored and turned as `rotation` says.
pub(super) fn upright(p: &Picture, rotation: Rotation) -> Picture {
    let (w, h) = (p.width as usize, p.height as usize);
    let (out_w, out_h) = if rotation.swaps_sides() { (h, w) } else { (w, h) };
    let mut out = Vec::with_capacity(w * h * 4);
    for y in 0..out_h {
        for x in 0..out_w {
            // back to the picture before turning, then before mirroring
            let (sx, sy) = match rotation.degrees() {
                90 => (y, h - 1 - x),
                180 => (w - 1 - x, h - 1 - y),
                270 => (w - 1 - y, x),
                _ => (x, y),
            };
            let sx = if rotation.is_flipped() { w - 1 - sx } else { sx };
            let at = p.planes[0].offset + sy * p.planes[0].stride + sx * 4;
            out.extend_from_slice(p.data.as_ref().as_ref().get(at..at + 4).unwrap_or(&[0; 4]));
        }
    }
    let (planes, _) = Picture::packed_layout(PixelFormat::Rgba8, out_w as u32, out_h as u32);
    let size = (out_w as u32, out_h as u32);
    Picture { width: size.0, height: size.1, planes, data: std::sync::Arc::new(out), rotation: Rotation::None, ..p.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2×3 pixels whose red channel counts from 0.
    fn counting() -> Picture {
        let bytes = (0..6u8).flat_map(|i| [i, 0, 0, 255]).collect();
        Picture::from_packed(PixelFormat::Rgba8, 2, 3, bytes, ColorTags::SRGB).unwrap()
    }

    fn reds(p: &Picture) -> Vec<u8> {
        p.plane(0).iter().step_by(4).copied().collect()
    }

    #[test]
    fn pictures_are_mirrored_first_and_turned_clockwise_then() {
        // 0 1
        // 2 3
        // 4 5
        assert_eq!(reds(&upright(&counting(), Rotation::None)), [0, 1, 2, 3, 4, 5]);
        assert_eq!(reds(&upright(&counting(), Rotation::Cw90)), [4, 2, 0, 5, 3, 1]);
        assert_eq!(reds(&upright(&counting(), Rotation::Cw180)), [5, 4, 3, 2, 1, 0]);
        assert_eq!(reds(&upright(&counting(), Rotation::Cw270)), [1, 3, 5, 0, 2, 4]);
        assert_eq!(reds(&upright(&counting(), Rotation::Flip)), [1, 0, 3, 2, 5, 4]);
        assert_eq!(reds(&upright(&counting(), Rotation::FlipCw90)), [5, 3, 1, 4, 2, 0]);
        assert_eq!(upright(&counting(), Rotation::FlipCw270).width, 3);
    }
}
