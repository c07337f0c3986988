//! Facts that mp4 and mov files state and GStreamer does not pass on: turned and mirrored pictures, colour boxes, the
//! start timecode, and how long the picture track claims to be. Reads the boxes of `moov` alone (ISO/IEC 14496-12, Apple's
//! QuickTime File Format). Every length is checked; anything odd ends the walk without an error. Any worker thread.

use super::{container::Container, format::StatedColor};
use crate::base::{
    FrameRate, Rotation, Time,
    color::{Matrix, Primaries, Range, Transfer},
    format_timecode,
};
use std::{
    fs::File,
    io::{Read, Seek, SeekFrom},
    path::Path,
};

/// A larger `moov` is not read; ten hours of video with sound take about 20 MB.
const MAX_MOOV_BYTES: u64 = 256 << 20;

/// What was found; None where the file is silent (or no mp4).
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    pub rotation: Option<Rotation>,
    pub color: StatedColor,
    pub timecode: Option<String>,
    /// End of the picture track as its header states it.
    pub video_end: Option<Time>,
}

/// Read the facts of a file.
pub(super) fn facts(path: &Path, container: Container) -> Facts {
    if !matches!(container, Container::Mp4 | Container::Mov) {
        return Facts::default();
    }
    File::open(path).ok().and_then(|mut f| read_moov(&mut f).map(|moov| parse(&moov, &mut f))).unwrap_or_default()
}

fn read_moov(file: &mut File) -> Option<Vec<u8>> {
    let len = file.metadata().ok()?.len();
    let mut at = 0u64;
    // a file has a handful of boxes at its top; fragmented ones have moov among the first
    for _ in 0..1000 {
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut head = [0; 16];
        file.read_exact(&mut head[..8]).ok()?;
        let (mut size, mut header) = (u64::from(be32(&head, 0)?), 8);
        match size {
            0 => size = len - at,
            1 => {
                file.read_exact(&mut head[8..]).ok()?;
                (size, header) = (u64::from_be_bytes(head[8..].try_into().ok()?), 16);
            }
            _ => {}
        }
        let body = size.checked_sub(header)?;
        if &head[4..8] == b"moov" {
            let mut moov = Vec::new();
            file.take(body.min(MAX_MOOV_BYTES)).read_to_end(&mut moov).ok()?;
            return Some(moov);
        }
        at = at.checked_add(size)?;
    }
    None
}

fn parse(moov: &[u8], file: &mut File) -> Facts {
    let mut facts = Facts::default();
    let timescale = child(moov, b"mvhd").and_then(|b| be32(b, if b.first() == Some(&1) { 20 } else { 12 }));
    for (kind, trak) in boxes(moov) {
        if kind != b"trak" {
            continue;
        }
        let handler = path(trak, &[b"mdia", b"hdlr"]).and_then(|b| b.get(8..12));
        let stbl = path(trak, &[b"mdia", b"minf", b"stbl"]).unwrap_or_default();
        let entry = child(stbl, b"stsd").and_then(|b| b.get(16..)).unwrap_or_default();
        match handler {
            Some(b"vide") if facts.video_end.is_none() => {
                let header = child(trak, b"tkhd").unwrap_or_default();
                facts.rotation = rotation(header);
                facts.video_end = track_end(header, timescale);
                // after the size, codec and fixed fields of a VisualSampleEntry (§12.1.3)
                facts.color = entry.get(78..).and_then(|b| child(b, b"colr")).map(color).unwrap_or_default();
            }
            Some(b"tmcd") if facts.timecode.is_none() => facts.timecode = timecode(entry, stbl, file),
            _ => {}
        }
    }
    facts
}

/// Boxes that lie side by side in `bytes`: kind and body.
fn boxes(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (size, kind) = (be32(rest, 0)? as usize, rest.get(4..8)?);
        let (header, size) = match size {
            0 => (8, rest.len()),
            1 => (16, usize::try_from(u64::from_be_bytes(rest.get(8..16)?.try_into().ok()?)).ok()?),
            n => (8, n),
        };
        let body = rest.get(header..size.min(rest.len()))?;
        rest = rest.get(size..).unwrap_or_default();
        Some((kind, body))
    })
}

fn child<'a>(bytes: &'a [u8], kind: &[u8; 4]) -> Option<&'a [u8]> {
    boxes(bytes).find(|(k, _)| k == kind).map(|(_, body)| body)
}

fn path<'a>(bytes: &'a [u8], kinds: &[&[u8; 4]]) -> Option<&'a [u8]> {
    kinds.iter().try_fold(bytes, |b, k| child(b, k))
}

fn be16(b: &[u8], at: usize) -> Option<u16> {
    b.get(at..at + 2).and_then(|v| v.try_into().ok()).map(u16::from_be_bytes)
}

fn be32(b: &[u8], at: usize) -> Option<u32> {
    b.get(at..at + 4).and_then(|v| v.try_into().ok()).map(u32::from_be_bytes)
}

/// The upper left 2×2 of the matrix in `tkhd` (§8.3.2): `x' = a·x + c·y`, `y' = b·x + d·y`, y pointing down.
fn rotation(tkhd: &[u8]) -> Option<Rotation> {
    let matrix = if tkhd.first()? == &1 { 52 } else { 40 };
    let unit = |at: usize| be32(tkhd, matrix + at).map(|v| (f64::from(v as i32) / 65536.0).round() as i32);
    Some(match (unit(0)?, unit(4)?, unit(12)?, unit(16)?) {
        (0, 1, -1, 0) => Rotation::Cw90,
        (-1, 0, 0, -1) => Rotation::Cw180,
        (0, -1, 1, 0) => Rotation::Cw270,
        (-1, 0, 0, 1) => Rotation::Flip,
        (0, -1, -1, 0) => Rotation::FlipCw90,
        (1, 0, 0, -1) => Rotation::FlipCw180,
        (0, 1, 1, 0) => Rotation::FlipCw270,
        _ => Rotation::None,
    })
}

