package dev.tenon.spi.lifecycle;

/**
 * A service on loan.
 *
 * @param module the name of the module or plug-in that offers it
 * @param version that module's version
 * @param service the service itself
 */
public record Offer<T>(String module, String version, T service) {}
