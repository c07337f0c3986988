//! Models of speech by name: OpenAI's Whisper as ggml files, and Silero's network that finds out where somebody speaks.
//!
//! Sizes and SHA-256: what the server's own large-file pointers say (Hugging Face, `ggerganov/whisper.cpp` and `ggml-org/whisper-vad`), as
//! several public catalogues give them alike. whisper.cpp itself publishes SHA-1 only (its models/README.md).

use super::Source;
use crate::ml::speech::{SpeechError, whisper};
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

/// Of the weights [openai/whisper, LICENSE].
const LICENCE: &str = "MIT, © 2022 OpenAI";
const AT: &str = "https://huggingface.co/ggerganov/whisper.cpp/resolve/main/";

/// Finds out where somebody speaks; fetched along with any of the others.
pub const SILERO: Source = Source {
    name: Cow::Borrowed("silero-vad"),
    file: Cow::Borrowed("ggml-silero-v6.2.0.bin"),
    url: Cow::Borrowed("https://huggingface.co/ggml-org/whisper-vad/resolve/main/ggml-silero-v6.2.0.bin"),
    bytes: 885_098,
    sha256: Cow::Borrowed("2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987"),
    licence: Cow::Borrowed("MIT, © Silero Team"),
    about: Cow::Borrowed("where somebody speaks: silence and music are passed over"),
};

fn whisper(name: &'static str, bytes: u64, sha256: &'static str, about: &'static str) -> Source {
    let file = format!("ggml-{name}.bin");
    Source {
        name: Cow::Borrowed(name),
        url: Cow::Owned(format!("{AT}{file}")),
        file: Cow::Owned(file),
        bytes,
        sha256: Cow::Borrowed(sha256),
        licence: Cow::Borrowed(LICENCE),
        about: Cow::Borrowed(about),
    }
}

/// The models of Whisper, from the quickest to the best.
#[rustfmt::skip]
pub fn official() -> [Source; 12] {
    [
        whisper("tiny", 77_691_713, "be07e048e1e599ad46341c8d2a135645097a538221678b7acdd1b1919c6e1b21", "all languages, quick and rough"),
        whisper("tiny.en", 77_704_715, "921e4cf8686fdd993dcd081a5da5b6c365bfde1162e72b08d75ac75289920b1f", "English, quick and rough"),
        whisper("base", 147_951_465, "60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe", "all languages, quick"),
        whisper("base.en", 147_964_211, "a03779c86df3323075f5e796cb2ce5029f00ec8869eee3fdfb897afe36c6d002", "English, quick"),
        whisper("small", 487_601_967, "1be3a9b2063867b937e64e2ec7483364a79917e157fa98c5d94b5c1fffea987b", "all languages, good"),
        whisper("small.en", 487_614_201, "c6138d6d58ecc8322097e0f987c32f1be8bb0a18532a3f88f734d1bbf9c41e5d", "English, good"),
        whisper("medium", 1_533_763_059, "6c14d5adee5f86394037b4e4e8b59f1673b6cee10e3cf0b11bbdbee79c156208", "all languages, better and slow"),
        whisper("medium.en", 1_533_774_781, "cc37e93478338ec7700281a7ac30a10128929eb8f427dda2e865faa8f6da4356", "English, better and slow"),
        whisper("large-v3-turbo-q5_0", 574_041_195, "394221709cd5ad1f40c46e6031ca61bce88931e6e088c188294c6d5a55ffa7e2", "all languages, nearly the best in little memory"),
        whisper("large-v3-turbo", 1_624_555_275, "1fc70f774d38eb169993ac391eea357ef47c88757ef72ee5943879b7e8e2bc69", "all languages, nearly the best"),
        whisper("large-v3-q5_0", 1_081_140_203, "d75795ecff3f83b5faa89d1900604ad8c780abd5739fae406de19f23ecd98ad1", "all languages, the best in less memory, very slow"),
        whisper("large-v3", 3_095_033_483, "64d182b440b98d5203c4f9bd541544d84c605196c4f7b845dfa11fb23594d1e2", "all languages, the best and very slow"),
    ]
}

/// A model as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    /// None for the user's own.
    pub official: Option<Source>,
    pub path: Option<PathBuf>,
}

