//! What covers a surface: flat colour, shading, and textures with the spectra of stone, wood, cloth, fur, brick and screens.
//! All are functions of the place, so a surface costs nothing where it is hidden.

use super::field::{grain, octaves, smooth};
use fastrand::Rng;
use std::f32::consts::TAU;

pub type Color = [f32; 3];

/// The colours of one scene: few, mostly muted, of every brightness.
pub struct Palette(Vec<Color>);

impl Palette {
    pub fn new(rng: &mut Rng) -> Self {
        // how colourful the scene is; most photographs are not
        let chroma = 0.03 + 0.25 * rng.f32().powi(2);
        let cast = (normal(rng) * 0.04, normal(rng) * 0.04);
        Self(
            (0..rng.usize(3..9))
                .map(|_| color(rng.f32() * 0.96 + 0.02, cast.0 + normal(rng) * chroma, cast.1 + normal(rng) * chroma))
                .collect(),
        )
    }

    /// One of them, a little changed.
    pub fn pick(&self, rng: &mut Rng) -> Color {
        let base = self.0[rng.usize(..self.0.len())];
        let shift = normal(rng) * 0.08;
        base.map(|v| (v + shift + normal(rng) * 0.015).clamp(0.0, 1.0))
    }
}

/// Luma and two colour differences to RGB.
fn color(luma: f32, blue: f32, red: f32) -> Color {
    [luma + 1.402 * red, luma - 0.344 * blue - 0.714 * red, luma + 1.772 * blue].map(|v| v.clamp(0.0, 1.0))
}

/// A normally distributed value of variance 1 (Box and Muller).
pub fn normal(rng: &mut Rng) -> f32 {
    (-2.0 * (1.0 - rng.f32()).max(1e-9).ln()).sqrt() * (TAU * rng.f32()).cos()
}

#[derive(Clone, Debug)]
enum Kind {
    Flat,
    /// Sum of octaves: (widest feature, gain, ridged, stretch of one axis).
    Rough(f32, f32, bool, f32),
    /// Bands of `period` pixels, warped by noise: wood, zebra, blinds.
    Bands {
        period: f32,
        soft: f32,
        warp: f32,
    },
    /// Threads over and under.
    Cloth(f32),
    /// Rows of bricks or tiles with joints: (width, height, joint, shift of every second row).
    Bricks(f32, f32, f32, f32),
    Checks(f32),
    /// Dots in a grid: (period, radius as a share of it).
    Dots(f32, f32),
    /// Single pixels of noise: sand, grass far away.
    Sand(f32),
}

/// A surface: two colours, how they are mixed, and light that falls off to one side.
#[derive(Clone, Debug)]
pub struct Fill {
    kind: Kind,
    colors: [Color; 2],
    light: (f32, f32),
    cos: f32,
    sin: f32,
    seed: u32,
}

impl Fill {
    pub fn new(rng: &mut Rng, palette: &Palette) -> Self {
        let size = |rng: &mut Rng, least: f32, most: f32| least * (most / least).powf(rng.f32());
        let kind = match rng.u8(0..20) {
            0..=5 => Kind::Flat,
            6..=11 => {
                let stretch = if rng.u8(0..3) == 0 { size(rng, 2.0, 12.0) } else { 1.0 };
                Kind::Rough(size(rng, 4.0, 160.0), 0.4 + 0.5 * rng.f32(), rng.u8(0..4) == 0, stretch)
            }
            12..=14 => Kind::Bands { period: size(rng, 2.5, 40.0), soft: rng.f32(), warp: if rng.bool() { 0.0 } else { 2.5 * rng.f32() } },
            15 => Kind::Cloth(size(rng, 3.0, 12.0)),
            16 => Kind::Bricks(size(rng, 8.0, 50.0), size(rng, 5.0, 30.0), 0.5 + 2.0 * rng.f32(), 0.5 * f32::from(rng.bool())),
            17 => Kind::Checks(size(rng, 2.5, 24.0)),
            18 => Kind::Dots(size(rng, 3.5, 20.0), 0.15 + 0.3 * rng.f32()),
            _ => Kind::Sand(size(rng, 0.8, 2.5)),
        };
        let first = palette.pick(rng);
        // textures are mostly of low contrast
        let second = palette.pick(rng);
        let far = rng.f32();
        let colors = [first, std::array::from_fn(|c| first[c] + (second[c] - first[c]) * far)];
        let fall = if rng.u8(0..3) == 0 { 0.0 } else { 0.35 };
        Self::with(
            kind,
            colors,
            ((rng.f32() - 0.5) * fall, (rng.f32() - 0.5) * fall),
            if rng.u8(0..3) == 0 { 0.0 } else { rng.f32() * TAU },
            rng.u32(..),
        )
    }

