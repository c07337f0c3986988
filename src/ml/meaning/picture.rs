//! A picture as CLIP takes it: the middle square at the network's size, each colour around nought [openai/CLIP, clip/clip.py]. It is made
//! smaller by Lanczos, as elsewhere here, where CLIP's own code takes a bicubic.

use crate::ml::{MlError, Planes, resized};

/// Mean and spread of the pictures that CLIP learnt from.
const MEANS: [f32; 3] = [0.481_454_66, 0.457_827_5, 0.408_210_73];
const SPREADS: [f32; 3] = [0.268_629_54, 0.261_302_6, 0.275_777_1];

/// `side` × `side` of a picture's three colours. `aspect`: width to height as it is shown.
///
/// # Errors
/// It has no pixels or too many.
pub fn prepared(picture: &Planes, aspect: f64, side: usize) -> Result<Planes, MlError> {
    let bad = || MlError::Size { width: picture.width, height: picture.height };
    if picture.channels == 0 || picture.width == 0 || picture.height == 0 || !aspect.is_finite() || aspect <= 0.0 {
        return Err(bad());
    }
    // a strip has no middle to speak of: longer ones are squeezed
    let aspect = aspect.clamp(1.0 / 16.0, 16.0);
    let long = |ratio: f64| (side as f64 * ratio).round() as usize;
    let (width, height) = if aspect >= 1.0 { (long(aspect), side) } else { (side, long(1.0 / aspect)) };
    let small = resized(picture, (width, height))?.part(((width - side) / 2, (height - side) / 2), (side, side))?;
    // what is grey has one plane, and may have its alpha behind it
    let planes = if small.channels < 3 { [0, 0, 0] } else { [0, 1, 2] };
    let data = planes.iter().flat_map(|c| small.plane(*c)).copied().collect();
    let mut square = Planes { width: side, height: side, channels: 3, data };
    for (c, (mean, spread)) in MEANS.iter().zip(SPREADS).enumerate() {
        square.plane_mut(c).iter_mut().for_each(|v| *v = (v.clamp(0.0, 1.0) - mean) / spread);
    }
    Ok(square)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_taken_and_colours_lie_around_nought() {
        // red on the left, grey in the middle, blue on the right
        let (w, h) = (64, 16);
        let mut p = Planes::new(w, h, 4).unwrap();
        for c in 0..3 {
            for (i, v) in p.plane_mut(c).iter_mut().enumerate() {
                *v = match (i % w, c) {
                    (24..40, _) => 0.5,
                    (..24, 0) | (40.., 2) => 1.0,
                    _ => 0.0,
                };
            }
        }
        let square = prepared(&p, 4.0, 8).unwrap();
        assert_eq!((square.width, square.height, square.channels), (8, 8, 3));
        for c in 0..3 {
            let middle = square.row(c, 4)[4];
            assert!((middle - (0.5 - MEANS[c]) / SPREADS[c]).abs() < 1e-3, "{c}: {middle}");
        }
        // pixels that are not square: the same picture at half the width is as wide as it is shown
        let narrow = resized(&p, (32, 16)).unwrap();
        let again = prepared(&narrow, 4.0, 8).unwrap();
        assert!((again.row(0, 4)[4] - square.row(0, 4)[4]).abs() < 0.1);
        let upright = prepared(&p, 0.25, 8).unwrap();
        assert_eq!((upright.width, upright.height), (8, 8));
        for odd in [0.0, f64::NAN, -1.0, f64::INFINITY] {
            assert!(prepared(&p, odd, 8).is_err(), "{odd}");
        }
        let grey = prepared(&Planes { width: 2, height: 2, channels: 2, data: [[0.5; 4], [1.0; 4]].concat() }, 1.0, 8).unwrap();
        assert!((grey.row(2, 0)[0] - (0.5 - MEANS[2]) / SPREADS[2]).abs() < 1e-5);
        assert!(prepared(&p, 1e9, 8).is_ok());
    }
}
