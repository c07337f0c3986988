//! What is searched for in the bin. Words must all be there; `codec:`, `fps:`, `size:`, `type:` and `folder:` look at one
//! fact; words such as `unused` and `offline` stand for a state. Pure.

use super::cards::Card;
use crate::{model::Media, session::MediaState};

/// What is asked of a state rather than of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    Used,
    Unused,
    Offline,
    Hdr,
    Vfr,
    Alpha,
    Still,
}

impl Flag {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "used" => Self::Used,
            "unused" => Self::Unused,
            "offline" => Self::Offline,
            "hdr" => Self::Hdr,
            "vfr" => Self::Vfr,
            "alpha" => Self::Alpha,
            "still" => Self::Still,
            _ => return None,
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// In the name, the folder or the facts.
    Text(String),
    /// The state, or where `loose` the word itself.
    Flag {
        flag: Flag,
        word: Option<String>,
    },
    Codec(String),
    Fps(String),
    Size(String),
    Folder(String),
    Kind(String),
    /// All other terms, but not this one.
    Not(Box<Term>),
}

/// What the filter menu offers: words of the search and the keys of their names.
pub const FILTERS: &[(&str, &str)] = &[
    ("type:video", "bin-filter-video"),
    ("type:audio", "bin-filter-audio"),
    ("type:image", "bin-filter-image"),
    ("is:unused", "bin-filter-unused"),
    ("is:used", "bin-filter-used"),
    ("is:offline", "bin-filter-offline"),
    ("is:hdr", "bin-filter-hdr"),
    ("is:vfr", "bin-filter-vfr"),
    ("is:alpha", "bin-filter-alpha"),
];

/// Whether a search has this very word.
pub fn has_word(search: &str, word: &str) -> bool {
    search.split_whitespace().any(|w| w == word)
}

/// Put a word into a search or take it out.
pub fn set_word(search: &mut String, word: &str, on: bool) {
    let before = search.split_whitespace().filter(|w| *w != word);
    *search = before.chain(on.then_some(word)).collect::<Vec<_>>().join(" ");
}

/// A search, ready to be asked about many media.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    terms: Vec<Term>,
}

/// What a search asks besides the media itself.
pub struct State<'a> {
    pub state: &'a dyn Fn() -> MediaState,
    pub uses: u32,
}

impl Query {
    pub fn parse(text: &str) -> Self {
        Self { terms: words(&text.to_lowercase()).into_iter().filter_map(|w| term(&w)).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether the answer may change with the timeline.
    pub fn asks_uses(&self) -> bool {
        self.has_flag(|f| matches!(f, Flag::Used | Flag::Unused))
    }

    /// Whether the answer may change with the files on disk.
    pub fn asks_states(&self) -> bool {
        self.has_flag(|f| f == Flag::Offline)
    }

    fn has_flag(&self, wanted: impl Fn(Flag) -> bool) -> bool {
        self.terms.iter().any(|t| match t {
            Term::Flag { flag, .. } => wanted(*flag),
            Term::Not(t) => matches!(**t, Term::Flag { flag, .. } if wanted(flag)),
            _ => false,
        })
    }

    pub fn matches(&self, card: &Card, state: &State<'_>) -> bool {
        self.terms.iter().all(|t| t.matches(card, state))
    }
}

/// Parts between blanks; quotes keep blanks together.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words.retain(|w| !w.is_empty());
    words
}

fn term(word: &str) -> Option<Term> {
    if let Some(rest) = word.strip_prefix('-').filter(|r| !r.is_empty()) {
        return term(rest).map(|t| Term::Not(Box::new(t)));
    }
    let Some((key, value)) = word.split_once(':') else {
        return Some(match Flag::parse(word) {
            Some(flag) => Term::Flag { flag, word: Some(word.to_owned()) },
            None => Term::Text(word.to_owned()),
        });
    };
    let value_text = value.to_owned();
    let term = match key {
        "codec" => Term::Codec(value_text.replace('.', "")),
        "fps" | "rate" => Term::Fps(value_text),
        "size" | "res" => Term::Size(value_text.replace('x', "×")),
        "folder" => Term::Folder(value_text),
        "type" | "kind" => Term::Kind(value_text),
        "is" => match Flag::parse(value) {
            Some(flag) => Term::Flag { flag, word: None },
            None => Term::Text(word.to_owned()),
        },
        _ => Term::Text(word.to_owned()),
    };
    // half typed, `codec:` leaves everything in sight
    if value.is_empty() && !matches!(term, Term::Text(_)) { None } else { Some(term) }
}

impl Term {
    fn matches(&self, card: &Card, state: &State<'_>) -> bool {
        let media = &*card.media;
        match self {
            Self::Text(word) => card.text.contains(word.as_str()),
            Self::Flag { flag, word } => holds(*flag, media, state) || word.as_ref().is_some_and(|w| card.text.contains(w.as_str())),
            Self::Codec(codec) => codecs(media).any(|c| c.to_lowercase().replace('.', "").starts_with(codec.as_str())),
            Self::Fps(fps) => media.info.video.as_ref().filter(|v| !v.still).is_some_and(|v| is_rate(v.frame_rate.as_f64(), fps)),
            Self::Size(size) => media.info.video.as_ref().is_some_and(|v| {
                let (w, h) = v.display_size();
                super::facts::size_name(w, h).to_lowercase() == *size || format!("{w}×{h}") == *size || h.to_string() == *size
            }),
            Self::Folder(folder) => media.folder.to_lowercase().contains(folder.as_str()),
            Self::Kind(kind) => is_kind(media, kind),
            Self::Not(term) => !term.matches(card, state),
        }
    }
}

fn holds(flag: Flag, media: &Media, state: &State<'_>) -> bool {
    let video = media.info.video.as_ref();
    match flag {
        Flag::Used => state.uses > 0,
        Flag::Unused => state.uses == 0,
        Flag::Offline => matches!((state.state)(), MediaState::Offline(_)),
        Flag::Hdr => video.is_some_and(|v| v.color.is_hdr()),
        Flag::Vfr => video.is_some_and(|v| v.variable_frame_rate),
        Flag::Alpha => video.is_some_and(|v| v.alpha),
        Flag::Still => video.is_some_and(|v| v.still),
    }
}

/// As the file spells them and as people do.
fn codecs(media: &Media) -> impl Iterator<Item = String> + '_ {
    let info = &media.info;
    let raw = [info.video.as_ref().map(|v| &v.codec), info.audio.as_ref().map(|a| &a.codec)];
    raw.into_iter().flatten().flat_map(|c| [c.clone(), super::facts::codec_name(c)])
}

