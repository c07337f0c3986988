//! Timelines of other programs: OTIO, FCPXML, xmeml, CMX3600 and cut lists, read and written, with a report of what is lost.
//!
//! Pure: bytes in, bytes out. Files, and whatever touches them, belong to the caller. Nothing here looks whether a media is
//! there, and nothing reaches into the network: a URL is text.
//!
//! Writing goes in three steps: `reduce` makes a timeline that the format holds whole and reports what that costs, a writer
//! writes it, and what was written is read back and must be the same.

mod build;
pub mod captions;
mod carries;
mod cicp;
mod colors;
mod csv;
mod edl;
mod error;
mod fcpxml;
mod losses;
pub mod otio;
mod pieces;
mod rate;
mod reduce;
mod same;
mod speed;
mod target;
#[cfg(test)]
mod tests;
pub mod transcript;
mod url;
mod xmeml;
mod xml;

pub use error::InterchangeError;
pub use losses::{Grade, Loss, Losses, Place};
pub use otio::zip::Archive;
pub use target::Target;

use crate::{
    base::{FrameRate, MediaId, MediaInfo, Stamp, Time},
    model::{Media, MediaFile, Project},
};
use std::{
    io::{Read, Seek, Write},
    path::Path,
    sync::Arc,
};

/// Largest file that is read whole: a text of this size is a hundred hours of cuts.
pub const MAX_BYTES: u64 = 64 << 20;

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// OpenTimelineIO.
    Otio,
    /// OpenTimelineIO with its media, in one zip.
    Otioz,
    /// Final Cut Pro, Resolve.
    Fcpxml,
    /// Final Cut Pro 7's XML, which Premiere and Resolve read.
    Xmeml,
    /// CMX3600 edit decision list, one for each video track.
    Edl,
    /// A list of cuts for a spreadsheet; written only.
    Csv,
}

impl Format {
    pub const ALL: [Self; 6] = [Self::Otio, Self::Otioz, Self::Fcpxml, Self::Xmeml, Self::Edl, Self::Csv];

    /// By a file's extension; `.fcpxmld` is a folder with an FCPXML inside.
    pub fn of(path: &Path) -> Option<Self> {
        let e = path.extension()?.to_str()?.to_ascii_lowercase();
        if e == "fcpxmld" {
            return Some(Self::Fcpxml);
        }
        Self::ALL.into_iter().find(|f| f.extension() == e)
    }
    pub fn extension(self) -> &'static str {
        match self {
            Self::Otio => "otio",
            Self::Otioz => "otioz",
            Self::Fcpxml => "fcpxml",
            Self::Xmeml => "xml",
            Self::Edl => "edl",
            Self::Csv => "csv",
        }
    }
    pub fn can_read(self) -> bool {
        self != Self::Csv
    }
}

/// Versions of FCPXML that are written, by their minor number.
pub const FCPXML_VERSIONS: [u8; 5] = [9, 10, 11, 12, 13];

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    pub target: Target,
    /// One of [`FCPXML_VERSIONS`]; what the target likes unless given.
    pub fcpxml_version: Option<u8>,
    /// Label of the first frame; the sequence's own unless given, and 01:00:00:00 where that is zero.
    pub start: Option<String>,
}

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions<'a> {
    /// What the document is called where the file does not say.
    pub name: &'a str,
    /// Folder that relative paths are taken from; absolute.
    pub base: &'a Path,
    /// Media that are known already: clips of the same file, or of the same file name where there is no path, show them.
    pub known: &'a [Arc<Media>],
    /// Frame rate, for formats that do not say one (EDL).
    pub rate: Option<FrameRate>,
    /// Take half frames that Resolve wants off again; see the table of targets.
    pub nudged: bool,
}

impl<'a> ReadOptions<'a> {
    pub fn new(name: &'a str, base: &'a Path) -> Self {
        Self { name, base, known: &[], rate: None, nudged: false }
    }
}

