package dev.tenon.kernel.serve;

import dev.tenon.spi.lifecycle.Offer;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The methods that can be called at this moment. Replaced as a whole when the offers change: a call
 * that begins sees the old table or the new one; a call that runs goes on with what it began with.
 */
final class ServiceTable extends HandlerRegistry {
  private final Predicate<String> served;
  private volatile Map<String, ServerMethodDefinition<?, ?>> methods = Map.of();

  /** Serves the services whose full name fits. */
  ServiceTable(Predicate<String> served) {
    this.served = served;
  }

  /** Takes what is offered from now on. Of two offers of one service the later wins. */
  void replace(List<Offer<BindableService>> offers) {
    Map<String, ServerMethodDefinition<?, ?>> next = new HashMap<>();
    for (Offer<BindableService> offer : offers) {
      ServerServiceDefinition definition = offer.service().bindService();
      if (served.test(definition.getServiceDescriptor().getName())) {
        definition.getMethods().forEach(method -> next.put(method.getMethodDescriptor().getFullMethodName(), method));
      }
    }
    methods = Map.copyOf(next);
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String methodName, @Nullable String authority) {
    return methods.get(methodName);
  }
}
