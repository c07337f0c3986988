//! What the assistant says in the user's language: styles, parts of music, and why a shot is where it is.

use super::{
    Style, builtin,
    choose::{Pick, Term},
};
use crate::{
    analysis::music::Label,
    base::words::{say, try_tr},
};
use std::sync::LazyLock;

/// What a style is called, and what it is like: in the language of now where it came with the program, a user's own in its own words.
pub fn style(style: &Style) -> (String, String) {
    static SHIPPED: LazyLock<Vec<Style>> = LazyLock::new(builtin);
    let own = (style.title.clone(), style.description.clone());
    // a user's style may have the name of one of ours
    if !SHIPPED.iter().any(|s| (&s.name, &s.title, &s.description) == (&style.name, &style.title, &style.description)) {
        return own;
    }
    let key = format!("assist-style-{}", style.name.replace('_', "-"));
    (try_tr(&key).unwrap_or(own.0), try_tr(&format!("{key}.about")).unwrap_or(own.1))
}

/// Name of a part of the music.
pub fn label(label: Label) -> String {
    match label {
        Label::Intro => say!("assist-part-intro"),
        Label::Build => say!("assist-part-build"),
        Label::Drop => say!("assist-part-drop"),
        Label::Verse => say!("assist-part-verse"),
        Label::Outro => say!("assist-part-outro"),
    }
    .text()
}

/// What a wish means when it counted for a shot.
fn term(term: Term) -> String {
    match term {
        Term::Energy => say!("assist-why-energy"),
        Term::Action => say!("assist-why-action"),
        Term::Variety => say!("assist-why-variety"),
        Term::Fresh => say!("assist-why-fresh"),
        Term::Even => say!("assist-why-even"),
        Term::MatchMotion => say!("assist-why-match-motion"),
        Term::MatchColour => say!("assist-why-match-colour"),
        Term::Contrast => say!("assist-why-contrast"),
        Term::Sharp => say!("assist-why-sharp"),
        Term::Steady => say!("assist-why-steady"),
        Term::Exposure => say!("assist-why-exposure"),
        Term::Speech => say!("assist-why-speech"),
        Term::Order => say!("assist-why-order"),
        Term::Peaks => say!("assist-why-peaks"),
        Term::Chance => say!("assist-why-chance"),
        Term::Asked => say!("assist-why-asked"),
    }
    .text()
}

/// What a wish means, by the name that documents keep.
pub fn reason(name: &str) -> String {
    Term::named(name).map_or_else(|| name.to_owned(), term)
}

/// Why a shot was chosen: what counted most, with its points.
pub fn why(pick: &Pick) -> String {
    let reasons: Vec<String> = pick.reasons().into_iter().map(|(t, points)| format!("{} (+{points:.2})", term(t))).collect();
    if reasons.is_empty() { say!("assist-why-nothing").text() } else { reasons.join(", ") }
}
