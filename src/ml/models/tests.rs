//! Models on the disk: named, fetched, checked and refused.

use super::*;
use crate::ml::Fault;
use sha2::{Digest, Sha256};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::atomic::AtomicBool,
    thread,
};

const BODY: &[u8] = b"these are the weights of a network, or so it is said";

fn model(url: String, body: &[u8]) -> Source {
    let sum: String = Sha256::digest(body).iter().map(|b| format!("{b:02x}")).collect();
    let [first, ..] = official();
    Source { file: "m.pth".into(), url: url.into(), bytes: body.len() as u64, sha256: sum.into(), ..first.source }
}

/// Answers each request in turn with `bodies`: how many bytes before it hangs up, and whether it knows ranges. Gives back what was asked.
fn server(answers: Vec<(usize, bool)>) -> (String, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/m.pth", listener.local_addr().unwrap());
    let serve = move || {
        let mut asked = Vec::new();
        for (until, ranges) in answers {
            let (mut socket, _) = listener.accept().unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") {
                socket.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let from = head.split("range: bytes=").nth(1).and_then(|r| r.split('-').next()?.parse().ok()).filter(|_| ranges).unwrap_or(0);
            let status = if from > 0 { "206 Partial Content" } else { "200 OK" };
            write!(socket, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", BODY.len() - from).unwrap();
            socket.write_all(&BODY[from..until.max(from)]).unwrap();
            asked.push(head);
        }
        asked
    };
    (url, thread::spawn(serve))
}

#[test]
fn a_fetch_goes_on_where_it_was_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    let (url, served) = server(vec![(10, true), (BODY.len(), true)]);
    let (m, stop) = (model(url, BODY), AtomicBool::new(false));
    assert!(matches!(pull(&m, dir.path(), &stop, &mut |_| {}), Err(MlError::Download { .. })));
    assert!(!dir.path().join("m.pth").exists());
    let mut last = 0.0;
    let done = pull(&m, dir.path(), &stop, &mut |f| last = f).unwrap();
    assert_eq!((std::fs::read(&done.path).unwrap().as_slice(), done.was_there, last), (BODY, false, 1.0));
    assert!(served.join().unwrap()[1].contains("range: bytes=10-"));
    // no server any more: it is there, and right
    assert!(pull(&m, dir.path(), &stop, &mut |_| {}).unwrap().was_there);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_server_that_knows_no_ranges_begins_anew_and_another_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (url, served) = server(vec![(BODY.len(), false), (BODY.len(), false)]);
    std::fs::write(dir.path().join("m.pth.part"), b"wrong").unwrap();
    let stop = AtomicBool::new(false);
    assert_eq!(std::fs::read(pull(&model(url.clone(), BODY), dir.path(), &stop, &mut |_| {}).unwrap().path).unwrap(), BODY);
    let other = Source { sha256: "00".into(), file: "n.pth".into(), ..model(url, BODY) };
    assert!(matches!(pull(&other, dir.path(), &stop, &mut |_| {}), Err(MlError::WrongSum { .. })));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1, "nothing of it remains");
    served.join().unwrap();
}

#[test]
fn files_come_from_a_folder_too_if_they_are_what_they_say() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(from.path().join("m.pth"), BODY).unwrap();
    let m = model("http://none.invalid/".into(), BODY);
    assert!(!pull_from(&m, from.path(), to.path()).unwrap().was_there);
    let other = Source { sha256: "00".into(), ..m.clone() };
    assert!(matches!(pull_from(&other, from.path(), &to.path().join("new")), Err(MlError::WrongSum { .. })));
    assert!(matches!(pull_from(&m, to.path(), &to.path().join("other")).map(|p| p.was_there), Ok(false)));
}

#[test]
fn models_have_names_and_paths_and_what_is_not_here_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let wrong = |name: &str, denoise| open(name, dir.path(), denoise).unwrap_err();
    assert!(matches!(wrong("RealESRGAN_x4plus", None), MlError::NotHere(n) if n == "RealESRGAN_x4plus"));
    assert!(matches!(wrong("nonsense", None), MlError::NoModel(_)));
    assert!(matches!(wrong("no/such.pth", None), MlError::Unreadable { .. }));
    std::fs::write(dir.path().join("own.pth"), b"nonsense").unwrap();
    assert!(matches!(wrong("own", None), MlError::Weights { fault: Fault::NotWeights, .. }));
    assert!(matches!(wrong("own", Some(0.5)), MlError::NoStrength(_)));
    let all = list(dir.path());
    assert!(all.iter().any(|l| l.name == "own" && l.official.is_none() && l.found.is_some()));
    assert!(all.iter().any(|l| l.name == "RealESRGAN_x2plus" && l.found.is_none()));
    let names: std::collections::BTreeSet<_> = all.iter().map(|l| &l.name).collect();
    assert_eq!(names.len(), all.len());
    for m in official() {
        assert!(m.sha256.len() == 64 && m.url.ends_with(m.file.as_ref()) && m.twin.is_none_or(|t| names.contains(&t.to_owned())));
    }
}
