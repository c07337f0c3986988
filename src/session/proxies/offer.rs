//! Asking for proxies: those that the user wants, and those that heavy or changed files call for. What policy the user has set
//! decides whether these are offered, made without a word more, or left alone. Nothing here reads a file.

use super::{ProxyReason, ProxyState, Wanted, heavy};
use crate::{
    base::{
        MediaId, Severity,
        words::{say, tr},
    },
    engine::{ProxyFormat, Task},
    model::Media,
    session::{MediaState, Notice, Session},
    store::{ProxyCodec, ProxyPolicy},
};
use std::{collections::BTreeSet, path::PathBuf};

/// Films that would be quicker to cut with proxies, for the user to decide on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyOffer {
    pub media: BTreeSet<MediaId>,
    pub reasons: BTreeSet<ProxyReason>,
}

impl From<ProxyCodec> for ProxyFormat {
    fn from(codec: ProxyCodec) -> Self {
        match codec {
            ProxyCodec::Mjpeg => Self::Mjpeg,
            ProxyCodec::H264 => Self::H264,
        }
    }
}

/// Whether proxies are made of such a file at all.
fn suits(media: &Media) -> bool {
    media.info.video.as_ref().is_some_and(|v| !v.still && !v.alpha)
}

impl Session {
    /// Heavy films that wait for the user's word; None while none do.
    pub fn proxy_offer(&self) -> Option<&ProxyOffer> {
        self.proxies.offer.as_ref()
    }

    /// Why a media is better cut with a proxy; None where it does well without, or has one.
    pub fn proxy_reason(&self, media: MediaId) -> Option<ProxyReason> {
        match self.proxy_state(media) {
            ProxyState::Stale => Some(ProxyReason::Stale),
            ProxyState::None | ProxyState::Missing => self.project().media.get(&media).and_then(|m| heavy(&m.info, m.file.size)),
            ProxyState::Making(_) | ProxyState::Ready => None,
        }
    }

    pub(in crate::session) fn decline_proxies(&mut self) {
        self.proxies.offer = None;
    }

    /// The user wants proxies of these; what has one, or can have none, is left out.
    pub(in crate::session) fn make_proxies(&mut self, media: &[MediaId]) {
        if let Some(offer) = &mut self.proxies.offer {
            offer.media.retain(|id| !media.contains(id));
            if offer.media.is_empty() {
                self.proxies.offer = None;
            }
        }
        if !self.ask_for_proxies(media, true) {
            self.good_news(tr("session-no-proxy-needed"));
        }
    }

    /// False where there is nothing to do.
    fn ask_for_proxies(&mut self, media: &[MediaId], asked: bool) -> bool {
        let recipe = ProxyFormat::from(self.settings.get().proxy_codec).recipe();
        let mut files = Vec::new();
        let mut wanted = false;
        for id in media {
            let Some(m) = self.project().media.get(id).filter(|m| suits(m)) else { continue };
            let other_format = m.proxy.as_ref().is_some_and(|v| v.recipe != recipe);
            match self.proxy_state(*id) {
                ProxyState::Making(_) => wanted = true,
                ProxyState::Ready if !(asked && other_format) => {}
                _ if matches!(self.bin.state(*id), MediaState::Offline(_)) => {}
                // the document learns first what the file is now
                _ if self.bin.has_changed(*id) => {
                    wanted = true;
                    let path = m.file.path.clone();
                    self.proxies.once_read.insert(*id, Wanted::Proxy { asked });
                    self.library.ask(Task::Relink { id: *id, path });
                }
                _ => files.push(m.file.path.clone()),
            }
        }
        wanted |= !files.is_empty();
        self.submit_proxies(files, asked);
        wanted
    }

    fn submit_proxies(&mut self, files: Vec<PathBuf>, asked: bool) {
        if files.is_empty() {
            return;
        }
        let format = self.settings.get().proxy_codec.into();
        if let Err(t) = self.jobs.make_proxies(files, format, asked) {
            self.tell(Severity::Failure, t.text, t.hint);
        }
    }

    /// A file that had changed has been read again: what waited for that goes on.
    pub(in crate::session) fn proxy_after_reading(&mut self, id: MediaId) {
        match self.proxies.once_read.remove(&id) {
            None => {}
            Some(Wanted::Attach(made)) => self.proxies.made.push(*made),
            Some(Wanted::Proxy { asked }) => {
                let file = self.project().media.get(&id).filter(|m| suits(m)).map(|m| m.file.path.clone());
                self.submit_proxies(file.into_iter().collect(), asked);
            }
        }
    }

    /// These have come into the document, or were found to have changed: do as the settings say where they want proxies.
    pub(in crate::session) fn consider_proxies(&mut self, media: impl IntoIterator<Item = MediaId>) {
        let policy = self.settings.get().proxy_policy;
        if policy == ProxyPolicy::Never || self.is_read_only() {
            return;
        }
        let found: Vec<(MediaId, ProxyReason)> = media.into_iter().filter_map(|id| Some((id, self.proxy_reason(id)?))).collect();
        if found.is_empty() {
            return;
        }
        let ids: Vec<MediaId> = found.iter().map(|f| f.0).collect();
        let reasons: BTreeSet<ProxyReason> = found.iter().map(|f| f.1).collect();
        if policy == ProxyPolicy::Ask {
            let offer = self.proxies.offer.get_or_insert_default();
            offer.media.extend(ids);
            offer.reasons.extend(reasons);
        } else if self.ask_for_proxies(&ids, false) {
            let reasons: Vec<String> = reasons.into_iter().map(ProxyReason::text).collect();
            let said = say!("session-proxies-by-themselves", n = ids.len(), why = reasons.join(", "));
            self.notices.push(Notice { severity: Severity::Warning, good: true, text: said.text(), hint: said.hint() });
        }
    }
}
