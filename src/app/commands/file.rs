//! Project files, import and export.

use super::{CommandId as C, Menu, Spec, When as W, ctrl, ctrl_shift, row};
use crate::app::icons;
use egui::Key;

const M: Menu = Menu::File;

#[rustfmt::skip]
pub(super) const ROWS: &[Spec] = &[
    row(C::New, M, 0, icons::FILE_PLUS, &[ctrl(Key::N)], W::Always),
    row(C::Open, M, 0, icons::FOLDER_OPEN, &[ctrl(Key::O)], W::Always),
    row(C::RecoverWork, M, 0, icons::LIFEBUOY, &[], W::HasRecoverable),
    row(C::Import, M, 1, icons::IMPORT, &[ctrl(Key::I)], W::Always),
    row(C::ImportFolder, M, 1, icons::FOLDER_OPEN, &[ctrl_shift(Key::I)], W::Always),
    row(C::ImportTimeline, M, 1, icons::IMPORT, &[], W::Always),
    row(C::ImportCaptions, M, 1, icons::TEXT, &[], W::Always),
    row(C::NewFolder, M, 1, icons::FOLDER_PLUS, &[], W::Always),
    row(C::RelinkMissing, M, 1, icons::LINK, &[], W::HasMedia),
    row(C::MakeProxies, M, 1, icons::FILM_SLATE, &[], W::HasMedia),
    row(C::RemoveProxies, M, 1, icons::TRASH, &[], W::MediaSelected),
    row(C::Upscale, M, 1, icons::SPARKLE, &[], W::HasPicked),
    row(C::RemoveUpscaled, M, 1, icons::TRASH, &[], W::MediaSelected),
    row(C::RemoveUnused, M, 1, icons::BROOM, &[], W::HasMedia),
    row(C::Save, M, 2, icons::SAVE, &[ctrl(Key::S)], W::Always),
    row(C::SaveAs, M, 2, icons::SAVE, &[ctrl_shift(Key::S)], W::Always),
    row(C::Versions, M, 2, icons::HISTORY, &[], W::HasFile),
    row(C::Export, M, 3, icons::EXPORT, &[ctrl(Key::E)], W::HasClips),
    row(C::ExportTimeline, M, 3, icons::EXPORT, &[], W::HasClips),
    row(C::ExportCaptions, M, 3, icons::TEXT, &[], W::Always),
    row(C::Quit, M, 4, icons::CLOSE, &[ctrl(Key::Q)], W::Always),
];
