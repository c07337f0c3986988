//! What pictures show, where the model for it is here: brought together with the index of shots, and compared with what is asked for.
//! Blocks; belongs to one thread.

use super::collect::usual_tongue;
use crate::{
    base::{ContentHash, MediaId},
    engine::{self, Seen},
    gpu::GpuContext,
    ml::{
        MlError,
        meaning::{Meaning, Pictures as LooksAt, Words},
        models::meaning,
    },
    model::Project,
    search::{Hit, Index, Pictures, Query, Seen as Glimpsed, Shot},
};
use std::path::{Path, PathBuf};

/// How CLIP was taught to speak of pictures.
const BEFORE: &str = "a photo of ";
/// What says nothing: a picture shows something if it is nearer to that than to these.
const NEUTRAL: [&str; 3] = ["a photo", "a photo of something", "a frame of a video"];

/// The half of the model that looks at pictures: on a graphics card where there is one, for a software device computes slower than the
/// processor.
///
/// # Errors
/// The file is no such network.
pub(super) fn network(clip: &Path, device: Option<GpuContext>) -> Result<LooksAt, MlError> {
    LooksAt::load(clip, device.filter(|d| !d.is_software()).as_ref())
}

/// Shots with their pictures.
#[derive(Default)]
pub(in crate::session) struct Sight {
    pub index: Index,
    pub pictures: Pictures,
}

impl Sight {
    /// Of shots of a project's media, with what was seen in them, where somebody looked.
    pub fn of(shots: Vec<Shot>, project: &Project, seen: Option<&Seen>, eyes: &mut Eyes) -> Self {
        let index = Index::new(shots, usual_tongue());
        let content = |file| project.media.get(&MediaId(file)).and_then(|m| m.file.hash);
        let pictures = seen.map(|seen| eyes.pictures(index.shots(), seen, &content)).unwrap_or_default();
        Self { index, pictures }
    }
}

/// See the module.
pub(in crate::session) struct Eyes {
    /// Where the user's models lie.
    models: PathBuf,
    /// Where is kept what was seen.
    cache: PathBuf,
    /// The half of the model that reads words, of the file that it was read from; None of a file that could not be read.
    words: Option<(PathBuf, Option<Reader>)>,
}

struct Reader {
    words: Words,
    neutral: Vec<Meaning>,
    /// The last text and what it means: asked again whenever the index changes.
    last: Option<(String, Meaning)>,
}

impl Eyes {
    pub fn new(models: PathBuf, cache: PathBuf) -> Self {
        Self { models, cache, words: None }
    }

    /// What was looked at; None where the model is not here.
    pub fn seen(&self) -> Option<Seen> {
        let (clip, _) = meaning::files(&self.models)?;
        Some(engine::seen_file(&self.cache, &clip).map(|f| engine::seen(&f)).unwrap_or_default())
    }

    /// The pictures of an index's shots. `content` is that of the files that shots are of.
    fn pictures(&mut self, shots: &[Shot], seen: &Seen, content: &dyn Fn(u64) -> Option<ContentHash>) -> Pictures {
        let (mut directions, mut times) = (Vec::new(), Vec::new());
        let of_shot: Vec<Vec<usize>> = shots
            .iter()
            .map(|shot| {
                let film = content(shot.file).and_then(|h| seen.films.get(&h)).map(Vec::as_slice).unwrap_or_default();
                let from = film.partition_point(|(secs, _)| *secs < shot.span.from);
                let own = film[from..].iter().take_while(|(secs, _)| *secs < shot.span.to || film.len() == 1);
                own.map(|(secs, picture)| {
                    directions.extend_from_slice(seen.direction(*picture));
                    times.push(*secs);
                    times.len() - 1
                })
                .collect()
            })
            .collect();
        if times.is_empty() {
            return Pictures::default();
        }
        let Some(reader) = self.reader() else { return Pictures::default() };
        Pictures::new(seen.len, directions, times, of_shot, &reader.neutral)
    }

    /// Shots for a query, by everything that is known.
    pub fn find(&mut self, sight: &Sight, text: &str, query: &Query, most: usize) -> Vec<Hit> {
        let wanted = query.wanted(text);
        if sight.pictures.count() == 0 || wanted.is_empty() {
            return sight.index.find(query, most);
        }
        let glimpses = self.reader().and_then(|r| {
            let scale = r.words.scale();
            Some(sight.pictures.glimpses(r.meaning(&wanted)?, scale))
        });
        let seen = glimpses.as_deref().map(|glimpses| Glimpsed { text: &wanted, glimpses });
        sight.index.find_seen(query, seen, most)
    }

    /// Read at the first question, and anew where another file took its place.
    fn reader(&mut self) -> Option<&mut Reader> {
        let (clip, merges) = meaning::files(&self.models)?;
        let of = engine::seen_file(&self.cache, &clip)?;
        if self.words.as_ref().is_none_or(|(file, _)| *file != of) {
            let reader = Reader::load(&clip, &merges).inspect_err(|e| tracing::warn!("{e}")).ok();
            self.words = Some((of, reader));
        }
        self.words.as_mut()?.1.as_mut()
    }
}

impl Reader {
    fn load(clip: &Path, merges: &Path) -> Result<Self, MlError> {
        let words = Words::load(clip, merges)?;
        let neutral = NEUTRAL.iter().map(|text| words.read(text, &|| false)).collect::<Result<_, _>>()?;
        Ok(Self { words, neutral, last: None })
    }

    fn meaning(&mut self, text: &str) -> Option<&Meaning> {
        if self.last.as_ref().is_none_or(|(last, _)| last != text) {
            let read = self.words.read(&format!("{BEFORE}{text}"), &|| false);
            let meaning = read.inspect_err(|e| tracing::warn!("{e}")).ok()?;
            self.last = Some((text.to_owned(), meaning));
        }
        self.last.as_ref().map(|(_, meaning)| meaning)
    }
}
