//! Makes proxies: small copies of films that are quick to decode anywhere, with the same pictures at the same times and the same sound.
//!
//! Threads: one decodes, one scales, the caller's encodes and reports; between them a few pictures wait, bounded by bytes.
//! [`make_proxy`] blocks. With the same work folder it goes on behind what an interrupted run has finished.
//!
//! Colours: the primaries and the transfer curve stay the original's, so that a proxy of HDR footage is HDR (in 8 bit: enough to cut
//! by, never exported); MJPEG is full range, as JPEG is everywhere, and says so.

mod error;
mod shrink;

pub use error::ProxyError;

use super::{
    joining::join_parts,
    progress::{ExportProgress, Teller},
    relay,
};
use crate::{
    base::{
        MediaInfo, Picture, Time, VideoInfo,
        color::{Matrix, Range},
    },
    media::{
        self, PacketIndex,
        encode::{
            Aim, AudioCodec, AudioSettings, Container, EncodeSettings, Joiner, Quality, SegmentedEncoder, Speed, VideoCodec, VideoSettings,
        },
    },
};
use crossbeam::channel::{Receiver, Sender, bounded};
use serde::{Deserialize, Serialize};
use shrink::Shrinker;
use std::{
    ops::Range as Span,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Instant,
};

/// Shorter side of a proxy at most, in pixels.
pub const SHORT_SIDE_PX: u32 = 720;
/// Bytes of decoded pictures that wait for the next thread.
const WAITING_BYTES: usize = 24 << 20;

/// How a proxy is coded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProxyFormat {
    /// MJPEG and PCM in .mov: any picture at once.
    #[default]
    Mjpeg,
    /// H.264 with a key picture every 15 and AAC in .mov: a third of the size or less.
    H264,
}

impl ProxyFormat {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mjpeg => "mjpeg",
            Self::H264 => "h264",
        }
    }

    /// As a variant's recipe: another format or size is another proxy.
    pub fn recipe(self) -> String {
        format!("{} {SHORT_SIDE_PX}", self.as_str())
    }
}

/// What to make.
#[derive(Clone, Debug)]
pub struct ProxyRequest {
    pub input: PathBuf,
    /// A `.mov` file.
    pub output: PathBuf,
    pub format: ProxyFormat,
    /// Keeps finished parts; see the module.
    pub work_dir: PathBuf,
}

/// What was made.
#[derive(Clone, Debug, PartialEq)]
pub struct ProxyReport {
    /// The proxy, as it is now on the disk.
    pub info: MediaInfo,
    pub frames: u64,
    pub bytes: u64,
    pub wall_secs: f64,
}

/// Size of a proxy's pictures, upright, for an original of this size as shown: the shorter side at most 720, sides even, never larger.
pub fn proxy_size((w, h): (u32, u32)) -> (u32, u32) {
    let (w, h) = (w.max(1), h.max(1));
    let short = w.min(h);
    let side = |n: u32| {
        if short > SHORT_SIDE_PX {
            (u64::from(n) * u64::from(SHORT_SIDE_PX) + u64::from(short) / 2) / u64::from(short)
        } else {
            u64::from(n)
        }
    };
    // chroma is halved, and GStreamer's muxers take no side below 16
    let even = |n: u64| (u32::try_from(n).unwrap_or(u32::MAX) & !1).max(16);
    (even(side(w)), even(side(h)))
}

