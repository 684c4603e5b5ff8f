/** Counters against a model that remembers everything, in virtual time. */
@NullMarked
package dev.tenon.quotas;

import org.jspecify.annotations.NullMarked;
