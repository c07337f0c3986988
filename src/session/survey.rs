//! Music and footage, looked at on the caller's thread or some files side by side, and remembered in the cache: what a script asks of a
//! file before it cuts, and what montages, searches and jobs share of it.

use super::batch;
use crate::{
    base::Trouble,
    engine::{self, Survey},
    store::Dirs,
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

pub use crate::{
    analysis::{
        footage::{Footage, Kind, Shot},
        music::{ENERGY_SECS, Label, Music, Section},
    },
    base::Counting,
    engine::Watched,
};

/// The folder of the cache that remembers analyses.
pub(super) const SORT: &str = "analysis";
/// So many files are looked at side by side.
const WATCHERS: usize = 2;

/// Where analyses are remembered.
pub(super) fn kept_in(dirs: &Dirs) -> PathBuf {
    dirs.cache.join(SORT)
}

/// What `one` finds of each, some of them side by side; None of those that a stop has left out. `progress` gets the part done of all.
pub(super) fn side_by_side<T: Sync, R: Send>(
    all: &[T],
    cancel: &(dyn Fn() -> bool + Sync),
    progress: &mut dyn FnMut(f32),
    one: impl Fn(&T, &mut dyn FnMut(f32)) -> R + Sync,
) -> Vec<Option<R>> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<R>>> = all.iter().map(|_| Mutex::new(None)).collect();
    let (told, news) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..WATCHERS.min(all.len()) {
            let told = told.clone();
            let (next, results, one) = (&next, &results, &one);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(this) = all.get(i).filter(|_| !cancel()) else { return };
                    // the listener is there as long as this scope
                    let found = one(this, &mut |part| _ = told.send((i, part)));
                    if let Ok(mut place) = results[i].lock() {
                        *place = Some(found);
                    }
                    let _ = told.send((i, 1.0));
                }
            });
        }
        drop(told);
        let mut parts = vec![0.0f32; all.len()];
        for (i, part) in news {
            parts[i] = part;
            progress(parts.iter().sum::<f32>() / all.len().max(1) as f32);
        }
    });
    results.into_iter().map(|r| r.into_inner().ok().flatten()).collect()
}

/// Tempo, beats, bars, energy and parts of a file's sound. Blocks for as long as decoding takes. `cancel` is asked several times a
/// second, `progress` told the part done.
///
/// # Errors
/// The file cannot be read or has no sound; or it was cancelled.
pub fn listen(path: &Path, counting: &Counting, cancel: &dyn Fn() -> bool, progress: &mut dyn FnMut(f32)) -> Result<Music, Trouble> {
    let info = batch::probe(path)?;
    let cache = kept_in(&Dirs::find());
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
    let cache = kept_in(&Dirs::find());
    let mut survey = Survey { cache: Some(&cache), cancel, progress };
    engine::watch(path, &info, &mut survey).map_err(|e| Trouble::of(&e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_looked_at_once_in_its_place_and_a_stop_leaves_the_rest_out() {
        let mut part = 0.0;
        let found = side_by_side(&[1, 2, 3, 4, 5], &|| false, &mut |p| part = p, |n, tell| {
            tell(0.5);
            n * 10
        });
        assert_eq!((found, part), ([10, 20, 30, 40, 50].map(Some).to_vec(), 1.0));
        let done = AtomicUsize::new(0);
        let stop = || done.load(Ordering::Relaxed) > 0;
        let found = side_by_side(&[(); 50], &stop, &mut |_| {}, |(), _| done.fetch_add(1, Ordering::Relaxed));
        assert!(found.iter().flatten().count() <= WATCHERS && found[0].is_some() | found[1].is_some(), "{found:?}");
        assert!(side_by_side(&[] as &[()], &|| false, &mut |_| {}, |(), _| ()).is_empty());
    }
}
