//! A file of CLIP that sees colours and knows two words: the real network reads it and runs it as any other. It is small, and nearly all
//! of its numbers are zero.
//!
//! How it sees: a patch becomes the mean of its three colours, and attention that looks everywhere alike carries those to the place from
//! which the answer is read. How it reads: the words "q" and "z" have the directions of red and green, every text has one of its own
//! beside, and nothing else has any.

#![allow(dead_code, reason = "each test uses its own part")]

use montage_ai::ml::{Array, Weights};
use std::path::Path;

const WIDE: usize = 64;
const PATCH: usize = 8;
const GRID: usize = 4;
const PLACES: usize = 32;
/// Numbers of an answer: three colours, and what every text has.
const LENGTH: usize = 4;
/// Tokens: bytes, bytes that end a word, begin and end.
const TOKENS: usize = 514;
/// Words, and their colours around grey.
const WORDS: [(u8, [f32; 3]); 2] = [(b'q', [1.0, -0.5, -0.5]), (b'z', [-0.5, 1.0, -0.5])];

struct Maker(Weights);

impl Maker {
    fn put(&mut self, name: &str, shape: &[usize], of: impl Fn(usize) -> f32) {
        let data = (0..shape.iter().product()).map(of).collect();
        self.0.0.insert(name.to_owned(), Array { shape: shape.to_vec(), data });
    }

    fn norm(&mut self, name: &str) {
        self.put(&format!("{name}.weight"), &[WIDE], |_| 1.0);
        self.put(&format!("{name}.bias"), &[WIDE], |_| 0.0);
    }

    fn layer(&mut self, name: &str) {
        let name = format!("{name}.encoder.layers.0");
        self.norm(&format!("{name}.layer_norm1"));
        self.norm(&format!("{name}.layer_norm2"));
        for (part, one) in [("q", 0.0), ("k", 0.0), ("v", 1.0), ("out", 1.0)] {
            let part = format!("{name}.self_attn.{part}_proj");
            self.put(&format!("{part}.weight"), &[WIDE, WIDE], |i| if i % WIDE == i / WIDE { one } else { 0.0 });
            self.put(&format!("{part}.bias"), &[WIDE], |_| 0.0);
        }
        for part in ["fc1", "fc2"] {
            self.put(&format!("{name}.mlp.{part}.weight"), &[WIDE, WIDE], |_| 0.0);
            self.put(&format!("{name}.mlp.{part}.bias"), &[WIDE], |_| 0.0);
        }
    }
}

/// Writes it and the list by which it reads, under the official names, into a folder of models.
pub fn write_colours(models: &Path) {
    std::fs::create_dir_all(models).unwrap();
    let mut m = Maker(Weights::default());
    let e = "vision_model.embeddings";
    // the mean of each colour into a number of its own
    let side = PATCH * PATCH;
    let mean = |i: usize| if i / (3 * side) == i / side % 3 && i / (3 * side) < 3 { 1.0 / side as f32 } else { 0.0 };
    m.put(&format!("{e}.patch_embedding.weight"), &[WIDE, 3, PATCH, PATCH], mean);
    m.put(&format!("{e}.class_embedding"), &[WIDE], |_| 0.0);
    m.put(&format!("{e}.position_embedding.weight"), &[GRID * GRID + 1, WIDE], |_| 0.0);
    m.norm("vision_model.pre_layrnorm");
    m.layer("vision_model");
    m.norm("vision_model.post_layernorm");
    let first = |i: usize| if i % WIDE == i / WIDE { 1.0 } else { 0.0 };
    m.put("visual_projection.weight", &[LENGTH, WIDE], |i| if i / WIDE < 3 { first(i) } else { 0.0 });
    let e = "text_model.embeddings";
    let word = |i: usize| {
        let (token, at) = (i / WIDE, i % WIDE);
        // a byte that ends a word stands 256 behind its own place among the printable ones
        let known = WORDS.iter().find(|(letter, _)| token == usize::from(letter - b'!') + 256);
        match known {
            Some((_, colours)) => colours.get(at).copied().unwrap_or(0.0),
            None if token == TOKENS - 1 && at == 3 => 1.0,
            None => 0.0,
        }
    };
    m.put(&format!("{e}.token_embedding.weight"), &[TOKENS, WIDE], word);
    m.put(&format!("{e}.position_embedding.weight"), &[PLACES, WIDE], |_| 0.0);
    m.layer("text_model");
    m.norm("text_model.final_layer_norm");
    m.put("text_projection.weight", &[LENGTH, WIDE], first);
    m.put("logit_scale", &[], |_| 100.0f32.ln());
    m.0.save(&models.join("clip-vit-b-32.safetensors")).unwrap();
    std::fs::write(models.join("clip-merges.txt"), "#version: 0.2\n").unwrap();
}
