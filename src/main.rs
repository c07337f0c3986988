//! The program: the command line, which opens the window where no sub-command is given.

use montage_ai::{api, app, base::Trouble, cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(window, serve)
}

fn serve(options: cli::ServeOptions) -> Result<(), Trouble> {
    let cli::ServeOptions { addr, roots, token_file, hosts, desk, ready, stopped } = options;
    api::serve(api::Options { addr, roots, token_file, hosts }, desk, ready, &stopped).map_err(|e| Trouble::of(&e))
}

fn window(options: cli::WindowOptions) -> Result<(), String> {
    let options = app::AppOptions {
        files: options.files,
        no_recovery: options.no_recovery,
        force_cpu: options.force_cpu,
        gpu: options.gpu,
        ..Default::default()
    };
    app::run(options).map_err(|e| e.to_string())
}
