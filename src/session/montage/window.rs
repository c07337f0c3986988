//! Montages in a window: what its dialog needs to know, jobs that plan in the background, and their results on the way into the document,
//! each as one step. Owned by the session's thread.

use super::{Assistant, Counting, Reroll, Rerolled, Shown, Style, Wish, notes, style_words, styles};
use crate::{
    base::{ClipId, FrameRate, MarkerId, MediaId, Severity, TrackId, TransitionId, words::say},
    edit::{ClipChange, EditCommand},
    model::{Animated, Chosen, Clip, ClipContent, Project, Sequence, TrackKind},
    session::{
        Command, Session, Transport,
        jobs::{Job, MontageAim, State, kinds, montage_spec},
    },
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use serde::Deserialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

/// What a window can ask for. See [`Command::Montage`].
#[derive(Clone, Debug, PartialEq)]
pub enum MontageWish {
    /// Look again which styles there are, for [`Session::styles`].
    ListStyles,
    /// Cut a montage; it becomes the open sequence.
    Make(Box<Ask>),
    /// Choose other shots for these clips of the open sequence; all others stay.
    Reroll(Vec<ClipId>),
    /// Choose all shots anew but those that are locked and those that no montage chose.
    RerollRest,
}

/// A montage of media of the bin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ask {
    pub footage: Vec<MediaId>,
    pub music: Option<MediaId>,
    /// None: as the prompt says.
    pub style: Option<String>,
    pub prompt: String,
    pub duration_secs: Option<f64>,
    /// Point of the music at which the film begins.
    pub music_start_secs: f64,
    pub counting: Counting,
    /// Shape, shorter side and rate of the film; None: as most of the footage.
    pub aspect: Option<(u32, u32)>,
    pub short_side: Option<u32>,
    pub frame_rate: Option<FrameRate>,
    pub seed: u64,
    /// Who is asked what the prompt means; None: the built-in rules.
    pub assistant: Option<Assistant>,
}

/// See the module.
pub(in crate::session) struct Montages {
    wake: Arc<dyn Fn() + Send + Sync>,
    tell: Sender<(Vec<Style>, Vec<String>)>,
    found: Receiver<(Vec<Style>, Vec<String>)>,
    styles: Arc<[Style]>,
    /// Counts documents: what was asked for one does not go into the next.
    document: u64,
    /// Results that wait for the end of a drag.
    made: Vec<Arc<Job>>,
}

impl Montages {
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        let (tell, found) = unbounded();
        // another run of the program counts elsewhere
        let document = u64::from(std::process::id()) << 32;
        Self { wake, tell, found, styles: Arc::default(), document, made: Vec::new() }
    }

    /// Another document: what was asked for the last one is void.
    pub fn start_over(&mut self) {
        self.document += 1;
        self.made.clear();
    }
}

impl Session {
    /// Styles of the automatic montage, as of the last [`MontageWish::ListStyles`].
    pub fn styles(&self) -> &Arc<[Style]> {
        &self.montages.styles
    }

    pub(in crate::session) fn montage(&mut self, wish: MontageWish) {
        match wish {
            MontageWish::ListStyles => {
                let (tell, wake) = (self.montages.tell.clone(), self.montages.wake.clone());
                let run = move || {
                    // the session may have ended
                    let _ = tell.send(styles());
                    wake();
                };
                if let Err(e) = std::thread::Builder::new().name("styles".into()).spawn(run) {
                    tracing::error!("no thread for the styles: {e}");
                }
            }
            MontageWish::Make(ask) => self.ask_for_montage(&ask),
            MontageWish::Reroll(clips) => self.ask_for_reroll(&clips.into_iter().collect()),
            MontageWish::RerollRest => {
                let all = shots(self.project()).filter(|(_, chosen)| !chosen.locked).map(|(c, _)| c.id).collect();
                self.ask_for_reroll(&all);
            }
        }
    }

    fn file_of(&self, media: MediaId) -> Option<PathBuf> {
        self.project().media.get(&media).map(|m| m.file.path.clone())
    }

