//! Small sums over curves that the steps of the music analysis share. Pure.

/// The curve less its moving mean over `width` values, nothing below zero, scaled to a standard deviation of one.
pub(super) fn stand_out(curve: &[f32], width: usize) -> Vec<f32> {
    let mean = moving_mean(curve, width);
    let out: Vec<f32> = curve.iter().zip(&mean).map(|(v, m)| (v - m).max(0.0)).collect();
    let n = out.len().max(1) as f32;
    let average = out.iter().sum::<f32>() / n;
    let deviation = (out.iter().map(|v| (v - average).powi(2)).sum::<f32>() / n).sqrt();
    if deviation < 1e-6 { vec![0.0; out.len()] } else { out.into_iter().map(|v| v / deviation).collect() }
}

/// Mean over `width` values around each; shorter at the ends.
pub(super) fn moving_mean(curve: &[f32], width: usize) -> Vec<f32> {
    let half = width / 2;
    let mut sums = Vec::with_capacity(curve.len() + 1);
    sums.push(0.0f64);
    for v in curve {
        sums.push(sums.last().copied().unwrap_or_default() + f64::from(*v));
    }
    (0..curve.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(half), (i + half + 1).min(curve.len()));
            ((sums[to] - sums[from]) / (to - from) as f64) as f32
        })
        .collect()
}

/// The curve smoothed by a Gaussian of this standard deviation in values.
pub(super) fn blur(curve: &[f32], sigma: f64) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as usize;
    let weights: Vec<f32> = (0..=reach).map(|d| (-0.5 * (d as f64 / sigma).powi(2)).exp() as f32).collect();
    (0..curve.len())
        .map(|i| {
            let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(curve.len()));
            let (mut sum, mut weight) = (0.0, 0.0);
            for (j, v) in curve[from..to].iter().enumerate() {
                let w = weights[(from + j).abs_diff(i)];
                sum += w * v;
                weight += w;
            }
            sum / weight
        })
        .collect()
}

/// Value at a fractional place, linearly interpolated; the ends go on.
pub(super) fn at(curve: &[f32], place: f64) -> f32 {
    let Some(last) = curve.len().checked_sub(1) else { return 0.0 };
    let place = place.clamp(0.0, last as f64);
    let i = (place as usize).min(last);
    let f = (place - i as f64) as f32;
    let next = curve[(i + 1).min(last)];
    curve[i] + (next - curve[i]) * f
}

/// Largest value within `reach` of a place.
pub(super) fn peak_near(curve: &[f32], place: f64, reach: usize) -> f32 {
    let i = place.round().max(0.0) as usize;
    let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(curve.len()));
    curve.get(from.min(to)..to).unwrap_or_default().iter().fold(0.0, |m, v| m.max(*v))
}

/// The value that half of them do not exceed; 0 of nothing.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    match n {
        0 => 0.0,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}
