//! What the pictures of shots show, as directions in a space in which words have directions too, and how well each shot fits a text.
//! Every picture is compared: no index would be quicker below a million. Pure.

use half::{f16, slice::HalfFloatSliceExt};
use rayon::prelude::*;

/// Pictures that one thread compares at a time.
const BLOCK: usize = 1024;
/// Numbers that are summed side by side.
const LANES: usize = 16;

/// A picture of a shot that fits a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glimpse {
    /// 0 no better than any text – 1 beyond doubt.
    pub part: f32,
    /// When it is to be seen, in seconds of the file.
    pub at_secs: f64,
}

/// See the module.
#[derive(Default)]
pub struct Pictures {
    /// Numbers of a direction.
    len: usize,
    /// A direction of length 1 for each picture, one after another.
    directions: Vec<f16>,
    /// When each is to be seen, in seconds of its file.
    times: Vec<f64>,
    /// How near each is to what says nothing.
    neutral: Vec<f32>,
    /// The pictures of each shot of the index.
    of_shot: Vec<Vec<usize>>,
}

impl Pictures {
    /// `directions` are those of `times.len()` pictures, `len` numbers each; `of_shot` has the pictures of each shot. `neutral` are the
    /// directions of texts that say nothing: whatever fits no better does not fit.
    ///
    /// What does not go together gives none.
    pub fn new(len: usize, directions: Vec<f16>, times: Vec<f64>, of_shot: Vec<Vec<usize>>, neutral: &[Vec<f32>]) -> Self {
        let goes = len > 0 && directions.len() == len * times.len() && of_shot.iter().flatten().all(|p| *p < times.len());
        if !goes || neutral.iter().any(|n| n.len() != len) {
            return Self::default();
        }
        let mut new = Self { len, directions, times, neutral: Vec::new(), of_shot };
        let mut nearest = vec![-1.0f32; new.times.len()];
        for text in neutral {
            nearest.iter_mut().zip(new.likeness(text)).for_each(|(n, v)| *n = n.max(v));
        }
        new.neutral = nearest;
        new
    }

    /// How many pictures there are.
    pub fn count(&self) -> usize {
        self.times.len()
    }

    /// How near each picture is to a direction, −1 to 1.
    pub fn likeness(&self, asked: &[f32]) -> Vec<f32> {
        if asked.len() != self.len || self.len == 0 {
            return vec![-1.0; self.times.len()];
        }
        let block = |directions: &[f16]| {
            let mut numbers = vec![0.0; self.len];
            let one = |direction: &[f16]| {
                direction.convert_to_f32_slice(&mut numbers);
                dot(&numbers, asked)
            };
            directions.chunks_exact(self.len).map(one).collect::<Vec<f32>>()
        };
        self.directions.par_chunks(BLOCK * self.len).flat_map_iter(block).collect()
    }

    /// The best picture of each shot for a text's direction, where one fits. `scale`: what the network multiplies likenesses by before it
    /// weighs texts against each other.
    ///
    /// A text fits as much as the network would rather give it to the picture than what says nothing: from even to certain.
    pub fn glimpses(&self, asked: &[f32], scale: f32) -> Vec<Option<Glimpse>> {
        let likeness = self.likeness(asked);
        let part = |picture: usize| {
            let more = scale * (likeness[picture] - self.neutral[picture]);
            2.0 / (1.0 + (-more).exp()) - 1.0
        };
        let best = |pictures: &Vec<usize>| {
            let parts = pictures.iter().map(|p| Glimpse { part: part(*p), at_secs: self.times[*p] });
            parts.filter(|g| g.part > 0.0).max_by(|a, b| a.part.total_cmp(&b.part).then(b.at_secs.total_cmp(&a.at_secs)))
        };
        self.of_shot.iter().map(best).collect()
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    let mut sums = [0.0f32; LANES];
    for (a, b) in a.iter().zip(b) {
        for i in 0..LANES {
            sums[i] += a[i] * b[i];
        }
    }
    sums.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unit(v: &[f32]) -> Vec<f32> {
        let length = v.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        v.iter().map(|v| v / length).collect()
    }

    fn halves(rows: &[Vec<f32>]) -> Vec<f16> {
        rows.iter().flatten().map(|v| f16::from_f32(*v)).collect()
    }

    #[test]
    fn a_shot_fits_as_much_as_its_best_picture_and_less_than_nothing_is_nothing() {
        let rows = [[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]].map(|r| r.to_vec());
        let neutral = [unit(&[1.0, 1.0, 1.0])];
        let of_shot = vec![vec![0, 1], vec![2], vec![3], vec![]];
        let p = Pictures::new(3, halves(&rows), vec![0.5, 1.5, 9.0, 2.0], of_shot, &neutral);
        let seen = p.glimpses(&[0.0, 1.0, 0.0], 10.0);
        assert_eq!(seen.iter().map(|g| g.map(|g| g.at_secs)).collect::<Vec<_>>(), [None, Some(9.0), None, None]);
        assert!(seen[1].unwrap().part > 0.95, "{seen:?}");
        // between two: both have something of it
        let seen = p.glimpses(&unit(&[0.65, 0.76, 0.0]), 10.0);
        assert_eq!(seen[0].map(|g| g.at_secs), Some(1.5));
        assert!(seen[2].is_none());
        assert_eq!(p.glimpses(&[1.0, 0.0], 10.0), vec![None; 4], "another space");
        assert_eq!(p.count(), 4);
    }

    #[test]
    fn what_does_not_go_together_is_none() {
        let good = || halves(&[vec![1.0, 0.0]]);
        for p in [
            Pictures::new(0, vec![], vec![], vec![], &[]),
            Pictures::new(2, good(), vec![], vec![], &[]),
            Pictures::new(2, good(), vec![0.0], vec![vec![1]], &[]),
            Pictures::new(2, good(), vec![0.0], vec![vec![0]], &[vec![1.0]]),
        ] {
            assert_eq!((p.count(), p.glimpses(&[1.0, 0.0], 1.0).len()), (0, 0));
        }
    }

    proptest! {
        #[test]
        fn likeness_is_the_dot_product(rows in prop::collection::vec(prop::collection::vec(-1.0f32..1.0, 37), 1..40), asked in prop::collection::vec(-1.0f32..1.0, 37)) {
            let rows: Vec<Vec<f32>> = rows.iter().map(|r| unit(r)).collect();
            let asked = unit(&asked);
            let n = rows.len();
            let p = Pictures::new(37, halves(&rows), vec![0.0; n], vec![(0..n).collect()], &[]);
            for (found, row) in p.likeness(&asked).iter().zip(&rows) {
                let wanted: f32 = row.iter().zip(&asked).map(|(a, b)| a * b).sum();
                prop_assert!((found - wanted).abs() < 2e-3);
            }
        }
    }
}
