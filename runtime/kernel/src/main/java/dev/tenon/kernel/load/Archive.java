package dev.tenon.kernel.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The end of a zip file: what tells a whole one from one that is still being written. */
final class Archive {
  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int LONGEST_COMMENT = 65_535;
  private static final int LARGEST_DIRECTORY = 16 << 20;

  private Archive() {}

  /**
   * Reads the central directory and names the content by it: it holds each entry's name, size and
   * CRC.
   *
   * @throws Refused when the file does not end as a zip file does, or is not one of a usual size
   */
  static String hash(Path file) throws IOException, Refused {
    try (FileChannel channel = FileChannel.open(file)) {
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
          return digest(read(channel, offset, (int) length));
        }
      }
      throw new Refused("is truncated or no jar at all: it has no complete zip directory at its end");
    }
  }

  private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = channel.read(buffer, offset + buffer.position());
    }
    return buffer.flip();
  }

  private static String digest(ByteBuffer directory) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(directory);
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
