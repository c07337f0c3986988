//! The pictures that the network learns from, made before training starts, and the batches drawn from them.

use super::{degrade, letters::Letters, rgb::Rgb, scene::scene, weights::SCALE};
use fastrand::Rng;
use rayon::prelude::*;

/// Side of a made picture in pixels.
const SIDE: usize = 192;
/// Side of a small picture that the network is shown.
pub const SHOWN: usize = 32;

/// One made picture and its two small ones, 8 bits a sample.
struct Lesson {
    whole: Vec<u8>,
    clean: Vec<u8>,
    degraded: Vec<u8>,
}

pub struct Pool(Vec<Lesson>);

impl Pool {
    /// `count` pictures from consecutive seeds, on all cores.
    pub fn make(seed: u64, count: usize) -> Result<Self, String> {
        let one = |letters: &mut Letters, i: usize| {
            let seed = seed.wrapping_mul(1_000_003).wrapping_add(i as u64);
            let whole = scene(seed, SIDE, letters);
            let degraded = degrade::degraded(&whole, &mut Rng::with_seed(!seed))?;
            Ok(Lesson { clean: degrade::clean(&whole).bytes(), degraded: degraded.bytes(), whole: whole.bytes() })
        };
        (0..count).into_par_iter().map_init(Letters::new, one).collect::<Result<_, String>>().map(Self)
    }

    /// (small, large) of `size` random parts, each turned at random; every second one degraded.
    pub fn batch(&self, size: usize, rng: &mut Rng) -> Vec<(Rgb, Rgb)> {
        let one = |i: usize| {
            let (small, large) = self.part(i % 2 == 1, rng);
            let way = rng.u8(0..8);
            let order = [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1]][rng.usize(..4)];
            let turn = |p: Rgb| {
                let mut p = p.turned(way);
                p.data.chunks_exact_mut(3).for_each(|c| c.copy_from_slice(&order.map(|o| c[o])));
                p
            };
            (turn(small), turn(large))
        };
        (0..size).map(one).collect()
    }

    /// A part with something in it, where a few draws find one.
    fn part(&self, is_degraded: bool, rng: &mut Rng) -> (Rgb, Rgb) {
        let mut draw = || {
            let lesson = &self.0[rng.usize(..self.0.len())];
            let free = SIDE / SCALE - SHOWN;
            let (x, y) = (rng.usize(..=free), rng.usize(..=free));
            let source = if is_degraded { &lesson.degraded } else { &lesson.clean };
            let small = cut(source, SIDE / SCALE, x, y, SHOWN);
            (small, cut(&lesson.whole, SIDE, x * SCALE, y * SCALE, SHOWN * SCALE))
        };
        let mut found = draw();
        for _ in 0..3 {
            if detail(&found.1) > 0.015 {
                break;
            }
            found = draw();
        }
        found
    }
}

fn cut(bytes: &[u8], side: usize, left: usize, top: usize, size: usize) -> Rgb {
    let row = |y: usize| &bytes[((top + y) * side + left) * 3..][..size * 3];
    Rgb::from_bytes(size, size, &(0..size).flat_map(row).copied().collect::<Vec<u8>>())
}

/// Mean difference between neighbours.
fn detail(p: &Rgb) -> f32 {
    p.data.windows(4).map(|w| (w[3] - w[0]).abs()).sum::<f32>() / p.data.len() as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_its_shape_and_its_halves_belong_together() {
        let pool = Pool::make(1, 2).unwrap();
        for (small, large) in pool.batch(4, &mut Rng::with_seed(9)) {
            assert_eq!((small.width, small.height, large.width, large.height), (32, 32, 64, 64));
            let mean = |p: &Rgb| p.data.iter().sum::<f32>() / p.data.len() as f32;
            assert!((mean(&small) - mean(&large)).abs() < 0.02);
        }
    }
}
