//! The canonical text of a project: the same project is the same bytes, one clip a line, defaults left out.
//!
//! Blocks are laid out here by hand so that a person can read them and a merge works line by line; each line's value is
//! plain RON. Structs are taken apart completely, so a new field cannot be forgotten.

use super::{
    StoreError, VERSION,
    paths::{StoredPath, normalize, relative_to},
    stored::{StoredFile, StoredVariant},
};
use crate::{
    base::{ColorTags, MediaId, MediaInfo, Stamp},
    model::{Media, Project, Sequence, Track, Variant},
};
use ron::ser::PrettyConfig;
use serde::Serialize;
use std::path::{Component, Path};

/// The text of a project file that is to lie at `path`.
///
/// # Errors
/// A value cannot be written as text (there is none in a sound document).
pub fn to_text(project: &Project, path: &Path) -> Result<String, StoreError> {
    let Project { name, media, folders, sequence, others } = project;
    let dir = path.parent().unwrap_or(Path::new(""));
    let mut w = Writer::default();
    w.line(0, "(");
    w.field(1, "version", &VERSION)?;
    w.field(1, "name", name)?;
    w.line(1, "media: [");
    for (id, m) in media {
        w.media(*id, m, dir)?;
    }
    w.line(1, "],");
    if !folders.is_empty() {
        w.list(1, "folders", folders)?;
    }
    w.line(1, "sequence: (");
    w.sequence(2, sequence)?;
    w.line(1, "),");
    if !others.is_empty() {
        w.line(1, "others: [");
        for s in others.values() {
            w.line(2, "(");
            w.sequence(3, s)?;
            w.line(2, "),");
        }
        w.line(1, "],");
    }
    w.line(0, ")");
    Ok(w.text)
}

struct Writer {
    text: String,
    one_line: PrettyConfig,
}

impl Default for Writer {
    fn default() -> Self {
        let one_line = PrettyConfig::new().compact_structs(true).compact_arrays(true).compact_maps(true).new_line("\n");
        Self { text: String::new(), one_line }
    }
}

impl Writer {
    fn indent(&mut self, depth: usize) {
        self.text.extend(std::iter::repeat_n("    ", depth));
    }

