# What the program says about files, unsaved work, versions and other windows. Messages stand without a capital and without a
# full stop. `.hint`: what to do.

session-saved = saved { $path }
session-no-file = the project has no file yet
    .hint = use Save As
session-changed-meanwhile = not opened, because this project has changed in the meantime: { $path }
    .hint = open it again

## After a crash

session-recovered =
    { $n ->
        [one] recovered { $n } change to “{ $name }” from before the crash
       *[other] recovered { $n } changes to “{ $name }” from before the crash
    }
    .hint = save to keep them, undo to take them back
    .stopped = the last ones could not be done again: { $why }
    .moved = its file is open in another window: save it under another name
    .newer = its file was changed since; saving replaces it, and it stays among the earlier versions
    .differs = it may differ from what you saw: look it over before you save
session-unrecovered = unsaved work of before a crash could not be recovered ({ $why }); its recovery file is kept as { $place }
session-unrecovered-damaged = it is damaged
session-part-kept = a part of the recovery file could not be used; it is kept as { $place }
session-no-such-step = there is no such step
session-journal-failed = changes are not kept safe from a crash at the moment: { $reason }

## Other windows

session-holder = process { $pid } on { $host }
session-holder-unknown = another window
session-taken = { $file } is open in another window ({ $who }): read only
    .hint = use Save As to work on a copy
session-read-only = the project is read only: it is open in another window
    .hint = use Save As to work on a copy
session-save-taken = cannot save, because the project is open in another window ({ $who }): { $path }
    .hint = choose another name, or close the other window

## Earlier versions

session-version = this is the version of { $when }
    .hint = save to make it the current one; the one it replaces stays among the versions

## Playing and exporting

session-silent = the sound of { $name } cannot be read: { $why }
    .hint = the picture plays on without it; check the file, then play again
session-exported =
    { $frames ->
        [one] exported { $path } ({ $frames } frame)
       *[other] exported { $path } ({ $frames } frames)
    }
session-no-preset = there is no export preset { $preset }
    .hint = choose one from the list
session-export-broke = the export failed unexpectedly
    .hint = this is a defect: please report it with the log
session-export-not-started = the export could not be started: { $reason }

## Jobs

session-job-export = Exporting { $file }
    .done = exported
session-job-proxy = Making a proxy of { $file }
    .done = the proxy of { $file } is ready
session-job-upscale = Upscaling { $file }
    .done = { $file } is upscaled
session-job-stabilize = Stabilising { $file }
    .done = { $file } is stabilised
session-job-analyze = Analysing { $file }
    .done = { $file } is analysed
session-job-transcribe = Transcribing { $file }
    .done = { $file } is transcribed
session-job-watch = Looking at { $file }
    .done = { $file } was looked at
session-job-fetch = Fetching the model { $file }
    .done = The model { $file } is here
session-no-models = models cannot be kept: there is no folder for them
session-job-montage = Cutting a montage: { $file }
    .done = the montage is cut: { $file }
session-job-other = { $kind }: { $file }
    .done = done ({ $kind }): { $file }
session-batch-proxy = Proxies
    .done = { $n ->
        [one] one proxy is ready
       *[other] { $n } proxies are ready
    }
    .failed = { $n ->
        [one] one of { $all } proxies could not be made
       *[other] { $n } of { $all } proxies could not be made
    }
session-batch-other = Jobs
    .done = { $n ->
        [one] one job is done ({ $kind })
       *[other] { $n } jobs are done ({ $kind })
    }
    .failed = { $n ->
        [one] one of { $all } jobs failed ({ $kind })
       *[other] { $n } of { $all } jobs failed ({ $kind })
    }
session-no-jobs = there is no folder for background work: { $reason }
    .hint = see that the disk for temporary files is not full
session-no-copy = the copy of the project to export cannot be written ({ $reason }): { $path }
    .hint = see that the disk is not full
session-jobs-interrupted =
    { $n ->
        [one] a job was not finished when the program ended last
       *[other] { $n } jobs were not finished when the program ended last
    }
    .hint = the jobs panel takes them up where they were, or drops them

## Timelines of other programs

session-captions-read = captions read ({ $n }): { $path }
session-captions-written = captions written ({ $n }): { $path }
session-timeline-written = timeline written ({ $lost } left out, { $warnings } changed): { $path }
session-timeline-read = timeline read ({ $lost } left out, { $warnings } changed): { $path }

session-no-original = the original cannot be read ({ $reason }): { $path }
    .hint = see that the file is there and may be read
session-original-changed = the file has changed since its proxy was asked for: { $path }
    .hint = ask again: the proxy is then made of the file as it is now
session-proxy-over-budget = the proxy takes { $size }, more than the whole cache may take ({ $budget }): it goes when room is next made there
session-no-proxy-folder = the folder for proxies cannot be made ({ $reason }): { $path }
    .hint = see that there is space and that the folder can be written
session-film-changed = this film has changed since its motion was asked for: { $path }
    .hint = ask again
session-other-motion = this file does not hold the motion of that film: { $path }
    .hint = name a new file, and the motion is measured and written to it
session-no-motion-folder = the folder for measured motion cannot be made ({ $reason }): { $path }
    .hint = see that there is space and that the folder can be written
session-model-imported = The model { $name } can be used now
session-storage-not-asked = the cache cannot be looked at: { $reason }
session-storage-freed = { $size } came free
session-no-folder = the folder cannot be searched ({ $reason }): { $path }
    .hint = name a folder that is there and may be read
session-proxies-not-started = making proxies could not be started: { $reason }
    .hint = close other programs, then try again
session-proxies-not-asked = no proxies of { $n } files, the first of them because { $first }
    .hint = see that the files are there and may be read
session-no-proxy-needed = none of these needs a proxy: they have one, or are no films that one can be made of
session-proxies-by-themselves = { $n ->
        [one] making a proxy of a film that is heavy to cut: { $why }
       *[other] making proxies of { $n } films that are heavy to cut: { $why }
    }
    .hint = the settings say so, under Proxies

## Why a film is heavy to cut, as part of a sentence

session-heavy-large = 4K or more
session-heavy-codec = HEVC or AV1 above 1080p
session-heavy-gop = more than 2 s between key pictures above 1080p
session-heavy-bits = more than 100 Mbit/s
session-heavy-stale = changed since its proxy was made
session-steady-unread = { $name } cannot be analysed yet: its file has not been read
    .hint = relink the file, then try again
session-montage-made = The montage is cut: { $n } shots, { $style }
session-montage-none = there is no montage here whose shots could be chosen anew
session-montage-media-gone = the montage was planned, but media that it shows are no longer in this project
session-which-media = { $n ->
        [0] no media of the project is meant; it has { $names }
       *[other] the project has several media with sound: { $names }
    }
    .hint = name one with --media
session-transcript-read = { $n ->
        [one] One word was read from { $path }
       *[other] { $n } words were read from { $path }
    }
session-transcript-written = The transcript is in { $path }
