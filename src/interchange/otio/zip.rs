//! `.otioz`: a zip with `content.otio`, `version.txt` and the media under `media/`. Streams come from the caller.

use super::write::base_name;
use crate::{
    base::MediaId,
    interchange::{InterchangeError, MAX_BYTES},
    model::Project,
};
use std::{
    collections::{HashMap, HashSet},
    io::{Read, Seek, Write},
    path::{Path, PathBuf},
};

/// Most entries of an archive.
const MAX_ENTRIES: usize = 100_000;
/// An archive may unpack to this many times its own size before it is taken for a bomb. Media hardly shrink.
const MAX_RATIO: u64 = 100;

fn stream(e: impl std::fmt::Display) -> InterchangeError {
    InterchangeError::Stream { reason: e.to_string() }
}
fn archive(what: impl Into<String>) -> InterchangeError {
    InterchangeError::BadArchive { what: what.into() }
}

/// Where each media goes inside the archive: `media/` and a name of its own.
pub(in crate::interchange) fn addresses(project: &Project) -> (HashMap<MediaId, String>, Vec<(PathBuf, String)>) {
    let (mut used, mut by_id, mut files) = (HashSet::new(), HashMap::new(), Vec::new());
    for (id, m) in &project.media {
        let name = base_name(&m.file.path);
        let (stem, ext) = name.rsplit_once('.').map_or((name.as_str(), String::new()), |(s, e)| (s, format!(".{e}")));
        let unique = (1..).map(|n| if n == 1 { name.clone() } else { format!("{stem}-{n}{ext}") }).find(|n| used.insert(n.to_lowercase()));
        let inside = format!("media/{}", unique.unwrap_or_default());
        by_id.insert(*id, encode(&inside));
        files.push((m.file.path.clone(), inside));
    }
    (by_id, files)
}

/// As a relative URL.
fn encode(inside: &str) -> String {
    crate::interchange::url::file_uri(Path::new(inside))
}

/// Writes the archive: `content` is the timeline, whose URLs are those of [`addresses`]; `open` gives each media's bytes.
///
/// # Errors
/// A stream fails.
pub(in crate::interchange) fn pack<R: Read>(
    out: impl Write + Seek,
    content: &[u8],
    files: &[(PathBuf, String)],
    open: &mut dyn FnMut(&Path) -> std::io::Result<R>,
) -> Result<(), InterchangeError> {
    use ::zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};
    let mut z = ZipWriter::new(out);
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    z.start_file("content.otio", packed).map_err(stream)?;
    z.write_all(content).map_err(stream)?;
    z.start_file("version.txt", packed).map_err(stream)?;
    z.write_all(b"1.0.0\n").map_err(stream)?;
    for (path, inside) in files {
        let mut from = open(path).map_err(|e| stream(format!("{e}: {}", path.display())))?;
        z.start_file(inside, SimpleFileOptions::default().compression_method(CompressionMethod::Stored).large_file(true))
            .map_err(stream)?;
        std::io::copy(&mut from, &mut z).map_err(|e| stream(format!("{e}: {}", path.display())))?;
    }
    z.finish().map_err(stream)?;
    Ok(())
}

/// An archive that has been looked into.
pub struct Archive<R> {
    zip: ::zip::ZipArchive<R>,
    /// The timeline's text.
    pub content: String,
    /// Media inside, as `media/name`, in the archive's order; each name is plain, without folders.
    pub media: Vec<String>,
}

/// Looks into an archive of `size` bytes.
///
/// # Errors
/// No zip, no timeline in it, names that lead out of it, or far more in it than its size can hold.
pub(in crate::interchange) fn open<R: Read + Seek>(from: R, size: u64) -> Result<Archive<R>, InterchangeError> {
    let mut zip = ::zip::ZipArchive::new(from).map_err(|e| archive(e.to_string()))?;
    if zip.len() > MAX_ENTRIES {
        return Err(InterchangeError::TooMuch);
    }
    let (mut media, mut total, mut seen) = (Vec::new(), 0u64, HashSet::new());
    for i in 0..zip.len() {
        let entry = zip.by_index_raw(i).map_err(|e| archive(e.to_string()))?;
        let name = entry.name().to_owned();
        total = total.saturating_add(entry.size());
        if entry.is_symlink() {
            return Err(archive(name));
        }
        if entry.is_dir() || matches!(name.as_str(), "content.otio" | "version.txt") {
            continue;
        }
        let plain = name.strip_prefix("media/").filter(|n| is_plain(n));
        if plain.is_none() || !seen.insert(name.to_lowercase()) {
            return Err(archive(name));
        }
        media.push(name);
    }
    if total > size.saturating_mul(MAX_RATIO).max(MAX_BYTES) {
        return Err(archive(format!("{total} B")));
    }
    let entry = zip.by_name("content.otio").map_err(|_| InterchangeError::NoTimeline)?;
    if entry.size() > MAX_BYTES {
        return Err(InterchangeError::TooLarge { mib: MAX_BYTES >> 20 });
    }
    let mut bytes = Vec::new();
    entry.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| archive(e.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(InterchangeError::TooLarge { mib: MAX_BYTES >> 20 });
    }
    let content = String::from_utf8(bytes).map_err(|_| InterchangeError::NotText)?;
    Ok(Archive { zip, content, media })
}

impl<R: Read + Seek> Archive<R> {
    /// Unpacks one of [`Self::media`]; not more than the archive says that it holds.
    ///
    /// # Errors
    /// A stream fails, or the entry is damaged.
    pub fn unpack(&mut self, name: &str, to: &mut dyn Write) -> Result<u64, InterchangeError> {
        let entry = self.zip.by_name(name).map_err(|e| archive(e.to_string()))?;
        let size = entry.size();
        let copied = std::io::copy(&mut entry.take(size), to).map_err(stream)?;
        if copied == size { Ok(copied) } else { Err(archive(name)) }
    }
}

/// Whether a name is one of a file, on any system.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0', ':'])
}
