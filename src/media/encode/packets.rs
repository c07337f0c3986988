//! Coded pictures of one segment in a file of their own, and what is known of it beside: how a long video job keeps what it has
//! finished. No GStreamer.
//!
//! The file holds each packet as length (u32), presentation time (u64, nanoseconds, from any start), 1 for a key picture, data;
//! little-endian. A segment counts as finished only when its manifest is there and says the same length and hash as the file has.

use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};
use xxhash_rust::xxh3::Xxh3Default;

const HEAD: usize = 13;
/// A coded picture larger than this is none of ours.
const MAX_PACKET: u32 = 1 << 28;

/// One coded picture, in the order in which it is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packet {
    /// As the encoder stamped it; only the order counts.
    pub pts: u64,
    pub key: bool,
    pub data: Vec<u8>,
}

/// What is known of a finished segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What the packets are (GStreamer caps), with the headers of the stream.
    pub caps: String,
    /// GStreamer's name of the encoder.
    pub encoder: String,
    pub hardware: bool,
    /// Start of each picture in the order shown, nanoseconds.
    pub times: Vec<u64>,
    /// End of the last picture.
    pub end: u64,
    pub bytes: u64,
    /// xxh3 of the file.
    pub hash: u64,
}

/// Names of segment `n`.
pub(super) fn names(folder: &Path, n: usize) -> (PathBuf, PathBuf) {
    (folder.join(format!("{n:05}.packets")), folder.join(format!("{n:05}.json")))
}

/// Writes packets as they come.
pub(super) struct PacketWriter {
    file: BufWriter<File>,
    hash: Xxh3Default,
    pub bytes: u64,
    pub count: usize,
}

impl PacketWriter {
    pub fn create(path: &Path) -> io::Result<Self> {
        Ok(Self { file: BufWriter::with_capacity(1 << 18, File::create(path)?), hash: Xxh3Default::new(), bytes: 0, count: 0 })
    }

    pub fn write(&mut self, pts: u64, key: bool, data: &[u8]) -> io::Result<()> {
        let len =
            u32::try_from(data.len()).ok().filter(|l| *l <= MAX_PACKET).ok_or_else(|| io::Error::other("a coded picture is too large"))?;
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&len.to_le_bytes());
        head[4..12].copy_from_slice(&pts.to_le_bytes());
        head[12] = u8::from(key);
        for part in [&head, data] {
            self.hash.update(part);
            self.file.write_all(part)?;
            self.bytes += part.len() as u64;
        }
        self.count += 1;
        Ok(())
    }

    /// On the disk, for good where it is to outlast a failing machine too; length and hash.
    pub fn finish(mut self, for_good: bool) -> io::Result<(u64, u64)> {
        self.file.flush()?;
        if for_good {
            self.file.get_ref().sync_data()?;
        }
        Ok((self.bytes, self.hash.digest()))
    }
}

/// Gives a segment its manifest, which makes it count; on the disk for good as the packets.
pub(super) fn seal(folder: &Path, n: usize, manifest: &Manifest, for_good: bool) -> io::Result<()> {
    let (_, path) = names(folder, n);
    let unfinished = path.with_extension("json.part");
    let mut file = File::create(&unfinished)?;
    file.write_all(&serde_json::to_vec(manifest).map_err(io::Error::other)?)?;
    if !for_good {
        return fs::rename(&unfinished, &path);
    }
    file.sync_all()?;
    fs::rename(&unfinished, &path)?;
    // the name itself: best effort, not every file system can
    let _ = File::open(folder).and_then(|f| f.sync_all());
    Ok(())
}

/// The manifest of segment `n`, if the segment is whole: its file is read through once and compared.
pub(super) fn finished(folder: &Path, n: usize) -> Option<Manifest> {
    let (packets, manifest) = names(folder, n);
    let manifest: Manifest = serde_json::from_slice(&fs::read(manifest).ok()?).ok()?;
    let mut file = File::open(packets).ok()?;
    if file.metadata().ok()?.len() != manifest.bytes || manifest.times.is_empty() {
        return None;
    }
    let (mut hash, mut block) = (Xxh3Default::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut block).ok()? {
            0 => break,
            n => hash.update(&block[..n]),
        }
    }
    (hash.digest() == manifest.hash).then_some(manifest)
}

