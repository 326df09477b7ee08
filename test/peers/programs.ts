/**
 * The programs that nobody here wrote: those built from Go modules (by the cluster's builder, kept beside its parts), those of
 * Debian's packages, and Envoy, which the benchmark fetches. None may be missing: a peer that is not asked proves nothing.
 */
import { existsSync } from "node:fs";
import path from "node:path";
import { envoy } from "../bench/peers/envoy.ts";
import { buildComponent } from "../cluster/build/build-component.ts";
import { builtFolder, isBuilt } from "../cluster/build/built-files.ts";
import type { Component } from "../cluster/build/components.ts";
import { findProgram } from "../process/find-program.ts";

const sources = "test/peers/go";

export const peerComponents: readonly Component[] = [
  {
    name: "h2spec",
    sources,
    module: "github.com/summerwind/h2spec",
    programs: { h2spec: "github.com/summerwind/h2spec/cmd/h2spec" },
  },
  { name: "grpc", sources, programs: { "grpc-peer": "." } },
  { name: "opa", sources, programs: { "opa-peer": "." } },
];

/** Program -> Debian package. */
const debianPrograms: Readonly<Record<string, string>> = {
  curl: "curl",
  h2load: "nghttp2-client",
  nghttp: "nghttp2-client",
  nghttpd: "nghttp2-server",
  haproxy: "haproxy",
};

/** Builds and fetches what is not there; fails with the one command that gets the rest. */
export async function preparePeers(): Promise<void> {
  const missing = Object.entries(debianPrograms).filter(([program]) => findProgram(program) === undefined);
  if (missing.length > 0) {
    const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
    throw new Error(
      `missing: ${missing.map(([program]) => program).join(", ")}; apt-get install ${packages}`,
    );
  }
  for (const { name } of peerComponents) await buildPeer(name);
  const problem = await envoy.missing();
  if (problem !== undefined) throw new Error(problem);
}

/** Unless it is there already, as its sources are now. */
export async function buildPeer(name: string): Promise<void> {
  const component = peerComponents.find((each) => each.name === name);
  if (component === undefined) throw new Error(`there is no peer ${name}`);
  if (isBuilt(component)) return;
  console.log(`building ${name}`);
  await buildComponent(component, {});
}

/** The file of a program that was built or is installed. */
export function peerProgram(name: string): string {
  const component = peerComponents.find(({ programs }) => name in programs);
  const file = component === undefined ? findProgram(name) : path.join(builtFolder(component), name);
  if (file !== undefined && existsSync(file)) return file;
  throw new Error(`${name} is not there: run \`npm run test:peers\`, which builds it`);
}
