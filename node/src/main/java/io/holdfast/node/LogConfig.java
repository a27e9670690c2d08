package io.holdfast.node;

/** How a node logs. */
record LogConfig(Settings.LogFormat format, Settings.LogLevel level) {}
