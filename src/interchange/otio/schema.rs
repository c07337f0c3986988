//! The JSON of OpenTimelineIO, as the reference implementation 0.18 reads and writes it.
//!
//! One [`Node`] stands for any of its objects; which fields mean something depends on the [`Schema`]. What is not known here,
//! fields and whole objects, is kept as it was written and goes out again the same way, big numbers and all.
//! Old names and versions are brought up to date on reading; versions later than those known are an error, as in the reference.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;
use std::{borrow::Cow, collections::BTreeMap, fmt};

/// The key of a clip's usual media.
pub const DEFAULT_MEDIA: &str = "DEFAULT_MEDIA";

/// A number of frames, maybe a fraction, at a rate.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct RationalTime {
    pub rate: f64,
    pub value: f64,
}

impl RationalTime {
    pub fn new(value: f64, rate: f64) -> Self {
        Self { rate, value }
    }
}

impl Serialize for RationalTime {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut m = s.serialize_map(Some(3))?;
        m.serialize_entry("OTIO_SCHEMA", "RationalTime.1")?;
        m.serialize_entry("rate", &self.rate)?;
        m.serialize_entry("value", &self.value)?;
        m.end()
    }
}

/// Half-open.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct TimeRange {
    pub duration: RationalTime,
    pub start_time: RationalTime,
}

impl Serialize for TimeRange {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut m = s.serialize_map(Some(3))?;
        m.serialize_entry("OTIO_SCHEMA", "TimeRange.1")?;
        m.serialize_entry("duration", &self.duration)?;
        m.serialize_entry("start_time", &self.start_time)?;
        m.end()
    }
}

/// What an object is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Schema {
    Timeline,
    Stack,
    Track,
    Clip,
    #[default]
    Gap,
    Transition,
    Effect,
    TimeEffect,
    LinearTimeWarp,
    FreezeFrame,
    Marker,
    ExternalReference,
    MissingReference,
    GeneratorReference,
    ImageSequenceReference,
    SerializableCollection,
    /// Name and version of anything else.
    Other(String),
}

/// Schemas by name: the newest version that is understood, and the one that is written (the oldest that holds the data, since
/// a reader that does not know a version refuses the whole file).
const KNOWN: &[(&str, u32, u32, Schema)] = &[
    ("Timeline", 1, 1, Schema::Timeline),
    ("Stack", 1, 1, Schema::Stack),
    ("Track", 1, 1, Schema::Track),
    ("Clip", 2, 2, Schema::Clip),
    ("Gap", 1, 1, Schema::Gap),
    ("Transition", 1, 1, Schema::Transition),
    ("Effect", 1, 1, Schema::Effect),
    ("TimeEffect", 1, 1, Schema::TimeEffect),
    ("LinearTimeWarp", 1, 1, Schema::LinearTimeWarp),
    ("FreezeFrame", 1, 1, Schema::FreezeFrame),
    // 3 has the colour as an object
    ("Marker", 3, 2, Schema::Marker),
    ("ExternalReference", 1, 1, Schema::ExternalReference),
    ("MissingReference", 1, 1, Schema::MissingReference),
    ("GeneratorReference", 1, 1, Schema::GeneratorReference),
    ("ImageSequenceReference", 1, 1, Schema::ImageSequenceReference),
    ("SerializableCollection", 1, 1, Schema::SerializableCollection),
    // names of old
    ("Sequence", 1, 1, Schema::Track),
    ("Filler", 1, 1, Schema::Gap),
    ("SerializeableCollection", 1, 1, Schema::SerializableCollection),
];

/// What a version later than known begins its error with.
pub const NEWER: &str = "newer schema ";

impl Schema {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, version) = text.rsplit_once('.').unwrap_or((text, "1"));
        match KNOWN.iter().find(|k| k.0 == name) {
            None => Ok(Self::Other(text.to_owned())),
            Some((_, newest, _, schema)) => match version.parse::<u32>() {
                Ok(v) if v <= *newest => Ok(schema.clone()),
                Ok(_) => Err(format!("{NEWER}{text}")),
                Err(_) => Err(format!("{text:?} is no schema")),
            },
        }
    }

    /// Name and version as written.
    pub fn label(&self) -> Cow<'_, str> {
        match self {
            Self::Other(text) => Cow::Borrowed(text),
            known => {
                let (name, _, version, _) = KNOWN.iter().find(|k| k.3 == *known).unwrap_or(&KNOWN[0]);
                Cow::Owned(format!("{name}.{version}"))
            }
        }
    }

    fn is_item(&self) -> bool {
        matches!(self, Self::Stack | Self::Track | Self::Clip | Self::Gap)
    }

    fn has_children(&self) -> bool {
        matches!(self, Self::Stack | Self::Track | Self::SerializableCollection)
    }
}

