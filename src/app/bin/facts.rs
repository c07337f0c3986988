//! What a media is, in words and in figures. Pure.

use super::prefs::Column;
use crate::{
    app::{
        widgets,
        words::{Language, decimal, language, tr, tr_args},
    },
    base::Time,
    model::Media,
};

/// `1080p · 29.97 · H.264 · 0:42`: what a file is, in one line.
pub fn facts(media: &Media) -> String {
    let mut parts = Vec::new();
    if let Some(v) = &media.info.video {
        let (w, h) = v.display_size();
        parts.push(if v.still { format!("{w}×{h}") } else { size_name(w, h) });
        if v.variable_frame_rate {
            parts.push("VFR".into());
        } else if !v.still {
            parts.push(rate_text(v.frame_rate.as_f64()));
        }
        parts.push(codec_name(&v.codec));
    } else if let Some(a) = &media.info.audio {
        parts.push(codec_name(&a.codec));
        parts.push(sound_rate(a.rate));
        parts.push(channels(a.channels));
    }
    if media.info.duration > Time::ZERO {
        parts.push(widgets::duration_text(media.info.duration.as_secs_f64()));
    }
    parts.join(" · ")
}

/// What stands in a cell of the list.
pub fn cell(media: &Media, column: Column, uses: u32) -> String {
    let video = media.info.video.as_ref();
    match column {
        Column::Name => media.name.clone(),
        Column::Duration if media.info.duration > Time::ZERO => widgets::duration_text(media.info.duration.as_secs_f64()),
        Column::Codec => {
            video.map(|v| codec_name(&v.codec)).or_else(|| media.info.audio.as_ref().map(|a| codec_name(&a.codec))).unwrap_or_default()
        }
        Column::Rate => match (video, &media.info.audio) {
            (Some(v), _) if v.variable_frame_rate => "VFR".into(),
            (Some(v), _) if !v.still => rate_text(v.frame_rate.as_f64()),
            (None, Some(a)) => sound_rate(a.rate),
            _ => String::new(),
        },
        Column::FrameSize => video.map(|v| v.display_size()).map_or_else(String::new, |(w, h)| format!("{w}×{h}")),
        Column::FileSize if media.file.size > 0 => file_size(media.file.size),
        Column::Folder => media.folder.clone(),
        Column::Uses if uses > 0 => uses.to_string(),
        _ => String::new(),
    }
}

/// `29.97`, `25`: a rate with at most three places.
pub fn rate_text(fps: f64) -> String {
    let places = if (fps - 23.976).abs() < 0.001 { 3 } else { 2 };
    let text = decimal(fps, places);
    text.trim_end_matches('0').trim_end_matches(['.', ',']).to_owned()
}

/// `0:42.36`: a duration with hundredths.
pub fn long_duration(secs: f64) -> String {
    let hundredths = (secs * 100.0).round() as u64;
    let rest = decimal((hundredths % 100) as f64 / 100.0, 2);
    format!("{}{}", widgets::duration_text((hundredths / 100) as f64), rest.trim_start_matches('0'))
}

/// `48 kHz`.
pub fn sound_rate(hertz: u32) -> String {
    let text = decimal(f64::from(hertz) / 1000.0, 1);
    format!("{} kHz", text.trim_end_matches('0').trim_end_matches(['.', ',']))
}

pub fn channels(n: u32) -> String {
    match n {
        1 => tr("bin-mono"),
        2 => tr("bin-stereo"),
        n => tr_args("bin-channels", &[("n", n.into())]),
    }
}

/// `1,000`, in German `1.000`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mark = if language() == Language::German { '.' } else { ',' };
    let mut text = String::with_capacity(digits.len() + 4);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(c);
    }
    text
}

/// `1.4 GB`: powers of ten, as disks are sold.
pub fn file_size(bytes: u64) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let places = usize::from(unit > 0 && value < 99.95);
    format!("{} {}", decimal(value, places), units[unit])
}

pub fn size_name(w: u32, h: u32) -> String {
    match (w.max(h), w.min(h)) {
        (7680, 4320) => "8K".into(),
        (3840 | 4096, 2160) => "4K".into(),
        (1920, 1080) => "1080p".into(),
        (1280, 720) => "720p".into(),
        _ => format!("{w}×{h}"),
    }
}

pub fn codec_name(codec: &str) -> String {
    match codec {
        "h264" => "H.264",
        "hevc" => "HEVC",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "av1" => "AV1",
        "prores" => "ProRes",
        "dnxhd" => "DNxHD",
        "mjpeg" => "MJPEG",
        "aac" => "AAC",
        "mp3" => "MP3",
        "opus" => "Opus",
        "vorbis" => "Vorbis",
        "flac" => "FLAC",
        other if other.starts_with("pcm") => "PCM",
        other => return other.to_uppercase(),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::FrameRate;

    #[test]
    fn sizes_of_files_have_two_or_three_figures() {
        let texts: Vec<String> = [0, 999, 1000, 1_449_000, 99_940_000, 99_960_000, 999_600_000, 4_700_000_000].map(file_size).into();
        assert_eq!(texts, ["0 B", "999 B", "1.0 kB", "1.4 MB", "99.9 MB", "100 MB", "1.0 GB", "4.7 GB"]);
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([0, 312, 1000, 99_999, 1_234_567].map(count), ["0", "312", "1,000", "99,999", "1,234,567"]);
    }

    #[test]
    fn long_durations_keep_their_hundredths() {
        assert_eq!([0.0, 42.357, 59.999, 3661.5].map(long_duration), ["0:00.00", "0:42.36", "1:00.00", "1:01:01.50"]);
    }

    #[test]
    fn rates_are_written_as_people_say_them() {
        assert_eq!(
            [FrameRate::NTSC_24, FrameRate::FPS_25, FrameRate::NTSC_30, FrameRate::NTSC_60].map(|r| rate_text(r.as_f64())),
            ["23.976", "25", "29.97", "59.94"]
        );
        assert_eq!([44_100, 48_000].map(sound_rate), ["44.1 kHz", "48 kHz"]);
    }
}
