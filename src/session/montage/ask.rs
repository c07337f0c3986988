//! Who says what a prompt means: a record that is there, a language model where one is wished for, and the rules in every other case.

use super::{MontageError, Note, Wish, llm};
use crate::{
    assist::{self, Brief, Style, director::record::Record},
    base::words::say,
    ml::remote::AskError,
};
use serde_json::{Value, json};

/// What was understood, and by whom.
pub(super) struct Told {
    pub brief: Brief,
    /// What a model said, as it was taken; empty where the rules decided.
    pub record: String,
    /// For the decisions: who decided, what was sent where, why a model was not used.
    pub by: Value,
    pub notes: Vec<Note>,
}

/// Understand a wish.
///
/// # Errors
/// There is no style of that name, or it was stopped.
pub(super) fn brief(wish: &Wish, styles: &[Style], cancel: &dyn Fn() -> bool) -> Result<Told, MontageError> {
    let style = wish.style.as_deref();
    let known = |e: assist::StyleError| say!("assist-no-style", why = e.to_string()).trouble();
    let taken = |record: &Record| assist::director::direct_by(record, style, styles).map_err(known);
    if !wish.record.is_empty()
        && let Ok(record) = Record::read(&wish.record, styles)
    {
        let by = json!({ "by": "model", "record": record });
        return Ok(Told { brief: taken(&record)?, record: wish.record.clone(), by, notes: Vec::new() });
    }
    let rules = |notes: Vec<Note>, by: Value| -> Result<Told, MontageError> {
        let brief = assist::direct(style, &wish.prompt, styles).map_err(known)?;
        Ok(Told { brief, record: String::new(), by, notes })
    };
    let Some(assistant) = wish.assistant.as_ref().filter(|_| !wish.prompt.trim().is_empty()) else {
        return rules(Vec::new(), json!({ "by": "rules" }));
    };
    let question = assist::director::record::question(&wish.prompt, &assistant.model, styles);
    let sent = json!({ "url": assistant.url, "body": question });
    let answer = match llm::ask(assistant, &question, cancel) {
        Err(AskError::Cancelled) => return Err(MontageError::Stopped),
        Err(e) => Err(e.to_string()),
        Ok(body) => assist::director::record::of_reply(&body, styles),
    };
    match answer {
        Ok(record) => {
            let text = serde_json::to_string(&record).unwrap_or_default();
            let by = json!({ "by": "model", "sent": sent, "record": record });
            Ok(Told { brief: taken(&record)?, record: text, by, notes: Vec::new() })
        }
        Err(why) => {
            let note = Note::ModelNotUsed { url: assistant.url.clone(), why: why.clone() };
            rules(vec![note], json!({ "by": "rules", "sent": sent, "why": why }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::llm::tests::{completion, reply, server},
        *,
    };
    use std::time::Duration;

    fn wish(assistant: llm::Assistant) -> Wish {
        Wish { prompt: "a wedding, very fast".into(), assistant: Some(assistant), ..Wish::default() }
    }

    fn told(pieces: Vec<Vec<u8>>, pause: Duration) -> Told {
        brief(&wish(server(pieces, pause).0), &assist::builtin(), &|| false).unwrap()
    }

    #[test]
    fn a_good_answer_decides_and_is_kept_so_that_nobody_is_asked_again() {
        let answer = r#"{"style": "sport", "pace": 0.5, "duration_secs": 20, "aspect": null}"#;
        let t = told(vec![completion(answer)], Duration::ZERO);
        assert_eq!((t.brief.style.name.as_str(), t.brief.duration_secs), ("sport", Some(20.0)));
        assert_eq!((&t.by["by"], &t.by["sent"]["body"]["messages"][1]["content"]), (&"model".into(), &"a wedding, very fast".into()));
        assert!(t.notes.is_empty() && t.by["sent"]["url"].as_str().unwrap().starts_with("http://127.0.0.1"));
        let gone = llm::Assistant { url: "http://127.0.0.1:1/v1".into(), model: "m".into() };
        let again = brief(&Wish { record: t.record, ..wish(gone) }, &assist::builtin(), &|| false).unwrap();
        assert_eq!(again.brief, t.brief);
    }

    #[test]
    fn whatever_else_comes_back_the_rules_decide_and_say_why() {
        let html = reply("200 OK", "<html>log in</html>");
        let mut slow = vec![b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec()];
        slow.extend(vec![b"x".to_vec(); 40]);
        for (pieces, pause, why) in [
            (vec![completion("Sure! Here is your montage.")], 0, "no record"),
            (vec![completion(r#"{"pace": 1e308}"#)], 0, "pace"),
            (vec![completion(r#"{"style": "'; DROP TABLE"}"#)], 0, "style"),
            (vec![completion(r#"{"system": "sh -c reboot"}"#)], 0, "system"),
            (vec![completion(&"[".repeat(5000))], 0, "no record"),
            (vec![html], 0, "no JSON"),
            (vec![reply("401 Unauthorized", "{}")], 0, "401"),
            (slow, 100, "time"),
            (vec![], 0, ""),
        ] {
            let t = told(pieces, Duration::from_millis(pause));
            assert_eq!((t.brief.style.name.as_str(), &t.by["by"]), ("wedding", &"rules".into()), "{why}");
            assert!(t.by["why"].as_str().unwrap().contains(why), "{why}: {}", t.by["why"]);
            assert!(t.notes.len() == 1 && t.notes[0].text().contains("built-in rules") && t.record.is_empty());
        }
        let nobody = brief(&Wish { prompt: "a wedding".into(), ..Wish::default() }, &assist::builtin(), &|| false).unwrap();
        assert!(nobody.notes.is_empty() && nobody.by["sent"].is_null(), "nobody is asked unless that is wished for");
    }
}
