//! Timelines of other programs on the disk: reading, writing, and what their media really are. Blocking; for scripts, and for
//! the window on threads of their own.

use super::batch;
use crate::{
    base::{FrameRate, Trouble, UserError},
    engine::stamp_of,
    interchange::{self, Archive, Format, Losses, Place, ReadOptions, Target, WriteOptions},
    model::{Media, Project, is_language_tag},
    store::write_atomic,
};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// How to convert.
#[derive(Clone, Debug, Default)]
pub struct ConvertOptions {
    pub write: WriteOptions,
    /// Frame rate of a list that says none.
    pub rate: Option<FrameRate>,
    /// Look into media outside of the timeline's folder too.
    pub all_media: bool,
}

/// What was converted.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// The file that was asked for, and what had to lie beside it.
    pub outputs: Vec<PathBuf>,
    /// Lines of the loss report, reading and writing together.
    pub warnings: Vec<String>,
    pub unsupported: Vec<String>,
}

impl Converted {
    fn note(&mut self, losses: &Losses) {
        self.warnings.extend(losses.warnings());
        self.unsupported.extend(losses.unsupported());
    }
}

fn trouble(e: &interchange::InterchangeError, path: &Path) -> Trouble {
    Trouble { text: format!("{e}: {}", path.display()), hint: e.hint() }
}

fn stream(e: &io::Error, path: &Path) -> Trouble {
    trouble(&interchange::InterchangeError::Stream { reason: e.to_string() }, path)
}

fn captions(path: &Path) -> Option<interchange::captions::CaptionFormat> {
    use interchange::captions::CaptionFormat::{Srt, Vtt};
    let e = path.extension()?.to_str()?.to_ascii_lowercase();
    [("srt", Srt), ("vtt", Vtt)].into_iter().find(|(name, _)| *name == e).map(|(_, f)| f)
}

/// From one file to another: projects, timelines of other programs, captions.
///
/// # Errors
/// A file cannot be read or written, or is not what its name says; nothing to write; what was written does not read back.
pub fn convert(input: &Path, output: &Path, options: &ConvertOptions) -> Result<Converted, Trouble> {
    let mut done = Converted::default();
    if let (Some(_), Some(to)) = (captions(input), captions(output)) {
        let text = String::from_utf8(read_whole(input)?).map_err(|_| trouble(&interchange::InterchangeError::NotText, input))?;
        let cues = interchange::captions::read(&text).map_err(|e| trouble(&e, input))?;
        write_atomic(output, interchange::captions::write(&cues, to).as_bytes()).map_err(|e| Trouble::of(&e))?;
        done.outputs.push(output.to_owned());
        return Ok(done);
    }
    let format = Format::of(output);
    if format.is_none() && captions(output).is_none() && !batch::is_project(output) {
        return Err(not_a_timeline(output));
    }
    let project = if Format::of(input).is_some() {
        let unpack = output.with_extension("media");
        let (project, losses) = read(input, options, Some(&unpack), &[])?;
        done.note(&losses);
        project
    } else if captions(input).is_some() {
        let (project, losses) = read_captions(input, options.rate.unwrap_or(FrameRate::FPS_25))?;
        done.note(&losses);
        project
    } else {
        batch::open(input)?
    };
    match format {
        None if captions(output).is_some() => {
            write_captions(&project, output)?;
            done.outputs.push(output.to_owned());
        }
        None => {
            batch::save(output, &project)?;
            done.outputs.push(output.to_owned());
        }
        Some(format) => {
            let (outputs, losses) = write(&project, output, format, &options.write)?;
            done.note(&losses);
            done.outputs = outputs;
        }
    }
    Ok(done)
}

/// Languages of ISO 639-1, two letters each. A caption file's name says its language as players look for it (`film.de.srt`); only
/// these count, since a name may have any other word there.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
                         eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
                         jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
                         nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq \
                         sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// The language that a caption file's name says; empty where it says none.
fn language_of(path: &Path) -> String {
    let stem = path.file_stem().map(|s| s.to_string_lossy()).unwrap_or_default();
    let tag = stem.rsplit_once('.').map_or("", |(_, tag)| tag);
    let known = tag.get(..2).is_some_and(|l| LANGUAGES.split(' ').any(|x| x == l)) && matches!(tag.as_bytes().get(2), None | Some(b'-'));
    if known && is_language_tag(tag) { tag.to_owned() } else { String::new() }
}