/// A file that was written: what to add to the name's stem (`-V2`), and its bytes.
#[derive(Clone, Debug)]
pub struct Part {
    pub suffix: String,
    pub bytes: Vec<u8>,
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Written {
    /// One, but for EDL, which has one for each video track.
    pub parts: Vec<Part>,
    pub losses: Losses,
}

/// What would be lost, without writing. Says less than [`write`] by what only shows on the way (rounded source points).
pub fn preview(project: &Project, format: Format, options: &WriteOptions) -> Losses {
    reduce::reduce(project, format, options).1
}

/// Writes the open sequence.
///
/// # Errors
/// Nothing to write, or what was written does not read back as it was meant: that is a defect, and no file is better than a
/// wrong one. For [`Format::Otioz`] use [`write_archive`].
pub fn write(project: &Project, format: Format, options: &WriteOptions) -> Result<Written, InterchangeError> {
    let (written, meant) = write_unchecked(project, format, options)?;
    for (part, meant) in written.parts.iter().zip(&meant) {
        check(&part.bytes, format, meant, options)?;
    }
    Ok(written)
}

/// [`write`] before it reads back what it wrote; with what each part should read back as (nothing for formats that are written
/// only). For measuring beside programs that do not check.
///
/// # Errors
/// As for [`write`], but for what the check finds.
pub fn write_unchecked(project: &Project, format: Format, options: &WriteOptions) -> Result<(Written, Vec<Project>), InterchangeError> {
    if project.sequence.duration() == 0 {
        return Err(InterchangeError::NothingToWrite);
    }
    let (reduced, mut losses) = reduce::reduce(project, format, options);
    let whole = |bytes| Part { suffix: String::new(), bytes };
    let (bytes, more) = match format {
        Format::Otio => otio::write(&reduced, options, None)?,
        Format::Fcpxml => fcpxml::write(&reduced, options)?,
        Format::Xmeml => xmeml::write(&reduced, options)?,
        Format::Csv => return Ok((Written { parts: vec![whole(csv::write(&reduced).into_bytes())], losses }, Vec::new())),
        Format::Otioz => return Err(InterchangeError::NotRead { what: "otioz".into() }),
        Format::Edl => {
            let (parts, meant) = edl::write(&reduced, &mut losses)?.into_iter().map(|(s, b, m)| (Part { suffix: s, bytes: b }, m)).unzip();
            return Ok((Written { parts, losses }, meant));
        }
    };
    losses.extend(more);
    Ok((Written { parts: vec![whole(bytes)], losses }, vec![reduced]))
}

/// Reads what was written and compares.
fn check(bytes: &[u8], format: Format, meant: &Project, options: &WriteOptions) -> Result<(), InterchangeError> {
    let known: Vec<Arc<Media>> = meant.media.values().cloned().collect();
    let base = if cfg!(windows) { Path::new("C:\\") } else { Path::new("/") };
    let read_options = ReadOptions {
        known: &known,
        rate: Some(meant.sequence.frame_rate),
        nudged: options.target.flavour().ntsc_nudge,
        ..ReadOptions::new(&meant.name, base)
    };
    let (got, _) = read(bytes, format, &read_options)?;
    let differences = same::differences(meant, &got);
    if differences.is_empty() { Ok(()) } else { Err(InterchangeError::Mismatch { differences }) }
}

/// Writes an `.otioz` archive; `open` gives each media's bytes.
///
/// # Errors
/// As for [`write`]; and a stream that fails, a media that cannot be opened.
pub fn write_archive<R: Read>(
    project: &Project,
    options: &WriteOptions,
    out: impl Write + Seek,
    open: &mut dyn FnMut(&Path) -> std::io::Result<R>,
) -> Result<Losses, InterchangeError> {
    let (reduced, mut losses) = reduce::reduce(project, Format::Otio, options);
    if reduced.sequence.duration() == 0 {
        return Err(InterchangeError::NothingToWrite);
    }
    let (addresses, files) = otio::zip::addresses(&reduced);
    let (bytes, more) = otio::write(&reduced, options, Some(&addresses))?;
    losses.extend(more);
    let mut inside = reduced.clone();
    let root = if cfg!(windows) { "C:\\" } else { "/" };
    for ((_, m), (_, name)) in inside.media.iter_mut().zip(&files) {
        Arc::make_mut(m).file.path = Path::new(root).join(name);
    }
    check(&bytes, Format::Otio, &inside, options)?;
    otio::zip::pack(out, &bytes, &files, open)?;
    Ok(losses)
}

/// Looks into an `.otioz` archive of `size` bytes. Its text is then read with [`read`] as [`Format::Otio`].
///
/// # Errors
/// No archive, no timeline in it, or one that would unpack into something else than its media.
pub fn open_archive<R: Read + Seek>(from: R, size: u64) -> Result<Archive<R>, InterchangeError> {
    otio::zip::open(from, size)
}

/// Reads a timeline.
///
/// # Errors
/// The file is not what its format demands, holds times or rates that cannot be, or no timeline.
pub fn read(bytes: &[u8], format: Format, options: &ReadOptions<'_>) -> Result<(Project, Losses), InterchangeError> {
    if bytes.len() as u64 > MAX_BYTES {
        return Err(InterchangeError::TooLarge { mib: MAX_BYTES >> 20 });
    }
    let text = text_of(bytes, format == Format::Edl)?;
    match format {
        Format::Otio => otio::read(&text, options),
        Format::Fcpxml => fcpxml::read(&text, options),
        Format::Xmeml => xmeml::read(&text, options),
        Format::Edl => edl::read(&text, options),
        Format::Otioz => Err(InterchangeError::NotRead { what: "otioz".into() }),
        Format::Csv => Err(InterchangeError::NotRead { what: "csv".into() }),
    }
}

/// The text of a file: UTF-8 with or without mark; what is `old` may be Latin-1.
fn text_of(bytes: &[u8], old: bool) -> Result<std::borrow::Cow<'_, str>, InterchangeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // in blocks, since a search that stops at the first takes longer than to look at all
    if bytes.chunks(4096).any(|block| block.iter().fold(false, |found, b| found | (*b == 0))) {
        return Err(InterchangeError::NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) if old => Ok(bytes.iter().map(|b| char::from(*b)).collect::<String>().into()),
        Err(_) => Err(InterchangeError::NotText),
    }
}

