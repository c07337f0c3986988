//! Making larger as a job: a picture or a film, into a file that was named or into the cache, from where it takes its original's place in
//! the project.

use super::{
    Cache, Ended, Failure, JobContext, JobSpec, Lane, MakeDevice, Runner, WorkKey, give_back_room, kinds, media_ended, proxy::unchanged,
    told,
};
use crate::{
    base::{Stamp, Trouble, words::say},
    engine::{self, Moment, UpscaleError, UpscaleReport, UpscaleRequest, UpscaleTarget},
    media::{self, MediaError, encode::EncodeError},
    ml::{MlError, Upscaler, models},
    model::Variant,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where results lie in the cache.
const SORT: &str = "upscaled";

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpscaleAsk {
    /// Name of a model, or the path of its weights.
    pub model: String,
    pub target: UpscaleTarget,
    /// Strength against noise, 0 to 1, of models that have it.
    #[serde(default)]
    pub denoise: Option<f32>,
    /// Side of the tiles in pixels; None = what suits the device, 0 = whole pictures.
    #[serde(default)]
    pub tile: Option<usize>,
    /// A part of a film, which becomes a film of its own: only whole media are variants of their originals.
    #[serde(default)]
    pub range: Option<(Moment, Moment)>,
}

impl UpscaleAsk {
    /// With the usual model.
    pub fn new(target: UpscaleTarget) -> Self {
        Self { model: models::usual().to_owned(), target, denoise: None, tile: None, range: None }
    }

    /// As a variant's recipe: another model or size is another result.
    pub fn recipe(&self) -> String {
        let strength = self.denoise.map_or_else(String::new, |d| format!(" {d}"));
        let part = self.range.map_or_else(String::new, |(a, b)| format!(" {}-{}", a.name(), b.name()));
        format!("{} {}{strength}{part}", self.model, self.target.name())
    }
}

/// All that the runner needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    output: PathBuf,
    ask: UpscaleAsk,
    /// The original when this was asked for.
    of: Stamp,
    /// The result is for the project: it lies in the cache.
    variant: bool,
    /// The result is a media of its own that the project takes in: it lies beside its original.
    #[serde(default)]
    beside: bool,
}

/// What is to be done for one file. Without an output the result goes to the cache, or beside the original where it is a part of it.
pub(super) fn spec(cache: &Cache, input: &Path, output: Option<&Path>, ask: &UpscaleAsk) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let of = media::stamp(&input).map_err(unreadable)?;
    let Some(hash) = of.hash else { return Err(unreadable(std::io::ErrorKind::InvalidData.into())) };
    let mut ask = ask.clone();
    if Path::new(&ask.model).components().count() > 1 {
        // another run of the program may stand elsewhere
        ask.model = std::path::absolute(&ask.model).map_err(unreadable)?.to_string_lossy().into_owned();
    }
    let recipe = ask.recipe();
    let variant = output.is_none() && ask.range.is_none();
    let beside = output.is_none() && !variant;
    let output = match output {
        Some(output) => std::path::absolute(output).map_err(unreadable)?,
        None if beside => beside_of(&input, &ask),
        None => {
            let still = input.extension().is_some_and(|e| ["png", "jpg", "jpeg", "webp"].iter().any(|s| e.eq_ignore_ascii_case(s)));
            let name = format!("{hash}-{:016x}.{}", xxhash_rust::xxh3::xxh3_64(recipe.as_bytes()), if still { "png" } else { "mov" });
            cache.root().join(SORT).join(name)
        }
    };
    let key = WorkKey::of(["upscale", &hash.to_string(), &recipe, &output.to_string_lossy()]);
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(JobSpec::new(kinds::UPSCALE, subject, json!(Params { input, output, ask, of, variant, beside }), Lane::Gpu).keyed(key))
}

/// A name beside the original that nothing has yet: `film 2x 75f-300f.mov`.
fn beside_of(input: &Path, ask: &UpscaleAsk) -> PathBuf {
    let stem = input.file_stem().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let part = ask.range.map_or_else(String::new, |(a, b)| format!(" {}-{}", a.name(), b.name()));
    let name = |n: u32| if n < 2 { String::new() } else { format!(" ({n})") };
    let paths = (1..).map(|n| input.with_file_name(format!("{stem} {}{part}{}.mov", ask.target.name(), name(n))));
    paths.into_iter().find(|p| !p.exists()).unwrap_or_else(|| input.with_extension("upscaled.mov"))
}

/// What is to be done for several files, each into the cache.
pub(in crate::session) fn specs(cache: &Cache, files: &[PathBuf], ask: &UpscaleAsk) -> Result<Vec<JobSpec>, Trouble> {
    files.iter().map(|file| spec(cache, file, None, ask)).collect()
}

/// Makes larger.
pub(super) struct Upscale {
    device: MakeDevice,
    /// Where the user's models lie.
    models: PathBuf,
    cache: Cache,
}

impl Upscale {
    pub fn new(device: MakeDevice, models: PathBuf, cache: Cache) -> Self {
        Self { device, models, cache }
    }

    /// The file, where it could be made; older files of the cache make room for one more of it where the disk has none.
    fn make(&self, r: &UpscaleRequest, cached: bool, net: &mut dyn Upscaler, cx: &JobContext) -> Result<UpscaleReport, UpscaleError> {
        let mut make = || engine::upscale_file(r, net, cx.stop_flag(), &mut told(cx));
        match make() {
            Err(UpscaleError::Media(MediaError::Encode(EncodeError::NoRoom { needed, .. })))
                if cached && self.cache.make_room(needed).is_ok() =>
            {
                make()
            }
            made => made,
        }
    }
}

