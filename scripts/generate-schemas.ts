/**
 * Makes packages/api/src/schema/gen/*.json, the schemas that manifests are checked against. Run by hand when a version
 * below changes: `bin/node scripts/generate-schemas.ts` (needs Go and unzip; both modules come through Go's module proxy).
 * The same versions give the same bytes.
 *
 *  - core.json: Kubernetes' published OpenAPI, cut down to the kinds that Waystone reads, plus the checks that the API
 *    server makes in Go code and the OpenAPI does not show (scripts/core-schema-rules.ts);
 *  - gateway-api.json: the CRDs of the Gateway API's experimental channel. CEL rules are left out: translation judges them.
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parse } from "yaml";
import type {
  KindSchema,
  SchemaFile,
  StructuralSchema,
} from "../packages/api/src/schema/structural-schema.ts";
import { addCoreRules } from "./core-schema-rules.ts";

const kubernetes = { module: "k8s.io/kubernetes", version: "v1.36.0" };
const gatewayApi = { module: "sigs.k8s.io/gateway-api", version: "v1.7.0" };
const outFolder = new URL("../packages/api/src/schema/gen/", import.meta.url);

/** Keywords that are kept; one that is in neither list stops the generator, so that nothing is lost unseen. */
const kept = new Set(
  [
    "$ref type properties required additionalProperties items enum pattern format minLength maxLength minimum maximum",
    "minItems maxItems minProperties maxProperties default nullable x-kubernetes-int-or-string",
    "x-kubernetes-preserve-unknown-fields x-kubernetes-list-map-keys x-kubernetes-list-type",
  ].flatMap((line) => line.split(" ")),
);
const dropped = new Set(
  [
    "description x-kubernetes-validations x-kubernetes-map-type x-kubernetes-patch-merge-key x-kubernetes-patch-strategy",
    "x-kubernetes-group-version-kind x-kubernetes-unions",
    // Used once, in Gateway.spec.addresses: "an IPAddress is an IP address". Waystone assigns no addresses.
    "oneOf",
  ].flatMap((line) => line.split(" ")),
);

type Raw = Readonly<Record<string, unknown>>;

function moduleZip(source: { module: string; version: string }): string {
  let answer: string;
  try {
    answer = execFileSync("go", ["mod", "download", "-json", `${source.module}@${source.version}`], {
      encoding: "utf8",
    });
  } catch (error) {
    // A module that asks for a newer Go is downloaded all the same, and the answer says where to.
    answer = String((error as { stdout?: unknown }).stdout);
  }
  return (JSON.parse(answer) as { Zip: string }).Zip;
}

function readFromZip(zip: string, pattern: string): string {
  return execFileSync("unzip", ["-p", zip, pattern], { encoding: "utf8", maxBuffer: 1 << 28 });
}

function trimSchema(raw: Raw, place: string): StructuralSchema {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(raw).sort()) {
    if (dropped.has(key)) continue;
    if (!kept.has(key)) throw new Error(`${place}: keyword ${key} is not known to the generator`);
    const value = raw[key];
    if (key === "properties") {
      const fields = Object.entries(value as Record<string, Raw>).sort(([a], [b]) => (a < b ? -1 : 1));
      out[key] = Object.fromEntries(
        fields.map(([name, field]) => [name, trimSchema(field, `${place}.${name}`)]),
      );
    } else if (key === "items" || key === "additionalProperties") {
      out[key] = trimSchema(value as Raw, `${place}.${key}`);
    } else if (key === "$ref") {
      out[key] = `#/definitions/${shortName(value as string)}`;
    } else if (key === "x-kubernetes-list-type") {
      if (value === "set") out[key] = value;
    } else {
      if (key === "pattern") requirePortable(value as string, place);
      out[key] = value;
    }
  }
  return out;
}