/// `29.97`, `29,97` and `30` all find 30000/1001; `23.976` too.
fn is_rate(fps: f64, wanted: &str) -> bool {
    wanted.replace(',', ".").parse::<f64>().is_ok_and(|w| (fps - w).abs() < 0.01 || w.fract() == 0.0 && fps.round() == w)
}

fn is_kind(media: &Media, kind: &str) -> bool {
    let still = media.info.video.as_ref().is_some_and(|v| v.still);
    match kind {
        "video" => media.info.video.is_some() && !still,
        "audio" | "sound" => media.info.video.is_none(),
        "image" | "picture" | "still" => still,
        other => media.info.container == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::bin::cards::tests::{media, sound};

    fn found(query: &str, media: &std::sync::Arc<Media>, uses: u32, offline: bool) -> bool {
        let state = move || if offline { MediaState::Offline("gone".into()) } else { MediaState::Online };
        Query::parse(query).matches(&Card::new(media), &State { state: &state, uses })
    }

    #[test]
    fn all_words_must_be_there_in_any_order() {
        let m = media("Old Town 02.mp4", "Day 1/Cam A", 70);
        assert!(found("town old", &m, 0, false));
        assert!(found("cam h.264", &m, 0, false));
        assert!(!found("town new", &m, 0, false));
        assert!(found("\"old town\"", &m, 0, false) && !found("\"town old\"", &m, 0, false));
        assert!(found("  ", &m, 0, false));
    }

    #[test]
    fn a_named_fact_looks_at_that_fact_alone() {
        let m = media("a.mp4", "Day 1", 70);
        for yes in
            ["codec:h264", "codec:H.264", "codec:aac", "fps:25", "size:1080p", "size:1920x1080", "res:1080", "folder:day", "type:video"]
        {
            assert!(found(yes, &m, 0, false), "{yes}");
        }
        for no in ["codec:hevc", "fps:24", "size:4k", "folder:night", "type:audio", "-type:video", "codec:25"] {
            assert!(!found(no, &m, 0, false), "{no}");
        }
        assert!(found("codec:", &m, 0, false), "half typed");
        assert!(found("type:audio codec:flac -type:video", &sound("tune.flac"), 0, false));
    }

    #[test]
    fn states_can_be_asked_for() {
        let m = media("a.mp4", "", 70);
        assert!(found("unused", &m, 0, false) && !found("unused", &m, 2, false));
        assert!(found("used", &m, 2, false));
        assert!(found("offline", &m, 0, true) && !found("is:offline", &m, 0, false));
        let named = media("offline edit.mp4", "", 70);
        assert!(found("offline", &named, 0, false) && !found("is:offline", &named, 0, false));
        assert!(Query::parse("x -unused").asks_uses() && !Query::parse("x").asks_uses());
        assert!(Query::parse("is:offline").asks_states());
    }

    #[test]
    fn the_filter_menus_words_mean_something_and_come_and_go() {
        let mut search = "harbour".to_owned();
        for (word, _) in FILTERS {
            assert!(matches!(term(word), Some(Term::Flag { .. } | Term::Kind(_))), "{word}");
            set_word(&mut search, word, true);
            assert!(has_word(&search, word));
        }
        for (word, _) in FILTERS {
            set_word(&mut search, word, false);
        }
        assert_eq!(search, "harbour");
    }

    #[test]
    fn rates_are_found_by_their_number_and_by_their_name() {
        for (fps, wanted) in [(29.97, "29.97"), (29.97, "30"), (29.97, "29,97"), (23.976, "24"), (25.0, "25")] {
            assert!(is_rate(fps, wanted), "{fps} {wanted}");
        }
        assert!(!is_rate(30.0, "29.97") && !is_rate(25.0, "2"));
    }
}
