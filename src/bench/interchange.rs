//! A timeline of 10,000 clips written and read in each format; OTIO beside the reference implementation on the same file.
//!
//! The same work on both sides: reading goes from the file's bytes to a timeline that can be edited (ours is checked for
//! soundness too), writing from such a timeline to the file's bytes. What we do on top of that has a row of its own: every file
//! that the program writes is read back and compared before anybody gets it.

use super::{
    Context, Row,
    process::{cpu_secs, python},
    project::large,
};
use crate::{
    base::{Trouble, UserError},
    interchange::{self, Format, ReadOptions, WriteOptions},
};
use std::path::Path;

/// Each is done so often; the best counts, on both sides: the first one fetches memory from the system.
const RUNS: usize = 5;

/// Reads and writes a file with Python's OTIO and prints the CPU seconds of both, without the start of Python.
const REFERENCE: &str = "import sys, time, opentimelineio as o\n\
def once():\n\
\x20a = time.process_time(); t = o.adapters.read_from_file(sys.argv[1])\n\
\x20b = time.process_time(); o.adapters.write_to_file(t, sys.argv[2])\n\
\x20return b - a, time.process_time() - b\n\
read, wrote = zip(*[once() for _ in range(int(sys.argv[3]))])\n\
print(o.__version__, min(read), min(wrote))";

pub(super) fn interchange(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let project = large(&cx.footage.hd()?, 20, 500)?;
    let options = WriteOptions::default();
    let mut rows = Vec::new();
    for format in [Format::Otio, Format::Fcpxml, Format::Xmeml, Format::Edl] {
        let (_, wrote) = best(|| interchange::write_unchecked(&project, format, &options))?;
        let (written, checked) = best(|| interchange::write(&project, format, &options))?;
        let Some(part) = written.parts.first() else { continue };
        let rate = Some(project.sequence.frame_rate);
        let read_options = ReadOptions { rate, ..ReadOptions::new("large", Path::new("/")) };
        let (_, read) = best(|| interchange::read(&part.bytes, format, &read_options))?;
        let name = format.extension();
        let mut pair = [
            Row::new(format!("write 10,000 clips as .{name}, CPU"), wrote * 1e3, "ms"),
            Row::new(format!("read 10,000 clips from .{name}, CPU"), read * 1e3, "ms"),
        ];
        if format == Format::Otio
            && let Some((peer, read, wrote)) = reference(&part.bytes, cx)
        {
            let [ours_write, ours_read] = pair;
            pair = [ours_write.beside(&peer, wrote * 1e3).goal("≤ 0.1 ×"), ours_read.beside(peer, read * 1e3).goal("≤ 0.1 ×")];
        }
        rows.extend(pair);
        rows.push(Row::new(format!("write 10,000 clips as .{name}, read back and compared, CPU"), checked * 1e3, "ms"));
    }
    Ok(rows)
}

/// What it gives, and the CPU seconds of the quickest of [`RUNS`]; what is given up again is not counted.
fn best<T, E: UserError>(run: impl Fn() -> Result<T, E>) -> Result<(T, f64), Trouble> {
    let mut least = f64::INFINITY;
    let mut last = None;
    for _ in 0..RUNS {
        // its memory is used again, as Python's is
        drop(last.take());
        let before = cpu_secs();
        let done = run().map_err(|e| Trouble::of(&e))?;
        least = least.min(cpu_secs() - before);
        last = Some(done);
    }
    last.map(|l| (l, least)).ok_or_else(|| Trouble::new("nothing was measured", ""))
}

/// Name, seconds to read, seconds to write; None where Python's OTIO is not installed.
fn reference(bytes: &[u8], cx: &Context<'_>) -> Option<(String, f64, f64)> {
    let file = cx.footage.dir().join("large.otio");
    std::fs::write(&file, bytes).ok()?;
    let (again, runs) = (file.with_extension("again.otio"), RUNS.to_string());
    let text = python(REFERENCE, &[file.as_os_str(), again.as_os_str(), runs.as_ref()], "opentimelineio", cx.say)?;
    let mut words = text.split_whitespace();
    let name = format!("OpenTimelineIO {}", words.next()?);
    Some((name, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
