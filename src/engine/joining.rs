//! The last step of films that were coded in parts: the parts put together, with the original's sound block by block between the
//! pictures. Runs on its caller's thread; a cancel is looked for at each picture.

use crate::{
    base::{MIX_RATE, MediaInfo, Rounding, Time},
    media::{AudioReader, MediaError, PacketIndex, encode::Joiner},
};
use std::{ops::Range, path::Path};

/// Samples of sound that are read at once.
const BLOCK: i64 = 24_000;

/// Joins the parts, which hold the pictures `span` of the index; `sound` is the file whose sound is coded with them: all of it with all
/// pictures, else the samples from the first picture's start to the last one's end. False where the parts have fewer pictures.
///
/// # Errors
/// What `check` says when it is time to stop; what reading and writing say.
pub(super) fn join_parts<E: From<MediaError>>(
    mut joiner: Joiner,
    index: &PacketIndex,
    span: Range<usize>,
    info: &MediaInfo,
    sound: Option<&Path>,
    check: impl Fn() -> Result<(), E>,
) -> Result<bool, E> {
    let mut reader = sound.map(|path| AudioReader::open(path, info)).transpose()?;
    let whole = span == (0..index.len());
    let start = if span.start == 0 { Time::ZERO } else { index.time_of(span.start) };
    let end = if whole { info.duration.max(index.end()) } else { index.time_of(span.end) };
    let total = end.to_samples(MIX_RATE, Rounding::Nearest);
    let (mut at, mut block) = (start.to_samples(MIX_RATE, Rounding::Nearest), vec![0.0; BLOCK as usize * 2]);
    let last = span.end.saturating_sub(1);
    for n in span {
        check()?;
        let until = if n == last { total } else { index.time_of(n + 1).to_samples(MIX_RATE, Rounding::Ceil).min(total) };
        while let Some(reader) = reader.as_mut().filter(|_| at < until) {
            let some = (total - at).min(BLOCK);
            let out = &mut block[..some as usize * 2];
            reader.read(at, out)?;
            joiner.push_audio(out)?;
            at += some;
        }
        if !joiner.push_picture()? {
            return Ok(false);
        }
    }
    joiner.finish()?;
    Ok(true)
}
