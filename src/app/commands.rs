//! The one table of commands: what each is called, what it does in a sentence, its keys, its icon, when it can be used
//! and where it stands in the menus. Menus, tool bars, shortcuts, tooltips and the shortcut help all read it.

use super::icons;
use egui::{Context, Event, Key, KeyboardShortcut, Modifiers};

/// Everything a menu entry, a button or a key can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CommandId {
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
    Play,
    Pause,
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
    InspectorPanel,
    SwitchTheme,
    Fullscreen,
    Shortcuts,
}

/// The menu that lists a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    Clip,
    Timeline,
    View,
}

impl Menu {
    pub const ALL: [Self; 5] = [Self::File, Self::Edit, Self::Clip, Self::Timeline, Self::View];
    pub fn title(self) -> String {
        super::words::tr(match self {
            Self::File => "shell-menu-file",
            Self::Edit => "shell-menu-edit",
            Self::Clip => "shell-menu-clip",
            Self::Timeline => "shell-menu-timeline",
            Self::View => "shell-menu-view",
        })
    }
}

/// When a command can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    Always,
    /// The timeline has a clip.
    HasClips,
    /// A clip is selected.
    ClipSelected,
    /// A clip, a transition or a media is selected.
    AnythingSelected,
    MediaSelected,
    /// Two or more clips are selected, or a linked one.
    CanLink,
    HasMarks,
    CanUndo,
    CanRedo,
}

/// What [`When`] is decided on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    pub has_clips: bool,
    pub selected_clips: usize,
    pub selected_linked: bool,
    pub selected_transition: bool,
    pub selected_media: bool,
    pub has_marks: bool,
    pub can_undo: bool,
    pub can_redo: bool,
}

impl When {
    pub fn holds(self, f: &Facts) -> bool {
        match self {
            Self::Always => true,
            Self::HasClips => f.has_clips,
            Self::ClipSelected => f.selected_clips > 0,
            Self::AnythingSelected => f.selected_clips > 0 || f.selected_transition || f.selected_media,
            Self::MediaSelected => f.selected_media,
            Self::CanLink => f.selected_clips > 1 || f.selected_linked,
            Self::HasMarks => f.has_marks,
            Self::CanUndo => f.can_undo,
            Self::CanRedo => f.can_redo,
        }
    }
}

/// One row of the table.
pub struct Spec {
    pub id: CommandId,
    pub menu: Menu,
    /// Entries of one menu with different groups are parted by a line.
    pub group: u8,
    pub text: &'static str,
    pub tooltip: &'static str,
    pub icon: char,
    /// The first is shown; the others work too.
    pub keys: &'static [KeyboardShortcut],
    pub when: When,
    /// Goes on while the key is held.
    pub repeats: bool,
}

#[expect(clippy::too_many_arguments, reason = "the columns of the table, in its order")]
const fn row(
    id: CommandId,
    menu: Menu,
    group: u8,
    icon: char,
    text: &'static str,
    tooltip: &'static str,
    keys: &'static [KeyboardShortcut],
    when: When,
) -> Spec {
    Spec { id, menu, group, text, tooltip, icon, keys, when, repeats: false }
}

const fn repeating(spec: Spec) -> Spec {
    Spec { repeats: true, ..spec }
}

const fn key(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}
const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}
const fn alt(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::ALT, key)
}
const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}
const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

use CommandId as C;
use Menu as M;
use When as W;

