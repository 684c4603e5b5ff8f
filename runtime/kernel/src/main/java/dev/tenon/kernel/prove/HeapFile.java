package dev.tenon.kernel.prove;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A heap dump in the format of the JDK ({@code JAVA PROFILE 1.0.x}). Every question is one pass over the
 * file, so that the reader needs memory for its answer, not for the heap.
 */
final class HeapFile {
  /** What a pass over all objects is told. */
  interface Visitor {
    /** An object, array or class; its references follow. */
    void object(long id, long type);

    /** What the latest object refers to, by a field's name or an element's index (then the name is 0). */
    void reference(long to, long field, int index);

    /** The latest object is a ticket of this number. */
    default void ticket(long number) {}
  }

  /** The type of a field that refers to an object. */
  static final int OBJECT = 2;

  /** Bytes of a value, by its type. */
  static final int[] SIZES = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};

  private static final int TEXT = 0x01;
  private static final int LOADED = 0x02;
  private static final int FRAME = 0x04;
  private static final int TRACE = 0x05;
  private static final int HEAP = 0x0C;
  private static final int SEGMENT = 0x1C;

  private final Path file;
  private byte[] data = new byte[1 << 12];

  HeapFile(Path file) {
    this.file = file;
  }

  /** Reads classes, roots and stacks. */
  HeapIndex index() throws IOException {
    HeapIndex index = new HeapIndex();
    pass(index, null, null, null);
    index.complete();
    return index;
  }

  /** Visits every object and class. */
  void visit(HeapIndex index, Visitor visitor) throws IOException {
    pass(index, visitor, null, null);
  }

  /** The texts of the file's own names. */
  Map<Long, String> texts(Set<Long> ids) throws IOException {
    Map<Long, String> found = new HashMap<>();
    pass(null, null, ids, found);
    return found;
  }

  /** The content of byte arrays, as Latin-1. */
  Map<Long, String> bytes(HeapIndex index, Set<Long> ids) throws IOException {
    Map<Long, String> found = new HashMap<>();
    try (Cursor in = new Cursor(file)) {
      in.head();
      while (in.more()) {
        int tag = in.u1();
        in.skip(4);
        long length = in.length();
        if (tag != HEAP && tag != SEGMENT) {
          in.skip(length);
          continue;
        }
        long end = in.position() + length;
        while (in.position() < end) {
          int kind = in.u1();
          if (kind != 0x23) {
            heap(in, kind, index, null, false);
            continue;
          }
          long id = in.id();
          in.skip(4);
          int count = in.u4();
          int size = SIZES[in.u1()];
          if (ids.contains(id) && size == 1 && count <= 1_000) {
            byte[] content = new byte[count];
            in.read(content, count);
            found.put(id, new String(content, StandardCharsets.ISO_8859_1));
          } else {
            in.skip((long) count * size);
          }
        }
      }
    }
    return found;
  }

  private void pass(@Nullable HeapIndex index, @Nullable Visitor visitor,
      @Nullable Set<Long> ids, @Nullable Map<Long, String> texts) throws IOException {
    try (Cursor in = new Cursor(file)) {
      in.head();
      while (in.more()) {
        int tag = in.u1();
        in.skip(4);
        long length = in.length();
        if ((tag == HEAP || tag == SEGMENT) && index != null) {
          long end = in.position() + length;
          while (in.position() < end) {
            heap(in, in.u1(), index, visitor, visitor == null);
          }
        } else if (tag == TEXT && texts != null && ids != null) {
          long id = in.id();
          text(in, (int) length - in.idSize(), ids.contains(id), value -> texts.put(id, value));
        } else if (index != null && visitor == null && tag <= TRACE) {
          long end = in.position() + length;
          described(in, tag, (int) length, index);
          in.skip(end - in.position());
        } else {
          in.skip(length);
        }
      }
    }
  }

  private static void text(Cursor in, int length, boolean wanted, Consumer<String> taker) throws IOException {
    if (wanted && length <= 4_096) {
      byte[] content = new byte[length];
      in.read(content, length);
      taker.accept(new String(content, StandardCharsets.UTF_8));
    } else {
      in.skip(length);
    }
  }

  private static void described(Cursor in, int tag, int length, HeapIndex index) throws IOException {
    switch (tag) {
      case TEXT -> {
        long id = in.id();
        text(in, length - in.idSize(), length - in.idSize() <= HeapIndex.LONGEST_NAME, value -> index.name(id, value));
      }
      case LOADED -> {
        int serial = in.u4();
        long id = in.id();
        in.skip(4);
        index.loaded(serial, id, in.id());
      }
      case FRAME -> {
        long id = in.id();
        long method = in.id();
        in.skip(2L * in.idSize());
        index.frame(id, method, in.u4());
      }
      case TRACE -> {
        int serial = in.u4();
        in.skip(4);
        long[] frames = new long[Math.min(in.u4(), 64)];
        for (int each = 0; each < frames.length; each++) {
          frames[each] = in.id();
        }
        index.trace(serial, frames);
      }
      default -> {
        // not needed
      }
    }
  }

  /** One entry of a heap segment. */
  private void heap(Cursor in, int kind, HeapIndex index, @Nullable Visitor visitor, boolean indexing) throws IOException {
    switch (kind) {
      case 0x20 -> type(in, index, visitor, indexing);
      case 0x21 -> instance(in, index, visitor);
      case 0x22 -> array(in, visitor);
      case 0x23 -> {
        in.skip(in.idSize() + 4L);
        int count = in.u4();
        in.skip((long) count * SIZES[in.u1()]);
      }
      default -> root(in, kind, index, indexing);
    }
  }

  private static void root(Cursor in, int kind, HeapIndex index, boolean indexing) throws IOException {
    long id = in.id();
    int thread = 0;
    int detail = -1;
    switch (kind) {
      case 0xFF, 0x05, 0x07 -> {
        // the identifier alone
      }
      case 0x01 -> in.skip(in.idSize());
      case 0x02, 0x03, 0x08 -> {
        thread = in.u4();
        detail = in.u4();
      }
      case 0x04, 0x06 -> thread = in.u4();
      default -> throw new IOException("holds an entry of the unknown kind " + kind);
    }
    if (indexing) {
      index.root(kind, id, thread, detail);
    }
  }

  private void instance(Cursor in, HeapIndex index, @Nullable Visitor visitor) throws IOException {
    long id = in.id();
    in.skip(4);
    long type = in.id();
    int length = in.u4();
    if (visitor == null) {
      in.skip(length);
      return;
    }
    if (data.length < length) {
      data = new byte[length];
    }
    in.read(data, length);
    visitor.object(id, type);
    visitor.reference(type, 0, -1);
    if (type == index.ticketType()) {
      visitor.ticket(Layout.id(data, index.numberOffset(in.idSize()), 8));
    }
    for (Layout.Slot each : index.layout(type, in.idSize()).slots()) {
      visitor.reference(Layout.id(data, each.offset(), in.idSize()), each.field(), -1);
    }
  }

  private static void array(Cursor in, @Nullable Visitor visitor) throws IOException {
    long id = in.id();
    in.skip(4);
    int count = in.u4();
    long type = in.id();
    if (visitor == null) {
      in.skip((long) count * in.idSize());
      return;
    }
    visitor.object(id, type);
    visitor.reference(type, 0, -1);
    for (int each = 0; each < count; each++) {
      visitor.reference(in.id(), 0, each);
    }
  }

  private static void type(Cursor in, HeapIndex index, @Nullable Visitor visitor, boolean indexing) throws IOException {
    long id = in.id();
    in.skip(4);
    long parent = in.id();
    long loader = in.id();
    long signers = in.id();
    long domain = in.id();
    in.skip(2L * in.idSize() + 4);
    for (int each = in.u2(); each > 0; each--) {
      in.skip(2);
      in.skip(size(in, in.u1()));
    }
    if (visitor != null) {
      visitor.object(id, 0);
      visitor.reference(parent, 0, -1);
      visitor.reference(loader, HeapIndex.LOADER, -1);
      visitor.reference(signers, 0, -1);
      visitor.reference(domain, 0, -1);
    }
    for (int each = in.u2(); each > 0; each--) {
      long field = in.id();
      int kind = in.u1();
      if (kind == OBJECT && visitor != null) {
        visitor.reference(in.id(), field, -1);
      } else {
        in.skip(size(in, kind));
      }
    }
    int count = in.u2();
    List<HeapIndex.Field> fields = new ArrayList<>();
    for (int each = 0; each < count; each++) {
      fields.add(new HeapIndex.Field(in.id(), in.u1()));
    }
    if (indexing) {
      index.type(id, parent, loader, fields);
    }
  }

  private static int size(Cursor in, int kind) {
    return kind == OBJECT ? in.idSize() : SIZES[kind];
  }
}
