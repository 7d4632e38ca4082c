<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source> MiB</source>
        <translation> MiB</translation>
    </message>
    <message>
        <source> on grid {left},{top}</source>
        <translation> im Raster {left},{top}</translation>
    </message>
    <message>
        <source>&amp;100 %</source>
        <translation>&amp;100 %</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>Ü&amp;ber</translation>
    </message>
    <message>
        <source>&amp;Add files…</source>
        <translation>&amp;Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Erscheinungsbild</translation>
    </message>
    <message>
        <source>&amp;Assume it</source>
        <translation>&amp;Zugrunde legen</translation>
    </message>
    <message>
        <source>&amp;Bits</source>
        <translation>B&amp;its</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>&amp;Choose pictures…</source>
        <translation>Bilder wä&amp;hlen …</translation>
    </message>
    <message>
        <source>&amp;Clear finished files</source>
        <translation>Fe&amp;rtige Dateien entfernen</translation>
    </message>
    <message>
        <source>&amp;Clear this list</source>
        <translation>D&amp;iese Liste leeren</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>S&amp;chließen</translation>
    </message>
    <message>
        <source>&amp;Copy result</source>
        <translation>Ergebnis &amp;kopieren</translation>
    </message>
    <message>
        <source>&amp;Copy this crop as shown</source>
        <translation>Diesen Ausschnitt &amp;wie gezeigt kopieren</translation>
    </message>
    <message>
        <source>&amp;Correction</source>
        <translation>&amp;Korrektur</translation>
    </message>
    <message>
        <source>&amp;Delete preset</source>
        <translation>Voreinstellung &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>&amp;Gerät</translation>
    </message>
    <message>
        <source>&amp;Difference</source>
        <translation>Di&amp;fferenz</translation>
    </message>
    <message>
        <source>&amp;Download…</source>
        <translation>&amp;Herunterladen …</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Export contact sheet…</source>
        <translation>&amp;Kontaktbogen exportieren …</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>Einp&amp;assen</translation>
    </message>
    <message>
        <source>&amp;Fit all crops</source>
        <translation>Alle Ausschnitte &amp;einpassen</translation>
    </message>
    <message>
        <source>&amp;Folder…</source>
        <translation>&amp;Ordner …</translation>
    </message>
    <message>
        <source>&amp;Go to crop {number}</source>
        <translation>&amp;Zu Ausschnitt {number} gehen</translation>
    </message>
    <message>
        <source>&amp;Grid</source>
        <translation>&amp;Raster</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>&amp;Importieren …</translation>
    </message>
    <message>
        <source>&amp;Inspector…</source>
        <translation>&amp;Inspektor …</translation>
    </message>
    <message>
        <source>&amp;JPEG quality</source>
        <translation>&amp;JPEG-Qualität</translation>
    </message>
    <message>
        <source>&amp;Keep the file&apos;s date</source>
        <translation>Datum der Datei behalte&amp;n</translation>
    </message>
    <message>
        <source>&amp;Keys and mouse</source>
        <translation>&amp;Tasten und Maus</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Leave out &quot;{picture}&quot;</source>
        <translation>„{picture}“ weg&amp;lassen</translation>
    </message>
    <message>
        <source>&amp;Live preview</source>
        <translation>Live-&amp;Vorschau</translation>
    </message>
    <message>
        <source>&amp;Load settings from a restored file…</source>
        <translation>Einste&amp;llungen aus einer wiederhergestellten Datei laden …</translation>
    </message>
    <message>
        <source>&amp;Loupe</source>
        <translation>&amp;Lupe</translation>
    </message>
    <message>
        <source>&amp;Memory for results</source>
        <translation>S&amp;peicher für Ergebnisse</translation>
    </message>
    <message>
        <source>&amp;Metadata</source>
        <translation>&amp;Metadaten</translation>
    </message>
    <message>
        <source>&amp;Move up</source>
        <translation>Na&amp;ch oben</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Next step</source>
        <translation>&amp;Nächster Schritt</translation>
    </message>
    <message>
        <source>&amp;One picture</source>
        <translation>&amp;Ein Bild</translation>
    </message>
    <message>
        <source>&amp;Open with its result</source>
        <translation>&amp;Mit Ergebnis öffnen</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Ö&amp;ffnen …</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>E&amp;infügen</translation>
    </message>
    <message>
        <source>&amp;Pause the folder</source>
        <translation>&amp;Pause beim Ordner</translation>
    </message>
    <message>
        <source>&amp;Play the steps</source>
        <translation>S&amp;chritte abspielen</translation>
    </message>
    <message>
        <source>&amp;Preset</source>
        <translation>&amp;Voreinstellung</translation>
    </message>
    <message>
        <source>&amp;Processor cores</source>
        <translation>Prozessor&amp;kerne</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Redo: {change}</source>
        <translation>&amp;Wiederholen: {change}</translation>
    </message>
    <message>
        <source>&amp;Remove crop {number}</source>
        <translation>Ausschnitt {number} ent&amp;fernen</translation>
    </message>
    <message>
        <source>&amp;Remove…</source>
        <translation>&amp;Entfernen …</translation>
    </message>
    <message>
        <source>&amp;Reset all</source>
        <translation>Alles zu&amp;rücksetzen</translation>
    </message>
    <message>
        <source>&amp;Restore</source>
        <translation>&amp;Wiederherstellen</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>&amp;Lauf</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Speichern</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen …</translation>
    </message>
    <message>
        <source>&amp;Sharpness</source>
        <translation>Schär&amp;fe</translation>
    </message>
    <message>
        <source>&amp;Slider</source>
        <translation>&amp;Schieber</translation>
    </message>
    <message>
        <source>&amp;Start the folder</source>
        <translation>Ordner &amp;starten</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>&amp;Anhalten</translation>
    </message>
    <message>
        <source>&amp;Uncertain areas</source>
        <translation>Unsiche&amp;re Bereiche</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Undo: {change}</source>
        <translation>&amp;Rückgängig: {change}</translation>
    </message>
    <message>
        <source>&amp;Use</source>
        <translation>&amp;Verwenden</translation>
    </message>
    <message>
        <source>&amp;Use other settings for these</source>
        <translation>Andere &amp;Einstellungen für diese verwenden</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation>&amp;Prüfen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Watch a folder…</source>
        <translation>Ordner &amp;beobachten …</translation>
    </message>
    <message>
        <source>&amp;Yes</source>
        <translation>&amp;Ja</translation>
    </message>
    <message>
        <source>&amp;Zoom in</source>
        <translation>Vergr&amp;ößern</translation>
    </message>
    <message>
        <source>, shown turned</source>
        <translation>, gedreht gezeigt</translation>
    </message>
    <message>
        <source>. or .. is a part of it</source>
        <translation>. oder .. ist ein Teil davon</translation>
    </message>
    <message>
        <source>. or .. is a part of its key</source>
        <translation>. oder .. ist ein Teil des Schlüssels</translation>
    </message>
    <message>
        <source>0 where no sample was kept</source>
        <translation>0, wo keine Stichprobe aufbewahrt wurde</translation>
    </message>
    <message>
        <source>0,0 for a damaged file</source>
        <translation>0,0 bei einer beschädigten Datei</translation>
    </message>
    <message>
        <source>1 area stays as in the file</source>
        <translation>1 Bereich bleibt wie in der Datei</translation>
    </message>
    <message>
        <source>1 failed</source>
        <translation>1 fehlgeschlagen</translation>
    </message>
    <message>
        <source>1 file has a result made with other settings</source>
        <translation>1 Datei hat ein Ergebnis, das mit anderen Einstellungen gemacht ist</translation>
    </message>
    <message>
        <source>1 file is left; Resume continues with it.</source>
        <translation>1 Datei ist übrig; mit Fortsetzen geht es weiter.</translation>
    </message>
    <message>
        <source>1 file was found</source>
        <translation>1 Datei wurde gefunden</translation>
    </message>
    <message>
        <source>1 file, {size}</source>
        <translation>1 Datei, {size}</translation>
    </message>
    <message>
        <source>1 original is back in {folder}</source>
        <translation>1 Original in {folder} ist zurück</translation>
    </message>
    <message>
        <source>1 step</source>
        <translation>1 Schritt</translation>
    </message>
    <message>
        <source>1 to 100 on libjpeg&apos;s scale; assume a lower one where the picture was compressed harder before. At its lowest value the file&apos;s own tables are used, or those that are estimated from its pixels.</source>
        <translation>1 bis 100 auf der Skala von libjpeg; einen niedrigeren annehmen, wo das Bild vorher stärker komprimiert war. Beim niedrigsten Wert gelten die eigenen Tabellen der Datei, oder die aus ihren Pixeln geschätzten.</translation>
    </message>
    <message>
        <source>1 version</source>
        <translation>1 Fassung</translation>
    </message>
    <message>
        <source>32-bit float</source>
        <translation>32-Bit-Gleitkomma</translation>
    </message>
    <message>
        <source>5,544 photographs of BSD, ImageNet and Waterloo</source>
        <translation>5.544 Fotos aus BSD, ImageNet und Waterloo</translation>
    </message>
    <message>
        <source>538 freely licensed photographs, see the model card</source>
        <translation>538 frei lizenzierte Fotos, siehe Model Card</translation>
    </message>
    <message>
        <source>8,694 photographs of BSD, Waterloo, DIV2K and Flickr2K</source>
        <translation>8694 Fotos aus BSD, Waterloo, DIV2K und Flickr2K</translation>
    </message>
    <message>
        <source>A block of 8 × 8 pixels is stored as 64 patterns, the coarsest at the top left. Each number is the step, in gray levels, to which the strength of one pattern was rounded: the larger, the more was lost.</source>
        <translation>Ein Block von 8 × 8 Pixeln ist als 64 Muster gespeichert, das gröbste oben links. Jede Zahl ist die Schrittweite in Grauwerten, auf die die Stärke eines Musters gerundet wurde: je größer, desto mehr ging verloren.</translation>
    </message>
    <message>
        <source>A click sorts the list, in which files are restored in order</source>
        <translation>Ein Klick sortiert die Liste, deren Reihenfolge die der Wiederherstellung ist</translation>
    </message>
    <message>
        <source>A comment is too large for a JPEG.</source>
        <translation>Ein Kommentar ist zu groß für ein JPEG.</translation>
    </message>
    <message>
        <source>A comment was left out: it names a place.</source>
        <translation>Ein Kommentar wurde weggelassen: Er nennt einen Ort.</translation>
    </message>
    <message>
        <source>A dot is a sample of brightness, a ring one of color; each square is a pixel</source>
        <translation>Ein Punkt ist ein Abtastwert der Helligkeit, ein Ring einer der Farbe; jedes Quadrat ist ein Pixel</translation>
    </message>
    <message>
        <source>A double click on a file opens it with its result.</source>
        <translation>Ein Doppelklick auf eine Datei öffnet sie mit ihrem Ergebnis.</translation>
    </message>
    <message>
        <source>A file is in the list only once.</source>
        <translation>Eine Datei steht nur einmal in der Liste.</translation>
    </message>
    <message>
        <source>A file with the source&apos;s own tables</source>
        <translation>Eine Datei mit den eigenen Tabellen der Quelle</translation>
    </message>
    <message>
        <source>A first look</source>
        <translation>Ein erster Eindruck</translation>
    </message>
    <message>
        <source>A folder is not finished: {left} of {total} left</source>
        <translation>Ein Ordner ist nicht fertig: {left} von {total} übrig</translation>
    </message>
    <message>
        <source>A gray picture: every pixel has a sample of its own.</source>
        <translation>Ein graues Bild: Jedes Pixel hat seinen eigenen Abtastwert.</translation>
    </message>
    <message>
        <source>A loupe for as long as it is held, moved by mouse or arrows</source>
        <translation>Eine Lupe, solange gehalten wird, bewegt mit Maus oder Pfeilen</translation>
    </message>
    <message>
        <source>A new language takes effect after a restart.</source>
        <translation>Eine neue Sprache gilt nach einem Neustart.</translation>
    </message>
    <message>
        <source>A newer version of the program has kept {count} others.</source>
        <translation>Eine neuere Version des Programms hat {count} weitere aufbewahrt.</translation>
    </message>
    <message>
        <source>A picture for the contact sheet is still fetched</source>
        <translation>Ein Bild für den Kontaktbogen wird noch geholt</translation>
    </message>
    <message>
        <source>A report helps to mend it; it holds no names or paths of yours, and is sent nowhere.</source>
        <translation>Ein Bericht hilft, das zu beheben; er enthält keine eigenen Namen oder Pfade, und wird nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>A segment is too large for a JPEG.</source>
        <translation>Ein Segment ist zu groß für ein JPEG.</translation>
    </message>
    <message>
        <source>A single picture</source>
        <translation>Ein einzelnes Bild</translation>
    </message>
    <message>
        <source>A&amp;dd a folder…</source>
        <translation>Ordner &amp;hinzufügen …</translation>
    </message>
    <message>
        <source>ADM, a U-Net with attention, 552.8 M parameters (Dhariwal and Nichol 2021)</source>
        <translation>ADM, ein U-Net mit Attention, 552,8 Mio. Parameter (Dhariwal und Nichol 2021)</translation>
    </message>
    <message>
        <source>ADM, a U-Net with attention, {count} M parameters</source>
        <translation>ADM, ein U-Net mit Attention, {count} Mio. Parameter</translation>
    </message>
    <message>
        <source>AI model used</source>
        <translation>Verwendetes KI-Modell</translation>
    </message>
    <message>
        <source>About this file</source>
        <translation>Über diese Datei</translation>
    </message>
    <message>
        <source>About this model</source>
        <translation>Über dieses Modell</translation>
    </message>
    <message>
        <source>About {name}</source>
        <translation>Über {name}</translation>
    </message>
    <message>
        <source>About {time} and {memory} of memory</source>
        <translation>Etwa {time} und {memory} Speicher</translation>
    </message>
    <message>
        <source>Actions on the crops</source>
        <translation>Aktionen an den Ausschnitten</translation>
    </message>
    <message>
        <source>Actions on the picture</source>
        <translation>Aktionen für das Bild</translation>
    </message>
    <message>
        <source>Add and restore what arrives in a folder, for as long as this is on</source>
        <translation>Hinzufügen und wiederherstellen, was in einem Ordner ankommt, solange dies an ist</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>Dateien hinzufügen</translation>
    </message>
    <message>
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Add pictures to the list</source>
        <translation>Bilder zur Liste hinzufügen</translation>
    </message>
    <message>
        <source>Add the pictures in a folder to the list</source>
        <translation>Die Bilder eines Ordners zur Liste hinzufügen</translation>
    </message>
    <message>
        <source>Add the results of earlier sessions to this list</source>
        <translation>Die Ergebnisse früherer Sitzungen in diese Liste aufnehmen</translation>
    </message>
    <message>
        <source>Add them</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Adjust the result</source>
        <translation>Ergebnis anpassen</translation>
    </message>
    <message>
        <source>Adjust…</source>
        <translation>Anpassen …</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>After everywhere</source>
        <translation>Überall nachher</translation>
    </message>
    <message>
        <source>After it</source>
        <translation>Danach</translation>
    </message>
    <message>
        <source>After minus before, enlarged; gray where they are equal</source>
        <translation>Nachher minus vorher, verstärkt; grau, wo beide gleich sind</translation>
    </message>
    <message>
        <source>After, deviations highlighted</source>
        <translation>Nachher, Abweichungen hervorgehoben</translation>
    </message>
    <message>
        <source>After: faithful to your file</source>
        <translation>Nachher: stimmt mit Ihrer Datei überein</translation>
    </message>
    <message>
        <source>After: intermediate result</source>
        <translation>Nachher: Zwischenergebnis</translation>
    </message>
    <message>
        <source>After: live preview</source>
        <translation>Nachher: Live-Vorschau</translation>
    </message>
    <message>
        <source>After: no block off by over {distance} gray levels</source>
        <translation>Nachher: kein Block weicht um mehr als {distance} Grauwerte ab</translation>
    </message>
    <message>
        <source>After: no step yet</source>
        <translation>Nachher: noch kein Schritt</translation>
    </message>
    <message>
        <source>After: not restored yet</source>
        <translation>Nachher: noch nicht wiederhergestellt</translation>
    </message>
    <message>
        <source>After: part restored, rest as decoded</source>
        <translation>Nachher: Teil wiederhergestellt, Rest wie decodiert</translation>
    </message>
    <message>
        <source>After: preview with your settings</source>
        <translation>Nachher: Vorschau mit Ihren Werten</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>All originals in {folder} were back before</source>
        <translation>In {folder} waren schon alle Originale zurück</translation>
    </message>
    <message>
        <source>All other pictures</source>
        <translation>Alle anderen Bilder</translation>
    </message>
    <message>
        <source>All settings and facts</source>
        <translation>Alle Einstellungen und Angaben</translation>
    </message>
    <message>
        <source>All settings are as at the first start</source>
        <translation>Alle Einstellungen sind wie beim ersten Start</translation>
    </message>
    <message>
        <source>All vers&amp;ions</source>
        <translation>Alle &amp;Fassungen</translation>
    </message>
    <message>
        <source>All {total} finished</source>
        <translation>Alle {total} fertig</translation>
    </message>
    <message>
        <source>Allowed: {allowed}.</source>
        <translation>Erlaubt: {allowed}.</translation>
    </message>
    <message>
        <source>Already in the list: {count}.</source>
        <translation>Schon in der Liste: {count}.</translation>
    </message>
    <message>
        <source>Also add pictures of a folder that may have been JPEGs before</source>
        <translation>Auch Bilder eines Ordners hinzufügen, die früher JPEGs gewesen sein können</translation>
    </message>
    <message>
        <source>Also add the pictures in the subfolders of a folder</source>
        <translation>Auch die Bilder in den Unterordnern eines Ordners hinzufügen</translation>
    </message>
    <message>
        <source>Always, as they come</source>
        <translation>Immer, wie sie kommen</translation>
    </message>
    <message>
        <source>An RGB JPEG holds no density.</source>
        <translation>Ein RGB-JPEG enthält keine Pixeldichte.</translation>
    </message>
    <message>
        <source>An example appears here once a file is added</source>
        <translation>Hier erscheint ein Beispiel, sobald eine Datei hinzugefügt ist</translation>
    </message>
    <message>
        <source>An intermediate result has no versions of its own.</source>
        <translation>Ein Zwischenergebnis hat keine eigenen Fassungen.</translation>
    </message>
    <message>
        <source>And {count} more.</source>
        <translation>Und {count} weitere.</translation>
    </message>
    <message>
        <source>Another command is replacing pictures in {path}, or is undoing that</source>
        <translation>Ein anderer Befehl ersetzt gerade Bilder in {path} oder macht das rückgängig</translation>
    </message>
    <message>
        <source>Another download is writing {path}</source>
        <translation>{path} wird gerade von einem anderen Download geschrieben</translation>
    </message>
    <message>
        <source>Another file of this size…</source>
        <translation>Weitere Datei dieser Größe …</translation>
    </message>
    <message>
        <source>Another picture in a pane</source>
        <translation>Ein anderes Bild in einem Feld</translation>
    </message>
    <message>
        <source>Another preset has this name.</source>
        <translation>Eine andere Voreinstellung hat diesen Namen.</translation>
    </message>
    <message>
        <source>Any</source>
        <translation>Beliebig</translation>
    </message>
    <message>
        <source>Any four pictures in four panes</source>
        <translation>Vier beliebige Bilder in vier Feldern</translation>
    </message>
    <message>
        <source>Apache License 2.0. Nothing is sent anywhere.</source>
        <translation>Apache-Lizenz 2.0. Nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Erscheinungsbild</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Areas as in the file</source>
        <translation>Bereiche wie in der Datei</translation>
    </message>
    <message>
        <source>Arrows move, plus and minus zoom, all at once.</source>
        <translation>Pfeiltasten verschieben, Plus und Minus vergrößern und verkleinern, alle zugleich.</translation>
    </message>
    <message>
        <source>Arrows move, plus and minus zoom, hold H or backslash for the original, hold L for a loupe that arrows move, V chooses pictures.</source>
        <translation>Pfeile verschieben, Plus und Minus zoomen, H oder Backslash halten zeigt das Original, L halten zeigt eine Lupe, die Pfeile bewegen, V wählt Bilder.</translation>
    </message>
    <message>
        <source>Arrows or a click show a picture above, Enter makes it the result</source>
        <translation>Pfeile oder ein Klick zeigen ein Bild oben, die Eingabetaste macht es zum Ergebnis</translation>
    </message>
    <message>
        <source>As in the file</source>
        <translation>Wie in der Datei</translation>
    </message>
    <message>
        <source>As published (very slow)</source>
        <translation>Wie veröffentlicht (sehr langsam)</translation>
    </message>
    <message>
        <source>Assume the earlier compression</source>
        <translation>Die frühere Kompression zugrunde legen</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Banding</source>
        <translation>Farbstufen</translation>
    </message>
    <message>
        <source>Bars: how many blocks of the file have each level, as wide as the values it stands for. Line: where the result&apos;s values lie in them.</source>
        <translation>Balken: wie viele Blöcke der Datei jede Stufe haben, so breit wie die Werte, für die sie steht. Linie: wo die Werte des Ergebnisses darin liegen.</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Before and after at the cursor, 4 times enlarged, or while L is held</source>
        <translation>Vorher und nachher am Zeiger, 4-fach vergrößert, oder solange L gehalten wird</translation>
    </message>
    <message>
        <source>Before and after in one pane, with a line to drag</source>
        <translation>Vorher und nachher in einem Feld, mit einer Linie zum Ziehen</translation>
    </message>
    <message>
        <source>Before and after in turn, twice a second</source>
        <translation>Vorher und nachher im Wechsel, zweimal je Sekunde</translation>
    </message>
    <message>
        <source>Before and after in two panes</source>
        <translation>Vorher und nachher in zwei Feldern</translation>
    </message>
    <message>
        <source>Before everywhere</source>
        <translation>Überall vorher</translation>
    </message>
    <message>
        <source>Before rounding</source>
        <translation>Vor dem Runden</translation>
    </message>
    <message>
        <source>Before, after</source>
        <translation>Vorher, nachher</translation>
    </message>
    <message>
        <source>Begin at full strength, without areas that stay as in the file</source>
        <translation>Mit voller Stärke beginnen, ohne Bereiche wie in der Datei</translation>
    </message>
    <message>
        <source>Behind the end of the picture, as some cameras add it; a JPEG result keeps what is recognized</source>
        <translation>Hinter dem Ende des Bildes, wie es manche Kameras anfügen; ein JPEG als Ergebnis behält, was erkannt wurde</translation>
    </message>
    <message>
        <source>Behind the picture</source>
        <translation>Hinter dem Bild</translation>
    </message>
    <message>
        <source>Below the pictures</source>
        <translation>Unter den Bildern</translation>
    </message>
    <message>
        <source>Best</source>
        <translation>Beste</translation>
    </message>
    <message>
        <source>Bin from {low} to {high} gray levels</source>
        <translation>Intervall von {low} bis {high} Grauwerten</translation>
    </message>
    <message>
        <source>Bins</source>
        <translation>Intervalle</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Bits per cha&amp;nnel</source>
        <translation>Bits je Ka&amp;nal</translation>
    </message>
    <message>
        <source>Bits per channel</source>
        <translation>Bits je Kanal</translation>
    </message>
    <message>
        <source>Bits per channel: 8; 10 or 12 for AVIF; 16 for PNG, TIFF and JPEG XL; 32 for a TIFF of floats, neither rounded nor clipped</source>
        <translation>Bits je Kanal: 8; 10 oder 12 für AVIF; 16 für PNG, TIFF und JPEG XL; 32 für ein TIFF aus Gleitkommazahlen, weder gerundet noch beschnitten</translation>
    </message>
    <message>
        <source>Bits, metadata, orientation, and what a JPEG is made with</source>
        <translation>Bits, Metadaten, Ausrichtung, und womit ein JPEG gemacht wird</translation>
    </message>
    <message>
        <source>Blend pixels below 200 %</source>
        <translation>Pixel unter 200 % verrechnen</translation>
    </message>
    <message>
        <source>Blin&amp;k</source>
        <translation>&amp;Blinken</translation>
    </message>
    <message>
        <source>Blocks and halos of a JPEG, or steps in smooth areas</source>
        <translation>Blöcke und Säume eines JPEG oder Stufen in glatten Flächen</translation>
    </message>
    <message>
        <source>Blocks of the result here: {count}</source>
        <translation>Blöcke des Ergebnisses hier: {count}</translation>
    </message>
    <message>
        <source>Both are the same picture, so nothing differs.</source>
        <translation>Beide sind dasselbe Bild, daher weicht nichts ab.</translation>
    </message>
    <message>
        <source>Bottom left</source>
        <translation>Unten links</translation>
    </message>
    <message>
        <source>Bottom right</source>
        <translation>Unten rechts</translation>
    </message>
    <message>
        <source>Brightness (Y) or color (Cb, Cr), each with its own table</source>
        <translation>Helligkeit (Y) oder Farbe (Cb, Cr), jede mit eigener Tabelle</translation>
    </message>
    <message>
        <source>Brightness has a sample for every pixel; color one for each {across} × {down} pixels.</source>
        <translation>Die Helligkeit hat einen Abtastwert für jedes Pixel; die Farbe einen für je {across} × {down} Pixel.</translation>
    </message>
    <message>
        <source>Bring back the originals in {folder}?</source>
        <translation>Die Originale in {folder} zurückholen?</translation>
    </message>
    <message>
        <source>Bring them back</source>
        <translation>Zurückholen</translation>
    </message>
    <message>
        <source>C&amp;rops</source>
        <translation>A&amp;usschnitte</translation>
    </message>
    <message>
        <source>CSV files (*.csv)</source>
        <translation>CSV-Dateien (*.csv)</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the download</source>
        <translation>Download abbrechen</translation>
    </message>
    <message>
        <source>Cannot download {url}: {reason}</source>
        <translation>{url} lässt sich nicht herunterladen: {reason}</translation>
    </message>
    <message>
        <source>Cannot read {path}: {reason}</source>
        <translation>{path} lässt sich nicht lesen: {reason}</translation>
    </message>
    <message>
        <source>Cannot restore {address}: {problem}</source>
        <translation>{address} lässt sich nicht restaurieren: {problem}</translation>
    </message>
    <message>
        <source>Cannot use {address}: {reason}</source>
        <translation>{address} ist nicht nutzbar: {reason}</translation>
    </message>
    <message>
        <source>Cannot write {path}: a file is where a folder is needed</source>
        <translation>{path} lässt sich nicht schreiben: Wo ein Ordner sein muss, ist eine Datei</translation>
    </message>
    <message>
        <source>Cannot write {path}: {reason}</source>
        <translation>{path} lässt sich nicht schreiben: {reason}</translation>
    </message>
    <message>
        <source>Certainty</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>Change JPEG quality, steps and versions</source>
        <translation>JPEG-Qualität, Schritte und Fassungen ändern</translation>
    </message>
    <message>
        <source>Change sharpness and strength, or keep areas as in the file</source>
        <translation>Schärfe und Stärke ändern oder Bereiche wie in der Datei lassen</translation>
    </message>
    <message>
        <source>Check a model&apos;s file and keep a copy: .safetensors, or .pt</source>
        <translation>Datei eines Modells prüfen und eine Kopie behalten: .safetensors oder .pt</translation>
    </message>
    <message>
        <source>Check name and rights.</source>
        <translation>Namen und Rechte prüfen.</translation>
    </message>
    <message>
        <source>Check the address and the connection, or try again later.</source>
        <translation>Adresse und Verbindung prüfen, oder es später noch einmal versuchen.</translation>
    </message>
    <message>
        <source>Check the address, and whether the cluster runs.</source>
        <translation>Prüfen, ob die Adresse stimmt und der Cluster läuft.</translation>
    </message>
    <message>
        <source>Check the address, the connection and the rights of the credentials.</source>
        <translation>Adresse, Verbindung und die Rechte der Zugangsdaten prüfen.</translation>
    </message>
    <message>
        <source>Check the address.</source>
        <translation>Die Adresse prüfen.</translation>
    </message>
    <message>
        <source>Check the credentials in the environment, and their rights.</source>
        <translation>Die Zugangsdaten in der Umgebung und ihre Rechte prüfen.</translation>
    </message>
    <message>
        <source>Checking and importing {name}…</source>
        <translation>{name} wird geprüft und importiert …</translation>
    </message>
    <message>
        <source>Checking what is here of {name}: {done} of {size}</source>
        <translation>Vorhandenes von {name} wird geprüft: {done} von {size}</translation>
    </message>
    <message>
        <source>Choose 8, 10, 12, 16 or 32 bits a channel.</source>
        <translation>8, 10, 12, 16 oder 32 Bit je Kanal wählen.</translation>
    </message>
    <message>
        <source>Choose Skip the others instead of Copy the others.</source>
        <translation>Lassen Sie die anderen Bilder aus, statt sie zu kopieren.</translation>
    </message>
    <message>
        <source>Choose a JPEG, or a PNG, TIFF, WebP or BMP that once was one.</source>
        <translation>Ein JPEG wählen, oder ein PNG, TIFF, WebP oder BMP, das einmal eines war.</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose a folder for the originals instead.</source>
        <translation>Wählen Sie stattdessen einen Ordner für die Originale.</translation>
    </message>
    <message>
        <source>Choose a folder for the originals…</source>
        <translation>Ordner für die Originale wählen …</translation>
    </message>
    <message>
        <source>Choose a folder to restore, or show and hide the list of its files</source>
        <translation>Einen Ordner zum Restaurieren wählen oder die Liste seiner Dateien ein- und ausblenden</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Choose a number to see below what became of its pattern.</source>
        <translation>Eine Zahl wählen, um unten zu sehen, was aus ihrem Muster wurde.</translation>
    </message>
    <message>
        <source>Choose a picture to compare with</source>
        <translation>Ein Bild zum Vergleichen wählen</translation>
    </message>
    <message>
        <source>Choose a picture with 8 bits a channel.</source>
        <translation>Ein Bild mit 8 Bit je Kanal wählen.</translation>
    </message>
    <message>
        <source>Choose a place for the originals outside of {folder}.</source>
        <translation>Wählen Sie einen Ort für die Originale außerhalb von {folder}.</translation>
    </message>
    <message>
        <source>Choose a result of this program.</source>
        <translation>Ein Ergebnis dieses Programms wählen.</translation>
    </message>
    <message>
        <source>Choose a store that knows If-None-Match and If-Match.</source>
        <translation>Einen Speicher wählen, der If-None-Match und If-Match kennt.</translation>
    </message>
    <message>
        <source>Choose another file, or save it as PNG or TIFF.</source>
        <translation>Eine andere Datei wählen, oder sie als PNG oder TIFF speichern.</translation>
    </message>
    <message>
        <source>Choose another name for the file to write.</source>
        <translation>Einen anderen Namen für die zu schreibende Datei wählen.</translation>
    </message>
    <message>
        <source>Choose another name, or allow overwriting.</source>
        <translation>Einen anderen Namen wählen, oder das Überschreiben erlauben.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>Choose another prior file.</source>
        <translation>Eine andere Prior-Datei wählen.</translation>
    </message>
    <message>
        <source>Choose auto or cpu.</source>
        <translation>auto oder cpu wählen.</translation>
    </message>
    <message>
        <source>Choose the folder in which pictures were replaced.</source>
        <translation>Wählen Sie den Ordner, in dem Bilder ersetzt wurden.</translation>
    </message>
    <message>
        <source>Choose the folder of the results</source>
        <translation>Den Ordner der Ergebnisse wählen</translation>
    </message>
    <message>
        <source>Choose the format {format}, which the originals have.</source>
        <translation>Wählen Sie das Format {format}, das die Originale haben.</translation>
    </message>
    <message>
        <source>Choose the metadata All, because nothing may be lost.</source>
        <translation>Wählen Sie alle Metadaten, weil nichts verloren gehen darf.</translation>
    </message>
    <message>
        <source>Choose the output folder</source>
        <translation>Den Ausgabeordner wählen</translation>
    </message>
    <message>
        <source>Choose the output folder…</source>
        <translation>Ausgabeordner wählen …</translation>
    </message>
    <message>
        <source>Choose the prior&apos;s file.</source>
        <translation>Die Datei des Priors wählen.</translation>
    </message>
    <message>
        <source>Choose the result that was made from this JPEG.</source>
        <translation>Das Ergebnis wählen, das aus diesem JPEG entstanden ist.</translation>
    </message>
    <message>
        <source>Choose which pictures are compared</source>
        <translation>Wählen, welche Bilder verglichen werden</translation>
    </message>
    <message>
        <source>Choose which versions of the picture are side by side</source>
        <translation>Wählen, welche Fassungen des Bildes nebeneinander stehen</translation>
    </message>
    <message>
        <source>Choose {prior} under Model, install the missing model, or choose another folder for the results.</source>
        <translation>Wählen Sie unter Modell {prior}, installieren Sie das fehlende Modell, oder wählen Sie einen anderen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>Chroma sampling of the JPEG that the picture once was, as width and height</source>
        <translation>Farbabtastung des JPEGs, das das Bild einmal war, in Breite und Höhe</translation>
    </message>
    <message>
        <source>Clear now</source>
        <translation>Jetzt löschen</translation>
    </message>
    <message>
        <source>Click, or press Return, to open the file again</source>
        <translation>Klicken, oder Eingabetaste drücken, um die Datei wieder zu öffnen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Close other programs, or choose another device or prior.</source>
        <translation>Andere Programme schließen, oder ein anderes Gerät oder einen anderen Prior wählen.</translation>
    </message>
    <message>
        <source>Close other programs, or choose another device.</source>
        <translation>Andere Programme schließen, oder ein anderes Gerät wählen.</translation>
    </message>
    <message>
        <source>Close the settings</source>
        <translation>Einstellungen schließen</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Fenster schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Close this part of the window</source>
        <translation>Diesen Teil des Fensters schließen</translation>
    </message>
    <message>
        <source>Closest to the original</source>
        <translation>Am nächsten am Original</translation>
    </message>
    <message>
        <source>Coding</source>
        <translation>Codierung</translation>
    </message>
    <message>
        <source>Collect &amp;diagnostics…</source>
        <translation>&amp;Diagnose sammeln …</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Color profile</source>
        <translation>Farbprofil</translation>
    </message>
    <message>
        <source>Color space</source>
        <translation>Farbraum</translation>
    </message>
    <message>
        <source>Comes with the program</source>
        <translation>Gehört zum Programm</translation>
    </message>
    <message>
        <source>Compact U-Net, {count} M parameters</source>
        <translation>Kompaktes U-Net, {count} Mio. Parameter</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Component</source>
        <translation>Komponente</translation>
    </message>
    <message>
        <source>Connecting, to download {name}…</source>
        <translation>Verbindung zum Herunterladen von {name} …</translation>
    </message>
    <message>
        <source>Consistenc&amp;y</source>
        <translation>&amp;Übereinstimmung</translation>
    </message>
    <message>
        <source>Consistency</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Consistency: {share}</source>
        <translation>Übereinstimmung: {share}</translation>
    </message>
    <message>
        <source>Continue &amp;download…</source>
        <translation>Weiter &amp;herunterladen …</translation>
    </message>
    <message>
        <source>Convert a copy to a baseline JPEG with a program that reads it.</source>
        <translation>Eine Kopie mit einem Programm, das sie liest, in ein Baseline-JPEG umwandeln.</translation>
    </message>
    <message>
        <source>Converted from</source>
        <translation>Umgewandelt aus</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copied from {name}</source>
        <translation>Kopiert von {name}</translation>
    </message>
    <message>
        <source>Copied {name}</source>
        <translation>{name} kopiert</translation>
    </message>
    <message>
        <source>Copy &amp;original</source>
        <translation>&amp;Original kopieren</translation>
    </message>
    <message>
        <source>Copy a picture&apos;s file, or its path.</source>
        <translation>Die Datei eines Bildes kopieren, oder ihren Pfad.</translation>
    </message>
    <message>
        <source>Copy result (or drag it)</source>
        <translation>Ergebnis kopieren (oder ziehen)</translation>
    </message>
    <message>
        <source>Copy the opened file as a picture, and as a file</source>
        <translation>Die geöffnete Datei als Bild und als Datei kopieren</translation>
    </message>
    <message>
        <source>Copy the others</source>
        <translation>Andere kopieren</translation>
    </message>
    <message>
        <source>Copy the result</source>
        <translation>Ergebnis kopieren</translation>
    </message>
    <message>
        <source>Copy the result as a picture, and as a file to paste into a folder</source>
        <translation>Das Ergebnis als Bild kopieren, und als Datei zum Einfügen in einen Ordner</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>Korrektur</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>Aufwand</translation>
    </message>
    <message>
        <source>Counting…</source>
        <translation>Wird gezählt …</translation>
    </message>
    <message>
        <source>Create the subfolders of an added folder in the output folder, too</source>
        <translation>Die Unterordner eines hinzugefügten Ordners auch im Ausgabeordner anlegen</translation>
    </message>
    <message>
        <source>Crop {number}</source>
        <translation>Ausschnitt {number}</translation>
    </message>
    <message>
        <source>Crop {number} of {picture}, {place}, {enlarged}</source>
        <translation>Ausschnitt {number} von {picture}, {place}, {enlarged}</translation>
    </message>
    <message>
        <source>Crops</source>
        <translation>Ausschnitte</translation>
    </message>
    <message>
        <source>Crops side by side</source>
        <translation>Ausschnitte nebeneinander</translation>
    </message>
    <message>
        <source>Ctrl and drag</source>
        <translation>Strg und ziehen</translation>
    </message>
    <message>
        <source>Ctrl+drag marks a crop.</source>
        <translation>Strg+Ziehen markiert einen Ausschnitt.</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>DC</source>
        <translation>DC</translation>
    </message>
    <message>
        <source>DC, the mean of a block: step {step}</source>
        <translation>DC, das Mittel eines Blocks: Schrittweite {step}</translation>
    </message>
    <message>
        <source>DRUNet, a U-Net of residual blocks, 32.6 M parameters (Zhang et al. 2021)</source>
        <translation>DRUNet, ein U-Net aus Residualblöcken, 32,6 Mio. Parameter (Zhang et al. 2021)</translation>
    </message>
    <message>
        <source>DRUNet, a U-Net of residual blocks, {count} M parameters</source>
        <translation>DRUNet, ein U-Net aus Residualblöcken, {count} Mio. Parameter</translation>
    </message>
    <message>
        <source>Damage</source>
        <translation>Schaden</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Delete it, and download or import it again.</source>
        <translation>Löschen, und erneut herunterladen oder importieren.</translation>
    </message>
    <message>
        <source>Delete preset</source>
        <translation>Voreinstellung löschen</translation>
    </message>
    <message>
        <source>Delete results that are not saved when the window is closed</source>
        <translation>Nicht gespeicherte Ergebnisse löschen, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>Delete something there.</source>
        <translation>Dort etwas löschen.</translation>
    </message>
    <message>
        <source>Delete the imported file</source>
        <translation>Importierte Datei löschen</translation>
    </message>
    <message>
        <source>Delete the kept results of earlier sessions for good</source>
        <translation>Die aufbewahrten Ergebnisse früherer Sitzungen endgültig löschen</translation>
    </message>
    <message>
        <source>Detail</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Differences as they are: gray is 0, white is +{most} gray levels. A color shows which of red, green and blue differ.</source>
        <translation>Differenzen, wie sie sind: Grau ist 0, Weiß ist +{most} Grauwerte. Eine Farbe zeigt, welche Anteile von Rot, Grün und Blau abweichen.</translation>
    </message>
    <message>
        <source>Differences {gain} times enlarged: gray is 0, white is +{most} gray levels. A color shows which of red, green and blue differ.</source>
        <translation>Differenzen {gain}-fach verstärkt: Grau ist 0, Weiß ist +{most} Grauwerte. Eine Farbe zeigt, welche Anteile von Rot, Grün und Blau abweichen.</translation>
    </message>
    <message>
        <source>Dis&amp;k for results</source>
        <translation>&amp;Festplatte für Ergebnisse</translation>
    </message>
    <message>
        <source>Disk for results</source>
        <translation>Festplatte für Ergebnisse</translation>
    </message>
    <message>
        <source>Do &amp;not keep results after closing</source>
        <translation>Ergebnisse nach dem Schließen &amp;nicht aufbewahren</translation>
    </message>
    <message>
        <source>Do not keep after closing</source>
        <translation>Nach dem Schließen nicht aufbewahren</translation>
    </message>
    <message>
        <source>Do not show these hints again; F1 lists all keys</source>
        <translation>Diese Hinweise nicht mehr zeigen; F1 nennt alle Tasten</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done before with other settings</source>
        <translation>Schon mit anderen Einstellungen gemacht</translation>
    </message>
    <message>
        <source>Done before with these settings</source>
        <translation>Mit diesen Einstellungen schon gemacht</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>Download the other {rest} of {size} for the model {name}?</source>
        <translation>Die übrigen {rest} von {size} für das Modell {name} herunterladen?</translation>
    </message>
    <message>
        <source>Download {size} for the model {name}?</source>
        <translation>{size} für das Modell {name} herunterladen?</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird heruntergeladen</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {size}</source>
        <translation>{name} wird heruntergeladen: {done} von {size}</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {size}, {pace}/s, {time} left</source>
        <translation>{name} wird heruntergeladen: {done} von {size}, {pace}/s, noch {time}</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen …</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>Drag over a picture with Ctrl held to mark a crop, or press M to mark what is visible. Marked crops are shown here large, side by side.</source>
        <translation>Mit gedrückter Strg-Taste über ein Bild ziehen, um einen Ausschnitt zu markieren, oder mit M das Sichtbare markieren. Markierte Ausschnitte erscheinen hier groß nebeneinander.</translation>
    </message>
    <message>
        <source>Drag over text, a face or a signature to leave it as in the file</source>
        <translation>Über Text, ein Gesicht oder eine Unterschrift ziehen, um den Bereich wie in der Datei zu lassen</translation>
    </message>
    <message>
        <source>Drag the line to compare before and after.</source>
        <translation>Die Linie ziehen, um vorher und nachher zu vergleichen.</translation>
    </message>
    <message>
        <source>Drag the result as a file into a folder or another program; a click copies it</source>
        <translation>Das Ergebnis als Datei in einen Ordner oder ein anderes Programm ziehen; ein Klick kopiert es</translation>
    </message>
    <message>
        <source>Drop photos or a folder</source>
        <translation>Fotos oder einen Ordner hier ablegen</translation>
    </message>
    <message>
        <source>Drop pictures or folders here, or add them with the buttons above.</source>
        <translation>Bilder oder Ordner hier ablegen, oder mit den Knöpfen oben hinzufügen.</translation>
    </message>
    <message>
        <source>Drop to add to the folder list</source>
        <translation>Loslassen, um zur Ordnerliste hinzuzufügen</translation>
    </message>
    <message>
        <source>Drop to open</source>
        <translation>Loslassen, um zu öffnen</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>E&amp;xpert controls</source>
        <translation>E&amp;xperten-Bedienung</translation>
    </message>
    <message>
        <source>EXIF entries with previews were left out: they may show what was cut away.</source>
        <translation>EXIF-Einträge mit Vorschaubildern wurden weggelassen: Sie können zeigen, was abgeschnitten wurde.</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Estimated</source>
        <translation>Geschätzt</translation>
    </message>
    <message>
        <source>Estimated ({value})</source>
        <translation>Geschätzt ({value})</translation>
    </message>
    <message>
        <source>Estimating time…</source>
        <translation>Die Zeit wird geschätzt …</translation>
    </message>
    <message>
        <source>Eta</source>
        <translation>Eta</translation>
    </message>
    <message>
        <source>Eta b</source>
        <translation>Eta b</translation>
    </message>
    <message>
        <source>Evaluations</source>
        <translation>Auswertungen</translation>
    </message>
    <message>
        <source>Every crop whole and in the middle of its cell</source>
        <translation>Jeder Ausschnitt ganz und in der Mitte seiner Zelle</translation>
    </message>
    <message>
        <source>Every pixel has a sample of every component.</source>
        <translation>Jedes Pixel hat einen Abtastwert jeder Komponente.</translation>
    </message>
    <message>
        <source>Every version of the result, to choose from</source>
        <translation>Jede Fassung des Ergebnisses, zum Auswählen</translation>
    </message>
    <message>
        <source>Expected error</source>
        <translation>Erwarteter Fehler</translation>
    </message>
    <message>
        <source>Expected time</source>
        <translation>Erwartete Zeit</translation>
    </message>
    <message>
        <source>Expert</source>
        <translation>Experte</translation>
    </message>
    <message>
        <source>Export a contact sheet</source>
        <translation>Kontaktbogen exportieren</translation>
    </message>
    <message>
        <source>Export again in a moment.</source>
        <translation>Gleich noch einmal exportieren.</translation>
    </message>
    <message>
        <source>Export options</source>
        <translation>Exportoptionen</translation>
    </message>
    <message>
        <source>Export the contact sheet</source>
        <translation>Den Kontaktbogen exportieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>F&amp;older</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>FFDNet, plain convolutions, 0.9 M parameters (Zhang et al. 2018)</source>
        <translation>FFDNet, einfache Faltungen, 0,9 Mio. Parameter (Zhang u. a. 2018)</translation>
    </message>
    <message>
        <source>FFDNet, plain convolutions, {count} M parameters</source>
        <translation>FFDNet, einfache Faltungen, {count} Mio. Parameter</translation>
    </message>
    <message>
        <source>Factor limit</source>
        <translation>Faktorgrenze</translation>
    </message>
    <message>
        <source>Factor on the noise level that is passed to the model in the last steps, 0.5 to 1; below 1, more texture is kept</source>
        <translation>Faktor auf die Rauschstärke, die dem Modell in den letzten Schritten mitgeteilt wird, 0,5 bis 1; unter 1 bleibt mehr Textur erhalten</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Angaben</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Faithful means: compressed like your file, the result gives exactly the values that your file holds. Only rounding to whole pixel values may change some.</source>
        <translation>Übereinstimmung bedeutet: Wie Ihre Datei komprimiert, ergibt das Ergebnis genau die Werte, die Ihre Datei enthält. Nur das Runden auf ganze Pixelwerte kann einige ändern.</translation>
    </message>
    <message>
        <source>Faithful to your file</source>
        <translation>Stimmt mit Ihrer Datei überein</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Fetching the picture…</source>
        <translation>Bild wird geholt …</translation>
    </message>
    <message>
        <source>Few, one in ten</source>
        <translation>Wenige, eines von zehn</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>File format of the results</source>
        <translation>Dateiformat der Ergebnisse</translation>
    </message>
    <message>
        <source>File is intact: {name}</source>
        <translation>Datei ist unversehrt: {name}</translation>
    </message>
    <message>
        <source>File names</source>
        <translation>Dateinamen</translation>
    </message>
    <message>
        <source>File of {name} can be read, but its origin is not known</source>
        <translation>Die Datei von {name} ist lesbar, aber ihre Herkunft ist unbekannt</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <source>Files of the folder</source>
        <translation>Dateien des Ordners</translation>
    </message>
    <message>
        <source>Files that are finished, of all</source>
        <translation>Fertige Dateien von allen</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Fit, {scale}</source>
        <translation>Eingepasst, {scale}</translation>
    </message>
    <message>
        <source>Fix</source>
        <translation>Beheben</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder of the results</source>
        <translation>Ordner der Ergebnisse</translation>
    </message>
    <message>
        <source>Folder of the results; it is created with the first result</source>
        <translation>Ordner der Ergebnisse; er wird mit dem ersten Ergebnis angelegt</translation>
    </message>
    <message>
        <source>Folder: not known yet</source>
        <translation>Ordner: noch nicht bekannt</translation>
    </message>
    <message>
        <source>Folder: {folder}</source>
        <translation>Ordner: {folder}</translation>
    </message>
    <message>
        <source>For results of earlier runs, 256 to 65,536 MiB; those beyond it go to the disk</source>
        <translation>Für Ergebnisse früherer Läufe, 256 bis 65.536 MiB; was darüber hinausgeht, kommt auf die Festplatte</translation>
    </message>
    <message>
        <source>For results that memory has no room for, 0 to 1,048,576 MiB</source>
        <translation>Für Ergebnisse, für die der Speicher nicht reicht, 0 bis 1.048.576 MiB</translation>
    </message>
    <message>
        <source>Forget every marked crop</source>
        <translation>Alle markierten Ausschnitte vergessen</translation>
    </message>
    <message>
        <source>Forget the chosen preset of yours; its settings stay</source>
        <translation>Die gewählte eigene Voreinstellung vergessen; ihre Einstellungen bleiben</translation>
    </message>
    <message>
        <source>Forget this crop (Delete)</source>
        <translation>Diesen Ausschnitt vergessen (Entf)</translation>
    </message>
    <message>
        <source>Forget this run and its result</source>
        <translation>Diesen Lauf und sein Ergebnis vergessen</translation>
    </message>
    <message>
        <source>Forget which files were opened; the files stay</source>
        <translation>Vergessen, welche Dateien geöffnet waren; die Dateien bleiben</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Four &amp;pictures</source>
        <translation>&amp;Vier Bilder</translation>
    </message>
    <message>
        <source>From a step that was timed on a small part of this picture.</source>
        <translation>Aus einem Schritt, der an einem kleinen Teil dieses Bildes gemessen wurde.</translation>
    </message>
    <message>
        <source>From how fast your last run with this model and device was.</source>
        <translation>Nach dem Tempo des letzten Laufs mit diesem Modell und Gerät.</translation>
    </message>
    <message>
        <source>From the file</source>
        <translation>Aus der Datei</translation>
    </message>
    <message>
        <source>From the file ({quality})</source>
        <translation>Aus der Datei ({quality})</translation>
    </message>
    <message>
        <source>From the size of each picture and how fast a step of the model is.</source>
        <translation>Aus der Größe jedes Bildes und der Dauer eines Schritts des Modells.</translation>
    </message>
    <message>
        <source>From the tables, on libjpeg&apos;s scale from 1 to 100: the lower, the more was lost</source>
        <translation>Aus den Tabellen, auf der Skala von libjpeg von 1 bis 100: je niedriger, desto mehr ging verloren</translation>
    </message>
    <message>
        <source>From {server}, license {license_name}.</source>
        <translation>Von {server}, Lizenz {license_name}.</translation>
    </message>
    <message>
        <source>Full scree&amp;n</source>
        <translation>V&amp;ollbild</translation>
    </message>
    <message>
        <source>Fully restored</source>
        <translation>Voll restauriert</translation>
    </message>
    <message>
        <source>Further pictures, videos and other data behind the picture</source>
        <translation>Weitere Bilder, Videos und andere Daten hinter dem Bild</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gewinn</translation>
    </message>
    <message>
        <source>Get a whole copy, or restore only what can be read.</source>
        <translation>Eine ganze Kopie besorgen, oder nur wiederherstellen, was lesbar ist.</translation>
    </message>
    <message>
        <source>Get a whole copy.</source>
        <translation>Eine ganze Kopie besorgen.</translation>
    </message>
    <message>
        <source>Get it with `{command} priors download {name}`, or bring its file with `{command} priors import FILE`.</source>
        <translation>Mit `{command} priors download {name}` holen, oder die Datei mit `{command} priors import FILE` einbringen.</translation>
    </message>
    <message>
        <source>Get the picture again from where it came from.</source>
        <translation>Holen Sie das Bild erneut von dort, wo es herkam.</translation>
    </message>
    <message>
        <source>Getting ready…</source>
        <translation>Wird vorbereitet …</translation>
    </message>
    <message>
        <source>Give an address such as s3://bucket/folder; credentials come from the environment.</source>
        <translation>Eine Adresse wie s3://bucket/ordner angeben; Zugangsdaten kommen aus der Umgebung.</translation>
    </message>
    <message>
        <source>Give originals that results have replaced their names back</source>
        <translation>Originalen, die durch Ergebnisse ersetzt wurden, ihre Namen zurückgeben</translation>
    </message>
    <message>
        <source>Give results the names of their originals, which are kept elsewhere</source>
        <translation>Ergebnissen die Namen ihrer Originale geben, die an anderer Stelle aufbewahrt werden</translation>
    </message>
    <message>
        <source>Give the chosen preset of yours another name</source>
        <translation>Der gewählten eigenen Voreinstellung einen anderen Namen geben</translation>
    </message>
    <message>
        <source>Give the number of bits per channel if you know it.</source>
        <translation>Die Zahl der Bits je Kanal angeben, wenn sie bekannt ist.</translation>
    </message>
    <message>
        <source>Give the quality factor if you know it.</source>
        <translation>Den Qualitätsfaktor angeben, wenn er bekannt ist.</translation>
    </message>
    <message>
        <source>Give the result the file&apos;s date of change, by which photo libraries sort</source>
        <translation>Dem Ergebnis das Änderungsdatum der Datei geben, nach dem Fotoverwaltungen sortieren</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurückkehren</translation>
    </message>
    <message>
        <source>Go back to a step, to make it the result</source>
        <translation>Zu einem Schritt zurückgehen, um ihn zum Ergebnis zu machen</translation>
    </message>
    <message>
        <source>Go back to the previous step</source>
        <translation>Zum vorherigen Schritt zurückgehen</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>Hingehen</translation>
    </message>
    <message>
        <source>Go to crop {number}</source>
        <translation>Zum Ausschnitt {number} gehen</translation>
    </message>
    <message>
        <source>Go to the next step; the last place is the result</source>
        <translation>Zum nächsten Schritt gehen; der letzte Platz ist das Ergebnis</translation>
    </message>
    <message>
        <source>Going back to an earlier run…</source>
        <translation>Zurück zu einem früheren Lauf …</translation>
    </message>
    <message>
        <source>Got it</source>
        <translation>Verstanden</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>Grid, pixels above the picture</source>
        <translation>Raster, Pixel oberhalb des Bildes</translation>
    </message>
    <message>
        <source>Grid, pixels left of the picture</source>
        <translation>Raster, Pixel links des Bildes</translation>
    </message>
    <message>
        <source>H or \</source>
        <translation>H oder \</translation>
    </message>
    <message>
        <source>HEIF or AVIF</source>
        <translation>HEIF oder AVIF</translation>
    </message>
    <message>
        <source>Half and half</source>
        <translation>Halb und halb</translation>
    </message>
    <message>
        <source>Highest noise level at which the sigma factor applies, as a multiple of the last noise level, 1 to 100</source>
        <translation>Höchste Rauschstärke, bei der der Sigma-Faktor gilt, als Vielfaches der letzten Rauschstärke, 1 bis 100</translation>
    </message>
    <message>
        <source>Highest quality that is left as it is</source>
        <translation>Qualität, ab der Bilder bleiben, wie sie sind</translation>
    </message>
    <message>
        <source>Histogram of a band</source>
        <translation>Histogramm eines Bandes</translation>
    </message>
    <message>
        <source>Hold H to see the original.</source>
        <translation>H halten zeigt das Original.</translation>
    </message>
    <message>
        <source>How</source>
        <translation>Wie</translation>
    </message>
    <message>
        <source>How an estimate is made to agree with the levels: bins or paper</source>
        <translation>Wie eine Schätzung mit den Stufen in Übereinstimmung gebracht wird: Intervalle oder Paper</translation>
    </message>
    <message>
        <source>How far a photograph is off at this compression, in gray levels of 255; higher is worse</source>
        <translation>Wie weit ein Foto bei dieser Kompression abweicht, in Grauwerten von 255; höher ist schlechter</translation>
    </message>
    <message>
        <source>How far the versions differ: bright where detail was invented</source>
        <translation>Wie weit die Fassungen voneinander abweichen: hell, wo Details erfunden wurden</translation>
    </message>
    <message>
        <source>How long the restoration of the file will take, about</source>
        <translation>Wie lange die Wiederherstellung der Datei etwa dauern wird</translation>
    </message>
    <message>
        <source>How many cores restoring uses, from the next run on; fewer leave some to others</source>
        <translation>Wie viele Kerne das Wiederherstellen ab dem nächsten Lauf nutzt; weniger lassen anderen welche übrig</translation>
    </message>
    <message>
        <source>How much more coarsely color is stored than brightness</source>
        <translation>Wie viel gröber Farbe gespeichert ist als Helligkeit</translation>
    </message>
    <message>
        <source>How much of the restoration the result has. Every strength is faithful to your file. At the left end the picture may differ slightly from &quot;before&quot;: it is changed only as far as agreement with the file requires. 0 to 1, in twentieths.</source>
        <translation>Wie viel von der Restaurierung das Ergebnis hat. Jede Stärke stimmt mit Ihrer Datei überein. Am linken Ende kann das Bild leicht von „vorher“ abweichen: Es ist nur so weit verändert, wie die Übereinstimmung mit der Datei es verlangt. 0 bis 1, in Zwanzigsteln.</translation>
    </message>
    <message>
        <source>How much of the run is done</source>
        <translation>Wie viel vom Durchlauf geschafft ist</translation>
    </message>
    <message>
        <source>How often a run shows its estimate; each costs a large picture&apos;s run time</source>
        <translation>Wie oft ein Lauf seine Schätzung zeigt; jede kostet bei einem großen Bild Zeit</translation>
    </message>
    <message>
        <source>If that is one image, raise the limit.</source>
        <translation>Falls das ein einziges Bild ist, die Grenze anheben.</translation>
    </message>
    <message>
        <source>If that is true, raise the limit.</source>
        <translation>Wenn das stimmt, die Grenze anheben.</translation>
    </message>
    <message>
        <source>ImageNet at 256x256, without its classes</source>
        <translation>ImageNet in 256x256, ohne seine Klassen</translation>
    </message>
    <message>
        <source>Import a model</source>
        <translation>Ein Modell importieren</translation>
    </message>
    <message>
        <source>Import its file to use it.</source>
        <translation>Seine Datei importieren, um ihn zu verwenden.</translation>
    </message>
    <message>
        <source>Import, download, check and remove models</source>
        <translation>Modelle importieren, herunterladen, prüfen und entfernen</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Importiert</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>In XMP</source>
        <translation>In XMP</translation>
    </message>
    <message>
        <source>In one go from top to bottom (baseline), or from coarse to fine</source>
        <translation>In einem Zug von oben nach unten (Baseline) oder von grob nach fein</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>In Verwendung</translation>
    </message>
    <message>
        <source>In {folder}: {names}.</source>
        <translation>In {folder}: {names}.</translation>
    </message>
    <message>
        <source>Include subfolders</source>
        <translation>Mit Unterordnern</translation>
    </message>
    <message>
        <source>Included</source>
        <translation>Mitgeliefert</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Inspector…</source>
        <translation>Inspektor …</translation>
    </message>
    <message>
        <source>Install a package that offers it, or start a script that registers it.</source>
        <translation>Ein Paket installieren, das sie anbietet, oder ein Skript starten, das sie registriert.</translation>
    </message>
    <message>
        <source>Install it with `pip install --force-reinstall {distribution}=={version}`, or choose another prior.</source>
        <translation>Installieren Sie ihn mit `pip install --force-reinstall {distribution}=={version}`, oder wählen Sie einen anderen Prior.</translation>
    </message>
    <message>
        <source>Install it with `pip install ddrm-restore[cluster]`.</source>
        <translation>Mit `pip install ddrm-restore[cluster]` installieren.</translation>
    </message>
    <message>
        <source>Install it with `pip install ddrm-restore[stores]`.</source>
        <translation>Mit `pip install ddrm-restore[stores]` installieren.</translation>
    </message>
    <message>
        <source>Install the Python package {distribution} {version} to use it.</source>
        <translation>Installieren Sie das Python-Paket {distribution} {version}, um ihn zu verwenden.</translation>
    </message>
    <message>
        <source>Install the program again; if that does not help, report this message.</source>
        <translation>Installieren Sie das Programm neu; hilft das nicht, berichten Sie diese Meldung.</translation>
    </message>
    <message>
        <source>Install the same version on all machines.</source>
        <translation>Auf allen Rechnern dieselbe Version installieren.</translation>
    </message>
    <message>
        <source>Intermediate</source>
        <translation>Zwischenstand</translation>
    </message>
    <message>
        <source>Intermediate result</source>
        <translation>Zwischenergebnis</translation>
    </message>
    <message>
        <source>Intermediate result after {time}</source>
        <translation>Zwischenergebnis nach {time}</translation>
    </message>
    <message>
        <source>It can be downloaded ({size}, license {license_name}), or imported from a file.</source>
        <translation>Er lässt sich herunterladen ({size}, Lizenz {license_name}), oder aus einer Datei importieren.</translation>
    </message>
    <message>
        <source>It can be seen but not used: there was not enough memory and disk for all of it</source>
        <translation>Er ist zu sehen, aber nicht zu verwenden: Speicher und Festplatte reichten nicht für alles</translation>
    </message>
    <message>
        <source>It can be stopped at any time, and the next download goes on from there.</source>
        <translation>Das lässt sich jederzeit anhalten, und der nächste Download macht dort weiter.</translation>
    </message>
    <message>
        <source>It had no step yet that could be kept.</source>
        <translation>Er hatte noch keinen Schritt, der sich aufbewahren ließe.</translation>
    </message>
    <message>
        <source>It has {size} pixels, the open file {expected}. Choose a file of that size.</source>
        <translation>Sie hat {size} Pixel, die offene Datei {expected}. Wählen Sie eine Datei dieser Größe.</translation>
    </message>
    <message>
        <source>It has {size}.</source>
        <translation>Größe: {size}.</translation>
    </message>
    <message>
        <source>It has {size}; the original has {source_size}.</source>
        <translation>Größe: {size}; Original: {source_size}.</translation>
    </message>
    <message>
        <source>It is a plain text: read it before you send it to anybody.</source>
        <translation>Es ist reiner Text: vor dem Versenden lesen.</translation>
    </message>
    <message>
        <source>It is in {folder}.</source>
        <translation>Zu finden in {folder}.</translation>
    </message>
    <message>
        <source>It is shown as it was when it was restored. The result can still be saved.</source>
        <translation>Gezeigt wird der Stand bei der Wiederherstellung. Das Ergebnis lässt sich weiterhin speichern.</translation>
    </message>
    <message>
        <source>It is {folder}.</source>
        <translation>Es ist {folder}.</translation>
    </message>
    <message>
        <source>It stays under Runs until it is saved.</source>
        <translation>Es bleibt unter „Läufe“, bis es gespeichert ist.</translation>
    </message>
    <message>
        <source>It was deleted; try again, or get the file elsewhere and bring it with `{command} priors import FILE`.</source>
        <translation>Es wurde gelöscht; erneut versuchen, oder die Datei anderswo besorgen und mit `{command} priors import FILE` einbringen.</translation>
    </message>
    <message>
        <source>Its checksum is the recorded one.</source>
        <translation>Ihre Prüfsumme ist die gespeicherte.</translation>
    </message>
    <message>
        <source>Its file is deleted. It can be downloaded again; results keep its name.</source>
        <translation>Seine Datei wird gelöscht. Er lässt sich wieder herunterladen; Ergebnisse behalten seinen Namen.</translation>
    </message>
    <message>
        <source>Its file is deleted. Keep a copy elsewhere; results keep its name.</source>
        <translation>Seine Datei wird gelöscht. Anderswo eine Kopie behalten; Ergebnisse behalten seinen Namen.</translation>
    </message>
    <message>
        <source>Its file was deleted.</source>
        <translation>Seine Datei wurde gelöscht.</translation>
    </message>
    <message>
        <source>Its latest step stays under Runs; it is not saved.</source>
        <translation>Sein neuester Schritt bleibt unter Läufe; er ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>Its result was not saved.</source>
        <translation>Sein Ergebnis war nicht gespeichert.</translation>
    </message>
    <message>
        <source>Its settings are in force, but the result will be another.</source>
        <translation>Seine Einstellungen gelten, aber das Ergebnis wird ein anderes sein.</translation>
    </message>
    <message>
        <source>Its settings are still in force.</source>
        <translation>Ihre Einstellungen gelten weiterhin.</translation>
    </message>
    <message>
        <source>JPEG &amp;quality</source>
        <translation>JPEG-&amp;Qualität</translation>
    </message>
    <message>
        <source>JPEG artifacts</source>
        <translation>JPEG-Artefakte</translation>
    </message>
    <message>
        <source>JPEG qualities of the files</source>
        <translation>JPEG-Qualitäten der Dateien</translation>
    </message>
    <message>
        <source>JPEG quality</source>
        <translation>JPEG-Qualität</translation>
    </message>
    <message>
        <source>JPEG quality from which on pictures are left as they are, 2 to 100</source>
        <translation>JPEG-Qualität, ab der Bilder bleiben, wie sie sind, 2 bis 100</translation>
    </message>
    <message>
        <source>JPEG quality {first} to {last}: 1 file</source>
        <translation>JPEG-Qualität {first} bis {last}: 1 Datei</translation>
    </message>
    <message>
        <source>JPEG quality {first} to {last}: {count} files</source>
        <translation>JPEG-Qualität {first} bis {last}: {count} Dateien</translation>
    </message>
    <message>
        <source>JPEG quality {quality}</source>
        <translation>Qualität {quality}</translation>
    </message>
    <message>
        <source>JPEG quality {quality} is not below {limit}</source>
        <translation>die JPEG-Qualität {quality} liegt nicht unter {limit}</translation>
    </message>
    <message>
        <source>JPEG quality {quality}: lossy, so not faithful</source>
        <translation>JPEG-Qualität {quality}: mit Verlust, stimmt nicht mit der Datei überein</translation>
    </message>
    <message>
        <source>JPEG, same compression as each source</source>
        <translation>JPEG, gleiche Kompression wie jede Quelle</translation>
    </message>
    <message>
        <source>JPEGs, or PNG, TIFF, WebP and BMP files that were JPEGs before,
