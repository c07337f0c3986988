//! What may go when a recording is cut by its text: words that only fill (`um`, `äh`, `euh`), and silences.
//!
//! The lists lie in `assets/fillers/`, one entry a line; an entry of several words is a phrase. `#` begins a comment.

use super::word::bare;

/// Lists that come with the program: language and text.
const LISTS: [(&str, &str); 3] = [
    ("en", include_str!("../../assets/fillers/en.txt")),
    ("de", include_str!("../../assets/fillers/de.txt")),
    ("fr", include_str!("../../assets/fillers/fr.txt")),
];

/// For any language.
const ANY: &str = include_str!("../../assets/fillers/any.txt");

/// Words and phrases that fill, in small letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fillers(Vec<Vec<String>>);

impl Fillers {
    /// A list as its file has it.
    pub fn of_text(text: &str) -> Self {
        let entries = text.lines().map(|l| l.split('#').next().unwrap_or_default());
        let mut list: Vec<Vec<String>> = entries.map(|e| e.split_whitespace().map(bare).filter(|w| !w.is_empty()).collect()).collect();
        list.retain(|e: &Vec<String>| !e.is_empty());
        // the longest that fits is meant
        list.sort_by_key(|e| std::cmp::Reverse(e.len()));
        list.dedup();
        Self(list)
    }

    /// The list of a language (`de`, `de-AT`); sounds that no language has as words where it is not known or has
    /// no list.
    pub fn of_language(language: &str) -> Self {
        Self::of_text(Self::text_of(language))
    }

    /// The text of that list, to be edited.
    pub fn text_of(language: &str) -> &'static str {
        let primary = language.split('-').next().unwrap_or_default().to_lowercase();
        LISTS.iter().find(|(code, _)| *code == primary).map_or(ANY, |(_, text)| text)
    }

    /// Indexes of words that fill, in order.
    pub fn find<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
        let words: Vec<String> = words.into_iter().map(bare).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let here = &words[at..];
            match self.0.iter().find(|e| here.len() >= e.len() && here.iter().zip(*e).all(|(a, b)| a == b)) {
                Some(entry) => {
                    found.extend(at..at + entry.len());
                    at += entry.len();
                }
                None => at += 1,
            }
        }
        found
    }
}