/// Every model of Whisper that has a name: the official ones, then other ggml files in `folder`.
pub fn list(folder: &Path) -> Vec<Listed> {
    let here = |s: &Source| Some(folder.join(s.file.as_ref())).filter(|p| p.is_file());
    let official = official();
    let mut all: Vec<Listed> =
        official.iter().map(|s| Listed { name: s.name.to_string(), path: here(s), official: Some(s.clone()) }).collect();
    let own = |path: PathBuf| {
        let stem = path.file_stem()?.to_str()?;
        let name = stem.strip_prefix("ggml-")?.to_owned();
        let known = official.iter().any(|s| s.name == name) || path.file_name().is_some_and(|f| f == SILERO.file.as_ref());
        (path.extension().is_some_and(|e| e == "bin") && !known).then_some(Listed { name, official: None, path: Some(path) })
    };
    let mut others: Vec<Listed> = std::fs::read_dir(folder).into_iter().flatten().flatten().filter_map(|e| own(e.path())).collect();
    others.sort_by(|a, b| a.name.cmp(&b.name));
    all.extend(others);
    all
}

/// Where the network that finds speech lies, if it is here.
pub fn silero(folder: &Path) -> Option<PathBuf> {
    Some(folder.join(SILERO.file.as_ref())).filter(|p| p.is_file())
}

/// The official file of a name: `small`, `whisper-small`, `ggml-small.bin`.
pub fn named(name: &str) -> Option<Source> {
    let small = name.to_ascii_lowercase();
    let bare = small.strip_prefix("whisper-").or_else(|| small.strip_prefix("ggml-")).unwrap_or(&small);
    let bare = bare.strip_suffix(".bin").unwrap_or(bare);
    official().into_iter().chain([SILERO]).find(|s| s.name == bare || s.file == small)
}

/// Memory that a model of so many bytes takes while it works: measured by whisper.cpp's authors at 273 MB for tiny, 388 for base, 852 for
/// small, 2.1 GB for medium, 3.9 GB for large.
pub fn memory(bytes: u64) -> u64 {
    bytes + bytes / 3 + 200_000_000
}

/// What a machine can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Bytes; None where nobody knows.
    pub memory: Option<u64>,
    pub threads: usize,
}

impl Machine {
    /// This one.
    pub fn here() -> Self {
        let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let total = text.lines().find_map(|l| l.strip_prefix("MemTotal:")?.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        Self { memory: total.map(|k| k << 10), threads: std::thread::available_parallelism().map_or(1, usize::from) }
    }

    /// Half of the memory is the film's.
    fn holds(&self, bytes: u64) -> bool {
        self.memory.is_none_or(|all| memory(bytes) <= all / 2)
    }
}

/// Fewest threads with which a model is worth waiting for: the rest of the time goes with its size.
const WORTH: [(&str, usize); 5] = [("large-v3-turbo", 12), ("large-v3-turbo-q5_0", 8), ("small", 4), ("base", 2), ("tiny", 1)];

/// The model that one would fetch for a machine.
pub fn advised(machine: Machine) -> &'static str {
    let fits = |name: &str| official().iter().any(|s| s.name == name && machine.holds(s.bytes));
    WORTH.iter().find(|(name, threads)| machine.threads >= *threads && fits(name)).map_or("tiny", |(name, _)| name)
}

/// The file to use: of a name or a path; where nobody says, the best that is here, fits in the memory and knows the language.
///
/// # Errors
/// There is no such model, or none at all.
pub fn choose(wanted: Option<&str>, language: Option<&str>, folder: &Path, machine: Machine) -> Result<PathBuf, SpeechError> {
    let all = list(folder);
    if let Some(wanted) = wanted {
        let path = Path::new(wanted);
        if path.components().count() > 1 || path.is_file() {
            return whole(path, language, machine);
        }
        let source = named(wanted);
        let is_it = |l: &&Listed| source.as_ref().map_or(l.name == wanted, |s| l.name == s.name);
        return all.iter().find(is_it).and_then(|l| l.path.clone()).ok_or_else(|| SpeechError::NoModel(wanted.to_owned()));
    }
    let here: Vec<(PathBuf, whisper::Header)> =
        all.into_iter().filter_map(|l| l.path).filter_map(|p| Some((p.clone(), whisper::look(&p).ok()?))).collect();
    let english = language.is_some_and(|l| l == "en" || l.starts_with("en-"));
    // the official ones stand from the quickest to the best, one's own after them; English ones only where English is spoken
    let suits = |h: &whisper::Header| h.many_languages || english;
    let best = here.iter().rfind(|(_, h)| suits(h) && machine.holds(h.bytes));
    let smallest = || here.iter().filter(|(_, h)| suits(h)).min_by_key(|(_, h)| h.bytes);
    let any = || here.last().filter(|_| language.is_none());
    let none = || SpeechError::NoEngine { model: advised(machine).to_owned() };
    best.or_else(smallest).or_else(any).map(|(p, _)| p.clone()).ok_or_else(none)
}

