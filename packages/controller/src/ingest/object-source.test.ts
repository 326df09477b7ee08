/** Real files in a real folder, and the system's own events: every wait is for an event, with the test's deadline. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Service } from "@waystone/api/kubernetes/core";
import { systemClock } from "@waystone/base/clock";
import { createLogger, silentLogger } from "@waystone/base/logger";
import { seededRng } from "@waystone/base/rng";
import type { Collection } from "@waystone/collection/collection";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { afterEach, beforeEach, expect, test } from "vitest";
import { formatManifestError } from "./manifest-error.ts";
import { type ObjectSource, type ObjectSourceOptions, openObjectSource } from "./object-source.ts";
import type { SourcedObject } from "./sourced-object.ts";

let folder: string;
let sources: ObjectSource[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "waystone-ingest-"));
  sources = [];
});

afterEach(() => {
  for (const source of sources) source.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => path.join(folder, name);

const service = (name: string, port = 80): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: ${port}\n`;

async function open(
  paths: readonly string[],
  more: Partial<ObjectSourceOptions> = {},
): Promise<ObjectSource> {
  const graph = createCollectionGraph();
  const source = await openObjectSource({
    graph,
    paths,
    watch: true,
    clock: systemClock,
    logger: silentLogger,
    ...more,
  });
  sources.push(source);
  return source;
}

/** Waits until `holds` does, looking at each change of the collection. */
async function until<T>(collection: Collection<T>, holds: (items: readonly T[]) => boolean): Promise<void> {
  if (holds(collection.list())) return;
  await new Promise<void>((resolve) => {
    const stop = collection.subscribe(() => {
      if (!holds(collection.list())) return;
      stop();
      resolve();
    });
  });
}

type Services = readonly SourcedObject<Service>[];

const show = (services: Services): string =>
  services
    .map(({ object }) => `${object.metadata.name}:${object.spec?.ports?.[0]?.port}`)
    .toSorted()
    .join(" ");

const untilServices = async (source: ObjectSource, wanted: string): Promise<void> =>
  until(source.services, (services) => show(services) === wanted);

const problemsOf = (source: ObjectSource): string[] =>
  source.problems.list().map(formatManifestError).toSorted();

test("folders are read to the last subfolder; hidden files and other endings are not read", async () => {
  mkdirSync(at("sub/deep"), { recursive: true });
  mkdirSync(at(".hidden"));
  writeFileSync(at("a.yaml"), service("a"));
  writeFileSync(at("sub/b.yml"), service("b"));
  writeFileSync(
    at("sub/deep/c.json"),
    JSON.stringify({ apiVersion: "v1", kind: "Service", metadata: { name: "c" } }),
  );
  writeFileSync(at(".d.yaml"), service("d"));
  writeFileSync(at("e.txt"), service("e"));
  writeFileSync(at(".hidden/f.yaml"), service("f"));
  const source = await open([folder]);
  expect(show(source.services.list())).toBe("a:80 b:80 c:undefined");
  expect(source.services.get("default/b")?.origin).toEqual({ file: at("sub/b.yml"), line: 1, column: 1 });
});

test("a file that is named is read whatever its name, and once though two arguments name it", async () => {
  writeFileSync(at("manifest"), service("a"));
  writeFileSync(at("b.yaml"), service("b"));
  const source = await open([at("manifest"), at("b.yaml"), folder]);
  expect(show(source.services.list())).toBe("a:80 b:80");
  expect(source.problems.size).toBe(0);
});

test("standard input is read to its end", async () => {
  const stdin = (async function* () {
    const text = service("a");
    yield text.slice(0, 20);
    yield Buffer.from(text.slice(20));
  })();
  const source = await open(["-"], { stdin });
  expect(show(source.services.list())).toBe("a:80");
  expect(source.positionOf("Service", "default/a", "spec.ports[0].port")).toEqual({
    file: "<stdin>",
    line: 7,
    column: 13,
  });
});

test("what is not there, has no manifests or is too large is told in one line each, and stops nothing", async () => {
  mkdirSync(at("empty"));
  writeFileSync(at("large.yaml"), Buffer.alloc(10 * 1024 * 1024 + 1, 0x20));
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([at("nothing.yaml"), at("empty"), at("large.yaml"), at("a.yaml")]);
  expect(show(source.services.list())).toBe("a:80");
  expect(problemsOf(source)).toEqual([
    `${at("empty")}: has no manifests\n    files that end in .yaml, .yml or .json are read; hidden ones are not`,
    `${at("large.yaml")}: has 10.0 MiB; at most 10.0 MiB are read\n    split it into several files`,
    `${at("nothing.yaml")}: no such file or folder`,
  ]);
  writeFileSync(at("nothing.yaml"), service("late"));
  writeFileSync(at("empty/x.yaml"), service("full"));
  await untilServices(source, "a:80 full:80 late:80");
  expect(problemsOf(source)).toHaveLength(1);
});

