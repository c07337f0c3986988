//! The last step of an MP4 or MOV file: the index to the front, and in it the truth about time and colour.
//!
//! GStreamer's muxer writes the index last, hides neither an encoder's priming samples nor the padding of the last
//! sound packet, and leaves out the colours of some codecs. Here the file is put together anew: `ftyp`, the corrected
//! `moov`, then the media data, copied by the kernel. Boxes are those of ISO/IEC 14496-12 and QuickTime. No GStreamer.

use crate::base::FrameRate;
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// The pictures as they were pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct VideoFacts {
    pub frames: u64,
    pub rate: FrameRate,
    /// End of the last picture in nanoseconds, where their rate is not constant.
    pub end: Option<u64>,
    /// Primaries, transfer, matrix, full range (ITU-T H.273).
    pub cicp: (u16, u16, u16, bool),
}

/// The sound as it was pushed.
#[derive(Clone, Copy, Debug)]
pub(super) struct AudioFacts {
    pub samples: u64,
    pub rate: u32,
    /// Samples that the encoder put before the first one.
    pub priming: u32,
}

#[derive(Debug)]
pub(super) enum AssembleError {
    Io(io::Error),
    Shape(&'static str),
}

impl From<io::Error> for AssembleError {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

type Result<T> = std::result::Result<T, AssembleError>;

/// A box in memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Atom {
    pub name: [u8; 4],
    pub body: Body,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Body {
    Bytes(Vec<u8>),
    Children(Vec<Atom>),
}

const CONTAINERS: [&[u8; 4]; 6] = [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts"];
/// An index larger than this is not one of ours.
const MAX_INDEX: u64 = 1 << 30;

pub(super) fn be32(b: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(b.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn be64(b: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(b.get(at..at + 8)?.try_into().ok()?))
}

impl Atom {
    fn parse_all(mut b: &[u8]) -> Result<Vec<Self>> {
        let mut out = Vec::new();
        while b.len() >= 8 {
            let size = be32(b, 0).map_or(0, |s| s as usize);
            let (Some(payload), Some(rest)) = (b.get(8..size), b.get(size..)) else {
                return Err(AssembleError::Shape("a box is longer than its parent"));
            };
            let name = [b[4], b[5], b[6], b[7]];
            let body = if CONTAINERS.contains(&&name) { Body::Children(Self::parse_all(payload)?) } else { Body::Bytes(payload.to_vec()) };
            out.push(Self { name, body });
            b = rest;
        }
        Ok(out)
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        let at = out.len();
        out.extend_from_slice(&[0; 4]);
        out.extend_from_slice(&self.name);
        match &self.body {
            Body::Bytes(b) => out.extend_from_slice(b),
            Body::Children(c) => c.iter().for_each(|a| a.write(out)),
        }
        let size = (out.len() - at) as u32;
        out[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }

    pub fn children(&mut self) -> &mut Vec<Self> {
        if let Body::Bytes(_) = self.body {
            self.body = Body::Children(Vec::new());
        }
        match &mut self.body {
            Body::Children(c) => c,
            Body::Bytes(_) => unreachable!("just replaced"),
        }
    }

    fn find(&mut self, path: &[&[u8; 4]]) -> Option<&mut Self> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        let Body::Children(c) = &mut self.body else { return None };
        c.iter_mut().find(|a| a.name == **first)?.find(rest)
    }

    pub fn bytes(&mut self, path: &[&[u8; 4]]) -> Option<&mut Vec<u8>> {
        match &mut self.find(path)?.body {
            Body::Bytes(b) => Some(b),
            Body::Children(_) => None,
        }
    }
}

/// A top-level box of the file.
pub(super) struct Span {
    pub name: [u8; 4],
    pub start: u64,
    pub len: u64,
}

pub(super) fn top_level(f: &mut File) -> Result<Vec<Span>> {
    let end = f.metadata()?.len();
    let (mut at, mut out) = (0, Vec::new());
    while at + 8 <= end {
        f.seek(SeekFrom::Start(at))?;
        let mut h = [0; 16];
        let n = (end - at).min(16) as usize;
        f.read_exact(&mut h[..n])?;
        let len = match be32(&h, 0) {
            Some(0) => end - at,
            Some(1) => be64(&h, 8).unwrap_or(0),
            Some(n) => u64::from(n),
            None => 0,
        };
        if len < 8 || at + len > end {
            return Err(AssembleError::Shape("a box reaches past the end of the file"));
        }
        out.push(Span { name: [h[4], h[5], h[6], h[7]], start: at, len });
        at += len;
    }
    Ok(out)
}

/// The first boxes of a file, the index unpacked, and where all boxes lie.
pub(super) fn read_index(f: &mut File) -> Result<(Vec<u8>, Atom, Vec<Span>)> {
    let spans = top_level(f)?;
    let head = spans.iter().find(|s| &s.name == b"ftyp").ok_or(AssembleError::Shape("no ftyp"))?;
    let index = spans.iter().find(|s| &s.name == b"moov").ok_or(AssembleError::Shape("no moov"))?;
    if index.len.max(head.len) > MAX_INDEX {
        return Err(AssembleError::Shape("the index is too large"));
    }
    let mut read = |s: &Span| -> io::Result<Vec<u8>> {
        let mut b = vec![0; s.len as usize];
        f.seek(SeekFrom::Start(s.start))?;
        f.read_exact(&mut b)?;
        Ok(b)
    };
    let (ftyp, bytes) = (read(head)?, read(index)?);
    let moov = Atom::parse_all(&bytes)?.pop().ok_or(AssembleError::Shape("an empty moov"))?;
    Ok((ftyp, moov, spans))
}

/// The head of a box of 64-bit length.
pub(super) fn header(name: [u8; 4], payload: u64) -> Vec<u8> {
    let mut h = vec![0, 0, 0, 1];
    h.extend_from_slice(&name);
    h.extend_from_slice(&(payload + 16).to_be_bytes());
    h
}

/// Writes `to` from the muxer's file `from`. `to` is complete, but not yet synced, on return.
pub(super) fn assemble(from: &Path, to: &Path, video: Option<VideoFacts>, audio: Option<AudioFacts>) -> Result<()> {
    let mut f = File::open(from)?;
    let (ftyp, mut moov, spans) = read_index(&mut f)?;
    let index_len = spans.iter().find(|s| &s.name == b"moov").map_or(0, |s| s.len);
    let quicktime = ftyp.get(8..12) == Some(b"qt  ");
    correct(&mut moov, video, audio, quicktime)?;

    let rest: Vec<&Span> = spans.iter().filter(|s| !matches!(&s.name, b"ftyp" | b"moov")).collect();
    let media_len: u64 = rest.iter().map(|s| s.len).sum();
    let wide = ftyp.len() as u64 + 2 * index_len + (1 << 16) + media_len > u64::from(u32::MAX);
    if wide {
        each_track(&mut moov, widen_offsets)?;
    }
    let mut bytes = Vec::new();
    moov.write(&mut bytes);
    // where each kept box comes to lie, now that the size of the index is known
    let mut at = ftyp.len() as u64 + bytes.len() as u64;
    let moved: Vec<(u64, u64, u64)> = rest
        .iter()
        .map(|s| {
            let m = (s.start, s.start + s.len, at);
            at += s.len;
            m
        })
        .collect();
    each_track(&mut moov, |t| move_offsets(t, &moved))?;
    bytes.clear();
    moov.write(&mut bytes);

    let mut out = File::create(to)?;
    out.write_all(&ftyp)?;
    out.write_all(&bytes)?;
    for s in rest {
        f.seek(SeekFrom::Start(s.start))?;
        // files on both sides: the kernel copies (copy_file_range)
        if io::copy(&mut (&f).take(s.len), &mut out)? != s.len {
            return Err(AssembleError::Shape("the media data ends early"));
        }
    }
    Ok(())
}

pub(super) fn each_track(moov: &mut Atom, mut f: impl FnMut(&mut Atom) -> Result<()>) -> Result<()> {
    moov.children().iter_mut().filter(|a| &a.name == b"trak").try_for_each(&mut f)
}

/// Durations, edit lists and colours.
fn correct(moov: &mut Atom, video: Option<VideoFacts>, audio: Option<AudioFacts>, quicktime: bool) -> Result<()> {
    let movie_scale = moov
        .bytes(&[b"mvhd"])
        .and_then(|b| if b.first() == Some(&1) { be32(b, 20) } else { be32(b, 12) })
        .filter(|s| *s > 0)
        .ok_or(AssembleError::Shape("no movie header"))?;
    let mut longest = 0;
    each_track(moov, |trak| {
        let handler = trak.bytes(&[b"mdia", b"hdlr"]).and_then(|b| b.get(8..12)).and_then(|h| <[u8; 4]>::try_from(h).ok());
        let duration = match (handler.as_ref(), video, audio) {
            (Some(b"vide"), Some(v), _) => {
                let by_rate = || ticks(v.frames, movie_scale, v.rate.num(), v.rate.den());
                let d = v.end.map_or_else(by_rate, |end| ticks(end, movie_scale, 1_000_000_000, 1));
                // keeps the composition offset of reordered pictures
                set_edit(trak, d, None);
                set_colour(trak, v.cicp, quicktime)?;
                d
            }
            (Some(b"soun"), _, Some(a)) => {
                let d = ticks(a.samples, movie_scale, a.rate, 1);
                let scale = trak.bytes(&[b"mdia", b"mdhd"]).and_then(|b| if b.first() == Some(&1) { be32(b, 20) } else { be32(b, 12) });
                let skip = ticks(u64::from(a.priming), scale.unwrap_or(a.rate), a.rate, 1);
                set_edit(trak, d, (a.priming > 0).then_some(skip));
                d
            }
            _ => return Ok(()),
        };
        longest = longest.max(duration);
        set_duration(trak.bytes(&[b"tkhd"]), 4).zip(Some(duration)).map(|(set, d)| set(d)).ok_or(AssembleError::Shape("no track header"))
    })?;
    let set = set_duration(moov.bytes(&[b"mvhd"]), 0).ok_or(AssembleError::Shape("no movie header"))?;
    set(longest);
    Ok(())
}

/// `count` units of `den / num` seconds in ticks of `scale` a second, to the nearest.
fn ticks(count: u64, scale: u32, num: u32, den: u32) -> u64 {
    let n = u128::from(count) * u128::from(scale) * u128::from(den);
    ((n + u128::from(num) / 2) / u128::from(num.max(1))) as u64
}

/// A setter of the duration field of `mvhd` (`gap` 0) or `tkhd` (`gap` 4: track id and a reserved word lie before it in
/// place of the time scale), which widens the box to version 1 where 32 bits do not hold it.
pub(super) fn set_duration(header: Option<&mut Vec<u8>>, gap: usize) -> Option<impl FnOnce(u64) + '_> {
    let b = header?;
    // version 0: flags, created 4, modified 4, (scale | id, reserved), duration 4; version 1: the three times are 8 long
    let (old, tail) = if b.first() == Some(&1) { (24 + gap, 8) } else { (16 + gap, 4) };
    if b.len() < old + tail {
        return None;
    }
    Some(move |d: u64| match (b[0], u32::try_from(d)) {
        (1, _) => b[old..old + 8].copy_from_slice(&d.to_be_bytes()),
        (_, Ok(d)) => b[old..old + 4].copy_from_slice(&d.to_be_bytes()),
        _ => {
            let mut w = vec![1, b[1], b[2], b[3]];
            for time in [4, 8] {
                w.extend_from_slice(&[0; 4]);
                w.extend_from_slice(&b[time..time + 4]);
            }
            w.extend_from_slice(&b[12..old]);
            w.extend_from_slice(&d.to_be_bytes());
            w.extend_from_slice(&b[old + 4..]);
            *b = w;
        }
    })
}

/// One edit: from `media_time` (media ticks; None keeps what the muxer wrote, or 0) for `duration` (movie ticks).
fn set_edit(trak: &mut Atom, duration: u64, media_time: Option<u64>) {
    let written = trak.bytes(&[b"edts", b"elst"]).and_then(|b| {
        let n = be32(b, 4)?;
        // an empty edit (−1) delays the track; the last entry is the one that plays
        let (size, off) = if b[0] == 1 { (20, 8) } else { (12, 4) };
        let at = 8 + (n.checked_sub(1)? as usize) * size + off;
        if b[0] == 1 { be64(b, at) } else { be32(b, at).map(u64::from) }
    });
    let from = media_time.or(written).unwrap_or(0);
    let mut elst = vec![1, 0, 0, 0, 0, 0, 0, 1];
    elst.extend_from_slice(&duration.to_be_bytes());
    elst.extend_from_slice(&from.to_be_bytes());
    elst.extend_from_slice(&[0, 1, 0, 0]); // rate 1
    let edts = Atom { name: *b"edts", body: Body::Children(vec![Atom { name: *b"elst", body: Body::Bytes(elst) }]) };
    let children = trak.children();
    children.retain(|a| &a.name != b"edts");
    let at = children.iter().position(|a| &a.name == b"mdia").unwrap_or(children.len());
    children.insert(at, edts);
}

/// Puts the colour box into the first sample description, in place of one that is there.
fn set_colour(trak: &mut Atom, (primaries, transfer, matrix, full): (u16, u16, u16, bool), quicktime: bool) -> Result<()> {
    let stsd = trak.bytes(&[b"mdia", b"minf", b"stbl", b"stsd"]).ok_or(AssembleError::Shape("no sample description"))?;
    // version and count (8), then the entry: size, name, 78 bytes of fixed fields, boxes
    const FIXED: usize = 8 + 8 + 78;
    let entry_end = be32(stsd, 8).map(|n| 8 + n as usize).filter(|e| *e <= stsd.len() && *e >= FIXED);
    let entry_end = entry_end.ok_or(AssembleError::Shape("a short sample description"))?;
    let mut boxes = Atom::parse_all(&stsd[FIXED..entry_end])?;
    boxes.retain(|a| &a.name != b"colr");
    let mut colr = if quicktime && !full { b"nclc".to_vec() } else { b"nclx".to_vec() };
    for v in [primaries, transfer, matrix] {
        colr.extend_from_slice(&v.to_be_bytes());
    }
    if colr.starts_with(b"nclx") {
        colr.push(u8::from(full) << 7);
    }
    boxes.push(Atom { name: *b"colr", body: Body::Bytes(colr) });
    let mut entry = stsd[..FIXED].to_vec();
    boxes.iter().for_each(|a| a.write(&mut entry));
    let size = (entry.len() - 8) as u32;
    entry[8..12].copy_from_slice(&size.to_be_bytes());
    entry.extend_from_slice(&stsd[entry_end..]);
    *stsd = entry;
    Ok(())
}

/// `stco` to `co64`.
pub(super) fn widen_offsets(trak: &mut Atom) -> Result<()> {
    let Some(a) = trak.find(&[b"mdia", b"minf", b"stbl", b"stco"]) else { return Ok(()) };
    let Body::Bytes(b) = &a.body else { return Ok(()) };
    let mut w = b.get(..8).ok_or(AssembleError::Shape("a short chunk table"))?.to_vec();
    for c in b[8..].chunks_exact(4) {
        w.extend_from_slice(&[0; 4]);
        w.extend_from_slice(c);
    }
    *a = Atom { name: *b"co64", body: Body::Bytes(w) };
    Ok(())
}

/// Moves each chunk with the top-level box it lies in: (old start, old end, new start).
pub(super) fn move_offsets(trak: &mut Atom, moved: &[(u64, u64, u64)]) -> Result<()> {
    let new = |old: u64| {
        let m = moved.iter().find(|(a, b, _)| (*a..*b).contains(&old)).ok_or(AssembleError::Shape("a chunk outside the media data"))?;
        Ok::<u64, AssembleError>(old - m.0 + m.2)
    };
    if let Some(b) = trak.bytes(&[b"mdia", b"minf", b"stbl", b"co64"]) {
        for c in b.get_mut(8..).unwrap_or_default().chunks_exact_mut(8) {
            let v = new(be64(c, 0).unwrap_or(0))?;
            c.copy_from_slice(&v.to_be_bytes());
        }
    } else if let Some(b) = trak.bytes(&[b"mdia", b"minf", b"stbl", b"stco"]) {
        for c in b.get_mut(8..).unwrap_or_default().chunks_exact_mut(4) {
            let v = new(be32(c, 0).map_or(0, u64::from))?;
            let v = u32::try_from(v).map_err(|_| AssembleError::Shape("a chunk past 4 GiB"))?;
            c.copy_from_slice(&v.to_be_bytes());
        }
    }
    Ok(())
}
