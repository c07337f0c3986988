//! Against a small network of random weights whose results were reckoned elsewhere (tests/weights/make_clip.py), and what is no network.

use super::*;
use crate::{
    gpu::AdapterPick,
    ml::{Array, weights::tests::array_of},
};
use std::path::PathBuf;

const TEXTS: [&str; 4] = ["the harbour", "", "Counting the waves, again and again and again, until the morning", "\u{fc}ber 25%"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights")
}

fn file() -> PathBuf {
    folder().join("clip.safetensors")
}

fn rows(name: &str) -> Vec<Vec<f32>> {
    let (shape, data) = array_of(&folder().join(name));
    data.chunks_exact(shape[1..].iter().product()).map(<[f32]>::to_vec).collect()
}

fn planes() -> Vec<Planes> {
    rows("clip.in.npy").into_iter().map(|data| Planes { width: 12, height: 12, channels: 3, data }).collect()
}

fn worst(found: &[Meaning], wanted: &[Vec<f32>]) -> f32 {
    assert_eq!(found.len(), wanted.len());
    found.iter().flatten().zip(wanted.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn pictures_mean_what_the_definition_says() {
    let half = Pictures::load(&file(), None).unwrap();
    assert_eq!((half.side(), half.dimensions()), (12, 16));
    let (planes, wanted) = (planes(), rows("clip.pictures.npy"));
    let found = half.read(&planes, &|| false).unwrap();
    assert!(worst(&found, &wanted) < 1e-4, "off by {}", worst(&found, &wanted));
    // they do not look at each other, however many there are
    let many: Vec<Planes> = planes.iter().cycle().take(AT_ONCE + 2).cloned().collect();
    let again = half.read(&many, &|| false).unwrap();
    assert!(worst(&again[AT_ONCE..], &[wanted[AT_ONCE % 3].clone(), wanted[(AT_ONCE + 1) % 3].clone()]) < 1e-4);
    assert!(half.read(&[], &|| false).unwrap().is_empty());
    assert!(matches!(half.read(&planes, &|| true), Err(MlError::Cancelled)));
    assert!(matches!(half.read(&[Planes::new(11, 12, 3).unwrap()], &|| false), Err(MlError::Size { .. })));
}

#[test]
fn words_mean_what_the_definition_says() {
    let half = Words::load(&file(), &folder().join("clip.merges.txt")).unwrap();
    assert_eq!(half.dimensions(), 16);
    assert!((half.scale() - 100.0).abs() < 1e-3);
    let found: Vec<Meaning> = TEXTS.iter().map(|t| half.read(t, &|| false).unwrap()).collect();
    let wanted = rows("clip.words.npy");
    assert!(worst(&found, &wanted) < 1e-4, "off by {}", worst(&found, &wanted));
    assert_eq!(half.read("THE  Harbour ", &|| false).unwrap(), found[0]);
    assert!(matches!(half.read("x", &|| true), Err(MlError::Cancelled)));
}

#[test]
fn a_graphics_device_finds_the_same() {
    let gpu = GpuContext::headless(&AdapterPick::Best).unwrap();
    let half = Pictures::load(&file(), Some(&gpu)).unwrap();
    let found = half.read(&planes(), &|| false).unwrap();
    let off = worst(&found, &rows("clip.pictures.npy"));
    assert!(off < 1e-3, "off by {off}");
}

#[test]
fn files_that_are_no_such_network_are_refused_and_the_array_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let whole = Weights::load(&file()).unwrap();
    let told = |change: &dyn Fn(&mut Weights)| {
        let (path, mut weights) = (dir.path().join("odd.safetensors"), whole.clone());
        change(&mut weights);
        weights.save(&path).unwrap();
        let pictures = Pictures::load(&path, None).err().map(|e| e.to_string()).unwrap_or_default();
        let words = Words::load(&path, &folder().join("clip.merges.txt")).err().map(|e| e.to_string()).unwrap_or_default();
        format!("{pictures}\n{words}")
    };
    assert_eq!(told(&|_| {}), "\n");
    let gone = |name: &'static str| move |w: &mut Weights| drop(w.0.remove(name));
    for name in [
        "vision_model.pre_layrnorm.bias",
        "vision_model.encoder.layers.0.self_attn.q_proj.weight",
        "vision_model.embeddings.patch_embedding.weight",
        "visual_projection.weight",
        "text_model.encoder.layers.0.layer_norm1.weight",
        "text_model.encoder.layers.1.mlp.fc2.weight",
        "text_projection.weight",
        "logit_scale",
    ] {
        assert!(told(&gone(name)).contains(name), "{name}: {}", told(&gone(name)));
    }
    let other = |name: &'static str, shape: Vec<usize>| {
        move |w: &mut Weights| {
            let data = vec![0.0; shape.iter().product()];
            w.0.insert(name.to_owned(), Array { shape: shape.clone(), data });
        }
    };
    for (name, shape) in [
        ("vision_model.embeddings.position_embedding.weight", vec![9, 128]),
        ("vision_model.embeddings.patch_embedding.weight", vec![100, 3, 4, 4]),
        ("text_model.embeddings.token_embedding.weight", vec![100, 64]),
        ("text_model.embeddings.position_embedding.weight", vec![1, 64]),
        ("text_model.encoder.layers.0.mlp.fc1.weight", vec![3, 3]),
        ("visual_projection.weight", vec![16]),
    ] {
        assert!(told(&other(name, shape.clone())).contains(name), "{name} {shape:?}: {}", told(&other(name, shape.clone())));
    }
    let bytes = std::fs::read(file()).unwrap();
    for odd in [&b""[..], b"<html>404</html>", &bytes[..100], &bytes[..bytes.len() / 2], &bytes[..bytes.len() - 1]] {
        let path = dir.path().join("cut.safetensors");
        std::fs::write(&path, odd).unwrap();
        let told = [Pictures::load(&path, None).err(), Words::load(&path, &folder().join("clip.merges.txt")).err()];
        assert!(told.iter().flatten().all(|e| e.to_string().contains("cut.safetensors")) && told.iter().any(Option::is_some));
    }
    assert!(matches!(Words::load(&file(), &dir.path().join("gone.txt")), Err(MlError::Unreadable { .. })));
    assert!(matches!(Words::load(&file(), &file()), Err(MlError::Unreadable { .. } | MlError::Weights { .. })));
}

