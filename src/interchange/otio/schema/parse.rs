//! Reading the JSON of any object, field by field in one pass; texts and what is not known are borrowed from the file.

use super::{DEFAULT_MEDIA, Node, RationalTime, Schema, Text, TimeRange};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// A key, borrowed from the text where it has no escapes.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key<'de>(pub Text<'de>);

impl std::borrow::Borrow<str> for Key<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }
            fn visit_borrowed_str<E: de::Error>(self, v: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(v)))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(v.to_owned())))
            }
        }
        d.deserialize_str(V)
    }
}

/// A range or null. Nearly half of a file is ranges, and nearly all of those are laid out alike: that one form is read by eye,
/// every other by the rules.
struct Range(Option<TimeRange>);

impl<'de> Deserialize<'de> for Range {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(d)?.get();
        if let Some(range) = Usual(raw.as_bytes()).range() {
            return Ok(Self(Some(range)));
        }
        serde_json::from_str(raw).map(Self).map_err(|e| {
            // the place within the range says nothing: that of the range is added outside
            let text = e.to_string();
            de::Error::custom(text.split(" at line ").next().unwrap_or_default())
        })
    }
}

/// What is left of a range in the usual form: schema, duration and start, each of schema, rate and value. The text is known to
/// be JSON.
struct Usual<'a>(&'a [u8]);

impl Usual<'_> {
    fn eat(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(word.as_bytes())?;
        Some(())
    }
    fn number(&mut self) -> Option<f64> {
        let text = self.0.trim_ascii_start();
        let end = text.iter().position(|c| matches!(c, b',' | b'}') || c.is_ascii_whitespace())?;
        let (number, rest) = text.split_at(end);
        self.0 = rest;
        let whole = number.strip_suffix(b".0").unwrap_or(number);
        if whole.len() <= 15 && whole.iter().all(u8::is_ascii_digit) {
            return Some(whole.iter().fold(0u64, |n, d| n * 10 + u64::from(d - b'0')) as f64);
        }
        std::str::from_utf8(number).ok()?.parse().ok()
    }
    fn time(&mut self) -> Option<RationalTime> {
        for word in ["{", "\"OTIO_SCHEMA\"", ":", "\"RationalTime.1\"", ",", "\"rate\"", ":"] {
            self.eat(word)?;
        }
        let rate = self.number()?;
        for word in [",", "\"value\"", ":"] {
            self.eat(word)?;
        }
        let value = self.number()?;
        self.eat("}")?;
        Some(RationalTime { rate, value })
    }
    fn range(mut self) -> Option<TimeRange> {
        for word in ["{", "\"OTIO_SCHEMA\"", ":", "\"TimeRange.1\"", ",", "\"duration\"", ":"] {
            self.eat(word)?;
        }
        let duration = self.time()?;
        for word in [",", "\"start_time\"", ":"] {
            self.eat(word)?;
        }
        let start_time = self.time()?;
        self.eat("}")?;
        Some(TimeRange { duration, start_time })
    }
}

/// A map in the file's order; of a key that comes twice the last one counts, as in the reference.
struct InOrder<'de>(Vec<(Text<'de>, Node<'de>)>);

