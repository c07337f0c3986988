//! Asking for proxies: by command, from the bin, where heavy films come in; and what the settings say of them.

use crate::{
    fake::Fake,
    film::day_at_sea,
    support::{World, chord, key, open, picture},
};
use egui::{Key, Modifiers, accesskit::Role};
use egui_kittest::{Harness, kittest::Queryable};
use montage_ai::{
    app::theme::ThemeChoice,
    base::MediaId,
    session::{Command, ProxyCodec, ProxyOffer, ProxyPolicy, ProxyReason, ProxyState, StorageReport, jobs::Usage},
};

type Window = Harness<'static, World>;

fn window(program: Fake, theme: ThemeChoice) -> Window {
    let mut world = World::new(program);
    world.theme = theme;
    open(world, [1280.0, 800.0])
}

fn film() -> Fake {
    Fake::new(day_at_sea()).with_picture()
}

fn offering(media: &[u64], reasons: &[ProxyReason]) -> Fake {
    let offer = ProxyOffer { media: media.iter().map(|m| MediaId(*m)).collect(), reasons: reasons.iter().copied().collect() };
    let mut program = film();
    program.offer = Some(offer);
    program
}

/// Whose proxies were asked for last.
fn wanted(h: &Window) -> Option<Vec<u64>> {
    h.state().program.sent.iter().rev().find_map(|c| match c {
        Command::MakeProxies(media) => Some(media.iter().map(|m| m.0).collect()),
        _ => None,
    })
}

fn run_from_palette(h: &mut Window, text: &str) {
    chord(h, Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::P);
    h.get_by_label("Search commands").type_text(text);
    h.run_steps(3);
    key(h, Key::Enter);
    h.run_steps(3);
}

#[test]
fn proxies_are_made_of_the_selected_media_or_of_all_films() {
    let mut h = window(film(), ThemeChoice::Dark);
    run_from_palette(&mut h, "make prox");
    let all: Vec<u64> = h.state().program.history.current().media.keys().map(|m| m.0).collect();
    assert_eq!(wanted(&h), Some(all));
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
    h.run_steps(3);
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click_secondary();
    h.run_steps(3);
    h.get_by_label("Make proxies").click();
    h.run_steps(3);
    assert_eq!(wanted(&h), Some(vec![100]));
}

#[test]
fn heavy_films_are_offered_proxies_without_anything_waiting_for_the_answer() {
    for (theme, name) in [(ThemeChoice::Dark, "offer-dark"), (ThemeChoice::Light, "offer-light")] {
        let mut h = window(offering(&[100, 103], &[ProxyReason::Large, ProxyReason::HighBitRate]), theme);
        h.check_accessibility();
        picture(&mut h, name);
        h.get_by_label_contains("2 films are heavy to cut");
        h.get_by_label("4K or more · more than 100 Mbit/s");
        // keys go to the film all the while
        key(&mut h, Key::Space);
        assert!(h.state().program.playing);
        h.get_by_label("Make proxies").click();
        h.run_steps(3);
        assert_eq!(wanted(&h), Some(vec![100, 103]));
        assert!(h.query_by_label("Not now").is_none());
    }
}

#[test]
fn an_offer_that_is_not_wanted_goes_and_leaves_the_messages_where_they_were() {
    let mut program = offering(&[101], &[ProxyReason::Stale]);
    let notice = |text: &str| montage_ai::session::Notice {
        severity: montage_ai::base::Severity::Warning,
        good: true,
        text: text.into(),
        hint: None,
    };
    program.notices = vec![notice("saved /films/sea/day.montage")];
    let mut h = window(program, ThemeChoice::Dark);
    h.get_by_label("A film has changed. Make its proxy anew?");
    let before = h.get_by_label("Saved /films/sea/day.montage").rect();
    assert!(before.bottom() < h.get_by_label("Not now").rect().top(), "messages stand above the offer");
    h.get_by_label("Not now").click();
    h.run_steps(4);
    assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::DeclineProxies)));
    assert!(h.query_by_label("Not now").is_none());
    assert!(h.get_by_label("Saved /films/sea/day.montage").rect().top() > before.top());
    assert_eq!(wanted(&h), None);
}

#[test]
fn the_reason_is_among_the_facts_of_a_media() {
    let mut h = window(film(), ThemeChoice::Dark);
    h.get_by_label_contains("harbour_dawn.mp4, 4K").click();
    h.run_steps(3);
    h.get_by_label("Proxy: worth making: 4K or more");
    for (state, text) in [
        (ProxyState::Making(0.42), "Proxy: being made, 42 %"),
        (ProxyState::Stale, "Proxy: out of date: the film has changed since"),
        (ProxyState::Missing, "Proxy: its file is gone: the original is shown"),
    ] {
        h.state_mut().program.proxies.insert(MediaId(100), state);
        h.run_steps(3);
        h.get_by_label(text);
    }
}

