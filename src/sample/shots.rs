//! Reels of shots whose borders are known exactly: what the finder of cuts is held against.
//!
//! Pure and deterministic. Every shot looks into a texture of its own; only the camera moves, so that what is a cut, a pan, a flash
//! or a dissolve is certain.

/// Size and rate of the pictures.
pub const WIDTH: usize = 160;
pub const HEIGHT: usize = 90;
pub const RATE: f64 = 25.0;

/// Cells of a texture.
const CELLS: usize = 32;

/// What the camera does in a shot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Camera {
    Still,
    /// Goes right by that part of the width with each picture.
    Pan(f32),
    /// Pans faster and faster and slower again over eight pictures from this one on.
    Whip(usize),
    /// Two pictures from this one on are nearly white.
    Flash(usize),
    /// Jumps about by up to three hundredths of the width.
    Shake,
    /// Still, and of nearly the colours and brightness of the shot before.
    Similar,
}

/// How a shot follows the one before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Join {
    Cut,
    /// Over so many pictures, the border in their middle.
    Dissolve(usize),
    /// Down to black over so many pictures, up again over as many.
    Fade(usize),
}

struct Shot {
    start: usize,
    len: usize,
    camera: Camera,
    join: Join,
    texture: u32,
    tint: [f32; 3],
}

/// Shots one after another.
pub struct Reel {
    shots: Vec<Shot>,
}

impl Reel {
    /// Length in pictures, camera, and how it follows the one before.
    pub fn new(shots: &[(usize, Camera, Join)]) -> Self {
        let mut start = 0;
        let mut tint_of = 0;
        let shots = shots.iter().enumerate().map(|(i, &(len, camera, join))| {
            if camera != Camera::Similar {
                tint_of = i;
            }
            let tint = [0, 1, 2].map(|c| 0.6 + 0.4 * hash(tint_of as u32, 77, c));
            let shot = Shot { start, len, camera, join, texture: i as u32 + 1, tint };
            start += len;
            shot
        });
        Self { shots: shots.collect() }
    }

    pub fn frames(&self) -> usize {
        self.shots.last().map_or(0, |s| s.start + s.len)
    }

    /// First pictures of shots that follow with a cut.
    pub fn cuts(&self) -> Vec<usize> {
        self.shots.iter().skip(1).filter(|s| s.join == Join::Cut).map(|s| s.start).collect()
    }

    /// Middles of dissolves and fades: first pictures of the shots that follow with one.
    pub fn soft(&self) -> Vec<usize> {
        self.shots.iter().skip(1).filter(|s| s.join != Join::Cut).map(|s| s.start).collect()
    }

    /// RGBA, [`WIDTH`] × [`HEIGHT`]; black outside of the reel.
    pub fn picture(&self, frame: usize) -> Vec<u8> {
        let Some(at) = self.shots.iter().position(|s| (s.start..s.start + s.len).contains(&frame)) else {
            return [0, 0, 0, 255].repeat(WIDTH * HEIGHT);
        };
        let shot = &self.shots[at];
        let mut picture = shot.picture(frame);
        let next = self.shots.get(at + 1);
        // where the border is a mixture, the other shot and its part
        let other = match (shot.join, next.map(|n| n.join)) {
            (Join::Dissolve(len), _) if at > 0 && frame < shot.start + len / 2 => {
                Some((Some(&self.shots[at - 1]), 0.5 - (frame - shot.start) as f32 / len as f32))
            }
            (Join::Fade(len), _) if at > 0 && frame < shot.start + len => Some((None, 1.0 - (frame - shot.start) as f32 / len as f32)),
            (_, Some(Join::Dissolve(len))) if shot.start + shot.len - frame <= len / 2 => {
                Some((next, 0.5 - (shot.start + shot.len - frame) as f32 / len as f32))
            }
            (_, Some(Join::Fade(len))) if shot.start + shot.len - frame <= len => {
                Some((None, 1.0 - (shot.start + shot.len - frame) as f32 / len as f32))
            }
            _ => None,
        };
        if let Some((other, part)) = other {
            let with = other.map(|o| o.picture(frame));
            for (i, v) in picture.iter_mut().enumerate() {
                let b = with.as_ref().map_or(0.0, |w| f32::from(w[i]));
                *v = (f32::from(*v) * (1.0 - part) + b * part).round() as u8;
            }
        }
        picture
    }
}

impl Shot {
    fn picture(&self, frame: usize) -> Vec<u8> {
        // outside of its own time the camera stands
        let n = frame.saturating_sub(self.start).min(self.len) as f32;
        let (mut x0, mut y0, mut light) = (0.0, 0.0, 0.0);
        match self.camera {
            Camera::Still | Camera::Similar => {}
            Camera::Pan(step) => x0 = n * step,
            Camera::Whip(from) => {
                const SPEED: [f32; 8] = [0.03, 0.08, 0.15, 0.22, 0.22, 0.15, 0.08, 0.03];
                x0 = SPEED.iter().take((n as usize + 1).saturating_sub(from)).sum();
            }
            Camera::Flash(from) => light = if (from..from + 2).contains(&(n as usize)) { 0.85 } else { 0.0 },
            Camera::Shake => {
                x0 = 0.06 * (hash(frame as u32, 5, 0) - 0.5);
                y0 = 0.06 * (hash(frame as u32, 5, 1) - 0.5);
            }
        }
        let mut out = Vec::with_capacity(WIDTH * HEIGHT * 4);
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (u, v) = (x as f32 / WIDTH as f32 + x0, y as f32 / WIDTH as f32 + y0);
                let value =
                    0.5 * self.noise(u * 5.0, v * 5.0) + 0.3 * self.noise(u * 14.0, v * 14.0 + 9.0) + 0.2 * self.noise(u * 31.0, v * 31.0);
                for tint in self.tint {
                    let lit = (value * 1.6 - 0.3).clamp(0.0, 1.0) * tint;
                    out.push((255.0 * (lit + (1.0 - lit) * light)).round() as u8);
                }
                out.push(255);
            }
        }
        out
    }

    /// Smooth noise, 0–1, that repeats after [`CELLS`].
    fn noise(&self, x: f32, y: f32) -> f32 {
        let (ix, iy) = (x.floor(), y.floor());
        let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
        let (fx, fy) = (smooth(x - ix), smooth(y - iy));
        let at = |dx: i32, dy: i32| {
            let wrap = |v: f32, d: i32| (v as i32 + d).rem_euclid(CELLS as i32) as u32;
            hash(self.texture * 7919, wrap(ix, dx), wrap(iy, dy) + 1000)
        };
        let mix = |a: f32, b: f32, t: f32| a + (b - a) * t;
        mix(mix(at(0, 0), at(1, 0), fx), mix(at(0, 1), at(1, 1), fx), fy)
    }
}

/// 0–1, the same for the same numbers.
fn hash(a: u32, b: u32, c: u32) -> f32 {
    let mut h = a.wrapping_mul(0x9E37_79B1) ^ b.wrapping_mul(0x85EB_CA77) ^ c.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    (h ^ (h >> 15)) as f32 / u32::MAX as f32
}
