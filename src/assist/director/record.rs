//! What a language model may say of a wish: a small record whose every field has a closed range. Pure: the question and its schema as
//! JSON, and what of an answer is taken. Nothing of an answer is ever run, opened or shown as anything but a value within its range.

use super::{Wish, content::MAX_CONTENT};
use crate::assist::style::Style;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// A longer answer is none.
pub const MAX_ANSWER: usize = 20_000;
/// Longest prompt that is sent, in characters.
const MAX_PROMPT: usize = 4000;

/// Instructions for a montage. What is None was not spoken of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Record {
    /// Name of a style.
    pub style: Option<String>,
    pub duration_secs: Option<f64>,
    /// One of [`ASPECTS`].
    pub aspect: Option<String>,
    /// Lengths of shots times this.
    pub pace: Option<f64>,
    pub saturation: Option<f64>,
    /// Cold −1 … 1 warm.
    pub temperature: Option<f64>,
    pub own_sound: Option<bool>,
    pub slow_motion: Option<bool>,
    /// `soft` or `hard`.
    pub cuts: Option<String>,
    pub no_repeats: Option<bool>,
    pub in_order: Option<bool>,
    pub speech: Option<bool>,
    /// What the first and the last shot show, in a few words.
    pub opening: Option<String>,
    pub closing: Option<String>,
}

/// Shapes that can be asked for.
pub const ASPECTS: [(&str, (u32, u32)); 5] = [("16:9", (16, 9)), ("9:16", (9, 16)), ("1:1", (1, 1)), ("4:3", (4, 3)), ("21:9", (21, 9))];
const CUTS: [&str; 2] = ["soft", "hard"];
/// Ranges of the numbers.
const DURATION: (f64, f64) = (1.0, 86_400.0);
const PACE: (f64, f64) = (0.25, 4.0);
const SATURATION: (f64, f64) = (0.0, 2.0);
const TEMPERATURE: (f64, f64) = (-1.0, 1.0);

/// What is sent to a model that speaks the protocol of OpenAI's chat completions. Only the prompt and the styles' names and
/// descriptions: no footage, no file names.
pub fn question(prompt: &str, model: &str, styles: &[Style]) -> Value {
    let prompt: String = prompt.chars().take(MAX_PROMPT).collect();
    let list: Vec<String> = styles.iter().map(|s| format!("{}: {}", s.name, s.description)).collect();
    let system = format!(
        "You turn a wish for a video montage into a record of instructions. Answer with one JSON object that fits the schema, and \
         nothing else. Use null for everything that the wish does not speak of. pace multiplies the length of shots: below 1 is \
         quicker. opening and closing are what the first and the last shot show, in the wish's own words. The styles:\n{}",
        list.join("\n")
    );
    json!({
        "model": model,
        "messages": [{ "role": "system", "content": system }, { "role": "user", "content": prompt }],
        "temperature": 0,
        "seed": 1,
        "stream": false,
        "response_format": { "type": "json_schema", "json_schema": { "name": "montage", "strict": true, "schema": schema(styles) } },
    })
}

/// JSON schema of a [`Record`] in the dialect that constrained output understands: every field is there, or null.
fn schema(styles: &[Style]) -> Value {
    let choice = |of: Vec<&str>| {
        let mut of: Vec<Value> = of.into_iter().map(Value::from).collect();
        of.push(Value::Null);
        json!({ "type": ["string", "null"], "enum": of })
    };
    let number = |range: (f64, f64)| json!({ "type": ["number", "null"], "minimum": range.0, "maximum": range.1 });
    let flag = json!({ "type": ["boolean", "null"] });
    let words = json!({ "type": ["string", "null"], "maxLength": MAX_CONTENT });
    let fields = json!({
        "style": choice(styles.iter().map(|s| s.name.as_str()).collect()),
        "duration_secs": number(DURATION),
        "aspect": choice(ASPECTS.iter().map(|a| a.0).collect()),
        "pace": number(PACE),
        "saturation": number(SATURATION),
        "temperature": number(TEMPERATURE),
        "own_sound": flag,
        "slow_motion": flag,
        "cuts": choice(CUTS.to_vec()),
        "no_repeats": flag,
        "in_order": flag,
        "speech": flag,
        "opening": words,
        "closing": words,
    });
    let required: Vec<&String> = fields.as_object().into_iter().flat_map(|f| f.keys()).collect();
    json!({ "type": "object", "properties": fields, "required": required, "additionalProperties": false })
}

/// The record in the body of a server's reply.
///
/// # Errors
/// It is no chat completion, or its text is no record within the ranges; in words.
pub fn of_reply(body: &str, styles: &[Style]) -> Result<Record, String> {
    let reply: Value = serde_json::from_str(body).map_err(|_| "the reply is no JSON".to_owned())?;
    let text = reply["choices"][0]["message"]["content"].as_str().ok_or("the reply holds no answer")?;
    Record::read(text, styles)
}

