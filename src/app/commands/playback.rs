//! Playing and moving the playhead.

use super::{CommandId as C, Menu, Spec, When as W, ctrl_shift, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Playback;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::PlayPause, M, 0, icons::PLAY, &[key(Key::Space)], W::CanPlay),
    row(C::ShuttleForward, M, 0, icons::PLAY, &[key(Key::L)], W::CanPlay).repeating(),
    row(C::Pause, M, 0, icons::PAUSE, &[key(Key::K)], W::CanPlay),
    row(C::ShuttleBack, M, 0, icons::REWIND, &[key(Key::J)], W::CanPlay).repeating(),
    row(C::BackSecond, M, 1, icons::REWIND, &[], W::CanPlay).repeating(),
    row(C::StepBack, M, 1, icons::CARET_LEFT, &[key(Key::ArrowLeft)], W::CanPlay).repeating(),
    row(C::StepForward, M, 1, icons::CARET_RIGHT, &[key(Key::ArrowRight)], W::CanPlay).repeating(),
    row(C::StepBackFar, M, 1, icons::CARET_LEFT, &[shift(Key::ArrowLeft)], W::CanPlay).repeating(),
    row(C::StepForwardFar, M, 1, icons::CARET_RIGHT, &[shift(Key::ArrowRight)], W::CanPlay).repeating(),
    row(C::GoToStart, M, 1, icons::SKIP_BACK, &[key(Key::Home)], W::CanPlay),
    row(C::GoToEnd, M, 1, icons::SKIP_FORWARD, &[key(Key::End)], W::CanPlay),
    row(C::PreviousCut, M, 1, icons::SKIP_BACK, &[key(Key::ArrowUp)], W::CanPlay).repeating(),
    row(C::NextCut, M, 1, icons::SKIP_FORWARD, &[key(Key::ArrowDown)], W::CanPlay).repeating(),
    row(C::PreviousMarker, M, 1, icons::FLAG, &[ctrl_shift(Key::M)], W::HasClips).repeating(),
    row(C::NextMarker, M, 1, icons::FLAG, &[shift(Key::M)], W::HasClips).repeating(),
];
