//! How good found beats are beside the truth: for tests and benchmarks. Pure.

/// A beat within so many seconds of a true one is right.
const WINDOW_SECS: f64 = 0.07;
/// What comes before is not counted: every tracker has to find its way in.
const SKIPPED_SECS: f64 = 5.0;

/// F-measure as `mir_eval.beat` defines it: twice the pairs of a true and a found beat within 70 ms, over the number of both,
/// after the first five seconds. Both lists rise.
pub fn f_measure(truth: &[f64], found: &[f64]) -> f64 {
    let late = |times: &[f64]| times.iter().copied().filter(|t| *t >= SKIPPED_SECS).collect::<Vec<_>>();
    let (truth, found) = (late(truth), late(found));
    let (mut i, mut j, mut pairs) = (0, 0, 0u32);
    while let (Some(t), Some(f)) = (truth.get(i), found.get(j)) {
        if (t - f).abs() <= WINDOW_SECS {
            (i, j, pairs) = (i + 1, j + 1, pairs + 1);
        } else if t < f {
            i += 1;
        } else {
            j += 1;
        }
    }
    2.0 * f64::from(pairs) / (truth.len() + found.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::f_measure;

    #[test]
    fn pairs_are_counted_once_and_the_beginning_not() {
        let truth = [1.0, 6.0, 7.0, 8.0, 9.0];
        assert_eq!(f_measure(&truth, &truth), 1.0);
        assert_eq!(f_measure(&truth, &[6.05, 7.05, 8.1, 9.0]), 0.75);
        assert_eq!(f_measure(&truth, &[6.0, 6.01, 7.0, 8.0, 9.0]), 8.0 / 9.0);
        assert_eq!(f_measure(&truth, &[]), 0.0);
    }
}
