//! Encoding that can be interrupted: the pictures are coded in segments that stay on the disk as they are finished, and joined with the sound at
//! the end without coding them again.
//!
//! A job that is begun anew goes on behind its last finished segment. Since each segment has an encoder of its own, the pictures
//! are the same, byte for byte, as without an interruption. One thread owns it; a second one codes the end of a segment while the
//! next has begun.

use super::{
    EncodeError, EncodeReport, EncodeSettings, VideoCodec,
    available::{self, Chosen},
    encoder::check,
    packets::{self, Manifest, PacketReader},
    part::io_error,
    room::Film,
    segment::Segment,
    stream::{Coded, StreamWriter, frame_time},
};
use crate::{
    base::{FLICKS_PER_SEC, MIX_RATE, Picture, PixelFormat, Time},
    media::{self, MediaError},
};
use gstreamer as gst;
use std::{
    fs,
    path::{Path, PathBuf},
    thread::JoinHandle,
};

/// About so long is a segment: little is lost by an interruption, and little by beginning anew.
const SEGMENT_SECS: u64 = 10;
/// The file that says what the segments of a folder are of.
const RECIPE: &str = "recipe.txt";

/// What a work folder is for.
#[derive(Clone, Copy, Debug)]
pub struct Aim<'a> {
    /// Stands for everything that the pictures depend on: parts of another recipe or of other settings are thrown away.
    pub recipe: &'a str,
    /// The film that the parts will be, as errors name it.
    pub output: &'a Path,
    /// Pictures of the whole film.
    pub frames: u64,
}

/// Codes pictures into a work folder. See the module.
pub struct SegmentedEncoder {
    folder: PathBuf,
    film: Film,
    settings: EncodeSettings,
    chosen: Chosen,
    segment_frames: u64,
    done: Vec<Manifest>,
    open: Option<Segment>,
    /// The segment before, whose end is still being coded.
    ending: Option<JoinHandle<Result<Manifest, EncodeError>>>,
    frames: u64,
}

impl SegmentedEncoder {
    /// Whether files of these settings can be made in segments: those with pictures, but not folders of pictures.
    pub fn can(settings: &EncodeSettings) -> bool {
        settings.video.as_ref().is_some_and(|v| v.codec != VideoCodec::Png)
    }

    /// Go on in `folder`, or begin there.
    ///
    /// # Errors
    /// As [`super::Encoder::create`], of the folder.
    pub fn open(folder: &Path, settings: &EncodeSettings, aim: Aim<'_>) -> Result<Self, MediaError> {
        media::init()?;
        Ok(Self::begin(folder, settings, aim)?)
    }

    fn begin(folder: &Path, settings: &EncodeSettings, aim: Aim<'_>) -> Result<Self, EncodeError> {
        check(settings)?;
        let bad = |e: std::io::Error| io_error(folder, &e);
        fs::create_dir_all(folder).map_err(bad)?;
        let Some(v) = &settings.video else { return Err(EncodeError::BadInput("this file has no pictures".into())) };
        let film = Film { output: aim.output.to_owned(), frames: aim.frames, container: settings.container };
        if let Some(needed) = settings.expected_bytes {
            film.check(folder, needed)?;
        }
        let chosen = available::choose(v)?;
        let recipe = format!("{}\n{:?} {v:?} {}\n", aim.recipe, settings.container, chosen.element.factory);
        if fs::read_to_string(folder.join(RECIPE)).ok().as_ref() != Some(&recipe) {
            clear(folder).map_err(bad)?;
            fs::write(folder.join(RECIPE), &recipe).map_err(|e| film.while_coding(bad(e), folder, 0, 0, 0))?;
        }
        let segment_frames = (SEGMENT_SECS * u64::from(v.rate.num())).div_ceil(u64::from(v.rate.den())).max(1);
        let mut done: Vec<Manifest> = Vec::new();
        while let Some(m) = packets::finished(folder, done.len()) {
            // a shorter one was the last of its run, and more may follow it now
            if m.times.len() as u64 != segment_frames || done.first().is_some_and(|f| f.caps != m.caps) {
                break;
            }
            done.push(m);
        }
        let frames = done.iter().map(|m| m.times.len() as u64).sum();
        let folder = folder.to_owned();
        Ok(Self { folder, film, settings: settings.clone(), chosen, segment_frames, done, open: None, ending: None, frames })
    }

    /// Pictures that need not be pushed again: go on with the one of this number.
    pub fn finished_frames(&self) -> u64 {
        self.frames
    }

    /// The layout that [`SegmentedEncoder::push`] wants, in the settings' size and colours.
    pub fn video_format(&self) -> PixelFormat {
        self.chosen.format
    }

    /// The next picture, at the settings' constant rate.
    ///
    /// # Errors
    /// As [`super::Encoder::push_video`].
    pub fn push(&mut self, picture: &Picture) -> Result<(), MediaError> {
        let Some(rate) = self.settings.video.as_ref().map(|v| v.rate) else { return Ok(()) };
        let (start, end) = (frame_time(self.frames, rate), frame_time(self.frames + 1, rate));
        Ok(self.take(picture, start.nseconds(), end.nseconds()).map_err(|e| self.told(e))?)
    }

