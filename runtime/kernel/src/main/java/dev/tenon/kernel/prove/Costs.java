package dev.tenon.kernel.prove;

/**
 * What proving has found and what it has cost since the process began.
 *
 * @param collected class loaders that were seen to be gone
 * @param waiting that are younger than the deadline
 * @param leaked that were found to be held; one that goes later counts on
 * @param left threads, MBeans and handlers that modules left behind
 * @param collections full collections that were asked for
 * @param collectionMillis how long these stopped the process, in all
 * @param dumps heap dumps that were written
 * @param dumpMillis how long these stopped the process, in all
 */
public record Costs(
    long collected, int waiting, long leaked, long left, long collections, long collectionMillis, long dumps, long dumpMillis) {}
