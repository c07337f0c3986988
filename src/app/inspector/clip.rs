//! Settings of clips: transform, speed, sound. With several selected, a change is made to all it applies to.

use super::{
    InspectorState, heading,
    rows::{self, Number},
    title,
};
use crate::{
    app::{icons, state::Cx, timeline::clip_name, widgets},
    base::TrackId,
    edit::{ClipChange, EditCommand},
    model::{Blend, Clip, ClipContent, Crop, Fit, Speed, TrackKind, Transform},
};
use egui::Ui;
use std::sync::Arc;

pub fn clips_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[&Arc<Clip>]) {
    let project = cx.project.clone();
    let kind_of = |c: &Clip| project.sequence.clip(c.id).map(|(t, _)| t.kind);
    let seen: Vec<&Clip> = clips.iter().filter(|c| kind_of(c) == Some(TrackKind::Video)).map(|c| &***c).collect();
    let heard: Vec<&Clip> = clips.iter().filter(|c| kind_of(c) == Some(TrackKind::Audio) && c.media().is_some()).map(|c| &***c).collect();
    head(ui, cx, clips, &seen);
    if let Some(first) = seen.first() {
        if let ClipContent::Title(t) = &first.content {
            title::title_ui(ui, state, cx, first.id, t);
        }
        if let ClipContent::Solid { color } = first.content {
            widgets::section(ui, cx.theme, "Colour");
            if let Some(color) = rows::color(ui, cx.theme, "Fill", color) {
                let edit = EditCommand::SetClip { clip: first.id, change: ClipChange::Solid(color) };
                state.change(ui, cx, "Change colour", edit);
            }
        }
        transform_ui(ui, state, cx, &seen);
    }
    let timed: Vec<&Clip> = clips.iter().filter(|c| c.media().is_some()).map(|c| &***c).collect();
    if let Some(first) = timed.iter().find(|c| project.source_duration(&c.content).is_some()) {
        speed_ui(ui, state, cx, &timed, first.speed());
    }
    if !heard.is_empty() {
        sound_ui(ui, state, cx, &heard);
    }
    let track = clips.first().and_then(|c| project.sequence.clip(c.id)).map(|(t, _)| t.id);
    fades_ui(ui, state, cx, clips, track);
}

fn head(ui: &mut Ui, cx: &Cx<'_>, clips: &[&Arc<Clip>], seen: &[&Clip]) {
    let s = &cx.project.sequence;
    let first: &Clip = seen.first().copied().unwrap_or(&***clips.first().unwrap_or(&clips[0]));
    let icon = match first.content {
        ClipContent::Title(_) => icons::TEXT,
        ClipContent::Solid { .. } => icons::IMAGE,
        ClipContent::Adjustment => icons::GAUGE,
        ClipContent::Media { .. } | ClipContent::Sequence { .. } if seen.is_empty() => icons::WAVEFORM,
        ClipContent::Sequence { .. } => icons::FILM_SLATE,
        ClipContent::Media { .. } => icons::FILM_STRIP,
    };
    let linked = clips.len() == 2 && clips[0].link.is_some() && clips[0].link == clips[1].link;
    let name = if clips.len() == 1 || linked { clip_name(&cx.project, first) } else { format!("{} clips", clips.len()) };
    let note = format!("{} – {}", s.timecode(first.start), s.timecode(first.end()));
    heading(ui, cx, icon, &name, &note);
}

/// One change for each of `clips`, as one command.
fn each(clips: &[&Clip], change: impl Fn(&Clip) -> ClipChange) -> EditCommand {
    let mut edits: Vec<_> = clips.iter().map(|c| EditCommand::SetClip { clip: c.id, change: change(c) }).collect();
    if edits.len() == 1 { edits.remove(0) } else { EditCommand::Batch(edits) }
}

