package dev.tenon.kernel.prove;

import dev.tenon.kernel.ports.Loops;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Threads that a closed module left running. One whose class is the module's is interrupted, and one that
 * has such a class on its stack if it is of the module's time: a newer build has classes of the same names. One
 * that only inherited the module's context class loader is given the system's: most of these belong to a
 * library of the platform, which started them when the module called it.
 */
final class LeftThreads {
  private static final long GRACE_MILLIS = 300;
  private static final long END_MILLIS = 1_000;

  /** Packages whose classes are never a module's: no need to ask its loader for them. */
  private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "io.netty.", "io.grpc.", "dev.tenon.kernel.");

  /** Pools that the platform's libraries share between modules. */
  private static final List<String> SHARED =
      List.of("grpc-", "globalEventExecutor", "process reaper", "CompletableFutureDelayScheduler", "ForkJoinPool", "Common-Cleaner");

  private final Loops loops;

  LeftThreads(Loops loops) {
    this.loops = loops;
  }

  /** Ends what can be ended; one line for each thread that was found. */
  List<String> end(ClassLoader loader, Births.Span time) throws InterruptedException {
    Set<Thread> own = find(each -> isOwn(each, loader, time));
    // An executor that the module has just shut down needs a moment.
    await(own, GRACE_MILLIS);
    Set<Thread> left = new LinkedHashSet<>(own.stream().filter(each -> isOwn(each, loader, time)).toList());
    left.forEach(Thread::interrupt);
    await(left, END_MILLIS);
    List<String> told = new ArrayList<>();
    for (Thread each : left) {
      told.add("the thread \"" + each.getName() + "\" was interrupted and " + (each.isAlive() ? "goes on" + place(each) : "ended"));
    }
    for (Thread each : find(thread -> loader.equals(thread.getContextClassLoader()))) {
      each.setContextClassLoader(ClassLoader.getSystemClassLoader());
      if (!left.contains(each) && SHARED.stream().noneMatch(each.getName()::startsWith)) {
        told.add("the thread \"" + each.getName() + "\" that it started idles on" + place(each));
      }
    }
    return told;
  }

  private static String place(Thread thread) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length == 0 ? "" : " in " + Arrays.stream(stack)
        .filter(each -> !each.getClassName().startsWith("java.") && !each.getClassName().startsWith("jdk."))
        .findFirst().orElse(stack[0]);
  }

  private Set<Thread> find(Predicate<Thread> which) {
    Set<Thread> found = new LinkedHashSet<>();
    for (Thread each : all()) {
      if (each != null && !each.equals(Thread.currentThread()) && loops.each().stream().noneMatch(loop -> loop.inEventLoop(each))
          && which.test(each)) {
        found.add(each);
      }
    }
    return found;
  }

  private static Thread[] all() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root != null && root.getParent() != null) {
      root = root.getParent();
    }
    if (root == null) {
      return new Thread[0];
    }
    Thread[] threads = new Thread[root.activeCount() * 2 + 16];
    root.enumerate(threads, true);
    return threads;
  }

  private static boolean isOwn(Thread thread, ClassLoader loader, Births.Span time) {
    if (loader.equals(thread.getClass().getClassLoader())) {
      return thread.isAlive();
    }
    if (!time.holds(thread) && !loader.equals(thread.getContextClassLoader())) {
      return false;
    }
    return Arrays.stream(thread.getStackTrace()).map(StackTraceElement::getClassName).distinct()
        .filter(each -> PLATFORM.stream().noneMatch(each::startsWith))
        .anyMatch(each -> defines(loader, each));
  }

  /** The class is on a stack, so that nothing is loaded that is not there. */
  private static boolean defines(ClassLoader loader, String name) {
    try {
      return loader.equals(Class.forName(name, false, loader).getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  private static void await(Set<Thread> threads, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    for (Thread each : threads) {
      long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (rest > 0) {
        each.join(rest);
      }
    }
  }
}
