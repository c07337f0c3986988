//! Where an export's pictures and sounds come from: two small traits, so that the pipeline can be tested without files.

use crate::{
    base::{Picture, Time},
    engine::{
        files::{Candidate, candidates, open_first},
        sound::Sounds,
    },
    media::{self, AudioReader, MediaError, ReaderOptions, VideoReader},
    model::{Media, Rendition},
};

/// Decoded pictures kept behind the one being read: a forward pass needs next to none.
const CACHE_BYTES: usize = 8 << 20;

/// Opens media. Shared by the decode threads.
pub(super) trait Footage: Sync {
    fn pictures(&self, media: &Media, wanted: Rendition) -> Result<Box<dyn Pictures>, MediaError>;
    fn sounds(&self, media: &Media) -> Result<Box<dyn Sounds>, MediaError>;
}

/// The pictures of one file, asked for mostly forwards.
pub(super) trait Pictures {
    /// The picture shown at `time`; the last one past the end.
    fn at(&mut self, time: Time) -> Result<Picture, MediaError>;
    /// Where the file ended, if that was earlier than it declares.
    fn ended_early(&self) -> Option<Time>;
}

/// Media files.
pub(super) struct Files {
    /// Proxies may take the place of what is missing.
    pub proxies: bool,
}

impl Footage for Files {
    fn pictures(&self, media: &Media, wanted: Rendition) -> Result<Box<dyn Pictures>, MediaError> {
        let open = |c: &Candidate| -> Result<Box<dyn Pictures>, MediaError> {
            if c.info.video.as_ref().is_some_and(|v| v.still) {
                return Ok(Box::new(Still(media::still(&c.path)?)));
            }
            let options = ReaderOptions { cache_bytes: CACHE_BYTES, ..ReaderOptions::playback() };
            Ok(Box::new(VideoReader::open(&c.path, &c.info, options)?))
        };
        self.first(media, wanted, open)
    }

    fn sounds(&self, media: &Media) -> Result<Box<dyn Sounds>, MediaError> {
        self.first(media, Rendition::Original, |c| Ok(Box::new(AudioReader::open(&c.path, &c.info)?) as Box<dyn Sounds>))
    }
}

impl Files {
    fn first<T>(&self, media: &Media, wanted: Rendition, open: impl FnMut(&Candidate) -> Result<T, MediaError>) -> Result<T, MediaError> {
        let files = candidates(media, wanted, self.proxies);
        open_first(&files, open, || MediaError::NotFound(media.file.path.clone())).map(|(_, opened)| opened)
    }
}

impl Pictures for VideoReader {
    fn at(&mut self, time: Time) -> Result<Picture, MediaError> {
        Ok(self.frame_at(time)?.picture)
    }
    fn ended_early(&self) -> Option<Time> {
        self.ended_early()
    }
}

/// A still picture shows at all times.
struct Still(Picture);

impl Pictures for Still {
    fn at(&mut self, _: Time) -> Result<Picture, MediaError> {
        Ok(self.0.clone())
    }
    fn ended_early(&self) -> Option<Time> {
        None
    }
}
