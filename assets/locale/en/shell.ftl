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
shell-menu-nudge = Nudge
shell-menu-source = From the source viewer
shell-menu-tools = Tools
shell-menu-tracks = Tracks
shell-menu-zoom = Zoom
shell-menu-follow = Follow the playhead
shell-menu-go-to = Go to
shell-export = Export
shell-project-saved = { $name } — saved
shell-project-not-saved = { $name } — not saved
shell-project-new = { $name } — new
shell-project-read-only = { $name } — read only

## Unsaved work and versions

shell-recovery = Unsaved work
    .text = The program ended without saving these changes. Recover them, or keep them for later.
shell-recovery-never-saved = never saved
shell-recovery-facts =
    { $n ->
        [one] { $n } change
       *[other] { $n } changes
    } until { $when }
shell-recovery-recover = Recover
    .name = Recover { $name }
shell-recovery-discard = Discard changes to { $name }
    .tip = Throw these changes away for good
shell-recovery-later = Later
shell-versions = Earlier versions
    .text = Every save keeps the state before it, in a hidden folder beside the project. The last ten stay.
shell-versions-none = There is no earlier version yet.
shell-versions-kilobytes = { $n } kB
shell-versions-open = Open
    .name = Open the version of { $when }
shell-read-only = Read only
    .tip = Another window has this project: changes are refused here. Save As makes a copy of its own.

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
shell-exporting = Exporting { $name }
shell-job-progress = Job progress

## Jobs

shell-no-jobs = Nothing is running
    .tip = Exports show here how far they are.
shell-progress-of = Progress of { $name }
shell-cancel-job-of = Cancel { $name }
shell-reveal = Show { $name } in its folder

## History

shell-history-start = Opened

## Markers

shell-markers =
    { $n ->
        [one] { $n } marker
       *[other] { $n } markers
    }
shell-no-markers = No markers yet
    .tip = Press M to mark the frame under the playhead.
shell-marker-name = Name of the marker at { $time }
shell-marker-note = Note of the marker at { $time }
shell-marker-no-name = Name
shell-marker-no-note = Note
shell-marker-color = Colour of the marker at { $time }
shell-marker-color-n = Colour { $n }
shell-edit-marker = Edit the marker at { $time }
shell-delete-marker = Delete the marker at { $time }

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

## The offer of proxies

shell-offer-heavy = { $n ->
    [one] A film is heavy to cut. Make a proxy?
   *[other] { $n } films are heavy to cut. Make proxies?
}
shell-offer-stale = { $n ->
    [one] A film has changed. Make its proxy anew?
   *[other] { $n } films have changed. Make their proxies anew?
}
shell-offer-make = Make proxies
shell-offer-not-now = Not now

## Missing files found again

shell-relink = Relink missing media
shell-relink-searching = Looking in { $folder }
shell-relink-none = None of the missing files was found in { $folder }
shell-relink-found = { $n } of { $all } missing files found in { $folder }
shell-relink-link = { $n ->
    [one] Link one file
   *[other] Link { $n } files
}
shell-relink-elsewhere = Look elsewhere…
shell-relink-missing = Still missing  { $n }
shell-relink-other-content = There is a file of this name, but with other content
shell-relink-more = and { $n } more
shell-relink-by-content = same content
shell-relink-by-size = same name and size, content not known
shell-relink-by-name = same name, nothing else is known

## Unsaved changes

shell-unsaved-question = Save the changes to { $name }?
shell-unsaved-text = They are lost otherwise.
shell-unsaved-save = Save
shell-unsaved-discard = Do not save

## Settings

shell-close-settings = Close settings
shell-settings-general = General
shell-settings-storage = Proxies and storage
shell-settings-speech = Speech
shell-speech-engine = Speech is recognised
shell-speech-here = On this machine
shell-speech-server = By a server
shell-speech-model = Model
    .tip = Models come from Hugging Face once, over HTTPS, and are checked by their sums. What is said never leaves this machine.
