//! Where captions and their lines break: the cheapest way to cut a run of words into captions, where a cut costs least after a
//! sentence, little after a clause or before a conjunction, and much after an article.

use super::{Frames, Laid, Rules, Spoken};
use crate::speech::{split, word::bare};

/// Most words that are tried for one caption.
const MOST_WORDS: usize = 60;

/// Words that begin a clause: a line may well break before them. English, German, French.
const BEFORE: [&str; 42] = [
    "and", "but", "or", "so", "because", "that", "which", "who", "when", "where", "while", "if", "although", "then", "und", "aber", "oder",
    "denn", "weil", "dass", "wenn", "als", "ob", "damit", "obwohl", "während", "sondern", "et", "mais", "ou", "car", "donc", "que", "qui",
    "quand", "parce", "si", "lorsque", "puis", "bien", "with", "mit",
];

/// Words that belong to the one after them: no line ends with them.
const AFTER: [&str; 54] = [
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "from", "my", "your", "his", "her", "our", "their", "is", "are", "not",
    "very", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer", "im", "am", "zu", "von", "vom", "zum",
    "zur", "nicht", "sehr", "le", "la", "les", "un", "une", "de", "du", "au", "aux", "mon", "ton", "son", "très",
];

/// What a break between two words costs.
fn price(left: &str, right: &str) -> i64 {
    let closed = left.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '」', '』']);
    match closed.chars().next_back() {
        Some('.' | '!' | '?' | '…' | '。' | '！' | '？' | '؟') => return 0,
        Some(',' | ';' | ':' | '–' | '—' | '、' | '，' | '；' | '：' | '،') => return 6,
        _ => {}
    }
    let (left, right) = (bare(left), bare(right));
    if AFTER.contains(&left.as_str()) {
        60
    } else if BEFORE.contains(&right.as_str()) {
        14
    } else {
        30
    }
}

/// What one more caption costs: fewer, fuller captions are calmer.
const CAPTION: i64 = 16;
/// What a second line costs.
const LINE: i64 = 3;

/// A way to set words in lines.
struct Set {
    /// First words of the lines after the first.
    breaks: Vec<usize>,
    cost: i64,
}

/// Captions of one run of words; the first has number `from` in the whole list. Start and end are those of the words.
pub(super) fn captions(words: &[Spoken], from: usize, frames: &Frames, rules: &Rules) -> Vec<Laid> {
    let n = words.len();
    // cheapest way to the first k words: its cost, where its last caption begins, and that caption's lines
    let mut best: Vec<(i64, usize, Vec<usize>)> = vec![(i64::MAX, 0, Vec::new()); n + 1];
    best[0].0 = 0;
    for k in 1..=n {
        for start in (k.saturating_sub(MOST_WORDS)..k).rev() {
            let part = &words[start..k];
            let long = words[k - 1].end - words[start].start > frames.longest;
            let set = lines(part, rules);
            // a single word is a caption however long it is
            let set = match set {
                Some(set) if !long || part.len() == 1 => set,
                None if part.len() == 1 => Set { breaks: Vec::new(), cost: 0 },
                _ => break,
            };
            let before = best[start].0;
            if before == i64::MAX {
                continue;
            }
            let cut = words.get(k).map_or(0, |next| price(&words[k - 1].text, &next.text));
            let said = words[k - 1].end - words[start].start;
            let flash = if said < frames.shortest { 20 } else { 0 };
            let cost = before + set.cost + cut + CAPTION + flash;
            if cost < best[k].0 {
                best[k] = (cost, start, set.breaks);
            }
        }
    }
    let mut list = Vec::new();
    let mut end = n;
    while end > 0 {
        let (_, start, ref breaks) = best[end];
        let part = &words[start..end];
        let mut text = String::new();
        let mut line = 0;
        for next in breaks.iter().copied().chain([part.len()]) {
            if line > 0 {
                text.push('\n');
            }
            text.push_str(&joined(&part[line..next]));
            line = next;
        }
        list.push(Laid { start: part[0].start, end: part[part.len() - 1].end, text, words: from + start..from + end });
        end = start;
    }
    list.reverse();
    list
}

fn joined(words: &[Spoken]) -> String {
    split::joined(words.iter().map(|w| w.text.as_str()))
}

/// The best lines for a caption's words; None where they do not fit.
fn lines(words: &[Spoken], rules: &Rules) -> Option<Set> {
    let widths: Vec<usize> = words.iter().map(|w| split::columns(&w.text)).collect();
    let gaps: Vec<usize> = words.windows(2).map(|p| split::between(&p[0].text, &p[1].text).len()).collect();
    let width = |a: usize, b: usize| {
        widths[a..b].iter().sum::<usize>() + gaps.get(a..b.saturating_sub(1).max(a)).unwrap_or(&[]).iter().sum::<usize>()
    };
    let all = width(0, words.len());
    if all <= rules.columns {
        return Some(Set { breaks: Vec::new(), cost: 0 });
    }
    if all > rules.columns * rules.lines.max(1) + rules.lines {
        return None;
    }
    // cheapest way to set the first k words in so many lines
    let mut ways: Vec<Option<Set>> =
        (0..=words.len()).map(|k| (width(0, k) <= rules.columns).then(|| Set { breaks: Vec::new(), cost: 0 })).collect();
    for _ in 1..rules.lines.max(1) {
        let next = (0..=words.len())
            .map(|k| {
                let with_break = (1..k).filter(|b| width(*b, k) <= rules.columns).filter_map(|b| {
                    let way = ways[b].as_ref()?;
                    let (upper, lower) = (width(0, b) as i64, width(b, k) as i64);
                    // lines of like length read best; the lower one may be longer
                    let uneven = (upper - lower).abs() / 4 + if upper > lower { 2 } else { 0 };
                    let cost = way.cost + price(&words[b - 1].text, &words[b].text) / 2 + uneven + LINE;
                    Some(Set { breaks: way.breaks.iter().copied().chain([b]).collect(), cost })
                });
                let one_less = ways[k].as_ref().map(|w| Set { breaks: w.breaks.clone(), cost: w.cost });
                with_break.chain(one_less).min_by_key(|s| s.cost)
            })
            .collect();
        ways = next;
    }
    ways.pop().flatten()
}