#[test]
fn policy_and_format_are_settings() {
    let mut h = window(film(), ThemeChoice::Dark);
    chord(&mut h, Modifiers::COMMAND, Key::Comma);
    h.run_steps(3);
    h.get_by_role_and_label(Role::Tab, "Proxies and storage").click();
    h.run_steps(3);
    let choose = |h: &mut Window, what: &str, value: &str| {
        h.get_by_role_and_label(Role::ComboBox, what).scroll_to_me();
        h.run_steps(4);
        h.get_by_role_and_label(Role::ComboBox, what).click();
        h.run_steps(3);
        h.get_by_label(value).click();
        h.run_steps(3);
    };
    choose(&mut h, "For heavy films that come in", "Make none");
    choose(&mut h, "Format of new proxies", "H.264 (smallest)");
    let settings = &h.state().program.settings;
    assert_eq!((settings.proxy_policy, settings.proxy_codec), (ProxyPolicy::Never, ProxyCodec::H264));
}

fn stored() -> StorageReport {
    let sort = |name: &str, files, mib: u64| (name.to_owned(), Usage { files, bytes: mib << 20 });
    StorageReport {
        folder: "/home/ada/.cache/montage-ai".into(),
        budget: 20 << 30,
        usage: [
            sort("proxies", 42, 8300),
            sort("peaks", 120, 64),
            sort("thumbnails", 310, 412),
            sort("upscaled", 2, 3100),
            sort("work", 6, 900),
        ]
        .into(),
        free: 212 << 30,
    }
}

#[test]
fn the_storage_page_shows_what_lies_there_clears_it_and_gives_it_room() {
    for (theme, name) in [(ThemeChoice::Dark, "settings-storage-dark"), (ThemeChoice::Light, "settings-storage-light")] {
        let mut h = window(film(), theme);
        chord(&mut h, Modifiers::COMMAND, Key::Comma);
        h.run_steps(3);
        assert!(!h.state().program.sent.iter().any(|c| matches!(c, Command::LookAtStorage)), "the disk is left alone until then");
        h.get_by_role_and_label(Role::Tab, "Proxies and storage").click();
        h.run_steps(3);
        assert_eq!(h.state().program.sent.iter().filter(|c| matches!(c, Command::LookAtStorage)).count(), 1);
        h.get_by_label("Looking at the folder");
        h.state_mut().program.storage = Some(stored());
        h.run_steps(4);
        h.check_accessibility();
        picture(&mut h, name);
        h.get_by_label("12.5 GiB of 20.0 GiB used, 212.0 GiB free on the disk");
        h.get_by_label("42 files");
        h.get_by_label("Clear").scroll_to_me();
        h.run_steps(4);
        h.get_by_label("Clear").click();
        h.run_steps(3);
        assert!(h.state().program.sent.iter().any(|c| matches!(c, Command::ClearStorage)));
        // while that goes on it cannot be asked again
        h.get_by_label("Clear").click();
        h.run_steps(3);
        assert_eq!(h.state().program.sent.iter().filter(|c| matches!(c, Command::ClearStorage)).count(), 1);
    }
}

#[test]
fn the_room_is_typed_and_in_force_when_the_typing_ends() {
    let mut program = film();
    program.storage = Some(stored());
    let mut h = window(program, ThemeChoice::Dark);
    chord(&mut h, Modifiers::COMMAND, Key::Comma);
    h.run_steps(3);
    h.get_by_role_and_label(Role::Tab, "Proxies and storage").click();
    h.run_steps(3);
    let field = "Room for what can be made again";
    h.get_by_role_and_label(Role::SpinButton, field).scroll_to_me();
    h.run_steps(4);
    h.get_by_role_and_label(Role::SpinButton, field).click();
    h.run_steps(3);
    chord(&mut h, Modifiers::COMMAND, Key::A);
    for digit in ["2", "0", "0"] {
        h.event(egui::Event::Text(digit.into()));
        h.run_steps(2);
        assert_eq!(h.state().program.settings.disk_cache_gib, 20, "2 GiB would clear the cache");
    }
    key(&mut h, Key::Enter);
    h.run_steps(3);
    assert_eq!(h.state().program.settings.disk_cache_gib, 200);
}
