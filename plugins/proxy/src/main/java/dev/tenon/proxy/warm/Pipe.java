package dev.tenon.proxy.warm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A connection in memory, on the thread that uses it.
 *
 * <p>Three classes take turns: code that the compiler saw with one class of channel alone it would bind to
 * that class, and throw away when the first real connection comes, in the very moment for which it was made.
 */
abstract sealed class Pipe extends EmbeddedChannel {
  private static final SocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  /** The class of the number's turn. */
  static Pipe of(int number) {
    return switch (number % 3) {
      case 0 -> new First();
      case 1 -> new Second();
      default -> new Third();
    };
  }

  @Override
  protected SocketAddress localAddress0() {
    return HERE;
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return HERE;
  }

  /** What is read from it next. */
  void receive(byte[] bytes, int from, int to) {
    writeInbound(alloc().directBuffer(to - from).writeBytes(bytes, from, to - from));
  }

  /** Throws away what was written to it; the status of an answer, 1 for anything else, 0 for nothing. */
  int sent() {
    int status = 0;
    ByteBuf buffer;
    while ((buffer = readOutbound()) != null) {
      status = status == 0 ? status(buffer) : status;
      buffer.release();
    }
    return status;
  }

  /** Of {@code HTTP/1.1 200 OK}. */
  private static int status(ByteBuf buffer) {
    int at = buffer.readerIndex() + 9;
    if (buffer.readableBytes() < 12 || buffer.getByte(buffer.readerIndex()) != 'H') {
      return 1;
    }
    return (buffer.getByte(at) - '0') * 100 + (buffer.getByte(at + 1) - '0') * 10 + buffer.getByte(at + 2) - '0';
  }

  private static final class First extends Pipe {}

  private static final class Second extends Pipe {}

  private static final class Third extends Pipe {}
}