/// Makes a proxy and returns when the file is on the disk. Blocks; reports progress on this thread. `cancel` is looked at many times a
/// second; what was finished then stays in the work folder.
///
/// # Errors
/// See [`ProxyError`]; no file remains under the final name, and one that was there before is untouched.
pub fn make_proxy(
    request: &ProxyRequest,
    cancel: &AtomicBool,
    progress: &mut dyn FnMut(ExportProgress),
) -> Result<ProxyReport, ProxyError> {
    let started = Instant::now();
    let info = media::probe_guarded(&request.input)?;
    let Some(video) = info.video.clone() else { return Err(ProxyError::NoPicture(request.input.clone())) };
    if video.still {
        return Err(ProxyError::Still(request.input.clone()));
    }
    if video.alpha {
        return Err(ProxyError::Transparent(request.input.clone()));
    }
    let index = Arc::new(PacketIndex::scan(&request.input, &info, &|| cancel.load(Ordering::Relaxed))?);
    if index.is_empty() {
        return Err(ProxyError::NoPicture(request.input.clone()));
    }
    let variable = !index.is_constant() || index.time_of(0) != Time::ZERO;
    let settings = settings(request.format, &video, &index, variable, info.audio.is_some());
    let aim = Aim { recipe: &recipe(request), output: &request.output, frames: index.len() as u64 };
    let encoder = SegmentedEncoder::open(&request.work_dir, &settings, aim)?;
    let mut teller = Teller::new(index.len() as i64, progress);
    teller.resume(encoder.finished_frames() as i64);
    let plan = Plan { request, info: &info, video: &video, index: &index, settings: &settings, variable, cancel };
    let joiner = plan.pictures(encoder, &mut teller)?;
    plan.sound(joiner)?;
    teller.done();
    // in this process: it is no stranger's file
    let made = media::probe(&request.output)?;
    let bytes = media::quick_stamp(&request.output).map_or(0, |s| s.size);
    Ok(ProxyReport { info: made, frames: index.len() as u64, bytes, wall_secs: started.elapsed().as_secs_f64() })
}

/// What the parts depend on, beside the encoder's settings: another file under the same name is another.
fn recipe(request: &ProxyRequest) -> String {
    format!("proxy of {} {:?}", request.input.display(), media::quick_stamp(&request.input).ok())
}

fn settings(format: ProxyFormat, video: &VideoInfo, index: &PacketIndex, variable: bool, sound: bool) -> EncodeSettings {
    let (width, height) = proxy_size(video.display_size());
    let mut color = video.color;
    if color.matrix == Matrix::Rgb {
        color.matrix = Matrix::Bt709;
    }
    color.range = Range::Limited;
    if format == ProxyFormat::Mjpeg {
        // what every JPEG decoder takes a JPEG for, whatever the file says
        (color.matrix, color.range) = (Matrix::Bt601, Range::Full);
    }
    let (codec, audio) = match format {
        ProxyFormat::Mjpeg => (VideoCodec::Mjpeg, AudioSettings { codec: AudioCodec::Pcm24, bitrate_kbps: 0 }),
        ProxyFormat::H264 => (VideoCodec::H264, AudioSettings { codec: AudioCodec::Aac, bitrate_kbps: 192 }),
    };
    let new = VideoSettings::new(codec, width, height, index.frame_rate());
    let video = match format {
        ProxyFormat::Mjpeg => VideoSettings { quality: Quality::Constant(15), ..new },
        ProxyFormat::H264 => VideoSettings { quality: Quality::Constant(23), speed: Speed::VeryFast, max_gop: Some(15), ..new },
    };
    let video = VideoSettings { color, variable, ..video };
    // a floor: even a plain picture's JPEG has its tables, and MOV files are put together from a first copy
    let pictures = u64::from(width) * u64::from(height) * index.len() as u64 / if format == ProxyFormat::Mjpeg { 40 } else { 400 };
    let secs = index.end().as_secs_f64();
    let sound_bytes = if !sound { 0 } else { (secs * if format == ProxyFormat::Mjpeg { 288_000.0 } else { 12_000.0 }) as u64 };
    let expected_bytes = Some(pictures * 2 + sound_bytes * 2);
    EncodeSettings { container: Container::Mov, video: Some(video), audio: sound.then_some(audio), text: None, expected_bytes }
}

struct Plan<'a> {
    request: &'a ProxyRequest,
    info: &'a MediaInfo,
    video: &'a VideoInfo,
    index: &'a Arc<PacketIndex>,
    settings: &'a EncodeSettings,
    variable: bool,
    cancel: &'a AtomicBool,
}

