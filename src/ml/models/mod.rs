//! Models by name: the official files of Real-ESRGAN with their sizes and sums, the one that comes with the program, and what lies in the
//! user's folder of models; those that recognise speech are in [`speech`], the one that looks at pictures in [`meaning`]. Fetching them is
//! [`pull`]. Blocks; any worker thread.

pub mod meaning;
mod pull;
pub mod speech;

pub use pull::{Pulled, pull, pull_from, sum_of};
pub use speech::SILERO;

use super::{MlError, Net, Weights};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

/// A file that can be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: Cow<'static, str>,
    pub file: Cow<'static, str>,
    pub url: Cow<'static, str>,
    pub bytes: u64,
    pub sha256: Cow<'static, str>,
    pub licence: Cow<'static, str>,
    /// What it is good for.
    pub about: Cow<'static, str>,
}

/// An official network that makes pictures larger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    pub source: Source,
    pub scale: u32,
    /// The model that it can be mixed with, for less strength against noise.
    pub twin: Option<&'static str>,
}

impl std::ops::Deref for Model {
    type Target = Source;
    fn deref(&self) -> &Source {
        &self.source
    }
}

/// Of all official files [LICENSE of xinntao/Real-ESRGAN].
const LICENCE: &str = "BSD-3-Clause, © 2021 Xintao Wang";

macro_rules! official {
    ($name:literal, $tag:literal, $bytes:literal, $sum:literal, $scale:literal, $about:literal, $twin:expr) => {
        Model {
            source: Source {
                name: Cow::Borrowed($name),
                file: Cow::Borrowed(concat!($name, ".pth")),
                url: Cow::Borrowed(concat!("https://github.com/xinntao/Real-ESRGAN/releases/download/", $tag, "/", $name, ".pth")),
                bytes: $bytes,
                sha256: Cow::Borrowed($sum),
                licence: Cow::Borrowed(LICENCE),
                about: Cow::Borrowed($about),
            },
            scale: $scale,
            twin: $twin,
        }
    };
}

/// The official files whose sums are known (sizes and sums from OpenModelDB).
pub fn official() -> [Model; 6] {
    [
        official!(
            "realesr-animevideov3",
            "v0.2.5.0",
            2_504_012,
            "b8a8376811077954d82ca3fcf476f1ac3da3e8a68a4f4d71363008000a18b75d",
            4,
            "drawn films, quick",
            None
        ),
        official!(
            "realesr-general-x4v3",
            "v0.2.5.0",
            4_885_111,
            "8dc7edb9ac80ccdc30c3a5dca6616509367f05fbc184ad95b731f05bece96292",
            4,
            "films and photographs, quick; its strength against noise can be set",
            Some("realesr-general-wdn-x4v3")
        ),
        official!(
            "realesr-general-wdn-x4v3",
            "v0.2.5.0",
            4_885_111,
            "1641f8c4464b9f097c9fdda5589273713f67cf59f3d909e0bd688f0cee269dca",
            4,
            "the twin of realesr-general-x4v3 that keeps noise",
            None
        ),
        official!(
            "RealESRGAN_x4plus",
            "v0.1.0",
            67_040_989,
            "4fa0d38905f75ac06eb49a7951b426670021be3018265fd191d2125df9d682f1",
            4,
            "photographs, thorough and slow",
            None
        ),
        official!(
            "RealESRGAN_x2plus",
            "v0.2.1",
            67_061_725,
            "49fafd45f8fd7aa8d31ab2a22d14d91b536c34494a5cfe31eb5d89c2fa266abb",
            2,
            "photographs at twice their size, slow",
            None
        ),
        official!(
            "RealESRGAN_x4plus_anime_6B",
            "v0.2.2.4",
            17_938_799,
            "f872d837d3c90ed2e05227bed711af5671a6fd1c9f7d7e91c911a61f155e99da",
            4,
            "drawings, thorough and slow",
            None
        ),
    ]
}

