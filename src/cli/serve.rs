//! `serve`: the HTTP API until Ctrl-C or SIGTERM.

use super::{
    ServeOptions,
    args::ServeArgs,
    report::{Failure, Report},
};
use crate::{
    base::Trouble,
    session::{AdapterChoice, Dirs, jobs::Desk},
};
use serde_json::json;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

/// Starts the server and blocks until it has ended.
pub(super) type Serve = fn(ServeOptions) -> Result<(), Trouble>;

pub(super) fn serve(a: ServeArgs, adapter: &AdapterChoice, report: &Report, serve: Serve) -> Result<(), Failure> {
    if !a.addr.ip().is_loopback() && a.token_file.is_none() {
        let hint = "put a secret into a file and add --token-file FILE, or listen on 127.0.0.1";
        return Err(Failure::usage(format!("other machines could reach {} without a token", a.addr), hint));
    }
    let (stop, stopped) = mpsc::channel();
    let again = AtomicBool::new(false);
    // SIGTERM and SIGHUP come here too; whoever sends a second one does not want to wait
    let watched = ctrlc::set_handler(move || {
        if again.swap(true, Ordering::SeqCst) || stop.send(()).is_err() {
            std::process::exit(130);
        }
    });
    watched.map_err(|e| Failure::failed(format!("Ctrl-C cannot be watched: {e}"), None))?;
    let desk = Arc::new(Desk::headless(Some(&Dirs::find()), adapter)?);
    if a.root.is_empty() {
        report.warn("without --root FOLDER no job can name a file");
    }
    let (json, quiet) = (report.json, report.quiet);
    serve(ServeOptions {
        addr: a.addr,
        roots: a.root,
        token_file: a.token_file,
        hosts: a.host,
        desk,
        ready: Box::new(move |addr| announce(addr, json, quiet)),
        stopped,
    })?;
    Ok(())
}

/// The one result is where it listens: printed once somebody can come.
fn announce(addr: SocketAddr, json: bool, quiet: bool) {
    let report = Report::new(json, quiet, super::report::ProgressStyle::None);
    let url = format!("http://{addr}/");
    if let Err(e) = report.result(&json!({ "url": url, "addr": addr.to_string() }), &format!("listening on {url}")) {
        let _ = report.failure(&e); // serving goes on: nobody may be reading
    }
}
