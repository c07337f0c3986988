//! Knows a file by its content. Blocking; reads at most 4 MiB, so that a whole shoot is known in moments.

use crate::base::{ContentHash, Stamp};
use std::{
    fs::{File, Metadata},
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    time::UNIX_EPOCH,
};
use xxhash_rust::xxh3::Xxh3Default;

/// Bytes read at one place.
const PIECE: u64 = 64 << 10;
/// Places that are read of a long file, spread evenly from its first byte to its last.
const PIECES: u64 = 64;

/// Size, last change and content of a file. The hash is xxh3 (128 bits) over the length (8 bytes, little-endian) and the
/// content; of a file longer than 4 MiB over 64 pieces of 64 KiB, piece `i` at byte `i · (length − 64 KiB) / 63`. A film's
/// head and index lie at its ends and its pictures all over it, so another take, cut or encode differs somewhere there; a
/// few bytes changed by hand inside a long file may be missed.
///
/// # Errors
/// It is no plain file, or cannot be read.
pub fn stamp(path: &Path) -> io::Result<Stamp> {
    // a pipe would keep the reader waiting
    let meta = plain(path)?;
    let mut file = File::open(path)?;
    let len = meta.len();
    let mut hash = Xxh3Default::new();
    hash.update(&len.to_le_bytes());
    let mut piece = vec![0; PIECE as usize];
    let whole = len <= PIECE * PIECES;
    let pieces = if whole { len.div_ceil(PIECE) } else { PIECES };
    for i in 0..pieces {
        let at = if whole { i * PIECE } else { (u128::from(i) * u128::from(len - PIECE) / u128::from(PIECES - 1)) as u64 };
        let part = &mut piece[..(len - at).min(PIECE) as usize];
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(part)?;
        hash.update(part);
    }
    Ok(Stamp { hash: Some(ContentHash(hash.digest128())), ..of_metadata(&meta) })
}

/// Size and last change, without reading the file.
///
/// # Errors
/// It is no plain file, or not there.
pub fn quick_stamp(path: &Path) -> io::Result<Stamp> {
    plain(path).map(|m| of_metadata(&m))
}

fn plain(path: &Path) -> io::Result<Metadata> {
    let meta = std::fs::metadata(path)?;
    if meta.is_file() { Ok(meta) } else { Err(io::Error::other("it is no file")) }
}

fn of_metadata(meta: &Metadata) -> Stamp {
    let since = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    let modified = since.and_then(|d| i64::try_from(d.as_nanos()).ok()).unwrap_or(0);
    Stamp { size: meta.len(), modified, hash: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_copy_has_the_same_hash_and_a_change_in_any_piece_another() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        for len in [0usize, 1, 65_536, 65_537, 4 << 20, (4 << 20) + 1, 9_000_001] {
            let bytes: Vec<u8> = (0..len).map(|i| (i * 31 + i / 977) as u8).collect();
            fs::write(&a, &bytes).unwrap();
            fs::copy(&a, &b).unwrap();
            let first = stamp(&a).unwrap();
            assert_eq!((first.size, first.hash), (len as u64, stamp(&b).unwrap().hash), "{len}");
            assert!(first.untouched(&quick_stamp(&a).unwrap()) && first.modified > 0);
            for at in [0, len / 63 * 7 + 5, len.saturating_sub(1)] {
                let mut changed = bytes.clone();
                if len == 9_000_001 {
                    // the start of piece 7
                    let at = if at == 0 || at == len - 1 { at } else { 7 * (len - 65_536) / 63 };
                    changed[at] ^= 1;
                } else if let Some(byte) = changed.get_mut(at) {
                    *byte ^= 1;
                } else {
                    continue;
                }
                fs::write(&b, &changed).unwrap();
                assert_ne!(stamp(&b).unwrap().hash, first.hash, "{len}: {at}");
            }
        }
        assert!(stamp(dir.path()).is_err() && quick_stamp(&dir.path().join("none")).is_err());
    }
}
