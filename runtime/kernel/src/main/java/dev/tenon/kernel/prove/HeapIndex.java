package dev.tenon.kernel.prove;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a heap dump says of classes, roots and stacks; a few megabytes, however large the heap. */
final class HeapIndex {
  /** Stands for a class's loader, where a field's name is asked for. */
  static final long LOADER = -1;

  static final int LONGEST_NAME = 40;
  private static final String TICKET = "dev/tenon/kernel/prove/Ticket";
  private static final String REFERENCE = "java/lang/ref/Reference";
  private static final Set<String> WEAK = Set.of("java/lang/ref/WeakReference", "java/lang/ref/PhantomReference");
  private static final String SOFT = "java/lang/ref/SoftReference";
  private static final Set<String> NAMES =
      Set.of(TICKET, REFERENCE, "java/lang/ref/WeakReference", "java/lang/ref/PhantomReference", SOFT, "java/lang/Thread",
          "referent", "discovered", "next", "number", "name", "value");

  /** A field of a class's own, by its name and what the format calls its type. */
  record Field(long name, int kind) {}

  /** One class. */
  record Type(long parent, long loader, List<Field> fields) {}

  /** A root: what kind, and for those on stacks whose and where. */
  record Root(int kind, int thread, int detail) {}

  /** One line of a stack. */
  record Frame(long method, int type) {}

  private final Map<String, Long> names = new HashMap<>();
  private final Map<Long, String> known = new HashMap<>();
  private final Map<Long, Type> types = new HashMap<>();
  private final Map<Long, Long> typeNames = new HashMap<>();
  private final Map<Integer, Long> serials = new HashMap<>();
  private final Map<Long, Root> roots = new HashMap<>();
  private final Map<Integer, Long> threads = new HashMap<>();
  private final Map<Integer, Integer> traces = new HashMap<>();
  private final Map<Long, Frame> frames = new HashMap<>();
  private final Map<Integer, long[]> stacks = new HashMap<>();
  private final Map<Long, Layout> layouts = new HashMap<>();
  private long ticket;
  private boolean soft;

  void name(long id, String text) {
    if (NAMES.contains(text)) {
      names.put(text, id);
      known.put(id, text);
    }
  }

  void loaded(int serial, long type, long name) {
    serials.put(serial, type);
    typeNames.put(type, name);
  }

  void frame(long id, long method, int type) {
    frames.put(id, new Frame(method, type));
  }

  void trace(int serial, long[] stack) {
    stacks.put(serial, stack);
  }

  void root(int kind, long id, int thread, int detail) {
    if (kind == 0x08) {
      threads.put(thread, id);
      traces.put(thread, detail);
    }
    // A class or an object on a stack says more than that some native code knows it.
    roots.merge(id, new Root(kind, thread, detail), (old, next) -> old.kind() == 0x01 || old.kind() == 0xFF ? next : old);
  }

  void type(long id, long parent, long loader, List<Field> fields) {
    types.put(id, new Type(parent, loader, List.copyOf(fields)));
  }

  /** All is read: classes of the platform and of the launcher's class path count as roots from now on. */
  void complete() throws IOException {
    for (Map.Entry<Long, Type> each : types.entrySet()) {
      if (is(each.getKey(), TICKET)) {
        ticket = each.getKey();
      }
    }
    Type own = types.get(ticket);
    if (own == null) {
      throw new IOException("shows no class loader that is waited for");
    }
    types.forEach((id, type) -> {
      if (type.loader() == 0 || type.loader() == own.loader()) {
        roots.put(id, new Root(0x05, 0, -1));
      }
    });
  }

  /** From now on soft references count too: the collector clears them only when memory is short. */
  void followSoft() {
    soft = true;
    layouts.clear();
  }

  @Nullable Root root(long id) {
    return roots.get(id);
  }

  @Nullable Long thread(int serial) {
    return threads.get(serial);
  }

  /** The stack of a thread, the innermost first. */
  List<Frame> stack(int thread) {
    List<Frame> stack = new ArrayList<>();
    Integer trace = traces.get(thread);
    for (long each : trace == null ? new long[0] : stacks.getOrDefault(trace, new long[0])) {
      Frame frame = frames.get(each);
      if (frame != null) {
        stack.add(frame);
      }
    }
    return stack;
  }

  /** The class that a stack's line names, or 0. */
  long typeOf(Frame frame) {
    return serials.getOrDefault(frame.type(), 0L);
  }

  boolean isType(long id) {
    return types.containsKey(id);
  }

  long ticketType() {
    return ticket;
  }

  /** Where a ticket's number lies in its data. */
  int numberOffset(int idSize) {
    Type type = types.get(ticket);
    int offset = 0;
    for (Field each : type == null ? List.<Field>of() : type.fields()) {
      if (each.name() == named("number")) {
        break;
      }
      offset += size(each.kind(), idSize);
    }
    return offset;
  }

  /** The identifier of a class's name; 0 when there is none. */
  long typeName(long type) {
    return typeNames.getOrDefault(type, 0L);
  }

  /** The identifier of a name that the reader knows; 0 when the heap does not use it. */
  long named(String name) {
    return names.getOrDefault(name, 0L);
  }

  boolean isThread(long type) {
    return descends(type, "java/lang/Thread");
  }

  private boolean is(long type, String name) {
    return name.equals(known.get(typeName(type)));
  }

  private boolean descends(long type, String name) {
    long each = type;
    for (Type here = types.get(each); here != null; each = here.parent(), here = types.get(each)) {
      if (is(each, name)) {
        return true;
      }
    }
    return false;
  }

  /** Strong references alone, except for tickets: these show what they wait for. */
  Layout layout(long type, int idSize) {
    return layouts.computeIfAbsent(type, ignored -> makeLayout(type, idSize));
  }

  private Layout makeLayout(long type, int idSize) {
    boolean reference = type != ticket && descends(type, REFERENCE);
    boolean weak = reference && (WEAK.stream().anyMatch(each -> descends(type, each)) || (!soft && descends(type, SOFT)));
    List<Layout.Slot> slots = new ArrayList<>();
    int offset = 0;
    long each = type;
    for (Type here = types.get(each); here != null; each = here.parent(), here = types.get(each)) {
      boolean base = reference && is(each, REFERENCE);
      for (Field field : here.fields()) {
        boolean skipped = base && (weak || field.name() != named("referent"));
        if (field.kind() == HeapFile.OBJECT && !skipped) {
          slots.add(new Layout.Slot(offset, field.name()));
        }
        offset += size(field.kind(), idSize);
      }
    }
    return new Layout(slots);
  }

  private static int size(int kind, int idSize) {
    return kind == HeapFile.OBJECT ? idSize : HeapFile.SIZES[kind];
  }
}
