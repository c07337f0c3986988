//! Where the programs disagree with each other or with the written formats: one row a question, one column a program.
//!
//! Sources in brackets: *own files* = seen in files that the program itself wrote; *reported* = from the named project's
//! reports, not seen here. Nothing else in this room asks which program a file is for.

/// The program that a file is written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Target {
    /// What the format's own documents say.
    #[default]
    Generic,
    Resolve,
    Premiere,
    /// Final Cut Pro.
    Fcp,
}

impl Target {
    pub const ALL: [Self; 4] = [Self::Resolve, Self::Premiere, Self::Fcp, Self::Generic];

    /// As the command line writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Resolve => "resolve",
            Self::Premiere => "premiere",
            Self::Fcp => "fcp",
        }
    }
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
    pub(super) fn flavour(self) -> Flavour {
        let at = |row: [u8; 4]| row[self as usize];
        // columns: generic, resolve, premiere, fcp
        Flavour {
            // OTIO specification, Avid adapter, Resolve's own exports: a retimed clip's source_range lasts as long as the clip
            // does on the timeline. Premiere: as long as the source it uses (reported: auto-editor, otio.nim).
            otio_source_durations: at([0, 0, 1, 0]) == 1,
            // Resolve's own exports have plain OS paths, and 20.2 was reported to refuse file:// (OTIO issue 1985). Premiere
            // wants percent-encoded file URIs (reported: auto-editor).
            plain_paths: at([0, 1, 0, 0]) == 1,
            // Resolve's own exports give source_range in the timeline's rate also where the media has another.
            otio_timeline_rate: at([0, 1, 0, 0]) == 1,
            // Note, link groups and track state where Resolve keeps them (own files); it discards what it does not know.
            resolve_metadata: at([0, 1, 0, 0]) == 1,
            // Size, rates and links where Premiere keeps them (reported: auto-editor and two others agree).
            premiere_metadata: at([0, 0, 1, 0]) == 1,
            // Clip.2 and Marker.2 everywhere: Resolve's own exports have them, and no released reader lacks them. Later schema
            // versions are a hard error in OTIO 0.18. (No row: the columns do not differ.)
            //
            // Premiere on Windows writes D%3a in path URLs, Resolve D: (own files).
            xmeml_encoded_drive: at([0, 0, 1, 0]) == 1,
            // Resolve on macOS was reported to need file://localhost//Users (palmier-pro); its own files, and all others, have
            // one slash. The own files win. (No row.)
            //
            // in/out of xmeml clips: on the grid of the sequence, with pproTicks beside them, and in time of the retimed clip
            // where there is a speed (Premiere's and Resolve's own files). The only form that all evidence agrees with. (No row.)
            //
            // Final Cut Pro writes -13dB, Resolve reads only the bare number (reported: buttercut, palmier-pro).
            fcpxml_db: at([1, 0, 1, 1]) == 1,
            // Resolve ignores the fraction of a frame that NTSC times have and lands a frame early; half a frame more is in
            // the middle of the right one (reported: prismasynth). Final Cut Pro wants frame boundaries (Apple's documents).
            ntsc_nudge: at([0, 1, 0, 0]) == 1,
            // 1.10 is read by Resolve from 18 on and by Final Cut Pro from 10.6 on (release notes as reported).
            fcpxml_version: at([10, 10, 10, 10]),
            // A timeline that nobody gave a first label begins at one hour: what all three make by themselves, and Resolve's
            // and Final Cut Pro's own files have.
            hour_start: at([1, 1, 1, 1]) == 1,
            //
            // OTIO knows no drop-frame; Resolve 21.1 was reported to read it as non-drop (ReCut): reported for all. (No row.)
        }
    }
}

/// One column of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flavour {
    pub otio_source_durations: bool,
    pub plain_paths: bool,
    pub otio_timeline_rate: bool,
    pub resolve_metadata: bool,
    pub premiere_metadata: bool,
    pub xmeml_encoded_drive: bool,
    pub fcpxml_db: bool,
    pub ntsc_nudge: bool,
    pub fcpxml_version: u8,
    pub hour_start: bool,
}
