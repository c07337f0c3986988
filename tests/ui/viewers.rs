//! The viewers: pictures, handles, guides, comparison, scrub bar, meters, sources, full screen.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, key, open, picture},
};
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::theme::ThemeChoice,
    session::{Level, Levels},
};

type Window = Harness<'static, World>;

fn film() -> World {
    World::new(Fake::new(day_at_sea()).with_picture())
}

fn window(world: World) -> Window {
    open(world, [1600.0, 1000.0])
}

#[test]
fn both_viewers_in_both_themes_are_drawn_and_named() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        let mut world = film();
        world.theme = theme;
        world.program.playhead = 1000;
        let level = |peak_db, hold_db, over| Level { peak_db, hold_db, over };
        world.program.meters = Some(Levels { channels: [level(-9.0, -4.5, false), level(-5.0, -0.3, true)], moving: false });
        let mut h = window(world);
        h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
        h.run_steps(3);
        chord(&mut h, Modifiers::SHIFT, Key::F);
        h.run_steps(3);
        h.state_mut().program.source.as_mut().unwrap().deck.playhead = 300;
        key(&mut h, Key::I);
        h.state_mut().program.source.as_mut().unwrap().deck.playhead = 700;
        key(&mut h, Key::O);
        h.get_by_label_contains("b-roll: nets, V2").click();
        h.run_steps(3);
        h.check_accessibility();
        picture(&mut h, &format!("viewers-{name}"));
    }
}
