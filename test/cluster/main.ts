/** `npm run cluster -- COMMAND`: the project's own Kubernetes on this machine. See docs/test-cluster.md. */
import { parseCommandLine } from "./command-line.ts";
import { commands } from "./commands.ts";

function usage(): string {
  const width = Math.max(...Object.values(commands).map((command) => command.usage.length));
  const lines = Object.values(commands).map(
    (command) => `  ${command.usage.padEnd(width)}  ${command.summary}`,
  );
  return [
    "usage: npm run cluster -- [--name NAME] COMMAND",
    ...lines,
    "Clusters of different names run side by side (default: waystone).",
  ].join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  const { command: name, line } = parseCommandLine(args);
  const command = name === undefined ? undefined : commands[name];
  if (command === undefined) {
    console.error(name === undefined ? usage() : `no command ${name}\n${usage()}`);
    return 2;
  }
  return await command.run(line);
}

// npm runs scripts in the repository's root; files are named as seen from where the person is.
process.chdir(process.env["INIT_CWD"] ?? process.cwd());

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
