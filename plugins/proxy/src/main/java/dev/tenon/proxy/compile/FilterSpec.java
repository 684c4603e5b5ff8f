package dev.tenon.proxy.compile;

import dev.tenon.proxy.plug.PlugSpec;

/**
 * A plug-in that looks at requests of a listener.
 *
 * @param name of the object that places it, {@code namespace/name}
 * @param plug which, and with what configuration
 * @param failOpen whether requests go on without it while it is absent or fails
 */
public record FilterSpec(String name, PlugSpec plug, boolean failOpen) {}
