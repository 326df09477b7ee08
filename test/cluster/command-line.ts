/** Reads the arguments of `npm run cluster`. After `kubectl`, and after the command that `run` is to run, all is theirs. */
import { maxNodes } from "./addresses.ts";
import type { CommandLine } from "./commands.ts";
import { StateDir } from "./state-dir.ts";

export interface ParsedCommandLine {
  readonly command: string | undefined;
  readonly line: CommandLine;
}

interface Options {
  name: string;
  nodes: number;
  node: string;
  gentle: boolean;
  replace: boolean;
}

export function parseCommandLine(args: readonly string[]): ParsedCommandLine {
  const options: Options = { name: "waystone", nodes: 1, node: "node-1", gentle: false, replace: false };
  const left = [...args];
  takeOptions(left, options);
  const command = left.shift();
  if (command !== "kubectl") takeOptions(left, options);
  const { name, ...line } = options;
  return { command, line: { ...line, state: new StateDir(name), rest: left } };
}

/** Takes the options at the front, up to the first word that is none; `--` ends them too. */
function takeOptions(args: string[], options: Options): void {
  while (args[0]?.startsWith("--") === true) {
    const option = args.shift();
    if (option === "--") return;
    takeOption(option ?? "", args, options);
  }
}

function takeOption(option: string, args: string[], options: Options): void {
  switch (option) {
    case "--name":
      options.name = value(option, args);
      return;
    case "--nodes":
      options.nodes = parseNodes(value(option, args));
      return;
    case "--node":
      options.node = value(option, args);
      return;
    case "--gentle":
      options.gentle = true;
      return;
    case "--replace":
      options.replace = true;
      return;
    default:
      throw new Error(`no option ${option}`);
  }
}

function value(option: string, args: string[]): string {
  const found = args.shift();
  if (found === undefined) throw new Error(`${option} needs a value`);
  return found;
}

function parseNodes(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= maxNodes) return count;
  throw new Error(`--nodes ${text}: from 1 to ${maxNodes}`);
}
