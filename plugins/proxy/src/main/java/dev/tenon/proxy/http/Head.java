package dev.tenon.proxy.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of one message: positions in somebody's bytes. Used again for the next message; not
 * thread-safe. Field lines lie one after the other without a gap, so that those to be kept are copied
 * in runs.
 */
public final class Head {
  /** No length was said. */
  public static final long NO_LENGTH = -1;

  private static final int STRIDE = 4;

  byte[] bytes = new byte[0];
  int start;
  int end;
  int count;
  int minorVersion;
  boolean aliases;
  int methodEnd;
  int targetAt;
  int targetEnd;
  int status;
  int reasonAt;
  int reasonEnd;
  int hosts;
  int hostIndex;
  int connections;
  long contentLength;
  boolean chunked;
  boolean close;
  boolean keepAlive;
  boolean expectContinue;
  @Nullable Problem problem;
  private int[] places = new int[32 * STRIDE];
  private byte[] numbers = new byte[32];

  void reset(byte[] source, int from) {
    bytes = source;
    start = from;
    end = from;
    count = 0;
    aliases = false;
    hosts = 0;
    hostIndex = -1;
    connections = 0;
    contentLength = NO_LENGTH;
    chunked = false;
    close = false;
    keepAlive = false;
    expectContinue = false;
    problem = null;
  }

  void add(int nameAt, int nameEnd, int valueAt, int valueEnd, byte number) {
    if (count == numbers.length) {
      places = Arrays.copyOf(places, places.length * 2);
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    int at = count * STRIDE;
    places[at] = nameAt;
    places[at + 1] = nameEnd;
    places[at + 2] = valueAt;
    places[at + 3] = valueEnd;
    numbers[count++] = number;
  }

  /** There is none that could be read; whatever was found before its problem must not be used. */
  public void unread(int at) {
    start = at;
    end = at;
    methodEnd = at;
    targetAt = at;
    targetEnd = at;
    count = 0;
    hostIndex = -1;
    close = true;
    minorVersion = 1;
  }

  /** What is wrong with it, if anything. */
  public @Nullable Problem problem() {
    return problem;
  }

  /** The bytes that all positions are in. */
  public byte[] bytes() {
    return bytes;
  }

  /** The same head in other bytes, moved by some places. */
  public void moved(byte[] to, int by) {
    bytes = to;
    start += by;
    end += by;
    methodEnd += by;
    targetAt += by;
    targetEnd += by;
    reasonAt += by;
    reasonEnd += by;
    for (int i = 0; i < count * STRIDE; i++) {
      places[i] += by;
    }
  }

  /** Where it begins. */
  public int start() {
    return start;
  }

  /** The place after its empty line. */
  public int end() {
    return end;
  }

  /** How many field lines. */
  public int count() {
    return count;
  }

  /** The number of a field's name; see {@link Name}. */
  public byte number(int field) {
    return numbers[field];
  }

  /** Where a field's line begins; the line of the field after the last one is the empty line. */
  public int lineAt(int field) {
    return field == count ? end - 2 : places[field * STRIDE];
  }

  public int nameAt(int field) {
    return places[field * STRIDE];
  }

  public int nameEnd(int field) {
    return places[field * STRIDE + 1];
  }

  public int valueAt(int field) {
    return places[field * STRIDE + 2];
  }

  public int valueEnd(int field) {
    return places[field * STRIDE + 3];
  }

  /** A field's value, without white space around it. */
  public String value(int field) {
    return Octets.text(bytes, valueAt(field), valueEnd(field));
  }

  /** The first field of a number, or -1. */
  public int find(byte number) {
    for (int i = 0; i < count; i++) {
      if (numbers[i] == number) {
        return i;
      }
    }
    return -1;
  }

  /** The next field of a name in lower case, from a field on, or -1. */
  public int find(String lower, int from) {
    for (int i = from; i < count; i++) {
      if (Octets.equalsLower(bytes, nameAt(i), nameEnd(i), lower)) {
        return i;
      }
    }
    return -1;
  }

  /** All values of a name in lower case joined with commas, or null when there is none. */
  public @Nullable String joined(String lower) {
    int field = find(lower, 0);
    if (field < 0) {
      return null;
    }
    String first = value(field);
    int next = find(lower, field + 1);
    if (next < 0) {
      return first;
    }
    StringBuilder all = new StringBuilder(first);
    for (; next >= 0; next = find(lower, next + 1)) {
      all.append(',').append(value(next));
    }
    return all.toString();
  }

  /** 0 or 1, of HTTP/1.x. */
  public int minorVersion() {
    return minorVersion;
  }

  /** Whether a name has an underscore or a dot, which some backends take for a hyphen. */
  public boolean aliases() {
    return aliases;
  }

  /** The place after a request's method, which begins the head. */
  public int methodEnd() {
    return methodEnd;
  }

  /** Whether a request's method is this. */
  public boolean method(String method) {
    return Octets.equals(bytes, start, methodEnd, method);
  }

  public int targetAt() {
    return targetAt;
  }

  public int targetEnd() {
    return targetEnd;
  }

  /** A response's status. */
  public int status() {
    return status;
  }

  public int reasonAt() {
    return reasonAt;
  }

  public int reasonEnd() {
    return reasonEnd;
  }

  /** The field that is Host, or -1. */
  public int host() {
    return hostIndex;
  }

  /** Content-Length, or {@link #NO_LENGTH}. */
  public long contentLength() {
    return contentLength;
  }

  /** Whether the body comes in chunks. */
  public boolean chunked() {
    return chunked;
  }

  /** How many Connection fields. */
  public int connections() {
    return connections;
  }

  /** Whether the sender lets the connection go on: the default of 1.1, to be asked for in 1.0. */
  public boolean persistent() {
    return !close && (minorVersion == 1 || keepAlive);
  }

  /** Whether the client waits for 100 (Continue). */
  public boolean expectContinue() {
    return expectContinue;
  }
}
