//! How clips' pictures are steadied: whether their cameras were analysed, settings, what comes of them. UI thread.

use super::{
    InspectorState,
    rows::{self, Number, Unit},
    scope::Scope,
};
use crate::{
    app::{
        commands::CommandId,
        fonts, icons,
        state::{Action, Cx},
        theme::size,
        widgets,
        words::{decimal, tr, tr_args},
    },
    base::MediaId,
    edit::{ClipChange, EditCommand},
    model::{Border, Clip, ClipContent, MAX_READOUT_MS, MAX_STABILIZE_CROP, Project, RollingShutter, Stabilize, StabilizeZoom},
    session::{Command, SteadyNote, SteadyPath, SteadyState},
};
use egui::{CornerRadius, Frame, Label, Margin, RichText, Ui};

/// What the readout begins with when it is set by hand: that of many telephones, in milliseconds.
const USUAL_READOUT_MS: f32 = 20.0;

/// Whether a clip's picture can be steadied: it moves, and comes from a file.
pub fn can(project: &Project, clip: &Clip) -> bool {
    let video = project.media_of(&clip.content).and_then(|m| m.info.video.as_ref());
    video.is_some_and(|v| !v.still)
}

fn media_of(clip: &Clip) -> Option<MediaId> {
    match clip.content {
        ClipContent::Media { media, .. } => Some(media),
        _ => None,
    }
}

/// Settings as they are, or as they would begin.
fn of(clip: &Clip) -> Stabilize {
    clip.stabilize.as_deref().copied().unwrap_or(Stabilize { on: false, ..Stabilize::default() })
}

fn changed(scope: &Scope<'_>, change: impl Fn(&mut Stabilize)) -> Option<EditCommand> {
    scope.each(|c| {
        let mut s = of(c);
        change(&mut s);
        ClipChange::Stabilize(Some(Box::new(s)))
    })
}

pub fn stabilize_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let any_on = scope.clips.iter().any(|c| of(c).on);
    let (mut switched, graph) = (None, cx.shared.camera_path);
    let open = {
        let (closed, theme) = (&mut state.closed, cx.theme);
        let out = &mut *cx.out;
        rows::section(ui, theme, closed, "inspector-stabilize", |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let mut on = any_on;
            if widgets::switch(ui, theme, &mut on, &tr("inspector-stabilize-on")).clicked() {
                switched = Some(on);
            }
            ui.add_space(2.0);
            let name = tr("command-camera-path");
            if any_on && widgets::icon_button_sized(ui, theme, icons::PATH, &name, &name, ui.is_enabled(), graph, 20.0, 13.0).clicked() {
                out.push(Action::Run(CommandId::CameraPath));
            }
        })
    };
    if let Some(on) = switched
        && let Some(edit) = changed(scope, |s| s.on = on)
    {
        cx.out.send(Command::Edit(edit));
    }
    if !open || !any_on {
        return;
    }
    analysis_ui(ui, cx, scope);
    settings_ui(ui, state, cx, scope);
}

/// Where the analysis of the clips' media stands, and what the path came to.
fn analysis_ui(ui: &mut Ui, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let mut media: Vec<MediaId> = scope.clips.iter().filter(|c| of(c).on).filter_map(|c| media_of(c)).collect();
    media.sort_unstable();
    media.dedup();
    let states: Vec<(MediaId, SteadyState)> = media.into_iter().map(|id| (id, cx.program.steady_state(id))).collect();
    // the path of the one clip that is looked at is planned for it; those of several as they are shown
    if let Some((clip, (id, state))) = scope.only().zip(states.first()) {
        let wish = Stabilize { border: Border::default(), on: true, ..of(clip) };
        let fresh = matches!(state, SteadyState::Planned(p) if p.wish == wish);
        if matches!(state, SteadyState::Unknown | SteadyState::Planned(_)) && !fresh {
            cx.out.send(Command::PlanSteady { media: *id, wish: Box::new(wish) });
        }
    } else {
        for (id, _) in states.iter().filter(|s| s.1 == SteadyState::Unknown) {
            cx.out.send(Command::PlanSteady { media: *id, wish: Box::default() });
        }
    }
    let missing: Vec<MediaId> = states.iter().filter(|s| matches!(s.1, SteadyState::NotAnalysed(_))).map(|s| s.0).collect();
    let under_way: Vec<f32> = states.iter().filter_map(|s| if let SteadyState::Analysing(f) = s.1 { Some(f) } else { None }).collect();
    if !under_way.is_empty() {
        progress_ui(ui, cx, under_way.iter().sum::<f32>() / under_way.len() as f32);
    } else if !missing.is_empty() {
        let why = states.iter().find_map(|s| if let SteadyState::NotAnalysed(Some(why)) = &s.1 { Some(why.as_str()) } else { None });
        missing_ui(ui, cx, missing, why);
    } else if let ([(_, SteadyState::Planned(path))], Some(_)) = (&states[..], scope.only()) {
        badge_ui(ui, cx, path);
    }
}

