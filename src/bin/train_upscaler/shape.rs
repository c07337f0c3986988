//! Outlines of the things in a made picture: discs, boxes, polygons, blobs, rings, and strokes that serve as blades of grass,
//! hairs, twigs, leaves and lines. A shape answers whether it covers a point; edges are smoothed by whoever samples it.

use fastrand::Rng;
use std::f32::consts::TAU;

#[derive(Clone, Debug)]
enum Outline {
    Ellipse,
    /// Half-planes `x cos + y sin <= reach` around the centre.
    Polygon(Vec<[f32; 3]>),
    Box,
    /// A disc whose radius swings: (waves, strength, phase).
    Blob([(f32, f32, f32); 3]),
    /// The part of a disc outside this share of its radius.
    Ring(f32),
    /// Bent by `bend`, as wide as `width` in the middle, tapering to its ends with power `taper`; in units of its half length.
    Stroke {
        bend: f32,
        width: f32,
        taper: f32,
    },
}

/// A placed outline. Lengths are pixels of the finished picture.
#[derive(Clone, Debug)]
pub struct Shape {
    outline: Outline,
    center: (f32, f32),
    half: f32,
    /// Height by width.
    aspect: f32,
    cos: f32,
    sin: f32,
}

impl Shape {
    fn new(outline: Outline, center: (f32, f32), half: f32, aspect: f32, angle: f32) -> Self {
        Self { outline, center, half, aspect, cos: angle.cos(), sin: angle.sin() }
    }

    /// A body of about `half` pixels radius, of a kind drawn by lot.
    pub fn body(rng: &mut Rng, center: (f32, f32), half: f32) -> Self {
        let angle = rng.f32() * TAU;
        let aspect = 0.3 + 0.7 * rng.f32();
        match rng.u8(0..10) {
            0..=2 => Self::new(Outline::Ellipse, center, half, aspect, angle),
            3..=4 => Self::new(polygon(rng), center, half, aspect, angle),
            5 => Self::new(Outline::Box, center, half, aspect, angle),
            // upright boxes: windows, signs, furniture
            6 => Self::new(Outline::Box, center, half, aspect, 0.0),
            7..=8 => Self::new(blob(rng), center, half, aspect, angle),
            _ => Self::new(Outline::Ring(0.5 + 0.45 * rng.f32()), center, half, 1.0, angle),
        }
    }

    /// A line, blade or leaf with these half length and half width in pixels.
    pub fn stroke(center: (f32, f32), half: f32, half_width: f32, bend: f32, taper: f32, angle: f32) -> Self {
        Self::new(Outline::Stroke { bend, width: half_width / half, taper }, center, half, 1.0, angle)
    }

    /// The point in the shape's own axes, in units of its half length.
    pub fn local(&self, x: f32, y: f32) -> (f32, f32) {
        let (dx, dy) = (x - self.center.0, y - self.center.1);
        ((dx * self.cos + dy * self.sin) / self.half, (dy * self.cos - dx * self.sin) / self.half)
    }

    pub fn covers(&self, x: f32, y: f32) -> bool {
        let (u, v) = self.local(x, y);
        if let Outline::Stroke { bend, width, taper } = self.outline {
            return u.abs() < 1.0 && (v - bend * (u * u - 0.5)).abs() < width * (1.0 - u.abs().powf(taper));
        }
        let v = v / self.aspect;
        let r2 = u * u + v * v;
        match &self.outline {
            Outline::Ellipse => r2 < 1.0,
            Outline::Ring(inner) => r2 < 1.0 && r2 > inner * inner,
            Outline::Box => u.abs() < 1.0 && v.abs() < 1.0,
            // sharp corners are cut off where the bounds end
            Outline::Polygon(planes) => r2 < 3.2 && planes.iter().all(|[c, s, reach]| u * c + v * s < *reach),
            Outline::Blob(waves) => {
                let angle = v.atan2(u);
                let radius = 0.75 + waves.iter().map(|(n, strength, phase)| strength * (n * angle + phase).sin()).sum::<f32>();
                r2 < radius * radius
            }
            Outline::Stroke { .. } => false,
        }
    }

    /// (left, top, right, bottom) that nothing of the shape lies outside of.
    pub fn bounds(&self) -> [f32; 4] {
        let reach = self.half
            * match &self.outline {
                Outline::Box => std::f32::consts::SQRT_2,
                Outline::Polygon(_) => 1.8,
                Outline::Stroke { bend, width, .. } => 1.0 + bend.abs() + width,
                _ => 1.2,
            };
        [self.center.0 - reach, self.center.1 - reach, self.center.0 + reach, self.center.1 + reach]
    }
}

fn polygon(rng: &mut Rng) -> Outline {
    let sides = rng.usize(3..8);
    let step = TAU / sides as f32;
    let plane = |i: usize, rng: &mut Rng| {
        let angle = (i as f32 + 0.5 * (rng.f32() - 0.5)) * step;
        [angle.cos(), angle.sin(), 0.55 + 0.3 * rng.f32()]
    };
    Outline::Polygon((0..sides).map(|i| plane(i, rng)).collect())
}

fn blob(rng: &mut Rng) -> Outline {
    let mut wave = |most: u8, strength: f32| (f32::from(rng.u8(1..=most)), strength * rng.f32(), rng.f32() * TAU);
    Outline::Blob([wave(3, 0.2), wave(7, 0.12), wave(17, 0.06)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_shape_reaches_over_its_bounds() {
        let mut rng = Rng::with_seed(3);
        let mut shapes: Vec<Shape> = (0..200).map(|_| Shape::body(&mut rng, (0.0, 0.0), 10.0)).collect();
        shapes.push(Shape::stroke((0.0, 0.0), 10.0, 2.0, 0.6, 2.0, 0.7));
        for s in &shapes {
            let [l, t, r, b] = s.bounds();
            for (x, y) in (-30..30).flat_map(|y| (-30..30).map(move |x| (x as f32, y as f32))) {
                assert!(!s.covers(x, y) || (x >= l && x <= r && y >= t && y <= b), "{s:?} covers {x},{y}");
            }
        }
    }
}
