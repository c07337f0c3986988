//! The loss report: what did not go over as it was, clip by clip. Nothing is lost without a line in it.

use crate::base::words::{tr, tr_args};

/// How much was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// It is there, but not quite as it was, or only some programs will see it.
    Approximated,
    /// It is not there.
    Dropped,
}

/// Where in a timeline.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The whole timeline.
    Timeline,
    Track(String),
    /// A clip or transition by its name, and the timecode or the line it stands at.
    Clip {
        name: String,
        at: String,
    },
    Marker {
        name: String,
        at: String,
    },
    Media(String),
}

/// One line of the report.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Loss {
    pub grade: Grade,
    pub place: Place,
    key: &'static str,
    detail: String,
}

impl Loss {
    /// The line, in the language of now: where, and what happened there.
    pub fn text(&self) -> String {
        let what = tr_args(self.key, &[("detail", self.detail.as_str().into())]);
        let place = match &self.place {
            Place::Timeline => tr("interchange-place-timeline"),
            Place::Track(name) => tr_args("interchange-place-track", &[("name", name.as_str().into())]),
            Place::Clip { name, at } => tr_args("interchange-place-clip", &[("name", name.as_str().into()), ("at", at.as_str().into())]),
            Place::Marker { name, at } => {
                tr_args("interchange-place-marker", &[("name", name.as_str().into()), ("at", at.as_str().into())])
            }
            Place::Media(name) => tr_args("interchange-place-media", &[("name", name.as_str().into())]),
        };
        tr_args("interchange-loss", &[("place", place.into()), ("what", what.into())])
    }
    /// The message that says what happened; names the kind of loss.
    pub fn key(&self) -> &'static str {
        self.key
    }
}

/// All of them, in the order of the timeline, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    list: Vec<Loss>,
    seen: std::collections::HashSet<Loss>,
}

impl Losses {
    pub(super) fn add(&mut self, grade: Grade, place: Place, key: &'static str, detail: impl Into<String>) {
        let loss = Loss { grade, place, key, detail: detail.into() };
        if self.seen.insert(loss.clone()) {
            self.list.push(loss);
        }
    }
    /// One more line, of what a caller finds on the disk.
    pub fn warn(&mut self, place: Place, key: &'static str, detail: impl Into<String>) {
        self.add(Grade::Approximated, place, key, detail);
    }
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    pub fn iter(&self) -> impl Iterator<Item = &Loss> {
        self.list.iter()
    }
    /// Lines of what is there but not quite as it was.
    pub fn warnings(&self) -> Vec<String> {
        self.of(Grade::Approximated)
    }
    /// Lines of what is not there.
    pub fn unsupported(&self) -> Vec<String> {
        self.of(Grade::Dropped)
    }
    fn of(&self, grade: Grade) -> Vec<String> {
        self.list.iter().filter(|l| l.grade == grade).map(Loss::text).collect()
    }
    pub(super) fn extend(&mut self, other: Self) {
        for l in other.list {
            if self.seen.insert(l.clone()) {
                self.list.push(l);
            }
        }
    }
}
