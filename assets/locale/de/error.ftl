# Was schiefgeht, in einer Zeile ohne Punkt: sie kann hinter einem Vorsatz stehen. `.hint`: was zu tun ist.

error-edit-not-there = { $what } ist nicht in der Sequenz
error-edit-not-in-project = { $what } ist nicht im Projekt
error-edit-id-in-use = die Nummer { $id } ist schon vergeben
    .hint = eine Nummer über allen Nummern des Projekts wählen
error-edit-twice = { $what } ist in einem Befehl zweimal genannt
error-edit-locked = die Spur „{ $track }“ ist gesperrt
    .hint = die Spur in ihrem Kopf entsperren
error-edit-wrong-kind = „{ $clip }“ hat { $wanted ->
    [picture] kein Bild
   *[sound] keinen Ton
 } und kann nicht auf die Spur „{ $track }“
    .hint = Bilder gehören auf Videospuren, Ton auf Audiospuren
error-edit-overlap = „{ $clip }“ würde „{ $other }“ überlappen
    .hint = erst Platz schaffen, oder mit Überschreiben oder Einfügen platzieren
error-edit-caption-there = wo „{ $text }“ stehen soll, steht schon ein Untertitel
    .hint = erst einen der beiden verschieben oder kürzen
error-edit-outside-media = „{ $clip }“ würde über sein Medium hinausreichen
    .hint = weniger trimmen oder verlangsamen
error-edit-outside-clip = Bild { $frame } liegt nicht in „{ $clip }“
error-edit-before-start = „{ $clip }“ würde vor der Timeline beginnen
error-edit-too-long = „{ $clip }“ würde hinter der längsten möglichen Timeline enden
error-edit-not-a-cut = „{ $left }“ und „{ $right }“ treffen sich nicht an einem Schnitt
    .hint = ein Übergang braucht zwei Clips nebeneinander auf einer Spur
error-edit-transition-there = nach „{ $left }“ gibt es schon einen Übergang
error-edit-empty-transition = ein Übergang braucht mindestens ein Bild und keines unter null
error-edit-no-handles = der Übergang braucht { $needed } Bilder von „{ $clip }“ hinter dem Schnitt, vorhanden sind { $available }
    .hint = den Übergang verkürzen oder den Clip so trimmen, dass hinter dem Schnitt Material bleibt
error-edit-transition-too-long = der Übergang ist länger, als „{ $clip }“ Platz hat
    .hint = den Übergang verkürzen
error-edit-media-in-use = „{ $media }“ wird von „{ $clip }“ verwendet
    .hint = erst die Clips davon löschen
error-edit-wrong-content = „{ $clip }“ ist { $wanted ->
    [title] kein Titel
    [colour] keine Farbe
   *[media] kein Medium
 }
error-edit-empty-range = Bild { $from } bis { $to } sind kein Stück der Timeline
error-edit-no-gap = bei Bild { $frame } ist keine Lücke
error-edit-ends-apart = das Ende von „{ $clip }“ liegt nicht beim selben Bild wie die anderen oder auf derselben Spur
error-edit-no-cut = auf „{ $clip }“ folgt kein Clip an einem Schnitt
error-edit-shows-itself = „{ $clip }“ würde die Sequenz zeigen, in der er liegt
error-edit-sequence-in-use = die Sequenz „{ $sequence }“ wird von „{ $clip }“ gezeigt
    .hint = erst die Clips löschen, die sie zeigen
error-edit-no-folder = „{ $folder }“ ist kein Ordner der Medienablage
error-edit-folder-there = es gibt schon einen Ordner „{ $folder }“
error-edit-nothing = nichts ist ausgewählt
error-edit-no-place = unter { $tracks } Spuren gibt es keinen Platz { $index }
error-edit-no-ids = über den vergebenen Nummern ist keine mehr frei
error-edit-invalid = { $problem }

error-media-init = GStreamer konnte nicht gestartet werden: { $reason }
    .hint = GStreamer 1.22 oder neuer installieren (Debian: gstreamer1.0-plugins-base)
error-media-not-found = die Datei gibt es nicht: { $path }
    .hint = den Pfad prüfen; eine verschobene Datei lässt sich neu verknüpfen
