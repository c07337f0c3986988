//! Editing commands on the selection: the clipboard, moves, gaps, groups, nesting, speed, freeze frames.

use crate::{
    support::{chord, key},
    tools::{Window, at, click, clip, holding, of, span, window, x},
};
use egui::{Event, Key, Modifiers, OutputCommand, vec2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::{commands::CommandId, program::ProgramView},
    base::{ClipId, MediaId, TrackId},
    model::{Project, Speed},
};

fn select(h: &mut Window, label: &str) {
    h.get_by_label_contains(label).click();
    h.run_steps(2);
}

/// Run a command as its menu does.
fn run(h: &mut Window, id: CommandId) {
    let ctx = h.ctx.clone();
    let world = h.state_mut();
    let shell = world.shell.as_mut().expect("a pass has run");
    shell.run(&ctx, &mut world.program, id);
    h.run_steps(2);
}

fn copied(h: &mut Window) -> String {
    h.event(Event::Copy);
    h.step();
    let text = h.output().platform_output.commands.iter().find_map(|c| match c {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    text.expect("something was copied")
}

fn clips_of(h: &Window, track: u64) -> Vec<(i64, i64)> {
    let s = &h.state().program.project().sequence;
    s.track(TrackId(track)).expect("it is there").clips.iter().map(|c| (c.start, c.end())).collect()
}

fn selected(h: &Window) -> Vec<u64> {
    h.state().shell().shared().selection.clips.iter().map(|c| c.0).collect()
}

#[test]
fn copied_clips_are_text_and_come_back_where_the_playhead_is() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    let text = copied(&mut h);
    assert!(text.contains("montage_clips") && text.contains("drone_cliff.mp4"), "{text}");
    h.state_mut().program.playhead = 1800;
    h.event(Event::Paste(text));
    h.run_steps(3);
    assert_eq!(clips_of(&h, 2).last(), Some(&(1800, 1962)));
    assert_eq!(clips_of(&h, 3).last(), Some(&(1800, 1962)), "its sound too");
    let made = selected(&h);
    let link = |id: u64| h.state().program.clip(id).link;
    assert!(made.len() == 2 && link(made[0]).is_some() && link(made[0]) == link(made[1]));
    assert_ne!(link(made[0]), link(13), "linked with each other only");
}

#[test]
fn pasting_between_moves_what_is_later() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    let text = copied(&mut h);
    h.state_mut().program.playhead = 236;
    holding(&mut h, Modifiers::SHIFT, |h| {
        h.event(Event::Paste(text));
        h.run_steps(3);
    });
    assert_eq!(span(&h, 11), (236 + 162, 424 + 162));
    assert_eq!(clips_of(&h, 2)[1], (236, 398));
}

#[test]
fn a_cut_goes_to_the_clipboard_and_leaves_a_gap() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    h.event(Event::Cut);
    h.run_steps(2);
    assert_eq!(clips_of(&h, 2).len(), 6);
    assert_eq!(h.state().program.undo_label(), Some("Delete clips"));
}

#[test]
fn clips_find_their_media_in_another_project_or_bring_them_along() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    let text = copied(&mut h);
    // the same file under another id
    let mut there = Project::new("there", montage_ai::model::Sequence::new(1920, 1080, montage_ai::base::FrameRate::NTSC_30));
    let media = h.state().program.project().media[&MediaId(103)].clone();
    there.media.insert(MediaId(900), media);
    let mut known = of(there.clone());
    known.event(Event::Paste(text.clone()));
    known.run_steps(3);
    let all = |h: &Window| h.state().program.project().sequence.tracks.iter().flat_map(|t| t.clips.clone()).collect::<Vec<_>>();
    assert!(all(&known).len() == 2 && all(&known).iter().all(|c| c.media() == Some(MediaId(900))));
    there.media.clear();
    let mut empty = of(there);
    empty.event(Event::Paste(text));
    empty.run_steps(3);
    assert_eq!(empty.state().program.project().media.len(), 1);
    assert_eq!(all(&empty).len(), 2);
}

#[test]
fn garbage_on_the_clipboard_is_named_and_changes_nothing() {
    let hostile = [
        String::new(),
        "hello 👋 مرحبا\n".into(),
        "(montage_clips: [".into(),
        "(montage_clips: [], frame_rate: \"30\")".into(),
        format!("(montage_clips: {}", "[".repeat(100_000)),
    ];
    for text in hostile {
        let mut h = window();
        h.event(Event::Paste(text.clone()));
        h.run_steps(3);
        assert!(h.state().program.edits().is_empty(), "{text:.40}");
        h.get_by_label_contains("clipboard holds no clips");
    }
}

