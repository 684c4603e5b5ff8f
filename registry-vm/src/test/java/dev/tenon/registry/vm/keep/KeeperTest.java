package dev.tenon.registry.vm.keep;

import static dev.tenon.registry.vm.keep.LeaseFolderTest.lease;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenon.registry.vm.lease.Change;
import dev.tenon.registry.vm.lease.Lease;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTest {
  @TempDir Path directory = Path.of("");

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<Collection<Change>> passed = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();
  private final FullDisk disk = new FullDisk();

  private final Lease one = lease("one", "127.0.0.11");
  private final Lease two = lease("two", "127.0.0.12");

  private Keeper keeper() throws IOException {
    return new Keeper(new LeaseFolder(directory, disk), tasks::add, passed::add, troubles::add);
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private List<Lease> onDisk() throws IOException {
    return new LeaseFolder(directory, new RealDisk()).read(false);
  }

  @Test
  void aBurstIsOneBatchAndOnlyTheLastWordOfEachWorkloadIsWritten() throws IOException {
    Keeper keeper = keeper();
    List<String> answers = new ArrayList<>();
    keeper.changed(List.of(new Change.Put(lease("one", "127.0.0.99"))), () -> answers.add("first"));
    keeper.changed(List.of(new Change.Put(two)), () -> answers.add("second"));
    keeper.changed(List.of(new Change.Put(one)), () -> answers.add("third"));
    assertThat(tasks).hasSize(1);
    runTasks();
    assertThat(disk.written).hasValue(2);
    assertThat(passed).hasSize(1);
    assertThat(answers).containsExactly("first", "second", "third");
    assertThat(onDisk()).containsExactlyInAnyOrder(one, two);
  }

  @Test
  void aFullDiskKeepsNobodyOutAndIsWrittenToAgain() throws IOException {
    Keeper keeper = keeper();
    disk.full = true;
    List<String> answers = new ArrayList<>();
    keeper.changed(List.of(new Change.Put(one)), () -> answers.add("in"));
    runTasks();
    assertThat(answers).containsExactly("in");
    assertThat(passed).hasSize(1);
    assertThat(onDisk()).isEmpty();
    assertThat(troubles).singleElement().asString().contains("No space left on device");

    disk.full = false;
    keeper.again();
    runTasks();
    assertThat(onDisk()).containsExactly(one);
    assertThat(troubles).last().isEqualTo("");
    assertThat(passed).hasSize(1);
  }

  @Test
  void whatCouldNotBeWrittenDoesNotOutliveALaterWord() throws IOException {
    Keeper keeper = keeper();
    disk.full = true;
    keeper.changed(List.of(new Change.Put(one)), () -> {});
    runTasks();
    disk.full = false;
    keeper.changed(List.of(new Change.Removed(one.key())), () -> {});
    runTasks();
    keeper.again();
    assertThat(tasks).isEmpty();
    assertThat(onDisk()).isEmpty();
  }

  /** A disk on which nothing can be written for a while. */
  private static final class FullDisk extends RealDiskLike {
    boolean full;
    private final AtomicInteger written = new AtomicInteger();

    @Override
    public void replace(Path file, byte[] content) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      written.incrementAndGet();
      super.replace(file, content);
    }
  }
}
