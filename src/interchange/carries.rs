//! What each format has a place for: one row a format. Read from the formats' documents and from files of the programs.

use super::{Format, target::Flavour};

/// What of a timeline goes over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Carries {
    /// What the format has no place for is written all the same, where only this program looks: it is reported, and kept.
    pub keeps_rest: bool,
    pub nested: bool,
    pub titles: bool,
    pub solids: bool,
    /// Position, scale and rotation.
    pub placement: bool,
    pub crop: bool,
    pub opacity: bool,
    pub blend: bool,
    /// How a picture of another shape is fitted; without, it becomes a scale.
    pub fit: bool,
    pub gain: bool,
    /// Loudest gain, in decibels.
    pub most_gain_db: f32,
    pub pan: bool,
    pub fades: bool,
    /// Speeds are rounded to whole thousandths of the timeline's frame rate.
    pub speed_in_millifps: bool,
    /// Source points lie on frames of the timeline, or on the media's.
    pub source_grid: Grid,
    /// Source points of retimed clips lie on frames of the source.
    pub retimed_on_frames: bool,
    pub dips: bool,
    /// A dissolve begins at the cut.
    pub dissolves_after_cut: bool,
    pub disabled: bool,
    pub links: Links,
    pub track_names: bool,
    pub muted: bool,
    pub markers: bool,
    pub marker_colors: bool,
    pub marker_notes: bool,
    pub marker_lengths: bool,
    /// A marker without length is written as one frame.
    pub markers_last_a_frame: bool,
    pub captions: bool,
    pub drop_frame: bool,
    pub size: bool,
    pub color: bool,
    /// More audio tracks are left out.
    pub audio_tracks: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grid {
    /// Any point, exactly.
    Exact,
    Timeline,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Links {
    All,
    /// Picture and sound of one file that stand together.
    Pairs,
    None,
}

impl Format {
    pub(super) fn carries(self, flavour: &Flavour) -> Carries {
        let nothing = Carries {
            keeps_rest: false,
            nested: false,
            titles: false,
            solids: false,
            placement: false,
            crop: false,
            opacity: false,
            blend: false,
            fit: false,
            gain: false,
            most_gain_db: f32::MAX,
            pan: false,
            fades: false,
            speed_in_millifps: false,
            source_grid: Grid::Exact,
            retimed_on_frames: false,
            dips: false,
            dissolves_after_cut: false,
            disabled: false,
            links: Links::None,
            track_names: false,
            muted: false,
            markers: false,
            marker_colors: false,
            marker_notes: false,
            marker_lengths: false,
            markers_last_a_frame: false,
            captions: false,
            drop_frame: false,
            size: false,
            color: false,
            audio_tracks: usize::MAX,
        };
        match self {
            Self::Otio | Self::Otioz => Carries {
                keeps_rest: true,
                nested: true,
                fades: true,
                disabled: true,
                links: if flavour.resolve_metadata || flavour.premiere_metadata { Links::All } else { Links::None },
                track_names: true,
                muted: true,
                markers: true,
                marker_colors: true,
                marker_notes: true,
                marker_lengths: true,
                size: flavour.premiere_metadata,
                // a media's own tags are where others may find them; the timeline's are not
                color: true,
                ..nothing
            },
            Self::Fcpxml => Carries {
                nested: true,
                titles: true,
                placement: true,
                crop: true,
                opacity: true,
                fit: true,
                gain: true,
                fades: true,
                retimed_on_frames: true,
                markers_last_a_frame: true,
                captions: true,
                dips: true,
                disabled: true,
                links: Links::Pairs,
                markers: true,
                marker_notes: true,
                marker_lengths: true,
                drop_frame: true,
                size: true,
                color: true,
                ..nothing
            },
            Self::Xmeml => Carries {
                nested: true,
                placement: true,
                crop: true,
                opacity: true,
                blend: true,
                gain: true,
                // the level's largest factor, 3.98107, in files of the programs
                most_gain_db: 12.0,
                pan: true,
                fades: true,
                retimed_on_frames: true,
                disabled: true,
                links: Links::All,
                track_names: true,
                muted: true,
                markers: true,
                marker_notes: true,
                marker_lengths: true,
                drop_frame: true,
                size: true,
                ..nothing
            },
            Self::Edl => Carries {
                speed_in_millifps: true,
                source_grid: Grid::Timeline,
                dissolves_after_cut: true,
                markers: true,
                marker_colors: true,
                drop_frame: true,
                audio_tracks: 4,
                ..nothing
            },
            // a list of cuts for people and spreadsheets: what it has columns for
            Self::Csv => Carries { nested: true, titles: true, solids: true, disabled: true, track_names: true, ..nothing },
        }
    }
}
