import { createServer, type Server } from "node:net";
import { typeUrls } from "@waystone/api/names";
import { freePort } from "@waystone/testkit/free-port";
import { until, within } from "@waystone/testkit/within";
import { expect, test } from "vitest";
import { removal, route, upserts, workload } from "../store/test-resources.ts";
import { SteppedClock } from "../testing/stepped-clock.ts";
import {
  askAll,
  commands,
  counter,
  restarts,
  say,
  serveWeb,
  useSupervisorRig,
  webAt,
} from "../testing/supervisor-rig.ts";

const { closers, prepareRig, openRig, holdConnection } = useSupervisorRig();

test("two workers run the same, listen on the same port after listen(), and not before", async () => {
  const rig = await openRig(2);
  const port = await freePort();
  await rig.supervisor.apply(upserts(webAt(port))[0]!);
  expect(await say(port, "what")).toBeUndefined();
  await rig.supervisor.listen();
  await rig.supervisor.apply(upserts(route("shop/r", { parents: ["shop/web"] }))[0]!);
  expect((await askAll(port, 2)).map(({ routes }) => routes)).toEqual([1, 1]);
});

test("a push is acknowledged when the ports that it brought answer in all workers", async () => {
  const rig = await openRig(2);
  await serveWeb(rig);
  const port = await freePort();
  await rig.supervisor.apply(upserts(webAt(port, "shop/late"))[0]!);
  for (let i = 0; i < 8; i++) expect(await say(port, "what")).toMatchObject({ service: "shop/late:80" });
});

test("what any worker refuses is refused once, and is not held for a replacement", async () => {
  const rig = await openRig(2);
  const bad = { ...route("shop/bad"), body: new Uint8Array([0xff]) };
  const rejected = await rig.supervisor.apply(upserts(bad, route("shop/good"))[0]!);
  expect(rejected.map(({ name }) => name)).toEqual(["HTTPRoute/shop/bad"]);
  expect(rig.supervisor.held.names(typeUrls.route)).toEqual(new Set(["HTTPRoute/shop/good"]));
});

test.for([
  {
    command: "throw",
    reason: "exception",
    log: /worker \d was lost: uncaught exception: Error: told to throw; a replacement starts now/,
  },
  {
    command: "oom",
    reason: "out_of_memory",
    log: /out of memory \(its heap limit is 48 MB\); raise the memory limit/,
  },
  { command: "exit", reason: "exit", log: /the thread exited with code 3/ },
])(
  "a worker lost by $command is logged, counted and replaced; its replacement runs everything",
  async ({ command, reason, log }) => {
    const rig = await openRig(2);
    const port = await serveWeb(rig);
    expect(await say(port, command)).toBeUndefined();
    await until(() => rig.lost.length === 1, "the loss is known");
    expect(restarts(rig, reason)).toBe(1);
    expect(rig.logs.find(({ level }) => level === "error")).toMatchObject({
      reason,
      msg: expect.stringMatching(log),
    });
    const answers = await askAll(port, 2);
    for (const answer of answers) expect(answer).toMatchObject({ routes: 1, endpoints: ["10.0.0.1:8080"] });
  },
);

test("the others serve on while one is being replaced", async () => {
  const rig = await openRig(2);
  const port = await serveWeb(rig);
  await say(port, "throw");
  // The dead worker's listener closes with it: whoever connects now gets the other one, or the replacement.
  await until(() => rig.lost.length === 1, "the loss is known");
  for (let i = 0; i < 20; i++) expect(await say(port, "what")).toMatchObject({ routes: 1 });
});

test("a single worker is replaced, and deltas that come meanwhile are not lost", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  await say(port, "throw");
  await until(() => rig.lost.length === 1, "the loss is known");
  const rejected = await within(
    rig.supervisor.apply(upserts(route("shop/r2", { parents: ["shop/web"] }))[0]!),
    "apply",
  );
  expect(rejected).toEqual([]);
  await until(async () => {
    const answer = await say(port, "what");
    return typeof answer === "object" && answer !== null && "routes" in answer && answer.routes === 2;
  }, "the replacement runs both routes");
});

