//! The encoder as the rest of the program sees it.

use super::{Container, EncodeError, EncodeSettings, VideoCodec, part::io_error, png::PngWriter, stream::StreamWriter};
use crate::{
    base::{MIX_RATE, Picture, PixelFormat, Time},
    media::{self, MediaError},
};
use std::path::{Path, PathBuf};

/// Writes one file (or one folder of PNG files). One thread owns it.
///
/// Pictures and sound are pushed in step: the sound up to a picture's time before the picture. Dropping it without
/// [`Encoder::finish`] cancels: no file remains.
pub struct Encoder {
    writer: Writer,
    settings: EncodeSettings,
    path: PathBuf,
    format: PixelFormat,
}

enum Writer {
    Stream(Box<StreamWriter>),
    Pngs(PngWriter),
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeReport {
    pub path: PathBuf,
    pub frames: u64,
    /// Samples of sound a channel.
    pub samples: u64,
    /// The longer of pictures and sound.
    pub duration: Time,
    pub bytes: u64,
    /// GStreamer's name of the video encoder, empty without pictures.
    pub encoder: String,
    pub hardware: bool,
}

impl Encoder {
    /// Opens the file for writing, as `NAME.part` beside `path`, and starts the encoder.
    ///
    /// # Errors
    /// The folder cannot be written (with the system's reason), the disk has less room than expected, an encoder is
    /// missing (with its package), codec and container do not go together, or the size is impossible for the codec.
    pub fn create(path: &Path, settings: &EncodeSettings) -> Result<Self, MediaError> {
        media::init()?;
        Ok(Self::open(path, settings)?)
    }

    fn open(path: &Path, settings: &EncodeSettings) -> Result<Self, EncodeError> {
        check(settings)?;
        if let Some(needed) = settings.expected_bytes {
            check_space(path, needed)?;
        }
        let (writer, format) = if settings.container == Container::Png {
            let ten = settings.video.as_ref().is_some_and(|v| v.ten_bit);
            (Writer::Pngs(PngWriter::create(path)?), if ten { PixelFormat::Rgba16 } else { PixelFormat::Rgba8 })
        } else {
            let w = StreamWriter::create(path, settings)?;
            let format = w.video_format().unwrap_or(PixelFormat::I420);
            (Writer::Stream(Box::new(w)), format)
        };
        Ok(Self { writer, settings: settings.clone(), path: path.to_owned(), format })
    }

    /// The layout that [`Encoder::push_video`] wants, in the settings' size and colours.
    pub fn video_format(&self) -> PixelFormat {
        self.format
    }

    /// The next picture. Blocks while enough pictures wait; the picture's bytes are shared, not copied.
    ///
    /// # Errors
    /// The picture has another size or layout, or encoding failed: then the true reason (disk full, …).
    pub fn push_video(&mut self, picture: &Picture) -> Result<(), MediaError> {
        let v = self.settings.video.as_ref().ok_or_else(|| EncodeError::BadInput("this file has no pictures".into()))?;
        if (picture.width, picture.height, picture.format) != (v.width, v.height, self.format) {
            let (w, h, f) = (picture.width, picture.height, picture.format);
            let text = format!("the encoder takes {:?} of {}×{}, not {f:?} of {w}×{h}", self.format, v.width, v.height);
            return Err(EncodeError::BadInput(text).into());
        }
        match &mut self.writer {
            Writer::Stream(s) => s.push_video(picture)?,
            Writer::Pngs(p) => p.push(picture)?,
        }
        Ok(())
    }

    /// The next samples, left and right in turn, at 48 kHz.
    ///
    /// # Errors
    /// An odd number of values, no sound in the settings, or encoding failed.
    pub fn push_audio(&mut self, samples: &[f32]) -> Result<(), MediaError> {
        match &mut self.writer {
            Writer::Stream(s) => Ok(s.push_audio(samples)?),
            Writer::Pngs(_) => Err(EncodeError::BadInput("PNG files have no sound".into()).into()),
        }
    }

