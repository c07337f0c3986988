//! Tools, marks, tracks and zoom of the timeline.

use super::{CommandId as C, Menu, Spec, When as W, alt, ctrl, key, row, shift};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::Timeline;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::SelectTool, M, 0, icons::CURSOR, &[key(Key::V)], W::Always),
    row(C::TrackSelectTool, M, 0, icons::TRACK_SELECT, &[key(Key::A)], W::Always),
    row(C::RippleTool, M, 0, icons::RIPPLE_TRIM, &[key(Key::X)], W::Always),
    row(C::RollTool, M, 0, icons::ROLL, &[key(Key::R)], W::Always),
    row(C::SlipTool, M, 0, icons::SLIP, &[key(Key::Y)], W::Always),
    row(C::SlideTool, M, 0, icons::SLIDE, &[key(Key::U)], W::Always),
    row(C::RazorTool, M, 0, icons::RAZOR, &[key(Key::B)], W::Always),
    row(C::HandTool, M, 0, icons::HAND, &[key(Key::H)], W::Always),
    row(C::ZoomTool, M, 0, icons::SEARCH, &[key(Key::Z)], W::Always),
    row(C::Snapping, M, 1, icons::MAGNET, &[key(Key::N)], W::Always),
    row(C::AddCaption, M, 1, icons::TEXT, &[], W::Always),
    row(C::CaptionsFromWords, M, 1, icons::QUOTES, &[], W::HasClips),
    row(C::AddMarker, M, 1, icons::FLAG, &[key(Key::M)], W::Always),
    row(C::MarkIn, M, 1, icons::RANGE, &[key(Key::I)], W::CanPlay),
    row(C::MarkOut, M, 1, icons::RANGE, &[key(Key::O)], W::CanPlay),
    row(C::ClearMarks, M, 1, icons::CLOSE, &[alt(Key::X)], W::HasMarks),
    row(C::Lift, M, 2, icons::LIFT, &[key(Key::Semicolon)], W::HasMarks),
    row(C::Extract, M, 2, icons::EXTRACT, &[key(Key::Quote)], W::HasMarks),
    row(C::CloseGaps, M, 2, icons::CLOSE_GAP, &[], W::HasClips),
    row(C::Montage, M, 2, icons::SPARKLE, &[], W::HasPictures),
    row(C::RerollRest, M, 2, icons::REPEAT, &[], W::HasMontage),
    row(C::AddVideoTrack, M, 3, icons::FILM_STRIP, &[], W::Always),
    row(C::AddAudioTrack, M, 3, icons::WAVEFORM, &[], W::Always),
    row(C::RemoveEmptyTracks, M, 3, icons::TRASH, &[], W::Always),
    row(C::TracksSmall, M, 3, icons::ROWS, &[], W::Always),
    row(C::TracksMedium, M, 3, icons::ROWS, &[], W::Always),
    row(C::TracksLarge, M, 3, icons::ROWS, &[], W::Always),
    row(C::ZoomIn, M, 4, icons::ZOOM_IN, &[ctrl(Key::Plus), ctrl(Key::Equals), key(Key::Plus), key(Key::Equals)], W::Always),
    row(C::ZoomOut, M, 4, icons::ZOOM_OUT, &[ctrl(Key::Minus), key(Key::Minus)], W::Always),
    row(C::ZoomFit, M, 4, icons::ZOOM_FIT, &[shift(Key::Z), key(Key::Backslash)], W::Always),
    row(C::ZoomSelection, M, 4, icons::ZOOM_FIT, &[alt(Key::Z)], W::ClipSelected),
    row(C::FollowPage, M, 5, icons::PLAY, &[], W::Always),
    row(C::FollowSmooth, M, 5, icons::PLAY, &[], W::Always),
    row(C::FollowOff, M, 5, icons::PLAY, &[], W::Always),
];
