/**
 * Plug-ins of others that requests meet: which are installed, which are wanted with which
 * configuration, and the slots that hold the ones that are both.
 *
 * <p>A {@link dev.tenon.proxy.plug.Slot} outlives the plug-ins that come to lie in it. Nothing outside
 * it refers to a plug-in longer than a call lasts, pickers of balancers excepted, which each loop drops
 * when it is told to look. Start at {@link dev.tenon.proxy.plug.Rack}.
 */
@NullMarked
package dev.tenon.proxy.plug;

import org.jspecify.annotations.NullMarked;
