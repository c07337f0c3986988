# The transcript panel: the words of the timeline.

transcript-none = No words yet
transcript-none-media = What is said in your footage stands here, once there is some.
transcript-none-yet = Have the speech of a file recognised, or import a transcript.
transcript-none-on-timeline = The timeline plays nothing that has a transcript.
transcript-no-engine = Fetch a model of speech (Settings has more of them, and speech servers), or import a transcript.
transcript-fetch = Fetch { $name } ({ $size })
transcript-fetching = Fetching { $name }
transcript-recognise = Transcribe
transcript-recognise-of = Transcribe { $name }
transcript-import = Import transcript…
transcript-import-of = Import a transcript for { $name }
transcript-export = Export transcript…
transcript-running = Transcribing { $name }
transcript-menu = Transcripts of media
transcript-search = Search what is said
transcript-next = Next place
transcript-previous = Previous place
transcript-found = { $n ->
    [one] 1 place
   *[other] { $n } places
}
transcript-words = { $n ->
    [one] 1 word
   *[other] { $n } words
}
transcript-selected = { $n ->
    [one] 1 word, { $secs } s
   *[other] { $n } words, { $secs } s
}
transcript-cut = Cut out
    .tip = Take the selected words out of the film; what follows moves up
transcript-correct = Correct the word
transcript-doubtful = { $word } (not sure)
transcript-pause = { $secs } s silence
transcript-fillers = Fillers
    .tip = Find words that only fill, such as “um”
transcript-silences = Silences
    .tip = Find pauses in which nobody says anything
transcript-fillers-found = { $n ->
    [0] No fillers
    [one] 1 filler, { $secs } s
   *[other] { $n } fillers, { $secs } s
}
transcript-silences-found = { $n ->
    [0] No silences
    [one] 1 silence, { $secs } s
   *[other] { $n } silences, { $secs } s
}
transcript-remove-found = Cut all out
transcript-leave = Leave them
transcript-threshold = Quieter than
transcript-shortest = Longer than
transcript-edit-fillers = Edit the list
transcript-fillers-list = Words that only fill, one a line
transcript-fillers-keep = Keep
transcript-fillers-usual = Usual list
transcript-captions-made = { $n ->
    [one] One caption was made
   *[other] { $n } captions were made
}
transcript-captions-fast = { $n ->
    [one] One is faster to say than to read
   *[other] { $n } are faster to say than to read
}
transcript-nothing-heard = No words are heard on the timeline
    .hint = transcribe a media, or import its transcript, in the transcript panel