fn card(ui: &mut Ui, cx: &Cx<'_>, content: impl FnOnce(&mut Ui)) {
    let frame =
        Frame::new().fill(cx.theme.surface(2)).corner_radius(CornerRadius::same(size::RADIUS)).inner_margin(Margin::symmetric(8, 6));
    ui.add_space(2.0);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 4.0;
        content(ui);
    });
    ui.add_space(2.0);
}

fn progress_ui(ui: &mut Ui, cx: &Cx<'_>, fraction: f32) {
    let percent = decimal(f64::from(fraction) * 100.0, 0);
    let text = tr_args("inspector-stabilize-analysing", &[("percent", percent.into())]);
    card(ui, cx, |ui| {
        ui.label(RichText::new(&text).size(size::SMALL).color(cx.theme.text()));
        widgets::progress_bar(ui, cx.theme, fraction, ui.available_width(), cx.theme.accent(), &text);
    });
}

fn missing_ui(ui: &mut Ui, cx: &mut Cx<'_>, media: Vec<MediaId>, why: Option<&str>) {
    let mut asked = false;
    card(ui, cx, |ui| {
        if let Some(why) = why {
            let text = format!("{}  {why}", icons::WARNING);
            ui.add(Label::new(RichText::new(text).size(size::SMALL).color(cx.theme.warning())).wrap());
        } else {
            rows::note(ui, cx.theme, &tr("inspector-stabilize-missing"));
        }
        asked = widgets::primary_button(ui, cx.theme, &tr("inspector-stabilize-analyse"), ui.is_enabled()).clicked();
    });
    if asked {
        cx.out.send(Command::AnalyseMotion(media));
    }
}

/// What stays of the picture, how much steadier it is, and what keeps it from being more so.
fn badge_ui(ui: &mut Ui, cx: &Cx<'_>, path: &SteadyPath) {
    let facts = [
        ("inspector-stabilize-kept", "inspector-stabilize-kept.tip", format!("{} %", decimal(f64::from(path.kept) * 100.0, 0))),
        ("inspector-stabilize-jitter", "inspector-stabilize-jitter.tip", {
            // what is planned has none to speak of, but nobody would believe a zero
            let px = |v: f32| if v < 0.05 { format!("< {}", decimal(0.05, 2)) } else { decimal(f64::from(v), if v < 1.0 { 2 } else { 1 }) };
            format!("{} → {} px", px(path.jitter_px.0), px(path.jitter_px.1))
        }),
    ];
    card(ui, cx, |ui| {
        for (key, tip, text) in facts {
            let label = tr(key);
            let response = ui
                .horizontal(|ui| {
                    ui.label(RichText::new(&label).size(size::SMALL).color(cx.theme.secondary()));
                    ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                        ui.label(fonts::tabular(ui.ctx(), &text, &fonts::semibold(size::SMALL), cx.theme.text()));
                    });
                })
                .response;
            response.on_hover_text(tr(tip));
        }
        for note in &path.notes {
            let (icon, color) = match note {
                SteadyNote::AlreadySteady | SteadyNote::Shots(_) => (icons::INFO, cx.theme.secondary()),
                _ => (icons::WARNING, cx.theme.warning()),
            };
            let text = format!("{icon}  {}", note.text());
            ui.add(Label::new(RichText::new(text).size(size::SMALL).color(color)).wrap());
        }
    });
}

