//! Which of a media's files is read when the wanted one cannot be: a proxy that is gone is replaced by the original without
//! a word, and the original that is gone by what was made from it, where that is allowed.

use crate::{
    base::MediaInfo,
    model::{Media, Rendition},
};
use std::path::PathBuf;

/// One file to try.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    pub rendition: Rendition,
    pub path: PathBuf,
    pub info: MediaInfo,
}

/// The files of a media in the order in which they are tried. `proxies`: a proxy may stand in where nothing better is there.
pub(super) fn candidates(media: &Media, wanted: Rendition, proxies: bool) -> Vec<Candidate> {
    let rest = [Rendition::Original, Rendition::Upscaled, Rendition::Proxy];
    let order = std::iter::once(wanted).chain(rest.into_iter().filter(|r| *r != wanted));
    let may = |r: &Rendition| *r == wanted || *r != Rendition::Proxy || proxies;
    let candidate = |r: Rendition| {
        let (path, info) = match r {
            Rendition::Original => media.source(r)?,
            // one of another content would show something else
            _ => media.usable(r).map(|v| (v.path.as_path(), &v.info))?,
        };
        Some(Candidate { rendition: r, path: path.to_path_buf(), info: info.clone() })
    };
    order.filter(may).filter_map(candidate).collect()
}

/// Opens the first of a media's files that can be opened; what is said when none can is said of the original.
///
/// # Errors
/// None can be opened.
pub(super) fn open_first<T, E>(
    from: &[Candidate],
    mut open: impl FnMut(&Candidate) -> Result<T, E>,
    none: impl FnOnce() -> E,
) -> Result<(usize, T), E> {
    let mut of_original = None;
    let mut of_any = None;
    for (i, c) in from.iter().enumerate() {
        match open(c) {
            Ok(v) => return Ok((i, v)),
            Err(e) if c.rendition == Rendition::Original => of_original = Some(e),
            Err(e) => _ = of_any.get_or_insert(e),
        }
    }
    Err(of_original.or(of_any).unwrap_or_else(none))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{base::FrameRate, model::fixture::*};

    #[test]
    fn files_are_tried_from_the_wanted_one_to_what_stands_in() {
        use Rendition::{Original, Proxy, Upscaled};
        let mut m = film("a", FrameRate::FPS_25, 10);
        let order = |m: &Media, wanted, proxies| candidates(m, wanted, proxies).iter().map(|c| c.rendition).collect::<Vec<_>>();
        assert_eq!(order(&m, Original, true), [Original]);
        m.proxy = Some(Box::new(proxy_of(&m)));
        m.upscaled = Some(Box::new(upscaled_of(&m)));
        assert_eq!(order(&m, Proxy, true), [Proxy, Original, Upscaled]);
        assert_eq!(order(&m, Upscaled, false), [Upscaled, Original]);
        assert_eq!(order(&m, Original, true), [Original, Upscaled, Proxy]);
        m.file.hash = Some(crate::base::ContentHash(2));
        assert_eq!(order(&m, Proxy, true), [Original], "stale ones show something else");
    }

    #[test]
    fn the_error_is_the_originals() {
        let mut m = film("a", FrameRate::FPS_25, 10);
        m.proxy = Some(Box::new(proxy_of(&m)));
        let all = candidates(&m, Rendition::Proxy, true);
        let failing = |c: &Candidate| Err::<(), _>(format!("{:?}", c.rendition));
        assert_eq!(open_first(&all, failing, String::new), Err("Original".into()));
        let original_only = |c: &Candidate| if c.rendition == Rendition::Original { Ok(7) } else { Err("gone".to_owned()) };
        assert_eq!(open_first(&all, original_only, String::new), Ok((1, 7)));
    }
}
