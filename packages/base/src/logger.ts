/**
 * Process logs: JSON lines on stderr by pino, with a level that can be changed while running. Access logs are not made
 * here (they are data, on stdout). Messages are lower case and say what failed, on which object, why, and what to do.
 */
import { type Logger as PinoSink, pino } from "pino";

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
  const sink = pino(
    {
      // Which lines are wanted is decided here, where a child can follow its parent; pino's children can't.
      level: "debug",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return new PinoLogger(sink, { level: options.level });
}

class PinoLogger implements Logger {
  readonly #sink: PinoSink;
  readonly #parent: { readonly level: LogLevel };
  /** Set on this very logger; until then its level is the parent's. */
  #level: LogLevel | undefined;

  constructor(sink: PinoSink, parent: { readonly level: LogLevel }) {
    this.#sink = sink;
    this.#parent = parent;
  }

  get level(): LogLevel {
    return this.#level ?? this.#parent.level;
  }

  set level(level: LogLevel) {
    this.#level = level;
  }

  debug(fields: LogFields, message: string): void {
    this.#log("debug", fields, message);
  }

  info(fields: LogFields, message: string): void {
    this.#log("info", fields, message);
  }

  warn(fields: LogFields, message: string): void {
    this.#log("warn", fields, message);
  }

  error(fields: LogFields, message: string): void {
    this.#log("error", fields, message);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.#sink.child(plain(fields, this.level === "debug")), this);
  }

  #log(level: Exclude<LogLevel, "silent">, fields: LogFields, message: string): void {
    const wanted = this.level;
    if (logLevels.indexOf(level) < logLevels.indexOf(wanted)) return;
    this.#sink[level](plain(fields, wanted === "debug"), message);
  }
}

/** Errors as their message (JSON would make them `{}`), with the stack only for who debugs. */
function plain(fields: LogFields, withStack: boolean): LogFields {
  const entries = Object.entries(fields);
  if (!entries.some(([, value]) => value instanceof Error)) return fields;
  return Object.fromEntries(entries.map(([name, value]) => [name, errorText(value, withStack)]));
}

function errorText(value: unknown, withStack: boolean): unknown {
  if (!(value instanceof Error)) return value;
  return withStack ? (value.stack ?? value.message) : value.message;
}

/** Swallows everything: for tests and embedded use. */
export const silentLogger: Logger = createLogger({ level: "silent", stream: { write() {} } });
