/** Entry of a worker thread: the real clock, the real chance, the real data plane. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "@waystone/base/clock";
import { systemRng } from "@waystone/base/rng";
import { openDataPlane } from "../listener/data-plane.ts";
import { runWorker } from "./run-worker.ts";

if (parentPort === null)
  throw new Error("worker-main.ts is the entry of a worker thread; run `waystone waypoint`");
runWorker({ port: parentPort, init: workerData, clock: systemClock, rng: systemRng, openDataPlane });
