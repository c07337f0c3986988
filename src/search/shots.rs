//! Shots with all that is known of them, from what was found out about a file. Pure.

use super::{
    lexicon::scale,
    look::Look,
    tongue::{Tongue, of_name},
};
use crate::{
    analysis::{footage::Footage, voice::Voice},
    speech::Transcript,
};
use std::sync::Arc;

/// Nearer to a cut of the source nothing is used: its picture may be a mixture.
const MARGIN_SECS: f64 = 0.06;
/// Longer shots are several: a result should be a place that one can look at, not an hour of interview.
const LONGEST_SECS: f64 = 30.0;

/// A stretch of a file, in seconds, `to` exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
}

impl Span {
    pub fn secs(self) -> f64 {
        self.to - self.from
    }

    fn touches(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }
}

/// Something that somebody wrote about a stretch of a file: a marker, the name of a clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub span: Span,
    pub text: String,
}

/// What is known of a file.
#[derive(Clone, Debug)]
pub struct Material<'a> {
    /// The caller's number for it.
    pub file: u64,
    /// Names it goes by: in the bin, on the disk.
    pub names: Vec<&'a str>,
    /// Folders that it lies in, nearest first.
    pub folders: Vec<&'a str>,
    pub duration_secs: f64,
    pub photo: bool,
    pub upright: bool,
    /// It has sound.
    pub heard: bool,
    pub footage: Option<&'a Footage>,
    pub voice: Option<&'a Voice>,
    pub transcript: Option<&'a Arc<Transcript>>,
    pub notes: Vec<Note>,
}

/// One shot of the index.
#[derive(Clone, Debug, Default)]
pub struct Shot {
    pub file: u64,
    /// Its number within the file.
    pub number: usize,
    pub span: Span,
    /// What of it can be shown by itself.
    pub clean: Span,
    pub look: Look,
    pub names: Vec<String>,
    pub folders: Vec<String>,
    pub notes: Vec<String>,
    pub tongue: Tongue,
    pub(super) transcript: Option<Arc<Transcript>>,
    /// Its words among those of the transcript.
    pub(super) words: std::ops::Range<usize>,
}

impl Shot {
    /// What is said in it, and when.
    pub fn said(&self) -> impl Iterator<Item = (&str, f64)> {
        let words = self.transcript.as_ref().and_then(|t| t.words().get(self.words.clone())).unwrap_or_default();
        words.iter().map(|w| (w.text.as_str(), w.start.as_secs_f64()))
    }
}

/// The shots of a file. One that nobody has looked at is one shot, or several where it is long.
pub fn shots(m: &Material<'_>) -> Vec<Shot> {
    let whole = Span { from: 0.0, to: m.duration_secs.max(0.04) };
    let cut: Vec<(Span, Span)> = match m.footage {
        _ if m.photo => vec![(whole, whole)],
        Some(f) if !f.shots.is_empty() => f
            .shots
            .iter()
            .map(|s| {
                let edge = |mixed: f64, outer: bool| if outer && mixed <= 0.0 { 0.0 } else { mixed + MARGIN_SECS };
                let from = s.start_secs + edge(s.mixed_secs.0, s.start == 0);
                let to = (s.end_secs - edge(s.mixed_secs.1, false)).max(from);
                (Span { from: s.start_secs, to: s.end_secs }, Span { from, to })
            })
            .collect(),
        _ => vec![(whole, whole)],
    };
    let pieces = cut.into_iter().flat_map(|(span, clean)| pieces(span, clean));
    let names: Vec<String> = m.names.iter().map(|n| of_name(n)).collect();
    let folders: Vec<String> = m.folders.iter().map(|n| of_name(n)).collect();
    // what somebody wrote says how large people are in the picture; nothing measures that
    let named_scale = names.iter().chain(&folders).find_map(|n| scale(n));
    let mut shots: Vec<Shot> = pieces
        .enumerate()
        .map(|(number, (span, clean))| {
            let notes: Vec<String> = m.notes.iter().filter(|n| n.span.touches(span)).map(|n| n.text.clone()).collect();
            let words = m.transcript.map_or(0..0, |t| {
                let time = |secs: f64| crate::base::Time::from_secs_f64(secs);
                t.between(time(span.from), time(span.to))
            });
            Shot {
                file: m.file,
                number,
                span,
                clean,
                look: Look { scale: notes.iter().find_map(|n| scale(n)).or(named_scale), ..look(m, span, words.len()) },
                names: names.clone(),
                folders: folders.clone(),
                notes,
                tongue: m.transcript.map_or(Tongue::Other, |t| Tongue::of_code(t.language())),
                transcript: m.transcript.cloned(),
                words,
            }
        })
        .collect();
    // a word over a cut is said where it begins
    for i in 1..shots.len() {
        let end = shots[i - 1].words.end;
        shots[i].words.start = shots[i].words.start.max(end).min(shots[i].words.end);
    }
    shots
}

