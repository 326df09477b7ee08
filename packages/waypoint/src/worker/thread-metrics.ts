/** What a thread says of itself at each scrape: heap and event loop. A stalled loop is latency for every request of it. */
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { MetricsRegistry } from "@waystone/base/metrics";

const nanosecondsPerSecond = 1e9;

/** Starts to watch; the function that is returned brings the gauges up to date. */
export function openThreadMetrics(registry: MetricsRegistry, thread: string): () => void {
  // Sampled once per turn of the loop: no timer that wakes an idle process a hundred times a second.
  const delay = monitorEventLoopDelay({ samplePerIteration: true });
  delay.enable();
  let utilization = performance.eventLoopUtilization();
  const gauge = (name: string, help: string, labels: Record<string, string> = {}) =>
    registry.gauge(name, help, { thread, ...labels });
  const delayHelp = "How late the event loop ran its work since the last scrape, in seconds.";
  const p50 = gauge("waystone_event_loop_delay_seconds", delayHelp, { quantile: "0.5" });
  const p99 = gauge("waystone_event_loop_delay_seconds", delayHelp, { quantile: "0.99" });
  const max = gauge("waystone_event_loop_delay_seconds", delayHelp, { quantile: "1" });
  const busy = gauge(
    "waystone_event_loop_utilization",
    "Share of the time since the last scrape that the thread was busy.",
  );
  const used = gauge("waystone_heap_used_bytes", "JavaScript heap in use.");
  const limit = gauge("waystone_heap_limit_bytes", "JavaScript heap at which a thread is out of memory.");
  return () => {
    p50.set(delay.percentile(50) / nanosecondsPerSecond);
    p99.set(delay.percentile(99) / nanosecondsPerSecond);
    max.set(delay.count === 0 ? 0 : delay.max / nanosecondsPerSecond);
    delay.reset();
    const now = performance.eventLoopUtilization();
    busy.set(performance.eventLoopUtilization(now, utilization).utilization);
    utilization = now;
    const heap = getHeapStatistics();
    used.set(heap.used_heap_size);
    limit.set(heap.heap_size_limit);
  };
}
