/**
 * The process log on stderr: JSON lines for machines, or one readable line each for people (`waystone run`'s default).
 * Both come from the same logger, so that no message exists in one form only.
 */
import { createLogger, type Logger } from "@waystone/base/logger";
import type { LogOptions } from "../flags/traffic-options.ts";

export function openLog({ logLevel, logFormat }: LogOptions): Logger {
  if (logFormat === "json") return createLogger({ level: logLevel });
  return createLogger({
    level: logLevel,
    stream: { write: (line) => void process.stderr.write(renderLogLine(line)) },
  });
}

/** "10:14:03 warn  no endpoint is ready  object=Service/shop/web" */
export function renderLogLine(json: string): string {
  const { level, time, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const clock = /T(\d\d:\d\d:\d\d)/.exec(text(time))?.[1] ?? "";
  const rest = Object.entries(fields).map(([name, value]) => `  ${name}=${text(value)}`);
  return `${clock} ${text(level).padEnd(5)} ${text(msg)}${rest.join("")}\n`;
}

/** Quoted where it would run into its neighbours. */
function text(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "";
  return value.includes("\n") ? JSON.stringify(value) : value;
}
