//! Transcripts as caption files and as plain text: SubRip, WebVTT with the time of each word, and text. What Whisper writes is
//! read and written by [`crate::speech::whisper`].

use super::{
    InterchangeError, MAX_BYTES,
    captions::{self, CaptionFormat, Cue},
    text_of,
};
use crate::{
    base::{FrameRate, Time},
    speech::{
        Transcript, Word,
        layout::{self, Rules, Spoken},
        split, whisper,
    },
};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// How a transcript is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextFormat {
    /// SubRip: captions by the usual rules.
    Srt,
    /// WebVTT: a cue for each phrase, with the time of each word in it.
    Vtt,
    /// Text, a paragraph a line.
    Txt,
    /// Whisper's shape.
    Json,
}

impl TextFormat {
    pub const ALL: [Self; 4] = [Self::Srt, Self::Vtt, Self::Txt, Self::Json];

    pub fn extension(self) -> &'static str {
        match self {
            Self::Srt => "srt",
            Self::Vtt => "vtt",
            Self::Txt => "txt",
            Self::Json => "json",
        }
    }

    /// By a file's extension.
    pub fn of(path: &Path) -> Option<Self> {
        let e = path.extension()?.to_str()?.to_ascii_lowercase();
        Self::ALL.into_iter().find(|f| f.extension() == e)
    }
}

/// Reads a transcript of a file with this name. Words of a caption share its time by their length where the file does not say
/// more.
///
/// # Errors
/// The name ends in none of `.srt`, `.vtt`, `.json`, or the text is not what it says.
pub fn read(bytes: &[u8], path: &Path) -> Result<Transcript, InterchangeError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(InterchangeError::TooLarge { mib: MAX_BYTES >> 20 });
    }
    let text = text_of(bytes, false)?;
    match TextFormat::of(path) {
        Some(TextFormat::Json) => whisper::read(&text).map_err(InterchangeError::malformed),
        Some(TextFormat::Srt | TextFormat::Vtt) => {
            let cues = captions::cues(&text)?;
            Ok(Transcript::new("", cues.iter().flat_map(|c| words_of(c, captions::is_vtt(&text)))))
        }
        // text has no times
        Some(TextFormat::Txt) | None => Err(InterchangeError::NoTimes {
            what: path.extension().map_or_else(String::new, |e| e.to_string_lossy().chars().take(20).collect()),
        }),
    }
}

/// The text of a transcript.
pub fn write(transcript: &Transcript, format: TextFormat) -> String {
    match format {
        TextFormat::Srt => captions::write(&laid(transcript), CaptionFormat::Srt),
        TextFormat::Vtt => vtt(transcript),
        TextFormat::Txt => transcript.text(),
        TextFormat::Json => format!("{:#}\n", whisper::to_json(transcript)),
    }
}

/// Captions by the usual rules, in thousandths of a second.
fn laid(transcript: &Transcript) -> Vec<Cue> {
    // a thousand "frames" a second are what the format can say
    let Some(rate) = FrameRate::new(1000, 1) else { return Vec::new() };
    let frame = |t: Time| t.to_frames(rate, crate::base::Rounding::Nearest);
    let spoken: Vec<Spoken> =
        transcript.words().iter().map(|w| Spoken { text: w.text.clone(), start: frame(w.start), end: frame(w.end) }).collect();
    // two frames at 24 frames a second
    let rules = Rules { gap: 84, ..Rules::default() };
    let at = |frame| Time::from_frames(frame, rate);
    let list = layout::captions(&spoken, &[], None, rate, &rules).list;
    list.into_iter().map(|c| Cue { start: at(c.start), end: at(c.end), text: c.text }).collect()
}

fn vtt(transcript: &Transcript) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for phrase in transcript.phrases() {
        let (Some(first), Some(last)) = (phrase.first(), phrase.last()) else { continue };
        let clock = |t| captions::clock(t, '.');
        out.push_str(&format!("{} --> {}\n", clock(first.start), clock(last.end)));
        for (i, w) in phrase.iter().enumerate() {
            if let Some(before) = i.checked_sub(1).and_then(|b| phrase.get(b)) {
                out.push_str(split::between(&before.text, &w.text));
                out.push_str(&format!("<{}>", clock(w.start)));
            }
            out.push_str(&w.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
        }
        out.push_str("\n\n");
    }
    out
}

/// Longest tag, in bytes; what is longer is text.
const MAX_TAG: usize = 400;

/// The words of a cue: tags are no words, and a tag with a time says when the next word begins.
fn words_of(cue: &Cue, vtt: bool) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut piece = String::new();
    let mut since = cue.start;
    let mut rest = cue.text.as_str();
    let mut close = |piece: &mut String, since: Time, until: Time| {
        let text = if vtt { captions::unescape(piece) } else { piece.clone() };
        words.extend(split::timed(&text, since, until.max(since), None));
        piece.clear();
    };
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        piece.push_str(before);
        let brace = tag.starts_with('{');
        // `{\an8}` places a SubRip caption; other braces are text
        let near = |sign: u8| tag.bytes().take(MAX_TAG).position(|b| b == sign);
        let end = if brace { (!vtt && tag.starts_with("{\\")).then(|| near(b'}')).flatten() } else { near(b'>') };
        match end {
            Some(end) if brace || is_tag(&tag[1..end]) => {
                if let Some(time) = captions::parse_clock(tag[1..end].trim()).filter(|t| *t >= since && *t <= cue.end && !brace) {
                    close(&mut piece, since, time);
                    since = time;
                }
                rest = &tag[end + 1..];
            }
            _ => {
                piece.push_str(&tag[..1]);
                rest = &tag[1..];
            }
        }
    }
    piece.push_str(rest);
    close(&mut piece, since, cue.end);
    if let Some(first) = words.first_mut() {
        first.opens = true;
    }
    words
}