shell-speech-best = The best that is here
shell-speech-address = Address
    .tip = A server with OpenAI's interface, such as whisper.cpp's. What is said goes there. A key is read from MONTAGE_AI_SPEECH_KEY.
shell-speech-models = Models
shell-speech-installed = here
shell-speech-fetch = Fetch
shell-speech-fetch-of = Fetch { $name }
shell-speech-advised = fits this machine
shell-storage = Storage
shell-storage-budget = Room for what can be made again
    .tip = Proxies, enlarged and steadied films, and what was measured. Beyond this the longest unused goes first; what an open project uses stays.
shell-storage-folder = Folder
shell-storage-show = Show
shell-storage-measuring = Looking at the folder
shell-storage-used = { $used } of { $budget } used, { $free } free on the disk
shell-storage-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
shell-storage-kind-proxies = Proxies
shell-storage-kind-upscaled = Enlarged films
shell-storage-kind-stabilized = Steadied films
shell-storage-kind-analysis = Analyses
shell-storage-kind-peaks = Waveforms
shell-storage-kind-thumbnails = Thumbnails
shell-storage-kind-work = Unfinished jobs
shell-storage-clear = Clear
    .tip = Clearing removes what is not in use now. It is made again when it is asked for; projects and originals are never touched.
shell-settings-looks = Looks
shell-settings-language = Language
shell-as-desktop = As the desktop ({ $name })
shell-settings-theme = Theme
shell-theme-dark = Dark
shell-theme-light = Light
shell-theme-system = As the desktop
shell-settings-scale = Size of text and controls
shell-settings-keyboard = Keyboard
shell-settings-playback = Playback
shell-settings-quality = Viewer quality
shell-quality-auto = Automatic
shell-quality-full = Full
shell-quality-half = Half
shell-quality-quarter = Quarter
shell-settings-proxies = Proxies
shell-settings-use-proxies = Show proxies where there are any
shell-settings-proxy-policy = For heavy films that come in
    .tip = Heavy is 4K or more, HEVC or AV1 above 1080p, more than 2 s between key pictures above 1080p, and more than 100 Mbit/s. An export always takes the originals.
shell-proxy-policy-never = Make none
shell-proxy-policy-ask = Offer proxies
shell-proxy-policy-automatic = Make proxies
shell-settings-proxy-codec = Format of new proxies
shell-proxy-codec-mjpeg = MJPEG (quickest)
shell-proxy-codec-h264 = H.264 (smallest)
shell-settings-scrub-sound = Sound while scrubbing
shell-settings-cache = Memory for finished pictures
    .tip = What was shown once is shown again at once, as far as this holds it.
shell-megabytes = { $n } MB
shell-gigabytes = { $n } GB
shell-settings-editing = Editing
shell-settings-snapping = Snapping is on in a new window
shell-settings-saving = Saving
    .tip = Every edit is written down within a second, also before you save: after a crash the project opens as you left it. The last ten saved versions of a project are kept.

## The desktop's file dialogs

shell-ask-open = Open project
shell-ask-import = Import media
shell-ask-import-folder = Import folders
shell-ask-relink = Relink to another file
shell-ask-relink-folder = Look for missing files in
shell-ask-save-as = Save project as
shell-ask-output = Export to
shell-ask-captions = Import captions
shell-ask-captions-output = Export captions to
shell-filter-captions = Captions
shell-ask-timeline = Import timeline
shell-ask-timeline-output = Export timeline to
shell-filter-timeline = Timelines
shell-filter-project = Montage project
shell-filter-media = Media
shell-filter-all = All files
shell-no-dialog = This desktop has no file dialog to show
shell-no-dialog-hint = Install zenity or xdg-desktop-portal, drop files onto the window, or name them on the command line
shell-job-queued = Waiting for its turn
shell-job-paused = Paused
shell-job-interrupted = Not finished when the program ended
shell-resume-job-of = Resume { $name }
shell-ask-transcript = Open a transcript
shell-ask-transcript-output = Write the transcript
shell-filter-transcript = Transcripts