    fn ask_for_montage(&mut self, ask: &Ask) {
        let wish = Wish {
            media: ask.footage.iter().filter_map(|id| self.file_of(*id)).collect(),
            music: ask.music.and_then(|id| self.file_of(id)),
            style: ask.style.clone(),
            prompt: ask.prompt.clone(),
            duration_secs: ask.duration_secs,
            music_start_secs: ask.music_start_secs,
            counting: ask.counting,
            seed: ask.seed,
            aspect: ask.aspect,
            short_side: ask.short_side,
            frame_rate: ask.frame_rate,
            assistant: ask.assistant.clone(),
            ..Wish::default()
        };
        self.submit_montage(wish, None);
    }

    fn ask_for_reroll(&mut self, clips: &BTreeSet<ClipId>) {
        let project = self.project().clone();
        let s = &project.sequence;
        let Some(montage) = s.montage.as_deref() else {
            return self.say(Severity::Warning, &say!("session-montage-none"));
        };
        let wish = Wish {
            media: montage.footage.iter().filter_map(|id| self.file_of(*id)).collect(),
            music: montage.music.and_then(|id| self.file_of(id)),
            style: (!montage.style.is_empty()).then(|| montage.style.clone()),
            prompt: montage.prompt.clone(),
            music_start_secs: montage.music_start.as_secs_f64(),
            counting: montage.counting,
            seed: montage.seed,
            record: montage.record.clone(),
            ..Wish::default()
        };
        let shown = shots(&project).filter_map(|(c, chosen)| {
            let ClipContent::Media { media, source_in, speed } = c.content else { return None };
            let refused = chosen.refused.iter().filter_map(|(id, at)| Some((self.file_of(*id)?, *at))).collect();
            Some(Shown { clip: c.id, start: c.start, end: c.end(), file: self.file_of(media)?, source_in, speed, refused })
        });
        let shots: Vec<Shown> = shown.collect();
        let which: Vec<usize> = shots.iter().enumerate().filter(|(_, s)| clips.contains(&s.clip)).map(|(i, _)| i).collect();
        if which.is_empty() {
            return self.say(Severity::Warning, &say!("session-montage-none"));
        }
        let (width, height, frame_rate, duration) = (s.width, s.height, s.frame_rate, s.duration());
        self.submit_montage(wish, Some(Reroll { width, height, frame_rate, duration, shots, which }));
    }

    fn submit_montage(&mut self, wish: Wish, reroll: Option<Reroll>) {
        let aim = MontageAim::Window { document: self.montages.document, reroll };
        drop(self.jobs.desk().jobs().submit(montage_spec(wish, aim)));
    }

    /// A job has ended: if it planned for this window's document, its result goes there.
    pub(in crate::session) fn take_montage(&mut self, job: &Arc<Job>) {
        let ours = job.kind == kinds::MONTAGE && job.params["aim"]["Window"]["document"].as_u64() == Some(self.montages.document);
        if ours && job.state == State::Completed {
            self.montages.made.push(job.clone());
        }
    }

    /// Take in what threads and jobs have found; true when anything changed.
    pub(in crate::session) fn poll_montages(&mut self) -> bool {
        let mut changed = false;
        while let Ok((styles, wrong)) = self.montages.found.try_recv() {
            self.montages.styles = styles.into();
            wrong.into_iter().for_each(|w| self.tell(Severity::Warning, w, None));
            changed = true;
        }
        if !self.montages.made.is_empty() && !self.history.in_gesture() {
            for job in std::mem::take(&mut self.montages.made) {
                self.put_montage(&job);
            }
            changed = true;
        }
        changed
    }

    fn put_montage(&mut self, job: &Job) {
        let Some(result) = &job.result else { return };
        if let Some(sequence) = result.get("sequence") {
            let (sequence, media) = (Sequence::deserialize(sequence), BTreeMap::<MediaId, PathBuf>::deserialize(&result["media"]));
            let (Ok(sequence), Ok(media)) = (sequence, media) else {
                tracing::error!("the result of a montage is not understood");
                return;
            };
            let Some(sequence) = moved_in(self.project(), sequence, &media) else {
                return self.say(Severity::Failure, &say!("session-montage-media-gone"));
            };
            let shots = sequence.tracks.iter().flat_map(|t| &t.clips).filter(|c| c.chosen.is_some()).count();
            if self.edit_told(&EditCommand::PutSequence { sequence: Box::new(sequence) }) {
                self.transport(Transport::Seek(0));
                let style = result["style"].as_str().unwrap_or_default();
                let style = self.montages.styles.iter().find(|s| s.name == style).map_or_else(|| style.to_owned(), |s| style_words(s).0);
                self.good_news(say!("session-montage-made", n = shots, style = style).text());
                let decisions = &result["decisions"];
                let skipped = decisions["skipped"].as_array().into_iter().flatten().filter_map(|n| n.as_str().map(str::to_owned));
                let told: Vec<String> = notes(decisions).iter().map(super::Note::text).chain(skipped).collect();
                told.into_iter().for_each(|n| self.tell(Severity::Warning, n, None));
            }
            return;
        }
        match Vec::<Rerolled>::deserialize(&result["rerolled"]) {
            Ok(rerolled) => {
                let edits = rerolled_edits(self.project(), &rerolled);
                if edits.is_empty() {
                    return self.say(Severity::Warning, &say!("session-montage-media-gone"));
                }
                self.dispatch(Command::Begin("Re-roll shot"));
                self.dispatch(Command::Edit(EditCommand::Batch(edits)));
                self.dispatch(Command::Commit);
            }
            Err(e) => tracing::error!("the result of a montage is not understood: {e}"),
        }
    }
}

