//! Captions as SubRip and WebVTT: pure text in and out. They go beside a timeline whose format has no place for them.

use super::{InterchangeError, Losses, ReadOptions, build::Builder};
use crate::{
    base::{FrameRate, Rounding, Time},
    model::{Caption, Project, Sequence},
};

/// One caption: what is said, and when it stands on the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    pub start: Time,
    /// Exclusive, after `start`.
    pub end: Time,
    /// Lines are separated by `\n`.
    pub text: String,
}

/// The two formats: SubRip has commas and numbers, WebVTT (W3C) a head and points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptionFormat {
    Srt,
    Vtt,
}

/// The captions of a sequence.
pub fn of(s: &Sequence) -> Vec<Cue> {
    let at = |frame| Time::from_frames(frame, s.frame_rate);
    s.captions.iter().map(|c| Cue { start: at(c.start), end: at(c.end()), text: c.text.clone() }).collect()
}

/// Captions on the frames of `rate`, at least one frame each, as a timeline that holds nothing else; and what it cost.
///
/// # Errors
/// As for [`read`].
pub fn timeline(text: &str, rate: FrameRate, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    let mut b = Builder::new(options);
    let mut s = Sequence::new(1920, 1080, rate);
    s.id = crate::base::SequenceId(b.id());
    s.tracks.clear();
    s.captions = placed(&mut b, &read(text)?, rate);
    b.finish(s)
}

fn placed(b: &mut Builder<'_>, cues: &[Cue], rate: FrameRate) -> Vec<Caption> {
    let frame = |t: Time| t.to_frames(rate, Rounding::Nearest);
    let list = cues.iter().map(|c| (frame(c.start), (frame(c.end) - frame(c.start)).max(1), c.text.trim().to_owned())).collect();
    b.captions(list, rate)
}

