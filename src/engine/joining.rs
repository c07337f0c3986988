//! The last step of films that were coded in parts: the parts put together, with the original's sound block by block between the
//! pictures. Runs on its caller's thread; a cancel is looked for at each picture.

use crate::{
    base::{MIX_RATE, MediaInfo, Rounding},
    media::{AudioReader, MediaError, PacketIndex, encode::Joiner},
};
use std::path::Path;

/// Samples of sound that are read at once.
const BLOCK: i64 = 24_000;

/// Joins the parts; `sound` is the file whose sound is coded with them. False where the parts have fewer pictures than the index.
///
/// # Errors
/// What `check` says when it is time to stop; what reading and writing say.
pub(super) fn join_parts<E: From<MediaError>>(
    mut joiner: Joiner,
    index: &PacketIndex,
    info: &MediaInfo,
    sound: Option<&Path>,
    check: impl Fn() -> Result<(), E>,
) -> Result<bool, E> {
    let mut reader = sound.map(|path| AudioReader::open(path, info)).transpose()?;
    let total = info.duration.max(index.end()).to_samples(MIX_RATE, Rounding::Nearest);
    let (mut at, mut block) = (0, vec![0.0; BLOCK as usize * 2]);
    for n in 0..index.len() {
        check()?;
        let last = n + 1 == index.len();
        let until = if last { total } else { index.time_of(n + 1).to_samples(MIX_RATE, Rounding::Ceil).min(total) };
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
