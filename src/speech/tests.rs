//! Transcripts from anywhere hold their invariants, come back from every text form, and lay out by the rules.

use super::{filler::Fillers, layout::*, split, whisper, *};
use crate::base::{FLICKS_PER_SEC, FrameRate, Time};
use proptest::prelude::*;

pub(crate) fn ms(v: i64) -> Time {
    Time::from_samples(v, 1000)
}

/// Text of any kind, mostly of letters.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zäöüß]{1,12}[.,!?]?",
        1 => "[字語日本。、a]{1,8}",
        1 => ".{0,90}",
        1 => "[<>&\\-]{1,4}[a-z]{0,3}",
    ]
}

/// Words as a hostile source might give them: out of order, over each other, with any number for a confidence.
fn raw_words() -> impl Strategy<Value = Vec<Word>> {
    let confidence = prop_oneof![Just(None), (0.0f32..=1.0).prop_map(Some), Just(Some(f32::NAN)), Just(Some(-3.0))];
    let word = (-5_000i64..60_000, -200i64..3_000, texts(), confidence, any::<bool>());
    let word =
        word.prop_map(|(start, len, text, confidence, opens)| Word { start: ms(start), end: ms(start + len), text, confidence, opens });
    prop::collection::vec(word, 0..60)
}

pub(crate) fn transcripts() -> impl Strategy<Value = Transcript> {
    (prop::sample::select(vec!["en", "de", "fr", "ja", ""]), raw_words()).prop_map(|(l, w)| Transcript::new(l, w))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn words_from_anywhere_are_in_order_and_apart(t in transcripts()) {
        prop_assert!(t.words().iter().all(Word::is_sound));
        prop_assert!(t.words().windows(2).all(|p| p[0].end <= p[1].start));
        prop_assert!(t.words().first().is_none_or(|w| w.opens));
        prop_assert_eq!(&Transcript::new(t.language(), t.words().to_vec()), &t);
        let all: usize = t.phrases().map(<[Word]>::len).sum();
        prop_assert_eq!(all, t.words().len());
        let in_paragraphs: usize = t.paragraphs().iter().map(ExactSizeIterator::len).sum();
        prop_assert_eq!(in_paragraphs, t.words().len());
    }

    #[test]
    fn a_transcript_comes_back_from_a_project_file_and_from_json(t in transcripts()) {
        let ron = ron::to_string(&t).unwrap();
        prop_assert_eq!(&ron::from_str::<Transcript>(&ron).unwrap(), &t);
        prop_assert_eq!(&whisper::read(&whisper::to_json(&t).to_string()).unwrap(), &t);
    }

    #[test]
    fn hostile_json_is_a_transcript_or_one_line(text in ".{0,200}", cut in 0usize..400) {
        let json = r#"{"language":"en","segments":[{"start":-1,"end":1e300,"text":"<b>a</b>","words":[{"word":"a","start":null}]},{"start":2,"end":1,"text":"x"}]}"#;
        for text in [text.as_str(), &json[..cut.min(json.len())]] {
            if let Err(line) = whisper::read(text) {
                prop_assert!(!line.contains('\n') && line.chars().count() <= 200, "{}", line);
            }
        }
    }
}

