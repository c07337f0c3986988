//! From a sentence to what a montage shall be: a style, changes of it, a length, a shape. Pure.
//!
//! A style's exact name counts first; then rules on words in English, German and French, or what a language model made of the sentence
//! ([`record`]). Everything understood is said, so that one sees what became of the sentence.

mod content;
pub mod record;

use super::style::{DEFAULT_STYLE, Style, StyleError};
use crate::base::words::{decimal, say};
use record::Record;

/// What is to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct Brief {
    pub style: Style,
    pub duration_secs: Option<f64>,
    /// Width to height.
    pub aspect: Option<(u32, u32)>,
    /// What it begins and ends with, in words.
    pub opening: Option<String>,
    pub closing: Option<String>,
    /// What was understood, in the order in which it was applied.
    pub understood: Vec<String>,
}

/// A change that a word, or a record, asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wish {
    Style(&'static str),
    /// Lengths of shots times this.
    Pace(f64),
    Saturation(f32),
    Temperature(f32),
    OwnSound(bool),
    Slow,
    Soft,
    Hard,
    Once,
    InOrder,
    Faces,
    Shape(u32, u32),
}

/// Beginnings of words (or whole phrases) and what they ask for; the first that fits of a kind counts.
const RULES: &[(&[&str], Wish)] = &[
    (&["suspense", "thriller", "mystery", "spannung", "krimi", "polar"], Wish::Style("hitchcock")),
    (&["music video", "musikvideo", "clip musical", "mtv"], Wish::Style("mtv")),
    (&["trailer", "teaser", "bande-annonce", "bande annonce"], Wish::Style("trailer")),
    (&["wedding", "hochzeit", "mariage"], Wish::Style("wedding")),
    (&["podcast", "interview", "entretien"], Wish::Style("podcast_highlight")),
    (&["vlog"], Wish::Style("vlog")),
    (&["travel", "holiday", "vacation", "journey", "reise", "urlaub", "voyage", "vacances"], Wish::Style("travel")),
    (&["sport", "match", "football", "fußball", "fussball", "ski", "surf"], Wish::Style("sport")),
    (&["documentar", "dokument", "doku", "documentaire", "reportage", "vérité"], Wish::Style("documentary")),
    (&["minimal", "meditat", "contemplat", "ruhig", "calm", "calme", "still und"], Wish::Style("minimalist")),
    (&["whimsical", "symmetr", "pastel", "pastell", "verspielt", "fantaisi"], Wish::Style("wes_anderson")),
    (&["action", "explosive", "adrenalin", "blockbuster"], Wish::Style("action")),
    (&["tiktok", "reel", "shorts", "for the phone", "fürs handy", "pour le téléphone"], Wish::Style("short_vertical")),
    (&["cinematic", "epic", "elegant", "filmisch", "episch", "cinémato", "épique"], Wish::Style("cinematic")),
    (&["very fast", "sehr schnell", "très rapide", "frantic", "hektisch"], Wish::Pace(0.4)),
    (&["fast", "quick", "faster", "schnell", "rasant", "rapide", "vite"], Wish::Pace(0.6)),
    (&["very slow", "sehr langsam", "très lent"], Wish::Pace(2.5)),
    (&["slow cut", "slow pace", "slower", "langsam", "lent", "gemächlich", "long takes", "lange einstellung"], Wish::Pace(1.7)),
    (&["black and white", "black-and-white", "schwarzweiß", "schwarz-weiß", "schwarzweiss", "noir et blanc"], Wish::Saturation(0.0)),
    (&["colourful", "colorful", "vivid", "bunt", "farbenfroh", "coloré"], Wish::Saturation(1.35)),
    (&["warm", "golden", "chaud", "doré"], Wish::Temperature(0.25)),
    (&["cold", "icy", "kalt", "kühl", "froid"], Wish::Temperature(-0.25)),
    (&["without sound", "no original sound", "ohne originalton", "ohne o-ton", "sans son"], Wish::OwnSound(false)),
    (&["original sound", "own sound", "natural sound", "originalton", "o-ton", "son original", "son direct"], Wish::OwnSound(true)),
    (&["slow motion", "slow-motion", "slowmo", "zeitlupe", "ralenti"], Wish::Slow),
    (&["dissolve", "soft", "überblend", "weich", "fondu", "doux"], Wish::Soft),
    (&["hard cut", "harte schnitte", "harter schnitt", "coupes franches"], Wish::Hard),
    (&["no repeat", "every shot once", "keine wiederholung", "jede einstellung einmal", "sans répétition"], Wish::Once),
    (&["chronolog", "in order", "der reihe nach", "dans l'ordre"], Wish::InOrder),
    (&["who speaks", "speech", "talking", "sprecher", "sprache", "parole"], Wish::Faces),
    (&["vertical", "portrait", "hochformat", "hochkant", "9:16", "à la verticale"], Wish::Shape(9, 16)),
    (&["square", "quadrat", "1:1", "carré"], Wish::Shape(1, 1)),
    (&["landscape", "querformat", "16:9", "paysage"], Wish::Shape(16, 9)),
];

