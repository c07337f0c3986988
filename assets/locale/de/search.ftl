# Material, das gefunden wird: das Bedienfeld, und warum eine Einstellung passt.

search-none = Noch kein Material
search-none-note = Filme oder Bilder importieren: Hier findet sich, was gebraucht wird.
search-hint = Was wird gebraucht? Oder ein Skript einfügen
search-question = Was gebraucht wird, oder ein Skript
search-clear = Leeren
search-from-transcript = Aus dem Transkript
    .tip = Einstellungen für jeden Satz, der auf der Timeline gesagt wird
search-what = Eine Einstellung für etwas finden
search-what-note = Gesagte Wörter, Namen, Notizen und Ordner; oder ein Aussehen: „blau“, „dunkel und leise“, „schneller Schwenk nach links“, „Nahaufnahme ohne Sprache“. Ein Text aus mehreren Sätzen bekommt Einstellungen für jeden.
search-limits = Was Bilder zeigen, wird noch nicht erkannt.
search-get-model = Das Modell dafür holen ({ $size })
search-looks = Auch was Bilder zeigen, wird gefunden, wenn auf Englisch danach gefragt wird.
search-indexing = Was vom Material bekannt ist, wird gelesen
search-shots = { $n ->
    [one] 1 Einstellung
   *[other] { $n } Einstellungen
}
search-unwatched = { $n ->
    [one] 1 Datei noch nicht angesehen
   *[other] { $n } Dateien noch nicht angesehen
}
search-watch = Material ansehen
    .tip = Findet Einstellungen, Licht, Farben, Bewegung und Ton, mit dem Modell dafür auch, was Bilder zeigen, im Hintergrund; es wird behalten
search-watching = Das Material wird angesehen
search-failed = { $n ->
    [one] 1 Datei ließ sich nicht ansehen
   *[other] { $n } Dateien ließen sich nicht ansehen
}
search-found = Passende Einstellungen
search-nothing = Nichts passt
search-nothing-note = Ein anderes Wort versuchen, oder das Material ansehen oder transkribieren lassen.
search-go-there = Dorthin gehen, wo es gesagt wird
search-more = { $n ->
    [one] 1 weitere
   *[other] { $n } weitere
}
search-fewer = Weniger
search-lay = { $name } über den Film legen
search-card-tip = Klick: ansehen. Eingabe oder Doppelklick: über den Film legen. Oder in die Timeline ziehen.
search-why-said = „{ $word }“ wird bei { $time } gesagt
search-why-note = „{ $word }“ in einer Notiz
search-why-name = „{ $word }“ im Namen
search-why-folder = „{ $word }“ im Ordner
search-why-look = { $look } ({ $part } %)
search-why-seen = das Bild zeigt „{ $text }“ ({ $part } %)
search-no-media = es gibt keine Filme oder Bilder: { $path }
    .hint = ein Projekt, einen Ordner oder eine Datei nennen, die `montage-ai probe` lesen kann
search-by-name-only = nur nach Namen und Wörtern gefunden: { $reason }
search-not-looked = was seine Bilder zeigen, ist nicht bekannt: { $reason }
search-without-model = was Bilder zeigen, wird nicht angesehen; `montage-ai models pull { $name }` holt das Modell dafür ({ $size })
search-look-bright = hell
search-look-dark = dunkel
search-look-contrasty = kontrastreich
search-look-flat = kontrastarm
search-look-colourful = farbig
search-look-colourless = farblos
search-look-warm = warm
search-look-cold = kalt
search-look-still = unbewegt
search-look-moving = Bewegung
search-look-fast = schnell
search-look-slow = langsam
search-look-pan = Schwenk
search-look-pan-left = Schwenk nach links
search-look-pan-right = Schwenk nach rechts
search-look-tilt = Schwenk auf oder ab
search-look-tilt-up = Schwenk nach oben
search-look-tilt-down = Schwenk nach unten
search-look-steady = ruhig geführt
search-look-shaky = verwackelt
search-look-sharp = scharf
search-look-blurred = unscharf
search-look-loud = laut
search-look-quiet = leise
search-look-silent = stumm
search-look-speech = Sprache
search-look-no-speech = keine Sprache
search-look-long = lang
search-look-short = kurz
search-look-upright = Hochformat
search-look-photo = Foto
search-look-black = schwarz
search-look-white = weiß
search-look-grey = grau
search-look-red = rot
search-look-orange = orange
search-look-yellow = gelb
search-look-green = grün
search-look-blue = blau
search-look-purple = violett
search-look-pink = rosa
search-look-brown = braun
search-look-wide = Totale
search-look-medium = halbnah
search-look-close = Nahaufnahme
