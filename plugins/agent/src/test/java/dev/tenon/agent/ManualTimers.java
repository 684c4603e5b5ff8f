package dev.tenon.agent;

import dev.tenon.agent.probe.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that passes when a test says so. */
public final class ManualTimers implements Timers {
  private record Task(Duration at, Runnable work) {}

  private final List<Task> tasks = new ArrayList<>();
  private Duration now = Duration.ZERO;

  @Override
  public Alarm after(Duration delay, Runnable work) {
    Task task = new Task(now.plus(delay), work);
    tasks.add(task);
    return () -> tasks.removeIf(task::equals);
  }

  /** Lets time pass, and what is due happen. */
  public void pass(Duration time) {
    Duration until = now.plus(time);
    while (true) {
      Task next = tasks.stream().min(Comparator.comparing(Task::at)).orElse(null);
      if (next == null || next.at().compareTo(until) > 0) {
        now = until;
        return;
      }
      tasks.remove(next);
      now = next.at();
      next.work().run();
    }
  }
}