/// JSON text that is kept as it is.
pub type Raw = Box<RawValue>;

/// Any object of OTIO. Fields that its schema does not have are None, empty or 0 and are not written.
#[derive(Debug, Default)]
pub struct Node {
    pub schema: Schema,
    pub name: Option<String>,
    pub metadata: Option<Raw>,
    // --- items: clips, gaps, tracks, stacks ---
    pub source_range: Option<TimeRange>,
    pub effects: Vec<Node>,
    pub markers: Vec<Node>,
    pub enabled: Option<bool>,
    /// Of an item an object, of a marker a name or (Marker.3) an object.
    pub color: Option<Raw>,
    // --- tracks, stacks, collections ---
    pub children: Vec<Node>,
    pub kind: Option<String>,
    // --- timelines ---
    pub tracks: Option<Box<Node>>,
    pub global_start_time: Option<RationalTime>,
    // --- clips ---
    pub media_references: BTreeMap<String, Node>,
    pub active_media_reference_key: Option<String>,
    // --- media references ---
    pub available_range: Option<TimeRange>,
    pub target_url: Option<String>,
    pub generator_kind: Option<String>,
    pub parameters: Option<Raw>,
    // --- transitions ---
    pub in_offset: Option<RationalTime>,
    pub out_offset: Option<RationalTime>,
    pub transition_type: Option<String>,
    // --- effects ---
    pub effect_name: Option<String>,
    pub time_scalar: Option<f64>,
    // --- markers ---
    pub marked_range: Option<TimeRange>,
    pub comment: Option<String>,
    /// Everything else, in the file's order.
    pub extra: Vec<(String, Raw)>,
}

impl Node {
    pub fn new(schema: Schema, name: impl Into<String>) -> Self {
        Self { schema, name: Some(name.into()), ..Self::default() }
    }

    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// An item that is switched off.
    pub fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }

    /// The media of a clip that counts now.
    pub fn active_media(&self) -> Option<&Self> {
        let key = self.active_media_reference_key.as_deref().unwrap_or(DEFAULT_MEDIA);
        self.media_references.get(key)
    }

    /// A field of the metadata, read as `T`; None where it is not there or something else.
    pub fn meta<T: for<'de> Deserialize<'de>>(&self, namespace: &str) -> Option<T> {
        let raw = self.metadata.as_deref()?.get();
        // a glance first: most objects have nothing under most names
        if !raw.contains(namespace) {
            return None;
        }
        let mut all: BTreeMap<String, Raw> = serde_json::from_str(raw).ok()?;
        serde_json::from_str(all.remove(namespace)?.get()).ok()
    }
}