/// A file, or what is chosen of a folder.
fn whole(path: &Path, language: Option<&str>, machine: Machine) -> Result<PathBuf, SpeechError> {
    if path.is_dir() {
        return choose(None, language, path, machine).map_err(|_| SpeechError::NoModel(path.display().to_string()));
    }
    Ok(path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ml::speech::whisper::scripted::{ENGLISH, Say, scripted};

    #[test]
    fn names_and_sums_are_whole_and_found_in_every_spelling() {
        let all = official();
        for s in all.iter().chain([&SILERO]) {
            assert!(s.sha256.len() == 64 && s.sha256.chars().all(|c| c.is_ascii_hexdigit()) && s.url.ends_with(s.file.as_ref()));
            for spelling in [s.name.to_string(), s.file.to_string(), s.name.to_uppercase()] {
                assert_eq!(named(&spelling).map(|f| f.name), Some(s.name.clone()), "{spelling}");
            }
        }
        assert_eq!(named("whisper-small.en").unwrap().file, "ggml-small.en.bin");
        assert_eq!(named("huge"), None);
        let names: std::collections::BTreeSet<_> = all.iter().map(|s| s.name.clone()).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn a_machine_is_advised_what_it_can_do() {
        let of = |gb: u64, threads| advised(Machine { memory: Some(gb << 30), threads });
        assert_eq!(
            [of(1, 16), of(2, 2), of(8, 4), of(8, 8), of(32, 16), of(0, 1)],
            ["base", "base", "small", "large-v3-turbo-q5_0", "large-v3-turbo", "tiny"]
        );
        assert_eq!(advised(Machine { memory: None, threads: 4 }), "small");
        assert!(Machine::here().threads > 0);
    }

    #[test]
    fn the_best_that_is_here_and_fits_is_taken_and_nothing_is_said_in_one_line() {
        let dir = tempfile::tempdir().unwrap();
        let machine = Machine { memory: Some(8 << 30), threads: 4 };
        let none = choose(None, None, dir.path(), machine).unwrap_err();
        assert_eq!(none, SpeechError::NoEngine { model: "small".into() });
        let model = scripted(ENGLISH, &[Say::Time(0)]);
        let mut english = model.clone();
        // a vocabulary of English alone; whisper.cpp would refuse the file, but nobody asks it here
        english[4..8].copy_from_slice(&51_864i32.to_le_bytes());
        let put = |name: &str, bytes: &[u8]| std::fs::write(dir.path().join(name), bytes).unwrap();
        put("ggml-base.en.bin", &english);
        put("ggml-small.bin", b"half of it");
        let chosen = |wanted: Option<&str>, language: Option<&str>| {
            choose(wanted, language, dir.path(), machine).map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
        };
        // damaged ones are never taken unasked; an English one only for English, or where nothing else is
        assert_eq!(chosen(None, Some("en-GB")).unwrap(), "ggml-base.en.bin");
        assert!(chosen(None, Some("de")).is_err());
        assert_eq!(chosen(None, None).unwrap(), "ggml-base.en.bin");
        put("ggml-tiny.bin", &model);
        put("ggml-own.bin", &model);
        assert_eq!(chosen(None, Some("de")).unwrap(), "ggml-own.bin");
        assert_eq!(chosen(Some("tiny"), None).unwrap(), "ggml-tiny.bin");
        assert_eq!(chosen(Some("own"), None).unwrap(), "ggml-own.bin");
        assert_eq!(chosen(Some("large-v3"), None), Err(SpeechError::NoModel("large-v3".into())));
        let folder = dir.path().to_string_lossy().into_owned();
        assert_eq!(chosen(Some(&folder), None).unwrap(), "ggml-own.bin");
        assert_eq!(list(dir.path()).iter().filter(|l| l.path.is_some()).count(), 4);
        // with no room for any, the smallest
        let small = Machine { memory: Some(1 << 20), threads: 1 };
        assert!(choose(None, Some("de"), dir.path(), small).is_ok());
    }
}
