//! How fast a clip plays its source. UI thread.

use super::{
    InspectorState,
    rows::{self, Number, TimeField, Unit},
    scope::Scope,
    times::Clock,
};
use crate::{
    app::{state::Cx, words::tr},
    edit::ClipChange,
    model::{Clip, Speed},
};
use egui::Ui;

/// `one` is the clip, or the picture of a linked pair, that has one length.
pub fn speed_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, one: Option<&Clip>) {
    if !rows::section(ui, cx.theme, &mut state.closed, "inspector-speed", |_| {}) {
        return;
    }
    let percent = |c: &Clip| f64::from(c.speed().0) / f64::from(c.speed().1.max(1)) * 100.0;
    let frozen = scope.same(|c| c.speed().is_freeze());
    let label = tr("inspector-speed-percent");
    let row = Number::new(&label, Unit::Percent, 1.0..=10_000.0, 100.0).places(1).slider(10.0..=400.0);
    let mut send = |ui: &Ui, cx: &mut Cx<'_>, speed: &dyn Fn(&Clip) -> Speed| {
        if let Some(edit) = scope.each(|c| ClipChange::Speed(speed(c))) {
            state.change(ui, cx, edit);
        }
    };
    if frozen == Some(true) {
        rows::fact(ui, cx.theme, &label, &tr("inspector-frozen"));
    } else if let Some(shown) = scope.shown(1, |c| percent(c).abs())
        && let Some(change) = rows::number(ui, cx.theme, &row, shown)
    {
        send(ui, cx, &|c| {
            let now = percent(c);
            if c.speed().is_freeze() { c.speed() } else { speed_of(change.of(now.abs()).clamp(1.0, 10_000.0).copysign(now)) }
        });
    }
    if frozen == Some(false)
        && let Some(clip) = one
    {
        let clock = Clock::of(&cx.project.sequence);
        let (label, name) = (tr("inspector-duration"), tr("inspector-retime"));
        let format = |f: i64| clock.length(f);
        let parse = |text: &str| clock.parse_length(text);
        let field = TimeField { label: &label, name: &name, range: 1..=crate::model::MAX_FRAME, format: &format, parse: &parse };
        if let Some(to) = rows::time(ui, cx.theme, &field, clip.duration) {
            send(ui, cx, &|c| fit_into(c.speed(), c.duration, to));
        }
    }
    if let Some(reverse) = rows::toggle(ui, cx.theme, &tr("inspector-reverse"), scope.same(|c| c.speed().0 < 0)) {
        send(ui, cx, &|c| {
            let v = if c.speed().is_freeze() { 100.0 } else { percent(c).abs() };
            speed_of(if reverse { -v } else { v })
        });
    }
    if let Some(freeze) = rows::toggle(ui, cx.theme, &tr("inspector-freeze"), frozen) {
        send(ui, cx, &|_| if freeze { Speed::FREEZE } else { Speed::NORMAL });
    }
}

/// A speed of `percent`, to a tenth, as a reduced ratio.
pub fn speed_of(percent: f64) -> Speed {
    reduced((percent * 10.0).round().clamp(-100_000.0, 100_000.0) as i64, 1000)
}

/// The speed at which what lasts `from` frames lasts `to`, exactly where the numbers allow it.
fn fit_into(speed: Speed, from: i64, to: i64) -> Speed {
    let to = to.max(1);
    let (n, d) = (i128::from(speed.0) * i128::from(from), i128::from(speed.1) * i128::from(to));
    let g = gcd(n.unsigned_abs(), d.unsigned_abs()).max(1) as i128;
    match (i32::try_from(n / g), u32::try_from(d / g)) {
        (Ok(n), Ok(d)) if n != 0 => Speed(n, d.max(1)),
        _ => speed_of((n as f64 / d as f64 * 100.0).clamp(-10_000.0, 10_000.0)),
    }
}

fn reduced(n: i64, d: i64) -> Speed {
    let g = gcd(u128::from(n.unsigned_abs()), u128::from(d.unsigned_abs())).max(1) as i64;
    Speed((n / g) as i32, (d / g).max(1) as u32)
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_becomes_the_exact_ratio_it_names() {
        assert_eq!(speed_of(100.0), Speed(1, 1));
        assert_eq!(speed_of(-50.0), Speed(-1, 2));
        assert_eq!(speed_of(33.3), Speed(333, 1000));
        assert_eq!(speed_of(0.0), Speed(0, 1));
        assert_eq!(speed_of(250.0), Speed(5, 2));
    }

    #[test]
    fn a_length_becomes_the_exact_speed_that_fills_it() {
        assert_eq!(fit_into(Speed(1, 1), 186, 93), Speed(2, 1));
        assert_eq!(fit_into(Speed(-2, 1), 100, 300), Speed(-2, 3));
        assert_eq!(fit_into(Speed(1, 1), 186, 0), Speed(186, 1));
        let odd = fit_into(Speed(999_983, 1_000_003), 999_979, 1_000_033);
        assert!(odd.1 > 0 && odd.0 > 0, "{odd:?}");
    }
}