impl Plan<'_> {
    fn check(&self) -> Result<(), ProxyError> {
        if self.cancel.load(Ordering::Relaxed) { Err(ProxyError::Cancelled) } else { Ok(()) }
    }

    /// Decode, scale and code the pictures that no earlier run has finished.
    fn pictures(&self, mut encoder: SegmentedEncoder, teller: &mut Teller<'_>) -> Result<Joiner, ProxyError> {
        let rest = usize::try_from(encoder.finished_frames()).unwrap_or(usize::MAX)..self.index.len();
        let format = encoder.video_format();
        let raw = self.video.width as usize * self.video.height as usize * 2;
        let (decoded_out, decoded) = bounded((WAITING_BYTES / raw.max(1)).clamp(2, 16));
        let (small_out, small) = bounded(8);
        thread::scope(|scope| {
            let (wanted, film) = (rest.clone(), (self.request.input.as_path(), self.info, self.index));
            // takes the sending end with it: the scaler ends when that goes
            let reading = named(scope, "proxy decode", move || relay::decode(film, wanted, &decoded_out, || self.check()))?;
            let scaling = named(scope, "proxy scale", move || self.shrink(format, &decoded, &small_out))?;
            let coded = self.encode(&mut encoder, rest.clone(), &small, teller);
            drop(small);
            // whoever still works ends now; their errors explain an encoder that ran dry
            let shrunk = scaling.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            match coded {
                Err(ProxyError::RanDry) => read.and(shrunk).and(Err(ProxyError::RanDry)),
                other => other,
            }
        })?;
        Ok(encoder.join(&self.request.output)?)
    }

    fn shrink(&self, format: crate::base::PixelFormat, from: &Receiver<Picture>, out: &Sender<Picture>) -> Result<(), ProxyError> {
        let Some(v) = &self.settings.video else { return Ok(()) };
        let mut shrinker = Shrinker::new(format, (v.width, v.height), v.color);
        for picture in from {
            if !relay::send(out, shrinker.shrink(&picture)?, || self.check()) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn encode(
        &self,
        encoder: &mut SegmentedEncoder,
        rest: Span<usize>,
        from: &Receiver<Picture>,
        teller: &mut Teller<'_>,
    ) -> Result<(), ProxyError> {
        for n in rest {
            let picture = relay::next(from, || self.check())?.ok_or(ProxyError::RanDry)?;
            relay::push(encoder, &picture, n, 0, self.index, self.variable)?;
            teller.tell(n as i64 + 1);
        }
        Ok(())
    }

    /// Join the parts with the sound.
    fn sound(&self, joiner: Joiner) -> Result<(), ProxyError> {
        let sound = self.info.audio.is_some().then_some(self.request.input.as_path());
        if join_parts(joiner, self.index, 0..self.index.len(), self.info, sound, || self.check())? {
            Ok(())
        } else {
            Err(ProxyError::RanDry)
        }
    }
}

fn named<'s, T: Send + 's>(
    scope: &'s thread::Scope<'s, '_>,
    name: &str,
    run: impl FnOnce() -> T + Send + 's,
) -> Result<thread::ScopedJoinHandle<'s, T>, ProxyError> {
    thread::Builder::new().name(name.to_owned()).spawn_scoped(scope, run).map_err(|e| ProxyError::Thread(e.to_string()))
}

/// Where the proxy of a file lies in the cache: named by the content of the original, so that it is found again wherever that is moved.
pub fn proxy_path(folder: &Path, hash: crate::base::ContentHash, format: ProxyFormat) -> PathBuf {
    folder.join(format!("{hash}-{}-{SHORT_SIDE_PX}.mov", format.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_side_is_720_and_nothing_grows() {
        assert_eq!(proxy_size((3840, 2160)), (1280, 720));
        assert_eq!(proxy_size((1080, 1920)), (720, 1280));
        assert_eq!(proxy_size((1920, 1080)), (1280, 720));
        assert_eq!(proxy_size((4096, 2160)), (1364, 720));
        assert_eq!(proxy_size((641, 361)), (640, 360));
        assert_eq!(proxy_size((1280, 720)), (1280, 720));
        assert_eq!(proxy_size((5, 5000)), (16, 5000));
    }
}
