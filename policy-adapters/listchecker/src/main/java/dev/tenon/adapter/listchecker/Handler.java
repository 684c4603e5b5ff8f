package dev.tenon.adapter.listchecker;

import dev.tenon.adapter.listchecker.Listing.Found;
import dev.tenon.spi.policy.Adapter;
import dev.tenon.spi.policy.Instance;
import dev.tenon.spi.policy.Verdict;
import dev.tenon.spi.policy.Verdict.Code;
import dev.tenon.spi.policy.Verdict.Validity;
import dev.tenon.spi.telemetry.MetricSnapshot.Family;
import dev.tenon.spi.telemetry.MetricSnapshot.Kind;
import dev.tenon.spi.telemetry.MetricSnapshot.Sample;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One handler.
 *
 * @param listing the list as it is now
 * @param blacklist whether what is in it is denied, or what is not
 * @param allowed what lets a request go on; what denies holds as long
 */
record Handler(Supplier<Listing> listing, boolean blacklist, Verdict.Allow allowed) implements Adapter {
  @Override
  public Verdict check(Instance instance) {
    Object value = instance.values().getOrDefault("value", "");
    Found found = listing.get().find(value);
    if (found == Found.MALFORMED) {
      return new Verdict.Deny(Code.INVALID_ARGUMENT, Listing.text(value) + " is no IP address", Validity.ONCE);
    }
    if ((found == Found.YES) != blacklist) {
      return allowed;
    }
    return new Verdict.Deny(
        Code.PERMISSION_DENIED, Listing.text(value) + (blacklist ? " is blacklisted" : " is not whitelisted"), allowed.validity());
  }

  @Override
  public List<Family> figures() {
    return listing instanceof Followed followed
        ? followed.figures()
        : List.of(new Family("listchecker_entries", Kind.GAUGE, List.of(Sample.of(Map.of(), listing.get().size()))));
  }

  @Override
  public String concern() {
    return listing instanceof Followed followed ? followed.concern() : "";
  }

  @Override
  public void close() {
    if (listing instanceof Followed followed) {
      followed.close();
    }
  }
}
