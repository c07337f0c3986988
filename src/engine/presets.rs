//! Export presets: what to write a film as, kept as data in `assets/presets.ron`.

use crate::{
    base::MIX_RATE,
    media::encode::{self, AudioCodec, AudioSettings, Container, EncodeSettings, Hardware, Quality, Speed, VideoCodec, VideoSettings},
    model::Sequence,
};
use serde::Deserialize;
use std::path::Path;

/// A named way to write a film.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// What the command line calls it.
    pub name: String,
    pub title: String,
    pub description: String,
    /// Of the files it writes, without the dot; empty for a folder of pictures.
    pub extension: String,
    pub container: Container,
    #[serde(default)]
    pub video: Option<VideoPreset>,
    #[serde(default)]
    pub audio: Option<AudioSettings>,
    /// Whether this machine has the encoders.
    #[serde(skip)]
    pub available: bool,
}

/// The pictures of a preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoPreset {
    pub codec: VideoCodec,
    pub quality: Quality,
    pub speed: Speed,
    #[serde(default)]
    pub size: SizeRule,
    #[serde(default)]
    pub ten_bit: bool,
    #[serde(default)]
    pub hardware: Hardware,
}

/// The size of the written pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum SizeRule {
    /// The sequence's own.
    #[default]
    Source,
    /// Scaled so that the shorter side has this many pixels ("1080p", upright films too).
    ShortSide(u32),
}

const EMBEDDED: &str = include_str!("../../assets/presets.ron");

/// All presets, in the order of the menu, each with whether this machine can write it.
pub fn presets() -> Vec<Preset> {
    let mut list: Vec<Preset> =
        ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME).from_str(EMBEDDED).unwrap_or_else(|e| {
            // a test reads the file; this cannot be reached in a build that passed it
            tracing::error!("the embedded presets are broken: {e}");
            Vec::new()
        });
    for p in &mut list {
        let video = p.video.is_none_or(|v| encode::can_encode_video(v.codec));
        p.available = video && p.audio.is_none_or(|a| encode::can_encode_audio(a.codec));
    }
    list
}

/// The default preset for an output path: the first whose files have its extension; a path without one is a folder of
/// PNG files. None for an extension that no preset writes.
pub fn preset_for(output: &Path) -> Option<Preset> {
    let extension = output.extension().map_or(String::new(), |e| e.to_string_lossy().to_lowercase());
    presets().into_iter().find(|p| p.extension == extension)
}

impl Preset {
    /// Size of the written pictures for a sequence: the rule, then sides made even where the codec needs that.
    pub fn size(&self, sequence: &Sequence) -> (u32, u32) {
        let (w, h) = (sequence.width.max(1), sequence.height.max(1));
        let Some(v) = &self.video else { return (w, h) };
        let (w, h) = match v.size {
            SizeRule::Source => (w, h),
            SizeRule::ShortSide(short) => {
                let side = |n: u32| ((u64::from(n) * u64::from(short) + u64::from(w.min(h)) / 2) / u64::from(w.min(h))).max(1) as u32;
                (side(w), side(h))
            }
        };
        match v.codec {
            VideoCodec::Png => (w, h),
            // Chroma is subsampled: odd sides would be cut by half a chroma sample. GStreamer's muxers take no side below 16.
            _ => ((w & !1).max(16), (h & !1).max(16)),
        }
    }

    /// The encoder's settings for a sequence. HDR sequences are written in 10 bit where the codec can.
    pub fn settings(&self, sequence: &Sequence, with_sound: bool) -> EncodeSettings {
        let (width, height) = self.size(sequence);
        EncodeSettings {
            container: self.container,
            video: self.video.as_ref().map(|v| VideoSettings {
                color: sequence.color,
                quality: v.quality,
                speed: v.speed,
                hardware: v.hardware,
                ten_bit: v.ten_bit || sequence.color.is_hdr() && v.codec != VideoCodec::Av1,
                ..VideoSettings::new(v.codec, width, height, sequence.frame_rate)
            }),
            audio: self.audio.filter(|_| with_sound || self.video.is_none()),
            text: None,
            expected_bytes: None,
        }
    }
}

