package dev.tenon.proxy.plug;

import dev.tenon.spi.config.Node;

/**
 * A plug-in that is wanted. Equal ones share one slot.
 *
 * @param plugin the name that its factory goes by
 * @param config what the factory is given; its place says who wants it
 */
public record PlugSpec(String plugin, Node.Mapping config) {}
