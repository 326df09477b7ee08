import { expect, test } from "vitest";
import { formatManifestError } from "./manifest-error.ts";
import { ObjectStore, type StoreChanges } from "./object-store.ts";
import { parseFile, unreadableFile } from "./parse-file.ts";

const service = (name: string, port: number | string = 80): string =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  ports: [{port: ${port}}]\n`;

/** A store with short words for what happens to files. */
function openStore(): {
  put: (file: string, text: string, argument?: number) => string[];
  unreadable: (file: string) => string[];
  fade: (file: string) => string[];
  remove: (file: string) => string[];
  store: ObjectStore;
} {
  const store = new ObjectStore();
  const settle = (): string[] => describe(store.settle());
  return {
    store,
    put(file, text, argument = 0) {
      store.putFile({ file, argument }, parseFile(file, Buffer.from(text), store.content(file)));
      return settle();
    },
    unreadable(file) {
      store.putFile({ file, argument: 0 }, unreadableFile({ file, message: "cannot be read" }));
      return settle();
    },
    fade(file) {
      store.fadeFile(file);
      return settle();
    },
    remove(file) {
      store.removeFile(file);
      return settle();
    },
  };
}

function describe({ objects, problems }: StoreChanges): string[] {
  const ports = (object: object): unknown =>
    (object as { spec?: { ports?: { port: number }[] } }).spec?.ports?.[0]?.port;
  return [
    ...objects.map(({ kind, key, item }) =>
      item === undefined
        ? `${kind.kind} ${key} gone`
        : `${kind.kind} ${key} port ${String(ports(item.object))} generation ${item.object.metadata.generation} from ` +
          `${item.origin.file}:${item.origin.line}${item.problem === undefined ? "" : ` despite: ${item.problem.message}`}`,
    ),
    ...problems.map(({ key, problem }) =>
      problem === undefined ? `over: ${key}` : `${problem.severity}: ${formatManifestError(problem)}`,
    ),
  ];
}

test("generation counts changes of the spec, not of labels, comments or lines", () => {
  const { put } = openStore();
  expect(put("a.yaml", service("web"))).toEqual(["Service default/web port 80 generation 1 from a.yaml:1"]);
  expect(put("a.yaml", service("web", 81))).toEqual([
    "Service default/web port 81 generation 2 from a.yaml:1",
  ]);
  expect(put("a.yaml", service("web", "0x51"))).toEqual([]);
  expect(put("a.yaml", `# comment\n${service("web", 81)}`)).toEqual([
    "Service default/web port 81 generation 2 from a.yaml:2",
  ]);
  const labelled = service("web", 81).replace("name: web", "name: web, labels: {a: b}");
  expect(put("a.yaml", labelled)).toEqual(["Service default/web port 81 generation 2 from a.yaml:1"]);
});

test("an object that turns bad keeps its last good version until it is good again", () => {
  const { put } = openStore();
  put("a.yaml", service("web"));
  expect(put("a.yaml", service("web", 0))).toEqual([
    "Service default/web port 80 generation 1 from a.yaml:1 despite: 0 is out of range",
    "error: a.yaml:5:18: Service default/web: spec.ports[0].port: 0 is out of range\n    expected an integer from 1 to 65535",
  ]);
  expect(put("a.yaml", service("web"))).toEqual([
    "Service default/web port 80 generation 1 from a.yaml:1",
    "over: object Service/default/web: spec.ports[0].port: 0 is out of range",
  ]);
});

test("an object that never was good is a problem and nothing else, and stops no other", () => {
  const { put } = openStore();
  expect(put("a.yaml", `${service("bad", 0)}---\n${service("good")}`)).toEqual([
    "Service default/good port 80 generation 1 from a.yaml:7",
    "error: a.yaml:5:18: Service default/bad: spec.ports[0].port: 0 is out of range\n    expected an integer from 1 to 65535",
  ]);
});

