//! The file of what pictures show: a direction for each picture that was looked at, of all films, one after another. Programs add to it
//! side by side under a lock; what a crash left half-written is cut off by the next one.
//!
//! Head: magic, numbers of a direction, nothing up to 32 bytes. Then for each picture: the film's content (16 bytes), seconds (8), how
//! many pictures of this film there are (4), nothing (4), and the direction in half precision. All little-endian.

use super::kept;
use crate::{base::ContentHash, ml::MlError};
use half::f16;
use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

const MAGIC: &[u8; 8] = b"MAISEEN1";
const HEAD: usize = 32;
/// Bytes of a record before its direction.
const OWN: usize = 32;
/// More numbers than any such network has.
const MOST_NUMBERS: usize = 8192;
/// A larger file is none: four million pictures.
const MOST_BYTES: u64 = 4 << 30;

/// All that was looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    /// Numbers of a direction; 0 where nothing was looked at.
    pub len: usize,
    /// The pictures of each film that was looked at as a whole: when, and its place in `directions`.
    pub films: HashMap<ContentHash, Vec<(f64, usize)>>,
    /// `len` numbers for each picture.
    pub directions: Vec<f16>,
}

impl Seen {
    /// The direction of a picture.
    pub fn direction(&self, picture: usize) -> &[f16] {
        self.directions.get(picture * self.len..(picture + 1) * self.len).unwrap_or_default()
    }
}

fn record(len: usize) -> usize {
    OWN + 2 * len
}

/// What the file has; nothing where there is none or it is damaged, for it can be made again.
pub(super) fn read(path: &Path) -> Seen {
    let bytes = || -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        file.lock_shared()?;
        if file.metadata()?.len() > MOST_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::new();
        (&file).read_to_end(&mut bytes)?;
        kept::used(path);
        Ok(bytes)
    };
    bytes().ok().and_then(|b| parse(&b)).unwrap_or_default()
}

fn length(head: &[u8]) -> Option<usize> {
    let len = u32::from_le_bytes(head.strip_prefix(MAGIC)?.get(..4)?.try_into().ok()?);
    usize::try_from(len).ok().filter(|n| (1..=MOST_NUMBERS).contains(n))
}

fn parse(bytes: &[u8]) -> Option<Seen> {
    let len = length(bytes)?;
    let (mut films, mut wanted) = (HashMap::<ContentHash, Vec<(f64, usize)>>::new(), HashMap::new());
    let mut directions = Vec::new();
    for (n, record) in bytes.get(HEAD..)?.chunks_exact(record(len)).enumerate() {
        let content = ContentHash(u128::from_le_bytes(record[..16].try_into().ok()?));
        let secs = f64::from_le_bytes(record[16..24].try_into().ok()?);
        let of = u32::from_le_bytes(record[24..28].try_into().ok()?);
        directions.extend(record[OWN..].as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b)));
        if secs.is_finite() {
            films.entry(content).or_default().push((secs, n));
            wanted.insert(content, of as usize);
        }
    }
    // a film of which pictures are missing counts for nothing, and one that two programs looked at has each twice
    films.retain(|content, pictures| {
        pictures.sort_by(|a, b| a.0.total_cmp(&b.0));
        pictures.dedup_by(|a, b| a.0 == b.0);
        wanted.get(content).is_some_and(|of| pictures.len() >= *of)
    });
    directions.iter_mut().for_each(|v: &mut f16| *v = if v.is_finite() { *v } else { f16::ZERO });
    Some(Seen { len, films, directions })
}

