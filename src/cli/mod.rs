//! The command line: everything the editor does, a script can do. Parses, calls `session::batch`, prints one result.
//!
//! Nothing but the result is ever on stdout. Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.

mod args;
mod bench;
mod broll;
mod cache;
mod convert;
mod doctor;
mod export;
mod jobs;
mod media;
mod montage;
mod project;
mod proxy;
mod relink;
mod report;
mod sample;
mod serve;
mod stabilize;
mod survey;
mod transcribe;
mod upscale;

pub use args::Cli;

use crate::{base::Trouble, session};
use args::Command;
use clap::Parser;
use report::{Failure, Report};
use std::{
    io::IsTerminal,
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

/// Set by Ctrl-C and SIGTERM; long work looks at it between frames.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Run the program for these arguments; `window` opens the editor, `serve` serves the HTTP API.
pub fn main(window: fn(WindowOptions) -> Result<(), String>, serve: fn(ServeOptions) -> Result<(), Trouble>) -> ExitCode {
    quiet_drivers();
    let cli = Cli::parse(); // exits with status 2 and clap's words where the usage is wrong
    start_log(&cli);
    let report = Report::new(cli.json, cli.quiet, cli.progress);
    match run(cli, &report, window, serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(f) => report.failure(&f),
    }
}

/// What the window is to open with.
pub struct WindowOptions {
    pub files: Vec<PathBuf>,
    /// Leave what a crash has left where it is.
    pub no_recovery: bool,
    pub force_cpu: bool,
    pub gpu: Option<String>,
}

/// How and until when to serve.
pub struct ServeOptions {
    pub addr: SocketAddr,
    pub roots: Vec<PathBuf>,
    pub token_file: Option<PathBuf>,
    pub hosts: Vec<String>,
    pub desk: Arc<session::jobs::Desk>,
    /// Called once with where it listens.
    pub ready: Box<dyn FnOnce(SocketAddr)>,
    /// Says when to stop.
    pub stopped: mpsc::Receiver<()>,
}

fn run(cli: Cli, report: &Report, window: fn(WindowOptions) -> Result<(), String>, serve_api: serve::Serve) -> Result<(), Failure> {
    let open_window = |files| {
        let options = WindowOptions { files, no_recovery: cli.no_recovery, force_cpu: cli.cpu, gpu: cli.gpu.clone() };
        window(options).map_err(|text| Failure::failed(text, Some("run `montage-ai doctor` to see what is missing".into())))
    };
    let adapter = session::AdapterChoice { cpu: cli.cpu, name: cli.gpu.clone() };
    match cli.command {
        None => open_window(cli.files),
        Some(Command::ProbeChild { file }) => std::process::exit(session::batch::probe_child(file.as_deref())),
        Some(Command::Probe { file }) => media::probe(&file, report),
        Some(Command::New(a)) => project::new(&a, report),
        Some(Command::Edit(a)) => project::edit(&a, report),
        Some(Command::Relink(a)) => relink::relink(&a, report),
        Some(Command::Convert(a)) => convert::convert(&a, report),
        Some(Command::Frame(a)) => media::frame(&a, &adapter, report),
        Some(Command::Export(a)) => {
            watch_interrupts()?;
            export::export(&a, &adapter, report)
        }
        Some(Command::Presets) => export::presets(report),
        Some(Command::Demo(a)) => {
            watch_interrupts()?;
            match sample::demo(&a, &adapter, report)? {
                Some(project) => open_window(vec![project]),
                None => Ok(()),
            }
        }
        Some(Command::Jobs { command }) => jobs::jobs(command, &adapter, report),
        Some(Command::Proxy(a)) => proxy::proxy(&a, &adapter, report),
        Some(Command::Stabilize(a)) => stabilize::stabilize(&a, &adapter, report),
        Some(Command::Transcribe(a)) => transcribe::transcribe(&a, &adapter, report),
        Some(Command::Upscale(a)) => upscale::upscale(&a, &adapter, report),
        Some(Command::Models { command }) => upscale::models(command, report),
        Some(Command::Beats(a)) => {
            watch_interrupts()?;
            survey::beats(&a, report)
        }
        Some(Command::Scenes(a)) => {
            watch_interrupts()?;
            survey::scenes(&a, report)
        }
        Some(Command::Montage(a)) => {
            watch_interrupts()?;
            montage::montage(&a, &adapter, report)
        }
        Some(Command::Broll(a)) => {
            watch_interrupts()?;
            broll::broll(&a, &adapter, report)
        }
        Some(Command::Styles) => montage::styles(report),
        Some(Command::Serve(a)) => serve::serve(a, &adapter, report, serve_api),
        Some(Command::Bench(a)) => bench::bench(&a, &adapter, report),
        Some(Command::Doctor) => doctor::doctor(&adapter, report),
    }
}

/// What is being written, for an end that cannot wait.
static OUTPUT: OnceLock<PathBuf> = OnceLock::new();
/// How long the work may take to stop by itself. A 4K frame that is being drawn and encoded can take seconds; the user gets
/// the prompt back within one.
const GRACE: Duration = Duration::from_millis(800);

/// Ctrl-C and SIGTERM ask the work to stop; what has not stopped after a moment is ended, and its unfinished file removed.
fn watch_interrupts() -> Result<(), Failure> {
    static SET: OnceLock<()> = OnceLock::new();
    if SET.set(()).is_err() {
        return Ok(());
    }
    ctrlc::set_handler(|| {
        INTERRUPTED.store(true, Ordering::SeqCst);
        // this is a thread of its own; the process usually ends during the wait
        std::thread::sleep(GRACE);
        if let Some(output) = OUTPUT.get() {
            session::batch::remove_unfinished(output);
        }
        eprintln!("error: interrupted; nothing was written");
        std::process::exit(130);
    })
    .map_err(|e| Failure::failed(format!("Ctrl-C cannot be watched: {e}"), None))
}

/// Where there is no XDG_RUNTIME_DIR (services, containers), Mesa's device-select layer complains on stderr while it looks for a
/// Wayland display to ask for the preferred device. We rank the devices ourselves, so the layer may stay out.
fn quiet_drivers() {
    if std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        // SAFETY: called first thing in the process, before any other thread exists that could read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

fn start_log(cli: &Cli) {
    use tracing_subscriber::EnvFilter;
    let default = match (cli.quiet, cli.verbose) {
        (true, _) => "error",
        (false, 0) => "warn,wgpu_core=error,wgpu_hal=error,naga=error,egui_wgpu=error,cosmic_text=error,zbus=error",
        (false, 1) => "info",
        (false, _) => "montage_ai=debug,info",
    };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    let color = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(color).with_target(false).without_time();
    // a second start (tests) keeps the first log
    let _ = log.try_init();
}
