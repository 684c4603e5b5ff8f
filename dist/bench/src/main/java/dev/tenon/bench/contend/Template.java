package dev.tenon.bench.contend;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A configuration file among this package's resources, in which {word} stands for a value. */
record Template(String name) {
    /** Writes it to a folder with its words filled in, and returns the file. */
    Path write(Path directory, Map<String, ?> values) throws IOException {
        return Files.writeString(Files.createDirectories(directory).resolve(name), text(values));
    }

    /** Its text with its words filled in. */
    String text(Map<String, ?> values) throws IOException {
        try (InputStream resource = Template.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new FileNotFoundException("no resource " + name);
            }
            String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, ?> value : values.entrySet()) {
                text = text.replace("{" + value.getKey() + "}", value.getValue().toString());
            }
            return text;
        }
    }
}
