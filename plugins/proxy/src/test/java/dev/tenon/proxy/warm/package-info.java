@NullMarked
package dev.tenon.proxy.warm;

import org.jspecify.annotations.NullMarked;
