//! The user's models: what is here and what could be, fetching, checking, taking in. Blocks; never called on the session's thread.

use super::Dirs;
use crate::{
    base::Trouble,
    ml::{
        MlError, Net,
        meaning::{Pictures, Words},
        models::{self, Found, Listed, SILERO, Source, meaning, speech},
        speech::{Vad, whisper},
    },
};
use serde::Serialize;
use std::{
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

/// A model as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelView {
    pub name: String,
    /// `upscale`, `speech`, `activity` (where somebody speaks), or `meaning` (what pictures show).
    pub task: &'static str,
    /// What it is good for.
    pub about: String,
    pub scale: Option<u32>,
    /// It is on this machine.
    pub installed: bool,
    /// `program`, `official` or `own`.
    pub origin: &'static str,
    pub path: Option<PathBuf>,
    pub bytes: Option<u64>,
    pub sha256: Option<String>,
    pub licence: Option<String>,
    pub url: Option<String>,
    /// Used where nobody says.
    pub usual: bool,
}

/// How a model's file is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ModelCheck {
    pub name: String,
    pub path: Option<PathBuf>,
    pub ok: bool,
    /// The network, or what is wrong.
    pub detail: String,
}

/// Where the user's models lie.
pub fn folder(dirs: &Dirs) -> PathBuf {
    dirs.data.join("models")
}

/// Everything that has a name.
pub fn list(dirs: &Dirs) -> Vec<ModelView> {
    models::list(&folder(dirs)).into_iter().map(view).collect()
}

fn view(l: Listed) -> ModelView {
    let path = match &l.found {
        Some(Found::File(path)) => Some(path.clone()),
        _ => None,
    };
    let origin = match (&l.official, &l.found) {
        (Some(_), _) => "official",
        (None, Some(Found::Inside(_))) => "program",
        (None, _) => "own",
    };
    let m = l.official.as_ref();
    ModelView {
        task: "upscale",
        about: m.map_or_else(String::new, |m| m.about.to_string()),
        scale: m.map(|m| m.scale).or((origin == "program").then_some(2)),
        installed: l.found.is_some(),
        origin,
        bytes: m.map(|m| m.bytes).or_else(|| path.as_ref().and_then(|p| Some(std::fs::metadata(p).ok()?.len()))),
        sha256: m.map(|m| m.sha256.to_string()),
        licence: m.map(|m| m.licence.to_string()).or((origin == "program").then(|| "MIT OR Apache-2.0".to_owned())),
        url: m.map(|m| m.url.to_string()),
        usual: l.name == models::usual(),
        path,
        name: l.name,
    }
}

/// A model that is no upscaler, as lists show it.
fn other(task: &'static str, name: &str, official: Option<&Source>, path: Option<PathBuf>, usual: bool) -> ModelView {
    ModelView {
        name: name.to_owned(),
        task,
        about: official.map_or_else(String::new, |m| m.about.to_string()),
        scale: None,
        installed: path.is_some(),
        origin: if official.is_some() { "official" } else { "own" },
        bytes: official.map(|m| m.bytes).or_else(|| path.as_ref().and_then(|p| Some(std::fs::metadata(p).ok()?.len()))),
        sha256: official.map(|m| m.sha256.to_string()),
        licence: official.map(|m| m.licence.to_string()),
        url: official.map(|m| m.url.to_string()),
        usual,
        path,
    }
}

/// Models that recognise speech, from the quickest to the best, and the one that finds out where somebody speaks. `usual` is the one that
/// would be fetched for this machine.
pub fn speech_list(dirs: &Dirs) -> Vec<ModelView> {
    let folder = folder(dirs);
    let advised = speech::advised(speech::Machine::here());
    let listed = speech::list(&folder).into_iter();
    let mut all: Vec<ModelView> = listed.map(|l| other("speech", &l.name, l.official.as_ref(), l.path, l.name == advised)).collect();
    all.push(other("activity", &SILERO.name, Some(&SILERO), speech::silero(&folder), false));
    all
}

