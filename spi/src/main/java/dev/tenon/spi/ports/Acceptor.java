package dev.tenon.spi.ports;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/** Takes over connections. Called on each channel's own loop; must not block. */
@FunctionalInterface
public interface Acceptor {
  /**
   * A connection is now the callee's: newly accepted, or re-homed from an older generation.
   *
   * @param channel registered, reading not yet begun ({@code autoRead} is off), pipeline empty
   * @param early bytes already read from it, or null; the callee releases them
   */
  void accept(Channel channel, @Nullable ByteBuf early);
}
