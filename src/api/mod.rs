//! The HTTP API: a face of the program for scripts, other machines and a status page in a browser. Hands requests to the jobs
//! and their table to whoever asks; does no work itself.
//!
//! Threads: a runtime of its own (the only place in the program that has one), two workers. Whatever may wait (disk, journal)
//! runs on the runtime's blocking threads. The job pool never waits for a client: it publishes its table, and clients read that.

mod error;
mod events;
mod guard;
mod health;
mod input;
mod listen;
mod openapi;
mod page;
mod roots;
mod submit;
mod table;

pub use openapi::description;

use crate::{
    base::UserError,
    session::jobs::{Desk, Watch},
};
use axum::{
    Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    routing::{get, post},
};
use error::Refusal;
use events::Hub;
use guard::{Guard, Token};
use listen::Door;
use page::Page;
use roots::Roots;
use std::{
    io,
    net::SocketAddr,
    path::PathBuf,
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::{Notify, watch},
    task::JoinHandle,
};

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// Port 0 takes any that is free.
    pub addr: SocketAddr,
    /// Folders that requests may name files in.
    pub roots: Vec<PathBuf>,
    /// File with the secret that every request for the API must show; needed where other machines can come.
    pub token_file: Option<PathBuf>,
    /// Further names of this server, for requests through a proxy.
    pub hosts: Vec<String>,
}

/// Why the server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("other machines could reach {0} without a token")]
    Open(SocketAddr),
    #[error("this is no folder for files: {source}: {}", path.display())]
    Root { path: PathBuf, source: io::Error },
    #[error("the token cannot be used: {source}: {}", path.display())]
    Token { path: PathBuf, source: io::Error },
    #[error("{addr} cannot be listened on: {source}")]
    Bind { addr: SocketAddr, source: io::Error },
    #[error("the server could not start: {0}")]
    Start(#[from] io::Error),
}

impl UserError for ServeError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::Open(_) => Some("put a secret into a file and add --token-file FILE, or listen on 127.0.0.1".into()),
            Self::Bind { source, .. } if source.kind() == io::ErrorKind::AddrInUse => Some("choose another port with --addr".into()),
            Self::Bind { .. } => Some("choose another address with --addr".into()),
            Self::Root { .. } => Some("name a folder that is there with --root".into()),
            Self::Token { .. } => Some("make one with: openssl rand -hex 24 > FILE; chmod 600 FILE".into()),
            Self::Start(_) => None,
        }
    }
}

/// What all handlers share.
struct Server {
    desk: Arc<Desk>,
    roots: Roots,
    hub: Arc<Hub>,
    page: Page,
    started: Instant,
    stopping: watch::Receiver<bool>,
}

/// A server that runs until [`Running::stop`].
pub struct Running {
    addr: SocketAddr,
    stop: watch::Sender<bool>,
    served: JoinHandle<()>,
    runtime: Runtime,
    /// Wakes the event stream.
    _watch: Watch,
}

/// How long everything may take to end.
const END: Duration = Duration::from_secs(9);
/// Requests under way may be answered for so long.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Serve until `stopped` says so (or is dropped); `ready` hears where. Then no more connections are taken, running jobs stop
/// and are kept for the next start, all within ten seconds. Blocks.
///
/// # Errors
/// As [`start`].
pub fn serve(options: Options, desk: Arc<Desk>, ready: impl FnOnce(SocketAddr), stopped: &mpsc::Receiver<()>) -> Result<(), ServeError> {
    let running = start(options, desk.clone())?;
    ready(running.addr());
    let _ = stopped.recv();
    std::thread::scope(|s| {
        s.spawn(|| desk.close(END));
        running.stop(LAST_ANSWERS);
    });
    Ok(())
}

/// Listen and serve in the background.
///
/// # Errors
/// The address is open to others and there is no token, it cannot be listened on, or a thread could not be started.
pub fn start(options: Options, desk: Arc<Desk>) -> Result<Running, ServeError> {
    let Options { addr, roots, token_file, hosts } = options;
    let roots = Roots::new(&roots).map_err(|(path, source)| ServeError::Root { path, source })?;
    let token = token_file.map(|path| Token::read(&path).map_err(|source| ServeError::Token { path, source })).transpose()?;
    if !addr.ip().is_loopback() && token.is_none() {
        return Err(ServeError::Open(addr));
    }
    let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("http").enable_all().build()?;
    let listener = runtime.block_on(TcpListener::bind(addr)).map_err(|source| ServeError::Bind { addr, source })?;
    let addr = listener.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let changed = Arc::new(Notify::new());
    let waker = changed.clone();
    let watch = desk.jobs().watch(true, move || waker.notify_one());
    let within_runtime = runtime.enter();
    let hub = Hub::start(desk.jobs().clone(), changed);
    let server = Arc::new(Server { desk, roots, hub, page: Page::new(), started: Instant::now(), stopping: stopping.clone() });
    let guard = Arc::new(Guard { addr, hosts, token });
    let app = routes(server).layer(from_fn_with_state(guard, guard::guard));
    let mut stopping = stopping;
    let stopped = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let served = runtime.spawn(async move {
        if let Err(e) = axum::serve(Door::new(listener), app).with_graceful_shutdown(stopped).await {
            tracing::error!("the server stopped: {e}");
        }
    });
    drop(within_runtime);
    Ok(Running { addr, stop, served, runtime, _watch: watch })
}

impl Running {
    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Take no more connections, end the event streams, let requests under way be answered for at most `grace`, and end.
    pub fn stop(self, grace: Duration) {
        let _ = self.stop.send(true);
        let served = self.served;
        self.runtime.block_on(async {
            if tokio::time::timeout(grace, served).await.is_err() {
                tracing::info!("some requests were cut off");
            }
        });
        self.runtime.shutdown_timeout(Duration::from_millis(200));
    }
}

fn routes(server: Arc<Server>) -> Router {
    Router::new()
        .route("/", get(page::index))
        .route("/status.css", get(page::style))
        .route("/theme.css", get(page::theme_css))
        .route("/status.js", get(page::script))
        .route("/icon.svg", get(page::icon))
        .route("/api/health", get(health::health))
        .route("/api/openapi.json", get(openapi::openapi))
        .route("/api/events", get(events::events))
        .route("/api/jobs", get(table::list))
        .route("/api/jobs/{id}", get(table::show).delete(table::cancel))
        .route("/api/jobs/{id}/retry", post(table::retry))
        .route("/api/jobs/{id}/pause", post(table::pause))
        .route("/api/jobs/{id}/resume", post(table::resume))
        .route("/api/jobs/export", post(submit::export::export))
        .route("/api/jobs/montage", post(submit::montage::montage))
        .route("/api/jobs/proxy", post(submit::proxy::proxy))
        .route("/api/jobs/stabilize", post(submit::stabilize::stabilize))
        .route("/api/jobs/transcribe", post(submit::transcribe::transcribe))
        .route("/api/jobs/upscale", post(submit::upscale::upscale))
        .fallback(async || Refusal::unknown("there is nothing at this address").hint("see /api/openapi.json"))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take that method").hint("see /api/openapi.json")
        })
        .with_state(server)
}