/// Bytes that a file of these settings takes at least, to refuse an export that cannot fit the disk. Only what is known
/// beforehand counts: PCM, bit rates and ProRes; constant quality may come out arbitrarily small.
pub(super) fn least_bytes(settings: &EncodeSettings, frames: u64, samples: u64) -> u64 {
    let secs = samples as f64 / f64::from(MIX_RATE);
    let kbps = |k: u32| (f64::from(k) * 125.0 * secs) as u64;
    let sound = settings.audio.map_or(0, |a| match a.codec {
        AudioCodec::Pcm16 => samples * 4,
        AudioCodec::Pcm24 => samples * 6,
        AudioCodec::Flac => 0,
        AudioCodec::Aac | AudioCodec::Opus | AudioCodec::Mp3 => kbps(a.bitrate_kbps) / 2,
    });
    let pictures = settings.video.as_ref().map_or(0, |v| match (v.codec, v.quality) {
        // even a black picture has its slices and tables: about a hundredth of a byte a pixel
        (VideoCodec::ProRes, _) => u64::from(v.width) * u64::from(v.height) * frames / 100,
        (VideoCodec::Png, _) | (_, Quality::Constant(_)) => 0,
        (_, Quality::BitrateKbps(k)) => kbps(k) / 2,
    });
    // MP4, MOV and MP3 files are put together from a first copy
    let copies = if matches!(settings.container, Container::Mp4 | Container::Mov | Container::Mp3) { 2 } else { 1 };
    copies * (sound + pictures)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FrameRate;
    use std::collections::HashSet;

    #[test]
    fn every_preset_reads_has_its_own_name_and_fits_its_container() {
        let list = presets();
        assert!(list.len() >= 10);
        assert_eq!(list.iter().map(|p| &p.name).collect::<HashSet<_>>().len(), list.len());
        for p in &list {
            assert!(p.video.is_none_or(|v| p.container.takes_video(v.codec)), "{}", p.name);
            assert!(p.audio.is_none_or(|a| p.container.takes_audio(a.codec)), "{}", p.name);
            assert!(p.video.is_some() || p.audio.is_some());
        }
    }

    #[test]
    fn what_is_known_to_be_large_is_reckoned_beforehand() {
        let least = |name: &str| {
            let p = presets().into_iter().find(|p| p.name == name).unwrap();
            least_bytes(&p.settings(&Sequence::new(1920, 1080, FrameRate::FPS_25), true), 25 * 3600, 48_000 * 3600)
        };
        assert_eq!(least("wav"), 48_000 * 3600 * 6);
        assert!(least("prores") > 2 * least("wav"));
        assert!(least("h264") < 200 << 20);
    }

    #[test]
    fn the_extension_picks_the_preset() {
        let name = |s: &str| preset_for(Path::new(s)).map(|p| p.name);
        assert_eq!(name("a/film.MP4").as_deref(), Some("h264"));
        assert_eq!(name("film.webm").as_deref(), Some("webm"));
        assert_eq!(name("film.mov").as_deref(), Some("prores"));
        assert_eq!(name("folder/frames").as_deref(), Some("png"));
        assert_eq!(name("film.xyz"), None);
    }

    #[test]
    fn sizes_follow_the_rule_and_come_out_even() {
        let size = |name: &str, w, h| {
            let p = presets().into_iter().find(|p| p.name == name).unwrap();
            p.size(&Sequence::new(w, h, FrameRate::FPS_25))
        };
        assert_eq!(size("h264", 1919, 1079), (1918, 1078));
        assert_eq!(size("h264", 1, 1), (16, 16));
        assert_eq!(size("png", 1919, 1079), (1919, 1079));
        assert_eq!(size("h264-1080p", 3840, 2160), (1920, 1080));
        assert_eq!(size("h264-1080p", 720, 1280), (1080, 1920));
    }
}