    fn line(&mut self, depth: usize, text: &str) {
        self.indent(depth);
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn value<T: Serialize>(&mut self, value: &T) -> Result<(), StoreError> {
        ron::Options::default()
            .to_writer_pretty(&mut self.text, value, self.one_line.clone())
            .map_err(|e| StoreError::Unwritable { what: e.to_string() })?;
        self.text.push_str(",\n");
        Ok(())
    }

    fn item<T: Serialize>(&mut self, depth: usize, value: &T) -> Result<(), StoreError> {
        self.indent(depth);
        self.value(value)
    }

    fn field<T: Serialize>(&mut self, depth: usize, name: &str, value: &T) -> Result<(), StoreError> {
        self.indent(depth);
        self.text.push_str(name);
        self.text.push_str(": ");
        self.value(value)
    }

    /// A field that is left out where it is as usual.
    fn option<T: Serialize + PartialEq>(&mut self, depth: usize, name: &str, value: &T, usual: &T) -> Result<(), StoreError> {
        if value == usual { Ok(()) } else { self.field(depth, name, value) }
    }

    fn list<T: Serialize>(&mut self, depth: usize, name: &str, items: &[T]) -> Result<(), StoreError> {
        self.line(depth, &format!("{name}: ["));
        for i in items {
            self.item(depth + 1, i)?;
        }
        self.line(depth, "],");
        Ok(())
    }

    fn media(&mut self, id: MediaId, media: &Media, dir: &Path) -> Result<(), StoreError> {
        let Media { name, file, info, folder, color_override, proxy, upscaled, transcript } = media;
        let MediaInfo { container, duration, video, audio, start_timecode } = info;
        self.line(2, "(");
        self.field(3, "id", &id)?;
        self.field(3, "name", name)?;
        self.field(3, "file", &stored_file(dir, &file.path, file.stamp()))?;
        self.line(3, "info: (");
        self.field(4, "container", container)?;
        self.field(4, "duration", duration)?;
        self.option(4, "video", video, &None)?;
        self.option(4, "audio", audio, &None)?;
        self.option(4, "start_timecode", start_timecode, &None)?;
        self.line(3, "),");
        self.option(3, "folder", folder, &String::new())?;
        self.option(3, "color_override", color_override, &None)?;
        for (name, variant) in [("proxy", proxy), ("upscaled", upscaled)] {
            if let Some(v) = variant {
                self.field(3, name, &Some(stored_variant(dir, v)))?;
            }
        }
        if let Some(t) = transcript {
            self.line(3, "transcript: Some((");
            if !t.language().is_empty() {
                self.field(4, "language", &t.language())?;
            }
            self.list(4, "words", t.words())?;
            self.line(3, ")),");
        }
        self.line(2, "),");
        Ok(())
    }

    /// The fields of a sequence, `depth` steps in.
    fn sequence(&mut self, depth: usize, s: &Sequence) -> Result<(), StoreError> {
        let Sequence {
            id,
            name,
            width,
            height,
            frame_rate,
            color,
            start_timecode,
            drop_frame,
            tracks,
            markers,
            captions,
            caption_language,
            burn_captions,
            montage,
            caption_style,
        } = s;
        self.field(depth, "id", id)?;
        self.option(depth, "name", name, &String::new())?;
        self.field(depth, "width", width)?;
        self.field(depth, "height", height)?;
        self.field(depth, "frame_rate", frame_rate)?;
        self.option(depth, "color", color, &ColorTags::default())?;
        self.option(depth, "start_timecode", start_timecode, &0)?;
        self.option(depth, "drop_frame", drop_frame, &false)?;
        self.line(depth, "tracks: [");
        for t in tracks {
            self.track(depth + 1, t)?;
        }
        self.line(depth, "],");
        if !markers.is_empty() {
            self.list(depth, "markers", markers)?;
        }
        if !captions.is_empty() {
            self.list(depth, "captions", captions)?;
        }
        self.option(depth, "caption_language", caption_language, &String::new())?;
        self.option(depth, "burn_captions", burn_captions, &false)?;
        self.option(depth, "montage", montage, &None)?;
        self.option(depth, "caption_style", caption_style, &String::new())?;
        Ok(())
    }

    fn track(&mut self, depth: usize, t: &Track) -> Result<(), StoreError> {
        let Track { id, kind, name, muted, solo, locked, sync_lock, height, gain_db, clips, transitions } = t;
        self.line(depth, "(");
        self.field(depth + 1, "id", id)?;
        self.field(depth + 1, "kind", kind)?;
        self.option(depth + 1, "name", name, &String::new())?;
        self.option(depth + 1, "muted", muted, &false)?;
        self.option(depth + 1, "solo", solo, &false)?;
        self.option(depth + 1, "locked", locked, &false)?;
        self.option(depth + 1, "sync_lock", sync_lock, &true)?;
        self.option(depth + 1, "height", height, &0)?;
        self.option(depth + 1, "gain_db", gain_db, &0.0)?;
        self.list(depth + 1, "clips", clips)?;
        if !transitions.is_empty() {
            self.list(depth + 1, "transitions", transitions)?;
        }
        self.line(depth, "),");
        Ok(())
    }
}

fn stored_variant(dir: &Path, v: &Variant) -> StoredVariant {
    let Variant { path, of, recipe, info } = v;
    StoredVariant { file: stored_file(dir, path, Stamp::default()), of: *of, recipe: recipe.clone(), info: info.clone() }
}

fn stored_file(dir: &Path, path: &Path, stamp: Stamp) -> StoredFile {
    let Stamp { size, modified, hash } = stamp;
    // In memory paths are absolute; one that is not is taken from the working folder, like everywhere else.
    let full = normalize(&std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
    match relative_to(dir, &full) {
        None => StoredFile { path: StoredPath(full), absolute: None, size, modified, hash },
        Some(near) => {
            let outside = near.components().next() == Some(Component::ParentDir);
            StoredFile { path: StoredPath(near), absolute: outside.then_some(StoredPath(full)), size, modified, hash }
        }
    }
}
