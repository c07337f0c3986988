# Words of the window: the media bin.

bin-rows = Media bin
bin-import = Import
bin-search = Search media
bin-search-tip = Words in name, folder and facts. Also: codec:h264  fps:25  size:4k  folder:"Day 1"  type:audio  unused  offline  -word
bin-search-clear = Clear search
bin-thumb-size = Size of the pictures
bin-cancel = Cancel
bin-close = Close

## Views and order

bin-view-rows = Rows with pictures
bin-view-list = List with columns
bin-view-grid = Grid of pictures
bin-sort = Sort media by
bin-sort-ascending = Ascending
bin-sort-descending = Descending
bin-filter = Filter media
bin-filter-video = Video
bin-filter-audio = Sound
bin-filter-image = Pictures
bin-filter-unused = Unused
bin-filter-used = Used
bin-filter-offline = Offline
bin-filter-hdr = HDR
bin-filter-vfr = Variable frame rate
bin-filter-alpha = With alpha
bin-column-name = Name
bin-column-duration = Duration
bin-column-codec = Codec
bin-column-rate = Rate
bin-column-frame-size = Frame size
bin-column-file-size = File size
bin-column-folder = Folder
bin-column-uses = Used
bin-column-import = Import order
bin-column-ascending = { $column }, ascending
bin-column-descending = { $column }, descending
bin-column-width = Width of column { $column }

## Facts

bin-mono = mono
bin-stereo = stereo
bin-channels = { $n } channels
bin-badge-loading = loading
bin-badge-offline = offline
bin-badge-proxy = proxy
bin-badge-proxy-making = proxy { $n } %
bin-badge-proxy-stale = proxy out of date
bin-badge-proxy-missing = proxy missing
bin-badge-upscaled = upscaled
bin-badge-ends-early = ends early
bin-badge-hdr = HDR
bin-badge-vfr = VFR
bin-badge-alpha = alpha
bin-badge-still = still
bin-badge-colours = colours set
bin-badge-used = used { $n }×

## Folders

bin-top = Top of the bin
bin-folder = { $name }, folder, { $n ->
    [one] 1 media
   *[other] { $n } media
}
bin-folder-open = Open { $name }
bin-folder-close = Close { $name }
bin-new-folder-name = Name of the new folder
bin-new-folder-hint = New folder
bin-new-folder-hint-in = New folder in { $folder }

## Right-click

bin-open-source = Open in source viewer
bin-insert = Insert at playhead
bin-overwrite = Overwrite at playhead
bin-rename = Rename
bin-rename-field = New name
bin-move-to = Move to folder
bin-new-folder = New folder…
bin-colours = Colours…
bin-relink = Relink…
bin-reveal = Show in file manager
bin-select-clips = Select its clips
bin-properties = Properties…
bin-remove = Remove from project
bin-append-folder = Append folder to timeline
bin-select-folder = Select all in folder
bin-import-here = Import into this folder…
bin-remove-folder = Remove folder, keep its media
bin-remove-folder-media = Remove the media in it

## Questions

bin-remove-question = { $n ->
    [one] Remove “{ $name }”?
   *[other] Remove { $n } media?
}
bin-remove-text = { $clips ->
    [one] One clip on the timeline uses
   *[other] { $clips } clips on the timeline use
} { $n ->
    [one] it.
   *[other] them.
} The clips go too; the files on disk stay.
bin-remove-with-clips = Remove with clips
bin-colours-title = How colours are read
bin-colours-text = For files that say nothing or something wrong about their colours.
bin-colours-primaries = Primaries
bin-colours-transfer = Transfer
bin-colours-matrix = Matrix
bin-colours-range = Range
bin-colours-linear = Linear
bin-colours-limited = Limited (TV)
bin-colours-full = Full (PC)
bin-colours-use = Use these
bin-colours-as-file = As in the file
bin-property-offline = Offline
bin-property-file = File
bin-property-file-size = File size
bin-property-folder = Folder
bin-property-container = Container
bin-property-duration = Duration
bin-property-codec = Codec
bin-property-frame-size = Frame size
bin-property-rate = Frames per second
bin-property-variable = average, variable
bin-property-other-rate = (not the sequence’s)
bin-property-frames = Frames
bin-property-pixels = Pixels
bin-property-colours = Colours
bin-property-colours-set = (set here)
bin-property-colours-assumed = (assumed)
bin-property-sound = Sound
bin-property-proxy = Proxy
bin-property-proxy-making = being made, { $n } %
bin-property-proxy-stale = out of date: the film has changed since
bin-property-proxy-missing = its file is gone: the original is shown
bin-property-proxy-worth = worth making: { $why }
bin-property-timecode = Start timecode

## States

bin-empty-title = Drop footage here
bin-empty-drop = Files or whole folders, from the file manager
bin-empty-files = Choose files…
bin-empty-folder = Choose a folder…
bin-nothing-found = Nothing found for “{ $search }”
bin-nothing-found-text = Every word must be in a name, a folder or the facts.
bin-count = { $n ->
    [one] 1 media
   *[other] { $shown } media
}
bin-count-found = { $n } of { $all } media
bin-count-selected = { $n } selected
bin-importing = Importing { $n } of { $all }
bin-importing-looking = Looking for media
bin-import-stop = Stop importing

## Messages: one line without a capital at its start, for it may stand behind a prefix

bin-told-import-stopped = the import was stopped
bin-told-import-stopped-at = the import was stopped after { $n } of { $all } files
bin-told-import-failed = { $n } of { $all } files could not be imported; the first: { $first }
bin-told-import-failed-hint = import one of them alone to see what is wrong with it
bin-told-imported = imported { $n ->
    [one] 1 file
   *[other] { $n } files
}
bin-told-known = { $n ->
    [one] { $name } is in the project already
   *[other] { $n } files are in the project already
}
bin-told-skipped = { $n ->
    [one] 1 file of another kind was left out
   *[other] { $n } files of other kinds were left out
}
bin-told-no-media = there are no media in it
bin-told-all-used = every media is used
bin-told-nothing-missing = every file of the project is there
bin-told-relinked = { $name } is linked to another file
bin-told-relinked-hint = look at its clips; Undo takes the old file back
bin-told-shorter = it is { $secs } s shorter
bin-told-no-picture = it has no picture
bin-told-no-sound = it has no sound
bin-told-other-rate = it has { $new } frames per second, not { $old }
bin-told-other-frame-size = its picture is { $size }
bin-told-found = { $n ->
    [one] 1 missing file was found and linked again
   *[other] { $n } missing files were found and linked again
}
bin-told-found-some = { $n ->
    [one] 1 missing file was found and linked again
   *[other] { $n } missing files were found and linked again
}, { $missing } still missing
bin-told-not-shown = the folder could not be shown ({ $why }): { $folder }
bin-told-offline = { $name } is offline: { $why }
bin-told-many-offline = { $n } files are offline
bin-told-offline-hint = relink them from the media bin; until then their clips show a slate
bin-told-ends-early = { $name } ends early, at { $secs } s: its last picture is held from there
bin-told-ends-early-hint = the file is truncated or damaged; copy it again from its source
