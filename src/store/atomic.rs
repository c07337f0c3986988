//! Writing a file so that there is never half of one.

use super::StoreError;
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

/// Writes a whole file: a temporary one in the same folder, flushed to the disk, then renamed over the old one, and the
/// rename flushed too. A link stays a link: the file it names is replaced. The old file's permissions are kept.
///
/// # Errors
/// The folder is missing or cannot be written, the file is write-protected, the disk is full. The old file is untouched
/// and no temporary one remains.
pub fn write_atomic(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_atomic_after(path, bytes, || {})
}

/// The same; `before` is called when the new file is whole on the disk and only the change of names is left to do.
pub(super) fn write_atomic_after(path: &Path, bytes: &[u8], before: impl FnOnce()) -> Result<(), StoreError> {
    replace(path, bytes, before).map_err(|source| StoreError::Write { path: path.to_owned(), source })
}

fn replace(path: &Path, bytes: &[u8], before: impl FnOnce()) -> io::Result<()> {
    let target: PathBuf = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let dir = match target.parent() {
        Some(d) if !d.as_os_str().is_empty() => d,
        _ => Path::new("."),
    };
    let old = fs::metadata(&target).ok();
    if old.as_ref().is_some_and(|m| m.is_dir()) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if old.as_ref().is_some_and(|m| m.permissions().readonly()) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".montage-ai-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What any program would create, less the user's mask; the default here is for the owner alone.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(dir)?;
    file.write_all(bytes)?;
    if let Some(old) = old {
        file.as_file().set_permissions(old.permissions())?;
    }
    file.as_file().sync_all()?;
    before();
    file.persist(&target).map_err(|e| e.error)?;
    #[cfg(unix)]
    fs::File::open(dir)?.sync_all()?;
    Ok(())
}
