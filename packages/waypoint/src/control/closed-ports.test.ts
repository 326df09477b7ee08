import { type TypeUrl, typeUrls } from "@waystone/api/names";
import type { Rejected } from "@waystone/xds/resource";
import { beforeEach, describe, expect, test } from "vitest";
import type { PortProblem } from "../worker/port-problem.ts";
import { ClosedPorts } from "./closed-ports.ts";

const message = "cannot listen on :::10001 for Service shop/web port http: another process listens there";
const problem: PortProblem = {
  service: "shop/web",
  portName: "http",
  port: 80,
  place: ":::10001",
  code: "EADDRINUSE",
  message,
};

let asked: string[];
/** Happens while the workers take a delta; and what they refuse. */
let meanwhile: () => void;
let rejected: readonly Rejected[];
let ports: ClosedPorts;

beforeEach(() => {
  asked = [];
  meanwhile = () => {};
  rejected = [];
  ports = new ClosedPorts({
    apply: async () => {
      meanwhile();
      return await Promise.resolve(rejected);
    },
    askAgain: (service) => void asked.push(service),
  });
});

async function apply(name: string, typeUrl: TypeUrl = typeUrls.service): Promise<readonly Rejected[]> {
  const upserts = [{ typeUrl, name, version: "1", body: new Uint8Array() }];
  return await ports.apply({ typeUrl, upserts, removals: [] });
}

describe("a Service", () => {
  test("whose ports are open is accepted", async () => {
    ports.changed([{ ...problem, service: "shop/other" }]);
    expect(await apply("shop/web")).toEqual([]);
  });

  test("one of whose ports cannot be opened is refused, and not asked for at once", async () => {
    meanwhile = () => ports.changed([problem]);
    expect(await apply("shop/web")).toEqual([{ name: "shop/web", reason: message }]);
    expect(asked).toEqual([]);
  });

  test("that was refused is asked for again when its port is open, once, and accepted then", async () => {
    meanwhile = () => ports.changed([problem]);
    await apply("shop/web");
    meanwhile = () => {};
    ports.changed([]);
    ports.changed([]);
    expect(asked).toEqual(["shop/web"]);
    expect(await apply("shop/web")).toEqual([]);
    expect(asked).toEqual(["shop/web"]);
  });

  test("that was accepted is asked for again when a port of it is lost, and refused then", async () => {
    await apply("shop/web");
    ports.changed([problem]);
    expect(asked).toEqual(["shop/web"]);
    expect(await apply("shop/web")).toEqual([{ name: "shop/web", reason: message }]);
  });

  test("that the workers refused is refused in their words alone", async () => {
    rejected = [{ name: "shop/web", reason: "bad" }];
    ports.changed([problem]);
    expect(await apply("shop/web")).toEqual(rejected);
  });

  test("that is gone is not asked for", async () => {
    await apply("shop/web");
    await ports.apply({ typeUrl: typeUrls.service, upserts: [], removals: ["shop/web"] });
    ports.changed([problem]);
    expect(asked).toEqual([]);
  });
});

test("resources of other types have no ports", async () => {
  ports.changed([problem]);
  expect(await apply("shop/web", typeUrls.route)).toEqual([]);
});
