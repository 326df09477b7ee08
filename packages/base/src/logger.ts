/**
 * Process logs: JSON lines on stderr by pino, with a level that can be changed while running. Access logs are not made
 * here (they are data, on stdout). Messages are lower case and say what failed, on which object, why, and what to do.
 */
import { pino } from "pino";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";
export const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that puts `fields` on every line; its level follows this one's at the time of the call. */
  child(fields: LogFields): Logger;
  level: LogLevel;
}

/** Logs to the given stream, stderr unless told. */
export function createLogger(options: { level: LogLevel; stream?: { write(line: string): void } }): Logger {
  const destination = options.stream ?? pino.destination({ fd: 2, sync: true });
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return logger as unknown as Logger;
}

/** Swallows everything: for tests and embedded use. */
export const silentLogger: Logger = createLogger({ level: "silent", stream: { write() {} } });
