# --- der Assistent: automatische Montage ---
assist-track-picture = Bild
assist-track-look = Look
assist-track-clips = Ton der Clips
assist-track-music = Musik
assist-part-intro = Intro
assist-part-build = Aufbau
assist-part-drop = Höhepunkt
assist-part-verse = Strophe
assist-part-outro = Ausklang
assist-why-energy = bewegt sich wie die Musik
assist-why-action = es geschieht viel
assist-why-variety = andere Quelle als zuvor
assist-why-fresh = noch nicht gezeigt
assist-why-even = aus einer bisher selten gezeigten Quelle
assist-why-match-motion = bewegt sich in dieselbe Richtung weiter
assist-why-match-colour = Licht und Farben wie zuvor
assist-why-contrast = Licht und Farben anders als zuvor
assist-why-sharp = scharf
assist-why-steady = ruhig gehalten
assist-why-exposure = gut belichtet
assist-why-speech = jemand spricht
assist-why-order = in der Reihenfolge des Materials
assist-why-peaks = stärkste Bewegung auf dem Schlag
assist-why-chance = Zufall
assist-why-asked = passt zu dem, was hier gewünscht ist
assist-why-nothing = was übrig war

## Was aus einem Satz wurde

assist-understood-style = Stil { $name } ({ $word })
assist-understood-opening = beginnt mit dem, was zu „{ $what }“ passt
assist-understood-closing = endet mit dem, was zu „{ $what }“ passt
assist-content-missing = nichts im Material passt zu „{ $what }“
assist-understood-by-model = Sprachmodell
assist-understood-length = { $secs } s lang
assist-understood-pace = Einstellungen { $factor }-mal so lang
assist-understood-saturation = Sättigung { $value }
assist-understood-temperature = Farbtemperatur { $value }
assist-understood-own-sound = der Ton der Clips ist zu hören
assist-understood-music-only = nur Musik
assist-understood-slow = Zeitlupe, wo die Musik leise ist
assist-understood-soft = Überblendungen
assist-understood-hard = harte Schnitte
assist-understood-once = kein Moment zweimal
assist-understood-in-order = in der Reihenfolge des Materials
assist-understood-speech = Einstellungen, in denen jemand spricht
assist-understood-shape = { $width }:{ $height }

## Der Dialog

assist-title = Montage
assist-footage = { $n ->
    [one] 1 Stück Material
   *[other] { $n } Stücke Material
 } · { $time }
assist-music = Musik
assist-no-music = Keine: gleichmäßige Schnitte
assist-style-auto = Wie der Satz es sagt
assist-style-auto-about = { $style }, wenn hier kein Stil gewählt ist
assist-prompt = Wie es werden soll
assist-prompt-hint = ein ruhiger Film von unserem Wochenende, 90 Sekunden, warm, mit Originalton
assist-prompt-note = Tempo, Stimmung, Länge, Look und Ton, auf Deutsch, Englisch oder Französisch. Darf leer bleiben.
assist-understood = Verstanden: { $what }
assist-understood-nothing = Die eingebauten Regeln verstehen davon nichts; es ändert nichts.
assist-length = Länge
assist-length-music = Wie die Musik
assist-length-usual = Wie das Material, höchstens eine Minute
assist-length-own = Eigene
assist-length-seconds = Länge in Sekunden
assist-music-how = Umgang mit der Musik
assist-music-start = Film beginnt bei
    .tip = Stelle der Musik, an der der Film beginnt. Ihre Schläge gehen mit.
assist-bar-offset = Takte beginnen später um
    .tip = Schläge, um die jeder Taktanfang verschoben wird, wo die Eins an anderer Stelle gehört wurde.
assist-tempo = Tempo
    .tip = Halb und doppelt zählen die Schläge halb oder doppelt so schnell, wie sie gehört wurden.