    /// The next picture of a file of variable rate, shown from `start` to `end`, counted from the first picture.
    ///
    /// # Errors
    /// As [`super::Encoder::push_video`].
    pub fn push_at(&mut self, picture: &Picture, start: Time, end: Time) -> Result<(), MediaError> {
        Ok(self.take(picture, nanos(start), nanos(end)).map_err(|e| self.told(e))?)
    }

    fn told(&self, e: EncodeError) -> EncodeError {
        let done = self.done.iter().map(|m| m.bytes).sum();
        self.film.while_coding(e, &self.folder, self.frames, done, self.open.as_ref().map_or(0, Segment::bytes))
    }

    fn take(&mut self, picture: &Picture, start: u64, end: u64) -> Result<(), EncodeError> {
        if self.open.as_ref().is_some_and(|s| s.frames() >= self.segment_frames) {
            self.close(true)?;
        }
        let Some(v) = &self.settings.video else { return Err(EncodeError::BadInput("this file has no pictures".into())) };
        if (picture.width, picture.height, picture.format) != (v.width, v.height, self.chosen.format) {
            let (w, h, f) = (picture.width, picture.height, picture.format);
            let wanted = self.chosen.format;
            let text = format!("the encoder takes {wanted:?} of {}×{}, not {f:?} of {w}×{h}", v.width, v.height);
            return Err(EncodeError::BadInput(text));
        }
        let segment = match &mut self.open {
            Some(s) => s,
            None => {
                let number = self.done.len() + usize::from(self.ending.is_some());
                self.open.insert(Segment::create(&self.folder, number, v, self.settings.container, self.chosen)?)
            }
        };
        segment.push(picture, start, end)?;
        self.frames += 1;
        Ok(())
    }

    /// End the open segment beside whatever comes next.
    fn close(&mut self, for_good: bool) -> Result<(), EncodeError> {
        self.settle()?;
        if let Some(segment) = self.open.take() {
            let spawned = std::thread::Builder::new().name("encode end".into()).spawn(move || segment.finish(for_good));
            self.ending = Some(spawned.map_err(|e| EncodeError::Failed(e.to_string()))?);
        }
        Ok(())
    }

    fn settle(&mut self) -> Result<(), EncodeError> {
        if let Some(ending) = self.ending.take() {
            let manifest = ending.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            if self.done.first().is_some_and(|f| f.caps != manifest.caps) {
                return Err(EncodeError::Failed("the encoder changed its stream's headers between two parts".into()));
            }
            self.done.push(manifest);
        }
        Ok(())
    }

    /// All pictures are pushed: codes what is still waiting, then begins the file at `path`. What was finished stays in the folder.
    ///
    /// # Errors
    /// Encoding failed, or the file's folder cannot be written.
    pub fn join(mut self, path: &Path) -> Result<Joiner, MediaError> {
        // the last part goes into the film at once, and the film is then put on the disk for good
        self.close(false).and_then(|()| self.settle()).map_err(|e| self.told(e))?;
        let (film, whole) = (self.film.clone(), self.done.iter().map(|m| m.bytes).sum());
        Ok(Joiner::begin(self, path).map_err(|e| film.while_joining(e, whole))?)
    }
}

/// Without an end for a segment that is not finished: what is not sealed does not count.
impl Drop for SegmentedEncoder {
    fn drop(&mut self) {
        if let Some(ending) = self.ending.take() {
            let _ = ending.join();
        }
    }
}

/// Puts finished segments and sound into one file. Sound up to a picture's time comes before the picture. Dropping it without
/// [`Joiner::finish`] leaves no file.
pub struct Joiner {
    writer: StreamWriter,
    film: Film,
    settings: EncodeSettings,
    path: PathBuf,
    folder: PathBuf,
    segments: Vec<Manifest>,
    /// Start of every picture, in the order shown.
    times: Vec<u64>,
    end: u64,
    /// How much earlier than shown pictures are decoded, so that none is shown before it is.
    delay: u64,
    at: usize,
    reading: Option<(PacketReader, Vec<usize>)>,
    /// Pictures of the segments before the one that is read, and within it.
    before: usize,
    within: usize,
    variable: bool,
}

