//! Coverage masks of titles: growing (outline), moving and blurring (shadow). Pure arithmetic on one thread.

/// Coverage 0–1 per pixel, row by row.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    pub width: usize,
    pub values: Vec<f32>,
}

/// `color` (straight) with coverage `m` over premultiplied `below`.
pub(super) fn over(color: [f32; 4], m: f32, below: [f32; 4]) -> [f32; 4] {
    let a = color[3].clamp(0.0, 1.0) * m;
    std::array::from_fn(|k| if k < 3 { color[k] * a + below[k] * (1.0 - a) } else { a + below[3] * (1.0 - a) })
}

impl Mask {
    pub fn new(width: usize, height: usize) -> Self {
        Self { width, values: vec![0.0; width * height] }
    }

    fn height(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Plates with round corners of this radius, antialiased; `plates` are left, top, right and bottom in pixels.
    pub fn plates(width: usize, height: usize, plates: &[[f32; 4]], radius: f32) -> Self {
        let mut mask = Self::new(width, height);
        for [left, top, right, bottom] in plates {
            let radius = radius.min((right - left) / 2.0).min((bottom - top) / 2.0).max(0.0);
            for y in (top.floor().max(0.0) as usize)..(bottom.ceil().max(0.0) as usize).min(height) {
                for x in (left.floor().max(0.0) as usize)..(right.ceil().max(0.0) as usize).min(width) {
                    // distance to the plate without its corners' radius
                    let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
                    let dx = (left + radius - px).max(px - (right - radius)).max(0.0);
                    let dy = (top + radius - py).max(py - (bottom - radius)).max(0.0);
                    let cover = (radius + 0.5 - dx.hypot(dy)).clamp(0.0, 1.0);
                    let m = &mut mask.values[y * width + x];
                    *m = m.max(cover);
                }
            }
        }
        mask
    }

    /// Joins a glyph's 8-bit coverage in at a pixel.
    pub fn add(&mut self, data: &[u8], size: (usize, usize), at: (i32, i32)) {
        let rows = self.height();
        for (i, v) in data.iter().enumerate().take(size.0 * size.1) {
            let (x, y) = (at.0 + (i % size.0) as i32, at.1 + (i / size.0) as i32);
            if *v > 0 && x >= 0 && y >= 0 && (x as usize) < self.width && (y as usize) < rows {
                let m = &mut self.values[y as usize * self.width + x as usize];
                let v = f32::from(*v) / 255.0;
                *m = *m + v - *m * v;
            }
        }
    }

    /// Grown by `radius` pixels: distance to the shape's edge, taken from coverage (the seeding of TinySDF) and carried by the
    /// exact Euclidean distance transform of Felzenszwalb and Huttenlocher (2012), then one pixel of antialiasing.
    pub fn grown(&self, radius: f32) -> Self {
        const FAR: f32 = 1e20;
        let mut d: Vec<f32> = self
            .values
            .iter()
            .map(|a| {
                if *a >= 1.0 {
                    0.0
                } else if *a <= 0.0 {
                    FAR
                } else {
                    (0.5 - a).max(0.0).powi(2)
                }
            })
            .collect();
        let (w, h) = (self.width, self.height());
        let mut line = vec![0f32; w.max(h)];
        let mut work = DistanceWork::new(w.max(h));
        for x in 0..w {
            (0..h).for_each(|y| line[y] = d[y * w + x]);
            work.transform(&mut line[..h]);
            (0..h).for_each(|y| d[y * w + x] = line[y]);
        }
        for row in d.chunks_mut(w.max(1)) {
            work.transform(row);
        }
        let values = d.iter().zip(&self.values).map(|(d, a)| (radius + 0.5 - d.sqrt()).clamp(0.0, 1.0).max(*a)).collect();
        Self { width: w, values }
    }

    /// Moved by a fraction of pixels, bilinear.
    pub fn moved(&self, dx: f32, dy: f32) -> Self {
        let (w, h) = (self.width as i64, self.height() as i64);
        let get = |x: i64, y: i64| if x >= 0 && y >= 0 && x < w && y < h { self.values[(y * w + x) as usize] } else { 0.0 };
        let (fx, fy) = (dx - dx.floor(), dy - dy.floor());
        let (ix, iy) = (dx.floor() as i64, dy.floor() as i64);
        let mut out = Self::new(self.width, h as usize);
        for y in 0..h {
            for x in 0..w {
                let (sx, sy) = (x - ix, y - iy);
                let a = get(sx, sy) * (1.0 - fx) + get(sx - 1, sy) * fx;
                let b = get(sx, sy - 1) * (1.0 - fx) + get(sx - 1, sy - 1) * fx;
                out.values[(y * w + x) as usize] = a * (1.0 - fy) + b * fy;
            }
        }
        out
    }

    /// Blurred so that an edge spreads over about `width` pixels: three box passes, near a Gaussian of σ = width / 3.
    pub fn blurred(&self, width: f32) -> Self {
        // variance of three boxes of side n: (n² − 1) / 4
        let sigma = width / 3.0;
        let side = ((4.0 * sigma * sigma + 1.0).sqrt().round() as usize) | 1;
        let mut out = self.clone();
        if side <= 1 {
            return out;
        }
        let (w, h) = (out.width, out.height());
        let mut line = vec![0f32; w.max(h)];
        for _ in 0..3 {
            for y in 0..h {
                box_blur(&mut out.values[y * w..(y + 1) * w], side / 2, &mut line);
            }
            let mut column = vec![0f32; h];
            for x in 0..w {
                (0..h).for_each(|y| column[y] = out.values[y * w + x]);
                box_blur(&mut column, side / 2, &mut line);
                (0..h).for_each(|y| out.values[y * w + x] = column[y]);
            }
        }
        out
    }
}

/// Running mean over `2·radius + 1` values, zero outside. `copy` is work space at least as long as the row.
fn box_blur(row: &mut [f32], radius: usize, copy: &mut [f32]) {
    let n = row.len();
    let copy = &mut copy[..n];
    copy.copy_from_slice(row);
    let scale = 1.0 / (2 * radius + 1) as f64;
    let mut sum: f64 = copy.iter().take(radius).map(|v| f64::from(*v)).sum();
    for (i, o) in row.iter_mut().enumerate() {
        if i + radius < n {
            sum += f64::from(copy[i + radius]);
        }
        if i > radius {
            sum -= f64::from(copy[i - radius - 1]);
        }
        *o = (sum * scale) as f32;
    }
}

/// Work space of the one-dimensional squared distance transform.
struct DistanceWork {
    input: Vec<f32>,
    /// Vertices of the lower envelope and where each begins.
    vertex: Vec<usize>,
    from: Vec<f32>,
}

impl DistanceWork {
    fn new(n: usize) -> Self {
        Self { input: vec![0.0; n], vertex: vec![0; n], from: vec![0.0; n + 1] }
    }

