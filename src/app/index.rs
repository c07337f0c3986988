//! Where things lie in the document: clips by id and by link, transitions by frame, frames that things catch on. A panel
//! asks here instead of walking through the document in every pass.
//!
//! Kept per track and thrown away only for tracks that changed; each table is built when it is first asked for. UI thread.

use crate::{
    base::ClipId,
    model::{Clip, Sequence, Track, Transition},
};
use std::{cell::OnceCell, collections::BTreeSet, sync::Arc};

/// Tables of one track.
#[derive(Debug)]
struct TrackIndex {
    track: Arc<Track>,
    /// (id, place in the track), by id.
    ids: OnceCell<Vec<(ClipId, usize)>>,
    /// (link group, place in the track), by group.
    links: OnceCell<Vec<(u64, usize)>>,
    /// (group, place in the track), by group.
    groups: OnceCell<Vec<(u64, usize)>>,
    /// (frame of the cut, place in the list of transitions), by frame; and the farthest that one reaches from its cut.
    cuts: OnceCell<(Vec<(i64, usize)>, i64)>,
}

impl TrackIndex {
    fn new(track: &Arc<Track>) -> Self {
        Self { track: track.clone(), ids: OnceCell::new(), links: OnceCell::new(), groups: OnceCell::new(), cuts: OnceCell::new() }
    }

    fn ids(&self) -> &[(ClipId, usize)] {
        self.ids.get_or_init(|| {
            let mut ids: Vec<_> = self.track.clips.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
            ids.sort_unstable();
            ids
        })
    }

    /// The clips that share a number, which `of` reads, kept in `table`.
    fn sharing<'a>(
        &'a self,
        table: &'a OnceCell<Vec<(u64, usize)>>,
        of: fn(&Clip) -> Option<u64>,
        number: u64,
    ) -> impl Iterator<Item = ClipId> + 'a {
        let list = table.get_or_init(|| {
            let mut list: Vec<_> = self.track.clips.iter().enumerate().filter_map(|(i, c)| Some((of(c)?, i))).collect();
            list.sort_unstable();
            list
        });
        let first = list.partition_point(|l| l.0 < number);
        list[first..].iter().take_while(move |l| l.0 == number).map(|l| self.track.clips[l.1].id)
    }

    fn place(&self, id: ClipId) -> Option<usize> {
        let ids = self.ids();
        ids.binary_search_by_key(&id, |x| x.0).ok().map(|i| ids[i].1)
    }

    fn cuts(&self) -> &(Vec<(i64, usize)>, i64) {
        self.cuts.get_or_init(|| {
            let transitions = &self.track.transitions;
            let cut = |x: &Transition| self.place(x.left).map(|i| self.track.clips[i].end());
            let mut cuts: Vec<_> = transitions.iter().enumerate().filter_map(|(i, x)| Some((cut(x)?, i))).collect();
            cuts.sort_unstable();
            (cuts, transitions.iter().map(|x| x.before.max(x.after)).max().unwrap_or(0))
        })
    }
}

/// Tables of one sequence.
#[derive(Debug, Default)]
pub struct DocIndex {
    sequence: Option<Arc<Sequence>>,
    tracks: Vec<TrackIndex>,
    marks: OnceCell<Arc<[i64]>>,
    longest_marker: OnceCell<i64>,
}

impl DocIndex {
    /// Follow the document; costs nothing while it is the same.
    pub fn update(&mut self, sequence: &Arc<Sequence>) {
        if self.sequence.as_ref().is_some_and(|s| Arc::ptr_eq(s, sequence)) {
            return;
        }
        let mut old = std::mem::take(&mut self.tracks);
        self.tracks = sequence
            .tracks
            .iter()
            .map(|t| match old.iter().position(|o| Arc::ptr_eq(&o.track, t)) {
                Some(i) => old.swap_remove(i),
                None => TrackIndex::new(t),
            })
            .collect();
        (self.marks, self.longest_marker) = (OnceCell::new(), OnceCell::new());
        self.sequence = Some(sequence.clone());
    }