/** Patterns are Go's; only those that mean the same in JavaScript pass. */
function requirePortable(pattern: string, place: string): void {
  if (/\(\?[^:]|\[\[:|\\[zAQEpP]/.test(pattern))
    throw new Error(`${place}: pattern ${pattern} may differ in JavaScript`);
}

const shortName = (reference: string): string => reference.slice(reference.lastIndexOf(".") + 1);

function buildCore(): SchemaFile {
  const swagger = JSON.parse(
    readFromZip(
      moduleZip(kubernetes),
      `${kubernetes.module}@${kubernetes.version}/api/openapi-spec/swagger.json`,
    ),
  ) as { definitions: Record<string, Raw> };
  const definitions: Record<string, StructuralSchema> = {};
  const add = (fullName: string): void => {
    const name = shortName(fullName);
    const raw = swagger.definitions[fullName];
    if (raw === undefined) throw new Error(`no definition ${fullName}`);
    if (name in definitions) return;
    definitions[name] = {};
    definitions[name] = trimSchema(raw, name);
    for (const [, next] of JSON.stringify(raw).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g))
      add(next ?? "");
  };
  const kind = (group: string, kind: string, namespaced: boolean): KindSchema => {
    add(`io.k8s.api.${group === "" ? "core" : "discovery"}.v1.${kind}`);
    return { group, kind, namespaced, versions: ["v1"], schema: { $ref: `#/definitions/${kind}` } };
  };
  const kinds = [
    kind("", "ConfigMap", true),
    kind("discovery.k8s.io", "EndpointSlice", true),
    kind("", "Namespace", false),
    kind("", "Pod", true),
    kind("", "Secret", true),
    kind("", "Service", true),
  ];
  const sorted = Object.fromEntries(
    Object.entries(addCoreRules(definitions)).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    source: `${kubernetes.module} ${kubernetes.version}`,
    nulls: "absent",
    kinds,
    definitions: sorted,
  };
}

interface Crd {
  readonly spec: {
    readonly group: string;
    readonly scope: "Cluster" | "Namespaced";
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      name: string;
      served: boolean;
      storage: boolean;
      schema: { openAPIV3Schema: Raw };
    }[];
  };
}

/** Status is written by controllers: what a dump of a cluster has there is neither checked nor kept. */
function closeKind(schema: StructuralSchema): StructuralSchema {
  const anything = { type: "object", "x-kubernetes-preserve-unknown-fields": true } as const;
  const metadata = { $ref: "#/definitions/ObjectMeta" };
  return { ...schema, properties: { ...schema.properties, metadata, status: anything } };
}

function buildGatewayApi(core: SchemaFile): SchemaFile {
  const folder = `${gatewayApi.module}@${gatewayApi.version}/config/crd/experimental`;
  const documents = readFromZip(moduleZip(gatewayApi), `${folder}/*_*.yaml`).split(
    /^(?:---\s*\n)?(?=apiVersion:)/m,
  );
  const kinds: KindSchema[] = [];
  for (const document of documents) {
    if (!document.includes("kind: CustomResourceDefinition\n")) continue;
    const crd = parse(document) as Crd;
    const { group, names, scope, versions } = crd.spec;
    const served = versions.filter((version) => version.served);
    const schemas = served.map((version) =>
      closeKind(trimSchema(version.schema.openAPIV3Schema, names.kind)),
    );
    const byAge = (a: string, b: string): number => Number(a.length > b.length) - Number(a.length < b.length);
    // Where versions differ, the first (v1) is what Waystone reads all of them as; they differ in descriptions at most.
    kinds.push({
      group,
      kind: names.kind,
      namespaced: scope === "Namespaced",
      versions: served.map((version) => version.name).sort(byAge),
      schema: schemas[0] ?? {},
    });
  }
  kinds.sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const source = `${gatewayApi.module} ${gatewayApi.version}, experimental channel`;
  const shared = ["ObjectMeta", "OwnerReference", "ManagedFieldsEntry", "FieldsV1", "Time"];
  const definitions = Object.fromEntries(shared.map((name) => [name, core.definitions[name] ?? {}]));
  return { source, nulls: "error", kinds, definitions };
}

function write(name: string, file: SchemaFile): void {
  const text = `${JSON.stringify(file)}\n`;
  writeFileSync(new URL(name, outFolder), text);
  console.log(`${name}: ${file.source}: ${file.kinds.length} kinds, ${text.length} bytes`);
}

const core = buildCore();
write("core.json", core);
write("gateway-api.json", buildGatewayApi(core));
