//! Commands on the media list.

use super::{EditError, MediaChange, draft::Draft, folders};
use crate::{
    base::{MediaId, MediaInfo},
    model::{Media, MediaFile, Variant},
};
use std::sync::Arc;

fn check(info: &MediaInfo) -> Result<(), EditError> {
    info.problem().map_or(Ok(()), |p| Err(EditError::Invalid(p.0)))
}

fn check_variant(variant: Option<&Variant>, file: &MediaFile) -> Result<(), EditError> {
    variant.and_then(|v| v.problem(file)).map_or(Ok(()), |p| Err(EditError::Invalid(p.0)))
}

pub(super) fn add(d: &mut Draft, id: MediaId, media: &Media) -> Result<(), EditError> {
    check(&media.info)?;
    check_variant(media.proxy.as_deref(), &media.file)?;
    check_variant(media.upscaled.as_deref(), &media.file)?;
    d.claim(id.0)?;
    if !media.folder.is_empty() {
        folders::ensure(d, &media.folder)?;
    }
    d.project.media.insert(id, Arc::new(media.clone()));
    Ok(())
}

pub(super) fn remove(d: &mut Draft, id: MediaId) -> Result<(), EditError> {
    let media = d.project.media.get(&id).ok_or(EditError::NoMedia(id))?;
    let user = d.project.sequences().flat_map(|s| &s.tracks).flat_map(|t| &t.clips).find(|c| c.media() == Some(id));
    if let Some(c) = user {
        return Err(EditError::MediaInUse { media: media.name.clone(), clip: d.clip_name(c) });
    }
    d.project.media.remove(&id);
    Ok(())
}

pub(super) fn set(d: &mut Draft, id: MediaId, change: &MediaChange) -> Result<(), EditError> {
    if let MediaChange::File { info, .. } = change {
        check(info)?;
    }
    if let MediaChange::Folder(folder) = change
        && !folder.is_empty()
    {
        folders::ensure(d, folder)?;
    }
    let media = Arc::make_mut(d.project.media.get_mut(&id).ok_or(EditError::NoMedia(id))?);
    match change {
        MediaChange::Name(name) => media.name.clone_from(name),
        MediaChange::File { file, info } => {
            media.file.clone_from(file);
            media.info.clone_from(info.as_ref());
            // a stand-in that is now the file itself is none; one of other content stays and is stale
            media.proxy.take_if(|v| v.path == file.path);
            media.upscaled.take_if(|v| v.path == file.path);
        }
        MediaChange::Proxy(variant) => {
            check_variant(variant.as_deref(), &media.file)?;
            media.proxy.clone_from(variant);
        }
        MediaChange::Upscaled(variant) => {
            check_variant(variant.as_deref(), &media.file)?;
            media.upscaled.clone_from(variant);
        }
        MediaChange::Transcript(transcript) => media.transcript.clone_from(transcript),
        MediaChange::ColorOverride(color) => media.color_override = *color,
        MediaChange::Folder(folder) => media.folder.clone_from(folder),
    }
    Ok(())
}

/// Another text for one word of a transcript.
pub(super) fn correct(d: &mut Draft, id: MediaId, word: usize, text: &str) -> Result<(), EditError> {
    let media = d.project.media.get_mut(&id).ok_or(EditError::NoMedia(id))?;
    let corrected = media.transcript.as_ref().and_then(|t| t.corrected(word, text));
    let new = corrected.ok_or_else(|| EditError::Invalid(format!("{id} has no word {word} in its transcript")))?;
    Arc::make_mut(media).transcript = Some(Arc::new(new));
    Ok(())
}
