//! A folder of numbered PNG files, coded on a few threads of its own.

use super::{EncodeError, part::io_error};
use crate::base::{Picture, PixelFormat};
use crossbeam::channel::{Receiver, Sender, bounded};
use image::{
    ExtendedColorType, ImageEncoder,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    thread::JoinHandle,
};

/// Pictures waiting or being coded, at most.
const ROOM: usize = 4;

/// Writes into `NAME.part/`, which becomes `NAME/` at the end. Removed on drop.
pub(super) struct PngWriter {
    target: PathBuf,
    part: PathBuf,
    jobs: Option<Sender<(u64, Picture)>>,
    failures: Receiver<EncodeError>,
    workers: Vec<JoinHandle<()>>,
    frames: u64,
    published: bool,
}

impl PngWriter {
    pub fn create(target: &Path) -> Result<Self, EncodeError> {
        let bad = |e: io::Error| io_error(target, &e);
        if target.is_file() {
            return Err(EncodeError::Unwritable { path: target.to_owned(), reason: "there is a file of that name".into() });
        }
        if fs::read_dir(target).is_ok_and(|mut d| d.next().is_some()) {
            return Err(EncodeError::Unwritable { path: target.to_owned(), reason: "the folder is not empty".into() });
        }
        let mut part = target.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        // what an export that was killed left behind
        match fs::remove_dir_all(&part) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(bad(e)),
            _ => {}
        }
        fs::create_dir(&part).map_err(bad)?;
        let threads = std::thread::available_parallelism().map_or(2, |n| n.get()).min(8);
        let (jobs, waiting) = bounded::<(u64, Picture)>(ROOM);
        let (report, failures) = bounded(threads);
        let mut writer = Self {
            target: target.to_owned(),
            part,
            jobs: Some(jobs),
            failures,
            workers: Vec::with_capacity(threads),
            frames: 0,
            published: false,
        };
        for n in 0..threads {
            let (waiting, report, folder, target) = (waiting.clone(), report.clone(), writer.part.clone(), writer.target.clone());
            let worker = std::thread::Builder::new().name(format!("png {n}")).spawn(move || {
                for (n, picture) in waiting {
                    if let Err(e) = write_png(&folder.join(format!("{n:08}.png")), &picture) {
                        let _ = report.try_send(io_error(&target, &e));
                        return;
                    }
                }
            });
            writer.workers.push(worker.map_err(bad)?);
        }
        Ok(writer)
    }

    pub fn push(&mut self, picture: &Picture) -> Result<(), EncodeError> {
        if let Ok(e) = self.failures.try_recv() {
            return Err(e);
        }
        let gone = || EncodeError::Failed("the PNG writer stopped".into());
        let sent = self.jobs.as_ref().ok_or_else(gone)?.send((self.frames, picture.clone()));
        sent.map_err(|_| self.failures.try_recv().unwrap_or_else(|_| gone()))?;
        self.frames += 1;
        Ok(())
    }

    pub fn finish(mut self) -> Result<u64, EncodeError> {
        self.stop();
        if let Ok(e) = self.failures.try_recv() {
            return Err(e);
        }
        let bad = |e: io::Error| io_error(&self.target, &e);
        if self.target.is_dir() {
            // empty, as was checked; `remove_dir` refuses if that has changed
            fs::remove_dir(&self.target).map_err(bad)?;
        }
        fs::rename(&self.part, &self.target).map_err(bad)?;
        self.published = true;
        Ok(self.frames)
    }

    fn stop(&mut self) {
        self.jobs = None;
        for w in self.workers.drain(..) {
            if w.join().is_err() {
                tracing::error!("a PNG writer panicked");
            }
        }
    }
}

impl Drop for PngWriter {
    fn drop(&mut self) {
        self.stop();
        if !self.published
            && let Err(e) = fs::remove_dir_all(&self.part)
        {
            tracing::warn!(%e, path = %self.part.display(), "an unfinished folder remains");
        }
    }
}

fn write_png(path: &Path, picture: &Picture) -> io::Result<()> {
    let (color, bytes) = match picture.format {
        PixelFormat::Rgba16 => (ExtendedColorType::Rgba16, 8),
        _ => (ExtendedColorType::Rgba8, 4),
    };
    let row = picture.width as usize * bytes;
    let mut packed = Vec::with_capacity(row * picture.height as usize);
    for y in 0..picture.height {
        packed.extend_from_slice(picture.row(0, y));
    }
    let mut out = BufWriter::new(File::create(path)?);
    PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive)
        .write_image(&packed, picture.width, picture.height, color)
        .map_err(|e| match e {
            image::ImageError::IoError(e) => e,
            e => io::Error::other(e),
        })?;
    out.flush()?;
    out.into_inner().map_err(|e| e.into_error())?.sync_data()
}
