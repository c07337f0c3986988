//! Reading the JSON of any object, field by field in one pass; texts and what is not known are borrowed from the file.

use super::{
    DEFAULT_MEDIA, Node, Rare, RationalTime, Schema, Text, TimeRange,
    cursor::{Cursor, Error},
};

/// The object that a text is.
pub(super) fn document(text: &str) -> Result<Node<'_>, Error> {
    let mut c = Cursor::new(text);
    let node = node(&mut c)?;
    c.end()?;
    Ok(node)
}

/// Two fields that an object must have; others say nothing here. `heads` is what stands before their values where nothing is indented
/// and no field comes before its turn: so nearly all are written, half of what there is to read in a timeline.
fn pair<'a, T>(
    c: &mut Cursor<'a>,
    what: &str,
    names: [&str; 2],
    heads: [&str; 2],
    read: impl Fn(&mut Cursor<'a>) -> Result<T, Error>,
) -> Result<(T, T), Error> {
    let usual = c.attempt(|c| Some((c.after(heads[0], &read)?, c.after(heads[1], &read)?)).filter(|_| c.is_next("}")));
    if let Some(pair) = usual {
        return Ok(pair);
    }
    let mut found = [None, None];
    c.object(|c, name| match names.iter().position(|n| *n == name) {
        Some(i) => {
            found[i] = Some(read(c)?);
            Ok(())
        }
        None => c.ignore(),
    })?;
    match found {
        [Some(first), Some(second)] => Ok((first, second)),
        [first, _] => Err(c.fail(format!("{what} without {}", names[usize::from(first.is_some())]))),
    }
}

fn time(c: &mut Cursor<'_>) -> Result<RationalTime, Error> {
    const HEADS: [&str; 2] = [r#"{"OTIO_SCHEMA":"RationalTime.1","rate":"#, r#","value":"#];
    pair(c, "a time", ["rate", "value"], HEADS, Cursor::number).map(|(rate, value)| RationalTime { rate, value })
}

fn range(c: &mut Cursor<'_>) -> Result<TimeRange, Error> {
    const HEADS: [&str; 2] = [r#"{"OTIO_SCHEMA":"TimeRange.1","duration":"#, r#","start_time":"#];
    pair(c, "a range", ["duration", "start_time"], HEADS, time).map(|(duration, start_time)| TimeRange { duration, start_time })
}

/// Media by name, in the file's order; of a name that comes twice the last one counts, as in the reference.
fn in_order<'a>(c: &mut Cursor<'a>) -> Result<Vec<(Text<'a>, Node<'a>)>, Error> {
    let mut list: Vec<(Text<'a>, Node<'a>)> = Vec::new();
    c.object(|c, name| {
        let node = node(c)?;
        match list.iter_mut().find(|(k, _)| *k == name) {
            Some(entry) => entry.1 = node,
            None => {
                // nearly always one, and a list that grows takes room for four
                list.reserve_exact(1);
                list.push((name, node));
            }
        }
        Ok(())
    })?;
    Ok(list)
}

fn nodes<'a>(c: &mut Cursor<'a>) -> Result<Vec<Node<'a>>, Error> {
    c.list(node)
}

fn node<'a>(c: &mut Cursor<'a>) -> Result<Node<'a>, Error> {
    let mut n = Node::default();
    let (mut schema, mut reference, mut old_range, mut has_children) = (None, None, None, false);
    c.object(|c, name| {
        match &*name {
            "OTIO_SCHEMA" => schema = Some(c.text()?),
            "name" => n.name = c.maybe(Cursor::text)?,
            "metadata" => n.metadata = c.raw()?,
            "source_range" => n.source_range = c.maybe(range)?,
            "effects" => n.effects = c.maybe(nodes)?.unwrap_or_default(),
            "markers" => n.markers = c.maybe(nodes)?.unwrap_or_default(),
            "enabled" => n.enabled = c.maybe(Cursor::flag)?,
            "children" => (n.children, has_children) = (nodes(c)?, true),
            "media_references" => n.media_references = in_order(c)?,
            "media_reference" => reference = c.maybe(node)?,
            "active_media_reference_key" => n.active_media_reference_key = c.maybe(Cursor::text)?,
            "available_range" => n.available_range = c.maybe(range)?,
            "target_url" => n.target_url = c.maybe(Cursor::text)?,
            "range" => old_range = c.maybe(range)?,
            "color" => n.set_rare(c.raw()?, |r| &mut r.color),
            "kind" => n.set_rare(c.maybe(Cursor::text)?, |r| &mut r.kind),
            "tracks" => n.set_rare(c.maybe(node)?.map(Box::new), |r| &mut r.tracks),
            "global_start_time" => n.set_rare(c.maybe(time)?, |r| &mut r.global_start_time),
            "generator_kind" => n.set_rare(c.maybe(Cursor::text)?, |r| &mut r.generator_kind),
            "parameters" => n.set_rare(c.raw()?, |r| &mut r.parameters),
            "in_offset" => n.set_rare(c.maybe(time)?, |r| &mut r.in_offset),
            "out_offset" => n.set_rare(c.maybe(time)?, |r| &mut r.out_offset),
            "transition_type" => n.set_rare(c.maybe(Cursor::text)?, |r| &mut r.transition_type),
            "effect_name" => n.set_rare(c.maybe(Cursor::text)?, |r| &mut r.effect_name),
            "time_scalar" => n.set_rare(c.maybe(Cursor::number)?, |r| &mut r.time_scalar),
            "marked_range" => n.set_rare(c.maybe(range)?, |r| &mut r.marked_range),
            "comment" => n.set_rare(c.maybe(Cursor::text)?, |r| &mut r.comment),
            _ => {
                let value = c.value()?;
                n.rare_mut().extra.push((name, value));
            }
        }
        Ok(())
    })?;
    let schema = schema.ok_or_else(|| c.fail("an object without OTIO_SCHEMA"))?;
    n.schema = Schema::parse(&schema).map_err(|what| c.fail(what))?;
    n.upgrade(&schema, reference, old_range);
    n.check(has_children).map_err(|what| c.fail(format!("{schema} without {what}")))?;
    Ok(n)
}

impl<'a> Node<'a> {
    /// Fields that most objects have not stand apart, and only where there is something to say.
    fn set_rare<T>(&mut self, value: Option<T>, field: impl for<'r> FnOnce(&'r mut Rare<'a>) -> &'r mut Option<T>) {
        if value.is_some() || self.rare.is_some() {
            *field(self.rare_mut()) = value;
        }
    }

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
