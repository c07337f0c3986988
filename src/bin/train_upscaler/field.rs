//! Noise fields that textures are made of: smooth lattice noise and sums of it over octaves. A sum whose octaves halve in
//! size and in strength has the 1/f amplitude spectrum of photographs of nature (D. J. Field, J. Opt. Soc. Am. A 4, 1987).

/// A well mixed 32-bit value of a lattice point (the finaliser of MurmurHash3).
fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h = (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 16)).wrapping_mul(0x85EB_CA6B);
    h = (h ^ (h >> 13)).wrapping_mul(0xC2B2_AE35);
    h ^ (h >> 16)
}

/// A value of -1 to 1 for a lattice point.
pub fn grain(x: i32, y: i32, seed: u32) -> f32 {
    hash(x, y, seed) as f32 / (u32::MAX as f32 / 2.0) - 1.0
}

/// Lattice noise, -1 to 1, with smooth joints; features are about one unit wide.
pub fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (ix, iy) = (fx as i32, fy as i32);
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - fx), ease(y - fy));
    let top = grain(ix, iy, seed) * (1.0 - u) + grain(ix + 1, iy, seed) * u;
    let bottom = grain(ix, iy + 1, seed) * (1.0 - u) + grain(ix + 1, iy + 1, seed) * u;
    top * (1.0 - v) + bottom * v
}

/// A sum of octaves of [`smooth`]. `size` is the widest feature in pixels; each octave is half as wide and `gain` times as
/// strong; it ends where features become narrower than a pixel. About -1 to 1.
pub fn octaves(x: f32, y: f32, size: f32, gain: f32, ridged: bool, seed: u32) -> f32 {
    let (mut scale, mut strength, mut sum, mut total) = (1.0 / size.max(1.0), 1.0, 0.0, 0.0);
    for octave in 0..8 {
        let n = smooth(x * scale + 17.3 * octave as f32, y * scale, seed.wrapping_add(octave));
        sum += strength * if ridged { 1.0 - 2.0 * n.abs() } else { n };
        total += strength;
        strength *= gain;
        // not finer than the pixels of the result: that would only be noise
        if scale > 0.7 {
            break;
        }
        scale *= 2.0;
    }
    1.6 * sum / total
}
