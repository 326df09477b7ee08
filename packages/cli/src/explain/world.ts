/**
 * What is asked about: the objects of files or of a cluster, with what the controller makes of them. The same ingest, model and
 * translation as everywhere; nobody is pushed to.
 */
import { createLogger } from "@waystone/base/logger";
import type { Model } from "@waystone/controller/model/model";
import type { SourceOrigin, Sources } from "@waystone/controller/model/sources";
import type { StatusReport } from "@waystone/controller/status/report";
import type { ResourceCatalog } from "@waystone/xds/resource";
import { openConfiguration } from "../compose/open-configuration.ts";
import { listProblems } from "../output/list-problems.ts";

export interface World {
  readonly sources: Sources;
  readonly model: Model;
  readonly catalog: ResourceCatalog;
  readonly isLive: boolean;
  /** What was to be read and may not, one line each. */
  readonly gaps: readonly string[];
  /** Of what credentials are checked by: why it is not here, a clause; undefined: it is, or it is known that nobody has it. */
  readonly whyUnread: (kind: "Secret" | "ConfigMap", key: string) => string | undefined;
  /** What is wrong with the objects, one line each. */
  readonly problems: () => readonly string[];
  /** Where a field of an object stands; undefined: not in a file. */
  readonly positionOf: (object: string, field: string) => SourceOrigin | undefined;
  close(): void;
}

export const silent = createLogger({ level: "silent", stream: { write: () => undefined } });

/** Throws a CliError where the files hold nothing that could be used. */
export async function openFileWorld(paths: readonly string[]): Promise<World> {
  const configuration = await openConfiguration({ paths, watch: false, logger: silent });
  const { controller, source } = configuration;
  return {
    sources: source,
    model: controller.model,
    catalog: controller.catalog,
    isLive: false,
    gaps: [],
    whyUnread: (kind, key) => {
      const isThere = (kind === "Secret" ? source.secrets : source.configMaps).get(key) !== undefined;
      return isThere ? undefined : `${kind} ${key} is not among the files`;
    },
    problems: () => errorsOf(controller.status()),
    positionOf: (object, field) => {
      const [kind = "", ...key] = object.split("/");
      return source.positionOf(kind, key.join("/"), numbered(source, kind, key.join("/"), field));
    },
    close: () => configuration.close(),
  };
}

/** That endpoints are missing is no problem of who wrote policies and routes. */
function errorsOf(report: StatusReport): readonly string[] {
  return listProblems({ ...report, services: [] });
}

/** "headers[x-team]" names an entry of a list by its name: files know its number alone. */
function numbered(sources: Sources, kind: string, key: string, field: string): string {
  if (kind !== "AuthorizationPolicy") return field;
  const [, place = "", side = "", name = "", rest = ""] =
    /^(.*\.(source|operation))\.\w+\[([^\]]+)\](.*)$/.exec(field) ?? [];
  if (name === "") return field;
  const list = side === "operation" ? "headers" : "claims";
  const [, rule = "", way = "", at = ""] = /^spec\.rules\[(\d+)\]\.(from|to)\[(\d+)\]/.exec(place) ?? [];
  const policy = sources.authorizationPolicies.get(key)?.object.spec.rules?.[Number(rule)];
  const entries =
    way === "to" ? policy?.to?.[Number(at)]?.operation?.headers : policy?.from?.[Number(at)]?.source?.claims;
  const index = entries?.findIndex((entry) => entry.name.toLowerCase() === name.toLowerCase()) ?? -1;
  return index < 0 ? field : `${place}.${list}[${index}]${rest}`;
}
