import { describe, expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

describe("the command line", () => {
  test("has one node and the usual name when nothing is said", () => {
    const { command, line } = parseCommandLine(["up"]);
    expect(command).toBe("up");
    expect(line).toMatchObject({ nodes: 1, node: "node-1", gentle: false, replace: false, rest: [] });
    expect(line.state.name).toBe("waystone");
  });

  test("takes options before and after the command", () => {
    const { line } = parseCommandLine(["--name", "mine", "up", "--nodes", "3", "--replace"]);
    expect(line).toMatchObject({ nodes: 3, replace: true, rest: [] });
    expect(line.state.name).toBe("mine");
  });

  test("leaves to kubectl all that follows it", () => {
    const { line } = parseCommandLine(["kubectl", "--nodes", "get", "--", "x"]);
    expect(line.rest).toEqual(["--nodes", "get", "--", "x"]);
  });

  test("leaves to a command that is run its own options", () => {
    const { line } = parseCommandLine(["run", "--node", "node-2", "helm", "list", "--name", "x"]);
    expect(line).toMatchObject({ node: "node-2", rest: ["helm", "list", "--name", "x"] });
  });

  test.for([
    [["up", "--nodes", "0"], "--nodes 0: from 1 to 9"],
    [["up", "--nodes", "10"], "--nodes 10: from 1 to 9"],
    [["up", "--nodes"], "--nodes needs a value"],
    [["up", "--wait"], "no option --wait"],
    [["--name", "a/b", "up"], "cluster name a/b: "],
  ] as const)("refuses %j", ([args, words]) => {
    expect(() => parseCommandLine(args)).toThrow(words);
  });
});
