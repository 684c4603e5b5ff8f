/**
 * Who holds which lease: a state machine that knows neither clock nor disk ({@link
 * dev.tenon.registry.vm.lease.Ledger}), and the desk that gives it the time and passes its changes on
 * ({@link dev.tenon.registry.vm.lease.LeaseDesk}).
 */
@NullMarked
package dev.tenon.registry.vm.lease;

import org.jspecify.annotations.NullMarked;
