package dev.tenon.proxy.request;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.http.Head;
import dev.tenon.proxy.http.Octets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A head as a plug-in sees it: the fields that came, and the changes that plug-ins made so far. Lent for
 * a call and taken back after it. Not thread-safe: whoever lends it reads it only when its borrower has
 * given it back.
 */
abstract class HeadView implements dev.tenon.spi.traffic.Head {
  private static final Head NOTHING = new Head();
  private static final int MOST_CHANGES = 64;
  private static final int LONGEST_VALUE = 16 * 1024;

  /** What frames a message or belongs to one connection. */
  private static final Set<String> OWN =
      Set.of(
          "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "proxy-connection",
          "server", "te", "trailer", "transfer-encoding", "upgrade");

  private final Edits marked = new Edits();
  private int changesMarked;
  private int changes;
  private Head head = NOTHING;
  private Edits edits = new Edits();
  private boolean lent;
  private boolean fixed;

  /** Begins to show a head; nothing is changed yet. */
  final void show(Head shown, Edits with) {
    head = shown;
    edits = with;
    changes = 0;
    lent = true;
    fixed = false;
  }

  /** From now on it can be read alone. */
  final void fix() {
    fixed = true;
  }

  /** Takes it back: whoever kept it can do nothing with it. */
  public void takeBack() {
    lent = false;
    head = NOTHING;
  }

  final Head shown() {
    if (!lent) {
      throw new IllegalStateException("this head was lent for one call, and that is over");
    }
    return head;
  }

  /** Notes the changes made so far, for {@link #undo}. */
  public void mark() {
    changesMarked = changes;
    marked.copy(edits);
  }

  /** Undoes what was changed since the mark. */
  public void undo() {
    changes = changesMarked;
    edits.copy(marked);
  }

  @Override
  public @Nullable String header(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Head of = shown();
    StringBuilder more = null;
    String first = null;
    for (int field = of.find(lower, 0); field >= 0; field = of.find(lower, field + 1)) {
      if (!edits.drops(field)) {
        if (first == null) {
          first = of.value(field);
        } else {
          more = (more == null ? new StringBuilder(first) : more).append(',').append(of.value(field));
        }
      }
    }
    String kept = more == null ? first : more.toString();
    String added = edits.added(lower);
    return added == null ? kept : kept == null ? added : kept + "," + added;
  }

  @Override
  public boolean has(String name) {
    return edits.present(name.toLowerCase(Locale.ROOT), shown());
  }

  @Override
  public List<String> names() {
    Head of = shown();
    Set<String> names = new LinkedHashSet<>();
    for (int field = 0; field < of.count(); field++) {
      if (!edits.drops(field)) {
        names.add(Octets.text(of.bytes(), of.nameAt(field), of.nameEnd(field)).toLowerCase(Locale.ROOT));
      }
    }
    edits.addNames(names);
    return List.copyOf(names);
  }

  @Override
  public void set(String name, String value) {
    change(new HeaderOps.Put(changeable(name), checked(value), HeaderOps.When.OVERWRITE));
  }

  @Override
  public void add(String name, String value) {
    change(new HeaderOps.Put(changeable(name), checked(value), HeaderOps.When.APPEND));
  }

  @Override
  public void remove(String name) {
    change(new HeaderOps.Remove(changeable(name)));
  }

  private void change(HeaderOps.Op change) {
    count();
    edits.apply(change, shown());
  }

  final void count() {
    shown();
    if (fixed) {
      throw new IllegalStateException("this head was sent already");
    }
    if (++changes > MOST_CHANGES) {
      throw new IllegalStateException("more than " + MOST_CHANGES + " changes of one head");
    }
  }

  /** The same name in lower case. */
  static String changeable(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!Octets.isToken(lower)) {
      throw new IllegalArgumentException("\"" + name + "\" is no header's name");
    }
    if (OWN.contains(lower)) {
      throw new IllegalArgumentException(name + " is the proxy's own and cannot be changed");
    }
    return lower;
  }

  /** The same value. */
  static String checked(String value) {
    if (value.length() > LONGEST_VALUE) {
      throw new IllegalArgumentException("a header's value has at most " + LONGEST_VALUE + " characters");
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        throw new IllegalArgumentException("a header's value cannot hold the character " + (int) c);
      }
    }
    return value;
  }
}
