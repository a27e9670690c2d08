package io.holdfast.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.nio.charset.StandardCharsets;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sets up the log of a node's process: standard error, one line per event, the node's name in each.
 * What libraries say through the JDK's logger goes the same way.
 */
final class Logs {
  /** A message cannot begin a line of its own: nobody forges log lines by what he sends. */
  private static final String MESSAGE = "%replace(%msg){'[\\r\\n]+', ' | '}%n";

  private Logs() {}

  static void configure(LogConfig config, String nodeId) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder(config, nodeId, context));
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(appender);
    root.setLevel(ofLibraries(config.level()));
    if (config.level() != Settings.LogLevel.DEBUG) {
      // It warns of a member that is down several times a second; the status names it once.
      context.getLogger("org.apache.ratis.grpc").setLevel(Level.ERROR);
    }
    context.getLogger("io.holdfast").setLevel(Level.toLevel(config.level().name()));
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  private static Encoder<ILoggingEvent> encoder(
      LogConfig config, String nodeId, LoggerContext context) {
    Encoder<ILoggingEvent> encoder =
        switch (config.format()) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setCharset(StandardCharsets.UTF_8);
            text.setPattern(
                "%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level "
                    + nodeId
                    + " %-20.-20logger{0} "
                    + MESSAGE);
            yield text;
          }
          case JSON -> new JsonLines(nodeId);
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }

  /** Ratis tells each election at INFO, Netty each connection at DEBUG. */
  private static Level ofLibraries(Settings.LogLevel level) {
    return switch (level) {
      case ERROR -> Level.ERROR;
      case WARN, INFO -> Level.WARN;
      case DEBUG -> Level.INFO;
    };
  }
}