test("objects of a document that cannot be parsed stay as they were, others of the file go on changing", () => {
  const { put } = openStore();
  put("a.yaml", `${service("web")}---\n${service("api")}`);
  expect(put("a.yaml", `${service("web").replace("spec:", "spec")}---\n${service("api", 81)}`)).toEqual([
    "Service default/api port 81 generation 2 from a.yaml:7",
    "Service default/web port 80 generation 1 from a.yaml:1 despite: a field name without a value",
    'error: a.yaml:4:1: a field name without a value\n    is a ":" missing, or a space after it, or a quote not closed?; 1 object of this file stays as it was',
  ]);
  // Still broken, and shorter: what is held is held on.
  expect(put("a.yaml", "spec\n  x: 1\n")).toEqual([
    "Service default/api port 81 generation 2 from a.yaml:7 despite: a field name without a value",
    "Service default/web port 80 generation 1 from a.yaml:1 despite: a field name without a value",
    'error: a.yaml:1:1: a field name without a value\n    is a ":" missing, or a space after it, or a quote not closed?; 2 objects of this file stay as they were',
  ]);
  expect(put("a.yaml", service("api", 82))).toEqual([
    "Service default/web gone",
    "Service default/api port 82 generation 3 from a.yaml:1",
    expect.stringMatching(/^over: file a.yaml/),
  ]);
});

test("a file that cannot be read keeps its objects, one that is removed does not", () => {
  const { put, unreadable, remove } = openStore();
  put("a.yaml", service("web"));
  expect(unreadable("a.yaml")).toEqual([
    "Service default/web port 80 generation 1 from a.yaml:1 despite: cannot be read",
    "error: a.yaml: cannot be read\n    1 object of this file stays as it was",
  ]);
  expect(remove("a.yaml")).toEqual(["Service default/web gone", "over: file a.yaml: : cannot be read"]);
  expect(put("a.yaml", service("web", 81))).toEqual([
    "Service default/web port 81 generation 1 from a.yaml:1",
  ]);
});

test("of two objects with one name the first stays, and both places are named", () => {
  const { put, remove } = openStore();
  put("b.yaml", service("web"));
  expect(put("a.yaml", service("web", 81))).toEqual([
    "error: a.yaml:1:1: Service default/web: is already defined at b.yaml:1:1\n    that one is in force; remove one of the two",
  ]);
  expect(put("b.yaml", service("web", 82))).toEqual([
    "Service default/web port 82 generation 2 from b.yaml:1",
  ]);
  expect(remove("b.yaml")).toEqual([
    "Service default/web port 81 generation 3 from a.yaml:1",
    "over: object Service/default/web: : is already defined at b.yaml:1:1",
  ]);
});

test("at the start the first is the one of the earlier -f, then of the earlier file, then of the earlier line", () => {
  const store = new ObjectStore();
  const put = (file: string, argument: number, text: string): void =>
    store.putFile({ file, argument }, parseFile(file, Buffer.from(text), undefined));
  put("a.yaml", 1, service("web", 81));
  put("z.yaml", 0, `${service("web", 82)}---\n${service("web", 83)}`);
  put("b.yaml", 1, service("web", 84));
  const [change, ...errors] = describe(store.settle());
  expect(change).toBe("Service default/web port 82 generation 1 from z.yaml:1");
  expect(errors.map((error) => error.split(": ")[1])).toEqual(["a.yaml:1:1", "z.yaml:7:1", "b.yaml:1:1"]);
});

test("a file that moves takes its objects along: no removal, no duplicate, the generation goes on", () => {
  const { put, fade, remove } = openStore();
  put("a.yaml", service("web"));
  put("a.yaml", service("web", 81));
  expect(fade("a.yaml")).toEqual([]);
  expect(put("b.yaml", service("web", 81))).toEqual([
    "Service default/web port 81 generation 2 from b.yaml:1",
  ]);
  expect(remove("a.yaml")).toEqual([]);
});

test("kinds of others, and kinds not served yet, are told of once per kind", () => {
  const { put, store } = openStore();
  const other = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n";
  const route = "metadata: {name: x}\nspec: {rules: [{backendRefs: [{name: x, port: 1}]}]}\n";
  const udp = `apiVersion: gateway.networking.k8s.io/v1\nkind: UDPRoute\n${route}`;
  expect(put("a.yaml", `${other}---\n${other}---\n${udp}`)).toEqual([
    "UDPRoute default/x port undefined generation 1 from a.yaml:9",
    "info: a.yaml:1:1: Deployment: not used by waystone (apps/v1): passed over\n    2 objects",
    "warning: a.yaml:9:1: UDPRoute: is not served yet: checked, and without effect\n    1 object",
  ]);
  expect(put("b.yaml", other)).toEqual([
    "info: a.yaml:1:1: Deployment: not used by waystone (apps/v1): passed over\n    3 objects",
  ]);
  store.removeFile("a.yaml");
  store.removeFile("b.yaml");
  expect(describe(store.settle()).filter((line) => line.startsWith("over"))).toHaveLength(2);
});
