/**
 * The door: reads beats off the wire, checks them, and answers. The only gRPC here; what passes is a
 * record.
 *
 * <p>Start at {@link dev.tenon.registry.vm.accept.RegistrationService}.
 */
@NullMarked
package dev.tenon.registry.vm.accept;

import org.jspecify.annotations.NullMarked;
