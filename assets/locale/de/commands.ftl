# Wie Befehle in Menüs, auf Knöpfen, in der Befehlspalette und der Tastenübersicht heißen; `.tip` sagt in einem Satz, was sie tun.
# Ein Schlüssel ist `command-` und der Name der CommandId mit Bindestrichen.

## Datei

command-new = Neues Projekt
    .tip = Ein leeres Projekt beginnen
command-open = Öffnen …
    .tip = Eine Projektdatei öffnen
command-import = Medien importieren …
    .tip = Video, Ton und Bilder ins Projekt holen
command-import-folder = Ordner importieren …
    .tip = Alle Medien eines Ordners ins Projekt holen, in einen Ordner seines Namens
command-new-folder = Neuer Ordner
    .tip = Einen Ordner im Medienpool anlegen
command-relink-missing = Fehlende Medien neu verknüpfen …
    .tip = Alle fehlenden Dateien nach Name und Größe in einem Ordner suchen
command-remove-unused = Unbenutzte Medien entfernen
    .tip = Aus dem Projekt nehmen, was kein Clip benutzt
command-save = Speichern
    .tip = Das Projekt speichern
command-save-as = Speichern unter …
    .tip = Das Projekt unter einem anderen Namen speichern
command-export = Exportieren …
    .tip = Den fertigen Film schreiben
command-quit = Beenden
    .tip = Das Programm schließen

## Bearbeiten

command-undo = Rückgängig
    .tip = Die letzte Änderung zurücknehmen
command-redo = Wiederherstellen
    .tip = Die Änderung erneut ausführen
command-delete = Löschen
    .tip = Die Auswahl entfernen und eine Lücke lassen
command-ripple-delete = Löschen und Lücke schließen
    .tip = Die ausgewählten Clips entfernen und die Lücke schließen
command-select-all = Alles auswählen
    .tip = Alle Clips auswählen
command-select-none = Auswahl aufheben
    .tip = Nichts mehr auswählen
command-find-media = Medien suchen
    .tip = Den Medienpool durchsuchen

command-settings = Einstellungen …
    .title = Einstellungen
    .tip = Sprache, Aussehen, Tasten und wie sich das Programm verhält

## Clip

command-split = An der Abspielposition schneiden
    .tip = Die ausgewählten Clips, sonst alle, an der Abspielposition schneiden
command-trim-start = Anfang bis zur Abspielposition trimmen
    .tip = Der Clip an der Abspielposition beginnt hier
command-trim-end = Ende bis zur Abspielposition trimmen
    .tip = Der Clip an der Abspielposition endet hier
command-dissolve = Überblendung hinzufügen
    .tip = Am nächstgelegenen Schnitt von einem Clip in den anderen überblenden
command-title = Titel hinzufügen
    .tip = Einen Titel an der Abspielposition über das Bild legen
command-append = Ausgewählte Medien anhängen
    .tip = Die ausgewählten Medien ans Ende der Timeline setzen
command-toggle-enabled = Clip ein- oder ausschalten
    .tip = Ein ausgeschalteter Clip ist weder zu sehen noch zu hören
command-link = Verknüpfen oder trennen
    .tip = Verknüpfte Clips werden gemeinsam ausgewählt und verschoben

## Timeline

command-select-tool = Auswahlwerkzeug
    .tip = Clips auswählen, verschieben und trimmen
command-razor-tool = Rasierklinge
    .tip = Auf einen Clip klicken, um ihn dort zu schneiden
command-snapping = Einrasten
    .tip = Bewegtes rastet an Schnitten, Markern und der Abspielposition ein (Alt kehrt es um)
command-add-marker = Marker hinzufügen
    .tip = Das Bild an der Abspielposition markieren
command-mark-in = In-Punkt setzen
    .tip = Der Exportbereich beginnt an der Abspielposition
command-mark-out = Out-Punkt setzen
    .tip = Der Exportbereich endet nach der Abspielposition
command-clear-marks = In und Out löschen
    .tip = Wieder die ganze Timeline exportieren
command-add-video-track = Videospur hinzufügen
    .tip = Eine neue Spur über den anderen
command-add-audio-track = Audiospur hinzufügen
    .tip = Eine neue Spur unter den anderen
command-remove-empty-tracks = Leere Spuren entfernen
    .tip = Mindestens eine Video- und eine Audiospur bleiben
command-zoom-in = Einzoomen
    .tip = Zeit genauer sehen
command-zoom-out = Auszoomen
    .tip = Mehr Zeit sehen
command-zoom-fit = Ganze Timeline zeigen
    .tip = Die Timeline in die Breite einpassen

## Wiedergabe

command-play-pause = Wiedergabe oder Pause
    .tip = Ab der Abspielposition abspielen oder dort anhalten
command-shuttle-forward = Vorwärts abspielen
    .tip = Nochmals: doppelt so schnell, bis 8×. Bei gehaltenem K: ein Bild, oder langsam, solange die Taste gedrückt ist
command-pause = Pause
    .tip = An der Abspielposition anhalten
