//! Pictures on their way from a film through one or more threads into an encoder that goes on behind its finished parts: decoding them in
//! order, handing them over through bounded channels, and coding each at its time. Whoever waits looks for a cancel many times a second.

use crate::{
    base::{MediaInfo, Picture, Time},
    media::{MediaError, PacketIndex, ReaderOptions, VideoReader, encode::SegmentedEncoder},
};
use crossbeam::channel::{Receiver, RecvTimeoutError, SendTimeoutError, Sender};
use std::{ops::Range, path::Path, sync::Arc, time::Duration};

/// How often to look for a cancel while waiting.
const LOOK: Duration = Duration::from_millis(50);

/// Decodes the wanted pictures of a film, by number, and sends them on; ends early when nobody takes them any more.
///
/// # Errors
/// What `check` says when it is time to stop; what decoding says.
pub(super) fn decode<E: From<MediaError>>(
    (path, info, index): (&Path, &MediaInfo, &Arc<PacketIndex>),
    wanted: Range<usize>,
    out: &Sender<Picture>,
    check: impl Fn() -> Result<(), E>,
) -> Result<(), E> {
    if wanted.is_empty() {
        return Ok(());
    }
    let options = ReaderOptions { index: Some(index.clone()), ..ReaderOptions::once() };
    let mut reader = VideoReader::open(path, info, options)?;
    // from the key picture on, one by one: in a long group the way to the first wanted one can be cancelled too
    for n in index.key_before(wanted.start)..wanted.end {
        check()?;
        let frame = reader.frame_at(index.time_of(n))?;
        if n >= wanted.start && !send(out, frame.picture, &check) {
            return Ok(());
        }
    }
    Ok(())
}

/// Hands a picture on as soon as there is room. False when there is nobody to take it any more, or it is time to stop.
pub(super) fn send<E>(out: &Sender<Picture>, mut picture: Picture, check: impl Fn() -> Result<(), E>) -> bool {
    loop {
        match out.send_timeout(picture, LOOK) {
            Ok(()) => return true,
            Err(SendTimeoutError::Timeout(p)) if check().is_ok() => picture = p,
            Err(_) => return false,
        }
    }
}

/// The next picture; None when no more come.
///
/// # Errors
/// What `check` says when it is time to stop.
pub(super) fn next<E>(from: &Receiver<Picture>, check: impl Fn() -> Result<(), E>) -> Result<Option<Picture>, E> {
    loop {
        check()?;
        match from.recv_timeout(LOOK) {
            Ok(picture) => return Ok(Some(picture)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
    }
}

/// Codes picture `n` of a film, of which the pictures from number `first` on are wanted: at the film's own times where they vary.
///
/// # Errors
/// As [`SegmentedEncoder::push`].
pub(super) fn push(
    encoder: &mut SegmentedEncoder,
    picture: &Picture,
    n: usize,
    first: usize,
    index: &PacketIndex,
    variable: bool,
) -> Result<(), MediaError> {
    if !variable {
        return encoder.push(picture);
    }
    // a film whose first picture comes late shows it from the start, here as there
    let base = if first == 0 { Time::ZERO } else { index.time_of(first) };
    let start = if n == first { Time::ZERO } else { index.time_of(n) - base };
    encoder.push_at(picture, start, index.time_of(n + 1) - base)
}
