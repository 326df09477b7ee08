import { typeUrls } from "@waystone/api/names";
import { Policy } from "@waystone/api/resources";
import { createCollectionGraph } from "@waystone/collection/collection-graph";
import { describe, expect, test } from "vitest";
import { openCollections } from "../ingest/manifest-collections.ts";
import { ObjectStore } from "../ingest/object-store.ts";
import { parseFile, unreadableFile } from "../ingest/parse-file.ts";
import { buildModel } from "../model/model.ts";
import { translate } from "./translate.ts";

const front = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, annotations: { waystone.dev/use-waypoint: waypoint } }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 127.9.0.1, ports: [{ name: http, port: 8080, appProtocol: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { clusterIP: 127.9.0.2, ports: [{ name: http, port: 8080, appProtocol: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: other, namespace: elsewhere, annotations: { waystone.dev/use-waypoint: waypoint } }
spec: { clusterIP: 127.9.0.3, ports: [{ name: http, port: 8080, appProtocol: http }] }
`;

const route = `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  parentRefs: [{ group: "", kind: Service, name: web }]
  rules: [{ backendRefs: [{ name: web, port: 8080 }] }]
`;

const policy = `
apiVersion: waystone.dev/v1alpha1
kind: AuthorizationPolicy
metadata: { name: closed, namespace: shop }
spec:
  action: DENY
  targetRefs: [{ group: "", kind: Service, name: web }]
  rules: [{ to: [{ operation: { methods: [POST] } }] }]
`;

/** Files as `waystone run` has them; what stands for unread objects after each write. */
function openFiles() {
  const graph = createCollectionGraph();
  const store = new ObjectStore();
  const { collections, write } = openCollections(graph);
  const model = buildModel(collections, graph, { standalone: true });
  const { resources, statuses, policyNeeds } = translate(collections, model, graph);
  const settle = (): string[] => {
    write(store.settle());
    return shut();
  };
  const shut = (): string[] =>
    resources
      .list()
      .filter(({ typeUrl, name }) => typeUrl === typeUrls.policy && name.startsWith("Unread/"))
      .map(({ name }) => {
        expect(policyNeeds.get(name)?.services).toEqual([name.slice("Unread/".length)]);
        return name.slice("Unread/".length);
      })
      .toSorted();
  store.putFile({ file: "front.yaml", argument: 0 }, parseFile("front.yaml", Buffer.from(front), undefined));
  return {
    settle,
    read(file: string, text: string): void {
      store.putFile({ file, argument: 0 }, parseFile(file, Buffer.from(text), store.content(file)));
    },
    put(file: string, text: string): string[] {
      this.read(file, text);
      return settle();
    },
    unreadable(file: string): void {
      store.putFile({ file, argument: 0 }, unreadableFile({ file, message: "is not UTF-8 text" }));
    },
    remove(file: string): string[] {
      store.removeFile(file);
      return settle();
    },
    reasonsOf(service: string): readonly string[] {
      const resource = resources.list().find(({ name }) => name === `Unread/${service}`);
      return resource === undefined ? [] : (Policy.decode(resource.body).unusable ?? []);
    },
    findingsOf: (service: string): readonly string[] =>
      (statuses.get(`Service/${service}`)?.findings ?? []).map(({ message }) => message),
  };
}

const shop = ["shop/api", "shop/web"];
const all = ["elsewhere/other", ...shop];

describe("at the first start what cannot be read shuts whatever it may be about", () => {
  test.for<[string, string, string[]]>([
    ["an unknown field shuts the route's Service", route.replace("rules", "rule"), ["shop/web"]],
    ["so does a wrong type", route.replace("8080", "eighty"), ["shop/web"]],
    ["and a version of the API that there is not", route.replace("/v1", "/v9"), ["shop/web"]],
    ["and a slip in the group", route.replace("networking", "netwroking"), ["shop/web"]],
    ["and no apiVersion at all", route.replace(/apiVersion.*\n/, ""), ["shop/web"]],
    ["and a slip in the kind", route.replace("HTTPRoute", "HttpRoute"), ["shop/web"]],
    ["and a route without a name", route.replace("name: web, ", ""), ["shop/web"]],
    ["parentRefs with a slip in their name: the namespace", route.replace("parentRefs", "parentRef"), shop],
    ["parentRefs of the wrong type: the namespace", route.replace(/\[(\{ group.*\})\]/, "$1"), shop],
    ["parentRefs with a slip within: the namespace", route.replace("name: web }]", "nam: web }]"), shop],
    ["no kind, in a group of routes: the namespace", route.replace(/kind: HTTPRoute\n/, ""), shop],
    ["a kind that nobody knows, and that may be a policy", policy.replace("Authorization", "Rate"), shop],
    [
      "a slip in the namespace's field: every Service",
      route.replace("namespace:", "namespce:").replace("parentRefs", "parentRef"),
      all,
    ],
    [
      "YAML that is none, with a route in it: every Service",
      route.replace("[{ backendRefs", "[{ [backendRefs"),
      all,
    ],
    ["an unknown field of a policy", policy.replace("methods", "method"), ["shop/web"]],
    [
      "a policy about its namespace",
      policy.replace("kind: Service, name: web", "kind: Namespace, name: shop").replace("methods", "method"),
      shop,
    ],
    [
      "a route about a Gateway of somebody else's: none",
      route.replace('group: "", kind: Service, ', "").replace("rules", "rule"),
      [],
    ],
    [
      "a policy that is shadowed protects nothing",
      policy.replace("action", "mode: Shadow\n  action").replace("methods", "method"),
      [],
    ],
    ["nor does a ConfigMap", "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: [1]\n", []],
    ["YAML that is none, and names nothing that protects", "a: [b: {{ c }}\n", []],
  ])("%s", ([, text, expected]) => {
    const files = openFiles();
    expect(files.put("doubtful.yaml", text)).toEqual(expected);
    // And opens it again as soon as it is right.
    expect(files.put("doubtful.yaml", route)).toEqual([]);
  });

  test("the Service's status says why, and so does what the waypoint gets", () => {
    const files = openFiles();
    files.put("route.yaml", route.replace("rules", "rule"));
    const reason = "route.yaml:7:3: HTTPRoute shop/web: spec.rule: unknown field; did you mean rules?";
    expect(files.reasonsOf("shop/web")).toEqual([reason]);
    expect(files.findingsOf("shop/web")).toEqual([
      "answers everything with 500 until HTTPRoute shop/web (route.yaml:7:3) can be read",
    ]);
    expect(files.findingsOf("shop/api")).toEqual([]);
    expect(files.remove("route.yaml")).toEqual([]);
    expect(files.findingsOf("shop/web")).toEqual([]);
  });

  test("a policy about a route shuts the route's Services", () => {
    const files = openFiles();
    const aboutRoute = policy.replace(
      'group: "", kind: Service',
      "group: gateway.networking.k8s.io, kind: HTTPRoute",
    );
    expect(files.put("all.yaml", `${route}---\n${aboutRoute.replace("methods", "method")}`)).toEqual([
      "shop/web",
    ]);
  });

  test("a file of which nothing can be read shuts every Service", () => {
    const files = openFiles();
    files.unreadable("gibberish.yaml");
    expect(files.settle()).toEqual(all);
    expect(files.put("gibberish.yaml", "")).toEqual([]);
  });
});

describe("while it runs", () => {
  const broken = route.replace("[{ backendRefs", "[{ [backendRefs");

  test("an object that was good once keeps its last good version, whatever is wrong with it by now", () => {
    const files = openFiles();
    expect(files.put("route.yaml", route)).toEqual([]);
    for (const text of [route.replace("rules", "rule"), route.replace("/v1", "/v9"), broken]) {
      expect(files.put("route.yaml", text)).toEqual([]);
    }
  });

  test("one that gets another name and a mistake at once leaves nothing in force, and so shuts its Service", () => {
    const files = openFiles();
    files.put("route.yaml", route);
    expect(
      files.put("route.yaml", route.replace("name: web,", "name: new,").replace("rules", "rule")),
    ).toEqual(["shop/web"]);
  });

  test("a new file that is no YAML yet was never in force, and shuts nothing", () => {
    const files = openFiles();
    files.settle();
    expect(files.put("new.yaml", broken)).toEqual([]);
  });

  test("what could not be read at the start goes on to shut until it can, whatever else its file becomes", () => {
    const files = openFiles();
    expect(files.put("all.yaml", `${route}---\n${broken}`)).toEqual(all);
    expect(files.put("all.yaml", `${broken}---\n${broken}`)).toEqual(all);
    expect(files.put("all.yaml", `${broken}---\n${policy}`)).toEqual(all);
    expect(files.put("all.yaml", `${route}---\n${policy}`)).toEqual([]);
    expect(files.put("all.yaml", `${route}---\n${broken}`)).toEqual([]);
  });
});
