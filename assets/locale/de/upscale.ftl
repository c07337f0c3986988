# Der Dialog, der Medien vergrößert.

upscale-title = Hochskalieren
upscale-several = { $n } Medien
upscale-model = Modell
upscale-size = Größe
upscale-looking = Modelle werden gesucht …
upscale-no-model = Auf diesem Rechner ist kein Modell. Ziehen Sie eine Datei mit Gewichten auf das Fenster oder holen Sie eines.
upscale-get = Noch nicht hier: montage-ai models pull { $name }
upscale-model-own = Gehört zum Programm: schnell, für Aufnahmen von Kameras
upscale-model-yours = Eigenes Modell
upscale-not-larger = Die Medien sind schon so groß.
upscale-measuring = Es wird gemessen, wie schnell dieser Rechner ist …
upscale-estimate = Etwa { $time } auf diesem Rechner, nach einer Messung von eben
upscale-result-note = Das Ergebnis tritt im Projekt an die Stelle des Originals und lässt sich wieder herausnehmen; der Ton bleibt, wie er ist.
upscale-start = Hochskalieren
