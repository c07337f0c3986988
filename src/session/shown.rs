//! What the thread that draws and plays tells: pictures, measured pictures, and what it found out about files.

use super::{Deck, MediaState, Session, ViewState, deck::Arrival};
use crate::{
    base::{MediaId, Severity, words::say},
    engine::{Monitor, PreviewEvent},
};

impl Session {
    fn deck_of(&mut self, monitor: Monitor) -> Option<&mut Deck> {
        match monitor {
            Monitor::Program => Some(&mut self.program),
            Monitor::Source => self.sources.open.as_mut().map(|s| &mut s.deck),
        }
    }

    pub(super) fn on_preview(&mut self, event: PreviewEvent) {
        match event {
            PreviewEvent::Shown { monitor, frame, image, before, exact, divisor, dropped, enlarged, request, .. } => {
                if let Some(deck) = self.deck_of(monitor) {
                    deck.take(Arrival { frame, image, before, exact, divisor, dropped, enlarged, request });
                }
            }
            PreviewEvent::Enlarging { monitor, request, state } => {
                if let Some(deck) = self.deck_of(monitor) {
                    deck.enlarging(request, state);
                }
            }
            PreviewEvent::Scopes(data) => self.scopes = Some((data, self.scopes.as_ref().map_or(1, |s| s.1 + 1))),
            PreviewEvent::Steadied(media, path) => self.steadied(media, path),
            PreviewEvent::Failed { monitor, message, .. } => {
                if let Some(deck) = self.deck_of(monitor) {
                    deck.viewer.state = ViewState::Error(message);
                }
            }
            PreviewEvent::Media { media, message } => {
                let state = message.map_or(MediaState::Online, MediaState::Offline);
                self.set_media_state(media, state);
            }
            PreviewEvent::Silent { media, message } => self.set_silent(media, &message),
            PreviewEvent::EndedEarly { media, at } => self.set_media_state(media, MediaState::EndedEarly(at)),
            PreviewEvent::Stopped { monitor, frame, request } => {
                if let Some(deck) = self.deck_of(monitor) {
                    deck.stopped(frame, request);
                }
                // what has come to rest by itself is asked for once more, to be upscaled
                if request.is_none() && self.upscaling.is_live() {
                    match monitor {
                        Monitor::Program => self.with_program(|t| t.changed(false)),
                        Monitor::Source => self.with_source(|t| t.changed(false)),
                    }
                }
            }
        }
    }

    /// Said once for each media, however often it is played.
    fn set_silent(&mut self, media: MediaId, why: &str) {
        let Some(name) = self.project().media.get(&media).map(|m| m.name.clone()) else { return };
        if self.silent.insert(media) {
            self.say(Severity::Warning, &say!("session-silent", name = name, why = why));
        }
    }
}
