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
shell-export = Exportieren
shell-project-saved = { $name } — gespeichert
shell-project-not-saved = { $name } — nicht gespeichert
shell-project-new = { $name } — neu

## Bedienfelder

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
shell-job-progress = Fortschritt des Auftrags

## Meldungen

shell-close-message = Meldung schließen

## Tastaturbefehle

shell-shortcuts = Tastaturbefehle
shell-close-shortcuts = Tastaturbefehle schließen

## Nicht gespeicherte Änderungen

shell-unsaved-question = Änderungen an { $name } speichern?
shell-unsaved-text = Sonst gehen sie verloren.
shell-unsaved-save = Speichern
shell-unsaved-discard = Nicht speichern

## Dateidialoge des Systems

shell-ask-open = Projekt öffnen
shell-ask-import = Medien importieren
shell-ask-save-as = Projekt speichern unter
shell-ask-output = Exportieren nach
shell-filter-project = Montage-Projekt
shell-filter-media = Medien
shell-filter-all = Alle Dateien