/// Understand a sentence. `style` names one; it counts more than the sentence's own.
///
/// # Errors
/// There is no style of that name; the message lists those there are.
pub fn direct(style: Option<&str>, prompt: &str, styles: &[Style]) -> Result<Brief, StyleError> {
    let find = |name: &str| styles.iter().find(|s| s.name == name.trim().to_lowercase().replace([' ', '-'], "_")).cloned();
    let content = content::told(prompt);
    let text = format!(" {} ", content.rest.to_lowercase());
    let mut wishes: Vec<(Wish, &str)> = Vec::new();
    for (words, wish) in RULES {
        let same_kind = |w: &(Wish, &str)| std::mem::discriminant(&w.0) == std::mem::discriminant(wish);
        if let Some(word) = words.iter().find(|w| begins_word(&text, w))
            && !wishes.iter().any(same_kind)
        {
            wishes.push((*wish, word));
        }
    }
    let mut understood = Vec::new();
    let chosen = match named(style, &find, styles)? {
        Some(style) => style,
        None => {
            let of_words = wishes.iter().find_map(|(w, word)| match w {
                Wish::Style(name) => Some((find(name)?, (*word).to_owned())),
                _ => None,
            });
            let exact = find(prompt).map(|s| (s, prompt.trim().to_owned()));
            match exact.or(of_words) {
                Some((style, word)) => {
                    understood.push(say!("assist-understood-style", name = style.name.as_str(), word = word).text());
                    style
                }
                None => find(DEFAULT_STYLE).or_else(|| styles.first().cloned()).unwrap_or_default(),
            }
        }
    };
    let mut brief = Brief::new(chosen, length(&text), understood);
    for (wish, word) in wishes {
        brief.apply(wish, word);
    }
    brief.show(content.opening, content.closing);
    Ok(brief.shaped())
}

/// As [`direct`], with a language model's record in the place of the rules. `style` counts more than the record's own.
///
/// # Errors
/// There is no style of that name.
pub fn direct_by(record: &Record, style: Option<&str>, styles: &[Style]) -> Result<Brief, StyleError> {
    let find = |name: &str| styles.iter().find(|s| s.name == name).cloned();
    let by = say!("assist-understood-by-model").text();
    let mut understood = Vec::new();
    let chosen = match (named(style, &find, styles)?, record.style.as_deref().and_then(find)) {
        (Some(style), _) => style,
        (None, Some(style)) => {
            understood.push(say!("assist-understood-style", name = style.name.as_str(), word = by.as_str()).text());
            style
        }
        (None, None) => find(DEFAULT_STYLE).or_else(|| styles.first().cloned()).unwrap_or_default(),
    };
    let mut brief = Brief::new(chosen, record.duration_secs, understood);
    for wish in record.wishes() {
        brief.apply(wish, &by);
    }
    brief.show(record.opening.clone(), record.closing.clone());
    Ok(brief.shaped())
}