    /// Places of a clip's track in the sequence and of the clip in its track.
    pub fn place(&self, id: ClipId) -> Option<(usize, usize)> {
        self.tracks.iter().enumerate().find_map(|(t, x)| Some((t, x.place(id)?)))
    }

    /// A clip and its track.
    pub fn clip(&self, id: ClipId) -> Option<(&Arc<Track>, &Arc<Clip>)> {
        let (t, i) = self.place(id)?;
        let track = &self.tracks[t].track;
        track.clips.get(i).map(|c| (track, c))
    }

    /// Those of `ids` that the sequence has, with their tracks, in timeline order track by track.
    pub fn clips<'a>(&'a self, ids: &BTreeSet<ClipId>) -> Vec<(&'a Arc<Track>, &'a Arc<Clip>)> {
        let mut places: Vec<_> = ids.iter().filter_map(|id| self.place(*id)).collect();
        places.sort_unstable();
        places.into_iter().map(|(t, i)| (&self.tracks[t].track, &self.tracks[t].track.clips[i])).collect()
    }

    /// For each track, the places of those of `ids` that lie on it, rising.
    pub fn places(&self, ids: &BTreeSet<ClipId>) -> Vec<Vec<usize>> {
        let mut places = vec![Vec::new(); self.tracks.len()];
        for (t, i) in ids.iter().filter_map(|id| self.place(*id)) {
            places[t].push(i);
        }
        places.iter_mut().for_each(|p| p.sort_unstable());
        places
    }

    /// `ids` and everything linked to them: what is cut and trimmed together.
    pub fn linked(&self, ids: &BTreeSet<ClipId>) -> BTreeSet<ClipId> {
        self.closure(ids, false)
    }

    /// `ids` and everything linked to them or grouped with them: what is selected and moved together.
    pub fn with_links(&self, ids: &BTreeSet<ClipId>) -> BTreeSet<ClipId> {
        self.closure(ids, true)
    }

    fn closure(&self, ids: &BTreeSet<ClipId>, with_groups: bool) -> BTreeSet<ClipId> {
        let mut all = ids.clone();
        let mut todo: Vec<ClipId> = ids.iter().copied().collect();
        let (mut links, mut groups) = (BTreeSet::new(), BTreeSet::new());
        while let Some(id) = todo.pop() {
            let Some((_, clip)) = self.clip(id) else { continue };
            let (link, group) = (clip.link.filter(|l| links.insert(*l)), clip.group.filter(|g| with_groups && groups.insert(*g)));
            for x in &self.tracks {
                let linked = link.into_iter().flat_map(|l| x.sharing(&x.links, |c| c.link, l));
                let grouped = group.into_iter().flat_map(|g| x.sharing(&x.groups, |c| c.group, g));
                todo.extend(linked.chain(grouped).filter(|id| all.insert(*id)));
            }
        }
        all
    }

    /// The transitions of the track at place `track` that touch `[from, to)`, each with the frame of its cut.
    pub fn transitions_in(&self, track: usize, from: i64, to: i64) -> impl Iterator<Item = (Transition, i64)> + '_ {
        let found = self.tracks.get(track).map(|x| {
            let (cuts, reach) = x.cuts();
            let (a, b) =
                (cuts.partition_point(|c| c.0 < from.saturating_sub(*reach)), cuts.partition_point(|c| c.0 <= to.saturating_add(*reach)));
            cuts[a..b.max(a)].iter().map(|(cut, i)| (x.track.transitions[*i], *cut))
        });
        found.into_iter().flatten().filter(move |(t, cut)| cut - t.before < to && cut + t.after > from)
    }

    /// Starts and ends of all markers, and the first frame: what things catch on besides clips. Sorted.
    pub fn mark_frames(&self) -> Arc<[i64]> {
        let made = self.marks.get_or_init(|| {
            let markers = self.sequence.iter().flat_map(|s| &s.markers);
            let mut frames: Vec<i64> = markers.flat_map(|m| [m.frame, m.frame.saturating_add(m.duration)]).chain([0]).collect();
            frames.sort_unstable();
            frames.dedup();
            frames.into()
        });
        made.clone()
    }

    /// Whether any marker has a length: sections of the film.
    pub fn has_sections(&self) -> bool {
        self.longest_marker() > 0
    }

    fn longest_marker(&self) -> i64 {
        let markers = || self.sequence.iter().flat_map(|s| &s.markers);
        *self.longest_marker.get_or_init(|| markers().map(|m| m.duration).max().unwrap_or(0))
    }

    /// The markers that touch `[from, to)`, by binary search.
    pub fn markers_in(&self, from: i64, to: i64) -> &[crate::model::Marker] {
        let Some(s) = &self.sequence else { return &[] };
        let a = s.markers.partition_point(|m| m.frame < from.saturating_sub(self.longest_marker()));
        let b = s.markers.partition_point(|m| m.frame < to);
        &s.markers[a..b.max(a)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::FrameRate,
        model::fixture::{clip, dissolve, media_content, project, put, with_track},
    };

    fn indexed(p: &crate::model::Project) -> DocIndex {
        let mut index = DocIndex::default();
        index.update(&p.sequence);
        index
    }

    #[test]
    fn clips_links_and_transitions_are_found_without_walking() {
        let mut p = project(FrameRate::FPS_25);
        let media = || media_content(10, crate::base::Time::from_secs(1));
        put(&mut p, 2, [clip(21, 0, 10, media()), clip(20, 10, 10, media())]);
        put(&mut p, 3, [clip(22, 0, 10, media())]);
        for (track, id) in [(2, 21), (3, 22)] {
            with_track(&mut p, track, |t| {
                t.clips.iter_mut().filter(|c| c.id == ClipId(id)).for_each(|c| Arc::make_mut(c).link = Some(7));
            });
        }
        with_track(&mut p, 2, |t| t.transitions = vec![dissolve(30, 21, 20, 3, 4)]);
        let index = indexed(&p);
        assert_eq!(index.place(ClipId(20)), Some((0, 1)));
        assert_eq!(index.clip(ClipId(99)), None);
        assert_eq!(index.linked(&[ClipId(22)].into()), [ClipId(21), ClipId(22)].into());
        with_track(&mut p, 2, |t| t.clips.iter_mut().for_each(|c| Arc::make_mut(c).group = Some(1)));
        let grouped = indexed(&p);
        assert_eq!(grouped.linked(&[ClipId(22)].into()).len(), 2, "what is grouped is not trimmed together");
        assert_eq!(grouped.with_links(&[ClipId(22)].into()).len(), 3, "a link leads to a group");
        assert_eq!(index.places(&[ClipId(20), ClipId(21)].into())[0], [0, 1]);
        let at = |from, to| index.transitions_in(0, from, to).map(|(_, cut)| cut).collect::<Vec<_>>();
        assert_eq!((at(0, 7), at(0, 8), at(13, 14), at(14, 20)), (vec![], vec![10], vec![10], vec![]));
    }

    #[test]
    fn only_changed_tracks_are_read_again() {
        let mut p = project(FrameRate::FPS_25);
        put(&mut p, 2, [clip(21, 0, 10, media_content(10, crate::base::Time::ZERO))]);
        let mut index = indexed(&p);
        assert!(index.place(ClipId(21)).is_some());
        put(&mut p, 3, [clip(22, 0, 10, media_content(10, crate::base::Time::ZERO))]);
        index.update(&p.sequence);
        let first = p.sequence.tracks.iter().position(|t| t.id.0 == 2).unwrap_or(0);
        assert!(index.tracks[first].ids.get().is_some(), "the untouched track keeps its table");
        assert!(index.place(ClipId(22)).is_some());
    }
}
