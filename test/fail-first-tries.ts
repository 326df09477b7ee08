/**
 * A setup file of vitest for whoever asks whether second tries are real ones: with `--retry=1` the first try of every test fails, at
 * its very end, when it has done all that it does. What then passes would have had its second chance in CI.
 */
import { afterEach } from "vitest";

const failed = new Set<string>();

afterEach(({ task }) => {
  if (failed.has(task.id)) return;
  failed.add(task.id);
  throw new Error("this was its first try");
});
