# Texte des Fensters: Monitore, Vollbild und Scopes.

viewer-program = Programmmonitor
viewer-source = Quellmonitor
viewer-behind = holt auf
viewer-loading = lädt
viewer-nothing = Medien auf die Timeline ziehen, um sie hier zu sehen
viewer-timecode = Timecode des Abspielkopfs
viewer-timecode-source = Timecode der Quelle
viewer-timecode-tip = Klicken, um eine Zeit einzugeben
viewer-go-to = Zu Timecode springen
viewer-go-to-source = Zu Timecode der Quelle springen
viewer-duration = Dauer
viewer-percent = { $n } %
viewer-scrub-program = Position im Programm
viewer-scrub-source = Position in der Quelle
viewer-start-playback = Wiedergabe starten
viewer-pause-playback = Wiedergabe anhalten
viewer-start-source = Quelle wiedergeben
viewer-pause-source = Quelle anhalten
viewer-dropped = { $n } ausgelassen
viewer-dropped-tip = Frames, die die Wiedergabe ausließ, um beim Ton zu bleiben. Klick zählt neu.
viewer-quality = Qualität des Monitors
viewer-quality-tip = Das Bild wird mit { $width }×{ $height } gezeichnet
viewer-quality-auto = { $now } (auto)
viewer-quality-full = Voll
viewer-quality-half = Halb
viewer-quality-quarter = Viertel
viewer-quality-low = Niedrig
viewer-zoom = Zoom des Monitors
viewer-zoom-tip = Größe des Bildes; Strg und Mausrad zoomen um den Zeiger, die mittlere Taste verschiebt
viewer-fit = Einpassen
viewer-guides = Hilfslinien des Monitors
viewer-guides-tip = Linien über dem Bild
viewer-safe-areas = Sichere Bereiche
viewer-safe-areas-tip = 93 % für Handlung, 90 % für Titel (EBU R 95)
viewer-centre-cross = Mittelkreuz
viewer-thirds = Drittel
viewer-no-mask = Keine Maske
viewer-corner-left-top = Skaliergriff links oben
viewer-corner-right-top = Skaliergriff rechts oben
viewer-corner-right-bottom = Skaliergriff rechts unten
viewer-corner-left-bottom = Skaliergriff links unten
viewer-before = vorher
viewer-after = nachher
viewer-path-of = Kamerapfad von { $name }
viewer-path-x = Links–rechts
viewer-path-y = Auf–ab
viewer-path-angle = Drehung
viewer-path-zoom = Zoom
viewer-divider = Trennlinie des Vergleichs
viewer-side-by-side = Nebeneinander
viewer-upscaling = wird hochskaliert
viewer-upscaling-share = wird hochskaliert, { $n } %
viewer-upscaled = hochskaliert
viewer-upscaled-pixels = 1:1, hochskalierte Bildpunkte
viewer-wipe = Trennlinie

## Pegel

viewer-meters = Tonpegel
viewer-meters-tip = Tonpegel: links { $left }, rechts { $right }
viewer-meters-over = Die Mischung war übersteuert. Klick löscht die Anzeige.

## Willkommen

viewer-welcome = Material hierher ziehen
viewer-welcome-text = Video, Ton und Bilder; eine Projektdatei wird geöffnet
viewer-open-project = Projekt öffnen…
viewer-add-title = Titel hinzufügen

## Quelle

viewer-source-empty = Keine Quelle
viewer-source-empty-tip = Ein Medium doppelklicken, um es hier anzusehen
viewer-close-source = Quelle schließen
viewer-step-back-source = Einzelbild zurück in der Quelle
viewer-step-forward-source = Einzelbild vor in der Quelle
viewer-mark-in-source = In-Punkt der Quelle setzen
viewer-mark-out-source = Out-Punkt der Quelle setzen
viewer-loop-source = Quelle wiederholen
viewer-marked-length = Länge des markierten Stücks
viewer-waveform = Wellenform der Quelle
viewer-waveform-loading = Ton wird gelesen
viewer-insert = Einfügen
viewer-overwrite = Überschreiben
viewer-replace = Ersetzen
viewer-append = Anhängen
viewer-drag-picture = Nur Bild
viewer-drag-sound = Nur Ton
viewer-drag-tip = { $what }: auf die Timeline ziehen

## Full screen

viewer-import = Medien importieren…
viewer-full-screen = Bild im Vollbild
viewer-step-back = Einzelbild zurück
viewer-step-forward = Einzelbild vor
viewer-leave-full-screen = Vollbild verlassen

## Scopes

viewer-waveform-scope = Waveform
viewer-parade = RGB-Parade
viewer-vectorscope = Vektorskop
viewer-histogram = Histogramm
viewer-all-scopes = Alle Scopes
viewer-choose-scope = Scope wählen
viewer-scale-percent = Prozent (IRE)
viewer-scale-codes = Codewerte
viewer-scopes-empty = Nichts zu messen
viewer-scopes-empty-tip = Scopes folgen dem gezeigten Bild
viewer-program-title = Programm
viewer-scopes-tip = Welche Messinstrumente gezeigt werden, und ihre Skala
