//! The truth about a file: what is in it, how long, how its numbers are to be read. Blocks; any worker thread.

use super::{
    MediaError, PacketIndex,
    chain::{Chain, Output, Spec},
    container::Container,
    format::StatedColor,
    registry, still, survey,
};
use crate::base::{AudioInfo, FrameRate, MediaInfo, Rotation, Rounding, Time, VideoInfo};
use gstreamer_video as gst_video;
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};

/// Longest time spent on reading packets. A longer file gets its number of frames from its length and rate.
const SCAN_LIMIT: Duration = Duration::from_secs(3);

/// What a media file is, found in this process: own chain and a limit on every wait.
///
/// # Errors
/// Missing, empty, no media, damaged, or without a decoder.
pub fn probe(path: &Path) -> Result<MediaInfo, MediaError> {
    probe_with_index(path).map(|(info, _)| info)
}

/// As [`probe`], and the packet index where there was time to make it.
///
/// # Errors
/// As [`probe`].
pub fn probe_with_index(path: &Path) -> Result<(MediaInfo, Option<PacketIndex>), MediaError> {
    let _span = tracing::info_span!("probe", path = %path.display()).entered();
    let container = Container::detect(path)?;
    if container.is_still() {
        return still::info(path, container).map(|info| (info, None));
    }
    let facts = super::mp4::facts(path, container);
    let (video, audio) = thread::scope(|scope| {
        let hear = || optional(probe_audio(path, container));
        // beside the pictures: each spends most of its time on starting elements
        let heard = thread::Builder::new().name("probe sound".into()).spawn_scoped(scope, hear);
        let video = if container.is_sound_only() { Ok(None) } else { optional(probe_video(path, container, &facts)) };
        let audio = match heard {
            Ok(heard) => heard.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => hear(),
        };
        (video, audio)
    });
    let video = video?;
    let audio = match audio {
        // a picture whose sound cannot be decoded is still a picture
        Err(error) if video.is_some() => {
            tracing::warn!(%error, "sound left out");
            None
        }
        other => other?,
    };
    if video.is_none() && audio.is_none() {
        return Err(MediaError::Damaged { path: path.into(), reason: "there is neither picture nor sound in it".into() });
    }
    let (video, index, video_end) = match video {
        Some(v) => (Some(v.info), v.index, v.end),
        None => (None, None, Time::ZERO),
    };
    let (audio, audio_end) = audio.map_or((None, Time::ZERO), |(info, end)| (Some(info), end));
    let duration = video_end.max(audio_end);
    let info = MediaInfo { container: container.name().into(), duration, video, audio, start_timecode: facts.timecode };
    Ok((info, index))
}

/// "No such stream" is an answer here, not an error.
fn optional<T>(r: Result<T, MediaError>) -> Result<Option<T>, MediaError> {
    match r {
        Ok(v) => Ok(Some(v)),
        Err(MediaError::NoVideo(_) | MediaError::NoAudio(_)) => Ok(None),
        Err(e) => Err(e),
    }
}

struct ProbedVideo {
    info: VideoInfo,
    index: Option<PacketIndex>,
    end: Time,
}

fn probe_video(path: &Path, container: Container, facts: &super::mp4::Facts) -> Result<ProbedVideo, MediaError> {
    let chain = Chain::open(&Spec::plain(path, container, Output::Native))?;
    let damaged = |reason: &str| MediaError::Damaged { path: path.into(), reason: reason.into() };
    let caps = chain.decoded.clone().ok_or_else(|| damaged("its picture has no format"))?;
    let decoded = gst_video::VideoInfo::from_caps(&caps).map_err(|_| damaged("its picture has no known format"))?;
    let codec = registry::codec_name(&chain.stream);
    let stated_end = chain.duration_nanos().map(Time::from_nanos);
    drop(chain);

    let started = Instant::now();
    let survey = survey::survey(path, container, false, &|| started.elapsed() > SCAN_LIMIT)?;
    let nominal = survey.nominal;
    let index = PacketIndex::new(survey.packets, nominal).ok_or_else(|| damaged("its pictures carry no times"))?;
    let rate = index.frame_rate();
    let stated_end = if survey.complete { facts.video_end } else { facts.video_end.or(stated_end) };
    let (frames, end) = extent(&index, survey.complete, stated_end, rate);
    // the container first: qtdemux passes its colour box on without the range, and that then hides the codec's own flag
    let (color, color_assumed) = facts.color.or(StatedColor::from_caps(&caps)).complete(decoded.height(), decoded.format_info().is_rgb());
    let par = decoded.par();
    let info = VideoInfo {
        codec,
        width: decoded.width(),
        height: decoded.height(),
        pixel_aspect: match (u32::try_from(par.numer()), u32::try_from(par.denom())) {
            (Ok(n), Ok(d)) if n > 0 && d > 0 => (n, d),
            _ => (1, 1),
        },
        rotation: facts.rotation.unwrap_or(Rotation::None),
        frame_rate: rate,
        frames,
        variable_frame_rate: !index.is_constant(),
        still: false,
        pixel_format: decoded.format().to_str().to_string(),
        bit_depth: decoded.comp_depth(0),
        alpha: decoded.has_alpha(),
        color,
        color_assumed,
        gop: index.longest_gop(),
    };
    Ok(ProbedVideo { info, index: survey.complete.then_some(index), end })
}

/// Number of pictures and their end. A header that promises clearly more than the packets hold is believed, so that the
/// gap of a cut-off file shows.
fn extent(index: &PacketIndex, complete: bool, stated_end: Option<Time>, rate: FrameRate) -> (u64, Time) {
    let slack = Time(2 * rate.frame_duration().0).max(Time::from_ratio(1, 10));
    match stated_end {
        Some(end) if !complete || end > index.end() + slack => (end.to_frames(rate, Rounding::Nearest).max(0) as u64, end),
        _ => (index.len() as u64, index.end()),
    }
}

fn probe_audio(path: &Path, container: Container) -> Result<(AudioInfo, Time), MediaError> {
    let chain = Chain::open(&Spec::plain(path, container, Output::Sound))?;
    let damaged = |reason: &str| MediaError::Damaged { path: path.into(), reason: reason.into() };
    let caps = chain.decoded.as_ref().and_then(|c| c.structure(0)).ok_or_else(|| damaged("its sound has no format"))?;
    let positive = |name: &str| caps.get::<i32>(name).ok().and_then(|v| u32::try_from(v).ok()).filter(|v| *v > 0);
    let (Some(rate), Some(channels)) = (positive("rate"), positive("channels")) else {
        return Err(damaged("its sound has no rate"));
    };
    let info = AudioInfo { codec: registry::codec_name(&chain.stream), rate, channels };
    let end = chain.duration_nanos().map_or(Time::ZERO, Time::from_nanos);
    Ok((info, end))
}
