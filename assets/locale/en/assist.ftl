# --- the assistant: automatic montage ---
assist-track-picture = Picture
assist-track-look = Look
assist-track-clips = Clips’ own sound
assist-track-music = Music
assist-part-intro = Intro
assist-part-build = Build
assist-part-drop = Drop
assist-part-verse = Verse
assist-part-outro = Outro
assist-why-energy = moves as the music does
assist-why-action = much happens
assist-why-variety = another source than before
assist-why-fresh = not shown yet
assist-why-even = of a source shown little so far
assist-why-match-motion = goes on in the same direction
assist-why-match-colour = light and colours like before
assist-why-contrast = light and colours unlike before
assist-why-sharp = sharp
assist-why-steady = steady
assist-why-exposure = well lit
assist-why-speech = somebody speaks
assist-why-order = in the order of the footage
assist-why-peaks = strongest movement on the beat
assist-why-chance = chance
assist-why-asked = fits what was asked for here
assist-why-nothing = what was left

## What became of a sentence

assist-understood-style = style { $name } ({ $word })
assist-understood-opening = begins with what fits “{ $what }”
assist-understood-closing = ends with what fits “{ $what }”
assist-content-missing = nothing in the footage fits “{ $what }”
assist-understood-by-model = language model
assist-understood-length = { $secs } s long
assist-understood-pace = shots { $factor } times as long
assist-understood-saturation = saturation { $value }
assist-understood-temperature = temperature { $value }
assist-understood-own-sound = the clips’ own sound is heard
assist-understood-music-only = music only
assist-understood-slow = slow motion where the music is quiet
assist-understood-soft = dissolves
assist-understood-hard = hard cuts
assist-understood-once = no moment twice
assist-understood-in-order = in the order of the footage
assist-understood-speech = shots in which somebody speaks
assist-understood-shape = { $width }:{ $height }

## The dialog

assist-title = Montage
assist-footage = { $n ->
    [one] 1 piece of footage
   *[other] { $n } pieces of footage
 } · { $time }
assist-music = Music
assist-no-music = None: even cuts
assist-style-auto = As the sentence says
assist-style-auto-about = { $style } unless a style is chosen here
assist-prompt = What it shall be like
assist-prompt-hint = a calm film of our weekend, 90 seconds, warm, with original sound
assist-prompt-note = Pace, mood, length, look and sound, in English, German or French. May be left empty.
assist-understood = Understood: { $what }
assist-understood-nothing = Nothing in it is understood by the built-in rules; it changes nothing.
assist-length = Length
assist-length-music = As the music
assist-length-usual = As the footage, a minute at most
assist-length-own = Own
assist-length-seconds = Length in seconds
assist-music-how = How the music is taken
assist-music-start = Film begins at
    .tip = Point of the music at which the film begins. Its beats go along.
assist-bar-offset = Bars begin later by
    .tip = Beats by which every bar line is moved, where the first beat of the bar was heard in another place.
assist-tempo = Tempo
    .tip = Half and double count the beats half or twice as fast as they were heard.
assist-tempo-heard = As heard
assist-tempo-half = Half
assist-tempo-double = Double
assist-size = Size
assist-rate = Frames per second
assist-shape = Shape
assist-shape-footage = As the footage
assist-seed = Seed
assist-seed-next = Another seed
assist-seed-note = The same seed gives the same film, another one another.
assist-model = Ask a language model
assist-model-url = Address of the language model
assist-model-name = Name of the language model
assist-model-off = Off: the built-in rules read the sentence, on this machine.
assist-model-sends = Only the sentence and the names of the styles are sent there, never footage. Without a valid answer the built-in rules decide, and say so.
assist-start = Cut
assist-no-footage = There are no films or pictures in the bin.
assist-becomes-new = Becomes a sequence of its own; this one stays.
assist-becomes-open = Fills the empty timeline, in one step.

## Styles

assist-style-dynamic = Dynamic
    .about = Follows the music: long shots where it rests, quick ones where it drives.
assist-style-cinematic = Cinematic
    .about = Calm and wide: long shots on bar lines, soft joins, cold shadows and warm lights.
assist-style-hitchcock = Hitchcock
    .about = Suspense: shots grow shorter towards the climax, then hold.
assist-style-mtv = Music video
    .about = A cut on nearly every beat, strong colours, whips.
assist-style-action = Action
    .about = Movement above all, cut into the movement, hard.
assist-style-documentary = Documentary
    .about = In the order it happened, with its own sound and voices above the music.
assist-style-minimalist = Minimalist
    .about = Few, long, still shots that melt into each other.
assist-style-wes-anderson = Wes Anderson
    .about = Even, playful rhythm, warm pastel colours, everything held still.
assist-style-travel = Travel
    .about = Places one after another, flowing, warm and wide awake.
assist-style-vlog = Vlog
    .about = Speech first: what is said is heard, the music lies under it.
assist-style-sport = Sport
    .about = The strongest movements, on the beat, slowed where the music holds its breath.
assist-style-wedding = Wedding
    .about = Soft, warm, unhurried; voices are heard.
assist-style-trailer = Trailer
    .about = Rises without a pause: breath, build, blows; black between the parts.
assist-style-podcast-highlight = Podcast highlight
    .about = Who speaks is shown and heard; music only carries.
assist-style-short-vertical = Short, vertical
    .about = Made for the phone: the best at once, a cut every beat or two, no fade at the start.

## Steps of the work

assist-step-listening = listening to the music
assist-step-looking = looking at the footage
assist-step-planning = planning
assist-step-loudness = setting the loudness

## What became otherwise than wished

assist-note-scarce = too little footage for this style: { $forced } of { $shots } shots are shown again, jump, or run slower
assist-note-no-beat = no clear beat in the music (confidence { $confidence }): cut on an even grid
assist-note-footage-ends = there is less footage than music: the film ends after { $secs } s, for this style shows no moment more than { $reuse ->
        [one] once
       *[other] { $reuse } times
    }; ask for a length to see some more often
assist-note-music-ends = the music ends after { $secs } s, and so does the film
assist-note-loudness = the loudness could not be set: { $why }
assist-note-model = the language model at { $url } was not used ({ $why }): the built-in rules decided
assist-nothing-given = there is no footage
assist-nothing-to-cut = nothing to cut: { $why }
    .hint = give films or pictures that `montage-ai probe` can read
assist-music-over = the music ends before the film begins
    .hint = let the film begin at an earlier point of the music
assist-no-style = { $why }
    .hint = `montage-ai styles` lists the styles
