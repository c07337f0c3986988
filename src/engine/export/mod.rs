//! The exporter: a project, a preset and a renderer in, a finished file out.
//!
//! Threads: planning, one decoder per file position in use, drawing and mixing each have their own; the caller's thread
//! feeds the encoder and reports progress, so [`export`] blocks until the file is done. All channels are bounded, those
//! of pictures by bytes. A frame that is one untouched picture goes from decoder to encoder without being drawn, a frame
//! that is the same as the one before it is drawn once.

mod captions;
mod check;
mod error;
mod footage;
mod lanes;
mod loudness;
mod pictures;
mod resume;
mod scale;
mod sound;

pub use captions::{CaptionsTo, captions_within};
pub use error::ExportError;
pub use loudness::{Loudness, TARGET_LUFS, gain_to_target, louder, loudness};

use crate::{
    base::{Picture, PixelFormat, Time, words::say},
    gpu::Renderer,
    media::encode::{Aim, Container, EncodeReport, EncodeSettings, Encoder, SegmentedEncoder},
    model::Project,
    plan::{Choice, sample_of_frame},
};
use check::Checked;
use crossbeam::channel::{Receiver, RecvTimeoutError, bounded};
use footage::Footage;
use lanes::Lanes;
use pictures::{Drawn, Planner, Step};
use std::{
    ops::Range,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ScopedJoinHandle},
    time::{Duration, Instant},
};

use super::{
    paths::{Motions, Paths},
    presets::{Preset, least_bytes},
    progress::{ExportProgress, Teller},
};

#[cfg(test)]
mod tests;

/// Planned frames ahead of the one being drawn: what the decoders know of the future.
const PLANNED: usize = 48;
/// Bytes of finished pictures between drawing and encoding; the encoder has a queue of its own.
const FINISHED_BYTES: usize = 16 << 20;
/// Mixed blocks that wait for the encoder, half a second each.
const MIXED: usize = 4;
/// How often a waiting export looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(50);
/// The size fields of a WAV file have 32 bits; its headers need a little of that.
const MAX_WAV: u64 = u32::MAX as u64 - 1024;

/// What to export.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    pub project: Arc<Project>,
    /// The file to write; for PNG sequences the folder.
    pub output: PathBuf,
    pub preset: Preset,
    /// First frame and the frame after the last; None for the whole timeline.
    pub range: Option<(i64, i64)>,
    /// Proxies may take the place of originals that are missing, which is refused otherwise.
    pub allow_proxies: bool,
    /// Where the film's captions go.
    pub captions: CaptionsTo,
    /// A folder of this export's own, in which finished parts of the video stay: the same request goes on behind them. None:
    /// nothing is kept. The film is the same either way for who watches it; with a folder it has a key picture every ten seconds.
    pub work_dir: Option<PathBuf>,
    /// Where the motion of media's cameras is found, for clips that are steadied.
    pub motions: Motions,
}

/// What was exported.
#[derive(Clone, Debug)]
pub struct ExportReport {
    pub frames: u64,
    pub duration: Time,
    pub wall_secs: f64,
    pub bytes: u64,
    /// GStreamer's name of the video encoder, empty for sound alone.
    pub encoder: String,
    /// Frames that went from decoder to encoder untouched.
    pub direct_frames: u64,
    /// Frames that repeated the one before.
    pub repeated_frames: u64,
    /// What the user should know, one line each.
    pub warnings: Vec<String>,
}

