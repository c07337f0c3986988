//! Makes the sample film's files, or finds them where they were made before.
//!
//! The set appears under its name as a whole or not at all: it is written into a folder beside it, which is renamed.
//! Blocks; runs on a worker thread.

use super::{
    FRAME_RATE, MusicTruth, SampleError, camera, convert,
    music::{self, MUSIC_SECS},
    painter::{Moment, Painter},
    scenes::{SCENES, Scene},
};
use crate::{
    base::{MIX_RATE, Picture, Rounding, Time},
    gpu::GpuContext,
    media::encode::{AudioCodec, AudioSettings, Container, EncodeSettings, Encoder, Hardware, Quality, Speed, VideoCodec, VideoSettings},
};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

/// Changes with every change of the film, so that an old one is not taken for the new one.
const VERSION: u32 = 2;
/// Names the files of a finished set, with their sizes.
const MANIFEST: &str = "set.json";
const MUSIC: &str = "music.flac";
/// The truth about the music, for those who measure tempo and sections.
const TRUTH: &str = "music.json";
/// Frames drawn ahead of the one that is being encoded.
const AHEAD: usize = 1;
/// What the music costs, in frames of picture, for the progress.
const MUSIC_FRAMES: u32 = 20;

/// The files of the sample film.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSet {
    /// In the order of the day; see [`SCENES`].
    pub clips: Vec<PathBuf>,
    pub music: PathBuf,
    pub truth: MusicTruth,
}

impl SampleSet {
    /// All files to import: the clips, then the music.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.clips.iter().map(PathBuf::as_path).chain([self.music.as_path()])
    }
}

/// Size of the film, for tests that have no time for the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Even numbers.
    pub width: u32,
    pub height: u32,
    /// A clip is cut off after so many frames.
    pub max_frames: u32,
    /// The music is cut off after so many seconds.
    pub max_music_secs: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { width: 1280, height: 720, max_frames: u32::MAX, max_music_secs: u32::MAX }
    }
}

#[derive(Serialize, Deserialize)]
struct Manifest {
    version: u32,
    /// Name and size in bytes.
    files: Vec<(String, u64)>,
    truth: MusicTruth,
}

/// The sample film in a folder of its own under `dir`: made now, in up to two minutes, or found there.
///
/// `progress` gets the share that is done, 0–1, and what is being made.
///
/// # Errors
/// The folder cannot be written, a scene cannot be drawn, encoding failed, or `cancel` became true. Nothing remains then.
pub fn make(dir: &Path, gpu: &GpuContext, progress: &mut dyn FnMut(f32, &str), cancel: &AtomicBool) -> Result<SampleSet, SampleError> {
    make_with(dir, gpu, &Options::default(), progress, cancel)
}

/// [`make`] in another size.
///
/// # Errors
/// As [`make`].
pub fn make_with(
    dir: &Path,
    gpu: &GpuContext,
    options: &Options,
    progress: &mut dyn FnMut(f32, &str),
    cancel: &AtomicBool,
) -> Result<SampleSet, SampleError> {
    let _span = tracing::info_span!("sample film").entered();
    let mut name = format!("sample-film-{VERSION}");
    if *options != Options::default() {
        name += &format!("-{}x{}-{}-{}", options.width, options.height, options.max_frames, options.max_music_secs);
    }
    let place = dir.join(name);
    if let Some(set) = find(&place) {
        progress(1.0, "Sample film");
        return Ok(set);
    }
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| SampleError::Folder { path, source }
    };
    fs::create_dir_all(dir).map_err(failed(dir))?;
    // vanishes on every way out but the last
    let work = tempfile::Builder::new().prefix(".sample-film-").tempdir_in(dir).map_err(failed(dir))?;
    let manifest = write_all(work.path(), gpu, options, progress, cancel)?;
    write_json(&work.path().join(TRUTH), &manifest.truth)?;
    write_json(&work.path().join(MANIFEST), &manifest)?;

    // an incomplete or changed set of this name is in the way; a complete one was made by another process meanwhile
    if let Some(set) = find(&place) {
        return Ok(set);
    }
    match fs::remove_dir_all(&place) {
        Err(e) if e.kind() != ErrorKind::NotFound => return Err(failed(&place)(e)),
        _ => {}
    }
    let written = work.keep();
    if let Err(e) = fs::rename(&written, &place) {
        let other = find(&place);
        // the work folder has lost its guard: clear it by hand, the rename's error is the one to tell
        let _ = fs::remove_dir_all(&written);
        return other.ok_or_else(|| failed(&place)(e));
    }
    Ok(set_of(&place, manifest))
}

/// The complete set in a folder: every file of its manifest there with its size.
fn find(place: &Path) -> Option<SampleSet> {
    let text = fs::read_to_string(place.join(MANIFEST)).ok()?;
    let manifest: Manifest = serde_json::from_str(&text).ok()?;
    let whole = manifest.version == VERSION
        && manifest.files.len() == SCENES.len() + 1
        && manifest.files.iter().all(|(name, size)| fs::metadata(place.join(name)).is_ok_and(|m| m.len() == *size));
    whole.then(|| set_of(place, manifest))
}

fn set_of(place: &Path, manifest: Manifest) -> SampleSet {
    let clips = SCENES.iter().map(|s| place.join(clip_name(s))).collect();
    SampleSet { clips, music: place.join(MUSIC), truth: manifest.truth }
}

fn clip_name(scene: &Scene) -> String {
    format!("{}.mp4", scene.title)
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), SampleError> {
    let failed = |source| SampleError::Folder { path: path.to_owned(), source };
    let text = serde_json::to_string_pretty(value).map_err(|e| failed(e.into()))?;
    fs::write(path, text).map_err(failed)
}

