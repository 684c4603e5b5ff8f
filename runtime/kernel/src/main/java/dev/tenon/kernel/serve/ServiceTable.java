package dev.tenon.kernel.serve;

import dev.tenon.spi.lifecycle.Offer;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The methods that are served now. A swap replaces all of them in one step. */
final class ServiceTable extends HandlerRegistry {
  private static final Logger log = LoggerFactory.getLogger(ServiceTable.class);

  /** Everything about one moment's services. */
  private record Snapshot(List<ServerServiceDefinition> services, Map<String, ServerMethodDefinition<?, ?>> methods) {}

  private final Predicate<String> served;
  private final BooleanSupplier complete;
  private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of());

  /** What is offered now, bound already; a swap of one module binds the services of others not again. */
  private IdentityHashMap<BindableService, ServerServiceDefinition> bound = new IdentityHashMap<>();

  /**
   * An empty table.
   *
   * @param served which services, by their full names, belong here
   * @param complete false while modules are still starting: what is not there yet may come
   */
  ServiceTable(Predicate<String> served, BooleanSupplier complete) {
    this.served = served;
    this.complete = complete;
  }

  synchronized void replace(List<Offer<BindableService>> offers) {
    IdentityHashMap<BindableService, ServerServiceDefinition> present = new IdentityHashMap<>();
    for (Offer<BindableService> offer : offers) {
      ServerServiceDefinition known = bound.get(offer.service());
      present.put(offer.service(), known == null ? offer.service().bindService() : known);
    }
    bound = present;
    Map<String, ServerServiceDefinition> services = new HashMap<>();
    Map<String, ServerMethodDefinition<?, ?>> methods = new HashMap<>();
    for (Offer<BindableService> offer : offers) {
      ServerServiceDefinition service = Objects.requireNonNull(present.get(offer.service()));
      String name = service.getServiceDescriptor().getName();
      if (!served.test(name)) {
        continue;
      }
      if (services.putIfAbsent(name, service) != null) {
        log.warn("the gRPC service {} is offered twice; the one of {} is not served", name, offer.module());
        continue;
      }
      service.getMethods().forEach(method -> methods.put(method.getMethodDescriptor().getFullMethodName(), method));
    }
    snapshot = new Snapshot(List.copyOf(services.values()), Map.copyOf(methods));
  }

  @Override
  public List<ServerServiceDefinition> getServices() {
    return snapshot.services();
  }

  @Override
  public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String method, @Nullable String authority) {
    ServerMethodDefinition<?, ?> found = snapshot.methods().get(method);
    return found == null && !complete.getAsBoolean() ? notYet(method) : found;
  }

  /** Tells a client to come again, where an unknown method would tell it to give up. */
  private static ServerMethodDefinition<byte[], byte[]> notYet(String method) {
    MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.<byte[], byte[]>newBuilder(Bytes.IT, Bytes.IT)
        .setType(MethodDescriptor.MethodType.UNKNOWN)
        .setFullMethodName(method)
        .build();
    return ServerMethodDefinition.create(descriptor, (call, headers) -> {
      call.close(Status.UNAVAILABLE.withDescription("modules are starting; " + method + " is not there yet"), new Metadata());
      return new ServerCall.Listener<>() {};
    });
  }

  /** Messages that nobody reads. */
  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    IT;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
