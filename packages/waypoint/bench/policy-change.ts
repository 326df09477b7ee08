/**
 * CPU time that a worker takes to apply one policy: its ports are made anew with their programs, and the next snapshot. One of 10 policies over 5
 * Services, one of 1,000 over 500, and one that is about a whole namespace of 500. Run: bin/node packages/waypoint/bench/policy-change.ts
 */
import { cpuUs } from "./cpu-time.ts";
import { policy, service, upserts } from "../src/store/test-resources.ts";
import { createStore, type Store } from "../src/store/store.ts";

const changes = 2_000;

function openStore(services: number): Store {
  const store = createStore({});
  const names = Array.from({ length: services }, (_, at) => at);
  const listen = (at: number): string => `127.89.${at >> 8}.${(at & 255) + 1}:80`;
  store.apply(
    upserts(
      ...names.map((at) => service(nameOf(at), { ports: [{ port: 80, listen: [listen(at)] }] })),
      ...names.flatMap((at) => [deny(at, 0), allow(at)]),
    ),
  );
  return store;
}

function nameOf(at: number): string {
  return `shop/web-${at}`;
}

function deny(at: number, version: number) {
  const rules = [{ to: [{ paths: [`/orders-${at}/*`, `/v/${version}`], methods: ["DELETE"] }] }];
  return policy({ name: `deny-${at}`, action: "DENY", target: { kind: "Service", name: nameOf(at) }, rules });
}

function allow(at: number) {
  const rules = [{ to: [{ paths: [`/orders-${at}/*`] }] }, { to: [{ paths: ["/api/*"], methods: ["GET"] }] }];
  return policy({ name: `allow-${at}`, target: { kind: "Service", name: nameOf(at) }, rules });
}

function ofNamespace(version: number) {
  const rules = [{ to: [{ paths: [`/v/${version}`] }] }];
  return policy({ name: "all", action: "DENY", target: { kind: "Namespace", name: "shop" }, rules });
}

function report(title: string, count: number, apply: (at: number) => void): void {
  for (let at = 0; at < count; at++) apply(at);
  const start = cpuUs();
  for (let at = 0; at < count; at++) apply(at);
  process.stdout.write(`${title.padEnd(52)} ${((cpuUs() - start) / count / 1000).toFixed(3)} ms\n`);
}

for (const services of [5, 500]) {
  const store = openStore(services);
  let version = 0;
  report(`one policy of ${services * 2}, over ${services} Services`, changes, (at) => {
    const place = (at * 37) % services;
    store.apply(upserts(deny(place, ++version)));
    if (store.current().policies.size !== services * 2) throw new Error("a policy was lost");
  });
  report(`one policy of the namespace of ${services} Services`, 100, () => {
    store.apply(upserts(ofNamespace(++version)));
  });
}
