package dev.tenon.kernel.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The central directory of a zip file, found by its end: what tells a whole file from one that is still
 * being written.
 *
 * @param directory its bytes
 * @param offset where it begins in the file
 * @param entries how many it says it has
 */
record Archive(ByteBuffer directory, long offset, int entries) {
  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LONGEST_COMMENT = 65_535;
  private static final int LARGEST_DIRECTORY = 16 << 20;

  /**
   * Names a file's content by its central directory, which holds each entry's name, size and CRC.
   *
   * @throws Refused when the file does not end as a zip file does, or is not one of a usual size
   */
  static String hash(Path file) throws IOException, Refused {
    try (FileChannel channel = FileChannel.open(file)) {
      return hash(read(channel).directory());
    }
  }

  /**
   * Finds the directory.
   *
   * @throws Refused as {@link #hash(Path)} does
   */
  static Archive read(FileChannel channel) throws IOException, Refused {
    long size = channel.size();
    int tail = (int) Math.min(size, END_LENGTH + LONGEST_COMMENT);
    ByteBuffer end = read(channel, size - tail, tail);
    for (int at = tail - END_LENGTH; at >= 0; at--) {
      if (end.getInt(at) == END && at + END_LENGTH + Short.toUnsignedInt(end.getShort(at + 20)) == tail) {
        long length = Integer.toUnsignedLong(end.getInt(at + 12));
        long offset = Integer.toUnsignedLong(end.getInt(at + 16));
        if (length > LARGEST_DIRECTORY || offset + length != size - tail + at) {
          break;
        }
        return new Archive(read(channel, offset, (int) length), offset, Short.toUnsignedInt(end.getShort(at + 10)));
      }
    }
    throw new Refused("is truncated or no jar at all: it has no complete zip directory at its end");
  }

  /**
   * Reads the directory's entries, in its order.
   *
   * @throws Refused when one cannot be, or there are more or fewer than the file's end says
   */
  List<Member> members() throws Refused {
    List<Member> members = new ArrayList<>();
    ByteBuffer left = directory.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    while (left.hasRemaining()) {
      members.add(Member.read(left));
    }
    if (members.size() != entries) {
      throw new Refused("holds " + members.size() + " entries and says that it has " + entries + "; build it again");
    }
    return members;
  }

  /** Reads from a position; fewer bytes than asked for where the file ends. */
  static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = channel.read(buffer, offset + buffer.position());
    }
    return buffer.flip();
  }

  private static String hash(ByteBuffer directory) {
    MessageDigest digest = Store.sha256();
    digest.update(directory.duplicate());
    return HexFormat.of().formatHex(digest.digest(), 0, 6);
  }
}
