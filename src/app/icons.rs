//! Codepoints of the bundled Phosphor font (MIT). The icon face backs up every family, so most can stand within words;
//! [`SHADOWED`] ones only in text of `fonts::icon`.

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident $code:literal;)*) => {
        $($(#[$doc])* pub const $name: char = $code;)*
        /// Every icon the window uses, to check that the font has it.
        pub const ALL: &[char] = &[$($name),*];
    };
}

icons! {
    PLAY '\u{e3d0}';
    PAUSE '\u{e39e}';
    SKIP_BACK '\u{e5a4}';
    SKIP_FORWARD '\u{e5a6}';
    CARET_LEFT '\u{e138}';
    CARET_RIGHT '\u{e13a}';
    CARET_DOWN '\u{e136}';
    REWIND '\u{e6a8}';
    SCISSORS '\u{eae0}';
    RAZOR '\u{e636}';
    CURSOR '\u{e1dc}';
    MAGNET '\u{e680}';
    FLAG '\u{e244}';
    SPEAKER '\u{e44a}';
    SPEAKER_OFF '\u{e45c}';
    HEADPHONES '\u{e2a6}';
    LOCK '\u{e2fa}';
    LOCK_OPEN '\u{e306}';
    EYE '\u{e220}';
    EYE_OFF '\u{e224}';
    PLUS '\u{e3d4}';
    MINUS '\u{e32a}';
    CLOSE '\u{e4f6}';
    EXPORT '\u{eaf0}';
    IMPORT '\u{e20c}';
    FOLDER '\u{e24a}';
    FOLDER_OPEN '\u{e256}';
    FILE_PLUS '\u{e236}';
    SAVE '\u{e248}';
    UNDO '\u{e08a}';
    REDO '\u{e08c}';
    TRASH '\u{e4a6}';
    TEXT '\u{e48a}';
    FILM_STRIP '\u{e792}';
    FILM_SLATE '\u{e8c2}';
    MUSIC_NOTES '\u{e340}';
    IMAGE '\u{e2ca}';
    WAVEFORM '\u{e802}';
    WARNING '\u{e4e0}';
    WARNING_CIRCLE '\u{e4e2}';
    CHECK '\u{e182}';
    CHECK_CIRCLE '\u{e184}';
    INFO '\u{e2ce}';
    SEARCH '\u{e30c}';
    ZOOM_IN '\u{e310}';
    ZOOM_OUT '\u{e30e}';
    ZOOM_FIT '\u{e534}';
    KEYBOARD '\u{e2d8}';
    SUN '\u{e472}';
    LINK '\u{e2e2}';
    UNLINK '\u{e2e4}';
    COPY '\u{e1ca}';
    DISSOLVE '\u{e2d2}';
    CLIP_OFF '\u{e3de}';
    RIPPLE '\u{e530}';
    RANGE '\u{e85e}';
    ARROW_LINE_LEFT '\u{e062}';
    ARROW_LINE_RIGHT '\u{e064}';
    CPU '\u{e610}';
    GPU '\u{e612}';
    GAUGE '\u{e628}';
    LOADING '\u{e66c}';
    SELECT_ALL '\u{e69a}';
    FULLSCREEN '\u{e1d0}';
    SIDEBAR '\u{ec24}';
    STOP '\u{e46c}';
    OFFLINE '\u{eb56}';
    FRAME '\u{e626}';
    ROWS '\u{e5a2}';
    LIST '\u{e2f0}';
    SQUARES '\u{e464}';
    SORT_ASCENDING '\u{e444}';
    SORT_DESCENDING '\u{e446}';
    FOLDER_PLUS '\u{e258}';
    PENCIL '\u{e3b4}';
    CARET_UP '\u{e13c}';
    PALETTE '\u{e6c8}';
    MONITOR_PLAY '\u{e58c}';
    STACK '\u{e466}';
    BROOM '\u{ec54}';
    FUNNEL '\u{e268}';
    MAXIMISE '\u{e0a2}';
    RESTORE '\u{e09a}';
    RESET '\u{e038}';
    COMMAND '\u{e1c4}';
    GEAR '\u{e270}';
    QUEUE '\u{e6ac}';
    HISTORY '\u{e1a0}';
    LAYOUT '\u{e6d6}';
    MONITOR '\u{e32e}';
    TIMELINE '\u{e466}';
    SLIDERS '\u{e434}';
    GRID '\u{e296}';
    REPEAT '\u{e3f6}';
    MARK_IN '\u{eaee}';
    MARK_OUT '\u{eb12}';
    COMPARE '\u{e870}';
    PATH '\u{e39c}';
    SCOPES '\u{e154}';
    INSERT '\u{e06e}';
    OVERWRITE '\u{e05c}';
    REPLACE '\u{e83c}';
    APPEND '\u{e6ac}';
    MATCH_FRAME '\u{e1d6}';
    FULLSCREEN_OFF '\u{e1ce}';
    ARROW_UP '\u{e08e}';
    ARROW_DOWN '\u{e03e}';
    ARROW_LEFT '\u{e058}';
    ARROW_RIGHT '\u{e06c}';
    GRIP '\u{eae2}';
    MORE '\u{e1fe}';
    APERTURE '\u{e00a}';
    THERMOMETER '\u{e5c6}';
    CIRCLE_HALF '\u{e18c}';
    DROP '\u{e210}';
    VIGNETTE '\u{eba2}';
    ALIGN_LEFT '\u{e484}';
    ALIGN_CENTER '\u{e480}';
    ALIGN_RIGHT '\u{e486}';
    ITALIC '\u{e5c0}';
    TRACK_SELECT '\u{e12a}';
    RIPPLE_TRIM '\u{e520}';
    ROLL '\u{e872}';
    SLIP '\u{e0a0}';
    SLIDE '\u{e50a}';
    HAND '\u{e57e}';
    LIFT '\u{ee54}';
    EXTRACT '\u{ee52}';
    CLOSE_GAP '\u{ed3e}';
    ADJUST '\u{e18c}';
    FREEZE '\u{e5aa}';
    GROUP '\u{e6ce}';
    UNGROUP '\u{e69e}';
    NEST '\u{ee50}';
    PASTE '\u{e198}';
    SYNC '\u{e2e6}';
    SPARKLE '\u{e6a2}';
    QUOTES '\u{e660}';
    LIFEBUOY '\u{e63c}';
}

/// Icons at whose codepoints Inter has signs of its own.
pub const SHADOWED: &[char] = &[
    CARET_LEFT,
    CARET_RIGHT,
    CARET_DOWN,
    ARROW_LINE_LEFT,
    ARROW_LINE_RIGHT,
    CARET_UP,
    RESET,
    SCOPES,
    INSERT,
    OVERWRITE,
    ARROW_DOWN,
    ARROW_LEFT,
    ARROW_RIGHT,
    APERTURE,
    TRACK_SELECT,
];
