//! How a viewer's picture lies on its stage: fitted, or at a scale about a point. Plain arithmetic, no drawing.

use egui::{Rect, Vec2, vec2};

/// Scales of the menu, in percent of the sequence's pixels. 100 is one pixel of the sequence on one of the screen.
pub const STEPS: [u32; 6] = [25, 50, 100, 150, 200, 400];

/// Smallest and largest scale that wheel and keys reach.
const LIMITS: (f32, f32) = (0.1, 16.0);

/// Where the picture lies. Fitted until somebody zooms.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Zoom {
    /// Screen pixels for one pixel of the sequence; None fits the picture into the stage.
    scale: Option<f32>,
    /// From the stage's centre to the picture's, in points.
    offset: Vec2,
    /// `offset` when the picture was taken hold of.
    held: Vec2,
}

impl Zoom {
    pub fn at(percent: u32) -> Self {
        Self { scale: Some(percent as f32 / 100.0), ..Self::default() }
    }

    pub fn is_fit(self) -> bool {
        self.scale.is_none()
    }

    /// Percent that is set, None where fitted.
    pub fn percent(self) -> Option<u32> {
        self.scale.map(|s| (s * 100.0).round() as u32)
    }

    /// The picture's place on `stage`. `size` is the sequence's in pixels, `ppp` the screen's pixels per point.
    pub fn place(self, stage: Rect, size: Vec2, ppp: f32) -> Rect {
        let size = size.max(Vec2::splat(1.0));
        match self.scale {
            None => {
                let scale = (stage.width() / size.x).min(stage.height() / size.y).max(0.001);
                snapped(Rect::from_center_size(stage.center(), size * scale), ppp)
            }
            Some(scale) => snapped(Rect::from_center_size(stage.center() + self.offset, size * (scale / ppp)), ppp),
        }
    }

    /// Zoom by `factor`; what lies under `pointer` stays there.
    pub fn about(&mut self, pointer: egui::Pos2, factor: f32, stage: Rect, size: Vec2, ppp: f32) {
        let before = self.place(stage, size, ppp);
        let now = before.width() / size.x.max(1.0) * ppp;
        let scale = (now * factor).clamp(LIMITS.0, LIMITS.1);
        let grown = scale / now;
        self.scale = Some(scale);
        self.offset = pointer + (before.center() - pointer) * grown - stage.center();
        self.hold(stage, size, ppp);
    }

    /// Move the picture; some of it stays on the stage. A fitted picture stays fitted.
    pub fn pan(&mut self, by: Vec2, stage: Rect, size: Vec2, ppp: f32) {
        if self.scale.is_some() {
            self.offset += by;
            self.hold(stage, size, ppp);
        }
    }

    /// The picture is taken hold of; [`Self::drag`] follows.
    pub fn hold_on(&mut self) {
        self.held = self.offset;
    }

    /// The pointer is this far from where the picture was taken hold of.
    pub fn drag(&mut self, total: Vec2, stage: Rect, size: Vec2, ppp: f32) {
        if self.scale.is_some() {
            self.offset = self.held + total;
            self.hold(stage, size, ppp);
        }
    }

    /// Keep at least a corner of the picture in sight.
    fn hold(&mut self, stage: Rect, size: Vec2, ppp: f32) {
        let Some(scale) = self.scale else { return };
        let room = (stage.size() + size * (scale / ppp)) * 0.5 - vec2(48.0, 48.0).min(stage.size() * 0.5);
        self.offset = self.offset.clamp(-room, room);
    }
}

/// On whole pixels of the screen, so that one pixel stays one pixel.
fn snapped(rect: Rect, ppp: f32) -> Rect {
    let min = (rect.min.to_vec2() * ppp).round() / ppp;
    let size = (rect.size() * ppp).round() / ppp;
    Rect::from_min_size(min.to_pos2(), size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    const STAGE: Rect = Rect { min: pos2(100.0, 50.0), max: pos2(900.0, 550.0) };
    const HD: Vec2 = vec2(1920.0, 1080.0);

    #[test]
    fn a_fitted_picture_touches_two_sides_and_is_centred() {
        let r = Zoom::default().place(STAGE, HD, 1.0);
        assert_eq!((r.width(), r.height()), (800.0, 450.0));
        assert_eq!(r.center(), STAGE.center());
    }

    #[test]
    fn a_hundred_percent_is_pixel_for_pixel_on_every_screen() {
        for ppp in [1.0, 1.25, 2.0] {
            let r = Zoom::at(100).place(STAGE, HD, ppp);
            assert!((r.width() * ppp - 1920.0).abs() < 1e-3 && (r.height() * ppp - 1080.0).abs() < 1e-3);
            let left = r.left() * ppp;
            assert!((left - left.round()).abs() < 1e-3, "it starts on a pixel");
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut z = Zoom::default();
        let pointer = pos2(300.0, 200.0);
        let share = |z: Zoom| {
            let r = z.place(STAGE, HD, 1.0);
            (pointer - r.min) / r.size()
        };
        let before = share(z);
        for factor in [1.5, 1.5, 2.0, 0.7] {
            z.about(pointer, factor, STAGE, HD, 1.0);
            assert!((share(z) - before).length() < 3e-3, "{:?} {before:?}", share(z));
        }
    }

    #[test]
    fn panning_never_loses_the_picture_and_leaves_a_fitted_one_alone() {
        let mut z = Zoom::at(50);
        z.pan(vec2(1e6, -1e6), STAGE, HD, 1.0);
        assert!(z.place(STAGE, HD, 1.0).intersects(STAGE));
        let mut fit = Zoom::default();
        fit.pan(vec2(50.0, 0.0), STAGE, HD, 1.0);
        assert!(fit.is_fit());
    }
}
