package dev.tenon.kernel.load;

import dev.tenon.spi.lifecycle.Carry;
import dev.tenon.spi.lifecycle.Running;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers of a plain jar, while they are offered. Their states travel side by side, by class name. */
final class ProvidersRunning implements Running, Carry {
  private static final Logger log = LoggerFactory.getLogger(ProvidersRunning.class);
  private static final String FORM = "form";
  private static final String STATE = "state";
  private final List<Object> providers;

  ProvidersRunning(List<Object> providers) {
    this.providers = List.copyOf(providers);
  }

  @Override
  public String form() {
    return "providers/1";
  }

  @Override
  public Map<String, Object> give() {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Object provider : providers) {
      if (provider instanceof Carry carry) {
        Map<String, Object> state = carry.give();
        if (!state.isEmpty()) {
          all.put(provider.getClass().getName(), Map.of(FORM, carry.form(), STATE, state));
        }
      }
    }
    return all;
  }

  @Override
  public void take(String form, Map<String, Object> piece) {
    for (Object provider : providers) {
      if (provider instanceof Carry carry && piece.get(provider.getClass().getName()) instanceof Map<?, ?> own
          && own.get(FORM) instanceof String theirs && own.get(STATE) instanceof Map<?, ?> state) {
        if (!carry.takes(theirs)) {
          throw new IllegalStateException("the state has the form " + theirs + ", which " + provider.getClass().getName() + " does not take");
        }
        carry.take(theirs, plain(state));
      }
    }
  }

  /** What the kernel copied has texts as keys at every level. */
  @SuppressWarnings("unchecked")
  private static Map<String, Object> plain(Map<?, ?> state) {
    return (Map<String, Object>) state;
  }

  @Override
  public void close() {
    providers.reversed().forEach(ProvidersRunning::close);
  }

  private static void close(Object provider) {
    if (provider instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        log.warn("{} failed to close", provider.getClass().getName(), e);
      }
    }
  }
}
