//! Clips as text: what Copy puts on the clipboard and Paste reads. RON, so that it can be kept, mailed and changed by hand;
//! media come along as the project knows them, so that another project finds them by path or name, or takes them in.

use super::Desk;
use crate::{
    app::words::{tr, tr_args},
    base::{ClipId, FrameRate, MediaId, Rounding, Time, TrackId, TransitionId},
    edit::{EditCommand, Placement, fresh_group, fresh_ids, fresh_link},
    model::{Clip, ClipContent, Media, Project, Track, TrackKind, Transition},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

/// Longest text that is read: a million clips or so.
const MOST_BYTES: usize = 256 << 20;

/// A clip and the number of its track within its kind, from 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Copied {
    kind: TrackKind,
    track: usize,
    clip: Clip,
}

/// What the text holds. The first field's name says what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Text {
    /// Starts count from the first clip's.
    montage_clips: Vec<Copied>,
    #[serde(default)]
    transitions: Vec<Transition>,
    frame_rate: FrameRate,
    #[serde(default)]
    media: BTreeMap<MediaId, Media>,
}

/// The selected clips as text; None without a selection.
pub fn copy(desk: &Desk<'_>) -> Option<String> {
    let first = desk.selected().map(|(_, c)| c.start).min()?;
    let s = &desk.project.sequence;
    let number = |t: &Track| s.tracks.iter().filter(|o| o.kind == t.kind).position(|o| o.id == t.id).unwrap_or(0);
    let clips: Vec<Copied> = desk
        .selected()
        .map(|(t, c)| Copied { kind: t.kind, track: number(t), clip: Clip { start: c.start - first, ..(**c).clone() } })
        .collect();
    let ids = &desk.selection.clips;
    let tracks: BTreeSet<TrackId> = desk.selected().map(|(t, _)| t.id).collect();
    let of_both = |x: &&Transition| ids.contains(&x.left) && ids.contains(&x.right);
    let touched = s.tracks.iter().filter(|t| tracks.contains(&t.id));
    let transitions = touched.flat_map(|t| t.transitions.iter().filter(of_both)).copied().collect();
    let used: BTreeSet<MediaId> = clips.iter().filter_map(|c| c.clip.media()).collect();
    let media = used.iter().filter_map(|id| Some((*id, (**desk.project.media.get(id)?).clone()))).collect();
    let text = Text { montage_clips: clips, transitions, frame_rate: s.frame_rate, media };
    ron::ser::to_string_pretty(&text, ron::ser::PrettyConfig::new().depth_limit(3)).ok()
}

/// The edit that puts copied clips at the playhead, on the tracks of the same numbers; tracks that are missing are added.
///
/// # Errors
/// The text holds no clips, or none that can be put into this project.
pub fn paste(desk: &Desk<'_>, text: &str, mode: Placement) -> Result<(EditCommand, BTreeSet<ClipId>), String> {
    let no_clips = || tr("edits-clipboard-empty");
    let looks_right = text.len() <= MOST_BYTES && text.contains("montage_clips");
    let text: Text = if looks_right { ron::from_str(text).map_err(|_| no_clips())? } else { return Err(no_clips()) };
    let mut ids = fresh_ids(desk.project);
    let mut commands = Vec::new();
    let media = media_here(desk.project, &text, &mut ids, &mut commands);
    let mut renamed = HashMap::new();
    let mut fresh =
        Regroup { links: HashMap::new(), groups: HashMap::new(), link: fresh_link(desk.project), group: fresh_group(desk.project) };
    let mut tracks = Tracks::of(desk.project);
    let mut clips = Vec::new();
    for Copied { kind, track, mut clip } in text.montage_clips {
        let known = match &mut clip.content {
            ClipContent::Media { media: id, .. } => media.get(id).map(|here| *id = *here).is_some(),
            ClipContent::Sequence { sequence, .. } => desk.project.others.contains_key(sequence),
            _ => true,
        };
        let id = ids.next().map(ClipId).ok_or_else(no_clips)?;
        let Some(track) = tracks.number(kind, track, &mut ids, &mut commands).filter(|_| known) else { continue };
        renamed.insert(clip.id, id);
        clip.id = id;
        convert(&mut clip, text.frame_rate, desk.project.sequence.frame_rate);
        clip.start = clip.start.saturating_add(desk.frame);
        fresh.regroup(&mut clip);
        clips.push((track, clip));
    }
    if clips.is_empty() {
        return Err(no_clips());
    }
    let made: BTreeSet<ClipId> = clips.iter().map(|(_, c)| c.id).collect();
    // on one track a text written by hand may put clips over one another
    if let Some(name) = overlap(&clips) {
        return Err(tr_args("edits-clipboard-overlap", &[("clip", name.into())]));
    }
    commands.push(EditCommand::InsertClips { clips, mode });
    for x in text.transitions {
        if let (Some(left), Some(right), Some(id)) = (renamed.get(&x.left), renamed.get(&x.right), ids.next()) {
            let (id, kind, before, after) = (TransitionId(id), x.kind, x.before, x.after);
            commands.push(EditCommand::AddTransition { id, left: *left, right: *right, kind, before, after });
        }
    }
    Ok((EditCommand::Batch(commands), made))
}

