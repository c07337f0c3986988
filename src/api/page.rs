//! The status page: static files, compiled in. Its words come from the program's languages, its colours from the window's
//! themes. Made once when the server starts; serving it is handing out text.

use super::Server;
use crate::base::words::{self, Language};
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{Html, IntoResponse},
};
use serde::Deserialize;
use std::{fmt::Write, sync::Arc};

const TEMPLATE: &str = include_str!("../../assets/web/index.html");
const STYLE: &str = include_str!("../../assets/web/status.css");
const SCRIPT: &str = include_str!("../../assets/web/status.js");
const ICON: &str = include_str!("../../assets/web/icon.svg");
const DARK: &str = include_str!("../../assets/themes/dark.ron");
const LIGHT: &str = include_str!("../../assets/themes/light.ron");
/// Where the words are that the script uses: `(key in the language's file, without this)`.
const SCRIPT_WORDS: &str = "api-js-";
const LOCALE: &str = include_str!("../../assets/locale/en/api.ftl");

/// The made texts.
pub(super) struct Page {
    english: String,
    german: String,
    theme: String,
}

impl Page {
    pub fn new() -> Self {
        Self { english: page(Language::English), german: page(Language::German), theme: theme() }
    }
}

/// The page in one language.
fn page(language: Language) -> String {
    // a thread of its own, because a thread's language is set for good
    std::thread::scope(|s| {
        let made = s.spawn(move || {
            words::set_language(language);
            fill(TEMPLATE, language)
        });
        made.join().unwrap_or_else(|_| fill(TEMPLATE, Language::English))
    })
}

/// `{{key}}` are the language's words; `{{lang}}` and `{{words}}` are the language's code and what the script says.
fn fill(template: &str, language: Language) -> String {
    let mut parts = template.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (key, rest) = part.split_once("}}").unwrap_or((part, ""));
        match key {
            "lang" => out += language.code(),
            "words" => out += &script_words(),
            key => out += &escaped(&words::tr(key)),
        }
        out += rest;
    }
    out
}

/// `{"state-queued": "queued", …}`, safe inside a script element.
fn script_words() -> String {
    let keys = LOCALE.lines().filter_map(|l| l.strip_prefix(SCRIPT_WORDS)?.split_once(" =")).map(|(key, _)| key);
    let words: serde_json::Map<_, _> = keys.map(|k| (k.to_owned(), words::tr(&format!("{SCRIPT_WORDS}{k}")).into())).collect();
    serde_json::Value::Object(words).to_string().replace('<', "\\u003c")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What the page takes of a theme; the file has more.
#[derive(Deserialize)]
struct Colours {
    surfaces: (String, String, String, String),
    line: String,
    text: String,
    secondary: String,
    faint: String,
    accent: String,
    accent_text: String,
    accent_hover: String,
    on_accent: String,
    ok: String,
    warning: String,
    failure: String,
}

/// Both themes as CSS variables: dark, or light where the desktop says so.
fn theme() -> String {
    let one = |text: &str| match ron::from_str::<Colours>(text) {
        Ok(c) => variables(&c),
        Err(e) => {
            tracing::error!("a theme cannot be read: {e}"); // a test reads both
            String::new()
        }
    };
    format!(":root{{color-scheme:dark;{}}}\n@media (prefers-color-scheme:light){{:root{{color-scheme:light;{}}}}}\n", one(DARK), one(LIGHT))
}

fn variables(c: &Colours) -> String {
    let (s0, s1, s2, s3) = (&c.surfaces.0, &c.surfaces.1, &c.surfaces.2, &c.surfaces.3);
    let named = [
        ("surface-0", s0),
        ("surface-1", s1),
        ("surface-2", s2),
        ("surface-3", s3),
        ("line", &c.line),
        ("text", &c.text),
        ("secondary", &c.secondary),
        ("faint", &c.faint),
        ("accent", &c.accent),
        ("accent-text", &c.accent_text),
        ("accent-hover", &c.accent_hover),
        ("on-accent", &c.on_accent),
        ("ok", &c.ok),
        ("warning", &c.warning),
        ("failure", &c.failure),
    ];
    named.iter().fold(String::new(), |mut css, (name, colour)| {
        let _ = write!(css, "--{name}:{colour};");
        css
    })
}

/// `GET /`: in German where the browser prefers that.
pub(super) async fn index(State(server): State<Arc<Server>>, headers: HeaderMap) -> Html<String> {
    let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';']).find_map(|l| Language::of_locale(l.trim()));
    Html(if first == Some(Language::German) { server.page.german.clone() } else { server.page.english.clone() })
}

pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub(super) async fn theme_css(State(server): State<Arc<Server>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], server.page.theme.clone())
}

pub(super) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

pub(super) async fn icon() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "image/svg+xml")], ICON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_speaks_both_languages_and_leaves_no_gap() {
        let page = Page::new();
        for (text, word) in [(&page.english, "New job"), (&page.german, "Neuer Auftrag")] {
            assert!(text.contains(word) && !text.contains("{{") && !text.contains(">api-") && !text.contains(SCRIPT_WORDS), "{text}");
        }
        let words = page.german.split(r#"id="words">"#).nth(1).unwrap().split("</script>").next().unwrap();
        let words: serde_json::Value = serde_json::from_str(words).unwrap();
        assert_eq!((&words["state-queued"], &words["left"]), (&"in der Schlange".into(), &"noch {time}".into()));
        // what the script says is there
        for said in SCRIPT.split("say(\"").skip(1).map(|s| s.split('"').next().unwrap()) {
            assert!(words.get(said).is_some(), "the page has no word for {said}");
        }
    }

    #[test]
    fn both_themes_give_their_colours() {
        let css = theme();
        assert_eq!(css.matches("--accent:#").count(), 2, "{css}");
        for variable in STYLE.split("var(").skip(1).map(|s| s.split(')').next().unwrap()) {
            assert_eq!(css.matches(&format!("{variable}:#")).count(), 2, "{variable}");
        }
    }

    #[test]
    fn nothing_in_the_page_needs_more_than_its_own_files() {
        for text in [TEMPLATE, STYLE, SCRIPT] {
            assert!(
                !text.contains("innerHTML") && !text.contains("style=\"") && !text.contains("onclick=") && !text.contains("https://"),
                "{text}"
            );
        }
        assert!(!TEMPLATE.contains("data:"));
    }
}