fn transform_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[&Clip]) {
    let Some(t) = clips.first().map(|c| c.transform) else { return };
    let mut set = |ui: &Ui, cx: &mut Cx<'_>, f: &dyn Fn(&mut Transform)| {
        let edit = each(clips, |c| {
            let mut t = c.transform;
            f(&mut t);
            ClipChange::Transform(t)
        });
        state.change(ui, cx, "Change transform", edit);
    };
    widgets::section(ui, cx.theme, "Transform");
    let position = [f64::from(t.position.0), f64::from(t.position.1)];
    if let Some(p) = rows::pair(ui, cx.theme, "Position", ["Position X", "Position Y"], position, 1.0, " px") {
        set(ui, cx, &|t| t.position = (p[0] as f32, p[1] as f32));
    }
    let percent = |label, slider, default| Number {
        label,
        range: 0.0..=1000.0,
        speed: 0.5,
        decimals: 0,
        suffix: " %",
        slider: Some(slider),
        default,
    };
    if let Some(v) = rows::number(ui, cx.theme, f64::from(t.scale) * 100.0, &percent("Scale", 10.0..=200.0, 100.0)) {
        set(ui, cx, &|t| t.scale = (v / 100.0) as f32);
    }
    let rotation = Number {
        label: "Rotation",
        range: -3600.0..=3600.0,
        speed: 0.5,
        decimals: 1,
        suffix: "°",
        slider: Some(-180.0..=180.0),
        default: 0.0,
    };
    if let Some(v) = rows::number(ui, cx.theme, f64::from(t.rotation), &rotation) {
        set(ui, cx, &|t| t.rotation = v as f32);
    }
    let opacity = Number { range: 0.0..=100.0, ..percent("Opacity", 0.0..=100.0, 100.0) };
    if let Some(v) = rows::number(ui, cx.theme, f64::from(t.opacity) * 100.0, &opacity) {
        set(ui, cx, &|t| t.opacity = (v / 100.0) as f32);
    }
    let fits = [(Fit::Fit, "Fit inside"), (Fit::Fill, "Fill frame"), (Fit::None, "Own pixels")];
    if let Some(fit) = rows::choice(ui, cx.theme, "Size", t.fit, &fits) {
        set(ui, cx, &|t| t.fit = fit);
    }
    let blends = [(Blend::Normal, "Normal"), (Blend::Add, "Add"), (Blend::Multiply, "Multiply"), (Blend::Screen, "Screen")];
    if let Some(blend) = rows::choice(ui, cx.theme, "Blend", t.blend, &blends) {
        set(ui, cx, &|t| t.blend = blend);
    }
    crop_ui(ui, cx, t.crop, &mut set);
    if t != Transform::default() && ui.button("Reset transform").clicked() {
        set(ui, cx, &|t| *t = Transform::default());
    }
}

/// Sends a change of the transform of all clips shown.
type SetTransform<'s> = dyn FnMut(&Ui, &mut Cx<'_>, &dyn Fn(&mut Transform)) + 's;

fn crop_ui(ui: &mut Ui, cx: &mut Cx<'_>, crop: Crop, set: &mut SetTransform<'_>) {
    let percent = |v: f32| f64::from(v) * 100.0;
    let share = |v: f64| (v / 100.0).clamp(0.0, 1.0) as f32;
    let sides = [percent(crop.left), percent(crop.right)];
    if let Some([l, r]) = rows::pair(ui, cx.theme, "Crop sides", ["Crop left", "Crop right"], sides, 0.2, " %") {
        set(ui, cx, &|t| (t.crop.left, t.crop.right) = (share(l), share(r)));
    }
    let ends = [percent(crop.top), percent(crop.bottom)];
    if let Some([a, b]) = rows::pair(ui, cx.theme, "Crop ends", ["Crop top", "Crop bottom"], ends, 0.2, " %") {
        set(ui, cx, &|t| (t.crop.top, t.crop.bottom) = (share(a), share(b)));
    }
}

/// A speed of `percent`, to a tenth, as a reduced ratio.
pub fn speed_of(percent: f64) -> Speed {
    let n = (percent * 10.0).round().clamp(-100_000.0, 100_000.0) as i32;
    let (mut a, mut b) = (n.unsigned_abs(), 1000u32);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let g = a.max(1);
    Speed(n / g as i32, 1000 / g)
}

