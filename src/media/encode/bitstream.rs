//! Colour tags inside coded pictures, for the encoders that leave them out: a decoder believes the picture's own header
//! before the container's. No GStreamer.

/// Primaries, transfer, matrix (ITU-T H.273).
pub(super) type Cicp = (u16, u16, u16);

/// Writes the tags into a ProRes frame header (SMPTE RDD 36:2022, §5.3.1: bytes 14–16 of the header).
pub(super) fn tag_prores(frame: &mut [u8], (primaries, transfer, matrix): Cicp) {
    // size (4), "icpf", then the header
    if frame.len() > 24 && &frame[4..8] == b"icpf" {
        frame[22..25].copy_from_slice(&[primaries as u8, transfer as u8, matrix as u8]);
    }
}

/// Writes BT.2020 into a VP9 key frame's `color_space`, which the encoder leaves unknown for that matrix alone (VP9
/// bitstream specification §6.2 and §7.2.2; the header has no field for primaries and transfer).
pub(super) fn tag_vp9(frame: &mut [u8], (_, _, matrix): Cicp) {
    const BT2020: u8 = 5;
    // marker (2), profile (2), show existing, frame type, show, resilient; then the sync code of a key frame
    let (Some(&first), Some(sync)) = (frame.first(), frame.get(1..4)) else { return };
    let profile = first >> 5 & 1 | (first >> 3 & 2);
    let key = first >> 6 == 2 && first & 0b1100 == 0 && sync == [0x49, 0x83, 0x42];
    if matrix != 9 || !key || profile == 3 || frame.len() < 5 {
        return;
    }
    // above 8 bit one bit of depth comes first
    let shift = if profile == 2 { 4 } else { 5 };
    frame[4] = frame[4] & !(7 << shift) | BT2020 << shift;
}

/// The temporal unit with tags in its sequence header; None where it has no such header or has tags already.
pub(super) fn tag_av1(unit: &[u8], cicp: Cicp) -> Option<Vec<u8>> {
    let mut at = 0;
    while at < unit.len() {
        // obu_header (AV1 §5.3.2): type in bits 3–6, extension flag, size flag
        let header = unit[at];
        let (kind, extended, sized) = (header >> 3 & 15, header >> 2 & 1, header >> 1 & 1);
        let body = at + 1 + usize::from(extended);
        if sized == 0 {
            return None;
        }
        let (size, bytes) = leb128(unit.get(body..)?)?;
        let (from, to) = (body + bytes, body + bytes + size);
        if kind == 1 {
            let tagged = tag_sequence_header(unit.get(from..to)?, cicp)?;
            let mut out = unit[..body].to_vec();
            let mut n = tagged.len();
            loop {
                let more = n >> 7 > 0;
                out.push((n & 127) as u8 | u8::from(more) << 7);
                n >>= 7;
                if !more {
                    break;
                }
            }
            out.extend_from_slice(&tagged);
            out.extend_from_slice(&unit[to..]);
            return Some(out);
        }
        at = to;
    }
    None
}

/// Value and length of a little-endian base-128 number.
fn leb128(b: &[u8]) -> Option<(usize, usize)> {
    let mut v = 0usize;
    for (i, byte) in b.iter().take(4).enumerate() {
        v |= usize::from(byte & 127) << (7 * i);
        if byte & 128 == 0 {
            return Some((v, i + 1));
        }
    }
    None
}

struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn get(&mut self, n: usize) -> Option<u32> {
        (0..n).try_fold(0, |v, _| {
            let bit = self.data.get(self.at / 8)? >> (7 - self.at % 8) & 1;
            self.at += 1;
            Some(v << 1 | u32::from(bit))
        })
    }
    fn flag(&mut self) -> Option<bool> {
        Some(self.get(1)? == 1)
    }
    fn skip(&mut self, n: usize) -> Option<()> {
        self.at += n;
        (self.at <= self.data.len() * 8).then_some(())
    }
}

