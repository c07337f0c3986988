//! Colour tags by their CICP code points (ITU-T H.273) and the exact maths that belongs to them.
//!
//! The constants are those of the standards named beside them; the CPU renderer uses these functions and the
//! shaders get their matrices from here as uniforms, so both draw the same colours.

use serde::{Deserialize, Serialize};

/// Colour primaries (H.273 table 2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Primaries {
    #[default]
    Bt709,
    /// BT.601 625-line (EBU Tech 3213), code 5.
    Bt601Pal,
    /// BT.601 525-line (SMPTE 170M / 240M), codes 6 and 7.
    Bt601Ntsc,
    Bt2020,
    /// SMPTE EG 432-1, D65 white, code 12.
    DisplayP3,
}

/// Transfer characteristics (H.273 table 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transfer {
    /// BT.709, BT.601, BT.2020 (codes 1, 6, 14, 15): one SDR curve, shown by BT.1886.
    #[default]
    Bt709,
    Srgb,
    Linear,
    /// SMPTE ST 2084.
    Pq,
    /// ARIB STD-B67, BT.2100 HLG.
    Hlg,
}

/// Matrix coefficients (H.273 table 4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Matrix {
    /// The planes are R, G, B already.
    Rgb,
    #[default]
    Bt709,
    Bt601,
    /// Non-constant luminance.
    Bt2020,
}

/// Quantisation range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Range {
    /// 16–235 of 8 bit ("tv", "narrow").
    #[default]
    Limited,
    /// 0–255 of 8 bit ("pc").
    Full,
}

/// How the numbers of a picture are to be read as colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColorTags {
    pub primaries: Primaries,
    pub transfer: Transfer,
    pub matrix: Matrix,
    pub range: Range,
}

impl ColorTags {
    /// HD video.
    pub const BT709: Self = Self { primaries: Primaries::Bt709, transfer: Transfer::Bt709, matrix: Matrix::Bt709, range: Range::Limited };
    /// Stills and the screen.
    pub const SRGB: Self = Self { primaries: Primaries::Bt709, transfer: Transfer::Srgb, matrix: Matrix::Rgb, range: Range::Full };

    /// What an untagged video of this height is taken to be: BT.601 below 720 lines, BT.709 from there (the usual rule).
    pub fn assumed_for_height(height: u32) -> Self {
        if height >= 720 {
            Self::BT709
        } else if height == 576 || height == 288 {
            Self { primaries: Primaries::Bt601Pal, matrix: Matrix::Bt601, ..Self::BT709 }
        } else {
            Self { primaries: Primaries::Bt601Ntsc, matrix: Matrix::Bt601, ..Self::BT709 }
        }
    }
    pub fn is_hdr(self) -> bool {
        matches!(self.transfer, Transfer::Pq | Transfer::Hlg)
    }
}

impl Matrix {
    /// Luma weights (Kr, Kb): BT.709-6 §3, BT.601-7 §2.5.1, BT.2020-2 table 4. None for RGB.
    pub fn luma_weights(self) -> Option<(f64, f64)> {
        match self {
            Self::Rgb => None,
            Self::Bt709 => Some((0.2126, 0.0722)),
            Self::Bt601 => Some((0.299, 0.114)),
            Self::Bt2020 => Some((0.2627, 0.0593)),
        }
    }
}

/// 3×3 in row order: `out[i] = Σ m[i][j] · in[j]`.
pub type Mat3 = [[f64; 3]; 3];

/// An affine map of three components: matrix, then offset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine3 {
    pub m: Mat3,
    pub offset: [f64; 3],
}

/// Code values of `bits` bits, divided by `2^bits − 1` (as a normalised texture gives them), to R'G'B' in 0–1.
/// Inverse quantisation of H.273 §8.3 and the inverse luma/chroma matrix in one step.
pub fn ycbcr_to_rgb(matrix: Matrix, range: Range, bits: u32) -> Affine3 {
    let max = f64::from((1u32 << bits) - 1);
    let unit = f64::from(1u32 << (bits - 8));
    let Some((kr, kb)) = matrix.luma_weights() else {
        let (scale, off) = match range {
            Range::Full => (1.0, 0.0),
            Range::Limited => (max / (219.0 * unit), -16.0 / 219.0),
        };
        return Affine3 { m: [[scale, 0.0, 0.0], [0.0, scale, 0.0], [0.0, 0.0, scale]], offset: [off; 3] };
    };
    let kg = 1.0 - kr - kb;
    let (ys, y0, cs) = match range {
        Range::Limited => (max / (219.0 * unit), 16.0 * unit / max, max / (224.0 * unit)),
        Range::Full => (1.0, 0.0, 1.0),
    };
    let c0 = 128.0 * unit / max;
    // R' = Y + 2(1−Kr)Cr, B' = Y + 2(1−Kb)Cb, G' from Y = KrR' + KgG' + KbB'
    let (rv, bu) = (2.0 * (1.0 - kr), 2.0 * (1.0 - kb));
    let (gu, gv) = (-bu * kb / kg, -rv * kr / kg);
    let m = [[ys, 0.0, rv * cs], [ys, gu * cs, gv * cs], [ys, bu * cs, 0.0]];
    let offset = m.map(|row| -(row[0] * y0 + row[1] * c0 + row[2] * c0));
    Affine3 { m, offset }
}

