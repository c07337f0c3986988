//! What a file was at some moment: enough to notice that it has changed, and to know it again in another place.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// Hash of a file's content, written as 32 hexadecimal digits. Of a long file only a part is read (`media::stamp` says
/// which): it tells files of a shoot apart, it does not prove that nobody has tampered with one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentHash(pub u128);

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentHash({self})")
    }
}

impl Serialize for ContentHash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ContentHash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        let digits = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let hash = digits.then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        hash.map(Self).ok_or_else(|| de::Error::custom("a content hash is 32 hexadecimal digits"))
    }
}

/// Size, time of the last change, and content of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Stamp {
    /// Bytes; 0 = not known.
    #[serde(skip_serializing_if = "is_default")]
    pub size: u64,
    /// Last change in nanoseconds since 1970; 0 = not known.
    #[serde(skip_serializing_if = "is_default")]
    pub modified: i64,
    /// None = not known, as in projects of earlier versions.
    #[serde(skip_serializing_if = "is_default")]
    pub hash: Option<ContentHash>,
}

fn is_default<T: Default + PartialEq>(v: &T) -> bool {
    *v == T::default()
}

impl Stamp {
    /// Whether two stamps are, as far as they know, of the same content. A file that was copied or touched keeps its
    /// content; where a hash is missing, size and time must do, and where nothing is known nothing speaks against it.
    pub fn same_content(&self, other: &Self) -> bool {
        if self.size != 0 && other.size != 0 && self.size != other.size {
            return false;
        }
        match (self.hash, other.hash) {
            (Some(a), Some(b)) => a == b,
            _ => self.modified == 0 || other.modified == 0 || self.modified == other.modified,
        }
    }

    /// Whether the file need not be read again to know that it is the same: same size, and same time where that is known.
    pub fn untouched(&self, other: &Self) -> bool {
        self.size == other.size && (self.modified == 0 || self.modified == other.modified)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(size: u64, modified: i64, hash: u128) -> Stamp {
        Stamp { size, modified, hash: (hash != 0).then_some(ContentHash(hash)) }
    }

    #[test]
    fn content_is_told_by_hash_then_by_size_and_time() {
        let a = stamp(10, 5, 7);
        for (b, same) in [
            (stamp(10, 5, 7), true),
            (stamp(10, 9, 7), true),  // copied
            (stamp(10, 5, 8), false), // changed within
            (stamp(11, 5, 7), false),
            (stamp(10, 5, 0), true),
            (stamp(10, 9, 0), false),
            (stamp(10, 0, 0), true),
            (Stamp::default(), true),
        ] {
            assert_eq!(a.same_content(&b), same, "{b:?}");
            assert_eq!(b.same_content(&a), same, "{b:?}");
        }
        assert!(a.untouched(&stamp(10, 5, 0)) && stamp(10, 0, 0).untouched(&a));
        assert!(!a.untouched(&stamp(10, 6, 7)) && !a.untouched(&stamp(9, 5, 7)));
    }

    #[test]
    fn a_hash_is_its_32_digits() {
        let h = ContentHash(0xabc);
        let text = ron::to_string(&h).unwrap();
        assert_eq!(text, "\"00000000000000000000000000000abc\"");
        assert_eq!(ron::from_str::<ContentHash>(&text).unwrap(), h);
        for bad in ["\"abc\"", "\"+0000000000000000000000000000abc\"", "\"\"", "7"] {
            assert!(ron::from_str::<ContentHash>(bad).is_err(), "{bad}");
        }
    }
}
