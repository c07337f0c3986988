//! The sound of one MP4 or MOV file put into another, packet by packet as it is: the same bytes, the same edit list, so that it is decoded to
//! the very same samples. No GStreamer.
//!
//! The original's sound track is taken over with its tables; only where its chunks lie and the movie's ticks are written anew. Boxes are those of
//! ISO/IEC 14496-12.

use super::{
    Container, EncodeError,
    mp4::{AssembleError, Atom, be32, be64, each_track, header, move_offsets, read_index, set_duration, top_level, widen_offsets},
    part::{PartFile, io_error},
};
use crate::media::MediaError;
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    path::Path,
};

/// Codings of sound that ISO files have too; QuickTime's own stay in MOV.
const ISO_SOUND: [&[u8; 4]; 6] = [b"mp4a", b"Opus", b"fLaC", b"alac", b"ac-3", b"ec-3"];

type Result<T> = std::result::Result<T, AssembleError>;

/// A sound track and where its chunks lie in the file.
struct Sound {
    trak: Atom,
    chunks: Vec<(u64, u64)>,
    /// Ticks a second of the movie that it comes from.
    scale: u32,
}

/// Whether a file in this container can take over the sound of `source` as it is.
pub(super) fn takes_sound_of(container: Container, source: &Path) -> bool {
    let Ok(sound) = File::open(source).map_err(AssembleError::from).and_then(|mut f| sound_of(&mut f)) else { return false };
    match container {
        Container::Mov => true,
        Container::Mp4 => coding(&sound.trak).is_some_and(|c| ISO_SOUND.contains(&&c)),
        _ => false,
    }
}

/// Writes `to`: the pictures of `film`, which has no sound, and the sound of `source`.
///
/// # Errors
/// A file cannot be read or written, or is not as [`takes_sound_of`] found it.
pub(super) fn add_sound(film: &Path, source: &Path, to: &Path) -> std::result::Result<(), MediaError> {
    let run = || -> std::result::Result<(), EncodeError> {
        let part = PartFile::create(to)?;
        put_together(film, source, part.part()).map_err(|e| match e {
            AssembleError::Io(e) => io_error(to, &e),
            AssembleError::Shape(what) => EncodeError::Failed(format!("the sound cannot be taken over: {what}")),
        })?;
        part.publish(false)
    };
    Ok(run()?)
}

fn put_together(film: &Path, source: &Path, to: &Path) -> Result<()> {
    let (mut f, mut s) = (File::open(film)?, File::open(source)?);
    let (ftyp, mut moov, spans) = read_index(&mut f)?;
    let Sound { mut trak, chunks, scale } = sound_of(&mut s)?;
    let film_scale = movie_scale(&mut moov)?;
    let rescaled = |d: u64| ((u128::from(d) * u128::from(film_scale) + u128::from(scale) / 2) / u128::from(scale)) as u64;
    // the next number of a track
    let id = moov.bytes(&[b"mvhd"]).and_then(|b| be32(b, b.len().checked_sub(4)?)).ok_or(AssembleError::Shape("no movie header"))?;
    if let Some(b) = moov.bytes(&[b"mvhd"]) {
        let at = b.len() - 4;
        b[at..].copy_from_slice(&(id + 1).to_be_bytes());
    }
    let length = rescale_edits(&mut trak, &rescaled)?;
    let old = duration_of(trak.bytes(&[b"tkhd"]), 4).map(&rescaled);
    let length = length.or(old).ok_or(AssembleError::Shape("no track header"))?;
    set_duration(trak.bytes(&[b"tkhd"]), 4).map(|set| set(length)).ok_or(AssembleError::Shape("no track header"))?;
    if let Some(b) = trak.bytes(&[b"tkhd"]) {
        let at = if b.first() == Some(&1) { 20 } else { 12 };
        b.get_mut(at..at + 4).ok_or(AssembleError::Shape("no track header"))?.copy_from_slice(&id.to_be_bytes());
    }
    let whole = duration_of(moov.bytes(&[b"mvhd"]), 0).unwrap_or(0).max(length);
    set_duration(moov.bytes(&[b"mvhd"]), 0).map(|set| set(whole)).ok_or(AssembleError::Shape("no movie header"))?;
    // references to other tracks and data that is not sound stay behind
    trak.children().retain(|a| matches!(&a.name, b"tkhd" | b"edts" | b"mdia"));
    moov.children().push(trak);
    each_track(&mut moov, widen_offsets)?;
    let mut bytes = Vec::new();
    moov.write(&mut bytes);
    let rest: Vec<_> = spans.iter().filter(|s| !matches!(&s.name, b"ftyp" | b"moov")).collect();
    let mut at = ftyp.len() as u64 + bytes.len() as u64;
    let mut moved = Vec::new();
    for span in &rest {
        moved.push((span.start, span.start + span.len, at));
        at += span.len;
    }
    let sound_len: u64 = chunks.iter().map(|c| c.1).sum();
    let mut place = at + 16;
    let mut places = Vec::with_capacity(chunks.len());
    for chunk in &chunks {
        places.push(place);
        place += chunk.1;
    }
    each_track(&mut moov, |t| {
        if handler(t) != Some(*b"soun") {
            return move_offsets(t, &moved);
        }
        let b = t.bytes(&[b"mdia", b"minf", b"stbl", b"co64"]).ok_or(AssembleError::Shape("no chunk table"))?;
        b.get_mut(8..).unwrap_or_default().chunks_exact_mut(8).zip(&places).for_each(|(c, p)| c.copy_from_slice(&p.to_be_bytes()));
        Ok(())
    })?;
    bytes.clear();
    moov.write(&mut bytes);
    let mut out = File::create(to)?;
    out.write_all(&ftyp)?;
    out.write_all(&bytes)?;
    for span in rest {
        copy(&mut f, span.start, span.len, &mut out)?;
    }
    out.write_all(&header(*b"mdat", sound_len))?;
    chunks.iter().try_for_each(|(start, len)| copy(&mut s, *start, *len, &mut out))
}

