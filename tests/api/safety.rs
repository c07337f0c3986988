//! What must not get through.

use crate::{
    support::Desk,
    table::{KINDS, good},
};
use montage_ai::{
    api::{self, Options, ServeError},
    session,
};
use serde_json::{Value, json};
use std::{fs, os::unix::fs::symlink, sync::Arc};

/// Files inside and outside of the root, and links between.
fn furnish(desk: &Desk) -> String {
    let other = desk.root.with_file_name("other");
    fs::create_dir(&other).unwrap();
    fs::create_dir(desk.root.join("in")).unwrap();
    for file in ["film.mp4", "music.wav", "in/film.mp4"] {
        fs::write(desk.root.join(file), "x").unwrap();
    }
    fs::write(other.join("secret.mp4"), "x").unwrap();
    symlink(&other, desk.root.join("away")).unwrap();
    symlink(other.join("secret.mp4"), desk.root.join("link.mp4")).unwrap();
    other.to_str().unwrap().to_owned()
}

/// Fields of a kind's request that are paths: to read, and to write.
fn paths(kind: &str) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        "transcribe" => (&["input", "model"], &["output"]),
        "upscale" => (&["input", "model"], &["output"]),
        "stabilize" => (&["input", "analysis"], &["output"]),
        "proxy" => (&["inputs"], &[]),
        "export" => (&["project"], &["output"]),
        _ => (&["media", "music"], &["output", "export"]),
    }
}

#[test]
fn no_path_leads_out_of_the_roots() {
    let desk = Desk::new();
    let other = furnish(&desk);
    let secret = format!("{other}/secret.mp4");
    let absent = format!("{other}/absent.mp4");
    let sideways = format!("{}/in/../../other/secret.mp4", desk.root.display());
    let out = [
        "/etc/passwd",
        &secret,
        &absent,
        &sideways,
        "../other/secret.mp4",
        "in/../../other/secret.mp4",
        "away/secret.mp4",
        "away/absent.mp4",
        "link.mp4",
        "/proc/self/environ",
    ];
    for kind in KINDS {
        let (reads, writes) = paths(kind);
        for field in reads.iter().chain(writes) {
            for path in out {
                if *field == "model" && !path.contains('/') {
                    continue; // the name of a model
                }
                let mut body = good(kind);
                let listed = body[*field].is_array();
                body[*field] = if listed { json!([path]) } else { json!(path) };
                let named = if listed { format!("{field}[0]") } else { (*field).to_owned() };
                let answer = desk.post(&format!("/api/jobs/{kind}"), &body);
                assert_eq!(answer.refusal(), (403, Some(named)), "{kind} {field} {path}");
                assert!(!answer.body.contains("No such file"), "{answer:?}");
            }
            // not decoded: a name with strange letters, and not there
            for path in ["%2e%2e/other/secret.mp4", "..%2fother%2fsecret.mp4", "%2fetc%2fpasswd/x", "a\u{0}b/x"] {
                let mut body = good(kind);
                body[*field] = if body[*field].is_array() { json!([path]) } else { json!(path) };
                let status = desk.post(&format!("/api/jobs/{kind}"), &body).status;
                // one such name without a folder in it is a fine name for something to write, or for a model
                let plain = !path.contains('/') && (writes.contains(field) || *field == "model");
                assert!(status == 400 || plain && matches!(status, 202 | 501), "{kind} {field} {path}: {status}");
            }
        }
    }
    // an output is no input, whatever it is called
    for output in ["film.mp4", "in/../film.mp4"] {
        let answer = desk.post("/api/jobs/export", &json!({"project": "film.mp4", "output": output}));
        assert_eq!(answer.refusal(), (400, Some("output".into())));
    }
    assert_eq!(fs::read(format!("{other}/secret.mp4")).unwrap(), b"x");
}

#[test]
fn only_this_host_and_this_page_are_served() {
    let desk = Desk::new();
    let port = desk.addr.port();
    let (here, name) = (format!("127.0.0.1:{port}"), format!("localhost:{port}"));
    for host in [&here, &name] {
        assert_eq!(desk.send("GET", "/api/jobs", &[("Host", host)], None).status, 200);
    }
    for host in ["evil.example", &format!("evil.example:{port}"), "localhost", "127.0.0.1:1", &format!("10.0.0.1:{port}")] {
        for path in ["/", "/api/jobs", "/api/events", "/status.js"] {
            assert_eq!(desk.send("GET", path, &[("Host", host)], None).refusal().0, 403, "{host}");
        }
    }
    assert_eq!(desk.raw(b"GET /api/jobs HTTP/1.0\r\n\r\n").status, 400);
    assert_eq!(desk.raw(b"GET /api/jobs HTTP/1.1\r\nConnection: close\r\n\r\n").status, 400);
    let origin = |o: &str| desk.send("DELETE", "/api/jobs/1", &[("Origin", o)], None).status;
    assert_eq!(origin(&format!("http://{here}")), 404);
    for o in ["http://evil.example", "null", "https://localhost", &format!("http://{name}")] {
        assert_eq!(origin(o), 403, "{o}");
    }
    // what another site's form can send without asking is not taken
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""] {
        let answer = desk.send("POST", "/api/jobs/proxy", &[("Content-Type", kind)], Some("{\"inputs\": [\"film.mp4\"]}"));
        assert_eq!(answer.refusal().0, 415, "{kind}");
    }
    // and no other site is told that it may ask
    let asked = [("Origin", &*format!("http://{here}")), ("Access-Control-Request-Method", "DELETE")];
    let answer = desk.send("OPTIONS", "/api/jobs/1", &asked, None);
    assert!(answer.header("access-control-allow-origin").is_none(), "{answer:?}");
}