fn speed_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[&Clip], speed: Speed) {
    widgets::section(ui, cx.theme, "Speed");
    let percent = f64::from(speed.0) / f64::from(speed.1.max(1)) * 100.0;
    let row =
        Number { label: "Speed", range: 1.0..=10_000.0, speed: 0.5, decimals: 0, suffix: " %", slider: Some(10.0..=400.0), default: 100.0 };
    let mut wanted = None;
    if speed.is_freeze() {
        rows::fact(ui, cx.theme, "Speed", "frozen");
    } else if let Some(v) = rows::number(ui, cx.theme, percent.abs(), &row) {
        wanted = Some(speed_of(v.copysign(percent)));
    }
    if let Some(reverse) = rows::toggle(ui, cx.theme, "Backwards", speed.0 < 0) {
        let v = if speed.is_freeze() { 100.0 } else { percent.abs() };
        wanted = Some(speed_of(if reverse { -v } else { v }));
    }
    if let Some(freeze) = rows::toggle(ui, cx.theme, "Freeze frame", speed.is_freeze()) {
        wanted = Some(if freeze { Speed::FREEZE } else { Speed::NORMAL });
    }
    if let Some(speed) = wanted {
        state.change(ui, cx, "Change speed", each(clips, |_| ClipChange::Speed(speed)));
    }
}

fn sound_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[&Clip]) {
    let Some(first) = clips.first() else { return };
    widgets::section(ui, cx.theme, "Sound");
    let gain =
        Number { label: "Gain", range: -96.0..=24.0, speed: 0.1, decimals: 1, suffix: " dB", slider: Some(-48.0..=12.0), default: 0.0 };
    if let Some(v) = rows::number(ui, cx.theme, f64::from(first.gain_db), &gain) {
        state.change(ui, cx, "Change gain", each(clips, |_| ClipChange::GainDb(v as f32)));
    }
    let pan =
        Number { label: "Pan", range: -100.0..=100.0, speed: 0.5, decimals: 0, suffix: " %", slider: Some(-100.0..=100.0), default: 0.0 };
    if let Some(v) = rows::number(ui, cx.theme, f64::from(first.pan) * 100.0, &pan) {
        state.change(ui, cx, "Change pan", each(clips, |_| ClipChange::Pan((v / 100.0) as f32)));
    }
}

fn fades_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, clips: &[&Arc<Clip>], track: Option<TrackId>) {
    let (Some(first), Some(_)) = (clips.first(), track) else { return };
    let all: Vec<&Clip> = clips.iter().map(|c| &***c).collect();
    widgets::section(ui, cx.theme, "Fades");
    let most = first.duration as f64;
    let row =
        |label, range| Number { label, range, speed: 0.25, decimals: 0, suffix: " f", slider: Some(0.0..=most.min(120.0)), default: 0.0 };
    let fade_in = row("Fade in", 0.0..=most - first.fade_out as f64);
    if let Some(v) = rows::number(ui, cx.theme, first.fade_in as f64, &fade_in) {
        let edit = each(&all, |c| ClipChange::FadeIn((v as i64).clamp(0, c.duration - c.fade_out)));
        state.change(ui, cx, "Change fade", edit);
    }
    let fade_out = row("Fade out", 0.0..=most - first.fade_in as f64);
    if let Some(v) = rows::number(ui, cx.theme, first.fade_out as f64, &fade_out) {
        let edit = each(&all, |c| ClipChange::FadeOut((v as i64).clamp(0, c.duration - c.fade_in)));
        state.change(ui, cx, "Change fade", edit);
    }
    if let Some(on) = rows::toggle(ui, cx.theme, "Switched on", first.enabled) {
        cx.out.send(crate::session::Command::Edit(each(&all, |_| ClipChange::Enabled(on))));
    }
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
}
