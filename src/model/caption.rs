//! Captions of a sequence: what is said, as text, and when it stands on the picture.

use super::clip::{TextStyle, Title};
use crate::base::CaptionId;
use serde::{Deserialize, Serialize};

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

/// Distance of the last line's foot from the picture's lower edge, as a share of the height: the title-safe area of EBU R 95
/// ends at 95 %, and players put their controls below 90 %.
const FOOT: f32 = 0.08;

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
}

impl Caption {
    /// First frame after it.
    pub fn end(&self) -> i64 {
        self.start.saturating_add(self.duration)
    }

    /// The caption as it is drawn: white on a soft dark edge, centred, its lines standing on the foot of the safe area.
    pub fn title(&self) -> Title {
        let style = TextStyle {
            size: 0.052,
            outline: 0.004,
            outline_color: [0.0, 0.0, 0.0, 0.85],
            shadow: (0.0, 0.002),
            shadow_blur: 0.012,
            shadow_color: [0.0, 0.0, 0.0, 0.8],
            ..TextStyle::default()
        };
        let lines = self.text.lines().count().max(1) as f32;
        let height = lines * style.size * style.line_height;
        Title { text: self.text.clone(), position: (0.5, 1.0 - FOOT - height / 2.0), style }
    }
}

/// The caption under a frame, by binary search.
pub(super) fn at(captions: &[Caption], frame: i64) -> Option<&Caption> {
    let i = captions.partition_point(|c| c.end() <= frame);
    captions.get(i).filter(|c| c.start <= frame)
}
