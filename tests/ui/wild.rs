//! Careless hands: every command in every state, and drags at random with every tool. The document stays sound, and a gesture
//! never asks for what the document refuses.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, open},
    tools::Window,
};
use egui::{Event, Key, Modifiers, Pos2};
use egui_kittest::kittest::Queryable;
use montage_ai::{
    app::{commands::CommandId, program::ProgramView},
    base::FrameRate,
    model::{Project, Sequence},
};

#[test]
fn every_command_is_harmless_in_every_state() {
    let empty = || Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25));
    for (project, playhead) in
        [(empty(), 0), (empty(), 500), (day_at_sea(), 0), (day_at_sea(), 236), (day_at_sea(), 700), (day_at_sea(), 99_999)]
    {
        for all in [false, true] {
            let mut h = open(World::new(Fake::new(project.clone())), [1000.0, 700.0]);
            for id in CommandId::ALL.iter().copied().filter(|id| *id != CommandId::Quit) {
                let ctx = h.ctx.clone();
                let world = h.state_mut();
                world.program.playhead = playhead;
                let shell = world.shell.as_mut().expect("a pass has run");
                shell.run(&ctx, &mut world.program, if all { CommandId::SelectAll } else { CommandId::SelectNone });
                shell.run(&ctx, &mut world.program, id);
                assert_eq!(world.program.project().validate(), [], "after {id:?}");
            }
            h.run_steps(2);
        }
    }
}

/// A plain generator: the same hands in every run.
struct Hands(u64);

impl Hands {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}

fn somewhere(h: &Window, hands: &mut Hands) -> Pos2 {
    let r = h.get_by_label("Timeline lanes").rect().expand2(egui::vec2(10.0, if hands.next(6) == 0 { 20.0 } else { 0.0 }));
    // ends and cuts more often than chance would have it
    let frames = [0, 75, 236, 424, 494, 642, 686, 848, 950, 1174, 1398, 1684, 1734];
    let view = h.state().shell().timeline().view;
    let near = r.left() + 10.0 + view.x(frames[hands.next(13) as usize] as f64) as f32 + hands.next(9) as f32 - 4.0;
    let x = if hands.next(2) == 0 { near } else { r.left() + hands.next(r.width() as u64) as f32 };
    Pos2::new(x.clamp(r.left(), r.right()), r.top() + hands.next(r.height() as u64) as f32)
}

#[test]
fn drags_at_random_leave_the_document_sound_and_are_never_refused() {
    let tools = [Key::V, Key::A, Key::X, Key::R, Key::Y, Key::U, Key::B];
    let held = [Modifiers::NONE, Modifiers::NONE, Modifiers::NONE, Modifiers::COMMAND, Modifiers::ALT, Modifiers::SHIFT];
    let mut edits = 0;
    for seed in 0..3 {
        let mut hands = Hands(seed * 77 + 1);
        let mut h = open(World::new(Fake::new(day_at_sea())), [900.0, 620.0]);
        for turn in 0..40 {
            h.key_press(Key::Backslash);
            h.key_press(tools[hands.next(7) as usize]);
            h.step();
            h.event(Event::ModifiersChanged(held[hands.next(6) as usize]));
            let (from, to) = (somewhere(&h, &mut hands), somewhere(&h, &mut hands));
            h.hover_at(from);
            h.step();
            h.drag_at(from);
            h.step();
            h.hover_at(from + (to - from) * 0.4);
            h.step();
            h.hover_at(to);
            h.step();
            if hands.next(8) == 0 {
                h.key_press(Key::Escape);
                h.step();
            }
            h.drop_at(to);
            h.event(Event::ModifiersChanged(Modifiers::NONE));
            h.step();
            let program = &h.state().program;
            assert_eq!(program.project().validate(), [], "seed {seed}, turn {turn}");
            assert!(program.refused.is_empty(), "seed {seed}, turn {turn}: {:?}", program.refused);
        }
        edits += h.state().program.edits().len();
    }
    assert!(edits > 20, "the hands did something: {edits}");
}
