//! Captions of what is heard on the timeline, as one edit.

use super::heard_words;
use crate::{
    base::{CaptionId, Rounding},
    edit::{EditCommand, fresh_ids},
    model::{Caption, MAX_FRAME, Project},
    speech::layout::{self, Rules, Spoken},
};
use std::collections::BTreeSet;

/// The edit that puts captions on the timeline, and what to say about them.
#[derive(Clone, Debug, PartialEq)]
pub struct MadeCaptions {
    /// In the place of those that are there.
    pub command: EditCommand,
    pub count: usize,
    /// Captions that are faster said than read.
    pub too_fast: usize,
}

/// Captions of the open sequence's words by the usual rules, those of upright pictures where it is upright. None where no word
/// is heard.
pub fn make_captions(project: &Project) -> Option<MadeCaptions> {
    let s = &project.sequence;
    let rate = s.frame_rate;
    let mut free_from = 0;
    let spoken: Vec<Spoken> = heard_words(project)
        .into_iter()
        .map(|w| {
            let start = w.start.to_frames(rate, Rounding::Floor).max(free_from);
            let end = w.end.to_frames(rate, Rounding::Ceil).max(start);
            free_from = end;
            Spoken { text: w.text, start, end }
        })
        .collect();
    if spoken.is_empty() {
        return None;
    }
    let shown = s.video_tracks().filter(|t| !t.muted).flat_map(|t| &t.clips).filter(|c| c.enabled);
    let cuts: BTreeSet<i64> = shown.flat_map(|c| [c.start, c.end()]).collect();
    let cuts: Vec<i64> = cuts.into_iter().collect();
    let rules = if s.height > s.width { Rules::upright() } else { Rules::default() };
    let laid = layout::captions(&spoken, &cuts, Some(s.duration()), rate, &rules);
    let captions: Vec<Caption> = laid
        .list
        .into_iter()
        .zip(fresh_ids(project))
        .filter(|(c, _)| c.end <= MAX_FRAME)
        .map(|(c, id)| {
            // a word that is said before its caption shows is the first to be lit
            let words = spoken[c.words.clone()].iter().map(|w| (w.start - c.start).max(0)).collect();
            Caption { id: CaptionId(id), start: c.start, duration: c.end - c.start, text: c.text, words }
        })
        .collect();
    Some(MadeCaptions { count: captions.len(), too_fast: laid.too_fast, command: EditCommand::SetCaptions { captions } })
}
