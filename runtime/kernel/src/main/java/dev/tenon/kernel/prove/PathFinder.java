package dev.tenon.kernel.prove;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The child process: {@code PathFinder DUMP TICKET…} prints, for each ticket, the shortest way by which a
 * root holds its class loader, as lines {@code ticket TAB step}. One line alone is the reason why there is
 * none.
 *
 * <p>It goes backwards from the loader: each pass over the file finds what refers to what the last pass
 * found, until one of these is a root. So it holds what leads to the loader, never the heap.
 */
public final class PathFinder {
  private static final int MOST_OBJECTS = 1_000_000;
  private static final int LONGEST = 100;
  private final HeapFile file;
  private final HeapIndex index;

  private PathFinder(HeapFile file, HeapIndex index) {
    this.file = file;
    this.index = index;
  }

  /** Reads one dump. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try {
      print(Path.of(args[0]), List.of(args).subList(1, args.length).stream().map(Long::valueOf).toList(), out);
    } catch (IOException | IllegalStateException e) {
      out.println(e.getMessage());
      System.exit(1);
    }
  }

  static void print(Path dump, List<Long> tickets, PrintStream out) throws IOException {
    HeapFile file = new HeapFile(dump);
    PathFinder finder = new PathFinder(file, file.index());
    Map<Long, Long> loaders = finder.loaders();
    for (long ticket : tickets) {
      Long loader = loaders.get(ticket);
      List<String> lines = loader == null ? List.of("it has been collected meanwhile") : finder.path(loader);
      lines.forEach(each -> out.println(ticket + "\t" + each));
    }
  }

  private Map<Long, Long> loaders() throws IOException {
    Map<Long, Long> loaders = new HashMap<>();
    file.visit(index, new HeapFile.Visitor() {
      private long number = -1;

      @Override
      public void object(long id, long type) {
        number = -1;
      }

      @Override
      public void ticket(long of) {
        number = of;
      }

      @Override
      public void reference(long to, long field, int element) {
        if (number >= 0 && to != 0 && field == index.named("referent")) {
          loaders.put(number, to);
        }
      }
    });
    return loaders;
  }

  private List<String> path(long loader) throws IOException {
    List<Long> strong = search(loader);
    boolean soft = strong == null;
    if (soft) {
      index.followSoft();
      strong = search(loader);
    }
    if (strong == null) {
      return List.of("no object holds it: the virtual machine itself does, for example for a call that is not over");
    }
    List<String> text = new ArrayList<>(new PathText(file, index).of(strong));
    if (soft) {
      text.addFirst("softly, until memory is short");
    }
    return text;
  }

  /** From a root to the loader; null when there is no way. */
  private @Nullable List<Long> search(long loader) throws IOException {
    LongMap next = new LongMap(MOST_OBJECTS);
    LongMap frontier = new LongMap(MOST_OBJECTS);
    next.put(loader, 0);
    frontier.put(loader, 0);
    for (int length = 0; length < LONGEST && frontier.size() > 0; length++) {
      Long root = firstRoot(frontier);
      if (root != null) {
        return follow(next, root);
      }
      frontier = referrers(frontier, next);
    }
    return null;
  }

  private @Nullable Long firstRoot(LongMap frontier) {
    for (long each : frontier.keys()) {
      if (index.root(each) != null) {
        return each;
      }
    }
    return null;
  }

  private LongMap referrers(LongMap frontier, LongMap next) throws IOException {
    LongMap found = new LongMap(MOST_OBJECTS);
    file.visit(index, new HeapFile.Visitor() {
      private long current;
      private boolean known;

      @Override
      public void object(long id, long type) {
        current = id;
        known = type == index.ticketType() || next.has(id);
      }

      @Override
      public void reference(long to, long field, int element) {
        if (!known && frontier.has(to)) {
          known = true;
          next.put(current, to);
          found.put(current, 0);
        }
      }
    });
    return found;
  }

  private static List<Long> follow(LongMap next, long root) {
    List<Long> path = new ArrayList<>();
    for (long each = root; each != 0; each = next.get(each)) {
      path.add(each);
    }
    return path;
  }
}