    /// A coat of one colour with light on it, for thin things.
    pub fn plain(rng: &mut Rng, palette: &Palette) -> Self {
        let color = palette.pick(rng);
        Self::with(Kind::Flat, [color, color], (0.2 * (rng.f32() - 0.5), 0.3 * (rng.f32() - 0.5)), 0.0, 0)
    }

    /// A wide ground of octaves, for skies, walls and earth.
    pub fn ground(rng: &mut Rng, palette: &Palette) -> Self {
        let kind = Kind::Rough(40.0 + 200.0 * rng.f32(), 0.35 + 0.4 * rng.f32(), rng.u8(0..5) == 0, 1.0);
        Self::with(kind, [palette.pick(rng), palette.pick(rng)], (0.0, 0.0), rng.f32() * TAU, rng.u32(..))
    }

    fn with(kind: Kind, colors: [Color; 2], light: (f32, f32), angle: f32, seed: u32) -> Self {
        Self { kind, colors, light, cos: angle.cos(), sin: angle.sin(), seed }
    }

    /// Colour at a pixel; `local` is the place within the shape, about -1 to 1, for the light.
    pub fn at(&self, x: f32, y: f32, local: (f32, f32)) -> Color {
        let (a, b) = (x * self.cos + y * self.sin, y * self.cos - x * self.sin);
        let mix = match self.kind {
            Kind::Flat => 0.0,
            Kind::Rough(wide, gain, ridged, stretch) => 0.5 + 0.5 * octaves(a / stretch, b, wide, gain, ridged, self.seed),
            Kind::Bands { period, soft, warp } => {
                let bent = a + warp * period * smooth(x / (3.0 * period), y / (3.0 * period), self.seed);
                let wave = (bent * TAU / period).sin();
                0.5 + 0.5 * (wave * (1.0 + 12.0 * (1.0 - soft))).clamp(-1.0, 1.0)
            }
            Kind::Cloth(period) => {
                let (s, t) = (a / period, b / period);
                let over = (s.floor() as i32 + t.floor() as i32) & 1 == 0;
                let across = if over { s - s.floor() } else { t - t.floor() };
                (across * std::f32::consts::PI).sin() * if over { 1.0 } else { 0.75 }
            }
            Kind::Bricks(w, h, joint, shift) => {
                let row = (b / h).floor();
                let s = a + if row as i32 & 1 == 0 { 0.0 } else { shift * w };
                let (u, v) = (s.rem_euclid(w), b.rem_euclid(h));
                if u < joint || v < joint { 1.0 } else { 0.25 + 0.25 * grain((s / w).floor() as i32, row as i32, self.seed) }
            }
            Kind::Checks(period) => f32::from(((a / period).floor() as i32 + (b / period).floor() as i32) & 1 == 0),
            Kind::Dots(period, radius) => {
                let (u, v) = (a.rem_euclid(period) / period - 0.5, b.rem_euclid(period) / period - 0.5);
                f32::from(u * u + v * v < radius * radius)
            }
            Kind::Sand(size) => 0.5 + 0.5 * smooth(x / size, y / size, self.seed),
        };
        let shade = 1.0 + local.0 * self.light.0 + local.1 * self.light.1;
        std::array::from_fn(|c| ((self.colors[0][c] + (self.colors[1][c] - self.colors[0][c]) * mix) * shade).clamp(0.0, 1.0))
    }
}