fn copy(from: &mut File, start: u64, len: u64, to: &mut File) -> Result<()> {
    from.seek(SeekFrom::Start(start))?;
    if io::copy(&mut (&*from).take(len), to)? != len { Err(AssembleError::Shape("the media data ends early")) } else { Ok(()) }
}

fn handler(trak: &mut Atom) -> Option<[u8; 4]> {
    trak.bytes(&[b"mdia", b"hdlr"])?.get(8..12)?.try_into().ok()
}

fn movie_scale(moov: &mut Atom) -> Result<u32> {
    let scale = moov.bytes(&[b"mvhd"]).and_then(|b| if b.first() == Some(&1) { be32(b, 20) } else { be32(b, 12) });
    scale.filter(|s| *s > 0).ok_or(AssembleError::Shape("no movie header"))
}

fn duration_of(header: Option<&mut Vec<u8>>, gap: usize) -> Option<u64> {
    let b = header?;
    if b.first() == Some(&1) { be64(b, 24 + gap) } else { be32(b, 16 + gap).map(u64::from) }
}

/// The coding that the first sample description names.
fn coding(trak: &Atom) -> Option<[u8; 4]> {
    let mut trak = trak.clone();
    trak.bytes(&[b"mdia", b"minf", b"stbl", b"stsd"])?.get(12..16)?.try_into().ok()
}

/// Lengths of edits in other ticks; their sum, where there are any.
fn rescale_edits(trak: &mut Atom, rescaled: &dyn Fn(u64) -> u64) -> Result<Option<u64>> {
    let Some(b) = trak.bytes(&[b"edts", b"elst"]) else { return Ok(None) };
    let short = AssembleError::Shape("a short edit list");
    let (Some(version), Some(n)) = (b.first().copied(), be32(b, 4)) else { return Err(short) };
    let size = if version == 1 { 20 } else { 12 };
    let mut sum = 0;
    let mut wide = vec![1, 0, 0, 0];
    wide.extend_from_slice(&n.to_be_bytes());
    for i in 0..n as usize {
        let e = b.get(8 + i * size..8 + (i + 1) * size).ok_or(AssembleError::Shape("a short edit list"))?;
        let (length, from, rate) = match version {
            1 => (be64(e, 0), be64(e, 8).map(u64::cast_signed), &e[16..20]),
            _ => (be32(e, 0).map(u64::from), be32(e, 4).map(|v| i64::from(v.cast_signed())), &e[8..12]),
        };
        let (Some(length), Some(from)) = (length, from) else { return Err(short) };
        let length = rescaled(length);
        sum += length;
        wide.extend_from_slice(&length.to_be_bytes());
        wide.extend_from_slice(&from.to_be_bytes());
        wide.extend_from_slice(rate);
    }
    *b = wide;
    Ok(Some(sum))
}