/// Hours have two digits or more. Milliseconds, to the nearest: neither format has finer times.
pub(super) fn clock(t: Time, point: char) -> String {
    let ms = t.to_samples(1000, Rounding::Nearest).max(0);
    format!("{:02}:{:02}:{:02}{point}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// The text of a caption file. Blank lines inside a caption would end it and are left out.
pub fn write(cues: &[Cue], format: CaptionFormat) -> String {
    let point = if format == CaptionFormat::Srt { ',' } else { '.' };
    let mut out = String::from(if format == CaptionFormat::Srt { "" } else { "WEBVTT\n\n" });
    for (i, c) in cues.iter().enumerate() {
        if format == CaptionFormat::Srt {
            out.push_str(&format!("{}\n", i + 1));
        }
        out.push_str(&format!("{} --> {}\n", clock(c.start, point), clock(c.end, point)));
        for line in c.text.lines().filter(|l| !l.trim().is_empty()) {
            if format == CaptionFormat::Vtt {
                // WebVTT is markup: these two would begin a tag or an entity
                out.push_str(&line.replace('&', "&amp;").replace('<', "&lt;").replace("-->", "--&gt;"));
            } else {
                out.push_str(line);
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// The captions of a file of either format, in order of their start. Settings behind a time and WebVTT's other blocks are
/// passed over.
///
/// # Errors
/// No line has times although there is text, or a time cannot be.
pub fn read(text: &str) -> Result<Vec<Cue>, InterchangeError> {
    let mut cues = cues(text)?;
    if is_vtt(text) {
        cues.iter_mut().for_each(|c| c.text = unescape(&c.text));
    }
    Ok(cues)
}

pub(super) fn is_vtt(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').starts_with("WEBVTT")
}

/// The captions of a file with their text as it stands there.
pub(super) fn cues(text: &str) -> Result<Vec<Cue>, InterchangeError> {
    let vtt = is_vtt(text);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let mut cues = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut said_something = false;
    while let Some((i, line)) = lines.next() {
        let Some((from, to)) = line.split_once("-->") else {
            let head = vtt && i == 0;
            said_something |= !head && !line.trim().is_empty();
            continue;
        };
        let bad = || InterchangeError::Malformed { line: i + 1, what: line.trim().chars().take(80).collect() };
        let start = parse_clock(from.trim()).ok_or_else(bad)?;
        let end = parse_clock(to.split_whitespace().next().unwrap_or_default()).ok_or_else(bad)?;
        let mut said = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, l)| !l.trim().is_empty()) {
            said.push(line);
        }
        if end > start {
            cues.push(Cue { start, end, text: said.join("\n") });
        }
    }
    if cues.is_empty() && said_something {
        return Err(InterchangeError::NoTimeline);
    }
    cues.sort_by_key(|c| (c.start, c.end));
    Ok(cues)
}

pub(super) fn unescape(line: &str) -> String {
    line.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

/// `hh:mm:ss,mmm`; hours may be missing, a point may stand for the comma.
pub(super) fn parse_clock(text: &str) -> Option<Time> {
    let (clock, fraction) = text.split_once([',', '.']).unwrap_or((text, "0"));
    let digits = fraction.get(..fraction.len().min(3))?;
    let ms: i64 = format!("{digits:0<3}").parse().ok().filter(|v| (0..1000).contains(v))?;
    let parts = clock.split(':').map(|p| p.trim().parse::<u32>().ok().map(i64::from)).collect::<Option<Vec<_>>>()?;
    let secs = match parts[..] {
        [h, m, s] if m < 60 && s < 60 && h < 100_000 => h * 3600 + m * 60 + s,
        [m, s] if m < 100_000 && s < 60 => m * 60 + s,
        _ => return None,
    };
    Some(Time::from_samples(secs * 1000 + ms, 1000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cue(start_ms: i64, end_ms: i64, text: &str) -> Cue {
        Cue { start: Time::from_samples(start_ms, 1000), end: Time::from_samples(end_ms, 1000), text: text.into() }
    }

    #[test]
    fn both_formats_look_as_their_readers_expect() {
        let cues = [cue(0, 1500, "Hello"), cue(3_600_000, 3_601_001, "two\nlines")];
        let srt = "1\n00:00:00,000 --> 00:00:01,500\nHello\n\n2\n01:00:00,000 --> 01:00:01,001\ntwo\nlines\n\n";
        assert_eq!(write(&cues, CaptionFormat::Srt), srt);
        assert!(write(&cues, CaptionFormat::Vtt).starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello\n\n"));
    }

    #[test]
    fn files_from_elsewhere_read() {
        let srt = "\u{feff}1\r\n00:00:01,5 --> 00:00:02,000 X1:3\r\nHi\r\n\r\n00:03.000 --> 00:04.000\r\nno number\r\n";
        assert_eq!(read(srt), Ok(vec![cue(1500, 2000, "Hi"), cue(3000, 4000, "no number")]));
        assert_eq!(read(""), Ok(vec![]));
        assert!(read("this is a letter").is_err());
        assert!(read("00:99:00,000 --> 00:00:01,000\nx").is_err());
    }

    #[test]
    fn captions_come_back_on_their_frames_at_every_rate() {
        for rate in ["24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001", "60"] {
            let rate: FrameRate = rate.parse().unwrap();
            let mut s = Sequence::new(64, 64, rate);
            let caption = |i: i64| Caption {
                id: crate::base::CaptionId(10 + i as u64),
                start: i * 7,
                duration: 1 + i % 7,
                text: format!("{i}\nb"),
                words: Vec::new(),
            };
            s.captions = (0..400).map(caption).collect();
            for format in [CaptionFormat::Srt, CaptionFormat::Vtt] {
                let text = write(&of(&s), format);
                let (p, losses) = timeline(&text, rate, &ReadOptions::new("x", std::path::Path::new("/"))).unwrap();
                let facts = |list: &[Caption]| list.iter().map(|c| (c.start, c.duration, c.text.clone())).collect::<Vec<_>>();
                assert_eq!(facts(&p.sequence.captions), facts(&s.captions), "{rate}");
                assert!(losses.is_empty());
            }
        }
    }

    #[test]
    fn a_caption_that_begins_too_early_cuts_the_one_before() {
        let cues = [cue(0, 2000, "a"), cue(1000, 3000, "b"), cue(1000, 2000, "c")];
        let options = ReadOptions::new("x", std::path::Path::new("/"));
        let (p, losses) = timeline(&write(&cues, CaptionFormat::Srt), FrameRate::FPS_25, &options).unwrap();
        let facts: Vec<_> = p.sequence.captions.iter().map(|c| (c.start, c.duration, c.text.as_str())).collect();
        assert_eq!(facts, [(0, 25, "a"), (25, 25, "c")]);
        assert_eq!((losses.warnings().len(), losses.unsupported().len()), (1, 1));
    }

    proptest! {
        #[test]
        fn captions_read_back(list in prop::collection::vec((0i64..100_000_000, 1i64..10_000, "[ -~äß<&]{1,20}"), 0..8)) {
            let mut cues: Vec<_> = list.into_iter().filter(|(_, _, t)| !t.trim().is_empty() && !t.contains("-->") && !t.contains("&"))
                .map(|(s, d, t)| cue(s, s + d, &t)).collect();
            cues.sort_by_key(|c| (c.start, c.end));
            for format in [CaptionFormat::Srt, CaptionFormat::Vtt] {
                prop_assert_eq!(read(&write(&cues, format)).unwrap(), cues.clone());
            }
        }
        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC*[\n:,0-9>-]*\\PC*") {
            let _ = read(&text);
        }
    }
}