/// Add the pictures of a film.
///
/// # Errors
/// The file cannot be written.
pub(super) fn add(path: &Path, content: ContentHash, pictures: &[(f64, Vec<f32>)]) -> Result<(), MlError> {
    let len = pictures.first().map_or(0, |p| p.1.len());
    if len == 0 || len > MOST_NUMBERS {
        return Ok(());
    }
    let mut new = Vec::with_capacity(pictures.len() * record(len));
    for (secs, direction) in pictures {
        new.extend(content.0.to_le_bytes());
        new.extend(secs.to_le_bytes());
        new.extend((pictures.len() as u32).to_le_bytes());
        new.extend([0; 4]);
        new.extend(direction.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()));
    }
    let write = || -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = File::options().create(true).truncate(false).read(true).write(true).open(path)?;
        file.lock()?;
        let mut head = Vec::new();
        (&mut file).take(HEAD as u64).read_to_end(&mut head)?;
        let mut end = file.metadata()?.len();
        if head.len() < HEAD || length(&head) != Some(len) {
            // of another network, or none
            head = [&MAGIC[..], &(len as u32).to_le_bytes()].concat();
            head.resize(HEAD, 0);
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&head)?;
            end = HEAD as u64;
        }
        // what a crash has left of a record
        end -= (end - HEAD as u64) % record(len) as u64;
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        let done = file.write_all(&new).and_then(|()| file.sync_data());
        if done.is_err() {
            // a full disk hurts more than looking again
            let _ = file.set_len(end);
        }
        done
    };
    write().map_err(|e| MlError::Unwritable { path: path.to_owned(), reason: e.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(first: f32, times: &[f64]) -> Vec<(f64, Vec<f32>)> {
        times.iter().enumerate().map(|(i, t)| (*t, vec![first, i as f32 / 8.0, -0.5])).collect()
    }

    #[test]
    fn what_was_added_is_there_whoever_added_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("analysis/seen");
        assert_eq!(read(&path), Seen::default());
        std::thread::scope(|s| {
            for film in 0..8u128 {
                let path = &path;
                s.spawn(move || add(path, ContentHash(film), &pictures(film as f32, &[2.0, 1.0])).unwrap());
            }
        });
        let seen = read(&path);
        assert_eq!((seen.len, seen.films.len()), (3, 8));
        for film in 0..8u128 {
            let of = &seen.films[&ContentHash(film)];
            assert_eq!(of.iter().map(|p| p.0).collect::<Vec<_>>(), [1.0, 2.0]);
            assert_eq!(seen.direction(of[0].1), [film as f32, 0.125, -0.5].map(f16::from_f32));
        }
        assert!(seen.direction(999).is_empty());
        // looked at twice at the same time
        add(&path, ContentHash(3), &pictures(3.0, &[2.0, 1.0])).unwrap();
        assert_eq!(read(&path).films[&ContentHash(3)].len(), 2);
    }

    #[test]
    fn what_a_crash_left_is_cut_off_and_its_film_is_looked_at_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seen");
        add(&path, ContentHash(1), &pictures(1.0, &[0.0, 1.0])).unwrap();
        add(&path, ContentHash(2), &pictures(2.0, &[0.0, 1.0])).unwrap();
        let whole = std::fs::read(&path).unwrap();
        for lost in [1, 20, record(3), record(3) + 5] {
            std::fs::write(&path, &whole[..whole.len() - lost]).unwrap();
            let films: Vec<u128> = read(&path).films.keys().map(|h| h.0).collect();
            assert_eq!(films, [1], "{lost}");
            add(&path, ContentHash(2), &pictures(2.0, &[0.0, 1.0])).unwrap();
            let seen = read(&path);
            assert_eq!((seen.films.len(), seen.films[&ContentHash(2)].len()), (2, 2), "{lost}");
        }
        for odd in [&b""[..], b"MAISEEN1", b"<html>", &[0; 200], &whole[..HEAD]] {
            std::fs::write(&path, odd).unwrap();
            assert!(read(&path).films.is_empty());
            add(&path, ContentHash(9), &pictures(9.0, &[0.5])).unwrap();
            assert_eq!(read(&path).films.len(), 1);
        }
        // another network's numbers take the place of these
        add(&path, ContentHash(9), &[(0.0, vec![1.0; 5])]).unwrap();
        assert_eq!((read(&path).len, read(&path).films.len()), (5, 1));
        assert!(add(&dir.path().join("seen/below"), ContentHash(9), &pictures(1.0, &[0.0])).is_err());
    }
}
