//! What is asked of the viewers, and what goes from a source to the timeline.

use super::{CommandId as C, Menu, Spec, When as W, ctrl, key, row, shift};
use crate::app::icons;
use egui::Key;

/// After the panels and before the room they have.
const VIEW: u8 = 2;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::LoopPlayback, Menu::Playback, 2, icons::REPEAT, &[ctrl(Key::Slash)], W::CanPlay),
    row(C::ScrubSound, Menu::Playback, 2, icons::SPEAKER, &[shift(Key::S)], W::Always),
    row(C::UseProxies, Menu::Playback, 2, icons::FILM_SLATE, &[shift(Key::P)], W::Always),
    row(C::SwitchViewer, Menu::Playback, 2, icons::MONITOR, &[shift(Key::Backtick)], W::HasSource),
    row(C::OpenInSource, Menu::Clip, 5, icons::MONITOR, &[shift(Key::F)], W::HasPicked),
    row(C::MatchFrame, Menu::Clip, 5, icons::MATCH_FRAME, &[key(Key::F)], W::HasClips),
    row(C::InsertSource, Menu::Clip, 6, icons::INSERT, &[key(Key::Comma), key(Key::F9)], W::HasSource),
    row(C::OverwriteSource, Menu::Clip, 6, icons::OVERWRITE, &[key(Key::Period), key(Key::F10)], W::HasSource),
    row(C::ReplaceSource, Menu::Clip, 6, icons::REPLACE, &[shift(Key::R)], W::HasSource),
    row(C::AppendSource, Menu::Clip, 6, icons::APPEND, &[shift(Key::F12)], W::HasSource),
    row(C::CloseSource, Menu::View, VIEW, icons::CLOSE, &[], W::HasSource),
    row(C::CameraPath, Menu::View, VIEW, icons::PATH, &[], W::HasClips),
    row(C::Compare, Menu::View, VIEW, icons::COMPARE, &[shift(Key::C)], W::HasClips),
    row(C::LiveUpscale, Menu::View, VIEW, icons::SPARKLE, &[shift(Key::U)], W::HasMedia),
    row(C::LiveUpscaleClips, Menu::Clip, 5, icons::SPARKLE, &[], W::ClipSelected),
];
