//! A project while commands are applied to it: copies on first write, knows which ids are free and which tracks changed.

use super::{EditCommand, EditError, track_ops, transitions};
use crate::{
    base::{ClipId, FrameRate, TrackId},
    model::{Clip, ClipContent, MAX_FRAME, MAX_ID, Project, Sequence, Track, TrackKind},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub(super) struct Draft {
    pub project: Project,
    /// Tracks whose transitions must be checked against their cuts at the end.
    touched: Vec<TrackId>,
    /// At or above every id in the project; None until first asked for (it costs a pass over the document).
    max_id: Option<u64>,
    /// Largest id that the running command brings along; ids made up on the way lie above it.
    reserved: u64,
    /// Largest link group that was handed out.
    last_link: u64,
    /// Link groups of right parts, by the group that was split and the frame.
    right_links: HashMap<(u64, i64), u64>,
}

impl Draft {
    pub fn new(project: &Project, command: &EditCommand) -> Self {
        Self {
            project: project.clone(),
            touched: Vec::new(),
            max_id: None,
            reserved: command.largest_new_id(),
            last_link: 0,
            right_links: HashMap::new(),
        }
    }

    /// The finished project: transitions whose cut is gone are dropped, those that no longer fit their clips or the media
    /// beyond the cut are shortened.
    pub fn finish(mut self) -> Project {
        for id in std::mem::take(&mut self.touched) {
            if let Some(i) = self.project.sequence.tracks.iter().position(|t| t.id == id)
                && !self.project.sequence.tracks[i].transitions.is_empty()
            {
                track_ops::settle_transitions(Arc::make_mut(&mut self.sequence().tracks[i]));
                transitions::hold_to_handles(&mut self, i);
            }
        }
        self.project
    }

    pub fn rate(&self) -> FrameRate {
        self.project.sequence.frame_rate
    }

    pub fn sequence(&mut self) -> &mut Sequence {
        Arc::make_mut(&mut self.project.sequence)
    }

    pub fn track_index(&self, id: TrackId) -> Result<usize, EditError> {
        self.project.sequence.tracks.iter().position(|t| t.id == id).ok_or(EditError::NoTrack(id))
    }

    /// Track and index of a clip.
    pub fn find(&self, id: ClipId) -> Result<(usize, usize), EditError> {
        let tracks = self.project.sequence.tracks.iter().enumerate();
        tracks.filter_map(|(t, track)| Some((t, track.clip_index(id)?))).next().ok_or(EditError::NoClip(id))
    }

    pub fn clip(&self, (track, index): (usize, usize)) -> &Clip {
        &self.project.sequence.tracks[track].clips[index]
    }

    /// A track to be written; refused when locked.
    pub fn open(&mut self, track: usize) -> Result<&mut Track, EditError> {
        let t = &self.project.sequence.tracks[track];
        if t.locked {
            return Err(EditError::Locked { track: self.track_name(t) });
        }
        let id = t.id;
        if !self.touched.contains(&id) {
            self.touched.push(id);
        }
        Ok(Arc::make_mut(&mut self.sequence().tracks[track]))
    }

    /// Every track's transitions are to be checked.
    pub fn touch_all(&mut self) {
        self.touched = self.project.sequence.tracks.iter().map(|t| t.id).collect();
    }

    fn max_id(&mut self) -> u64 {
        *self.max_id.get_or_insert_with(|| self.project.max_id())
    }

    /// Holds the ids and link groups in use now, also those of clips that are about to be lifted off their tracks.
    pub fn keep_ids(&mut self) {
        self.max_id();
        self.last_link = self.last_link.max(super::fresh_link(&self.project) - 1);
    }

    /// Takes an id that a command brings along.
    pub fn claim(&mut self, id: u64) -> Result<(), EditError> {
        let max = self.max_id();
        if id > MAX_ID {
            return Err(EditError::NoIdsLeft);
        }
        if id > max {
            self.max_id = Some(id);
            return Ok(());
        }
        if self.is_used(id) { Err(EditError::IdInUse(id)) } else { Ok(()) }
    }

    fn is_used(&self, id: u64) -> bool {
        let on_track = |t: &Arc<Track>| t.id.0 == id || t.clips.iter().any(|c| c.id.0 == id) || t.transitions.iter().any(|x| x.id.0 == id);
        let in_sequence = |s: &Arc<Sequence>| {
            s.id.0 == id
                || s.markers.iter().any(|m| m.id.0 == id)
                || s.captions.iter().any(|c| c.id.0 == id)
                || s.tracks.iter().any(on_track)
        };
        self.project.media.contains_key(&crate::base::MediaId(id)) || self.project.sequences().any(in_sequence)
    }

    /// Makes up an id, for the piece that an overwrite or a ripple cuts off.
    pub fn fresh_id(&mut self) -> Result<ClipId, EditError> {
        self.fresh_number().map(ClipId)
    }

    /// Makes up an id of any kind.
    pub fn fresh_number(&mut self) -> Result<u64, EditError> {
        let id = self.max_id().max(self.reserved).saturating_add(1);
        if id > MAX_ID {
            return Err(EditError::NoIdsLeft);
        }
        self.max_id = Some(id);
        Ok(id)
    }

    /// The link group of the right part of a clip that is split at frame `at`: right parts of one group that are split
    /// there by the same command form a new group, with those of the group that begin there or later, so that picture and
    /// sound stay a pair.
    pub fn right_link(&mut self, old: Option<u64>, at: i64) -> Option<u64> {
        let old = old?;
        if let Some(new) = self.right_links.get(&(old, at)) {
            return Some(*new);
        }
        let new = self.fresh_link();
        self.right_links.insert((old, at), new);
        let later = |c: &Arc<Clip>| c.link == Some(old) && c.start >= at;
        for t in self.sequence().tracks.iter_mut().filter(|t| !t.locked && t.clips.iter().any(later)) {
            for c in Arc::make_mut(t).clips.iter_mut().filter(|c| later(c)) {
                Arc::make_mut(c).link = Some(new);
            }
        }
        Some(new)
    }

    /// A link group that no clip of the open sequence belongs to and that was not handed out before.
    pub fn fresh_link(&mut self) -> u64 {
        let link = super::fresh_link(&self.project).max(self.last_link.saturating_add(1));
        self.last_link = link;
        link
    }

    pub fn track_name(&self, track: &Track) -> String {
        if !track.name.is_empty() {
            return track.name.clone();
        }
        let of_kind = self.project.sequence.tracks.iter().filter(|t| t.kind == track.kind);
        let number = of_kind.take_while(|t| t.id != track.id).count() + 1;
        match track.kind {
            TrackKind::Video => format!("V{number}"),
            TrackKind::Audio => format!("A{number}"),
        }
    }

    /// What the window calls a clip.
    pub fn clip_name(&self, clip: &Clip) -> String {
        if !clip.name.is_empty() {
            return clip.name.clone();
        }
        match (&clip.content, self.project.media_of(&clip.content)) {
            (_, Some(m)) if !m.name.is_empty() => m.name.clone(),
            (ClipContent::Sequence { sequence, .. }, _) => {
                let name = self.project.sequence_of(*sequence).map(|s| s.name.clone()).filter(|n| !n.is_empty());
                name.unwrap_or_else(|| sequence.to_string())
            }
            (ClipContent::Title(t), _) if !t.text.trim().is_empty() => t.text.lines().next().unwrap_or_default().to_owned(),
            _ => clip.id.to_string(),
        }
    }

    /// A clip's own values and its place on the timeline, before it goes into the project.
    pub fn check_clip(&self, clip: &Clip) -> Result<(), EditError> {
        if clip.start < 0 {
            return Err(EditError::BeforeStart { clip: self.clip_name(clip) });
        }
        if clip.duration > MAX_FRAME || clip.end() > MAX_FRAME {
            return Err(EditError::TooLong { clip: self.clip_name(clip) });
        }
        if clip.nested().is_some_and(|inner| self.project.shows(inner, self.project.sequence.id)) {
            return Err(EditError::ShowsItself { clip: self.clip_name(clip) });
        }
        match self.project.clip_problem(clip) {
            Some(problem) => Err(EditError::Invalid(problem.0)),
            None => Ok(()),
        }
    }

    /// Pictures belong on video tracks, sound on audio tracks.
    pub fn check_kind(&self, clip: &Clip, track: &Track) -> Result<(), EditError> {
        if clip.nested().is_some() {
            return Ok(());
        }
        let info = self.project.media_of(&clip.content).map(|m| &m.info);
        let (fits, wanted) = match track.kind {
            TrackKind::Video => (info.is_none_or(|i| i.video.is_some()), "picture"),
            TrackKind::Audio => (info.is_some_and(|i| i.audio.is_some()), "sound"),
        };
        if fits { Ok(()) } else { Err(EditError::WrongKind { clip: self.clip_name(clip), wanted, track: self.track_name(track) }) }
    }

    /// Puts a clip into free space of a track.
    pub fn place(&mut self, track: usize, clip: Arc<Clip>) -> Result<(), EditError> {
        if let Some(other) = track_ops::in_the_way(&self.project.sequence.tracks[track], &clip) {
            return Err(EditError::Overlap { clip: self.clip_name(&clip), other: self.clip_name(other) });
        }
        let t = self.open(track)?;
        let at = t.clips.partition_point(|c| c.start < clip.start);
        t.clips.insert(at, clip);
        Ok(())
    }

    /// Cuts everything between two frames off a track.
    pub fn clear(&mut self, track: usize, from: i64, to: i64) -> Result<(), EditError> {
        let rate = self.rate();
        let spanning = track_ops::spanning(&self.project.sequence.tracks[track], from, to).map(|c| c.link);
        let right = match spanning {
            Some(link) => Some((self.fresh_id()?, self.right_link(link, to))),
            None => None,
        };
        track_ops::clear(self.open(track)?, from, to, rate, right);
        Ok(())
    }

    /// The tracks (by index) that hold any of the given clips; an error when one is not there at all or named twice.
    pub fn tracks_of(&self, clips: &[ClipId]) -> Result<Vec<usize>, EditError> {
        if let [one] = clips {
            return Ok(vec![self.find(*one)?.0]);
        }
        let mut missing: HashSet<ClipId> = HashSet::with_capacity(clips.len());
        if let Some(id) = clips.iter().find(|id| !missing.insert(**id)) {
            return Err(EditError::Twice(*id));
        }
        let mut found = Vec::new();
        for (i, t) in self.project.sequence.tracks.iter().enumerate() {
            let before = missing.len();
            t.clips.iter().for_each(|c| {
                missing.remove(&c.id);
            });
            if missing.len() < before {
                found.push(i);
            }
        }
        match clips.iter().find(|c| missing.contains(c)) {
            Some(id) => Err(EditError::NoClip(*id)),
            None => Ok(found),
        }
    }
}