impl Joiner {
    fn begin(encoder: SegmentedEncoder, path: &Path) -> Result<Self, EncodeError> {
        let mut encoder = encoder;
        let segments = std::mem::take(&mut encoder.done);
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else {
            return Err(EncodeError::BadInput("there is neither picture nor sound to write".into()));
        };
        let caps: gst::Caps = first.caps.parse().map_err(|e| EncodeError::Failed(format!("caps {}: {e}", first.caps)))?;
        let (times, end): (Vec<u64>, u64) = (segments.iter().flat_map(|m| m.times.iter().copied()).collect(), last.end);
        let (mut delay, mut before) = (0, 0);
        for (n, m) in segments.iter().enumerate() {
            let path = packets::names(&encoder.folder, n).0;
            for (i, rank) in PacketReader::ranks(&path).map_err(|e| io_error(&path, &e))?.into_iter().enumerate() {
                if let (Some(decoded), Some(shown)) = (times.get(before + i), times.get(before + rank)) {
                    delay = delay.max(decoded.saturating_sub(*shown));
                }
            }
            before += m.times.len();
        }
        let variable = encoder.settings.video.as_ref().is_some_and(|v| v.variable);
        let coded = Coded { caps, variable };
        let writer = StreamWriter::of_packets(path, &encoder.settings, &coded)?;
        Ok(Self {
            writer,
            film: encoder.film.clone(),
            settings: encoder.settings.clone(),
            path: path.to_owned(),
            folder: encoder.folder.clone(),
            segments,
            times,
            end,
            delay,
            at: 0,
            reading: None,
            before: 0,
            within: 0,
            variable,
        })
    }

    /// Hands on the next picture; false when there are no more.
    ///
    /// # Errors
    /// The file cannot be written, or a finished part cannot be read any more.
    pub fn push_picture(&mut self) -> Result<bool, MediaError> {
        Ok(self.next().map_err(|e| self.told(e))?)
    }

    fn told(&self, e: EncodeError) -> EncodeError {
        self.film.while_joining(e, self.segments.iter().map(|m| m.bytes).sum())
    }

    fn next(&mut self) -> Result<bool, EncodeError> {
        loop {
            let Some(manifest) = self.segments.get(self.at) else { return Ok(false) };
            let path = packets::names(&self.folder, self.at).0;
            let bad = |e: std::io::Error| io_error(&path, &e);
            if self.reading.is_none() {
                self.reading = Some((PacketReader::open(&path).map_err(bad)?, PacketReader::ranks(&path).map_err(bad)?));
            }
            let Some((reader, ranks)) = &mut self.reading else { return Ok(false) };
            let Some(packet) = reader.next().map_err(bad)? else {
                self.before += manifest.times.len();
                (self.reading, self.within, self.at) = (None, 0, self.at + 1);
                continue;
            };
            let shown = self.before + ranks.get(self.within).copied().unwrap_or(self.within);
            let (pts, decoded) = (self.time(shown), self.time(self.before + self.within));
            let duration = self.time(shown + 1).saturating_sub(pts);
            self.within += 1;
            let dts = i64::try_from(decoded).unwrap_or(i64::MAX) - i64::try_from(self.delay).unwrap_or(0);
            self.writer.push_packet(packet.data, packet.key, (pts, dts), duration)?;
            return Ok(true);
        }
    }

    fn time(&self, i: usize) -> u64 {
        self.times.get(i).copied().unwrap_or(self.end)
    }

    /// The next samples, left and right in turn, at 48 kHz.
    ///
    /// # Errors
    /// As [`super::Encoder::push_audio`].
    pub fn push_audio(&mut self, samples: &[f32]) -> Result<(), MediaError> {
        Ok(self.writer.push_audio(samples).map_err(|e| self.told(e))?)
    }

    /// Puts the file on the disk and gives it its name.
    ///
    /// # Errors
    /// Writing failed; then no file remains.
    pub fn finish(self) -> Result<EncodeReport, MediaError> {
        let Self { writer, film, settings, path, segments, end, variable, .. } = self;
        let whole = segments.iter().map(|m| m.bytes).sum();
        let (frames, samples) = writer.finish(variable.then_some(end)).map_err(|e| film.while_joining(e, whole))?;
        let constant = settings.video.as_ref().map_or(Time::ZERO, |v| Time::from_frames(frames as i64, v.rate));
        let pictures = if variable { Time::from_nanos(end) } else { constant };
        let (encoder, hardware) = segments.first().map_or((String::new(), false), |m| (m.encoder.clone(), m.hardware));
        let bytes = fs::metadata(&path).map_or(0, |m| m.len());
        let duration = pictures.max(Time::from_samples(samples as i64, MIX_RATE));
        Ok(EncodeReport { path, frames, samples, duration, bytes, encoder, hardware })
    }
}

/// The first nanosecond that lies in what starts at `t`; before zero counts as zero.
pub(super) fn nanos(t: Time) -> u64 {
    let ns = (i128::from(t.0) * 1_000_000_000).div_euclid(i128::from(FLICKS_PER_SEC));
    let exact = i128::from(t.0) * 1_000_000_000 == ns * i128::from(FLICKS_PER_SEC);
    u64::try_from(if exact { ns } else { ns + 1 }).unwrap_or(0)
}

/// Throw away what earlier runs left in a folder of segments; nothing else.
fn clear(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)?.flatten() {
        let path = entry.path();
        let ours = path.extension().is_some_and(|e| ["packets", "json", "part"].iter().any(|known| e == *known));
        if ours || path.file_name().is_some_and(|n| n == RECIPE) {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