/// The inverse of [`ycbcr_to_rgb`]: R'G'B' in 0–1 to normalised code values (not rounded, not clamped).
pub fn rgb_to_ycbcr(matrix: Matrix, range: Range, bits: u32) -> Affine3 {
    let f = ycbcr_to_rgb(matrix, range, bits);
    let inv = invert(f.m);
    let offset = inv.map(|r| -(r[0] * f.offset[0] + r[1] * f.offset[1] + r[2] * f.offset[2]));
    Affine3 { m: inv, offset }
}

/// Inverse of a regular 3×3 matrix (adjugate over determinant).
pub fn invert(m: Mat3) -> Mat3 {
    let c = |a: usize, b: usize, x: usize, y: usize| m[a][x] * m[b][y] - m[a][y] * m[b][x];
    let adj = [
        [c(1, 2, 1, 2), -c(0, 2, 1, 2), c(0, 1, 1, 2)],
        [-c(1, 2, 0, 2), c(0, 2, 0, 2), -c(0, 1, 0, 2)],
        [c(1, 2, 0, 1), -c(0, 2, 0, 1), c(0, 1, 0, 1)],
    ];
    let det = m[0][0] * adj[0][0] + m[0][1] * adj[1][0] + m[0][2] * adj[2][0];
    adj.map(|r| r.map(|v| v / det))
}

pub fn mul(a: Mat3, b: Mat3) -> Mat3 {
    let mut out = [[0.0; 3]; 3];
    for (i, row) in out.iter_mut().enumerate() {
        for (j, v) in row.iter_mut().enumerate() {
            *v = (0..3).map(|k| a[i][k] * b[k][j]).sum();
        }
    }
    out
}

impl Primaries {
    /// Chromaticities x, y of red, green, blue (H.273 table 2); white is D65 (0.3127, 0.3290) for all of them.
    pub fn chromaticities(self) -> [[f64; 2]; 3] {
        match self {
            Self::Bt709 => [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]],
            Self::Bt601Pal => [[0.640, 0.330], [0.290, 0.600], [0.150, 0.060]],
            Self::Bt601Ntsc => [[0.630, 0.340], [0.310, 0.595], [0.155, 0.070]],
            Self::Bt2020 => [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]],
            Self::DisplayP3 => [[0.680, 0.320], [0.265, 0.690], [0.150, 0.060]],
        }
    }
    /// Linear RGB to CIE XYZ, by SMPTE RP 177.
    pub fn to_xyz(self) -> Mat3 {
        let c = self.chromaticities();
        let col = |p: [f64; 2]| [p[0] / p[1], 1.0, (1.0 - p[0] - p[1]) / p[1]];
        let (r, g, b) = (col(c[0]), col(c[1]), col(c[2]));
        let w = col([0.3127, 0.3290]);
        let p = [[r[0], g[0], b[0]], [r[1], g[1], b[1]], [r[2], g[2], b[2]]];
        let inv = invert(p);
        let s = inv.map(|row| row[0] * w[0] + row[1] * w[1] + row[2] * w[2]);
        p.map(|row| [row[0] * s[0], row[1] * s[1], row[2] * s[2]])
    }
    /// Linear RGB of these primaries to linear RGB of `to`. The identity (exactly) where both are the same.
    pub fn matrix_to(self, to: Self) -> Mat3 {
        if self == to {
            return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
        }
        mul(invert(to.to_xyz()), self.to_xyz())
    }
}

/// Light level that a PQ or HLG picture's reference white is mapped to 1.0 from, in cd/m² (ITU-R BT.2408 §2).
pub const HDR_REFERENCE_WHITE_NITS: f64 = 203.0;

/// The exponent of the one SDR curve. See [`Transfer::to_linear`].
pub const SDR_GAMMA: f64 = 2.4;

