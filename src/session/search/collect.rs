//! What the document and the cache know of media, as the index wants it. Blocks where it reads the cache.

use super::eyes::{Eyes, Sight};
use crate::{
    base::{ContentHash, MediaId, Time, words::language},
    engine::{self, Watched},
    model::{ClipContent, Media, Project, Sequence, TrackKind},
    search::{Material, Note, Shot, Span, Tongue, shots},
};
use std::{collections::HashMap, path::Path, sync::Arc};

/// Folders above a file on the disk that say something about it.
const FOLDERS: usize = 2;

/// What was read of the cache, by content; None where nothing was kept.
pub(super) type Known = HashMap<ContentHash, Option<Arc<Watched>>>;

/// The language in which names are read and words asked for, unless they say otherwise.
pub(in crate::session) fn usual_tongue() -> Tongue {
    Tongue::of_code(language().code())
}

/// What users have written about stretches of media: markers over clips, and names that clips were given.
pub(super) fn notes(project: &Project) -> HashMap<MediaId, Vec<Note>> {
    let mut notes: HashMap<MediaId, Vec<Note>> = HashMap::new();
    for s in project.sequences() {
        for track in s.tracks.iter().filter(|t| t.kind == TrackKind::Video) {
            for clip in &track.clips {
                let ClipContent::Media { media, .. } = clip.content else { continue };
                let Some(m) = project.media.get(&media) else { continue };
                let mut add = |from: i64, to: i64, text: String| {
                    if let Some(span) = source_span(s, clip, from, to) {
                        notes.entry(media).or_default().push(Note { span, text });
                    }
                };
                if !clip.name.is_empty() && clip.name != m.name {
                    add(clip.start, clip.end(), clip.name.clone());
                }
                let over = |frame: i64, duration: i64| frame < clip.end() && frame + duration.max(1) > clip.start;
                for marker in s.markers.iter().filter(|m| over(m.frame, m.duration)) {
                    let text = format!("{} {}", marker.name, marker.note);
                    if !text.trim().is_empty() {
                        add(marker.frame.max(clip.start), (marker.frame + marker.duration.max(1)).min(clip.end()), text);
                    }
                }
            }
        }
    }
    notes
}

/// The stretch of its source that a clip shows between two frames.
fn source_span(s: &Sequence, clip: &crate::model::Clip, from: i64, to: i64) -> Option<Span> {
    let at = |frame| clip.source_at(frame, s.frame_rate).map(Time::as_secs_f64);
    let (a, b) = (at(from)?, at(to)?);
    Some(Span { from: a.min(b), to: a.max(b).max(a.min(b) + 0.01) })
}

/// A media as the index wants it.
pub(in crate::session) fn material_of<'a>(id: MediaId, m: &'a Media, watched: Option<&'a Watched>, notes: Vec<Note>) -> Material<'a> {
    let file = m.file.path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let stem = |n: &'a str| Path::new(n).file_stem().and_then(|s| s.to_str()).unwrap_or(n);
    let mut names = vec![m.name.as_str()];
    if stem(file) != stem(&m.name) {
        names.push(file);
    }
    let above = m.file.path.ancestors().skip(1).take(FOLDERS).filter_map(|f| f.file_name()?.to_str());
    let mut folders: Vec<&str> = m.folder.split('/').filter(|f| !f.is_empty()).chain(above).collect();
    folders.sort_unstable();
    folders.dedup();
    let video = m.info.video.as_ref();
    Material {
        file: id.0,
        names,
        folders,
        duration_secs: m.info.duration.as_secs_f64(),
        photo: video.is_some_and(|v| v.still),
        upright: video.is_some_and(|v| v.display_size().1 > v.display_size().0),
        heard: m.info.audio.is_some(),
        footage: watched.map(|w| &w.footage),
        voice: watched.and_then(|w| w.voice.as_ref()),
        transcript: m.transcript.as_ref(),
        notes,
    }
}

/// The index of a document's media, and those of them that nobody has watched, or looked at where there is a model for it. What is not known
/// yet is read from the cache.
pub(super) fn index_of(project: &Project, cache: &Path, known: &mut Known, eyes: &mut Eyes) -> (Sight, Vec<MediaId>) {
    let seen = eyes.seen();
    let mut notes = notes(project);
    let (mut all, mut unwatched): (Vec<Shot>, Vec<MediaId>) = Default::default();
    for (id, m) in project.media.iter().filter(|(_, m)| m.info.video.is_some()) {
        let watched = m.file.hash.and_then(|hash| known.entry(hash).or_insert_with(|| engine::watched(cache, hash).map(Arc::new)).clone());
        let looked_at = seen.as_ref().is_none_or(|s| m.file.hash.is_some_and(|h| s.films.contains_key(&h)));
        if watched.is_none() || !looked_at {
            unwatched.push(*id);
        }
        all.extend(shots(&material_of(*id, m, watched.as_deref(), notes.remove(id).unwrap_or_default())));
    }
    (Sight::of(all, project, seen.as_ref(), eyes), unwatched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{ClipId, FrameRate, MarkerId},
        model::{Clip, Marker, Speed, fixture::film},
    };

    #[test]
    fn markers_and_names_of_clips_are_notes_on_their_source() {
        let mut p = Project::new("p", Sequence::new(640, 360, FrameRate::FPS_25));
        p.media.insert(MediaId(10), Arc::new(film("a", FrameRate::FPS_25, 500)));
        let s = Arc::make_mut(&mut p.sequence);
        let content = ClipContent::Media { media: MediaId(10), source_in: Time::from_secs(4), speed: Speed::NORMAL };
        let clip = Clip { name: "the lighthouse".into(), ..Clip::new(ClipId(20), 100, 50, content) };
        Arc::make_mut(&mut s.tracks[0]).clips = vec![Arc::new(clip)];
        let marker = |id, frame, name: &str, note: &str| Marker {
            id: MarkerId(id),
            frame,
            duration: 0,
            name: name.into(),
            color: 0,
            note: note.into(),
        };
        s.markers = vec![marker(30, 50, "before", ""), marker(31, 125, "", "a gull"), marker(32, 130, "", "")];
        let notes = notes(&p).remove(&MediaId(10)).unwrap();
        let texts: Vec<(&str, f64)> = notes.iter().map(|n| (n.text.trim(), n.span.from)).collect();
        assert_eq!(texts, [("the lighthouse", 4.0), ("a gull", 5.0)]);
        let dir = tempfile::tempdir().unwrap();
        let mut eyes = Eyes::new(dir.path().join("models"), dir.path().to_owned());
        let (sight, unwatched) = index_of(&p, dir.path(), &mut Known::new(), &mut eyes);
        assert_eq!((sight.index.shots().len(), sight.pictures.count(), unwatched), (1, 0, vec![MediaId(10)]));
    }
}