test("a push that kills workers is refused after two deaths, and what was there serves on", async () => {
  const rig = await openRig(1, { entry: new URL("./testdata/fragile-worker.ts", import.meta.url) });
  await rig.supervisor.apply(upserts(route("shop/good"))[0]!);
  const rejected = await within(rig.supervisor.apply(upserts(route("shop/poison"))[0]!), "the verdict");
  expect(rejected).toEqual([
    { name: "HTTPRoute/shop/poison", reason: expect.stringMatching(/workers died .*poisoned/) },
  ]);
  expect(restarts(rig, "exception")).toBe(2);
  expect(await within(rig.supervisor.apply(upserts(route("shop/next"))[0]!), "the next push")).toEqual([]);
  expect(rig.supervisor.held.names(typeUrls.route).size).toBe(2);
});

test("a worker that does not take a push is stuck: it is replaced, and its replacement takes it", async () => {
  const clock = new SteppedClock();
  const rig = await openRig(1, { clock });
  const port = await serveWeb(rig);
  void say(port, "spin");
  await until(() => rig.logs.some(({ msg }) => msg === "spins"), "the worker spins");
  const applied = rig.supervisor.apply(upserts(route("shop/r2", { parents: ["shop/web"] }))[0]!);
  await until(() => {
    clock.fireRepeating();
    return rig.lost.length > 0;
  }, "the worker is given up");
  expect(await within(applied, "the push")).toEqual([]);
  expect(restarts(rig, "stuck")).toBe(1);
  expect(await askAll(port, 1)).toMatchObject([{ routes: 2 }]);
});

test("workers that cannot start are given up with their reason", async () => {
  const rig = prepareRig(1, { entry: new URL("./testdata/broken-worker.ts", import.meta.url) });
  await expect(within(rig.supervisor.start(), "the verdict")).rejects.toThrow(
    /worker 0 cannot start: uncaught exception: Error: the module is broken/,
  );
  // Ever more slowly: no busy loop.
  expect(rig.logs.filter(({ level }) => level === "error").map(({ msg }) => msg.split("; ").at(-1))).toEqual([
    "a replacement starts now",
    "a replacement starts in 100 ms",
    "a replacement starts in 200 ms",
  ]);
});

test("a port that somebody else has is one clear problem, workers leave it alone, and it opens when it is free", async () => {
  const port = await freePort();
  const other: Server = createServer((socket) => socket.end("other"));
  await new Promise<void>((resolve) => other.listen({ port, host: "127.0.0.1", reusePort: true }, resolve));
  closers.push(() => void other.close());
  const clock = new SteppedClock();
  const rig = await openRig(1, { clock });
  await rig.supervisor.apply(upserts(webAt(port))[0]!);
  await rig.supervisor.listen();
  expect(rig.problems).toMatchObject([
    { service: "shop/web", port: 80, place: `127.0.0.1:${port}`, code: "EADDRINUSE" },
  ]);
  expect(rig.problems[0]?.message).toMatch(
    new RegExp(
      `^cannot listen on 127.0.0.1:${port} for Service shop/web port http: another process listens there`,
    ),
  );
  await new Promise((resolve) => other.close(resolve));
  clock.fireRepeating();
  await until(() => rig.problems.length === 0, "the problem is over");
  await until(async () => (await say(port, "what")) !== undefined, "the port answers");
});

test("a port problem is that of the Service that wants the port, and over when none does", async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  closers.push(() => void other.close());
  const rig = await openRig(1);
  await rig.supervisor.apply(upserts(webAt(port))[0]!);
  expect(rig.problems).toMatchObject([{ service: "shop/web" }]);
  const { typeUrl, upserts: moved } = upserts(webAt(port, "shop/next"))[0]!;
  await rig.supervisor.apply({ typeUrl, upserts: moved, removals: ["shop/web"] });
  expect(rig.problems).toMatchObject([{ service: "shop/next" }]);
  await rig.supervisor.apply(removal(typeUrls.service, "shop/next"));
  expect(rig.problems).toEqual([]);
});

test("a worker that cannot open a port reports it, and tries again", async () => {
  const clock = new SteppedClock();
  const port = await freePort();
  const other = createServer();
  // The probe says that the port is free; somebody takes it before the workers do.
  const rig = await openRig(1, { clock, probe: () => Promise.resolve(undefined) });
  await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  closers.push(() => void other.close());
  await rig.supervisor.apply(upserts(webAt(port))[0]!);
  await rig.supervisor.listen();
  expect(rig.problems).toMatchObject([{ code: "EADDRINUSE", place: `127.0.0.1:${port}` }]);
  await new Promise((resolve) => other.close(resolve));
  clock.fireRepeating();
  await until(() => rig.problems.length === 0, "the problem is over");
  expect(await say(port, "what")).toMatchObject({ service: "shop/web:80" });
});

