/**
 * What is measured inside a JVM, by JMH in a process of its own: nanoseconds for a call. Start with {@code GuardCost}.
 */
@NullMarked
package dev.tenon.bench.micro;

import org.jspecify.annotations.NullMarked;
