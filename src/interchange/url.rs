//! Media files as the formats name them: file URIs and plain paths. What would reach into the network is refused, unseen.

use std::path::{Path, PathBuf};

/// Characters of a path that stay as they are in a URI (RFC 3986 unreserved, and the slash).
fn is_plain(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~' | b'/')
}

fn encode(text: &str, colon: bool, out: &mut String) {
    for b in text.bytes() {
        if is_plain(b) || (b == b':' && colon) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
}

/// Text of a path with forward slashes. Bytes that are no text become replacement marks: the formats hold text only.
fn slashed(path: &Path) -> String {
    let text = path.to_string_lossy();
    if is_drive(&text) || text.starts_with('\\') { text.replace('\\', "/") } else { text.into_owned() }
}

fn is_drive(text: &str) -> bool {
    matches!(text.as_bytes(), [d, b':', b'/' | b'\\', ..] if d.is_ascii_alphabetic())
}

/// `file:///path`, percent-encoded; sub-delimiters too, which some programs do not decode from XML.
pub(super) fn file_uri(path: &Path) -> String {
    with_authority(path, "file://", true)
}

/// `file://localhost/path`, as xmeml writes it; `encoded_drive` makes `D:` into `D%3A`.
pub(super) fn localhost_uri(path: &Path, encoded_drive: bool) -> String {
    with_authority(path, "file://localhost", !encoded_drive)
}

fn with_authority(path: &Path, start: &str, colon: bool) -> String {
    let text = slashed(path);
    let mut out = String::new();
    if text.starts_with('/') {
        out.push_str(start);
        encode(&text, true, &mut out);
    } else if is_drive(&text) {
        out.push_str(start);
        out.push('/');
        encode(&text, colon, &mut out);
    } else {
        // a relative reference; a colon in its first part would read as a scheme
        encode(&text, false, &mut out);
    }
    out
}

/// Why a media's URL is not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Another machine, or a scheme other than `file`.
    Network,
    /// Not a path: empty, or with NUL bytes.
    NotAPath,
}

/// The path that a URL or plain path names. Relative ones are taken from `base`.
///
/// # Errors
/// Anything but a file of this machine. Nothing is looked up: this is text.
pub(super) fn to_path(url: &str, base: &Path) -> Result<PathBuf, Refused> {
    let url = url.trim();
    let lower = url.get(..8.min(url.len())).unwrap_or_default().to_ascii_lowercase();
    let path = if lower.starts_with("file:") {
        let rest = &url[5..];
        let local = if let Some(after) = rest.strip_prefix("//") {
            let (host, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            match host.to_ascii_lowercase().as_str() {
                "" | "localhost" | "127.0.0.1" => path.to_owned(),
                // file://D:/x, written by some
                h if h.len() == 2 && h.ends_with(':') => after.to_owned(),
                _ => return Err(Refused::Network),
            }
        } else {
            rest.to_owned()
        };
        let decoded = decode(&local).ok_or(Refused::NotAPath)?;
        // file://localhost//Users, file:////server/share: of one machine if localhost was said, else a network share
        let said = lower.starts_with("file://l");
        let decoded = match decoded.strip_prefix("//") {
            Some(_) if !said => return Err(Refused::Network),
            Some(rest) => format!("/{rest}"),
            None => decoded,
        };
        match decoded.strip_prefix('/') {
            Some(rest) if is_drive(rest) => rest.to_owned(),
            _ => decoded,
        }
    } else if ["//", "\\\\", "/\\", "\\/"].iter().any(|s| url.starts_with(s)) || has_scheme(url) {
        return Err(Refused::Network);
    } else if url.contains('%') && !url.starts_with('/') && !is_drive(url) {
        decode(url).ok_or(Refused::NotAPath)?
    } else {
        url.to_owned()
    };
    if path.is_empty() || path.contains('\0') {
        return Err(Refused::NotAPath);
    }
    if path.starts_with("\\\\") {
        return Err(Refused::Network);
    }
    let path = PathBuf::from(path);
    Ok(if path.is_absolute() || is_drive(&path.to_string_lossy()) { path } else { base.join(path) })
}

/// `http:`, `smb:` and the like; a single letter is a drive.
fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(s, _)| {
        s.len() > 1
            && s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3).and_then(|h| u8::from_str_radix(h, 16).ok())).flatten();
        if let Some(b) = hex {
            out.push(b);
            i += 3;
        } else {
            out.push(bytes[i]);
            i += 1;
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> Result<PathBuf, Refused> {
        to_path(url, Path::new("/base"))
    }

    #[test]
    fn paths_survive_the_way_into_a_url_and_back() {
        for p in ["/a/b c.mov", "/ü/# ?%/x'&(1),+;=!.mp4", "C:/Users/x y/a.mov"] {
            assert_eq!(path(&file_uri(Path::new(p))), Ok(PathBuf::from(p)), "{p}");
            for drive in [false, true] {
                assert_eq!(path(&localhost_uri(Path::new(p), drive)), Ok(PathBuf::from(p)), "{p}");
            }
        }
        assert_eq!(file_uri(Path::new("/a b/c's.mov")), "file:///a%20b/c%27s.mov");
        assert_eq!(localhost_uri(Path::new("D:\\a\\b.mov"), true), "file://localhost/D%3A/a/b.mov");
    }

    #[test]
    fn what_real_programs_write_is_understood() {
        assert_eq!(path("file://localhost/D%3a/x/y.mov"), Ok("D:/x/y.mov".into()));
        assert_eq!(path("file://localhost//Users/a/b.mov"), Ok("/Users/a/b.mov".into()));
        assert_eq!(path("file:///Volumes/a%20b.mov"), Ok("/Volumes/a b.mov".into()));
        assert_eq!(path("C:\\Users\\a.mov"), Ok("C:\\Users\\a.mov".into()));
        assert_eq!(path("/Users/50% done.mov"), Ok("/Users/50% done.mov".into()));
        assert_eq!(path("media/a%20b.mov"), Ok("/base/media/a b.mov".into()));
    }

    #[test]
    fn what_reaches_into_the_network_is_refused() {
        for url in [
            "http://x/y.mov",
            "smb://server/a",
            "\\\\server\\share\\a.mov",
            "//server/share/a.mov",
            "file://server/share/a.mov",
            "file:////server/share/a.mov",
            "ftp:x",
            "file:///%5C%5Cserver/x".replace("///", "").as_str(),
        ] {
            assert_eq!(path(url), Err(Refused::Network), "{url}");
        }
        assert_eq!(path(""), Err(Refused::NotAPath));
        assert_eq!(path("a\0b"), Err(Refused::NotAPath));
        assert_eq!(path("file:///a%00b"), Err(Refused::NotAPath));
    }
}
