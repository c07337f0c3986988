//! Media of a project: where the file is, what it was when it was imported, and what was made from it.

use crate::{
    base::{ColorTags, ContentHash, MediaInfo, Stamp},
    speech::Transcript,
};
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// A file as the project remembers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaFile {
    /// Absolute in memory; written relative to the project file where that is possible.
    pub path: PathBuf,
    /// Size in bytes when imported, to notice a changed file. 0 = not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub size: u64,
    /// Last change when imported, in nanoseconds since 1970. 0 = not known.
    #[serde(default, skip_serializing_if = "is_default")]
    pub modified: i64,
    /// Content when imported; None where it is not known, as in projects of earlier versions.
    #[serde(default, skip_serializing_if = "is_default")]
    pub hash: Option<ContentHash>,
}

fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}

impl MediaFile {
    pub fn new(path: impl Into<PathBuf>, stamp: Stamp) -> Self {
        let Stamp { size, modified, hash } = stamp;
        Self { path: path.into(), size, modified, hash }
    }

    pub fn stamp(&self) -> Stamp {
        Stamp { size: self.size, modified: self.modified, hash: self.hash }
    }
}

/// A file that was made from a media's own and shows the same pictures at the same times, in another size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variant {
    /// Absolute in memory; written as the paths of media are.
    pub path: PathBuf,
    /// The media's own file as it was when this was made from it.
    pub of: Stamp,
    /// How it was made, in its maker's words (`mjpeg 720`, a model and its settings), to tell whether another is asked for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub recipe: String,
    /// What the file is itself.
    pub info: MediaInfo,
}

/// Which of a media's files is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rendition {
    /// The file that was imported.
    #[default]
    Original,
    /// A small one that is quick to decode. Never exported.
    Proxy,
    /// A larger one, in the original's place wherever it is shown.
    Upscaled,
}

/// One media of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Media {
    pub name: String,
    pub file: MediaFile,
    pub info: MediaInfo,
    /// Folder of the bin; empty = at the top. One of [`super::Project::folders`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub folder: String,
    /// What the user says the colours are, where the file is wrong or silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_override: Option<ColorTags>,
    /// A small stand-in for smooth editing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<Box<Variant>>,
    /// A larger picture that is shown and exported in the original's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upscaled: Option<Box<Variant>>,
    /// What is said in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transcript: Option<Arc<Transcript>>,
}

impl Media {
    /// A media of nothing but its file, at the top of the bin.
    pub fn new(name: impl Into<String>, file: MediaFile, info: MediaInfo) -> Self {
        Self { name: name.into(), file, info, folder: String::new(), color_override: None, proxy: None, upscaled: None, transcript: None }
    }

    pub fn variant(&self, rendition: Rendition) -> Option<&Variant> {
        match rendition {
            Rendition::Original => None,
            Rendition::Proxy => self.proxy.as_deref(),
            Rendition::Upscaled => self.upscaled.as_deref(),
        }
    }

    /// The variant, where it can take the original's place: made from the file as the project knows it, and see-through
    /// where that is.
    pub fn usable(&self, rendition: Rendition) -> Option<&Variant> {
        let alpha = |info: &MediaInfo| info.video.as_ref().is_some_and(|v| v.alpha);
        let fits = |v: &&Variant| v.info.video.is_some() && (alpha(&v.info) || !alpha(&self.info));
        self.variant(rendition).filter(|v| v.of.same_content(&self.file.stamp())).filter(fits)
    }

    /// Whether a variant is there, but of another file than the media's present one.
    pub fn is_stale(&self, rendition: Rendition) -> bool {
        self.variant(rendition).is_some_and(|v| !v.of.same_content(&self.file.stamp()))
    }

    /// Path and facts of one of its files; None where there is no such file.
    pub fn source(&self, rendition: Rendition) -> Option<(&Path, &MediaInfo)> {
        match rendition {
            Rendition::Original => Some((&self.file.path, &self.info)),
            other => self.variant(other).map(|v| (v.path.as_path(), &v.info)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::FrameRate, model::fixture::*};

    #[test]
    fn a_variant_stands_in_while_the_file_is_the_one_it_was_made_from() {
        let mut m = film("a", FrameRate::FPS_25, 100);
        assert!(m.usable(Rendition::Proxy).is_none() && !m.is_stale(Rendition::Proxy));
        m.proxy = Some(Box::new(proxy_of(&m)));
        assert_eq!(m.usable(Rendition::Proxy).map(|v| &v.path), Some(&PathBuf::from("/cache/a.proxy.mov")));
        assert_eq!(m.source(Rendition::Proxy).unwrap().1.video.as_ref().unwrap().height, 720);
        // moved or copied: the same content
        (m.file.path, m.file.modified, m.file.hash) = ("/elsewhere/a.mp4".into(), 99, Some(ContentHash(1)));
        assert!(m.usable(Rendition::Proxy).is_some());
        m.file.hash = Some(ContentHash(2));
        assert!(m.usable(Rendition::Proxy).is_none() && m.is_stale(Rendition::Proxy));
        assert!(m.usable(Rendition::Upscaled).is_none() && m.source(Rendition::Upscaled).is_none());
    }

    #[test]
    fn what_is_not_see_through_does_not_stand_in_for_what_is() {
        let mut m = film("a", FrameRate::FPS_25, 100);
        let mut v = proxy_of(&m);
        m.info.video.as_mut().unwrap().alpha = true;
        m.proxy = Some(Box::new(v.clone()));
        assert!(m.usable(Rendition::Proxy).is_none() && !m.is_stale(Rendition::Proxy));
        v.info.video.as_mut().unwrap().alpha = true;
        m.proxy = Some(Box::new(v));
        assert!(m.usable(Rendition::Proxy).is_some());
    }
}
