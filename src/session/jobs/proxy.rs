//! Proxies as jobs. A proxy lies in the cache under the name of its original's content, so that the same film has one proxy
//! wherever it is moved, and asking again hands out what is there.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, Runner, WorkKey, give_back_room, kinds, media_ended, told};
use crate::{
    base::{
        Stamp, Trouble,
        words::{say, size_text},
    },
    engine::{ProxyError, ProxyFormat, ProxyReport, ProxyRequest, make_proxy, proxy_path},
    media::{self, MediaError, encode::EncodeError},
    model::Variant,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where proxies lie in the cache.
const SORT: &str = "proxies";

/// All that the maker needs.
#[derive(Debug, Serialize, Deserialize)]
struct Params {
    input: PathBuf,
    output: PathBuf,
    format: ProxyFormat,
    /// The original when the proxy was asked for.
    of: Stamp,
}

/// What is to be done for one file.
pub(super) fn spec(cache: &Cache, input: &Path, format: ProxyFormat) -> Result<JobSpec, Trouble> {
    let unreadable = |e: std::io::Error| say!("session-no-original", reason = e.to_string(), path = input.display().to_string()).trouble();
    let input = std::path::absolute(input).map_err(unreadable)?;
    let of = media::stamp(&input).map_err(unreadable)?;
    let Some(hash) = of.hash else { return Err(unreadable(std::io::ErrorKind::InvalidData.into())) };
    let output = proxy_path(&cache.root().join(SORT), hash, format);
    let key = WorkKey::of(["proxy", &hash.to_string(), &format.recipe()]);
    let subject = input.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(JobSpec::new(kinds::PROXY, subject, json!(Params { input, output, format, of }), Lane::Cpu).keyed(key))
}

/// Makes proxies.
pub(super) struct Proxy {
    cache: Cache,
}

impl Proxy {
    pub fn new(cache: Cache) -> Self {
        Self { cache }
    }

    /// The file, where it could be made; older files of the cache make room for it where the disk has none.
    fn make(&self, request: &ProxyRequest, cx: &JobContext) -> Result<ProxyReport, ProxyError> {
        let make = || make_proxy(request, cx.stop_flag(), &mut told(cx));
        match make() {
            Err(ProxyError::Media(MediaError::Encode(EncodeError::NoRoom { needed, .. }))) if self.cache.make_room(needed).is_ok() => {
                make()
            }
            made => made,
        }
    }
}

/// The original is still what it was when its proxy (or larger copy) was asked for: the file's name says of which content it is.
pub(super) fn unchanged(input: &Path, of: &Stamp) -> Result<(), Failure> {
    match media::stamp(input) {
        Ok(now) if !now.same_content(of) => {
            Err(Failure::permanent(say!("session-original-changed", path = input.display().to_string()).trouble()))
        }
        // one that is gone is told by who opens it
        _ => Ok(()),
    }
}

impl Runner for Proxy {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        let folder = p.output.parent().unwrap_or(self.cache.root());
        let wrong = |e: std::io::Error| {
            let trouble = say!("session-no-proxy-folder", reason = e.to_string(), path = folder.display().to_string()).trouble();
            Failure::io(&e, trouble)
        };
        // whoever clears the cache meanwhile leaves it, and the parts of it
        let _kept = self.cache.hold(&p.output).map_err(wrong)?;
        std::fs::create_dir_all(folder).map_err(wrong)?;
        unchanged(&p.input, &p.of)?;
        let request = ProxyRequest { input: p.input, output: p.output, format: p.format, work_dir: cx.work_dir().to_owned() };
        let made = self.make(&request, cx);
        if !matches!(made, Err(ProxyError::Cancelled))
            && let Err(changed) = unchanged(&request.input, &p.of)
        {
            // whatever came of it is of neither file
            if made.is_ok() {
                let _ = std::fs::remove_file(&request.output);
            }
            cx.put_work_away();
            return Err(changed.into());
        }
        let made = made.map_err(|e| {
            let ended = ended(&e);
            if let ProxyError::Media(media) = &e {
                give_back_room(cx, media, &ended);
            }
            ended
        })?;
        self.cache.trim();
        if made.bytes > self.cache.budget() {
            let sizes = (size_text(made.bytes), size_text(self.cache.budget()));
            cx.log(say!("session-proxy-over-budget", size = sizes.0, budget = sizes.1).text());
        }
        let variant = Variant { path: request.output.clone(), of: p.of, recipe: request.format.recipe(), info: made.info };
        Ok(json!({
            "original": request.input,
            "proxy": request.output,
            "output": request.output,
            "frames": made.frames,
            "bytes": made.bytes,
            "wall_secs": made.wall_secs,
            "variant": variant,
        }))
    }

    fn still_good(&self, result: &Value) -> bool {
        result["proxy"].as_str().is_some_and(|p| self.cache.touch(Path::new(p)))
    }
}

