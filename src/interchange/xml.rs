//! XML, out and in: elements put together in memory and written with an indent; documents read with bounds.
//!
//! Entities that a document defines itself are the parser's business, which bounds them; DTDs are never fetched.

use super::InterchangeError;
use roxmltree::{Document, Node, ParsingOptions};

/// Most nodes of a document: a 10,000-clip timeline of Premiere has a tenth of it.
const MAX_NODES: u32 = 8_000_000;
/// Deepest nesting: far above what programs write, far below what a stack holds.
const MAX_DEPTH: usize = 256;

/// An element to write.
#[derive(Clone, Debug, Default)]
pub(super) struct El {
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    children: Vec<El>,
    text: Option<String>,
}

impl El {
    pub fn new(name: &'static str) -> Self {
        Self { name, ..Self::default() }
    }
    /// An element that holds only text.
    pub fn text(name: &'static str, text: impl ToString) -> Self {
        Self { name, text: Some(text.to_string()), ..Self::default() }
    }
    pub fn attr(mut self, key: &'static str, value: impl ToString) -> Self {
        self.attributes.push((key, value.to_string()));
        self
    }
    /// An attribute that is there or not.
    pub fn attr_if(self, key: &'static str, value: Option<impl ToString>) -> Self {
        match value {
            Some(v) => self.attr(key, v),
            None => self,
        }
    }
    pub fn with(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
    pub fn with_if(self, child: Option<Self>) -> Self {
        match child {
            Some(c) => self.with(c),
            None => self,
        }
    }
    pub fn with_all(mut self, children: impl IntoIterator<Item = Self>) -> Self {
        self.children.extend(children);
        self
    }
    pub fn push(&mut self, child: Self) {
        self.children.push(child);
    }

    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    fn write(&self, depth: usize, out: &mut String) {
        out.extend(std::iter::repeat_n("    ", depth));
        out.push('<');
        out.push_str(self.name);
        for (key, value) in &self.attributes {
            out.push(' ');
            out.push_str(key);
            out.push_str("=\"");
            escape(value, true, out);
            out.push('"');
        }
        match &self.text {
            None if self.children.is_empty() => out.push_str("/>\n"),
            text => {
                out.push('>');
                if let Some(text) = text {
                    escape(text, false, out);
                }
                if !self.children.is_empty() {
                    out.push('\n');
                    self.children.iter().for_each(|c| c.write(depth + 1, out));
                    out.extend(std::iter::repeat_n("    ", depth));
                }
                out.push_str("</");
                out.push_str(self.name);
                out.push_str(">\n");
            }
        }
    }
}

/// A whole document with its type.
pub(super) fn document(root: &El) -> Vec<u8> {
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE {}>\n", root.name);
    root.write(0, &mut out);
    out.into_bytes()
}

/// Characters that XML 1.0 cannot hold, escaped or not, are left out.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            // a reader would make spaces of these
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
}

/// Reads a document within bounds.
///
/// # Errors
/// Not XML, too many nodes, too deep.
pub(super) fn parse(text: &str) -> Result<Document<'_>, InterchangeError> {
    depth_within(text)?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|e| match e {
        roxmltree::Error::NodesLimitReached => InterchangeError::TooMuch,
        e => InterchangeError::Malformed { line: e.pos().row as usize, what: e.to_string() },
    })
}

/// Counts tags before anything recursive sees them. Comments and quoted text may count too: the bound is generous.
fn depth_within(text: &str) -> Result<(), InterchangeError> {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let bytes = text.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        if *b == b'<' {
            match bytes.get(i + 1) {
                Some(b'/') => depth = depth.saturating_sub(1),
                Some(b'!' | b'?') | None => {}
                Some(_) => depth += 1,
            }
            deepest = deepest.max(depth);
        } else if *b == b'>' && i > 0 && bytes[i - 1] == b'/' {
            depth = depth.saturating_sub(1);
        }
    }
    if deepest > MAX_DEPTH { Err(InterchangeError::TooMuch) } else { Ok(()) }
}

/// The first child element of that name.
pub(super) fn child<'a, 'i>(n: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    n.children().find(|c| c.is_element() && c.tag_name().name() == name)
}

/// The element at the end of a path of names.
pub(super) fn at<'a, 'i>(n: Node<'a, 'i>, path: &[&str]) -> Option<Node<'a, 'i>> {
    path.iter().try_fold(n, |n, name| child(n, name))
}

/// Child elements of that name.
pub(super) fn children<'a, 'i: 'a>(n: Node<'a, 'i>, name: &'a str) -> impl Iterator<Item = Node<'a, 'i>> + 'a {
    n.children().filter(move |c| c.is_element() && c.tag_name().name() == name)
}

/// Text of a child, without blanks around it; None where it has none.
pub(super) fn text<'a>(n: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(n, name).and_then(|c| c.text()).map(str::trim).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_the_way_out_and_in() {
        let nasty = "a <b> & \"c\" 'd'\nline\ttab ä ☃ ]]>";
        let bytes = document(&El::new("r").attr("a", nasty).with(El::text("t", nasty)));
        let text = String::from_utf8(bytes).unwrap();
        let d = parse(&text).unwrap();
        assert_eq!(d.root_element().attribute("a"), Some(nasty));
        assert_eq!(child(d.root_element(), "t").and_then(|t| t.text()), Some(nasty));
        let odd = String::from_utf8(document(&El::text("r", "a\u{1}\u{0}b"))).unwrap();
        assert_eq!(parse(&odd).unwrap().root_element().text(), Some("ab"));
    }

    #[test]
    fn bombs_and_towers_are_errors() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\">]><x>&f;&f;&f;&f;&f;&f;&f;&f;&f;</x>";
        assert!(parse(bomb).is_err());
        assert!(parse("<!DOCTYPE x [<!ENTITY a \"&a;\">]><x>&a;</x>").is_err());
        assert!(matches!(parse(&("<a>".repeat(100_000) + &"</a>".repeat(100_000))), Err(InterchangeError::TooMuch)));
        assert!(parse("<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>").is_ok());
        assert!(parse("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>").is_err());
    }
}
