/** The flags of commands that explain: where the objects are, and how the answer is printed. */
import { type Command, Option } from "commander";
import type { WorldOptions } from "../explain/open-world.ts";
import { addClusterOptions } from "./cluster-options.ts";
import { collect } from "./traffic-options.ts";

export interface AnswerOptions {
  readonly output: "text" | "json" | "yaml";
}

export type ExplainOptions = WorldOptions & AnswerOptions;

/** Given once for each of its values; none where it is not given. */
export function listOption(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`).argParser(collect).default([], "none");
}

export function answerOption(): Option {
  return new Option("-o, --output <format>", "text for people")
    .choices(["text", "json", "yaml"])
    .default("text");
}

/** Files, or a cluster. */
export function addExplainOptions(command: Command): Command {
  const files = listOption("-f, --filename <path>", "files or folders to ask instead of a cluster");
  return addClusterOptions(command.addOption(files).addOption(answerOption()));
}
