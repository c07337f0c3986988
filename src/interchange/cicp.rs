//! Colour tags as code points of ITU-T H.273, the numbers that files carry.

use crate::base::color::{ColorTags, Matrix, Primaries, Range, Transfer};

/// Primaries, transfer characteristics, matrix coefficients.
pub(super) fn codes(c: ColorTags) -> (u8, u8, u8) {
    let primaries = match c.primaries {
        Primaries::Bt709 => 1,
        Primaries::Bt601Pal => 5,
        Primaries::Bt601Ntsc => 6,
        Primaries::Bt2020 => 9,
        Primaries::DisplayP3 => 12,
    };
    let transfer = match c.transfer {
        Transfer::Bt709 => 1,
        Transfer::Linear => 8,
        Transfer::Srgb => 13,
        Transfer::Pq => 16,
        Transfer::Hlg => 18,
    };
    let matrix = match c.matrix {
        Matrix::Rgb => 0,
        Matrix::Bt709 => 1,
        Matrix::Bt601 => 6,
        Matrix::Bt2020 => 9,
    };
    (primaries, transfer, matrix)
}

/// The tags of code points; None where one of them is not known here.
pub(super) fn tags(primaries: u8, transfer: u8, matrix: u8, full_range: bool) -> Option<ColorTags> {
    Some(ColorTags {
        primaries: match primaries {
            1 => Primaries::Bt709,
            5 => Primaries::Bt601Pal,
            6 | 7 => Primaries::Bt601Ntsc,
            9 => Primaries::Bt2020,
            12 => Primaries::DisplayP3,
            _ => return None,
        },
        transfer: match transfer {
            1 | 6 | 14 | 15 => Transfer::Bt709,
            8 => Transfer::Linear,
            13 => Transfer::Srgb,
            16 => Transfer::Pq,
            18 => Transfer::Hlg,
            _ => return None,
        },
        matrix: match matrix {
            0 => Matrix::Rgb,
            1 => Matrix::Bt709,
            5 | 6 => Matrix::Bt601,
            9 => Matrix::Bt2020,
            _ => return None,
        },
        range: if full_range { Range::Full } else { Range::Limited },
    })
}

/// FCPXML's `colorSpace`: codes and, for the six spaces that Final Cut Pro knows, its name in its own words
/// (`6-1-6 (Rec. 601 (NTSC))` in files that it wrote).
pub(super) fn fcpxml(c: ColorTags) -> String {
    let (p, t, m) = codes(c);
    let name = match (p, t, m) {
        (1, 1, 1) => " (Rec. 709)",
        (6, 1, 6) => " (Rec. 601 (NTSC))",
        (5, 1, 6) => " (Rec. 601 (PAL))",
        (9, 1, 9) => " (Rec. 2020)",
        (9, 16, 9) => " (Rec. 2020 PQ)",
        (9, 18, 9) => " (Rec. 2020 HLG)",
        _ => "",
    };
    format!("{p}-{t}-{m}{name}")
}

/// The tags of FCPXML's `colorSpace`.
pub(super) fn from_fcpxml(text: &str) -> Option<ColorTags> {
    let codes = text.split_whitespace().next()?;
    let mut parts = codes.split('-').map(str::parse::<u8>);
    let (p, t, m) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    tags(p, t, m, m == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn color_spaces_read_back_from_their_fcpxml_text() {
        for text in [
            "1-1-1 (Rec. 709)",
            "6-1-6 (Rec. 601 (NTSC))",
            "5-1-6 (Rec. 601 (PAL))",
            "9-1-9 (Rec. 2020)",
            "9-16-9 (Rec. 2020 PQ)",
            "9-18-9 (Rec. 2020 HLG)",
            "1-13-0",
        ] {
            assert_eq!(fcpxml(from_fcpxml(text).unwrap()), text);
        }
        assert_eq!(from_fcpxml("whatever"), None);
        assert_eq!(from_fcpxml("300-1-1"), None);
    }
}
