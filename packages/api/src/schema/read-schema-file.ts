/** The generated schemas, read when first needed: tens of kilobytes of JSON that the data path never loads. */
import { readFileSync } from "node:fs";
import type { SchemaFile } from "./structural-schema.ts";

export function readSchemaFile(name: "core" | "gateway-api" | "waystone"): SchemaFile {
  return JSON.parse(readFileSync(new URL(`gen/${name}.json`, import.meta.url), "utf8")) as SchemaFile;
}
