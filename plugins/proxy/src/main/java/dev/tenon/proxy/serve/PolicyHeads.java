package dev.tenon.proxy.serve;

import dev.tenon.proxy.compile.HeaderOps;
import dev.tenon.proxy.request.RequestView;
import dev.tenon.spi.policy.HeaderEdit;
import java.util.ArrayList;
import java.util.List;

/** What policy asks of heads. A header that cannot be sent is left out: policy was told of that when it was applied. */
final class PolicyHeads {
  private PolicyHeads() {}

  /** Changes of an answer. */
  static HeaderOps response(List<HeaderEdit> edits) {
    if (edits.isEmpty()) {
      return HeaderOps.NONE;
    }
    List<HeaderOps.Op> ops = new ArrayList<>();
    for (HeaderEdit edit : edits) {
      try {
        ops.add(op(edit));
      } catch (IllegalArgumentException e) {
        // Its value came with the request.
      }
    }
    return new HeaderOps(ops);
  }

  private static HeaderOps.Op op(HeaderEdit edit) {
    HeaderOps.Put put = (HeaderOps.Put) RequestView.field(edit.name(), edit.value());
    return switch (edit.operation()) {
      case REMOVE -> new HeaderOps.Remove(put.name());
      case APPEND -> put;
      case REPLACE -> new HeaderOps.Put(put.name(), put.value(), HeaderOps.When.OVERWRITE);
    };
  }

  /** Changes a request. */
  static void change(RequestView head, List<HeaderEdit> edits) {
    for (HeaderEdit edit : edits) {
      try {
        switch (edit.operation()) {
          case REMOVE -> head.remove(edit.name());
          case APPEND -> head.add(edit.name(), edit.value());
          case REPLACE -> head.set(edit.name(), edit.value());
        }
      } catch (IllegalArgumentException e) {
        // Its value came with the request.
      }
    }
  }
}
