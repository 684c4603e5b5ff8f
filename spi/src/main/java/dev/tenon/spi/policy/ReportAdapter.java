package dev.tenon.spi.policy;

import java.util.List;

/**
 * An adapter that is told of requests when they are over: what a factory builds that takes a template of the
 * variety {@link Template.Variety#REPORT}. One that judges too implements {@link #check} as well.
 */
@FunctionalInterface
public interface ReportAdapter extends Adapter {
  /**
   * Takes what requests gave, in the order in which they ended. Called for one batch at a time, off the
   * event loops. While it works, further reports wait in a bounded queue; what does not fit is dropped and
   * counted.
   *
   * @param instances of one template, at least one; their attributes are those that the policy's rules read
   * @throws Exception when they are lost; counted, and said in the log
   */
  void report(List<Instance> instances) throws Exception;

  @Override
  default Verdict check(Instance instance) {
    throw new UnsupportedOperationException("takes reports and judges nothing");
  }
}
