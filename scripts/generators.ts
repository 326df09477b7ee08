/**
 * Every file of the repository that is made by a program: what makes it, and which files come out. `npm run generate` writes
 * them; `npm run check` makes them again elsewhere and fails on a difference.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { CrdKind } from "../packages/api/src/crd/crd-kind.ts";
import { crdKinds } from "../packages/api/src/crd/crd-kinds.ts";
import { toKindSchema } from "../packages/api/src/crd/to-kind-schema.ts";
import { readSchemaFile } from "../packages/api/src/schema/read-schema-file.ts";
import type { SchemaFile } from "../packages/api/src/schema/structural-schema.ts";
import { crdFile, crdText } from "./crd-file.ts";
import { referenceFile, withFields } from "./reference-page.ts";
import { type CommandResult, repositoryRoot, runNode } from "./run-command.ts";

export interface Generator {
  readonly name: string;
  /** Relative to the root that it is told to write under. */
  readonly outputs: readonly string[];
  generate(root: string): Promise<CommandResult>;
}

export const generators: readonly Generator[] = [
  protobufCodec("waystone"),
  protobufCodec("discovery"),
  protobufCodec("ext-authz"),
  ...crdKinds.map(crd),
  kindSchemas("waystone"),
  ...crdKinds.map(referencePage),
];

/**
 * Encoders and decoders alone, as an ES module with types. Left out: create, verify, convert and delimited (unused code in
 * every worker's heap), services (the gRPC adapters name their one method); int64 as numbers: ours stay below 2^53.
 */
function protobufCodec(name: string): Generator {
  const target = `packages/api/src/gen/${name}.js`;
  const format = "-t static-module -w esm --dts --es6";
  const leftOut =
    "--no-create --no-verify --no-convert --no-delimited --no-typeurl --no-service --force-number";
  return {
    name: `protobuf codec of ${name}.proto`,
    outputs: [target, target.replace(/\.js$/, ".d.ts")],
    async generate(root) {
      const out = path.join(root, target);
      await mkdir(path.dirname(out), { recursive: true });
      const flags = [...format.split(" "), ...leftOut.split(" "), "-o", out];
      return await runNode([
        "node_modules/protobufjs-cli/bin/pbjs",
        ...flags,
        `packages/api/proto/${name}.proto`,
      ]);
    },
  };
}

/** A template of the chart: Helm then upgrades it, which it does not do with what is in a chart's folder crds/. */
function crd(kind: CrdKind): Generator {
  const target = crdFile(kind);
  return {
    name: `CRD of ${kind.kind}`,
    outputs: [target],
    async generate(root) {
      const out = path.join(root, target);
      await mkdir(path.dirname(out), { recursive: true });
      try {
        await writeFile(out, crdText(kind));
      } catch (error) {
        return { exitCode: 1, output: error instanceof Error ? error.message : String(error) };
      }
      return { exitCode: 0, output: "" };
    },
  };
}

/** The tables of a page that people write the rest of. */
function referencePage(kind: CrdKind): Generator {
  const target = referenceFile(kind);
  return {
    name: `reference page of ${kind.kind}`,
    outputs: [target],
    async generate(root) {
      const out = path.join(root, target);
      try {
        const page = await readFile(path.join(repositoryRoot, target), "utf8");
        await mkdir(path.dirname(out), { recursive: true });
        await writeFile(out, withFields(kind, page));
      } catch (error) {
        return { exitCode: 1, output: error instanceof Error ? error.message : String(error) };
      }
      return { exitCode: 0, output: "" };
    },
  };
}

/** The schemas of our kinds for files; definitions are those of the Gateway API's file, which scripts/generate-schemas.ts makes. */
function kindSchemas(name: "waystone"): Generator {
  const target = `packages/api/src/schema/gen/${name}.json`;
  return {
    name: "schemas of our kinds",
    outputs: [target],
    async generate(root) {
      const out = path.join(root, target);
      await mkdir(path.dirname(out), { recursive: true });
      const file: SchemaFile = {
        source: "packages/api/src/crd",
        nulls: "error",
        kinds: crdKinds.filter(({ isInFiles }) => isInFiles).map(toKindSchema),
        definitions: readSchemaFile("gateway-api").definitions,
      };
      await writeFile(out, `${JSON.stringify(file)}\n`);
      return { exitCode: 0, output: "" };
    },
  };
}
