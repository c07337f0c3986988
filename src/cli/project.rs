//! `new` and `edit`.

use super::{
    args::{EditArgs, NewArgs},
    report::{Failure, Report},
};
use crate::session::batch;
use serde_json::json;
use std::{io::Read, path::Path};

pub(super) fn new(a: &NewArgs, report: &Report) -> Result<(), Failure> {
    if !batch::is_project(&a.project) {
        return Err(Failure::usage(
            format!("a project's name ends in .montage: {}", a.project.display()),
            "write: montage-ai new film.montage CLIP…",
        ));
    }
    for m in &a.media {
        super::media::refuse_overwriting_input(&a.project, m)?;
    }
    let name = a.project.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let project = batch::new_project(&name, &a.media, a.fps, a.size)?;
    batch::save(&a.project, &project)?;
    let s = &project.sequence;
    let clips: usize =
        s.video_tracks().map(|t| t.clips.len()).sum::<usize>().max(s.audio_tracks().map(|t| t.clips.len()).max().unwrap_or(0));
    let secs = s.duration_time().as_secs_f64();
    report.result(
        &json!({ "project": a.project, "duration_secs": secs, "clips": clips }),
        &format!("{}: {clips} clips, {secs:.3} s, {}×{} at {}", a.project.display(), s.width, s.height, s.frame_rate),
    )
}

pub(super) fn edit(a: &EditArgs, report: &Report) -> Result<(), Failure> {
    let text = if a.commands == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|e| Failure::failed(format!("standard input could not be read: {e}"), None))?;
        text
    } else {
        std::fs::read_to_string(&a.commands)
            .map_err(|e| Failure::failed(format!("{e}: {}", a.commands.display()), Some("give a file of RON edit commands".into())))?
    };
    let project = batch::open(&a.project)?;
    let (edited, applied) = batch::apply_commands(&project, &text).map_err(|t| {
        let hint = t.hint.unwrap_or_else(|| "nothing was changed; put that command right and run it again".into());
        Failure::failed(format!("{}: {}", t.text, a.commands.display()), Some(hint))
    })?;
    batch::save(&a.project, &edited)?;
    report.result(&json!({ "applied": applied, "revision": applied }), &format!("{}: {applied} edits applied", a.project.display()))
}
