//! The decoders behind the viewer: one named thread per open file position, asked by channel.
//!
//! Owned by the preview thread. A file that is shown twice at once (a dissolve between two parts of it) gets two
//! decoders, so that neither has to jump back and forth. The least recently used one is closed when there are too many.

use super::files::{Candidate, candidates, open_first};
use crate::{
    base::{MediaId, Picture, Time},
    media::{self, MediaError, Reach, ReaderOptions, VideoReader},
    model::{Media, Project, Rendition},
    plan::MediaRef,
};
use crossbeam::channel::{Receiver, Sender, bounded};
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};

/// Open decoders at once: eight 4K decoders hold about 1 GB.
const MAX_OPEN: usize = 8;
/// Longer than any watchdog inside the reader (5 s), so that the reader's own words arrive first.
const PATIENCE: Duration = Duration::from_secs(12);
/// Decoded pictures that each decoder keeps for steps backwards.
const CACHE_BYTES_PER_DECODER: usize = 192 << 20;

struct Ask {
    time: Time,
    quick: bool,
    reply: Sender<Result<Got, MediaError>>,
}

/// A decoded picture for the viewer.
#[derive(Clone)]
pub struct Got {
    pub picture: Picture,
    /// False for the key picture that stands in while the pointer moves.
    pub exact: bool,
    /// Where the media ended, if that was earlier than it declares.
    pub ended_early: Option<Time>,
    /// Which of the media's files it is from: another than the wanted one where that could not be read.
    pub from: Rendition,
}

struct Decoder {
    media: MediaId,
    rendition: Rendition,
    /// The wanted file; another may be read in its place.
    path: PathBuf,
    asks: Sender<Ask>,
    last: Time,
    used: u64,
}

/// What became of one asked-for picture.
pub enum Fetched {
    Got(Got),
    /// The message for the user.
    Failed(String),
}

/// All open decoders and loaded stills.
#[derive(Default)]
pub struct Decoders {
    open: Vec<Decoder>,
    stills: HashMap<(MediaId, Rendition), (PathBuf, Got)>,
    clock: u64,
}

impl Decoders {
    /// The pictures of `refs`, decoded side by side. `quick` allows a key picture where the exact one needs a long seek.
    pub fn fetch(&mut self, project: &Project, refs: &[MediaRef], quick: bool) -> Vec<Fetched> {
        enum Pending {
            Done(Fetched),
            Waiting(Receiver<Result<Got, MediaError>>, usize),
        }
        let mut taken = Vec::new();
        let pending: Vec<Pending> = refs
            .iter()
            .map(|r| {
                let Some(m) = project.media.get(&r.media) else {
                    return Pending::Done(Fetched::Failed("the project has no such media".into()));
                };
                if m.info.video.as_ref().is_some_and(|v| v.still) {
                    return Pending::Done(self.still(r, m));
                }
                let i = self.pick(r, m, &taken);
                taken.push(self.open[i].path.clone());
                let (reply, answer) = bounded(1);
                let d = &mut self.open[i];
                self.clock += 1;
                (d.last, d.used) = (r.time, self.clock);
                // a send fails only when the thread is gone: the answer channel then reports it
                let _ = d.asks.send(Ask { time: r.time, quick, reply });
                Pending::Waiting(answer, i)
            })
            .collect();
        let mut broken = Vec::new();
        let out = pending
            .into_iter()
            .map(|p| match p {
                Pending::Done(f) => f,
                Pending::Waiting(answer, i) => match answer.recv_timeout(PATIENCE) {
                    Ok(Ok(got)) => Fetched::Got(got),
                    Ok(Err(e)) => {
                        broken.push(i);
                        Fetched::Failed(e.to_string())
                    }
                    Err(_) => {
                        broken.push(i);
                        Fetched::Failed(format!("the decoder does not answer: {}", self.open[i].path.display()))
                    }
                },
            })
            .collect();
        // a failed decoder is rebuilt at the next request; dropping the sender ends its thread
        broken.sort_unstable();
        broken.dedup();
        for i in broken.into_iter().rev() {
            self.open.remove(i);
        }
        out
    }

    /// Close everything that belongs to media which the project no longer has or has moved.
    pub fn retain(&mut self, project: &Project) {
        let path = |id: MediaId, r: Rendition| project.media.get(&id).and_then(|m| m.source(r)).map(|s| s.0);
        self.open.retain(|d| path(d.media, d.rendition) == Some(d.path.as_path()));
        self.stills.retain(|(id, r), (p, _)| path(*id, *r) == Some(p.as_path()));
    }

    /// Close the files of a media, which are no longer what they were.
    pub fn forget(&mut self, media: MediaId) {
        self.open.retain(|d| d.media != media);
        self.stills.retain(|(id, _), _| *id != media);
    }

