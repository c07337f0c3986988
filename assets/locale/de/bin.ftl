# Worte des Fensters: Medienpool.

bin-rows = Medienpool
bin-import = Importieren
bin-search = Medien suchen
bin-search-tip = Wörter in Name, Ordner und Angaben. Auch: codec:h264  fps:25  size:4k  folder:"Tag 1"  type:audio  unused  offline  -Wort
bin-search-clear = Suche löschen
bin-thumb-size = Größe der Vorschaubilder
bin-cancel = Abbrechen
bin-close = Schließen

## Ansichten und Reihenfolge

bin-view-rows = Zeilen mit Vorschaubildern
bin-view-list = Liste mit Spalten
bin-view-grid = Raster aus Vorschaubildern
bin-sort = Medien sortieren nach
bin-sort-ascending = Aufsteigend
bin-sort-descending = Absteigend
bin-filter = Medien filtern
bin-filter-video = Video
bin-filter-audio = Ton
bin-filter-image = Bilder
bin-filter-unused = Unbenutzt
bin-filter-used = Benutzt
bin-filter-offline = Offline
bin-filter-hdr = HDR
bin-filter-vfr = Variable Bildrate
bin-filter-alpha = Mit Alphakanal
bin-column-name = Name
bin-column-duration = Dauer
bin-column-codec = Codec
bin-column-rate = Rate
bin-column-frame-size = Bildgröße
bin-column-file-size = Dateigröße
bin-column-folder = Ordner
bin-column-uses = Benutzt
bin-column-import = Importreihenfolge
bin-column-ascending = { $column }, aufsteigend
bin-column-descending = { $column }, absteigend
bin-column-width = Breite der Spalte { $column }

## Angaben

bin-mono = mono
bin-stereo = stereo
bin-channels = { $n } Kanäle
bin-badge-loading = lädt
bin-badge-offline = offline
bin-badge-proxy = Proxy
bin-badge-proxy-making = Proxy { $n } %
bin-badge-proxy-stale = Proxy veraltet
bin-badge-proxy-missing = Proxy fehlt
bin-badge-upscaled = hochskaliert
bin-badge-ends-early = endet zu früh
bin-badge-hdr = HDR
bin-badge-vfr = VFR
bin-badge-alpha = Alpha
bin-badge-still = Standbild
bin-badge-colours = Farben gesetzt
bin-badge-used = { $n }× benutzt

## Ordner

bin-top = Oberste Ebene
bin-folder = { $name }, Ordner, { $n ->
    [one] 1 Medium
   *[other] { $n } Medien
}
bin-folder-open = { $name } aufklappen
bin-folder-close = { $name } zuklappen
bin-new-folder-name = Name des neuen Ordners
bin-new-folder-hint = Neuer Ordner
bin-new-folder-hint-in = Neuer Ordner in { $folder }

## Rechtsklick

bin-open-source = Im Quellmonitor öffnen
bin-insert = Am Abspielkopf einfügen
bin-overwrite = Am Abspielkopf überschreiben
bin-rename = Umbenennen
bin-rename-field = Neuer Name
bin-move-to = In Ordner verschieben
bin-new-folder = Neuer Ordner …
bin-colours = Farben …
bin-relink = Neu verknüpfen …
bin-reveal = Im Dateimanager zeigen
bin-select-clips = Zugehörige Clips auswählen
bin-properties = Eigenschaften …
bin-remove = Aus dem Projekt entfernen
bin-append-folder = Ordner an die Timeline anhängen
bin-select-folder = Alles im Ordner auswählen
bin-import-here = In diesen Ordner importieren …
bin-remove-folder = Ordner entfernen, Medien behalten
bin-remove-folder-media = Medien darin entfernen

## Rückfragen

