//! Slow curves above or below quick ones: the zoom that follows what each moment needs, the correction that gives way in time.

use std::collections::VecDeque;

/// The largest value within `reach` places on each side.
pub(super) fn rolling_max(values: &[f64], reach: usize) -> Vec<f64> {
    let mut best: VecDeque<usize> = VecDeque::new();
    let mut out = Vec::with_capacity(values.len());
    for i in 0..values.len() + reach {
        if let Some(v) = values.get(i) {
            while best.back().is_some_and(|b| values[*b] <= *v) {
                best.pop_back();
            }
            best.push_back(i);
        }
        if i >= reach {
            let centre = i - reach;
            while best.front().is_some_and(|b| b + reach < centre) {
                best.pop_front();
            }
            out.extend(best.front().map(|b| values[*b]));
        }
    }
    out
}

/// A smooth curve that is nowhere below `values`: the rolling maximum, averaged over the same reach with a raised cosine.
pub(super) fn above(values: &[f64], reach: usize) -> Vec<f64> {
    let top = rolling_max(values, reach);
    let weight = |k: usize| 1.0 + (std::f64::consts::PI * k as f64 / (reach + 1) as f64).cos();
    let weights: Vec<f64> = (0..=reach).map(weight).collect();
    let last = top.len().saturating_sub(1);
    let at = |i: usize, k: i64| top[(i as i64 + k).clamp(0, last as i64) as usize];
    let total = weights[0] + 2.0 * weights[1..].iter().sum::<f64>();
    (0..top.len())
        .map(|i| {
            let around = |k: usize| at(i, k as i64) + at(i, -(k as i64));
            (weights[0] * top[i] + (1..=reach).map(|k| weights[k] * around(k)).sum::<f64>()) / total
        })
        .collect()
}

/// A smooth curve that is nowhere above `values`.
pub(super) fn below(values: &[f64], reach: usize) -> Vec<f64> {
    let negative: Vec<f64> = values.iter().map(|v| -v).collect();
    above(&negative, reach).into_iter().map(|v| -v).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_above_and_slow() {
        let mut rng = fastrand::Rng::with_seed(1);
        let values: Vec<f64> = (0..200).map(|i| if i == 90 { 3.0 } else { rng.f64() }).collect();
        let curve = above(&values, 20);
        assert_eq!(curve.len(), values.len());
        assert!(curve.iter().zip(&values).all(|(c, v)| c >= &(v - 1e-12)));
        assert!(curve.windows(2).all(|w| (w[1] - w[0]).abs() < 0.12), "no faster than the spike over the reach");
        assert!(below(&values, 20).iter().zip(&values).all(|(c, v)| c <= &(v + 1e-12)));
        assert!(above(&[], 5).is_empty() && above(&[2.0], 5) == [2.0]);
    }
}
