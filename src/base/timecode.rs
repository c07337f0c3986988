//! SMPTE timecode (ST 12-1): a label for a frame number, with drop-frame counting at 29.97 and 59.94.

use super::time::{FrameRate, ParseTimeError};

/// Text of frame `frame` at `rate`: `hh:mm:ss:ff`, with `;` before the frames when `drop` counting is used.
///
/// Drop-frame skips the labels 0 and 1 (0–3 at 59.94) of every minute but each tenth. Frames below zero get a minus sign.
/// Hours run past 24 rather than wrap: a timeline may be longer than a day.
pub fn format_timecode(frame: i64, rate: FrameRate, drop: bool) -> String {
    let drop = drop && rate.can_drop_frames();
    let base = i64::from(rate.timecode_base());
    let mut n = frame.abs();
    if drop {
        let skipped = base / 15; // 2 at 29.97, 4 at 59.94
        let per_minute = base * 60 - skipped;
        let per_ten = per_minute * 10 + skipped;
        let (tens, rest) = (n / per_ten, n % per_ten);
        n += skipped * 9 * tens;
        if rest >= base * 60 {
            n += skipped * ((rest - base * 60) / per_minute + 1);
        }
    }
    let (ff, s) = (n % base, n / base);
    let sign = if frame < 0 { "-" } else { "" };
    let sep = if drop { ';' } else { ':' };
    format!("{sign}{:02}:{:02}:{:02}{sep}{ff:02}", s / 3600, s / 60 % 60, s % 60)
}

/// Frame number of a timecode text. Drop-frame is assumed where the last separator is `;` or `.` and the rate allows it.
///
/// # Errors
/// Wrong shape, a field out of range, or a label that drop-frame counting skips.
pub fn parse_timecode(text: &str, rate: FrameRate) -> Result<i64, ParseTimeError> {
    let bad = |why: &str| ParseTimeError(format!("{text:?} is not a timecode at {rate} frames per second: {why}"));
    let t = text.trim();
    let (neg, t) = t.strip_prefix('-').map_or((false, t), |r| (true, r));
    let drop = (t.contains(';') || t.contains('.')) && rate.can_drop_frames();
    let f: Vec<i64> = t
        .split([':', ';', '.'])
        .map(|p| p.parse::<u32>().map(i64::from))
        .collect::<Result<_, _>>()
        .map_err(|_| bad("write hh:mm:ss:ff"))?;
    let [h, m, s, ff] = f[..] else { return Err(bad("write hh:mm:ss:ff")) };
    let base = i64::from(rate.timecode_base());
    if m > 59 || s > 59 || ff >= base {
        return Err(bad("a field is too large"));
    }
    let mut n = ((h * 60 + m) * 60 + s) * base + ff;
    if drop {
        let skipped = base / 15;
        if s == 0 && ff < skipped && m % 10 != 0 {
            return Err(bad("drop-frame counting skips that label"));
        }
        let minutes = h * 60 + m;
        n -= skipped * (minutes - minutes / 10);
    }
    Ok(if neg { -n } else { n })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn drop_frame_skips_the_right_labels() {
        let r = FrameRate::NTSC_30;
        assert_eq!(format_timecode(1799, r, true), "00:00:59;29");
        assert_eq!(format_timecode(1800, r, true), "00:01:00;02");
        assert_eq!(format_timecode(17982, r, true), "00:10:00;00");
        assert_eq!(format_timecode(107_892, r, true), "01:00:00;00");
        assert!(parse_timecode("00:01:00;00", r).is_err());
        assert_eq!(parse_timecode("01:00:00;00", r), Ok(107_892));
    }

    #[test]
    fn hours_do_not_wrap_and_negatives_keep_their_sign() {
        assert_eq!(format_timecode(25 * 3600 * 100, FrameRate::FPS_25, false), "100:00:00:00");
        assert_eq!(format_timecode(-26, FrameRate::FPS_25, false), "-00:00:01:01");
    }

    #[test]
    fn a_picture_every_few_seconds_counts_seconds() {
        let slow = FrameRate::new(1, 4).unwrap();
        assert_eq!(format_timecode(61, slow, false), "00:01:01:00");
        assert_eq!(parse_timecode("00:01:01:00", slow), Ok(61));
        assert!(parse_timecode("00:01:01:01", slow).is_err());
    }

    proptest! {
        #[test]
        fn timecode_reads_back(n in -10_000_000i64..10_000_000, drop: bool, which in 0usize..4) {
            let r = [FrameRate::NTSC_30, FrameRate::NTSC_60, FrameRate::FPS_25, FrameRate::NTSC_24][which];
            prop_assert_eq!(parse_timecode(&format_timecode(n, r, drop), r).unwrap(), n);
        }
    }
}