/// Every file of the set into `folder`.
fn write_all(
    folder: &Path,
    gpu: &GpuContext,
    options: &Options,
    progress: &mut dyn FnMut(f32, &str),
    cancel: &AtomicBool,
) -> Result<Manifest, SampleError> {
    let length = |s: &Scene| s.frames.min(options.max_frames);
    let total = (SCENES.iter().map(length).sum::<u32>() + MUSIC_FRAMES) as f32;
    let mut files = Vec::new();
    let mut done = 0;
    for scene in &SCENES {
        let name = clip_name(scene);
        let before = done;
        let mut tell = |frame: u32| progress((before + frame) as f32 / total, scene.title);
        let bytes = write_clip(&folder.join(&name), scene, length(scene), gpu, options, &mut tell, cancel)?;
        files.push((name, bytes));
        done += length(scene);
    }
    progress(done as f32 / total, "Music");
    let bytes = write_music(&folder.join(MUSIC), MUSIC_SECS.min(options.max_music_secs.into()), cancel)?;
    files.push((MUSIC.to_owned(), bytes));
    progress(1.0, "Sample film");
    Ok(Manifest { version: VERSION, files, truth: music::truth() })
}

/// Draw, sound and encode one scene; returns the file's size.
fn write_clip(
    path: &Path,
    scene: &Scene,
    frames: u32,
    gpu: &GpuContext,
    options: &Options,
    tell: &mut dyn FnMut(u32),
    cancel: &AtomicBool,
) -> Result<u64, SampleError> {
    let _span = tracing::info_span!("clip", title = scene.title).entered();
    let video = VideoSettings {
        quality: Quality::Constant(19),
        speed: Speed::VeryFast,
        // the same file on every machine, and nothing to prove first
        hardware: Hardware::Never,
        ..VideoSettings::new(VideoCodec::H264, options.width, options.height, FRAME_RATE)
    };
    let settings = EncodeSettings {
        container: Container::Mp4,
        video: Some(video),
        audio: Some(AudioSettings { codec: AudioCodec::Aac, bitrate_kbps: 160 }),
        text: None,
        expected_bytes: None,
    };
    tell(0);
    let mut encoder = Encoder::create(path, &settings)?;
    let sample_of = |frame: u32| Time::from_frames(frame.into(), FRAME_RATE).to_samples(MIX_RATE, Rounding::Nearest) as usize;
    let sound = (scene.sound)(sample_of(frames) as f32 / MIX_RATE as f32).interleaved();
    let mut painter = Painter::new(gpu, &scene.source, options.width, options.height)?;
    let mut submitted = 0;
    for frame in 0..frames {
        check(cancel)?;
        while submitted < frames && submitted <= frame + AHEAD as u32 {
            painter.submit(&moment(scene, submitted));
            submitted += 1;
        }
        let picture = painter.take(|rgba, stride| convert::to_i420(rgba, stride, options.width, options.height))?.flatten();
        let picture = picture.ok_or_else(|| SampleError::Drawing { scene: scene.title.into(), reason: "a frame is missing".into() })?;
        let range = |f: u32| (2 * sample_of(f)).min(sound.len());
        encoder.push_audio(&sound[range(frame)..range(frame + 1)])?;
        encoder.push_video(&picture)?;
        tell(frame + 1);
    }
    // a fault of the device may have spoilt a frame without stopping it
    gpu.check().map_err(|e| SampleError::Drawing { scene: scene.title.into(), reason: e.to_string() })?;
    Ok(encoder.finish()?.bytes)
}

/// What the camera of a scene sees at a frame.
pub(super) fn moment(scene: &Scene, frame: u32) -> Moment {
    let time_secs = Time::from_frames(frame.into(), FRAME_RATE).as_secs_f64() as f32;
    Moment {
        frame,
        time_secs,
        progress: frame as f32 / scene.frames.saturating_sub(1).max(1) as f32,
        pose: camera::pose(scene.shake.as_ref(), time_secs),
    }
}

/// One frame of a scene as an I420 picture, for stills and tests.
///
/// # Errors
/// The scene cannot be drawn.
pub fn still(gpu: &GpuContext, scene: &Scene, frame: u32, width: u32, height: u32) -> Result<Picture, SampleError> {
    let mut painter = Painter::new(gpu, &scene.source, width, height)?;
    painter.submit(&moment(scene, frame));
    let picture = painter.take(|rgba, stride| convert::to_i420(rgba, stride, width, height))?.flatten();
    picture.ok_or_else(|| SampleError::Drawing { scene: scene.title.into(), reason: "a frame is missing".into() })
}

fn write_music(path: &Path, secs: f64, cancel: &AtomicBool) -> Result<u64, SampleError> {
    let _span = tracing::info_span!("music").entered();
    check(cancel)?;
    let piece = music::render(secs);
    let settings = EncodeSettings {
        container: Container::Flac,
        video: None,
        audio: Some(AudioSettings { codec: AudioCodec::Flac, bitrate_kbps: 0 }),
        text: None,
        expected_bytes: None,
    };
    let mut encoder = Encoder::create(path, &settings)?;
    for second in piece.interleaved().chunks(2 * MIX_RATE as usize) {
        check(cancel)?;
        encoder.push_audio(second)?;
    }
    Ok(encoder.finish()?.bytes)
}

fn check(cancel: &AtomicBool) -> Result<(), SampleError> {
    if cancel.load(Ordering::Relaxed) { Err(SampleError::Cancelled) } else { Ok(()) }
}
