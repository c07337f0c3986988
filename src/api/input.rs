//! What comes in: bodies and query strings as typed values, or a 400 that names the field. Nothing here trusts a length.

use super::error::Refusal;
use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Query, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// Longest body. A request names files and numbers; a thousand long paths fit.
pub(super) const MAX_BODY: usize = 1 << 20;
/// A body that has not come by then is not waited for.
const BODY_TIME: Duration = Duration::from_secs(10);

/// A JSON body of type `T`.
pub(super) struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refusal> {
        // a page of another site can send text without asking first, but not JSON
        if !is_json(request.headers()) {
            return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be JSON")
                .hint("send it with the header Content-Type: application/json"));
        }
        parse(&read(request).await?).map(Self)
    }
}

async fn read(request: Request) -> Result<Bytes, Refusal> {
    let too_long = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is longer than 1 MiB").hint("name files, do not send them");
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|n| n > MAX_BODY as u64) {
        return Err(too_long());
    }
    let slow = |_| Refusal::new(StatusCode::REQUEST_TIMEOUT, "the body did not come within 10 seconds");
    let bytes = tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), MAX_BODY)).await.map_err(slow)?;
    // the only other fault is a connection that broke, and then nobody reads the answer
    bytes.map_err(|_| too_long())
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|k| k.trim().eq_ignore_ascii_case("application/json"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|e| {
        let path = e.path().to_string();
        let inner = e.into_inner();
        if inner.is_data() { wrong(&path, &inner.to_string()) } else { Refusal::bad(format!("the body is not JSON: {inner}")) }
    })?;
    json.end().map_err(|e| Refusal::bad(format!("the body is not one JSON value: {e}")))?;
    Ok(value)
}

/// The refusal of a value at `path` (`.` is the whole); serde names unknown and missing fields in its words.
fn wrong(path: &str, text: &str) -> Refusal {
    let named = ["unknown field `", "missing field `", "duplicate field `"].into_iter().find_map(|start| {
        let (_, rest) = text.split_once(start)?;
        Some(rest.split_once('`')?.0)
    });
    let place = path.trim_matches('.');
    let field = match named {
        Some(name) if place.is_empty() || place == name => name.to_owned(),
        Some(name) if place.ends_with(&format!(".{name}")) => place.to_owned(),
        Some(name) => format!("{place}.{name}"),
        None => place.to_owned(),
    };
    if field.is_empty() {
        Refusal::bad(format!("the body is wrong: {text}"))
    } else {
        Refusal::bad(format!("{field}: {text}")).field(field)
    }
}

/// The query string as a `T`.
pub(super) struct Args<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Args<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        Query::<T>::try_from_uri(&parts.uri).map(|Query(value)| Self(value)).map_err(|e| {
            let text = e.body_text();
            let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
            match text.split_once(": ") {
                Some((path, why)) if !path.contains(' ') => wrong(path, why),
                _ => wrong("", text),
            }
        })
    }
}

/// A number within limits, both of which are allowed.
///
/// # Errors
/// 400 with the field's name.
pub(super) fn within<N: PartialOrd + Copy + std::fmt::Display>(field: &str, value: Option<N>, low: N, high: N) -> Result<(), Refusal> {
    match value {
        // written so that NaN is outside
        Some(v) if !(v >= low && v <= high) => Err(Refusal::bad(format!("{field}: {v} is not within {low} to {high}")).field(field)),
        _ => Ok(()),
    }
}

/// A text that is not empty, nor long, nor has control characters.
///
/// # Errors
/// 400 with the field's name.
pub(super) fn plain(field: &str, text: Option<&str>) -> Result<(), Refusal> {
    match text {
        Some(t) if t.trim().is_empty() => Err(Refusal::bad(format!("{field}: the text is empty")).field(field)),
        Some(t) if t.len() > 4096 => Err(Refusal::bad(format!("{field}: the text is longer than 4096 bytes")).field(field)),
        Some(t) if t.chars().any(|c| c.is_control() && !c.is_whitespace()) => {
            Err(Refusal::bad(format!("{field}: the text has control characters")).field(field))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only errors are looked at")]
    struct Inner {
        size: u32,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "only errors are looked at")]
    struct Outer {
        input: String,
        inner: Option<Inner>,
        list: Option<Vec<Inner>>,
    }

    #[test]
    fn a_wrong_body_names_its_field() {
        for (body, field) in [
            (r#"{"inner": null}"#, Some("input")),
            (r#"{"input": "a", "colour": 1}"#, Some("colour")),
            (r#"{"input": 5}"#, Some("input")),
            (r#"{"input": "a", "input": "b"}"#, Some("input")),
            (r#"{"input": "a", "inner": {"size": -3}}"#, Some("inner.size")),
            (r#"{"input": "a", "inner": {"size": 3, "sise": 3}}"#, Some("inner.sise")),
            (r#"{"input": "a", "inner": {}}"#, Some("inner.size")),
            (r#"{"input": "a", "list": [{"size": 1}, {"size": 1.5}]}"#, Some("list[1].size")),
            (r#"["a"]"#, None),
            (r#"{"input": "a""#, None),
            (r#"{"input": "a"} {}"#, None),
            ("", None),
            ("\u{0}", None),
        ] {
            let refusal = parse::<Outer>(body.as_bytes()).unwrap_err();
            assert_eq!((refusal.status.as_u16(), refusal.field.as_deref()), (400, field), "{body}: {refusal:?}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(parse::<serde_json::Value>(deep.as_bytes()).unwrap_err().status.as_u16(), 400);
        assert_eq!(parse::<Outer>(b"{\"input\": \"\xff\"}").unwrap_err().status.as_u16(), 400);
    }

    #[test]
    fn numbers_out_of_range_are_named() {
        assert!(within("x", Some(0.0), 0.0, 1.0).is_ok() && within::<f32>("x", None, 0.0, 1.0).is_ok());
        for v in [-0.1, 1.1, f32::NAN, f32::INFINITY] {
            assert_eq!(within("x", Some(v), 0.0, 1.0).unwrap_err().field.as_deref(), Some("x"));
        }
    }
}
