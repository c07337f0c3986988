//! Whole made pictures. Most are "dead leaves" (B. Mandelbrot's and G. Matheron's model, measured against photographs by
//! A. B. Lee, D. Mumford and J. Huang, IJCV 41, 2001): opaque things of all sizes, each textured, hiding each other, whose
//! sizes follow the power law that perspective gives. Others are growth (grass, hair, twigs), bare textures, pages of text
//! and drawings. Drawn at twice the size from front to back and averaged down, which is how a sensor's pixels see edges.

use super::{
    fill::{Fill, Palette, normal},
    letters::Letters,
    resize::{Kernel, resize},
    rgb::Rgb,
    shape::Shape,
};
use fastrand::Rng;

/// Samples drawn for each pixel and axis.
const FINE: usize = 2;

struct Thing {
    shape: Shape,
    fill: Fill,
}

/// Side `side` pixels; the same seed gives the same picture.
pub fn scene(seed: u64, side: usize, letters: &mut Letters) -> Rgb {
    let mut rng = Rng::with_seed(seed);
    let palette = Palette::new(&mut rng);
    let kind = rng.u8(0..100);
    let (things, ground) = match kind {
        0..=54 => (leaves(&mut rng, &palette, side as f32), Fill::ground(&mut rng, &palette)),
        55..=74 => {
            let mut all = growth(&mut rng, &palette, side as f32);
            if rng.bool() {
                all.extend(leaves(&mut rng, &palette, side as f32).into_iter().take(40));
            }
            (all, Fill::ground(&mut rng, &palette))
        }
        75..=84 => (Vec::new(), Fill::new(&mut rng, &palette)),
        85..=91 => (drawing(&mut rng, &palette, side as f32), Fill::plain(&mut rng, &palette)),
        _ => (Vec::new(), if rng.bool() { Fill::plain(&mut rng, &palette) } else { Fill::ground(&mut rng, &palette) }),
    };
    let mut fine = draw(&things, &ground, side * FINE);
    if kind >= 92 || (kind >= 85 && rng.bool()) {
        print(&mut rng, &palette, letters, &mut fine);
    }
    let mut picture = resize(&fine, side, side, Kernel::Box);
    // lenses and focus: most photographs are not sharp to the pixel
    if kind < 85 && rng.u8(0..10) < 6 {
        picture = super::degrade::blur(&picture, 0.3 + 0.8 * rng.f32() * rng.f32(), 1.0, 0.0);
    }
    light(&mut rng, &mut picture);
    picture.in_8_bits()
}

fn place(rng: &mut Rng, side: f32) -> (f32, f32) {
    ((rng.f32() * 1.2 - 0.1) * side, (rng.f32() * 1.2 - 0.1) * side)
}

/// Things from front to back whose radius has the density r^-3 between its least and its most.
fn leaves(rng: &mut Rng, palette: &Palette, side: f32) -> Vec<Thing> {
    let least = 1.0 + 5.0 * rng.f32() * rng.f32();
    let most = side * (0.15 + 0.5 * rng.f32());
    let count = rng.usize(60..900);
    let thing = |rng: &mut Rng| {
        let t = rng.f32();
        let radius = (least.powi(-2) + t * (most.powi(-2) - least.powi(-2))).powf(-0.5);
        let center = place(rng, side);
        let fill = if radius < 4.0 { Fill::plain(rng, palette) } else { Fill::new(rng, palette) };
        Thing { shape: Shape::body(rng, center, radius), fill }
    };
    let mut all: Vec<Thing> = (0..count).map(|_| thing(rng)).collect();
    // large ones behind, so that the plane fills
    all.extend((0..12).map(|_| {
        let (center, radius) = (place(rng, side), side * (0.1 + 0.3 * rng.f32()));
        Thing { shape: Shape::body(rng, center, radius), fill: Fill::new(rng, palette) }
    }));
    all
}

/// Grass, hair, fur, twigs or foliage: many strokes of one family.
fn growth(rng: &mut Rng, palette: &Palette, side: f32) -> Vec<Thing> {
    let along = rng.f32() * std::f32::consts::TAU;
    let spread = if rng.u8(0..3) == 0 { 3.0 } else { 0.15 + 0.6 * rng.f32() };
    let length = 4.0 * (side / 8.0f32).powf(rng.f32());
    let half_width = if rng.bool() { 0.35 + 1.2 * rng.f32() } else { length * (0.05 + 0.3 * rng.f32()) };
    let bend = 0.8 * rng.f32();
    let taper = if rng.bool() { 2.0 } else { 8.0 };
    let cover = side * side / (length * half_width).max(1.0);
    let count = ((cover * (0.3 + 1.2 * rng.f32())) as usize).min(3000);
    let thing = |rng: &mut Rng| {
        let half = length * (0.5 + rng.f32());
        let angle = along + spread * normal(rng);
        let bend = bend * normal(rng);
        let wide = half_width * (0.6 + 0.8 * rng.f32());
        let center = place(rng, side);
        let fill = if half > 14.0 && wide > 4.0 { Fill::new(rng, palette) } else { Fill::plain(rng, palette) };
        Thing { shape: Shape::stroke(center, half, wide, bend, taper, angle), fill }
    };
    (0..count).map(|_| thing(rng)).collect()
}