fn settings_ui(ui: &mut Ui, state: &mut InspectorState, cx: &mut Cx<'_>, scope: &Scope<'_>) {
    let usual = Stabilize::default();
    let percent = |v: f32| f64::from(v) * 100.0;
    let mut edit = None;
    let label = tr("inspector-stabilize-smoothness");
    let row = Number::new(&label, Unit::Percent, 0.0..=100.0, percent(usual.smoothness)).slider(0.0..=100.0);
    let tripod = scope.same(|c| of(c).tripod) == Some(true);
    ui.add_enabled_ui(ui.is_enabled() && !tripod, |ui| {
        if let Some(shown) = scope.shown(0, |c| percent(of(c).smoothness))
            && let Some(change) = rows::number(ui, cx.theme, &row, shown)
        {
            edit = changed(scope, |s| s.smoothness = (change.of(percent(s.smoothness)).clamp(0.0, 100.0) / 100.0) as f32);
        }
    });
    let label = tr("inspector-stabilize-crop");
    let most = percent(MAX_STABILIZE_CROP);
    let row = Number::new(&label, Unit::Percent, 0.0..=most, percent(usual.max_crop)).slider(0.0..=most);
    if let Some(shown) = scope.shown(0, |c| percent(of(c).max_crop))
        && let Some(change) = rows::number(ui, cx.theme, &row, shown)
    {
        edit = changed(scope, |s| s.max_crop = (change.of(percent(s.max_crop)) / 100.0).clamp(0.0, f64::from(MAX_STABILIZE_CROP)) as f32);
    }
    let zooms = [
        (StabilizeZoom::Static, tr("inspector-stabilize-zoom-static")),
        (StabilizeZoom::Dynamic, tr("inspector-stabilize-zoom-dynamic")),
        (StabilizeZoom::None, tr("inspector-stabilize-zoom-none")),
    ];
    let zoom = scope.same(|c| of(c).zoom);
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-stabilize-zoom"), zoom, &zooms) {
        edit = changed(scope, |s| s.zoom = v);
    }
    if zoom == Some(StabilizeZoom::None) {
        let borders = [
            (Border::Crop, tr("inspector-stabilize-border-crop")),
            (Border::Mirror, tr("inspector-stabilize-border-mirror")),
            (Border::Fill, tr("inspector-stabilize-border-fill")),
        ];
        if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-stabilize-border"), scope.same(|c| of(c).border), &borders) {
            edit = changed(scope, |s| s.border = v);
        }
    }
    if let Some(on) = rows::toggle(ui, cx.theme, &tr("inspector-stabilize-tripod"), scope.same(|c| of(c).tripod)) {
        edit = changed(scope, |s| s.tripod = on);
    }
    if let Some(on) = rows::toggle(ui, cx.theme, &tr("inspector-stabilize-horizon"), scope.same(|c| of(c).horizon_lock)) {
        edit = changed(scope, |s| s.horizon_lock = on);
    }
    edit = rolling_ui(ui, cx, scope).or(edit);
    if let Some(edit) = edit {
        state.change(ui, cx, edit);
    }
}

/// How a rolling shutter is told in a list.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Auto,
    Off,
    ByHand,
}

fn way(s: RollingShutter) -> Way {
    match s {
        RollingShutter::Auto => Way::Auto,
        RollingShutter::Off => Way::Off,
        RollingShutter::Ms(_) => Way::ByHand,
    }
}

fn rolling_ui(ui: &mut Ui, cx: &Cx<'_>, scope: &Scope<'_>) -> Option<EditCommand> {
    let ways = [
        (Way::Auto, tr("inspector-stabilize-rolling-auto")),
        (Way::ByHand, tr("inspector-stabilize-rolling-ms")),
        (Way::Off, tr("inspector-stabilize-rolling-off")),
    ];
    let now = scope.same(|c| way(of(c).rolling_shutter));
    let mut edit = None;
    if let Some(v) = rows::choice(ui, cx.theme, &tr("inspector-stabilize-rolling"), now, &ways) {
        edit = changed(scope, |s| {
            s.rolling_shutter = match v {
                Way::Auto => RollingShutter::Auto,
                Way::Off => RollingShutter::Off,
                Way::ByHand => RollingShutter::Ms(USUAL_READOUT_MS),
            };
        });
    }
    if now == Some(Way::ByHand) {
        let ms = |c: &Clip| if let RollingShutter::Ms(ms) = of(c).rolling_shutter { f64::from(ms) } else { 0.0 };
        let most = f64::from(MAX_READOUT_MS);
        let label = tr("inspector-stabilize-readout");
        let row = Number::new(&label, Unit::Ms, -most..=most, f64::from(USUAL_READOUT_MS)).places(1).speed(0.1).slider(-40.0..=40.0);
        if let Some(shown) = scope.shown(1, ms)
            && let Some(change) = rows::number(ui, cx.theme, &row, shown)
        {
            edit = changed(scope, |s| {
                if let RollingShutter::Ms(now) = s.rolling_shutter {
                    s.rolling_shutter = RollingShutter::Ms(change.of(f64::from(now)).clamp(-most, most) as f32);
                }
            });
        }
    }
    edit
}
