//! The only door through which a document changes: commands, a pure `apply`, and the history of what was done.
//!
//! [`apply`] takes a project and a command and gives a new project that shares every untouched track, clip and media
//! with the old one; an error leaves nothing changed because nothing was changed in place. No I/O, no clock, no thread.
//! Window, command line and automatic edits all send the same commands.

mod build;
mod captions;
mod clips;
mod command;
mod draft;
mod error;
mod folders;
mod format;
mod history;
mod limits;
mod markers;
mod media;
mod ripple;
mod sequences;
#[cfg(test)]
mod tests;
mod three_point;
mod track_ops;
mod tracks;
mod transitions;
pub mod words;

pub use build::{append_media, freeze_frame, fresh_group, fresh_ids, fresh_link, length_in_frames, split_linked, with_links};
pub use command::{ClipChange, ClipMove, Edge, EditCommand, MediaChange, Placement, TrackChange, label};
pub use error::EditError;
pub use history::History;
pub use three_point::{Target, ThreePoint, three_point};

use crate::model::Project;
use draft::Draft;

/// The project after a command.
///
/// # Errors
/// The command cannot be carried out on this project; the message names what stands in the way. For a
/// [`EditCommand::Batch`] the first failure fails it all.
pub fn apply(project: &Project, command: &EditCommand) -> Result<Project, EditError> {
    let mut draft = Draft::new(project, command);
    run(&mut draft, command)?;
    Ok(draft.finish())
}

fn run(d: &mut Draft, command: &EditCommand) -> Result<(), EditError> {
    use EditCommand as C;
    match command {
        C::AddMedia { id, media } => media::add(d, *id, media),
        C::RemoveMedia { id } => media::remove(d, *id),
        C::SetMedia { id, change } => media::set(d, *id, change),
        C::CorrectWord { media, word, text } => media::correct(d, *media, *word, text),
        C::RenameProject { name } => format::rename(d, name),
        C::AddFolder { path } => folders::add(d, path),
        C::RenameFolder { from, to } => folders::rename(d, from, to),
        C::RemoveFolder { path } => folders::remove(d, path),
        C::AddSequence { id, name } => sequences::add(d, *id, name),
        C::PutSequence { sequence } => sequences::put(d, sequence),
        C::OpenSequence { id } => sequences::open(d, *id),
        C::RenameSequence { id, name } => sequences::rename(d, *id, name),
        C::RemoveSequence { id } => sequences::remove(d, *id),
        C::Nest { clips, sequence, name } => sequences::nest(d, clips, *sequence, name),
        C::SetFormat { width, height, frame_rate, color } => format::set(d, (*width, *height), *frame_rate, *color),
        C::SetTimecode { start, drop_frame } => format::set_timecode(d, *start, *drop_frame),
        C::AddTrack { id, kind, index } => tracks::add(d, *id, *kind, *index),
        C::RemoveTrack { id } => tracks::remove(d, *id),
        C::SetTrack { id, change } => tracks::set(d, *id, change),
        C::MoveTrack { id, index } => tracks::move_to(d, *id, *index),
        C::Insert { track, clip, mode } => clips::place::insert(d, *track, clip, *mode),
        C::InsertClips { clips, mode } => clips::place::insert_all(d, clips.iter().map(|(t, c)| (*t, c)), *mode),
        C::Lift { from, to, tracks } => clips::remove::clear(d, *from, *to, tracks, false),
        C::Extract { from, to, tracks } => clips::remove::clear(d, *from, *to, tracks, true),
        C::CloseGap { track, at } => clips::remove::close_gap(d, *track, *at),
        C::Remove { clips, ripple } => clips::remove::remove(d, clips, *ripple),
        C::Split { clip, at, new_id } => clips::split::split(d, *clip, *at, *new_id),
        C::Move { moves, mode } => clips::place::move_clips(d, moves, *mode),
        C::Trim { clip, edge, to } => clips::trim::trim(d, *clip, *edge, *to),
        C::RippleTrim { clips, edge, by } => clips::trim::ripple_trim(d, clips, *edge, *by),
        C::Roll { left, to } => clips::trim::roll(d, *left, *to),
        C::Slide { clip, by_frames } => clips::trim::slide(d, *clip, *by_frames),
        C::Slip { clip, by_frames } => clips::trim::slip(d, *clip, *by_frames),
        C::SetClip { clip, change } => clips::set::set(d, *clip, change),
        C::AddTransition { id, left, right, kind, before, after } => transitions::add(
            d,
            crate::model::Transition { id: *id, kind: *kind, left: *left, right: *right, before: *before, after: *after },
        ),
        C::SetTransition { id, kind, before, after } => transitions::set(d, *id, *kind, *before, *after),
        C::RemoveTransition { id } => transitions::remove(d, *id),
        C::AddMarker { marker } => markers::add(d, marker),
        C::SetMarker { marker } => markers::set(d, marker),
        C::RemoveMarker { id } => markers::remove(d, *id),
        C::AddCaption { caption } => captions::add(d, caption),
        C::SetCaption { caption } => captions::set(d, caption),
        C::RemoveCaption { id } => captions::remove(d, *id),
        C::StyleCaptions { name } => captions::style(d, name),
        C::SetCaptions { captions } => captions::set_all(d, captions),
        C::CutWords { ranges, tracks } => words::cut(d, ranges, tracks),
        C::CaptionLanguage { tag } => captions::language(d, tag),
        C::BurnCaptions { on } => {
            captions::burn(d, *on);
            Ok(())
        }
        C::Batch(commands) => commands.iter().try_for_each(|c| run(d, c)),
    }
}
