//! What a montage shall begin and end with, found in its footage by the same index that finds footage for a script. What pictures show counts
//! where they were looked at before.

use super::{notes::Note, plan::Stage};
use crate::{
    assist::{Brief, choose::Asked},
    base::MediaId,
    search::{Query, shots},
    session::{
        models,
        search::{Eyes, Sight, material_of, usual_tongue},
        survey::kept_in,
        words,
    },
    store::Dirs,
};
use std::sync::Arc;

/// Stretches that are looked at for a wish.
const MOST: usize = 40;
/// What fits less than this part of the best does not fit.
const LEAST: f32 = 0.5;

/// What fits the brief's opening in the first slot, and its closing in the last; what fits nothing is noted.
pub(super) fn asked(brief: &Brief, stage: &Stage, slots: usize, notes: &mut Vec<Note>) -> Vec<Asked> {
    let wishes = [(brief.opening.as_deref(), 0), (brief.closing.as_deref(), slots.saturating_sub(1))];
    if wishes.iter().all(|(what, _)| what.is_none()) {
        return Vec::new();
    }
    let dirs = Dirs::find();
    let mut eyes = Eyes::new(models::folder(&dirs), kept_in(&dirs));
    let sight = sight(stage, &dirs, &mut eyes);
    let index = &sight.index;
    let mut asked = Vec::new();
    for (what, slot) in wishes {
        let Some(what) = what else { continue };
        let hits = eyes.find(&sight, what, &Query::of(what, usual_tongue()), MOST);
        let Some(best) = hits.first().map(|h| h.score) else {
            notes.push(Note::NothingFits { what: what.to_owned() });
            continue;
        };
        for hit in hits.iter().filter(|h| h.score >= LEAST * best) {
            let Some(shot) = index.shots().get(hit.shot) else { continue };
            let Some(source) = stage.media.iter().position(|id| id.0 == shot.file) else { continue };
            asked.push(Asked { slot, source, from_secs: shot.span.from, to_secs: shot.span.to, fit: f64::from(hit.score / best) });
        }
    }
    asked
}

/// The footage's shots, with the words that were kept for its files.
fn sight(stage: &Stage, dirs: &Dirs, eyes: &mut Eyes) -> Sight {
    let mut all = Vec::new();
    for (id, source) in stage.media.iter().zip(&stage.sources) {
        let Some(m) = stage.project.media.get::<MediaId>(id) else { continue };
        let kept = m.file.hash.and_then(|h| words::read(&words::imported(&dirs.data, h)).ok());
        let transcript = kept.map(Arc::new).or_else(|| m.transcript.clone());
        let mut material = material_of(*id, m, None, Vec::new());
        (material.footage, material.voice) = (Some(&source.footage), source.voice.as_ref());
        material.transcript = transcript.as_ref();
        all.extend(shots(&material));
    }
    let seen = eyes.seen();
    Sight::of(all, &stage.project, seen.as_ref(), eyes)
}
