//! The names of all commands. A new one gets a line here, a row in the file of its menu and its words in
//! `assets/locale/*/commands.ftl`.

macro_rules! ids {
    ($($id:ident,)*) => {
        /// Everything that a menu entry, a button or a key can ask for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum CommandId {
            $($id,)*
        }

        impl CommandId {
            pub const ALL: &[Self] = &[$(Self::$id,)*];
        }
    };
}

ids! {
    New,
    Open,
    Import,
    Save,
    SaveAs,
    Export,
    Quit,
    Undo,
    Redo,
    Delete,
    RippleDelete,
    SelectAll,
    SelectNone,
    Settings,
    Split,
    TrimStart,
    TrimEnd,
    ToggleEnabled,
    Link,
    Dissolve,
    Title,
    Append,
    SelectTool,
    RazorTool,
    Snapping,
    AddMarker,
    MarkIn,
    MarkOut,
    ClearMarks,
    AddVideoTrack,
    AddAudioTrack,
    RemoveEmptyTracks,
    ZoomIn,
    ZoomOut,
    ZoomFit,
    PlayPause,
    ShuttleForward,
    Pause,
    ShuttleBack,
    BackSecond,
    StepBack,
    StepForward,
    StepBackFar,
    StepForwardFar,
    GoToStart,
    GoToEnd,
    PreviousCut,
    NextCut,
    QualityAuto,
    QualityFull,
    QualityHalf,
    QualityQuarter,
    MediaPanel,
    ProgramPanel,
    TimelinePanel,
    InspectorPanel,
    MaximisePanel,
    ResetLayout,
    FullscreenViewer,
    SwitchTheme,
    LargerText,
    SmallerText,
    UsualText,
    Fullscreen,
    Shortcuts,
    EditShortcuts,
    Palette,
    LoopPlayback,
    ScopesPanel,
    SourcePanel,
    Compare,
    SwitchViewer,
    OpenInSource,
    MatchFrame,
    CloseSource,
    InsertSource,
    OverwriteSource,
    ReplaceSource,
    AppendSource,
}