/// Walks a sequence header (AV1 §5.5) to `color_description_present_flag`, sets it and inserts the three bytes.
fn tag_sequence_header(header: &[u8], (primaries, transfer, matrix): Cicp) -> Option<Vec<u8>> {
    let mut b = Bits { data: header, at: 0 };
    let profile = b.get(3)?;
    b.skip(1)?;
    let reduced = b.flag()?;
    if reduced {
        b.skip(5)?;
    } else {
        skip_operating_points(&mut b)?;
    }
    let (w, h) = (b.get(4)? as usize + 1, b.get(4)? as usize + 1);
    b.skip(w + h)?;
    if !reduced && b.flag()? {
        b.skip(7)?; // frame id lengths
    }
    b.skip(3)?; // superblock size, filter intra, intra edge
    if !reduced {
        b.skip(4)?; // compound and warp tools
        let order_hint = b.flag()?;
        b.skip(if order_hint { 2 } else { 0 })?;
        let screen_content = b.flag()? || b.flag()?;
        if screen_content && !b.flag()? {
            b.skip(1)?;
        }
        b.skip(if order_hint { 3 } else { 0 })?;
    }
    b.skip(3)?; // superres, cdef, restoration
    let high = b.flag()?;
    if profile == 2 && high {
        b.skip(1)?;
    }
    let mono = profile != 1 && b.flag()?;
    let flag_at = b.at;
    let srgb = (primaries, transfer, matrix) == (1, 13, 0); // changes what follows
    if mono || srgb || b.flag()? {
        return None;
    }
    let bit = |i: usize| header[i / 8] >> (7 - i % 8) & 1;
    let end = (0..header.len() * 8).rev().find(|i| bit(*i) == 1)?; // the trailing one
    let tags = [primaries, transfer, matrix].into_iter().flat_map(|v| (0..8).rev().map(move |i| (v >> i & 1) as u8));
    let bits = (0..flag_at).map(bit).chain([1]).chain(tags).chain((flag_at + 1..=end).map(bit));
    let mut out = Vec::new();
    for (i, v) in bits.enumerate() {
        if i % 8 == 0 {
            out.push(0);
        }
        if let Some(last) = out.last_mut() {
            *last |= v << (7 - i % 8);
        }
    }
    Some(out)
}

fn skip_operating_points(b: &mut Bits<'_>) -> Option<()> {
    let (mut model, mut delay_bits) = (false, 0);
    if b.flag()? {
        b.skip(64)?;
        if b.flag()? {
            let mut zeros = 0; // uvlc
            while !b.flag()? {
                zeros += 1;
            }
            b.skip(zeros)?;
        }
        model = b.flag()?;
        if model {
            delay_bits = b.get(5)? as usize + 1;
            b.skip(42)?;
        }
    }
    let display_delay = b.flag()?;
    for _ in 0..=b.get(5)? {
        b.skip(12)?;
        if b.get(5)? > 7 {
            b.skip(1)?;
        }
        if model && b.flag()? {
            b.skip(2 * delay_bits + 1)?;
        }
        if display_delay && b.flag()? {
            b.skip(4)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_header_grows_by_three_bytes_and_keeps_the_rest() {
        // libaom in realtime, 320×180, no colour description
        let header = [0x00, 0x00, 0x00, 0x04, 0x3c, 0xfe, 0xcf, 0x81, 0xb5, 0xf2, 0x00, 0x80];
        let tagged = tag_sequence_header(&header, (9, 16, 9)).unwrap();
        assert_eq!(tagged.len(), header.len() + 3);
        assert_eq!(tagged[..9], header[..9]);
        let all = tagged.iter().fold(0u128, |v, b| v << 8 | u128::from(*b));
        assert!((0..96).any(|shift| all >> shift & 0x1ff_ffff == 0x109_1009), "the flag, then the three code points");
        assert_eq!(tag_sequence_header(&tagged, (9, 16, 9)), None, "tagged once only");
        assert_eq!(tag_sequence_header(&header[..4], (1, 1, 1)), None, "a short header is left alone");
    }

    #[test]
    fn vp9_key_frames_of_bt2020_say_so_and_no_others() {
        let mut key = [0x92, 0x49, 0x83, 0x42, 0b0000_1111];
        tag_vp9(&mut key, (9, 16, 9));
        assert_eq!(key[4], 0b0101_1111, "profile 2: depth, then the space");
        let mut other = [0x86, 0x49, 0x83, 0x42, 0];
        tag_vp9(&mut other, (9, 16, 9));
        assert_eq!(other[4], 0, "not a key frame");
    }

    #[test]
    fn a_unit_without_a_sequence_header_is_left_alone() {
        assert_eq!(tag_av1(&[0x12, 0x00, 0x32, 0x02, 1, 2], (1, 1, 1)), None);
        assert_eq!(tag_av1(&[0x0a, 0xff], (1, 1, 1)), None);
    }
}
