//! Who may speak to the API: requests for this host from no other site, with the token where there is one. Every answer gets
//! the headers that keep a browser from doing more with it than it should. No I/O but the reading of the token's file.
//!
//! DNS rebinding: a page of `evil.example` whose name suddenly means 127.0.0.1 reaches us with `Host: evil.example`. Only
//! addresses (which cannot be rebound), `localhost` and names that `--host` lists are answered. A request that a browser sends
//! for a page of another site carries that site's `Origin`; it must be ours.

use super::error::Refusal;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use std::{io, net::IpAddr, net::SocketAddr, path::Path, sync::Arc};
use subtle::ConstantTimeEq;

/// Shortest token: 16 characters of a random text cannot be guessed over a network.
const MIN_TOKEN: usize = 16;

/// The page itself is no secret; it asks for the token.
const OPEN: [&str; 5] = ["/", "/status.css", "/theme.css", "/status.js", "/icon.svg"];

/// A secret that requests must show. Kept as its hash, so that comparing tells neither its content nor its length.
#[derive(Clone)]
pub(super) struct Token([u8; 32]);

impl Token {
    /// The first line of a file.
    ///
    /// # Errors
    /// It cannot be read, or is too short to be a secret.
    pub fn read(file: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(file)?;
        let token = text.lines().next().unwrap_or_default().trim();
        if token.len() < MIN_TOKEN {
            let text = format!("the token has {} characters, fewer than {MIN_TOKEN}", token.len());
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Self(Sha256::digest(token).into()))
    }

    fn is(&self, shown: &str) -> bool {
        let shown: [u8; 32] = Sha256::digest(shown).into();
        self.0.ct_eq(&shown).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// What a request must be like.
#[derive(Debug)]
pub(super) struct Guard {
    /// Where we listen.
    pub addr: SocketAddr,
    /// Names beside `localhost`, without port, in lower case.
    pub hosts: Vec<String>,
    pub token: Option<Token>,
}

impl Guard {
    fn check(&self, headers: &HeaderMap, path: &str) -> Result<(), Refusal> {
        let host = one(headers, &header::HOST)?.ok_or_else(|| Refusal::bad("the request has no Host header"))?;
        if !self.is_ours(host) {
            return Err(Refusal::forbidden(format!("this server is not {host}")).hint("use its address, or start it with --host NAME"));
        }
        if let Some(origin) = one(headers, &header::ORIGIN)? {
            let site = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if site.is_none_or(|s| !s.eq_ignore_ascii_case(host)) {
                return Err(Refusal::forbidden(format!("pages of {origin} may not use this server")));
            }
        }
        if OPEN.contains(&path) {
            return Ok(());
        }
        let Some(token) = &self.token else { return Ok(()) };
        let shown = one(headers, &header::AUTHORIZATION)?.and_then(|v| v.split_once(' '));
        match shown {
            Some((scheme, shown)) if scheme.eq_ignore_ascii_case("bearer") && token.is(shown.trim()) => Ok(()),
            _ => Err(Refusal::new(StatusCode::UNAUTHORIZED, "this server wants its token")
                .hint("send the header Authorization: Bearer TOKEN, with the content of the server's --token-file")),
        }
    }

    /// Whether a Host header (`name`, `name:port`, `[v6]:port`) means this server.
    fn is_ours(&self, host: &str) -> bool {
        let (name, port) = match host.rsplit_once(':') {
            // the colon of `[::1]` is no port's
            Some((name, port)) if !port.ends_with(']') => match port.parse::<u16>() {
                Ok(port) => (name, Some(port)),
                Err(_) => return false,
            },
            _ => (host, None),
        };
        let bare = name.strip_prefix('[').and_then(|n| n.strip_suffix(']')).unwrap_or(name);
        let loopback = self.addr.ip().is_loopback();
        if self.hosts.iter().any(|h| h.eq_ignore_ascii_case(name)) {
            return true; // behind a proxy the port is the proxy's
        }
        if port.unwrap_or(80) != self.addr.port() {
            return false;
        }
        match bare.parse::<IpAddr>() {
            Ok(ip) if loopback => ip.is_loopback(),
            Ok(_) => true,
            Err(_) => name.eq_ignore_ascii_case("localhost"),
        }
    }
}

/// The one value of a header.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Refusal::bad(format!("the header {name} is no text"))),
        (Some(_), Some(_)) => Err(Refusal::bad(format!("the header {name} is there twice"))),
    }
}

