# Der Rahmen des Fensters: Kopfzeile, Statuszeile, Meldungen, Dialoge, die zu keinem Bedienfeld gehören.

shell-untitled = Unbenannt
shell-this-project = das Projekt
shell-close = Schließen
shell-cancel = Abbrechen
shell-drop-to-import = Zum Importieren loslassen

## Kopfzeile

shell-menu-file = Datei
shell-menu-edit = Bearbeiten
shell-menu-clip = Clip
shell-menu-timeline = Timeline
shell-menu-playback = Wiedergabe
shell-menu-view = Ansicht
shell-menu-quality = Viewer-Qualität
shell-menu-panels = Bedienfelder
shell-menu-nudge = Schrittweise verschieben
shell-menu-source = Aus dem Quell-Viewer
shell-menu-tools = Werkzeuge
shell-menu-tracks = Spuren
shell-menu-zoom = Zoom
shell-menu-follow = Der Abspielposition folgen
shell-menu-go-to = Gehe zu
shell-export = Exportieren
shell-project-saved = { $name } — gespeichert
shell-project-not-saved = { $name } — nicht gespeichert
shell-project-read-only = { $name } — schreibgeschützt
shell-project-new = { $name } — neu

## Bedienfelder

shell-recovery = Nicht gespeicherte Arbeit
    .text = Das Programm endete, ohne diese Änderungen zu speichern. Sie lassen sich wiederherstellen oder für später aufheben.
shell-recovery-never-saved = nie gespeichert
shell-recovery-facts =
    { $n ->
        [one] { $n } Änderung
       *[other] { $n } Änderungen
    } bis { $when }
shell-recovery-recover = Wiederherstellen
    .name = { $name } wiederherstellen
shell-recovery-discard = Änderungen an { $name } verwerfen
    .tip = Diese Änderungen endgültig wegwerfen
shell-recovery-later = Später
shell-versions = Frühere Versionen
    .text = Jedes Speichern behält den Stand davor, in einem verborgenen Ordner neben dem Projekt. Die letzten zehn bleiben.
shell-versions-none = Es gibt noch keine frühere Version.
shell-versions-kilobytes = { $n } kB
shell-versions-open = Öffnen
    .name = Version von { $when } öffnen
shell-read-only = Schreibgeschützt
    .tip = Ein anderes Fenster hat dieses Projekt: Änderungen werden hier abgelehnt. „Speichern unter“ legt eine eigene Kopie an.

shell-close-panel = Bedienfeld schließen
shell-restore-panels = Alle Bedienfelder zeigen

## Statuszeile

shell-renderer-tip = Womit die Bilder berechnet werden
shell-format-tip = Bildgröße und Bildrate der Sequenz
shell-selected-clips =
    { $n ->
        [one] { $n } Clip ausgewählt
       *[other] { $n } Clips ausgewählt
    }
shell-percent = { $n } %
shell-frames-per-second = { $rate } Bilder/s
shell-time-left = noch { $time }
shell-more-jobs = +{ $n } weitere
shell-cancel-job = Auftrag abbrechen
    .tip = Anhalten und das bereits Geschriebene entfernen
shell-exporting = { $name } wird exportiert
shell-job-progress = Fortschritt des Auftrags

## Aufträge

shell-no-jobs = Nichts läuft
    .tip = Exporte zeigen hier, wie weit sie sind.
shell-progress-of = Fortschritt von { $name }
shell-cancel-job-of = { $name } abbrechen
shell-reveal = { $name } im Ordner zeigen

## Verlauf

shell-history-start = Geöffnet

## Marker

shell-markers =
    { $n ->
        [one] { $n } Marker
       *[other] { $n } Marker
    }
shell-no-markers = Noch keine Marker
    .tip = M markiert das Bild an der Abspielposition.
shell-marker-name = Name des Markers bei { $time }
shell-marker-note = Notiz des Markers bei { $time }
shell-marker-no-name = Name
shell-marker-no-note = Notiz
shell-marker-color = Farbe des Markers bei { $time }
shell-marker-color-n = Farbe { $n }
shell-edit-marker = Marker bei { $time } bearbeiten
shell-delete-marker = Marker bei { $time } löschen

## Meldungen

shell-close-message = Meldung schließen

## Tastaturbefehle

shell-shortcuts = Tastaturbefehle
shell-close-shortcuts = Tastaturbefehle schließen

