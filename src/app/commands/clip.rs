//! What is done to clips, and what makes new ones.

use super::{CommandId as C, Menu, Spec, When as W, ctrl, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Clip;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::Split, M, 0, icons::SCISSORS, &[key(Key::S), ctrl(Key::K)], W::HasClips),
    row(C::TrimStart, M, 0, icons::ARROW_LINE_LEFT, &[key(Key::Q)], W::HasClips),
    row(C::TrimEnd, M, 0, icons::ARROW_LINE_RIGHT, &[key(Key::W)], W::HasClips),
    row(C::Dissolve, M, 1, icons::DISSOLVE, &[ctrl(Key::D)], W::HasClips),
    row(C::Title, M, 1, icons::TEXT, &[key(Key::T)], W::Always),
    row(C::Append, M, 1, icons::PLUS, &[key(Key::E)], W::MediaSelected),
    row(C::ToggleEnabled, M, 2, icons::CLIP_OFF, &[shift(Key::E)], W::ClipSelected),
    row(C::Link, M, 2, icons::LINK, &[ctrl(Key::L)], W::CanLink),
];