/// All commands in menu order.
#[rustfmt::skip]
pub const COMMANDS: &[Spec] = &[
    row(C::New, M::File, 0, icons::FILE_PLUS, "New project", "Start an empty project", &[ctrl(Key::N)], W::Always),
    row(C::Open, M::File, 0, icons::FOLDER_OPEN, "Open…", "Open a project file", &[ctrl(Key::O)], W::Always),
    row(C::Import, M::File, 1, icons::IMPORT, "Import media…", "Bring video, sound and pictures into the project", &[ctrl(Key::I)], W::Always),
    row(C::Save, M::File, 2, icons::SAVE, "Save", "Save the project", &[ctrl(Key::S)], W::Always),
    row(C::SaveAs, M::File, 2, icons::SAVE, "Save as…", "Save the project under another name", &[ctrl_shift(Key::S)], W::Always),
    row(C::Export, M::File, 3, icons::EXPORT, "Export…", "Write the finished film", &[ctrl(Key::E)], W::HasClips),
    row(C::Quit, M::File, 4, icons::CLOSE, "Quit", "Close the editor", &[ctrl(Key::Q)], W::Always),

    row(C::Undo, M::Edit, 0, icons::UNDO, "Undo", "Take the last change back", &[ctrl(Key::Z)], W::CanUndo),
    row(C::Redo, M::Edit, 0, icons::REDO, "Redo", "Do the change again", &[ctrl_shift(Key::Z), ctrl(Key::Y)], W::CanRedo),
    row(C::Delete, M::Edit, 1, icons::TRASH, "Delete", "Remove what is selected and leave a gap", &[key(Key::Delete), key(Key::Backspace)], W::AnythingSelected),
    row(C::RippleDelete, M::Edit, 1, icons::RIPPLE, "Ripple delete", "Remove the selected clips and close the gap", &[shift(Key::Delete), shift(Key::Backspace)], W::ClipSelected),
    row(C::SelectAll, M::Edit, 2, icons::SELECT_ALL, "Select all", "Select every clip", &[ctrl(Key::A)], W::HasClips),
    row(C::SelectNone, M::Edit, 2, icons::CLOSE, "Select nothing", "Clear the selection", &[ctrl_shift(Key::A)], W::AnythingSelected),

    row(C::Split, M::Clip, 0, icons::SCISSORS, "Split at playhead", "Cut the selected clips, or all clips, at the playhead", &[key(Key::S), ctrl(Key::K)], W::HasClips),
    row(C::TrimStart, M::Clip, 0, icons::ARROW_LINE_LEFT, "Trim start to playhead", "The clip under the playhead starts here", &[key(Key::Q)], W::HasClips),
    row(C::TrimEnd, M::Clip, 0, icons::ARROW_LINE_RIGHT, "Trim end to playhead", "The clip under the playhead ends here", &[key(Key::W)], W::HasClips),
    row(C::Dissolve, M::Clip, 1, icons::DISSOLVE, "Add cross dissolve", "Blend the two clips at the cut nearest to the playhead", &[ctrl(Key::D)], W::HasClips),
    row(C::Title, M::Clip, 1, icons::TEXT, "Add title", "Put a title above the picture at the playhead", &[key(Key::T)], W::Always),
    row(C::Append, M::Clip, 1, icons::PLUS, "Append selected media", "Put the selected media at the end of the timeline", &[key(Key::E)], W::MediaSelected),
    row(C::ToggleEnabled, M::Clip, 2, icons::CLIP_OFF, "Switch clip on or off", "A clip that is off is neither seen nor heard", &[shift(Key::E)], W::ClipSelected),
    row(C::Link, M::Clip, 2, icons::LINK, "Link or unlink", "Linked clips are selected and moved together", &[ctrl(Key::L)], W::CanLink),

    row(C::SelectTool, M::Timeline, 0, icons::CURSOR, "Select tool", "Select, move and trim clips", &[key(Key::V), key(Key::A)], W::Always),
    row(C::RazorTool, M::Timeline, 0, icons::RAZOR, "Razor tool", "Click a clip to cut it there", &[key(Key::B)], W::Always),
    row(C::Snapping, M::Timeline, 0, icons::MAGNET, "Snapping", "Moving things catch on cuts, markers and the playhead (hold Alt to turn it around)", &[key(Key::N)], W::Always),
    row(C::AddMarker, M::Timeline, 1, icons::FLAG, "Add marker", "Mark the frame under the playhead", &[key(Key::M)], W::Always),
    row(C::MarkIn, M::Timeline, 1, icons::RANGE, "Mark in", "The range to export starts at the playhead", &[key(Key::I)], W::HasClips),
    row(C::MarkOut, M::Timeline, 1, icons::RANGE, "Mark out", "The range to export ends after the playhead", &[key(Key::O)], W::HasClips),
    row(C::ClearMarks, M::Timeline, 1, icons::CLOSE, "Clear in and out", "Export the whole timeline again", &[alt(Key::X)], W::HasMarks),
    row(C::AddVideoTrack, M::Timeline, 2, icons::FILM_STRIP, "Add video track", "A new track above the others", &[], W::Always),
    row(C::AddAudioTrack, M::Timeline, 2, icons::WAVEFORM, "Add audio track", "A new track below the others", &[], W::Always),
    row(C::RemoveEmptyTracks, M::Timeline, 2, icons::TRASH, "Remove empty tracks", "Keep one video and one audio track at least", &[], W::Always),
    row(C::ZoomIn, M::Timeline, 3, icons::ZOOM_IN, "Zoom in", "See more detail in time", &[ctrl(Key::Plus), ctrl(Key::Equals), key(Key::Plus), key(Key::Equals)], W::Always),
    row(C::ZoomOut, M::Timeline, 3, icons::ZOOM_OUT, "Zoom out", "See more time", &[ctrl(Key::Minus), key(Key::Minus)], W::Always),
    row(C::ZoomFit, M::Timeline, 3, icons::ZOOM_FIT, "Zoom to fit", "See the whole timeline", &[shift(Key::Z), key(Key::Backslash)], W::Always),

    row(C::PlayPause, M::View, 0, icons::PLAY, "Play or pause", "Play from the playhead, or stop there", &[key(Key::Space)], W::HasClips),
    row(C::Play, M::View, 0, icons::PLAY, "Play", "Play from the playhead", &[key(Key::L)], W::HasClips),
    row(C::Pause, M::View, 0, icons::PAUSE, "Pause", "Stop at the playhead", &[key(Key::K)], W::HasClips),
    repeating(row(C::BackSecond, M::View, 0, icons::REWIND, "Back one second", "Move the playhead one second back", &[key(Key::J)], W::HasClips)),
    repeating(row(C::StepBack, M::View, 1, icons::CARET_LEFT, "Step back", "One frame back", &[key(Key::ArrowLeft)], W::HasClips)),
    repeating(row(C::StepForward, M::View, 1, icons::CARET_RIGHT, "Step forward", "One frame forward", &[key(Key::ArrowRight)], W::HasClips)),
    repeating(row(C::StepBackFar, M::View, 1, icons::CARET_LEFT, "Ten frames back", "Ten frames back", &[shift(Key::ArrowLeft)], W::HasClips)),
    repeating(row(C::StepForwardFar, M::View, 1, icons::CARET_RIGHT, "Ten frames forward", "Ten frames forward", &[shift(Key::ArrowRight)], W::HasClips)),
    row(C::GoToStart, M::View, 1, icons::SKIP_BACK, "Go to start", "Move the playhead to the first frame", &[key(Key::Home)], W::HasClips),
    row(C::GoToEnd, M::View, 1, icons::SKIP_FORWARD, "Go to end", "Move the playhead to the last frame", &[key(Key::End)], W::HasClips),
    repeating(row(C::PreviousCut, M::View, 1, icons::SKIP_BACK, "Previous cut", "Move the playhead to the cut before", &[key(Key::ArrowUp)], W::HasClips)),
    repeating(row(C::NextCut, M::View, 1, icons::SKIP_FORWARD, "Next cut", "Move the playhead to the next cut", &[key(Key::ArrowDown)], W::HasClips)),
    row(C::QualityAuto, M::View, 2, icons::GAUGE, "Viewer quality: automatic", "Full when still, as fine as keeps up when playing", &[], W::Always),
    row(C::QualityFull, M::View, 2, icons::GAUGE, "Viewer quality: full", "Every pixel of the sequence", &[], W::Always),
    row(C::QualityHalf, M::View, 2, icons::GAUGE, "Viewer quality: half", "Half the width and height: quicker, a little softer", &[], W::Always),
    row(C::QualityQuarter, M::View, 2, icons::GAUGE, "Viewer quality: quarter", "A quarter of the width and height: quickest", &[], W::Always),
    row(C::MediaPanel, M::View, 3, icons::SIDEBAR, "Media panel", "Show or hide the media", &[key(Key::F2)], W::Always),
    row(C::InspectorPanel, M::View, 3, icons::SIDEBAR, "Inspector panel", "Show or hide the inspector", &[key(Key::F3)], W::Always),
    row(C::SwitchTheme, M::View, 3, icons::SUN, "Light or dark", "Switch between the light and the dark window", &[key(Key::F6)], W::Always),
    row(C::Fullscreen, M::View, 3, icons::FULLSCREEN, "Full screen", "Fill the screen with the window", &[key(Key::F11)], W::Always),
    row(C::Shortcuts, M::View, 4, icons::KEYBOARD, "Keyboard shortcuts", "All keys at a glance", &[key(Key::F1)], W::Always),
];

