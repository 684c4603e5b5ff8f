/**
 * The table of services that modules lend each other. Start at {@link
 * dev.tenon.kernel.offers.OfferTable}.
 */
@NullMarked
package dev.tenon.kernel.offers;

import org.jspecify.annotations.NullMarked;