/// Puts what a file really is in the place of what a timeline said about it. Source points count from the media's first frame:
/// where its label is another than was said, they move with it.
pub fn adopt(project: &mut Project, id: MediaId, stamp: Stamp, info: MediaInfo) {
    let rate = project.sequence.frame_rate;
    let Some(entry) = project.media.get_mut(&id) else { return };
    let media = Arc::make_mut(entry);
    let before = pieces::media_start_time(media, rate);
    media.info = info;
    media.file = MediaFile::new(std::mem::take(&mut media.file.path), stamp);
    let after = pieces::media_start_time(media, rate);
    if before == after {
        return;
    }
    let shift = |s: &mut crate::model::Sequence| {
        for t in &mut s.tracks {
            for c in &mut Arc::make_mut(t).clips {
                if c.media() == Some(id)
                    && let Some((source_in, _)) = Arc::make_mut(c).content.source_mut()
                {
                    *source_in = (*source_in + before - after).max(Time::ZERO);
                }
            }
        }
    };
    shift(Arc::make_mut(&mut project.sequence));
    project.others.values_mut().for_each(|s| shift(Arc::make_mut(s)));
}

/// Whether a media's name is that of a single picture.
fn is_still_name(name: &str) -> bool {
    let ext = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ext.as_str(), "png" | "jpg" | "jpeg" | "webp" | "tif" | "tiff" | "bmp" | "gif" | "psd" | "tga" | "exr" | "heic")
}