/// The model that tells what pictures show, and how it reads words.
pub fn meaning_list(dirs: &Dirs) -> Vec<ModelView> {
    let folder = folder(dirs);
    let here = |s: &Source| Some(folder.join(s.file.as_ref())).filter(|p| p.is_file());
    [meaning::CLIP, meaning::MERGES].iter().map(|s| other("meaning", &s.name, Some(s), here(s), *s == meaning::CLIP)).collect()
}

/// Bytes of an official model, by any of its names.
pub fn size(name: &str) -> Option<u64> {
    source(name).map(|s| s.bytes)
}

fn source(name: &str) -> Option<Source> {
    let upscaler = models::official().into_iter().find(|m| m.name.eq_ignore_ascii_case(name)).map(|m| m.source);
    upscaler.or_else(|| speech::named(name)).or_else(|| meaning::named(name))
}

/// Fetch an official model, from its server or from a folder; where it lies then, and whether it did already. With a model of speech
/// comes the small one that finds out where somebody speaks.
///
/// # Errors
/// There is no such model, it cannot be had, or it is not the file that it should be.
pub fn pull(
    name: &str,
    from: Option<&Path>,
    dirs: &Dirs,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<(PathBuf, bool), Trouble> {
    fetch(name, from, dirs, stop, told).map(|p| (p.path, p.was_there)).map_err(|e| Trouble::of(&e))
}

/// As [`pull`], for whoever tells errors apart. What a model needs beside it comes along.
pub(super) fn fetch(
    name: &str,
    from: Option<&Path>,
    dirs: &Dirs,
    stop: &AtomicBool,
    told: &mut dyn FnMut(f32),
) -> Result<models::Pulled, MlError> {
    let model = source(name).ok_or_else(|| MlError::NoModel(name.to_owned()))?;
    let folder = folder(dirs);
    let mut one = |model: &Source| match from {
        Some(from) => models::pull_from(model, from, &folder),
        None => models::pull(model, &folder, stop, told),
    };
    if model == meaning::CLIP {
        // one is of no use without the other; the small one first
        one(&meaning::MERGES)?;
    }
    let pulled = one(&model)?;
    if speech::named(name).is_some_and(|s| s != SILERO)
        && let Err(e) = one(&SILERO)
    {
        // speech is recognised without it too
        tracing::warn!("{e}");
    }
    Ok(pulled)
}

/// Take a file of weights into the user's models, if it is one; the name that it has there.
///
/// # Errors
/// It is none of a network that is known, or the folder cannot be written.
pub fn import(file: &Path, dirs: &Dirs) -> Result<String, Trouble> {
    if file.extension().is_some_and(|e| e == "bin") && whisper::look(file).is_ok() {
        return import_speech(file, dirs);
    }
    Net::load(file, None).map_err(|e| Trouble::of(&e))?;
    // ncnn's come in pairs
    let pair = ["param", "bin"].map(|e| file.with_extension(e));
    let files = if pair.contains(&file.to_path_buf()) { pair.to_vec() } else { vec![file.to_path_buf()] };
    for file in &files {
        let Some(name) = file.file_name() else { continue };
        copy(file, Path::new(name), dirs)?;
    }
    Ok(stem(file))
}

/// Take a ggml file of Whisper, under a name by which it is found.
fn import_speech(file: &Path, dirs: &Dirs) -> Result<String, Trouble> {
    let stem = stem(file);
    let name = stem.strip_prefix("ggml-").unwrap_or(&stem);
    copy(file, Path::new(&format!("ggml-{name}.bin")), dirs)?;
    Ok(name.to_owned())
}

fn stem(file: &Path) -> String {
    file.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

/// Into the folder of models, under this name.
fn copy(file: &Path, name: &Path, dirs: &Dirs) -> Result<(), Trouble> {
    let folder = folder(dirs);
    let done = std::fs::create_dir_all(&folder).and_then(|()| std::fs::copy(file, folder.join(name)));
    done.map(drop).map_err(|e| Trouble::of(&MlError::Unwritable { path: folder.clone(), reason: e.to_string() }))
}

/// Look at every model that is here: its sum, where that is known, and whether its network can be used.
pub fn verify(dirs: &Dirs) -> Vec<ModelCheck> {
    let folder = folder(dirs);
    let installed = models::list(&folder).into_iter().filter(|l| l.found.is_some());
    let mut all: Vec<ModelCheck> = installed
        .map(|l| {
            let v = view(l);
            let sum = v.path.as_deref().zip(v.sha256.as_deref());
            let official = sum.filter(|(path, _)| path.extension().is_some_and(|e| e == "pth"));
            let wrong = official.filter(|(path, sum)| models::sum_of(path).ok().as_deref() != Some(*sum)).is_some();
            let net = models::open(&v.name, &folder, None);
            let (ok, detail) = match net {
                Ok(_) if wrong => (false, WRONG_SUM.to_owned()),
                Ok(net) => (true, net.describe()),
                Err(e) => (false, e.to_string()),
            };
            ModelCheck { name: v.name, path: v.path, ok, detail }
        })
        .collect();
    all.extend(speech_list(dirs).into_iter().chain(meaning_list(dirs)).filter_map(|v| verify_other(v, &folder)));
    all
}

const WITHOUT_OTHER: &str = "its other file is not here; fetch clip-vit-b-32 again";
const WRONG_SUM: &str = "its SHA-256 is not that of the official file";

/// A model of speech or of meaning: its sum, and whether it can be used.
fn verify_other(v: ModelView, folder: &Path) -> Option<ModelCheck> {
    let path = v.path.clone()?;
    let sum = v.sha256.as_deref().is_none_or(|sum| models::sum_of(&path).ok().as_deref() == Some(sum));
    let (ok, detail) = match (v.task, sum) {
        (_, false) => (false, WRONG_SUM.to_owned()),
        ("meaning", _) => match meaning::files(folder) {
            Some((clip, merges)) => Pictures::load(&clip, None)
                .and_then(|p| Ok((p, Words::load(&clip, &merges)?)))
                .map_or_else(|e| (false, e.to_string()), |(p, _)| (true, format!("CLIP, {} numbers", p.dimensions()))),
            None => (false, WITHOUT_OTHER.to_owned()),
        },
        ("activity", _) => Vad::load(&path).map_or_else(|e| (false, e.to_string()), |_| (true, "Silero, finds speech".to_owned())),
        _ => match whisper::look(&path) {
            Ok(h) => (true, format!("Whisper, {} tensors, {}", h.tensors, if h.many_languages { "all languages" } else { "English" })),
            Err(e) => (false, e.to_string()),
        },
    };
    Some(ModelCheck { name: v.name, path: v.path, ok, detail })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_taken_in_if_it_holds_a_network_and_is_found_by_its_name() {
        let home = tempfile::tempdir().unwrap();
        let dirs = Dirs::at(home.path());
        let weights = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights/compact-x2.pth");
        assert_eq!(import(&weights, &dirs).unwrap(), "compact-x2");
        let found = list(&dirs).into_iter().find(|m| m.path.as_deref().is_some_and(|p| p.ends_with("compact-x2.pth")));
        // the program's own model may have the same name and then keeps it
        assert!(found.is_some_and(|m| m.installed && m.origin == "own") || list(&dirs).iter().any(|m| m.origin == "program"));
        let bad = home.path().join("bad.pth");
        std::fs::write(&bad, b"PK\x03\x04").unwrap();
        assert!(import(&bad, &dirs).unwrap_err().text.contains("bad.pth"));
        std::fs::write(folder(&dirs).join("RealESRGAN_x4plus.pth"), std::fs::read(&weights).unwrap()).unwrap();
        let checks = verify(&dirs);
        let of = |name: &str| checks.iter().find(|c| c.name == name).unwrap();
        assert!(!of("RealESRGAN_x4plus").ok && of("RealESRGAN_x4plus").detail.contains("SHA-256"));
        let stop = AtomicBool::new(false);
        assert!(pull("nonsense", None, &dirs, &stop, &mut |_| {}).unwrap_err().hint.is_some());
        assert!(pull("realesr-animevideov3", Some(home.path()), &dirs, &stop, &mut |_| {}).is_err());
    }
}