bin-remove-question = { $n ->
    [one] „{ $name }“ entfernen?
   *[other] { $n } Medien entfernen?
}
bin-remove-text = { $clips ->
    [one] Ein Clip der Timeline benutzt
   *[other] { $clips } Clips der Timeline benutzen
} { $n ->
    [one] es.
   *[other] sie.
} Die Clips werden mit entfernt; die Dateien auf dem Datenträger bleiben.
bin-remove-with-clips = Samt Clips entfernen
bin-colours-title = Deutung der Farben
bin-colours-text = Für Dateien, die nichts oder Falsches über ihre Farben sagen.
bin-colours-primaries = Primärfarben
bin-colours-transfer = Übertragung
bin-colours-matrix = Matrix
bin-colours-range = Wertebereich
bin-colours-linear = Linear
bin-colours-limited = Begrenzt (TV)
bin-colours-full = Voll (PC)
bin-colours-use = Übernehmen
bin-colours-as-file = Wie in der Datei
bin-property-offline = Offline
bin-property-file = Datei
bin-property-file-size = Dateigröße
bin-property-folder = Ordner
bin-property-container = Container
bin-property-duration = Dauer
bin-property-codec = Codec
bin-property-frame-size = Bildgröße
bin-property-rate = Bilder pro Sekunde
bin-property-variable = im Mittel, variabel
bin-property-other-rate = (anders als die Sequenz)
bin-property-frames = Bilder
bin-property-pixels = Bildpunkte
bin-property-colours = Farben
bin-property-colours-set = (hier gesetzt)
bin-property-colours-assumed = (angenommen)
bin-property-sound = Ton
bin-property-proxy = Proxy
bin-property-proxy-making = entsteht, { $n } %
bin-property-proxy-stale = veraltet: der Film hat sich seither geändert
bin-property-proxy-missing = seine Datei ist weg: das Original wird gezeigt
bin-property-proxy-worth = lohnt sich: { $why }
bin-property-timecode = Start-Timecode

## Zustände

bin-empty-title = Material hierher ziehen
bin-empty-drop = Dateien oder ganze Ordner aus dem Dateimanager
bin-empty-files = Dateien auswählen …
bin-empty-folder = Ordner auswählen …
bin-nothing-found = Nichts gefunden zu „{ $search }“
bin-nothing-found-text = Jedes Wort muss in Name, Ordner oder Angaben stehen.
bin-count = { $n ->
    [one] 1 Medium
   *[other] { $shown } Medien
}
bin-count-found = { $n } von { $all } Medien
bin-count-selected = { $n } ausgewählt
bin-importing = Import: { $n } von { $all }
bin-importing-looking = Medien werden gesucht
bin-import-stop = Import anhalten

## Meldungen: eine Zeile ohne Großschreibung am Anfang, denn sie kann hinter einer Vorsilbe stehen

bin-told-import-stopped = der Import wurde angehalten
bin-told-import-stopped-at = der Import wurde nach { $n } von { $all } Dateien angehalten
bin-told-import-failed = { $n } von { $all } Dateien konnten nicht importiert werden; die erste: { $first }
bin-told-import-failed-hint = eine davon einzeln importieren, um zu sehen, was mit ihr nicht stimmt
bin-told-imported = { $n ->
    [one] 1 Datei
   *[other] { $n } Dateien
} importiert
bin-told-known = { $n ->
    [one] { $name } ist schon im Projekt
   *[other] { $n } Dateien sind schon im Projekt
}
bin-told-skipped = { $n ->
    [one] 1 Datei anderer Art wurde ausgelassen
   *[other] { $n } Dateien anderer Art wurden ausgelassen
}
bin-told-no-media = es sind keine Medien darin
bin-told-all-used = alle Medien werden benutzt
bin-told-nothing-missing = alle Dateien des Projekts sind vorhanden
bin-told-relinked = { $name } ist mit einer anderen Datei verknüpft
bin-told-relinked-hint = die zugehörigen Clips prüfen; Rückgängig holt die alte Datei zurück
bin-told-shorter = sie ist { $secs } s kürzer
bin-told-no-picture = sie hat kein Bild
bin-told-no-sound = sie hat keinen Ton
bin-told-other-rate = sie hat { $new } statt { $old } Bilder pro Sekunde
bin-told-other-frame-size = ihr Bild misst { $size }
bin-told-found = { $n ->
    [one] 1 fehlende Datei gefunden und neu verknüpft
   *[other] { $n } fehlende Dateien gefunden und neu verknüpft
}
bin-told-found-some = { $n ->
    [one] 1 fehlende Datei gefunden und neu verknüpft
   *[other] { $n } fehlende Dateien gefunden und neu verknüpft
}, { $missing } fehlen noch
bin-told-not-shown = der Ordner konnte nicht gezeigt werden ({ $why }): { $folder }
bin-told-offline = { $name } ist offline: { $why }
bin-told-many-offline = { $n } Dateien sind offline
bin-told-offline-hint = im Medienpool neu verknüpfen; bis dahin zeigen ihre Clips eine Tafel
bin-told-ends-early = { $name } endet zu früh, bei { $secs } s: das letzte Bild bleibt von dort an stehen
bin-told-ends-early-hint = die Datei ist abgeschnitten oder beschädigt; noch einmal von der Quelle kopieren