impl<'de> Deserialize<'de> for InOrder<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = InOrder<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("media by name")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<InOrder<'de>, A::Error> {
                let mut list: Vec<(Text<'de>, Node<'de>)> = Vec::new();
                while let Some(Key(key)) = map.next_key()? {
                    let node = map.next_value()?;
                    match list.iter_mut().find(|(k, _)| *k == key) {
                        Some(entry) => entry.1 = node,
                        None => list.push((key, node)),
                    }
                }
                Ok(InOrder(list))
            }
        }
        d.deserialize_map(V)
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Node<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of OpenTimelineIO")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
                let mut n = Node::default();
                let (mut schema, mut reference, mut range, mut has_children) = (None, None, None, false);
                macro_rules! text {
                    () => {
                        map.next_value::<Option<Key<'de>>>()?.map(|k| k.0)
                    };
                }
                macro_rules! raw {
                    () => {
                        Some(Cow::Borrowed(map.next_value::<&'de RawValue>()?)).filter(|r| r.get() != "null")
                    };
                }
                while let Some(Key(key)) = map.next_key()? {
                    match &*key {
                        "OTIO_SCHEMA" => schema = Some(map.next_value::<Key<'de>>()?.0),
                        "name" => n.name = text!(),
                        "metadata" => n.metadata = raw!(),
                        "source_range" => n.source_range = map.next_value::<Range>()?.0,
                        "effects" => n.effects = map.next_value::<Option<_>>()?.unwrap_or_default(),
                        "markers" => n.markers = map.next_value::<Option<_>>()?.unwrap_or_default(),
                        "enabled" => n.enabled = map.next_value()?,
                        "children" => (n.children, has_children) = (map.next_value()?, true),
                        "media_references" => n.media_references = map.next_value::<InOrder<'de>>()?.0,
                        "media_reference" => reference = map.next_value::<Option<Node<'de>>>()?,
                        "active_media_reference_key" => n.active_media_reference_key = text!(),
                        "available_range" => n.available_range = map.next_value::<Range>()?.0,
                        "target_url" => n.target_url = text!(),
                        "range" => range = map.next_value::<Option<TimeRange>>()?,
                        "color" => n.rare_mut().color = raw!(),
                        "kind" => n.rare_mut().kind = text!(),
                        "tracks" => n.rare_mut().tracks = map.next_value()?,
                        "global_start_time" => n.rare_mut().global_start_time = map.next_value()?,
                        "generator_kind" => n.rare_mut().generator_kind = text!(),
                        "parameters" => n.rare_mut().parameters = raw!(),
                        "in_offset" => n.rare_mut().in_offset = map.next_value()?,
                        "out_offset" => n.rare_mut().out_offset = map.next_value()?,
                        "transition_type" => n.rare_mut().transition_type = text!(),
                        "effect_name" => n.rare_mut().effect_name = text!(),
                        "time_scalar" => n.rare_mut().time_scalar = map.next_value()?,
                        "marked_range" => n.rare_mut().marked_range = map.next_value()?,
                        "comment" => n.rare_mut().comment = text!(),
                        _ => {
                            let value = Cow::Borrowed(map.next_value::<&'de RawValue>()?);
                            n.rare_mut().extra.push((key, value));
                        }
                    }
                }
                let schema = schema.ok_or_else(|| de::Error::missing_field("OTIO_SCHEMA"))?;
                n.schema = Schema::parse(&schema).map_err(de::Error::custom)?;
                n.upgrade(&schema, reference, range);
                n.check(has_children).map_err(|what| de::Error::custom(format!("{schema} without {what}")))?;
                Ok(n)
            }
        }
        d.deserialize_map(V)
    }
}

impl Node<'_> {
    /// Brings Clip.1 and Marker.1 up to date, as the reference does.
    fn upgrade(&mut self, label: &str, reference: Option<Self>, range: Option<TimeRange>) {
        if label == "Clip.1" {
            let media = reference.unwrap_or_else(|| Self { schema: Schema::MissingReference, ..Self::default() });
            self.media_references.push((DEFAULT_MEDIA.into(), media));
            self.active_media_reference_key = Some(DEFAULT_MEDIA.into());
        }
        if self.schema == Schema::Marker && self.rare().marked_range.is_none() {
            self.rare_mut().marked_range = range;
        }
    }

    /// The first field that the schema demands and that is not there.
    fn check(&self, has_children: bool) -> Result<(), &'static str> {
        let need = |there: bool, what| if there { Ok(()) } else { Err(what) };
        let rare = self.rare();
        match self.schema {
            Schema::Timeline => need(rare.tracks.is_some(), "tracks"),
            Schema::Track => need(rare.kind.is_some(), "kind").and(need(has_children, "children")),
            Schema::Stack | Schema::SerializableCollection => need(has_children, "children"),
            Schema::Clip => need(!self.media_references.is_empty(), "media_references"),
            Schema::Transition => need(rare.in_offset.is_some() && rare.out_offset.is_some(), "offsets"),
            Schema::LinearTimeWarp | Schema::FreezeFrame => need(rare.time_scalar.is_some(), "time_scalar"),
            Schema::Marker => need(rare.marked_range.is_some(), "marked_range"),
            Schema::ExternalReference => need(self.target_url.is_some(), "target_url"),
            _ => Ok(()),
        }
    }
}
