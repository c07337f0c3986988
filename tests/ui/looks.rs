//! Every state of the window renders, in both themes and at two sizes.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, open, picture},
};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::theme::ThemeChoice,
    base::{FrameRate, MediaId, Severity},
    model::{Project, Sequence},
    session::{JobState, JobStatus, MediaState, Notice, ViewState},
};

fn busy() -> Fake {
    let mut f = Fake::new(day_at_sea()).with_picture();
    f.playhead = 924;
    f.path = Some("/films/sea/day.montage".into());
    f.states.insert(MediaId(105), MediaState::Offline("the file is not there any more".into()));
    f.jobs.push(JobStatus {
        id: 1,
        title: "Exporting A day at sea.mp4".into(),
        state: JobState::Running,
        progress: 0.62,
        rate: 14.2,
        time_left: Some(41.0),
        output: "/films/sea/out.mp4".into(),
        ..JobStatus::default()
    });
    f
}

#[test]
fn a_film_in_both_themes_and_sizes() {
    for (theme, name) in [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")] {
        for size in [[1280.0, 800.0], [1600.0, 1000.0]] {
            let mut world = World::new(busy());
            world.theme = theme;
            let mut h = open(world, size);
            h.get_by_label_contains("harbour_dawn.mp4, V1, starts at 00:00:28").click();
            h.run_steps(3);
            h.check_accessibility();
            picture(&mut h, &format!("film-{name}-{}", size[0]));
        }
    }
}

#[test]
fn an_empty_project_says_where_to_begin() {
    let program = Fake::new(Project::new("", Sequence::new(1920, 1080, FrameRate::FPS_25)));
    let mut h = open(World::new(program), [1280.0, 800.0]);
    picture(&mut h, "empty");
}

#[test]
fn every_state_of_the_window_is_drawn_and_named() {
    type Act = fn(&mut Harness<'static, World>);
    let states: [(&str, Act); 7] = [
        ("export", |h| h.get_by_label("Export").click()),
        ("title", |h| h.get_by_label_contains("A day at sea, V2").click()),
        ("media", |h| h.get_by_label_contains("market_walk.mp4, 1080p").click()),
        ("menu", |h| h.get_by_role_and_label(egui::accesskit::Role::Button, "Timeline").click()),
        ("shortcuts", |h| h.key_press(egui::Key::F1)),
        ("toasts", |h| {
            let notice =
                |severity, good, text: &str, hint: Option<&str>| Notice { severity, good, text: text.into(), hint: hint.map(Into::into) };
            h.state_mut().program.notices = vec![
                notice(Severity::Warning, true, "saved /films/sea/day.montage", None),
                notice(Severity::Warning, false, "drone_cliff.mp4 ends early, at 0:51", Some("its last picture is held from there on")),
                notice(Severity::Failure, false, "the disk is full: /films/sea/out.mp4", Some("free some space and export again")),
            ];
        }),
        ("loading", |h| {
            let p = &mut h.state_mut().program;
            p.viewer.state = ViewState::Error("old_town_02.mp4 cannot be decoded".into());
            for id in 100..106 {
                p.states.insert(MediaId(id), MediaState::Loading);
            }
        }),
    ];
    for (name, act) in states {
        let mut h = open(World::new(busy()), [1280.0, 800.0]);
        act(&mut h);
        h.run_steps(6);
        h.check_accessibility();
        picture(&mut h, name);
    }
}

#[test]
fn a_small_window_keeps_viewer_and_timeline() {
    for size in [[900.0, 600.0], [640.0, 420.0]] {
        let mut h = open(World::new(busy()), size);
        h.check_accessibility();
        h.get_by_label("Program viewer");
        h.get_by_label("Timeline lanes");
        picture(&mut h, &format!("small-{}", size[0]));
    }
}
