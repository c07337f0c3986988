//! A script as sentences, each of which asks for a picture. Pure.

/// Words that a narrator speaks in a second: 150 a minute, what broadcasters and audio books count with.
const WORDS_PER_SEC: f64 = 2.5;
/// A picture stands at least and at most so long.
const SECS: (f64, f64) = (1.5, 12.0);
/// Sentences of a script at most.
pub const MOST_SENTENCES: usize = 500;

/// Ends that are none: the full stop belongs to the word.
const SHORT: [&str; 26] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "e.g", "i.e", "no", "approx", "z", "z.b", "b", "bzw", "ca", "nr", "d.h", "u.a",
    "usw", "hr", "fr", "str", "mme", "m",
];

/// One sentence of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    pub text: String,
    /// How long a narrator takes for it.
    pub secs: f64,
}

impl Sentence {
    fn new(text: &str) -> Self {
        let words = text.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).count();
        // writing without spaces: two letters are about a word
        let wide = text.chars().filter(|c| ('\u{3040}'..='\u{9fff}').contains(c)).count();
        Self { text: text.to_owned(), secs: ((words.max(1) + wide / 2) as f64 / WORDS_PER_SEC).clamp(SECS.0, SECS.1) }
    }
}

/// The sentences of a text, in order. Line breaks end sentences too: lists and headings have no full stops.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut from = 0;
        let chars: Vec<(usize, char)> = line.char_indices().collect();
        for (i, (at, c)) in chars.iter().enumerate() {
            if *at < from {
                continue;
            }
            let next = chars.get(i + 1).map(|n| n.1);
            let ends = match c {
                '。' | '！' | '？' | '…' => true,
                '.' | '!' | '?' => {
                    next.is_none_or(|n| n.is_whitespace() || "\"'”’»«)".contains(n)) && !(*c == '.' && goes_on(&line[from..*at]))
                }
                _ => false,
            };
            if ends {
                let end = at + c.len_utf8();
                // what closes the sentence stays with it
                let closing: usize = line[end..].chars().take_while(|c| "\"'”’»)!?.".contains(*c)).map(char::len_utf8).sum();
                push(&mut found, &line[from..end + closing]);
                from = end + closing;
            }
        }
        push(&mut found, line.get(from..).unwrap_or_default());
        if found.len() >= MOST_SENTENCES {
            break;
        }
    }
    found.truncate(MOST_SENTENCES);
    found
}

/// Whether a full stop after this text belongs to its last word: an abbreviation, a number, an initial.
fn goes_on(text: &str) -> bool {
    let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let word: String = last.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let initial = word.chars().count() == 1 && last.chars().all(char::is_uppercase);
    initial || SHORT.contains(&word.as_str()) || word.parse::<u16>().is_ok_and(|n| n < 32)
}

fn push(found: &mut Vec<Sentence>, text: &str) {
    let text = text.trim().trim_start_matches(['-', '–', '•', '*', '#']).trim();
    if text.chars().any(char::is_alphanumeric) {
        found.push(Sentence::new(text));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        sentences(text).into_iter().map(|s| s.text).collect()
    }

    #[test]
    fn sentences_end_where_people_end_them() {
        assert_eq!(
            texts("We leave the harbour at 5.30. Dr. Smith steers! \"Is it far?\" she asks…\n- The sea is calm\n\n# Night"),
            ["We leave the harbour at 5.30.", "Dr. Smith steers!", "\"Is it far?\"", "she asks…", "The sea is calm", "Night"]
        );
        assert_eq!(
            texts("Am 3. Mai fahren wir z. B. nach Kiel. Dort ist es schön."),
            ["Am 3. Mai fahren wir z. B. nach Kiel.", "Dort ist es schön."]
        );
        assert_eq!(texts("海は静かだ。船が出る。"), ["海は静かだ。", "船が出る。"]);
        assert_eq!(texts(" … ! \n ."), Vec::<String>::new());
    }

    #[test]
    fn a_sentence_lasts_as_long_as_it_is_read() {
        let secs: Vec<f64> = sentences("Ten words take a narrator four seconds to read out.\nSea.").into_iter().map(|s| s.secs).collect();
        assert_eq!(secs, [4.0, 1.5]);
        assert_eq!(sentences(&"word ".repeat(1000))[0].secs, 12.0);
        assert_eq!(sentences(&"One. ".repeat(2000)).len(), MOST_SENTENCES);
    }
}
