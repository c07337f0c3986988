//! What a wish says of the film's content: what it begins and ends with. Pure; what fits the words is for others to find.

/// Phrases after which the words come, in English, German and French.
const OPENING: [&str; 24] = [
    "start with",
    "starts with",
    "starting with",
    "begin with",
    "begins with",
    "beginning with",
    "open with",
    "opens with",
    "opening with",
    "first show",
    "beginne mit",
    "beginnt mit",
    "beginnen mit",
    "beginnend mit",
    "starte mit",
    "startet mit",
    "fang mit",
    "fange mit",
    "fängt mit",
    "commence par",
    "commencer par",
    "commençant par",
    "débute par",
    "ouvre sur",
];
const CLOSING: [&str; 20] = [
    "end with",
    "ends with",
    "ending with",
    "end on",
    "ends on",
    "finish with",
    "finishes with",
    "close with",
    "closing with",
    "last show",
    "ende mit",
    "endet mit",
    "enden mit",
    "endend mit",
    "hör mit",
    "schließe mit",
    "termine par",
    "terminer par",
    "finis par",
    "finit par",
];
/// Words between two wishes, and the rest of a separable verb.
const LOOSE: [&str; 8] = ["and", "und", "et", "then", "dann", "puis", "an", "auf"];

/// Longest description of a shot, in letters.
pub const MAX_CONTENT: usize = 120;

/// What a sentence says of the content, and the sentence without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub opening: Option<String>,
    pub closing: Option<String>,
    pub rest: String,
}

/// Take what is said of the content out of a sentence.
pub(super) fn told(prompt: &str) -> Told {
    // small letters are as long as the large ones they stand for, or the places would not fit
    let small: String = prompt.chars().map(|c| c.to_lowercase().next().filter(|l| l.len_utf8() == c.len_utf8()).unwrap_or(c)).collect();
    let mut marks: Vec<(usize, usize, bool)> = Vec::new();
    for (list, opening) in [(&OPENING[..], true), (&CLOSING[..], false)] {
        for phrase in list {
            marks.extend(whole(&small, phrase).map(|at| (at, at + phrase.len(), opening)));
        }
    }
    marks.sort_unstable();
    let mut told = Told::default();
    let mut from = 0;
    for (i, (at, after, opening)) in marks.iter().enumerate() {
        if *at < from {
            continue;
        }
        let next = marks[i + 1..].iter().map(|m| m.0).find(|n| n >= after).unwrap_or(prompt.len());
        let end = small[*after..next].find([',', ';', '.', '!', '?', '\n']).map_or(next, |n| after + n);
        let what = trimmed(&prompt[*after..end]);
        let place = if *opening { &mut told.opening } else { &mut told.closing };
        if !what.is_empty() && place.is_none() {
            *place = Some(what.chars().take(MAX_CONTENT).collect());
            told.rest.push_str(&prompt[from..*at]);
            told.rest.push(' ');
            from = end;
        }
    }
    told.rest.push_str(&prompt[from..]);
    told
}

/// Places of a phrase that no letters touch.
fn whole<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let alone = move |at: usize| !letter(text[..at].chars().next_back()) && !letter(text[at + phrase.len()..].chars().next());
    text.match_indices(phrase).map(|(at, _)| at).filter(move |at| alone(*at))
}

/// Without loose words at the end.
fn trimmed(what: &str) -> String {
    let mut words: Vec<&str> = what.split_whitespace().collect();
    while words.last().is_some_and(|w| LOOSE.contains(&w.to_lowercase().as_str())) {
        words.pop();
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beginnings_and_ends_are_told_in_three_languages() {
        let of = |text: &str| {
            let t = told(text);
            (t.opening.unwrap_or_default(), t.closing.unwrap_or_default(), t.rest.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let all = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
        assert_eq!(
            of("A calm film, start with the harbour and end with the blue Lighthouse. 90 seconds"),
            all("the harbour", "the blue Lighthouse", "A calm film, . 90 seconds")
        );
        assert_eq!(of("Beginne mit einem langsamen Schwenk, endet mit dem Meer"), all("einem langsamen Schwenk", "dem Meer", ","));
        assert_eq!(of("Fang mit dem Hafen an, schnell"), all("dem Hafen", "", ", schnell"));
        assert_eq!(of("commence par le port puis termine par la mer"), all("le port", "la mer", ""));
        assert_eq!(of("a film that STARTS WITH Ärger"), all("Ärger", "", "a film that"));
        for nothing in ["", "a wedding, very fast", "start with", "restart without end", "İstanbul ẞ start with, x"] {
            let t = told(nothing);
            assert_eq!((t.opening, t.closing), (None, None), "{nothing}");
            assert_eq!(t.rest, nothing);
        }
        assert_eq!(told(&format!("open with {}", "sea ".repeat(500))).opening.unwrap().chars().count(), MAX_CONTENT);
    }
}