error-media-unreadable = die Datei lässt sich nicht öffnen ({ $reason }): { $path }
    .hint = prüfen, ob die Datei gelesen werden darf
error-media-empty = die Datei ist leer: { $path }
    .hint = die Datei noch einmal kopieren oder herunterladen
error-media-not-media = { $found }, kein Video, Ton oder Bild: { $path }
    .hint = eine Video-, Ton- oder Bilddatei wählen (mp4, mov, mkv, webm, avi, wav, mp3, flac, ogg, png, jpg, webp)
error-media-damaged = die Datei ist beschädigt oder unvollständig ({ $reason }): { $path }
    .hint = die Datei noch einmal kopieren oder herunterladen; eine abgebrochene Aufnahme braucht womöglich ein Reparaturprogramm
error-media-no-video = die Datei hat kein Bild: { $path }
    .hint = die Datei auf einer Audiospur verwenden
error-media-no-audio = die Datei hat keinen Ton: { $path }
    .hint = die Datei auf einer Videospur verwenden
error-media-no-decoder = für { $codec } ist kein Decoder installiert: { $path }
    .hint = die Datei in einen anderen Codec umwandeln, zum Beispiel mit ffmpeg
error-media-install = das Paket { $package } installieren
error-media-decode = das Decodieren ist fehlgeschlagen ({ $reason }): { $path }
    .hint = die Datei ist womöglich beschädigt; in einem anderen Programm abspielen
error-media-stalled = das Lesen hat { $secs } s lang nicht geantwortet ({ $doing }): { $path }
    .hint = noch einmal versuchen; geschieht es jedes Mal, ist die Datei oder ihr Datenträger beschädigt
error-media-too-large = ein Bild von { $width }×{ $height } ist zu groß: { $path }
    .hint = das Bild erst verkleinern
error-media-probe-died = die Datei ließ sich nicht untersuchen ({ $reason }): { $path }
    .hint = die Datei hat ihren Decoder abstürzen oder endlos laufen lassen; erst umwandeln, zum Beispiel mit ffmpeg
error-media-cancelled = abgebrochen
error-media-output = kein Tonausgang ließ sich öffnen: { $reason }
    .hint = gstreamer1.0-plugins-base installieren
error-media-unwritable = die Datei lässt sich nicht schreiben: { $reason }: { $path }
    .hint = einen anderen Ordner wählen oder dort das Schreiben erlauben
error-media-busy = ein anderer Export schreibt diese Datei: { $path }
    .hint = warten, bis er fertig ist, oder einen anderen Namen wählen
error-media-disk-full = der Datenträger ist voll: { $path }
    .hint = Platz schaffen oder einen anderen Datenträger wählen; es ist nichts zurückgeblieben
error-media-no-space = etwa { $needed } werden gebraucht und { $free } sind frei: { $path }
    .hint = Platz schaffen oder einen anderen Datenträger wählen; es ist nichts zurückgeblieben
error-media-no-room = für den Rest von { $path } ist kein Platz: etwa { $needed } werden noch gebraucht und { $free } sind frei in { $folder }
    .hint = dort Platz schaffen oder den Cache leeren (Einstellungen oder montage-ai jobs cache --clear), dann erneut versuchen
error-media-no-encoder = für { $codec } ist kein Encoder installiert
    .hint = { $package } installieren oder eine andere Vorgabe wählen
error-media-mismatch = { $what } kann nicht in { $container }-Dateien geschrieben werden
    .hint = einen anderen Container oder Codec wählen
error-media-encoder-failed = der Encoder ist gescheitert: { $reason }
    .hint = eine andere Vorgabe oder den Software-Encoder versuchen
error-media-encoder-stalled = der Encoder ist { $secs } Sekunden lang nicht vorangekommen
    .hint = eine andere Vorgabe oder den Software-Encoder versuchen
error-media-probe = { $message }
error-media-bad-input = { $what }

error-export-empty = die Timeline ist leer
    .hint = einen Clip auf die Timeline legen oder einen anderen Bereich wählen
error-export-bad-range = der Bereich { $from } bis { $to } enthält kein Bild der Timeline
    .hint = einen Clip auf die Timeline legen oder einen anderen Bereich wählen
