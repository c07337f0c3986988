//! Trains the upscaler that the program ships (`models/compact-x2.safetensors`) on pictures that it makes itself, and
//! measures it on photographs that it has never seen. Built with `--features train`; models/README.md has the recipe.

mod degrade;
mod field;
mod fill;
mod kernel;
#[expect(dead_code, reason = "the program's own kernels need more of it than the trainer's")]
#[path = "../../ml/cpu/lane.rs"]
mod lane;
mod letters;
mod measure;
mod net;
mod pool;
mod resize;
mod rgb;
mod scene;
mod shape;
mod teach;
mod weights;

use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

const MODEL: &str = "models/compact-x2.safetensors";

#[derive(Parser)]
#[command(about = "Trains and measures the upscaler that ships with Montage AI")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Make pictures, train on them, write the weights
    Train {
        #[arg(long, default_value = MODEL)]
        out: PathBuf,
        #[arg(long, default_value_t = 4000)]
        steps: usize,
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Pictures to make before training starts
        #[arg(long, default_value_t = 800)]
        pictures: usize,
        /// Parts of pictures in a step
        #[arg(long, default_value_t = 8)]
        batch: usize,
        /// Highest rate of Adam
        #[arg(long, default_value_t = 0.0015)]
        rate: f32,
    },
    /// Measure PSNR and SSIM on the photographs of a folder, beside bicubic and Lanczos
    Evaluate {
        folder: PathBuf,
        #[arg(long, default_value = MODEL)]
        model: PathBuf,
        /// Write true, bicubic, Lanczos and network side by side into this folder
        #[arg(long)]
        look: Option<PathBuf>,
    },
    /// Write some of the made pictures, to look at
    Pictures {
        folder: PathBuf,
        #[arg(long, default_value_t = 24)]
        count: u64,
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<(), String> {
    match task {
        Task::Train { out, steps, seed, pictures, batch, rate } => {
            if steps == 0 || pictures == 0 || batch == 0 {
                return Err("--steps, --pictures and --batch start at 1".into());
            }
            teach::teach(&teach::Plan { seed, steps, pictures, batch, rate }, &out)
        }
        Task::Evaluate { folder, model, look } => measure::evaluate(&weights::Weights::read(&model)?, &folder, look.as_deref()),
        Task::Pictures { folder, count, seed } => {
            std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let mut letters = letters::Letters::new();
            for i in 0..count {
                let picture = scene::scene(seed.wrapping_mul(1_000_003).wrapping_add(i), 192, &mut letters);
                picture.write(&folder.join(format!("{i:03}.png")))?;
            }
            Ok(())
        }
    }
}
