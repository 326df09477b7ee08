/**
 * The chart as Helm renders it, 4 and 3 alike: golden outputs, values that are refused, and what the API server and its Pod
 * Security say of every object.
 */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { programFile } from "../build/built-files.ts";
import { runProgram } from "../run-program.ts";
import { expectGolden } from "./golden.ts";
import {
  chartFolder,
  formatRendered,
  helms,
  keyOf,
  oldCluster,
  releaseNamespace,
  template,
  tryTemplate,
} from "./helm.ts";
import { makeReleaseNamespace, removeReleaseNamespace } from "./installed-chart.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();
const allValues = path.join(import.meta.dirname, "testdata/chart/all-values.yaml");
/** The CRDs are generated, and the admission policies have their own tests. */
const isElsewhere = /^templates\/(crds\/|admission-)/;

beforeAll(async () => await makeReleaseNamespace(cluster));
afterAll(async () => await removeReleaseNamespace(cluster));

describe.for(helms)("%s", (helm) => {
  test("lints the chart without a complaint", async () => {
    const lint = ["lint", "--strict", "--kube-version=1.36.0", chartFolder];
    const output = await runProgram([programFile(helm), ...lint]);
    expect(output).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  test("renders the defaults as the golden file has them", async () => {
    const rendered = (await template(helm, [])).filter(({ source }) => !isElsewhere.test(source));
    expectGolden("chart/default.yaml", formatRendered(rendered));
  });

  test("renders, with every value set, what differs as the golden file has it", async () => {
    const defaults = new Map((await template(helm, [])).map((each) => [keyOf(each), each]));
    const rendered = await template(helm, ["--values", allValues]);
    const changed = rendered.filter(
      (each) =>
        !isElsewhere.test(each.source) &&
        JSON.stringify(each.object) !== JSON.stringify(defaults.get(keyOf(each))?.object),
    );
    const kept = new Set(rendered.map(keyOf));
    const gone = [...defaults.keys()].filter((key) => !kept.has(key));
    const remarks = gone.map((key) => `# gone: ${key}\n`).join("");
    expectGolden("chart/all-values.golden.yaml", remarks + formatRendered(changed));
  });

  test("renders no hook where an uninstall is to restore nothing", async () => {
    const rendered = await template(helm, ["--set", "restoreOnUninstall.enabled=false"]);
    expect(rendered.filter(({ source }) => source.startsWith("templates/restore-hook/"))).toEqual([]);
  });

  test("renders for the oldest Kubernetes that the chart takes, and for none before it", async () => {
    expect((await template(helm, [], oldCluster)).length).toBeGreaterThan(10);
    const older = await tryTemplate(helm, [], { ...oldCluster, kubeVersion: "1.29.9" });
    expect(older.exitCode).not.toBe(0);
    expect(older.stderr).toContain("chart requires kubeVersion: >=1.30.0-0");
  });

  test.for<[name: string, set: string, message: RegExp]>([
    [
      "a misspelt value",
      "controller.replica=3",
      /controller'?: additional properties 'replica' not allowed|controller: Additional property replica/,
    ],
    ["a value at the wrong place", "replicas=3", /additional properties 'replicas' not allowed/],
    ["no controller", "controller.replicas=0", /controller\/replicas'?: minimum: got 0, want 1/],
    ["a text for a number", "controller.replicas=many", /controller\/replicas'?: got string, want integer/],
    ["an unknown level", "controller.logLevel=loud", /controller\/logLevel'?: value must be one of 'debug'/],
    [
      "a tag in the repository's digest",
      "image.repository=waystone@sha256",
      /image\/repository'?: .*does not match/,
    ],
    ["half a digest", "image.digest=sha256:abc", /image\/digest'?: .*does not match/],
    ["an unknown pull policy", "image.pullPolicy=Sometimes", /image\/pullPolicy'?: value must be one of/],
    ["a tag that YAML reads as a number", "image.tag=2026", /image\/tag'?: got number, want string/],
    [
      "a label that is no text",
      "controller.podLabels.version=2",
      /controller\/podLabels\/version'?: got number, want string/,
    ],
    [
      "a job that would hardly begin",
      "restoreOnUninstall.timeoutSeconds=5",
      /restoreOnUninstall\/timeoutSeconds'?: minimum: got 5, want 60/,
    ],
  ])("refuses %s, naming the value", async ([, set, message]) => {
    const { exitCode, stderr } = await tryTemplate(helm, ["--set", set]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toMatch(message);
  });

  test.for([
    ["the defaults", []],
    ["every value set", ["--values", allValues]],
  ] as const)("the API server takes %s, and Pod Security restricted has nothing to say", async ([, args]) => {
    const rendered = await template(helm, args);
    // The kinds of the Prometheus operator are not there.
    const items = rendered.map(({ object }) => object).filter(({ kind }) => kind !== "PodMonitor");
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const apply = ["apply", "--dry-run=server", "--validate=strict", "-n", releaseNamespace, "-f", "-"];
    const { exitCode, stdout, stderr } = await cluster.tryKubectl(apply, list);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("deployment.apps/waystone-controller created (server dry run)");
  });
});
