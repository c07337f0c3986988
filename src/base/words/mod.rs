//! Every text that a person reads in the window, in the window's language. Texts are Fluent messages in
//! `assets/locale/<language>/<area>.ftl`, compiled in; a message's key begins with its area (`timeline-…`, `error-…`).
//!
//! The program speaks one language ([`speak`]): English unless the window chose another; a thread may be given its own
//! ([`set_language`]: tests). Each thread makes its words when it first asks. Nothing is read from disk, and plain messages
//! are formatted once, so that a panel may ask for its words in every pass.

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use std::{
    cell::RefCell,
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};
use unic_langid::LanguageIdentifier;

pub use fluent_bundle::FluentValue;

/// A language that the window speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    #[default]
    English,
    German,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// As settings and locales write it.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its name for itself: somebody who does not read the window's language finds their own.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a locale such as `de_AT.UTF-8` or `en-GB`.
    pub fn of_locale(locale: &str) -> Option<Self> {
        let language = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|l| l.code().eq_ignore_ascii_case(language))
    }

    /// What the desktop speaks; English where the window does not speak that.
    pub fn of_desktop() -> Self {
        sys_locale::get_locales().find_map(|l| Self::of_locale(&l)).unwrap_or_default()
    }

    fn id(self) -> LanguageIdentifier {
        // plural rules of an unknown language are those of none; a test reads all of them
        self.code().parse().unwrap_or_default()
    }

    fn sources(self) -> [(&'static str, &'static str); AREAS] {
        match self {
            Self::English => sources!("en"),
            Self::German => sources!("de"),
        }
    }
}

/// Files of a language.
const AREAS: usize = 18;

macro_rules! sources {
    ($language:literal) => {
        sources!($language: "commands", "shell", "timeline", "viewer", "bin", "inspector", "export", "edits", "error", "session", "job", "api", "interchange", "jobs", "upscale", "assist", "transcript", "search")
    };
    ($language:literal: $($area:literal),*) => {
        [$(($area, include_str!(concat!("../../../assets/locale/", $language, "/", $area, ".ftl")))),*]
    };
}
use sources;

type Bundle = FluentBundle<FluentResource>;

fn bundle(language: Language) -> Bundle {
    let mut bundle = Bundle::new(vec![language.id()]);
    // the marks around inserted names would be drawn as boxes
    bundle.set_use_isolating(false);
    for (area, text) in language.sources() {
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, errors)| {
            tracing::error!("{}/{area}.ftl: {errors:?}", language.code());
            readable
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!("{}/{area}.ftl: {errors:?}", language.code());
        }
    }
    bundle
}

/// Whether the program speaks German. A flag is all that two languages need.
static GERMAN: AtomicBool = AtomicBool::new(false);

/// From now on every thread without a language of its own speaks `language`.
pub fn speak(language: Language) {
    GERMAN.store(language == Language::German, Ordering::Relaxed);
}

fn spoken() -> Language {
    if GERMAN.load(Ordering::Relaxed) { Language::German } else { Language::English }
}

struct Words {
    language: Language,
    /// Set by [`set_language`], and therefore not changed by [`speak`].
    own: bool,
    /// English last: what another language lacks is said in it.
    bundles: Vec<Bundle>,
    /// Messages without arguments, as they were formatted first.
    plain: HashMap<String, String>,
}

impl Words {
    fn new(language: Language) -> Self {
        let mut bundles = vec![bundle(language)];
        if language != Language::English {
            bundles.push(bundle(Language::English));
        }
        Self { language, own: false, bundles, plain: HashMap::new() }
    }

    /// The thread's words, in the language that is spoken now.
    fn now(&mut self) -> &mut Self {
        if !self.own && self.language != spoken() {
            *self = Self::new(spoken());
        }
        self
    }

    fn has(&self, key: &str) -> bool {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        self.bundles.iter().filter_map(|b| b.get_message(id)).any(|m| attribute.is_none_or(|a| m.get_attribute(a).is_some()))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> Option<String> {
        let (id, attribute) = key.split_once('.').map_or((key, None), |(id, attribute)| (id, Some(attribute)));
        self.bundles.iter().find_map(|bundle| {
            let message = bundle.get_message(id)?;
            let pattern = match attribute {
                Some(name) => message.get_attribute(name)?.value(),
                None => message.value()?,
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::error!("{key}: {errors:?}");
            }
            Some(text)
        })
    }

    fn plain(&mut self, key: &str) -> String {
        if let Some(text) = self.plain.get(key) {
            return text.clone();
        }
        let text = self.format(key, None).unwrap_or_else(|| missing(key));
        self.plain.insert(key.to_owned(), text.clone());
        text
    }
}

fn missing(key: &str) -> String {
    tracing::error!("no language has the message {key:?}");
    key.to_owned()
}

thread_local! {
    static WORDS: RefCell<Words> = RefCell::new(Words::new(spoken()));
}

/// The message `key`, or its attribute for `key.attribute`. A message that no language has is its key.
pub fn tr(key: &str) -> String {
    WORDS.with_borrow_mut(|words| words.now().plain(key))
}

/// The message `key` with arguments: `tr_args("timeline-clips", &[("n", clips.len().into())])`.
pub fn tr_args(key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
    let args: FluentArgs<'_> = args.iter().cloned().collect();
    WORDS.with_borrow_mut(|words| words.now().format(key, Some(&args))).unwrap_or_else(|| missing(key))
}

/// Whether there is a message, or an attribute of one, of this key, with arguments or without.
pub fn has(key: &str) -> bool {
    WORDS.with_borrow_mut(|words| words.now().has(key))
}

/// The message `key`, or None where no language has it: for keys made from what a document or a peer names.
pub fn try_tr(key: &str) -> Option<String> {
    WORDS.with_borrow_mut(|words| words.now().format(key, None))
}

/// A number with `places` after the decimal sign of the language.
pub fn decimal(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    match language() {
        Language::English => text,
        Language::German => text.replace('.', ","),
    }
}

/// `1.5 GiB`, in the language of now.
pub fn size_text(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1024 => return format!("{bytes} B"),
        1024..1_048_576 => (1024.0, "KiB"),
        1_048_576..1_073_741_824 => (1_048_576.0, "MiB"),
        _ => (1_073_741_824.0, "GiB"),
    };
    format!("{} {name}", decimal(bytes as f64 / unit, 1))
}

/// The language of this thread's words.
pub fn language() -> Language {
    WORDS.with_borrow_mut(|words| words.now().language)
}

/// From now on this thread speaks `language`, whatever the program speaks.
pub fn set_language(language: Language) {
    WORDS.with_borrow_mut(|words| {
        if words.language != language {
            *words = Words::new(language);
        }
        words.own = true;
    });
}

/// A message with its arguments, and the hint that goes with it: what an error has to say.
pub struct Said<'a> {
    pub key: &'static str,
    pub args: Vec<(&'static str, FluentValue<'a>)>,
}

impl Said<'_> {
    /// What happened.
    pub fn text(&self) -> String {
        tr_args(self.key, &self.args)
    }
    /// What to do about it: the message's attribute `hint`, if it has one.
    pub fn hint(&self) -> Option<String> {
        let args: FluentArgs<'_> = self.args.iter().cloned().collect();
        WORDS.with_borrow_mut(|words| words.now().format(&format!("{}.hint", self.key), Some(&args)))
    }
}

/// `say!("error-edit-overlap", clip = name, other = other)`: a [`Said`].
macro_rules! say {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::base::words::Said { key: $key, args: vec![$((stringify!($name), $crate::base::words::FluentValue::from($value))),*] }
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests;
