//! Numbers as files of weights hold them, little-endian, as f32.

use half::{bf16, f16};

/// How one number lies in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    F64,
    F32,
    F16,
    Bf16,
    I64,
    I32,
    I16,
    I8,
    U8,
}

impl Kind {
    pub fn bytes(self) -> usize {
        match self {
            Self::F64 | Self::I64 => 8,
            Self::F32 | Self::I32 => 4,
            Self::F16 | Self::Bf16 | Self::I16 => 2,
            Self::I8 | Self::U8 => 1,
        }
    }

    /// The number at the start of `b`; None where `b` is too short.
    pub fn at(self, b: &[u8]) -> Option<f32> {
        let two = || b.get(..2)?.try_into().ok();
        let four = || b.get(..4)?.try_into().ok();
        let eight = || b.get(..8)?.try_into().ok();
        Some(match self {
            Self::F64 => f64::from_le_bytes(eight()?) as f32,
            Self::F32 => f32::from_le_bytes(four()?),
            Self::F16 => f16::from_le_bytes(two()?).to_f32(),
            Self::Bf16 => bf16::from_le_bytes(two()?).to_f32(),
            Self::I64 => i64::from_le_bytes(eight()?) as f32,
            Self::I32 => i32::from_le_bytes(four()?) as f32,
            Self::I16 => f32::from(i16::from_le_bytes(two()?)),
            Self::I8 => f32::from(b.first()?.cast_signed()),
            Self::U8 => f32::from(*b.first()?),
        })
    }

    /// All numbers of `b`; a rest that is none is left out.
    pub fn all(self, b: &[u8]) -> Vec<f32> {
        b.chunks_exact(self.bytes()).filter_map(|c| self.at(c)).collect()
    }
}
