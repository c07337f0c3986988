//! Reading JSON value by value: what is expected is taken from the text in place, without a copy and in one pass. A timeline
//! is tens of thousands of small objects of the same few fields; read through a general deserialiser they take half as long again
//! (measured on 10,000 clips). What may be anything is left to `serde_json`.

use super::{Raw, Text};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// Deepest nest that is read, as in `serde_json`.
const MAX_DEPTH: usize = 128;

/// Why a text is not what it should be, and in which line, from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Error {
    pub line: usize,
    pub what: String,
}

/// A place in a JSON text.
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, depth: 0 }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// What is wrong here.
    pub fn fail(&self, what: impl Into<String>) -> Error {
        let before = self.text.as_bytes().get(..self.at).unwrap_or_default();
        Error { line: 1 + before.iter().filter(|c| **c == b'\n').count(), what: what.into() }
    }

    fn expected(&self, what: &str) -> Error {
        let there: String = self.text.get(self.at..).unwrap_or_default().chars().take_while(|c| !c.is_whitespace()).take(20).collect();
        self.fail(if there.is_empty() { format!("the text ends before {what}") } else { format!("{what} expected, not {there}") })
    }

    /// The next character that is not blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.rest();
        let blank = rest.iter().position(|c| !matches!(c, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len());
        self.at += blank;
        rest.get(blank).copied()
    }

    fn eat(&mut self, c: u8) -> bool {
        let there = self.peek() == Some(c);
        self.at += usize::from(there);
        there
    }

    fn word(&mut self, word: &str) -> bool {
        self.peek();
        self.is_next(word)
    }

    /// Goes past `text` if exactly that is next.
    pub fn is_next(&mut self, text: &str) -> bool {
        let there = self.rest().starts_with(text.as_bytes());
        self.at += if there { text.len() } else { 0 };
        there
    }

    /// What `read` makes of what stands behind `head`, if exactly that is next.
    pub fn after<T>(&mut self, head: &str, read: impl Fn(&mut Self) -> Result<T, Error>) -> Option<T> {
        if self.is_next(head) { read(self).ok() } else { None }
    }

    /// Stays here if nothing comes of it.
    pub fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let (at, depth) = (self.at, self.depth);
        let done = read(self);
        if done.is_none() {
            (self.at, self.depth) = (at, depth);
        }
        done
    }

    /// # Errors
    /// Something follows.
    pub fn end(&mut self) -> Result<(), Error> {
        if self.peek().is_none() { Ok(()) } else { Err(self.expected("the end")) }
    }

    /// `null`, or what `read` makes of it.
    ///
    /// # Errors
    /// Those of `read`.
    pub fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<Option<T>, Error> {
        if self.word("null") { Ok(None) } else { read(self).map(Some) }
    }

    pub fn flag(&mut self) -> Result<bool, Error> {
        if self.word("true") {
            return Ok(true);
        }
        if self.word("false") { Ok(false) } else { Err(self.expected("true or false")) }
    }

    /// A finite number.
    pub fn number(&mut self) -> Result<f64, Error> {
        self.peek();
        let rest = self.rest();
        let end = rest.iter().position(|c| matches!(c, b',' | b'}' | b']') || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let number = &rest[..end];
        // nearly all are whole
        let whole = number.strip_suffix(b".0").unwrap_or(number);
        let plain = matches!(whole, [b'0'] | [b'1'..=b'9', ..]) && whole.len() <= 15 && whole.iter().all(u8::is_ascii_digit);
        let value = if plain {
            whole.iter().fold(0u64, |n, d| n * 10 + u64::from(d - b'0')) as f64
        } else {
            serde_json::from_slice(number).map_err(|_| self.expected("a number"))?
        };
        self.at += end;
        Ok(value)
    }

    /// A text, borrowed where it has no escapes.
    pub fn text(&mut self) -> Result<Text<'a>, Error> {
        if !self.eat(b'"') {
            return Err(self.expected("a text"));
        }
        let (start, rest) = (self.at, self.rest());
        let end = plain(rest);
        match rest.get(end) {
            Some(b'"') => {
                self.at += end + 1;
                Ok(Cow::Borrowed(&self.text[start..start + end]))
            }
            _ => {
                self.at = start - 1;
                self.by_serde().map(Cow::Owned)
            }
        }
    }

    /// Whatever is here, read by the general rules.
    fn by_serde<T: serde::Deserialize<'a>>(&mut self) -> Result<T, Error> {
        let text: &'a str = self.text.get(self.at..).unwrap_or_default();
        let mut values = serde_json::Deserializer::from_str(text).into_iter();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(e)) => {
                let what = e.to_string();
                let line = self.fail("").line + e.line().saturating_sub(1);
                // the place within the part says nothing
                Err(Error { line, what: what.split(" at line ").next().unwrap_or_default().to_owned() })
            }
            None => Err(self.expected("a value")),
        }
    }

    /// Any value, as it is written; None where it is `null`.
    pub fn raw(&mut self) -> Result<Option<Raw<'a>>, Error> {
        self.value().map(|v| Some(v).filter(|v| v.get() != "null"))
    }

    /// Any value, as it is written.
    pub fn value(&mut self) -> Result<Raw<'a>, Error> {
        self.peek();
        self.by_serde::<&'a RawValue>().map(Cow::Borrowed)
    }

    /// Any value, which says nothing here.
    pub fn ignore(&mut self) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => self.text().map(drop),
            _ => self.value().map(drop),
        }
    }

    fn nest(&mut self, open: u8, what: &str) -> Result<(), Error> {
        if !self.eat(open) {
            return Err(self.expected(what));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH { Err(self.fail("too deep a nest")) } else { Ok(()) }
    }

    /// Is there another element, or is that the end (`close`)?
    fn more(&mut self, first: &mut bool, close: u8) -> Result<bool, Error> {
        if self.eat(close) {
            self.depth -= 1;
            return Ok(false);
        }
        if !*first && !self.eat(b',') {
            return Err(self.expected("a comma or the end"));
        }
        *first = false;
        Ok(true)
    }

    /// An object: `field` takes the value of each name.
    ///
    /// # Errors
    /// No object, or those of `field`.
    pub fn object(&mut self, mut field: impl FnMut(&mut Self, Text<'a>) -> Result<(), Error>) -> Result<(), Error> {
        self.nest(b'{', "an object")?;
        let mut first = true;
        while self.more(&mut first, b'}')? {
            let name = self.text()?;
            if !self.eat(b':') {
                return Err(self.expected("a colon"));
            }
            field(self, name)?;
        }
        Ok(())
    }

    /// A list of what `element` reads.
    ///
    /// # Errors
    /// No list, or those of `element`.
    pub fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T, Error>) -> Result<Vec<T>, Error> {
        self.nest(b'[', "a list")?;
        let (mut list, mut first) = (Vec::new(), true);
        while self.more(&mut first, b']')? {
            list.push(element(self)?);
        }
        Ok(list)
    }
}

/// Bytes before the first that ends a text or needs a second look: a quotation mark, a backslash, a control character. Eight at a
/// time; in a word of them a byte's highest bit is set where it is smaller than `n` (Warren, Hacker's Delight, 2nd ed., 6-1).
fn plain(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let less = |word: u64, n: u64| word.wrapping_sub(ONES * n) & !word & (ONES << 7);
    let (words, _) = text.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = less(word, 0x20) | less(word ^ (ONES * u64::from(b'"')), 1) | less(word ^ (ONES * u64::from(b'\\')), 1);
        if found != 0 {
            // the lowest is right whatever the borrow did above it
            return i * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let done = words.len() * 8;
    done + text[done..].iter().position(|c| matches!(c, b'"' | b'\\' | ..0x20)).unwrap_or(text.len() - done)
}
