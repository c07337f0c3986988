//! The JSON of OpenTimelineIO, as the reference implementation 0.18 reads and writes it.
//!
//! One [`Node`] stands for any of its objects; which fields mean something depends on the [`Schema`]. What is not known here,
//! fields and whole objects, is kept as it was written and goes out again the same way, big numbers and all.
//! Old names and versions are brought up to date on reading; versions later than those known are an error, as in the reference.

mod cursor;
mod parse;
mod print;

pub use cursor::Error;

use cursor::Cursor;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// The key of a clip's usual media.
pub const DEFAULT_MEDIA: &str = "DEFAULT_MEDIA";

/// A number of frames, maybe a fraction, at a rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RationalTime {
    pub rate: f64,
    pub value: f64,
}

impl RationalTime {
    pub fn new(value: f64, rate: f64) -> Self {
        Self { rate, value }
    }
}

/// Half-open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeRange {
    pub duration: RationalTime,
    pub start_time: RationalTime,
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

/// Schemas by name: the newest version that is understood, and what is written (the oldest that holds the data, since
/// a reader that does not know a version refuses the whole file).
const KNOWN: &[(&str, u32, &str, Schema)] = &[
    ("Timeline", 1, "Timeline.1", Schema::Timeline),
    ("Stack", 1, "Stack.1", Schema::Stack),
    ("Track", 1, "Track.1", Schema::Track),
    ("Clip", 2, "Clip.2", Schema::Clip),
    ("Gap", 1, "Gap.1", Schema::Gap),
    ("Transition", 1, "Transition.1", Schema::Transition),
    ("Effect", 1, "Effect.1", Schema::Effect),
    ("TimeEffect", 1, "TimeEffect.1", Schema::TimeEffect),
    ("LinearTimeWarp", 1, "LinearTimeWarp.1", Schema::LinearTimeWarp),
    ("FreezeFrame", 1, "FreezeFrame.1", Schema::FreezeFrame),
    // 3 has the colour as an object
    ("Marker", 3, "Marker.2", Schema::Marker),
    ("ExternalReference", 1, "ExternalReference.1", Schema::ExternalReference),
    ("MissingReference", 1, "MissingReference.1", Schema::MissingReference),
    ("GeneratorReference", 1, "GeneratorReference.1", Schema::GeneratorReference),
    ("ImageSequenceReference", 1, "ImageSequenceReference.1", Schema::ImageSequenceReference),
    ("SerializableCollection", 1, "SerializableCollection.1", Schema::SerializableCollection),
    // names of old
    ("Sequence", 1, "Sequence.1", Schema::Track),
    ("Filler", 1, "Filler.1", Schema::Gap),
    ("SerializeableCollection", 1, "SerializeableCollection.1", Schema::SerializableCollection),
];

/// What a version later than known begins its error with.
pub const NEWER: &str = "newer schema ";

impl Schema {
    fn parse(text: &str) -> Result<Self, String> {
        // nearly always as it is written now
        if let Some((.., schema)) = KNOWN.iter().find(|k| k.2 == text) {
            return Ok(schema.clone());
        }
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
            known => Cow::Borrowed(KNOWN.iter().find(|k| k.3 == *known).unwrap_or(&KNOWN[0]).2),
        }
    }

    fn is_item(&self) -> bool {
        matches!(self, Self::Stack | Self::Track | Self::Clip | Self::Gap)
    }

    fn is_media(&self) -> bool {
        matches!(self, Self::ExternalReference | Self::MissingReference | Self::GeneratorReference | Self::ImageSequenceReference)
    }

    fn has_children(&self) -> bool {
        matches!(self, Self::Stack | Self::Track | Self::SerializableCollection)
    }
}

/// A text, borrowed from the file where it has no escapes.
pub type Text<'a> = Cow<'a, str>;
/// JSON text that is kept as it is.
pub type Raw<'a> = Cow<'a, RawValue>;

