//! When commands can be used: conditions on a few facts about document and selection.

/// When a command can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    /// The project has a file.
    HasFile,
    /// A crash has left unsaved work.
    HasRecoverable,
    /// The timeline has a clip.
    HasClips,
    /// The active viewer has something to play.
    CanPlay,
    /// A source is open.
    HasSource,
    /// A clip or a media is selected.
    HasPicked,
    /// A clip is selected.
    ClipSelected,
    /// A clip that a montage chose is selected.
    ShotSelected,
    /// The open sequence was made by a montage.
    HasMontage,
    /// The project has a film or a picture.
    HasPictures,
    /// A clip, a transition, a media or a word is selected.
    AnythingSelected,
    MediaSelected,
    /// The project has media.
    HasMedia,
    /// A clip or a gap is selected.
    CanRipple,
    /// The open sequence was opened from another one.
    Nested,
    /// Two or more clips are selected, or a linked one.
    CanLink,
    HasMarks,
    CanUndo,
    CanRedo,
}

/// What [`When`] is decided on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    pub has_file: bool,
    pub has_recoverable: bool,
    pub has_clips: bool,
    pub has_source: bool,
    /// The source viewer is the active one.
    pub in_source: bool,
    pub selected_clips: usize,
    pub selected_linked: bool,
    pub selected_chosen: bool,
    pub has_montage: bool,
    pub has_pictures: bool,
    pub selected_transition: bool,
    pub selected_media: bool,
    pub has_media: bool,
    pub selected_gap: bool,
    pub selected_words: bool,
    pub nested: bool,
    pub has_marks: bool,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl When {
    pub fn holds(self, f: &Facts) -> bool {
        match self {
            Self::Always => true,
            Self::HasFile => f.has_file,
            Self::HasRecoverable => f.has_recoverable,
            Self::HasClips => f.has_clips,
            Self::CanPlay => f.has_clips || f.in_source,
            Self::HasSource => f.has_source,
            Self::HasPicked => f.selected_clips > 0 || f.selected_media,
            Self::ClipSelected => f.selected_clips > 0,
            Self::ShotSelected => f.selected_chosen,
            Self::HasMontage => f.has_montage,
            Self::HasPictures => f.has_pictures,
            Self::AnythingSelected => {
                f.selected_clips > 0 || f.selected_transition || f.selected_media || f.selected_gap || f.selected_words
            }
            Self::CanRipple => f.selected_clips > 0 || f.selected_gap || f.selected_words,
            Self::Nested => f.nested,
            Self::MediaSelected => f.selected_media,
            Self::HasMedia => f.has_media,
            Self::CanLink => f.selected_clips > 1 || f.selected_linked,
            Self::HasMarks => f.has_marks,
            Self::CanUndo => f.can_undo,
            Self::CanRedo => f.can_redo,
        }
    }
}