shell-customise-shortcuts = Anpassen …
shell-close-key-editor = Tastenbelegung schließen
shell-search-commands = Befehle suchen
shell-no-command-found = Kein Befehl passt dazu
shell-key-preset = Vorlage
shell-reset-keys = Alle zurücksetzen
    .tip = Die eigenen Tasten vergessen und die der Vorlage nehmen
shell-reset-key = { $command } zurücksetzen
shell-press-keys = neue Tasten drücken
shell-press-keys-hint = Esc lässt die Tasten, wie sie sind
shell-key-editor-hint = Einen Befehl anklicken und seine neuen Tasten drücken
shell-key-taken = { $key } gehört zu „{ $command }“
shell-take-key = Übernehmen
shell-palette-hint = Was möchten Sie tun?

## Namen der Tasten

shell-key-ctrl = Strg
shell-key-alt = Alt
shell-key-shift = Umschalt
shell-key-space = Leertaste
shell-key-enter = Eingabe
shell-key-delete = Entf
shell-key-backspace = Rücktaste
shell-key-home = Pos1
shell-key-end = Ende
shell-key-page-up = Bild auf
shell-key-page-down = Bild ab
shell-key-insert = Einfg

## Das Angebot von Proxys

shell-offer-heavy = { $n ->
    [one] Ein Film ist schwer zu schneiden. Einen Proxy erstellen?
   *[other] { $n } Filme sind schwer zu schneiden. Proxys erstellen?
}
shell-offer-stale = { $n ->
    [one] Ein Film hat sich geändert. Seinen Proxy neu erstellen?
   *[other] { $n } Filme haben sich geändert. Ihre Proxys neu erstellen?
}
shell-offer-make = Proxys erstellen
shell-offer-not-now = Jetzt nicht

## Fehlende Dateien wiedergefunden

shell-relink = Fehlende Medien neu verknüpfen
shell-relink-searching = { $folder } wird durchsucht
shell-relink-none = Keine der fehlenden Dateien fand sich in { $folder }
shell-relink-found = { $n } von { $all } fehlenden Dateien in { $folder } gefunden
shell-relink-link = { $n ->
    [one] Eine Datei verknüpfen
   *[other] { $n } Dateien verknüpfen
}
shell-relink-elsewhere = Woanders suchen …
shell-relink-missing = Fehlen weiterhin  { $n }
shell-relink-other-content = Eine Datei dieses Namens ist da, hat aber anderen Inhalt
shell-relink-more = und { $n } weitere
shell-relink-by-content = gleicher Inhalt
shell-relink-by-size = gleicher Name und gleiche Größe, Inhalt nicht bekannt
shell-relink-by-name = gleicher Name, mehr ist nicht bekannt

## Nicht gespeicherte Änderungen

shell-unsaved-question = Änderungen an { $name } speichern?
shell-unsaved-text = Sonst gehen sie verloren.
shell-unsaved-save = Speichern
shell-unsaved-discard = Nicht speichern

## Einstellungen

shell-close-settings = Einstellungen schließen
shell-settings-general = Allgemein
shell-settings-storage = Proxys und Speicherplatz
shell-settings-speech = Spracherkennung
shell-speech-engine = Sprache erkennt
shell-speech-here = Dieser Rechner
shell-speech-server = Ein Server
shell-speech-model = Modell
    .tip = Modelle kommen einmal über HTTPS von Hugging Face und werden an ihren Prüfsummen geprüft. Was gesagt wird, verlässt diesen Rechner nie.
shell-speech-best = Das beste, das da ist
shell-speech-address = Adresse
    .tip = Ein Server mit der Schnittstelle von OpenAI, etwa der von whisper.cpp. Was gesagt wird, geht dorthin. Ein Schlüssel wird aus MONTAGE_AI_SPEECH_KEY gelesen.
shell-speech-models = Modelle
shell-speech-installed = da
shell-speech-fetch = Holen
shell-speech-fetch-of = { $name } holen
shell-speech-advised = passt zu diesem Rechner
shell-storage = Speicherplatz
shell-storage-budget = Platz für alles, was neu entstehen kann
    .tip = Proxys, vergrößerte und beruhigte Filme und Messungen. Darüber hinaus geht zuerst, was am längsten unbenutzt ist; was ein offenes Projekt braucht, bleibt.
