//! Fetches the file of a model: over HTTPS, going on where an interrupted fetch stopped, or from a folder. It gets its name only when its
//! sum is right.

use super::{MlError, Source};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

/// A server that is silent for so long is gone; what came is kept.
const SILENCE: Duration = Duration::from_secs(30);

/// What a pull did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    pub path: PathBuf,
    /// It was there already, and right.
    pub was_there: bool,
}

fn unwritable(path: &Path) -> impl Fn(io::Error) -> MlError + '_ {
    move |e| MlError::Unwritable { path: path.to_owned(), reason: e.to_string() }
}

/// SHA-256 of a file, in hexadecimal.
///
/// # Errors
/// It cannot be read.
pub fn sum_of(path: &Path) -> io::Result<String> {
    let (mut file, mut sum, mut block) = (File::open(path)?, Sha256::new(), vec![0; 1 << 18]);
    loop {
        match file.read(&mut block)? {
            0 => return Ok(sum.finalize().iter().map(|b| format!("{b:02x}")).collect()),
            n => sum.update(&block[..n]),
        }
    }
}

/// Fetch a model into `folder`; `told` hears of the share that is there.
///
/// # Errors
/// The server cannot be reached or has no such file, the folder cannot be written, or the sum is wrong: then nothing remains.
pub fn pull(model: &Source, folder: &Path, stop: &AtomicBool, told: &mut dyn FnMut(f32)) -> Result<Pulled, MlError> {
    let (path, part) = match begun(model, folder)? {
        Ok(done) => return Ok(done),
        Err(paths) => paths,
    };
    let url = model.url.as_ref();
    let failed = |reason: String| MlError::Download { url: url.to_owned(), reason };
    let mut have = fs::metadata(&part).map_or(0, |m| m.len());
    if have > model.bytes {
        fs::remove_file(&part).map_err(unwritable(&part))?;
        have = 0;
    }
    if have < model.bytes {
        let mut request = ureq::get(url).config().timeout_per_read(Some(SILENCE)).timeout_connect(Some(SILENCE)).build();
        if have > 0 {
            request = request.header("Range", format!("bytes={have}-"));
        }
        let answer = request.call().map_err(|e| failed(e.to_string()))?;
        // a server that does not go on begins anew
        let resumed = answer.status().as_u16() == 206;
        let mut file = File::options().create(true).write(true).truncate(!resumed).append(resumed).open(&part);
        if !resumed {
            file = File::create(&part);
            have = 0;
        }
        let mut file = file.map_err(unwritable(&part))?;
        // one byte more than it may have shows that it is another file
        let mut body = answer.into_body().into_reader().take(model.bytes - have + 1);
        let mut block = vec![0; 1 << 16];
        loop {
            if stop.load(Ordering::Relaxed) {
                return Err(MlError::Cancelled);
            }
            let n = body.read(&mut block).map_err(|e| failed(e.to_string()))?;
            if n == 0 {
                break;
            }
            file.write_all(&block[..n]).map_err(|e| {
                if e.kind() == io::ErrorKind::StorageFull {
                    // what it took is given back: a full disk hurts more than a fetch from the beginning
                    let _ = fs::remove_file(&part);
                }
                unwritable(&part)(e)
            })?;
            have += n as u64;
            told(have as f32 / model.bytes as f32);
        }
        if have < model.bytes {
            return Err(failed(format!("the connection ended at {have} of {} bytes", model.bytes)));
        }
    }
    finished(model, &part, path)
}

/// Take a model's file from a folder, into `folder`.
///
/// # Errors
/// It is not there, or as [`pull`].
pub fn pull_from(model: &Source, from: &Path, folder: &Path) -> Result<Pulled, MlError> {
    let (path, part) = match begun(model, folder)? {
        Ok(done) => return Ok(done),
        Err(paths) => paths,
    };
    let source = from.join(model.file.as_ref());
    let unreadable = |e: io::Error| MlError::Unreadable { path: source.clone(), reason: e.to_string() };
    fs::copy(&source, &part).map_err(unreadable)?;
    finished(model, &part, path)
}

/// Nothing to do, or where the file goes and where it is until it is whole.
fn begun(model: &Source, folder: &Path) -> Result<Result<Pulled, (PathBuf, PathBuf)>, MlError> {
    fs::create_dir_all(folder).map_err(unwritable(folder))?;
    let path = folder.join(model.file.as_ref());
    if sum_of(&path).is_ok_and(|s| s == model.sha256) {
        return Ok(Ok(Pulled { path, was_there: true }));
    }
    let part = folder.join(format!("{}.part", model.file));
    Ok(Err((path, part)))
}

fn finished(model: &Source, part: &Path, path: PathBuf) -> Result<Pulled, MlError> {
    let sum = sum_of(part).map_err(unwritable(part))?;
    if sum != model.sha256 {
        // nothing to go on with
        let _ = fs::remove_file(part);
        return Err(MlError::WrongSum { file: model.file.to_string(), found: sum, wanted: model.sha256.to_string() });
    }
    File::open(part).and_then(|f| f.sync_all()).map_err(unwritable(part))?;
    fs::rename(part, &path).map_err(unwritable(&path))?;
    Ok(Pulled { path, was_there: false })
}
