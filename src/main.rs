//! The program: the command line, which opens the window where no sub-command is given.

use std::process::ExitCode;

fn main() -> ExitCode {
    montage_ai::cli::main(|_| Err("this build has no window yet".into()))
}