    fn still(&mut self, r: &MediaRef, m: &Media) -> Fetched {
        if let Some((_, got)) = self.stills.get(&(r.media, r.rendition)) {
            return Fetched::Got(got.clone());
        }
        let files = candidates(m, r.rendition, true);
        match open_first(&files, |c| media::still(&c.path), || nothing_to_open(m)) {
            Ok((i, picture)) => {
                let got = Got { picture, exact: true, ended_early: None, from: files[i].rendition };
                self.stills.insert((r.media, r.rendition), (wanted_path(r, m), got.clone()));
                Fetched::Got(got)
            }
            Err(e) => Fetched::Failed(e.to_string()),
        }
    }

    /// The free decoder of this file whose last request lies nearest, opened where there is none.
    fn pick(&mut self, r: &MediaRef, m: &Arc<Media>, taken: &[PathBuf]) -> usize {
        let path = wanted_path(r, m);
        let in_use = taken.iter().filter(|p| **p == path).count();
        let mut mine: Vec<usize> = (0..self.open.len()).filter(|i| self.open[*i].media == r.media && self.open[*i].path == path).collect();
        mine.sort_by_key(|i| (self.open[*i].last - r.time).0.abs());
        // those taken for this very frame were used last: the newest `in_use` of them
        let newest: Vec<u64> = {
            let mut u: Vec<u64> = mine.iter().map(|i| self.open[*i].used).collect();
            u.sort_unstable_by(|a, b| b.cmp(a));
            u.into_iter().take(in_use).collect()
        };
        if let Some(i) = mine.into_iter().find(|i| !newest.contains(&self.open[*i].used)) {
            return i;
        }
        if self.open.len() >= MAX_OPEN
            && let Some(oldest) = (0..self.open.len()).filter(|i| !taken.contains(&self.open[*i].path)).min_by_key(|i| self.open[*i].used)
        {
            self.open.remove(oldest);
        }
        self.open.push(spawn(r, m, path));
        self.open.len() - 1
    }
}

/// The file that is asked for, where the project has one such.
fn wanted_path(r: &MediaRef, m: &Media) -> PathBuf {
    m.source(r.rendition).map_or(&*m.file.path, |s| s.0).to_path_buf()
}

fn nothing_to_open(m: &Media) -> MediaError {
    MediaError::NotFound(m.file.path.clone())
}

fn spawn(r: &MediaRef, m: &Arc<Media>, path: PathBuf) -> Decoder {
    let (asks, inbox) = bounded::<Ask>(1);
    let (owned, files) = (m.clone(), candidates(m, r.rendition, true));
    let name = format!("decode {}", m.name);
    let run = move || serve(&owned, files, &inbox);
    if let Err(e) = std::thread::Builder::new().name(name).spawn(run) {
        tracing::error!("a decoder thread could not be started: {e}");
    }
    Decoder { media: r.media, rendition: r.rendition, path, asks, last: Time::MAX, used: 0 }
}

/// The decoder thread: opens the file at the first request and answers until its owner lets go. A file that fails is given
/// up where there is another to read in its place.
fn serve(m: &Media, mut files: Vec<Candidate>, inbox: &Receiver<Ask>) {
    let mut reader: Option<VideoReader> = None;
    while let Ok(ask) = inbox.recv() {
        let mut got = picture(m, &mut files, &mut reader, &ask);
        while got.is_err() && reader.take().is_some() && files.len() > 1 {
            files.remove(0);
            got = picture(m, &mut files, &mut reader, &ask);
        }
        let _ = ask.reply.send(got);
    }
}

/// The first of `files` is the one that is open.
fn picture(m: &Media, files: &mut Vec<Candidate>, slot: &mut Option<VideoReader>, ask: &Ask) -> Result<Got, MediaError> {
    let _span = tracing::debug_span!("decode", media = %m.name, time = %ask.time).entered();
    let reader = match slot {
        Some(r) => r,
        None => {
            let options = || ReaderOptions { cache_bytes: CACHE_BYTES_PER_DECODER, ..ReaderOptions::default() };
            let (i, opened) = open_first(files, |c| VideoReader::open(&c.path, &c.info, options()), || nothing_to_open(m))?;
            files.drain(..i);
            slot.insert(opened)
        }
    };
    let far = ask.quick && matches!(reader.reach(ask.time), Reach::Far);
    let frame = if far { reader.key_frame_at(ask.time)? } else { reader.frame_at(ask.time)? };
    let exact = !far || frame.pts <= ask.time && ask.time < frame.pts + frame.duration;
    let from = files.first().map(|c| c.rendition).unwrap_or_default();
    Ok(Got { picture: frame.picture, exact, ended_early: reader.ended_early(), from })
}