/// `MONTAGE_CLIP` names a folder with OpenAI's `merges.txt` as Hugging Face has it.
#[test]
#[ignore = "needs the genuine file"]
fn genuine_merges_give_clips_own_tokens() {
    let folder = PathBuf::from(std::env::var_os("MONTAGE_CLIP").expect("MONTAGE_CLIP names a folder"));
    let bpe = Bpe::read(&std::fs::read_to_string(folder.join("merges.txt")).unwrap()).unwrap();
    assert_eq!(bpe.size(), 49_408);
    assert_eq!(bpe.tokens("a photo of a cat", 77), [49406, 320, 1125, 539, 320, 2368, 49407]);
    let all = std::fs::read_to_string(folder.join("tokens.txt")).unwrap_or_default();
    for line in all.lines() {
        let (text, tokens) = line.rsplit_once('\t').unwrap();
        let wanted: Vec<u32> = tokens.split(' ').map(|t| t.parse().unwrap()).collect();
        assert_eq!(bpe.tokens(text, 77), wanted, "{text:?}");
    }
}

/// `MONTAGE_CLIP` names a folder with OpenAI's files under the names that they have among models; pictures in it (`a cat.png`) must be
/// nearer to their own name than to any other's.
#[test]
#[ignore = "needs the genuine files"]
fn genuine_pictures_are_nearest_to_their_names() {
    let folder = PathBuf::from(std::env::var_os("MONTAGE_CLIP").expect("MONTAGE_CLIP names a folder"));
    let (file, merges) = (folder.join("clip-vit-b-32.safetensors"), folder.join("clip-merges.txt"));
    let timed = |what: &str, begun: std::time::Instant| println!("{what}: {:.3} s", begun.elapsed().as_secs_f64());
    let begun = std::time::Instant::now();
    let words = Words::load(&file, &merges).unwrap();
    timed("load words", begun);
    let begun = std::time::Instant::now();
    let pictures = Pictures::load(&file, None).unwrap();
    timed("load pictures", begun);
    let found = std::fs::read_dir(&folder).unwrap().flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == "png"));
    let (mut names, mut planes) = (vec!["a boat in the harbour".to_owned()], vec![Planes::new(224, 224, 3).unwrap(); 4]);
    for path in found {
        let image = image::open(&path).unwrap().to_rgb8();
        let (w, h) = (image.width() as usize, image.height() as usize);
        let data = (0..3).flat_map(|c| image.pixels().map(move |p| f32::from(p[c]) / 255.0)).collect();
        let planes_of = Planes { width: w, height: h, channels: 3, data };
        planes.push(prepared(&planes_of, w as f64 / h as f64, pictures.side()).unwrap());
        names.push(path.file_stem().unwrap().to_string_lossy().into_owned());
    }
    for _ in 0..3 {
        let begun = std::time::Instant::now();
        let _ = words.read(&format!("a photo of {}", names[0]), &|| false).unwrap();
        timed("a text", begun);
        let begun = std::time::Instant::now();
        let _ = pictures.read(&planes[..4], &|| false).unwrap();
        timed("four pictures", begun);
    }
    let meanings: Vec<Meaning> = names.iter().map(|n| words.read(&format!("a photo of {n}"), &|| false).unwrap()).collect();
    let seen = pictures.read(&planes[4..], &|| false).unwrap();
    for (picture, name) in seen.iter().zip(&names[1..]) {
        let like = |text: &Meaning| text.iter().zip(picture).map(|(a, b)| a * b).sum::<f32>();
        let best = meanings.iter().zip(&names).max_by(|a, b| like(a.0).total_cmp(&like(b.0))).unwrap();
        assert_eq!(best.1, name);
    }
}
