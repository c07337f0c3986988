# Footage that is found: the panel, and why a shot fits.

search-none = No footage yet
search-none-note = Import films or pictures: here they are found by what is needed.
search-hint = What is needed? Or paste a script
search-question = What is needed, or a script
search-clear = Clear
search-from-transcript = From the transcript
    .tip = Shots for each sentence that is said on the timeline
search-what = Find a shot for something
search-what-note = Words that are said, names, notes and folders; or a look: “blue”, “dark and quiet”, “fast pan to the left”, “close-up, no speech”. A text of several sentences gets shots for each.
search-limits = What pictures show is not recognised yet.
search-get-model = Get the model for it ({ $size })
search-looks = What pictures show is found too, if it is asked for in English.
search-indexing = Reading what is known of the footage
search-shots = { $n ->
    [one] 1 shot
   *[other] { $n } shots
}
search-unwatched = { $n ->
    [one] 1 file not looked at yet
   *[other] { $n } files not looked at yet
}
search-watch = Look at the footage
    .tip = Finds shots, light, colours, movement and sound, and with its model what pictures show, in the background; it is kept
search-watching = Looking at the footage
search-failed = { $n ->
    [one] 1 file could not be looked at
   *[other] { $n } files could not be looked at
}
search-found = Shots that fit
search-nothing = Nothing fits
search-nothing-note = Try another word, or have the footage looked at or transcribed.
search-go-there = Go to where it is said
search-more = { $n ->
    [one] 1 more
   *[other] { $n } more
}
search-fewer = Fewer
search-lay = Lay { $name } over the film
search-card-tip = Click: look at it. Enter or double click: lay it over the film. Or drag it to the timeline.
search-why-said = “{ $word }” is said at { $time }
search-why-note = “{ $word }” in a note
search-why-name = “{ $word }” in the name
search-why-folder = “{ $word }” in the folder
search-why-look = { $look } ({ $part } %)
search-why-seen = its picture shows “{ $text }” ({ $part } %)
search-no-media = there are no films or pictures: { $path }
    .hint = name a project, a folder or a file that `montage-ai probe` can read
search-by-name-only = found by name and words only: { $reason }
search-not-looked = what its pictures show is not known: { $reason }
search-without-model = what pictures show is not looked at; `montage-ai models pull { $name }` fetches the model for it ({ $size })
search-look-bright = bright
search-look-dark = dark
search-look-contrasty = high contrast
search-look-flat = low contrast
search-look-colourful = colourful
search-look-colourless = without colour
search-look-warm = warm
search-look-cold = cold
search-look-still = still
search-look-moving = movement
search-look-fast = fast
search-look-slow = slow
search-look-pan = pan
search-look-pan-left = pan to the left
search-look-pan-right = pan to the right
search-look-tilt = tilt
search-look-tilt-up = tilt up
search-look-tilt-down = tilt down
search-look-steady = steady
search-look-shaky = shaky
search-look-sharp = sharp
search-look-blurred = blurred
search-look-loud = loud
search-look-quiet = quiet
search-look-silent = silent
search-look-speech = speech
search-look-no-speech = no speech
search-look-long = long
search-look-short = short
search-look-upright = upright
search-look-photo = photo
search-look-black = black
search-look-white = white
search-look-grey = grey
search-look-red = red
search-look-orange = orange
search-look-yellow = yellow
search-look-green = green
search-look-blue = blue
search-look-purple = purple
search-look-pink = pink
search-look-brown = brown
search-look-wide = wide shot
search-look-medium = medium shot
search-look-close = close-up
