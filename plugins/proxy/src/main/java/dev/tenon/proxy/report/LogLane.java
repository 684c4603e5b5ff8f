package dev.tenon.proxy.report;

import dev.tenon.proxy.http.Bytes;
import dev.tenon.proxy.loop.LoopState;
import dev.tenon.proxy.loop.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Where one loop puts the lines of one access log. A line waits at most a quarter of a second. */
public final class LogLane {
  private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(250);
  private static final int LONGEST_LINE = 16 * 1024;

  private final AccessLog log;
  private final LoopState loop;
  private final Bytes line = new Bytes();
  private final Timer wait =
      new Timer() {
        @Override
        protected void expired() {
          handOver();
        }
      };
  private byte[] block;
  private int size;
  private int lines;
  private long second = Long.MIN_VALUE;
  private byte[] secondText = new byte[0];

  LogLane(AccessLog log, LoopState loop) {
    this.log = log;
    this.loop = loop;
    this.block = log.block();
  }

  /** Begins a line with the time of its request; the caller puts the rest and calls {@link #end}. */
  public Bytes begin(long epochMillis) {
    line.clear();
    long now = Math.floorDiv(epochMillis, 1000);
    if (now != second) {
      second = now;
      String text = Instant.ofEpochSecond(now).toString();
      secondText = ("[" + text.substring(0, text.length() - 1) + ".").getBytes(StandardCharsets.US_ASCII);
    }
    return line.put(secondText).putPadded(Math.floorMod(epochMillis, 1000), 3).put('Z').put(']');
  }

  /** Ends the line. */
  public void end() {
    line.put('\n');
    if (line.size() > LONGEST_LINE) {
      line.truncate(LONGEST_LINE - 1);
      line.put('\n');
    }
    if (size + line.size() > block.length) {
      handOver();
    }
    System.arraycopy(line.array(), 0, block, size, line.size());
    size += line.size();
    lines++;
    if (!wait.armed()) {
      loop.timers().armIn(wait, LONGEST_WAIT);
    }
  }

  /** Gives what is there to the writer. */
  public void handOver() {
    loop.timers().disarm(wait);
    if (size > 0) {
      log.submit(new AccessLog.Block(block, size, lines));
      block = log.block();
      size = 0;
      lines = 0;
    }
  }
}
