//! `POST /api/jobs/export`: a project (or a media file) to a film.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{
    api::input::{Args, plain},
    session::{
        Dirs, batch,
        jobs::{CaptionsTo, ExportHow, JobSpec},
    },
};
use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use utoipa::ToSchema;

/// Render a project to a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Export {
    /// A project, or a media file.
    project: String,
    output: String,
    /// Name of an export preset; by the end of the output's name unless given.
    preset: Option<String>,
    /// First frame and the frame after the last; the whole timeline unless given.
    #[schema(min_items = 2, max_items = 2)]
    range: Option<Vec<u32>>,
    /// Where captions go: into the picture, a track of their own, an .srt beside the film, nowhere; as the project says unless given.
    captions: Option<Captions>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Captions {
    Burn,
    Mux,
    Sidecar,
    None,
}

/// A request that is right.
pub(in super::super) struct Checked {
    project: PathBuf,
    output: PathBuf,
    preset: Option<String>,
    how: ExportHow,
}

impl Request for Export {
    const KIND: Kind = kinds::EXPORT;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        plain("preset", self.preset.as_deref())?;
        let range = match self.range.as_deref() {
            None => None,
            Some([a, b]) if a < b => Some((i64::from(*a), i64::from(*b))),
            Some(_) => return Err(Refusal::bad("range: must be two frames, the first before the second").field("range")),
        };
        let project = roots.input("project", &self.project)?;
        let output = roots.output_beside("output", &self.output, &[&project])?;
        let captions = match self.captions {
            None => CaptionsTo::Project,
            Some(Captions::Burn) => CaptionsTo::Burn,
            Some(Captions::Mux) => CaptionsTo::Mux,
            Some(Captions::Sidecar) => CaptionsTo::Sidecar,
            Some(Captions::None) => CaptionsTo::None,
        };
        let how = ExportHow { range, captions, ..ExportHow::default() };
        Ok(Checked { project, output, preset: self.preset, how })
    }

    fn specs(c: Checked, desk: &Desk, roots: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        let project = batch::open(&c.project).map_err(|t| Refusal::bad(t.text).field("project").hints(t.hint))?;
        // a project may name any file of this machine: what the film shows must be allowed, too
        for media in project.media.values() {
            visible(&media.file.path, &c.output, roots)?;
            if let Some(upscaled) = &media.upscaled {
                visible(&upscaled.path, &c.output, roots)?;
            }
        }
        let field = if c.preset.is_some() { "preset" } else { "output" };
        let spec = desk.export(&project, &c.output, c.preset.as_deref(), c.how);
        spec.map(|s| vec![s]).map_err(|t| Refusal::bad(t.text).field(field).hints(t.hint))
    }
}

/// Whether a file may be shown: it lies under the roots, or among what the program has made itself. What is merely missing is
/// the export's to say.
fn visible(file: &Path, output: &Path, roots: &Roots) -> Result<(), Refusal> {
    let made = || Dirs::find().cache.canonicalize().is_ok_and(|cache| file.canonicalize().is_ok_and(|f| f.starts_with(cache)));
    match roots.input("project", &file.to_string_lossy()) {
        Err(refusal) if refusal.status == StatusCode::FORBIDDEN && !made() => {
            Err(Refusal { error: format!("project: it uses a file that the server may not touch: {}", file.display()), ..refusal })
        }
        Ok(input) if input == output => {
            Err(Refusal::bad(format!("output: the project uses this file: {}", output.display())).field("output"))
        }
        _ => Ok(()),
    }
}

/// Render a project to a file.
#[utoipa::path(post, path = "/api/jobs/export", tag = "new jobs", params(Placing), request_body = Export,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn export(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Export>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
