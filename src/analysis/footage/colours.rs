//! Which colours a picture has, by the words that people use for them. Pure.
//!
//! The words are the eleven basic colour terms that languages agree on (B. Berlin, P. Kay: Basic Color Terms, 1969). A border
//! between two hues lies about halfway between the colours that CSS knows by these names (red 0°, orange 39°, yellow 60°, green 120°,
//! blue 240°, purple 300°, pink 350° and light, brown 25° and dark). What lies between words, as skin and sand do, counts for none.

use serde::{Deserialize, Serialize};

/// A basic colour term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Colour {
    Black,
    White,
    Grey,
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Pink,
    Brown,
}

/// How many there are.
pub const COLOURS: usize = 11;

/// Hundredths of the picture that have each colour, in the order of [`Colour`]; together at most 100.
pub type Shares = [u8; COLOURS];

/// Value (the largest of R, G, B; 0–1) below which everything is black.
const BLACK: f32 = 0.16;
/// Value above which what has no colour is white.
const WHITE: f32 = 0.82;
/// What differs less between its largest and smallest primary, or less in proportion to the largest, has no colour.
const LEAST_CHROMA: f32 = 0.09;
const LEAST_SATURATION: f32 = 0.16;

impl Colour {
    pub const ALL: [Self; COLOURS] = [
        Self::Black,
        Self::White,
        Self::Grey,
        Self::Red,
        Self::Orange,
        Self::Yellow,
        Self::Green,
        Self::Blue,
        Self::Purple,
        Self::Pink,
        Self::Brown,
    ];

    /// Whether it is a colour in the narrower sense.
    pub fn is_chromatic(self) -> bool {
        !matches!(self, Self::Black | Self::White | Self::Grey)
    }

    /// The word for a colour, 0–255 each as shown; None where no word fits.
    pub fn of(rgb: [f32; 3]) -> Option<Self> {
        let [r, g, b] = rgb.map(|c| c / 255.0);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let chroma = most - least;
        if most < BLACK {
            return Some(Self::Black);
        }
        let saturation = chroma / most;
        if chroma < LEAST_CHROMA || saturation < LEAST_SATURATION {
            return Some(if most > WHITE { Self::White } else { Self::Grey });
        }
        let sixth = if most == r {
            ((g - b) / chroma).rem_euclid(6.0)
        } else if most == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
        match 60.0 * sixth {
            345.0.. | ..15.0 if most > 0.7 && saturation < 0.6 => Some(Self::Pink),
            345.0.. | ..15.0 => Some(Self::Red),
            ..45.0 if most < 0.62 && saturation > 0.3 => Some(Self::Brown),
            ..45.0 => (saturation > 0.55).then_some(Self::Orange),
            ..70.0 => (most > 0.4).then_some(Self::Yellow),
            ..170.0 => Some(Self::Green),
            ..255.0 => Some(Self::Blue),
            ..315.0 => Some(Self::Purple),
            _ => Some(if most > 0.5 { Self::Pink } else { Self::Purple }),
        }
    }
}

/// The shares of colours counted so often among `total`.
pub(super) fn shares(counts: [u32; COLOURS], total: u32) -> Shares {
    counts.map(|n| (u64::from(n) * 100 / u64::from(total.max(1))) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_have_the_names_that_css_gives_them() {
        use Colour::*;
        for (rgb, name) in [
            ([0, 0, 0], Black),
            ([25, 25, 25], Black),
            ([255, 255, 255], White),
            ([128, 128, 128], Grey),
            ([255, 0, 0], Red),
            ([139, 0, 0], Red),
            ([255, 165, 0], Orange),
            ([255, 255, 0], Yellow),
            ([0, 128, 0], Green),
            ([34, 139, 34], Green),
            ([0, 0, 255], Blue),
            ([135, 206, 235], Blue),
            ([128, 0, 128], Purple),
            ([255, 105, 180], Pink),
            ([255, 192, 203], Pink),
            ([139, 69, 19], Brown),
        ] {
            assert_eq!(Colour::of(rgb.map(|c: u8| f32::from(c))), Some(name), "{rgb:?}");
        }
        assert_eq!(Colour::of([224.0, 172.0, 138.0]), None, "skin has no such word");
        assert_eq!(Colour::ALL.map(|c| c as usize), std::array::from_fn(|i| i));
    }
}
