//! Proposes edits: from music, footage and a wish it plans a montage and returns it as edit commands, with the reason for each shot.
//!
//! Pure: it knows the document and what analyses found; it reads no file, has no clock and no device. The same wish with the same seed
//! gives the same commands.

pub mod build;
pub mod choose;
pub mod director;
pub mod profile;
pub mod slots;
pub mod style;
pub mod words;

pub use build::build;
pub use choose::{Pick, Plan, Source, Term, choose};
pub use director::{Brief, direct};
pub use slots::{Slot, slots};
pub use style::{Style, StyleError, builtin};

/// Splitmix64 after S. Vigna: a small generator whose numbers are the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same seed and salt give the same numbers.
    pub fn new(seed: u64, salt: u64) -> Self {
        let mut dice = Self(seed ^ salt.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In 0…1, without 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of `0..n`; 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.unit() * n as f64) as usize).min(n.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests;
