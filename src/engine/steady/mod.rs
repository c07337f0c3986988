//! Measures the motion of a film's camera, and finds again what was measured.
//!
//! What is done to whole pictures happens on the graphics device where there is one (`device`). Threads: one decodes and shrinks, the caller's measures (on all cores) and reports; between them a few small planes wait.
//! [`analyse`] blocks. A film is measured once: the file in the cache is named by the film's content.

mod device;
mod error;
mod luma;

pub use device::OnDevice;
pub use error::SteadyError;

use super::progress::{ExportProgress, Teller};
use crate::{
    analysis::{
        motion::{Plane, Tracker},
        stabilize::MotionTrack,
    },
    base::{ContentHash, Time},
    gpu::GpuContext,
    media::{self, PacketIndex, ReaderOptions, VideoReader},
};
use crossbeam::channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender, bounded};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Planes that wait to be measured.
const WAITING: usize = 8;
const LOOK: Duration = Duration::from_millis(50);
/// Where tracks lie in the cache.
const SORT: &str = "analysis";

/// Where the track of a film lies in the cache, whatever the film's name.
pub fn track_path(cache: &Path, hash: ContentHash) -> PathBuf {
    cache.join(SORT).join(format!("{hash}.motion"))
}

/// The track of a film if it has been measured. Reads the disk. A file that is damaged or of another version counts as none.
pub fn cached(cache: &Path, hash: ContentHash) -> Option<MotionTrack> {
    let (of, track) = MotionTrack::from_bytes(&fs::read(track_path(cache, hash)).ok()?)?;
    (of == hash).then_some(track)
}

/// Measures a film, on `device` if that is hardware. Blocks; reports progress on this thread. `cancel` is looked at many times a second.
///
/// # Errors
/// See [`SteadyError`].
pub fn analyse(
    input: &Path,
    device: Option<&GpuContext>,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<MotionTrack, SteadyError> {
    let info = media::probe_guarded(input)?;
    let Some(video) = info.video.as_ref() else { return Err(SteadyError::NoPicture(input.into())) };
    if video.still {
        return Err(SteadyError::Still(input.into()));
    }
    let index = Arc::new(PacketIndex::scan(input, &info, &|| cancel.load(Ordering::Relaxed))?);
    if index.is_empty() {
        return Err(SteadyError::NoPicture(input.into()));
    }
    let mut tracker = Tracker::with((video.width, video.height), device::passes_for(device));
    let size = luma::Shrunk::of(video.width, video.height);
    let mut teller = Teller::new(index.len() as i64, progress);
    let (out, planes) = bounded(WAITING);
    thread::scope(|scope| {
        let decode = || {
            // takes the sending end with it: the measuring ends when that goes
            let out = out;
            let options = ReaderOptions { index: Some(index.clone()), ..ReaderOptions::playback() };
            let mut reader = VideoReader::open(input, &info, options)?;
            for n in 0..index.len() {
                let time = index.time_of(n);
                let plane = luma::plane(&reader.frame_at(time)?.picture, &size);
                if !send(&out, (time, plane), cancel) {
                    break;
                }
            }
            Ok(())
        };
        let named = thread::Builder::new().name("motion decode".into()).spawn_scoped(scope, decode);
        let reading = named.map_err(|e| SteadyError::Thread(e.to_string()))?;
        let mut done = 0;
        let measured = loop {
            match next(&planes, cancel) {
                Ok(Some((time, plane))) => tracker.push(time, plane),
                Ok(None) => break Ok(()),
                Err(e) => break Err(e),
            }
            done += 1;
            teller.tell(done);
        };
        drop(planes);
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        measured.and(read)
    })?;
    teller.done();
    Ok(tracker.finish())
}

/// False when there is nobody to take it any more, or the job was cancelled.
fn send(out: &Sender<(Time, Plane)>, mut plane: (Time, Plane), cancel: &AtomicBool) -> bool {
    loop {
        match out.send_timeout(plane, LOOK) {
            Ok(()) => return true,
            Err(SendTimeoutError::Timeout(p)) if !cancel.load(Ordering::Relaxed) => plane = p,
            Err(_) => return false,
        }
    }
}

/// The next plane; None at the end.
fn next(planes: &Receiver<(Time, Plane)>, cancel: &AtomicBool) -> Result<Option<(Time, Plane)>, SteadyError> {
    loop {
        if cancel.load(Ordering::Relaxed) {
            return Err(SteadyError::Cancelled);
        }
        match planes.recv_timeout(LOOK) {
            Ok(plane) => return Ok(Some(plane)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}
