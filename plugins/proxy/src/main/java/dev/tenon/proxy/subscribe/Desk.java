package dev.tenon.proxy.subscribe;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, off the event loops: compiling a large configuration must not hold
 * up requests. A virtual thread exists only while there is work.
 */
public final class Desk implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean working;

  @Override
  public void execute(Runnable task) {
    synchronized (tasks) {
      tasks.add(task);
      if (working) {
        return;
      }
      working = true;
    }
    Thread.ofVirtual().name("tenon-xds").start(this::work);
  }

  private void work() {
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
        if (task == null) {
          working = false;
          return;
        }
      }
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("a step of the subscription failed", e);
      }
    }
  }
}
