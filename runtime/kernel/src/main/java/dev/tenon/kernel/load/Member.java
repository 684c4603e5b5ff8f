package dev.tenon.kernel.load;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * One entry of a zip file, as its central directory describes it.
 *
 * @param flags of the format; bit 3: sizes and CRC follow the data once more
 * @param method 0 stored, 8 deflated
 * @param packed how many bytes it takes in the file
 * @param size how many bytes it has
 * @param offset where its own header begins
 */
record Member(String name, int flags, int method, int crc, long packed, long size, long offset) {
  static final int LOCAL_LENGTH = 30;
  static final int STORED = 0;
  static final int DEFLATED = 8;
  private static final int CENTRAL = 0x02014b50;
  private static final int CENTRAL_LENGTH = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LONGEST_NAME = 1_024;
  private static final int DEFLATE_LEVEL = 0b110;
  private static final int SIZES_FOLLOW = 0b1000;
  private static final int UTF8 = 1 << 11;
  private static final long ZIP64 = 0xFFFF_FFFFL;

  /**
   * Reads the next one of a central directory.
   *
   * @throws Refused when it is malformed, or is of a kind that jars do not need
   */
  static Member read(ByteBuffer directory) throws Refused {
    int at = directory.position();
    if (directory.remaining() < CENTRAL_LENGTH || directory.getInt(at) != CENTRAL) {
      throw new Refused("has a damaged zip directory; build or copy it again");
    }
    int nameLength = Short.toUnsignedInt(directory.getShort(at + 28));
    int length = CENTRAL_LENGTH + nameLength + Short.toUnsignedInt(directory.getShort(at + 30))
        + Short.toUnsignedInt(directory.getShort(at + 32));
    if (directory.remaining() < length) {
      throw new Refused("has a damaged zip directory; build or copy it again");
    }
    int flags = Short.toUnsignedInt(directory.getShort(at + 8));
    String name = name(directory, at + CENTRAL_LENGTH, nameLength, (flags & UTF8) != 0);
    directory.position(at + length);
    Member member = new Member(name, flags, Short.toUnsignedInt(directory.getShort(at + 10)), directory.getInt(at + 16),
        Integer.toUnsignedLong(directory.getInt(at + 20)), Integer.toUnsignedLong(directory.getInt(at + 24)),
        Integer.toUnsignedLong(directory.getInt(at + 42)));
    member.checkKind();
    return member;
  }

  private static String name(ByteBuffer directory, int at, int length, boolean utf8) throws Refused {
    byte[] bytes = new byte[length];
    directory.get(at, bytes);
    try {
      String name = (utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII).newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (length > LONGEST_NAME || !isPlain(name)) {
        throw new Refused("has an entry \"" + printable(name) + "\", which is no name of a file inside a jar; leave it out");
      }
      return name;
    } catch (CharacterCodingException e) {
      throw new Refused("has an entry whose name is not UTF-8: " + HexFormat.of().formatHex(bytes, 0, Math.min(length, 40)), e);
    }
  }

  /** A relative path with no way out of its folder, of which there is one spelling alone. */
  private static boolean isPlain(String name) {
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    return name.chars().noneMatch(each -> each < ' ' || each == '\\' || each == ':' || each == 0x7f)
        && List.of(path.split("/", -1)).stream().noneMatch(each -> each.isEmpty() || each.equals(".") || each.equals(".."));
  }

  private static String printable(String name) {
    return (name.length() > 80 ? name.substring(0, 80) + "…" : name).replaceAll("\\p{Cntrl}", "?");
  }

  private void checkKind() throws Refused {
    if ((flags & ~(DEFLATE_LEVEL | SIZES_FOLLOW | UTF8)) != 0) {
      throw new Refused("has an encrypted or otherwise unusual entry " + name + " (flags " + flags + "); jars are not encrypted");
    }
    if (method != STORED && method != DEFLATED) {
      throw new Refused("has an entry " + name + " packed by method " + method + "; a jar's are stored or deflated");
    }
    if (packed == ZIP64 || size == ZIP64 || offset == ZIP64) {
      throw new Refused("has a zip64 entry " + name + "; jars of that size are not loaded");
    }
    if ((method == STORED && packed != size) || (isDirectory() && size != 0)) {
      throw new Refused("has an entry " + name + " whose sizes contradict each other; build it again");
    }
  }

  boolean isDirectory() {
    return name.endsWith("/");
  }

  /** Whether sizes and CRC follow the data. */
  boolean sizesFollow() {
    return (flags & SIZES_FOLLOW) != 0;
  }

  /**
   * Compares the entry's own header with the directory.
   *
   * @param local at least the header, its name and its extra field
   * @return where its data begins, from the header's begin
   * @throws Refused when they differ: two readers could see two jars
   */
  int data(ByteBuffer local) throws Refused {
    if (local.remaining() < LOCAL_LENGTH || local.getInt(0) != LOCAL) {
      throw new Refused("has no entry where its zip directory says that " + name + " begins; build or copy it again");
    }
    int nameLength = Short.toUnsignedInt(local.getShort(26));
    int data = LOCAL_LENGTH + nameLength + Short.toUnsignedInt(local.getShort(28));
    boolean same = local.remaining() >= LOCAL_LENGTH + nameLength
        && Short.toUnsignedInt(local.getShort(6)) == flags
        && Short.toUnsignedInt(local.getShort(8)) == method
        && same(local.getInt(14), crc)
        && same(local.getInt(18), (int) packed)
        && same(local.getInt(22), (int) size)
        && local.slice(LOCAL_LENGTH, nameLength).equals(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8)));
    if (!same) {
      throw new Refused("says one thing of " + name + " in its zip directory and another at the entry itself; build it again");
    }
    return data;
  }

  private boolean same(int local, int central) {
    return local == central || (sizesFollow() && local == 0);
  }
}