#[test]
fn the_token_is_wanted_for_everything_but_the_empty_page() {
    const TOKEN: &str = "a-long-and-secret-text";
    let desk = Desk::with("127.0.0.1:0", Some(TOKEN));
    let with = |value: &str, path: &str| desk.send("GET", path, &[("Authorization", value)], None).status;
    for path in ["/api/jobs", "/api/health", "/api/openapi.json", "/api/jobs/1", "/api/nothing", "/nothing"] {
        let answer = desk.get(path);
        assert_eq!((answer.refusal().0, answer.header("www-authenticate")), (401, Some("Bearer")), "{path}");
        for wrong in [
            "Bearer a-long-and-secret-tex",
            "Bearer a-long-and-secret-text1",
            "Bearer",
            "Basic a-long-and-secret-text",
            "Bearer A-LONG-AND-SECRET-TEXT",
        ] {
            assert_eq!(with(wrong, path), 401, "{path} {wrong}");
        }
        assert_ne!(with(&format!("Bearer {TOKEN}"), path), 401, "{path}");
    }
    assert_eq!(desk.listen(None).status, 401);
    assert_eq!(desk.post("/api/jobs/proxy", &json!({"inputs": ["x"]})).status, 401);
    for path in ["/", "/status.js", "/status.css", "/theme.css", "/icon.svg"] {
        assert_eq!(desk.get(path).status, 200, "{path}");
    }
}

#[test]
fn other_machines_are_let_in_with_a_token_only() {
    let desk = Desk::new();
    let options = |addr: &str| Options { addr: addr.parse().unwrap(), roots: Vec::new(), token_file: None, hosts: Vec::new() };
    let jobs = || Arc::new(session::jobs::Desk::over(desk.jobs.clone(), Vec::new(), desk.world.path()));
    for addr in ["0.0.0.0:0", "[::]:0"] {
        assert!(matches!(api::start(options(addr), jobs()), Err(ServeError::Open(_))), "{addr}");
    }
    assert!(matches!(api::start(options(&desk.addr.to_string()), jobs()), Err(ServeError::Bind { .. })));
    let gone = Options { roots: vec!["/no/such/folder".into()], ..options("127.0.0.1:0") };
    assert!(matches!(api::start(gone, jobs()), Err(ServeError::Root { .. })));
    let weak = desk.world.path().join("weak");
    fs::write(&weak, "1234").unwrap();
    let weak = Options { token_file: Some(weak), ..options("0.0.0.0:0") };
    assert!(matches!(api::start(weak, jobs()), Err(ServeError::Token { .. })));
    let open = Desk::with("0.0.0.0:0", Some("a-long-and-secret-text"));
    let host = format!("127.0.0.1:{}", open.addr.port());
    let headers = [("Host", &*host), ("Authorization", "Bearer a-long-and-secret-text")];
    assert_eq!(open.send("GET", "/api/jobs", &headers, None).status, 200);
    assert_eq!(open.send("GET", "/api/jobs", &headers[..1], None).status, 401);
}

#[test]
fn long_bodies_and_heads_end_in_a_clear_line() {
    let desk = Desk::new();
    let json = [("Content-Type", "application/json")];
    let body = |len: usize| format!("{{\"inputs\": [\"{}\"]}}", "x".repeat(len));
    assert_eq!(desk.send("POST", "/api/jobs/proxy", &json, Some(&body(1 << 20))).refusal().0, 413);
    assert_eq!(desk.send("POST", "/api/jobs/proxy", &json, Some(&body((1 << 20) - 100))).refusal().0, 400);
    // without a length, piece by piece
    let mut chunked =
        b"POST /api/jobs/proxy HTTP/1.1\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n".to_vec();
    chunked.extend(format!("Host: {}\r\n\r\n", desk.addr).bytes());
    for _ in 0..40 {
        chunked.extend(format!("8000\r\n{}\r\n", " ".repeat(0x8000)).bytes());
    }
    assert_eq!(desk.raw(&chunked).refusal().0, 413);
    // a length that is a lie: nothing is waited for beyond the limit
    let lie = format!(
        "POST /api/jobs/proxy HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n",
        desk.addr
    );
    assert_eq!(desk.raw(lie.as_bytes()).status, 413);
    let head = format!("GET /api/jobs HTTP/1.1\r\nHost: {}\r\nX-Long: {}\r\n\r\n", desk.addr, "x".repeat(2 << 20));
    assert_eq!(desk.raw(head.as_bytes()).status, 431);
    assert!(matches!(desk.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03nonsense\r\n\r\n").status, 400));
    assert_eq!(desk.get("/api/health").ok()["status"], "ok");
}

#[test]
fn every_answer_tells_the_browser_to_be_careful() {
    let desk = Desk::new();
    for path in ["/", "/status.js", "/api/jobs", "/api/jobs/4711", "/nothing", "/api/health"] {
        let answer = desk.get(path);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"),
            "{policy}"
        );
        assert_eq!(
            (answer.header("x-content-type-options"), answer.header("cache-control")),
            (Some("nosniff"), Some("no-store")),
            "{path}"
        );
    }
    let kinds = [
        ("/", "text/html"),
        ("/status.css", "text/css"),
        ("/theme.css", "text/css"),
        ("/status.js", "text/javascript"),
        ("/icon.svg", "image/svg+xml"),
    ];
    for (path, kind) in kinds {
        assert!(desk.get(path).header("content-type").unwrap().starts_with(kind), "{path}");
    }
    let german = desk.send("GET", "/", &[("Accept-Language", "de-AT,de;q=0.9,en;q=0.8")], None);
    assert!(german.body.contains("Neuer Auftrag") && desk.get("/").body.contains("New job"));
    let health: Value = desk.get("/api/health").ok();
    assert!(!health.to_string().contains(desk.root.to_str().unwrap()), "{health}");
}