impl Runner for Upscale {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let mut kept = None;
        if let Some(folder) = p.output.parent().filter(|_| p.variant) {
            let wrong = |e: std::io::Error| {
                let trouble = say!("session-no-proxy-folder", reason = e.to_string(), path = folder.display().to_string()).trouble();
                Failure::io(&e, trouble)
            };
            // whoever clears the cache meanwhile leaves it
            kept = Some(self.cache.hold(&p.output).map_err(wrong)?);
            std::fs::create_dir_all(folder).map_err(wrong)?;
            unchanged(&p.input, &p.of)?;
        }
        let net = models::open(&p.ask.model, &self.models, p.ask.denoise).map_err(|e| Failure::of(&e))?;
        let mut upscaler = engine::upscaler(&net, (self.device)().as_ref(), p.ask.tile).map_err(|e| ended(&e.into()))?;
        let device = upscaler.describe();
        cx.log(device.clone());
        let request = UpscaleRequest {
            input: p.input,
            output: p.output,
            target: p.ask.target,
            range: p.ask.range,
            recipe: p.ask.recipe(),
            work_dir: cx.work_dir().to_owned(),
        };
        let made = self.make(&request, p.variant, &mut *upscaler, cx).map_err(|e| {
            let ended = ended(&e);
            if let UpscaleError::Media(media) = &e {
                give_back_room(cx, media, &ended);
            }
            ended
        })?;
        let mut result = json!({
            "original": request.input,
            "output": request.output,
            "frames": made.frames,
            "width": made.size.0,
            "height": made.size.1,
            "model": p.ask.model,
            "device": device,
            "scale": made.scale,
            "frames_per_sec": made.frames as f64 / made.wall_secs.max(1e-3),
            "wall_secs": made.wall_secs,
        });
        if p.beside {
            result["beside"] = json!(true);
        }
        if p.variant {
            if let Err(changed) = unchanged(&request.input, &p.of) {
                let _ = std::fs::remove_file(&request.output);
                return Err(changed.into());
            }
            self.cache.trim();
            let info = media::probe_guarded(&request.output).map_err(|e| Failure::of(&e))?;
            result["variant"] = json!(Variant { path: request.output.clone(), of: p.of, recipe: p.ask.recipe(), info });
        }
        drop(kept);
        Ok(result)
    }

    /// Whoever names a file wants it written again; what lies in the cache is as good as new.
    fn still_good(&self, result: &Value) -> bool {
        result.get("variant").is_some() && result["output"].as_str().is_some_and(|p| Path::new(p).is_file())
    }
}

fn ended(e: &UpscaleError) -> Ended {
    match e {
        UpscaleError::Cancelled | UpscaleError::Ml(MlError::Cancelled) => Ended::Stopped,
        UpscaleError::Media(media) => media_ended(media, e),
        // a lost device may be well again
        UpscaleError::Ml(MlError::Device(_)) => Failure { retryable: true, ..Failure::of(e) }.into(),
        _ => Failure::of(e).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_wish_has_the_same_key_and_another_has_not() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path(), &[SORT], 1 << 30);
        let file = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let (a, moved, still) = (file("a.mp4", b"film"), file("b.mp4", b"film"), file("c.PNG", b"film"));
        let two = UpscaleAsk::new(UpscaleTarget::Times(2));
        let of = |path: &Path, ask: &UpscaleAsk| spec(&cache, path, None, ask).unwrap();
        assert_eq!(of(&a, &two).key, of(&moved, &two).key);
        assert_ne!(of(&a, &two).key, of(&a, &UpscaleAsk::new(UpscaleTarget::Height(1080))).key);
        assert_ne!(of(&a, &two).key, of(&a, &UpscaleAsk { denoise: Some(0.5), ..two.clone() }).key);
        assert!(of(&a, &two).params["output"].as_str().unwrap().ends_with(".mov"));
        assert!(of(&still, &two).params["output"].as_str().unwrap().ends_with(".png"));
        assert_eq!(spec(&cache, &a, Some(Path::new("/o/x.mp4")), &two).unwrap().params["output"], "/o/x.mp4");
        let part = UpscaleAsk { range: Some((Moment::Frame(75), Moment::Frame(300))), ..two.clone() };
        let beside = of(&a, &part);
        assert_eq!(Path::new(beside.params["output"].as_str().unwrap()), dir.path().join("a 2x 75f-300f.mov"));
        assert_eq!((&beside.params["variant"], &beside.params["beside"]), (&false.into(), &true.into()));
        std::fs::write(dir.path().join("a 2x 75f-300f.mov"), b"somebody's").unwrap();
        assert!(of(&a, &part).params["output"].as_str().unwrap().ends_with("a 2x 75f-300f (2).mov"));
        assert_ne!(of(&a, &part).key, of(&a, &two).key);
        let own = UpscaleAsk { model: "some/net.pth".into(), ..two };
        assert!(Path::new(of(&a, &own).params["ask"]["model"].as_str().unwrap()).is_absolute());
        assert!(spec(&cache, &dir.path().join("gone.mp4"), None, &own).unwrap_err().text.contains("gone.mp4"));
    }

    #[test]
    fn a_stop_is_no_failure_and_a_lost_device_may_be_well_again() {
        assert!(matches!(ended(&UpscaleError::Cancelled), Ended::Stopped));
        assert!(matches!(ended(&MlError::Device("lost".into()).into()), Ended::Failed(f) if f.retryable));
        assert!(matches!(ended(&UpscaleError::NoPicture("/a".into())), Ended::Failed(f) if !f.retryable));
    }
}
