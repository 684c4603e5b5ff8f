/** What Consul knows, by way of the control plane. */
@NullMarked
package dev.tenon.cli.consul;

import org.jspecify.annotations.NullMarked;