impl Record {
    /// Read an answer and check it.
    ///
    /// # Errors
    /// It is no JSON object of the known fields, or one is out of its range; in words.
    pub fn read(text: &str, styles: &[Style]) -> Result<Self, String> {
        if text.len() > MAX_ANSWER {
            return Err("the answer is too long".into());
        }
        // models that were not held to the schema like to put it between fences
        let text = text.trim().trim_start_matches("```json").trim_start_matches("```").trim_end_matches("```").trim();
        let mut record: Self = serde_json::from_str(text).map_err(|e| format!("the answer is no record: {e}"))?;
        let within = |name: &str, value: Option<f64>, range: (f64, f64)| match value {
            Some(v) if !(range.0..=range.1).contains(&v) => Err(format!("{name}: {v} is not within {} to {}", range.0, range.1)),
            _ => Ok(()),
        };
        within("duration_secs", record.duration_secs, DURATION)?;
        within("pace", record.pace, PACE)?;
        within("saturation", record.saturation, SATURATION)?;
        within("temperature", record.temperature, TEMPERATURE)?;
        let short = |s: &str| s.chars().take(40).collect::<String>();
        if let Some(name) = record.style.as_ref().filter(|n| !styles.iter().any(|s| s.name == **n)) {
            return Err(format!("style: there is none called {:?}", short(name)));
        }
        if let Some(aspect) = record.aspect.as_ref().filter(|a| !ASPECTS.iter().any(|x| x.0 == a.as_str())) {
            return Err(format!("aspect: {:?} is none of those asked for", short(aspect)));
        }
        if let Some(cuts) = record.cuts.as_ref().filter(|c| !CUTS.contains(&c.as_str())) {
            return Err(format!("cuts: {:?} is neither soft nor hard", short(cuts)));
        }
        for (name, text) in [("opening", &mut record.opening), ("closing", &mut record.closing)] {
            if text.as_ref().is_some_and(|t| t.chars().count() > MAX_CONTENT) {
                return Err(format!("{name}: longer than {MAX_CONTENT} letters"));
            }
            *text = text.take().filter(|t| !t.trim().is_empty());
        }
        // a pace of 1 asks for nothing
        record.pace = record.pace.filter(|p| (p - 1.0).abs() > 1e-6);
        Ok(record)
    }

    /// What it asks for beside style and length.
    pub(super) fn wishes(&self) -> Vec<Wish> {
        let on = |flag: Option<bool>, wish: Wish| (flag == Some(true)).then_some(wish);
        let cuts = self.cuts.as_deref().map(|c| if c == "soft" { Wish::Soft } else { Wish::Hard });
        let shape = self.aspect.as_deref().and_then(|a| ASPECTS.iter().find(|x| x.0 == a)).map(|x| Wish::Shape(x.1.0, x.1.1));
        let all = [
            self.pace.map(Wish::Pace),
            self.saturation.map(|v| Wish::Saturation(v as f32)),
            self.temperature.map(|v| Wish::Temperature(v as f32)),
            self.own_sound.map(Wish::OwnSound),
            on(self.slow_motion, Wish::Slow),
            cuts,
            on(self.no_repeats, Wish::Once),
            on(self.in_order, Wish::InOrder),
            on(self.speech, Wish::Faces),
            shape,
        ];
        all.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assist::style::builtin;

    #[test]
    fn the_schema_names_every_field_of_a_record_and_the_question_nothing_but_the_wish() {
        let styles = builtin();
        let q = question("ein Film vom Meer", "llama3.2", &styles);
        let schema = &q["response_format"]["json_schema"]["schema"];
        let fields: Vec<&String> = schema["properties"].as_object().unwrap().keys().collect();
        let Value::Object(record) = serde_json::to_value(Record::default()).unwrap() else { panic!("a record is a struct") };
        assert_eq!(fields, record.keys().collect::<Vec<_>>());
        assert_eq!(schema["required"].as_array().unwrap().len(), fields.len());
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!((&q["model"], &q["messages"][1]["content"]), (&"llama3.2".into(), &"ein Film vom Meer".into()));
        let long = question(&"ä".repeat(100_000), "m", &styles);
        assert_eq!(long["messages"][1]["content"].as_str().unwrap().chars().count(), MAX_PROMPT);
    }

    #[test]
    fn answers_within_the_ranges_are_taken_and_others_are_refused_by_name() {
        let styles = builtin();
        let read = |text: &str| Record::read(text, &styles);
        let good =
            read(r#"{"style": "travel", "pace": 0.5, "duration_secs": 45, "aspect": "9:16", "cuts": "soft", "speech": null}"#).unwrap();
        assert_eq!((good.style.as_deref(), good.pace, good.duration_secs), (Some("travel"), Some(0.5), Some(45.0)));
        assert_eq!(good.wishes(), [Wish::Pace(0.5), Wish::Soft, Wish::Shape(9, 16)]);
        assert_eq!(read("```json\n{}\n```"), Ok(Record::default()));
        for (text, says) in [
            ("I cannot do that.", "no record"),
            (r#"{"pace": 1e9}"#, "pace"),
            (r#"{"pace": -0.5}"#, "pace"),
            (r#"{"duration_secs": 1e300}"#, "duration_secs"),
            (r#"{"style": "../../etc/passwd"}"#, "style"),
            (r#"{"aspect": "1000000:1"}"#, "aspect"),
            (r#"{"cuts": "none"}"#, "cuts"),
            (format!(r#"{{"opening": "{}"}}"#, "x".repeat(MAX_CONTENT + 1)).as_str(), "opening"),
            (r#"{"run": "rm -rf /"}"#, "run"),
            (r#"[1, 2]"#, "no record"),
            (r#"{"pace": "fast"}"#, "no record"),
        ] {
            let wrong = read(text).unwrap_err();
            assert!(wrong.contains(says), "{text}: {wrong}");
        }
        assert!(read(&" ".repeat(MAX_ANSWER + 1)).unwrap_err().contains("too long"));
        let deep = "[".repeat(10_000);
        assert!(read(&deep).is_err());
        assert!(of_reply("{}", &styles).unwrap_err().contains("no answer"));
        assert!(of_reply("<html>", &styles).unwrap_err().contains("no JSON"));
    }
}
