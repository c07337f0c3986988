//! `POST /api/jobs/montage`: the automatic edit.

use super::{Accepted, Body, Desk, Kind, NotEntered, Placing, Refusal, Request, Roots, Server, Submission, kinds, submit};
use crate::{
    api::input::{Args, plain, within},
    base::FrameRate,
    session::{
        jobs::JobSpec,
        montage::{Assistant, Counting, RATES, SHORT_SIDE, Wish, counting},
    },
};
use axum::extract::State;
use serde::Deserialize;
use std::{path::PathBuf, sync::Arc};
use utoipa::ToSchema;

/// Cut footage to music, as an editable project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Montage {
    /// The footage.
    #[schema(min_items = 1)]
    media: Vec<String>,
    /// Without it the cuts are even.
    music: Option<String>,
    /// Project file (.montage) to write.
    output: String,
    /// Name of a style.
    style: Option<String>,
    /// What it should be like, in words.
    prompt: Option<String>,
    /// Seconds; as long as the music unless given.
    #[schema(exclusive_minimum = 0, maximum = 86400)]
    duration: Option<f64>,
    /// The same seed gives the same edit.
    seed: Option<u64>,
    /// Seconds of the music at which the film begins.
    #[schema(minimum = 0, maximum = 86400)]
    music_start: Option<f64>,
    /// Look around this tempo, in beats per minute.
    #[schema(minimum = 50, maximum = 210)]
    tempo: Option<f64>,
    /// Count twice as fast, or half as fast, as was heard.
    count: Option<Count>,
    #[schema(minimum = 1, maximum = 16)]
    beats_per_bar: Option<u32>,
    /// Every bar begins so many beats later.
    #[schema(minimum = -64, maximum = 64)]
    bar_offset: Option<i32>,
    /// Shape of the film, such as `9:16`; from the footage unless given.
    #[schema(example = "9:16")]
    aspect: Option<String>,
    /// Pixels of the film's shorter side, such as 1080; from the footage unless given.
    #[schema(minimum = 64, maximum = 4320)]
    size: Option<u32>,
    /// Pictures per second, such as `25` or `30000/1001`; from the footage unless given.
    #[schema(example = "30000/1001")]
    fps: Option<String>,
    /// Ask the language model of the server's own machine (Ollama) what the prompt means.
    llm: Option<bool>,
    /// The model's name there.
    llm_model: Option<String>,
    /// Film to export at once.
    export: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in super::super) enum Count {
    Half,
    Double,
}

/// A request that is right.
pub(in super::super) struct Checked {
    wish: Wish,
    output: PathBuf,
    export: Option<PathBuf>,
}

impl Request for Montage {
    const KIND: Kind = kinds::MONTAGE;
    type Checked = Checked;

    fn check(self, roots: &Roots) -> Result<Checked, Refusal> {
        plain("style", self.style.as_deref())?;
        plain("prompt", self.prompt.as_deref())?;
        within("duration", self.duration, 0.001, 86400.0)?;
        within("music_start", self.music_start, 0.0, 86400.0)?;
        within("tempo", self.tempo, *counting::TEMPO_BPM.start(), *counting::TEMPO_BPM.end())?;
        within("beats_per_bar", self.beats_per_bar, *counting::BAR_BEATS.start() as u32, *counting::BAR_BEATS.end() as u32)?;
        within("bar_offset", self.bar_offset, *counting::BAR_OFFSET.start(), *counting::BAR_OFFSET.end())?;
        within("size", self.size, *SHORT_SIDE.start(), *SHORT_SIDE.end())?;
        plain("llm_model", self.llm_model.as_deref())?;
        let aspect = self.aspect.as_deref().map(aspect).transpose()?;
        let frame_rate = self.fps.as_deref().map(rate).transpose()?;
        if self.media.is_empty() {
            return Err(Refusal::bad("media: there is no footage").field("media"));
        }
        let media: Vec<PathBuf> =
            self.media.iter().enumerate().map(|(i, m)| roots.input(&format!("media[{i}]"), m)).collect::<Result<_, _>>()?;
        let music = self.music.map(|m| roots.input("music", &m)).transpose()?;
        let inputs: Vec<_> = media.iter().chain(&music).map(PathBuf::as_path).collect();
        let output = roots.output_beside("output", &self.output, &inputs)?;
        let export = self.export.map(|e| roots.output_beside("export", &e, &inputs)).transpose()?;
        let wish = Wish {
            media,
            music,
            style: self.style,
            prompt: self.prompt.unwrap_or_default(),
            duration_secs: self.duration,
            seed: self.seed.unwrap_or(1),
            music_start_secs: self.music_start.unwrap_or(0.0),
            counting: Counting {
                tempo_bpm: self.tempo,
                times: self.count.map_or(1.0, |c| if matches!(c, Count::Double) { 2.0 } else { 0.5 }),
                beats_per_bar: self.beats_per_bar.map(|n| n as usize),
                bar_offset: self.bar_offset.unwrap_or(0),
            },
            aspect,
            short_side: self.size,
            frame_rate,
            // a caller may not name the address: the server's key would go there
            assistant: self.llm.unwrap_or(false).then(|| {
                let usual = Assistant::default();
                Assistant { model: self.llm_model.unwrap_or(usual.model), ..usual }
            }),
            ..Wish::default()
        };
        Ok(Checked { wish, output, export })
    }

    fn specs(c: Checked, desk: &Desk, _: &Roots) -> Result<Vec<JobSpec>, Refusal> {
        Ok(vec![desk.montage(c.wish, &c.output, c.export.as_deref())])
    }
}

/// `9:16` as width to height.
fn aspect(text: &str) -> Result<(u32, u32), Refusal> {
    let parts = text.split_once(':').and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    let fits = |v: &u32| (1..=100).contains(v);
    parts
        .filter(|(w, h)| fits(w) && fits(h))
        .ok_or_else(|| Refusal::bad(format!("aspect: {text:?} is no shape")).field("aspect").hint("write 16:9"))
}

fn rate(text: &str) -> Result<FrameRate, Refusal> {
    let rate = text.parse().ok().filter(|r: &FrameRate| RATES.contains(&r.as_f64()));
    rate.ok_or_else(|| Refusal::bad(format!("fps: {text:?} is no rate between 10 and 120")).field("fps").hint("write 25 or 30000/1001"))
}

/// Cut footage to music.
#[utoipa::path(post, path = "/api/jobs/montage", tag = "new jobs", params(Placing), request_body = Montage,
    responses((status = 202, description = "Entered", body = Submission), NotEntered))]
pub(in super::super) async fn montage(server: State<Arc<Server>>, place: Args<Placing>, body: Body<Montage>) -> Result<Accepted, Refusal> {
    submit(server, place, body).await
}
