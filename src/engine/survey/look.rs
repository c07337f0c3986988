//! What the pictures of a film show: a few of each shot are decoded exactly, looked at by a network, and what it says is kept for all
//! films in one file.

use super::{
    Survey,
    seen::{self, Seen},
};
use crate::{
    analysis::footage::Footage,
    base::{ContentHash, MediaInfo, Picture, Time, UserError},
    engine::upscale::planes_of,
    media::{self, MediaError, ReaderOptions, VideoReader},
    ml::{
        MlError, Planes,
        meaning::{Pictures, prepared},
    },
};
use std::{
    fmt,
    path::{Path, PathBuf},
};
use xxhash_rust::xxh3::xxh3_64;

/// A picture stands for so many seconds of a shot at most.
const SECS: f64 = 10.0;
/// Pictures of a film at most, spread evenly: of a night before a camera that nobody minds.
const MOST: usize = 5_000;
/// Pictures that are held until the network takes them.
const AT_ONCE: usize = 8;

/// Why a film could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    Media(#[from] MediaError),
    Network(#[from] MlError),
}

impl LookError {
    /// It was told to stop.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Media(MediaError::Cancelled) | Self::Network(MlError::Cancelled))
    }
}

impl fmt::Display for LookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Media(e) => e.fmt(f),
            Self::Network(e) => e.fmt(f),
        }
    }
}

impl UserError for LookError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Media(e) => e.hint(),
            Self::Network(e) => e.hint(),
        }
    }
}

/// The file in the cache that holds what a network says; each network has its own. None where the network's file is not there.
pub fn seen_file(cache: &Path, network: &Path) -> Option<PathBuf> {
    let m = network.metadata().ok()?;
    let changed = m.modified().ok()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
    let name = format!("{} {changed}", m.len());
    Some(cache.join(format!("seen-1-{:016x}.pictures", xxh3_64(name.as_bytes()))))
}

/// All that was looked at. Reads the whole file.
pub fn seen(file: &Path) -> Seen {
    seen::read(file)
}

/// Look at a film that was watched, and keep what was seen in `file`. Gives how many pictures were looked at.
///
/// # Errors
/// No picture can be decoded, the network failed, the file cannot be written, or it was cancelled.
pub fn look(
    path: &Path,
    info: &MediaInfo,
    content: ContentHash,
    footage: &Footage,
    network: &Pictures,
    file: &Path,
    survey: &mut Survey<'_>,
) -> Result<usize, LookError> {
    let _span = tracing::info_span!("look", path = %path.display()).entered();
    let video = info.video.as_ref().ok_or_else(|| MediaError::NoVideo(path.into()))?;
    let (width, height) = video.display_size();
    let aspect = f64::from(width) / f64::from(height.max(1));
    let times = if video.still { vec![0.0] } else { times(footage, info.duration.as_secs_f64()) };
    let mut reader = if video.still { None } else { Some(VideoReader::open(path, info, ReaderOptions::once())?) };
    let (mut all, mut waiting) = (Vec::<(f64, Vec<f32>)>::new(), Vec::<(f64, Planes)>::new());
    let (mut failed, cancel) = (None, survey.cancel);
    for (n, secs) in times.iter().enumerate() {
        if cancel() {
            return Err(MediaError::Cancelled.into());
        }
        let picture: Result<Picture, MediaError> = match &mut reader {
            Some(reader) => reader.frame_at(Time::from_secs_f64(*secs)).map(|f| f.picture),
            None => media::still(path),
        };
        // one that cannot be decoded costs itself only
        match picture {
            Ok(picture) => waiting.push((*secs, prepared(&planes_of(&picture)?, aspect, network.side())?)),
            Err(e) => failed = Some(e),
        }
        if waiting.len() >= AT_ONCE || n + 1 == times.len() {
            let (at, planes): (Vec<f64>, Vec<Planes>) = std::mem::take(&mut waiting).into_iter().unzip();
            all.extend(at.into_iter().zip(network.read(&planes, cancel)?));
            (survey.progress)((n + 1) as f32 / times.len() as f32);
        }
    }
    match failed {
        Some(e) if all.is_empty() => Err(e.into()),
        _ => {
            seen::add(file, content, &all)?;
            Ok(all.len())
        }
    }
}

/// When to look: the middle of each shot, or of its parts where it is long.
fn times(footage: &Footage, duration_secs: f64) -> Vec<f64> {
    let whole = [(0.0, duration_secs)];
    let shots: Vec<(f64, f64)> = footage.shots.iter().map(|s| (s.start_secs, s.end_secs)).collect();
    let spans = if shots.is_empty() { &whole[..] } else { &shots };
    let all: Vec<f64> = spans
        .iter()
        .flat_map(|(from, to)| {
            let n = ((to - from) / SECS).ceil().clamp(1.0, MOST as f64) as usize;
            (0..n).map(move |i| from + (to - from) * (i as f64 + 0.5) / n as f64)
        })
        .collect();
    let every = all.len().div_ceil(MOST).max(1);
    all.into_iter().step_by(every).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::footage::Shot;

    #[test]
    fn each_shot_is_looked_at_and_long_ones_in_parts() {
        let shot = |start_secs, end_secs| Shot { start: 0, end: 0, start_secs, end_secs, begins_with: None, mixed_secs: (0.0, 0.0) };
        let footage = |shots| Footage { duration_secs: 40.0, shots, moments: vec![] };
        assert_eq!(times(&footage(vec![shot(0.0, 2.0), shot(2.0, 10.0), shot(10.0, 40.0)]), 40.0), [1.0, 6.0, 15.0, 25.0, 35.0]);
        assert_eq!(times(&footage(vec![]), 20.0), [5.0, 15.0]);
        assert_eq!(times(&footage(vec![]), 0.0), [0.0]);
        let many = times(&footage((0..20_000).map(|i| shot(f64::from(i), f64::from(i) + 1.0)).collect()), 20_000.0);
        assert!(many.len() <= MOST && many.len() > MOST / 2 && many[many.len() - 1] > 19_000.0);
    }

    #[test]
    fn a_network_that_was_changed_has_another_file() {
        let dir = tempfile::tempdir().unwrap();
        let network = dir.path().join("a.safetensors");
        assert_eq!(seen_file(dir.path(), &network), None);
        std::fs::write(&network, b"x").unwrap();
        let first = seen_file(dir.path(), &network).unwrap();
        assert_eq!(seen_file(dir.path(), &network), Some(first.clone()));
        std::fs::write(&network, b"xy").unwrap();
        assert_ne!(seen_file(dir.path(), &network), Some(first));
    }
}
