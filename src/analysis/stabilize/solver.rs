//! Symmetric systems whose 4×4 blocks lie within three of the diagonal: the shape that third differences of poses give.
//!
//! Cholesky by blocks, linear in the number of frames. Blocks are stored by columns, so that the inner loops run over four
//! lanes side by side.

/// A 4×4 block, by columns.
pub(super) type Block = [f64; 16];
/// Blocks of a row: those of three, two, one frame before, and the frame's own.
pub(super) type Row = [Block; BAND + 1];
/// How many frames back a frame is tied to.
pub(super) const BAND: usize = 3;

/// One number per component of each frame.
pub(super) type Vector = Vec<[f64; 4]>;

/// The lower triangle of a symmetric matrix; after `factor` its Cholesky factor.
pub(super) struct Banded {
    pub rows: Vec<Row>,
}

/// `c -= a·bᵀ`
#[inline]
fn subtract_product(c: &mut Block, a: &Block, b: &Block) {
    for j in 0..4 {
        for k in 0..4 {
            let factor = b[4 * k + j];
            for i in 0..4 {
                c[4 * j + i] -= a[4 * k + i] * factor;
            }
        }
    }
}

/// `a ← a·l⁻ᵀ` for a lower triangle `l`, whose diagonal holds reciprocals.
#[inline]
fn divide_by_transposed(a: &mut Block, l: &Block) {
    for j in 0..4 {
        for k in 0..j {
            let factor = l[4 * k + j];
            for i in 0..4 {
                a[4 * j + i] -= a[4 * k + i] * factor;
            }
        }
        for i in 0..4 {
            a[4 * j + i] *= l[4 * j + j];
        }
    }
}

/// Cholesky factor of a block in place, with the diagonal's reciprocals. A pivot that rounding made too small is raised: the
/// matrices here are positive definite by construction.
#[inline]
fn factor_block(a: &mut Block) {
    for j in 0..4 {
        let mut pivot = a[4 * j + j];
        for k in 0..j {
            pivot -= a[4 * k + j] * a[4 * k + j];
        }
        let reciprocal = 1.0 / pivot.max(1e-12).sqrt();
        a[4 * j + j] = reciprocal;
        for i in j + 1..4 {
            let mut v = a[4 * j + i];
            for k in 0..j {
                v -= a[4 * k + i] * a[4 * k + j];
            }
            a[4 * j + i] = v * reciprocal;
        }
    }
}

/// `y -= a·x`
#[inline]
fn subtract_times(y: &mut [f64; 4], a: &Block, x: &[f64; 4]) {
    for j in 0..4 {
        for i in 0..4 {
            y[i] -= a[4 * j + i] * x[j];
        }
    }
}

/// `y -= aᵀ·x`
#[inline]
fn subtract_transposed_times(y: &mut [f64; 4], a: &Block, x: &[f64; 4]) {
    for j in 0..4 {
        y[j] -= a[4 * j] * x[0] + a[4 * j + 1] * x[1] + a[4 * j + 2] * x[2] + a[4 * j + 3] * x[3];
    }
}

impl Banded {
    /// Replaces the matrix by its Cholesky factor.
    pub fn factor(&mut self) {
        for i in 0..self.rows.len() {
            let (done, rest) = self.rows.split_at_mut(i);
            let row = &mut rest[0];
            let first = BAND.saturating_sub(i);
            for s in first..BAND {
                // column i − BAND + s; row `above` holds its own columns shifted by BAND − s
                let above = &done[i + s - BAND];
                for t in first..s {
                    let (left, right) = row.split_at_mut(s);
                    subtract_product(&mut right[0], &left[t], &above[BAND + t - s]);
                }
                divide_by_transposed(&mut row[s], &above[BAND]);
            }
            let (left, own) = row.split_at_mut(BAND);
            for block in &left[first..] {
                subtract_product(&mut own[0], block, block);
            }
            factor_block(&mut own[0]);
        }
    }

    /// Solves for `x` in place, once factored.
    pub fn solve(&self, x: &mut Vector) {
        for i in 0..self.rows.len() {
            let row = &self.rows[i];
            let mut y = x[i];
            for s in BAND.saturating_sub(i)..BAND {
                subtract_times(&mut y, &row[s], &x[i + s - BAND]);
            }
            let own = &row[BAND];
            for j in 0..4 {
                y[j] *= own[4 * j + j];
                for k in j + 1..4 {
                    y[k] -= own[4 * j + k] * y[j];
                }
            }
            x[i] = y;
        }
        for i in (0..self.rows.len()).rev() {
            let row = &self.rows[i];
            let own = &row[BAND];
            let mut y = x[i];
            for j in (0..4).rev() {
                for k in j + 1..4 {
                    y[j] -= own[4 * j + k] * y[k];
                }
                y[j] *= own[4 * j + j];
            }
            x[i] = y;
            for s in BAND.saturating_sub(i)..BAND {
                subtract_transposed_times(&mut x[i + s - BAND], &row[s], &y);
            }
        }
    }
}

