package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.spi.config.Finding;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Everything at one moment.
 *
 * @param held what is in force
 * @param views what the files say, by path
 * @param findings what is wrong or doubtful
 */
record State(NavigableMap<ObjectKey, Held> held, Map<String, FileView> views, List<Finding> findings) {
  static final State NOTHING = new State(new TreeMap<>(), Map.of(), List.of());

  State {
    held = Collections.unmodifiableNavigableMap(new TreeMap<>(held));
    views = Map.copyOf(views);
    findings = List.copyOf(findings);
  }

  /** The objects in force. */
  Collection<Decoded> objects() {
    return held.values().stream().map(Held::decoded).toList();
  }

  /**
   * One object in force.
   *
   * @param path of the file that it was read from
   * @param changedMillis when that file was written
   */
  record Held(Decoded decoded, String path, long changedMillis) {
    /** The source that it lies in; empty for galley's own directory. */
    String source() {
      return SourceFile.sourceOf(path);
    }
  }
}