/// For every answer: scripts and styles from this server alone, no frames, no guessing of types, no copies.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
];

/// The middleware around everything.
pub(super) async fn guard(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let mut response = match guard.check(request.headers(), request.uri().path()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(addr: &str, token: Option<&str>) -> Guard {
        let token = token.map(|t| Token(Sha256::digest(t).into()));
        Guard { addr: addr.parse().unwrap(), hosts: vec!["films.example".into()], token }
    }
    fn status(guard: &Guard, headers: &[(&'static str, &str)], path: &str) -> u16 {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        guard.check(&map, path).map_or_else(|r| r.status.as_u16(), |()| 200)
    }

    #[test]
    fn only_this_host_is_answered() {
        let local = guard("127.0.0.1:8642", None);
        for host in
            ["127.0.0.1:8642", "localhost:8642", "LocalHost:8642", "[::1]:8642", "127.0.0.2:8642", "films.example", "films.example:443"]
        {
            assert_eq!(status(&local, &[("host", host)], "/api/jobs"), 200, "{host}");
        }
        for host in [
            "evil.example:8642",
            "evil.example",
            "localhost",
            "localhost:80",
            "127.0.0.1",
            "192.168.0.4:8642",
            "localhost.evil.example:8642",
            "localhost:8642:8642",
            "127.0.0.1.evil.example:8642",
            "",
            ":8642",
            "[::1]",
            "localhost:",
            "localhost:-1",
            "films.example.evil:443",
        ] {
            assert_eq!(status(&local, &[("host", host)], "/"), 403, "{host:?}");
        }
        assert_eq!(status(&local, &[], "/"), 400);
        assert_eq!(status(&local, &[("host", "localhost:8642"), ("host", "evil.example")], "/"), 400);
        // an address cannot be rebound, a name can
        let open = guard("0.0.0.0:8642", None);
        assert_eq!(status(&open, &[("host", "192.168.0.4:8642")], "/"), 200);
        assert_eq!(status(&open, &[("host", "evil.example:8642")], "/"), 403);
    }

    #[test]
    fn pages_of_other_sites_are_refused() {
        let local = guard("127.0.0.1:8642", None);
        let from = |origin| status(&local, &[("host", "localhost:8642"), ("origin", origin)], "/api/jobs");
        assert_eq!(from("http://localhost:8642"), 200);
        for origin in ["http://evil.example", "null", "http://localhost:3000", "https://localhost", "file://", "http://127.0.0.1:8642", ""]
        {
            assert_eq!(from(origin), 403, "{origin}");
        }
    }

    #[test]
    fn the_api_wants_its_token() {
        let g = guard("0.0.0.0:8642", Some("a-long-secret-text"));
        let shown = |value| status(&g, &[("host", "10.0.0.1:8642"), ("authorization", value)], "/api/jobs");
        assert_eq!((shown("Bearer a-long-secret-text"), shown("bearer  a-long-secret-text")), (200, 200));
        for value in [
            "Bearer",
            "Bearer ",
            "Bearer a-long-secret-tex",
            "Bearer a-long-secret-text2",
            "a-long-secret-text",
            "Basic a-long-secret-text",
        ] {
            assert_eq!(shown(value), 401, "{value}");
        }
        assert_eq!(status(&g, &[("host", "10.0.0.1:8642")], "/api/health"), 401);
        assert_eq!(status(&g, &[("host", "10.0.0.1:8642")], "/"), 200);
    }

    #[test]
    fn a_token_file_holds_a_secret_and_not_a_word() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "  0123456789abcdef \nnotes\n").unwrap();
        assert!(Token::read(file.path()).unwrap().is("0123456789abcdef"));
        for text in ["", "\n0123456789abcdef", "short"] {
            std::fs::write(file.path(), text).unwrap();
            assert!(Token::read(file.path()).is_err(), "{text:?}");
        }
    }
}
