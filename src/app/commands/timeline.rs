//! Tools, marks, tracks and zoom of the timeline.

use super::{CommandId as C, Menu, Spec, When as W, alt, ctrl, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Timeline;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::SelectTool, M, 0, icons::CURSOR, &[key(Key::V), key(Key::A)], W::Always),
    row(C::RazorTool, M, 0, icons::RAZOR, &[key(Key::B)], W::Always),
    row(C::Snapping, M, 0, icons::MAGNET, &[key(Key::N)], W::Always),
    row(C::AddMarker, M, 1, icons::FLAG, &[key(Key::M)], W::Always),
    row(C::MarkIn, M, 1, icons::RANGE, &[key(Key::I)], W::CanPlay),
    row(C::MarkOut, M, 1, icons::RANGE, &[key(Key::O)], W::CanPlay),
    row(C::ClearMarks, M, 1, icons::CLOSE, &[alt(Key::X)], W::HasMarks),
    row(C::AddVideoTrack, M, 2, icons::FILM_STRIP, &[], W::Always),
    row(C::AddAudioTrack, M, 2, icons::WAVEFORM, &[], W::Always),
    row(C::RemoveEmptyTracks, M, 2, icons::TRASH, &[], W::Always),
    row(C::ZoomIn, M, 3, icons::ZOOM_IN, &[ctrl(Key::Plus), ctrl(Key::Equals), key(Key::Plus), key(Key::Equals)], W::Always),
    row(C::ZoomOut, M, 3, icons::ZOOM_OUT, &[ctrl(Key::Minus), key(Key::Minus)], W::Always),
    row(C::ZoomFit, M, 3, icons::ZOOM_FIT, &[shift(Key::Z), key(Key::Backslash)], W::Always),
];
