package dev.tenon.spi.model;

/**
 * How one port of a service reaches the application beside a sidecar: callers → service port →
 * inbound listener → application.
 *
 * @param service which service this workload answers for
 * @param servicePort the service's port number
 * @param protocol what is spoken
 * @param listenPort where the sidecar listens on the workload's address; the endpoint's port
 * @param application where the application listens, {@code address:port}; empty when there is no
 *     sidecar and the application itself listens on {@code listenPort}
 */
public record WorkloadPort(
    ServiceName service, int servicePort, Protocol protocol, int listenPort, String application) {}
