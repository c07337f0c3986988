//! Geometry of the handles on the picture: what the pointer takes hold of, and what a drag makes of a transform. Plain
//! arithmetic in sequence pixels, no drawing.

use crate::model::{MAX_POSITION_PX, Transform};

/// A point of the sequence, in pixels.
pub type Point = (f64, f64);

/// What a drag moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    Move,
    /// A corner, 0–3 clockwise from the left top.
    Scale(usize),
    Rotate,
}

/// Lines that a dragged picture has caught on, in sequence pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Guides {
    pub x: Option<f64>,
    pub y: Option<f64>,
}

/// The picture as it was taken hold of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    pub grip: Grip,
    pub transform: Transform,
    pub corners: [Point; 4],
    /// Where the pointer was.
    pub from: Point,
    /// The sequence.
    pub frame: (f64, f64),
}

/// How a drag is meant.
#[derive(Clone, Copy, Debug, Default)]
pub struct Manner {
    /// Move along one axis, turn in steps of 15°.
    pub straight: bool,
    /// Catch on centre and edges within this many sequence pixels; 0 does not.
    pub reach: f64,
}

impl Held {
    /// Where the picture turns and scales about: its centre before cropping.
    fn centre(&self) -> Point {
        let (x, y) = self.transform.position;
        (self.frame.0 / 2.0 + f64::from(x), self.frame.1 / 2.0 + f64::from(y))
    }

    /// The transform with the pointer at `to`, and what was caught.
    pub fn dragged(&self, to: Point, manner: Manner) -> (Transform, Guides) {
        match self.grip {
            Grip::Move => self.moved(to, manner),
            Grip::Scale(_) => self.scaled(to, manner),
            Grip::Rotate => (self.turned(to, manner), Guides::default()),
        }
    }

    fn moved(&self, to: Point, manner: Manner) -> (Transform, Guides) {
        let (mut dx, mut dy) = (to.0 - self.from.0, to.1 - self.from.1);
        if manner.straight {
            if dx.abs() >= dy.abs() { dy = 0.0 } else { dx = 0.0 }
        }
        let (cx, cy) = self.centre();
        let x = catch(spans(self.corners.map(|c| c.0), cx), dx, self.frame.0, manner.reach);
        let y = catch(spans(self.corners.map(|c| c.1), cy), dy, self.frame.1, manner.reach);
        let place = |at: f32, by: f64| (f64::from(at) + by).round().clamp(-f64::from(MAX_POSITION_PX), f64::from(MAX_POSITION_PX)) as f32;
        let at = self.transform.position;
        let position = (place(at.0, x.0), place(at.1, y.0));
        (Transform { position, ..self.transform }, Guides { x: x.1, y: y.1 })
    }

    fn scaled(&self, to: Point, manner: Manner) -> (Transform, Guides) {
        let c = self.centre();
        let length = |p: Point| (p.0 - c.0).hypot(p.1 - c.1);
        let was = length(self.from);
        if was < 1.0 {
            return (self.transform, Guides::default());
        }
        let mut by = length(to) / was;
        let mut guides = Guides::default();
        // the edges of the grown picture catch on those of the frame
        let edges = self.corners.map(|p| (p.0 - c.0, p.1 - c.1));
        let mut nearest = manner.reach;
        for (dx, dy) in edges {
            for (target, from, vertical) in
                [(0.0, (c.0, dx), true), (self.frame.0, (c.0, dx), true), (0.0, (c.1, dy), false), (self.frame.1, (c.1, dy), false)]
            {
                let (centre, reach) = from;
                let wanted = (target - centre) / reach;
                let off = (centre + reach * by - target).abs();
                if reach.abs() > 1.0 && wanted > 0.0 && off < nearest {
                    nearest = off;
                    by = wanted;
                    guides = if vertical { Guides { x: Some(target), y: None } } else { Guides { x: None, y: Some(target) } };
                }
            }
        }
        let scale = (f64::from(self.transform.scale) * by).clamp(0.01, 100.0) as f32;
        (Transform { scale, ..self.transform }, guides)
    }

    fn turned(&self, to: Point, manner: Manner) -> Transform {
        let c = self.centre();
        let angle = |p: Point| (p.1 - c.1).atan2(p.0 - c.0).to_degrees();
        let turned = f64::from(self.transform.rotation) + angle(to) - angle(self.from);
        // the shorter way around, so that a drag past the back does not jump by a turn
        let turned = (turned + 180.0).rem_euclid(360.0) - 180.0;
        let rotation = if manner.straight {
            (turned / 15.0).round() * 15.0
        } else {
            let quarter = (turned / 90.0).round() * 90.0;
            if manner.reach > 0.0 && (turned - quarter).abs() < 2.0 { quarter } else { (turned * 10.0).round() / 10.0 }
        };
        Transform { rotation: rotation as f32, ..self.transform }
    }
}

