//! The command line as a user or a script meets it: the real program, run as a process.
//!
//! `contract`: names, options, exit status and JSON of every command. `survive`: broken input and a hostile disk. `stop`:
//! Ctrl-C. `serve`: the HTTP API and the jobs. `proxies`: small copies, and their cache. `killed`: what a kill leaves. `steady`: films without their shake. `words`: transcripts. `speech`: recognition on this machine. `broll`: footage found. `montage`, `styles`: the automatic edit. `exact`: frames, colours and sound all the way through the program. Nothing here
//! reaches into the library, except to write edit commands and to ask the planner what a frame should show.

mod broll;
#[path = "../common/mod.rs"]
mod common;
mod contract;
mod desk;
mod exact;
mod footage;
mod killed;
mod montage;
mod proxies;
mod serve;
mod speech;
mod steady;
mod stop;
mod styles;
mod survive;
mod upscale;
mod upscale_killed;
mod window;
mod words;
