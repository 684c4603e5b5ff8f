/** Commands that talk to a running process over its administration socket. */
@NullMarked
package dev.tenon.cli.client;

import org.jspecify.annotations.NullMarked;