/// Exports and returns when the file is on the disk. Blocks; reports progress on this thread.
///
/// `cancel` is looked at between frames; a cancelled export leaves nothing behind.
///
/// # Errors
/// See [`ExportError`]; no file remains under the final name, and one that was there before is untouched.
pub fn export(
    request: &ExportRequest,
    renderer: Box<dyn Renderer>,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<ExportReport, ExportError> {
    run(request, &footage::Files { proxies: request.allow_proxies }, renderer, cancel, progress)
}

fn run(
    request: &ExportRequest,
    footage: &dyn Footage,
    mut renderer: Box<dyn Renderer>,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<ExportReport, ExportError> {
    let started = Instant::now();
    let Checked { range, choice, stand_ins } = check::check(request)?;
    let unsteadied = check::unsteadied(request, &range);
    let project = &*request.captions.apply(&request.project);
    let rate = project.sequence.frame_rate;
    let mut settings = request.preset.settings(&project.sequence, check::has_sound(project));
    let _span = tracing::info_span!("export", output = %request.output.display(), preset = request.preset.name).entered();
    let first_sample = sample_of_frame(range.start, rate);
    let samples = first_sample..sample_of_frame(range.end, rate);
    let least = least_bytes(&settings, (range.end - range.start) as u64, (samples.end - samples.start) as u64);
    if settings.container == Container::Wav && least > MAX_WAV {
        return Err(ExportError::TooLongForWav);
    }
    settings.expected_bytes = Some(least);
    settings.text = captions::track(request, &range, settings.container)?;
    let work = Work { project, footage, choice: &choice, motions: &request.motions, settings: &settings, first_sample, samples, cancel };
    let mut teller = Teller::new(range.end - range.start, progress);
    let (encoded, drawn) = match &request.work_dir {
        Some(folder) if SegmentedEncoder::can(&settings) => {
            let recipe = resume::recipe(project, request.captions, &range, &renderer.name(), &unsteadied);
            let frames = (range.end - range.start).unsigned_abs();
            let encoder = SegmentedEncoder::open(folder, &settings, Aim { recipe: &recipe, output: &request.output, frames })?;
            resume::run(&work, encoder, &request.output, renderer.as_mut(), &range, &mut teller)?
        }
        _ => {
            let encoder = Encoder::create(&request.output, &settings)?;
            let format = encoder.video_format();
            let renderer: &mut dyn Renderer = renderer.as_mut();
            let ways = if settings.video.is_some() { Some((renderer, range.clone(), format)) } else { None };
            work.pass(ways, true, |ins| feed(encoder, ins, &range, &|f| work.sample(f), &mut teller))?
        }
    };
    teller.done();
    let mut report = report(project, encoded, drawn, range.end - range.start, started);
    report.warnings.extend(unsteadied.iter().map(|name| say!("error-export-not-steadied", clip = name.as_str()).text()));
    report.warnings.extend(stand_ins.iter().map(|p| say!("error-export-from-proxy", path = p.display().to_string()).text()));
    Ok(report)
}

/// Who draws which frames, into which layout.
type Drawing<'a> = (&'a mut dyn Renderer, Range<i64>, PixelFormat);

/// What every pass of an export works on.
struct Work<'a> {
    project: &'a Project,
    footage: &'a dyn Footage,
    choice: &'a Choice,
    motions: &'a Motions,
    settings: &'a EncodeSettings,
    first_sample: i64,
    samples: Range<i64>,
    cancel: &'a AtomicBool,
}

impl Work<'_> {
    /// Samples of the output before a frame.
    fn sample(&self, frame: i64) -> u64 {
        (sample_of_frame(frame, self.project.sequence.frame_rate) - self.first_sample).unsigned_abs()
    }

    /// One pass: pictures of some frames, the sound of all, or both, into `feed`, which runs on this thread.
    fn pass<T>(
        &self,
        pictures: Option<Drawing<'_>>,
        sound: bool,
        feed: impl FnOnce(Inputs<'_>) -> Result<T, ExportError>,
    ) -> Result<(T, Drawn), ExportError> {
        thread::scope(|scope| {
            let (project, footage, choice) = (self.project, self.footage, self.choice);
            let mixing = self.settings.audio.filter(|_| sound).map(|a| {
                let (out, mixed) = bounded(MIXED);
                let samples = self.samples.clone();
                (spawn(scope, "mix", move || sound::run(project, footage, samples, sound::ceiling(a.codec), &out)), mixed)
            });
            let drawing = pictures.zip(self.settings.video.as_ref()).map(|((renderer, frames, format), v)| {
                let (steps, planned) = bounded::<Step>(PLANNED);
                let bytes = Picture::packed_layout(format, v.width, v.height).1;
                let (out, drawn) = bounded((FINISHED_BYTES / bytes.max(1)).clamp(1, 16));
                let (lanes, size) = (Lanes::new(scope, footage, project), (v.width, v.height));
                let paths = Paths::new(self.motions.clone());
                let planner = Planner { project, size, choice, paths };
                spawn(scope, "plan", move || planner.run(frames, lanes, &steps));
                (spawn(scope, "draw", move || pictures::draw_all(renderer, format, &planned, &out)), drawn)
            });
            let (mixing, mixed) = mixing.unzip();
            let (drawing, frames) = drawing.unzip();
            let fed = feed(Inputs { frames, mixed, cancel: self.cancel });
            // the inputs are gone: whoever still works ends now. Their errors explain a feeder that ran dry.
            let drawn = drawing.map_or(Ok(Drawn::default()), join);
            let mixed = mixing.map_or(Ok(()), join);
            match fed {
                Err(ExportError::Stopped(why)) => drawn.and(mixed).and(Err(ExportError::Stopped(why))),
                Err(e) => Err(e),
                Ok(done) => Ok((done, drawn?)),
            }
        })
    }
}

