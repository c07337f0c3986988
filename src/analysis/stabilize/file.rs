//! A track as bytes: what the cache keeps beside nothing but the hash of the film that it is of.
//!
//! Layout, little-endian: `MAMT`, version (u32), content hash of the film (u128), width and height (u32), focal length and readout
//! (f64), number of frames (u64); per frame time in flicks (i64), yaw, pitch, roll, zoom (f64), confidence (f32), flags (u8); at the
//! end xxh3 of all before (u64).

use super::{Flags, FrameMotion, MotionTrack, Pose};
use crate::base::{ContentHash, Time};
use xxhash_rust::xxh3::xxh3_64;

const MAGIC: &[u8; 4] = b"MAMT";
/// Raised whenever the layout changes, or what is measured: older files are then measured anew.
const VERSION: u32 = 3;
const FRAME_BYTES: usize = 8 + 4 * 8 + 4 + 1;

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    fn float(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }
}

impl MotionTrack {
    /// The track of a film as a file.
    pub fn to_bytes(&self, of: ContentHash) -> Vec<u8> {
        let mut out = Vec::with_capacity(80 + self.frames.len() * FRAME_BYTES);
        out.extend(MAGIC);
        out.extend(VERSION.to_le_bytes());
        out.extend(of.0.to_le_bytes());
        out.extend(self.size.0.to_le_bytes());
        out.extend(self.size.1.to_le_bytes());
        out.extend(self.focal.to_le_bytes());
        out.extend(self.readout_secs.to_le_bytes());
        out.extend((self.frames.len() as u64).to_le_bytes());
        for f in &self.frames {
            out.extend(f.pts.0.to_le_bytes());
            f.pose.array().iter().for_each(|v| out.extend(v.to_le_bytes()));
            out.extend(f.confidence.to_le_bytes());
            let Flags { cut, dup, weak, flash } = f.flags;
            out.push(u8::from(cut) | u8::from(dup) << 1 | u8::from(weak) << 2 | u8::from(flash) << 3);
        }
        let sum = xxh3_64(&out);
        out.extend(sum.to_le_bytes());
        out
    }

    /// The track in a file, and the film that it is of. None for anything else: another version, cut short, damaged.
    pub fn from_bytes(bytes: &[u8]) -> Option<(ContentHash, Self)> {
        let (body, sum) = bytes.split_last_chunk::<8>()?;
        if xxh3_64(body) != u64::from_le_bytes(*sum) {
            return None;
        }
        let mut r = Reader(body);
        if r.take::<4>()? != *MAGIC || u32::from_le_bytes(r.take()?) != VERSION {
            return None;
        }
        let of = ContentHash(u128::from_le_bytes(r.take()?));
        let size = (u32::from_le_bytes(r.take()?), u32::from_le_bytes(r.take()?));
        let (focal, readout_secs) = (r.float()?, r.float()?);
        let count = usize::try_from(u64::from_le_bytes(r.take()?)).ok()?;
        if r.0.len() != count.checked_mul(FRAME_BYTES)? {
            return None;
        }
        let mut frames = Vec::with_capacity(count);
        for _ in 0..count {
            let pts = Time(i64::from_le_bytes(r.take()?));
            let pose = Pose::from_array([r.float()?, r.float()?, r.float()?, r.float()?]);
            let confidence = f32::from_le_bytes(r.take()?);
            let [bits] = r.take::<1>()?;
            let flags = Flags { cut: bits & 1 != 0, dup: bits & 2 != 0, weak: bits & 4 != 0, flash: bits & 8 != 0 };
            frames.push(FrameMotion { pts, pose, confidence, flags });
        }
        Some((of, Self { size, focal, readout_secs, frames }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_comes_back_and_nothing_else_does() {
        let frame = |i: i64| FrameMotion {
            pts: Time(i * 1000 - 1),
            pose: Pose { yaw: 0.1 * i as f64, pitch: -2.0, roll: 1e-9, log_zoom: 0.3 },
            confidence: 0.5,
            flags: Flags { cut: i == 0, dup: i == 1, weak: i == 2, flash: i > 1 },
        };
        let track = MotionTrack { size: (1920, 1080), focal: 1.15, readout_secs: -0.01, frames: (0..3).map(frame).collect() };
        let bytes = track.to_bytes(ContentHash(7));
        assert_eq!(MotionTrack::from_bytes(&bytes), Some((ContentHash(7), track)));
        for end in 0..bytes.len() {
            assert_eq!(MotionTrack::from_bytes(&bytes[..end]), None);
        }
        for at in 0..bytes.len() {
            let mut wrong = bytes.clone();
            wrong[at] ^= 0x10;
            assert_eq!(MotionTrack::from_bytes(&wrong), None, "byte {at}");
        }
    }
}
