package dev.tenon.kernel.prove;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A way through a heap in words: the root, then an object and a field at a time. */
final class PathText {
  private static final int MOST_FRAMES = 3;

  /** How an object refers to the next one. */
  private record Link(long type, long field, int element) {}

  private final HeapFile file;
  private final HeapIndex index;
  private final Map<Long, Link> links = new HashMap<>();
  private final Map<Long, Long> threadNames = new HashMap<>();
  private Map<Long, String> texts = Map.of();

  PathText(HeapFile file, HeapIndex index) {
    this.file = file;
    this.index = index;
  }

  List<String> of(List<Long> path) throws IOException {
    HeapIndex.Root root = index.root(path.getFirst());
    Long thread = root == null ? null : index.thread(root.thread());
    collect(path, thread);
    Map<Long, String> threads = names();
    Set<Long> wanted = new HashSet<>();
    links.values().forEach(each -> {
      wanted.add(each.field());
      wanted.add(index.typeName(each.type()));
    });
    path.forEach(each -> wanted.add(index.typeName(each)));
    List<HeapIndex.Frame> stack = root == null ? List.of() : index.stack(root.thread());
    stack.forEach(each -> {
      wanted.add(each.method());
      wanted.add(index.typeName(index.typeOf(each)));
    });
    texts = file.texts(wanted);
    List<String> lines = new ArrayList<>();
    lines.add(root(path.getFirst(), root, thread == null ? null : threads.get(thread), stack));
    for (int each = 0; each < path.size() - 1; each++) {
      lines.add(step(path.get(each), threads));
    }
    lines.add("the class loader");
    return lines;
  }

  private void collect(List<Long> path, @Nullable Long thread) throws IOException {
    Map<Long, Long> next = new HashMap<>();
    for (int each = 0; each < path.size() - 1; each++) {
      next.put(path.get(each), path.get(each + 1));
    }
    file.visit(index, new HeapFile.Visitor() {
      private long current;
      private long type;
      private boolean named;

      @Override
      public void object(long id, long of) {
        current = id;
        type = of;
        named = (next.containsKey(id) || (thread != null && thread == id)) && index.isThread(of);
      }

      @Override
      public void reference(long to, long field, int element) {
        Long wanted = next.get(current);
        if (wanted != null && wanted == to) {
          links.putIfAbsent(current, new Link(type, field, element));
        }
        if (named && field == index.named("name")) {
          threadNames.put(current, to);
        }
      }
    });
  }

  /** Names of threads on the way, by the thread. */
  private Map<Long, String> names() throws IOException {
    if (threadNames.isEmpty()) {
      return Map.of();
    }
    Map<Long, Long> arrays = new HashMap<>();
    file.visit(index, new HeapFile.Visitor() {
      private boolean wanted;
      private long current;

      @Override
      public void object(long id, long type) {
        wanted = threadNames.containsValue(id);
        current = id;
      }

      @Override
      public void reference(long to, long field, int element) {
        if (wanted && field == index.named("value")) {
          arrays.put(current, to);
        }
      }
    });
    Map<Long, String> contents = file.bytes(index, new HashSet<>(arrays.values()));
    Map<Long, String> names = new HashMap<>();
    threadNames.forEach((thread, text) -> names.put(thread, contents.getOrDefault(arrays.getOrDefault(text, 0L), "?")));
    return names;
  }

  private String root(long id, HeapIndex.@Nullable Root root, @Nullable String thread, List<HeapIndex.Frame> stack) {
    String whose = thread == null ? "a thread" : "the thread \"" + thread + "\"";
    return switch (root == null ? 0xFF : root.kind()) {
      case 0x01 -> "native code";
      case 0x02, 0x04 -> "native code that " + whose + " runs" + in(stack);
      case 0x03 -> "a local variable of " + whose + in(stack);
      case 0x05 -> "a static field";
      case 0x07 -> "a monitor that is held";
      case 0x06, 0x08 -> "a thread that runs" + in(stack);
      default -> index.isType(id) ? "a class of the platform" : "the virtual machine";
    };
  }

  private String in(List<HeapIndex.Frame> stack) {
    List<String> lines = new ArrayList<>();
    for (HeapIndex.Frame each : stack) {
      String type = typeName(index.typeOf(each));
      if (lines.size() < MOST_FRAMES && (lines.isEmpty() || !type.startsWith("java.lang."))) {
        lines.add(type + "." + texts.getOrDefault(each.method(), "?"));
      }
    }
    return lines.isEmpty() ? "" : " (in " + String.join(", called by ", lines) + ")";
  }

  private String step(long id, Map<Long, String> threads) {
    Link link = links.get(id);
    if (link == null) {
      return index.isType(id) ? "class " + typeName(id) : "an object";
    }
    if (index.isType(id)) {
      return link.field() > 0 ? typeName(id) + "." + texts.getOrDefault(link.field(), "?") : "class " + typeName(id);
    }
    String name = typeName(link.type()) + (threads.containsKey(id) ? " \"" + threads.get(id) + "\"" : "");
    if (link.element() >= 0) {
      return name.endsWith("[]") ? name.substring(0, name.length() - 1) + link.element() + "]" : name + "[" + link.element() + "]";
    }
    return link.field() == 0 ? "an object of " + name : name + "." + texts.getOrDefault(link.field(), "?");
  }

  /** As Java writes it. */
  private String typeName(long type) {
    String raw = texts.getOrDefault(index.typeName(type), "?").replace('/', '.');
    StringBuilder suffix = new StringBuilder();
    while (raw.startsWith("[")) {
      raw = raw.substring(1);
      suffix.append("[]");
    }
    return (suffix.isEmpty() || !raw.startsWith("L") ? raw : raw.substring(1).replace(";", "")) + suffix;
  }
}
