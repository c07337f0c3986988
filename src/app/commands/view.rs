//! Looks of the window and its viewers.

use super::{CommandId as C, Menu, Spec, When as W, key, row};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::View;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::QualityAuto, M, 0, icons::GAUGE, &[], W::Always),
    row(C::QualityFull, M, 0, icons::GAUGE, &[], W::Always),
    row(C::QualityHalf, M, 0, icons::GAUGE, &[], W::Always),
    row(C::QualityQuarter, M, 0, icons::GAUGE, &[], W::Always),
    row(C::MediaPanel, M, 1, icons::SIDEBAR, &[key(Key::F2)], W::Always),
    row(C::InspectorPanel, M, 1, icons::SIDEBAR, &[key(Key::F3)], W::Always),
    row(C::SwitchTheme, M, 1, icons::SUN, &[key(Key::F6)], W::Always),
    row(C::Fullscreen, M, 1, icons::FULLSCREEN, &[key(Key::F11)], W::Always),
    row(C::Shortcuts, M, 2, icons::KEYBOARD, &[key(Key::F1)], W::Always),
];