fn ended(e: &ProxyError) -> Ended {
    match e {
        ProxyError::Cancelled => Ended::Stopped,
        ProxyError::Media(media) => media_ended(media, e),
        _ => Failure::of(e).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        base::{FrameRate, Picture},
        jobs::{Jobs, Lanes, Options, Retry, State},
        media::encode::{Container, EncodeSettings, Encoder, VideoCodec, VideoSettings},
    };
    use std::{collections::HashMap, fs, sync::Arc};

    /// Ten grey pictures.
    fn film(path: &Path) {
        let v = VideoSettings::new(VideoCodec::Mjpeg, 64, 48, FrameRate::new(10, 1).unwrap());
        let settings = EncodeSettings { container: Container::Mov, video: Some(v.clone()), audio: None, text: None, expected_bytes: None };
        let mut encoder = Encoder::create(path, &settings).unwrap();
        let format = encoder.video_format();
        for n in 0..10 {
            let bytes = vec![n * 20; Picture::packed_layout(format, v.width, v.height).1];
            encoder.push_video(&Picture::from_packed(format, v.width, v.height, bytes, v.color).unwrap()).unwrap();
        }
        encoder.finish().unwrap();
    }

    #[test]
    fn a_proxy_larger_than_the_whole_budget_is_made_all_the_same_takes_the_place_of_the_others_and_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("film.mov");
        film(&input);
        let cache = Cache::new(dir.path().join("cache"), &[SORT], 1000);
        let older = cache.path(SORT, "older.mov");
        fs::create_dir_all(older.parent().unwrap()).unwrap();
        fs::write(&older, [0; 900]).unwrap();
        let runner: Arc<dyn Runner> = Arc::new(Proxy::new(cache.clone()));
        let runners = HashMap::from([(kinds::PROXY, runner)]);
        let (work, lanes) = (dir.path().join("work"), Lanes::of_this_machine());
        let jobs = Jobs::start(Options { journal: None, work, lanes, retry: Retry::default(), runners }).unwrap();
        let make = || {
            let id = jobs.submit(spec(&cache, &input, ProxyFormat::Mjpeg).unwrap()).wait().unwrap().unwrap().ids[0];
            let job = jobs.wait_for(id, |_| ()).unwrap();
            assert_eq!(job.state, State::Completed, "{:?}", job.failure);
            (id, PathBuf::from(job.result.as_ref().unwrap()["proxy"].as_str().unwrap()), job)
        };
        let (first, made, job) = make();
        assert!(made.exists() && !older.exists(), "what is being made stays");
        assert!(job.log.iter().any(|line| line.contains("1000 B")), "{:?}", job.log);
        // nobody uses it any more: it goes with the next look, and is made again when it is asked for again
        cache.trim();
        assert!(!made.exists());
        let (second, again, _) = make();
        assert_ne!(first, second);
        assert!(again == made && made.exists());
        jobs.close(std::time::Duration::from_secs(60));
    }

    #[test]
    fn the_same_content_has_the_same_proxy_wherever_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::new(dir.path(), &[SORT], 1 << 30);
        let file = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let (a, moved, other) = (file("a.mp4", b"film"), file("b.mp4", b"film"), file("c.mp4", b"another"));
        let spec = |path: &Path, format| spec(&cache, path, format).unwrap();
        let first = spec(&a, ProxyFormat::Mjpeg);
        assert_eq!(first.subject, "a.mp4");
        assert_eq!(
            (&first.key, &first.params["output"]),
            (&spec(&moved, ProxyFormat::Mjpeg).key, &spec(&moved, ProxyFormat::Mjpeg).params["output"])
        );
        assert_ne!(first.key, spec(&other, ProxyFormat::Mjpeg).key);
        assert_ne!(first.key, spec(&a, ProxyFormat::H264).key);
        assert!(super::spec(&cache, &dir.path().join("gone.mp4"), ProxyFormat::Mjpeg).unwrap_err().text.contains("gone.mp4"));
    }

    #[test]
    fn a_stop_is_no_failure_and_a_still_is_one_for_good() {
        assert!(matches!(ended(&ProxyError::Cancelled), Ended::Stopped));
        assert!(matches!(ended(&ProxyError::Still("/a.png".into())), Ended::Failed(f) if !f.retryable));
        let full = ProxyError::Media(MediaError::Encode(EncodeError::DiskFull("/x".into())));
        assert!(matches!(ended(&full), Ended::Failed(f) if f.retryable));
    }
}