/// The clips of the open sequence that a montage chose, in order.
fn shots(project: &Project) -> impl Iterator<Item = (&Arc<Clip>, &Chosen)> {
    let all = project.sequence.video_tracks().flat_map(|t| &t.clips);
    let mut all: Vec<_> = all.filter_map(|c| Some((c, c.chosen.as_deref()?))).collect();
    all.sort_by_key(|(c, _)| (c.start, c.id));
    all.into_iter()
}

/// A sequence of another project with ids that are free in this one and this one's media, found by their files. None where one of them
/// is not there any more.
fn moved_in(project: &Project, mut s: Sequence, files: &BTreeMap<MediaId, PathBuf>) -> Option<Sequence> {
    let here = |file: &Path| project.media.iter().find(|(_, m)| m.file.path == file).map(|(id, _)| *id);
    let media: BTreeMap<MediaId, MediaId> =
        files.iter().map(|(there, file)| Some((*there, here(file)?))).collect::<Option<BTreeMap<_, _>>>()?;
    let base = project.max_id() + 1;
    let open = &project.sequence;
    s.id.0 = if open.duration() == 0 && !open.tracks.iter().any(|t| t.locked) { open.id.0 } else { base };
    let id = |old: u64| base + old;
    for track in &mut s.tracks {
        let track = Arc::make_mut(track);
        track.id = TrackId(id(track.id.0));
        for clip in &mut track.clips {
            let clip = Arc::make_mut(clip);
            clip.id = ClipId(id(clip.id.0));
            if let ClipContent::Media { media: of, .. } = &mut clip.content {
                *of = *media.get(of)?;
            }
        }
        for x in &mut track.transitions {
            (x.id, x.left, x.right) = (TransitionId(id(x.id.0)), ClipId(id(x.left.0)), ClipId(id(x.right.0)));
        }
    }
    s.markers.iter_mut().for_each(|m| m.id = MarkerId(id(m.id.0)));
    if let Some(montage) = &mut s.montage {
        montage.footage = montage.footage.iter().filter_map(|m| media.get(m).copied()).collect();
        montage.music = montage.music.and_then(|m| media.get(&m).copied());
    }
    Some(s)
}