error-export-broken = das Projekt selbst ist beschädigt: { $problem }
    .hint = den letzten Schritt zurücknehmen oder eine frühere Version des Projekts öffnen
error-export-over-input = der Export würde eine Datei überschreiben, die der Film verwendet: { $path }
    .hint = einen anderen Namen wählen
error-export-offline = { $n ->
    [one] eine Datei des Films fehlt: { $files }
   *[other] { $n } Dateien des Films fehlen: { $files }
 }
    .hint = die Dateien zurückholen oder neu verknüpfen, oder ihre Clips entfernen
error-export-not-steadied = nicht stabilisiert, denn die Bewegung der Kamera wurde nicht analysiert: { $clip }
error-export-from-proxy = aus dem Proxy exportiert, weil das Original fehlt: { $path }
error-export-no-sound = der Film hat keinen Ton zum Exportieren
    .hint = einen Clip auf eine Audiospur legen oder eine Vorgabe mit Bildern wählen
error-export-no-text-track = eine { $container }-Datei hat keine Spur für Untertitel
    .hint = MP4, MOV oder Matroska wählen, oder Untertitel in eigener Datei
error-export-too-long-for-wav = der Ton ist länger, als eine WAV-Datei fasst (4 GiB)
    .hint = FLAC wählen, das keine solche Grenze hat, oder einen kürzeren Bereich exportieren
error-export-render = Bild { $frame } konnte nicht gezeichnet werden: { $reason }
    .hint = den Prozessor statt der Grafikkarte versuchen (--cpu)
error-export-cancelled = der Export wurde abgebrochen
error-export-stopped = der Export ist unerwartet stehen geblieben: { $reason }
    .hint = das ist ein Fehler im Programm: bitte mit dem Protokoll melden
error-export-media = { $message }

error-store-read = lässt sich nicht öffnen: { $reason }: { $path }
    .hint = die Rechte der Datei prüfen
error-store-check-path = den Pfad prüfen
error-store-write = lässt sich nicht sichern: { $reason }: { $path }
    .hint = in einen anderen Ordner sichern
error-store-free-space = Platz schaffen oder auf einen anderen Datenträger sichern
error-store-not-text = keine Textdatei (Zeile { $line }, Spalte { $column }): { $path }
    .hint = ein Projekt ist eine Textdatei in RON; die Stelle reparieren oder zu einer früheren Kopie zurückgehen
error-store-malformed = Zeile { $line }, Spalte { $column }: { $what }: { $path }
    .hint = ein Projekt ist eine Textdatei in RON; die Stelle reparieren oder zu einer früheren Kopie zurückgehen
error-store-newer = von einer neueren Version von Montage AI (Dateiversion { $version }, dieses Programm liest bis { $known }): { $path }
    .hint = Montage AI aktualisieren
error-store-unknown-version = eine Dateiversion { $version } gab es nie: { $path }
    .hint = zu einer früheren Kopie zurückgehen oder in einem Texteditor reparieren
error-store-unsound = das Projekt ist beschädigt: { $problems }{ $further ->
    [0] { "" }
   *[other] ; und { $further } weitere
 }: { $path }
    .hint = zu einer früheren Kopie zurückgehen oder in einem Texteditor reparieren
error-store-unwritable = das Dokument lässt sich nicht als Text schreiben: { $what }
error-store-io-not-found = keine solche Datei, kein solcher Ordner
error-store-io-permission = keine Berechtigung
error-store-io-full = der Datenträger ist voll
error-store-io-folder = es ist ein Ordner
error-store-io-read-only = das Dateisystem lässt sich nur lesen

error-render-lost = die Grafikkarte antwortet nicht mehr
    .hint = das Programm neu starten; --cpu zeichnet auf dem Prozessor
error-render-no-adapter = keine Grafikkarte wurde gefunden
    .hint = einen Vulkan-Treiber installieren (Debian: mesa-vulkan-drivers) oder mit --cpu auf dem Prozessor zeichnen
error-render-too-large = ein Bild von { $width }×{ $height } ist größer, als diese Grafikkarte fasst
    .hint = eine kleinere Sequenzgröße wählen
