//! Commands on clips, one file per family.

pub(super) mod place;
pub(super) mod remove;
pub(super) mod set;
pub(super) mod split;
pub(super) mod trim;
