//! What is drawn depends on the window, not on the length of the film.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, open},
};
use egui::{Key, Modifiers, epaint::Primitive};
use egui_kittest::Harness;
use montage_ai::{
    base::{ClipId, MediaId, Time, TrackId, TransitionId},
    model::{Clip, ClipContent, Project, Speed, Track, TrackKind, Transition, TransitionKind},
};
use std::sync::Arc;

/// Ten tracks of `count` clips each, every tenth cut with a dissolve.
fn long_film(count: u64) -> Project {
    let mut p = day_at_sea();
    let s = Arc::make_mut(&mut p.sequence);
    s.tracks = (0..10)
        .map(|t| {
            let kind = if t < 5 { TrackKind::Video } else { TrackKind::Audio };
            let mut track = Track::new(TrackId(200 + t), kind);
            let id = |i: u64| ClipId(1000 + t * 200_000 + i);
            track.clips = (0..count)
                .map(|i| {
                    let content = ClipContent::Media { media: MediaId(100 + i % 6), source_in: Time::from_secs(5), speed: Speed::NORMAL };
                    Arc::new(Clip::new(id(i), i as i64 * 50, 50, content))
                })
                .collect();
            track.transitions = (0..count.saturating_sub(1))
                .step_by(10)
                .map(|i| Transition {
                    id: TransitionId(5_000_000 + t * 200_000 + i),
                    kind: TransitionKind::CrossDissolve,
                    left: id(i),
                    right: id(i + 1),
                    before: 5,
                    after: 5,
                })
                .collect();
            Arc::new(track)
        })
        .collect();
    s.markers.clear();
    p
}

/// Vertices and meshes of the last pass.
fn drawn(h: &Harness<'static, World>) -> (usize, usize) {
    let shapes = h.output().shapes.clone();
    let primitives = h.ctx.tessellate(shapes, 1.0);
    let vertices = primitives.iter().map(|p| match &p.primitive {
        Primitive::Mesh(m) => m.vertices.len(),
        Primitive::Callback(_) => 0,
    });
    (vertices.sum(), primitives.len())
}

#[test]
fn a_film_of_a_hundred_times_as_many_clips_draws_no_more() {
    let figures = |count: u64| {
        let mut h = open(World::new(Fake::new(long_film(count))), [1920.0, 1080.0]);
        let fit = drawn(&h);
        let mut zoomed = (0, 0);
        // through every zoom down to single frames
        for _ in 0..20 {
            h.key_press_modifiers(Modifiers::COMMAND, Key::Plus);
            h.run_steps(2);
            let now = drawn(&h);
            zoomed = (zoomed.0.max(now.0), zoomed.1.max(now.1));
        }
        [fit, zoomed]
    };
    let [few, many] = [figures(100), figures(10_000)];
    for (few, many) in few.into_iter().zip(many) {
        assert!(many.0 <= 200_000 && many.1 <= 200, "{many:?} vertices and meshes are drawn");
        assert!(many.0 <= few.0 * 3 / 2 + 20_000, "{few:?} for 1,000 clips and {many:?} for 100,000");
    }
}

#[test]
fn ten_thousand_selected_clips_are_no_trouble() {
    let mut h = open(World::new(Fake::new(long_film(1_000))), [1280.0, 800.0]);
    h.key_press_modifiers(Modifiers::COMMAND, Key::A);
    h.run_steps(2);
    assert_eq!(h.state().shell().shared().selection.clips.len(), 10_000);
    assert!(drawn(&h).0 <= 200_000);
}