/// What puts other shots into clips and their linked sound.
fn rerolled_edits(project: &Project, rerolled: &[Rerolled]) -> Vec<EditCommand> {
    let mut edits = Vec::new();
    for r in rerolled {
        let Some((_, clip)) = project.sequence.clip(r.clip) else { continue };
        let Some((media, entry)) = project.media.iter().find(|(_, m)| m.file.path == r.file) else { continue };
        let set = |clip: ClipId, change: ClipChange| EditCommand::SetClip { clip, change };
        let shot = ClipChange::Shot { media: *media, source_in: r.source_in, speed: r.speed };
        let mut chosen = r.chosen.clone();
        chosen.refused = clip.chosen.as_ref().map_or_else(Vec::new, |c| c.refused.clone());
        if let ClipContent::Media { media, source_in, .. } = clip.content {
            chosen.refused.push((media, source_in));
        }
        edits.push(set(clip.id, shot.clone()));
        edits.push(set(clip.id, ClipChange::Animate(Animated::Position(r.position.clone()))));
        edits.push(set(clip.id, ClipChange::Chosen(Some(Box::new(chosen)))));
        let sounds = project.sequence.tracks.iter().filter(|t| t.kind == TrackKind::Audio).flat_map(|t| &t.clips);
        let linked = |c: &&Arc<Clip>| clip.link.is_some() && c.link == clip.link && c.start == clip.start;
        for sound in sounds.filter(linked) {
            edits.push(match entry.info.audio {
                Some(_) => set(sound.id, shot.clone()),
                None => EditCommand::Remove { clips: vec![sound.id], ripple: false },
            });
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, Time},
        edit,
        model::{Curve, Montage, Speed, fixture::film},
    };

    /// A project with two films; and one with the same files under other ids whose sequence shows both.
    fn two() -> (Project, Project) {
        let (a, b) = (Arc::new(film("a", FrameRate::FPS_25, 500)), Arc::new(film("b", FrameRate::FPS_25, 500)));
        let mut here = Project::new("here", Sequence::new(640, 360, FrameRate::FPS_30));
        here.media.extend([(MediaId(40), a.clone()), (MediaId(41), b.clone())]);
        let mut there = Project::new("there", Sequence::new(1280, 720, FrameRate::FPS_25));
        there.media.extend([(MediaId(4), b), (MediaId(5), a)]);
        let s = Arc::make_mut(&mut there.sequence);
        s.montage = Some(Box::new(Montage { footage: vec![MediaId(4), MediaId(5)], ..Montage::default() }));
        let clip = |id, start, media| {
            let content = ClipContent::Media { media: MediaId(media), source_in: Time::from_secs(2), speed: Speed::NORMAL };
            let mut c = Clip::new(ClipId(id), start, 50, content);
            c.chosen = Some(Box::default());
            Arc::new(c)
        };
        Arc::make_mut(&mut s.tracks[0]).clips = vec![clip(10, 0, 4), clip(11, 50, 5)];
        (here, there)
    }

    #[test]
    fn a_planned_sequence_moves_in_with_the_media_of_the_document_as_one_step() {
        let (here, there) = two();
        let files: BTreeMap<MediaId, PathBuf> = there.media.iter().map(|(id, m)| (*id, m.file.path.clone())).collect();
        let put = |p: &Project| {
            let sequence = Box::new(moved_in(p, (*there.sequence).clone(), &files).unwrap());
            edit::apply(p, &EditCommand::PutSequence { sequence }).unwrap()
        };
        // into the empty sequence
        let once = put(&here);
        assert_eq!((once.validate(), once.others.len()), (vec![], 0));
        let s = &once.sequence;
        assert_eq!((s.width, s.frame_rate, s.id), (1280, FrameRate::FPS_25, here.sequence.id));
        let media: Vec<_> = s.tracks[0].clips.iter().map(|c| c.media().unwrap().0).collect();
        assert_eq!(media, [41, 40]);
        assert_eq!(s.montage.as_ref().unwrap().footage, [MediaId(41), MediaId(40)]);
        // beside one that is not empty
        let twice = put(&once);
        assert_eq!((twice.validate(), twice.others.len()), (vec![], 1));
        assert_ne!(twice.sequence.id, once.sequence.id);
        // and not without its media
        let mut without = here.clone();
        without.media.remove(&MediaId(41));
        assert!(moved_in(&without, (*there.sequence).clone(), &files).is_none());
    }

    #[test]
    fn a_reroll_changes_one_clip_remembers_what_was_there_and_leaves_the_rest() {
        let (_, p) = two();
        let file = p.media[&MediaId(5)].file.path.clone();
        let chosen = Chosen { reasons: vec![("energy".into(), 1.0)], ..Chosen::default() };
        let position = Curve::default();
        let r = Rerolled { clip: ClipId(10), file, source_in: Time::from_secs(7), speed: Speed(1, 2), chosen, position };
        let after = edit::apply(&p, &EditCommand::Batch(rerolled_edits(&p, &[r]))).unwrap();
        let (was, now) = (&p.sequence.tracks[0].clips, &after.sequence.tracks[0].clips);
        assert_eq!((now[0].media(), now[0].start, now[0].duration), (Some(MediaId(5)), was[0].start, was[0].duration));
        assert_eq!(now[0].chosen.as_ref().unwrap().refused, [(MediaId(4), Time::from_secs(2))]);
        assert_eq!(now[1], was[1]);
        assert_eq!(shots(&after).count(), 2);
    }
}