#[test]
fn the_relatives_of_whispers_json_read() {
    let openai = r#"{"task":"transcribe","language":"english","duration":2.0,"text":"Hello there. Bye.",
        "segments":[{"id":0,"start":0.0,"end":1.0,"text":" Hello there.","avg_logprob":-0.2},{"id":1,"start":1.0,"end":2.0,"text":" Bye."}],
        "words":[{"word":"Hello","start":0.1,"end":0.5},{"word":"there.","start":0.5,"end":0.9},{"word":"Bye.","start":1.2,"end":1.6}]}"#;
    let t = whisper::read(openai).unwrap();
    assert_eq!(t.language(), "en");
    let said: Vec<(&str, bool)> = t.words().iter().map(|w| (w.text.as_str(), w.opens)).collect();
    assert_eq!(said, [("Hello", true), ("there.", false), ("Bye.", true)]);
    assert_eq!((t.words()[2].start, t.words()[2].end), (ms(1200), ms(1600)));
    let cpp = r#"{"result":{"language":"de"},"transcription":[{"timestamps":{"from":"x","to":"y"},"offsets":{"from":100,"to":1100},"text":" ja gut"}]}"#;
    let t = whisper::read(cpp).unwrap();
    assert_eq!((t.language(), t.words()[0].start, t.words()[1].end), ("de", ms(100), ms(1100)));
    let x =
        r#"{"segments":[{"start":0,"end":2,"text":"in 2024","words":[{"word":"in","start":0.1,"end":0.3,"score":0.4},{"word":"2024"}]}]}"#;
    let t = whisper::read(x).unwrap();
    assert!(t.words()[0].is_doubtful() && t.words()[1].start == ms(300) && t.words()[1].end == ms(2000));
    assert_eq!(whisper::read(r#"{"text":"no times"}"#).unwrap().text(), "no times\n");
    assert_eq!(whisper::read(r#"{"segments":[]}"#), Err("there are no segments in it".into()));
    assert!(whisper::read(r#"{"segments":[{"start":NaN}]}"#).is_err());
}

#[test]
fn a_line_of_a_megabyte_is_many_words_and_html_is_text() {
    let long = "x".repeat(1 << 20);
    let t = whisper::read(&format!(r#"{{"segments":[{{"start":0,"end":10,"text":"{long}"}}]}}"#)).unwrap();
    assert_eq!(t.words().iter().map(|w| w.text.len()).sum::<usize>(), 1 << 20);
    assert!(t.words().len() == (1usize << 20).div_ceil(MAX_WORD_CHARS));
}

#[test]
fn words_are_corrected_in_their_place() {
    let t = Transcript::new("en", [Word::new(ms(0), ms(400), "gonna"), Word::new(ms(500), ms(900), "go")]);
    let two = t.corrected(0, " going  to ").unwrap();
    assert_eq!(two.text(), "going to go\n");
    assert_eq!((two.words()[0].start, two.words()[1].end, two.words()[1].confidence), (ms(0), ms(400), Some(1.0)));
    let none = t.corrected(0, "").unwrap();
    assert!(none.text() == "go\n" && none.words()[0].opens);
    assert_eq!(t.corrected(2, "x"), None);
}

#[test]
fn scripts_without_spaces_are_words_too() {
    assert_eq!(split::words("今日は、元気？ ok go"), ["今", "日", "は、", "元", "気？", "ok", "go"]);
    assert_eq!(split::joined(split::words("今日は、元気？")), "今日は、元気？");
    assert_eq!(split::joined(["a", "b"]), "a b");
    assert_eq!((split::columns("ab"), split::columns("日本"), split::columns("e\u{301}")), (2, 4, 1));
}

#[test]
fn fillers_are_found_as_words_and_as_phrases() {
    let found = |language: &str, text: &str| Fillers::of_language(language).find(text.split(' '));
    assert_eq!(found("en-GB", "Um, I think, you know, it is um good"), [0, 3, 4, 7]);
    assert_eq!(found("de", "Also äh das ist, ähm, gut um zehn"), [1, 4]);
    assert_eq!(found("fr", "euh oui"), [0]);
    assert_eq!(found("", "äh euh um er"), [0, 1]);
    assert_eq!(Fillers::of_text("# none\n\n  \n"), Fillers::default());
}

/// Words one after the other, at most 14 columns a second each, with pauses of any length.
fn speech() -> impl Strategy<Value = Vec<Spoken>> {
    let word = (texts(), 0i64..12, prop_oneof![4 => 0i64..5, 1 => 5i64..120]);
    prop::collection::vec(word, 0..120).prop_map(|list| {
        let mut at = 0;
        let mut words = Vec::new();
        for (text, slow, pause) in list {
            for text in split::words(&text) {
                let frames = (split::columns(text) as i64 + 1) * 25 / 14 + 1 + slow;
                words.push(Spoken { text: text.to_owned(), start: at, end: at + frames });
                at += frames;
            }
            at += pause;
        }
        words
    })
}

/// What holds for all captions, however fast they were said.
fn check(c: &Captions, words: &[Spoken], rules: &Rules) {
    for l in &c.list {
        assert!(l.end > l.start && l.start >= 0, "{l:?}");
        assert!(l.text.lines().count() <= rules.lines, "{l:?}");
        let single = l.words.len() == 1;
        assert!(single || l.text.lines().all(|line| split::columns(line) <= rules.columns), "{l:?}");
    }
    assert!(c.list.windows(2).all(|p| p[1].start - p[0].end >= rules.gap), "{:?}", c.list);
    let all: Vec<usize> = c.list.iter().flat_map(|l| l.words.clone()).collect();
    assert_eq!(all, (0..words.len()).collect::<Vec<_>>(), "every word once, in order");
    let text: String = c.list.iter().map(|l| l.text.replace(['\n', ' '], "")).collect();
    assert_eq!(text, words.iter().map(|w| w.text.as_str()).collect::<String>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn captions_of_human_speech_keep_every_rule(words in speech(), cuts in prop::collection::btree_set(0i64..4000, 0..40)) {
        let (rate, rules) = (FrameRate::FPS_25, Rules::default());
        let cuts: Vec<i64> = cuts.into_iter().collect();
        let c = captions(&words, &cuts, None, rate, &rules);
        check(&c, &words, &rules);
        prop_assert_eq!(c.too_fast, 0);
        for l in &c.list {
            prop_assert!(l.columns() as i64 * 25 <= 17 * (l.end - l.start), "{:?}", l);
            // a caption stands while its words are said, but for what the reading of the last one took
            prop_assert!(l.start <= words[l.words.start].start + 25 + 8, "{:?}", l);
        }
    }

    #[test]
    fn captions_of_any_words_never_overlap(list in prop::collection::vec((texts(), 0i64..4, 0i64..30), 0..150), upright in any::<bool>()) {
        let mut at = 0;
        let mut words = Vec::new();
        for (text, length, pause) in list {
            for text in split::words(&text) {
                words.push(Spoken { text: text.to_owned(), start: at, end: at + length });
                at += length;
            }
            at += pause;
        }
        let rules = if upright { Rules::upright() } else { Rules::default() };
        let c = captions(&words, &[10, 40, 90], Some(at), FrameRate::NTSC_30, &rules);
        check(&c, &words, &rules);
        let slow = |l: &&Laid| l.columns() as i64 * 30_000 > 17 * 1001 * (l.end - l.start);
        prop_assert_eq!(c.list.iter().filter(slow).count(), c.too_fast);
    }
}

#[test]
fn captions_break_where_sentences_do_and_end_on_cuts() {
    let text = "The ship left the harbour at dawn. Nobody had seen her go, and the crew was silent until the light had gone.";
    let words: Vec<Spoken> =
        text.split(' ').enumerate().map(|(i, w)| Spoken { text: w.into(), start: 10 + 10 * i as i64, end: 18 + 10 * i as i64 }).collect();
    let c = captions(&words, &[82], None, FrameRate::FPS_25, &Rules::default());
    let lines: Vec<&str> = c.list.iter().map(|l| l.text.as_str()).collect();
    assert_eq!(lines, ["The ship left the harbour at dawn.", "Nobody had seen her go, and the crew\nwas silent until the light had gone."]);
    // the second sentence begins at frame 80, two frames before the cut; the first caption ends two frames before it
    assert_eq!((c.list[0].end, c.list[1].start), (80, 82));
    assert!(Rules::default().late > Time::ZERO && FLICKS_PER_SEC > 0);
}