fn track_end(tkhd: &[u8], timescale: Option<u32>) -> Option<Time> {
    let ticks = match tkhd.first()? {
        1 => i64::from_be_bytes(tkhd.get(28..36)?.try_into().ok()?),
        _ => i64::from(be32(tkhd, 20)?),
    };
    // all ones stand for "not known"
    let known = ticks > 0 && ticks != i64::from(u32::MAX);
    known.then(|| Time::from_ratio(ticks, i64::from(timescale.unwrap_or(0))))
}

/// `colr` of type nclx (ISO) or nclc (QuickTime): code points of H.273; range only in the former.
fn color(colr: &[u8]) -> StatedColor {
    let kind = colr.get(..4).unwrap_or_default();
    if kind != b"nclx" && kind != b"nclc" {
        return StatedColor::default();
    }
    let code = |at| be16(colr, at).unwrap_or(2);
    let range = (kind == b"nclx").then(|| colr.get(10).map(|b| if b & 0x80 != 0 { Range::Full } else { Range::Limited })).flatten();
    StatedColor {
        primaries: match code(4) {
            1 => Some(Primaries::Bt709),
            5 => Some(Primaries::Bt601Pal),
            6 | 7 => Some(Primaries::Bt601Ntsc),
            9 => Some(Primaries::Bt2020),
            11 | 12 => Some(Primaries::DisplayP3),
            _ => None,
        },
        transfer: match code(6) {
            1 | 4 | 5 | 6 | 7 | 14 | 15 => Some(Transfer::Bt709),
            8 => Some(Transfer::Linear),
            13 => Some(Transfer::Srgb),
            16 => Some(Transfer::Pq),
            18 => Some(Transfer::Hlg),
            _ => None,
        },
        matrix: match code(8) {
            0 => Some(Matrix::Rgb),
            1 => Some(Matrix::Bt709),
            4..=7 => Some(Matrix::Bt601),
            9 => Some(Matrix::Bt2020),
            _ => None,
        },
        range,
    }
}

/// Timecode track: its sample entry says how to count, its one sample is the number of the first frame (QTFF, "Timecode
/// Media").
fn timecode(entry: &[u8], stbl: &[u8], file: &mut File) -> Option<String> {
    let (flags, timescale, frame_ticks) = (be32(entry, 12)?, be32(entry, 16)?, be32(entry, 20)?);
    let rate = FrameRate::new(timescale, frame_ticks)?;
    let at = match child(stbl, b"stco") {
        Some(stco) => u64::from(be32(stco, 8)?),
        None => u64::from_be_bytes(child(stbl, b"co64")?.get(8..16)?.try_into().ok()?),
    };
    let mut number = [0; 4];
    file.seek(SeekFrom::Start(at)).ok()?;
    file.read_exact(&mut number).ok()?;
    Some(format_timecode(i64::from(u32::from_be_bytes(number)), rate, flags & 1 != 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
    }

    fn tkhd(m: [i32; 4]) -> Vec<u8> {
        let mut b = vec![0; 84];
        for (at, v) in [(40, m[0]), (44, m[1]), (52, m[2]), (56, m[3])] {
            b[at..at + 4].copy_from_slice(&(v * 65536).to_be_bytes());
        }
        b[20..24].copy_from_slice(&1500u32.to_be_bytes());
        b
    }

    #[test]
    fn all_eight_ways_to_hold_a_camera_are_told_apart() {
        let cases = [
            ([1, 0, 0, 1], Rotation::None),
            ([0, 1, -1, 0], Rotation::Cw90),
            ([-1, 0, 0, -1], Rotation::Cw180),
            ([0, -1, 1, 0], Rotation::Cw270),
            ([-1, 0, 0, 1], Rotation::Flip),
            ([0, -1, -1, 0], Rotation::FlipCw90),
            ([1, 0, 0, -1], Rotation::FlipCw180),
            ([0, 1, 1, 0], Rotation::FlipCw270),
        ];
        for (m, want) in cases {
            assert_eq!(rotation(&tkhd(m)), Some(want));
        }
        assert_eq!(track_end(&tkhd([1, 0, 0, 1]), Some(1000)), Some(Time::from_ratio(3, 2)));
    }

    #[test]
    fn colour_boxes_give_their_code_points() {
        let nclx = [b"nclx".as_slice(), &[0, 9, 0, 16, 0, 9, 0x80]].concat();
        let c = color(&nclx);
        assert_eq!((c.primaries, c.transfer), (Some(Primaries::Bt2020), Some(Transfer::Pq)));
        assert_eq!((c.matrix, c.range), (Some(Matrix::Bt2020), Some(Range::Full)));
        let nclc = color(&[b"nclc".as_slice(), &[0, 1, 0, 2, 0, 1]].concat());
        assert_eq!((nclc.primaries, nclc.transfer, nclc.range), (Some(Primaries::Bt709), None, None));
    }

    #[test]
    fn a_box_that_claims_more_than_there_is_ends_the_walk() {
        let good = boxed(b"free", &[1, 2, 3]);
        let lying = [good.clone(), vec![0xff, 0xff, 0xff, 0xff, b'm', b'o', b'o', b'v', 1]].concat();
        assert_eq!(boxes(&lying).count(), 2);
        assert_eq!(boxes(&[0, 0, 0, 4, b'a', b'b', b'c', b'd']).count(), 0);
        assert_eq!(child(&good, b"free"), Some(&[1u8, 2, 3][..]));
    }
}