/// Left, middle and right of a picture along one axis.
fn spans(corners: [f64; 4], centre: f64) -> [f64; 3] {
    let low = corners.into_iter().fold(f64::INFINITY, f64::min);
    let high = corners.into_iter().fold(f64::NEG_INFINITY, f64::max);
    [low, centre, high]
}

/// The shift `by`, caught where an edge comes near an edge of the frame or the centre near its middle.
fn catch([low, centre, high]: [f64; 3], by: f64, size: f64, reach: f64) -> (f64, Option<f64>) {
    let pairs = [(centre, size / 2.0), (low, 0.0), (high, size), (low, size), (high, 0.0)];
    let offs = pairs.into_iter().map(|(at, target)| (target - at, target));
    let near = offs.filter(|(wanted, _)| (wanted - by).abs() < reach).min_by(|a, b| (a.0 - by).abs().total_cmp(&(b.0 - by).abs()));
    near.map_or((by, None), |(wanted, target)| (wanted, Some(target)))
}

/// Whether a point lies in a convex quadrilateral.
pub fn inside(corners: &[Point; 4], p: Point) -> bool {
    let side = |a: Point, b: Point| (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
    let sides = [0, 1, 2, 3].map(|i| side(corners[i], corners[(i + 1) % 4]));
    sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0)
}

/// What lies under `p`: corners within `reach`, the ring around them, the picture's inside.
pub fn grip_at(corners: &[Point; 4], p: Point, reach: f64) -> Option<Grip> {
    let distance = |c: Point| (c.0 - p.0).hypot(c.1 - p.1);
    let nearest = (0..4).map(|i| (i, distance(corners[i]))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    match nearest {
        (i, d) if d <= reach => Some(Grip::Scale(i)),
        _ if inside(corners, p) => Some(Grip::Move),
        (_, d) if d <= reach * 3.0 => Some(Grip::Rotate),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: (f64, f64) = (1920.0, 1080.0);
    const HALF: [Point; 4] = [(480.0, 270.0), (1440.0, 270.0), (1440.0, 810.0), (480.0, 810.0)];

    fn held(grip: Grip, from: Point) -> Held {
        Held { grip, transform: Transform { scale: 0.5, ..Transform::default() }, corners: HALF, from, frame: FRAME }
    }

    #[test]
    fn a_moved_picture_catches_on_middle_and_edges() {
        let h = held(Grip::Move, (900.0, 500.0));
        let catching = Manner { reach: 10.0, ..Manner::default() };
        let (t, guides) = h.dragged((1000.0, 505.0), catching);
        assert_eq!((t.position, guides), ((100.0, 0.0), Guides { x: None, y: Some(540.0) }));
        let (t, guides) = h.dragged((427.0, 600.0), catching);
        assert_eq!((t.position.0, guides.x), (-480.0, Some(0.0)), "the left edge lies on the frame's");
        let (t, guides) = h.dragged((905.0, 503.0), Manner::default());
        assert_eq!((t.position, guides), ((5.0, 3.0), Guides::default()));
        let (t, _) = h.dragged((960.0, 520.0), Manner { straight: true, reach: 0.0 });
        assert_eq!(t.position, (60.0, 0.0));
    }

    #[test]
    fn a_corner_scales_about_the_centre() {
        let h = held(Grip::Scale(2), HALF[2]);
        assert_eq!(h.dragged((1200.0, 675.0), Manner::default()).0.scale, 0.25);
        let (t, guides) = h.dragged((1915.0, 1078.0), Manner { reach: 12.0, ..Manner::default() });
        assert_eq!((t.scale, guides.x.or(guides.y).is_some()), (1.0, true), "grown to the frame's edges");
        assert!(h.dragged((960.0, 540.0), Manner::default()).0.scale >= 0.01, "it never vanishes");
    }

    #[test]
    fn the_ring_turns_and_rests_at_quarter_turns() {
        let h = held(Grip::Rotate, (1460.0, 540.0));
        let catching = Manner { reach: 10.0, ..Manner::default() };
        assert_eq!(h.dragged((965.0, 1040.0), catching).0.rotation, 90.0);
        assert_eq!(h.dragged((1313.6, 893.5), Manner::default()).0.rotation, 45.0);
        assert_eq!(h.dragged((1300.0, 893.5), Manner { straight: true, reach: 0.0 }).0.rotation, 45.0);
        assert_eq!(h.dragged((400.0, 541.0), catching).0.rotation.abs(), 180.0);
    }

    #[test]
    fn the_pointer_finds_corner_inside_ring_and_nothing() {
        assert_eq!(grip_at(&HALF, (484.0, 268.0), 8.0), Some(Grip::Scale(0)));
        assert_eq!(grip_at(&HALF, (900.0, 500.0), 8.0), Some(Grip::Move));
        assert_eq!(grip_at(&HALF, (1450.0, 825.0), 8.0), Some(Grip::Rotate));
        assert_eq!(grip_at(&HALF, (100.0, 100.0), 8.0), None);
    }
}