#[test]
fn duplicate_nudge_and_moves_between_tracks() {
    let mut h = window();
    select(&mut h, "b-roll: nets, V2");
    chord(&mut h, Modifiers::ALT, Key::D);
    assert_eq!(clips_of(&h, 4).last(), Some(&(1136, 1322)));
    for (modifiers, k, by) in [(Modifiers::ALT, Key::ArrowRight, 1), (Modifiers::ALT | Modifiers::SHIFT, Key::ArrowLeft, -5)] {
        let before = clips_of(&h, 4).last().map(|c| c.0).unwrap_or_default();
        chord(&mut h, modifiers, k);
        assert_eq!(clips_of(&h, 4).last().map(|c| c.0), Some(before + by));
    }
    run(&mut h, CommandId::ClipUp);
    assert_eq!(clips_of(&h, 4).len(), 4, "there is no track above");
    run(&mut h, CommandId::ClipDown);
    assert_eq!(clips_of(&h, 4).len(), 3);
    assert!(clips_of(&h, 2).contains(&(1132, 1318)));
}

#[test]
fn a_clicked_gap_is_closed_with_delete() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    key(&mut h, Key::Delete);
    let y = clip(&h, "market_walk.mp4, V1").center().y;
    let pos = at(&h, 760, y);
    click(&mut h, pos);
    let gap = h.state().shell().shared().selection.gap.expect("the gap is selected");
    assert_eq!((gap.from, gap.to), (686, 848));
    key(&mut h, Key::Delete);
    assert_eq!(span(&h, 14).0, 686);
    assert_eq!(span(&h, 34).0, 686, "sound stays in sync");
}

#[test]
fn all_gaps_close_and_ranges_are_lifted_or_extracted() {
    let mut h = window();
    h.state_mut().program.playhead = 236;
    key(&mut h, Key::I);
    h.state_mut().program.playhead = 423;
    key(&mut h, Key::O);
    run(&mut h, CommandId::Lift);
    assert_eq!(clips_of(&h, 2).len(), 6);
    assert_eq!(span(&h, 12).0, 424);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    run(&mut h, CommandId::Extract);
    assert_eq!(span(&h, 12).0, 236);
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    select(&mut h, "old_town_02.mp4, V1");
    key(&mut h, Key::Delete);
    select(&mut h, "market_walk.mp4, V1");
    run(&mut h, CommandId::CloseGaps);
    assert_eq!((span(&h, 12).0, span(&h, 32).0), (236, 236));
}

#[test]
fn grouped_clips_are_selected_together_until_they_are_ungrouped() {
    let mut h = window();
    select(&mut h, "b-roll: gulls, V2");
    holding(&mut h, Modifiers::SHIFT, |h| {
        let pos = clip(h, "b-roll: nets, V2").center() + vec2(0.0, 8.0);
        click(h, pos);
    });
    assert_eq!(selected(&h), [51, 52]);
    chord(&mut h, Modifiers::COMMAND, Key::G);
    chord(&mut h, Modifiers::COMMAND | Modifiers::SHIFT, Key::A);
    select(&mut h, "b-roll: gulls, V2");
    let pos = clip(&h, "b-roll: gulls, V2").center() + vec2(0.0, 8.0);
    click(&mut h, pos);
    assert_eq!(selected(&h), [51, 52]);
    run(&mut h, CommandId::UngroupClips);
    click(&mut h, pos);
    assert_eq!(selected(&h), [51]);
}

#[test]
fn a_nest_opens_and_the_way_leads_back() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    run(&mut h, CommandId::Nest);
    let project = h.state().program.project().clone();
    let outer = project.sequence.id;
    assert_eq!(project.others.len(), 1);
    let nested = project.sequence.tracks.iter().flat_map(|t| &t.clips).find(|c| c.nested().is_some()).expect("a clip shows it").clone();
    assert_eq!((nested.start, nested.duration), (686, 162));
    let pos = at(&h, 760, clip(&h, "market_walk.mp4, V1").center().y + 8.0);
    click(&mut h, pos);
    run(&mut h, CommandId::OpenNested);
    assert_eq!(Some(h.state().program.project().sequence.id), nested.nested());
    assert_eq!(h.state().program.project().sequence.duration(), 162);
    let view = h.state().shell().timeline().view;
    assert!(view.x(162.0) > 300.0, "the view fits the inner film: {view:?}");
    h.get_by_label("Back to outer sequence").click();
    h.run_steps(3);
    assert_eq!(h.state().program.project().sequence.id, outer);
    assert!(x(&h, 1684) < 1500.0, "and the outer view is back");
}

