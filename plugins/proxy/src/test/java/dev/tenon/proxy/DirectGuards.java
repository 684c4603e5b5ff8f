package dev.tenon.proxy;

import dev.tenon.spi.guard.Guard;
import dev.tenon.spi.guard.Guards;
import dev.tenon.spi.guard.Limits;
import dev.tenon.spi.guard.Trouble;
import dev.tenon.spi.guard.Usage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Guards that catch what is thrown and keep deadlines, and nothing more: the kernel's have tests of their own. */
public final class DirectGuards implements Guards {
  @Override
  public Guard over(Object plug, String name, Limits limits) {
    return new Direct(limits);
  }

  @Override
  public CompletionStage<Void> idle() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public List<String> hung() {
    return List.of();
  }

  @Override
  public List<Usage> usage() {
    return List.of();
  }

  private record Direct(Limits limits) implements Guard {
    @Override
    public <P, A, R> R call(Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead) {
      R said = ask(call, plug, argument);
      return said == null ? instead.apply(Trouble.FAILED) : said;
    }

    private static <P, A, R> @Nullable R ask(Call<P, A, R> call, P plug, A argument) {
      try {
        return call.ask(plug, argument);
      } catch (Throwable t) {
        return null;
      }
    }

    @Override
    public <P, A, R> void callLater(
        Call<P, A, R> call, P plug, A argument, Function<Trouble, R> instead, Runnable ended, Consumer<? super R> told) {
      CompletableFuture<R> answer = new CompletableFuture<>();
      answer
          .completeOnTimeout(instead.apply(Trouble.LATE), limits.deadline().toMillis(), TimeUnit.MILLISECONDS)
          .thenAccept(told);
      Thread.ofVirtual()
          .start(
              () -> {
                R said = ask(call, plug, argument);
                answer.complete(said == null ? instead.apply(Trouble.FAILED) : said);
                ended.run();
              });
    }

    @Override
    public boolean quarantined() {
      return false;
    }
  }
}