/// Kinds of files that hold weights, by their ends.
pub const ENDS: [&str; 5] = ["pth", "safetensors", "bpk", "param", "pt"];

/// Where a model is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// In the program itself.
    Inside(&'static [u8]),
    File(PathBuf),
}

/// A model as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// The official file of this name; None for the user's own and the program's.
    pub official: Option<Model>,
    pub found: Option<Found>,
}

/// The model that comes with the program: its name and its file. models/README.md says where it is from.
const INSIDE: (&str, &[u8]) = ("compact-x2", include_bytes!("../../../models/compact-x2.safetensors"));

/// What is used where nobody says.
pub fn usual() -> &'static str {
    INSIDE.0
}

/// Everything that has a name, wherever it is: the program's own, the official ones, and further files in `folder`.
pub fn list(folder: &Path) -> Vec<Listed> {
    let inside = Listed { name: INSIDE.0.into(), official: None, found: Some(Found::Inside(INSIDE.1)) };
    let official = official();
    let mut all = vec![inside];
    all.extend(official.iter().map(|m| {
        let found = in_folder(folder, &m.name).map(Found::File);
        Listed { name: m.name.to_string(), official: Some(m.clone()), found }
    }));
    let mut own: Vec<_> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| p.extension().is_some_and(|e| ENDS.iter().any(|end| e.eq_ignore_ascii_case(end))))
        // weights too, but of a network that makes nothing larger
        .filter(|p| p.file_name().is_some_and(|f| f != meaning::CLIP.file.as_ref()))
        .filter_map(|p| Some((p.file_stem()?.to_str()?.to_owned(), p)))
        .filter(|(name, _)| !all.iter().any(|l| l.name == *name))
        .map(|(name, path)| Listed { name, official: None, found: Some(Found::File(path)) })
        .collect();
    own.sort_by(|a, b| a.name.cmp(&b.name));
    own.dedup_by(|a, b| a.name == b.name);
    all.extend(own);
    all
}

/// The file of this name in the folder, of any kind.
fn in_folder(folder: &Path, name: &str) -> Option<PathBuf> {
    ENDS.iter().map(|e| folder.join(format!("{name}.{e}"))).find(|p| p.is_file())
}

/// A network by the name of a model or the path of its weights. `denoise`: strength against noise, 0 to 1, of models that have a twin.
///
/// # Errors
/// There is no such model or it is not here, its weights are wrong, or it has no strength that could be set.
pub fn open(name: &str, folder: &Path, denoise: Option<f32>) -> Result<Net, MlError> {
    let path = Path::new(name);
    let is_path =
        path.components().count() > 1 || path.extension().is_some_and(|e| ENDS.iter().any(|end| e.eq_ignore_ascii_case(end)) || e == "bin");
    let all = list(folder);
    let known = all.iter().find(|l| l.name.eq_ignore_ascii_case(name));
    let found = match known {
        Some(l) if !is_path => l.found.clone().ok_or_else(|| MlError::NotHere(l.name.clone()))?,
        _ if is_path || path.is_file() => Found::File(path.to_owned()),
        _ => return Err(MlError::NoModel(name.to_owned())),
    };
    let share = denoise.filter(|d| *d < 1.0);
    let twin = match (share, known.and_then(|l| l.official.as_ref())) {
        (None, _) => None,
        (Some(share), Some(Model { twin: Some(twin), .. })) => {
            let file = in_folder(folder, twin).ok_or_else(|| MlError::NotHere((*twin).to_owned()))?;
            Some((file, share))
        }
        (Some(_), _) => return Err(MlError::NoStrength(name.to_owned())),
    };
    match found {
        Found::File(path) => Net::load(&path, twin.as_ref().map(|(p, s)| (p.as_path(), *s))),
        Found::Inside(bytes) => {
            let bad = |fault| MlError::Weights { path: name.into(), fault };
            Net::of(&Weights::from_bytes(bytes.to_vec()).map_err(bad)?).map_err(bad)
        }
    }
}

#[cfg(test)]
mod tests;
