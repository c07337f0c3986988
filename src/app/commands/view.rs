//! Looks of the window and its viewers, and which panels are shown.

use super::{CommandId as C, Menu, Spec, When as W, ctrl, ctrl_alt, ctrl_shift, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::View;
/// Submenus.
const QUALITY: u8 = 0;
const PANELS: u8 = 1;
const ROOM: u8 = 2;
const LOOKS: u8 = 3;
const HELP: u8 = 4;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::QualityAuto, M, QUALITY, icons::GAUGE, &[], W::Always),
    row(C::QualityFull, M, QUALITY, icons::GAUGE, &[], W::Always),
    row(C::QualityHalf, M, QUALITY, icons::GAUGE, &[], W::Always),
    row(C::QualityQuarter, M, QUALITY, icons::GAUGE, &[], W::Always),
    row(C::MediaPanel, M, PANELS, icons::FOLDER, &[key(Key::F2)], W::Always),
    row(C::SourcePanel, M, PANELS, icons::FILM_SLATE, &[], W::Always),
    row(C::ProgramPanel, M, PANELS, icons::MONITOR, &[], W::Always),
    row(C::ScopesPanel, M, PANELS, icons::SCOPES, &[key(Key::F4)], W::Always),
    row(C::TimelinePanel, M, PANELS, icons::TIMELINE, &[], W::Always),
    row(C::InspectorPanel, M, PANELS, icons::SLIDERS, &[key(Key::F3)], W::Always),
    row(C::MarkersPanel, M, PANELS, icons::FLAG, &[], W::Always),
    row(C::TranscriptPanel, M, PANELS, icons::QUOTES, &[], W::Always),
    row(C::FootagePanel, M, PANELS, icons::SEARCH, &[], W::Always),
    row(C::JobsPanel, M, PANELS, icons::QUEUE, &[], W::Always),
    row(C::HistoryPanel, M, PANELS, icons::HISTORY, &[], W::Always),
    row(C::MaximisePanel, M, ROOM, icons::MAXIMISE, &[key(Key::Backtick)], W::Always),
    row(C::FullscreenViewer, M, ROOM, icons::MONITOR_PLAY, &[key(Key::F11), ctrl(Key::Backtick)], W::Always),
    row(C::Fullscreen, M, ROOM, icons::FULLSCREEN, &[shift(Key::F11)], W::Always),
    row(C::ResetLayout, M, ROOM, icons::LAYOUT, &[], W::Always),
    row(C::SwitchTheme, M, LOOKS, icons::SUN, &[key(Key::F6)], W::Always),
    row(C::LargerText, M, LOOKS, icons::ZOOM_IN, &[ctrl_alt(Key::Plus), ctrl_alt(Key::Equals)], W::Always),
    row(C::SmallerText, M, LOOKS, icons::ZOOM_OUT, &[ctrl_alt(Key::Minus)], W::Always),
    row(C::UsualText, M, LOOKS, icons::TEXT, &[ctrl_alt(Key::Num0)], W::Always),
    row(C::Palette, M, HELP, icons::COMMAND, &[ctrl_shift(Key::P)], W::Always),
    row(C::Shortcuts, M, HELP, icons::KEYBOARD, &[key(Key::F1)], W::Always),
    row(C::EditShortcuts, M, HELP, icons::KEYBOARD, &[ctrl_alt(Key::K)], W::Always),
];
