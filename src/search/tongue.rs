//! Languages of texts: how their words are cut, which of them say nothing, and what is left when endings go. Pure.

use bm25::{DefaultTokenizer, Language, Tokenizer};
use std::fmt;

/// A language whose endings are known, or any other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    Arabic,
    Danish,
    Dutch,
    English,
    French,
    German,
    Greek,
    Hungarian,
    Italian,
    Norwegian,
    Portuguese,
    Romanian,
    Russian,
    Spanish,
    Swedish,
    Tamil,
    Turkish,
    /// Words are taken as they are.
    #[default]
    Other,
}

impl Tongue {
    /// The language of a code such as `de` or `pt-BR`.
    pub fn of_code(code: &str) -> Self {
        let primary = code.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        match primary.as_str() {
            "ar" => Self::Arabic,
            "da" => Self::Danish,
            "nl" => Self::Dutch,
            "en" => Self::English,
            "fr" => Self::French,
            "de" => Self::German,
            "el" => Self::Greek,
            "hu" => Self::Hungarian,
            "it" => Self::Italian,
            "no" | "nb" | "nn" => Self::Norwegian,
            "pt" => Self::Portuguese,
            "ro" => Self::Romanian,
            "ru" => Self::Russian,
            "es" => Self::Spanish,
            "sv" => Self::Swedish,
            "ta" => Self::Tamil,
            "tr" => Self::Turkish,
            _ => Self::Other,
        }
    }

    fn language(self) -> Option<Language> {
        Some(match self {
            Self::Arabic => Language::Arabic,
            Self::Danish => Language::Danish,
            Self::Dutch => Language::Dutch,
            Self::English => Language::English,
            Self::French => Language::French,
            Self::German => Language::German,
            Self::Greek => Language::Greek,
            Self::Hungarian => Language::Hungarian,
            Self::Italian => Language::Italian,
            Self::Norwegian => Language::Norwegian,
            Self::Portuguese => Language::Portuguese,
            Self::Romanian => Language::Romanian,
            Self::Russian => Language::Russian,
            Self::Spanish => Language::Spanish,
            Self::Swedish => Language::Swedish,
            Self::Tamil => Language::Tamil,
            Self::Turkish => Language::Turkish,
            Self::Other => return None,
        })
    }

    /// Whether it writes several words as one (`Hafenrundfahrt`), so that a word may be the end of another.
    pub(super) fn joins_words(self) -> bool {
        matches!(self, Self::German | Self::Dutch | Self::Danish | Self::Norwegian | Self::Swedish)
    }
}

/// Cuts texts of one language into the stems of their words.
pub(super) struct Cutter {
    pub tongue: Tongue,
    tokenizer: DefaultTokenizer,
    /// Leaves words whole.
    whole: DefaultTokenizer,
}

/// A word that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub stem: String,
    /// With its ending, in small letters.
    pub whole: String,
}

impl fmt::Debug for Cutter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Cutter").field(&self.tongue).finish()
    }
}

impl Cutter {
    pub fn new(tongue: Tongue) -> Self {
        // the stemmers of other scripts know no Latin letters
        let latin = !matches!(tongue, Tongue::Arabic | Tongue::Greek | Tongue::Russian | Tongue::Tamil);
        let builder = || DefaultTokenizer::builder().normalization(latin);
        let whole = || builder().stemming(false).stopwords(false).build();
        let tokenizer = tongue.language().map_or_else(whole, |language| builder().language_mode(language).build());
        Self { tongue, tokenizer, whole: whole() }
    }

    /// The words of a text that say something, to be looked for.
    pub fn asked(&self, text: &str) -> Vec<Asked> {
        let words = Tokenizer::tokenize(&self.whole, text).into_iter();
        words.filter_map(|whole| Some(Asked { stem: self.stems(&whole).into_iter().next()?, whole })).collect()
    }

    /// Stems of the words of a text that say something, in order.
    pub fn stems(&self, text: &str) -> Vec<String> {
        Tokenizer::tokenize(&self.tokenizer, text)
    }

    /// Whether a word says nothing by itself, as `the` does.
    pub fn is_empty_word(&self, word: &str) -> bool {
        self.tongue != Tongue::Other && word.chars().any(char::is_alphanumeric) && self.stems(word).is_empty()
    }
}

/// A name of a file or folder as text: `DSC_0042_harbourSunset.MOV` is `DSC 0042 harbour Sunset`.
pub(super) fn of_name(name: &str) -> String {
    let stem = match name.rsplit_once('.') {
        Some((stem, ext)) if !stem.is_empty() && (1..=5).contains(&ext.len()) && ext.chars().all(char::is_alphanumeric) => stem,
        _ => name,
    };
    let mut text = String::with_capacity(stem.len() + 8);
    let mut before: Option<char> = None;
    for c in stem.chars() {
        let c = if c.is_alphanumeric() { c } else { ' ' };
        let turns = |b: char| {
            (b.is_lowercase() && c.is_uppercase()) || (b.is_alphabetic() && c.is_numeric()) || (b.is_numeric() && c.is_alphabetic())
        };
        if before.is_some_and(turns) {
            text.push(' ');
        }
        text.push(c);
        before = Some(c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_words() {
        for (name, text) in [
            ("DSC_0042_harbourSunset.MOV", "DSC 0042 harbour Sunset"),
            ("Hafen-Übersicht 2.mp4", "Hafen Übersicht 2"),
            ("v1.2 final.mp4", "v 1 2 final"),
            (".hidden", " hidden"),
            ("noext", "noext"),
        ] {
            assert_eq!(of_name(name), text);
        }
    }

    #[test]
    fn words_lose_their_endings_and_empty_words_go() {
        let stems = |code: &str, text: &str| Cutter::new(Tongue::of_code(code)).stems(text);
        assert_eq!(stems("en", "The harbours were closing"), stems("en-GB", "harbour close"));
        assert_eq!(stems("de-AT", "Die Häfen und die Wälder"), stems("de", "Hafen Wald"));
        assert_eq!(stems("fr", "les bateaux"), stems("fr", "bateau"));
        assert_eq!(stems("xx", "the boats"), ["the", "boats"]);
        let english = Cutter::new(Tongue::English);
        assert!(english.is_empty_word("The") && !english.is_empty_word("sea") && !english.is_empty_word("–"));
    }
}
