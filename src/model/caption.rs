//! Captions of a sequence: what is said, as text, and when it stands on the picture; and the looks that they can have.

use super::clip::{TextStyle, Title};
use crate::{base::CaptionId, speech::split};
use serde::{Deserialize, Serialize};
use std::{ops::Range, sync::LazyLock};

/// Longest text of a caption, in bytes.
pub const MAX_CAPTION_BYTES: usize = 2000;

/// Longest language tag, in bytes: what RFC 5646 §4.4.1 tells programs to have room for.
pub const MAX_LANGUAGE_BYTES: usize = 35;

/// Whether a text has the shape of a language tag (BCP 47, RFC 5646 §2.1): a language of two to eight letters, then parts of up
/// to eight letters or digits, joined by hyphens: `de`, `pt-BR`, `zh-Hant`.
pub fn is_language_tag(tag: &str) -> bool {
    let part = |p: &str| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric());
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    tag.len() <= MAX_LANGUAGE_BYTES
        && language.len() >= 2
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && part(language)
        && parts.all(part)
}

/// One caption. Those of a sequence are in order and never overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caption {
    pub id: CaptionId,
    /// First frame on the timeline.
    pub start: i64,
    /// Frames, at least 1.
    pub duration: i64,
    /// Lines are separated by `\n`.
    pub text: String,
    /// When each word of the text is said, in frames from `start`; empty where nobody knows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<i64>,
}

/// A look of captions: a file of `assets/captions`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaptionStyle {
    pub name: String,
    pub text: TextStyle,
    /// Distance of the last line's foot from the picture's lower edge, as a share of the height. The title-safe area of EBU R 95
    /// ends at 5 %, and players put their controls below 10 %.
    pub foot: f32,
    /// The word that is spoken has the lit colour.
    #[serde(default)]
    pub karaoke: bool,
}

/// All looks, the usual one first. A test reads every file, so a broken one never ships.
static STYLES: LazyLock<Vec<CaptionStyle>> = LazyLock::new(|| {
    let files = [
        include_str!("../../assets/captions/clean.ron"),
        include_str!("../../assets/captions/boxed.ron"),
        include_str!("../../assets/captions/bold.ron"),
        include_str!("../../assets/captions/karaoke.ron"),
        include_str!("../../assets/captions/short.ron"),
    ];
    files.iter().filter_map(|text| ron::from_str(text).ok()).collect()
});

/// All looks of captions, the usual one first.
pub fn caption_styles() -> &'static [CaptionStyle] {
    &STYLES
}

impl CaptionStyle {
    /// The look of this name; the usual one for any other.
    pub fn of(name: &str) -> Option<&'static Self> {
        STYLES.iter().find(|s| s.name == name).or_else(|| STYLES.first())
    }
}

impl Caption {
    /// First frame after it.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.duration)
    }

    /// The caption as it is drawn at a frame: centred, its lines standing on the foot of the safe area.
    pub fn title(&self, style: &CaptionStyle, frame: i64) -> Title {
        let mut text = style.text.clone();
        if style.karaoke
            && let Some(word) = self.spoken(frame)
        {
            text.lit = (word.start as u32, word.end as u32);
        }
        let lines = self.text.lines().count().max(1) as f32;
        let height = lines * text.size * text.line_height;
        Title { text: self.text.clone(), position: (0.5, 1.0 - style.foot - height / 2.0), style: text }
    }

    /// Place in the text, in bytes, of the word that is spoken at a frame, or was last; by the words' times where they are known,
    /// else by their share of the caption's time.
    fn spoken(&self, frame: i64) -> Option<Range<usize>> {
        let places: Vec<Range<usize>> = split::words(&self.text)
            .into_iter()
            .map(|w| {
                let from = w.as_ptr() as usize - self.text.as_ptr() as usize;
                from..from + w.len()
            })
            .collect();
        let since = frame.saturating_sub(self.start);
        let word = if self.words.len() == places.len() {
            self.words.partition_point(|start| *start <= since).saturating_sub(1)
        } else {
            let all = self.text.len() as i64;
            let said = i128::from(since.max(0)) * i128::from(all) / i128::from(self.duration.max(1));
            places.partition_point(|p| (p.start as i128) <= said).saturating_sub(1)
        };
        places.get(word).cloned()
    }
}

/// The caption under a frame, by binary search.
pub(super) fn at(captions: &[Caption], frame: i64) -> Option<&Caption> {
    let i = captions.partition_point(|c| c.end() <= frame);
    captions.get(i).filter(|c| c.start <= frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_reads_and_has_its_name() {
        let names: Vec<&str> = caption_styles().iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["clean", "boxed", "bold", "karaoke", "short"]);
        assert_eq!(CaptionStyle::of("bold").unwrap().name, "bold");
        assert_eq!(CaptionStyle::of("none of them").unwrap().name, "clean");
        assert!(caption_styles().iter().all(|s| s.foot >= 0.05));
    }

    #[test]
    fn the_spoken_word_is_lit_by_its_time_or_by_its_share() {
        let mut c = Caption { id: CaptionId(1), start: 100, duration: 40, text: "One two\nthree 四".into(), words: vec![0, 5, 30, 35] };
        let lit = |c: &Caption, frame| {
            let (from, to) = c.title(CaptionStyle::of("karaoke").unwrap(), frame).style.lit;
            c.text[from as usize..to as usize].to_owned()
        };
        let at = [99, 100, 104, 105, 129, 130, 139].map(|f| lit(&c, f));
        assert_eq!(at, ["One", "One", "One", "two", "two", "three", "四"]);
        assert_eq!(c.title(CaptionStyle::of("clean").unwrap(), 105).style.lit, (0, 0));
        c.words.clear();
        assert_eq!([100, 112, 120, 139].map(|f| lit(&c, f)), ["One", "two", "three", "四"]);
        c.text.clear();
        assert_eq!(lit(&c, 100), "");
    }
}
