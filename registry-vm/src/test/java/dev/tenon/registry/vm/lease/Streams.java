package dev.tenon.registry.vm.lease;

import dev.tenon.registry.vm.accept.Ending;
import dev.tenon.registry.vm.accept.Holder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stream that remembers what it was told. */
final class Streams implements Holder {
  final List<String> granted = new ArrayList<>();
  @Nullable Ending ending;

  @Override
  public void granted(String leaseId, Duration timeToLive) {
    granted.add(leaseId);
  }

  @Override
  public void end(Ending ending) {
    this.ending = ending;
  }

  Ending.@Nullable Cause cause() {
    return ending == null ? null : ending.cause();
  }
}
