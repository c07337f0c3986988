//! Frames as the text that people write: timecode of the sequence, lengths, points of a source. Pure: no egui.

use crate::{
    base::{FrameRate, format_timecode, parse_timecode},
    model::Sequence,
};

/// How a sequence counts.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    rate: FrameRate,
    drop: bool,
    /// Label of frame 0, in frames.
    start: i64,
}

impl Clock {
    pub fn of(s: &Sequence) -> Self {
        Self { rate: s.frame_rate, drop: s.drop_frame, start: s.start_timecode }
    }

    /// Label of a frame of the timeline.
    pub fn label(&self, frame: i64) -> String {
        format_timecode(frame.saturating_add(self.start), self.rate, self.drop)
    }

    /// A length, which begins at zero whatever the sequence's labels do.
    pub fn length(&self, frames: i64) -> String {
        format_timecode(frames, self.rate, self.drop)
    }

    /// The frame that a label names. Parts may be left out on the left, and their separators too: `1:00`, `100`.
    pub fn parse_label(&self, text: &str) -> Option<i64> {
        self.parse_length(text).map(|f| f - self.start)
    }

    /// See [`Self::parse_label`].
    pub fn parse_length(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        let (sign, digits) = text.strip_prefix(['-', '−']).map_or(("", text), |rest| ("-", rest));
        let is_separator = |c: char| matches!(c, ':' | ';' | '.' | ',');
        let parts: Vec<String> = if digits.contains(is_separator) {
            digits.split(is_separator).map(str::to_owned).collect()
        } else if digits.len() <= 8 && digits.chars().all(|c| c.is_ascii_digit()) {
            let padded = format!("{digits:0>8}");
            padded.as_bytes().chunks(2).map(|c| String::from_utf8_lossy(c).into_owned()).collect()
        } else {
            return None;
        };
        if digits.is_empty() || parts.len() > 4 {
            return None;
        }
        let mut whole = vec!["00".to_owned(); 4 - parts.len()];
        whole.extend(parts.into_iter().map(|p| if p.is_empty() { "00".to_owned() } else { p }));
        let drop = self.drop && self.rate.can_drop_frames();
        let join = |sep: &str| format!("{sign}{}:{}:{}{sep}{}", whole[0], whole[1], whole[2], whole[3]);
        // a label that drop-frame counting skips is meant as the next that there is
        parse_timecode(&join(if drop { ";" } else { ":" }), self.rate).ok().or_else(|| {
            let skipped = self.rate.timecode_base() / 15;
            let frames: u32 = whole[3].parse().ok()?;
            let next = format!("{sign}{}:{}:{};{skipped:02}", whole[0], whole[1], whole[2]);
            (drop && frames < skipped).then(|| parse_timecode(&next, self.rate).ok())?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(rate: FrameRate, drop: bool, start: i64) -> Clock {
        Clock { rate, drop, start }
    }

    #[test]
    fn a_label_may_leave_out_what_is_zero() {
        let c = clock(FrameRate::FPS_25, false, 0);
        let read = |t: &str| c.parse_length(t);
        assert_eq!([read("00:00:02:05"), read("2:05"), read("205"), read("5"), read("1:00:00")], [55, 55, 55, 5, 1500].map(Some));
        assert_eq!([read("2,05"), read("-10"), read(" 1.. ")], [Some(55), Some(-10), Some(1500)]);
        assert_eq!([read(""), read("x"), read("1:2:3:4:5"), read("0:99"), read("123456789"), read("ééé")], [None; 6]);
    }

    #[test]
    fn labels_count_from_the_sequences_start_and_lengths_from_zero() {
        let c = clock(FrameRate::FPS_25, false, 90_000);
        assert_eq!((c.label(0), c.length(25)), ("01:00:00:00".into(), "00:00:01:00".into()));
        assert_eq!((c.parse_label("01:00:01:00"), c.parse_length("100")), (Some(25), Some(25)));
    }

    #[test]
    fn a_skipped_label_is_the_next_one() {
        let c = clock(FrameRate::NTSC_30, true, 0);
        assert_eq!((c.parse_length("1:00:00"), c.parse_length("1:00:02")), (Some(1800), Some(1800)));
        assert_eq!(c.label(1800), "00:01:00;02");
    }
}
