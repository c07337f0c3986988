# Der Dialog, der Medien vergrößert.

upscale-title = Hochskalieren
upscale-several = { $n } Medien
upscale-model = Modell
upscale-more-models = { $n } weitere, die sich holen lassen
upscale-size = Größe
upscale-length = Länge
upscale-whole = Ganzer Film
upscale-in-out = Von In bis Out
upscale-in-out-at = Von In { $from } bis Out { $to } ({ $n } Bilder)
upscale-no-marks = Erst In und Out im Quellmonitor setzen
upscale-part-note = Das Stück wird ein eigener Film neben dem Original und kommt in die Medien; sein Ton ist auf das Sample genau geschnitten.
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