command-shuttle-back = Rückwärts abspielen
    .tip = Nochmals: doppelt so schnell, bis 8×. Bei gehaltenem K: ein Bild, oder langsam, solange die Taste gedrückt ist
command-back-second = Eine Sekunde zurück
    .tip = Die Abspielposition eine Sekunde zurücksetzen
command-step-back = Ein Bild zurück
    .tip = Die Abspielposition ein Bild zurücksetzen
command-step-forward = Ein Bild vor
    .tip = Die Abspielposition ein Bild vorsetzen
command-step-back-far = Zehn Bilder zurück
    .tip = Die Abspielposition zehn Bilder zurücksetzen
command-step-forward-far = Zehn Bilder vor
    .tip = Die Abspielposition zehn Bilder vorsetzen
command-go-to-start = Zum Anfang
    .tip = Die Abspielposition auf das erste Bild setzen
command-go-to-end = Zum Ende
    .tip = Die Abspielposition auf das letzte Bild setzen
command-previous-cut = Vorheriger Schnitt
    .tip = Die Abspielposition auf den Schnitt davor setzen
command-next-cut = Nächster Schnitt
    .tip = Die Abspielposition auf den nächsten Schnitt setzen

## Ansicht

command-quality-auto = Viewer-Qualität: automatisch
    .tip = Voll im Standbild, bei der Wiedergabe so fein, wie es flüssig bleibt
command-quality-full = Viewer-Qualität: voll
    .tip = Jedes Pixel der Sequenz
command-quality-half = Viewer-Qualität: halb
    .tip = Halbe Breite und Höhe: schneller, etwas weicher
command-quality-quarter = Viewer-Qualität: viertel
    .tip = Ein Viertel der Breite und Höhe: am schnellsten
command-media-panel = Medien
    .tip = Die Medien ein- oder ausblenden
command-program-panel = Programm
    .tip = Den Programm-Viewer ein- oder ausblenden
command-timeline-panel = Timeline
    .tip = Die Timeline ein- oder ausblenden
command-inspector-panel = Inspektor
    .tip = Den Inspektor ein- oder ausblenden
command-maximise-panel = Bedienfeld maximieren
    .tip = Dem Bedienfeld unter dem Mauszeiger den ganzen Platz geben oder ihn zurücknehmen
command-reset-layout = Anordnung zurücksetzen
    .tip = Alle Bedienfelder wie am Anfang anordnen
command-fullscreen-viewer = Viewer im Vollbild
    .tip = Das Bild über den ganzen Bildschirm ziehen; Esc beendet es
command-switch-theme = Hell oder dunkel
    .tip = Zwischen hellem und dunklem Fenster wechseln
command-fullscreen = Vollbild
    .tip = Das Fenster über den ganzen Bildschirm ziehen
command-larger-text = Größere Schrift
    .tip = Schrift und Bedienelemente größer darstellen
command-smaller-text = Kleinere Schrift
    .tip = Schrift und Bedienelemente kleiner darstellen
command-usual-text = Übliche Schriftgröße
    .tip = Schrift und Bedienelemente so groß darstellen, wie der Bildschirm es vorgibt
command-palette = Befehlspalette …
    .tip = Jeden Befehl mit wenigen Buchstaben finden und ausführen
command-edit-shortcuts = Tastenbelegung anpassen …
    .title = Tastenbelegung
    .tip = Tasten ändern oder die eines anderen Schnittprogramms nehmen
command-shortcuts = Tastaturbefehle
    .tip = Alle Tasten auf einen Blick

## Monitore

command-scrub-sound = Ton beim Scrubben
    .tip = Beim Scrubben und Bild für Bild kurze Stücke des Tons hören
command-loop-playback = Wiedergabe wiederholen
    .tip = Den markierten Bereich oder alles in einer Schleife wiedergeben
command-switch-viewer = Monitor wechseln
    .tip = Tasten wirken im anderen Monitor
command-open-in-source = Im Quellmonitor öffnen
    .tip = Gewähltes Medium oder gewählten Clip im Quellmonitor zeigen
command-match-frame = Frame abgleichen
    .tip = Den Frame am Abspielkopf im Quellmonitor zeigen
command-close-source = Quellmonitor schließen
    .tip = Die Quelle aus dem Monitor nehmen
command-insert-source = Quelle einfügen
    .tip = Das markierte Stück am Abspielkopf einfügen, alles Weitere rückt nach hinten
command-overwrite-source = Mit Quelle überschreiben
    .tip = Das markierte Stück über das am Abspielkopf legen
command-replace-source = Durch Quelle ersetzen
    .tip = Die Quelle an die Stelle des gewählten Clips setzen
command-append-source = Quelle anhängen
    .tip = Das markierte Stück ans Ende der Timeline setzen
command-source-panel = Quelle
    .tip = Quellmonitor ein- oder ausblenden
command-scopes-panel = Scopes
    .tip = Waveform, Vektorskop und Histogramm des Bildes
command-compare = Vergleichen
    .tip = Das Bild vor und nach den Effekten, mit Trennlinie
