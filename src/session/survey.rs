//! What a script asks of a file before it cuts: music and footage, looked at on the caller's thread and remembered in the cache.

use super::batch;
use crate::{
    base::Trouble,
    engine::{self, Survey},
    store::Dirs,
};
use std::path::Path;

pub use crate::{
    analysis::{
        footage::{Footage, Kind, Shot},
        music::{ENERGY_SECS, Label, Music, Section},
    },
    base::Counting,
    engine::Watched,
};

/// The folder of the cache that remembers analyses.
const SORT: &str = "analysis";

/// Tempo, beats, bars, energy and parts of a file's sound. Blocks for as long as decoding takes. `cancel` is asked several times a
/// second, `progress` told the part done.
///
/// # Errors
/// The file cannot be read or has no sound; or it was cancelled.
pub fn listen(path: &Path, counting: &Counting, cancel: &dyn Fn() -> bool, progress: &mut dyn FnMut(f32)) -> Result<Music, Trouble> {
    let info = batch::probe(path)?;
    let cache = Dirs::find().cache.join(SORT);
    let mut survey = Survey { cache: Some(&cache), cancel, progress };
    engine::listen(path, &info, counting, &mut survey).map_err(|e| Trouble::of(&e))
}

/// Shots of a film, what happens in it from moment to moment, and its sound. Blocks for as long as decoding takes; otherwise as
/// [`listen`].
///
/// # Errors
/// The file cannot be read or has no picture; or it was cancelled.
pub fn watch(path: &Path, cancel: &dyn Fn() -> bool, progress: &mut dyn FnMut(f32)) -> Result<Watched, Trouble> {
    let info = batch::probe(path)?;
    let cache = Dirs::find().cache.join(SORT);
    let mut survey = Survey { cache: Some(&cache), cancel, progress };
    engine::watch(path, &info, &mut survey).map_err(|e| Trouble::of(&e))
}
