//! Writing the JSON of any object: the fields that its schema has, in the order of the reference.
//!
//! Down to the tracks every field has a line, indented by four as in the reference; each item of a track has one line. A film
//! of ten thousand clips is a third as large as with every number on a line of its own, and two versions of it compare clip by
//! clip. Written by hand since a general serialiser takes three times as long over the many times and ranges.

use super::{DEFAULT_MEDIA, Node, RationalTime, Schema, TimeRange};

/// Objects and lists inside each other down to which each member has a line: timeline, tracks, children, track, children.
const BROKEN: usize = 5;
const INDENT: &[u8] = b"                    ";

#[derive(Default)]
pub(super) struct Printer {
    pub out: Vec<u8>,
    depth: usize,
    /// The object or list that is open has a member.
    has_member: bool,
}

impl Printer {
    fn begin(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.depth += 1;
        self.has_member = false;
    }
    fn end(&mut self, bracket: u8) {
        if self.has_member {
            self.line(self.depth - 1);
        }
        self.depth -= 1;
        self.has_member = true;
        self.out.push(bracket);
    }
    fn line(&mut self, indent: usize) {
        if self.depth <= BROKEN {
            self.out.push(b'\n');
            self.out.extend_from_slice(INDENT.get(..indent * 4).unwrap_or(INDENT));
        }
    }
    fn member(&mut self) {
        if self.has_member {
            self.out.push(b',');
        }
        self.line(self.depth);
        self.has_member = true;
    }

    /// A name that needs no escapes.
    fn key(&mut self, name: &'static str) {
        self.member();
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.colon("\"");
    }
    fn any_key(&mut self, name: &str) {
        self.member();
        self.text(name);
        self.colon("");
    }
    fn colon(&mut self, before: &str) {
        self.out.extend_from_slice(before.as_bytes());
        self.out.extend_from_slice(if self.depth <= BROKEN { b": " } else { b":" });
    }

    fn text(&mut self, text: &str) {
        // a `Vec` takes whatever is written, and a text can always be said
        let _ = serde_json::to_writer(&mut self.out, text);
    }
    fn number(&mut self, v: f64) {
        if v.fract() == 0.0 && v.abs() < 1e15 {
            // whole frames, nearly always
            let (mut digits, mut n, mut rest) = ([0u8; 16], 16, v.abs() as u64);
            loop {
                n -= 1;
                digits[n] = b'0' + (rest % 10) as u8;
                rest /= 10;
                if rest == 0 {
                    break;
                }
            }
            if v < 0.0 {
                self.out.push(b'-');
            }
            self.out.extend_from_slice(&digits[n..]);
            self.out.extend_from_slice(b".0");
        } else {
            // what is not finite becomes null
            let _ = serde_json::to_writer(&mut self.out, &v);
        }
    }
    fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    fn time(&mut self, t: RationalTime) {
        self.raw(r#"{"OTIO_SCHEMA":"RationalTime.1","rate":"#);
        self.number(t.rate);
        self.raw(r#","value":"#);
        self.number(t.value);
        self.raw("}");
    }
    fn range(&mut self, r: Option<TimeRange>) {
        let Some(r) = r else { return self.raw("null") };
        self.raw(r#"{"OTIO_SCHEMA":"TimeRange.1","duration":"#);
        self.time(r.duration);
        self.raw(r#","start_time":"#);
        self.time(r.start_time);
        self.raw("}");
    }
    fn list(&mut self, name: &'static str, nodes: &[Node<'_>]) {
        self.key(name);
        self.begin(b'[');
        for n in nodes {
            self.member();
            self.node(n);
        }
        self.end(b']');
    }
    fn text_if(&mut self, name: &'static str, text: Option<&str>) {
        if let Some(t) = text {
            self.key(name);
            self.text(t);
        }
    }
    fn raw_if(&mut self, name: &'static str, json: Option<&str>) {
        if let Some(json) = json {
            self.key(name);
            self.raw(json);
        }
    }
    fn time_if(&mut self, name: &'static str, t: Option<RationalTime>) {
        if let Some(t) = t {
            self.key(name);
            self.time(t);
        }
    }
    fn range_if(&mut self, name: &'static str, r: Option<TimeRange>, always: bool) {
        if r.is_some() || always {
            self.key(name);
            self.range(r);
        }
    }

    pub fn node(&mut self, n: &Node<'_>) {
        self.begin(b'{');
        self.key("OTIO_SCHEMA");
        self.text(&n.schema.label());
        self.raw_if("metadata", Some(n.metadata.as_deref().map_or("{}", |m| m.get())));
        self.text_if("name", Some(n.name()));
        let (item, other) = (n.schema.is_item(), matches!(n.schema, Schema::Other(_)));
        let rare = n.rare();
        self.range_if("source_range", n.source_range, item);
        if item || (other && !n.effects.is_empty()) {
            self.list("effects", &n.effects);
        }
        if item || (other && !n.markers.is_empty()) {
            self.list("markers", &n.markers);
        }
        if item || n.enabled.is_some() {
            self.raw_if("enabled", Some(if n.is_enabled() { "true" } else { "false" }));
        }
        self.raw_if("color", rare.color.as_deref().map(|c| c.get()));
        self.time_if("global_start_time", rare.global_start_time);
        if let Some(tracks) = &rare.tracks {
            self.key("tracks");
            self.node(tracks);
        }
        if n.schema.has_children() || !n.children.is_empty() {
            self.list("children", &n.children);
        }
        self.text_if("kind", rare.kind.as_deref());
        if n.schema == Schema::Clip || !n.media_references.is_empty() {
            self.key("media_references");
            self.begin(b'{');
            for (key, media) in &n.media_references {
                self.any_key(key);
                self.node(media);
            }
            self.end(b'}');
            self.text_if("active_media_reference_key", Some(n.active_media_reference_key.as_deref().unwrap_or(DEFAULT_MEDIA)));
        }
        self.range_if("available_range", n.available_range, n.schema.is_media());
        self.text_if("target_url", n.target_url.as_deref());
        self.text_if("generator_kind", rare.generator_kind.as_deref());
        let empty = (n.schema == Schema::GeneratorReference).then_some("{}");
        self.raw_if("parameters", rare.parameters.as_deref().map(|p| p.get()).or(empty));
        self.time_if("in_offset", rare.in_offset);
        self.time_if("out_offset", rare.out_offset);
        self.text_if("transition_type", rare.transition_type.as_deref());
        self.text_if("effect_name", rare.effect_name.as_deref());
        if let Some(scalar) = rare.time_scalar {
            self.key("time_scalar");
            self.number(scalar);
        }
        self.range_if("marked_range", rare.marked_range, false);
        self.text_if("comment", rare.comment.as_deref());
        for (key, value) in &rare.extra {
            self.any_key(key);
            self.raw(value.get());
        }
        self.end(b'}');
    }
}