/// The end of a caption file's name, with the language where it is known: `de.srt`.
pub fn caption_extension(project: &Project) -> String {
    match project.sequence.caption_language.as_str() {
        "" => "srt".into(),
        language => format!("{language}.srt"),
    }
}

/// A timeline of nothing but a caption file's captions, at `rate`; in the language that the file's name says.
///
/// # Errors
/// The file cannot be read, or is no caption file.
pub fn read_captions(path: &Path, rate: FrameRate) -> Result<(Project, Losses), Trouble> {
    let text = String::from_utf8(read_whole(path)?).map_err(|_| trouble(&interchange::InterchangeError::NotText, path))?;
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let options = ReadOptions::new(&name, Path::new("/"));
    let (mut project, losses) = interchange::captions::timeline(&text, rate, &options).map_err(|e| trouble(&e, path))?;
    if !project.sequence.captions.is_empty() {
        Arc::make_mut(&mut project.sequence).caption_language = language_of(path);
    }
    Ok((project, losses))
}

/// Writes the open sequence's captions.
///
/// # Errors
/// It has none; the file cannot be written.
pub fn write_captions(project: &Project, output: &Path) -> Result<(), Trouble> {
    let format = captions(output).unwrap_or(interchange::captions::CaptionFormat::Srt);
    let cues = interchange::captions::of(&project.sequence);
    if cues.is_empty() {
        return Err(trouble(&interchange::InterchangeError::NoCaptions, output));
    }
    write_atomic(output, interchange::captions::write(&cues, format).as_bytes()).map_err(|e| Trouble::of(&e))
}

fn not_a_timeline(path: &Path) -> Trouble {
    let what = path.extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
    trouble(&interchange::InterchangeError::NotRead { what }, path)
}

/// Writes the open sequence; gives the files that were written, the one that was asked for first.
///
/// # Errors
/// As for [`convert`].
pub fn write(project: &Project, output: &Path, format: Format, options: &WriteOptions) -> Result<(Vec<PathBuf>, Losses), Trouble> {
    let (mut outputs, mut losses) = write_timeline(project, output, format, options)?;
    if !project.sequence.captions.is_empty() && format != Format::Fcpxml {
        // what the format has no place for lies beside it
        let beside = output.with_extension(format!("captions.{}", caption_extension(project)));
        write_captions(project, &beside)?;
        let name = beside.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        losses.warn(Place::Timeline, "interchange-captions-beside", name);
        outputs.push(beside);
    }
    Ok((outputs, losses))
}

fn write_timeline(project: &Project, output: &Path, format: Format, options: &WriteOptions) -> Result<(Vec<PathBuf>, Losses), Trouble> {
    if format == Format::Otioz {
        let losses = write_archive(project, output, options)?;
        return Ok((vec![output.to_owned()], losses));
    }
    let written = interchange::write(project, format, options).map_err(|e| trouble(&e, output))?;
    let folder = output.extension().is_some_and(|e| e.eq_ignore_ascii_case("fcpxmld"));
    let mut outputs = Vec::new();
    for part in &written.parts {
        let path = match (folder, part.suffix.as_str()) {
            (true, _) => {
                fs::create_dir_all(output).map_err(|e| stream(&e, output))?;
                output.join("Info.fcpxml")
            }
            (false, "") => output.to_owned(),
            (false, suffix) => {
                let stem = output.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
                output.with_file_name(format!("{stem}{suffix}.{}", format.extension()))
            }
        };
        write_atomic(&path, &part.bytes).map_err(|e| Trouble::of(&e))?;
        outputs.push(if folder { output.to_owned() } else { path });
    }
    Ok((outputs, written.losses))
}

fn write_archive(project: &Project, output: &Path, options: &WriteOptions) -> Result<Losses, Trouble> {
    let folder = output.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().prefix(".montage-ai-").suffix(".part").tempfile_in(folder).map_err(|e| stream(&e, output))?;
    let mut open = |path: &Path| fs::File::open(path);
    let losses =
        interchange::write_archive(project, options, io::BufWriter::new(file.as_file()), &mut open).map_err(|e| trouble(&e, output))?;
    file.as_file().sync_all().map_err(|e| stream(&e, output))?;
    file.persist(output).map_err(|e| stream(&e.error, output))?;
    Ok(losses)
}

/// A whole file, within the bound of what is read whole.
fn read_whole(path: &Path) -> Result<Vec<u8>, Trouble> {
    let size = fs::metadata(path).map_err(|e| stream(&e, path))?.len();
    if size > interchange::MAX_BYTES {
        return Err(trouble(&interchange::InterchangeError::TooLarge { mib: interchange::MAX_BYTES >> 20 }, path));
    }
    fs::read(path).map_err(|e| stream(&e, path))
}

