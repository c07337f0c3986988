//! Text as CLIP takes it: words in bytes, and pairs of those merged in the order of a file [openai/CLIP, clip/simple_tokenizer.py].
//!
//! Numbers of tokens: 256 bytes, the same at the end of a word, one for each merge, then begin and end.

use crate::ml::Fault;
use std::collections::HashMap;

/// Merges that CLIP uses of its file; the rest of it is not read.
const MOST_MERGES: usize = 49_152 - 256 - 2;
/// Letters of a text that are looked at: many times what fits into the network.
const MOST_LETTERS: usize = 2_000;
/// Ends that are words of their own.
const SHORT: [&str; 7] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];
/// Marks the end of a word.
const END_OF_WORD: &str = "</w>";

/// See the module.
#[derive(Debug)]
pub struct Bpe {
    /// The rank of a pair of tokens; the token that it becomes is 512 above.
    ranks: HashMap<(u32, u32), u32>,
    /// The token of each byte.
    of_byte: [u32; 256],
}

/// Bytes in the order of their tokens, each with the letter that stands for it in the file: printable ones stand for themselves.
fn letters() -> Vec<(u8, char)> {
    let plain = |b: &u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    let printable = (0..=255u8).filter(plain).map(|b| (b, char::from(b)));
    let others = (0..=255u8).filter(|b| !plain(b)).zip(256u32..).filter_map(|(b, n)| Some((b, char::from_u32(n)?)));
    printable.chain(others).collect()
}

impl Bpe {
    /// The merges of a file: a line for each, the two parts with a space between, after a line that says the version.
    ///
    /// # Errors
    /// A line is no pair of what was there before.
    pub fn read(text: &str) -> Result<Self, Fault> {
        let letters = letters();
        let mut of_byte = [0; 256];
        let mut known: HashMap<String, u32> = HashMap::with_capacity(MOST_MERGES + 512);
        for (token, (byte, letter)) in (0u32..).zip(&letters) {
            of_byte[usize::from(*byte)] = token;
            known.insert(letter.to_string(), token);
            known.insert(format!("{letter}{END_OF_WORD}"), token + 256);
        }
        let mut ranks = HashMap::with_capacity(MOST_MERGES);
        let lines = text.lines().enumerate().filter(|(n, line)| !(line.is_empty() || *n == 0 && line.contains("#version")));
        for (rank, (n, line)) in (0u32..).zip(lines.take(MOST_MERGES)) {
            let pair = line.split_once(' ').and_then(|(a, b)| Some((*known.get(a)?, *known.get(b)?)));
            let pair = pair.ok_or_else(|| Fault::Damaged(format!("line {} is no merge", n + 1)))?;
            if ranks.insert(pair, rank).is_some() {
                return Err(Fault::Damaged(format!("line {} is there twice", n + 1)));
            }
            known.insert(line.replacen(' ', "", 1), rank + 512);
        }
        Ok(Self { ranks, of_byte })
    }

    /// How many different tokens there are.
    pub fn size(&self) -> usize {
        512 + self.ranks.len() + 2
    }

    fn begin(&self) -> u32 {
        512 + self.ranks.len() as u32
    }

    /// The tokens of a text between begin and end, at most `most` in all.
    pub fn tokens(&self, text: &str, most: usize) -> Vec<u32> {
        let text: String = text.chars().take(MOST_LETTERS).collect::<String>().to_lowercase();
        let mut tokens = vec![self.begin()];
        let mut rest = text.as_str();
        while let Some((word, after)) = next_word(rest) {
            tokens.extend(self.merged(word.as_bytes()));
            rest = after;
            if tokens.len() >= most {
                break;
            }
        }
        tokens.truncate(most.saturating_sub(1).max(1));
        tokens.push(self.begin() + 1);
        tokens
    }

    /// A word: its bytes, of which the pair that comes first in the file is merged until none is left.
    fn merged(&self, word: &[u8]) -> Vec<u32> {
        let mut parts: Vec<u32> = word.iter().map(|b| self.of_byte[usize::from(*b)]).collect();
        if let Some(last) = parts.last_mut() {
            *last += 256;
        }
        loop {
            let best = parts.windows(2).filter_map(|p| Some((*self.ranks.get(&(p[0], p[1]))?, (p[0], p[1])))).min();
            let Some((rank, (a, b))) = best else { return parts };
            let (mut next, mut i) = (Vec::with_capacity(parts.len()), 0);
            while i < parts.len() {
                if parts[i] == a && parts.get(i + 1) == Some(&b) {
                    next.push(rank + 512);
                    i += 2;
                } else {
                    next.push(parts[i]);
                    i += 1;
                }
            }
            parts = next;
        }
    }
}

/// The next word of a text in small letters, and what follows it: letters, one digit, or signs; `'s` and its like are words too.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let run = |of: fn(char) -> bool| text.find(|c| !of(c)).unwrap_or(text.len());
    let len = match SHORT.iter().find(|s| text.starts_with(**s)) {
        Some(short) => short.len(),
        None if first.is_alphabetic() => run(char::is_alphabetic),
        None if first.is_numeric() => first.len_utf8(),
        None => run(|c| !c.is_whitespace() && !c.is_alphabetic() && !c.is_numeric()),
    };
    Some(text.split_at(len))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first merges of CLIP's own file, and those that two of its words need.
    const MERGES: &str = "#version: 0.2\ni n\nt h\na n\nr e\na r\ne r\nth e</w>\nin g</w>\n";

    #[test]
    fn words_are_told_apart_as_clip_does() {
        let all = |text: &str| {
            let (mut rest, mut words) = (text.to_owned(), Vec::new());
            while let Some((word, after)) = next_word(&rest) {
                words.push(word.to_owned());
                rest = after.to_owned();
            }
            words
        };
        assert_eq!(all("it's 25 o'clock!? (\u{fc}ber)"), ["it", "'s", "2", "5", "o", "'", "clock", "!?", "(", "\u{fc}ber", ")"]);
        assert!(all(" \t\n").is_empty());
    }

    #[test]
    fn pairs_are_merged_by_rank_and_bytes_stand_for_themselves() {
        let bpe = Bpe::read(MERGES).unwrap();
        assert_eq!(bpe.size(), 512 + 8 + 2);
        // begin, `the</w>`, end
        assert_eq!(bpe.tokens("The", 77), [520, 518, 521]);
        // t+h comes before h+e
        let letter = |c: u8| u32::from(c - b'!');
        assert_eq!(bpe.tokens("then", 77), [520, 513, letter(b'e'), letter(b'n') + 256, 521]);
        // two bytes, of which the last one ends the word; the first is no printable letter's
        assert_eq!(bpe.tokens("\u{fc}", 77).len(), 4);
        assert_eq!(bpe.tokens("", 77), [520, 521]);
        let long = bpe.tokens(&"the ".repeat(100_000), 77);
        assert_eq!((long.len(), long[76], long[75]), (77, 521, 518));
        assert_eq!(bpe.tokens(&"x".repeat(100_000), 77).len(), 77);
    }

    #[test]
    fn files_that_are_no_merges_are_refused() {
        for text in ["<html>", "#version: 0.2\nab c\n", "i n\ni n\n", "i\n"] {
            assert!(matches!(Bpe::read(text), Err(Fault::Damaged(_))), "{text:?}");
        }
        assert_eq!(Bpe::read("").unwrap().size(), 514);
    }
}
