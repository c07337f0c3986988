# Der Exportdialog.

export-close = Export schließen
    .tip = Schließen; ein laufender Export geht weiter
export-destination = Ziel
export-browse = Durchsuchen …
export-whole = Ganze Timeline
export-marked = Von In bis Out
    .tip = Zuerst mit I und O einen Bereich markieren
export-start = Export starten
export-finished = Fertig
export-cancelled = Abgebrochen; nichts wurde behalten
export-failed = Der Export ist fehlgeschlagen
export-progress = Fortschritt des Exports
export-go-on = Weiter schneiden
export-cancel = Export abbrechen
export-open-folder = Ordner öffnen
export-done = Fertig
export-back = Zurück
export-no-encoder = hier kein Encoder
export-folder = Ordner

## Vorlagen nach Namen; ein Titel, der in jeder Sprache gleich ist, hat keine Nachricht

export-preset-h264 =
    .tip = Läuft überall, in der Größe des Films
export-preset-h264-1080p =
    .tip = Läuft überall, 1080 Zeilen
export-preset-hevc =
    .tip = Halb so groß wie H.264, läuft auf neueren Geräten
export-preset-prores =
    .tip = Zur Weiterbearbeitung: groß, 10 Bit, jedes Bild für sich
export-preset-webm =
    .tip = Für das Web, frei von Lizenzen
export-preset-h264-mkv = H.264 in Matroska
    .tip = H.264 mit verlustfreiem Ton
export-preset-av1 =
    .tip = Kleinste Dateien, langsam zu schreiben
export-preset-wav = Nur Ton, WAV
    .tip = 24-Bit-PCM
export-preset-flac = Nur Ton, FLAC
    .tip = Verlustfrei, halb so groß wie WAV
export-preset-mp3 = Nur Ton, MP3
    .tip = Läuft überall
export-preset-m4a = Nur Ton, AAC
    .tip = Kleiner als MP3
export-preset-opus = Nur Ton, Opus
    .tip = Am kleinsten bei gleicher Qualität
export-preset-png = PNG-Sequenz
    .tip = Ein Ordner nummerierter Bilder, ohne Ton
export-captions = Untertitel
    .tip = Im Bild sieht sie jeder; eine Spur lässt sich im Abspieler einschalten (MP4, MOV, Matroska); die Datei neben dem Film ist eine .srt.
export-captions-project = Wie das Projekt sagt
export-captions-burn = Im Bild
export-captions-mux = Als Spur
export-captions-sidecar = In eigener Datei daneben
export-captions-none = Keine
export-allow-proxies = { $n ->
    [one] Ein Original fehlt: seinen Proxy verwenden
   *[other] { $n } Originale fehlen: ihre Proxys verwenden
}
    .tip = Proxys sind klein: was aus ihnen exportiert wird, ist weniger scharf. Für volle Qualität die Originale neu verknüpfen.

## Timelines für andere Programme

export-timeline = Timeline exportieren
    .text = Zum Fertigstellen in einem anderen Programm. Die Liste sagt, was nicht so ankommt, wie es ist.
export-timeline-for = Für
export-timeline-generic = Ein anderes Programm
export-timeline-format = Format
export-timeline-otioz = OpenTimelineIO mit Medien
export-timeline-csv = Schnittliste
export-timeline-start = Timeline schreiben
export-timeline-whole = Alles kommt so an, wie es ist.
export-timeline-losses = { $lost } weggelassen, { $changed } verändert
export-timeline-lost = Weggelassen – { $what }
export-timeline-more = und { $n } weitere
export-timeline-import = Timeline importieren
    .text = Sie öffnet sich als eigenes Projekt. Was nicht übernommen werden konnte, wird gemeldet. Medien in ihrem Ordner werden angesehen, andere nur, wenn du es sagst.
export-timeline-all-media = Auch Medien außerhalb ihres Ordners ansehen
export-timeline-read = Timeline lesen
