/** `waystone` in the image and `waystone` in a checkout start the same program in the same manner. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { repositoryRoot } from "../run-command.ts";
import { environment, nodePath } from "./image-config.ts";

const shell = readFileSync(path.join(repositoryRoot, "packages/cli/bin/waystone"), "utf8");
const image = readFileSync(path.join(import.meta.dirname, "launch.js"), "utf8");

interface Call {
  readonly file: string;
  readonly args: readonly string[];
}

/** What the image's launcher would start. */
function launch(...args: readonly string[]): Call {
  let call: Call | undefined;
  const stand = {
    argv: [nodePath, "/usr/local/bin/waystone", ...args],
    execPath: nodePath,
    env: {},
    execve: (file: string, argv: readonly string[]) => {
      call = { file, args: argv };
    },
  };
  runInNewContext(image.replace(/^#!.*\n/, ""), { process: stand });
  if (call === undefined) throw new Error("it started nothing");
  return call;
}

/** The size of the young generation that the shell's launcher gives a command. */
function youngOf(command: string): string | undefined {
  const sizes = new Map(
    [...shell.matchAll(/^ {2}(\S+)\) young=(\d+) ;;$/gm)].map(([, name, size]) => [name, size]),
  );
  expect(sizes.size).toBeGreaterThan(1);
  return sizes.get(command) ?? sizes.get("*");
}

describe("the image's launcher", () => {
  test.for(["waypoint", "controller", "run", "version"])(
    "gives %s the flags that it has in a checkout",
    (command) => {
      const flags = /bin\/node" (.*) "\$cli\/src\/main\.ts" "\$@"$/m.exec(shell)?.[1];
      const expected = flags?.replace("$young", youngOf(command) ?? "");
      expect(launch(command, "--flag", "a b")).toEqual({
        file: nodePath,
        args: [
          nodePath,
          ...(expected?.split(" ") ?? []),
          "/app/packages/cli/src/main.js",
          command,
          "--flag",
          "a b",
        ],
      });
    },
  );

  test("does without arguments too", () => {
    expect(launch().args.at(-1)).toBe("/app/packages/cli/src/main.js");
  });

  test("finds the environment that the shell's launcher sets, but the cache that an image cannot write", () => {
    const set = new Map(
      [...shell.matchAll(/^: "\$\{(\w+):=(.*)\}"$/gm)].map(([, name = "", value]) => [name, value]),
    );
    expect(set.delete("NODE_COMPILE_CACHE")).toBe(true);
    expect(environment).toMatchObject(Object.fromEntries(set));
  });

  test("is run by the image's own Node", () => {
    expect(image.split("\n", 1)[0]).toMatch(new RegExp(`^#!${nodePath} `));
  });
});
