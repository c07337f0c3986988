//! From a text to what is wished for: words to be found, and looks. Pure.

use super::{
    lexicon::{is_not, lexicons, tongues},
    look::Trait,
    tongue::{Cutter, Tongue},
};
use std::borrow::Cow;

/// Wishes of one query at most: a long sentence.
const MOST_WISHES: usize = 40;

/// One thing that is wished for.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// As it was written.
    pub text: String,
    /// How it shall look, where the words say that.
    pub look: Option<Trait>,
    /// The word shall be found in texts. Sequences of words that say how it shall look are not looked for.
    pub word: bool,
    /// It shall not be so.
    pub not: bool,
}

/// What is wished for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    pub wishes: Vec<Wish>,
}

/// Words of a text in small letters. A hyphen parts words, an apostrophe does not.
pub(super) fn words(text: &str) -> Vec<String> {
    let apart = |c: char| !(c.is_alphanumeric() || c == '\'' || c == '’');
    let bare = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    text.split(apart).map(bare).filter(|w| !w.is_empty()).collect()
}

/// The language of a text, by its words that say nothing: of those that have a table the one with the most; `usual` where that
/// tells nothing.
pub(super) fn tongue_of(words: &[String], cutters: &[Cutter], usual: Tongue) -> Tongue {
    let count = |c: &Cutter| words.iter().filter(|w| c.is_empty_word(w)).count();
    // of equals the first
    let best = cutters.iter().rev().map(|c| (count(c), c.tongue == usual, c.tongue)).max_by_key(|(n, is_usual, _)| (*n, *is_usual));
    best.filter(|(n, ..)| *n > 0).map_or(usual, |b| b.2)
}

impl Query {
    /// Understand a text. `usual` is the language that it is in unless its words say otherwise.
    pub fn of(text: &str, usual: Tongue) -> Self {
        let words = words(text);
        let cutters: Vec<Cutter> = tongues().into_iter().map(Cutter::new).collect();
        let tongue = tongue_of(&words, &cutters, usual);
        let cutter = cutters.into_iter().find(|c| c.tongue == tongue).unwrap_or_else(|| Cutter::new(tongue));
        let lexicons = lexicons(tongue);
        let (mut wishes, mut at, mut not) = (Vec::new(), 0, false);
        while at < words.len() && wishes.len() < MOST_WISHES {
            let rest = &words[at..];
            let skip = |w: &str| cutter.is_empty_word(w);
            // a table of another language counts only for words that are none of this one
            let own = lexicons.iter().enumerate().find_map(|(i, l)| {
                let found = l.meaning(rest, skip)?;
                (i == 0 || !skip(&rest[0])).then_some(found)
            });
            let (look, taken) = own.map_or((None, 1), |(t, n)| (Some(t), n));
            if look.is_none() && is_not(&rest[0]) {
                not = true;
            } else if look.is_some() || !skip(&rest[0]) {
                let text = rest[..taken].join(" ");
                wishes.push(Wish { text, look, word: taken == 1, not: std::mem::take(&mut not) });
            }
            at += taken;
        }
        Self { wishes }
    }

    /// The text without what shall not be: whoever compares meanings as a whole does not understand "not".
    pub fn wanted<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.wishes.iter().any(|w| w.not) {
            let wanted: Vec<&str> = self.wishes.iter().filter(|w| !w.not).map(|w| w.text.as_str()).collect();
            wanted.join(" ").into()
        } else {
            text.trim().into()
        }
    }

    pub fn is_empty(&self) -> bool {
        self.wishes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::footage::Colour;

    fn told(text: &str, usual: Tongue) -> Vec<(String, Option<Trait>, bool)> {
        Query::of(text, usual).wishes.into_iter().map(|w| (w.text, w.look, w.not)).collect()
    }

    #[test]
    fn words_looks_and_what_shall_not_be_are_told_apart() {
        let english = |text: &str| told(text, Tongue::English);
        assert_eq!(
            english("a fast pan to the left over the blue harbour, not dark"),
            [
                ("fast".into(), Some(Trait::Fast), false),
                ("pan to the left".into(), Some(Trait::PanLeft), false),
                ("blue".into(), Some(Trait::Colour(Colour::Blue)), false),
                ("harbour".into(), None, false),
                ("dark".into(), Some(Trait::Dark), true),
            ]
        );
        assert_eq!(english("no speech"), [("no speech".into(), Some(Trait::NoSpeech), false)]);
        assert_eq!(english("without cars"), [("cars".into(), None, true)]);
        assert_eq!(english("the and of"), []);
        assert_eq!(english(""), []);
        assert_eq!(english("the girl's close-up")[1], ("close up".into(), Some(Trait::Scale(super::super::Scale::Close)), false));
    }

    #[test]
    fn the_language_is_that_of_the_little_words() {
        assert_eq!(told("ein stiller See, still und dunkel", Tongue::English)[2], ("still".into(), Some(Trait::Quiet), false));
        assert_eq!(told("a still lake", Tongue::German)[0], ("still".into(), Some(Trait::Still), false));
        // without them that of the window
        assert_eq!(told("still", Tongue::German)[0].1, Some(Trait::Quiet));
        assert_eq!(told("still", Tongue::English)[0].1, Some(Trait::Still));
        // and a plain word of another language is understood all the same
        assert_eq!(told("blau", Tongue::English)[0].1, Some(Trait::Colour(Colour::Blue)));
        assert_eq!(told("nicht hell", Tongue::German), [("hell".into(), Some(Trait::Bright), true)]);
    }

    #[test]
    fn what_shall_not_be_is_left_out_of_the_whole() {
        let whole = |text: &str| Query::of(text, Tongue::English).wanted(text).into_owned();
        assert_eq!(whole(" a boat in the rain "), "a boat in the rain");
        assert_eq!(whole("a boat, not dark, without people"), "boat");
        assert_eq!(whole("not dark"), "");
    }

    #[test]
    fn however_long_a_text_is_there_is_an_end() {
        assert_eq!(Query::of(&"harbour ".repeat(10_000), Tongue::English).wishes.len(), MOST_WISHES);
    }
}
