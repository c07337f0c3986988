//! The thread that owns the index: it follows the document, and answers the newest question. Nobody waits for it.

use super::{
    Answer, Found, FoundShot, MOST_SHOTS,
    collect::{self, Known, usual_tongue},
    eyes::{Eyes, Sight},
};
use crate::{
    base::{MediaId, Rounding, Time},
    edit::words::{HeardWord, heard_words, search as heard_at},
    ml::models::meaning,
    model::Project,
    search::{By, Query, Sentence, sentences},
};
use crossbeam::channel::{Receiver, Sender, unbounded};
use std::{path::PathBuf, sync::Arc};

enum Ask {
    Follow(Arc<Project>),
    /// Something was watched.
    Watched,
    Find {
        text: String,
        script: bool,
    },
}

pub(super) enum News {
    Indexed {
        shots: usize,
        unwatched: Vec<MediaId>,
        /// The model that looks at pictures is here.
        looks: bool,
    },
    /// `newest`: nothing else was asked meanwhile.
    Found { found: Found, newest: bool },
}

/// See the module. The thread ends with it.
pub(super) struct Worker {
    asks: Sender<Ask>,
    news: Receiver<News>,
}

impl Worker {
    /// # Errors
    /// No thread could be started.
    pub fn start(cache: PathBuf, models: PathBuf, wake: Arc<dyn Fn() + Send + Sync>) -> std::io::Result<Self> {
        let ((asks, asked), (tell, news)) = (unbounded(), unbounded());
        let keeper = move || {
            // what the model is read into stays on this thread
            let eyes = Eyes::new(models.clone(), cache.clone());
            let keeper = Keeper { cache, models, known: Known::new(), of: None, sight: Sight::default(), eyes };
            keeper.run(&asked, &tell, &*wake);
        };
        std::thread::Builder::new().name("shots".into()).spawn(keeper)?;
        Ok(Self { asks, news })
    }

    pub fn follow(&self, project: Arc<Project>) {
        self.ask(Ask::Follow(project));
    }

    pub fn watched(&self) {
        self.ask(Ask::Watched);
    }

    pub fn find(&self, text: String, script: bool) {
        self.ask(Ask::Find { text, script });
    }

    fn ask(&self, ask: Ask) {
        if self.asks.send(ask).is_err() {
            tracing::error!("the index of shots has ended");
        }
    }

    pub fn news(&self) -> Option<News> {
        self.news.try_recv().ok()
    }
}

struct Keeper {
    cache: PathBuf,
    models: PathBuf,
    known: Known,
    /// The document that the index is of.
    of: Option<Arc<Project>>,
    sight: Sight,
    eyes: Eyes,
}

impl Keeper {
    fn run(mut self, asked: &Receiver<Ask>, tell: &Sender<News>, wake: &(dyn Fn() + Send + Sync)) {
        // the last question is answered anew when the index changes
        let mut question: Option<(String, bool)> = None;
        while let Ok(first) = asked.recv() {
            let (mut project, mut watched, mut ask) = (None, false, false);
            for next in std::iter::once(first).chain(asked.try_iter()) {
                match next {
                    Ask::Follow(p) => project = Some(p),
                    Ask::Watched => watched = true,
                    Ask::Find { text, script } => {
                        question = Some((text, script));
                        ask = true;
                    }
                }
            }
            let project = project.or_else(|| self.of.clone());
            let Some(project) = project else { continue };
            if watched {
                self.known.retain(|_, w| w.is_some());
            }
            let same = self.of.as_ref().is_some_and(|of| same_material(of, &project));
            let changed = watched || !same;
            if changed {
                let (sight, unwatched) = collect::index_of(&project, &self.cache, &mut self.known, &mut self.eyes);
                self.sight = sight;
                let looks = meaning::files(&self.models).is_some();
                let _ = tell.send(News::Indexed { shots: self.sight.index.shots().len(), unwatched, looks });
            }
            self.of = Some(project.clone());
            if let Some((text, script)) = question.as_ref().filter(|_| ask || changed) {
                let found = find(&self.sight, &mut self.eyes, Some(&project), (text, *script), MOST_SHOTS);
                let _ = tell.send(News::Found { found, newest: asked.is_empty() });
            }
            if ask || changed {
                wake();
            }
        }
    }
}

/// Whether the index of one document is that of the other: the same media, and the same notes on them.
fn same_material(a: &Arc<Project>, b: &Arc<Project>) -> bool {
    if Arc::ptr_eq(a, b) {
        return true;
    }
    let media = a.media.len() == b.media.len() && a.media.iter().zip(&b.media).all(|(x, y)| x.0 == y.0 && Arc::ptr_eq(x.1, y.1));
    media && collect::notes(a) == collect::notes(b)
}

/// Shots for a text, or for each sentence of a script. `on` is the document in which sentences may be spoken.
pub(super) fn find(sight: &Sight, eyes: &mut Eyes, on: Option<&Project>, (text, script): (&str, bool), most: usize) -> Found {
    let heard = on.filter(|_| script).map(heard_words).unwrap_or_default();
    let mut one = |text: &str| shots_for(sight, eyes, text, most);
    let answers = if script {
        let mut from = 0;
        let sentence = |s: Sentence| {
            let place = on.and_then(|p| place(p, &heard, &s.text, &mut from));
            Answer { shots: one(&s.text), length: Some(Time::from_secs_f64(s.secs)), place, text: s.text }
        };
        sentences(text).into_iter().map(sentence).collect()
    } else if text.trim().is_empty() {
        Vec::new()
    } else {
        vec![Answer { text: text.trim().to_owned(), length: None, place: None, shots: one(text) }]
    };
    Found { text: text.to_owned(), script, answers }
}

/// Frames in which a sentence is said, after `from` among the words heard if it is said there.
fn place(project: &Project, heard: &[HeardWord], text: &str, from: &mut usize) -> Option<(i64, i64)> {
    let places = heard_at(heard, text);
    let words = places.iter().find(|p| p.start >= *from).or(places.first())?.clone();
    *from = words.end;
    let rate = project.sequence.frame_rate;
    let (first, last) = (heard.get(words.start)?, heard.get(words.end.checked_sub(1)?)?);
    let start = first.start.to_frames(rate, Rounding::Floor);
    Some((start, last.end.to_frames(rate, Rounding::Ceil).max(start + 1)))
}

fn shots_for(sight: &Sight, eyes: &mut Eyes, text: &str, most: usize) -> Vec<FoundShot> {
    let hits = eyes.find(sight, text, &Query::of(text, usual_tongue()), most);
    let found = hits.into_iter().filter_map(|hit| {
        let shot = sight.index.shots().get(hit.shot)?;
        let said = hit.reasons.iter().find_map(|r| if let By::Said { at_secs, .. } = r.by { Some(at_secs) } else { None });
        let (from, to) = (Time::from_secs_f64(shot.clean.from), Time::from_secs_f64(shot.clean.to));
        // a picture counts where nothing counts more
        let seen = hit.reasons.first().and_then(|r| if let By::Seen { at_secs, .. } = r.by { Some(at_secs) } else { None });
        // a moment before the word, so that it is heard whole, and before the picture, so that it is not missed
        let first = said.map(|secs| secs - 0.3).or(seen.map(|secs| secs - 0.5));
        let at = first.map_or(from, |secs| Time::from_secs_f64(secs.max(0.0))).max(from).min(to);
        Some(FoundShot { media: MediaId(shot.file), number: shot.number, from, to, at, score: hit.score, reasons: hit.reasons })
    });
    found.collect()
}
