package dev.tenon.kernel.prove;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Reads a heap dump from its beginning to its end, in big-endian numbers. */
final class Cursor implements Closeable {
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 18).limit(0);
  private int idSize = 8;

  Cursor(Path file) throws IOException {
    channel = FileChannel.open(file);
  }

  /** Reads the head of the file; must be the first call. */
  void head() throws IOException {
    StringBuilder format = new StringBuilder();
    for (int each = u1(); each != 0; each = u1()) {
      format.append((char) each);
      if (format.length() > 32) {
        break;
      }
    }
    if (!format.toString().startsWith("JAVA PROFILE 1.0.")) {
      throw new IOException("is no heap dump");
    }
    idSize = u4();
    if (idSize != 4 && idSize != 8) {
      throw new IOException("has identifiers of " + idSize + " bytes");
    }
    skip(8);
  }

  int idSize() {
    return idSize;
  }

  long position() throws IOException {
    return channel.position() - buffer.remaining();
  }

  boolean more() throws IOException {
    return buffer.hasRemaining() || fill(1);
  }

  int u1() throws IOException {
    need(1);
    return buffer.get() & 0xff;
  }

  int u2() throws IOException {
    need(2);
    return buffer.getShort() & 0xffff;
  }

  int u4() throws IOException {
    need(4);
    return buffer.getInt();
  }

  long length() throws IOException {
    return Integer.toUnsignedLong(u4());
  }

  long u8() throws IOException {
    need(8);
    return buffer.getLong();
  }

  long id() throws IOException {
    return idSize == 8 ? u8() : Integer.toUnsignedLong(u4());
  }

  /** Reads so many bytes. */
  void read(byte[] into, int count) throws IOException {
    int done = 0;
    while (done < count) {
      if (!buffer.hasRemaining() && !fill(1)) {
        throw new EOFException("the heap dump is cut short");
      }
      int some = Math.min(count - done, buffer.remaining());
      buffer.get(into, done, some);
      done += some;
    }
  }

  void skip(long count) throws IOException {
    if (count <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) count);
    } else {
      channel.position(channel.position() + count - buffer.remaining());
      buffer.limit(0);
    }
  }

  private void need(int count) throws IOException {
    if (buffer.remaining() < count && !fill(count)) {
      throw new EOFException("the heap dump is cut short");
    }
  }

  private boolean fill(int count) throws IOException {
    buffer.compact();
    int read = 0;
    while (read >= 0 && buffer.position() < count) {
      read = channel.read(buffer);
    }
    buffer.flip();
    return buffer.remaining() >= count;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
