//! Proxies as jobs. A proxy lies in the cache under the name of its original's content, so that the same film has one proxy
//! wherever it is moved, and asking again hands out what is there.

use super::{Cache, Ended, Failure, JobContext, JobSpec, Lane, Runner, WorkKey, kinds, media_ended, told};
use crate::{
    base::{Stamp, Trouble, words::say},
    engine::{ProxyError, ProxyFormat, ProxyRequest, make_proxy, proxy_path},
    media,
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
pub(super) struct Proxy;

impl Runner for Proxy {
    fn run(&self, params: &Value, cx: &JobContext) -> Result<Value, Ended> {
        let p = Params::deserialize(params).map_err(|e| Failure::permanent(Trouble { text: e.to_string(), hint: None }))?;
        if let Some(folder) = p.output.parent() {
            let wrong =
                |e: &std::io::Error| say!("session-no-proxy-folder", reason = e.to_string(), path = folder.display().to_string()).trouble();
            std::fs::create_dir_all(folder).map_err(|e| Failure::io(&e, wrong(&e)))?;
        }
        let request = ProxyRequest { input: p.input, output: p.output, format: p.format, work_dir: cx.work_dir().to_owned() };
        let made = make_proxy(&request, cx.stop_flag(), &mut told(cx));
        let made = made.map_err(|e| ended(&e))?;
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
        result["proxy"].as_str().is_some_and(|p| Path::new(p).is_file())
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
    use crate::media::{MediaError, encode::EncodeError};

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
