//! What the bin asks of the document, built from it and the selection. Pure.

use super::{cards::Cards, listing::Key};
use crate::{
    base::{ClipId, ColorTags, MediaId},
    edit::{EditCommand, MediaChange},
    model::{Project, is_folder},
};
use std::collections::BTreeSet;

/// The last part of a folder's path.
pub fn folder_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The path of the folder around a folder, empty for the top.
pub fn folder_above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |p| p.0)
}

/// Whether `path` is `folder` or lies in it.
pub fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// What was typed as the name of a folder, made one: no slashes, no blanks at the ends.
fn as_name(text: &str) -> Option<String> {
    let name = text.trim().replace('/', "-");
    is_folder(&name).then_some(name)
}

fn batch(mut commands: Vec<EditCommand>) -> Option<EditCommand> {
    match commands.len() {
        0 => None,
        1 => commands.pop(),
        _ => Some(EditCommand::Batch(commands)),
    }
}

/// Put media into a folder.
pub fn move_to(project: &Project, media: &[MediaId], folder: &str) -> Option<EditCommand> {
    let elsewhere = media.iter().filter(|id| project.media.get(id).is_some_and(|m| m.folder != folder));
    batch(elsewhere.map(|id| EditCommand::SetMedia { id: *id, change: MediaChange::Folder(folder.to_owned()) }).collect())
}

/// Move a folder with all that is in it into another.
pub fn move_folder(from: &str, into: &str) -> Option<EditCommand> {
    let to = join(into, folder_name(from));
    (to != from && !is_in(into, from)).then(|| EditCommand::RenameFolder { from: from.to_owned(), to })
}

/// A new folder in `parent`, with media put into it. A name that is taken gets a number.
pub fn new_folder(project: &Project, parent: &str, name: &str, media: &[MediaId]) -> Option<(EditCommand, String)> {
    let name = as_name(name)?;
    let taken = |path: &String| project.folders.iter().any(|f| f == path);
    let path = std::iter::once(join(parent, &name)).chain((2..).map(|n| join(parent, &format!("{name} {n}")))).find(|p| !taken(p))?;
    let mut commands = vec![EditCommand::AddFolder { path: path.clone() }];
    commands.extend(media.iter().map(|id| EditCommand::SetMedia { id: *id, change: MediaChange::Folder(path.clone()) }));
    batch(commands).map(|c| (c, path))
}

/// A media or a folder gets a new name; None where that is no name or the old one.
pub fn rename(project: &Project, key: &Key, text: &str) -> Option<EditCommand> {
    match key {
        Key::Media(id) => {
            let (name, media) = (text.trim(), project.media.get(id)?);
            let change = MediaChange::Name(name.to_owned());
            (!name.is_empty() && name != media.name).then_some(EditCommand::SetMedia { id: *id, change })
        }
        Key::Folder(path) => {
            let to = join(folder_above(path), &as_name(text)?);
            (to != **path).then(|| EditCommand::RenameFolder { from: path.to_string(), to })
        }
    }
}

/// Clips of the open sequence that show or sound one of the media.
pub fn clips_of(project: &Project, media: &BTreeSet<MediaId>) -> Vec<ClipId> {
    let clips = project.sequence.tracks.iter().flat_map(|t| &t.clips);
    clips.filter(|c| c.media().is_some_and(|m| media.contains(&m))).map(|c| c.id).collect()
}

/// Take media out of the project, and their clips out of the open sequence with them.
pub fn remove(project: &Project, media: &BTreeSet<MediaId>) -> Option<EditCommand> {
    let clips = clips_of(project, media);
    let mut commands = Vec::new();
    if !clips.is_empty() {
        commands.push(EditCommand::Remove { clips, ripple: false });
    }
    commands.extend(media.iter().map(|id| EditCommand::RemoveMedia { id: *id }));
    batch(commands)
}

/// Media that no clip of any sequence uses.
pub fn unused(cards: &Cards) -> BTreeSet<MediaId> {
    cards.iter().map(|(id, _)| id).filter(|id| cards.uses(*id) == 0).collect()
}

/// Read the colours of media in another way; None as their files say.
pub fn colours(project: &Project, media: &[MediaId], tags: Option<ColorTags>) -> Option<EditCommand> {
    let other = media.iter().filter(|id| project.media.get(id).is_some_and(|m| m.info.video.is_some() && m.color_override != tags));
    batch(other.map(|id| EditCommand::SetMedia { id: *id, change: MediaChange::ColorOverride(tags) }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::bin::cards::tests::{media, project};

    fn film() -> Project {
        project([media("a.mp4", "Day 1", 1), media("b.mp4", "", 1)], &["Day 1", "Day 1/Cam A"])
    }

    #[test]
    fn a_folder_never_goes_into_itself() {
        assert_eq!(move_folder("Day 1", "Day 1/Cam A"), None);
        assert_eq!(move_folder("Day 1", "Day 1"), None);
        assert_eq!(move_folder("Day 1/Cam A", "Day 1"), None, "it is there already");
        let up = EditCommand::RenameFolder { from: "Day 1/Cam A".into(), to: "Cam A".into() };
        assert_eq!(move_folder("Day 1/Cam A", ""), Some(up));
        assert!(move_folder("Day 1", "Day 10").is_some(), "not the same beginning of a name");
    }

    #[test]
    fn a_taken_name_of_a_folder_gets_a_number() {
        let p = film();
        assert_eq!(new_folder(&p, "", " Day 1 ", &[]).unwrap().1, "Day 1 2");
        assert_eq!(new_folder(&p, "Day 1", "a/b", &[]).unwrap().1, "Day 1/a-b");
        assert_eq!(new_folder(&p, "", "   ", &[]), None);
    }

    #[test]
    fn only_what_changes_is_sent() {
        let p = film();
        assert_eq!(move_to(&p, &[MediaId(100)], "Day 1"), None);
        let one = move_to(&p, &[MediaId(100), MediaId(101)], "Day 1");
        assert!(matches!(one, Some(EditCommand::SetMedia { id: MediaId(101), .. })));
        assert_eq!(rename(&p, &Key::Media(MediaId(100)), " a.mp4 "), None);
        assert_eq!(rename(&p, &Key::Folder("Day 1/Cam A".into()), "Cam A"), None);
        let to = EditCommand::RenameFolder { from: "Day 1/Cam A".into(), to: "Day 1/Cam B".into() };
        assert_eq!(rename(&p, &Key::Folder("Day 1/Cam A".into()), "Cam B"), Some(to));
        assert_eq!(colours(&p, &[MediaId(100)], None), None);
    }
}
