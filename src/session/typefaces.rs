//! The typefaces that titles can be set in, looked for on a thread of its own when somebody first asks.

use crossbeam::channel::{Receiver, bounded};
use std::sync::Arc;

/// See the module.
pub(super) struct Typefaces {
    /// Called from the search's thread when it ends.
    wake: Arc<dyn Fn() + Send + Sync>,
    found: Arc<[String]>,
    search: Search,
}

enum Search {
    NotAsked,
    Running(Receiver<Vec<String>>),
    Done,
}

impl Typefaces {
    pub fn new(wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        Self { wake, found: Arc::default(), search: Search::NotAsked }
    }

    /// The families known so far.
    pub fn families(&mut self) -> Arc<[String]> {
        match &self.search {
            Search::NotAsked => self.start(),
            Search::Running(found) => {
                if let Ok(names) = found.try_recv() {
                    self.found = names.into();
                    self.search = Search::Done;
                }
            }
            Search::Done => {}
        }
        self.found.clone()
    }

    fn start(&mut self) {
        let (send, found) = bounded(1);
        let wake = self.wake.clone();
        let look = move || {
            let _ = send.send(crate::gpu::font_families());
            wake();
        };
        self.search = match std::thread::Builder::new().name("typefaces".into()).spawn(look) {
            Ok(_) => Search::Running(found),
            Err(e) => {
                tracing::warn!("the installed typefaces cannot be looked for: {e}");
                Search::Done
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_arrive_after_a_while_and_the_window_is_woken() {
        let (send, woken) = bounded(1);
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || {
            let _ = send.try_send(());
        });
        let mut faces = Typefaces::new(wake);
        assert!(faces.families().is_empty(), "asking does not wait");
        woken.recv_timeout(std::time::Duration::from_secs(60)).expect("the search ends");
        assert!(faces.families().iter().any(|n| n == "Inter"));
    }
}