/// Whether what stands between angle brackets is a tag: a name, an end, or a time. `a < b` and `<3` are text.
fn is_tag(inside: &str) -> bool {
    let inside = inside.strip_prefix('/').unwrap_or(inside);
    let is_time = captions::parse_clock(inside.trim()).is_some() && inside.contains(':');
    is_time || (inside.starts_with(|c: char| c.is_ascii_alphabetic()) && !inside.contains(['<', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::tests::{ms, transcripts};
    use proptest::prelude::*;

    fn of(text: &str, name: &str) -> Result<Transcript, InterchangeError> {
        read(text.as_bytes(), Path::new(name))
    }

    fn said(t: &Transcript) -> Vec<(String, i64, i64)> {
        let ms = |t: Time| t.to_samples(1000, crate::base::Rounding::Nearest);
        t.words().iter().map(|w| (w.text.clone(), ms(w.start), ms(w.end))).collect()
    }

    #[test]
    fn words_with_their_times_are_read_from_webvtt() {
        let text =
            "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:03.000 align:start\n<v Ann>Hello <00:00:02.000><c>big</c> <00:00:02.500>a &lt; b\n";
        let t = of(text, "a.VTT").unwrap();
        let found = said(&t);
        let words: Vec<&str> = found.iter().map(|w| w.0.as_str()).collect();
        assert_eq!(words, ["Hello", "big", "a", "<", "b"]);
        assert_eq!((found[0].1, found[0].2, found[1].1, found[2].1, found[4].2), (1000, 2000, 2000, 2500, 3000));
        assert!(write(&t, TextFormat::Vtt).contains("00:00:01.000 --> 00:00:03.000\nHello <00:00:02.000>big <00:00:02.500>a "));
    }

    #[test]
    fn hostile_caption_files_are_a_transcript_or_one_line() {
        let html =
            "1\n00:00:01,000 --> 00:00:02,000\n<font color=\"red\"><b>Hi</b></font> {\\an8}there <3 {x}\n<script>alert(1)</script>\n";
        assert_eq!(of(html, "a.srt").unwrap().text(), "Hi there <3 {x} alert(1)\n");
        let over = "00:00:01,000 --> 00:00:05,000\na b\n\n00:00:02,000 --> 00:00:03,000\nc\n\n00:00:04,000 --> 00:00:02,000\nd\n";
        let t = of(over, "a.srt").unwrap();
        assert!(t.words().windows(2).all(|p| p[0].end <= p[1].start) && t.words().len() == 3);
        for bad in ["-00:00:01,000 --> 00:00:02,000\nx", "00:00:NaN --> 1\nx", "a letter", "00:00:99,000 --> 00:00:99,500\nx"] {
            let line = of(bad, "a.srt").unwrap_err().to_string();
            assert!(!line.contains('\n') && line.len() < 200, "{line}");
        }
        let long = format!("00:00:01,000 --> 00:00:02,000\n{}\n", "<".repeat(1 << 20));
        assert_eq!(of(&long, "a.srt").unwrap().words().iter().map(|w| w.text.len()).sum::<usize>(), 1 << 20);
        assert!(of("words", "a.txt").is_err() && read(b"\xff\xfe", Path::new("a.srt")).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn transcripts_come_back_from_webvtt_and_their_words_from_all(t in transcripts()) {
            let back = of(&write(&t, TextFormat::Vtt), "a.vtt").unwrap();
            let texts = |t: &Transcript| t.words().iter().map(|w| w.text.clone()).collect::<Vec<_>>();
            let opens = |t: &Transcript| t.words().iter().map(|w| w.opens).collect::<Vec<_>>();
            let starts = |t: &Transcript| t.words().iter().map(|w| w.start).collect::<Vec<_>>();
            prop_assert_eq!(texts(&back), texts(&t));
            prop_assert_eq!(opens(&back), opens(&t));
            let near = |a: &Time, b: &Time| (*a - *b).0.abs() <= ms(1).0 / 2;
            prop_assert!(starts(&back).iter().zip(&starts(&t)).all(|(a, b)| near(a, b)), "{:?} {:?}", back, t);
            prop_assert_eq!(&of(&write(&t, TextFormat::Json), "a.json").unwrap(), &t);
            let all = |t: &Transcript| texts(t).concat();
            prop_assert_eq!(all(&of(&write(&t, TextFormat::Txt), "a.txt").unwrap_or_else(|_| t.clone())), all(&t));
        }

        #[test]
        fn captions_of_any_transcript_are_in_order_and_apart(t in transcripts()) {
            let cues = captions::read(&write(&t, TextFormat::Srt)).unwrap();
            prop_assert!(cues.windows(2).all(|p| p[1].start - p[0].end >= ms(84)), "{:?}", cues);
        }
    }
}
