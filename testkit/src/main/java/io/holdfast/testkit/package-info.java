/**
 * What tests of several modules share: the independent checker of payment histories, fakes and
 * generators.
 */
@NullMarked
package io.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
