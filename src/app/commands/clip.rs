//! What is done to clips, and what makes new ones.

use super::{CommandId as C, Menu, Spec, When as W, alt, alt_shift, ctrl, ctrl_shift, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Clip;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::Split, M, 0, icons::SCISSORS, &[key(Key::S), ctrl(Key::K)], W::HasClips),
    row(C::SplitAll, M, 0, icons::SCISSORS, &[ctrl_shift(Key::K)], W::HasClips),
    row(C::RippleTrimStart, M, 0, icons::ARROW_LINE_LEFT, &[key(Key::Q)], W::HasClips),
    row(C::RippleTrimEnd, M, 0, icons::ARROW_LINE_RIGHT, &[key(Key::W)], W::HasClips),
    row(C::TrimStart, M, 0, icons::ARROW_LINE_LEFT, &[shift(Key::Q)], W::HasClips),
    row(C::TrimEnd, M, 0, icons::ARROW_LINE_RIGHT, &[shift(Key::W)], W::HasClips),
    row(C::Dissolve, M, 1, icons::DISSOLVE, &[ctrl(Key::D)], W::HasClips),
    row(C::CrossFade, M, 1, icons::WAVEFORM, &[ctrl_shift(Key::D)], W::HasClips),
    row(C::Title, M, 1, icons::TEXT, &[key(Key::T)], W::Always),
    row(C::AdjustmentClip, M, 1, icons::ADJUST, &[], W::Always),
    row(C::FreezeFrame, M, 1, icons::FREEZE, &[alt_shift(Key::F)], W::HasClips),
    row(C::ClipSpeed, M, 1, icons::GAUGE, &[ctrl(Key::R)], W::ClipSelected),
    row(C::Append, M, 1, icons::PLUS, &[key(Key::E)], W::MediaSelected),
    row(C::ToggleEnabled, M, 2, icons::CLIP_OFF, &[shift(Key::E)], W::ClipSelected),
    row(C::Link, M, 2, icons::LINK, &[ctrl(Key::L)], W::CanLink),
    row(C::GroupClips, M, 2, icons::GROUP, &[ctrl(Key::G)], W::ClipSelected),
    row(C::UngroupClips, M, 2, icons::UNGROUP, &[ctrl_shift(Key::G)], W::ClipSelected),
    row(C::RerollShot, M, 2, icons::REPEAT, &[], W::ShotSelected),
    row(C::LockShot, M, 2, icons::LOCK, &[], W::ShotSelected),
    row(C::Nest, M, 3, icons::NEST, &[alt(Key::N)], W::ClipSelected),
    row(C::OpenNested, M, 3, icons::NEST, &[], W::ClipSelected),
    row(C::CloseNested, M, 3, icons::CARET_LEFT, &[], W::Nested),
    row(C::NudgeLeft, M, 4, icons::CARET_LEFT, &[alt(Key::ArrowLeft)], W::ClipSelected).repeating(),
    row(C::NudgeRight, M, 4, icons::CARET_RIGHT, &[alt(Key::ArrowRight)], W::ClipSelected).repeating(),
    row(C::NudgeLeftFar, M, 4, icons::CARET_LEFT, &[alt_shift(Key::ArrowLeft)], W::ClipSelected).repeating(),
    row(C::NudgeRightFar, M, 4, icons::CARET_RIGHT, &[alt_shift(Key::ArrowRight)], W::ClipSelected).repeating(),
    row(C::ClipUp, M, 4, icons::CARET_UP, &[alt(Key::ArrowUp)], W::ClipSelected).repeating(),
    row(C::ClipDown, M, 4, icons::CARET_DOWN, &[alt(Key::ArrowDown)], W::ClipSelected).repeating(),
];
