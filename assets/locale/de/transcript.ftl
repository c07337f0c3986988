# Das Transkript: die Wörter der Timeline.

transcript-none = Noch keine Wörter
transcript-none-media = Hier steht, was in den Aufnahmen gesagt wird, sobald es welche gibt.
transcript-none-yet = Die Sprache einer Datei erkennen lassen oder ein Transkript importieren.
transcript-none-on-timeline = Die Timeline spielt nichts, das ein Transkript hat.
transcript-no-engine = Ein Sprachmodell holen (in den Einstellungen stehen mehr davon, und Sprachserver) oder ein Transkript importieren.
transcript-fetch = { $name } holen ({ $size })
transcript-fetching = { $name } wird geholt
transcript-recognise = Transkribieren
transcript-recognise-of = { $name } transkribieren
transcript-import = Transkript importieren …
transcript-import-of = Transkript für { $name } importieren
transcript-export = Transkript exportieren …
transcript-running = { $name } wird transkribiert
transcript-menu = Transkripte der Medien
transcript-search = Gesagtes suchen
transcript-next = Nächste Stelle
transcript-previous = Vorige Stelle
transcript-found = { $n ->
    [one] 1 Stelle
   *[other] { $n } Stellen
}
transcript-words = { $n ->
    [one] 1 Wort
   *[other] { $n } Wörter
}
transcript-selected = { $n ->
    [one] 1 Wort, { $secs } s
   *[other] { $n } Wörter, { $secs } s
}
transcript-cut = Herausschneiden
    .tip = Die ausgewählten Wörter aus dem Film nehmen; was folgt, rückt auf
transcript-correct = Wort verbessern
transcript-doubtful = { $word } (unsicher)
transcript-pause = { $secs } s Stille
transcript-fillers = Füllwörter
    .tip = Wörter finden, die nur füllen, etwa „äh“
transcript-silences = Pausen
    .tip = Pausen finden, in denen niemand etwas sagt
transcript-fillers-found = { $n ->
    [0] Keine Füllwörter
    [one] 1 Füllwort, { $secs } s
   *[other] { $n } Füllwörter, { $secs } s
}
transcript-silences-found = { $n ->
    [0] Keine Pausen
    [one] 1 Pause, { $secs } s
   *[other] { $n } Pausen, { $secs } s
}
transcript-remove-found = Alle schneiden
transcript-leave = Behalten
transcript-threshold = Leiser als
transcript-shortest = Länger als
transcript-edit-fillers = Liste bearbeiten
transcript-fillers-list = Wörter, die nur füllen, eines je Zeile
transcript-fillers-keep = Übernehmen
transcript-fillers-usual = Übliche Liste
transcript-captions-made = { $n ->
    [one] Ein Untertitel wurde erzeugt
   *[other] { $n } Untertitel wurden erzeugt
}
transcript-captions-fast = { $n ->
    [one] Einer ist schneller gesprochen als gelesen
   *[other] { $n } sind schneller gesprochen als gelesen
}
transcript-nothing-heard = Auf der Timeline sind keine Wörter zu hören
    .hint = im Transkript ein Medium transkribieren oder sein Transkript importieren
