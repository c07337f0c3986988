//! One kind of text of all shots in one language, ranked by BM25. Pure.
//!
//! Okapi BM25 (S. Robertson, H. Zaragoza: The Probabilistic Relevance Framework, 2009) with b = 0.75; k1 is 0.5, not the usual 1.2: what
//! is said again and again is not to be seen more.

use super::{
    index::Field,
    tongue::{Asked, Cutter},
};
use bm25::{Embedder, EmbedderBuilder, Embedding, Scorer, Tokenizer};
use std::collections::BTreeSet;

/// How much a word counts that comes again.
const K1: f32 = 0.5;
/// Stands between stems that are handed on as one text.
const BETWEEN: &str = "\u{1f}";
/// A word that only begins another one counts so much, and one that ends it.
const BEGINS: f32 = 0.6;
const ENDS: f32 = 0.5;
/// Letters that such a word has at least.
const LEAST_LETTERS: usize = 4;
/// Longer words that are looked at for each.
const MOST_LONGER: usize = 24;

/// Takes stems as they were cut.
#[derive(Debug, Default)]
struct AsCut;

impl Tokenizer for AsCut {
    fn tokenize(&self, text: &str) -> Vec<String> {
        text.split(BETWEEN).filter(|s| !s.is_empty()).map(str::to_owned).collect()
    }
}

/// See the module.
pub(super) struct Lane {
    pub field: Field,
    pub cutter: Cutter,
    embedder: Embedder<u32, AsCut>,
    scorer: Scorer<u32>,
    stems: BTreeSet<String>,
    shots: usize,
}

/// How well a shot's text fits a word.
pub(super) struct Fit {
    pub shot: usize,
    pub score: f32,
    /// The stem that was found: the word's own, or that of a longer one.
    pub stem: String,
}

impl Lane {
    /// `texts` has one for each shot; those that are empty have none in this lane.
    pub fn new(field: Field, cutter: Cutter, texts: &[Option<&str>]) -> Self {
        let cut: Vec<Vec<String>> = texts.iter().map(|t| t.map_or_else(Vec::new, |t| cutter.stems(t))).collect();
        let with_text = cut.iter().filter(|c| !c.is_empty()).count();
        let all: usize = cut.iter().map(Vec::len).sum();
        let embedder: Embedder<u32, AsCut> = EmbedderBuilder::with_avgdl(all as f32 / with_text.max(1) as f32).k1(K1).build();
        let (mut scorer, mut stems) = (Scorer::new(), BTreeSet::new());
        for (shot, cut) in cut.into_iter().enumerate() {
            // shots without text count too: a word is rare among all shots
            let embedding = if cut.is_empty() { Embedding(Vec::new()) } else { embedder.embed(&cut.join(BETWEEN)) };
            scorer.upsert(&(shot as u32), embedding);
            stems.extend(cut);
        }
        Self { field, cutter, embedder, scorer, stems, shots: texts.len() }
    }

    /// How rare a word is, or the rarest longer one that stands for it: the inverse document frequency of BM25 (never negative); 0
    /// where there is none.
    pub fn rarity(&self, asked: &Asked) -> f32 {
        let of = |s: &str| {
            let n = self.scorer.matches(&self.embedder.embed(s)).len() as f32;
            if n == 0.0 { 0.0 } else { (1.0 + (self.shots as f32 - n + 0.5) / (n + 0.5)).ln() }
        };
        self.standing_for(asked).into_iter().map(|(s, part)| part * of(s)).fold(0.0, f32::max)
    }

    /// Shots whose text has a word, or a longer one with it at the start (or, where the language joins words, at the end).
    pub fn find(&self, asked: &Asked) -> Vec<Fit> {
        let fits = |(stem, part): (&str, f32)| {
            let found = self.scorer.matches(&self.embedder.embed(stem));
            found.into_iter().map(|f| Fit { shot: f.id as usize, score: part * f.score, stem: stem.to_owned() }).collect::<Vec<_>>()
        };
        self.standing_for(asked).into_iter().flat_map(fits).collect()
    }

    /// Stems of the texts that a word asks for, and how much each counts.
    fn standing_for<'a>(&'a self, asked: &Asked) -> Vec<(&'a str, f32)> {
        let letters = |s: &str| s.chars().count();
        let mut all: Vec<(&str, f32)> = self.stems.get(&asked.stem).map(|s| (s.as_str(), 1.0)).into_iter().collect();
        // a short stem begins too many words: Hafen is `haf`, and so does Hafer begin
        let begins = if letters(&asked.stem) >= LEAST_LETTERS { &asked.stem } else { &asked.whole };
        if letters(begins) < LEAST_LETTERS {
            return all;
        }
        let longer = self.stems.range(begins.clone()..).take_while(|s| s.starts_with(begins.as_str())).filter(|s| **s != asked.stem);
        all.extend(longer.take(MOST_LONGER).map(|s| (s.as_str(), BEGINS)));
        if self.cutter.tongue.joins_words() {
            let longer = self.stems.iter().filter(|s| s.len() > asked.stem.len() && letters(&asked.stem) >= LEAST_LETTERS);
            all.extend(longer.filter(|s| s.ends_with(asked.stem.as_str())).take(MOST_LONGER).map(|s| (s.as_str(), ENDS)));
        }
        all
    }
}