test("a Service that moves from one owner to another keeps its port without a probe", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  const { typeUrl, upserts: moved } = upserts(webAt(port, "shop/next"))[0]!;
  expect(await rig.supervisor.apply({ typeUrl, upserts: moved, removals: ["shop/web"] })).toEqual([]);
  expect(rig.problems).toEqual([]);
  expect(await say(port, "what")).toMatchObject({ service: "shop/next:80" });
});

test("access log lines keep their order; a worker's logs say which worker", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  await say(port, "log hello");
  await until(() => rig.accessLog.length === 2, "the lines are there");
  expect(rig.accessLog).toEqual(["hello-1\n", "hello-2\n"]);
  await until(() => rig.logs.some(({ msg }) => msg === "hello"), "the log line is there");
  expect(rig.logs.find(({ msg }) => msg === "hello")).toMatchObject({ level: "warn", worker: 0 });
});

test("a reader of the access log that is too slow costs lines, which are counted, and no memory", async () => {
  const write = Promise.withResolvers<void>();
  let got = 0;
  const slow = {
    write(lines: string) {
      got += lines.length;
      return write.promise;
    },
  };
  const rig = await openRig(1, { accessLog: slow });
  const port = await serveWeb(rig);
  await say(port, "flood 50");
  // The lines come by another way than the answer.
  await until(
    async () => (await counter(rig, "waystone_access_log_dropped_total")) === 9,
    "nine of fifty are dropped",
  );
  expect(got).toBe(41 * 100_000);
  write.resolve();
  await until(async () => {
    await say(port, "flood 1");
    return got > 41 * 100_000;
  }, "lines are taken again");
});

test("counters of all workers are summed, and never go back when a worker is lost", async () => {
  const rig = await openRig(2);
  const port = await serveWeb(rig);
  for (let i = 0; i < 10; i++) await say(port, "what");
  expect(await commands(rig)).toBe(10);
  await say(port, "throw");
  await until(() => rig.lost.length === 1, "the loss is known");
  expect(await commands(rig)).toBeGreaterThanOrEqual(10);
});

test("a dump says what each worker runs", async () => {
  const rig = await openRig(2);
  await serveWeb(rig);
  const dumps = await rig.supervisor.dump();
  expect([...dumps.keys()].sort((a, b) => a - b)).toEqual([0, 1]);
  expect(dumps.get(0)).toMatchObject({
    services: [
      {
        name: "shop/web",
        generation: 1,
        ports: [{ endpoints: [{ address: "10.0.0.1:8080", state: "ready" }] }],
      },
    ],
    routes: [{ name: "HTTPRoute/shop/r", generation: 1, parents: ["shop/web"] }],
  });
});

test("an address is asked about once per worker, and its answer reaches who waits for it", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  const answers = [say(port, "who 10.9.9.9"), say(port, "who 10.9.9.9")];
  await until(() => rig.asked.length > 0, "the question");
  await rig.supervisor.apply(upserts(workload("10.9.9.9", "client/curl"))[0]!);
  for (const answer of answers) expect(await answer).toMatchObject({ known: true, labels: { pod: "curl" } });
  expect(rig.asked).toEqual([{ worker: 0, address: "10.9.9.9" }]);
});

test("drain resolves when the last connection has ended, and a replacement is not started", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  const held = await holdConnection(rig, port);
  let isDrained = false;
  const drained = rig.supervisor.drain(10_000).then(() => {
    isDrained = true;
  });
  await rig.supervisor.collect();
  expect(isDrained).toBe(false);
  held.destroy();
  await within(drained, "the drain");
});

test("drain gives up at the deadline", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  const held = await holdConnection(rig, port);
  await within(rig.supervisor.drain(20), "the deadline");
  expect(held.destroyed).toBe(false);
});

test("a changed log level also holds for a replacement", async () => {
  const rig = await openRig(1);
  const port = await serveWeb(rig);
  rig.supervisor.setLogLevel("warn");
  await say(port, "throw");
  await until(async () => {
    const answer = (await say(port, "what")) as { level?: string } | undefined;
    return answer?.level === "warn";
  }, "the replacement knows the level");
});