error-render-no-such-adapter = keine Grafikkarte heißt { $name }
    .hint = `montage-ai doctor` nennt die Grafikkarten
error-render-device = { $reason }
    .hint = mit --cpu auf dem Prozessor zeichnen

## Proxys

error-proxy-no-picture = ein Proxy entsteht aus einem Bild, und diese Datei hat keines: { $path }
error-proxy-still = ein Standbild braucht keinen Proxy: { $path }
error-proxy-transparent = ein Proxy verlöre die Durchsichtigkeit dieses Films: { $path }
    .hint = er wird aus dem Original gezeigt
error-proxy-media = kein Proxy entstanden: { $message }
error-proxy-convert = die Bilder ließen sich nicht verkleinern: { $reason }
error-proxy-thread = der Rechner gibt keinen weiteren Thread her: { $reason }
error-proxy-ran-dry = der Film hat weniger Bilder, als er sagt; kein Proxy entstanden
error-proxy-cancelled = abgebrochen; kein Proxy entstanden

## Netze

error-ml-unreadable = die Gewichte lassen sich nicht lesen ({ $reason }): { $path }
error-ml-not-weights = das ist keine Datei mit Gewichten: { $path }
    .hint = gelesen werden .pth, .safetensors, ncnns .param mit seiner .bin und Burns .bpk
error-ml-code = diese Datei würde Code ausführen ({ $name }) und wird abgelehnt: { $path }
    .hint = die Gewichte von dort holen, wo sie veröffentlicht wurden, oder als .safetensors
error-ml-damaged = die Gewichte sind beschädigt ({ $reason }): { $path }
    .hint = die Datei noch einmal holen
error-ml-missing = den Gewichten fehlt { $key }: { $path }
error-ml-shape = { $key } ist { $found } und sollte { $wanted } sein: { $path }
error-ml-not-finite = { $key } enthält Zahlen, die keine sind: { $path }
    .hint = die Datei noch einmal holen
error-ml-unknown = die Gewichte gehören zu einem unbekannten Netz ({ $key }): { $path }
    .hint = bekannt sind SRVGGNetCompact und RRDBNet, die Netze von Real-ESRGAN
error-ml-no-twin = das Modell und sein Zwilling passen nicht zusammen ({ $key }): { $path }
error-ml-no-model = es gibt kein Modell { $name }
    .hint = `montage-ai models list` zeigt die Namen
error-ml-not-here = das Modell { $name } ist nicht auf diesem Rechner
    .hint = `montage-ai models pull { $name }` holt es
error-ml-no-strength = beim Modell { $name } lässt sich die Stärke gegen Rauschen nicht einstellen
    .hint = bei realesr-general-x4v3 geht es
error-ml-download = das Modell ließ sich nicht holen ({ $reason }): { $url }
    .hint = noch einmal holen: es geht weiter, wo es aufhörte; oder anderswo holen und --from ORDNER verwenden
error-ml-wrong-sum = { $file } ist nicht die Datei, die sie sein sollte: ihre SHA-256 ist { $found } und sollte { $wanted } sein
    .hint = es wurde nichts davon behalten; von anderswo holen
error-ml-unwritable = das Modell lässt sich nicht schreiben ({ $reason }): { $path }
error-ml-size = ein Bild von { $width }×{ $height } lässt sich nicht vergrößern
error-ml-memory = die Grafikkarte hat nicht einmal für die kleinste Kachel Speicher
    .hint = mit --cpu auf dem Prozessor rechnen
error-ml-device = die Grafikkarte hat versagt: { $reason }
    .hint = mit --cpu auf dem Prozessor rechnen
error-ml-cancelled = abgebrochen; es entstand kein Bild

## Bilder vergrößern

error-upscale-no-picture = in dieser Datei ist kein Bild, das sich vergrößern ließe: { $path }
error-upscale-transparent = dieser Film ist teilweise durchsichtig, und ein größerer könnte es nicht sein: { $path }
    .hint = als PNG-Dateien exportieren und diese vergrößern
error-upscale-too-large = das Ergebnis hätte { $width }×{ $height } Bildpunkte; je Seite sind { $most } das Höchste
    .hint = einen kleineren Faktor wählen
