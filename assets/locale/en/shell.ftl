# The frame of the window: top bar, status line, messages, dialogs that belong to no panel.

shell-untitled = Untitled
shell-this-project = the project
shell-close = Close
shell-cancel = Cancel
shell-drop-to-import = Drop to import

## Top bar

shell-menu-file = File
shell-menu-edit = Edit
shell-menu-clip = Clip
shell-menu-timeline = Timeline
shell-menu-playback = Playback
shell-menu-view = View
shell-menu-quality = Viewer quality
shell-menu-panels = Panels
shell-export = Export
shell-project-saved = { $name } — saved
shell-project-not-saved = { $name } — not saved
shell-project-new = { $name } — new

## Panels

shell-close-panel = Close panel
shell-restore-panels = Show all panels

## Status line

shell-renderer-tip = What draws the pictures
shell-format-tip = Frame size and rate of the sequence
shell-selected-clips =
    { $n ->
        [one] { $n } clip selected
       *[other] { $n } clips selected
    }
shell-percent = { $n } %
shell-frames-per-second = { $rate } frames/s
shell-time-left = { $time } left
shell-more-jobs = +{ $n } more
shell-cancel-job = Cancel job
    .tip = Stop and remove what was written
shell-job-progress = Job progress

## Messages

shell-close-message = Close message

## Keyboard shortcuts

shell-shortcuts = Keyboard shortcuts
shell-close-shortcuts = Close shortcuts

shell-customise-shortcuts = Customise…
shell-close-key-editor = Close shortcut editor
shell-search-commands = Search commands
shell-no-command-found = No command answers to that
shell-key-preset = Preset
shell-reset-keys = Reset all
    .tip = Forget your own keys and take the preset's
shell-reset-key = Reset { $command }
shell-press-keys = press the new keys
shell-press-keys-hint = Esc leaves the keys as they are
shell-key-editor-hint = Click a command and press its new keys
shell-key-taken = { $key } belongs to “{ $command }”
shell-take-key = Take it
shell-palette-hint = What would you like to do?

## Names of keys

shell-key-ctrl = Ctrl
shell-key-alt = Alt
shell-key-shift = Shift
shell-key-space = Space
shell-key-enter = Enter
shell-key-delete = Delete
shell-key-backspace = Backspace
shell-key-home = Home
shell-key-end = End
shell-key-page-up = Page up
shell-key-page-down = Page down
shell-key-insert = Insert

## Unsaved changes

shell-unsaved-question = Save the changes to { $name }?
shell-unsaved-text = They are lost otherwise.
shell-unsaved-save = Save
shell-unsaved-discard = Do not save

## The desktop's file dialogs

shell-ask-open = Open project
shell-ask-import = Import media
shell-ask-save-as = Save project as
shell-ask-output = Export to
shell-filter-project = Montage project
shell-filter-media = Media
shell-filter-all = All files
