/** The durations of flags that say how long to wait. */
import { errorMessage } from "@waystone/base/error-message";
import { parseDuration } from "@waystone/base/duration";
import { InvalidArgumentError } from "commander";

const longestMs = 86_400_000;

/** Milliseconds of "30s", "5m"; commander shows what is wrong with others. */
export function parseTimeout(text: string): number {
  let ms: number;
  try {
    ms = parseDuration(text);
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error));
  }
  if (ms > longestMs) throw new InvalidArgumentError("At most a day (24h).");
  return ms;
}
