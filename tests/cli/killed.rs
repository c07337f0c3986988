//! The program killed without a word in the middle of a proxy and of an export, twenty times each at moments that a seed gives: what it
//! had finished stays, the next run goes on behind it, and the film is the one that an undisturbed run makes, byte for byte.
//!
//! A film of four pictures a second has parts of forty pictures: many of them end during a test.

use crate::{
    common::{Random, undated},
    desk::{Desk, Running, listing},
    footage::{Film, numbers},
    serve::Server,
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant, SystemTime},
};

const KILLS: u32 = 20;
const FRAMES: u32 = 400;
/// Runs that a test may need for its kills: a machine in a hurry finishes some of them before.
const RUNS: u32 = 400;

fn film() -> PathBuf {
    Film { width: 160, height: 90, rate: "4", frames: FRAMES, audio: "-c:a pcm_s16le -ar 48000", extension: "mov", ..Film::default() }
        .file()
}

/// The finished parts in the work folder, and when each was finished. A folder that was being removed is none.
fn parts(desk: &Desk) -> BTreeMap<PathBuf, SystemTime> {
    let work = desk.home().join("cache/work");
    let folders = fs::read_dir(work).into_iter().flatten().flatten().filter(|f| f.path().extension().is_none());
    let files = folders.flat_map(|f| fs::read_dir(f.path()).into_iter().flatten().flatten());
    let sealed = files.filter(|f| f.path().extension().is_some_and(|e| e == "json"));
    sealed.filter_map(|f| Some((f.path(), f.metadata().ok()?.modified().ok()?))).collect()
}

/// What a work needs that is begun, killed and taken up again.
struct Trial<'a> {
    desk: &'a Desk,
    /// Length of an undisturbed run.
    whole: Duration,
    /// Asks for the work, or for its going on: a program that does it.
    go: Box<dyn Fn(&Desk) -> Running + 'a>,
    output: Finished<'a>,
    right: Judge<'a>,
}

/// Sees that a film is the right one.
type Judge<'a> = Box<dyn Fn(&Path) + 'a>;
/// Finds the finished film.
type Finished<'a> = Box<dyn Fn(&Desk) -> Option<PathBuf> + 'a>;

impl Trial<'_> {
    /// Kill until it is enough; what is finished in between must be right, and is begun anew.
    fn run(&self, seed: u64) {
        let (mut dice, mut kills, mut gone_on, mut runs) = (Random(seed), 0, 0, 0);
        while kills < KILLS {
            runs += 1;
            assert!(runs < RUNS, "{kills} kills only");
            let before = parts(self.desk);
            let mut program = (self.go)(self.desk);
            thread::sleep(self.whole.mul_f64(dice.below(1000) as f64 / 1000.0));
            if program.is_running() {
                program.signal(libc::SIGKILL);
                program.end();
                kills += 1;
            } else {
                program.end().succeeded();
            }
            let after = parts(self.desk);
            if after.is_empty() && (self.output)(self.desk).is_some_and(|o| self.over(&o)) {
                continue;
            }
            // the last one of a run may be short, and is then made again
            let kept = before.iter().filter(|(p, at)| after.get(*p) == Some(at)).count();
            assert!(kept + 1 >= before.len(), "finished parts were made again: {before:?}, then {after:?}");
            gone_on += u32::from(!before.is_empty());
        }
        assert!(gone_on >= KILLS / 4, "only {gone_on} runs went on behind finished parts");
        (self.go)(self.desk).end().succeeded();
        let output = (self.output)(self.desk).expect("the film is there");
        assert!(self.over(&output));
    }

    /// The film is finished and right; everything is put away for the next one. False where the job is not over yet.
    fn over(&self, output: &Path) -> bool {
        let jobs = self.desk.json(["jobs", "list"]);
        if jobs.as_array().unwrap().iter().any(|j| j["state"] != "completed") {
            return false;
        }
        (self.right)(output);
        assert_eq!(numbers(output), (0..FRAMES).collect::<Vec<_>>());
        let beside: Vec<_> = listing(output.parent().unwrap()).into_iter().filter(|n| n.contains(".part")).collect();
        assert_eq!(beside, Vec::<String>::new());
        // a program that was killed when its job was over may have left the folder: it has gone with the program that was asked above
        let work = self.desk.home().join("cache/work");
        assert_eq!(if work.is_dir() { listing(&work) } else { Vec::new() }, Vec::<String>::new(), "the jobs are {jobs}");
        fs::remove_file(output).unwrap();
        self.desk.run(["jobs", "clear"]).succeeded();
        true
    }
}

#[test]
fn a_proxy_that_is_killed_at_any_moment_comes_out_the_same() {
    let undisturbed = Desk::new();
    undisturbed.copy(&film(), "film.mov");
    let begin = Instant::now();
    let made = undisturbed.json(["proxy", "film.mov"]);
    let whole = begin.elapsed();
    let right = undated(Path::new(made[0]["proxy"].as_str().unwrap()));

    let desk = Desk::new();
    desk.copy(&film(), "film.mov");
    let go = |desk: &Desk| Running::start(desk.command(["proxy", "film.mov"]));
    let output = |desk: &Desk| {
        let folder = desk.home().join("cache/proxies");
        let names = fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path());
        names.into_iter().find(|p| p.extension().is_some_and(|e| e == "mov"))
    };
    let same = |film: &Path| assert!(undated(film) == right, "it is not the film of an undisturbed run");
    Trial { desk: &desk, whole, go: Box::new(go), output: Box::new(output), right: Box::new(same) }.run(0x5eed_0001);
}

#[test]
fn an_export_whose_program_is_killed_at_any_moment_comes_out_the_same() {
    let wish = json!({"project": "film.mov", "output": "out.mp4"});
    let undisturbed = Desk::new();
    undisturbed.copy(&film(), "film.mov");
    // with the start of the program, as in what is killed
    let begin = Instant::now();
    let server = Server::start(&undisturbed, &[]);
    let id = server.ask("POST", "/api/jobs/export", Some(&wish)).1["jobs"][0]["id"].as_u64().unwrap();
    let job = server.until(id, |j| ["completed", "failed"].iter().any(|s| j["state"] == *s));
    assert_eq!(job["state"], "completed", "{job}");
    let whole = begin.elapsed();
    let right = undated(&undisturbed.path("out.mp4"));
    drop(server);

    let desk = Desk::new();
    desk.copy(&film(), "film.mov");
    let go = |desk: &Desk| {
        if desk.json(["jobs", "list"]) == Value::Array(Vec::new()) {
            // entered by a server that dies with it in hand
            let server = Server::start(desk, &[]);
            assert_eq!(server.ask("POST", "/api/jobs/export", Some(&wish)).0, 202);
            server.end(libc::SIGKILL);
        }
        let command: Command = desk.command(["jobs", "resume"]);
        Running::start(command)
    };
    let output = |desk: &Desk| Some(desk.path("out.mp4")).filter(|p| p.exists());
    let same = |film: &Path| assert!(undated(film) == right, "it is not the film of an undisturbed run");
    Trial { desk: &desk, whole, go: Box::new(go), output: Box::new(output), right: Box::new(same) }.run(0x5eed_0002);
}