/// A key, borrowed from the text where it has no escapes.
struct Key<'de>(Cow<'de, str>);

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

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of OpenTimelineIO")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
                let mut n = Node::default();
                let (mut schema, mut reference, mut range, mut has_children) = (None, None, None, false);
                while let Some(Key(key)) = map.next_key()? {
                    match &*key {
                        "OTIO_SCHEMA" => schema = Some(map.next_value::<Key<'de>>()?.0),
                        "name" => n.name = map.next_value()?,
                        "metadata" => n.metadata = map.next_value()?,
                        "source_range" => n.source_range = map.next_value()?,
                        "effects" => n.effects = map.next_value::<Option<_>>()?.unwrap_or_default(),
                        "markers" => n.markers = map.next_value::<Option<_>>()?.unwrap_or_default(),
                        "enabled" => n.enabled = map.next_value()?,
                        "color" => n.color = map.next_value()?,
                        "children" => (n.children, has_children) = (map.next_value()?, true),
                        "kind" => n.kind = map.next_value()?,
                        "tracks" => n.tracks = map.next_value()?,
                        "global_start_time" => n.global_start_time = map.next_value()?,
                        "media_references" => n.media_references = map.next_value()?,
                        "media_reference" => reference = map.next_value::<Option<Node>>()?,
                        "active_media_reference_key" => n.active_media_reference_key = map.next_value()?,
                        "available_range" => n.available_range = map.next_value()?,
                        "target_url" => n.target_url = map.next_value()?,
                        "generator_kind" => n.generator_kind = map.next_value()?,
                        "parameters" => n.parameters = map.next_value()?,
                        "in_offset" => n.in_offset = map.next_value()?,
                        "out_offset" => n.out_offset = map.next_value()?,
                        "transition_type" => n.transition_type = map.next_value()?,
                        "effect_name" => n.effect_name = map.next_value()?,
                        "time_scalar" => n.time_scalar = map.next_value()?,
                        "marked_range" => n.marked_range = map.next_value()?,
                        "range" => range = map.next_value::<Option<TimeRange>>()?,
                        "comment" => n.comment = map.next_value()?,
                        _ => n.extra.push((key.into_owned(), map.next_value()?)),
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

impl Node {
    /// Brings Clip.1 and Marker.1 up to date, as the reference does.
    fn upgrade(&mut self, label: &str, reference: Option<Self>, range: Option<TimeRange>) {
        if label == "Clip.1" {
            let media = reference.unwrap_or_else(|| Self { schema: Schema::MissingReference, ..Self::default() });
            self.media_references.insert(DEFAULT_MEDIA.into(), media);
            self.active_media_reference_key = Some(DEFAULT_MEDIA.into());
        }
        if self.schema == Schema::Marker && self.marked_range.is_none() {
            self.marked_range = range;
        }
    }

    /// The first field that the schema demands and that is not there.
    fn check(&self, has_children: bool) -> Result<(), &'static str> {
        let need = |there: bool, what| if there { Ok(()) } else { Err(what) };
        match self.schema {
            Schema::Timeline => need(self.tracks.is_some(), "tracks"),
            Schema::Track => need(self.kind.is_some(), "kind").and(need(has_children, "children")),
            Schema::Stack | Schema::SerializableCollection => need(has_children, "children"),
            Schema::Clip => need(!self.media_references.is_empty(), "media_references"),
            Schema::Transition => need(self.in_offset.is_some() && self.out_offset.is_some(), "offsets"),
            Schema::LinearTimeWarp | Schema::FreezeFrame => need(self.time_scalar.is_some(), "time_scalar"),
            Schema::Marker => need(self.marked_range.is_some(), "marked_range"),
            Schema::ExternalReference => need(self.target_url.is_some(), "target_url"),
            _ => Ok(()),
        }
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let mut m = s.serialize_map(None)?;
        m.serialize_entry("OTIO_SCHEMA", &*self.schema.label())?;
        match &self.metadata {
            Some(raw) => m.serialize_entry("metadata", raw)?,
            None => m.serialize_entry("metadata", &Empty)?,
        }
        m.serialize_entry("name", self.name.as_deref().unwrap_or_default())?;
        let other = matches!(self.schema, Schema::Other(_));
        macro_rules! given {
            ($($field:ident)*) => {$(if let Some(v) = &self.$field { m.serialize_entry(stringify!($field), v)?; })*};
        }
        if self.schema.is_item() {
            m.serialize_entry("source_range", &self.source_range)?;
            m.serialize_entry("effects", &self.effects)?;
            m.serialize_entry("markers", &self.markers)?;
            m.serialize_entry("enabled", &self.is_enabled())?;
        } else {
            given!(source_range enabled);
            if other && !self.effects.is_empty() {
                m.serialize_entry("effects", &self.effects)?;
            }
            if other && !self.markers.is_empty() {
                m.serialize_entry("markers", &self.markers)?;
            }
        }
        given!(color global_start_time tracks);
        if self.schema.has_children() || !self.children.is_empty() {
            m.serialize_entry("children", &self.children)?;
        }
        given!(kind);
        if self.schema == Schema::Clip || !self.media_references.is_empty() {
            m.serialize_entry("media_references", &self.media_references)?;
            m.serialize_entry("active_media_reference_key", self.active_media_reference_key.as_deref().unwrap_or(DEFAULT_MEDIA))?;
        }
        if matches!(
            self.schema,
            Schema::ExternalReference | Schema::MissingReference | Schema::GeneratorReference | Schema::ImageSequenceReference
        ) {
            m.serialize_entry("available_range", &self.available_range)?;
        } else {
            given!(available_range);
        }
        given!(target_url generator_kind);
        match (&self.parameters, &self.schema) {
            (Some(p), _) => m.serialize_entry("parameters", p)?,
            (None, Schema::GeneratorReference) => m.serialize_entry("parameters", &Empty)?,
            _ => {}
        }
        given!(in_offset out_offset transition_type effect_name time_scalar marked_range comment);
        for (key, value) in &self.extra {
            m.serialize_entry(key, value)?;
        }
        m.end()
    }
}

struct Empty;
impl Serialize for Empty {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_map(Some(0))?.end()
    }
}

/// The object that a file is.
///
/// # Errors
/// Not JSON, not an object of OTIO, a field missing or of another type, a schema of a later version.
pub fn from_str(text: &str) -> Result<Node, serde_json::Error> {
    serde_json::from_str(text)
}

/// The text of a file, indented by four as the reference does.
///
/// # Errors
/// A number that JSON cannot say.
pub fn to_vec(node: &Node) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::new();
    let style = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    node.serialize(&mut serde_json::Serializer::with_formatter(&mut out, style))?;
    out.push(b'\n');
    Ok(out)
}

