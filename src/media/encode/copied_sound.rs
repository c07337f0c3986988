//! Sound that goes from one file into another as it is, not a bit of it coded anew.

use super::{Container, matroska_sound, mp4_sound};
use crate::{base::MediaInfo, media::MediaError};
use std::path::Path;

/// Whether a file in this container can take over the sound of `source` as it is: both are ISO files, or both Matroska's. Not FLAC in
/// Matroska, which tells no length of its last packet: coded anew it is the same samples, and no longer than they are.
pub fn takes_sound_of(container: Container, source: &Path, info: &MediaInfo) -> bool {
    let Some(audio) = &info.audio else { return false };
    let from_matroska = matches!(info.container.as_str(), "matroska" | "webm");
    match container {
        Container::Mp4 | Container::Mov => mp4_sound::takes_sound_of(container, source),
        Container::Mkv => from_matroska && audio.codec != "flac",
        Container::WebM => from_matroska && matches!(audio.codec.as_str(), "opus" | "vorbis"),
        _ => false,
    }
}

/// Writes `to`, in this container: the pictures of `film`, which has no sound, and the sound of `source`.
///
/// # Errors
/// A file cannot be read or written, or is not as [`takes_sound_of`] found it.
pub fn add_sound(container: Container, film: &Path, source: &Path, to: &Path) -> Result<(), MediaError> {
    match container {
        Container::Mkv | Container::WebM => matroska_sound::add_sound(film, source, to, container),
        _ => mp4_sound::add_sound(film, source, to),
    }
}