fn named(style: Option<&str>, find: &dyn Fn(&str) -> Option<Style>, styles: &[Style]) -> Result<Option<Style>, StyleError> {
    let Some(name) = style else { return Ok(None) };
    let found = find(name).ok_or_else(|| {
        let known: Vec<&str> = styles.iter().map(|s| s.name.as_str()).collect();
        StyleError(format!("there is no style {name:?}; there are {}", known.join(", ")))
    })?;
    Ok(Some(found))
}

impl Brief {
    fn new(style: Style, duration_secs: Option<f64>, mut understood: Vec<String>) -> Self {
        if let Some(secs) = duration_secs {
            understood.push(say!("assist-understood-length", secs = trimmed(secs)).text());
        }
        Self { style, duration_secs, aspect: None, opening: None, closing: None, understood }
    }

    /// Begin and end with these.
    fn show(&mut self, opening: Option<String>, closing: Option<String>) {
        self.understood.extend(opening.iter().map(|what| say!("assist-understood-opening", what = what.as_str()).text()));
        self.understood.extend(closing.iter().map(|what| say!("assist-understood-closing", what = what.as_str()).text()));
        (self.opening, self.closing) = (opening, closing);
    }

    /// A style that is made for one shape has it unless another was asked for.
    fn shaped(mut self) -> Self {
        if self.style.name == "short_vertical" && self.aspect.is_none() {
            self.aspect = Some((9, 16));
        }
        self
    }

    fn apply(&mut self, wish: Wish, word: &str) {
        let s = &mut self.style;
        let said = match wish {
            Wish::Style(_) => return,
            Wish::Pace(factor) => {
                let p = &mut s.pacing;
                for list in [&mut p.intro, &mut p.build, &mut p.drop, &mut p.verse, &mut p.outro] {
                    list.iter_mut().for_each(|beats| *beats = (*beats * factor).clamp(0.25, 64.0));
                }
                p.min_secs = (p.min_secs * factor).clamp(0.2, 60.0);
                p.max_secs = (p.max_secs * factor).clamp(p.min_secs.max(0.5), 120.0);
                say!("assist-understood-pace", factor = trimmed(factor))
            }
            Wish::Saturation(v) => {
                s.grade.saturation = v;
                say!("assist-understood-saturation", value = trimmed(v.into()))
            }
            Wish::Temperature(v) => {
                s.grade.temperature = v;
                say!("assist-understood-temperature", value = trimmed(v.into()))
            }
            Wish::OwnSound(on) => {
                s.sound.clips_db = on.then(|| s.sound.clips_db.unwrap_or(-9.0).max(-9.0));
                if on { say!("assist-understood-own-sound") } else { say!("assist-understood-music-only") }
            }
            Wish::Slow => {
                s.motion.slow = 0.5;
                say!("assist-understood-slow")
            }
            Wish::Soft => {
                s.transitions.dissolve_secs = s.transitions.dissolve_secs.max(0.8);
                s.transitions.dissolve_below = s.transitions.dissolve_below.max(0.7);
                say!("assist-understood-soft")
            }
            Wish::Hard => {
                let t = &mut s.transitions;
                (t.dissolve_secs, t.dip_secs, t.whip_secs) = (0.0, 0.0, 0.0);
                say!("assist-understood-hard")
            }
            Wish::Once => {
                s.choice.reuse = 1;
                say!("assist-understood-once")
            }
            Wish::InOrder => {
                s.choice.order = s.choice.order.max(3.0);
                say!("assist-understood-in-order")
            }
            Wish::Faces => {
                s.choice.speech = s.choice.speech.max(2.0);
                say!("assist-understood-speech")
            }
            Wish::Shape(w, h) => {
                self.aspect = Some((w, h));
                say!("assist-understood-shape", width = w, height = h)
            }
        };
        self.understood.push(format!("{} ({word})", said.text()));
    }
}

/// A number without zeros at its end, as the language writes it.
fn trimmed(value: f64) -> String {
    let places = (0..3).find(|p| (value * 10f64.powi(*p) - (value * 10f64.powi(*p)).round()).abs() < 1e-6).unwrap_or(2);
    decimal(value, places as usize)
}

/// Whether a word (or one of several) begins with these letters.
fn begins_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
}