/// Lines and plain bodies on paper.
fn drawing(rng: &mut Rng, palette: &Palette, side: f32) -> Vec<Thing> {
    let wide = 0.4 + 1.6 * rng.f32();
    let straight = rng.bool();
    let right_angles = rng.bool();
    let thing = |rng: &mut Rng| {
        let center = place(rng, side);
        if rng.u8(0..4) == 0 {
            let radius = 2.0 + side * 0.2 * rng.f32();
            return Thing { shape: Shape::body(rng, center, radius), fill: Fill::plain(rng, palette) };
        }
        let angle = if right_angles { f32::from(rng.u8(0..4)) * std::f32::consts::FRAC_PI_2 } else { rng.f32() * 6.3 };
        let bend = if straight { 0.0 } else { normal(rng) };
        let half = side * (0.05 + 0.4 * rng.f32());
        Thing { shape: Shape::stroke(center, half, wide * (0.5 + rng.f32()), bend, 30.0, angle), fill: Fill::plain(rng, palette) }
    };
    (0..rng.usize(10..70)).map(|_| thing(rng)).collect()
}

fn draw(things: &[Thing], ground: &Fill, side: usize) -> Rgb {
    let mut picture = Rgb::new(side, side);
    let mut taken = vec![false; side * side];
    let mut left = side * side;
    let at = |i: usize| (i as f32 + 0.5) / FINE as f32;
    let span = |from: f32, to: f32| {
        let limit = |v: f32| (v * FINE as f32).clamp(0.0, side as f32) as usize;
        limit(from)..limit(to.ceil())
    };
    for thing in things {
        let [x0, y0, x1, y1] = thing.shape.bounds();
        for y in span(y0, y1) {
            for x in span(x0, x1) {
                if !taken[y * side + x] && thing.shape.covers(at(x), at(y)) {
                    taken[y * side + x] = true;
                    left -= 1;
                    picture.set(x, y, thing.fill.at(at(x), at(y), thing.shape.local(at(x), at(y))));
                }
            }
        }
        if left == 0 {
            return picture;
        }
    }
    for y in 0..side {
        for x in 0..side {
            if !taken[y * side + x] {
                picture.set(x, y, ground.at(at(x), at(y), (0.0, 0.0)));
            }
        }
    }
    picture
}

/// One page of text over the picture, sometimes turned a little.
fn print(rng: &mut Rng, palette: &Palette, letters: &mut Letters, fine: &mut Rgb) {
    let side = fine.width;
    let size = 8.0 * 8.0f32.powf(rng.f32()) * FINE as f32;
    let ink = letters.page(rng, side * 3 / 2, side * 3 / 2, size);
    let color = match rng.u8(0..4) {
        0 => [0.02; 3],
        1 => [0.98; 3],
        _ => palette.pick(rng),
    };
    let angle = if rng.bool() { 0.0 } else { 0.3 * normal(rng) };
    let (cos, sin, middle) = (angle.cos(), angle.sin(), side as f32 / 2.0);
    let shift = (ink.width as f32 / 2.0, ink.height as f32 / 2.0);
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = (x as f32 + 0.5 - middle, y as f32 + 0.5 - middle);
            let cover = ink.at(dx * cos + dy * sin + shift.0, dy * cos - dx * sin + shift.1);
            if cover > 0.0 {
                let under = fine.pixel(x, y);
                fine.set(x, y, std::array::from_fn(|c| under[c] + (color[c] - under[c]) * cover));
            }
        }
    }
}

/// Exposure and contrast of the whole picture, and light that falls off across it.
fn light(rng: &mut Rng, picture: &mut Rgb) {
    let (gain, gamma) = (0.7 + 0.45 * rng.f32(), 2.0f32.powf(rng.f32() * 1.2 - 0.6));
    let fall = if rng.bool() { (0.0, 0.0) } else { (0.5 * (rng.f32() - 0.5), 0.5 * (rng.f32() - 0.5)) };
    let (w, h) = (picture.width as f32, picture.height as f32);
    for (i, pixel) in picture.data.chunks_exact_mut(3).enumerate() {
        let (x, y) = ((i % picture.width) as f32 / w - 0.5, (i / picture.width) as f32 / h - 0.5);
        let factor = gain * (1.0 + x * fall.0 + y * fall.1);
        pixel.iter_mut().for_each(|v| *v = (v.max(0.0).powf(gamma) * factor).clamp(0.0, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_picture_and_seeds_differ() {
        let mut letters = Letters::new();
        let pictures: Vec<Rgb> = (0..6).map(|seed| scene(seed, 32, &mut letters)).collect();
        assert!(pictures.iter().all(|p| p.data.iter().all(|v| (0.0..=1.0).contains(v))));
        assert_eq!(scene(4, 32, &mut letters), pictures[4]);
        assert!(pictures.windows(2).all(|p| p[0] != p[1]));
    }
}
