//! Where a clip's picture sits in the frame, and its fixed colour. UI thread.

use super::{
    InspectorState, animate,
    field::Shown,
    keys::Param,
    rows::{self, Number, Row, Unit},
    scope::Scope,
};
use crate::{
    app::{state::Cx, words::tr},
    edit::{ClipChange, EditCommand},
    model::{Blend, Clip, ClipContent, Crop, Fit, MAX_POSITION_PX, Transform},
};
use egui::Ui;

const FITS: [(Fit, &str); 3] = [(Fit::Fit, "inspector-fit-inside"), (Fit::Fill, "inspector-fit-fill"), (Fit::None, "inspector-fit-none")];
const BLENDS: [(Blend, &str); 4] = [
    (Blend::Normal, "inspector-blend-normal"),
    (Blend::Add, "inspector-blend-add"),
    (Blend::Multiply, "inspector-blend-multiply"),
    (Blend::Screen, "inspector-blend-screen"),
];

/// The transform of all but adjustment clips, which have an opacity only.
pub fn transform_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let whole = !scope.clips.iter().any(|c| matches!(c.content, ClipContent::Adjustment));
    let theme = cx.theme;
    let changed = whole && scope.clips.iter().any(|c| c.transform != Transform::default() || ANIMATED.iter().any(|p| p.is_animated(c)));
    let mut reset = false;
    let key = if whole { "inspector-transform" } else { "inspector-strength" };
    let open = rows::section(ui, theme, &mut state.closed, key, |ui| {
        reset = changed && rows::tail_button(ui, theme, crate::app::icons::RESET, &tr("inspector-reset-transform"));
    });
    if reset && let Some(edit) = scope.many(reset_all) {
        state.change(ui, cx, edit);
    }
    if !open {
        return;
    }
    if whole {
        place_ui(ui, state, cx, scope);
    }
    let label = tr("inspector-opacity");
    let opacity = Number::new(&label, Unit::Percent, 0.0..=100.0, 100.0).slider(0.0..=100.0);
    animate::number_ui(ui, state, cx, scope, Param::Opacity, &opacity, 100.0);
    if whole {
        crop_ui(ui, state, cx, scope);
        choices_ui(ui, state, cx, scope);
    }
}

const ANIMATED: [Param; 4] = [Param::Position, Param::Scale, Param::Rotation, Param::Opacity];

fn reset_all(c: &Clip) -> Vec<ClipChange> {
    let keys = ANIMATED.into_iter().filter(|p| p.is_animated(c)).map(|p| p.animate(&Default::default()));
    keys.chain([ClipChange::Transform(Transform::default())]).collect()
}

fn place_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let label = tr("inspector-position");
    let most = f64::from(MAX_POSITION_PX);
    let position = Number::new(&label, Unit::Px, -most..=most, 0.0).speed(1.0);
    animate::position_ui(ui, state, cx, scope, &position);
    let label = tr("inspector-scale");
    let scale = Number::new(&label, Unit::Percent, 1.0..=10_000.0, 100.0).slider(10.0..=200.0);
    animate::number_ui(ui, state, cx, scope, Param::Scale, &scale, 100.0);
    let label = tr("inspector-rotation");
    let rotation = Number::new(&label, Unit::Degrees, -3600.0..=3600.0, 0.0).places(1).slider(-180.0..=180.0);
    animate::number_ui(ui, state, cx, scope, Param::Rotation, &rotation, 1.0);
}

/// Sends a change of the fixed transform of all clips.
fn set(ui: &Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>, f: impl Fn(&mut Transform)) {
    let edit = scope.each(|c| {
        let mut t = c.transform;
        f(&mut t);
        ClipChange::Transform(t)
    });
    if let Some(edit) = edit {
        state.change(ui, cx, edit);
    }
}

fn choices_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let fits = FITS.map(|(fit, key)| (fit, tr(key)));
    if let Some(fit) = rows::choice(ui, cx.theme, &tr("inspector-fit"), scope.same(|c| c.transform.fit), &fits) {
        set(ui, state, cx, scope, |t| t.fit = fit);
    }
    let blends = BLENDS.map(|(blend, key)| (blend, tr(key)));
    if let Some(blend) = rows::choice(ui, cx.theme, &tr("inspector-blend"), scope.same(|c| c.transform.blend), &blends) {
        set(ui, state, cx, scope, |t| t.blend = blend);
    }
}

/// A side of the crop.
type Side = fn(&mut Crop) -> &mut f32;
const SIDES: [(Side, &str); 4] = [
    (|c| &mut c.left, "inspector-crop-left"),
    (|c| &mut c.right, "inspector-crop-right"),
    (|c| &mut c.top, "inspector-crop-top"),
    (|c| &mut c.bottom, "inspector-crop-bottom"),
];

fn crop_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    for (pair, key) in [(0, "inspector-crop-sides"), (2, "inspector-crop-ends")] {
        let label = tr(key);
        let n = Number::new(&label, Unit::Percent, 0.0..=100.0, 0.0).speed(0.2).places(1);
        let names = [tr(SIDES[pair].1), tr(SIDES[pair + 1].1)];
        let value = |i: usize| {
            let side = SIDES[pair + i].0;
            scope.shown(1, |c| f64::from(*side(&mut c.transform.crop.clone())) * 100.0).unwrap_or(Shown::one(0.0))
        };
        let shown = [value(0), value(1)];
        let row = Row::next(ui);
        if let Some((i, change)) = rows::numbers(ui, cx.theme, row, &n, &[&names[0], &names[1]], &shown) {
            let side = SIDES[pair + i].0;
            set(ui, state, cx, scope, |t| {
                let v = side(&mut t.crop);
                *v = (change.of(f64::from(*v) * 100.0) / 100.0).clamp(0.0, 1.0) as f32;
            });
        }
        if rows::reset_numbers(ui, cx.theme, row, &n, &shown) {
            set(ui, state, cx, scope, |t| {
                for (side, _) in &SIDES[pair..pair + 2] {
                    *side(&mut t.crop) = 0.0;
                }
            });
        }
    }
}

/// The colour of a clip that is nothing but one.
pub fn solid_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let color_of = |c: &Clip| if let ClipContent::Solid { color } = c.content { Some(color) } else { None };
    let Some(color) = scope.clips.first().and_then(|c| color_of(c)) else { return };
    if rows::section(ui, cx.theme, &mut state.closed, "inspector-solid", |_| {})
        && let Some(color) = rows::color(ui, cx.theme, &tr("inspector-color"), &tr("inspector-fill"), color)
    {
        let edits: Vec<_> = scope.clips.iter().map(|c| EditCommand::SetClip { clip: c.id, change: ClipChange::Solid(color) }).collect();
        state.change(ui, cx, EditCommand::Batch(edits));
    }
}
