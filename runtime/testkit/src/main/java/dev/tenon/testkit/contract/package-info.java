/**
 * What each kind of plug-in promises, as tests: extend the class of your plug point in a test of your
 * own and fill in what it asks for. Start at {@link dev.tenon.testkit.contract.PluginContract}, which all
 * of them are.
 */
@NullMarked
package dev.tenon.testkit.contract;

import org.jspecify.annotations.NullMarked;
