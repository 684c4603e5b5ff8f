package dev.tenon.kernel.guard;

import java.util.function.IntUnaryOperator;

/** Code as a plug may hold it; tests weave it and load it anew. */
public final class Spinner implements IntUnaryOperator {
  private int turns;

  /** Public for the loader that makes it. */
  public Spinner() {}

  /** 0: computes; 1: spins, and swallows whatever is thrown; 2: spins in a switch; 3: calls itself without end. */
  @Override
  public int applyAsInt(int way) {
    return switch (way) {
      case 1 -> stubborn();
      case 2 -> turns(0);
      case 3 -> deep();
      default -> computes(way);
    };
  }

  private static int computes(int from) {
    int sum = from;
    for (int i = 0; i < 10; i++) {
      try {
        sum += Integer.parseInt(i % 2 == 0 ? "1" : "x");
      } catch (NumberFormatException e) {
        sum += 10;
      } finally {
        sum++;
      }
    }
    synchronized (Spinner.class) {
      do {
        sum--;
      } while (sum > 50);
    }
    return sum;
  }

  @SuppressWarnings("EmptyCatch")
  private int stubborn() {
    while (true) {
      try {
        while (true) {
          turns++;
          if (turns < 0) {
            turns = 0;
          }
        }
      } catch (Throwable t) {
        // as a careless author writes it
      }
    }
  }

  private static int turns(int from) {
    int state = from;
    while (true) {
      state = switch (state) {
        case 0 -> 1;
        case 1 -> 2;
        default -> 0;
      };
    }
  }

  @SuppressWarnings("InfiniteRecursion")
  private static int deep() {
    try {
      return deep();
    } catch (StackOverflowError e) {
      return deep();
    }
  }
}