    /// Codes what is still waiting, puts the file on the disk and gives it its name.
    ///
    /// # Errors
    /// Encoding or writing failed; then no file remains.
    pub fn finish(self) -> Result<EncodeReport, MediaError> {
        let (encoder, hardware) = match &self.writer {
            Writer::Stream(s) => s.chosen().map_or((String::new(), false), |c| (c.element.factory.to_owned(), c.element.hardware)),
            Writer::Pngs(_) => ("png".to_owned(), false),
        };
        let (frames, samples) = match self.writer {
            Writer::Stream(s) => s.finish(None)?,
            Writer::Pngs(p) => (p.finish()?, 0),
        };
        let pictures = self.settings.video.as_ref().map_or(Time::ZERO, |v| Time::from_frames(frames as i64, v.rate));
        Ok(EncodeReport {
            bytes: size_of(&self.path),
            path: self.path,
            frames,
            samples,
            duration: pictures.max(Time::from_samples(samples as i64, MIX_RATE)),
            encoder,
            hardware,
        })
    }
}

/// Bytes of a file, or of the files of a folder.
fn size_of(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(files) => files.flatten().filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |m| m.len()),
    }
}

/// What no encoder could do.
pub(super) fn check(s: &EncodeSettings) -> Result<(), EncodeError> {
    let container = s.container.name();
    if s.video.is_none() && s.audio.is_none() {
        return Err(EncodeError::BadInput("there is neither picture nor sound to write".into()));
    }
    if let Some(v) = &s.video {
        if !s.container.takes_video(v.codec) {
            return Err(EncodeError::Mismatch { what: v.codec.name(), container });
        }
        let small = matches!(v.codec, VideoCodec::Hevc);
        let least = if small { 16 } else { 1 };
        if v.width.min(v.height) < least || v.width.max(v.height) > 16384 {
            return Err(EncodeError::BadInput(format!("{} cannot hold pictures of {}×{}", v.codec.name(), v.width, v.height)));
        }
        let halves_rows = matches!(v.codec, VideoCodec::H264 | VideoCodec::Hevc);
        if (halves_rows || v.codec == VideoCodec::ProRes) && v.width % 2 == 1 || halves_rows && v.height % 2 == 1 {
            let text = format!("{} needs even sides, not {}×{}", v.codec.name(), v.width, v.height);
            return Err(EncodeError::BadInput(text));
        }
    }
    match &s.audio {
        Some(a) if !s.container.takes_audio(a.codec) => Err(EncodeError::Mismatch { what: a.codec.name(), container }),
        _ => Ok(()),
    }
}

/// See that the folder of `path` has room for so many bytes.
pub(super) fn check_space(path: &Path, needed: u64) -> Result<(), EncodeError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let free = free_in(folder).map_err(|e| io_error(path, &e))?;
    if free < needed { Err(EncodeError::NotEnoughSpace { needed, free, path: path.to_owned() }) } else { Ok(()) }
}

/// Bytes that an unprivileged program may still write in a folder.
#[cfg(unix)]
pub(super) fn free_in(folder: &Path) -> std::io::Result<u64> {
    use std::os::unix::ffi::OsStrExt;
    let c = std::ffi::CString::new(folder.as_os_str().as_bytes())?;
    let mut s = std::mem::MaybeUninit::<libc::statvfs>::zeroed();
    // SAFETY: `c` is a C string and `s` has room for the answer; it is read only after success.
    let s = unsafe {
        if libc::statvfs(c.as_ptr(), s.as_mut_ptr()) != 0 {
            return Err(std::io::Error::last_os_error());
        }
        s.assume_init()
    };
    #[allow(clippy::useless_conversion)] // narrower on some systems
    Ok(u64::from(s.f_bavail).saturating_mul(u64::from(s.f_frsize)))
}
#[cfg(not(unix))]
pub(super) fn free_in(_: &Path) -> std::io::Result<u64> {
    Ok(u64::MAX) // the write itself reports a full disk
}