/// A length such as "30 seconds", "1.5 minutes", "45s", "zwei Minuten" in seconds, within a second and a day.
fn length(text: &str) -> Option<f64> {
    let words: Vec<&str> = text.split_whitespace().filter(|w| !w.is_empty()).collect();
    let unit = |w: &str| {
        let w = w.trim_matches(|c: char| !c.is_alphanumeric());
        if ["s", "sec", "secs"].contains(&w) || w.starts_with("second") || w.starts_with("sekunde") || w.starts_with("seconde") {
            Some(1.0)
        } else if w == "min" || w.starts_with("minute") {
            Some(60.0)
        } else {
            None
        }
    };
    let number = |w: &str| -> Option<f64> {
        const NAMES: [(&[&str], f64); 6] = [
            (&["one", "a", "ein", "eine", "einer", "un", "une"], 1.0),
            (&["two", "zwei", "deux"], 2.0),
            (&["three", "drei", "trois"], 3.0),
            (&["half", "halbe", "demi"], 0.5),
            (&["ten", "zehn", "dix"], 10.0),
            (&["thirty", "dreißig", "trente"], 30.0),
        ];
        let named = NAMES.iter().find(|(names, _)| names.contains(&w)).map(|n| n.1);
        named.or_else(|| w.replace(',', ".").parse().ok())
    };
    let apart = words.windows(2).find_map(|w| Some(number(w[0])? * unit(w[1])?));
    let joined = || {
        words.iter().find_map(|w| {
            let split = w.find(|c: char| c.is_alphabetic() || c == '-')?;
            Some(number(&w[..split])? * unit(w[split..].trim_start_matches('-'))?)
        })
    };
    apart.or_else(joined).filter(|s| (1.0..=86_400.0).contains(s))
}

#[cfg(test)]
mod tests {
    use super::{super::style::builtin, *};

    fn brief(prompt: &str) -> Brief {
        direct(None, prompt, &builtin()).unwrap()
    }

    #[test]
    fn names_and_words_of_three_languages_choose_a_style() {
        for (prompt, style) in [
            ("mtv", "mtv"),
            ("Wes Anderson", "wes_anderson"),
            ("an elegant film of our house", "cinematic"),
            ("Ein Film über unsere Hochzeit, weich und warm", "wedding"),
            ("un voyage en Bretagne, 45 secondes", "travel"),
            ("something nice", "dynamic"),
            ("", "dynamic"),
        ] {
            assert_eq!(brief(prompt).style.name, style, "{prompt}");
        }
        assert_eq!(direct(Some("sport"), "a wedding", &builtin()).unwrap().style.name, "sport");
        let wrong = direct(Some("spart"), "", &builtin()).unwrap_err();
        assert!(wrong.0.contains("spart") && wrong.0.contains("hitchcock"));
    }

    #[test]
    fn lengths_shapes_and_moods_are_understood_and_said() {
        let b = brief("Schnell geschnitten, schwarzweiß, Hochformat, zwei Minuten, mit Originalton und Zeitlupe");
        assert_eq!((b.duration_secs, b.aspect), (Some(120.0), Some((9, 16))));
        assert_eq!((b.style.grade.saturation, b.style.motion.slow), (0.0, 0.5));
        assert!(b.style.sound.clips_db.is_some() && b.style.pacing.verse[0] < 3.0);
        assert_eq!(b.understood.len(), 6, "{:?}", b.understood);
        for (text, secs) in
            [("30 seconds", 30.0), ("a 45s reel", 45.0), ("1.5 minutes", 90.0), ("une minute", 60.0), ("a 20-second spot", 20.0)]
        {
            assert_eq!(brief(text).duration_secs, Some(secs), "{text}");
        }
        assert_eq!(brief("in 1984").duration_secs, None);
        assert!(brief("un film lent en noir et blanc").style.check().is_ok());
    }

    #[test]
    fn whatever_is_said_the_style_stays_within_its_ranges() {
        for style in builtin() {
            for (words, _) in RULES {
                let b = direct(Some(&style.name), &format!("{} very slow", words[0]), &builtin()).unwrap();
                assert_eq!(b.style.check(), Ok(()), "{} with {}", style.name, words[0]);
            }
        }
    }
}