test.skipIf(process.getuid?.() === 0)(
  "a file without permission is told of and keeps its objects",
  async () => {
    writeFileSync(at("a.yaml"), service("a"));
    const source = await open([folder]);
    chmodSync(at("a.yaml"), 0);
    writeFileSync(at("b.yaml"), service("b"));
    await until(source.problems, (problems) => problems.length === 1);
    expect(problemsOf(source)[0]).toContain("cannot be read: permission denied");
    expect(show(source.services.list())).toBe("a:80 b:80");
  },
);

test("a file that is written again takes effect, as does a new one, and a removed one loses its objects", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder]);
  writeFileSync(at("a.yaml"), service("a", 81));
  await untilServices(source, "a:81");
  expect(source.services.get("default/a")?.object.metadata.generation).toBe(2);
  writeFileSync(at("b.yaml"), service("b"));
  await untilServices(source, "a:81 b:80");
  unlinkSync(at("a.yaml"));
  await untilServices(source, "b:80");
});

test("an editor that writes beside and renames over it changes the file", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([at("a.yaml")]);
  for (const port of [81, 82]) {
    writeFileSync(at(".a.yaml.swp"), service("a", port));
    renameSync(at(".a.yaml.swp"), at("a.yaml"));
    await untilServices(source, `a:${port}`);
  }
});

test("an editor that moves the old file away first never takes its objects out of force", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder]);
  const seen: string[] = [];
  source.services.subscribe(() => seen.push(show(source.services.list())));
  renameSync(at("a.yaml"), at("a.yaml~"));
  writeFileSync(at("a.yaml"), service("a", 81));
  await untilServices(source, "a:81");
  expect(seen).toEqual(["a:81"]);
});

test("a file that is renamed keeps its objects and their generation, without a duplicate", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder]);
  renameSync(at("a.yaml"), at("b.yaml"));
  await until(source.services, ([item]) => item?.origin.file === at("b.yaml"));
  expect(source.services.list()).toHaveLength(1);
  expect(source.services.get("default/a")?.object.metadata.generation).toBe(1);
  expect(source.problems.size).toBe(0);
});

test("a file that is emptied and filled again in two steps never takes its objects out of force", async () => {
  writeFileSync(at("a.yaml"), `${service("a")}---\n${service("b")}`);
  const source = await open([folder]);
  const seen: string[] = [];
  source.services.subscribe(() => seen.push(show(source.services.list())));
  writeFileSync(at("a.yaml"), "");
  await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(at("a.yaml"), `${service("a", 81)}---\n${service("b")}`);
  await untilServices(source, "a:81 b:80");
  expect(seen).toEqual(["a:81 b:80"]);
});

test("a mounted ConfigMap changes by swapping one hidden link", async () => {
  const write = (version: string, port: number): void => {
    mkdirSync(at(`..${version}`));
    writeFileSync(at(`..${version}/a.yaml`), service("a", port));
    symlinkSync(`..${version}`, at("..data_tmp"));
    renameSync(at("..data_tmp"), at("..data"));
  };
  write("1", 80);
  symlinkSync("..data/a.yaml", at("a.yaml"));
  const source = await open([folder]);
  expect(show(source.services.list())).toBe("a:80");
  for (const version of ["2", "3"]) {
    write(version, 80 + Number(version));
    rmSync(at(`..${Number(version) - 1}`), { recursive: true });
    await untilServices(source, `a:${80 + Number(version)}`);
  }
});

test("a link is followed to where it leads", async () => {
  mkdirSync(at("elsewhere"));
  mkdirSync(at("here"));
  writeFileSync(at("elsewhere/real.yaml"), service("a"));
  symlinkSync("../elsewhere/real.yaml", at("here/a.yaml"));
  const source = await open([at("here")]);
  writeFileSync(at("elsewhere/real.yaml"), service("a", 81));
  await untilServices(source, "a:81");
});

test("folders come and go with what is in them, moved ones too", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder]);
  mkdirSync(at("x/y"), { recursive: true });
  writeFileSync(at("x/y/b.yaml"), service("b"));
  await untilServices(source, "a:80 b:80");
  renameSync(at("x"), at("z"));
  await until(source.services, () => source.services.get("default/b")?.origin.file === at("z/y/b.yaml"));
  writeFileSync(at("z/y/b.yaml"), service("b", 81));
  await untilServices(source, "a:80 b:81");
  rmSync(at("z"), { recursive: true });
  await untilServices(source, "a:80");
});

test("a folder that is an argument may vanish and come back, or be a link that is switched", async () => {
  mkdirSync(at("v1"));
  mkdirSync(at("v2"));
  writeFileSync(at("v1/a.yaml"), service("a"));
  writeFileSync(at("v2/a.yaml"), service("a", 82));
  symlinkSync("v1", at("current"));
  const source = await open([at("current")]);
  symlinkSync("v2", at("next"));
  renameSync(at("next"), at("current"));
  await untilServices(source, "a:82");
  unlinkSync(at("current"));
  await untilServices(source, "");
  expect(problemsOf(source)).toEqual([`${at("current")}: no such file or folder`]);
  mkdirSync(at("current"));
  writeFileSync(at("current/a.yaml"), service("a", 83));
  await untilServices(source, "a:83");
});