/// The first sound track of a file that is not in fragments and holds its sound itself.
fn sound_of(f: &mut File) -> Result<Sound> {
    let known = top_level(f)?;
    if !known.iter().any(|s| &s.name == b"ftyp") || known.iter().any(|s| &s.name == b"moof") {
        return Err(AssembleError::Shape("no plain MP4 or MOV file"));
    }
    let len = f.metadata()?.len();
    let (_, mut moov, _) = read_index(f)?;
    let scale = movie_scale(&mut moov)?;
    let mut trak = moov.children().extract_if(.., |a| &a.name == b"trak" && handler(a) == Some(*b"soun")).next();
    let trak = trak.as_mut().ok_or(AssembleError::Shape("no sound"))?;
    // data in another file
    let refs = trak.bytes(&[b"mdia", b"minf", b"dinf"]).map(|b| b.clone()).unwrap_or_default();
    if refs.get(24..28).is_some_and(|flags| flags[3] & 1 == 0) {
        return Err(AssembleError::Shape("its sound lies in another file"));
    }
    let chunks = chunks(trak, len)?;
    Ok(Sound { trak: trak.clone(), chunks, scale })
}

/// Start and length of each chunk, from the tables of chunks and of packets' sizes.
fn chunks(trak: &mut Atom, file: u64) -> Result<Vec<(u64, u64)>> {
    let mut table = |name: &[u8; 4]| trak.bytes(&[b"mdia", b"minf", b"stbl", name]).map(|b| b.clone());
    let short = || AssembleError::Shape("a short table");
    let offsets: Vec<u64> = match (table(b"co64"), table(b"stco")) {
        (Some(b), _) => b.get(8..).ok_or_else(short)?.chunks_exact(8).filter_map(|c| be64(c, 0)).collect(),
        (None, Some(b)) => b.get(8..).ok_or_else(short)?.chunks_exact(4).filter_map(|c| be32(c, 0).map(u64::from)).collect(),
        _ => return Err(short()),
    };
    let (stsc, stsz, stsd) = (table(b"stsc").ok_or_else(short)?, table(b"stsz").ok_or_else(short)?, table(b"stsd").ok_or_else(short)?);
    let same = u64::from(be32(&stsz, 4).ok_or_else(short)?);
    // QuickTime counts samples of PCM, not packets, in a way of its own
    let quicktime = be32(&stsd, 8).is_some() && stsd.get(24..26).is_some_and(|v| v == [0, 1]) && same > 0;
    let packed =
        quicktime.then(|| Some((u64::from(be32(&stsd, 44)?), u64::from(be32(&stsd, 52)?)))).flatten().filter(|p| p.0 > 0 && p.1 > 0);
    let runs: Vec<(usize, u64)> =
        stsc.get(8..).ok_or_else(short)?.chunks_exact(12).filter_map(|c| Some((be32(c, 0)? as usize, u64::from(be32(c, 4)?)))).collect();
    let (mut out, mut packet, mut run) = (Vec::with_capacity(offsets.len()), 0usize, 0);
    for (i, start) in offsets.into_iter().enumerate() {
        while runs.get(run + 1).is_some_and(|r| r.0 <= i + 1) {
            run += 1;
        }
        let n = runs.get(run).ok_or_else(short)?.1;
        let len = match (same, packed) {
            (0, _) => {
                let count = usize::try_from(n).map_err(|_| short())?;
                let sizes = stsz.get(12 + 4 * packet..12 + 4 * packet.saturating_add(count)).ok_or_else(short)?;
                packet += count;
                sizes.chunks_exact(4).filter_map(|c| be32(c, 0).map(u64::from)).sum()
            }
            (_, Some((samples, bytes))) => n.div_ceil(samples) * bytes,
            (size, None) => n.checked_mul(size).ok_or_else(short)?,
        };
        if start.checked_add(len).is_none_or(|end| end > file) {
            return Err(AssembleError::Shape("the media data ends early"));
        }
        out.push((start, len));
    }
    Ok(out)
}
