package dev.tenon.galley.publish;

import dev.tenon.galley.decode.Decoded;
import dev.tenon.galley.decode.ObjectKey;
import dev.tenon.galley.source.SourceFile;
import dev.tenon.spi.config.Finding;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a file says.
 *
 * @param goods its objects
 * @param bad objects that it means to hold and that are not valid
 * @param opaque whether part of it could not even be told apart into objects
 * @param findings of it
 */
record FileView(
    SourceFile file, Map<ObjectKey, Decoded> goods, Set<ObjectKey> bad, boolean opaque, List<Finding> findings) {
  FileView {
    goods = Map.copyOf(goods);
    bad = Set.copyOf(bad);
    findings = List.copyOf(findings);
  }

  /** Whether it holds an object, good or bad. */
  boolean holds(ObjectKey key) {
    return goods.containsKey(key) || bad.contains(key);
  }

  /** Whether replacing the file by one object, or by nothing, would lose something else. */
  boolean holdsMoreThan(ObjectKey key) {
    return goods.keySet().stream().anyMatch(each -> !each.equals(key))
        || bad.stream().anyMatch(each -> !each.equals(key))
        || (opaque && !file.path().equals(Layout.path(key)));
  }
}
