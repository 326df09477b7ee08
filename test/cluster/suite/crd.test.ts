/** Our kinds on a real API server: their CRDs are taken, and every object of the tables is judged as the table says. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crdKinds } from "@waystone/api/crd/crd-kinds";
import { crdName } from "@waystone/api/crd/to-crd";
import { crdText } from "../../../scripts/crd-file.ts";
import { readCrdCases } from "../../chart/crd-cases.ts";
import { until } from "../until.ts";
import { suiteCluster } from "./suite-cluster.ts";

const cluster = suiteCluster();

describe.for(crdKinds)("$kind", (kind) => {
  const name = crdName(kind);

  beforeAll(async () => {
    await cluster.kubectl(["apply", "-f", "-"], crdText(kind));
    await cluster.kubectl(["wait", "--for=condition=Established", "--timeout=180s", `crd/${name}`]);
    // Established is said a moment before the API server serves the kind.
    const isServed = async (): Promise<boolean> =>
      (await cluster.tryKubectl(["get", kind.plural])).exitCode === 0;
    await until(isServed, { deadlineMs: 60_000, describe: () => `${kind.plural} is not served` });
  });

  afterAll(async () => {
    await cluster.kubectl(["delete", "crd", name]);
  });

  test("its schema is structural, and nothing about it is left to say", async () => {
    const crd = JSON.parse(await cluster.kubectl(["get", "crd", name, "-o", "json"])) as {
      status: { conditions: readonly { readonly type: string }[] };
    };
    expect(crd.status.conditions.map(({ type }) => type).toSorted()).toEqual([
      "Established",
      "NamesAccepted",
    ]);
  });

  test("kubectl explains it in the words of its source", async () => {
    // The API server's OpenAPI document follows its kinds at some distance.
    const explained = await until(
      async () => {
        const { exitCode, stdout } = await cluster.tryKubectl(["explain", kind.plural]);
        return exitCode === 0 && stdout;
      },
      { deadlineMs: 60_000, everyMs: 250, describe: () => `kubectl does not know ${kind.plural}` },
    );
    expect(explained.replaceAll(/\s+/g, " ")).toContain(kind.description);
  });

  test.for(readCrdCases(kind))("$name is judged as its table says", async ({ object, error }) => {
    const create = ["create", "--dry-run=server", "--validate=strict", "-f", "-"];
    const { exitCode, stderr } = await cluster.tryKubectl(create, JSON.stringify(object));
    if (error === undefined) expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    else {
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain(error);
    }
  });
});