/// JSON has no words for numbers that are not finite, but the reference reads and writes `NaN`, `Infinity` and `-Infinity`.
/// Gives the text with `null` in their place, or None where there are none.
pub fn without_non_finite(text: &str) -> Option<String> {
    const WORDS: [&str; 6] = ["-Infinity", "Infinity", "-Inf", "Inf", "-NaN", "NaN"];
    let bytes = text.as_bytes();
    let (mut out, mut kept, mut i, mut in_text) = (String::new(), 0, 0, false);
    while i < bytes.len() {
        match bytes[i] {
            b'\\' if in_text => i += 1,
            b'"' => in_text = !in_text,
            b'-' | b'I' | b'N' if !in_text => {
                if let Some(w) = WORDS.iter().find(|w| bytes[i..].starts_with(w.as_bytes())) {
                    out.push_str(&text[kept..i]);
                    out.push_str("null");
                    i += w.len();
                    kept = i;
                    continue;
                }
            }
            _ => {}
        }
        i += 1;
    }
    (kept > 0).then(|| out + &text[kept..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_survives() {
        let text = r#"{"OTIO_SCHEMA":"Stack.1","metadata":{"big":123456789012345678901234567890,"x":{"OTIO_SCHEMA":"My.7","a":[1e400]}},
            "name":"s","children":[{"OTIO_SCHEMA":"Mystery.4","b":{"c":null},"name":"m"}],"new_field":[1,2,{"y":0.1}]}"#;
        let n = from_str(text).unwrap();
        let again = String::from_utf8(to_vec(&n).unwrap()).unwrap();
        for part in ["123456789012345678901234567890", r#""OTIO_SCHEMA":"My.7","a":[1e400]"#, r#""new_field": [1,2,{"y":0.1}]"#] {
            assert!(again.contains(part), "{part}\n{again}");
        }
        assert!(again.contains("Mystery.4") && again.contains(r#""b": {"c":null}"#));
        assert_eq!(String::from_utf8(to_vec(&from_str(&again).unwrap()).unwrap()).unwrap(), again);
    }

    #[test]
    fn old_names_and_versions_are_brought_up_to_date() {
        let n = from_str(r#"{"OTIO_SCHEMA":"Clip.1","media_reference":null,"name":null}"#).unwrap();
        assert_eq!(n.active_media().map(|m| m.schema.clone()), Some(Schema::MissingReference));
        assert_eq!(from_str(r#"{"OTIO_SCHEMA":"Filler.1"}"#).unwrap().schema.label(), "Gap.1");
        assert_eq!(from_str(r#"{"OTIO_SCHEMA":"Sequence.1","kind":"Video","children":[]}"#).unwrap().schema.label(), "Track.1");
    }

    #[test]
    fn later_versions_and_missing_fields_are_errors() {
        let newer = from_str(r#"{"OTIO_SCHEMA":"Clip.3","media_references":{}}"#).unwrap_err().to_string();
        assert!(newer.starts_with(NEWER), "{newer}");
        for bad in [
            r#"{"OTIO_SCHEMA":"Track.1","children":[]}"#,
            r#"{"OTIO_SCHEMA":"Timeline.1"}"#,
            r#"{"name":"x"}"#,
            "[]",
            "",
            r#"{"OTIO_SCHEMA":"Gap.1","source_range":{"duration":{"rate":24,"value":null},"start_time":{"rate":24,"value":0}}}"#,
        ] {
            assert!(from_str(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn words_for_numbers_without_end_become_null_outside_of_texts() {
        let text = r#"{"a": NaN, "Infinity \" NaN": [-Infinity, Infinity, 1], "b": "NaN"}"#;
        assert_eq!(without_non_finite(text).unwrap(), r#"{"a": null, "Infinity \" NaN": [null, null, 1], "b": "NaN"}"#);
        assert_eq!(without_non_finite(r#"{"a": "NaN\\", "b": -1}"#), None);
    }
}