    /// Replaces squared distances by the lower envelope of the parabolas rooted in them.
    fn transform(&mut self, line: &mut [f32]) {
        let n = line.len();
        if n == 0 {
            return;
        }
        let f = &mut self.input[..n];
        f.copy_from_slice(line);
        let (v, z) = (&mut self.vertex, &mut self.from);
        let (mut k, mut q) = (0usize, 1usize);
        v[0] = 0;
        z[0] = f32::NEG_INFINITY;
        z[1] = f32::INFINITY;
        while q < n {
            let (fq, fv) = (f64::from(f[q]), f64::from(f[v[k]]));
            let (a, b) = (q as f64, v[k] as f64);
            let s = ((fq - fv + a * a - b * b) / (2.0 * (a - b))) as f32;
            if s <= z[k] && k > 0 {
                k -= 1;
                continue;
            }
            k += 1;
            v[k] = q;
            z[k] = s;
            z[k + 1] = f32::INFINITY;
            q += 1;
        }
        k = 0;
        for (q, o) in line.iter_mut().enumerate() {
            while z[k + 1] < q as f32 {
                k += 1;
            }
            let d = q as f32 - v[k] as f32;
            *o = d * d + f[v[k]];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot() -> Mask {
        let mut m = Mask::new(21, 21);
        m.values[10 * 21 + 10] = 1.0;
        m
    }

    #[test]
    fn growing_a_dot_gives_a_disc() {
        let g = dot().grown(5.0);
        for y in 0..21i32 {
            for x in 0..21i32 {
                let r = (((x - 10).pow(2) + (y - 10).pow(2)) as f32).sqrt();
                let want = (5.5 - r).clamp(0.0, 1.0);
                let v = g.values[(y * 21 + x) as usize];
                assert!((v - want).abs() < 1e-3, "{x} {y}: {v} for {want}");
            }
        }
    }

    #[test]
    fn blurring_keeps_the_sum_and_spreads_evenly() {
        let b = dot().blurred(6.0);
        assert!((b.values.iter().sum::<f32>() - 1.0).abs() < 1e-4);
        assert!((b.values[10 * 21 + 8] - b.values[10 * 21 + 12]).abs() < 1e-6);
        assert!(b.values[10 * 21 + 10] < 0.2);
    }

    #[test]
    fn moving_by_whole_pixels_moves_exactly() {
        let m = dot().moved(3.0, -2.0);
        assert_eq!(m.values[8 * 21 + 13], 1.0);
        assert_eq!(m.values.iter().sum::<f32>(), 1.0);
    }
}
