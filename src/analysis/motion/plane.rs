//! A plane of brightness and the few things that are done to one: halving, smoothing, local normalisation.

/// Numbers in rows without gaps; brightness is 0 to 255.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plane {
    pub width: usize,
    pub height: usize,
    pub data: Vec<f32>,
}

/// A similarity about the picture's centre, in pixels: z → a·z + b as complex numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Similarity {
    pub a: (f32, f32),
    pub b: (f32, f32),
}

impl Similarity {
    pub const NONE: Self = Self { a: (1.0, 0.0), b: (0.0, 0.0) };

    pub fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        (self.a.0 * x - self.a.1 * y + self.b.0, self.a.1 * x + self.a.0 * y + self.b.1)
    }

    /// For pictures `k` times as large.
    pub fn scaled(&self, k: f32) -> Self {
        Self { a: self.a, b: (self.b.0 * k, self.b.1 * k) }
    }
}

/// Width and height of a picture's half: an odd row or column counts as one.
pub fn half_size((width, height): (usize, usize)) -> (usize, usize) {
    (width.div_ceil(2), height.div_ceil(2))
}

impl Plane {
    pub fn new(width: usize, height: usize, data: Vec<f32>) -> Self {
        debug_assert_eq!(data.len(), width * height);
        Self { width, height, data }
    }

    fn filled(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0.0; width * height] }
    }

    pub fn row(&self, y: usize) -> &[f32] {
        &self.data[y * self.width..(y + 1) * self.width]
    }

    /// The pixel at the centre, in pixels from the first.
    pub fn centre(&self) -> (f32, f32) {
        ((self.width as f32 - 1.0) / 2.0, (self.height as f32 - 1.0) / 2.0)
    }

    /// Half the size: pixel i of the result lies on pixel 2i (binomial filter of five, as Burt & Adelson 1983).
    pub fn halved(&self) -> Self {
        let (w, h) = half_size((self.width, self.height));
        let tap = |v: &[f32], c: usize| {
            let last = v.len() - 1;
            let (a, b, d, e) = (c.saturating_sub(2), c.saturating_sub(1), (c + 1).min(last), (c + 2).min(last));
            (v[a] + v[e] + 4.0 * (v[b] + v[d]) + 6.0 * v[c]) / 16.0
        };
        let mut out = Self::filled(w, h);
        let mut across = vec![0.0; self.width];
        for y in 0..h {
            let at = |k: isize| self.row((2 * y as isize + k).clamp(0, self.height as isize - 1) as usize);
            let (a, b, c, d, e) = (at(-2), at(-1), at(0), at(1), at(2));
            for x in 0..self.width {
                across[x] = (a[x] + e[x] + 4.0 * (b[x] + d[x]) + 6.0 * c[x]) / 16.0;
            }
            for x in 0..w {
                out.data[y * w + x] = tap(&across, 2 * x);
            }
        }
        out
    }

    /// Smoothed by binomials of five across and down: what is left can be shifted by parts of a pixel without loss.
    pub fn smoothed(&self) -> Self {
        let (w, h) = (self.width, self.height);
        let mut out = Self::filled(w, h);
        let mut down = vec![0.0_f32; w + 4];
        for y in 0..h {
            let at = |k: isize| self.row((y as isize + k).clamp(0, h as isize - 1) as usize);
            let (a, b, c, d, e) = (at(-2), at(-1), at(0), at(1), at(2));
            for x in 0..w {
                down[x + 2] = (a[x] + e[x] + 4.0 * (b[x] + d[x]) + 6.0 * c[x]) / 16.0;
            }
            let (first, last) = (down[2], down[w + 1]);
            down[..2].fill(first);
            down[w + 2..].fill(last);
            for (x, o) in out.data[y * w..(y + 1) * w].iter_mut().enumerate() {
                let p = &down[x..x + 5];
                *o = (p[0] + p[4] + 4.0 * (p[1] + p[3]) + 6.0 * p[2]) / 16.0;
            }
        }
        out
    }

    /// Means over squares of side `2·reach + 1`, edges repeated.
    fn averaged(&self, reach: usize) -> Self {
        let (w, h) = (self.width, self.height);
        let share = 1.0 / (2 * reach + 1) as f32;
        let mut across = Self::filled(w, h);
        for y in 0..h {
            let row = self.row(y);
            let at = |i: isize| row[i.clamp(0, w as isize - 1) as usize];
            let r = reach as isize;
            let mut sum: f32 = (-r..=r).map(at).sum();
            let out = &mut across.data[y * w..(y + 1) * w];
            for (x, o) in out.iter_mut().enumerate() {
                *o = sum * share;
                sum += at(x as isize + r + 1) - at(x as isize - r);
            }
        }
        let mut out = Self::filled(w, h);
        let row = |y: isize| y.clamp(0, h as isize - 1) as usize * w;
        let r = reach as isize;
        let mut sum = vec![0.0_f32; w];
        for y in -r..=r {
            let from = &across.data[row(y)..][..w];
            sum.iter_mut().zip(from).for_each(|(s, v)| *s += v);
        }
        for y in 0..h {
            let (add, drop) = (row(y as isize + r + 1), row(y as isize - r));
            let (add, drop) = (&across.data[add..add + w], &across.data[drop..drop + w]);
            let out = &mut out.data[y * w..(y + 1) * w];
            for x in 0..w {
                out[x] = sum[x] * share;
                sum[x] += add[x] - drop[x];
            }
        }
        out
    }

    /// Less its local mean, by its local spread; noise of three levels is the least that counts as contrast.
    pub fn normalised(&self, reach: usize) -> Self {
        // about mid-grey: the sums that run along are small and lose little
        let centred = Self { data: self.data.iter().map(|v| v - 128.0).collect(), ..*self };
        let mean = centred.averaged(reach);
        let squares = Self { data: centred.data.iter().map(|v| v * v).collect(), ..*self };
        let mut out = squares.averaged(reach);
        for ((o, v), m) in out.data.iter_mut().zip(&centred.data).zip(&mean.data) {
            *o = (v - m) / ((*o - m * m).max(0.0) + 9.0).sqrt();
        }
        out
    }

    /// Between four pixels; edges repeated.
    pub fn bilinear(&self, x: f32, y: f32) -> f32 {
        let (x, y) = (x.clamp(0.0, self.width as f32 - 1.001), y.clamp(0.0, self.height as f32 - 1.001));
        let (ix, iy) = (x as usize, y as usize);
        let (u, v) = (x - ix as f32, y - iy as f32);
        let at = iy * self.width + ix;
        let (p, q) = (&self.data[at..], &self.data[(at + self.width).min(self.data.len() - 2)..]);
        let (top, bottom) = (p[0] + u * (p[1] - p[0]), q[0] + u * (q[1] - q[0]));
        top + v * (bottom - top)
    }
}

/// Weights of four neighbours at `t` between the middle two (Catmull & Rom 1974).
pub(super) fn catmull_rom(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2]
}