/// The same for a matrix that does not mix the components and is alike for all four: one number per block.
pub(super) struct Thin {
    /// Cholesky factor by rows, the diagonal as reciprocals.
    rows: Vec<[f64; BAND + 1]>,
}

impl Thin {
    /// The Cholesky factor of a matrix, given by rows: columns three, two, one before and the diagonal.
    pub fn factored(mut rows: Vec<[f64; BAND + 1]>) -> Self {
        for i in 0..rows.len() {
            let (done, rest) = rows.split_at_mut(i);
            let row = &mut rest[0];
            for s in BAND.saturating_sub(i)..BAND {
                let above = &done[i + s - BAND];
                let sum: f64 = (BAND.saturating_sub(i)..s).map(|t| row[t] * above[BAND + t - s]).sum();
                row[s] = (row[s] - sum) * above[BAND];
            }
            let sum: f64 = row[BAND.saturating_sub(i)..BAND].iter().map(|v| v * v).sum();
            row[BAND] = 1.0 / (row[BAND] - sum).max(1e-12).sqrt();
        }
        Self { rows }
    }

    /// Solves for `x` in place.
    pub fn solve(&self, x: &mut Vector) {
        for (i, row) in self.rows.iter().enumerate() {
            let mut y = x[i];
            for s in BAND.saturating_sub(i)..BAND {
                (0..4).for_each(|k| y[k] -= row[s] * x[i + s - BAND][k]);
            }
            x[i] = y.map(|v| v * row[BAND]);
        }
        for (i, row) in self.rows.iter().enumerate().rev() {
            let y = x[i].map(|v| v * row[BAND]);
            x[i] = y;
            for s in BAND.saturating_sub(i)..BAND {
                (0..4).for_each(|k| x[i + s - BAND][k] -= row[s] * y[k]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_multiplied_comes_back() {
        let n = 9;
        let mut rng = fastrand::Rng::with_seed(5);
        let mut matrix = Banded { rows: vec![[[0.0; 16]; 4]; n] };
        for i in 0..n {
            for s in BAND.saturating_sub(i)..BAND {
                matrix.rows[i][s] = std::array::from_fn(|_| rng.f64() - 0.5);
            }
            // symmetric, and heavier than all that is beside it
            for j in 0..4 {
                for k in 0..=j {
                    let v = if j == k { 20.0 } else { rng.f64() };
                    matrix.rows[i][BAND][4 * j + k] = v;
                    matrix.rows[i][BAND][4 * k + j] = v;
                }
            }
        }
        let wanted: Vector = (0..n).map(|_| std::array::from_fn(|_| rng.f64())).collect();
        let mut product = vec![[0.0; 4]; n];
        for i in 0..n {
            for s in BAND.saturating_sub(i)..=BAND {
                let (block, j) = (&matrix.rows[i][s], i + s - BAND);
                for (r, c) in (0..16).map(|k| (k % 4, k / 4)) {
                    product[i][r] += block[4 * c + r] * wanted[j][c];
                    if s < BAND {
                        product[j][c] += block[4 * c + r] * wanted[i][r];
                    }
                }
            }
        }
        matrix.factor();
        matrix.solve(&mut product);
        for (a, b) in product.iter().flatten().zip(wanted.iter().flatten()) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn a_thin_matrix_is_solved_as_its_blocks_are() {
        let n = 12;
        let mut rng = fastrand::Rng::with_seed(6);
        let band: Vec<[f64; 4]> = (0..n).map(|_| [rng.f64(), rng.f64(), rng.f64(), 8.0 + rng.f64()]).collect();
        let mut x: Vector = (0..n).map(|_| std::array::from_fn(|_| rng.f64())).collect();
        let mut y = x.clone();
        Thin::factored(band.clone()).solve(&mut x);
        let blocks = |row: &[f64; 4]| row.map(|v| std::array::from_fn(|k| if k % 5 == 0 { v } else { 0.0 }));
        let mut matrix = Banded { rows: band.iter().map(blocks).collect() };
        matrix.factor();
        matrix.solve(&mut y);
        for (a, b) in x.iter().flatten().zip(y.iter().flatten()) {
            assert!((a - b).abs() < 1e-12);
        }
    }
}