/// Media of the text by their ids there: the same file in this project, one of the same name, or a new one.
fn media_here(
    project: &Project,
    text: &Text,
    ids: &mut impl Iterator<Item = u64>,
    commands: &mut Vec<EditCommand>,
) -> HashMap<MediaId, MediaId> {
    let find = |m: &Media| {
        let mut all = project.media.iter();
        let same_file = all.find(|(_, o)| o.file.path == m.file.path);
        same_file.or_else(|| project.media.iter().find(|(_, o)| o.name == m.name)).map(|(id, _)| *id)
    };
    let mut here = HashMap::new();
    for (id, media) in &text.media {
        let known = project.media.get(id).filter(|o| o.file.path == media.file.path).map(|_| *id);
        let found = known.or_else(|| find(media)).or_else(|| {
            let id = MediaId(ids.next()?);
            let media = Media { folder: String::new(), ..media.clone() };
            commands.push(EditCommand::AddMedia { id, media });
            Some(id)
        });
        here.extend(found.map(|found| (*id, found)));
    }
    // clips written by hand may name media that the text does not bring along
    let named = text.montage_clips.iter().filter_map(|c| c.clip.media()).filter(|id| project.media.contains_key(id));
    for id in named {
        here.entry(id).or_insert(id);
    }
    here
}

/// Tracks by number, with those that had to be added.
struct Tracks {
    by_kind: HashMap<TrackKind, Vec<(TrackId, bool)>>,
    count: usize,
}

impl Tracks {
    fn of(project: &Project) -> Self {
        let mut by_kind: HashMap<TrackKind, Vec<(TrackId, bool)>> = HashMap::new();
        for t in &project.sequence.tracks {
            by_kind.entry(t.kind).or_default().push((t.id, t.locked));
        }
        Self { by_kind, count: project.sequence.tracks.len() }
    }

    /// The track of that number; None where it is locked. At most 64 are added.
    fn number(
        &mut self,
        kind: TrackKind,
        number: usize,
        ids: &mut impl Iterator<Item = u64>,
        commands: &mut Vec<EditCommand>,
    ) -> Option<TrackId> {
        let list = self.by_kind.entry(kind).or_default();
        while list.len() <= number.min(64) {
            let id = TrackId(ids.next()?);
            commands.push(EditCommand::AddTrack { id, kind, index: self.count });
            list.push((id, false));
            self.count += 1;
        }
        list.get(number.min(64)).filter(|(_, locked)| !locked).map(|(id, _)| *id)
    }
}

/// New numbers for links and groups, one for each old one.
struct Regroup {
    links: HashMap<u64, u64>,
    groups: HashMap<u64, u64>,
    link: u64,
    group: u64,
}

impl Regroup {
    fn regroup(&mut self, clip: &mut Clip) {
        let renew = |known: &mut HashMap<u64, u64>, next: &mut u64, old: u64| {
            *known.entry(old).or_insert_with(|| {
                *next += 1;
                *next - 1
            })
        };
        clip.link = clip.link.map(|old| renew(&mut self.links, &mut self.link, old));
        clip.group = clip.group.map(|old| renew(&mut self.groups, &mut self.group, old));
    }
}

/// Puts a clip's frames at the nearest ones of another rate.
fn convert(clip: &mut Clip, from: FrameRate, to: FrameRate) {
    if from == to {
        return;
    }
    let at = |frame: i64| Time::from_frames(frame, from).to_frames(to, Rounding::Nearest);
    let end = at(clip.end());
    clip.start = at(clip.start);
    // a little shorter rather than past the end of the media
    clip.duration = (end - clip.start - 1).max(1);
    clip.fade_in = at(clip.fade_in).min(clip.duration);
    clip.fade_out = at(clip.fade_out).min(clip.duration - clip.fade_in);
}

/// Name of a clip that lies over another one of the same track.
fn overlap(clips: &[(TrackId, Clip)]) -> Option<String> {
    let mut order: Vec<_> = clips.iter().map(|(t, c)| (*t, c.start, c.end(), c)).collect();
    order.sort_unstable_by_key(|x| (x.0, x.1));
    order.windows(2).find(|w| w[0].0 == w[1].0 && w[0].2 > w[1].1).map(|w| w[1].3.name.clone())
}

/// The selected clips once more, right behind themselves.
pub fn duplicate(desk: &Desk<'_>) -> Option<(EditCommand, BTreeSet<ClipId>)> {
    let clips: Vec<(&Arc<Track>, &Arc<Clip>)> = desk.selected().filter(|(t, _)| !t.locked).collect();
    let from = clips.iter().map(|(_, c)| c.start).min()?;
    let by = clips.iter().map(|(_, c)| c.end()).max()? - from;
    let mut ids = fresh_ids(desk.project);
    let mut fresh =
        Regroup { links: HashMap::new(), groups: HashMap::new(), link: fresh_link(desk.project), group: fresh_group(desk.project) };
    let mut copies = Vec::new();
    for (t, c) in clips {
        let mut copy = Clip { id: ClipId(ids.next()?), start: c.start + by, ..(**c).clone() };
        fresh.regroup(&mut copy);
        copies.push((t.id, copy));
    }
    let made = copies.iter().map(|(_, c)| c.id).collect();
    Some((EditCommand::InsertClips { clips: copies, mode: Placement::Overwrite }, made))
}
