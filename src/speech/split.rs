//! Text into words and back: at white space, and between the signs of scripts that write without any.

use super::word::{MAX_WORD_CHARS, Word};
use crate::base::Time;

/// Whether a sign is a word by itself: Chinese and Japanese have no spaces, and a line may break after nearly every sign.
/// Blocks of Unicode 16: kana, CJK ideographs with their extensions, full-width forms.
pub fn stands_alone(c: char) -> bool {
    matches!(c as u32, 0x3005..=0x3007 | 0x3040..=0x30ff | 0x31f0..=0x31ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0xff66..=0xff9d | 0x2_0000..=0x3_fffd)
}

/// Punctuation that hangs on the sign before it in those scripts.
fn hangs(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '！'
            | '？'
            | '：'
            | '；'
            | '」'
            | '』'
            | '）'
            | '】'
            | '》'
            | '〉'
            | '”'
            | '’'
            | '…'
            | 'ー'
            | '々'
    )
}

/// The words of a text. White space and control signs are between words; a word that is longer than any is several.
pub fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for run in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|r| !r.is_empty()) {
        let (mut start, mut count, mut last): (usize, usize, Option<char>) = (0, 0, None);
        for (at, c) in run.char_indices() {
            let apart = last.is_some_and(|l| {
                (stands_alone(c) && !hangs(c) && !opens(l)) || ((stands_alone(l) || hangs(l)) && !hangs(c) && c.is_alphanumeric())
            });
            if at > start && (apart || count == MAX_WORD_CHARS) {
                found.push(&run[start..at]);
                (start, count) = (at, 0);
            }
            (count, last) = (count + 1, Some(c));
        }
        found.push(&run[start..]);
    }
    found
}

/// Brackets and quotes that hang on the sign after them.
fn opens(c: char) -> bool {
    matches!(c, '「' | '『' | '（' | '【' | '《' | '〈' | '“' | '‘' | '(' | '[' | '"')
}

/// What stands between two words of a line: nothing where a script without spaces goes on.
pub fn between(left: &str, right: &str) -> &'static str {
    let wide = |c: char| stands_alone(c) || hangs(c) || opens(c) && !c.is_ascii();
    match (left.chars().next_back(), right.chars().next()) {
        (Some(l), Some(r)) if wide(l) && wide(r) => "",
        _ => " ",
    }
}

/// Words as one line.
pub fn joined<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for word in words {
        if !line.is_empty() {
            line.push_str(between(&line, word));
        }
        line.push_str(word);
    }
    line
}

/// Columns that a text takes where wide signs take two: what the limits of caption lines count. Marks that sit on a letter
/// take none.
pub fn columns(text: &str) -> usize {
    text.chars()
        .map(|c| match c as u32 {
            0x300..=0x36f | 0x483..=0x489 | 0x591..=0x5bd | 0x610..=0x61a | 0x64b..=0x65f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
            0x1100..=0x115f | 0x2e80..=0x303e | 0x3041..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 => {
                2
            }
            0x1_f300..=0x1_faff | 0x2_0000..=0x3_fffd => 2,
            _ => 1,
        })
        .sum()
}

/// The words of a text that is said between two times, each with a share of the time by its length. Whole shares: the words
/// lie end to end, the first begins at `start` and the last ends at `end`.
pub fn timed(text: &str, start: Time, end: Time, confidence: Option<f32>) -> Vec<Word> {
    let words = words(text);
    // a word is never without length: one more for the pause after it
    let weights: Vec<i64> = words.iter().map(|w| 1 + i64::try_from(columns(w)).unwrap_or(1)).collect();
    let all: i64 = weights.iter().sum();
    let mut before = 0;
    let spread = |weight: i64| start + (end - start).scale(weight, all);
    words
        .iter()
        .zip(&weights)
        .map(|(text, weight)| {
            let from = spread(before);
            before += weight;
            Word { start: from, end: spread(before), text: (*text).to_owned(), confidence, opens: false }
        })
        .collect()
}
