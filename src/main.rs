//! The program: the command line, which opens the window where no sub-command is given.

use montage_ai::{app, cli};
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main(|options| {
        let options = app::AppOptions {
            files: options.files,
            no_recovery: options.no_recovery,
            force_cpu: options.force_cpu,
            gpu: options.gpu,
            ..Default::default()
        };
        app::run(options).map_err(|e| e.to_string())
    })
}
