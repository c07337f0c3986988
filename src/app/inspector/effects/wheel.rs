//! A colour wheel: a point for the tint, a slider below for all three colours together. UI thread.

use super::super::slider::slider;
use crate::app::{
    fonts,
    theme::{Theme, size},
    words::tr_args,
};
use egui::{
    Align2, Color32, Id, Mesh, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, accesskit::Role, ecolor::Hsva, pos2, vec2,
};
use std::f32::consts::TAU;

/// What a wheel turns: its neutral value, how far its rim and its slider reach, and what is allowed.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    pub neutral: f32,
    pub rim: f32,
    pub master: (f32, f32),
    pub range: (f32, f32),
}

/// Directions of R, G, B: as on a vectorscope's hue circle, a third of a turn apart, red up.
fn directions() -> [Vec2; 3] {
    [0.0, 1.0, 2.0].map(|i| Vec2::angled(-TAU / 4.0 + i * TAU / 3.0))
}

/// The master (mean) of three values, and the point of the wheel for what is left: 1 = the rim.
fn split(v: [f32; 3], rim: f32) -> (f32, Vec2) {
    let mean = (v[0] + v[1] + v[2]) / 3.0;
    let point = directions().iter().zip(v).map(|(d, v)| *d * (v - mean)).fold(Vec2::ZERO, |a, b| a + b);
    (mean, point / (1.5 * rim))
}

/// Three values of a master and a point; the way back of [`split`].
fn join(master: f32, point: Vec2, reach: &Reach) -> [f32; 3] {
    directions().map(|d| (master + point.dot(d) * reach.rim).clamp(reach.range.0, reach.range.1))
}

/// Draws a wheel into `rect`. Some = the user changed it.
pub fn wheel_ui(ui: &mut Ui, theme: &Theme, rect: Rect, label: &str, salt: usize, value: [f32; 3], reach: &Reach) -> Option<[f32; 3]> {
    let (master, point) = split(value, reach.rim);
    let side = rect.width().min(rect.height() - 34.0);
    let disc = Rect::from_center_size(pos2(rect.center().x, rect.top() + side / 2.0), vec2(side, side));
    let name = tr_args("inspector-wheel-of", &[("name", label.into())]);
    let response = ui.interact(disc, Id::unique(("inspector wheel", label, salt)), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::ColorWell, ui.is_enabled(), &name));
    let radius = side / 2.0 - 5.0;
    let mut change = dragged(ui, &response, point, radius).map(|p| join(master, p, reach));
    if response.double_clicked() {
        change = Some(join(master, Vec2::ZERO, reach));
    }
    paint(ui, theme, disc, point, radius, &response);
    ui.painter().text(
        pos2(rect.center().x, disc.bottom() + 8.0),
        Align2::CENTER_CENTER,
        label,
        fonts::regular(size::SMALL),
        theme.secondary(),
    );
    let rail = Rect::from_min_max(pos2(rect.left(), disc.bottom() + 16.0), pos2(rect.right(), disc.bottom() + 32.0));
    let mut now = f64::from(master);
    let name = tr_args("inspector-master-of", &[("name", label.into())]);
    let range = f64::from(reach.master.0)..=f64::from(reach.master.1);
    let response = slider(ui, theme, rail, &mut now, &range, (&name, salt), false);
    if response.changed() {
        change = Some(join(now as f32, point, reach));
    }
    if response.double_clicked() {
        change = Some(join(reach.neutral, point, reach));
    }
    change.filter(|v| *v != value)
}

/// Where the point goes: it follows the pointer's way, a fifth as fast with Shift, and not past the rim.
fn dragged(ui: &Ui, response: &Response, point: Vec2, radius: f32) -> Option<Vec2> {
    let by = response.drag_delta();
    if !response.dragged() || by == Vec2::ZERO {
        return None;
    }
    let slow = if ui.input(|i| i.modifiers.shift) { 0.2 } else { 1.0 };
    let to = point + by * slow / radius;
    Some(if to.length() > 1.0 { to.normalized() } else { to })
}

fn paint(ui: &Ui, theme: &Theme, disc: Rect, point: Vec2, radius: f32, response: &Response) {
    let (c, painter) = (disc.center(), ui.painter());
    painter.circle_filled(c, radius, theme.surface(0));
    painter.add(Shape::mesh(hues(c, radius, 0.0, 0.28)));
    painter.add(Shape::mesh(ring(c, radius + 1.0, radius + 4.0)));
    let line = Stroke::new(1.0, theme.line());
    painter.line_segment([c - vec2(radius, 0.0), c + vec2(radius, 0.0)], line);
    painter.line_segment([c - vec2(0.0, radius), c + vec2(0.0, radius)], line);
    let at = c + point * radius;
    let live = response.hovered() || response.dragged();
    painter.circle_filled(at, if live { 5.0 } else { 4.0 }, theme.text());
    painter.circle_stroke(at, if live { 5.0 } else { 4.0 }, Stroke::new(1.5, theme.surface(0)));
}

/// Hue of a direction on the wheel, red up and green a third of a turn clockwise.
fn hue(angle: f32) -> Color32 {
    Hsva::new((angle / TAU + 0.25).rem_euclid(1.0), 0.75, 0.9, 1.0).into()
}

const STEPS: u32 = 48;

/// A disc that is neutral in the middle and takes the hues towards the rim.
fn hues(c: Pos2, radius: f32, middle: f32, rim: f32) -> Mesh {
    let mut mesh = Mesh::default();
    mesh.colored_vertex(c, hue(0.0).gamma_multiply(middle));
    for i in 0..STEPS {
        let a = TAU * i as f32 / STEPS as f32;
        mesh.colored_vertex(c + Vec2::angled(a) * radius, hue(a).gamma_multiply(rim));
        mesh.add_triangle(0, 1 + i, 1 + (i + 1) % STEPS);
    }
    mesh
}

fn ring(c: Pos2, inner: f32, outer: f32) -> Mesh {
    let mut mesh = Mesh::default();
    for i in 0..STEPS {
        let a = TAU * i as f32 / STEPS as f32;
        mesh.colored_vertex(c + Vec2::angled(a) * inner, hue(a));
        mesh.colored_vertex(c + Vec2::angled(a) * outer, hue(a));
        let (i, next) = (2 * i, 2 * ((i + 1) % STEPS));
        mesh.add_triangle(i, i + 1, next);
        mesh.add_triangle(i + 1, next, next + 1);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    const REACH: Reach = Reach { neutral: 1.0, rim: 0.5, master: (0.0, 2.0), range: (0.0, 4.0) };

    #[test]
    fn a_point_and_a_master_make_three_values_and_back() {
        for v in [[1.0, 1.0, 1.0], [1.2, 0.9, 0.9], [0.8, 1.1, 1.3], [0.5, 0.75, 0.6]] {
            let (master, point) = split(v, REACH.rim);
            let back = join(master, point, &REACH);
            assert!(v.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-6), "{v:?} {back:?}");
        }
    }

    #[test]
    fn up_is_red_and_the_rim_is_the_reach() {
        let v = join(1.0, vec2(0.0, -1.0), &REACH);
        assert!((v[0] - 1.5).abs() < 1e-6 && (v[1] - 0.75).abs() < 1e-6 && (v[2] - 0.75).abs() < 1e-6, "{v:?}");
        assert!((split(v, REACH.rim).1 - vec2(0.0, -1.0)).length() < 1e-6);
    }

    #[test]
    fn values_stay_in_range() {
        assert_eq!(join(0.0, vec2(0.0, 1.0), &REACH)[0], 0.0);
    }
}