shell-storage-folder = Ordner
shell-storage-show = Zeigen
shell-storage-measuring = Der Ordner wird angesehen
shell-storage-used = { $used } von { $budget } belegt, { $free } auf dem Datenträger frei
shell-storage-files = { $n ->
    [one] 1 Datei
   *[other] { $n } Dateien
}
shell-storage-kind-proxies = Proxys
shell-storage-kind-upscaled = Vergrößerte Filme
shell-storage-kind-stabilized = Beruhigte Filme
shell-storage-kind-analysis = Analysen
shell-storage-kind-peaks = Wellenformen
shell-storage-kind-thumbnails = Vorschaubilder
shell-storage-kind-work = Unfertige Aufträge
shell-storage-clear = Leeren
    .tip = Leeren entfernt, was gerade nicht gebraucht wird. Es entsteht neu, wenn es wieder verlangt wird; Projekte und Originale bleiben unberührt.
shell-settings-looks = Aussehen
shell-settings-language = Sprache
shell-as-desktop = Wie das System ({ $name })
shell-settings-theme = Erscheinungsbild
shell-theme-dark = Dunkel
shell-theme-light = Hell
shell-theme-system = Wie das System
shell-settings-scale = Größe von Schrift und Bedienelementen
shell-settings-keyboard = Tastatur
shell-settings-playback = Wiedergabe
shell-settings-quality = Viewer-Qualität
shell-quality-auto = Automatisch
shell-quality-full = Voll
shell-quality-half = Halb
shell-quality-quarter = Viertel
shell-settings-proxies = Proxys
shell-settings-use-proxies = Proxys zeigen, wo es welche gibt
shell-settings-proxy-policy = Für schwere Filme, die hereinkommen
    .tip = Schwer ist 4K oder mehr, HEVC oder AV1 über 1080p, mehr als 2 s zwischen Schlüsselbildern über 1080p und mehr als 100 Mbit/s. Ein Export nimmt immer die Originale.
shell-proxy-policy-never = Keine erstellen
shell-proxy-policy-ask = Proxys anbieten
shell-proxy-policy-automatic = Proxys erstellen
shell-settings-proxy-codec = Format neuer Proxys
shell-proxy-codec-mjpeg = MJPEG (am schnellsten)
shell-proxy-codec-h264 = H.264 (am kleinsten)
shell-settings-scrub-sound = Ton beim Scrubben
shell-settings-cache = Speicher für fertige Bilder
    .tip = Was einmal zu sehen war, ist sofort wieder da, soweit der Speicher reicht.
shell-megabytes = { $n } MB
shell-gigabytes = { $n } GB
shell-settings-editing = Schnitt
shell-settings-snapping = Einrasten ist in einem neuen Fenster an
shell-settings-saving = Speichern
    .tip = Jede Änderung wird innerhalb einer Sekunde aufgezeichnet, auch vor dem Speichern: Nach einem Absturz öffnet sich das Projekt so, wie Sie es verlassen haben. Die letzten zehn gespeicherten Fassungen eines Projekts bleiben erhalten.

## Dateidialoge des Systems

shell-ask-open = Projekt öffnen
shell-ask-import = Medien importieren
shell-ask-import-folder = Ordner importieren
shell-ask-relink = Mit anderer Datei verknüpfen
shell-ask-relink-folder = Fehlende Dateien suchen in
shell-ask-save-as = Projekt speichern unter
shell-ask-output = Exportieren nach
shell-ask-captions = Untertitel importieren
shell-ask-captions-output = Untertitel exportieren nach
shell-filter-captions = Untertitel
shell-ask-timeline = Timeline importieren
shell-ask-timeline-output = Timeline exportieren nach
shell-filter-timeline = Timelines
shell-filter-project = Montage-Projekt
shell-filter-media = Medien
shell-filter-all = Alle Dateien
shell-no-dialog = Diese Oberfläche hat keinen Dateidialog
shell-no-dialog-hint = Installieren Sie zenity oder xdg-desktop-portal, ziehen Sie Dateien auf das Fenster, oder nennen Sie sie auf der Befehlszeile
shell-job-queued = Wartet, bis sie an der Reihe ist
shell-job-paused = Angehalten
shell-job-interrupted = Nicht fertig, als das Programm endete
shell-resume-job-of = { $name } wieder aufnehmen
shell-ask-transcript = Transkript öffnen
shell-ask-transcript-output = Transkript schreiben
shell-filter-transcript = Transkripte