fn report(project: &Project, encoded: EncodeReport, drawn: Drawn, frames: i64, started: Instant) -> ExportReport {
    let warnings = drawn.ended_early.iter().map(|(id, at)| {
        let name = project.media.get(id).map_or_else(|| id.to_string(), |m| m.file.path.display().to_string());
        format!("the file ends at {:.2} s, earlier than it says; its last picture is held: {name}", at.as_secs_f64())
    });
    ExportReport {
        frames: if encoded.frames > 0 { encoded.frames } else { frames.unsigned_abs() },
        duration: encoded.duration,
        wall_secs: started.elapsed().as_secs_f64(),
        bytes: encoded.bytes,
        encoder: encoded.encoder,
        direct_frames: drawn.direct,
        repeated_frames: drawn.repeated,
        warnings: warnings.collect(),
    }
}

fn spawn<'s, T: Send + 's>(scope: &'s thread::Scope<'s, '_>, name: &str, run: impl FnOnce() -> T + Send + 's) -> ScopedJoinHandle<'s, T> {
    match thread::Builder::new().name(format!("export {name}")).spawn_scoped(scope, run) {
        Ok(handle) => handle,
        // without threads nothing in this program works
        Err(e) => panic!("no thread can be started: {e}"),
    }
}

/// The result of a thread; a panic goes on here, so that it fails the export and nothing else.
fn join<T>(handle: ScopedJoinHandle<'_, Result<T, ExportError>>) -> Result<T, ExportError> {
    handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// What flows into the encoder.
struct Inputs<'a> {
    frames: Option<Receiver<Picture>>,
    mixed: Option<Receiver<Vec<f32>>>,
    cancel: &'a AtomicBool,
}

impl Inputs<'_> {
    fn next<T>(&self, from: &Receiver<T>, what: &'static str) -> Result<T, ExportError> {
        loop {
            if self.cancel.load(Ordering::Relaxed) {
                return Err(ExportError::Cancelled);
            }
            match from.recv_timeout(LOOK) {
                Ok(v) => return Ok(v),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(ExportError::Stopped(what)),
            }
        }
    }
}

/// Pushes everything into the encoder in step and finishes the file. Takes `ins`, so that the other threads end with it.
fn feed(
    mut encoder: Encoder,
    ins: Inputs<'_>,
    range: &Range<i64>,
    sample_of: &dyn Fn(i64) -> u64,
    teller: &mut Teller<'_>,
) -> Result<EncodeReport, ExportError> {
    let mut pushed = 0;
    for frame in range.clone() {
        if let Some(mixed) = &ins.mixed {
            while pushed < sample_of(frame + 1) {
                let block = ins.next(mixed, "the sound ended early")?;
                pushed += block.len() as u64 / 2;
                encoder.push_audio(&block)?;
            }
        }
        if let Some(frames) = &ins.frames {
            let picture = ins.next(frames, "the pictures ended early")?;
            let _span = tracing::debug_span!("encode", frame).entered();
            encoder.push_video(&picture)?;
        }
        teller.tell(frame + 1 - range.start);
    }
    if ins.cancel.load(Ordering::Relaxed) {
        return Err(ExportError::Cancelled);
    }
    Ok(encoder.finish()?)
}
