//! Commands on captions. They are kept in order and never overlap.

use super::{EditError, draft::Draft};
use crate::{
    base::CaptionId,
    model::{Caption, caption_problem, caption_styles, is_language_tag},
};

fn put(d: &mut Draft, c: &Caption) -> Result<(), EditError> {
    if let Some(what) = caption_problem(c) {
        return Err(EditError::Invalid(format!("the {what} of {} is out of range", c.id)));
    }
    let captions = &mut d.sequence().captions;
    let at = captions.partition_point(|x| x.start < c.start);
    let before = at.checked_sub(1).and_then(|i| captions.get(i)).filter(|x| x.end() > c.start);
    let after = captions.get(at).filter(|x| c.end() > x.start);
    if before.or(after).is_some() {
        return Err(EditError::CaptionThere { text: first_line(&c.text) });
    }
    captions.insert(at, c.clone());
    Ok(())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

pub(super) fn add(d: &mut Draft, c: &Caption) -> Result<(), EditError> {
    d.claim(c.id.0)?;
    put(d, c)
}

pub(super) fn set(d: &mut Draft, c: &Caption) -> Result<(), EditError> {
    remove(d, c.id)?;
    put(d, c)
}

pub(super) fn remove(d: &mut Draft, id: CaptionId) -> Result<(), EditError> {
    let i = d.project.sequence.captions.iter().position(|c| c.id == id).ok_or(EditError::NoCaption(id))?;
    d.sequence().captions.remove(i);
    Ok(())
}

/// All at once: in order, each by itself.
pub(super) fn set_all(d: &mut Draft, captions: &[Caption]) -> Result<(), EditError> {
    d.sequence().captions.clear();
    captions.iter().try_for_each(|c| add(d, c))
}

/// The look of all of them.
pub(super) fn style(d: &mut Draft, name: &str) -> Result<(), EditError> {
    if !caption_styles().iter().any(|s| s.name == name) {
        return Err(EditError::Invalid(format!("there is no look of captions called {name:?}")));
    }
    name.clone_into(&mut d.sequence().caption_style);
    Ok(())
}

pub(super) fn language(d: &mut Draft, tag: &str) -> Result<(), EditError> {
    if !tag.is_empty() && !is_language_tag(tag) {
        return Err(EditError::Invalid(format!("{tag:?} is no language")));
    }
    tag.clone_into(&mut d.sequence().caption_language);
    Ok(())
}

pub(super) fn burn(d: &mut Draft, on: bool) {
    d.sequence().burn_captions = on;
}
