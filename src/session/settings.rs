//! The user's settings in memory, and the thread that writes what changes. Reading happens once, at the start; the owner's
//! thread never waits for the disk, except when the session ends: then the last change is waited for.

use crate::store::{Dirs, Setting, Settings, StoreError};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// A slider or a dragged panel sends many changes: they are written together once it has been quiet for this long…
const QUIET: Duration = Duration::from_millis(400);
/// …and at the latest after this.
const LATEST: Duration = Duration::from_secs(2);

/// Owner of the settings.
pub(super) struct SettingsKeeper {
    now: Settings,
    /// None where nothing is kept.
    writer: Option<(Sender<Setting>, JoinHandle<()>)>,
}

impl super::Session {
    /// Change a setting, and what follows it.
    pub(super) fn set(&mut self, setting: Setting) {
        self.settings.change(setting);
        self.preview.set_scrub_sound(self.settings.get().scrub_sound);
        self.size_cache();
        self.size_storage();
        self.choose_files();
    }
}

impl SettingsKeeper {
    /// The settings in `dirs`, and what was wrong with them if they could not be read. Without `dirs` the usual ones, which
    /// last as long as the session.
    ///
    /// # Errors
    /// The thread could not be started.
    pub fn start(dirs: Option<&Dirs>) -> std::io::Result<(Self, Option<StoreError>)> {
        let Some(dirs) = dirs.cloned() else { return Ok((Self { now: Settings::default(), writer: None }, None)) };
        let (now, wrong) = match Settings::load(&dirs) {
            Ok(s) => (s, None),
            Err(e) => (Settings::default(), Some(e)),
        };
        let (tell, changes) = unbounded();
        let thread = std::thread::Builder::new().name("settings".into()).spawn(move || write(&dirs, &changes))?;
        Ok((Self { now, writer: Some((tell, thread)) }, wrong))
    }

    pub fn get(&self) -> &Settings {
        &self.now
    }

    pub fn change(&mut self, change: Setting) {
        let next = self.now.clone().with(change.clone());
        if next == self.now {
            return;
        }
        self.now = next;
        if let Some((tell, _)) = &self.writer {
            // the thread ends only with the session
            let _ = tell.send(change);
        }
    }
}

impl Drop for SettingsKeeper {
    fn drop(&mut self) {
        if let Some((tell, thread)) = self.writer.take() {
            drop(tell);
            if thread.join().is_err() {
                tracing::error!("the thread that writes the settings has failed");
            }
        }
    }
}

fn write(dirs: &Dirs, changes: &Receiver<Setting>) {
    while let Ok(first) = changes.recv() {
        let mut batch = vec![first];
        let latest = Instant::now() + LATEST;
        while let Ok(next) = changes.recv_deadline(latest.min(Instant::now() + QUIET)) {
            batch.push(next);
        }
        // another window may have written since: its changes stay
        let settings = Settings::load(dirs).unwrap_or_else(|e| {
            tracing::warn!("{e}");
            let file = Settings::file(dirs);
            // what a hand wrote is not thrown away for a typing error
            let _ = std::fs::rename(&file, file.with_extension("ron.unreadable"));
            Settings::default()
        });
        if let Err(e) = batch.into_iter().fold(settings, Settings::with).save(dirs) {
            tracing::warn!("the settings could not be kept: {e}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_windows_keep_each_others_changes_and_the_end_waits_for_the_last() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs::at(home.path());
        let (mut a, _) = SettingsKeeper::start(Some(&dirs)).unwrap();
        let (mut b, _) = SettingsKeeper::start(Some(&dirs)).unwrap();
        for scale in [1.1, 1.2, 1.5] {
            a.change(Setting::UiScale(scale));
        }
        drop(a);
        b.change(Setting::Layout(Some("(a: 1)".into())));
        b.change(Setting::Panel { name: "bin".into(), state: Some("[1]".into()) });
        drop(b);
        let s = Settings::load(&dirs).unwrap();
        assert_eq!((s.ui_scale, s.layout.as_deref(), s.panels["bin"].as_str()), (1.5, Some("(a: 1)"), "[1]"));
    }

    #[test]
    fn settings_with_a_typing_error_are_said_and_put_aside() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs::at(home.path());
        dirs.create().unwrap();
        std::fs::write(Settings::file(&dirs), "(ui_scale: ,)").unwrap();
        let (mut keeper, wrong) = SettingsKeeper::start(Some(&dirs)).unwrap();
        assert!(wrong.is_some());
        assert_eq!(*keeper.get(), Settings::default());
        keeper.change(Setting::UiScale(2.0));
        drop(keeper);
        assert_eq!(Settings::load(&dirs).unwrap().ui_scale, 2.0);
        assert_eq!(std::fs::read_to_string(dirs.config.join("settings.ron.unreadable")).unwrap(), "(ui_scale: ,)");
    }
}