or paste with Ctrl+V. Nothing is sent anywhere.</source>
        <translation>JPEGs, oder PNG-, TIFF-, WebP- und BMP-Dateien, die zuvor JPEGs waren,
oder mit Strg+V einfügen. Nichts wird irgendwohin gesendet.</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON-Dateien (*.json)</translation>
    </message>
    <message>
        <source>Keep an area…</source>
        <translation>Bereich behalten …</translation>
    </message>
    <message>
        <source>Keep subfolders</source>
        <translation>Unterordner beibehalten</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep these settings under a name</source>
        <translation>Diese Einstellungen unter einem Namen behalten</translation>
    </message>
    <message>
        <source>Kept areas outside this picture: {count}.</source>
        <translation>Bereiche außerhalb dieses Bildes: {count}.</translation>
    </message>
    <message>
        <source>Kept in {folder}, where {free} are free. {first} are needed until it is imported, {size} from then on.</source>
        <translation>Aufbewahrt in {folder}, wo {free} frei sind. {first} werden gebraucht, bis er importiert ist, danach {size}.</translation>
    </message>
    <message>
        <source>Kept in {folder}. {first} are needed until it is imported, {size} from then on.</source>
        <translation>Aufbewahrt in {folder}. {first} werden gebraucht, bis er importiert ist, danach {size}.</translation>
    </message>
    <message>
        <source>Keys and mouse</source>
        <translation>Tasten und Maus</translation>
    </message>
    <message>
        <source>Keys and what they do</source>
        <translation>Tasten und was sie tun</translation>
    </message>
    <message>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <source>L&amp;ive pictures</source>
        <translation>Live-B&amp;ilder</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Latest step</source>
        <translation>Neuester Schritt</translation>
    </message>
    <message>
        <source>Left out from behind the picture: {parts}</source>
        <translation>Hinter dem Bild weggelassen: {parts}</translation>
    </message>
    <message>
        <source>Left out from the XMP packet: {parts}</source>
        <translation>Aus dem XMP-Paket weggelassen: {parts}</translation>
    </message>
    <message>
        <source>Left out with all metadata: {parts}</source>
        <translation>Mit allen Metadaten weggelassen: {parts}</translation>
    </message>
    <message>
        <source>Left out with the metadata about it, because it may hold a place: {parts}</source>
        <translation>Mit den zugehörigen Metadaten weggelassen, weil ein Ort darin stehen könnte: {parts}</translation>
    </message>
    <message>
        <source>Left out with the metadata about it, because it shows what was cut away: {parts}</source>
        <translation>Mit den zugehörigen Metadaten weggelassen, weil es den weggeschnittenen Teil zeigt: {parts}</translation>
    </message>
    <message>
        <source>Left out with the metadata about it, because the file is gone or has changed since it was opened: {parts}</source>
        <translation>Mit den zugehörigen Metadaten weggelassen, weil die Datei fehlt oder sich seit dem Öffnen geändert hat: {parts}</translation>
    </message>
    <message>
        <source>Left out with the metadata about it, because the picture was turned: {parts}</source>
        <translation>Mit den zugehörigen Metadaten weggelassen, weil das Bild gedreht wurde: {parts}</translation>
    </message>
    <message>
        <source>Left out with the metadata about it, because {format} cannot hold it: {parts}</source>
        <translation>Mit den zugehörigen Metadaten weggelassen, weil {format} es nicht enthalten kann: {parts}</translation>
    </message>
    <message>
        <source>Left out: {counts}, formats that cannot be restored.</source>
        <translation>Ausgelassen: {counts}; diese Formate können nicht restauriert werden.</translation>
    </message>
    <message>
        <source>Left out: {counts}. Only files that were JPEGs before can be restored.</source>
        <translation>Ausgelassen: {counts}. Nur Dateien, die früher JPEGs waren, lassen sich restaurieren.</translation>
    </message>
    <message>
        <source>Let &amp;other programs go first</source>
        <translation>Anderen Programmen den V&amp;ortritt lassen</translation>
    </message>
    <message>
        <source>Level {level}: {count} of {total} blocks, {share}</source>
        <translation>Stufe {level}: {count} von {total} Blöcken, {share}</translation>
    </message>
    <message>
        <source>Li&amp;ve preview before a run</source>
        <translation>Live-&amp;Vorschau vor einem Lauf</translation>
    </message>
    <message>
        <source>License</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Lines between pixels above 800 %</source>
        <translation>Linien zwischen Pixeln über 800 %</translation>
    </message>
    <message>
        <source>Live pictures</source>
        <translation>Live-Bilder</translation>
    </message>
    <message>
        <source>Load settings from a restored file</source>
        <translation>Einstellungen aus einer wiederhergestellten Datei laden</translation>
    </message>
    <message>
        <source>Loading model {name}…</source>
        <translation>Modell {name} wird geladen …</translation>
    </message>
    <message>
        <source>Look at the selected file beside its result; so does Enter, or a double click</source>
        <translation>Die gewählte Datei neben ihrem Ergebnis ansehen; auch mit der Eingabetaste oder einem Doppelklick</translation>
    </message>
    <message>
        <source>Make room there.</source>
        <translation>Dort Platz schaffen.</translation>
    </message>
    <message>
        <source>Make the change again that was taken back</source>
        <translation>Die zurückgenommene Änderung wiederholen</translation>
    </message>
    <message>
        <source>Make the chosen picture the result, which Save writes and says of what it is</source>
        <translation>Das gewählte Bild zum Ergebnis machen, das beim Speichern geschrieben wird, mit der Angabe, was es ist</translation>
    </message>
    <message>
        <source>Make the folder writable again.</source>
        <translation>Den Ordner wieder beschreibbar machen.</translation>
    </message>
    <message>
        <source>Make the step that is shown the result</source>
        <translation>Den gezeigten Schritt zum Ergebnis machen</translation>
    </message>
    <message>
        <source>Make this run&apos;s result the present one, with its file and settings (Enter)</source>
        <translation>Das Ergebnis dieses Laufs mit seiner Datei und seinen Einstellungen zum jetzigen machen (Eingabetaste)</translation>
    </message>
    <message>
        <source>Make this step the result</source>
        <translation>Diesen Schritt zum Ergebnis machen</translation>
    </message>
    <message>
        <source>Manage your presets</source>
        <translation>Eigene Voreinstellungen verwalten</translation>
    </message>
    <message>
        <source>Mark a crop</source>
        <translation>Einen Ausschnitt markieren</translation>
    </message>
    <message>
        <source>Mark the &amp;visible part</source>
        <translation>Si&amp;chtbaren Teil markieren</translation>
    </message>
    <message>
        <source>Mark the visible part</source>
        <translation>Sichtbaren Teil markieren</translation>
    </message>
    <message>
        <source>Mark what is seen now as a crop to compare (M)</source>
        <translation>Das jetzt Sichtbare als Ausschnitt zum Vergleichen markieren (M)</translation>
    </message>
    <message>
        <source>Mark what is seen now as a crop to compare; dragging with Ctrl marks any</source>
        <translation>Was jetzt zu sehen ist, als Ausschnitt zum Vergleichen markieren; Ziehen mit Strg markiert beliebige</translation>
    </message>
    <message>
        <source>Marked crops, large and side by side</source>
        <translation>Markierte Ausschnitte, groß und nebeneinander</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Mean and versions of the result</source>
        <translation>Mittel und Fassungen des Ergebnisses</translation>
    </message>
    <message>
        <source>Mean of the versions</source>
        <translation>Mittel der Fassungen</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Memory for results</source>
        <translation>Speicher für Ergebnisse</translation>
    </message>
    <message>
        <source>Memory is what the run takes at its peak, besides what is in use now.</source>
        <translation>Speicher ist, was der Lauf höchstens braucht, zusätzlich zum jetzt belegten.</translation>
    </message>
    <message>
        <source>Memory is what the run takes at its peak, besides what is in use now; {free} are free.</source>
        <translation>Speicher ist, was der Lauf höchstens braucht, zusätzlich zum jetzt belegten; {free} sind frei.</translation>
    </message>
    <message>
        <source>Mend the file or move it away; nothing in it was changed.</source>
        <translation>Die Datei reparieren oder wegräumen; nichts darin wurde geändert.</translation>
    </message>
    <message>
        <source>Menu of the picture</source>
        <translation>Menü des Bildes</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Metadata</source>
        <translation>Metadaten</translation>
    </message>
    <message>
        <source>Metadata about a gain map, a video or further pictures was left out, because the result has none.</source>
        <translation>Metadaten zu einer Gain-Map, einem Video oder weiteren Bildern wurden weggelassen, weil das Ergebnis keine hat.</translation>
    </message>
    <message>
        <source>Mo&amp;dels…</source>
        <translation>M&amp;odelle …</translation>
    </message>
    <message>
        <source>Mo&amp;ve down</source>
        <translation>Nach &amp;unten</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Models (*.safetensors *.pt *.pth)</source>
        <translation>Modelle (*.safetensors *.pt *.pth)</translation>
    </message>
    <message>
        <source>Models: import, download, check and remove them</source>
        <translation>Modelle: importieren, herunterladen, prüfen und entfernen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More actions on these files</source>
        <translation>Weitere Befehle für diese Dateien</translation>
    </message>
    <message>
        <source>More steps: slower, finer. 1 to {most}</source>
        <translation>Mehr Schritte: langsamer, feiner. 1 bis {most}</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>Die meisten</translation>
    </message>
    <message>
        <source>Move the line between before and after</source>
        <translation>Die Linie zwischen vorher und nachher verschieben</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Das Bild verschieben</translation>
    </message>
    <message>
        <source>Move the picture wherever the drag begins</source>
        <translation>Das Bild verschieben, wo immer das Ziehen beginnt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name the prior with --prior, or choose another folder for the results.</source>
        <translation>Nennen Sie den Prior mit --prior, oder wählen Sie einen anderen Ordner für die Ergebnisse.</translation>
    </message>
    <message>
        <source>Names of results, with the fields {fields}; a / creates a folder</source>
        <translation>Namen der Ergebnisse mit den Feldern {fields}; ein / legt einen Ordner an</translation>
    </message>
    <message>
        <source>Ne&amp;xt file</source>
        <translation>&amp;Nächste Datei</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>New limits take effect after a restart.</source>
        <translation>Neue Grenzen gelten nach einem Neustart.</translation>
    </message>
    <message>
        <source>New seed</source>
        <translation>Neuer Seed</translation>
    </message>
    <message>
        <source>New seed, drawn at random</source>
        <translation>Neuer Seed, zufällig gezogen</translation>
    </message>
    <message>
        <source>Next result: {strength}</source>
        <translation>Nächstes Ergebnis: {strength}</translation>
    </message>
    <message>
        <source>Next to the first file or folder</source>
        <translation>Neben der ersten Datei oder dem ersten Ordner</translation>
    </message>
    <message>
        <source>Next to the original</source>
        <translation>Neben dem Original</translation>
    </message>
    <message>
        <source>No JPEG has been read yet</source>
        <translation>Noch kein JPEG wurde gelesen</translation>
    </message>
    <message>
        <source>No access to {address}: {reason}</source>
        <translation>Kein Zugriff auf {address}: {reason}</translation>
    </message>
    <message>
        <source>No banding found</source>
        <translation>Keine Stufen gefunden</translation>
    </message>
    <message>
        <source>No banding found in {path}</source>
        <translation>Keine Farbstufen gefunden in {path}</translation>
    </message>
    <message>
        <source>No banding found, so there is nothing to restore. If you know the bits per channel, set them here.</source>
        <translation>Keine Stufen gefunden, also gibt es nichts wiederherzustellen. Sind die Bits pro Kanal bekannt, sie hier angeben.</translation>
    </message>
    <message>
        <source>No checksum was recorded with it, so there is nothing to compare it with.</source>
        <translation>Es wurde keine Prüfsumme mit ihr aufgezeichnet, mit der sie zu vergleichen wäre.</translation>
    </message>
    <message>
        <source>No file is open</source>
        <translation>Keine Datei ist geöffnet</translation>
    </message>
    <message>
        <source>No file is open.</source>
        <translation>Keine Datei ist geöffnet.</translation>
    </message>
    <message>
        <source>No picture in {path} was replaced</source>
        <translation>In {path} wurde kein Bild ersetzt</translation>
    </message>
    <message>
        <source>No pictures were found there</source>
        <translation>Dort wurden keine Bilder gefunden</translation>
    </message>
    <message>
        <source>No program opens folders here</source>
        <translation>Kein Programm öffnet hier Ordner</translation>
    </message>
    <message>
        <source>No sign</source>
        <translation>Kein Anzeichen</translation>
    </message>
    <message>
        <source>No sign of JPEG compression</source>
        <translation>Kein Anzeichen einer JPEG-Kompression</translation>
    </message>
    <message>
        <source>No sign of JPEG compression, so there is nothing to restore. If the picture was a JPEG once, set its quality here.</source>
        <translation>Kein Anzeichen einer JPEG-Kompression, also gibt es nichts wiederherzustellen. War das Bild früher ein JPEG, hier dessen Qualität angeben.</translation>
    </message>
    <message>
        <source>Noise levels</source>
        <translation>Rauschstärken</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Not checked against a file</source>
        <translation>Nicht mit einer Datei verglichen</translation>
    </message>
    <message>
        <source>Not enough memory</source>
        <translation>Zu wenig Speicher</translation>
    </message>
    <message>
        <source>Not enough memory on {device} for {width}x{height} pixels</source>
        <translation>Zu wenig Speicher auf {device} für {width}x{height} Pixel</translation>
    </message>
    <message>
        <source>Not faithful to your file</source>
        <translation>Stimmt nicht mit Ihrer Datei überein</translation>
    </message>
    <message>
        <source>Not given back to the originals:</source>
        <translation>Den Originalen nicht zurückgegeben:</translation>
    </message>
    <message>
        <source>Not installed</source>
        <translation>Nicht installiert</translation>
    </message>
    <message>
        <source>Not known</source>
        <translation>Nicht bekannt</translation>
    </message>
    <message>
        <source>Not needed</source>
        <translation>Nicht nötig</translation>
    </message>
    <message>
        <source>Not replaced</source>
        <translation>Nicht ersetzt</translation>
    </message>
    <message>
        <source>Not usable</source>
        <translation>Nicht verwendbar</translation>
    </message>
    <message>
        <source>Nothing came from {url} for {seconds:g} s</source>
        <translation>Von {url} kam {seconds:g} s lang nichts</translation>
    </message>
    <message>
        <source>Nothing more can be written to {folder}: {reason}</source>
        <translation>In {folder} kann nichts mehr geschrieben werden: {reason}</translation>
    </message>
    <message>
        <source>Nothing to restore yet</source>
        <translation>Noch nichts wiederherzustellen</translation>
    </message>
    <message>
        <source>Of a JPEG, {first} to {last} on libjpeg&apos;s scale</source>
        <translation>Eines JPEGs, {first} bis {last} auf der Skala von libjpeg</translation>
    </message>
    <message>
        <source>Off, only the result</source>
        <translation>Aus, nur das Ergebnis</translation>
    </message>
    <message>
        <source>Old previews were left out: they show the source.</source>
        <translation>Alte Vorschaubilder wurden weggelassen: Sie zeigen die Quelle.</translation>
    </message>
    <message>
        <source>On the pictures</source>
        <translation>Auf den Bildern</translation>
    </message>
    <message>
        <source>One picture pixel on one screen pixel</source>
        <translation>Ein Bildpixel auf einem Bildschirmpixel</translation>
    </message>
    <message>
        <source>One result of an earlier session is kept</source>
        <translation>Ein Ergebnis einer früheren Sitzung ist aufbewahrt</translation>
    </message>
    <message>
        <source>One result of an earlier session is kept: {name}, {size}.</source>
        <translation>Ein Ergebnis einer früheren Sitzung ist aufbewahrt: {name}, {size}.</translation>
    </message>
    <message>
        <source>One version has no other to differ from. Restore with two or more.</source>
        <translation>Eine einzelne Fassung weicht von keiner anderen ab. Mit zweien oder mehr wiederherstellen.</translation>
    </message>
    <message>
        <source>Only JPEGs are added, unless other pictures are switched on.</source>
        <translation>Nur JPEGs werden hinzugefügt, wenn andere Bilder nicht eingeschaltet sind.</translation>
    </message>
    <message>
        <source>Only a whole picture can have the compression of its source, not a part of it</source>
        <translation>Nur ein ganzes Bild kann die Kompression seiner Quelle haben, kein Teil davon</translation>
    </message>
    <message>
        <source>Only below quality</source>
        <translation>Nur unter Qualität</translation>
    </message>
    <message>
        <source>Only the first of {samples} versions is kept: there was no room for more.</source>
        <translation>Nur die erste von {samples} Fassungen ist aufbewahrt: Für mehr war kein Platz.</translation>
    </message>
    <message>
        <source>Only what most pictures need</source>
        <translation>Nur, was die meisten Bilder brauchen</translation>
    </message>
    <message>
        <source>Open &amp;folder</source>
        <translation>&amp;Ordner öffnen</translation>
    </message>
    <message>
        <source>Open a JPEG, or a picture that once was one</source>
        <translation>Ein JPEG öffnen, oder ein Bild, das einmal eines war</translation>
    </message>
    <message>
        <source>Open a JPEG, or a picture that once was one (Ctrl+O)</source>
        <translation>Ein JPEG öffnen, oder ein Bild, das einmal eines war (Strg+O)</translation>
    </message>
    <message>
        <source>Open anyway</source>
        <translation>Trotzdem öffnen</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open the &amp;last file</source>
        <translation>&amp;Letzte Datei öffnen</translation>
    </message>
    <message>
        <source>Open the file again that was open last</source>
        <translation>Die Datei wieder öffnen, die zuletzt offen war</translation>
    </message>
    <message>
        <source>Open the file or the picture on the clipboard</source>
        <translation>Die Datei oder das Bild der Zwischenablage öffnen</translation>
    </message>
    <message>
        <source>Open the folder of the models</source>
        <translation>Ordner der Modelle öffnen</translation>
    </message>
    <message>
        <source>Open the folder of the open file in the file manager</source>
        <translation>Den Ordner der offenen Datei in der Dateiverwaltung öffnen</translation>
    </message>
    <message>
        <source>Open the folder of the selected file</source>
        <translation>Den Ordner der gewählten Datei öffnen</translation>
    </message>
    <message>
        <source>Open the folder of the selected file&apos;s result</source>
        <translation>Den Ordner des Ergebnisses der gewählten Datei öffnen</translation>
    </message>
    <message>
        <source>Open the inspector</source>
        <translation>Inspektor öffnen</translation>
    </message>
    <message>
        <source>Open the last &amp;file at the start</source>
        <translation>&amp;Letzte Datei beim Start öffnen</translation>
    </message>
    <message>
        <source>Open the next file of the list or of the folder</source>
        <translation>Die nächste Datei der Liste oder des Ordners öffnen</translation>
    </message>
    <message>
        <source>Open the previous file of the list or of the folder</source>
        <translation>Die vorige Datei der Liste oder des Ordners öffnen</translation>
    </message>
    <message>
        <source>Open the sample picture that comes with the program</source>
        <translation>Das mitgelieferte Beispielbild öffnen</translation>
    </message>
    <message>
        <source>Open what can be read</source>
        <translation>Öffnen, was lesbar ist</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>{name} wird geöffnet …</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>Other file: {name}</source>
        <translation>Andere Datei: {name}</translation>
    </message>
    <message>
        <source>Other settings</source>
        <translation>Andere Einstellungen</translation>
    </message>
    <message>
        <source>Output folder</source>
        <translation>Ausgabeordner</translation>
    </message>
    <message>
        <source>Output folder, file names, and which files are added</source>
        <translation>Ausgabeordner, Dateinamen und welche Dateien hinzugefügt werden</translation>
    </message>
    <message>
        <source>Output folder: {path}</source>
        <translation>Ausgabeordner: {path}</translation>
    </message>
    <message>
        <source>Output folder: {path} ({format})</source>
        <translation>Ausgabeordner: {path} ({format})</translation>
    </message>
    <message>
        <source>Own settings</source>
        <translation>Eigene Einstellungen</translation>
    </message>
    <message>
        <source>PNG files (*.png)</source>
        <translation>PNG-Dateien (*.png)</translation>
    </message>
    <message>
        <source>PNG, TIFF, WebP, BMP</source>
        <translation>PNG, TIFF, WebP, BMP</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Paper</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>Part downloaded, {arrived} of {size}</source>
        <translation>Teilweise heruntergeladen, {arrived} von {size}</translation>
    </message>
    <message>
        <source>Partly</source>
        <translation>Teilweise</translation>
    </message>
    <message>
        <source>Partly faithful to your file</source>
        <translation>Stimmt teilweise mit Ihrer Datei überein</translation>
    </message>
    <message>
        <source>Paste it into a folder as a file, or into another program as a picture.</source>
        <translation>In einen Ordner als Datei einfügen, oder in ein anderes Programm als Bild.</translation>
    </message>
    <message>
        <source>Pasted pixels lose JPEG data; copy the file</source>
        <translation>Eingefügte Pixel verlieren JPEG-Daten; kopieren Sie die Datei</translation>
    </message>
    <message>
        <source>Pasted {time}</source>
        <translation>Eingefügt {time}</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Pause (P)</source>
        <translation>Pause (P)</translation>
    </message>
    <message>
        <source>Pause after this file</source>
        <translation>Nach dieser Datei anhalten</translation>
    </message>
    <message>
        <source>Pausing after this file: {done} of {total}</source>
        <translation>Pause nach dieser Datei: {done} von {total}</translation>
    </message>
    <message>
        <source>Picture of the folder</source>
        <translation>Bild des Ordners</translation>
    </message>
    <message>
        <source>Picture of the folder: {name}</source>
        <translation>Bild des Ordners: {name}</translation>
    </message>
    <message>
        <source>Pictures (*.jpg *.jpeg *.jpe *.jfif *.png *.tif *.tiff *.webp *.bmp *.jxl *.avif)</source>
        <translation>Bilder (*.jpg *.jpeg *.jpe *.jfif *.png *.tif *.tiff *.webp *.bmp *.jxl *.avif)</translation>
    </message>
    <message>
        <source>Pictures are being restored</source>
        <translation>Bilder werden wiederhergestellt</translation>
    </message>
    <message>
        <source>Pictures of the folder</source>
        <translation>Bilder des Ordners</translation>
    </message>
    <message>
        <source>Pictures: {names}</source>
        <translation>Bilder: {names}</translation>
    </message>
    <message>
        <source>Pixel &amp;grid</source>
        <translation>&amp;Pixelraster</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>Pixels by which the assumed compression&apos;s first blocks begin above the picture: 0 to 7, or to 15 where chroma is halved. With a quality factor of your own.</source>
        <translation>Um wie viele Pixel die ersten Blöcke der angenommenen Kompression oberhalb des Bildes beginnen: 0 bis 7, oder bis 15 bei halbierter Farbauflösung. Mit einem eigenen Qualitätsfaktor.</translation>
    </message>
    <message>
        <source>Pixels by which the assumed compression&apos;s first blocks begin left of the picture: 0 to 7, or to 15 where chroma is halved. With a quality factor of your own.</source>
        <translation>Um wie viele Pixel die ersten Blöcke der angenommenen Kompression links des Bildes beginnen: 0 bis 7, oder bis 15 bei halbierter Farbauflösung. Mit einem eigenen Qualitätsfaktor.</translation>
    </message>
    <message>
        <source>Pixels by which the first blocks begin left of and above the picture</source>
        <translation>Pixel, um die die ersten Blöcke links vom Bild und darüber beginnen</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Place of the originals</source>
        <translation>Ort der Originale</translation>
    </message>
    <message>
        <source>Place, colors and coefficients under the pointer are shown here</source>
        <translation>Hier stehen Ort, Farben und Koeffizienten unter dem Zeiger</translation>
    </message>
    <message>
        <source>Places from which a damaged file can be read on</source>
        <translation>Stellen, ab denen eine beschädigte Datei weitergelesen werden kann</translation>
    </message>
    <message>
        <source>Play the steps</source>
        <translation>Schritte abspielen</translation>
    </message>
    <message>
        <source>Preparing the step…</source>
        <translation>Der Schritt wird vorbereitet …</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Voreinstellung</translation>
    </message>
    <message>
        <source>Press Use to restore with it.</source>
        <translation>Mit „Verwenden“ wird er zum Wiederherstellen benutzt.</translation>
    </message>
    <message>
        <source>Prev&amp;ious file</source>
        <translation>&amp;Vorige Datei</translation>
    </message>
    <message>
        <source>Previ&amp;ous step</source>
        <translation>Vor&amp;heriger Schritt</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Preview &amp;here</source>
        <translation>Vo&amp;rschau hier</translation>
    </message>
    <message>
        <source>Preview the middle of what is seen while nothing is touched; off on battery</source>
        <translation>Die Mitte des sichtbaren Teils als Vorschau zeigen, solange nichts bedient wird; im Akkubetrieb aus</translation>
    </message>
    <message>
        <source>Previewing the middle, {percent}</source>
        <translation>Vorschau der Mitte, {percent}</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problem</translation>
    </message>
    <message>
        <source>Processor cores</source>
        <translation>Prozessorkerne</translation>
    </message>
    <message>
        <source>Progress of the folder</source>
        <translation>Fortschritt des Ordners</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Laufs</translation>
    </message>
    <message>
        <source>Progress with the model</source>
        <translation>Fortschritt beim Modell</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Quality of the file&apos;s compression, 1 to 100; lower is worse</source>
        <translation>Qualität der Kompression der Datei, 1 bis 100; niedriger ist schlechter</translation>
    </message>
    <message>
        <source>Quantization table</source>
        <translation>Quantisierungstabelle</translation>
    </message>
    <message>
        <source>Quantization table of {component}</source>
        <translation>Quantisierungstabelle von {component}</translation>
    </message>
    <message>
        <source>Quantization table of {component}, estimated or assumed</source>
        <translation>Quantisierungstabelle von {component}, geschätzt oder angenommen</translation>
    </message>
    <message>
        <source>Quick, a little smooth</source>
        <translation>Schnell, etwas glatt</translation>
    </message>
    <message>
        <source>R&amp;ename preset…</source>
        <translation>&amp;Voreinstellung umbenennen …</translation>
    </message>
    <message>
        <source>R&amp;uns</source>
        <translation>&amp;Läufe</translation>
    </message>
    <message>
        <source>Ray says: {reason}</source>
        <translation>Ray meldet: {reason}</translation>
    </message>
    <message>
        <source>Read all of its file again, and compare it with what was imported</source>
        <translation>Die ganze Datei erneut lesen, und mit dem vergleichen, was importiert wurde</translation>
    </message>
    <message>
        <source>Reading all of {name} again…</source>
        <translation>{name} wird ganz neu gelesen …</translation>
    </message>
    <message>
        <source>Reading how {name} was made…</source>
        <translation>Wie {name} entstand, wird gelesen …</translation>
    </message>
    <message>
        <source>Ready to restore</source>
        <translation>Bereit zum Wiederherstellen</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>Recent files</source>
        <translation>Zuletzt geöffnete Dateien</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove all</source>
        <translation>Alle entfernen</translation>
    </message>
    <message>
        <source>Remove all crops</source>
        <translation>Alle Ausschnitte entfernen</translation>
    </message>
    <message>
        <source>Remove crop {number}</source>
        <translation>Ausschnitt {number} entfernen</translation>
    </message>
    <message>
        <source>Remove files of other folders from the list: one folder can be undone at once.</source>
        <translation>Entfernen Sie Dateien anderer Ordner aus der Liste: Rückgängig gemacht wird immer ein Ordner.</translation>
    </message>
    <message>
        <source>Remove from the &amp;list</source>
        <translation>Aus der &amp;Liste entfernen</translation>
    </message>
    <message>
        <source>Remove last</source>
        <translation>Letzten entfernen</translation>
    </message>
    <message>
        <source>Remove one to mark another.</source>
        <translation>Einen entfernen, um einen anderen zu markieren.</translation>
    </message>
    <message>
        <source>Remove run {number}</source>
        <translation>Lauf {number} entfernen</translation>
    </message>
    <message>
        <source>Remove the files from the list that have another format than {format}.</source>
        <translation>Entfernen Sie die Dateien aus der Liste, die ein anderes Format als {format} haben.</translation>
    </message>
    <message>
        <source>Remove the files with a result from the list; nothing is deleted</source>
        <translation>Die Dateien mit Ergebnis aus der Liste entfernen; nichts wird gelöscht</translation>
    </message>
    <message>
        <source>Remove the model {name}?</source>
        <translation>Das Modell {name} entfernen?</translation>
    </message>
    <message>
        <source>Remove the selected files from the list; nothing is deleted</source>
        <translation>Die gewählten Dateien aus der Liste entfernen; nichts wird gelöscht</translation>
    </message>
    <message>
        <source>Remove the strength of the next result</source>
        <translation>Stärke des nächsten Ergebnisses entfernen</translation>
    </message>
    <message>
        <source>Removes JPEG artifacts with a diffusion model, and proves that the result agrees with the file.</source>
        <translation>Entfernt JPEG-Artefakte mit einem Diffusionsmodell, und beweist, dass das Ergebnis mit der Datei übereinstimmt.</translation>
    </message>
    <message>
        <source>Removing {name}…</source>
        <translation>{name} wird entfernt …</translation>
    </message>
    <message>
        <source>Rename it in the store.</source>
        <translation>Das Objekt im Speicher umbenennen.</translation>
    </message>
    <message>
        <source>Rename one of them.</source>
        <translation>Eine der beiden umbenennen.</translation>
    </message>
    <message>
        <source>Rename preset</source>
        <translation>Voreinstellung umbenennen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Replace 1 picture in {folder} by its result?</source>
        <translation>1 Bild in {folder} durch sein Ergebnis ersetzen?</translation>
    </message>
    <message>
        <source>Replace the originals</source>
        <translation>Originale ersetzen</translation>
    </message>
    <message>
        <source>Replace up to {count} pictures in {folder} by their results?</source>
        <translation>Bis zu {count} Bilder in {folder} durch ihre Ergebnisse ersetzen?</translation>
    </message>
    <message>
        <source>Replace {count} pictures in {folder} by their results?</source>
        <translation>{count} Bilder in {folder} durch ihre Ergebnisse ersetzen?</translation>
    </message>
    <message>
        <source>Reset all settings</source>
        <translation>Alle Einstellungen zurücksetzen</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Resolution of the colors; 4:2:0 is a half in both directions</source>
        <translation>Auflösung der Farben; 4:2:0 ist die halbe in beiden Richtungen</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>Neustarts</translation>
    </message>
    <message>
        <source>Restore &amp;the rest</source>
        <translation>&amp;Den Rest wiederherstellen</translation>
    </message>
    <message>
        <source>Restore &amp;visible part</source>
        <translation>&amp;Sichtbaren Teil wiederherstellen</translation>
    </message>
    <message>
        <source>Restore a&amp;gain</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Restore again</source>
        <translation>Noch einmal wiederherstellen</translation>
    </message>
    <message>
        <source>Restore all failed files again now</source>
        <translation>Alle fehlgeschlagenen Dateien jetzt erneut restaurieren</translation>
    </message>
    <message>
        <source>Restore and save the remaining files with the window&apos;s settings</source>
        <translation>Die übrigen Dateien mit den Einstellungen des Fensters restaurieren und speichern</translation>
    </message>
    <message>
        <source>Restore damaged files partly</source>
        <translation>Beschädigte Dateien teilweise restaurieren</translation>
    </message>
    <message>
        <source>Restore for the earlier compression</source>
        <translation>Für die frühere Kompression wiederherstellen</translation>
    </message>
    <message>
        <source>Restore it again and replace that result?</source>
        <translation>Noch einmal wiederherstellen und das Ergebnis ersetzen?</translation>
    </message>
    <message>
        <source>Restore it alone, or with fewer workers if memory is short.</source>
        <translation>Die Datei allein wiederherstellen, oder mit weniger Arbeitsprozessen, wenn der Speicher knapp ist.</translation>
    </message>
    <message>
        <source>Restore makes that run again, of the file it was made from.</source>
        <translation>„Wiederherstellen“ macht diesen Lauf noch einmal, aus der Datei, aus der er entstand.</translation>
    </message>
    <message>
        <source>Restore only pictures whose JPEG quality is lower, or whose tables lose as much</source>
        <translation>Nur Bilder wiederherstellen, deren JPEG-Qualität niedriger ist oder deren Tabellen ebenso viel verlieren</translation>
    </message>
    <message>
        <source>Restore only what is seen now; it is what the whole picture will have there</source>
        <translation>Nur wiederherstellen, was jetzt zu sehen ist; genau das wird das ganze Bild dort haben</translation>
    </message>
    <message>
        <source>Restore the area that was kept last, too</source>
        <translation>Auch den zuletzt behaltenen Bereich restaurieren</translation>
    </message>
    <message>
        <source>Restore the files that are not finished</source>
        <translation>Die noch nicht fertigen Dateien restaurieren</translation>
    </message>
    <message>
        <source>Restore the middle of what is seen with these settings, in about ten seconds</source>
        <translation>Die Mitte des sichtbaren Teils mit diesen Einstellungen in etwa zehn Sekunden wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the opened file</source>
        <translation>Die geöffnete Datei wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the readable part of damaged files, and mark the files</source>
        <translation>Den lesbaren Teil beschädigter Dateien restaurieren und die Dateien kennzeichnen</translation>
    </message>
    <message>
        <source>Restore the rest</source>
        <translation>Den Rest wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the selected failed files again now, and replace results of other settings</source>
        <translation>Die gewählten fehlgeschlagenen Dateien jetzt erneut restaurieren und Ergebnisse anderer Einstellungen ersetzen</translation>
    </message>
    <message>
        <source>Restore the selected files earlier</source>
        <translation>Die gewählten Dateien früher wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the selected files later</source>
        <translation>Die gewählten Dateien später wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the selected files with the settings of all</source>
        <translation>Die gewählten Dateien mit den Einstellungen aller wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the selected files with what the window is set to now</source>
        <translation>Die gewählten Dateien mit den jetzigen Einstellungen des Fensters wiederherstellen</translation>
    </message>
    <message>
        <source>Restore the whole picture as its visible part was, with the same seed</source>
        <translation>Das ganze Bild so wiederherstellen, wie sein sichtbarer Teil es wurde, mit demselben Seed</translation>
    </message>
    <message>
        <source>Restore them again and replace those results?</source>
        <translation>Noch einmal wiederherstellen und die Ergebnisse ersetzen?</translation>
    </message>
    <message>
        <source>Restore what that compression took away: sets quality factor and grid below</source>
        <translation>Wiederherstellen, was jene Kompression wegnahm: setzt unten Qualitätsfaktor und Raster</translation>
    </message>
    <message>
        <source>Restore what the earlier compression removed: sets JPEG quality and grid</source>
        <translation>Stellt wieder her, was die frühere Kompression entfernt hat: setzt JPEG-Qualität und Raster</translation>
    </message>
    <message>
        <source>Restore whole folders, one file after another</source>
        <translation>Ganze Ordner wiederherstellen, eine Datei nach der anderen</translation>
    </message>
    <message>
        <source>Restore with a low priority; the normal one returns with the next start</source>
        <translation>Mit niedriger Priorität wiederherstellen; die normale kehrt mit dem nächsten Start zurück</translation>
    </message>
    <message>
        <source>Restore with this model from now on</source>
        <translation>Ab jetzt mit diesem Modell wiederherstellen</translation>
    </message>
    <message>
        <source>Restore with two versions or more to choose from them.</source>
        <translation>Mit zwei oder mehr Fassungen wiederherstellen, um unter ihnen zu wählen.</translation>
    </message>
    <message>
        <source>Restore with two versions or more to see where the versions differ.</source>
        <translation>Mit zwei oder mehr Fassungen wiederherstellen, um zu sehen, wo sie voneinander abweichen.</translation>
    </message>
    <message>
        <source>Restored in {time}</source>
        <translation>Wiederhergestellt in {time}</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Result, consistency {share}</source>
        <translation>Ergebnis, Übereinstimmung {share}</translation>
    </message>
    <message>
        <source>Result: {path}</source>
        <translation>Ergebnis: {path}</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>Ergebnisse</translation>
    </message>
    <message>
        <source>Results get the names of their originals</source>
        <translation>Ergebnisse bekommen die Namen ihrer Originale</translation>
    </message>
    <message>
        <source>Results go</source>
        <translation>Ziel der Ergebnisse</translation>
    </message>
    <message>
        <source>Results of earlier sessions cannot be read</source>
        <translation>Ergebnisse früherer Sitzungen sind nicht lesbar</translation>
    </message>
    <message>
        <source>Results of this session appear here.</source>
        <translation>Hier erscheinen die Ergebnisse dieser Sitzung.</translation>
    </message>
    <message>
        <source>Results replace their originals</source>
        <translation>Ergebnisse ersetzen ihre Originale</translation>
    </message>
    <message>
        <source>Results that are not saved are deleted when the window is closed</source>
        <translation>Nicht gespeicherte Ergebnisse werden gelöscht, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Resume continues with the files that are left.</source>
        <translation>Mit Fortsetzen geht es mit den übrigen Dateien weiter.</translation>
    </message>
    <message>
        <source>Retr&amp;y failed files</source>
        <translation>&amp;Fehlgeschlagene wiederholen</translation>
    </message>
    <message>
        <source>Right for most pictures</source>
        <translation>Für die meisten Bilder richtig</translation>
    </message>
    <message>
        <source>Rotate pixels to &amp;upright</source>
        <translation>Pixel a&amp;ufrecht drehen</translation>
    </message>
    <message>
        <source>Rounded to 8 bits</source>
        <translation>Auf 8 Bit gerundet</translation>
    </message>
    <message>
        <source>Rounding to 8 bits: {differing} of {total} values differ. 16 bits keep more.</source>
        <translation>Runden auf 8 Bit: {differing} von {total} Werten weichen ab. 16 Bit erhalten mehr.</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Run {number} was removed</source>
        <translation>Lauf {number} wurde entfernt</translation>
    </message>
    <message>
        <source>Run {number}: {settings}</source>
        <translation>Lauf {number}: {settings}</translation>
    </message>
    <message>
        <source>Run {number}: {settings}, intermediate</source>
        <translation>Lauf {number}: {settings}, Zwischenstand</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Runs of this session</source>
        <translation>Läufe dieser Sitzung</translation>
    </message>
    <message>
        <source>S&amp;how file on disk</source>
        <translation>Datei im Ordner &amp;zeigen</translation>
    </message>
    <message>
        <source>S&amp;how film strip</source>
        <translation>Bil&amp;derstreifen zeigen</translation>
    </message>
    <message>
        <source>S&amp;teps</source>
        <translation>S&amp;chritte</translation>
    </message>
    <message>
        <source>S&amp;tronger contrast</source>
        <translation>&amp;Mehr Kontrast</translation>
    </message>
    <message>
        <source>Safest</source>
        <translation>Am sichersten</translation>
    </message>
    <message>
        <source>Safest is the mean of the versions, nearest to the original on average; sharpest is one version alone, with more detail that is only plausible. All between agree with the file. 0 to 1, in twentieths.</source>
        <translation>Am sichersten ist das Mittel der Fassungen, dem Original im Durchschnitt am nächsten; am schärfsten ist eine einzelne Fassung, mit mehr Details, die nur plausibel sind. Alles dazwischen stimmt mit der Datei überein. 0 bis 1, in Zwanzigsteln.</translation>
    </message>
    <message>
        <source>Same compression as the source</source>
        <translation>Gleiche Kompression wie die Quelle</translation>
    </message>
    <message>
        <source>Samp&amp;ling</source>
        <translation>Ab&amp;tastung</translation>
    </message>
    <message>
        <source>Samples of brightness and color</source>
        <translation>Abtastwerte von Helligkeit und Farbe</translation>
    </message>
    <message>
        <source>Sampling</source>
        <translation>Abtastung</translation>
    </message>
    <message>
        <source>Samsung&apos;s trailer ({size})</source>
        <translation>Samsungs Anhang ({size})</translation>
    </message>
    <message>
        <source>Save &amp;as preset…</source>
        <translation>&amp;Als Voreinstellung speichern …</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>Speichern &amp;unter …</translation>
    </message>
    <message>
        <source>Save &amp;report…</source>
        <translation>Berich&amp;t speichern …</translation>
    </message>
    <message>
        <source>Save &amp;to</source>
        <translation>&amp;Zielordner</translation>
    </message>
    <message>
        <source>Save as another name…</source>
        <translation>Unter anderem Namen speichern …</translation>
    </message>
    <message>
        <source>Save as preset</source>
        <translation>Als Voreinstellung speichern</translation>
    </message>
    <message>
        <source>Save before closing?</source>
        <translation>Vor dem Schließen speichern?</translation>
    </message>
    <message>
        <source>Save preset</source>
        <translation>Voreinstellung speichern</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern …</translation>
    </message>
    <message>
        <source>Save results with 16 bits per channel from now on</source>
        <translation>Ergebnisse von jetzt an mit 16 Bit je Kanal speichern</translation>
    </message>
    <message>
        <source>Save the frame to restore as a file of its own.</source>
        <translation>Das Einzelbild, das wiederhergestellt werden soll, als eigene Datei speichern.</translation>
    </message>
    <message>
        <source>Save the page to restore as a file of its own.</source>
        <translation>Die Seite, die wiederhergestellt werden soll, als eigene Datei speichern.</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Save the result</source>
        <translation>Ergebnis speichern</translation>
    </message>
    <message>
        <source>Save the result at once, in the format and at the place that the panel shows</source>
        <translation>Das Ergebnis sofort speichern, in dem Format und an dem Ort, die im Bereich links stehen</translation>
    </message>
    <message>
        <source>Save the result under another name, in another folder or format</source>
        <translation>Das Ergebnis unter einem anderen Namen, in einem anderen Ordner oder Format speichern</translation>
    </message>
    <message>
        <source>Save to</source>
        <translation>Speichern in</translation>
    </message>
    <message>
        <source>Save with 16 bits</source>
        <translation>Mit 16 Bit speichern</translation>
    </message>
    <message>
        <source>Save writes every unsaved result; Discard gives up what has no room.</source>
        <translation>Speichern schreibt alle nicht gespeicherten Ergebnisse; Verwerfen gibt auf, was keinen Platz hat.</translation>
    </message>
    <message>
        <source>Saved as</source>
        <translation>Gespeichert als</translation>
    </message>
    <message>
        <source>Saved before</source>
        <translation>Früher gespeichert</translation>
    </message>
    <message>
        <source>Saved before at</source>
        <translation>Zuvor gespeichert mit</translation>
    </message>
    <message>
        <source>Saved before at lower quality, about {quality}: restore for that?</source>
        <translation>Früher mit niedrigerer Qualität gespeichert, etwa {quality}: dafür wiederherstellen?</translation>
    </message>
    <message>
        <source>Saved {name}</source>
        <translation>{name} gespeichert</translation>
    </message>
    <message>
        <source>Saved: {names}.</source>
        <translation>Gespeichert: {names}.</translation>
    </message>
    <message>
        <source>Saving {name}…</source>
        <translation>{name} wird gespeichert …</translation>
    </message>
    <message>
        <source>Says what that means, and asks before anything is fetched</source>
        <translation>Sagt, was das heißt, und fragt, bevor etwas geholt wird</translation>
    </message>
    <message>
        <source>Screen pixels per picture pixel</source>
        <translation>Bildschirmpixel je Bildpixel</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search the keys</source>
        <translation>In den Tasten suchen</translation>
    </message>
    <message>
        <source>Searching folders…</source>
        <translation>Ordner werden durchsucht …</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Sekunden</translation>
    </message>
    <message>
        <source>See a larger part</source>
        <translation>Einen größeren Teil sehen</translation>
    </message>
    <message>
        <source>See a smaller part, larger</source>
        <translation>Einen kleineren Teil sehen, größer</translation>
    </message>
    <message>
        <source>See every level there is (End)</source>
        <translation>Alle vorhandenen Stufen sehen (Ende)</translation>
    </message>
    <message>
        <source>See every version of the result, and choose one</source>
        <translation>Jede Fassung des Ergebnisses sehen, und eine wählen</translation>
    </message>
    <message>
        <source>See fewer levels, larger (plus)</source>
        <translation>Weniger Stufen sehen, größer (Plus)</translation>
    </message>
    <message>
        <source>See more levels (minus)</source>
        <translation>Mehr Stufen sehen (Minus)</translation>
    </message>
    <message>
        <source>See tables, sampling, metadata and histograms of the opened file</source>
        <translation>Tabellen, Abtastung, Metadaten und Histogramme der geöffneten Datei sehen</translation>
    </message>
    <message>
        <source>See the marked crops large, side by side in several pictures</source>
        <translation>Die markierten Ausschnitte groß sehen, nebeneinander in mehreren Bildern</translation>
    </message>
    <message>
        <source>See the original for as long as it is held</source>
        <translation>Das Original sehen, solange gehalten wird</translation>
    </message>
    <message>
        <source>See the whole picture</source>
        <translation>Das ganze Bild sehen</translation>
    </message>
    <message>
        <source>See this crop in the middle of the view</source>
        <translation>Diesen Ausschnitt in der Mitte der Ansicht sehen</translation>
    </message>
    <message>
        <source>See this run&apos;s result on the before side, beside the present one</source>
        <translation>Das Ergebnis dieses Laufs auf der Vorher-Seite sehen, neben dem jetzigen</translation>
    </message>
    <message>
        <source>See what the runs of this session gave, and go back to one</source>
        <translation>Sehen, was die Läufe dieser Sitzung ergaben, und zu einem zurückgehen</translation>
    </message>
    <message>
        <source>See where nearly all blocks are (Home)</source>
        <translation>Sehen, wo fast alle Blöcke sind (Pos1)</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>Seed {seed}, quality factor {quality} assumed.</source>
        <translation>Seed {seed}, Qualitätsfaktor {quality} angenommen.</translation>
    </message>
    <message>
        <source>Seed {seed}.</source>
        <translation>Seed {seed}.</translation>
    </message>
    <message>
        <source>Segments of unknown meaning were left out: they may hold a place.</source>
        <translation>Segmente unbekannter Bedeutung wurden weggelassen: Sie könnten einen Ort enthalten.</translation>
    </message>
    <message>
        <source>Segments of unknown meaning were left out: they may show what was cut away.</source>
        <translation>Segmente unbekannter Bedeutung wurden weggelassen: Sie können zeigen, was abgeschnitten wurde.</translation>
    </message>
    <message>
        <source>Set all that the run of a saved result used, to make it again of this file</source>
        <translation>Alles setzen, was der Lauf eines gespeicherten Ergebnisses verwendet hat, um ihn mit dieser Datei zu wiederholen</translation>
    </message>
    <message>
        <source>Set all that this run used, for the next one</source>
        <translation>Alles setzen, was dieser Lauf verwendet hat, für den nächsten</translation>
    </message>
    <message>
        <source>Set everything on this page as at the first start</source>
        <translation>Alles auf dieser Seite wie beim ersten Start setzen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings at the start: {settings}</source>
        <translation>Einstellungen beim Start: {settings}</translation>
    </message>
    <message>
        <source>Settings of its own: {words}</source>
        <translation>Eigene Einstellungen: {words}</translation>
    </message>
    <message>
        <source>Settings of the window: {settings}</source>
        <translation>Einstellungen des Fensters: {settings}</translation>
    </message>
    <message>
        <source>Settings: {words}</source>
        <translation>Einstellungen: {words}</translation>
    </message>
    <message>
        <source>Several settings</source>
        <translation>Mehrere Einstellungen</translation>
    </message>
    <message>
        <source>Share of findings with such evidence that were right</source>
        <translation>Anteil der Befunde mit solchen Anzeichen, die richtig waren</translation>
    </message>
    <message>
        <source>Share of new noise per step, 0 to 1</source>
        <translation>Anteil neuen Rauschens je Schritt, 0 bis 1</translation>
    </message>
    <message>
        <source>Share of the file that has arrived</source>
        <translation>Anteil der Datei, der angekommen ist</translation>
    </message>
    <message>
        <source>Share of the paper&apos;s correction, 0 to 1</source>
        <translation>Anteil der Korrektur des Papers, 0 bis 1</translation>
    </message>
    <message>
        <source>Sharpest</source>
        <translation>Am schärfsten</translation>
    </message>
    <message>
        <source>Sharpest, some detail is a guess</source>
        <translation>Am schärfsten, manches ist geraten</translation>
    </message>
    <message>
        <source>Sharpest: version {number}</source>
        <translation>Am schärfsten: Fassung {number}</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Sharpness, from safest to sharpest</source>
        <translation>Schärfe, von am sichersten bis am schärfsten</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show all settings and facts in the panel</source>
        <translation>Alle Einstellungen und Angaben in der Leiste zeigen</translation>
    </message>
    <message>
        <source>Show details in the ta&amp;ble</source>
        <translation>&amp;Kenndaten der Dateien zeigen</translation>
    </message>
    <message>
        <source>Show differences and spread less strongly</source>
        <translation>Differenzen und Streuung schwächer zeigen</translation>
    </message>
    <message>
        <source>Show differences and spread more strongly</source>
        <translation>Differenzen und Streuung stärker zeigen</translation>
    </message>
    <message>
        <source>Show earlier results</source>
        <translation>Frühere Ergebnisse zeigen</translation>
    </message>
    <message>
        <source>Show in &amp;folder</source>
        <translation>Im &amp;Ordner zeigen</translation>
    </message>
    <message>
        <source>Show list</source>
        <translation>Liste zeigen</translation>
    </message>
    <message>
        <source>Show only what has these words in it</source>
        <translation>Nur zeigen, was diese Wörter enthält</translation>
    </message>
    <message>
        <source>Show result on dis&amp;k</source>
        <translation>Er&amp;gebnis im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show size, damage, earlier compression and expected time of each file</source>
        <translation>Größe, Schaden, frühere Kompression und erwartete Zeit jeder Datei zeigen</translation>
    </message>
    <message>
        <source>Show the error as programmers read it</source>
        <translation>Den Fehler so zeigen, wie ihn Programmierer lesen</translation>
    </message>
    <message>
        <source>Show the pictures in the folder of the open file, with marks on restored ones</source>
        <translation>Die Bilder im Ordner der offenen Datei zeigen, mit Zeichen an wiederhergestellten</translation>
    </message>
    <message>
        <source>Show the steps of the run one after another</source>
        <translation>Die Schritte des Laufs nacheinander zeigen</translation>
    </message>
    <message>
        <source>Show the steps one after another (P)</source>
        <translation>Die Schritte nacheinander zeigen (P)</translation>
    </message>
    <message>
        <source>Show this result</source>
        <translation>Dieses Ergebnis zeigen</translation>
    </message>
    <message>
        <source>Show where imported and downloaded priors are kept</source>
        <translation>Zeigen, wo importierte und heruntergeladene Priors aufbewahrt werden</translation>
    </message>
    <message>
        <source>Show where the versions differ: bright where detail was invented</source>
        <translation>Zeigen, wo die Fassungen voneinander abweichen: hell, wo Details erfunden wurden</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>Sigma factor</source>
        <translation>Sigma-Faktor</translation>
    </message>
    <message>
        <source>Signs that the picture was compressed before, more harshly</source>
        <translation>Anzeichen, dass das Bild zuvor stärker komprimiert wurde</translation>
    </message>
    <message>
        <source>Signs that the picture was saved before at a lower quality</source>
        <translation>Anzeichen, dass das Bild zuvor mit niedrigerer Qualität gespeichert wurde</translation>
    </message>
    <message>
        <source>Simple</source>
        <translation>Einfach</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Size: {before} before, {after} after</source>
        <translation>Größe: vorher {before}, nachher {after}</translation>
    </message>
    <message>
        <source>Skip the others</source>
        <translation>Andere auslassen</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glatt</translation>
    </message>
    <message>
        <source>Smooth is safest. Textured keeps more grain and fine detail, of which some is only plausible. The mark is the value of the preset; the smooth end is 0 %, the textured end 100 %.</source>
        <translation>Glatt ist am sichersten. Texturiert behält mehr Körnung und feine Details, von denen manche nur plausibel sind. Die Marke ist der Wert der Voreinstellung; das glatte Ende ist 0 %, das texturierte 100 %.</translation>
    </message>
    <message>
        <source>Smooth pi&amp;xels</source>
        <translation>Pi&amp;xel glätten</translation>
    </message>
    <message>
        <source>Some folders could not be read</source>
        <translation>Einige Ordner konnten nicht gelesen werden</translation>
    </message>
    <message>
        <source>Something went wrong in the program ({kind})</source>
        <translation>Im Programm ging etwas schief ({kind})</translation>
    </message>
    <message>
        <source>Sor&amp;t the list by</source>
        <translation>Liste s&amp;ortieren nach</translation>
    </message>
    <message>
        <source>Space and drag</source>
        <translation>Leertaste und ziehen</translation>
    </message>
    <message>
        <source>Speed and quality</source>
        <translation>Tempo und Qualität</translation>
    </message>
    <message>
        <source>Split &amp;at</source>
        <translation>&amp;Teilen</translation>
    </message>
    <message>
        <source>Split &amp;at the left</source>
        <translation>Links &amp;teilen</translation>
    </message>
    <message>
        <source>Split at &amp;the right</source>
        <translation>&amp;Rechts teilen</translation>
    </message>
    <message>
        <source>Split in t&amp;he middle</source>
        <translation>In &amp;der Mitte teilen</translation>
    </message>
    <message>
        <source>Spread from 0 to {most} gray levels or more</source>
        <translation>Streuung von 0 bis {most} Grauwerten oder mehr</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Start the batch again when nothing changes it any more.</source>
        <translation>Den Stapel noch einmal starten, wenn nichts das Objekt mehr ändert.</translation>
    </message>
    <message>
        <source>Start the batch again when nothing changes the file any more.</source>
        <translation>Den Befehl noch einmal starten, wenn nichts mehr die Datei ändert.</translation>
    </message>
    <message>
        <source>Start, correction, eta, seed, device, and what is assumed of the file</source>
        <translation>Start, Korrektur, Eta, Seed, Gerät, und was über die Datei angenommen wird</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Step {step} of {steps}</source>
        <translation>Schritt {step} von {steps}</translation>
    </message>
    <message>
        <source>Step {step} of {steps}, version {sample} of {samples}</source>
        <translation>Schritt {step} von {steps}, Fassung {sample} von {samples}</translation>
    </message>
    <message>
        <source>Step {step} of {steps}, versions {sample} to {last} of {samples}</source>
        <translation>Schritt {step} von {steps}, Fassungen {sample} bis {last} von {samples}</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Steps of the run</source>
        <translation>Schritte des Laufs</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop &amp;the folder</source>
        <translation>Ordner &amp;anhalten</translation>
    </message>
    <message>
        <source>Stop now; this file restarts later</source>
        <translation>Sofort anhalten; diese Datei beginnt später von vorn</translation>
    </message>
    <message>
        <source>Stop the run</source>
        <translation>Lauf anhalten</translation>
    </message>
    <message>
        <source>Stop the run and close?</source>
        <translation>Lauf anhalten und schließen?</translation>
    </message>
    <message>
        <source>Stop the run, and make this step the result</source>
        <translation>Den Lauf anhalten und diesen Schritt zum Ergebnis machen</translation>
    </message>
    <message>
        <source>Stop the run; its latest step can be used</source>
        <translation>Lauf anhalten; sein neuester Schritt lässt sich verwenden</translation>
    </message>
    <message>
        <source>Stop the run; its latest step can be used (Esc)</source>
        <translation>Lauf anhalten; sein neuester Schritt lässt sich verwenden (Esc)</translation>
    </message>
    <message>
        <source>Stop watching the folder first: only pictures that the question counts are replaced.</source>
        <translation>Beenden Sie zuerst das Beobachten des Ordners: Ersetzt werden nur Bilder, die die Frage zählt.</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Stopped after {percent} of the run</source>
        <translation>Nach {percent} des Laufs angehalten</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Wird angehalten …</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>Strength {percent}</source>
        <translation>Stärke {percent}</translation>
    </message>
    <message>
        <source>Strength, from the file to the restored picture</source>
        <translation>Stärke, von der Datei bis zum restaurierten Bild</translation>
    </message>
    <message>
        <source>Switch off Same compression as the source.</source>
        <translation>Schalten Sie die gleiche Kompression wie die Quelle aus.</translation>
    </message>
    <message>
        <source>Switch on Keep the file&apos;s date in the export options.</source>
        <translation>Schalten Sie in den Exporteinstellungen ein, dass das Datum der Datei bleibt.</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Tab, Shift+Tab</source>
        <translation>Tab, Umschalt+Tab</translation>
    </message>
    <message>
        <source>Tables, sampling, metadata and histograms of this file, explained (Ctrl+I)</source>
        <translation>Tabellen, Abtastung, Metadaten und Histogramme dieser Datei, erklärt (Strg+I)</translation>
    </message>
    <message>
        <source>Take the latest change back</source>
        <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Te&amp;xture</source>
        <translation>Te&amp;xtur</translation>
    </message>
    <message>
        <source>Text files (*.txt)</source>
        <translation>Textdateien (*.txt)</translation>
    </message>
    <message>
        <source>Texture</source>
        <translation>Textur</translation>
    </message>
    <message>
        <source>Texture, from smooth to textured</source>
        <translation>Textur, von glatt bis texturiert</translation>
    </message>
    <message>
        <source>Textured</source>
        <translation>Texturiert</translation>
    </message>
    <message>
        <source>That are left in the picture, 1 to {most}: the lower ones are restored. At its lowest value they are estimated from the pixels.</source>
        <translation>Die im Bild übrig sind, 1 bis {most}: Die unteren werden wiederhergestellt. Beim niedrigsten Wert werden sie aus den Pixeln geschätzt.</translation>
    </message>
    <message>
        <source>That of the default model</source>
        <translation>Der des voreingestellten Modells</translation>
    </message>
    <message>
        <source>The EXIF block has no room for a thumbnail of the result.</source>
        <translation>Im EXIF-Block ist kein Platz für ein Vorschaubild des Ergebnisses.</translation>
    </message>
    <message>
        <source>The EXIF block has no room for the program&apos;s name.</source>
        <translation>Im EXIF-Block ist kein Platz für den Namen des Programms.</translation>
    </message>
    <message>
        <source>The EXIF block is damaged: it names no program.</source>
        <translation>Der EXIF-Block ist beschädigt: Er nennt kein Programm.</translation>
    </message>
    <message>
        <source>The EXIF block is damaged: it still turns the picture.</source>
        <translation>Der EXIF-Block ist beschädigt: Er dreht das Bild noch immer.</translation>
    </message>
    <message>
        <source>The EXIF block is damaged: it was left out, for it may hold a place.</source>
        <translation>Der EXIF-Block ist beschädigt: Er wurde weggelassen, denn er könnte einen Ort enthalten.</translation>
    </message>
    <message>
        <source>The EXIF block is damaged: its thumbnail still shows the source.</source>
        <translation>Der EXIF-Block ist beschädigt: Sein Vorschaubild zeigt noch die Quelle.</translation>
    </message>
    <message>
        <source>The EXIF block is too large for a JPEG.</source>
        <translation>Der EXIF-Block ist zu groß für ein JPEG.</translation>
    </message>
    <message>
        <source>The EXIF block is too large for a JPEG: its largest entries were left out.</source>
        <translation>Der EXIF-Block ist zu groß für ein JPEG: Seine größten Einträge wurden weggelassen.</translation>
    </message>
    <message>
        <source>The EXIF block was left out: it may show what was cut away, and cannot be changed.</source>
        <translation>Der EXIF-Block wurde weggelassen: Er kann zeigen, was abgeschnitten wurde, und lässt sich nicht ändern.</translation>
    </message>
    <message>
        <source>The Photoshop resources are damaged: their end was left out, for it may show the source.</source>
        <translation>Die Photoshop-Ressourcen sind beschädigt: Ihr Ende wurde weggelassen, denn es kann die Quelle zeigen.</translation>
    </message>
    <message>
        <source>The Photoshop resources were left out: they hold a copy of EXIF or XMP.</source>
        <translation>Die Photoshop-Ressourcen wurden weggelassen: Sie enthalten eine Kopie von EXIF oder XMP.</translation>
    </message>
    <message>
        <source>The RGB profile became a gray one with its curve: a gray {format} takes no other.</source>
        <translation>Das RGB-Profil wurde ein Grauprofil mit derselben Kurve: Ein graues {format} nimmt kein anderes.</translation>
    </message>
    <message>
        <source>The RGB profile was left out: a gray {format} takes none.</source>
        <translation>Das RGB-Profil wurde weggelassen: Ein graues {format} nimmt keines.</translation>
    </message>
    <message>
        <source>The XMP packet has no room for the record of this run in a JPEG.</source>
        <translation>Das XMP-Paket hat in einem JPEG keinen Platz für das Protokoll dieses Laufs.</translation>
    </message>
    <message>
        <source>The XMP packet is damaged: it may still describe data behind the picture.</source>
        <translation>Das XMP-Paket ist beschädigt: Es beschreibt womöglich noch Daten hinter dem Bild.</translation>
    </message>
    <message>
        <source>The XMP packet is damaged: the record of this run could not be added.</source>
        <translation>Das XMP-Paket ist beschädigt: Das Protokoll dieses Laufs ließ sich nicht hinzufügen.</translation>
    </message>
    <message>
        <source>The XMP packet is too large for a JPEG.</source>
        <translation>Das XMP-Paket ist zu groß für ein JPEG.</translation>
    </message>
    <message>
        <source>The XMP packet was left out: it holds a preview of the source that cannot be removed.</source>
        <translation>Das XMP-Paket wurde weggelassen: Es enthält ein Vorschaubild der Quelle, das sich nicht entfernen lässt.</translation>
    </message>
    <message>
        <source>The XMP packet was left out: it may hold a place that cannot be removed.</source>
        <translation>Das XMP-Paket wurde weggelassen: Es könnte einen Ort enthalten, der sich nicht entfernen lässt.</translation>
    </message>
    <message>
        <source>The architecture {name} of {distribution} cannot be used: {reason}</source>
        <translation>Die Architektur {name} von {distribution} ist nicht verwendbar: {reason}</translation>
    </message>
    <message>
        <source>The clipboard holds no file</source>
        <translation>Die Zwischenablage enthält keine Datei</translation>
    </message>
    <message>
        <source>The cluster has started no worker for a minute; each needs a machine with free resources (CPUs: {cpu_count}, GPUs: {gpu_count})</source>
        <translation>Der Cluster hat seit einer Minute keinen Arbeitsprozess gestartet; jeder braucht einen Rechner mit freien Ressourcen (CPUs: {cpu_count}, GPUs: {gpu_count})</translation>
    </message>
    <message>
        <source>The cluster {address} cannot be used: {reason}</source>
        <translation>Der Cluster {address} lässt sich nicht verwenden: {reason}</translation>
    </message>
    <message>
        <source>The color profile is kept as it is in the source, but cannot be used: {defect}.</source>
        <translation>Das Farbprofil bleibt, wie es in der Quelle ist, ist aber nicht verwendbar: {defect}.</translation>
    </message>
    <message>
        <source>The color profile is too large for a JPEG.</source>
        <translation>Das Farbprofil ist zu groß für ein JPEG.</translation>
    </message>
    <message>
        <source>The color profile was left out: it does not describe a picture.</source>
        <translation>Das Farbprofil wurde weggelassen: Es beschreibt kein Bild.</translation>
    </message>
    <message>
        <source>The color profile was left out: it is for {profile}, the picture is {picture}.</source>
        <translation>Das Farbprofil wurde weggelassen: Es gilt für {profile}, das Bild ist {picture}.</translation>
    </message>
    <message>
        <source>The color profile was left out: {defect}.</source>
        <translation>Das Farbprofil wurde weggelassen: {defect}.</translation>
    </message>
    <message>
        <source>The color profile “{name}” is kept as it is in the source, but cannot be used: {defect}.</source>
        <translation>Das Farbprofil „{name}“ bleibt, wie es in der Quelle ist, ist aber nicht verwendbar: {defect}.</translation>
    </message>
    <message>
        <source>The color profile “{name}” was left out: {defect}.</source>
        <translation>Das Farbprofil „{name}“ wurde weggelassen: {defect}.</translation>
    </message>
    <message>
        <source>The colors of the window: light, dark, or as the system has it</source>
        <translation>Die Farben des Fensters: hell, dunkel, oder wie im System</translation>
    </message>
    <message>
        <source>The contact sheet is in {folder}.</source>
        <translation>Der Kontaktbogen liegt in {folder}.</translation>
    </message>
    <message>
        <source>The correction {name} of {distribution} cannot be used: {reason}</source>
        <translation>Die Korrektur {name} von {distribution} ist nicht verwendbar: {reason}</translation>
    </message>
    <message>
        <source>The details list the works of others and their licenses.</source>
        <translation>Die Details nennen die Werke anderer und ihre Lizenzen.</translation>
    </message>
    <message>
        <source>The disk may become full: about {needed} needed, {free} free</source>
        <translation>Der Datenträger könnte voll werden: etwa {needed} nötig, {free} frei</translation>
    </message>
    <message>
        <source>The disk of {folder} is full</source>
        <translation>Der Datenträger von {folder} ist voll</translation>
    </message>
    <message>
        <source>The download was stopped</source>
        <translation>Der Download wurde angehalten</translation>
    </message>
    <message>
        <source>The extended XMP packet is in parts too large for a JPEG.</source>
        <translation>Das erweiterte XMP-Paket besteht aus Teilen, die zu groß für ein JPEG sind.</translation>
    </message>
    <message>
        <source>The extended XMP packet was left out: it holds a preview of the source.</source>
        <translation>Das erweiterte XMP-Paket wurde weggelassen: Es enthält ein Vorschaubild der Quelle.</translation>
    </message>
    <message>
        <source>The extended XMP packet was left out: it names a place.</source>
        <translation>Das erweiterte XMP-Paket wurde weggelassen: Es nennt einen Ort.</translation>
    </message>
    <message>
        <source>The file that was open when the window was closed</source>
        <translation>Die Datei, die offen war, als das Fenster geschlossen wurde</translation>
    </message>
    <message>
        <source>The files have {before}; the results will have about {after}.</source>
        <translation>Die Dateien haben {before}; die Ergebnisse werden etwa {after} haben.</translation>
    </message>
    <message>
        <source>The first {kept} of {samples} versions are kept: there was no room for more.</source>
        <translation>Die ersten {kept} von {samples} Fassungen sind aufbewahrt: Für mehr war kein Platz.</translation>
    </message>
    <message>
        <source>The folder is finished: {counts}</source>
        <translation>Der Ordner ist fertig: {counts}</translation>
    </message>
    <message>
        <source>The folder pauses when no space is left; no result is lost.</source>
        <translation>Der Ordner hält an, wenn kein Platz mehr ist; kein Ergebnis geht verloren.</translation>
    </message>
    <message>
        <source>The folder that is proposed for a result</source>
        <translation>Der Ordner, der für ein Ergebnis vorgeschlagen wird</translation>
    </message>
    <message>
        <source>The gray profile became an RGB one with its curve: {format} has no gray.</source>
        <translation>Das Grauprofil wurde ein RGB-Profil mit derselben Kurve: {format} kennt kein Grau.</translation>
    </message>
    <message>
        <source>The gray profile was left out: it has no curve, and {format} has no gray.</source>
        <translation>Das Grauprofil wurde weggelassen: Es hat keine Kurve, und {format} kennt kein Grau.</translation>
    </message>
    <message>
        <source>The language of the window, from the next start on</source>
        <translation>Die Sprache des Fensters, ab dem nächsten Start</translation>
    </message>
    <message>
        <source>The latest step can be used as the result, or an earlier one from the slider.</source>
        <translation>Der neueste Schritt lässt sich als Ergebnis verwenden, oder ein früherer aus dem Schieber.</translation>
    </message>
    <message>
        <source>The levels of this result were assumed, not read from a JPEG&apos;s own tables</source>
        <translation>Die Stufen dieses Ergebnisses wurden angenommen, nicht mit den eigenen Tabellen eines JPEGs gelesen</translation>
    </message>
    <message>
        <source>The mean of the versions is the result.</source>
        <translation>Das Mittel der Fassungen ist das Ergebnis.</translation>
    </message>
    <message>
        <source>The model {name} is not installed</source>
        <translation>Das Modell {name} ist nicht installiert</translation>
    </message>
    <message>
        <source>The model {name} is not installed any more; {other} is used instead</source>
        <translation>Das Modell {name} ist nicht mehr installiert; stattdessen wird {other} verwendet</translation>
    </message>
    <message>
        <source>The name {path} does not end in a format that this program writes</source>
        <translation>Der Name {path} endet nicht auf ein Format, das dieses Programm schreibt</translation>
    </message>
    <message>
        <source>The originals are not replaced</source>
        <translation>Die Originale werden nicht ersetzt</translation>
    </message>
    <message>
        <source>The originals go to the trash</source>
        <translation>Die Originale kommen in den Papierkorb</translation>
    </message>
    <message>
        <source>The originals go to the trash; Undo replacement in the menu Folder brings them back.</source>
        <translation>Die Originale kommen in den Papierkorb; Ersetzen rückgängig machen im Menü Ordner holt sie zurück.</translation>
    </message>
    <message>
        <source>The originals go to {folder}</source>
        <translation>Die Originale kommen nach {folder}</translation>
    </message>
    <message>
        <source>The originals go to {place}; Undo replacement in the menu Folder brings them back.</source>
        <translation>Die Originale kommen nach {place}; Ersetzen rückgängig machen im Menü Ordner holt sie zurück.</translation>
    </message>
    <message>
        <source>The picture could not be restored</source>
        <translation>Das Bild konnte nicht wiederhergestellt werden</translation>
    </message>
    <message>
        <source>The picture is restored</source>
        <translation>Das Bild ist wiederhergestellt</translation>
    </message>
    <message>
        <source>The picture is upright as it is stored</source>
        <translation>Das Bild ist so, wie es gespeichert ist, aufrecht</translation>
    </message>
    <message>
        <source>The picture stays as it is; please report this.</source>
        <translation>Das Bild bleibt, wie es ist; bitte melden Sie das.</translation>
    </message>
    <message>
        <source>The pictures alone; Escape leaves</source>
        <translation>Nur die Bilder; Esc verlässt</translation>
    </message>
    <message>
        <source>The preset is meant for the model {name}, which is not installed; {other} is used</source>
        <translation>Die Voreinstellung ist für das Modell {name} gedacht, das nicht installiert ist; {other} wird verwendet</translation>
    </message>
    <message>
        <source>The preset of this name is replaced.</source>
        <translation>Die Voreinstellung dieses Namens wird ersetzt.</translation>
    </message>
    <message>
        <source>The preset {name} was deleted</source>
        <translation>Die Voreinstellung {name} wurde gelöscht</translation>
    </message>
    <message>
        <source>The presets in {path} cannot be used: {problem}</source>
        <translation>Die Voreinstellungen in {path} sind nicht verwendbar: {problem}</translation>
    </message>
    <message>
        <source>The prior {name} cannot be used: {problem}</source>
        <translation>Der Prior {name} lässt sich nicht verwenden: {problem}</translation>
    </message>
    <message>
        <source>The prior {name} is not here</source>
        <translation>Der Prior {name} ist nicht vorhanden</translation>
    </message>
    <message>
        <source>The prior {name} is not here ({size_bytes}, license {license_name})</source>
        <translation>Der Prior {name} ist nicht vorhanden ({size_bytes}, Lizenz {license_name})</translation>
    </message>
    <message>
        <source>The program crashed the last time</source>
        <translation>Das Programm ist beim letzten Mal abgestürzt</translation>
    </message>
    <message>
        <source>The rest can follow with the same settings and seed; this part stays as it is.</source>
        <translation>Der Rest kann mit denselben Einstellungen und demselben Seed folgen; dieser Teil bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>The result has today&apos;s date: the date of the source could not be kept.</source>
        <translation>Das Ergebnis hat das heutige Datum: Das Datum der Quelle ließ sich nicht erhalten.</translation>
    </message>
    <message>
        <source>The result lies between the mean and version {number}.</source>
        <translation>Das Ergebnis liegt zwischen dem Mittel und Fassung {number}.</translation>
    </message>
    <message>
        <source>The result of {name} could not be saved</source>
        <translation>Das Ergebnis von {name} ließ sich nicht speichern</translation>
    </message>
    <message>
        <source>The result of {name} is not saved</source>
        <translation>Das Ergebnis von {name} ist nicht gespeichert</translation>
    </message>
    <message>
        <source>The result of {name} is not saved.</source>
        <translation>Das Ergebnis von {name} ist nicht gespeichert.</translation>
    </message>
    <message>
        <source>The result of {path} cannot be verified: {reason}</source>
        <translation>Das Ergebnis von {path} lässt sich nicht prüfen: {reason}</translation>
    </message>
    <message>
        <source>The run goes on with the CPU, which takes longer.</source>
        <translation>Der Lauf geht mit der CPU weiter, das dauert länger.</translation>
    </message>
    <message>
        <source>The run of {name} has no step yet that could be saved.</source>
        <translation>Der Lauf von {name} hat noch keinen Schritt, der sich speichern ließe.</translation>
    </message>
    <message>
        <source>The run of {name} is under way; Save stops it and saves its latest step.</source>
        <translation>Der Lauf von {name} ist im Gang; Speichern hält ihn an und speichert seinen neuesten Schritt.</translation>
    </message>
    <message>
        <source>The run of {name} was stopped</source>
        <translation>Der Lauf von {name} wurde angehalten</translation>
    </message>
    <message>
        <source>The run was stopped, so it is not known how far its versions differ.</source>
        <translation>Der Lauf wurde angehalten, daher ist nicht bekannt, wie weit seine Fassungen auseinanderliegen.</translation>
    </message>
    <message>
        <source>The same seed gives the same result, 0 to {most}</source>
        <translation>Derselbe Seed gibt dasselbe Ergebnis, 0 bis {most}</translation>
    </message>
    <message>
        <source>The settings of {file} are in force</source>
        <translation>Die Einstellungen von {file} gelten</translation>
    </message>
    <message>
        <source>The steps of the run, from the first to the last; the last place is the result. Arrows, Home and End move, too.</source>
        <translation>Die Schritte des Laufs, vom ersten bis zum letzten; der letzte Platz ist das Ergebnis. Auch Pfeile, Pos1 und Ende bewegen.</translation>
    </message>
    <message>
        <source>The visible part is restored</source>
        <translation>Der sichtbare Teil ist wiederhergestellt</translation>
    </message>
    <message>
        <source>The watched folder {folder} cannot be read</source>
        <translation>Der beobachtete Ordner {folder} lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>The worker processes end at their start ({end})</source>
        <translation>Die Arbeitsprozesse enden schon beim Start ({end})</translation>
    </message>
    <message>
        <source>There are too many presets. Delete one first.</source>
        <translation>Es gibt zu viele Voreinstellungen. Zuerst eine löschen.</translation>
    </message>
    <message>
        <source>There is no architecture {name} here</source>
        <translation>Eine Architektur {name} gibt es hier nicht</translation>
    </message>
    <message>
        <source>There is no correction {name} here</source>
        <translation>Eine Korrektur {name} gibt es hier nicht</translation>
    </message>
    <message>
        <source>There is no device {name} here</source>
        <translation>Ein Gerät {name} gibt es hier nicht</translation>
    </message>
    <message>
        <source>There is no room left for more: save the latest result, or remove others.</source>
        <translation>Kein Platz mehr für weitere: das neueste Ergebnis speichern oder andere entfernen.</translation>
    </message>
    <message>
        <source>There is no room to keep it for the next start, or its file has changed.</source>
        <translation>Es ist kein Platz, es bis zum nächsten Start aufzubewahren, oder seine Datei hat sich geändert.</translation>
    </message>
    <message>
        <source>There is no room to keep the unsaved result of {name}</source>
        <translation>Kein Platz, um das nicht gespeicherte Ergebnis von {name} zu behalten</translation>
    </message>
    <message>
        <source>There is no room to keep them for the next start, or files have changed.</source>
        <translation>Es ist kein Platz, sie bis zum nächsten Start aufzubewahren, oder Dateien haben sich geändert.</translation>
    </message>
    <message>
        <source>There is no room to keep {count} unsaved results</source>
        <translation>Kein Platz, um {count} nicht gespeicherte Ergebnisse zu behalten</translation>
    </message>
    <message>
        <source>There is no sign that this picture was compressed more harshly before.</source>
        <translation>Es gibt kein Anzeichen, dass dieses Bild vorher stärker komprimiert war.</translation>
    </message>
    <message>
        <source>There is no trash for {path} that this program can use</source>
        <translation>Für {path} gibt es keinen Papierkorb, den dieses Programm benutzen kann</translation>
    </message>
    <message>
        <source>There is one version, which is the result.</source>
        <translation>Es gibt eine Fassung, sie ist das Ergebnis.</translation>
    </message>
    <message>
        <source>These files are in the list already</source>
        <translation>Diese Dateien sind schon in der Liste</translation>
    </message>
    <message>
        <source>They take their names back. Results that were changed since stay and are listed.</source>
        <translation>Sie bekommen ihre Namen zurück. Ergebnisse, die seitdem geändert wurden, bleiben und werden aufgezählt.</translation>
    </message>
    <message>
        <source>This computer has a GPU by {maker}, but the installed torch uses only the CPU; the page on graphics cards in the user guide says how to change that</source>
        <translation>Dieser Computer hat eine GPU von {maker}, aber das installierte torch nutzt nur die CPU; die Seite über Grafikkarten im Benutzerhandbuch beschreibt, wie sich das ändern lässt</translation>
    </message>
    <message>
        <source>This file is no JPEG, so it has no quantization tables. After a run, those that the run assumed are shown here.</source>
        <translation>Diese Datei ist kein JPEG, hat also keine Quantisierungstabellen. Nach einem Lauf stehen hier die, die er angenommen hat.</translation>
    </message>
    <message>
        <source>This is a bug; please report it.</source>
        <translation>Das ist ein Fehler im Programm; bitte melden.</translation>
    </message>
    <message>
        <source>This name is too long, or a preset of the program has it.</source>
        <translation>Dieser Name ist zu lang, oder eine Voreinstellung des Programms hat ihn.</translation>
    </message>
    <message>
        <source>This picture cannot be read any more. Choose another one at its label.</source>
        <translation>Dieses Bild lässt sich nicht mehr lesen. Ein anderes lässt sich an seiner Beschriftung wählen.</translation>
    </message>
    <message>
        <source>This picture was compressed before, at about quality factor {quality} ({certainty} sure). What was lost then is lost in this file too; a run restores it once the earlier compression is assumed.</source>
        <translation>Dieses Bild war schon komprimiert, etwa mit Qualitätsfaktor {quality} (zu {certainty} sicher). Was damals verloren ging, fehlt auch in dieser Datei; ein Lauf stellt es wieder her, sobald die frühere Kompression zugrunde gelegt wird.</translation>
    </message>
    <message>
        <source>This program comes without it; use the one that `pip install ddrm-restore[cluster]` installs.</source>
        <translation>Dieses Programm enthält es nicht; dafür dasjenige verwenden, das `pip install ddrm-restore[cluster]` installiert.</translation>
    </message>
    <message>
        <source>This program comes without it; use the one that `pip install ddrm-restore[stores]` installs.</source>
        <translation>Dieses Programm enthält es nicht; dafür dasjenige verwenden, das `pip install ddrm-restore[stores]` installiert.</translation>
    </message>
    <message>
        <source>This program loads no installed packages; use the one that `pip install ddrm-restore` installs, with a package that offers it.</source>
        <translation>Dieses Programm lädt keine installierten Pakete; dafür dasjenige verwenden, das `pip install ddrm-restore` installiert, mit einem Paket, das sie anbietet.</translation>
    </message>
    <message>
        <source>This would overwrite the original</source>
        <translation>Das würde das Original überschreiben</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Time and memory of the next run</source>
        <translation>Zeit und Speicher des nächsten Laufs</translation>
    </message>
    <message>
        <source>Time and size: known once this model has been used</source>
        <translation>Zeit und Größe: bekannt, sobald dieses Modell einmal benutzt wurde</translation>
    </message>
    <message>
        <source>Time: known once this model has been used</source>
        <translation>Zeit: bekannt, sobald dieses Modell einmal lief</translation>
    </message>
    <message>
        <source>Timestep of the {steps}-step schedule at which sampling starts, 1 to {most}: how strong it is. Auto follows the file.</source>
        <translation>Zeitschritt im Plan aus {steps} Schritten, bei dem der Lauf beginnt, 1 bis {most}: wie stark er ist. Automatisch folgt der Datei.</translation>
    </message>
    <message>
        <source>Tint the result&apos;s blocks that are outside the file&apos;s bins</source>
        <translation>Die Blöcke des Ergebnisses einfärben, die außerhalb der Intervalle der Datei liegen</translation>
    </message>
    <message>
        <source>To the next control, and back</source>
        <translation>Zum nächsten Bedienelement und zurück</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>Top left</source>
        <translation>Oben links</translation>
    </message>
    <message>
        <source>Top right</source>
        <translation>Oben rechts</translation>
    </message>
    <message>
        <source>Training data</source>
        <translation>Trainingsdaten</translation>
    </message>
    <message>
        <source>Try --workers 1, which shows the reason.</source>
        <translation>Mit --workers 1 starten; das zeigt den Grund.</translation>
    </message>
    <message>
        <source>Try again later; what has arrived is kept, and the next download goes on from there.</source>
        <translation>Später erneut versuchen; was angekommen ist, bleibt, und der nächste Download macht dort weiter.</translation>
    </message>
    <message>
        <source>Try the sample</source>
        <translation>Beispiel ausprobieren</translation>
    </message>
    <message>
        <source>Turn the pixels, instead of saying how they are to be turned</source>
        <translation>Die Pixel drehen, statt zu sagen, wie sie zu drehen sind</translation>
    </message>
    <message>
        <source>Type a name.</source>
        <translation>Einen Namen eingeben.</translation>
    </message>
    <message>
        <source>U&amp;ndo replacement…</source>
        <translation>Ersetzen r&amp;ückgängig machen …</translation>
    </message>
    <message>
        <source>Uncertain areas</source>
        <translation>Unsichere Bereiche</translation>
    </message>
    <message>
        <source>Under the pointer</source>
        <translation>Unter dem Zeiger</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo brings them back.</source>
        <translation>Rückgängig holt sie zurück.</translation>
    </message>
    <message>
        <source>Undo replacement…</source>
        <translation>Ersetzen rückgängig machen …</translation>
    </message>
    <message>
        <source>Unexpected {kind}: {error}</source>
        <translation>Unerwarteter {kind}: {error}</translation>
    </message>
    <message>
        <source>Update or remove the package {distribution}.</source>
        <translation>Das Paket {distribution} aktualisieren oder entfernen.</translation>
    </message>
    <message>
        <source>Us&amp;e the folder&apos;s settings</source>
        <translation>E&amp;instellungen des Ordners verwenden</translation>
    </message>
    <message>
        <source>Us&amp;e this step</source>
        <translation>Diesen Schritt v&amp;erwenden</translation>
    </message>
    <message>
        <source>Use a name that ends in {suffixes}.</source>
        <translation>Einen Namen verwenden, der auf {suffixes} endet.</translation>
    </message>
    <message>
        <source>Use its settings</source>
        <translation>Seine Einstellungen verwenden</translation>
    </message>
    <message>
        <source>Use the latest step</source>
        <translation>Neuesten Schritt verwenden</translation>
    </message>
    <message>
        <source>Use the room of the pictures above, too</source>
        <translation>Auch den Platz der Bilder darüber nutzen</translation>
    </message>
    <message>
        <source>Use the window&apos;s settings</source>
        <translation>Einstellungen des Fensters verwenden</translation>
    </message>
    <message>
        <source>Use the window&apos;s settings for the remaining files</source>
        <translation>Die Einstellungen des Fensters für die übrigen Dateien verwenden</translation>
    </message>
    <message>
        <source>Use this step</source>
        <translation>Diesen Schritt verwenden</translation>
    </message>
    <message>
        <source>Use this version</source>
        <translation>Diese Fassung verwenden</translation>
    </message>
    <message>
        <source>Usual ({sampling})</source>
        <translation>Üblich ({sampling})</translation>
    </message>
    <message>
        <source>Values that agree with the file, time, model and seed of the result</source>
        <translation>Mit der Datei übereinstimmende Werte, Zeit, Modell und Startwert des Ergebnisses</translation>
    </message>
    <message>
        <source>Vers&amp;ions</source>
        <translation>Fas&amp;sungen</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>Fassung {number}</translation>
    </message>
    <message>
        <source>Version {number} is the result.</source>
        <translation>Fassung {number} ist das Ergebnis.</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Fassungen</translation>
    </message>
    <message>
        <source>Versions to average; more is safer. 1 to {most}</source>
        <translation>Fassungen, die gemittelt werden; mehr ist sicherer. 1 bis {most}</translation>
    </message>
    <message>
        <source>Versions to compare</source>
        <translation>Fassungen, die verglichen werden</translation>
    </message>
    <message>
        <source>W&amp;eaker contrast</source>
        <translation>Weni&amp;ger Kontrast</translation>
    </message>
    <message>
        <source>Wait until it has ended.</source>
        <translation>Warten Sie, bis er beendet ist.</translation>
    </message>
    <message>
        <source>Wait until it is done, or stop it.</source>
        <translation>Warten, bis er fertig ist, oder ihn anhalten.</translation>
    </message>
    <message>
        <source>Wait, or give --workers another number.</source>
        <translation>Warten, oder bei --workers eine andere Zahl angeben.</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Watching continues as soon as the folder is available again.</source>
        <translation>Der Ordner wird wieder beobachtet, sobald er erreichbar ist.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>What came from {url} is not the file that was published: {problem}</source>
        <translation>Was von {url} kam, ist nicht die Datei, die veröffentlicht wurde: {problem}</translation>
    </message>
    <message>
        <source>What every key and the mouse do</source>
        <translation>Was jede Taste und die Maus tun</translation>
    </message>
    <message>
        <source>What has arrived is kept, and the next download goes on from there</source>
        <translation>Was angekommen ist, bleibt, und der nächste Download macht dort weiter</translation>
    </message>
    <message>
        <source>What has arrived is kept, and the next download goes on from there.</source>
        <translation>Was angekommen ist, bleibt, und der nächste Download macht dort weiter.</translation>
    </message>
    <message>
        <source>What is the same for every picture</source>
        <translation>Was für jedes Bild gleich ist</translation>
    </message>
    <message>
        <source>What is wrong with the file</source>
        <translation>Was der Datei fehlt</translation>
    </message>
    <message>
        <source>What the file holds besides its picture, and how large that is</source>
        <translation>Was die Datei außer ihrem Bild enthält und wie groß das ist</translation>
    </message>
    <message>
        <source>What the result takes over of the file&apos;s metadata; its color profile and orientation in any case</source>
        <translation>Was das Ergebnis von den Metadaten der Datei übernimmt; Farbprofil und Ausrichtung in jedem Fall</translation>
    </message>
    <message>
        <source>What the runs of this session gave</source>
        <translation>Was die Läufe dieser Sitzung ergaben</translation>
    </message>
    <message>
        <source>What this program is</source>
        <translation>Was dieses Programm ist</translation>
    </message>
    <message>
        <source>What was set here stays</source>
        <translation>Was hier eingestellt war, bleibt</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Wo</translation>
    </message>
    <message>
        <source>Where models run at first; auto takes the fastest there is</source>
        <translation>Wo Modelle zunächst rechnen; auto nimmt das schnellste vorhandene Gerät</translation>
    </message>
    <message>
        <source>Where the model runs; auto takes the fastest there is</source>
        <translation>Wo das Modell rechnet; auto nimmt das schnellste vorhandene Gerät</translation>
    </message>
    <message>
        <source>Where the originals are kept, so that the replacement can be undone</source>
        <translation>Wo die Originale aufbewahrt werden, damit das Ersetzen rückgängig gemacht werden kann</translation>
    </message>
    <message>
        <source>Whether all other pictures are left out, or copied to the output folder unchanged</source>
        <translation>Ob alle anderen Bilder ausgelassen oder unverändert in den Ausgabeordner kopiert werden</translation>
    </message>
    <message>
        <source>Whether the metadata says where the picture was taken</source>
        <translation>Ob die Metadaten sagen, wo das Bild aufgenommen wurde</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>Ganz</translation>
    </message>
    <message>
        <source>Whole picture or 100 %</source>
        <translation>Ganzes Bild oder 100 %</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>With the compression of the source, pixels stay as they are stored</source>
        <translation>Mit der Kompression der Quelle bleiben die Pixel, wie sie gespeichert sind</translation>
    </message>
    <message>
        <source>Without GPS</source>
        <translation>Ohne GPS</translation>
    </message>
    <message>
        <source>Without it the result will be another.</source>
        <translation>Ohne ihn wird das Ergebnis ein anderes sein.</translation>
    </message>
    <message>
        <source>Without its file, the picture is restored from its pixels, as a PNG would be.</source>
        <translation>Ohne seine Datei wird das Bild aus seinen Pixeln wiederhergestellt, wie ein PNG.</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Working, {share}</source>
        <translation>In Arbeit, {share}</translation>
    </message>
    <message>
        <source>Write a JPEG with the tables and sampling of the source: it holds the source&apos;s levels</source>
        <translation>Ein JPEG mit Tabellen und Abtastung der Quelle schreiben: Es enthält die Stufen der Quelle</translation>
    </message>
    <message>
        <source>Write a text for a report of a fault, without names of yours in it</source>
        <translation>Einen Text für eine Fehlermeldung schreiben, ohne eigene Namen darin</translation>
    </message>
    <message>
        <source>Write the marked crops of the chosen pictures to one PNG</source>
        <translation>Die markierten Ausschnitte der gewählten Bilder in ein PNG schreiben</translation>
    </message>
    <message>
        <source>Write this grid to one PNG, with what made it</source>
        <translation>Dieses Raster in ein PNG schreiben, mit den Einstellungen dazu</translation>
    </message>
    <message>
        <source>Write what became of each file, as CSV or JSON</source>
        <translation>Schreiben, was aus jeder Datei wurde, als CSV oder JSON</translation>
    </message>
    <message>
        <source>Written by</source>
        <translation>Geschrieben von</translation>
    </message>
    <message>
        <source>YCbCr splits brightness (Y) from color (Cb and Cr)</source>
        <translation>YCbCr trennt Helligkeit (Y) von Farbe (Cb und Cr)</translation>
    </message>
    <message>
        <source>Your files are as they were. A report helps to mend it; it holds no names or paths of yours, and is sent nowhere.</source>
        <translation>Die eigenen Dateien sind, wie sie waren. Ein Bericht hilft, das zu beheben; er enthält keine eigenen Namen oder Pfade, und wird nirgendwohin gesendet.</translation>
    </message>
    <message>
        <source>Your own file</source>
        <translation>Eigene Datei</translation>
    </message>
    <message>
        <source>Your presets</source>
        <translation>Eigene Voreinstellungen</translation>
    </message>
    <message>
        <source>Zoo&amp;m out</source>
        <translation>Ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom &amp;in in all crops</source>
        <translation>Alle Ausschnitte ver&amp;größern</translation>
    </message>
    <message>
        <source>Zoom &amp;out in all crops</source>
        <translation>Alle Ausschnitte ver&amp;kleinern</translation>
    </message>
    <message>
        <source>Zoom at the cursor</source>
        <translation>Am Zeiger zoomen</translation>
    </message>
    <message>
        <source>Zoom in in all crops</source>
        <translation>Alle Ausschnitte vergrößern</translation>
    </message>
    <message>
        <source>Zoom out in all crops</source>
        <translation>Alle Ausschnitte verkleinern</translation>
    </message>
    <message>
        <source>a .jpg name</source>
        <translation>ein Name mit .jpg</translation>
    </message>
    <message>
        <source>a JPEG&apos;s own levels</source>
        <translation>die eigenen Stufen eines JPEGs</translation>
    </message>
    <message>
        <source>a folder that does not contain the images</source>
        <translation>ein Ordner, der die Bilder nicht enthält</translation>
    </message>
    <message>
        <source>a folder with lossless originals ({endings})</source>
        <translation>ein Ordner mit verlustfreien Originalen ({endings})</translation>
    </message>
    <message>
        <source>a folder with lossless originals ({endings}); JPEGs are not originals, because compression has removed detail from them</source>
        <translation>ein Ordner mit verlustfreien Originalen ({endings}); JPEGs sind keine Originale, weil die Kompression ihnen Details genommen hat</translation>
    </message>
    <message>
        <source>a link leads out of {folder}; {where}</source>
        <translation>ein Link führt aus {folder} hinaus; {where}</translation>
    </message>
    <message>
        <source>a link leads to its folder</source>
        <translation>eine Verknüpfung führt zu ihrem Ordner</translation>
    </message>
    <message>
        <source>a name that ends in {endings}</source>
        <translation>ein Name, der auf {endings} endet</translation>
    </message>
    <message>
        <source>a name that ends in {endings}; {ending} needs the package {package}</source>
        <translation>ein Name, der auf {endings} endet; für {ending} muss das Paket {package} installiert sein</translation>
    </message>
    <message>
        <source>a part and the number of parts, such as 3/16</source>
        <translation>ein Teil und die Zahl der Teile, zum Beispiel 3/16</translation>
    </message>
    <message>
        <source>a part between two slashes is empty</source>
        <translation>ein Teil zwischen zwei Schrägstrichen ist leer</translation>
    </message>
    <message>
        <source>a part of its key has more than {count} bytes</source>
        <translation>ein Teil des Schlüssels hat mehr als {count} Bytes</translation>
    </message>
    <message>
        <source>a part of its key is empty</source>
        <translation>ein Teil des Schlüssels ist leer</translation>
    </message>
    <message>
        <source>a picture that is not a JPEG holds only pixels</source>
        <translation>ein Bild, das kein JPEG ist, enthält nur Pixel</translation>
    </message>
    <message>
        <source>a preset has no usable name</source>
        <translation>eine Voreinstellung hat keinen brauchbaren Namen</translation>
    </message>
    <message>
        <source>a preset has other settings than this version</source>
        <translation>eine Voreinstellung hat andere Einstellungen als diese Version</translation>
    </message>
    <message>
        <source>a preset names no usable prior</source>
        <translation>eine Voreinstellung nennt keinen brauchbaren Prior</translation>
    </message>
    <message>
        <source>a profile without a name</source>
        <translation>ein Profil ohne Namen</translation>
    </message>
    <message>
        <source>a rectangle inside the {width}x{height} pixels</source>
        <translation>ein Rechteck innerhalb der {width}x{height} Pixel</translation>
    </message>
    <message>
        <source>a setting has a value of another kind</source>
        <translation>eine Einstellung hat einen Wert anderer Art</translation>
    </message>
    <message>
        <source>a setting is out of its range</source>
        <translation>eine Einstellung liegt außerhalb ihres Bereichs</translation>
    </message>
    <message>
        <source>a side of more than {pixels:,} pixels</source>
        <translation>eine Seite von mehr als {pixels:,} Pixeln</translation>
    </message>
    <message>
        <source>a turned picture</source>
        <translation>ein gedrehtes Bild</translation>
    </message>
    <message>
        <source>about {n}</source>
        <translation>etwa {n}</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>etwa {size}</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>etwa {time}</translation>
    </message>
    <message>
        <source>about {time} for this picture</source>
        <translation>etwa {time} für dieses Bild</translation>
    </message>
    <message>
        <source>after {values}</source>
        <translation>nachher {values}</translation>
    </message>
    <message>
        <source>all metadata</source>
        <translation>alle Metadaten</translation>
    </message>
    <message>
        <source>all {total} values agree</source>
        <translation>alle {total} Werte stimmen überein</translation>
    </message>
    <message>
        <source>an address must not hold a user, a password, a key or a query</source>
        <translation>eine Adresse darf weder Benutzer noch Passwort, Schlüssel oder Abfrage enthalten</translation>
    </message>
    <message>
        <source>an empty file</source>
        <translation>eine leere Datei</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <source>another file has this name; {where}</source>
        <translation>eine andere Datei hat diesen Namen; {where}</translation>
    </message>
    <message>
        <source>arithmetic coding</source>
        <translation>arithmetische Codierung</translation>
    </message>
    <message>
        <source>at its own size</source>
        <translation>in eigener Größe</translation>
    </message>
    <message>
        <source>at quality {quality} on grid {grid}, {certainty} sure</source>
        <translation>in Qualität {quality} im Raster {grid}, zu {certainty} sicher</translation>
    </message>
    <message>
        <source>audio recording ({size})</source>
        <translation>Tonaufnahme ({size})</translation>
    </message>
    <message>
        <source>band {across},{down}</source>
        <translation>Band {across},{down}</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>Baseline</translation>
    </message>
    <message>
        <source>before {values}</source>
        <translation>vorher {values}</translation>
    </message>
    <message>
        <source>being read…</source>
        <translation>wird gelesen …</translation>
    </message>
    <message>
        <source>below quality</source>
        <translation>Qualitätsgrenze</translation>
    </message>
    <message>
        <source>bits per channel</source>
        <translation>Bits je Kanal</translation>
    </message>
    <message>
        <source>chains with :: are not supported</source>
        <translation>Ketten mit :: werden nicht unterstützt</translation>
    </message>
    <message>
        <source>chroma sampling {sampling} (not whole ratios)</source>
        <translation>Farbabtastung {sampling} (keine ganzen Verhältnisse)</translation>
    </message>
    <message>
        <source>click on its label</source>
        <translation>Klick auf seine Beschriftung</translation>
    </message>
    <message>
        <source>comment</source>
        <translation>Kommentar</translation>
    </message>
    <message>
        <source>connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>could not be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>custom, near {factor}</source>
        <translation>eigene, nahe {factor}</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>beschädigt</translation>
    </message>
    <message>
        <source>data of unknown kind ({size})</source>
        <translation>Daten unbekannter Art ({size})</translation>
    </message>
    <message>
        <source>date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <source>depth map ({size})</source>
        <translation>Tiefenkarte ({size})</translation>
    </message>
    <message>
        <source>disk quota exceeded</source>
        <translation>Speicherkontingent überschritten</translation>
    </message>
    <message>
        <source>double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>drag it</source>
        <translation>daran ziehen</translation>
    </message>
    <message>
        <source>drag, two fingers, or arrows</source>
        <translation>ziehen, zwei Finger oder Pfeiltasten</translation>
    </message>
    <message>
        <source>end factor</source>
        <translation>Endfaktor</translation>
    </message>
    <message>
        <source>enlarged {times} times</source>
        <translation>{times}-fach vergrößert</translation>
    </message>
    <message>
        <source>error factor</source>
        <translation>Fehlerfaktor</translation>
    </message>
    <message>
        <source>estimating time…</source>
        <translation>Zeit wird geschätzt …</translation>
    </message>
    <message>
        <source>exit status {number}</source>
        <translation>Exit-Status {number}</translation>
    </message>
    <message>
        <source>extended attributes</source>
        <translation>erweiterte Attribute</translation>
    </message>
    <message>
        <source>extended sequential</source>
        <translation>erweitert sequenziell</translation>
    </message>
    <message>
        <source>fewer samples at once</source>
        <translation>weniger Stichproben zugleich</translation>
    </message>
    <message>
        <source>file name too long</source>
        <translation>Dateiname zu lang</translation>
    </message>
    <message>
        <source>for the assumed JPEG quality {quality}</source>
        <translation>für die angenommene JPEG-Qualität {quality}</translation>
    </message>
    <message>
        <source>for {bits} bits per channel</source>
        <translation>für {bits} Bit je Kanal</translation>
    </message>
    <message>
        <source>further picture ({size})</source>
        <translation>weiteres Bild ({size})</translation>
    </message>
    <message>
        <source>gain map ({size})</source>
        <translation>Gain-Map ({size})</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>gray levels</source>
        <translation>Grauwerte</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>Raster</translation>
    </message>
    <message>
        <source>grid left</source>
        <translation>Raster links</translation>
    </message>
    <message>
        <source>grid top</source>
        <translation>Raster oben</translation>
    </message>
    <message>
        <source>header and tensors cannot be understood: {problem}</source>
        <translation>Kopf und Tensoren nicht zu verstehen: {problem}</translation>
    </message>
    <message>
        <source>header cannot be understood: {problem}</source>
        <translation>Kopf nicht zu verstehen: {problem}</translation>
    </message>
    <message>
        <source>hierarchical coding</source>
        <translation>hierarchische Codierung</translation>
    </message>
    <message>
        <source>horizontal {across}, vertical {down}: step {step}</source>
        <translation>waagerecht {across}, senkrecht {down}: Schrittweite {step}</translation>
    </message>
    <message>
        <source>in the metadata</source>
        <translation>in den Metadaten</translation>
    </message>
    <message>
        <source>input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>is a directory</source>
        <translation>ist ein Ordner</translation>
    </message>
    <message>
        <source>it cannot be read from the file</source>
        <translation>es lässt sich nicht aus der Datei lesen</translation>
    </message>
    <message>
        <source>it contains a backslash</source>
        <translation>sie enthält einen umgekehrten Schrägstrich</translation>
    </message>
    <message>
        <source>it contains a control character</source>
        <translation>sie enthält ein Steuerzeichen</translation>
    </message>
    <message>
        <source>it does not exist</source>
        <translation>existiert nicht</translation>
    </message>
    <message>
        <source>it does not hold presets</source>
        <translation>sie enthält keine Voreinstellungen</translation>
    </message>
    <message>
        <source>it does not hold the measured band errors of a prior</source>
        <translation>sie enthält nicht die gemessenen Bandfehler eines Priors</translation>
    </message>
    <message>
        <source>it does not say how high the picture is</source>
        <translation>sie sagt nicht, wie hoch das Bild ist</translation>
    </message>
    <message>
        <source>it ended at once</source>
        <translation>er hat sich sofort beendet</translation>
    </message>
    <message>
        <source>it ended at once with the message: {error}</source>
        <translation>er hat sich sofort beendet mit der Meldung: {error}</translation>
    </message>
    <message>
        <source>it ends in the middle of the picture; 1 scan could be read, coarse only</source>
        <translation>sie endet mitten im Bild; 1 Durchgang war lesbar, nur grob</translation>
    </message>
    <message>
        <source>it ends in the middle of the picture; less than 1 % could be read</source>
        <translation>sie endet mitten im Bild; weniger als 1 % war lesbar</translation>
    </message>
    <message>
        <source>it ends in the middle of the picture; nothing could be read</source>
        <translation>sie endet mitten im Bild; nichts war lesbar</translation>
    </message>
    <message>
        <source>it ends in the middle of the picture; {scans} scans could be read, coarse only</source>
        <translation>sie endet mitten im Bild; {scans} Durchgänge waren lesbar, nur grob</translation>
    </message>
    <message>
        <source>it ends in the middle of the picture; {share} % could be read</source>
        <translation>sie endet mitten im Bild; {share} % waren lesbar</translation>
    </message>
    <message>
        <source>it exists already</source>
        <translation>existiert schon</translation>
    </message>
    <message>
        <source>it had to make room for newer ones</source>
        <translation>es musste neueren weichen</translation>
    </message>
    <message>
        <source>it has another size</source>
        <translation>es hat eine andere Größe</translation>
    </message>
    <message>
        <source>it has changed since it was opened</source>
        <translation>sie hat sich seit dem Öffnen geändert</translation>
    </message>
    <message>
        <source>it has more bits per channel than its result would have</source>
        <translation>sie hat mehr Bits je Kanal, als ihr Ergebnis hätte</translation>
    </message>
    <message>
        <source>it has more than {size:,} bytes</source>
        <translation>sie hat mehr als {size:,} Byte</translation>
    </message>
    <message>
        <source>it has no run record</source>
        <translation>es enthält kein Protokoll seiner Entstehung</translation>
    </message>
    <message>
        <source>it has other bytes than were written</source>
        <translation>es hat andere Bytes als geschrieben wurden</translation>
    </message>
    <message>
        <source>it has other pixels than were written</source>
        <translation>es hat andere Pixel als geschrieben wurden</translation>
    </message>
    <message>
        <source>it has too many presets, or none</source>
        <translation>sie hat zu viele Voreinstellungen, oder keine</translation>
    </message>
    <message>
        <source>it holds more than tensors, which could do anything</source>
        <translation>sie enthält mehr als Tensoren, und das könnte alles Mögliche tun</translation>
    </message>
    <message>
        <source>it holds next to nothing of the picture that it claims</source>
        <translation>sie enthält fast nichts von dem Bild, das sie angibt</translation>
    </message>
    <message>
        <source>it holds no picture</source>
        <translation>sie enthält kein Bild</translation>
    </message>
    <message>
        <source>it is a link</source>
        <translation>sie ist eine Verknüpfung</translation>
    </message>
    <message>
        <source>it is a pipe or a device, not a file</source>
        <translation>es ist eine Pipe oder ein Gerät, keine Datei</translation>
    </message>
    <message>
        <source>it is a result of this program</source>
        <translation>sie ist ein Ergebnis dieses Programms</translation>
    </message>
    <message>
        <source>it is an object, not a folder</source>
        <translation>ist ein Objekt, kein Ordner</translation>
    </message>
    <message>
        <source>it is another program</source>
        <translation>es ist ein anderes Programm</translation>
    </message>
    <message>
        <source>it is called {name!r} as the bundled prior is</source>
        <translation>er heißt {name!r}, wie der mitgelieferte Prior</translation>
    </message>
    <message>
        <source>it is called {name!r} as the prior of an installed package is</source>
        <translation>er heißt {name!r} wie der Prior eines installierten Pakets</translation>
    </message>
    <message>
        <source>it is cut off</source>
        <translation>es ist abgeschnitten</translation>
    </message>
    <message>
        <source>it is damaged: {damage}</source>
        <translation>sie ist beschädigt: {damage}</translation>
    </message>
    <message>
        <source>it is not JSON</source>
        <translation>sie ist kein JSON</translation>
    </message>
    <message>
        <source>it is not a dictionary of tensors</source>
        <translation>sie ist kein Verzeichnis von Tensoren</translation>
    </message>
    <message>
        <source>it is not text</source>
        <translation>sie ist kein Text</translation>
    </message>
    <message>
        <source>it is of another version of the program</source>
        <translation>sie gehört zu einer anderen Version des Programms</translation>
    </message>
    <message>
        <source>it is redirected to {target}</source>
        <translation>sie wird umgeleitet zu {target}</translation>
    </message>
    <message>
        <source>it is redirected without end</source>
        <translation>sie wird endlos umgeleitet</translation>
    </message>
    <message>
        <source>it is the original of a picture that was replaced</source>
        <translation>sie ist das Original eines Bildes, das ersetzt wurde</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>sie ist zu lang</translation>
    </message>
    <message>
        <source>it lacks the tags that convert its colors</source>
        <translation>ihm fehlen die Einträge, die seine Farben umrechnen</translation>
    </message>
    <message>
        <source>it was changed in the meantime</source>
        <translation>wurde inzwischen geändert</translation>
    </message>
    <message>
        <source>its SHA-256 is {sha256}</source>
        <translation>ihre SHA-256 ist {sha256}</translation>
    </message>
    <message>
        <source>its bucket does not exist</source>
        <translation>der Bucket existiert nicht</translation>
    </message>
    <message>
        <source>its bytes are no ICC profile</source>
        <translation>seine Bytes sind kein ICC-Profil</translation>
    </message>
    <message>
        <source>its data does not decode</source>
        <translation>ihre Daten lassen sich nicht decodieren</translation>
    </message>
    <message>
        <source>its data is corrupt; 1 scan could be read, coarse only</source>
        <translation>ihre Daten sind verfälscht; 1 Durchgang war lesbar, nur grob</translation>
    </message>
    <message>
        <source>its data is corrupt; at most less than 1 % could be read</source>
        <translation>ihre Daten sind verfälscht; weniger als 1 % war lesbar</translation>
    </message>
    <message>
        <source>its data is corrupt; at most {share} % could be read</source>
        <translation>ihre Daten sind verfälscht; höchstens {share} % waren lesbar</translation>
    </message>
    <message>
        <source>its data is corrupt; nothing could be read</source>
        <translation>ihre Daten sind verfälscht; nichts war lesbar</translation>
    </message>
    <message>
        <source>its data is corrupt; {scans} scans could be read, coarse only</source>
        <translation>ihre Daten sind verfälscht; {scans} Durchgänge waren lesbar, nur grob</translation>
    </message>
    <message>
        <source>its header is cut off or contradictory</source>
        <translation>ihr Kopf ist abgeschnitten oder widersprüchlich</translation>
    </message>
    <message>
        <source>its header or table of tags is damaged</source>
        <translation>sein Kopf oder sein Verzeichnis ist beschädigt</translation>
    </message>
    <message>
        <source>its key begins with a slash</source>
        <translation>der Schlüssel beginnt mit einem Schrägstrich</translation>
    </message>
    <message>
        <source>its key contains a backslash</source>
        <translation>der Schlüssel enthält einen umgekehrten Schrägstrich</translation>
    </message>
    <message>
        <source>its key contains a control character</source>
        <translation>der Schlüssel enthält ein Steuerzeichen</translation>
    </message>
    <message>
        <source>its key contains a name that Windows does not allow</source>
        <translation>der Schlüssel enthält einen Namen, den Windows nicht erlaubt</translation>
    </message>
    <message>
        <source>its measured band errors are missing</source>
        <translation>seine gemessenen Bandfehler fehlen</translation>
    </message>
    <message>
        <source>its measured band errors, or their noise levels, are impossible numbers</source>
        <translation>seine gemessenen Bandfehler oder deren Rauschstärken sind unmögliche Zahlen</translation>
    </message>
    <message>
        <source>its name {name!r} is not letters, digits, &apos;.&apos;, &apos;_&apos;, &apos;-&apos;</source>
        <translation>sein Name {name!r} besteht nicht aus Buchstaben, Ziffern, &apos;.&apos;, &apos;_&apos;, &apos;-&apos;</translation>
    </message>
    <message>
        <source>its noise levels are not a range above 0</source>
        <translation>seine Rauschstärken sind kein Bereich über 0</translation>
    </message>
    <message>
        <source>its package has another file of weights, of another SHA-256</source>
        <translation>sein Paket enthält eine andere Gewichtsdatei mit anderem SHA-256</translation>
    </message>
    <message>
        <source>its package is not installed</source>
        <translation>sein Paket ist nicht installiert</translation>
    </message>
    <message>
        <source>its package lacks the file of the weights</source>
        <translation>seinem Paket fehlt die Datei mit den Gewichten</translation>
    </message>
    <message>
        <source>its parts disagree about their number</source>
        <translation>seine Teile widersprechen sich in ihrer Anzahl</translation>
    </message>
    <message>
        <source>its result is {name}, because {kept} is the result of another picture</source>
        <translation>sein Ergebnis ist {name}, denn {kept} ist das Ergebnis eines anderen Bildes</translation>
    </message>
    <message>
        <source>its tables are custom, near {quality}, and lose less than those of JPEG quality {limit}</source>
        <translation>ihre Tabellen sind eigene, nahe {quality}, und verlieren weniger als die der JPEG-Qualität {limit}</translation>
    </message>
    <message>
        <source>its tensors are not all of floating-point numbers</source>
        <translation>seine Tensoren bestehen nicht alle aus Gleitkommazahlen</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it has besides &apos;{tensor}&apos;</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; ist überzählig</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it has besides &apos;{tensor}&apos; and {count} more</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; und {count} weitere sind überzählig</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it has otherwise &apos;{tensor}&apos;</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; ist anders</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it has otherwise &apos;{tensor}&apos; and {count} more</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; und {count} weitere sind anders</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it lacks &apos;{tensor}&apos;</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; fehlt</translation>
    </message>
    <message>
        <source>its tensors are not those of its architecture: it lacks &apos;{tensor}&apos; and {count} more</source>
        <translation>seine Tensoren sind nicht die seiner Architektur: &apos;{tensor}&apos; und {count} weitere fehlen</translation>
    </message>
    <message>
        <source>its weights are not all finite numbers</source>
        <translation>seine Gewichte sind nicht alle endliche Zahlen</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>Beibehalten</translation>
    </message>
    <message>
        <source>left out where an earlier compression is assumed</source>
        <translation>weggelassen, wenn eine frühere Kompression angenommen wird</translation>
    </message>
    <message>
        <source>lossless coding</source>
        <translation>verlustfreie Codierung</translation>
    </message>
    <message>
        <source>model {name}</source>
        <translation>Modell {name}</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>Schwung</translation>
    </message>
    <message>
        <source>name or service not known</source>
        <translation>Name oder Dienst nicht bekannt</translation>
    </message>
    <message>
        <source>names inside the target folder, none of them empty or with a dot in front</source>
        <translation>Namen innerhalb des Zielordners, keiner davon leer oder mit einem Punkt davor</translation>
    </message>
    <message>
        <source>names of at most {count} letters</source>
        <translation>Namen mit höchstens {count} Buchstaben</translation>
    </message>
    <message>
        <source>names that every system takes</source>
        <translation>Namen, die jedes System annimmt</translation>
    </message>
    <message>
        <source>names that no source has</source>
        <translation>Namen, die keine Quelle hat</translation>
    </message>
    <message>
        <source>names without {field}, since not all files are known</source>
        <translation>Namen ohne {field}, weil nicht alle Dateien bekannt sind</translation>
    </message>
    <message>
        <source>names without {field}, unless a quality is given, since objects are not read for names</source>
        <translation>Namen ohne {field}, außer mit einer Qualitätsangabe, da Objekte für Namen nicht gelesen werden</translation>
    </message>
    <message>
        <source>names without {letter!r}, with / between folders</source>
        <translation>Namen ohne {letter!r}, mit / zwischen Ordnern</translation>
    </message>
    <message>
        <source>near {factor}; the tables are not libjpeg&apos;s own</source>
        <translation>nahe {factor}; die Tabellen sind nicht die von libjpeg</translation>
    </message>
    <message>
        <source>network is unreachable</source>
        <translation>Netz nicht erreichbar</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no GPS</source>
        <translation>kein GPS</translation>
    </message>
    <message>
        <source>no JPEG, and no sign of having been one</source>
        <translation>kein JPEG, und kein Anzeichen, je eines gewesen zu sein</translation>
    </message>
    <message>
        <source>no JPEG, so no levels</source>
        <translation>kein JPEG, daher keine Stufen</translation>
    </message>
    <message>
        <source>no metadata</source>
        <translation>keine Metadaten</translation>
    </message>
    <message>
        <source>no restart markers</source>
        <translation>keine Neustart-Marken</translation>
    </message>
    <message>
        <source>no result can be written as {format}; choose another format</source>
        <translation>als {format} lässt sich kein Ergebnis schreiben; wählen Sie ein anderes Format</translation>
    </message>
    <message>
        <source>no sign of JPEG compression</source>
        <translation>kein Anzeichen für JPEG-Kompression</translation>
    </message>
    <message>
        <source>no space left on device</source>
        <translation>kein Speicherplatz mehr auf dem Datenträger</translation>
    </message>
    <message>
        <source>no such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>none ({format})</source>
        <translation>keine ({format})</translation>
    </message>
    <message>
        <source>none of the networks known here: {networks}</source>
        <translation>keines der hier bekannten Netze: {networks}</translation>
    </message>
    <message>
        <source>not a directory</source>
        <translation>kein Ordner</translation>
    </message>
    <message>
        <source>not a picture</source>
        <translation>kein Bild</translation>
    </message>
    <message>
        <source>not a whole PyTorch checkpoint</source>
        <translation>kein ganzer PyTorch-Checkpoint</translation>
    </message>
    <message>
        <source>not a whole safetensors file</source>
        <translation>keine ganze safetensors-Datei</translation>
    </message>
    <message>
        <source>not at lower quality</source>
        <translation>nicht in niedrigerer Qualität</translation>
    </message>
    <message>
        <source>not enough; went on with {less}</source>
        <translation>reichte nicht; weiter mit {less}</translation>
    </message>
    <message>
        <source>not in the format &apos;{format}&apos;</source>
        <translation>nicht im Format &apos;{format}&apos;</translation>
    </message>
    <message>
        <source>not in the format &apos;{format}&apos;, header lacks {keys}</source>
        <translation>nicht im Format &apos;{format}&apos;, im Kopf fehlt {keys}</translation>
    </message>
    <message>
        <source>not in the metadata</source>
        <translation>nicht in den Metadaten</translation>
    </message>
    <message>
        <source>not known, without a whole block</source>
        <translation>nicht bekannt, ohne ganzen Block</translation>
    </message>
    <message>
        <source>not known: {reason}</source>
        <translation>nicht bekannt: {reason}</translation>
    </message>
    <message>
        <source>not replaced, because {reason}</source>
        <translation>nicht ersetzt: {reason}</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>nicht gespeichert</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <source>not stated in its file</source>
        <translation>in der Datei nicht angegeben</translation>
    </message>
    <message>
        <source>not usable, shown without it</source>
        <translation>nicht verwendbar, ohne es gezeigt</translation>
    </message>
    <message>
        <source>not usable: {defect}; shown as {space}</source>
        <translation>nicht verwendbar: {defect}; gezeigt als {space}</translation>
    </message>
    <message>
        <source>not usable: {defect}; shown without it</source>
        <translation>nicht verwendbar: {defect}; ohne es gezeigt</translation>
    </message>
    <message>
        <source>nothing of it decodes</source>
        <translation>nichts davon lässt sich decodieren</translation>
    </message>
    <message>
        <source>of a region</source>
        <translation>eines Bereichs</translation>
    </message>
    <message>
        <source>of assumed levels</source>
        <translation>aus angenommenen Stufen</translation>
    </message>
    <message>
        <source>of estimated levels</source>
        <translation>aus geschätzten Stufen</translation>
    </message>
    <message>
        <source>of pixels</source>
        <translation>aus Pixeln</translation>
    </message>
    <message>
        <source>once a JPEG of quality {quality}</source>
        <translation>früher ein JPEG der Qualität {quality}</translation>
    </message>
    <message>
        <source>only networks of the compact architecture are trained</source>
        <translation>trainiert werden nur Netze der Architektur compact</translation>
    </message>
    <message>
        <source>only s3://, gs:// and az:// are supported</source>
        <translation>nur s3://, gs:// und az:// werden unterstützt</translation>
    </message>
    <message>
        <source>only together with a quality factor</source>
        <translation>nur zusammen mit einem Qualitätsfaktor</translation>
    </message>
    <message>
        <source>only together with a quality factor to stay below</source>
        <translation>nur zusammen mit einer Qualitätsgrenze</translation>
    </message>
    <message>
        <source>operation not permitted</source>
        <translation>Vorgang nicht erlaubt</translation>
    </message>
    <message>
        <source>other programs write it at the same time</source>
        <translation>andere Programme schreiben es gleichzeitig</translation>
    </message>
    <message>
        <source>others</source>
        <translation>übrige Dateien</translation>
    </message>
    <message>
        <source>output</source>
        <translation>Ausgabeordner</translation>
    </message>
    <message>
        <source>owner</source>
        <translation>Eigentümer</translation>
    </message>
    <message>
        <source>parts of it are missing</source>
        <translation>Teile davon fehlen</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>permissions</source>
        <translation>Berechtigungen</translation>
    </message>
    <message>
        <source>pixels as they are stored</source>
        <translation>Pixel, wie sie gespeichert sind</translation>
    </message>
    <message>
        <source>preview ({size})</source>
        <translation>Vorschaubild ({size})</translation>
    </message>
    <message>
        <source>progressive</source>
        <translation>progressiv</translation>
    </message>
    <message>
        <source>progressive, arithmetic coding</source>
        <translation>progressiv, arithmetische Codierung</translation>
    </message>
    <message>
        <source>quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>quality factor {quality}</source>
        <translation>Qualitätsfaktor {quality}</translation>
    </message>
    <message>
        <source>quality factor {quality}, {sampling} and grid {grid} are estimated from its pixels, {certainty} sure</source>
        <translation>Qualitätsfaktor {quality}, {sampling} und Raster {grid} sind aus den Pixeln geschätzt, zu {certainty} sicher</translation>
    </message>
    <message>
        <source>quantization tables that change between scans</source>
        <translation>Quantisierungstabellen, die sich zwischen Durchgängen ändern</translation>
    </message>
    <message>
        <source>read-only file system</source>
        <translation>Dateisystem nur lesbar</translation>
    </message>
    <message>
        <source>reduced to 1/{parts}</source>
        <translation>auf 1/{parts} verkleinert</translation>
    </message>
    <message>
        <source>region</source>
        <translation>Bereich</translation>
    </message>
    <message>
        <source>report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>report.csv</source>
        <translation>bericht.csv</translation>
    </message>
    <message>
        <source>restart markers every {interval} MCUs</source>
        <translation>Neustart-Marken alle {interval} MCUs</translation>
    </message>
    <message>
        <source>restored for an earlier compression at JPEG quality {quality}, {certainty} sure</source>
        <translation>wiederhergestellt für eine frühere Kompression mit der JPEG-Qualität {quality}, zu {certainty} sicher</translation>
    </message>
    <message>
        <source>result {value}, inside</source>
        <translation>Ergebnis {value}, innerhalb</translation>
    </message>
    <message>
        <source>result {value}, outside</source>
        <translation>Ergebnis {value}, außerhalb</translation>
    </message>
    <message>
        <source>right click</source>
        <translation>Rechtsklick</translation>
    </message>
    <message>
        <source>same compression as the source</source>
        <translation>gleiche Kompression wie die Quelle</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>sampling</source>
        <translation>Abtastung</translation>
    </message>
    <message>
        <source>saves about {time}</source>
        <translation>spart etwa {time}</translation>
    </message>
    <message>
        <source>saving as a lossy JPEG changes the picture again</source>
        <translation>das Speichern als verlustbehaftetes JPEG verändert das Bild erneut</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Seed</translation>
    </message>
    <message>
        <source>seed {seed}</source>
        <translation>Seed {seed}</translation>
    </message>
    <message>
        <source>shard</source>
        <translation>Teil</translation>
    </message>
    <message>
        <source>sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>sigma factor</source>
        <translation>Sigma-Faktor</translation>
    </message>
    <message>
        <source>sigma factor below</source>
        <translation>Grenze des Sigma-Faktors</translation>
    </message>
    <message>
        <source>signal {number}</source>
        <translation>Signal {number}</translation>
    </message>
    <message>
        <source>signs of an earlier compression at JPEG quality {quality}, {certainty} sure</source>
        <translation>Anzeichen einer früheren Kompression mit der JPEG-Qualität {quality}, zu {certainty} sicher</translation>
    </message>
    <message>
        <source>size multiple or range is not what its architecture has</source>
        <translation>Größenvielfaches oder Wertebereich sind nicht die seiner Architektur</translation>
    </message>
    <message>
        <source>skip, as the folder of the results is that of the pictures</source>
        <translation>skip, denn der Ordner der Ergebnisse ist der der Bilder</translation>
    </message>
    <message>
        <source>smaller windows</source>
        <translation>kleineren Fenstern</translation>
    </message>
    <message>
        <source>start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>start factor</source>
        <translation>Startfaktor</translation>
    </message>
    <message>
        <source>step {step} of {steps}</source>
        <translation>Schritt {step} von {steps}</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>temperature</source>
        <translation>Temperatur</translation>
    </message>
    <message>
        <source>template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>temporary failure in name resolution</source>
        <translation>Namensauflösung vorübergehend gestört</translation>
    </message>
    <message>
        <source>text with blanks such as {example}</source>
        <translation>Text mit Lücken wie {example}</translation>
    </message>
    <message>
        <source>text with the blanks {blanks}</source>
        <translation>Text mit den Lücken {blanks}</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>der CPU</translation>
    </message>
    <message>
        <source>the JPEG reader did not start, {problem}</source>
        <translation>der JPEG-Leser ist nicht gestartet, {problem}</translation>
    </message>
    <message>
        <source>the answer is incomplete</source>
        <translation>die Antwort ist unvollständig</translation>
    </message>
    <message>
        <source>the assumed JPEG quality {quality} is not below {limit}</source>
        <translation>die angenommene JPEG-Qualität {quality} liegt nicht unter {limit}</translation>
    </message>
    <message>
        <source>the backup has other bytes than the picture</source>
        <translation>die Sicherung hat andere Bytes als das Bild</translation>
    </message>
    <message>
        <source>the connection was cut</source>
        <translation>die Verbindung brach ab</translation>
    </message>
    <message>
        <source>the correction &quot;{correction}&quot; does not keep every value of the file ({outside:,} of {total:,} differ)</source>
        <translation>die Korrektur „{correction}“ erhält nicht jeden Wert der Datei ({outside:,} von {total:,} weichen ab)</translation>
    </message>
    <message>
        <source>the estimated JPEG quality {quality} is not below {limit}</source>
        <translation>die geschätzte JPEG-Qualität {quality} liegt nicht unter {limit}</translation>
    </message>
    <message>
        <source>the file</source>
        <translation>die Datei</translation>
    </message>
    <message>
        <source>the file has {count} names (hard links)</source>
        <translation>die Datei hat {count} Namen (harte Verknüpfungen)</translation>
    </message>
    <message>
        <source>the file is damaged, and {percent} % of it can be read; the rest is left as decoded</source>
        <translation>die Datei ist beschädigt, und {percent} % davon sind lesbar; der Rest bleibt, wie er dekodiert wurde</translation>
    </message>
    <message>
        <source>the file is damaged: {damage}</source>
        <translation>die Datei ist beschädigt: {damage}</translation>
    </message>
    <message>
        <source>the file is not a JPEG: {estimate}</source>
        <translation>die Datei ist kein JPEG: {estimate}</translation>
    </message>
    <message>
        <source>the file&apos;s own, for a JPEG</source>
        <translation>die der Datei selbst, bei einem JPEG</translation>
    </message>
    <message>
        <source>the name of the bucket is missing or invalid</source>
        <translation>der Name des Buckets fehlt oder ist ungültig</translation>
    </message>
    <message>
        <source>the original is in the trash, {backup}</source>
        <translation>das Original liegt im Papierkorb, {backup}</translation>
    </message>
    <message>
        <source>the original is in {backup}</source>
        <translation>das Original liegt in {backup}</translation>
    </message>
    <message>
        <source>the original is not at {backup} any more</source>
        <translation>das Original ist nicht mehr bei {backup}</translation>
    </message>
    <message>
        <source>the original is not in the trash any more ({backup})</source>
        <translation>das Original ist nicht mehr im Papierkorb ({backup})</translation>
    </message>
    <message>
        <source>the picture of an earlier run</source>
        <translation>das Bild eines früheren Laufs</translation>
    </message>
    <message>
        <source>the resolution that it has learnt is missing, or not one it can have</source>
        <translation>die Auflösung, die er gelernt hat, fehlt oder ist nicht möglich</translation>
    </message>
    <message>
        <source>the restored area has no whole block to compare</source>
        <translation>der restaurierte Bereich enthält keinen ganzen Block zum Vergleichen</translation>
    </message>
    <message>
        <source>the restored part alone</source>
        <translation>nur der wiederhergestellte Teil</translation>
    </message>
    <message>
        <source>the result cannot get its {attribute}</source>
        <translation>das Ergebnis kann dieses Merkmal der Datei nicht erhalten: {attribute}</translation>
    </message>
    <message>
        <source>the result does not agree with it: {reason}</source>
        <translation>das Ergebnis stimmt nicht mit ihr überein: {reason}</translation>
    </message>
    <message>
        <source>the result would not keep everything in it</source>
        <translation>das Ergebnis würde nicht alles aus ihr bewahren</translation>
    </message>
    <message>
        <source>the server says {answer}</source>
        <translation>der Server sagt {answer}</translation>
    </message>
    <message>
        <source>the store ignores the conditions of requests</source>
        <translation>der Speicher missachtet die Bedingungen von Anfragen</translation>
    </message>
    <message>
        <source>the tags that convert its colors are damaged</source>
        <translation>die Einträge, die seine Farben umrechnen, sind beschädigt</translation>
    </message>
    <message>
        <source>the whole picture</source>
        <translation>das ganze Bild</translation>
    </message>
    <message>
        <source>there is a file {name} already</source>
        <translation>es gibt schon eine Datei {name}</translation>
    </message>
    <message>
        <source>there is no {target} any more; {where}</source>
        <translation>es gibt {target} nicht mehr; {where}</translation>
    </message>
    <message>
        <source>there is not enough memory, so the run goes on with {less}</source>
        <translation>der Speicher reicht nicht, daher geht der Lauf mit {less} weiter</translation>
    </message>
    <message>
        <source>two of its color components have the same number</source>
        <translation>zwei ihrer Farbkomponenten haben dieselbe Nummer</translation>
    </message>
    <message>
        <source>two presets have the same name</source>
        <translation>zwei Voreinstellungen haben denselben Namen</translation>
    </message>
    <message>
        <source>two slashes must follow the scheme</source>
        <translation>auf das Schema müssen zwei Schrägstriche folgen</translation>
    </message>
    <message>
        <source>uncalibrated</source>
        <translation>nicht kalibriert</translation>
    </message>
    <message>
        <source>upright</source>
        <translation>aufrecht</translation>
    </message>
    <message>
        <source>video ({size})</source>
        <translation>Video ({size})</translation>
    </message>
    <message>
        <source>watching {folder}</source>
        <translation>{folder} wird beobachtet</translation>
    </message>
    <message>
        <source>what the server has is {size:,} bytes, not {published_size:,}</source>
        <translation>auf dem Server sind es {size:,} Byte, nicht {published_size:,}</translation>
    </message>
    <message>
        <source>wheel, or pinch</source>
        <translation>Mausrad oder zwei Finger spreizen</translation>
    </message>
    <message>
        <source>workers</source>
        <translation>Zahl der Arbeitsprozesse</translation>
    </message>
    <message>
        <source>x {x}, y {y}</source>
        <translation>x {x}, y {y}</translation>
    </message>
    <message>
        <source>{address} does not exist</source>
        <translation>{address} gibt es nicht</translation>
    </message>
    <message>
        <source>{address} exists already</source>
        <translation>{address} gibt es schon</translation>
    </message>
    <message>
        <source>{address} ignores the conditions under which objects are written</source>
        <translation>{address} missachtet die Bedingungen, unter denen Objekte geschrieben werden</translation>
    </message>
    <message>
        <source>{address} is not the address of a store: {problem}</source>
        <translation>{address} ist keine Adresse eines Speichers: {problem}</translation>
    </message>
    <message>
        <source>{address} was changed in the meantime</source>
        <translation>{address} wurde inzwischen geändert</translation>
    </message>
    <message>
        <source>{after} minus {before}</source>
        <translation>{after} minus {before}</translation>
    </message>
    <message>
        <source>{arrived} of {size} here</source>
        <translation>{arrived} von {size} vorhanden</translation>
    </message>
    <message>
        <source>{band}