/// The row of a command.
pub fn spec(id: CommandId) -> &'static Spec {
    COMMANDS.iter().find(|s| s.id == id).unwrap_or(&COMMANDS[0])
}

impl Spec {
    /// Text of the first key, for menus and tooltips; empty without one.
    pub fn key_text(&self, ctx: &Context) -> String {
        self.keys.first().map_or_else(String::new, |k| ctx.format_shortcut(k))
    }

    /// Tooltip with the key behind it.
    pub fn hover_text(&self, ctx: &Context) -> String {
        let key = self.key_text(ctx);
        if key.is_empty() { self.tooltip.to_owned() } else { format!("{}  ({key})", self.tooltip) }
    }
}

/// Take the pressed shortcuts out of this pass's input, before any widget sees them.
///
/// Modifiers must match exactly, so that Ctrl+Shift+S never triggers Ctrl+S. Held keys count only for repeating commands.
pub fn take_pressed(ctx: &Context) -> Vec<CommandId> {
    let mut pressed = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            let hit = COMMANDS.iter().find(|s| s.keys.iter().any(|k| k.logical_key == *key && modifiers.matches_exact(k.modifiers)));
            if let Some(spec) = hit.filter(|s| s.repeats || !*repeat) {
                pressed.push(spec.id);
            }
            hit.is_none()
        });
    });
    if !pressed.is_empty() {
        // an arrow that moved the playhead must not move the focus as well
        ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
    }
    pressed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key() {
        let mut seen: Vec<(KeyboardShortcut, CommandId)> = Vec::new();
        for s in COMMANDS {
            for k in s.keys {
                let before = seen.iter().find(|(other, _)| other == k);
                assert!(before.is_none(), "{:?} and {:?} both want {k:?}", before.map(|b| b.1), s.id);
                seen.push((*k, s.id));
            }
        }
    }

    #[test]
    fn every_command_is_listed_once_with_words_for_it() {
        for (i, s) in COMMANDS.iter().enumerate() {
            assert!(!s.text.is_empty() && !s.tooltip.is_empty(), "{:?}", s.id);
            assert!(COMMANDS[i + 1..].iter().all(|t| t.id != s.id && t.text != s.text), "{:?} is listed twice", s.id);
        }
    }

    #[test]
    fn a_key_with_more_modifiers_is_another_command() {
        let press = |modifiers: Modifiers, key: Key| {
            // a context of its own: a key that was never released would count as held
            let ctx = Context::default();
            let mut input = egui::RawInput::default();
            input.events.push(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
            let mut got = Vec::new();
            ctx.run_ui(input, |ui| got.extend(take_pressed(ui.ctx()))).textures_delta.clear();
            got
        };
        let ctrl = Modifiers { ctrl: true, command: true, ..Modifiers::NONE };
        assert_eq!(press(ctrl, Key::S), [CommandId::Save]);
        assert_eq!(press(ctrl | Modifiers::SHIFT, Key::S), [CommandId::SaveAs]);
        assert_eq!(press(Modifiers::NONE, Key::S), [CommandId::Split]);
        assert_eq!(press(Modifiers::ALT, Key::S), []);
    }
}