error-upscale-too-large-to-view = Bilder von { $width }×{ $height } werden im Monitor nicht hochskaliert
error-upscale-empty-range = von { $from } bis { $to } ist kein Bild; der Film hat { $frames }
    .hint = Bilder zählen ab 0, und das letzte eines Bereichs gehört nicht dazu
error-upscale-still-range = ein Einzelbild hat keinen In- und Out-Punkt: { $path }
error-upscale-media = nichts wurde vergrößert: { $message }
error-upscale-ran-dry = der Film hat weniger Bilder, als er angibt, und nichts wurde vergrößert
error-upscale-cancelled = abgebrochen; nichts wurde vergrößert
error-upscale-extension = unter so einem Namen wird nichts geschrieben: { $path }
    .hint = aus einem Bild wird .png, .jpg oder .webp; aus einem Film .mp4, .mov, .mkv oder .webm

error-steady-no-picture = Wackeln misst man an einem Bild, und diese Datei hat keines: { $path }
error-steady-still = ein Standbild wackelt nicht: { $path }
error-steady-media = die Bewegung der Kamera wurde nicht gemessen: { $message }
error-steady-thread = der Rechner gibt keinen weiteren Thread her: { $reason }
error-steady-cancelled = abgebrochen; die Bewegung der Kamera wurde nicht gemessen
error-speech-no-engine = auf diesem Rechner ist kein Sprachmodell, und es ist keine Spracherkennung eingerichtet
    .hint = `montage-ai models pull { $model }` holt eines, das zu diesem Rechner passt; oder MONTAGE_AI_SPEECH_URL auf einen Server mit der Schnittstelle von OpenAI setzen, etwa http://127.0.0.1:8000/v1; oder ein Transkript importieren (.srt, .vtt, .json)
error-speech-no-model = das Sprachmodell { $name } ist nicht auf diesem Rechner
    .hint = `montage-ai models pull { $name }` holt es, wenn es in `montage-ai models list` steht; auch der Pfad einer ggml-Datei von Whisper geht
error-speech-processor = dieser Prozessor kann keine Sprache erkennen: ihm fehlt { $lacks }
    .hint = eine Spracherkennung anderswo verwenden: MONTAGE_AI_SPEECH_URL setzen
error-speech-model = das Sprachmodell lässt sich nicht verwenden ({ $reason }): { $path }
    .hint = es mit `montage-ai models pull` noch einmal holen; gelesen werden ggml-Dateien von Whisper
error-speech-engine = die Spracherkennung hat versagt: { $reason }
    .hint = ein kleineres Modell braucht weniger Speicher
error-speech-language = die Spracherkennung kennt keine Sprache { $code }
    .hint = einen Code wie de schreiben, oder auto
error-speech-english-only = dieses Modell kann nur Englisch, nicht { $code }
    .hint = ein Modell ohne .en im Namen nehmen
error-speech-address = die Adresse der Spracherkennung lässt sich nicht verwenden ({ $reason }): { $url }
    .hint = MONTAGE_AI_SPEECH_URL auf eine Adresse wie http://127.0.0.1:8000/v1 setzen
error-speech-unreachable = die Spracherkennung antwortet nicht ({ $reason }): { $url }
    .hint = sie starten, oder prüfen, ob die Adresse stimmt
error-speech-slow = die Spracherkennung brauchte länger als { $secs } s: { $url }
    .hint = ein kleineres Modell ist schneller
error-speech-refused = die Spracherkennung hat abgelehnt ({ $status } { $reason }): { $url }
    .hint = prüfen, ob das Modell da ist und der Schlüssel in MONTAGE_AI_SPEECH_KEY stimmt
error-speech-nonsense = die Antwort der Spracherkennung ist kein Transkript ({ $reason }): { $url }
    .hint = sie muss POST /audio/transcriptions mit response_format=verbose_json verstehen
error-speech-cancelled = die Erkennung wurde abgebrochen
error-speech-not-kept = die Wörter konnten nicht behalten werden ({ $reason }): { $path }
    .hint = auf dieser Platte Platz schaffen; `montage-ai jobs cache --clear` entfernt, was sich neu machen lässt
error-speech-no-sound = es ist kein Ton darin: { $path }
    .hint = eine Datei mit Sprache wählen