/// Reads a timeline as a project, and looks into those of its media that lie in its folder (in any, where the options say
/// so). `unpack` is where the media of an archive go; `known` are media that it may show.
///
/// # Errors
/// As for [`convert`].
pub fn read(path: &Path, options: &ConvertOptions, unpack: Option<&Path>, known: &[Arc<Media>]) -> Result<(Project, Losses), Trouble> {
    let format = Format::of(path).filter(|f| f.can_read()).ok_or_else(|| not_a_timeline(path))?;
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
    let beside = whole.parent().unwrap_or(Path::new("/")).to_owned();
    let (bytes, base, format) = match format {
        Format::Otioz => {
            let folder = unpack.map_or_else(|| whole.with_extension("media"), |u| std::path::absolute(u).unwrap_or_else(|_| u.to_owned()));
            let mut archive = open_archive(path)?;
            unpack_media(&mut archive, &folder, path)?;
            (std::mem::take(&mut archive.content).into_bytes(), folder, Format::Otio)
        }
        _ if path.is_dir() => (read_whole(&path.join("Info.fcpxml"))?, beside, format),
        _ => (read_whole(path)?, beside, format),
    };
    let read_options = ReadOptions { known, rate: options.rate, ..ReadOptions::new(&name, &base) };
    let (mut project, mut losses) = interchange::read(&bytes, format, &read_options).map_err(|e| trouble(&e, path))?;
    look_into_media(&mut project, &mut losses, &base, options.all_media, known);
    Ok((project, losses))
}

fn open_archive(path: &Path) -> Result<Archive<io::BufReader<fs::File>>, Trouble> {
    let file = fs::File::open(path).map_err(|e| stream(&e, path))?;
    let size = file.metadata().map_err(|e| stream(&e, path))?.len();
    interchange::open_archive(io::BufReader::new(file), size).map_err(|e| trouble(&e, path))
}

/// Each file appears under its name when it is whole; one that is there already stays as it is.
fn unpack_media(archive: &mut Archive<io::BufReader<fs::File>>, folder: &Path, path: &Path) -> Result<(), Trouble> {
    for name in archive.media.clone() {
        let to = folder.join(&name);
        if to.exists() {
            continue;
        }
        let into = to.parent().unwrap_or(folder);
        fs::create_dir_all(into).map_err(|e| stream(&e, into))?;
        let mut file = tempfile::Builder::new().prefix(".montage-ai-").suffix(".part").tempfile_in(into).map_err(|e| stream(&e, into))?;
        archive.unpack(&name, &mut file).map_err(|e| trouble(&e, path))?;
        file.persist(&to).map_err(|e| stream(&e.error, &to))?;
    }
    Ok(())
}

/// Puts what files are in the place of what the timeline says about them.
fn look_into_media(project: &mut Project, losses: &mut Losses, base: &Path, all: bool, known: &[Arc<Media>]) {
    let base = base.canonicalize().unwrap_or_else(|_| base.to_owned());
    let media: Vec<_> = project.media.iter().map(|(id, m)| (*id, m.clone())).collect();
    for (id, m) in media {
        let path = &m.file.path;
        if known.iter().any(|k| k.file.path == *path) {
            continue;
        }
        let place = Place::Media(m.name.clone());
        let shown = path.display().to_string();
        // the text of the path decides before anything is looked at: a share must not be asked
        let inside = path.starts_with(&base) && !path.components().any(|c| c == std::path::Component::ParentDir);
        if !inside && !all {
            losses.warn(place, "interchange-media-outside", shown);
            continue;
        }
        let real = path.canonicalize();
        if !all && real.as_ref().is_ok_and(|r| !r.starts_with(&base)) {
            losses.warn(place, "interchange-media-outside", shown);
            continue;
        }
        if !real.is_ok_and(|r| r.is_file()) {
            losses.warn(place, "interchange-media-missing", shown);
            continue;
        }
        match batch::probe(path) {
            Ok(info) => interchange::adopt(project, id, stamp_of(path), info),
            Err(t) => losses.warn(place, "interchange-media-unreadable", t.text),
        }
    }
}

/// What would be lost on the way to `target`, line by line: warnings, and what is left out.
pub fn losses(project: &Project, format: Format, target: Target) -> (Vec<String>, Vec<String>) {
    let losses = interchange::preview(project, format, &WriteOptions { target, ..WriteOptions::default() });
    (losses.warnings(), losses.unsupported())
}
