//! Nested sequences: what a renderer draws them from, and the drawn ones, kept while they stay the same. Owned by a
//! renderer, on its thread.

use super::prepare::{PreparedLayer, Texels};
use crate::base::ColorTags;
use std::sync::Weak;

/// Bytes of drawn nests kept.
const BUDGET_BYTES: u64 = 256 << 20;

type WeakBytes = Weak<dyn AsRef<[u8]> + Send + Sync>;

/// Which picture a nest is. The plan alone does not say: a picture may stand in for another while the pointer moves, and
/// media come and go. Weak references keep the addresses from being used again, and nothing else.
#[derive(Clone)]
pub struct NestKey {
    hash: u64,
    pictures: Vec<WeakBytes>,
}

impl NestKey {
    pub fn new(hash: u64, layers: &[PreparedLayer]) -> Self {
        let mut pictures = Vec::new();
        for input in layers.iter().flat_map(|l| &l.inputs) {
            match &input.texels {
                Texels::Picture(p) => pictures.push(std::sync::Arc::downgrade(&p.data)),
                Texels::Nest(n) => pictures.extend(n.key.pictures.iter().cloned()),
                Texels::None => {}
            }
        }
        Self { hash, pictures }
    }

    fn is(&self, other: &Self) -> bool {
        self.hash == other.hash
            && self.pictures.len() == other.pictures.len()
            && self.pictures.iter().zip(&other.pictures).all(|(a, b)| a.ptr_eq(b))
    }
}

/// A nested sequence's picture, ready to be drawn over nothing.
pub struct Nest {
    pub key: NestKey,
    pub size: (u32, u32),
    /// What its light is in: see [`super::prepare`].
    pub color: ColorTags,
    pub layers: Vec<PreparedLayer>,
}

struct Kept<T> {
    key: NestKey,
    size: (u32, u32),
    drawn: T,
    /// Frame that used it last.
    last_use: u64,
    /// It was found again in a later frame: it stands still.
    still: bool,
}

/// Drawn nests: half or single floats, 8 or 16 bytes a pixel.
pub struct Nests<T> {
    kept: Vec<Kept<T>>,
    frame: u64,
    bytes_per_pixel: u64,
}

impl<T> Nests<T> {
    pub fn new(bytes_per_pixel: u64) -> Self {
        Self { kept: Vec::new(), frame: 0, bytes_per_pixel }
    }

    pub fn next_frame(&mut self) {
        self.frame += 1;
    }

    /// Forgets all: drawing did not end well.
    pub fn clear(&mut self) {
        self.kept.clear();
    }

    /// Whether it was drawn; if so it stays for this frame.
    pub fn find(&mut self, key: &NestKey) -> bool {
        let frame = self.frame;
        let found = self.kept.iter_mut().find(|k| k.key.is(key));
        if let Some(k) = found {
            k.still |= k.last_use < frame;
            k.last_use = frame;
            return true;
        }
        false
    }

    pub fn get(&self, key: &NestKey) -> Option<&T> {
        self.kept.iter().find(|k| k.key.is(key)).map(|k| &k.drawn)
    }

    /// One of this size to draw over: one that moves, unused since the last frame, or the oldest when they are too many.
    pub fn reuse(&mut self, size: (u32, u32)) -> Option<T> {
        let frame = self.frame;
        let past = |k: &Kept<T>| k.size == size && !k.still && k.last_use + 1 < frame;
        if let Some(i) = self.kept.iter().position(past) {
            return Some(self.kept.swap_remove(i).drawn);
        }
        let bytes = |s: (u32, u32)| u64::from(s.0) * u64::from(s.1) * self.bytes_per_pixel;
        let mut sum = self.kept.iter().map(|k| bytes(k.size)).sum::<u64>() + bytes(size);
        while sum > BUDGET_BYTES {
            let unused = self.kept.iter().enumerate().filter(|(_, k)| k.last_use < frame);
            let i = unused.min_by_key(|(_, k)| k.last_use).map(|(i, _)| i)?;
            let oldest = self.kept.swap_remove(i);
            if oldest.size == size {
                return Some(oldest.drawn);
            }
            sum -= bytes(oldest.size);
        }
        None
    }

    pub fn keep(&mut self, key: NestKey, size: (u32, u32), drawn: T) {
        self.kept.push(Kept { key, size, drawn, last_use: self.frame, still: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(hash: u64) -> NestKey {
        NestKey::new(hash, &[])
    }

    #[test]
    fn what_moves_is_drawn_over_and_what_stands_still_is_kept() {
        let mut nests = Nests::new(8);
        for frame in 0..6 {
            nests.next_frame();
            assert_eq!(nests.find(&key(0)), frame > 0);
            if frame == 0 {
                nests.keep(key(0), (10, 10), 1000);
            }
            let moving = nests.reuse((10, 10)).unwrap_or(frame);
            assert!(moving < 2, "two of the moving one are enough");
            nests.keep(key(100 + frame), (10, 10), moving);
        }
        assert_eq!(nests.get(&key(0)), Some(&1000));
        assert_eq!(nests.kept.len(), 3);
    }

    #[test]
    fn the_oldest_go_when_they_are_too_many_but_never_those_of_this_frame() {
        let mut nests = Nests::new(16);
        let size = (2000, 2000);
        for frame in 0..10u64 {
            nests.next_frame();
            nests.reuse(size);
            nests.keep(key(frame), size, frame);
            nests.next_frame();
            assert!(nests.find(&key(frame)));
        }
        assert_eq!(nests.kept.len(), 4);
        nests.next_frame();
        (20..30).for_each(|n| {
            nests.reuse(size);
            nests.keep(key(n), size, n)
        });
        assert!((20..30).all(|n| nests.get(&key(n)).is_some()));
    }
}
