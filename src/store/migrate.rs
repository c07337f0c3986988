//! From project files of earlier versions to this one's, a version at a time. A step works on the file's structure, so that no
//! room above knows of old files; `tests/golden` holds a folder of files for every version there has been.

use super::{VERSION, stored::StoredProject};

/// The same project as this version writes it. None for a version that never was.
pub(super) fn to_current(mut stored: StoredProject) -> Option<StoredProject> {
    while stored.version != VERSION {
        stored = match stored.version {
            1 => from_1(stored),
            2 => from_2(stored),
            3 => from_3(stored),
            4 => from_4(stored),
            5 => from_5(stored),
            _ => return None,
        };
    }
    Some(stored)
}

/// Version 2 brought key frames, effects, adjustment clips, nested sequences, groups, folders of the bin, sync locks, wipes and
/// slides. A file without them means the same in both, so nothing is to be done; the number keeps programs that know only
/// version 1 from refusing such a file as damaged.
fn from_1(stored: StoredProject) -> StoredProject {
    StoredProject { version: 2, ..stored }
}

/// Version 3 brought what is known of a file's content, proxies and upscaled pictures. Nothing is to be done here either: a
/// file of version 2 has none.
fn from_2(stored: StoredProject) -> StoredProject {
    StoredProject { version: 3, ..stored }
}

/// Version 4 brought the stabilisation of clips, and captions. A file of version 3 has neither.
fn from_3(stored: StoredProject) -> StoredProject {
    StoredProject { version: 4, ..stored }
}

/// Version 5 brought how a sequence was planned and why a clip is where it is, transcripts of media, the look of captions, and soft ends of
/// sound. A file of version 4 has none of them.
fn from_4(stored: StoredProject) -> StoredProject {
    StoredProject { version: 5, ..stored }
}

/// Version 6 brought how the beats under a montage were counted. A file of version 5 let the analysis choose.
fn from_5(stored: StoredProject) -> StoredProject {
    StoredProject { version: 6, ..stored }
}