/// Types a duration into the speed dialog and applies it.
fn type_duration(h: &mut Window, text: &str) {
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, "Duration").click();
    h.run_steps(2);
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.run_steps(2);
    h.get_by_role_and_label(egui::accesskit::Role::TextInput, "Duration").type_text(text);
    h.run_steps(2);
    h.get_by_label("Apply").click();
    h.run_steps(3);
}

#[test]
fn the_speed_dialog_sets_speed_or_duration_and_moves_what_follows() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    chord(&mut h, Modifiers::COMMAND, Key::R);
    h.get_by_label("Play backwards").click();
    h.get_by_label("Move later clips").click();
    h.run_steps(2);
    type_duration(&mut h, "00:00:02:21");
    assert_eq!(h.state().program.clip(13).speed(), Speed(-2, 1));
    assert_eq!(span(&h, 13), (686, 767));
    assert_eq!((span(&h, 14).0, span(&h, 34).0), (767, 767), "what is later closes up, in sync");
    assert!(h.state().program.refused.is_empty(), "{:?}", h.state().program.refused);
}

#[test]
fn slower_clips_push_what_follows() {
    let mut h = window();
    select(&mut h, "drone_cliff.mp4, V1");
    chord(&mut h, Modifiers::COMMAND, Key::R);
    h.get_by_label("Move later clips").click();
    h.run_steps(2);
    type_duration(&mut h, "00:00:10:24");
    assert_eq!(span(&h, 13), (686, 1010));
    assert_eq!((span(&h, 33), span(&h, 14).0, span(&h, 34).0), ((686, 1010), 1010, 1010));
}

#[test]
fn a_freeze_frame_is_put_in_at_the_playhead() {
    let mut h = window();
    h.state_mut().program.playhead = 760;
    run(&mut h, CommandId::FreezeFrame);
    let track = h.state().program.project().sequence.track(TrackId(2)).cloned().expect("it is there");
    let held = track.clips.iter().find(|c| c.speed().is_freeze()).expect("a held frame");
    assert_eq!((held.start, held.duration), (760, 60));
    assert_eq!(span(&h, 14).0, 848 + 60);
}

#[test]
fn ripple_trims_to_the_playhead_with_q_and_w() {
    let mut h = window();
    h.state_mut().program.playhead = 740;
    key(&mut h, Key::Q);
    assert_eq!((span(&h, 13), span(&h, 33)), ((686, 794), (686, 794)));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    key(&mut h, Key::W);
    assert_eq!((span(&h, 13), span(&h, 14).0), ((686, 740), 740));
}

#[test]
fn selecting_from_the_playhead_on_and_up_to_it() {
    let mut h = window();
    h.state_mut().program.playhead = 900;
    run(&mut h, CommandId::SelectForward);
    assert!(selected(&h).contains(&14) && !selected(&h).contains(&13) && selected(&h).contains(&53));
    run(&mut h, CommandId::SelectBackward);
    assert!(selected(&h).contains(&13) && !selected(&h).contains(&15));
}

#[test]
fn dissolves_go_on_all_selected_cuts_and_sound_cross_fades_on_its_own() {
    let mut h = window();
    chord(&mut h, Modifiers::COMMAND, Key::A);
    chord(&mut h, Modifiers::COMMAND, Key::D);
    let transitions = |h: &Window, id| h.state().program.project().sequence.track(TrackId(id)).map_or(0, |t| t.transitions.len());
    assert!(transitions(&h, 2) >= 5, "{}", transitions(&h, 2));
    chord(&mut h, Modifiers::COMMAND, Key::Z);
    chord(&mut h, Modifiers::COMMAND | Modifiers::SHIFT, Key::A);
    h.state_mut().program.playhead = 690;
    chord(&mut h, Modifiers::COMMAND | Modifiers::SHIFT, Key::D);
    assert_eq!((transitions(&h, 2), transitions(&h, 3)), (2, 1));
    assert!(h.state().program.project().sequence.track(TrackId(3)).is_some_and(|t| t.transitions[0].left == ClipId(32)));
}