impl Transfer {
    /// Non-linear signal 0–1 to linear light, 1.0 = SDR reference white.
    ///
    /// All SDR signals, sRGB graphics included, are display-referred and read through the reference display's curve
    /// (BT.1886 with black at zero: a pure power of 2.4), so code values pass unchanged between picture, video, screen
    /// and file: a logo keeps its code values, and a dissolve mixes the light that the display emits.
    /// The curve is odd-symmetric, so that colours out of gamut, which Y'CbCr can hold, come out as they went in.
    /// PQ is ST 2084's EOTF and HLG the BT.2100 EOTF at 1,000 cd/m² (gamma 1.2 on each component), both over 203 cd/m².
    pub fn to_linear(self, v: f64) -> f64 {
        match self {
            Self::Linear => v,
            Self::Bt709 | Self::Srgb => v.abs().powf(SDR_GAMMA).copysign(v),
            Self::Pq => {
                let p = v.clamp(0.0, 1.0).powf(1.0 / PQ_M2);
                10_000.0 * ((p - PQ_C1).max(0.0) / (PQ_C2 - PQ_C3 * p)).powf(1.0 / PQ_M1) / HDR_REFERENCE_WHITE_NITS
            }
            Self::Hlg => {
                let v = v.clamp(0.0, 1.0);
                let scene = if v <= 0.5 { v * v / 3.0 } else { (((v - HLG_C) / HLG_A).exp() + HLG_B) / 12.0 };
                1_000.0 * scene.powf(1.2) / HDR_REFERENCE_WHITE_NITS
            }
        }
    }
    /// The inverse of [`Transfer::to_linear`].
    pub fn from_linear(self, l: f64) -> f64 {
        match self {
            Self::Linear => l,
            Self::Bt709 | Self::Srgb => l.abs().powf(1.0 / SDR_GAMMA).copysign(l),
            Self::Pq => {
                let y = (l.max(0.0) * HDR_REFERENCE_WHITE_NITS / 10_000.0).min(1.0).powf(PQ_M1);
                ((PQ_C1 + PQ_C2 * y) / (1.0 + PQ_C3 * y)).powf(PQ_M2)
            }
            Self::Hlg => {
                let e = (l.max(0.0) * HDR_REFERENCE_WHITE_NITS / 1_000.0).min(1.0).powf(1.0 / 1.2);
                if e <= 1.0 / 12.0 { (3.0 * e).sqrt() } else { HLG_A * (12.0 * e - HLG_B).ln() + HLG_C }
            }
        }
    }
}

// SMPTE ST 2084:2014 §5.
const PQ_M1: f64 = 2610.0 / 16384.0;
const PQ_M2: f64 = 2523.0 / 4096.0 * 128.0;
const PQ_C1: f64 = 3424.0 / 4096.0;
const PQ_C2: f64 = 2413.0 / 4096.0 * 32.0;
const PQ_C3: f64 = 2392.0 / 4096.0 * 32.0;
// ITU-R BT.2100-2 table 5.
const HLG_A: f64 = 0.178_832_77;
const HLG_B: f64 = 0.284_668_92;
const HLG_C: f64 = 0.559_910_73;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_bt709_decode_to_their_rgb() {
        // 75 % yellow in BT.709 limited range, 8 bit: Y 168, Cb 44, Cr 136 (EBU Tech 3325 style table)
        let a = ycbcr_to_rgb(Matrix::Bt709, Range::Limited, 8);
        let rgb = a.m.map(|r| r[0] * 168.0 / 255.0 + r[1] * 44.0 / 255.0 + r[2] * 136.0 / 255.0);
        for (v, (o, want)) in rgb.iter().zip(a.offset.iter().zip([0.75, 0.75, 0.0])) {
            assert!((v + o - want).abs() < 0.005, "{} wants {want}", v + o);
        }
    }

    #[test]
    fn matrices_invert() {
        for m in [Matrix::Rgb, Matrix::Bt709, Matrix::Bt601, Matrix::Bt2020] {
            for r in [Range::Full, Range::Limited] {
                for bits in [8, 10, 16] {
                    let (f, b) = (ycbcr_to_rgb(m, r, bits), rgb_to_ycbcr(m, r, bits));
                    let x = [0.3, 0.6, 0.45];
                    let y = std::array::from_fn::<f64, 3, _>(|i| (0..3).map(|j| f.m[i][j] * x[j]).sum::<f64>() + f.offset[i]);
                    for (i, x) in x.iter().enumerate() {
                        let z = (0..3).map(|j| b.m[i][j] * y[j]).sum::<f64>() + b.offset[i];
                        assert!((z - x).abs() < 1e-12);
                    }
                }
            }
        }
    }

    #[test]
    fn bt709_to_xyz_is_the_published_matrix() {
        // IEC 61966-2-1 prints these to four digits.
        let want = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        for (row, wrow) in Primaries::Bt709.to_xyz().iter().zip(want) {
            for (v, w) in row.iter().zip(wrow) {
                assert!((v - w).abs() < 2e-4);
            }
        }
    }

    #[test]
    fn transfers_invert_and_meet_their_anchor_points() {
        for t in [Transfer::Bt709, Transfer::Srgb, Transfer::Linear, Transfer::Pq, Transfer::Hlg] {
            for i in 0..=100 {
                let v = f64::from(i) / 100.0;
                assert!((t.from_linear(t.to_linear(v)) - v).abs() < 1e-6, "{t:?} {v}");
            }
        }
        // BT.2408: 203 cd/m² is PQ 58 %, HLG 75 %
        assert!((Transfer::Pq.from_linear(1.0) - 0.58).abs() < 0.005);
        assert!((Transfer::Hlg.from_linear(1.0) - 0.75).abs() < 0.005);
    }
}
