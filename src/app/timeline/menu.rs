//! Context menus of the lanes.

use super::{clips, hit::Hit};
use crate::{
    app::{
        commands::CommandId as C,
        edits::{Desk, transitions},
        icons,
        state::Cx,
        theme::size,
        widgets,
        words::{tr, tr_args},
    },
    base::Severity,
    edit::EditCommand,
    session::{Command, Notice},
};
use egui::{RichText, Ui};

/// The menu for what was under the pointer; `hit` comes with the frame.
pub fn lanes(ui: &mut Ui, cx: &mut Cx<'_>, hit: Option<&(Hit, i64)>) {
    match hit {
        Some((Hit::Transition { id, .. }, _)) => transition(ui, cx, *id),
        Some((Hit::Gap { .. }, _)) => commands(ui, cx, &[&[C::RippleDelete], &[C::CloseGaps, C::Paste]]),
        Some((Hit::Clip { .. }, _)) => clip(ui, cx, hit),
        _ => commands(ui, cx, &[&[C::Paste, C::PasteInsert], &[C::AddMarker, C::CloseGaps], &[C::AddVideoTrack, C::AddAudioTrack]]),
    }
}

fn commands(ui: &mut Ui, cx: &mut Cx<'_>, groups: &[&[C]]) {
    let facts = cx.facts;
    for (i, group) in groups.iter().enumerate() {
        if i > 0 {
            ui.separator();
        }
        for id in *group {
            widgets::command_item(ui, cx.theme, &facts, cx.out, *id, false);
        }
    }
}

fn heading(ui: &mut Ui, cx: &Cx<'_>, text: String) {
    let galley = widgets::elided(ui, &text, crate::app::fonts::regular(size::SMALL), cx.theme.secondary(), 220.0);
    ui.label(galley);
}

fn clip(ui: &mut Ui, cx: &mut Cx<'_>, hit: Option<&(Hit, i64)>) {
    let selected = cx.selected_clips();
    let title = match selected[..] {
        [clip] => clips::clip_name(&cx.project, clip),
        _ => tr_args("timeline-clips", &[("n", selected.len().into())]),
    };
    heading(ui, cx, title);
    let nested = selected.iter().any(|c| c.nested().is_some());
    commands(ui, cx, &[&[C::Cut, C::Copy, C::Duplicate], &[C::Split, C::RippleTrimStart, C::RippleTrimEnd]]);
    ui.separator();
    if let Some((track, left)) = near_cut(cx, hit) {
        ui.menu_button(tr("timeline-add-transition"), |ui| {
            for (kind, key) in transitions::KINDS {
                if item(ui, cx, icons::DISSOLVE, &tr(key)) {
                    send(cx, |desk| match desk.project.sequence.tracks.get(track) {
                        Some(track) => transitions::at_cut(desk, track, left, kind).map(Some),
                        None => Ok(None),
                    });
                }
            }
        });
    }
    commands(ui, cx, &[&[C::ClipSpeed, C::FreezeFrame], &[C::ToggleEnabled, C::Link, C::GroupClips, C::UngroupClips]]);
    if cx.facts.selected_chosen {
        ui.separator();
        commands(ui, cx, &[&[C::RerollShot, C::LockShot]]);
    }
    ui.separator();
    let (facts, on) = (cx.facts, cx.shows_upscaled());
    widgets::command_item(ui, cx.theme, &facts, cx.out, C::LiveUpscaleClips, on);
    let nesting: &[C] = if nested { &[C::OpenNested, C::Nest] } else { &[C::Nest] };
    ui.separator();
    commands(ui, cx, &[nesting, &[C::Delete, C::RippleDelete]]);
}

/// The cut nearest to the pointer at either end of the clip: places of its track and of the clip before it.
fn near_cut(cx: &Cx<'_>, hit: Option<&(Hit, i64)>) -> Option<(usize, usize)> {
    let (Hit::Clip { clip, locked: false, .. }, frame) = hit? else { return None };
    let (t, i) = cx.index.place(clip.id)?;
    let clips = &cx.project.sequence.tracks.get(t)?.clips;
    let is_cut = |l: &usize| clips.get(l + 1).is_some_and(|r| clips[*l].end() == r.start);
    let sides = [i.checked_sub(1), Some(i)].into_iter().flatten().filter(is_cut);
    sides.min_by_key(|l| (clips[*l].end() - frame).abs()).map(|left| (t, left))
}

fn transition(ui: &mut Ui, cx: &mut Cx<'_>, id: crate::base::TransitionId) {
    let Some(x) = transitions::find(&cx.project, id).map(|(_, x)| *x) else { return };
    heading(ui, cx, transitions::describe(&x));
    for (kind, key) in transitions::KINDS {
        let icon = if kind == x.kind { icons::CHECK } else { ' ' };
        if item(ui, cx, icon, &tr(key)) {
            send(cx, |desk| transitions::set_kind(desk, id, kind));
        }
    }
    ui.separator();
    ui.menu_button(tr("timeline-default-length"), |ui| {
        for tenths in [2, 5, 10, 20, 30] {
            let icon = if cx.shared.transition_tenths == tenths { icons::CHECK } else { ' ' };
            let text = tr_args("timeline-seconds", &[("s", (tenths as f64 / 10.0).into())]);
            if item(ui, cx, icon, &text) {
                cx.out.push(crate::app::state::Action::TransitionLength(tenths));
            }
        }
    });
    ui.separator();
    if item(ui, cx, icons::TRASH, &tr("timeline-remove-transition")) {
        cx.out.send(Command::Edit(EditCommand::RemoveTransition { id }));
    }
}

/// An entry that is no command of the table.
pub fn item(ui: &mut Ui, cx: &Cx<'_>, icon: char, text: &str) -> bool {
    let icon = RichText::new(icon.to_string()).color(cx.theme.secondary()).font(crate::app::fonts::icon(size::ICON));
    let button = egui::Button::new((icon, text)).min_size(egui::vec2(200.0, 24.0));
    let clicked = ui.add(button).clicked();
    if clicked {
        ui.close();
    }
    clicked
}

/// Send an edit, or say why there is none.
fn send(cx: &mut Cx<'_>, make: impl FnOnce(&Desk<'_>) -> Result<Option<EditCommand>, String>) {
    let made = make(&cx.desk());
    match made {
        Ok(Some(edit)) => cx.out.send(Command::Edit(edit)),
        Ok(None) => {}
        Err(text) => {
            let notice = Notice { severity: Severity::Warning, good: false, text, hint: None };
            cx.out.push(crate::app::state::Action::Tell(notice));
        }
    }
}