Number {order} of 64 in the file&apos;s zigzag order.
Coefficients of this band are stored in whole steps of {step} gray levels.</source>
        <translation>{band}
Nummer {order} von 64 in der Zickzack-Reihenfolge der Datei.
Koeffizienten dieses Bandes sind in ganzen Schritten von {step} Grauwerten gespeichert.</translation>
    </message>
    <message>
        <source>{band}: assumed level {level}, bin {low} to {high}</source>
        <translation>{band}: angenommene Stufe {level}, Intervall {low} bis {high}</translation>
    </message>
    <message>
        <source>{band}: level {level}, bin {low} to {high}</source>
        <translation>{band}: Stufe {level}, Intervall {low} bis {high}</translation>
    </message>
    <message>
        <source>{before} → {after}</source>
        <translation>{before} → {after}</translation>
    </message>
    <message>
        <source>{bits} bits</source>
        <translation>{bits} Bit</translation>
    </message>
    <message>
        <source>{bits} bits per channel</source>
        <translation>{bits} Bit pro Kanal</translation>
    </message>
    <message>
        <source>{bits}-bit float (TIFF)</source>
        <translation>{bits}-Bit-Gleitkomma (TIFF)</translation>
    </message>
    <message>
        <source>{bits}-bit samples</source>
        <translation>Abtastwerte mit {bits} Bit</translation>
    </message>
    <message>
        <source>{blocks} blocks, levels {first} to {last}</source>
        <translation>{blocks} Blöcke, Stufen {first} bis {last}</translation>
    </message>
    <message>
        <source>{blocks}. Result: {inside} in their bins, of {looked} blocks looked at.</source>
        <translation>{blocks}. Ergebnis: {inside} in ihren Intervallen, von {looked} angesehenen Blöcken.</translation>
    </message>
    <message>
        <source>{blocks}. Result: {inside} in their bins.</source>
        <translation>{blocks}. Ergebnis: {inside} in ihren Intervallen.</translation>
    </message>
    <message>
        <source>{blocks}. The result&apos;s coefficients appear here after a run.</source>
        <translation>{blocks}. Die Koeffizienten des Ergebnisses erscheinen hier nach einem Lauf.</translation>
    </message>
    <message>
        <source>{certainty}, from its pixels</source>
        <translation>{certainty}, aus den Pixeln</translation>
    </message>
    <message>
        <source>{coding}, {bits} bits</source>
        <translation>{coding}, {bits} Bit</translation>
    </message>
    <message>
        <source>{color_model} color</source>
        <translation>Farbraum {color_model}</translation>
    </message>
    <message>
        <source>{component} block {column}, {row}</source>
        <translation>{component}-Block {column}, {row}</translation>
    </message>
    <message>
        <source>{count:,.1f} GB</source>
        <translation>{count:,.1f} GB</translation>
    </message>
    <message>
        <source>{count:,.1f} MB</source>
        <translation>{count:,.1f} MB</translation>
    </message>
    <message>
        <source>{count:,.1f} kB</source>
        <translation>{count:,.1f} kB</translation>
    </message>
    <message>
        <source>{count} GB</source>
        <translation>{count} GB</translation>
    </message>
    <message>
        <source>{count} MB</source>
        <translation>{count} MB</translation>
    </message>
    <message>
        <source>{count} areas stay as in the file</source>
        <translation>{count} Bereiche bleiben wie in der Datei</translation>
    </message>
    <message>
        <source>{count} bytes</source>
        <translation>{count} Byte</translation>
    </message>
    <message>
        <source>{count} cannot be read.</source>
        <translation>{count} sind nicht lesbar.</translation>
    </message>
    <message>
        <source>{count} copied</source>
        <translation>{count} kopiert</translation>
    </message>
    <message>
        <source>{count} damaged</source>
        <translation>{count} beschädigt</translation>
    </message>
    <message>
        <source>{count} depth maps ({size})</source>
        <translation>{count} Tiefenkarten ({size})</translation>
    </message>
    <message>
        <source>{count} done before</source>
        <translation>{count} schon früher</translation>
    </message>
    <message>
        <source>{count} done before with other settings</source>
        <translation>{count} schon früher mit anderen Einstellungen</translation>
    </message>
    <message>
        <source>{count} failed</source>
        <translation>{count} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{count} files are left; Resume continues with them.</source>
        <translation>{count} Dateien sind übrig; mit Fortsetzen geht es weiter.</translation>
    </message>
    <message>
        <source>{count} files have results made with other settings</source>
        <translation>{count} Dateien haben Ergebnisse, die mit anderen Einstellungen gemacht sind</translation>
    </message>
    <message>
        <source>{count} files were found</source>
        <translation>{count} Dateien wurden gefunden</translation>
    </message>
    <message>
        <source>{count} files, {size}</source>
        <translation>{count} Dateien, {size}</translation>
    </message>
    <message>
        <source>{count} files: {reason}</source>
        <translation>{count} Dateien: {reason}</translation>
    </message>
    <message>
        <source>{count} further pictures ({size})</source>
        <translation>{count} weitere Bilder ({size})</translation>
    </message>
    <message>
        <source>{count} gain maps ({size})</source>
        <translation>{count} Gain-Maps ({size})</translation>
    </message>
    <message>
        <source>{count} in {folder}.</source>
        <translation>{count} in {folder}.</translation>
    </message>
    <message>
        <source>{count} kB</source>
        <translation>{count} kB</translation>
    </message>
    <message>
        <source>{count} more cannot be read.</source>
        <translation>{count} weitere sind nicht lesbar.</translation>
    </message>
    <message>
        <source>{count} not JPEG</source>
        <translation>{count} kein JPEG</translation>
    </message>
    <message>
        <source>{count} not needed</source>
        <translation>{count} nicht nötig</translation>
    </message>
    <message>
        <source>{count} not replaced</source>
        <translation>{count} nicht ersetzt</translation>
    </message>
    <message>
        <source>{count} of them partly</source>
        <translation>davon {count} teilweise</translation>
    </message>
    <message>
        <source>{count} originals are back in {folder}</source>
        <translation>{count} Originale in {folder} sind zurück</translation>
    </message>
    <message>
        <source>{count} previews ({size})</source>
        <translation>{count} Vorschaubilder ({size})</translation>
    </message>
    <message>
        <source>{count} restored</source>
        <translation>{count} restauriert</translation>
    </message>
    <message>
        <source>{count} results are not saved: {names}.</source>
        <translation>{count} Ergebnisse sind nicht gespeichert: {names}.</translation>
    </message>
    <message>
        <source>{count} results are saved</source>
        <translation>{count} Ergebnisse sind gespeichert</translation>
    </message>
    <message>
        <source>{count} results could not be saved</source>
        <translation>{count} Ergebnisse ließen sich nicht speichern</translation>
    </message>
    <message>
        <source>{count} results of earlier sessions are kept</source>
        <translation>{count} Ergebnisse früherer Sitzungen sind aufbewahrt</translation>
    </message>
    <message>
        <source>{count} results of earlier sessions are kept: {names}, {size}.</source>
        <translation>{count} Ergebnisse früherer Sitzungen sind aufbewahrt: {names}, {size}.</translation>
    </message>
    <message>
        <source>{count} steps</source>
        <translation>{count} Schritte</translation>
    </message>
    <message>
        <source>{count} unreadable</source>
        <translation>{count} nicht lesbar</translation>
    </message>
    <message>
        <source>{count} versions</source>
        <translation>{count} Fassungen</translation>
    </message>
    <message>
        <source>{count} videos ({size})</source>
        <translation>{count} Videos ({size})</translation>
    </message>
    <message>
        <source>{damage}; that part is restored, the rest is as decoded</source>
        <translation>{damage}; dieser Teil wird wiederhergestellt, der Rest ist wie decodiert</translation>
    </message>
    <message>
        <source>{differing:,} of {total:,} levels are not the file&apos;s own</source>
        <translation>{differing:,} von {total:,} Stufen sind nicht die der Datei</translation>
    </message>
    <message>
        <source>{differing} of {total} values differ</source>
        <translation>{differing} von {total} Werten weichen ab</translation>
    </message>
    <message>
        <source>{distribution} is installed and offers it; use it with `{option}`.</source>
        <translation>{distribution} ist installiert und bietet sie an; verwenden mit `{option}`.</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{done} of {total}, {time} left</source>
        <translation>{done} von {total}, noch {time}</translation>
    </message>
    <message>
        <source>{evaluations} evaluations of the model, in {parts} parts of the picture.</source>
        <translation>{evaluations} Auswertungen des Modells in {parts} Teilen des Bildes.</translation>
    </message>
    <message>
        <source>{evaluations} evaluations of the model.</source>
        <translation>{evaluations} Auswertungen des Modells.</translation>
    </message>
    <message>
        <source>{factor} times that of {prior}</source>
        <translation>{factor}-mal der von {prior}</translation>
    </message>
    <message>
        <source>{factor}, exactly libjpeg&apos;s tables</source>
        <translation>{factor}, genau die Tabellen von libjpeg</translation>
    </message>
    <message>
        <source>{files}. Reading files…</source>
        <translation>{files}. Dateien werden gelesen …</translation>
    </message>
    <message>
        <source>{file} beside it is no SHA-256</source>
        <translation>{file} daneben ist keine SHA-256</translation>
    </message>
    <message>
        <source>{file} was made with the model {prior}, which is not installed</source>
        <translation>{file} entstand mit dem Modell {prior}, das nicht installiert ist</translation>
    </message>
    <message>
        <source>{first}, {others}</source>
        <translation>{first}, {others}</translation>
    </message>
    <message>
        <source>{folder} is unavailable</source>
        <translation>{folder} ist nicht erreichbar</translation>
    </message>
    <message>
        <source>{forecast}. That is more than is free: it will take less at a time.</source>
        <translation>{forecast}. Das ist mehr, als frei ist: Es wird weniger auf einmal genommen.</translation>
    </message>
    <message>
        <source>{format} files ({patterns})</source>
        <translation>{format}-Dateien ({patterns})</translation>
    </message>
    <message>
        <source>{format} holds no IPTC.</source>
        <translation>{format} enthält kein IPTC.</translation>
    </message>
    <message>
        <source>{format} holds no comments besides one description in ASCII.</source>
        <translation>{format} enthält keine Kommentare außer einer Beschreibung in ASCII.</translation>
    </message>
    <message>
        <source>{format} holds no comments with zero bytes.</source>
        <translation>{format} enthält keine Kommentare mit Nullbytes.</translation>
    </message>
    <message>
        <source>{format} holds no comments.</source>
        <translation>{format} enthält keine Kommentare.</translation>
    </message>
    <message>
        <source>{format} holds no damaged EXIF.</source>
        <translation>{format} enthält kein beschädigtes EXIF.</translation>
    </message>
    <message>
        <source>{format} holds no density.</source>
        <translation>{format} enthält keine Pixeldichte.</translation>
    </message>
    <message>
        <source>{format} holds no extended XMP.</source>
        <translation>{format} enthält kein erweitertes XMP.</translation>
    </message>
    <message>
        <source>{format} holds no other JPEG segments ({segments}).</source>
        <translation>{format} enthält keine anderen JPEG-Segmente ({segments}).</translation>
    </message>
    <message>
        <source>{format}, no JPEG</source>
        <translation>{format}, kein JPEG</translation>
    </message>
    <message>
        <source>{format}, {bits} bits</source>
        <translation>{format}, {bits} Bit</translation>
    </message>
    <message>
        <source>{gain} dB beside {prior}, noise of {level} gray levels removed</source>
        <translation>{gain} dB gegenüber {prior} beim Entfernen von Rauschen von {level} Grauwerten</translation>
    </message>
    <message>
        <source>{host} has version {actual} of the program, this is {expected}</source>
        <translation>{host} hat Version {actual} des Programms, dies ist {expected}</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{left} of {total} left</source>
        <translation>{left} von {total} übrig</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} bis {high}</translation>
    </message>
    <message>
        <source>{low} to {high} gray levels</source>
        <translation>{low} bis {high} Grauwerte</translation>
    </message>
    <message>
        <source>{low} to {high}, or {word}</source>
        <translation>{low} bis {high}, oder {word}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message>
        <source>{most} crops are marked already</source>
        <translation>{most} Ausschnitte sind schon markiert</translation>
    </message>
    <message>
        <source>{names}, {size}.</source>
        <translation>{names}, {size}.</translation>
    </message>
    <message>
        <source>{name} (not here)</source>
        <translation>{name} (nicht vorhanden)</translation>
    </message>
    <message>
        <source>{name} (not there)</source>
        <translation>{name} (nicht da)</translation>
    </message>
    <message>
        <source>{name} ({size} bytes)</source>
        <translation>{name} ({size} Byte)</translation>
    </message>
    <message>
        <source>{name} becomes {example}</source>
        <translation>Aus {name} wird {example}</translation>
    </message>
    <message>
        <source>{name} cannot be {value}</source>
        <translation>{name} kann nicht {value} sein</translation>
    </message>
    <message>
        <source>{name} has another size than the open file</source>
        <translation>{name} hat eine andere Größe als die offene Datei</translation>
    </message>
    <message>
        <source>{name} is gone or has changed since</source>
        <translation>{name} ist weg oder wurde seither geändert</translation>
    </message>
    <message>
        <source>{name} is installed</source>
        <translation>{name} ist installiert</translation>
    </message>
    <message>
        <source>{name} is never changed; choose another name.</source>
        <translation>{name} wird nie geändert; einen anderen Namen wählen.</translation>
    </message>
    <message>
        <source>{name} was removed</source>
        <translation>{name} wurde entfernt</translation>
    </message>
    <message>
        <source>{name}, about {size}</source>
        <translation>{name}, etwa {size}</translation>
    </message>
    <message>
        <source>{name}, by its profile</source>
        <translation>{name}, laut Profil</translation>
    </message>
    <message>
        <source>{name}, finished after {time}</source>
        <translation>{name}, fertig nach {time}</translation>
    </message>
    <message>
        <source>{name}, restored</source>
        <translation>{name}, wiederhergestellt</translation>
    </message>
    <message>
        <source>{name}, told by EXIF</source>
        <translation>{name}, laut EXIF</translation>
    </message>
    <message>
        <source>{name}, {count} M parameters</source>
        <translation>{name}, {count} Mio. Parameter</translation>
    </message>
    <message>
        <source>{others} or {last}</source>
        <translation>{others} oder {last}</translation>
    </message>
    <message>
        <source>{outside:,} of {total:,} values of the file differ before rounding</source>
        <translation>{outside:,} von {total:,} Werten der Datei weichen vor dem Runden ab</translation>
    </message>
    <message>
        <source>{package_name} is not installed, and --cluster needs it</source>
        <translation>{package_name} ist nicht installiert, und --cluster braucht es</translation>
    </message>
    <message>
        <source>{package_name} is not installed, and {scheme}:// needs it</source>
        <translation>{package_name} ist nicht installiert, und {scheme}:// braucht es</translation>
    </message>
    <message>
        <source>{path} and {other} would have the same result</source>
        <translation>{path} und {other} hätten dasselbe Ergebnis</translation>
    </message>
    <message>
        <source>{path} cannot be read as a gray, RGB or CMYK picture without transparency</source>
        <translation>{path} lässt sich nicht als Bild in Grau, RGB oder CMYK ohne Transparenz lesen</translation>
    </message>
    <message>
        <source>{path} cannot hold four inks (CMYK): {format} holds gray or RGB</source>
        <translation>{path} kann keine vier Druckfarben (CMYK) enthalten: {format} enthält Grau oder RGB</translation>
    </message>
    <message>
        <source>{path} cannot hold this picture: {format} holds gray or RGB</source>
        <translation>{path} kann dieses Bild nicht enthalten: {format} enthält Grau oder RGB</translation>
    </message>
    <message>
        <source>{path} cannot hold {bits} bits a channel as {format}</source>
        <translation>{path} kann als {format} keine {bits} Bit je Kanal enthalten</translation>
    </message>
    <message>
        <source>{path} cannot hold {width}x{height} pixels: {format} holds at most {max_side:,} a side</source>
        <translation>{path} kann keine {width}x{height} Pixel enthalten: {format} enthält höchstens {max_side:,} je Seite</translation>
    </message>
    <message>
        <source>{path} claims {width}x{height} pixels, more than {limit} million</source>
        <translation>{path} gibt {width}x{height} Pixel an, mehr als {limit} Millionen</translation>
    </message>
    <message>
        <source>{path} ended its worker process {count} times ({end})</source>
        <translation>{path} hat {count}-mal den eigenen Arbeitsprozess beendet ({end})</translation>
    </message>
    <message>
        <source>{path} exists already</source>
        <translation>{path} gibt es schon</translation>
    </message>
    <message>
        <source>{path} exists already. Choose other names for results, or move it away.</source>
        <translation>{path} gibt es schon. Andere Namen für die Ergebnisse wählen, oder die Datei verschieben.</translation>
    </message>
    <message>
        <source>{path} has more than 8 bits a channel</source>
        <translation>{path} hat mehr als 8 Bit je Kanal</translation>
    </message>
    <message>
        <source>{path} has more than {max_bytes}</source>
        <translation>{path} hat mehr als {max_bytes}</translation>
    </message>
    <message>
        <source>{path} has no room for the download: {needed_bytes} have to be free, {free_bytes} are</source>
        <translation>{path} hat keinen Platz für den Download: {needed_bytes} müssen frei sein, {free_bytes} sind es</translation>
    </message>
    <message>
        <source>{path} has {page_count:,} pages</source>
        <translation>{path} hat {page_count:,} Seiten</translation>
    </message>
    <message>
        <source>{path} holds no record of how it was made</source>
        <translation>{path} enthält kein Protokoll seiner Entstehung</translation>
    </message>
    <message>
        <source>{path} is an animation of {frame_count:,} frames</source>
        <translation>{path} ist eine Animation aus {frame_count:,} Einzelbildern</translation>
    </message>
    <message>
        <source>{path} is an empty file</source>
        <translation>{path} ist eine leere Datei</translation>
    </message>
    <message>
        <source>{path} is damaged: {damage}</source>
        <translation>{path} ist beschädigt: {damage}</translation>
    </message>
    <message>
        <source>{path} is no JPEG and shows no sign of having been one</source>
        <translation>{path} ist kein JPEG und zeigt kein Anzeichen, eines gewesen zu sein</translation>
    </message>
    <message>
        <source>{path} is not a JPEG (found: {found_kind})</source>
        <translation>{path} ist kein JPEG (gefunden: {found_kind})</translation>
    </message>
    <message>
        <source>{path} is not a picture</source>
        <translation>{path} ist kein Bild</translation>
    </message>
    <message>
        <source>{path} is not a usable prior: {problem}</source>
        <translation>{path} ist kein brauchbarer Prior: {problem}</translation>
    </message>
    <message>
        <source>{path} is not the prior {name} of this batch</source>
        <translation>{path} ist nicht der Prior {name}, mit dem dieser Befehl begann</translation>
    </message>
    <message>
        <source>{path} is not what was imported: its SHA-256 is {actual}, not {expected}</source>
        <translation>{path} ist nicht, was importiert wurde: Die SHA-256 ist {actual}, nicht {expected}</translation>
    </message>
    <message>
        <source>{path} is the result that is verified, which is not changed</source>
        <translation>{path} ist das Ergebnis, das geprüft wird und unverändert bleibt</translation>
    </message>
    <message>
        <source>{path} is the source picture, which is never changed</source>
        <translation>{path} ist das Ausgangsbild, das nie verändert wird</translation>
    </message>
    <message>
        <source>{path} is {actual}, the JPEG is {expected}</source>
        <translation>{path} ist {actual}, das JPEG {expected}</translation>
    </message>
    <message>
        <source>{path} needs the architecture {name}, which is not in use</source>
        <translation>{path} braucht die Architektur {name}, die nicht in Gebrauch ist</translation>
    </message>
    <message>
        <source>{path} needs the correction {name}, which is not in use</source>
        <translation>{path} braucht die Korrektur {name}, die nicht in Gebrauch ist</translation>
    </message>
    <message>
        <source>{path} uses {feature}, which cannot be restored</source>
        <translation>{path} verwendet {feature}, das lässt sich nicht wiederherstellen</translation>
    </message>
    <message>
        <source>{path} was made with another prior than {prior}, which is used now</source>
        <translation>{path} entstand mit einem anderen Prior als {prior}, der jetzt verwendet wird</translation>
    </message>
    <message>
        <source>{path} was made with the prior {expected}, this one is {actual}</source>
        <translation>{path} entstand mit dem Prior {expected}, dieser ist {actual}</translation>
    </message>
    <message>
        <source>{percent} done</source>
        <translation>{percent} fertig</translation>
    </message>
    <message>
        <source>{picture}, which cannot be read any more</source>
        <translation>{picture}, nicht mehr lesbar</translation>
    </message>
    <message>
        <source>{preset}, texture {share}</source>
        <translation>{preset}, Textur {share}</translation>
    </message>
    <message>
        <source>{preset}: steps {steps}, versions {samples}, start {start}, seed {seed}, prior {prior} on {device}</source>
        <translation>{preset}: Schritte {steps}, Fassungen {samples}, Start {start}, Seed {seed}, Prior {prior} auf {device}</translation>
    </message>
    <message>
        <source>{prior_name} needs {needed_bytes} of memory on {device}, {free_bytes} are free</source>
        <translation>{prior_name} braucht {needed_bytes} Speicher auf {device}, {free_bytes} sind frei</translation>
    </message>
    <message>
        <source>{prior} on {device}</source>
        <translation>{prior} auf {device}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{selected} of {total} files</source>
        <translation>{selected} von {total} Dateien</translation>
    </message>
    <message>
        <source>{share} of {total} levels in their bins</source>
        <translation>{share} von {total} Stufen in ihren Intervallen</translation>
    </message>
    <message>
        <source>{share} of {total} values in their bins</source>
        <translation>{share} von {total} Werten in ihren Intervallen</translation>
    </message>
    <message>
        <source>{size}, larger pictures in windows</source>
        <translation>{size}, größere Bilder in Fenstern</translation>
    </message>
    <message>
        <source>{steps} steps, 1 version</source>
        <translation>{steps} Schritte, 1 Fassung</translation>
    </message>
    <message>
        <source>{steps} steps, {samples} versions</source>
        <translation>{steps} Schritte, {samples} Fassungen</translation>
    </message>
    <message>
        <source>{target} was changed since; {where}</source>
        <translation>{target} wurde seitdem geändert; {where}</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>noch {time}</translation>
    </message>
    <message>
        <source>{time} min</source>
        <translation>{time} min</translation>
    </message>
    <message>
        <source>{title}, {count} not</source>
        <translation>{title}, {count} nicht</translation>
    </message>
    <message>
        <source>{value} inside</source>
        <translation>{value} innerhalb</translation>
    </message>
    <message>
        <source>{value} outside</source>
        <translation>{value} außerhalb</translation>
    </message>
    <message>
        <source>{value}, estimated</source>
        <translation>{value}, geschätzt</translation>
    </message>
    <message>
        <source>{value}; the preset has {mark}</source>
        <translation>{value}; die Voreinstellung hat {mark}</translation>
    </message>
    <message>
        <source>{width} × {height}</source>
        <translation>{width} × {height}</translation>
    </message>
    <message>
        <source>{width} × {height} px</source>
        <translation>{width} × {height} px</translation>
    </message>
    <message>
        <source>{width} × {height} px at {left}, {top}</source>
        <translation>{width} × {height} px bei {left}, {top}</translation>
    </message>
    <message>
        <source>{width} × {height} px, shown turned</source>
        <translation>{width} × {height} px, gedreht gezeigt</translation>
    </message>
    <message>
        <source>{width}x{height} CMYK</source>
        <translation>{width}x{height} in CMYK</translation>
    </message>
    <message>
        <source>{width}x{height} RGB</source>
        <translation>{width}x{height} in RGB</translation>
    </message>
    <message>
        <source>{width}x{height} gray</source>
        <translation>{width}x{height} in Grau</translation>
    </message>
</context>
</TS>