assist-tempo-heard = Wie gehört
assist-tempo-half = Halb
assist-tempo-double = Doppelt
assist-size = Größe
assist-rate = Bilder/s
assist-shape = Format
assist-shape-footage = Wie das Material
assist-seed = Startzahl
assist-seed-next = Andere Startzahl
assist-seed-note = Dieselbe Startzahl ergibt denselben Film, eine andere einen anderen.
assist-model = Ein Sprachmodell fragen
assist-model-url = Adresse des Sprachmodells
assist-model-name = Name des Sprachmodells
assist-model-off = Aus: Die eingebauten Regeln lesen den Satz, auf diesem Rechner.
assist-model-sends = Gesendet werden nur der Satz und die Namen der Stile, nie Material. Ohne gültige Antwort entscheiden die eingebauten Regeln und sagen es.
assist-start = Schneiden
assist-no-footage = In der Ablage sind keine Filme oder Bilder.
assist-becomes-new = Wird eine eigene Sequenz; diese hier bleibt.
assist-becomes-open = Füllt die leere Timeline, in einem Schritt.

## Stile

assist-style-dynamic = Dynamisch
    .about = Folgt der Musik: lange Einstellungen, wo sie ruht, schnelle, wo sie treibt.
assist-style-cinematic = Filmisch
    .about = Ruhig und weit: lange Einstellungen auf Taktanfängen, weiche Übergänge, kalte Schatten, warme Lichter.
assist-style-hitchcock = Hitchcock
    .about = Spannung: Die Einstellungen werden zum Höhepunkt hin kürzer, dann halten sie an.
assist-style-mtv = Musikvideo
    .about = Fast auf jedem Schlag ein Schnitt, kräftige Farben, Reißschwenks.
assist-style-action = Action
    .about = Bewegung vor allem, in die Bewegung geschnitten, hart.
assist-style-documentary = Dokumentarisch
    .about = In der Reihenfolge des Geschehens, mit eigenem Ton und Stimmen über der Musik.
assist-style-minimalist = Minimalistisch
    .about = Wenige lange, stille Einstellungen, die ineinander übergehen.
assist-style-wes-anderson = Wes Anderson
    .about = Gleichmäßiger, verspielter Rhythmus, warme Pastelltöne, alles ruhig gehalten.
assist-style-travel = Reise
    .about = Ein Ort nach dem anderen, fließend, warm und hellwach.
assist-style-vlog = Vlog
    .about = Das Wort zuerst: Was gesagt wird, ist zu hören, die Musik liegt darunter.
assist-style-sport = Sport
    .about = Die stärksten Bewegungen, auf dem Schlag, verlangsamt, wo die Musik den Atem anhält.
assist-style-wedding = Hochzeit
    .about = Weich, warm, ohne Eile; Stimmen sind zu hören.
assist-style-trailer = Trailer
    .about = Steigert sich ohne Pause: Atem, Aufbau, Schläge; Schwarz zwischen den Teilen.
assist-style-podcast-highlight = Podcast-Ausschnitt
    .about = Wer spricht, ist zu sehen und zu hören; Musik trägt nur.
assist-style-short-vertical = Kurz und hochkant
    .about = Fürs Handy gemacht: das Beste sofort, alle ein, zwei Schläge ein Schnitt, keine Blende am Anfang.

## Schritte der Arbeit

assist-step-listening = hört die Musik
assist-step-looking = sieht das Material an
assist-step-planning = plant
assist-step-loudness = stellt die Lautheit ein

## Was anders wurde als gewünscht

assist-note-scarce = Zu wenig Material für diesen Stil: { $forced } von { $shots } Einstellungen sind noch einmal zu sehen, springen oder laufen langsamer.
assist-note-no-beat = Die Musik hat keinen klaren Schlag (Sicherheit { $confidence }): geschnitten in gleichmäßigem Raster.
assist-note-footage-ends = Es gibt weniger Material als Musik: Der Film endet nach { $secs } s, weil dieser Stil keinen Moment öfter als { $reuse }-mal zeigt. Wer eine Länge wünscht, sieht manches öfter.
assist-note-music-ends = Die Musik endet nach { $secs } s, und mit ihr der Film.
assist-note-loudness = Die Lautheit ließ sich nicht einstellen: { $why }
assist-note-model = Das Sprachmodell unter { $url } wurde nicht benutzt ({ $why }): Die eingebauten Regeln haben entschieden.
assist-nothing-given = es gibt kein Material
assist-nothing-to-cut = nichts zu schneiden: { $why }
    .hint = Filme oder Bilder wählen, die `montage-ai probe` lesen kann
assist-music-over = die Musik endet, bevor der Film beginnt
    .hint = den Film an einer früheren Stelle der Musik beginnen lassen
assist-no-style = { $why }
    .hint = `montage-ai styles` zeigt die Stile
