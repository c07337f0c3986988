//! Every face of the inspector, drawn in both themes.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, open, picture_of},
};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::{state::Selection, theme::ThemeChoice},
    base::{ClipId, MarkerId, SequenceId, Time, TrackId},
    edit::{ClipChange, EditCommand},
    model::{Animated, Clip, ClipContent, Curve, Ease, Effect, EffectKind, Key, Project, Side, Speed, TransitionKind},
};

type Act = fn(&mut Harness<'static, World>);

/// A film in which everything that the inspector shows has been used.
pub fn rich() -> Project {
    let mut p = day_at_sea();
    let scale = Curve::new([
        Key { frame: 0, value: 1.0, ease: Ease::InOut },
        Key { frame: 60, value: 1.4, ease: Ease::Hold },
        Key { frame: 120, value: 1.1, ease: Ease::Linear },
        Key { frame: 185, value: 1.0, ease: Ease::Linear },
    ]);
    let place =
        Curve::new([Key { frame: 0, value: (0.0, 0.0), ease: Ease::InOut }, Key { frame: 90, value: (240.0, -80.0), ease: Ease::Linear }]);
    let wheels = EffectKind::Wheels { lift: [0.03, -0.01, -0.02], gamma: [1.05, 1.0, 0.92], gain: [1.1, 1.0, 0.9] };
    let effects = vec![
        Effect::new(EffectKind::Exposure { stops: 0.35 }),
        Effect { kind: EffectKind::Contrast { amount: 1.2, pivot: 0.5 }, enabled: false },
        Effect::new(wheels),
    ];
    let set = |clip, change| EditCommand::SetClip { clip: ClipId(clip), change };
    let nested = ClipContent::Sequence { sequence: SequenceId(900), source_in: Time::ZERO, speed: Speed::NORMAL };
    let edits = [
        set(52, ClipChange::Animate(Animated::Scale(scale))),
        set(52, ClipChange::Animate(Animated::Position(place))),
        set(51, ClipChange::Effects(effects.clone())),
        EditCommand::AddSequence { id: SequenceId(900), name: "Opening".into() },
        EditCommand::AddTrack { id: TrackId(990), kind: montage_ai::model::TrackKind::Video, index: 4 },
        EditCommand::OpenSequence { id: SequenceId(900) },
        EditCommand::Insert {
            track: p_track(),
            clip: Clip::new(ClipId(991), 0, 120, ClipContent::Solid { color: [0.2, 0.4, 0.6, 1.0] }),
            mode: Default::default(),
        },
        EditCommand::OpenSequence { id: p.sequence.id },
        EditCommand::Insert { track: TrackId(990), clip: Clip::new(ClipId(992), 300, 100, nested), mode: Default::default() },
        EditCommand::Insert {
            track: TrackId(990),
            clip: Clip { effects, ..Clip::new(ClipId(993), 500, 200, ClipContent::Adjustment) },
            mode: Default::default(),
        },
    ];
    for edit in edits {
        let edit = match edit {
            EditCommand::Insert { clip, mode, track } if track == p_track() => {
                let first = p.sequence.video_tracks().next().expect("an empty sequence has a video track").id;
                EditCommand::Insert { track: first, clip, mode }
            }
            other => other,
        };
        p = montage_ai::edit::apply(&p, &edit).unwrap_or_else(|e| panic!("{edit:?}: {e}"));
    }
    p
}

/// Stands for the first track of the sequence that is open then.
fn p_track() -> TrackId {
    TrackId(u64::MAX)
}

pub fn fake() -> Fake {
    let mut f = Fake::new(rich()).with_picture();
    f.playhead = 1010;
    f
}

fn click(h: &mut Harness<'static, World>, label: &str) {
    h.get_by_label_contains(label).click();
    h.run_steps(4);
}

fn transition(h: &mut Harness<'static, World>, kind: TransitionKind) {
    let id = montage_ai::base::TransitionId(60);
    h.state_mut().program.history.exec(&EditCommand::SetTransition { id, kind, before: 15, after: 15 }).expect("there is room");
    select(h, Selection { transition: Some(id), ..Selection::default() });
}

pub fn select(h: &mut Harness<'static, World>, selection: Selection) {
    h.state_mut().shell.as_mut().expect("a pass has run").select(selection);
    h.run_steps(4);
}

#[test]
fn every_face_of_the_inspector_is_drawn_and_named() {
    let faces: &[(&str, Act)] = &[
        ("clip", |h| click(h, "harbour_dawn.mp4, V1, starts at 00:00:28")),
        ("keys", |h| {
            click(h, "b-roll: nets, V2");
            h.get_by_label("Scale curve").click();
            h.get_by_label("Position curve").click();
        }),
        ("effects", |h| {
            click(h, "b-roll: gulls, V2");
            h.get_by_label("Transform section").click();
        }),
        ("adjustment", |h| click(h, "Adjustment, V3")),
        ("nested", |h| click(h, "Opening, V3")),
        ("title", |h| click(h, "A day at sea, V2")),
        ("wipe", |h| transition(h, TransitionKind::Wipe { angle: 45.0, softness: 0.2 })),
        ("slide", |h| transition(h, TransitionKind::Slide { from: Side::Left, push: true })),
        ("marker", |h| select(h, Selection { marker: Some(MarkerId(71)), ..Selection::default() })),
        ("sequence", |_| {}),
        ("media", |h| click(h, "market_walk.mp4, 1080p")),
        ("add", |h| {
            click(h, "b-roll: gulls, V2");
            h.get_by_label("Transform section").click();
            h.run_steps(3);
            h.get_by_label("Add effect").click();
        }),
        ("family", |h| {
            click(h, "A day at sea, V2");
            h.get_by_label("Family").click();
        }),
        ("locked", |h| {
            let lock = EditCommand::SetTrack { id: TrackId(4), change: montage_ai::edit::TrackChange::Locked(true) };
            h.state_mut().program.history.exec(&lock).expect("a track can be locked");
            select(h, Selection::clips([ClipId(51)]));
        }),
        ("several", |h| {
            h.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::A);
            h.run_steps(3);
        }),
    ];
    for (theme, suffix) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let light = theme == ThemeChoice::Light;
        // the colours of the others are among theirs
        for (name, act) in faces.iter().filter(|f| !light || ["keys", "effects", "title", "sequence"].contains(&f.0)) {
            let mut world = World::new(fake());
            world.theme = theme;
            let mut h = open(world, [990.0, 1100.0]);
            act(&mut h);
            h.run_steps(6);
            h.check_accessibility();
            let panel = egui::Rect::from_min_max(egui::pos2(704.0, 36.0), egui::pos2(990.0, 660.0));
            picture_of(&mut h, &format!("inspector-{name}-{suffix}"), panel);
        }
    }
}

#[test]
fn german_words_fit_into_the_narrowest_panel() {
    for (name, clip) in [("keys", 52), ("effects", 51), ("title", 50), ("sound", 30)] {
        let mut program = fake();
        program.settings.language = Some("de".into());
        let mut h = open(World::new(program), [990.0, 1100.0]);
        crate::support::drag(&mut h, egui::pos2(713.0, 300.0), egui::pos2(800.0, 300.0));
        select(&mut h, Selection::clips([ClipId(clip)]));
        let panel = egui::Rect::from_min_max(egui::pos2(704.0, 36.0), egui::pos2(990.0, 660.0));
        picture_of(&mut h, &format!("inspector-{name}-narrow"), panel);
    }
}
