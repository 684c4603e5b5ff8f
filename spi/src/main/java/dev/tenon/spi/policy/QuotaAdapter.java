package dev.tenon.spi.policy;

/**
 * An adapter that grants amounts: what a factory builds that takes {@link Template#QUOTA}. One that
 * judges other templates too implements {@link #check} as well.
 *
 * <p>{@link AdapterFactory#nonBlocking} speaks of both methods.
 */
@FunctionalInterface
public interface QuotaAdapter extends Adapter {
  /**
   * Takes an amount out of what is left for the instance's dimensions, or refuses it.
   *
   * @param instance of the template quota; its value {@code dimensions} is a Map from text to values, a
   *     key by itself: maps of equal content are equal
   */
  Grant take(Instance instance, Charge charge);

  @Override
  default Verdict check(Instance instance) {
    throw new UnsupportedOperationException("grants quotas and judges nothing else");
  }
}
