package dev.tenon.proxy.report;

import dev.tenon.proxy.loop.LoopState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One access log file. Loops fill blocks of lines; one thread of its own writes them, so that a slow
 * disk never holds up a request. What cannot be written is dropped and counted.
 */
public final class AccessLog implements AutoCloseable {
  static final int BLOCK = 32 * 1024;
  private static final int BLOCKS = 64;
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /** Lines, and how many octets of the array they are. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Block(byte[] bytes, int size, int lines) {}

  private final BlockingQueue<Block> full = new ArrayBlockingQueue<>(BLOCKS);
  private final ConcurrentLinkedQueue<byte[]> free = new ConcurrentLinkedQueue<>();
  private final AtomicLong dropped = new AtomicLong();
  private final WritableByteChannel file;
  private final String name;
  private final Thread writer;
  private volatile boolean closing;

  private AccessLog(String name, WritableByteChannel file) {
    this.name = name;
    this.file = file;
    this.writer = Thread.ofPlatform().name("tenon-access-log").daemon().start(this::run);
  }

  /**
   * Opens a log for appending; its folder is made.
   *
   * @param path of the file; {@code -} is the process's output
   */
  public static AccessLog open(String path) throws IOException {
    if (path.equals("-")) {
      return new AccessLog(path, Channels.newChannel(new java.io.FileOutputStream(java.io.FileDescriptor.out)));
    }
    Path file = Path.of(path).toAbsolutePath();
    Files.createDirectories(file.getParent());
    return new AccessLog(path, Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  /** Where one loop writes. */
  public LogLane lane(LoopState loop) {
    return new LogLane(this, loop);
  }

  /** How many lines could not be written. */
  public long dropped() {
    return dropped.get();
  }

  byte[] block() {
    byte[] block = free.poll();
    return block == null ? new byte[BLOCK] : block;
  }

  void submit(Block block) {
    if (closing || !full.offer(block)) {
      dropped.addAndGet(block.lines());
      free.offer(block.bytes());
    }
  }

  private void run() {
    try {
      while (true) {
        Block block = full.poll(200, TimeUnit.MILLISECONDS);
        if (block != null) {
          write(block);
        } else if (closing) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Block block) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(block.bytes(), 0, block.size());
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
    } catch (IOException e) {
      if (dropped.getAndAdd(block.lines()) == 0) {
        LOG.warn("access log {}: lines are dropped: {}", name, e.toString());
      }
    }
    if (free.size() < 8) {
      free.offer(block.bytes());
    }
  }

  /** Writes what was submitted and ends. */
  @Override
  public void close() {
    closing = true;
    try {
      writer.join(2000);
      if (!name.equals("-")) {
        file.close();
      }
    } catch (IOException e) {
      LOG.warn("access log {}: {}", name, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
