//! The model that tells what pictures show, by name: OpenAI's CLIP with Hugging Face's names, and the list by which it reads words.
//!
//! Sizes and SHA-256: what the server's own large-file pointers say, as several public catalogues give them alike. The list of merges is
//! that of openai/CLIP (`clip/bpe_simple_vocab_16e6.txt.gz`), cut to the lines that CLIP reads.

use super::Source;
use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

/// Of code and weights [openai/CLIP, LICENSE].
const LICENCE: &str = "MIT, © 2021 OpenAI";

/// CLIP with the ViT-B/32: the smallest that OpenAI published.
pub const CLIP: Source = Source {
    name: Cow::Borrowed("clip-vit-b-32"),
    file: Cow::Borrowed("clip-vit-b-32.safetensors"),
    // the file of this sum, whatever becomes of the main branch
    url: Cow::Borrowed(
        "https://huggingface.co/openai/clip-vit-base-patch32/resolve/b33cedfd0df4e43b8238760678fcc89e1a0d38b3/model.safetensors",
    ),
    bytes: 605_157_884,
    sha256: Cow::Borrowed("99d28a652e6ec46629ab7047a0ac82c69b1fe11e0ce672c43af65d3a9a3fc05d"),
    licence: Cow::Borrowed(LICENCE),
    about: Cow::Borrowed("footage found by what its pictures show, in English"),
};

/// How it reads words; fetched along with it.
pub const MERGES: Source = Source {
    name: Cow::Borrowed("clip-merges"),
    file: Cow::Borrowed("clip-merges.txt"),
    url: Cow::Borrowed("https://huggingface.co/openai/clip-vit-base-patch32/resolve/main/merges.txt"),
    bytes: 524_619,
    sha256: Cow::Borrowed("9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a"),
    licence: Cow::Borrowed(LICENCE),
    about: Cow::Borrowed("how clip-vit-b-32 reads words"),
};

/// Where both files lie, if both are here.
pub fn files(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let [clip, merges] = [CLIP, MERGES].map(|s| folder.join(s.file.as_ref()));
    (clip.is_file() && merges.is_file()).then_some((clip, merges))
}

/// The file of one of these names.
pub fn named(name: &str) -> Option<Source> {
    [CLIP, MERGES].into_iter().find(|s| s.name.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_files_are_needed_and_have_sums() {
        for s in [CLIP, MERGES] {
            assert!(s.sha256.len() == 64 && s.sha256.chars().all(|c| c.is_ascii_hexdigit()) && s.url.starts_with("https://"));
            assert_eq!(named(&s.name.to_uppercase()), Some(s.clone()));
        }
        let dir = tempfile::tempdir().unwrap();
        assert_eq!((files(dir.path()), named("clip")), (None, None));
        std::fs::write(dir.path().join("clip-merges.txt"), "").unwrap();
        assert_eq!(files(dir.path()), None);
        std::fs::write(dir.path().join("clip-vit-b-32.safetensors"), "").unwrap();
        assert!(files(dir.path()).is_some());
    }
}
