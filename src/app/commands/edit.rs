//! Undo, delete, select.

use super::{CommandId as C, Menu, Spec, When as W, alt, ctrl, ctrl_shift, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Edit;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::Undo, M, 0, icons::UNDO, &[ctrl(Key::Z)], W::CanUndo),
    row(C::Redo, M, 0, icons::REDO, &[ctrl_shift(Key::Z), ctrl(Key::Y)], W::CanRedo),
    row(C::Cut, M, 1, icons::SCISSORS, &[ctrl(Key::X)], W::ClipSelected),
    row(C::Copy, M, 1, icons::COPY, &[ctrl(Key::C)], W::ClipSelected),
    row(C::Paste, M, 1, icons::PASTE, &[ctrl(Key::V)], W::Always),
    row(C::PasteInsert, M, 1, icons::PASTE, &[ctrl_shift(Key::V)], W::Always),
    row(C::Duplicate, M, 1, icons::COPY, &[alt(Key::D)], W::ClipSelected),
    row(C::Delete, M, 1, icons::TRASH, &[key(Key::Delete), key(Key::Backspace)], W::AnythingSelected),
    row(C::RippleDelete, M, 1, icons::RIPPLE, &[shift(Key::Delete), shift(Key::Backspace)], W::CanRipple),
    row(C::SelectAll, M, 2, icons::SELECT_ALL, &[ctrl(Key::A)], W::HasClips),
    row(C::SelectForward, M, 2, icons::TRACK_SELECT, &[alt(Key::F)], W::HasClips),
    row(C::SelectBackward, M, 2, icons::TRACK_SELECT, &[alt(Key::B)], W::HasClips),
    row(C::SelectNone, M, 2, icons::CLOSE, &[ctrl_shift(Key::A)], W::AnythingSelected),
    row(C::FindMedia, M, 3, icons::SEARCH, &[ctrl(Key::F)], W::HasMedia),
    row(C::Settings, M, 9, icons::GEAR, &[ctrl(Key::Comma)], W::Always),
];