/// Any object of OTIO. Fields that its schema does not have are None, empty or 0 and are not written.
///
/// What only few objects have stands apart in [`Rare`], since a film has tens of thousands of these.
#[derive(Debug, Default)]
pub struct Node<'a> {
    pub schema: Schema,
    pub name: Option<Text<'a>>,
    pub metadata: Option<Raw<'a>>,
    // --- items: clips, gaps, tracks, stacks ---
    pub source_range: Option<TimeRange>,
    pub effects: Vec<Node<'a>>,
    pub markers: Vec<Node<'a>>,
    pub enabled: Option<bool>,
    // --- tracks, stacks, collections ---
    pub children: Vec<Node<'a>>,
    // --- clips ---
    /// By key, in the file's order.
    pub media_references: Vec<(Text<'a>, Node<'a>)>,
    pub active_media_reference_key: Option<Text<'a>>,
    // --- media references ---
    pub available_range: Option<TimeRange>,
    pub target_url: Option<Text<'a>>,
    rare: Option<Box<Rare<'a>>>,
}

/// The fields of a [`Node`] that most have not.
#[derive(Debug, Default)]
pub struct Rare<'a> {
    /// Of an item an object, of a marker a name or (Marker.3) an object.
    pub color: Option<Raw<'a>>,
    // --- tracks ---
    pub kind: Option<Text<'a>>,
    // --- timelines ---
    pub tracks: Option<Box<Node<'a>>>,
    pub global_start_time: Option<RationalTime>,
    // --- media references ---
    pub generator_kind: Option<Text<'a>>,
    pub parameters: Option<Raw<'a>>,
    // --- transitions ---
    pub in_offset: Option<RationalTime>,
    pub out_offset: Option<RationalTime>,
    pub transition_type: Option<Text<'a>>,
    // --- effects ---
    pub effect_name: Option<Text<'a>>,
    pub time_scalar: Option<f64>,
    // --- markers ---
    pub marked_range: Option<TimeRange>,
    pub comment: Option<Text<'a>>,
    /// Everything else, in the file's order.
    pub extra: Vec<(Text<'a>, Raw<'a>)>,
}

static NOTHING_RARE: Rare<'static> = Rare {
    color: None,
    kind: None,
    tracks: None,
    global_start_time: None,
    generator_kind: None,
    parameters: None,
    in_offset: None,
    out_offset: None,
    transition_type: None,
    effect_name: None,
    time_scalar: None,
    marked_range: None,
    comment: None,
    extra: Vec::new(),
};

impl<'a> Node<'a> {
    pub fn new(schema: Schema, name: impl Into<Text<'a>>) -> Self {
        Self { schema, name: Some(name.into()), ..Self::default() }
    }

    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    /// What only few have; read.
    pub fn rare(&self) -> &Rare<'a> {
        self.rare.as_deref().unwrap_or(&NOTHING_RARE)
    }
    /// What only few have; to set it.
    pub fn rare_mut(&mut self) -> &mut Rare<'a> {
        self.rare.get_or_insert_default()
    }

    /// An item that is switched off.
    pub fn is_enabled(&self) -> bool {
        self.enabled.unwrap_or(true)
    }

    /// The media of a clip that counts now.
    pub fn active_media(&self) -> Option<&Self> {
        let key = self.active_media_reference_key.as_deref().unwrap_or(DEFAULT_MEDIA);
        self.media_references.iter().find(|(k, _)| k == key).map(|(_, m)| m)
    }

    /// A field of the metadata, read as `T`; None where it is not there or something else.
    pub fn meta<T: for<'de> Deserialize<'de>>(&self, namespace: &str) -> Option<T> {
        let raw = self.metadata.as_deref()?.get();
        // a glance first: most objects have nothing under most names
        if raw.len() < namespace.len() || !raw.contains(namespace) {
            return None;
        }
        let mut found = None;
        let read = Cursor::new(raw).object(|c, name| {
            if name == namespace {
                found = c.raw()?;
                return Ok(());
            }
            c.ignore()
        });
        read.ok()?;
        serde_json::from_str(found?.get()).ok()
    }
}

/// The object that a file is.
///
/// # Errors
/// Not JSON, not an object of OTIO, a field missing or of another type, a schema of a later version.
pub fn from_str(text: &str) -> Result<Node<'_>, Error> {
    parse::document(text)
}

/// The text of a file. A number that is not finite becomes null.
pub fn to_vec(node: &Node<'_>) -> Vec<u8> {
    let mut p = print::Printer::default();
    p.node(node);
    p.out.push(b'\n');
    p.out
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
mod tests;