/// A shot as stretches that are not too long, all of about the same length.
fn pieces(span: Span, clean: Span) -> impl Iterator<Item = (Span, Span)> {
    let count = (span.secs() / LONGEST_SECS).ceil().clamp(1.0, 10_000.0) as usize;
    let border = move |i: usize| if i == count { span.to } else { span.from + span.secs() * i as f64 / count as f64 };
    (0..count).map(move |i| {
        let part = Span { from: border(i), to: border(i + 1) };
        let from = part.from.max(clean.from);
        (part, Span { from, to: part.to.min(clean.to).max(from) })
    })
}

fn look(m: &Material<'_>, span: Span, words: usize) -> Look {
    Look {
        moment: m.footage.map(|f| f.mean(span.from, span.to)),
        sound: m.voice.map(|v| v.mean(span.from, span.to)),
        mute: !m.heard,
        words_per_sec: words as f32 / (span.secs().max(0.5) as f32),
        secs: if m.photo { 0.0 } else { span.secs() as f32 },
        upright: m.upright,
        photo: m.photo,
        scale: None,
        sharp_rank: 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{analysis::footage, base::Time, speech::Word};

    fn material(duration_secs: f64) -> Material<'static> {
        Material {
            file: 7,
            names: vec!["harbour_CU.mov"],
            folders: vec!["Day 1"],
            duration_secs,
            photo: false,
            upright: false,
            heard: true,
            footage: None,
            voice: None,
            transcript: None,
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_file_that_nobody_looked_at_is_one_shot_and_a_long_one_several() {
        let one = shots(&material(12.0));
        assert_eq!((one.len(), one[0].span, one[0].look.scale), (1, Span { from: 0.0, to: 12.0 }, Some(super::super::Scale::Close)));
        assert_eq!(one[0].names, ["harbour CU"]);
        let hour = shots(&material(3600.0));
        assert_eq!((hour.len(), hour[119].number, hour[119].span.to), (120, 119, 3600.0));
        assert!(hour.windows(2).all(|w| w[0].span.to == w[1].span.from));
    }

    #[test]
    fn words_and_notes_belong_to_the_shots_in_which_they_are() {
        let shot = |start_secs: f64, end_secs: f64, mixed_secs| footage::Shot {
            start: (start_secs * 25.0) as usize,
            end: (end_secs * 25.0) as usize,
            start_secs,
            end_secs,
            begins_with: None,
            mixed_secs,
        };
        let footage =
            Footage { duration_secs: 10.0, shots: vec![shot(0.0, 4.0, (0.0, 0.5)), shot(4.0, 10.0, (0.5, 0.0))], moments: vec![] };
        let word = |secs: f64, text: &str| Word::new(Time::from_secs_f64(secs), Time::from_secs_f64(secs + 0.6), text);
        let transcript = Arc::new(Transcript::new("de", [word(1.0, "Hafen"), word(3.7, "und"), word(6.0, "Meer")]));
        let notes = vec![Note { span: Span { from: 5.0, to: 6.0 }, text: "die Totale".into() }];
        let all =
            shots(&Material { footage: Some(&footage), transcript: Some(&transcript), notes, names: vec!["a.mov"], ..material(10.0) });
        let said = |i: usize| all[i].said().map(|w| w.0).collect::<Vec<_>>();
        assert_eq!((said(0), said(1)), (vec!["Hafen", "und"], vec!["Meer"]));
        assert_eq!((all[0].notes.len(), all[1].look.scale, all[1].tongue), (0, Some(super::super::Scale::Wide), Tongue::German));
        assert_eq!((all[0].clean.from, all[0].clean.to), (0.0, 4.0 - 0.56));
    }
}
