//! Which films are hard to cut by themselves, and why. Pure.

use crate::base::{MediaInfo, words::tr};

/// Why a proxy is worth its room on the disk, what weighs most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProxyReason {
    /// 4K or more: 3840 pixels along the longer side, or 2160 along the shorter.
    Large,
    /// HEVC or AV1 above 1080p.
    CostlyCodec,
    /// More than two seconds between key pictures above 1080p.
    LongGop,
    /// More than 100 Mbit/s: a usual disk reads two such films at once, not four.
    HighBitRate,
    /// There is one, of a file that has changed since.
    Stale,
}

impl ProxyReason {
    /// In the language of now, as part of a sentence.
    pub fn text(self) -> String {
        tr(match self {
            Self::Large => "session-heavy-large",
            Self::CostlyCodec => "session-heavy-codec",
            Self::LongGop => "session-heavy-gop",
            Self::HighBitRate => "session-heavy-bits",
            Self::Stale => "session-heavy-stale",
        })
    }
}

/// Pixels of 1080p, whatever way the film is turned.
const FULL_HD: u64 = 1920 * 1080;
const LONG_SIDE_4K: u32 = 3840;
const SHORT_SIDE_4K: u32 = 2160;
const LONG_GOP_SECS: f64 = 2.0;
const HIGH_BITS_PER_SEC: f64 = 100e6;

/// Why a film of these facts and so many bytes wants a proxy; None where it does not, or where none can be made of it (stills, films
/// that are see-through, sound).
pub fn heavy(info: &MediaInfo, bytes: u64) -> Option<ProxyReason> {
    let v = info.video.as_ref().filter(|v| !v.still && !v.alpha)?;
    if v.width.max(v.height) >= LONG_SIDE_4K || v.width.min(v.height) >= SHORT_SIDE_4K {
        return Some(ProxyReason::Large);
    }
    let above_hd = u64::from(v.width) * u64::from(v.height) > FULL_HD;
    if above_hd && matches!(v.codec.as_str(), "hevc" | "av1") {
        return Some(ProxyReason::CostlyCodec);
    }
    if above_hd && f64::from(v.gop) > LONG_GOP_SECS * v.frame_rate.as_f64() {
        return Some(ProxyReason::LongGop);
    }
    let secs = info.duration.as_secs_f64();
    (secs > 0.0 && bytes as f64 * 8.0 / secs > HIGH_BITS_PER_SEC).then_some(ProxyReason::HighBitRate)
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
        for (info, bytes, reason) in [
            (with(1920, 1080, "h264", 250), light, None),
            (with(1920, 1080, "hevc", 250), light, None),
            (with(1920, 1088, "hevc", 25), light, Some(ProxyReason::CostlyCodec)),
            (with(2560, 1440, "av1", 25), light, Some(ProxyReason::CostlyCodec)),
            (with(2560, 1440, "h264", 50), light, None),
            (with(2560, 1440, "h264", 51), light, Some(ProxyReason::LongGop)),
            (with(3840, 2160, "h264", 1), light, Some(ProxyReason::Large)),
            (with(2160, 3840, "prores", 1), light, Some(ProxyReason::Large)),
            (with(4096, 1716, "hevc", 1), light, Some(ProxyReason::Large)),
            (with(2880, 2160, "h264", 1), light, Some(ProxyReason::Large)),
            (with(1280, 720, "prores", 1), 125_000_000, None),
            (with(1280, 720, "prores", 1), 126_000_000, Some(ProxyReason::HighBitRate)),
        ] {
            assert_eq!(heavy(&info, bytes), reason, "{:?} {bytes}", info.video);
        }
        let mut still = with(8000, 6000, "png", 1);
        still.video.as_mut().unwrap().still = true;
        assert_eq!(heavy(&still, light), None);
        let mut glass = with(3840, 2160, "prores", 1);
        glass.video.as_mut().unwrap().alpha = true;
        assert_eq!(heavy(&glass, light), None);
    }
}
