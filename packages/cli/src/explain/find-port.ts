/** `--to`: a Service and one of its ports, as clients write it. */
import { suggest } from "@waystone/base/suggest";
import type { ServiceModel } from "@waystone/controller/model/service";
import type { PortModel } from "@waystone/controller/model/service-port";
import { CliError } from "../cli-error.ts";
import type { World } from "./world.ts";

export interface FoundPort {
  readonly service: ServiceModel;
  readonly port: PortModel;
}

/** "web.shop", "web.shop:http", "web.shop.svc.cluster.local:80", "shop/web:80". Throws a CliError that says what would be right. */
export function findPort(world: World, to: string): FoundPort {
  const service = findService(world, to);
  const wanted = /:([^:]*)$/.exec(to)?.[1] ?? "";
  const { ports, key } = service;
  const has = ports.map(({ name, port }) => (name === "" ? `${port}` : `${port} (${name})`)).join(", ");
  if (wanted === "") {
    const [only] = ports;
    if (only !== undefined && ports.length === 1) return { service, port: only };
    throw new CliError(`--to: say which port of Service ${key} is meant: it has ${has || "none"}`);
  }
  const port = ports.find(({ name, port: number }) => `${number}` === wanted || name === wanted);
  if (port === undefined)
    throw new CliError(`--to: Service ${key} has no port ${wanted}: it has ${has || "none"}`);
  return { service, port };
}

export function findService({ model, problems }: World, text: string): ServiceModel {
  const key = parseServiceName(text);
  const service = model.services.get(key);
  if (service !== undefined) return service;
  const close = suggest(
    key,
    model.services.list().map((each) => each.key),
  );
  const [namespace, name] = (close ?? "").split("/");
  const hint = close === undefined ? "" : `; did you mean ${name}.${namespace}?`;
  // What cannot be read may be the one that is asked for.
  throw new CliError([`there is no Service ${key}${hint}`, ...problems()].join("\n  "));
}

/** "<namespace>/<name>" */
export function parseServiceName(text: string): string {
  const name = text.replace(/:[^:]*$/, "");
  const slashed = /^([^/.]+)\/([^/.]+)$/.exec(name);
  if (slashed !== null) return `${slashed[1]}/${slashed[2]}`;
  const dotted = /^([^/.]+)\.([^/.]+)(?:\.svc(?:\.[^/]+)?)?\.?$/.exec(name);
  if (dotted !== null) return `${dotted[2]}/${dotted[1]}`;
  throw new CliError(
    `${JSON.stringify(text)} is no Service: write <name>.<namespace>, with :<port> behind it`,
  );
}
