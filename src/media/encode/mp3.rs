//! The last step of an MP3 file: a first frame that says how long it is and how many samples are not the film's.
//!
//! The encoder puts samples before the first one and after the last. Players look for their numbers in the LAME extension
//! of the Xing frame ("Info" for a constant bit rate), which GStreamer does not write. No GStreamer here.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

/// Samples that LAME puts before the first one (`lame_get_encoder_delay`). Decoders add their own 529.
const DELAY: u64 = 576;
const SAMPLES_PER_FRAME: u64 = 1152;
/// Bit rates of MPEG-1 layer III in kbit/s, by the header's index (ISO/IEC 11172-3 §2.4.2.3).
const KBPS: [u64; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
/// Index of the bit rate of the first frame, 128 kbit/s: large enough for all fields.
const INFO_INDEX: u8 = 9;
/// Bytes of a frame header and of the side information of two channels.
const BEFORE_FIELDS: usize = 4 + 32;

/// Bytes of a frame at 48 kHz: 144 · rate / 48000, always whole.
fn frame_bytes(index: u8) -> Option<u64> {
    KBPS.get(usize::from(index)).filter(|k| **k > 0).map(|k| 3 * k)
}

/// Writes `to` from the bare frames `from`, which hold `samples` samples at 48 kHz and a constant bit rate.
pub(super) fn assemble(from: &Path, to: &Path, samples: u64) -> io::Result<()> {
    let bad = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut f = File::open(from)?;
    let bytes = f.metadata()?.len();
    let mut header = [0; 4];
    f.read_exact(&mut header)?;
    let frame = frame_bytes(header[2] >> 4).filter(|_| header[0] == 0xff).ok_or_else(|| bad("not MP3 frames"))?;
    let mut out = File::create(to)?;
    out.write_all(&info_frame(header, bytes / frame, bytes, samples).ok_or_else(|| bad("the first MP3 frame is too short"))?)?;
    out.write_all(&header)?;
    // files on both sides: the kernel copies
    io::copy(&mut f, &mut out)?;
    Ok(())
}

fn info_frame(header: [u8; 4], frames: u64, bytes: u64, samples: u64) -> Option<Vec<u8>> {
    let len = frame_bytes(INFO_INDEX)?;
    let mut b = header.to_vec();
    b[1] |= 1; // no checksum
    b[2] = INFO_INDEX << 4 | header[2] & 0b1100; // no padding byte
    b.resize(BEFORE_FIELDS, 0);
    b.extend_from_slice(b"Info");
    b.extend_from_slice(&7u32.to_be_bytes()); // frames, bytes and table follow
    b.extend_from_slice(&u32::try_from(frames).unwrap_or(u32::MAX).to_be_bytes());
    b.extend_from_slice(&u32::try_from(bytes + len).unwrap_or(u32::MAX).to_be_bytes());
    b.extend((0..100u32).map(|i| (i * 256 / 100) as u8));
    // the LAME extension: version, then the delays at its bytes 21–23
    let mut extension = [0u8; 36];
    extension[..9].copy_from_slice(b"LAME3.100");
    let padding = (frames * SAMPLES_PER_FRAME).saturating_sub(DELAY + samples).min(4095);
    extension[21..24].copy_from_slice(&((DELAY as u32) << 12 | padding as u32).to_be_bytes()[1..]);
    b.extend_from_slice(&extension);
    let len = usize::try_from(len).ok().filter(|l| *l >= b.len())?;
    b.resize(len, 0);
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_says_what_to_skip() {
        let b = info_frame([0xff, 0xfb, 0xb4, 0x64], 100, 57_600, 112_000).unwrap();
        assert_eq!(b.len(), 384);
        let at = b.windows(4).position(|w| w == b"LAME").unwrap() + 21;
        let pads = u32::from_be_bytes([0, b[at], b[at + 1], b[at + 2]]);
        assert_eq!((pads >> 12, pads & 4095), (576, 100 * 1152 - 576 - 112_000));
    }
}
