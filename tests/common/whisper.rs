//! A ggml file of Whisper that says what it was told to, whatever it hears: the real engine reads it and runs it as any other. It has
//! the vocabulary's size and all the tensors of a tiny model, nearly all of them zero.
//!
//! How it speaks: attention and networks add nothing, so what the decoder ends with is the embedding of the place, which is that of the
//! token to be said, made large and then level by the last normalisation. The likeliest token is the one whose embedding points the same
//! way; how likely it is can be set by that embedding's length.

#![allow(dead_code, reason = "each test uses its own part")]

use std::{io::Write, path::Path};

/// Features; as many different tokens can be said, less two.
const WIDE: usize = 64;
const TOKENS: usize = 51_865;
const TEXTS: usize = 50_257;
/// Places of signs in the vocabulary of all languages.
const END: usize = 50_257;
const LANGUAGES: usize = 50_259;
const BEGIN: usize = 50_364;
/// Prompt before what is said: start, language, task.
const PROMPT: usize = 3;
/// How steep the last normalisation is: a token of length 1 is all but certain.
const STEEP: f32 = 3.0;

/// What is said.
#[derive(Clone, Debug)]
pub enum Say {
    /// Bytes of a token and the length of its embedding: 1 certain, 0.5 about three in four.
    Text(&'static [u8], f32),
    /// A time in fiftieths of a second.
    Time(usize),
}

/// Number of a language of Whisper's: English, Chinese, German.
pub const ENGLISH: usize = 0;
pub const CHINESE: usize = 1;
pub const GERMAN: usize = 2;

struct Writer(Vec<u8>);

impl Writer {
    fn numbers(&mut self, all: &[i32]) {
        all.iter().for_each(|n| self.0.extend(n.to_le_bytes()));
    }

    fn head(&mut self, name: &str, half: bool, sizes: &[usize]) {
        self.numbers(&[sizes.len() as i32, name.len() as i32, i32::from(half)]);
        sizes.iter().for_each(|s| self.numbers(&[*s as i32]));
        self.0.extend(name.bytes());
    }

    fn zeros(&mut self, name: &str, half: bool, sizes: &[usize]) {
        self.head(name, half, sizes);
        let bytes = sizes.iter().product::<usize>() * if half { 2 } else { 4 };
        self.0.resize(self.0.len() + bytes, 0);
    }

    fn same(&mut self, name: &str, value: f32) {
        self.head(name, false, &[WIDE]);
        (0..WIDE).for_each(|_| self.0.extend(value.to_le_bytes()));
    }

    /// Weights and a bias of a layer, or weights alone.
    fn layer(&mut self, name: &str, sizes: [usize; 2], bias: bool) {
        self.zeros(&format!("{name}.weight"), true, &sizes);
        if bias {
            self.zeros(&format!("{name}.bias"), false, &[sizes[1]]);
        }
    }

    fn block(&mut self, name: &str, cross: bool) {
        for norm in ["mlp_ln", "attn_ln"].into_iter().chain(cross.then_some("cross_attn_ln")) {
            self.same(&format!("{name}.{norm}.weight"), 1.0);
            self.same(&format!("{name}.{norm}.bias"), 0.0);
        }
        self.layer(&format!("{name}.mlp.0"), [WIDE, 4 * WIDE], true);
        self.layer(&format!("{name}.mlp.2"), [4 * WIDE, WIDE], true);
        for attention in ["attn"].into_iter().chain(cross.then_some("cross_attn")) {
            for (part, bias) in [("query", true), ("key", false), ("value", true), ("out", true)] {
                self.layer(&format!("{name}.{attention}.{part}"), [WIDE, WIDE], bias);
            }
        }
    }
}

/// The bytes of such a file.
pub fn scripted(language: usize, script: &[Say]) -> Vec<u8> {
    let mut w = Writer(b"lmgg".to_vec());
    let wide = WIDE as i32;
    // tokens; audio: places, features, heads, layers; text: the same; mel bands; half precision
    w.numbers(&[TOKENS as i32, 1500, wide, 1, 4, 448, wide, 1, 1, 80, 1]);
    w.numbers(&[80, 201]);
    w.0.resize(w.0.len() + 80 * 201 * 4, 0);
    // texts that are said come first, then the space that Whisper wants to know, then any
    let texts: Vec<&[u8]> = script.iter().filter_map(|s| if let Say::Text(text, _) = s { Some(*text) } else { None }).collect();
    w.numbers(&[TEXTS as i32]);
    for id in 0..TEXTS {
        let any = format!("t{id}");
        let text = match id.checked_sub(texts.len()) {
            None => texts[id],
            Some(0) => b" ",
            _ => any.as_bytes(),
        };
        w.numbers(&[text.len() as i32]);
        w.0.extend(text);
    }
    // which token is said at which place, each with a direction of its own
    let (mut said, mut text) = (vec![(0, LANGUAGES + language, 1.0)], 0);
    for (i, say) in script.iter().enumerate() {
        let (id, length) = match say {
            Say::Text(_, length) => {
                text += 1;
                (text - 1, *length)
            }
            Say::Time(t) => (BEGIN + t, 1.0),
        };
        said.push((PROMPT - 1 + i, id, length));
    }
    said.push((PROMPT - 1 + script.len(), END, 1.0));
    let mut ids: Vec<usize> = said.iter().map(|s| s.1).collect();
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() < WIDE, "too many different tokens");
    let way = |id: usize| ids.binary_search(&id).unwrap();

    w.zeros("encoder.positional_embedding", false, &[WIDE, 1500]);
    for (name, from) in [("conv1", 80), ("conv2", WIDE)] {
        w.zeros(&format!("encoder.{name}.weight"), true, &[3, from, WIDE]);
        w.zeros(&format!("encoder.{name}.bias"), false, &[1, WIDE]);
    }
    w.same("encoder.ln_post.weight", 1.0);
    w.same("encoder.ln_post.bias", 0.0);
    (0..4).for_each(|i| w.block(&format!("encoder.blocks.{i}"), false));
    w.head("decoder.positional_embedding", false, &[WIDE, 448]);
    let mut places = vec![0f32; 448 * WIDE];
    said.iter().for_each(|(place, id, _)| places[place * WIDE + way(*id)] = 1000.0);
    places.iter().for_each(|v| w.0.extend(v.to_le_bytes()));
    w.head("decoder.token_embedding.weight", true, &[WIDE, TOKENS]);
    let mut tokens = vec![0u8; TOKENS * WIDE * 2];
    for (_, id, length) in &said {
        let at = (id * WIDE + way(*id)) * 2;
        tokens[at..at + 2].copy_from_slice(&half::f16::from_f32(*length).to_le_bytes());
    }
    w.0.extend(tokens);
    w.same("decoder.ln.weight", STEEP);
    w.same("decoder.ln.bias", 0.0);
    w.block("decoder.blocks.0", true);
    w.0
}

/// Writes such a file.
pub fn write_scripted(path: &Path, language: usize, script: &[Say]) {
    std::fs::File::create(path).unwrap().write_all(&scripted(language, script)).unwrap();
}
