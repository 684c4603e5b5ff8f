/** One of several control planes leads, by a session. Start at {@link dev.tenon.registry.consul.lead.SessionLead}. */
@NullMarked
package dev.tenon.registry.consul.lead;

import org.jspecify.annotations.NullMarked;