test("an object that turns bad keeps its last good version, and the log says so once and when it is over", async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: "info", stream: { write: (line) => void lines.push(line) } });
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder], { logger });
  writeFileSync(at("a.yaml"), service("a", 0));
  await until(source.problems, (problems) => problems.length === 1);
  expect(source.services.get("default/a")?.problem?.message).toBe("0 is out of range");
  expect(show(source.services.list())).toBe("a:80");
  writeFileSync(at("a.yaml"), `# a comment\n${service("a", 0)}`);
  await until(source.problems, ([problem]) => problem?.line === 8);
  writeFileSync(at("a.yaml"), service("a", 81));
  await untilServices(source, "a:81");
  expect(source.services.get("default/a")?.problem).toBeUndefined();
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    `${at("a.yaml")}:7:13: Service default/a: spec.ports[0].port: 0 is out of range; expected an integer from 1 to 65535`,
    `over: ${at("a.yaml")}:8:13: 0 is out of range`,
  ]);
});

test("objects of kinds that are not served yet are kept apart", async () => {
  writeFileSync(
    at("a.yaml"),
    "apiVersion: gateway.networking.k8s.io/v1\nkind: UDPRoute\nmetadata: {name: a}\nspec: {rules: [{backendRefs: [{name: a}]}]}\n",
  );
  const source = await open([folder]);
  expect(source.unserved.get("UDPRoute/default/a")?.object.kind).toBe("UDPRoute");
  expect(source.problems.list()).toMatchObject([{ severity: "warning", kind: "UDPRoute" }]);
});

test("a field's position is found in the file, its parent's where the field is a default", async () => {
  writeFileSync(at("a.yaml"), `# comment\n${service("x")}---\n${service("a")}`);
  const source = await open([folder]);
  const file = at("a.yaml");
  expect(source.positionOf("Service", "default/a", "spec.ports[0].port")).toEqual({
    file,
    line: 16,
    column: 13,
  });
  expect(source.positionOf("Service", "default/a", "spec.ports[0].protocol")).toEqual({
    file,
    line: 16,
    column: 7,
  });
  expect(source.positionOf("Service", "default/a", "")).toEqual({ file, line: 10, column: 1 });
  expect(source.positionOf("Service", "default/none", "spec")).toBeUndefined();
  // What stands there now is another version than the one in force.
  source.close();
  writeFileSync(file, readFileSync(file, "utf8").replaceAll("80", "81"));
  expect(source.positionOf("Service", "default/x", "spec")).toBeUndefined();
});

test("without watching, files are read once", async () => {
  writeFileSync(at("a.yaml"), service("a"));
  const source = await open([folder], { watch: false });
  expect(show(source.services.list())).toBe("a:80");
});

test("whatever happens to the files, what is followed ends up as what a fresh start would read", async () => {
  const rng = seededRng(7);
  const pick = (most: number): number => Math.floor(rng.next() * most);
  const folders = ["", "x/", "x/y/", "z/"];
  const places = new Map<string, string>();
  const source = await open([folder]);
  const change = (name: string): void => {
    const place = places.get(name);
    const next = `${folders[pick(folders.length)]}${name}-${pick(3)}.yaml`;
    mkdirSync(path.dirname(at(next)), { recursive: true });
    const how = pick(4);
    if (place === undefined || how === 0) {
      writeFileSync(at(place ?? next), service(name, 1 + pick(60_000)));
      places.set(name, place ?? next);
    } else if (how === 1) {
      rmSync(at(place), { force: true });
      places.delete(name);
    } else if (how === 2) {
      renameSync(at(place), at(next));
      places.set(name, next);
    } else {
      writeFileSync(at(`.${name}`), service(name, 1 + pick(60_000)));
      renameSync(at(`.${name}`), at(place));
    }
  };
  for (let round = 0; round < 20; round++) {
    for (let step = 0; step < 20; step++) change(`s${pick(8)}`);
    if (pick(3) === 0) {
      rmSync(at("x"), { recursive: true, force: true });
      for (const [name, place] of places) if (place.startsWith("x/")) places.delete(name);
    }
    const fresh = await open([folder], { watch: false });
    await untilServices(source, show(fresh.services.list()));
    // Those of a moment ago (a folder that is gone) end too.
    await until(source.problems, (problems) => problems.length === fresh.problems.size);
  }
});

test("many files that change at once come in few batches, and none is lost", async () => {
  const count = 500;
  for (let index = 0; index < count; index++) writeFileSync(at(`${index}.yaml`), service(`s${index}`));
  const source = await open([folder]);
  expect(source.services.size).toBe(count);
  let batches = 0;
  source.services.subscribe(() => batches++);
  for (let index = 0; index < count; index++) writeFileSync(at(`${index}.yaml`), service(`s${index}`, 81));
  await until(source.services, (services) =>
    services.every(({ object }) => object.spec?.ports?.[0]?.port === 81),
  );
  expect(batches).toBeLessThan(count / 2);
});
