/** One Holdfast node: the only place that puts the parts together. */
@NullMarked
package io.holdfast.node;

import org.jspecify.annotations.NullMarked;
