//! Which films are hard to cut by themselves, and why.

use crate::base::MediaInfo;

/// What makes a film heavy. Ordered by how much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Weight {
    /// 3840 × 2160 pixels or more.
    Large,
    /// HEVC or AV1 above 1080p.
    CostlyCodec,
    /// More than two seconds between key pictures above 1080p.
    LongGop,
    /// More than 100 Mbit/s: a usual disk reads two such films at once, not four.
    HighBitRate,
}

/// Pixels of 1080p and of UHD, whatever way the film is turned.
const FULL_HD: u64 = 1920 * 1080;
const UHD: u64 = 3840 * 2160;
const HIGH_BITS_PER_SEC: f64 = 100e6;

/// Why a film of these facts and so many bytes wants a proxy; None where it does not.
pub fn heavy(info: &MediaInfo, bytes: u64) -> Option<Weight> {
    let v = info.video.as_ref().filter(|v| !v.still && !v.alpha)?;
    let pixels = u64::from(v.width) * u64::from(v.height);
    if pixels >= UHD {
        return Some(Weight::Large);
    }
    if pixels > FULL_HD && matches!(v.codec.as_str(), "hevc" | "av1") {
        return Some(Weight::CostlyCodec);
    }
    if pixels > FULL_HD && f64::from(v.gop) > 2.0 * v.frame_rate.as_f64() {
        return Some(Weight::LongGop);
    }
    let secs = info.duration.as_secs_f64();
    (secs > 0.0 && bytes as f64 * 8.0 / secs > HIGH_BITS_PER_SEC).then_some(Weight::HighBitRate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::FrameRate, model::fixture::film};

    #[test]
    fn each_reason_counts_from_its_limit() {
        let base = film("a", FrameRate::FPS_25, 250).info;
        let with = |w: u32, h: u32, codec: &str, gop: u32| {
            let mut info = base.clone();
            let v = info.video.as_mut().unwrap();
            (v.width, v.height, v.gop) = (w, h, gop);
            v.codec = codec.into();
            info
        };
        let light = 10_000_000;
        for (info, bytes, weight) in [
            (with(1920, 1080, "h264", 250), light, None),
            (with(1920, 1080, "hevc", 250), light, None),
            (with(1920, 1088, "hevc", 25), light, Some(Weight::CostlyCodec)),
            (with(2560, 1440, "av1", 25), light, Some(Weight::CostlyCodec)),
            (with(2560, 1440, "h264", 50), light, None),
            (with(2560, 1440, "h264", 51), light, Some(Weight::LongGop)),
            (with(3840, 2160, "h264", 1), light, Some(Weight::Large)),
            (with(2160, 3840, "prores", 1), light, Some(Weight::Large)),
            (with(1280, 720, "prores", 1), 125_000_000, None),
            (with(1280, 720, "prores", 1), 126_000_000, Some(Weight::HighBitRate)),
        ] {
            assert_eq!(heavy(&info, bytes), weight, "{:?} {bytes}", info.video);
        }
        let mut still = with(8000, 6000, "png", 1);
        still.video.as_mut().unwrap().still = true;
        assert_eq!(heavy(&still, light), None);
    }
}