/// Reads packets in the order in which they are decoded.
pub(super) struct PacketReader(BufReader<File>);

impl PacketReader {
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self(BufReader::with_capacity(1 << 18, File::open(path)?)))
    }

    fn head(&mut self) -> io::Result<Option<(u32, u64, bool)>> {
        let mut head = [0; HEAD];
        match self.0.read_exact(&mut head) {
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        let len = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
        if len > MAX_PACKET {
            return Err(io::Error::other("a finished part of the video is damaged"));
        }
        let mut pts = [0; 8];
        pts.copy_from_slice(&head[4..12]);
        Ok(Some((len, u64::from_le_bytes(pts), head[12] != 0)))
    }

    pub fn next(&mut self) -> io::Result<Option<Packet>> {
        let Some((len, pts, key)) = self.head()? else { return Ok(None) };
        let mut data = vec![0; len as usize];
        self.0.read_exact(&mut data)?;
        Ok(Some(Packet { pts, key, data }))
    }

    /// The place in the order shown of each packet, in the order decoded.
    pub fn ranks(path: &Path) -> io::Result<Vec<usize>> {
        let mut reader = Self::open(path)?;
        let mut stamps = Vec::new();
        while let Some((len, pts, _)) = reader.head()? {
            stamps.push(pts);
            reader.0.seek_relative(i64::from(len))?;
        }
        let mut shown: Vec<usize> = (0..stamps.len()).collect();
        shown.sort_by_key(|i| stamps[*i]);
        let mut ranks = vec![0; stamps.len()];
        for (rank, i) in shown.into_iter().enumerate() {
            ranks[i] = rank;
        }
        Ok(ranks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(folder: &Path) -> Manifest {
        let mut w = PacketWriter::create(&names(folder, 0).0).unwrap();
        for (pts, data) in [(0, "I"), (120, "P"), (40, "b"), (80, "bb")] {
            w.write(pts, pts == 0, data.as_bytes()).unwrap();
        }
        let (bytes, hash) = w.finish(true).unwrap();
        let m = Manifest { caps: "x".into(), encoder: "e".into(), hardware: false, times: vec![0, 40, 80, 120], end: 160, bytes, hash };
        seal(folder, 0, &m, true).unwrap();
        m
    }

    #[test]
    fn packets_come_back_in_their_order_with_their_places() {
        let dir = tempfile::tempdir().unwrap();
        let m = segment(dir.path());
        let packets = names(dir.path(), 0).0;
        assert_eq!(finished(dir.path(), 0), Some(m));
        assert_eq!(PacketReader::ranks(&packets).unwrap(), [0, 3, 1, 2]);
        let mut r = PacketReader::open(&packets).unwrap();
        assert_eq!(r.next().unwrap(), Some(Packet { pts: 0, key: true, data: b"I".to_vec() }));
        assert_eq!(std::iter::from_fn(|| r.next().unwrap()).count(), 3);
    }

    #[test]
    fn a_torn_or_changed_segment_does_not_count() {
        let dir = tempfile::tempdir().unwrap();
        segment(dir.path());
        let (packets, manifest) = names(dir.path(), 0);
        let whole = fs::read(&packets).unwrap();
        fs::write(&packets, &whole[..whole.len() - 1]).unwrap();
        assert_eq!(finished(dir.path(), 0), None);
        let mut changed = whole.clone();
        changed[20] ^= 1;
        fs::write(&packets, changed).unwrap();
        assert_eq!(finished(dir.path(), 0), None);
        fs::write(&packets, whole).unwrap();
        assert!(finished(dir.path(), 0).is_some());
        let json = fs::read(&manifest).unwrap();
        fs::write(&manifest, &json[..json.len() / 2]).unwrap();
        assert_eq!(finished(dir.path(), 0), None);
    }
}
