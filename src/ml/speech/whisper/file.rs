//! Looks through a ggml file of Whisper before whisper.cpp gets it: that one trusts what it reads, and a file that ends too early or was
//! made to hurt could take the program with it.
//!
//! The format [whisper.cpp, `whisper_model_load`, and models/convert-pt-to-ggml.py]: magic, eleven numbers, the mel filters, the tokens,
//! then tensors (number of dimensions, length of the name, type, dimensions, name, values) to the end.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

const MAGIC: u32 = 0x6767_6d6c;
/// Sizes of the vocabularies there are: English, all languages, and with Cantonese (large-v3). whisper.cpp reckons the places of its signs
/// from them.
const TOKENS: [i32; 3] = [51_864, 51_865, 51_866];
/// Same for all: places of the encoder (30 s) and of the decoder, and the width of the mel filters.
const AUDIO_CONTEXT: i32 = 1500;
const TEXT_CONTEXT: i32 = 448;
const FILTER_WIDTH: i32 = 201;
/// Numbers beyond these are none of a Whisper: the largest has 1,280 features and 32 layers.
const MOST_FEATURES: i32 = 4096;
const MOST_LAYERS: i32 = 128;
/// Kinds of files, by ggml's numbers: single and half precision, and the quantised ones; on top may lie a version of the quantisation.
const PRECISIONS: [i32; 12] = [0, 1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14];
const QUANTISATION: i32 = 1000;
const MOST_PRECISION: i32 = 9999;
/// Bytes of the longest token and of the longest name of a tensor.
const LONGEST_NAME: u32 = 1024;

/// What a file says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// It knows other languages than English.
    pub many_languages: bool,
    /// Tensors in it; a file without any is for tests of what stands around it.
    pub tensors: usize,
    /// Of the whole file.
    pub bytes: u64,
}

/// Bytes of a block of values and how many values it holds, by ggml's number of the type; None = not known.
fn block(kind: i32) -> Option<(u64, u64)> {
    Some(match kind {
        // f32, f16
        0 => (4, 1),
        1 => (2, 1),
        // q4_0, q4_1, q5_0, q5_1, q8_0
        2 => (18, 32),
        3 => (20, 32),
        6 => (22, 32),
        7 => (24, 32),
        8 => (34, 32),
        // q2_k to q6_k
        10 => (84, 256),
        11 => (110, 256),
        12 => (144, 256),
        13 => (176, 256),
        14 => (210, 256),
        _ => return None,
    })
}

fn wrong<T>(text: impl Into<String>) -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::InvalidData, text.into()))
}

struct Reader {
    inner: BufReader<File>,
    at: u64,
    len: u64,
}

impl Reader {
    fn bytes<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let mut raw = [0; N];
        if self.len - self.at < N as u64 {
            return wrong("it ends too early; fetch it again");
        }
        self.inner.read_exact(&mut raw)?;
        self.at += N as u64;
        Ok(raw)
    }

    fn number(&mut self) -> io::Result<i32> {
        Ok(i32::from_le_bytes(self.bytes()?))
    }

    fn within(&mut self, name: &str, least: i32, most: i32) -> io::Result<i32> {
        let value = self.number()?;
        if (least..=most).contains(&value) { Ok(value) } else { wrong(format!("it says {name} {value}")) }
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        if self.len - self.at < bytes {
            return wrong("it ends too early; fetch it again");
        }
        // within a file, far below i64::MAX
        self.inner.seek_relative(i64::try_from(bytes).unwrap_or(i64::MAX))?;
        self.at += bytes;
        Ok(())
    }
}

/// Look through it all. Reads a part of the file only: values are passed over.
///
/// # Errors
/// It cannot be read, is none, or is not whole; in words.
pub fn look(path: &Path) -> io::Result<Header> {
    let file = File::open(path)?;
    let len = file.metadata()?.len();
    let mut r = Reader { inner: BufReader::new(file), at: 0, len };
    if len < 4 || u32::from_le_bytes(r.bytes()?) != MAGIC {
        return wrong("it is no ggml file of Whisper");
    }
    let tokens = r.within("tokens", TOKENS[0], TOKENS[2])?;
    let mut features = 1..=MOST_FEATURES;
    for (part, context) in [("audio", AUDIO_CONTEXT), ("text", TEXT_CONTEXT)] {
        r.within(&format!("places of {part}"), context, context)?;
        let state = r.within(&format!("features of {part}"), *features.start(), *features.end())?;
        // both halves are of one width
        features = state..=state;
        let heads = r.within(&format!("heads of {part}"), 1, MOST_FEATURES)?;
        r.within(&format!("layers of {part}"), 1, MOST_LAYERS)?;
        if state % heads != 0 {
            return wrong(format!("{heads} heads do not share {state} features"));
        }
    }
    let mels = r.within("mel bands", 80, 128)?;
    let precision = r.within("precision", 0, MOST_PRECISION)?;
    if !PRECISIONS.contains(&(precision % QUANTISATION)) {
        return wrong(format!("it is of an unknown precision, {precision}"));
    }
    r.within("filters", mels, mels)?;
    r.within("width of filters", FILTER_WIDTH, FILTER_WIDTH)?;
    r.skip(4 * u64::from(mels.unsigned_abs()) * u64::from(FILTER_WIDTH.unsigned_abs()))?;
    let mut has_space = false;
    for _ in 0..r.within("tokens", 1, TOKENS[2])? {
        let length = u32::from_le_bytes(r.bytes()?);
        match length {
            1 => has_space |= r.bytes::<1>()? == *b" ",
            0..=LONGEST_NAME => r.skip(u64::from(length))?,
            _ => return wrong("a token of it is too long"),
        }
    }
    if !has_space {
        return wrong("its tokens lack the space");
    }
    let mut tensors = 0;
    while r.at < r.len {
        tensor(&mut r)?;
        tensors += 1;
    }
    Ok(Header { many_languages: tokens > TOKENS[0], tensors, bytes: len })
}

fn tensor(r: &mut Reader) -> io::Result<()> {
    let dimensions = r.within("dimensions", 1, 4)?;
    let name = r.within("length of a name", 1, LONGEST_NAME as i32)?;
    let kind = r.number()?;
    let Some((bytes, values)) = block(kind) else { return wrong(format!("it holds values of an unknown kind, {kind}")) };
    let mut count: u64 = 1;
    for _ in 0..dimensions {
        count = count.saturating_mul(r.within("size of a tensor", 1, 1 << 30)?.unsigned_abs().into());
    }
    r.skip(name.unsigned_abs().into())?;
    r.skip((count / values).saturating_mul(bytes))
}
