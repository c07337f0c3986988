//! Plain words for looks and sounds, from tables in `assets/search/`, and the words that turn a wish around. Pure.

use super::{
    look::{Scale, Trait},
    tongue::Tongue,
};
use std::{collections::BTreeMap, sync::LazyLock};

/// The tables: language and text.
const TABLES: [(Tongue, &str); 3] = [
    (Tongue::English, include_str!("../../assets/search/en.ron")),
    (Tongue::German, include_str!("../../assets/search/de.ron")),
    (Tongue::French, include_str!("../../assets/search/fr.ron")),
];

/// Words that turn the next wish around.
const NOT: [&str; 15] =
    ["not", "no", "without", "never", "nicht", "kein", "keine", "keinen", "keiner", "ohne", "pas", "sans", "aucun", "aucune", "jamais"];

/// Words and sequences of words of a language.
pub(super) struct Lexicon {
    pub tongue: Tongue,
    /// By their first word; the longest sequence first.
    by_first: BTreeMap<String, Vec<(Vec<String>, Trait)>>,
}

static ALL: LazyLock<Vec<Lexicon>> = LazyLock::new(|| TABLES.into_iter().map(|(tongue, text)| Lexicon::read(tongue, text)).collect());

/// All tables, that of `first` before the others.
pub(super) fn lexicons(first: Tongue) -> Vec<&'static Lexicon> {
    let mut all: Vec<&Lexicon> = ALL.iter().collect();
    all.sort_by_key(|l| l.tongue != first);
    all
}

/// Languages that have a table.
pub(super) fn tongues() -> [Tongue; 3] {
    TABLES.map(|(tongue, _)| tongue)
}

/// Whether a word turns the next wish around.
pub(super) fn is_not(word: &str) -> bool {
    NOT.contains(&word)
}

impl Lexicon {
    fn read(tongue: Tongue, text: &str) -> Self {
        // the tables are part of the program; a test reads them
        let table: BTreeMap<Trait, Vec<String>> = ron::from_str(text).unwrap_or_else(|e| {
            tracing::error!("the table of {tongue:?} words cannot be read: {e}");
            BTreeMap::new()
        });
        let mut by_first: BTreeMap<String, Vec<(Vec<String>, Trait)>> = BTreeMap::new();
        for (meaning, entries) in table {
            for entry in entries {
                let words: Vec<String> = entry.split_whitespace().map(str::to_lowercase).collect();
                if let Some(first) = words.first() {
                    by_first.entry(first.clone()).or_default().push((words, meaning));
                }
            }
        }
        by_first.values_mut().for_each(|list| list.sort_by_key(|e| std::cmp::Reverse(e.0.len())));
        Self { tongue, by_first }
    }

    /// What words mean together: the longest entry that they begin with, where words that say nothing (`skip`) may lie between; with
    /// the number of words taken.
    pub fn meaning(&self, words: &[String], skip: impl Fn(&str) -> bool) -> Option<(Trait, usize)> {
        let entries = self.by_first.get(words.first()?)?;
        entries.iter().find_map(|(entry, meaning)| {
            let mut at = 1;
            for wanted in &entry[1..] {
                while words.get(at).is_some_and(|w| w != wanted && skip(w)) {
                    at += 1;
                }
                if words.get(at) != Some(wanted) {
                    return None;
                }
                at += 1;
            }
            Some((*meaning, at))
        })
    }
}

/// The size of shot that a text speaks of, if it does.
pub(super) fn scale(text: &str) -> Option<Scale> {
    let words: Vec<String> = super::query::words(text);
    (0..words.len()).find_map(|at| {
        ALL.iter().find_map(|l| match l.meaning(&words[at..], |_| false)?.0 {
            Trait::Scale(scale) => Some(scale),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_can_be_read_and_has_a_word_for_everything() {
        for (tongue, text) in TABLES {
            let table: BTreeMap<Trait, Vec<String>> = ron::from_str(text).unwrap_or_else(|e| panic!("{tongue:?}: {e}"));
            let missing: Vec<Trait> = Trait::all().filter(|t| table.get(t).is_none_or(Vec::is_empty)).collect();
            assert!(missing.is_empty(), "{tongue:?}: {missing:?}");
            let all: Vec<&String> = table.values().flatten().collect();
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "{tongue:?} has a word twice");
            assert!(all.iter().all(|w| super::super::query::words(w).join(" ") == **w), "{tongue:?} has words that no query can hold");
        }
    }

    #[test]
    fn sequences_are_found_with_little_words_between() {
        let meaning = |tongue, text: &str| {
            let words = super::super::query::words(text);
            lexicons(tongue)[0].meaning(&words, |w| ["to", "the", "nach"].contains(&w))
        };
        assert_eq!(meaning(Tongue::English, "pan to the left of"), Some((Trait::PanLeft, 4)));
        assert_eq!(meaning(Tongue::English, "pan and left"), Some((Trait::Pan, 1)));
        assert_eq!(meaning(Tongue::German, "Schwenk nach rechts"), Some((Trait::PanRight, 3)));
        assert_eq!(meaning(Tongue::German, "still"), Some((Trait::Quiet, 1)));
        assert_eq!(scale("Harbour close-up"), Some(Scale::Close));
        assert_eq!(scale("the harbour"), None);
    }
}
