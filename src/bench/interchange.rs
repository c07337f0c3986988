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
    base::Trouble,
    interchange::{self, Format, ReadOptions, WriteOptions},
};
use std::path::Path;

/// Reads and writes a file with Python's OTIO and prints the CPU seconds of both, without the start of Python.
const REFERENCE: &str = "import sys, time, opentimelineio as o\n\
a = time.process_time(); t = o.adapters.read_from_file(sys.argv[1])\n\
b = time.process_time(); o.adapters.write_to_file(t, sys.argv[2])\n\
print(o.__version__, b - a, time.process_time() - b)";

pub(super) fn interchange(cx: &Context<'_>) -> Result<Vec<Row>, Trouble> {
    let project = large(&cx.footage.hd()?, 20, 500)?;
    let options = WriteOptions::default();
    let mut rows = Vec::new();
    for format in [Format::Otio, Format::Fcpxml, Format::Xmeml, Format::Edl] {
        let before = cpu_secs();
        let plain = interchange::write_unchecked(&project, format, &options).map_err(|e| Trouble::of(&e))?;
        let wrote = cpu_secs() - before;
        drop(plain);
        let before = cpu_secs();
        let written = interchange::write(&project, format, &options).map_err(|e| Trouble::of(&e))?;
        let checked = cpu_secs() - before;
        let Some(part) = written.parts.first() else { continue };
        let rate = Some(project.sequence.frame_rate);
        let read_options = ReadOptions { rate, ..ReadOptions::new("large", Path::new("/")) };
        let before = cpu_secs();
        interchange::read(&part.bytes, format, &read_options).map_err(|e| Trouble::of(&e))?;
        let read = cpu_secs() - before;
        let name = format.extension();
        let mut pair = [
            Row::new(format!("write 10,000 clips as .{name}, CPU"), wrote, "s"),
            Row::new(format!("read 10,000 clips from .{name}, CPU"), read, "s"),
        ];
        if format == Format::Otio
            && let Some((peer, read, wrote)) = reference(&part.bytes, cx)
        {
            let [ours_write, ours_read] = pair;
            pair = [ours_write.beside(&peer, wrote).goal("≤ 0.1 ×"), ours_read.beside(peer, read).goal("≤ 0.1 ×")];
        }
        rows.extend(pair);
        rows.push(Row::new(format!("write 10,000 clips as .{name}, read back and compared, CPU"), checked, "s"));
    }
    Ok(rows)
}

/// Name, seconds to read, seconds to write; None where Python's OTIO is not installed.
fn reference(bytes: &[u8], cx: &Context<'_>) -> Option<(String, f64, f64)> {
    let file = cx.footage.dir().join("large.otio");
    std::fs::write(&file, bytes).ok()?;
    let again = file.with_extension("again.otio");
    let text = python(REFERENCE, &[file.as_os_str(), again.as_os_str()], "opentimelineio", cx.say)?;
    let mut words = text.split_whitespace();
    let name = format!("OpenTimelineIO {}", words.next()?);
    Some((name, words.next()?.parse().ok()?, words.next()?.parse().ok()?))
}
